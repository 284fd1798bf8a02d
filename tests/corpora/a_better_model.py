"""Right and plausibly wrong answers to the exercises of lesson 6."""

import re
import statistics
from collections import Counter, defaultdict

import numpy as np

from helpers.data.ratings import year_of
from helpers.keras2 import tf, tfrs


def dot(user, movie, keepdims=True):
    return tf.reduce_sum(user * movie, axis=1, keepdims=keepdims)


def rating_with(value):
    """Return a `dot_and_biases` that makes ratings of mean, biases, sum and dot product."""

    def function(mean, user_bias, movie_bias, user, movie):
        return value(mean, user_bias + movie_bias, dot(user, movie))

    return function


def rating_in_a_loop(mean, user_bias, movie_bias, user, movie):
    total = mean + user_bias + movie_bias
    for i in range(user.shape[1]):
        total += user[:, i : i + 1] * movie[:, i : i + 1]
    return total


def rating_by_matrix(mean, user_bias, movie_bias, user, movie):
    return mean + user_bias + movie_bias + tf.matmul(user[:, None], movie[:, :, None])[:, 0]


def rating_with_numpy(mean, user_bias, movie_bias, user, movie):
    product = np.sum(np.multiply(user, movie), axis=1, keepdims=True)
    return mean + user_bias + movie_bias + product


def rating_of_numpy(mean, user_bias, movie_bias, user, movie):
    return (mean + user_bias + movie_bias).numpy() + (user.numpy() * movie).numpy().sum(1)[:, None]


def ratings_one_by_one(mean, user_bias, movie_bias, user, movie):
    for i in range(len(user)):
        yield mean + user_bias[i] + movie_bias[i] + np.dot(user[i], movie[i])


def others_in_a_loop(keys, values):
    totals, counts = defaultdict(float), Counter(keys)
    for key, value in zip(keys, values):
        totals[key] += value
    return [
        (totals[key] - value) / (counts[key] - 1) if counts[key] > 1 else 0.0
        for key, value in zip(keys, values)
    ]


def others_by_matrix(keys, values):
    same = (keys[:, None] == keys) & ~np.eye(len(keys), dtype=bool)
    return same @ values / np.maximum(same.sum(axis=1), 1)


def others_with_tf(keys, values):
    _, place = np.unique(keys, return_inverse=True)
    counts = tf.gather(tf.math.unsorted_segment_sum(tf.ones_like(values), place, 9), place) - 1
    totals = tf.gather(tf.math.unsorted_segment_sum(values, place, 9), place) - values
    return tf.math.divide_no_nan(totals, counts)


def others_of(value, alone=0.0):
    """Return a `mean_of_others` that makes something else of all values of a key and its own."""

    def function(keys, values):
        return np.array(
            [
                value(values[keys == key], own) if (keys == key).sum() > 1 else alone
                for key, own in zip(keys, values)
            ]
        )

    return function


def others_before(keys, values):
    before = [values[:i][keys[:i] == key] for i, key in enumerate(keys)]
    return np.array([some.mean() if len(some) else 0.0 for some in before])


def others_by_list(mean):
    """Return a `mean_of_others` that leaves lonely rows to Python's own mean."""

    def function(keys, values):
        rows = range(len(keys))
        return [mean([values[j] for j in rows if keys[j] == keys[i] and j != i]) for i in rows]

    return function


def others_in_key_order(keys, values):
    answer = np.array(others_by_mask(keys, values))
    return answer[np.argsort(keys, kind="stable")]


def others_as_whole_numbers(keys, values):
    answer = np.zeros(len(keys), int)
    answer[:] = others_by_mask(keys, values)
    return answer


def others_as_dict(keys, values):
    return dict(zip(keys, others_by_mask(keys, values)))


def others_sorting(keys, values):
    answer = others_by_mask(keys, values)
    keys.sort()
    return answer


def others_one_by_one(keys, values):
    yield from others_by_mask(keys, values)


def all_other_rows(keys, values):
    return (values.sum() - values) / (len(values) - 1)


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


def year_of_text(title):
    found = re.search(r"\((\d{4})\)$", title.decode().strip())
    year = int(found.group(1)) if found else 0
    return year if year >= 1980 else 5 * (year // 5)


def year_by_text_pattern(title):
    return int(re.search(r"\((\d{4})\)", title)[1])


def year_by_split(title):
    return int(title.split("(")[-1][:4])


def year_without_test(title):
    return int(re.search(rb"\((\d{4})\)$", title)[1])


def year_by_last_byte(title):
    return int(title[-5:-1]) if title[-1] == ")" else 0


def year_by_try(title):
    try:
        year = int(title[-5:-1])
    except ValueError:
        return 0
    return year if year >= 1980 else year // 5 * 5


def year_one_by_one(title):
    yield year_by_slicing(title)


QUIZ = {"q1": "a", "q2": "b", "q3": "b"}

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
        (rating_in_a_loop,),
        (rating_by_matrix,),
    ],
    "mean_of_others": [
        (others_by_mask,),
        (others_with(),),
        (others_in_a_loop,),
        (others_by_matrix,),
        (others_with_tf,),
    ],
    "year_of": [(year_by_slicing,), (year_of,), (year_with(),), (year_of_text,)],
    "cross": [
        (lambda x0, x, kernel, bias: x + x0 * (x @ kernel + bias),),
        (lambda x0, x, kernel, bias: tf.multiply(x0, tf.matmul(x, kernel)) + x0 * bias + x,),
        (lambda x0, x, kernel, bias: x0 * tf.nn.bias_add(tf.tensordot(x, kernel, 1), bias) + x,),
        (lambda x0, x, kernel, bias: np.multiply(x0, np.dot(x, kernel) + bias) + x,),
        (
            lambda x0, x, k, b: [
                x0[i] * (tf.linalg.matvec(k, x[i], True) + b) + x[i] for i in range(4)
            ],
        ),
    ],
    "gain_of_time": [("B",), (" b",)],
    "quiz_better_model": [
        ({"q1": "A", "q2": "B", "q3": "B"},),
        ({"q3": "b", "q2": "b", "q1": "a"},),
        ({"q1": " a ", "q2": "b", "q3": "B "},),
    ],
}

WRONG = {
    "dot_and_biases": [
        ((lambda mean, ub, mb, u, m: mean + ub + mb + dot(u, m, False),), "nine ratings"),
        ((lambda mean, ub, mb, u, m: mean + ub + mb + u @ tf.transpose(m),), "nine ratings"),
        ((lambda mean, ub, mb, u, m: mean + ub + mb + u * m,), "are not summed"),
        (
            (lambda mean, ub, mb, u, m: mean + ub + mb + tf.reduce_sum(u * m, 0),),
            "sum over axis 0, the pairs",
        ),
        ((lambda mean, ub, mb, u, m: mean + ub + mb + tf.reduce_sum(u * m),), "over all pairs"),
        ((lambda mean, ub, mb, u, m: mean + ub + mb + tf.reduce_mean(u * m),), "over all pairs"),
        ((lambda mean, ub, mb, u, m: mean + ub + mb + tf.concat([u, m], 1),), "side by side"),
        ((lambda mean, ub, mb, u, m: mean + ub + mb + tf.matmul(u, m),), "shapes do not fit"),
        ((lambda mean, ub, mb, u, m: mean + ub + mb + np.dot(u, m),), "shapes do not fit"),
        (
            (lambda mean, ub, mb, u, m: mean + ub + mb + tf.matmul(u, m, transpose_a=True),),
            "shapes do not fit",
        ),
        ((lambda mean, ub, mb, u, m: mean + ub + mb + dot(u, m) / 2,), "mean of the products"),
        (
            (
                lambda mean, ub, mb, u, m: (
                    mean + ub + mb + tf.keras.layers.Dot(axes=1, normalize=True)([u, m])
                ),
            ),
            "lengths of the embeddings",
        ),
        ((lambda mean, ub, mb, u, m: mean + ub + mb + dot(u + m, 1),), "embeddings are added"),
        ((lambda mean, ub, mb, u, m: mean + ub * mb + dot(u, m),), "Add the biases, both"),
        ((lambda mean, ub, mb, u, m: 3.5 + ub + mb + dot(u, m),), "use `mean`"),
        ((rating_with(lambda mean, biases, product: biases + product),), "mean is missing"),
        ((rating_with(lambda mean, biases, product: product),), "mean and the biases are"),
        ((rating_with(lambda mean, biases, product: biases),), "mean and the dot product are"),
        ((rating_with(lambda mean, biases, product: mean + biases),), "dot product is missing"),
        ((rating_with(lambda mean, biases, product: mean + product),), "The biases are missing"),
        ((rating_with(lambda mean, b, product: mean - b + product),), "biases are subtracted"),
        ((rating_with(lambda mean, b, product: mean + b - product),), "product is subtracted"),
        ((rating_with(lambda mean, b, product: mean * product + b),), "with the mean: add it"),
        ((rating_with(lambda mean, b, product: mean + b * product),), "with the biases: add it"),
        ((rating_with(lambda mean, b, product: (mean + b) * product),), "with the rest: add it"),
        (
            (rating_with(lambda m, b, product: tf.clip_by_value(m + b + product, 1.0, 5.0)),),
            "the formula has no cut",
        ),
        ((rating_with(lambda m, b, product: tf.reduce_mean(m + b + product)),), "one rating per"),
        ((rating_with(lambda m, b, product: str(m + b + product)),), "a str came back"),
        ((rating_with(lambda m, b, product: (m, b, product)),), "a tuple came back"),
        ((lambda mean, ub, mb, u, m: mean + ub + dot(u, m),), "movies' biases"),
        ((lambda mean, ub, mb, u, m: mean + mb + dot(u, m),), "users' biases"),
        ((lambda mean, ub, mb, u, m: mean + ub + mb + dot(u + m, m),), "make 7.5"),
        ((lambda mean, ub, mb, u, m: dot(u, m, False) + mean,), "one rating per pair"),
        ((rating_with_numpy,), "NumPy cannot compute"),
        ((rating_of_numpy,), "NumPy cannot compute"),
        ((ratings_one_by_one,), "a generator came back"),
        ((lambda mean, ub, mb, u, m: None,), "add `return`"),
        ((3.5,), "A function was asked for"),
        (("mean + user_bias",), "A function was asked for"),
    ],
    "mean_of_others": [
        ((others_with(own_out=False, own_uncounted=False),), "still holds its own"),
        ((others_with(divide=False),), "divide by how many"),
        ((others_with(own_uncounted=False),), "still counted"),
        ((others_with(own_out=False),), "still in the sum"),
        ((others_without_guard,), "return 0 for it"),
        ((others_by_list(lambda some: sum(some) / len(some)),), "return 0 for it"),
        ((others_by_list(statistics.mean),), "return 0 for it"),
        ((others_with(alone=3.5),), "no other rows, so 0"),
        ((others_of(lambda all_, own: (all_.sum() - own) / (len(all_) - 1), alone=1),), "so 0"),
        ((lambda k, v: np.where(others_with()(k, v) == 0, v, others_with()(k, v)),), "leak itself"),
        ((others_of(lambda all_, own: all_.mean() - own),), "off the mean"),
        ((others_of(lambda all_, own: own - all_.mean()),), "own value minus the mean"),
        ((others_of(lambda all_, own: own),), "the very answer"),
        ((others_of(lambda all_, own: all_[all_ != own].mean()),), "an equal value"),
        (
            (others_of(lambda all_, own: np.median(np.delete(all_, np.argmax(all_ == own)))),),
            "median",
        ),
        ((others_of(lambda all_, own: (own - all_.sum()) / (len(all_) - 1)),), "sign is turned"),
        ((others_before,), "the rows before only"),
        ((all_other_rows,), "with the row's key"),
        ((others_in_key_order,), "in the order of the keys"),
        ((others_as_whole_numbers,), "fractions are lost"),
        ((others_per_key,), "one per key"),
        ((others_as_dict,), "This is a dict"),
        ((others_in_place,), "changes `values`"),
        ((others_sorting,), "changes `keys`"),
        ((other_keys,), "other keys"),
        ((others_one_by_one,), "a generator came back"),
        ((lambda keys, values: others_with()(keys, values)[:, None],), "shape (6, 1)"),
        ((lambda keys, values: keys,), "holds none"),
        ((lambda keys, values: np.mean(others_by_mask(keys, values)),), "6 rows need 6"),
        ((lambda keys, values: others_by_mask(keys, 2 * values),), "others' means are"),
        ((lambda keys, values: None,), "add `return`"),
        ((np.zeros(5),), "A function was asked for"),
        ((["ann", "bob"],), "A function was asked for"),
    ],
    "year_of": [
        ((year_with(until=0),), "put in fives"),
        ((year_with(until=1970),), "put in fives"),
        ((year_with(until=1985),), "1983 gives 1983"),
        ((year_with(until=2000),), "the year itself"),
        ((year_with(group=lambda year: round(year / 5 + 0.5) * 5),), "rounded down"),
        ((year_with(group=lambda year: round(year / 5) * 5),), "rounded down"),
        ((year_with(group=lambda year: year // 10 * 10),), "not of ten"),
        ((year_with(group=lambda year: year // 5),), "multiply by 5 again"),
        ((year_with(group=lambda year: 0),), "is not 0"),
        ((year_with(group=lambda year: year / 5 * 5),), "Return a whole number"),
        ((year_with(none=-1),), "without a year gives 0"),
        ((year_with(none=1995),), "without a year gives 0"),
        ((year_with(none=None),), "nothing for unknown: add `return`"),
        ((year_with(none="unknown"),), "this is a str"),
        ((year_with(pattern=rb"(\d{4})"),), "in brackets"),
        ((year_with(pattern=rb"\((\d{4})\)"),), "should give 0"),
        ((year_with(pattern=rb"(\d{4})\)?$"),), "Summer of 1942 should give 0"),
        ((year_by_try,), "Summer of 1942 should give 0"),
        ((year_by_position,), "unknown, stops your function"),
        ((year_without_test,), "unknown, stops your function"),
        ((year_by_text_pattern,), "`title` is bytes"),
        ((year_by_split,), "`title` is bytes"),
        ((year_by_last_byte,), "`title[-1]` is a number"),
        ((year_one_by_one,), "this is a generator"),
        ((lambda title: [1994],), "this is a list"),
        ((lambda title: float(year_by_slicing(title)),), "this is a float"),
        ((lambda title: title[-5:-1],), "Return a whole number"),
        ((lambda title: title.decode()[-5:-1],), "this is a str"),
        ((lambda title: 1995,), "the year itself"),
        ((lambda title: 94,), "Speed (1994) is from 1994"),
        ((lambda title: None,), "add `return`"),
        ((1994,), "A function was asked for"),
        ((b"Speed (1994)",), "A function was asked for"),
    ],
    "cross": [
        ((lambda x0, x, k, b: x0 * (x @ k + b),), "`+ x` is missing"),
        ((lambda x0, x, k, b: x0 * (x @ k + b) + x0,), "not `x0`"),
        ((lambda x0, x, k, b: x0 * (x @ k + b) - x,), "`x` is subtracted"),
        ((lambda x0, x, k, b: x0 * (x @ k + b + x),), "the last `x` too"),
        ((lambda x0, x, k, b: x0 * (x @ k) + b + x,), "the bias too: mind the brackets"),
        ((lambda x0, x, k, b: x0 * (x @ k) + x,), "bias is missing"),
        ((lambda x0, x, k, b: x0 * (x @ k),), "The bias and the last `+ x`"),
        ((lambda x0, x, k, b: x0 * (x @ k * b) + x,), "The bias is multiplied"),
        ((lambda x0, x, k, b: x0 * (x @ k - b) + x,), "The bias is subtracted"),
        ((lambda x0, x, k, b: x * (x0 @ k + b) + x,), "changed places"),
        ((lambda x0, x, k, b: x * (x0 @ k + b) + x0,), "changed places"),
        ((lambda x0, x, k, b: x0 * (x0 @ k + b) + x,), "Multiply `x` with the kernel"),
        ((lambda x0, x, k, b: x0 * (x0 @ k + b) + x0,), "`x` is not used"),
        ((lambda x0, x, k, b: x * (x @ k + b) + x,), "should be with `x0`"),
        ((lambda x0, x, k, b: x @ k + b + x,), "a dense layer"),
        ((lambda x0, x, k, b: x @ k + b,), "a dense layer"),
        ((lambda x0, x, k, b: x0 + (x @ k + b) + x,), "`x0` is added"),
        ((lambda x0, x, k, b: x0 * x @ k + b + x,), "brackets round x @ kernel"),
        ((lambda x0, x, k, b: x0 * (x * tf.linalg.diag_part(k) + b) + x,), "the whole kernel"),
        ((lambda x0, x, k, b: x0 * (x @ tf.transpose(k) + b) + x,), "kernel is transposed"),
        ((lambda x0, x, k, b: x0 * tf.nn.relu(x @ k + b) + x,), "no activation"),
        ((lambda x0, x, k, b: tf.nn.relu(x0 * (x @ k + b) + x),), "no activation"),
        ((lambda x0, x, k, b: x0 * (x * k + b) + x,), "The shapes do not fit"),
        ((lambda x0, x, k, b: x0 * (k @ x + b) + x,), "The shapes do not fit"),
        ((lambda x0, x, k, b: x0 @ (x @ k + b) + x,), "The shapes do not fit"),
        ((lambda x0, x, k, b: np.dot(x0, x) @ k + b + x,), "The shapes do not fit"),
        ((lambda x0, x, k, b: tfrs.layers.dcn.Cross()(x0, x),), "no new weights"),
        ((lambda x0, x, k, b: tf.keras.layers.Dense(3)(x) * x0 + x,), "no new weights"),
        ((lambda x0, x, k, b: tf.reduce_sum(x0 * (x @ k + b) + x, axis=1),), "the shape of x"),
        ((lambda x0, x, k, b: tf.concat([x0 * (x @ k + b), x], axis=1),), "the shape of x"),
        ((lambda x0, x, k, b: (yield x0 * (x @ k + b) + x),), "a generator came back"),
        ((lambda x0, x, k, b: f"{x0} * ({x} {k} + {b}) + {x}",), "a str came back"),
        ((lambda x0, x, k, b: tfrs.layers.dcn.Cross(),), "a Cross came back"),
        ((lambda x0, x, k, b: None,), "add `return`"),
        ((3,), "A function was asked for"),
        (("x0 * (x kernel + bias) + x",), "A function was asked for"),
    ],
    "gain_of_time": [
        (("a",), "more than the two before"),
        (("c",), "RMSE falls"),
        ((0.016,), "nswer with one of a, b, c"),
        (("time",), "nswer with one of a, b, c"),
        (("d",), "nswer with one of a, b, c"),
        ((2,), "nswer with one of a, b, c"),
        ((["b"],), "nswer with one of a, b, c"),
        (({"gain_of_time": "b"},), "nswer with one of a, b, c"),
        (("several times as much",), "nswer with one of a, b, c"),
        (("ab",), "nswer with one of a, b, c"),
        ((False,), "nswer with one of a, b, c"),
        ((np.array([0.002, 0.016]),), "nswer with one of a, b, c"),
    ],
    "quiz_better_model": [
        ((QUIZ | {"q1": "b"},), "q1: It costs memory"),
        ((QUIZ | {"q1": "c"},), "q1: They have one"),
        ((QUIZ | {"q2": "a"},), "q2: Another seed"),
        ((QUIZ | {"q2": "c"},), "q2: Then the test ratings"),
        ((QUIZ | {"q3": "a"},), "q3: All three"),
        ((QUIZ | {"q3": "c"},), "q3: So do"),
        (({"q1": "b", "q2": "b", "q3": "a"},), "what the model may see.\nq3: All three"),
        (({"q1": "c", "q2": "c", "q3": "c"},), "have chosen.\nq3: So do"),
        ((QUIZ | {"q1": 1},), "q1: answer with one of a, b, c"),
        ((QUIZ | {"q2": "more seeds"},), "q2: answer with one of a, b, c"),
        ((QUIZ | {"q3": ["b"]},), "q3: answer with one of a, b, c"),
        ((QUIZ | {"q2": ...},), "Still open: q2"),
        ((QUIZ | {"q1": ..., "q3": None},), "Still open: q1, q3"),
        (({"q1": "a"},), "keys q1, q2, q3"),
        ((QUIZ | {"q4": "a"},), "keys q1, q2, q3"),
        (({1: "a", 2: "b", 3: "b"},), "keys q1, q2, q3"),
        ((["a", "b", "b"],), "Answer with a dict"),
        (("abb",), "Answer with a dict"),
        ((0.851,), "Answer with a dict"),
    ],
}
