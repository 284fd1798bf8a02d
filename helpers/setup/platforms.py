"""Where Linux, macOS and Windows differ: all of it is here, with the standard library alone."""

import contextlib
import errno
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

WINDOWS = "win32"
MAC = "darwin"


def command(arguments):
    """Return what a person types to run one of the course's commands.

    Args:
        arguments: str, such as "lab".
    """
    return f"{'python' if sys.platform == WINDOWS else 'python3'} -m helpers {arguments}"


def python_of(venv):
    """Return the path of the Python of a virtual environment."""
    return venv / ("Scripts/python.exe" if sys.platform == WINDOWS else "bin/python")


def uses_symlinks():
    """Return whether a virtual environment links to its Python instead of copying it."""
    return sys.platform != WINDOWS  # where links need a right that most people lack


def is_intel_mac():
    """Return whether this is a Mac with an Intel processor."""
    return sys.platform == MAC and os.uname().machine == "x86_64"


def is_mac():
    """Return whether this is a Mac."""
    return sys.platform == MAC


def is_root():
    """Return whether the person is root, for whom Jupyter wants a flag of its own."""
    return hasattr(os, "geteuid") and os.geteuid() == 0


def print_anything():
    """Let `print` replace what the terminal's encoding lacks, instead of raising an error."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


def run_to_its_end(command, folder, variables):
    """Run a program, and leave it to the program what Ctrl-C means; return its exit code.

    JupyterLab asks at the first Ctrl-C and ends at the second. Who asks this process to end
    (SIGTERM) ends the program too.

    Args:
        command: list of str.
        folder: the working directory.
        variables: dict, the environment variables.

    Raises:
        OSError: the program cannot be started.
    """
    process = subprocess.Popen(command, cwd=str(folder), env=variables)

    def end(*signal_and_frame):
        process.terminate()

    before = signal.signal(signal.SIGTERM, end)
    try:
        while True:
            with contextlib.suppress(KeyboardInterrupt):  # the program has got it as well
                return process.wait()
    finally:
        signal.signal(signal.SIGTERM, before)


@contextlib.contextmanager
def only_one(path, seconds, say_waiting):
    """Hold a lock that other processes wait for; a crash or a kill sets it free.

    It needs no package: the set-up holds one before any is there.

    Args:
        path: `Path` of the lock's file, which stays.
        seconds: how long to wait for another process.
        say_waiting: function that is called once if there is a wait.

    Raises:
        TimeoutError: another process has held the lock for so long.
        OSError: the file cannot be written.
    """
    end, said = time.monotonic() + seconds, False
    with open(str(path), "a+b") as file:
        while not _lock(file):
            if not said:
                say_waiting()
                said = True
            if time.monotonic() > end:
                raise TimeoutError(f"the lock {path} is held by another process")
            time.sleep(0.2)
        yield  # closing the file sets it free


def _lock(file):
    """Return whether an open file could be locked for this process alone."""
    try:
        if sys.platform == WINDOWS:
            import msvcrt

            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in _HELD:
            return False
        raise
    return True


_HELD = (errno.EAGAIN, errno.EWOULDBLOCK, errno.EACCES, errno.EDEADLK)  # by another process


def peak_memory():
    """Return the most memory that this process has used so far, in GB."""
    if sys.platform == WINDOWS:
        import psutil

        return psutil.Process().memory_info().peak_wset / 1e9
    status = Path("/proc/self/status")
    if status.exists():  # Linux, whose `ru_maxrss` starts at the peak of whoever started this
        peak = re.search(r"VmHWM:\s*(\d+) kB", status.read_text("ascii"))
        if peak:
            return int(peak[1]) * 1024 / 1e9
    import resource

    unit = 1 if sys.platform == MAC else 1024  # bytes
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e9
