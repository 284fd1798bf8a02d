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
def test_a_part_of_its_own_works(module, part, one_step):
    assert mixing.trained(part, module, module, untrained) == "works"


def test_what_is_asked_are_the_layers_of_the_trained_model(eagerly):
    asked = []
    outcome = mixing.trained("loss", keras, keras, lambda *given: asked.append(given))
    ((model, layers),) = asked
    assert outcome == "works"
    assert layers == model.layers
    assert model.optimizer.iterations == 4  # batches of 32 of 100 rows


@pytest.mark.parametrize("name", mixing.SAVED_FILES)
def test_files_go_one_way_and_weights_both(name):
    one_way = mixing.loaded(name, tf.keras, keras), mixing.loaded(name, keras, tf.keras)
    assert one_way == ("works" if "weights" in name else "stops: TypeError", "works")


def test_other_predictions_are_noticed(monkeypatch):
    monkeypatch.setattr(keras.Sequential, "load_weights", lambda model, path: None)
    assert mixing.loaded("model.weights.h5", keras, keras) == "other predictions"


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
