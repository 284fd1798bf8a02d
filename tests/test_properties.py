"""Properties that hold for any input: hypothesis looks for one that breaks them."""

import contextlib
import copy
import csv
import functools
import json
import os
import re
import sys
import tempfile
import zipfile
from pathlib import Path

import nbformat
import numpy as np
import pytest
import tiny
from hypothesis import HealthCheck, configuration, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from helpers import metrics, models, quiet
from helpers.checks.engine import exercise, registry, time_limit
from helpers.checks.engine import progress as done
from helpers.checks.engine.registry import exercises_of
from helpers.data import (
    OwnRatingsError,
    batches,
    every_pair,
    match_titles,
    movie_numbers,
    movielens,
    own_columns,
    read_own_ratings,
    simulation,
    sources,
    split,
    stars_matrix,
    vocabularies,
)
from helpers.data.ratings import as_arrays, prepare_rows, take, year_of
from helpers.keras2 import tf
from helpers.lessons import LESSONS
from helpers.metrics import intervals
from helpers.metrics import stars as stars_metrics
from helpers.metrics.lists import ranked_labels
from helpers.models import baselines, features, new_user, rating, retrieval, training
from helpers.models.lists import LIST_SIZE, make_list_batches
from helpers.setup import compare, notebooks

_HOME = tempfile.TemporaryDirectory()  # or hypothesis would keep its tables in .hypothesis
configuration.set_hypothesis_home_dir(_HOME.name)
settings.register_profile(
    "course",
    derandomize=True,
    deadline=None,
    database=None,
    max_examples=30,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("course")
few = settings(max_examples=12)

finite = st.floats(-1e6, 1e6)
# The characters of `st.text` without its codec, UTF-8, whose table takes a second to make
any_text = functools.partial(st.text, st.characters(exclude_categories=["Cs"]))
stars = st.integers(1, 5).map(float)
scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | any_text(max_size=8)
    | st.binary(max_size=8)
    | st.complex_numbers()
)
arrays = hnp.arrays(
    hnp.scalar_dtypes(), hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4)
)
anything = st.recursive(
    scalars | arrays | hnp.scalar_dtypes().flatmap(hnp.from_dtype),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.tuples(inner, inner)
        | st.dictionaries(any_text(max_size=4) | st.integers(), inner, max_size=4)
        | st.sets(st.integers(), max_size=3)
    ),
    max_leaves=8,
)
jsons = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | any_text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(any_text(max_size=4), inner, max_size=3)
    ),
    max_leaves=6,
)


def vectors(values=finite, least=0, most=12):
    return st.lists(values, min_size=least, max_size=most).map(lambda v: np.array(v, float))


def matrices(values=finite, least=1):
    shapes = hnp.array_shapes(min_dims=2, max_dims=2, min_side=least, max_side=6)
    return hnp.arrays(float, shapes, elements=values)


@contextlib.contextmanager
def unchanged(*given):
    """Judge that what is given is the same afterwards."""
    before = copy.deepcopy(given)
    yield
    np.testing.assert_equal(given, before)


def raises(error, function, *arguments, **named):
    """Return what the function returns; or None, if it raises its documented error."""
    try:
        return function(*arguments, **named)
    except error as raised:
        assert len(str(raised)) > 10  # a sentence, not just a key
        return None


# Checks


EXERCISES = [(lesson.topic, name) for lesson in LESSONS for name in exercises_of(lesson.topic)]


def outcome(name, *answers):
    with contextlib.redirect_stdout(None):
        try:
            registry.EXERCISES[name][0](*answers)
        except (exercise.NotYet, exercise.NotAttempted) as stop:
            return str(stop)
    return "correct"


@pytest.fixture(scope="module", autouse=True)
def short():
    before, time_limit.SECONDS = time_limit.SECONDS, 20
    yield
    time_limit.SECONDS = before


@given(anything)
@settings(max_examples=20)
def test_checks_name_any_value(answer):
    with unchanged(answer):
        for _, name in EXERCISES:
            said = outcome(name, answer)
            assert said != "correct" or name == "updates" or isinstance(answer, str)
            assert "Using your answer raised" not in said, name


@given(anything)
@settings(max_examples=15)  # each is asked of all checks
def test_checks_name_any_value_that_a_function_returns(value):
    for _, name in EXERCISES:
        said = outcome(name, lambda *arguments, **named: value)
        assert said != "correct"
        assert "Using your answer raised" not in said, name


@given(st.dictionaries(st.sampled_from(["q1", "q2", "q3"]), anything, min_size=2))
def test_quizzes_name_any_letters(answers):
    with unchanged(answers):
        for _, name in EXERCISES:
            if name.startswith("quiz"):
                assert "Using your answer raised" not in outcome(name, answers)


@given(anything)
def test_hint_and_solution_take_any_name(name):
    for function in (exercise.hint, exercise.solution):
        with pytest.raises(exercise.Stop, match="There is no exercise"):
            function(name)


@given(st.binary(max_size=40) | jsons.map(lambda value: json.dumps(value).encode()))
def test_any_progress_file_is_read(content):
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        path = Path(folder) / "progress.json"
        patch.setenv("COURSE_PROGRESS", str(path))
        path.write_bytes(content)
        assert all(isinstance(name, str) for name in done.read())
        done.record("dcg")
        assert "dcg" in done.read()


def test_a_deep_progress_file_is_read(tmp_path, monkeypatch):
    path = tmp_path / "progress.json"
    path.write_text("[" * 100_000)
    monkeypatch.setenv("COURSE_PROGRESS", str(path))
    assert done.read() == set()


# Ratings


@functools.cache
def rows_of_all_pairs(seed):
    """Return simulated rows, one of each of 8 users and 20 movies, user by user."""
    rows = prepare_rows(simulation.simulate(160, 8, 20, seed=seed).ratings)
    return take(rows, np.lexsort([rows["movie_title"], rows["user_id"]]))


@st.composite
def row_sets(draw, least=2, most=60):
    """Rows as `load_rows` gives them, of a few simulated users and movies."""
    users, movies = draw(st.integers(2, 8)), draw(st.integers(3, 20))
    count = draw(st.integers(least, min(most, users * movies)))
    seed = draw(st.integers(0, 99))
    user, movie = np.divmod(np.random.default_rng(seed).permutation(users * movies)[:count], movies)
    return take(rows_of_all_pairs(seed % 10), 20 * user + movie)


@given(st.integers(-2, 30), st.integers(-2, 32), st.integers(0, 5))
def test_the_split_is_a_partition(n, train_size, seed):
    data = tf.data.Dataset.range(max(n, 0))
    parts = raises(ValueError, split.split_once, data, train_size, seed)
    assert (parts is None) == (n < 1 or not 0 <= train_size <= n)
    if parts:
        train, test = (list(part.as_numpy_iterator()) for part in parts)
        assert len(train) == train_size
        assert sorted(train + test) == list(range(n))
        assert list(parts[0].as_numpy_iterator()) == train


@pytest.mark.parametrize("size", [0, 1, 799, 800])
def test_rows_are_split_in_three(size):
    parts = split.split_row_numbers(size, n=1_000)
    assert [len(part) for part in parts] == [800 - size, size, 200]
    assert np.array_equal(np.sort(np.concatenate(parts)), np.arange(1_000))


@pytest.mark.parametrize("size", [-1, 80_001])
def test_more_cannot_be_held_out_than_there_is(size):
    with pytest.raises(ValueError, match="cannot be held out"):
        split.split_row_numbers(size)


@pytest.mark.parametrize("function", [split.split_once, as_arrays])
def test_endless_ratings_are_refused(function):
    endless = tf.data.Dataset.range(9).repeat()
    with pytest.raises(TypeError, match="infinite"):
        function(endless)
    with pytest.raises(TypeError, match="unknown"):
        function(endless.filter(lambda row: row < 5))
    with pytest.raises(ValueError, match="has an end"):
        vocabularies.vocabulary(endless.map(lambda row: {"user_id": row}), "user_id")


@given(st.lists(st.binary(max_size=5).map(lambda b: b.rstrip(b"\0")), max_size=9))
def test_a_vocabulary_has_each_value_once(values):
    data = tf.data.Dataset.from_tensor_slices({"user_id": tf.constant(values, tf.string)})
    found = raises(ValueError, vocabularies.vocabulary, data, "user_id")
    assert (found is None) == (not values)
    if values:
        assert found.tolist() == sorted(set(values))
        assert as_arrays(data)["user_id"].tolist() == values
        with pytest.raises(KeyError, match="no field"):
            vocabularies.vocabulary(data, "movie_id")


@given(row_sets(), st.data())
def test_taken_rows_are_those_rows(rows, data):
    n = len(rows["user_id"])
    which = np.array(data.draw(st.lists(st.integers(-n, n - 1))), int)
    with unchanged(rows, which):
        some = take(rows, which)
    for name, values in rows.items():
        assert np.array_equal(some[name], values[which])


# Evaluation and baselines


@given(vectors(), vectors())
def test_rmse_is_no_less_than_zero_and_zero_for_equals(labels, predictions):
    with unchanged(labels, predictions):
        found = raises(ValueError, stars_metrics.rmse, labels, predictions)
    one = 1 in (len(labels), len(predictions)) and len(labels) * len(predictions) > 0
    assert (found is None) == (len(labels) == 0 or not (len(labels) == len(predictions) or one))
    if found is not None:
        assert found >= 0
        assert (found == 0) == (np.abs(labels - predictions) < 1e-150).all()
        assert stars_metrics.rmse(predictions, labels) == found
    if len(labels):
        assert stars_metrics.rmse(labels, labels) == 0
        assert np.isclose(stars_metrics.rmse(labels, labels + 2), 2, atol=1e-3)
    if len(labels) > 1:
        with pytest.raises(ValueError, match="shape"):
            stars_metrics.rmse(labels, labels[:, None])


@given(vectors(stars), vectors(stars))
def test_no_constant_is_better_than_the_mean(train, test):
    found = raises(ValueError, stars_metrics.constant_rmse, train, test)
    assert (found is None) == (len(train) == 0 or len(test) == 0)
    if len(train):
        best = stars_metrics.constant_rmse(train, train)
        assert all(best <= stars_metrics.rmse(train, stars) + 1e-12 for stars in range(1, 6))


@given(vectors(finite, 1), st.integers(-1, 30), st.sampled_from(["rmse", "difference", "mean"]))
def test_intervals_have_two_ends_in_order(labels, draws, kind):
    other = labels + np.linspace(-1, 1, len(labels))
    arguments = {"rmse": [other], "difference": [other, labels + 3], "mean": []}[kind]
    with unchanged(labels, *arguments):
        ends = raises(
            ValueError, getattr(intervals, f"{kind}_interval"), labels, *arguments, draws=draws
        )
    assert (ends is None) == (draws < 1)
    if ends:
        assert ends[0] <= ends[1]
        if kind == "mean":
            assert labels.min() - 1e-6 <= ends[0]
            assert ends[1] <= labels.max() + 1e-6


@pytest.mark.parametrize("empty", [[], np.zeros((0,))])
def test_intervals_of_nothing_are_refused(empty):
    for function, count in (
        (intervals.rmse_interval, 2),
        (intervals.difference_interval, 3),
        (intervals.mean_interval, 1),
    ):
        with pytest.raises(ValueError, match="at least 1"):
            function(*[empty] * count)
    for shape in ((3, 1), (2,), ()):
        with pytest.raises(ValueError, match="shape"):
            intervals.rmse_interval(np.zeros(3), np.zeros(shape))


@given(vectors(stars), vectors(stars), st.lists(st.integers(0, 9), max_size=12))
def test_groups_hold_every_rating(labels, predictions, values):
    groups = raises(
        ValueError,
        stars_metrics.rmse_by_group,
        labels,
        predictions,
        np.array(values, int),
        [0, 3, 7],
    )
    if groups is None:
        assert not 0 < len(labels) == len(predictions) == len(values)
    else:
        assert len(groups) == len({(v >= 3) + (v >= 7) for v in values})
        assert all(value >= 0 for value in groups.values())


@given(row_sets(), row_sets(), st.floats(0, 50))
def test_baselines_stay_among_the_stars_and_know_strangers(train, rows, damping):
    mean = train["user_rating"].mean(dtype=float)
    with unchanged(train, rows):
        for field in ("user_id", "movie_title"):
            means = baselines.means_by(field, train, rows, damping)
            assert means.shape == rows[field].shape
            assert ((means >= 1 - 1e-9) & (means <= 5 + 1e-9)).all()
            strangers = {field: np.array([b"nobody"])}
            assert np.isclose(baselines.means_by(field, train, strangers, damping), mean)
        biases = baselines.damped_biases(train, rows, damping)
        nobody = {"user_id": np.array([b"nobody"]), "movie_title": np.array([b"nothing"])}
        assert np.isfinite(biases).all()
        assert np.isclose(baselines.damped_biases(train, nobody, damping), mean)


def test_nothing_can_be_learned_from_no_ratings():
    rows = tiny.make_rows(3)
    none = take(rows, slice(0))
    for function, arguments in (
        (baselines.means_by, ("user_id", none, rows)),
        (baselines.damped_biases, (none, rows)),
        (features.make_features, (none,)),
        (features.make_features, (none, rows)),
        (vocabularies.numbered, (none,)),
        (batches.make_batches, (none, 10)),
        (training.predict, (None, none)),
        (metrics.per_user, (none["user_id"], none["user_rating"])),
        (models.make_list_features, (none,)),
    ):
        with pytest.raises(ValueError, match=r"there are no (training )?(ratings|rows)|^0 rows"):
            function(*arguments)


@given(vectors(st.integers(0, 5), 1), st.data())
def test_group_sums_add_up_to_all(keys, data):
    values = np.array(data.draw(st.lists(finite, min_size=len(keys), max_size=len(keys))))
    sums = baselines.group_sums(vocabularies.index_of(keys, keys), values)
    assert len(sums) == len(np.unique(keys)) + 1
    assert sums[-1] == 0
    assert np.isclose(sums.sum(), values.sum(), atol=1e-3)
    assert np.array_equal(np.unique(keys)[vocabularies.index_of(keys, keys)], keys)
    assert vocabularies.index_of(keys, [9]) == len(np.unique(keys))


# Features, ranking, lists and recommendations


@given(st.binary(max_size=30) | st.text("(0123456789) \n", max_size=12).map(str.encode))
def test_a_year_is_found_or_zero(title):
    year = year_of(title)
    assert isinstance(year, int)
    assert 0 <= year <= 9999
    assert year >= 1980 or year % 5 == 0
    assert year_of(title + b" (1994)") == 1994


@given(row_sets(), row_sets(least=1))
@few
def test_features_are_numbers(train, rows):
    with unchanged(train, rows):
        own, others = features.make_features(train), features.make_features(train, rows)
    for made in (own, others):
        for name in ("own", "residual", "user_weight", "movie_weight", "statistics", "time"):
            assert len(made[name]) == len(made["user_id"])
            assert np.isfinite(made[name]).all()
    none = features.make_features(train, take(rows, slice(0)))
    assert none["statistics"].shape == (0, 6)


@given(row_sets(), st.data())
@few
def test_every_pair_is_there_once(rows, data):
    users = data.draw(st.lists(st.sampled_from(rows["user_id"].tolist()), unique=True, min_size=1))
    users, titles = np.array(users), np.unique(rows["movie_title"])
    with unchanged(rows, users):
        pairs = every_pair(rows, users)
    assert "user_rating" not in pairs
    expected = [(user, title) for user in users.tolist() for title in titles.tolist()]
    assert list(zip(pairs["user_id"].tolist(), pairs["movie_title"].tolist())) == expected
    with pytest.raises(ValueError, match="not in the rows"):
        every_pair(rows, np.append(users, b"nobody"))


@given(row_sets(), st.integers(-1, 70), st.booleans())
@few
def test_batches_hold_every_row_once(rows, size, shuffle):
    numbered = {"number": np.arange(len(rows["user_id"])), "genres": rows["genres"]}
    made = raises(ValueError, batches.make_batches, numbered, size, shuffle)
    assert (made is None) == (size < 1)
    if made:
        numbers = np.concatenate([batch["number"] for batch in made])
        assert sorted(numbers) == list(range(len(numbers)))


@given(row_sets())
@settings(max_examples=4)
def test_models_predict_stars_for_anybody(rows):
    train = features.make_features(rows)
    model = rating.RatingModel(train)
    strangers = dict(rows, user_id=np.full(rows["user_id"].shape, b"nobody"))
    both = {name: np.concatenate([values, strangers[name]]) for name, values in rows.items()}
    predictions = training.predict(model, features.make_features(rows, both))
    assert predictions.shape == both["user_id"].shape
    assert ((predictions >= 1) & (predictions <= 5)).all()
    retriever = retrieval.Retriever(rows)
    assert np.isfinite(training.predict(retriever, strangers)).all()
    assert float(tf.reduce_sum(retriever.counts)) == retriever.total == len(rows["user_id"])


@given(st.lists(st.integers(0, 3), max_size=15), st.data())
def test_lists_keep_what_is_given(user_ids, data):
    values = np.array(data.draw(st.lists(st.integers(1, 5), max_size=16)), float)
    with unchanged(values):
        lists = raises(ValueError, metrics.per_user, np.array(user_ids, int), values)
    assert (lists is None) == (not user_ids or len(values) != len(user_ids))
    if lists:
        mask, stars_of = lists
        kept = [v for u, v in zip(user_ids, values) if user_ids.count(u) >= 2]
        assert sorted(stars_of[mask]) == sorted(kept)
        assert (stars_of[~mask] == 0).all()
        assert (mask.sum(axis=1) >= 2).all()


@given(matrices(stars), st.data(), st.integers(-1, 8))
def test_ndcg_is_between_0_and_1_and_1_for_the_best_order(labels, data, k):
    scores = data.draw(hnp.arrays(float, labels.shape, elements=finite))
    mask = data.draw(hnp.arrays(bool, labels.shape))
    with unchanged(labels, scores, mask):
        values = raises(ValueError, metrics.ndcg, labels, scores, mask, k)
        order = ranked_labels(labels, scores, mask)
        ranks = metrics.reciprocal_ranks(labels, scores, mask)
    assert (values is None) == (k < 1 or not mask.any(axis=1).all())
    if values is not None:
        assert ((values > 0) & (values <= 1 + 1e-9)).all()
        assert np.allclose(metrics.ndcg(labels, 3 * labels, mask, k), 1)
    for row in range(len(labels)):
        assert sorted(order[row]) == sorted(np.where(mask, labels, 0)[row])
        assert (order[row][: mask[row].sum()] > 0).all()
    assert ((ranks == 0) == ~((labels == 5) & mask).any(axis=1)).all()
    assert (ranks <= 1).all()


@given(row_sets(least=4))
@few
def test_list_features_are_of_one_user_and_short(rows):
    with unchanged(rows):
        made = raises(ValueError, models.make_list_features, rows)
    assert (made is None) == (len(np.unique(rows["user_id"])) == len(rows["user_id"]))
    if made is None:
        return
    for number in np.unique(made["list_number"]):
        here = made["list_number"] == number
        assert len(np.unique(rows["user_id"][here])) == 1
        assert here.sum() <= LIST_SIZE


@given(st.lists(st.sampled_from([0, 3, 70, 10**9]), min_size=1, max_size=30))
@settings(max_examples=4)  # to make a dataset takes longest
def test_batches_of_lists_hold_every_row(list_numbers):
    rows = {"list_number": np.array(list_numbers), "row": np.arange(len(list_numbers))}
    batches_of_lists = list(make_list_batches(rows, 3))
    rows_of_lists = [batch["row"][batch["list"] >= 0] for batch in batches_of_lists]
    assert sorted(np.concatenate(rows_of_lists)) == list(range(len(list_numbers)))
    total = sum(int(batch["mask"].numpy().sum()) for batch in batches_of_lists)
    assert total == len(list_numbers)


@given(matrices(st.floats(allow_nan=True, allow_infinity=True) | finite), st.data())
def test_recommendations_are_unseen_as_long_as_there_are_any(scores, data):
    seen = data.draw(hnp.arrays(bool, scores.shape))
    k = data.draw(st.integers(-1, 8))
    with unchanged(scores, seen):
        tops = raises(ValueError, metrics.top, scores, seen, k)
    assert (tops is None) == (k < 1 or not np.isfinite(scores).all())
    if tops is None:
        return
    for user, movies in enumerate(tops):
        assert len(movies) == len(set(movies.tolist())) == min(k, scores.shape[1])
        unseen = [movie for movie in movies if not seen[user, movie]]
        assert len(unseen) == min(len(movies), (~seen[user]).sum())
        assert movies[: len(unseen)].tolist() == unseen
        best = sorted(scores[user][~seen[user]], reverse=True)[: len(unseen)]
        assert scores[user][unseen].tolist() == best


@given(row_sets(), st.data())
@few
def test_titles_on_lists_have_not_been_rated(rows, data):
    users = np.unique(rows["user_id"])[:3]
    pairs = every_pair(rows, users)
    titles = np.unique(rows["movie_title"])
    scores = np.random.default_rng(0).normal(size=len(pairs["user_id"]))
    matrix = stars_matrix(rows, users, titles)
    left = (matrix == 0).sum(axis=1).min()
    with unchanged(rows, pairs, scores):
        tops = raises(ValueError, metrics.top_unseen, rows, pairs, scores, int(left))
    assert (tops is None) == (left < 1)
    if tops is not None:
        for user, listed in zip(users, tops):
            assert not set(listed) & set(rows["movie_title"][rows["user_id"] == user])
        if left > 1:
            assert 0 <= metrics.diversity(tops, rows) <= 1
    with pytest.raises(ValueError, match="not in the rows"):
        metrics.diversity(np.array([[b"A", b"B"]]), rows)
    with pytest.raises(ValueError, match="two movies"):
        metrics.diversity(titles[:1][None], rows)


@given(matrices(st.integers(0, 5).map(float)), st.data())
def test_recall_and_full_catalogue_ndcg_are_shares(matrix, data):
    k = data.draw(st.integers(1, matrix.shape[1]))
    tops = metrics.top(np.random.default_rng(k).random(matrix.shape), matrix < 0, k)
    with unchanged(matrix, tops):
        share = raises(ValueError, metrics.recall, tops, matrix >= 4)
        ndcg = metrics.full_catalogue_ndcg(tops, matrix)
    assert (share is None) == (matrix < 4).all()
    assert share is None or 0 <= share <= 1
    assert ((ndcg >= 0) & (ndcg <= 1 + 1e-9)).all()
    assert len(ndcg) == (matrix > 0).any(axis=1).sum()
    best = metrics.top(matrix, matrix < 0, k)
    assert np.allclose(metrics.full_catalogue_ndcg(best, matrix), 1)


@given(row_sets())
def test_the_matrix_of_stars_holds_the_ratings(rows):
    users, titles = np.unique(rows["user_id"]), np.unique(rows["movie_title"])
    with unchanged(rows):
        matrix = stars_matrix(rows, users, titles)
    assert (matrix > 0).sum() == len(rows["user_id"])
    assert np.isclose(matrix.sum(), rows["user_rating"].sum())
    assert np.array_equal(stars_matrix(rows, users[1:], titles[::2]), matrix[1:, ::2])


# New users, factors, simulation


@given(matrices(st.floats(-5, 5), least=0), st.data(), st.floats(0, 100))
def test_folding_in_solves_its_equations(movie_vectors, data, l2):
    errors = data.draw(vectors(st.floats(-4, 4), 0, 8))
    with unchanged(movie_vectors, errors):
        found = raises(ValueError, new_user.fold_in, movie_vectors, errors, l2)
    if len(errors) != len(movie_vectors):
        assert found is None
    elif l2 > 1e-3:
        inputs = np.column_stack([np.ones(len(errors)), movie_vectors])
        assert found.shape == (1 + movie_vectors.shape[1],)
        assert np.allclose(inputs.T @ (errors - inputs @ found), l2 * found, atol=1e-6)


@given(st.lists(any_text(max_size=4), unique=True, max_size=5), st.data())
def test_movies_are_found_by_name(titles, data):
    encoded = [title.encode() for title in titles]
    names = data.draw(st.lists(st.sampled_from(titles) if titles else anything, max_size=4))
    found = raises(ValueError, movie_numbers, encoded, names)
    if titles:
        assert [titles[number] for number in found] == names
    stranger = data.draw(anything.filter(lambda value: not isinstance(value, str)))
    with pytest.raises(ValueError, match="there is no movie"):
        movie_numbers(encoded, [stranger])


@given(row_sets(), st.integers(-1, 70))
@few
def test_numbers_and_batches_of_them(rows, batch_size):
    with unchanged(rows):
        numbers, users, movies = vocabularies.numbered(rows)
    known = np.unique(rows["user_id"]), np.unique(rows["movie_title"])
    assert (users, movies) == (len(known[0]), len(known[1]))
    assert np.array_equal(known[0][numbers["user"]], rows["user_id"])
    assert np.array_equal(known[1][numbers["movie"]], rows["movie_title"])
    made = raises(ValueError, batches.make_batches, numbers, batch_size, drop_remainder=True)
    assert (made is None) == (batch_size < 1)
    if made:
        assert [len(batch["user"]) for batch in made] == [batch_size] * (
            len(rows["user_id"]) // batch_size
        )


@given(
    st.integers(-2, 90),
    st.integers(-1, 9),
    st.integers(-1, 20),
    st.floats(-1, 1e6) | st.just(np.inf),
)
def test_simulated_ratings_are_whole_stars_of_different_pairs(count, users, movies, noise):
    made = raises(ValueError, simulation.simulate, count, users, movies, noise)
    possible = min(count, users, movies) > 0 and count <= users * movies and 0 < noise < np.inf
    assert (made is not None) == possible
    if made:
        found = made.ratings
        assert set(found["user_rating"].tolist()) <= {1.0, 2.0, 3.0, 4.0, 5.0}
        assert len(set(zip(found["user_id"], found["movie_title"]))) == count
        assert ((made.expected >= 1 - 1e-9) & (made.expected <= 5 + 1e-9)).all()
        assert 0 <= made.noise_floor <= 2


# Files


def assert_ratings(own):
    """Judge that what was read are ratings: equally long, on the scale, each pair once."""
    ratings, (low, high), report = own
    n = len(ratings["user_rating"])
    assert n > 0
    assert {name: len(values) for name, values in ratings.items()} == dict.fromkeys(ratings, n)
    assert set(own_columns.COLUMNS) <= set(ratings) <= {*own_columns.COLUMNS, "timestamp"}
    assert ((ratings["user_rating"] >= low) & (ratings["user_rating"] <= high)).all()
    assert len(set(zip(ratings["user_id"].tolist(), ratings["movie_title"].tolist()))) == n
    for name in ("user_id", "movie_title"):
        assert all(text and text.decode() == text.decode().strip() for text in ratings[name])
    assert report.startswith(f"{n:,} rating")


def read_or_refused(source, **settings):
    """Return the ratings, or None after judging the sentence with which they are refused."""
    try:
        own = read_own_ratings(source, **settings)
    except OwnRatingsError as error:
        str(error).encode()  # or it could not be printed
        assert len(str(error)) < 5_000
        return None
    assert_ratings(own)
    return own


scales = st.none() | anything | st.tuples(st.floats(), st.floats())
ways = st.none() | st.sampled_from(["first", "last", "mean"]) | anything


@given(
    anything | st.fixed_dictionaries(
        dict.fromkeys(own_columns.COLUMNS, anything), optional={"timestamp": anything}
    ),
    st.none() | st.dictionaries(st.sampled_from([*own_columns.COLUMNS, "year"]), anything),
    scales, ways,
)  # fmt: skip
@settings(max_examples=150)
def test_own_ratings_are_read_or_refused(source, columns, scale, duplicates):
    if isinstance(source, str):
        source = {"user_id": source}
    with unchanged(source):
        read_or_refused(source, columns=columns, scale=scale, duplicates=duplicates)


HEADERS = [
    b"user_id,movie_title,user_rating\n", b"user_id;movie_title;user_rating;timestamp\r\n",
    b"Date,Name,Year,Letterboxd URI,Rating\n", b"Const,Your Rating,Date Rated,Title,Year\n",
    b"sep=;\nuser_id;movie_title;user_rating\n", b"user_id::movie_title::user_rating\n",
    b"userId\tmovieId\trating\n", b"1\t1\t3\t5\n", b"1::1::3::5\n", b"PK\x03\x04", b"",
]  # fmt: skip
cells = st.sampled_from(
    ["a", "1", "5", "3,5", '"', '""', ",", ";", "::", "\t", "\n", "\r", " ", "=", "2024-01-01",
     "(1999)", "\0", "\u2028", "é", "0", "|"]
)  # fmt: skip
contents = st.binary(max_size=60) | st.lists(cells, max_size=40).map(lambda c: "".join(c).encode())


@pytest.fixture(scope="module")
def beside_movies(tmp_path_factory):
    """Return the path of a file of ratings to write, in a folder that holds files of movies."""
    folder = tmp_path_factory.mktemp("own")
    for name in ("movies.csv", "movies.dat", "u.item"):
        (folder / name).write_bytes(b"1::A,x\n1|B\n1,C\n")
    return folder / "ratings.csv"


@given(st.sampled_from(HEADERS), contents, st.none() | st.just("mean"))
@settings(max_examples=300)
def test_any_file_is_read_or_refused(beside_movies, header, content, duplicates):
    beside_movies.write_bytes(header + content)
    of_file = read_or_refused(beside_movies, duplicates=duplicates)
    of_folder = read_or_refused(beside_movies.parent, duplicates=duplicates)
    assert (of_file is None) == (of_folder is None)


@pytest.fixture(scope="module")
def archive_path(tmp_path_factory):
    return tmp_path_factory.mktemp("zipped") / "own.zip"


@functools.cache
def zipped_ratings(method):
    return zipped({"a/ratings.csv": HEADERS[0] + b"a,b,3\n" * 20}, method)


@given(st.data(), st.sampled_from([zipfile.ZIP_STORED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA]))
@settings(max_examples=150)
def test_a_damaged_zip_of_ratings_is_read_or_refused(archive_path, data, method):
    archive = bytearray(zipped_ratings(method))
    for place in data.draw(st.lists(st.integers(0, len(archive) - 1), min_size=1, max_size=3)):
        archive[place] ^= data.draw(st.integers(1, 255))
    archive_path.write_bytes(archive)
    read_or_refused(archive_path)


texts = any_text(min_size=1, max_size=8).filter(
    lambda text: text == text.strip() and not set(text) & set("\0\r=#")
    and not re.fullmatch(r"\d+\.0+", text)
)  # fmt: skip


@given(
    st.lists(
        st.tuples(st.sampled_from("abc"), st.one_of(any_text(), st.sampled_from(["", "x", "x|y"]))),
        min_size=1, max_size=12,
    ),
    st.sampled_from(["user", "movie"]),
)  # fmt: skip
def test_any_side_column_is_kept_or_refused(cells, owner):
    names, said = zip(*cells)
    other = [f"o{row}" for row in range(len(cells))]
    pair = (names, other) if owner == "user" else (other, names)
    columns = dict(zip(own_columns.COLUMNS, (*pair, [3] * len(cells)))) | {"what": said}
    try:
        ratings = read_own_ratings(columns, side={"what": owner}).ratings
    except OwnRatingsError as error:
        assert "\n  row " in str(error) or "column what " in str(error)
        return
    kept = ratings[f"{owner}_side_what"]
    assert kept.dtype.kind == "S" and len(kept) == len(cells)
    assert len(set(zip(names, kept.tolist()))) == len(set(names))
    assert all(text.decode() == text.decode().strip() for text in kept)


@given(
    st.lists(st.tuples(texts, stars), min_size=1, max_size=6, unique_by=lambda pair: pair[0]),
    st.sampled_from([",", ";", "\t", "|"]),
)
def test_own_ratings_come_back_from_a_file(pairs, delimiter):
    titles, values = zip(*pairs)
    columns = {"user_id": ["me"] * len(pairs), "movie_title": titles, "user_rating": values}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "own.csv"
        rows = [columns, *zip(*columns.values())]
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, delimiter=delimiter).writerows(rows)
        read, expected = map(read_own_ratings, (path, columns))
    for name in own_columns.COLUMNS:
        assert read.ratings[name].tolist() == expected.ratings[name].tolist()
    assert read.ratings["movie_title"].tolist() == [title.encode() for title in titles]
    assert read.ratings["user_rating"].tolist() == [np.float32(value) for value in values]


@given(st.lists(any_text(max_size=12)), st.lists(any_text(max_size=12) | texts))
def test_any_titles_are_matched(titles, catalogue):
    matches = match_titles([*titles, *catalogue], catalogue)
    assert matches.found.keys() | matches.missing.keys() == {*titles, *catalogue}
    assert {title: matches.found.get(title) for title in catalogue} == dict(
        zip(catalogue, catalogue)
    )
    named = {near for nears in matches.missing.values() for near in nears}
    assert named | set(matches.found.values()) <= set(catalogue)


RAW = {"u.data": b"1\t2\t3\t4\n" * 9, "u.item": b"1|A\n", "u.user": b"1|24\n"}


def unpacked(archive):
    """Return what `from_path` writes, after judging that it writes nowhere else."""
    with tempfile.TemporaryDirectory() as folder:
        path, target = Path(folder) / "any.zip", Path(folder) / "target"
        path.write_bytes(archive)
        target.mkdir()
        raises(sources.SourceError, sources.from_path, path, target)
        assert {file.name for file in Path(folder).iterdir()} == {"any.zip", "target"}
        return {file.name: file.read_bytes() for file in target.iterdir()}


def zipped(members, method=zipfile.ZIP_DEFLATED):
    with tempfile.TemporaryFile() as file:
        with zipfile.ZipFile(file, "w", method) as archive:
            for name, content in members.items():
                archive.writestr(name, content)
        file.seek(0)
        return file.read()


names = st.sampled_from(
    ["u.data", "u.item", "u.user", "a/u.data", "../u.item", "/u.user", "u.data/", "a\\u.data", "x"]
)


@given(st.dictionaries(names, st.binary(max_size=20)))
def test_any_zip_is_read_or_refused(members):
    assert set(unpacked(zipped(members))) in (set(), set(sources.FILES))


@given(st.binary(max_size=100))
def test_what_is_no_zip_is_refused(content):
    assert unpacked(content) == {}


@functools.cache
def zipped_raw(method):
    return zipped(RAW, method)


@given(st.data(), st.sampled_from([zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA]))
@settings(max_examples=120)  # the 81st is the first that `zlib` itself refuses
def test_a_damaged_zip_is_read_or_refused(data, method):
    archive = bytearray(zipped_raw(method))
    for place in data.draw(st.lists(st.integers(0, len(archive) - 1), min_size=1, max_size=3)):
        archive[place] ^= data.draw(st.integers(1, 255))
    assert unpacked(bytes(archive)) in ({}, RAW) or archive


@pytest.mark.parametrize("path", ["~nobody-of-that-name/ml-100k.zip", "", "\0", "x" * 5_000])
def test_a_path_that_leads_nowhere_is_refused(path, tmp_path):
    with pytest.raises(sources.SourceError):
        sources.from_path(path, tmp_path)


def test_a_folder_of_folders_is_refused(tmp_path):
    for name in sources.FILES:
        (tmp_path / "raw" / name).mkdir(parents=True)
    with pytest.raises(sources.SourceError, match="cannot be read"):
        sources.from_path(tmp_path / "raw", tmp_path)


@pytest.fixture(scope="module")
def few_records(tmp_path_factory):
    """Return a file of MovieLens's first hundred records."""
    path = str(tmp_path_factory.mktemp("few") / "records")
    with tf.io.TFRecordWriter(path) as file:
        for record in tf.data.TFRecordDataset(movielens.record_files()).take(100):
            file.write(record.numpy())
    return path


@given(st.lists(anything | st.sampled_from(["user_id", "user_rating"]), max_size=3))
@few
def test_fields_are_read_or_named(few_records, fields):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(movielens, "_files", lambda folder: [few_records])
        read = raises(ValueError, movielens.read_ratings, *fields)
    known = all(isinstance(field, str) and field in movielens.FIELDS for field in fields)
    assert (read is not None) == known


@given(st.dictionaries(
    st.sampled_from(["dataset_info.json", "features.json", "movielens-train.tfrecord-00000-of-1"]),
    st.binary(max_size=40) | jsons.map(lambda value: json.dumps(value).encode()),
))  # fmt: skip
def test_any_damage_is_found(files):
    with tempfile.TemporaryDirectory() as root:
        assert movielens.find_damage(root) == "it is not there"
        folder = movielens._dataset_folder(Path(root))
        folder.mkdir(parents=True)
        for name, content in files.items():
            (folder / name).write_bytes(content)
        assert isinstance(movielens.find_damage(root), str)


# Notebooks


MARKERS = ["### BEGIN SOLUTION", "### END SOLUTION"]
lines = st.sampled_from(
    [*MARKERS, *(f"    {marker}" for marker in MARKERS), "secret()", "    secret()", "x = 1", "",
     "# Exercise: dcg", "### BEGIN SOLUTION x", "### END SOLUTION x", "x ### BEGIN SOLUTION"]
)  # fmt: skip
sources_of_cells = st.lists(lines, max_size=8).map("\n".join)


@st.composite
def notebook_strategy(draw):
    cells = []
    for source in draw(st.lists(sources_of_cells, max_size=4)):
        make = draw(st.sampled_from([nbformat.v4.new_code_cell, nbformat.v4.new_markdown_cell]))
        cell = make(source)
        if draw(st.booleans()):
            cell.metadata["nbgrader"] = nbformat.from_dict(
                draw(jsons | st.just({"solution": True, "grade_id": "dcg"}))
            )
        cells.append(cell)
    return nbformat.v4.new_notebook(cells=cells)


@given(notebook_strategy())
@settings(max_examples=150)
def test_a_lesson_never_holds_a_solution(solution):
    with unchanged(solution):
        lesson = raises(ValueError, notebooks.to_lesson, solution)
    if lesson is None:
        return
    for before, after in zip(solution.cells, lesson.cells, strict=True):
        assert not any(marker in after.source for marker in MARKERS)
        kept = before.source.split("\n")
        inside = False
        for line in before.source.split("\n"):
            begins, ends = (marker in line for marker in MARKERS)
            if begins or inside:
                kept.remove(line)
            inside = (inside or begins) and not ends
        assert [
            line for line in after.source.split("\n") if notebooks.STUB not in line
        ] == kept or (after.cell_type == "code")
        assert after.source.count("secret") == sum("secret" in line for line in kept)
    assert notebooks.as_file(notebooks.to_lesson(lesson)) == notebooks.as_file(lesson)


@given(notebook_strategy(), notebook_strategy())
def test_any_two_notebooks_are_compared(theirs, ours):
    for cell in theirs.cells[:1]:
        del cell["id"]  # as in notebooks from before 2021
    with unchanged(theirs, ours):
        parts = compare.comparison(theirs, ours)
    assert len(parts) >= sum(compare.answer_name(cell) is not None for cell in ours.cells)


@given(any_text(max_size=300), any_text(max_size=300), st.integers(1, 300))
def test_no_text_gets_lost_side_by_side(left, right, columns):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(compare.shutil, "get_terminal_size", lambda: os.terminal_size((columns, 40)))
        found = compare.in_two_columns(left, right)
    for text in (left, right):
        for word in text.split():
            if len(word) < 40:
                assert word in found


@given(st.lists(st.binary(max_size=20).filter(lambda b: b"\r" not in b), max_size=5))
def test_only_noise_is_held_back(written):
    with pytest.MonkeyPatch.context() as patch, tempfile.TemporaryFile("w+", newline="") as passed:
        patch.setattr(sys, "stderr", passed)
        noise = b"I0000 00:00 cpu\nINFO: Created TensorFlow Lite delegate\n"
        with quiet.without_startup_log():
            os.write(2, noise + b"\n".join(written))
        passed.seek(0)
        said = passed.read()
    assert said == "".join(
        line
        for line in b"\n".join(written).decode(errors="replace").splitlines(keepends=True)
        if not line.startswith(("I0000 ", "INFO: ", "WARNING: All log messages before absl::Ini"))
    )


def test_an_error_comes_out_of_the_quiet():
    with pytest.raises(KeyError), quiet.without_startup_log():
        raise KeyError
