"""What a learner has done is remembered, and nothing that happens to the file does harm."""

import json

import nbformat
import pytest
from conftest import SOLUTIONS, read
from corpora import train_and_evaluate as corpus

from helpers.checks import train_and_evaluate
from helpers.checks.engine import exercise, progress
from helpers.checks.engine.registry import exercises_of
from helpers.lessons import LESSONS

RIGHT = corpus.RIGHT["updates"][0][0]


@pytest.fixture
def file(tmp_path, monkeypatch):
    path = tmp_path / ".progress.json"
    monkeypatch.setenv("COURSE_PROGRESS", str(path))
    return path


def test_nothing_is_kept_by_tests_and_solutions(tmp_path, monkeypatch):
    assert progress.file() is None  # conftest.py switches it off for all tests
    monkeypatch.delenv("COURSE_PROGRESS")
    (tmp_path / "solutions").mkdir()
    monkeypatch.chdir(tmp_path / "solutions")
    assert progress.file() is None


def test_it_is_kept_beside_the_lessons(tmp_path, monkeypatch, capsys):
    monkeypatch.delenv("COURSE_PROGRESS")
    (tmp_path / "lessons").mkdir()
    monkeypatch.chdir(tmp_path / "lessons")
    train_and_evaluate.updates(RIGHT)
    assert json.loads((tmp_path / ".progress.json").read_text("utf-8")) == {"done": ["updates"]}
    assert {path.name for path in tmp_path.iterdir()} == {".progress.json", "lessons"}


def test_only_right_answers_count(file):
    with pytest.raises(exercise.NotYet):
        train_and_evaluate.updates(3)
    with pytest.raises(exercise.NotAttempted):
        train_and_evaluate.updates(...)
    assert not file.exists()
    train_and_evaluate.updates(RIGHT)
    train_and_evaluate.updates(RIGHT)
    assert progress.read() == {"updates"}


def test_progress_says_what_is_done_and_where_to_go_on(file, capsys):
    progress.progress()
    lines = capsys.readouterr().out.splitlines()
    first = exercises_of("ratings")
    assert lines[0].startswith("Lesson 1  Ratings ")
    assert lines[0].endswith(f"0 of {len(first)}")
    assert lines[-1] == f"Go on with lesson 1, exercise {first[0]}."
    second = exercises_of("ranking_model")
    for name in [*first, "updates"]:
        progress.record(name)
    progress.progress()
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].endswith(f"{len(first)} of {len(first)}")
    assert "□" not in lines[0]
    assert " 1 of " in lines[2]
    assert lines[-1] == f"Go on with lesson 2, exercise {second[0]}."


def test_progress_says_when_all_is_done(file, capsys):
    names = [name for lesson in LESSONS for name in exercises_of(lesson.topic)]
    file.write_text(json.dumps({"done": names}), "utf-8")
    progress.progress()
    assert capsys.readouterr().out.splitlines()[-1] == "All exercises are done."


@pytest.mark.parametrize(
    "damage",
    [b"", b"{", b"\xff\xfe", b"[]", b"null", b'{"done": 3}', b'{"done": null}', b'{"lessons": {}}'],
)
def test_a_damaged_or_older_file_does_no_harm(damage, file, capsys):
    file.write_bytes(damage)
    progress.progress()
    assert "Go on with lesson 1" in capsys.readouterr().out
    train_and_evaluate.updates(RIGHT)
    assert progress.read() == {"updates"}


def test_unknown_names_are_kept_and_do_no_harm(file, capsys):
    file.write_text('{"done": ["from a later version", 7], "more": 1}', "utf-8")
    train_and_evaluate.updates(RIGHT)
    assert progress.read() == {"from a later version", "updates"}
    progress.progress()


def test_a_deleted_file_loses_nothing_else(file, capsys):
    train_and_evaluate.updates(RIGHT)
    file.unlink()
    train_and_evaluate.updates(RIGHT)
    assert progress.read() == {"updates"}


def test_a_folder_that_cannot_be_written_is_said_and_the_check_passes(
    tmp_path, monkeypatch, capsys
):
    monkeypatch.setenv("COURSE_PROGRESS", str(tmp_path / "missing" / "file.json"))
    train_and_evaluate.updates(RIGHT)
    printed = capsys.readouterr().out
    assert "✅ updates: correct." in printed
    assert "cannot be written" in printed


def test_a_file_that_cannot_be_replaced_is_said_and_nothing_is_left(file, capsys):
    file.mkdir()
    train_and_evaluate.updates(RIGHT)
    assert "cannot be written" in capsys.readouterr().out
    assert list(file.parent.iterdir()) == [file]


def test_titles_are_the_notebooks():
    titles = {}
    for path in SOLUTIONS:
        first = read(path).cells[0].source.splitlines()[0]
        titles[path.name[:2]] = first.partition(": ")[2]
    assert titles == {f"{lesson.number:02}": lesson.title for lesson in LESSONS}


def test_the_order_is_the_notebooks():
    for path in SOLUTIONS:
        cells = nbformat.read(path, as_version=4).cells
        names = [
            cell.metadata.nbgrader.grade_id
            for cell in cells
            if cell.metadata.get("nbgrader", {}).get("solution")
        ]
        assert exercises_of(path.stem[3:]) == names
