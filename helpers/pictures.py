"""The pictures of the course, all in one style, each with a text that says what it shows.

Colours are Okabe and Ito's, which colour-blind readers can tell apart
(Okabe and Ito, "Color Universal Design", 2008).
"""

import base64
import io
import math

import matplotlib
import matplotlib.pyplot as plt
import numpy as np
from IPython.display import display

from helpers.lessons import LESSONS, lesson_of

BLUE, ORANGE, GREEN, GREY = "#0072B2", "#E69F00", "#009E73", "#6E6E6E"
STYLE = {
    "figure.figsize": (7.2, 3.4),  # inches; fits JupyterLab's default width
    "figure.facecolor": "white",  # also in JupyterLab's dark theme
    "figure.constrained_layout.use": True,
    "font.size": 11,
    "axes.titlesize": 12,
    "axes.titlelocation": "left",
    "axes.titleweight": "bold",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "axes.prop_cycle": matplotlib.cycler(color=[BLUE, ORANGE, GREEN, GREY]),
    "grid.color": "#E5E5E5",
    "legend.frameon": False,
    "lines.linewidth": 2,
}
MOST_IN_A_ROW = 8  # lessons in the pipeline's picture
PIXELS_PER_INCH, SCALE = 100, 1.5  # drawn larger than shown, to be sharp on fine screens

plt.rcParams.update(STYLE)


def show(figure, text, printed=None):
    """Display a figure as PNG and close it.

    Args:
        figure: a matplotlib figure.
        text: what the picture shows, for those who cannot see it.
        printed: what stands in its place where no picture can; by default the same text.
    """
    png = io.BytesIO()
    figure.savefig(png, format="png", dpi=PIXELS_PER_INCH * SCALE)
    width = round(figure.get_figwidth() * PIXELS_PER_INCH)
    plt.close(figure)
    display(
        {
            "image/png": base64.b64encode(png.getvalue()).decode(),
            "text/plain": f"[{printed or text}]",
        },
        metadata={"image/png": {"width": width, "alt": text}},
        raw=True,
    )


def pipeline(topic):
    """Show where a lesson stands on the way from ratings to a recommender.

    Args:
        topic: its name in `helpers.lessons`.
    """
    here = LESSONS.index(lesson_of(topic))
    rows = math.ceil(len(LESSONS) / MOST_IN_A_ROW)
    columns = math.ceil(len(LESSONS) / rows)
    figure, axes = plt.subplots(figsize=(7.2, 0.2 + 0.8 * rows))
    axes.set(xlim=(-0.5, columns - 0.5), ylim=(rows - 0.4, -0.6))
    axes.axis("off")
    arrow = {"arrowstyle": "->", "color": GREY, "shrinkA": 0, "shrinkB": 0}
    for i, lesson in enumerate(LESSONS):
        row, column = divmod(i, columns)
        axes.add_patch(
            matplotlib.patches.FancyBboxPatch(
                (column - 0.36, row - 0.31), 0.72, 0.62, boxstyle="round,pad=0.05",
                facecolor=BLUE if i == here else "white", edgecolor=BLUE,
            )
        )  # fmt: skip
        axes.text(
            column, row, f"{lesson.number}\n{lesson.stage}", ha="center", va="center",
            fontsize=9, color="white" if i == here else "black",
            weight="bold" if i == here else "normal",
        )  # fmt: skip
        if i + 1 == len(LESSONS):
            break
        if column + 1 < columns:
            axes.annotate("", (column + 0.59, row), (column + 0.41, row), arrowprops=arrow)
        else:  # down, and back to the left
            middle = row + 0.5
            axes.plot([column, column, 0], [row + 0.36, middle, middle], color=GREY, linewidth=1)
            axes.annotate("", (0, row + 0.64), (0, middle), arrowprops=arrow)
    names = [lesson.stage.replace("-\n", "").replace("\n", " ") for lesson in LESSONS]
    place = f"This lesson is {names[here]}"  # printed alone: other lessons may come and go
    show(figure, f"{', then '.join(names)}. {place}", printed=place)


def ranking_model():
    """Show how the ranking model of lesson 2 is put together, with the shape after each step."""
    figure, axes = plt.subplots(figsize=(7.2, 2.6))
    axes.set(xlim=(-0.5, 5.3), ylim=(-0.9, 1.9))
    axes.axis("off")
    steps = {  # position: (text, colour)
        (0, 1.2): ("user_id\n(n,)", GREY),
        (0, -0.2): ("movie_title\n(n,)", GREY),
        (1.45, 1.2): ("user tower\n(n, 32)", BLUE),
        (1.45, -0.2): ("movie tower\n(n, 32)", BLUE),
        (2.7, 0.5): ("side by side\n(n, 64)", GREY),
        (3.9, 0.5): ("dense layers\n256, 64, 1", BLUE),
        (5.0, 0.5): ("rating\n(n, 1)", GREY),
    }
    places = list(steps)
    for (x, y), (text, colour) in steps.items():
        box = {"boxstyle": "round,pad=0.35", "facecolor": "white", "edgecolor": colour}
        axes.text(x, y, text, ha="center", va="center", bbox=box, fontsize=10)
    for start, end in ((0, 2), (1, 3), (2, 4), (3, 4), (4, 5), (5, 6)):
        axes.annotate(
            "", places[end], places[start],
            arrowprops={"arrowstyle": "->", "color": GREY, "shrinkA": 40, "shrinkB": 40},
        )  # fmt: skip
    show(
        figure,
        "user_id goes through the user tower and movie_title through the movie tower, 32 numbers "
        "each; side by side they go through dense layers of 256, 64 and 1, which give the rating",
    )


def rating_counts(ratings):
    """Show how often each number of stars was given.

    Args:
        ratings: array of shape (n,), stars from 1 to 5.
    """
    stars, counts = np.unique(ratings, return_counts=True)
    figure, axes = plt.subplots()
    axes.grid(axis="x", visible=False)
    bars = axes.bar(stars, counts)
    axes.bar_label(bars, [f"{count / len(ratings):.0%}" for count in counts])
    axes.axvline(ratings.mean(), color=ORANGE)
    axes.annotate(
        f"mean {ratings.mean():.2f}", (ratings.mean(), max(counts)), (-6, 0),
        textcoords="offset points", ha="right", va="top",
    )  # fmt: skip
    axes.yaxis.set_major_formatter("{x:,.0f}")
    axes.set(title="How many stars were given", xlabel="Rating (stars)", ylabel="Ratings")
    shares = ", ".join(
        f"{star:.0f} star{'' if star == 1 else 's'} {count / len(ratings):.0%}"
        for star, count in zip(stars, counts)
    )
    show(figure, f"Bars of the ratings: {shares}; mean {ratings.mean():.2f}")


def long_tail(counts, share):
    """Show how many ratings each movie has, from the most rated to the least.

    Args:
        counts: array of shape (movies,), ratings per movie.
        share: the share of movies, from 0 to 1, to mark as the head.
    """
    counts = np.sort(counts)[::-1]
    head = round(share * len(counts))
    part = counts[:head].sum() / counts.sum()
    rank = np.arange(1, len(counts) + 1)
    figure, axes = plt.subplots()
    axes.fill_between(rank[:head], counts[:head], color=BLUE)
    axes.fill_between(rank[head - 1 :], counts[head - 1 :], color=ORANGE)
    axes.annotate(
        f"{share:.0%} of the movies have {part:.0%} of the ratings", (head / 2, counts[head // 2]),
        (40, 30), textcoords="offset points", arrowprops={"arrowstyle": "-", "color": GREY},
    )  # fmt: skip
    axes.annotate(
        f"{(counts < 10).sum():,} movies have fewer than 10 ratings",
        (rank[-1] * 0.8, counts[int(rank[-1] * 0.8)]), (-60, 30),
        textcoords="offset points", ha="center", arrowprops={"arrowstyle": "-", "color": GREY},
    )  # fmt: skip
    axes.xaxis.set_major_formatter("{x:,.0f}")
    axes.set(
        title="The long tail",
        xlabel="Movies, the most rated first",
        ylabel="Ratings",
        xlim=(0, None),
        ylim=(0, None),
    )
    show(
        figure, f"Ratings per movie fall steeply: {share:.0%} of the movies have {part:.0%} of them"
    )


def learning_curve(train_rmse, mean_rmse):
    """Show the training RMSE of each epoch, beside that of the mean rating.

    Args:
        train_rmse: sequence of floats, stars, one per epoch.
        mean_rmse: float, stars: the RMSE of the constant baseline, on the training ratings too.
    """
    epochs = np.arange(1, len(train_rmse) + 1)
    figure, axes = plt.subplots()
    axes.plot(epochs, train_rmse, marker="o", label="the model")
    axes.axhline(mean_rmse, color=ORANGE, linestyle="--", label="the mean rating for everybody")
    for epoch, value in zip(epochs, train_rmse):
        axes.annotate(f"{value:.2f}", (epoch, value), (6, 6), textcoords="offset points")
    axes.legend(loc="upper right")
    axes.margins(x=0.1, y=0.15)
    axes.set(title="RMSE on the training ratings", xlabel="Epoch", ylabel="RMSE (stars)")
    axes.set(xticks=epochs, ylim=(0, None))
    values = ", ".join(f"{value:.2f}" for value in train_rmse)
    show(figure, f"Training RMSE by epoch: {values}; the mean rating has {mean_rmse:.2f}")


def ranked_movies(ranking, title):
    """Show predicted ratings as bars, the highest on top.

    Args:
        ranking: list of (movie title, predicted stars), the highest first.
        title: str.
    """
    names, stars = zip(*ranking)
    figure, axes = plt.subplots(figsize=(7.2, 0.9 + 0.45 * len(names)))
    axes.grid(axis="y", visible=False)
    bars = axes.barh(names, stars)
    axes.bar_label(bars, [f"{value:.2f}" for value in stars], padding=3)
    axes.invert_yaxis()
    axes.set(title=title, xlabel="Predicted rating (stars)", xlim=(0, 5.4), xticks=range(6))
    show(figure, f"{title}: " + ", ".join(f"{n} {v:.2f}" for n, v in ranking))


def predictions_and_ratings(predictions, ratings):
    """Show how narrowly the predictions lie, beside the ratings they are to predict.

    Args:
        predictions, ratings: arrays of shape (n,), stars.
    """
    figure, (left, right) = plt.subplots(1, 2, sharey=True)
    edges = np.arange(0.75, 5.5, 0.1)
    for axes, values, name, colour in (
        (left, ratings, "What users gave", ORANGE),
        (right, predictions, "What the model predicts", BLUE),
    ):
        axes.hist(values, edges, weights=np.full(len(values), 1 / len(values)), color=colour)
        axes.set(title=name, xlabel="Stars", xlim=(0.5, 5.5), xticks=range(1, 6))
    left.yaxis.set_major_formatter(matplotlib.ticker.PercentFormatter(1))
    left.set_ylabel("Share of the test ratings")
    low, high = np.percentile(predictions, [0.5, 99.5])
    show(
        figure,
        "The ratings lie on the whole stars from 1 to 5; 99% of the predictions "
        f"lie between {low:.1f} and {high:.1f}",
    )


def train_and_validation(train_rmse, validation_rmse, title, first_epoch=1):
    """Show training and validation RMSE after each epoch, with the best epoch marked.

    Args:
        train_rmse, validation_rmse: sequences of floats, stars, one per epoch.
        title: str.
        first_epoch: the first one drawn; those before it are only said to be higher.
    """
    epochs = np.arange(1, 1 + len(train_rmse))
    drawn = slice(first_epoch - 1, None)
    best = int(np.argmin(validation_rmse))
    lowest = validation_rmse[best]
    figure, axes = plt.subplots()
    axes.plot(epochs[drawn], train_rmse[drawn], marker="o", label="training ratings")
    axes.plot(epochs[drawn], validation_rmse[drawn], marker="s", label="validation ratings")
    axes.annotate(
        f"lowest: {lowest:.3f}", (epochs[best], lowest), (0, 26),
        textcoords="offset points", ha="center", arrowprops={"arrowstyle": "->", "color": GREY},
    )  # fmt: skip
    omitted = list(validation_rmse[: first_epoch - 1])
    if omitted:
        axes.axvspan(0.5, first_epoch - 0.5, color=GREY, alpha=0.15, linewidth=0)
        axes.text(
            first_epoch / 2, 0.5,
            "off the scale:\nvalidation " + ", ".join(f"{v:.2f}" for v in omitted),
            transform=axes.get_xaxis_transform(), ha="center", va="center", fontsize=9, rotation=90,
        )  # fmt: skip
    axes.legend(loc="lower left", bbox_to_anchor=(0.1, 0))
    axes.set(
        title=title, xlabel="Epoch", ylabel="RMSE (stars)",
        xticks=epochs, xlim=(0.5, epochs[-1] + 0.5),
    )  # fmt: skip
    _say_where_it_starts(axes.yaxis)
    off = f"; not drawn: validation {', '.join(f'{v:.2f}' for v in omitted)}" if omitted else ""
    show(
        figure,
        f"Training RMSE falls to {train_rmse[-1]:.2f}; validation RMSE is lowest after epoch "
        f"{epochs[best]} at {lowest:.2f} and ends at {validation_rmse[-1]:.2f}{off}",
    )


def search(trials, lines):
    """Show what a random search has found: validation RMSE by learning rate.

    Args:
        trials: dicts with optimizer, learning_rate, batch_size, and rmse in stars.
        lines: dict from the name of a result to compare with to its RMSE.
    """
    figure, axes = plt.subplots(figsize=(7.2, 3.8))
    optimizers = sorted({trial["optimizer"] for trial in trials})
    for optimizer, marker in zip(optimizers, "os^"):
        ours = [trial for trial in trials if trial["optimizer"] == optimizer]
        places = [[trial["learning_rate"] for trial in ours], [trial["rmse"] for trial in ours]]
        axes.plot(*places, marker, markersize=8, label=optimizer)
    height = np.ptp([trial["rmse"] for trial in trials])
    for trial in trials:
        place = trial["learning_rate"], trial["rmse"]
        below = any(-0.02 < (line - trial["rmse"]) / height < 0.15 for line in lines.values())
        axes.annotate(
            f"{trial['batch_size'] / 1_024:g}k", place, (0, -8 if below else 8),
            textcoords="offset points", ha="center", va="top" if below else "bottom", fontsize=9,
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 1},
        )  # fmt: skip
    for (name, value), style in zip(lines.items(), ("--", ":")):
        axes.axhline(value, color=GREY, linestyle=style, label=name)
    axes.set(
        title="A random search (1k: in batches of 1,024)", xscale="log",
        xlabel="Learning rate (logarithmic)", ylabel="Lowest validation RMSE (stars)",
    )  # fmt: skip
    axes.xaxis.set_major_formatter("{x:g}")
    axes.yaxis.set_major_locator(matplotlib.ticker.MaxNLocator(steps=[1, 5, 10]))
    axes.margins(x=0.08, y=0.14)
    _say_where_it_starts(axes.yaxis)
    axes.legend(fontsize=9, loc="upper left", bbox_to_anchor=(1, 1))
    text = "; ".join(
        f"{each['optimizer']} {each['learning_rate']:g}, batches of {each['batch_size']:,}: "
        f"{each['rmse']:.3f}"
        for each in trials
    )
    show(figure, f"Validation RMSE of a random search: {text}")


def intervals(rows, title, xlabel, zero=False, highlight=(), digits=3):
    """Show values with their intervals, one row each.

    Args:
        rows: dict from a name to (value, low, high).
        title, xlabel: str.
        zero: whether to draw a line at zero.
        highlight: names of rows that are of another kind than the others.
        digits: int, decimals of what is written; enough to show on which side of zero an end lies.
    """
    said = {
        name: "{:.{d}f} ({:.{d}f} to {:.{d}f})".format(*each, d=digits)
        for name, each in rows.items()
    }
    figure, axes = plt.subplots(figsize=(4.2 + digits, 1.1 + 0.45 * len(rows)))
    axes.grid(axis="y", visible=False)
    for place, (name, (value, low, high)) in enumerate(rows.items()):
        colour, marker = (ORANGE, "D") if name in highlight else (BLUE, "o")
        axes.plot([low, high], [place, place], color=colour, linewidth=3)
        axes.plot(value, place, marker, color=colour, markersize=8)
        _in_the_margin(axes, place, said[name])
    if zero:
        axes.axvline(0, color=GREY, linestyle="--")
    axes.set_yticks(range(len(rows)), list(rows))
    axes.margins(y=0.3)
    axes.xaxis.set_major_locator(matplotlib.ticker.MaxNLocator(5))  # numbers are long
    axes.invert_yaxis()
    axes.set(title=title, xlabel=xlabel)
    _say_where_it_starts(axes.xaxis)
    show(figure, f"{title}: " + "; ".join(f"{name} {text}" for name, text in said.items()))


def leaderboard(
    results, others, metric="Test RMSE (stars)", best="lowest", intervals=None, against=None,
    looks_ahead=(),
):  # fmt: skip
    """Show results as points, the best at the bottom: the course's blue, other libraries' orange.

    Args:
        results: dict from a model's name to its result.
        others: the same for models measured with other libraries on the same split.
        metric: str, what the results are.
        best: "lowest" or "highest".
        intervals: dict from some of the names to (difference, low, high): how far the model's
            result is above that of `against`. Drawn around that result, so that a bar that does
            not reach its dashed line means a difference that chance does not explain.
        against: name of the model that the others are compared with, if there are intervals.
        looks_ahead: names of models that know the times of later ratings, drawn hollow.
    """
    merged = [(value, name, BLUE, "o") for name, value in results.items()]
    merged += [(value, name, ORANGE, "s") for name, value in others.items()]
    merged.sort(reverse=best == "lowest")
    figure, axes = plt.subplots(figsize=(7.2, 1.5 + 0.29 * len(merged)))
    axes.plot([], [], "o", color=BLUE, label="this course")
    axes.plot([], [], "s", color=ORANGE, label="other libraries")
    if looks_ahead:
        hollow = {"markerfacecolor": "white", "markeredgewidth": 2}
        axes.plot([], [], "s", color=GREY, label="hollow: knows later ratings' times", **hollow)
    if intervals:
        base = {name: value for value, name, *_ in merged}[against]
        axes.axvline(base, color=GREY, linestyle="--", linewidth=1.5)
        label = "95% interval of the difference\nto the dashed line"
        axes.plot([], [], color=GREY, linewidth=3, label=label)
    for place, (value, name, colour, marker) in enumerate(merged):
        if intervals and name in intervals:
            ends = [base + end for end in intervals[name][1:]]
            axes.plot(ends, [place, place], color=colour, linewidth=3)
        look = hollow if name in looks_ahead else {}
        axes.plot(value, place, marker, color=colour, markersize=7, **look)
        _in_the_margin(axes, place, f"{value:.3f}")
    axes.set_yticks(range(len(merged)), [name for _, name, _, _ in merged])
    axes.invert_yaxis()
    axes.legend(loc="lower right" if best == "lowest" else "lower left", fontsize=9)
    axes.margins(x=0.06)
    axes.set(title=f"Leaderboard: the {best} is the best", xlabel=metric)
    _say_where_it_starts(axes.xaxis)
    text = ", ".join(f"{name} {value:.3f}" for value, name, _, _ in merged)
    show(figure, f"{metric}, the best last: {text}")


def rating_model():
    """Show how the better model of lesson 6 is put together, with the shape after each step."""
    figure, axes = plt.subplots(figsize=(7.2, 4.2))
    axes.set(xlim=(-0.75, 5.5), ylim=(-0.5, 4.4))
    axes.axis("off")
    steps = {  # name: (x, y, text, colour)
        "ids": (0, 4, "user_id, movie_title", GREY),
        "user parts": (0, 2.9, "user_id\nhistory: seen, liked\nage, gender, occupation", GREY),
        "movie parts": (0, 1.4, "movie_title\nhistory: raters\nyear, genres", GREY),
        "numbers": (0, 0, "statistics (n, 6)\ntime (n, 5)", GREY),
        "biases": (2.9, 4, "user bias + movie bias\n(n, 1)", BLUE),
        "user": (1.75, 2.9, "user\n(n, 16)", BLUE),
        "movie": (1.75, 1.4, "movie\n(n, 16)", BLUE),
        "dot": (2.9, 2.9, "dot product\n(n, 1)", BLUE),
        "beside": (2.9, 0, "side by side\n(n, 43)", GREY),
        "crosses": (4.05, 0, "two crosses\n(n, 43)", BLUE),
        "last": (5.05, 0, "dense\n(n, 1)", BLUE),
        "rating": (5.05, 2.9, "sum + mean:\nrating\n(n, 1)", GREY),
    }
    boxes = {}
    for name, (x, y, text, colour) in steps.items():
        box = {"boxstyle": "round,pad=0.3", "facecolor": "white", "edgecolor": colour}
        drawn = axes.text(x, y, text, ha="center", va="center", bbox=box, fontsize=9)
        boxes[name] = drawn.get_bbox_patch()
    for start, end in (
        ("ids", "biases"), ("user parts", "user"), ("movie parts", "movie"), ("user", "dot"),
        ("movie", "dot"), ("user", "beside"), ("movie", "beside"), ("numbers", "beside"),
        ("beside", "crosses"), ("crosses", "last"), ("biases", "rating"), ("dot", "rating"),
        ("last", "rating"),
    ):  # fmt: skip
        axes.annotate(
            "", steps[end][:2], steps[start][:2],
            arrowprops={"arrowstyle": "->", "color": GREY, "shrinkA": 3, "shrinkB": 3,
                        "patchA": boxes[start], "patchB": boxes[end]},
        )  # fmt: skip
    show(
        figure,
        "A user's 16 numbers are the sum of the embeddings of id, history, age, gender and "
        "occupation, a movie's of id, raters, year and genres. Their dot product, both biases and "
        "the mean are added. The 32 numbers, 6 statistics and 5 of time go side by side through "
        "two cross layers and a dense layer, whose output is added too",
    )


def _in_the_margin(axes, place, text):
    """Write a row's numbers to the right of the axes, where no point can be."""
    axes.annotate(text, (1.02, place), xycoords=axes.get_yaxis_transform(), va="center")


def ablation(results, left_out=()):
    """Show validation RMSE change by change, in the order in which the changes were made.

    Args:
        results: dict from the name of a change to the validation RMSE with it, stars, one per seed.
        left_out: names of changes that were not kept.
    """
    figure, axes = plt.subplots(figsize=(7.2, 1.4 + 0.33 * len(results)))
    axes.grid(axis="y", visible=False)
    means = {name: float(np.mean(values)) for name, values in results.items()}
    kept = [(mean, i) for i, (name, mean) in enumerate(means.items()) if name not in left_out]
    axes.plot(*zip(*kept), "o-", color=BLUE, markersize=8, linewidth=1, label="kept, mean of seeds")
    for place, (name, values) in enumerate(results.items()):
        if name in left_out:
            axes.plot(means[name], place, "x", color=ORANGE, markersize=9, markeredgewidth=2.5)
        axes.plot(values, [place] * len(values), "|", color="black", markersize=13)
        axes.annotate(
            f"{means[name]:.3f}", (1, place), (6, 0), xycoords=("axes fraction", "data"),
            textcoords="offset points", va="center",
        )  # fmt: skip
    if left_out:
        axes.plot([], [], "x", color=ORANGE, markeredgewidth=2.5, label="left out again")
    axes.plot([], [], "|", color="black", label="each seed")
    axes.legend(loc="lower right")
    axes.set_yticks(range(len(results)), list(results))
    axes.invert_yaxis()
    axes.set(title="One change at a time", xlabel="Validation RMSE (stars)")
    _say_where_it_starts(axes.xaxis)
    text = ", ".join(
        f"{name} {value:.3f}" + (" (left out again)" if name in left_out else "")
        for name, value in means.items()
    )
    show(figure, f"Validation RMSE change by change, means of seeds: {text}")


def rmse_by_group(panels):
    """Show RMSE in groups of ratings.

    Args:
        panels: dict from what the groups are to a dict from group to RMSE, stars.
    """
    figure, all_axes = plt.subplots(1, len(panels), sharey=True)
    for axes, (what, groups) in zip(all_axes, panels.items()):
        axes.grid(axis="x", visible=False)
        bars = axes.bar(list(groups), list(groups.values()))
        axes.bar_label(bars, [f"{value:.2f}" for value in groups.values()], fontsize=9)
        axes.set_xlabel(what, fontsize=10)
        axes.tick_params(axis="x", labelsize=9)
    all_axes[0].set_ylabel("RMSE (stars)")
    figure.suptitle("Where the error sits", x=0.01, ha="left", weight="bold", fontsize=12)
    text = "; ".join(
        f"{what}: " + ", ".join(f"{name} {value:.2f}" for name, value in groups.items())
        for what, groups in panels.items()
    )
    show(figure, f"RMSE by group. {text}")


def calibration(models, ratings, bins=10):
    """Show the mean rating of the pairs that a model predicts about alike.

    Args:
        models: dict from a model's name to its predictions, an array of shape (n,), stars.
        ratings: array of shape (n,), stars.
        bins: into how many equally large groups to cut each model's predictions.
    """
    figure, axes = plt.subplots(figsize=(4.6, 3.8))
    axes.plot([1, 5], [1, 5], color=GREY, linestyle="--", label="perfectly calibrated")
    texts = []
    for (name, predictions), colour, marker in zip(models.items(), (BLUE, ORANGE, GREEN), "os^"):
        groups = np.array_split(np.argsort(predictions, kind="stable"), bins)
        predicted = [predictions[group].mean() for group in groups]
        given = [ratings[group].mean() for group in groups]
        axes.plot(predicted, given, color=colour, marker=marker, markersize=5, label=name)
        pairs = ", ".join(f"{p:.1f}: {g:.1f}" for p, g in zip(predicted, given))
        texts.append(f"{name} {pairs}")
    axes.legend(loc="lower right")
    axes.set(title="Calibration, in tenths of the ratings")
    axes.set(xlabel="Predicted (stars)", ylabel="Given (stars)")
    axes.set(xlim=(1.5, 5), ylim=(1.5, 5), aspect="equal")
    show(figure, f"Mean rating given by mean prediction, in tenths: {'; '.join(texts)}")


def lists_compared(panels):
    """Show what the recommended lists of some models are like, one bar per model in each panel.

    Args:
        panels: dict from what is measured to a dict from a model's name to a number, or to
            (value, low, high), drawn with its 95% interval.
    """
    figure, all_axes = plt.subplots(1, len(panels), sharey=True, figsize=(7.2, 2.7))
    texts = []
    for axes, (what, values) in zip(all_axes, panels.items()):
        axes.grid(axis="y", visible=False)
        value, low, high = np.array([np.broadcast_to(each, 3) for each in values.values()]).T
        errors = [value - low, high - value]
        bars = axes.barh(list(values), value, xerr=errors, error_kw={"ecolor": ORANGE})
        numbers = [_short(number) for number in value]
        axes.bar_label(bars, numbers, padding=3, fontsize=9)
        texts.append(", ".join(map(" ".join, zip(values, numbers))))
        axes.set_title(what, fontsize=10)
        axes.tick_params(axis="x", labelsize=9)
        axes.margins(x=0.25)
    all_axes[0].invert_yaxis()
    text = "; ".join(f"{what}: ".replace("\n", " ") + said for what, said in zip(panels, texts))
    show(figure, f"What the lists are like. {text}")


def curves(lines, title, xlabel, ylabel, xticks, logarithmic="", bands=None, zero=False):
    """Show how numbers change along an axis, one line each.

    Args:
        lines: dict from a name to (x, y), sequences of equal length.
        title, xlabel, ylabel: str.
        xticks: dict from a place on the x axis to its label.
        logarithmic: the axes that are: "x", "xy" or none.
        bands: dict from a line's name to (low, high), sequences of its length: its 95% intervals.
        zero: whether the y axis shows zero; it does where there are intervals.
    """
    figure, axes = plt.subplots()
    for (name, (x, y)), marker in zip(lines.items(), "os^Dv"):
        (line,) = axes.plot(x, y, marker=marker, label=name)
        if name in (bands or {}):
            axes.fill_between(x, *bands[name], color=line.get_color(), alpha=0.2, linewidth=0)
    if bands or zero:
        axes.axhline(0, color=GREY, linestyle="--", linewidth=1)
    if len(lines) > 1:
        axes.legend(fontsize=9, loc="upper left", bbox_to_anchor=(1, 1))
    axes.set(title=title, xlabel=xlabel, ylabel=ylabel)
    for axis in logarithmic:
        getattr(axes, f"set_{axis}scale")("log")
        scale = getattr(axes, f"{axis}axis")
        scale.set_major_locator(matplotlib.ticker.LogLocator(subs=(1, 2, 5)))
        scale.set_major_formatter("{x:g}")
    axes.set_xticks(list(xticks), list(xticks.values()))
    axes.minorticks_off()
    _say_where_it_starts(axes.yaxis)
    text = "; ".join(f"{name} from {_number(y[0])} to {_number(y[-1])}"
                     for name, (_, y) in lines.items())  # fmt: skip
    show(figure, f"{title}: {text}")


def bars(values, title, xlabel, form):
    """Show numbers as bars with their values, the first on top.

    Args:
        values: dict from a name to a number.
        title, xlabel: str.
        form: how to write a value, such as "{:.2f}".
    """
    figure, axes = plt.subplots(figsize=(7.2, 1.1 + 0.34 * len(values)))
    axes.grid(axis="y", visible=False)
    drawn = axes.barh(list(values), list(values.values()))
    axes.bar_label(drawn, [form.format(value) for value in values.values()], padding=3)
    axes.invert_yaxis()
    axes.margins(x=0.12)
    axes.set(title=title, xlabel=xlabel)
    text = ", ".join(f"{name} {form.format(value)}" for name, value in values.items())
    show(figure, f"{title}, {xlabel.lower()}: {text}")


def _say_where_it_starts(axis):
    """Let a linear axis whose numbers are all above zero start at a round one, and say so."""
    low, high = axis.get_view_interval()
    if axis.get_scale() != "linear" or low <= 0:
        return
    step = 10.0 ** math.floor(math.log10((high - low) / 20))
    start = math.floor(low / step) * step
    axis.axes.set(**{f"{axis.axis_name}lim": (start, None)})
    separator = "\n" if axis.axis_name == "y" else "; "  # beside a picture there is little room
    axis.set_label_text(f"{axis.get_label_text()}{separator}the axis starts at {start:g}")


def _number(value):
    return f"{value:.3g}"


def _short(value):
    return f"{value:.0f}" if value >= 10 else f"{value:.2f}"
