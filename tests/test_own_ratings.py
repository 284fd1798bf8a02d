"""Own ratings are read from files and frames alike, and what is wrong with them is said."""

import copy
import io
from array import array
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

from helpers.data import own_columns, own_ratings, read_own_ratings
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


def test_report_says_all_that_was_left_out(file_of):
    header = "user_id,movie_title,user_rating,timestamp\n"
    one = "1 rating of 1 movie by 1 user, read as this course's form\nscale: 1 to 5, that of this "
    assert read_own_ratings(file_of(header + "a,x,5,3\n")).report == one + "course's form"
    assert read_own_ratings(file_of(header + "a,x,5,\n")).report == one + "course's form"
    lines = "a,x,5,3\na,x,5,\na,y,,7\nb,y,0.5,8\n"
    own = read_own_ratings(file_of(header + lines), scale=(-0.5, 7.25))
    assert own.report == (
        "2 ratings of 2 movies by 2 users, read as this course's form\n"
        "scale: -0.5 to 7.25, as you say\n"
        "left out: 1 row without a rating\n"
        "left out: 1 rating of a pair that has another one\n"
        "no timestamps: missing in 1 row"
    )
    assert list(own.ratings) == ["user_id", "movie_title", "user_rating"]
    many = "".join(f"a,{i},5,\n" for i in range(1_200)) + "a,x,5,3\n"
    assert read_own_ratings(file_of(header + many)).report == (
        "1,201 ratings of 1,201 movies by 1 user, read as this course's form\n"
        "scale: 1 to 5, that of this course's form\n"
        "no timestamps: missing in 1,200 rows"
    )


def test_texts_of_fixed_width_take_a_gigabyte_at_most(monkeypatch):
    assert own_ratings.LARGEST_ARRAY == 1e9
    for limit, users, titles in (
        (81, "S4", "S27"),
        (80, "S4", "O"),
        (12, "S4", "O"),
        (11, "O", "O"),
    ):
        monkeypatch.setattr(own_ratings, "LARGEST_ARRAY", limit)  # bytes of three texts
        ratings = read_own_ratings(given()).ratings
        for name, kind in (("user_id", users), ("movie_title", titles)):
            assert ratings[name].dtype == kind
            assert ratings[name].tolist() == EXPECTED[name].tolist()


def test_movies_of_a_title_differ_by_their_years(file_of):
    rows = ("Up,1972", "Solaris,1972", "Solaris,2002", "Up,2009", "Emma,")
    lines = "".join(f"2024-01-01,{row},x,{stars}\n" for stars, row in enumerate(rows, 1))
    own = read_own_ratings(file_of("Date,Name,Year,Letterboxd URI,Rating\n" + lines))
    assert own.ratings["movie_title"].tolist() == [
        b"Up (1972)", b"Solaris (1972)", b"Solaris (2002)", b"Up (2009)", b"Emma"
    ]  # fmt: skip


def test_1970_has_seconds_too():
    times = read_own_ratings(given(timestamp=[0, 1, 2**32])).ratings["timestamp"]
    assert times.tolist() == [0, 1, 2**32]
    assert times.dtype == np.int64


# Sides


def test_sides_describe_users_and_movies(file_of):
    rows = ["a,x,1,Rome,Drama", "a,y,2,,War", "b,x,3,Oslo,", "c,z,4,Rome,War", "d,w,5,Oslo,Drama"]
    path = file_of(HEADER.strip() + ",city,kind\n" + "\n".join(rows))
    ratings = read_own_ratings(path, side={"kind": "movie", "city": "user"}).ratings
    names = ["user_id", "movie_title", "user_rating", "movie_side_kind", "user_side_city"]
    assert list(ratings) == names
    assert ratings["user_side_city"].tolist() == [b"Rome", b"Rome", b"Oslo", b"Rome", b"Oslo"]
    assert ratings["movie_side_kind"].tolist() == [b"Drama", b"War", b"Drama", b"War", b"Drama"]
    assert ratings["user_side_city"].dtype == "S4" and ratings["movie_side_kind"].dtype == "S5"


def test_sides_lie_beside_the_numbers_of_users_and_movies(file_of):
    rows = [(1, 3), (2, 4), (3, 5), (4, 1), (5, 3), (2, 3)]
    text = "".join(f" {user} , {movie} ,4\n" for user, movie in rows)
    path = file_of("userId,movieId,rating\n" + text, "in/ratings.csv")
    file_of("movieId,title,genres\n3,A,War\n4,B,Drama\n5,C,War\n1,D,Drama\n", "in/movies.csv")
    file_of("userId,city\n1,Rome\n2,Oslo\n3,Rome\n5,Oslo\n", "in/users.csv")
    ratings = read_own_ratings(path, side={"genres": "movie", "city": "user"}).ratings
    genres = [b"War", b"Drama", b"War", b"Drama", b"War", b"War"]
    assert ratings["movie_side_genres"].tolist() == genres
    cities = [b"Rome", b"Oslo", b"Rome", b"", b"Oslo", b"Oslo"]
    assert ratings["user_side_city"].tolist() == cities


def test_sides_that_contradict_each_other_are_told_by_their_lines(file_of):
    path = file_of(HEADER.strip() + ",city\na,x,1,Rome\nb,x,2,Oslo\n\nb,y,3,Rome\n")
    assert refused(path, side={"city": "user"}) == (
        f"column city of {path} has to say the same of a user in all rows: of 'b' it says 'Oslo' "
        "in line 3 and 'Rome' in line 5; such users: 1"
    )
    path = file_of(HEADER.strip() + ",city\na,x,1,=A1\n")
    assert "\n  line 2: city is '=A1', a formula" in refused(path, side={"city": "user"})
    assert refused(path, side={"town": "user"}) == (
        f"column town is missing in {path}; the columns are 'user_id', 'movie_title', "
        "'user_rating', 'city'"
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


@pytest.mark.parametrize(("way", "place"), [("first", 0), ("last", -1)])
def test_first_and_last_are_those_of_the_table_among_many(way, place):
    users = np.arange(600) * 7 % 11
    stars = np.arange(600) % 5 + 1
    columns = {"user_id": users, "movie_title": ["x"] * 600, "user_rating": stars}
    own = read_own_ratings(columns | {"timestamp": np.arange(600)}, duplicates=way)
    rows = sorted(np.flatnonzero(users == user)[place] for user in range(11))
    assert own.ratings["timestamp"].tolist() == rows
    assert own.ratings["user_rating"].tolist() == stars[rows].tolist()


def test_mean_is_that_of_all_ratings_of_the_pair():
    columns = {
        "user_id": list("baabaa"),
        "movie_title": list("xxxxyx"),
        "user_rating": [5, 1, 1, 2, 3, 4],
    }
    own = read_own_ratings(columns, duplicates="mean")
    assert own.ratings["user_rating"].tolist() == [3.5, 2, 3]
    assert own.ratings["user_id"].tolist() == [b"b", b"a", b"a"]


def test_more_pairs_than_an_int32_counts():
    """The pairs (0, 0) and (65,536, 0) of 65,536 movies have the same number modulo 2^32."""
    user, title, stars = array("i", [0, 2**16]), array("i", [0, 0]), array("d", [3, 4])
    rows = own_ratings._Rows({}, range(2**16), user, title, stars, array("q"), array("i"), 0, 0)
    kept, values = own_ratings._without_duplicates(rows, None, None)
    assert kept.tolist() == [0, 1]
    assert values.tolist() == [3, 4]


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
    ("name", "text", "beside"),
    [
        ("u.data", "7\t1\t4\t1704067200\n", "u.item"),
        ("ratings.dat", "7::1::4::1704067200\n", "movies.dat"),
        ("ratings.csv", SMALL, "movies.csv"),
    ],
)
def test_numbers_of_movies_need_the_titles_beside_them(file_of, name, text, beside):
    path = file_of(text, f"in/{name}")
    assert refused(path) == (
        f"{path} has numbers for movies: put MovieLens's {beside} beside it, which has the titles"
    )


@pytest.mark.parametrize(
    "scale", [5, (1,), (5, 1), (1, 1), "15", ("a", "b"), (1, float("inf")), ()]
)
def test_scale_has_two_numbers(scale):
    if scale == "15":
        assert read_own_ratings(given(), scale=scale).scale == (1, 5)
    else:
        said = f"scale is {scale!r}, not two numbers such as (1, 10)"
        assert refused(given(), scale=scale) == said


def test_scale_is_one_of_numbers_that_a_float32_can_hold():
    assert read_own_ratings(given(), scale=(-1e30, 1e30)).scale == (-1e30, 1e30)
    for scale in ((-1.1e30, 5), (1, 1.1e30)):
        assert refused(given(), scale=scale).startswith(f"scale is {scale!r}, not two numbers")


def test_other_arguments_are_checked():
    ways = "not one of first, last, mean"
    assert refused(given(), duplicates="best") == f"duplicates is 'best', {ways}"
    assert refused(given(), duplicates=["first"]) == f"duplicates is ['first'], {ways}"
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


def test_rows_that_are_bad_without_advice(file_of):
    path = file_of(HEADER + ",Alien,5\nBo,,3\n")
    lines = ["line 2: user_id is empty", "line 3: movie_title is empty"]
    assert refused(path) == "\n  ".join([f"2 lines of {path} cannot be used", *lines])


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
