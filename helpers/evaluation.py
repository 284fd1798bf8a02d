"""How good predicted ratings are."""

import numpy as np

SEED, DRAWS = 42, 1_000


def rmse(labels, predictions):
    """Return the root mean squared error.

    Args:
        labels, predictions: arrays of the same shape, or a single number for all, stars.

    Returns:
        float, stars.

    Example:
        rmse([1, 5], 3)  # 2.0
    """
    errors = np.asarray(labels, np.float64) - np.asarray(predictions, np.float64)
    return float(np.sqrt(np.mean(errors**2)))


def constant_rmse(train_ratings, test_ratings):
    """Return the test RMSE of predicting the mean training rating for everybody.

    Args:
        train_ratings, test_ratings: arrays of shape (n,) and (m,), stars.
    """
    return rmse(test_ratings, np.mean(train_ratings))


def rmse_by_group(labels, predictions, values, starts):
    """Return the RMSE of each group of ratings, as a dict from the group's name to stars.

    Args:
        labels, predictions: arrays of shape (n,), stars.
        values: array of shape (n,) of whole numbers, by which to group.
        starts: the lowest value of each group, rising; the last group has no end.

    Example:
        rmse_by_group(labels, predictions, counts, [0, 10, 100])  # keys 0–9, 10–99, 100+
    """
    groups, top = {}, np.max(values)
    group_of = np.searchsorted(starts, values, side="right") - 1
    for place, start in enumerate(starts):
        end = starts[place + 1] - 1 if place + 1 < len(starts) else top
        name = f"{start}" if end == start else f"{start}+" if end == top else f"{start}–{end}"
        here = group_of == place
        groups[name] = rmse(labels[here], predictions[here])
    return groups


def rmse_interval(labels, predictions, draws=DRAWS):
    """Return a 95 % bootstrap interval of the RMSE.

    Args:
        labels, predictions: arrays of shape (n,), stars.
        draws: how many times n ratings are drawn, with replacement, always the same ones.

    Returns:
        Two floats, stars (Efron, "Bootstrap Methods: Another Look at the Jackknife", 1979).
    """
    return _interval(np.sqrt(_drawn_means((np.asarray(labels) - predictions) ** 2, draws)))


def difference_interval(labels, first, second, draws=DRAWS):
    """Return a 95 % bootstrap interval of RMSE(first) - RMSE(second), on the same ratings.

    Args:
        labels, first, second: arrays of shape (n,), stars; above zero, `second` is better.
        draws: how many times n ratings are drawn, the same ones for both models.

    Returns:
        Two floats, stars.
    """
    labels = np.asarray(labels)
    errors = [np.sqrt(_drawn_means((labels - p) ** 2, draws)) for p in (first, second)]
    return _interval(errors[0] - errors[1])


def mean_interval(values, draws=DRAWS):
    """Return a 95 % bootstrap interval of a mean, such as the mean NDCG over users.

    Args:
        values: array of shape (n,); for two models on the same users, the differences.
        draws: how many times n values are drawn, with replacement.

    Returns:
        Two floats.
    """
    return _interval(_drawn_means(np.asarray(values), draws))


def _drawn_means(values, draws):
    """Return the mean of `values` in each draw; the same draws for all values of one length."""
    rng = np.random.default_rng(SEED)
    n = len(values)
    return np.array([values[rng.integers(0, n, n)].mean(dtype=np.float64) for _ in range(draws)])


def _interval(values):
    low, high = np.percentile(values, [2.5, 97.5])
    return float(low), float(high)


def print_leaderboard(results, biases):
    """Print test RMSE and the gap below the bias baseline, the best last.

    Args:
        results: dict from a model's name to its test RMSE, stars.
        biases: the bias baseline's test RMSE, stars.
    """
    print(f"{'':34} test RMSE   below the biases (before rounding)")
    for name, value in sorted(results.items(), key=lambda item: -item[1]):
        print(f"{name:34} {value:9.3f}   {biases - value:+16.3f}")
