"""The retrieval model's loss and scores, against NumPy, and how it is trained."""

import numpy as np
import pytest
import tiny
from conftest import eager

from helpers import metrics
from helpers.data import stars_matrix
from helpers.data.ratings import prepare_rows, take
from helpers.data.simulation import simulate
from helpers.keras2 import tf, tfrs
from helpers.models import retrieval


@pytest.fixture(scope="module")
def rows():
    return tiny.make_rows()


@pytest.fixture(scope="module")
def batch(rows):
    return {name: rows[name][10:40] for name in ("user_id", "movie_title")}


def model_of(rows, *settings, **named):
    model = retrieval.Retriever(rows, *settings, **named)
    model(take(rows, slice(1)))
    return tiny.scatter_weights(model)


def scores_of(model, users, titles):
    return tiny.table_of(model.user)(users) @ tiny.table_of(model.movie)(titles).T


def test_probabilities_above_1_correct_nothing(rows, batch):
    """TFRS clips them, so counts in their place train a model without a word, uncorrected."""
    tables = model_of(rows).user(batch["user_id"]), model_of(rows).movie(batch["movie_title"])
    task, counts = tfrs.tasks.Retrieval(), tf.range(1.0, 31.0)
    given = float(task(*tables, candidate_sampling_probability=counts))
    assert given == pytest.approx(float(task(*tables)), rel=1e-6)
    assert float(retrieval.corrected_loss(task, *tables, counts, 100)) != pytest.approx(given)


def test_score_is_a_dot_product(rows, batch):
    model = model_of(rows)
    strangers = {name: np.append(values, b"nobody") for name, values in batch.items()}
    scores = model(strangers)
    assert scores.shape == (31, 1)
    expected = np.diag(scores_of(model, strangers["user_id"], strangers["movie_title"]))
    np.testing.assert_allclose(scores[:, 0], expected, rtol=1e-4, atol=1e-5)


def without_correction(task, users, movies, counts, total):
    return task(users, movies)


@pytest.mark.parametrize("settings", [{}, {"loss": without_correction}])
def test_loss_is_a_softmax_over_the_batchs_movies(rows, batch, settings):
    """Corrected: each score minus the logarithm of the movie's share of the training ratings."""
    model = model_of(rows, **settings)
    logits = scores_of(model, batch["user_id"], batch["movie_title"])
    if not settings:
        titles = rows["movie_title"].tolist()
        logits = logits - np.log([titles.count(t) / 60 for t in batch["movie_title"].tolist()])
    losses = np.log(np.exp(logits).sum(axis=1)) - np.diag(logits)
    assert float(model.compute_loss(batch)) == pytest.approx(losses.sum(), rel=1e-4)


@pytest.mark.parametrize(
    ("settings", "dimension", "l2"), [({}, 16, 1000.0), ({"dimension": 3, "l2": 6.0}, 3, 6.0)]
)
def test_penalty_is_on_both_tables(rows, batch, settings, dimension, l2):
    model = model_of(rows, **settings)
    model(batch)
    shapes = [tuple(weight.shape) for weight in model.trainable_variables]
    assert shapes == [(9, dimension), (13, dimension)]
    squares = sum((weight.numpy() ** 2).sum() for weight in model.trainable_variables)
    assert float(tf.add_n(model.losses)) == pytest.approx(l2 / 60 * squares, rel=1e-4)


# Training


@pytest.fixture
def fits(monkeypatch):
    """Let `fit_model` tell what it is given instead of training; return the list of that."""
    given = []

    def fit_model(model, fields, batches, **settings):
        model(take(fields, slice(1)))
        given.append((fields, batches, settings))
        return model

    monkeypatch.setattr(retrieval, "fit_model", fit_model)
    return given


@pytest.mark.parametrize("given", [{}, {"loss": without_correction, "seed": 3}, {"seed": 3}])
def test_settings_are_those_that_validation_chose(fits, given):
    rows = tiny.make_rows(1_100, 40, 30)
    model = retrieval.train_retriever(rows, **given)
    assert model.loss_of_batch is given.get("loss", retrieval.corrected_loss)
    tf.keras.utils.set_random_seed(given.get("seed", 42))
    same = retrieval.Retriever(rows)
    same(take(rows, slice(1)))
    for ours, theirs in zip(model.trainable_variables, same.trainable_variables):
        np.testing.assert_array_equal(ours, theirs)

    ((fields, batches, settings),) = fits
    assert settings == {"epochs": 5, "learning_rate": 0.02}
    assert set(fields) == {"user_id", "movie_title"}
    epoch = list(batches)
    assert [len(batch["user_id"]) for batch in epoch] == [512, 512, 76]
    pairs = [
        list(zip(*(np.concatenate([part[name] for part in parts]) for name in sorted(fields))))
        for parts in (epoch, [rows])
    ]
    assert sorted(pairs[0]) == sorted(pairs[1])
    assert pairs[0] != pairs[1]


def test_correction_lets_popular_movies_come_up_and_training_repeats():
    rows = prepare_rows(simulate(1_000, users=60, movies=80).ratings)
    users, titles = np.unique(rows["user_id"]), np.unique(rows["movie_title"])
    seen = stars_matrix(rows, users, titles) > 0
    corrected, again = (retrieval.train_retriever(rows, learning_rate=0.05) for _ in range(2))
    with eager():  # which takes less time
        uncorrected = retrieval.train_retriever(rows, without_correction, learning_rate=0.05)
    popularity = [
        seen.sum(axis=0)[metrics.top(scores_of(model, users, titles), seen)].mean()
        for model in (corrected, uncorrected)
    ]
    assert popularity[0] > 1.1 * popularity[1]
    for ours, theirs in zip(corrected.trainable_variables, again.trainable_variables):
        np.testing.assert_array_equal(ours, theirs)
