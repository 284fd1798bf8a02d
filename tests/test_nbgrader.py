"""nbgrader hands out, grades and gives back the lessons, as solutions/README.md tells instructors.

It takes that page's own settings and commands. Lesson 1 is graded at every run; with the
environment variable COURSE_GRADE_ALL=1 all the others are too, which takes 25 minutes.
"""

import csv
import os
import re
import shlex
import shutil
import subprocess
import sys
import sysconfig
from collections import Counter

import nbformat
import pytest
from conftest import IN_CI, ROOT, SOLUTIONS, need, read

from helpers.setup import notebooks

GUIDE = (ROOT / "solutions" / "README.md").read_text("utf-8")
BLOCKS = re.findall(r"^```(\w*)\n(.*?)^```", GUIDE, re.S | re.M)
COMMANDS = re.findall(r"^nbgrader .+", "\n".join(text for _, text in BLOCKS), re.M)
MAKE, *GRADE = COMMANDS
FIRST = "01_ratings"

ANSWERS_OF_HALF = {
    "has_twin": """
def has_twin(train, test):
    known = dict.fromkeys(zip(train["user_id"], train["movie_title"]), True)
    pairs = zip(test["user_id"], test["movie_title"])
    return np.array([known.get(pair, False) for pair in pairs], dtype=bool)
""",
    "split_once": """
def split_once(ratings, train_size, seed):
    return leaking_split(ratings, train_size, seed)
""",
    "guesses": "guesses = {'a': 3.71,\nreturn 1.13",
    "quiz_ratings": 'answers = {"q1": "c", "q2": "a", "q3": "a"}',
}
MARKS_OF_HALF = {
    "check_has_twin": 2,  # right, in a form of its own
    "check_leaked": 2,  # as ours
    "check_split_once": 0,  # wrong, and the check is tampered with
    "check_guesses": 0,  # not even Python
    "check_quiz_ratings": 0,  # two of three letters
}


def name_of(path):
    return path.stem


def code_cells(path):
    return [cell for cell in read(path).cells if cell.cell_type == "code"]


def grade_id(cell):
    return cell.metadata.get("nbgrader", {}).get("grade_id")


def points(path):
    """Return a dict from each check of a solution to its points."""
    cells = [cell.metadata.get("nbgrader", {}) for cell in code_cells(path)]
    return {cell["grade_id"]: cell["points"] for cell in cells if cell.get("grade")}


def our_answers(path):
    cells = [c for c in code_cells(path) if c.metadata.get("nbgrader", {}).get("solution")]
    return {grade_id(cell): cell.source for cell in cells}


def questions(path):
    """Return the names of the exercises that are answered by letters."""
    answers = our_answers(path).items()
    marks = ('"a", "b"', "a letter in quotes")
    return [n for n, text in answers if n.startswith("quiz") or any(m in text for m in marks)]


def test_points_are_stated():
    rows = [line.strip("| ").split(" | ") for line in GUIDE.splitlines() if "|" in line]
    assert rows[0] == ["Lesson", *(str(int(path.name[:2])) for path in SOLUTIONS), "All"]
    each = [sum(points(path).values()) for path in SOLUTIONS]
    assert rows[2] == ["Points", *map(str, each), str(sum(each))]


@pytest.mark.parametrize("path", SOLUTIONS, ids=name_of)
def test_answers_to_questions_are_used_by_their_checks_only(path):
    assert questions(path)
    cells = code_cells(path)
    checks = [grade_id(cell) for cell in cells if (grade_id(cell) or "").startswith("check_")]
    last = [name for name in checks if name != "check_capstone"][-1]
    assert last.startswith("check_quiz")
    assert grade_id(cells[-1]) == checks[-1], "nothing comes after the last check"
    for name in questions(path):
        (check,) = [cell for cell in cells if grade_id(cell) == f"check_{name}"]
        answer = re.fullmatch(r"check\.\w+\((\w+)\)", check.source)[1]
        start = [grade_id(cell) for cell in cells].index(name)
        users = [cell for cell in cells[start + 1 :] if re.search(rf"\b{answer}\b", cell.source)]
        assert users == [check], name


def test_points_of_the_workshop_are_stated():
    lessons = SOLUTIONS[:3]
    total = sum(sum(points(path).values()) for path in lessons)
    skipped = sum(points(path)[f"check_{name}"] for path in lessons for name in questions(path))
    assert f"lessons 1 to 3 without these questions ({total - skipped} of the {total}" in GUIDE


# From here on with nbgrader itself.


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """Return the folder `class` in a copy of the course, set up as the guide says."""
    need("nbgrader")
    root = tmp_path_factory.mktemp("course")
    for folder in ("helpers", "lessons", "solutions"):
        shutil.copytree(ROOT / folder, root / folder, ignore=shutil.ignore_patterns("__pycache__"))
    if os.name == "posix":
        set_up = next(text for _, text in BLOCKS if "for lesson" in text).split("\npip ")[1]
        script = set_up.split("\n", 1)[1]
        subprocess.run(["bash", "-e", "-c", script], cwd=root, check=True)
    else:
        for path in SOLUTIONS:
            (root / "class" / "source" / path.stem).mkdir(parents=True)
            shutil.copy(path, root / "class" / "source" / path.stem)
    (config,) = [text for language, text in BLOCKS if language == "python"]
    (root / "class" / "nbgrader_config.py").write_text(config, "utf-8")
    run(MAKE, root / "class")
    return root / "class"


def run(command, folder):
    """Run one of the guide's commands as if `.venv` were active."""
    program, *arguments = shlex.split(command)
    scripts = sysconfig.get_path("scripts")  # nbgrader calls `alembic`
    done = subprocess.run(
        [sys.executable, "-m", program, *arguments],
        cwd=folder,
        env=os.environ | {"PATH": scripts + os.pathsep + os.environ["PATH"]},
        capture_output=True,
        encoding="utf-8",
        errors="replace",
    )
    assert done.returncode == 0, done.stderr
    assert "App | ERROR" not in done.stderr, done.stderr


def hand_in(course, student, path, answers, change=lambda notebook: None):
    """Hand in a lesson with some answers typed into it."""
    notebook = notebooks.to_lesson(read(path))
    for cell in notebook.cells:
        cell.source = answers.get(grade_id(cell), cell.source)
    change(notebook)
    target = course / "submitted" / student / path.stem / path.name
    target.parent.mkdir(parents=True)
    nbformat.write(notebook, target)


def grade(course, path):
    """Grade what was handed in of a lesson; return each student's total in grades.csv."""
    for command in GRADE:
        run(command.replace(FIRST, path.stem), course)
    with open(course / "grades.csv", encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["assignment"] == path.stem]
    assert {float(row["max_score"]) for row in rows} == {sum(points(path).values())}
    return {row["student_id"]: float(row["score"]) for row in rows}


def graded_notebook(course, student, path):
    return read(course / "autograded" / student / path.stem / path.name)


def marks(course, student, path):
    """Return a dict from each check to the marks that nbgrader reads from its outputs."""
    from nbgrader import utils

    cells = graded_notebook(course, student, path).cells
    return {
        grade_id(cell): utils.determine_grade(cell)[0] for cell in cells if utils.is_grade(cell)
    }


def feedback(course, student, path):
    return (course / "feedback" / student / path.stem / f"{path.stem}.html").read_text("utf-8")


@pytest.mark.parametrize("path", SOLUTIONS, ids=name_of)
def test_metadata_is_valid(path, course):
    from nbgrader.nbgraderformat import MetadataValidator

    notebook = read(path)
    nbformat.validate(notebook)
    MetadataValidator().validate_nb(notebook)
    ids = Counter(grade_id(cell) for cell in notebook.cells if grade_id(cell))
    assert set(ids.values()) == {1}


@pytest.mark.parametrize("path", SOLUTIONS, ids=name_of)
def test_student_version_is_the_lesson(path, course):
    lesson = course.parent / "lessons" / path.name
    if not IN_CI and notebooks.has_been_worked_in(lesson):
        pytest.skip(f"lessons/{path.name} has been worked in")
    released = read(course / "release" / path.stem / path.name)
    theirs = [(cell.id, cell.cell_type, cell.source) for cell in released.cells]
    assert theirs == [(cell.id, cell.cell_type, cell.source) for cell in read(lesson).cells]
    exercises = [cell for cell in released.cells if grade_id(cell)]
    assert [grade_id(cell) for cell in exercises] == [grade_id(c) for c in exercises_of(lesson)]
    assert not any(cell.get("outputs") for cell in released.cells)


def exercises_of(path):
    return [cell for cell in read(path).cells if grade_id(cell)]


def print_the_interpreter(notebook):
    own = nbformat.v4.new_code_cell("print(sys.prefix)", id="own-cell")
    notebook.cells.append(own)


def tamper(notebook):
    """Make a check say yes, and raise what another one is worth."""
    for cell in notebook.cells:
        if grade_id(cell) == "check_split_once":
            cell.source = 'print("✅ split_once: correct.")'
        if grade_id(cell) == "check_has_twin":
            cell.metadata.nbgrader.points = 100


@pytest.fixture(scope="module")
def scores(course):
    """Return the totals of three students of lesson 1."""
    path = SOLUTIONS[0]
    ours = our_answers(path)
    half = {name: f"# Exercise: {name}\n{text}" for name, text in ANSWERS_OF_HALF.items()}
    half["leaked"] = ours["leaked"]
    hand_in(course, "ours", path, ours, print_the_interpreter)
    hand_in(course, "blank", path, {})
    hand_in(course, "half", path, half, tamper)
    return grade(course, path)


def test_our_solution_gets_full_marks(course, scores):
    assert marks(course, "ours", SOLUTIONS[0]) == points(SOLUTIONS[0])
    assert scores["ours"] == sum(points(SOLUTIONS[0]).values())
    assert "✅ has_twin: correct." in feedback(course, "ours", SOLUTIONS[0])


def test_our_solution_is_graded_by_this_interpreter(course, scores):
    own = graded_notebook(course, "ours", SOLUTIONS[0]).cells[-1]
    assert own.id == "own-cell"
    assert own.outputs[0].text.strip() == sys.prefix


def test_blank_lesson_gets_nothing(course, scores):
    assert marks(course, "blank", SOLUTIONS[0]) == dict.fromkeys(points(SOLUTIONS[0]), 0)
    assert scores["blank"] == 0
    assert "⬜ quiz_ratings: not attempted yet." in feedback(course, "blank", SOLUTIONS[0])


def test_half_right_lesson_gets_the_marks_it_deserves(course, scores):
    assert marks(course, "half", SOLUTIONS[0]) == MARKS_OF_HALF
    assert scores["half"] == sum(MARKS_OF_HALF.values())
    page = feedback(course, "half", SOLUTIONS[0])
    assert "✅ has_twin: correct." in page
    assert "❌ split_once: not yet." in page
    assert "SyntaxError" in page


@pytest.mark.skipif(
    os.environ.get("COURSE_GRADE_ALL") != "1",
    reason="takes minutes per lesson: set COURSE_GRADE_ALL=1 to grade every lesson",
)
@pytest.mark.parametrize("path", SOLUTIONS[1:], ids=name_of)
def test_other_lessons_are_graded(path, course):
    """Our answers, none, and all but the answers to questions, which may be skipped."""
    ours = our_answers(path)
    skipped = questions(path)
    hand_in(course, "ours", path, ours)
    hand_in(course, "blank", path, {})
    hand_in(course, "half", path, {n: source for n, source in ours.items() if n not in skipped})
    totals = grade(course, path)
    full = points(path)
    assert marks(course, "ours", path) == full
    assert marks(course, "blank", path) == dict.fromkeys(full, 0)
    expected = {n: 0 if n.removeprefix("check_") in skipped else full[n] for n in full}
    assert marks(course, "half", path) == expected
    sums = {"ours": sum(full.values()), "blank": 0, "half": sum(expected.values())}
    assert {student: totals[student] for student in sums} == sums
    for cell in graded_notebook(course, "half", path).cells:
        if cell.cell_type == "code" and expected.get(grade_id(cell), 1):
            assert not any(output.output_type == "error" for output in cell.outputs), cell.id
    assert f"{skipped[0]}: not attempted yet." in feedback(course, "half", path)
