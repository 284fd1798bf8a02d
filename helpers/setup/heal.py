"""Submissions made fit for nbgrader: `python3 -m helpers heal submitted`, in the folder `class`."""

import shutil
import sys
import warnings
from pathlib import Path

import nbformat

from helpers.setup import platforms
from helpers.setup.grade_ids import healed

RELEASE = "release"  # nbgrader's folder of what was handed out, beside the one of what came back
ORIGINALS = "_originals"  # ends the name of the folder that keeps what came back


def heal_folder(folder):
    """Heal all submissions of a class in place, and print a line for each change.

    What was handed in is kept in the folder `<folder>_originals`.

    Args:
        folder: `Path`; holds `<student>/<assignment>/<notebook>.ipynb`, as nbgrader wants it, and
            nbgrader's folder `release` lies beside it.

    Returns:
        Whether nothing is left that a person has to look after.

    Raises:
        SystemExit: the folder is not there or empty, or nothing was released.
    """
    if not folder.is_dir():
        sys.exit(f"There is no folder {folder}.")
    release = folder.with_name(RELEASE)
    if not any(release.glob("*/*.ipynb")):
        sys.exit(f"{release} holds no notebook: `nbgrader generate_assignment` makes it.")
    submissions = sorted(path for path in folder.glob("*/[!.]*") if path.is_dir())
    if not submissions:
        sys.exit(f"{folder} holds no submission, such as NAME/01_ratings/01_ratings.ipynb.")
    changed, unchanged, left = 0, 0, 0
    for submission in submissions:
        handed_out = sorted((release / submission.name).glob("*.ipynb"))
        if not handed_out:
            print(f"{submission}: nothing of this name was handed out.")
            left += 1
        for released in handed_out:
            path = submission / released.name
            try:
                said = _heal_file(path, nbformat.read(released, as_version=4))
            except _NotHealed as error:
                said = [str(error)]
                left += 1
            else:
                changed += bool(said)
                unchanged += not said
            for line in said:
                print(f"{submission.parent.name}, {path.stem}, {line}.", flush=True)
    print(f"{changed} healed, {unchanged} as they were, {left} left to you.")
    if changed:
        print(f"What was handed in is kept in {_originals(folder)}.")
    return left == 0


class _NotHealed(Exception):
    """A person has to look after it; the message says why."""


def _heal_file(path, release):
    """Heal one notebook, which may have got another name; return what was changed."""
    found = path
    if not path.exists():
        others = sorted(path.parent.glob("*.ipynb"))
        if len(others) != 1:
            names = " and ".join(other.name for other in others) or "no notebook"
            raise _NotHealed(f"{path.name}: is not there; the folder holds {names}")
        found = others[0]
    try:
        notebook = _read(found)
    except Exception as error:  # nbformat raises many kinds for a damaged file
        kind = type(error).__name__
        raise _NotHealed(f"{found.name}: is no notebook ({kind}), so ask for it again") from error
    try:
        notebook, changes = healed(notebook, release)
    except ValueError as error:
        raise _NotHealed(f"{found.name}: {error}") from error
    if found != path:
        changes.append(f"{found.name}: is now {path.name}")
    if changes:
        try:
            _keep(found)
            path.write_text(nbformat.writes(notebook), "utf-8", newline="\n")
            if found != path:
                found.unlink()
        except OSError as error:
            raise _NotHealed(f"{path.name}: cannot be written ({error.strerror})") from error
    return changes


def _read(path):
    """Return a notebook whose cells have ids."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of ids that are there twice, and are mended
        notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        if not (isinstance(cell.source, str) and isinstance(cell.metadata, dict)):
            raise ValueError("a cell without text or metadata")
    return nbformat.v4.upgrade(notebook) if notebook.nbformat_minor < 5 else notebook


def _originals(folder):
    return folder.with_name(folder.name + ORIGINALS)


def _keep(path):
    """Copy what was handed in, never over another copy."""
    folder = path.parent.parent.parent
    target = _originals(folder) / path.relative_to(folder)
    target.parent.mkdir(parents=True, exist_ok=True)
    number = 1
    while target.exists() and target.read_bytes() != path.read_bytes():
        number += 1
        target = target.with_name(f"{path.stem} ({number}){path.suffix}")
    shutil.copy2(path, target)


if __name__ == "__main__":
    platforms.print_anything()
    sys.exit(not heal_folder(Path(sys.argv[1])))
