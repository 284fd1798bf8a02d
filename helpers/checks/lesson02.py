"""Checks of lesson 2, The ranking model."""

import functools

import numpy as np

from helpers import ratings
from helpers.checks import exercise, judge_choices, mistake
from helpers.models import EMBEDDING_DIMENSION, tfrs
from helpers.movielens import tf

ALIKE = {"rtol": 1e-4, "atol": 1e-5}


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
    if not callable(tower):
        mistake(f"A model was asked for; this is a {type(tower).__name__}.")
    embeddings = _embed_all(tower, titles)
    if not embeddings.dtype.is_floating or len(embeddings.shape) == 1:
        mistake("It returns row numbers: after the lookup, an Embedding layer is missing.")
    if embeddings.shape != (len(titles), EMBEDDING_DIMENSION):
        shape = (4, *embeddings.shape[1:])
        mistake(f"For 4 titles the shape is {shape}; a vector of 32 numbers per title is wanted.")
    if not getattr(tower, "trainable_variables", None):
        mistake("It has no weights that training can change: use an Embedding layer.")
    embeddings = embeddings.numpy()
    different = len(np.unique(embeddings, axis=0))
    if different == 1:
        mistake("All titles get the same vector: is the vocabulary that of the titles?")
    if different < len(titles):
        mistake(f"{len(titles):,} titles get only {different:,} different vectors.")
    try:
        strangers = tower(unknown).numpy()
    except tf.errors.OpError:
        mistake("A title outside the vocabulary raises an error: keep the out-of-vocabulary row.")
    if not np.array_equal(strangers[0], strangers[1]):
        mistake("Two unknown titles get different vectors; they should share one row.")
    if (embeddings == strangers[0]).all(axis=1).any():
        mistake("Unknown titles share the row of a known one: keep a row for them alone.")
    rows = max(variable.shape[0] for variable in tower.trainable_variables)
    if rows > len(titles) + 10:
        mistake(f"The table has {rows:,} rows; {len(titles) + 1:,} are enough.")
    return "1,665 rows of 32 numbers: one row per title, and one for every unknown title."


def _embed_all(tower, titles):
    try:
        return tower(titles)
    except (tf.errors.InvalidArgumentError, ValueError) as error:
        if "indices" in str(error) and "is not in [0" in str(error):
            mistake(
                "Some row numbers lie beyond the table: it needs a row more than there are titles."
            )
        raise


@functools.cache
def _all_titles():
    return ratings.vocabulary(ratings.load_ratings(), "movie_title")


@exercise(
    "Three `Dense` layers in a `tf.keras.Sequential`, the number of outputs first.",
    'The first two have `activation="relu"`; a rating is any number, so the last one has none.',
    '`[Dense(256, activation="relu"), Dense(64, activation="relu"), Dense(1)]`.',
)
def rating_layers(layers):
    if not callable(layers):
        mistake(f"A model was asked for; this is a {type(layers).__name__}.")
    inputs = tf.random.stateless_normal([50, 64], seed=[1, 2])
    outputs = layers(inputs)
    if outputs.shape != (50, 1):
        mistake(f"For 50 rows the shape is {tuple(outputs.shape)}; (50, 1) is wanted.")
    widths = [kernel.shape[-1] for kernel in _kernels(layers)]
    if widths != [256, 64, 1]:
        mistake(f"The layers have {widths} outputs; [256, 64, 1] are wanted.")
    if _is_affine(layers, inputs):
        mistake(
            "Without an activation, three dense layers do no more than one: the first two need one."
        )
    if _is_bounded(layers, inputs):
        mistake(
            "The last layer limits what can be predicted; ratings need it without an activation."
        )
    if not _relu_inside(layers, inputs):
        mistake('The activation of the first two layers is not "relu".')
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
    last.assign(-kept)
    minus = layers(large).numpy()
    last.assign(kept)
    return not np.allclose(plus, -minus, rtol=1e-3)


def _relu_inside(layers, inputs):
    """Without biases, relu scales with its input, and is zero where all its inputs are negative."""
    kept = [variable.numpy() for variable in layers.trainable_variables]
    for variable in layers.trainable_variables:
        if variable.shape.rank == 1:
            variable.assign(tf.zeros_like(variable))
    is_relu = np.allclose(layers(2 * inputs), 2 * layers(inputs), **ALIKE)
    for negative in _kernels(layers)[1::-1]:  # the second, then the first
        others = negative.numpy()
        negative.assign(-tf.ones_like(negative))
        is_relu &= np.all(layers(tf.abs(inputs)).numpy() == 0)
        negative.assign(np.abs(others))
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
    users, movies = np.array([b"1", b"9"]), np.array([b"A", b"B", b"C"])
    model = model_class(users, movies)
    pairs = tf.constant(["1", "1", "9", "9"]), tf.constant(["A", "B", "A", "B"])
    predictions = model(pairs)
    if predictions is None:
        mistake("`call` returns nothing: add `return`.")
    if predictions.shape == (8, 1):
        mistake("4 pairs give 8 predictions: put the embeddings side by side, with axis=1.")
    if predictions.shape in ((4, 32), (4, 64)):
        mistake("It returns embeddings: send them through `self.rating_layers`.")
    if predictions.shape != (4, 1):
        mistake(f"For 4 pairs the shape is {tuple(predictions.shape)}; (4, 1) is wanted.")
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
    towers = [model.user_tower(pairs[0]), model.movie_tower(pairs[1])]
    if model.rating_layers.input_shape[-1] != 64:
        mistake(
            "The dense layers get 32 numbers per pair, not 64: "
            "do not add or multiply the embeddings."
        )
    expected = [model.rating_layers(tf.concat(order, axis=1)) for order in (towers, towers[::-1])]
    if not any(np.allclose(predictions, values, **ALIKE) for values in expected):
        mistake("The prediction is not what `rating_layers` makes of the two embeddings.")
    return "A pair goes in, one number comes out, whatever the number of pairs."


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
    labels, predictions = tf.constant([1.0, 4.0]), tf.constant([[2.0], [2.0]])
    for metric in getattr(ranking_task, "metrics", []):
        metric.reset_state()
    try:
        loss = float(ranking_task(labels=labels, predictions=predictions))
    except TypeError as error:
        if "self" in str(error):
            mistake(
                "Give the loss and the metric as objects: `RootMeanSquaredError()`, with brackets."
            )
        raise
    if np.isclose(loss, np.sqrt(2.5), atol=1e-4):
        mistake("The loss is the RMSE; the article trains on the MSE, without the root.")
    if np.isclose(loss, 1.5, atol=1e-4):
        mistake("The loss is the mean absolute error, not the mean squared error.")
    if not np.isclose(loss, 2.5, atol=1e-4):
        mistake(
            f"For ratings 1 and 4, both predicted as 2, the MSE is 2.5; this loss is {loss:.2f}."
        )
    values = [float(metric.result()) for metric in ranking_task.metrics]
    if not values:
        mistake("No metric is reported: give `metrics` a list with the RMSE.")
    if not np.isclose(values, np.sqrt(2.5), atol=1e-4).any():
        mistake(
            f"For ratings 1 and 4, both predicted as 2, the RMSE is 1.58; "
            f"this metric is {values[0]:.2f}."
        )
    for metric in ranking_task.metrics:
        metric.reset_state()
    return "Training minimises the MSE, and you read the RMSE, in stars."


@exercise(
    "Print `(labels - predictions).shape` for 4 labels: 16 differences instead of 4.",
    "Before you subtract, both need the same shape.",
    "`tf.reshape(labels, [-1])` and the same for `predictions`, then subtract.",
)
def mean_squared_error(function):
    if not callable(function):
        mistake("A function was asked for.")
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
        answer = function(*case)
        if answer is None:
            mistake("Your function returns nothing: add `return`.")
        if np.size(answer) != 1:
            mistake(
                f"One number was asked for; for shapes {shapes} it has shape {np.shape(answer)}."
            )
        answer = float(np.squeeze(answer))
        if np.isclose(answer, broadcast, atol=1e-4):
            mistake(
                f"For shapes {shapes} each label still meets each prediction: "
                "16 differences, not 4."
            )
        if np.isclose(answer, np.sqrt(right), atol=1e-4):
            mistake("This is the RMSE: leave the root away.")
        if np.isclose(answer, 4 * right, atol=1e-4):
            mistake("This is the sum of the squares: take their mean.")
        if np.isclose(answer, 0.75, atol=1e-4):
            mistake("This is the mean absolute error: square the differences.")
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
    model = model_class(_AlwaysThree())
    given = {
        "user_id": tf.constant(["1", "9"]),
        "movie_title": tf.constant(["A", "B"]),
        "user_rating": tf.constant([1.0, 4.0]),
    }
    features = dict(given)
    loss = model.compute_loss(features)
    if set(features) != set(given):
        mistake(
            "`compute_loss` takes user_rating out of its caller's dict: "
            'use `features["user_rating"]`.'
        )
    if loss is None:
        mistake("`compute_loss` returns nothing: add `return`.")
    if np.size(loss) != 1:
        mistake(
            "`compute_loss` returns predictions: return what the task computes, a single number."
        )
    loss = float(np.squeeze(loss))
    if np.isclose(loss, np.sqrt(2.5), atol=1e-4):
        mistake("The loss is the RMSE; return what the task computes, the MSE.")
    if not np.isclose(loss, 2.5, atol=1e-4):
        mistake(
            f"For ratings 1 and 4, both predicted as 3, the loss should be 2.5; it is {loss:.2f}."
        )
    if not any(np.isclose(float(metric.result()), np.sqrt(2.5)) for metric in model.metrics):
        mistake("The loss is right, but the RMSE is not updated: let `self.task` compute the loss.")
    return "The caller's dict stays whole, so the same batch can be used again."


class _AlwaysThree(tf.keras.Model):
    def call(self, inputs):
        user_id, _ = inputs
        return 3.0 * tf.ones([tf.shape(user_id)[0], 1])


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
