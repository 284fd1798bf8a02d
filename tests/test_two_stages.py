"""Two stages recommend as their models say, wherever they run."""

import numpy as np
import pytest
import tiny
from ai_edge_litert.interpreter import Interpreter

from helpers import metrics
from helpers.data import every_pair
from helpers.data.ratings import take
from helpers.keras2 import tf
from helpers.models import features, training
from helpers.models.two_stages import Recommender, TwoStages
from helpers.quiet import without_startup_log

USERS, MOVIES = 105, 130


@pytest.fixture(scope="module")
def rows():
    """Return 4,000 ratings; user 5 has rated no more than one of the 130 movies."""
    rows = tiny.make_rows(4_000, USERS, MOVIES)
    others = rows["user_id"] != b"5"
    others[np.argmin(others)] = True
    return take(rows, others)


@pytest.fixture(scope="module")
def users(rows):
    return np.unique(rows["user_id"])


@pytest.fixture(scope="module")
def titles(rows):
    return np.unique(rows["movie_title"])


@pytest.fixture(scope="module")
def retriever(rows):
    return tiny.make_retriever(rows)


@pytest.fixture(scope="module")
def ranker(rows):
    return tiny.make_ranker(rows)


@pytest.fixture(scope="module")
def recommender(retriever, ranker, rows):
    return Recommender(retriever, ranker, rows)


@pytest.fixture(scope="module")
def stages(recommender):
    return recommender.stages


@pytest.fixture(scope="module")
def stars(ranker, rows, users):
    """Return what the ranker says of every pair, computed pair by pair."""
    pairs = every_pair(rows, users)
    return training.predict_uncut(ranker, features.make_features(rows, pairs)).reshape(USERS, -1)


@pytest.fixture(scope="module")
def dot_products(retriever, users, titles):
    return tiny.table_of(retriever.user)(users) @ tiny.table_of(retriever.movie)(titles).T


@pytest.fixture(scope="module")
def seen(rows, users, titles):
    pairs = set(zip(rows["user_id"].tolist(), rows["movie_title"].tolist()))
    return np.array([[(u, t) in pairs for t in titles.tolist()] for u in users.tolist()])


def number(count):
    """Return the numbers of the first users, after nobody."""
    return tf.range(1, 1 + count)


def best_of_candidates(dot_products, stars, seen, weight):
    """Return movies and scores, user by user, by sorting: ten of a hundred."""
    movies, scores = [], []
    for retrieved, of_user, known in zip(dot_products, stars, seen):
        unseen = np.flatnonzero(~known)
        candidates = unseen[np.argsort(-retrieved[unseen])][:100]
        score = retrieved[candidates] + weight * of_user[candidates]
        best = np.argsort(-score)[:10]
        movies.append(candidates[best])
        scores.append(score[best])
    return np.array(movies), np.array(scores)


# Stars


def test_stars_are_spread_over_more_than_the_scale(stars):
    """Or it would not show that they are not clipped."""
    assert stars.min() < 1 and stars.max() > 5
    assert stars.std() > 0.5


def test_all_stars_are_those_of_the_ranker(stages, stars):
    np.testing.assert_allclose(stages.all_stars(), stars, rtol=1e-3, atol=1e-3)


def test_all_retrieval_scores_are_dot_products(stages, dot_products):
    """Of known users alone, without nobody."""
    np.testing.assert_allclose(stages.all_retrieval(), dot_products, rtol=1e-4, atol=1e-4)


def test_stars_of_some_movies_are_theirs(stages, stars):
    movies = np.random.default_rng(1).integers(0, MOVIES, (7, 4)).astype(np.int32)
    some = stages.stars(number(7), movies)
    expected = np.take_along_axis(stars[:7], movies, axis=1)
    np.testing.assert_allclose(some, expected, rtol=1e-3, atol=1e-3)


def test_user_0_is_nobody(stages, retriever, ranker, rows, users):
    """Nobody has seen nothing, is like the mean of all to retrieval, unknown to the ranker."""
    mean = tiny.table_of(retriever.user)(users).mean(axis=0)
    np.testing.assert_allclose(stages.user_embeddings[0], mean, atol=1e-6)
    assert not stages.seen[0].numpy().any()
    stranger = every_pair(rows, users[:1])
    stranger |= {
        "user_id": np.full(MOVIES, b"stranger"),
        "user_occupation_text": np.full(MOVIES, b"ranger"),
        "age": np.full(MOVIES, 200),
        "gender": np.full(MOVIES, 2),
    }
    expected = training.predict_uncut(ranker, features.make_features(rows, stranger))
    movies = np.arange(MOVIES, dtype=np.int32)[None]
    found = stages.stars(tf.constant([0]), movies)[0]
    np.testing.assert_allclose(found, expected, rtol=1e-3, atol=1e-3)


# Lists


@pytest.mark.parametrize("weight", [None, 0.0, 50.0])
def test_top_is_what_sorting_finds(retriever, ranker, rows, weight, dot_products, stars, seen):
    given = [] if weight is None else [weight]
    top = TwoStages(retriever, ranker, rows, *given).top(number(USERS))
    assert {name: values.shape for name, values in top.items()} == dict.fromkeys(
        ("movies", "scores", "stars"), (USERS, 10)
    )
    movies, scores = best_of_candidates(
        dot_products, stars, seen, 0.75 if weight is None else weight
    )
    np.testing.assert_allclose(top["scores"], scores, rtol=1e-3, atol=1e-2)
    same = top["movies"].numpy() == movies  # but for scores that are nearly equal
    assert same.mean() > 0.99
    expected = np.take_along_axis(stars, top["movies"].numpy(), axis=1)
    np.testing.assert_allclose(top["stars"], np.clip(expected, 1, 5), rtol=1e-3, atol=1e-3)


def test_only_candidates_are_listed(retriever, ranker, rows, dot_products, stars, seen):
    movies = TwoStages(retriever, ranker, rows, 50.0).top(number(USERS))["movies"].numpy()
    candidates = metrics.top(dot_products, seen, 100)
    for mine, of_user in zip(movies, candidates):
        assert set(mine) <= set(of_user)
    assert (movies != metrics.top(stars, seen)).any()  # the ranker alone wants others


@pytest.mark.parametrize(("mean", "end"), [(-100.0, 1), (100.0, 5)])
def test_stars_of_lists_are_from_one_to_five(stages, ranker, monkeypatch, mean, end):
    monkeypatch.setattr(ranker, "mean", mean)
    top = stages.top(number(USERS))
    assert (top["stars"].numpy() == end).all()
    assert (np.abs(stages.stars(number(USERS), top["movies"])) > 5).all()  # these are not clipped


@pytest.mark.parametrize("movies", [60, 8])
def test_few_movies_are_enough(movies, eagerly):
    """Seen ones come last then, with a score of -inf."""
    few = tiny.make_rows(movies * 8 * 9 // 10, 8, movies)
    recommender = tiny.make_recommender(few)
    answer = recommender.recommend(tf.constant(np.unique(few["user_id"])))
    scores, titles = answer["scores"].numpy(), answer["titles"].numpy()
    assert scores.shape == (8, min(movies, 10))
    assert np.isinf(scores).any()
    assert (np.diff(np.where(np.isinf(scores), -1e9, scores), axis=1) <= 0).all()
    for user, mine, listed in zip(np.unique(few["user_id"]), scores, titles):
        known = set(few["movie_title"][few["user_id"] == user])
        assert [title in known for title in listed] == np.isinf(mine).tolist()
        assert len(set(listed)) == len(listed)


# Strings outside


def test_recommender_answers_with_titles(recommender, stages, users, titles):
    answer, top = recommender.recommend(tf.constant(users)), stages.top(number(USERS))
    assert set(answer) == {"titles", "scores", "stars"}
    assert answer["titles"].numpy().tolist() == titles[top["movies"].numpy()].tolist()
    np.testing.assert_allclose(answer["scores"], top["scores"], atol=1e-4)
    np.testing.assert_allclose(answer["stars"], top["stars"], atol=1e-4)


@pytest.mark.parametrize(("given", "weight"), [([], 0.75), ([2.0], 2.0)])
def test_weight_of_the_stars_reaches_the_stages(retriever, ranker, rows, given, weight):
    assert Recommender(retriever, ranker, rows, *given).stages.stars_weight == weight


def test_unknown_ids_get_nobodys_list(recommender, stages, titles):
    answer = recommender.recommend(tf.constant(["nobody", "", "1", "-1", "Zoë"]))
    nobody = titles[stages.top(tf.constant([0]))["movies"].numpy()[0]].tolist()
    assert answer["titles"].numpy().tolist() == [nobody] * 5


def test_batch_is_answered_as_one_by_one(recommender):
    ids = ["9", "somebody new", "10", "9", "80"]
    together = recommender.recommend(tf.constant(ids))
    for place, user_id in enumerate(ids):
        alone = recommender.recommend(tf.constant([user_id]))
        assert alone["titles"][0].numpy().tolist() == together["titles"][place].numpy().tolist()
        for name in ("scores", "stars"):
            np.testing.assert_allclose(alone[name][0], together[name][place], atol=1e-4)


def test_no_users_get_no_lists(recommender):
    assert recommender.recommend(tf.constant([], tf.string))["titles"].shape == (0, 10)


# Elsewhere; what TensorFlow alone answers is in `test_environment.py`


def test_litert_gives_the_same_answers_from_strings_to_titles(recommender, users):
    """Strangers included, one by one and all at once."""
    with without_startup_log():
        converter = tf.lite.TFLiteConverter.from_concrete_functions(
            [recommender.recommend.get_concrete_function()], recommender
        )
        interpreter = Interpreter(model_content=converter.convert())
        ask = interpreter.get_signature_runner()
        some = [[user.decode()] for user in users[::9]] + [["somebody new"], [""], ["Zoë"]]
        for ids in (*some, ["9", "somebody new", "80"]):
            theirs = ask(user_id=np.array(ids))
            ours = recommender.recommend(tf.constant(ids))
            assert theirs["titles"].tolist() == ours["titles"].numpy().tolist()
            for name in ("scores", "stars"):
                np.testing.assert_allclose(theirs[name], ours[name], atol=1e-3)
