"""Models of the course and of other libraries, on the article's split."""

from pathlib import Path

import numpy as np

from helpers.metrics.intervals import recipe_interval
from helpers.metrics.stars import rmse

STORED = Path(__file__).with_name("other_libraries.npz")
PARTS_OF_A_STAR = 1_000  # in which the predictions are stored, as whole numbers

OTHER_LIBRARIES = {
    "Surprise SVD, tuned": 0.903,
    "Cornac MF, tuned": 0.897,
    "myFM, ids": 0.891,
    "myFM, side features and history": 0.873,
    "myFM, also time, ordinal output": 0.870,
}
OTHER_LIBRARIES_NDCG = {  # test NDCG@10 as lesson 8 computes it, of the same predictions
    "Surprise SVD, tuned": 0.838,
    "Cornac MF, tuned": 0.839,
    "myFM, side features and history": 0.850,
    "myFM, also time, ordinal output": 0.849,
}
BEST_LIBRARY = "myFM, also time, ordinal output"
BEST_WITHOUT_TIME = "myFM, side features and history"
LOOK_AHEAD = (BEST_LIBRARY,)  # they use the times of ratings around the one to predict, later ones


def other_libraries():
    """Return other libraries' predictions of the article's test ratings.

    `python -m helpers bench libraries` makes them: each library is trained on the 80,000 training
    ratings, with the settings of `helpers/bench/libraries.py`.

    Returns:
        Dict from the name in `OTHER_LIBRARIES` to an array of shape (20,000,), stars from 1 to 5 to
        three digits, in the order of the test rows of `split_row_numbers`.
    """
    return load_predictions(STORED)


def load_predictions(path):
    """Return what `store_predictions` has stored, a dict from a name to an array of stars."""
    with np.load(path) as stored:
        return {name: stored[name] / PARTS_OF_A_STAR for name in stored}


def store_predictions(path, predictions):
    """Store predictions as `load_predictions` reads them, to three digits.

    Args:
        path: of a new file whose name ends in `.npz`.
        predictions: dict from a model's name to an array of stars from 1 to 5.
    """
    parts = {
        name: np.round(values * PARTS_OF_A_STAR).astype(np.int16)
        for name, values in predictions.items()
    }
    np.savez_compressed(path, **parts)


def paired_intervals(labels, predictions, reference, user_ids):
    """Return how far each model's RMSE is above a reference's: (difference, low, high), stars.

    Args:
        labels: array of shape (n,), stars.
        predictions: dict from a model's name to an array of shape (n,), or (seeds, n) for a recipe
            with several seeds, whose RMSE is the mean of theirs.
        reference: array of shape (n,), the other model's predictions.
        user_ids: array of shape (n,); users and seeds are drawn together, see `recipe_interval`.

    Raises:
        ValueError: there are no ratings, or the shapes differ.
    """
    base, intervals = rmse(labels, reference), {}
    for name, values in predictions.items():
        mean = np.mean([rmse(labels, by_seed) for by_seed in np.atleast_2d(values)])
        ends = recipe_interval(labels, values, reference, user_ids)
        intervals[name] = (float(mean - base), *ends)
    return intervals


def print_leaderboard(results, biases, intervals=None):
    """Print test RMSE and the gap below the bias baseline, the best last.

    Args:
        results: dict from a model's name to its test RMSE, stars.
        biases: the bias baseline's test RMSE, stars.
        intervals: dict from some of the names to (difference, low, high), such as
            `paired_intervals` returns for the best other library; by default no such column.
    """
    last = "   above the best library, 95% interval" if intervals else " (before rounding)"
    print(f"{'':34} test RMSE   below the biases{last}")
    for name, value in sorted(results.items(), key=lambda item: -item[1]):
        line = f"{name:34} {value:9.3f}   {biases - value:+16.3f}"
        if intervals and name in intervals:
            difference, low, high = intervals[name]
            line += f"   {difference:+.3f} ({low:+.3f} to {high:+.3f})"
        print(line)
