"""How far a metric can move by the chance of which ratings, or users, it is computed on.

Bootstrap: Efron, "Bootstrap Methods: Another Look at the Jackknife" (1979).
"""

import numpy as np

from helpers import SEED

DRAWS = 1_000


def rmse_interval(labels, predictions, draws=DRAWS):
    """Return a 95 % bootstrap interval of the RMSE.

    Args:
        labels, predictions: arrays of shape (n,), stars.
        draws: how many times n ratings are drawn, with replacement, always the same ones.

    Returns:
        Two floats, stars (Efron, "Bootstrap Methods: Another Look at the Jackknife", 1979).

    Raises:
        ValueError: there are no ratings, no draws, or the shapes differ.
    """
    return _interval(np.sqrt(_drawn_means(_squares(labels, predictions), draws)))


def difference_interval(labels, first, second, draws=DRAWS):
    """Return a 95 % bootstrap interval of RMSE(first) - RMSE(second), on the same ratings.

    Args:
        labels, first, second: arrays of shape (n,), stars; above zero, `second` is better.
        draws: how many times n ratings are drawn, the same ones for both models.

    Returns:
        Two floats, stars.

    Raises:
        ValueError: there are no ratings, no draws, or the shapes differ.
    """
    errors = [np.sqrt(_drawn_means(_squares(labels, p), draws)) for p in (first, second)]
    return _interval(errors[0] - errors[1])


def mean_interval(values, draws=DRAWS):
    """Return a 95 % bootstrap interval of a mean, such as the mean NDCG over users.

    Args:
        values: array of shape (n,); for two models on the same users, the differences. Or of
            shape (seeds, n), one row for each seed: the interval is then for the recipe.
        draws: how many times n values are drawn, with replacement, and seeds beside them.

    Returns:
        Two floats.

    Raises:
        ValueError: there are no values, or no draws.
    """
    return _interval(_drawn_means(np.asarray(values), draws))


def _squares(labels, predictions):
    labels, predictions = np.asarray(labels), np.asarray(predictions)
    if labels.shape != predictions.shape or labels.ndim != 1:
        raise ValueError(
            f"labels have the shape {labels.shape}, predictions {predictions.shape}: give both (n,)"
        )
    return (labels - predictions) ** 2


def _drawn_means(values, draws):
    """Return the mean of `values` in each draw; the same draws for all values of one shape."""
    rng = np.random.default_rng(SEED)
    n = values.shape[-1]
    if min(values.size, draws) < 1:
        raise ValueError(f"{draws} draws of {n} values make no interval: both must be at least 1")
    means = []
    for _ in range(draws):
        drawn = values[..., rng.integers(0, n, n)]
        if values.ndim == 2:
            drawn = drawn[rng.integers(0, len(values), len(values))]
        means.append(drawn.mean(dtype=np.float64))
    return np.array(means)


def _interval(values):
    low, high = np.percentile(values, [2.5, 97.5])
    return float(low), float(high)
