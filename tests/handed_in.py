"""What students do to a notebook, cell by cell as JupyterLab does it."""

import copy
import itertools

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_raw_cell

ANSWER = '''# Exercise: {name}
def {name}(x):
    """Return one more."""
    ### BEGIN SOLUTION
    y = x + 1
    return y
    ### END SOLUTION'''


def grade_id(cell):
    return cell.metadata.get("nbgrader", {}).get("grade_id")


def place(notebook, name):
    """Return the place of the first cell that has a grade id."""
    return [grade_id(cell) for cell in notebook.cells].index(name)


def cell_of(notebook, name):
    return notebook.cells[place(notebook, name)]


def metadata(name, points=None):
    """Return an exercise's metadata: its answer's, or with points its check's."""
    nbgrader = {"grade": points is not None, "grade_id": name, "locked": points is not None}
    nbgrader |= {"schema_version": 3, "solution": points is None, "task": False}
    return {"nbgrader": nbgrader | ({} if points is None else {"points": points})}


def small_solution(names=("one", "two", "three"), points=(1, 2, 4)):
    """Return a solution whose exercises take no TensorFlow: a text, an answer, a check each."""
    cells = [
        new_markdown_cell("# A small lesson", id="title"),
        new_code_cell("import math", id="setup"),
    ]
    for name, worth in zip(names, points):
        check = f"assert {name}(1) == 2, '{name}: not yet'"
        cells += [
            new_markdown_cell(f"### {name}", id=f"exercise-{name}"),
            new_code_cell(ANSWER.format(name=name), id=f"answer-{name}", metadata=metadata(name)),
            new_code_cell(f"shown = {name}", id=f"use-{name}"),
            new_code_cell(check, id=f"check-{name}", metadata=metadata(f"check_{name}", worth)),
        ]
    return new_notebook(cells=cells)


def answer(notebook, **sources):
    for name, source in sources.items():
        cell_of(notebook, name).source = source


def pasted(cell, source=None):
    """Return a copy of a cell as JupyterLab pastes it: a new id, the same metadata."""
    new = copy.deepcopy(cell)
    new.id = new_code_cell().id
    new.source = cell.source if source is None else source
    return new


def copy_cell(notebook, name, source=None, after=None):
    """Paste a copy of a cell below it, or below another one."""
    new = pasted(cell_of(notebook, name), source)
    notebook.cells.insert(place(notebook, after or name) + 1, new)


def split(notebook, name, *words):
    """Split a cell before some words, each after the last; all parts keep the metadata."""
    cell, at = cell_of(notebook, name), place(notebook, name)
    cuts = [0, *map(cell.source.index, words), None]
    parts = [cell.source[start:end].strip("\n") for start, end in itertools.pairwise(cuts)]
    notebook.cells[at : at + 1] = [pasted(cell, part) for part in parts]


def merge(notebook, name, other):
    """Merge two cells; what is left has the first one's metadata."""
    both = sorted([cell_of(notebook, name), cell_of(notebook, other)], key=notebook.cells.index)
    merged = "\n\n".join(cell.source for cell in both)
    delete(notebook, other)
    cell_of(notebook, name).source = merged


def delete(notebook, *names):
    notebook.cells = [cell for cell in notebook.cells if grade_id(cell) not in names]


def move(notebook, name, after):
    """Move a cell below the cell with a grade id; with None to the top."""
    cell = notebook.cells.pop(place(notebook, name))
    notebook.cells.insert(0 if after is None else place(notebook, after) + 1, cell)


def strip_metadata(notebook, *names):
    """Take the metadata from cells, or from all."""
    for cell in notebook.cells:
        if not names or grade_id(cell) in names:
            cell.metadata = nbformat.from_dict({})


def strip_ids(notebook):
    """Make it a notebook of format 4.4, whose cells have no ids."""
    notebook.nbformat_minor = 4
    for cell in notebook.cells:
        del cell["id"]


def retype(notebook, name, kind):
    """Make a cell one of another type, as the keys M, R and Y do."""
    cell = cell_of(notebook, name)
    new = {"markdown": new_markdown_cell, "raw": new_raw_cell, "code": new_code_cell}[kind]
    notebook.cells[place(notebook, name)] = new(cell.source, metadata=cell.metadata, id=cell.id)
