"""The split is the article's, a partition, and the same at each look."""

import re

import numpy as np
import pytest

from helpers.data import split
from helpers.keras2 import tf


def numbers(dataset):
    return [int(row) for row in dataset]


def test_split_is_that_of_the_article():
    ratings = tf.data.Dataset.range(50)
    tf.random.set_seed(1)  # of whatever ran before
    train, test = split.split_once(ratings, 40)
    tf.random.set_seed(42)
    shuffled = ratings.shuffle(50, seed=42, reshuffle_each_iteration=False)
    assert numbers(train) == numbers(shuffled.take(40))
    assert numbers(test) == numbers(shuffled.skip(40))


def test_no_rating_is_ever_in_both_parts():
    train, test = split.split_once(tf.data.Dataset.range(50), 40)
    first = numbers(train)
    assert len(first) == 40
    assert sorted(first + numbers(test)) == list(range(50))
    assert numbers(train) == first != sorted(first)


def test_another_seed_makes_another_split():
    ratings = tf.data.Dataset.range(50)
    parts = [numbers(split.split_once(ratings, 40, seed)[0]) for seed in (42, 7, 7)]
    assert parts[0] != parts[1] == parts[2]


@pytest.mark.parametrize(("n", "train_size"), [(3, 0), (3, 3), (1, 0), (1, 1)])
def test_either_part_may_be_empty(n, train_size):
    train, test = split.split_once(tf.data.Dataset.range(n), train_size)
    assert (len(train), len(test)) == (train_size, n - train_size)


@pytest.mark.parametrize(("n", "train_size"), [(0, 0), (3, 4), (3, -1)])
def test_impossible_sizes_are_refused(n, train_size):
    message = f"{train_size} of {n} ratings cannot be the training ratings"
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        split.split_once(tf.data.Dataset.range(n), train_size)


def test_too_few_ratings_for_the_article_are_refused():
    with pytest.raises(ValueError, match=r"^80000 of 5 ratings"):
        split.split_once(tf.data.Dataset.range(5))


def test_validation_is_cut_off_a_mix_of_the_training_ratings():
    train, test = map(numbers, split.split_once(tf.data.Dataset.range(50), 40))
    parts = [part.tolist() for part in split.split_row_numbers(8, n=50)]
    mixed = np.random.default_rng(42).permutation(train).tolist()
    assert parts == [mixed[:32], mixed[32:], test]


@pytest.mark.parametrize("size", [0, 1, 40])
def test_validation_may_be_nothing_or_all(size):
    fit, validation, _ = split.split_row_numbers(size, n=50)
    assert (len(fit), len(validation)) == (40 - size, size)


@pytest.mark.parametrize("size", [-1, 41])
def test_impossible_validation_is_refused(size):
    with pytest.raises(ValueError, match=f"^{size} of 40 ratings cannot be held out$"):
        split.split_row_numbers(size, n=50)


@pytest.mark.parametrize(
    ("n", "sizes"),
    [(1, (0, 0, 1)), (7, (5, 0, 2)), (300, (216, 24, 60)), (150_000, (108_000, 12_000, 30_000))],
)
def test_parts_have_the_size_of_the_data(n, sizes):
    """Not of MovieLens: more ratings were cut off without a word, and fewer were not there."""
    parts = split.split_row_numbers(n=n)
    assert tuple(map(len, parts)) == sizes
    assert np.array_equal(np.sort(np.concatenate(parts)), np.arange(n))


@pytest.mark.parametrize("n", [0, -3])
def test_no_ratings_cannot_be_split(n):
    with pytest.raises(ValueError):
        split.split_row_numbers(n=n)


def test_all_of_movielens_is_split():
    parts = split.split_row_numbers()
    assert [len(part) for part in parts] == [72_000, 8_000, 20_000]
    assert np.array_equal(np.sort(np.concatenate(parts)), np.arange(100_000))


# Your own ratings


def rows_at(times):
    return {"user_id": np.arange(len(times)), "timestamp": np.array(times)}


@pytest.mark.parametrize("n", [300, 150_000])
def test_own_ratings_are_split_in_time_where_there_is_a_time(n):
    times = np.random.default_rng(n).permutation(n)
    fit, validation, test = split.split_rows(rows_at(times))
    assert [len(fit), len(validation), len(test)] == [n * 72 // 100, n * 8 // 100, n * 20 // 100]
    assert times[fit].max() < times[validation].min()
    assert times[validation].max() < times[test].min()
    assert np.array_equal(np.sort(np.concatenate([fit, validation, test])), np.arange(n))


@pytest.mark.parametrize("n", [300, 101_000])
def test_own_ratings_are_split_at_random_where_there_is_none(n):
    parts = split.split_rows({"user_id": np.arange(n)})
    for part, same in zip(parts, split.split_row_numbers(n=n), strict=True):
        assert np.array_equal(part, same)


def test_ratings_of_one_moment_stay_together_in_the_later_part():
    times = np.repeat(np.arange(10), 10)  # cuts fall within day 7 and at the start of day 8
    fit, validation, test = split.split_rows(rows_at(times))
    assert [set(times[part]) for part in (fit, validation, test)] == [set(range(7)), {7}, {8, 9}]
    shuffled = np.random.default_rng(1).permutation(times)
    for part, same in zip(split.split_rows(rows_at(shuffled)), (fit, validation, test)):
        assert sorted(shuffled[part]) == sorted(times[same])


def test_ratings_of_one_moment_keep_their_order():
    times = np.random.default_rng(1).integers(0, 100, 3_000)
    parts = split.split_rows(rows_at(times))
    assert np.concatenate(parts).tolist() == sorted(range(3_000), key=lambda row: times[row])


TOO_FEW = (
    " are too few to learn from, to choose by and to test on: leave the timestamp out, or gather "
    "more"
)


@pytest.mark.parametrize("times", [[], [5], [5] * 300, [1] * 10 + [2] * 290])
def test_too_few_moments_are_refused(times):
    what = f"{len(times)} ratings of {len(set(times))} moments{TOO_FEW}"
    with pytest.raises(ValueError, match=f"^{re.escape(what)}$"):
        split.split_rows(rows_at(times))


@pytest.mark.parametrize("n", [0, 1, 7])
def test_too_few_ratings_are_refused(n):
    with pytest.raises(ValueError, match=f"^{re.escape(f'{n} ratings{TOO_FEW}')}$"):
        split.split_rows({"user_id": np.arange(n)})
