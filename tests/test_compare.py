"""`helpers compare` sets a learner's cells beside ours and says what is missing or added."""

import copy
import os

import pytest
from conftest import SOLUTIONS, read
from nbformat.v4 import new_code_cell

from helpers.setup import compare, notebooks


@pytest.fixture
def ours():
    return read(SOLUTIONS[2])


@pytest.fixture
def theirs(ours):
    return notebooks.to_lesson(ours)


def wide(columns):
    return lambda fallback=None: os.terminal_size((columns, 40))


@pytest.fixture(autouse=True)
def wide_terminal(monkeypatch):
    monkeypatch.setattr(compare.shutil, "get_terminal_size", wide(120))


def answers(notebook):
    return [cell for cell in notebook.cells if compare.answer_name(cell)]


def test_blank_answers_are_not_attempted_and_ours_stay_hidden(ours, theirs):
    parts = compare.comparison(theirs, ours)
    assert len(parts) == len(answers(ours))
    for part, cell in zip(parts, answers(ours)):
        name = compare.answer_name(cell)
        assert part.startswith(f"{name}: not attempted yet")
        assert "return" not in part


def test_an_answer_like_ours_is_the_same(ours, theirs):
    answers(theirs)[0].source = compare.without_markers(answers(ours)[0].source) + "\n"
    assert ": the same as ours" in compare.comparison(theirs, ours)[0]


def test_another_answer_stands_beside_ours(ours, theirs):
    answers(theirs)[1].source = "# Exercise: updates\nupdates = 3 * 10  # mine"
    index = [compare.answer_name(cell) for cell in answers(ours)].index(
        compare.answer_name(answers(theirs)[1])
    )
    part = compare.comparison(theirs, ours)[index]
    assert "yours and ours" in part
    assert "mine" in part
    assert " │ " in part
    assert "BEGIN SOLUTION" not in part


def test_a_narrow_terminal_shows_ours_below(ours, theirs, monkeypatch):
    monkeypatch.setattr(compare.shutil, "get_terminal_size", wide(60))
    answers(theirs)[0].source = "mine = 1"
    part = compare.comparison(theirs, ours)[0]
    assert " │ " not in part
    assert part.index("mine = 1") < part.index("(ours)")


def test_long_lines_are_wrapped_and_nothing_is_lost():
    left, right = "word " * 60, "x = 1"
    lines = compare.in_two_columns(left, right).splitlines()
    assert max(map(len, lines)) <= 120
    assert sum(line.partition(" │ ")[0].count("word") for line in lines) == 60


def test_a_deleted_cell_is_explained(ours, theirs):
    gone = answers(theirs)[0]
    theirs.cells.remove(gone)
    part = compare.comparison(theirs, ours)[0]
    assert part.startswith(f"{compare.answer_name(gone)}: your cell is gone; ours:")
    assert compare.without_markers(answers(ours)[0].source) in part


def test_a_cell_that_was_copied_without_its_metadata_is_found(ours, theirs):
    old = answers(theirs)[0]
    place = theirs.cells.index(old)
    first_line = old.source.splitlines()[0]
    theirs.cells[place] = new_code_cell(f"{first_line}\nmine = 1")
    assert "mine = 1" in compare.comparison(theirs, ours)[0]


def test_an_added_cell_is_shown_as_the_learners_own(ours, theirs):
    theirs.cells.insert(3, new_code_cell("my_idea = 7"))
    part = compare.comparison(theirs, ours)[-1]
    assert part.startswith("a cell of your own")
    assert "my_idea = 7" in part


def test_neither_notebook_is_changed(ours, theirs):
    before = copy.deepcopy((ours, theirs))
    compare.comparison(theirs, ours)
    assert (ours, theirs) == before


@pytest.mark.parametrize("number", ["99", "two", ""])
def test_an_unknown_lesson_is_explained(number):
    with pytest.raises(SystemExit, match=r"there are 01, 02, 03"):
        compare.compare(number)


def test_a_damaged_or_missing_lesson_is_explained(tmp_path, monkeypatch):
    monkeypatch.setattr(compare, "LESSONS_FOLDER", tmp_path)
    with pytest.raises(SystemExit, match="is not there"):
        compare.compare("3")
    (tmp_path / SOLUTIONS[2].name).write_text("{", "utf-8")
    with pytest.raises(SystemExit, match="cannot be read as a notebook"):
        compare.compare("3")


def test_it_reads_the_lesson_of_that_number(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(compare, "LESSONS_FOLDER", tmp_path)
    text = notebooks.as_file(notebooks.to_lesson(read(SOLUTIONS[2])))
    (tmp_path / SOLUTIONS[2].name).write_text(text, "utf-8")
    compare.compare("03")
    assert "updates: not attempted yet" in capsys.readouterr().out
