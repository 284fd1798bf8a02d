"""The factor model of many ratings; its numbers and batches."""

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


# Numbers


@pytest.mark.parametrize("kind", ["fixed width", "every second one", "objects"])
def test_numbers_are_places_in_the_sorted_vocabulary(ratings, kind):
    ratings = {name: ratings[name] for name in ("user_id", "movie_title", "user_rating")}
    if kind == "every second one":
        ratings = {name: values[::2] for name, values in ratings.items()}
    if kind == "objects":
        for name in ("user_id", "movie_title"):
            ratings[name] = ratings[name].astype(object)
    numbers, users, movies = numbered(ratings)
    for name, field, count in (("user", "user_id", users), ("movie", "movie_title", movies)):
        known, places = np.unique(ratings[field], return_inverse=True)
        assert count == len(known)
        assert numbers[name].dtype == np.int32
        np.testing.assert_array_equal(numbers[name], places)
    assert set(numbers) == {"user", "movie", "user_rating"}
    np.testing.assert_array_equal(numbers["user_rating"], ratings["user_rating"])
    assert numbers["user_rating"].dtype == np.float32


def test_numbers_of_odd_ids():
    """Ids that are not ASCII, look like numbers, or differ only by a space."""
    ids = ["10", "9", "Zoë", "zoe", "9 ", "Łódź", "9", "-1"]
    ids = np.array([each.encode() for each in ids])
    ratings = {"user_id": ids, "movie_title": ids[::-1], "user_rating": np.ones(8, np.float32)}
    numbers, users, movies = numbered(ratings)
    assert users == movies == 7
    np.testing.assert_array_equal(np.unique(ids)[numbers["user"]], ids)
    np.testing.assert_array_equal(np.unique(ids)[numbers["movie"]], ids[::-1])


# Batches


def rows_of(batches):
    return [batch["user"].numpy().tolist() for batch in batches]


def test_each_row_comes_at_most_once_and_whole(numbers):
    batches = list(make_batches(numbers, 10, shuffle=True, drop_remainder=True))
    assert [len(batch["user"]) for batch in batches] == [10] * 10  # three rows are left over
    rows = np.concatenate(rows_of(batches))
    assert len(set(rows)) == 100
    assert rows.min() >= 0 and rows.max() < 103
    for batch in batches:
        for name, values in batch.items():
            np.testing.assert_array_equal(values, numbers[name][batch["user"]])
            assert values.dtype == numbers[name].dtype


def test_each_epoch_has_an_order_of_its_own_and_the_seed_decides_them(numbers):
    orders = []
    for seed in (1, 1, 2):
        tf.keras.utils.set_random_seed(seed)
        batches = make_batches(numbers, 10, shuffle=True)
        orders.append([np.concatenate(rows_of(batches)).tolist() for _ in range(3)])
    assert orders[0] == orders[1] != orders[2]
    assert len(set(map(tuple, orders[0]))) == 3
    assert all(sorted(order) == list(range(103)) != order for order in orders[0])
    assert len({frozenset(order[:100]) for order in orders[0]}) == 3  # no row is always left out


def test_rows_in_their_own_order(numbers):
    assert np.concatenate(rows_of(make_batches(numbers, 10))).tolist() == list(range(103))


@pytest.mark.parametrize(("size", "count"), [(103, 1), (104, 0), (51, 2), (1, 103)])
def test_number_of_whole_batches(numbers, size, count):
    batches = make_batches(numbers, size, shuffle=True, drop_remainder=True)
    assert len(batches) == len(rows_of(batches)) == count
    assert len(make_batches(numbers, size)) == -(-103 // size)


# The model


def test_tables_start_small_and_the_same(numbers):
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
