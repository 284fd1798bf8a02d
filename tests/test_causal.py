"""What was known at the moment of each rating, against a slow and obvious reference."""

import numpy as np
import pytest
from tiny import make_rows

from helpers.data.ratings import take
from helpers.models import causal
from helpers.models.features import MOOD_WINDOWS

CAUSAL = ("expected", "statistics", "moods", "history", "liked", "history_weight")


def earlier_rows(rows, field, i):
    """Return the numbers of the strictly earlier rows of row i's user or movie, in their order."""
    same = (rows[field] == rows[field][i]) & (rows["timestamp"] < rows["timestamp"][i])
    return np.flatnonzero(same)


def slow_biases(rows, damping=5.0):
    """Return the running prediction and the residual of each row, one row after the other."""
    n, stars = len(rows["user_id"]), rows["user_rating"].astype(float)
    before = [stars[rows["timestamp"] < time] for time in rows["timestamp"]]
    mean = np.array([known.mean() if len(known) else 3.0 for known in before])
    errors = stars - mean
    movie_bias, user_bias = np.zeros(n), np.zeros(n)
    for i in range(n):
        known = errors[earlier_rows(rows, "movie_title", i)]
        movie_bias[i] = known.sum() / (len(known) + damping)
    residual = errors - movie_bias
    for i in range(n):
        known = residual[earlier_rows(rows, "user_id", i)]
        user_bias[i] = known.sum() / (len(known) + damping)
    return mean + movie_bias + user_bias, residual, user_bias, errors


@pytest.fixture(params=[0, 1, 2])
def rows(request):
    return make_rows(count=80, users=6, movies=20, seed=request.param)


def test_running_biases_are_those_of_the_slow_reference(rows):
    assert np.allclose(causal.running_biases(rows), slow_biases(rows)[0])
    assert np.allclose(causal.running_biases(rows, damping=2.0), slow_biases(rows, 2.0)[0])


def test_statistics_are_those_of_the_slow_reference(rows):
    made = causal.make_causal_features(rows)
    _, residual, _, errors = slow_biases(rows)
    for field, values, start in (("user_id", residual, 0), ("movie_title", errors, 3)):
        for i in range(len(values)):
            known = values[earlier_rows(rows, field, i)]
            mean = known.sum() / (len(known) + 5)
            variance = max(((known**2).sum() + 5) / (len(known) + 5) - mean**2, 0.05)
            expected = mean, np.sqrt(variance), np.log1p(len(known))
            assert np.allclose(made["statistics"][i, start : start + 3], expected, atol=1e-5)


def test_moods_are_those_of_the_slow_reference(rows):
    made = causal.make_causal_features(rows)
    _, residual, user_bias, _ = slow_biases(rows)
    time = rows["timestamp"]
    for i in range(len(time)):
        known = earlier_rows(rows, "user_id", i)
        ago = time[i] - time[known]
        for place, window in enumerate(MOOD_WINDOWS):
            weight = np.exp(-ago / window)
            off = weight @ residual[known] - weight.sum() * user_bias[i]
            assert made["moods"][i, place] == pytest.approx(off / (weight.sum() + 2), abs=1e-4)
        latest, first = (ago.min(), ago.max()) if len(known) else (0, 0)
        expected = np.log1p(latest), np.log1p(first / 3600)
        assert np.allclose(made["moods"][i, -2:], expected, atol=1e-5)


def test_history_holds_the_latest_movies_and_how_they_were_liked(rows, monkeypatch):
    monkeypatch.setattr(causal, "HISTORY", 4)
    made = causal.make_causal_features(rows)
    residual = slow_biases(rows)[1].astype(np.float32)
    titles = dict(zip(number_of(rows).tolist(), rows["movie_title"]))
    for i in range(len(residual)):
        known = earlier_rows(rows, "user_id", i)
        latest = sorted(rows["timestamp"][known])[::-1][:4]
        there = made["history"][i] > 0
        assert there.sum() == min(len(known), 4)
        listed = [titles[number] for number in made["history"][i][there]]
        of_title = {rows["movie_title"][k]: k for k in known}
        assert sorted(rows["timestamp"][[of_title[t] for t in listed]])[::-1] == latest
        assert np.allclose(
            made["liked"][i][there], residual[[of_title[t] for t in listed]], atol=1e-5
        )
        assert not made["liked"][i][~there].any()
        assert made["history_weight"][i] == pytest.approx(1 / np.sqrt(max(there.sum(), 1)))


def number_of(rows):
    """Return the numbers of the movies as the history has them: in the order of first ratings."""
    seen = {}
    for i in np.argsort(rows["timestamp"], kind="stable"):
        seen.setdefault(rows["movie_title"][i], len(seen) + 1)
    return np.array([seen[title] for title in rows["movie_title"]])


@pytest.mark.parametrize("seed", range(5))
def test_nothing_later_or_simultaneous_changes_a_feature(seed):
    rows = make_rows(count=70, users=5, movies=20, seed=seed)
    made = causal.make_causal_features(rows)
    rng = np.random.default_rng(seed)
    for moment in rng.choice(np.unique(rows["timestamp"]), 6):
        other = {name: values.copy() for name, values in rows.items()}
        not_yet = rows["timestamp"] >= moment
        other["user_rating"][not_yet] = rng.integers(1, 6, not_yet.sum())
        changed = causal.make_causal_features(other)
        earlier = rows["timestamp"] <= moment  # all that is told at that moment, or before
        for name in CAUSAL:
            assert np.allclose(made[name][earlier], changed[name][earlier], atol=1e-6), name


def test_rows_that_come_later_change_nothing_either(rows):
    made = causal.make_causal_features(rows)
    moment = np.quantile(rows["timestamp"], 0.6)
    past = rows["timestamp"] <= moment
    alone = causal.make_causal_features(take(rows, past))
    for name in CAUSAL:
        assert np.allclose(made[name][past], alone[name], atol=1e-6), name


def test_the_order_of_rows_in_the_file_means_nothing(rows):
    made = causal.make_causal_features(rows)
    shuffled = np.random.default_rng(3).permutation(len(rows["user_id"]))
    again = causal.make_causal_features(take(rows, shuffled))
    for name in ("expected", "statistics", "moods", "history_weight"):
        assert np.allclose(made[name][shuffled], again[name], atol=1e-5), name


def test_first_rating_of_all_is_expected_in_the_middle():
    rows = make_rows(count=1, users=1, movies=1)
    made = causal.make_causal_features(rows)
    assert made["expected"].tolist() == [3.0]
    assert not made["history"].any()


def test_unknown_part_is_refused(rows):
    with pytest.raises(ValueError, match="unknown parts"):
        causal.CausalModel(causal.make_causal_features(rows), parts=("ids",))


@pytest.fixture(scope="module", params=[0, 1, 2])
def trained(request):
    """Return training features and a model that has been trained with them."""
    made = causal.make_causal_features(make_rows(80, users=6, movies=20, seed=request.param))
    return made, causal.train_causal_model(made, epochs=1)


def test_model_has_no_table_of_users_and_predicts_for_anybody(trained):
    made, model = trained
    strangers = take(made, slice(3)) | {"user_id": np.array([b"x", b"y", b"z"])}
    assert np.array_equal(model(strangers), model(take(made, slice(3))))
    stars = model(made).numpy()
    assert stars.shape == (80, 1)
    assert stars.min() >= 1 and stars.max() <= 5


def test_movies_that_training_does_not_know_are_left_out_of_the_history(trained):
    made, model = trained
    some = take(made, slice(10))
    number = some["history"]
    unknown = some | {"history": np.where(number > 0, number + model.movies_known, 0)}
    nothing = some | {"history": np.zeros_like(some["history"])}
    assert np.array_equal(model(unknown), model(nothing))
