"""The learner's cell beside ours, as `solution(...)` shows it."""

import html
import json

from IPython import get_ipython
from IPython.display import display

from helpers.lessons import MARKER, SOLUTIONS_FOLDER, is_answer_to, without_markers


def side_by_side(name):
    """Display the latest cell run for the exercise, and the solution's, in two columns."""
    theirs, ours = latest_run(name), from_notebook(name)
    if theirs is None:
        theirs = f"(You have not run the cell that starts with {MARKER}{name} yet.)"
    columns = "".join(
        f'<td style="vertical-align:top;text-align:left;width:50%"><b>{title}</b>'
        f'<pre style="white-space:pre-wrap">{html.escape(code)}</pre></td>'
        for title, code in (("Yours", theirs), ("Ours", ours))
    )
    display(
        {
            "text/html": f'<table style="width:100%"><tr>{columns}</tr></table>',
            "text/plain": f"Yours:\n{theirs}\n\nOurs:\n{ours}",
        },
        raw=True,
    )


def latest_run(name):
    """Return the source of the last cell of the exercise that was run in this kernel, or None."""
    shell = get_ipython()
    cells = shell.user_ns.get("In", []) if shell else []
    return next((cell for cell in reversed(cells) if is_answer_to(name, cell)), None)


def from_notebook(name):
    """Return our answer, without the markers that enclose it."""
    for path in sorted(SOLUTIONS_FOLDER.glob("*.ipynb")):
        for cell in json.loads(path.read_text("utf-8"))["cells"]:  # to import nbformat takes 1 s
            source = "".join(cell["source"])
            if is_answer_to(name, source):
                return without_markers(source)
    raise LookupError(f"no solution notebook has a cell that starts with {MARKER}{name}")
