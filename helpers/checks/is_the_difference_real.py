"""Checks of lesson 5, Is the difference real?"""

import functools
from functools import partial

import numpy as np

from helpers.checks.engine.answers import as_numbers, name_mistake, needs_function
from helpers.checks.engine.exercise import exercise, judge_choices, mistake
from helpers.metrics.intervals import difference_interval as our_difference_interval
from helpers.metrics.stars import rmse


@exercise(
    "In each of `draws` rounds: draw n row numbers, and compute both RMSEs on those rows.",
    "`drawn = rng.integers(0, n, n)`, then the difference of `rmse(labels[drawn], first[drawn])` "
    "and the same of `second`. Collect the differences.",
    "At the end, `return np.percentile(differences, [2.5, 97.5])`.",
)
def difference_interval(function):
    needs_function(function)
    given, (low, high) = _two_models()
    labels, first, second = (values.copy() for values in given)
    width = high - low
    many = 5_000  # an unseeded right answer must not fail by chance: 1,000 draws do, once in 100
    a, b = _ends(function, labels, first, second, draws=many)
    if not all(map(np.array_equal, (labels, first, second), given)):
        mistake("Your function changes what it is given: work on copies.")
    full = rmse(labels, first) - rmse(labels, second)
    if low - width / 2 < a < b - width / 10 and b < low:
        mistake("`np.percentile` takes percent: 2.5 and 97.5, not 0.025 and 0.975.")
    if b < 0 < low:
        mistake("The sign is turned round: rmse(first) - rmse(second) is asked for.")
    if b < a:
        mistake("The lower end comes first.")
    if b - a < 1e-6 and abs(a - full) < 1e-6:
        mistake("The interval has no width: draw *with* replacement, so that rows can come twice.")
    if b - a < 1e-6:
        mistake("Each round draws the same rows: make `rng` once, before the first round.")
    squares = np.mean((labels - first) ** 2) - np.mean((labels - second) ** 2)
    named = (
        (squares, "These are differences of the mean squared error: RMSE is its root."),
        (rmse(labels, first), "This is the interval of one RMSE: subtract the second."),
        (rmse(labels, second), "This is the interval of one RMSE: take rmse(first) minus it."),
    )
    off = abs((a + b) - (low + high)) / 2
    if off > width / 8:
        name_mistake((a + b) / 2, named, partial(np.isclose, rtol=0, atol=width / 8))
    if off > 0.15 * width:
        mistake(
            f"It should lie around {full:.2f}; yours is {a:.2f} to {b:.2f}. Is it made of the "
            "RMSEs of labels and predictions of the same drawn rows?"
        )
    if b - a > 1.5 * width:
        mistake(
            f"It is {(b - a) / width:.1f} times as wide as it should be: use the same drawn rows "
            "for both models, draw as many rows as there are, and take the middle 95 %."
        )
    if b - a < 0.7 * width:
        mistake(
            f"It is only {(b - a) / width:.1f} times as wide as it should be: are n rows drawn "
            "each time, and are the ends percentiles of the differences, 2.5 and 97.5, and not "
            "about their mean?"
        )
    if b - a < 0.91 * width or b - a > 1.1 * width:
        mistake("The ends are not those of the middle 95 %: take the percentiles 2.5 and 97.5.")
    if _ends(function, labels, second, first, draws=200)[1] > 0:  # they are far below 0
        mistake("With the models exchanged, the ends should be below 0: keep the sign, no `abs`.")
    once = _ends(function, labels, first, second, draws=1)
    if np.ptp(once) > 1e-6:
        mistake("With draws=1 there is one difference, so no width: use `draws`.")
    return "Paired on the same rows, much smaller differences can be told from chance."


@functools.cache
def _two_models():
    """Return stars and two models' predictions of them, and our interval."""
    rng = np.random.default_rng(7)
    labels = rng.integers(1, 6, 300).astype(float)
    shared = rng.normal(0, 1, 300)  # what makes a rating hard is hard for both
    first, second = (labels + k * shared + rng.normal(0, 0.3, 300) for k in (1.2, 1.0))
    return (labels, first, second), our_difference_interval(labels, first, second, draws=10_000)


def _ends(function, *arrays, **named):
    """Return the two ends of the learner's interval."""
    try:
        answer = function(*arrays, **named)
    except IndexError:
        mistake("A drawn row number is too large: draw from 0 to n, the number of ratings.")
    except ValueError as error:
        if "uantile" not in str(error) and "ercentile" not in str(error):
            raise
        mistake("`np.percentile` takes percent, 2.5 and 97.5; `np.quantile` takes shares of 1.")
    ends = as_numbers(answer)
    if ends.shape != (2,):
        mistake(f"Return two numbers, the two ends; yours has shape {ends.shape}.")
    if not np.isfinite(ends).all():
        mistake("An end of your interval is not a number.")
    return ends.tolist()


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
    "q1: see the picture of the paired intervals. q2: what cancels in a difference? q3: see the "
    "last table.",
    "q1: what do intervals of single models leave out? q2: think of a rating that is hard for "
    "both models. q3: whom has the model never met?",
    "q1 is one of b and c; q2 is one of a and b; q3 is one of b and c.",
)
def quiz_difference(answers):
    return judge_choices(
        answers,
        q1={
            "a": "The two intervals overlap because some ratings are hard for both models.",
            "b": "It may be; nothing here says how far the difference can move.",
            "c": "Right: paired, the difference has an interval of its own, and seeds differ.",
        },
        q2={
            "a": "Drawing twice takes no time to speak of; the interval would be wider.",
            "b": "Right: what is left is what the models do differently.",
            "c": "The bootstrap draws with replacement: a rating may come twice.",
        },
        q3={
            "a": "Both test splits have 20,000 ratings.",
            "b": "Right: for them the model knows nobody's taste.",
            "c": "The test ratings are the latest ones, not the oldest.",
        },
    )
