"""Checks of lesson 6, A better model."""

import functools
from functools import partial

import numpy as np

from helpers.checks.engine.answers import as_number, as_numbers, name_mistake, needs_function
from helpers.checks.engine.exercise import exercise, judge_choices, mistake
from helpers.keras2 import tf


@exercise(
    "A prediction of 5.7 for a rating of 2: which way should training move it, and which way can "
    "it be moved once it is cut to 5?",
    "The formula is the sum of four things, all of shape (n, 1): the last of them is a sum over "
    "the numbers of an embedding, axis 1, with its dimension kept. What is then done to it stands "
    "below the formula.",
    "Multiply the embeddings number by number, sum over axis 1 with `keepdims`, add mean and both "
    "biases. If `training`, return that; otherwise clip it to 1 to 5 (`tf.clip_by_value`).",
)
def dot_and_biases(function):
    needs_function(function)
    given = _pairs()
    right = _rating(*given)
    answer = _ratings_of(function, given, training=False)
    in_training = _ratings_of(function, given, training=True)
    _name_cut(answer, in_training, right)
    _name_rating(answer, in_training, given)
    off = np.abs(answer - right.clip(1, 5))
    if off.max() > 1e-4:
        row = int(off.argmax())
        mistake(
            f"Outside of training, a rating of {right.clip(1, 5)[row, 0]:.3f} was asked for; yours "
            f"is {answer[row, 0]:.3f}."
        )
    if not np.allclose(in_training, right, atol=1e-4):
        row = int(np.abs(in_training - right).argmax())
        mistake(
            f"While training, a rating should be {right[row, 0]:.3f}, the sum as it is; yours is "
            f"{in_training[row, 0]:.3f}."
        )
    _needs_rating_gradients(function, given)
    return "The biases carry what all agree on; the dot product is free for taste."


def _pairs():
    """Return the arguments of `dot_and_biases`: five pairs of six numbers, some out of range."""
    rng = np.random.default_rng(8)
    biases = rng.normal(0, 0.4, (2, 5, 1))
    biases[:, 2:4, 0] = [[1.7, -1.3], [-0.6, 1.9]]  # a bias may be large, too
    user, movie = rng.normal(0, 0.8, (2, 5, 6))
    movie[:2] = [[1.2], [-1.4]] * np.sign(user[:2])  # far above 5, far below 1
    return 3.1, *(tf.constant(each, tf.float32) for each in (*biases, user, movie))


def _rating(mean, user_bias, movie_bias, user, movie):
    dot = np.sum(np.multiply(user, movie), axis=1, keepdims=True)
    return mean + np.add(user_bias, movie_bias) + dot


def _ratings_of(function, given, training):
    """Return what a learner's function makes of five pairs."""
    try:
        answer = as_numbers(function(*given, training))
    except (ValueError, tf.errors.InvalidArgumentError) as error:
        if "shape" in str(error) or "Matrix size" in str(error) or "imension" in str(error):
            mistake(
                "The shapes do not fit: both embeddings are (n, d), so they are no two matrices to "
                "multiply. Multiply number by number, and sum over axis 1."
            )
        raise
    if answer.shape == (5, 5):
        mistake(
            "Five pairs give 25 ratings, shape (5, 5): the dot product lost its second "
            "dimension, or every user met every movie. Sum the products with keepdims=True."
        )
    if answer.shape == (5, 6):
        mistake("Shape (5, 6): the products are not summed, or over axis 0: sum over axis 1.")
    if answer.shape == (5, 12):
        mistake("Shape (5, 12): embeddings are put side by side; a dot product multiplies them.")
    if answer.shape != (5, 1):
        mistake(f"Shape {answer.shape}; one rating per pair was asked for, shape (5, 1).")
    if not np.isfinite(answer).all():
        mistake("Some ratings are not numbers.")
    return answer


def _name_cut(answer, in_training, right):
    """Name what is wrong where nothing but the clipping is."""
    same = partial(np.allclose, atol=1e-4)
    bent = 1 + 4 / (1 + np.exp(-right))
    name_mistake(
        answer,
        (
            (right.clip(1, 5).round(), "These are rounded: a prediction may lie between stars."),
            (bent, "A sigmoid bends all ratings: clip those outside alone."),
        ),
        same,
    )
    if same(in_training, right):
        named = (
            (right, "Outside of training the rating is clipped to 1 to 5, and this is not."),
            (right.clip(0, 5), "The lowest rating is 1 star, not 0."),
            (np.maximum(right, 1), "A rating above 5 is not cut."),
            (np.minimum(right, 5), "A rating below 1 is not cut."),
        )
        name_mistake(answer, named, same)
    if same(in_training, right.clip(1, 5)):
        if same(answer, right):
            mistake("Outside of training the rating is clipped to 1 to 5, and this is not.")
        if same(answer, right.clip(1, 5)):
            mistake(
                "In training it is clipped, too: there a rating that is far off could not be "
                "moved, for a clipped number has a gradient of 0."
            )


def _name_rating(answer, in_training, given):
    """Name what is wrong with the sum, by the ratings as they are before they are clipped."""
    mean, user_bias, movie_bias, user, movie = (np.asarray(each) for each in given)
    products, biases = user * movie, user_bias + movie_bias
    dot = products.sum(axis=1, keepdims=True)
    lengths = [np.linalg.norm(table, axis=1, keepdims=True) for table in (user, movie)]
    ends = products[:, :1], products[:, -1:]
    named = (
        (mean + biases, "The dot product is missing."),
        (dot + biases, "The mean is missing."),
        (dot, "The mean and the biases are missing."),
        (biases, "The mean and the dot product are missing."),
        (mean + dot, "The biases are missing."),
        (mean + dot + user_bias, "The movies' biases are missing."),
        (mean + dot + movie_bias, "The users' biases are missing."),
        (mean + dot / 6 + biases, "This is the mean of the products: a dot product is their sum."),
        (mean + dot - biases, "The biases are subtracted: add them."),
        (mean + dot + user_bias - movie_bias, "The movies' biases are subtracted: add them."),
        (mean + dot - user_bias + movie_bias, "The users' biases are subtracted: add them."),
        (mean + dot + biases / 2, "This is the mean of the biases: add both."),
        (mean - dot + biases, "The dot product is subtracted: add it."),
        (mean * dot + biases, "The dot product is multiplied with the mean: add it."),
        (mean + dot + user_bias * movie_bias, "Add the biases, both."),
        (mean + dot * biases, "The dot product is multiplied with the biases: add it."),
        ((mean + biases) * dot, "The dot product is multiplied with the rest: add it."),
        (mean + biases + products.sum(), "You sum over all pairs: sum over axis 1 only."),
        (mean + biases + products.mean(), "You take the mean over all pairs: sum over axis 1."),
        (
            mean + biases + dot / np.multiply(*lengths),
            "You divide by the lengths of the embeddings: a dot product does not.",
        ),
        (
            mean + biases + dot / np.sqrt(6),
            "You divide by the root of how many numbers an embedding has: a dot product does not.",
        ),
        (
            mean + biases + (user + movie).sum(axis=1, keepdims=True),
            "The embeddings are added: a dot product multiplies them, number by number.",
        ),
        (mean + biases + sum(ends), "Only the first and the last number are used: sum over all."),
        (mean + biases + products[:, :2].sum(axis=1, keepdims=True), "Only the first two numbers "
         "are used: embeddings may be of any length."),
        (mean + biases + ends[0], "Only the first number is used: sum over all."),
        (dot + biases + 3.5, "The mean is not always 3.5: use `mean`."),
        (
            mean + user_bias.clip(-1, 1) + movie_bias.clip(-1, 1) + dot,
            "The biases are cut: only the whole rating is clipped.",
        ),
        (
            mean - ((user - movie) ** 2).sum(axis=1, keepdims=True) + biases,
            "This is how far the embeddings lie apart: a dot product multiplies them.",
        ),
    )  # fmt: skip
    same = partial(np.allclose, atol=1e-4)
    name_mistake(in_training, named, same)
    cut = [(values.clip(1, 5), text) for values, text in named]
    name_mistake((answer, in_training), cut, lambda both, wrong: all(same(v, wrong) for v in both))


def _needs_rating_gradients(function, given):
    """Train for one step in a graph, as `fit` does."""
    mean, *tables = given
    variables = [tf.Variable(table) for table in tables]

    def gradients_of(rate):
        with tf.GradientTape() as tape:
            loss = tf.reduce_sum(tf.square(rate(mean, *variables, True) - 2.0))
        return tape.gradient(loss, variables)

    def ours(mean, user_bias, movie_bias, user, movie, training):
        return mean + user_bias + movie_bias + tf.reduce_sum(user * movie, axis=1, keepdims=True)

    try:
        found = tf.function(gradients_of)(function)
    except (NotImplementedError, AttributeError):
        mistake(
            "While a model trains, NumPy cannot compute with its tensors: use TensorFlow, such as "
            "tf.reduce_sum."
        )
    for mine, other in zip(found, gradients_of(ours)):
        if mine is None or not np.allclose(mine, other, atol=1e-3):
            mistake(
                "The numbers are right, but while training, biases and embeddings do not learn all "
                "that they should from them: keep NumPy and tf.stop_gradient out."
            )


@exercise(
    "What does the sum of a training row's owner hold that no sum of a new row holds?",
    "The row's own rating is in the sum as its weight times the embedding of its member.",
    "Gather the members' embeddings (`tf.gather`), multiply each with its row's weight, which "
    "needs a column for that, `weight[:, None]`, and take the product off the owner's sum.",
)
def sums_of_others(function):
    needs_function(function)
    given = _rated()
    try:
        answer = as_numbers(function(*given))
    except (ValueError, TypeError, tf.errors.InvalidArgumentError) as error:
        _name_error(str(error))
        raise
    whole, own, right, named = _sums()
    if answer.shape != right.shape:
        mistake(
            f"Shape {answer.shape}; for {len(right)} rows and embeddings of 3 numbers, "
            f"{right.shape} was asked for."
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


@functools.cache
def _sums():
    """Return whole sums, own parts, what they leave, and what mistakes give and to say of them."""
    ratings, embeddings, owner, member, weight = _rated()
    owner, member = owner.numpy(), member.numpy()
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
        (
            right / np.sqrt(np.maximum(counts, 1)),
            "This is divided by the root of their number: the sum was asked for, without a scale.",
        ),
        (
            whole - _per_owner(own, owner),
            "Each row loses the own parts of all its owner's rows in the batch: only its own has "
            "to go.",
        ),
        (whole - own_weight * table[owner], "The owner's index is no member: use `member`."),
        *(
            (
                whole - change(own_weight) * of_member,
                "Weights can be negative; take the row's own part off as it is.",
            )
            for change in (np.abs, partial(np.maximum, 0))
        ),
        (
            whole - (own_weight == 1) * of_member,
            "Only rows that weigh 1 lose their own part: a training row may weigh anything.",
        ),
        (
            whole - own_weight**2 * of_member,
            "The weight is squared: in the sum is weight times embedding.",
        ),
        (
            whole - np.sign(own_weight) * of_member,
            "Of the weight only the sign is used: in the sum is weight times embedding.",
        ),
        (
            (whole - of_member) * own_weight,
            "The whole sum is multiplied with the row's weight: only the row's own part is.",
        ),
        (
            whole * (1 - own_weight),
            "The whole sum is multiplied with 1 - weight: take off the row's own part, weight "
            "times embedding.",
        ),
        (
            right * (own_weight != 0),
            "New rows get nothing: none of the owner's ratings has to go for them.",
        ),
        (
            unweighted - own,
            "The sum weighs nothing: take it with the weights that are in `ratings`.",
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
    return whole, own, right, named


def _per_owner(own, owner):
    return np.array([own[owner == one].sum(axis=0) for one in owner])


def _rated():
    """Return the arguments of `sums_of_others`: one pair comes twice, three rows are new."""
    rng = np.random.default_rng(6)
    owner = np.array([3, 1, 2, 1, 3, 1, 1, 2])  # of training rows; owner 0 has none, 4 comes once
    member = np.array([0, 4, 2, 0, 5, 4, 3, 5])
    owner, member = np.append(owner, 4), np.append(member, 1)
    weight = np.append(rng.normal(size=8), 0.7).astype(np.float32)
    weight[2] = 1  # as all rows weigh in a plain sum
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
    if "annot multiply A and B because inner dimension" in text:
        mistake(
            "A matrix is turned: `ratings` is (owners, members), `embeddings` (members, d), so "
            "they are multiplied as they stand."
        )
    if "] = " in text and "is not in [0" in text:
        mistake(
            f"TensorFlow says: {text[text.index('indices') :].split(' [Op')[0]}. So an index was "
            "looked up in a table that it is not of: `owner` picks among the sums, `member` among "
            "the embeddings."
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
            answer = sums(ratings, variable, owner, member, weight)
            total = tf.reduce_sum(factors * tf.convert_to_tensor(answer, factors.dtype))
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
    "With kernel W and bias (b1, b2), the first output is m * (m W11 + c W21 + b1) + m: which of "
    "these terms are wanted, and which is there without being asked for?",
    "Row i of W says where feature i goes, column j to which output; the bias has a number for "
    "each output. What must stand in the brackets so that the `+ m` goes?",
    "The second output stays c, so its column and its bias are 0. In the first, c stands in the "
    "brackets, and a number that takes the `+ m` back.",
)
def cross(answer):
    if not isinstance(answer, dict) or set(answer) != set(CROSS):
        mistake("Answer with a dict that has the keys kernel and bias.")
    still_open = [name for name, given in answer.items() if given is ... or given is None]
    if still_open:
        mistake(f"Still open: {', '.join(still_open)}.")
    kernel, bias = (as_numbers(answer[name], f"Numbers for the {name}") for name in CROSS)
    if kernel.shape != (2, 2):
        mistake(f"Shape {kernel.shape}; two features need a kernel of shape (2, 2).")
    if bias.shape != (2,):
        mistake(f"The bias has shape {bias.shape}; a number for each output was asked for, (2,).")
    if not (np.isfinite(kernel).all() and np.isfinite(bias).all()):
        mistake("Kernel and bias hold numbers that are not finite.")
    if not bias.any():
        name_mistake(kernel, KERNELS, np.allclose)
    name_mistake((kernel, bias), CROSSES, lambda mine, wrong: all(map(np.allclose, mine, wrong)))
    x = np.array([[0.5, 2.0], [-0.25, 3.0], [1.5, 0.0]])
    m, c = x.T
    outputs, right = x * (x @ kernel + bias) + x, np.column_stack([m * c, c])
    off = np.abs(outputs - right).max(axis=1)
    if off.max() > 0.005:  # as far as two decimals show it
        row = 0 if off[0] > 0.005 else off.argmax()
        mistake(
            f"With m = {m[row]:g} and c = {c[row]:g} it gives {_vector(outputs[row])}; "
            f"{_vector(right[row])} was asked for."
        )
    return "One number of the kernel is one product of two features; the bias takes the `+ m` back."


CROSS = ("kernel", "bias")
KERNELS = (  # without a bias
    (np.zeros((2, 2)), "With zeros nothing is multiplied: (m, c) comes out as it went in."),
    (
        [[0, 0], [1, 0]],
        "This gives (m + m c, c): the layer adds what it was given, so an m too much is there. "
        "What can take it back?",
    ),
    ([[0, 1], [0, 0]], "This gives (m, c + m c): the product goes to the second output."),
    (np.eye(2), "This gives (m + m m, c + c c): each feature meets itself only."),
    (np.ones((2, 2)), "Here each output holds both products, m + m (m + c) and c + c (m + c)."),
    ([[0, 1], [1, 0]], "Both outputs get the product, (m + m c, c + m c): the second stays c."),
    ([[1, 0], [1, 0]], "The first output holds m m as well: m + m (m + c)."),
    ([[1, 0], [0, 0]], "This gives (m + m m, c): m meets itself, not c."),
    (
        [[-1, 0], [1, 0]],
        "This gives (m + m c - m m, c): m in the brackets is multiplied with m once more.",
    ),
    ([[0, 0], [0, 1]], "This gives (m, c + c c): c meets itself, and the first stays m."),
    ([[0, 0], [1, 1]], "The second output is c + c c and should be c."),
    ([[0, 0], [-1, 0]], "This gives m - m c: the sign is turned."),
)
CROSSES = (
    (([[0, 0], [1, 0]], [1, 0]), "This gives m c + 2 m: the sign of the bias is turned."),
    (([[0, 0], [1, 0]], [0, -1]), "The bias of -1 stands at the second output: c becomes 0."),
    (([[0, 0], [1, 0]], [-1, -1]), "The first output is right; the second is 0 and should be c."),
    (([[0, 1], [0, 0]], [-1, 0]), "This gives (0, c + m c): the product is in the second output."),
    (([[0, 1], [0, 0]], [0, -1]), "This gives (m, m c): the two outputs are exchanged."),
    (
        ([[0, 0], [0, 0]], [-1, 0]),
        "This gives (0, c): the m is taken back, the product is missing.",
    ),
    (([[0, 1], [1, 0]], [-1, 0]), "The first output is right; the second is c + m c."),
    (([[0, 0], [1, 1]], [-1, 0]), "The first output is right; the second is c + c c."),
    (([[1, 0], [1, 0]], [-1, 0]), "The first output is m c + m m: m meets itself as well."),
    (([[0, 0], [-1, 0]], [-1, 0]), "This gives -m c: the sign of the kernel is turned."),
)


@exercise(
    "One setting suits one model, another the other: what is the best that each of them can do?",
    "Take each model's lowest RMSE of all that were tried with it.",
    "The lowest RMSE of all lines of `before`, minus the lowest of all lines of `after`.",
)
def fair_gain(function):
    needs_function(function)
    logs = [_tried(seed, is_better=seed != 12) for seed in range(10, 14)]
    answers = []
    for tried, before, after in logs:
        given = [dict(one) for one in tried]
        try:
            answers.append(as_number(function(tried, before, after)))
        except ValueError as error:
            if "empty" not in str(error):
                raise
            mistake(
                f"Using your answer raised ValueError: {error}. The models of this log have other "
                "names than the lesson's: look for `before` and `after`."
            )
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
    "shared": "This takes for both the one setting whose two RMSE have the lowest sum: tune each.",
    "lower": "This takes the settings of the lowest RMSE of all for both: tune each model.",
    "largest by order": "This pairs the lines by their order and takes the largest difference: "
    "take each model's lowest RMSE.",
    "smallest by order": "This pairs the lines by their order and takes the smallest difference: "
    "take each model's lowest RMSE.",
    "names that hold": "Lines of other models count, too, whose names hold `before` or `after`: "
    "compare whole names.",
    "names that start": "Lines of other models count, too, whose names start with `before` or "
    "`after`: compare whole names.",
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
    shared = min(first, key=lambda settings: first[settings] + second[settings])
    lower = min(first, key=lambda settings: min(first[settings], second[settings]))
    in_order = np.subtract(a, b)

    def of_names(fits):
        return [min(t["rmse"] for t in tried if fits(t["model"], n)) for n in (before, after)]

    hold, start = of_names(str.__contains__), of_names(str.startswith)
    right = min(a) - min(b)
    return {
        "right": right, "turned": -right, "size": abs(right), "positive": max(right, 0.0),
        "suits after": first[min(second, key=second.get)] - min(b),
        "suits before": min(a) - second[min(first, key=first.get)],
        "means": np.mean(a) - np.mean(b), "medians": np.median(a) - np.median(b),
        "worst": max(a) - max(b), "worst before": max(a) - min(b), "worst after": min(a) - max(b),
        "shared": first[shared] - second[shared], "lower": first[lower] - second[lower],
        "largest by order": max(in_order), "smallest by order": min(in_order),
        "names that hold": hold[0] - hold[1], "names that start": start[0] - start[1],
        "largest": max(equal), "smallest": min(equal), "first": a[0] - b[0], "last": a[-1] - b[-1],
        "any before": lowest - min(b), "any after": min(a) - lowest, "after": min(b),
        "before": min(a), "share": right / min(a), "percentage": 100 * right / min(a),
    }  # fmt: skip


def _tried(seed, is_better=True):
    """Return a log, and the names of two of its models, the second of which is better or not.

    Settings share some of their numbers; in every second log all RMSE are above 1.
    """
    rng = np.random.default_rng(seed)
    settings = [
        {"l2": float(l2), "epochs": int(epochs), "learning_rate": rate}
        for l2, epochs, rate in zip(
            rng.choice([10, 30, 99], 5), rng.choice([4, 9, 20], 5), (0.3, 0.03, 0.01, 0.003, 0.1)
        )
    ]
    names = [str(name) for name in rng.permutation(["a", "b", "b, c", "without b"])]
    tried = [
        {"model": name, **one, "rmse": round(float(rng.uniform(0.8, 1.2)) + seed % 2, 4)}
        for name in names
        for one in settings
    ]
    tried = [tried[i] for i in rng.permutation(len(tried))]
    before, after = names[1:3]
    lowest = {n: min(t["rmse"] for t in tried if t["model"] == n) for n in names}
    if (lowest[before] < lowest[after]) == is_better:
        before, after = after, before
    return tried, before, after


@exercise(
    "Whose ratings are most of the test ratings of the time-ordered split (lesson 5), and what do "
    "a table's row 0, an empty history and empty statistics say of them?",
    "`switched` predicts new users as the biases do. What do these ratings then add to the "
    "difference, and what to the question on which side of zero it lies?",
    "Which of the four intervals lie above zero? Those are the gains that are shown, large or "
    "small.",
)
def gain_in_time(answer):
    return judge_choices(
        {"gain_in_time": answer},
        gain_in_time={
            "a": "No gain is shown for new users, and most of the ratings are theirs: look at both "
            "intervals.",
            "b": "Most of the ratings are by new users, and with them no gain is left: look at the "
            "interval of all.",
            "c": "Right: what it has learned about a user holds for that user's tomorrow. Ratings "
            "that both sides predict alike make the gain small, but do not hide it.",
            "d": "For all ratings the gain is small if new users get the biases, but where both "
            "sides predict alike, nothing varies: look at the interval of `switched`.",
        },
    )


@exercise(
    "q1: see exercise 2. q2: look the RMSEs up in `log`. q3: average two of `by_seed`.",
    "q1: which ratings is a test row's history made of? q2: at the one setting, then with "
    "`fair_gain`. q3: how far is each average below the mean RMSE of its own models?",
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
            "a": "Right: at settings that suit neither, a part that pays looks harmful.",
            "b": "At L2 10, the model without crosses has the lower RMSE: look in `log['tried']`.",
            "c": "Tuned alike, the model with crosses has the lower RMSE: use `fair_gain`.",
        },
        q3={
            "a": "What is chance in two models cancels by a half, in three by two thirds.",
            "b": "Right: a half of what is chance in each cancels with two, two thirds with three.",
            "c": "The third model adds something: average two of `by_seed` and compare.",
        },
    )
