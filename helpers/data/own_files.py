"""Tables as people have them: CSV files of any dialect, zips and folders, and what is none.

A table is a header and rows of text. What the columns mean is `own_ratings`'s business.
"""

import csv
import datetime
import io
import itertools
import lzma
import operator
import re
import stat
import zipfile
import zlib
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import numpy as np

LARGEST_TABLE = 1_000_000_000  # bytes; MovieLens 32M has 877 million
LARGEST_TITLES = 100_000_000  # bytes of the file that says what a movie's number means
LONGEST_LINE = 1_000_000  # characters; a movie review of a page has a few thousand
RATINGS_FILES = ("ratings.csv", "ratings.dat", "u.data")  # in folders and zips, in this order
TITLES_FILES = {",": "movies.csv", "::": "movies.dat", "\t": "u.item"}
DELIMITERS = (",", ";", "\t", "::", "|")  # of as many cells, the first counts
UNIT_SEPARATOR = "\x1f"
NUMBER = re.compile(r"[+-]?(\d+([.,]\d*)?|[.,]\d+)", re.ASCII)
MOVIELENS_HEADER = ["userId", "movieId", "rating", "timestamp"]
BROKEN = (  # what reading a file or a member of a zip may raise
    OSError, EOFError, RuntimeError, zipfile.BadZipFile, zlib.error, lzma.LZMAError, ValueError,
)  # fmt: skip

QUOTES = "has a quote that is not closed, or one inside of quotes that is not doubled"
_SAVE = "open it there and save it as CSV UTF-8"
_UNPACK = "unpack it, and give what is in it"
_FRAME = "read it with pandas, and give the DataFrame"
KINDS = {  # how a file begins: what it is, and what to do with it
    b"\xd0\xcf\x11\xe0": ("an Excel workbook (xls)", _SAVE),
    b"%PDF": ("a PDF, which holds no table", "look for an export as CSV"),
    b"\x1f\x8b": ("packed with gzip", _UNPACK),
    b"7z\xbc\xaf": ("a 7z archive", _UNPACK),
    b"Rar!": ("a RAR archive", _UNPACK),
    b"BZh": ("packed with bzip2", _UNPACK),
    b"\xfd7zXZ": ("packed with xz", _UNPACK),
    b"PAR1": ("a Parquet file", _FRAME),
    b"ARROW1": ("a Feather file", _FRAME),
    b"SQLite format 3": ("an SQLite database", "export the table as CSV"),
    b"\x89PNG": ("a picture", "look for an export as CSV"),
    b"\xff\xd8\xff": ("a picture", "look for an export as CSV"),
    b"\xff\xfe": ("UTF-16 text", "save it as CSV UTF-8"),
    b"\xfe\xff": ("UTF-16 text", "save it as CSV UTF-8"),
    b"{\\rtf": ("a text document (RTF)", "save it as CSV UTF-8"),
    b"{": ("JSON", _FRAME),
    b"[": ("JSON", _FRAME),
    b"<": ("a web page or XML", "look for an export as CSV"),
}
PACKED = {  # a name inside of a zip that is a document: what it is
    "xl/workbook.xml": "an Excel workbook (xlsx)",
    "xl/workbook.bin": "an Excel workbook (xlsb)",
    "Index/Document.iwa": "a Numbers spreadsheet",
    "content.xml": "an OpenDocument spreadsheet (ods)",
    "word/document.xml": "a Word document (docx)",
}


class OwnRatingsError(ValueError):
    """Says what is wrong with the ratings, where, and what to do."""


class Table(NamedTuple):
    """A table that is open.

    Attributes:
        header: list of column names.
        rows: function from places in the header to an iterator of (number, cells): the number of
            the line or row, and a tuple of the cells at these places, or a ValueError if the row
            cannot be read.
        unit: "line" or "row", what the numbers count.
        name: what to call the table.
        delimiter: what stands between cells, None if it comes from no file.
        titles: function that reads what numbers of movies mean, a dict of str.
    """

    header: list
    rows: object
    unit: str
    name: str
    delimiter: str | None
    titles: object


@contextmanager
def open_table(source):
    """Open a file, folder, zip, DataFrame or dict of columns, as a `Table`.

    Raises:
        OwnRatingsError: there is no table, or it cannot be read; also while it is read.
    """
    if not isinstance(source, (str, Path)):
        yield _table_of_columns(source)
        return
    try:
        with _find(Path(source)) as place, place.open("rb") as file:
            yield _table_of_file(place, file)
    except OwnRatingsError:
        raise
    except BROKEN as error:
        why = getattr(error, "strerror", None) or error or type(error).__name__
        raise OwnRatingsError(f"{source} cannot be read: {why}") from None


# Files


@contextmanager
def _find(path):
    """Find the table in a file, a folder or a zip; the place is a `Path`, or one in the zip."""
    status = path.stat()  # of what a link leads to
    if stat.S_ISDIR(status.st_mode):
        yield _choose(path, path)
    elif not stat.S_ISREG(status.st_mode):
        raise OwnRatingsError(f"{path} is not a file but a device or a pipe: save it as a file")
    else:
        _refuse_large(path, status.st_size, LARGEST_TABLE)
        with path.open("rb") as file:
            begins = file.read(4)
        if begins not in (b"PK\x03\x04", b"PK\x05\x06"):
            yield path
            return
        with zipfile.ZipFile(path) as archive:
            for name, kind in PACKED.items():
                if name in archive.namelist():
                    raise OwnRatingsError(f"{path} is {kind}: {_SAVE}")
            yield _choose(zipfile.Path(archive), path)


def _choose(folder, name):
    """Return the place of the ratings in a folder, or one folder further down."""
    inside = sorted(folder.iterdir(), key=str)
    deeper = [each for below in inside if below.is_dir() for each in below.iterdir()]
    for wanted in RATINGS_FILES:
        for place in inside + deeper:
            if place.name == wanted:
                return _checked(place)
    tables = [each for each in inside if each.name.lower().endswith((".csv", ".tsv"))]
    if len(tables) == 1:
        return _checked(tables[0])
    why = f"there is none of {', '.join(RATINGS_FILES)} in {name}"
    if len(tables) > 1:
        raise OwnRatingsError(f"{why}: name the file that has the ratings")
    if any(each.name.lower().endswith(".zip") for each in inside):
        raise OwnRatingsError(f"{why}, but a zip: {_UNPACK}")
    raise OwnRatingsError(f"{why}: save the ratings as CSV UTF-8, and name the file")


def _checked(place, largest=LARGEST_TABLE):
    """Return a place in a folder or zip whose file can be opened and read."""
    if isinstance(place, Path):
        size = place.stat().st_size
    else:
        info = place.root.getinfo(place.at)
        size = info.file_size  # no more is unpacked than is said here
        if info.flag_bits & 1:
            raise OwnRatingsError(f"{place} is encrypted: unpack it with its password")
    if not place.is_file():
        raise OwnRatingsError(f"{place} is not a file: name the file that has the ratings")
    _refuse_large(place, size, largest)
    return place


def _refuse_large(place, size, largest):
    if size > largest:
        raise OwnRatingsError(
            f"{place} has {size / 1e9:.1f} GB, and at most {largest / 1e9:g} GB are read: "
            "take a part of it, such as some of its users"
        )


def _table_of_file(place, file):
    begins = file.read(4096).removeprefix(b"\xef\xbb\xbf").lstrip()
    for magic, (kind, advice) in KINDS.items():
        if begins.startswith(magic):
            raise OwnRatingsError(f"{place} is {kind}: {advice}")
    if b"\0" in begins:
        raise OwnRatingsError(f"{place} is no text, or UTF-16: save it as CSV UTF-8")
    file.seek(0)
    # Bytes that are not UTF-8 are kept as surrogates, so that their line can be told.
    text = io.TextIOWrapper(file, "utf-8-sig", "surrogateescape", newline="")
    numbered = enumerate(_lines(text, place), 1)
    started, first = next(((n, line) for n, line in numbered if line.strip()), (1, ""))
    told = re.fullmatch(r'"?sep=(.)"?', first.strip())  # Excel's line that names the delimiter
    if told:
        started, first = next(numbered, (1, ""))
    delimiter = told[1] if told else max(DELIMITERS, key=lambda each: len(_cells(first, each)))
    lines = itertools.chain([first], (line for _, line in numbered))
    if delimiter == "::":  # the csv module knows delimiters of one character only
        lines = (line.replace("::", UNIT_SEPARATOR) for line in lines)
    quoting = csv.QUOTE_NONE if delimiter == "::" else csv.QUOTE_MINIMAL
    reader = csv.reader(
        lines, delimiter=UNIT_SEPARATOR if delimiter == "::" else delimiter, quoting=quoting,
        skipinitialspace=True, strict=True,
    )  # fmt: skip
    header = [name.strip() for name in _cells(first.strip("\r\n"), delimiter)]
    if delimiter in ("\t", "::") and len(header) == 4 and all(map(NUMBER.fullmatch, header)):
        header = MOVIELENS_HEADER  # whose u.data and ratings.dat have none
    else:
        next(reader)

    def rows(places):
        return _rows(reader, len(header), places, started - 1)

    def titles():
        return _titles_beside(place, TITLES_FILES.get(delimiter, "movies.csv"))

    return Table(header, rows, "line", str(place), delimiter, titles)


def _lines(text, place):
    """Yield the lines of a text, of which no line fills the memory."""
    while line := text.readline(LONGEST_LINE):
        if len(line) == LONGEST_LINE:
            raise OwnRatingsError(f"{place} has a line of a million characters: it is no table")
        yield line


def _cells(line, delimiter):
    """Return the cells of one line; [] if its quotes are broken."""
    if delimiter == "::":
        return line.split("::") if line else []
    try:
        return next(csv.reader([line], delimiter=delimiter, skipinitialspace=True), [])
    except csv.Error:
        return []


def _rows(reader, width, places, skipped):
    pick = operator.itemgetter(*places)
    while True:
        number = skipped + reader.line_num + 1  # a cell in quotes may go over several lines
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield number, ValueError(f"{QUOTES} ({error})")
            continue
        if not any(cells):  # a blank line, or a spreadsheet's empty row
            continue
        if len(cells) == width:
            yield number, pick(cells)
        else:
            s = "s" * (len(cells) > 1)
            what = f"has {len(cells)} cell{s}, but the header has {width}"
            yield number, ValueError(what, "put quotes around a title that has a delimiter in it")


def _titles_beside(place, name):
    """Return the titles by the numbers of the movies, from the file that belongs to MovieLens's."""
    beside = place.parent / name
    if not beside.exists():
        raise OwnRatingsError(
            f"{place} has numbers for movies: put MovieLens's {name} beside it, which has the "
            'titles, or use the numbers as titles: columns={"user_rating": "rating", '
            '"movie_title": "movieId"}'
        )
    with _checked(beside, LARGEST_TITLES).open("rb") as file:
        content = file.read()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:  # of 1998 and 2003
        text = content.decode("latin-1")
    rows = csv.reader(io.StringIO(text))
    if name != "movies.csv":
        between = "|" if name == "u.item" else "::"
        rows = (line.split(between) for line in io.StringIO(text))
    return {row[0]: row[1].strip() for row in rows if len(row) > 1}


# Columns


def _table_of_columns(source):
    if isinstance(source, (list, tuple, set, bytes, np.ndarray)):
        kind = type(source).__name__
        raise OwnRatingsError(f"what was given is a {kind}, not a path or named columns")
    header = _as_list(source, "what was given")

    def rows(places):
        names = [header[place] for place in places]
        columns = [_as_list(source[name], f"column {name}") for name in names]
        if len(set(map(len, columns))) > 1:
            raise OwnRatingsError("the columns are not equally long")
        return enumerate(map(_as_texts, zip(*columns)), 1)

    def titles():
        raise OwnRatingsError("the movies have numbers: join their titles as a column movie_title")

    return Table([str(name) for name in header], rows, "row", "what was given", None, titles)


def _as_list(values, what):
    try:
        return list(values)
    except TypeError:
        raise OwnRatingsError(f"{what} is {values!r}, not a column or columns") from None


def _as_texts(cells):
    """Return cells of any type as a tuple of str, or a ValueError that says which is not."""
    try:
        return tuple(map(_as_text, cells))
    except ValueError as error:
        return error


def _as_text(value):
    if isinstance(value, str):
        return value
    if isinstance(value, bytes):
        return value.decode(errors="surrogateescape")
    if value is None or str(value) in ("nan", "NaT", "<NA>"):
        return ""
    if isinstance(value, (bool, np.bool_)) or not isinstance(
        value, (int, float, np.integer, np.floating, np.datetime64, datetime.date)
    ):
        raise ValueError(f"has {value!r}, which is neither text nor a number")
    return str(value)
