"""The benchmark's pure parts. No test depends on a time."""

import contextlib
import functools
import io
import json
import re
import sys
import time
from types import SimpleNamespace

import nbformat
import numpy as np
import pytest
import tiny
from conftest import ROOT

from helpers import metrics
from helpers.bench import __main__ as bench
from helpers.bench import (
    ablation,
    growth,
    libraries,
    new_users,
    own_ratings,
    rivals,
    search,
    start,
    steps,
    suite,
    tomorrow,
)
from helpers.data.ratings import load_rows, take
from helpers.data.timeline import in_order_of_time
from helpers.keras2 import tf, tfrs
from helpers.metrics import leaderboard
from helpers.models import causal, make_features, own, rating
from helpers.models.article import LONGER, MovielensModel, RankingModel
from helpers.models.factors import Factors
from helpers.models.rating import RatingModel
from helpers.scale import growth as measured
from helpers.scale import processes

STEPS, SIZE = 3, 64

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


def test_what_is_measured_on_request_is_left_out_by_default(folder, monkeypatch):
    sections = {"a": ("A", lambda: 1), "b": ("B", lambda: 2)}
    monkeypatch.setattr(bench, "SECTIONS", sections)
    monkeypatch.setattr(bench, "ON_REQUEST", ("b",))
    assert bench.main([]) == 0
    assert json.loads((folder / "results.json").read_text()) == {"a": 1}
    assert bench.main(["b"]) == 0
    assert json.loads((folder / "results.json").read_text()) == {"a": 1, "b": 2}


def test_sections_add_to_what_is_stored_and_a_failure_stops_none(folder, monkeypatch, capsys):
    monkeypatch.setattr(bench, "SECTIONS", {"a": ("A", lambda: 1), "b": ("B", fails)})
    assert bench.main(["a"]) == 0
    assert bench.main(["b"]) == 1
    monkeypatch.setattr(bench, "SECTIONS", {"b": ("B", fails), "c": ("C", lambda: [3])})
    assert bench.main([]) == 1
    assert json.loads((folder / "results.json").read_text()) == {"a": 1, "c": [3]}
    assert "no luck" in capsys.readouterr().err


# The search


def test_drawn_settings_are_spread_and_repeat():
    settings = search.draw_settings(400, seed=1)
    assert settings == search.draw_settings(400, seed=1) != search.draw_settings(400, seed=2)
    assert {each["batch_size"] for each in settings} == set(search.BATCH_SIZES)
    for optimizer, (low, high) in search.RATES.items():
        rates = [each["learning_rate"] for each in settings if each["optimizer"] == optimizer]
        assert len(rates) > 150 and low <= min(rates) < max(rates) <= high
        assert 0.4 < np.mean(np.array(rates) < np.sqrt(low * high)) < 0.6


def test_training_of_a_search_stops_and_reports_its_best_epoch(monkeypatch, eagerly):
    rng = np.random.default_rng(1)
    rows = {
        "user_id": rng.integers(0, 9, 300).astype("S"),
        "movie_title": rng.integers(0, 9, 300).astype("S"),
        "user_rating": rng.integers(1, 6, 300).astype(np.float32),
    }
    parts = tuple(
        {name: v[part] for name, v in rows.items()} for part in (slice(200), slice(200, 300))
    )
    settings = {"optimizer": "Adam", "learning_rate": 0.1, "batch_size": 200}
    monkeypatch.setattr(search, "PATIENCE", 2)
    result = search.train_until_stopped(parts, settings, 42)
    assert result["epochs"] == result["epoch"] + search.PATIENCE < search.EPOCHS
    monkeypatch.setattr(search, "EPOCHS", result["epoch"])
    short = search.train_until_stopped(parts, settings, 42)  # repeats: the same seed
    assert short == {**result, "epochs": result["epoch"]}


def test_search_trains_the_best_and_what_was_set_by_hand_again(monkeypatch, tmp_path, capsys):
    trained = []

    def train(parts, settings, seed):
        trained.append((tuple(settings.values()), seed))
        rmse = round(1 + settings["learning_rate"] + seed / 1_000, 4)
        return {"epoch": 3, "epochs": 8, "rmse": rmse}

    monkeypatch.setattr(search, "load_fit_and_validation", lambda: "parts")
    monkeypatch.setattr(search, "train_until_stopped", train)
    monkeypatch.setattr(search, "LOG", tmp_path / "search.json")
    log = search.measure_search()
    drawn = [tuple(each.values()) for each in search.draw_settings()]
    best = sorted(drawn, key=lambda each: each[1])[: search.BEST]
    by_hand = [tuple(each.values()) for each in search.BY_HAND]
    again = [(each, seed) for each in (*by_hand, *best) for seed in search.SEEDS]
    assert trained == [(each, 42) for each in drawn] + again
    assert json.loads((tmp_path / "search.json").read_text()) == json.loads(json.dumps(log))
    assert log["again"][0]["rmse"] == [1.101, 1.102, 1.103, 1.104, 1.105]
    said = capsys.readouterr().out
    assert all(search.line_of(each) in said for each in log["drawn"])


def test_stored_search_is_of_what_is_drawn_today():
    log = json.loads(search.LOG.read_text("utf-8"))
    names = ("optimizer", "learning_rate", "batch_size")
    of = {part: [{n: each[n] for n in names} for each in log[part]] for part in ("drawn", "again")}
    assert of["drawn"] == search.draw_settings()
    best = sorted(log["drawn"], key=lambda each: each["rmse"])[: search.BEST]
    assert of["again"] == [*search.BY_HAND, *({n: each[n] for n in names} for each in best)]
    assert {name: LONGER[name] for name in names} in of["again"]
    assert log["command"] == "python3 -m helpers bench search"
    assert (tuple(log["seeds"]), log["limit"]) == (search.SEEDS, search.EPOCHS)
    assert search.as_text(log) == search.LOG.read_text("utf-8")


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
        "user_occupation_text": np.full(STEPS * SIZE, b"none"), "timestamp": ORDER,
    }  # fmt: skip
    known["year"] = 1900 + known["movie_title"].astype(int)
    known["genres"] = np.eye(20, dtype=np.float32)[known["movie_title"].astype(int)]
    parts = [{name: values[part] for name, values in known.items()} for part in np.split(ORDER, 2)]
    split = rivals.split_as_numbers(*parts)
    assert np.array_equal([split["train_time"], split["test_time"]], np.split(ORDER, 2))
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


def test_libraries_on_the_board_are_those_that_are_measured():
    assert set(libraries.BOARD) == set(leaderboard.OTHER_LIBRARIES)


def test_a_day_is_a_column_for_training_and_test_ratings_alike():
    day = 86_400
    split = {"train_time": np.array([5 * day, 9 * day + 1, 5 * day + 7]),
             "test_time": np.array([10 * day - 1, 20 * day])}  # fmt: skip
    rows, width = libraries._days(split, SimpleNamespace(eye=lambda n, format: np.eye(n)))
    assert width == 3
    assert rows["train"].tolist() == [[1, 0, 0], [0, 1, 0], [1, 0, 0]]
    assert rows["test"].tolist() == [[0, 1, 0], [0, 0, 1]]


def test_libraries_of_the_board_are_stored_without_touching_the_course_s(tmp_path, monkeypatch):
    (tmp_path / ".bench").mkdir()
    commands = []

    def run(command, what, seconds):
        commands.append((command[2], what, seconds))
        np.save(command[-1], np.array([1.0, 4.5]))

    def split(room, function, path):
        np.savez(path, test_stars=np.array([2.0, 4.5]))
        return path

    monkeypatch.setattr(rivals, "ROOT", tmp_path)
    monkeypatch.setattr(leaderboard, "STORED", tmp_path / "helpers" / "some.npz")
    monkeypatch.setattr(rivals, "BOARD", {"a": None, "b": None})
    monkeypatch.setattr(rivals, "call", split)
    monkeypatch.setattr(rivals, "run_command", run)
    monkeypatch.setattr(rivals, "_environment", lambda folder: "python")
    assert rivals.measure_libraries() == pytest.approx({"a": 0.5**0.5, "b": 0.5**0.5})
    assert commands == [(name, name, rivals.TRAIN_LIMIT) for name in ("a", "b")]
    monkeypatch.setattr(leaderboard, "STORED", tmp_path / ".bench" / "some.npz")
    found = {name: stars.tolist() for name, stars in leaderboard.other_libraries().items()}
    assert found == {"a": [1.0, 4.5], "b": [1.0, 4.5]}


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


@functools.cache
def trained_by_keras(make):
    """Return the weights after an epoch, and the last batch's loss before its update."""
    model, dataset, _ = prepare(make)
    tf.config.run_functions_eagerly(True)
    history = model.fit(dataset, verbose=0).history
    tf.config.run_functions_eagerly(False)
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


@pytest.mark.parametrize("metrics", [False, True])
def test_compiled_loop_computes_metrics_only_if_asked_to(metrics):
    model, _, batches = prepare(numbered_model)
    rmse = tf.keras.metrics.RootMeanSquaredError()
    model.task = tfrs.tasks.Ranking(tf.keras.losses.MeanSquaredError("none"), metrics=[rmse])
    steps.compiled_loop(model, batches, metrics=metrics)(2)
    assert (float(rmse.result()) > 0) is metrics
    model.compute_loss(batches[0])
    assert float(rmse.result()) > 0, "afterwards the model computes them as before"


def test_compiled_loop_is_traced_at_its_first_call_only(monkeypatch):
    model, _, batches = prepare(numbered_model)
    traced, compute_loss = [], model.compute_loss

    def noted(*given, **named):
        traced.append(given)
        return compute_loss(*given, **named)

    monkeypatch.setattr(model, "compute_loss", noted)
    run = steps.compiled_loop(model, batches)
    run(1)
    once = len(traced)
    run(1)
    run(7)
    assert len(traced) == once > 0


# Clocks: what is not to be measured takes far longer here than what is


class Clock:
    """Stands still until it is told to go on."""

    def __init__(self):
        self.now = 1_000.0

    def __call__(self):
        return self.now

    def go_on(self, seconds):
        self.now += seconds


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(time, "perf_counter", clock)
    return clock


def test_evaluation_and_test_features_stop_the_clock_of_ours(clock, monkeypatch):
    test = {"user_rating": np.array([3.0, 4.0])}

    def predict(model, features):
        clock.go_on(100)
        assert (model, features) == ("the model", test)
        return test["user_rating"] + next(errors)

    def rmse(stars, predictions):
        clock.go_on(1_000)
        return float(np.sqrt(np.mean((stars - predictions) ** 2)))

    def train(callback):
        clock.go_on(4)  # training features
        with callback.paused():
            clock.go_on(10_000)
            callback.test = test
        callback.set_model("the model")
        for epoch, seconds in enumerate((2, 1, 0.5)):
            callback.on_epoch_begin(epoch)
            clock.go_on(seconds)
            callback.on_epoch_end(epoch)

    errors = iter((1, 0.5, 0.25))
    monkeypatch.setattr("helpers.models.training.predict", predict)
    monkeypatch.setattr("helpers.metrics.stars.rmse", rmse)
    monkeypatch.setitem(rivals.OURS, "fake", train)
    assert rivals.epochs_of("fake") == [(6, 1), (7, 0.5), (7.5, 0.25)]


def test_better_model_makes_its_test_features_while_the_clock_stands(clock, monkeypatch):
    seconds = {}

    def make_features(train, rows=None):
        clock.go_on(3 if rows is None else 10_000)
        return "train" if rows is None else "test"

    class Watch:
        """Stops as the real one does."""

        @contextlib.contextmanager
        def paused(self):
            start = clock.now
            yield
            seconds["paused"] = clock.now - start

    monkeypatch.setattr(rivals, "train_and_test", lambda: ("rows", "test rows"))
    monkeypatch.setattr("helpers.models.features.make_features", make_features)
    monkeypatch.setattr(
        "helpers.models.rating.train_rating_model", lambda *given, **named: seconds.update(named)
    )
    watch = Watch()
    rivals.watch_better(watch)
    assert watch.test == "test" and seconds == {"paused": 10_000, "callbacks": [watch]}


def test_others_are_timed_while_they_train_and_no_longer(clock, monkeypatch):
    trained = []

    def train(split, rounds):
        clock.go_on(rounds if trained else 500)  # the first time, it imports
        trained.append(rounds)
        return predict

    def predict():
        clock.go_on(10_000)
        return np.array([-1.0, 7.0, 3.0 + 0.3 * trained[-1]])

    monkeypatch.setitem(libraries.RIVALS, "fake", (train, (2, 4)))
    curve = libraries.curve("fake", {"test_stars": np.array([1.0, 5.0, 3.0])})
    assert trained == [1, 2, 4]
    assert [seconds for seconds, _ in curve] == [2, 4]
    expected = [0.6 / np.sqrt(3), 1.2 / np.sqrt(3)]  # below 1 and above 5 count as 1 and 5
    assert [rmse for _, rmse in curve] == pytest.approx(expected)


def test_way_is_timed_and_gives_its_result(clock, monkeypatch):
    def way():
        clock.go_on(3)
        return 7

    monkeypatch.setattr(start, "lesson3", way)
    assert start.time_way("lesson3") == (3, 7)


def test_reading_counts_the_better_of_two_processes(monkeypatch, capsys):
    runs = {"run_article": [9, 8], "lesson3": [2, 4], "read_with_tfds": [6, 7]}
    runs["read_in_one_parse"] = [0.5, 0.25]
    left = {name: list(seconds) for name, seconds in runs.items()}
    monkeypatch.setattr(start, "call", lambda module, function, name: (left[name].pop(0), 100_000))
    assert start.measure_reading() == {name: min(seconds) for name, seconds in runs.items()}
    assert not any(left.values())
    assert "lesson3 is 4.0 times faster" in capsys.readouterr().out


def test_kernel_s_own_start_is_no_part_of_an_import(clock, monkeypatch, capsys):
    printed = {"tensorflow": 2.0, "packages": 3.0, "lesson 1": 3.5}
    alone = {"nothing": iter((9.0, 0.5, 0.5, 0.5, 0.25)), "helpers": iter((0.75,) * 5)}

    def run_command(command, name):
        if name in printed:
            clock.go_on(100)
            return f"{printed[name]}\n"
        clock.go_on(next(alone[name]))
        return ""

    monkeypatch.setattr(start, "run_command", run_command)
    found = start.measure_import()
    assert found == {"nothing": 0.5, "helpers": 0.75, **printed}
    said = capsys.readouterr().out
    assert "250 ms more" in said and "1.75 times TensorFlow" in said


def test_code_in_a_kernel_prints_the_seconds_of_what_is_put_in_alone(clock, monkeypatch, tmp_path):
    (tmp_path / "ipykernel").mkdir()
    (tmp_path / "ipykernel" / "__init__.py").touch()
    slow = "import time; time.perf_counter.go_on(100)"
    (tmp_path / "ipykernel" / "ipkernel.py").write_text(slow)
    for name in [name for name in sys.modules if name.split(".")[0] == "ipykernel"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.syspath_prepend(tmp_path)
    found = []
    code = start.IN_A_KERNEL.format("go_on(5)")
    exec(code, {"go_on": clock.go_on, "print": found.append})
    assert clock.now == 1_105
    for name in ("ipykernel", "ipykernel.ipkernel"):
        del sys.modules[name]
    assert found == [5]


def test_epoch_is_the_fastest_of_three_so_tracing_does_not_count(clock):
    class Model:
        def fit(self, batches, steps_per_epoch, epochs, verbose, callbacks):
            assert (steps_per_epoch, epochs) == (5, 3)
            assert batches.cardinality() == tf.data.INFINITE_CARDINALITY
            (callback,) = callbacks
            clock.go_on(400)
            for epoch, seconds in enumerate((50, 4, 3)):  # the first one traces
                clock.go_on(2)  # between epochs
                callback.on_epoch_begin(epoch)
                clock.go_on(seconds)
                callback.on_epoch_end(epoch)
            clock.go_on(400)

    assert steps.epoch_seconds(Model(), tf.data.Dataset.range(10).batch(2)) == 3


@pytest.mark.parametrize(("each", "expected"), [(0.01, 40), (0.0625, steps.KEPT), (9, steps.KEPT)])
def test_number_of_steps_is_estimated_after_tracing(clock, each, expected):
    calls = []

    def run(count):
        clock.go_on(count * each if calls else 100)
        calls.append(count)

    assert steps._steps_in(run) == expected
    assert calls == [1, steps.KEPT]


def test_step_times_are_the_least_of_all_turns_and_without_tracing(clock, monkeypatch):
    """Per step, in ms: floor 1, lookups 0.5, metrics 0.25, Keras 4.25, input 4: 10 together."""
    columns = {"user_id": np.arange(22).astype("S"), "user_rating": np.ones(22, np.float32)}
    dataset = tf.data.Dataset.from_tensor_slices(columns).batch(4)  # five of 4 and one of 2
    loops, calls = {}, {"fit": 0, "keras": 0}

    def compiled_loop(model, batches, metrics=False):
        name = "floor" if batches == "numbers" else "metrics" if metrics else "ids"
        ms = {"floor": 1, "ids": 1.5, "metrics": 1.75}[name]
        assert batches == "numbers" or [len(batch["user_id"]) for batch in batches] == [4] * 5
        loops[name] = []

        def run(count):
            slow = 3 if len(loops[name]) % 2 else 1  # something else keeps the machine busy
            clock.go_on(count * ms / 1000 * slow if loops[name] else 10_000)  # traces
            loops[name].append(count)

        return run

    @contextlib.contextmanager
    def ids_as_numbers(model, batches):
        yield "numbers"
        assert loops["floor"] == [1], "traced where ids are numbers"

    def epoch_seconds(model, batches):
        name, seconds = {6: ("fit", 0.055), 10: ("keras", 0.06)}[int(batches.cardinality())]
        calls[name] += 1
        return seconds * (1 if calls[name] == 3 else 2)

    for name, fake in (
        ("compiled_loop", compiled_loop), ("ids_as_numbers", ids_as_numbers),
        ("epoch_seconds", epoch_seconds),
    ):  # fmt: skip
        monkeypatch.setattr(steps, name, fake)
    monkeypatch.setitem(steps.MODELS, "fake", lambda: ("model", dataset))
    assert steps.step_times("fake") == pytest.approx(
        {"batch": 4, "fit": 10, "floor": 1, "lookups": 0.5, "metrics": 0.25, "keras": 4.25,
         "input": 4}
    )  # fmt: skip
    assert calls == {"fit": steps.TURNS, "keras": steps.TURNS}
    assert loops["ids"][:2] == loops["metrics"][:2] == [1, steps.KEPT]


@pytest.fixture
def costly(clock, monkeypatch):
    """Let all that growth is not to measure take long; yields what was asked for."""
    asked = {"simulate": [], "numbered": []}

    def simulate(count, fields):
        clock.go_on(2 if asked["simulate"] else 100)
        asked["simulate"].append(count)
        return SimpleNamespace(ratings={"user_rating": np.ones(count)})

    def numbered(ratings):
        clock.go_on(3 if asked["numbered"] else 200)
        asked["numbered"].append(len(ratings["user_rating"]))
        return ratings, 9, 14

    def make_batches(*given, **named):
        clock.go_on(400)
        return SimpleNamespace(take=lambda count: "one batch")

    class Model:
        tracing = 3_200

        def __init__(self, users, movies, size):
            clock.go_on(800)

        def compile(self, optimizer, **how):
            clock.go_on(1_600)

        def fit(self, batches, verbose, callbacks=()):
            clock.go_on(6_400)
            for callback in callbacks:
                callback.on_epoch_begin(0)
            clock.go_on(self.tracing + (1 if batches == "one batch" else 5))
            self.tracing = 0
            for callback in callbacks:
                callback.on_epoch_end(0)
            clock.go_on(12_800)

    monkeypatch.setattr("helpers.data.simulation.simulate", simulate)
    monkeypatch.setattr("helpers.data.vocabularies.numbered", numbered)
    monkeypatch.setattr("helpers.data.batches.make_batches", make_batches)
    monkeypatch.setattr("helpers.models.factors.Factors", Model)
    return asked


def test_growth_is_measured_without_first_calls_and_tracing(costly):
    cost = measured.measure_here(5_000)
    assert costly == {"simulate": [1_000, 5_000], "numbered": [1_000, 5_000]}
    assert cost.pop("peak") > 0
    assert cost == {
        "ratings": 5_000, "users": 9, "movies": 14, "get": 2, "number": 3, "train": 5
    }  # fmt: skip


def test_growth_counts_reading_but_no_download(costly, clock, monkeypatch):
    def read_25m():
        clock.go_on(7)
        return {"user_rating": np.ones(2_500)}

    monkeypatch.setattr(measured, "prepare_25m", lambda: clock.go_on(10_000))
    monkeypatch.setattr(measured, "read_25m", read_25m)
    cost = measured.measure_here("25m-ratings")
    assert {name: cost[name] for name in ("ratings", *measured.STEPS)} == {
        "ratings": 2_500, "get": 7, "number": 3, "train": 5
    }  # fmt: skip


def test_growth_counts_the_fastest_run_of_each_size(monkeypatch, capsys):
    runs = []

    def measure(size):
        runs.append(size)
        slow = (3, 1, 2)[len(runs) % 3]
        cost = {"ratings": size, "peak": 0.5 * slow}
        return [cost | dict.fromkeys(measured.STEPS, slow * size)]

    monkeypatch.setattr(measured, "measure", measure)
    costs = growth.measure_growth()
    assert runs == [size for size in growth.SIZES for _ in range(growth.RUNS)]
    assert costs == [
        {"ratings": size, "peak": 0.5} | dict.fromkeys(measured.STEPS, size)
        for size in growth.SIZES
    ]
    assert "the dearest million takes 1.00 times the cheapest" in capsys.readouterr().out


def test_cell_s_seconds_are_its_own(clock, monkeypatch):
    threads = []
    monkeypatch.setattr(
        suite.threading, "Thread", lambda **how: threads.append(how) or SimpleNamespace(start=int)
    )
    written = io.StringIO()
    watch = suite.Watch(written)
    path = ROOT / "solutions" / "02.ipynb"
    for seconds, name in ((2, "a"), (3, "b")):
        cell = nbformat.v4.new_code_cell(f"{name}()", id=name)
        watch.pytest_runtest_logstart("solutions/02.ipynb::Cell", None)
        clock.go_on(seconds)
        watch.pytest_runtest_teardown(SimpleNamespace(cell=cell, path=path))
        clock.go_on(1_000)
    watch.pytest_runtest_logstart("tests/test_x.py::test", None)
    watch.pytest_runtest_teardown(SimpleNamespace(path=path))  # no cell
    assert [json.loads(line) for line in written.getvalue().splitlines()] == [
        {"notebook": "02", "id": "a", "line": "a()", "seconds": 2},
        {"notebook": "02", "id": "b", "line": "b()", "seconds": 3},
    ]
    assert threads == [{"target": watch._look, "daemon": True}]


# The ablation


def test_stored_ablation_is_one_that_the_section_makes():
    stored = ablation.load_ablation()
    names = [*ablation.PARTS_OF, *ablation.DENSE_OF]
    assert list(stored["seeds"]) == names
    assert set(ablation.PARTS_OF["+ time"]) == set(rating.PARTS)
    assert ablation.ablation_as_text(stored) == ablation.ABLATION_LOG.read_text("utf-8")
    for name in names:
        mine = [one for one in stored["tried"] if one["model"] == name]
        if name in ablation.DENSE_OF:
            best = ablation.best_settings(stored["tried"], ablation.DENSE_OF[name])
            given = [best | {"dense_l2": l2} for l2 in ablation.DENSE_L2]
        else:
            given = list(ablation.ABLATION_SETTINGS)
        settings = [{k: v for k, v in one.items() if k not in ("model", "rmse")} for one in mine]
        assert settings == given
        assert stored["seeds"][name][0] == min(one["rmse"] for one in mine)
        assert len(stored["seeds"][name]) == len(ablation.ABLATION_SEEDS)
    for part in rating.PARTS:
        without = stored["seeds"]["+ crosses" if part == "time" else f"without {part}"]
        rise, low, high = stored["costs"][part]
        assert rise == pytest.approx(
            np.mean(without) - np.mean(stored["seeds"]["+ time"]), abs=2e-4
        )
        assert low < rise < high
    whole = ablation.best_settings(stored["tried"], "+ time")
    assert whole == {"l2": rating.RATING_L2, "epochs": 8, "learning_rate": 0.006}
    assert set(stored["test"]["above"]) == {metrics.BEST_LIBRARY, metrics.BEST_WITHOUT_TIME}
    for name, (above, low, high) in stored["test"]["above"].items():
        theirs = metrics.OTHER_LIBRARIES[name]
        assert above == pytest.approx(np.mean(stored["test"]["seeds"]) - theirs, abs=6e-4)
        assert low < above < high


def test_model_without_time_is_tested_with_the_settings_that_suit_it(monkeypatch, eagerly):
    rows, given = tiny.make_rows(), []
    monkeypatch.setattr(ablation, "ABLATION_SEEDS", (42, 1))
    monkeypatch.setitem(ablation.PARTS_OF, "+ crosses", ("statistics",))  # are trained sooner
    others = {name: np.full(20, 3.0) for name in metrics.OTHER_LIBRARIES}
    monkeypatch.setattr("helpers.data.ratings.load_rows", lambda: rows)
    parts = np.split(np.arange(60), [30, 40])
    monkeypatch.setattr("helpers.data.split.split_row_numbers", lambda: parts)
    monkeypatch.setattr(metrics, "other_libraries", lambda: others)
    train = ablation.train_variant
    monkeypatch.setattr(
        ablation, "train_variant",
        lambda *how, **settings: given.append((how[0], len(how[1]["own"]), how[2], settings))
        or train(*how, **settings),
    )  # fmt: skip
    settings = {"l2": 1, "epochs": 1, "learning_rate": 0.1}
    tried = [{"model": "+ crosses", **settings, "rmse": 0.9}, {"model": "+ time", "rmse": 0.8}]
    found = ablation.test_without_time(tried)
    assert given == [("+ crosses", 40, seed, settings) for seed in ablation.ABLATION_SEEDS]
    theirs = metrics.rmse(rows["user_rating"][40:], others[metrics.BEST_LIBRARY])
    above, low, high = found["above"][metrics.BEST_LIBRARY]
    assert above == pytest.approx(np.mean(found["seeds"]) - theirs, abs=2e-4)
    assert low < above < high


def test_rise_is_that_of_the_mean_rmse_and_its_interval_knows_users_and_seeds():
    rng = np.random.default_rng(1)
    users = np.repeat(np.arange(300), 4)
    first = rng.normal(size=(3, 1_200))
    value, low, high = ablation.rise_with_interval(users, first, 1.1 * first)
    rmse = np.sqrt((first**2).mean(axis=1)).mean()
    assert value == pytest.approx(0.1 * rmse, abs=1e-4)
    assert low < value < high
    assert ablation.rise_with_interval(users, first[:1], first[:1]) == [0, 0, 0]
    each = np.repeat(rng.normal(size=(1, 300)), 4, axis=1)  # a user's errors are alike
    noise = np.repeat(rng.normal(size=(1, 300)), 4, axis=1)
    spread = [
        np.ptp(ablation.rise_with_interval(who, each, noise)[1:]) for who in (users, range(1_200))
    ]
    assert spread[0] > 1.5 * spread[1]
    better = np.array([[1.0] * 1_200, [0.9] * 1_200, [1.1] * 1_200])  # seeds far apart
    _, low, high = ablation.rise_with_interval(users, better, np.full((3, 1_200), 1.0))
    assert low < -0.05
    assert high > 0.05


@pytest.fixture
def few_rows(monkeypatch):
    """Return features of few rows to learn from and of others to judge by."""
    rows = tiny.make_rows()
    made = make_features(rows), make_features(take(rows, slice(40)), take(rows, slice(40, None)))
    monkeypatch.setattr(ablation, "fit_and_validation", lambda: made)
    return made


def test_ablation_tunes_each_model_and_dense_layers_on_top(few_rows, monkeypatch):
    """With models that are not trained, but predict the same stars for everybody."""
    settings = [{"l2": l2, "epochs": 1, "learning_rate": 0.1} for l2 in (1, 1e6)]
    monkeypatch.setattr(ablation, "ABLATION_SETTINGS", settings)
    trained, (train, validation) = [], few_rows

    def train_variant(name, rows, seed, *, l2, dense_l2=0, **others):
        assert rows is train and others == {"epochs": 1, "learning_rate": 0.1}
        trained.append((name, seed, l2, dense_l2))
        stars = 3 + 0.1 * (l2 == 1) + 0.01 * seed + dense_l2 / 1_000
        return lambda batch: np.full((len(batch["user_rating"]), 1), stars)

    monkeypatch.setattr(ablation, "train_variant", train_variant)
    found = ablation.tune("+ history", [])
    assert [one["l2"] for one in found["tried"]] == [1, 1e6]
    best = min(found["tried"], key=lambda one: one["rmse"])
    assert trained[:2] == [("+ history", 42, l2, 0) for l2 in (1, 1e6)]
    assert trained[2:] == [("+ history", seed, best["l2"], 0) for seed in (1, 2)]
    assert found["seeds"][0] == best["rmse"]
    errors, labels = np.array(found["errors"]), validation["user_rating"]
    assert errors.shape == (3, 20)
    np.testing.assert_allclose(np.sqrt((errors**2).mean(axis=1)), found["seeds"], atol=2e-3)
    np.testing.assert_allclose(np.ptp(errors + labels, axis=1), 0, atol=1e-3)
    plain = [{"model": "biases, dot product", **one, "rmse": 1 / one["l2"]} for one in settings]
    dense = ablation.tune("biases, dot product, dense layers", plain)
    assert [one["dense_l2"] for one in dense["tried"]] == list(ablation.DENSE_L2)
    assert {one["l2"] for one in dense["tried"]} == {1e6}


def test_dense_layers_stand_beside_the_dot_product_and_are_trained(few_rows, eagerly):
    name, (train, validation) = "biases, dot product, dense layers", few_rows
    stars = {}
    for dense_l2 in (0.0, 1e9):  # which leaves nothing of them
        model = ablation.train_variant(
            name, train, 42, l2=1, dense_l2=dense_l2, epochs=1, learning_rate=0.1
        )
        stars[dense_l2] = model(validation).numpy()
        assert [layer.units for layer in model.rating_layers.layers] == [256, 64, 1]
        assert all(abs(layer.bias.numpy()).max() > 0 for layer in model.rating_layers.layers)
    assert np.isfinite(stars[0.0]).all()
    assert abs(stars[0.0] - stars[1e9]).max() > 0.01


def test_section_ablation_stores_what_the_lesson_reads(monkeypatch, tmp_path, capsys):
    rng = np.random.default_rng(1)
    asked = []

    def stand_in(module, function, *given, **_):
        if function == "validation_users":
            return [str(user) for user in range(50)]
        if function == "test_without_time":
            assert [one["model"] for one in given[0]] == asked
            return {"seeds": [0.8], "above": {"a library": [-0.1, -0.2, 0.1]}}
        name, tried = given
        asked.append(name)
        assert [one["model"] for one in tried] == asked[:-1]
        one = {"model": name, "l2": 1, "epochs": 2, "learning_rate": 0.1, "rmse": 0.9}
        return {"tried": [one], "seeds": [0.9] * 3, "errors": rng.normal(size=(3, 50)).tolist()}

    monkeypatch.setattr(ablation, "call", stand_in)
    monkeypatch.setattr(ablation, "ABLATION_LOG", tmp_path / "ablation.json")
    made = ablation.measure_ablation()
    assert asked == [*ablation.PARTS_OF, *ablation.DENSE_OF]
    assert ablation.load_ablation() == made
    assert set(made["costs"]) == {*rating.PARTS, *ablation.DENSE_OF}
    assert made["test"]["seeds"] == [0.8]
    assert "without crosses" in capsys.readouterr().out


# Lesson 7's log


def test_log_of_tomorrow_has_each_test_rating_once_and_one_model_in_the_first_week():
    log = tomorrow.load_tomorrow()
    assert sum(week["ratings"] for week in log["weeks"]) == 20_000
    assert log["weeks"][0]["frozen"] == log["weeks"][0]["retrained"]
    expected = {
        *(f"without {part}" for part in causal.CAUSAL_PARTS),
        "GRU",
        "GRU with L2",
        "ragged",
    }
    assert set(log["validation"]) == set(log["seconds"]) == expected | {"all parts"}
    assert set(log["above"]) == expected
    assert log["above"]["ragged"][0] == pytest.approx(0, abs=2e-4)  # the same sums
    assert set(log["ties"]) == {"strictly earlier", "earlier in the array"}


def test_lightgbm_is_asked_what_lesson_7_asks_and_starts_where_it_starts(monkeypatch):
    """A stand-in for LightGBM whose trees add a hundredth of a star to where they start."""
    started = []

    class Dataset:
        def __init__(self, data, label, init_score, **named):
            self.data, self.label, self.init_score, self.named = data, label, init_score, named

        def set_reference(self, other):
            return self

    def train(settings, rows, rounds, valid_sets=(), callbacks=()):
        started.append((settings["seed"], rounds, len(rows.data), rows.named))
        error = 0.8 if rows.init_score is not None and rows.data.shape[1] == 2 else 0.9
        return SimpleNamespace(
            best_score={"valid_0": {"l2": error}}, best_iteration=7,
            predict=lambda x: np.full(len(x), 0.01),
        )  # fmt: skip

    n = 100_000
    numbers = {
        "x": np.zeros((n, 3), np.float32), "stars": np.full(n, 3.0),
        "expected": np.linspace(2, 4, n), "categories": np.array([1, 2]),
    }  # fmt: skip
    fake = SimpleNamespace(Dataset=Dataset, train=train, early_stopping=lambda *a, **named: None)
    monkeypatch.setitem(sys.modules, "lightgbm", fake)
    result = libraries.trees(numbers)
    assert len(result["tried"]) == 32
    assert [one[0] for one in started[-3:]] == list(libraries.TREES_SEEDS)
    assert all(one[1:3] == (7, 80_000) for one in started[-3:])
    assert started[-1][3]["categorical_feature"] == [1], "the movie was not chosen"
    np.testing.assert_allclose(result["predictions"][0], numbers["expected"][80_000:] + 0.01)


def test_lightgbm_s_stored_predictions_are_as_good_as_lesson_7_says():
    stars = in_order_of_time(load_rows())["user_rating"][80_000:]
    errors = np.sqrt(np.mean((rivals.load_trees() - stars) ** 2, axis=1))
    np.testing.assert_allclose(errors, 0.943, atol=0.0005)


# Lesson 10's log


def test_log_of_new_users_asks_both_models_about_the_same_users():
    log, seeds = new_users.load_new_users(), len(new_users.NEW_USERS_SEEDS)
    assert len(log["chosen"]) == seeds
    for metric, counts in (("rmse", new_users.GIVEN), ("ndcg", new_users.LIST_COUNTS)):
        assert set(log[metric]) == {"folding in", "causal"}
        for by_count in log[metric].values():
            assert set(by_count) == set(map(str, counts))
            for values in by_count.values():
                assert np.shape(values) == (seeds, new_users.NEW // 2)
    for chosen in log["chosen"]:
        assert (
            chosen["epochs"] in new_users.EPOCH_CHOICES and chosen["gap"] in new_users.GAP_CHOICES
        )
        assert set(chosen["l2"].values()) <= set(new_users.L2_CHOICES)


def test_section_new_users_stores_what_the_lesson_reads(monkeypatch, tmp_path, capsys):
    def stand_in(module, function, seed, **_):
        by_count = {"0": [0.9123 + seed, 0.8], "5": [0.7, 0.6]}
        both = {"folding in": by_count, "causal": by_count}
        return {"rmse": both, "ndcg": both, "chosen": {"epochs": 2 + seed}}

    monkeypatch.setattr(new_users, "call", stand_in)
    monkeypatch.setattr(new_users, "NEW_USERS_LOG", tmp_path / "new_users.json")
    made = new_users.measure_new_users()
    assert new_users.load_new_users() == made
    assert made["rmse"]["causal"]["0"] == [
        [0.912 + seed, 0.8] for seed in new_users.NEW_USERS_SEEDS
    ]
    assert made["chosen"][1] == {"epochs": 3}
    assert "seed 3" in capsys.readouterr().out


def test_new_users_are_asked_alike(monkeypatch, eagerly):
    """Both models know the first ratings of a user, and are judged by those from the 41st on."""
    rows = tiny.make_rows(count=1_500, users=25, movies=70)
    mine = rows["user_id"] == rows["user_id"][0]
    stars = np.zeros((2, 70), np.float32)
    titles = np.unique(rows["movie_title"])
    stars[:, np.searchsorted(titles, rows["movie_title"][mine])] = rows["user_rating"][mine]
    people = new_users._NewUsers(take(rows, ~mine), stars, seed=1)
    assert sorted(people.orders[0]) == np.flatnonzero(stars[0]).tolist()
    later = people.orders[1][40:]
    given = np.tile(3.0, (2, 70))
    assert people.rmse(given, [0, 1])[1] == pytest.approx(
        np.sqrt(np.mean((stars[1, later] - 3) ** 2))
    )
    features = causal.make_causal_features(take(rows, ~mine))
    model = causal.train_causal_model(features, epochs=1)
    both = people.by_causal(model, np.array([0, 1]), 5, 60)
    assert both.shape == (2, 70)
    alone = people.by_causal(model, np.array([1]), 5, 60)
    told = np.abs(both[1:] - alone)  # the other's five ratings tell the movies little
    assert told.mean() < 0.02 and np.median(told) < 0.001
    assert not np.allclose(people.by_causal(model, np.array([1]), 9, 60), alone, atol=1e-3)
    monkeypatch.setattr(new_users, "NEW_AT_ONCE", 1)
    assert np.allclose(people.by_causal(model, np.array([0, 1]), 5, 60)[1:], alone, atol=1e-5)


def test_reading_a_file_is_measured():
    cost = own_ratings.read_a_file(300, 7)
    assert cost["processor"] > 0 and cost["peak"] > 0
    assert (cost["rows"], cost["titles"]) == (300, 7)


@functools.cache
def way_to_a_list(in_time):
    return own_ratings.go_to_a_list(400, in_time, 1)


@pytest.fixture
def one_part(monkeypatch):
    """Let own models have a part that is trained soon."""
    for parts in ("PARTS", "CAUSAL_PARTS"):
        monkeypatch.setattr(own, parts, ("statistics",))


@pytest.mark.parametrize("in_time", [False, True])
def test_way_to_a_list_is_measured_step_by_step(in_time, one_part, one_epoch):
    cost = way_to_a_list(in_time)
    assert all(cost[step] > 0 for step in own_ratings.OWN_STEPS)
    assert (cost["ratings"], cost["in_time"]) == (400, in_time)


@pytest.mark.parametrize("in_time", [False, True])
def test_ten_millions_are_trained_for_one_epoch(monkeypatch, capsys, in_time, one_part, one_epoch):
    def call(*asked, seconds):
        assert asked == ("bench.own_ratings", "go_to_a_list", 10_000_000, in_time, 1)
        return way_to_a_list(in_time)

    monkeypatch.setattr(own_ratings, "call", call)
    cost = own_ratings.measure_ten_millions(in_time)
    assert cost["processor"] > 0
    assert f"one epoch: {cost['processor']:.0f} seconds of the processor" in capsys.readouterr().out


def test_a_side_column_is_worth_something_where_it_says_something(monkeypatch, capsys, eagerly):
    """To models of the parts that read it, which learn in a few large steps."""
    quick = functools.partial(own.OwnModels, epochs=3, learning_rate=0.2)
    monkeypatch.setattr("helpers.models.OwnModels", quick)
    monkeypatch.setattr(own, "PARTS", ("side features",))
    monkeypatch.setattr(own, "CAUSAL_PARTS", ("side features", "tastes"))
    monkeypatch.setattr(own_ratings, "SIDE_RATINGS", 2_000)
    monkeypatch.setattr(own_ratings, "SIDE_L2", (30,))
    monkeypatch.setattr(own_ratings, "SIDE_SEEDS", 1)
    monkeypatch.setattr(own_ratings, "PLANTED_COLD", (1.5,))
    monkeypatch.setattr(own_ratings, "PLANTED_IN_TIME", (1.5,))
    own_ratings.measure_sides()
    said = capsys.readouterr().out
    for pair in re.findall(r"RMSE (\d\.\d+), with the column (\d\.\d+)", said):
        without, beside = map(float, pair)
        assert beside < without - 0.1
    assert said.count("with the column") == 2


def test_what_a_side_column_is_worth_is_the_mean_over_seeds(monkeypatch, capsys):
    errors = {0: [1.2, 0.9], 1: [1.4, 0.8]}
    monkeypatch.setattr(own_ratings, "SIDE_SEEDS", 2)
    monkeypatch.setattr(own_ratings, "PLANTED_COLD", (0.5, 1.5))
    monkeypatch.setattr(own_ratings, "PLANTED_IN_TIME", (2.5,))
    monkeypatch.setattr(own_ratings, "rmse_of_cold", lambda effect, seed: errors[seed])
    monkeypatch.setattr(own_ratings, "rmse_in_time", lambda effect, seed: errors[seed][::-1])
    own_ratings.measure_sides()
    cold, colder, in_time = capsys.readouterr().out.splitlines()
    worth = "RMSE 1.300, with the column 0.850; less by +0.300 to +0.600 (95%, 2 seeds)"
    assert cold == f"  things without a rating, an effect of 0.5 stars: {worth}"
    assert colder == f"  things without a rating, an effect of 1.5 stars: {worth}"
    worth = "RMSE 0.850, with the column 1.300; less by -0.600 to -0.300 (95%, 2 seeds)"
    assert in_time == f"  in time, an effect of 2.5 stars: {worth}"
