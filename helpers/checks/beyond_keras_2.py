"""Checks of lesson 13, Beyond Keras 2."""

import functools

import numpy as np

from helpers.checks.engine.answers import as_number, as_numbers, name_mistake, needs_function
from helpers.checks.engine.exercise import exercise, judge_choices, mistake
from helpers.keras2 import tf


def _keras_3():
    """Return Keras 3; not at import time, because no other lesson needs it."""
    import keras

    return keras


def _dense_pair(keras):
    """Return a layer of each kind that may be asked about, built, of one Keras."""
    layers = [
        keras.layers.Dense(2, name=f"same_{i}", kernel_initializer="ones") for i in range(3)
    ]  # with equal values in all of them
    for layer in layers:
        layer.build((None, 2))
    return layers


COMPARED = (  # what errors say when weights are compared
    "truth value", "ncompatible shapes", "Variable is unhashable", "unhashable type: 'Variable'",
)  # fmt: skip


class _Says:
    """Stand for a model: it trains the weights that it is given."""

    def __init__(self, weights):
        self.trainable_variables = self.trainable_weights = list(weights)
        self.variables = self.weights = self.trainable_variables
        self.layers = []

    def __getattr__(self, name):
        mistake(f"Ask the model for its `trainable_variables`; yours asked for `{name}`.")


@exercise(
    "Which list says what training changes, and which what a layer would like to be changed?",
    "`trainable_variables` of the model and of the layer. Are two weights with equal values the "
    "same weight? `is` and `id` compare objects.",
    "Collect `id(weight)` of the model's trainable variables in a set; a layer belongs into the "
    "answer if any of its own is not in it.",
)
def untrained_layers(function):
    needs_function(function)
    for which, keras in (("Keras 2", tf.keras), ("Keras 3", _keras_3())):
        _judge_plain(function, which, keras)
        _judge_real(function, which, keras)
    frozen = tf.keras.layers.Dense(1)
    frozen.build((None, 2))
    frozen.trainable = False
    if _found(function, _Says([]), [frozen]):
        mistake("A frozen layer asks for no training: it is not meant.")
    if frozen.trainable:
        mistake("Your function thaws the frozen layer that it is given: leave layers as they are.")
    for keras in (tf.keras, _keras_3()):
        _judge_state(function, keras)
    return "One call after a model is made, and no weight of these layers is left out unseen."


def _judge_plain(function, which, keras):
    first, second, third = _dense_pair(keras)
    without = keras.layers.Activation("relu")
    all_of = [*first.trainable_variables, *third.trainable_variables]
    asked = [third, without, second, first]
    found = _found(function, _Says(all_of), asked)
    if found == [0, 3]:
        mistake("These are the layers that are trained: the others were asked for.")
    if 1 in found:
        mistake("A layer without weights wants no training: it is not meant.")
    if found == []:
        mistake(
            f"A layer of {which} is left out by the model, and not found: its weights have the "
            "values, or names, of others, but they are objects of their own."
        )
    if found != [2]:
        mistake("One of four layers is left out, and another is named: look at its own weights.")
    for one in second.trainable_variables:
        half = _Says([one, *first.trainable_variables])
        if _found(function, half, [second, first]) != [0]:
            mistake(
                "A layer of which the model trains one weight and leaves one out is meant, too."
            )
    if _found(function, _Says([]), [second, third, first]) != [0, 1, 2]:
        mistake("A model that trains nothing leaves all three layers out, in the order given.")
    if _found(function, _Says(all_of), []):
        mistake("Without layers, there are none to find.")


def _judge_real(function, which, keras):
    """Ask about models as people make them, in which the other Keras's layer is left out."""
    other = _keras_3() if keras is tf.keras else tf.keras
    inputs = np.ones((3, 2), np.float32)

    class Model(keras.Model):
        def __init__(self):
            super().__init__()
            self.own, self.guest = keras.layers.Dense(2), other.layers.Dense(1)

        def call(self, x):
            return self.guest(self.own(x))

    model = Model()
    model(inputs)
    expected = [] if keras is tf.keras else [1]  # Keras 2 takes it in, and stops in training
    if _found(function, model, [model.own, model.guest]) != expected:
        mistake(f"In a {which} model written as a class, another set is left out than you say.")


def _judge_state(function, keras):
    """Ask about weights that a model holds and does not train."""
    state = keras.Sequential([keras.layers.BatchNormalization()])
    state.build((None, 2))
    if _found(function, state, state.layers):
        mistake(
            "A BatchNormalization is trained, and named: its moving averages are among its "
            "`weights`, but are not trainable. Ask for `trainable_variables`."
        )
    model = keras.Sequential([keras.layers.Dense(1)])
    model.build((None, 2))
    model.trainable = False
    model.layers[0].trainable = True
    if _found(function, model, model.layers) != [0]:
        mistake(
            "A frozen model trains nothing, though it still has the weights of a layer that wants "
            "training: which list of the model says what training changes?"
        )


def _found(function, model, layers):
    """Return the places of the layers that the learner's function names."""
    before = list(layers)
    try:
        answer = function(model, layers)
    except (TypeError, ValueError, tf.errors.InvalidArgumentError) as error:
        if not any(words in str(error) for words in COMPARED):
            raise
        mistake(
            "`in`, `==` and sets compare the weights' values, number by number, and stop at that: "
            "compare the objects, by `is` or by `id(weight)`."
        )
    if answer is None:
        mistake("Your function returns nothing: add `return`.")
    if layers != before:
        mistake("Your function changes the list of layers that it is given.")
    if not isinstance(answer, list | tuple):
        mistake(f"A list of layers was asked for; yours is a {type(answer).__name__}.")
    places = [[i for i, layer in enumerate(layers) if layer is each] for each in answer]
    if not all(places):
        mistake("The list should hold layers themselves, of those that were given.")
    places = [place for (place, *_) in places]
    if len(set(places)) < len(places):
        mistake("A layer stands in your list more than once.")
    if places != sorted(places):
        mistake("The layers should come in the order in which they were given.")
    return places


STOPS, WORKS, SILENT = "a", "b", "c"


def _kinds(right, **texts):
    return {letter: ("Right: " if letter == right else "") + texts[letter] for letter in "abc"}


@exercise(
    "Has it weights or a state that the other Keras would have to look after, or does it only "
    "compute?",
    "Run the cells between, and read the tables: `layer in a class` has two columns.",
    "Two stop, one works, and three are silent.",
)
def mixes(answers):
    weights = "Keras 2 counts its weights, and its optimizer cannot handle them"
    silent = "Keras 3 does not know the layer's weights, and trains the others"
    computes = "a loss only computes, with TensorFlow's tensors"
    state = "Keras 3 updates the metric and never sets it back, so that its value is wrong"
    task = "the task calls it, and reports only what it recognises as a Keras 2 metric"
    file = "the file names layers with settings that Keras 2 does not have"
    return judge_choices(
        answers,
        layer_in_class=_kinds(
            STOPS, a=weights + ".", b=f"It does not come so far: {weights}.",
            c=f"In a class, {weights}: that is no silence.",
        ),
        old_layer_in_class=_kinds(
            SILENT, a=f"Nothing stops: {silent}.", b=f"It runs, but {silent}.", c=silent + "."
        ),
        loss=_kinds(
            WORKS, a=f"Nothing stops: {computes}.", b=computes + ".",
            c=f"It does its work: {computes}.",
        ),
        old_metric_in_compile=_kinds(
            SILENT, a=f"Nothing stops: {state}.",
            b=f"A value is reported; is it right? {state[0].upper() + state[1:]}.", c=state + ".",
        ),
        metric_in_task=_kinds(
            SILENT, a=f"No error comes: {task}.", b=f"Look for its name in the report: {task}.",
            c=task + ".",
        ),
        file=_kinds(
            STOPS, a=file + ".", b=f"The other way round it works; here {file}.",
            c=f"It is no silence: {file}.",
        ),
    )  # fmt: skip


def _tower(known, dimension, seed):
    table = np.random.default_rng(seed).normal(size=(len(known) + 1, dimension))
    tower = tf.keras.Sequential(
        [
            tf.keras.Input((), dtype=tf.string),
            tf.keras.layers.StringLookup(vocabulary=known, mask_token=None),
            tf.keras.layers.Embedding(*table.shape, tf.keras.initializers.Constant(table)),
        ]
    )
    return tower, table.astype(np.float32)


@exercise(
    "The new model's row 0 is for `names[0]`. Which row of the old table has it, and who can tell "
    "you?",
    "The tower's own lookup says in which row a name is, known or not. What belongs into the last "
    "row?",
    "Take the table's rows `lookup(names)`, and put the row of unknown names, row 0, below them.",
)
def carried_table(function):
    needs_function(function)
    known = ["9", "10", "é", "Łódź", "100", "1"]
    tower, table = _tower(known, 3, 1)
    cases = (known, sorted(known), ["nobody", "1", "9", "é"], ["10"], known[::-1], [], ["no", "x"])
    for names in cases:
        rows = [known.index(name) + 1 if name in known else 0 for name in names]
        for array in (np.array([n.encode() for n in names], "S8"), np.array(names, "U8")):
            _judge_table(function, tower, table, rows, array)
    many = [f"movie {i}" for i in np.random.default_rng(2).permutation(300)]
    many += ["unknown", ""]  # are names like any other
    tower, table = _tower(many, 4, 2)
    names = [*sorted(many[:250]), "a new one"]
    rows = [many.index(name) + 1 if name in many else 0 for name in names]
    _judge_table(function, tower, table, rows, np.array(names))
    return "The lookup knows whose row it is; nobody else has to know its order."


def _judge_table(function, tower, table, rows, names):
    given = names.copy()
    try:
        answer = function(tower, names)
    except UnicodeError:
        mistake(
            "Bytes may hold more than ASCII, which is all that NumPy reads where it makes text of "
            "them (`astype(str)`, or text appended): they are UTF-8. The tower's lookup takes them "
            "as they are; `name.decode()` makes text of a single one."
        )
    if not np.array_equal(names, given):
        mistake("Your function changes the names that it is given.")
    if not np.array_equal(tower.layers[1].get_weights()[0], table):
        mistake("Your function changes the tower, which the old model still needs.")
    if isinstance(answer, list) and len(answer) == 1 and np.ndim(answer[0]) == 2:
        mistake("The table itself was asked for, not a list that holds it.")
    answer = as_numbers(answer, "The numbers of a table")
    right = np.concatenate([table[rows], table[:1]])
    if answer.shape != right.shape:
        mistake(
            f"{len(names)} names need the shape {right.shape}; yours has {answer.shape}. The new "
            "table has a row for each name, whether the tower knows it or not, and one more, the "
            "last, for everything unknown."
        )
    if np.allclose(answer, right):
        return
    shifted = np.concatenate([table[np.maximum(np.array(rows, int) - 1, 0)], table[:1]])
    named = [
        (np.concatenate([table[:1], table[rows]]), "The row for unknown names comes last here."),
        (np.repeat(table[:1], len(right), 0), f"Row 0 is not what the tower gives to "
         f'"{_text(names[0])}": all rows are that of unknown names. Names may be bytes: a look-up '
         "by text does not find them, and `str` of them is \"b'…'\"."),
        (shifted, "Each row is that of the name before: row 0 of the old table is no name's."),
        (np.concatenate([table[rows], table[-1:]]), "The last row should be the old row 0, which "
         "stands for unknown names; yours is the old last one."),
        (np.concatenate([table[rows], 0 * table[:1]]), "The last row is zeros: unknown names have "
         "a row in the old table, and the new one should give what it gave."),
    ]  # fmt: skip
    if len(right) == len(table):
        named += [
            (table, "This is the old table as it was: the rows have other names now."),
            (np.roll(table, -1, 0), "Row 0 has moved to the end, but the others have kept the old "
             "vocabulary's order: the order of `names` is another."),
        ]  # fmt: skip
    name_mistake(answer, named, lambda a, b: a.shape == b.shape and np.allclose(a, b))
    wrong = [i for i, row in enumerate(right) if not np.allclose(answer[i], row)]
    if wrong[0] == len(names):
        mistake("The last row should be what the tower gives to unknown names.")
    name = _text(names[wrong[0]])
    if rows[wrong[0]] == 0:
        mistake(f'The tower does not know "{name}": give it what it gives to unknown names.')
    mistake(f'Row {wrong[0]} is not what the tower gives to "{name}".')


def _text(name):
    return name.decode() if isinstance(name, bytes) else str(name)


@functools.cache
def _correction():
    import keras_rs

    return keras_rs.layers.SamplingProbabilityCorrection()


class _Towers:
    """Stand for the model: a correction, and penalties of several kinds."""

    def __init__(self, penalties):
        self.correct = _correction()
        self.losses = [tf.constant(value, tf.float32) for value in penalties]


@exercise(
    "TFRS's retrieval task adds the losses of the batch's rows up. What does a loss of Keras do by "
    "default? And what has TFRS's training step added since lesson 6?",
    "`reduction` of the loss decides between sum and mean. The penalties of all layers are in "
    "`model.losses`.",
    "Use `reduction=\"sum\"`, and add `sum(model.losses)` once, to the sum.",
)  # fmt: skip
def in_batch_loss(function):
    needs_function(function)
    rng = np.random.default_rng(4)
    for n, dimension, penalties in (
        (7, 3, (0.5, 2.25)),
        (2, 4, (8.0,)),
        (5, 1, (0.75,)),
        (33, 8, (3, 3, 3)),
    ):
        user, movie = (tf.constant(rng.normal(size=(n, dimension)), tf.float32) for _ in "um")
        shares = tf.constant(rng.choice([0.03, 0.004, 0.0005, 0.00008], n), tf.float32)
        model = _Towers(penalties)
        value = as_number(function(model, user, movie, shares))
        _judge_loss(value, user.numpy(), movie.numpy(), shares.numpy(), penalties)
    _judge_gradients(function, user, movie, shares)
    return "Sums and penalties come from somewhere: TFRS added both, in Keras 3 you do."


def _softmax_losses(scores):
    scores = scores - scores.max(axis=1, keepdims=True)
    return np.log(np.exp(scores).sum(axis=1)) - np.diag(scores)


def _judge_loss(value, user, movie, shares, penalties):
    scores, n, penalty = user @ movie.T, len(user), sum(penalties)
    log_q = np.log(np.clip(shares, 1e-6, 1))
    of_rows = _softmax_losses(scores - log_q[None, :])
    right = of_rows.sum() + penalty
    if np.isclose(value, right, rtol=1e-4):
        return
    plain = _softmax_losses(scores)
    upside, added = _softmax_losses((scores - log_q[None, :]).T), _softmax_losses(scores + log_q)
    twice, swapped = _softmax_losses(scores - 2 * log_q), _softmax_losses(scores.T - log_q)
    from_shares = tf.keras.losses.SparseCategoricalCrossentropy(reduction="sum")
    both = "The losses of the batch's rows should be added up, as TFRS's task does; yours is their "
    both += "mean"
    named = [
        (of_rows.sum(), "The penalties are missing: `model.losses` holds them."),
        (of_rows.mean(), f"{both}, and the penalties are missing."),
        (of_rows.mean() + penalty, f"{both}."),
        (of_rows.mean() + penalty / n, f"{both}, and the penalties are divided, too."),
        (of_rows.sum() + 2 * penalty, "The penalties are added twice."),
        (of_rows.sum() + n * penalty, "The penalties are added once for each row: once is enough."),
        (of_rows.sum() + penalty / n, "The penalties are divided by the batch's size: TFRS adds "
         "them as they are."),
        (of_rows.sum() - penalty, "The penalties are subtracted."),
        (plain.sum() + penalty, "Nothing is corrected: `model.correct` takes scores and shares, "
         "and the shares belong to the candidates, which are the columns. (What is the same for a "
         "whole row changes nothing in a softmax.)"),
        (upside.sum() + penalty, "Each row should hold one user's scores with all movies; yours "
         "holds one movie's with all users."),
        (added.sum() + penalty, "The logarithm of the share is subtracted; yours is added."),
        (twice.sum() + penalty, "The logarithm of the share is subtracted twice."),
        (swapped.sum() + penalty, "Users and movies are exchanged: each row should hold one "
         "user's scores with all movies."),
        (float(from_shares(np.arange(n), scores - log_q)) + penalty, "The loss takes your scores "
         "for shares that add up to 1: scores are logits, and `from_logits=True` says so."),
        (of_rows.sum() + penalties[0], "Only the first penalty is added: the model has several."),
        (-right, "The sign is turned round: training would make it worse."),
        (-of_rows.sum() + penalty, "The sign of the softmax's part is turned round."),
    ]  # fmt: skip
    name_mistake(value, named, lambda a, b: np.isclose(a, b, rtol=1e-4))
    mistake(f"For a batch of {n}, the loss is {right:.3f}; yours is {value:.3f}.")


def _judge_gradients(function, user, movie, shares):
    """See that training reaches both tables and the penalties, in a graph as `fit` makes one."""
    user, movie, weight = tf.Variable(user), tf.Variable(movie), tf.Variable(2.0)
    any_number = tf.TensorSpec([None], tf.float32)

    @tf.function(input_signature=[any_number], autograph=False)  # as Keras 3 does
    def gradients(shares):
        with tf.GradientTape() as tape:
            model = _Towers(())
            model.losses = [weight**2]
            places = tf.range(tf.size(shares))  # so many rows as there are: the graph cannot know
            loss = function(model, tf.gather(user, places), tf.gather(movie, places), shares)
        return tape.gradient(loss, [user, movie, weight])

    try:
        found = gradients(shares)
    except (AttributeError, NotImplementedError, TypeError, ValueError) as error:
        mistake(
            f"`fit` makes a graph of it, and there it stops ({type(error).__name__}): stay with "
            "`keras.ops`. A graph has no values for NumPy and `float`, and does not know how many "
            "rows come: `keras.ops.shape(shares)[0]` asks when it runs."
        )
    if any(gradient is None for gradient in found):
        mistake(
            "Training does not reach all weights through it: neither NumPy nor `stop_gradient` may "
            "stand between the loss and what is trained."
        )


@exercise(
    "Which of the cells above prints it, or can be changed so that it does?",
    "q1: the table of mixes, and number 4 of the map. q2: *6. Losses and metrics on lists*. q3: "
    "try it with two Embeddings.",
    "q1 is one of a and c; q2 is one of b and c; q3 is one of a and b.",
)
def quiz_keras(answers):
    return judge_choices(
        answers,
        q1={
            "a": "Right: `Cross` has the same weights and output as FeatureCross, and stays with "
            "the exclusions.",
            "b": "A Keras 3 layer stops a Keras 2 model that is written as a class.",
            "c": "KerasRS's search has no exclusions: moving costs work and loses something.",
        },
        q2={
            "a": "Nothing stops: 0 is a label like any other.",
            "b": "It has features: the numbers 0, user and movie; and the printed losses differ.",
            "c": "Right: 0 is below every star, so the padding is to come last.",
        },
        q3={
            "a": "The shapes are equal: there is nothing to complain of.",
            "b": "Right: weights are taken by their order, so go layer by layer, by name.",
            "c": "`set_weights` takes a list of arrays, which have no names.",
        },
    )
