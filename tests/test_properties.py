"""Properties that hold for any input: hypothesis looks for one that breaks them."""

import contextlib
import copy
import json
import os
import sys
import tempfile
import types
import zipfile
from pathlib import Path

import nbformat
import numpy as np
import pytest
from hypothesis import HealthCheck, configuration, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from helpers import (
    baselines,
    checks,
    compare,
    evaluation,
    factors,
    features,
    listwise,
    movielens,
    new_user,
    notebooks,
    own_ratings,
    quiet,
    ranking,
    ratings,
    recommendations,
    retrieval,
    simulation,
    sources,
)
from helpers.checks import done, time_limit
from helpers.movielens import tf

_HOME = tempfile.TemporaryDirectory()  # or hypothesis would keep its tables in .hypothesis
configuration.set_hypothesis_home_dir(_HOME.name)
settings.register_profile(
    "course",
    derandomize=True,
    deadline=None,
    database=None,
    max_examples=40,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("course")
few = settings(max_examples=12)

finite = st.floats(-1e6, 1e6)
stars = st.integers(1, 5).map(float)
scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
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
        | st.dictionaries(st.text(max_size=4) | st.integers(), inner, max_size=4)
        | st.sets(st.integers(), max_size=3)
    ),
    max_leaves=8,
)
jsons = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3)
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


EXERCISES = [(number, name) for number in done.TITLES for name in done.exercises_of(number)]


def outcome(name, *answers):
    with contextlib.redirect_stdout(None):
        try:
            checks._EXERCISES[name][0](*answers)
        except (checks.NotYet, checks.NotAttempted) as stop:
            return str(stop)
    return "correct"


@pytest.fixture(scope="module", autouse=True)
def short():
    before, time_limit.SECONDS = time_limit.SECONDS, 20
    yield
    time_limit.SECONDS = before


@given(anything)
@settings(max_examples=60)
def test_checks_name_any_value(answer):
    for _, name in EXERCISES:
        with unchanged(answer):
            said = outcome(name, answer)
        assert said != "correct" or name == "updates" or isinstance(answer, str)
        assert "Using your answer raised" not in said, name


@given(anything)
@settings(max_examples=30)
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
    for function in (checks.hint, checks.solution):
        with pytest.raises(checks.Stop, match="There is no exercise"):
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
