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


def take(rows, which):
    """Return some rows: each array indexed with `which` (row numbers or bools)."""
    return {name: values[which] for name, values in rows.items()}


def vocabulary(ratings, field):
    """Return the different values of one field, sorted, as an array of bytes.

    Args:
        ratings: a `tf.data.Dataset` of dicts; it is read in large batches.
        field: `"user_id"` or `"movie_title"`.

    Raises:
        ValueError: there are no ratings, or they do not end.
        KeyError: there is no such field.
    """
    if ratings.cardinality() in (0, tf.data.INFINITE_CARDINALITY):
        raise ValueError(
            "a vocabulary needs a dataset of ratings that has an end, and is not empty"
        )
    if field not in ratings.element_spec:
        raise KeyError(f"there is no field {field!r}; there are {', '.join(ratings.element_spec)}")
    batches = ratings.batch(100_000).map(lambda batch: batch[field])
    values = np.concatenate(list(batches.as_numpy_iterator()))
    return np.unique(values.astype(bytes))  # fixed-width bytes sort much faster than objects


def as_arrays(ratings):
    """Return a dataset of dicts as one dict of arrays, in the dataset's order.

    Raises:
        TypeError: the dataset has no end, or its length is not known.
        ValueError: it is empty.
    """
    if len(ratings) == 0:
        raise ValueError("there are no ratings to make arrays of")
    return next(ratings.batch(len(ratings)).as_numpy_iterator())
