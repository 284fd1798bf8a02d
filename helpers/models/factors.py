"""A matrix factorization with biases, of users and movies by number, for many ratings."""

import numpy as np

from helpers import SEED
from helpers.keras2 import tf, tfrs


class Factors(tfrs.Model):
    """Predict stars from numbers of users and movies.

    Args:
        users, movies: how many there are.
        batch_size: how many ratings a step takes, on all workers together.
        dimension: length of an embedding.
        seed: int; the tables start the same, however many machines hold them.
    """

    def __init__(self, users, movies, batch_size, dimension=16, seed=SEED):
        super().__init__()
        self.batch_size = batch_size
        rng = np.random.default_rng(seed)

        def table(rows, length):
            layer = tf.keras.layers.Embedding(rows, length)
            layer.build(None)
            layer.embeddings.assign(rng.normal(0, 0.05, (rows, length)).astype(np.float32))
            return layer

        self.user = table(users, dimension)
        self.movie = table(movies, dimension)
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
        """Return the four tables as arrays."""
        layers = (self.user, self.movie, self.user_bias, self.movie_bias)
        return [tf.convert_to_tensor(layer.embeddings).numpy() for layer in layers]
