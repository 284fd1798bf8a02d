"""Ranking metrics agree with keras-rs, and lists hold what they should."""

import keras_rs
import numpy as np
import pytest

from helpers import models
from helpers.data.ratings import prepare_rows, take
from helpers.data.simulation import simulate
from helpers.keras2 import tf
from helpers.models import features
from helpers.models.lists import LIST_SIZE, make_list_batches


@pytest.fixture(scope="module")
def rows():
    """Return 3,000 simulated ratings in the form that `load_rows` gives."""
    return prepare_rows(simulate(3_000, users=60, movies=120).ratings)


@pytest.fixture(scope="module")
def list_features(rows):
    return models.make_list_features(rows)


def test_batches_hold_each_row_once_and_lists_of_one_user(list_features):
    seen = []
    for batch in make_list_batches(list_features, lists=32):
        real = batch["list"].numpy() >= 0
        assert np.array_equal(real, batch["mask"].numpy().ravel())
        assert batch["mask"].shape[1] <= LIST_SIZE
        for number in np.unique(batch["list"].numpy()[real]):
            here = batch["list"].numpy() == number
            assert len(np.unique(batch["user_id"].numpy()[here])) == 1
        seen += list(zip(batch["user_id"].numpy()[real], batch["movie_title"].numpy()[real]))
    expected = zip(list_features["user_id"].tolist(), list_features["movie_title"].tolist())
    assert sorted(seen) == sorted(expected)


def test_lists_come_in_another_order_each_epoch(list_features):
    batches = make_list_batches(list_features, lists=32)
    first, second = (next(iter(batches))["list_number"].numpy() for _ in range(2))
    assert first.shape != second.shape or not np.array_equal(first, second)


def test_rows_of_a_list_are_told_nothing_of_its_ratings(rows, list_features):
    """Change the ratings of one list: what its rows are told about their user stays."""
    number = list_features["list_number"][0]
    fold = list_features["list_number"] // len(rows["user_id"]) == number // len(rows["user_id"])
    changed = dict(rows, user_rating=np.where(fold, 6 - rows["user_rating"], rows["user_rating"]))
    again = models.make_list_features(changed.copy())
    for name in ("user_weight", "statistics", "time"):
        own_side = slice(0, 3) if name == "statistics" else slice(None)
        before, after = list_features[name][fold], again[name][fold]
        if before.ndim > 1:
            before, after = before[:, own_side], after[:, own_side]
        # other users' ratings of these movies are unchanged, so the movies' means are too
        assert np.allclose(before, after, atol=0.05), name


def test_own_rating_left_out_alone_gives_the_order_away(rows, list_features):
    leaking = models.make_list_features(rows, whole_list=False)
    own, means = [], []
    for number in np.unique(leaking["list_number"]):
        here = leaking["list_number"] == number
        own += list(leaking["residual"][here] - leaking["residual"][here].mean())
        mean = leaking["statistics"][here, 0]
        means += list(mean - mean.mean())
        assert np.ptp(list_features["statistics"][here, 0]) == 0  # one mean for the whole list
    assert np.corrcoef(own, means)[0, 1] < -0.9


def test_model_scores_any_rows_and_training_repeats(rows, list_features):
    scores = []
    for _ in range(2):
        tf.keras.utils.set_random_seed(1)
        loss = keras_rs.losses.PairwiseLogisticLoss()
        model = models.train_list_model(list_features, loss, seed=1)
        scores.append(model(features.make_features(rows, take(rows, slice(0, 7)))).numpy())
    assert scores[0].shape == (7, 1)
    assert np.array_equal(*scores)


def test_scores_are_not_cut(list_features):
    model = models.ListModel(list_features, keras_rs.losses.ListMLELoss())
    model(take(list_features, slice(1)))
    model.movie_bias.embedding.embeddings.assign_add(
        10 * tf.ones_like(model.movie_bias.embedding.embeddings)
    )
    assert float(model(take(list_features, slice(3)))[0, 0]) > 5
