"""How far predictions are from the stars that were given, by hand."""

import re

import numpy as np
import pytest

from helpers.metrics import stars


def said(sentence):
    """Return a pattern for the whole of a message."""
    return f"^{re.escape(sentence)}$"


# The root mean squared error


@pytest.mark.parametrize(
    ("labels", "predictions", "expected"),
    [
        ([1, 2, 4], [1, 3, 2], (5 / 3) ** 0.5),
        ([1, 5], 3, 2.0),
        (3, [1, 5], 2.0),
        ([[4], [2]], [[3], [4]], 2.5**0.5),
        ([3], [4], 1.0),
        (3, 5, 2.0),
        ([1, 5], [[3]], 2.0),
    ],
)
def test_rmse_by_hand(labels, predictions, expected):
    found = stars.rmse(labels, predictions)
    assert type(found) is float
    assert found == pytest.approx(expected, rel=1e-12)


def test_small_types_do_not_wrap_around_or_round():
    one, three = np.array([1], np.uint8), np.array([3], np.uint8)
    assert stars.rmse(one, three) == 2.0
    assert stars.rmse(np.array([100], np.int8), np.array([-100], np.int8)) == 200.0


@pytest.mark.parametrize("shapes", [((3,), (2,)), ((3,), (3, 1)), ((2,), (0,))])
def test_other_shapes_are_refused(shapes):
    labels, predictions = map(np.zeros, shapes)
    message = (
        f"labels have the shape {shapes[0]}, predictions {shapes[1]}: give both the same, or one "
        "number for all"
    )
    with pytest.raises(ValueError, match=said(message)):
        stars.rmse(labels, predictions)


@pytest.mark.parametrize(("labels", "predictions"), [([], []), ([], 3), (3, [])])
def test_no_ratings_are_refused(labels, predictions):
    with pytest.raises(ValueError, match=said("there are no ratings to compare")):
        stars.rmse(labels, predictions)


def test_constant_is_the_mean_of_the_training_ratings():
    assert stars.constant_rmse([1, 2, 6], [2, 5]) == pytest.approx(2.5**0.5, rel=1e-12)
    assert stars.constant_rmse([4], [2]) == 2.0


def test_constant_needs_ratings():
    message = "there are no training ratings to take the mean of"
    with pytest.raises(ValueError, match=said(message)):
        stars.constant_rmse([], [2, 5])
    with pytest.raises(ValueError, match=said("there are no ratings to compare")):
        stars.constant_rmse([4], [])


# Groups


LABELS, PREDICTIONS = [1.0, 2.0, 3.0, 4.0], [2.0, 2.0, 5.0, 5.0]  # errors of 1, 0, 2 and 1


@pytest.mark.parametrize(
    ("values", "starts", "expected"),
    [
        ([0, 10, 99, 100], [0, 10, 100], {"0–9": 1, "10–99": 2**0.5, "100": 1}),
        ([0, 10, 99, 101], [0, 10, 100], {"0–9": 1, "10–99": 2**0.5, "100+": 1}),
        ([9, 9, 150, 150], [0, 10, 100], {"0–9": 0.5**0.5, "100+": 2.5**0.5}),
        ([1, 1, 2, 7], [1, 2], {"1": 0.5**0.5, "2+": 2.5**0.5}),
        ([5, 4, 3, 2], [1, 2, 3, 4, 5], {"2": 1, "3": 2, "4": 0, "5": 1}),
        ([3, 0, 5, 1], [0, 3], {"0–2": 0.5**0.5, "3+": 2.5**0.5}),
        ([0, 1, 2, 3], [0], {"0+": 1.5**0.5}),
    ],
)
def test_groups_have_names_and_hold_their_own_ratings(values, starts, expected):
    groups = stars.rmse_by_group(LABELS, PREDICTIONS, np.array(values), starts)
    assert list(groups) == list(expected)
    assert groups == pytest.approx(expected, rel=1e-12)


def test_one_rating_makes_one_group():
    assert stars.rmse_by_group([1.0], [3.0], np.array([7]), [0, 5]) == {"5+": 2.0}


@pytest.mark.parametrize("sizes", [(0, 0, 0), (3, 4, 4), (4, 3, 4), (4, 4, 3), (4, 4, 0)])
def test_groups_need_one_entry_per_rating(sizes):
    arrays = (np.ones(size) for size in sizes)
    message = "labels, predictions and values need one entry per rating, each as many"
    with pytest.raises(ValueError, match=said(message)):
        stars.rmse_by_group(*arrays, [0])


def test_no_rating_is_left_out_of_all_groups():
    message = said("9 is below the first group, which starts at 10")
    with pytest.raises(ValueError, match=message):
        stars.rmse_by_group(LABELS, PREDICTIONS, np.array([10, 9, 99, 100]), [10, 100])
