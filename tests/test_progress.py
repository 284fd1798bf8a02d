"""What a learner has done is remembered, and nothing that happens to the file does harm."""

import json

import nbformat
import pytest
from conftest import SOLUTIONS, read

from helpers import checks
from helpers.checks import done as module
from helpers.checks import lesson03

RIGHT = 30


@pytest.fixture
def file(tmp_path, monkeypatch):
    path = tmp_path / ".progress.json"
    monkeypatch.setenv("COURSE_PROGRESS", str(path))
    return path


def test_nothing_is_kept_by_tests_and_solutions(tmp_path, monkeypatch):
    assert module.file() is None  # conftest.py switches it off for all tests
    monkeypatch.delenv("COURSE_PROGRESS")
    (tmp_path / "solutions").mkdir()
    monkeypatch.chdir(tmp_path / "solutions")
    assert module.file() is None


def test_it_is_kept_beside_the_lessons(tmp_path, monkeypatch, capsys):
    monkeypatch.delenv("COURSE_PROGRESS")
    (tmp_path / "lessons").mkdir()
    monkeypatch.chdir(tmp_path / "lessons")
    lesson03.updates(RIGHT)
    assert json.loads((tmp_path / ".progress.json").read_text("utf-8")) == {"done": ["updates"]}
    assert {path.name for path in tmp_path.iterdir()} == {".progress.json", "lessons"}


def test_only_right_answers_count(file):
    with pytest.raises(checks.NotYet):
        lesson03.updates(3)
    with pytest.raises(checks.NotAttempted):
        lesson03.updates(...)
    assert not file.exists()
    lesson03.updates(RIGHT)
    lesson03.updates(RIGHT)
    assert module.read() == {"updates"}


def test_progress_says_what_is_done_and_where_to_go_on(file, capsys):
    checks.progress()
    lines = capsys.readouterr().out.splitlines()
    first = module.exercises_of("01")
    assert lines[0].startswith("Lesson 1  Ratings ")
    assert lines[0].endswith(f"0 of {len(first)}")
    assert lines[-1] == f"Go on with lesson 1, exercise {first[0]}."
    for name in [*first, "updates"]:
        module.record(name)
    checks.progress()
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].endswith(f"{len(first)} of {len(first)}")
    assert "□" not in lines[0]
    assert " 1 of " in lines[2]
    assert lines[-1] == f"Go on with lesson 2, exercise {module.exercises_of('02')[0]}."


def test_progress_says_when_all_is_done(file, capsys):
    names = [name for number in module.TITLES for name in module.exercises_of(number)]
    file.write_text(json.dumps({"done": names}), "utf-8")
    checks.progress()
    assert capsys.readouterr().out.splitlines()[-1] == "All exercises are done."


@pytest.mark.parametrize(
    "damage",
    [b"", b"{", b"\xff\xfe", b"[]", b"null", b'{"done": 3}', b'{"done": null}', b'{"lessons": {}}'],
)
def test_a_damaged_or_older_file_does_no_harm(damage, file, capsys):
    file.write_bytes(damage)
    checks.progress()
    assert "Go on with lesson 1" in capsys.readouterr().out
    lesson03.updates(RIGHT)
    assert module.read() == {"updates"}


def test_unknown_names_are_kept_and_do_no_harm(file, capsys):
    file.write_text('{"done": ["from a later version", 7], "more": 1}', "utf-8")
    lesson03.updates(RIGHT)
    assert module.read() == {"from a later version", "updates"}
    checks.progress()


def test_a_deleted_file_loses_nothing_else(file, capsys):
    lesson03.updates(RIGHT)
    file.unlink()
    lesson03.updates(RIGHT)
    assert module.read() == {"updates"}


def test_a_folder_that_cannot_be_written_is_said_and_the_check_passes(
    tmp_path, monkeypatch, capsys
):
    monkeypatch.setenv("COURSE_PROGRESS", str(tmp_path / "missing" / "file.json"))
    lesson03.updates(RIGHT)
    printed = capsys.readouterr().out
    assert "✅ updates: correct." in printed
    assert "cannot be written" in printed


def test_a_file_that_cannot_be_replaced_is_said_and_nothing_is_left(file, capsys):
    file.mkdir()
    lesson03.updates(RIGHT)
    assert "cannot be written" in capsys.readouterr().out
    assert list(file.parent.iterdir()) == [file]


def test_titles_are_the_notebooks():
    titles = {}
    for path in SOLUTIONS:
        first = read(path).cells[0].source.splitlines()[0]
        titles[path.name[:2]] = first.partition(": ")[2]
    assert titles == module.TITLES


def test_the_order_is_the_notebooks():
    for path in SOLUTIONS:
        cells = nbformat.read(path, as_version=4).cells
        names = [
            cell.metadata.nbgrader.grade_id
            for cell in cells
            if cell.metadata.get("nbgrader", {}).get("solution")
        ]
        assert module.exercises_of(path.name[:2]) == names
