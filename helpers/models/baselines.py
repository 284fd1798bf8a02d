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
    group = index_of(train[field], train[field])
    biases = _biases(group, train["user_rating"] - mean, damping)
    return mean + biases[index_of(train[field], rows[field])]


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
    user, movie = (index_of(train[field], train[field]) for field in ("user_id", "movie_title"))
    of_user = 0.0  # what each row's user adds, in stars; nothing in the first round
    for _ in range(ROUNDS):
        movie_biases = _biases(movie, train["user_rating"] - mean - of_user, damping)
        user_biases = _biases(user, train["user_rating"] - mean - movie_biases[movie], damping)
        of_user = user_biases[user]
    return (
        mean
        + user_biases[index_of(train["user_id"], rows["user_id"])]
        + movie_biases[index_of(train["movie_title"], rows["movie_title"])]
    )


def _needs_ratings(train):
    if len(train["user_rating"]) == 0:
        raise ValueError("there are no training ratings to learn from")


def _biases(groups, errors, damping):
    total, count = group_sums(groups, errors), group_sums(groups, np.ones(len(groups)))
    return total / np.maximum(count + damping, 1e-9)


def group_sums(groups, values):
    """Return the sum of `values` per group, numbered from 0 by `index_of`; a 0 for unknown ones."""
    return np.append(np.bincount(groups, values), 0.0)
