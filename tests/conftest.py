"""What several tests share."""

import os
from pathlib import Path

import nbformat
import pytest

from helpers.checks.show_solution import MARKER

ROOT = Path(__file__).resolve().parent.parent
SOLUTIONS = sorted((ROOT / "solutions").glob("*.ipynb"))
IN_CI = bool(os.environ.get("CI"))
os.environ["COURSE_PROGRESS"] = ""  # no test touches what a learner has done


def read(path):
    return nbformat.read(path, as_version=4)


@pytest.fixture(scope="session")
def answers():
    """Return a function that runs a solution's answer cells and gives their names.

    It takes the notebook's number and whatever its cells take for granted.
    """

    def run_answer_cells(number, **given):
        path = next(path for path in SOLUTIONS if path.name.startswith(number))
        namespace = dict(given)
        for cell in read(path).cells:
            if cell.source.startswith(MARKER):
                exec(compile(cell.source, f"{path.name}: {cell.id}", "exec"), namespace)
        return namespace

    return run_answer_cells
