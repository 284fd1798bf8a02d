"""What lesson 6 builds: lists per user, ranking metrics over them, and training on whole lists.

DCG and its gain 2^rating - 1: Järvelin and Kekäläinen, "Cumulated Gain-Based Evaluation of IR
Techniques" (2002), and Burges et al., "Learning to Rank using Gradient Descent" (2005).
"""

import numpy as np

from helpers.features import make_features
from helpers.models import tfrs
from helpers.movielens import tf
from helpers.ranking import RatingModel
from helpers.ratings import SEED, take

FOLDS, LIST_SIZE, LISTS_PER_BATCH = 10, 16, 256


def per_user(user_ids, *columns):
    """Put rows into one padded list per user, for users with at least two rows.

    Args:
        user_ids: array of shape (n,).
        *columns: arrays of shape (n,), such as ratings and scores.

    Returns:
        A bool mask of shape (users, longest), True where there is a row, and each column in that
        shape, with 0 where there is none. Users are in sorted order, rows in the given order.
    """
    _, user, counts = np.unique(user_ids, return_inverse=True, return_counts=True)
    order = np.argsort(user, kind="stable")
    mask = np.arange(counts.max()) < counts[:, None]
    enough = counts >= 2
    lists = []
    for column in columns:
        padded = np.zeros(mask.shape, np.asarray(column).dtype)
        padded[mask] = np.asarray(column)[order]
        lists.append(padded[enough])
    return mask[enough], *lists


def ranked_labels(labels, scores, mask, seed=SEED):
    """Return the labels of each list in the order of the scores, the highest first.

    Args:
        labels, scores: arrays of shape (lists, size).
        mask: bool array of that shape; rows without a movie come last, with label 0.
        seed: int; equal scores are ordered at random.
    """
    ties = np.random.default_rng(seed).random(scores.shape)
    order = np.lexsort((ties, -scores, ~mask), axis=1)
    return np.take_along_axis(np.where(mask, labels, 0), order, axis=1)


def ndcg(labels, scores, mask, k=10, seed=SEED):
    """Return NDCG@k of each list, an array of shape (lists,), from 0 to 1.

    Args:
        labels, scores: arrays of shape (lists, size); labels are stars.
        mask: bool array of that shape.
        k: how many places count.
        seed: int; equal scores are ordered at random.
    """
    discounts = 1 / np.log2(np.arange(2, k + 2))

    def dcg(ordered):
        top = 2.0 ** ordered[:, :k] - 1  # a place without a movie has gain 0
        return top @ discounts[: top.shape[1]]

    return dcg(ranked_labels(labels, scores, mask, seed)) / dcg(
        ranked_labels(labels, labels, mask, seed)
    )


def reciprocal_ranks(labels, scores, mask, relevant=5, seed=SEED):
    """Return 1 / rank of the first relevant movie of each list; 0 if it has none.

    Args:
        labels, scores: arrays of shape (lists, size); labels are stars.
        mask: bool array of that shape.
        relevant: a movie counts from this many stars.
        seed: int; equal scores are ordered at random.
    """
    hits = ranked_labels(labels, scores, mask, seed) >= relevant
    return np.where(hits.any(axis=1), 1 / (1 + hits.argmax(axis=1)), 0.0)


def make_list_features(train, folds=FOLDS, seed=SEED):
    """Describe training rows for training on lists.

    Each user's rows are dealt into `folds` lists. What a row is told about its user is computed
    without its whole list: with only its own rating left out, rows of one list would differ by
    exactly the rating that is to be found.

    Args:
        train: rows, as `load_rows` returns them.
        folds: int, lists per user; a user with fewer rows has fewer.
        seed: int, of the dealing.

    Returns:
        What `make_features` gives for training rows, with `fold` added, from 0 to folds - 1.
    """
    n = len(train["user_id"])
    order = np.lexsort((np.random.default_rng(seed).random(n), train["user_id"]))
    fold = np.empty(n, np.int64)
    fold[order] = np.arange(n) % folds
    features = make_features(train) | {"fold": fold}
    for k in range(folds):
        here = fold == k
        others = make_features(take(train, ~here), take(train, here))
        for name in ("user_weight", "statistics", "time"):
            features[name][here] = others[name]
    return features


def make_list_batches(features, lists=LISTS_PER_BATCH):
    """Return batches of lists, in a new order in each epoch.

    Args:
        features: what `make_list_features` gives, n rows.
        lists: how many lists make a batch.

    Returns:
        A dataset of dicts of shape (rows, …), where rows = lists * longest list in the batch,
        with `list`, the list's number in the batch or -1 for padding, of shape (rows,), and
        `mask` of shape (lists, longest), False for padding.
    """
    columns = {name: tf.constant(values) for name, values in features.items()}
    order = np.lexsort((features["fold"], features["user_id"]))
    sorted_rows = np.stack([features["user_id"][order], features["fold"][order].astype(bytes)])
    is_new = np.append(True, (sorted_rows[:, 1:] != sorted_rows[:, :-1]).any(axis=0))
    starts = np.flatnonzero(is_new)
    place = np.arange(len(order)) - np.repeat(starts, np.diff(np.append(starts, len(order))))
    is_new |= place % LIST_SIZE == 0
    rows_of_list = tf.RaggedTensor.from_row_starts(order, np.flatnonzero(is_new))

    def gather(numbers):
        rows = tf.gather(rows_of_list, numbers).to_tensor(-1)  # of shape (lists, longest)
        mask, flat = rows >= 0, tf.reshape(rows, [-1])
        batch = {name: tf.gather(column, tf.maximum(flat, 0)) for name, column in columns.items()}
        place = tf.repeat(tf.range(tf.shape(rows)[0]), tf.shape(rows)[1])
        return batch | {"mask": mask, "list": tf.where(flat >= 0, place, -1)}

    n = int(rows_of_list.nrows())
    return tf.data.Dataset.range(n).shuffle(n).batch(lists).map(gather)


class ListModel(RatingModel):
    """Score movies so that each user's list is in the right order.

    Args:
        train, parts, l2: as `RatingModel` takes them.
        loss: a loss of keras_rs on lists, such as `keras_rs.losses.PairwiseLogisticLoss()`.
    """

    def __init__(self, train, loss, **settings):
        super().__init__(train, **settings)
        self.task = tfrs.tasks.Ranking(loss=loss)

    def compute_loss(self, features, training=False):
        """Return the loss of a batch of lists, a scalar."""
        mask = features["mask"]
        labels = tf.reshape(features["user_rating"], tf.shape(mask))
        scores = tf.reshape(self(features, training=True), tf.shape(mask))
        return self.task(labels={"labels": labels, "mask": mask}, predictions=scores)
