"""Functions and commands in processes of their own, which end in time."""

import contextlib
import os
import queue
import signal
import stat
import subprocess
import sys
import threading
import time
from types import SimpleNamespace

import psutil
import pytest
from conftest import ROOT

from helpers.scale import processes

SLEEP = "import time; time.sleep(60)"


def run(code, *arguments, **options):
    return processes.run_command([sys.executable, "-c", code, *arguments], "this", **options)


# Commands


def test_command_runs_in_the_courses_folder_and_returns_what_it_prints(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    code = "import os, sys; print(os.getcwd(), 'Zoë'); print('not this', file=sys.stderr)"
    assert run("import sys; sys.stdout.reconfigure(encoding='utf-8'); " + code) == f"{ROOT} Zoë\n"


def test_what_is_not_utf_8_is_replaced():
    assert run(r"import sys; sys.stdout.buffer.write(b'a\xe9b')") == "a\N{REPLACEMENT CHARACTER}b"
    with pytest.raises(processes.ProcessError, match="a\N{REPLACEMENT CHARACTER}b"):
        run(r"import sys; sys.stderr.buffer.write(b'a\xe9b'); sys.exit(1)")


@pytest.mark.parametrize("stream", ["stderr", "stdout"])
def test_failed_process_is_told_by_its_last_lines(stream):
    code = f"import sys; print(*range(20), sep='\\n', file=sys.{stream}); sys.exit(3)"
    with pytest.raises(processes.ProcessError) as raised:
        run(code)
    assert str(raised.value) == "\n  ".join(["this failed:", *map(str, range(12, 20))])


def test_of_a_failure_that_prints_both_the_errors_are_told():
    with pytest.raises(processes.ProcessError) as raised:
        run("import sys; print('out'); sys.exit('no luck')")
    assert str(raised.value) == "this failed:\n  no luck"


def test_process_that_is_ended_from_outside_is_told():
    """As the system does when memory runs out; then there is no last line."""
    with pytest.raises(
        processes.ProcessError, match=r"^this failed:\n  it was ended, perhaps for want of memory$"
    ):
        run("import os; os._exit(9)")


def test_process_that_takes_too_long_is_told():
    with pytest.raises(processes.ProcessError, match=r"^this took longer than 0.1 s$") as raised:
        run(SLEEP, seconds=0.1)
    assert raised.value.__suppress_context__


def test_what_takes_too_long_is_ended_with_all_that_it_started(tmp_path):
    child = "import os, sys, time; print(os.getpid(), file=open(sys.argv[1], 'w')); time.sleep(60)"
    code = (
        "import subprocess, sys, time\n"
        f"command = [sys.executable, '-c', {child!r}, sys.argv[1]]\n"
        "subprocess.Popen([sys.executable, '-c', {parent!r}, *command],\n"
        "                 stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)\n"
        "time.sleep(60)"
    ).replace("{parent!r}", repr("import subprocess, sys; subprocess.run(sys.argv[1:])"))
    note = tmp_path / "pid"
    with pytest.raises(processes.ProcessError):
        run(code, str(note), seconds=3)
    with contextlib.suppress(psutil.NoSuchProcess):
        ended = psutil.Process(int(note.read_text()))
        for _ in range(100):  # a signal takes its time; nobody may have asked how it ended
            if ended.status() == psutil.STATUS_ZOMBIE:
                break
            time.sleep(0.1)
        else:
            ended.kill()
            pytest.fail("it still runs")


# Functions


def test_call_returns_what_the_function_does():
    curve = [[1, 0.94], [2, 0.92]]
    assert processes.call("bench.rivals", "reached", curve, [0.95, 0.93, 0.9]) == [1, 2, None]


@pytest.fixture
def commands(monkeypatch):
    """Let commands tell what they are instead of running; return the list of that."""
    given = []

    def run_command(command, what, seconds, stdin):
        assert stat.S_ISFIFO(os.fstat(stdin).st_mode)  # which tells of this process's end
        given.append((command, what, seconds))
        return "printed before\n[1, 2]\n"

    monkeypatch.setattr(processes, "run_command", run_command)
    return given


@pytest.mark.parametrize(("limit", "seconds"), [({}, 300), ({"seconds": 7}, 7)])
def test_call_is_named_limited_and_read_from_the_last_line(commands, limit, seconds):
    assert processes.call("scale.growth", "measure_here", "25m", 3, **limit) == [1, 2]
    ((command, what, given),) = commands
    assert (what, given) == ("measure_here(25m, 3)", seconds)
    assert command[:2] == [sys.executable, "-c"] and command[3:] == ['["25m", 3]']


def test_pipes_are_closed_afterwards(commands):
    before = psutil.Process().num_fds() if hasattr(psutil.Process, "num_fds") else 0
    for _ in range(3):
        processes.call("scale.growth", "measure_here")
    after = psutil.Process().num_fds() if hasattr(psutil.Process, "num_fds") else 0
    assert before == after


def test_commands_have_five_minutes_and_print_utf_8(monkeypatch):
    """Also where that is not the system's encoding."""
    asked = []

    class Done(subprocess.Popen):
        def __init__(self, command, **options):
            super().__init__(command, **options)
            asked.append(options["encoding"])

        def communicate(self, timeout):
            asked.append(timeout)
            return super().communicate(timeout=timeout)

    monkeypatch.setattr(processes.subprocess, "Popen", Done)
    run("")
    assert asked == ["utf-8", 300]


def test_a_child_that_has_just_ended_is_no_error(monkeypatch):
    class Child:
        def kill(self):
            raise psutil.NoSuchProcess(1)

    def process_of(pid):
        assert psutil.Process(pid).parent() == psutil.Process()  # not this process itself
        return SimpleNamespace(children=lambda recursive: [Child(), Child()])

    stand_in = SimpleNamespace(Process=process_of, NoSuchProcess=psutil.NoSuchProcess)
    monkeypatch.setattr(processes, "psutil", stand_in)
    with pytest.raises(processes.ProcessError, match="took longer"):
        run(SLEEP, seconds=0.1)


# The end of a process


WITH_PARENT = "from helpers.scale.processes import end_with_parent; end_with_parent(); "
SAY = "print('hello', flush=True); "
PARENT = """
import subprocess, sys, time

child = subprocess.Popen([sys.executable, "-c", sys.argv[1]], stdin=subprocess.PIPE)
print(child.pid, flush=True)
time.sleep(60)
"""


def test_stdin_is_read_to_its_end_beside_the_process(monkeypatch):
    """Then, and only then, the process ends with code 1; what is written is not looked at."""
    written, codes = queue.Queue(), queue.Queue()

    def read(file, count):
        assert file == 0 and count > 0
        return written.get()

    monkeypatch.setattr(processes, "os", SimpleNamespace(read=read, _exit=codes.put))
    before = set(threading.enumerate())
    processes.end_with_parent()
    (thread,) = set(threading.enumerate()) - before
    assert thread.daemon  # or the process would wait for it
    for part in (b"some", b"thing"):
        written.put(part)
    time.sleep(0.05)
    assert codes.empty()
    written.put(b"")
    assert codes.get(timeout=30) == 1
    thread.join(30)


def test_process_ends_when_its_stdin_is_closed():
    with subprocess.Popen(
        [sys.executable, "-c", WITH_PARENT + SAY + SLEEP],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        assert process.stdout.readline() == "hello\n"
        time.sleep(0.3)
        process.stdin.write("something")
        process.stdin.flush()
        time.sleep(0.2)
        assert process.poll() is None  # it is not about what is written
        process.stdin.close()
        assert process.wait(10) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_process_ends_when_its_parent_is_killed():
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


def test_process_that_ends_by_itself_is_not_kept():
    with subprocess.Popen(
        [sys.executable, "-c", WITH_PARENT], cwd=ROOT, stdin=subprocess.PIPE
    ) as process:
        assert process.wait(10) == 0
