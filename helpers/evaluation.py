"""How good predicted ratings are."""

import numpy as np

SEED, DRAWS = 42, 1_000


def rmse(labels, predictions):
    """Return the root mean squared error.

    Args:
        labels, predictions: arrays of the same shape, or a single number for all, stars.

    Returns:
        float, stars.

    Raises:
        ValueError: there are no ratings, or the shapes differ: (n,) and (n, 1) would make n * n
            errors.

    Example:
        rmse([1, 5], 3)  # 2.0
    """
    labels, predictions = np.asarray(labels, np.float64), np.asarray(predictions, np.float64)
    if labels.shape != predictions.shape and 1 not in (labels.size, predictions.size):
        raise ValueError(
            f"labels have the shape {labels.shape}, predictions {predictions.shape}: give both the "
            "same, or one number for all"
        )
    errors = labels - predictions
    if errors.size == 0:
        raise ValueError("there are no ratings to compare")
    return float(np.sqrt(np.mean(errors**2)))


def constant_rmse(train_ratings, test_ratings):
    """Return the test RMSE of predicting the mean training rating for everybody.

    Args:
        train_ratings, test_ratings: arrays of shape (n,) and (m,), stars.

    Raises:
        ValueError: there are no ratings in one of the two.
    """
    if np.size(train_ratings) == 0:
        raise ValueError("there are no training ratings to take the mean of")
    return rmse(test_ratings, np.mean(train_ratings))


def rmse_by_group(labels, predictions, values, starts):
    """Return the RMSE of each group of ratings, as a dict from the group's name to stars.

    Args:
        labels, predictions: arrays of shape (n,), stars.
        values: array of shape (n,) of whole numbers, by which to group.
        starts: the lowest value of each group, rising; the last group has no end. A group without
            ratings is left out.

    Raises:
        ValueError: the arrays differ in length, or hold nothing.

    Example:
        rmse_by_group(labels, predictions, counts, [0, 10, 100])  # keys 0–9, 10–99, 100+
    """
    labels, predictions = np.asarray(labels), np.asarray(predictions)
    if not 0 < len(labels) == len(predictions) == len(values):
        raise ValueError("labels, predictions and values need one entry per rating, each as many")
    groups, top = {}, np.max(values)
    group_of = np.searchsorted(starts, values, side="right") - 1
    for place, start in enumerate(starts):
        end = starts[place + 1] - 1 if place + 1 < len(starts) else top
        name = f"{start}" if end == start else f"{start}+" if end == top else f"{start}–{end}"
        here = group_of == place
        if here.any():
            groups[name] = rmse(labels[here], predictions[here])
    return groups


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
        values: array of shape (n,); for two models on the same users, the differences.
        draws: how many times n values are drawn, with replacement.

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
    """Return the mean of `values` in each draw; the same draws for all values of one length."""
    rng = np.random.default_rng(SEED)
    n = len(values)
    if min(n, draws) < 1:
        raise ValueError(f"{draws} draws of {n} values make no interval: both must be at least 1")
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
