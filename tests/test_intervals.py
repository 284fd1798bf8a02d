"""Bootstrap intervals are those of a plain loop: 1,000 draws from seed 42, 2.5 % to 97.5 %."""

import re

import numpy as np
import pytest

from helpers.metrics import intervals, stars


@pytest.fixture
def data():
    """Return ratings and two models' predictions; the second is closer."""
    rng = np.random.default_rng(3)
    labels = rng.integers(1, 6, 300).astype(np.float32)
    hard = rng.normal(0, 1, 300)
    return labels, labels + hard + rng.normal(0, 0.5, 300), labels + hard


def drawn(n, draws):
    """Return the places that each draw takes, as a list of arrays."""
    rng = np.random.default_rng(42)
    return [rng.integers(0, n, n) for _ in range(draws)]


def percentile(values, q):
    """Return a percentile, between the two values next to its place in the order."""
    values = sorted(values)
    below, share = divmod(q / 100 * (len(values) - 1), 1)
    low, high = values[int(below)], values[min(int(below) + 1, len(values) - 1)]
    return low + share * (high - low)


def interval(values):
    return pytest.approx((percentile(values, 2.5), percentile(values, 97.5)), rel=1e-12)


def test_percentile_by_hand():
    assert percentile(range(1_000), 2.5) == pytest.approx(24.975)
    assert percentile([5, 1], 97.5) == pytest.approx(4.9)


def test_interval_of_a_mean():
    values = np.float32([0.1, 0.7, 0.2, 3.3, 0.9])
    means = [np.mean([float(values[i]) for i in draw]) for draw in drawn(5, 1_000)]
    assert intervals.mean_interval(values) == interval(means)
    assert intervals.mean_interval(values.tolist()) == pytest.approx(
        intervals.mean_interval(values), rel=1e-6
    )
    assert intervals.mean_interval(values, draws=7) == interval(means[:7])
    assert [type(end) for end in intervals.mean_interval(values)] == [float, float]


def test_interval_of_the_rmse(data):
    labels, first, _ = data
    found = [stars.rmse(labels[draw], first[draw]) for draw in drawn(300, 1_000)]
    assert intervals.rmse_interval(labels, first) == interval(found)
    assert intervals.rmse_interval(labels, first, 3) == interval(found[:3])
    low, high = intervals.rmse_interval(labels, first)
    assert low < stars.rmse(labels, first) < high


def test_interval_of_the_difference_draws_the_same_ratings_for_both(data):
    labels, first, second = data
    found = [
        stars.rmse(labels[draw], first[draw]) - stars.rmse(labels[draw], second[draw])
        for draw in drawn(300, 1_000)
    ]
    assert intervals.difference_interval(labels, first, second) == interval(found)
    assert intervals.difference_interval(labels, first, second, 3) == interval(found[:3])
    assert intervals.difference_interval(labels, first, first) == (0.0, 0.0)


def test_paired_interval_is_narrower(data):
    labels, first, second = data
    low, high = intervals.difference_interval(labels, first, second)
    alone = intervals.rmse_interval(labels, first)
    assert high - low < alone[1] - alone[0]


def test_interval_narrows_with_more_ratings(data):
    labels, first, _ = data
    low, high = intervals.rmse_interval(labels, first)
    few_low, few_high = intervals.rmse_interval(labels[:30], first[:30])
    assert few_high - few_low > 2 * (high - low)


def test_one_value_and_one_draw_are_enough():
    assert intervals.mean_interval([3.5]) == (3.5, 3.5)
    assert intervals.mean_interval([3.5, 3.5], draws=1) == (3.5, 3.5)
    assert intervals.rmse_interval([3], [5], draws=1) == (2.0, 2.0)


def test_interval_of_a_recipe_draws_seeds_and_users():
    rng = np.random.default_rng(3)
    by_seed = rng.normal(size=(5, 200)) + 4 * np.arange(5)[:, None]  # the seeds differ most
    low, high = intervals.mean_interval(by_seed)
    alone = intervals.mean_interval(by_seed.mean(axis=0))
    assert low < alone[0] < 8 < alone[1] < high
    assert high - low > 10 * (alone[1] - alone[0])
    seeds_alone = np.repeat(by_seed.mean(axis=1)[:, None], 200, axis=1)
    assert intervals.mean_interval(seeds_alone) == pytest.approx((low, high), abs=0.5)
    assert intervals.mean_interval(by_seed[:1]) == intervals.mean_interval(by_seed[0])


@pytest.mark.parametrize(("n", "draws"), [(0, 1_000), (3, 0), (3, -2)])
def test_nothing_to_draw_is_refused(n, draws):
    message = f"{draws} draws of {n} values make no interval: both must be at least 1"
    for function, arguments in (
        (intervals.mean_interval, [np.ones(n)]),
        (intervals.rmse_interval, [np.ones(n)] * 2),
        (intervals.difference_interval, [np.ones(n)] * 3),
    ):
        with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
            function(*arguments, draws)


@pytest.mark.parametrize("shapes", [((3,), (2,)), ((3,), (3, 1)), ((3, 1), (3, 1)), ((), ())])
def test_other_shapes_are_refused(shapes):
    labels, predictions = map(np.zeros, shapes)
    message = f"labels have the shape {shapes[0]}, predictions {shapes[1]}: give both (n,)"
    for function, more in (
        (intervals.rmse_interval, []),
        (intervals.difference_interval, [predictions]),
    ):
        with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
            function(labels, predictions, *more)
