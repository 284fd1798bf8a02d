"""Checks of lesson 11, Out of the notebook."""

import contextlib
import os
import re
import sys
import tempfile

import numpy as np

from helpers.checks.engine.answers import as_number, needs_function
from helpers.checks.engine.exercise import exercise, first_line, judge_choices, mistake
from helpers.keras2 import tf

NOT_EXPORTED = {"PyFunc", "EagerPyFunc", "PyFuncStateless"}


def _percentile(times, percent):
    return sorted(times)[-(-len(times) * percent // 100) - 1]


FIRST_IS_IN_IT = "The first call is in it: it is told by itself, all else is of the others."
REPORT_MISTAKES = {  # what to say of a function of all times that gives this number in each case
    "first": (
        (lambda times: times[-1], "This is the last call: the times come in the order of calls."),
        (max, "This is the largest of all times, not the first call's."),
        (min, "This is the smallest of all times, not the first call's."),
        (lambda times: _percentile(times[1:], 1), "This is of the others: `first` is `times[0]`."),
    ),
    "p50": (
        (lambda times: _percentile(times, 50), FIRST_IS_IN_IT),
        (np.median, FIRST_IS_IN_IT),
        (np.mean, "This is a mean, and the first call is in it."),
        (lambda times: np.mean(times[1:]), "This is a mean, which is nobody's time."),
        (
            lambda times: np.median(times[1:]),
            "Of an even number of calls, yours lies between two: `percentile` gives one of them.",
        ),
        (
            lambda times: sorted(times[1:])[len(times[1:]) // 2],
            "Of an even number of calls, yours is one rank too far: use `percentile`.",
        ),
        (
            lambda times: times[1:][-(-len(times[1:]) // 2) - 1],
            "This is the middle in the order of calls: a percentile has them sorted.",
        ),
    ),
    "p99": (
        (lambda times: _percentile(times, 99), FIRST_IS_IN_IT),
        (lambda times: np.percentile(times, 99), FIRST_IS_IN_IT),
        (lambda times: max(times[1:]), "This is the largest time, which is the p100."),
        (
            lambda times: np.percentile(times[1:], 99),
            "This lies between two times: `percentile` gives one of them.",
        ),
        (
            lambda times: sorted(times[1:])[int(0.99 * len(times[1:]))],
            "One rank too far: the first in order has index 0. Use `percentile`.",
        ),
        (
            lambda times: sorted(times[1:])[int(0.99 * len(times[1:])) - 1],
            "Too few times do not exceed it: round the rank up, as `percentile` does.",
        ),
        (
            lambda times: sorted(times[1:])[round(0.99 * len(times[1:])) - 1],
            "Its rank is rounded to the nearest: round the rank up, as `percentile` does.",
        ),
        (lambda times: min(times[1:]), "This is the smallest: p99 is `percentile(…, 99)`."),
        (lambda times: _percentile(times[1:], 50), "This is the p50."),
        (lambda times: _percentile(times[1:], 1), "This one counts from the longest time."),
    ),
    "largest": (
        (max, FIRST_IS_IN_IT),
        (lambda times: times[-1], "This is the last call's time."),
        (lambda times: _percentile(times[1:], 99), "This is the p99, not the largest time."),
        (lambda times: min(times[1:]), "This is the smallest time."),
    ),
}


def _report(times):
    first, *others = times
    if not others:
        return {"first": first}
    name, percent = ("p99", 99) if len(others) >= 1_000 else ("largest", 100)
    told = {"p50": _percentile(others, 50), name: _percentile(others, percent)}
    return {"first": first} | told


@exercise(
    "How far does the p99 of 100 calls lie from the true one, nine times out of ten? And that of "
    "1,000?",
    "The cell above: the true p99 is 10.3 ms, so within a quarter is from 7.7 to 12.9 ms.",
    "Take the first time away from the others. Tell it; of the others, if there are any, tell "
    "their p50, and either the p99, if there are 1,000 of them or more, or the p100, which is the "
    "largest.",
)
def report(function):
    needs_function(function)
    rng = np.random.default_rng(11)
    cases, told = [], []
    for calls in (1, 2, 3, 6, 42, 101, 102, 501, 1_000, 1_001, 1_300, 5_002):
        times = rng.lognormal(size=calls).tolist()
        times[0] = 150.0 if calls % 2 else 0.001  # the first may also be the quickest
        cases.append(times)
        told.append(_told(function, times))
    for name, mistakes in REPORT_MISTAKES.items():
        some = [(times, each[name]) for times, each in zip(cases, told) if name in each]
        if all(_is_near(value, _report(times)[name]) for times, value in some):
            continue
        for wrong, message in mistakes:
            if all(_is_near(value, wrong(times)) for times, value in some if len(times) > 1):
                mistake(f"`{name}`: {message}")
        times, value = next(c for c in some if not _is_near(c[1], _report(c[0])[name]))
        of = f"of {len(times) - 1:,} calls after the first" if name != "first" else "call"
        mistake(f"`{name}` {of} is {_report(times)[name]:.4f}; yours is {value:.4f}.")
    return "What few calls do not tell, it does not say."


def _is_near(value, right):
    return abs(value - right) < 1e-9


def _told(function, times):
    """Return what the learner's function tells of some times, the right names with numbers."""
    given = list(times)
    try:
        told = function(given)
    except Exception as error:  # whatever empty others raise in the learner's code
        if len(times) > 1 or isinstance(error, TypeError):
            raise
        mistake(
            "Of a single call, which has no others, your function raises "
            f"{type(error).__name__}: {first_line(error)}"
        )
    if given != times:
        mistake("Your function changes the times: work on a copy.")
    if told is None:
        mistake("Your function returns nothing: add `return`.")
    if not isinstance(told, dict):
        mistake(f"A dict was asked for; your function returns a {type(told).__name__}.")
    wanted, others = _report(times), len(times) - 1
    if missing := [name for name in ("first", "p50") if name in wanted and name not in told]:
        mistake(f"Of {len(times):,} calls, yours does not tell {', '.join(missing)}.")
    if others == 0 and set(told) - {"first"}:
        mistake(
            "Of a single call, nothing but `first` is told; yours tells also "
            f"{', '.join(map(str, set(told) - {'first'}))}."
        )
    if {"p99", "largest"} <= set(told):
        mistake("One of `p99` and `largest` was asked for; yours tells both.")
    if "p99" in told and "largest" in wanted and others > 100:
        last = " (The first call does not count.)" if others == 999 else ""
        mistake(
            f"Nothing above says that {others} calls after the first are enough for a p99: it says "
            f"so of 1,000, and that 100 are too few. Tell the `largest`.{last}"
        )
    if "p99" in told and "largest" in wanted:
        mistake(
            f"{others} calls after the first are too few for a p99: in the cell above, the p99 of "
            "100 calls was anywhere between half of the true one and half as much again. Tell the "
            "`largest`."
        )
    if "largest" in told and "p99" in wanted:
        mistake(
            f"{others:,} calls after the first do for a p99: in the cell above, that of 1,000 was "
            "within a quarter of the true one, nine times out of ten."
        )
    if not set(wanted) <= set(told):
        mistake(f"Of {len(times):,} calls, yours tells neither `p99` nor `largest`.")
    if more := [str(name) for name in told if name not in wanted]:
        mistake(f"Yours tells more than was asked for: {', '.join(more)}.")
    for name, value in told.items():
        as_number(value, f"`{name}` of your function")
        try:
            f"{value:.2f}"
        except (TypeError, ValueError):
            mistake(f"`{name}` is no plain number: a {type(value).__name__} cannot be printed so.")
    return {name: float(value) for name, value in told.items()}


class _Stages(tf.Module):
    """Stand for the two stages: lists of ten out of twelve movies for five users and nobody."""

    def __init__(self):
        super().__init__()
        rng = np.random.default_rng(2)
        order = rng.permuted(np.tile(range(12), (6, 1)), axis=1)
        scores = -np.sort(-rng.normal(size=(6, 10)).astype("float32"), axis=1)
        order[4], scores[4] = order[0], scores[0]  # a user whose list is that of nobody
        self.order = tf.constant(order)
        self.scores, self.stars = tf.constant(scores), tf.constant(np.clip(3 + scores, 1, 5))

    def top(self, users):
        movies = tf.gather(self.order, users)[:, :10]
        scores, stars = tf.gather(self.scores, users), tf.gather(self.stars, users)
        return {"movies": movies, "scores": scores, "stars": stars}


class _Shop(tf.Module):
    """Stand for a `Recommender`, with users and movies of its own, the ids in no order."""

    ids = ("9", "10", "zoë", "a b", "100")

    def __init__(self):
        super().__init__()
        numbers = tf.range(1, len(self.ids) + 1, dtype=tf.int64)
        numbers = tf.lookup.KeyValueTensorInitializer(tf.constant(self.ids), numbers)
        self.number_of_user = tf.lookup.StaticHashTable(numbers, default_value=0)
        self.titles = tf.constant([f"Amélie {i}" for i in range(12)])
        self.stages = _Stages()

    @tf.function(
        input_signature=[tf.TensorSpec([None], tf.string, name="user_id")], autograph=False
    )
    def recommend(self, user_id):
        top = self.stages.top(self.number_of_user.lookup(user_id))
        top["titles"] = tf.gather(self.titles, top.pop("movies"))
        return top


@exercise(
    "`number_of_user` gives 0 for an id that it does not know. And how did `Recommender` declare "
    "that any number of strings may come in?",
    "Inside, the answer of `recommend` gets one entry more: a comparison of what the table gives "
    "with 0. Above stands the decorator that the source of `recommend` shows.",
    "A function of `user_id`, with `@tf.function` and an `input_signature` of one "
    "`tf.TensorSpec` of the shape `[None]`, of strings. It returns a dict: all of what "
    "`recommender.recommend(user_id)` gives, and `known`, whether the number that "
    "`recommender.number_of_user` looks up is greater than 0. `make_serve` returns that function.",
)
def make_serve(function):
    needs_function(function)
    shop = _Shop()
    serve = function(shop)
    if serve is None:
        mistake("Your function returns nothing: add `return serve`.")
    if isinstance(serve, dict) or tf.is_tensor(serve):
        mistake("This is an answer itself: return the function that gives it.")
    needs_function(serve)
    if isinstance(serve, tf.types.experimental.ConcreteFunction):
        mistake("This is one traced function: return the `tf.function` itself, without that.")
    if not hasattr(serve, "get_concrete_function"):
        mistake("What you return is a function of Python: put `@tf.function(…)` above it.")
    concrete = _judge_signature(serve)
    if _operations(concrete) & NOT_EXPORTED:
        mistake("It calls Python for each request, which no exported file holds: use TensorFlow.")
    _judge_lists(serve, shop)
    with tempfile.TemporaryDirectory() as folder:
        try:
            tf.saved_model.save(shop, folder, signatures=serve)
        except AssertionError as error:
            if "untracked" in str(error):
                mistake("Its table is no part of the recommender: use `number_of_user`, which is.")
            raise
        _judge_lists(tf.saved_model.load(folder).signatures["serving_default"], shop)
    try:
        with _errors_held_back():
            tf.lite.TFLiteConverter.from_concrete_functions([concrete], shop).convert()
    except Exception as error:  # the converter's own kind is not public
        lacks = re.search(r"ops: (\w+)", str(error))
        if lacks and lacks[1] in ("Equal", "NotEqual"):
            mistake(
                "The converter to LiteRT cannot translate `==` and `!=` of what a table gives: "
                "use `>`, or `tf.not_equal`."
            )
        lacks = f"LiteRT has no {lacks[1]}" if lacks else "LiteRT cannot run it"
        mistake(f"{lacks}: look the id up in `number_of_user`, and compare its number with 0.")
    return "Whoever calls it can now tell a stranger from somebody whom the model knows."


def _traced(serve):
    """Return the function traced for its signature."""
    try:
        return serve.get_concrete_function()
    except (AttributeError, TypeError) as error:
        said = first_line(error).split(". ")[0].rstrip(".") + "."
        if not any(word in said for word in ("numpy", "unhashable", "iterating", "bool")):
            raise
        mistake(
            f"While it was traced, it raised {type(error).__name__}: {said} A traced function "
            "has no values yet, only stand-ins: look the ids up in the table."
        )


def _operations(concrete):
    """Return the kinds of operations of a function and of all that it calls."""
    definition = concrete.graph.as_graph_def()
    nodes = [definition.node, *(each.node_def for each in definition.library.function)]
    return {node.op for some in nodes for node in some}


def _judge_signature(serve):
    """Return the function traced, if its signature is the one that was asked for."""
    specs = serve.input_signature
    if specs is None:
        mistake("Nothing says yet what goes in: give `tf.function` an `input_signature`.")
    if len(specs) != 1:
        mistake(f"One argument was asked for; your signature has {len(specs)}.")
    (spec,) = specs
    if not isinstance(spec, tf.TensorSpec):
        mistake("The signature holds one `tf.TensorSpec`.")
    if spec.dtype != tf.string:
        mistake(f"User ids are strings; your signature takes {spec.dtype.name}.")
    if spec.shape.rank is None:
        mistake("Any shape may come in: say that it has one axis, `[None]`.")
    if spec.shape.rank != 1:
        mistake(f"The ids come as the shape (n,); your signature has {spec.shape.rank} axes.")
    if spec.shape[0] is not None:
        mistake(f"It takes exactly {spec.shape[0]} user(s): say `[None]` for any number.")
    concrete = _traced(serve)
    positional, named = concrete.structured_input_signature
    (argument,) = [*positional, *named.values()]
    if argument.name != "user_id":
        mistake(f'Its argument should be called "user_id"; yours is "{argument.name}".')
    return concrete


def _judge_lists(serve, shop):
    """Ask for known and unknown users: many, one and none."""
    asked = (["100", "nobody", "", "zoë", "9", " 9", "9", "a b"], ["10"], ["Zoë"], [])
    for names in asked:
        ids, who = tf.constant(names, tf.string), f"asked for {names or 'nobody'}"
        try:
            answer = serve(user_id=ids)
        except tf.errors.OpError as error:
            lines = [line.strip() for line in str(error).splitlines() if line.strip()]
            said = [line for line in lines if not line.startswith("[[")][-1]
            mistake(f"When {who}, yours raised {type(error).__name__}: {said[:200]}")
        right = shop.recommend(ids)
        if not isinstance(answer, dict):
            mistake("A dict was asked for: that of `recommend`, and one entry more.")
        wanted = {*right, "known"}
        if missing := sorted(wanted - set(answer)):
            mistake(f"The answer lacks {', '.join(missing)}.")
        if more := sorted(set(answer) - wanted):
            mistake(f"The answer has more than was asked for: {', '.join(more)}.")
        for name, values in right.items():
            should = (
                f"The {name} should be those that `recommend` of the recommender given to "
                f"`make_serve` answers, when {who}"
            )
            if answer[name].shape != values.shape:
                shape = tuple(answer[name].shape)
                mistake(f"{should}: of shape {tuple(values.shape)}. Yours have {shape}.")
            if (others := np.asarray(answer[name] != values).any(axis=1)).any():
                first = names[int(np.argmax(others))]
                mistake(f'{should}. Those of "{first}" are others.')
        _judge_known(answer["known"], np.isin(names, shop.ids), ids)


def _judge_known(known, right, ids):
    if known.dtype != tf.bool:
        mistake(f"`known` should hold True or False; yours holds {known.dtype.name}.")
    if known.shape != right.shape:
        mistake(f"`known` should have the shape {right.shape}; yours has {tuple(known.shape)}.")
    known = known.numpy()
    if len(right) > 1 and (known == ~right).all():
        mistake("`known` is turned round: 0 is the number of those who are not known.")
    for user_id, said, is_so in zip(ids.numpy(), known, right):
        if said != is_so:
            what = "is known" if is_so else "is not known"
            mistake(
                f'The user "{user_id.decode()}" {what} to the recommender of the check, which has '
                f"users of its own; your `known` says {said}."
            )


@contextlib.contextmanager
def _errors_held_back():
    """Keep what C++ code writes to stderr out of the notebook: the check says it in words."""
    sys.stderr.flush()
    stderr = os.dup(2)
    with open(os.devnull, "w") as nowhere:
        os.dup2(nowhere.fileno(), 2)
        try:
            yield
        finally:
            os.dup2(stderr, 2)
            os.close(stderr)


TOLERANCE = 0.01
PAIRS = (  # title and score of our list; of theirs; whether they agree; what to say if not seen
    ("a 5 b 4 c 3", "a 5 b 4 c 3", True, "The same lists should agree."),
    (
        "a 5 b 4 c 3",
        "a 5.004 b 3.996 c 3.003",
        True,
        "Scores may differ by up to the tolerance.",
    ),
    (
        "a 5 b 4.002 c 4",
        "a 5 c 4.001 b 4",
        True,
        "Movies whose scores are as good as equal may change places.",
    ),
    (
        "a -1 b -1 c -1",
        "c -1 a -1 b -1",
        True,
        "Movies whose scores are as good as equal may change places, all of them.",
    ),
    (
        "a 5 b 4 c 3.002",
        "a 5 b 4 d 3",
        True,
        "Where the last and the first that is not shown tie, either may be shown.",
    ),
    (
        "a 5 b 3.001 c 3",
        "a 5 d 3.001 e 3",
        True,
        "More than one movie may tie with the last that is shown.",
    ),
    (
        "a 5 m 3.005 c 3",
        "a 5 c 3 d 3",
        True,
        "m stands before c in its list, and ties with it: so either may be missing from the other.",
    ),
    (
        "a 5 b 4 c 3",
        "a 5 b 4.2 c 3",
        False,
        "A score that differs by more than the tolerance is another answer.",
    ),
    (
        "a 5 b 4 c 3",
        "b 5 c 4 d 3",
        False,
        "The scores are equal, rank by rank, but they are those of other movies.",
    ),
    (
        "a 5 b 4 c 3",
        "b 5 a 4 c 3",
        False,
        "The same movies and the same scores, but two far from a tie have changed places.",
    ),
    (
        "a 5 b 4 c 3",
        "a 5 x 4 c 3",
        False,
        "A movie in the middle of the list is another one: only the last may tie with one "
        "that is not shown.",
    ),
    (
        "a 5 b 4 c 3",
        "a 5 c 3 d 2.5",
        False,
        "A movie is missing although its score is far from the last one's.",
    ),
    (
        "a 0.5 b 0.4 c 0.3",
        "a 0.5 b 0.45 c 0.3",
        False,
        "The tolerance is given: use `tolerance`, whatever the size of the scores.",
    ),
    (
        "a -1 b -2 c -3",
        "a -1 b -2 c -3.4",
        False,
        "A score that differs by more than the tolerance is another answer, the last one too.",
    ),
    (
        "a 5 b 4 c 3",
        "a 5 b 4 d 2.5",
        False,
        "The second list lacks c, so c has at most 2.5 there, its last score; the first has 3.",
    ),
    (
        "a 5 b 4 c 3",
        "a 5 b 4.013 c 3",
        False,
        "A score that differs by a little more than the tolerance is another answer, too: the "
        "tolerance is a difference, of each movie.",
    ),
    (
        "a 5 b 3 c 3",
        "a 5 d 4 b 3",
        False,
        "The second list has d in its middle, and the first lacks it.",
    ),
    (
        "a 5 b 4 c 4 e 1",
        "a 5 x 4 c 4 e 1",
        False,
        "A movie in the middle of the list is another one, although its score is right.",
    ),
    (
        "a 5.012 b 5 c 3",
        "b 5.006 a 5.006 c 3",
        True,
        "Each movie has the same score in both within the tolerance; nothing else is asked of "
        "movies that change places.",
    ),
    (
        "a 5 b 3.008 c 2.995",
        "a 5 d 3 e 3",
        True,
        "A movie that a list does not show is compared with that list's last score: here b with 3, "
        "and d with 2.995.",
    ),
)


@exercise(
    "Which score does each list give a movie? What can be said of the score of a movie that a list "
    "does not show?",
    "A movie that a list does not show has at most the list's last score, and if it ties, that "
    "one. So give it the last score, and compare both scores of each movie of either list.",
    "For each user: make a dict from title to score of each list. Go through the titles of both. "
    "A title that a list lacks gets that list's last score. All differences must be at most "
    "`tolerance`.",
)
def agree(function):
    needs_function(function)
    for ours, theirs, right, message in PAIRS:
        for first, second in ((ours, theirs), (theirs, ours)):
            (said,) = _agreed(function, [first], [second], TOLERANCE)
            if said != right:
                mistake(f"{message} {_shown(first)} and {_shown(second)}: {_verdict(right)}.")
    _judge_many(function)
    if _agreed(function, ["a 2 b 1"], ["a 2 b 1.3"], 0.5) != [True]:
        mistake("With a tolerance of 0.5, 1 and 1.3 are as good as equal: use `tolerance`.")
    if _agreed(function, ["a 2 b 1"], ["a 2 b 1"], 0) != [True]:
        mistake("The same lists agree with a tolerance of 0, too: *at most* `tolerance`, `<=`.")
    if _agreed(function, ["a 5 b 4 c 3"], ["a 5 b 4 d 2.985"], 0.01) != [False]:
        mistake(
            "A movie that one list does not show has at most that list's last score: c has 3 in "
            "one, at most 2.985 in the other, and `tolerance` is 0.01, so they do not agree."
        )
    if _agreed(function, ["a 5 b 4 c 3"], ["a 5 b 4 d 3"], 0) != [True]:
        mistake("A tie at the end is one with a tolerance of 0, too: *at most* `tolerance`, `<=`.")
    return "Neither titles nor scores alone would do: a tie swaps titles, a wrong list has scores."


def _agreed(function, ours, theirs, tolerance):
    """Return what the learner's function says of some lists, True or False for each user."""
    given, kept = (_lists(ours), _lists(theirs)), (_lists(ours), _lists(theirs))
    try:
        verdicts = function(*given, tolerance)
    except IndexError as error:
        size = given[0]["titles"].shape[1]
        mistake(
            f"With lists of {size} movies, yours raised IndexError: {first_line(error)}. Lists "
            "have k movies, whatever k is."
        )
    for mine, before in zip(given, kept):
        if set(mine) != set(before) or any((mine[n] != before[n]).any() for n in before):
            mistake("Your function changes what it is given: the next cells need it as it is.")
    return _verdicts(verdicts, len(ours))


def _judge_many(function):
    """Ask for several users at once, in an order that tells them apart, and for none."""
    order = np.random.default_rng(3).permutation(len(PAIRS))
    pairs = [PAIRS[i] for i in order if PAIRS[i][0].count(" ") == 5]
    ours, theirs = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    if _agreed(function, ours, theirs, TOLERANCE) != [pair[2] for pair in pairs]:
        mistake("With several users, each should get a verdict of its own, in their order.")
    none = {name: values[:0] for name, values in _lists(ours).items()}
    try:
        verdicts = function(none, none, TOLERANCE)
    except Exception as error:  # whatever an empty array raises in the learner's code
        mistake(
            f"Without users there are no verdicts; yours raised {type(error).__name__}: "
            f"{first_line(error)}"
        )
    if _verdicts(verdicts, 0):
        mistake("Without users, there are no verdicts.")


def _lists(texts):
    cells = [text.split() for text in texts]
    return {
        "titles": np.array([[t.encode() for t in row[::2]] for row in cells], object),
        "scores": np.array([row[1::2] for row in cells], np.float32),
    }


def _shown(text):
    return "(" + _joined(text.split()) + ")"


def _joined(cells):
    return ", ".join(f"{title} {score}" for title, score in zip(cells[::2], cells[1::2]))


def _verdict(right):
    return "they agree" if right else "they do not agree"


def _verdicts(answer, count):
    """Return True or False for each user, as a list."""
    if answer is None:
        mistake("Your function returns nothing: add `return`.")
    if isinstance(answer, bool | np.bool_):
        mistake("One verdict for each user was asked for; yours is a single one.")
    if not isinstance(answer, np.ndarray):
        mistake(
            "An array of True and False was asked for, since the next cell sums it; a "
            f"{type(answer).__name__} came back."
        )
    if answer.shape != (count,):
        mistake(f"The shape ({count},) was asked for; yours is {answer.shape}.")
    if count and answer.dtype.kind != "b":
        mistake(f"True and False were asked for; yours are {answer.dtype.name}.")
    return answer.tolist()


@exercise(
    "What does the model answer with, and who turns that into titles? Who turns an id into a "
    "number?",
    'The model still says "movie 40". Which title has now the index 40? And user ids are strings: '
    'where does "1000" come among them, and where "944"?',
    "A new line changes the meaning of all numbers behind it, a line that moves that of all "
    "between its two places. So count what lies there: most of the titles or users, or few.",
)
def titles_beside(answers):
    sorted_again = "No number that the model knows is missing in the file: nothing can fail."
    own_number = "The users' file is as it was: each user has the own number still."
    own_title = "The titles' file is as it was: each title belongs to the movie that is meant."
    in_range = "Numbers that the model knows are asked for, all but perhaps one."
    return judge_choices(
        answers,
        sorted={
            "a": "The new title has a place among the old ones: what of all behind it?",
            "b": "Right: from the new title on, each number now means the movie before.",
            "c": sorted_again,
            "d": own_number,
        },
        appended={
            "a": "Right: no old title has another number, and the model never says the new one.",
            "b": "Has any of the old titles got another number?",
            "c": sorted_again,
            "d": own_number,
        },
        renamed={
            "a": "Sorted again, its title stands elsewhere: what of all between the two places?",
            "b": "Right: from G to T, each number now means the movie after, and nearly every list "
            "has some of these.",
            "c": sorted_again,
            "d": own_number,
        },
        user_1000={
            "a": 'Ids are strings: "1000" stands behind "100". What of all behind it?',
            "b": own_title,
            "c": in_range,
            "d": 'Right: behind "1000", each user has the number of the one after.',
        },
        user_944={
            "a": 'Right: strings, so only "95" to "99" stand behind "944".',
            "b": own_title,
            "c": in_range,
            "d": 'Ids are strings, from "1" to "99": which of them stand behind "944"?',
        },
    )


@exercise(
    "q1: a small simulation. q2: a counter, as in the lesson. q3: what the exported files hold.",
    "q1: draw two times 100 calls, often, and compare. q2: a number of Python is no tensor: what "
    "can a graph know of it? q3: what did the table of numbers give an unknown id?",
    "q1: it happens, but not often. q2: a Python number is part of the signature, a tensor's value "
    "is not. q3: what is exported stays as it is.",
)
def quiz_export(answers):
    return judge_choices(
        answers,
        q1={
            "a": "The distribution is the same, but each p99 is a draw: the second slowest of 100.",
            "b": "It is far more often than that: draw both p99 a few thousand times.",
            "c": "Right: chance alone does it in 17 of 100. Measure again, with many more calls.",
            "d": "In every second pair the second is larger, but not by half.",
        },
        q2={
            "a": "There are numbers of Python and tensors, and tensors of two shapes: count them.",
            "b": "The shapes of tensors count, and numbers of Python do, too: in what way?",
            "c": "So it would be if Python's numbers were like tensors: count what `f(2)` does.",
            "d": "Right: Python's numbers are traced for each value, tensors for each shape.",
            "e": "A tensor with another value and the same shape needs no new trace.",
        },
        q3={
            "a": "Nothing fails: the table has a default.",
            "b": "The tables are as they were at the export, until the next one.",
            "c": "Right: an exported table does not grow. Export again, or answer with `known`.",
        },
    )
