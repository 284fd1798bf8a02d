"""The "For you" page: what a user rated highest, and what the user is offered."""

import html
from typing import NamedTuple

import ipywidgets
import numpy as np
from IPython.display import display

from helpers.keras2 import tf

RATED = 5  # how many of the user's own ratings to show
KNOWN = ("rated highest", "is offered, with predicted stars")
UNKNOWN = (
    "is unknown: no training rating has this id",
    "is offered what suits the average user, with predicted stars",
)


class Page(NamedTuple):
    """What one user sees.

    Attributes:
        user_id: str.
        rated: list of (title, stars) that the user rated highest, the latest first among equals;
            empty if the user is unknown.
        offered: list of (title, predicted stars), the best recommendation first.
    """

    user_id: str
    rated: list
    offered: list


def page_of(recommender, train, user_id):
    """Return the `Page` of a user; one without ratings is offered what suits the average user.

    Args:
        recommender: a `Recommender`, or what `tf.saved_model.load` returns for one.
        train: its training rows.
        user_id: str.
    """
    mine = np.flatnonzero(train["user_id"] == str(user_id).encode())
    stars, times = train["user_rating"][mine], train["timestamp"][mine]
    best = mine[np.lexsort((-times, -stars))][:RATED]
    top = recommender.recommend(tf.constant([str(user_id)]))
    titles, scores, offered_stars = (top[name][0].numpy() for name in ("titles", "scores", "stars"))
    unseen = np.isfinite(scores)
    return Page(
        str(user_id),
        [(train["movie_title"][row].decode(), float(train["user_rating"][row])) for row in best],
        [(t.decode(), float(s)) for t, s in zip(titles[unseen], offered_stars[unseen])],
    )


def as_html(*pages):
    """Return pages side by side as one HTML table, readable without any style sheet."""
    cells = "".join(
        f'<td style="vertical-align: top; text-align: left; padding-right: 2em">{_page(page)}</td>'
        for page in pages
    )
    return f"<table><tr>{cells}</tr></table>"


def as_text(*pages):
    """Return pages one below the other, as plain text."""
    lines = []
    for page in pages:
        rated, offered = KNOWN if page.rated else UNKNOWN
        lines.append(f"User {page.user_id} {rated}{':' if page.rated else ''}")
        lines += [f"  {stars:.1f}  {title}" for title, stars in page.rated]
        lines.append(f"and {offered}:")
        lines += [f"  {stars:.1f}  {title}" for title, stars in page.offered]
    return "\n".join(lines)


def _page(page):
    rated, offered = KNOWN if page.rated else UNKNOWN
    return (
        f"<b>User {html.escape(page.user_id)}</b><br>{rated}"
        f"<table>{_rows(page.rated)}</table>{offered}<table>{_rows(page.offered)}</table>"
    )


def _rows(movies):
    return "".join(
        f'<tr><td style="text-align: left">{html.escape(title)}</td>'
        f'<td style="text-align: left; white-space: nowrap">{_bar(stars)} {stars:.1f}</td></tr>'
        for title, stars in movies
    )


def _bar(stars):
    """Return a bar of text, a block per half star, which GitHub shows too."""
    return f'<span aria-hidden="true" style="color: #0072B2">{"█" * round(2 * stars)}</span>'


def show(recommender, train, left, right):
    """Display two users' pages side by side, with a field each to choose another user.

    Where widgets do not run, such as on GitHub, the two pages are shown as they are.

    Args:
        recommender, train: as `page_of` takes them.
        left, right: user ids, str.
    """
    users = sorted({user.decode() for user in train["user_id"]}, key=lambda user: (len(user), user))
    columns = []
    for user_id in (left, right):
        choice = ipywidgets.Combobox(
            value=user_id, options=users, description="User", continuous_update=False
        )
        choice.layout.width = "16em"
        page = ipywidgets.HTML(as_html(page_of(recommender, train, user_id)))

        def update(change, page=page):
            page.value = as_html(page_of(recommender, train, change["new"].strip()))

        choice.observe(update, names="value")
        columns.append(ipywidgets.VBox([choice, page]))
    box = ipywidgets.HBox(columns)
    pages = [page_of(recommender, train, user_id) for user_id in (left, right)]
    bundle = {"text/html": as_html(*pages), "text/plain": as_text(*pages)}
    display({**box._repr_mimebundle_(), **bundle}, raw=True)
