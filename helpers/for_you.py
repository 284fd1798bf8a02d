"""The "For you" page: what a user rated highest, what the user is offered, and why."""

import html
import zlib
from typing import NamedTuple

import ipywidgets
import numpy as np
from IPython.display import display

from helpers.keras2 import tf

RATED = 5  # how many of the user's own ratings to show
REASONS = 2  # how many of the ratings that moved a movie up
WIDGET = "application/vnd.jupyter.widget-view+json"
KNOWN = ("rated highest", "is offered, with predicted stars")
UNKNOWN = (
    "is unknown: no training rating has this id",
    "is offered what suits the average user, with predicted stars",
)
YOURS = (
    "rated highest",
    "are offered, with predicted stars, and what your ratings add to each score",
)
NOTHING_YET = (
    "have rated nothing yet",
    "are offered what suits the average user, with predicted stars",
)


class Page(NamedTuple):
    """What one user sees.

    Attributes:
        user_id: str; None is you, who bring your ratings along.
        rated: list of (title, stars) that the user rated highest, the latest first among equals;
            empty if the user is unknown.
        offered: list of (title, predicted stars), the best recommendation first.
        why: list with a text for each that is offered; empty where the model cannot say.
    """

    user_id: str | None
    rated: list
    offered: list
    why: list = ()


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


def page_of_yours(newcomers, ratings):
    """Return your `Page`, with the ratings that moved each movie up.

    Args:
        newcomers: a `NewUsers`.
        ratings: dict from title (str) to stars from 1 to 5, the latest last.

    Raises:
        ValueError: a title is not known, or stars are none; the message names it.
    """
    offers = newcomers.recommend(ratings)
    latest_first = list(ratings.items())[::-1]
    rated = sorted(latest_first, key=lambda pair: -pair[1])[:RATED]
    why = [_reason(list(ratings), shares) for shares in offers.shares] if ratings else []
    offered = list(zip(offers.titles, offers.stars.tolist()))
    return Page(None, [(title, float(stars)) for title, stars in rated], offered, why)


def _reason(titles, shares):
    """Return what all ratings add to a score, and the most that single ones do."""
    most = [place for place in np.argsort(-shares)[:REASONS] if shares[place] > 0]
    named = ", ".join(f"{titles[place]} {shares[place]:+.2f}" for place in most)
    return f"{shares.sum():+.2f}" + (f": {named}" if named else "")


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
        name, rated, offered = _headings(page)
        lines.append(f"{name} {rated}{':' if page.rated else ''}")
        lines += [f"  {stars:.1f}  {title}" for title, stars in page.rated]
        lines.append(f"and {offered}:")
        for (title, stars), why in zip(page.offered, page.why or [""] * len(page.offered)):
            lines.append(f"  {stars:.1f}  {title}" + (f"  ({why})" if why else ""))
    return "\n".join(lines)


def _headings(page):
    if page.user_id is None:
        return "You", *(YOURS if page.rated else NOTHING_YET)
    return f"User {page.user_id}", *(KNOWN if page.rated else UNKNOWN)


def _page(page):
    name, rated, offered = _headings(page)
    return (
        f"<b>{html.escape(name)}</b><br>{rated}"
        f"<table>{_rows(page.rated)}</table>{offered}<table>{_rows(page.offered, page.why)}</table>"
    )


def _rows(movies, why=()):
    return "".join(
        f'<tr><td style="text-align: left">{html.escape(title)}</td>'
        f'<td style="text-align: left; white-space: nowrap">{_bar(stars)} {stars:.1f}</td>'
        + (f'<td style="text-align: left">{html.escape(reason)}</td></tr>' if reason else "</tr>")
        for (title, stars), reason in zip(movies, why or [""] * len(movies))
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
    pages = [page_of(recommender, train, user_id) for user_id in (left, right)]
    columns = []
    for page in pages:
        choice = ipywidgets.Combobox(
            value=page.user_id, options=users, description="User", continuous_update=False
        )
        choice.layout.width = "16em"
        shown = ipywidgets.HTML(as_html(page))

        def update(change, shown=shown):
            shown.value = as_html(page_of(recommender, train, change["new"].strip()))

        choice.observe(update, names="value")
        columns.append(ipywidgets.VBox([choice, shown]))
    _display(ipywidgets.HBox(columns), *pages)


def show_yours(newcomers, ratings):
    """Display your page, with fields to rate one more movie, or one of them anew.

    Where widgets do not run, such as on GitHub, the page is shown as it is.

    Args:
        newcomers: a `NewUsers`.
        ratings: dict from title (str) to stars from 1 to 5, typed or read; it is left as it is.

    Raises:
        ValueError: a title is not known, or stars are none; the message names it.
    """
    ratings = dict(ratings)
    first = page_of_yours(newcomers, ratings)
    title = ipywidgets.Combobox(options=newcomers.titles, description="Movie")
    title.layout.width = "30em"
    choices = [(f"{half / 2:g}", half / 2) for half in range(10, 1, -1)] + [("not rated", None)]
    stars = ipywidgets.Dropdown(options=choices, description="Stars")
    stars.layout.width = "14em"
    rate = ipywidgets.Button(description="Rate")
    said, shown = ipywidgets.HTML(), ipywidgets.HTML(as_html(first))

    def update(_):
        name = title.value.strip()
        changed = {other: value for other, value in ratings.items() if other != name}
        if stars.value is not None:
            changed[name] = stars.value
        try:
            shown.value = as_html(page_of_yours(newcomers, changed))
        except ValueError as error:  # of a title that is not known
            said.value = html.escape(str(error))
            return
        said.value = ""
        ratings.clear()
        ratings.update(changed)

    rate.on_click(update)
    _display(ipywidgets.VBox([ipywidgets.HBox([title, stars, rate]), said, shown]), first)


def _display(box, *pages):
    """Display a box that is alive, and below it the pages as they are now.

    Where the box lives, a style in it hides the pages below. Reopened without its kernel,
    JupyterLab shows "Error displaying widget" in its place, whatever else the same output holds, so
    the pages are an output of their own.
    """
    still = as_html(*pages)
    name = f"for-you-{zlib.crc32(still.encode()):08x}"
    alive = ipywidgets.VBox([ipywidgets.HTML(f"<style>.{name} {{display: none}}</style>"), box])
    view = alive._repr_mimebundle_()[WIDGET]
    display({WIDGET: view, "text/html": "", "text/plain": ""}, raw=True)
    bundle = {"text/html": f'<div class="{name}">{still}</div>', "text/plain": as_text(*pages)}
    display(bundle, raw=True)
