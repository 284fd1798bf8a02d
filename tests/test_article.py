"""The article's model, the settings it is trained with, and the ranking made from it."""

import numpy as np
import pytest
import tiny

from helpers.data import split
from helpers.data.ratings import as_arrays
from helpers.keras2 import tf
from helpers.models import article

USERS, MOVIES = np.array([b"1", b"9"]), np.array([b"A", b"B", b"C"])
RATED = [  # user, movie, stars
    ("1", "A", 1.0), ("9", "B", 3.0), ("9", "C", 5.0), ("4", "C", 4.0), ("9", "nothing", 2.0),
]  # fmt: skip


@pytest.fixture(scope="module")
def batch():
    users, movies, stars = zip(*RATED)
    return {
        "user_id": tf.constant(users),
        "movie_title": tf.constant(movies),
        "user_rating": tf.constant(stars),
    }


@pytest.fixture(scope="module")
def model(batch):
    model = article.MovielensModel(article.RankingModel(USERS, MOVIES))
    model(batch)
    return tiny.scatter_weights(model, scale=0.2)


@pytest.fixture(scope="module")
def expected(model):
    """Return the predictions for `RATED`, computed with NumPy from the model's weights."""
    users, movies, *dense = (weight.numpy() for weight in model.trainable_variables)
    user = users[[1 + USERS.tolist().index(u.encode()) if u != "4" else 0 for u, _, _ in RATED]]
    movie = movies[
        [1 + MOVIES.tolist().index(m.encode()) if m != "nothing" else 0 for _, m, _ in RATED]
    ]
    x = np.concatenate([user, movie], axis=1)
    for kernel, bias in zip(dense[:4:2], dense[1:4:2]):
        x = np.maximum(x @ kernel + bias, 0)
    return x @ dense[4] + dense[5]


# The model


def test_weights_have_the_articles_shapes(model):
    assert [tuple(weight.shape) for weight in model.trainable_variables] == [
        (3, 32), (4, 32), (64, 256), (256,), (256, 64), (64,), (64, 1), (1,)
    ]  # fmt: skip


def test_predictions_by_hand(model, batch, expected):
    assert model(batch).shape == (5, 1)
    np.testing.assert_allclose(model(batch), expected, rtol=1e-4, atol=1e-5)
    assert (expected != 0).all()  # else it would not show how they came about


def test_unknown_strings_share_a_row():
    tower = article.make_tower(MOVIES)
    one, other, known = tower(tf.constant(["x", "", "A"])).numpy()
    assert (one == other).all()
    assert (one != known).any()


def test_loss_is_the_mse_of_the_predictions_and_leaves_the_batch_whole(model, batch, expected):
    before = set(batch)
    errors = batch["user_rating"].numpy() - expected[:, 0]
    assert float(model.compute_loss(batch)) == pytest.approx(np.mean(errors**2), rel=1e-5)
    assert set(batch) == before


def test_training_lowers_the_error_that_history_holds(batch):
    tf.keras.utils.set_random_seed(1)
    model = article.MovielensModel(article.RankingModel(USERS, MOVIES))
    model.compile(optimizer=tf.keras.optimizers.Adagrad(0.1))
    rmse = model.fit(tf.data.Dataset.from_tensors(batch), epochs=20, verbose=0).history
    assert rmse["root_mean_squared_error"][-1] < rmse["root_mean_squared_error"][0] / 2


# Settings


@pytest.fixture
def fits(monkeypatch):
    """Let `fit` tell what it is given instead of training; return the list of that."""
    given = []

    class Untrained(article.MovielensModel):
        def fit(self, batches, **settings):
            given.append((batches, settings))

    monkeypatch.setattr(article, "MovielensModel", Untrained)
    return given


def weights_after_seed(seed, users, titles):
    """Return the weights that an article's model starts with after a seed."""
    tf.keras.utils.set_random_seed(seed)
    model = article.MovielensModel(article.RankingModel(users, titles))
    return weights_of(model)


def weights_of(model):
    model({"user_id": tf.constant(["1"]), "movie_title": tf.constant(["A"])})
    return [weight.numpy() for weight in model.trainable_variables]


@pytest.fixture
def article_data(monkeypatch):
    """Let the course have 20,010 ratings, the first half of them for training."""
    ratings = {
        "movie_title": np.array([b"A", b"B", b"C"])[np.arange(20_010) % 3],
        "user_id": np.array([b"1", b"9"])[np.arange(20_010) % 2],
        "user_rating": np.arange(20_010, dtype=np.float32),  # so each row can be told
    }
    data = tf.data.Dataset.from_tensor_slices(ratings)
    monkeypatch.setattr(article, "load_ratings", lambda: data)
    monkeypatch.setattr(article, "split_once", lambda given: split.split_once(given, 10_005))
    return data


def test_article_model_is_trained_with_the_articles_settings(article_data, fits):
    model = article.train_article_model()
    ((batches, settings),) = fits
    assert settings == {"epochs": 3, "verbose": 0}
    assert isinstance(model.optimizer, tf.keras.optimizers.Adagrad)
    assert float(model.optimizer.learning_rate) == pytest.approx(0.1)
    for ours, theirs in zip(weights_of(model), weights_after_seed(42, USERS, MOVIES)):
        np.testing.assert_array_equal(ours, theirs)

    epochs = [[batch["user_rating"].numpy() for batch in batches] for _ in range(2)]
    assert [len(batch) for batch in epochs[0]] == [8_192, 10_005 - 8_192]
    first, second = map(np.concatenate, epochs)
    np.testing.assert_array_equal(first, second)  # the cache comes last
    train = as_arrays(article.split_once(article_data)[0])["user_rating"]
    assert sorted(first) == sorted(train)
    assert (first != train).any()
    places = np.argsort(train)[np.searchsorted(np.sort(train), first)]
    assert abs(np.corrcoef(places, np.arange(len(places)))[0, 1]) < 0.1  # mixed as a whole


@pytest.fixture
def rated():
    """Return 9,000 ratings; movie D has a single one, and a field is there that nobody needs."""
    titles = np.array([b"C", b"A", b"B"])[np.arange(9_000) % 3]
    titles[17] = b"D"
    return {
        "user_id": np.array([b"9", b"1"])[np.arange(9_000) % 2],
        "movie_title": titles,
        "user_rating": np.arange(9_000, dtype=np.float32),
        "timestamp": np.arange(9_000),
    }


def test_longer_training_has_the_settings_that_validation_chose(rated, fits):
    callback = tf.keras.callbacks.Callback()
    model = article.train_longer(rated, callbacks=(callback,))
    ((batches, settings),) = fits
    assert settings == {
        "epochs": 12, "verbose": 0, "callbacks": [callback], "validation_data": None
    }  # fmt: skip
    assert isinstance(model.optimizer, tf.keras.optimizers.Adam)
    assert float(model.optimizer.learning_rate) == pytest.approx(0.005)
    shapes = [weight.shape for weight in weights_of(model)]
    assert shapes[:2] == [(3, 32), (4, 32)]  # movie D is not frequent

    parts = list(batches)
    assert [len(part["user_id"]) for part in parts] == [4_096, 4_096, 9_000 - 2 * 4_096]
    assert set(parts[0]) == {"user_id", "movie_title", "user_rating"}
    order = np.concatenate([part["user_rating"] for part in parts]).astype(int)
    assert sorted(order) == list(range(9_000)) != order.tolist()
    for name in ("user_id", "movie_title"):
        values = np.concatenate([part[name] for part in parts])
        np.testing.assert_array_equal(values, rated[name][order])


def test_seed_of_the_longer_training(rated, fits):
    first, same, other = (
        weights_of(article.train_longer(rated, **given))
        for given in ({}, {"seed": 42}, {"seed": 3})
    )
    for ours, theirs in zip(first, same, strict=True):
        np.testing.assert_array_equal(ours, theirs)
    assert (first[0] != other[0]).any()


def test_seeds_by_one_training_step_are_the_same(rated, eagerly):
    """That the step is traced only once is for `test_training` to notice."""
    few = {name: values[:400] for name, values in rated.items()}
    settings = article.LONGER | {"batch_size": 200, "epochs": 1}
    first = article.train_longer(few, 3, settings=settings)
    expected = weights_of(first)
    same, other = (
        article.train_longer(few, seed, settings=settings, like=first) for seed in (3, 1)
    )
    for model in (same, first):  # which keeps its own
        for ours, theirs in zip(weights_of(model), expected, strict=True):
            np.testing.assert_array_equal(ours, theirs)
    assert (weights_of(other)[0] != expected[0]).any()
    first.compile(tf.keras.optimizers.Adagrad(0.1))
    with pytest.raises(TypeError, match="trained with Adagrad: only Adam can start anew"):
        article.train_longer(few, 1, settings=settings | {"optimizer": "Adagrad"}, like=first)


def test_longer_training_needs_no_callbacks(rated, fits):
    article.train_longer(rated)
    assert fits[0][1]["callbacks"] == []


def test_longer_training_takes_other_settings(rated, fits):
    settings = {"optimizer": "Adagrad", "learning_rate": 0.3, "batch_size": 2_000, "epochs": 7}
    validation = {name: values[:3_000] for name, values in rated.items()}
    model = article.train_longer(rated, validation=validation, settings=settings)
    ((batches, given),) = fits
    assert isinstance(model.optimizer, tf.keras.optimizers.Adagrad)
    assert float(model.optimizer.learning_rate) == pytest.approx(0.3)
    assert (given["epochs"], len(next(iter(batches))["user_id"])) == (7, 2_000)
    judged = list(given["validation_data"])
    stars = np.concatenate([batch["user_rating"] for batch in judged])
    np.testing.assert_array_equal(stars, validation["user_rating"])  # in their order


def test_validation_ratings_leave_the_training_as_it_is(rated, eagerly):
    few = {name: values[:400] for name, values in rated.items()}
    others = {name: values[400:600] for name, values in rated.items()}
    settings = article.LONGER | {"batch_size": 200, "epochs": 2}
    alone, judged = (
        article.train_longer(few, validation=validation, settings=settings)
        for validation in (None, others)
    )
    assert "val_root_mean_squared_error" in judged.history.history
    for ours, theirs in zip(weights_of(alone), weights_of(judged), strict=True):
        np.testing.assert_array_equal(ours, theirs)


def test_frequent_titles_have_two_ratings():
    train = {"movie_title": np.array([b"C", b"B", b"C", b"A", b"B", b"C"])}
    assert article.frequent_titles(train).tolist() == [b"B", b"C"]
    assert article.frequent_titles(train, 1).tolist() == [b"A", b"B", b"C"]
    assert article.frequent_titles(train, at_least=3).tolist() == [b"C"]


# Ranking


def test_rank_movies_puts_the_highest_first_and_equals_in_the_given_order():
    titles = [f"Movie {i}" for i in range(50)]

    def stars_of(features):
        assert features["user_id"].tolist() == ["9"] * 50
        return tf.constant([[float(title[-1])] for title in features["movie_title"]])

    ranking = article.rank_movies(stars_of, "9", titles)
    assert ranking == sorted([(title, float(title[-1])) for title in titles], key=lambda r: -r[1])
    assert all(type(stars) is float for _, stars in ranking)
    assert titles == [f"Movie {i}" for i in range(50)]


def test_rank_movies_asks_a_real_model(model):
    ranking = dict(article.rank_movies(model, "9", ["C", "A"]))
    for title, stars in ranking.items():
        features = {"user_id": tf.constant(["9"]), "movie_title": tf.constant([title])}
        assert stars == pytest.approx(float(model(features)[0, 0]), abs=1e-5)
