"""Ratings to learn from, to choose by and to test on: each rating is in one part only."""

import numpy as np

from helpers import SEED
from helpers.data.ratings import as_arrays
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
    if not 0 <= train_size <= len(ratings) or len(ratings) == 0:
        raise ValueError(f"{train_size} of {len(ratings)} ratings cannot be the training ratings")
    tf.random.set_seed(seed)
    shuffled = ratings.shuffle(len(ratings), seed=seed, reshuffle_each_iteration=False)
    return shuffled.take(train_size), shuffled.skip(train_size)


def split_row_numbers(validation_size=VALIDATION_SIZE):
    """Split the numbers of all ratings as `split_once` does, and cut validation off train.

    Args:
        validation_size: how many of the training ratings go into validation.

    Returns:
        Three arrays of row numbers: `fit` (what is left of the training ratings), `validation`
        and `test`. `fit` and `validation` together are lesson 1's `train`.

    Raises:
        ValueError: there are fewer training ratings than `validation_size`.
    """
    if not 0 <= validation_size <= TRAIN_SIZE:
        raise ValueError(f"{validation_size} of {TRAIN_SIZE} ratings cannot be held out")
    train, test = (as_arrays(part) for part in split_once(tf.data.Dataset.range(RATINGS)))
    mixed = np.random.default_rng(SEED).permutation(train)
    cut = TRAIN_SIZE - validation_size
    return mixed[:cut], mixed[cut:], test
