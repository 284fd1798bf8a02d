"""Checks of lesson 10, Your own ratings."""

import numpy as np

from helpers.checks.engine.answers import as_numbers, name_mistake, needs_function
from helpers.checks.engine.exercise import exercise, judge_choices, mistake


def _is_near(value, expected):
    return np.shape(value) == np.shape(expected) and np.allclose(value, expected, atol=1e-4)


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
        (ridge(x, l2), "l2 is added everywhere: only to the diagonal, with np.eye."),
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
    "q1: see *A new user*. q2: see the formula. q3: an id is a name, not a quantity.",
    'q1: no training row uses row 0. q2: what is kept fixed? q3: is "9.0" in a vocabulary that '
    'holds "9"?',
    "q1 is one of a and b; q2 is one of a and b; q3 is one of a and b.",
)
def quiz_own_ratings(answers):
    return judge_choices(
        answers,
        q1={
            "a": "Nothing sets it to the mean; `TwoStages` puts the mean user in its place.",
            "b": "Right: no training row uses row 0, so L2 shrinks it and nothing pulls it back.",
            "c": "An id says nothing about whom it is like: all unknown ids share row 0.",
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
