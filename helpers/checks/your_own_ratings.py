"""Checks of lesson 10, Your own ratings."""

import functools
from statistics import NormalDist

import numpy as np

from helpers.checks.engine.answers import as_numbers, name_mistake, needs_function
from helpers.checks.engine.exercise import exercise, judge_choices, mistake
from helpers.data import take
from helpers.metrics import difference_interval, recipe_interval, rmse
from helpers.models import OwnModels, damped_biases


def _is_near(value, expected):
    return np.shape(value) == np.shape(expected) and np.allclose(value, expected, atol=1e-4)


def _ridge(vectors, errors, l2):
    x = np.column_stack([np.ones(len(errors)), vectors])
    return np.linalg.solve(x.T @ x + l2 * np.eye(x.shape[1]), x.T @ errors)


@exercise(
    "Which row of the table does an unknown id get, and what has training done to it?",
    "No training row uses row 0, and L2 pulls all embeddings towards zero. What is the dot product "
    "of zeros with anything, and what alone can put movies in order then? And who is in the mean?",
    "Scores that are all alike leave the order to what is added to them. The mean of all users is "
    "nearest to what most of them have rated.",
)
def unknown_user(answers):
    return judge_choices(
        answers,
        scores={
            "a": "That would be a fair answer, and `TwoStages` sees to it; but retrieval's own "
            "embedding of an unknown id has not learned what is popular.",
            "b": "Right: L2 has shrunk row 0, which no training row uses, so every score is "
            "nearly 0.",
            "c": "An id says nothing about whom it is like: all unknown ids share row 0.",
        },
        added={
            "a": "Retrieval's scores are all about 0 here, so they cannot put the most rated "
            "first.",
            "b": "Right: only the stars differ, so they alone make the order, as in lesson 9's "
            "worst list.",
            "c": "The scores are alike, but stars are added, and they differ from movie to movie, "
            "for an unknown user too.",
        },
        mean={
            "a": "Right: the mean embedding has learned what many have rated, and that is most of "
            "the order.",
            "b": "Here retrieval's scores differ, and by more than the stars: look at the ranks.",
            "c": "The mean of all users is not zero: its scores differ from movie to movie.",
        },
    )


@exercise(
    "How many numbers are unknown, and what stands in each row of X?",
    "X has a column of ones for the bias, then the vectors: `np.column_stack`. Look at the formula "
    "for what is added to X.T @ X, and at which size I has then.",
    "Solve one system for all 1 + d numbers: its matrix is X transposed times X plus l2 on the "
    "whole diagonal, the bias's entry too; its right side is X transposed times the errors.",
)
def fold_in(function):
    needs_function(function)
    rng = np.random.default_rng(3)
    vectors, errors, l2 = rng.normal(size=(4, 2)), np.array([1.0, -0.5, 2.0, 0.3]), 3.0
    given = vectors.copy(), errors.copy()
    try:
        answer = function(vectors, errors, l2)
    except np.exceptions.AxisError:
        mistake("The ones have to be a column, shape (n, 1): `np.column_stack` makes it one.")
    except ValueError as error:
        if "broadcast" not in str(error):
            raise
        mistake("Shapes do not fit: X.T @ X is of shape (1 + d, 1 + d), and so is I.")
    if not (np.array_equal(vectors, given[0]) and np.array_equal(errors, given[1])):
        mistake("Your function changes what it is given: work on copies.")
    if isinstance(answer, tuple) and len(answer) == 2:
        mistake("Return bias and vector side by side, in one array.")
    value = as_numbers(answer)
    ones = np.ones((4, 1))
    x = np.concatenate([ones, vectors], axis=1)
    if value.shape == (2,):
        mistake("The bias is missing: X needs a column of ones.")
    if value.shape == (3, 1):
        mistake("An array of shape (1 + d,) was asked for; yours is (1 + d, 1).")
    if value.shape != (3,):
        mistake(f"An array of shape (1 + d,) was asked for, here (3,); yours is {value.shape}.")

    def ridge(inputs, penalty, targets=errors):
        return np.linalg.solve(inputs.T @ inputs + penalty, inputs.T @ targets)

    right = ridge(x, l2 * np.eye(3))
    free_bias = np.diag([0, l2, l2])
    bias = errors.sum() / (4 + l2)
    one_by_one = np.append(bias, ridge(vectors, l2 * np.eye(2), errors - bias))
    named = (
        (ridge(x, 0), "This is plain least squares: add l2 * np.eye."),
        (np.linalg.pinv(x) @ errors, "This is plain least squares: add l2 * np.eye."),
        (
            ridge(x, np.eye(3)),
            "The l2 is not used: the identity matrix has to be multiplied by it.",
        ),
        (ridge(x, 10 * np.eye(3)), "The l2 is not always 10: use `l2`."),
        (ridge(x, l2), "l2 is added everywhere, not to the diagonal alone: I is `np.eye(1 + d)`."),
        (
            ridge(x, l2 * 4 * np.eye(3)),
            "l2 is multiplied by n; the formula has the sum of squares.",
        ),
        (ridge(x, l2 / 4 * np.eye(3)), "l2 is divided by n; the formula has the sum of squares."),
        (ridge(x, l2**2 * np.eye(3)), "l2 is squared; the formula has it as it is."),
        (ridge(x, free_bias), "The bias is penalized too: l2 on the whole diagonal."),
        (
            np.roll(right, -1),
            "The bias stands last; first the bias was asked for, then the vector.",
        ),
        (-right, "The sign is turned: errors are stars minus what was expected."),
        (ridge(x, -l2 * np.eye(3)), "l2 is subtracted: add it."),
        (one_by_one, "You solve for the bias first, then for the vector: solve for both at once."),
        (x.T @ errors / l2, "X.T @ X is missing from the matrix."),
    )
    name_mistake(value, named, _is_near)
    if not _is_near(value, right):
        mistake(f"The answer should be {np.round(right, 3)}; yours is {np.round(value, 3)}.")
    try:
        with np.errstate(all="ignore"):
            nothing = function(np.zeros((0, 2)), np.zeros(0), l2)
    except Exception:  # the learner's code may raise anything
        mistake("A user without ratings stops your function; the formula gives zeros for it.")
    if not _is_near(as_numbers(nothing), np.zeros(3)):
        mistake("A user without ratings has bias 0 and vector 0.")
    return "A new user costs one small system of equations; the movies stay as they were trained."


@exercise(
    "The ten ratings that are folded in are fitted by 17 numbers. Are they the ones that you want "
    "to predict?",
    "Fold in `movie_vectors[:count]` and `errors[:count]`. What does this say of the ratings that "
    "come after them?",
    "From each error after the first `count`, take the user's bias off, and the dot product of the "
    "user's vector with that movie's: nothing else, no square and no mean.",
)
def errors_left(function):
    needs_function(function)
    rng = np.random.default_rng(5)
    vectors, errors, l2 = rng.normal(size=(9, 3)), rng.normal(size=9), 2.5
    given = vectors.copy(), errors.copy()

    def left(user, which=slice(None)):
        return errors[which] - user[0] - vectors[which] @ user[1:]

    def answer_of(count, l2):
        answer = function(vectors, errors, count, l2)
        if not (np.array_equal(vectors, given[0]) and np.array_equal(errors, given[1])):
            mistake("Your function changes what it is given: work on copies.")
        return as_numbers(answer)

    value, first, later = answer_of(4, l2), slice(None, 4), slice(4, None)
    user, of_all = _ridge(vectors[first], errors[first], l2), _ridge(vectors, errors, l2)
    right = left(user, later)
    named = (
        (left(user, first), "These errors are those of the ratings that you folded in."),
        (left(user), "Some of these ratings were folded in: leave the first `count` out."),
        (left(of_all), "All ratings are folded in, so nothing is left to judge by."),
        (left(of_all, later), "The later ratings are folded in too: only the first `count` are."),
        (left(of_all, first), "All ratings are folded in: only the first `count` are."),
        (
            left(_ridge(vectors[-4:], errors[-4:], l2), slice(None, -4)),
            "The last ratings are folded in: the first `count` were asked for.",
        ),
        (
            left(_ridge(vectors[later], errors[later], l2), first),
            "Turned round: fold in the first `count`, and judge by those after them.",
        ),
        (
            left(_ridge(vectors[later], errors[later], l2), later),
            "The later ratings are folded in and judged: fold in the first `count`.",
        ),
        (
            left(_ridge(vectors[-4:], errors[-4:], l2), later),
            "The last ratings are folded in: the first `count` were asked for.",
        ),
        (left(user, slice(5, None)), "One rating after the first `count` is missing."),
        (left(user, slice(3, None)), "One of these ratings was folded in: begin after `count`."),
        (left(user, slice(4, 8)), "Errors of all later ratings were asked for, not of some."),
        (left(_ridge(vectors[:3], errors[:3], l2), later), "One rating too few is folded in."),
        (left(_ridge(vectors[:5], errors[:5], l2), later), "One rating too many is folded in."),
        (
            errors[later] + user[0] - vectors[later] @ user[1:],
            "The user's bias is added: take it off, e - b - u·m.",
        ),
        (
            errors[later] - user[0] + vectors[later] @ user[1:],
            "The dot product is added: take it off, e - b - u·m.",
        ),
        (
            errors[later] + user[0] + vectors[later] @ user[1:],
            "b and u·m are added: take them off, e - b - u·m.",
        ),
        (
            errors[later] - user[-1] - vectors[later] @ user[:-1],
            "The bias comes first in what `fold_in` gives, then the vector.",
        ),
        (right[::-1], "The errors are in the reverse order."),
        (errors[later] - vectors[later] @ user[1:], "The user's bias is left out."),
        (errors[later] - user[0], "The user's vector is left out."),
        (errors[later], "These are the errors before folding in: take b and u·m off."),
        (errors[later] - right, "This is b + u·m: take it off the errors."),
        (-right, "The sign is turned: e - b - u·m."),
        (right**2, "These are squares: return the errors."),
        (np.abs(right), "The signs are gone: return the errors as they are."),
    )
    name_mistake(value, named, _is_near)
    if value.size == 1:
        mistake("This is one number: return the errors, one for each rating to judge by.")
    if value.shape != right.shape:
        mistake(
            "With 4 of 9 ratings folded in, the errors of the other 5 were asked for, shape (5,); "
            f"yours has {value.shape}."
        )
    if not _is_near(value, right):
        if _is_near(answer_of(4, 70.0), value):
            mistake("With another l2 your errors stay the same: fold in with `l2` as it is given.")
        mistake(
            "With 4 of 9 ratings folded in, the errors should start with "
            f"{np.round(right[:2], 3)}; yours start with {np.round(value[:2], 3)}."
        )
    for count, other in ((0, l2), (8, l2), (4, 70.0)):
        user = _ridge(vectors[:count], errors[:count], other)
        if not _is_near(answer_of(count, other), left(user, slice(count, None))):
            mistake(
                f"With count = {count} and l2 = {other:g} the errors are others: use `count` and "
                "`l2` as they are given."
            )
    return "A lambda that fits the ratings it is given always looks best when it is smallest."


SEVERAL = (5, 6), (3, 7, 2, 3)  # eighths of the scale that titles of one movie have, in order


def _matched_case(seed, scale, ends):
    """Return a file's ratings, their matches, and what they are as stars.

    `ends` says whether the scale's lowest and highest are among the ratings.
    """
    rng = np.random.default_rng(seed)
    low, high = scale
    single = np.append([0, 8], rng.integers(1, 8, 5)) if ends else rng.integers(1, 8, 7)
    steps = np.concatenate([*SEVERAL, rng.permutation(single)])
    n = len(steps)
    titles = np.array([f"Größe {i:02d}, die".encode() for i in rng.permutation(n)])
    found = {title: b"Catalogue " + title for title in titles.tolist()[:-2]}
    for first, end in ((0, 2), (2, 6)):  # ways to write one movie
        for title in titles.tolist()[first:end]:
            found[title] = b"Catalogue " + titles.tolist()[first]
    order = rng.permutation(n)
    for group in (range(2), range(2, 6)):  # among the others, but in their order
        order[np.flatnonzero(np.isin(order, group))] = group
    given = (low + steps * (high - low) / 8).astype(np.float32)[order]
    stars = {}
    for title, step in zip(titles[order].tolist(), steps[order]):
        if title in found:
            stars.setdefault(found[title].decode(), []).append(1 + step / 2)
    return {"movie_title": titles[order], "user_rating": given}, found, stars


@exercise(
    "Which ratings become stars at all, and what do the two ends of the scale become?",
    "Multiplying by 5 / highest moves the lowest rating to the wrong place: 0.5 of 5 must become "
    "1. And what does a dict do with the second rating of one movie?",
    "Take each rating whose title was found; how far it is above the lowest of the scale, as a "
    "part of the whole scale, times 4, plus 1, are its stars. Gather the stars of each catalogue "
    "title, as text, and take their mean.",
)
def matched_stars(function):
    needs_function(function)
    scales = (1, 10), (0.5, 5), (0, 100), (1, 5)
    for seed, scale in enumerate(scales):
        ratings, found, stars = _matched_case(seed, scale, ends=seed % 2 == 0)
        _judge_matched(function, ratings, scale, found, stars)
    try:
        nothing = function(ratings, scale, {})
    except Exception:  # the learner's code may raise anything
        mistake("A file of which nothing was found stops your function: it gives an empty dict.")
    if not isinstance(nothing, dict) or nothing:
        mistake("A file of which nothing was found gives an empty dict.")
    return "What a number means is in the scale: a 5 is the best of five, and the middle of ten."


def _is_one_of(error, titles):
    """Return whether a KeyError is about one of the titles (bytes), or its text."""
    asked = error.args[0] if error.args else None
    is_text = isinstance(asked, str | bytes)
    return is_text and any(asked in (title, title.decode()) for title in titles)


def _judge_matched(function, ratings, scale, found, stars):
    low, high = scale
    copies = {name: values.copy() for name, values in ratings.items()}, dict(found)
    unfound = set(ratings["movie_title"].tolist()) - set(found)
    try:
        answer = function(ratings, scale, found)
    except (KeyError, AttributeError) as error:
        is_title = isinstance(error, KeyError) and _is_one_of(error, unfound)
        if is_title or str(error) == "'NoneType' object has no attribute 'decode'":
            mistake(
                "Titles that were not found stop your function: `found` does not have them, and "
                "their ratings are left out."
            )
        raise
    same = set(ratings) == set(copies[0]) and all(
        np.array_equal(ratings[name], values) for name, values in copies[0].items()
    )
    if not same or found != copies[1]:
        mistake("Your function changes what it is given: work on copies.")
    if answer is None:
        mistake("Your function returns nothing: add `return`.")
    if not isinstance(answer, dict):
        mistake(f"A dict was asked for; a {type(answer).__name__} came back.")
    if any(isinstance(title, bytes) for title in answer):
        mistake("The titles are bytes: text was asked for, `title.decode()`.")
    given = {title.decode() for title in ratings["movie_title"].tolist()}
    if not set(answer) <= set(stars):
        extra = sorted(map(str, set(answer) - set(stars)))[0]
        if extra in given:
            mistake("Titles as the file has them came back, or such as were not found, whose "
                    "ratings are left out: the keys are the catalogue's.")  # fmt: skip
        mistake(f"{extra!r} has stars, but it is none of the titles that `found` gives.")
    if set(answer) != set(stars):
        missing = sorted(set(stars) - set(answer))[0]
        mistake(f"{missing!r} was rated and found, but has no stars.")
    values = {title: as_numbers(value, "Stars") for title, value in answer.items()}
    if any(value.size != 1 for value in values.values()):
        mistake("Each movie has one number of stars.")
    values = {title: float(np.squeeze(value)) for title, value in values.items()}
    single = [title for title, of in stars.items() if len(of) == 1]
    rated = np.array([values[title] for title in single])
    right = np.array([stars[title][0] for title in single])
    low_given, high_given = ratings["user_rating"].min(), ratings["user_rating"].max()
    raw = low + (right - 1) * (high - low) / 4
    shown = f"on a scale from {low:g} to {high:g}"
    named = (
        (raw, f"The ratings are as in the file: {shown} they are no stars yet."),
        (np.clip(raw, 1, 5), f"Ratings {shown} are clipped to 1 to 5, not brought to it."),
        (raw * 5 / high, f"{shown.capitalize()}, 5 / highest leaves the lowest below or above 1."),
        ((raw - low) / (high - low), "These go from 0 to 1: stars go from 1 to 5."),
        (
            1 + 5 * (raw - low) / (high - low),
            "The highest becomes 6: from 1 to 5 there are 4 steps.",
        ),
        (
            1 + 4 * (raw - low_given) / (high_given - low_given),
            "The ends are those of the ratings that are there: take those of `scale`, which says "
            "what there can be.",
        ),
        (np.round(right), "The stars are rounded: what lies between two stars stays there."),
        (6 - right, "The scale is upside down: its lowest rating is 1 star."),
    )
    if not _is_near(rated, right):
        name_mistake(rated, named, _is_near)
        place = int(np.argmax(np.abs(rated - right)))
        mistake(
            f"{shown.capitalize()}, a {raw[place]:g} is {right[place]:g} stars; yours are "
            f"{rated[place]:g}."
        )
    _judge_several({title: of for title, of in stars.items() if len(of) > 1}, values)


def _one_by_one(values):
    """Return the mean of the mean so far and the next, which is not the mean."""
    return functools.reduce(lambda so_far, value: (so_far + value) / 2, values)


NO_MEANS = {  # what people take for the mean of several
    "the first": lambda values: values[0],
    "the last": lambda values: values[-1],
    "the sum": sum,
    "the highest": max,
    "the lowest": min,
    "the median": np.median,
    "the mean of the different ones": lambda values: np.mean(list(set(values))),
    "the mean of the mean so far and the next, one after the other": _one_by_one,
}


def _judge_several(several, answers):
    """Judge what movies of more than one title have got.

    Args:
        several: dict from the title to its stars, in the file's order.
        answers: dict from the title to the answer's stars.
    """

    def matches(summary):
        return all(np.isclose(summary(of), answers[title], atol=1e-4) for title, of in
                   several.items())  # fmt: skip

    if matches(np.mean):
        return
    title, of = max(several.items(), key=lambda one: abs(np.mean(one[1]) - answers[one[0]]))
    said = next((name for name, summary in NO_MEANS.items() if matches(summary)), "another value")
    mistake(
        f"{len(of)} titles are one movie, with {', '.join(f'{value:g}' for value in of)} stars: "
        f"their mean, {np.mean(of):g}, was asked for; yours is {said}, {answers[title]:g}."
    )


@exercise(
    "What would `fold_in` give if all errors but one were 0?",
    "`fold_in` is linear in the errors: with only error i kept, it gives rating i's share of the "
    "user's bias and vector.",
    "For each rating, fold in all movies with its error alone, the others' set to 0; its share is "
    "that user's bias plus the dot product of that user's vector with `vector`.",
)
def shares_of(function):
    needs_function(function)
    rng = np.random.default_rng(12)
    vectors, errors, l2 = rng.normal(size=(5, 3)), np.array([1.5, -0.7, 0.0, -2.0, 0.4]), 2.0
    vector = rng.normal(size=3)
    given = vectors.copy(), errors.copy(), vector.copy()

    def of_user(user):
        return user[0] + user[1:] @ vector

    def shares(vectors, errors, l2):
        return np.array([of_user(_ridge(vectors, only, l2)) for only in np.diag(errors)])

    answer = function(vectors, errors, l2, vector)
    for array, copy in zip((vectors, errors, vector), given):
        if not np.array_equal(array, copy):
            mistake("Your function changes what it is given: work on copies.")
    value = as_numbers(answer, "Shares")
    if value.shape != (5,):
        mistake(f"A share for each of 5 ratings was asked for, shape (5,); yours is {value.shape}.")
    right = shares(vectors, errors, l2)
    total, keep = right.sum(), ~np.eye(5, dtype=bool)
    without = np.array([of_user(_ridge(vectors[k], errors[k], l2)) for k in keep])
    alone = np.array([of_user(_ridge(vectors[[i]], errors[[i]], l2)) for i in range(5)])
    no_bias = np.array([_ridge(vectors, only, l2)[1:] @ vector for only in np.diag(errors)])
    only_bias = np.array([_ridge(vectors, only, l2)[0] for only in np.diag(errors)])
    named = (
        (
            total - without,
            "Leaving a rating out and folding in again gives shares that do not add "
            "up: keep its movie in X, and set the *other errors* to 0.",
        ),
        (without, "This is what remains without each rating, not what each one contributes."),
        (
            alone,
            "Each rating is folded in as if it were the only one: keep all movies in X, and "
            "set the other errors to 0.",
        ),
        (no_bias, "The bias is left out: b has shares too."),
        (only_bias, "The vector is left out: u·m has shares too."),
        (right / total, "These are parts of 1: stars were asked for."),
        (100 * right / total, "These are percentages: stars were asked for."),
        (np.abs(right), "The signs are gone: a rating can move a movie down."),
        (np.full(5, total / 5), "The sum is right, but it is dealt out evenly."),
        (
            errors / errors.sum() * total,
            "Shares by the size of the error alone: how near the rated "
            "movie is to this one counts too.",
        ),
        (vectors @ vector * errors, "The matrix of the ridge regression is left out: fold in."),
        (right[::-1], "The shares are in the reverse order."),
        (-right, "The sign is turned."),
    )
    name_mistake(value, named, _is_near)
    if not _is_near(value.sum(), total):
        mistake(f"Your shares add up to {value.sum():.4f}; b + u·m is {total:.4f}.")
    if not _is_near(value, right):
        mistake("Your shares add up to b + u·m, but they are dealt out in another way.")
    for n, other in ((1, 2.0), (5, 30.0)):
        again = as_numbers(function(vectors[:n], errors[:n], other, vector), "Shares")
        if not _is_near(again, shares(vectors[:n], errors[:n], other)):
            mistake(f"With {n} rating(s) and l2 = {other:g} the shares are others.")
    return "Linear in the errors, so each rating has its exact share, and zero error has none."


@exercise(
    "What has to be on the same side as a rating of a certain day?",
    "Sort the moments. At which rating would 20 of 100 be reached, and which others share its "
    "moment?",
    "Count from the latest rating back until the share is reached, rounding up; the moment of that "
    "rating is where the test begins: the test is every rating whose moment is that one or later.",
)
def cut_in_time(function):
    needs_function(function)
    rng = np.random.default_rng(4)
    cases = (
        (np.array([5, 1, 3, 3, 3, 2, 8, 3]), 0.25),  # the cut falls among the threes
        (
            rng.permutation(
                np.repeat(np.arange(12) * 86_400 + 874_724_710, rng.integers(1, 9, 12))
            ),
            0.2,
        ),
        (rng.permutation(37), 0.5),
        (rng.permutation(np.repeat([3, 9], [30, 10])), 0.25),  # exactly at a moment's beginning
        (np.array([-4, 7, -4, 2]), 0.4),
        (rng.permutation(7), 0.3),  # 2.1 ratings: three
        (rng.permutation(11) ** 2, 0.15),
    )
    for times, share in cases:
        given = times.copy()
        answer = function(times, share)
        if not np.array_equal(times, given):
            mistake("Your function changes the timestamps that it is given: work on a copy.")
        if answer is None:
            mistake("Your function returns nothing: add `return`.")
        if isinstance(answer, list | tuple):
            mistake(
                f"An array of bools was asked for; a {type(answer).__name__} came back, which `~` "
                "does not turn round."
            )
        try:
            mask = np.asarray(answer)
        except (TypeError, ValueError, NotImplementedError):  # such as lists of unlike lengths
            mask = np.array(answer, object)
        if mask.dtype != bool:
            mistake(
                f"An array of bools was asked for, True for the test; yours is of {mask.dtype}."
            )
        if mask.shape != times.shape:
            mistake(f"One bool for each rating was asked for, shape {times.shape}; yours has "
                    f"{mask.shape}.")  # fmt: skip
        _judge_cut(mask, times, share)
    return "A split is where one moment ends: with days, a cut by row number would part a day."


def _judge_cut(mask, times, share):
    n = len(times)
    shown = f"{n} ratings and a share of {share:g}"
    if not mask.any() or mask.all():
        mistake(f"With {shown}, all ratings are on one side.")
    if times[mask].max() < times[~mask].min():
        mistake("The earliest ratings are the test: it has to be the latest, as tomorrow is.")
    if times[mask].min() < times[~mask].max():
        mistake("Some ratings of the test are earlier than some others: the test is the latest.")
    if times[mask].min() == times[~mask].max():
        mistake(f"With {shown}, a moment stands on both sides: keep its ratings together.")
    needed = int(np.ceil(share * n))
    if mask.sum() < needed:
        mistake(
            f"With {shown} the test has {mask.sum()} ratings, but at least {needed} were asked "
            "for: begin at an earlier moment."
        )
    if (times > times[mask].min()).sum() >= needed:
        mistake(
            f"With {shown} the test has {mask.sum()} ratings; a later beginning has enough, too."
        )


@exercise(
    "q1: what do stars not say? q2: in what is a share linear? q3: who may guess?",
    "q1: sort `my_stars` with `top`, and compare with `my_top`. q2: copy `errors`, "
    "change one number by the stars that *Dumbo* gains, and ask `shares_of` again. "
    "q3: run the cell of the shop's file anew, with the other scale.",
    "q1: some movies please nearly all who have chosen them. q2: in `shares_of`, what do "
    "the other errors do to one share? q3: a wrong scale is nothing that a reader may guess.",
)
def quiz_own_ratings(answers):
    return judge_choices(
        answers,
        q1={
            "a": "More: run it. Five ratings move the stars little, so the best by stars are "
            "mostly what everybody likes best, and some of that is in your list as well.",
            "b": "Right: some movies please nearly everybody who rates them. The others are ones "
            "that would please you as well, if you chose them; stars do not say that you would.",
            "c": "Fewer: run it. Then retrieval would add nothing, but in the table above *stars, "
            "all movies* is far below *own mean and stars*.",
        },
        q2={
            "a": "Shares are no parts of a whole that is given: *Dumbo* adds to the score, and "
            "takes nothing from *Alien*. Run it.",
            "b": "Right: each share is linear in its own error, and what stands beside it, the "
            "movies, has no stars in it. So an exact share needs no other rating's stars.",
            "c": "$b$ grows, and all of what it grows by is *Dumbo*'s share: *Alien*'s error is "
            "what it was. Run it.",
        },
        q3={
            "a": "Nothing is clipped on the way in: half of the ratings would be 5 without a word.",
            "b": "`as_stars` does that, for the scale it is told. The reader keeps what the file "
            "has, and holds it against the scale.",
            "c": "Right: a rating off the scale is a mistake of the file or of the scale, so it is "
            "said where it comes in.",
        },
    )


PARTS = ("learned", "test", "interval", "user", "list", "limit")
LEAST_LIMIT = 8  # different words: a sentence
LEAST_GROUPS = 5  # things with several ratings, or users: fewer could be alike by chance
ASKED_AGAIN = 100  # test ratings whose predictions are asked for again, at most
ASKED_IN_TIME = 2_000  # and of a beginning of the test, where there are times
LEAST_RATINGS, LEAST_USERS = 250, 25  # of a file of 300 and 30, some of which were left out
ENOUGH = 1_000  # ratings: a test is large enough, however few they are of a large file
SAME_SPREAD = 0.55, 1.8  # a scale's end moved or its steps halved; points from 1 to 10 are 2.25
MOST_STEPS = 25  # of a scale: with more different ratings than these, there are no steps
WIDTHS = 0.88, 1.2  # of 95%, as chance may have it; one of 90% is 0.84 as wide, one of 99% 1.31
TABLES_LIMIT = (  # the words that ask for it
    "a limit: what the figures cannot say of these users, and what you would have to do to know: "
    "limit a sentence or two"
)


@exercise(
    "Go through the table's rows: which of them does your dict not show yet?",
    "The split comes from `split_rows`, `learned` is an `OwnModels`, which gives both predictions "
    "and the list; the interval comes from `difference_interval`: baseline first, then model.",
    "Split; choose on validation between settings and against the biases; train once more on all "
    "but the test; predict the test with both, take the interval of the difference, ask for the "
    "list of one user, look at it, and write down what these figures leave open.",
)
def capstone(answer):
    if not isinstance(answer, dict) or set(answer) != set(PARTS):
        missing = [name for name in PARTS if not isinstance(answer, dict) or name not in answer]
        extra = sorted(map(str, set(answer) - set(PARTS))) if isinstance(answer, dict) else []
        mistake(
            f"A dict with {', '.join(PARTS)} was asked for"
            + (f"; missing: {', '.join(missing)}" if missing else f"; unknown: {', '.join(extra)}")
            + "."
        )
    still_open = [name for name in PARTS if answer[name] is ...]
    if still_open:
        mistake(f"Still open: {', '.join(still_open)}.")
    learned = answer["learned"]
    lacking = [name for name in ("biases", "stars", "recommend", "train") if not
               hasattr(learned, name)]  # fmt: skip
    if lacking:
        mistake(
            f"`learned` is a trained `OwnModels`, or an object like it; this one has no "
            f"{', '.join(lacking)}."
        )
    train, test = _ratings_of(learned.train, "learned.train"), _ratings_of(answer["test"], "test")
    _judge_files(train, test)
    _judge_split(train, test)
    _judge_scale(learned, train, test)
    predictions = [
        _predictions(getattr(learned, name)(answer["test"]), name, train, test)
        for name in ("biases", "stars")
    ]
    for name, values in zip(("biases", "stars"), predictions):
        _judge_hindsight(getattr(learned, name), name, answer["test"], values)
    low, high = _judge_comparison(train, test, *predictions, answer["interval"])
    _judge_list(learned, train, answer["user"], answer["list"])
    limit = answer["limit"]
    if not isinstance(limit, str) or len(set(limit.casefold().split())) < LEAST_LIMIT:
        mistake("The limit is a sentence at least: what can these figures not say?")
    if _words(limit) <= _words(TABLES_LIMIT):
        mistake("The limit is still the task's own words: what is it for your figures?")
    verdict = (
        "your model is better than the baseline" if low > 0
        else "your model is worse than the baseline, and you say so" if high < 0
        else "nothing separates your model from the baseline"
    )  # fmt: skip
    return f"By the interval, {verdict}. Now hold it against the table, or let somebody else."


def _words(text):
    return set("".join(letter if letter.isalnum() else " " for letter in text.casefold()).split())


def _judge_hindsight(predict, name, test, values):
    """Name the mistake if predictions of ratings that nothing of the test comes before change.

    They are asked for again: without the rest of the test, in another order, with other labels.
    """
    stars = test["user_rating"]
    some = np.arange(len(stars))
    if "timestamp" in test:  # a later one may know what was rated before
        some = np.flatnonzero(test["timestamp"] == np.min(test["timestamp"]))
    some = some[:ASKED_AGAIN][::-1]
    rows = take(test, some)
    lowest, highest = stars.min(), stars.max()
    turned = rows | {
        "user_rating": np.where(rows["user_rating"] == lowest, highest, lowest).astype(stars.dtype)
    }
    again, other = (np.asarray(predict(each), float) for each in (rows, turned))
    if again.shape != some.shape or not np.allclose(again, values[some], atol=1e-3):
        mistake(
            f"`{name}` predicts other values for some of the test's ratings when it is asked for "
            "these alone, in another order: each rating's prediction may know `train` and, with "
            "times, what was rated before it, and nothing else."
        )
    if not np.allclose(other, again, atol=1e-3):
        mistake(f"`{name}` predicts other values when the ratings to predict are others: it reads "
                "what it should predict.")  # fmt: skip
    if "timestamp" in test:
        _judge_moment(predict, name, test, values)


def _judge_moment(predict, name, test, values):
    """Name the mistake if predictions change with labels of their own moment, or of later rows."""
    times, moments = test["timestamp"], np.sort(test["timestamp"])[:ASKED_IN_TIME]
    different, counts = np.unique(moments, return_counts=True)
    by_count = np.lexsort((different, counts))
    until = different[by_count[-1]] if counts.max() > 1 else moments[len(moments) // 2]
    rows = take(test, times <= until)
    stars, now = rows["user_rating"], rows["timestamp"] == until
    turned = (stars.min() + stars.max() - stars).astype(stars.dtype)
    again = np.asarray(predict(rows | {"user_rating": np.where(now, turned, stars)}), float)
    if again.shape != stars.shape or not np.allclose(again, values[times <= until], atol=1e-3):
        mistake(
            f"`{name}` predicts other values for some of the test's ratings when the ratings of "
            "their own moment are others and the later ones are left out: a rating may know what "
            "was rated strictly before it, and nothing else."
        )


def _ratings_of(rows, name):
    fields = ("user_id", "movie_title", "user_rating")
    if not isinstance(rows, dict) or not set(fields) <= set(rows):
        mistake(f"`{name}` is a dict of arrays with {', '.join(fields)}.")
    rows = {field: rows[field] for field in (*fields, "timestamp") if field in rows}
    others = [field for field, values in rows.items() if not isinstance(values, np.ndarray)]
    if others:
        mistake(
            f"`{name}` is a dict of arrays; its {others[0]} is of type "
            f"{type(rows[others[0]]).__name__}."
        )
    sizes = {rows[field].shape for field in (*fields, *({"timestamp"} & set(rows)))}
    if len(sizes) > 1 or len(next(iter(sizes))) != 1:
        mistake(f"The arrays of `{name}` have different shapes: {', '.join(map(str, sizes))}.")
    if sizes == {(0,)}:
        mistake(f"There are no ratings in `{name}`.")
    return rows


def _judge_files(train, test):
    """Name the mistake if the two are of unlike types, or too small."""
    for field in ("user_id", "movie_title"):
        types = [type(rows[field].tolist()[0]).__name__ for rows in (train, test)]
        if types[0] != types[1]:
            mistake(
                f"The {field} of `learned.train` is of type {types[0]}, that of `test` of type "
                f"{types[1]}: so none in the one is found in the other."
            )
    ratings = len(train["user_id"]) + len(test["user_id"])
    users = len(np.union1d(train["user_id"], test["user_id"]))
    if ratings < LEAST_RATINGS or users < LEAST_USERS:
        mistake(
            f"`learned.train` and `test` together are {ratings} ratings of {users} users: take a "
            "file of at least 300 ratings of 30 users."
        )


def _judge_scale(learned, train, test):
    """Name the mistake if ratings are on two scales, or not on that of `OwnModels`."""
    stars = [rows["user_rating"] for rows in (train, test)]
    ends = [f"from {values.min():g} to {values.max():g}" for values in stars]
    if isinstance(learned, OwnModels):
        for name, values, shown in zip(("learned.train", "test"), stars, ends):
            if values.min() < 1 or values.max() > 5:
                mistake(
                    f"The ratings of `{name}` go {shown}, and `OwnModels` takes stars from 1 to 5 "
                    "(its predictions are clipped to that): bring them there with `as_stars`."
                )
    steps, of_test = (np.round(values, 3) for values in stars)
    steps = np.unique(steps)
    off = len(steps) <= MOST_STEPS and np.isin(of_test, steps).mean() < 0.25
    low, high = SAME_SPREAD
    spread = np.std(stars[1]) / max(np.std(stars[0]), 1e-9)
    if off or (len(of_test) >= 20 and not low < spread < high):
        mistake(
            f"The ratings of `learned.train` go {ends[0]}, with a standard deviation of "
            f"{np.std(stars[0]):.2f}, those of `test` {ends[1]}, with one of "
            f"{np.std(stars[1]):.2f}: bring both to one scale."
        )


def _judge_split(train, test):
    pairs = [
        set(zip(rows["user_id"].tolist(), rows["movie_title"].tolist())) for rows in (train, test)
    ]
    both = len(pairs[0] & pairs[1])
    if both:
        mistake(
            f"{both} ratings of the test are in `learned.train` too: what is learned is no test."
        )
    if ("timestamp" in train) != ("timestamp" in test):
        mistake("One of `learned.train` and `test` has a timestamp and the other has none.")
    if "timestamp" in train and not train["timestamp"].max() < test["timestamp"].min():
        mistake(
            "The ratings have times, but some training ratings are not earlier than all of the "
            "test: split in time, with no moment on both sides."
        )
    share = len(test["user_id"]) / len(train["user_id"])
    if share > 1.5 or (share < 0.02 and len(test["user_id"]) < ENOUGH):
        mistake("The test is less than 2 in 100 of the training ratings, or more than they are.")


def _predictions(values, name, train, test):
    values, n = as_numbers(values, f"Predictions of `{name}`"), len(test["user_rating"])
    if values.shape != (n,):
        mistake(f"`{name}` gives a prediction for each of {n} test ratings, shape ({n},); yours "
                f"gives {values.shape}.")  # fmt: skip
    if not np.isfinite(values).all():
        mistake(f"`{name}` has predictions that are no finite numbers.")
    stars = np.concatenate([train["user_rating"], test["user_rating"]])
    room = np.ptp(stars) / 2
    if values.min() < stars.min() - room or values.max() > stars.max() + room:
        mistake(
            f"`{name}` goes from {values.min():.1f} to {values.max():.1f}, the ratings from "
            f"{stars.min():.1f} to {stars.max():.1f}: bring both to one scale."
        )
    return values


def _judge_comparison(train, test, baseline, model, interval):
    stars = test["user_rating"]
    of_mean, of_baseline, of_model = (
        rmse(stars, values) for values in (train["user_rating"].mean(), baseline, model)
    )
    if np.ptp(baseline) == 0:
        mistake("The baseline is one number: take one that knows users and things too.")
    _judge_baseline(train, test, baseline)
    of_biases = rmse(stars, damped_biases(train, test))  # of few ratings, worse than the mean too
    if of_baseline > 1.02 * max(of_mean, of_biases):
        mistake(
            f"The baseline's RMSE is {of_baseline:.3f}, the mean's {of_mean:.3f}: a baseline that "
            "is worse than the mean makes anything look good."
        )
    if np.allclose(baseline, model):
        mistake("Baseline and model predict the same: nothing is compared.")
    if of_model < 0.25 * of_baseline:
        mistake(
            f"The model's RMSE of {of_model:.3f} is too good to be true beside the baseline's "
            f"{of_baseline:.3f}: does it know the test's ratings?"
        )
    ends = as_numbers(interval, "Two numbers")
    if ends.shape != (2,) or not ends[0] < ends[1]:
        mistake("`interval` is two numbers, the lower end first.")
    rounding = next((5 * 0.1 ** (n + 1) for n in (2, 3) if np.allclose(ends, np.round(ends, n),
                    rtol=0, atol=1e-9)), 0)  # fmt: skip
    difference = of_baseline - of_model
    if ends[0] <= -difference <= ends[1] and not ends[0] <= difference <= ends[1]:
        mistake("The interval's sign is turned: above zero, the model is better.")
    if not ends[0] <= difference <= ends[1]:
        mistake(
            f"The baseline's RMSE is {difference:.4f} above the model's, which is not in your "
            f"interval, {ends[0]:.4f} to {ends[1]:.4f}: is it that of these predictions?"
        )
    by_rows = difference_interval(stars, baseline, model)
    if np.allclose(ends, by_rows, atol=rounding + 1e-6):  # most are
        return ends
    by_users = recipe_interval(stars, baseline, model, test["user_id"])
    if not any(
        np.abs(ends - interval).max() < 0.2 * (interval[1] - interval[0]) + rounding
        for interval in (by_rows, by_users)
    ):
        shown = [f"{low:.4f} to {high:.4f}" for low, high in (ends, by_rows, by_users)]
        mistake(
            f"Your interval is {shown[0]}. Drawing the test ratings again and again gives "
            f"{shown[1]}, drawing its users {shown[2]}: is yours that of the RMSE of these "
            "predictions of the test?"
        )
    widths = np.array(_widths(test, baseline, model))
    drawn_alike = np.allclose(ends, by_users, atol=rounding + 1e-6)
    widest, narrowest = ends[1] - ends[0] + 2 * rounding, ends[1] - ends[0] - 2 * rounding
    if not drawn_alike and not np.any(
        (widest > WIDTHS[0] * widths) & (narrowest < WIDTHS[1] * widths)
    ):
        near = widths[np.argmin(np.abs(widths - (ends[1] - ends[0])))]
        level = 2 * NormalDist().cdf(1.96 * (ends[1] - ends[0]) / near) - 1
        mistake(
            f"Your interval, {ends[0]:.4f} to {ends[1]:.4f}, would hold about {level:.0%} of the "
            f"draws, and 95% were asked for: drawing the test ratings gives {by_rows[0]:.4f} to "
            f"{by_rows[1]:.4f}. (Draw at least 1,000 times.)"
        )
    return ends


def _widths(test, baseline, model):
    """Return how wide 95% intervals are without the chance of drawing, by rows and by users."""
    stars, moves = test["user_rating"], 0
    for predictions, sign in ((baseline, 1), (model, -1)):  # how far each rating moves the RMSE
        squares = (stars - predictions) ** 2
        moves = moves + sign * (squares - squares.mean()) / (2 * np.sqrt(squares.mean()))
    of_users = np.bincount(np.unique(test["user_id"], return_inverse=True)[1], moves)
    return [2 * 1.96 * np.sqrt(np.sum(those**2)) / len(stars) for those in (moves, of_users)]


def _judge_baseline(train, test, baseline):
    """Name the mistake if a baseline is the same for all users, for all things, or nearly all."""
    for by, other, said in (
        (
            "movie_title",
            "user_id",
            "For each thing, your baseline predicts the same for all users: take one that knows "
            "users too. (Where all users of the test are new, it has to learn them from their "
            "earlier ratings of the test, as `biases` of `OwnModels` does.)",
        ),
        (
            "user_id",
            "movie_title",
            "For each user, your baseline predicts the same for all things: take one that knows "
            "things too.",
        ),
    ):
        groups = [test[by] == key for key in np.unique(test[by])]
        spreads = [
            np.ptp(baseline[group]) for group in groups if len(np.unique(test[other][group])) > 1
        ]
        if len(spreads) >= LEAST_GROUPS and max(spreads) < 1e-4:
            mistake(said)
    spread, usual = np.std(baseline), np.std(damped_biases(train, test))
    if spread < usual / 4:
        mistake(
            f"The baseline is next to one number: its predictions have a standard deviation of "
            f"{spread:.3f}, those of two damped biases {usual:.3f}. A weak baseline makes anything "
            "look good."
        )


def _judge_list(learned, train, user, titles):
    if not isinstance(user, bytes) or not np.any(train["user_id"] == user):
        mistake(f"The user {str(user)[:40]} is not in `learned.train`: give one as bytes, as it "
                "does.")  # fmt: skip
    if np.ndim(titles) != 1:
        mistake(f"The list is one row of titles; yours has the shape {np.shape(titles)}.")
    titles = np.asarray(titles).tolist()
    if len(titles) != 10 or len(set(titles)) != 10:
        mistake(f"Ten different titles were asked for; {len(set(titles))} are there.")
    unknown = set(titles) - set(train["movie_title"].tolist())
    if unknown:
        mistake(f"{str(min(unknown, key=str))[:60]} is no title of `learned.train`: give them as "
                "bytes.")  # fmt: skip
    rated = set(titles) & set(train["movie_title"][train["user_id"] == user].tolist())
    if rated:
        mistake(f"{len(rated)} of the list have been rated by this user already.")
    lists = learned.recommend(np.array([user]))
    if not isinstance(lists, dict) or np.ndim(lists.get("titles")) != 2:
        mistake(
            "`recommend` gives a dict with titles, a row of them for each user that it is asked "
            "for, as that of `OwnModels` does."
        )
    offered = np.asarray(lists["titles"][0]).tolist()[:10]
    if set(offered) != set(titles):
        mistake(
            f"`learned.recommend` offers this user other titles than your list: {offered[0]} is "
            "its first. Is yours the list of this user and this model?"
        )
    if offered != titles:
        mistake("These are the ten that `learned` offers this user, but not the best first.")
