"""Titles of movies as people write them, and the same movies in a catalogue."""

import re
import unicodedata
from collections import defaultdict
from typing import NamedTuple

from rapidfuzz import fuzz, process, utils

NEAR = 3  # titles that are named for one that is missing
NEAR_ENOUGH = 75  # of 100, where all words are the same
UNLIKELY_TWICE = 4  # words of a name that no other movie of the years beside it has
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
    A title without a year is found if only one movie has this name. If only one movie fits, these
    are found too: a title without its article, or with one more ("Godfather (1972)"), but no single
    word without a year; one without the subtitle behind a number, or behind "or:" ("Terminator 2");
    with its year, one with something in front ("Léon: The Professional (1994)") or whose subtitle
    is an episode's ("Star Wars: Episode IV - A New Hope (1977)"); and a name of four words or more
    whose year is one off. Whatever else is only similar is not found: it is another movie, or may
    be. "Robin Hood (1991)" is not "Robin Hood: Prince of Thieves (1991)".

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
    by_name, by_core = (defaultdict(lambda: defaultdict(list)) for _ in range(2))
    for title, text in texts.items():  # name to year to titles
        names, year = _names_and_year(text)
        for name in dict.fromkeys(map(_written_alike, names)):
            by_name[name][year].append(title)
        for core in dict.fromkeys(map(_core, names + _short(names[0]))):
            by_core[core][year].append(title)
    comparable = {title: utils.default_process(_cut(text)[0]) for title, text in texts.items()}
    found, missing = {}, {}
    for title in _different(titles):
        text = _text(title)
        meant = [as_written[text]] if text in as_written else _meant(text, by_name, by_core)
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


def _meant(text, by_name, by_core):
    """Return the catalogue's titles that a title can mean: several only if it leaves that open."""
    names, year = _names_and_year(text)
    for name in map(_written_alike, names):
        by_year = by_name.get(name, {})
        of_all_years = [title for titles in by_year.values() for title in titles]
        meant = of_all_years if year is None else by_year.get(year, [])[:1]
        if name and meant:
            return meant
    return _meant_loosely(names, year, by_core)


def _meant_loosely(names, year, by_core):
    """Return the one title that is meant by names with or without an article, or a part of them."""
    wanted = [core for core in map(_core, names) if core]
    if year is None:
        wanted = [core for core, name in zip(wanted, names) if len(_without_article(name)) > 1]
    else:
        wanted += map(_core, _parts(names[0]))
    for core in wanted:
        by_year = by_core.get(core, {})
        of_all_years = [title for titles in by_year.values() for title in titles]
        meant = of_all_years if year is None else by_year.get(year, [])
        if len(meant) == 1:
            return meant
        if len(of_all_years) == 1 and year is not None and core == _core(names[0]):
            name, other_year = _cut(_text(of_all_years[0]))
            if other_year and abs(other_year - year) == 1 and len(name.split()) >= UNLIKELY_TWICE:
                return of_all_years
    return []


def _near(text, comparable):
    name = utils.default_process(_cut(text)[0])
    near = process.extract(
        name, comparable, scorer=fuzz.token_set_ratio, limit=NEAR, score_cutoff=NEAR_ENOUGH
    )
    return [title for _, _, title in near]


def _names_and_year(text):
    """Return the names that a title gives, the whole one first, and its year."""
    name, year = _cut(text)
    brackets = re.search(r"(?: \([^()]+\))+$", name)
    names = [name]
    if brackets:
        names.append(name[: brackets.start()])
        names += re.findall(r"\((?:a\.?k\.?a\.? )?([^()]+)\)", brackets[0], re.IGNORECASE)
    return names, year


def _short(name):
    """Return a name without its subtitle where no other movie can be meant, in a list."""
    short = re.match(r"(.*?(?:\d|\b[IVX]+))(?:: | - )|(.+?),? or: ", name)
    return [short[1] or short[2]] if short else []


def _parts(name):
    """Return what stands behind each colon or dash of a name, and in front of an episode."""
    ends = re.finditer(r"(?:: | [-–—] )", name)
    episode = re.match(r"(.+?)(?:: | [-–—] )Episode\b", name, re.IGNORECASE)
    return [name[end.end() :] for end in ends] + ([episode[1]] if episode else [])


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


def _without_article(name):
    """Return a name's words, without the article in front or behind."""
    rest, comma, article = name.casefold().rpartition(", ")
    name = rest if comma and article in ARTICLES else name.casefold()
    words = re.sub(r"^l['’]", "l' ", name).split()
    return words[1:] if len(words) > 1 and words[0] in ARTICLES else words


def _core(name):
    return _written_alike(" ".join(_without_article(name)))
