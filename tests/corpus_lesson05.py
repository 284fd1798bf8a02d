"""Right and plausibly wrong answers to the exercises of lesson 5; see corpus_lesson01.py."""

import re

import numpy as np

from helpers import features
from helpers.movielens import tf


def dot(user, movie, keepdims=True):
    return tf.reduce_sum(user * movie, axis=1, keepdims=keepdims)


def others_with(own_out=True, own_uncounted=True, alone=0.0, divide=True):
    """Return a `mean_of_others` with one thing changed."""

    def function(keys, values):
        answer = []
        for key, value in zip(keys, values):
            total = values[keys == key].sum() - own_out * value
            count = (keys == key).sum() - own_uncounted
            answer.append(total / (count if divide else 1) if count else alone)
        return np.array(answer)

    return function


def others_by_mask(keys, values):
    rows = np.arange(len(keys))
    masks = [(keys == keys[i]) & (rows != i) for i in rows]
    return [values[mask].mean() if mask.any() else 0 for mask in masks]


def others_without_guard(keys, values):
    _, place = np.unique(keys, return_inverse=True)
    totals, counts = np.bincount(place, values)[place] - values, np.bincount(place)[place] - 1
    return totals / counts


def others_per_key(keys, values):
    return np.array([values[keys == key].mean() for key in np.unique(keys)])


def others_in_place(keys, values):
    answer = others_by_mask(keys, values)
    values[:] = answer
    return values


def other_keys(keys, values):
    return np.array([values[keys != key].mean() for key in keys])


def year_with(group=lambda year: year // 5 * 5, until=1980, pattern=rb"\((\d{4})\)\s*$", none=0):
    """Return a `year_of` with one thing changed."""

    def function(title):
        found = re.search(pattern, title)
        if not found:
            return none
        year = int(found[1])
        return year if year >= until else group(year)

    return function


def year_by_position(title):
    return int(title[-5:-1])


def year_by_slicing(title):
    end = title.strip()[-6:]
    if not (end[:1] == b"(" and end[-1:] == b")" and end[1:-1].isdigit()):
        return 0
    year = int(end[1:-1].decode())
    return np.int64(year - year % 5 if year < 1980 else year)


RIGHT = {
    "dot_and_biases": [
        (lambda mean, ub, mb, user, movie: mean + ub + mb + dot(user, movie),),
        (lambda mean, ub, mb, user, movie: mean + ub + mb + dot(user, movie, False)[:, None],),
        (
            lambda mean, ub, mb, u, m: (
                tf.add_n([ub, mb, tf.einsum("nd,nd->n", u, m)[:, None]]) + mean
            ),
        ),
        (lambda mean, ub, mb, u, m: mean + ub + mb + tf.keras.layers.Dot(axes=1)([u, m]),),
    ],
    "mean_of_others": [(others_by_mask,), (others_with(),)],
    "year_of": [(year_by_slicing,), (features.year_of,), (year_with(),)],
    "cross": [
        (lambda x0, x, kernel, bias: x + x0 * (x @ kernel + bias),),
        (lambda x0, x, kernel, bias: tf.multiply(x0, tf.matmul(x, kernel)) + x0 * bias + x,),
    ],
    "gain_of_time": [("B",), (" b",)],
    "quiz_better_model": [
        ({"q1": "A", "q2": "B", "q3": "B"},),
        ({"q3": "b", "q2": "b", "q1": "a"},),
    ],
}

WRONG = {
    "dot_and_biases": [
        ((lambda mean, ub, mb, u, m: mean + ub + mb + dot(u, m, False),), "nine ratings"),
        ((lambda mean, ub, mb, u, m: mean + ub + mb + u @ tf.transpose(m),), "nine ratings"),
        ((lambda mean, ub, mb, u, m: mean + ub + mb + u * m,), "are not summed"),
        ((lambda mean, ub, mb, u, m: ub + mb + dot(u, m),), "mean is missing"),
        ((lambda mean, ub, mb, u, m: mean + ub + mb,), "dot product is missing"),
        ((lambda mean, ub, mb, u, m: mean + dot(u, m),), "The biases are missing"),
        ((lambda mean, ub, mb, u, m: mean + ub + dot(u, m),), "movies' biases"),
        ((lambda mean, ub, mb, u, m: mean + mb + dot(u, m),), "users' biases"),
        ((lambda mean, ub, mb, u, m: mean + ub + mb + dot(u, m) / 2,), "mean of the products"),
        ((lambda mean, ub, mb, u, m: mean + ub + mb + dot(u + m, m),), "make 7.5"),
        ((lambda mean, ub, mb, u, m: dot(u, m, False) + mean,), "one rating per pair"),
        ((lambda mean, ub, mb, u, m: None,), "add `return`"),
        ((3.5,), "A function was asked for"),
    ],
    "mean_of_others": [
        ((others_with(own_out=False, own_uncounted=False),), "still holds its own"),
        ((others_with(divide=False),), "divide by how many"),
        ((others_with(own_uncounted=False),), "still counted"),
        ((others_without_guard,), "return 0 for it"),
        ((others_with(alone=3.5),), "no other rows, so 0"),
        ((others_per_key,), "5 rows need 5"),
        ((others_in_place,), "changes `values`"),
        ((other_keys,), "other keys"),
        ((lambda keys, values: others_by_mask(keys, -values),), "others' means are"),
        ((lambda keys, values: None,), "add `return`"),
        ((np.zeros(5),), "A function was asked for"),
    ],
    "year_of": [
        ((year_with(until=0),), "put in fives"),
        ((year_with(group=lambda year: round(year / 5 + 0.5) * 5),), "rounded down"),
        ((year_with(group=lambda year: year // 10 * 10),), "not of ten"),
        ((year_with(none=-1),), "without a year gives 0"),
        ((year_with(none=None),), "add `return`"),
        ((year_with(pattern=rb"(\d{4})"),), "in brackets"),
        ((year_with(pattern=rb"\((\d{4})\)"),), "should give 0"),
        ((year_by_position,), "raised ValueError"),
        ((lambda title: title[-5:-1],), "Return a whole number"),
        ((lambda title: 1995,), "Speed (1994) is from 1994"),
        ((1994,), "A function was asked for"),
    ],
    "cross": [
        ((lambda x0, x, k, b: x0 * (x @ k + b),), "`+ x` is missing"),
        ((lambda x0, x, k, b: x0 * (x @ k + b) + x0,), "not `x0`"),
        ((lambda x0, x, k, b: x0 * (x @ k) + b + x,), "mind the brackets"),
        ((lambda x0, x, k, b: x0 * (x @ k) + x,), "bias is missing"),
        ((lambda x0, x, k, b: x * (x0 @ k + b) + x,), "changed places"),
        ((lambda x0, x, k, b: x * (x @ k + b) + x,), "should be with `x0`"),
        ((lambda x0, x, k, b: x @ k + b + x,), "a dense layer"),
        ((lambda x0, x, k, b: x0 * (x @ tf.transpose(k) + b) + x,), "part by part"),
        ((lambda x0, x, k, b: x0 * (x * k + b) + x,), "raised InvalidArgumentError"),
        ((lambda x0, x, k, b: tf.reduce_sum(x0 * (x @ k + b) + x, axis=1),), "the shape of x"),
        ((lambda x0, x, k, b: None,), "add `return`"),
        ((3,), "A function was asked for"),
    ],
    "gain_of_time": [
        (("a",), "more than the two before"),
        (("c",), "RMSE falls"),
        ((0.016,), "answer with one of a, b, c"),
        (("time",), "answer with one of a, b, c"),
    ],
    "quiz_better_model": [
        (({"q1": "b", "q2": "b", "q3": "b"},), "q1: It costs memory"),
        (({"q1": "c", "q2": "b", "q3": "b"},), "q1: They have one"),
        (({"q1": "a", "q2": "a", "q3": "b"},), "q2: Another seed"),
        (({"q1": "a", "q2": "c", "q3": "b"},), "q2: Then the test ratings"),
        (({"q1": "a", "q2": "b", "q3": "a"},), "q3: All three"),
        (({"q1": "a", "q2": "b", "q3": "c"},), "q3: So do"),
        (({"q1": "a"},), "Answer with a dict"),
    ],
}
