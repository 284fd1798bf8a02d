"""One model for two tasks: which movies a user rates, and how many stars they get.

TFRS's way of it: the tasks share the towers, and the loss is a weighted sum of theirs (Ma et al.,
"Entire Space Multi-Task Model", 2018, for clicks and purchases).
"""

import numpy as np

from helpers import SEED
from helpers.data.batches import make_batches
from helpers.keras2 import tf, tfrs
from helpers.models.rating import PARTS, RATING_DIMENSION, RatingModel
from helpers.models.retrieval import corrected_loss
from helpers.models.training import fit_model

SHARE = 0.25  # of the loss, for the rating task; chosen on validation, like
MULTI_TASK_L2 = 30.0  # divided by the number of training ratings


class MultiTask(RatingModel):
    """Predict stars as `RatingModel` does, and learn from the same towers what a user will rate.

    Args:
        train: training features, from `make_features`.
        share: the rating task's share of the loss, from 0 to 1; retrieval has the rest.
        l2: as `RatingModel` takes it.
    """

    def __init__(self, train, share=SHARE, l2=MULTI_TASK_L2):
        super().__init__(train, PARTS, l2)
        self.share, self.total = share, float(len(train["movie_title"]))
        self.counts = tf.constant(np.bincount(self.movie.lookup(train["movie_title"])), tf.float32)
        self.match = self.add_weight("match", [RATING_DIMENSION], initializer="ones")
        self.retrieval = tfrs.tasks.Retrieval()

    def retrieval_vectors(self, user, movie):
        """Return both vectors without bias, whose dot product is the retrieval score.

        Args:
            user, movie: what `user_vectors` and `movie_vectors` return.
        """
        return user[:, 1:] * self.match, movie[:, 1:]

    def compute_loss(self, features, training=False):
        """Return the loss of a batch, a scalar: both tasks' losses per rating, weighted."""
        user, movie = self.user_vectors(features), self.movie_vectors(features)
        stars = self.combine(user, movie, self._numbers(features))
        rating = self.task(labels=features["user_rating"][:, None], predictions=stars)
        counts = tf.gather(self.counts, self.movie.lookup(features["movie_title"]))
        pair = self.retrieval_vectors(user, movie)
        chosen = corrected_loss(self.retrieval, *pair, counts, self.total)
        chosen /= tf.cast(tf.shape(counts)[0], tf.float32)  # TFRS sums it over the batch
        return self.share * rating + (1 - self.share) * chosen


def train_multi_task(train, share=SHARE, seed=SEED, l2=MULTI_TASK_L2, learning_rate=0.006):
    """Train a `MultiTask` with the settings that validation chose.

    Args:
        train: training features, from `make_features`.
        share, l2: as `MultiTask` takes them.
        seed: int.
        learning_rate: as `fit_model` takes it.
    """
    tf.keras.utils.set_random_seed(seed)
    model = MultiTask(train, share, l2)
    batches = make_batches({name: train[name] for name in model.fields}, 512, shuffle=True)
    return fit_model(model, train, batches, epochs=5, learning_rate=learning_rate)
