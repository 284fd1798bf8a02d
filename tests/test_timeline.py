"""Rows that are strictly earlier, with ties and without rows."""

import numpy as np

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
    assert timeline.latest_earlier(3).shape == (0, 3)


def test_order_of_time_keeps_what_comes_in_one_second():
    rows = {"timestamp": np.array([5, 3, 5, 3]), "user_id": np.arange(4)}
    assert in_order_of_time(rows)["user_id"].tolist() == [1, 3, 0, 2]


def test_first_values_are_those_of_the_keys_first_rows():
    timeline = Timeline(np.array(["b", "a", "b"]), np.array([7, 5, 3]))
    assert timeline.first_values(np.array([1.5, 2.5, 3.5])).tolist() == [3.5, 2.5, 3.5]
