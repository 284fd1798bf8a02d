"""Checks of lesson 11, Out of the notebook."""

import contextlib
import os
import re
import sys
import tempfile

import numpy as np

from helpers.checks.engine.answers import as_number, name_mistake, needs_function
from helpers.checks.engine.exercise import exercise, judge_choices, mistake
from helpers.keras2 import tf

NOT_EXPORTED = {"PyFunc", "EagerPyFunc", "PyFuncStateless"}


@exercise(
    "Sort a copy first. Of 4 times, how many must the p50 not fall below? And of 5?",
    "At least n * percent / 100 of the times, rounded up, must not exceed it.",
    "`return sorted(times)[-(-len(times) * percent // 100) - 1]`.",
)
def percentile(function):
    needs_function(function)
    rng = np.random.default_rng(11)
    sizes = (5, 4, 1, 2, 10, 99, 100, 101, 200, 300)
    five = [30.0, 80.0, 10.0, 50.0, 20.0]  # in which each mistake finds another one
    cases = [(five, 50), ([30.0, 10.0, 80.0, 20.0], 50), (five, 99)]
    for size in sizes:
        times = np.round(rng.lognormal(0, 1, size), 1).tolist()  # rounded: some come twice
        cases += [(times, percent) for percent in (1, 50, 90, 99, 100)]
    for times, percent in cases:
        value = as_number(function(list(times), percent))
        right = _percentile(times, percent)
        if abs(value - right) > 1e-9:
            _name_percentile(value, times, percent)
            said = f"of {sorted(times)}" if len(times) < 6 else f"of {len(times)} times"
            mistake(f"The p{percent} {said} is {right:g}; yours is {value:g}.")
    return "It is one of the times: so long has somebody really waited."


def _percentile(times, percent):
    return min(t for t in times if 100 * sum(u <= t for u in times) >= percent * len(times))


def _name_percentile(value, times, percent):
    """Name the likeliest way to a wrong percentile."""
    n, ordered = len(times), sorted(times)
    share = percent * n / 100
    rank = -(-percent * n // 100)
    named = [
        (times[rank - 1], "The times are in no order: sort them first."),
        (ordered[::-1][rank - 1], "This one counts from the longest: sort the shortest first."),
        (ordered[min(rank, n - 1)], "One rank too far: the first has index 0."),
        (ordered[max(int(share) - 1, 0)], "Too few times do not exceed it: round the rank up."),
        (ordered[max(round(share) - 1, 0)], "Round the rank up, not to the nearest."),
        (np.percentile(times, percent), "This lies between two times: return one of them."),
        (np.mean(times), "This is the mean, whatever the percent."),
        (rank, "This is the rank: return the time that has it."),
        (rank - 1, "This is the index: return the time that has it."),
        (sum(u <= _percentile(times, percent) for u in times), "A time was asked for, no count."),
        (_percentile(sorted(set(times)), percent), "Times that come twice count twice."),
        (_percentile(times, 99), "This is the p99: use `percent`."),
        (_percentile(times, 50), "This is the median: use `percent`."),
    ]
    name_mistake(value, named, lambda a, b: abs(a - b) < 1e-9)


class _Shop(tf.Module):
    """Stand for a `Recommender`: four movies, five users, the ids in no order."""

    ids = ("9", "10", "zoë", "", "100")

    def __init__(self):
        super().__init__()
        numbers = tf.range(1, len(self.ids) + 1, dtype=tf.int64)
        numbers = tf.lookup.KeyValueTensorInitializer(tf.constant(self.ids), numbers)
        self.number_of_user = tf.lookup.StaticHashTable(numbers, default_value=0)
        self.titles = tf.constant(["Amélie", "Babe", "Crash", "Dune"])
        self.order = tf.constant(
            np.random.default_rng(2).permuted(np.tile(range(4), (6, 1)), axis=1)
        )

    @tf.function(input_signature=[tf.TensorSpec([None], tf.string, name="user_id")])
    def recommend(self, user_id):
        number = self.number_of_user.lookup(user_id)
        scores = tf.cast(number, tf.float32)[:, None] - tf.constant([[0.0, 0.5, 0.5]])
        movies = tf.gather(self.order, number)[:, :3]
        return {"titles": tf.gather(self.titles, movies), "scores": scores, "stars": -scores}


@exercise(
    "`number_of_user` gives 0 for an id that it does not know. And how did `Recommender` declare "
    "that any number of strings may come in?",
    "Inside: `recommender.recommend(user_id) | {\"known\": ...}`, where `known` compares what "
    "`recommender.number_of_user.lookup(user_id)` gives with 0. Above: `@tf.function` with an "
    "`input_signature`, whose `TensorSpec` has the shape `[None]`.",
    "```\n@tf.function(input_signature=[tf.TensorSpec([None], tf.string, name=\"user_id\")])\n"
    "def serve(user_id):\n"
    "    known = recommender.number_of_user.lookup(user_id) > 0\n"
    "    return recommender.recommend(user_id) | {\"known\": known}\n\nreturn serve\n```",
)  # fmt: skip
def make_serve(function):
    needs_function(function)
    shop = _Shop()
    serve = function(shop)
    if serve is None:
        mistake("Your function returns nothing: add `return serve`.")
    if isinstance(serve, dict) or tf.is_tensor(serve):
        mistake("This is an answer itself: return the function that gives it.")
    needs_function(serve)
    if not hasattr(serve, "get_concrete_function"):
        mistake("What you return is a function of Python: put `@tf.function(…)` above it.")
    _judge_signature(serve)
    concrete = serve.get_concrete_function()
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


def _operations(concrete):
    """Return the kinds of operations of a function and of all that it calls."""
    definition = concrete.graph.as_graph_def()
    nodes = [definition.node, *(each.node_def for each in definition.library.function)]
    return {node.op for some in nodes for node in some}


def _judge_signature(serve):
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
    names = list(serve.get_concrete_function().structured_input_signature[0]) or list(
        serve.get_concrete_function().structured_input_signature[1].values()
    )
    if names[0].name != "user_id":
        mistake(f'Its argument should be called "user_id"; yours is "{names[0].name}".')


def _judge_lists(serve, shop):
    """Ask for known and unknown users: many, one and none."""
    asked = (["100", "nobody", "", "zoë", "9", " 9", "9"], ["10"], ["Zoë"], [])
    for ids in asked:
        ids = tf.constant(ids, tf.string)
        answer, right = serve(user_id=ids), shop.recommend(ids)
        if not isinstance(answer, dict):
            mistake("A dict was asked for: that of `recommend`, and one entry more.")
        wanted = {*right, "known"}
        if missing := sorted(wanted - set(answer)):
            mistake(f"The answer lacks {', '.join(missing)}.")
        if more := sorted(set(answer) - wanted):
            mistake(f"The answer has more than was asked for: {', '.join(more)}.")
        for name, values in right.items():
            same = answer[name].shape == values.shape and np.all(answer[name] == values)
            if not same:
                mistake(f"The {name} should stay those of `recommend`.")
        _judge_known(answer["known"], np.isin([i.decode() for i in ids.numpy()], shop.ids), ids)


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
            mistake(f'The user "{user_id.decode()}" {what}; your `known` says {said}.')


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
)


@exercise(
    "Which score does each list give a movie? What can be said of the score of a movie that a list "
    "does not show?",
    "A movie that a list does not show has at most the list's last score, and if it ties, that "
    "one. So give it the last score, and compare both scores of each movie of either list.",
    "For one user, with `mine` and `yours` as dicts from title to score: "
    "`all(abs(mine.get(t, last_of_mine) - yours.get(t, last_of_yours)) <= tolerance "
    "for t in mine | yours)`.",
)
def agree(function):
    needs_function(function)
    for ours, theirs, right, message in PAIRS:
        for first, second in ((ours, theirs), (theirs, ours)):
            given = _lists([first]), _lists([second])
            (said,) = _verdicts(function(*given, TOLERANCE), 1)
            if said != right:
                mistake(f"{message} {_shown(first)} and {_shown(second)}: {_verdict(right)}.")
    _judge_many(function)
    if _verdicts(function(_lists(["a 2 b 1"]), _lists(["a 2 b 1.3"]), 0.5), 1) != [True]:
        mistake("With a tolerance of 0.5, 1 and 1.3 are as good as equal: use `tolerance`.")
    return "Neither titles nor scores alone would do: a tie swaps titles, a wrong list has scores."


def _judge_many(function):
    """Ask for several users at once, in an order that tells them apart, and for none."""
    order = np.random.default_rng(3).permutation(len(PAIRS))
    pairs = [PAIRS[i] for i in order if PAIRS[i][0].count(" ") == 5]
    ours, theirs = _lists([pair[0] for pair in pairs]), _lists([pair[1] for pair in pairs])
    said = _verdicts(function(ours, theirs, TOLERANCE), len(pairs))
    if said != [pair[2] for pair in pairs]:
        mistake("With several users, each should get a verdict of its own, in their order.")
    none = {name: values[:0] for name, values in ours.items()}
    if _verdicts(function(none, none, TOLERANCE), 0):
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
    try:
        array = np.asarray(answer)
    except ValueError:
        array = np.asarray(None)
    if array.size == 0 == count:
        return []
    if array.ndim == 0:
        mistake(f"An array of True and False was asked for; yours is a {type(answer).__name__}.")
    if array.shape != (count,):
        mistake(f"The shape ({count},) was asked for; yours is {array.shape}.")
    if array.dtype.kind != "b":
        mistake(f"True and False were asked for; yours are {array.dtype.name}.")
    return array.tolist()


@exercise(
    "What does the model answer with, and who turns that into titles?",
    "The model still says \"movie 40\". Which title is now the one with index 40?",
)  # fmt: skip
def titles_beside(answer):
    return judge_choices(
        {"titles_beside": answer},
        titles_beside={
            "a": "All numbers that the model knows are still in the list, so nothing can fail.",
            "b": "Right: from the new title on, each number now means the movie before.",
            "c": "The model knows numbers alone: the order of the new list decides what they mean.",
        },
    )


@exercise(
    "q1: exercise 1. q2: the cell that counts. q3: what the exported files hold.",
    "q1: how many of 100 times are longer than the p99? q2: what is different from call to call? "
    "q3: what did the table of numbers give an unknown id?",
)
def quiz_export(answers):
    return judge_choices(
        answers,
        q1={
            "a": "The p99 is no mean of the slowest: it is a single one of the times.",
            "b": "Right: of 100 calls it is the time of the second slowest. It takes many calls to "
            "know a p99.",
            "c": "Outliers are what users wait for; leaving them out measures something else.",
        },
        q2={
            "a": "Its weights are variables: their values may change without a new trace.",
            "b": "Right: without a signature, each new shape is traced anew; `[None]` takes all.",
            "c": "The values of a tensor are no part of what is traced; its shape and type are.",
        },
        q3={
            "a": "Nothing fails: the table has a default.",
            "b": "The tables are as they were at the export, until the next one.",
            "c": "Right: an exported table does not grow. Export again, or answer with `known`.",
        },
    )
