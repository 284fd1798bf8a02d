"""Models of the course in Keras 3, whose backend may be TensorFlow, JAX or PyTorch.

Users and movies come as numbers, because a lookup of strings needs TensorFlow. Only who imports
this module loads Keras 3: nothing else in `helpers` does.
"""

import keras
import keras_rs
import numpy as np

from helpers import SEED
from helpers.data.batches import make_batches
from helpers.data.ratings import SIDES
from helpers.data.vocabularies import index_of
from helpers.models.rating import RATING_DIMENSION
from helpers.models.training import large_batches

IDS = {"user": "user_id", "movie": "movie_title"}
FLOATS = ("genres", "statistics", "time", "own", "residual", "user_weight", "movie_weight")
LIST_RATE, LIST_L2 = 0.003, 100  # what lesson 8's search chose for ListMLE


def numbers_of(train, rows, fields=IDS):
    """Return users and movies of rows as numbers, a dict of user and movie, int32 of shape (n,).

    Args:
        train: training rows; their users and movies are numbered in sorted order, from 0. All
            others share the next number.
        rows: dict of arrays with user_id and movie_title.
        fields: dict from names in the result to other columns, to number these.
    """
    return {
        name: index_of(train[field], rows[field]).astype(np.int32) for name, field in fields.items()
    }


def make_article_model(users, movies):
    """Return the article's model: from a dict of user and movie, of shape (n,), to stars (n, 1).

    Args:
        users, movies: how many rows their tables have.
    """
    user, movie = (keras.Input((), dtype="int32", name=name) for name in ("user", "movie"))
    embeddings = [
        keras.layers.Embedding(users, 32, name="user_table")(user),
        keras.layers.Embedding(movies, 32, name="movie_table")(movie),
    ]
    x = keras.layers.Concatenate()(embeddings)
    for units, activation in ((256, "relu"), (64, "relu"), (1, None)):
        x = keras.layers.Dense(units, activation)(x)
    return keras.Model({"user": user, "movie": movie}, x)


def make_table(rows, dimension, l2, name=None):
    """Return an embedding that starts near zero, with a penalty of `l2` times its squares."""
    return keras.layers.Embedding(
        rows,
        dimension,
        embeddings_initializer=keras.initializers.RandomNormal(0, 0.05),
        embeddings_regularizer=keras.regularizers.L2(l2),
        name=name,
    )


def make_factor_model(users, movies, mean, l2):
    """Return a matrix factorization: from a dict of user and movie, of shape (n,), to stars (n,).

    Args:
        users, movies: how many rows their tables have.
        mean: float, the training ratings' mean.
        l2: float, the penalty on all four tables.
    """
    user, movie = (keras.Input((), dtype="int32", name=name) for name in ("user", "movie"))
    user_bias = make_table(users, 1, l2, "user_bias")(user)
    movie_bias = make_table(movies, 1, l2, "movie_bias")(movie)
    product = make_table(users, 16, l2, "user_table")(user) * make_table(
        movies, 16, l2, "movie_table"
    )(movie)
    stars = mean + user_bias[..., 0] + movie_bias[..., 0] + keras.ops.sum(product, axis=-1)
    return keras.Model({"user": user, "movie": movie}, stars)


class HistorySum(keras.layers.Layer):
    """Sum an embedding of all that one side has rated, or was rated by, as lesson 6's `History`.

    Args:
        owners, members: int arrays of shape (n,), the two sides of the training ratings.
        weights: float array of shape (n,), what each rating weighs.
        l2: float, the penalty on the embeddings of members.
        whole_list: whether a sum leaves out all that a row's list holds, or the row alone.
        name: str.
    """

    def __init__(self, owners, members, weights, l2, whole_list, name):
        super().__init__(name=name)
        shape = int(owners.max()) + 2, int(members.max()) + 2  # the last ones are for unknown ones
        self.ratings, self.whole_list = np.zeros(shape, np.float32), whole_list
        np.add.at(self.ratings, (owners, members), weights)
        self.table = make_table(shape[1], RATING_DIMENSION, l2)

    def call(self, owner, member, weight):
        """Return sums of shape (lists, size, 16); padding and new rows have the weight 0."""
        left_out = weight[..., None] * self.table(member)
        if self.whole_list:
            left_out = keras.ops.sum(left_out, axis=1, keepdims=True)
        sums = keras.ops.matmul(self.ratings, self.table.embeddings)
        return keras.ops.take(sums, owner, axis=0) - left_out


def list_inputs(train, features):
    """Return what `make_list_model` takes of features: dict of int32 numbers and float32 values.

    Args:
        train: training features, from `make_list_features`.
        features: the same, or those that `make_features` gives for other rows.
    """
    sides = {name: name for names in SIDES.values() for name in names if name not in FLOATS}
    return numbers_of(train, features, IDS | sides) | {name: features[name] for name in FLOATS}


def make_list_model(train, l2):
    """Return lesson 8's `ListModel`: from `list_inputs`, in lists, to scores (lists, size).

    Args:
        train: training features of n rows, from `make_list_features`.
        l2: float, n times the penalty on tables and kernels.
    """
    l2 /= len(train["user_rating"])
    penalty, given = keras.regularizers.L2(l2), list_inputs(train, train)
    inputs = {
        name: keras.Input((None, *values.shape[1:]), dtype=values.dtype.name, name=name)
        for name, values in given.items()
    }

    def look_up(field, kind="table", dimension=RATING_DIMENSION):
        rows = int(given[field].max()) + 2
        return make_table(rows, dimension, l2, f"{field}_{kind}")(inputs[field])

    def history(name, owner, member, weight):
        whole_list = owner == "user"
        layer = HistorySum(given[owner], given[member], given[weight], l2, whole_list, name)
        return layer(inputs[owner], inputs[member], inputs[weight])

    seen_and_liked = history("seen", "user", "movie", "own")
    seen_and_liked += history("liked", "user", "movie", "residual")
    user = look_up("user") + seen_and_liked * inputs["user_weight"][..., None]
    user += sum(look_up(field) for field in SIDES["user"])
    raters = history("raters", "movie", "user", "own")
    movie = look_up("movie") + raters * inputs["movie_weight"][..., None]
    movie += sum(look_up(field) for field in SIDES["movie"] if field not in FLOATS)
    movie += keras.layers.Dense(
        RATING_DIMENSION, use_bias=False, kernel_regularizer=penalty, name="of_genres",
        kernel_initializer=keras.initializers.RandomNormal(0, 0.05),
    )(inputs["genres"])  # fmt: skip

    numbers = [given["statistics"], given["time"]]
    mean, variance = (np.concatenate([f(x, axis=0) for x in numbers]) for f in (np.mean, np.var))
    numbers = keras.ops.concatenate([inputs["statistics"], inputs["time"]], axis=-1)
    normal = keras.layers.Normalization(mean=mean, variance=variance)(numbers)
    x = first = keras.ops.concatenate([user, movie, normal], axis=-1)
    for i in (1, 2):
        x = keras_rs.layers.FeatureCross(kernel_regularizer=penalty, name=f"cross_{i}")(first, x)
    last = keras.layers.Dense(
        1, kernel_initializer="zeros", kernel_regularizer=penalty, name="last"
    )
    biases = look_up("user", "bias", 1) + look_up("movie", "bias", 1) + last(x)
    scores = keras.ops.sum(user * movie, axis=-1) + biases[..., 0]
    return keras.Model(inputs, float(train["user_rating"].mean()) + scores)


def in_batch_loss(model, user, movie, shares):
    """Return what training minimises for a batch: each user's movie against the batch's others.

    Args:
        model: a `TwoTowers`; its penalties are part of the loss.
        user, movie: embeddings of shape (n, d), row i of both of one rating.
        shares: of shape (n,), each row's movie's share of all training ratings.
    """
    scores = keras.ops.matmul(user, keras.ops.transpose(movie))
    scores = model.correct(scores, shares[None, :])
    right = keras.ops.diagonal(keras.ops.log_softmax(scores))
    return sum(model.losses) - keras.ops.sum(right)


class TwoTowers(keras.Model):
    """Find out which movies a user is likely to rate.

    Args:
        users: how many rows the table of users has.
        shares: float array, for each row of the table of movies its share of training ratings.
        l2: float, the penalty on both tables.
        loss: function of the arguments of `in_batch_loss`.
    """

    def __init__(self, users, shares, l2, loss=in_batch_loss):
        super().__init__()
        self.user, self.movie = make_table(users, 16, l2), make_table(len(shares), 16, l2)
        for table in (self.user, self.movie):
            table.build()
        self.correct = keras_rs.layers.SamplingProbabilityCorrection()
        self.shares, self.loss_of_batch = np.asarray(shares, np.float32), loss

    def call(self, numbers):
        """Return embeddings of shape (n, 16) of both, for a dict of user and movie."""
        return self.user(numbers["user"]), self.movie(numbers["movie"])

    def compute_loss(self, x, y=None, y_pred=None, sample_weight=None, training=True):
        """Return the loss of a batch; `x` is what `call` takes, `y_pred` what it returns."""
        user, movie = y_pred
        shares = keras.ops.take(self.shares, x["movie"])
        return self.loss_of_batch(self, user, movie, shares)


def make_two_towers(train, loss=in_batch_loss):
    """Return `TwoTowers` for training rows, with the penalty of lesson 9's `Retriever`."""
    users, movies = rows_of_tables(train)
    n = len(train["movie_title"])
    shares = np.bincount(numbers_of(train, train)["movie"], minlength=movies) / n
    return TwoTowers(users, shares, 1_000 / n, loss)


def batches_of(inputs, labels, batch_size):
    """Return batches in a new order in each epoch, for `fit` with `shuffle=False`.

    Given arrays, Keras 3.15 on TensorFlow takes the same order in each epoch once a seed is set.

    Args:
        inputs: dict of arrays with n entries each.
        labels: array with n entries, or None.
        batch_size: int.
    """
    if labels is None:
        return make_batches(inputs, batch_size, shuffle=True)
    batches = make_batches(inputs | {"labels": labels}, batch_size, shuffle=True)
    return batches.map(lambda batch: (batch, batch.pop("labels")))


def fit_with_cosine(
    model, numbers, labels=None, *, epochs, learning_rate, batch_size=2_048, **settings
):
    """Train a Keras 3 model as `fit_model` trains a TFRS model; return the same model.

    Args:
        model: a Keras 3 model.
        numbers: dict of arrays with n entries each, which goes into the model.
        labels: array with n entries, or None.
        epochs, learning_rate, batch_size: numbers; Adam's rate falls to 0 along half a cosine wave.
        **settings: what else `compile` takes, such as loss and metrics.
    """
    batches = batches_of(numbers, labels, batch_size)
    rate = keras.optimizers.schedules.CosineDecay(learning_rate, epochs * len(batches))
    model.compile(keras.optimizers.Adam(rate), **settings)
    model.optimizer.build(model.trainable_variables)  # or Keras traces a training step twice
    model.fit(batches, epochs=epochs, shuffle=False, verbose=0)
    return model


def predict_numbers(model, numbers):
    """Return a Keras 3 model's predictions, an array of shape (n,), for a dict of n numbers.

    In large batches and without `model.predict`, which would first trace the model.
    """
    return np.concatenate([np.ravel(model(batch)) for batch in large_batches(numbers)])


def predict_lists(model, list_features, features):
    """Return scores of shape (n,) of a `make_list_model`, each row as a list of its own.

    Args:
        model: trained on `list_features`.
        list_features: what `make_list_features` returned.
        features: what `make_features` gives for n other rows.
    """
    inputs = list_inputs(list_features, features)
    return predict_numbers(model, {name: values[:, None] for name, values in inputs.items()})


def rows_of_tables(train):
    """Return how many rows the tables of users and of movies have: one more than there are."""
    return [len(np.unique(train[field])) + 1 for field in ("user_id", "movie_title")]


def train_article_model_anew(train, seed=SEED):
    """Train `make_article_model` with the article's settings.

    Args:
        train: training rows.
        seed: int.
    """
    keras.utils.set_random_seed(seed)
    model = make_article_model(*rows_of_tables(train))
    model.compile(keras.optimizers.Adagrad(0.1), loss="mse")
    batches = batches_of(numbers_of(train, train), train["user_rating"], 8_192)
    model.fit(batches, epochs=3, shuffle=False, verbose=0)
    return model


def train_factor_model(train, seed=SEED):
    """Train `make_factor_model` with lesson 6's settings.

    Args:
        train: training rows.
        seed: int.
    """
    keras.utils.set_random_seed(seed)
    stars = train["user_rating"]
    model = make_factor_model(*rows_of_tables(train), float(stars.mean()), 10 / len(stars))
    numbers = numbers_of(train, train)
    return fit_with_cosine(model, numbers, stars, epochs=12, learning_rate=0.02, loss="mse")


def padded_lists(values, list_number, padding=0):
    """Return values in lists, all as long as the longest: an array of shape (lists, longest, …).

    Args:
        values: array of shape (n, …).
        list_number: array of shape (n,), which list a row belongs to.
        padding: what stands where a list is shorter; keras-rs leaves labels of -1 out.
    """
    _, number, sizes = np.unique(list_number, return_inverse=True, return_counts=True)
    real = np.arange(sizes.max()) < sizes[:, None]
    lists = np.full((*real.shape, *values.shape[1:]), padding, values.dtype)
    lists[real] = values[np.argsort(number, kind="stable")]
    return lists


def train_list_model_anew(list_features, seed=SEED):
    """Train `make_list_model` with the settings that lesson 8's search chose for ListMLE.

    Args:
        list_features: what `make_list_features` returns.
        seed: int.
    """
    keras.utils.set_random_seed(seed)
    model = make_list_model(list_features, LIST_L2)
    number, given = list_features["list_number"], list_inputs(list_features, list_features)
    inputs = {name: padded_lists(values, number) for name, values in given.items()}
    labels = padded_lists(list_features["user_rating"], number, padding=-1)
    return fit_with_cosine(
        model, inputs, labels, batch_size=256, epochs=8, learning_rate=LIST_RATE,
        loss=keras_rs.losses.ListMLELoss(), metrics=[keras_rs.metrics.NDCG(k=10, name="ndcg")],
    )  # fmt: skip


def train_two_towers(train, loss=in_batch_loss, seed=SEED):
    """Train `TwoTowers` with the settings of `train_retriever`.

    Args:
        train: training rows.
        loss: as `TwoTowers` takes it.
        seed: int.
    """
    keras.utils.set_random_seed(seed)
    model = make_two_towers(train, loss)
    return fit_with_cosine(
        model, numbers_of(train, train), epochs=5, learning_rate=0.02, batch_size=512
    )
