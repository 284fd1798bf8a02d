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
    submissions = sorted(path for path in folder.glob("*/*") if path.is_dir())
    if not submissions:
        sys.exit(f"{folder} holds no submission, such as NAME/01_ratings/01_ratings.ipynb.")
    outcomes = []
    for submission in submissions:
        handed_out = sorted((release / submission.name).glob("*.ipynb"))
        if not handed_out:
            print(f"{submission}: nothing of this name was handed out.")
            outcomes.append("left to you")
        for path in handed_out:
            try:
                changes = _heal_file(submission / path.name, nbformat.read(path, as_version=4))
            except _NotHealed as error:
                changes = [str(error)]
                outcomes.append("left to you")
            else:
                outcomes.append("healed" if changes else "as it was")
            for change in changes:
                print(f"{submission.parent.name}, {path.stem}: {change}.", flush=True)
    kinds = "healed", "as it was", "left to you"
    print(", ".join(f"{outcomes.count(kind)} {kind}" for kind in kinds) + ".")
    if "healed" in outcomes:
        print(f"What was handed in is kept in {_originals(folder)}.")
    return "left to you" not in outcomes


class _NotHealed(Exception):
    """A person has to look after it; the message says why, in a sentence without its full stop."""


def _heal_file(path, release):
    """Heal one notebook, which may have got another name; return what was changed."""
    found = path
    if not path.exists():
        others = sorted(path.parent.glob("*.ipynb"))
        if len(others) != 1:
            names = " and ".join(other.name for other in others) or "no notebook"
            raise _NotHealed(f"the folder holds {names}, and should hold {path.name}")
        found = others[0]
    try:
        notebook = _read(found)
    except Exception as error:  # nbformat raises many kinds for a damaged file
        raise _NotHealed(
            f"{found.name} cannot be read as a notebook ({type(error).__name__}); ask for it again"
        ) from error
    try:
        notebook, changes = healed(notebook, release)
    except ValueError as error:
        raise _NotHealed(str(error)) from error
    if found != path:
        changes.append(f"{found.name} is now {path.name}")
    if changes:
        try:
            _keep(found)
            path.write_text(nbformat.writes(notebook), "utf-8", newline="\n")
            if found != path:
                found.unlink()
        except OSError as error:
            raise _NotHealed(f"{path} cannot be written ({error.strerror})") from error
    return changes


def _read(path):
    """Return a notebook whose cells have ids."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of ids that are there twice, and are mended
        notebook = nbformat.read(path, as_version=4)
    if not all(
        isinstance(cell.source, str) and isinstance(cell.metadata, dict) for cell in notebook.cells
    ):
        raise ValueError("a cell has no text")
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
