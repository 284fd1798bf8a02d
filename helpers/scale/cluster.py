"""Processes on this machine that work together, and end together."""

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from helpers.setup.environment import ROOT


class ClusterError(RuntimeError):
    """A process failed or took too long; the message holds the end of its log."""


class Cluster:
    """Run `helpers.scale.worker` in several processes, as a cluster of this machine.

    All of them end with the `with` block, also after an error or an interruption; and with this
    process, even if it is killed. They call each other on loopback; TensorFlow offers no way to
    keep its servers from listening on the machine's other networks too, for as long as they run.

    Args:
        jobs: dict from a job's name to how many processes it has, such as {"worker": 2}.
        out: path for the trained tables.
        backup: folder of `BackupAndRestore`, if any.

    Example:
        with Cluster({"worker": 2}, out) as cluster:
            cluster.wait("worker")
    """

    def __init__(self, jobs, out, backup=None):
        self.arguments = [str(out)] + (["--backup", str(backup)] if backup else [])
        free = iter(free_ports(sum(jobs.values())))
        self.addresses = {
            job: [f"127.0.0.1:{next(free)}" for _ in range(count)] for job, count in jobs.items()
        }
        self.processes = {}

    def __enter__(self):
        self.logs = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        try:
            for job, addresses in self.addresses.items():
                for index in range(len(addresses)):
                    self._start(job, index)
        except BaseException:
            self.__exit__()
            raise
        return self

    def _start(self, job, index):
        task = {"cluster": self.addresses, "task": {"type": job, "index": index}}
        environment = dict(os.environ, TF_CONFIG=json.dumps(task), CUDA_VISIBLE_DEVICES="-1")
        command = [sys.executable, "-m", "helpers.scale.worker", *self.arguments]
        with open(self._log(job, index), "wb") as log:
            self.processes[job, index] = subprocess.Popen(
                [*command, "--started-by-cluster"],
                cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=log, stderr=log,
            )  # fmt: skip

    def __exit__(self, *error):
        for process in self.processes.values():
            process.kill()
        for process in self.processes.values():
            process.wait()
            process.stdin.close()
        self.logs.cleanup()

    def wait(self, job, seconds=120):
        """Wait until all processes of a job have ended.

        Raises:
            ClusterError: a process failed, of any job, or it took longer than `seconds`.
        """

        def ended():
            codes = {key: process.poll() for key, process in self.processes.items()}
            if all(code == 0 for key, code in codes.items() if key[0] == job):
                return True
            for key, code in codes.items():
                if code:
                    raise ClusterError(f"{key[0]} {key[1]} failed:\n{self.log_of(*key)[-1500:]}")
            return False

        self._until(ended, seconds)

    def wait_for_line(self, job, index, line, seconds=120):
        """Wait until a process has printed a line.

        Raises:
            ClusterError: a process ended before, or it took longer than `seconds`.
        """

        def printed():
            codes = {key: process.poll() for key, process in self.processes.items()}
            if line in self.log_of(job, index).splitlines():  # after `poll`: it may be the last
                return True
            for key, code in codes.items():
                if code is not None:
                    raise ClusterError(
                        f"{key[0]} {key[1]} ended early:\n{self.log_of(*key)[-1500:]}"
                    )
            return False

        self._until(printed, seconds)

    def kill(self, job, index):
        """Kill a process at once, as if its machine had lost power."""
        self.processes[job, index].kill()

    def log_of(self, job, index):
        """Return what a process has printed so far."""
        return self._log(job, index).read_text("utf-8", errors="replace")

    def _log(self, job, index):
        return Path(self.logs.name) / f"{job}-{index}.log"

    def _until(self, condition, seconds):
        end = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > end:
                ends = "\n".join(
                    f"{job} {i}: {self.log_of(job, i)[-300:]}" for job, i in self.processes
                )
                raise ClusterError(f"the cluster took longer than {seconds} s:\n{ends}")
            time.sleep(0.05)


def free_ports(count):
    """Return numbers of ports on loopback that nobody uses."""
    sockets = [socket.socket() for _ in range(count)]
    try:
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]
    finally:
        for each in sockets:
            each.close()
