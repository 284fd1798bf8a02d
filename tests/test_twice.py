"""Cells may be run again, or left out: what is printed stays the same, or a message says why."""

import copy
import os
import re

import pytest
from conftest import SOLUTIONS, read

from helpers.lessons import MARKER
from helpers.setup import notebooks

ADDRESS = re.compile(r"0x[0-9a-f]{6,}")


def run(notebook, cells):
    """Return the cells after a run, one after the other in one kernel; an error stops nothing."""
    made = copy.deepcopy(notebook)
    made.metadata["execution"] = {"allow_errors": True}
    made.cells = [copy.deepcopy(cell) for cell in cells]
    for number, cell in enumerate(made.cells):
        cell.id = f"{cell.id[:50]}-{number}"
        cell.metadata["tags"] = [*cell.metadata.get("tags", []), "raises-exception"]
    notebooks.run_notebook(made, SOLUTIONS[0].parent)
    return made.cells


def printed(cell):
    """Return what a cell has printed; not its pictures, whose widgets are numbered."""
    texts = [out.get("text", "") for out in cell.outputs]
    texts += [f"{out.ename}: {out.evalue}" for out in cell.outputs if out.output_type == "error"]
    return ADDRESS.sub("0x", "".join(texts))


def errors(cells):
    """Return which cells have stopped with an error, and what it is."""
    return {
        cell.id: printed(cell)
        for cell in cells
        if any(output.output_type == "error" for output in cell.outputs)
    }


def is_timed(cell):
    return "nbval-ignore-output" in cell.metadata.get("tags", [])


def differences(first, again):
    """Return which cells have printed something else, and what."""
    return {
        one.id: (printed(one), printed(other))
        for one, other in zip(first, again, strict=True)
        if printed(one) != printed(other) and not is_timed(one)
    }


def code_of(path):
    return [cell for cell in read(path).cells if cell.cell_type == "code"]


def test_cells_of_lesson_1_can_be_run_again():
    """Each cell twice in a row, then all once more, in the same kernel; what is timed, once."""
    notebook, every = read(SOLUTIONS[0]), code_of(SOLUTIONS[0])
    cells = [cell for cell in every if not is_timed(cell)]
    ran = run(notebook, [cell for cell in every for _ in range(1 if is_timed(cell) else 2)] + cells)
    assert not errors(ran)
    ran = [cell for cell in ran if not is_timed(cell)]
    n = len(cells)
    assert not differences(ran[: 2 * n : 2], ran[1 : 2 * n : 2])
    assert not differences(ran[: 2 * n : 2], ran[2 * n :])
    assert sum("✅" in printed(cell) for cell in ran) == 3 * 6


def test_a_skipped_answer_is_never_correct():
    notebook, cells = read(SOLUTIONS[0]), code_of(SOLUTIONS[0])
    ran = run(notebook, [cell for cell in cells if not cell.source.startswith(MARKER)])
    checks = [cell for cell in ran if cell.metadata.get("nbgrader", {}).get("grade")]
    assert len(checks) == 6
    for cell in checks:
        assert "NameError" in printed(cell)
        assert "✅" not in printed(cell)


@pytest.mark.skipif(not os.environ.get("COURSE_TWICE"), reason="takes 15 minutes: COURSE_TWICE=1")
@pytest.mark.parametrize("path", SOLUTIONS, ids=lambda path: path.stem)
def test_cells_of_every_lesson_can_be_run_again(path):
    cells = code_of(path)
    ran = run(read(path), [cell for cell in cells for _ in range(2)])
    assert not errors(ran)
    assert not differences(ran[::2], ran[1::2])
