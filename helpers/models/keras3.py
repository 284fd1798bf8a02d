"""Models of the course in Keras 3, whose backend may be TensorFlow, JAX or PyTorch.

Users and movies come as numbers, because a lookup of strings needs TensorFlow. Only who imports
this module loads Keras 3: nothing else in `helpers` does.
"""

import keras
import keras_rs
import numpy as np

from helpers import SEED
from helpers.data.vocabularies import index_of
from helpers.models.rating import RATING_L2


def numbers_of(train, rows):
    """Return users and movies of rows as numbers, a dict of user and movie, int32 of shape (n,).

    Args:
        train: training rows; their users and movies are numbered in sorted order, from 0. All
            others share the next number.
        rows: dict of arrays with user_id and movie_title.
    """
    fields = {"user": "user_id", "movie": "movie_title"}
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


def make_factor_model(users, movies, mean, l2, shape=()):
    """Return a matrix factorization: from a dict of user and movie to stars of the same shape.

    Args:
        users, movies: how many rows their tables have.
        mean: float, the training ratings' mean.
        l2: float, the penalty on all four tables.
        shape: of user and movie without the batch: (), or (None,) for lists.
    """
    user, movie = (keras.Input(shape, dtype="int32", name=name) for name in ("user", "movie"))
    user_bias = make_table(users, 1, l2, "user_bias")(user)
    movie_bias = make_table(movies, 1, l2, "movie_bias")(movie)
    product = make_table(users, 16, l2, "user_table")(user) * make_table(
        movies, 16, l2, "movie_table"
    )(movie)
    stars = mean + user_bias[..., 0] + movie_bias[..., 0] + keras.ops.sum(product, axis=-1)
    return keras.Model({"user": user, "movie": movie}, stars)


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
    steps = -(-len(next(iter(numbers.values()))) // batch_size)
    rate = keras.optimizers.schedules.CosineDecay(learning_rate, epochs * steps)
    model.compile(keras.optimizers.Adam(rate), **settings)
    model.fit(numbers, labels, batch_size=batch_size, epochs=epochs, verbose=0)
    return model


def predict_numbers(model, numbers):
    """Return a Keras 3 model's predictions, an array of shape (n,), for a dict of n numbers."""
    return np.ravel(model.predict(numbers, batch_size=20_000, verbose=0))


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
    model.fit(numbers_of(train, train), train["user_rating"], batch_size=8_192, epochs=3, verbose=0)
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


def padded_lists(train, list_number):
    """Return numbers and labels of lists, all as long as the longest.

    Args:
        train: training rows.
        list_number: array of shape (n,), which list a row belongs to.

    Returns:
        A dict of user and movie, int32 of shape (lists, longest), and the stars, float32 of that
        shape. Padding has the numbers 0 and the label -1, which keras-rs leaves out.
    """
    _, number, sizes = np.unique(list_number, return_inverse=True, return_counts=True)
    order = np.argsort(number, kind="stable")
    real = np.arange(sizes.max()) < sizes[:, None]

    def padded(values, padding):
        lists = np.full(real.shape, padding, values.dtype)
        lists[real] = values[order]
        return lists

    numbers = {name: padded(values, 0) for name, values in numbers_of(train, train).items()}
    return numbers, padded(train["user_rating"], -1)


def train_factors_on_lists(list_features, seed=SEED):
    """Train `make_factor_model` on lists, with the settings of `train_list_model`.

    Args:
        list_features: what `make_list_features` returns.
        seed: int.
    """
    keras.utils.set_random_seed(seed)
    stars = list_features["user_rating"]
    mean, l2 = float(stars.mean()), RATING_L2 / len(stars)
    model = make_factor_model(*rows_of_tables(list_features), mean, l2, shape=(None,))
    numbers, labels = padded_lists(list_features, list_features["list_number"])
    return fit_with_cosine(
        model, numbers, labels, batch_size=256, epochs=8, learning_rate=0.006,
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
