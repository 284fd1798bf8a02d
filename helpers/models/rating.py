"""A rating model that learns from ids, histories, features and time.

Biases and embeddings: Koren, Bell and Volinsky, "Matrix Factorization Techniques for Recommender
Systems" (2009). History: Koren, "Factorization Meets the Neighborhood" (2008), here on both
sides. Crosses: Wang et al., "DCN V2" (2021).
"""

import numpy as np

from helpers import SEED
from helpers.data.ratings import own_side, side_fields
from helpers.keras2 import tf, tfrs
from helpers.models.training import fit_model

FIELDS_OF_PARTS = {  # which features each part reads; "" is what is always there
    "": ("user_id", "movie_title", "user_rating"),
    "history": ("own", "residual", "user_weight", "movie_weight"),
    "side features": (),  # those of the rows that are there, see `side_fields`
    "statistics": ("statistics",),
    "crosses": (),
    "time": ("time",),
}
PARTS = tuple(part for part in FIELDS_OF_PARTS if part)
RATING_DIMENSION = 16  # of its embeddings
RATING_L2 = 30.0  # divided by the number of training ratings


class Table(tf.keras.layers.Layer):
    """Look up an embedding for each value of one field; unknown values share row 0.

    Args:
        known: array of values, repeated or not.
        dimension: length of an embedding.
        l2: the penalty on its embeddings, a Keras regularizer.
    """

    def __init__(self, known, dimension, l2):
        super().__init__()
        kind = "IntegerLookup" if known.dtype == np.int64 else "StringLookup"
        self.lookup = getattr(tf.keras.layers, kind)(vocabulary=np.unique(known), mask_token=None)
        self.embedding = tf.keras.layers.Embedding(
            self.lookup.vocabulary_size(),
            dimension,
            embeddings_initializer=tf.keras.initializers.RandomNormal(0, 0.05),
            embeddings_regularizer=l2,
        )

    def call(self, values):
        """Return embeddings of shape (n, dimension) for values of shape (n,)."""
        return self.embedding(self.lookup(values))


class Values(tf.keras.layers.Layer):
    """Sum the embeddings of the values that texts such as b"Action|Sci-Fi" have.

    Args:
        known: array of bytes; its values have an embedding each, all others share one.
        dimension, l2: as `Table` takes them.
    """

    def __init__(self, known, dimension, l2):
        super().__init__()
        values = {value for text in np.unique(known) for value in text.split(b"|")}
        self.table = Table(np.array(sorted(values - {b""})), dimension, l2)

    def call(self, texts):
        """Return sums of shape (n, dimension) for texts of shape (n,)."""
        values = tf.strings.split(texts, "|")
        return tf.math.segment_sum(self.table(values.values), values.value_rowids())


def side_layers(train, owner, l2):
    """Return a layer for each field that describes users, or movies: a dict by the fields' names.

    Args:
        train: training features.
        owner: "user" or "movie".
        l2: the penalty on embeddings, a Keras regularizer.
    """
    layers = {}
    for field in side_fields(train, owner):
        if train[field].ndim == 2:  # zeros and ones
            layers[field] = tf.keras.layers.Dense(
                RATING_DIMENSION,
                use_bias=False,
                kernel_initializer=tf.keras.initializers.RandomNormal(0, 0.05),
                kernel_regularizer=l2,
            )
        elif field.startswith(own_side(owner, "")):
            layers[field] = Values(train[field], RATING_DIMENSION, l2)
        else:
            layers[field] = Table(train[field], RATING_DIMENSION, l2)
    return layers


def fields_of(features, parts):
    """Return the names of the features that these parts of a `RatingModel` read."""
    fields = [field for part in ("", *parts) for field in FIELDS_OF_PARTS[part]]
    return fields + (all_side_fields(features) if "side features" in parts else [])


def all_side_fields(features):
    """Return the names of the features that describe users or movies.

    Raises:
        ValueError: there are none.
    """
    fields = [*side_fields(features, "user"), *side_fields(features, "movie")]
    if not fields:
        raise ValueError("there are no side features: leave this part out, as `parts_for` does")
    return fields


class History(tf.keras.layers.Layer):
    """Sum an embedding of everything one side has rated, or was rated by, except this row.

    In batches of lists (they hold `list`), a user's sum leaves the row's whole list out.

    For users, `owner` is "user_id" and `member` "movie_title"; for movies the other way round.

    Args:
        train: training features.
        owner, member: names of fields.
        weight: name of the feature that weighs each rating: "own" (1 each) or "residual".
        table: the `Table` of the members.
    """

    def __init__(self, train, owner, member, weight, table):
        super().__init__()
        self.owner, self.member, self.weight, self.table = owner, member, weight, table
        self.owners = tf.keras.layers.StringLookup(
            vocabulary=np.unique(train[owner]), mask_token=None
        )
        pairs = tf.stack([self.owners(train[owner]), table.lookup(train[member])], axis=1)
        shape = (self.owners.vocabulary_size(), table.lookup.vocabulary_size())
        self.ratings = tf.sparse.reorder(tf.SparseTensor(pairs, train[weight], shape))

    def call(self, features):
        """Return sums of shape (n, 16)."""
        this_row = features[self.weight][:, None] * self.table(features[self.member])
        if "list" in features and self.owner == "user_id":  # leave the row's whole list out
            number = features["list"]
            total = tf.math.unsorted_segment_sum(this_row, number, tf.reduce_max(number) + 1)
            this_row = tf.gather(total, tf.maximum(number, 0))
        sums = tf.sparse.sparse_dense_matmul(self.ratings, self.table.embedding.embeddings)
        return tf.gather(sums, self.owners(features[self.owner])) - this_row


class RatingModel(tfrs.Model):
    """Predict stars from everything that `make_features` gives.

    Args:
        train: training features.
        parts: which of `PARTS` to use besides biases and embeddings.
        l2: how strongly embeddings and kernels are pulled towards zero; it is divided by the
            number of training ratings.

    Raises:
        ValueError: a part is unknown.

    Example:
        model = train_rating_model(make_features(train))
        stars = predict(model, make_features(train, test))
    """

    def __init__(self, train, parts=PARTS, l2=RATING_L2):
        super().__init__()
        unknown = set(parts) - set(PARTS)
        if unknown:
            raise ValueError(f"unknown parts {sorted(unknown)}: choose from {', '.join(PARTS)}")
        self.parts = frozenset(parts)
        self.fields = fields_of(train, parts)
        penalty = tf.keras.regularizers.L2(l2 / len(train["user_rating"]))

        def table(field, dimension=RATING_DIMENSION):
            return Table(train[field], dimension, penalty)

        self.mean = float(train["user_rating"].mean())
        self.user_bias = table("user_id", 1)
        self.movie_bias = table("movie_title", 1)
        self.user, self.movie = table("user_id"), table("movie_title")
        if "side features" in parts:
            self.user_sides = side_layers(train, "user", penalty)
            self.movie_sides = side_layers(train, "movie", penalty)
        if "history" in parts:
            seen = table("movie_title")
            liked = table("movie_title")
            raters = table("user_id")
            self.seen = History(train, "user_id", "movie_title", "own", seen)
            self.liked = History(train, "user_id", "movie_title", "residual", liked)
            self.raters = History(train, "movie_title", "user_id", "own", raters)
        self.numbers = [name for name in ("statistics", "time") if name in parts]
        if self.numbers:
            numbers = np.concatenate([train[name] for name in self.numbers], axis=1)
            self.normalize = tf.keras.layers.Normalization(
                mean=numbers.mean(axis=0), variance=numbers.var(axis=0)
            )
        if "crosses" in parts:
            self.crosses = [
                tfrs.layers.dcn.Cross(
                    kernel_initializer="glorot_uniform", kernel_regularizer=penalty
                )
                for _ in range(2)
            ]
        if self.numbers or "crosses" in parts:
            self.last = tf.keras.layers.Dense(
                1, kernel_initializer="zeros", kernel_regularizer=penalty
            )
        self.task = tfrs.tasks.Ranking(
            loss=tf.keras.losses.MeanSquaredError(),
            metrics=[tf.keras.metrics.RootMeanSquaredError()],
        )

    def call(self, features, training=False):
        """Return stars of shape (n, 1); clipped to 1 to 5 unless training."""
        user, movie = self._user_embeddings(features), self._movie_embeddings(features)
        rating = self.combine(
            tf.concat([self.user_bias(features["user_id"]), user], axis=1),
            tf.concat([self.movie_bias(features["movie_title"]), movie], axis=1),
            self._numbers(features),
        )
        return rating if training else tf.clip_by_value(rating, 1.0, 5.0)

    def user_vectors(self, features):
        """Return all that does not depend on the movie: bias and embedding, shape (n, 1 + 16)."""
        bias = self.user_bias(features["user_id"])
        return tf.concat([bias, self._user_embeddings(features)], axis=1)

    def movie_vectors(self, features):
        """Return all that does not depend on the user: bias and embedding, shape (n, 1 + 16)."""
        bias = self.movie_bias(features["movie_title"])
        return tf.concat([bias, self._movie_embeddings(features)], axis=1)

    def _user_embeddings(self, features):
        user = self.user(features["user_id"])
        if "side features" in self.parts:
            for field, embed in self.user_sides.items():
                user += embed(features[field])
        if "history" in self.parts:
            history = self.seen(features) + self.liked(features)
            user += history * features["user_weight"][:, None]
        return user

    def _movie_embeddings(self, features):
        movie = self.movie(features["movie_title"])
        if "side features" in self.parts:
            for field, embed in self.movie_sides.items():
                movie += embed(features[field])
        if "history" in self.parts:
            movie += self.raters(features) * features["movie_weight"][:, None]
        return movie

    def combine(self, user, movie, numbers=None):
        """Return stars of shape (n, 1), not cut.

        Args:
            user, movie: what `user_vectors` and `movie_vectors` return, of the same n pairs.
            numbers: statistics and time side by side, of shape (n, 11), as far as they are parts.
        """
        rating = self.mean + user[:, :1] + movie[:, :1]
        user, movie = user[:, 1:], movie[:, 1:]
        rating += tf.reduce_sum(user * movie, axis=1, keepdims=True)
        if self.numbers or "crosses" in self.parts:
            more = [self.normalize(numbers)] if self.numbers else []
            x = first = tf.concat([user, movie, *more], axis=1)
            if "crosses" in self.parts:
                for cross in self.crosses:
                    x = cross(first, x)
            rating += self.last(x)
        return rating

    def _numbers(self, features):
        if not self.numbers:
            return None
        return tf.concat([features[name] for name in self.numbers], axis=1)

    @tf.autograph.experimental.do_not_convert  # to read all source below it takes a second
    def compute_loss(self, features, training=False):
        """Return the loss of a batch, a scalar."""
        predictions = self(features, training=training)
        return self.task(labels=features["user_rating"][:, None], predictions=predictions)


def parts_for(features, parts=PARTS):
    """Return those of the parts whose columns the features have: all that a file can be used for.

    Args:
        features: dict of arrays, from `make_features` or `make_causal_features`.
        parts: which parts there are: `PARTS`, or `CAUSAL_PARTS`.

    Example:
        features = make_features(three_columns)
        model = train_rating_model(features, parts_for(features))  # no side features, no time
    """
    sides = (*side_fields(features, "user"), *side_fields(features, "movie"))
    there = {"side features": bool(sides), "time": "time" in features}  # others: from any ratings
    return tuple(part for part in parts if there.get(part, True))


def train_rating_model(train, parts=PARTS, seed=SEED, l2=RATING_L2, **settings):
    """Train a `RatingModel` with the settings that validation chose; take about five seconds.

    Args:
        train: training features, from `make_features`.
        parts: which of `PARTS` to use.
        seed: int.
        l2: float, as `RatingModel` takes it.
        **settings: epochs, learning_rate, callbacks and like, as `fit_model` takes them.

    Returns:
        The trained `RatingModel`.
    """
    tf.keras.utils.set_random_seed(seed)
    return fit_model(RatingModel(train, parts, l2), train, **settings)
