"""Solutions are run from top to bottom and clean; lessons are made from them and stop kindly."""

import functools
import os
import re
import shutil

import nbformat
import pytest
from conftest import IN_CI, LEAN, ROOT, SOLUTIONS, read

from helpers.lessons import LESSONS as REGISTERED
from helpers.lessons import MARKER, lesson_of
from helpers.setup import compare, notebooks

LESSONS = [ROOT / "lessons" / path.name for path in SOLUTIONS]
BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"
QUIET = re.compile(r"warning|deprecat|traceback|WARN|I0000|E0000", re.IGNORECASE)


def name_of(path):
    return path.stem


@functools.cache
def solution_at(path):
    """Return a notebook that no test changes."""
    return read(path)


def code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def test_there_are_solutions():
    """Each is registered once, in its order; a place may be left for a lesson to come."""
    assert [path.stem for path in SOLUTIONS] == [
        f"{lesson.number:02}_{lesson.topic}" for lesson in REGISTERED
    ]
    numbers = [lesson.number for lesson in REGISTERED]
    assert numbers == sorted(set(numbers))


@pytest.mark.parametrize("path", SOLUTIONS, ids=name_of)
def test_solution_is_run_in_order(path):
    counts = [cell.execution_count for cell in code_cells(solution_at(path))]
    assert counts == list(range(1, len(counts) + 1))


@pytest.mark.parametrize("path", SOLUTIONS, ids=name_of)
def test_cells_have_ids_chosen_by_hand(path):
    ids = [cell.id for cell in solution_at(path).cells]
    assert len(ids) == len(set(ids))
    random = [cell_id for cell_id in ids if re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f-]+)?", cell_id)]
    assert not random


@pytest.mark.parametrize("path", SOLUTIONS, ids=name_of)
def test_outputs_are_clean(path):
    for cell in code_cells(solution_at(path)):
        for output in cell.outputs:
            assert output.output_type != "error", cell.id
            assert output.get("name") != "stderr", cell.id
            text = output.get("text", "") + str(output.get("data", {}).get("text/plain", ""))
            assert not QUIET.search(text), (cell.id, text)


@pytest.mark.parametrize("path", SOLUTIONS, ids=name_of)
def test_nbval_has_something_to_compare(path):
    """nbval passes a cell that stores no output: checks and tagged cells must store one."""
    for cell in code_cells(solution_at(path)):
        is_check = cell.metadata.get("nbgrader", {}).get("grade", False)
        if is_check or "nbval-ignore-output" in cell.metadata.get("tags", []):
            assert cell.execution_count, cell.id
            assert cell.outputs, cell.id
        assert not {"nbval-skip", "raises-exception"} & set(cell.metadata.get("tags", [])), cell.id


@pytest.mark.parametrize("path", SOLUTIONS, ids=name_of)
def test_pictures_have_a_text(path):
    for cell in code_cells(solution_at(path)):
        for output in cell.outputs:
            if "image/png" in output.get("data", {}):
                assert len(output.metadata["image/png"]["alt"]) > 20, cell.id


@pytest.mark.parametrize("path", SOLUTIONS, ids=name_of)
def test_exercises_have_an_answer_cell_and_a_check(path):
    cells = solution_at(path).cells
    answers = [cell for cell in cells if cell.source.startswith(MARKER)]
    names = [cell.source.split("\n")[0].removeprefix(MARKER) for cell in answers]
    checks = [cell for cell in cells if cell.metadata.get("nbgrader", {}).get("grade")]
    is_draft = lesson_of(path.stem[3:]).draft
    assert len(names) >= (1 if is_draft else 5)  # four exercises and a quiz
    assert [cell.metadata.nbgrader.grade_id for cell in answers] == names
    assert [cell.metadata.nbgrader.grade_id for cell in checks] == [f"check_{n}" for n in names]
    for name, answer, check in zip(names, answers, checks):
        assert answer.metadata.nbgrader.solution
        assert not answer.metadata.nbgrader.locked
        assert check.metadata.nbgrader.locked
        assert check.metadata.nbgrader.points > 0
        assert check.source.startswith(f"check.{name}(")
        assert answer.source.count(BEGIN) == answer.source.count(END) == 1
        assert cells.index(answer) < cells.index(check)


def skip_if_worked_in(lesson):
    """A learner's own work is no failure; in CI, nobody has worked."""
    if not IN_CI and notebooks.has_been_worked_in(lesson):
        pytest.skip(f"lessons/{lesson.name} has been worked in")


@pytest.mark.parametrize(("lesson", "solution"), zip(LESSONS, SOLUTIONS), ids=map(name_of, LESSONS))
def test_lesson_is_made_from_its_solution(lesson, solution):
    skip_if_worked_in(lesson)
    expected = notebooks.as_file(notebooks.to_lesson(solution_at(solution)))
    assert lesson.read_text("utf-8") == expected, "run `python -m helpers lessons`"
    assert BEGIN not in expected


def sources_of_first_exercise(path):
    """Return a lesson's setup, first blank answer and its check.

    The cells between hold no blank: what nbval says of the solution's holds for them.
    """
    setup, *others = code_cells(notebooks.to_lesson(solution_at(path)))
    answer = next(i for i, cell in enumerate(others) if cell.source.startswith(MARKER))
    is_check = [cell.metadata.get("nbgrader", {}).get("grade", False) for cell in others]
    return [cell.source for cell in (setup, others[answer], others[is_check.index(True)])]


CALL = "import socket\nsocket.create_connection(('192.0.2.1', 80), timeout=5)"
OF_NETWORK = (  # what is caught costs IPython no traceback
    f"try:\n    exec({CALL!r})\nexcept OSError as error:\n    print(error)",
    "import subprocess, sys\n"
    f"print(subprocess.run([sys.executable, '-c', {CALL!r}], capture_output=True, text=True))",
)
OF_TIME_LIMIT = (
    "import helpers.checks.ratings as check, helpers.checks.engine.time_limit as limit\n"
    "limit.SECONDS, limit.GRACE_SECONDS = 0.3, 0.1",
    "def split_once(ratings, train_size, seed):\n"
    "    print('printed by the answer')\n"
    "    none = ratings.repeat().enumerate().filter(lambda i, rating: i < 0)\n"
    "    return none.map(lambda i, rating: rating), ratings\n"
    "check.split_once(split_once)",
    "import tensorflow as tf; print(tf.reduce_sum([20, 22]).numpy())",
)

# After the first lesson's picture; the others' differ from it in the box that is marked
NO_MORE_PICTURES = "pictures.show = lambda figure, text, printed: pictures.plt.close(figure)"

WHERE_HELPERS_ARE = "import os, helpers\nprint(os.path.relpath(helpers.__file__))"


def sources_of_mine():
    """Return the cells of an exercise of lesson 1, as far as `solution`, which shows both."""
    ids = ("setup", "load", "answer-split-once", "check-split-once")
    setup, load, answer, check = (c.source for c in solution_at(SOLUTIONS[0]).cells if c.id in ids)
    answer = compare.without_markers(answer) + "  # <mine>"
    return setup, load, answer, check, 'solution("split_once")'


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    """Return cells after a run, in lists by what they are about.

    One kernel runs them all, because each needs five seconds to start, and no error ends it. It
    runs in a copy of the course whose folder has other letters, on a system without UTF-8, where
    another `helpers` is installed.
    """
    first, *others = SOLUTIONS
    sources = {"network": OF_NETWORK, "start": [LEAN], first: sources_of_first_exercise(first)}
    sources |= {"place": [WHERE_HELPERS_ARE], "pictures": [NO_MORE_PICTURES]}
    sources |= {path: sources_of_first_exercise(path) for path in others}
    sources |= {"mine": sources_of_mine(), "time limit": OF_TIME_LIMIT}  # this one goes on
    folder = tmp_path_factory.mktemp("course") / "ü"
    for part in ("helpers", "solutions"):
        shutil.copytree(ROOT / part, folder / part)
    (folder / "lessons").mkdir()
    new_cell = nbformat.v4.new_code_cell
    cells = [new_cell(source) for of_one in sources.values() for source in of_one]
    notebook = nbformat.v4.new_notebook(cells=cells)
    notebook.metadata["execution"] = {"allow_errors": True}
    for cell in notebook.cells:
        cell.metadata["tags"] = ["raises-exception"]
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}.items():
            patch.setenv(name, value)
        patch.setenv("PYTHONPATH", str(ROOT), prepend=os.pathsep)  # stands before what is installed
        at_once = functools.partial(notebooks.NotebookClient, shutdown_kernel="immediate")
        patch.setattr(notebooks, "NotebookClient", at_once)
        notebooks.run_notebook(notebook, folder / "lessons")
    left = iter(notebook.cells)
    return {name: [next(left) for _ in of_one] for name, of_one in sources.items()}


def errors_of(cells):
    return [output for cell in cells for output in cell.outputs if output.get("ename")]


@pytest.mark.parametrize("path", SOLUTIONS, ids=name_of)
def test_lesson_stops_at_its_first_exercise(path, ran):
    *before, check = ran[path]
    assert not errors_of(before)
    (error,) = check.outputs
    assert error.ename == "NotAttempted"
    first, *rest = error.traceback
    assert "not attempted yet" in first
    assert "hint(" in rest[0]


def with_our_answers(lesson, solution):
    """Return the lesson as it is once a learner has typed our answers over the stubs."""
    notebook = read(lesson)
    for cell, ours in zip(notebook.cells, solution_at(solution).cells):
        if cell.cell_type == "code" and notebooks.STUB in cell.source:
            _, rest = ours.source.split(BEGIN + "\n")
            typed = rest.split(END)[0].rstrip().lstrip(" ")
            cell.source = cell.source.replace(notebooks.STUB, typed)
    return notebook


@pytest.mark.parametrize(("lesson", "solution"), zip(LESSONS, SOLUTIONS), ids=map(name_of, LESSONS))
def test_lesson_with_our_answers_is_the_solution(lesson, solution):
    """So what nbval says of the solution holds for the lesson."""
    skip_if_worked_in(lesson)
    for cell, ours in zip(with_our_answers(lesson, solution).cells, solution_at(solution).cells):
        lines = [line for line in ours.source.split("\n") if line.strip() not in (BEGIN, END)]
        assert cell.source == "\n".join(lines), cell.id


def printed(cell):
    return "".join(output.get("text", "") for output in cell.outputs)


def test_notebooks_are_run_without_a_network(ran):
    """All solutions run so under nbval; this shows that the barrier holds, in children too."""
    here, in_a_child = map(printed, ran["network"])
    assert here.startswith("the tests allow notebooks no network")
    assert "returncode=1, " in in_a_child
    for what in ("ConnectionRefusedError", "the tests allow notebooks no network"):  # in colours
        assert what in in_a_child


def test_notebook_in_a_copied_checkout_uses_the_copy(ran):
    """Even where another `helpers` is installed: else it would test, and teach, that one."""
    (cell,) = ran["place"]
    assert printed(cell).strip() == os.path.join("..", "helpers", "__init__.py")


def test_lesson_in_a_folder_with_other_letters_on_a_system_without_utf_8(ran):
    *before, check, solution = ran["mine"]
    assert not errors_of([*before, check, solution])
    assert "correct" in printed(check)
    shown = solution.outputs[0].data
    mine, ours = shown["text/plain"].split("Ours:")
    assert "# <mine>" in mine
    assert "def split_once" in ours
    assert "# <mine>" not in ours
    assert "BEGIN SOLUTION" not in shown["text/plain"]
    assert "&lt;mine&gt;" in shown["text/html"]


def test_a_check_that_cannot_be_stopped_ends_with_the_sentence(ran):
    """What the answer prints stands below its own cell, and the next cells can be run."""
    before, check, after = ran["time limit"]
    assert not errors_of([before, after])
    text, error = check.outputs
    said = " ".join(error.traceback)
    assert text.text == "printed by the answer\n"
    assert "It computed for longer than 0.3 s and cannot be stopped" in said
    assert "menu Kernel, Restart Kernel" in said
    assert after.outputs[0].text == "42\n"


def run_a_cell(notebook):
    code_cells(notebook)[0].execution_count = 1


def type_an_answer(notebook):
    answer = next(cell for cell in notebook.cells if cell.source.startswith(MARKER))
    answer.source = answer.source.replace(notebooks.STUB, "return 1")


@pytest.mark.parametrize("work", [run_a_cell, type_an_answer])
def test_a_lesson_that_has_been_worked_in_is_not_overwritten(work, tmp_path, monkeypatch, capsys):
    lessons, solutions = tmp_path / "lessons", tmp_path / "solutions"
    for name, folder in {"LESSONS_FOLDER": lessons, "SOLUTIONS_FOLDER": solutions}.items():
        folder.mkdir()
        monkeypatch.setattr(notebooks, name, folder)
    for path in SOLUTIONS[:2]:
        shutil.copy(path, solutions)
    notebooks.write_lessons()
    assert len(list(lessons.iterdir())) == 2
    worked_in = lessons / LESSONS[0].name
    assert not notebooks.has_been_worked_in(worked_in)
    notebook = read(worked_in)
    work(notebook)
    worked_in.write_text(notebooks.as_file(notebook), "utf-8")
    before = worked_in.read_text("utf-8")
    notebooks.write_lessons()
    assert worked_in.read_text("utf-8") == before
    assert f"{worked_in.name} has been worked in" in capsys.readouterr().out


def test_unpaired_marker_is_refused():
    from nbformat.v4 import new_code_cell, new_notebook

    notebook = new_notebook(cells=[new_code_cell(f"x = ...\n{BEGIN}\nx = 1", id="broken")])
    with pytest.raises(ValueError, match="cell broken"):
        notebooks.to_lesson(notebook)
