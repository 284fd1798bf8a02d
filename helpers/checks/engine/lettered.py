"""Answers that are a dict from letters to numbers, worked out from what a lesson shows."""

import numbers

import numpy as np

from helpers.checks.engine.exercise import mistake
from helpers.keras2 import tf


def judge_numbers(answers, within, right, named, advice):
    """Stop if a number is not the right one, and say what it is instead.

    Args:
        answers: the learner's dict from letter to number.
        within: how far from the right number an answer may be.
        right: dict from letter to the right number.
        named: dict from letter to pairs of a wrong number and what to say of it, the likeliest
            first.
        advice: what to say of any other number.
    """
    if not isinstance(answers, dict) or set(answers) != set(right):
        mistake(f"Answer with a dict that has the keys {', '.join(right)}, and no other.")
    still_open = [letter for letter in right if answers[letter] is ... or answers[letter] is None]
    if still_open:
        mistake(f"Still open: {', '.join(still_open)}.")
    wrong = []
    for letter, value in right.items():
        answer = _number(letter, answers[letter])
        if abs(answer - value) <= within:
            continue
        known = [text for other, text in named[letter] if abs(answer - other) <= within / 2]
        if not known and abs(answer - 100 * value) <= 100 * within < abs(100 * value):
            known = ["this is in percent."]
        wrong.append(f"{letter}: {known[0] if known else f'{answer:g} is not it: {advice}'}")
    if wrong:
        mistake("\n".join(wrong))


def _number(letter, answer):
    is_number = isinstance(answer, numbers.Real) and not isinstance(answer, bool)
    is_array = isinstance(answer, np.ndarray | tf.Tensor) and np.shape(answer) == ()
    if is_array and answer.dtype not in (bool, tf.bool, tf.string):
        is_number = np.asarray(answer).dtype.kind in "iuf"
    if not is_number:
        mistake(f"{letter}: answer with a number.")
    return float(answer)
