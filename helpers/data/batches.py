"""Rows in batches, in a new order in each epoch."""

import numpy as np

from helpers.keras2 import tf

COPIED = 200_000_000  # bytes of rows, at most, that TensorFlow gets a copy of, which is faster


def make_batches(rows, batch_size, shuffle=False, drop_remainder=False):
    """Return rows in batches; each batch is gathered in one go, which is fast.

    Args:
        rows: dict of arrays with n entries each.
        batch_size: int.
        shuffle, drop_remainder: as `places_in_batches` takes them.

    Returns:
        A `tf.data.Dataset` of dicts of tensors.

    Raises:
        ValueError: there are no rows, or `batch_size` is not positive.
    """
    n = len(next(iter(rows.values()))) if rows else 0
    places = places_in_batches(n, batch_size, shuffle, drop_remainder)
    if sum(np.asarray(values).nbytes for values in rows.values()) > COPIED:
        return _gathered_by_numpy(rows, places).prefetch(1)
    columns = {name: tf.constant(values) for name, values in rows.items()}
    return places.map(
        lambda batch: {name: tf.gather(column, batch) for name, column in columns.items()}
    ).prefetch(8)


def _gathered_by_numpy(rows, places):
    """Return what `make_batches` does, without a second copy of all rows in TensorFlow's memory."""
    columns = [np.asarray(values) for values in rows.values()]
    kinds = [tf.string if values.dtype.kind in "SO" else values.dtype for values in columns]

    def gather(batch):
        taken = tf.numpy_function(lambda place: [v[place] for v in columns], [batch], kinds)
        for each, values in zip(taken, columns):
            each.set_shape((*batch.shape, *values.shape[1:]))
        return dict(zip(rows, taken))

    return places.map(gather)


def places_in_batches(n, batch_size, shuffle=False, drop_remainder=False):
    """Return the places of n rows, from 0 to n - 1, in batches.

    An epoch's order is drawn at once, as one permutation, which is much faster than mixing places
    one by one in the buffer of `Dataset.shuffle`.

    Args:
        n: int.
        batch_size: int.
        shuffle: whether each epoch has an order of its own; the seed that
            `tf.keras.utils.set_random_seed` has set decides all of them.
        drop_remainder: whether to leave out a last batch that is smaller than the others.

    Returns:
        A `tf.data.Dataset` of int32 tensors.

    Raises:
        ValueError: n or `batch_size` is not positive.
    """
    if min(n, batch_size) < 1:
        raise ValueError(f"{n} rows cannot be put into batches of {batch_size}")
    starts = tf.data.Dataset.range(0, n - batch_size + 1 if drop_remainder else n, batch_size)

    def cut(order):
        return starts.map(lambda start: order[start : start + batch_size])

    if not shuffle:
        return cut(tf.range(n))

    def shuffle_and_cut(seed):
        return cut(tf.random.experimental.stateless_shuffle(tf.range(n), seed))

    seeds = tf.data.Dataset.random(rerandomize_each_iteration=True).batch(2, drop_remainder=True)
    batches = seeds.take(1).flat_map(shuffle_and_cut)
    return batches.apply(tf.data.experimental.assert_cardinality(len(starts)))
