"""What a lesson builds and what `helpers` gives to the next lesson are the same."""

import re

import numpy as np
import pytest
from conftest import SOLUTIONS, read

from helpers import evaluation, models, ratings, training
from helpers.models import tfrs
from helpers.movielens import tf


@pytest.fixture(scope="module")
def read_ratings():
    return ratings.load_ratings()


@pytest.fixture(scope="module")
def notebook1(answers, read_ratings):
    return answers("01", np=np, tf=tf, ratings=read_ratings)


@pytest.fixture(scope="module")
def notebook2(answers, notebook1):
    names = ("unique_user_ids", "unique_movie_titles")
    return answers("02", np=np, tf=tf, tfrs=tfrs, **{name: notebook1[name] for name in names})


@pytest.fixture(scope="module")
def notebook3(answers):
    return answers("03", np=np, tf=tf)


@pytest.fixture(scope="module")
def trained():
    return training.train_article_model()


def printed(number):
    """Return all that a solution notebook has printed, as one string."""
    path = next(path for path in SOLUTIONS if path.name.startswith(number))
    outputs = [output for cell in read(path).cells for output in cell.get("outputs", [])]
    return "".join(output.get("text", "") for output in outputs)


def test_splits_are_the_same(notebook1, read_ratings):
    ours = [ratings.as_arrays(part) for part in ratings.split_once(read_ratings)]
    theirs = notebook1["split_once"](read_ratings, train_size=80_000, seed=42)
    for part, other in zip(ours, theirs):
        for field, values in ratings.as_arrays(other).items():
            assert np.array_equal(values, part[field])


def test_split_is_the_articles(read_ratings):
    tf.random.set_seed(42)
    article = read_ratings.shuffle(100_000, seed=42, reshuffle_each_iteration=False)
    _, test = ratings.split_once(read_ratings)
    for field, values in ratings.as_arrays(article.skip(80_000).take(20_000)).items():
        assert np.array_equal(values, ratings.as_arrays(test)[field])


def test_vocabularies_are_the_same(notebook1, read_ratings):
    for field, name in (("user_id", "unique_user_ids"), ("movie_title", "unique_movie_titles")):
        assert np.array_equal(ratings.vocabulary(read_ratings, field), notebook1[name])


def test_constant_baselines_are_the_same(notebook1):
    train, test = np.array([1.0, 5.0, 3.0]), np.array([2.0, 4.0])
    assert notebook1["constant_rmse"](train, test) == pytest.approx(
        evaluation.constant_rmse(train, test)
    )


def test_models_are_the_same(notebook1, notebook2):
    vocabularies = notebook1["unique_user_ids"], notebook1["unique_movie_titles"]
    batch = {
        "user_id": tf.constant(["9", "1", "nobody"]),
        "movie_title": tf.constant(["Speed (1994)", "Nothing", "Speed (1994)"]),
        "user_rating": tf.constant([1.0, 2.0, 5.0]),
    }
    results = []
    for names in (notebook2, vars(models)):
        tf.keras.utils.set_random_seed(42)
        model = names["MovielensModel"](names["RankingModel"](*vocabularies))
        results.append((float(model.compute_loss(batch)), model(batch).numpy()))
    assert results[0][0] == results[1][0]
    assert np.array_equal(results[0][1], results[1][1])


def test_parts_of_the_model_are_the_same(notebook1, notebook2):
    titles = notebook1["unique_movie_titles"]
    parts = (
        (notebook2["movie_tower"], models.make_tower(titles), tf.constant(titles[:2])),
        (notebook2["rating_layers"], models.make_rating_layers(), tf.ones([2, 64])),
    )
    for ours, theirs, inputs in parts:
        assert ours(inputs).shape == theirs(inputs).shape
        shapes = [[weights.shape for weights in part.weights] for part in (ours, theirs)]
        assert shapes[0] == shapes[1]


def test_notebook_3_printed_what_the_helper_reaches(trained):
    _, _, result = trained
    stored = re.search(r"root_mean_squared_error +([\d.]+)", printed("03")).group(1)
    assert f"{result['root_mean_squared_error']:.3f}" == stored
    assert 1.08 < result["root_mean_squared_error"] < 1.13


def test_training_repeats(trained):
    _, history, result = trained
    _, history_again, again = training.train_article_model()
    assert result == again
    assert history.history == history_again.history


def test_batches_are_the_same(notebook3):
    rows = tf.data.Dataset.range(100)
    for shuffle in (False, True):
        batches = []
        for function in (notebook3["make_batches"], training.make_batches):
            tf.random.set_seed(1)
            batches.append(np.concatenate(list(function(rows, 16, shuffle).as_numpy_iterator())))
        assert np.array_equal(*batches)


def test_rankings_are_the_same(notebook3, trained):
    model, _, _ = trained
    movies = ["M*A*S*H (1970)", "Dances with Wolves (1990)", "Speed (1994)"]
    ours = training.rank_movies(model, "9", movies)
    theirs = notebook3["rank_movies"](model, "9", movies)
    assert ours == [(title, pytest.approx(stars)) for title, stars in theirs]
    for place, (title, stars) in enumerate(ours, start=1):
        assert re.search(rf"{place}\. {re.escape(title)} +{stars:.2f} stars", printed("03"))
