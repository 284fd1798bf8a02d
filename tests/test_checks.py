"""Every check accepts what is right, in several forms, and names what is wrong."""

import importlib

import pytest

from helpers import checks
from helpers.movielens import tf

tf.keras.utils.set_random_seed(42)  # the corpora hold models with random weights
LESSONS = ("01", "02", "03", "04", "05", "06", "07", "08")
CLASS_EXERCISES = {"ranking_model": "call", "movielens_model": "compute_loss"}


@pytest.fixture(autouse=True)
def same_random_numbers_each_time():
    tf.keras.utils.set_random_seed(42)


def cases(kind):
    """Yield one parameter set per answer of the corpora."""
    for number in LESSONS:
        corpus = importlib.import_module(f"corpus_lesson{number}")
        for name, answers in getattr(corpus, kind).items():
            for i, answer in enumerate(answers):
                yield pytest.param(number, name, answer, id=f"{name}-{i}")


def check_of(number, name):
    return getattr(importlib.import_module(f"helpers.checks.lesson{number}"), name)


def exercises(number):
    module = importlib.import_module(f"helpers.checks.lesson{number}")
    return {
        name: check
        for name, (check, _) in checks._EXERCISES.items()
        if check.__module__ == module.__name__
    }


@pytest.mark.parametrize(("number", "name", "answer"), cases("RIGHT"))
def test_right_answer_is_accepted(number, name, answer, capsys):
    check_of(number, name)(*answer)
    assert f"✅ {name}: correct. " in capsys.readouterr().out


@pytest.mark.parametrize(("number", "name", "case"), cases("WRONG"))
def test_wrong_answer_is_named(number, name, case):
    answer, named = case
    with pytest.raises(checks.NotYet) as stop:
        check_of(number, name)(*answer)
    message = str(stop.value)
    assert named in message
    assert message.startswith(f"❌ {name}: not yet. ")
    assert f'hint("{name}")' in message


@pytest.mark.parametrize("number", LESSONS)
def test_corpora_are_complete(number):
    corpus = importlib.import_module(f"corpus_lesson{number}")
    assert set(corpus.RIGHT) == set(corpus.WRONG) == set(exercises(number))
    for name in corpus.RIGHT:
        assert len(corpus.RIGHT[name]) >= 2, name
        assert len(corpus.WRONG[name]) >= 8, name


@pytest.mark.parametrize("number", LESSONS)
def test_blank_is_not_attempted(number):
    for name, check in exercises(number).items():
        for blank in (..., None):
            with pytest.raises(checks.NotAttempted, match="not attempted"):
                check(blank)
        if name.startswith("quiz"):
            with pytest.raises(checks.NotAttempted):
                check({"q1": ..., "q2": ..., "q3": ...})


@pytest.mark.parametrize("number", LESSONS)
def test_blank_function_is_not_attempted(number):
    """A stub whose body is still only its docstring returns None."""

    def stub(*arguments, **named):
        """Do nothing."""

    takes_a_function = {
        "01": ("keep_three", "split_once", "constant_rmse"),
        "02": ("mean_squared_error",),
        "03": ("make_batches", "test_mse", "rank_movies"),
        "04": (
            "biases_of",
            "add_biases",
            "stop_early",
            "title_vocabulary",
            "difference_interval",
        ),
        "05": ("dot_and_biases", "mean_of_others", "year_of", "cross"),
        "06": ("dcg", "ndcg_of", "reciprocal_rank", "stars_in_order", "coverage"),
        "07": ("retrieval_loss", "recall", "two_stages", "fold_in"),
        "08": ("read_in_batches", "part_of_loss", "tf_config", "table_bytes"),
    }
    for name in takes_a_function[number]:
        with pytest.raises(checks.NotAttempted):
            check_of(number, name)(stub)


@pytest.mark.parametrize(("name", "method"), CLASS_EXERCISES.items())
def test_blank_method_is_not_attempted(name, method):
    def stub(self, *arguments, **named):
        """Do nothing."""

    with pytest.raises(checks.NotAttempted):
        check_of("02", name)(type("Blank", (), {method: stub}))


@pytest.mark.parametrize("number", LESSONS)
def test_each_exercise_has_hints(number):
    for name in exercises(number):
        _, hints = checks._EXERCISES[name]
        assert len(hints) >= 2, name


def test_names_are_unique_in_the_course():
    names = [name for number in LESSONS for name in exercises(number)]
    assert len(names) == len(set(names))


def test_hints_come_one_by_one_and_stay_at_the_last(capsys):
    importlib.import_module("helpers.checks.lesson03")
    checks._hints_given.pop("updates", None)
    for _ in range(4):
        checks.hint("updates")
    printed = capsys.readouterr().out
    for start in ("Hint 1 of 3", "Hint 2 of 3", "Hint 3 of 3"):
        assert start in printed
    assert printed.count("Hint 3 of 3") == 2
    assert 'solution("updates")' in printed


@pytest.mark.parametrize("function", [checks.hint, checks.solution])
def test_unknown_exercise_is_explained(function):
    importlib.import_module("helpers.checks.lesson02")
    with pytest.raises(checks.Stop, match='Did you mean "movie_tower"'):
        function("movietower")


def test_stop_shows_its_message_instead_of_a_traceback():
    stop = checks.NotYet("one\ntwo")
    assert stop._render_traceback_() == ["one", "two"]
