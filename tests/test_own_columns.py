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

DATES = "a spreadsheet turns numbers into dates: format the column as numbers"
FORMULAS = "save values, not formulas"
OFF = "if the scale is another one, say so: scale=(lowest, highest)"


def wrong(what, advice=None, where="what was given", unit="row"):
    """Return the message about a table whose second row or line alone is wrong."""
    told = f"1 {unit} of {where} cannot be used\n  {unit} 2: {what}"
    return told + (f"\n({advice})" if advice else "")


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
        ("99999999999", 99_999_999_999),
        ("170406720000", None),
        (" 170406720000.0", None),
        ("1704067200000", None),
        ("1717072571422", None),  # nor is it 1717-07-25, 14:22
        ("soon", None),
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
    columns = given(timestamp=[1, text, 3])
    if seconds is None:
        shown = str(text).strip().removesuffix(".0")
        what = f"timestamp is '{shown}', neither seconds since 1970 nor a date"
        assert refused(columns) == wrong(what, "write dates as 2024-01-31")
    else:
        assert read_own_ratings(columns).ratings["timestamp"].tolist() == [1, seconds, 3]


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


def test_lines_without_a_header_are_no_table(file_of):
    assert refused({}) == "there are no ratings in what was given"
    path = file_of("")
    assert refused(path) == f"there are no ratings in {path}"
    path = file_of(LINES)
    assert refused(path) == (
        f"the form of {path} is not known; the columns are 'Ada', 'Alien (1979)', '5': "
        "the first line has to name the columns"
    )


@pytest.mark.parametrize(("count", "rest"), [(30, ""), (31, ", …"), (99, ", …")])
def test_thirty_columns_are_named(count, rest):
    shown = ", ".join(f"'c{i}'" for i in range(30))
    assert refused({f"c{i}": ["x"] for i in range(count)}).startswith(
        f"the form of what was given is not known; the columns are {shown}{rest}: say which is "
    )


@pytest.mark.parametrize(
    "columns",
    [
        {"title": "x"}, BOOKS | {"genres": "x"}, {"Movie_title": "x"}, {1: "x"},
        ["x"], ["movie_title"], {"movie_title"}, "year", 3,
    ],
)  # fmt: skip
def test_descriptions_are_dicts_of_our_names(columns):
    assert refused(given(), columns=columns) == (
        f"columns is {columns!r}, not a dict of some of user_id, movie_title, user_rating, "
        "timestamp, year"
    )


MOVIES = {  # by the delimiter of MovieLens's ratings: their file, that of the titles, and it
    "\t": ("u.data", "u.item", "1|A (1999)|x||x|0\n2|B|x||x|0\n3|C|x||x|0\n"),
    "::": ("ratings.dat", "movies.dat", "1::A (1999)::x\n2::B::x\n3::C::x\n"),
    ",": ("ratings.csv", "movies.csv", "movieId,title\n1,A (1999)\n2,B\n3,C\n"),
}


@pytest.mark.parametrize(
    ("delimiter", "stars", "low"),
    [
        ("\t", "135", 1), ("::", "135", 1), ("::", "345", 1), ("::", "333", 1),
        ("::", ["1", "3", "4.5"], 0.5), ("\t", ["0.5", "3", "5"], 0.5),
        (",", "135", 0.5), (",", ["0.5", "3", "5"], 0.5),
    ],
)  # fmt: skip
def test_movielens_had_no_half_stars_at_first(file_of, delimiter, stars, low):
    ratings, movies, titles = MOVIES[delimiter]
    header = "userId,movieId,rating,timestamp\n" if delimiter == "," else ""
    rows = [delimiter.join(["7", str(movie), value, "9"]) for movie, value in enumerate(stars, 1)]
    file_of(titles, movies)
    own = read_own_ratings(file_of(header + "\n".join(rows), ratings))
    assert own.ratings["movie_title"].tolist() == [b"A (1999)", b"B", b"C"]
    assert own.ratings["user_rating"].tolist() == [float(value) for value in stars]
    assert own.scale == (low, 5)


def test_half_stars_of_others_do_not_depend_on_the_delimiter(file_of):
    path = file_of("Date\tName\tYear\tLetterboxd URI\tRating\n2024-01-01\tUp\t2009\tx\t4\n")
    assert read_own_ratings(path).scale == (0.5, 5)


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


@pytest.mark.parametrize("value", [196.0, np.float64(196), "196.0", " 196.00 "])
@pytest.mark.parametrize("name", ["user_id", "movie_title"])
def test_ids_that_went_through_decimals_are_refused(name, value):
    """So does pandas read ids where one is missing: 196 becomes 196.0."""
    what = f"{name} is '{str(value).strip()}', but an id is text: write 196"
    assert refused(given(**{name: ["x", value, "y"]})) == wrong(what)


@pytest.mark.parametrize(
    ("text", "shown", "what", "advice"),
    [
        (b"Zo\xeb", r"Zo\udceb", "which is not UTF-8", "save it as CSV UTF-8"),
        ("\ud800", r"\ud800", "which is not UTF-8", "save it as CSV UTF-8"),
        ("a\0b", r"a\x00b", "which has a NUL byte", "save it anew as CSV UTF-8"),
        ("x" * 1_001, "x" * 60 + "…", "of 1,001 characters", "is a quote not closed?"),
        ("é" * 501, "é" * 60 + "…", "of 501 characters", "is a quote not closed?"),
        ("=A1", "=A1", "a formula", FORMULAS),
        (" =A1 ", "=A1", "a formula", FORMULAS),
        *((error, error, "a formula", FORMULAS) for error in own_columns.SHEET_ERRORS),
    ],
)
@pytest.mark.parametrize("name", ["user_id", "movie_title"])
def test_what_is_no_id_or_title_is_named(name, text, shown, what, advice):
    message = refused(given(**{name: ["x", text, "y"]}))
    assert message == wrong(f"{name} is '{shown}', {what}", advice)


@pytest.mark.parametrize(
    "text",
    ["x" * 200, "x" * 202, "x" * 1_000, "é" * 500, "1=2", "#N/A?", "196.5", "1.2.0", "v1.0", "★"],
)
def test_any_other_text_is_an_id_or_a_title(text):
    texts = ["x", text, "y"]
    read = read_own_ratings(given(user_id=texts, movie_title=texts)).ratings
    for name in ("user_id", "movie_title"):
        assert np.array_equal(read[name], [each.encode() for each in texts])


@pytest.mark.parametrize("year", ["soon", "79", "19790", "1979.5", "-1979", "١٩٧٩"])
def test_what_is_no_year_is_named(year):
    columns = given(year=[1979, f" {year} ", ""])
    message = refused(columns, columns={"year": "year"}, scale=(1, 5))
    assert message == wrong(f"year is '{year}', not a year")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Rome", "Rome"), (" Rome\n", "Rome"), ("31", "31"), ("31.0", "31"), (" 31.00 ", "31"),
        ("3.5", "3.5"), ("1.2.0", "1.2.0"), ("v1.0", "v1.0"), ("2.0 l", "2.0 l"),
        ("", ""), (" \t", ""),
    ],
)  # fmt: skip
def test_sides_are_texts_and_numbers_as_they_were_before_decimals(text, said):
    assert own_columns.side("kind", text) == said


def test_a_side_that_is_a_formula_is_named_with_its_column():
    message = refused(given(**{"Home town": ["Rome", " =A1", ""]}), side={"Home town": "user"})
    assert message == wrong("Home town is '=A1', a formula", FORMULAS)


@pytest.mark.parametrize(
    ("value", "advice"),
    [
        ("five", None), ("★★★", None), ("4/5", DATES), ("1 000", None), ("1_0", None), ("٣", None),
        ("inf", None), ("nan", None), ("0x5", None), ("3,5,1", None), ("--3", None), ("1e", None),
        ("03. May", DATES), ("2024-05-03", DATES), ("3-May", DATES), ("May-24", DATES),
        ("=4+1", FORMULAS), ("#REF!", FORMULAS), ("#DIV/0!", FORMULAS),
    ],
)  # fmt: skip
def test_rating_that_is_no_number_is_named(file_of, value, advice):
    path = file_of(HEADER + f'Bo,Alien,"{value}"\nAda,Alien,5\n')
    assert refused(path) == wrong(f"user_rating is '{value}', not a number", advice, path, "line")


@pytest.mark.parametrize("length", [59, 60, 61, 62, 1_000])
def test_a_long_text_is_shown_in_part(length):
    shown = "x" * length if length <= 60 else "x" * 60 + "…"
    message = refused(given(user_rating=[1, "x" * length, 2]))
    assert message == wrong(f"user_rating is '{shown}', not a number")


@pytest.mark.parametrize("none", ["", " ", None, float("nan"), "0"])
def test_books_of_goodreads_without_a_rating_are_left_out(none):
    own = read_own_ratings({"Book Id": "123", "Title": "abc", "My Rating": [4, none, 5]})
    assert own.ratings["user_rating"].tolist() == [4, 5]
    assert own.report.endswith("\nleft out: 1 row without a rating")


@pytest.mark.parametrize(
    ("scale", "thousands"),
    [
        ((1, 5), False), ((0, 1_124), False), ((0, 1_125), True), ((0, 2_000), True),
        ((1_125, 2_000), True),
    ],
)  # fmt: skip
def test_a_comma_is_decimal_where_it_can_be_nothing_else(scale, thousands):
    columns = given(user_rating=[max(scale[0], 3), "1,125", scale[1]])
    if thousands:
        what = "user_rating is '1,125', which may be thousands"
        assert refused(columns, scale=scale) == wrong(what, "write no comma in numbers")
    else:
        read = read_own_ratings(columns, scale=scale).ratings["user_rating"]
        assert read.tolist() == [3, 1.125, scale[1]]
        assert read.dtype == np.float32


def test_a_comma_before_one_digit_is_decimal_on_every_scale():
    own = read_own_ratings(given(user_rating=["0,5", "2,5", "1200"]), scale=(0, 2_000))
    assert own.ratings["user_rating"].tolist() == [0.5, 2.5, 1_200]


@pytest.mark.parametrize(
    ("value", "scale"),
    [
        (10**400, (1, 5)), ("1e999", (1, 5)), ("-1e999", (1, 5)), (1e300, (1, 5)), (0, (1, 5)),
        ("0,99", (1, 5)), (5.01, (0.5, 5)), (0.25, (0.5, 5)), (" 11 ", (1, 10)),
    ],
)  # fmt: skip
def test_number_off_the_scale_is_named(value, scale):
    shown = str(value).strip()
    shown = shown if len(shown) <= 60 else shown[:60] + "…"
    message = refused(given(user_rating=[2, value, 3]), scale=scale)
    what = f"user_rating is '{shown}', not from {scale[0]} to {scale[1]}"
    assert message == wrong(what, OFF)


def test_movie_without_a_title_is_named(file_of):
    file_of("movieId,title\n1,A\n", "in/movies.csv")
    path = file_of(SMALL, "in/ratings.csv")
    what = "  line 3: movie '2' has no title in MovieLens's file of titles"
    assert refused(path) == f"1 line of {path} cannot be used\n{what}"
