"""Simulated ratings look like MovieLens's, and no model can beat their noise floor."""

import numpy as np
import pytest

from helpers.data import movielens
from helpers.data.simulation import simulate
from helpers.metrics.stars import rmse


def test_same_fields_and_types_as_the_real_ratings():
    real, simulated = movielens.read_ratings(), simulate(ratings=500, users=20, movies=60).ratings
    assert list(simulated) == list(real)
    for field, values in real.items():
        if movielens.FIELDS[field] == movielens.tf.string:  # bytes, whose widths differ
            assert simulated[field].dtype.kind == values.dtype.kind == "S", field
        else:
            assert simulated[field].dtype == values.dtype, field
        assert simulated[field].shape[0] == 500, field


def test_same_seed_same_ratings():
    one, same, other = (simulate(ratings=2_000, seed=seed).ratings for seed in (3, 3, 4))
    assert np.array_equal(one["user_rating"], same["user_rating"])
    assert np.array_equal(one["movie_title"], same["movie_title"])
    assert not np.array_equal(one["user_rating"], other["user_rating"])


def test_no_user_rates_a_movie_twice():
    ratings = simulate(ratings=1_000, users=40, movies=26).ratings  # of 1,040 pairs
    pairs = set(zip(ratings["user_id"], ratings["movie_title"]))
    assert len(pairs) == 1_000


def test_noise_floor_is_what_the_best_prediction_reaches():
    simulation = simulate(ratings=100_000, seed=1)
    ratings = simulation.ratings["user_rating"]
    best = rmse(ratings, simulation.expected)
    assert best == pytest.approx(simulation.noise_floor, abs=0.005)
    assert best < rmse(ratings, simulation.expected + 0.1)
    assert best < rmse(ratings, ratings.mean()) - 0.1


def test_stars_are_whole_and_popularity_has_a_long_tail():
    ratings = simulate(ratings=100_000).ratings
    assert set(np.unique(ratings["user_rating"])) == {1, 2, 3, 4, 5}
    counts = np.sort(np.unique(ratings["movie_title"], return_counts=True)[1])
    assert counts[-len(counts) // 5 :].sum() > 0.5 * 100_000


def test_titles_say_that_they_are_simulated():
    titles = simulate(ratings=100).ratings["movie_title"]
    assert all(title.startswith(b"Simulated Movie ") for title in titles)


@pytest.mark.parametrize(
    "arguments",
    [
        {"ratings": 0},
        {"ratings": -5},
        {"users": 0},
        {"movies": 0},
        {"noise": 0},
        {"ratings": 7, "users": 2, "movies": 3},
    ],
)
def test_impossible_sizes_are_refused(arguments):
    with pytest.raises(ValueError, match=r"greater than zero|at most"):
        simulate(**arguments)
