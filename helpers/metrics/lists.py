"""Lists of movies, one per user: made from scores, and judged.

DCG and its gain 2^rating - 1: Järvelin and Kekäläinen, "Cumulated Gain-Based Evaluation of IR
Techniques" (2002), and Burges et al., "Learning to Rank using Gradient Descent" (2005). Metrics on
drawn movies: Krichene and Rendle, "On Sampled Metrics for Item Recommendation" (2020).
"""

import numpy as np

from helpers import SEED


def per_user(user_ids, *columns):
    """Put rows into one padded list per user, for users with at least two rows.

    Args:
        user_ids: array of shape (n,).
        *columns: arrays of shape (n,), such as ratings and scores.

    Returns:
        A bool mask of shape (users, longest), True where there is a row, and each column in that
        shape, with 0 where there is none. Users are in sorted order, rows in the given order.

    Raises:
        ValueError: there are no rows, or a column has another length.
    """
    if len(user_ids) == 0:
        raise ValueError("there are no rows to make lists of")
    if any(len(column) != len(user_ids) for column in columns):
        raise ValueError(f"each column must have {len(user_ids)} rows, as the users have")
    _, user, counts = np.unique(user_ids, return_inverse=True, return_counts=True)
    order = np.argsort(user, kind="stable")
    mask = np.arange(counts.max()) < counts[:, None]
    enough = counts >= 2
    lists = []
    for column in columns:
        padded = np.zeros(mask.shape, np.asarray(column).dtype)
        padded[mask] = np.asarray(column)[order]
        lists.append(padded[enough])
    return mask[enough], *lists


def ranked_labels(labels, scores, mask, seed=SEED):
    """Return the labels of each list in the order of the scores, the highest first.

    Args:
        labels, scores: arrays of shape (lists, size).
        mask: bool array of that shape; rows without a movie come last, with label 0.
        seed: int; equal scores are ordered at random.
    """
    ties = np.random.default_rng(seed).random(scores.shape)
    order = np.lexsort((ties, -scores, ~mask), axis=1)
    return np.take_along_axis(np.where(mask, labels, 0), order, axis=1)


def ndcg(labels, scores, mask, k=10, seed=SEED):
    """Return NDCG@k of each list, an array of shape (lists,), from 0 to 1.

    Args:
        labels, scores: arrays of shape (lists, size); labels are stars.
        mask: bool array of that shape.
        k: how many ranks count.
        seed: int; equal scores are ordered at random.

    Raises:
        ValueError: k is not positive, the shapes differ, or no order of a list gains anything.
    """
    if k < 1:
        raise ValueError(f"k is {k}: at least one rank must count")

    def dcg(ordered):
        top = 2.0 ** ordered[:, :k] - 1  # a rank without a movie gains nothing
        return top @ (1 / np.log2(np.arange(2, top.shape[1] + 2)))

    best = dcg(ranked_labels(labels, labels, mask))
    if not (best > 0).all():
        raise ValueError("a list has no movie with more than 0 stars, so no order is better")
    return dcg(ranked_labels(labels, scores, mask, seed)) / best


def reciprocal_ranks(labels, scores, mask, relevant=5, seed=SEED):
    """Return 1 / rank of the first relevant movie of each list; 0 if it has none.

    Args:
        labels, scores: arrays of shape (lists, size); labels are stars.
        mask: bool array of that shape.
        relevant: a movie counts from this many stars.
        seed: int; equal scores are ordered at random.
    """
    hits = ranked_labels(labels, scores, mask, seed) >= relevant
    return np.where(hits.any(axis=1), 1 / (1 + hits.argmax(axis=1)), 0.0)


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


def sampled_recall(scores, seen, stars, negatives, k=10, relevant=4):
    """Return the recall@k to be expected where each liked movie competes with drawn ones alone.

    A liked movie is put in order with some movies drawn, without replacement, from those that the
    user has neither seen nor rated in the held-out data. How many of the drawn ones are above it
    has a hypergeometric distribution, so nothing needs to be drawn.

    Args:
        scores: array of shape (users, movies); an equal score is above.
        seen: bool array of that shape.
        stars: held-out ratings of that shape, 0 where there is none or the movie is seen.
        negatives: sequence of ints, how many movies are drawn; at most all that there are.
        k: how many ranks count.
        relevant: a movie is liked from this many stars.

    Returns:
        Array of shape (len(negatives), users), of the users who like a movie.
    """
    user, above, others = [], [], []
    for number in (stars >= relevant).any(axis=1).nonzero()[0]:
        is_other = ~seen[number] & (stars[number] == 0)
        other = np.sort(scores[number][is_other])
        liked = scores[number][stars[number] >= relevant]
        user += [number] * len(liked)
        above += (len(other) - np.searchsorted(other, liked)).tolist()
        others += [len(other)] * len(liked)
    above, others = np.array(above), np.array(others)
    _, user, count = np.unique(user, return_inverse=True, return_counts=True)
    logs = np.cumsum(np.log(np.maximum(np.arange(others.max() + 1), 1)))  # of the factorials

    def log_ways(n, chosen):
        possible = (chosen >= 0) & (chosen <= n)
        chosen = np.where(possible, chosen, 0)
        return np.where(possible, logs[n] - logs[chosen] - logs[n - chosen], -np.inf)

    values, drawn_above = [], np.arange(k)[:, None]
    for drawn in negatives:
        drawn = np.minimum(drawn, others)
        ways = log_ways(above, drawn_above) + log_ways(others - above, drawn - drawn_above)
        hit = np.exp(ways - log_ways(others, drawn)).sum(axis=0)
        values.append(np.bincount(user, hit) / count)
    return np.array(values)


def full_catalogue_ndcg(tops, stars):
    """Return NDCG of each user's list out of all movies; one without a rating gains nothing.

    Args:
        tops: movie numbers of shape (users, k).
        stars: held-out ratings of shape (users, movies), 0 where there is none, and where a movie
            may not be shown because the user has seen it.

    Returns:
        Array with one value from 0 to 1 for each user who has a held-out rating.
    """
    k = tops.shape[1]
    discounts = 1 / np.log2(np.arange(2, k + 2))
    gains = 2.0**stars - 1
    dcg = np.take_along_axis(gains, tops, axis=1) @ discounts
    best = np.sort(gains, axis=1)[:, : -k - 1 : -1] @ discounts
    return dcg[best > 0] / best[best > 0]


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
