"""What happens where a part of one Keras stands in a model of the other."""

import keras
import numpy as np
import pytest

from helpers.keras2 import tf
from helpers.models import mixing

OF_KERAS_3 = {  # in a Keras 2 model
    "layer in a class": "stops: AttributeError",
    "Dropout in a class": "no error, drops nothing",
    "layer on an Input": "no error, never trained",
    "model as a layer": "stops: TypeError",
    "optimizer": "stops: ValueError",
    "loss": "works",
    "metric": "stops: AttributeError",
}
OF_KERAS_2 = {  # in a Keras 3 model
    "layer in a class": "no error, never trained",
    "Dropout in a class": "no error, drops nothing",
    "layer on an Input": "stops: AttributeError",
    "model as a layer": "stops: ValueError",
    "optimizer": "stops: ValueError",
    "loss": "works",
    "metric": "no error, wrong value",
}


def untrained(model, layers):
    trained = [id(weight) for weight in model.trainable_variables]
    return [each for each in layers if any(id(w) not in trained for w in each.trainable_variables)]


@pytest.fixture
def one_step(eagerly, monkeypatch):
    """Let an epoch be one batch."""
    for name in ("X", "Y"):
        monkeypatch.setattr(mixing, name, getattr(mixing, name)[:32])


@pytest.mark.parametrize("part", mixing.MIXED_PARTS)
def test_each_part_has_its_outcome_in_both_directions(part, one_step):
    """In graphs the outcomes are the same: lesson 13 prints them."""
    found = [
        mixing.trained(part, host, guest, untrained)
        for host, guest in ((tf.keras, keras), (keras, tf.keras))
    ]
    assert found == [OF_KERAS_3[part], OF_KERAS_2[part]]


@pytest.mark.parametrize("module", [tf.keras, keras], ids=["Keras 2", "Keras 3"])
@pytest.mark.parametrize(
    "part", ["layer in a class", "Dropout in a class", "layer on an Input", "metric"]
)
def test_a_part_of_its_own_works(module, part, one_step, capsys):
    assert mixing.trained(part, module, module, untrained) == "works"
    assert capsys.readouterr().out == ""  # the lesson prints a table of outcomes, and no progress


TWO_LAYERS = [(3, 3), (3,), (3, 1), (1,)]  # each its kernel and its bias
ONE_LAYER = [(3, 1), (1,)]
SHAPES = {
    "layer in a class": TWO_LAYERS,
    "Dropout in a class": ONE_LAYER,
    "layer on an Input": TWO_LAYERS,
    "model as a layer": TWO_LAYERS,
    "loss": ONE_LAYER,
}


@pytest.mark.parametrize("part", SHAPES)
def test_a_model_turns_three_numbers_into_one(part):
    model, layers = mixing.MIXED_PARTS[part](keras, keras)
    predictions = model(mixing.X)
    weights = [weight.numpy() for layer in layers for weight in layer.weights]
    assert [weight.shape for weight in weights] == SHAPES[part]
    by_hand = mixing.X
    for kernel, bias in zip(weights[::2], weights[1::2]):
        by_hand = by_hand @ kernel + bias  # of dropout, too, as this is no training
    np.testing.assert_allclose(predictions, by_hand, rtol=1e-4, atol=1e-6)


def test_dropout_drops_nearly_all_of_its_inputs():
    _, (_, dropout) = mixing.dropout_in_class(keras, keras)
    assert dropout.rate == 0.9


@pytest.mark.parametrize(
    ("off", "outcome"), [(1.00005, "works"), (1.0005, "no error, wrong value")]
)
def test_a_metric_may_be_off_by_rounding(off, outcome, monkeypatch):
    def evaluate(model, x, y, **settings):
        return {"loss": 0.0, "metric": off * float(np.abs(model(x) - y).mean())}

    monkeypatch.setattr(keras.Sequential, "fit", lambda *given, **settings: None)
    monkeypatch.setattr(keras.Sequential, "evaluate", evaluate)
    assert mixing.trained("metric", keras, keras, untrained) == outcome


def test_what_is_asked_are_the_layers_of_the_trained_model(eagerly):
    asked = []
    outcome = mixing.trained("loss", keras, keras, lambda *given: asked.append(given))
    ((model, layers),) = asked
    assert outcome == "works"
    assert layers == model.layers
    assert isinstance(model.loss, keras.losses.MeanSquaredError)  # the part, not its name
    assert model.optimizer.iterations == 4  # batches of 32 of 100 rows


@pytest.mark.parametrize("name", mixing.SAVED_FILES)
def test_files_go_one_way_and_weights_both(name):
    one_way = mixing.loaded(name, tf.keras, keras), mixing.loaded(name, keras, tf.keras)
    assert one_way == ("works" if "weights" in name else "stops: TypeError", "works")


def test_other_predictions_are_noticed(monkeypatch):
    monkeypatch.setattr(keras.Sequential, "load_weights", lambda model, path: None)
    assert mixing.loaded("model.weights.h5", keras, keras) == "other predictions"


@pytest.mark.parametrize(("off", "outcome"), [(5e-7, "works"), (1e-4, "other predictions")])
def test_predictions_may_be_off_by_rounding(off, outcome, monkeypatch):
    saved = []

    def load_weights(model, path):
        ((kernel, bias),) = saved
        model.set_weights([kernel, bias + np.float32([off])])
        assert kernel.shape == (3, 1)

    monkeypatch.setattr(
        keras.Sequential, "save_weights", lambda model, path: saved.append(model.get_weights())
    )
    monkeypatch.setattr(keras.Sequential, "load_weights", load_weights)
    assert mixing.loaded("model.weights.h5", keras, keras) == outcome


def test_rows_are_a_sum_to_learn():
    assert mixing.X.shape == (100, 3)
    np.testing.assert_allclose(mixing.Y, mixing.X.sum(axis=1)[:, None])


def test_a_metric_of_keras_2_is_never_set_back_by_keras_3(eagerly):
    """So its value is a mean over everything since it was made."""
    metric = tf.keras.metrics.MeanAbsoluteError()
    model, _ = mixing.plain(keras, metrics=[metric])
    model.fit(mixing.X, mixing.Y, epochs=2, verbose=0)
    model.evaluate(mixing.X, mixing.Y, verbose=0)
    assert int(metric.count) == 3 * 100
