"""What lesson 8 trains, measures and profiles."""

import json
import re
import subprocess
import sys
import time

import numpy as np
import pytest
from conftest import ROOT

from helpers.data import movielens
from helpers.data.batches import make_batches
from helpers.data.movielens import tfds, tfds_movielens
from helpers.data.simulation import simulate
from helpers.data.vocabularies import numbered
from helpers.keras2 import tf
from helpers.models.factors import Factors
from helpers.scale import growth, processes, profiling

RATINGS_25M = """userId,movieId,rating,timestamp
1,296,5.0,1147880044
1,306,3.5,1147868817
2,296,0.5,1141415820
10,5952,4.0,1141415528
"""
MOVIES_25M = """movieId,title,genres
296,Pulp Fiction (1994),Comedy|Crime|Drama|Thriller
306,"Three Colors: Red (1994)",Drama
5952,"Lord of the Rings: The Two Towers, The (2002)",Adventure|Fantasy
"""


@pytest.fixture(scope="module")
def ratings():
    return simulate(3_000, users=60, movies=150).ratings


@pytest.fixture
def numbers():
    """Return 103 ratings whose `user` is the row's number."""
    row = np.arange(103, dtype=np.int32)
    return {"user": row, "movie": row % 7, "user_rating": (row / 10).astype(np.float32)}


# The model


def test_same_seed_same_tables():
    first, same, other = Factors(5, 7, 10), Factors(5, 7, 10), Factors(5, 7, 10, seed=1)
    shapes = [(5, 16), (7, 16), (5, 1), (7, 1)]
    assert [table.shape for table in first.tables()] == shapes
    for mine, theirs, others in zip(first.tables(), same.tables(), other.tables()):
        np.testing.assert_array_equal(mine, theirs)
        assert (mine != others).all()


def test_stars_by_hand(numbers):
    model = Factors(103, 7, 10)
    user, movie, user_bias, movie_bias = model.tables()
    u, m = numbers["user"], numbers["movie"]
    expected = 3.5 + user_bias[u, 0] + movie_bias[m, 0] + (user[u] * movie[m]).sum(axis=1)
    stars = model(numbers)
    assert stars.shape == (103, 1)
    np.testing.assert_allclose(stars[:, 0], expected, atol=1e-6)


@pytest.mark.parametrize("cuts", [(), (50,), (1, 2, 70)])
def test_parts_of_the_loss_add_up(numbers, cuts):
    model = Factors(103, 7, 103)
    expected = np.mean((model(numbers)[:, 0] - numbers["user_rating"]) ** 2)
    parts = {name: np.split(values, cuts) for name, values in numbers.items()}
    losses = [
        float(model.compute_loss({name: values[i] for name, values in parts.items()}))
        for i in range(1 + len(cuts))
    ]
    assert all(0 < loss < expected for loss in losses) or not cuts
    assert sum(losses) == pytest.approx(expected, rel=1e-5)


def test_training_learns(ratings):
    numbers, users, movies = numbered(ratings)
    model = Factors(users, movies, 100)
    model.compile(tf.keras.optimizers.Adagrad(0.1))
    before = float(model.compute_loss(numbers))
    model.fit(make_batches(numbers, 100), epochs=3, verbose=0)
    assert float(model.compute_loss(numbers)) < 0.9 * before


# Growth


def test_measuring_here_gives_what_is_documented():
    cost = growth.measure_here(40_000)
    assert list(cost) == ["ratings", "users", "movies", *growth.STEPS, "peak"]
    assert cost["ratings"] == 40_000
    assert cost["users"] == round(40_000 / 106)
    assert 900 < cost["movies"] <= 1_052
    assert all(0 < cost[step] < 60 for step in growth.STEPS)
    json.dumps(cost)


def test_fewer_ratings_than_a_batch_are_measured():
    cost = growth.measure_here("3000")
    assert cost["ratings"] == 3_000
    assert set(cost) == {"ratings", "users", "movies", *growth.STEPS, "peak"}


def test_process_that_is_ended_from_outside_is_told(monkeypatch):
    """As the system does when memory runs out; then there is no last line."""
    popen = subprocess.Popen
    silent = [sys.executable, "-c", "import os; os._exit(9)"]
    monkeypatch.setattr(processes.subprocess, "Popen", lambda _, **named: popen(silent, **named))
    with pytest.raises(
        RuntimeError,
        match=r"^measure_here\(5\) failed:\n  it was ended, perhaps for want of memory$",
    ):
        growth.measure(5)


def test_measuring_takes_another_process():
    cost = growth.measure(20_000)
    assert cost["ratings"] == 20_000
    assert 0.2 < cost["peak"] < 5  # TensorFlow and no more


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("nonsense", "nonsense: ValueError: invalid literal for int() with base 10: 'nonsense'"),
        (0, "0: ValueError: ratings, users, movies and noise must be greater than zero"),
    ],
)
def test_failure_is_told_in_a_line(source, said):
    with pytest.raises(RuntimeError, match=f"^{re.escape(said)}$"):
        growth.measure(source)


def test_too_long_a_measurement_is_told():
    start = time.monotonic()
    with pytest.raises(RuntimeError, match=r"^1000000 took longer than 0 s$"):
        growth.measure(1_000_000, seconds=0)
    assert time.monotonic() - start < 10


def test_reading_25m(tmp_path, monkeypatch):
    """Of a dataset that TFDS itself has made, of four ratings."""
    raw = tmp_path / "raw" / "ml-25m"
    raw.mkdir(parents=True)
    (raw / "ratings.csv").write_text(RATINGS_25M, "utf-8")
    (raw / "movies.csv").write_text(MOVIES_25M, "utf-8")

    class FromRawFiles(tfds_movielens.Movielens, skip_registration=True):
        name = "movielens"

        def _split_generators(self, dl_manager):
            return [tfds.core.SplitGenerator(name="train", gen_kwargs={"dir_path": str(raw)})]

    asked = []

    def builder(name):
        asked.append(name)
        return FromRawFiles(data_dir=tmp_path, config="25m-ratings")

    monkeypatch.setattr(movielens.tfds, "builder", builder)
    columns = growth.read_25m()
    again = growth.read_25m()  # finds it prepared
    assert asked == ["movielens/25m-ratings"] * 2
    assert set(columns) == {"user_id", "movie_title", "user_rating"}
    rows = zip(*(columns[name].tolist() for name in ("user_id", "movie_title", "user_rating")))
    assert sorted(rows) == [
        (b"1", b"296", 5.0), (b"1", b"306", 3.5), (b"10", b"5952", 4.0), (b"2", b"296", 0.5)
    ]  # fmt: skip
    for name, values in columns.items():
        assert values.dtype.kind == ("f" if name == "user_rating" else "S")
        np.testing.assert_array_equal(values, again[name])
    assert numbered(columns)[1:] == (3, 3)


def test_25m_is_measured_by_name(monkeypatch):
    monkeypatch.setattr(growth, "read_25m", lambda: simulate(20_001).ratings)
    assert growth.measure_here("25m-ratings")["ratings"] == 20_001


def test_peak_memory_is_that_of_a_process():
    peak = growth.peak_memory()
    assert 0.05 < peak < 50
    block = np.ones(25_000_000)  # 0.2 GB
    assert growth.peak_memory() >= peak
    del block


def test_peak_memory_is_not_that_of_who_started_the_process():
    """Linux lets `ru_maxrss` start at the peak of the process that started this one."""
    code = (
        "from helpers.growth import peak_memory\n"
        "before = peak_memory()\n"
        "block = bytearray(b'x') * 300_000_000\n"
        "print(before, peak_memory() - before)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    before, more = map(float, done.stdout.split())
    assert before < 0.1
    assert 0.25 < more < 0.35


# The profiler


def train_on(batches):
    model = Factors(60, 150, 10)
    model.compile(tf.keras.optimizers.Adagrad(0.1))
    model.fit(batches.take(1), verbose=0)  # traces, outside of what is profiled
    return lambda: model.fit(batches, verbose=0)


@pytest.fixture(scope="module")
def few_numbers(ratings):
    return {name: values[:200] for name, values in numbered(ratings)[0].items()}


def test_profile_tells_steps_and_waiting(few_numbers):
    step, waiting = profiling.profile(train_on(make_batches(few_numbers, 10)))
    assert 0 <= waiting <= step
    assert 1 < step < 20_000


def test_profile_sees_a_slow_pipeline(few_numbers):
    def sleep(user):
        time.sleep(0.02)
        return user

    def slow(batch):
        user = tf.ensure_shape(tf.py_function(sleep, [batch["user"]], tf.int32), [10])
        return batch | {"user": user}

    batches = make_batches(few_numbers, 10)
    _, quick = profiling.profile(train_on(batches))
    step, waiting = profiling.profile(train_on(batches.map(slow)))
    assert waiting > 0.5 * step
    assert waiting > 0.5 * 20 * 20  # milliseconds of 20 batches
    assert waiting > 3 * quick
    assert waiting <= step


def test_profile_passes_arguments_on_and_ends_after_an_error():
    given = []
    assert profiling.profile(lambda *arguments: given.extend(arguments), 1, "b") == (0, 0)
    assert given == [1, "b"]
    with pytest.raises(ValueError, match="of training"):
        profiling.profile(lambda: (_ for _ in ()).throw(ValueError("of training")))
    assert profiling.profile(lambda: None) == (0, 0)  # the profiler is free again
