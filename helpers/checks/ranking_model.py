"""Checks of lesson 2, The ranking model."""

import functools

import numpy as np

from helpers.checks.engine.answers import as_number, needs_function
from helpers.checks.engine.exercise import exercise, judge_choices, mistake
from helpers.data import vocabularies
from helpers.data.ratings import load_ratings
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
    "Two layers in a row: strings to row numbers, row numbers to embeddings.",
    "The lookup is the one from above, with the titles as its vocabulary. `Embedding(rows, 32)` "
    "needs a row for each title, and one more for all the unknown ones.",
    "`tf.keras.Sequential([StringLookup(vocabulary=unique_movie_titles, mask_token=None), "
    "Embedding(len(unique_movie_titles) + 1, 32)])`, both from `tf.keras.layers`.",
)
def movie_tower(tower):
    titles = tf.constant(_all_titles())
    unknown = tf.constant(["No such movie (1901)", "Nor this one (1902)"])
    _model(tower)
    _judge_four(_embed(tower, titles[:4]))
    embeddings = _embed(tower, titles).numpy()
    if not tower.trainable_variables:
        mistake("It has no weights that training can change: use an Embedding layer.")
    if len(tower.trainable_variables) > 1:
        mistake("There are more layers with weights than the Embedding: leave them out.")
    if not embeddings.any():
        mistake("All embeddings are zero; they start at random, so leave the initializer out.")
    different = len(np.unique(embeddings, axis=0))
    if different == 1:
        mistake("All titles get the same vector: is the vocabulary that of the titles?")
    if different < len(titles):
        mistake(f"{len(titles):,} titles get only {different:,} different vectors.")
    try:
        strangers = tower(unknown).numpy()
    except (tf.errors.OpError, ValueError):
        mistake("A title outside the vocabulary raises an error: keep the out-of-vocabulary row.")
    if not np.array_equal(strangers[0], strangers[1]):
        mistake("Two unknown titles get different vectors; they should share one row.")
    if (embeddings == strangers[0]).all(axis=1).any():
        mistake("Unknown titles share the row of a known one: keep a row for them alone.")
    rows = max(variable.shape[0] for variable in tower.trainable_variables)
    if rows > len(titles) + 10:
        mistake(f"The table has {rows:,} rows; {len(titles) + 1:,} are enough.")
    return "1,665 rows of 32 numbers: one row per title, and one for every unknown title."


def _judge_four(embeddings):
    if not tf.is_tensor(embeddings) or isinstance(embeddings, tf.RaggedTensor):
        mistake(f"It returns a {type(embeddings).__name__}, not an array of embeddings.")
    if not embeddings.dtype.is_floating or len(embeddings.shape) == 1:
        mistake("It returns row numbers: after the lookup, an Embedding layer is missing.")
    shape, rows = tuple(embeddings.shape), len(_all_titles())
    if shape in ((4, rows), (4, rows + 1)):
        mistake(
            f"{shape[1]:,} numbers per title: the lookup's are no embeddings, and Embedding "
            "takes the number of rows first, then 32."
        )
    if shape[:1] == (4,) and len(shape) == 3:
        mistake(f"For 4 titles the shape is {shape}: the lookup should give one row per title.")
    if shape != (4, EMBEDDING_DIMENSION):
        mistake(f"For 4 titles the shape is {shape}; a vector of 32 numbers per title is wanted.")


def _embed(tower, titles):
    try:
        return tower(titles)
    except (tf.errors.OpError, ValueError, TypeError) as error:
        if "indices" in str(error) and "is not in [0" in str(error):
            mistake(
                "Some row numbers lie beyond the table: it needs a row more than there are titles."
            )
        if "Cast string" in str(error) and isinstance(
            getattr(tower, "layers", [None])[0], tf.keras.layers.StringLookup
        ):
            mistake("The lookup gets no strings: give it the titles as `vocabulary`, not by adapt.")
        if "Cast string" in str(error):
            mistake("A title is a string; Embedding wants row numbers: first comes StringLookup.")
        if "min_ndim" in str(error):
            mistake("Row numbers go into an Embedding layer, which looks up a row for each.")
        if isinstance(error, tf.errors.FailedPreconditionError):
            mistake("The lookup has no vocabulary: give it the titles.")
        raise


@functools.cache
def _all_titles():
    return vocabularies.vocabulary(load_ratings(), "movie_title")


@exercise(
    "Three `Dense` layers in a `tf.keras.Sequential`, the number of outputs first.",
    'The first two have `activation="relu"`; a rating is any number, so the last one has none.',
    '`[Dense(256, activation="relu"), Dense(64, activation="relu"), Dense(1)]`.',
)
def rating_layers(layers):
    _model(layers)
    inputs = tf.random.stateless_normal([50, 64], seed=[1, 2])
    try:
        outputs = layers(inputs)
    except (ValueError, TypeError, tf.errors.OpError) as error:
        if "incompatible with the layer" in str(error):
            mistake("The first layer must take 64 numbers: the two embeddings side by side.")
        mistake("It does not take rows of 64 numbers: three `Dense` layers were asked for.")
    if not isinstance(outputs, tf.Tensor):
        mistake(f"It returns a {type(outputs).__name__}, not an array of ratings.")
    if outputs.shape != (50, 1):
        mistake(f"For 50 rows the shape is {tuple(outputs.shape)}; (50, 1) is wanted.")
    if not layers.trainable_variables:
        mistake("The weights are frozen: training has to change them.")
    widths = [kernel.shape[-1] for kernel in _kernels(layers)]
    if widths != [256, 64, 1]:
        mistake(f"The layers have {widths} outputs; [256, 64, 1] are wanted.")
    if len(layers.variables) > 6 or not np.allclose(layers(inputs, training=True), outputs):
        mistake("There are other layers than the three dense ones (Dropout?): leave them out.")
    if _is_bounded(layers, inputs):
        mistake(
            "The last layer limits what can be predicted; ratings need it without an activation."
        )
    if _is_affine(layers, inputs):
        mistake(
            "Without an activation, three dense layers do no more than one: the first two need one."
        )
    if not _relu_inside(layers, inputs):
        mistake('The activation of the first two layers is not "relu", or one of them has none.')
    return "The last layer is linear, so that it can predict any number of stars."


def _is_affine(layers, inputs):
    """A function f is affine if f(x) + f(y) = f(x + y) + f(0)."""
    others = tf.reverse(inputs, [0])
    apart, together = layers(inputs) + layers(others), layers(inputs + others) + layers(0 * inputs)
    return np.allclose(apart, together, **ALIKE)


def _is_bounded(layers, inputs):
    """Without an activation at the end, turning the last weights round turns the result round."""
    last = _kernels(layers)[-1]
    kept, large = last.numpy(), 1e3 * inputs
    plus = layers(large).numpy()
    try:
        last.assign(-kept)
        minus = layers(large).numpy()
    finally:
        last.assign(kept)
    return not np.allclose(plus, -minus, rtol=1e-3)


def _relu_inside(layers, inputs):
    """Without biases, relu scales with its input, and is zero where all its inputs are negative."""
    kept = [variable.numpy() for variable in layers.trainable_variables]
    try:
        for variable in layers.trainable_variables:
            if variable.shape.rank == 1:
                variable.assign(tf.zeros_like(variable))
        is_relu = np.allclose(layers(1024 * inputs), 1024 * layers(inputs), **ALIKE)
        first, second, _ = _kernels(layers)
        second.assign(-tf.ones_like(second))
        for sign in (1, -1):  # 1: the second layer's inputs are below zero; -1: the first's are
            first.assign(sign * tf.ones_like(first))
            is_relu &= np.all(layers(tf.abs(inputs)).numpy() == 0)
    finally:
        for variable, value in zip(layers.trainable_variables, kept):
            variable.assign(value)
    return is_relu


def _kernels(layers):
    return [variable for variable in layers.trainable_variables if variable.shape.rank == 2]


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
    if not is_right:
        mistake(
            "The prediction is not what `rating_layers` makes of the two embeddings: return it as "
            "it is."
        )
    return "A pair goes in, one number comes out, whatever the number of pairs."


def _of_both_signs(layers, *functions):
    """Return what each function returns, with the last weights turned round and as they are."""
    last, results = _kernels(layers)[-1], []
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
    "`tfrs.tasks.Ranking(loss=..., metrics=[...])`: what to minimise, and what to report.",
    "The loss is `tf.keras.losses.MeanSquaredError()`; look for the metric in `tf.keras.metrics`.",
    "`tfrs.tasks.Ranking(loss=tf.keras.losses.MeanSquaredError(), "
    "metrics=[tf.keras.metrics.RootMeanSquaredError()])`.",
)
def task(ranking_task):
    if isinstance(ranking_task, tfrs.tasks.Retrieval):
        mistake(
            "This is the Retrieval task; ranking by predicted ratings takes `tfrs.tasks.Ranking`."
        )
    if isinstance(ranking_task, type):
        mistake("This is the class: make a task with `tfrs.tasks.Ranking(...)`.")
    if isinstance(ranking_task, tf.keras.losses.Loss | tf.keras.metrics.Metric):
        mistake(
            f"This is a {type(ranking_task).__name__} alone: put it into `tfrs.tasks.Ranking(...)`."
        )
    if not isinstance(ranking_task, tfrs.tasks.Ranking):
        mistake(f"A `tfrs.tasks.Ranking` was asked for; this is a {type(ranking_task).__name__}.")
    labels, predictions = tf.constant([1.0, 4.0]), tf.constant([[2.0], [2.0]])
    _judge_parts(ranking_task)
    for metric in ranking_task.metrics:
        metric.reset_state()
    loss = float(ranking_task(labels=labels, predictions=predictions))
    if np.isclose(loss, np.sqrt(2.5), atol=1e-4):
        mistake("The loss is the RMSE; the article trains on the MSE, without the root.")
    if np.isclose(loss, 1.5, atol=1e-4):
        mistake("The loss is the mean absolute error, not the mean squared error.")
    if not np.isclose(loss, 2.5, atol=1e-4):
        mistake(
            "For ratings 1 and 4, both predicted as 2, the MSE is 2.5; "
            f"this loss, {type(ranking_task._loss).__name__}, is {loss:.2f}."
        )
    values = [float(metric.result()) for metric in ranking_task.metrics]
    if not values:
        mistake("No metric is reported: give `metrics` a list with the RMSE.")
    if len(values) > 1:
        mistake(f"{len(values)} metrics are reported; the RMSE was asked for as the only one.")
    if np.isclose(values[0], 2.5, atol=1e-4):
        mistake("The metric is the MSE, 2.50 for ratings 1 and 4, both predicted as 2; take RMSE.")
    if np.isclose(values[0], 1.5, atol=1e-4):
        mistake("The metric is the mean absolute error, not the RMSE.")
    if not np.isclose(values, np.sqrt(2.5), atol=1e-4).any():
        mistake(
            "For ratings 1 and 4, both predicted as 2, the RMSE is 1.58; "
            f"this metric, {type(ranking_task.metrics[0]).__name__}, is {values[0]:.2f}."
        )
    for metric in ranking_task.metrics:
        metric.reset_state()
    return "Training minimises the MSE, and you read the RMSE, in stars."


def _judge_parts(ranking_task):
    loss, metrics = ranking_task._loss, ranking_task._ranking_metrics
    if isinstance(loss, tf.keras.losses.BinaryCrossentropy):
        mistake("The loss is binary crossentropy, which TFRS takes if none is given: give the MSE.")
    if isinstance(loss, tf.keras.metrics.Metric):
        mistake(
            f"A metric is the loss, {type(loss).__name__}: take `MeanSquaredError` "
            "of `tf.keras.losses`."
        )
    if isinstance(loss, str | type) or not isinstance(loss, tf.keras.losses.Loss):
        mistake("Give the loss as an object: `tf.keras.losses.MeanSquaredError()`, with brackets.")
    if not isinstance(metrics, list | tuple):
        mistake("`metrics` takes a list: `[tf.keras.metrics.RootMeanSquaredError()]`.")
    for metric in metrics:
        if isinstance(metric, tf.keras.losses.Loss):
            mistake(
                "A loss is among the metrics: take `RootMeanSquaredError` of `tf.keras.metrics`."
            )
        if not isinstance(metric, tf.keras.metrics.Metric):
            mistake(
                "Give the metric as an object: `tf.keras.metrics.RootMeanSquaredError()`, "
                "with brackets."
            )


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
        mistake("`self.ranking_model` wants one pair: `self(features)` gives it one.")
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
        user_id, _ = inputs
        return self.stars * tf.ones([tf.shape(user_id)[0], 1])


@exercise(
    "q1: look at the two strangers above. q2: what do the weights know before training? "
    "q3: see the differences above.",
    "q1: how many rows do unknown users have? q2: what are weights before training? "
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
            "a": "Right: the weights start as small random numbers, and so does what they compute.",
            "b": "The model has not seen any rating yet, so it knows nothing of user 9.",
            "c": "The ratings are used as they are, from 1 to 5.",
        },
        q3={
            "a": "That would need labels and predictions of shape (n,).",
            "b": "That would need labels of shape (n, 1) too.",
            "c": "Right: each of the n labels meets each of the n predictions.",
        },
    )
