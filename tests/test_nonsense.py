"""Whatever a learner hands over, a check says what is wrong with it, and leaves it as it is."""

import functools
import importlib
import inspect
import itertools

import numpy as np
import pytest
from seeds import set_seeds

from helpers.checks.engine import exercise
from helpers.checks.engine.registry import exercises_of
from helpers.keras2 import tf, tfrs
from helpers.lessons import LESSONS

TOPICS = [lesson.topic for lesson in LESSONS]

FALLBACK = "Using your answer raised"
OURS = "raised by the learner's code"
NAMES = [(topic, name) for topic in TOPICS for name in exercises_of(topic)]
each_check = pytest.mark.parametrize(("topic", "name"), NAMES, ids=[name for _, name in NAMES])
each_check_backwards = pytest.mark.parametrize(
    ("topic", "name"), NAMES[::-1], ids=[name for _, name in NAMES[::-1]]
)


@pytest.fixture(autouse=True)
def same_random_numbers_each_time():
    set_seeds()


class Nonsense:
    """Nothing that any exercise asks for."""


def fail(*arguments, **named):
    raise RuntimeError(OURS)


def fail_badly(*arguments, **named):
    class NoText(Exception):
        def __str__(self):
            raise RuntimeError

    raise NoText


def recurse(*arguments, **named):
    return recurse(*arguments, **named)


def itself(*arguments, **named):
    return itself


LATE = (  # enough of them for what is called many times
    *("a list of lists", "a text", "a topic", "nan", "a complex topic", "an object"),
    *("an infinite batch", "two infinite datasets", "an infinite generator", "a class"),
    *("an empty dict", "an empty array", "an array of texts", "a ragged tensor"),
)


@functools.cache
def tensors():
    """Return the nonsense of TensorFlow that nothing can change, and that takes long to make."""
    return {
        "an infinite dataset": tf.data.Dataset.range(5).repeat(),
        "an infinite dataset of batches": tf.data.Dataset.range(5).repeat().batch(3),
        "an infinite batch": tf.data.Dataset.range(5).repeat().batch(2**62),
        "an infinite dataset of texts": tf.data.Dataset.from_tensors("M").repeat(),
        "two infinite datasets": (tf.data.Dataset.range(5).repeat(),) * 2,
        "a tensor": tf.constant([[1.0]]),
        "a tensor of texts": tf.constant(["nonsense"]),
        "a ragged tensor": tf.ragged.constant([[1], [2, 3]]),
        "a sparse tensor": tf.sparse.from_dense([[0, 1]]),
    }


def values():
    """Return nonsense, made anew at each call."""
    return {
        "a list": ["nonsense", 1],
        "an empty list": [],
        "a list of lists": [[1], [2, 3]],
        "a text": "nonsense",
        "an empty text": "",
        "bytes": b"nonsense",
        "a topic": -7,
        "nan": float("nan"),
        "infinity": np.float64("inf"),
        "a complex topic": np.complex64(1j),
        "true": True,
        "an object": object(),
        "an infinite generator": itertools.count(),
        "a class": Nonsense,
        "a dict": {"nonsense": 1},
        "an empty dict": {},
        "an empty array": np.array([]),
        "an array of nan": np.full((2, 2), np.nan),
        "an array of objects": np.array([object(), None]),
        "an array of texts": np.array(["nonsense"]),
        "a layer": tf.keras.layers.Dense(1),
        "a module": np,
        "a function that returns itself": itself,
        **tensors(),
    }


def corpus(topic, kind):
    return getattr(importlib.import_module(f"corpora.{topic}"), kind)


def check_of(topic, name):
    return getattr(importlib.import_module(f"helpers.checks.{topic}"), name)


def outcome(check, answers):
    """Return the first line of what a check says."""
    try:
        check(*answers)
    except exercise.Stop as stop:
        return str(stop).splitlines()[0]
    return f"✅ {check.__name__}: correct."


def judge(check, *answers):
    """Return what a check says of nonsense, once it is known to be neither praise nor a crash."""
    said = outcome(check, answers)
    assert said.startswith((f"❌ {check.__name__}: not yet. ", f"⬜ {check.__name__}: not att")), (
        said
    )
    assert "for longer than" not in said  # no nonsense is left to the time limit
    return said


def late(right, calls, value):
    """Return a function that gives what `right` gives, and nonsense after so many calls."""
    made = itertools.count()

    def function(*arguments, **named):
        return right(*arguments, **named) if next(made) < calls else value

    return function


@functools.cache
def calls_of(topic, name):
    """Return how often a check calls a right function, at most four, once it has accepted it."""
    check, right = check_of(topic, name), corpus(topic, "RIGHT")[name][0][0]
    made = []

    def function(*arguments, **named):
        made.append(1)
        return right(*arguments, **named)

    assert outcome(check, (function,)) == f"✅ {check.__name__}: correct."
    return min(len(made), 4)


def is_function(answer):
    return callable(answer) and not isinstance(answer, type | tf.keras.layers.Layer)


def takes_a_function(topic, name):
    return next(iter(inspect.signature(check_of(topic, name)).parameters)) == "function"


FUNCTIONS = [pytest.param(*names, id=names[1]) for names in NAMES if takes_a_function(*names)]
each_function = pytest.mark.parametrize(("topic", "name"), FUNCTIONS)


@each_check
def test_functions_are_what_a_check_calls_function(topic, name):
    assert takes_a_function(topic, name) == is_function(corpus(topic, "RIGHT")[name][0][0])


@each_check
def test_nonsense_is_named(topic, name):
    check, right = check_of(topic, name), corpus(topic, "RIGHT")[name][0]
    for place in range(len(right)):
        for value in values().values():
            said = judge(check, *right[:place], value, *right[place + 1 :])
            assert FALLBACK not in said, value
        for blank in (None, ...):
            assert "not attempted" in judge(check, *right[:place], blank, *right[place + 1 :])
    assert "The check takes" in judge(check)
    assert "The check takes" in judge(check, *right, *right)


@each_function
def test_what_a_function_returns_is_judged_each_time(topic, name):
    check, right = check_of(topic, name), corpus(topic, "RIGHT")[name][0][0]
    nonsense = values()
    for calls in range(calls_of(topic, name)):
        kinds = LATE if calls == 0 else LATE[calls % 6 :: 6]  # the later, the more it costs
        for value in (*(nonsense[what] for what in kinds), None):
            said = judge(check, late(right, calls, value))
            in_graph = name == "dot_and_biases" and calls == 2
            assert FALLBACK not in said or in_graph, (calls, value)  # TensorFlow may name it first


@each_function
def test_what_a_function_raises_is_passed_on(topic, name):
    check, right = check_of(topic, name), corpus(topic, "RIGHT")[name][0][0]
    assert OURS in judge(check, fail), name
    judge(check, fail_badly)
    judge(check, recurse)
    for calls in range(1, calls_of(topic, name)):
        made = itertools.count()
        judge(
            check,
            lambda *arguments, calls=calls, made=made, **named: (
                right(*arguments, **named) if next(made) < calls else fail()
            ),
        )


@pytest.mark.parametrize(("topic", "name"), [k for k in NAMES if k[1].startswith("quiz")])
def test_nonsense_for_a_letter_is_named(topic, name):
    check, (right,) = check_of(topic, name), corpus(topic, "RIGHT")[name][0]
    for question in right:
        for value in (*values().values(), None, ...):
            assert FALLBACK not in judge(check, {**right, question: value})


def returns(value, base):
    """Return a class of models or layers that give one value, whatever they are asked."""

    class Returns(base):
        def __init__(self, *arguments):
            super().__init__()
            self.user_tower = self.movie_tower = self.rating_layers = tf.keras.layers.Dense(1)
            self.task = tfrs.tasks.Ranking(loss=tf.keras.losses.MeanSquaredError())

        def call(self, inputs, training=False):
            return value

        def compute_loss(self, features, training=False):
            return value

    return Returns


@pytest.mark.parametrize(
    ("name", "base"),
    [
        ("occupation_tower", tf.keras.layers.Layer),
        ("ranking_model", tf.keras.Model),
        ("movielens_model", tfrs.Model),
    ],
)
def test_what_a_model_returns_is_judged(name, base):
    for value in (*values().values(), None):
        answer = returns(value, base)
        judged = answer() if base is tf.keras.layers.Layer else answer
        assert FALLBACK not in judge(check_of("ranking_model", name), judged), value


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("occupation_tower", tf.keras.Sequential()),
        ("occupation_tower", tf.keras.layers.Dense(1)),
        ("occupation_tower", tf.keras.layers.Embedding(3, 4)),
        ("occupation_tower", tf.keras.layers.StringLookup(vocabulary=["a"])),
    ],
)
def test_a_model_for_another_exercise_is_named(name, answer):
    assert FALLBACK not in judge(check_of("ranking_model", name), answer)


def copied(answer):
    """Return what a learner sees of an answer, so that a change to it would show."""
    if isinstance(answer, dict):
        return {key: copied(value) for key, value in answer.items()}
    if isinstance(answer, list | tuple):
        return [copied(value) for value in answer]
    if isinstance(answer, np.ndarray):
        return answer.dtype, answer.shape, answer.tolist()
    if isinstance(answer, tf.keras.layers.Layer) and answer.built:
        return [weights.tolist() for weights in answer.get_weights()]
    return np.asarray(answer).tolist() if isinstance(answer, tf.Tensor) else id(answer)


@each_check_backwards
def test_a_check_changes_nothing_and_says_the_same_twice_in_any_order(topic, name):
    check, right = check_of(topic, name), corpus(topic, "RIGHT")[name][0]
    wrong, _ = corpus(topic, "WRONG")[name][0]
    correct = f"✅ {name}: correct."
    if is_function(right[0]):
        calls_of(topic, name)  # has it judged a first time
    else:
        assert outcome(check, right) == correct
    judge(check, *[fail] * len(right))
    for answers, said in ((right, correct), (wrong, outcome(check, wrong))):
        before = [copied(answer) for answer in answers]  # a model is built by its first use
        assert outcome(check, answers) == said
        np.testing.assert_equal([copied(answer) for answer in answers], before)


@each_check
def test_a_check_changes_no_nonsense(topic, name):
    right, nonsense = corpus(topic, "RIGHT")[name][0], values()
    for what in ("a list", "a list of lists", "a dict", "an array of nan", "an array of objects"):
        value = nonsense[what]
        before = copied(value)
        outcome(check_of(topic, name), (value,) * len(right))
        np.testing.assert_equal(copied(value), before)


def test_a_long_answer_is_not_quoted_as_a_whole():
    long = np.arange(10**5)
    for check, answer in (
        (check_of("rank_dont_rate", "ndcg_of"), lambda *_: long),
        (check_of("is_it_any_good", "draw_settings"), lambda *_: dict.fromkeys(range(10**5), 1)),
        (check_of("train_and_evaluate", "updates"), 10**4000),
    ):
        assert len(judge(check, answer)) < 2_500


@pytest.mark.parametrize("function", [exercise.hint, exercise.solution])
@pytest.mark.parametrize("name", [None, ..., 3, 1.5, float("nan"), True, b"dcg", "", " ", "x" * 9])
def test_a_name_that_is_none_is_explained(function, name):
    with pytest.raises(exercise.Stop, match="There is no exercise"):
        function(name)


@pytest.mark.parametrize("function", [exercise.hint, exercise.solution])
def test_other_names_are_explained_too(function):
    names = (
        *values().values(),
        "x" * 10**6,
        "dcg" * 10**5,
        exercise,
        fail,
        check_of("rank_dont_rate", "ndcg_of"),
    )
    for name in names:
        with pytest.raises(exercise.Stop, match="There is no exercise") as stop:
            function(name)
        assert len(str(stop.value)) < 300
