"""How good predicted ratings are."""

import numpy as np


def rmse(labels, predictions):
    """Return the root mean squared error.

    Args:
        labels, predictions: arrays of the same shape, or a single number for all, stars.

    Returns:
        float, stars.

    Example:
        rmse([1, 5], 3)  # 2.0
    """
    errors = np.asarray(labels, np.float64) - np.asarray(predictions, np.float64)
    return float(np.sqrt(np.mean(errors**2)))


def constant_rmse(train_ratings, test_ratings):
    """Return the test RMSE of predicting the mean training rating for everybody.

    Args:
        train_ratings, test_ratings: arrays of shape (n,) and (m,), stars.
    """
    return rmse(test_ratings, np.mean(train_ratings))
