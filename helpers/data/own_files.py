"""Tables as people have them: CSV files in any dialect, folders and zips that hold one, DataFrames.

A table is a header and rows of text; what its columns mean is the business of `own_columns`.
"""

import csv
import datetime
import functools
import io
import itertools
import lzma
import operator
import posixpath
import re
import stat
import struct
import zipfile
import zlib
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple

import numpy as np

LARGEST_TABLE = 1_000_000_000  # bytes; that of MovieLens 32M has 877 million
LARGEST_BESIDE = 100_000_000  # bytes of MovieLens's files of movies and of users
LONGEST_LINE = 1_000_000  # characters; what is longer is no row, and would fill the memory
RATINGS_FILES = ("ratings.csv", "ratings.dat", "u.data")  # what sites call them in zips
DELIMITERS = (",", ";", "\t", "::", "|")
UNIT_SEPARATOR = "\x1f"  # stands for "::", as the csv module knows single characters only
SEPARATOR_LINE = re.compile(r'"?sep=([,;|\t])"?\s*', re.IGNORECASE)  # which Excel understands
NUMBER = re.compile(r"[+-]?(\d+([.,]\d*)?|[.,]\d+)(e[+-]?\d+)?", re.ASCII | re.IGNORECASE)
MOVIELENS_HEADER = ["userId", "movieId", "rating", "timestamp"]  # which its oldest files lack
TITLES_FILES = {"::": "movies.dat", "\t": "u.item"}  # by the delimiter of the ratings
USERS_FILES = {"::": "users.dat", "\t": "u.user"}
GENRE_NAMES = (
    "unknown", "Action", "Adventure", "Animation", "Children's", "Comedy", "Crime", "Documentary",
    "Drama", "Fantasy", "Film-Noir", "Horror", "Musical", "Mystery", "Romance", "Sci-Fi",
    "Thriller", "War", "Western",
)  # fmt: skip
HEADERS = {  # of MovieLens's files that have none
    "movies.dat": ("movieId", "title", "genres"),
    "u.item": ("movieId", "title", "release date", "video release date", "IMDb URL", *GENRE_NAMES),
    "users.dat": ("userId", "gender", "age", "occupation", "zip code"),
    "u.user": ("userId", "age", "gender", "occupation", "zip code"),
}

_SAVE = "open it in its program, and save it as CSV UTF-8"
_UNPACK = "unpack it, and give what is in it"
_FRAME = "read it with pandas, and give the DataFrame"
_EXPORT = "look for an export as CSV where it comes from"
KINDS = {  # how files begin that are no CSV: what they are, and what to do
    b"\xd0\xcf\x11\xe0": ("an Excel workbook (xls)", _SAVE),
    b"\xff\xfe": ("text in UTF-16", "save it as CSV UTF-8"),
    b"\xfe\xff": ("text in UTF-16", "save it as CSV UTF-8"),
    b"{\\rtf": ("a text document (RTF)", _SAVE),
    b"%PDF": ("a PDF, which is made to be looked at", _EXPORT),
    b"<": ("a web page or XML", _EXPORT),
    b"{": ("JSON", _FRAME),
    b"[": ("JSON", _FRAME),
    b"PAR1": ("a Parquet file", _FRAME),
    b"ARROW1": ("a Feather file", _FRAME),
    b"SQLite format 3": ("an SQLite database", "export the table from it as CSV"),
    b"\x1f\x8b": ("packed with gzip", _UNPACK),
    b"BZh": ("packed with bzip2", _UNPACK),
    b"\xfd7zXZ": ("packed with xz", _UNPACK),
    b"7z\xbc\xaf": ("a 7z archive", _UNPACK),
    b"Rar!": ("a RAR archive", _UNPACK),
    b"\x89PNG": ("a picture", _EXPORT),
    b"\xff\xd8\xff": ("a picture", _EXPORT),
}
DOCUMENTS = {  # what a zip holds that is a document
    "xl/workbook.xml": "an Excel workbook (xlsx)",
    "xl/workbook.bin": "an Excel workbook (xlsb)",
    "Index/Document.iwa": "a Numbers spreadsheet",
    "content.xml": "an OpenDocument spreadsheet (ods)",
    "word/document.xml": "a Word document (docx)",
}
BROKEN = (  # what a file, or a damaged zip, may raise
    OSError, EOFError, RuntimeError, ValueError, struct.error, zipfile.BadZipFile, zlib.error,
    lzma.LZMAError, csv.Error,
)  # fmt: skip


class OwnRatingsError(ValueError):
    """Says what is wrong with the ratings, where, and what to do."""


class OwnTable(NamedTuple):
    """A table that is open.

    Attributes:
        header: list of the columns' names.
        rows: function from places in the header (None for a column of "") to an iterator of pairs:
            the number of a line or row, and a tuple of the cells at these places, as str, or a
            ValueError that says what is wrong and perhaps what to do.
        beside: function from "user" or "movie" and a column of MovieLens's file of them, which
            lies beside the table, to a dict from their numbers to texts; None if there is none.
        name: what to call the table.
        unit: "line" or "row": what has a number.
        delimiter: what stands between cells; "" if the table is no file.
    """

    header: list
    rows: object
    beside: object
    name: str
    unit: str = "line"
    delimiter: str = ""


@contextmanager
def open_table(source):
    """Open a path, a DataFrame or a dict of columns as an `OwnTable`.

    Raises:
        OwnRatingsError: it is no table, or it cannot be read; so do its `rows` and `beside`.
    """
    if not isinstance(source, (str, Path)):
        yield _table_of_columns(source)
        return
    with ExitStack() as opened:
        with _explained(source):
            table = _table_of_path(Path(source).expanduser(), opened)
        yield table


@contextmanager
def _explained(name):
    """Say in a sentence why something cannot be read."""
    try:
        yield
    except OwnRatingsError:
        raise
    except BROKEN as error:
        why = getattr(error, "strerror", None) or str(error) or type(error).__name__
        shown = str(name) if str(name).isprintable() else repr(str(name))
        raise OwnRatingsError(f"{shown} cannot be read: {why.rstrip('.')}") from None


# Where a table lies


class _Folder:
    """A folder, and the files in it and in its folders."""

    def __init__(self, path):
        self.path = path

    def names(self):
        found = [*self.path.iterdir(), *self.path.glob("*/*")]
        return [each.relative_to(self.path).as_posix() for each in found if each.is_file()]

    def size(self, name):
        return (self.path / name).stat().st_size

    def open(self, name):
        return (self.path / name).open("rb")


class _Zip:
    """A zip, and the files in it and in its folders."""

    def __init__(self, archive):
        self.archive = archive

    def names(self):
        return [name for name in self.archive.namelist() if name.count("/") < 2]

    def size(self, name):
        return self.archive.getinfo(name).file_size  # of which no more is unpacked

    def open(self, name):
        return self.archive.open(name)


def _table_of_path(path, opened):
    """Return the table at a path; `opened` closes what it needs."""
    status = path.stat()  # of what a link leads to
    if stat.S_ISDIR(status.st_mode):
        folder = _Folder(path)
        return _table_of_file(folder, _choose(folder, path), path, opened)
    if not stat.S_ISREG(status.st_mode):
        raise OwnRatingsError(f"{path} is a device or a pipe: give a file")
    _refuse_large(path, status.st_size, LARGEST_TABLE)
    with path.open("rb") as file:
        begins = file.read(4)
    if begins not in (b"PK\x03\x04", b"PK\x05\x06"):
        return _table_of_file(_Folder(path.parent), path.name, path, opened)
    archive = opened.enter_context(zipfile.ZipFile(path))
    for name, kind in DOCUMENTS.items():
        if name in archive.namelist():
            raise OwnRatingsError(f"{path} is {kind}: {_SAVE}")
    if any(info.flag_bits & 1 for info in archive.infolist()):
        raise OwnRatingsError(f"{path} is encrypted: {_UNPACK}")
    folder = _Zip(archive)
    return _table_of_file(folder, _choose(folder, path), path, opened)


def _choose(folder, path):
    """Return the name of the file of ratings in a folder or zip: the least deep one."""
    names = sorted(folder.names(), key=lambda name: (name.count("/"), name))
    for wanted in RATINGS_FILES:
        for name in names:
            if posixpath.basename(name) == wanted:
                return name
    tables = [name for name in names if name.lower().endswith((".csv", ".tsv"))]
    if len(tables) == 1:
        return tables[0]
    why = f"{path} holds none of {', '.join(RATINGS_FILES)}"
    if tables:
        raise OwnRatingsError(f"{why}: give the file that has the ratings")
    if any(name.lower().endswith(".zip") for name in names):
        raise OwnRatingsError(f"{why}, but a zip: {_UNPACK}")
    raise OwnRatingsError(f"{why}: give a file of ratings, as CSV UTF-8")


def _refuse_large(name, size, largest):
    if size > largest:
        raise OwnRatingsError(
            f"{name} has {size / 1e9:.1f} GB, and at most {largest / 1e9:g} GB are read: take a "
            "part of it, such as some of its users"
        )


# Files


def _table_of_file(folder, name, path, opened):
    """Return the table in a file of a folder or zip, which is at `path`."""
    _refuse_large(name, folder.size(name), LARGEST_TABLE)
    file = opened.enter_context(folder.open(name))
    _refuse_other_kinds(file.read(4096), path)
    file.seek(0)
    # What is not UTF-8 becomes surrogates, so that its line can be told.
    text = io.TextIOWrapper(file, "utf-8-sig", "surrogateescape", newline="")
    lines = iter(functools.partial(text.readline, LONGEST_LINE), "")
    first, skipped, told = next(lines, ""), 0, None
    while first.isspace() or SEPARATOR_LINE.fullmatch(first):
        told = told or SEPARATOR_LINE.fullmatch(first)
        first, skipped = next(lines, ""), skipped + 1
    delimiter = told[1] if told else max(DELIMITERS, key=lambda each: len(_cells(first, each)))
    header = _cells(first, delimiter)
    is_movielens = delimiter in TITLES_FILES and all(map(NUMBER.fullmatch, header))
    if is_movielens and len(header) == len(MOVIELENS_HEADER):
        header = MOVIELENS_HEADER
        lines = itertools.chain([first], lines)
    else:
        skipped += 1

    def rows(places):
        return _rows(lines, delimiter, len(header), places, skipped, path)

    def beside(kind, column):
        file = posixpath.join(posixpath.dirname(name), file_beside(kind, delimiter))
        return _beside(folder, file, column)

    return OwnTable(header, rows, beside, str(path), "line", delimiter)


def file_beside(kind, delimiter):
    """Return the name of MovieLens's file of users or movies, by the delimiter of the ratings."""
    files = {"user": USERS_FILES, "movie": TITLES_FILES}[kind]
    return files.get(delimiter, f"{kind}s.csv")


def squeezed(name):
    """Return a column's name without what people write differently: case, blanks and signs."""
    return re.sub(r"[\W_]+", "", name.casefold()) or name


def _refuse_other_kinds(begins, path):
    begins = begins.removeprefix(b"\xef\xbb\xbf").lstrip()
    for magic, (kind, advice) in KINDS.items():
        if begins.startswith(magic):
            raise OwnRatingsError(f"{path} is {kind}: {advice}")
    if b"\0" in begins:
        raise OwnRatingsError(f"{path} is not text, or it is UTF-16: save it as CSV UTF-8")


def _cells(line, delimiter):
    """Return the cells of the first line, without blanks around them; [] if there is none."""
    line = line.replace("::", UNIT_SEPARATOR) if delimiter == "::" else line
    reader = csv.reader([line], **_dialect(delimiter))
    return [cell.strip() for cell in next(reader)]


def _dialect(delimiter):
    if delimiter == "::":
        return {"delimiter": UNIT_SEPARATOR, "quoting": csv.QUOTE_NONE}
    return {"delimiter": delimiter, "skipinitialspace": True}


def _rows(lines, delimiter, width, places, skipped, path):
    """Yield the number of each row's first line, and its cells at the places."""
    if delimiter == "::":
        lines = (line.replace("::", UNIT_SEPARATOR) for line in lines)
    reader = csv.reader(lines, strict=True, **_dialect(delimiter))
    pick = operator.itemgetter(*(width if place is None else place for place in places))
    number = skipped + 1
    with _explained(path):
        while True:
            try:
                for cells in reader:
                    if len(cells) == width:
                        cells.append("")  # for places that are None
                        yield number, pick(cells)
                    elif any(cells):  # else it is a blank line
                        yield number, _too_few_or_many(len(cells), width, delimiter)
                    number = skipped + 1 + reader.line_num  # quoted cells may have several lines
                return
            except csv.Error as error:  # the reader goes on with the next line
                advice = "close each quote, and double one that stands inside of quotes"
                yield number, ValueError(f"is broken: {error}", advice)
                number = skipped + 1 + reader.line_num


def _too_few_or_many(count, width, delimiter):
    what = f"has {count} cell{'s' * (count != 1)}, but the header has {width}"
    few = f"the header has {delimiter!r} between its cells, and so must the other lines"
    return ValueError(what, few if count < width else "put quotes around a title with a delimiter")


def _beside(folder, name, column):
    """Return texts by numbers, from a column of MovieLens's file of users or movies.

    Returns:
        A dict; None if the file does not lie there, or has no such column.
    """
    try:
        size = folder.size(name)
    except (FileNotFoundError, KeyError):
        return None
    _refuse_large(name, size, LARGEST_BESIDE)
    with _explained(name):
        with folder.open(name) as file:
            content = file.read()
        try:
            lines = io.StringIO(content.decode("utf-8-sig"))
        except UnicodeDecodeError:  # MovieLens's files of 1998 and 2003
            lines = io.StringIO(content.decode("latin-1"))
        header = HEADERS.get(posixpath.basename(name))
        if header is None:
            rows = csv.reader(lines)
            header = next(rows, [])
        else:
            between = "::" if name.endswith(".dat") else "|"
            rows = (line.rstrip("\r\n").split(between) for line in lines)
        places = {squeezed(each): place for place, each in reversed(list(enumerate(header)))}
        if column == "title":
            places[column] = 1  # whatever it is called
        if squeezed(column) == "genres" and header == HEADERS["u.item"]:  # zeros and ones
            flags = slice(-len(GENRE_NAMES), None)
            genres = (
                (row[0], itertools.compress(GENRE_NAMES, map(int, row[flags]))) for row in rows
            )
            return {number: "|".join(names) for number, names in genres}
        place = places.get(squeezed(column))
        return {row[0]: row[place] for row in rows if len(row) > place} if place else None


# Columns


def _table_of_columns(source):
    """Return the table of a DataFrame, or of a dict of columns."""
    if isinstance(source, (list, tuple, set, bytes, np.ndarray)):
        kind = type(source).__name__
        raise OwnRatingsError(f"what was given is a {kind}, not a path or named columns")
    header = _as_list(source, "what was given")

    def rows(places):
        names = {place: header[place] for place in places if place is not None}
        columns = {place: _as_list(source[name], f"column {name}") for place, name in names.items()}
        if len(set(map(len, columns.values()))) > 1:
            raise OwnRatingsError("the columns are not equally long")
        nothing = itertools.repeat("")
        return enumerate(map(_as_texts, zip(*(columns.get(place, nothing) for place in places))), 1)

    def beside(kind, column):
        return None

    return OwnTable([str(name) for name in header], rows, beside, "what was given", "row")


def _as_list(values, what):
    try:
        return list(values)
    except TypeError:
        raise OwnRatingsError(f"{what} is {values!r}, not a column or columns") from None


def _as_texts(cells):
    try:
        return tuple(map(_as_text, cells))
    except ValueError as error:
        return error


def _as_text(value):
    """Return a cell of a DataFrame as text, "" for none.

    Raises:
        ValueError: it is neither text nor a number nor a date.
    """
    if isinstance(value, str):
        return value
    if isinstance(value, bytes):
        return value.decode(errors="surrogateescape")
    if value is None or str(value) in ("nan", "NaT", "<NA>"):
        return ""
    numbers = (int, float, np.integer, np.floating, np.datetime64, datetime.date)
    if isinstance(value, bool) or not isinstance(value, numbers):
        raise ValueError(f"{value!r} is neither text nor a number")
    return str(value)
