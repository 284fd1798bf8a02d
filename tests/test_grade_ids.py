"""Each of nbgrader's grade ids is on one cell again, whatever a student has done to the cells."""

import copy

import handed_in
import nbformat
import pytest
from conftest import SOLUTIONS, read
from handed_in import cell_of, grade_id, place

from helpers.setup import notebooks
from helpers.setup.grade_ids import MISSING, healed

RIGHT = "# Exercise: {0}\ndef {0}(x):\n    y = x + 1\n    return y"
WRONG = "# Exercise: two\ndef two(x):\n    return x"


@pytest.fixture(scope="module")
def release():
    return notebooks.to_lesson(handed_in.small_solution())


@pytest.fixture
def done(release):
    """Return the small lesson with a right answer to each exercise."""
    notebook = copy.deepcopy(release)
    handed_in.answer(notebook, **{name: RIGHT.format(name) for name in ("one", "two", "three")})
    return notebook


def heal(notebook, release):
    """Heal a notebook; whatever was done to it, these things are so."""
    before = copy.deepcopy(notebook)
    new, changes = healed(notebook, release)
    assert notebook == before, "the one that was handed in is left as it is"
    nbformat.validate(new)
    expected = {grade_id(cell): cell for cell in release.cells if grade_id(cell)}
    marked = [cell for cell in new.cells if "nbgrader" in cell.metadata]
    assert sorted(map(grade_id, marked)) == sorted(expected)
    for cell in marked:
        assert cell.metadata == expected[grade_id(cell)].metadata
        if cell.metadata.nbgrader.grade:
            assert cell.source == expected[grade_id(cell)].source
            assert place(new, grade_id(cell)) > place(new, grade_id(cell).removeprefix("check_"))
    assert healed(new, release) == (new, []), "and nothing is left to heal"
    return new, changes


def result(notebook, name):
    """Return what an exercise's check gets, run from top to bottom, errors or not; None if none."""
    namespace = {}
    for cell in notebook.cells[: place(notebook, f"check_{name}")]:
        if cell.cell_type == "code":
            try:
                exec(cell.source, namespace)
            except Exception:  # as nbgrader goes on
                continue
    return namespace[name](1) if name in namespace else None


def results(notebook):
    return [result(notebook, name) for name in ("one", "two", "three")]


def test_a_notebook_as_it_should_be_is_left_alone(done, release):
    assert healed(done, release) == (done, [])
    assert healed(release, release) == (release, [])


@pytest.mark.parametrize("path", SOLUTIONS, ids=lambda path: path.stem)
def test_every_lesson_is_left_alone_blank_or_answered(path):
    lesson = notebooks.to_lesson(read(path))
    for notebook in lesson, read(path):
        assert healed(notebook, lesson) == (notebook, [])


@pytest.mark.parametrize("after", ["two", "check_two", "three", "check_three"])
def test_the_last_copy_counts_and_the_check_follows_it(done, release, after):
    handed_in.answer(done, two=WRONG)
    handed_in.copy_cell(done, "two", RIGHT.format("two"), after=after)
    new, changes = heal(done, release)
    assert changes[0] == "two: in several cells, of which the last one counts"
    assert results(new) == [2, 2, 2]
    assert [cell.source for cell in new.cells if "def two" in cell.source] == [
        WRONG,
        RIGHT.format("two"),
    ]
    handed_in.answer(new, two=WRONG)
    assert results(new) == [2, 1, 2]


def test_a_check_that_follows_the_last_copy_stays_where_it_is(done, release):
    handed_in.copy_cell(done, "two", after="two")
    order = [cell.source for cell in done.cells]
    new, changes = heal(done, release)
    assert [cell.source for cell in new.cells] == order
    assert len(changes) == 1


@pytest.mark.parametrize("after", ["one", "two", "check_two"])
def test_a_blank_copy_counts_for_nothing(done, release, after):
    blank = cell_of(release, "two").source.replace("    # your code here", "")
    handed_in.copy_cell(done, "two", blank, after=after)
    new, changes = heal(done, release)
    assert changes == ["two: a blank copy left out"]
    assert len(new.cells) == len(release.cells)
    assert results(new) == [2, 2, 2]


def test_of_blank_copies_one_is_left(release):
    notebook = copy.deepcopy(release)
    handed_in.copy_cell(notebook, "two")
    handed_in.copy_cell(notebook, "two", "")
    new, _ = heal(notebook, release)
    assert len(new.cells) == len(release.cells) == len(notebook.cells) - 2


def test_a_copy_whose_metadata_an_editor_has_dropped_is_a_copy(done, release):
    handed_in.answer(done, two=WRONG)
    handed_in.copy_cell(done, "two", RIGHT.format("two"), after="check_two")
    done.cells[place(done, "check_two") + 1].metadata = nbformat.from_dict({})
    new, changes = heal(done, release)
    assert changes[0] == "two: in several cells, of which the last one counts"
    assert results(new) == [2, 2, 2]


def test_an_answer_split_between_statements_keeps_its_cells(done, release):
    cell_of(done, "two").source = "# Exercise: two\nstep = 1\ndef two(x):\n    return x + step"
    handed_in.split(done, "two", "def two")
    new, changes = heal(done, release)
    assert changes == ["two: in several cells, of which the last one counts"]
    assert len(new.cells) == len(release.cells) + 1
    assert results(new) == [2, 2, 2]


@pytest.mark.parametrize("words", [["y = x"], ["    return"], ["    y", "    return"], ["+ 1"]])
def test_an_answer_split_within_a_statement_is_one_cell_again(done, release, words):
    handed_in.split(done, "two", *words)
    new, changes = heal(done, release)
    assert changes == ["two: split within a statement, and joined again"]
    assert len(new.cells) == len(release.cells)
    assert results(new) == [2, 2, 2]


def test_a_method_split_from_its_class_is_in_it_again(done, release):
    text = (
        "# Exercise: two\nclass two:\n    a = 1\n\n    def __new__(cls, x):\n        return x + 1"
    )
    handed_in.answer(done, two=text)
    handed_in.split(done, "two", "    def")  # without its indentation, this is valid too
    assert results(heal(done, release)[0]) == [2, 2, 2]


def test_parts_that_never_were_one_statement_are_left_as_they_are(done, release):
    handed_in.answer(done, two="# Exercise: two\ndef two(x) return x")
    handed_in.copy_cell(done, "two", RIGHT.format("two"))
    new, changes = heal(done, release)
    assert changes == ["two: in several cells, of which the last one counts"]
    assert results(new) == [2, 2, 2]


def test_parts_that_lie_apart_are_not_joined(done, release):
    handed_in.split(done, "two", "    return")
    part = done.cells.pop(place(done, "two") + 1)
    done.cells.append(part)
    new, _ = heal(done, release)
    assert new.cells[-2].source == part.source
    assert results(new) == [2, None, 2]


def test_a_magic_command_is_no_reason_to_join(done, release):
    cell_of(done, "two").source = "%time a = 1\n!ls"
    handed_in.copy_cell(done, "two", "def two(x):\n    return x + 1")
    assert len(heal(done, release)[0].cells) == len(done.cells)


@pytest.mark.parametrize("after", ["one", "check_two", "check_three"])
def test_a_copied_check_is_one_again(done, release, after):
    handed_in.copy_cell(done, "check_two", after=after)
    new, changes = heal(done, release)
    assert changes == ["check_two: in several cells, and one again"]
    assert len(new.cells) == len(release.cells)
    assert results(new) == [2, 2, 2]


def test_a_split_check_is_one_again(done, release):
    handed_in.split(done, "check_two", "1)")
    new, changes = heal(done, release)
    assert changes == ["check_two: in several cells, and one again"]
    assert [cell.source for cell in new.cells] == [
        cell.source if not grade_id(cell) else cell_of(new, grade_id(cell)).source
        for cell in release.cells
    ]


def test_a_copied_answer_and_check_count_as_the_last_pair(done, release):
    handed_in.answer(done, two=WRONG)
    for name, source in (("check_two", None), ("two", RIGHT.format("two"))):
        handed_in.copy_cell(done, name, source, after="check_two")
    new, _ = heal(done, release)
    assert results(new) == [2, 2, 2]
    assert place(new, "check_two") == place(new, "two") + 1


def test_an_edited_check_is_put_back_and_what_was_written_stays(done, release):
    handed_in.answer(done, check_two="two = lambda x: 2\nprint('✅ two: correct.')")
    new, changes = heal(done, release)
    assert changes == ["check_two: changed, and put back"]
    own = new.cells[place(new, "check_two") - 1]
    assert own.source.startswith("two = lambda")
    assert "nbgrader" not in own.metadata


def test_a_comment_in_a_check_is_no_change(done, release):
    cell_of(done, "check_two").source += "  # mine"
    assert healed(done, release) == (done, [])


@pytest.mark.parametrize(
    ("key", "value"), [("points", 100), ("schema_version", 2), ("grade", False), ("solution", True)]
)
def test_changed_metadata_is_put_back(done, release, key, value):
    cell_of(done, "check_two").metadata.nbgrader[key] = value
    _, changes = heal(done, release)
    assert changes == ["check_two: metadata gone or changed, and put back"]


def test_a_check_that_would_not_be_run_is(done, release):
    cell_of(done, "check_two").metadata.tags = ["skip-execution"]  # full marks, if it stayed
    _, changes = heal(done, release)
    assert changes == ["check_two: metadata gone or changed, and put back"]


@pytest.mark.parametrize("value", [{}, None, {"grade_id": "two"}, "two", {"grade": True}])
def test_broken_metadata_is_put_back(done, release, value):
    cell_of(done, "two").metadata["nbgrader"] = value
    new, changes = heal(done, release)
    assert changes == ["two: metadata gone or changed, and put back"]
    assert results(new) == [2, 2, 2]


def test_metadata_from_elsewhere_is_taken_off(done, release):
    for number, points in enumerate((None, 3)):
        own = nbformat.v4.new_code_cell("q = 1", metadata=handed_in.metadata("other", points))
        done.cells.insert(3 + number, own)
    done.cells.append(nbformat.v4.new_markdown_cell("", metadata={"nbgrader": {}}))
    new, changes = heal(done, release)
    assert changes == [
        "other, other, a cell without a name: no exercise of this lesson, worth no points"
    ]
    assert [cell.source for cell in new.cells] == [cell.source for cell in done.cells]


def test_a_locked_cell_of_this_lesson_pasted_over_an_answer_is_undone(done, release):
    handed_in.copy_cell(done, "check_three", after="one")
    assert results(heal(done, release)[0]) == [2, 2, 2]


def test_a_deleted_answer_is_a_comment_that_defines_nothing(done, release):
    handed_in.delete(done, "two")
    done.cells.insert(1, nbformat.v4.new_code_cell("def two(x):\n    return x + 1"))
    new, changes = heal(done, release)
    assert changes == ["two: no answer cell, as a comment in its place says"]
    assert cell_of(new, "two").source == f"# Exercise: two\n{MISSING}"
    assert new.cells[place(new, "two") - 1].id == "exercise-two"
    assert results(new) == [2, 2, 2]


def test_deleted_cells_are_put_back_in_the_order_of_the_release(done, release):
    handed_in.delete(done, "one", "check_one", "two", "check_two", "check_three")
    new, changes = heal(done, release)
    order = [grade_id(cell) for cell in new.cells if grade_id(cell)]
    assert order == [grade_id(cell) for cell in release.cells if grade_id(cell)]
    assert changes == [
        "one, two: no answer cell, as a comment in its place says",
        "check_one, check_two, check_three: missing, and put back",
    ]
    assert new.cells[place(new, "check_three") - 1].id == "use-three"
    assert results(new) == [None, None, 2]


@pytest.mark.parametrize("first", ["two", "check_two"])
def test_an_answer_merged_with_its_check_counts(done, release, first):
    second = "check_two" if first == "two" else "two"
    handed_in.merge(done, first, second)
    new, changes = heal(done, release)
    assert "check_two: missing, and put back" in changes
    assert results(new) == [2, 2, 2]


def test_two_answers_in_one_cell_both_count(done, release):
    handed_in.merge(done, "two", "three")
    assert results(heal(done, release)[0]) == [2, 2, 2]


def test_an_answer_written_into_its_check_counts(done, release):
    handed_in.answer(done, two=cell_of(release, "two").source)
    cell_of(done, "check_two").source = "def two(x):\n    return x + 1\n" + (
        cell_of(release, "check_two").source
    )
    assert results(heal(done, release)[0]) == [2, 2, 2]


@pytest.mark.parametrize("after", [None, "one"])
def test_a_check_above_its_answer_follows_it_again(done, release, after):
    handed_in.move(done, "check_two", after)
    new, changes = heal(done, release)
    assert changes == ["check_two: above its answer, and moved below it"]
    assert [cell.source for cell in new.cells][1:4] == [
        cell.source for cell in done.cells if (grade_id(cell) != "check_two")
    ][1:4]
    assert new.cells[place(new, "check_two") - 1].id == "use-two"


def test_a_moved_answer_takes_its_check_along(done, release):
    handed_in.move(done, "two", "check_three")
    assert results(heal(done, release)[0]) == [2, 2, 2]


def test_metadata_that_an_editor_has_dropped_is_put_back(done, release):
    handed_in.strip_metadata(done)
    new, changes = heal(done, release)
    assert changes == [
        "one, check_one, two, check_two, three, check_three: metadata gone or changed, and put back"
    ]
    assert [cell.source for cell in new.cells] == [cell.source for cell in done.cells]


def test_cells_are_known_by_their_ids_if_by_nothing_else(done, release):
    handed_in.answer(done, two="two = lambda x: x + 1", check_two="print(two(1))")
    handed_in.strip_metadata(done, "two", "check_two")
    new, _ = heal(done, release)
    assert cell_of(new, "two").id == "answer-two"
    assert results(new) == [2, 2, 2]


@pytest.mark.parametrize("kind", ["markdown", "raw"])
@pytest.mark.parametrize("name", ["two", "check_two"])
def test_code_that_has_become_text_is_code_again(done, release, name, kind):
    handed_in.retype(done, name, kind)
    new, changes = heal(done, release)
    assert changes == [f"{name}: a cell of text, and made code again"]
    assert cell_of(new, name).cell_type == "code"
    assert results(new) == [2, 2, 2]


def test_text_beside_an_answer_stays_text(done, release):
    handed_in.answer(done, two="I add one.")
    handed_in.copy_cell(done, "two", RIGHT.format("two"))
    handed_in.retype(done, "two", "markdown")
    new, changes = heal(done, release)
    assert changes == ["two: in a cell of text too, which counts for nothing"]
    assert results(new) == [2, 2, 2]


def test_what_a_student_writes_raises_nothing(done, release):
    for source in (
        "\0",
        "(" * 5_000,
        "'\\d'",
        "x is 1",
        "-" * 10_000 + "1",
        "await f()",
        "%%time\n)",
    ):
        handed_in.copy_cell(done, "two", source)
    heal(done, release)


def test_a_notebook_without_any_exercise_is_refused(release):
    other = notebooks.to_lesson(handed_in.small_solution(names=("a", "b", "c")))
    with pytest.raises(ValueError, match="holds no exercise of this lesson"):
        healed(other, release)
    with pytest.raises(ValueError, match="holds no exercise of this lesson"):
        healed(nbformat.v4.new_notebook(), release)
