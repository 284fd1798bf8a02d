"""Real parameter servers train what one process trains.

This is a test of several modules, and too slow to be run on mutants. Lesson 12 asserts the same of
two workers, of one that is killed, and of parameter servers: nbval runs it.
"""

import re

import numpy as np
import pytest

from helpers.keras2 import tf
from helpers.scale import worker
from helpers.scale.cluster import Cluster

pytestmark = pytest.mark.usefixtures("nothing_is_left")


@pytest.fixture(scope="module")
def alone():
    return worker.train(tf.distribute.get_strategy()).tables()


def assert_same(some, others):
    for one, other in zip(some, others, strict=True):
        np.testing.assert_allclose(one, other, atol=1e-5)


def stored(path):
    with np.load(path) as tables:
        return [tables[name] for name in tables]


def test_parameter_servers_train_the_same(alone, tmp_path):
    jobs = {"chief": 1, "worker": 1, "ps": 2}
    with Cluster(jobs, tmp_path / "shards.npz") as shards:
        shards.wait("chief")
        log = shards.log_of("chief", 0)
    lines = [line for line in log.splitlines() if line.startswith("a shard")]
    found = [re.search(r"\((\d+), 16\) on /job:ps/.*/task:(\d)", line).groups() for line in lines]
    rows, servers = zip(*found)
    assert sorted(servers) == ["0", "1"]
    assert sum(map(int, rows)) == len(alone[0])
    assert np.ptp([int(count) for count in rows]) <= 1
    assert_same(alone, stored(tmp_path / "shards.npz"))
