"""Checks of lesson 2, The ranking model."""

import functools
from functools import partial

import numpy as np

from helpers.checks.engine.answers import as_number, as_numbers, name_mistake
from helpers.checks.engine.exercise import exercise, first_line, judge_choices, mistake
from helpers.checks.engine.lettered import judge_outcomes
from helpers.data import movielens
from helpers.keras2 import tf, tfrs
from helpers.models.article import EMBEDDING_DIMENSION

ALIKE = {"rtol": 1e-4, "atol": 1e-5}
OUT_OF_REACH = (
    "Training cannot reach all tables and layers: is one of them left out, or does NumPy, "
    "`.numpy()` or `predict` stand between? Use `tf.concat` of what the towers return."
)


def _model(answer):
    """Judge that the answer is a Keras model or layer, and not what one returns."""
    if isinstance(answer, type):
        mistake("This is a class: `make_tower(...)` makes a tower of a vocabulary.")
    if tf.is_tensor(answer) or type(answer).__name__ == "KerasTensor":
        mistake("This is what a model returns; the model itself was asked for.")
    if not isinstance(answer, tf.keras.layers.Layer):
        mistake(
            f"A tower was asked for; this is a {type(answer).__name__}. `make_tower(...)` makes "
            "one of a vocabulary."
        )


@exercise(
    "Which rows has a table of n rows, and which row does the lookup give to the string?",
    "A table's rows count from 0, the strings' rows from 1, in the order of the vocabulary, which "
    "is sorted as text. How many strings does each vocabulary hold, and which comes last in it?",
    "Print the last three entries of both vocabularies. A table of n rows lacks one row for n "
    "strings, that of the very last; for fewer strings than n it lacks none. A string that the "
    "vocabulary does not hold as it is written has row 0.",
)
def left_out(answers):
    return judge_outcomes(
        answers,
        "abc",
        user_99=(
            "a",
            "the vocabulary is sorted as text; on which place is this user, and up to which row "
            "does the table go?",
            "the last string as text is one row beyond the table.",
        ),
        user_943=(
            "c",
            "the largest number need not come last as text: where does it stand in the vocabulary?",
            "as text, others come later.",
        ),
        zeus=(
            "c",
            "does every title begin with a letter from A to Z? Look at the end of the vocabulary.",
            "titles that begin with a small letter or an accent are sorted behind Z.",
        ),
        last_away=(
            "b",
            "which strings does the shortened vocabulary hold: is this user among them?",
            "row 0 is that of whatever the vocabulary does not hold: no error tells you.",
        ),
        of_train=(
            "c",
            "38 titles have no training rating (lesson 1). How many strings does this vocabulary "
            "hold, and how many rows has the table?",
            "a vocabulary of fewer titles leaves the table rows enough.",
        ),
    )


@exercise(
    "Which shape has what a tower returns for n strings, and which shape do the dense layers want?",
    "The picture of the plan has the order of the parts; `tf.concat` joins along the axis given.",
    "Take the pair apart, send each half through its tower, join the two results along the axis "
    "that makes 64 numbers of 32 and 32, and send them through the dense layers.",
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
    first = model.rating_layers.layers[0] if hasattr(model.rating_layers, "layers") else None
    if not getattr(first, "built", False):
        mistake("`self.rating_layers` is not used: it makes a rating of the two embeddings.")
    if not model.rating_layers.built:
        mistake(
            "`self.rating_layers` is never called, only its layers are: `fit` then says that its "
            "weights have not yet been created. Call it as a whole."
        )
    width = first.kernel.shape[0]
    if width != 64:
        mistake(
            f"The dense layers get {width} numbers per pair, not 64: put the two embeddings side "
            "by side, and do not add or multiply them."
        )
    towers = [model.user_tower(pairs[0]), model.movie_tower(pairs[1])]
    shown, *expected = _of_both_signs(
        model.rating_layers,
        lambda: model(pairs),
        lambda: model.rating_layers(tf.concat(towers, axis=1)),
        lambda: model.rating_layers(tf.concat(towers[::-1], axis=1)),
    )
    for name, tower, known in (
        ("user", model.user_tower, users),
        ("movie", model.movie_tower, movies),
    ):
        rows = max((weights.shape[0] for weights in tower.weights), default=0)
        if rows > len(known) + 1:
            mistake(
                f"For {len(known)} {name}s, the table of `self.{name}_tower` has {rows:,} rows: "
                "make the towers of the arguments of `__init__`, as the cell had it."
            )
    if len(model.trainable_variables) < len(model.weights):
        mistake("Not all tables and layers are trainable, as the cell had them.")
    is_right = np.allclose(shown, expected[0], **ALIKE)
    for low, high in ((1, 5), (0, 5), (0, np.inf)):
        clipped = [np.clip(values, low, high) for values in expected]
        if not is_right and any(np.allclose(shown, values) for values in clipped):
            mistake("The predictions are limited: return what `rating_layers` makes as it is.")
    if not is_right and np.array_equal(shown, np.round(shown)):
        mistake("The predictions are rounded: return what `rating_layers` makes as it is.")
    one_a, one_b, nine_a, _ = predictions.numpy()[:, 0]
    if one_a == one_b == nine_a:
        mistake(
            "Every pair gets the same prediction: does each tower get its own input, "
            "or are user and movie swapped?"
        )
    if one_a == one_b:
        mistake("The movie makes no difference to the prediction: does `self.movie_tower` get it?")
    if one_a == nine_a:
        mistake("The user makes no difference to the prediction: does `self.user_tower` get it?")
    weights = model.trainable_variables
    if any(gradient is None for gradient in tape.gradient(predictions, weights)):
        mistake(OUT_OF_REACH)
    if not is_right:
        if np.allclose(shown, expected[1], **ALIKE):
            mistake("The movie's embedding comes first: take the user's first.")
        mistake(
            "The prediction is not what `rating_layers` makes of the two embeddings: they go in "
            "side by side, and what comes out is returned, both as they are."
        )
    _judge_in_graph(model, pairs, shown[1])
    return "A pair goes in, one number comes out, whatever the number of pairs."


def _judge_in_graph(model, pairs, expected):
    """Judge that the model works where `fit` runs it, in a graph."""

    @tf.function
    def predict(*inputs):
        return model(inputs)

    try:
        predictions = predict(*pairs)
    except Exception as error:  # of the learner's code, which may raise anything
        mistake(
            f"In a `tf.function`, where `fit` runs it, `call` raises {type(error).__name__}: "
            f"{first_line(error)} Stay with TensorFlow."
        )
    if not np.allclose(predictions, expected[:, :], **ALIKE):
        mistake("In a `tf.function`, where `fit` runs it, `call` predicts something else.")
    alone = model(tuple(values[:1] for values in pairs))
    if alone.shape != (1, 1) or not np.allclose(alone, expected[:1], **ALIKE):
        mistake("For a single pair, `call` does not predict what it predicts for it among others.")


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
        if "indices must be integers" in text and "not str" in text:
            mistake("`inputs` is a pair, not a dict: `user_id, movie_title = inputs`.")
        if "expects 1 input(s), but it received 2" in text:
            mistake("`rating_layers` takes one array: join the embeddings with `tf.concat`.")
        if "Cast string to float" in text or "DT_STRING" in text:
            mistake("Strings cannot go into `rating_layers`: send them through the towers first.")
        if isinstance(error, LookupError) and "No gradient" in text:
            mistake(OUT_OF_REACH)
        raise


LABELS = np.array([1.0, 2.0, 4.0, 5.0])
BATCHES = {"one": 4, "two": 2, "four": 1}  # how many labels a batch has


@exercise(
    "Which labels does a prediction meet, and which one number is nearest to all of them at once?",
    "Give `broadcasting_mse` the labels and four equal numbers, as a column like `predictions`; "
    "which number makes it lowest? Then do the same with the labels of a smaller batch.",
    "A number's mean squared distance from several others is lowest at their mean. A prediction "
    "meets the labels of its own batch, and no other: take their mean, batch by batch.",
)
def lowest(answers):
    if not isinstance(answers, dict) or set(answers) != set(BATCHES):
        mistake(f"Answer with a dict that has the keys {', '.join(BATCHES)}, and no other.")
    still_open = [name for name in BATCHES if answers[name] is ... or answers[name] is None]
    if still_open:
        mistake(f"Still open: {', '.join(still_open)}.")
    wrong = []
    for name, size in BATCHES.items():
        values = _four_numbers(name, answers[name])
        loss, right = (_broadcasting_loss(v, size) for v in (values, _means_of_batches(size)))
        if loss <= right + 0.001:
            continue
        said = f"{name}: these have a loss of {loss:.3f}; there are some with less."
        if np.allclose(values, LABELS):
            said += " These are the labels: does each prediction meet its own alone?"
        elif np.allclose(values, LABELS.mean()):
            said += " This is the mean of all labels: which of them are in the batch?"
        elif np.allclose(values, _means_of_batches(2)):
            said += " These are the means of two labels each: which of them are in the batch?"
        elif np.allclose(np.sort(values), _means_of_batches(size)):
            said += " The numbers are right, in another order: the labels come as 1, 2, 4, 5."
        wrong.append(said)
    if wrong:
        mistake("\n".join(wrong))
    return (
        "A model that minimises this loss says the mean to everybody, and no error tells you; a "
        "test with a single rating does not either."
    )


def _four_numbers(name, answer):
    if isinstance(answer, str | bytes | dict) or callable(answer):
        kind = type(answer).__name__
        mistake(f"{name}: a list of four numbers was asked for; this is of the type {kind}.")
    if isinstance(answer, list | tuple):  # perhaps a list for each batch
        parts = [np.ravel(as_numbers(part, f"{name}: four numbers")) for part in answer]
        answer = np.concatenate([[], *parts])
    values = as_numbers(answer, f"{name}: four numbers")
    if values.size != 4:
        mistake(f"{name}: four predictions were asked for; these have the shape {values.shape}.")
    if not np.isfinite(values).all():
        mistake(f"{name}: four finite numbers were asked for.")
    return np.ravel(values)


def _means_of_batches(size):
    return np.repeat(LABELS.reshape(-1, size).mean(axis=1), size)


def _broadcasting_loss(values, size):
    values, labels = (array.reshape(-1, size) for array in (values, LABELS))
    return np.mean((labels[:, None, :] - values[:, :, None]) ** 2)


@exercise(
    "What does the task need to know, and where in this class does each of the two come from?",
    "The cell that made `task` shows how it is called; `call` shows what `self(features)` is.",
    "Return what `self.task` returns for the labels, which you read from the dict by their name, "
    "and for the predictions, which the model itself makes of the whole dict.",
)
def movielens_model(model_class):
    if not isinstance(model_class, type):
        mistake("The class itself was asked for: `check.movielens_model(MovielensModel)`.")
    if not issubclass(model_class, tfrs.Model):
        mistake("The class must be a `tfrs.Model`, as the cell had it.")
    model = model_class(_ThreeAndMore())
    if not isinstance(getattr(model, "task", None), tfrs.tasks.Ranking):
        mistake("`self.task` must be a `tfrs.tasks.Ranking`, as the cell had it.")
    labels, predicted = np.array([2.0, 4.5, 1.0]), np.array([3.0, 4.0, 5.0])
    mse = np.mean((labels - predicted) ** 2)
    given = {
        "user_id": tf.constant(["1", "9", "1"]),
        "movie_title": tf.constant(["A", "B", "B"]),
        "user_rating": tf.constant(labels, tf.float32),
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
    if isinstance(result, tf.Tensor) and np.size(result) == 3:
        mistake(
            "`compute_loss` returns predictions: return what the task computes, a single number."
        )
    loss = as_number(result, "`compute_loss`")
    if np.isclose(loss, np.sqrt(mse)):
        mistake("The loss is the RMSE; return what the task computes, the MSE.")
    if not tf.is_tensor(result) or tape.gradient(result, model.trainable_variables) == [None]:
        mistake(
            "No gradient reaches the weights, so training moves nothing: use `self(features)` as "
            "it is, without `predict`, `.numpy()`, `float` or rounding."
        )
    sorted_labels = np.sort(labels)
    name_mistake(
        loss,
        (
            (np.mean(labels**2), "`self.ranking_model` wants the user ids, then the titles: "
             "`self(features)`."),
            (np.mean((labels - predicted[:, None]) ** 2), "Each label meets each prediction: let "
             "`self.task` compare them."),
            *((np.mean((other - predicted) ** 2), "The labels are in another order than the "
             "predictions: both as they come.") for other in (sorted_labels, sorted_labels[::-1])),
        ),
        partial(np.isclose, atol=1e-4),
    )  # fmt: skip
    if not np.isclose(loss, mse, atol=1e-4):
        mistake(
            f"For ratings 2, 4.5 and 1, predicted as 3, 4 and 5, the loss should be {mse:.3f}; it "
            f"is {loss:.3f}."
        )
    if not _reports(model, np.sqrt(mse)):
        mistake("The loss is right, but the RMSE is not updated: let `self.task` compute the loss.")
    if any(float(getattr(metric, "count", 3)) != 3 for metric in model.metrics):
        mistake("The RMSE counts each rating more than once: call `self.task` once for a batch.")
    model.ranking_model.stars.assign(-3.0)
    second = np.mean((labels - (predicted - 6)) ** 2)
    if not np.isclose(_loss_of(model, dict(given), training=True), second):
        mistake("The predictions are changed before the task sees them: give it `self(features)`.")
    if not _reports(model, np.sqrt((mse + second) / 2)):
        mistake(
            "After a second batch, with training=True, the RMSE is not that of both batches: call "
            "the task alike for each, and let it count."
        )
    model.ranking_model.stars.assign(3.0)
    _judge_single(model, {name: values[:1] for name, values in given.items()})
    model.task = tfrs.tasks.Ranking(loss=tf.keras.losses.MeanAbsolutePercentageError())
    percentage = 100 * np.mean(np.abs(labels - predicted) / labels)
    if not np.isclose(_loss_of(model, dict(given)), percentage, rtol=1e-4):
        mistake("Labels and predictions are swapped in the call of `self.task`, or it is not used.")
    return "The caller's dict stays whole, so the same batch can be used again."


def _judge_single(model, features):
    """Judge a batch of one rating, of 2 stars, predicted as 3."""
    try:
        loss = model.compute_loss(features)
    except Exception as error:  # of the learner's code, which may raise anything
        mistake(
            f"For a batch of a single rating, `compute_loss` raises {type(error).__name__}: "
            f"{first_line(error)}"
        )
    if not np.isclose(loss, 1.0):
        mistake(f"For a batch of one rating of 2, predicted as 3, the loss is {float(loss):.3f}.")


def _reports(model, rmse):
    return any(np.isclose(float(metric.result()), rmse) for metric in model.metrics)


def _loss_of(model, features, **training):
    try:
        return model.compute_loss(features, **training)
    except KeyError as error:
        mistake(f"The batch has no {error}: it has user_id, movie_title and user_rating.")
    except _NotAPair:
        mistake("`self.ranking_model` wants a pair of users and titles: `self(features)` gives it.")
    except (TypeError, ValueError) as error:
        if "unexpected keyword argument 'training'" in str(error):
            mistake("`fit` calls it with `training=True`: keep the argument `training`.")
        if "positional argument" in str(error) or "must always be passed" in str(error):
            mistake("Call the task with both: `self.task(labels=..., predictions=...)`.")
        if "to Tensor" in str(error) or "convert" in str(error):
            mistake("Labels and predictions must be arrays, not the whole dict of `features`.")
        raise
    except AttributeError as error:
        if "'Ranking' object" in str(error):
            mistake(
                f"{first_line(error)}. The task keeps its loss to itself: call `self.task` with "
                "labels and predictions, and return what it returns."
            )
        raise


class _NotAPair(Exception):
    pass


class _ThreeAndMore(tf.keras.Model):
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
        stars = self.stars + tf.range(tf.cast(tf.size(user_id), tf.float32))
        return tf.cast(is_pair, tf.float32) * stars[:, None]


@exercise(
    "Print `wrong_occupations[0]` and `occupations[0]`: which of the two can the lookup find?",
    "`str` of bytes writes the `b` and the quotes into the text. And what sends a string to row 0?",
    "Give `make_tower` the different values as they come, as bytes, without the two that name no "
    "occupation.",
)
def occupation_tower(tower):
    occupations = _all_occupations()
    _model(tower)
    embeddings = _embed(tower, tf.constant(occupations))
    if not isinstance(embeddings, tf.Tensor):
        mistake(f"It returns a {type(embeddings).__name__}, not an array of embeddings.")
    if embeddings.shape != (len(occupations), EMBEDDING_DIMENSION):
        shape = tuple(embeddings.shape)
        mistake(f"For the 21 occupations the shape is {shape}; (21, 32) is wanted: `make_tower`.")
    if not embeddings.dtype.is_floating:
        mistake("It returns row numbers or strings: after the lookup comes an Embedding layer.")
    strangers = _embed(tower, tf.constant([f"no such occupation {i}" for i in range(8)])).numpy()
    embeddings = embeddings.numpy()
    if np.ptp(strangers, axis=0).any():
        mistake("Two unknown occupations get different embeddings; they should share row 0.")
    is_nothing = np.isin(occupations, [b"none", b"other"])
    in_row_0 = (embeddings == strangers[0]).all(axis=1)
    if in_row_0.all():
        mistake(
            "All occupations share row 0: the vocabulary holds none of the values that the ratings "
            "have, such as b'student'."
        )
    lost = occupations[in_row_0 & ~is_nothing]
    if len(lost):
        mistake(f"{len(lost)} of 19 occupations share row 0, such as {lost[0].decode()!r}.")
    kept = [value.decode() for value in occupations[is_nothing & ~in_row_0]]
    if kept:
        mistake(
            f"{' and '.join(kept)} {'has a row of its' if len(kept) == 1 else 'have rows of their'}"
            " own: values that name no occupation go to row 0."
        )
    if len(np.unique(embeddings[~is_nothing], axis=0)) < 19:
        mistake("Some occupations share a row.")
    if not tower.trainable_variables:
        mistake("It has no weights that training can change.")
    rows = max(variable.shape[0] for variable in tower.trainable_variables)
    if rows > 20:
        mistake(
            f"The table has {rows:,} rows; 20 are enough: is something else than occupations in "
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
    "q1: count. q2: run it. q3: compute both.",
    "q1: which of the weights' shapes above hold 32 or 64? q2: whose loss does a TFRS model "
    "report? q3: what do all predictions of the untrained model have in common, and what did the "
    "two functions give for four equal predictions?",
    "q1: the tables double, and the first dense layer gets 128 numbers instead of 64. q2: compile, "
    "evaluate and read `loss`. q3: give both functions the batch's `user_rating` and "
    "`model(batch)`.",
)
def quiz_model(answers):
    return judge_choices(
        answers,
        q1={
            "a": "The dense layers of 64 and 1 stay as they are, and so do all biases.",
            "b": "Right: the tables double, and so do the 64 times 256 numbers of the first dense "
            "layer.",
            "c": "The first dense layer gets 128 numbers instead of 64: it needs more weights too.",
        },
        q2={
            "a": "A loss given to `compile` is ignored: what does `compute_loss` return?",
            "b": "Right: it is the task's MSE; what `compile` was given is ignored.",
            "c": "The RMSE is the task's metric; `loss` is what `compute_loss` returns.",
        },
        q3={
            "a": "Right: nearly equal predictions hide the bug. Test a loss with some that differ.",
            "b": "So it is for the right predictions. These are nearly equal: compute it.",
            "c": "There are 1,000 times as many squares, but both functions take their mean.",
        },
    )
