"""The log of the models in both Keras: what it holds, and how it is made."""

import importlib.util
import json

import keras
import numpy as np
import pytest
import tiny
from conftest import LEAN, lack

from helpers.bench import two_keras
from helpers.models import keras3


def test_log_holds_each_model_seed_and_backend():
    log = two_keras.load_two_keras()
    assert list(log) == [*two_keras.BOTH_KERAS, "backends"]
    for name in two_keras.BOTH_KERAS:
        assert list(log[name]) == ["Keras 2", "Keras 3"]
        for rows in log[name].values():
            assert len(rows) == len(two_keras.TWO_KERAS_SEEDS)
            assert all(0.5 < value < 1.2 and seconds > 0 for value, seconds in rows)
    assert list(log["backends"]) == list(two_keras.BACKENDS)
    assert all(each["difference"] < 1e-5 for each in log["backends"].values())
    assert two_keras.TWO_KERAS_LOG.read_text("utf-8") == json.dumps(log, indent=1) + "\n"


@pytest.mark.parametrize("has_jax", [True, False])
def test_log_is_made_of_all_models_and_keeps_what_needs_jax(has_jax, monkeypatch, tmp_path, capsys):
    asked = []

    def call(module, function, *arguments, seconds):
        asked.append((function, *arguments))
        if function == "under_backends":
            return {"jax": "new"}
        return {"Keras 2": [[1.0, 2.0]], "Keras 3": [[1.1, 3.0]]}

    path = tmp_path / "log.json"
    path.write_text('{"backends": {"jax": "old"}}')
    monkeypatch.setattr(two_keras, "TWO_KERAS_LOG", path)
    monkeypatch.setattr(two_keras, "call", call)
    monkeypatch.setattr(two_keras.importlib.util, "find_spec", lambda name: has_jax or None)
    log = two_keras.measure_two_keras()
    assert asked[:4] == [("train_both", name) for name in two_keras.BOTH_KERAS]
    assert asked[4:] == ([("under_backends",)] if has_jax else [])
    assert log["backends"] == {"jax": "new" if has_jax else "old"}
    assert json.loads(path.read_text()) == log
    printed = capsys.readouterr().out
    assert "1.1000 in  3.0 s" in printed
    assert ("stay as they were" in printed) != has_jax


def test_each_model_is_trained_in_both_with_every_seed(monkeypatch):
    trained = []

    def parts():
        first, second = (lambda seed, k=k: trained.append((k, seed)) or seed / 10 for k in (2, 3))
        return first, second, lambda model: model + 0.00004

    monkeypatch.setattr(two_keras, "_lists", parts)
    log = two_keras.train_both("lists")
    assert trained == [(k, seed) for seed in two_keras.TWO_KERAS_SEEDS for k in (2, 3)]
    for rows in log.values():
        assert [value for value, _ in rows] == [seed / 10 for seed in two_keras.TWO_KERAS_SEEDS]


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    """Return a small compiled model, its file, and the pairs to predict and to train on."""
    folder = tmp_path_factory.mktemp("saved")
    rows = tiny.make_rows()
    with pytest.MonkeyPatch.context() as patch:  # all but its training, which takes longest
        patch.setattr(keras.Model, "fit", lambda *given, **settings: None)
        model, numbers = keras3.train_factor_model(rows), keras3.numbers_of(rows, rows)
    tiny.scatter_weights(model)
    model.save(folder / "model.keras")
    new = {f"new_{name}": values[::-1] for name, values in numbers.items()}
    np.savez(folder / "pairs.npz", stars=rows["user_rating"], **numbers, **new)
    expected = keras3.predict_numbers(model, {name: v[::-1] for name, v in numbers.items()})
    return folder / "model.keras", folder / "pairs.npz", expected


@pytest.mark.parametrize("backend", two_keras.BACKENDS)
def test_one_file_predicts_the_same_under_each_backend(backend, saved, monkeypatch):
    """In a process of its own, which loads and trains it without a class of ours."""
    if importlib.util.find_spec(backend) is None:
        lack(f"{backend} is not installed (it is in .ci/requirements.txt)")
    if backend == "tensorflow":
        code = two_keras.UNDER_A_BACKEND.replace("gc.enable()\n", "")
        lean = LEAN + 'sys.modules["matplotlib"] = None  # Keras 3 looks for it\n'
        monkeypatch.setattr(two_keras, "UNDER_A_BACKEND", lean + code)
    file, pairs, expected = saved
    seconds, predictions = two_keras.run_under(backend, file, pairs, epochs=1)
    assert seconds > 0
    np.testing.assert_allclose(predictions, expected, atol=1e-5)
