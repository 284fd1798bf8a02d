"""MovieLens's ratings in the forms that the lessons use.

As a `tf.data.Dataset` of dicts, as the article has them; or as rows: a dict of arrays, one for each
field, which is faster.
"""

import re

import numpy as np

from helpers.data import movielens
from helpers.keras2 import tf

ROW_FIELDS = (
    "movie_genres", "movie_title", "raw_user_age", "timestamp", "user_gender", "user_id",
    "user_occupation_text", "user_rating",
)  # fmt: skip
SIDES = {"user": ("age", "gender", "user_occupation_text"), "movie": ("year", "genres")}
GENRES = 20


def load_ratings():
    """Return MovieLens 100K as a dataset of dicts with movie_title, user_id and user_rating.

    Raises:
        movielens.MovieLensError: the dataset is not prepared.
    """
    fields = movielens.read_ratings("movie_title", "user_id", "user_rating")
    return tf.data.Dataset.from_tensor_slices(fields)


def load_rows():
    """Return all of MovieLens 100K's ratings, ready for `make_features`.

    Raises:
        movielens.MovieLensError: the dataset is not prepared.
    """
    return prepare_rows(movielens.read_ratings(*ROW_FIELDS))


def prepare_rows(ratings):
    """Bring ratings into the form that `make_features` wants.

    Args:
        ratings: dict of arrays with the fields named in `ROW_FIELDS`, as `read_ratings` gives it.

    Returns:
        Dict with user_id, movie_title and user_occupation_text (bytes), user_rating (stars),
        timestamp (seconds), age (years, in fives), gender (0 or 1) and year (of release; before
        1980 in fives), each of shape (n,), and genres, zeros and ones of shape (n, 20).
    """
    rows = {name: ratings[name] for name in ROW_FIELDS}
    genres = rows.pop("movie_genres")
    rows["genres"] = np.zeros((len(rows["user_id"]), GENRES), np.float32)
    rows["genres"][genres.value_rowids(), genres.values] = 1
    rows["age"] = (rows.pop("raw_user_age") // 5 * 5).astype(np.int64)
    rows["gender"] = rows.pop("user_gender").astype(np.int64)
    titles, title_of_row = np.unique(rows["movie_title"], return_inverse=True)
    rows["year"] = np.array([year_of(title) for title in titles])[title_of_row]
    return rows


def year_of(title):
    """Return the year that ends a title such as b"Speed (1994)", before 1980 in fives; else 0.

    Raises:
        TypeError: the title is text, not bytes.
    """
    found = re.search(rb"\((\d{4})\)\s*$", title)
    year = int(found[1]) if found else 0
    return year if year >= 1980 else year // 5 * 5


def own_side(owner, column):
    """Return what a side column of own ratings is called among the rows' fields."""
    return f"{owner}_side_{column}"


def side_fields(rows, owner):
    """Return which fields of rows describe users, or movies: MovieLens's, then those of own files.

    Args:
        rows: dict of arrays.
        owner: "user" or "movie".
    """
    own = sorted(name for name in rows if name.startswith(own_side(owner, "")))
    return (*(name for name in SIDES[owner] if name in rows), *own)


def take(rows, which):
    """Return some rows: each array indexed with `which` (row numbers or bools)."""
    return {name: values[which] for name, values in rows.items()}


def as_arrays(ratings):
    """Return a dataset of dicts as one dict of arrays, in the dataset's order.

    Raises:
        TypeError: the dataset has no end, or its length is not known.
        ValueError: it is empty.
    """
    if len(ratings) == 0:
        raise ValueError("there are no ratings to make arrays of")
    return next(ratings.batch(len(ratings)).as_numpy_iterator())


def every_pair(rows, user_ids):
    """Return one row for each of some users and each movie, with the features of both.

    Args:
        rows: rows, as `load_rows` returns them; users and movies are joined from them by id.
        user_ids: array of users who are in `rows`.

    Returns:
        Dict of arrays of shape (users * movies,), user by user, without user_rating; timestamp is
        that of the user's latest rating, as if the user were asked then.

    Raises:
        ValueError: a user is not in `rows`.
    """
    strangers = np.setdiff1d(user_ids, rows["user_id"])
    if len(strangers):
        raise ValueError(f"user {strangers.tolist()[0]!r} is not in the rows")
    titles = np.unique(rows["movie_title"])
    return join_pairs(
        rows, np.repeat(user_ids, len(titles)), np.tile(titles, len(np.asarray(user_ids)))
    )


def join_pairs(rows, user_ids, titles):
    """Return one row for each pair of a user and a movie, with the features of both.

    Args:
        rows: rows, as `load_rows` returns them, or with fewer columns, as your own file has them.
        user_ids, titles: arrays of shape (n,) of users and movies that are in `rows`.

    Returns:
        Dict of arrays of shape (n,), without user_rating; timestamp is that of the user's latest
        rating, as if the user were asked then.
    """
    pairs = {}
    for field, wanted, others in (
        ("user_id", user_ids, ("timestamp", *side_fields(rows, "user"))),
        ("movie_title", titles, side_fields(rows, "movie")),
    ):
        order = np.arange(len(rows[field]))
        if field == "user_id" and "timestamp" in rows:
            order = np.argsort(-rows["timestamp"])  # the latest first
        known, first = np.unique(rows[field][order], return_index=True)
        row = order[first[np.searchsorted(known, wanted)]]
        pairs |= {name: rows[name][row] for name in (field, *others) if name in rows}
    return pairs


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
