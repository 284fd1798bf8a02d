"""Vocabularies: the different values of a field, and each value's place among them."""

import difflib

import numpy as np

from helpers.keras2 import tf


def vocabulary(ratings, field):
    """Return the different values of one field, sorted, as an array of bytes.

    Args:
        ratings: a `tf.data.Dataset` of dicts; it is read in large batches.
        field: `"user_id"` or `"movie_title"`.

    Raises:
        ValueError: there are no ratings, or they do not end.
        KeyError: there is no such field.
    """
    if ratings.cardinality() in (0, tf.data.INFINITE_CARDINALITY):
        raise ValueError(
            "a vocabulary needs a dataset of ratings that has an end, and is not empty"
        )
    if field not in ratings.element_spec:
        raise KeyError(f"there is no field {field!r}; there are {', '.join(ratings.element_spec)}")
    values = np.concatenate([batch[field].numpy() for batch in ratings.batch(100_000)])
    return np.unique(values.astype(bytes))  # fixed-width bytes sort much faster than objects


def index_of(known, values):
    """Return each value's place among the sorted different `known` ones; unknown ones come last."""
    vocabulary = np.unique(known)
    place = np.minimum(np.searchsorted(vocabulary, values), len(vocabulary) - 1)
    return np.where(vocabulary[place] == values, place, len(vocabulary))


def numbered(ratings):
    """Return ratings with users and movies as numbers.

    Args:
        ratings: dict of arrays with user_id, movie_title and user_rating.

    Returns:
        Dict of user and movie (int32, places in the sorted vocabularies) and user_rating
        (float32); then how many users, and how many movies there are.

    Raises:
        ValueError: there are no ratings.
    """
    if len(ratings["user_rating"]) == 0:
        raise ValueError("there are no ratings to number")
    numbers, counts = {}, []
    for name, field in (("user", "user_id"), ("movie", "movie_title")):
        numbers[name], count = _places(ratings[field])
        counts.append(count)
    return numbers | {"user_rating": ratings["user_rating"]}, *counts


def _places(values):
    """Return the place of each value among the different ones, sorted (int32), and their number.

    pyarrow hashes the bytes where they lie. Only the different values are sorted, so a rating
    costs nearly the same however many there are.
    """
    import pyarrow as pa

    values = np.ascontiguousarray(values)
    if values.dtype == object:  # which holds addresses, not bytes
        values = values.astype(bytes)
    buffers, kind = [None, pa.py_buffer(values)], pa.binary(values.dtype.itemsize)
    found = pa.FixedSizeBinaryArray.from_buffers(kind, len(values), buffers).dictionary_encode()
    known = np.frombuffer(found.dictionary.buffers()[1], values.dtype, len(found.dictionary))
    place = np.argsort(np.argsort(known)).astype(np.int32)
    return place[found.indices.to_numpy()], len(known)


def movie_numbers(titles, names):
    """Return where each name stands among the titles.

    Args:
        titles: sorted array of titles, bytes.
        names: titles as str.

    Raises:
        ValueError: a name is not a title; the message says which titles are near it.
    """
    known = {title.decode(): number for number, title in enumerate(titles)}
    for name in names:
        if not isinstance(name, str) or name not in known:
            near = [title for title in known if str(name).lower() in title.lower()][:3]
            near = near or difflib.get_close_matches(str(name), known, n=3, cutoff=0.4)
            raise ValueError(f"there is no movie {name!r}; near it: {', '.join(near) or 'none'}")
    return np.array([known[name] for name in names], int)
