"""Movies are found in a catalogue however their titles are written, and no other movie is."""

import re
import unicodedata

import numpy as np
import pytest
from conftest import ROOT

from helpers.data import match_titles, movielens

OTHER_MOVIES = (ROOT / "tests" / "other_movies.txt").read_text("utf-8").splitlines()


@pytest.fixture(scope="module")
def catalogue():
    """Return MovieLens's 1,664 titles, as str."""
    titles = np.unique(movielens.read_ratings("movie_title")["movie_title"])
    return [title.decode() for title in titles]


def cut(title):
    """Return a title's name, and its year with the blank and the brackets."""
    found = re.fullmatch(r"(.*?)( \(\d{4}\))?(?: \(V\))? *", title)
    return found[1], found[2] or ""


def in_front(name):
    """Return a name with its article in front: "The Godfather"."""
    found = re.fullmatch(r"(.+), (The|An?|Il|L[ae]|Les|L'|D[eai][rste]|O)", name)
    return f"{found[2]} {found[1]}".replace("' ", "'") if found else name


def parts_of(name):
    """Return a name and the other one in its brackets, if there is one."""
    found = re.fullmatch(r"(.+?) \((.+)\)", name)
    return found.groups() if found else (name,)


def first_in_front(name):
    return in_front(parts_of(name)[0])


def with_others_in_front(name):
    first, *others = map(in_front, parts_of(name))
    return " ".join([first, *(f"({other})" for other in others)])


WRITTEN = {  # how: function of a name to the ways of writing it
    "as it is": lambda name: [name],
    "article in front": lambda name: [in_front(name)],
    "other title too": lambda name: [with_others_in_front(name)],
    "one of two titles": lambda name: map(in_front, parts_of(name)),
    "one, article behind": parts_of,
    "lower case": lambda name: [in_front(name).lower()],
    "upper case": lambda name: [with_others_in_front(name).upper()],
    "no accents": lambda name: [
        unicodedata.normalize("NFKD", in_front(name)).encode("ascii", "ignore").decode()
    ],
    "accents apart": lambda name: [unicodedata.normalize("NFD", in_front(name))],
    "no signs": lambda name: [re.sub(r"[^\w\s]", "", first_in_front(name))],
    "blanks for signs": lambda name: [re.sub(r"[^\w\s]", " ", first_in_front(name))],
    "dash for colon": lambda name: [first_in_front(name).replace(":", " –")],
    "curly apostrophe": lambda name: [in_front(name).replace("'", "’")],
    "ampersand": lambda name: [re.sub(r"\band\b", "&", in_front(name))],
    "no ampersand": lambda name: [in_front(name).replace("&", "and")],
    "no article": lambda name: [re.sub(r", (The|An?)$", "", parts_of(name)[0])],
    "one more in front": lambda name: [f"Cinema Classics: {first_in_front(name)}"],
}

ALL_BUT_A_FEW = {"one more in front": 0.998}  # "Bewegte Mann, Der (1994)" is two movies' name


def found_share(written, found):
    """Return the share of titles that are found, of a dict from them to what they can mean."""
    for title in written.keys() & found.keys():
        assert found[title] in written[title], title
    return len(written.keys() & found.keys()) / len(written)


@pytest.fixture(scope="module")
def in_all_ways(catalogue):
    """Return, for each way to write, a dict from titles to what they can mean; and the found."""
    ways = {how: {} for how in WRITTEN}
    for title in catalogue:
        name, year = cut(title)
        for how, written in ways.items():
            for other in WRITTEN[how](name):
                written.setdefault(other + year, set()).add(title)
    found, missing, _ = match_titles([title for way in ways.values() for title in way], catalogue)
    assert found.keys() | missing.keys() == set().union(*ways.values())
    return ways, found


@pytest.mark.parametrize("how", WRITTEN)
def test_movies_are_found_however_they_are_written(in_all_ways, how):
    ways, found = in_all_ways
    assert len(ways[how]) >= 1_664
    assert found_share(ways[how], found) >= ALL_BUT_A_FEW.get(how, 1)


def test_movies_are_found_without_a_year_if_there_is_only_one(catalogue):
    written = {}
    for title in catalogue:
        name, _ = cut(title)
        written.setdefault(in_front(name), set()).add(title)
    found, missing, _ = match_titles(written, catalogue)
    assert found.keys() | missing.keys() == written.keys()
    assert found_share(written, found) >= 0.98
    assert missing["Cape Fear"] == ["Cape Fear (1962)", "Cape Fear (1991)"]
    assert all(len(near) == 2 for near in missing.values())


def test_a_long_name_is_found_with_a_year_that_is_one_off(catalogue):
    written = {}
    for title in catalogue:
        name, year = cut(title)
        if year and len(name.split()) >= 4:
            for other in (int(year[2:6]) - 1, int(year[2:6]) + 1):
                written.setdefault(f"{in_front(name)} ({other})", set()).add(title)
    assert len(written) > 700
    found = match_titles(written, catalogue).found
    assert found_share(written, found) == 1


def test_no_other_movie_is_found(catalogue):
    assert len(OTHER_MOVIES) == len(set(OTHER_MOVIES)) > 300
    matches = match_titles(OTHER_MOVIES, catalogue)
    assert matches.found == {}
    assert matches.missing["Titanic (1996)"][0] == "Titanic (1997)"
    assert matches.missing["Alien: Covenant (2017)"] == ["Alien (1979)", "Alien 3 (1992)"]
    assert matches.report == f"0 of {len(OTHER_MOVIES)} titles are found"


NEAR = {  # what is only similar: a title that is near
    "Toy Storey (1995)": "Toy Story (1995)",
    "Three Colours: Red (1994)": "Three Colors: Red (1994)",
    "Star Wars: A New Hope (1977)": "Star Wars (1977)",
    "Star Wars: Episode IV - A New Hope": "Star Wars (1977)",
    "schindlers lst": "Schindler's List (1993)",
    "Godfather": "Godfather, The (1972)",
    "Fargo (1997)": "Fargo (1996)",
    "The Robin Hood Prince (1991)": "Robin Hood: Prince of Thieves (1991)",
    "Godfather 2": "Godfather, The (1972)",
}
OF_OTHER_SITES = {
    "Star Wars: Episode IV - A New Hope (1977)": "Star Wars (1977)",
    "Star Wars: Episode V – The Empire Strikes Back (1980)": "Empire Strikes Back, The (1980)",
    "Empire Strikes Back": "Empire Strikes Back, The (1980)",
    "Léon: The Professional (1994)": "Professional, The (1994)",
    "Monty Python & the Holy Grail (1975)": "Monty Python and the Holy Grail (1974)",
    "Terminator 2 (1991)": "Terminator 2: Judgment Day (1991)",
    "Highlander III": "Highlander III: The Sorcerer (1994)",
    "Naked Gun 33 1/3 (1994)": "Naked Gun 33 1/3: The Final Insult (1994)",
    "Dr. Strangelove (1964)": (
        "Dr. Strangelove or: How I Learned to Stop Worrying and Love the Bomb (1963)"
    ),
}


@pytest.fixture(scope="module")
def matches(catalogue):
    """Return what is found of titles that are each written in a way of their own."""
    return match_titles([*NEAR, *OF_OTHER_SITES], catalogue)


@pytest.mark.parametrize(("title", "near"), NEAR.items())
def test_what_is_only_similar_is_named_as_near(matches, title, near):
    assert title not in matches.found
    assert matches.missing[title][0] == near
    assert len(matches.missing[title]) <= 3


@pytest.mark.parametrize(("title", "found"), OF_OTHER_SITES.items())
def test_titles_as_other_sites_have_them(matches, title, found):
    assert matches.found[title] == found


def test_nothing_near_is_an_empty_list(catalogue):
    odd = ["", "(1990)", "zzzz", "  ", "\0", "?!", "(((", " (1979)" * 300]
    assert match_titles(odd, catalogue).missing == {title: [] for title in odd}


SMALL = ["Se7en (a.k.a. Seven) (1995)", "Matrix, The (1999)", "Øen (Æblet) (2000)", "Widget"]


@pytest.mark.parametrize(
    ("title", "found"),
    [
        ("Seven (1995)", SMALL[0]),
        ("Se7en", SMALL[0]),
        ("the  matrix", SMALL[1]),
        ("matrix (1999)", SMALL[1]),
        ("matrix", None),  # which "The Matrix" need not be
        ("A Matrix (1998)", None),
        ("Oen (2000)", SMALL[2]),
        ("AEBLET (2000)", SMALL[2]),
        ("Widget", SMALL[3]),
        ("widget", SMALL[3]),
        ("Widgets", None),
    ],
)
def test_small_differences(title, found):
    assert match_titles([title], SMALL).found.get(title) == found


@pytest.mark.parametrize(
    ("title", "found", "also"),
    [
        ("Heat", "Heat", "Heat (1995)"),  # as it is written there
        ("The Good, the Bad (1966)", "Good, the Bad, The (1966)", "Good, the Bad (1966)"),
        ("Ami (1990)", "L'Ami (1990)", "Lami (1991)"),
        ("Ami (1990)", "L’Ami (1990)", "Lami (1991)"),
        ("The O (2001)", "O (2001)", "A (2001)"),  # a name that is an article
    ],
)
def test_articles_and_commas_tell_two_movies_apart(title, found, also):
    assert match_titles([title], [also, found]).found == {title: found}
    assert match_titles([title], [found, also]).found == {title: found}


def test_bytes_that_are_no_text_are_found_nowhere():
    title = b"Am\xe9lie (2001)"
    assert match_titles([title], SMALL) == ({}, {title: []}, "0 of 1 titles are found")


def test_titles_keep_their_types():
    known = np.array([b"Am\xc3\xa9lie (2001)", b"Alien (1979)"])
    matches = match_titles(np.array([b"AMELIE (2001)", b"Aliens (1979)"]), known)
    assert matches.found == {b"AMELIE (2001)": b"Am\xc3\xa9lie (2001)"}
    assert matches.missing == {b"Aliens (1979)": [b"Alien (1979)"]}
    assert all(type(title) is bytes for pair in matches.found.items() for title in pair)


def test_two_titles_of_one_movie_are_reported():
    matches = match_titles(["The Matrix (1999)", "Matrix, The (1999)", "X"] * 2, SMALL)
    assert matches.report == (
        "2 of 3 titles are found; 1 of them means a movie that another one means too"
    )
    matches = match_titles(["The Matrix (1999)", "Matrix, The (1999)", "matrix (1999)"], SMALL)
    assert matches.report == (
        "3 of 3 titles are found; 2 of them mean a movie that another one means too"
    )


def test_nothing_to_find_is_reported():
    assert match_titles([], SMALL) == ({}, {}, "0 of 0 titles are found")
    assert match_titles(["a"], []).missing == {"a": []}


def test_year_differs_is_another_movie():
    assert match_titles(["The Matrix (1998)"], SMALL).missing == {"The Matrix (1998)": [SMALL[1]]}
