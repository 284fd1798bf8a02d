"""Ratings on other scales than from 1 to 5 stars, such as half stars or 1 to 10 points."""

import numpy as np


def as_stars(values, scale):
    """Return ratings of any scale as stars from 1 to 5, which is what the models know.

    Args:
        values: array of ratings from the lowest of the scale to its highest.
        scale: the lowest and the highest rating there can be, such as (0.5, 5) or (1, 10).

    Returns:
        float32 array of the same shape.

    Raises:
        ValueError: the lowest is not below the highest.
    """
    low, high = _ends(scale)
    return (1 + 4 * (np.asarray(values, np.float64) - low) / (high - low)).astype(np.float32)


def on_scale(stars, scale):
    """Return stars from 1 to 5 as ratings of another scale: what `as_stars` does, turned round.

    Args:
        stars: array of stars; what lies outside of 1 to 5 is clipped to the ends.
        scale: the lowest and the highest rating there can be.

    Raises:
        ValueError: the lowest is not below the highest.
    """
    low, high = _ends(scale)
    return low + (np.clip(stars, 1, 5) - 1) * (high - low) / 4


def _ends(scale):
    low, high = scale
    if not low < high:
        raise ValueError(f"a scale from {low} to {high} has no room: give the lowest rating first")
    return low, high
