"""Recommended lists hold unseen movies in the order of their scores."""

import numpy as np
import pytest

from helpers import metrics
from helpers.data import every_pair
from helpers.data.ratings import prepare_rows
from helpers.data.simulation import simulate


@pytest.fixture(scope="module")
def rows():
    return prepare_rows(simulate(3_000, users=60, movies=120).ratings)


def test_lists_are_unseen_and_in_order(rows):
    users = np.unique(rows["user_id"])[:5]
    pairs = every_pair(rows, users)
    scores = np.random.default_rng(1).normal(size=len(pairs["user_id"]))
    tops = metrics.top_unseen(rows, pairs, scores, k=7)
    assert tops.shape == (5, 7)
    for user, top in zip(users, tops):
        seen = set(rows["movie_title"][rows["user_id"] == user])
        mine = pairs["user_id"] == user
        expected = [
            title
            for _, title in sorted(zip(-scores[mine], pairs["movie_title"][mine]))
            if title not in seen
        ]
        assert top.tolist() == expected[:7]


def test_diversity_counts_pairs_without_a_common_genre():
    rows = {
        "movie_title": np.array([b"A", b"B", b"C"]),
        "genres": np.array([[1, 0, 0], [1, 1, 0], [0, 0, 1]], np.float32),
    }
    tops = np.array([[b"A", b"B", b"C"]])
    assert metrics.diversity(tops, rows) == pytest.approx(2 / 3)
    assert metrics.diversity(tops[:, :2], rows) == 0
