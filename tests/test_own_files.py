"""Tables are opened wherever they lie; broken ones are refused in a sentence that helps.

Refusing is quick, and takes little memory.
"""

import datetime
import json
import os
import sys
import tracemalloc
import zipfile

import numpy as np
import pytest
from conftest import need
from own_tables import HEADER, LINES, Frame, packed, refused

from helpers.data import own_files, read_own_ratings

GOOD = HEADER + LINES
MEMORY = 15_000_000  # bytes that refusing a file may take at most
SAVE = "save it as CSV UTF-8"


def zip_of(**files):
    """Return a function that writes a zip; underscores in names stand for dots."""

    def write(path):
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in files.items():
                archive.writestr(name.replace("__", "/").replace("_", "."), content)

    return write


def write_zip_that_says(size, content, path):
    """Write a zip of ratings that names another size than they have."""
    zip_of(ratings_csv=content)(path)
    true, told = (n.to_bytes(4, "little") for n in (len(content), size))
    path.write_bytes(path.read_bytes().replace(true, told))


def zip_bomb(path):
    """Write a small zip that says that it holds more than a gigabyte, of zeros."""
    write_zip_that_says(1_100_000_000, bytes(20_000_000), path)


def lying_bomb(path):
    """Write a zip of twenty megabytes that says that they are a hundred bytes."""
    write_zip_that_says(100, (GOOD + "x" * 20_000_000).encode(), path)


def encrypted_zip(path):
    """Write a zip that says that its member is encrypted."""
    zip_of(ratings_csv=GOOD)(path)
    content = bytearray(path.read_bytes())
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(content)


def cut_zip(path):
    zip_of(ratings_csv=GOOD * 100)(path)
    path.write_bytes(path.read_bytes()[:-40])


def damaged_zip(path):
    zip_of(ratings_csv=HEADER + "".join(f"a,{i},5\n" for i in range(20_000)))(path)
    content = bytearray(path.read_bytes())
    content[5_000:5_100] = bytes(100)
    path.write_bytes(content)


def sparse(size, begins=b""):
    """Return a function that writes a file of any size that takes no room on the disk."""

    def write(path):
        with path.open("wb") as file:
            file.write(begins)
            file.truncate(size)

    return write


def link_loop(path):
    path.symlink_to(path.with_name("other"))
    path.with_name("other").symlink_to(path)


def unreadable(path):
    path.write_text(GOOD, "utf-8")
    path.chmod(0)
    if os.access(path, os.R_OK):
        path.unlink()  # for root, who may read all: a broken link instead
        path.symlink_to(path.with_name("gone"))


def folder_of(*names):
    def write(path):
        path.mkdir()
        for name in names:
            (path / name).write_text(GOOD, "utf-8")

    return write


def folder_in_place_of_file(path):
    (path / "ratings.csv").mkdir(parents=True)


def long_line(path):
    with path.open("w", encoding="utf-8") as file:
        file.write(HEADER)
        for _ in range(50):
            file.write("a" * 1_000_000)


BROKEN = {  # what: content, or function that writes it; words of the message
    "empty": (b"", "there are no ratings in"),
    "BOM alone": ("\ufeff", "there are no ratings in"),
    "blank lines": ("\n \n\t\n", "there are no ratings in"),
    "header alone": (HEADER, "there are no ratings in"),
    "header of MovieLens alone": ("userId,movieId,rating,timestamp\n", "put MovieLens's movies.cs"),
    "no header": (LINES, "'Alien (1979)', '5': the first line has to name the columns"),
    "UTF-16": (GOOD.encode("utf-16"), "is text in UTF-16: save it as CSV UTF-8"),
    "UTF-16, big end": (b"\xfe\xff" + GOOD.encode("utf-16-be"), "is text in UTF-16"),
    "UTF-16 without BOM": (GOOD.encode("utf-16-le"), "is not text, or it is UTF-16: " + SAVE),
    "UTF-32": (GOOD.encode("utf-32"), "is text in UTF-16"),
    "cp1252": (GOOD.encode("cp1252"), r"line 4: user_id is 'Zo\udceb', which is not UTF-8"),
    "cp1252 in one line": (GOOD.encode() + b"Jos\xe9,Up,3\n", r"line 5: user_id is 'Jos\udce9'"),
    "Latin-1 header": ("Buch,Größe\nx,3\n".encode("latin-1"), r"'Gr\udcf6\udcdfe': say which"),
    "NUL bytes": (HEADER.encode() + bytes(500), "is not text, or it is UTF-16: " + SAVE),
    "NUL in a late cell": (GOOD + "a,b,4\n" * 900 + "\0,b,4\n", r"line 905: user_id is '\x00', wh"),
    "NUL in a late number": (GOOD + "a,b,4\n" * 900 + "c,b,4\0\n", r"_rating is '4\x00', not a "),
    "random bytes": (np.random.default_rng(0).bytes(10_000), "is not text, or it is UTF-16"),
    "quote not closed": (GOOD + 'Bo,"Up,3\nBo,Down,4\n', "line 5: is broken: unexpected end of da"),
    "quote not closed, long": (GOOD + 'Bo,"Up,3\n' + "Bo,Down,4\n" * 20_000, "line 5: is broken: "),
    "quote in quotes": (GOOD + 'Bo,"Up" there,3\n', "close each quote, and double one"),
    "comma without quotes": (GOOD + "Bo,Patient, The,3\n", "put quotes around a title"),
    "too few cells": (GOOD + "Bo,Up\n", "line 5: has 2 cells, but the header has 3"),
    "mixed delimiters": (HEADER + "Bo;Up;3\n", "the header has ',' between its cells, and so must"),
    "mixed, other way": (HEADER.replace(",", ";") + "Bo,Up,3\n", "the header has ';' between its "),
    "blanks as delimiters": ("user_id movie_title user_rating\na b 3\n", "the columns are 'user_i"),
    "column of dates": (HEADER + "Bo,Up,2024-05-03\nBo,Down,04. May\n", "turns numbers into dates"),
    "formulas": (HEADER + "Bo,Up,=A1+1\n", "line 2: user_rating is '=A1+1', not a number"),
    "formula as a title": (HEADER + 'Bo,"=HYPERLINK(""x"")",4\n', "save values, not formulas"),
    "errors of formulas": (HEADER + "#N/A,Up,3\n", "user_id is '#N/A', a formula"),
    "dates that are ambiguous": ("Timestamp," + HEADER + "03/04/2024,a,b,3\n", "write dates as 20"),
    "milliseconds": ("timestamp," + HEADER + "1704067200000,a,b,3\n", "neither seconds since 1970"),
    "huge title": (HEADER + "Bo," + "x" * 5_000 + ",3\n", "…', of 5,000 characters\n(is a quote n"),
    "huge field": (HEADER + "Bo," + "x" * 500_000 + ",3\n", "field larger than field limit"),
    "line without end": (long_line, "50 lines of"),
    "a million delimiters": (HEADER + "," * 999_000 + "x\n", "has 999001 cells, but the header ha"),
    "a million columns": ("a," * 499_999 + "\n", "cannot be read: field larger than field limit"),
    "many columns": ("a," * 60_000 + "\n", "'a', …: say which is which"),
    "many bad rows": (HEADER + "Ada,Alien,ten\n" * 10_000, "10,000 lines of"),
    "sparse file of 2 GB": (sparse(2 * 10**9), "has 2.0 GB, and at most 1 GB are read: take a par"),
    "sparse file with a header": (sparse(2 * 10**9, GOOD.encode()), "has 2.0 GB, and at most 1 GB"),
    "sparse file of 0.9 GB": (sparse(9 * 10**8), "is not text, or it is UTF-16"),
    "missing": (lambda path: None, "cannot be read: No such file or directory"),
    "unreadable": (unreadable, "cannot be read: "),
    "loop of links": (link_loop, "cannot be read: Too many levels of symbolic links"),
    "link into nothing": (lambda path: path.symlink_to("gone"), "cannot be read: No such file"),
    "link to a device": (lambda path: path.symlink_to("/dev/zero"), "is a device or a pipe: give "),
    "pipe": (lambda path: os.mkfifo(path), "is a device or a pipe: give a file"),
    "empty folder": (folder_of(), "holds none of ratings.csv, ratings.dat, u.data: give a file of"),
    "folder of two tables": (folder_of("a.csv", "b.csv"), "give the file that has the ratings"),
    "folder in place of file": (folder_in_place_of_file, "holds none of ratings.csv, ratings.dat"),
    "xlsx": (zip_of(xl__workbook_xml="", xl__worksheets__sheet1_xml=""), "is an Excel workbook (x"),
    "xlsb": (zip_of(xl__workbook_bin=""), "is an Excel workbook (xlsb): open it in its program"),
    "ods": (zip_of(mimetype="", content_xml=""), "is an OpenDocument spreadsheet (ods): open it i"),
    "numbers": (zip_of(Index__Document_iwa=""), "is a Numbers spreadsheet: open it in its program"),
    "docx": (zip_of(word__document_xml=""), "is a Word document (docx): open it in its program"),
    "xls": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "is an Excel workbook (xls): open i"),
    "pdf": (b"%PDF-1.7\n...", "is a PDF, which is made to be looked at: look for an export as CSV"),
    "html": ("\ufeff\n<!DOCTYPE html><table>", "is a web page or XML: look for an export as CSV"),
    "json": (json.dumps([{"user_id": 1}]), "is JSON: read it with pandas, and give the DataFrame"),
    "json lines": ('{"user_id": 1}\n', "is JSON: read it with pandas"),
    "rtf": (r"{\rtf1 user_id,movie_title", "is a text document (RTF)"),
    "parquet": (b"PAR1\x15\x04", "is a Parquet file: read it with pandas"),
    "sqlite": (b"SQLite format 3\0", "is an SQLite database: export the table"),
    "gzip": (b"\x1f\x8b\x08\0", "is packed with gzip: unpack it, and give what is in it"),
    "7z": (b"7z\xbc\xaf\x27\x1c", "is a 7z archive: unpack it"),
    "rar": (b"Rar!\x1a\x07", "is a RAR archive: unpack it"),
    "picture": (b"\x89PNG\r\n\x1a\n", "is a picture: look for an export"),
    "empty zip": (zip_of(), "holds none of ratings.csv, ratings.dat, u.data: give a file of rati"),
    "zip of two tables": (zip_of(a_csv=GOOD, b_csv=GOOD), "give the file that has the ratings"),
    "zip of a picture": (zip_of(a_png=""), "holds none of ratings.csv, ratings.dat, u.data: give"),
    "zip in zip": (zip_of(a_zip=b"PK\x03\x04"), "but a zip: unpack it, and give what is in it"),
    "zip in zip, as a table": (zip_of(ratings_csv=b"PK\x03\x04" + bytes(99)), "is not text, or it"),
    "zip of names that lead out": (zip_of(**{"____..__ratings_csv": GOOD}), "holds none of"),
    "zip bomb": (zip_bomb, "ratings.csv has 1.1 GB, and at most 1 GB are read"),
    "zip that says it is small": (lying_bomb, "cannot be read: "),
    "encrypted zip": (encrypted_zip, "is encrypted: unpack it, and give what is in it"),
    "zip that is cut off": (cut_zip, "cannot be read: File is not a zip file"),
    "damaged zip": (damaged_zip, "cannot be read: "),
}  # fmt: skip
NEEDS_POSIX = ("pipe", "link to a device", "loop of links", "link into nothing", "unreadable")


@pytest.mark.parametrize("what", BROKEN)
def test_broken_file_is_refused(tmp_path, what):
    if what in NEEDS_POSIX and sys.platform == "win32":
        pytest.skip("Windows has no such files")
    content, words = BROKEN[what]
    path = tmp_path / "my ratings.csv"
    if callable(content):
        content(path)
    else:
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    tracemalloc.start()
    try:
        message = refused(path)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    whole = words.startswith(("is ", "has 2", "holds ", "cannot be read"))
    assert (f"{path} {words}" if whole else words) in message
    assert len(message) < 2_500
    message.encode()  # or it could not be printed
    assert most < MEMORY


@pytest.mark.parametrize("path", ["", "\0", "x" * 5_000, "~nobody-of-that-name/ratings.csv"])
def test_paths_that_lead_nowhere(path, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert any(words in refused(path) for words in ("cannot be read: ", "holds none of"))


def test_titles_beside_are_refused_if_they_are_large_or_broken(tmp_path):
    (tmp_path / "ratings.csv").write_text("userId,movieId,rating\n1,1,4\n", "utf-8")
    sparse(own_files.LARGEST_BESIDE + 1)(tmp_path / "movies.csv")
    assert "movies.csv has 0.1 GB, and at most 0.1 GB are read" in refused(tmp_path)
    (tmp_path / "movies.csv").write_text("movieId,title\n1," + "x" * 200_000, "utf-8")
    assert "movies.csv cannot be read: field larger than" in refused(tmp_path)
    (tmp_path / "movies.csv").write_text("movieId,title\n1\n\n1,\n", "utf-8")
    assert "movie_title is empty" in refused(tmp_path / "ratings.csv")


def test_nothing_is_unpacked_onto_the_disk(tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "ratings.csv").write_text(GOOD, "utf-8")
    source = packed(folder, tmp_path / "a.zip")
    before = sorted(tmp_path.rglob("*"))
    read_own_ratings(source)
    assert sorted(tmp_path.rglob("*")) == before


def test_no_file_is_left_open(tmp_path):
    path = tmp_path / "ratings.csv"
    path.write_text(GOOD + "Bo,Up,9\n", "utf-8")
    refused(path)
    path.write_text(GOOD, "utf-8")
    read_own_ratings(path)
    held = need("psutil").Process().open_files()
    assert not [file for file in held if file.path == str(path)]


def test_a_large_file_and_the_titles_beside_it_are_read_whole(tmp_path):
    rng = np.random.default_rng(3)
    n, movies = 70_000, 9_000
    pairs = np.sort(rng.choice(20_000 * movies, n, replace=False))
    stars = rng.integers(1, 11, n) / 2
    path = tmp_path / "ratings.csv"
    with path.open("w", encoding="utf-8") as file:
        file.write("userId,movieId,rating,timestamp\n")
        for pair, value, second in zip(pairs.tolist(), stars.tolist(), range(n)):
            file.write(f"{pair // movies},{pair % movies},{value},{1_700_000_000 + second}\n")
    names = "".join(f'{movie},"Movie {movie}, The (1999)",x\n' for movie in range(movies))
    path.with_name("movies.csv").write_text("movieId,title,genres\n" + names, "utf-8")
    own = read_own_ratings(path)
    assert own.ratings["timestamp"].tolist() == list(range(1_700_000_000, 1_700_000_000 + n))
    assert np.array_equal(own.ratings["user_rating"], stars.astype(np.float32))
    assert np.array_equal(own.ratings["user_id"], (pairs // movies).astype(bytes))
    assert own.ratings["movie_title"][-1] == b"Movie %d, The (1999)" % (pairs[-1] % movies)
    assert own.ratings["movie_title"].dtype == "S22"


def test_as_many_titles_as_rows_are_read_whole(tmp_path):
    n = 70_000
    path = tmp_path / "ratings.csv"
    with path.open("w", encoding="utf-8") as file:
        file.write("user_id,movie_title,user_rating\n")
        file.writelines(f"{row % 9_001},Thing {row} (1994),{row % 5 + 1}\n" for row in range(n))
    own = read_own_ratings(path)
    assert len(np.unique(own.ratings["movie_title"])) == n
    assert own.ratings["movie_title"][-1] == b"Thing 69999 (1994)"


def test_what_would_take_gigabytes_shares_its_texts(tmp_path, monkeypatch):
    from helpers.data import own_ratings

    monkeypatch.setattr(own_ratings, "LARGEST_ARRAY", 30)
    path = tmp_path / "ratings.csv"
    path.write_text(GOOD, "utf-8")
    ratings = read_own_ratings(path).ratings
    assert ratings["user_id"].dtype == "S4"
    assert ratings["movie_title"].dtype == object
    assert ratings["movie_title"].tolist()[0] == b"Alien (1979)"


# What a table says


def opened(source, *places):
    """Return a table, and its rows at these places; of a row that is wrong, the words on it."""
    with own_files.open_table(source) as table:
        rows = list(table.rows(places))
    return table, [(n, row.args if isinstance(row, ValueError) else row) for n, row in rows]


@pytest.mark.parametrize("begins", ["", "\ufeff", " \n\n"])
@pytest.mark.parametrize("delimiter", own_files.DELIMITERS)
def test_rows_have_the_cells_of_places_and_the_numbers_of_lines(file_of, delimiter, begins):
    lines = [["A ", " b", "C"], ["é", "", "x"], ["", "", ""], [], ["1", "2", "3"]]
    path = file_of(begins + "\n".join(map(delimiter.join, lines)))
    table, rows = opened(path, 2, None, 0)
    assert (table.header, table.name, table.unit) == (["A", "b", "C"], str(path), "line")
    assert table.delimiter == delimiter
    skipped = begins.count("\n")
    assert rows == [
        (skipped + 2, ("x", "", "é")), (skipped + 3, ("", "", "")), (skipped + 5, ("3", "", "1"))
    ]  # fmt: skip


@pytest.mark.parametrize("delimiter", ",;\t|")
def test_quotes_hold_delimiters_and_lines(file_of, delimiter):
    text = 'a::_"b_1"_ c\n"1_2"_ "say ""so"""_"two\r\nlines"\n4_5::_6\n'.replace("_", delimiter)
    table, rows = opened(file_of(text), 0, 1, 2)
    assert table.header == ["a::", f"b{delimiter}1", "c"]
    first = (f"1{delimiter}2", 'say "so"', "two\r\nlines")
    assert rows == [(2, first), (4, ("4", "5::", "6"))]


def test_double_colons_have_no_quotes(file_of):
    _, rows = opened(file_of('a::b\n"1::"x": "2"\n:3::4\n'), 0, 1)
    assert rows == [(2, ('"1', '"x": "2"')), (3, (":3", "4"))]


@pytest.mark.parametrize(
    "told", ["sep=;\n", "SEP=;\n", '"sep=;"\r\n', " \nsep=; \n", "sep=;\n\n", "sep=;\nsep=,\n"]
)
def test_a_line_may_tell_the_delimiter(file_of, told):
    table, rows = opened(file_of(told + "a,b,c;d\n1,2,3;4\n"), 1, 0)
    assert (table.delimiter, table.header) == (";", ["a,b,c", "d"])
    assert rows == [(told.count("\n") + 2, ("4", "1,2,3"))]


@pytest.mark.parametrize("delimiter", own_files.TITLES_FILES)
def test_oldest_files_of_movielens_have_no_header(file_of, delimiter):
    lines = ["7_1_3.5_9", "8_2_+4_9"]
    path = file_of("\n".join(lines).replace("_", delimiter), "my file")
    table, rows = opened(path, 0, 2)
    assert table.header == ["userId", "movieId", "rating", "timestamp"]
    assert rows == [(1, ("7", "3.5")), (2, ("8", "+4"))]
    table, rows = opened(file_of("1_2_3\n4_5_6\n".replace("_", delimiter)), 0, 2)
    assert (table.header, rows) == (["1", "2", "3"], [(2, ("4", "6"))])
    table, rows = opened(file_of("a_b_c_d\n1_2_3_4\n".replace("_", delimiter)), 0, 2)
    assert (table.header, rows) == (["a", "b", "c", "d"], [(2, ("1", "3"))])
    table, rows = opened(file_of("1,2,3,4\n5,6,7,8\n"), 0, 2)
    assert (table.header, rows) == (["1", "2", "3", "4"], [(2, ("5", "7"))])


def test_rows_with_other_cells_than_the_header_are_said(file_of):
    few = "the header has ';' between its cells, and so must the other lines"
    many = "put quotes around a title with a delimiter"
    quotes = "close each quote, and double one that stands inside of quotes"
    text = 'a;b;c\n1\n1;2\n1;2;3;4\n;\n"1\n";"2"x;3\n1;2;3\n"1";2;"3'
    _, rows = opened(file_of(text), 0, 2)
    assert rows == [
        (2, ("has 1 cell, but the header has 3", few)),
        (3, ("has 2 cells, but the header has 3", few)),
        (4, ("has 4 cells, but the header has 3", many)),
        (6, ("is broken: ';' expected after '\"'", quotes)),
        (8, ("1", "3")),
        (9, ("is broken: unexpected end of data", quotes)),
    ]


@pytest.mark.parametrize("zipped", [False, True])
@pytest.mark.parametrize(
    ("names", "chosen"),
    [
        (["b/ratings.csv", "ratings.csv"], "ratings.csv"),
        (["b/ratings.csv", "a/ratings.csv"], "a/ratings.csv"),
        (["ratings.dat", "a/ratings.csv"], "a/ratings.csv"),
        (["u.data", "ratings.dat", "a.csv"], "ratings.dat"),
        (["a.csv", "b.csv", "u.data"], "u.data"),
        (["mine.TSV", "readme.txt", "a/x.txt"], "mine.TSV"),
        (["readme.txt", "a/mine.csv"], "a/mine.csv"),
        (["a/b/ratings.csv", "a/mine.csv"], "a/mine.csv"),
        (["a.csv", "a/b.tsv"], ": give the file that has the ratings"),
        (["a.zip", "readme.txt"], ", but a zip: unpack it, and give what is in it"),
        (["a/b/ratings.csv", "csv"], ": give a file of ratings, as CSV UTF-8"),
    ],
)
def test_ratings_are_found_in_folders_and_zips(tmp_path, names, chosen, zipped):
    path = tmp_path / "in"
    for name in names:
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_text(f"user_id,movie_title\n{name},x\n", "utf-8")
    if zipped:
        path = tmp_path / "in.zip"
        with zipfile.ZipFile(path, "w") as archive:
            for name in names:
                archive.write(tmp_path / "in" / name, name)
    if chosen in names:
        table, rows = opened(path, 0, 1)
        assert (table.name, rows) == (str(path), [(2, (chosen, "x"))])
    else:
        assert refused(path) == f"{path} holds none of ratings.csv, ratings.dat, u.data{chosen}"


# Files beside


@pytest.mark.parametrize(
    ("delimiter", "user", "movie"),
    [
        ("::", "users.dat", "movies.dat"), ("\t", "u.user", "u.item"),
        (",", "users.csv", "movies.csv"), (";", "users.csv", "movies.csv"),
        ("|", "users.csv", "movies.csv"), ("", "users.csv", "movies.csv"),
    ],
)  # fmt: skip
def test_files_beside_are_called_as_movielens_does(delimiter, user, movie):
    assert own_files.file_beside("user", delimiter) == user
    assert own_files.file_beside("movie", delimiter) == movie


ITEMS = (
    b"1|\xc9t\xe9 (1999)|01-Jan-1999||http|1|" + b"0|" * 17 + b"0\r\n"
    b"2|B|02-Jan-1999||http|0|1|0|0|0|1|" + b"0|" * 12 + b"1\r\n"
    b"3|C|03-Jan-1999||http|" + b"0|" * 18 + b"0\r\n"
)
BESIDE = {  # name of a file: how its table of ratings is called, what that and the file hold
    "u.item": ("u.data", "7\t1\t4\t9\n", ITEMS),
    "u.user": ("u.data", "7\t1\t4\t9\n", b"7|24|M|artist|V8N\n8|53|F||SW1X\n9|1\n"),
    "movies.dat": (
        "ratings.dat", "7::1::4::9\n", b"1::\xc9t\xe9: a|b::Crime|War\n2::B (1999)::Drama\n"
    ),
    "users.dat": ("ratings.dat", "7::1::4::9\n", b"7::F::1::10::EX \r\n8::M::56::16::70072"),
    "movies.csv": (
        "ratings.csv", "userId,movieId,rating\n7,1,4\n",
        "\ufeffmovieId,Name,Genres,GENRES\n1,\"A, \"\"B\"\"\",x|y,z\n2,É\n3\n\n".encode(),
    ),
    "users.csv": ("ratings.csv", "userId,movieId,rating\n7,1,4\n", b""),
}  # fmt: skip


@pytest.mark.parametrize("zipped", [False, True])
@pytest.mark.parametrize(
    ("name", "column", "texts"),
    [
        ("u.item", "title", {"1": "Été (1999)", "2": "B", "3": "C"}),
        ("u.item", "Genres", {"1": "unknown", "2": "Action|Comedy|Western", "3": ""}),
        ("u.item", "Release_Date", {f"{i}": f"0{i}-Jan-1999" for i in (1, 2, 3)}),
        ("u.item", "Western", {"1": "0", "2": "1", "3": "0"}),
        ("u.item", "movieId", None),
        ("u.item", "age", None),
        ("u.user", "AGE", {"7": "24", "8": "53", "9": "1"}),
        ("u.user", "occupation", {"7": "artist", "8": ""}),
        ("u.user", "zip code", {"7": "V8N", "8": "SW1X"}),
        ("u.user", "genres", None),
        ("movies.dat", "title", {"1": "Été: a|b", "2": "B (1999)"}),
        ("movies.dat", "genres", {"1": "Crime|War", "2": "Drama"}),
        ("users.dat", "gender", {"7": "F", "8": "M"}),
        ("users.dat", "Zip-code", {"7": "EX ", "8": "70072"}),
        ("movies.csv", "title", {"1": 'A, "B"', "2": "É"}),
        ("movies.csv", "name", {"1": 'A, "B"', "2": "É"}),
        ("movies.csv", "genres", {"1": "x|y"}),
        ("movies.csv", "year", None),
        ("users.csv", "age", None),
        ("users.csv", "title", {}),
    ],
)
def test_columns_of_files_beside_are_texts_by_number(tmp_path, name, column, texts, zipped):
    ratings, content, beside = BESIDE[name]
    path = tmp_path / ratings
    path.write_text(content, "utf-8")
    path.with_name(name).write_bytes(beside)
    if zipped:
        path = packed(tmp_path, tmp_path.with_suffix(".zip"), "ml/")
    kind, other = ("movie", "user") if name in ("u.item", "movies.dat", "movies.csv") else (
        "user", "movie"
    )  # fmt: skip
    with own_files.open_table(path) as table:
        assert table.beside(kind, column) == texts
        assert table.beside(other, column) is None  # there is no such file


# Columns


@pytest.mark.parametrize("kind", [dict, Frame])
def test_columns_are_rows_of_texts(kind):
    columns = {"a": [1, 2.5], 7: np.array(["x", "y"]), "unused": 5, "c": (None, b"\xc3\xab")}
    table, rows = opened(kind(columns), 3, None, 1, 0)
    assert table.header == ["a", "7", "unused", "c"]
    assert (table.name, table.unit, table.delimiter) == ("what was given", "row", "")
    assert rows == [(1, ("", "", "x", "1")), (2, ("ë", "", "y", "2.5"))]
    assert table.beside("movie", "title") is None


@pytest.mark.parametrize("first", ["x", "xyz"])
def test_columns_are_equally_long(first):
    with pytest.raises(own_files.OwnRatingsError, match=r"^the columns are not equally long$"):
        opened({"a": first, "b": "uv", "c": "xy"}, 0, 1, None)
    assert opened({"a": first, "b": "uv", "c": "xy"}, 1, 2)[1] == [(1, ("u", "x")), (2, ("v", "y"))]


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (None, "what was given is None, not a column or columns"),
        (3.5, "what was given is 3.5, not a column or columns"),
        ({"a": "x", "b": 5}, "column b is 5, not a column or columns"),
        (["a"], "what was given is a list, not a path or named columns"),
        (("a",), "what was given is a tuple, not a path or named columns"),
        ({"a"}, "what was given is a set, not a path or named columns"),
        (b"a", "what was given is a bytes, not a path or named columns"),
        (np.ones(1), "what was given is a ndarray, not a path or named columns"),
    ],
)
def test_what_has_no_columns_is_named(source, message):
    with pytest.raises(own_files.OwnRatingsError) as stop:
        opened(source, 0, 1)
    assert str(stop.value) == message


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("Ada", "Ada"), (" nan", " nan"), ("nan", "nan"), (np.str_("é"), "é"), ("", ""),
        (b"Zo\xc3\xab", "Zoë"), (b"Zo\xeb", "Zo\udceb"), (np.bytes_(b"x"), "x"),
        (None, ""), (float("nan"), ""), (np.float32("nan"), ""), (np.datetime64("NaT"), ""),
        (3, "3"), (-2.5, "-2.5"), (1e300, "1e+300"), (float("inf"), "inf"),
        (np.int8(3), "3"), (np.uint64(2**63), "9223372036854775808"), (np.float32(0.5), "0.5"),
        (np.float64(196), "196.0"), (np.datetime64("2024-01-31"), "2024-01-31"),
        (datetime.date(2024, 1, 31), "2024-01-31"),
        (datetime.datetime(2024, 1, 31, 0, 1), "2024-01-31 00:01:00"),
    ],
)  # fmt: skip
def test_cells_become_texts(value, text):
    assert opened({"a": ["x", value], "b": ["y", "z"]}, 0, 1)[1] == [
        (1, ("x", "y")), (2, (text, "z"))
    ]  # fmt: skip


def test_what_pandas_misses_is_no_text():
    assert opened({"a": [need("pandas").NA], "b": [need("pandas").NaT]}, 0, 1)[1] == [(1, ("", ""))]


@pytest.mark.parametrize(
    "value", [True, np.True_, ["9"], (9,), 1j, {}, ..., np.ones(2), datetime.time(9), len]
)
def test_cells_that_are_neither_text_nor_number_are_said(value):
    rows = opened({"a": ["x", "y", "z"], "b": [1, value, 3]}, 0, 1)[1]
    said = (2, (f"{value!r} is neither text nor a number",))
    assert rows == [(1, ("x", "1")), said, (3, ("z", "3"))]
