"""Vocabularies, and each value's place among them, as np.unique has them."""

import re

import numpy as np
import pytest

from helpers.data.vocabularies import index_of, movie_numbers, numbered, vocabulary
from helpers.keras2 import tf


def said(sentence):
    """Return a pattern for the whole of a message."""
    return f"^{re.escape(sentence)}$"


# Vocabularies


@pytest.fixture
def ratings():
    return tf.data.Dataset.from_tensor_slices(
        {"user_id": [b"9", b"10", b"9", b""], "movie_title": [b"B", b"A", b"A", b"Z"]}
    )


def test_vocabulary_is_sorted_bytes(ratings):
    users = vocabulary(ratings, "user_id")
    assert users.tolist() == [b"", b"10", b"9"]
    assert users.dtype == "S2"
    assert vocabulary(ratings, "movie_title").tolist() == [b"A", b"B", b"Z"]


def test_vocabulary_reads_more_than_one_batch():
    ids = np.char.mod("%d", np.arange(100_001)).astype(bytes)
    found = vocabulary(tf.data.Dataset.from_tensor_slices({"user_id": ids}), "user_id")
    assert np.array_equal(found, np.unique(ids))


def test_vocabulary_of_a_dataset_of_unknown_length(ratings):
    some = ratings.filter(lambda row: row["user_id"] != b"")
    assert vocabulary(some, "user_id").tolist() == [b"10", b"9"]


def test_vocabulary_needs_an_end_and_a_rating(ratings):
    message = "a vocabulary needs a dataset of ratings that has an end, and is not empty"
    for dataset in (ratings.repeat(), ratings.take(0)):
        with pytest.raises(ValueError, match=said(message)):
            vocabulary(dataset, "user_id")


def test_unknown_field_is_named(ratings):
    message = "there is no field 'title'; there are user_id, movie_title"
    with pytest.raises(KeyError, match=re.escape(message)) as stop:
        vocabulary(ratings, "title")
    assert stop.value.args == (message,)


# Places


def test_index_is_the_place_among_the_sorted_different_values():
    known = np.array([b"c", b"a", b"c", b"b"])
    assert index_of(known, known).tolist() == [2, 0, 2, 1]
    assert index_of(known, np.array([b"b", b"a"])).tolist() == [1, 0]
    assert index_of(np.array([7]), np.array([7])).tolist() == [0]


def test_unknown_values_come_last():
    known = np.array([10, 30, 20])
    assert index_of(known, np.array([5, 10, 15, 25, 30, 99])).tolist() == [3, 0, 3, 3, 2, 3]


def ids_of(count, kinds):
    return np.char.mod("%d", np.random.default_rng(1).integers(0, kinds, count)).astype(bytes)


@pytest.mark.parametrize("kind", ["fixed width", "every second one", "objects"])
def test_numbers_are_places_in_the_sorted_vocabulary(kind):
    ratings = {
        "user_id": ids_of(300, 60),
        "movie_title": ids_of(300, 150),
        "user_rating": np.arange(300, dtype=np.float32),
    }
    if kind == "every second one":
        ratings = {name: values[::2] for name, values in ratings.items()}
    if kind == "objects":
        for name in ("user_id", "movie_title"):
            ratings[name] = ratings[name].astype(object)
    numbers, users, movies = numbered(ratings)
    assert list(numbers) == ["user", "movie", "user_rating"]
    for name, field, count in (("user", "user_id", users), ("movie", "movie_title", movies)):
        known, places = np.unique(ratings[field], return_inverse=True)
        assert count == len(known)
        assert numbers[name].dtype == np.int32
        np.testing.assert_array_equal(numbers[name], places)
    assert numbers["user_rating"] is ratings["user_rating"]


def test_numbers_of_odd_ids():
    """Ids that are not ASCII, look like numbers, or differ only by a space."""
    ids = ["10", "9", "Zoë", "zoe", "9 ", "Łódź", "9", "-1"]
    ids = np.array([each.encode() for each in ids])
    ratings = {"user_id": ids, "movie_title": ids[::-1], "user_rating": np.ones(8, np.float32)}
    numbers, users, movies = numbered(ratings)
    assert users == movies == 7
    np.testing.assert_array_equal(np.unique(ids)[numbers["user"]], ids)
    np.testing.assert_array_equal(np.unique(ids)[numbers["movie"]], ids[::-1])


def test_one_rating_is_numbered():
    one = {"user_id": np.array([b"9"]), "movie_title": np.array([b"A"]), "user_rating": [5]}
    numbers, users, movies = numbered(one)
    assert (numbers["user"].tolist(), numbers["movie"].tolist(), users, movies) == ([0], [0], 1, 1)


def test_no_ratings_are_not_numbered():
    none = dict.fromkeys(("user_id", "movie_title", "user_rating"), np.array([], bytes))
    with pytest.raises(ValueError, match=said("there are no ratings to number")):
        numbered(none)


# Titles


TITLES = np.array([b"Alien (1979)", b"Aliens (1986)", "Amélie (2001)".encode(), b"Speed (1994)"])


def test_movies_have_the_numbers_of_their_titles():
    numbers = movie_numbers(TITLES, ["Speed (1994)", "Amélie (2001)", "Alien (1979)"])
    assert numbers.tolist() == [3, 2, 0]
    assert numbers.dtype == np.int64
    assert movie_numbers(TITLES, []).dtype == np.int64


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("alien", "Alien (1979), Aliens (1986)"),
        ("ALIENS", "Aliens (1986)"),
        ("(", "Alien (1979), Aliens (1986), Amélie (2001)"),  # three at most
        ("Sped (1994", "Speed (1994), Alien (1979), Aliens (1986)"),
        ("Alien (1997", "Alien (1979), Aliens (1986), Amélie (2001)"),
        ("Speeed", "Speed (1994)"),
        ("Xyqq", "none"),
        (7, "Alien (1979)"),
        (None, "none"),
        (b"Alien (1979)", "Alien (1979), Aliens (1986), Amélie (2001)"),
    ],
)
def test_unknown_movie_is_told_with_what_is_near(name, near):
    message = f"there is no movie {name!r}; near it: {near}"
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        movie_numbers(TITLES, ["Speed (1994)", name])
