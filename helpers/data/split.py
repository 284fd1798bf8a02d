"""Ratings to learn from, to choose by and to test on: each rating is in one part only."""

import numpy as np

from helpers import SEED
from helpers.keras2 import tf

RATINGS, TRAIN_SIZE, VALIDATION_SIZE = 100_000, 80_000, 8_000


def split_once(ratings, train_size=TRAIN_SIZE, seed=SEED):
    """Shuffle the ratings once, and cut them in two.

    The order is the same at every iteration, so that no row is ever in both parts. (A user
    who has rated both of a movie's two entries may have one in each.)

    Args:
        ratings: a `tf.data.Dataset` of known length.
        train_size: how many ratings go into the first part.
        seed: int; the global seed of TensorFlow counts too, so it is set to the same number.

    Returns:
        Two datasets, `train` and `test`.

    Raises:
        TypeError: the dataset has no end, or its length is not known.
        ValueError: there are no ratings, or fewer than `train_size`.
    """
    shuffled = _shuffled(ratings, train_size, seed)
    return shuffled.take(train_size), shuffled.skip(train_size)


def _shuffled(ratings, train_size, seed=SEED):
    if not 0 <= train_size <= len(ratings) or len(ratings) == 0:
        raise ValueError(f"{train_size} of {len(ratings)} ratings cannot be the training ratings")
    tf.random.set_seed(seed)
    return ratings.shuffle(len(ratings), seed=seed, reshuffle_each_iteration=False)


def split_row_numbers(validation_size=None, n=RATINGS):
    """Split the numbers of all ratings as `split_once` does, and cut validation off train.

    Args:
        validation_size: how many of the training ratings go into validation; by default 8 of 100
            ratings, which is 8,000 of MovieLens's.
        n: how many ratings there are, by default as many as in MovieLens 100K. 80 of 100 are
            training ratings.

    Returns:
        Three arrays of row numbers: `fit` (what is left of the training ratings), `validation`
        and `test`. `fit` and `validation` together are lesson 1's `train`.

    Raises:
        ValueError: there are fewer training ratings than `validation_size`, or no ratings.
    """
    train_size = n * TRAIN_SIZE // RATINGS
    if validation_size is None:
        validation_size = n * VALIDATION_SIZE // RATINGS
    if not 0 <= validation_size <= train_size:
        raise ValueError(f"{validation_size} of {train_size} ratings cannot be held out")
    shuffled = _shuffled(tf.data.Dataset.range(n), train_size)
    numbers = np.array(shuffled.batch(n).get_single_element())  # in one batch, which is fast
    train, test = np.split(numbers, [train_size])
    mixed = np.random.default_rng(SEED).permutation(train)
    cut = train_size - validation_size
    return mixed[:cut], mixed[cut:], test


def split_rows(rows):
    """Split your own ratings: in time where they have a timestamp, else at random.

    Args:
        rows: dict of arrays of ratings. With `timestamp`, the latest 20 of 100 are the test, the 8
            before them validation, and ratings of one moment (a second, or a day where the file
            has dates) stay together, in the later part, so that none is known before the others.

    Returns:
        Three arrays of row numbers: `fit`, `validation` and `test`.

    Raises:
        ValueError: a part would be empty: too few ratings, or too few different moments.
    """
    n = len(rows["user_id"])
    if "timestamp" in rows:
        order = np.argsort(rows["timestamp"], kind="stable")
        times = rows["timestamp"][order]
        train_size = n * TRAIN_SIZE // RATINGS
        cuts = [train_size - n * VALIDATION_SIZE // RATINGS, train_size]
        parts = np.split(order, np.searchsorted(times, times[cuts])) if n else [order]
        what = f"{n} ratings of {len(np.unique(times))} moments"
    else:
        parts = split_row_numbers(n=n) if n else [np.zeros(0, int)]
        what = f"{n} ratings"
    if not all(map(len, parts)):
        raise ValueError(
            f"{what} are too few to learn from, to choose by and to test on: leave the timestamp "
            "out, or gather more"
        )
    return tuple(parts)
