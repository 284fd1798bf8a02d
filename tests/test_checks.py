"""Every check accepts what is right, in several forms, and names what is wrong."""

import functools
import importlib
import types

import pytest
from seeds import set_seeds

from helpers.checks.engine import exercise, registry
from helpers.keras2 import tf
from helpers.lessons import LESSONS, lesson_of

TOPICS = [lesson.topic for lesson in LESSONS]
CLASS_EXERCISES = {"ranking_model": "call", "movielens_model": "compute_loss"}


@pytest.fixture(autouse=True)
def same_random_numbers_each_time():
    set_seeds()


@functools.cache
def corpus(topic):
    tf.keras.utils.set_random_seed(42)  # it holds models with random weights
    return importlib.import_module(f"corpora.{topic}")


def check_of(topic, name):
    return getattr(importlib.import_module(f"helpers.checks.{topic}"), name)


NAMES = [(topic, name) for topic in TOPICS for name in registry.exercises_of(topic)]
each_exercise = pytest.mark.parametrize(("topic", "name"), NAMES, ids=[name for _, name in NAMES])


def judge_each(answers, judge, subtests):
    """Judge all answers of an exercise; one that fails is a subtest, so it fails by itself."""
    for number, answer in enumerate(answers):
        set_seeds()
        try:
            judge(*answer)
        except (Exception, pytest.fail.Exception):
            with subtests.test(answer=number):
                raise


@each_exercise
def test_right_answers_are_accepted(topic, name, capsys, subtests):
    def judge(*answer):
        check_of(topic, name)(*answer)
        assert f"✅ {name}: correct. " in capsys.readouterr().out

    judge_each(corpus(topic).RIGHT[name], judge, subtests)


@each_exercise
def test_wrong_answers_are_named(topic, name, subtests):
    def judge(answer, named):
        with pytest.raises(exercise.NotYet) as stop:
            check_of(topic, name)(*answer)
        message = str(stop.value)
        assert named in message
        assert message.startswith(f"❌ {name}: not yet. ")
        assert f'hint("{name}")' in message

    judge_each(corpus(topic).WRONG[name], judge, subtests)


@pytest.mark.parametrize("topic", TOPICS)
def test_corpora_are_complete(topic):
    right, wrong = corpus(topic).RIGHT, corpus(topic).WRONG
    assert set(right) == set(wrong) == set(registry.exercises_of(topic))
    for name in right:
        assert len(right[name]) >= (1 if lesson_of(topic).draft else 2), name
        assert len(wrong[name]) >= (1 if lesson_of(topic).draft else 8), name


@pytest.mark.parametrize("topic", TOPICS)
def test_blank_is_not_attempted(topic):
    for name in registry.exercises_of(topic):
        check = check_of(topic, name)
        for blank in (..., None):
            with pytest.raises(exercise.NotAttempted, match="not attempted"):
                check(blank)
        if name.startswith("quiz"):
            with pytest.raises(exercise.NotAttempted):
                check({"q1": ..., "q2": ..., "q3": ...})


@pytest.mark.parametrize("topic", TOPICS)
def test_blank_function_is_not_attempted(topic):
    """A stub whose body is still only its docstring returns None."""

    def stub(*arguments, **named):
        """Do nothing."""

    right = corpus(topic).RIGHT
    takes_a_function = [
        name for name, answers in right.items() if isinstance(answers[0][0], types.FunctionType)
    ]
    for name in takes_a_function:
        with pytest.raises(exercise.NotAttempted):
            check_of(topic, name)(stub)


@pytest.mark.parametrize(("name", "method"), CLASS_EXERCISES.items())
def test_blank_method_is_not_attempted(name, method):
    def stub(self, *arguments, **named):
        """Do nothing."""

    with pytest.raises(exercise.NotAttempted):
        check_of("ranking_model", name)(type("Blank", (tf.keras.Model,), {method: stub}))


@pytest.mark.parametrize("topic", TOPICS)
def test_each_exercise_has_hints(topic):
    for name in registry.exercises_of(topic):
        _, hints = registry.EXERCISES[name]
        assert len(hints) >= 2, name


def test_names_are_unique_in_the_course():
    names = [name for topic in TOPICS for name in corpus(topic).RIGHT]  # the registry has one each
    assert len(names) == len(set(names))


def test_hints_come_one_by_one_and_stay_at_the_last(capsys):
    importlib.import_module("helpers.checks.train_and_evaluate")
    exercise._hints_given.pop("updates", None)
    for _ in range(4):
        exercise.hint("updates")
    printed = capsys.readouterr().out
    for start in ("Hint 1 of 3", "Hint 2 of 3", "Hint 3 of 3"):
        assert start in printed
    assert printed.count("Hint 3 of 3") == 2
    assert 'solution("updates")' in printed


@pytest.mark.parametrize("function", [exercise.hint, exercise.solution])
def test_unknown_exercise_is_explained(function):
    importlib.import_module("helpers.checks.ranking_model")
    with pytest.raises(exercise.Stop, match='Did you mean "occupation_tower"'):
        function("occupationtower")


def test_stop_shows_its_message_instead_of_a_traceback():
    stop = exercise.NotYet("one\ntwo")
    assert stop._render_traceback_() == ["one", "two"]
