"""The capstone's ratings hold a pattern that biases cannot say."""

import numpy as np
import pytest

from helpers.data.club import CLUB_RATINGS, simulate_club, write_club
from helpers.data.own_ratings import read_own_ratings
from helpers.metrics import rmse
from helpers.models import damped_biases


@pytest.fixture(scope="module")
def made():
    return simulate_club()


def test_club_is_the_same_each_time_and_another_with_another_seed(made):
    for name, values in simulate_club().items():
        assert np.array_equal(values, made[name])
    assert not np.array_equal(simulate_club(1)["user_rating"], made["user_rating"])


def test_ratings_are_stars_of_pairs_that_come_once(made):
    assert len(made["user_rating"]) == CLUB_RATINGS
    assert set(np.unique(made["user_rating"])) == {1, 2, 3, 4, 5}
    pairs = set(zip(made["user_id"].tolist(), made["movie_title"].tolist()))
    assert len(pairs) == CLUB_RATINGS


def test_two_camps_are_there_to_be_found(made):
    """The strongest direction in what biases leave over divides the members in two."""
    left = made["user_rating"] - damped_biases(made, made)
    users, user = np.unique(made["user_id"], return_inverse=True)
    things, thing = np.unique(made["movie_title"], return_inverse=True)
    matrix = np.zeros((len(users), len(things)))
    matrix[user, thing] = left
    camps, sizes, pleases = np.linalg.svd(matrix, full_matrices=False)
    assert sizes[0] > 2.5 * sizes[1]
    found = sizes[0] * camps[user, 0] * pleases[0, thing]
    assert rmse(left, 0) > rmse(left, found) + 0.15


def test_what_is_written_is_read_back(made, tmp_path):
    write_club(tmp_path / "club.csv")
    read = read_own_ratings(tmp_path / "club.csv")
    assert read.scale == (1, 5)
    assert set(read.ratings) == set(made)
    for name, values in made.items():
        assert np.array_equal(read.ratings[name], values)
