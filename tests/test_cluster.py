"""Processes train what one process trains, and none of them outlives its cluster."""

import contextlib
import itertools
import re
import signal
import socket
import subprocess
import sys
import time
from types import SimpleNamespace

import numpy as np
import psutil
import pytest
from conftest import ROOT

from helpers.keras2 import tf
from helpers.scale import cluster, worker
from helpers.scale.cluster import Cluster, ClusterError, free_ports

SLEEP = "import time; time.sleep(60)"
SAY = "print('hello', flush=True); "
WITH_PARENT = "from helpers.scale.processes import end_with_parent; end_with_parent(); "
PARENT = """
import subprocess, sys, time

child = subprocess.Popen([sys.executable, "-c", sys.argv[1]], stdin=subprocess.PIPE)
print(child.pid, flush=True)
time.sleep(60)
"""


@pytest.fixture(autouse=True)
def nothing_is_left():
    """End what a test has left running, and fail."""
    before = set(psutil.Process().children(recursive=True))
    yield
    left = set(psutil.Process().children(recursive=True)) - before
    for process in left:
        process.kill()
    assert not left


@pytest.fixture
def programs(monkeypatch):
    """Return a function that names what each process of a cluster runs, instead of the worker."""

    def run(*codes):
        started = []

        def start(arguments, **named):
            code = codes[len(started)]
            if isinstance(code, BaseException):
                raise code
            started.append(subprocess.Popen([sys.executable, "-c", code], **named))
            return started[-1]

        stand_in = SimpleNamespace(Popen=start, PIPE=subprocess.PIPE)
        monkeypatch.setattr(cluster, "subprocess", stand_in)
        return started

    return run


@contextlib.contextmanager
def at_most(seconds):
    start = time.monotonic()
    yield
    assert time.monotonic() - start < seconds


def all_ended(processes):
    return all(process.poll() is not None for process in processes)


# Real workers


@pytest.fixture(scope="module")
def alone():
    return worker.train(tf.distribute.get_strategy()).tables()


def stored(path):
    with np.load(path) as tables:
        return [tables[name] for name in tables]


def assert_same(some, others):
    assert len(some) == len(others) == 4
    for one, other in zip(some, others):
        np.testing.assert_allclose(one, other, atol=1e-5)


def test_training_alone_learns(alone):
    assert [table.shape[1] for table in alone] == [16, 16, 1, 1]
    assert np.abs(alone[3]).max() > 0.3  # biases start at about 0.05


def test_two_workers_train_the_same(alone, tmp_path):
    with Cluster({"worker": 2}, tmp_path / "two.npz") as two:
        processes = list(two.processes.values())
        two.wait("worker")
        for index in range(2):
            assert two.log_of("worker", index).splitlines()[-2:] == ["epoch 4 done", "done"]
    assert all_ended(processes)
    assert_same(alone, stored(tmp_path / "two.npz"))


def test_killed_worker_costs_nothing(alone, tmp_path):
    arguments = {"worker": 2}, tmp_path / "killed.npz", tmp_path / "backup"
    with Cluster(*arguments) as first:
        first.wait_for_line("worker", 1, "epoch 2 done")
        first.kill("worker", 1)
        with pytest.raises(ClusterError, match="worker 1 failed"):
            first.wait("worker", 20)
    assert not (tmp_path / "killed.npz").exists()
    with Cluster(*arguments) as second:
        second.wait("worker")
        lines = second.log_of("worker", 0).splitlines()
    assert "epoch 1 done" not in lines
    assert "epoch 4 done" in lines
    assert_same(alone, stored(tmp_path / "killed.npz"))


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


# Clusters of small programs


@pytest.mark.parametrize("error", [ValueError("of the body"), KeyboardInterrupt()])
def test_all_end_when_the_body_raises(programs, tmp_path, error):
    started = programs(SLEEP, SLEEP)
    with at_most(10), pytest.raises(type(error)), Cluster({"worker": 2}, tmp_path) as two:
        logs = two._log("worker", 0).parent
        assert logs.is_dir()
        assert len(started) == 2 and not all_ended(started)
        raise error
    assert all_ended(started)
    assert not logs.exists()


@pytest.mark.parametrize("error", [OSError("no more processes"), KeyboardInterrupt()])
def test_all_end_when_a_later_one_does_not_start(programs, tmp_path, monkeypatch, error):
    monkeypatch.setattr(cluster.tempfile, "tempdir", str(tmp_path))
    started = programs(SLEEP, SLEEP, error)
    with at_most(10), pytest.raises(type(error)):
        Cluster({"worker": 3}, tmp_path / "out.npz").__enter__()
    assert len(started) == 2
    assert all_ended(started)
    assert list(tmp_path.iterdir()) == []


def test_all_end_at_the_end_of_the_body(programs, tmp_path):
    started = programs("", SLEEP)
    with at_most(10), Cluster({"chief": 1, "worker": 1}, tmp_path) as both:
        both.wait("chief", 10)
        logs = both._log("chief", 0).parent
    assert all_ended(started)
    assert all(process.stdin.closed for process in started)
    assert not logs.exists()


def test_wait_waits_for_all_of_a_job(programs, tmp_path):
    programs(SLEEP, "", "import time; time.sleep(1)")
    with at_most(10), Cluster({"ps": 1, "worker": 2}, tmp_path) as three:
        three.wait("worker", 10)
        assert three.processes["worker", 0].poll() == three.processes["worker", 1].poll() == 0
        assert three.processes["ps", 0].poll() is None


def test_failure_is_raised_at_once_with_the_end_of_the_log(programs, tmp_path):
    programs(SLEEP, "print('x' * 5_000, flush=True); raise ValueError('no such movie')")
    with (
        at_most(10),
        Cluster({"worker": 2}, tmp_path) as two,
        pytest.raises(ClusterError, match="worker 1 failed") as stop,
    ):
        two.wait("worker", 60)
    assert "ValueError: no such movie" in str(stop.value)
    assert len(str(stop.value)) < 2_000


def test_hanging_process_is_told_after_the_time_limit(programs, tmp_path):
    programs("", SAY + SLEEP)
    with at_most(10), Cluster({"worker": 2}, tmp_path) as two:
        two.wait_for_line("worker", 1, "hello", 10)
        with pytest.raises(ClusterError, match="longer than 1 s") as stop:
            two.wait("worker", 1)
    assert "worker 1: hello" in str(stop.value)


def test_line_is_waited_for(programs, tmp_path):
    programs(SLEEP, "import time; time.sleep(0.5); " + SAY + SLEEP)
    with at_most(10), Cluster({"worker": 2}, tmp_path) as two:
        two.wait_for_line("worker", 1, "hello", 10)
        with pytest.raises(ClusterError, match=r"longer than 0.2 s"):
            two.wait_for_line("worker", 1, "hell", 0.2)


@pytest.mark.parametrize("job", ["worker", "chief"])
def test_line_that_never_comes_is_told_when_a_process_ends(programs, tmp_path, job):
    """Whether the process itself has ended or another one."""
    programs("print('bye')", SLEEP)
    with (
        at_most(10),
        Cluster({"worker": 1, "chief": 1}, tmp_path) as both,
        pytest.raises(ClusterError, match="worker 0 ended early:\nbye"),
    ):
        both.wait_for_line(job, 0, "hello", 60)


def test_failure_of_another_job_is_raised_at_once(programs, tmp_path):
    """Without its servers a chief waits until the time limit."""
    programs(SLEEP, SLEEP, "raise ValueError('no port')")
    with (
        at_most(10),
        Cluster({"chief": 1, "ps": 2}, tmp_path) as three,
        pytest.raises(ClusterError, match="ps 1 failed") as stop,
    ):
        three.wait("chief", 60)
    assert "ValueError: no port" in str(stop.value)


def test_last_line_is_seen_though_the_process_has_ended(programs, tmp_path, monkeypatch):
    """Also if it says and ends just after the log was read."""
    started = programs("import time; time.sleep(0.5); print('hello')")
    with Cluster({"worker": 1}, tmp_path) as one:
        read = one.log_of

        def slowly(*which):
            log = read(*which)
            started[0].wait()
            return log

        monkeypatch.setattr(one, "log_of", slowly)
        one.wait_for_line("worker", 0, "hello", 10)


def test_killed_process_is_gone_and_named(programs, tmp_path):
    started = programs(SLEEP, SLEEP)
    with at_most(10), Cluster({"worker": 2}, tmp_path) as two:
        two.kill("worker", 1)
        with pytest.raises(ClusterError, match="worker 1 failed"):
            two.wait("worker", 60)
        assert started[0].poll() is None


def test_each_process_is_told_who_it_is(programs, tmp_path):
    programs(*["import os; print(os.environ['TF_CONFIG'])"] * 3)
    with Cluster({"chief": 1, "worker": 2}, tmp_path) as three:
        three.wait("worker", 10)
        three.wait("chief", 10)
        told = {key: three.log_of(*key) for key in three.processes}
    assert list(told) == [("chief", 0), ("worker", 0), ("worker", 1)]
    for (job, index), text in told.items():
        assert f'"task": {{"type": "{job}", "index": {index}}}' in text
        assert all(address in text for address in itertools.chain(*three.addresses.values()))


def test_command_names_output_and_backup(monkeypatch, tmp_path):
    commands = []

    def start(arguments, **named):
        commands.append((arguments, named))
        return subprocess.Popen([sys.executable, "-c", ""], **named)

    stand_in = SimpleNamespace(Popen=start, PIPE=subprocess.PIPE)
    monkeypatch.setattr(cluster, "subprocess", stand_in)
    with Cluster({"worker": 1}, tmp_path / "a b.npz", tmp_path / "ü") as one:
        one.wait("worker", 10)
    (arguments, named), *others = commands
    assert not others
    assert arguments == [
        sys.executable, "-m", "helpers.scale.worker", str(tmp_path / "a b.npz"), "--backup",
        str(tmp_path / "ü"), "--started-by-cluster",
    ]  # fmt: skip
    assert named["env"]["CUDA_VISIBLE_DEVICES"] == "-1"


def test_ports_are_different_free_and_on_loopback():
    ports = free_ports(20)
    assert len(set(ports)) == 20
    with contextlib.ExitStack() as sockets:
        for port in ports:
            sockets.enter_context(socket.socket()).bind(("127.0.0.1", port))
    assert free_ports(0) == []


# The end of a worker


def test_worker_ends_when_its_stdin_is_closed():
    with subprocess.Popen(
        [sys.executable, "-c", WITH_PARENT + SAY + SLEEP],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        assert process.stdout.readline() == "hello\n"
        time.sleep(0.3)
        assert process.poll() is None
        process.stdin.close()
        assert process.wait(10) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_worker_ends_when_its_parent_is_killed():
    with subprocess.Popen(
        [sys.executable, "-c", PARENT, WITH_PARENT + SLEEP],
        cwd=ROOT, stdout=subprocess.PIPE, text=True,
    ) as parent:  # fmt: skip
        child = psutil.Process(int(parent.stdout.readline()))
        time.sleep(0.5)
        assert child.is_running()
        parent.send_signal(signal.SIGKILL)
        parent.wait(10)
        _, alive = psutil.wait_procs([child], timeout=10)
        for process in alive:
            process.kill()
        assert not alive
