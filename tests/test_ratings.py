"""Ratings in the forms of the lessons: a dataset, and rows of arrays."""

import numpy as np
import pytest
import tiny

from helpers.data import movielens
from helpers.data import ratings as ratings_module
from helpers.data.ratings import (
    as_arrays,
    every_pair,
    load_ratings,
    load_rows,
    prepare_rows,
    stars_matrix,
    take,
    year_of,
)
from helpers.keras2 import tf
from helpers.models import features


@pytest.fixture
def read(monkeypatch):
    """Put three ratings in place of MovieLens's; return the fields that were asked for."""
    asked = []

    def read_ratings(*fields):
        asked.append(fields)
        return {name: values for name, values in three_ratings().items() if name in fields}

    monkeypatch.setattr(movielens, "read_ratings", read_ratings)
    return asked


def three_ratings():
    return {
        "movie_genres": tf.ragged.constant([[0, 19], [], [4]], dtype=tf.int64),
        "movie_title": np.array([b"B (1994)", b"A (1979)", b"B (1994)"]),
        "raw_user_age": np.array([24.0, 35.0, 7.0], np.float32),
        "timestamp": np.array([3, 1, 2]),
        "user_gender": np.array([True, False, True]),
        "user_id": np.array([b"9", b"10", b"9"]),
        "user_occupation_text": np.array([b"writer", b"none", b"writer"]),
        "user_rating": np.array([5, 1, 3], np.float32),
        "movie_id": np.array([b"7", b"8", b"7"]),
    }


def test_dataset_has_the_three_fields_of_the_article(read):
    rows = list(load_ratings().as_numpy_iterator())
    assert read == [("movie_title", "user_id", "user_rating")]
    assert rows[1] == {"movie_title": b"A (1979)", "user_id": b"10", "user_rating": 1.0}
    assert [row["user_id"] for row in rows] == [b"9", b"10", b"9"]


def test_rows_are_read_and_prepared(read):
    rows, prepared = load_rows(), prepare_rows(three_ratings())
    assert read == [ratings_module.ROW_FIELDS]
    assert list(rows) == list(prepared)
    for name, values in rows.items():
        np.testing.assert_array_equal(values, prepared[name])


def test_prepared_rows_by_hand():
    rows = prepare_rows(three_ratings())
    expected = {
        "movie_title": [b"B (1994)", b"A (1979)", b"B (1994)"],
        "timestamp": [3, 1, 2],
        "user_id": [b"9", b"10", b"9"],
        "user_occupation_text": [b"writer", b"none", b"writer"],
        "user_rating": [5, 1, 3],
        "age": [20, 35, 5],
        "gender": [1, 0, 1],
        "year": [1994, 1975, 1994],
    }
    genres = rows.pop("genres")
    assert {name: values.tolist() for name, values in rows.items()} == expected
    assert genres.shape == (3, 20)
    assert np.argwhere(genres).tolist() == [[0, 0], [0, 19], [2, 4]]
    assert genres.max() == 1
    assert (genres.dtype, rows["age"].dtype, rows["gender"].dtype) == ("f4", "i8", "i8")


def test_given_ratings_stay_as_they_are():
    given = three_ratings()
    before = dict(given)
    prepare_rows(given)
    assert given.keys() == before.keys()
    assert all(given[name] is before[name] for name in given)


@pytest.mark.parametrize(
    ("title", "year"),
    [
        (b"Speed (1994)", 1994),
        (b"Speed (1994) ", 1994),
        (b"1900 (1976)", 1975),
        (b"(1979)", 1975),
        (b"X (1980)", 1980),
        (b"X (1981)", 1981),
        (b"X (1975)", 1975),
        (b"X (1930) (1995)", 1995),
        (b"X (1995) (V)", 0),
        (b"X (19945)", 0),
        (b"unknown", 0),
        (b"", 0),
    ],
)
def test_year_of(title, year):
    assert year_of(title) == year


def test_year_of_text_is_refused():
    with pytest.raises(TypeError):
        year_of("Speed (1994)")


def test_take_indexes_each_array():
    rows = {"a": np.arange(4), "b": np.arange(8).reshape(4, 2)}
    for which in ([2, 0], np.array([True, False, True, False]), slice(1, 3)):
        taken = take(rows, which)
        assert list(taken) == ["a", "b"]
        assert taken["a"].tolist() == rows["a"][which].tolist()
        assert taken["b"].tolist() == rows["b"][which].tolist()


def test_dataset_as_arrays():
    columns = {"a": np.arange(5), "b": np.array([b"x", b"y", b"z", b"", b"x"])}
    arrays = as_arrays(tf.data.Dataset.from_tensor_slices(columns))
    assert {name: values.tolist() for name, values in arrays.items()} == {
        name: values.tolist() for name, values in columns.items()
    }
    assert as_arrays(tf.data.Dataset.range(1)).tolist() == [0]


def test_empty_dataset_is_refused():
    with pytest.raises(ValueError, match=r"^there are no ratings to make arrays of$"):
        as_arrays(tf.data.Dataset.range(0))


def test_dataset_without_a_known_length_is_refused():
    data = tf.data.Dataset.range(3)
    with pytest.raises(TypeError, match="infinite"):
        as_arrays(data.repeat())
    with pytest.raises(TypeError, match="length is unknown"):
        as_arrays(data.filter(lambda row: row > 1))


def test_matrix_of_stars_ignores_other_users_and_titles():
    rows = {
        "user_id": np.array([b"2", b"1", b"9", b"1", b"2"]),
        "movie_title": np.array([b"A", b"C", b"A", b"Z", b"B"]),
        "user_rating": np.array([4, 2.5, 5, 3, 1], np.float32),
    }
    users, titles = np.array([b"1", b"2"]), np.array([b"A", b"B", b"C"])
    matrix = stars_matrix(rows, users, titles)
    assert matrix.tolist() == [[0, 0, 2.5], [4, 1, 0]]
    assert matrix.dtype == np.float32


@pytest.fixture(scope="module")
def train():
    return tiny.make_rows()


# Pairs


def test_every_pair_joins_users_and_movies_by_id(train):
    users = np.unique(train["user_id"])[[5, 2]]
    titles = np.unique(train["movie_title"])
    pairs = every_pair(train, users)
    assert set(pairs) == set(train) - {"user_rating"}
    assert pairs["user_id"].tolist() == np.repeat(users, len(titles)).tolist()
    assert pairs["movie_title"].tolist() == titles.tolist() * 2
    for i in range(2 * len(titles)):
        user = train["user_id"] == pairs["user_id"][i]
        movie = train["movie_title"] == pairs["movie_title"][i]
        assert pairs["timestamp"][i] == train["timestamp"][user].max()
        for name in ("age", "gender", "user_occupation_text"):
            assert pairs[name][i] == train[name][user][0]
        for name in ("year", "genres"):
            np.testing.assert_array_equal(pairs[name][i], train[name][movie][0])
    assert features.make_features(train, pairs)["time"].shape == (2 * len(titles), 5)


def test_users_who_are_not_there_are_named(train):
    with pytest.raises(ValueError, match=r"^user b'nobody' is not in the rows$"):
        every_pair(train, np.array([b"5", b"nobody"]))


def test_pairs_are_joined_with_whatever_columns_there_are():
    rows = tiny.make_rows()
    users, titles = rows["user_id"][[3, 8, 3]], rows["movie_title"][[5, 5, 0]]
    pairs = ratings_module.join_pairs(rows, users, titles)
    assert np.array_equal(pairs["user_id"], users)
    assert np.array_equal(pairs["movie_title"], titles)
    for i, (user, title) in enumerate(zip(users, titles)):
        of_user, of_movie = rows["user_id"] == user, rows["movie_title"] == title
        assert pairs["timestamp"][i] == rows["timestamp"][of_user].max()
        assert pairs["age"][i] == rows["age"][of_user][0]
        assert np.array_equal(pairs["genres"][i], rows["genres"][of_movie][0])
    few = {name: rows[name] for name in ("user_id", "movie_title", "user_rating")}
    assert set(ratings_module.join_pairs(few, users, titles)) == {"user_id", "movie_title"}
