"""Rows that are strictly earlier, with ties and without rows."""

import numpy as np
import pytest

from helpers.data.timeline import Timeline, in_order_of_time


def test_ties_are_not_earlier():
    timeline = Timeline(np.array(["b", "a", "b", "b", "b"]), np.array([7, 7, 7, 9, 3]))
    assert timeline.earlier_counts().tolist() == [1, 0, 1, 3, 0]
    assert timeline.earlier_sums(np.array([1.0, 2.0, 4.0, 8.0, 16.0])).tolist() == [
        16,
        0,
        16,
        21,
        0,
    ]
    assert timeline.latest_earlier(2)[3].tolist() in ([0, 2], [2, 0])
    assert timeline.latest_earlier(2)[0].tolist() == [4, -1]


def test_no_rows_have_no_past():
    timeline = Timeline(np.array([], dtype="S3"), np.array([], np.int64))
    assert timeline.earlier_counts().shape == (0,)
    assert timeline.earlier_sums(np.array([])).shape == (0,)
    assert timeline.first_values(np.array([], "S3")).shape == (0,)
    assert timeline.latest_earlier(3).shape == (0, 3)


def test_order_of_time_keeps_what_comes_in_one_second():
    rows = {"timestamp": np.array([5, 3, 5, 3]), "user_id": np.arange(4)}
    assert in_order_of_time(rows)["user_id"].tolist() == [1, 3, 0, 2]
    seconds = np.arange(1_000) * 7 % 10
    ordered = in_order_of_time({"timestamp": seconds, "user_id": np.arange(1_000)})
    expected = sorted(range(1_000), key=lambda row: seconds[row])
    assert ordered["user_id"].tolist() == expected
    assert ordered["timestamp"].tolist() == seconds[expected].tolist()


def test_first_values_are_those_of_the_keys_first_rows():
    timeline = Timeline(np.array(["b", "a", "b"]), np.array([7, 5, 3]))
    assert timeline.first_values(np.array([1.5, 2.5, 3.5])).tolist() == [3.5, 2.5, 3.5]


@pytest.fixture(scope="module")
def rows():
    """Return the keys and the seconds of 300 rows, and for each the strictly earlier rows."""
    rng = np.random.default_rng(1)
    keys, seconds = rng.choice([b"a", b"b", b"c", b"d"], 300), rng.integers(-20, 20, 300)
    earlier = []
    for key, second in zip(keys, seconds):
        found = np.flatnonzero((keys == key) & (seconds < second))
        earlier.append(found[np.argsort(seconds[found], kind="stable")].tolist())
    return keys, seconds, earlier


def test_past_is_what_the_whole_table_says(rows):
    keys, seconds, earlier = rows
    timeline = Timeline(keys, seconds)
    assert timeline.earlier_counts().tolist() == [len(past) for past in earlier]
    for most in (1, 5, 90):
        latest = timeline.latest_earlier(most)
        assert latest.tolist() == [(past[::-1] + [-1] * most)[:most] for past in earlier]
        assert latest.dtype == np.int32
    values = np.arange(300) ** 2
    sums = timeline.earlier_sums(values)
    assert sums.tolist() == [values[past].sum() for past in earlier]
    assert sums.dtype == np.float64
    first_of = {}
    for row in np.argsort(seconds, kind="stable"):
        first_of.setdefault(keys[row], row)
    firsts = timeline.first_values(values)
    assert firsts.tolist() == [values[first_of[key]] for key in keys]
    assert firsts.dtype == values.dtype


def test_latest_earlier_of_some_rows(rows):
    timeline = Timeline(*rows[:2])
    latest = timeline.latest_earlier(5)
    for some in (slice(100, 130), slice(0, 1), slice(290, None), slice(7, 7)):
        assert np.array_equal(timeline.latest_earlier(5, some), latest[some])
    assert timeline.latest_earlier(0).shape == (300, 0)


def test_sums_are_exact_where_float32_is_not():
    """A float32 cannot hold 2^24 + 1."""
    timeline = Timeline(np.zeros(4), np.arange(4))
    sums = timeline.earlier_sums(np.array([2**24, 1, 1, 1], np.float32))
    assert sums.tolist() == [0, 2**24, 2**24 + 1, 2**24 + 2]
