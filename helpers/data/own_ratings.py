"""Your own ratings, from files as people have them, in the form that the lessons use."""

import datetime
import functools
import math
import re
from array import array
from typing import NamedTuple

import numpy as np

from helpers.data.own_files import NUMBER, OwnRatingsError, open_table

COLUMNS = ("user_id", "movie_title", "user_rating")
ONE_PERSON = "me"  # who rated, in a file of one person's ratings
SHOWN = 10  # bad rows that a message names
LONGEST_TEXT = 1_000  # bytes of an id or a title
LARGEST_ARRAY = 1_000_000_000  # bytes; larger arrays of texts hold each text only once


class OwnRatings(NamedTuple):
    """What `read_own_ratings` returns.

    Attributes:
        ratings: dict of user_id and movie_title (bytes), user_rating (float32) and, where all
            ratings have it, timestamp (int64, seconds since 1970), each of shape (n,).
        scale: the lowest and the highest rating there can be.
        report: what was read and what was left out, as text.
    """

    ratings: dict
    scale: tuple
    report: str


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
WAYS = ("first", "last", "mean")
SHEET_ERRORS = ("#N/A", "#NAME?", "#REF!", "#VALUE!", "#DIV/0!", "#NUM!", "#NULL!")


def read_own_ratings(source, columns=None, scale=None, duplicates=None):
    """Return ratings from a file, in the arrays that `movielens.read_ratings` gives.

    Known by their columns are the three of this course, and the files of MovieLens (with its file
    of titles beside it), Letterboxd, IMDb and Goodreads; a CSV file has commas, semicolons or tabs.

    Args:
        source: path of a CSV file, or of a folder or zip that has one; a pandas DataFrame, or a
            dict of columns.
        columns: dict that says what another table's columns are, such as {"movie_title": "Book",
            "user_rating": "Points"}; "user_id", "timestamp" and "year" if there are such.
        scale: the lowest and the highest rating there can be, where the form does not say it.
        duplicates: which of a user's different ratings of one movie counts: "first" or "last" in
            the file, or their "mean"; None refuses them. Equal ones count once.

    Returns:
        `OwnRatings`. In one person's file all `user_id` are b"me". A title of a file with a column
        of years ends with the year, such as b"Alien (1979)".

    Raises:
        OwnRatingsError: the table cannot be read, or rows are not ratings; the first ten are named.

    Example:
        own = read_own_ratings("letterboxd.zip")
        print(own.report)
    """
    if scale is not None:
        scale = _checked_scale(scale)
    if duplicates not in (None, *WAYS):
        raise OwnRatingsError(f"duplicates is {duplicates!r}, not one of {', '.join(WAYS)}")
    with open_table(source) as table:
        form, places = _recognize(table, columns)
        rows = _Rows(form, scale or form.scale, table, places)
    if scale is None and form.scale is None:
        low, high = min(rows.stars), max(rows.stars)
        raise OwnRatingsError(
            f"the ratings of {table.name} go from {low:g} to {high:g}: say from where to where "
            f"they can go, such as scale=({low:g}, {high:g})"
        )
    stars, kept, dropped = _without_duplicates(rows, table, duplicates)
    ratings = {
        "user_id": _texts(rows.users, np.asarray(rows.user)[kept]),
        "movie_title": _texts(rows.titles, np.asarray(rows.title)[kept]),
        "user_rating": stars.astype(np.float32),
    }
    if rows.seconds and not rows.undated:
        ratings["timestamp"] = np.asarray(rows.seconds, np.int64)[kept]
    found = scale or _narrowed(form, stars, table)
    why = "as you say" if scale else f"that of {form.name}"
    return OwnRatings(ratings, found, _report(rows, form, ratings, dropped, found, why))


class _Rows:
    """The ratings of a table in its order: numbers of users and titles, stars, and seconds.

    Each different text is judged once.
    """

    def __init__(self, form, scale, table, places):
        self.users, self.titles = {}, {}  # text to number
        self.user, self.title, self.line = array("i"), array("i"), array("i")
        self.stars, self.seconds = array("d"), array("q")
        self.unrated = self.undated = self.bad = 0
        self._complaints, self._advice = [], {}
        self._read(form, scale or (-math.inf, math.inf), table, places)
        if self.bad:
            raise OwnRatingsError(self._complaint(table))
        if not self.stars:
            rest = f", only {self.unrated} rows without one" if self.unrated else ""
            raise OwnRatingsError(f"there are no ratings in {table.name}{rest}")

    def _read(self, form, scale, table, places):
        title_of = table.titles() if "movie_id" in places else None

        @functools.cache
        def user_number(text):
            return self.users.setdefault(_name("user_id", text), len(self.users))

        @functools.cache
        def title_number(text, year):
            if title_of is not None and text.strip() not in title_of:
                raise ValueError(
                    f"has movie {_shown(text)}, which has no title in MovieLens's file"
                )
            title = title_of[text.strip()] if title_of is not None else text
            return self.titles.setdefault(_title(title, year), len(self.titles))

        @functools.lru_cache(100_000)
        def stars_of(text):
            return None if text.strip() in ("", form.unrated) else _stars(text, scale)

        seconds_of = functools.lru_cache(100_000)(_seconds)
        order = list(places)  # of the cells
        for line, cells in table.rows(tuple(places.values())):
            try:
                if isinstance(cells, ValueError):
                    raise cells
                cell = dict(zip(order, cells))
                stars = stars_of(cell["user_rating"])
                if stars is None:
                    self.unrated += 1
                    continue
                user = user_number(cell.get("user_id", ONE_PERSON))
                name = cell["movie_title" if title_of is None else "movie_id"]
                title = title_number(name, cell.get("year", ""))
                seconds = seconds_of(cell.get("timestamp", ""))
            except ValueError as error:
                self._note(line, table.unit, *error.args)
                continue
            self.user.append(user)
            self.title.append(title)
            self.line.append(line)
            self.stars.append(stars)
            self.seconds.append(seconds or 0)
            self.undated += seconds is None

    def _note(self, line, unit, what, advice=None):
        self.bad += 1
        if self.bad <= SHOWN:
            self._complaints.append(f"{unit} {line}: {what}")
            self._advice[advice] = None

    def _complaint(self, table):
        advice = "; ".join(filter(None, self._advice))
        if self.bad == 1:
            return f"{table.name}, {self._complaints[0]}" + (f" ({advice})" if advice else "")
        lines = [f"{self.bad:,} {table.unit}s of {table.name} cannot be used", *self._complaints]
        if self.bad > SHOWN:
            lines.append(f"and {self.bad - SHOWN:,} more")
        return "\n  ".join(lines) + (f"\n({advice})" if advice else "")


# Columns


def _recognize(table, columns):
    """Return the form of a table, and a dict from each column that it has to its place."""
    if not table.header:
        raise OwnRatingsError(f"there are no ratings in {table.name}")
    there = {}
    for place, name in enumerate(table.header):
        there.setdefault(_squeezed(name), []).append(place)
    form = _form(columns, there) if columns else next((f for f in FORMS if _fits(f, there)), None)
    if form is None or not _fits(form, there):
        raise OwnRatingsError(_unknown(table, there, form))
    places = {}
    for name, theirs in form.columns.items():
        found = there.get(theirs, [])
        if len(found) > 1:
            twice = " and ".join(_shown(table.header[place]) for place in found)
            raise OwnRatingsError(f"{table.name} has {name} twice, {twice}: take one away")
        if found:
            places[name] = found[0]
    return form, places


def _fits(form, there):
    needed = [theirs for name, theirs in form.columns.items() if name not in form.optional]
    return all(theirs in there for theirs in (*needed, *form.marks))


def _form(columns, there):
    """Return the form that somebody has described; what is not described has our names."""
    known = (*COLUMNS, "timestamp", "year")
    if not isinstance(columns, dict) or not set(columns) <= set(known):
        raise OwnRatingsError(f"columns is {columns!r}, not a dict of some of {', '.join(known)}")
    ours = {name: _squeezed(str(columns.get(name, name))) for name in known}
    optional = tuple(name for name in ("user_id", "timestamp", "year") if name not in columns)
    return Form("the columns you named", ours, None, optional=optional)


def _unknown(table, there, form):
    """Say which column is missing, or that none is known, and what to do."""
    columns = f"the columns are {', '.join(map(_shown, table.header))}"
    ours = form.columns if form else FORMS[0].columns
    missing = [name for name in COLUMNS if name in ours and ours[name] not in there]
    if form or len(missing) < len(COLUMNS):
        return f"column {missing[0]} is missing in {table.name}; {columns}"
    example = 'columns={"user_id": "…", "movie_title": "…", "user_rating": "…"}'
    return f"{table.name} has no form that is known; {columns}: say which is which, {example}"


def _squeezed(name):
    return re.sub(r"[\W_]+", "", name.casefold())


# Cells: each function returns what a text means, or raises ValueError(what is wrong, what to do)


def _name(field, text):
    name = text.strip()
    if not name:
        raise ValueError(f"{field} is empty")
    if re.search("[\ud800-\udfff]", name):
        raise ValueError(f"{field} is {_shown(name)}, which is not UTF-8", "save it as CSV UTF-8")
    if "\0" in name:
        raise ValueError(f"{field} is {_shown(name)}, which has a NUL byte", "save it anew as CSV")
    if len(name.encode()) > LONGEST_TEXT:
        raise ValueError(
            f"{field} is {_shown(name)}, {len(name):,} characters", "perhaps a quote is not closed"
        )
    if name.startswith("=") or name in SHEET_ERRORS:
        raise ValueError(f"{field} is {_shown(name)}, a formula", "save values, not formulas")
    if re.fullmatch(r"\d+\.0+", name):
        whole = name.partition(".")[0]
        raise ValueError(f"{field} is {name!r}; an id is text: write {whole}")
    return name


def _title(text, year):
    """Return a title, with its year at the end if there is one."""
    title, year = text.strip(), year.strip().removesuffix(".0")
    if year and not re.fullmatch(r"\d{4}", year):
        raise ValueError(f"year is {_shown(year)}, not a year")
    if title and year and not title.endswith(f"({year})"):
        title = f"{title} ({year})"
    return _name("movie_title", title)


def _stars(text, scale):
    low, high = scale
    text = text.strip()
    if not NUMBER.fullmatch(text):
        raise ValueError(f"user_rating is {_shown(text)}, not a number", _why_no_number(text))
    stars = float(text.replace(",", "."))
    if not low <= stars <= high:
        raise ValueError(
            f"user_rating is {text[:40]}, not from {low:g} to {high:g}",
            "if the scale is another one, say so: scale=(lowest, highest)",
        )
    return stars


def _why_no_number(text):
    if text.startswith("=") or text in SHEET_ERRORS:
        return "save values, not formulas"
    if re.search(r"\d[./-]\w+", text) or re.search(r"\w+[./-]\d", text):
        return "a spreadsheet makes dates of numbers: format the column as numbers"
    return None


def _seconds(text):
    """Return seconds since 1970 of seconds or a date (its midnight, UTC); None of nothing."""
    text = text.strip()
    if not text:
        return None
    if re.fullmatch(r"\d{1,11}(\.0*)?", text, re.ASCII):
        return int(text.partition(".")[0])
    day = re.sub(r"^(\d\d?)\.(\d\d?)\.(\d{4})", r"\3-\2-\1", text).replace("/", "-")
    try:
        moment = datetime.datetime.fromisoformat(day)
    except ValueError:
        raise ValueError(
            f"timestamp is {_shown(text)}, neither seconds since 1970 nor a date",
            "write dates as 2024-01-31",
        ) from None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=datetime.UTC)
    return int(moment.timestamp())


def _shown(text):
    return repr(text if len(text) <= 60 else text[:60] + "…")


def _checked_scale(scale):
    try:
        low, high = map(float, scale)
    except (TypeError, ValueError):
        low, high = 1, 0
    if not -math.inf < low < high < math.inf:
        raise OwnRatingsError(f"scale is {scale!r}, not two numbers such as (1, 10)")
    return low, high


# The whole


def _without_duplicates(rows, table, way):
    """Return the stars that count, the places of their rows, and how many equal ones there were."""
    stars = np.asarray(rows.stars)
    pair = np.asarray(rows.user, np.int64) * len(rows.titles) + np.asarray(rows.title)
    order = np.argsort(pair, kind="stable")
    new = np.diff(pair[order], prepend=-1) > 0
    starts = np.flatnonzero(new)
    ends = np.append(starts[1:], len(order)) - 1
    sorted_stars = stars[order]
    lowest, highest = (ufunc.reduceat(sorted_stars, starts) for ufunc in (np.minimum, np.maximum))
    differ = np.flatnonzero(lowest < highest)
    if len(differ) and way is None:
        raise OwnRatingsError(_twice(rows, table, order, starts[differ], ends[differ]))
    chosen = order[ends if way in ("last", "mean") else starts]
    values = stars[chosen]
    if way == "mean":
        values = np.add.reduceat(sorted_stars, starts) / (ends - starts + 1)
    in_order = np.argsort(chosen)
    return values[in_order], chosen[in_order], len(order) - len(starts)


def _twice(rows, table, order, starts, ends):
    users, titles = list(rows.users), list(rows.titles)
    lines = [f"{len(starts):,} movies of {table.name} are rated twice by a user, differently"]
    for start, end in zip(starts[:SHOWN], ends):
        one, other = order[start], order[end]
        lines.append(
            f"{table.unit}s {rows.line[one]} and {rows.line[other]}: user "
            f"{users[rows.user[one]]} has rated {titles[rows.title[one]]!r} "
            f"{rows.stars[one]:g} and {rows.stars[other]:g}"
        )
    if len(starts) > SHOWN:
        lines.append(f"and {len(starts) - SHOWN:,} more")
    return "\n  ".join(lines) + '\n(say which counts: duplicates="first", "last" or "mean")'


def _texts(numbers, which):
    """Return the texts that have these numbers, as an array of bytes."""
    known = [text.encode() for text in numbers]
    fixed_width = max(map(len, known)) * len(which) <= LARGEST_ARRAY
    return np.array(known, bytes if fixed_width else object)[which]


def _narrowed(form, stars, table):
    """Return the form's scale; of MovieLens's forms without half stars, the whole stars'."""
    whole = stars.min() >= 1 and (stars == stars.round()).all()
    is_old = form.name == "MovieLens's form" and table.delimiter in ("\t", "::")
    return (1, 5) if is_old and whole else form.scale


def _report(rows, form, ratings, dropped, scale, why):
    low, high = scale
    lines = [
        f"{len(ratings['user_rating']):,} ratings of {len(rows.titles):,} titles by "
        f"{len(rows.users):,} users, read as {form.name}",
        f"scale: {low:g} to {high:g}, {why}",
    ]
    if rows.unrated:
        lines.append(f"left out: {rows.unrated:,} rows without a rating")
    if dropped:
        lines.append(f"dropped: {dropped:,} further ratings of a movie by the same user")
    if "timestamp" not in ratings and rows.undated < len(rows.stars):
        lines.append(f"no timestamps: {rows.undated:,} rows have none")
    return "\n".join(lines)
