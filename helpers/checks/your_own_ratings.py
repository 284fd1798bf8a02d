"""Checks of lesson 10, Your own ratings."""

import numpy as np

from helpers.checks.engine.answers import as_numbers, name_mistake, needs_function
from helpers.checks.engine.exercise import exercise, judge_choices, mistake


def _is_near(value, expected):
    return np.shape(value) == np.shape(expected) and np.allclose(value, expected, atol=1e-4)


def _ridge(vectors, errors, l2):
    x = np.column_stack([np.ones(len(errors)), vectors])
    return np.linalg.solve(x.T @ x + l2 * np.eye(x.shape[1]), x.T @ errors)


@exercise(
    "Which row of the table does an unknown id get, and what has training done to it?",
    "No training row uses row 0, and L2 pulls all embeddings towards zero. What is the dot product "
    "of zeros with anything?",
)
def unknown_user(answer):
    return judge_choices(
        {"unknown_user": answer},
        unknown_user={
            "a": "That would be a fair answer, and `TwoStages` sees to it; but retrieval's own "
            "embedding of an unknown id has not learned what is popular.",
            "b": "Right: L2 has shrunk row 0, which no training row uses, so every score is "
            "nearly 0.",
            "c": "An id says nothing about whom it is like: all unknown ids share row 0.",
        },
    )


@exercise(
    "Build X first: a column of ones, then the vectors: "
    "`np.column_stack([np.ones(len(errors)), movie_vectors])`.",
    "`A` is `X.T @ X + l2 * np.eye(X.shape[1])`, and the right side is `X.T @ errors`.",
    "`return np.linalg.solve(X.T @ X + l2 * np.eye(X.shape[1]), X.T @ errors)`.",
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
    "`return errors[count:] - user[0] - movie_vectors[count:] @ user[1:]`.",
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
    if not _is_near(value, right):
        mistake(
            "With 4 of 9 ratings folded in, the errors should start with "
            f"{np.round(right[:2], 3)}; yours, of shape {value.shape}, do not."
        )
    for count, other in ((0, l2), (8, l2), (4, 70.0)):
        user = _ridge(vectors[:count], errors[:count], other)
        if not _is_near(answer_of(count, other), left(user, slice(count, None))):
            mistake(
                f"With count = {count} and l2 = {other:g} the errors are others: use `count` and "
                "`l2` as they are given."
            )
    return "A lambda that fits the ratings it is given always looks best when it is smallest."


@exercise(
    "Go through `ratings.items()`. What makes a value a number from 1 to 5?",
    "`1 <= stars <= 5` is False for nan; for text, the comparison itself raises a TypeError: ask "
    "for the type first.",
    "`if not isinstance(stars, (int, float)) or not 1 <= stars <= 5: raise ValueError(...)`.",
)
def checked_stars(function):
    needs_function(function)
    good = {"Zoë (1990)": 5, "Alien (1979)": 3.5, "A": 1, "B": np.float64(4), "C": 1.0}
    given = good.copy()
    try:
        answer = function(good)
    except ValueError as error:
        mistake(f"Stars of 5, 3.5, 1, 4.0 and 1.0 are all fine, but your function refuses: {error}")
    if good != given:
        mistake("Your function changes what it is given: work on a copy.")
    value = as_numbers(answer, "Stars")
    if not _is_near(value, np.array([5, 3.5, 1, 4, 1])):
        mistake(f"The stars of five movies are 5, 3.5, 1, 4, 1, in this order; yours are {value}.")
    for stars in (12, "five", np.nan, 0, 5.5, -3, 0.5, np.inf, "4", None):
        bad = {"Alien (1979)": 4, "Babe (1995)": stars, "Clue (1985)": 2}
        shown = f"{stars!r} as the stars of a movie"
        try:
            function(bad)
        except ValueError as error:
            text = str(error)
            if "Babe (1995)" not in text:
                mistake(f"With {shown}, the text of your ValueError does not name the title.")
            if "Alien (1979)" in text or "Clue (1985)" in text:
                mistake(f"With {shown}, your ValueError names movies whose stars are fine, too.")
            if str(stars) not in text:
                mistake(f"With {shown}, the text of your ValueError does not say what was given.")
        except Exception as error:  # the learner's code may raise anything
            mistake(f"With {shown}, your function raises {type(error).__name__}, not ValueError.")
        else:
            mistake(f"Your function accepts {shown}.")
    return "A wrong value is cheapest where it comes in: a model would only have learned from it."


@exercise(
    "What would `fold_in` give if all errors but one were 0?",
    "`fold_in` is linear in the errors: with only error i kept, it gives rating i's share of the "
    "user's bias and vector.",
    "For each i, `user = fold_in(movie_vectors, np.where(np.arange(n) == i, errors, 0), l2)`; the "
    "share is `user[0] + user[1:] @ vector`.",
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
    "q1: what do stars not say? q2: see the formula. q3: an id is a name, not a quantity.",
    'q1: see *A list for a new user*. q2: what is kept fixed? q3: is "9.0" in a vocabulary that '
    'holds "9"?',
    "q1 is one of a and b; q2 is one of a and b; q3 is one of a and b.",
)
def quiz_own_ratings(answers):
    return judge_choices(
        answers,
        q1={
            "a": "They lower the RMSE, as the table shows; it is another question that they leave "
            "open.",
            "b": "Right: stars say how a movie would be liked, retrieval whether it goes with what "
            "the user has chosen.",
            "c": "They need no training for one user more; with retrieval, the same vectors make a "
            "good list.",
        },
        q2={
            "a": "Right: the movies stay as they were trained, so it costs one small system.",
            "b": "They are kept fixed: one more user would hardly change them.",
            "c": "They are not touched: only the new user's bias and vector are unknown.",
        },
        q3={
            "a": 'As numbers they are; but ids are looked up as text, and "9.0" is not "9".',
            "b": 'Right: "9.0" is in no vocabulary that holds "9", so every user is unknown.',
            "c": '"9.0" and "10.0" differ, so they are two users, both unknown.',
        },
    )
