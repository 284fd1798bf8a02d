"""The benchmark's pure parts. No test depends on a time."""

import json
import sys
from types import SimpleNamespace

import nbformat
import numpy as np
import pytest
from conftest import ROOT

from helpers.bench import __main__ as bench
from helpers.bench import growth, libraries, rivals, start, steps, suite
from helpers.keras2 import tf
from helpers.models.article import MovielensModel, RankingModel
from helpers.models.factors import Factors
from helpers.models.rating import RatingModel
from helpers.scale import processes

STEPS, SIZE = 6, 32

# The command line and its processes


def test_unknown_section_is_told_with_all_there_are(capsys):
    with pytest.raises(SystemExit) as stopped:
        bench.main(["steps", "speed", "x"])
    assert stopped.value.code == 2
    said = capsys.readouterr().err
    assert "no section speed, x: choose from import, reading, steps," in said


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(bench, "ROOT", tmp_path)
    monkeypatch.setattr(bench, "FOLDER", tmp_path / ".bench")
    monkeypatch.setattr(bench, "call", lambda *_: None)
    return tmp_path / ".bench"


def fails():
    raise processes.ProcessError("no luck")


def test_sections_add_to_what_is_stored_and_a_failure_stops_none(folder, monkeypatch, capsys):
    monkeypatch.setattr(bench, "SECTIONS", {"a": ("A", lambda: 1), "b": ("B", fails)})
    assert bench.main(["a"]) == 0
    assert bench.main(["b"]) == 1
    monkeypatch.setattr(bench, "SECTIONS", {"b": ("B", fails), "c": ("C", lambda: [3])})
    assert bench.main([]) == 1
    assert json.loads((folder / "results.json").read_text()) == {"a": 1, "c": [3]}
    assert "no luck" in capsys.readouterr().err


# Tables


def test_thresholds_are_reached_at_the_first_time_below():
    curve = [(1.0, 0.95), (2.0, 0.91), (3.0, 0.92), (4.0, 0.8899)]
    assert rivals.reached(curve) == [2.0, 2.0, 4.0, 4.0, 4.0, None]
    assert list(rivals.THRESHOLDS) == sorted(rivals.THRESHOLDS, reverse=True)
    line = rivals.row("name", curve)
    assert line.split() == [
        "name",
        "2.0",
        "2.0",
        "4.0",
        "4.0",
        "4.0",
        "–",
        "0.890",
        "in",
        "4.0",
        "s",
    ]


def test_why_names_the_largest_share_first_and_leaves_small_ones_out():
    times = {"fit": 10, "floor": 5, "lookups": 1, "metrics": 0.1, "keras": -0.2, "input": 4.1}
    assert steps.why(times) == "input and waiting for it 41%, looking ids up 10%"


def test_cost_per_million():
    some = {"ratings": 100_000, "get": 0.1, "number": 0.02, "train": 0.3, "peak": 0.7}
    more = some | {"ratings": 2_100_000, "peak": 1.1}
    each = growth.per_million(some)
    assert each == pytest.approx({"get": 1, "number": 0.2, "train": 3, "all": 4.2})
    assert growth.memory_slope(some, more) == pytest.approx(0.2)


def test_imports_of_lesson_1_are_only_imports():
    lines = start.lesson1_imports().splitlines()
    assert any(line.startswith("from helpers import") for line in lines)
    assert "import tensorflow as tf" in lines
    assert all(line.startswith(("import ", "from ")) for line in lines)


# The suite


def test_cell_is_described_by_its_id_and_first_line():
    path = ROOT / "solutions" / "03_train_and_evaluate.ipynb"
    cells = [cell for cell in nbformat.read(path, 4).cells if cell.cell_type == "code"]
    item = SimpleNamespace(cell=cells[1], path=path, name="Cell 1")
    described = suite.describe(item)
    assert described == {
        "notebook": "03_train_and_evaluate", "id": cells[1].id,
        "line": cells[1].source.splitlines()[0],
    }  # fmt: skip
    empty = SimpleNamespace(cell=nbformat.v4.new_code_cell("\n", id="x"), path=path)
    assert suite.describe(empty)["line"] == ""


def test_summary_of_cells_and_looks():
    cell = {"notebook": "02", "id": "fit", "line": "fit()"}
    lines = [cell | {"seconds": s} for s in (1.0, 3.0)]
    lines += [{"notebook": "02", "memory": m} for m in (0.5, 1.5, 1.0)]
    lines += [{"notebook": "01", "id": "x", "line": "", "seconds": 2.0}] * 20
    found = suite.summary(lines)
    assert list(found["notebooks"]) == ["01", "02"]
    assert found["notebooks"]["02"] == {"seconds": 4.0, "peak": 1.5}
    assert found["slowest"][0]["id"] == "fit" and len(found["slowest"]) == 10


# Rivals


def test_split_as_numbers_describes_each_user_and_movie():
    known = rows() | {
        "gender": np.arange(STEPS * SIZE) % 2, "age": np.zeros(STEPS * SIZE, int),
        "user_occupation_text": np.full(STEPS * SIZE, b"none"),
    }  # fmt: skip
    known["year"] = 1900 + known["movie_title"].astype(int)
    known["genres"] = np.eye(20, dtype=np.float32)[known["movie_title"].astype(int)]
    parts = [{name: values[part] for name, values in known.items()} for part in np.split(ORDER, 2)]
    split = rivals.split_as_numbers(*parts)
    assert split["users"] == 9 and split["movies"] == 14
    for n, part in zip(("train", "test"), parts):
        titles = np.unique(known["movie_title"])[split[f"{n}_movie"]]
        np.testing.assert_array_equal(titles, part["movie_title"])
        np.testing.assert_array_equal(split[f"{n}_stars"], part["user_rating"])
        np.testing.assert_array_equal(split["genres"][split[f"{n}_movie"]], part["genres"])
        same_year = split["year"][split[f"{n}_movie"]]
        np.testing.assert_array_equal(np.unique(known["year"])[same_year], part["year"])


def test_rivals_need_no_tensorflow():
    code = (
        "import sys, libraries; print(any(name.startswith('tensorflow') for name in sys.modules))"
    )
    folder = str(ROOT / "helpers" / "bench")
    printed = processes.run_command(
        [sys.executable, "-c", f"import sys; sys.path.insert(0, {folder!r}); {code}"], "rivals"
    )
    assert printed.strip() == "False"
    assert len(libraries.RIVALS) == 5


# Steps

ORDER = np.arange(STEPS * SIZE)


def rows(n=STEPS * SIZE):
    rng = np.random.default_rng(0)
    return {
        "user_id": rng.integers(0, 9, n).astype("S"),
        "movie_title": rng.integers(0, 14, n).astype("S"),
        "user_rating": rng.integers(1, 6, n).astype(np.float32),
    }


def article_model():
    known = rows()
    model = MovielensModel(
        RankingModel(np.unique(known["user_id"]), np.unique(known["movie_title"]))
    )
    model.compile(tf.keras.optimizers.Adagrad(0.1))
    return model, known


def factor_model():
    model = RatingModel(rows(), (), l2=10)
    model.compile(tf.keras.optimizers.Adam(0.02))
    return model, rows()


def numbered_model():
    known = rows()
    model = Factors(9, 14, SIZE)
    model.compile(tf.keras.optimizers.Adagrad(0.1))
    fields = zip(("user", "movie"), ("user_id", "movie_title"))
    numbers = {name: known[field].astype(np.int32) for name, field in fields}
    return model, numbers | {"user_rating": known["user_rating"]}


MODELS = (article_model, factor_model, numbered_model)


def prepare(make):
    """Return a model that has all its weights, and its batches as a dataset and as a list."""
    tf.keras.utils.set_random_seed(1)
    model, known = make()
    dataset = tf.data.Dataset.from_tensor_slices(known).batch(SIZE)
    batches = list(dataset)
    model.compute_loss(batches[0])
    return model, dataset, batches


def trained_by_keras(make):
    """Return the weights after an epoch, and the last batch's loss before its update."""
    model, dataset, _ = prepare(make)
    history = model.fit(dataset, verbose=0).history
    return [weight.numpy() for weight in model.trainable_variables], history["total_loss"][0]


@pytest.mark.parametrize("make", MODELS)
@pytest.mark.parametrize("numbers", [False, True], ids=["ids", "numbers"])
def test_compiled_loop_trains_as_keras_does(make, numbers):
    expected, loss = trained_by_keras(make)
    model, _, batches = prepare(make)
    if numbers:
        with steps.ids_as_numbers(model, batches) as numbered:
            assert all(v.dtype != tf.string for batch in numbered for v in batch.values())
            ours = steps.compiled_loop(model, numbered)(STEPS)
    else:
        ours = steps.compiled_loop(model, batches)(STEPS)
    assert ours == pytest.approx(loss, rel=1e-4)
    for weight, other in zip(model.trainable_variables, expected, strict=True):
        np.testing.assert_allclose(weight, other, atol=1e-5)


def test_lookups_are_as_before_afterwards():
    model, _, batches = prepare(article_model)
    before = model.compute_loss(batches[0])
    with steps.ids_as_numbers(model, batches) as numbered:
        assert float(model.compute_loss(numbered[0])) == pytest.approx(float(before), rel=1e-6)
    assert float(model.compute_loss(batches[0])) == pytest.approx(float(before), rel=1e-6)
    assert "call" not in vars(next(p for p in model.submodules if hasattr(p, "vocabulary_size")))
