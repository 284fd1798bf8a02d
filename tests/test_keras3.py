"""The course's models in Keras 3: the same numbers as in Keras 2 from the same weights."""

import keras
import keras_rs
import numpy as np
import pytest
import tiny

from helpers.bench import lists as bench_lists
from helpers.data.ratings import take
from helpers.keras2 import tf
from helpers.models import factors, keras3, lists, training
from helpers.models.article import RankingModel
from helpers.models.features import make_features


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


def test_factors_predict_what_those_of_many_ratings_do():
    old = tiny.scatter_weights(factors.Factors(5, 7, 10))
    new = keras3.make_factor_model(5, 7, 3.5, 0.25)
    user, movie, user_bias, movie_bias = old.tables()
    set_tables(new, user_table=user, movie_table=movie, user_bias=user_bias, movie_bias=movie_bias)
    rng = np.random.default_rng(1)
    numbers = {"user": rng.integers(0, 5, 12, np.int32), "movie": rng.integers(0, 7, 12, np.int32)}
    expected = old(numbers).numpy()[:, 0]
    np.testing.assert_allclose(np.array(new(numbers)), expected, rtol=1e-5, atol=1e-5)
    squares = sum((table**2).sum() for table in old.tables())
    assert float(sum(new.losses)) == pytest.approx(0.25 * squares, rel=1e-5)


def test_a_step_is_that_of_keras_2(eagerly):
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
    labels = keras3.padded_lists(rows["user_rating"], list_number, padding=-1)
    given = {name: keras3.padded_lists(rows[name], list_number) for name in ("age", "genres")}
    mask = labels != -1
    sizes = [np.count_nonzero(list_number == number) for number in np.unique(list_number)]
    assert mask.sum(axis=1).tolist() == sizes
    assert labels.shape == (4, max(sizes))
    order = np.argsort(list_number, kind="stable")
    for name, padded in (*given.items(), ("user_rating", labels)):
        assert padded.dtype == rows[name].dtype
        assert np.array_equal(padded[mask], rows[name][order])
        assert name == "user_rating" or not padded[~mask].any()
    scores = np.random.default_rng(2).normal(size=labels.shape).astype(np.float32)
    loss = keras_rs.losses.ListMLELoss()
    by_dict = loss({"labels": np.where(mask, labels, 0), "mask": mask}, scores)
    assert float(loss(labels, scores)) == pytest.approx(float(by_dict))


@pytest.fixture(scope="module")
def twins(rows):
    """Return lesson 8's model, with scattered weights, its twin in Keras 3, and its features."""
    features = lists.make_list_features(rows)
    old = lists.ListModel(features, keras_rs.losses.ListMLELoss(), l2=100)
    old(take(features, slice(1)))
    tiny.scatter_weights(old, scale=0.12)
    new = keras3.make_list_model(features, 100)
    of_sides = {**old.user_sides, **old.movie_sides}
    genres = of_sides.pop("genres")
    sides = {f"{field}_table": table for field, table in of_sides.items()}
    tables = {
        "user_table": old.user, "movie_table": old.movie,
        "user_bias": old.user_bias, "movie_bias": old.movie_bias, **sides,
    }  # fmt: skip
    layers = {name: (new.get_layer(name), table) for name, table in tables.items()}
    for name in ("seen", "liked", "raters"):
        layers[name] = new.get_layer(name).table, getattr(old, name).table
    for layer, table in layers.values():
        layer.set_weights([np.roll(table.embedding.get_weights()[0], -1, 0)])
    whole = {"of_genres": genres, "last": old.last}
    whole |= {"cross_1": old.crosses[0], "cross_2": old.crosses[1]}
    for name, layer in whole.items():
        new.get_layer(name).set_weights(layer.get_weights())
    return old, new, features


def batch_of(features, rows):
    """Return the same rows as a batch of both models: Keras 2's, and inputs and labels."""
    some = take(features, rows)
    number, given = some["list_number"], keras3.list_inputs(features, some)
    inputs = {name: keras3.padded_lists(values, number) for name, values in given.items()}
    labels = keras3.padded_lists(some["user_rating"], number, padding=-1)
    return next(iter(lists.make_list_batches(some))), inputs, labels


def test_list_model_predicts_what_lesson_8s_does(rows, twins):
    old, new, features = twins
    asked = take(rows, slice(0, 25))
    asked = asked | {"user_id": np.where(np.arange(25) < 3, b"nobody", asked["user_id"])}
    others = make_features(take(rows, slice(25, 60)), asked)
    expected = training.predict_uncut(old, others)
    found = keras3.predict_lists(new, features, others)
    assert np.ptp(expected) > 0.5
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(float(sum(new.losses)), float(sum(old.losses)), rtol=1e-5)


def test_list_model_leaves_out_what_lesson_8s_does(twins, eagerly):
    """A batch of training lists has the same loss, and two steps from there move both alike."""
    old, new, features = twins
    here = np.isin(features["list_number"], np.unique(features["list_number"])[3:20])
    batch, inputs, labels = batch_of(features, here)
    assert (labels == -1).any()
    loss = keras_rs.losses.ListMLELoss()
    assert float(loss(labels, new(inputs))) == pytest.approx(float(old.compute_loss(batch)))
    before = keras3.predict_lists(new, features, features)
    old.compile(tf.keras.optimizers.Adam(0.01))
    old.fit(tf.data.Dataset.from_tensors(batch).repeat(2), verbose=0)
    new.compile(keras.optimizers.Adam(0.01), loss=loss)
    for _ in range(2):
        new.train_on_batch(inputs, labels)
    found = keras3.predict_lists(new, features, features)
    assert np.abs(found - before).max() > 0.02
    single = {name: values for name, values in features.items() if name != "list_number"}
    np.testing.assert_allclose(found, training.predict_uncut(old, single), rtol=1e-3, atol=1e-4)


def test_towers_minimise_what_the_retriever_does(rows):
    old = tiny.make_retriever(rows)
    new = keras3.make_two_towers(rows)
    for mine, theirs in ((new.user, old.user), (new.movie, old.movie)):
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
    assert asked == [(16, 16)]  # the step is traced once
    assert float(np.sum(model.shares)) == pytest.approx(1)
    assert model.shares[-1] == 0  # of what is unknown


def fit_at_most(most, monkeypatch):
    """Let Keras 3 train no more epochs than `most`; return the list of how many it is asked for."""
    asked, fit = [], keras.Model.fit

    def fit_shortly(*given, epochs, **settings):
        asked.append(epochs)
        return fit(*given, epochs=min(epochs, most), **settings)

    monkeypatch.setattr(keras.Model, "fit", fit_shortly)
    return asked


@pytest.mark.parametrize(
    "train",
    [keras3.train_article_model_anew, keras3.train_factor_model, keras3.train_two_towers],
)
def test_trainings_repeat_and_differ_by_seed(rows, train, eagerly, monkeypatch):
    """With one epoch: it is drawn from the same seed as all others."""
    fit_at_most(1, monkeypatch)
    weights = [train(rows, seed=seed).get_weights()[0] for seed in (1, 1, 2)]
    assert np.array_equal(weights[0], weights[1])
    assert not np.array_equal(weights[0], weights[2])


def test_training_on_lists_reports_the_metric(rows, eagerly, monkeypatch):
    asked = fit_at_most(2, monkeypatch)
    model = keras3.train_list_model_anew(lists.make_list_features(rows), seed=1)
    history = model.history.history
    assert asked == [8]
    assert len(history["ndcg"]) == len(history["loss"]) == 2
    assert history["ndcg"][-1] > history["ndcg"][0]
    assert float(model.optimizer._learning_rate(0)) == pytest.approx(keras3.LIST_RATE)


def test_settings_of_lists_are_those_of_lesson_8s_search():
    tried = bench_lists.load_lists()["search"]["ListMLE"]
    assert bench_lists.best_of_search(tried) == (keras3.LIST_RATE, keras3.LIST_L2)


@pytest.mark.parametrize("with_labels", [True, False])
def test_batches_hold_all_rows_in_a_new_order_in_each_epoch(with_labels):
    """Even with a seed, with which Keras 3's own shuffling would repeat the first order."""
    keras.utils.set_random_seed(3)
    inputs, labels = {"x": np.arange(10)}, np.arange(10.0) if with_labels else None
    batches = keras3.batches_of(inputs, labels, 4)
    orders = []
    for _ in range(3):
        epoch = [batch if with_labels else (batch, batch["x"]) for batch in batches]
        assert [len(of_batch) for _, of_batch in epoch] == [4, 4, 2]
        orders.append([int(x) for given, _ in epoch for x in given["x"]])
        assert orders[-1] == [int(x) for _, of_batch in epoch for x in of_batch]
        assert sorted(orders[-1]) == list(range(10))
        assert all(set(given) == {"x"} for given, _ in epoch)
    assert orders[0] != orders[1] != orders[2]


def test_learning_rate_falls_to_zero(rows, eagerly, monkeypatch):
    asked = fit_at_most(1, monkeypatch)
    model = keras3.train_factor_model(rows)
    rate, steps = model.optimizer._learning_rate, asked[0] * int(model.optimizer.iterations)
    assert steps == 12
    assert float(rate(0)) == pytest.approx(0.02)
    assert float(rate(steps)) == pytest.approx(0)
