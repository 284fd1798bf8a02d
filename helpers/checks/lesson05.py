"""Checks of lesson 5, A better model."""

import numpy as np

from helpers.checks import exercise, judge_choices, mistake
from helpers.features import year_of as our_year_of
from helpers.models import tfrs
from helpers.movielens import tf


@exercise(
    "The dot product of two embeddings is the sum of the products of their numbers.",
    "`tf.reduce_sum(user * movie, axis=1, keepdims=True)` has shape (n, 1).",
    "`return mean + user_bias + movie_bias + tf.reduce_sum(user * movie, axis=1, keepdims=True)`.",
)
def dot_and_biases(function):
    if not callable(function):
        mistake("A function was asked for.")
    user_bias, movie_bias = tf.constant([[0.5], [-0.25], [0.0]]), tf.constant([[1.0], [0.5], [0.0]])
    user = tf.constant([[1.0, 2.0], [0.0, 3.0], [1.0, -1.0]])
    movie = tf.constant([[2.0, 0.5], [1.0, 1.0], [1.0, 1.0]])
    answer = function(3.0, user_bias, movie_bias, user, movie)
    if answer is None:
        mistake("Your function returns nothing: add `return`.")
    answer = np.asarray(answer)
    if answer.shape == (3, 3):
        mistake(
            "Three pairs give nine ratings, shape (3, 3): the dot product lost its second "
            "dimension, or every user met every movie. Sum `user * movie` with keepdims=True."
        )
    if answer.shape == (3, 2):
        mistake("Shape (3, 2): the products of the numbers are not summed.")
    if answer.shape != (3, 1):
        mistake(f"Shape {answer.shape}; one rating per pair was asked for, shape (3, 1).")
    dot, biases = np.array([[3.0], [3.0], [0.0]]), user_bias.numpy() + movie_bias.numpy()
    named = (
        (3.0 + biases, "The dot product is missing."),
        (dot + biases, "The mean is missing."),
        (3.0 + dot, "The biases are missing."),
        (3.0 + dot + user_bias.numpy(), "The movies' biases are missing."),
        (3.0 + dot + movie_bias.numpy(), "The users' biases are missing."),
        (3.0 + dot / 2 + biases, "This is the mean of the products: a dot product is their sum."),
    )
    for wrong, message in named:
        if np.allclose(answer, wrong):
            mistake(message)
    if not np.allclose(answer, 3.0 + dot + biases):
        mistake(
            "Mean 3, biases 0.5 and 1, embeddings (1, 2) and (2, 0.5) make 7.5; "
            f"yours is {answer[0, 0]:.2f}."
        )
    return "The biases carry what all agree on; the dot product is free for taste."


@exercise(
    "A total without the row's own value is the total minus the row's own value.",
    "`np.bincount(place, values)[place] - values` are the totals of the others, for each row; "
    "their number is `np.bincount(place)[place] - 1`.",
    "Divide the two, and keep clear of 0: `totals / np.maximum(counts, 1)`.",
)
def mean_of_others(function):
    if not callable(function):
        mistake("A function was asked for.")
    keys = np.array(["ann", "bob", "ann", "ann", "cy"])
    values = np.array([1.0, -2.0, 0.0, 2.0, 0.5])
    given = values.copy()
    with np.errstate(all="ignore"):
        answer = function(keys, values)
    if not np.array_equal(values, given):
        mistake("Your function changes `values`: leave your caller's array alone.")
    if answer is None:
        mistake("Your function returns nothing: add `return`.")
    if np.shape(answer) != (5,):
        mistake(f"5 rows need 5 numbers; yours has shape {np.shape(answer)}.")
    answer = np.asarray(answer, float)
    if not np.isfinite(answer).all():
        mistake("A row that is alone with its key gives nan or inf: return 0 for it.")
    if np.allclose(answer[[0, 2, 3]], 1.0):
        mistake(
            "ann's three rows all get 1, the mean of all her values: each row still holds its own."
        )
    if np.allclose(answer[[0, 2, 3]], [2.0, 3.0, 1.0]):
        mistake("These are sums of the others: divide by how many they are.")
    if np.allclose(answer[[0, 2, 3]], [2 / 3, 1.0, 1 / 3]):
        mistake("The own value is out of the sum, but still counted: divide by one less.")
    if np.allclose(answer[[0, 2, 3]], [-0.75, -0.75, -0.75]):
        mistake("These are the others with other keys: ann's other rows were asked for.")
    if not np.allclose(answer[[0, 2, 3]], [1.0, 1.5, 0.5]):
        mistake(
            "ann has 1, 0 and 2, so the others' means are 1, 1.5 and 0.5; "
            f"yours are {', '.join(f'{v:.2f}' for v in answer[[0, 2, 3]])}."
        )
    if not np.allclose(answer[[1, 4]], 0.0):
        mistake(f"bob and cy have no other rows, so 0; yours are {answer[1]:.2f}, {answer[4]:.2f}.")
    return "The row's own rating is in its mean no longer. Lesson 6 shows what can still leak."


@exercise(
    "The year is in the last brackets. `title` is bytes: write b'(' and b')'.",
    "`re.search(rb'\\((\\d{4})\\)\\s*$', title)` finds it, or returns None; "
    "`int(b'1994')` is 1994.",
    "`year // 5 * 5` rounds down to fives; do so below 1980 only.",
)
def year_of(function):
    if not callable(function):
        mistake("A function was asked for.")
    given = (b"Speed (1994)", b"Star Wars (1977)", b"unknown", b"1900 (1980)", b"M (1931)")
    years = {title: _year(function, title) for title in given}
    if years[b"Speed (1994)"] != 1994:
        mistake(f"Speed (1994) is from 1994; yours says {years[b'Speed (1994)']}.")
    if years[b"unknown"] != 0:
        mistake(f"A title without a year gives 0; yours says {years[b'unknown']}.")
    if years[b"Star Wars (1977)"] == 1977:
        mistake("Years before 1980 are put in fives: 1977 gives 1975.")
    if years[b"Star Wars (1977)"] == 1980:
        mistake("1977 is rounded down to 1975, not to the nearest or the next five.")
    if years[b"Star Wars (1977)"] == 1970:
        mistake("1977 gives 1975: the groups are of five years, not of ten.")
    if years[b"1900 (1980)"] == 1900:
        mistake("1900 is the title, 1980 the year: take the one in brackets at the end.")
    for title in (
        *given, b"Land Before Time III: The Time of the Great Giving (1995) (V)",
        b"Nikita (La Femme Nikita) (1990)", b"2001: A Space Odyssey (1968)", b"(1994) again",
    ):  # fmt: skip
        year = _year(function, title)
        if year != our_year_of(title):
            mistake(
                f"{title.decode()} should give {our_year_of(title)}; yours says {year}. "
                "Only a year in brackets at the very end counts."
            )
    return "Movies of one time share an embedding, so a rarely rated movie is not without help."


def _year(function, title):
    year = function(title)
    if year is None:
        mistake("Your function returns nothing for some title: add `return`.")
    if not isinstance(year, int | np.integer) or isinstance(year, bool):
        mistake(f"Return a whole number; this is a {type(year).__name__}.")
    return int(year)


@exercise(
    "`tf.matmul` multiplies matrices; `*` multiplies number by number.",
    "First `tf.matmul(x, kernel) + bias`, of shape (n, d); then times `x0`; then plus `x`.",
    "`return x0 * (tf.matmul(x, kernel) + bias) + x`.",
)
def cross(function):
    if not callable(function):
        mistake("A function was asked for.")
    rng = np.random.default_rng(5)
    x0, x = (tf.constant(rng.normal(size=(4, 3)), tf.float32) for _ in range(2))
    layer = tfrs.layers.dcn.Cross(
        kernel_initializer="glorot_uniform", bias_initializer=tf.keras.initializers.Constant(0.3)
    )
    expected = layer(x0, x).numpy()
    kernel, bias = layer.weights
    answer = function(x0, x, kernel, bias)
    if answer is None:
        mistake("Your function returns nothing: add `return`.")
    answer = np.asarray(answer)
    if answer.shape != (4, 3):
        mistake(f"Shape {answer.shape}; the shape of x was asked for, (4, 3).")
    product = x.numpy() @ kernel.numpy()
    named = (
        (x0 * (product + bias), "The last `+ x` is missing: the layer adds what it was given."),
        (x0 * (product + bias) + x0, "Add `x` at the end, not `x0`."),
        (x0 * product + bias + x, "`x0` multiplies the bias too: mind the brackets."),
        (x0 * product + x, "The bias is missing."),
        (x * (x0.numpy() @ kernel.numpy() + bias) + x, "`x0` and `x` have changed places."),
        (x * (product + bias) + x, "The product should be with `x0`, the features themselves."),
        (product + bias + x, "Nothing is multiplied with `x0`: then it is a dense layer."),
        (x0 * (x * tf.linalg.diag_part(kernel) + bias) + x, "Use the whole kernel: tf.matmul."),
    )
    for wrong, message in named:
        if np.allclose(answer, wrong, atol=1e-5):
            mistake(message)
    if not np.allclose(answer, expected, atol=1e-5):
        mistake("This is not x0 * (x kernel + bias) + x: compare it part by part.")
    return "Equal to `tfrs.layers.dcn.Cross`, number by number."


@exercise(
    "Is there anything in the model yet that knows when a rating was given?",
    "Compare the last three lines that `try_parts` has printed.",
    "Subtract the last from the one before it, and compare with the step before.",
)
def gain_of_time(answer):
    return judge_choices(
        {"gain_of_time": answer},
        gain_of_time={
            "a": "It gains more than the two before: compare the lines.",
            "b": "Right: nothing else in the model knows when a rating was given.",
            "c": "The validation RMSE falls: compare the lines.",
        },
    )


@exercise(
    "q1: see exercise 2. q2: how far do seeds lie apart? q3: what differs between the three?",
    "q1: which ratings is a test row's history made of? q2: 0.001 is less than the spread of the "
    "seeds. q3: only the seed differs.",
    "q1 is one of a and c; q2 is one of a and b; q3 is one of b and c.",
)
def quiz_better_model(answers):
    return judge_choices(
        answers,
        q1={
            "a": "Right: there is nothing to leave out, and what the model sees is alike in both.",
            "b": "It costs memory, if anything; it is about what the model may see.",
            "c": "They have one: all training ratings of their user.",
        },
        q2={
            "a": "Another seed alone can move it by more than that.",
            "b": "Right: such a step is within the spread of the seeds.",
            "c": "Then the test ratings would have chosen.",
        },
        q3={
            "a": "All three have seen the same ratings.",
            "b": "Right: the part that differs from seed to seed gets smaller.",
            "c": "So do the single predictions.",
        },
    )
