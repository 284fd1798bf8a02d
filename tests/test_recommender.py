"""Two stages recommend as their models say, wherever they run, and new users are folded in."""

import json
import os
import subprocess
import sys

import numpy as np
import pytest
from ai_edge_litert.interpreter import Interpreter

from helpers import for_you, metrics
from helpers.data import every_pair, movie_numbers, stars_matrix
from helpers.data.ratings import prepare_rows
from helpers.data.simulation import simulate
from helpers.keras2 import tf, tfrs
from helpers.models import features, new_user, rating, retrieval, training
from helpers.models.two_stages import CANDIDATES, SHOWN, Recommender, TwoStages
from helpers.quiet import without_startup_log

CLEAN_PROCESS = """
import json, sys
import tensorflow as tf

recommend = tf.saved_model.load(sys.argv[1]).signatures["serving_default"]
answer = recommend(user_id=tf.constant(sys.argv[2:]))
answer = {name: values.numpy().tolist() for name, values in answer.items()}
answer["titles"] = [[title.decode() for title in titles] for titles in answer["titles"]]
needless = {"helpers", "tensorflow_recommenders", "tf_keras"} & set(sys.modules)
print(json.dumps([answer, sorted(needless)]))
"""


@pytest.fixture(scope="module")
def rows():
    """Return 6,000 simulated ratings; some users have rated nearly all 150 movies."""
    return prepare_rows(simulate(6_000, users=80, movies=150).ratings)


@pytest.fixture(scope="module")
def users(rows):
    return np.unique(rows["user_id"])


@pytest.fixture(scope="module")
def titles(rows):
    return np.unique(rows["movie_title"])


@pytest.fixture(scope="module")
def retriever(rows):
    return retrieval.train_retriever(rows)


@pytest.fixture(scope="module")
def ranker(rows):
    return rating.train_rating_model(features.make_features(rows), epochs=1, learning_rate=0.05)


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
    return training.predict_uncut(ranker, features.make_features(rows, pairs)).reshape(80, -1)


@pytest.fixture(scope="module")
def dot_products(retriever, users, titles):
    return retriever.user(users).numpy() @ retriever.movie(titles).numpy().T


@pytest.fixture(scope="module")
def seen(rows, users, titles):
    return stars_matrix(rows, users, titles) > 0


@pytest.fixture(scope="module")
def exported(recommender, tmp_path_factory):
    folder = str(tmp_path_factory.mktemp("exported"))
    tf.saved_model.save(recommender, folder, signatures=recommender.recommend)
    return folder


def number(count):
    """Return the numbers of the first users, after nobody."""
    return tf.range(1, 1 + count)


def best_of_candidates(dot_products, stars, seen, weight):
    """Return movies and scores, user by user, by sorting."""
    movies, scores = [], []
    for retrieved, of_user, known in zip(dot_products, stars, seen):
        unseen = np.flatnonzero(~known)
        candidates = unseen[np.argsort(-retrieved[unseen])][:CANDIDATES]
        score = retrieved[candidates] + weight * of_user[candidates]
        best = np.argsort(-score)[:SHOWN]
        movies.append(candidates[best])
        scores.append(score[best])
    return np.array(movies), np.array(scores)


# Retrieval


@pytest.mark.parametrize("corrected", [True, False])
def test_loss_is_that_of_the_task(rows, corrected):
    model = retrieval.Retriever(rows, corrected)
    batch = {name: rows[name][:300] for name in ("user_id", "movie_title")}
    titles, counts = np.unique(rows["movie_title"], return_counts=True)
    shares = counts[np.searchsorted(titles, batch["movie_title"])] / 6_000
    expected = tfrs.tasks.Retrieval()(
        model.user(batch["user_id"]),
        model.movie(batch["movie_title"]),
        candidate_sampling_probability=tf.constant(shares, tf.float32) if corrected else None,
    )
    assert float(model.compute_loss(batch)) == pytest.approx(float(expected), rel=1e-5)


def test_score_is_a_dot_product(retriever, rows, users, titles, dot_products):
    scores = retriever({name: rows[name][:50] for name in ("user_id", "movie_title")})
    assert scores.shape == (50, 1)
    user = np.searchsorted(users, rows["user_id"][:50])
    movie = np.searchsorted(titles, rows["movie_title"][:50])
    np.testing.assert_allclose(scores[:, 0], dot_products[user, movie], atol=1e-5)


def test_correction_lets_popular_movies_come_up(retriever, rows, users, titles, seen):
    uncorrected = retrieval.train_retriever(rows, corrected=False)
    popularity = []
    for model in (retriever, uncorrected):
        scores = model.user(users).numpy() @ model.movie(titles).numpy().T
        tops = metrics.top(scores, seen)
        popularity.append(seen.sum(axis=0)[tops].mean())
    assert popularity[0] > 1.1 * popularity[1]


def test_same_seed_same_retriever(retriever, rows):
    again = retrieval.train_retriever(rows)
    for ours, theirs in zip(retriever.trainable_variables, again.trainable_variables):
        np.testing.assert_array_equal(ours, theirs)


# Two stages


def test_all_stars_are_those_of_the_ranker(stages, stars):
    np.testing.assert_allclose(stages.all_stars(), stars, atol=1e-4)
    assert stars.min() < 1  # so they are not cut


def test_stars_of_some_movies_are_theirs(stages, stars):
    movies = np.random.default_rng(1).integers(0, 150, (7, 4)).astype(np.int32)
    some = stages.stars(number(7), movies)
    np.testing.assert_allclose(some, np.take_along_axis(stars[:7], movies, axis=1), atol=1e-4)


@pytest.mark.parametrize("weight", [0.0, 0.75, 50.0])
def test_top_is_what_sorting_finds(retriever, ranker, rows, weight, dot_products, stars, seen):
    top = TwoStages(retriever, ranker, rows, weight).top(number(80))
    movies, scores = best_of_candidates(dot_products, stars, seen, weight)
    np.testing.assert_allclose(top["scores"], scores, atol=0.01 if weight > 1 else 1e-3)
    same = top["movies"].numpy() == movies  # but for scores that are nearly equal
    assert same.mean() > 0.99
    expected = np.take_along_axis(stars, top["movies"].numpy(), axis=1)
    np.testing.assert_allclose(top["stars"], np.clip(expected, 1, 5), atol=1e-4)


def test_only_candidates_are_listed(retriever, ranker, rows, dot_products, stars, seen):
    movies = TwoStages(retriever, ranker, rows, 50.0).top(number(80))["movies"].numpy()
    candidates = metrics.top(dot_products, seen, CANDIDATES)
    for mine, of_user in zip(movies, candidates):
        assert set(mine) <= set(of_user)
    assert (movies != metrics.top(stars, seen)).any()  # the ranker alone wants others


def test_top_leaves_seen_movies_out_and_is_sorted(stages, seen):
    top = {name: values.numpy() for name, values in stages.top(number(80)).items()}
    assert {name: values.shape for name, values in top.items()} == dict.fromkeys(top, (80, SHOWN))
    assert not np.take_along_axis(seen, top["movies"], axis=1).any()
    assert all(len(set(movies)) == SHOWN for movies in top["movies"].tolist())
    assert (np.diff(top["scores"], axis=1) <= 0).all()
    assert ((top["stars"] >= 1) & (top["stars"] <= 5)).all()


def test_user_0_is_nobody(stages, retriever, ranker, rows, users):
    """Nobody has seen nothing, is like the mean of all to retrieval, unknown to the ranker."""
    mean = retriever.user(users).numpy().mean(axis=0)
    np.testing.assert_allclose(stages.user_embeddings[0], mean, atol=1e-6)
    assert not stages.seen[0].numpy().any()
    stranger = every_pair(rows, users[:1])
    stranger |= {
        "user_id": np.full(150, b"stranger"),
        "user_occupation_text": np.full(150, b"ranger"),
        "age": np.full(150, 200),
        "gender": np.full(150, 2),
    }
    expected = training.predict_uncut(ranker, features.make_features(rows, stranger))
    movies = np.arange(150, dtype=np.int32)[None]
    np.testing.assert_allclose(stages.stars(tf.constant([0]), movies)[0], expected, atol=1e-4)


@pytest.mark.parametrize(("movies", "ratings"), [(60, 1_500), (8, 80)])
def test_few_movies_are_enough(movies, ratings):
    few = prepare_rows(simulate(ratings, users=20 + ratings // 50, movies=movies).ratings)
    ranker = rating.RatingModel(features.make_features(few))
    recommender = Recommender(retrieval.Retriever(few), ranker, few)
    answer = recommender.recommend(tf.constant(np.unique(few["user_id"])))
    scores, titles = answer["scores"].numpy(), answer["titles"].numpy()
    assert scores.shape[1] == min(movies, SHOWN)
    for user, mine, listed in zip(np.unique(few["user_id"]), scores, titles):
        known = set(few["movie_title"][few["user_id"] == user])
        assert [title in known for title in listed] == np.isinf(mine).tolist()
        offered = for_you.page_of(recommender, few, user.decode()).offered
        assert not {title.encode() for title, _ in offered} & known


# Strings outside


def test_recommender_answers_with_titles(recommender, stages, users, titles):
    answer, top = recommender.recommend(tf.constant(users)), stages.top(number(80))
    assert set(answer) == {"titles", "scores", "stars"}
    assert answer["titles"].numpy().tolist() == titles[top["movies"].numpy()].tolist()
    np.testing.assert_allclose(answer["scores"], top["scores"], atol=1e-5)
    np.testing.assert_allclose(answer["stars"], top["stars"], atol=1e-5)


def test_unknown_ids_get_nobodys_list(recommender, stages, titles):
    answer = recommender.recommend(tf.constant(["nobody", "", "81", "-1", "Zoë"]))
    nobody = titles[stages.top(tf.constant([0]))["movies"].numpy()[0]].tolist()
    assert answer["titles"].numpy().tolist() == [nobody] * 5


def test_batch_is_answered_as_one_by_one(recommender):
    ids = ["9", "somebody new", "1", "9", "80"]
    together = recommender.recommend(tf.constant(ids))
    for place, user_id in enumerate(ids):
        alone = recommender.recommend(tf.constant([user_id]))
        assert alone["titles"][0].numpy().tolist() == together["titles"][place].numpy().tolist()
        for name in ("scores", "stars"):
            np.testing.assert_allclose(alone[name][0], together[name][place], atol=1e-5)


def test_no_users_get_no_lists(recommender):
    assert recommender.recommend(tf.constant([], tf.string))["titles"].shape == (0, SHOWN)


def test_clean_process_gives_the_same_answers(recommender, exported, tmp_path):
    ids = ["9", "somebody new", "80"]
    ours = {"PYTHONPATH", "TF_USE_LEGACY_KERAS"}  # set for, and by, `helpers`
    done = subprocess.run(
        [sys.executable, "-c", CLEAN_PROCESS, exported, *ids],
        capture_output=True, text=True, timeout=120, cwd=tmp_path,
        env={name: value for name, value in os.environ.items() if name not in ours},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    theirs, needless = json.loads(done.stdout)
    assert needless == []
    ours = recommender.recommend(tf.constant(ids))
    assert theirs.pop("titles") == [[t.decode() for t in row] for row in ours["titles"].numpy()]
    assert set(theirs) == {"scores", "stars"}
    for name, values in theirs.items():
        np.testing.assert_allclose(values, ours[name], atol=1e-4)


def test_litert_gives_the_same_movies(stages):
    @tf.function(input_signature=[tf.TensorSpec([1], tf.int32, name="user")])
    def top_of_user(user):
        return stages.top(user)

    with without_startup_log():
        converter = tf.lite.TFLiteConverter.from_concrete_functions(
            [top_of_user.get_concrete_function()], stages
        )
        interpreter = Interpreter(model_content=converter.convert())
        lite_top = interpreter.get_signature_runner()
        for user in (0, 1, 7, 80):
            theirs, ours = (
                lite_top(user=np.array([user], np.int32)),
                stages.top(tf.constant([user])),
            )
            assert theirs["movies"].tolist() == ours["movies"].numpy().tolist()
            for name in ("scores", "stars"):
                np.testing.assert_allclose(theirs[name], ours[name], atol=1e-4)


# New users


@pytest.mark.parametrize("count", [1, 3, 40])
@pytest.mark.parametrize("l2", [0.1, 10])
def test_fold_in_minimises_the_penalized_squares(count, l2):
    rng = np.random.default_rng(count)
    vectors, errors = rng.normal(size=(count, 5)), rng.normal(size=count)
    inputs = np.vstack([np.insert(vectors, 0, 1, axis=1), np.sqrt(l2) * np.eye(6)])
    expected = np.linalg.lstsq(inputs, np.append(errors, np.zeros(6)), rcond=None)[0]
    np.testing.assert_allclose(new_user.fold_in(vectors, errors, l2), expected, atol=1e-9)


def test_user_without_ratings_folds_to_zeros():
    assert new_user.fold_in(np.zeros((0, 5)), np.zeros(0), 10.0).tolist() == [0.0] * 6


def test_one_more_rating_moves_the_bias_towards_it():
    biases = [new_user.fold_in(np.zeros((n, 2)), np.full(n, 2.0), 4.0)[0] for n in range(5)]
    np.testing.assert_allclose(biases, [2 * n / (n + 4) for n in range(5)])


MOVIES = np.array([b"Alien (1979)", b"Aliens (1986)", "Amélie".encode(), b"Star Wars (1977)"])


def test_movie_numbers_finds_titles():
    names = ["Star Wars (1977)", "Amélie", "Alien (1979)"]
    assert movie_numbers(MOVIES, names).tolist() == [3, 2, 0]
    assert movie_numbers(MOVIES, dict.fromkeys(names, 5)).tolist() == [3, 2, 0]
    none = movie_numbers(MOVIES, [])
    assert MOVIES[none].tolist() == []


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("alien", "Alien (1979), Aliens (1986)"),
        ("Star Wars", "Star Wars (1977)"),
        ("Satr Wras (1977)", "Star Wars (1977)"),
        ("Amelie", "Amélie"),
        ("12 Monkeys xyz", "none"),
    ],
)
def test_unknown_title_is_answered_with_titles_near_it(name, near):
    with pytest.raises(ValueError) as stop:
        movie_numbers(MOVIES, ["Alien (1979)", name])
    assert str(stop.value).startswith(f"there is no movie {name!r}; near it: {near}")


# How good lists are


def test_stars_matrix_holds_each_rating_in_its_place(rows, users, titles):
    matrix = stars_matrix(rows, users, titles)
    assert matrix.shape == (80, 150)
    assert np.count_nonzero(matrix) == 6_000
    for row in (0, 17, 5_999):
        user, movie = (users == rows["user_id"][row]), (titles == rows["movie_title"][row])
        assert matrix[user, movie] == rows["user_rating"][row]


def test_stars_matrix_ignores_others_users_and_titles(rows, users, titles):
    some = stars_matrix(rows, users[10:20], titles[::3])
    whole = stars_matrix(rows, users, titles)
    np.testing.assert_array_equal(some, whole[10:20, ::3])


def test_top_is_what_sorting_finds_and_keeps_the_order_of_equals():
    rng = np.random.default_rng(3)
    scores, seen = rng.integers(0, 4, (20, 30)).astype(float), rng.random((20, 30)) < 0.4
    before = scores.copy(), seen.copy()
    for k in (1, 7):
        for user, found in enumerate(metrics.top(scores, seen, k)):
            unseen = [movie for movie in range(30) if not seen[user, movie]]
            expected = sorted(unseen, key=lambda movie: -scores[user, movie])
            assert found.tolist() == expected[:k]
    np.testing.assert_array_equal(scores, before[0])
    np.testing.assert_array_equal(seen, before[1])


def test_recall_is_the_mean_of_each_users_share():
    rng = np.random.default_rng(4)
    liked = rng.random((50, 30)) < 0.08
    tops = np.array([rng.permutation(30)[:6] for _ in range(50)])
    assert not liked.any(axis=1).all()
    shares = [
        len(set(np.flatnonzero(mine)) & set(top)) / mine.sum()
        for top, mine in zip(tops.tolist(), liked)
        if mine.any()
    ]
    assert min(shares) == 0
    assert metrics.recall(tops, liked) == pytest.approx(np.mean(shares))


def test_recall_of_everything_is_one(rows, users, titles):
    liked = stars_matrix(rows, users, titles) >= 4
    assert metrics.recall(np.tile(np.arange(150), (80, 1)), liked) == 1


def test_ndcg_of_the_whole_by_hand():
    stars = np.array([[0, 5, 0, 3], [0, 0, 0, 0], [4, 0, 0, 0]])
    tops = np.array([[3, 0], [0, 1], [1, 2]])
    best = 31 / np.log2(2) + 7 / np.log2(3)
    values = metrics.ndcg_of_whole(tops, stars)
    assert values.tolist() == pytest.approx([7 / best, 0])  # the second user is left out


def test_best_list_has_ndcg_one_and_unseen_nothing_counts_less():
    rng = np.random.default_rng(5)
    stars = np.where(rng.random((40, 60)) < 0.3, rng.integers(1, 6, (40, 60)), 0)
    nothing = np.zeros_like(stars, bool)
    best = metrics.ndcg_of_whole(metrics.top(stars, nothing), stars)
    assert best == pytest.approx(np.ones(40))
    by_chance = metrics.ndcg_of_whole(metrics.top(-stars, nothing), stars)
    assert by_chance.tolist() == [0] * 40


def test_ndcg_of_the_whole_is_that_of_lists_where_unrated_movies_have_no_gain():
    """Lesson 6's NDCG over all movies, with 0 stars for those that are not rated."""
    rng = np.random.default_rng(6)
    stars = np.where(rng.random((40, 60)) < 0.3, rng.integers(1, 6, (40, 60)), 0)
    scores = rng.normal(size=(40, 60))
    tops = metrics.top(scores, np.zeros_like(stars, bool))
    expected = metrics.ndcg(stars, scores, np.ones_like(stars, bool))
    assert metrics.ndcg_of_whole(tops, stars) == pytest.approx(expected)
