"""The course's models in Keras 3: the same numbers as in Keras 2 from the same weights."""

import keras
import keras_rs
import numpy as np
import pytest
import tiny

from helpers.data.ratings import take
from helpers.keras2 import tf
from helpers.models import factors, keras3
from helpers.models.article import RankingModel


@pytest.fixture(scope="module")
def rows():
    return tiny.make_rows()


def set_tables(model, **tables):
    for name, table in tables.items():
        model.get_layer(name).set_weights([table])


def test_numbers_are_places_in_sorted_order_and_unknown_ones_come_last(rows):
    train, new = take(rows, slice(0, 40)), {"user_id": [b"nobody"], "movie_title": [b"Movie 11"]}
    numbers = keras3.numbers_of(train, rows)
    for name, field in (("user", "user_id"), ("movie", "movie_title")):
        known = sorted(set(train[field].tolist()))
        place = {value: i for i, value in enumerate(known)}
        assert numbers[name].tolist() == [place.get(v, len(known)) for v in rows[field].tolist()]
        assert numbers[name].dtype == np.int32
    of_new = keras3.numbers_of(train, {name: np.array(values) for name, values in new.items()})
    users, movies = keras3.rows_of_tables(train)
    assert of_new["user"].tolist() == [users - 1]
    assert (users, movies) == tuple(
        len(np.unique(train[f])) + 1 for f in ("user_id", "movie_title")
    )


def test_article_model_predicts_what_lesson_2_does(rows):
    users, titles = np.unique(rows["user_id"]), np.unique(rows["movie_title"])
    old = RankingModel(users, titles)
    old((rows["user_id"], rows["movie_title"]))
    tiny.scatter_weights(old)
    new = keras3.make_article_model(*keras3.rows_of_tables(rows))
    towers = {"user_table": old.user_tower, "movie_table": old.movie_tower}
    tables = {name: tower.get_weights()[-1] for name, tower in towers.items()}
    set_tables(new, **{name: np.roll(table, -1, 0) for name, table in tables.items()})
    for layer, other in zip(new.layers[-3:], old.rating_layers.layers):
        layer.set_weights(other.get_weights())
    numbers = keras3.numbers_of(rows, rows)
    expected = old((rows["user_id"], rows["movie_title"])).numpy()[:, 0]
    np.testing.assert_allclose(keras3.predict_numbers(new, numbers), expected, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("shape", [(), (None,)])
def test_factors_predict_what_those_of_many_ratings_do(shape):
    old = tiny.scatter_weights(factors.Factors(5, 7, 10))
    new = keras3.make_factor_model(5, 7, 3.5, 0.25, shape)
    user, movie, user_bias, movie_bias = old.tables()
    set_tables(new, user_table=user, movie_table=movie, user_bias=user_bias, movie_bias=movie_bias)
    rng = np.random.default_rng(1)
    numbers = {"user": rng.integers(0, 5, 12, np.int32), "movie": rng.integers(0, 7, 12, np.int32)}
    expected = old(numbers).numpy()[:, 0]
    if shape:
        numbers = {name: values.reshape(4, 3) for name, values in numbers.items()}
        expected = expected.reshape(4, 3)
    np.testing.assert_allclose(np.array(new(numbers)), expected, rtol=1e-5, atol=1e-5)
    squares = sum((table**2).sum() for table in old.tables())
    assert float(sum(new.losses)) == pytest.approx(0.25 * squares, rel=1e-5)


def test_a_step_is_that_of_keras_2():
    """Of both optimizers, and rows that a batch asks for more than once."""
    numbers = {"user": np.array([0, 1, 1, 3], np.int32), "movie": np.array([2, 2, 2, 6], np.int32)}
    stars = np.array([5, 1, 4, 2], np.float32)
    for name in ("Adagrad", "Adam"):
        old = tiny.scatter_weights(factors.Factors(5, 7, 4))
        new = keras3.make_factor_model(5, 7, 3.5, 0.0)
        before = dict(zip(("user_table", "movie_table", "user_bias", "movie_bias"), old.tables()))
        set_tables(new, **before)
        old.compile(getattr(tf.keras.optimizers, name)(0.1))
        batch = tf.data.Dataset.from_tensors({**numbers, "user_rating": stars})
        old.fit(batch, verbose=0)
        new.compile(getattr(keras.optimizers, name)(0.1), loss="mse")
        new.train_on_batch(numbers, stars)
        for (table, first), other in zip(before.items(), old.tables()):
            mine = new.get_layer(table).get_weights()[0]
            np.testing.assert_allclose(mine, other, rtol=1e-4, atol=1e-5)
            assert np.abs(mine - first).max() > 0.01


def test_lists_are_padded_with_labels_that_keras_rs_leaves_out(rows):
    list_number = np.array([7, 2] * 30) + 10 * (np.arange(60) < 13)
    numbers, labels = keras3.padded_lists(rows, list_number)
    found = []
    for user, movie, stars in zip(numbers["user"], numbers["movie"], labels):
        real = stars != -1
        assert (user[~real] == 0).all() and (movie[~real] == 0).all()
        found.append(sorted(zip(user[real], movie[real], stars[real])))
    whole = keras3.numbers_of(rows, rows)
    expected = []
    for number in np.unique(list_number):
        here = list_number == number
        triples = zip(whole["user"][here], whole["movie"][here], rows["user_rating"][here])
        expected.append(sorted(triples))
    assert found == expected
    scores = np.random.default_rng(2).normal(size=labels.shape).astype(np.float32)
    mask = labels != -1
    loss = keras_rs.losses.ListMLELoss()
    by_dict = loss({"labels": np.where(mask, labels, 0), "mask": mask}, scores)
    assert float(loss(labels, scores)) == pytest.approx(float(by_dict))


def test_towers_minimise_what_the_retriever_does(rows):
    old = tiny.make_retriever(rows)
    new = keras3.make_two_towers(rows)
    for mine, theirs in ((new.user, old.user), (new.movie, old.movie)):
        mine.build(None)
        mine.set_weights([np.roll(theirs.embedding.get_weights()[0], -1, 0)])
    batch = take(rows, slice(5, 40))
    numbers = keras3.numbers_of(rows, batch)
    expected = float(old.compute_loss(batch)) + float(sum(old.losses))
    found = float(new.compute_loss(numbers, y_pred=new(numbers)))
    assert found == pytest.approx(expected, rel=1e-5)


def test_towers_use_the_loss_that_they_are_given(rows):
    asked = []

    def loss(model, user, movie, shares):
        asked.append((user.shape[-1], movie.shape[-1]))
        return keras.ops.sum(user * movie) + keras.ops.sum(shares)

    model = keras3.train_two_towers(rows, loss)
    assert set(asked) == {(16, 16)}
    assert float(np.sum(model.shares)) == pytest.approx(1)
    assert model.shares[-1] == 0  # of what is unknown


@pytest.mark.parametrize(
    "train",
    [keras3.train_article_model_anew, keras3.train_factor_model, keras3.train_two_towers],
)
def test_trainings_repeat_and_differ_by_seed(rows, train):
    weights = [train(rows, seed=seed).get_weights()[0] for seed in (1, 1, 2)]
    assert np.array_equal(weights[0], weights[1])
    assert not np.array_equal(weights[0], weights[2])


def test_training_on_lists_reports_the_metric(rows):
    features = rows | {"list_number": rows["timestamp"] % 7}
    model = keras3.train_factors_on_lists(features, seed=1)
    history = model.history.history
    assert len(history["ndcg"]) == len(history["loss"]) == 8
    assert history["loss"][-1] < history["loss"][0]


def test_learning_rate_falls_to_zero(rows):
    model = keras3.train_factor_model(rows)
    rate, steps = model.optimizer._learning_rate, int(model.optimizer.iterations)
    assert steps == 12
    assert float(rate(0)) == pytest.approx(0.02)
    assert float(rate(steps)) == pytest.approx(0)


def test_who_imports_the_rooms_does_not_load_keras_3():
    """It costs time, and lessons before the eighth do not need it."""
    import subprocess
    import sys

    from conftest import ROOT

    code = (
        "import sys, helpers.checks.beyond_keras_2, helpers.data, helpers.models, helpers.metrics\n"
        "import helpers.scale, helpers.pictures, helpers.bench.__main__\n"
        "print(sorted(name for name in sys.modules if name == 'keras' or name == 'keras_rs'))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "[]"
