"""Your own ratings, of your own users and things, through the course's models to a list.

Which models depends on the columns: with a timestamp the split is in time and the model the causal
one (lesson 7), without one it is lesson 6's. Parts whose columns are missing are left out.
"""

import functools

import numpy as np

from helpers import SEED
from helpers.data.batches import make_batches
from helpers.data.ratings import join_pairs, stars_matrix
from helpers.keras2 import tf
from helpers.metrics.lists import top
from helpers.models.baselines import damped_biases
from helpers.models.causal import (
    CAUSAL_PARTS,
    make_causal_features,
    running_biases,
    train_causal_model,
)
from helpers.models.features import make_features
from helpers.models.rating import PARTS, parts_for, train_rating_model
from helpers.models.retrieval import Retriever
from helpers.models.training import batch_size_of, fit_model, predict, predict_uncut
from helpers.models.two_stages import CANDIDATES, SHOWN, STARS_WEIGHT

RETRIEVAL_BATCHES = 512, 2_048  # ratings in the smallest and the largest batch,
RETRIEVAL_STEPS = 500  # and how many batches make an epoch, at most
LEAST_STEPS = {True: 72, False: 288}  # of MovieLens's training, in time and at random
USERS_AT_ONCE = 1_000  # whose scores of all things are in memory together


class OwnModels:
    """What this course has found best for ratings with these columns, trained on them.

    Args:
        train: dict of arrays with user_id, movie_title, user_rating (stars from 1 to 5, see
            `as_stars`), and whatever else of the columns of `load_rows` there is.
        seed: int.
        stars_weight: what a predicted star adds to a candidate's retrieval score.
        **settings: epochs and learning_rate, as the model's training takes them; without a
            timestamp l2 too. By default there are at least as many steps as MovieLens has, so
            small data have more epochs.

    Attributes:
        in_time: whether there is a timestamp, and with it the causal model.
        parts: the parts of the model that the columns allow.
        titles: different titles, sorted.
    """

    def __init__(self, train, seed=SEED, stars_weight=STARS_WEIGHT, **settings):
        self.train, self.stars_weight = train, stars_weight
        self.in_time = "timestamp" in train
        make, parts, fit = (
            (make_causal_features, CAUSAL_PARTS, train_causal_model)
            if self.in_time
            else (make_features, PARTS, train_rating_model)
        )
        if "epochs" not in settings:
            n = len(train["user_id"])
            steps = -(-n // batch_size_of(n))
            least = 2 if self.in_time else 8
            settings["epochs"] = max(least, -(-LEAST_STEPS[self.in_time] // steps))
        features = make(train)
        self.parts = parts_for(features, parts)
        self.model = fit(features, self.parts, seed, **settings)
        self.titles = np.unique(train["movie_title"])
        self.seed = seed

    @functools.cached_property
    def retriever(self):
        """The `Retriever`, which is trained when the first list is asked for."""
        tf.keras.utils.set_random_seed(self.seed)
        pairs = {name: self.train[name] for name in ("user_id", "movie_title")}
        batches = retrieval_batches(pairs)
        return fit_model(Retriever(self.train), pairs, batches, epochs=5, learning_rate=0.02)

    def biases(self, rows):
        """Return what the damped biases predict for later or held-out rows: the baseline.

        As `stars` does, in time each row knows what was rated before it, in `rows` too.
        """
        if self.in_time:
            return running_biases(_joined(self.train, rows))[len(self.train["user_id"]) :]
        return damped_biases(self.train, rows)

    def stars(self, rows):
        """Return the model's predictions for later or held-out rows, stars from 1 to 5.

        In time they are tested, then learned: the features of each row, not the weights, know all
        strictly earlier rows, of `train` and of `rows`.
        """
        return predict(self.model, self._features(rows))

    def _features(self, rows):
        if not self.in_time:
            return make_features(self.train, rows)
        together = _joined(self.train, rows)
        return make_causal_features(together, start=len(self.train["user_id"]))

    def recommend(self, user_ids, shown=SHOWN):
        """Return the best things for some users that they have not rated.

        Args:
            user_ids: sorted array of different user ids that are in `train`, bytes.
            shown: how many for each.

        Returns:
            Dict of movies (places in `titles`), titles, scores, and stars (from 1 to 5), each of
            shape (users, shown), the highest score first. Who has rated nearly all has rated ones
            at the end, with a score of -inf.

        Raises:
            ValueError: a user is not in the training ratings.
        """
        strangers = np.setdiff1d(user_ids, self.train["user_id"])
        if len(strangers):
            raise ValueError(f"user {strangers[0].decode()!r} has no training rating: unknown")
        groups = np.split(user_ids, range(USERS_AT_ONCE, len(user_ids), USERS_AT_ONCE))
        lists = [self._lists(group, shown) for group in groups]
        return {name: np.concatenate([each[name] for each in lists]) for name in lists[0]}

    def _lists(self, users, shown):
        seen = stars_matrix(self.train, users, self.titles) > 0
        retrieval = self.retriever.user(users) @ tf.transpose(self.retriever.movie(self.titles))
        retrieval = retrieval.numpy()
        candidates = top(retrieval, seen, CANDIDATES)
        shape = candidates.shape
        pairs = join_pairs(
            self.train, np.repeat(users, shape[1]), self.titles[candidates].reshape(-1)
        )
        if self.in_time:  # all are asked now, after the last rating
            now = self.train["timestamp"].max() + 1
            pairs["timestamp"] = np.full(candidates.size, now)
            pairs["user_rating"] = np.zeros(candidates.size, np.float32)  # nothing reads it
        stars = predict_uncut(self.model, self._features(pairs)).reshape(shape)
        scores = np.take_along_axis(retrieval, candidates, axis=1) + self.stars_weight * stars
        scores[np.take_along_axis(seen, candidates, axis=1)] = -np.inf
        best = np.argsort(-scores, axis=1, kind="stable")[:, :shown]
        movies, scores, stars = (
            np.take_along_axis(values, best, axis=1) for values in (candidates, scores, stars)
        )
        return {
            "movies": movies, "titles": self.titles[movies], "scores": scores,
            "stars": np.clip(stars, 1, 5),
        }  # fmt: skip


def retrieval_batches(pairs):
    """Return pairs of users and things in batches, in another order each time.

    In a batch each user is set against all things of the batch, so its time grows with the square
    of its size, and that of a step also with the tables. So both the size and the number of the
    batches have an end; of more than a million pairs, each epoch takes others.

    Args:
        pairs: dict of arrays with user_id and movie_title.
    """
    smallest, largest = RETRIEVAL_BATCHES
    size = min(max(smallest, -(-len(pairs["user_id"]) // RETRIEVAL_STEPS)), largest)
    return make_batches(pairs, size, shuffle=True).take(RETRIEVAL_STEPS)


def _joined(train, rows):
    """Return the rows of both, with the columns that both have."""
    return {name: np.concatenate([train[name], rows[name]]) for name in train if name in rows}
