"""One model for both tasks: its loss, what each task trains, and how it is served."""

import numpy as np
import pytest
import tiny

from helpers.data.ratings import take
from helpers.keras2 import tf, tfrs
from helpers.models import make_features, multi_task, rating
from helpers.models.two_stages import TwoStages


@pytest.fixture(scope="module")
def rows():
    return tiny.make_rows()


@pytest.fixture(scope="module")
def made(rows):
    return make_features(rows)


@pytest.fixture(scope="module")
def model(made):
    model = multi_task.MultiTask(made, 0.5, l2=6.0)
    model(take(made, slice(1)))
    return tiny.scatter_weights(model, scale=0.12)


def losses_by_hand(model, made):
    """Return the mean squared error, and the mean loss of a corrected softmax over the batch."""
    batch = take(made, slice(10, 40))
    stars = model(batch, training=True).numpy()[:, 0]
    user, movie = model.user_vectors(batch).numpy(), model.movie_vectors(batch).numpy()
    titles = made["movie_title"].tolist()
    share = [titles.count(title) / len(titles) for title in batch["movie_title"].tolist()]
    logits = (user[:, 1:] * model.match.numpy()) @ movie[:, 1:].T - np.log(share)
    chosen = np.log(np.exp(logits).sum(axis=1)) - np.diag(logits)
    return np.mean((stars - batch["user_rating"]) ** 2), chosen.mean()


@pytest.mark.parametrize("share", [0, 0.25, 1])
def test_loss_is_the_weighted_sum_of_both_means(made, model, share, monkeypatch):
    monkeypatch.setattr(model, "share", share)
    assert np.ptp(model.match.numpy()) > 0.1
    stars, chosen = losses_by_hand(model, made)
    loss = model.compute_loss(take(made, slice(10, 40)), training=True)
    assert float(loss) == pytest.approx(share * stars + (1 - share) * chosen, rel=1e-4)


def test_with_the_whole_loss_for_stars_it_is_the_rating_model(made):
    losses = []
    for make in (lambda: multi_task.MultiTask(made, 1, 6.0), lambda: rating.RatingModel(made)):
        tf.keras.utils.set_random_seed(3)
        model = make()
        model(take(made, slice(1)))
        losses.append(model.compute_loss(made, training=True))
    assert float(losses[0]) == pytest.approx(float(losses[1]), rel=1e-6)


@pytest.mark.parametrize(("share", "trained"), [(0, {"match"}), (1, {"last", "bias"})])
def test_a_task_without_a_share_trains_nothing(made, model, share, trained, monkeypatch):
    monkeypatch.setattr(model, "share", share)
    with tf.GradientTape() as tape:
        loss = model.compute_loss(take(made, slice(20)), training=True)
    parts = {
        "match": [weight for weight in model.trainable_variables if weight.name == "match:0"],
        "last": model.last.trainable_variables,
        "bias": model.movie_bias.trainable_variables,
    }
    gradients = tape.gradient(loss, parts)
    moved = {
        name
        for name, values in gradients.items()
        if any(np.abs(tf.convert_to_tensor(value)).max() > 1e-6 for value in values)
    }
    assert moved == trained


def test_both_stages_are_served_from_one_model(made, model, rows):
    stages = TwoStages(model, model, rows)
    pairs = take(made, np.ones(len(made["own"]), bool))
    stages_scores, all_stars = stages.all_retrieval(), stages.all_stars()
    users, titles = np.unique(rows["user_id"]), np.unique(rows["movie_title"])
    assert stages_scores.shape == all_stars.shape == (len(users), len(titles))
    described = make_features(rows, {k: v for k, v in rows.items() if k != "user_rating"})
    described["timestamp"] = pairs["timestamp"]
    user, movie = model.user_vectors(described).numpy(), model.movie_vectors(described).numpy()
    expected = ((user[:, 1:] * model.match.numpy()) * movie[:, 1:]).sum(axis=1)
    where = np.searchsorted(users, rows["user_id"]), np.searchsorted(titles, rows["movie_title"])
    np.testing.assert_allclose(stages_scores[where], expected, rtol=1e-3, atol=1e-4)


def test_training_is_by_both_tasks_and_repeats(made, monkeypatch):
    given = {}

    def fit_model(model, train, batches, **settings):
        given.update(settings, users=[batch["user_id"].numpy() for batch in batches])
        model(take(train, slice(1)))
        return model

    monkeypatch.setattr(multi_task, "fit_model", fit_model)
    many = take(made, np.arange(540) % 60)  # more than a batch
    first = multi_task.train_multi_task(many, seed=5)
    assert (first.share, given["learning_rate"], given["epochs"]) == (0.25, 0.006, 5)
    assert [len(users) for users in given["users"]] == [512, 28]
    users = np.concatenate(given["users"])
    np.testing.assert_array_equal(np.sort(users), np.sort(many["user_id"]))
    assert (users != many["user_id"]).any()
    model = multi_task.train_multi_task(many, share=0.5, seed=5, l2=9.0, learning_rate=0.01)
    assert (model.share, given["learning_rate"], given["epochs"]) == (0.5, 0.01, 5)
    first, second = (each.user.embedding for each in (first, model))
    np.testing.assert_array_equal(first.embeddings, second.embeddings)
    assert float(first.embeddings_regularizer.l2) == pytest.approx(30 / 540)
    assert float(second.embeddings_regularizer.l2) == pytest.approx(9 / 540)


def test_retrieval_sums_its_loss_and_ranking_takes_the_mean():
    """Which is why one is divided by the size of the batch before both are weighed."""
    rng = np.random.default_rng(1)
    user, movie = (tf.constant(rng.normal(size=(6, 3)), tf.float32) for _ in range(2))
    logits = (user @ tf.transpose(movie)).numpy()
    each = np.log(np.exp(logits).sum(axis=1)) - np.diag(logits)
    assert float(tfrs.tasks.Retrieval()(user, movie)) == pytest.approx(each.sum(), rel=1e-5)
    labels, stars = np.arange(6.0)[:, None], np.ones((6, 1))
    task = tfrs.tasks.Ranking(loss=tf.keras.losses.MeanSquaredError())
    mean = np.mean((labels - stars) ** 2)
    assert float(task(labels=labels, predictions=stars)) == pytest.approx(mean, rel=1e-6)
