"""Run one measurement of the benchmark in a process of its own, so that none warms up another."""

import contextlib
import json
import subprocess
import sys

import psutil  # ipykernel brings it along

from helpers.environment import ROOT

LIMIT = 300  # seconds


class BenchError(RuntimeError):
    """A measurement failed, or took too long; the message says how."""


def run(command, what, seconds=LIMIT, **options):
    """Run a command; return what it prints.

    Args:
        command: list of str.
        what: what to call it in an error.
        seconds: the time limit.
        **options: as `subprocess.run` takes them.

    Raises:
        BenchError: it failed or took too long.
    """
    pipe = subprocess.PIPE
    with subprocess.Popen(
        command, cwd=ROOT, stdout=pipe, stderr=pipe, text=True, **options
    ) as process:
        try:
            out, errors = process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            raise BenchError(f"{what} took longer than {seconds} s") from None
        finally:
            _end(process)
    if process.returncode:
        last = (errors or out).strip().splitlines()[-8:]
        raise BenchError("\n  ".join([f"{what} failed:", *(last or ["and said nothing"])]))
    return out


def _end(process):
    """End a process, if it still runs, with all that it has started."""
    if process.poll() is None:
        for child in psutil.Process(process.pid).children(recursive=True):
            with contextlib.suppress(psutil.NoSuchProcess):  # it has just ended
                child.kill()
        process.kill()


def call(module, function, *arguments, seconds=LIMIT):
    """Call a function in a new process; return what it returns, which must fit into JSON."""
    code = (
        "import json, sys\n"
        f"from helpers.{module} import {function}\n"
        f"print(json.dumps({function}(*json.loads(sys.argv[1]))))"
    )
    command = [sys.executable, "-c", code, json.dumps(arguments)]
    what = f"{function}({', '.join(map(str, arguments))})"
    return json.loads(run(command, what, seconds).splitlines()[-1])
