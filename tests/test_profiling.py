"""What the profiler has seen, in two numbers."""

import contextlib
import time
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from tensorflow.tsl.profiler.protobuf import xplane_pb2

from helpers.data.batches import make_batches
from helpers.keras2 import tf
from helpers.models.factors import Factors
from helpers.scale import profiling

WAITING = "IteratorGetNextOp::DoCompute"


def plane(names, *lines):
    """Return what is stored of events, which are pairs of a name and milliseconds."""
    made = xplane_pb2.XPlane()
    for number, name in names.items():
        made.event_metadata[number].name = name
    numbers = {name: number for number, name in names.items()}
    for line in lines:
        events = made.lines.add().events
        for name, milliseconds in line:
            events.add(metadata_id=numbers[name], duration_ps=int(milliseconds * 1e9))
    return made


@pytest.fixture
def seen(monkeypatch):
    """Let the profiler have seen events in two files; return what happens, in its order."""
    happened = []

    @contextlib.contextmanager
    def profile(folder):
        happened.append(f"begin in {len(list(Path(folder).iterdir()))} files")
        yield
        happened.append("end")
        for name, planes in files.items():
            path = Path(folder) / "plugins" / "profile" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(xplane_pb2.XSpace(planes=planes).SerializeToString())
        happened.append(folder)

    files = {
        "one.xplane.pb": [
            plane(
                {1: "train", 2: WAITING, 3: "other"},
                [("train", 10), ("other", 100)],
                [(WAITING, 0.5), ("train", 20), (WAITING, 2)],
            ),
            plane({2: "train", 1: "training"}, [("train", 40), ("training", 1_000)]),
        ],
        "two.xplane.pb": [plane({7: WAITING}, [(WAITING, 4)])],
        "three.pb": [plane({7: WAITING}, [(WAITING, 1_000)])],
    }
    experimental = SimpleNamespace(Profile=profile)
    stand_in = SimpleNamespace(profiler=SimpleNamespace(experimental=experimental))
    monkeypatch.setattr(profiling, "tf", stand_in)
    return happened


def test_steps_and_waiting_are_added_up_over_all_lines(seen):
    def train(*given):
        seen.append(given)

    assert profiling.profile(train, 1, "b") == (70, 6.5)
    assert seen[:3] == ["begin in 0 files", (1, "b"), "end"]
    assert not Path(seen[3]).exists()


def test_profile_sees_a_slow_pipeline():
    """Of 20 batches that take 20 milliseconds each, however fast a step is."""

    def sleep(user):
        time.sleep(0.02)
        return user

    def slow(batch):
        user = tf.ensure_shape(tf.py_function(sleep, [batch["user"]], tf.int32), [10])
        return batch | {"user": user}

    row = np.arange(200, dtype=np.int32)
    numbers = {"user": row % 60, "movie": row % 150, "user_rating": np.ones(200, np.float32)}
    options = tf.data.Options()
    options.experimental_optimization.inject_prefetch = (
        False  # or what a slow step does not wait for
    )
    batches = make_batches(numbers, 10).map(slow).with_options(options)
    model = Factors(60, 150, 10)
    model.compile(tf.keras.optimizers.Adagrad(0.1))
    model.fit(batches.take(1), verbose=0)  # traces, outside of what is profiled
    step, waiting = profiling.profile(lambda: model.fit(batches, verbose=0))
    assert 400 <= waiting <= step


def test_profile_ends_after_an_error():
    def fail():
        raise ValueError("of training")

    with pytest.raises(ValueError, match="of training"):
        profiling.profile(fail)
    assert profiling.profile(lambda: None) == (0, 0)  # the profiler is free again
