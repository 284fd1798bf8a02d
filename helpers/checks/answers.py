"""What many checks ask of an answer before they judge it."""

import numpy as np

from helpers.checks import mistake


def needs_function(answer):
    """Name the mistake if the answer is no function."""
    if not callable(answer):
        mistake("A function was asked for.")


def as_numbers(answer):
    """Return what the learner's function returned, as an array of floats."""
    if answer is None:
        mistake("Your function returns nothing: add `return`.")
    try:
        array = np.asarray(answer)
        array = array.astype(float) if array.dtype.kind in "biufO" else None
    except (TypeError, ValueError):
        array = None
    if array is None:
        mistake(f"Numbers were asked for; a {type(answer).__name__} came back that holds none.")
    return array


def as_number(answer):
    """Return what the learner's function returned, as one finite float."""
    array = as_numbers(answer)
    if array.size != 1:
        mistake(f"One number was asked for; yours has shape {array.shape}.")
    value = array.item()
    if not np.isfinite(value):
        mistake(f"Your function returns {value}.")
    return value
