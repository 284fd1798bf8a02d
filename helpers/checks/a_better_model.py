"""Checks of lesson 6, A better model."""

from functools import partial

import numpy as np

from helpers.checks.engine.answers import as_number, as_numbers, name_mistake, needs_function
from helpers.checks.engine.exercise import exercise, judge_choices, mistake
from helpers.keras2 import tf


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
        (np.clip(right, 1, 5), "Your ratings are clipped to 1 to 5 stars: the formula has no cut."),
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
    "What does the sum of a training row's owner hold that no sum of a new row holds?",
    "The row's own rating is in the sum as its weight times the embedding of its member.",
    "`tf.gather(embeddings, member)` are the members' embeddings; `weight[:, None]` has one "
    "column, so that it multiplies each of their numbers.",
)
def sums_of_others(function):
    needs_function(function)
    given = ratings, embeddings, owner, member, weight = _rated()
    try:
        answer = as_numbers(function(*given))
    except (ValueError, TypeError, tf.errors.InvalidArgumentError) as error:
        _name_error(str(error))
        raise
    if answer.shape != (len(owner), 3):
        mistake(
            f"Shape {answer.shape}; for {len(owner)} rows and embeddings of 3 numbers, "
            f"({len(owner)}, 3) was asked for."
        )
    sums = tf.sparse.sparse_dense_matmul(ratings, embeddings).numpy()
    table, of_member = embeddings.numpy(), embeddings.numpy()[member]
    own_weight = weight.numpy()[:, None]
    counts = np.bincount(ratings.indices[:, 0], minlength=len(sums))[owner][:, None]
    unweighted = tf.sparse.sparse_dense_matmul(
        tf.SparseTensor(ratings.indices, tf.ones_like(ratings.values), ratings.dense_shape),
        embeddings,
    ).numpy()[owner]
    whole, own = sums[owner], own_weight * of_member
    of_pair = tf.math.unsorted_segment_sum(weight, 10 * owner + member, 100).numpy()
    right = whole - own
    named = (
        (whole, "Each training row is still in its own sum: the answer leaks in."),
        (
            whole - of_member,
            "The row's own rating is in the sum with its weight: take off `weight` times the "
            "embedding, so nothing for a new row.",
        ),
        (
            whole - (own_weight != 0) * of_member,
            "The row's own rating is in the sum with its weight: take off `weight` times the "
            "embedding, not the embedding itself.",
        ),
        (
            whole - own_weight,
            "This takes off the weight alone: in the sum is weight times embedding.",
        ),
        (whole + own, "The row's own part is added once more: take it off."),
        (own - whole, "The sign is turned: the sum minus the row's own part."),
        (own, "This is the row's own part alone, the very answer: take it off the sum."),
        (whole * (own_weight == 0), "Training rows get nothing: only their own part has to go."),
        (unweighted, "The sum weighs nothing, and the row is in it: use `ratings` and `weight`."),
        (
            unweighted - of_member,
            "Every rating counts 1: use the weights in `ratings` and `weight`.",
        ),
        (
            right / np.maximum(counts - (own_weight != 0), 1),
            "This is a mean: the sum was asked for.",
        ),
        (right / np.maximum(counts, 1), "This is a mean: the sum was asked for."),
        (whole - own_weight * table[owner], "The owner's index is no member: use `member`."),
        (
            whole - np.abs(own_weight) * of_member,
            "Weights can be negative; take the row's own part off as it is.",
        ),
        (
            whole - of_pair[10 * owner + member][:, None] * of_member,
            "An owner can have rated a member twice (two movies of one title): the other row "
            "stays in.",
        ),
        (
            whole - own.sum(axis=0),
            "All rows' own parts are taken off each row: each row loses its own part only.",
        ),
    )
    name_mistake(answer, named, partial(np.allclose, atol=1e-5))
    if not np.allclose(answer, right, atol=1e-5):
        row = int(np.abs(answer - right).max(axis=1).argmax())
        mistake(
            f"In a row the owner's sum is {_vector(whole[row])} and the row's own part "
            f"{_vector(own[row])}: that leaves {_vector(right[row])}; yours is "
            f"{_vector(answer[row])}."
        )
    _needs_gradients(function, given)
    return "The row's own rating is in its sum no longer. Lesson 8 shows what can still leak."


def _rated():
    """Return the arguments of `sums_of_others`: one pair comes twice, three rows are new."""
    rng = np.random.default_rng(6)
    owner = np.array([3, 1, 2, 1, 3, 1, 1, 2])  # of training rows; owner 0 has none, 4 comes once
    member = np.array([0, 4, 2, 0, 5, 4, 3, 5])
    owner, member = np.append(owner, 4), np.append(member, 1)
    weight = np.append(rng.normal(size=8), 0.7).astype(np.float32)
    ratings = tf.sparse.reorder(
        tf.SparseTensor(np.column_stack([owner, member]), tf.constant(weight), (5, 7))
    )
    order = rng.permutation(9)
    owner, member = np.append(owner[order], [0, 3, 1]), np.append(member[order], [2, 6, 0])
    weight = np.append(weight[order], np.zeros(3, np.float32))
    embeddings = tf.constant(rng.normal(size=(7, 3)), tf.float32)
    return ratings, embeddings, tf.constant(owner), tf.constant(member), tf.constant(weight)


def _name_error(text):
    if "repeated" in text or "is out of order" in text:
        mistake(
            "An owner can have rated a member twice (two movies, one title), and `to_dense` "
            "refuses that; `tf.sparse.sparse_dense_matmul` sums both."
        )
    if "Sparse" in text:
        mistake(
            "`ratings` is sparse: multiply it with `tf.sparse.sparse_dense_matmul(ratings, "
            "embeddings)`."
        )
    if "Only integers, slices" in text:
        mistake("A tensor takes no array of indices in brackets: use tf.gather(tensor, indices).")
    if "ncompatible shapes" in text or "imensions must be equal" in text:
        mistake(
            "The shapes do not fit: `weight` is (n,), embeddings are (n, d); `weight[:, None]` is "
            "(n, 1) and fits."
        )


def _needs_gradients(function, given):
    """Name the mistake if the embeddings cannot learn through a learner's function."""
    ratings, embeddings, owner, member, weight = given
    variable = tf.Variable(embeddings)
    factors = tf.reshape(tf.range(3.0 * len(owner)), (len(owner), 3))

    def gradient_of(sums):
        with tf.GradientTape() as tape:
            total = tf.reduce_sum(factors * sums(ratings, variable, owner, member, weight))
        found = tape.gradient(total, variable)
        return None if found is None else tf.convert_to_tensor(found)

    def ours(ratings, embeddings, owner, member, weight):
        sums = tf.sparse.sparse_dense_matmul(ratings, embeddings)
        return tf.gather(sums, owner) - weight[:, None] * tf.gather(embeddings, member)

    try:
        found = tf.function(gradient_of)(function)
    except (NotImplementedError, AttributeError, TypeError, ValueError):
        mistake(
            "While a model trains, NumPy cannot compute with its tensors: use TensorFlow, such as "
            "tf.gather."
        )
    if found is None or not np.allclose(found, gradient_of(ours), atol=1e-4):
        mistake(
            "The numbers are right, but the embeddings would not learn from all that they do: "
            "keep NumPy and tf.stop_gradient out."
        )


def _vector(values):
    return f"({', '.join(f'{value:.2f}' for value in values)})"


@exercise(
    "The first output is m * (m W11 + c W21) + m: which of the two products is wanted?",
    "Row i of W says where feature i goes, column j to which output.",
    "The second output stays c, so nothing is multiplied with it: its column is 0.",
)
def cross_kernel(answer):
    kernel = as_numbers(answer)
    if kernel.shape != (2, 2):
        mistake(f"Shape {kernel.shape}; two features need a kernel of shape (2, 2).")
    if not np.isfinite(kernel).all():
        mistake("The kernel holds numbers that are not finite.")
    named = (
        (np.zeros((2, 2)), "With zeros nothing is multiplied: (m, c) comes out as it went in."),
        ([[0, 1], [0, 0]], "This gives (m, c + m c): the product goes to the second output."),
        (np.eye(2), "This gives (m + m m, c + c c): each feature meets itself only."),
        (np.ones((2, 2)), "Here each output holds both products, m + m (m + c) and c + c (m + c)."),
        ([[0, 1], [1, 0]], "The first output is right; the second is c + m c and should be c."),
        ([[1, 0], [1, 0]], "The first output holds m m as well: m + m (m + c)."),
        ([[1, 0], [0, 0]], "This gives (m + m m, c): m meets itself, not c."),
        ([[0, 0], [0, 1]], "This gives (m, c + c c): c meets itself, and the first stays m."),
        ([[0, 0], [1, 1]], "The first output is right; the second is c + c c and should be c."),
        (
            [[1, 0], [1, 1]],
            "The `+ x` adds what was given already: no 1 on the diagonal is needed.",
        ),
        ([[0, 0], [-1, 0]], "This gives m - m c: the sign is turned."),
    )
    name_mistake(kernel, named, np.allclose)
    x = np.array([[0.5, 2.0], [-0.25, 3.0], [1.5, 0.0]])
    m, c = x.T
    outputs = x * (x @ kernel) + x
    if not np.allclose(outputs, np.column_stack([m + m * c, c])):
        mistake(
            f"With m = 0.5 and c = 2 it gives {_vector(outputs[0])}; (1.50, 2.00) was asked for."
        )
    return "One number of the kernel is one product of two features."


@exercise(
    "One setting suits one model, another the other: what is the best that each of them can do?",
    "Take each model's lowest RMSE of all that were tried with it.",
    "`min(t['rmse'] for t in tried if t['model'] == before)`, and the same for `after`.",
)
def fair_gain(function):
    needs_function(function)
    logs = [_tried(seed) for seed in range(4)]
    answers = []
    for tried, before, after in logs:
        given = [dict(one) for one in tried]
        answers.append(as_number(function(tried, before, after)))
        if tried != given:
            mistake("Your function changes `tried`: leave your caller's list alone.")
    values = [_gains(*log) for log in logs]
    rights = [each["right"] for each in values]
    if not np.allclose(answers, rights, rtol=0, atol=1e-6):
        _name_gain(answers, rights, values)
    return "What is left of the gain is the model's, not the settings'."


def _name_gain(answers, rights, values):
    for name, message in GAINS.items():
        if np.allclose(answers, [each[name] for each in values], rtol=0, atol=1e-6):
            mistake(message)
    worst = int(np.abs(np.subtract(answers, rights)).argmax())
    mistake(
        f"The lowest RMSE of `before` is {values[worst]['before']:.4f}, of `after` "
        f"{values[worst]['after']:.4f}: the gain is {rights[worst]:.4f}; yours is "
        f"{answers[worst]:.4f}."
    )


GAINS = {
    "turned": "The sign is turned: above 0, `after` is the better one.",
    "size": "A gain can be negative, where `after` is worse: keep the sign.",
    "positive": "A gain can be negative, where `after` is worse: keep the sign.",
    "suits after": "This takes the settings that suit `after` for both: `before` is not tuned.",
    "suits before": "This takes the settings that suit `before` for both: `after` is not tuned.",
    "means": "These are means over all settings: use the best.",
    "medians": "These are medians: use the best settings.",
    "worst": "These are the worst settings: the lowest RMSE is the best.",
    "worst before": "`before` is taken with its worst settings.",
    "worst after": "`after` is taken with its worst settings.",
    "largest": "This is the largest gain at equal settings: tune each model.",
    "smallest": "This is the smallest gain at equal settings: tune each model.",
    "first": "These are the first lines: use each model's best.",
    "last": "These are the last lines: use each model's best.",
    "any before": "Only lines of the two models count.",
    "any after": "Only lines of the two models count.",
    "after": "This is the RMSE of `after`: the gain was asked for.",
    "before": "This is the RMSE of `before`: the gain was asked for.",
    "share": "This is a share: the gain in stars was asked for.",
    "percentage": "This is a percentage: the gain in stars was asked for.",
}


def _gains(tried, before, after):
    """Return what an answer may be, a float for each name in `GAINS`."""
    first, second = (
        {(t["l2"], t["epochs"], t["learning_rate"]): t["rmse"] for t in tried if t["model"] == name}
        for name in (before, after)
    )
    equal = [first[settings] - second[settings] for settings in first]
    a, b = list(first.values()), list(second.values())
    lowest = min(t["rmse"] for t in tried)
    right = min(a) - min(b)
    return {
        "right": right, "turned": -right, "size": abs(right), "positive": max(right, 0.0),
        "suits after": first[min(second, key=second.get)] - min(b),
        "suits before": min(a) - second[min(first, key=first.get)],
        "means": np.mean(a) - np.mean(b), "medians": np.median(a) - np.median(b),
        "worst": max(a) - max(b), "worst before": max(a) - min(b), "worst after": min(a) - max(b),
        "largest": max(equal), "smallest": min(equal), "first": a[0] - b[0], "last": a[-1] - b[-1],
        "any before": lowest - min(b), "any after": min(a) - lowest, "after": min(b),
        "before": min(a), "share": right / min(a), "percentage": 100 * right / min(a),
    }  # fmt: skip


def _tried(seed):
    """Return a log in which no two answers agree, and two of its models' names."""
    rng = np.random.default_rng(seed)
    settings = [
        {"l2": float(l2), "epochs": int(epochs), "learning_rate": rate}
        for l2, epochs, rate in zip(
            rng.integers(1, 99, 5), rng.integers(2, 30, 5), (0.3, 0.03, 0.01, 0.003, 0.1)
        )
    ]
    names = [str(name) for name in rng.permutation(["a", "+ b", "+ b, c", "without b"])]
    tried = [
        {"model": name, **one, "rmse": round(float(rng.uniform(0.8, 1.2)), 4)}
        for name in names
        for one in settings
    ]
    tried = [tried[i] for i in rng.permutation(len(tried))]
    before, after = names[1:3]
    lowest = {n: min(t["rmse"] for t in tried if t["model"] == n) for n in names}
    if (lowest[before] < lowest[after]) != (seed == 2):  # in one log `after` is worse
        before, after = after, before
    return tried, before, after


@exercise(
    "Whose ratings are most of the test ratings of the time-ordered split (lesson 5)?",
    "What do a table's row 0, an empty history and empty statistics say of a new user?",
    "Compare the column of all test ratings, the seeds' rows with that of the biases.",
)
def gain_in_time(answer):
    return judge_choices(
        {"gain_in_time": answer},
        gain_in_time={
            "a": "At random, yes; compare the rows that the cell has printed.",
            "b": "Not even half: compare the rows that the cell has printed.",
            "c": "Right: new users give most of the ratings, and of them it knows no more.",
        },
    )


@exercise(
    "q1: see exercise 2. q2: what do the parts that are there already know? q3: what differs "
    "between the three?",
    "q1: which ratings is a test row's history made of? q2: compare adding a part first with "
    "taking it out last. q3: only the seed differs.",
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
            "a": "When it came early, it also stood in for parts that came later.",
            "b": "Right: the others know part of what it knows. Take it out of the whole to see.",
            "c": "Both are right, each about another question.",
        },
        q3={
            "a": "All three have seen the same ratings.",
            "b": "Right: the part that differs from seed to seed gets smaller.",
            "c": "So do the single predictions.",
        },
    )
