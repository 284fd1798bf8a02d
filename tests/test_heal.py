"""`helpers heal` makes a folder of submissions fit for nbgrader, and loses nothing of anybody's."""

import copy
import json
import os

import handed_in
import nbformat
import pytest
from conftest import read
from handed_in import cell_of

from helpers import __main__ as command_line
from helpers.setup import environment, heal, notebooks

LESSON = "small/small.ipynb"


@pytest.fixture
def lesson():
    return notebooks.to_lesson(handed_in.small_solution())


@pytest.fixture
def folder(tmp_path, lesson):
    """Return the folder of submissions beside what was handed out; nothing is in it yet."""
    path = tmp_path / "class" / "release" / LESSON
    path.parent.mkdir(parents=True)
    nbformat.write(lesson, path)
    (tmp_path / "class" / "submitted").mkdir()
    return tmp_path / "class" / "submitted"


@pytest.fixture
def hand_in(folder, lesson):
    """Return a function that hands a notebook in, after a change, and returns its path."""

    def write(student, change=lambda notebook: None, name=LESSON):
        notebook = copy.deepcopy(lesson)
        change(notebook)
        path = folder / student / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(notebook), "utf-8")
        return path

    return write


def copied(notebook):
    handed_in.copy_cell(notebook, "two", "two = 2")


def kept(folder):
    """Return a dict from what is kept of the handed in, by path, to its content."""
    originals = folder.with_name("submitted_originals")
    files = [path for path in originals.rglob("*") if path.is_file()]
    return {path.relative_to(originals).as_posix(): path.read_bytes() for path in files}


def test_each_change_is_said_for_whom_and_the_original_is_kept(folder, hand_in, capsys):
    one, two = hand_in("anna", copied), hand_in("ben")
    before = {path: path.read_bytes() for path in (one, two)}
    assert heal.heal_folder(folder)
    assert capsys.readouterr().out.splitlines() == [
        "anna, small, two: a blank copy left out.",
        "1 healed, 1 as they were, 0 left to you.",
        f"What was handed in is kept in {folder.with_name('submitted_originals')}.",
    ]
    assert cell_of(read(one), "two").source == "two = 2"
    assert two.read_bytes() == before[two]
    assert kept(folder) == {f"anna/{LESSON}": before[one]}


def test_a_second_time_nothing_is_left_to_do(folder, hand_in, capsys):
    path = hand_in("anna", copied)
    heal.heal_folder(folder)
    before, originals = path.read_bytes(), kept(folder)
    capsys.readouterr()
    assert heal.heal_folder(folder)
    assert capsys.readouterr().out == "0 healed, 1 as they were, 0 left to you.\n"
    assert path.read_bytes() == before
    assert kept(folder) == originals


def test_who_hands_in_again_has_both_kept(folder, hand_in):
    first = hand_in("anna", copied).read_bytes()
    heal.heal_folder(folder)
    second = hand_in("anna", handed_in.strip_metadata).read_bytes()
    heal.heal_folder(folder)
    hand_in("anna", handed_in.strip_metadata)
    heal.heal_folder(folder)
    assert kept(folder) == {f"anna/{LESSON}": first, "anna/small/small (2).ipynb": second}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("{oops", "NotJSONError"),
        ("", "NotJSONError"),
        ("<<<<<<< HEAD\n{}", "NotJSONError"),
        ("[]", "AttributeError"),
        ("{}", "ValidationError"),
        ("<html></html>", "NotJSONError"),
        (b"\xff\xfe{", "UnicodeDecodeError"),
        ('{"nbformat":4,"nbformat_minor":5,"metadata":{},"cells":[{"cell_type":"code"}]}', ""),
        ('{"nbformat":4,"nbformat_minor":5,"metadata":{},"cells":[{"cell_type":"code",'
         '"id":"a","source":null,"metadata":{}}]}', ""),
        ('{"nbformat":4,"nbformat_minor":5,"metadata":{},"cells":[{"cell_type":"code",'
         '"id":"a","source":"","metadata":[]}]}', ""),
    ],
)  # fmt: skip
def test_what_is_no_notebook_is_named_and_the_rest_goes_on(folder, hand_in, capsys, text, kind):
    broken, other = hand_in("anna"), hand_in("ben", copied)
    broken.write_bytes(text if isinstance(text, bytes) else text.encode())
    assert not heal.heal_folder(folder)
    first, *others = capsys.readouterr().out.splitlines()
    assert first.startswith(f"anna, small, small.ipynb: is no notebook ({kind}")
    assert first.endswith("), so ask for it again.")
    assert others[1] == "1 healed, 0 as they were, 1 left to you."
    assert cell_of(read(other), "two").source == "two = 2"
    assert list(kept(folder)) == [f"ben/{LESSON}"]


def test_a_notebook_of_another_lesson_is_named(folder, hand_in, capsys):
    def clear(notebook):
        notebook.cells = [nbformat.v4.new_code_cell("1")]

    path = hand_in("anna", clear)
    before = path.read_bytes()
    assert not heal.heal_folder(folder)
    line = "anna, small, small.ipynb: holds no exercise of this lesson, so ask for the right one."
    assert line in capsys.readouterr().out.splitlines()
    assert path.read_bytes() == before


@pytest.mark.parametrize("change", [lambda notebook: None, copied])
def test_another_file_name_is_put_right(folder, hand_in, capsys, change):
    other = hand_in("anna", change, name="small/small (1).ipynb")
    before = other.read_bytes()
    assert heal.heal_folder(folder)
    assert "anna, small, small (1).ipynb: is now small.ipynb.\n" in capsys.readouterr().out
    assert not other.exists()
    assert cell_of(read(other.with_name("small.ipynb")), "one").source
    assert kept(folder) == {"anna/small/small (1).ipynb": before}


def test_which_of_several_names_is_meant_is_asked(folder, hand_in, capsys):
    for name in ("small/b.ipynb", "small/a.ipynb"):
        hand_in("anna", name=name)
    (folder / "ben" / "small").mkdir(parents=True)
    assert not heal.heal_folder(folder)
    assert capsys.readouterr().out.splitlines() == [
        "anna, small, small.ipynb: is not there; the folder holds a.ipynb and b.ipynb.",
        "ben, small, small.ipynb: is not there; the folder holds no notebook.",
        "0 healed, 0 as they were, 2 left to you.",
    ]


def test_a_copy_beside_the_right_name_is_left_alone(folder, hand_in):
    hand_in("anna"), hand_in("anna", name="small/small-Copy1.ipynb")
    assert heal.heal_folder(folder)
    assert (folder / "anna" / "small" / "small-Copy1.ipynb").exists()


def test_a_folder_that_no_lesson_has_is_named(folder, hand_in, capsys):
    path = hand_in("anna", name="smal/small.ipynb")
    (folder / "anna" / ".ipynb_checkpoints").mkdir()
    assert not heal.heal_folder(folder)
    assert capsys.readouterr().out.splitlines() == [
        f"{path.parent}: nothing of this name was handed out.",
        "0 healed, 0 as they were, 1 left to you.",
    ]


def test_notebooks_of_older_formats_are_healed(folder, hand_in):
    def without_ids(notebook):
        copied(notebook)
        handed_in.delete(notebook, "check_one")
        handed_in.strip_ids(notebook)

    path = hand_in("anna", without_ids)
    old = hand_in("ben", copied)
    nbformat.write(read(old), old, version=3)
    assert heal.heal_folder(folder)
    for each in (path, old):
        notebook = read(each)
        nbformat.validate(notebook)
        assert notebook.nbformat_minor >= 5
        assert cell_of(notebook, "two").source == "two = 2"


def test_equal_ids_of_cells_are_no_trouble(folder, hand_in, recwarn):
    def same_ids(notebook):
        copied(notebook)
        for cell in notebook.cells:
            cell.id = "same"

    assert heal.heal_folder(hand_in("anna", same_ids).parents[2])
    assert not recwarn.list


def test_a_folder_that_cannot_be_written_is_said(folder, hand_in, capsys, monkeypatch):
    path = hand_in("anna", copied)
    before = path.read_bytes()

    def fail(*arguments):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(heal.shutil, "copy2", fail)
    assert not heal.heal_folder(folder)
    line = "anna, small, small.ipynb: cannot be written (Permission denied)."
    assert line in capsys.readouterr().out.splitlines()
    assert path.read_bytes() == before


def test_what_is_missing_is_said_in_one_sentence(tmp_path, folder):
    with pytest.raises(SystemExit, match=r"There is no folder .*nowhere"):
        heal.heal_folder(tmp_path / "nowhere")
    with pytest.raises(SystemExit, match=r"holds no submission, such as NAME/01_ratings/"):
        heal.heal_folder(folder)
    (folder.with_name("release") / LESSON).unlink()
    with pytest.raises(SystemExit, match="`nbgrader generate_assignment` makes it"):
        heal.heal_folder(folder)


def test_the_command_takes_a_folder_from_where_it_is_called(tmp_path, monkeypatch):
    runs = []
    monkeypatch.setattr(environment, "ensure", lambda: None)
    monkeypatch.setattr(environment, "run_python", lambda arguments: runs.append(arguments) or 0)
    monkeypatch.chdir(tmp_path)
    assert command_line.main(["heal", "submitted"]) == 0
    assert runs == [["-m", "helpers.setup.heal", os.path.join(os.getcwd(), "submitted")]]
