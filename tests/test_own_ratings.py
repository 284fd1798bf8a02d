"""Own ratings are read from files and frames alike, and what is wrong with them is said."""

import copy
from pathlib import Path

import numpy as np
import pytest
from conftest import need

from helpers.data import own_ratings
from helpers.data.own_ratings import OwnRatingsError, read_own_ratings
from helpers.keras2 import tf

HEADER = "user_id,movie_title,user_rating\n"
EXPECTED = {
    "user_id": np.array([b"Ada", b"7", "Zoë".encode()]),
    "movie_title": np.array([b"Alien (1979)", b"English Patient, The (1996)", "Amélie".encode()]),
    "user_rating": np.array([5, 1, 3.5], np.float32),
}
LINES = 'Ada,Alien (1979),5\n7,"English Patient, The (1996)",1\nZoë,Amélie,3.5\n'


class Frame:
    """The little of a DataFrame that is used: its names and its columns."""

    def __init__(self, columns):
        self.columns = columns

    def __iter__(self):
        return iter(self.columns)

    def __getitem__(self, name):
        return iter(self.columns[name])


def pandas_frame(columns):
    return need("pandas").DataFrame(columns, index=[7, 3, 5])


def given(**changed):
    """Return columns that hold what `EXPECTED` does, with some of them changed."""
    return {
        "user_id": ["Ada", "7", "Zoë"],
        "movie_title": ["Alien (1979)", "English Patient, The (1996)", "Amélie"],
        "user_rating": [5, 1, 3.5],
    } | changed


@pytest.fixture
def csv_of(tmp_path):
    """Return a function that writes text, or bytes, into a file and returns its path."""

    def write(text):
        path = tmp_path / "ratings.csv"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


def assert_expected(read):
    assert list(read) == list(EXPECTED)
    for name, values in EXPECTED.items():
        assert read[name].dtype == values.dtype, name
        assert read[name].tolist() == values.tolist(), name


def refused(source, **settings):
    """Return the message with which the ratings are refused: one sentence, on one line."""
    with pytest.raises(OwnRatingsError) as stop:
        read_own_ratings(source, **settings)
    message = str(stop.value)
    assert "\n" not in message
    assert not message.endswith(".")  # who shows it goes on with its own words
    assert stop.value.__cause__ is None
    return message


@pytest.mark.parametrize("as_path", [str, Path])
@pytest.mark.parametrize(
    "text",
    [
        HEADER + LINES,
        "\ufeff" + HEADER + LINES,
        (HEADER + LINES).replace("\n", "\r\n"),
        (HEADER + LINES).removesuffix("\n"),
        (HEADER + LINES).replace("\n", "\n\n"),
        HEADER + LINES.replace("Ada,", '"Ada",').replace(",5", ", 5 "),
        'when,user_rating,movie_title,user_id\n,5,Alien (1979),Ada\n1996,1,"English Patient, The '
        '(1996)",7\n"a ""b""",3.5,Amélie,Zoë\n',
    ],
    ids=["plain", "BOM", "CRLF", "no last newline", "empty lines", "quotes and blanks", "extra"],
)
def test_file_is_read(csv_of, text, as_path):
    assert_expected(read_own_ratings(as_path(csv_of(text))))


@pytest.mark.parametrize("kind", [dict, Frame, pandas_frame])
@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"user_id": np.array(["Ada", "7", "Zoë"]), "user_rating": np.array([5, 1, 3.5])},
        {"user_id": ["Ada", 7, b"Zo\xc3\xab"], "user_rating": ["5", "1", np.float32(3.5)]},
        {"user_id": [" Ada", np.int64(7), "Zoë "], "when": [None, 3, ...]},
    ],
    ids=["lists", "arrays", "bytes and numbers", "blanks and a further column"],
)
def test_columns_are_read(kind, changed):
    assert_expected(read_own_ratings(kind(given(**changed))))


@pytest.mark.parametrize("dtype", [np.int64, np.int32, np.uint8, object])
def test_whole_numbers_as_ids_become_text(dtype):
    ids = np.array([196, 22, 3], dtype)
    for kind in (dict, Frame):
        read = read_own_ratings(kind(given(user_id=ids, movie_title=ids)))
        assert read["user_id"].tolist() == read["movie_title"].tolist() == [b"196", b"22", b"3"]


def test_result_is_what_lesson_1_starts_from():
    dataset = tf.data.Dataset.from_tensor_slices(read_own_ratings(given()))
    spec = {name: (part.dtype, part.shape.rank) for name, part in dataset.element_spec.items()}
    texts = dict.fromkeys(("user_id", "movie_title"), (tf.string, 0))
    assert spec == texts | {"user_rating": (tf.float32, 0)}
    assert [row["user_id"] for row in dataset.as_numpy_iterator()] == EXPECTED["user_id"].tolist()


def test_given_columns_are_not_changed():
    columns = given(user_id=np.array([7, 8, 9]), user_rating=["5", " 1", "3.5"], when=[1, 2])
    before = copy.deepcopy(columns)
    read_own_ratings(columns)
    assert columns.keys() == before.keys()
    for name, values in before.items():
        assert type(columns[name]) is type(values)
        assert list(columns[name]) == list(values)


@pytest.mark.parametrize(
    ("scale", "low", "high"), [((1, 5), 1, 5), ((0.5, 10), 0.5, 10), ((-1, 1), -1, 1)]
)
def test_ends_of_the_scale_are_on_it(scale, low, high):
    assert read_own_ratings(given(user_rating=[low, high, low]), scale)["user_rating"][1] == high
    for off in (low - 0.01, high + 0.01):
        message = refused(given(user_rating=[low, off, high]), scale=scale)
        assert message == f"row 2: user_rating is {off}, not from {low} to {high}"


@pytest.mark.parametrize("name", own_ratings.COLUMNS)
def test_missing_column_is_named(csv_of, name):
    rest = {other: values for other, values in given().items() if other != name} | {"when": []}
    for kind in (dict, Frame):
        message = refused(kind(rest))
        assert message == f"column {name} is missing; the columns are {', '.join(rest)}"
    message = refused(csv_of(HEADER.replace(name, "another") + LINES))
    assert message.startswith(f"column {name} is missing; the columns are ")
    assert "another" in message


def test_column_names_that_are_no_text_are_told_too():
    assert refused({0: ["a"], 1: ["b"]}) == "column user_id is missing; the columns are 0, 1"


def test_semicolons_show_in_the_message(csv_of):
    message = refused(csv_of((HEADER + "Ada,Alien (1979),5\n").replace(",", ";")))
    assert message.endswith("the columns are user_id;movie_title;user_rating")


def test_file_that_cannot_be_opened_is_named(tmp_path):
    missing = tmp_path / "missing.csv"
    assert refused(missing).startswith(f"{missing} cannot be read: ")
    assert refused(str(tmp_path)).startswith(f"{tmp_path} cannot be read: ")


@pytest.mark.parametrize("encoding", ["latin-1", "utf-16"])
def test_other_encodings_are_named(csv_of, encoding):
    path = csv_of((HEADER + LINES).encode(encoding))
    assert refused(path) == f"{path} is not UTF-8 text; save it as UTF-8"


@pytest.mark.parametrize("line", ['Ada,"Alien,5\n', 'Ada,"Alien"s,5\n'])
def test_broken_quotes_are_named(csv_of, line):
    path = csv_of(HEADER + line)
    assert refused(path).startswith(f"{path} is not a CSV file: ")


@pytest.mark.parametrize("text", ["", "\ufeff", "\n\n", HEADER, HEADER.strip() + ",when\r\n"])
def test_file_without_ratings_is_named(csv_of, text):
    path = csv_of(text)
    assert refused(path) == f"there are no ratings in {path}"


@pytest.mark.parametrize("kind", [dict, Frame])
def test_columns_without_ratings_are_named(kind):
    assert refused(kind(dict.fromkeys(own_ratings.COLUMNS, ()))) == "there are no ratings"


@pytest.mark.parametrize("kind", [dict, Frame])
@pytest.mark.parametrize("name", own_ratings.COLUMNS)
def test_ragged_columns_are_named(kind, name):
    columns = given()
    columns[name] = columns[name][:2]
    assert refused(kind(columns)) == "the columns are not equally long"
    columns[name] = []
    assert refused(kind(columns)) == "the columns are not equally long"


@pytest.mark.parametrize("kind", [dict, Frame, pandas_frame])
@pytest.mark.parametrize("name", ["user_id", "movie_title"])
@pytest.mark.parametrize("empty", ["", "  ", "\t\n", b""])
def test_empty_id_is_named_with_its_row(kind, name, empty):
    message = refused(kind(given(**{name: ["x", "y", empty]})))
    assert message == f"row 3: {name} is empty"


def test_empty_cell_is_named_with_its_row(csv_of):
    assert refused(csv_of(HEADER + LINES + ",Alien (1979),5\n")) == "row 4: user_id is empty"
    assert refused(csv_of(HEADER + "Ada, ,5\n" + LINES)) == "row 1: movie_title is empty"
    assert refused(csv_of(HEADER + "Ada,Alien,\n")) == "row 1: user_rating is '', not a number"


@pytest.mark.parametrize("kind", [dict, Frame])
@pytest.mark.parametrize("name", ["user_id", "movie_title"])
@pytest.mark.parametrize(
    "value", [9.0, np.float64(9), np.float32(9), float("nan"), None, True, np.True_, ["9"]]
)
def test_ids_that_are_neither_text_nor_whole_numbers_are_refused(kind, name, value):
    message = refused(kind(given(**{name: ["x", value, "y"]})))
    assert message == f"row 2: {name} is {value!r}, not text; read it as text"


def test_whole_number_floats_of_a_column_with_a_gap_are_refused():
    """So does pandas read ids where one is missing: 196 becomes 196.0."""
    frame = pandas_frame(given(user_id=[196, 22, None]))
    assert refused(frame) == "row 1: user_id is 196.0, not text; read it as text"


@pytest.mark.parametrize("kind", [dict, Frame, pandas_frame])
def test_rating_that_is_not_a_number_is_named(kind):
    nan = "row 2: user_rating is nan, not from 1 to 5"
    assert refused(kind(given(user_rating=[5.0, float("nan"), 1.0]))) == nan
    text = "row 3: user_rating is 'five', not a number"
    assert refused(kind(given(user_rating=["1", "2", "five"]))) == text


@pytest.mark.parametrize("value", [None, "", "3,5", "★★★", [5], 1j, np.complex64(5)])
def test_rating_of_another_type_is_named(value):
    message = refused(given(user_rating=[1, 2, value]))
    assert message == f"row 3: user_rating is {value!r}, not a number"


def test_infinite_ratings_are_off_the_scale(csv_of):
    for text in ("inf", "-inf", "nan", "1e999"):
        message = refused(csv_of(HEADER + f"Ada,Alien (1979),{text}\n"))
        assert message == f"row 1: user_rating is {text}, not from 1 to 5"


@pytest.mark.parametrize(
    ("users", "titles", "message"),
    [
        (["a", "b", "a"], ["x", "x", "x"], "rows 1 and 3: user a has rated 'x' twice"),
        (["a", "b", " b"], ["x", "y", "y "], "rows 2 and 3: user b has rated 'y' twice"),
        (["1", "1", 1], ["x", "y", "y"], "rows 2 and 3: user 1 has rated 'y' twice"),
        (["a", b"a", "a"], ["x", "x", "x"], "rows 1 and 2: user a has rated 'x' twice"),
    ],
)
def test_duplicates_are_named_with_both_rows(csv_of, users, titles, message):
    columns = given(user_id=users, movie_title=titles)
    assert refused(columns) == f"{message}; keep one of the two"
    texts = [user.decode() if isinstance(user, bytes) else user for user in users]
    lines = [f"{user},{title},3\n" for user, title in zip(texts, titles)]
    assert refused(csv_of(HEADER + "".join(lines))) == f"{message}; keep one of the two"


def test_same_title_of_other_users_and_same_user_with_other_titles_are_no_duplicates():
    read = read_own_ratings(given(user_id=["a", "a", "b"], movie_title=["x", "X", "x"]))
    assert len(read["user_rating"]) == 3


@pytest.mark.parametrize(
    ("line", "cells"),
    [
        ("Ada,Alien (1979)", 2),
        ("Ada", 1),
        ("Ada,Alien (1979),5,", 4),
        ("Bo,English Patient, The (1996),1", 4),
    ],
)
@pytest.mark.parametrize("row", [1, 4])
def test_line_with_too_few_or_too_many_cells_is_named(csv_of, line, cells, row):
    lines = LINES.splitlines()
    text = "\n".join([*lines[: row - 1], line, *lines[row - 1 :]])
    message = refused(csv_of(HEADER + text))
    assert message.startswith(f"row {row} has {cells} cells, but there are 3 columns")


def test_title_in_the_last_column_is_not_cut_at_its_comma(csv_of):
    text = "user_id,user_rating,movie_title\nAda,1,English Patient, The (1996)\n"
    assert "put quotes around a title" in refused(csv_of(text))


def test_blanks_around_column_names_are_allowed(csv_of):
    assert_expected(read_own_ratings(csv_of(HEADER.replace(",", ", ") + LINES)))


@pytest.mark.parametrize("name", ["user_id", "movie_title"])
@pytest.mark.parametrize("value", [b"\xff", "\ud800"])
def test_text_that_is_not_utf_8_is_named(name, value):
    message = refused(given(**{name: ["x", "y", value]}))
    assert message.startswith(f"row 3: {name} is ")
    assert message.endswith("which is not UTF-8 text")


def test_number_too_large_for_a_float_is_named():
    assert refused(given(user_rating=[1, 2, 10**400])).endswith("not a number")


@pytest.mark.parametrize(
    ("source", "what"),
    [
        (None, "what was given is None"),
        (3, "what was given is 3"),
        (given(user_rating=5), "column user_rating is 5"),
        (given(user_id=None), "column user_id is None"),
    ],
)
def test_what_is_no_column_is_named(source, what):
    assert refused(source) == f"{what}, not a column or columns"


@pytest.mark.parametrize(
    ("source", "kind"),
    [(["a"], "list"), (("a",), "tuple"), ({"a"}, "set"), (b"a", "bytes"), (np.ones(1), "ndarray")],
)
def test_columns_need_names(source, kind):
    assert refused(source) == f"what was given is a {kind}, not named columns"


def test_line_breaks_in_a_title_stay_as_they_are(csv_of):
    read = read_own_ratings(csv_of(HEADER + 'Ada,"A\r\nB",5\r\n'))
    assert read["movie_title"].tolist() == [b"A\r\nB"]


def test_ids_that_went_through_decimals_are_refused(tmp_path):
    path = tmp_path / "own.csv"
    path.write_text("user_id,movie_title,user_rating\n9.0,Alien (1979),5\n", "utf-8")
    with pytest.raises(own_ratings.OwnRatingsError, match=r"user_id is '9.0'.*write 9$"):
        own_ratings.read_own_ratings(path)
