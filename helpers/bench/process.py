"""Run one measurement of the benchmark in a process of its own, so that none warms up another."""

import json
import subprocess
import sys

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
    try:
        done = subprocess.run(
            command, cwd=ROOT, capture_output=True, text=True, timeout=seconds, **options
        )
    except subprocess.TimeoutExpired:
        raise BenchError(f"{what} took longer than {seconds} s") from None
    if done.returncode:
        last = (done.stderr or done.stdout).strip().splitlines()[-8:]
        raise BenchError("\n  ".join([f"{what} failed:", *(last or ["and said nothing"])]))
    return done.stdout


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
