"""Lists hold what they should, and a model of lists is told nothing of their order."""

import keras_rs
import numpy as np
import pytest
import tiny

from helpers import models
from helpers.data.ratings import take
from helpers.keras2 import tf
from helpers.models import features, lists, training

LEFT_OUT = ("user_weight", "statistics", "time")  # what the whole fold is left out of


@pytest.fixture(scope="module")
def rows():
    """Return 600 ratings of 6 users: a fold of 100 ratings is more than one list."""
    return tiny.make_rows(600, 6, 110)


@pytest.fixture(scope="module")
def made(rows):
    return lists.make_list_features(rows)


@pytest.fixture(scope="module")
def lists_of(rows):
    """Return a function that gives the list of each row, as (user, fold, which of the fold's)."""

    def places(seed):
        mixed = np.random.default_rng(seed).random(len(rows["user_id"]))
        found = [None] * len(mixed)
        for user in np.unique(rows["user_id"]):
            mine = np.flatnonzero(rows["user_id"] == user)
            for place, row in enumerate(mine[np.argsort(mixed[mine])]):
                found[row] = user, place % 5, place // 5 // 16
        return found

    return places


# Features


@pytest.mark.parametrize("given", [{}, {"seed": 7}])
def test_users_rows_are_dealt_into_folds_and_cut_into_lists(rows, lists_of, given):
    numbers = lists.make_list_features(rows, **given)["list_number"]
    expected = lists_of(given.get("seed", 42))
    assert numbers.dtype == np.int64
    assert len(set(numbers)) == len(set(expected)) == len(set(zip(numbers, expected)))
    assert max(np.unique(numbers, return_counts=True)[1]) == 16
    assert len(set(expected)) > 5 * 6  # so some folds are cut


def test_features_leave_the_rows_whole_fold_out(rows, made, lists_of):
    folds = np.array([fold for _, fold, _ in lists_of(42)])
    single = features.make_features(rows)
    for fold in range(5):
        here = folds == fold
        others = features.make_features(take(rows, ~here), take(rows, here))
        for name in LEFT_OUT:
            np.testing.assert_array_equal(made[name][here], others[name], err_msg=name)
            assert (made[name][here] != single[name][here]).any()
    assert set(made) == {*single, "list_number"}
    for name in set(single) - set(LEFT_OUT):
        np.testing.assert_array_equal(made[name], single[name], err_msg=name)


def test_rows_of_a_list_are_told_nothing_of_its_ratings(rows, made):
    """Change the ratings of one list: what its rows are told about their user stays."""
    here = made["list_number"] == made["list_number"][0]
    changed = dict(rows, user_rating=rows["user_rating"].copy())
    changed["user_rating"][here] = 6 - changed["user_rating"][here]
    after = lists.make_list_features(changed)
    assert (rows["user_rating"][here] != 3).any()
    np.testing.assert_array_equal(after["statistics"][here], made["statistics"][here])
    np.testing.assert_array_equal(after["time"][here], made["time"][here])


def test_own_rating_left_out_alone_gives_the_order_away(rows, made):
    leaking = lists.make_list_features(rows, whole_list=False)
    single = features.make_features(rows)
    for name, values in single.items():
        np.testing.assert_array_equal(leaking[name], values, err_msg=name)
    np.testing.assert_array_equal(leaking["list_number"], made["list_number"])
    own, means = [], []
    for number in np.unique(leaking["list_number"]):
        here = leaking["list_number"] == number
        own += list(leaking["residual"][here] - leaking["residual"][here].mean())
        mean = leaking["statistics"][here, 0]
        means += list(mean - mean.mean())
        assert np.ptp(made["statistics"][here, 0]) == 0  # one mean for the whole list
    assert np.corrcoef(own, means)[0, 1] < -0.9


# Batches


def test_batches_hold_each_row_once_in_its_list(made):
    batches = list(lists.make_list_batches(made, lists=7))
    count = len(np.unique(made["list_number"]))
    assert [len(batch["mask"]) for batch in batches] == [7] * (count // 7) + [count % 7]
    seen = []
    for batch in batches:
        batch = {name: values.numpy() for name, values in batch.items()}
        assert set(batch) == {*made, "mask", "list"}
        mask, place = batch["mask"], batch["list"]
        assert place.shape == (mask.size,)
        np.testing.assert_array_equal(place >= 0, mask.ravel())
        numbers = np.where(mask, np.arange(len(mask))[:, None], -1)
        np.testing.assert_array_equal(place, numbers.ravel())
        assert mask.any(axis=0).all()  # no longer than the longest
        for number in range(len(mask)):
            here = place == number
            (of_list,) = np.unique(batch["list_number"][here])
            rows = np.flatnonzero(made["list_number"] == of_list)
            for name, values in made.items():
                np.testing.assert_array_equal(batch[name][here], values[rows], err_msg=name)
            seen += rows.tolist()
    assert sorted(seen) == list(range(600))


def test_a_batch_has_256_lists_by_default():
    numbers = {"list_number": np.repeat(np.arange(300) * 10, 2)}
    sizes = [len(batch["mask"]) for batch in lists.make_list_batches(numbers)]
    assert sizes == [256, 44]


def test_lists_come_in_another_order_each_epoch(made):
    batches = lists.make_list_batches(made, lists=32)
    first, second = (next(iter(batches))["list_number"].numpy() for _ in range(2))
    assert first.shape != second.shape or not np.array_equal(first, second)


# The model


@pytest.fixture(scope="module")
def model(made):
    model = lists.ListModel(made, keras_rs.losses.PairwiseLogisticLoss(), l2=3.0)
    model(take(made, slice(1)))
    return tiny.scatter_weights(model, scale=0.3)


def test_scores_are_a_rating_models_and_not_cut(made, model):
    few = take(made, slice(50))
    scores = model(few)
    assert scores.shape == (50, 1)
    assert scores.numpy().min() < 1 and scores.numpy().max() > 5
    twin = models.RatingModel(made)
    twin(few)
    for ours, theirs in zip(twin.trainable_variables, model.trainable_variables):
        ours.assign(theirs)
    np.testing.assert_allclose(scores, twin(few, training=True), rtol=1e-5, atol=1e-5)
    np.testing.assert_array_equal(scores, model(few, training=True))
    np.testing.assert_array_equal(scores[:, 0], training.predict(model, few))


def test_loss_is_that_of_pairs_in_wrong_order(made, model):
    """Each pair of a list's different stars costs log(1 + exp(score of the worse - better))."""
    batch = next(iter(lists.make_list_batches(made, lists=6)))
    mask = batch["mask"].numpy()
    assert not mask.all()
    stars = batch["user_rating"].numpy().reshape(mask.shape)
    scores = model(batch).numpy().reshape(mask.shape)
    costs = []
    for row in range(len(mask)):
        for better in np.flatnonzero(mask[row]):
            worse = mask[row] & (stars[row] < stars[row, better])
            cost = np.log1p(np.exp(scores[row] - scores[row, better])) * worse
            costs.append(cost.sum())
    loss = float(model.compute_loss(batch))
    total = loss * np.array([1, mask.size, len(mask), mask.sum()])  # however it is averaged
    assert np.isclose(total, sum(costs), rtol=1e-3).any()


def test_squared_error_is_that_of_real_rows(made):
    model = lists.ListModel(made, lists.squared_error)
    batch = next(iter(lists.make_list_batches(made, lists=6)))
    real = batch["mask"].numpy().ravel()
    assert not real.all()
    errors = (batch["user_rating"] - model(batch)[:, 0]).numpy()[real]
    assert float(model.compute_loss(batch)) == pytest.approx(np.mean(errors**2), rel=1e-5)


@pytest.mark.parametrize(("given", "l2"), [({}, 30.0), ({"l2": 6.0}, 6.0)])
def test_penalty_is_the_rating_models(made, given, l2):
    model = lists.ListModel(made, keras_rs.losses.ListMLELoss(), **given)
    assert model.parts == set(models.PARTS)
    assert float(model.user.embedding.embeddings_regularizer.l2) == pytest.approx(l2 / 600)


# Training


@pytest.fixture
def fits(monkeypatch):
    """Let `fit_model` tell what it is given instead of training; return the list of that."""
    given = []

    def fit_model(model, *rows, **settings):
        model(take(rows[0], slice(1)))
        given.append((rows, settings))
        return model

    monkeypatch.setattr(lists, "fit_model", fit_model)
    return given


@pytest.mark.parametrize(
    "settings", [{}, {"seed": 5, "learning_rate": 0.5, "l2": 6.0, "parts": ("statistics",)}]
)
def test_settings_are_the_rating_models_unless_others_are_given(made, fits, settings):
    loss = keras_rs.losses.ListMLELoss()
    model = lists.train_list_model(made, loss, **settings)
    (((given, batches), others),) = fits
    assert others == {"learning_rate": settings.get("learning_rate", 0.006)}
    assert given is made
    assert [len(batch["mask"]) for batch in batches] == [len(np.unique(made["list_number"]))]
    assert model.task._loss is loss
    penalty = float(model.user.embedding.embeddings_regularizer.l2)
    assert penalty == pytest.approx(settings.get("l2", 30.0) / 600)
    tf.keras.utils.set_random_seed(settings.get("seed", 42))
    same = lists.ListModel(made, loss, parts=settings.get("parts", models.PARTS))
    same(take(made, slice(1)))
    for ours, theirs in zip(model.trainable_variables, same.trainable_variables, strict=True):
        np.testing.assert_array_equal(ours, theirs)


def test_training_lowers_the_loss(rows):
    """Of the part that lists change, on stars that movies decide; `test_rating` trains all."""
    made = lists.make_list_features(rows | {"user_rating": rows["year"] % 5 + np.float32(1)})
    loss, parts = keras_rs.losses.PairwiseLogisticLoss(), ("history",)
    trained = lists.train_list_model(made, loss, learning_rate=0.05, parts=parts)
    untrained = lists.ListModel(made, loss, parts=parts)
    batch = next(iter(lists.make_list_batches(made)))
    assert float(trained.compute_loss(batch)) < 0.5 * float(untrained.compute_loss(batch))


def test_users_with_one_rating_each_make_no_lists(made):
    rows = {name: values[:3] for name, values in made.items() if name != "list_number"}
    rows["user_id"] = np.array([b"1", b"2", b"3"])
    with pytest.raises(ValueError, match=r"^no user has two training ratings, so there are no li"):
        lists.make_list_features(rows)
    assert len(lists.make_list_features(rows, whole_list=False)["list_number"]) == 3
