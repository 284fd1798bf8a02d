"""Solutions are run from top to bottom and clean; lessons are made from them and stop kindly."""

import re
import shutil

import nbformat
import pytest
from conftest import IN_CI, ROOT, SOLUTIONS, read

from helpers.lessons import LESSONS as REGISTERED
from helpers.lessons import MARKER, lesson_of
from helpers.setup import compare, notebooks

LESSONS = [ROOT / "lessons" / path.name for path in SOLUTIONS]
BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"
QUIET = re.compile(r"warning|deprecat|traceback|WARN|I0000|E0000", re.IGNORECASE)


def name_of(path):
    return path.stem


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
    counts = [cell.execution_count for cell in code_cells(read(path))]
    assert counts == list(range(1, len(counts) + 1))


@pytest.mark.parametrize("path", SOLUTIONS, ids=name_of)
def test_cells_have_ids_chosen_by_hand(path):
    ids = [cell.id for cell in read(path).cells]
    assert len(ids) == len(set(ids))
    random = [cell_id for cell_id in ids if re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f-]+)?", cell_id)]
    assert not random


@pytest.mark.parametrize("path", SOLUTIONS, ids=name_of)
def test_outputs_are_clean(path):
    for cell in code_cells(read(path)):
        for output in cell.outputs:
            assert output.output_type != "error", cell.id
            assert output.get("name") != "stderr", cell.id
            text = output.get("text", "") + str(output.get("data", {}).get("text/plain", ""))
            assert not QUIET.search(text), (cell.id, text)


@pytest.mark.parametrize("path", SOLUTIONS, ids=name_of)
def test_nbval_has_something_to_compare(path):
    """nbval passes a cell that stores no output: checks and tagged cells must store one."""
    for cell in code_cells(read(path)):
        is_check = cell.metadata.get("nbgrader", {}).get("grade", False)
        if is_check or "nbval-ignore-output" in cell.metadata.get("tags", []):
            assert cell.execution_count, cell.id
            assert cell.outputs, cell.id
        assert not {"nbval-skip", "raises-exception"} & set(cell.metadata.get("tags", [])), cell.id


@pytest.mark.parametrize("path", SOLUTIONS, ids=name_of)
def test_pictures_have_a_text(path):
    for cell in code_cells(read(path)):
        for output in cell.outputs:
            if "image/png" in output.get("data", {}):
                assert len(output.metadata["image/png"]["alt"]) > 20, cell.id


@pytest.mark.parametrize("path", SOLUTIONS, ids=name_of)
def test_exercises_have_an_answer_cell_and_a_check(path):
    cells = read(path).cells
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
    expected = notebooks.as_file(notebooks.to_lesson(read(solution)))
    assert lesson.read_text("utf-8") == expected, "run `python -m helpers lessons`"
    assert BEGIN not in expected


def run_cell_by_cell(cells):
    """Return these cells after a run in one kernel, which no error ends."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(c.source) for c in cells])
    notebook.metadata["execution"] = {"allow_errors": True}
    for cell in notebook.cells:
        cell.metadata["tags"] = ["raises-exception"]
    notebooks.run_notebook(notebook, ROOT / "lessons")
    return notebook.cells


@pytest.fixture(scope="module")
def first_exercises():
    """Return each lesson's setup, first blank answer and its check after a run, by its path.

    One kernel runs them all. The cells between hold no blank: what nbval says of the solution's
    holds for them.
    """
    cells = []
    for path in SOLUTIONS:
        setup, *others = code_cells(notebooks.to_lesson(read(path)))
        answer = next(i for i, cell in enumerate(others) if cell.source.startswith(MARKER))
        is_check = [cell.metadata.get("nbgrader", {}).get("grade", False) for cell in others]
        cells += [setup, others[answer], others[is_check.index(True)]]
    ran = run_cell_by_cell(cells)
    return {path: ran[3 * i : 3 * i + 3] for i, path in enumerate(SOLUTIONS)}


@pytest.mark.parametrize("path", SOLUTIONS, ids=name_of)
def test_lesson_stops_at_its_first_exercise(path, first_exercises):
    *before, check = first_exercises[path]
    assert not [output for cell in before for output in cell.outputs if output.get("ename")]
    (error,) = check.outputs
    assert error.ename == "NotAttempted"
    first, *rest = error.traceback
    assert "not attempted yet" in first
    assert "hint(" in rest[0]


def with_our_answers(lesson, solution):
    """Return the lesson as it is once a learner has typed our answers over the stubs."""
    notebook = read(lesson)
    for cell, ours in zip(notebook.cells, read(solution).cells):
        if cell.cell_type == "code" and notebooks.STUB in cell.source:
            _, rest = ours.source.split(BEGIN + "\n")
            typed = rest.split(END)[0].rstrip().lstrip(" ")
            cell.source = cell.source.replace(notebooks.STUB, typed)
    return notebook


@pytest.mark.parametrize(("lesson", "solution"), zip(LESSONS, SOLUTIONS), ids=map(name_of, LESSONS))
def test_lesson_with_our_answers_is_the_solution(lesson, solution):
    """So what nbval says of the solution holds for the lesson."""
    skip_if_worked_in(lesson)
    for cell, ours in zip(with_our_answers(lesson, solution).cells, read(solution).cells):
        lines = [line for line in ours.source.split("\n") if line.strip() not in (BEGIN, END)]
        assert cell.source == "\n".join(lines), cell.id


def small(*sources):
    """Make a notebook of cells with these sources."""
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(text) for text in sources])


def printed(cell):
    return "".join(output.get("text", "") for output in cell.outputs)


def test_notebooks_are_run_without_a_network():
    """All solutions run so under nbval; this shows that the barrier holds, in children too."""
    call = "import urllib.request\nurllib.request.urlopen('http://192.0.2.1', timeout=5)"
    child = f"import subprocess, sys\nsubprocess.run([sys.executable, '-c', {call!r}], check=True)"
    refused, ended = run_cell_by_cell(small(call, child).cells)
    assert "allow notebooks no network" in refused.outputs[-1].evalue
    assert ended.outputs[-1].ename == "CalledProcessError"


def run_the_first_exercise(folder):
    """Run an exercise of lesson 1 in a folder, as far as `solution`, which shows both cells."""
    ids = ("setup", "load", "answer-constant-rmse", "check-constant-rmse")
    setup, load, answer, check = (c.source for c in read(SOLUTIONS[0]).cells if c.id in ids)
    answer = compare.without_markers(answer) + "  # <mine>"
    notebook = small(setup, load, answer, check, 'solution("constant_rmse")')
    notebooks.run_notebook(notebook, folder)
    assert "correct" in printed(notebook.cells[-2])
    shown = notebook.cells[-1].outputs[0].data
    mine, ours = shown["text/plain"].split("Ours:")
    assert "# <mine>" in mine
    assert "def constant_rmse" in ours
    assert "# <mine>" not in ours
    assert "BEGIN SOLUTION" not in shown["text/plain"]
    assert "&lt;mine&gt;" in shown["text/html"]


def test_lesson_in_a_folder_with_other_letters_on_a_system_without_utf_8(tmp_path, monkeypatch):
    for part in ("helpers", "solutions"):
        shutil.copytree(ROOT / part, tmp_path / "ü" / part)
    (tmp_path / "ü" / "lessons").mkdir()
    for name, value in {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}.items():
        monkeypatch.setenv(name, value)
    run_the_first_exercise(tmp_path / "ü" / "lessons")


def run_a_cell(notebook):
    code_cells(notebook)[0].execution_count = 1


def type_an_answer(notebook):
    answer = next(cell for cell in notebook.cells if cell.source.startswith(MARKER))
    answer.source = answer.source.replace(notebooks.STUB, "return 1")


@pytest.mark.parametrize("work", [run_a_cell, type_an_answer])
def test_a_lesson_that_has_been_worked_in_is_not_overwritten(work, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(notebooks, "LESSONS_FOLDER", tmp_path)
    notebooks.write_lessons()
    worked_in = tmp_path / LESSONS[0].name
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
