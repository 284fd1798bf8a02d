"""What every model is measured against: means, and damped biases of users and movies.

Damped biases: Koren, Bell and Volinsky, "Matrix Factorization Techniques for Recommender
Systems" (2009).
"""

import numpy as np

from helpers.data.vocabularies import index_of

DAMPING = 5.0  # in ratings: a mean over n ratings counts as n / (n + DAMPING) of itself
ROUNDS = 5  # users' and movies' biases depend on each other; after five rounds they have settled


def means_by(field, train, rows, damping=0.0):
    """Return, for each row, the mean training rating of its user or movie.

    Args:
        field: "user_id" or "movie_title".
        train, rows: dicts of arrays; `rows` needs `field` only.
        damping: pulls means of few ratings towards the mean of all, as this many ratings would.

    Returns:
        float array of shape (rows,), stars; the mean of all where there is no training rating.

    Raises:
        ValueError: there are no training ratings, or their arrays differ in length.
    """
    _needs_ratings(train)
    mean = train["user_rating"].mean(dtype=np.float64)
    return mean + _damped(train[field], train["user_rating"] - mean, rows[field], damping)


def damped_biases(train, rows, damping=DAMPING):
    """Return mean + user bias + movie bias for each row; a bias without ratings is 0.

    Args:
        train, rows: dicts of arrays; `rows` needs user_id and movie_title only.
        damping: of both biases, in ratings.

    Returns:
        float array of shape (rows,), stars.

    Raises:
        ValueError: there are no training ratings, or their arrays differ in length.
    """
    _needs_ratings(train)
    mean = train["user_rating"].mean(dtype=np.float64)
    user_bias = np.zeros(len(train["user_id"]))
    for _ in range(ROUNDS):
        rest = train["user_rating"] - mean - user_bias
        movie_bias = _damped(train["movie_title"], rest, train["movie_title"], damping)
        rest_of_user = train["user_rating"] - mean - movie_bias
        user_bias = _damped(train["user_id"], rest_of_user, train["user_id"], damping)
    return (
        mean
        + _damped(train["user_id"], rest_of_user, rows["user_id"], damping)
        + _damped(train["movie_title"], rest, rows["movie_title"], damping)
    )


def _needs_ratings(train):
    if len(train["user_rating"]) == 0:
        raise ValueError("there are no training ratings to learn from")


def _damped(keys, values, wanted, damping):
    total, count = group_sums(keys, values), group_sums(keys, np.ones(len(keys)))
    return (total / np.maximum(count + damping, 1e-9))[index_of(keys, wanted)]


def group_sums(keys, values):
    """Return the sum of `values` per different key, in sorted order, then a 0 for unknown keys."""
    return np.append(np.bincount(index_of(keys, keys), values), 0.0)
