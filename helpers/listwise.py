"""What lesson 6 builds: lists per user, ranking metrics over them, and training on whole lists.

DCG and its gain 2^rating - 1: Järvelin and Kekäläinen, "Cumulated Gain-Based Evaluation of IR
Techniques" (2002), and Burges et al., "Learning to Rank using Gradient Descent" (2005).
"""

import numpy as np

from helpers.features import make_features
from helpers.models import tfrs
from helpers.movielens import tf
from helpers.ranking import L2, LEARNING_RATE, RatingModel, fit_model
from helpers.ratings import SEED, take

FOLDS, LIST_SIZE, LISTS_PER_BATCH = 5, 16, 256


def per_user(user_ids, *columns):
    """Put rows into one padded list per user, for users with at least two rows.

    Args:
        user_ids: array of shape (n,).
        *columns: arrays of shape (n,), such as ratings and scores.

    Returns:
        A bool mask of shape (users, longest), True where there is a row, and each column in that
        shape, with 0 where there is none. Users are in sorted order, rows in the given order.

    Raises:
        ValueError: there are no rows, or a column has another length.
    """
    if len(user_ids) == 0:
        raise ValueError("there are no rows to make lists of")
    if any(len(column) != len(user_ids) for column in columns):
        raise ValueError(f"each column must have {len(user_ids)} rows, as the users have")
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

    Raises:
        ValueError: k is not positive, the shapes differ, or no order of a list gains anything.
    """
    if k < 1:
        raise ValueError(f"k is {k}: at least one place must count")
    discounts = 1 / np.log2(np.arange(2, k + 2))

    def dcg(ordered):
        top = 2.0 ** ordered[:, :k] - 1  # a place without a movie has gain 0
        return top @ discounts[: top.shape[1]]

    best = dcg(ranked_labels(labels, labels, mask, seed))
    if not (best > 0).all():
        raise ValueError("a list has no movie with more than 0 stars, so no order is better")
    return dcg(ranked_labels(labels, scores, mask, seed)) / best


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


def make_list_features(train, whole_list=True, seed=SEED):
    """Describe training rows for training on lists.

    Each user's rows are dealt into five folds, and a fold is cut into lists of at most 16.
    Statistics and time are computed without all rows of the fold (sums of embeddings leave the
    list out, see `History`). With only its own rating left out, a row's user mean would fall as
    its own rating rises, and so give away the order of the list.

    Args:
        train: rows, as `load_rows` returns them.
        whole_list: False leaves only each row's own rating out of statistics and time, to show
            how that goes wrong.
        seed: int, of the dealing.

    Returns:
        What `make_features` gives for training rows, with `list_number` added, of shape (n,).
    """
    n = len(train["user_id"])
    _, user = np.unique(train["user_id"], return_inverse=True)
    order = np.lexsort((np.random.default_rng(seed).random(n), user))
    place = np.empty(n, np.int64)  # among the user's rows, from 0
    place[order] = np.arange(n) - np.searchsorted(user[order], user[order])
    fold = place % FOLDS
    list_number = (user * FOLDS + fold) * n + place // FOLDS // LIST_SIZE
    features = make_features(train) | {"list_number": list_number}
    if whole_list:
        for k in range(FOLDS):
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
        with `list`, the list's place in the batch or -1 for padding, of shape (rows,), and
        `mask` of shape (lists, longest), False for padding.
    """
    columns = {name: tf.constant(values) for name, values in features.items()}
    _, number = np.unique(features["list_number"], return_inverse=True)
    order = np.argsort(number, kind="stable")
    rows_of_list = tf.RaggedTensor.from_value_rowids(order, number[order])

    def gather(numbers):
        rows = tf.gather(rows_of_list, numbers).to_tensor(-1)  # of shape (lists, longest)
        mask, flat = rows >= 0, tf.reshape(rows, [-1])
        batch = {name: tf.gather(column, tf.maximum(flat, 0)) for name, column in columns.items()}
        place = tf.repeat(tf.range(tf.shape(rows)[0]), tf.shape(rows)[1])
        return batch | {"mask": mask, "list": tf.where(flat >= 0, place, -1)}

    n = int(rows_of_list.nrows())
    return tf.data.Dataset.range(n).shuffle(n).batch(lists).map(gather)


class ListModel(RatingModel):
    """Score movies so that each user's list is in the right order; a score is not in stars.

    Args:
        train: training features.
        loss: a loss on lists, such as `keras_rs.losses.PairwiseLogisticLoss()`.
        l2: as `RatingModel` takes it.
    """

    def __init__(self, train, loss, l2=L2):
        super().__init__(train, l2=l2)
        self.task = tfrs.tasks.Ranking(loss=loss)

    def call(self, features, training=False):
        """Return scores of shape (n, 1); not cut to 1 to 5, which would make ties."""
        return super().call(features, training=True)

    def compute_loss(self, features, training=False):
        """Return the loss of a batch of lists, a scalar."""
        mask = features["mask"]
        labels = tf.reshape(features["user_rating"], tf.shape(mask))
        scores = tf.reshape(self(features), tf.shape(mask))
        return self.task(labels={"labels": labels, "mask": mask}, predictions=scores)


def train_ranker(list_features, loss, seed=SEED, learning_rate=LEARNING_RATE, l2=L2):
    """Train a `ListModel` with lesson 5's settings unless others are given.

    Args:
        list_features: what `make_list_features` returns.
        loss: a loss on lists.
        seed: int.
        learning_rate, l2: floats.

    Returns:
        The trained `ListModel`.
    """
    tf.keras.utils.set_random_seed(seed)
    model = ListModel(list_features, loss, l2)
    return fit_model(
        model, list_features, make_list_batches(list_features), learning_rate=learning_rate
    )
