"""What the columns of people's tables mean, and what stands in their cells."""

import datetime
import functools
import re
from typing import NamedTuple

import numpy as np

from helpers.data.own_files import NUMBER, TITLES_FILES, OwnRatingsError, squeezed

COLUMNS = ("user_id", "movie_title", "user_rating")
MOST_COLUMNS = 30  # that a message names
LONGEST_TEXT = 1_000  # bytes of an id or a title
PLAIN_TEXT = re.compile("[^\\W\\d][^\0\ud800-\udfff]{0,200}")  # nothing can be wrong with it
TOO_MANY_SECONDS = 12  # digits: these are milliseconds
THOUSANDS = re.compile(r"[+-]?\d{1,3}(,\d{3})+", re.ASCII)
SHEET_ERRORS = ("#N/A", "#NAME?", "#REF!", "#VALUE!", "#DIV/0!", "#NUM!", "#NULL!")


class Form(NamedTuple):
    """A table that is known by its columns.

    Attributes:
        name: whose it is.
        columns: what is what: our name to theirs, in lower case and without blanks and signs.
        scale: the lowest and the highest rating, None if the table does not say it.
        marks: further columns that it is known by.
        unrated: what stands where somebody has seen a movie without rating it.
        optional: our names of columns that may be missing.
    """

    name: str
    columns: dict
    scale: tuple | None
    marks: tuple = ()
    unrated: str = ""
    optional: tuple = ("timestamp", "year")


_MOVIELENS = {
    "user_id": "userid", "movie_id": "movieid", "user_rating": "rating", "timestamp": "timestamp",
}  # fmt: skip
FORMS = (
    Form("this course's form", {
        "user_id": "userid", "movie_title": "movietitle", "user_rating": "userrating",
        "timestamp": "timestamp",
    }, (1, 5)),
    Form("MovieLens's form", _MOVIELENS, (0.5, 5)),
    Form("Letterboxd's form", {
        "movie_title": "name", "year": "year", "user_rating": "rating", "timestamp": "date",
    }, (0.5, 5), marks=("letterboxduri",)),
    Form("IMDb's form", {
        "movie_title": "title", "year": "year", "user_rating": "yourrating",
        "timestamp": "daterated",
    }, (1, 10), marks=("const",)),
    Form("Goodreads's form", {
        "movie_title": "title", "user_rating": "myrating", "timestamp": "dateadded",
    }, (1, 5), marks=("bookid",), unrated="0"),
)  # fmt: skip


def recognize(table, columns):
    """Return the form of a table, and a dict from its columns, by our names, to their places.

    Args:
        table: an `OwnTable`.
        columns: dict from our names to the table's, or None.

    Raises:
        OwnRatingsError: a column is missing, or there twice; or no form is known.
    """
    if not table.header:
        raise OwnRatingsError(f"there are no ratings in {table.name}")
    there = {squeezed(theirs) for theirs in table.header}
    form = _known(table, there) if columns is None else _described(columns)
    places = {}
    for ours, theirs in form.columns.items():
        found = place_of(table, theirs, ours)
        if found is not None:
            places[ours] = found
        elif ours not in form.optional:
            called = (columns or {}).get(ours, ours)
            raise OwnRatingsError(f"column {called} is missing in {table.name}; {names(table)}")
    return form, places


def place_of(table, column, called):
    """Return the place of a column in a table's header, None if there is none.

    Raises:
        OwnRatingsError: there are two; the message says what they are `called`.
    """
    wanted = squeezed(column)
    found = [place for place, theirs in enumerate(table.header) if squeezed(theirs) == wanted]
    if len(found) > 1:
        twice = " and ".join(_shown(table.header[place]) for place in found)
        raise OwnRatingsError(f"{table.name} has {called} twice, {twice}: take one away")
    return found[0] if found else None


def _known(table, there):
    """Return the form whose columns are all there, or else ours if one of its columns is."""
    for form in FORMS:
        needed = [theirs for ours, theirs in form.columns.items() if ours not in form.optional]
        if all(theirs in there for theirs in (*needed, *form.marks)):
            return form
    if any(FORMS[0].columns[ours] in there for ours in COLUMNS):
        return FORMS[0]
    example = 'columns={"user_id": "…", "movie_title": "…", "user_rating": "…"}'
    advice = f"say which is which, {example}"
    if table.delimiter and any(map(NUMBER.fullmatch, table.header)):
        advice = "the first line has to name the columns"
    raise OwnRatingsError(f"the form of {table.name} is not known; {names(table)}: {advice}")


def _described(columns):
    """Return the form that somebody has described; what is not described has our name."""
    known = (*COLUMNS, "timestamp", "year")
    if not isinstance(columns, dict) or not set(columns) <= set(known):
        raise OwnRatingsError(f"columns is {columns!r}, not a dict of some of {', '.join(known)}")
    named = dict(zip(known[:-1], known)) | columns  # a year counts only if it is named
    optional = {"user_id", "timestamp"} - set(columns)
    theirs = {ours: squeezed(str(name)) for ours, name in named.items()}
    return Form("the columns that you name", theirs, None, optional=tuple(optional))


def names(table):
    """Return a message's words for the columns of a table."""
    shown = ", ".join(map(_shown, table.header[:MOST_COLUMNS]))
    return f"the columns are {shown}" + ", …" * (len(table.header) > MOST_COLUMNS)


def scale_of(form, delimiter, stars):
    """Return a form's scale; in MovieLens's old forms, it had no half stars at first."""
    is_old = "movie_id" in form.columns and delimiter in TITLES_FILES
    return (1, 5) if is_old and min(stars) >= 1 and not np.any(stars % 1) else form.scale


# Cells: each function returns what a text means, or raises ValueError(what is wrong, what to do)


def name(field, text):
    """Return an id or a title without blanks around it."""
    text = text.strip()
    if PLAIN_TEXT.fullmatch(text):  # as most are: a million of them take a second less
        return text
    if not text:
        raise ValueError(f"{field} is empty")
    if re.search("[\ud800-\udfff]", text):
        raise _wrong(field, text, "which is not UTF-8", "save it as CSV UTF-8")
    if "\0" in text:
        raise _wrong(field, text, "which has a NUL byte", "save it anew as CSV UTF-8")
    if len(text.encode()) > LONGEST_TEXT:
        raise _wrong(field, text, f"of {len(text):,} characters", "is a quote not closed?")
    if text.startswith("=") or text in SHEET_ERRORS:
        raise _wrong(field, text, "a formula", "save values, not formulas")
    if re.fullmatch(r"\d+\.0+", text):
        raise _wrong(field, text, f"but an id is text: write {text.partition('.')[0]}")
    return text


def title(text, year):
    """Return a title, with its year at the end if there is one."""
    text, year = text.strip(), year.strip().removesuffix(".0")
    if year and not re.fullmatch(r"\d{4}", year, re.ASCII):
        raise _wrong("year", year, "not a year")
    if text and year and not text.endswith(f"({year})"):
        text = f"{text} ({year})"
    return name("movie_title", text)


def title_of_number(text, titles):
    if text.strip() not in titles:
        raise ValueError(f"movie {_shown(text)} has no title in MovieLens's file of titles")
    return titles[text.strip()]


def side(column, text):
    """Return what a side column says, "" if nothing; numbers as they were before decimals."""
    text = text.strip()
    return name(column, re.sub(r"^(\d+)\.0+$", r"\1", text)) if text else text


def stars(text, scale, unrated=""):
    """Return a rating on the scale, None where there is none."""
    text = text.strip()
    if text in ("", unrated):
        return None
    if not NUMBER.fullmatch(text):
        raise _wrong("user_rating", text, "not a number", _why_no_number(text))
    value = float(text.replace(",", "."))
    low, high = scale
    if THOUSANDS.fullmatch(text) and low <= float(text.replace(",", "")) <= high:
        raise _wrong("user_rating", text, "which may be thousands", "write no comma in numbers")
    if not low <= value <= high:
        advice = "if the scale is another one, say so: scale=(lowest, highest)"
        raise _wrong("user_rating", text, f"not from {low:g} to {high:g}", advice)
    return value


def _why_no_number(text):
    if text.startswith("=") or text in SHEET_ERRORS:
        return "save values, not formulas"
    if re.search(r"\d[./-]\s?\w|\w[./-]\d", text):
        return "a spreadsheet turns numbers into dates: format the column as numbers"
    return None


def seconds(text):
    """Return the seconds since 1970 of seconds, or of a date (UTC); None where there is neither."""
    if text.isdecimal() and len(text) < TOO_MANY_SECONDS:
        return int(text)
    return _seconds_of_date(text.strip().removesuffix(".0"))


@functools.lru_cache(100_000)
def _seconds_of_date(text):
    if not text:
        return None
    if text.isdecimal() and len(text) < TOO_MANY_SECONDS:
        return int(text)
    iso = re.sub(r"^(\d\d)\.(\d\d)\.(\d{4})", r"\3-\2-\1", text).replace("/", "-")
    try:
        if text.isdecimal():  # milliseconds, of which some could be dates without signs
            raise ValueError
        moment = datetime.datetime.fromisoformat(iso)
    except ValueError:
        what = "neither seconds since 1970 nor a date"
        raise _wrong("timestamp", text, what, "write dates as 2024-01-31") from None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=datetime.UTC)
    return int(moment.timestamp())


def _wrong(field, text, what, advice=None):
    return ValueError(f"{field} is {_shown(text)}, {what}", advice)


def _shown(text):
    return repr(text if len(text) <= 60 else text[:60] + "…")
