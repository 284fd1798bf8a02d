"""A retrieval model, whose score of a pair is one dot product.

Two towers and sampled softmax with its correction: Yi et al., "Sampling-Bias-Corrected Neural
Modeling for Large Corpus Item Recommendations" (2019).
"""

import numpy as np

from helpers import SEED
from helpers.data.batches import make_batches
from helpers.keras2 import tf, tfrs
from helpers.models.rating import Table
from helpers.models.training import fit_model


def corrected_loss(task, user_embeddings, movie_embeddings, counts, total):
    """Return the loss of a batch with the logQ correction: log of a movie's share is subtracted.

    Args:
        task: a `tfrs.tasks.Retrieval`. It takes probabilities, and clips what is above 1 to 1.
        user_embeddings, movie_embeddings: tensors of shape (n, d), row i of both of one rating.
        counts: float tensor of shape (n,), training ratings of each row's movie.
        total: training ratings of all movies.
    """
    return task(user_embeddings, movie_embeddings, candidate_sampling_probability=counts / total)


class Retriever(tfrs.Model):
    """Find out which movies a user is likely to rate.

    Args:
        train: training rows.
        loss: function of the arguments of `corrected_loss`.
        dimension: length of an embedding.
        l2: the penalty on embeddings; it is divided by the number of training ratings.
    """

    def __init__(self, train, loss=corrected_loss, dimension=16, l2=1000.0):
        super().__init__()
        penalty = tf.keras.regularizers.L2(l2 / len(train["user_id"]))
        self.user = Table(train["user_id"], dimension, penalty)
        self.movie = Table(train["movie_title"], dimension, penalty)
        self.loss_of_batch, self.total = loss, float(len(train["movie_title"]))
        self.counts = tf.constant(np.bincount(self.movie.lookup(train["movie_title"])), tf.float32)
        self.task = tfrs.tasks.Retrieval()

    def call(self, features):
        """Return scores of shape (n, 1), one for each pair of user and movie."""
        user, movie = self.user(features["user_id"]), self.movie(features["movie_title"])
        return tf.reduce_sum(user * movie, axis=1, keepdims=True)

    def compute_loss(self, features, training=False):
        """Return the loss of a batch: each user's movie against the batch's other movies."""
        counts = tf.gather(self.counts, self.movie.lookup(features["movie_title"]))
        return self.loss_of_batch(
            self.task,
            self.user(features["user_id"]),
            self.movie(features["movie_title"]),
            counts,
            self.total,
        )


def train_retriever(train, loss=corrected_loss, seed=SEED, l2=1000.0, learning_rate=0.02):
    """Train a `Retriever` with the settings that validation chose; take about four seconds.

    Args:
        train: training rows.
        loss, l2: as `Retriever` takes them.
        seed: int.
        learning_rate: as `fit_model` takes it.
    """
    tf.keras.utils.set_random_seed(seed)
    fields = {name: train[name] for name in ("user_id", "movie_title")}
    batches = make_batches(fields, 512, shuffle=True)
    model = Retriever(train, loss, l2=l2)
    return fit_model(model, fields, batches, epochs=5, learning_rate=learning_rate)
