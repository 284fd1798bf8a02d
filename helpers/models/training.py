"""Training with a learning rate that falls to zero, and predictions in large batches."""

import numpy as np

from helpers.data.batches import make_batches
from helpers.data.ratings import take
from helpers.keras2 import tf

STEPS_PER_CALL = 20  # of training, so that Keras's own work between calls counts little
RATINGS_PER_STEP = 2_048
MOST_STEPS = 100  # at most: a step costs the more, the larger the tables and histories are
PREDICTED_AT_ONCE = 20_000  # ratings


def fit_model(
    model, train, batches=None, *, epochs=8, learning_rate=0.006, callbacks=(), like=None
):
    """Train a TFRS model with Adam; the learning rate falls to 0 along half a cosine wave.

    Args:
        model: a `tfrs.Model`; if it has `fields`, only these are put into batches.
        train: training features.
        batches: the same in batches; by default shuffled ones of `batch_size_of` their number.
        epochs: int.
        learning_rate: float, at the first step.
        callbacks: list of Keras callbacks.
        like: a model that `fit_model` has trained, which differs from this one in nothing but its
            seed, on the same rows with the same settings. Its training step is used again, which
            saves tracing one, about half of the time. It keeps its weights.

    Returns:
        The same model, trained.
    """
    if batches is None:
        rows = {name: train[name] for name in getattr(model, "fields", train)}
        n = len(next(iter(rows.values())))
        batches = make_batches(rows, batch_size_of(n), shuffle=True)
    steps = int(batches.cardinality())
    rate = tf.keras.optimizers.schedules.CosineDecay(learning_rate, epochs * steps)
    model.compile(tf.keras.optimizers.Adam(rate), steps_per_execution=min(steps, STEPS_PER_CALL))
    model(take(train, slice(1)))  # with all weights there, Keras traces a training step only once
    run = {"steps_per_epoch": steps, "epochs": epochs, "callbacks": list(callbacks), "verbose": 0}
    if like is not None:
        return fit_like(like, model, batches.repeat(), **run)
    model.optimizer.build(model.trainable_variables)
    model.train_step = tf.function(model.train_step)  # or Keras's loop over steps traces it twice
    model.fit(batches.repeat(), **run)
    del model.train_step  # it is no part of what is saved with the model
    return model


def train_seeds(train_model, train, seeds, **settings):
    """Train a model once from each seed; the step is traced only once.

    Args:
        train_model: function such as `train_rating_model`, which takes `seed` and gives `like` to
            `fit_model`.
        train: what it learns from.
        seeds: ints.
        **settings: more that `train_model` takes.

    Returns:
        List of models, one for each seed, the same as `train_model` returns for it.
    """
    models = []
    for seed in seeds:
        like = models[0] if models else None
        models.append(train_model(train, seed=seed, like=like, **settings))
    return models


def fit_like(like, model, *arguments, **settings):
    """Train a model by `fit` of another, whose traced step is used again.

    Args:
        like: a trained model, which differs from `model` in nothing but its weights; it keeps them.
        model: a model whose weights are there; it is to be trained.
        *arguments, **settings: as `fit` takes them; as `like` was trained with.

    Returns:
        `model`, trained as its own `fit` would have trained it.

    Raises:
        TypeError: `like` has another optimizer than Adam, whose state begins with zeros.
    """
    if not isinstance(like.optimizer, tf.keras.optimizers.Adam):
        raise TypeError(
            f"like was trained with {type(like.optimizer).__name__}: only Adam can start anew"
        )
    kept = [variable.numpy() for variable in like.variables]
    _assign(like, [variable.numpy() for variable in model.variables])
    for variable in like.optimizer.variables:
        variable.assign(tf.zeros_like(variable))
    model.history = like.fit(*arguments, **settings)
    _assign(model, [variable.numpy() for variable in like.variables])
    _assign(like, kept)
    return model


def _assign(model, values):
    for variable, value in zip(model.variables, values, strict=True):
        variable.assign(value)


def batch_size_of(n):
    """Return how many of n ratings a step takes: 2,048, or what makes 100 steps an epoch.

    A step reads whole tables (for L2) and histories, which grow with n. So the steps must not grow
    with n too, or the time would grow with its square.
    """
    return max(RATINGS_PER_STEP, -(-n // MOST_STEPS))


def predict(model, features):
    """Return a model's predictions for all features, an array of shape (n,), stars or scores.

    In large batches and without `model.predict`, which would first trace the model.
    """
    return np.concatenate([model(batch)[:, 0] for batch in large_batches(features)])


def predict_uncut(model, features):
    """Return a `RatingModel`'s predictions of shape (n,), not clipped to 1 to 5 stars.

    For lists: where many predictions are clipped to 5, nothing is left to put them in order.
    """
    return np.concatenate([model(batch, training=True)[:, 0] for batch in large_batches(features)])


def large_batches(features):
    """Yield all rows in their order, as dicts of tensors, without a pipeline, which takes longer.

    Args:
        features: dict of arrays with n entries each.

    Raises:
        ValueError: there are no rows.
    """
    n = len(next(iter(features.values())))
    if n == 0:
        raise ValueError("0 rows: there is nothing to predict")
    for start in range(0, n, PREDICTED_AT_ONCE):
        rows = take(features, slice(start, start + PREDICTED_AT_ONCE))
        yield {name: tf.constant(values) for name, values in rows.items()}
