"""No check hangs, and the learner's own interruption comes through."""

import contextlib
import signal
import sys
import threading
import time

import pytest

from helpers.checks import beyond_one_machine as beyond_one_machine
from helpers.checks import rank_dont_rate as rank_dont_rate
from helpers.checks.engine import exercise, time_limit

LIMIT = 0.2  # seconds


@pytest.fixture
def short(monkeypatch):
    monkeypatch.setattr(time_limit, "SECONDS", LIMIT)


def forever(*arguments, **named):
    while True:
        pass


def sleep(*arguments, **named):
    time.sleep(600)


def hold_up(*arguments, **named):
    """Catch everything, twice."""
    for _ in range(2):
        with contextlib.suppress(BaseException):  # as a learner's bare `except` does
            forever()
    forever()


@pytest.mark.parametrize("function", [forever, sleep, hold_up])
@pytest.mark.parametrize("check", [beyond_one_machine.table_bytes, rank_dont_rate.reciprocal_rank])
def test_a_function_that_never_returns_is_stopped(check, function, short):
    with pytest.raises(exercise.NotYet, match=r"longer than 0\.2 s .* does a loop never end"):
        check(function)


def test_what_returns_in_time_is_returned():
    assert time_limit.run_within(60, lambda a, b: a + b, 1, 2) == 3
    with pytest.raises(ZeroDivisionError):
        time_limit.run_within(60, lambda: 1 / 0)


def test_nothing_is_left_behind(short):
    before, threads = signal.getsignal(signal.SIGINT), threading.active_count()
    for function in (forever, lambda *_: 1, lambda *_: 1 / 0):
        with pytest.raises(exercise.NotYet):
            beyond_one_machine.table_bytes(function)
    assert signal.getsignal(signal.SIGINT) is before
    assert threading.active_count() == threads


def test_no_late_signal_escapes():
    """However close the end is to the limit, it ends as one of the two."""
    outcomes = set()
    for step in range(300):
        end = time.perf_counter() + 0.002 + step % 30 * 1e-5

        def work(end=end):
            while time.perf_counter() < end:
                pass
            return "in time"

        try:
            outcomes.add(time_limit.run_within(0.002, work))
        except time_limit.TimeIsUp:
            outcomes.add("stopped")
    assert outcomes <= {"in time", "stopped"}


@pytest.fixture
def kernel_handler():
    """Let a SIGINT do what it does in a kernel."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def test_stop_comes_through(kernel_handler):
    """A press on Stop is a SIGINT."""
    for seconds in (60, time_limit.SECONDS):
        with pytest.raises(KeyboardInterrupt):
            time_limit.run_within(seconds, signal.raise_signal, signal.SIGINT)
    with pytest.raises(KeyboardInterrupt):
        beyond_one_machine.table_bytes(lambda *_: signal.raise_signal(signal.SIGINT))


def test_in_another_thread_there_is_no_limit():
    found = []
    thread = threading.Thread(
        target=lambda: found.append(time_limit.run_within(0.01, lambda: time.sleep(0.1) or "done"))
    )
    thread.start()
    thread.join()
    assert found == ["done"]


def test_within_another_limit():
    with pytest.raises(time_limit.TimeIsUp):
        time_limit.run_within(60, time_limit.run_within, LIMIT, forever)
    with pytest.raises(time_limit.TimeIsUp):
        time_limit.run_within(LIMIT, time_limit.run_within, 60, forever)


def test_an_exit_is_no_end_of_the_notebook():
    with pytest.raises(exercise.NotYet, match="SystemExit"):
        beyond_one_machine.table_bytes(lambda *_: sys.exit())


def test_a_wrong_number_of_answers_is_named():
    with pytest.raises(exercise.NotYet, match=r"takes 1 answer\(s\), not 2"):
        beyond_one_machine.table_bytes(forever, forever)
