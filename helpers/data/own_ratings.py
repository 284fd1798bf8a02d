"""Your own ratings, from a CSV file or a DataFrame, in the form that the lessons use."""

import csv
import re
from pathlib import Path

import numpy as np

COLUMNS = ("user_id", "movie_title", "user_rating")


class OwnRatingsError(ValueError):
    """Says what is wrong with the ratings, and where."""


def read_own_ratings(source, scale=(1, 5)):
    """Return ratings as `movielens.read_ratings` gives them.

    Args:
        source: path of a CSV file (UTF-8, with a line of column names), a pandas DataFrame, or a
            dict of columns; more columns than the three in `COLUMNS` are ignored.
        scale: the lowest and the highest rating there can be.

    Returns:
        Dict of user_id and movie_title (bytes) and user_rating (float32), each of shape (n,).

    Raises:
        OwnRatingsError: a column is missing; a value is empty, of the wrong type or off the scale;
            a user has rated a movie twice; there are no ratings; the file cannot be read.
    """
    columns = _read_csv(source) if isinstance(source, (str, Path)) else source
    found = _as_list(columns, "what was given")
    if isinstance(columns, (list, tuple, set, bytes, np.ndarray)):
        raise OwnRatingsError(f"what was given is a {type(columns).__name__}, not named columns")
    missing = [name for name in COLUMNS if name not in found]
    if missing:
        raise OwnRatingsError(
            f"column {missing[0]} is missing; the columns are {', '.join(map(str, found))}"
        )
    columns = {name: _as_list(columns[name], f"column {name}") for name in COLUMNS}
    sizes = {len(values) for values in columns.values()}
    if len(sizes) > 1:
        raise OwnRatingsError("the columns are not equally long")
    if sizes == {0}:
        raise OwnRatingsError("there are no ratings")
    texts = {name: _as_texts(name, columns[name]) for name in ("user_id", "movie_title")}
    stars = [_as_stars(value, row, scale) for row, value in enumerate(columns["user_rating"], 1)]
    first = {}
    for row, pair in enumerate(zip(*texts.values()), 1):
        if first.setdefault(pair, row) != row:
            raise OwnRatingsError(
                f"rows {first[pair]} and {row}: user {pair[0]} has rated {pair[1]!r} twice; "
                "keep one of the two"
            )
    encoded = {name: np.array([t.encode() for t in values]) for name, values in texts.items()}
    return encoded | {"user_rating": np.array(stars, np.float32)}


def _read_csv(path):
    try:
        with open(path, newline="", encoding="utf-8-sig") as file:
            names, *lines = [line for line in csv.reader(file, strict=True) if line] or [[]]
    except OSError as error:
        raise OwnRatingsError(f"{path} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise OwnRatingsError(f"{path} is not UTF-8 text; save it as UTF-8") from None
    except csv.Error as error:
        raise OwnRatingsError(f"{path} is not a CSV file: {error}") from None
    if not lines:
        raise OwnRatingsError(f"there are no ratings in {path}")
    for row, line in enumerate(lines, 1):
        if len(line) != len(names):
            raise OwnRatingsError(
                f"row {row} has {len(line)} cells, but there are {len(names)} columns; put quotes "
                "around a title that has a comma"
            )
    return dict(zip([name.strip() for name in names], zip(*lines)))


def _as_list(values, what):
    try:
        return list(values)
    except TypeError:
        raise OwnRatingsError(f"{what} is {values!r}, not a column or columns") from None


def _as_texts(name, values):
    texts = []
    for row, value in enumerate(values, 1):
        if isinstance(value, bytes):
            value = value.decode(errors="surrogateescape")
        if isinstance(value, (int, np.integer)) and not isinstance(value, bool):
            value = str(value)
        if not isinstance(value, str):
            raise OwnRatingsError(f"row {row}: {name} is {value!r}, not text; read it as text")
        if not value.strip():
            raise OwnRatingsError(f"row {row}: {name} is empty")
        if name == "user_id" and re.fullmatch(r"\d+\.0+", value.strip()):
            whole = value.strip().partition(".")[0]
            raise OwnRatingsError(f"row {row}: user_id is {value!r}; an id is text: write {whole}")
        if not value.isascii() and not _is_utf8(value):
            raise OwnRatingsError(f"row {row}: {name} is {value!r}, which is not UTF-8 text")
        texts.append(value.strip())
    return texts


def _is_utf8(text):
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _as_stars(value, row, scale):
    low, high = scale
    try:
        stars = float(value if np.isrealobj(value) else "")  # NumPy's own would drop a part
    except (TypeError, ValueError, OverflowError):
        raise OwnRatingsError(f"row {row}: user_rating is {value!r}, not a number") from None
    if not low <= stars <= high:  # also where it is not a number (nan)
        raise OwnRatingsError(f"row {row}: user_rating is {value}, not from {low} to {high}")
    return stars
