"""The evaluation that `helpers` gives to the lessons."""

import pytest

from helpers.metrics import stars


def test_rmse_of_a_number_and_of_an_array():
    assert stars.rmse([1, 5], 3) == 2.0
    assert stars.rmse([1, 5], [1, 4]) == pytest.approx(0.5**0.5)


def test_constant_rmse_uses_the_training_mean():
    assert stars.constant_rmse([1, 3], [5]) == 3.0
