"""Cells may be run again, or left out: what is printed stays the same, or a message says why.

What can be read in the cells is tested at every run. With the environment variable COURSE_TWICE=1
each cell of every lesson is run twice, which takes 15 minutes.
"""

import ast
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


def names(node, context):
    return {n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, context)}


@pytest.mark.parametrize("path", SOLUTIONS, ids=lambda path: path.stem)
def test_no_cell_changes_what_an_earlier_cell_has_made(path):
    """No cell has `x = f(x)` or `x += 1` for an `x` that it has not made: run again, it differs."""
    for cell in code_of(path):
        made = set()
        for statement in ast.parse(cell.source).body:
            if isinstance(statement, ast.AugAssign):
                assert names(statement.target, ast.Store) <= made, cell.id
            if isinstance(statement, ast.Assign):
                targets = {name for each in statement.targets for name in names(each, ast.Store)}
                assert not targets & names(statement.value, ast.Load) - made, cell.id
            made |= names(statement, ast.Store)


@pytest.mark.parametrize("path", SOLUTIONS, ids=lambda path: path.stem)
def test_a_skipped_answer_is_a_name_error(path):
    """So it is never correct: what a check is given is made in the answer's cell alone."""
    known, answer = set(), None
    for cell in code_of(path):
        tree = ast.parse(cell.source)
        made = names(tree, ast.Store) | {getattr(part, "name", None) for part in tree.body}
        if cell.source.startswith(MARKER):
            answer, before = made, set(known)
        elif cell.metadata.get("nbgrader", {}).get("grade"):
            (call,) = tree.body
            given = {name for each in call.value.args for name in names(each, ast.Load)}
            assert given & answer - before, cell.id
        known |= made


@pytest.mark.skipif(not os.environ.get("COURSE_TWICE"), reason="takes 15 minutes: COURSE_TWICE=1")
@pytest.mark.parametrize("path", SOLUTIONS, ids=lambda path: path.stem)
def test_cells_of_every_lesson_can_be_run_again(path):
    cells = code_of(path)
    ran = run(read(path), [cell for cell in cells for _ in range(2)])
    assert not errors(ran)
    assert not differences(ran[::2], ran[1::2])
