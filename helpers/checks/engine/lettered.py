"""Answers that are a dict of numbers or of predicted outcomes, worked out from a lesson."""

import numbers

import numpy as np

from helpers.checks.engine.exercise import judge_choices, mistake
from helpers.keras2 import tf


def judge_numbers(answers, within, right, named, advice):
    """Stop if a number is not the right one, and say what it is instead.

    Args:
        answers: the learner's dict from letter to number.
        within: how far from the right number an answer may be; or a dict from letter to that.
        right: dict from letter to the right number.
        named: dict from letter to pairs of a wrong number (or a function that tells whether a
            number is wrong in that way) and what to say of it, the likeliest first.
        advice: what to say of any other number; or a dict from letter to that.
    """
    if not isinstance(answers, dict) or set(answers) != set(right):
        mistake(f"Answer with a dict that has the keys {', '.join(right)}, and no other.")
    still_open = [letter for letter in right if answers[letter] is ... or answers[letter] is None]
    if still_open:
        mistake(f"Still open: {', '.join(still_open)}.")
    no_numbers = [letter for letter in right if not _is_number(answers[letter])]
    if no_numbers:
        quoted = any(isinstance(answers[letter], str | bytes) for letter in no_numbers)
        how = ", without quotes or a percent sign" if quoted else ""
        mistake(f"{', '.join(no_numbers)}: answer with a number{how}.")
    wrong = []
    for letter, value in right.items():
        answer = float(answers[letter])
        far = within[letter] if isinstance(within, dict) else within
        if abs(answer - value) <= far:
            continue
        known = [
            text
            for other, text in named[letter]
            if (other(answer) if callable(other) else abs(answer - other) <= far)
        ]
        if not known and abs(answer - 100 * value) <= 100 * far < abs(100 * value):
            known = ["this is in percent."]
        if not known and abs(answer - value) <= min(10 * far, abs(value) / 10):
            known = [f"{answer:g} is near, but not it: work it out, and round at the end alone."]
        told = advice[letter] if isinstance(advice, dict) else advice
        wrong.append(f"{letter}: {known[0] if known else f'{answer:g} is not it: {told}'}")
    if wrong:
        mistake("\n".join(wrong))


def judge_outcomes(answers, outcomes, **cases):
    """Judge predictions of several cases that have the same few possible outcomes.

    Args:
        answers: the learner's dict from the case's name to a letter.
        outcomes: the letters, such as "abc".
        **cases: for each case's name the right letter, what to think of where the answer is
            another one, and what to say of the right one.

    Returns:
        What is said of the right ones, a line for each case.
    """
    return judge_choices(
        answers,
        **{
            name: {letter: f"Right: {said}" if letter == right else think for letter in outcomes}
            for name, (right, think, said) in cases.items()
        },
    )


def _is_number(answer):
    if isinstance(answer, numbers.Real):
        return not isinstance(answer, bool)
    is_array = isinstance(answer, np.ndarray | tf.Tensor) and np.shape(answer) == ()
    if not is_array or answer.dtype in (bool, tf.bool, tf.string):
        return False
    return np.asarray(answer).dtype.kind in "iuf"
