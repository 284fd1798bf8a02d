"""Section "suite" of the benchmark, and the pytest plugin that watches the notebooks' cells.

All solutions run as the tests run them. The plugin runs in each of them: it notes how
long each cell takes, and each second how much memory the notebook's kernel has.
"""

import json
import os
import sys
import tempfile
import threading
import time
from collections import defaultdict
from pathlib import Path

from helpers.__main__ import PROCESSES, TEST_OPTIONS
from helpers.scale.processes import ProcessError, run_command

WATCH_FOLDER = "COURSE_BENCH_FOLDER"  # the variable that tells the plugin where to write
LINUX = Path("/proc/self/smaps").exists()
SLOWEST, LIMIT = 10, 1_800  # cells; seconds
SECONDS_BETWEEN_LOOKS = 1.0


def measure_suite():
    """Run the solutions; print and return seconds, memory, and the slowest cells."""
    with tempfile.TemporaryDirectory() as folder:
        command = [
            sys.executable, "-m", "pytest", "solutions", "-q", "-p", "helpers.bench.suite",
            *TEST_OPTIONS,
        ]  # fmt: skip
        start = time.perf_counter()
        failure = None
        try:
            run_command(command, "pytest solutions", LIMIT, env=os.environ | {WATCH_FOLDER: folder})
        except ProcessError as error:
            failure = str(error)
        total = time.perf_counter() - start
        lines = [
            json.loads(line)
            for path in Path(folder).glob("*.jsonl")
            for line in path.read_text("utf-8").splitlines()
        ]
    if not lines:
        raise ProcessError(failure or "pytest ran no cell")
    if failure:
        print(f"  {failure}")
    result = {"total": total, "failure": failure, **summary(lines)}
    print(f"  {total:.0f} s in {PROCESSES} processes")
    print(
        "  notebook                            seconds   peak memory of its kernel and its children"
    )
    for name, notebook in result["notebooks"].items():
        print(f"  {name:36}{notebook['seconds']:7.0f}{notebook['peak']:10.2f} GB")
    print("  the slowest cells")
    for cell in result["slowest"]:
        number, line = cell["notebook"][:2], cell["line"][:50]
        print(f"  {cell['seconds']:6.1f} s  {number} {cell['id']:20} {line}")
    return result


def summary(lines):
    """Return notebooks with their seconds and peak memory (GB), and the slowest cells.

    Args:
        lines: dicts as the plugin writes them: of a cell, or of a look at the memory.
    """
    notebooks = defaultdict(lambda: {"seconds": 0.0, "peak": 0.0})
    for line in lines:
        notebook = notebooks[line["notebook"]]
        notebook["seconds"] += line.get("seconds", 0.0)
        notebook["peak"] = max(notebook["peak"], line.get("memory", 0.0))
    cells = [line for line in lines if "seconds" in line]
    slowest = sorted(cells, key=lambda cell: -cell["seconds"])[:SLOWEST]
    return {"notebooks": dict(sorted(notebooks.items())), "slowest": slowest}


def describe(item):
    """Return what the plugin notes about a cell: notebook, id, and first line of code.

    nbval calls it "Cell 3"; the id is the one that its author chose.
    """
    lines = [line for line in item.cell.source.splitlines() if line.strip()]
    return {"notebook": item.path.stem, "id": item.cell.id, "line": lines[0] if lines else ""}


class Watch:
    """Note each cell's seconds, and while it runs the memory of this process's children."""

    def __init__(self, file):
        self.file, self.notebook = file, None
        threading.Thread(target=self._look, daemon=True).start()

    def pytest_runtest_logstart(self, nodeid, location):
        self.start = time.perf_counter()
        self.notebook = Path(nodeid.split("::")[0]).stem

    def pytest_runtest_teardown(self, item):
        if hasattr(item, "cell"):
            seconds = time.perf_counter() - self.start
            self._write(describe(item) | {"seconds": seconds})

    def _look(self):
        while True:
            time.sleep(SECONDS_BETWEEN_LOOKS)
            notebook, memory = self.notebook, memory_of_children()
            if notebook and memory:
                self._write({"notebook": notebook, "memory": memory})

    def _write(self, line):
        self.file.write(json.dumps(line) + "\n")
        self.file.flush()


def memory_of_children():
    """Return the memory of all processes below this one, in GB.

    On Linux, what several share is divided among them; elsewhere it counts for each.
    """
    import psutil

    memory = 0
    for process in psutil.Process().children(recursive=True):
        try:
            full = process.memory_full_info() if LINUX else process.memory_info()
            memory += full.pss if LINUX else full.rss
        except psutil.Error:  # it has just ended
            continue
    return memory / 1e9


def pytest_configure(config):
    """Start to watch, in the processes that run cells."""
    if WATCH_FOLDER in os.environ and hasattr(config, "workerinput"):
        name = config.workerinput["workerid"]
        file = Path(os.environ[WATCH_FOLDER], f"{name}.jsonl").open("a", encoding="utf-8")  # noqa: SIM115
        config.pluginmanager.register(Watch(file))
