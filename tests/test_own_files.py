"""Broken files of ratings are refused in a sentence that helps, quickly and in little memory."""

import json
import os
import sys
import tracemalloc
import zipfile

import numpy as np
import pytest
from conftest import need
from own_tables import HEADER, LINES, packed, refused

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
    "NUL in a late number": (GOOD + "a,b,4\n" * 900 + "c,b,4\0\n", r"is '4\x00', not a number"),
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
    assert words in message
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
