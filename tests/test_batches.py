"""Batches hold each row once, whole, in an order that the seed decides."""

import re

import numpy as np
import pytest

from helpers.data.batches import make_batches, places_in_batches
from helpers.keras2 import tf


@pytest.fixture
def numbers():
    """Return 103 ratings whose `user` is the row's number."""
    row = np.arange(103, dtype=np.int32)
    return {"user": row, "movie": row % 7, "user_rating": (row / 10).astype(np.float32)}


def rows_of(batches):
    return [batch["user"].numpy().tolist() for batch in batches]


def test_rows_in_their_own_order(numbers):
    rows = rows_of(make_batches(numbers, 10))
    assert [len(batch) for batch in rows] == [10] * 10 + [3]
    assert np.concatenate(rows).tolist() == list(range(103))
    assert rows_of(make_batches(numbers, 10, drop_remainder=True)) == rows[:10]


def test_places_are_small_whole_numbers():
    for shuffle in (False, True):
        batches = list(places_in_batches(5, 2, shuffle))
        assert [batch.dtype for batch in batches] == [tf.int32] * 3
        assert sorted(np.concatenate(batches)) == [0, 1, 2, 3, 4]
    assert [batch.numpy().tolist() for batch in places_in_batches(5, 2)] == [[0, 1], [2, 3], [4]]


def test_each_row_comes_at_most_once_and_whole(numbers):
    batches = list(make_batches(numbers, 10, shuffle=True, drop_remainder=True))
    assert [len(batch["user"]) for batch in batches] == [10] * 10  # three rows are left over
    rows = np.concatenate(rows_of(batches))
    assert len(set(rows)) == 100
    assert rows.min() >= 0 and rows.max() < 103
    for batch in batches:
        assert list(batch) == list(numbers)
        for name, values in batch.items():
            np.testing.assert_array_equal(values, numbers[name][batch["user"]])
            assert values.dtype == numbers[name].dtype


def test_each_epoch_has_an_order_of_its_own_and_the_seed_decides_them(numbers):
    orders = []
    for seed in (1, 1, 2):
        tf.keras.utils.set_random_seed(seed)
        batches = make_batches(numbers, 10, shuffle=True)
        orders.append([np.concatenate(rows_of(batches)).tolist() for _ in range(3)])
    assert orders[0] == orders[1] != orders[2]
    assert len(set(map(tuple, orders[0]))) == 3
    assert all(sorted(order) == list(range(103)) != order for order in orders[0])
    assert len({frozenset(order[:100]) for order in orders[0]}) == 3  # no row is always left out


@pytest.mark.parametrize(
    ("size", "whole", "all_of_them"), [(103, 1, 1), (104, 0, 1), (51, 2, 3), (1, 103, 103)]
)
@pytest.mark.parametrize("shuffle", [False, True])
def test_number_of_batches(shuffle, size, whole, all_of_them):
    for drop, count in ((True, whole), (False, all_of_them)):
        batches = places_in_batches(103, size, shuffle, drop)
        assert len(batches) == len(list(batches)) == count


def test_one_row_makes_one_batch():
    assert rows_of(make_batches({"user": np.array([7])}, 1)) == [[7]]
    assert rows_of(make_batches({"user": np.array([7])}, 1, shuffle=True)) == [[7]]


@pytest.mark.parametrize(("n", "size"), [(0, 10), (3, 0), (3, -1)])
def test_nothing_to_put_into_batches_is_refused(n, size):
    message = f"^{re.escape(f'{n} rows cannot be put into batches of {size}')}$"
    for make in (
        lambda: places_in_batches(n, size),
        lambda: make_batches({"user": np.arange(n)}, size),
    ):
        with pytest.raises(ValueError, match=message):
            make()


def test_rows_without_columns_are_no_rows():
    with pytest.raises(ValueError, match=r"^0 rows cannot be put into batches of 10$"):
        make_batches({}, 10)


@pytest.mark.parametrize(("limit", "copied"), [(103 * 12, True), (103 * 12 - 1, False)])
def test_rows_are_copied_up_to_a_number_of_bytes(numbers, limit, copied, monkeypatch):
    def stop(rows, places):
        assert rows is numbers
        raise InterruptedError

    monkeypatch.setattr("helpers.data.batches._gathered_by_numpy", stop)
    monkeypatch.setattr("helpers.data.batches.COPIED", limit)
    if copied:
        assert len(make_batches(numbers, 10)) == 11
    else:
        with pytest.raises(InterruptedError):
            make_batches(numbers, 10)


@pytest.mark.parametrize("shuffle", [False, True])
def test_many_rows_make_the_same_batches_without_being_copied(shuffle, monkeypatch):
    rows = {
        "user_id": np.array([b"7", b"10", "Zoë".encode()] * 5),
        "text": np.array([b"a", b"bc", b""] * 5, object),
        "user_rating": np.arange(15, dtype=np.float32),
        "timestamp": np.arange(15) * 10**9,
        "history": np.arange(30, dtype=np.int32).reshape(15, 2),
    }
    made = []
    for copied in (500_000_000, 0):
        monkeypatch.setattr("helpers.data.batches.COPIED", copied)
        tf.keras.utils.set_random_seed(3)
        dataset = make_batches(rows, 4, shuffle=shuffle)
        assert int(dataset.cardinality()) == 4
        made.append((dataset.element_spec, list(dataset.as_numpy_iterator())))
    assert made[0][0] == made[1][0]
    for one, other in zip(made[0][1], made[1][1], strict=True):
        assert list(one) == list(other)
        assert all(np.array_equal(one[name], other[name]) for name in one)
