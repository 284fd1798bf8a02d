"""Columns that describe users and things are kept where they are asked for, and refused by name."""

import numpy as np
import pytest
from own_tables import HEADER, IMDB, Frame, packed, refused

from helpers.data import read_own_ratings
from helpers.data.own_sides import MOST_NUMBERS
from helpers.data.ratings import side_fields

MARKET = (
    "user_id;movie_title;user_rating;Kind of thing;city;price\n"
    "1;pear;5;Fruit, Food;Rome;2\n2;pear;4;Fruit, Food;Oslo;2\n3;pear;3;Fruit, Food;;2\n"
    "1;lamp;5;Light;Rome;30\n2;lamp;4;Light;Oslo;30\n4;plum;4; Food,Fruit ;Rome;2\n"
    "4;torch;1;Light;;30\n5;lamp;2;Light;Oslo;30\n"
)
BOTH = {"kind of THING": "movie", "city": "user"}


def test_columns_that_are_asked_for_are_kept(file_of):
    path = file_of(MARKET)
    ratings = read_own_ratings(path, side=BOTH).ratings
    assert list(ratings)[3:] == ["movie_side_kind of THING", "user_side_city"]
    fruit, light = b"Food|Fruit", b"Light"
    assert ratings["movie_side_kind of THING"].tolist() == [
        fruit, fruit, fruit, light, light, fruit, light, light
    ]  # fmt: skip
    assert ratings["user_side_city"].tolist() == [
        b"Rome", b"Oslo", b"", b"Rome", b"Oslo", b"Rome", b"Rome", b"Oslo"
    ]  # fmt: skip
    assert side_fields(ratings, "user") == ("user_side_city",)
    assert list(read_own_ratings(path).ratings) == ["user_id", "movie_title", "user_rating"]


@pytest.mark.parametrize("kind", [dict, Frame])
def test_frames_have_sides_too(kind):
    ages = [31.0, float("nan"), 31, 47.0, 47, None, np.float64(47)]
    columns = {
        "user_id": list("aabcdbe"), "movie_title": list("xyxyzzz"), "user_rating": [3] * 7,
        "age": ages,
    }  # fmt: skip
    ratings = read_own_ratings(kind(columns), side={"age": "user"}).ratings
    assert ratings["user_side_age"].tolist() == [
        b"31", b"31", b"31", b"47", b"47", b"31", b"47"
    ]  # fmt: skip


def test_sides_are_those_of_the_ratings_that_are_kept(file_of):
    lines = MARKET + "2;lamp;4;Light;Oslo;30\n9;lamp;;;Bonn;30\n"
    own = read_own_ratings(file_of(lines), side=BOTH)
    assert len(own.ratings["user_side_city"]) == len(own.ratings["user_id"]) == 8
    assert b"Bonn" not in own.ratings["user_side_city"]


MOVIELENS = {
    "100K": (
        {
            "u.data": "1\t1\t5\t1\n2\t2\t4\t2\n1\t3\t3\t3\n3\t1\t2\t4\n4\t4\t2\t4\n",
            "u.item": "".join(
                f"{i}|{t} ({y})|x||http|" + "|".join("01"[g in on] for g in range(19)) + "\n"
                for i, t, y, on in (
                    (1, "A", 1990, (1, 5)), (2, "B", 1995, (5,)), (3, "C", 1990, (1, 5)),
                    (4, "D", 1995, (5,)),
                )
            ),
            "u.user": "1|24|M|artist|1\n2|30|F|writer|2\n3|24|F|artist|3\n4|30|M|writer|3\n",
        },
        b"Action|Comedy",
    ),
    "1M": (
        {
            "ratings.dat": "1::1::5::1\n2::2::4::2\n1::3::3::3\n3::1::2::4\n4::4::2::4\n",
            "movies.dat": "1::A (1990)::Crime|Drama\n2::B (1995)::Drama\n3::C (1990)::Drama|Crime\n"
            "4::D (1995)::Drama\n",
            "users.dat": "1::M::24::artist::1\n2::F::30::writer::2\n3::F::24::artist::3\n"
            "4::M::30::writer::3\n",
        },
        b"Crime|Drama",
    ),
    "latest": (
        {
            "ratings.csv": "userId,movieId,rating\n1,1,5\n2,2,4\n1,3,3\n3,1,2\n4,4,2\n",
            "movies.csv": "movieId,title,genres\n1,A (1990),Crime|Drama\n2,B (1995),Drama\n"
            "3,C (1990),Crime|Drama\n4,D (1995),Drama\n",
            "users.csv": "userId,age,gender,occupation\n1,24,M,artist\n2,30,F,writer\n"
            "3,24,F,artist\n4,30,M,writer\n",
        },
        b"Crime|Drama",
    ),
}  # fmt: skip


@pytest.mark.parametrize("zipped", [False, True])
@pytest.mark.parametrize("form", MOVIELENS)
def test_files_beside_movielens_describe_users_and_movies(tmp_path, file_of, form, zipped):
    files, first = MOVIELENS[form]
    folder = [file_of(text, f"in/{name}").parent for name, text in files.items()].pop()
    source = packed(folder, tmp_path / "a.zip", "ml/") if zipped else folder
    side = {"Genres": "movie", "year": "movie", "age": "user", "occupation": "user"}
    ratings = read_own_ratings(source, side=side).ratings
    last = first.split(b"|")[1]
    assert ratings["movie_side_Genres"].tolist() == [first, last, first, first, last]
    assert ratings["movie_side_year"].tolist() == [b"1990", b"1995", b"1990", b"1990", b"1995"]
    assert ratings["user_side_age"].tolist() == [b"24", b"30", b"24", b"24", b"30"]
    assert ratings["user_side_occupation"].tolist()[1] == b"writer"


def test_a_column_of_imdb_is_a_side_with_commas(file_of):
    rows = [
        f'tt{i},{5 + i % 3},2024-01-01,"T{i}",x,https://x,Movie,8.0,94,1979,"{genres}"\n'
        for i, genres in enumerate(["Drama, War", "Drama", "War, Drama", "Drama", "War"])
    ]
    path = file_of(IMDB.splitlines()[0] + "\n" + "".join(rows))
    ratings = read_own_ratings(path, side={"Genres": "movie"}).ratings
    assert ratings["movie_side_Genres"].tolist() == [
        b"Drama|War", b"Drama", b"Drama|War", b"Drama", b"War"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("side", "words"),
    [
        (["city"], "side is ['city'], not a dict such as {\"genres\": \"movie\", \"city\": "),
        ({"city": "town"}, "side is {'city': 'town'}, not a dict such as "),
        ({"district": "user"}, "column district is missing in {path}; the columns are 'user_id', "),
        ({"street": "movie"}, "column street is missing in {path}; the columns are 'user_id', "),
        ({"year": "user"}, "column year is missing in {path}; the columns are 'user_id', "),
        ({"User Rating": "movie"}, "column User Rating is user_rating already, and cannot be"),
        ({"city": "movie"}, "column city of {path} has to say the same of a movie in all rows: of "
         "'pear' it says 'Rome' in line 2 and 'Oslo' in line 3; such movies: 2"),
        ({"year": "movie"}, "the year in the titles of {path} is empty: it tells none from "),
    ],
)  # fmt: skip
def test_sides_that_cannot_be_used_are_refused(file_of, side, words):
    path = file_of(MARKET)
    assert refused(path, side=side).startswith(words.replace("{path}", str(path)))


def test_column_that_stands_there_twice_is_refused(file_of):
    path = file_of(HEADER.strip() + ",City,city\n1,a,5,x,y\n")
    message = f"{path} has city twice, 'City' and 'city': take one away"
    assert refused(path, side={"city": "user"}) == message


def test_year_of_a_movie_may_be_a_side_too(file_of):
    rows = enumerate([("A", 1979), ("B", 1979), ("C", 1980), ("D", 1980)])
    lines = "".join(f"2024-01-01,{name},{year},x,{stars + 1}\n" for stars, (name, year) in rows)
    path = file_of("Date,Name,Year,Letterboxd URI,Rating\n" + lines)
    ratings = read_own_ratings(path, side={"Year": "movie"}).ratings
    assert ratings["movie_title"].tolist()[1:3] == [b"B (1979)", b"C (1980)"]
    assert ratings["movie_side_Year"].tolist() == [b"1979", b"1979", b"1980", b"1980"]
    message = "column Name is movie_title already, and cannot be a side too"
    assert refused(path, side={"Name": "movie"}) == message


def test_files_beside_count_where_users_have_movielens_numbers_only(file_of):
    file_of("userId,age\n1,31\n2,47\n", "in/users.csv")
    path = file_of(HEADER + "1,a,5\n2,a,4\n", "in/ratings.csv")
    assert refused(path, side={"age": "user"}) == (
        f"column age is missing in {path}; the columns are 'user_id', 'movie_title', 'user_rating'"
    )


def numbered(texts):
    n = len(texts)
    return {
        "user_id": [f"u{i}" for i in range(n)], "movie_title": ["a", "b"] * (n // 2),
        "user_rating": [3] * n, "what": texts,
    }  # fmt: skip


def test_a_side_is_a_kind_and_no_measure():
    prices = [str(i // 2 + 0.5) for i in range(4 * MOST_NUMBERS + 4)]
    message = refused(numbered(prices), side={"what": "user"})
    assert message == (
        "column what of what was given has 402 different numbers, but a side is a kind: write "
        "ranges in their place, such as 0-9 and 10-19"
    )
    assert read_own_ratings(numbered(prices[: 2 * MOST_NUMBERS]), side={"what": "user"})
    names = [f"name {i}" for i in range(10)]
    message = refused(numbered(names), side={"what": "user"})
    assert message.endswith(
        "10 different values for 10 users: put rare ones together, or leave it out"
    )
    message = refused(numbered(["x", ""] * 4), side={"what": "user"})
    assert message.endswith("is 'x' for each user: it tells none from another, so leave it out")
    assert read_own_ratings(numbered(names[:5] * 2), side={"what": "user"})


def test_cells_of_sides_are_reported_with_the_other_bad_rows(file_of):
    path = file_of(HEADER.strip() + ",city\n1,a,5,=A1\n2,a,9,Rome\n3,a,4,Oslo\n")
    message = refused(path, side={"city": "user"})
    assert "line 2: city is '=A1', a formula" in message
    assert "line 3: user_rating is '9', not from 1 to 5" in message


def test_a_file_beside_that_is_missing_is_named(file_of):
    file_of("1|A (1990)|x|||\n", "in/u.item")
    path = file_of("1\t1\t5\t1\n", "in/u.data")
    message = refused(path, side={"age": "user"})
    assert message.startswith(f"column age is missing in {path}, and in a file u.user beside it; ")
