"""What columns and cells of own ratings mean, and what is wrong with them."""

import datetime

import numpy as np
import pytest
from own_tables import (
    BOOKS,
    DAY,
    EXPECTED,
    HEADER,
    LINES,
    SMALL,
    Frame,
    given,
    pandas_frame,
    refused,
)

from helpers.data import own_columns, read_own_ratings


def test_other_tables_are_described(file_of):
    path = file_of("Who;Book;Points;When;Published\n1;Emma;7,5;31.12.2023;1815\n")
    columns = BOOKS | {"user_id": "who", "timestamp": "When", "year": "Published"}
    own = read_own_ratings(path, columns=columns, scale=(0, 10))
    assert [values.tolist() for values in own.ratings.values()] == [
        [b"1"], [b"Emma (1815)"], [7.5], [DAY - 86_400]
    ]  # fmt: skip
    assert own.scale == (0, 10)
    assert own.report.endswith("read as the columns that you name\nscale: 0 to 10, as you say")
    assert read_own_ratings(path, BOOKS, (0, 10)).ratings["user_id"].tolist() == [b"me"]


def test_what_is_not_described_has_our_name():
    columns = given(stars=[1, 2, 3], year=["x", "y", "z"], timestamp=[1, 2, 3])
    own = read_own_ratings(columns, {"user_rating": "stars"}, (1, 5))
    assert own.ratings["user_id"].tolist() == EXPECTED["user_id"].tolist()
    assert own.ratings["user_rating"].tolist() == [1, 2, 3]
    assert own.ratings["timestamp"].tolist() == [1, 2, 3]
    assert own.ratings["movie_title"].tolist() == EXPECTED["movie_title"].tolist()  # no year


def test_years_that_went_through_decimals_are_years():
    columns = {"movie_title": ["Up", "Down"], "user_rating": [1, 2], "when": [2009.0, float("nan")]}
    own = read_own_ratings(columns, {"year": "when"}, (1, 5))
    assert own.ratings["movie_title"].tolist() == [b"Up (2009)", b"Down"]


def test_year_is_not_written_twice():
    columns = given(year=[1979, 1996, 2001])
    titles = read_own_ratings(columns, {"year": "year"}, (1, 5)).ratings["movie_title"]
    assert titles.tolist() == [*EXPECTED["movie_title"].tolist()[:2], "Amélie (2001)".encode()]


@pytest.mark.parametrize("dtype", [np.int64, np.int32, np.uint8, object])
def test_whole_numbers_as_ids_become_text(dtype):
    ids = np.array([196, 22, 3], dtype)
    for kind in (dict, Frame):
        read = read_own_ratings(kind(given(user_id=ids, movie_title=ids))).ratings
        assert read["user_id"].tolist() == read["movie_title"].tolist() == [b"196", b"22", b"3"]


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("881250949", 881_250_949),
        (" 881250949.0 ", 881_250_949),
        ("2024-01-01", DAY),
        ("2024/01/01", DAY),
        ("01.01.2024", DAY),
        ("2024-01-01 00:00:09", DAY + 9),
        ("2024-01-01T02:00:00+02:00", DAY),
        ("2024-01-01T00:00:00Z", DAY),
        (datetime.date(2024, 1, 1), DAY),
        (datetime.datetime(2024, 1, 1, 0, 1), DAY + 60),
        (np.datetime64("2024-01-01T00:00:01.000000000"), DAY + 1),
        (np.int32(5), 5),
        (5.0, 5),
        (-0.0, None),
    ],
)
def test_times_and_dates_become_seconds(text, seconds):
    columns = given(timestamp=[text] * 3)
    if seconds is None:
        assert "neither seconds since 1970 nor a date" in refused(columns)
    else:
        assert read_own_ratings(columns).ratings["timestamp"].tolist() == [seconds] * 3


def test_timestamps_count_only_if_all_rows_have_one():
    own = read_own_ratings(given(timestamp=[1, None, 3]))
    assert "timestamp" not in own.ratings
    assert own.report.endswith("\nno timestamps: missing in 1 row")
    own = read_own_ratings(given(timestamp=["", None, float("nan")]))
    assert "timestamp" not in own.ratings
    assert "no timestamps" not in own.report
    own = read_own_ratings(given(timestamp=[1, 2, None], user_rating=[5, 1, None]))
    assert own.ratings["timestamp"].tolist() == [1, 2]


@pytest.mark.parametrize("name", own_columns.COLUMNS)
def test_missing_column_is_named(file_of, name):
    rest = {other: values for other, values in given().items() if other != name} | {"when": []}
    names = ", ".join(map(repr, rest))
    for kind in (dict, Frame):
        message = refused(kind(rest))
        assert message == f"column {name} is missing in what was given; the columns are {names}"
    path = file_of(HEADER.replace(name, "another") + LINES)
    message = refused(path)
    assert message.startswith(f"column {name} is missing in {path}; the columns are ")
    assert "'another'" in message


def test_missing_column_that_was_named_is_named(file_of):
    path = file_of("Book,Points\nEmma,3\n")
    for ours in ("user_id", "movie_title", "timestamp", "year"):
        message = refused(path, columns=BOOKS | {ours: "Whatever"}, scale=(1, 5))
        assert message.startswith(f"column Whatever is missing in {path}; the columns are 'Book'")


def test_unknown_form_is_answered_with_how_to_describe_it(file_of):
    path = file_of("Book,Points,★,#\nEmma,3,1,2\n")
    assert refused(path) == (
        f"the form of {path} is not known; the columns are 'Book', 'Points', '★', '#': say which "
        'is which, columns={"user_id": "…", "movie_title": "…", "user_rating": "…"}'
    )
    own = read_own_ratings(path, {"movie_title": "Book", "user_rating": "★"}, (1, 5))
    assert own.ratings["user_rating"].tolist() == [1]


def test_column_names_that_are_no_text_are_told_too():
    assert "the columns are '0', '1': say" in refused({0: ["a"], 1: ["b"]})
    own = read_own_ratings({0: ["a"], 1: [2]}, {"movie_title": 0, "user_rating": 1}, (1, 5))
    assert own.ratings["movie_title"].tolist() == [b"a"]


def test_a_column_twice_is_refused(file_of):
    path = file_of("user_id,movie_title,User Rating,user_rating\na,b,1,2\n")
    message = refused(path)
    assert (
        message == f"{path} has user_rating twice, 'User Rating' and 'user_rating': take one away"
    )
    path = file_of("user_id,movie_title,user_rating,x,x\na,b,1,2,3\n")
    assert read_own_ratings(path).ratings["user_rating"].tolist() == [1]


@pytest.mark.parametrize("kind", [dict, Frame, pandas_frame])
@pytest.mark.parametrize("name", ["user_id", "movie_title"])
@pytest.mark.parametrize("empty", ["", "  ", "\t\n", b"", None, float("nan")])
def test_empty_id_is_named_with_its_row(kind, name, empty):
    message = refused(kind(given(**{name: ["x", "y", empty]})))
    assert message == f"1 row of what was given cannot be used\n  row 3: {name} is empty"


@pytest.mark.parametrize("value", [196.0, np.float64(196), "196.0", "196.00"])
def test_ids_that_went_through_decimals_are_refused(value):
    """So does pandas read ids where one is missing: 196 becomes 196.0."""
    message = refused(given(user_id=["x", value, "y"]))
    assert "row 2: user_id is '196.0" in message
    assert message.endswith("an id is text: write 196")


@pytest.mark.parametrize(
    ("value", "advice"),
    [
        ("five", ""), ("★★★", ""), ("4/5", "dates"), ("1 000", ""), ("1_0", ""), ("٣", ""),
        ("inf", ""), ("nan", ""), ("0x5", ""), ("3,5,1", ""), ("--3", ""), ("1e", ""),
        ("03. May", "dates"), ("2024-05-03", "dates"), ("3-May", "dates"),
        ("=4+1", "formulas"), ("#REF!", "formulas"), ("x" * 1_000, ""),
    ],
)  # fmt: skip
def test_rating_that_is_no_number_is_named(file_of, value, advice):
    message = refused(file_of(HEADER + f'Ada,Alien,5\nBo,Alien,"{value}"\n'))
    assert f"\n  line 3: user_rating is '{value[:60]}" in message
    assert "not a number" in message
    assert advice in message
    assert len(message) < 400


def test_a_comma_is_decimal_where_it_can_be_nothing_else():
    own = read_own_ratings(given(user_rating=["1,125", "2,5", "5"]))
    assert own.ratings["user_rating"].tolist() == [1.125, 2.5, 5]
    message = refused(given(user_rating=["1,125", "2,5", "5"]), scale=(0, 2_000))
    assert (
        "row 1: user_rating is '1,125', which may be thousands\n(write no comma in numbers)"
        in message
    )
    assert "row 2" not in message


def test_number_too_large_is_off_the_scale():
    for value in (10**400, "1e999", "-1e999", 1e300):
        assert "not from 1 to 5" in refused(given(user_rating=[1, 2, value]))


def test_movie_without_a_title_is_named(file_of):
    file_of("movieId,title\n1,A\n", "in/movies.csv")
    message = refused(file_of(SMALL, "in/ratings.csv"))
    assert "line 3: movie '2' has no title in MovieLens's file of titles" in message
