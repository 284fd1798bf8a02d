"""Parts of one Keras in a model of the other, and what comes of it.

Everywhere, `host` is the Keras of the model and `guest` that of the part: `tf.keras` and Keras 3.
"""

import tempfile

import numpy as np

X = np.random.default_rng(42).normal(size=(100, 3)).astype("float32")
Y = X.sum(axis=1, keepdims=True)


def in_class(host, guest):
    """Return a model written as a class with a layer of each Keras, and the layers."""

    class Mixed(host.Model):
        def __init__(self):
            super().__init__()
            self.own, self.other = host.layers.Dense(3), guest.layers.Dense(1)

        def call(self, inputs):
            return self.other(self.own(inputs))

    model = Mixed()
    model(X)
    return model, [model.own, model.other]


def dropout_in_class(host, guest):
    """Return a model written as a class that drops nearly all of its inputs, and its layers."""

    class Mixed(host.Model):
        def __init__(self):
            super().__init__()
            self.own, self.other = host.layers.Dense(1), guest.layers.Dropout(0.9)

        def call(self, inputs, training=False):
            return self.own(self.other(inputs))

    model = Mixed()
    model(X)
    return model, [model.own, model.other]


def on_input(host, guest):
    """Return a functional model with a layer of each Keras, and the layers."""
    inputs = host.Input((3,))
    layers = [host.layers.Dense(3), guest.layers.Dense(1)]
    return host.Model(inputs, layers[1](layers[0](inputs))), layers


def as_layer(host, guest):
    """Return a `Sequential` that holds one of the guest's, and its layers."""
    layers = [host.layers.Dense(3), guest.Sequential([guest.layers.Dense(1)])]
    return host.Sequential(layers), layers


def plain(host, **settings):
    """Return a model of a single layer, compiled with settings of any Keras, and its layers."""
    model = host.Sequential([host.layers.Dense(1)])
    model.compile(**{"optimizer": "sgd", "loss": "mse"} | settings)
    return model, model.layers


MIXED_PARTS = {
    "layer in a class": in_class,
    "Dropout in a class": dropout_in_class,
    "layer on an Input": on_input,
    "model as a layer": as_layer,
    "optimizer": lambda host, guest: plain(host, optimizer=guest.optimizers.SGD()),
    "loss": lambda host, guest: plain(host, loss=guest.losses.MeanSquaredError()),
    "metric": lambda host, guest: plain(
        host, metrics=[guest.metrics.MeanAbsoluteError(name="metric")]
    ),
}
SAVED_FILES = ("model.keras", "model.weights.h5")


def trained(part, host, guest, untrained_layers):
    """Return in words what happens when a model is made and trained for an epoch.

    Args:
        part: one of `MIXED_PARTS`.
        untrained_layers: function of a model and layers that returns those left out of training.
    """
    try:
        model, layers = MIXED_PARTS[part](host, guest)
        if not getattr(model, "optimizer", None):
            model.compile("sgd", "mse")
        model.fit(X, Y, verbose=0)
        result = model.evaluate(X, Y, verbose=0, return_dict=True)
    except (AttributeError, TypeError, ValueError) as error:
        return f"stops: {type(error).__name__}"
    if untrained_layers(model, layers):
        return "no error, never trained"
    if any(hasattr(layer, "rate") for layer in layers) and np.array_equal(
        model(X, training=True), model(X)
    ):
        return "no error, drops nothing"
    right = float(np.abs(model(X) - Y).mean())
    is_right = np.isclose(result.get("metric", right), right, rtol=1e-4)
    return "works" if is_right else "no error, wrong value"


def loaded(name, host, guest):
    """Return in words what happens when `host` loads one of `SAVED_FILES`, saved by `guest`."""
    model, other = (each.Sequential([each.layers.Dense(1)]) for each in (guest, host))
    model(X), other(X)
    with tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/{name}"
        try:
            if "weights" in name:
                model.save_weights(path)
                other.load_weights(path)
            else:
                model.save(path)
                other = host.models.load_model(path, compile=False)
        except (TypeError, ValueError) as error:
            return f"stops: {type(error).__name__}"
    return "works" if np.allclose(model(X), other(X), atol=1e-6) else "other predictions"
