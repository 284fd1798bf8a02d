"""A rating model that is trained on whole lists instead of single ratings."""

import numpy as np

from helpers import SEED
from helpers.data.batches import places_in_batches
from helpers.data.ratings import take
from helpers.keras2 import tf, tfrs
from helpers.models.features import make_features
from helpers.models.rating import PARTS, RATING_L2, RatingModel
from helpers.models.training import fit_model

FOLDS, LIST_SIZE = 5, 16


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

    Raises:
        ValueError: no user has two rows, so nothing is left to describe a row without its list.
    """
    n = len(train["user_id"])
    _, user = np.unique(train["user_id"], return_inverse=True)
    order = np.lexsort((np.random.default_rng(seed).random(n), user))
    number = np.empty(n, np.int64)  # among the user's rows, from 0
    number[order] = np.arange(n) - np.searchsorted(user[order], user[order])
    fold = number % FOLDS
    list_number = (user * FOLDS + fold) * n + number // FOLDS // LIST_SIZE
    features = make_features(train) | {"list_number": list_number}
    if whole_list and not fold.any():
        raise ValueError("no user has two training ratings, so there are no lists to learn from")
    if whole_list:
        for k in range(FOLDS):
            here = fold == k
            others = make_features(take(train, ~here), take(train, here))
            for name in ("user_weight", "statistics", "time"):
                features[name][here] = others[name]
    return features


def make_list_batches(features, lists=256):
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
    _, number = np.unique(features["list_number"], return_inverse=True)
    order = np.argsort(number, kind="stable")
    rows_of_list = tf.RaggedTensor.from_value_rowids(order, number[order])

    def gather(numbers):
        rows = tf.gather(rows_of_list, numbers).to_tensor(-1)  # of shape (lists, longest)
        mask, flat = rows >= 0, tf.reshape(rows, [-1])
        batch = {name: tf.gather(column, tf.maximum(flat, 0)) for name, column in columns.items()}
        number_in_batch = tf.repeat(tf.range(tf.shape(rows)[0]), tf.shape(rows)[1])
        return batch | {"mask": mask, "list": tf.where(flat >= 0, number_in_batch, -1)}

    n = int(rows_of_list.nrows())
    return places_in_batches(n, lists, shuffle=True).map(gather).prefetch(1)


class ListModel(RatingModel):
    """Score movies so that each user's list is in the right order; a score is not in stars.

    Args:
        train: training features.
        loss: a loss on lists, such as `keras_rs.losses.PairwiseLogisticLoss()`.
        l2, parts: as `RatingModel` takes them.
    """

    def __init__(self, train, loss, l2=RATING_L2, parts=PARTS):
        super().__init__(train, parts, l2)
        self.task = tfrs.tasks.Ranking(loss=loss)

    def call(self, features, training=False):
        """Return scores of shape (n, 1); not clipped to 1 to 5, which would make ties."""
        return super().call(features, training=True)

    def compute_loss(self, features, training=False):
        """Return the loss of a batch of lists, a scalar."""
        mask = features["mask"]
        labels = tf.reshape(features["user_rating"], tf.shape(mask))
        scores = tf.reshape(self(features), tf.shape(mask))
        return self.task(labels={"labels": labels, "mask": mask}, predictions=scores)


def squared_error(y_true, y_pred, sample_weight=None):
    """Return the mean squared error of a batch of lists, a scalar; padding is left out.

    The control for losses on lists: on the same features and batches, it asks for the stars
    instead of the order.

    Args:
        y_true: dict of `labels` and `mask`, as `ListModel` gives them, of shape (lists, size).
        y_pred: scores of that shape.
        sample_weight: None; the Ranking task names it in its call.
    """
    errors = tf.boolean_mask(y_true["labels"] - y_pred, y_true["mask"])
    return tf.reduce_mean(errors**2)


def train_list_model(
    list_features, loss, seed=SEED, learning_rate=0.006, l2=RATING_L2, parts=PARTS
):
    """Train a `ListModel` with the rating model's settings unless others are given.

    Args:
        list_features: what `make_list_features` returns.
        loss: a loss on lists.
        seed: int.
        learning_rate, l2: floats.
        parts: which of `PARTS` to use.

    Returns:
        The trained `ListModel`.
    """
    tf.keras.utils.set_random_seed(seed)
    model = ListModel(list_features, loss, l2, parts)
    return fit_model(
        model, list_features, make_list_batches(list_features), learning_rate=learning_rate
    )
