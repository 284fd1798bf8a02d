"""What it costs to have more ratings, measured by a clock that the tests set."""

import itertools
import json
import subprocess
import sys
from types import SimpleNamespace

import numpy as np
import pytest
from conftest import ROOT

from helpers.data import movielens
from helpers.data.movielens import tfds, tfds_movielens
from helpers.data.simulation import simulate
from helpers.data.vocabularies import numbered
from helpers.models import factors
from helpers.scale import growth

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


# In this process


@pytest.fixture
def clock(monkeypatch):
    """Let each look at the clock, one after the other, say 0, 1, 4, 9, … seconds."""
    looks = itertools.count()
    stand_in = SimpleNamespace(perf_counter=lambda: float(next(looks) ** 2))
    monkeypatch.setattr(growth, "time", stand_in)
    return looks


@pytest.fixture
def epochs(monkeypatch):
    """Return what models have been fitted on: an epoch's number of rows, batch by batch."""
    done = []

    class Told(factors.Factors):
        def __init__(self, users, movies, batch_size):
            super().__init__(users, movies, batch_size)
            done.append((users, movies, batch_size))

        def compile(self, optimizer, **settings):
            super().compile(optimizer, **settings)
            done.append((optimizer.name, float(optimizer.learning_rate), settings))

        def fit(self, batches, **settings):
            two = [np.concatenate([batch["user"] for batch in batches]) for _ in range(2)]
            mixed = bool((two[0] != two[1]).any())
            done.append(([len(batch["user"]) for batch in batches], mixed, settings["verbose"]))
            return super().fit(batches, **settings)

    monkeypatch.setattr(factors, "Factors", Told)
    return done


def test_each_step_is_measured_by_itself(clock, epochs, eagerly):
    cost = growth.measure_here("4500")
    json.dumps(cost)
    peak = cost.pop("peak")
    assert 0.05 < peak < 50
    movies = cost.pop("movies")
    assert 200 < movies <= 353  # of so many simulated ones, those that have a rating
    assert cost == {"ratings": 4_500, "users": 42, "get": 1, "number": 3, "train": 7}
    assert next(clock) == 5  # nothing else looks at the clock
    assert epochs == [
        (42, movies, 2_048),
        ("Adagrad", pytest.approx(0.1), {"steps_per_execution": 20}),
        ([2_048], True, 0),  # which traces
        ([2_048, 2_048], True, 0),  # what is left over is left out
    ]


def test_25m_is_measured_by_name_and_fewer_ratings_than_a_batch_are(
    monkeypatch, clock, epochs, eagerly
):
    """Downloading and preparing do not count, reading does."""

    def read():
        next(clock)
        return simulate(1_500).ratings

    monkeypatch.setattr(growth, "prepare_25m", lambda: next(clock))
    monkeypatch.setattr(growth, "read_25m", read)
    cost = growth.measure_here("25m-ratings")
    assert cost["ratings"] == 1_500
    # looks: 0; 1 while preparing; 4; 9 while reading; 16, 25, 36, 49
    assert (cost["get"], cost["number"], cost["train"]) == (16 - 4, 25 - 16, 49 - 36)
    assert [done[0] for done in epochs[2:]] == [[1_500], [1_500]]


# In another process


@pytest.fixture
def calls(monkeypatch):
    given = []
    monkeypatch.setattr(growth, "call", lambda *what, **how: given.append((what, how)) or "costs")
    return given


@pytest.mark.parametrize(
    ("arguments", "seconds"),
    [((5,), 300), ((5, 70), 300), (("25m-ratings",), 10_800), ((5, "25m-ratings"), 10_800)],
)
def test_another_process_has_a_time_limit(calls, arguments, seconds):
    what = ("scale.growth", "measure_all_here", *arguments)
    assert growth.measure(*arguments) == "costs"
    assert growth.measure(*arguments, seconds=7) == "costs"
    assert calls == [(what, {"seconds": seconds}), (what, {"seconds": 7})]


def test_sizes_are_measured_one_after_the_other(monkeypatch):
    monkeypatch.setattr(growth, "measure_here", lambda source: f"cost of {source}")
    assert growth.measure_all_here(5, "25m-ratings") == ["cost of 5", "cost of 25m-ratings"]


def test_too_few_ratings_are_refused():
    with pytest.raises(ValueError, match="must be greater than zero"):
        growth.measure_here(0)


# MovieLens 25M


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


# Memory


def test_peak_memory_is_that_of_a_process():
    peak = growth.peak_memory()
    assert 0.05 < peak < 50
    block = np.ones(2_500_000)  # 20 MB
    assert growth.peak_memory() >= peak
    del block


def test_peak_memory_is_not_that_of_who_started_the_process():
    """Linux lets `ru_maxrss` start at the peak of the process that started this one."""
    code = (
        "from helpers.setup.platforms import peak_memory\n"
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
