"""Training steps in NumPy, with the same arithmetic as Keras's: gradients and updates by hand."""

import numpy as np


def of_model(model, batches):
    """Return a function that trains so many steps in NumPy and returns the last loss.

    Args:
        model: a compiled `MovielensModel`, `RatingModel` without parts, or `Factors`; it is not
            changed. The optimizer starts anew, and keeps the learning rate that it has now.
        batches: list of dicts of tensors, with ids as numbers; used in turns.

    Returns:
        The function, or None for another model.
    """
    from helpers.factors import Factors
    from helpers.models import MovielensModel
    from helpers.ranking import RatingModel

    fields, l2, mean = ("user_id", "movie_title", "user_rating"), 0.0, 3.5
    if type(model) is MovielensModel:
        step, weights = towers_step, model.trainable_variables
    elif type(model) is Factors:
        step, fields = factors_step, ("user", "movie", "user_rating")
        weights = [each.embeddings for each in _tables(model)]
    elif type(model) is RatingModel and not model.parts:
        step, mean = factors_step, model.mean
        weights = [each.embedding.embeddings for each in _tables(model)]
        l2 = float(model.user.embedding.embeddings_regularizer.l2)
    else:
        return None
    weights = [weight.numpy() for weight in weights]
    update = {"Adam": Adam, "Adagrad": Adagrad}[type(model.optimizer).__name__](
        weights, float(model.optimizer.learning_rate)
    )
    columns = [[batch[name].numpy() for name in fields] for batch in batches]

    def run(steps):
        for i in range(steps):
            loss = step(weights, update, *columns[i % len(columns)], l2, mean)
        return float(loss)

    return run


def _tables(model):
    return model.user, model.movie, model.user_bias, model.movie_bias


class Adagrad:
    """Keras's Adagrad; of a table it touches only the rows that have a gradient."""

    def __init__(self, weights, rate):
        self.rate = np.float32(rate)
        self.sums = [np.full_like(weight, 0.1) for weight in weights]

    def __call__(self, weights, gradients):
        """Change weights in place, by gradients that are arrays, or rows and their values."""
        for weight, total, gradient in zip(weights, self.sums, gradients):
            rows, values = gradient if isinstance(gradient, tuple) else (slice(None), gradient)
            total[rows] += values * values
            weight[rows] -= self.rate * values / np.sqrt(total[rows] + np.float32(1e-7))


class Adam:
    """Keras's Adam; it touches whole tables."""

    def __init__(self, weights, rate):
        self.rate, self.steps = rate, 0
        self.means = [(np.zeros_like(weight), np.zeros_like(weight)) for weight in weights]

    def __call__(self, weights, gradients):
        """Change weights in place, by gradients that are arrays, or rows and their values."""
        self.steps += 1
        bias = np.sqrt(1 - 0.999**self.steps) / (1 - 0.9**self.steps)
        rate = np.float32(self.rate * bias)
        for weight, (mean, square), gradient in zip(weights, self.means, gradients):
            if isinstance(gradient, tuple):
                rows, values = gradient
                gradient = np.zeros_like(weight)
                gradient[rows] = values
            mean += (gradient - mean) * np.float32(0.1)
            square += (gradient * gradient - square) * np.float32(0.001)
            weight -= rate * mean / (np.sqrt(square) + np.float32(1e-7))


def row_sums(numbers, values):
    """Return the different numbers, sorted, and for each the sum of its rows of values.

    Args:
        numbers: int array of shape (n,), n > 0.
        values: array of shape (n, d).
    """
    order = np.argsort(numbers, kind="stable")
    ascending = numbers[order]
    starts = np.flatnonzero(np.diff(ascending, prepend=ascending[0] - 1))
    return ascending[starts], np.add.reduceat(values[order], starts, axis=0)


def factors_step(weights, update, user, movie, stars, l2, mean):
    """Train biases and a dot product; return the loss, with the L2 penalty of whole tables."""
    users, movies, user_bias, movie_bias = weights
    p, q = users[user], movies[movie]
    error = mean + user_bias[user, 0] + movie_bias[movie, 0] + (p * q).sum(axis=1) - stars
    loss = np.mean(error * error)
    slope = ((2 / len(error)) * error).astype(np.float32)[:, None]
    numbers = (user, movie, user, movie)
    by_rating = (slope * q, slope * p, slope, slope)
    gradients = [row_sums(*each) for each in zip(numbers, by_rating)]
    if l2:
        loss += l2 * sum(np.vdot(weight, weight) for weight in weights)
        whole = [np.float32(2 * l2) * weight for weight in weights]
        for gradient, (rows, values) in zip(whole, gradients):
            gradient[rows] += values
        gradients = whole
    update(weights, gradients)
    return loss


def towers_step(weights, update, user, movie, stars, l2, mean):
    """Train the article's model, two tables and three dense layers; return the loss."""
    users, movies, w1, b1, w2, b2, w3, b3 = weights
    x = np.concatenate([users[user], movies[movie]], axis=1)
    h1 = np.maximum(x @ w1 + b1, 0)
    h2 = np.maximum(h1 @ w2 + b2, 0)
    error = (h2 @ w3 + b3)[:, 0] - stars
    slope = ((2 / len(error)) * error)[:, None]
    d2 = (slope @ w3.T) * (h2 > 0)
    d1 = (d2 @ w2.T) * (h1 > 0)
    dx = d1 @ w1.T
    size = users.shape[1]
    update(
        weights,
        [
            row_sums(user, dx[:, :size]), row_sums(movie, dx[:, size:]),
            x.T @ d1, d1.sum(axis=0), h1.T @ d2, d2.sum(axis=0), h2.T @ slope, slope.sum(axis=0),
        ],
    )  # fmt: skip
    return np.mean(error * error)
