"""What is done for a user who is not in the training ratings.

Folding in: Koren, Bell and Volinsky, "Matrix Factorization Techniques for Recommender Systems"
(2009); for one user and fixed movies, their least squares are a ridge regression.
"""

import numpy as np


def fold_in(movie_vectors, errors, l2):
    """Return the bias and vector of a new user, an array of shape (1 + d,).

    They minimise the sum of squared errors plus `l2` times the sum of their squares, which is the
    training loss of a matrix factorization as far as this user is concerned.

    Args:
        movie_vectors: of the movies that the user has rated, shape (n, d); n may be 0.
        errors: stars minus what mean and movie bias expect, shape (n,).
        l2: float, the l2 of training.

    Raises:
        ValueError: there are not as many vectors as errors, or too few of both for an l2 of 0.
    """
    inputs = np.column_stack([np.ones(len(errors)), movie_vectors])
    return np.linalg.solve(inputs.T @ inputs + l2 * np.eye(inputs.shape[1]), inputs.T @ errors)
