"""Own ratings are read from files and frames alike, and what is wrong with them is said."""

import copy
import io
from pathlib import Path

import numpy as np
import pytest
from conftest import need
from own_tables import (
    BOOKS,
    DAY,
    EXPECTED,
    GOODREADS,
    HEADER,
    IMDB,
    LETTERBOXD,
    LINES,
    SMALL,
    Frame,
    given,
    packed,
    pandas_frame,
    refused,
)  # fmt: skip

from helpers.data import own_columns, read_own_ratings
from helpers.keras2 import tf


def assert_expected(ratings):
    assert list(ratings) == list(EXPECTED)
    for name, values in EXPECTED.items():
        assert ratings[name].dtype == values.dtype, name
        assert ratings[name].tolist() == values.tolist(), name


# What can be read


@pytest.mark.parametrize("as_path", [str, Path])
@pytest.mark.parametrize(
    "text",
    {
        "plain": HEADER + LINES,
        "BOM": "\ufeff" + HEADER + LINES,
        "CRLF": (HEADER + LINES).replace("\n", "\r\n"),
        "CR": (HEADER + LINES).replace("\n", "\r"),
        "no last newline": (HEADER + LINES).removesuffix("\n"),
        "empty lines": "\n" + (HEADER + LINES).replace("\n", "\n\n"),
        "empty rows": HEADER + LINES + ",,\n,,\n",
        "quotes and blanks": HEADER + LINES.replace("Ada,", '"Ada", ').replace(",5", ", 5 "),
        "further columns": 'when,user_rating,movie_title,user_id\n,5,Alien (1979),Ada\n1996,1,'
        '"English Patient, The (1996)",7\n"a ""b""",3.5,Amélie,Zoë\n',
        "header": HEADER.upper().replace("_", " ").replace(",", " , ") + LINES,
        "semicolons": "user_id;movie_title;user_rating\nAda;Alien (1979);5\n"
        "7;English Patient, The (1996);1,0\nZoë;Amélie;3,5\n",
        "tabs": "user_id\tmovie_title\tuser_rating\nAda\tAlien (1979)\t5\n"
        "7\tEnglish Patient, The (1996)\t1.0\nZoë\tAmélie\t3,5\n",
        "bars": "user_id|movie_title|user_rating\nAda|Alien (1979)|5\n"
        "7|English Patient, The (1996)|1.\nZoë|Amélie|+3.5\n",
        "double colons": "user_id::movie_title::user_rating\nAda::Alien (1979)::5\n"
        "7::English Patient, The (1996)::1\nZoë::Amélie::3.5\n",
        "sep=": "sep=;\nuser_id;movie_title;user_rating\nAda;Alien (1979);5\n"
        "7;English Patient, The (1996);1\nZoë;Amélie;3,5\n",
    }.items(),
    ids=lambda pair: pair[0],
)  # fmt: skip
def test_file_is_read(file_of, text, as_path):
    own = read_own_ratings(as_path(file_of(text[1])))
    assert_expected(own.ratings)
    assert own.scale == (1, 5)
    assert own.report == (
        "3 ratings of 3 movies by 3 users, read as this course's form\n"
        "scale: 1 to 5, that of this course's form"
    )


FORMS = {  # name: files, which to read, what comes out
    "Letterboxd": (
        {"ratings.csv": LETTERBOXD},
        [(b"me", b"Solaris (1972)", 4.5, DAY), (b"me", b"Solaris (2002)", 0.5, DAY + 86_400)],
        (0.5, 5),
    ),
    "IMDb": ({"ratings.csv": IMDB}, [(b"me", b"Good, the Bad (1979)", 9, DAY)], (1, 10)),
    "Goodreads": ({"library.csv": GOODREADS}, [(b"me", b"Emma", 4, DAY)], (1, 5)),
    "MovieLens latest": (
        {
            "ratings.csv": SMALL,
            "movies.csv": 'movieId,title,genres\n1,"Été, L\' (1999)",x\n2,B,y\n',
        },
        [(b"7", "Été, L' (1999)".encode(), 0.5, DAY), (b"8", b"B", 4, DAY + 1)],
        (0.5, 5),
    ),
    "MovieLens 10M": (
        {"ratings.dat": "7::1::4.5::1704067200\n", "movies.dat": '1::"A": B (1999)::x|y\n'},
        [(b"7", b'"A": B (1999)', 4.5, DAY)],
        (0.5, 5),
    ),
    "MovieLens 1M": (
        {"ratings.dat": "7::1::4::1704067200\n", "movies.dat": b"1::\xc9t\xe9 (1999)::x\n"},
        [(b"7", "Été (1999)".encode(), 4, DAY)],
        (1, 5),
    ),
    "MovieLens 100K": (
        {"u.data": "7\t1\t4\t1704067200\n", "u.item": b"1|\xc9t\xe9 (1999)|01-Jan-1999||x|0\n"},
        [(b"7", "Été (1999)".encode(), 4, DAY)],
        (1, 5),
    ),
    "this course": (
        {"ratings.csv": "timestamp,USER_ID,Movie-Title,userRating\n5,a,B,3\n"},
        [(b"a", b"B", 3, 5)],
        (1, 5),
    ),
}  # fmt: skip


@pytest.mark.parametrize("way", ["file", "folder", "folder above", "zip", "zip of a folder"])
@pytest.mark.parametrize("form", FORMS)
def test_known_forms_are_read(tmp_path, file_of, form, way):
    files, expected, scale = FORMS[form]
    paths = [file_of(text, f"in/{name}") for name, text in files.items()]
    folder = paths[0].parent
    source = {
        "file": lambda: paths[0],
        "folder": lambda: folder,
        "folder above": lambda: tmp_path,
        "zip": lambda: packed(folder, tmp_path / "a.zip"),
        "zip of a folder": lambda: packed(folder, tmp_path / "a.zip", "ml/"),
    }[way]()
    own = read_own_ratings(source)
    assert list(zip(*(values.tolist() for values in own.ratings.values()))) == expected
    assert list(own.ratings) == ["user_id", "movie_title", "user_rating", "timestamp"]
    assert own.ratings["timestamp"].dtype == np.int64
    assert own.scale == scale
    assert f"read as {form.split()[0]}" in own.report
    assert ("left out: 1 row without a rating" in own.report) == (
        form in ("Letterboxd", "Goodreads")
    )


def test_letterboxd_zip_has_further_files(tmp_path, file_of):
    for name in ("watched.csv", "diary.csv", "profile.csv", "comments.csv"):
        file_of("Date,Name,Year,Letterboxd URI\n", f"in/{name}")
    file_of("Date,Name,Year,Letterboxd URI,Rating\n", "in/deleted.csv")
    source = packed(file_of(LETTERBOXD, "in/ratings.csv").parent, tmp_path / "a.zip")
    assert len(read_own_ratings(source).ratings["user_id"]) == 2
    assert "column" not in refused(source.parent / "in" / "deleted.csv")
    assert "is not known; the columns are 'Date'" in refused(source.parent / "in" / "watched.csv")


def test_only_table_of_a_folder_is_read_whatever_its_name(file_of):
    path = file_of(HEADER + LINES, "in/what I saw.CSV")
    file_of("nothing", "in/readme.txt")
    assert_expected(read_own_ratings(path.parent).ratings)
    file_of(HEADER + LINES, "in/others.tsv")
    assert refused(path.parent).endswith("give the file that has the ratings")


def test_home_is_expanded(file_of, monkeypatch):
    path = file_of(HEADER + LINES)
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(path.parent))
    assert_expected(read_own_ratings("~/ratings.csv").ratings)


def test_scale_is_asked_for_where_no_form_says_it(file_of):
    path = file_of("Book,Points\nEmma,2\nDune,9.5\n")
    assert refused(path, columns=BOOKS) == (
        f"the ratings of {path} go from 2 to 9.5: say on which scale, such as scale=(2, 9.5)"
    )
    assert read_own_ratings(path, BOOKS, scale=(1, 10)).scale == (1, 10)


@pytest.mark.parametrize("form", FORMS)
def test_scale_that_is_given_counts(file_of, form):
    files, _, _ = FORMS[form]
    paths = [file_of(text, f"in/{name}") for name, text in files.items()]
    own = read_own_ratings(paths[0], scale=(-2, 100))
    assert own.scale == (-2, 100)
    assert "scale: -2 to 100, as you say" in own.report


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
    assert_expected(read_own_ratings(kind(given(**changed))).ratings)


def test_frame_of_letterboxd_is_read():
    pandas = need("pandas")
    own = read_own_ratings(pandas.read_csv(io.StringIO(LETTERBOXD), parse_dates=["Date"]))
    assert own.ratings["movie_title"].tolist() == [b"Solaris (1972)", b"Solaris (2002)"]
    assert own.ratings["timestamp"].tolist() == [DAY, DAY + 86_400]
    assert "left out: 1 row without a rating" in own.report


def test_result_is_what_lesson_1_starts_from():
    dataset = tf.data.Dataset.from_tensor_slices(read_own_ratings(given()).ratings)
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
    own = read_own_ratings(given(user_rating=[low, high, low]), scale=scale)
    assert own.ratings["user_rating"][1] == high
    for off in (low - 0.01, high + 0.01):
        message = refused(given(user_rating=[low, off, high]), scale=scale)
        assert f"row 2: user_rating is '{off}', not from {low} to {high}" in message
        assert "scale=(lowest, highest)" in message


def test_rows_without_a_rating_are_left_out_and_counted(file_of):
    path = file_of(HEADER + LINES + "Bo,Alien (1979),\nBo,Up, \n,,\n")
    own = read_own_ratings(path)
    assert_expected(own.ratings)
    assert own.report.endswith("\nleft out: 2 rows without a rating")
    path = file_of(HEADER + "Bo,Alien (1979),\nBo,Up, \n")
    assert refused(path) == f"there are no ratings in {path}, only 2 rows without one"


def test_titles_of_one_year_and_years_of_one_title_are_different_movies(file_of):
    lines = "Solaris,1972,4\nUp,1972,3\nSolaris,2002,2\nUp,,1\nUp,1972.0,3\n"
    own = read_own_ratings(file_of("Book,Year,Points\n" + lines), BOOKS | {"year": "Year"}, (1, 5))
    assert own.ratings["movie_title"].tolist() == [
        b"Solaris (1972)", b"Up (1972)", b"Solaris (2002)", b"Up"
    ]  # fmt: skip
    assert own.ratings["user_rating"].tolist() == [4, 3, 2, 1]


def test_one_row_without_a_time_leaves_the_times_out_and_is_counted(file_of):
    header = HEADER.replace("user_rating", "user_rating,timestamp")
    lines = "Ada,Alien,5,0\nBo,Alien,4,2024-01-01\nCy,Alien,3,\nDi,Alien,,\n"
    own = read_own_ratings(file_of(header + lines))
    assert list(own.ratings) == ["user_id", "movie_title", "user_rating"]
    assert own.report.endswith("left out: 1 row without a rating\nno timestamps: missing in 1 row")


# Sides

TOWNS = (
    "timestamp;user_id;movie_title;user_rating;kinds;city\n"
    "0;Ada;Alien (1979);5;Sci-Fi, Drama; Rome\n1;Ada;Up (2009);4;;\n2;Bo;Alien (1979);;Pets;Bonn\n"
    "3;Bo;Up (2009);3;Drama;Oslo\n4;Cy;Alien (1979);2;Sci-Fi, Drama;\n"
    "5;Cy;Up (2009);1;;Oslo\n6;Ada;Alien (1979);5;;Rome\n7;Di;Signs (2002);4;;Rome\n"
    "8;Di;Milk (2008);4;Drama;\n"
)  # fmt: skip


def assert_arrays(ratings, expected):
    assert list(ratings) == list(expected)
    for name, values in expected.items():
        assert ratings[name].dtype == values.dtype, name
        assert ratings[name].tolist() == values.tolist(), name


def test_sides_are_those_of_the_row_s_user_and_movie(file_of):
    """Whichever row says it: that of a user or movie which has no rating says nothing."""
    own = read_own_ratings(file_of(TOWNS), side={"kinds": "movie", "city": "user"})
    alien, up, both = b"Alien (1979)", b"Up (2009)", b"Drama|Sci-Fi"
    assert_arrays(
        own.ratings,
        {
            "user_id": np.array([b"Ada", b"Ada", b"Bo", b"Cy", b"Cy", b"Di", b"Di"]),
            "movie_title": np.array([alien, up, up, alien, up, b"Signs (2002)", b"Milk (2008)"]),
            "user_rating": np.array([5, 4, 3, 2, 1, 4, 4], np.float32),
            "timestamp": np.array([0, 1, 3, 4, 5, 7, 8]),
            "movie_side_kinds": np.array([both, b"Drama", b"Drama", both, b"Drama", b"", b"Drama"]),
            "user_side_city": np.array(
                [b"Rome", b"Rome", b"Oslo", b"Oslo", b"Oslo", b"Rome", b"Rome"]
            ),
        },
    )


def test_what_a_side_says_twice_is_told_by_its_lines(file_of):
    path = file_of(TOWNS + "9;Bo;Milk (2008);4;;Riga\n")
    assert refused(path, side={"city": "user"}) == (
        f"column city of {path} has to say the same of a user in all rows: of 'Bo' it says 'Oslo' "
        "in line 5 and 'Riga' in line 11; such users: 1"
    )
    path = file_of(TOWNS + "9;Bo;Milk (2008);4;;=A1\n10;Bo;Signs (2002);4;;Oslo\n")
    assert refused(path, side={"city": "user"}) == (
        f"1 line of {path} cannot be used\n  line 11: city is '=A1', a formula\n"
        "(save values, not formulas)"
    )


def test_sides_in_files_beside_are_found_by_number(file_of):
    """Whatever blanks stand around it; who is not in the file has none."""
    file_of("1::A::x\n2::B::y\n3::C::x\n4::D::y\n", "in/movies.dat")
    file_of("7::F::18::3::1\n8::M::25::4::2\n5::M::18::4::2\n9::M::25::4::2\n", "in/users.dat")
    lines = "7::1::4::5\n 8 ::2::3::6\n5:: 3 ::1::7\n6::1::2::8\n9::4::1::9\n"
    source = file_of(lines, "in/ratings.dat")
    own = read_own_ratings(source, side={"genres": "movie", "age": "user"})
    assert_arrays(
        own.ratings,
        {
            "user_id": np.array([b"7", b"8", b"5", b"6", b"9"]),
            "movie_title": np.array([b"A", b"B", b"C", b"A", b"D"]),
            "user_rating": np.array([4, 3, 1, 2, 1], np.float32),
            "timestamp": np.array([5, 6, 7, 8, 9]),
            "movie_side_genres": np.array([b"x", b"y", b"x", b"x", b"y"]),
            "user_side_age": np.array([b"18", b"25", b"18", b"", b"25"]),
        },
    )


# Duplicates

TWICE = {
    "user_id": list("aabaca"),
    "movie_title": list("xyxxxy"),
    "user_rating": [3, 1, 3, 5, 4, 1],
    "timestamp": [6, 5, 4, 3, 2, 1],
}


def test_equal_ratings_count_once():
    columns = TWICE | {"user_rating": [3, 1, 3, 3, 4, 1]}
    for way in (None, "first", "mean"):
        own = read_own_ratings(columns, duplicates=way)
        assert own.ratings["timestamp"].tolist() == [6, 5, 4, 2]
        assert own.ratings["user_rating"].tolist() == [3, 1, 3, 4]
        assert own.report.endswith("\nleft out: 2 ratings of a pair that has another one")


def test_different_ratings_are_refused():
    message = refused(TWICE)
    assert message == (
        "what was given has different ratings of a movie by the same user\n"
        "  rows 1 and 4: a has rated 'x' 3 and 5\n"
        '(say which counts: duplicates="first", "last" or "mean")'
    )


@pytest.mark.parametrize(
    ("way", "stars", "times"),
    [
        ("first", [3, 1, 3, 4], [6, 5, 4, 2]),
        ("last", [3, 5, 4, 1], [4, 3, 2, 1]),
        ("mean", [4, 1, 3, 4], [6, 5, 4, 2]),
    ],
)
def test_one_of_different_ratings_can_be_chosen(way, stars, times):
    own = read_own_ratings(TWICE, duplicates=way)
    assert own.ratings["user_rating"].tolist() == stars
    assert own.ratings["timestamp"].tolist() == times


def test_blanks_and_types_make_no_other_pair(file_of):
    for users in (["b", "c", " b"], ["1", "c", 1], [b"b", "c", "b"]):
        columns = given(user_id=users, movie_title=["x", "y", "x "])
        assert "rows 1 and 3" in refused(columns)
    own = read_own_ratings(given(user_id=["a", "a", "b"], movie_title=["x", "X", "x"]))
    assert len(own.ratings["user_rating"]) == 3


def test_contradictions_stand_in_the_order_of_the_table():
    columns = {
        "user_id": ["a", "b", "b", "a", "c", "c"],
        "movie_title": list("yxxyzz"),
        "user_rating": [1, 2, 3, 4, 5, 4],
    }
    message = refused(columns)
    places = [message.index(words) for words in ("rows 1 and 4", "rows 2 and 3", "rows 5 and 6")]
    assert places == sorted(places)


def test_mean_of_whole_stars_leaves_the_scale(file_of):
    file_of("1::A::x\n", "in/movies.dat")
    source = file_of("7::1::4::5\n7::1::3::6\n", "in/ratings.dat")
    own = read_own_ratings(source, duplicates="mean")
    assert own.ratings["user_rating"].tolist() == [3.5]
    assert own.scale == (1, 5)


def test_ten_contradictions_are_shown(file_of):
    lines = [f'"a{i}",x,{stars}\n' for i in range(12) for stars in (1, 1, 2)]
    message = refused(file_of(HEADER + "\n" + "".join(lines)))
    assert message.count("\n  lines ") == 10
    assert "\n  lines 3 and 5: a0 has rated 'x' 1 and 2\n" in message
    assert "\n  and 2 more\n" in message


# What cannot be read


def test_frame_of_movielens_needs_titles():
    message = refused({"userId": [1], "movieId": [2], "rating": [3]})
    assert message == "the movies have numbers: join a column movie_title of their titles"


@pytest.mark.parametrize(
    "scale", [5, (1,), (5, 1), (1, 1), "15", ("a", "b"), (1, float("inf")), ()]
)
def test_scale_has_two_numbers(scale):
    if scale == "15":
        assert read_own_ratings(given(), scale=scale).scale == (1, 5)
    else:
        assert refused(given(), scale=scale).startswith(f"scale is {scale!r}, not two numbers")


def test_other_arguments_are_checked():
    for way in ("best", "", 3, ["last"]):
        message = f"duplicates is {way!r}, not one of first, last, mean"
        assert refused(given(), duplicates=way) == message
    assert refused(given(), columns={"title": "x"}).startswith("columns is {'title': 'x'}, not a ")
    assert refused(given(), columns=["x"]).startswith("columns is ['x'], not a dict of some of ")


@pytest.mark.parametrize("kind", [dict, Frame])
def test_columns_without_ratings_are_named(kind):
    nothing = kind(dict.fromkeys(own_columns.COLUMNS, ()))
    assert refused(nothing) == "there are no ratings in what was given"


@pytest.mark.parametrize("kind", [dict, Frame])
@pytest.mark.parametrize("name", own_columns.COLUMNS)
def test_ragged_columns_are_named(kind, name):
    columns = given()
    columns[name] = columns[name][:2]
    assert refused(kind(columns)) == "the columns are not equally long"
    columns[name] = []
    assert refused(kind(columns)) == "the columns are not equally long"


@pytest.mark.parametrize("kind", [dict, Frame])
@pytest.mark.parametrize("name", own_columns.COLUMNS)
@pytest.mark.parametrize("value", [True, np.True_, ["9"], 1j, {}, b"\xff" * 2, "\ud800"])
def test_values_that_are_nothing_of_the_kind_are_refused(kind, name, value):
    message = refused(kind(given(**{name: ["1", value, "2"]})))
    assert message.startswith("1 row of what was given cannot be used\n  row 2: ")
    assert any(words in message for words in ("neither text nor a number", "UTF-8", "no", "not a"))


def test_all_bad_rows_are_reported_together(file_of):
    lines = [
        "Ada,Alien,5", "", "Bo,Alien,9", "Bo,Alien", 'Bo,"Two\nlines",4', ",Alien,3",
        "Bo,Patient, The,1", 'Bo,"Alien"s,5', "Cy,Alien,3",
    ]  # fmt: skip
    path = file_of(HEADER + "\n".join(lines))
    assert refused(path) == (
        f"5 lines of {path} cannot be used\n"
        "  line 4: user_rating is '9', not from 1 to 5\n"
        "  line 5: has 2 cells, but the header has 3\n"
        "  line 8: user_id is empty\n"
        "  line 9: has 4 cells, but the header has 3\n"
        "  line 10: is broken: ',' expected after '\"'\n"
        "(if the scale is another one, say so: scale=(lowest, highest); the header has ',' between "
        "its cells, and so must the other lines; put quotes around a title with a delimiter; "
        "close each quote, and double one that stands inside of quotes)"
    )


@pytest.mark.parametrize(("count", "more"), [(10, False), (11, True), (1_500, True)])
def test_ten_bad_rows_are_shown_and_the_rest_counted(file_of, count, more):
    path = file_of(HEADER + "Ada,Alien,5\n" + "Bo,Alien,ten\n" * count)
    message = refused(path)
    assert message.startswith(f"{count:,} lines of {path} cannot be used\n  line 3: ")
    assert message.count("\n  line ") == 10
    assert (f"\n  and {count - 10:,} more" in message) == more


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
    assert refused(source) == f"what was given is a {kind}, not a path or named columns"


def test_line_breaks_in_a_title_stay_as_they_are(file_of):
    read = read_own_ratings(file_of(HEADER + 'Ada,"A\r\nB",5\r\n')).ratings
    assert read["movie_title"].tolist() == [b"A\r\nB"]
