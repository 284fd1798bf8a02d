"""Errors, their intervals and their groups."""

import numpy as np
import pytest

from helpers.metrics import intervals, leaderboard, stars


@pytest.fixture
def data():
    """Return ratings and two models' predictions; the second is closer."""
    rng = np.random.default_rng(3)
    labels = rng.integers(1, 6, 2_000).astype(np.float32)
    hard = rng.normal(0, 1, 2_000)
    return labels, labels + hard + rng.normal(0, 0.5, 2_000), labels + hard


def test_rmse_takes_one_number_for_all():
    assert stars.rmse([1, 5], 3) == 2.0


def test_interval_holds_the_rmse_and_narrows_with_more_ratings(data):
    labels, first, _ = data
    low, high = intervals.rmse_interval(labels, first)
    assert low < stars.rmse(labels, first) < high
    few_low, few_high = intervals.rmse_interval(labels[:200], first[:200])
    assert few_high - few_low > 2 * (high - low)


def test_paired_interval_is_narrower_and_has_the_sign_of_the_difference(data):
    labels, first, second = data
    low, high = intervals.difference_interval(labels, first, second)
    assert 0 < low < stars.rmse(labels, first) - stars.rmse(labels, second) < high
    alone = intervals.rmse_interval(labels, first)
    assert high - low < alone[1] - alone[0]
    assert intervals.difference_interval(labels, second, first)[1] < 0
    assert intervals.difference_interval(labels, first, first) == (0.0, 0.0)


def test_intervals_repeat(data):
    labels, first, second = data
    results = [intervals.difference_interval(labels, first, second) for _ in range(2)]
    assert results[0] == results[1]


def test_groups_have_names_and_hold_their_own_ratings():
    labels, predictions = np.array([1.0, 2.0, 3.0, 4.0]), np.array([2.0, 2.0, 5.0, 5.0])
    groups = stars.rmse_by_group(labels, predictions, np.array([0, 10, 99, 100]), [0, 10, 100])
    assert groups == {"0–9": 1.0, "10–99": pytest.approx(2**0.5), "100": 1.0}
    groups_of_stars = stars.rmse_by_group(labels, predictions, np.array([1, 1, 2, 7]), [1, 2])
    assert list(groups_of_stars) == ["1", "2+"]


def test_leaderboard_ends_with_the_best(capsys):
    leaderboard.print_leaderboard({"good": 0.9, "bad": 1.1}, biases=1.0)
    _, first, second = capsys.readouterr().out.splitlines()
    assert first.split() == ["bad", "1.100", "-0.100"]
    assert second.split() == ["good", "0.900", "+0.100"]
