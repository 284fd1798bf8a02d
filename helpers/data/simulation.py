"""Simulated ratings of any size, with MovieLens's fields and a known best possible RMSE.

For tests, and for lessons about size. Titles say "Simulated", so that nobody takes them for real.
And simulated clicks on lists, with a known appeal of each movie.
"""

from typing import NamedTuple

import numpy as np

from helpers.keras2 import tf

MEAN, USER_SD, MOVIE_SD, TASTE_SD = 3.53, 0.45, 0.5, 0.4  # stars
TASTES = 8  # numbers that describe a user's taste, and a movie's match to it
RATINGS_PER_USER = 106  # as in MovieLens 100K
OCCUPATIONS = {b"student": 17, b"educator": 0, b"programmer": 12, b"engineer": 18, b"writer": 21}
GENRE_NUMBERS = 19
CHUNK = 100_000  # ratings, whose numbers stay in the processor's cache


class Simulation(NamedTuple):
    """What `simulate` returns.

    Attributes:
        ratings: dict of arrays, one per field, as `movielens.read_ratings` returns it.
        expected: float64 array of shape (n,), stars: the mean rating this user would give this
            movie, which is what the best possible model predicts.
        noise_floor: that model's RMSE in stars; no model can be expected to do better.
    """

    ratings: dict
    expected: np.ndarray
    noise_floor: float


def simulate(ratings=100_000, users=None, movies=None, noise=0.9, seed=0, fields=None):
    """Simulate ratings; the same arguments always give the same ratings.

    A score is the sum of a mean, a user's bias, a movie's bias, the match of eight tastes and
    noise; the rating is the score, rounded to whole stars from 1 to 5.

    Args:
        ratings: how many; no user rates a movie twice.
        users, movies: how many; by default in MovieLens 100K's proportion to `ratings`, the
            movies growing with the square root.
        noise: standard deviation of the noise, in stars.
        seed: int.
        fields: which to return besides user_rating; by default all, which takes more memory.

    Returns:
        A `Simulation`.

    Raises:
        ValueError: a count or the noise is not positive, or there are more ratings than pairs.

    Example:
        small = simulate(ratings=1_000, users=50, movies=80)
        small.ratings["user_rating"].mean()
    """
    if users is None:
        users = max(1, round(ratings / RATINGS_PER_USER))
    if movies is None:
        movies = max(2 * RATINGS_PER_USER, round(1_664 * (max(ratings, 1) / 100_000) ** 0.5))
    if min(ratings, users, movies) < 1 or noise <= 0:
        raise ValueError("ratings, users, movies and noise must be greater than zero")
    if not np.isfinite(noise):
        raise ValueError(f"noise is {noise}: a finite number of stars was asked for")
    if ratings > users * movies:
        raise ValueError(f"{users} users can give {movies} movies at most {users * movies} ratings")
    rng = np.random.default_rng(seed)
    popularity = 1 / (20 + np.arange(movies))  # a long tail
    user, movie = _distinct_pairs(ratings, rng.lognormal(0, 0.9, users), popularity, rng)

    user_bias = rng.normal(0, USER_SD, users)
    movie_bias = rng.normal(0, MOVIE_SD, movies)
    taste_sd = (TASTE_SD**2 / TASTES) ** 0.25
    user_taste = rng.normal(0, taste_sd, (users, TASTES)).astype(np.float32)
    movie_taste = rng.normal(0, taste_sd, (movies, TASTES)).astype(np.float32)
    tastes = list(zip(user_taste.T.copy(), movie_taste.T.copy()))
    expected, variance = np.empty(ratings), np.empty(ratings)
    stars = np.empty(ratings, np.float32)
    for start in range(0, ratings, CHUNK):  # else large intermediate arrays take most of the time
        part = slice(start, start + CHUNK)
        u, m = user[part], movie[part]
        match = np.zeros(len(u))
        for of_user, of_movie in tastes:
            match += of_user[u] * of_movie[m]
        score = MEAN + user_bias[u] + movie_bias[m] + match
        expected[part], variance[part] = _mean_and_variance_of_stars(score, noise)
        stars[part] = np.clip(np.rint(score + rng.normal(0, noise, len(u))), 1, 5)
    columns, of_users = {"user_rating": stars}, _of_users(users, rng)
    seconds_later = rng.exponential(3600, ratings).astype(np.int64)
    for numbers, described in ((user, of_users), (movie, _of_movies(movies, rng))):
        for name, values in described.items():
            if fields is None or name in fields:
                columns[name] = values[numbers]
    if "timestamp" in columns:
        columns["timestamp"] += seconds_later
    if "movie_genres" in columns:
        columns["movie_genres"] = tf.RaggedTensor.from_row_lengths(
            columns["movie_genres"], np.ones(ratings, np.int64)
        )
    return Simulation(dict(sorted(columns.items())), expected, float(np.sqrt(variance.mean())))


class Clicks(NamedTuple):
    """What `simulate_clicks` returns: a row for each movie of each list that was shown.

    Attributes:
        movie: int array of shape (n,), the movies' numbers.
        rank: int array of that shape, the place in the list, from 1.
        clicked: bool array of that shape.
        shuffled: bool array of that shape: whether this list was in an order drawn at random.
        appeal: float array of shape (movies,): the probability that whoever looks at the movie
            clicks on it.
    """

    movie: np.ndarray
    rank: np.ndarray
    clicked: np.ndarray
    shuffled: np.ndarray
    appeal: np.ndarray


def simulate_clicks(lists=30_000, movies=50, shown=10, shuffled=0.1, seed=0):
    """Simulate clicks on lists with a position bias; the same arguments give the same clicks.

    An older recommender, which knows a little of the movies' appeal, puts `shown` movies into each
    list. Rank r is looked at with probability 1 / r, and what is looked at is clicked according to
    its appeal: the position-based model of Craswell et al., "An Experimental Comparison of Click
    Position-Bias Models" (2008).

    Args:
        lists, movies: how many.
        shown: movies in a list.
        shuffled: share of the lists whose order is then drawn at random.
        seed: int.

    Returns:
        A `Clicks` of lists * shown rows, list by list.

    Raises:
        ValueError: a count is not positive, a list has more movies than there are, or the share
            is not one.
    """
    if min(lists, shown) < 1 or shown > movies:
        raise ValueError(f"{lists} lists of {shown} out of {movies} movies cannot be shown")
    if not 0 <= shuffled <= 1:
        raise ValueError(f"shuffled is {shuffled}: a share from 0 to 1 was asked for")
    rng = np.random.default_rng(seed)
    true, believed = rng.normal(size=(2, movies))
    appeal = 1 / (1 + np.exp(1.5 - true))
    believed = 0.5 * true + np.sqrt(0.75) * believed
    score = believed + rng.normal(size=(lists, movies))  # the older one does not always show it
    movie = np.argsort(-score, axis=1)[:, :shown]
    is_shuffled = rng.random(lists) < shuffled
    movie = np.where(is_shuffled[:, None], rng.permuted(movie, axis=1), movie)
    rank = np.broadcast_to(np.arange(1, shown + 1), movie.shape)
    clicked = rng.random(movie.shape) < appeal[movie] / rank
    columns = movie, rank, clicked, np.broadcast_to(is_shuffled[:, None], movie.shape)
    return Clicks(*(column.ravel() for column in columns), appeal)


def _distinct_pairs(count, user_weight, movie_weight, rng):
    """Draw `count` different (user, movie) pairs, the popular ones more often."""
    users, movies = len(user_weight), len(movie_weight)
    pairs = np.empty(0, np.int64)
    for _ in range(10):
        more = int((count - len(pairs)) * 1.2) + 10
        drawn = _choice(user_weight, more, rng)
        drawn *= movies
        drawn += _choice(movie_weight, more, rng)
        pairs = np.concatenate([pairs, drawn]) if len(pairs) else drawn
        pairs.sort()
        pairs = pairs[np.append(True, pairs[1:] != pairs[:-1])]  # np.unique is 4 times slower
        if len(pairs) >= count:
            break
    else:  # nearly everybody has rated nearly everything: fill up from what is left
        left = np.setdiff1d(np.arange(users * movies), pairs)
        pairs = np.concatenate([pairs, rng.choice(left, count - len(pairs), replace=False)])
    return np.divmod(rng.permutation(pairs)[:count], movies)


def _choice(weight, count, rng):
    """Return what `rng.choice(len(p), count, p=p)` does, where p is the share of each weight.

    Its time hardly grows with the number of weights: it looks numbers up in ascending order, so
    that neighbours find their place in the cache.
    """
    edges = np.cumsum(weight)
    edges /= edges[-1]
    chosen = np.empty(count, np.int64)
    for start in range(0, count, CHUNK):
        part = rng.random(min(CHUNK, count - start))
        order = np.argsort(part)
        chosen[start + order] = edges.searchsorted(part[order], side="right")
    return chosen


def _mean_and_variance_of_stars(score, noise):
    """Return mean and variance of the rounded, clipped rating that a score leads to."""
    mean, square = np.zeros(len(score)), np.zeros(len(score))
    below = 0.0
    for star in range(1, 6):
        edge = (star + 0.5 - score) / (noise * np.sqrt(2))
        edge = tf.constant(np.clip(edge, -9, 9))  # far out, where it is 1, TensorFlow's erf is nan
        up_to = (1 + tf.math.erf(edge).numpy()) / 2 if star < 5 else 1.0
        mean += star * (up_to - below)
        square += star**2 * (up_to - below)
        below = up_to
    return mean, square - mean**2


def _of_users(users, rng):
    """Return the fields that describe users, one value each; the timestamp is the first one's."""
    age = rng.integers(10, 70, users).astype(np.float32)
    thresholds = np.array([1, 18, 25, 35, 45, 50, 56], np.float32)
    occupation = rng.integers(0, len(OCCUPATIONS), users)
    first_day = rng.integers(874_724_710, 893_286_638, users)  # MovieLens 100K's first and last
    return {
        "user_id": _strings("{}", users),
        "raw_user_age": age,
        "bucketized_user_age": thresholds[np.searchsorted(thresholds, age, side="right") - 1],
        "user_gender": rng.random(users) < 0.7,
        "user_occupation_text": np.array(list(OCCUPATIONS), bytes)[occupation],
        "user_occupation_label": np.array(list(OCCUPATIONS.values()))[occupation],
        "user_zip_code": _strings("{:05d}", users),
        "timestamp": first_day,
    }


def _of_movies(movies, rng):
    """Return the fields that describe movies, one value each; each movie has one genre."""
    year = rng.integers(1930, 1999, movies)
    titles = [f"Simulated Movie {i + 1} ({year[i]})".encode() for i in range(movies)]
    return {
        "movie_id": _strings("{}", movies),
        "movie_title": np.array(titles, bytes),
        "movie_genres": rng.integers(0, GENRE_NUMBERS, movies),
    }


def _strings(pattern, count):
    return np.array([pattern.format(i + 1).encode() for i in range(count)], bytes)
