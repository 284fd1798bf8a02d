"""What lesson 1 builds: the ratings as a `tf.data.Dataset`, their split, and the vocabularies."""

import numpy as np

from helpers import movielens
from helpers.movielens import tf

SEED = 42  # the article's, for the split and for training
RATINGS, TRAIN_SIZE, VALIDATION_SIZE = 100_000, 80_000, 8_000


def load_ratings():
    """Return MovieLens 100K as a dataset of dicts with movie_title, user_id and user_rating.

    Raises:
        movielens.MovieLensError: the dataset is not prepared.
    """
    fields = movielens.read_ratings("movie_title", "user_id", "user_rating")
    return tf.data.Dataset.from_tensor_slices(fields)


def split_once(ratings, train_size=TRAIN_SIZE, seed=SEED):
    """Shuffle the ratings once, and cut them in two.

    The order is the same at every iteration, so that no rating is ever in both parts.

    Args:
        ratings: a `tf.data.Dataset` of known length.
        train_size: how many ratings go into the first part.
        seed: int; the global seed of TensorFlow counts too, so it is set to the same number.

    Returns:
        Two datasets, `train` and `test`.
    """
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
    """
    train, test = (as_arrays(part) for part in split_once(tf.data.Dataset.range(RATINGS)))
    mixed = np.random.default_rng(SEED).permutation(train)
    return mixed[:-validation_size], mixed[-validation_size:], test


def take(rows, which):
    """Return some rows: each array indexed with `which` (row numbers or bools)."""
    return {name: values[which] for name, values in rows.items()}


def vocabulary(ratings, field):
    """Return the different values of one field, sorted, as an array of bytes.

    Args:
        ratings: a `tf.data.Dataset` of dicts; it is read in large batches.
        field: `"user_id"` or `"movie_title"`.
    """
    batches = ratings.batch(100_000).map(lambda batch: batch[field])
    return np.unique(np.concatenate(list(batches.as_numpy_iterator())))


def as_arrays(ratings):
    """Return a dataset of dicts as one dict of arrays, in the dataset's order."""
    return next(ratings.batch(len(ratings)).as_numpy_iterator())
