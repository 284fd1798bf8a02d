"""A notebook in which each of nbgrader's grade ids is on one cell again.

nbgrader grades by the ids in the cells' metadata. Students copy, split, merge, move and delete
cells, and editors drop metadata. An id that is there twice ends the grading of the whole class; one
that is not there costs points without a word.
"""

import ast
import copy
import dataclasses
import functools
import warnings

import nbformat
from IPython.core.inputtransformer2 import TransformerManager

from helpers.lessons import MARKER, is_answer_to

CHECK = "check_"  # begins the grade id of an exercise's check
MISSING = "# No cell of this exercise was handed in."


def healed(notebook, release):
    """Return a copy of a notebook in which each grade id is on one cell, and what was changed.

    - Of an answer that stands in several cells, all are kept; the last one has the id, since what
      it defines is what the check gets. Blank copies go. An answer that was split within a
      statement is one cell again. Where there is no answer, a comment says so.
    - A check is as it was released, and follows its answer. What a student has written into it
      stands in a cell before it.
    - No other cell has metadata of nbgrader.

    Args:
        notebook: `nbformat` notebook as handed in, its cells with ids; it is left as it is.
        release: the one that was handed out.

    Returns:
        The new notebook and a list of str; if nothing had to be changed, the old one and no str.

    Raises:
        ValueError: the notebook holds none of the released exercises.
    """
    new = copy.deepcopy(notebook)
    work = _Healing(new.cells, release)
    for cell in release.cells:
        if grade_id(cell):
            heal = work.heal_answer if _is_answer(cell) else work.heal_check
            heal(grade_id(cell), cell)
    work.forget_the_rest()
    if work.changes():
        new.cells = [entry.cell for entry in work.entries]
        return new, work.changes()
    return notebook, []


def grade_id(cell):
    """Return a cell's grade id, or None."""
    nbgrader = cell.metadata.get("nbgrader")
    return nbgrader.get("grade_id") if isinstance(nbgrader, dict) else None


def _is_answer(cell):
    return cell.metadata.nbgrader.solution


@dataclasses.dataclass(eq=False)  # equal cells are still different ones
class _Entry:
    """A cell, and the grade id that it has or should have; None if it is no exercise's."""

    cell: nbformat.NotebookNode
    name: str | None = None


class _Healing:
    """A notebook while it is healed.

    Attributes:
        entries: list of `_Entry`, the notebook as it is so far.
    """

    def __init__(self, cells, release):
        self._release, self._notes = release, {}
        self._known = {grade_id(cell): cell for cell in release.cells if grade_id(cell)}
        self.entries = [_Entry(cell, self._exercise_of(cell)) for cell in cells]
        for same in _has_same_code, _has_same_id:  # where metadata and marker are gone
            missing = set(self._known) - {entry.name for entry in self.entries}
            for name in missing:
                for entry in self.entries:
                    if entry.name is None and same(entry.cell, self._known[name]):
                        entry.name = name
        if not any(entry.name for entry in self.entries):
            raise ValueError("holds no exercise of this lesson, so ask for the right one")

    def _exercise_of(self, cell):
        """Return the grade id that a cell's metadata or first line gives it, or None."""
        name = grade_id(cell) if grade_id(cell) in self._known else None
        if cell.cell_type == "code" and not (name and _is_answer(self._known[name])):
            source, answers = cell.source.strip(), filter(_is_answer, self._known.values())
            marked = [
                grade_id(answer) for answer in answers if is_answer_to(grade_id(answer), source)
            ]
            return marked[0] if marked else name  # an answer may have been merged into a check
        return name

    def heal_answer(self, name, release):
        """Leave the id on one cell of an answer."""
        parts = self._joined(name, self._code_of(name))
        filled = [
            part
            for part in parts
            if part.cell.source.strip() and not _has_same_code(part.cell, release)
        ]
        if len(parts) > max(1, len(filled)):
            kept = filled or parts[-1:]
            self.entries = [e for e in self.entries if e not in parts or e in kept]
            parts = kept
            self._note(name, "a blank copy left out")
        if not parts:
            parts = [_Entry(nbformat.v4.new_code_cell(f"{MARKER}{name}\n{MISSING}"), name)]
            self.entries.insert(self._place(release), parts[0])
            self._note(name, "no answer cell, as a comment in its place says")
        *others, last = parts
        is_right = _is_marked(last.cell, release)
        if others and not (is_right and not any("nbgrader" in e.cell.metadata for e in others)):
            self._note(name, "in several cells, of which the last one counts")
        elif not is_right and not self._has_noted(name):
            self._note(name, "metadata gone or changed, and put back")
        for part in others:
            part.cell.metadata.pop("nbgrader", None)
        last.cell.metadata = copy.deepcopy(release.metadata)

    def heal_check(self, name, release):
        """Leave one check, as it was released, after all of its answer."""
        parts = self._code_of(name)
        own = [part for part in parts if not _has_same_code(part.cell, release)]
        if _squeezed("".join(part.cell.source for part in parts)) == _squeezed(release.source):
            own = []  # it was split
        if own:
            self._note(name, "changed, and put back")
        elif len(parts) > 1:
            self._note(name, "in several cells, and one again")
        answer = [e for e in self.entries if e.name == name.removeprefix(CHECK)]
        after = self.entries.index(answer[-1]) + 1 if answer else 0
        place = self.entries.index(parts[-1]) + 1 if parts else 0
        if not parts:
            self._note(name, "missing, and put back")
        elif place <= after:
            self._note(name, "above its answer, and moved below it")
        elif not _is_marked(parts[-1].cell, release) and not self._has_noted(name):
            self._note(name, "metadata gone or changed, and put back")
        if place <= after:
            place = max(after, self._place(release))
        self.entries.insert(place, _Entry(_as_code(release), name))
        for part in parts:
            part.name = None
            part.cell.metadata.pop("nbgrader", None)
        gone = [part for part in parts if part not in own]
        self.entries = [entry for entry in self.entries if entry not in gone]

    def forget_the_rest(self):
        """Take nbgrader's metadata from all cells that are no exercise."""
        for entry in self.entries:
            if entry.name is None and "nbgrader" in entry.cell.metadata:
                name = grade_id(entry.cell) or "a cell without a name"
                del entry.cell.metadata["nbgrader"]
                self._note(name, "no exercise of this lesson, worth no points")

    def changes(self):
        """Return what has been changed, as list of str."""
        return [f"{', '.join(names)}: {what}" for what, names in self._notes.items()]

    def _note(self, name, what):
        self._notes.setdefault(what, []).append(name)

    def _has_noted(self, name):
        return any(name in names for names in self._notes.values())

    def _code_of(self, name):
        """Return an exercise's entries; text among them is none, unless there is nothing else."""
        parts = [entry for entry in self.entries if entry.name == name]
        text = [part for part in parts if part.cell.cell_type != "code"]
        if text and len(text) == len(parts):
            self._note(name, "a cell of text, and made code again")
            for part in parts:
                part.cell = _as_code(part.cell)
            return parts
        if text:
            self._note(name, "in a cell of text too, which counts for nothing")
        for part in text:
            part.name = None
            part.cell.metadata.pop("nbgrader", None)
        return [part for part in parts if part not in text]

    def _joined(self, name, parts):
        """Return the parts of an answer as one, if it was split within a statement."""
        sources = [part.cell.source for part in parts]
        if len(parts) < 2 or all(map(_stands_alone, sources)):
            return parts
        start = self.entries.index(parts[0])
        if self.entries[start : start + len(parts)] != parts:
            return parts
        for glue in "\n", "":
            if _stands_alone(glue.join(sources)):
                parts[0].cell.source = glue.join(sources)
                del self.entries[start + 1 : start + len(parts)]
                self._note(name, "split within a statement, and joined again")
                return parts[:1]
        return parts

    def _place(self, release):
        """Return where a released cell belongs: after the nearest one before it that is there."""
        cells = self._release.cells
        start = next(place for place, cell in enumerate(cells) if cell is release)
        for cell in reversed(cells[:start]):
            for place, entry in reversed(list(enumerate(self.entries))):
                if entry.name == grade_id(cell) if grade_id(cell) else _is_alike(entry.cell, cell):
                    return place + 1
        return 0


def _is_marked(cell, release):
    """Return whether a cell has the metadata that nbgrader, or its run, looks at."""
    ours, theirs = release.metadata, cell.metadata
    added = ("checksum", "cell_type")  # by nbgrader, to what it hands out
    wanted = {key: value for key, value in ours.nbgrader.items() if key not in added}
    has = theirs.get("nbgrader") if grade_id(cell) else {}
    same_tags = theirs.get("tags") == ours.get("tags")  # one of them keeps a cell from being run
    return same_tags and wanted == {key: has.get(key) for key in wanted}


def _has_same_id(cell, release):
    return cell.id == release.id


def _has_same_code(cell, release):
    """Return whether two cells of code do the same; comments and layout aside."""
    return cell.cell_type == "code" and _meaning(cell.source) == _meaning(release.source)


def _is_alike(cell, release):
    return _has_same_id(cell, release) or cell.source.strip() == release.source.strip()


@functools.lru_cache(maxsize=1_000)
def _meaning(source):
    """Return code without comments and layout; what is no Python, without space."""
    tree = _parsed(source)
    return _squeezed(source) if tree is None else ast.dump(tree)


def _squeezed(source):
    return "".join(source.split())


def _stands_alone(source):
    """Return whether a cell is whole: it begins with no indentation, and is valid."""
    return source.lstrip("\n")[:1] not in (" ", "\t") and _parsed(source) is not None


def _parsed(source):
    """Return the syntax tree of a cell, in which IPython's own commands are calls; or None."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of what a student has written
        try:
            python = TransformerManager().transform_cell(source)
            compile(python, "cell", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
            return ast.parse(python)
        # All that a text can raise; SystemError is Python 3.13's, for a null byte
        except (SyntaxError, ValueError, RecursionError, MemoryError, SystemError):
            return None


def _as_code(cell):
    """Return a new cell of code with the source and metadata of another one."""
    return nbformat.v4.new_code_cell(cell.source, metadata=copy.deepcopy(cell.metadata))
