"""Own ratings are read from files and frames alike, and what is wrong with them is said."""

import copy
import datetime
import io
import zipfile
from pathlib import Path

import numpy as np
import pytest
from conftest import need

from helpers.data import OwnRatingsError, own_columns, read_own_ratings
from helpers.keras2 import tf

HEADER = "user_id,movie_title,user_rating\n"
EXPECTED = {
    "user_id": np.array([b"Ada", b"7", "Zoë".encode()]),
    "movie_title": np.array([b"Alien (1979)", b"English Patient, The (1996)", "Amélie".encode()]),
    "user_rating": np.array([5, 1, 3.5], np.float32),
}
LINES = 'Ada,Alien (1979),5\n7,"English Patient, The (1996)",1\nZoë,Amélie,3.5\n'
BOOKS = {"movie_title": "Book", "user_rating": "Points"}  # what the columns of another table are


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
def file_of(tmp_path):
    """Return a function that writes text, or bytes, into a file and returns its path."""

    def write(text, name="ratings.csv"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


def assert_expected(ratings):
    assert list(ratings) == list(EXPECTED)
    for name, values in EXPECTED.items():
        assert ratings[name].dtype == values.dtype, name
        assert ratings[name].tolist() == values.tolist(), name


def refused(source, **settings):
    """Return the message with which the ratings are refused."""
    with pytest.raises(OwnRatingsError) as stop:
        read_own_ratings(source, **settings)
    message = str(stop.value)
    assert message.isprintable() or "\n  " in message
    assert not message.endswith(".")  # who shows it goes on with its own words
    assert stop.value.__cause__ is None
    return message


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


DAY = 1_704_067_200  # 2024-01-01, in seconds since 1970
LETTERBOXD = (
    "Date,Name,Year,Letterboxd URI,Rating\n2024-01-01,Solaris,1972,https://boxd.it/1,4.5\n"
    "2024-01-02,Solaris,2002,https://boxd.it/2,0.5\n2024-01-02,Up,2009,https://boxd.it/3,\n"
)
IMDB = (
    "Const,Your Rating,Date Rated,Title,Original Title,URL,Title Type,IMDb Rating,Runtime (mins),"
    'Year,Genres\ntt0079470,9,2024-01-01,"Good, the Bad",x,https://x,Movie,8.0,94,1979,Comedy\n'
)
GOODREADS = (
    "Book Id,Title,Author,My Rating,Average Rating,Date Read,Date Added\n"
    "1,Emma,Jane Austen,4,4.0,,2024/01/01\n2,Dune,Frank Herbert,0,4.3,,2024/01/02\n"
)
SMALL = "userId,movieId,rating,timestamp\n7,1,0.5,1704067200\n8,2,4.0,1704067201\n"
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


def packed(folder, path, below=""):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(folder.iterdir()):
            archive.write(file, below + file.name)
    return path


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


def test_rows_without_a_rating_are_left_out_and_counted(file_of):
    path = file_of(HEADER + LINES + "Bo,Alien (1979),\nBo,Up, \n,,\n")
    own = read_own_ratings(path)
    assert_expected(own.ratings)
    assert own.report.endswith("\nleft out: 2 rows without a rating")
    path = file_of(HEADER + "Bo,Alien (1979),\nBo,Up, \n")
    assert refused(path) == f"there are no ratings in {path}, only 2 rows without one"


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


def test_ten_contradictions_are_shown(file_of):
    lines = [f'"a{i}",x,{stars}\n' for i in range(12) for stars in (1, 1, 2)]
    message = refused(file_of(HEADER + "\n" + "".join(lines)))
    assert message.count("\n  lines ") == 10
    assert "\n  lines 3 and 5: a0 has rated 'x' 1 and 2\n" in message
    assert "\n  and 2 more\n" in message


# What cannot be read


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
    assert refused(given(), duplicates="best").startswith("duplicates is 'best', not one of first")
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


@pytest.mark.parametrize("kind", [dict, Frame, pandas_frame])
@pytest.mark.parametrize("name", ["user_id", "movie_title"])
@pytest.mark.parametrize("empty", ["", "  ", "\t\n", b"", None, float("nan")])
def test_empty_id_is_named_with_its_row(kind, name, empty):
    message = refused(kind(given(**{name: ["x", "y", empty]})))
    assert message == f"1 row of what was given cannot be used\n  row 3: {name} is empty"


@pytest.mark.parametrize("kind", [dict, Frame])
@pytest.mark.parametrize("name", own_columns.COLUMNS)
@pytest.mark.parametrize("value", [True, np.True_, ["9"], 1j, {}, b"\xff" * 2, "\ud800"])
def test_values_that_are_nothing_of_the_kind_are_refused(kind, name, value):
    message = refused(kind(given(**{name: ["1", value, "2"]})))
    assert message.startswith("1 row of what was given cannot be used\n  row 2: ")
    assert any(words in message for words in ("neither text nor a number", "UTF-8", "no", "not a"))


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


def test_number_too_large_is_off_the_scale():
    for value in (10**400, "1e999", "-1e999", 1e300):
        assert "not from 1 to 5" in refused(given(user_rating=[1, 2, value]))


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


def test_movie_without_a_title_is_named(file_of):
    file_of("movieId,title\n1,A\n", "in/movies.csv")
    message = refused(file_of(SMALL, "in/ratings.csv"))
    assert "line 3: movie '2' has no title in MovieLens's file of titles" in message


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
