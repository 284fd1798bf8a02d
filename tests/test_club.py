"""The capstone's ratings hold a pattern that biases cannot say."""

import numpy as np
import pytest

from helpers.data.club import CLUB_RATINGS, simulate_club, write_club
from helpers.data.own_ratings import read_own_ratings
from helpers.data.simulation import simulate
from helpers.metrics import rmse
from helpers.models import damped_biases


@pytest.fixture(scope="module")
def made():
    return simulate_club()


def test_club_is_the_same_each_time_and_another_with_another_seed(made):
    for name, values in simulate_club().items():
        assert np.array_equal(values, made[name])
    assert not np.array_equal(simulate_club(1)["user_rating"], made["user_rating"])


@pytest.mark.parametrize(
    ("seed", "lines", "counts", "seconds"),
    [
        (
            {},
            b"33,Simulated Movie 20 (1965),4.0,884077895\r\n"
            b"144,Simulated Movie 150 (1963),4.0,881889178\r\n",
            [919, 1_964, 2_924, 3_251, 2_942],
            10_602_317_193_149,
        ),
        (
            {"seed": 1},
            b"24,Simulated Movie 2 (1943),3.0,885594912\r\n"
            b"43,Simulated Movie 90 (1968),4.0,883513628\r\n",
            [960, 1_904, 3_016, 3_293, 2_827],
            10_606_816_788_006,
        ),
    ],
    ids=["no seed", "seed 1"],
)
def test_ratings_are_those_of_lesson_10(tmp_path, seed, lines, counts, seconds):
    """What lesson 10 says of the club comes from these draws."""
    path = tmp_path / "club.csv"
    write_club(path, **seed)
    header = b"user_id,movie_title,user_rating,timestamp\r\n"
    assert path.read_bytes().startswith(header + lines)
    made = simulate_club(**seed)
    assert np.unique(made["user_rating"], return_counts=True)[1].tolist() == counts
    assert made["timestamp"].sum() == seconds
    kinds = {"user_id": "S", "movie_title": "S", "user_rating": "f", "timestamp": "i"}
    assert {name: values.dtype.kind for name, values in made.items()} == kinds
    assert made["user_rating"].dtype == np.float32


def test_things_please_one_camp_by_a_star_and_displease_the_other(made):
    fields = ("user_id", "movie_title")
    before = simulate(CLUB_RATINGS, 150, 200, seed=5, fields=fields).ratings["user_rating"]
    more = made["user_rating"] - before
    assert set(more[(before > 1) & (before < 5)]) == {-1, 0, 1}
    assert set(more[before == 1]) == {0, 1} and set(more[before == 5]) == {-1, 0}
    for title in np.unique(made["movie_title"]):
        moved = more[(made["movie_title"] == title) & (before > 1) & (before < 5)]
        assert set(moved) <= {0} or set(moved) <= {-1, 1}  # all members are in a camp


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
