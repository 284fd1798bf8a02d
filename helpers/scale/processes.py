"""Work in a process of its own: with a time limit, and gone when whoever asked for it is gone."""

import contextlib
import json
import os
import subprocess
import sys
import threading

import psutil

from helpers.setup.environment import ROOT

LIMIT_SECONDS = 300


class ProcessError(RuntimeError):
    """A process failed or took too long; the message says how."""


def call(module, function, *arguments, seconds=LIMIT_SECONDS):
    """Call a function in a new process, and return what it returns.

    Args:
        module: name of a module of `helpers`, such as "scale.growth".
        function: name of one of its functions.
        *arguments: what it is called with; they, and what it returns, must fit into JSON.
        seconds: the time limit.

    Raises:
        ProcessError: the function raised an error or took longer.
    """
    code = (
        "import json, sys\n"
        "from helpers.scale.processes import end_with_parent\n"
        "end_with_parent()\n"
        f"from helpers.{module} import {function}\n"
        f"print(json.dumps({function}(*json.loads(sys.argv[1]))))"
    )
    command = [sys.executable, "-c", code, json.dumps(arguments)]
    what = f"{function}({', '.join(map(str, arguments))})"
    theirs, ours = os.pipe()  # closed as soon as this process ends, however it ends
    try:
        return json.loads(run_command(command, what, seconds, stdin=theirs).splitlines()[-1])
    finally:
        os.close(theirs)
        os.close(ours)


def run_command(command, what, seconds=LIMIT_SECONDS, **options):
    """Run a command in the course's folder, and return what it prints.

    Args:
        command: list of str.
        what: what to call it in a message.
        seconds: the time limit; then it ends, with all that it has started.
        **options: as `subprocess.Popen` takes them.

    Raises:
        ProcessError: it failed or took longer.
    """
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8",
        errors="replace", **options,
    ) as process:  # fmt: skip
        try:
            out, errors = process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            raise ProcessError(f"{what} took longer than {seconds} s") from None
        finally:
            _end(process)
    if process.returncode:
        last = (errors or out).strip().splitlines()[-8:]
        last = last or ["it was ended, perhaps for want of memory"]
        raise ProcessError("\n  ".join([f"{what} failed:", *last]))
    return out


def end_with_parent():
    """End this process when whoever holds the other end of its stdin is gone, however it ended."""

    def wait():
        while os.read(0, 1024):  # not `sys.stdin`, which Python wants to close at its own end
            pass
        os._exit(1)

    threading.Thread(target=wait, daemon=True).start()


def _end(process):
    """End a process, if it still runs, with all that it has started."""
    if process.poll() is None:
        for child in psutil.Process(process.pid).children(recursive=True):
            with contextlib.suppress(psutil.NoSuchProcess):  # it has just ended
                child.kill()
        process.kill()
