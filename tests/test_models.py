"""The models and the evaluation that `helpers` gives to the lessons."""

import numpy as np
import pytest

from helpers.keras2 import tf
from helpers.metrics import stars
from helpers.models import article

USERS, MOVIES = np.array([b"1", b"9"]), np.array([b"A", b"B", b"C"])


@pytest.fixture
def model():
    tf.keras.utils.set_random_seed(1)
    return article.MovielensModel(article.RankingModel(USERS, MOVIES))


@pytest.fixture
def batch():
    return {
        "user_id": tf.constant(["1", "9", "9"]),
        "movie_title": tf.constant(["A", "B", "C"]),
        "user_rating": tf.constant([1.0, 3.0, 5.0]),
    }


def test_prediction_has_one_column_per_pair(model, batch):
    assert model(batch).shape == (3, 1)


def test_unknown_strings_share_a_row(model):
    features = {"user_id": ["x", "y"], "movie_title": ["A", "A"]}
    one, other = model({name: tf.constant(values) for name, values in features.items()}).numpy()
    assert one == other


def test_compute_loss_leaves_the_batch_whole(model, batch):
    before = set(batch)
    model.compute_loss(batch)
    assert set(batch) == before


def test_loss_is_the_mse_of_the_predictions(model, batch):
    errors = batch["user_rating"].numpy() - model(batch).numpy()[:, 0]
    assert float(model.compute_loss(batch)) == pytest.approx(np.mean(errors**2), rel=1e-5)


def test_training_lowers_the_error(model, batch):
    model.compile(optimizer=tf.keras.optimizers.Adagrad(0.1))
    rmse = model.fit(tf.data.Dataset.from_tensors(batch), epochs=20, verbose=0).history
    assert rmse["root_mean_squared_error"][-1] < rmse["root_mean_squared_error"][0] / 2


def test_rmse_of_a_number_and_of_an_array():
    assert stars.rmse([1, 5], 3) == 2.0
    assert stars.rmse([1, 5], [1, 4]) == pytest.approx(0.5**0.5)


def test_constant_rmse_uses_the_training_mean():
    assert stars.constant_rmse([1, 3], [5]) == 3.0


def test_rank_movies_leaves_its_list_alone(model):
    titles = ["A", "B", "C"]
    ranking = article.rank_movies(model, "9", titles)
    assert titles == ["A", "B", "C"]
    stars = [value for _, value in ranking]
    assert stars == sorted(stars, reverse=True)
