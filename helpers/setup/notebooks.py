"""Lessons made from solutions, and solutions run from top to bottom.

`solutions/` is the only source. The markers are nbgrader's, so that it can read them too.
"""

import copy
import re
import sys

import nbformat
from nbclient import NotebookClient

from helpers.lessons import LESSONS_FOLDER, SOLUTIONS_FOLDER

STUB = "# your code here"
CELL_SECONDS = 600  # no cell takes a minute, but a machine may be slow and busy
METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
WIDGET = "application/vnd.jupyter.widget-view+json"
_SOLUTION = re.compile(r"^([ \t]*)### BEGIN SOLUTION\n.*?### END SOLUTION[^\n]*", re.S | re.M)


def to_lesson(solution):
    """Return a lesson: the solution with its answers blanked and its outputs cleared.

    Args:
        solution: an `nbformat` notebook; it is left as it is.

    Raises:
        ValueError: a marker has no partner.
    """
    lesson = copy.deepcopy(solution)
    for cell in lesson.cells:
        if cell.cell_type == "code":
            cell.source = _SOLUTION.sub(rf"\1{STUB}", cell.source)
            cell.outputs, cell.execution_count = [], None
        if "### BEGIN SOLUTION" in cell.source or "### END SOLUTION" in cell.source:
            raise ValueError(f"cell {cell.id}: ### BEGIN SOLUTION and ### END SOLUTION must pair")
    return lesson


def write_lessons():
    """Write every lesson from its solution, and print what changed.

    A lesson that somebody has worked in is left alone.
    """
    for path in sorted(SOLUTIONS_FOLDER.glob("*.ipynb")):
        text = as_file(to_lesson(nbformat.read(path, as_version=4)))
        target = LESSONS_FOLDER / path.name
        if target.exists() and target.read_text("utf-8") == text:
            continue
        if target.exists() and has_been_worked_in(target):
            print(f"lessons/{path.name} has been worked in and is kept: move it away first")
            continue
        target.write_text(text, "utf-8", newline="\n")
        print(f"lessons/{path.name} is made from solutions/{path.name}")


def has_been_worked_in(path):
    """Return whether a lesson has been run, or an answer has been typed into it."""
    for cell in nbformat.read(path, as_version=4).cells:
        nbgrader = cell.metadata.get("nbgrader")
        is_answer = isinstance(nbgrader, dict) and nbgrader.get("solution")
        if cell.get("execution_count") or cell.get("outputs"):
            return True
        if is_answer and STUB not in cell.source:
            return True
    return False


def run_solutions(numbers):
    """Run solutions in their folder, from top to bottom, and store what they print.

    Args:
        numbers: such as `["02"]`; all solutions if there are none.
    """
    for path in sorted(SOLUTIONS_FOLDER.glob("*.ipynb")):
        if numbers and path.name[:2] not in numbers:
            continue
        print(f"running solutions/{path.name}", flush=True)
        notebook = nbformat.read(path, as_version=4)
        run_notebook(notebook, SOLUTIONS_FOLDER)
        path.write_text(as_file(notebook), "utf-8", newline="\n")


def run_notebook(notebook, folder):
    """Run a notebook in place, as Jupyter would if it lay in `folder`.

    Raises:
        nbclient.exceptions.CellExecutionError: a cell raised an error, a check stopped, or a
            cell took longer than `CELL_SECONDS`.
    """
    NotebookClient(
        notebook,
        timeout=CELL_SECONDS,
        startup_timeout=CELL_SECONDS,
        kernel_name="python3",
        resources={"metadata": {"path": str(folder)}},
        record_timing=False,
        coalesce_streams=True,
    ).execute()


def as_file(notebook):
    """Return a notebook's file content, without what differs between machines or kernels."""
    notebook = copy.deepcopy(notebook)
    notebook.metadata = nbformat.from_dict(METADATA)
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if "text/html" in output.get("data", {}):  # keep what stands in for a live widget
                output.data.pop(WIDGET, None)
    return nbformat.writes(notebook)


if __name__ == "__main__":
    if sys.argv[1] == "lessons":
        write_lessons()
    else:
        run_solutions(sys.argv[2:])
