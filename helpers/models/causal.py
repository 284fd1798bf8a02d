"""A rating model that knows nothing but what came before.

Each feature of a rating is computed from ratings with a strictly earlier time, in training as in
use (point-in-time correctness). A user is described by the movies rated so far, so there is no
table of user ids, and a new user needs no new training.
"""

import numpy as np

from helpers import SEED
from helpers.data.ratings import own_side
from helpers.data.timeline import Timeline
from helpers.keras2 import tf, tfrs
from helpers.models.baselines import DAMPING
from helpers.models.features import MOOD_WINDOWS
from helpers.models.rating import RATING_DIMENSION, Table, all_side_fields, side_layers
from helpers.models.training import fit_model

ROWS_AT_ONCE = 100_000  # whose history is computed together, which bounds the memory
HISTORY = 60  # a user's latest ratings that the model is told of
YEARS = (1950, 1965, 1980, 1990, 1994, 1995, 1996, 1997)  # movies alike in the time of release,
COUNTS = (5, 20, 50, 100, 200)  # in the number of ratings so far,
OPINIONS = (-0.6, -0.3, 0, 0.2, 0.4, 0.6)  # and in their bias, in stars
MIDDLE = 3.0  # of the scale: what is expected before there is any rating
CAUSAL_L2 = 40.0  # divided by the number of training ratings
CAUSAL_FIELDS = (
    "movie_title", "user_rating", "expected", "statistics", "tastes", "moods", "history", "liked",
    "history_weight",
)  # fmt: skip
CAUSAL_PARTS = ("history", "side features", "statistics", "tastes", "moods", "crosses")


def running_biases(rows, damping=DAMPING):
    """Predict each rating from the strictly earlier ones: mean + user bias + movie bias.

    Args:
        rows: dict of arrays with user_id, movie_title, user_rating and timestamp, in any order.
        damping: of both biases, in ratings.

    Returns:
        float array of shape (n,), stars.
    """
    of_user = Timeline(rows["user_id"], rows["timestamp"])
    of_movie = Timeline(rows["movie_title"], rows["timestamp"])
    return _biases(rows, damping, of_user, of_movie)["prediction"]


def _biases(rows, damping, of_user, of_movie):
    """Return what strictly earlier ratings say of each row's user and movie.

    The error of a movie is a rating minus the mean; that of a user, minus the movie's bias too:
    each as it was known at the moment of *that* rating.
    """
    stars = rows["user_rating"].astype(np.float64)
    everybody = Timeline(np.zeros(len(stars)), rows["timestamp"])
    count = everybody.earlier_counts()
    mean = np.where(count > 0, everybody.earlier_sums(stars) / np.maximum(count, 1), MIDDLE)
    movie = _statistics(of_movie, stars - mean, damping)
    residual = stars - mean - movie[0]
    user = _statistics(of_user, residual, damping)
    return {
        "prediction": mean + movie[0] + user[0],
        "residual": residual,
        "of_user": user,
        "of_movie": movie,
    }


def _statistics(timeline, errors, damping):
    """Return damped mean, standard deviation and logarithm of the number of earlier errors."""
    count = timeline.earlier_counts()
    mean = timeline.earlier_sums(errors) / np.maximum(count + damping, 1e-9)
    variance = (timeline.earlier_sums(errors**2) + DAMPING) / (count + DAMPING) - mean**2
    return mean, np.sqrt(np.maximum(variance, 0.05)), np.log1p(count)


def make_causal_features(rows, latest=None, start=0):
    """Return what was known about each rating at its moment, as a dict of arrays.

    Args:
        rows: rows, as `load_rows` returns them, in any order; all that is ever known. Your own
            file may have no columns but user_id, movie_title, user_rating and timestamp.
        latest: row numbers of the history of each row, the latest first, -1 where there is none,
            of shape (n, most); by default those of the user's 60 latest strictly earlier rows.
        start: the first row to describe; those before it are only known. A history takes 480
            bytes a row.

    Returns:
        `rows` from `start` on, with these arrays added, float32 unless said otherwise:
        expected (n,): the running biases' prediction, in stars;
        statistics (n, 6): of the user, then of the movie: damped mean of the errors, their
        standard deviation, logarithm of 1 + their number;
        tastes (n, 4 and more): how the user's earlier ratings of movies that are like this one
        deviate from the user's mean: in genres, in the time of release, in the number of earlier
        ratings, in what others think of them (where a column of the first two is missing, one
        less), and in each side column of your own that describes things;
        moods (n, 5): how the user's ratings within half a minute, five minutes and a day before
        deviate from the user's mean; logarithms of 1 + seconds since the user's latest rating and
        of 1 + hours since the first;
        history, int32 of shape (n, most): numbers of the user's latest movies, 0 where there is
        none; titles are numbered from 1 in the order of their first rating;
        liked (n, most): how many more stars than expected the user gave each of them;
        history_weight (n,): 1 / root of how many there are.
    """
    of_user = Timeline(rows["user_id"], rows["timestamp"])
    of_movie = Timeline(rows["movie_title"], rows["timestamp"])
    known = _biases(rows, DAMPING, of_user, of_movie)

    residual, bias = known["residual"].astype(np.float32), known["of_user"][0]
    number = _numbers_in_order_of_time(rows["movie_title"], rows["timestamp"])
    n, most = len(number), HISTORY if latest is None else latest.shape[1]
    history, liked = (np.empty((n - start, most), kind) for kind in (np.int32, np.float32))
    moods = np.empty((n - start, len(MOOD_WINDOWS) + 2), np.float32)
    count = np.empty(n - start)
    for first in range(start, n, ROWS_AT_ONCE):
        row = slice(first, first + ROWS_AT_ONCE)
        rated = of_user.latest_earlier(most, row) if latest is None else latest[row]
        part, is_there = slice(first - start, first - start + ROWS_AT_ONCE), rated >= 0
        count[part] = is_there.sum(axis=1)
        history[part] = np.where(is_there, number[rated], 0)
        liked[part] = np.where(is_there, residual[rated], 0)
        ago = np.where(is_there, rows["timestamp"][row, None] - rows["timestamp"][rated], 0)
        for place, window in enumerate(MOOD_WINDOWS):
            weight = np.exp(ago.astype(np.float32) / -window) * is_there
            total, off = weight.sum(axis=1), (weight * liked[part]).sum(axis=1)
            moods[part, place] = (off - total * bias[row]) / (total + 2)
        moods[part, -2] = np.log1p(ago[:, 0])  # seconds
    since_first = rows["timestamp"] - of_user.first_values(rows["timestamp"])
    moods[:, -1] = np.log1p(since_first[start:] / 3600)

    groups = [
        *([np.digitize(rows["year"], YEARS)] if "year" in rows else []),
        np.digitize(of_movie.earlier_counts(), COUNTS),
        np.digitize(known["of_movie"][0], OPINIONS),
    ]
    kinds = [np.nonzero(rows["genres"])] if "genres" in rows else []
    kinds += [(np.arange(n), group) for group in groups]
    own = own_side("movie", "")
    kinds += [_values_of(rows[name]) for name in sorted(rows) if name.startswith(own)]
    tastes = [_taste(rows, known, *of_rows) for of_rows in kinds]
    features = {
        "expected": known["prediction"],
        "statistics": np.column_stack([*known["of_user"], *known["of_movie"]]),
        "tastes": np.column_stack(tastes),
    }
    features = {name: values[start:].astype(np.float32) for name, values in features.items()}
    features["history_weight"] = (1 / np.sqrt(np.maximum(count, 1))).astype(np.float32)
    rows = {name: values[start:] for name, values in rows.items()}
    return rows | features | {"moods": moods, "liked": liked, "history": history}


def _values_of(texts):
    """Return the values of texts such as b"Action|Sci-Fi": numbers of rows, and of values."""
    different, place = np.unique(texts, return_inverse=True)
    values = [[value for value in text.split(b"|") if value] for text in different]
    first = np.cumsum([0, *map(len, values)])
    count = np.diff(first)[place]
    row = np.repeat(np.arange(len(texts)), count)
    here = np.arange(len(row)) - np.repeat(np.cumsum(count) - count, count)
    flat = np.array([value for of_text in values for value in of_text], bytes)
    _, number = np.unique(flat, return_inverse=True)
    return row, number[first[place[row]] + here]


def _taste(rows, known, row, kind):
    """Return how much better the user has liked movies of this one's kinds, of shape (n,).

    Args:
        rows, known: rows, and what `_biases` returns of them.
        row, kind: int arrays of shape (m,), one pair for each kind of each row's movie.
    """
    _, user = np.unique(rows["user_id"], return_inverse=True)
    key = user[row] * (kind.max(initial=0) + 1) + kind
    alike = Timeline(key, rows["timestamp"][row])
    count = alike.earlier_counts()
    more = alike.earlier_sums(known["residual"][row]) - count * known["of_user"][0][row]
    kinds = np.bincount(row, minlength=len(user))
    return np.bincount(row, more / (count + DAMPING), len(user)) / np.maximum(kinds, 1)


def _numbers_in_order_of_time(values, timestamps):
    """Return 1 for the value that comes first, 2 for the next new one, and so on."""
    order = np.argsort(timestamps, kind="stable")
    _, first, place = np.unique(values[order], return_index=True, return_inverse=True)
    number = np.empty(len(values), np.int32)
    number[order] = 1 + np.argsort(np.argsort(first))[place]
    return number


class CausalModel(tfrs.Model):
    """Predict stars from what was known at the moment of each rating; it has no user ids.

    Args:
        train: training features, from `make_causal_features`.
        parts: which of `CAUSAL_PARTS` to use besides the running biases and the movie's embedding.
        l2: how strongly embeddings and kernels are pulled towards zero; it is divided by the
            number of training ratings.

    Raises:
        ValueError: a part is unknown.
    """

    def __init__(self, train, parts=CAUSAL_PARTS, l2=CAUSAL_L2):
        super().__init__()
        unknown = set(parts) - set(CAUSAL_PARTS)
        if unknown:
            raise ValueError(
                f"unknown parts {sorted(unknown)}: choose from {', '.join(CAUSAL_PARTS)}"
            )
        self.parts = frozenset(parts)
        sides = all_side_fields(train) if "side features" in parts else ()
        self.fields = (*CAUSAL_FIELDS, *sides)
        penalty = tf.keras.regularizers.L2(l2 / len(train["user_rating"]))

        def start():  # a new one each time, or all start with the same numbers
            return tf.keras.initializers.RandomNormal(0, 0.05)

        def table(field, dimension=RATING_DIMENSION):
            return Table(train[field], dimension, penalty)

        def movies():
            return tf.keras.layers.Embedding(
                self.movies_known + 1, RATING_DIMENSION,
                embeddings_initializer=start(), embeddings_regularizer=penalty,
            )  # fmt: skip

        self.movies_known = int(train["history"].max())
        self.movie_bias, self.movie = table("movie_title", 1), table("movie_title")
        if "history" in parts:
            self.seen, self.liked = movies(), movies()
        if "side features" in parts:
            self.user_sides = side_layers(train, "user", penalty)
            self.movie_sides = side_layers(train, "movie", penalty)
        self.numbers = [part for part in ("statistics", "tastes", "moods") if part in parts]
        if self.numbers:
            numbers = self._numbers(train)
            self.normalize = tf.keras.layers.Normalization(
                mean=np.mean(numbers, axis=0), variance=np.var(numbers, axis=0)
            )
        if "crosses" in parts:
            self.crosses = [
                tfrs.layers.dcn.Cross(
                    kernel_initializer="glorot_uniform", kernel_regularizer=penalty
                )
                for _ in range(2)
            ]
        self.last = tf.keras.layers.Dense(1, kernel_initializer="zeros", kernel_regularizer=penalty)
        self.task = tfrs.tasks.Ranking(
            loss=tf.keras.losses.MeanSquaredError(),
            metrics=[tf.keras.metrics.RootMeanSquaredError()],
        )

    def call(self, features, training=False):
        """Return stars of shape (n, 1); clipped to 1 to 5 unless training."""
        user, movie = self._user(features), self._movie(features)
        rating = features["expected"][:, None] + self.movie_bias(features["movie_title"])
        rating += tf.reduce_sum(user * movie, axis=1, keepdims=True)
        more = [self.normalize(self._numbers(features))] if self.numbers else []
        x = first = tf.concat([user, movie, *more], axis=1)
        if "crosses" in self.parts:
            for cross in self.crosses:
                x = cross(first, x)
        rating += self.last(x)
        return rating if training else tf.clip_by_value(rating, 1.0, 5.0)

    def _user(self, features):
        """Return what the user is to the model: no id, but the movies rated so far."""
        user = tf.zeros([tf.shape(features["expected"])[0], RATING_DIMENSION])
        if "side features" in self.parts:
            for field, embed in self.user_sides.items():
                user += embed(features[field])
        if "history" in self.parts:
            number = features["history"]
            number = tf.where(number <= self.movies_known, number, 0)
            user += self.summarize(number, features)
        return user

    def summarize(self, number, features):
        """Return the history as an embedding of shape (n, 16): here a scaled sum.

        Args:
            number: numbers of the movies, the latest first, of shape (n, 60); 0 is none.
            features: the other features of the same rows.
        """
        is_there = tf.cast(number > 0, tf.float32)
        seen = tf.reduce_sum(self.seen(number) * is_there[:, :, None], axis=1)
        weight = features["liked"] * is_there
        liked = tf.reduce_sum(self.liked(number) * weight[:, :, None], axis=1)
        return (seen + liked) * features["history_weight"][:, None]

    def _movie(self, features):
        movie = self.movie(features["movie_title"])
        if "side features" in self.parts:
            movie += sum(embed(features[field]) for field, embed in self.movie_sides.items())
        return movie

    def _numbers(self, features):
        return tf.concat([features[name] for name in self.numbers], axis=1)

    @tf.autograph.experimental.do_not_convert  # to read all source below it takes a second
    def compute_loss(self, features, training=False):
        """Return the loss of a batch, a scalar."""
        predictions = self(features, training=training)
        return self.task(labels=features["user_rating"][:, None], predictions=predictions)


def train_causal_model(train, parts=CAUSAL_PARTS, seed=SEED, epochs=2, **settings):
    """Train a `CausalModel` with the settings that validation chose; take about five seconds.

    Args:
        train: training features, from `make_causal_features`.
        parts: which of `CAUSAL_PARTS` to use.
        seed: int.
        epochs: int.
        **settings: learning_rate, callbacks and like, as `fit_model` takes them.

    Returns:
        The trained `CausalModel`.
    """
    tf.keras.utils.set_random_seed(seed)
    return fit_model(CausalModel(train, parts), train, epochs=epochs, **settings)
