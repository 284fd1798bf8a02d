"""What a rating model is told about a pair of user and movie, made from the ratings.

Whatever is computed from training ratings leaves a training row's own rating out, or the model
would learn to read the answer off its features.
"""

import numpy as np

from helpers.data.vocabularies import index_of
from helpers.models.baselines import DAMPING, group_sums, means_by

MOST_GAPS = 1_000_000  # pairs of a user's ratings at a time, which bounds the memory
MOOD_WINDOWS = (30, 300, 86_400)  # seconds: one page of ratings, one sitting, one day


def make_features(train, rows=None):
    """Return what the model is told about each row, as a dict of arrays.

    Args:
        train: rows to learn from, as `load_rows` returns them.
        rows: the rows to describe, which are not in `train`; by default the training rows, each
            without its own rating. `user_rating` may be missing. Columns of your own file that
            are missing (`timestamp`, those of users and movies) leave their features out.

    Returns:
        `rows` with these arrays added, each of shape (n,) unless said otherwise:
        own (1 for a training row, else 0), residual (the rating's distance from the movie's mean,
        in stars; 0 unless a training row), user_weight and movie_weight (1 / root of the number
        of other ratings), statistics (n, 6) and, with a timestamp, time (n, 5).

    Raises:
        ValueError: there are no training rows.
    """
    is_train = rows is None
    rows = train if is_train else rows
    n = len(rows["user_id"])
    own = np.full(n, float(is_train))
    features, statistics = dict(rows, own=own), []
    for this, other, name in (
        ("user_id", "movie_title", "user"),
        ("movie_title", "user_id", "movie"),
    ):
        residual = train["user_rating"] - means_by(other, train, train, DAMPING)
        groups = index_of(train[this], train[this])
        here = groups if is_train else index_of(train[this], rows[this])
        count, total, squares = (
            group_sums(groups, values)[here] - (values if is_train else 0)
            for values in (np.ones(len(residual)), residual, residual**2)
        )
        mean = total / (count + DAMPING)
        variance = (squares + DAMPING) / (count + DAMPING) - mean**2
        statistics += [mean, np.sqrt(np.maximum(variance, 0.05)), np.log1p(count)]
        features[f"{name}_weight"] = 1 / np.sqrt(np.maximum(count, 1))
        if name == "user":
            features["residual"] = residual if is_train else np.zeros(n)
            if "timestamp" in rows:
                features["time"] = _time_features(train, residual, rows, mean, is_train)
    features["statistics"] = np.column_stack(statistics)
    return {k: v.astype(np.float32) if v.dtype == np.float64 else v for k, v in features.items()}


def _time_features(train, residual, rows, user_mean, is_train):
    """Return mood, place and hours: how the user rated around the moment of each row.

    Three moods: the user's mean residual, the nearer in time the heavier, against the user's own
    mean. Then how many of the user's ratings came before, and the hours since the first of them,
    both as logarithms.
    """
    time = np.zeros((len(rows["user_id"]), len(MOOD_WINDOWS) + 2))
    known_of, rows_of = _rows_by_key(train["user_id"]), _rows_by_key(rows["user_id"])
    for user, all_of_user in rows_of.items():
        known = known_of.get(user)
        if known is None:
            continue
        groups = -(-len(all_of_user) * len(known) // MOST_GAPS)
        for mine in np.array_split(all_of_user, groups):
            gap = rows["timestamp"][mine][:, None] - train["timestamp"][known]  # seconds
            counts = mine[:, None] != known if is_train else np.ones(gap.shape, bool)
            for i, window in enumerate(MOOD_WINDOWS):
                weight = np.exp(-np.abs(gap).astype(np.float32) / window) * counts
                total = weight.sum(axis=1)
                time[mine, i] = (weight @ residual[known] - total * user_mean[mine]) / (total + 2)
            time[mine, -2] = np.log1p(((gap > 0) & counts).sum(axis=1))
            time[mine, -1] = np.log1p(np.maximum(gap.max(axis=1), 0) / 3600)
    return time


def _rows_by_key(keys):
    order = np.argsort(keys, kind="stable")
    different, starts = np.unique(keys[order], return_index=True)
    return dict(zip(different, np.split(order, starts[1:])))
