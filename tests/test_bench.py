"""The benchmark's pure parts. No test depends on a time."""

import numpy as np
import pytest

from helpers import bench_numpy, bench_steps
from helpers.factors import Factors
from helpers.models import MovielensModel, RankingModel
from helpers.movielens import tf
from helpers.ranking import RatingModel

STEPS, SIZE = 6, 32


def rows(n=STEPS * SIZE):
    rng = np.random.default_rng(0)
    return {
        "user_id": rng.integers(0, 9, n).astype("S"),
        "movie_title": rng.integers(0, 14, n).astype("S"),
        "user_rating": rng.integers(1, 6, n).astype(np.float32),
    }


def article_model():
    known = rows()
    model = MovielensModel(
        RankingModel(np.unique(known["user_id"]), np.unique(known["movie_title"]))
    )
    model.compile(tf.keras.optimizers.Adagrad(0.1))
    return model, known


def factor_model():
    model = RatingModel(rows(), (), l2=10)
    model.compile(tf.keras.optimizers.Adam(0.02))
    return model, rows()


def numbered_model():
    known = rows()
    model = Factors(9, 14, SIZE)
    model.compile(tf.keras.optimizers.Adagrad(0.1))
    fields = zip(("user", "movie"), ("user_id", "movie_title"))
    numbers = {name: known[field].astype(np.int32) for name, field in fields}
    return model, numbers | {"user_rating": known["user_rating"]}


MODELS = (article_model, factor_model, numbered_model)


def prepare(make):
    """Return a model that has all its weights, and its batches as a dataset and as a list."""
    tf.keras.utils.set_random_seed(1)
    model, known = make()
    dataset = tf.data.Dataset.from_tensor_slices(known).batch(SIZE)
    batches = list(dataset)
    model.compute_loss(batches[0])
    return model, dataset, batches


def trained_by_keras(make):
    """Return the weights after an epoch, and the last batch's loss before its update."""
    model, dataset, _ = prepare(make)
    history = model.fit(dataset, verbose=0).history
    return [weight.numpy() for weight in model.trainable_variables], history["total_loss"][0]


@pytest.mark.parametrize("make", MODELS)
@pytest.mark.parametrize("numbers", [False, True], ids=["ids", "numbers"])
def test_compiled_loop_trains_as_keras_does(make, numbers):
    expected, loss = trained_by_keras(make)
    model, _, batches = prepare(make)
    if numbers:
        with bench_steps.ids_as_numbers(model, batches) as numbered:
            assert all(v.dtype != tf.string for batch in numbered for v in batch.values())
            ours = bench_steps.compiled_loop(model, numbered)(STEPS)
    else:
        ours = bench_steps.compiled_loop(model, batches)(STEPS)
    assert ours == pytest.approx(loss, rel=1e-4)
    for weight, other in zip(model.trainable_variables, expected, strict=True):
        np.testing.assert_allclose(weight, other, atol=1e-5)


@pytest.mark.parametrize("make", MODELS)
def test_numpy_trains_as_keras_does(make):
    _, loss = trained_by_keras(make)
    model, _, batches = prepare(make)
    with bench_steps.ids_as_numbers(model, batches) as numbered:
        run = bench_numpy.of_model(model, numbered)
    assert run(STEPS) == pytest.approx(loss, rel=1e-3)


def test_lookups_are_as_before_afterwards():
    model, _, batches = prepare(article_model)
    before = model.compute_loss(batches[0])
    with bench_steps.ids_as_numbers(model, batches) as numbered:
        assert float(model.compute_loss(numbered[0])) == pytest.approx(float(before), rel=1e-6)
    assert float(model.compute_loss(batches[0])) == pytest.approx(float(before), rel=1e-6)
    assert "call" not in vars(next(p for p in model.submodules if hasattr(p, "vocabulary_size")))
