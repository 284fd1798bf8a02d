"""Ranking metrics agree with keras-rs."""

import keras_rs
import numpy as np
import pytest

from helpers import metrics
from helpers.metrics.lists import ranked_labels


@pytest.fixture
def lists():
    """Return stars, scores without ties, and a mask, of shape (50, 14)."""
    rng = np.random.default_rng(2)
    mask = np.arange(14) < rng.integers(2, 15, 50)[:, None]
    return rng.integers(1, 6, (50, 14)) * mask, rng.normal(size=(50, 14)), mask


def test_per_user_keeps_rows_together():
    users = np.array([b"b", b"a", b"b", b"c", b"a", b"a"])
    mask, stars, scores = metrics.per_user(users, np.arange(1, 7), np.arange(6) / 10)
    assert mask.tolist() == [[True] * 3, [True, True, False]]  # c has one row only
    assert stars.tolist() == [[2, 5, 6], [1, 3, 0]]
    assert scores.tolist() == [[0.1, 0.4, 0.5], [0.0, 0.2, 0.0]]


def test_ndcg_is_that_of_keras_rs(lists):
    stars, scores, mask = lists
    ours = metrics.ndcg(stars, scores, mask, k=10)
    for i in range(len(stars)):
        real = mask[i]
        metric = keras_rs.metrics.NDCG(k=10)
        theirs = metric(stars[i][real][None].astype("float32"), scores[i][real][None])
        assert ours[i] == pytest.approx(float(theirs), abs=1e-5)


def test_reciprocal_ranks_are_those_of_keras_rs(lists):
    stars, scores, mask = lists
    ours = metrics.reciprocal_ranks(stars, scores, mask)
    for i in range(len(stars)):
        loved = (stars[i][mask[i]] >= 5).astype("float32")
        theirs = keras_rs.metrics.MeanReciprocalRank()(loved[None], scores[i][mask[i]][None])
        assert ours[i] == pytest.approx(float(theirs), abs=1e-5)


def test_padding_is_never_ranked_above_a_movie():
    stars, mask = np.array([[3, 5, 0, 0]]), np.array([[True, True, False, False]])
    ordered = ranked_labels(stars, np.array([[-7.0, -6.0, 0.0, 9.0]]), mask)
    assert ordered.tolist() == [[5, 3, 0, 0]]


def test_ties_are_ordered_at_random_and_repeat():
    stars = np.tile([5, 4, 3, 2, 1], (2_000, 1))
    mask = np.ones(stars.shape, bool)
    first, again, other = (
        metrics.ndcg(stars, np.zeros(stars.shape), mask, seed=seed) for seed in (1, 1, 2)
    )
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)
    assert 0.7 < first.mean() < 0.85  # a stable sort would have 1
