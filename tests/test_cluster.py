"""None of a cluster's processes outlives it, and what becomes of them is told."""

import contextlib
import itertools
import os
import re
import socket
import subprocess
import sys
import time
from types import SimpleNamespace

import pytest
from conftest import ROOT

from helpers.scale import cluster
from helpers.scale.cluster import Cluster, ClusterError, free_ports

pytestmark = pytest.mark.usefixtures("nothing_is_left")

SLEEP = "import time; time.sleep(60)"
SAY = "print('hello', flush=True); "


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


@pytest.mark.parametrize("error", [ValueError("of the body"), KeyboardInterrupt()])
def test_all_end_when_the_body_raises(programs, tmp_path, error):
    started = programs(SLEEP, SLEEP)
    with at_most(30), pytest.raises(type(error)), Cluster({"worker": 2}, tmp_path) as two:
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
    with at_most(30), pytest.raises(type(error)):
        Cluster({"worker": 3}, tmp_path / "out.npz").__enter__()
    assert len(started) == 2
    assert all_ended(started)
    assert list(tmp_path.iterdir()) == []


def test_all_end_at_the_end_of_the_body(programs, tmp_path):
    started = programs("", SLEEP)
    with at_most(30), Cluster({"chief": 1, "worker": 1}, tmp_path) as both:
        both.wait("chief", 10)
        logs = both._log("chief", 0).parent
    assert all_ended(started)
    assert all(process.stdin.closed for process in started)
    assert not logs.exists()


def test_wait_waits_for_all_of_a_job(programs, tmp_path):
    programs(SLEEP, "", "import time; time.sleep(1)")
    with at_most(30), Cluster({"ps": 1, "worker": 2}, tmp_path) as three:
        three.wait("worker", 10)
        assert three.processes["worker", 0].poll() == three.processes["worker", 1].poll() == 0
        assert three.processes["ps", 0].poll() is None


def test_failure_is_raised_at_once_with_the_end_of_the_log(programs, tmp_path):
    programs(SLEEP, "print('x' * 5_000, flush=True); raise ValueError('no such movie')")
    with (
        at_most(30),
        Cluster({"worker": 2}, tmp_path) as two,
    ):
        with pytest.raises(ClusterError) as stop:
            two.wait("worker", 60)
        log = two.log_of("worker", 1)
    assert "ValueError: no such movie" in log
    assert str(stop.value) == f"worker 1 failed:\n{log[-1500:]}"


def test_hanging_process_is_told_after_the_time_limit(programs, tmp_path):
    programs(SLEEP, "print('x' * 1_000); " + SAY + SLEEP)
    with at_most(30), Cluster({"worker": 2}, tmp_path) as two:
        two.wait_for_line("worker", 1, "hello", 10)
        with pytest.raises(ClusterError) as stop:
            two.wait("worker", 1)
        logs = [f"worker {i}: {two.log_of('worker', i)[-300:]}" for i in range(2)]
    assert str(stop.value) == "the cluster took longer than 1 s:\n" + "\n".join(logs)
    assert logs[1].endswith("x\nhello\n")


class Clock:
    """Stands for `time`: sleeping takes no time, but is counted."""

    def __init__(self):
        self.now = 1_000.0

    def monotonic(self):
        return self.now

    def sleep(self, seconds):
        self.now += seconds


def test_limit_is_two_minutes_unless_another_is_given(programs, tmp_path, monkeypatch):
    clock = Clock()
    programs(SLEEP)
    monkeypatch.setattr(cluster, "time", clock)
    with Cluster({"worker": 1}, tmp_path) as one:
        for start, wait in (
            (1_000, lambda: one.wait("worker")),
            (2_000, lambda: one.wait_for_line("worker", 0, "hello")),
        ):
            clock.now = start
            with pytest.raises(ClusterError, match=r"longer than 120 s:"):
                wait()
            assert start + 120 < clock.now < start + 120.2  # it looks often


def test_line_is_waited_for(programs, tmp_path):
    programs(SLEEP, "import time; time.sleep(0.5); " + SAY + SLEEP)
    with at_most(30), Cluster({"worker": 2}, tmp_path) as two:
        two.wait_for_line("worker", 1, "hello", 10)
        with pytest.raises(ClusterError, match=r"longer than 0.2 s"):
            two.wait_for_line("worker", 1, "hell", 0.2)


@pytest.mark.parametrize("job", ["worker", "chief"])
def test_line_that_never_comes_is_told_when_a_process_ends(programs, tmp_path, job):
    """Whether the process itself has ended or another one."""
    programs("print('y' * 2_000, 'bye')", SLEEP)
    with at_most(30), Cluster({"worker": 1, "chief": 1}, tmp_path) as both:
        with pytest.raises(ClusterError) as stop:
            both.wait_for_line(job, 0, "hello", 60)
        assert str(stop.value) == f"worker 0 ended early:\n{'y' * 1_495} bye\n"


def test_logs_may_hold_any_bytes(programs, tmp_path):
    programs(r"import sys; sys.stdout.buffer.write(b'a\xe9 \xc3\xa9')")
    with Cluster({"worker": 1}, tmp_path) as one:
        one.wait("worker", 30)
        assert one.log_of("worker", 0) == "a\N{REPLACEMENT CHARACTER} é"


def test_failure_of_another_job_is_raised_at_once(programs, tmp_path):
    """Without its servers a chief waits until the time limit."""
    programs(SLEEP, SLEEP, "raise ValueError('no port')")
    with (
        at_most(30),
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
    with at_most(30), Cluster({"worker": 2}, tmp_path) as two:
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
    addresses = list(itertools.chain(*three.addresses.values()))
    assert len(set(addresses)) == 3
    assert all(re.fullmatch(r"127\.0\.0\.1:\d{4,5}", address) for address in addresses)


@pytest.mark.parametrize("backup", [None, "ü"])
def test_command_names_output_and_backup(monkeypatch, tmp_path, backup):
    commands = []

    def start(arguments, **named):
        commands.append((arguments, named))
        return subprocess.Popen([sys.executable, "-c", ""], **named)

    stand_in = SimpleNamespace(Popen=start, PIPE=subprocess.PIPE)
    monkeypatch.setattr(cluster, "subprocess", stand_in)
    with Cluster({"worker": 1}, tmp_path / "a b.npz", backup and tmp_path / backup) as one:
        one.wait("worker", 10)
    ((arguments, named),) = commands
    more = ["--backup", str(tmp_path / backup)] if backup else []
    assert arguments == [
        sys.executable, "-m", "helpers.scale.worker", str(tmp_path / "a b.npz"), *more,
        "--started-by-cluster",
    ]  # fmt: skip
    assert named["cwd"] == ROOT
    assert named["stdin"] == subprocess.PIPE  # whose end tells of this process's
    assert named["env"]["CUDA_VISIBLE_DEVICES"] == "-1"
    assert named["env"].items() >= (os.environ | {"CUDA_VISIBLE_DEVICES": "-1"}).items()


def test_ports_are_different_free_and_on_loopback():
    ports = free_ports(20)
    assert len(set(ports)) == 20
    with contextlib.ExitStack() as sockets:
        for port in ports:
            sockets.enter_context(socket.socket()).bind(("127.0.0.1", port))
    assert free_ports(0) == []
