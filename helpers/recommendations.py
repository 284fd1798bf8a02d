"""What lessons 6 and 7 recommend to users, and how good the recommended lists are."""

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

    Raises:
        ValueError: a score is not finite, k is not positive, or there is not one score per pair.
    """
    seen = set(zip(train["user_id"].tolist(), train["movie_title"].tolist()))
    keys = zip(pairs["user_id"].tolist(), pairs["movie_title"].tolist())
    is_seen = np.array([key in seen for key in keys])
    shape = len(np.unique(pairs["user_id"])), -1
    titles = pairs["movie_title"].reshape(shape)[0]
    return titles[top(scores.reshape(shape), is_seen.reshape(shape), k)]


def diversity(tops, rows):
    """Return the share of pairs of movies in a list that have no genre in common.

    Args:
        tops: array of titles of shape (users, k).
        rows: rows that hold each title with its genres.

    Returns:
        float, from 0 to 1.

    Raises:
        ValueError: a title is not in `rows`, or the lists have fewer than two movies.
    """
    if not np.isin(tops, rows["movie_title"]).all():
        raise ValueError("a movie of the lists is not in the rows, so its genres are not known")
    if len(tops) == 0 or tops.shape[1] < 2:
        raise ValueError("diversity is about pairs: the lists need two movies at least")
    titles, first = np.unique(rows["movie_title"], return_index=True)
    genres = rows["genres"][first][np.searchsorted(titles, tops)]  # of shape (users, k, genres)
    shared = genres @ genres.transpose(0, 2, 1) > 0
    one, other = np.triu_indices(tops.shape[1], k=1)
    return float(1 - shared[:, one, other].mean())


def stars_matrix(rows, users, titles):
    """Return ratings as a matrix of shape (users, titles), 0 where there is none.

    Args:
        rows: rows with user_id, movie_title and user_rating; others' users and titles are ignored.
        users, titles: sorted arrays of ids and titles.
    """
    matrix = np.zeros((len(users), len(titles)), np.float32)
    known = np.isin(rows["user_id"], users) & np.isin(rows["movie_title"], titles)
    user = np.searchsorted(users, rows["user_id"][known])
    movie = np.searchsorted(titles, rows["movie_title"][known])
    matrix[user, movie] = rows["user_rating"][known]
    return matrix


def top(scores, seen, k=10):
    """Return the numbers of the k movies with the highest scores, leaving out what is seen.

    Args:
        scores: array of shape (users, movies).
        seen: bool array of that shape.
        k: int.

    Returns:
        Array of shape (users, k), the best first, or (users, movies) if there are fewer than k. If
        a user has fewer than k unseen movies, seen ones follow, as no row can be shorter.

    Raises:
        ValueError: a score is not finite, or k is not positive.
    """
    if not np.isfinite(scores).all():
        raise ValueError("a score is infinite or not a number: it has no place in an order")
    if k < 1:
        raise ValueError(f"k is {k}: a list holds at least one movie")
    return np.argsort(-np.where(seen, -np.inf, scores), axis=1, kind="stable")[:, :k]


def recall(tops, liked):
    """Return recall, the share of a user's liked movies that are in the list; the users' mean.

    Args:
        tops: movie numbers of shape (users, k).
        liked: bool array of shape (users, movies); users who like none are left out.

    Raises:
        ValueError: nobody likes any movie.
    """
    found = np.take_along_axis(liked, tops, axis=1).sum(axis=1)
    count = liked.sum(axis=1)
    if not count.any():
        raise ValueError("nobody likes any movie, so there is nothing to find")
    return float((found[count > 0] / count[count > 0]).mean())


def ndcg_of_whole(tops, stars):
    """Return NDCG of each user's list, where a movie without a rating gains nothing.

    Args:
        tops: movie numbers of shape (users, k).
        stars: held-out ratings of shape (users, movies), 0 where there is none.

    Returns:
        Array with one value from 0 to 1 for each user who has a held-out rating.
    """
    k = tops.shape[1]
    discounts = 1 / np.log2(np.arange(2, k + 2))
    gains = 2.0**stars - 1
    dcg = np.take_along_axis(gains, tops, axis=1) @ discounts
    best = np.sort(gains, axis=1)[:, : -k - 1 : -1] @ discounts
    return dcg[best > 0] / best[best > 0]
