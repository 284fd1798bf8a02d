"""What many checks ask of an answer before they judge it."""

import math
import numbers
import operator

import numpy as np

from helpers.checks.engine.exercise import mistake
from helpers.keras2 import tf


def needs_function(answer):
    """Name the mistake if the answer is no function."""
    if isinstance(answer, type | tf.keras.layers.Layer):
        kind = "class" if isinstance(answer, type) else "model or a layer"
        mistake(f"This is a {kind}. A function was asked for.")
    if not callable(answer):
        mistake("A function was asked for.")


def needs_end(dataset):
    """Name the mistake if a dataset never ends.

    To be asked before anything is read: a single batch of it may never end either, and TensorFlow
    cannot be interrupted within a batch.
    """
    if dataset.cardinality() == tf.data.INFINITE_CARDINALITY:
        mistake("Your dataset does not end: leave `repeat` out.")


def as_it_is(dataset):
    """Return a dataset that is read as it is: to make it faster takes longer than to read it."""
    options = tf.data.Options()
    options.autotune.enabled = False
    options.experimental_optimization.apply_default_optimizations = False
    return dataset.with_options(options)


def as_numbers(answer, what="Numbers"):
    """Return what the learner's function returned, as an array of floats."""
    if answer is None:
        mistake("Your function returns nothing: add `return`.")
    try:
        array = np.asarray(answer)
        array = array.astype(float) if array.dtype.kind in "biufO" else None
    except (TypeError, ValueError, NotImplementedError):
        array = None
    if array is None:
        kind = type(answer).__name__
        mistake(f"{what} were asked for; a {kind} came back that is no array of them.")
    return array


def as_number(answer, what="your function"):
    """Return what `what`, the learner's function, returned, as one finite float."""
    start = what[0].upper() + what[1:]
    if answer is None:
        mistake(f"{start} returns nothing: add `return`.")
    is_number = isinstance(answer, numbers.Real) and not isinstance(answer, bool)
    if not (is_number or isinstance(answer, np.ndarray) or tf.is_tensor(answer)):
        mistake(f"One number was asked for; {what} returns a {type(answer).__name__}.")
    if not is_number and np.size(answer) != 1:
        mistake(f"One number was asked for; {what} returns the shape {np.shape(answer)}.")
    value = float(answer if is_number else np.squeeze(as_numbers(answer)))
    if not math.isfinite(value):
        mistake(f"{start} returns {value}.")
    return value


def name_mistake(answer, named, same=operator.eq):
    """Stop if an answer is one of those that a known mistake leads to.

    Args:
        answer: what the learner's code gave.
        named: pairs of a wrong answer and what to say of it, the likeliest first.
        same: function that tells whether an answer is one of the wrong ones.
    """
    for wrong, message in named:
        if same(answer, wrong):
            mistake(message)
