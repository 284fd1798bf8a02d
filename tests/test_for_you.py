"""The page shows what a user rated highest and is offered, safely, wherever it is read."""

import html
import json
from html.parser import HTMLParser

import ipywidgets
import numpy as np
import pytest

from helpers import for_you
from helpers.data.ratings import prepare_rows, take
from helpers.data.simulation import simulate
from helpers.keras2 import tf
from helpers.models import features, rating, retrieval
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
    (((bundle,), how),) = displayed
    assert how == {"raw": True}
    return bundle, *boxes


def page_for(user_id):
    return for_you.as_html(for_you.page_of(Offering(), TRAIN, user_id))


def test_show_displays_one_bundle_for_wherever_it_is_read(shown):
    bundle, box = shown
    pages = [for_you.page_of(Offering(), TRAIN, user_id) for user_id in ("9", "17")]
    assert bundle["text/html"] == for_you.as_html(*pages)
    assert bundle["text/plain"] == for_you.as_text(*pages)
    view = bundle["application/vnd.jupyter.widget-view+json"]
    assert view["model_id"] == box.model_id
    json.dumps(bundle)  # or it could not be stored in a notebook


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
