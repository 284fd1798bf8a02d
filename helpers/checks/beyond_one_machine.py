"""Checks of lesson 12, Beyond one machine."""

import functools
import itertools
from functools import partial
from unittest import mock

import numpy as np

from helpers.checks.engine.answers import (
    as_it_is,
    as_number,
    as_numbers,
    name_mistake,
    needs_end,
    needs_function,
)
from helpers.checks.engine.exercise import exercise, first_line, judge_choices, mistake
from helpers.keras2 import tf


@exercise(
    "An epoch takes (steps) times (a step's time). Which of the two changes, and by how much?",
    "Steps: ratings / batch size. A step: the picture above shows what it costs in a large table, "
    "with either optimizer.",
    "Adagrad's step hardly notices the table, Adam's goes through all of it, whatever the batch. "
    "Ten times the ratings in batches ten times as large are as many steps as before. And of a "
    "penalty which grows with the squares of all the table's numbers, which rows have a gradient?",
)
def longer_epochs(answers):
    return judge_choices(
        answers,
        adagrad={
            "a": "There are ten times as many steps, and each costs what it did.",
            "b": "Right: ten times as many steps, each of about the same time.",
            "c": "Its step changes the batch's rows alone, however many users there are.",
        },
        adam={
            "a": "There are ten times as many steps, and each goes through a larger table.",
            "b": "That is the number of steps alone; each of them goes through a table that is ten "
            "times as large.",
            "c": "Right: ten times as many steps, each through a table ten times as large.",
        },
        adam_large={
            "a": "The number of steps stays, but each goes through a table that is ten times as "
            "large.",
            "b": "Right: as many steps as before, each through a table ten times as large.",
            "c": "Ten times the ratings in batches ten times as large are no more steps than "
            "before.",
        },
        adagrad_l2={
            "a": "There are ten times as many steps.",
            "b": "Adagrad changes what has a gradient. Of which rows does the loss have one, now "
            "that it grows with the squares of all the table's numbers?",
            "c": "Right: the penalty gives every row a gradient, so each step goes through the "
            "whole table.",
        },
    )


@exercise(
    "Follow one record through the colleague's four steps: how often is it parsed in ten passes, "
    "and which ratings can ever stand in its batch?",
    "Put `cache`, or whatever keeps the ratings, behind the work that it is to save, and let a "
    "large `batch` come before that work; the batches of the model are made later. What is kept "
    "in a fixed order has to be shuffled behind it, and rating by rating.",
    "Two ways: cache the large batches that are parsed and looked up, take them apart with "
    "`unbatch`, shuffle with a buffer for all ratings, and batch again. Or look everything up in "
    "one large batch, take it out with `next` and `iter`, and give it to `make_batches`, which "
    "shuffles.",
)
def input_pipeline(function):
    needs_function(function)
    count, batch_size, passes = 1_503, 20, 2
    steps = _Steps("reader", "book", "points")
    orders = _orders(function, steps, count, batch_size)
    first = next(orders)
    _judge_calls(steps)
    second = next(orders)
    _judge_work(steps, count, passes)
    _judge_orders(first, second)
    count = 99_013  # nearly as many as the text names, and no multiple of what people write
    batches = next(_orders(function, _Steps("user", "movie", "user_rating"), count, 2_500))
    _judge_reach(np.concatenate(batches))
    return "The work is done once and in batches; only the order is new in each pass."


class _Steps:
    """A `parse` and a `look_up` that note how many ratings they are called with.

    A record is its number, as text, and becomes the user's number.

    Args:
        *names: what `look_up` calls the three columns of a batch.
    """

    def __init__(self, *names):
        self.names, self.is_parsed = names, True
        self.sizes = {"parse": [], "look_up": []}

    @tf.autograph.experimental.do_not_convert
    def parse(self, records):
        """Return the records' numbers."""
        row = tf.strings.to_number(self._noted("parse", records), tf.int32)
        return {f"row of {self.names[0]}": row}

    @tf.autograph.experimental.do_not_convert
    def look_up(self, parsed):
        """Return what a batch of the lesson holds."""
        self.is_parsed = isinstance(parsed, dict)
        row = self._noted("look_up", parsed[f"row of {self.names[0]}"])
        stars = tf.cast(row % 5 + 1, tf.float32)
        return dict(zip(self.names, (row, row * 7 % 1_000, stars)))

    def _noted(self, name, values):
        def note(size):
            self.sizes[name].append(int(size))

        tf.numpy_function(note, [tf.size(values)], [])
        return values


@functools.cache
def _records(count):
    return tf.data.Dataset.from_tensor_slices(np.arange(count).astype(bytes))


def _orders(function, steps, count, batch_size):
    """Yield each pass as a list of its batches' users."""
    try:
        dataset = function(_records(count), steps.parse, steps.look_up, batch_size)
    except Exception as error:  # the learner's code may raise anything
        if not steps.is_parsed:
            mistake("`look_up` got the records as they are: it takes what `parse` gives.")
        if isinstance(error, KeyError):
            mistake(
                f"Where `look_up` calls its columns {_words(steps.names)}, your function raises "
                "a KeyError: take the names from what it gives."
            )
        raise
    if dataset is None:
        mistake("Your function returns nothing: add `return`.")
    if not isinstance(dataset, tf.data.Dataset):
        mistake(f"A tf.data.Dataset was asked for; yours is a {type(dataset).__name__}.")
    needs_end(dataset)
    specs = tf.nest.flatten(dataset.element_spec)
    if all(isinstance(each, tf.TensorSpec) and each.shape.rank == 2 for each in specs):
        mistake("The batches were batched again: take them apart before, with `unbatch`.")
    dataset = as_it_is(dataset.take(count + 1))  # so many has no pass, even rating by rating
    while True:
        yield _order(list(dataset), steps.names, count, batch_size)


def _words(names):
    return f"{', '.join(names[:-1])} and {names[-1]}"


def _order(batches, names, count, batch_size):
    """Return the users of each batch, which are the records' numbers."""
    if not batches:
        mistake(
            f"Your dataset is empty, of {count:,} records: does `drop_remainder` drop a large "
            "batch that they do not fill?"
        )
    if len(batches) > count:
        mistake("A pass does not end: leave `repeat` out.")
    first = batches[0]
    if not isinstance(first, dict) or set(first) != set(names):
        if isinstance(first, dict) and set(first) == {f"row of {names[0]}"}:
            mistake("The batches are parsed, but not looked up: `look_up` takes what is parsed.")
        if tf.is_tensor(first) and first.dtype == tf.string:
            mistake("The records are neither parsed nor looked up.")
        mistake(
            "A batch should be the dict that `look_up` returns, whatever its columns are called; "
            f"here {_words(names)}."
        )
    ranks = {len(value.shape) for batch in batches for value in batch.values()}
    if 0 in ranks:
        mistake("The ratings come one by one: put them into batches of `batch_size`.")
    if ranks != {1}:
        mistake("Each value of a batch should have the shape (n,), a number for each rating.")
    row, movie, stars = (np.concatenate([batch[name] for batch in batches]) for name in names)
    if not np.array_equal(movie, row * 7 % 1_000) or not np.array_equal(stars, row % 5 + 1):
        mistake("User, movie and stars of a rating got separated: shuffle whole ratings.")
    if not np.diff(np.sort(row)).all():
        mistake("Some ratings come more than once in a pass.")
    if len(row) == count - count % batch_size:
        mistake("The last, smaller batch is missing: leave `drop_remainder` out.")
    if len(row) < count:
        mistake(f"A pass has {len(row)} of {count} ratings: each pass should have all.")
    sizes = [len(batch[names[0]]) for batch in batches]
    if sorted(sizes, reverse=True) != [batch_size] * (count // batch_size) + [count % batch_size]:
        mistake(f"The batches should have {batch_size} ratings; yours have {_listed(sizes)}.")
    return [batch[names[0]].numpy() for batch in batches]


def _listed(sizes):
    return ", ".join(map(str, sizes[:3])) + (", …" if len(sizes) > 3 else "")


LARGE_CALL = 1_000  # ratings that a call gets at least


def _judge_calls(steps):
    for name, sizes in steps.sizes.items():
        if len(sizes) > sum(sizes) / 2:
            mistake(f"`{name}` is called for single ratings: batch first, and then call it.")


def _judge_work(steps, count, passes):
    for name, sizes in steps.sizes.items():
        if sum(sizes) > count:
            mistake(
                f"In {passes} passes over {count} ratings, `{name}` has worked on {sum(sizes)}: "
                "keep what it gives, so that later passes do not call it again."
            )
        if sum(size < LARGE_CALL for size in sizes) > 1:
            mistake(
                f"`{name}` is called {len(sizes)} times, mostly with {int(np.median(sizes))} "
                "ratings: each call costs, however few they are. Give it at least "
                f"{LARGE_CALL:,}, whatever `batch_size` is, and make the batches later."
            )


def _judge_orders(*passes):
    first, second = map(np.concatenate, passes)
    if np.array_equal(first, np.arange(len(first))):
        mistake("The ratings come in the order of the records: shuffle them.")
    if np.array_equal(first, second):
        mistake(
            "Each pass has the same batches in the same order: what is kept stays as it is, so "
            "shuffle behind it."
        )
    together = [{frozenset(batch) for batch in batches} for batches in passes]
    if len(together[0] & together[1]) > len(together[0]) / 2:
        mistake("The same ratings stand together in each pass: shuffle ratings, not batches.")
    if np.mean(np.abs(np.diff(second)) == 1) > 0.5:
        mistake("Most ratings still stand beside the one before: shuffle ratings, not batches.")


def _judge_reach(order):
    """Judge whether an order is drawn from all ratings; one that is passes."""
    count = len(order)
    reach = int(np.max(order - np.arange(count)))
    apart = np.median(np.abs(np.diff(np.argsort(order))))
    if apart < 0.2 * count and reach > 0.6 * count:  # with a small buffer, nothing comes far
        mistake(
            f"In a pass over {count:,} ratings, half of those that follow each other in the "
            f"records come within {apart:,.0f} places of each other: shuffle all ratings, not "
            "batches of them and then a few at a time."
        )
    if reach < 0.97 * count:
        mistake(
            f"In a pass over {count:,} ratings, none came more than {reach:,} places before its "
            "own: the buffer of `shuffle` has to hold all ratings."
        )


@exercise(
    "The mean over the whole batch is a sum, divided by the size of the whole batch. Which of the "
    "two can a worker do for its own part?",
    "Add both workers' parts up on paper, once with 2 and 2 ratings, once with 3 and 1. Which "
    "divisor makes the sum the same?",
    "The sum of this part's squares, divided by the size of the full batch; nothing else is "
    "needed, not even the number of workers.",
)
def part_of_loss(function):
    needs_function(function)
    squares = tf.constant([4.0, 1.0, 0.25])  # this worker's three of a batch of twelve
    answer = function(squares, 12)
    value, total = as_number(answer), 5.25
    named = (
        (total / 3, "This is the mean of this worker's part: divide by batch_size."),
        (total, "This is the sum: divide it by batch_size."),
        (total / 3 / 12, "Sum instead of averaging, then divide by batch_size."),
        (total / 4, "Divide by the number of ratings in the batch, not by the number of workers."),
        (total / 6, "Divide by batch_size itself: the number of workers is not needed."),
        (total / 24, "Divide by batch_size itself: the number of workers is not needed."),
        (total * 12, "Divide by batch_size, do not multiply."),
        (total / 3 * 12, "Sum instead of averaging, then divide by batch_size."),
        (12 / total, "Divide the sum by batch_size, not the other way round."),
        (np.sqrt(total / 12), "No square root: the loss is the mean of the squares."),
        (np.sqrt(total / 3), "No square root: the loss is the mean of the squares."),
        (3.5 / 12, "No square root: the loss is the mean of the squares."),
        ((16 + 1 + 0.0625) / 12, "`squares` are squared already."),
        ((16 + 1 + 0.0625) / 3, "`squares` are squared already."),
        (total / 2_048, "Divide by `batch_size`, which comes in, not by BATCH."),
        (0, "This is 0: divide with `/`, not with `//`."),
        (-total / 12, "The sign is wrong."),
    )  # fmt: skip
    right = total / 12
    near = partial(np.isclose, rtol=0, atol=1e-6)
    if not near(value, right):
        name_mistake(value, named, near)
        mistake(f"4, 1 and 0.25, of a batch of 12, make {right:.4f}; yours is {value:.4f}.")
    if abs(as_number(function(tf.constant([4.0, 2.0]), 12)) - 0.5) > 1e-6:
        mistake("With two ratings in this part, the loss should be their sum / batch_size too.")
    if abs(as_number(function(squares, 6)) - total / 6) > 1e-6:
        mistake("With a batch of 6, divide by 6: use `batch_size`.")
    if np.shape(answer) != ():
        mistake(f"A scalar was asked for, shape (); yours has {np.shape(answer)}.")
    _judge_gradient(function, squares, 12)
    return "The parts of all workers add up to the mean, however the batch is divided."


def _judge_gradient(function, squares, batch_size):
    """Call a function as `fit` does: in a graph, without AutoGraph, for any number of ratings."""

    @tf.function(input_signature=[tf.TensorSpec([None], tf.float32)], autograph=False)
    def gradient_of(squares):
        with tf.GradientTape() as tape:
            tape.watch(squares)
            part = tf.convert_to_tensor(function(squares, batch_size))
        gradient = tape.gradient(part, squares)
        return part, tf.zeros([0]) if gradient is None else tf.convert_to_tensor(gradient)

    try:
        part, gradient = gradient_of(squares)
    except Exception as error:  # the learner's code may raise anything
        mistake(
            "`fit` calls your function in a graph (tf.function), where tensors have no values yet. "
            f"There it raises {type(error).__name__}: {first_line(error)}\n"
            "Use TensorFlow's operations on `squares`: no loop, `len`, `.numpy()` or NumPy."
        )
    if np.size(gradient) != len(squares):
        mistake("No gradient comes through: compute with `squares` all the way to the end.")
    if np.shape(part) != () or not np.allclose(part, function(squares, batch_size), atol=1e-6):
        mistake("In a graph, as in `fit`, your function gives something else than here.")
    if not np.allclose(gradient, 1 / batch_size, atol=1e-6):
        mistake(
            f"Each rating's gradient should be 1 / {batch_size}; yours are {np.round(gradient, 4)}."
        )


@exercise(
    "What does a process that has just started know of the epochs before?",
    "Make the generator anew at each call, and let what it starts from be made of seed and epoch "
    "together. Which other seed and epoch would give the same?",
    "NumPy's `default_rng` also takes a list of whole numbers: seed and epoch, side by side, not "
    "added up. Then draw a permutation of the rows.",
)
def order_of_epoch(function):
    needs_function(function)
    for n in (1, 2, 7):
        _as_order(function(n, 0, 42), n)
    n = 300
    first = [_as_order(function(n, epoch, 42), n) for epoch in (0, 1)]
    again = [_as_order(function(n, epoch, 42), n) for epoch in (1, 0)][::-1]
    if not np.array_equal(first, again):
        mistake(
            "Asked for an epoch once more, it gives another order: what came before, or chance, "
            "has a say in it."
        )
    alone = _as_order(function(n, 1, _Unmet(42)), n)
    if not np.array_equal(first[1], alone):
        mistake(
            "Asked for epoch 1 first, as in a process that has just started, it gives another "
            "order than after epoch 0: a generator or a cache that lives between the calls has a "
            "say in it."
        )
    for what, another, message in OF_THE_PROCESS:
        with mock.patch(what, another):
            if not np.array_equal(first[1], _as_order(function(n, 1, 42), n)):
                mistake(f"{message} from process to process: do without it.")
    if all(np.array_equal(order, np.arange(n)) for order in first):
        mistake("The rows come in their own order: shuffle them.")
    if np.array_equal(*first):
        mistake("Each epoch has the same order: let the epoch have a say.")
    if np.array_equal(first[1], _as_order(function(n, 1, 41), n)):
        mistake("Each seed gives the same order: let the seed have a say.")
    if np.mean(np.abs(np.diff(first[1])) == 1) > 0.2:
        mistake("Most rows still stand beside their neighbours: draw a permutation.")
    orders = {"epoch": [first[0], first[1], _as_order(function(n, 2, 42), n)]}
    orders["seed"] = [_as_order(function(n, 1, seed), n) for seed in (41, 42, 43)]
    for what, some in orders.items():
        for one, other in itertools.pairwise(some):
            if _kept_neighbours(one, other) > 0.2:
                mistake(
                    f"Many rows that stand side by side in one {what} still do in the next: have "
                    "the order drawn anew."
                )
    _judge_chance(_as_order(function(20_000, 1, 42), 20_000))
    _judge_pairs(function)
    return "A process that has just started, and each of the workers, finds the same order."


class _Unmet(int):
    """A whole number that no dict and no cache finds, as none does in a new process."""

    def __eq__(self, other):
        return self is other

    __hash__ = int.__hash__


def _kept_neighbours(one, other):
    """Return what part of one order's neighbours are neighbours in the other order too."""
    pairs = [{frozenset(pair) for pair in zip(order, np.roll(order, 1))} for order in (one, other)]
    return len(pairs[0] & pairs[1]) / len(pairs[0])


def _judge_chance(order):
    """Judge an order of so many rows that by chance no number below comes near its limit."""
    n = len(order)
    steps = np.diff(order)
    if abs(np.mean(steps > 0) - 0.5) > 0.1:
        mistake(
            f"Of {n:,} rows, {np.mean(steps > 0):.0%} come behind a smaller number; of an order "
            "drawn at random, about half do."
        )
    if np.median(np.abs(steps)) < 0.2 * n or abs(np.corrcoef(order, np.arange(n))[0, 1]) > 0.2:
        mistake(
            f"Of {n:,} rows, those of a part stay together: draw one permutation of all of them."
        )


LATER = (997, 1_000, 1_001, 1_009, 1_024, 2_000, 2_048, 4_096, 5_000, 7_919, 8_192, 9_973,
         9_999, 10_000, 10_001, 10_007, 16_384, 20_000, 32_768, 50_000, 65_536, 99_999)  # fmt: skip
LARGE = 100, 1_000, 10_000, 100_000, 10**6, 2**16, 2**20, 20_240_101, 2**31 - 1


def _judge_pairs(function):
    """Ask for the orders of many epochs and seeds; no two should be alike."""
    n, found = 30, {}
    pairs = (
        *itertools.product(range(64), range(13)),
        *itertools.product((0, 1), range(13, 130)),
        *itertools.product((0,), (256, 500, 512, *LATER)),
        *itertools.product(LARGE, (0, 1, 20)),
        *((240_101, epoch) for epoch in (0, 20, 40)),
    )
    for seed, epoch in dict.fromkeys(pairs):
        try:
            answer = function(n, epoch, seed)
        except Exception as error:  # the learner's code may raise anything
            mistake(
                f"With seed {seed} and epoch {epoch}, your function raises "
                f"{type(error).__name__}: {first_line(error)}"
            )
        order = _as_order(answer, n)
        other = found.setdefault(order.tobytes(), (seed, epoch))
        if other == (seed, epoch):
            continue
        alike = (
            f"Seed {other[0]} has in epoch {other[1]} the order that seed {seed} has in epoch "
            f"{epoch}: "
        )
        if other[0] == seed:
            mistake(f"{alike}each epoch should have another one, with any seed.")
        mistake(f"{alike}trainings with different seeds should have no order in common.")


def _holds_text(value):
    if isinstance(value, tuple | frozenset):
        return any(map(_holds_text, value))
    return isinstance(value, str | bytes)


def _hash_of_another_process(value, own_hash=hash):
    return own_hash(value) + _holds_text(value)


def _id_of_another_process(value, own_id=id):
    return own_id(value) + 16


OF_THE_PROCESS = (
    ("builtins.hash", _hash_of_another_process, "Python's `hash` of a text differs"),
    ("builtins.id", _id_of_another_process, "An object's `id` differs"),
    ("os.getpid", lambda: 1, "The process's number differs"),
)


def _as_order(answer, n):
    """Return an answer as an array, if it holds each of n row numbers once."""
    order = as_numbers(answer, "Row numbers")
    if np.asarray(answer).dtype.kind not in "iu":
        mistake("Row numbers are whole ones (int), or nothing can be looked up with them.")
    if order.shape != (n,):
        mistake(f"For n = {n}, the shape is ({n},); yours is {order.shape}.")
    if order.min() == 1 and order.max() == n:
        mistake("Row numbers count from 0.")
    if not np.array_equal(np.sort(order), np.arange(n)):
        mistake(f"Each row number from 0 to {n - 1} should be there once.")
    return order


@exercise(
    "Which of the two tables becomes smaller on each machine when there are more machines, and "
    "which does not?",
    "A row takes 4 bytes for each of its numbers, each number once for itself and once for all "
    "that the optimizer keeps of it. What is left of `memory` beside the movies?",
    "Take the movies' table, with what the optimizer keeps, off `memory`. How many whole rows fit "
    "into what is left? Divide the users by that, and round up. Where not one row fits, the answer "
    "is None.",
)
def machines_needed(function):
    needs_function(function)
    cases = []
    for plan in ((100, 10, 9, 2), (7, 5, 3, 0), (50, 60, 7, 1), (10**6, 10**5, 64, 1)):
        (users, movies), row = _sizes(*plan), _row(*plan[2:])
        left = {users // 85, users // 3, users // 2, users - 1, users, users + 1}
        left |= {0, -1, row - 1, row - movies}
        cases += [(*plan, movies + each) for each in sorted(left)]
    cases.append((200_003, 10, 8, 1, 11 * 64))  # a machine for each user
    cases.append((10**8, 10**7, 64, 1, 30 * 10**9))
    right = [_in_shards(*case[:2], case[4] // _row(*case[2:4])) for case in cases]
    values = []
    for case in cases:
        try:
            values.append(_machines(function(*case)))
        except ZeroDivisionError as error:
            left, row = case[4] - _sizes(*case[:4])[1], _row(*case[2:4])
            if not 0 <= left < row:
                raise
            mistake(
                f"Where the movies leave {left} bytes of a machine, and a user's row takes {row}, "
                f"your function raises ZeroDivisionError: {error}. There no number of machines is "
                "enough: None."
            )
    if values != right:
        for wrong, message in _wrong_machines():
            if all(map(_is_same, values, [wrong(*case) for case in cases])):
                mistake(message)
        first = next(i for i in range(len(cases)) if values[i] != right[i])
        users, movies = _sizes(*cases[first][:4])
        mistake(
            f"On machines with {cases[first][4]:,} bytes, {movies:,} bytes of movies' rows on each "
            f"and {cases[first][0]:,} users' rows of {users // cases[first][0]} bytes in shards "
            f"take {_said(right[first])}; yours {'is' if values[first] is None else 'are'} "
            f"{_said(values[first])}. (Both with what the optimizer keeps.)"
        )
    return "More machines divide the users' table; of the movies' they hold more copies."


def _said(machines):
    if machines is None:
        return "None, because no number is enough"
    return f"{machines:,g} machine{'s' * (machines != 1)}"


def _machines(answer):
    """Return a number of machines, or None."""
    if answer is None or answer is np.inf or (isinstance(answer, str) and answer == "None"):
        return answer
    return as_number(answer)


def _is_same(value, other):
    if isinstance(value, float | int) and isinstance(other, float | int):
        return np.isclose(value, other, rtol=1e-9, atol=0)
    return value is other


def _row(dimension, kept):
    """Return the bytes of a row, with what the optimizer keeps."""
    return dimension * 4 * (1 + kept)


def _sizes(users, movies, dimension, kept):
    """Return the bytes of both tables."""
    return users * _row(dimension, kept), movies * _row(dimension, kept)


def _in_shards(users, movies, memory):
    """Return the right number, all counted in rows."""
    return -(-users // (memory - movies)) if memory > movies else None


SPLIT = (
    "A row lies whole on one machine: count how many rows fit into what the movies leave. A rest "
    "that holds no whole row stays empty."
)


def _wrong_machines():
    """Yield wrong forms of `machines_needed`, and what to say of each."""
    rows = (
        (lambda d, kept: d * 4 * kept, "The tables themselves count too: 1 + kept_by_optimizer."),
        (lambda d, kept: d * 4, "What the optimizer keeps is missing."),
        (lambda d, kept: d * (1 + kept), "A number takes 4 bytes."),
        (lambda d, kept: 4 * (1 + kept), "Each row has `dimension` numbers."),
        (lambda d, kept: d * 8 * (1 + kept), "A number takes 4 bytes here (float32), not 8."),
        (lambda d, kept: d * 32 * (1 + kept), "4 bytes, not 32 bits."),
        (lambda d, kept: 64 * 4 * (1 + kept), "A vector has not always 64 numbers: `dimension`."),
        (lambda d, kept: 16 * 4 * (1 + kept), "A vector has not always 16 numbers: `dimension`."),
        (lambda d, kept: d * 4 * 3, "That is Adam: use `kept_by_optimizer`."),
        (lambda d, kept: d * 4 * 2, "That is Adagrad: use `kept_by_optimizer`."),
        (lambda d, kept: d * (4 + kept), "Each number kept by the optimizer has 4 bytes too."),
        (lambda d, kept: (d + 1) * 4 * (1 + kept), "The biases are left out here."),
        (
            lambda d, kept: d * 4 * (2 + kept),
            "1 + kept_by_optimizer copies; gradients are made for a batch alone.",
        ),
        (
            lambda d, kept: 4 * (d + kept),
            "The optimizer keeps something for each number, not each row.",
        ),
    )
    layouts = (
        (
            lambda users, movies, memory: -(-(users + movies) // memory),
            "Here both tables are cut. The text has each machine hold the movies' whole.",
        ),
        (
            lambda users, movies, memory: 1 if users + movies <= memory else None,
            "This has each machine hold both tables: the users' is cut.",
        ),
        (
            lambda users, movies, memory: _in_shards(movies, users, memory),
            "Turned round: the users' table is cut, each machine holds the movies' whole.",
        ),
        (lambda users, movies, memory: -(-users // memory), "The movies' table is missing."),
        (lambda users, movies, memory: -(-movies // memory), "The users' table is missing."),
        (
            lambda users, movies, memory: (
                -(-users // memory) if memory >= movies else None
            ),
            "A machine that holds the movies has less memory left for its part of the users.",
        ),
        (
            lambda users, movies, memory: -(-users // memory) + -(-movies // memory),
            "Users and movies have no machines of their own: the movies lie on each.",
        ),
    )  # fmt: skip

    def judged_by(of_row, layout=_in_shards, whole=True):
        """Return a wrong form, that counts in whole rows or in bytes."""

        def wrong(users, movies, dimension, kept, memory):
            size = of_row(dimension, kept)
            if whole:
                return layout(users, movies, memory // size) if size else None
            return layout(users * size, movies * size, memory)

        return wrong

    def of_two_rows(of_user, of_movie, whole):
        def wrong(users, movies, d, kept, memory):
            left, size = memory - movies * of_movie(d, kept), of_user(d, kept)
            if whole:
                return _in_shards(users, 0, left // size)
            return _in_shards(users * size, 0, left)

        return wrong

    def bare(dimension, kept):
        return dimension * 4

    def counted(count, nothing):
        return lambda users, movies, memory: (
            count(users, memory - movies) if memory > movies else nothing
        )

    counts = (
        (lambda u, left: u // left, None, "So many machines hold too little: round up."),
        (lambda u, left: u / left, None, "Machines are whole ones: round up."),
        (lambda u, left: round(u / left), None, "Not always to the nearest: round up."),
        (lambda u, left: u // left + 1, None, "Users that fill the rest exactly fit: round up."),
        (lambda u, left: max(2, -(-u // left)), None, "One machine may be enough."),
        *(
            (lambda u, left: -(-u // left), nothing, "Where no number is enough, the answer is "
             f"None, not {said}.")
            for nothing, said in ((0, "0"), (np.inf, "infinity"), ("None", "a text"), (-1, "-1"))
        ),
    )  # fmt: skip
    yield judged_by(_row, whole=False), SPLIT
    for whole in (True, False):
        for layout, message in layouts:
            yield judged_by(_row, layout, whole), message
        for of_row, message in rows:
            yield judged_by(of_row, whole=whole), message
        yield of_two_rows(_row, bare, whole), "The optimizer keeps numbers of the movies too."
        yield of_two_rows(bare, _row, whole), "The optimizer keeps numbers of the users too."
        for count, nothing, message in counts:
            yield judged_by(_row, counted(count, nothing), whole), message


@exercise(
    "q1: change one line of `train_with`, and run it and the cell below again. q2: try it, in a "
    "cell of your own. q3: what you have written counts it.",
    "q1: compare the two numbers that `replicas` prints first. q2: make the dataset a second time, "
    "with the same line. q3: Adam keeps two numbers for each.",
    "q1: is it as large as the movement, a part of it, or nothing? q2: is the first order of the "
    "new dataset among those that you have seen? q3: call `machines_needed` with 2 kept numbers.",
)
def quiz_scale(answers):
    return judge_choices(
        answers,
        q1={
            "a": "That is SGD, which goes twice as far with twice the gradient. Run it with Adam.",
            "b": "Right: Adam divides by the gradients' size, so twice the gradient is nearly the "
            "same step. The bug is there all the same; SGD shows it.",
            "c": "Near, but run it: Adam hides most of a doubled gradient, not all of it.",
        },
        q2={
            "a": "The new dataset knows nothing of what the old one has counted.",
            "b": "Right: passes are counted within a process, so a restart begins with the first.",
            "c": "It does not go on from where the old one was, and begins where that one began.",
        },
        q3={
            "a": "So many hold the tables alone; training needs what the optimizer keeps, too.",
            "b": "That is an optimizer which keeps one number for each, such as Adagrad.",
            "c": "Right: 384 GB of users, with Adam's numbers, and 44 GB left of each machine.",
        },
    )
