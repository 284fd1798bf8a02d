"""What lesson 6 recommends to users, and what the recommended lists are like."""

import numpy as np


def top_unseen(train, pairs, scores, k=10):
    """Return the k movies with the highest scores that each user has not rated in training.

    Args:
        train: training rows.
        pairs: rows of every pair of some users and all movies, as `every_pair` returns them.
        scores: array of shape (users * movies,), one for each pair.
        k: how many movies per user.

    Returns:
        Array of titles of shape (users, k), the best first; equal scores in the pairs' order.
    """
    seen = set(zip(train["user_id"].tolist(), train["movie_title"].tolist()))
    keys = zip(pairs["user_id"].tolist(), pairs["movie_title"].tolist())
    unseen = np.where([key in seen for key in keys], -np.inf, scores)
    users = len(np.unique(pairs["user_id"]))
    order = np.argsort(-unseen.reshape(users, -1), axis=1, kind="stable")[:, :k]
    return pairs["movie_title"].reshape(users, -1)[0][order]


def diversity(tops, rows):
    """Return the share of pairs of movies in a list that have no genre in common.

    Args:
        tops: array of titles of shape (users, k).
        rows: rows that hold each title with its genres.

    Returns:
        float, from 0 to 1.
    """
    titles, first = np.unique(rows["movie_title"], return_index=True)
    genres = rows["genres"][first][np.searchsorted(titles, tops)]  # of shape (users, k, genres)
    shared = genres @ genres.transpose(0, 2, 1) > 0
    one, other = np.triu_indices(tops.shape[1], k=1)
    return float(1 - shared[:, one, other].mean())
