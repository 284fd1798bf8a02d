"""Checks of lesson 4, Is 1.11 any good?"""

import operator
import time

import numpy as np

from helpers.checks.engine.answers import as_numbers, name_mistake, needs_function
from helpers.checks.engine.exercise import exercise, judge_choices, mistake
from helpers.keras2 import tf


@exercise(
    "First without damping: for each different key, the mean of its errors.",
    "`np.unique(keys, return_inverse=True)` gives the different keys and, for each error, the "
    "place of its key; `np.bincount(place, errors)` adds up the errors by place.",
    "`different, place = np.unique(keys, return_inverse=True)`, then "
    "`dict(zip(different, np.bincount(place, errors) / (np.bincount(place) + damping)))`.",
)
def biases_of(function):
    needs_function(function)
    keys = np.array([b"a", b"b", b"a", b"c", b"a"])
    errors = np.array([-1.0, -2.0, 0.0, 0.5, 4.0])
    given = keys.copy(), errors.copy()
    with np.errstate(all="ignore"):
        try:
            plain = function(keys, errors)
        except ZeroDivisionError:
            mistake("With damping 0, the default, your function divides by 0: divide by the sum.")
        plain = _biases(plain)
        damped = _biases(function(keys, errors, damping=2))
    if not (np.array_equal(keys, given[0]) and np.array_equal(errors, given[1])):
        mistake("Your function changes what it is given: work on copies.")
    named = (
        ((3.0, -2.0, 0.5), "These are sums of errors: divide by how many there are."),
        ((5 / 3, 2.0, 0.5), "An error below 0 stays below 0: take no absolute values."),
        ((17 / 3, 4.0, 0.25), "These are squared errors: a bias is made of the errors themselves."),
        ((0.6, -0.4, 0.1), "Divide by the number of the key's own errors, not of all errors."),
        ((4.0, -2.0, 0.5), "Of each key only the last error is left: its errors have a mean."),
        ((-1.0, -2.0, 0.5), "Of each key only the first error is left: its errors have a mean."),
        ((0.0, -2.0, 0.5), "This is the median: the formula has the sum over the number."),
        ((-1.0, 2.0, -0.5), "The sign is turned: an error is a rating minus what was expected."),
        ((1 / 3, -2.0, 0.5), "You divide twice: divide the sum of the errors, not their mean."),
        ((3.0, 1.0, 1.0), "These are the numbers of errors: they divide the sum of the errors."),
    )
    name_mistake(plain, named, np.allclose)
    if not np.isfinite(plain + damped).all():
        mistake("Your biases are not all numbers: `damping` is added to the number of errors.")
    if not np.allclose(plain, [1.0, -2.0, 0.5]):
        mistake(
            f"Without damping, errors -1, 0 and 4 have a bias of 1; yours is {plain[0]:.2f}. "
            f"A single error of -2 has a bias of -2; yours is {plain[1]:.2f}."
        )
    more = np.array([2 * 0.3, 2 * 0.3, 2 * 0.3]) / [5, 3, 3]
    right = np.array([0.6, -2 / 3, 0.5 / 3])
    named = (
        (plain, "`damping` changes nothing: add it to the number of errors."),
        (plain / 3, "You divide the mean, by 1 + damping: divide the sum by number + damping."),
        (plain / 2, "You divide by damping: add it to the number of errors."),
        (plain - 2, "You subtract damping from the bias: add it to the number of errors."),
        (plain + 2, "You add damping to the bias: add it to the number of errors."),
        (right + more, "The added ratings are exactly as expected: their errors are 0."),
        (
            right + np.array([2, 2, 2]) / [5, 3, 3],
            "Add damping to the number only, not to the sum.",
        ),
        ([1.0, -1.0, 0.25], "damping is added to each number of errors, also to larger ones."),
        ([1.0, 0.0, 0.0], "damping leaves no key out: it is added to the number of errors."),
        ([3.0, 2.0, -0.5], "You subtract damping from the number of errors: add it."),
        (right.round(), "Your biases are rounded: keep the fractions."),
    )
    name_mistake(damped, named, np.allclose)
    if not np.allclose(damped, right):
        mistake(
            "With damping 2, errors -1, 0 and 4 have a bias of 3 / (3 + 2) = 0.6; "
            f"yours is {damped[0]:.2f}. An error of -2 has -2 / (1 + 2) = -0.67; "
            f"yours is {damped[1]:.2f}."
        )
    insight = (
        "A movie with one rating now moves little; one with a hundred keeps nearly all its bias."
    )
    seconds = _seconds_for_all(function)
    if seconds < SLOW_SECONDS:
        return insight
    return (
        f"{insight}\nFor the 72,000 ratings below it takes about {seconds:.0f} s, and the cells "
        f'below call it some hundred times: change it (`hint("biases_of")`), or take your time.'
    )


SLOW_SECONDS = 1.0  # ten times as long as ours takes


def _seconds_for_all(function):
    """Judge a `biases_of` on many keys; return about how long it takes for 72,000 errors.

    What counts is the processor's time, so that a busy machine says the same.
    """
    rng = np.random.default_rng(1)
    share = 12  # of them
    keys = rng.integers(0, 1_600, 72_000 // share).astype("S81")
    errors = rng.normal(size=len(keys))
    start = time.process_time()
    answer = function(keys, errors, damping=5)
    seconds = (time.process_time() - start) * share
    different, place = np.unique(keys, return_inverse=True)
    if not isinstance(answer, dict) or set(answer) != set(different):
        mistake(f"{len(different):,} different keys need a dict with as many keys, the same ones.")
    biases = np.ravel([as_numbers(answer[key]) for key in different])
    right = np.bincount(place, errors) / (np.bincount(place) + 5)
    if biases.shape != right.shape or not np.allclose(biases, right, atol=1e-5):
        mistake(f"With {len(keys):,} errors of {len(different):,} keys, not all biases are right.")
    return seconds


def _biases(answer):
    """Return the biases of a, b and c, in this order."""
    if answer is None:
        mistake("Your function returns nothing: add `return`.")
    if not isinstance(answer, dict):
        mistake(f"Return a dict; this is a {type(answer).__name__}.")
    if len(answer) == 1:
        mistake("Your dict has a single key: does `return` stand inside the loop?")
    if set(answer) == {0, 1, 2}:
        mistake("0, 1 and 2 are the places of the keys: the keys themselves were asked for.")
    if not all(isinstance(key, bytes) for key in answer):
        mistake(f"Leave the keys as they are, bytes; yours are {list(answer)}.")
    if set(answer) != {b"a", b"b", b"c"}:
        mistake(f"The keys are a, b and c; your dict has {len(answer)} keys: {list(answer)}.")
    biases = [as_numbers(answer[key]) for key in (b"a", b"b", b"c")]
    if any(bias.size != 1 for bias in biases):
        shape = biases[0].shape
        mistake(f"Each key has one bias, a number; yours holds an array of shape {shape} for a.")
    return np.array([bias.item() for bias in biases])


@exercise(
    "`dict.get` takes a second argument: what to return for a key that is not there.",
    "`biases.get(key, 0.0)` for each key, made into an array and added to `base`.",
    "`return base + np.array([biases.get(key, 0.0) for key in keys])`.",
)
def add_biases(function):
    needs_function(function)
    biases, keys = {b"a": 0.5, b"b": -1.0}, np.array([b"new", b"b", b"a", b"b"])
    given, base = (dict(biases), keys.copy()), np.array([1.0, 2.0, 4.0, 0.0])
    one = _predictions(function, 3.0, biases, keys)
    many = _predictions(function, base, biases, keys)
    unchanged = np.array_equal(keys, given[1]) and base.tolist() == [1.0, 2.0, 4.0, 0.0]
    if biases != given[0] or not unchanged:
        mistake("Your function changes what it is given: make a new array.")
    if np.isnan(one[0]):
        mistake("A key without a bias gives nan: use 0 for it.")
    named = (
        ([0.0, -1.0, 0.5, -1.0], "These are the biases alone: add the base."),
        ([3.0, 3.0, 3.0, 3.0], "Every key gets the base alone: look its bias up in `biases`."),
        ([3.0, 2.5, 2.5, 2.5], "Each key has its own bias; yours get them all."),
        ([3.0, 4.0, 2.5, 4.0], "The biases are subtracted: add them."),
        ([0.0, -3.0, 1.5, -3.0], "The biases are multiplied with the base: add them."),
        ([3.0, 2.0, 3.0, 2.0], "The bias 0.5 lost its fraction: say 0.0, not 0, for no bias."),
        ([3.0, 2.0, 4.0, 2.0], "These are rounded: a prediction may lie between two stars."),
    )
    name_mistake(one, named, np.allclose)
    if one[0] != 3.0:
        mistake(
            "For a key that was never seen, the prediction is the base, 3 stars; "
            f"yours is {one[0]:.2f}."
        )
    if not np.allclose(one, [3.0, 2.0, 3.5, 2.0]):
        mistake(f"3 stars and a bias of -1 make 2; yours is {one[1]:.2f}.")
    if np.allclose(many, [1.0, 1.0, 4.5, 1.0]):
        mistake("Your predictions are clipped to 1 star: the base may be 0, as it is below.")
    if np.allclose(many, [1.0, 1.0, 4.5, 0.0]):
        mistake("Your predictions are cut at 0: a base of 0 and a bias of -1 make -1.")
    if not np.allclose(many, [1.0, 1.0, 4.5, -1.0]):
        mistake("With one base per key, each bias belongs to the base at its own place.")
    return "What you know adds up, and what you do not know leaves the prediction where it was."


def _predictions(function, base, biases, keys):
    try:
        answer = function(base, biases, keys)
    except KeyError:
        mistake("A key without a bias stops your function: use 0 for it.")
    except TypeError as error:
        if "NoneType" in str(error):
            mistake("`get` returns None for a key without a bias: give it a second argument, 0.0.")
        if np.ndim(base) == 0 and "float" in str(error):
            mistake("`base` may be one number for all keys: your function takes it for an array.")
        raise
    if isinstance(answer, dict):
        mistake("This is a dict: an array was asked for, with one prediction per key in `keys`.")
    answer = as_numbers(answer)
    if answer.shape == (4, 4):
        mistake("With one base per key, each bias belongs to the base at its own place.")
    if answer.shape != (4,):
        mistake(f"4 keys need 4 predictions; yours has shape {answer.shape}.")
    return answer


@exercise(
    "Go through the epochs in order, and remember which one was the best so far.",
    "How many epochs have passed since the best one? An equal RMSE is not a lower one.",
    "In a loop over the epochs: if this RMSE is lower than the best one's, this epoch is the best; "
    "if `epoch - best == patience`, leave the loop. Return both.",
)
def early_stop(function):
    needs_function(function)
    given, found = list(_histories()), []
    for history, patience in given:
        copy = {name: list(values) for name, values in history.items()}
        found.append(_stop(function(copy, patience), len(history["loss"])))
        if copy != history:
            mistake("Your function changes `history`: leave it as it is.")
    for wrong, message in _WRONG_STOPS:
        if found == [wrong(*each) for each in given]:
            mistake(message)
    for (history, patience), ours in zip(given, found):
        right = _early_stop(history["val_root_mean_squared_error"], patience)
        if ours != right:
            curve = ", ".join(f"{x:g}" for x in history["val_root_mean_squared_error"])
            mistake(
                f"With validation RMSEs of {curve} and patience {patience}, {right[0]} epochs are "
                f"trained and epoch {right[1]} is kept; yours: {ours[0]} and {ours[1]}."
            )
    return "The validation ratings choose the epoch, and patience sees past a bump in the curve."


def _histories():
    """Yield histories as `fit` gives them, with a patience; many RMSEs are equal."""
    fixed = ([1.2, 1.0, 0.9, 0.95, 0.91, 0.93, 0.94, 0.85], [1.0], [1.0, 1.0, 0.9], [0.8, 0.9, 1.0])
    rng = np.random.default_rng(1)
    drawn = [rng.integers(80, 90, rng.integers(2, 16)) / 100 for _ in range(60)]
    for number, curve in enumerate([*fixed, *(curve.tolist() for curve in drawn)]):
        train = np.sort(rng.integers(50, 99, len(curve)) / 100)[::-1]
        train[1::3] += 0.02  # falls, with bumps
        history = {
            "root_mean_squared_error": train.round(2).tolist(),
            "loss": (train**2).tolist(),
            "val_root_mean_squared_error": curve,
            "val_loss": rng.permutation(np.square(curve)).tolist(),
        }
        yield history, 1 + number % 4


def _early_stop(curve, patience, better=lambda value, lowest: value < lowest):
    """Return how many epochs are trained, and which is the best of them."""
    best = 1
    for epoch, value in enumerate(curve, start=1):
        if better(value, curve[best - 1]):
            best = epoch
        if epoch - best >= patience:
            break
    return epoch, best


def _stop_after_rises(curve, patience, in_a_row=True):
    """Stop after rises from one epoch to the next, instead of comparing with the lowest so far."""
    rises = 0
    for epoch in range(2, len(curve) + 1):
        rises = rises + 1 if curve[epoch - 1] > curve[epoch - 2] else rises * (not in_a_row)
        if rises == patience:
            return epoch
    return len(curve)


def _stop_after_failures(curve, patience):
    """Count all epochs that were no improvement, in a row or not."""
    lowest, failures = np.inf, 0
    for epoch, value in enumerate(curve, start=1):
        failures += value >= lowest
        lowest = min(lowest, value)
        if failures == patience:
            return epoch
    return len(curve)


def _first_lowest(curve):
    return int(np.argmin(curve)) + 1


def _with(change, field="val_root_mean_squared_error"):
    """Return what a wrong `early_stop` returns for a history, given what it does to a curve."""
    return lambda history, patience: change(history[field], patience)


def _trained(curve, patience):
    return _early_stop(curve, patience)[0]


_WATCHES_TRAINING = "It watches the training ratings, where the error goes on falling."
_LATER = (
    "`patience` epochs without a lower RMSE are enough: training stops after the last of them, not "
    "one epoch later."
)
_WRONG_STOPS = (  # what a wrong function returns for a history, and what to say of it
    (_with(_early_stop, "root_mean_squared_error"), _WATCHES_TRAINING),
    (_with(_early_stop, "loss"), _WATCHES_TRAINING),
    (
        _with(_early_stop, "val_loss"),
        "It watches `val_loss`, which is the last batch's: watch `val_root_mean_squared_error`.",
    ),
    (
        _with(lambda curve, patience: _early_stop(curve, patience)[::-1]),
        "The two are in the other order: first how many epochs are trained, then which is kept.",
    ),
    (
        _with(lambda curve, patience: tuple(np.subtract(_early_stop(curve, patience), (0, 1)))),
        "Epochs count from 1, places in a list from 0: yours is one too low.",
    ),
    (
        _with(lambda curve, patience: tuple(np.subtract(_early_stop(curve, patience), 1))),
        "Epochs count from 1, places in a list from 0: both of yours are one too low.",
    ),
    (
        _with(lambda curve, patience: (_trained(curve, patience),) * 2),
        "You keep the weights of the last epoch: keep those of the epoch with the lowest RMSE.",
    ),
    (
        _with(lambda curve, patience: (len(curve), _first_lowest(curve))),
        "You never stop: `patience` is not used.",
    ),
    (
        _with(lambda curve, patience: (_trained(curve, patience), _first_lowest(curve))),
        "You keep an epoch that was never trained: only the epochs before the stop are there.",
    ),
    (
        _with(lambda curve, patience: _early_stop(curve, patience, np.less_equal)),
        "An RMSE that is equal to the lowest so far is not lower: it is no improvement.",
    ),
    (_with(lambda curve, patience: _early_stop(curve, patience + 1)), _LATER),
    (
        _with(lambda curve, patience: _early_stop(curve, patience, np.greater)),
        "It takes a higher RMSE for an improvement: the lower one is better.",
    ),
    *(
        (
            _with(lambda curve, patience, stop=stop, keep=keep: (
                stop(curve, patience), keep(curve, stop(curve, patience))
            )),
            message,
        )
        for stop, message in (
            (
                _stop_after_rises,
                "It compares with the epoch before: compare with the lowest RMSE so far.",
            ),
            (
                lambda curve, patience: _stop_after_rises(curve, patience, in_a_row=False),
                "It compares with the epoch before: compare with the lowest RMSE so far.",
            ),
            (
                _stop_after_failures,
                "It counts all epochs without an improvement: they must come in a row, so that a "
                "lower RMSE starts the count again.",
            ),
        )
        for keep in (
            lambda curve, end: _first_lowest(curve[:end]),
            lambda curve, end: end,
            lambda curve, end: _first_lowest(curve),
        )
    ),
)  # fmt: skip


def _stop(answer, epochs):
    """Return the learner's two numbers as a tuple of int."""
    if answer is None:
        mistake(
            "For some histories your function returns nothing: `return` also where training is "
            f"never stopped. Then all {epochs} epochs are trained."
        )
    answer = answer.tolist() if isinstance(answer, np.ndarray) else answer
    if not isinstance(answer, tuple | list) or len(answer) != 2:
        mistake("Return two numbers: how many epochs are trained, and which epoch is kept.")
    if any(isinstance(number, bool | np.bool_) for number in answer):
        mistake("Return two numbers; one of yours is True or False.")
    try:
        return tuple(operator.index(number) for number in answer)
    except TypeError:
        mistake(f"Return two whole numbers, as epochs are counted; yours are {tuple(answer)}.")


@exercise(
    "`np.unique(..., return_counts=True)` gives the different titles and how often each occurs.",
    "Keep those with enough: `titles[counts >= at_least]`.",
    '`titles, counts = np.unique(known["movie_title"], return_counts=True)`, then '
    "`return titles[counts >= at_least]`.",
)
def title_vocabulary(function):
    needs_function(function)
    known = {
        "movie_title": np.array([b"B", b"A", b"C", b"B", b"C", b"B"]),
        "user_id": np.array([b"1", b"1", b"1", b"2", b"2", b"3"]),
        "user_rating": np.array([1.0, 5.0, 1.0, 1.0, 2.0, 1.0]),
    }
    given = {name: values.copy() for name, values in known.items()}
    two, three = _titles(function(known)), _titles(function(known, at_least=3))
    if len(known) != 3 or any((known[name] != given[name]).any() for name in known):
        mistake("Your function changes `known`: work on a copy.")
    if len(two) > len(set(two)):
        mistake("Some titles come more than once.")
    two, three = set(two), set(three)
    if two & {b"1", b"2", b"3"}:
        mistake("These are users: the vocabulary is made of `movie_title`.")
    if two & {b"", b"[UNK]"}:
        mistake("Row 0 needs no title of its own, StringLookup makes it: return real titles only.")
    named = (
        ({b"A", b"B", b"C"}, "A title with a single rating is in it: then no rating trains row 0."),
        ({b"A"}, "These are the rare titles: keep the others."),
        ({b"B"}, "A title with exactly `at_least` ratings has enough."),
        ({b"C"}, "A title with more than `at_least` ratings has enough too."),
        ({b"A", b"C"}, "`at_least` counts a title's ratings, not its stars."),
        ({b"A", b"B"}, "These are the first titles: keep those with enough ratings."),
        (set(), "No title is left: 2 and 3 ratings are enough where at_least=2."),
    )
    name_mistake(two, named)
    if two - {b"B", b"C"}:
        mistake("There are titles that are not in `known`: use nothing but `known`.")
    if three == {b"B", b"C"}:
        mistake("With at_least=3 you keep a title with two ratings: use `at_least`.")
    if three == {b"A", b"B", b"C"}:
        mistake("at_least=3 does not ask for three titles, but for titles with three ratings.")
    if two != {b"B", b"C"} or three != {b"B"}:
        mistake(
            "Of titles with 1, 2 and 3 ratings, at_least=2 keeps two and at_least=3 keeps one; "
            f"yours keeps {len(two)} and {len(three)}."
        )
    return "Nothing of the validation or test ratings is in it, and every row of the table learns."


def _titles(answer):
    """Return the learner's titles as a list of bytes."""
    if answer is None:
        mistake("Your function returns nothing: add `return`.")
    answer = answer.numpy() if isinstance(answer, tf.Tensor) else answer
    if isinstance(answer, tuple) and all(isinstance(part, np.ndarray) for part in answer):
        mistake("`np.unique` returned titles and counts: return an array of titles only.")
    if not isinstance(answer, np.ndarray | list | tuple):
        mistake(f"Return an array of titles; this is a {type(answer).__name__}.")
    if isinstance(answer, np.ndarray) and answer.ndim != 1:
        mistake(f"An array of titles has one dimension; yours has shape {answer.shape}.")
    if any(isinstance(title, bool | np.bool_) for title in answer):
        mistake("These say which titles to keep: pick the titles with them, `titles[...]`.")
    if any(isinstance(title, int | float | np.number) for title in answer):
        mistake("These are numbers, not titles: return the titles themselves.")
    if not all(isinstance(title, bytes) for title in answer):
        mistake("Leave the titles as they are, bytes such as b'Speed (1994)'.")
    return list(answer)


@exercise(
    "Which powers of ten do the draws of `wrong_draw_rates` fall into, and which not?",
    "Draw the logarithm of the rate instead of the rate.",
    "`np.exp(rng.uniform(np.log(low), np.log(high), count))`.",
)
def draw_rates(function):
    needs_function(function)
    count = 5_000
    for low, high in ((0.0005, 0.05), (0.003, 2.0)):
        rates = _rates(function(np.random.default_rng(1), low, high, count), count)
        if (rates <= 0).any() and not (rates > 0).any():
            mistake("These are logarithms: a rate is the exponential of one.")
        if not np.isfinite(rates).all() or rates.min() < low * 0.999 or rates.max() > high * 1.001:
            mistake(
                f"Rates between {low:g} and {high:g} were asked for; "
                f"yours lie between {rates.min():.3g} and {rates.max():.3g}."
            )
        if len(np.unique(rates)) < count / 10:
            mistake(
                f"Of {count:,} rates only {len(np.unique(rates))} differ: any rate between `low` "
                "and `high` may be drawn."
            )
        place = np.sort(np.log(rates / low) / np.log(high / low))  # 0 at `low`, 1 at `high`
        share = np.arange(1, count + 1) / count
        linear = np.sort((rates - low) / (high - low))
        inverse = np.sort((1 / rates - 1 / high) / (1 / low - 1 / high))
        if abs(linear - share).max() < 0.05:
            mistake(
                f"They are spread evenly over the rates: {np.mean(rates > high / 10):.0%} lie in "
                "the highest power of ten, as in `wrong_draw_rates`."
            )
        if abs(inverse - share).max() < 0.05:
            mistake("Nearly all lie in the lowest power of ten: spread the logarithms evenly.")
        if abs(place - share).max() > 0.05:
            middle = np.sqrt(low * high)
            mistake(
                f"Half of the rates should lie below {middle:.2g}, which is as many times {low:g} "
                f"as {high:g} is of it, and each power of ten should be as likely as another; "
                f"of yours, {np.mean(rates < middle):.0%} lie below."
            )
    first, again, other = (
        _rates(function(np.random.default_rng(seed), 0.01, 1.0, 40), 40) for seed in (1, 1, 2)
    )
    if np.array_equal(np.sort(first), np.sort(other)):
        mistake("Another generator gives the same rates: draw them with `rng`.")
    if not np.array_equal(first, again):
        mistake("The same seed gives other rates each time: draw with `rng`, and nothing else.")
    return "A search spends as many of its draws between 0.001 and 0.01 as between 0.01 and 0.1."


def _rates(answer, count):
    rates = as_numbers(answer, "Learning rates")
    if rates.shape != (count,):
        mistake(f"{count:,} rates have shape ({count},); yours have shape {rates.shape}.")
    return rates


@exercise(
    "q1: whoever picks the lowest of 20 numbers also picks luck. q2: see exercise 1. "
    "q3: see exercise 3.",
    "q1: is luck with you or against you? q2: how many ratings does the movie have, counted as "
    "damping counts? q3: which epoch's model is the best on ratings it has not learned from?",
    "q1 is one of a and b; q2 is one of b and c; q3 is one of a and c.",
)
def quiz_comparing(answers):
    return judge_choices(
        answers,
        q1={
            "a": "The lowest of 20 is lowest partly by chance, and chance does not repeat.",
            "b": "Right: it was picked because it was low, so the test RMSE is likely higher.",
            "c": "Picking the lowest pushes it down, not up.",
        },
        q2={
            "a": "That is the plain mean of its three errors: damping counts three more ratings.",
            "b": "The mean is already divided by 3: divide the sum of the errors, once, by 6.",
            "c": "Right: 1.5 over six ratings, the movie's own three and three as expected.",
        },
        q3={
            "a": "Right: after it, the model learns what holds for the training ratings only.",
            "b": "Longer makes the gap between the two curves wider.",
            "c": "Then nothing is left to tell you when to stop.",
        },
    )
