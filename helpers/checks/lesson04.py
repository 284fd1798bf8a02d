"""Checks of lesson 4, Is 1.11 any good?"""

import types

import numpy as np

from helpers.checks import exercise, judge_choices, mistake
from helpers.evaluation import difference_interval as our_difference_interval
from helpers.movielens import tf


@exercise(
    "First without damping: for each different key, the mean of its errors.",
    "`np.unique(keys, return_inverse=True)` gives the different keys and, for each error, the "
    "place of its key; `np.bincount(place, errors)` adds up the errors by place.",
    "`different, place = np.unique(keys, return_inverse=True)`, then "
    "`dict(zip(different, np.bincount(place, errors) / (np.bincount(place) + damping)))`.",
)
def biases_of(function):
    if not callable(function):
        mistake("A function was asked for.")
    keys = np.array([b"a", b"b", b"a", b"c", b"a"])
    errors = np.array([1.0, -2.0, 0.0, 0.5, 2.0])
    plain, damped = function(keys, errors), function(keys, errors, damping=2)
    for biases in (plain, damped):
        if biases is None:
            mistake("Your function returns nothing: add `return`.")
        if not isinstance(biases, dict):
            mistake(f"Return a dict; this is a {type(biases).__name__}.")
        if set(biases) != {b"a", b"b", b"c"}:
            mistake(f"The keys are a, b and c; your dict has {len(biases)} keys: {list(biases)}.")
    if np.isclose(plain[b"a"], 3.0):
        mistake("These are sums of errors: divide by how many there are.")
    if not _close(plain, {b"a": 1.0, b"b": -2.0, b"c": 0.5}):
        mistake(f"Without damping, errors 1, 0 and 2 have a bias of 1; yours is {plain[b'a']:.2f}.")
    if _close(damped, plain):
        mistake("`damping` changes nothing: add it to the number of errors.")
    if np.isclose(damped[b"a"], 1 / 3):
        mistake(
            "You add damping to the mean's divisor: divide the sum of the errors, not the mean."
        )
    if not _close(damped, {b"a": 0.6, b"b": -2 / 3, b"c": 0.5 / 3}):
        mistake(
            "With damping 2, errors 1, 0 and 2 have a bias of 3 / (3 + 2) = 0.6; "
            f"yours is {damped[b'a']:.2f}."
        )
    return "A movie with one rating now moves little; one with a hundred keeps nearly all its bias."


def _close(answer, expected):
    return all(np.isclose(float(answer[key]), value) for key, value in expected.items())


@exercise(
    "`dict.get` takes a second argument: what to return for a key that is not there.",
    "`biases.get(key, 0.0)` for each key, made into an array and added to `base`.",
    "`return base + np.array([biases.get(key, 0.0) for key in keys])`.",
)
def add_biases(function):
    if not callable(function):
        mistake("A function was asked for.")
    biases, keys = {b"a": 0.5, b"b": -1.0}, np.array([b"b", b"new", b"a"])
    given, base = dict(biases), np.array([1.0, 2.0, 4.0])
    try:
        one = function(3.0, biases, keys)
    except KeyError:
        mistake("A key without a bias stops your function: use 0 for it.")
    if one is None:
        mistake("Your function returns nothing: add `return`.")
    if np.shape(one) != (3,):
        mistake(f"3 keys need 3 predictions; yours has shape {np.shape(one)}.")
    many = function(base, biases, keys)
    if biases != given or base.tolist() != [1.0, 2.0, 4.0]:
        mistake("Your function changes what it is given: make a new array.")
    one, many = np.asarray(one, float), np.asarray(many, float)
    if np.isnan(one[1]):
        mistake("A key without a bias gives nan: use 0 for it.")
    if np.allclose(one, [-1.0, 0.0, 0.5]):
        mistake("These are the biases alone: add the base.")
    if one[1] != 3.0:
        mistake(
            "For a key that was never seen, the prediction is the base, 3 stars; "
            f"yours is {one[1]:.2f}."
        )
    if not np.allclose(one, [2.0, 3.0, 3.5]):
        mistake(f"3 stars and a bias of -1 make 2; yours is {one[0]:.2f}.")
    if not np.allclose(many, [0.0, 2.0, 4.5]):
        mistake("With one base per key, each bias belongs to the base at its own place.")
    return "What you know adds up, and what you do not know leaves the prediction where it was."


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
    if not callable(function):
        mistake("A function was asked for.")
    stops = {}
    for patience in (2, 4):
        callback = function(patience)
        if callback is None:
            mistake("Your function returns nothing: add `return`.")
        if not isinstance(callback, tf.keras.callbacks.EarlyStopping):
            mistake(f"Return an EarlyStopping; this is a {type(callback).__name__}.")
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
    if not callable(function):
        mistake("A function was asked for.")
    known = {"movie_title": np.array([b"B", b"A", b"C", b"B", b"C", b"B"])}
    two, three = function(known), function(known, at_least=3)
    if two is None or three is None:
        mistake("Your function returns nothing: add `return`.")
    two, three = _titles(two), _titles(three)
    if set(two) - {b"A", b"B", b"C"}:
        mistake("There are titles that are not in `known`: use nothing but `known`.")
    if len(two) > len(set(two)):
        mistake("Some titles come more than once.")
    if set(two) == {b"A", b"B", b"C"}:
        mistake("A title with a single rating is in it: then no rating trains row 0.")
    if set(two) == {b"A"}:
        mistake("These are the rare titles: keep the others.")
    if set(two) == {b"B"}:
        mistake("A title with exactly `at_least` ratings has enough.")
    if set(two) != {b"B", b"C"} or set(three) != {b"B"}:
        mistake(
            "Of titles with 1, 2 and 3 ratings, at_least=2 keeps two and at_least=3 keeps one; "
            f"yours keeps {len(two)} and {len(three)}."
        )
    return "Nothing of the validation or test ratings is in it, and every row of the table learns."


def _titles(answer):
    answer = answer.numpy() if tf.is_tensor(answer) else answer
    if not isinstance(answer, np.ndarray | list | tuple):
        mistake(f"Return an array of titles; this is a {type(answer).__name__}.")
    return list(answer)


@exercise(
    "In each of `draws` rounds: draw n row numbers, and compute both RMSEs on those rows.",
    "`drawn = rng.integers(0, n, n)`, then the difference of `rmse(labels[drawn], first[drawn])` "
    "and the same of `second`. Collect the differences.",
    "At the end, `return np.percentile(differences, [2.5, 97.5])`.",
)
def difference_interval(function):
    if not callable(function):
        mistake("A function was asked for.")
    rng = np.random.default_rng(7)
    labels = rng.integers(1, 6, 300).astype(float)
    shared = rng.normal(0, 1, 300)  # what makes a rating hard is hard for both
    first, second = (labels + shared + rng.normal(0, s, 300) for s in (0.6, 0.3))
    low, high = our_difference_interval(labels, first, second, draws=10_000)
    width = high - low
    answer = function(labels, first, second)
    if answer is None:
        mistake("Your function returns nothing: add `return`.")
    if np.shape(answer) != (2,):
        mistake(f"Return two numbers, the two ends; yours has shape {np.shape(answer)}.")
    a, b = (float(end) for end in answer)
    if not (np.isfinite(a) and np.isfinite(b)):
        mistake("An end of your interval is not a number.")
    if b < 0 < low:
        mistake("The sign is turned round: rmse(first) - rmse(second) is asked for.")
    if b < a:
        mistake("The lower end comes first.")
    if b - a < 1e-6:
        mistake("The interval has no width: draw *with* replacement, so that rows can come twice.")
    if abs(a + b - low - high) > width:
        mistake(f"It should lie around {(low + high) / 2:.2f}; yours is {a:.2f} to {b:.2f}.")
    if b - a > 1.5 * width:
        mistake(
            f"It is {(b - a) / width:.1f} times as wide as it should be: use the same drawn rows "
            "for both models, and draw as many rows as there are."
        )
    if b - a < 0.7 * width:
        mistake(
            f"It is only {(b - a) / width:.1f} times as wide as it should be: are the ends "
            "percentiles of the differences, 2.5 and 97.5, and not about their mean?"
        )
    if b - a < 0.91 * width or b - a > 1.1 * width:
        mistake("The ends are not those of the middle 95 %: take the percentiles 2.5 and 97.5.")
    return "Paired on the same rows, much smaller differences can be told from chance."


@exercise(
    "How often does somebody who has rated movies for an hour come back weeks later?",
    "Compare with what the cell below the answer prints.",
    "It is the largest of the three.",
)
def new_user_share(answer):
    return judge_choices(
        {"new_user_share": answer},
        new_user_share={
            "a": "More: users do not come back all the time. Compare with what the cell prints.",
            "b": "More: most users rate in one sitting. Compare with what the cell prints.",
            "c": "Right: in this data, the future is mostly people whom the model has never met.",
        },
    )


@exercise(
    "q1: whoever picks the lowest of 20 numbers also picks luck. q2: see exercise 5. "
    "q3: see exercise 3.",
    "q1: is luck with you or against you? q2: what do intervals of single models leave out? "
    "q3: which epoch's model is the best on ratings it has not learned from?",
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
            "a": "The two intervals overlap because some ratings are hard for both models.",
            "b": "It may be; nothing here says how far the difference can move.",
            "c": "Right: paired, the difference has an interval of its own, and seeds differ.",
        },
        q3={
            "a": "Right: after it, the model learns what holds for the training ratings only.",
            "b": "Longer makes the gap between the two curves wider.",
            "c": "Then nothing is left to tell you when to stop.",
        },
    )
