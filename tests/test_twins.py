"""What a lesson builds and what `helpers` gives to the next lesson are the same."""

import ast
import functools
import re
from collections import defaultdict

import numpy as np
import pytest
import tiny
from conftest import notebook_of, read

from helpers import metrics
from helpers.bench import search
from helpers.checks import from_scores_to_recommendations as lists_checks
from helpers.data import (
    Timeline,
    batches,
    in_order_of_time,
    movielens,
    simulation,
    split,
    vocabularies,
)
from helpers.data.ratings import as_arrays, load_rows, take
from helpers.data.scales import as_stars
from helpers.keras2 import tf, tfrs
from helpers.metrics import intervals, stars
from helpers.models import (
    article,
    baselines,
    causal,
    factors,
    features,
    new_user,
    rating,
    retrieval,
    training,
    two_stages,
)


@pytest.fixture(scope="module")
def rows():
    return load_rows()


@pytest.fixture(scope="module")
def arrays(rows):
    """Return all ratings, as a dict of arrays."""
    return {name: rows[name] for name in ("movie_title", "user_id", "user_rating")}


@pytest.fixture(scope="module")
def some_ratings(arrays):
    """Return a dataset of as many ratings as two batches and a half of the lesson."""
    return tf.data.Dataset.from_tensor_slices(take(arrays, slice(25_000)))


def row_numbers(split_once):
    """Return the numbers of the rows that a function puts into train, and into test."""
    return [as_arrays(part) for part in split_once(tf.data.Dataset.range(100_000))]


@pytest.fixture(scope="module")
def our_split():
    return row_numbers(split.split_once)


@pytest.fixture(scope="module")
def of_ratings(answers, some_ratings):
    given = answers("ratings", np=np, tf=tf, ratings=some_ratings)
    source = next(c.source for c in cells_of("ratings") if c.id == "vocabularies")
    exec(source, given)
    return given


@pytest.fixture(scope="module")
def of_ranking_model(answers, of_ratings):
    given = {name: of_ratings[name] for name in ("unique_user_ids", "unique_movie_titles")}
    for cell, name in (("towers", "make_tower"), ("rating-layers", "make_rating_layers")):
        given[name] = function_of("ranking_model", cell, name, tf=tf)
    occupations = np.array([b"student", b"doctor", b"student"])
    return answers("ranking_model", np=np, tf=tf, tfrs=tfrs, occupations=occupations, **given)


@pytest.fixture(scope="module")
def of_training(answers):
    return answers("train_and_evaluate", np=np, tf=tf)


@pytest.fixture(scope="module")
def of_baselines(answers):
    given = {"np": np}
    for cell, name in (
        ("bias-functions", "biases_of"), ("bias-functions", "add_biases"),
        ("title-vocabulary", "title_vocabulary"),
    ):  # fmt: skip
        given[name] = function_of("is_it_any_good", cell, name, np=np)
    return answers("is_it_any_good", tf=tf, rmse=stars.rmse, **given)


@pytest.fixture(scope="module")
def trained(arrays):
    with pytest.MonkeyPatch.context() as patch:  # these are what it would read three times more
        ratings = tf.data.Dataset.from_tensor_slices(arrays)
        patch.setattr(article, "load_ratings", lambda: ratings)
        patch.setattr(article, "vocabulary", lambda ratings, field: np.unique(arrays[field]))
        return article.train_article_model()


@functools.cache
def cells_of(topic):
    """Return the cells of a solution notebook, which no test changes."""
    return read(notebook_of(topic)).cells


def printed(topic):
    """Return all that a solution notebook has printed, as one string."""
    outputs = [output for cell in cells_of(topic) for output in cell.get("outputs", [])]
    return "".join(output.get("text", "") for output in outputs)


def function_of(topic, cell_id, name, **given):
    """Return a function that a solution's cell defines, without running the rest of the cell."""
    source = next(cell.source for cell in cells_of(topic) if cell.id == cell_id)
    tree = ast.parse(source)
    tree.body = [part for part in tree.body if getattr(part, "name", None) == name]
    namespace = dict(given)
    exec(compile(tree, f"{topic}: {cell_id}", "exec"), namespace)
    return namespace[name]


def test_splits_are_the_same(of_ratings, our_split):
    theirs = of_ratings["split_once"]
    for part, other in zip(our_split, row_numbers(lambda rows: theirs(rows, 80_000, seed=42))):
        assert np.array_equal(part, other)


def test_split_is_the_articles(our_split):
    tf.random.set_seed(42)
    rows = tf.data.Dataset.range(100_000)
    article = rows.shuffle(100_000, seed=42, reshuffle_each_iteration=False)
    assert np.array_equal(as_arrays(article.skip(80_000).take(20_000)), our_split[1])


def test_vocabularies_are_the_same(of_ratings, some_ratings):
    for field, name in (("user_id", "unique_user_ids"), ("movie_title", "unique_movie_titles")):
        assert np.array_equal(vocabularies.vocabulary(some_ratings, field), of_ratings[name])


def test_constant_baselines_are_the_same():
    train, test = np.array([1.0, 5.0, 3.0]), np.array([2.0, 4.0])
    theirs = function_of("ratings", "baseline", "rmse_of_constant", np=np)
    assert theirs(train.mean(), test) == pytest.approx(stars.constant_rmse(train, test))


def test_models_are_the_same(of_ratings, of_ranking_model):
    vocabularies = of_ratings["unique_user_ids"], of_ratings["unique_movie_titles"]
    batch = {
        "user_id": tf.constant(["9", "1", "nobody"]),
        "movie_title": tf.constant(["Speed (1994)", "Nothing", "Speed (1994)"]),
        "user_rating": tf.constant([1.0, 2.0, 5.0]),
    }
    results = []
    for names in (of_ranking_model, vars(article)):
        tf.keras.utils.set_random_seed(42)
        model = names["MovielensModel"](names["RankingModel"](*vocabularies))
        results.append((float(model.compute_loss(batch)), model(batch).numpy()))
    assert results[0][0] == results[1][0]
    assert np.array_equal(results[0][1], results[1][1])


def test_parts_of_the_model_are_the_same(of_ratings, of_ranking_model):
    titles = of_ratings["unique_movie_titles"]
    parts = (
        ("make_tower", [titles], tf.constant(titles[:2])),
        ("make_rating_layers", [], tf.ones([2, 64])),
    )
    for name, given, inputs in parts:
        ours, theirs = of_ranking_model[name](*given), getattr(article, name)(*given)
        assert ours(inputs).shape == theirs(inputs).shape
        shapes = [[weights.shape for weights in part.weights] for part in (ours, theirs)]
        assert shapes[0] == shapes[1]


def test_training_notebook_printed_what_the_helper_reaches(trained, arrays, our_split):
    test = take(arrays, our_split[1])
    reached = stars.rmse(test["user_rating"], training.predict(trained, test))
    stored = re.search(r"root_mean_squared_error +([\d.]+)", printed("train_and_evaluate")).group(1)
    assert f"{reached:.3f}" == stored
    assert 1.08 < reached < 1.13


def test_rankings_are_the_same(of_training, trained):
    model = trained
    movies = ["M*A*S*H (1970)", "Dances with Wolves (1990)", "Speed (1994)"]
    ours = article.rank_movies(model, "9", movies)
    theirs = of_training["rank_movies"](model, "9", movies)
    assert ours == [(title, pytest.approx(predicted)) for title, predicted in theirs]
    for place, (title, predicted) in enumerate(ours, start=1):
        assert re.search(
            rf"{place}\. {re.escape(title)} +{predicted:.2f} stars", printed("train_and_evaluate")
        )


@pytest.fixture(scope="module")
def split_numbers():
    """Return the numbers of fit, validation and test."""
    return split.split_row_numbers()


@pytest.fixture(scope="module")
def parts(arrays, split_numbers):
    """Return the first rows of lesson 4's fit and validation, as dicts of arrays."""
    fit, validation, _ = split_numbers
    return take(arrays, fit[:10_000]), take(arrays, validation[:2_000])


def test_validation_is_cut_from_train(our_split, split_numbers):
    fit, validation, test = split_numbers
    assert len(validation) == 8_000
    assert np.array_equal(np.sort([*fit, *validation]), np.sort(our_split[0]))
    assert np.array_equal(test, our_split[1])
    assert np.array_equal(np.sort([*fit, *validation, *test]), np.arange(100_000))


def test_means_and_biases_are_the_same(of_baselines, parts):
    fit, validation = parts
    biases_of, add_biases = (of_baselines[name] for name in ("biases_of", "add_biases"))
    mean = fit["user_rating"].mean(dtype=np.float64)
    for field in ("user_id", "movie_title"):
        theirs = add_biases(
            mean, biases_of(fit[field], fit["user_rating"] - mean), validation[field]
        )
        assert np.allclose(theirs, baselines.means_by(field, fit, validation))
    theirs = of_baselines["bias_baseline"](fit, validation)
    assert np.allclose(theirs, baselines.damped_biases(fit, validation), atol=1e-6)


def test_vocabularies_of_frequent_titles_are_the_same(of_baselines, parts):
    assert np.array_equal(
        of_baselines["title_vocabulary"](parts[0]), article.frequent_titles(parts[0])
    )


def test_settings_are_drawn_from_the_same_ranges(of_baselines):
    rng = np.random.default_rng(1)
    theirs, ours = (
        [of_baselines["draw_settings"](rng) for _ in range(300)],
        search.draw_settings(300),
    )
    for each in (*theirs, *ours):
        low, high = search.RATES[each["optimizer"]]
        assert low <= each["learning_rate"] <= high
        assert each["batch_size"] in search.BATCH_SIZES
    assert all(each["epochs"] == search.EPOCHS for each in theirs)


@pytest.fixture(scope="module")
def differences(answers):
    return answers("is_the_difference_real", without=("planned",), np=np, rmse=stars.rmse)


def test_difference_intervals_are_the_same(parts):
    fit, validation = parts
    first, second = (baselines.means_by(f, fit, validation) for f in ("user_id", "movie_title"))
    given = validation["user_rating"], first, second
    names = "is_the_difference_real", "difference-interval", "difference_interval"
    theirs = function_of(*names, np=np, rmse=stars.rmse)(*given)
    assert theirs == pytest.approx(intervals.difference_interval(*given), abs=1e-6)


def test_intervals_of_recipes_are_the_same(differences, parts):
    fit, validation = parts
    first, second, third = (
        baselines.damped_biases(fit, validation, damping) for damping in (0, 5, 25)
    )
    given = validation["user_rating"], first[None], np.array([second, third])
    _, users = np.unique(validation["user_id"], return_inverse=True)
    theirs = differences["recipe_interval"](*given, users, draws=20)
    ours = intervals.recipe_interval(*given, validation["user_id"], draws=20)
    assert theirs == pytest.approx(ours, abs=1e-6)


def test_longer_trainings_are_the_same(of_baselines, parts, eagerly, monkeypatch):
    assert f"chosen: {article.LONGER}\n" in printed("is_it_any_good")
    monkeypatch.setitem(article.LONGER, "epochs", 2)  # for both, which is enough to differ
    fit = take(parts[0], slice(500))
    names = {
        "chosen": article.LONGER,
        "MovielensModel": article.MovielensModel,
        "RankingModel": article.RankingModel,
    }
    names |= {"tf": tf, "np": np, "make_batches": batches.make_batches, **of_baselines}
    for cell, name in (
        ("longer", "batches_of"), ("longer", "train"), ("train-longer", "train_longer")
    ):  # fmt: skip
        names[name] = function_of("is_it_any_good", cell, name, **names)
    theirs = names["train_longer"](fit)
    assert np.array_equal(theirs(fit).numpy(), article.train_longer(fit)(fit).numpy())


@pytest.fixture(scope="module")
def of_better_model(answers):
    return answers("a_better_model", np=np, tf=tf)


@pytest.fixture(scope="module")
def few_rows(rows, split_numbers):
    return take(rows, split_numbers[0][:3_000])


def test_factor_models_are_the_same(of_better_model, few_rows, eagerly):
    names = {**of_better_model, "tfrs": tfrs, "Table": rating.Table}
    FactorModel = function_of("a_better_model", "factor-model", "FactorModel", **names)
    made = features.make_features(take(few_rows, slice(2_000)))
    stars = []
    for model_class in (FactorModel, lambda train, l2: rating.RatingModel(train, (), l2)):
        tf.keras.utils.set_random_seed(42)
        model = training.fit_model(model_class(made, 10), made, epochs=2, learning_rate=0.02)
        stars.append(model(made).numpy())
    assert np.allclose(*stars, atol=1e-4)


def test_histories_are_the_same(of_better_model, few_rows):
    """With the same weights, and for new rows too; the models create theirs in another order."""
    names = {**of_better_model, "tfrs": tfrs, "Table": rating.Table}
    for cell, name in (
        ("factor-model", "FactorModel"),
        ("history-layer", "History"),
        ("history-model", "WithHistory"),
    ):
        names[name] = function_of("a_better_model", cell, name, **names)
    made = features.make_features(take(few_rows, slice(2_000)))
    new = features.make_features(take(few_rows, slice(2_000)), take(few_rows, slice(2_000, None)))
    theirs, ours = names["WithHistory"](made, 30), rating.RatingModel(made, ("history",), 30)
    for model in (theirs, ours):
        model(take(made, slice(1)))
    for part in ("user", "movie", "user_bias", "movie_bias", "seen", "liked", "raters"):
        mine, other = (
            getattr(getattr(model, part), "table", getattr(model, part)).embedding.embeddings
            for model in (ours, theirs)
        )
        other.assign(10 * mine)
        mine.assign(10 * mine)
    for rows in (made, new):
        stars = [model(rows, training=True) for model in (theirs, ours)]
        np.testing.assert_allclose(*stars, rtol=1e-4, atol=1e-4)
    losses = [float(model.compute_loss(made, training=True)) for model in (theirs, ours)]
    penalties = [float(tf.add_n(model.losses)) for model in (theirs, ours)]
    assert losses[0] == pytest.approx(losses[1], rel=1e-4)
    assert penalties[0] == pytest.approx(penalties[1], rel=1e-4)


@pytest.fixture(scope="module")
def of_lists(answers):
    dcg = function_of("rank_dont_rate", "dcg", "dcg", np=np)
    return answers("rank_dont_rate", np=np, tf=tf, dcg=dcg)


def test_list_metrics_are_the_same(of_lists):
    rng = np.random.default_rng(1)
    for size in (2, 7, 25):
        stars, scores = rng.integers(1, 6, size), rng.normal(size=size)
        for mask in (np.ones(size, bool), np.arange(size) % 3 > 0):
            theirs = of_lists["ndcg_of"](stars, scores, mask)
            ours = metrics.ndcg(stars[None], scores[None], mask[None])
            assert theirs == pytest.approx(ours[0])


def test_chance_levels_are_those_of_many_draws(of_lists):
    stars = np.random.default_rng(1).integers(1, 6, 14)
    many = np.tile(stars, (5_000, 1))
    drawn = metrics.ndcg(many, np.zeros(many.shape), np.ones(many.shape, bool)).mean()
    assert of_lists["chance_ndcg"](stars) == pytest.approx(drawn, abs=0.005)


@pytest.fixture(scope="module")
def of_recommendations(answers):
    return answers("from_scores_to_recommendations", np=np, tf=tf)


def test_retrieval_losses_are_the_same(of_recommendations, few_rows):
    model = retrieval.Retriever(few_rows)
    batch = take(few_rows, slice(0, 500))
    users, movies = model.user(batch["user_id"]), model.movie(batch["movie_title"])
    titles, counts = np.unique(few_rows["movie_title"], return_counts=True)
    counts = tf.constant(counts[np.searchsorted(titles, batch["movie_title"])], tf.float32)
    given = model.task, users, movies, counts, float(len(few_rows["movie_title"]))
    theirs = of_recommendations["retrieval_loss"](*given)
    assert float(theirs) == pytest.approx(float(model.compute_loss(batch)), rel=1e-5)


def test_depth_of_a_draw_is_where_sampled_recall_is_cut(of_recommendations):
    """A movie with just so many above it has a chance of about a half to be found."""
    unrated, negatives = lists_checks.UNRATED, 100
    depth = of_recommendations["drawn_reach"][negatives]
    stars = np.zeros((1, unrated + 1))
    stars[0, depth - 1] = 5
    scores = -np.arange(unrated + 1)[None]
    found = metrics.sampled_recall(scores, stars > 5, stars, [negatives])
    assert found[0, 0] == pytest.approx(0.5, abs=0.1)


def test_clicks_without_their_position_have_the_mean_that_all_looks_would_give(of_recommendations):
    clicks = simulation.simulate_clicks(100_000, movies=20, seed=1)
    labels = of_recommendations["without_position"](clicks.clicked, clicks.rank, clicks.shuffled)
    mean = np.bincount(clicks.movie, labels) / np.bincount(clicks.movie)
    np.testing.assert_allclose(mean, clicks.appeal, atol=0.03)


def test_two_stages_list_the_same_movies(of_recommendations, few_rows):
    """With the score that `TwoStages` sorts by, in place of the stars."""
    rows = take(few_rows, slice(1_500))
    stages = two_stages.TwoStages(tiny.make_retriever(rows), tiny.make_ranker(rows), rows)
    scores = (stages.user_embeddings[1:] @ tf.transpose(stages.movie_embeddings)).numpy()
    both, seen = scores + stages.stars_weight * stages.all_stars(), stages.seen[1:].numpy()
    users = np.arange(0, 300, 15, dtype=np.int32)
    ours = stages.top(1 + users)["movies"].numpy()
    for user, movies in zip(users, ours):
        theirs = of_recommendations["two_stages"](scores[user], both[user], seen[user])
        assert theirs.tolist() == movies.tolist()


@pytest.fixture(scope="module")
def newcomers(answers):
    return answers("your_own_ratings", without=("capstone",), np=np)


def test_new_users_are_folded_in_the_same(newcomers):
    rng = np.random.default_rng(1)
    for count in (0, 1, 30):
        given = rng.normal(size=(count, 16)), rng.normal(size=count), 10.0
        assert np.allclose(newcomers["fold_in"](*given), new_user.fold_in(*given))


def test_shares_of_a_recommendation_are_the_same(newcomers):
    rng = np.random.default_rng(2)
    given, others = (rng.normal(size=(5, 16)), rng.normal(size=5), 3.0), rng.normal(size=(4, 16))
    ours = new_user.shares_of(*given, others)
    for share, vector in zip(ours, others, strict=True):
        assert np.allclose(newcomers["shares_of"](*given, vector), share)


@pytest.mark.parametrize("days", [3_000, 40])
def test_own_ratings_are_cut_at_the_same_moment(newcomers, days):
    times = np.random.default_rng(days).integers(0, days, 1_000) * 86_400
    *_, test = split.split_rows({"user_id": times, "timestamp": times})
    assert np.array_equal(np.flatnonzero(newcomers["cut_in_time"](times, 0.2)), np.sort(test))


def test_a_scale_is_brought_to_the_same_stars(newcomers):
    titles = np.array([b"a", b"b", b"c"])
    ratings = {"movie_title": titles, "user_rating": np.array([0.5, 5, 3.5], np.float32)}
    theirs = newcomers["matched_stars"](ratings, (0.5, 5), dict(zip(titles, titles)))
    assert list(theirs.values()) == pytest.approx(as_stars(ratings["user_rating"], (0.5, 5)))


@pytest.fixture(scope="module")
def of_scale(answers):
    return answers("beyond_one_machine", np=np, tf=tf, make_batches=batches.make_batches)


def test_ratings_of_records_are_the_same(of_scale, arrays):
    fields = ("user_id", "movie_title", "user_rating")
    record = {field: tf.io.FixedLenFeature([], movielens.FIELDS[field]) for field in fields}

    def parse(records):
        return tf.io.parse_example(records, record)

    records = tf.data.TFRecordDataset(movielens.record_files()).take(10_000)
    dataset = of_scale["input_pipeline"](records, parse, lambda parsed: parsed, 3_000)
    ours = take(arrays, slice(10_000))
    theirs = list(dataset)
    assert [len(batch["user_id"]) for batch in theirs] == [3_000] * 3 + [1_000]
    columns = [np.concatenate([batch[field].numpy() for batch in theirs]) for field in fields]
    assert sorted(zip(*columns)) == sorted(zip(*(ours[field].tolist() for field in fields)))


def test_parts_of_the_loss_are_the_same(of_scale):
    squares = np.random.default_rng(1).random(30).astype(np.float32)
    for size in (1, 7, 30):
        theirs = of_scale["part_of_loss"](tf.constant(squares[:size]), 64)
        ours = tf.nn.compute_average_loss(squares[:size], global_batch_size=64)
        assert float(theirs) == pytest.approx(float(ours), rel=1e-5)


@pytest.mark.parametrize(("optimizer", "kept"), [("Adagrad", 1), ("Adam", 2)])
def test_machines_hold_real_tables(of_scale, optimizer, kept, eagerly):
    model = factors.Factors(30, 20, 4)
    model.compile(getattr(tf.keras.optimizers, optimizer)(0.1))
    one = np.arange(4, dtype=np.int32)
    numbers = {"user": one, "movie": one, "user_rating": one.astype(np.float32)}
    model.fit(batches.make_batches(numbers, 4), verbose=0)
    variables = {id(v): v for v in (*model.variables, *model.optimizer.variables)}.values()
    tables = [v.numpy() for v in variables if v.shape.rank == 2 and v.shape[1] == 16]
    assert len(tables) == 2 * (1 + kept)
    users, movies = (sum(t.nbytes for t in tables if len(t) == rows) for rows in (30, 20))
    memories = users + movies, users + movies - 1, users // 2 + movies, movies
    needed = [of_scale["machines_needed"](30, 20, 16, kept, memory) for memory in memories]
    assert needed == [1, 2, 2, None]


def test_checks_of_lists_know_what_the_lesson_prints():
    text = printed("from_scores_to_recommendations")
    assert f"from {lists_checks.UNRATED:,}, on average" in text
    assert f"two models minus retrieval: {lists_checks.DIFFERENCE:+.4f}" in text
    assert f"values {lists_checks.OF_VALUES:.4f}, differences {lists_checks.OF_PAIRS:.4f}" in text


def test_running_biases_are_the_same(answers, rows):
    theirs = answers("tomorrows_ratings", np=np, defaultdict=defaultdict)
    rows = in_order_of_time(take(rows, slice(4_000)))
    given = (rows[name] for name in ("user_id", "movie_title", "user_rating", "timestamp"))
    ours = causal.running_biases(rows)
    assert np.allclose(theirs["strictly_running_biases"](*given), ours, atol=1e-5)
    latest = theirs["causal_history"](rows["user_id"], rows["timestamp"], 60)
    ours = Timeline(rows["user_id"], rows["timestamp"]).latest_earlier(60)
    moments = [np.where(each >= 0, rows["timestamp"][each], -1) for each in (ours, latest)]
    assert np.array_equal(*moments)  # within a second, any order is right


def test_losses_of_the_two_towers_are_the_same(answers, few_rows):
    """What the learner gives to `TwoTowers` is what it has by default."""
    import keras

    from helpers.models import keras3

    theirs = answers("beyond_keras_2", np=np, keras=keras)["in_batch_loss"]
    model, rng = keras3.make_two_towers(few_rows), np.random.default_rng(1)
    model(keras3.numbers_of(few_rows, take(few_rows, slice(1))))
    for n in (1, 30):
        user, movie = rng.normal(size=(2, n, 16)).astype(np.float32)
        given = model, user, movie, rng.uniform(0.0001, 0.01, n).astype(np.float32)
        assert float(theirs(*given)) == pytest.approx(float(keras3.in_batch_loss(*given)), rel=1e-5)
