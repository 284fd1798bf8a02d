"""Columns of own ratings that describe users or movies, such as a city or genres: side features."""

import re

from helpers.data import own_columns as cells
from helpers.data.own_files import NUMBER, OwnRatingsError, file_beside
from helpers.data.ratings import own_side

OWNERS = ("user", "movie")
MOST_NUMBERS = 200  # different ones: more are a measure, not a kind
PER_VALUE = 2  # users or movies, at least, on average: what describes one alone tells of no other
SEPARATORS = ("|", ";", ",")  # between several values in a cell


def places_of_sides(table, form, places, side):
    """Return the `Side`s that somebody has asked for.

    Args:
        table: an `OwnTable`.
        form, places: what `recognize` returns.
        side: dict from names of columns to "user" or "movie", or None.

    Raises:
        OwnRatingsError: `side` is no such dict; a column is missing, or is a rating, a time, a
            user or a title already.
    """
    if not isinstance(side or {}, dict) or not set((side or {}).values()) <= set(OWNERS):
        example = 'a dict such as {"genres": "movie", "city": "user"}'
        raise OwnRatingsError(f"side is {side!r}, not {example}")
    return [_find(table, form, places, str(column), side[column]) for column in side or {}]


def _find(table, form, places, column, owner):
    place = cells.place_of(table, column, column)
    for ours, used in places.items():
        if place == used and ours != "year":
            raise OwnRatingsError(f"column {column} is {ours} already, and cannot be a side too")
    if place is not None:
        return Side(column, owner, place)
    by_number = "movie_id" in form.columns
    beside = table.beside(owner, column) if by_number else None
    if beside is None and not (column == "year" and owner == "movie"):
        also = f", and in a file {file_beside(owner, table.delimiter)} beside it" * by_number
        raise OwnRatingsError(
            f"column {column} is missing in {table.name}{also}; {cells.names(table)}"
        )
    return Side(column, owner, None, beside)


class Side:
    """What a column says of users or movies, gathered row by row.

    Args:
        column: its name.
        owner: "user" or "movie": whom it describes.
        place: where it stands in the table; None if it lies in a file beside.
        beside: dict from numbers of users or movies to texts; None for the years of titles.
    """

    def __init__(self, column, owner, place, beside=None):
        self.column, self.owner, self.place, self.beside = column, owner, place, beside
        self.said = {}  # number of the user or movie: text, and its line
        self.different = {}  # such a number: two texts and their lines

    def add(self, number, text, line):
        """Take what a row says; rows that say nothing leave it to the others."""
        first = self.said.get(number)
        if first is None:
            if text:
                self.said[number] = text, line
        elif text and text != first[0]:
            self.different.setdefault(number, (*first, text, line))

    def texts(self, names, table):
        """Return what the column says of each user or movie, several values joined by "|".

        Args:
            names: the users' ids or the movies' titles, in the order of their numbers.
            table: an `OwnTable`.

        Raises:
            OwnRatingsError: the column says different things of one of them, or nothing that
                could be learned from.
        """
        what = f"column {self.column} of {table.name}"
        if self.different:
            number, (one, line, other, later) = next(iter(self.different.items()))
            raise OwnRatingsError(
                f"{what} has to say the same of a {self.owner} in all rows: of "
                f"{names[number]!r} it says {one!r} in {table.unit} {line} and {other!r} in "
                f"{table.unit} {later}; such {self.owner}s: {len(self.different):,}"
            )
        if self.place is None and self.beside is None:
            what = f"the year in the titles of {table.name}"
            self.said = {
                number: (year[1], 0)
                for number, title in enumerate(names)
                if (year := re.search(r"\((\d{4})\)$", title))
            }
        said = {number: text for number, (text, _) in self.said.items()}
        numeric = all(map(NUMBER.fullmatch, said.values()))
        between = next((s for s in SEPARATORS if any(s in text for text in said.values())), None)
        if between and not numeric:
            said = {number: _sorted(text.split(between)) for number, text in said.items()}
        self._refuse_useless(what, [text.split("|") for text in said.values()], numeric)
        return [said.get(number, "") for number in range(len(names))]

    def _refuse_useless(self, what, said, numeric):
        values = {value for several in said for value in several}
        if len(values) < 2:
            says = f"is {min(values)!r} for each {self.owner}" if values else "is empty"
            raise OwnRatingsError(f"{what} {says}: it tells none from another, so leave it out")
        many = f"{what} has {len(values):,} different"
        if numeric and len(values) > MOST_NUMBERS:
            advice = "write ranges in their place, such as 0-9 and 10-19"
            raise OwnRatingsError(f"{many} numbers, but a side is a kind: {advice}")
        if len(values) * PER_VALUE > sum(map(len, said)):
            advice = "put rare ones together, or leave it out"
            raise OwnRatingsError(f"{many} values for {len(said):,} {self.owner}s: {advice}")

    @property
    def field(self):
        """What the array is called."""
        return own_side(self.owner, self.column)


def _sorted(values):
    return "|".join(sorted(set(filter(None, map(str.strip, values)))))
