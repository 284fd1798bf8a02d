"""How far predicted stars are from those that users gave."""

import numpy as np


def rmse(labels, predictions):
    """Return the root mean squared error.

    Args:
        labels, predictions: arrays of the same shape, or a single number for all, stars.

    Returns:
        float, stars.

    Raises:
        ValueError: there are no ratings, or the shapes differ: (n,) and (n, 1) would make n * n
            errors.

    Example:
        rmse([1, 5], 3)  # 2.0
    """
    labels, predictions = np.asarray(labels, np.float64), np.asarray(predictions, np.float64)
    if labels.shape != predictions.shape and 1 not in (labels.size, predictions.size):
        raise ValueError(
            f"labels have the shape {labels.shape}, predictions {predictions.shape}: give both the "
            "same, or one number for all"
        )
    errors = labels - predictions
    if errors.size == 0:
        raise ValueError("there are no ratings to compare")
    return float(np.sqrt(np.mean(errors**2)))


def constant_rmse(train_ratings, test_ratings):
    """Return the test RMSE of predicting the mean training rating for everybody.

    Args:
        train_ratings, test_ratings: arrays of shape (n,) and (m,), stars.

    Raises:
        ValueError: there are no ratings in one of the two.
    """
    if np.size(train_ratings) == 0:
        raise ValueError("there are no training ratings to take the mean of")
    return rmse(test_ratings, np.mean(train_ratings))


def rmse_by_group(labels, predictions, values, starts):
    """Return the RMSE of each group of ratings, as a dict from the group's name to stars.

    Args:
        labels, predictions: arrays of shape (n,), stars.
        values: array of shape (n,) of whole numbers, by which to group.
        starts: the lowest value of each group, rising; the last group has no end. A group without
            ratings is left out.

    Raises:
        ValueError: the arrays differ in length, or hold nothing; or a value is below all groups.

    Example:
        rmse_by_group(labels, predictions, counts, [0, 10, 100])  # keys 0–9, 10–99, 100+
    """
    labels, predictions = np.asarray(labels), np.asarray(predictions)
    if not 0 < len(labels) == len(predictions) == len(values):
        raise ValueError("labels, predictions and values need one entry per rating, each as many")
    groups, lowest, top = {}, np.min(values), np.max(values)
    if lowest < starts[0]:
        raise ValueError(f"{lowest} is below the first group, which starts at {starts[0]}")
    group_of = np.searchsorted(starts, values, side="right") - 1
    for place, start in enumerate(starts):
        end = starts[place + 1] - 1 if place + 1 < len(starts) else top
        name = f"{start}" if end == start else f"{start}+" if end == top else f"{start}–{end}"
        here = group_of == place
        if here.any():
            groups[name] = rmse(labels[here], predictions[here])
    return groups
