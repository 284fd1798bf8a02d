"""Titles of movies as different people write them, and the one that a catalogue has."""

import re
import unicodedata
from collections import defaultdict
from typing import NamedTuple

from rapidfuzz import fuzz, process

NEAR = 3  # near titles that are named for one that is missing
NEAR_ENOUGH = 60  # of 100
ARTICLES = {
    "the", "a", "an", "la", "le", "les", "l'", "il", "lo", "gli", "i", "el", "los", "las", "der",
    "die", "das", "un", "une", "ein", "eine", "o", "os", "as", "det", "den", "en", "ett", "de",
    "het",
}  # fmt: skip
UNLIKE_LETTERS = str.maketrans(
    {"ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"}
)


class Matches(NamedTuple):
    """What `match_titles` returns.

    Attributes:
        found: dict from each given title that was found to the catalogue's title.
        missing: dict from each other one to a list of up to three titles near it.
        report: how many there are of both, as text.
    """

    found: dict
    missing: dict
    report: str


def match_titles(titles, catalogue):
    """Find titles in a catalogue, whichever way they are written.

    "The Godfather (1972)" finds "Godfather, The (1972)": case, accents, signs, "&", articles in
    front and alternative titles in brackets make no difference. A year may differ by one, as those
    of premieres do; a title without a year is found if only one movie has this name. Nothing that
    is only similar is found.

    Args:
        titles: the titles to find, str or bytes; equal ones count once.
        catalogue: the titles to choose from, str or bytes.

    Returns:
        `Matches`, with titles as they were given.

    Example:
        match_titles(["The Godfather (1972)"], titles).found
    """
    by_name = defaultdict(dict)  # name to year to the catalogue's title
    texts = {}
    for title in _distinct(catalogue):
        texts[title] = _text(title)
        names, year = _names(texts[title])
        for name in names:
            by_name[name].setdefault(year, []).append(title)
    found, missing = {}, {}
    for title in _distinct(titles):
        candidates = _candidates(title, by_name)
        if len(candidates) == 1:
            found[title] = candidates[0]
        else:
            missing[title] = candidates[:NEAR] or _near(title, texts)
    several = len(found) - len(set(found.values()))
    report = f"{len(found):,} of {len(found) + len(missing):,} titles found"
    if several:
        report += f"; {several:,} of them mean a movie that another one means too"
    return Matches(found, missing, report)


def _candidates(title, by_name):
    names, year = _names(_text(title))
    for name in names:
        years = by_name.get(name, {})
        if year is None:
            return [one for ones in years.values() for one in ones]
        for near in (year, year - 1, year + 1):
            if near in years:
                return years[near]
    return []


def _near(title, texts):
    found = process.extract(
        _text(title).casefold(), texts, scorer=fuzz.token_set_ratio,
        processor=str.casefold, limit=NEAR, score_cutoff=NEAR_ENOUGH,
    )  # fmt: skip
    return [near for _, _, near in found]


def _distinct(titles):
    return dict.fromkeys(titles.tolist() if hasattr(titles, "tolist") else titles)


def _text(title):
    return title.decode(errors="replace") if isinstance(title, bytes) else str(title)


def _names(title):
    """Return the names that a title stands for, comparable, and its year; None without one."""
    parts = re.fullmatch(r"(.*?)\s*(?:\((\d{4})(?:/[IVX]+)?\))?\s*(?:\(T?V\))?\s*", title, re.S)
    name, year = parts[1], parts[2] and int(parts[2])
    alternatives = re.fullmatch(r"(.+?)\s*\((?:a\.?k\.?a\.?\s+)?([^()]+)\)", name)
    names = [name, *(alternatives.groups() if alternatives else ())]
    return list(dict.fromkeys(filter(None, map(_comparable, names)))), year


def _comparable(name):
    """Return a name without what people write in different ways: "thegodfather"."""
    name = unicodedata.normalize("NFKD", name.casefold().translate(UNLIKE_LETTERS))
    rest, _, article = name.rpartition(", ")
    if article in ARTICLES:
        name = f"{article} {rest}"
    return re.sub(r"[\W_]+", "", name.replace("&", " and "))
