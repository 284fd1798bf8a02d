"""The page shows what a user rated highest and is offered, safely, wherever it is read."""

import html
import json
import re
from html.parser import HTMLParser

import ipywidgets
import numpy as np
import pytest
import tiny

from helpers import for_you
from helpers.data.ratings import prepare_rows, take
from helpers.data.simulation import simulate
from helpers.keras2 import tf
from helpers.models import features, rating, retrieval
from helpers.models.new_user import NewUsers
from helpers.models.two_stages import SHOWN, Recommender

TITLES = [b"Tom & <i>Jerry</i>", "Amélie (2001)".encode(), b"Plan 9"]


class Offering:
    """Stands for a recommender; offers everybody the same titles, the last of them as seen."""

    def __init__(self):
        self.asked = []

    def recommend(self, user_id):
        assert user_id.shape == (1,)
        self.asked.append(user_id[0].numpy().decode())
        return {
            "titles": tf.constant([TITLES]),
            "scores": tf.constant([[0.5, -1.5, -np.inf]]),
            "stars": tf.constant([[4.25, 1.0, 5.0]]),
        }


def rows(*ratings):
    """Return training rows.

    Args:
        ratings: tuples of user, movie, stars and time.
    """
    users, movies, stars, times = zip(*ratings)
    return {
        "user_id": np.array([str(user).encode() for user in users]),
        "movie_title": np.array([movie.encode() for movie in movies]),
        "user_rating": np.array(stars, np.float32),
        "timestamp": np.array(times),
    }


# What it shows


def test_page_holds_the_highest_rated_the_latest_first_among_equals():
    train = rows(
        (9, "three", 3, 9), (9, "five, first", 5, 1), (9, "four, early", 4, 5),
        (9, "five, last", 5, 3), (9, "one", 1, 9), (9, "five, second", 5, 2),
        (9, "four, late", 4, 7), (9, "two", 2, 9), (99, "of user 99", 5, 8),
    )  # fmt: skip
    page = for_you.page_of(Offering(), train, "9")
    assert page.user_id == "9"
    assert page.rated == [
        ("five, last", 5.0), ("five, second", 5.0), ("five, first", 5.0), ("four, late", 4.0),
        ("four, early", 4.0),
    ]  # fmt: skip
    assert for_you.page_of(Offering(), train, 99).rated == [("of user 99", 5.0)]


def test_page_offers_in_the_recommenders_order_and_nothing_seen():
    recommender = Offering()
    page = for_you.page_of(recommender, rows((9, "A", 3, 1)), "9")
    assert page.offered == [("Tom & <i>Jerry</i>", 4.25), ("Amélie (2001)", 1.0)]
    assert recommender.asked == ["9"]


def test_unknown_user_has_rated_nothing_and_is_offered_something():
    recommender = Offering()
    page = for_you.page_of(recommender, rows((9, "A", 3, 1)), "99")
    assert page.rated == [] and len(page.offered) == 2
    assert recommender.asked == ["99"]


@pytest.fixture(scope="module")
def simulated():
    return prepare_rows(simulate(1_500, users=40, movies=60).ratings)


@pytest.fixture(scope="module")
def recommender(simulated):
    """Return a real one; that it has learned nothing does not matter to the page."""
    known = features.make_features(simulated)
    ranker = rating.RatingModel(known)
    ranker(take(known, slice(1)))  # makes its weights
    return Recommender(retrieval.Retriever(simulated), ranker, simulated)


@pytest.mark.parametrize("user_id", ["9", "somebody new"])
def test_page_offers_ten_unseen_titles(recommender, simulated, user_id):
    page = for_you.page_of(recommender, simulated, user_id)
    mine = simulated["movie_title"][simulated["user_id"] == user_id.encode()]
    offered = [title for title, _ in page.offered]
    assert len(set(offered)) == SHOWN
    assert not {title.decode() for title in mine} & set(offered)
    assert len(page.rated) == min(len(mine), for_you.RATED)
    assert all(1 <= stars <= 5 for _, stars in page.offered)


def test_page_of_a_loaded_model_is_the_same(recommender, simulated, tmp_path):
    tf.saved_model.save(recommender, str(tmp_path), signatures=recommender.recommend)
    loaded = tf.saved_model.load(str(tmp_path))
    ours, theirs = (for_you.page_of(one, simulated, "9") for one in (recommender, loaded))
    assert ours.rated == theirs.rated
    assert ours.offered == [(title, pytest.approx(stars)) for title, stars in theirs.offered]


# As HTML and as text


class Cells(HTMLParser):
    """Collect tags, attributes and texts; complain where a tag is not closed in turn."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.attributes, self.texts, self.open = [], set(), [], []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes |= {name for name, _ in attrs}
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.texts.append(data.strip())


@pytest.fixture
def page():
    rated = [('<script>alert("x")</script>', 5.0)]
    return for_you.Page("1 < 2", rated, [("Tom & Jerry", 2.26), ("Plan 9", 1.0)])


def test_html_is_escaped(page):
    cells = Cells(for_you.as_html(page))
    assert not {"script", "i"} & set(cells.tags)
    shown = html.unescape(" ".join(cells.texts))
    for text in ("User 1 < 2", '<script>alert("x")</script>', "Tom & Jerry", "2.3"):
        assert text in shown


def test_html_reads_in_the_order_of_the_page(page):
    texts = [text for text in Cells(for_you.as_html(page)).texts if "█" not in text]
    assert texts == [
        "User 1 < 2", "rated highest", '<script>alert("x")</script>', "5.0",
        "is offered, with predicted stars", "Tom & Jerry", "2.3", "Plan 9", "1.0",
    ]  # fmt: skip


def test_html_is_a_table_that_needs_no_style_sheet(page):
    cells = Cells(for_you.as_html(page, page))
    assert cells.tags[:3] == ["table", "tr", "td"]
    assert cells.tags.count("table") == 5  # one outside, and two inside for each page
    assert not {"style", "link", "script", "img"} & set(cells.tags)
    assert not {"class", "id", "onclick"} & cells.attributes
    bars = [text for text in cells.texts if set(text) == {"█"}]
    assert [len(bar) for bar in bars] == [10, 5, 2] * 2  # half stars


def test_unknown_user_is_called_unknown():
    page = for_you.Page("new", [], [("Plan 9", 1.0)])
    unknown = "is unknown: no training rating has this id"
    offered = "is offered what suits the average user, with predicted stars"
    texts = [text for text in Cells(for_you.as_html(page)).texts if text and "█" not in text]
    assert texts == ["User new", unknown, offered, "Plan 9", "1.0"]
    assert for_you.as_text(page).split("\n") == [
        f"User new {unknown}", f"and {offered}:", "  1.0  Plan 9"
    ]  # fmt: skip


def test_text_lists_both_pages(page):
    one = [
        '  5.0  <script>alert("x")</script>', "and is offered, with predicted stars:",
        "  2.3  Tom & Jerry", "  1.0  Plan 9",
    ]  # fmt: skip
    assert for_you.as_text(page, page._replace(user_id="3")).split("\n") == [
        "User 1 < 2 rated highest:", *one, "User 3 rated highest:", *one
    ]  # fmt: skip


# Your own page


@pytest.fixture(scope="module")
def newcomers(simulated):
    """Return one whose vectors are scattered, in place of trained."""
    known = features.make_features(simulated)
    factors = rating.RatingModel(known, parts=())
    factors(take(known, slice(1)))  # makes its weights
    return NewUsers(tiny.scatter_weights(factors), tiny.make_retriever(simulated), simulated)


def test_your_page_says_which_ratings_moved_a_movie_up(newcomers):
    mine = dict(zip(newcomers.titles[3:7], (5, 2, 4.5, 1)))
    offers, page = newcomers.recommend(mine), for_you.page_of_yours(newcomers, mine)
    assert page.user_id is None
    assert page.rated == sorted(mine.items(), key=lambda pair: -pair[1])
    assert page.offered == list(zip(offers.titles, offers.stars.tolist()))
    for why, shares in zip(page.why, offers.shares, strict=True):
        first, *others = re.findall(r"[+-]\d+\.\d\d", why)
        assert first == f"{shares.sum():+.2f}"
        most = [share for share in sorted(shares, reverse=True)[:2] if share > 0]
        assert others == [f"{share:+.2f}" for share in most]
    assert f"({page.why[0]})" in for_you.as_text(page)
    assert page.why[0] in Cells(for_you.as_html(page)).texts


def test_latest_of_your_equal_ratings_stands_first(newcomers):
    mine = dict.fromkeys(newcomers.titles[:7], 4)
    page = for_you.page_of_yours(newcomers, mine)
    assert [title for title, _ in page.rated] == newcomers.titles[6:1:-1]


def test_without_ratings_you_are_told_so(newcomers):
    page = for_you.page_of_yours(newcomers, {})
    assert page.rated == page.why == []
    assert len(page.offered) == SHOWN
    assert for_you.as_text(page).startswith(
        "You have rated nothing yet\nand are offered what suits"
    )


def test_reasons_are_escaped():
    page = for_you.Page(None, [("a", 5.0)], [("Plan 9", 1.0)], ["+0.10: <b>Tom & Jerry +0.10"])
    assert "+0.10: <b>Tom & Jerry +0.10" in Cells(for_you.as_html(page)).texts


@pytest.fixture
def yours(newcomers, monkeypatch):
    """Return what is typed into, and what is shown, by name; and the ratings that were given."""
    boxes, given = [], dict(zip(newcomers.titles[:2], (5, 2)))

    class Box(ipywidgets.HBox):
        def __init__(self, children):
            super().__init__(children)
            boxes.append(self)

    class Column(ipywidgets.VBox):
        def __init__(self, children):
            super().__init__(children)
            boxes.append(self)

    monkeypatch.setattr(for_you, "display", lambda *given, **how: None)
    monkeypatch.setattr(ipywidgets, "HBox", Box)
    monkeypatch.setattr(ipywidgets, "VBox", Column)
    for_you.show_yours(newcomers, given)
    (title, stars, rate), (_, said, shown) = boxes[0].children, boxes[1].children
    return title, stars, rate, said, shown, given


def test_a_rating_that_is_typed_changes_your_page(yours, newcomers):
    title, stars, rate, said, shown, given = yours

    def page(ratings):
        return for_you.as_html(for_you.page_of_yours(newcomers, ratings))

    assert shown.value == page(given)
    title.value, stars.value = f" {newcomers.titles[5]} ", 4.5
    assert shown.value == page(given)  # nothing before the button
    rate.click()
    more = given | {newcomers.titles[5]: 4.5}
    assert (shown.value, said.value) == (page(more), "")
    title.value, stars.value = newcomers.titles[0], None
    rate.click()
    assert shown.value == page({t: s for t, s in more.items() if t != newcomers.titles[0]})
    assert len(given) == 2  # what was given is left as it was


def test_an_unknown_title_is_said_and_changes_nothing(yours):
    title, _, rate, said, shown, _ = yours
    before = shown.value
    title.value = "<i>Nothing"
    rate.click()
    assert shown.value == before
    assert "there is no movie" in said.value and "&lt;i&gt;Nothing" in said.value
    title.value = title.options[4]
    rate.click()
    assert (said.value, shown.value == before) == ("", False)


@pytest.mark.parametrize("bad", [{"No such movie": 5}, {"Simulated": 12}])
def test_wrong_ratings_are_refused_before_anything_is_shown(newcomers, bad):
    if "Simulated" in bad:
        bad = {newcomers.titles[0]: 12}
    with pytest.raises(ValueError, match=r"No such movie|12, which is not a number of stars"):
        for_you.show_yours(newcomers, bad)


# Shown, with fields to choose users

TRAIN = rows(*((user, f"rated by {user}", 1 + user % 5, user) for user in (17, 9, 23, 9, 100)))


@pytest.fixture
def shown(monkeypatch):
    """Return what `show` displays for users 9 and 17, and the box that is alive in it."""
    displayed, boxes = [], []

    class Box(ipywidgets.HBox):
        def __init__(self, children):
            super().__init__(children)
            boxes.append(self)

    monkeypatch.setattr(for_you, "display", lambda *given, **how: displayed.append((given, how)))
    monkeypatch.setattr(ipywidgets, "HBox", Box)
    for_you.show(Offering(), TRAIN, "9", "17")
    return displayed, boxes[-1]


def page_for(user_id):
    return for_you.as_html(for_you.page_of(Offering(), TRAIN, user_id))


def test_show_displays_what_is_alive_and_the_pages_as_they_are(shown):
    (((alive,), how), ((still,), also)), box = shown
    assert how == also == {"raw": True}
    pages = [for_you.page_of(Offering(), TRAIN, user_id) for user_id in ("9", "17")]
    assert set(still) == {"text/html", "text/plain"}  # no widget, which JupyterLab would prefer
    assert for_you.as_html(*pages) in still["text/html"]
    assert still["text/plain"] == for_you.as_text(*pages)
    view = alive.pop(for_you.WIDGET)
    assert alive == {"text/html": "", "text/plain": ""}
    (outer,) = [w for w in ipywidgets.Widget.widgets.values() if w.model_id == view["model_id"]]
    style, inner = outer.children
    assert inner is box
    (name,) = re.findall(r'^<div class="(for-you-\w+)">', still["text/html"])
    assert style.value == f"<style>.{name} {{display: none}}</style>"
    json.dumps(view)  # or it could not be stored in a notebook


def test_each_field_updates_its_own_page(shown):
    (choice, page), (other_choice, other_page) = (column.children for column in shown[1].children)
    assert isinstance(choice, ipywidgets.Combobox)
    assert (choice.value, page.value) == ("9", page_for("9"))
    assert (other_choice.value, other_page.value) == ("17", page_for("17"))
    choice.value = "23"
    assert (page.value, other_page.value) == (page_for("23"), page_for("17"))
    other_choice.value = " 9 "
    assert (page.value, other_page.value) == (page_for("23"), page_for("9"))
    choice.value = "somebody <new>"
    assert page.value == page_for("somebody <new>")
    assert "is unknown" in page.value
    assert "<new>" not in page.value


def test_fields_offer_every_user_once_in_the_order_of_numbers(shown):
    for column in shown[1].children:
        assert column.children[0].options == ("9", "17", "23", "100")
