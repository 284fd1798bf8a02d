"""Right and plausibly wrong answers to the exercises of lesson 13.

What the texts demand, and an answer that breaks each alone (after the `#` of its line):

- untrained_layers: by identity, not by value (U1) nor name (U2); any weight left out counts (U3);
  frozen layers (U4) and those without weights (U5) are not meant; of the layers given, in their
  order (U6), once each (U7); as a list of layers (U8); for both Keras (U9); by the weights that
  can be trained (U10), and those that the model trains, not all that it has (U11)
- carried_table: the names' order (C1), also of names that the tower lacks (C2); bytes and text
  (C3); one more row (C4), the last (C5), with what unknown names had (C6); the tower stays (C7)
- in_batch_loss: sum (I1); penalties, once (I2, I3); corrected (I4), by candidate (I5);
  differentiable (I6), for any number of rows (I7)
"""

import keras
import numpy as np

from helpers.keras2 import tf
from helpers.models import keras3


def by_id(model, layers):
    trained = {id(weight) for weight in model.trainable_variables}
    return [
        layer
        for layer in layers
        if any(id(weight) not in trained for weight in layer.trainable_variables)
    ]


def by_is(model, layers):
    found = []
    for layer in layers:
        for weight in layer.trainable_weights:
            if not any(weight is other for other in model.trainable_weights):
                found.append(layer)
                break
    return found


def by_subset(model, layers):
    ids = set(map(id, model.trainable_variables))
    return [each for each in layers if not set(map(id, each.trainable_variables)) <= ids]


def by_subset_of_weights(model, layers):
    ids = set(map(id, model.weights))
    return [each for each in layers if not set(map(id, each.trainable_variables)) <= ids]


def by_all_weights(model, layers):
    trained = {id(weight) for weight in model.trainable_variables}
    return [
        layer
        for layer in layers
        if layer.trainable and any(id(weight) not in trained for weight in layer.weights)
    ]


def not_in_list(model, layers):
    trained = model.trainable_variables
    return [
        layer
        for layer in layers
        if any(weight not in trained for weight in layer.trainable_variables)
    ]


def not_in_set(model, layers):
    trained = set(model.trainable_variables)
    return [layer for layer in layers if set(layer.trainable_variables) - trained]


def by_value(model, layers):
    trained = [np.array(weight) for weight in model.trainable_variables]
    return [
        layer
        for layer in layers
        if any(
            not any(np.array_equal(np.array(weight), other) for other in trained)
            for weight in layer.trainable_variables
        )
    ]


def by_name(model, layers):
    names = {weight.name for weight in model.trainable_variables}
    return [
        layer
        for layer in layers
        if any(weight.name not in names for weight in layer.trainable_variables)
    ]


def by_all(model, layers):
    trained = {id(weight) for weight in model.trainable_variables}
    return [
        layer
        for layer in layers
        if layer.trainable_variables
        and all(id(weight) not in trained for weight in layer.trainable_variables)
    ]


def with_frozen(model, layers):
    trained = {id(weight) for weight in model.trainable_variables}
    return [layer for layer in layers if any(id(w) not in trained for w in layer.weights)]


def by_the_last_weight(model, layers):
    trained = {id(weight) for weight in model.trainable_variables}
    return [
        layer
        for layer in layers
        if layer.trainable_variables and id(layer.trainable_variables[-1]) not in trained
    ]


def thawing(model, layers):
    found = by_id(model, layers)
    for layer in layers:
        layer.trainable = True
    return found


def by_inner_layers(model, layers):
    trained = {id(w) for layer in model._flatten_layers() for w in layer.trainable_variables}
    return [each for each in layers if any(id(w) not in trained for w in each.trainable_variables)]


def with_empty(model, layers):
    trained = {id(weight) for weight in model.trainable_variables}
    return [
        layer
        for layer in layers
        if not layer.trainable_variables
        or any(id(weight) not in trained for weight in layer.trainable_variables)
    ]


def once_for_each_weight(model, layers):
    trained = {id(weight) for weight in model.trainable_variables}
    return [
        layer
        for layer in layers
        for weight in layer.trainable_variables
        if id(weight) not in trained
    ]


def by_kind(model, layers):
    theirs = isinstance(model, tf.keras.Model)
    return [layer for layer in layers if isinstance(layer, tf.keras.layers.Layer) != theirs]


def of_keras_2_alone(model, layers):
    return [each for each in by_id(model, layers) if isinstance(each, tf.keras.layers.Layer)]


def not_among_its_layers(model, layers):
    return [each for each in layers if each.weights and each not in model.layers]


def the_trained(model, layers):
    left_out = by_id(model, layers)
    return [layer for layer in layers if layer.trainable_variables and layer not in left_out]


def popped(model, layers):
    found = by_id(model, layers)
    layers.clear()
    return found


MIXES = {
    "layer_in_class": "a", "old_layer_in_class": "c", "loss": "b",
    "old_metric_in_compile": "c", "metric_in_task": "c", "file": "a",
}  # fmt: skip


def table_of(tower):
    return tower.layers[1].get_weights()[0]


def by_lookup(tower, names):
    table = table_of(tower)
    return np.concatenate([table[tower.layers[0](names).numpy()], table[:1]])


def by_dict(tower, names):
    vocabulary = tower.layers[0].get_vocabulary()
    row_of = {name: row for row, name in enumerate(vocabulary)}
    texts = [n.decode() if isinstance(n, bytes) else str(n) for n in names]
    return table_of(tower)[[row_of.get(text, 0) for text in texts] + [0]]


def by_the_tower(tower, names):
    stranger = tower(tf.constant(["no such name, I hope"]))
    if len(names) == 0:
        return stranger
    return tf.concat([tower(tf.constant(names)), stranger], axis=0)


def first_row_first(tower, names):
    table = table_of(tower)
    return np.concatenate([table[:1], table[tower.layers[0](names).numpy()]])


def without_the_last(tower, names):
    return table_of(tower)[tower.layers[0](names).numpy()]


def last_of_the_old(tower, names):
    table = table_of(tower)
    return np.concatenate([table[tower.layers[0](names).numpy()], table[-1:]])


def zeros_last(tower, names):
    table = table_of(tower)
    return np.concatenate([table[tower.layers[0](names).numpy()], 0 * table[:1]])


def random_last(tower, names):
    table = table_of(tower)
    last = np.random.default_rng(1).normal(0, 0.05, table[:1].shape)
    return np.concatenate([table[tower.layers[0](names).numpy()], last])


def minus_one(tower, names):
    table = table_of(tower)
    rows = np.maximum(tower.layers[0](names).numpy() - 1, 0)
    return np.concatenate([table[rows], table[:1]])


def only_known(tower, names):
    table, rows = table_of(tower), tower.layers[0](names).numpy()
    return np.concatenate([table[rows[rows > 0]], table[:1]])


def zeros_for_unknown(tower, names):
    table, rows = table_of(tower), tower.layers[0](names).numpy()
    return np.concatenate([table[rows] * (rows > 0)[:, None], table[:1]])


def of_text_alone(tower, names):
    row_of = {name: row for row, name in enumerate(tower.layers[0].get_vocabulary())}
    return table_of(tower)[[row_of.get(name, 0) for name in names.tolist()] + [0]]


def by_str(tower, names):
    row_of = {name: row for row, name in enumerate(tower.layers[0].get_vocabulary())}
    return table_of(tower)[[row_of.get(str(name), 0) for name in names.tolist()] + [0]]


def with_unknown_for_unknown(tower, names):
    more = np.append(names, b"unknown" if names.dtype.kind == "S" else "unknown")
    return table_of(tower)[tower.layers[0](more).numpy()]


def with_a_name_more(tower, names):
    return table_of(tower)[tower.layers[0](np.append(names, "no such name, I hope")).numpy()]


def with_bytes_more(tower, names):
    stranger = "no such name, I hope"
    names = np.append(names, stranger.encode() if names.dtype.kind == "S" else stranger)
    return table_of(tower)[tower.layers[0](names).numpy()]


def of_ascii(tower, names):
    return by_lookup(tower, names.astype(str))


def moves_the_tower(tower, names):
    table = by_lookup(tower, names)
    tower.layers[1].set_weights([0 * table_of(tower)])
    return table


def own_loss(model, user, movie, shares):
    scores = user @ keras.ops.transpose(movie) - keras.ops.log(shares)[None, :]
    losses = keras.ops.logsumexp(scores, axis=1) - keras.ops.diagonal(scores)
    return keras.ops.sum(losses) + keras.ops.sum(keras.ops.stack([0.0, *model.losses]))


def with_one_hot(model, user, movie, shares):
    scores = model.correct(keras.ops.einsum("id,jd->ij", user, movie), shares)
    softmax = keras.losses.CategoricalCrossentropy(from_logits=True, reduction="sum")
    return softmax(keras.ops.eye(keras.ops.shape(scores)[0]), scores) + sum(model.losses)


def rows_of_loss(model, user, movie, shares):
    scores = model.correct(keras.ops.matmul(user, keras.ops.transpose(movie)), shares[None, :])
    right = keras.ops.arange(keras.ops.shape(shares)[0])
    return keras.ops.sparse_categorical_crossentropy(right, scores, from_logits=True)


def with_add_n(model, user, movie, shares):
    return total(rows_of_loss(model, user, movie, shares)) + tf.add_n(model.losses)


def with_len(model, user, movie, shares):
    scores = model.correct(keras.ops.matmul(user, keras.ops.transpose(movie)), shares[None, :])
    softmax = keras.losses.SparseCategoricalCrossentropy(from_logits=True, reduction="sum")
    return softmax(keras.ops.arange(len(shares)), scores) + sum(model.losses)


def as_floats(model, *given):
    return float(total(rows_of_loss(model, *given))) + float(sum(model.losses))


def penalty_as_float(model, *given):
    return total(rows_of_loss(model, *given)) + float(sum(model.losses))


def total(values):
    return keras.ops.sum(values)


def with_static_size(model, user, movie, shares):
    scores = model.correct(keras.ops.matmul(user, keras.ops.transpose(movie)), shares[None, :])
    softmax = keras.losses.SparseCategoricalCrossentropy(from_logits=True, reduction="sum")
    return softmax(np.arange(shares.shape[0]), scores) + sum(model.losses)


def in_numpy(model, user, movie, shares):
    scores = np.array(user) @ np.array(movie).T - np.log(np.array(shares))[None, :]
    losses = np.log(np.exp(scores).sum(axis=1)) - np.diag(scores)
    return losses.sum() + float(sum(model.losses))


def cut_off(model, user, movie, shares):
    return keras3.in_batch_loss(model, user, keras.ops.stop_gradient(movie), shares)


def uncorrected(model, user, movie, shares):
    return keras3.in_batch_loss(model, user, movie, keras.ops.ones_like(shares))


def corrected_by_user(model, user, movie, shares):
    scores = model.correct(keras.ops.matmul(user, keras.ops.transpose(movie)), shares[:, None])
    right = keras.ops.diagonal(keras.ops.log_softmax(scores))
    return sum(model.losses) - keras.ops.sum(right)


def of_movies(model, user, movie, shares):
    scores = model.correct(keras.ops.matmul(user, keras.ops.transpose(movie)), shares[None, :])
    right = keras.ops.diagonal(keras.ops.log_softmax(scores, axis=0))
    return sum(model.losses) - keras.ops.sum(right)


def corrected_twice(model, user, movie, shares):
    scores = model.correct(keras.ops.matmul(user, keras.ops.transpose(movie)), shares[None, :])
    right = keras.ops.diagonal(keras.ops.log_softmax(model.correct(scores, shares[None, :])))
    return sum(model.losses) - keras.ops.sum(right)


def users_and_movies_exchanged(model, user, movie, shares):
    return keras3.in_batch_loss(model, movie, user, shares)


def with_scores_for_shares(model, user, movie, shares):
    scores = model.correct(keras.ops.matmul(user, keras.ops.transpose(movie)), shares[None, :])
    softmax = keras.losses.SparseCategoricalCrossentropy(reduction="sum")
    return softmax(keras.ops.arange(keras.ops.shape(shares)[0]), scores) + sum(model.losses)


def with_the_first_penalty(model, *given):
    return total(rows_of_loss(model, *given)) + model.losses[0]


def penalties_of_each_row(model, user, movie, shares):
    return total(rows_of_loss(model, user, movie, shares) + sum(model.losses))


QUIZ = {"q1": "a", "q2": "c", "q3": "b"}


RIGHT = {
    "untrained_layers": [(by_id,), (by_is,), (by_subset,)],
    "mixes": [(MIXES,), ({name: letter.upper() for name, letter in MIXES.items()},)],
    "carried_table": [(by_lookup,), (by_dict,), (by_the_tower,), (with_bytes_more,)],
    "in_batch_loss": [(keras3.in_batch_loss,), (own_loss,), (with_one_hot,), (with_add_n,)],
    "quiz_keras": [(QUIZ,), ({name: letter.upper() for name, letter in QUIZ.items()},)],
}
WRONG = {
    "untrained_layers": [
        ((by_value,), "objects of their own"),  # U1
        ((by_name,), "objects of their own"),  # U2
        ((by_all,), "trains one weight and leaves one out"),  # U3
        ((by_the_last_weight,), "trains one weight and leaves one out"),  # U3
        ((thawing,), "thaws the frozen layer"),
        ((by_inner_layers,), "yours asked for `_flatten_layers`"),
        ((with_frozen,), "A frozen layer"),  # U4
        ((by_all_weights,), "its moving averages"),  # U10
        ((by_subset_of_weights,), "A frozen model trains nothing"),  # U11
        ((not_in_list,), "by `is` or by `id(weight)`"),
        ((not_in_set,), "by `is` or by `id(weight)`"),
        ((with_empty,), "A layer without weights"),  # U5
        ((lambda model, layers: by_id(model, layers)[::-1],), "in the order"),  # U6
        ((once_for_each_weight,), "more than once"),  # U7
        (
            (lambda model, layers: [each.name for each in by_id(model, layers)],),
            "layers them",
        ),  # U8
        ((lambda model, layers: by_id(model, layers) != [],), "yours is a bool"),
        ((by_kind,), "A layer without weights"),
        ((of_keras_2_alone,), "A layer of Keras 3 is left out"),  # U9
        ((the_trained,), "that are trained"),
        ((not_among_its_layers,), "look at its own weights"),
        ((popped,), "changes the list"),
        ((lambda model, layers: [],), "objects of their own"),
        ((lambda model, layers: print(end=""),), "add `return`"),
        ((lambda model: [],), "raised TypeError"),
        ((["a layer"],), "A function was asked for"),
    ],
    "mixes": [
        ((MIXES | {"layer_in_class": "c"},), "layer_in_class: In a class"),
        ((MIXES | {"layer_in_class": "b"},), "layer_in_class: It does not come so far"),
        ((MIXES | {"old_layer_in_class": "a"},), "old_layer_in_class: Nothing stops"),
        ((MIXES | {"old_layer_in_class": "b"},), "old_layer_in_class: It runs, but"),
        ((MIXES | {"loss": "a"},), "loss: Nothing stops"),
        ((MIXES | {"loss": "c"},), "loss: It does its work"),
        ((MIXES | {"old_metric_in_compile": "a"},), "old_metric_in_compile: Nothing stops"),
        ((MIXES | {"old_metric_in_compile": "b"},), "is it right?"),
        ((MIXES | {"metric_in_task": "b"},), "metric_in_task: Look for its name"),
        ((MIXES | {"file": "b"},), "file: The other way round"),
        ((MIXES | {"file": ...},), "Still open: file"),
        ((list(MIXES.values()),), "Answer with a dict"),
    ],
    "carried_table": [
        ((lambda tower, names: table_of(tower),), "comes last here"),
        ((lambda tower, names: np.roll(table_of(tower), -1, 0),), "the order of `names`"),  # C1
        ((only_known,), "whether the tower knows it or not"),  # C2
        ((zeros_for_unknown,), 'does not know "nobody"'),
        ((of_text_alone,), 'gives to "9"'),  # C3
        ((by_str,), "`str` of them is"),
        ((with_unknown_for_unknown,), "what the tower gives to unknown names"),
        ((with_a_name_more,), "more than ASCII"),  # C3
        ((of_ascii,), "more than ASCII"),  # C3
        ((without_the_last,), "and one more, the last"),  # C4
        ((first_row_first,), "comes last here"),  # C5
        ((last_of_the_old,), "yours is the old last one"),  # C6
        ((zeros_last,), "The last row is zeros"),
        ((random_last,), "The last row should be what"),
        ((moves_the_tower,), "changes the tower"),  # C7
        ((minus_one,), "that of the name before"),
        ((lambda tower, names: [by_lookup(tower, names)],), "not a list that holds it"),
        ((lambda tower, names: print(end=""),), "add `return`"),
        ((np.zeros((3, 2)),), "A function was asked for"),
    ],
    "in_batch_loss": [
        ((lambda *given: total(rows_of_loss(*given)),), "The penalties are missing: `model"),  # I2
        (
            (lambda *given: keras.ops.mean(rows_of_loss(*given)),),
            "yours is their mean, and the penalties are missing",
        ),
        (
            (
                lambda model, *given: (
                    keras.ops.mean(rows_of_loss(model, *given)) + sum(model.losses)
                ),
            ),
            "yours is their mean.",
        ),  # I1
        (
            (lambda model, *given: keras3.in_batch_loss(model, *given) + sum(model.losses),),
            "added twice",
        ),  # I3
        ((penalties_of_each_row,), "once for each row"),
        ((corrected_twice,), "subtracted twice"),
        ((users_and_movies_exchanged,), "are exchanged"),
        ((with_scores_for_shares,), "`from_logits=True`"),
        ((with_the_first_penalty,), "Only the first penalty"),
        ((uncorrected,), "Nothing is corrected"),  # I4
        ((corrected_by_user,), "the same for a whole row"),  # I5
        ((of_movies,), "one movie's with all users"),
        ((rows_of_loss,), "the shape (7,)"),
        ((in_numpy,), "`fit` makes a graph of it"),  # I6
        ((cut_off,), "does not reach all weights"),
        ((as_floats,), "no values for NumPy and `float`"),  # I6
        ((penalty_as_float,), "no values for NumPy and `float`"),  # I6
        ((with_static_size,), "does not know how many rows"),  # I7
        ((with_len,), "does not know how many rows"),  # I7
        ((lambda *given: -keras3.in_batch_loss(*given),), "The sign is turned round"),
        ((lambda *given: print(end=""),), "add `return`"),
        ((3.0,), "A function was asked for"),
    ],
    "quiz_keras": [
        ((QUIZ | {"q1": "b"},), "q1: A Keras 3 layer stops"),
        ((QUIZ | {"q1": "c"},), "q1: KerasRS's search has no exclusions"),
        ((QUIZ | {"q2": "a"},), "q2: Nothing stops"),
        ((QUIZ | {"q2": "b"},), "q2: It has features"),
        ((QUIZ | {"q3": "a"},), "q3: The shapes are equal"),
        ((QUIZ | {"q3": "c"},), "q3: `set_weights` takes a list"),
        ((QUIZ | {"q3": ...},), "Still open: q3"),
        ((["b", "c", "b"],), "Answer with a dict"),
    ],
}
