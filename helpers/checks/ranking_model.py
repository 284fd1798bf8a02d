"""Checks of lesson 2, The ranking model."""

import functools

import numpy as np

from helpers.checks.engine.answers import as_number, name_mistake, needs_function
from helpers.checks.engine.exercise import exercise, judge_choices, mistake
from helpers.data import movielens
from helpers.keras2 import tf, tfrs
from helpers.models.article import EMBEDDING_DIMENSION

ALIKE = {"rtol": 1e-4, "atol": 1e-5}


def _model(answer):
    """Judge that the answer is a Keras model or layer, and not what one returns."""
    if isinstance(answer, type):
        mistake("This is a class: make a model, such as `tf.keras.Sequential([...])`.")
    if tf.is_tensor(answer) or type(answer).__name__ == "KerasTensor":
        mistake("This is what a model returns; the model itself was asked for.")
    if not isinstance(answer, tf.keras.layers.Layer):
        mistake(
            f"A model was asked for; this is a {type(answer).__name__}. "
            "`tf.keras.Sequential([...])` makes one of its layers."
        )


@exercise(
    "Give the values to the lookup: what does it return, and which number stands for strangers?",
    "`lookup(values)` holds a row number for each value; compare them with 0.",
    "`np.mean(lookup(values).numpy() == 0)`.",
)
def unknown_share(function):
    needs_function(function)
    known = ["9", "10", "é", "b'9'", "Speed (1994)"]
    lookup = tf.keras.layers.StringLookup(vocabulary=known, mask_token=None)
    for values in (
        [*known[:4] * 3, "nobody", "none"],
        ["x", "y"],
        ["9"],
        ["9 ", "90", "", "é", "é", "9"],
    ):
        texts = np.array([value.encode() for value in values])
        strangers = [value not in known for value in values]
        _judge_share(_share(function, lookup, texts), values, strangers, known)
        as_objects = texts.astype(object)
        if _share(function, lookup, as_objects) != _share(function, lookup, texts):
            mistake(
                "An array of Python's bytes, as `as_numpy_iterator` gives it, changes the share."
            )
    rng = np.random.default_rng(1)
    other = tf.keras.layers.StringLookup(vocabulary=np.arange(500).astype(str), mask_token=None)
    numbers = rng.integers(0, 1_000, 3_001)
    share = _share(function, other, numbers.astype(bytes))
    if not np.isclose(share, np.mean(numbers >= 500)):
        mistake(
            f"Of 3,001 values, {np.mean(numbers >= 500):.5f} are unknown to another lookup; "
            f"yours is {share:.5f}."
        )
    return "0% is what you want of a feature; 100% is a table that no value ever reaches."


def _share(function, lookup, values):
    given = values.copy()
    answer = function(lookup, given)
    if not np.array_equal(given, values):
        mistake("Your function changes the values that it is given: leave them as they are.")
    if isinstance(answer, np.ndarray) and answer.size == 1 and answer.ndim:
        mistake(f"This is an array of shape {answer.shape}: return the number itself.")
    return as_number(answer)


def _judge_share(share, values, strangers, known):
    distinct = set(values)
    right, shown = np.mean(strangers), ", ".join(map(repr, values))
    named = (
        (1 - right, "This is the share of the known values; the unknown ones were asked for."),
        (100 * right, "This is in percent: return a share, from 0 to 1."),
        (sum(strangers), "This is how many values are unknown: divide by the number of values."),
        (len(strangers) - sum(strangers), "This is how many values are known."),
        (len(distinct - set(known)) / len(distinct), "A value counts as often as it comes: this is "
         "the share among the different values."),
        (len(distinct - set(known)), "This is how many different values are unknown."),
        (1.0, "Here everything is unknown: are bytes compared with text? The lookup takes both."),
    )  # fmt: skip
    if np.isclose(share, right, rtol=1e-6):
        return
    name_mistake(share, named, np.isclose)
    mistake(
        f"The lookup knows {', '.join(map(repr, known))}. Of {shown}, the share of strangers "
        f"is {right:.4f}; yours is {share:.4f}."
    )


@exercise(
    "`inputs` is a pair: take it apart, and give each half to its tower.",
    "`tf.concat([...], axis=1)` puts the two embeddings side by side: 64 numbers per pair.",
    "`return self.rating_layers(tf.concat([self.user_tower(user_id), "
    "self.movie_tower(movie_title)], axis=1))`, after `user_id, movie_title = inputs`.",
)
def ranking_model(model_class):
    if not isinstance(model_class, type):
        mistake("The class itself was asked for: `check.ranking_model(RankingModel)`.")
    if not issubclass(model_class, tf.keras.Model):
        mistake("The class must be a `tf.keras.Model`, as the cell had it.")
    users, movies = np.array([b"1", b"9"]), np.array([b"A", b"B", b"C"])
    model = model_class(users, movies)
    for part in ("user_tower", "movie_tower", "rating_layers"):
        if not isinstance(getattr(model, part, None), tf.keras.layers.Layer):
            mistake(f"`self.{part}` must be a model, as the cell had it.")
    pairs = tf.constant(["1", "1", "9", "9"]), tf.constant(["A", "B", "A", "B"])
    with tf.GradientTape() as tape:
        predictions = _predict(model, pairs)
    if predictions is None:
        mistake("`call` returns nothing: add `return`.")
    if not tf.is_tensor(predictions):
        mistake(f"`call` returns a {type(predictions).__name__}; predictions were asked for.")
    if predictions.dtype == tf.string:
        mistake("`call` returns strings: send them through the towers.")
    if predictions.shape == (8, 1):
        mistake("4 pairs give 8 predictions: put the embeddings side by side, with axis=1.")
    if predictions.shape[-1:] in ([32], [64]):
        mistake("It returns embeddings: send them through `self.rating_layers`.")
    if predictions.shape == (4, 2, 1):
        mistake("Each pair gets two predictions: use tf.concat with axis=1, not tf.stack.")
    if predictions.shape != (4, 1):
        mistake(f"For 4 pairs the shape is {tuple(predictions.shape)}; (4, 1) is wanted.")
    if not model.rating_layers.built:
        mistake("`self.rating_layers` is not used: it makes a rating of the two embeddings.")
    if model.rating_layers.input_shape[-1] != 64:
        mistake(
            "The dense layers get 32 numbers per pair, not 64: "
            "do not add or multiply the embeddings."
        )
    towers = [model.user_tower(pairs[0]), model.movie_tower(pairs[1])]
    shown, *expected = _of_both_signs(
        model.rating_layers,
        lambda: model(pairs),
        lambda: model.rating_layers(tf.concat(towers, axis=1)),
        lambda: model.rating_layers(tf.concat(towers[::-1], axis=1)),
    )
    is_right = any(np.allclose(shown, values, **ALIKE) for values in expected)
    for low, high in ((1, 5), (0, 5), (0, np.inf)):
        clipped = [np.clip(values, low, high) for values in expected]
        if not is_right and any(np.allclose(shown, values) for values in clipped):
            mistake("The predictions are limited: return what `rating_layers` makes as it is.")
    one_a, one_b, nine_a, _ = predictions.numpy()[:, 0]
    if one_a == one_b == nine_a:
        mistake(
            "Every pair gets the same prediction: does each tower get its own input, "
            "or are user and movie swapped?"
        )
    if one_a == one_b:
        mistake("The movie makes no difference to the prediction.")
    if one_a == nine_a:
        mistake("The user makes no difference to the prediction.")
    weights = model.trainable_variables
    if any(gradient is None for gradient in tape.gradient(predictions, weights)):
        mistake(
            "Training cannot reach all tables and layers: is one of them left out, or does NumPy, "
            "`.numpy()` or `predict` stand between? Use `tf.concat` of what the towers return."
        )
    if not is_right:
        mistake(
            "The prediction is not what `rating_layers` makes of the two embeddings: return it as "
            "it is."
        )
    return "A pair goes in, one number comes out, whatever the number of pairs."


def _of_both_signs(layers, *functions):
    """Return what each function returns, with the last weights turned round and as they are."""
    kernels = [weights for weights in layers.trainable_variables if weights.shape.rank == 2]
    last, results = kernels[-1], []
    for _ in range(2):
        last.assign(-last)
        results.append([function() for function in functions])
    return np.moveaxis(np.array(results), 1, 0)


def _predict(model, pairs):
    try:
        return model(pairs)
    except Exception as error:  # of the learner's code, which may raise anything
        text = str(error)
        if "Missing required positional argument" in text:
            mistake("`tf.concat` takes a list of the two embeddings, and axis=1.")
        if "required positional argument" in text:
            mistake("`call` gets one argument, the pair: `user_id, movie_title = inputs`.")
        if "indices must be integers" in text:
            mistake("`inputs` is a pair, not a dict: `user_id, movie_title = inputs`.")
        if "expects 1 input(s), but it received 2" in text:
            mistake("`rating_layers` takes one array: join the embeddings with `tf.concat`.")
        if "string" in text or "ConcatOp" in text:
            mistake("Strings cannot go into `rating_layers`: send them through the towers first.")
        raise


@exercise(
    "Print `(labels - predictions).shape` for 4 labels: 16 differences instead of 4.",
    "Before you subtract, both need the same shape.",
    "`tf.reshape(labels, [-1])` and the same for `predictions`, then subtract.",
)
def mean_squared_error(function):
    needs_function(function)
    labels = tf.constant([1.0, 2.0, 4.0, 5.0])
    predictions = tf.constant([2.0, 2.0, 2.0, 5.0])  # errors 1, 0, 2, 0
    column = predictions[:, None]
    cases = {
        "(4,) and (4, 1)": (labels, column),
        "(4,) and (4,)": (labels, predictions),
        "(4, 1) and (4, 1)": (labels[:, None], column),
        "(4, 1) and (4,)": (labels[:, None], predictions),
    }
    right, broadcast = 1.25, float(tf.reduce_mean((labels - column) ** 2))
    for shapes, case in cases.items():
        try:
            answer = function(*case)
        except (tf.errors.InvalidArgumentError, ValueError, IndexError) as error:
            mistake(f"For shapes {shapes} it raises {type(error).__name__}: `tf.reshape` both.")
        answer = as_number(answer)
        if np.isclose(answer, broadcast, atol=1e-4):
            mistake(
                f"For shapes {shapes} each label still meets each prediction: "
                "16 differences, not 4."
            )
        if np.isclose(answer, np.sqrt(right), atol=1e-4):
            mistake("This is the RMSE: leave the root away.")
        if np.isclose(answer, 4 * right, atol=1e-4):
            mistake("This is the sum of the squares: take their mean.")
        if np.isclose(answer, np.sqrt(4 * right), atol=1e-4):
            mistake("This is the root of the sum: take the mean, and leave the root away.")
        if np.isclose(answer, 0.75, atol=1e-4):
            mistake("This is the mean absolute error: square the differences.")
        if np.isclose(answer, 4 * broadcast, atol=1e-4) or np.isclose(answer, 16 * broadcast):
            mistake(f"For shapes {shapes} this is a sum over 16 differences: 4 were to be squared.")
        if np.isclose(abs(answer), 0.25, atol=1e-4):
            mistake("Plus and minus cancel: square each difference, then take the mean.")
        if np.isclose(answer, 0.0625, atol=1e-4):
            mistake("This squares the mean difference: square each one, then take the mean.")
        if np.isclose(answer, right / 2, atol=1e-4):
            mistake("This is half of the MSE: divide by n, not by 2 n.")
        if not np.isclose(answer, right, atol=1e-4):
            mistake(f"For shapes {shapes} the MSE should be {right}; it is {answer:.2f}.")
    rng = np.random.default_rng(1)
    labels, predictions = rng.integers(1, 6, 7), rng.normal(3, 4, 7)  # below 1 and above 5 too
    right = np.mean((labels - predictions) ** 2)
    answer = as_number(
        function(tf.constant(labels, tf.float32), tf.constant(predictions[:, None], tf.float32))
    )
    if np.isclose(answer, right * 7 / 4, rtol=1e-4):
        mistake("For 7 labels this is the sum of the squares divided by 4: take their mean.")
    if not np.isclose(answer, right, rtol=1e-4):
        mistake(
            f"For 7 labels and predictions such as {predictions[0]:.2f} the MSE is {right:.4f}; "
            f"yours is {answer:.4f}: use the predictions as they are."
        )
    return "Subtract only what has the same shape: n labels and n predictions have n differences."


@exercise(
    'The labels are `features["user_rating"]`; `self(features)` gives the predictions.',
    "`self.task` takes `labels=` and `predictions=`, computes the loss and updates the metric.",
    '`return self.task(labels=features["user_rating"], predictions=self(features))`.',
)
def movielens_model(model_class):
    if not isinstance(model_class, type):
        mistake("The class itself was asked for: `check.movielens_model(MovielensModel)`.")
    if not issubclass(model_class, tfrs.Model):
        mistake("The class must be a `tfrs.Model`, as the cell had it.")
    model = model_class(_AlwaysThree())
    if not isinstance(getattr(model, "task", None), tfrs.tasks.Ranking):
        mistake("`self.task` must be a `tfrs.tasks.Ranking`, as the cell had it.")
    given = {
        "user_id": tf.constant(["1", "9"]),
        "movie_title": tf.constant(["A", "B"]),
        "user_rating": tf.constant([1.0, 4.0]),
    }
    features = dict(given)
    with tf.GradientTape() as tape:
        result = _loss_of(model, features)
    if "user_rating" not in features:
        mistake(
            "`compute_loss` takes user_rating out of its caller's dict: "
            'use `features["user_rating"]`.'
        )
    if any(given.get(name) is not features[name] for name in features):
        mistake("`compute_loss` changes its caller's dict: leave `features` as it is.")
    if result is model.task:
        mistake("`compute_loss` returns the task: call it with `labels=` and `predictions=`.")
    if isinstance(result, tf.Tensor) and np.size(result) in (2, 3):
        mistake(
            "`compute_loss` returns predictions: return what the task computes, a single number."
        )
    loss = as_number(result, "`compute_loss`")
    if np.isclose(loss, np.sqrt(2.5), atol=1e-4):
        mistake("The loss is the RMSE; return what the task computes, the MSE.")
    if np.isclose(loss, 8.5, atol=1e-4):  # of predictions that are zero
        mistake("`self.ranking_model` wants the user ids, then the titles: `self(features)`.")
    if not np.isclose(loss, 2.5, atol=1e-4):
        mistake(
            f"For ratings 1 and 4, both predicted as 3, the loss should be 2.5; it is {loss:.2f}."
        )
    if not any(np.isclose(float(metric.result()), np.sqrt(2.5)) for metric in model.metrics):
        mistake("The loss is right, but the RMSE is not updated: let `self.task` compute the loss.")
    if not tf.is_tensor(result) or tape.gradient(result, model.trainable_variables) == [None]:
        mistake(
            "Training cannot follow this: use `self(features)`, and leave `predict`, `.numpy()` "
            "and `float` out."
        )
    model.ranking_model.stars.assign(-3.0)
    if not np.isclose(_loss_of(model, dict(given)), 32.5):  # errors 4 and 7
        mistake("The predictions are changed before the task sees them: give it `self(features)`.")
    model.ranking_model.stars.assign(3.0)
    model.task = tfrs.tasks.Ranking(loss=tf.keras.losses.MeanAbsolutePercentageError())
    if not np.isclose(_loss_of(model, dict(given)), 112.5):  # errors 2 of 1 and 1 of 4
        mistake("Labels and predictions are swapped in the call of `self.task`, or it is not used.")
    return "The caller's dict stays whole, so the same batch can be used again."


def _loss_of(model, features):
    try:
        return model.compute_loss(features)
    except KeyError as error:
        mistake(f"The batch has no {error}: it has user_id, movie_title and user_rating.")
    except _NotAPair:
        mistake("`self.ranking_model` wants a pair of users and titles: `self(features)` gives it.")
    except (TypeError, ValueError) as error:
        if "positional argument" in str(error) or "must always be passed" in str(error):
            mistake("Call the task with both: `self.task(labels=..., predictions=...)`.")
        if "to Tensor" in str(error) or "convert" in str(error):
            mistake("Labels and predictions must be arrays, not the whole dict of `features`.")
        raise


class _NotAPair(Exception):
    pass


class _AlwaysThree(tf.keras.Model):
    def __init__(self):
        super().__init__()
        self.stars = tf.Variable(3.0)

    def __call__(self, inputs, *more, **named):
        if more or not isinstance(inputs, tuple | list) or len(inputs) != 2:
            raise _NotAPair
        return super().__call__(inputs, **named)

    def call(self, inputs):
        user_id, movie_title = inputs
        is_pair = tf.reduce_all([user_id[0] == "1", movie_title[0] == "A"])
        return self.stars * tf.fill([tf.shape(user_id)[0], 1], tf.cast(is_pair, tf.float32))


@exercise(
    "Print `wrong_occupations[0]` and `occupations[0]`: which of the two can the lookup find?",
    "`str` of bytes writes the `b` and the quotes into the text. `np.unique` leaves bytes as they "
    "are.",
    "`make_tower(np.unique(occupations))`.",
)
def occupation_tower(tower):
    occupations = _all_occupations()
    _model(tower)
    embeddings = _embed(tower, tf.constant(occupations))
    if not isinstance(embeddings, tf.Tensor):
        mistake(f"It returns a {type(embeddings).__name__}, not an array of embeddings.")
    if embeddings.shape != (21, EMBEDDING_DIMENSION):
        shape = tuple(embeddings.shape)
        mistake(f"For the 21 occupations the shape is {shape}; (21, 32) is wanted: `make_tower`.")
    if not embeddings.dtype.is_floating:
        mistake("It returns row numbers or strings: after the lookup comes an Embedding layer.")
    strangers = _embed(tower, tf.constant(["no such occupation", "none such"])).numpy()
    embeddings = embeddings.numpy()
    if not np.array_equal(strangers[0], strangers[1]):
        mistake("Two unknown occupations get different embeddings; they should share row 0.")
    lost = [o.decode() for o, row in zip(occupations, embeddings) if np.all(row == strangers[0])]
    if len(lost) == len(occupations):
        mistake(
            "All occupations share row 0: the vocabulary holds none of the values that the ratings "
            "have, such as b'student'."
        )
    if lost:
        mistake(f"{len(lost)} of 21 occupations share row 0, such as {lost[0]!r}.")
    if len(np.unique(embeddings, axis=0)) < len(occupations):
        mistake("Some occupations share a row.")
    if not tower.trainable_variables:
        mistake("It has no weights that training can change.")
    rows = max(variable.shape[0] for variable in tower.trainable_variables)
    if rows > len(occupations) + 1:
        mistake(
            f"The table has {rows:,} rows; 22 are enough: is something else than occupations in "
            "the vocabulary?"
        )
    return "A right number of values and a right shape say nothing; the share of strangers does."


def _embed(tower, values):
    try:
        return tower(values)
    except (tf.errors.OpError, ValueError, TypeError) as error:
        if "indices" in str(error) and "is not in [0" in str(error):
            mistake("Some row numbers lie beyond the table: it needs a row more than there are.")
        if "min_ndim" in str(error):
            mistake("It takes no strings of shape (n,): a tower is a lookup and an Embedding.")
        first = getattr(tower, "layers", [None])[0]
        if "Cast string" in str(error) and isinstance(first, tf.keras.layers.StringLookup):
            mistake("The lookup gets no strings: give it a `vocabulary`, instead of `adapt`.")
        if "Cast string" in str(error):
            mistake(
                "It takes no strings: a tower begins with a StringLookup that has a vocabulary."
            )
        if isinstance(error, tf.errors.FailedPreconditionError):
            mistake("The lookup has no vocabulary.")
        raise


@functools.cache
def _all_occupations():
    return np.unique(movielens.read_ratings("user_occupation_text")["user_occupation_text"])


@exercise(
    "q1: look at the two strangers above. q2: what did `evaluate` return above? "
    "q3: see the differences above.",
    "q1: how many rows do unknown users have? q2: whose metrics does a TFRS model report? "
    "q3: how many differences did you count for 4 labels?",
    "q1 is one of b and c; q2 is one of a and b; q3 is one of b and c.",
)
def quiz_model(answers):
    return judge_choices(
        answers,
        q1={
            "a": "An unknown string is looked up as row 0; nothing is raised.",
            "b": "Right: both are looked up as row 0, so the model cannot tell them apart.",
            "c": "Embeddings belong to rows, and both users have the same row.",
        },
        q2={
            "a": "The MAE would have to be among the task's metrics.",
            "b": "Right: the task's metrics are reported; those given to `compile` are ignored.",
            "c": "What `compile` gets replaces nothing: a TFRS model asks its task.",
        },
        q3={
            "a": "That would need labels and predictions of shape (n,).",
            "b": "That would need labels of shape (n, 1) too.",
            "c": "Right: each of the n labels meets each of the n predictions.",
        },
    )
