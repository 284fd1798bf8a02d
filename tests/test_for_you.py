"""Pages show what a user has rated highest, and what a recommender offers."""

import html
import json
from html.parser import HTMLParser

import ipywidgets
import numpy as np
import pytest
import tiny

from helpers import for_you
from helpers.data.ratings import prepare_rows
from helpers.data.simulation import simulate
from helpers.keras2 import tf
from helpers.models.two_stages import SHOWN


@pytest.fixture(scope="module")
def rows():
    """Return 6,000 simulated ratings; some users have rated nearly all 150 movies."""
    return prepare_rows(simulate(6_000, users=80, movies=150).ratings)


@pytest.fixture(scope="module")
def recommender(rows):
    return tiny.make_recommender(rows)


@pytest.fixture(scope="module")
def exported(recommender, tmp_path_factory):
    folder = str(tmp_path_factory.mktemp("exported"))
    tf.saved_model.save(recommender, folder, signatures=recommender.recommend)
    return folder


class Offering:
    """Stands for a recommender; offers everybody the same two titles."""

    def recommend(self, user_id):
        assert user_id.shape == (1,)
        return {
            "titles": tf.constant([[b"Tom & <i>Jerry</i>", "Amélie (2001)".encode()]]),
            "scores": tf.constant([[0.5, -1.5]]),
            "stars": tf.constant([[4.25, 1.0]]),
        }


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


def test_page_holds_the_highest_rated_the_latest_first_among_equals():
    stars = [3, 5, 4, 5, 1, 5, 4, 2, 5]
    times = [9, 1, 5, 3, 9, 2, 7, 9, 8]
    train = {
        "user_id": np.array([b"9"] * 8 + [b"99"]),
        "movie_title": np.array([f"Movie {i}".encode() for i in range(9)]),
        "user_rating": np.array(stars, np.float32),
        "timestamp": np.array(times),
    }
    page = for_you.page_of(Offering(), train, "9")
    assert page.user_id == "9"
    assert page.rated == [
        ("Movie 3", 5.0), ("Movie 5", 5.0), ("Movie 1", 5.0), ("Movie 6", 4.0), ("Movie 2", 4.0)
    ]  # fmt: skip
    assert page.offered == [("Tom & <i>Jerry</i>", 4.25), ("Amélie (2001)", 1.0)]
    assert for_you.page_of(Offering(), train, "99").rated == [("Movie 8", 5.0)]
    assert for_you.page_of(Offering(), train, "999").rated == []


@pytest.mark.parametrize("user_id", ["9", "somebody new"])
def test_page_offers_ten_unseen_titles(recommender, rows, user_id):
    page = for_you.page_of(recommender, rows, user_id)
    mine = rows["movie_title"][rows["user_id"] == user_id.encode()]
    offered = [title for title, _ in page.offered]
    assert len(set(offered)) == SHOWN
    assert not {title.decode() for title in mine} & set(offered)
    assert len(page.rated) == min(len(mine), for_you.RATED)
    assert all(1 <= stars <= 5 for _, stars in page.offered)


def test_page_never_offers_what_has_been_rated():
    """Though a list ends with such movies where there are too few others."""
    few = tiny.make_rows(60, 8, 9)
    recommender = tiny.make_recommender(few)
    for user in np.unique(few["user_id"]):
        known = few["movie_title"][few["user_id"] == user].tolist()
        offered = for_you.page_of(recommender, few, user.decode()).offered
        assert len(offered) == 9 - len(known)
        assert not {title.encode() for title, _ in offered} & set(known)


def test_page_of_a_loaded_model_is_the_same(recommender, exported, rows):
    ours, theirs = (
        for_you.page_of(one, rows, "9") for one in (recommender, tf.saved_model.load(exported))
    )
    assert ours.rated == theirs.rated
    assert ours.offered == [(title, pytest.approx(stars)) for title, stars in theirs.offered]


def test_html_is_escaped(page):
    cells = Cells(for_you.as_html(page))
    assert not {"script", "i"} & set(cells.tags)
    shown = html.unescape(" ".join(cells.texts))
    for text in ("User 1 < 2", '<script>alert("x")</script>', "Tom & Jerry", "2.3"):
        assert text in shown


def test_html_is_a_table_that_needs_no_style_sheet(page):
    cells = Cells(for_you.as_html(page, page))
    assert cells.tags[:3] == ["table", "tr", "td"]
    assert cells.tags.count("table") == 5  # one outside, and two inside for each page
    assert not {"style", "link", "script", "img"} & set(cells.tags)
    assert not {"class", "id", "onclick"} & cells.attributes
    bars = [text for text in cells.texts if set(text) == {"█"}]
    assert [len(bar) for bar in bars] == [10, 5, 2] * 2  # half stars


def test_user_without_ratings_has_a_page():
    page = for_you.Page("new", [], [("Plan 9", 1.0)])
    assert "nothing yet" in Cells(for_you.as_html(page)).texts
    assert "nothing yet" in for_you.as_text(page)


def test_text_lists_both_pages(page):
    lines = for_you.as_text(page, page._replace(user_id="3")).split("\n")
    assert [line for line in lines if line.startswith("User")] == [
        "User 1 < 2 rated highest:", "User 3 rated highest:"
    ]  # fmt: skip
    assert lines.count("  2.3  Tom & Jerry") == lines.count("  1.0  Plan 9") == 2


@pytest.fixture
def shown(monkeypatch, recommender, rows):
    """Return what `show` displays for users 9 and 17, and the box that is alive in it."""
    displayed, boxes = [], []

    class Box(ipywidgets.HBox):
        def __init__(self, children):
            super().__init__(children)
            boxes.append(self)

    monkeypatch.setattr(for_you, "display", lambda *given, **how: displayed.append((given, how)))
    monkeypatch.setattr(ipywidgets, "HBox", Box)
    for_you.show(recommender, rows, "9", "17")
    (((bundle,), how),) = displayed
    assert how == {"raw": True}
    return bundle, *boxes


def test_show_displays_one_bundle_for_wherever_it_is_read(shown, recommender, rows):
    bundle, box = shown
    pages = [for_you.page_of(recommender, rows, user_id) for user_id in ("9", "17")]
    assert bundle["text/html"] == for_you.as_html(*pages)
    assert bundle["text/plain"] == for_you.as_text(*pages)
    view = bundle["application/vnd.jupyter.widget-view+json"]
    assert view["model_id"] == box.model_id
    json.dumps(bundle)  # or it could not be stored in a notebook


def test_each_field_updates_its_own_page(shown, recommender, rows):
    (choice, page), (other_choice, other_page) = (column.children for column in shown[1].children)

    def page_of(user_id):
        return for_you.as_html(for_you.page_of(recommender, rows, user_id))

    assert isinstance(choice, ipywidgets.Combobox)
    assert (choice.value, page.value) == ("9", page_of("9"))
    assert (other_choice.value, other_page.value) == ("17", page_of("17"))
    choice.value = "23"
    assert (page.value, other_page.value) == (page_of("23"), page_of("17"))
    other_choice.value = " 9 "
    assert (page.value, other_page.value) == (page_of("23"), page_of("9"))
    choice.value = "somebody <new>"
    assert page.value == page_of("somebody <new>")
    assert "nothing yet" in page.value
    assert "<new>" not in page.value


def test_fields_offer_every_user_once_in_the_order_of_numbers(shown):
    for column in shown[1].children:
        assert column.children[0].options == tuple(str(i) for i in range(1, 81))
