"""Real workers train what one process trains.

These are the tests of several modules, and too slow to be run on mutants.
"""

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


def test_two_workers_train_the_same(alone, tmp_path):
    with Cluster({"worker": 2}, tmp_path / "two.npz") as two:
        two.wait("worker")
        for index in range(2):
            assert two.log_of("worker", index).splitlines()[-2:] == ["epoch 4 done", "done"]
    assert_same(alone, stored(tmp_path / "two.npz"))
