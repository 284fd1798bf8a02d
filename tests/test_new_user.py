"""Folding in solves a ridge regression with a bias."""

import numpy as np
import pytest

from helpers.models import new_user


@pytest.mark.parametrize("count", [1, 3, 40])
@pytest.mark.parametrize("l2", [0.1, 10])
def test_fold_in_minimises_the_penalized_squares(count, l2):
    rng = np.random.default_rng(count)
    vectors, errors = rng.normal(size=(count, 5)), rng.normal(size=count)
    inputs = np.vstack([np.insert(vectors, 0, 1, axis=1), np.sqrt(l2) * np.eye(6)])
    expected = np.linalg.lstsq(inputs, np.append(errors, np.zeros(6)), rcond=None)[0]
    np.testing.assert_allclose(new_user.fold_in(vectors, errors, l2), expected, atol=1e-9)


def test_user_without_ratings_folds_to_zeros():
    assert new_user.fold_in(np.zeros((0, 5)), np.zeros(0), 10.0).tolist() == [0.0] * 6


def test_one_more_rating_moves_the_bias_towards_it():
    biases = [new_user.fold_in(np.zeros((n, 2)), np.full(n, 2.0), 4.0)[0] for n in range(5)]
    np.testing.assert_allclose(biases, [2 * n / (n + 4) for n in range(5)])


def test_what_cannot_be_solved_is_refused():
    with pytest.raises(ValueError):
        new_user.fold_in(np.ones((3, 2)), np.ones(2), 1.0)
    with pytest.raises(ValueError):  # an l2 of 0 and fewer ratings than numbers to find
        new_user.fold_in(np.ones((1, 2)), np.ones(1), 0.0)
