"""No check hangs, however busy the machine, and the learner's own interruption comes through.

What a kernel shows where TensorFlow never returns is tested in `test_notebooks.py`, whose kernel
has loaded it already.
"""

import contextlib
import contextvars
import signal
import sys
import threading
import time

import pytest

from helpers.checks import beyond_one_machine as beyond_one_machine
from helpers.checks.engine import exercise, time_limit

LIMIT = 0.1  # seconds
LONG = 10**6


@pytest.fixture
def short(monkeypatch):
    monkeypatch.setattr(time_limit, "SECONDS", LIMIT)
    monkeypatch.setattr(time_limit, "ASK_SECONDS", LIMIT)


@pytest.fixture
def short_clock(monkeypatch):
    monkeypatch.setattr(time_limit, "CLOCK_SECONDS", LIMIT)


@pytest.fixture
def no_grace(monkeypatch):
    monkeypatch.setattr(time_limit, "GRACE_SECONDS", LIMIT)


def forever(*arguments, **named):
    while True:
        pass


def hold_up(*arguments, **named):
    """Catch everything, twice."""
    for _ in range(2):
        with contextlib.suppress(BaseException):  # as a learner's bare `except` does
            forever()
    forever()


@pytest.fixture
def wait():
    """Return a function that waits, for an event that comes when the test is over."""
    over = threading.Event()
    yield lambda *arguments, **named: over.wait(LONG)
    over.set()


@pytest.mark.parametrize("function", [forever, hold_up])
def test_a_function_that_never_returns_is_stopped(function, short):
    message = r"computed for longer than 0\.1 s and was stopped: does a loop never end"
    with pytest.raises(exercise.NotYet, match=message):
        beyond_one_machine.machines_needed(function)


def test_what_returns_in_time_is_returned():
    assert time_limit.run_within(60, lambda a, b: a + b, 1, 2) == 3
    with pytest.raises(ZeroDivisionError):
        time_limit.run_within(60, lambda: 1 / 0)


def test_waiting_for_a_busy_machine_costs_nothing():
    """What the clock says is not counted, only what this process has used."""
    started = time.monotonic()
    assert time_limit.run_within(LIMIT, lambda: time.sleep(5 * LIMIT) or "done") == "done"
    assert time.monotonic() - started >= 5 * LIMIT


def test_the_work_of_other_threads_is_counted():
    """TensorFlow works in threads of its own, while the answer only waits for them."""
    over = threading.Event()

    def work():
        while not over.is_set():
            pass

    def function():
        threading.Thread(target=work).start()
        while not over.wait(0.01):
            pass

    with pytest.raises(time_limit.TimeIsUp, match="computed for longer"):
        time_limit.run_within(LIMIT, function)
    over.set()


def test_waiting_for_ever_ends_too(wait, short_clock, no_grace):
    with pytest.raises(exercise.NotYet, match=r"waited for longer than 0\.1 s .* restart the kern"):
        beyond_one_machine.machines_needed(wait)


def test_nothing_is_left_behind(short):
    before, threads = signal.getsignal(signal.SIGINT), set(threading.enumerate())
    for function in (forever, lambda *_: 1, lambda *_: 1 / 0):
        with pytest.raises(exercise.NotYet):
            beyond_one_machine.machines_needed(function)
    assert signal.getsignal(signal.SIGINT) is before
    assert set(threading.enumerate()) <= threads


def test_no_late_exception_escapes(monkeypatch):
    """However close the end is to the limit, it ends as one of the two."""
    monkeypatch.setattr(threading, "excepthook", pytest.fail)
    monkeypatch.setattr(time_limit, "LOOK_SECONDS", 0.002)
    outcomes = set()
    for step in range(300):
        end = time.process_time() + 0.001 + step % 30 * 1e-4

        def work(end=end):
            while time.process_time() < end:
                pass
            return "in time"

        try:
            outcomes.add(time_limit.run_within(0.002, work))
        except time_limit.TimeIsUp:
            outcomes.add("stopped")
    assert outcomes <= {"in time", "stopped"}


@pytest.fixture
def press(monkeypatch):
    """Return a function that presses Stop, which sends a SIGINT, as soon as the caller waits."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # as in a kernel
    monkeypatch.setattr(time_limit, "CLOCK_SECONDS", 600)  # lest a press without effect hangs

    def send():
        time.sleep(LIMIT)
        signal.raise_signal(signal.SIGINT)

    yield send
    signal.signal(signal.SIGINT, before)


def test_stop_comes_through(press):
    threads = set(threading.enumerate())
    with pytest.raises(KeyboardInterrupt):
        beyond_one_machine.machines_needed(lambda *_: press() or forever())
    assert set(threading.enumerate()) <= threads


def test_stop_ends_what_cannot_be_stopped(press, wait, no_grace):
    with pytest.raises(KeyboardInterrupt):
        beyond_one_machine.machines_needed(lambda *_: press() or wait())


def test_within_another_limit():
    with pytest.raises(time_limit.TimeIsUp):
        time_limit.run_within(60, time_limit.run_within, LIMIT, forever)
    with pytest.raises(time_limit.TimeIsUp):
        time_limit.run_within(LIMIT, time_limit.run_within, 60, forever)


def test_answers_see_the_settings_of_the_cell():
    """As NumPy's, which are context variables."""
    variable = contextvars.ContextVar("variable")
    variable.set("set in the cell")
    assert time_limit.run_within(60, variable.get) == "set in the cell"


def test_an_exit_is_no_end_of_the_notebook():
    with pytest.raises(exercise.NotYet, match="SystemExit"):
        beyond_one_machine.machines_needed(lambda *_: sys.exit())


def test_a_wrong_number_of_answers_is_named():
    with pytest.raises(exercise.NotYet, match=r"takes 1 answer\(s\), not 2"):
        beyond_one_machine.machines_needed(forever, forever)
