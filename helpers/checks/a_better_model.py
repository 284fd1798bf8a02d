"""Checks of lesson 6, A better model."""

import statistics
from functools import partial

import numpy as np

from helpers.checks.engine.answers import as_numbers, name_mistake, needs_function
from helpers.checks.engine.exercise import exercise, judge_choices, mistake
from helpers.data.ratings import year_of as our_year_of
from helpers.keras2 import tf, tfrs


@exercise(
    "The dot product of two embeddings is the sum of the products of their numbers.",
    "`tf.reduce_sum(user * movie, axis=1, keepdims=True)` has shape (n, 1).",
    "`return mean + user_bias + movie_bias + tf.reduce_sum(user * movie, axis=1, keepdims=True)`.",
)
def dot_and_biases(function):
    needs_function(function)
    user_bias, movie_bias = tf.constant([[0.5], [-0.25], [0.0]]), tf.constant([[1.0], [0.5], [0.0]])
    user = tf.constant([[1.0, 2.0], [0.0, 3.0], [1.0, -1.0]])
    movie = tf.constant([[2.0, 0.5], [1.0, 1.0], [1.0, 1.0]])
    given = 3.0, user_bias, movie_bias, user, movie
    try:
        answer = as_numbers(function(*given))
    except (ValueError, tf.errors.InvalidArgumentError):
        mistake(
            "The shapes do not fit: both embeddings are (n, d), so they are no two matrices to "
            "multiply. Multiply number by number, `user * movie`, and sum over axis 1."
        )
    if answer.shape == (3, 3):
        mistake(
            "Three pairs give nine ratings, shape (3, 3): the dot product lost its second "
            "dimension, or every user met every movie. Sum `user * movie` with keepdims=True."
        )
    products, biases = (user * movie).numpy(), (user_bias + movie_bias).numpy()
    if answer.shape == (3, 2) and np.allclose(answer, 3.0 + biases + products.sum(axis=0)):
        mistake("You sum over axis 0, the pairs: sum over axis 1, the numbers of an embedding.")
    if answer.shape == (3, 2):
        mistake("Shape (3, 2): the products of the numbers are not summed.")
    if answer.shape == (3, 4):
        mistake("Shape (3, 4): the embeddings are put side by side; a dot product multiplies them.")
    if answer.shape != (3, 1):
        mistake(f"Shape {answer.shape}; one rating per pair was asked for, shape (3, 1).")
    dot = products.sum(axis=1, keepdims=True)
    lengths = [np.linalg.norm(table, axis=1, keepdims=True) for table in (user, movie)]
    right = 3.0 + dot + biases
    named = (
        (3.0 + biases, "The dot product is missing."),
        (dot + biases, "The mean is missing."),
        (dot, "The mean and the biases are missing."),
        (biases, "The mean and the dot product are missing."),
        (3.0 + dot, "The biases are missing."),
        (3.0 + dot + user_bias.numpy(), "The movies' biases are missing."),
        (3.0 + dot + movie_bias.numpy(), "The users' biases are missing."),
        (3.0 + dot / 2 + biases, "This is the mean of the products: a dot product is their sum."),
        (3.0 + dot - biases, "The biases are subtracted: add them."),
        (3.0 - dot + biases, "The dot product is subtracted: add it."),
        (3.0 * dot + biases, "The dot product is multiplied with the mean: add it."),
        (3.0 + dot + np.prod([user_bias, movie_bias], axis=0), "Add the biases, both."),
        (3.0 + dot * biases, "The dot product is multiplied with the biases: add it."),
        ((3.0 + biases) * dot, "The dot product is multiplied with the rest: add it."),
        (3.0 + biases + products.sum(), "You sum over all pairs: sum over axis 1 only."),
        (3.0 + biases + products.mean(), "You take the mean over all pairs: sum over axis 1."),
        (
            3.0 + biases + dot / np.multiply(*lengths),
            "You divide by the lengths of the embeddings: a dot product does not.",
        ),
        (
            3.0 + biases + np.sum(user + movie, axis=1, keepdims=True),
            "The embeddings are added: a dot product multiplies them, number by number.",
        ),
        (np.clip(right, 1, 5), "Your ratings are cut to 1 to 5 stars: the formula has no cut."),
        (right - 3.0 + 3.5, "The mean is not always 3.5: use `mean`."),
    )
    name_mistake(answer, named, np.allclose)
    if not np.allclose(answer, right):
        mistake(
            "Mean 3, biases 0.5 and 1, embeddings (1, 2) and (2, 0.5) make 7.5; "
            f"yours is {answer[0, 0]:.2f}."
        )
    try:
        again = as_numbers(tf.function(function)(*given))
    except (NotImplementedError, AttributeError):
        mistake(
            "While a model trains, NumPy cannot compute with its tensors: use TensorFlow, such as "
            "tf.reduce_sum."
        )
    if again.shape != answer.shape or not np.allclose(again, answer):
        mistake("While a model trains, your function gives other numbers: use what it is given.")
    return "The biases carry what all agree on; the dot product is free for taste."


@exercise(
    "A total without the row's own value is the total minus the row's own value.",
    "`np.bincount(place, values)[place] - values` are the totals of the others, for each row; "
    "their number is `np.bincount(place)[place] - 1`.",
    "Divide the two, and keep clear of 0: `totals / np.maximum(counts, 1)`.",
)
def mean_of_others(function):
    needs_function(function)
    keys = np.array(["ann", "bob", "ann", "ann", "cy", "ann"])
    values = np.array([1.0, -2.0, 0.0, 2.0, 0.5, 2.0])
    given = keys.copy(), values.copy()
    try:
        with np.errstate(all="ignore"):
            answer = function(keys, values)
    except (ZeroDivisionError, statistics.StatisticsError):
        mistake("A row that is alone with its key stops your function: return 0 for it.")
    if not np.array_equal(values, given[1]):
        mistake("Your function changes `values`: leave your caller's array alone.")
    if not np.array_equal(keys, given[0]):
        mistake("Your function changes `keys`: leave your caller's array alone.")
    if isinstance(answer, dict):
        mistake("This is a dict, with one mean per key: one number per row was asked for.")
    answer = as_numbers(answer)
    if answer.shape == (3,):
        mistake("These are 3 numbers, one per key: 6 rows need 6 numbers.")
    if answer.shape != (6,):
        mistake(f"6 rows need 6 numbers; yours has shape {answer.shape}.")
    if not np.isfinite(answer).all():
        mistake("A row that is alone with its key gives nan or inf: return 0 for it.")
    ann, own = answer[[0, 2, 3, 5]], values[[0, 2, 3, 5]]
    others = (5 - own) / 3
    named = (
        (
            np.full(4, 1.25),
            "ann's four rows all get 1.25, the mean of all her values: each row still holds its "
            "own.",
        ),
        (5 - own, "These are sums of the others: divide by how many they are."),
        (others * 3 / 4, "The own value is out of the sum, but still counted: divide by one less."),
        (np.full(4, 5 / 3), "You divide by one less, but the own value is still in the sum."),
        (1.25 - own, "The own value is taken off the mean: take it off the sum, then divide."),
        (own - 1.25, "This is the own value minus the mean: the others' mean was asked for."),
        (own, "These are the rows' own values, the very answer: take the others'."),
        (np.full(4, -0.75), "These are rows with other keys: ann's other rows were asked for."),
        ((3.5 - own) / 5, "These are all other rows: take those with the row's key."),
        (
            [4 / 3, 5 / 3, 0.5, 0.5],
            "A row with an equal value is another row: only the own is out.",
        ),
        ([0.0, 1.0, 0.5, 1.0], "These are the rows before only: also the rows after are others."),
        ([2.0, 2.0, 1.0, 1.0], "This is the median: the mean was asked for."),
        (-others, "The sign is turned: it is the total minus the own value."),
        (
            [4 / 3, 1.0, 1.0, 0.0],
            "The answers are in the order of the keys: keep that of the rows.",
        ),
        (np.trunc(others), "The fractions are lost: make an array of floats."),
    )
    name_mistake(ann, named, np.allclose)
    if not np.allclose(ann, others):
        mistake(
            "ann has 1, 0, 2 and 2, so the others' means are 1.33, 1.67, 1 and 1; "
            f"yours are {', '.join(f'{v:.2f}' for v in ann)}."
        )
    alone = answer[[1, 4]]
    if np.allclose(alone, values[[1, 4]]):
        mistake("bob and cy get their own values, which is the leak itself: return 0 for them.")
    if not np.allclose(alone, 0.0):
        mistake(f"bob and cy have no other rows, so 0; yours are {alone[0]:.2f}, {alone[1]:.2f}.")
    return "The row's own rating is in its mean no longer. Lesson 8 shows what can still leak."


@exercise(
    "The year is in the last brackets. `title` is bytes: write b'(' and b')'.",
    "After `import re`, `re.search(rb'\\((\\d{4})\\)\\s*$', title)` finds it, or returns None; "
    "`int(b'1994')` is 1994.",
    "`year // 5 * 5` rounds down to fives; do so below 1980 only.",
)
def year_of(function):
    needs_function(function)
    speed, alien, none, title = (
        _year(function, title)
        for title in (b"Speed (1994)", b"Alien (1979)", b"unknown", b"1900 (1980)")
    )
    if speed in (1990, 1995):
        mistake(f"From 1980 on, the year itself: Speed (1994) gives 1994; yours says {speed}.")
    if speed == 0:
        mistake(
            "Speed (1994) is from 1994; yours says 0. `title` is bytes: `title[-1]` is a number, "
            "`title[-1:]` is b')'."
        )
    if speed != 1994:
        mistake(f"Speed (1994) is from 1994; yours says {speed}.")
    if none != 0:
        mistake(f"A title without a year gives 0; yours says {none}.")
    named = (
        (1979, "Years before 1980 are put in fives: 1979 gives 1975."),
        (1980, "1979 is rounded down to 1975, not to the nearest or the next five."),
        (1970, "1979 gives 1975: the groups are of five years, not of ten."),
        (395, "1979 // 5 is 395: multiply by 5 again, for 1975."),
        (0, "1979 gives 1975: a year before 1980 is not 0."),
    )
    name_mistake(alien, named)
    if title == 1900:
        mistake("1900 is the title, 1980 the year: take the one in brackets at the end.")
    if _year(function, b"Return of the Jedi (1983)") == 1980:
        mistake("From 1980 on, the year itself: 1983 gives 1983.")
    for title in (
        b"Alien (1979)", b"1900 (1980)", b"Star Wars (1977)", b"M (1931)", b"Gandhi (1982)",
        b"Land Before Time III: The Time of the Great Giving (1995) (V)",
        b"Nikita (La Femme Nikita) (1990)", b"2001: A Space Odyssey (1968)", b"(1994) again",
        b"Summer of 1942",
    ):  # fmt: skip
        year = _year(function, title)
        if year != our_year_of(title):
            mistake(
                f"{title.decode()} should give {our_year_of(title)}; yours says {year}. "
                "Only a year in brackets at the very end counts."
            )
    return "Movies of one time share an embedding, so a rarely rated movie is not without help."


def _year(function, title):
    try:
        year = function(title)
    except Exception as error:  # the learner's code may raise anything
        if "bytes" in str(error):
            mistake(
                "`title` is bytes: bytes and text do not mix. Write a b before the quotes, or "
                "make text of it, `title.decode()`."
            )
        if our_year_of(title) == 0:
            mistake(f"A title without a year, {title.decode()}, stops your function: return 0.")
        raise
    if year is None:
        mistake(f"Your function returns nothing for {title.decode()}: add `return`.")
    if not isinstance(year, int | np.integer) or isinstance(year, bool):
        mistake(f"Return a whole number; this is a {type(year).__name__}.")
    return int(year)


@exercise(
    "`tf.matmul` multiplies matrices; `*` multiplies number by number.",
    "First `tf.matmul(x, kernel) + bias`, of shape (n, d); then times `x0`; then plus `x`.",
    "`return x0 * (tf.matmul(x, kernel) + bias) + x`.",
)
def cross(function):
    needs_function(function)
    rng = np.random.default_rng(5)
    x0, x = (tf.constant(rng.normal(size=(4, 3)), tf.float32) for _ in range(2))
    layer = tfrs.layers.dcn.Cross(
        kernel_initializer=tf.keras.initializers.GlorotUniform(seed=5),
        bias_initializer=tf.keras.initializers.Constant(0.3),
    )
    expected = layer(x0, x).numpy()
    kernel, bias = layer.weights
    try:
        answer = as_numbers(function(x0, x, kernel, bias))
    except (ValueError, tf.errors.InvalidArgumentError):
        mistake(
            "The shapes do not fit: only x (n, d) and kernel (d, d) are multiplied as matrices, "
            "tf.matmul(x, kernel), in this order; all else goes number by number."
        )
    if answer.shape != (4, 3):
        mistake(f"Shape {answer.shape}; the shape of x was asked for, (4, 3).")
    x0, x, kernel, bias = (np.asarray(tensor) for tensor in (x0, x, kernel, bias))
    product = x @ kernel
    named = (
        (x0 * (product + bias), "The last `+ x` is missing: the layer adds what it was given."),
        (x0 * (product + bias) + x0, "Add `x` at the end, not `x0`."),
        (x0 * (product + bias) - x, "`x` is subtracted at the end: add it."),
        (x0 * (product + bias + x), "`x0` multiplies the last `x` too: mind the brackets."),
        (x0 * product + bias + x, "`x0` multiplies the bias too: mind the brackets."),
        (x0 * product + x, "The bias is missing."),
        (x0 * product, "The bias and the last `+ x` are missing."),
        (x0 * (product * bias) + x, "The bias is multiplied: add it."),
        (x0 * (product - bias) + x, "The bias is subtracted: add it."),
        (x * (x0 @ kernel + bias) + x0, "`x0` and `x` have changed places."),
        (x * (x0 @ kernel + bias) + x, "`x0` and `x` have changed places."),
        (x0 * (x0 @ kernel + bias) + x, "Multiply `x` with the kernel, not `x0`."),
        (x0 * (x0 @ kernel + bias) + x0, "`x` is not used: the layer before has made it."),
        (x * (product + bias) + x, "The product should be with `x0`, the features themselves."),
        (product + bias + x, "Nothing is multiplied with `x0`: then it is a dense layer."),
        (product + bias, "Nothing is multiplied with `x0`: then it is a dense layer."),
        (x0 + product + bias + x, "`x0` is added: multiply with it, number by number."),
        ((x0 * x) @ kernel + bias + x, "`*` comes before `@` here: put brackets round x @ kernel."),
        (
            x0 * (x * np.diag(kernel) + bias) + x,
            "Use the whole kernel, not its diagonal: tf.matmul.",
        ),
        (x0 * (x @ kernel.T + bias) + x, "The kernel is transposed: leave it as it is."),
        (
            x0 * np.maximum(product + bias, 0) + x,
            "The formula has no activation: no relu.",
        ),
        (np.maximum(expected, 0), "The formula has no activation: no relu."),
    )
    name_mistake(answer, named, partial(np.allclose, atol=1e-5))
    again = as_numbers(function(*(tf.constant(array) for array in (x0, x, kernel, bias))))
    if again.shape != answer.shape or not np.allclose(again, answer):
        mistake("A second call gives other numbers: use `kernel` and `bias`, no new weights.")
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
