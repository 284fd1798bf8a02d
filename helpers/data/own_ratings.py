"""Your own ratings, from files as people have them, in the form that the lessons use."""

import functools
import math
from array import array
from typing import NamedTuple

import numpy as np

from helpers.data import own_columns as cells
from helpers.data.own_files import OwnRatingsError, file_beside, open_table
from helpers.data.own_sides import places_of_sides

ONE_PERSON = "me"  # who has rated, in a file of one person's ratings
WAYS = ("first", "last", "mean")  # to choose among different ratings of a movie by a user
BAD_SHOWN = 10  # bad rows that a message names
LARGEST_STARS = 1e30  # which a float32 can hold
LARGEST_ARRAY = 1_000_000_000  # bytes


class OwnRatings(NamedTuple):
    """What `read_own_ratings` returns.

    Attributes:
        ratings: dict of user_id and movie_title (bytes), user_rating (float32) and, where all rows
            have one, timestamp (int64, seconds since 1970), each of shape (n,).
        scale: the lowest and the highest rating there can be.
        report: what was read, and what was left out, as text.
    """

    ratings: dict
    scale: tuple
    report: str


def read_own_ratings(source, columns=None, scale=None, duplicates=None, side=None):
    """Read ratings as `movielens.read_ratings` gives them.

    Known by their columns are tables with user_id, movie_title and user_rating, and those of
    MovieLens (with its file of titles beside them), Letterboxd, IMDb and Goodreads.

    Args:
        source: path of a CSV file, with commas, semicolons or tabs, or of a folder or a zip that
            holds one; a pandas DataFrame; or a dict of columns.
        columns: what the columns of another table are, a dict such as {"movie_title": "Book",
            "user_rating": "Points"}; also "user_id", "timestamp" and "year".
        scale: the lowest and the highest rating there can be, where the form does not say it.
        duplicates: which rating counts where a user has rated a movie differently: the "first" or
            "last" of the table, or their "mean". Equal ones count once.
        side: which further columns to keep, and whom they describe, a dict such as {"genres":
            "movie", "city": "user"}. For MovieLens's ratings, they may lie in its files of movies
            and users beside them; the year of a movie may stand in its title. Give none that knows
            the ratings, such as IMDb's number of votes.

    Returns:
        `OwnRatings`. In a table without users, all `user_id` are b"me". With a column of years, a
        title ends with its year. Arrays of texts are of fixed width, or of objects where that
        would take more than a gigabyte. A side is an array of bytes, such as user_side_city and
        movie_side_genres, b"" where nothing is said; several values, with one of | ; , between
        them in the table, are joined by "|".

    Raises:
        OwnRatingsError: the table cannot be read, or rows of it, of which the first ten are named.

    Example:
        own = read_own_ratings("letterboxd.zip")
        print(own.report)
    """
    if scale is not None:
        scale = _two_numbers(scale)
    if duplicates is not None and not (isinstance(duplicates, str) and duplicates in WAYS):
        raise OwnRatingsError(f"duplicates is {duplicates!r}, not one of {', '.join(WAYS)}")
    with open_table(source) as table:
        form, places = cells.recognize(table, columns)
        sides = places_of_sides(table, form, places, side)
        rows = _read(table, form, places, scale or form.scale or (-math.inf, math.inf), sides)
    if scale is None and form.scale is None:
        low, high = min(rows.stars), max(rows.stars)
        raise OwnRatingsError(
            f"the ratings of {table.name} go from {low:g} to {high:g}: say on which scale, "
            f"such as scale=({low:g}, {high:g})"
        )
    kept, stars = _without_duplicates(rows, table, duplicates)
    ratings = {
        "user_id": _texts(rows.users, np.asarray(rows.user)[kept]),
        "movie_title": _texts(rows.titles, np.asarray(rows.title)[kept]),
        "user_rating": stars.astype(np.float32),
    }
    if not rows.undated:
        ratings["timestamp"] = np.asarray(rows.seconds, np.int64)[kept]
    for each in sides:
        is_user = each.owner == "user"
        names, which = (rows.users, rows.user) if is_user else (rows.titles, rows.title)
        ratings[each.field] = _texts(each.texts(list(names), table), np.asarray(which)[kept])
    found = scale or cells.scale_of(form, table.delimiter, np.asarray(rows.stars))
    said = "as you say" if scale else f"that of {form.name}"
    return OwnRatings(ratings, found, _report(rows, form, ratings, found, said))


def _two_numbers(scale):
    try:
        low, high = map(float, scale)
    except (TypeError, ValueError):
        low, high = 0, 0
    if not -LARGEST_STARS <= low < high <= LARGEST_STARS:
        raise OwnRatingsError(f"scale is {scale!r}, not two numbers such as (1, 10)")
    return low, high


# Rows


class _Rows(NamedTuple):
    """The rows that have a rating."""

    users: dict  # text to number
    titles: dict
    user: array
    title: array
    stars: array
    seconds: array
    line: array  # of the file, or the row's number
    unrated: int  # rows that were left out
    undated: int  # rows whose seconds are unknown


def _read(table, form, places, scale, sides):
    """Read all rows. Each different text is looked at once, and has a number from then on."""
    users, titles = {}, {}
    title_of = _titles(table) if "movie_id" in places else None
    has_years, has_times = "year" in places, "timestamp" in places
    number_of_movie = {}  # by title, or number, and year: `functools.cache` would take longer

    @functools.cache
    def number_of_user(text):
        name = cells.name("user_id", text if "user_id" in places else ONE_PERSON)
        return users.setdefault(name, len(users))

    def number_of_title(text, year):
        if title_of is not None:
            text = cells.title_of_number(text, title_of)
        return titles.setdefault(cells.title(text, year), len(titles))

    @functools.lru_cache(100_000)
    def side_of(column, text):
        return cells.side(column, text)

    @functools.lru_cache(100_000)
    def stars_of(text):
        return cells.stars(text, scale, form.unrated)

    user, title, line = array("i"), array("i"), array("i")
    stars, seconds = array("d"), array("q")
    unrated = undated = 0
    bad = _BadRows(table)
    movie = "movie_title" if title_of is None else "movie_id"
    wanted = [places.get(n) for n in ("user_id", movie, "year", "user_rating", "timestamp")]
    for number, row in table.rows([*wanted, *(side.place for side in sides)]):
        try:
            if isinstance(row, ValueError):
                raise row
            value = stars_of(row[3])
            if value is None:
                unrated += any(row)  # else it is an empty row of a spreadsheet
                continue
            user_number = number_of_user(row[0])
            written = row[1:3] if has_years else row[1]
            title_number = number_of_movie.get(written)
            if title_number is None:
                title_number = number_of_movie[written] = number_of_title(row[1], row[2])
            moment = cells.seconds(row[4]) if has_times else None
            if sides:
                for side, text in zip(sides, row[5:]):
                    is_user = side.owner == "user"
                    if side.beside is not None:
                        text = side.beside.get(row[0 if is_user else 1].strip(), "")
                    described = user_number if is_user else title_number
                    side.add(described, side_of(side.column, text), number)
        except ValueError as error:
            bad.add(number, *error.args)
            continue
        user.append(user_number)
        title.append(title_number)
        line.append(number)
        stars.append(value)
        seconds.append(moment or 0)
        undated += moment is None
    bad.complain()
    if not stars:
        rest = f", only {unrated:,} rows without one" if unrated else ""
        raise OwnRatingsError(f"there are no ratings in {table.name}{rest}")
    return _Rows(users, titles, user, title, stars, seconds, line, unrated, undated)


def _titles(table):
    """Return titles by MovieLens's numbers of movies."""
    titles = table.beside("movie", "title")
    if titles is None and not table.delimiter:
        raise OwnRatingsError("the movies have numbers: join a column movie_title of their titles")
    if titles is None:
        raise OwnRatingsError(
            f"{table.name} has numbers for movies: put MovieLens's "
            f"{file_beside('movie', table.delimiter)} beside it, which has the titles"
        )
    return titles


class _BadRows:
    """What is wrong with rows, and what to do; the first ones in full, the others counted."""

    def __init__(self, table):
        self.table, self.count, self.lines, self.advice = table, 0, [], {}

    def add(self, number, what, advice=None):
        self.count += 1
        if self.count <= BAD_SHOWN:
            self.lines.append(f"{self.table.unit} {number}: {what}")
            self.advice[advice] = None  # a dict keeps the order, and each once

    def complain(self):
        if self.count:
            what = f"{_count(self.count, self.table.unit)} of {self.table.name} cannot be used"
            advice = "; ".join(filter(None, self.advice))
            raise OwnRatingsError(_listed(what, self.lines, self.count, advice))


# Duplicates


def _without_duplicates(rows, table, way):
    """Return the places of the rows that count, in the table's order, and their stars."""
    stars = np.asarray(rows.stars)
    pair = np.asarray(rows.user, np.int64) * len(rows.titles) + np.asarray(rows.title)
    order = np.argsort(pair, kind="stable")
    starts = np.flatnonzero(np.diff(pair[order], prepend=-1))  # of each pair, in `order`
    ends = np.append(starts[1:], len(order))
    lowest, highest = (f.reduceat(stars[order], starts) for f in (np.minimum, np.maximum))
    differ = lowest < highest
    if differ.any() and way is None:
        raise OwnRatingsError(_contradictions(rows, table, order, starts[differ], ends[differ]))
    chosen = order[ends - 1 if way == "last" else starts]
    values = stars[chosen]
    if way == "mean":
        values = np.add.reduceat(stars[order], starts) / (ends - starts)
    in_order = np.argsort(chosen)
    return chosen[in_order], values[in_order]


def _contradictions(rows, table, order, starts, ends):
    users, titles = list(rows.users), list(rows.titles)
    lines = []
    for pair in np.argsort(order[starts])[:BAD_SHOWN]:  # by the first row of each
        first, *others = order[starts[pair] : ends[pair]]
        other = next(row for row in others if rows.stars[row] != rows.stars[first])
        lines.append(
            f"{table.unit}s {rows.line[first]} and {rows.line[other]}: "
            f"{users[rows.user[first]]} has rated {titles[rows.title[first]]!r} "
            f"{rows.stars[first]:g} and {rows.stars[other]:g}"
        )
    what = f"{table.name} has different ratings of a movie by the same user"
    advice = 'say which counts: duplicates="first", "last" or "mean"'
    return _listed(what, lines, len(starts), advice)


# What comes out


def _texts(known, which):
    """Return the texts that have these numbers, as an array of bytes."""
    texts = [text.encode() for text in known]
    fixed_width = max(map(len, texts)) * len(which) <= LARGEST_ARRAY
    return np.array(texts, bytes if fixed_width else object)[which]


def _report(rows, form, ratings, scale, why):
    kept, read = len(ratings["user_rating"]), len(rows.stars)
    movies, users = _count(len(rows.titles), "movie"), _count(len(rows.users), "user")
    lines = [
        f"{_count(kept, 'rating')} of {movies} by {users}, read as {form.name}",
        f"scale: {scale[0]:g} to {scale[1]:g}, {why}",
    ]
    if rows.unrated:
        lines.append(f"left out: {_count(rows.unrated, 'row')} without a rating")
    if kept < read:
        lines.append(f"left out: {_count(read - kept, 'rating')} of a pair that has another one")
    if 0 < rows.undated < read:
        lines.append(f"no timestamps: missing in {_count(rows.undated, 'row')}")
    return "\n".join(lines)


def _listed(what, lines, count, advice):
    more = [f"and {count - BAD_SHOWN:,} more"] if count > BAD_SHOWN else []
    return "\n  ".join([what, *lines, *more]) + (f"\n({advice})" if advice else "")


def _count(number, what):
    return f"{number:,} {what}" + "s" * (number != 1)
