"""A worker trains what NumPy does, and is what TF_CONFIG says."""

import importlib.util
import io
import re
import sys
from types import SimpleNamespace

import numpy as np
import pytest
from conftest import SOLUTIONS

from helpers.data.simulation import simulate
from helpers.data.vocabularies import numbered
from helpers.keras2 import tf
from helpers.models import factors
from helpers.scale import processes, worker

# Training


def trained_by_numpy(ratings=20_480, batch_size=1_024, epochs=4):
    """Return the four tables after Adagrad's steps, with a learning rate of 0.1."""
    numbers, users, movies = numbered(simulate(ratings, users=500, movies=800).ratings)
    rng = np.random.default_rng(42)
    shapes = (users, 16), (movies, 16), (users, 1), (movies, 1)
    tables = [rng.normal(0, 0.05, shape) for shape in shapes]
    squares = [np.full(shape, 0.1) for shape in shapes]
    for _ in range(epochs):
        for start in range(0, ratings, batch_size):
            part = slice(start, start + batch_size)
            u, m = numbers["user"][part], numbers["movie"][part]
            user, movie, user_bias, movie_bias = tables
            stars = 3.5 + user_bias[u, 0] + movie_bias[m, 0] + (user[u] * movie[m]).sum(axis=1)
            slope = (2 * (stars - numbers["user_rating"][part]) / batch_size)[:, None]
            gradients = [np.zeros(shape) for shape in shapes]
            updates = (u, slope * movie[m]), (m, slope * user[u]), (u, slope), (m, slope)
            for gradient, (rows, values) in zip(gradients, updates):
                np.add.at(gradient, rows, values)
            for table, square, gradient in zip(tables, squares, gradients):
                square += gradient**2
                table -= 0.1 * gradient / np.sqrt(square + 1e-7)
    return tables


@pytest.fixture(scope="module")
def alone():
    return trained_by_numpy()


def assert_same(some, others):
    for one, other in zip(some, others, strict=True):
        np.testing.assert_allclose(one, other, atol=2e-4)


def test_training_alone_is_adagrads(alone, capsys):
    model = worker.train(tf.distribute.get_strategy())
    assert_same(model.tables(), alone)
    assert np.abs(alone[3]).max() > 0.3  # biases start at about 0.05
    assert capsys.readouterr().out.splitlines() == [f"epoch {n} done" for n in (1, 2, 3, 4)]


def test_interrupted_training_goes_on_where_it_was(monkeypatch, tmp_path, capsys, eagerly):
    """It says so when an epoch is stored."""

    class Watched(factors.Factors):
        def __init__(self, *given):
            super().__init__(*given)
            assert self.batch_size == 512  # on all workers together

    def interrupt(epoch, logs):
        if epoch == 1:
            raise KeyboardInterrupt

    given = tf.distribute.get_strategy(), str(tmp_path / "backup"), 2_048, 512, 3
    monkeypatch.setattr(factors, "Factors", Watched)
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(worker, "_say", interrupt)
        worker.train(*given)
    model = worker.train(*given)
    assert capsys.readouterr().out.splitlines() == ["epoch 3 done"]
    assert_same(model.tables(), trained_by_numpy(2_048, 512, 3))


def test_what_is_said_is_there_at_once(monkeypatch):
    written = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(written))
    worker._say(4, {})
    assert written.getvalue().split() == [b"epoch", b"5", b"done"]


# The command


class Ended(BaseException):
    """Stands for the end of the process."""


@pytest.fixture
def run(monkeypatch):
    """Return a function that runs the command with stand-ins; it gives what `train` is given."""

    def run_command(cluster, *arguments):
        asked = []

        def end(code):
            raise Ended(code)

        def train(*given):
            asked.append(given)
            return SimpleNamespace(tables=lambda: [np.arange(3), np.eye(2)])

        monkeypatch.setattr(worker, "os", SimpleNamespace(_exit=end))
        monkeypatch.setattr(
            worker, "make_strategy", lambda given: ("strategy", given, cluster)[::2]
        )
        monkeypatch.setattr(worker, "train", train)
        monkeypatch.setattr(processes, "end_with_parent", lambda: asked.append("end with parent"))
        with pytest.raises(Ended) as ended:
            worker.main([str(argument) for argument in arguments])
        assert ended.value.args == (0,)
        return asked

    return run_command


@pytest.mark.parametrize(
    ("number", "stores"),
    [(None, True), (0, True), (1, False), (3, False)],
)
def test_one_process_stores_the_tables(run, tmp_path, monkeypatch, number, stores):
    out, written = tmp_path / "out.npz", io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(written))
    cluster = None if number is None else SimpleNamespace(task_id=number)
    assert run(cluster, out) == [("strategy", None)]
    assert written.getvalue().split() == [b"done"]  # at once: nothing is written at the end
    assert out.exists() == stores
    if stores:
        assert [table.tolist() for table in np.load(out).values()] == [[0, 1, 2], [[1, 0], [0, 1]]]


def test_backup_and_parent_are_passed_on(run, tmp_path):
    given = tmp_path / "out.npz", "--backup", "a folder", "--started-by-cluster"
    assert run(None, *given) == ["end with parent", ("strategy", "a folder")]


def test_help_tells_what_a_person_may_give(capsys):
    with pytest.raises(SystemExit):
        worker.main(["--help"])
    said = capsys.readouterr().out
    assert said.startswith("usage: python -m helpers.scale.worker [-h] [--backup FOLDER] out\n")
    assert re.search(r"--backup FOLDER +resume from here, if interrupted\n", said)
    assert "cluster" not in said


def test_out_is_needed(capsys):
    with pytest.raises(SystemExit):
        worker.main([])
    assert capsys.readouterr().err.endswith("the following arguments are required: out\n")


# The strategy


def test_without_tf_config_it_trains_alone(monkeypatch):
    monkeypatch.delenv("TF_CONFIG", raising=False)
    strategy, cluster = worker.make_strategy(tf)
    assert strategy is tf.distribute.get_strategy()
    assert cluster is None


def test_workers_hold_all_tables(monkeypatch):
    monkeypatch.setenv("TF_CONFIG", "{}")
    distribute = SimpleNamespace(
        cluster_resolver=SimpleNamespace(TFConfigClusterResolver=lambda: "a cluster"),
        MultiWorkerMirroredStrategy=lambda given: ("MultiWorkerMirrored", given),
    )
    made = worker.make_strategy(SimpleNamespace(distribute=distribute))
    assert made == (("MultiWorkerMirrored", "a cluster"), "a cluster")


def test_commands_that_lessons_print_are_there():
    text = "".join(path.read_text("utf-8") for path in SOLUTIONS)
    modules = set(re.findall(r"python3 -m (helpers(?:\.\w+)+)", text))
    assert "helpers.scale.worker" in modules
    assert all(importlib.util.find_spec(module) for module in modules)
