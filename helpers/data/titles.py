"""Titles of movies as people write them, and the same movies in a catalogue."""

import re
import unicodedata
from collections import defaultdict
from typing import NamedTuple

from rapidfuzz import fuzz, process, utils

NEAR = 3  # titles that are named for one that is missing
NEAR_ENOUGH = 75  # of 100, where all words are the same
ARTICLES = {  # which MovieLens puts behind the name
    "the", "a", "an", "la", "le", "les", "l'", "un", "une", "el", "los", "las", "il", "lo", "gli",
    "i", "der", "die", "das", "ein", "eine", "de", "het", "den", "det", "en", "ett", "o", "os",
    "as",
}  # fmt: skip
UNLIKE_LETTERS = str.maketrans(
    {"ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"}
)


class Matches(NamedTuple):
    """What `match_titles` returns.

    Attributes:
        found: dict from each given title that was found to the catalogue's title.
        missing: dict from each other given title to a list of up to three titles near it.
        report: how many there are of both, as text.
    """

    found: dict
    missing: dict
    report: str


def match_titles(titles, catalogue):
    """Find titles in a catalogue, however they are written.

    "The Godfather (1972)" finds "Godfather, The (1972)". Case, accents, signs, "&" and "and" make
    no difference, nor where the article stands; of a title with others in brackets, each is found.
    A title without a year is found if only one movie has this name. One that is only similar, or
    whose year differs, is not found: it is another movie, or may be.

    Args:
        titles: the titles to find, str or bytes; equal ones count once.
        catalogue: the titles to choose from, str or bytes.

    Returns:
        `Matches`, with titles of the types that were given.

    Example:
        matches = match_titles(["The Godfather (1972)"], np.unique(rows["movie_title"]))
        matches.found["The Godfather (1972)"]
    """
    texts = {title: _text(title) for title in _different(catalogue)}
    as_written = {text: title for title, text in texts.items()}
    by_name = defaultdict(lambda: defaultdict(list))  # name to year to titles
    for title, text in texts.items():
        names, year = _names_and_year(text)
        for name in names:
            by_name[name][year].append(title)
    comparable = {title: utils.default_process(_cut(text)[0]) for title, text in texts.items()}
    found, missing = {}, {}
    for title in _different(titles):
        text = _text(title)
        meant = [as_written[text]] if text in as_written else _meant(text, by_name)
        if len(meant) == 1:
            found[title] = meant[0]
        else:
            missing[title] = meant[:NEAR] or _near(text, comparable)
    report = f"{len(found):,} of {len(found) + len(missing):,} titles are found"
    doubled = len(found) - len(set(found.values()))
    if doubled:
        mean = "mean" if doubled > 1 else "means"
        report += f"; {doubled:,} of them {mean} a movie that another one means too"
    return Matches(found, missing, report)


def _different(titles):
    return dict.fromkeys(titles.tolist() if hasattr(titles, "tolist") else titles)


def _text(title):
    return title.decode(errors="replace") if isinstance(title, bytes) else str(title)


def _meant(text, by_name):
    """Return the catalogue's titles that a title can mean: several only if it leaves that open."""
    names, year = _names_and_year(text)
    for name in names:
        by_year = by_name.get(name, {})
        of_all_years = [title for titles in by_year.values() for title in titles]
        meant = of_all_years if year is None else by_year.get(year, [])[:1]
        if meant:
            return meant
    return []


def _near(text, comparable):
    name = utils.default_process(_cut(text)[0])
    near = process.extract(
        name, comparable, scorer=fuzz.token_set_ratio, limit=NEAR, score_cutoff=NEAR_ENOUGH
    )
    return [title for _, _, title in near]


def _names_and_year(text):
    """Return the names that a title gives, the whole one first, without differences in writing."""
    name, year = _cut(text)
    brackets = re.search(r"(?: \([^()]+\))+$", name)
    names = [name]
    if brackets:
        names.append(name[: brackets.start()])
        names += re.findall(r"\((?:a\.?k\.?a\.? )?([^()]+)\)", brackets[0], re.IGNORECASE)
    return list(dict.fromkeys(filter(None, map(_written_alike, names)))), year


def _cut(text):
    """Return a title's name and year, None without one: "Alien (1979)" is "Alien" and 1979."""
    text = re.sub(r" \(T?V\)$", "", " ".join(text.split()))  # what was made for video or television
    year = re.search(r" \((\d{4})\)$", text)
    return (text[: year.start()], int(year[1])) if year else (text, None)


def _written_alike(name):
    """Return a name without what people write differently: "Sum of Us, The" is "thesumofus"."""
    rest, comma, article = name.casefold().rpartition(", ")
    name = f"{article} {rest}" if comma and article in ARTICLES else name.casefold()
    name = unicodedata.normalize("NFKD", name.translate(UNLIKE_LETTERS))
    return re.sub(r"\band\b|[\W_]", "", name)
