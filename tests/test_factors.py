"""The factor model of many ratings: its tables, its stars, and its part of a loss."""

import numpy as np
import pytest
import tiny

from helpers.data.batches import make_batches
from helpers.data.simulation import simulate
from helpers.data.vocabularies import numbered
from helpers.keras2 import tf
from helpers.models.factors import Factors


@pytest.fixture(scope="module")
def ratings():
    return simulate(3_000, users=60, movies=150).ratings


@pytest.fixture
def numbers():
    """Return 103 ratings whose `user` is the row's number."""
    row = np.arange(103, dtype=np.int32)
    return {"user": row, "movie": row % 7, "user_rating": (row / 10).astype(np.float32)}


def test_tables_start_small_and_the_same():
    """As drawn by NumPy from the course's seed, one after the other."""
    rng = np.random.default_rng(42)
    shapes = [(5, 16), (7, 16), (5, 1), (7, 1)]
    for table, shape in zip(Factors(5, 7, 10).tables(), shapes, strict=True):
        np.testing.assert_array_equal(table, rng.normal(0, 0.05, shape).astype(np.float32))
    small, other = Factors(5, 7, 10, 3, 1).tables(), Factors(5, 7, 10, dimension=3, seed=2).tables()
    assert [table.shape for table in small] == [(5, 3), (7, 3), (5, 1), (7, 1)]
    assert all((mine != others).all() for mine, others in zip(small, other))


@pytest.fixture
def model():
    model = Factors(103, 7, 103)
    return tiny.scatter_weights(model)


def test_stars_by_hand(numbers, model):
    user, movie, user_bias, movie_bias = model.tables()
    u, m = numbers["user"], numbers["movie"]
    expected = 3.5 + user_bias[u, 0] + movie_bias[m, 0] + (user[u] * movie[m]).sum(axis=1)
    stars = model(numbers)
    assert stars.shape == (103, 1)
    np.testing.assert_allclose(stars[:, 0], expected, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("cuts", [(), (50,), (1, 2, 70)])
def test_parts_of_the_loss_add_up(numbers, model, cuts):
    expected = np.mean((model(numbers)[:, 0] - numbers["user_rating"]) ** 2)
    parts = {name: np.split(values, cuts) for name, values in numbers.items()}
    losses = [
        float(model.compute_loss({name: values[i] for name, values in parts.items()}))
        for i in range(1 + len(cuts))
    ]
    assert all(0 < loss < expected for loss in losses) or not cuts
    assert sum(losses) == pytest.approx(expected, rel=1e-5)


def test_training_learns(ratings):
    numbers, users, movies = numbered(ratings)
    model = Factors(users, movies, 100)
    model.compile(tf.keras.optimizers.Adagrad(0.1))
    before = float(model.compute_loss(numbers))
    model.fit(make_batches(numbers, 100), epochs=3, verbose=0)
    assert float(model.compute_loss(numbers)) < 0.9 * before
