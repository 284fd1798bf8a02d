"""Your own ratings go through the course's models, whatever columns and size they have."""

import numpy as np
import pytest
from conftest import eager
from tiny import make_rows

from helpers.data.ratings import join_pairs, stars_matrix, take
from helpers.data.simulation import simulate
from helpers.data.split import split_rows
from helpers.keras2 import tf
from helpers.models import (
    PARTS,
    OwnModels,
    Retriever,
    damped_biases,
    make_causal_features,
    make_features,
    parts_for,
    predict,
    running_biases,
    train_rating_model,
)
from helpers.models.causal import CAUSAL_PARTS
from helpers.models.own import USERS_AT_ONCE, retrieval_batches
from helpers.models.training import RATINGS_PER_STEP, batch_size_of

THREE = ("user_id", "movie_title", "user_rating")
FOUR = (*THREE, "timestamp")


def columns(rows, names):
    return {name: rows[name] for name in names}


@pytest.fixture(scope="module")
def rows():
    return make_rows(count=300, users=20, movies=30)


@pytest.fixture(scope="module", params=[THREE, FOUR, None], ids=["three", "with time", "all"])
def models(request, rows):
    """Return models that took a step or a few, eagerly: tracing them would take longer.

    Then their movies' biases are set far from each other, so that some stars are cut.
    """
    mine = columns(rows, request.param or rows)
    fit, validation, _ = split_rows(mine)
    with eager():
        own = OwnModels(take(mine, fit), epochs=1)
        assert own.retriever is own.retriever  # it is trained once
    biases = own.model.movie_bias.embedding.embeddings
    biases.assign(np.random.default_rng(1).uniform(-4, 4, biases.shape))
    return own, take(mine, validation)


def test_parts_are_those_whose_columns_are_there(rows):
    three = make_features(columns(rows, THREE))
    assert parts_for(three) == ("history", "statistics", "crosses")
    assert parts_for(make_features(columns(rows, FOUR))) == (
        "history", "statistics", "crosses", "time"
    )  # fmt: skip
    assert parts_for(make_features(rows)) == PARTS
    assert parts_for(make_causal_features(rows), CAUSAL_PARTS) == CAUSAL_PARTS
    assert parts_for(make_causal_features(columns(rows, FOUR)), CAUSAL_PARTS) == (
        "history", "statistics", "tastes", "moods", "crosses"
    )  # fmt: skip


def with_sides(rows, seed=0):
    """Return rows of three columns, and two that say something of users and of things."""
    city, kinds = np.array([b"Oslo", b"Rome", b""]), np.array([b"a|b", b"a", b"b|c"])
    places = (np.unique(rows[name], return_inverse=True)[1] for name in THREE[:2])
    sides = {"user_side_city": city, "movie_side_kind of thing": kinds}
    return columns(rows, FOUR) | {
        name: values[place % 3] for (name, values), place in zip(sides.items(), places)
    }


@pytest.mark.parametrize("in_time", [False, True])
def test_sides_of_your_own_are_features(rows, in_time, eagerly, monkeypatch):
    mine = with_sides(rows)
    if not in_time:
        del mine["timestamp"]
    monkeypatch.setattr("helpers.models.own.PARTS", ("side features",))  # are trained sooner
    monkeypatch.setattr("helpers.models.own.CAUSAL_PARTS", ("side features", "tastes"))
    own = OwnModels(mine, epochs=1)
    assert "side features" in own.parts
    kinds = own.model.movie_sides["movie_side_kind of thing"]
    embed = dict(zip(kinds.table.lookup.get_vocabulary(), kinds.table.embedding.embeddings.numpy()))
    assert set(embed) - {"[UNK]"} == {"a", "b", "c"}
    texts = np.array([b"b|c", b"", b"a", b"a|new"])
    nothing = embed["[UNK]"]
    sums = [embed["b"] + embed["c"], nothing, embed["a"], embed["a"] + nothing]
    assert np.allclose(kinds(texts), sums, atol=1e-6)
    other = mine | {"movie_side_kind of thing": np.full(len(mine["user_id"]), b"c")}
    assert not np.allclose(own.stars(take(mine, slice(50))), own.stars(take(other, slice(50))))
    assert own.recommend(np.unique(mine["user_id"])[:3], shown=2)["titles"].shape == (3, 2)


def test_tastes_in_a_side_column_are_those_in_the_same_genres(rows):
    """Genres as texts say what genres as zeros and ones say; no value is no taste."""
    texts = [
        b"|".join(b"%d" % kind for kind in np.flatnonzero(genres)) for genres in rows["genres"]
    ]
    texts = {"movie_side_what it is": np.array(texts), "movie_side_b": np.full(len(texts), b"")}
    tastes = make_causal_features(columns(rows, (*FOUR, "genres")) | texts)["tastes"]
    assert tastes.shape == (len(rows["user_id"]), 5)  # genres, count, opinions, b, what it is
    assert np.abs(tastes[:, 0]).max() > 0.3
    assert np.allclose(tastes[:, 4], tastes[:, 0], atol=1e-6)
    assert not tastes[:, 3].any()


def test_a_model_without_sides_says_so(rows):
    features = make_features(columns(rows, THREE))
    with pytest.raises(ValueError, match="no side features: leave this part out, as `parts_for`"):
        train_rating_model(features)


def test_features_that_columns_allow_are_the_same_without_the_others(rows):
    whole, three = make_features(rows), make_features(columns(rows, THREE))
    assert set(whole) - set(three) == {
        "time", "timestamp", "age", "gender", "user_occupation_text", "year", "genres"
    }  # fmt: skip
    for name in three:
        assert np.array_equal(whole[name], three[name])
    whole, four = make_causal_features(rows), make_causal_features(columns(rows, FOUR))
    assert np.array_equal(whole["tastes"][:, 2:], four["tastes"])
    for name in set(four) - {"tastes"}:
        assert np.array_equal(whole[name], four[name])


def test_predictions_are_stars_and_biases_the_baseline(models):
    own, validation = models
    stars = own.stars(validation)
    assert stars.shape == validation["user_rating"].shape
    assert np.isfinite(stars).all() and stars.min() >= 1 and stars.max() <= 5
    if not own.in_time:
        assert np.array_equal(own.biases(validation), damped_biases(own.train, validation))
        return
    both = {k: np.concatenate([own.train[k], validation[k]]) for k in validation}
    n = len(own.train["user_id"])
    assert np.allclose(own.biases(validation), running_biases(both)[n:])
    assert np.allclose(stars, predict(own.model, take(make_causal_features(both), slice(n, None))))


def test_only_a_timestamp_makes_it_in_time(models):
    own, _ = models
    assert own.in_time == ("timestamp" in own.train)
    assert type(own.model).__name__ == ("CausalModel" if own.in_time else "RatingModel")


def test_lists_hold_what_a_user_has_not_rated_in_the_order_of_the_score(models):
    own, _ = models
    users = np.unique(own.train["user_id"])
    lists, uncut = own.recommend(users, shown=18), []
    retrieval = own.retriever.user(users).numpy() @ own.retriever.movie(own.titles).numpy().T
    for place, user in enumerate(users):
        movies, scores = lists["movies"][place], lists["scores"][place]
        assert np.array_equal(lists["titles"][place], own.titles[movies])
        rated = own.train["movie_title"][own.train["user_id"] == user]
        fresh = np.isfinite(scores)
        assert not np.isin(lists["titles"][place][fresh], rated).any()
        assert fresh.sum() == min(18, len(own.titles) - len(np.unique(rated)))
        assert (np.diff(scores[fresh]) <= 0).all()
        stars = (scores - retrieval[place, movies])[fresh] / own.stars_weight
        assert np.allclose(np.clip(stars, 1, 5), lists["stars"][place][fresh], atol=1e-4)
        uncut.extend(stars)
    assert min(uncut) < 1 and max(uncut) > 5


def test_lists_do_not_depend_on_who_is_asked_together(models, monkeypatch):
    own, _ = models
    users = np.unique(own.train["user_id"])
    together = own.recommend(users)
    monkeypatch.setattr("helpers.models.own.USERS_AT_ONCE", 7)
    for some in (own.recommend(users), own.recommend(users[3:4])):
        part = together["titles"] if len(some["titles"]) > 1 else together["titles"][3:4]
        assert np.array_equal(some["titles"], part)


def test_what_is_rated_comes_last_in_the_order_of_titles(models):
    own, _ = models
    users = np.unique(own.train["user_id"])
    lists = own.recommend(users, shown=30)
    rated = stars_matrix(own.train, users, own.titles) > 0
    for movies, scores, is_rated in zip(lists["movies"], lists["scores"], rated):
        assert movies[-is_rated.sum() :].tolist() == np.flatnonzero(is_rated).tolist()
        assert np.array_equal(scores == -np.inf, is_rated[movies])
        assert np.isfinite(scores[~is_rated[movies]]).all()


def test_stars_of_a_list_are_for_a_second_after_the_last_rating(models):
    own, _ = models
    times = own.train.get("timestamp", np.zeros(1))
    user = own.train["user_id"][[times.argmax()]]  # the last rating is this user's
    lists = own.recommend(user, shown=30)
    pairs = join_pairs(own.train, np.repeat(user, lists["stars"].size), lists["titles"][0])
    pairs |= {"timestamp": np.full(lists["stars"].size, times.max() + 1)} if own.in_time else {}
    pairs["user_rating"] = np.zeros(lists["stars"].size)
    assert np.allclose(lists["stars"][0], own.stars(pairs), atol=1e-5)


def test_an_unknown_user_is_said(models):
    with pytest.raises(ValueError, match=r"^user 'nobody' has no training rating: unknown$"):
        models[0].recommend(np.array([b"nobody"]))


@pytest.fixture
def untrained(monkeypatch):
    """Return a dict that is to hold how models would be trained, and train none."""
    given = {}

    def train_model(features, parts, seed, **settings):
        given.update(features=features, parts=parts, seed=seed, settings=settings)

    for name in ("rating", "causal"):
        monkeypatch.setattr(f"helpers.models.own.train_{name}_model", train_model)
    for name in ("make_features", "make_causal_features"):
        monkeypatch.setattr(f"helpers.models.own.{name}", lambda rows: rows)
    return given


@pytest.mark.parametrize("n", [300, 40_000, 80_000, 200_000])
@pytest.mark.parametrize("in_time", [False, True])
def test_small_data_have_as_many_steps_as_movielens(n, in_time, untrained):
    OwnModels({name: np.zeros(n) for name in (FOUR if in_time else THREE)})
    steps = {300: 1, 40_000: 20, 80_000: 40, 200_000: 98}[n]  # of up to 2,048 ratings
    epochs = {1: (288, 72), 20: (15, 4), 40: (8, 2), 98: (8, 2)}[steps][in_time]
    assert untrained["settings"] == {"epochs": epochs}
    assert steps * epochs >= (72 if in_time else 288)


@pytest.mark.parametrize("names", [THREE, FOUR], ids=["three", "with time"])
def test_settings_of_your_own_reach_the_training(rows, names, untrained):
    mine = columns(rows, names)
    own = OwnModels(mine, seed=7, stars_weight=0.5, epochs=3, learning_rate=0.1)
    assert untrained == {
        "features": mine, "parts": own.parts, "seed": 7,
        "settings": {"epochs": 3, "learning_rate": 0.1},
    }  # fmt: skip
    assert own.stars_weight == 0.5
    OwnModels(mine, epochs=1)
    assert untrained["seed"] == 42


def test_retrieval_learns_from_pairs_what_its_seed_says(rows, untrained, monkeypatch):
    given = []

    def fit_model(model, train, batches, **settings):
        given.append((set(train), [set(batch) for batch in batches], settings))
        return model

    monkeypatch.setattr("helpers.models.own.fit_model", fit_model)
    own = OwnModels(rows, seed=3)
    some = rows["user_id"][:5]
    vectors = own.retriever.user(some).numpy()
    pair = {"user_id", "movie_title"}
    assert given == [(pair, [pair], {"epochs": 5, "learning_rate": 0.02})]
    tf.keras.utils.set_random_seed(3)
    np.testing.assert_array_equal(vectors, Retriever(rows).user(some))


def test_the_size_is_that_of_the_data(monkeypatch, eagerly):
    """More ratings than MovieLens has, and nothing is cut off."""
    monkeypatch.setattr("helpers.models.training.RATINGS_PER_STEP", 100_000)  # all of them, so
    monkeypatch.setattr("helpers.models.own.RETRIEVAL_STEPS", 1)  # there are few steps,
    monkeypatch.setattr("helpers.models.own.RETRIEVAL_BATCHES", (512, 512))  # and small ones here
    monkeypatch.setattr("helpers.models.own.PARTS", ("history", "statistics"))
    monkeypatch.setattr("helpers.models.own.CANDIDATES", 10)
    made = columns(simulate(101_000, users=1_001, movies=300, fields=THREE).ratings, THREE)
    fit, validation, _ = split_rows(made)
    own = OwnModels(take(made, fit), epochs=1)
    assert len(own.stars(take(made, validation))) == 8_080
    users = np.unique(made["user_id"][fit])
    assert len(users) > USERS_AT_ONCE
    lists = own.recommend(users)
    assert lists["titles"].shape == (len(users), 10)
    assert np.isfinite(lists["scores"]).mean() > 0.95  # few users have rated nearly all


def test_steps_of_an_epoch_do_not_grow_without_end():
    assert [batch_size_of(n) for n in (1, 80_000, 204_800)] == [RATINGS_PER_STEP] * 3
    for n in (204_801, 1_000_000, 10_000_001):
        assert -(-n // batch_size_of(n)) <= 100
        assert batch_size_of(n) - n / 100 < 1


@pytest.mark.parametrize(
    ("n", "size", "steps"), [(300, 512, 1), (100_000, 512, 196), (720_000, 1_440, 500)]
)
def test_batches_of_retrieval_hold_all_pairs(n, size, steps):
    numbers = np.arange(n)
    batches = retrieval_batches({"user_id": numbers, "movie_title": numbers})
    assert int(batches.cardinality()) == steps
    sizes, seen = zip(*((len(b["user_id"]), b["user_id"].numpy()) for b in batches))
    assert max(sizes) == min(size, n)
    assert np.array_equal(np.sort(np.concatenate(seen)), numbers)


def test_an_epoch_of_retrieval_has_an_end_and_the_next_takes_other_pairs():
    numbers = np.arange(1_500_000, dtype=np.int32)
    batches = retrieval_batches({"user_id": numbers, "movie_title": numbers})
    assert int(batches.cardinality()) == 500
    one, other = (next(iter(batches))["user_id"].numpy() for _ in range(2))
    assert len(one) == 2_048
    assert len(np.intersect1d(one, other)) < 100
