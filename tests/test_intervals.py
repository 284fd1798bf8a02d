"""Bootstrap intervals are those of a plain loop: 1,000 draws from seed 42, 2.5% to 97.5%."""

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


def of_recipes(first, second, labels, user_ids, draws):
    """Return a plain loop's differences of mean RMSEs."""
    rng = np.random.default_rng(42)
    rows_of = [np.flatnonzero(np.array(user_ids) == user) for user in sorted(set(user_ids))]
    differences = []
    for _ in range(draws):
        users = rng.integers(0, len(rows_of), len(rows_of))
        drawn_rows = np.concatenate([rows_of[user] for user in users])
        means = []
        for recipe in (first, second):
            seeds = rng.integers(0, len(recipe), len(recipe))
            values = [stars.rmse(labels[drawn_rows], recipe[seed][drawn_rows]) for seed in seeds]
            means.append(sum(values) / len(values))
        differences.append(means[0] - means[1])
    return differences


@pytest.fixture
def users():
    """Return whose the 300 ratings are: 40 users, out of order, some with many ratings."""
    return np.random.default_rng(8).geometric(0.05, 300).clip(max=40).astype(str)


def test_interval_of_recipes_draws_users_and_seeds_together(data, users):
    labels, first, second = data
    rng = np.random.default_rng(0)
    seconds = [second + rng.normal(0, 0.3, 300) for _ in range(4)]
    found = of_recipes([first], seconds, labels, users, 200)
    assert intervals.recipe_interval(labels, first, seconds, users, 200) == interval(found)
    assert intervals.recipe_interval(labels, [first], seconds, users, 200) == interval(found)
    found = of_recipes(seconds, [first, second], labels, users, 50)
    pair = [first, second]
    assert intervals.recipe_interval(labels, seconds, pair, users, 50) == interval(found)


def test_interval_of_recipes_is_wider_with_seeds_and_with_users(data, users):
    labels, first, second = data
    scales = np.array([0.6, 0.8, 1, 1.2, 1.4])[:, None]  # some seeds have larger errors
    width = {}
    for name, seconds, whose in (
        ("one seed", second, users),
        ("seeds", labels + scales * (second - labels), users),
        ("same seeds", np.repeat(second[None], 5, axis=0), users),
    ):
        low, high = intervals.recipe_interval(labels, first, seconds, whose)
        width[name] = high - low
    assert width["seeds"] > 1.1 * width["one seed"]
    assert width["same seeds"] == pytest.approx(width["one seed"], rel=0.1)
    errors = np.where(users.astype(int) % 2, 2.0, 0.5)  # a user's errors are alike
    by_user, by_rating = (
        np.ptp(intervals.recipe_interval(labels, labels + errors, labels, whose))
        for whose in (users, np.arange(300))
    )
    assert by_user > 1.5 * by_rating


def test_recipes_without_a_difference_have_no_width(data, users):
    labels, first, _ = data
    assert intervals.recipe_interval(labels, first, first, users) == (0.0, 0.0)
    ends = intervals.recipe_interval([3], [5], [4], ["a"], draws=1)
    assert ends == (1.0, 1.0) and [type(end) for end in ends] == [float, float]


@pytest.mark.parametrize(
    ("n", "seeds", "draws"), [(0, 1, 1_000), (3, 0, 10), (3, 1, 0), (3, 2, -2)]
)
def test_recipes_with_nothing_to_draw_are_refused(n, seeds, draws):
    message = f"{draws} draws of {n} users: there must be one of each, and one seed"
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        intervals.recipe_interval(np.ones(n), np.ones(n), np.ones((seeds, n)), np.arange(n), draws)


def test_recipes_of_other_shapes_are_refused():
    with pytest.raises(ValueError, match=r"^2 users for 3 ratings: give each rating its user$"):
        intervals.recipe_interval(np.ones(3), np.ones(3), np.ones(3), ["a", "b"])
    with pytest.raises(ValueError, match=r"^labels have the shape \(3,\), predictions \(1,\)"):
        intervals.recipe_interval(np.ones(3), np.ones((3, 1)), np.ones(3), ["a", "b", "b"])


def test_interval_of_a_correlation_draws_users_with_their_pairs():
    rng = np.random.default_rng(4)
    ids = np.repeat(["a", "b", "c", "d"], [5, 9, 2, 7])
    first = rng.normal(size=23)
    second = first + rng.normal(size=23)
    rng, found = np.random.default_rng(42), []
    for _ in range(50):
        rows = np.concatenate(
            [np.flatnonzero(ids == "abcd"[user]) for user in rng.integers(0, 4, 4)]
        )
        found.append(np.corrcoef(first[rows], second[rows])[0, 1])
    ends = intervals.correlation_interval(first, second, ids, draws=50)
    assert ends == pytest.approx(interval(found))


@pytest.mark.parametrize("first, second, ids, draws", [
    ([1, 2], [1, 2, 3], "abc", 9), ([1, 2], [1, 2], "abc", 9), ([], [], [], 9),
    ([1, 2], [1, 2], "ab", 0),
])  # fmt: skip
def test_correlation_of_nothing_or_of_other_shapes_is_refused(first, second, ids, draws):
    with pytest.raises(ValueError, match="make no interval"):
        intervals.correlation_interval(first, second, list(ids), draws)
