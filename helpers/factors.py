"""What lesson 8 trains: a matrix factorization with biases, of users and movies by number."""

import numpy as np

from helpers.models import tfrs
from helpers.movielens import tf

DIMENSION = 16


class Factors(tfrs.Model):
    """Predict stars from numbers of users and movies.

    Args:
        users, movies: how many there are.
        batch_size: how many ratings a step takes, on all workers together.
        seed: int; the tables start the same, however many machines hold them.
    """

    def __init__(self, users, movies, batch_size, seed=42):
        super().__init__()
        self.batch_size = batch_size
        rng = np.random.default_rng(seed)

        def table(rows, dimension):
            layer = tf.keras.layers.Embedding(rows, dimension)
            layer.build(None)
            layer.embeddings.assign(rng.normal(0, 0.05, (rows, dimension)).astype(np.float32))
            return layer

        self.user, self.movie = table(users, DIMENSION), table(movies, DIMENSION)
        self.user_bias, self.movie_bias = table(users, 1), table(movies, 1)
        self.task = tfrs.tasks.Ranking(
            loss=tf.keras.losses.MeanSquaredError(reduction=tf.keras.losses.Reduction.NONE)
        )

    def call(self, features):
        """Return stars of shape (n, 1), from user and movie numbers of shape (n,)."""
        user, movie = features["user"], features["movie"]
        bias = 3.5 + self.user_bias(user) + self.movie_bias(movie)
        return bias + tf.reduce_sum(self.user(user) * self.movie(movie), axis=1, keepdims=True)

    def compute_loss(self, features, training=False):
        """Return this worker's part of the batch's loss; the parts of all workers add up to it."""
        squares = self.task(labels=features["user_rating"][:, None], predictions=self(features))
        return tf.nn.compute_average_loss(squares, global_batch_size=self.batch_size)

    def tables(self):
        """Return the four tables as arrays, also where each lies on several machines."""
        layers = (self.user, self.movie, self.user_bias, self.movie_bias)
        return [tf.convert_to_tensor(layer.embeddings).numpy() for layer in layers]


def numbered(ratings):
    """Return ratings with users and movies as numbers.

    Args:
        ratings: dict of arrays with user_id, movie_title and user_rating.

    Returns:
        Dict of user and movie (int32, places in the sorted vocabularies) and user_rating
        (float32); then how many users, and how many movies there are.
    """
    numbers, counts = {}, []
    for name, field in (("user", "user_id"), ("movie", "movie_title")):
        numbers[name], known = _places(ratings[field])
        counts.append(len(known))
    return numbers | {"user_rating": ratings["user_rating"]}, *counts


def _places(values):
    """Return the place of each value among the different ones, sorted (int32), and these.

    pyarrow hashes the bytes where they lie. Only the different values are sorted, so a rating
    costs nearly the same however many there are.
    """
    import pyarrow as pa

    values = np.ascontiguousarray(values)
    buffers = [None, pa.py_buffer(values)]
    kind = pa.binary(values.dtype.itemsize)
    found = pa.FixedSizeBinaryArray.from_buffers(kind, len(values), buffers).dictionary_encode()
    known = np.frombuffer(found.dictionary.buffers()[1], values.dtype, len(found.dictionary))
    order = np.argsort(known)
    place = np.empty(len(known), np.int32)
    place[order] = np.arange(len(known), dtype=np.int32)
    return place[found.indices.to_numpy()], known[order]


CHUNK = 100_000


def sorted_unique(values):
    """Return the different values, sorted: of each chunk first, which stays in the cache."""
    chunks = [np.unique(values[i : i + CHUNK]) for i in range(0, len(values), CHUNK)]
    return np.unique(np.concatenate(chunks))


def make_batches(numbers, batch_size, epoch=0):
    """Return a dataset of batches in an order of its own for each epoch; the rest is dropped.

    The order is computed number by number, so that nothing has to be held or moved, as it is in
    `Dataset.shuffle`.

    Args:
        numbers: dict of arrays of shape (n,).
        batch_size: int.
        epoch: int; the same number gives the same order.
    """
    n = len(numbers["user_rating"])
    columns = {name: tf.constant(values) for name, values in numbers.items()}

    def gather(start):
        places = tf.random.experimental.index_shuffle(
            tf.range(start, start + batch_size), [epoch, 42], tf.constant(n - 1, tf.int64)
        )
        return {name: tf.gather(column, places) for name, column in columns.items()}

    starts = tf.data.Dataset.range(0, n - batch_size + 1, batch_size)
    return starts.map(gather).prefetch(2)
