"""Means and damped biases, against sums that loops add up."""

import numpy as np
import pytest
import tiny

from helpers.models import baselines


@pytest.fixture(scope="module")
def train():
    return tiny.make_rows()


@pytest.fixture(scope="module")
def rows():
    """Return other pairs, some of strangers."""
    return {
        "user_id": np.array([b"5", b"10", b"nobody", b"5", b"0", b"99"]),
        "movie_title": np.array([b"Movie 3", b"nothing", b"Movie 0", b"Movie 11", b"", b"Z"]),
    }


def damped_mean(keys, values, key, damping):
    mine = [value for k, value in zip(keys.tolist(), values) if k == key]
    return sum(mine) / (len(mine) + damping) if mine else 0.0


@pytest.mark.parametrize("field", ["user_id", "movie_title"])
@pytest.mark.parametrize("given", [{}, {"damping": 5.0}])
def test_means_by_hand(train, rows, field, given):
    stars = train["user_rating"].astype(float)
    mean = sum(stars) / 60
    expected = [
        mean + damped_mean(train[field], stars - mean, key, given.get("damping", 0))
        for key in rows[field].tolist()
    ]
    means = baselines.means_by(field, train, rows, **given)
    np.testing.assert_allclose(means, expected, rtol=1e-12)
    assert means[-1] == mean  # nothing is known of the stranger


@pytest.mark.parametrize("given", [{}, {"damping": 0.0}, {"damping": 2.0}])
def test_damped_biases_by_hand(train, rows, given):
    """Five rounds of movies, then users; the course's damping is five ratings."""
    damping = given.get("damping", 5.0)
    stars, users, movies = (
        train["user_rating"].astype(float),
        train["user_id"],
        train["movie_title"],
    )
    mean = stars.mean()
    of_user, of_movie = dict.fromkeys(users.tolist(), 0.0), {}
    for _ in range(5):
        rest = stars - mean - [of_user[u] for u in users.tolist()]
        of_movie = {m: damped_mean(movies, rest, m, damping) for m in movies.tolist()}
        rest = stars - mean - [of_movie[m] for m in movies.tolist()]
        of_user = {u: damped_mean(users, rest, u, damping) for u in users.tolist()}
    pairs = zip(rows["user_id"].tolist(), rows["movie_title"].tolist())
    expected = [mean + of_user.get(u, 0) + of_movie.get(m, 0) for u, m in pairs]
    np.testing.assert_allclose(baselines.damped_biases(train, rows, **given), expected, rtol=1e-12)


def test_group_sums_have_a_last_one_for_the_unknown():
    sums = baselines.group_sums(np.array([1, 0, 1, 2]), np.array([1.0, 2.0, 4.0, 8.0]))
    assert sums.tolist() == [2.0, 5.0, 8.0, 0.0]


def test_no_ratings_are_refused(train, rows):
    none = {name: values[:0] for name, values in train.items()}
    told = "^there are no training ratings to learn from$"
    with pytest.raises(ValueError, match=told):
        baselines.means_by("user_id", none, rows)
    with pytest.raises(ValueError, match=told):
        baselines.damped_biases(none, rows)


def test_without_damping_a_single_rating_is_the_mean():
    train = {"user_id": np.array([b"1", b"2"]), "user_rating": np.array([1, 5], np.float32)}
    assert baselines.means_by("user_id", train, train).tolist() == [1, 5]


def test_arrays_of_different_lengths_are_refused(train, rows):
    for field in ("user_id", "movie_title"):
        with pytest.raises(ValueError):
            baselines.damped_biases(train | {field: train[field][:-1]}, rows)
