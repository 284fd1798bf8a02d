"""Checks of lesson 4, Is 1.11 any good?"""

import types

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
    return "A movie with one rating now moves little; one with a hundred keeps nearly all its bias."


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
        mistake("Your predictions are cut to 1 star: the base may be 0, as it is below.")
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


_SCRIPT = {  # what a training would report: validation is best after epoch 3
    "val_root_mean_squared_error": [1.2, 1.0, 0.9, 0.95, 0.91, 0.93, 0.94, 0.92, 0.99, 1.0],
    "root_mean_squared_error": [1.1, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1],
    "val_loss": [2.0, 1.9, 1.8, 1.7, 1.6, 1.5, 1.4, 1.3, 1.2, 1.1],
    "loss": [2.0, 1.9, 1.8, 1.7, 1.6, 1.5, 1.4, 1.3, 1.2, 1.1],
}


@exercise(
    "`tf.keras.callbacks.EarlyStopping` has arguments for what to watch, whether lower is better, "
    "how long to wait, and what to do with the weights.",
    "`monitor`, `mode`, `patience` and `restore_best_weights`.",
    '`tf.keras.callbacks.EarlyStopping(monitor="val_root_mean_squared_error", mode="min", '
    "patience=patience, restore_best_weights=True)`.",
)
def stop_early(function):
    if isinstance(function, tf.keras.callbacks.Callback):
        mistake("This is a callback: write a function that returns one.")
    needs_function(function)
    stops = {}
    for patience in (2, 4):
        try:
            callback = function(patience)
        except TypeError as error:
            if "unexpected keyword" not in str(error):
                raise
            unknown = str(error).split("'")[1]  # later Pythons go on with "Did you mean"
            mistake(
                "EarlyStopping takes `monitor`, `mode`, `patience` and `restore_best_weights`, not "
                f"'{unknown}'."
            )
        if callback is None:
            mistake("Your function returns nothing: add `return`.")
        if callback is tf.keras.callbacks.EarlyStopping:
            mistake("This is the class: call it, with its arguments in brackets.")
        if not isinstance(callback, tf.keras.callbacks.EarlyStopping):
            mistake(f"Return an EarlyStopping; this is a {type(callback).__name__}.")
        if not isinstance(callback.monitor, str):
            mistake(f"It watches one name, a string; yours is a {type(callback.monitor).__name__}.")
        stops[patience], weights = _run_script(callback)
    watched = callback.monitor
    if watched not in _SCRIPT:
        mistake(
            f"It watches {watched!r}, which is not reported: Keras only warns, and never stops."
        )
    if not watched.startswith("val_"):
        mistake("It watches the training ratings, where the error goes on falling.")
    if watched == "val_loss":
        mistake(
            "It watches `val_loss`, which is the last batch's: watch `val_root_mean_squared_error`."
        )
    if callback.monitor_op is np.greater:
        mistake("It takes a higher RMSE for an improvement: say `mode`.")
    if abs(callback.min_delta) > 0.001:
        mistake(
            f"`min_delta` is {abs(callback.min_delta):g}: a smaller improvement is not counted, "
            "but was asked for."
        )
    if stops[2] == stops[4]:
        mistake(
            f"Training stops after epoch {stops[2]}, whether patience is 2 or 4: use `patience`."
        )
    if stops != {2: 5, 4: 7}:
        mistake(
            "With patience 2 and 4, and the best epoch 3, training should stop after epochs 5 "
            f"and 7; yours: {stops[2]} and {stops[4]}."
        )
    if weights != 3:
        mistake(
            f"Training ends with the weights of epoch {weights}; those of epoch 3 were the best: "
            "restore them."
        )
    return "The validation ratings choose the epoch, and you need not guess the number of epochs."


def _run_script(callback):
    """Return after which epoch the callback stops, and which epoch's weights the model has."""
    model = types.SimpleNamespace(stop_training=False, weights=0)
    model.get_weights = lambda: model.weights
    model.set_weights = lambda weights: setattr(model, "weights", weights)
    callback.set_model(model)
    callback.on_train_begin()
    for epoch in range(10):
        model.weights = epoch + 1
        callback.on_epoch_end(epoch, {name: values[epoch] for name, values in _SCRIPT.items()})
        if model.stop_training:
            break
    callback.on_train_end()
    return epoch + 1, model.weights


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
            "a": "That is the plain mean of its one error: damping counts five more ratings.",
            "b": "Six ratings count, not five: the movie's own and five as expected.",
            "c": "Right: 1.5 over six ratings, the movie's own and five as expected.",
        },
        q3={
            "a": "Right: after it, the model learns what holds for the training ratings only.",
            "b": "Longer makes the gap between the two curves wider.",
            "c": "Then nothing is left to tell you when to stop.",
        },
    )
