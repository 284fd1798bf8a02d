"""A learner's answers beside ours, in the terminal: `python3 -m helpers compare 02`."""

import shutil
import sys
import textwrap

import nbformat

from helpers.lessons import LESSONS_FOLDER, SOLUTIONS_FOLDER, without_markers
from helpers.setup import platforms
from helpers.setup.notebooks import STUB

NARROW = 100  # columns; a narrower terminal shows ours below the learner's


def compare(number):
    """Print each exercise of a lesson: the learner's cell and ours, outputs aside.

    Args:
        number: the lesson's, such as "02" or "2".

    Raises:
        SystemExit: there is no such lesson, or it cannot be read.
    """
    try:
        ours_path = next(SOLUTIONS_FOLDER.glob(f"{int(number):02}_*.ipynb"))
    except (ValueError, StopIteration):
        known = ", ".join(path.name[:2] for path in sorted(SOLUTIONS_FOLDER.glob("*.ipynb")))
        sys.exit(f"There is no lesson {number}; there are {known}.")
    theirs_path = LESSONS_FOLDER / ours_path.name
    try:
        theirs = nbformat.read(theirs_path, as_version=4)
    except FileNotFoundError:
        sys.exit(
            f"lessons/{ours_path.name} is not there: `{platforms.command('lessons')}` makes it."
        )
    except Exception as error:  # nbformat raises many kinds for a damaged file
        sys.exit(f"lessons/{ours_path.name} cannot be read as a notebook ({type(error).__name__}).")
    ours = nbformat.read(ours_path, as_version=4)
    print("\n\n".join(comparison(theirs, ours)))


def comparison(theirs, ours):
    """Return one text for each exercise, and one for each cell that the learner has added.

    Args:
        theirs, ours: `nbformat` notebooks.
    """
    parts = []
    for cell in ours.cells:
        name = answer_name(cell)
        if name is None:
            continue
        mine = find(theirs, cell)
        expected = without_markers(cell.source)
        if mine is None:
            parts.append(heading(name, "your cell is gone; ours:") + expected)
        elif STUB in mine.source:
            parts.append(heading(name, "not attempted yet; hint and solution help in the notebook"))
        elif mine.source.strip() == expected.strip():
            parts.append(heading(name, "the same as ours"))
        else:
            parts.append(heading(name, "yours and ours") + in_two_columns(mine.source, expected))
    known = {cell.id for cell in ours.cells}
    added = [
        cell
        for cell in theirs.cells
        if cell.cell_type == "code" and cell.get("id") not in known and answer_name(cell) is None
    ]
    return parts + [heading("a cell of your own", "") + cell.source for cell in added]


def answer_name(cell):
    """Return the name of the exercise that a cell answers, or None."""
    nbgrader = cell.metadata.get("nbgrader")
    is_answer = isinstance(nbgrader, dict) and nbgrader.get("solution")
    return nbgrader.get("grade_id") if is_answer else None


def find(theirs, cell):
    """Return the learner's cell for one of ours: the same id, name or first line; or None."""
    first_line = cell.source.split("\n", 1)[0]
    for same in (
        lambda other: answer_name(other) == answer_name(cell),
        lambda other: other.source.split("\n", 1)[0].strip() == first_line,
        lambda other: other.get("id") == cell.id,  # notebooks from before 2021 have no ids
    ):
        for other in theirs.cells:
            if other.cell_type == "code" and same(other):
                return other
    return None


def heading(name, what):
    """Return a line that names an exercise and underlines it."""
    line = f"{name}: {what}" if what else name
    return f"{line}\n{'─' * len(line)}\n"


def in_two_columns(left, right):
    """Return two texts in two columns, or one below the other where the terminal is narrow."""
    columns = shutil.get_terminal_size().columns
    if columns < NARROW:
        return f"{left}\n\n(ours)\n{right}"
    width = (columns - 3) // 2

    def wrapped(text):
        return [
            part
            for line in text.splitlines()
            for part in textwrap.wrap(line, width, drop_whitespace=False) or [""]
        ]

    lefts, rights = wrapped(left), wrapped(right)
    height = max(len(lefts), len(rights))
    lefts += [""] * (height - len(lefts))
    rights += [""] * (height - len(rights))
    return "\n".join(f"{one:{width}} │ {other}".rstrip() for one, other in zip(lefts, rights))


if __name__ == "__main__":
    compare(sys.argv[1])
