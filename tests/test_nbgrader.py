"""nbgrader hands out, grades and gives back the lessons, as solutions/README.md tells instructors.

It takes that page's own settings and commands. Lesson 1 is graded at every run; with the
environment variable COURSE_GRADE_ALL=1 all the others are too, which takes 25 minutes.
"""

import copy
import csv
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import sysconfig
from collections import Counter

import handed_in
import nbformat
import pytest
from conftest import IN_CI, ROOT, SOLUTIONS, need, read
from handed_in import cell_of, copy_cell, delete, grade_id, merge, split, strip_metadata

from helpers.setup import notebooks
from helpers.setup.grade_ids import MISSING

GUIDE = (ROOT / "solutions" / "README.md").read_text("utf-8")
BLOCKS = re.findall(r"^```(\w*)\n(.*?)^```", GUIDE, re.S | re.M)
COMMANDS = re.findall(r"^(?:nbgrader|python3) .+", "\n".join(text for _, text in BLOCKS), re.M)
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
    "guesses": "guesses = {'four': 'c',\nreturn 'c'",
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


def points(path):
    """Return a dict from each check of a solution to its points."""
    cells = [cell.metadata.get("nbgrader", {}) for cell in code_cells(path)]
    return {cell["grade_id"]: cell["points"] for cell in cells if cell.get("grade")}


def our_answers(path):
    cells = [c for c in code_cells(path) if c.metadata.get("nbgrader", {}).get("solution")]
    return {grade_id(cell): cell.source for cell in cells}


USED = re.findall(
    r"`(\w+)`", re.search(r"no later cell uses the answers, but for (.*?)\.", GUIDE)[1]
)


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
def test_answers_to_questions_are_used_by_their_checks_only_but_for_those_that_the_guide_names(
    path,
):
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
        assert (users == [check]) == (name not in USED), name


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
    configure(root / "class")
    run(MAKE, root / "class")
    return root / "class"


def configure(folder):
    (config,) = [text for language, text in BLOCKS if language == "python"]
    (folder / "nbgrader_config.py").write_text(config, "utf-8")


def run(command, folder):
    """Run one of the guide's commands as if `.venv` were active; return what it printed."""
    done = outcome(command, folder)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "App | ERROR" not in done.stderr, done.stderr
    return done.stdout


def outcome(command, folder):
    command = command.replace("python3 -m helpers heal", "helpers.setup.heal")  # see `test_heal`
    program, *arguments = shlex.split(command)
    scripts = sysconfig.get_path("scripts")  # nbgrader calls `alembic`
    variables = {"PATH": scripts + os.pathsep + os.environ["PATH"]}
    variables["PYTHONPATH"] = os.pathsep.join([str(folder.parent), os.environ["PYTHONPATH"]])
    return subprocess.run(
        [sys.executable, "-m", program, *arguments],
        cwd=folder,
        env=os.environ | variables,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
    )


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
    rows = [row for row in exported(course) if row["assignment"] == path.stem]
    assert {float(row["max_score"]) for row in rows} == {sum(points(path).values())}
    return {row["student_id"]: float(row["score"]) for row in rows}


def exported(course):
    with open(course / "grades.csv", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


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


def copied(notebook):
    """Try again below the check, and copy another check."""
    right = cell_of(notebook, "split_once").source
    cell_of(notebook, "split_once").source = ANSWERS_OF_HALF["split_once"]
    copy_cell(notebook, "split_once", right, after="check_split_once")
    copy_cell(notebook, "check_has_twin", after="quiz_ratings")


def split_up(notebook):
    split(notebook, "has_twin", "    in_train", "    pairs")
    split(notebook, "guesses", '"twice"')
    split(notebook, "check_guesses", "(guesses)")


def paste(notebook):
    """Paste cells of another lesson, and a friend's wrong answer above a right one."""
    other = [cell for cell in notebooks.to_lesson(read(SOLUTIONS[1])).cells if grade_id(cell)]
    notebook.cells[5:5] = other[:2]
    copy_cell(notebook, "guesses", 'guesses = dict.fromkeys(["four", "twice"], "b")', "has_twin")


def delete_some(notebook):
    delete(notebook, "check_leaked", "check_has_twin", "check_quiz_ratings", "guesses")


def merge_some(notebook):
    """Merge answers with their checks, either way, and write into another check."""
    merge(notebook, "has_twin", "check_has_twin")
    merge(notebook, "check_guesses", "guesses")
    cell_of(notebook, "check_quiz_ratings").source += "\nprint(answers)"


def drop_metadata(notebook):
    strip_metadata(notebook)
    handed_in.strip_ids(notebook)


ALL_WRONG = {
    "leaked": "leaked = dict.fromkeys('abcd', 0.8)",
    "split_once": ANSWERS_OF_HALF["split_once"],
    "has_twin": "def has_twin(train, test):\n    return np.zeros(len(test['user_id']), dtype=bool)",
    "guesses": "guesses = dict.fromkeys(['four', 'twice'], 'a')",
    "quiz_ratings": 'answers = {"q1": "a", "q2": "b", "q3": "c"}',
}
FULL = points(SOLUTIONS[0])
CLASS = {  # student: what was typed, what was done to cells then, and the marks that differ
    "ours": (our_answers(SOLUTIONS[0]), print_the_interpreter, {}),
    "blank": ({}, None, dict.fromkeys(FULL, 0)),
    "wrong": (ALL_WRONG, None, dict.fromkeys(FULL, 0)),
    "half": (
        {name: f"# Exercise: {name}\n{text}" for name, text in ANSWERS_OF_HALF.items()}
        | {"leaked": our_answers(SOLUTIONS[0])["leaked"]},
        tamper,
        MARKS_OF_HALF,
    ),
    "copied": (our_answers(SOLUTIONS[0]), copied, {}),
    "split": (our_answers(SOLUTIONS[0]), split_up, {}),
    "pasted": (our_answers(SOLUTIONS[0]), paste, {}),
    "deleted": (our_answers(SOLUTIONS[0]), delete_some, {"check_guesses": 0}),
    "merged": (our_answers(SOLUTIONS[0]), merge_some, {}),
    "stripped": (our_answers(SOLUTIONS[0]), drop_metadata, {}),
}


@pytest.fixture(scope="module")
def scores(course):
    """Return the totals of a class in lesson 1."""
    for student, (typed, change, _) in CLASS.items():
        hand_in(course, student, SOLUTIONS[0], typed, change or (lambda notebook: None))
    return grade(course, SOLUTIONS[0])


@pytest.mark.parametrize("student", CLASS)
def test_marks_are_the_deserved_ones(course, scores, student):
    deserved = FULL | CLASS[student][2]
    assert marks(course, student, SOLUTIONS[0]) == deserved
    assert scores[student] == sum(deserved.values())


@pytest.mark.parametrize("student", ["ours", "copied", "split", "merged"])
def test_feedback_says_what_is_right(course, scores, student):
    assert "✅ has_twin: correct." in feedback(course, student, SOLUTIONS[0])


def test_our_solution_is_graded_by_this_interpreter(course, scores):
    own = graded_notebook(course, "ours", SOLUTIONS[0]).cells[-1]
    assert own.id == "own-cell"
    assert own.outputs[0].text.strip() == sys.prefix


def test_feedback_says_what_is_blank_or_gone(course, scores):
    assert MISSING in feedback(course, "deleted", SOLUTIONS[0])
    assert "⬜ quiz_ratings: not attempted yet." in feedback(course, "blank", SOLUTIONS[0])


def test_feedback_says_what_is_wrong(course, scores):
    page = feedback(course, "half", SOLUTIONS[0])
    assert "✅ has_twin: correct." in page
    assert "❌ split_once: not yet." in page
    assert "SyntaxError" in page


# A small lesson, to be quick: all that students do to cells, and what nbgrader makes of it alone


def answer_in_check(notebook):
    cell_of(notebook, "check_two").source = cell_of(notebook, "two").source + "\nassert two(1)"
    handed_in.answer(notebook, two="# Exercise: two\ndef two(x):\n    pass")


def with_other_metadata(notebook):
    cell_of(notebook, "two").metadata["nbgrader"] = {}
    cell_of(notebook, "three").metadata.nbgrader.schema_version = 2
    cell_of(notebook, "one").metadata["nbgrader"] = None


def skip_check(notebook):
    handed_in.answer(notebook, three="pass")
    cell_of(notebook, "check_three").metadata.tags = ["skip-execution"]


def paste_foreign(notebook):
    cells = [("other", None), ("check_other", 3)]
    notebook.cells[1:1] = [
        nbformat.v4.new_code_cell("q = 1", metadata=handed_in.metadata(*each)) for each in cells
    ]


WRONG = "def two(x):\n    return x"
STOPS = {  # what ends the grading of the class or of this student, and which points are deserved
    "a_copy_below": (lambda nb: copy_cell(nb, "two"), 7),
    "a_copy_below_its_check": (
        lambda nb: [
            copy_cell(nb, "two", after="check_two"),
            handed_in.answer(nb, two=WRONG),
        ],
        7,
    ),
    "a_wrong_last_copy": (lambda nb: copy_cell(nb, "two", WRONG, after="check_three"), 5),
    "a_blank_copy": (lambda nb: copy_cell(nb, "two", "two = None", after="one"), 7),
    "b_split": (lambda nb: split(nb, "two", "    return"), 7),
    "b_split_thrice": (lambda nb: split(nb, "two", "def", "    y", "    return"), 7),
    "c_check_copied": (lambda nb: copy_cell(nb, "check_two", after="three"), 7),
    "c_check_split": (lambda nb: split(nb, "check_two", "two(1"), 7),
    "d_foreign": (paste_foreign, 7),
    "d_locked_pasted": (lambda nb: copy_cell(nb, "check_three", after="one"), 7),
    "e_other_metadata": (with_other_metadata, 7),
}
LOSES = {  # what gives other points than are deserved, without a word
    "f_check_deleted": (lambda nb: delete(nb, "check_two"), 7),
    "f_merged": (lambda nb: merge(nb, "two", "check_two"), 7),
    "f_merged_into_check": (lambda nb: merge(nb, "check_two", "two"), 7),
    "f_answer_in_check": (answer_in_check, 7),
    "f_check_moved": (lambda nb: handed_in.move(nb, "check_two", None), 7),
    "f_stripped": (lambda nb: strip_metadata(nb), 7),
    "f_check_skipped": (skip_check, 3),
}
HOLDS = {  # what nbgrader copes with
    "g_answer_deleted": (lambda nb: delete(nb, "two"), 5),
    "g_text": (lambda nb: handed_in.retype(nb, "two", "markdown"), 7),
    "g_without_ids": (handed_in.strip_ids, 7),
}
SMALL = STOPS | LOSES | HOLDS


@pytest.fixture(scope="module")
def small_class(tmp_path_factory):
    """Return a class of its own, with a small lesson: 1, 2 and 4 points."""
    need("nbgrader")
    folder = tmp_path_factory.mktemp("small") / "class"
    (folder / "source" / "small").mkdir(parents=True)
    shutil.copytree(ROOT / "helpers", folder.parent / "helpers")
    solution = handed_in.small_solution()
    nbformat.write(solution, folder / "source" / "small" / "small.ipynb")
    configure(folder)
    run(MAKE, folder)
    return folder


def hand_in_small(folder, student, change):
    notebook = copy.deepcopy(handed_in.small_solution())
    change(notebook)
    path = folder / "submitted" / student / "small" / "small.ipynb"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(notebook), "utf-8")


@pytest.fixture(scope="module")
def unhealed(small_class):
    """Return the totals without healing; who is not in them was not graded."""
    for student, (change, _) in LOSES.items():
        hand_in_small(small_class, student, change)
    hand_in_small(small_class, "d_foreign", paste_foreign)
    hand_in_small(small_class, "w_copied", SMALL["a_copy_below"][0])
    hand_in_small(small_class, "x_right", lambda notebook: None)
    done = outcome("nbgrader autograde small", small_class)
    assert done.returncode != 0
    run("nbgrader export", small_class)
    return {row["student_id"]: row["score"] for row in exported(small_class)}


def test_without_healing_one_copy_ends_the_grading_of_the_class(unhealed):
    assert "x_right" not in unhealed
    assert float(unhealed["w_copied"]) == float(unhealed["d_foreign"]) == 0


@pytest.mark.parametrize("student", LOSES)
def test_without_healing_points_are_not_the_deserved_ones(unhealed, student):
    assert float(unhealed[student]) != LOSES[student][1]


@pytest.fixture(scope="module")
def small_scores(small_class, unhealed):
    """Return the totals of all that students do, healed and graded by the guide's commands."""
    for student, (change, _) in SMALL.items():
        if not (small_class / "submitted" / student).exists():
            hand_in_small(small_class, student, change)
    hand_in_small(small_class, "y_unreadable", lambda notebook: None)
    (small_class / "submitted" / "y_unreadable" / "small" / "small.ipynb").write_text("{")
    done = outcome(GRADE[0], small_class)
    assert "y_unreadable, small, small.ipynb: is no notebook" in done.stdout
    assert done.returncode == 1
    done = outcome("nbgrader autograde small --force", small_class)
    assert "for student 'y_unreadable'" in done.stderr
    assert done.stderr.count("There was an error processing assignment '") == 1
    run("nbgrader export", small_class)
    return {row["student_id"]: float(row["score"]) for row in exported(small_class)}


@pytest.mark.parametrize("student", [*SMALL, "w_copied", "x_right"])
def test_healed_cells_get_the_marks_they_deserve(small_scores, student):
    assert small_scores[student] == SMALL.get(student, (None, 7))[1]


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
