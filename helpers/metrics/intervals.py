"""How far a metric can move by the chance of which ratings, users or seeds it is computed on.

Bootstrap: Efron, "Bootstrap Methods: Another Look at the Jackknife" (1979); of users with all their
ratings (a cluster bootstrap): Davison and Hinkley, "Bootstrap Methods and their Application"
(1997); of two crossed causes at once: Owen, "The Pigeonhole Bootstrap" (2007).
"""

import numpy as np

from helpers import SEED

DRAWS = 1_000


def rmse_interval(labels, predictions, draws=DRAWS):
    """Return a 95% bootstrap interval of the RMSE.

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
    """Return a 95% bootstrap interval of RMSE(first) - RMSE(second), on the same ratings.

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


def recipe_interval(labels, first, second, user_ids, draws=DRAWS):
    """Return a 95% interval of how far a recipe's RMSE is above another's, for any seed and user.

    A recipe is a model with its settings, to be trained from any seed. Its RMSE is the mean RMSE of
    its models, not that of their mean prediction. Each draw takes users, with all their ratings,
    and seeds, of each recipe for itself.

    Args:
        labels: array of shape (n,), stars.
        first, second: arrays of shape (seeds, n), or (n,) where there is no seed, stars; above
            zero, `second` is better.
        user_ids: array of shape (n,), whose ratings these are; with n different ones, ratings are
            drawn.
        draws: how many times as many users, and seeds, are drawn as there are.

    Returns:
        Two floats, stars. With few seeds they lie a little too close together: by a tenth of the
        seeds' part where there are five.

    Raises:
        ValueError: there are no ratings, no draws, or the shapes differ.

    Example:
        recipe_interval(labels, biases, [by_seed_42, by_seed_1], rows["user_id"])
    """
    users, user = np.unique(user_ids, return_inverse=True)
    if len(user) != len(labels):
        raise ValueError(f"{len(user)} users for {len(labels)} ratings: give each rating its user")
    n, recipes = len(users), []
    for predictions in (first, second):
        squares = [_squares(labels, by_seed) for by_seed in np.atleast_2d(predictions)]
        recipes.append(np.array([np.bincount(user, of_seed, n) for of_seed in squares]))
    if min(n, draws, *map(len, recipes)) < 1:
        raise ValueError(f"{draws} draws of {n} users: there must be one of each, and one seed")
    rng, differences = np.random.default_rng(SEED), []
    for _ in range(draws):
        times = np.bincount(rng.integers(0, n, n), minlength=n)
        count = times @ np.bincount(user)
        means = []
        for sums in recipes:
            seeds = rng.integers(0, len(sums), len(sums))
            means.append(np.sqrt(sums @ times / count)[seeds].mean())
        differences.append(means[0] - means[1])
    return _interval(differences)


def mean_interval(values, draws=DRAWS):
    """Return a 95% bootstrap interval of a mean, such as the mean NDCG over users.

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


def correlation_interval(first, second, user_ids, draws=DRAWS):
    """Return a 95% bootstrap interval of the correlation of two numbers, for other users.

    Args:
        first, second: arrays of shape (n,).
        user_ids: array of shape (n,), whose pairs these are.
        draws: how many times as many users are drawn as there are, each with all pairs.

    Returns:
        Two floats.

    Raises:
        ValueError: there are no pairs, no draws, or the shapes differ.
    """
    users, user = np.unique(user_ids, return_inverse=True)
    n = len(users)
    if not len(first) == len(second) == len(user) or min(n, draws) < 1:
        raise ValueError(
            f"{len(first)} and {len(second)} numbers of {len(user)} rows make no interval in "
            f"{draws} draws: there must be as many of each, and one at least"
        )
    rng, found = np.random.default_rng(SEED), []
    for _ in range(draws):
        times = np.bincount(rng.integers(0, n, n), minlength=n)[user]
        (a, both), (_, b) = np.cov(first, second, fweights=times, ddof=0)
        found.append(both / np.sqrt(a * b))
    return _interval(found)


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
