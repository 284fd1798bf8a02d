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
    shares = ", ".join(f"{star:.0f} stars {c / len(ratings):.0%}" for star, c in zip(stars, counts))
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
    )
    show(
        figure, f"Ratings per movie fall steeply: {share:.0%} of the movies have {part:.0%} of them"
    )


def learning_curve(train_rmse, mean_rmse):
    """Show the training RMSE after each epoch, beside that of the mean rating.

    Args:
        train_rmse: sequence of floats, stars, one per epoch.
        mean_rmse: float, stars: the RMSE of the constant baseline.
    """
    epochs = np.arange(1, len(train_rmse) + 1)
    figure, axes = plt.subplots()
    axes.plot(epochs, train_rmse, marker="o", label="model, training ratings")
    axes.axhline(mean_rmse, color=ORANGE, linestyle="--", label="the mean rating for everybody")
    for epoch, value in zip(epochs, train_rmse):
        axes.annotate(f"{value:.2f}", (epoch, value), (6, 6), textcoords="offset points")
    axes.legend()
    axes.set(title="Training RMSE by epoch", xlabel="Epoch", ylabel="RMSE (stars)", xticks=epochs)
    axes.margins(x=0.1, y=0.15)
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
        "The ratings lie on the whole stars from 1 to 5; 99 % of the predictions "
        f"lie between {low:.1f} and {high:.1f}",
    )


def train_and_validation(train_rmse, validation_rmse, first_epoch=1):
    """Show training and validation RMSE after each epoch, with the best epoch marked.

    Args:
        train_rmse, validation_rmse: sequences of floats, stars, one per epoch.
        first_epoch: the number of the first epoch shown.
    """
    epochs = np.arange(first_epoch, first_epoch + len(train_rmse))
    best = int(np.argmin(validation_rmse))
    figure, axes = plt.subplots()
    axes.plot(epochs, train_rmse, marker="o", label="training ratings")
    axes.plot(epochs, validation_rmse, marker="s", label="validation ratings")
    axes.annotate(
        f"lowest: {validation_rmse[best]:.3f}", (epochs[best], validation_rmse[best]), (0, 26),
        textcoords="offset points", ha="center", arrowprops={"arrowstyle": "->", "color": GREY},
    )  # fmt: skip
    axes.legend(loc="lower left")
    axes.set(title="More epochs", xlabel="Epoch", ylabel="RMSE (stars)", xticks=epochs)
    show(
        figure,
        f"Training RMSE falls to {train_rmse[-1]:.2f}; validation RMSE is lowest after epoch "
        f"{epochs[best]} at {validation_rmse[best]:.2f} and ends at {validation_rmse[-1]:.2f}",
    )


def intervals(rows, title, xlabel, zero=False):
    """Show values with their intervals, one row each.

    Args:
        rows: dict from a name to (value, low, high).
        title, xlabel: str.
        zero: whether to draw a line at zero.
    """
    figure, axes = plt.subplots(figsize=(7.2, 1.1 + 0.45 * len(rows)))
    axes.grid(axis="y", visible=False)
    for place, (value, low, high) in enumerate(rows.values()):
        axes.plot([low, high], [place, place], color=BLUE, linewidth=3)
        axes.plot(value, place, "o", color=BLUE, markersize=8)
    if zero:
        axes.axvline(0, color=GREY, linestyle="--")
    axes.set_yticks(range(len(rows)), list(rows))
    axes.margins(y=0.3)
    axes.invert_yaxis()
    axes.set(title=title, xlabel=xlabel)
    text = "; ".join(f"{name} {v:.3f} ({a:.3f} to {b:.3f})" for name, (v, a, b) in rows.items())
    show(figure, f"{title}: {text}")


def leaderboard(results, others, metric="Test RMSE (stars)", best="lowest"):
    """Show results as points, the best at the bottom: the course's blue, other libraries' orange.

    Args:
        results: dict from a model's name to its result.
        others: the same for models measured with other libraries on the same split.
        metric: str, what the results are.
        best: "lowest" or "highest".
    """
    merged = [(value, name, BLUE, "o") for name, value in results.items()]
    merged += [(value, name, ORANGE, "s") for name, value in others.items()]
    merged.sort(reverse=best == "lowest")
    figure, axes = plt.subplots(figsize=(7.2, 1.3 + 0.29 * len(merged)))
    for place, (value, _, colour, marker) in enumerate(merged):
        axes.plot(value, place, marker, color=colour, markersize=8)
        axes.annotate(
            f"{value:.3f}", (value, place), (9, 0), textcoords="offset points", va="center"
        )
    axes.set_yticks(range(len(merged)), [name for _, name, _, _ in merged])
    axes.invert_yaxis()
    axes.plot([], [], "o", color=BLUE, label="this course")
    axes.plot([], [], "s", color=ORANGE, label="other libraries")
    axes.legend(loc="lower right" if best == "lowest" else "upper right")
    axes.margins(x=0.12)
    axes.set(title=f"Leaderboard: the {best} is the best", xlabel=metric)
    text = ", ".join(f"{name} {value:.3f}" for value, name, _, _ in merged)
    show(figure, f"{metric}, the best last: {text}")


def ablation(results, left_out=(), starts=()):
    """Show validation RMSE change by change, in the order in which the changes were made.

    Args:
        results: dict from the name of a change to the validation RMSE with it, stars.
        left_out: names of changes that were not kept.
        starts: names with which a new series begins, not joined to what stands above.
    """
    figure, axes = plt.subplots(figsize=(7.2, 1.1 + 0.32 * len(results)))
    series = [[]]
    for place, (name, value) in enumerate(results.items()):
        if name in starts:
            series.append([])
        if name not in left_out:
            series[-1].append((value, place))
    for kept, label in zip(series, ["kept", *["_"] * len(series)]):  # one entry in the legend
        axes.plot(*zip(*kept), "o-", color=BLUE, markersize=8, linewidth=1, label=label)
    for place, (name, value) in enumerate(results.items()):
        if name in left_out:
            axes.plot(value, place, "x", color=ORANGE, markersize=9, markeredgewidth=2.5)
        axes.annotate(
            f"{value:.3f}", (value, place), (9, 0), textcoords="offset points", va="center",
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 1},
        )  # fmt: skip
    if left_out:
        axes.plot([], [], "x", color=ORANGE, markeredgewidth=2.5, label="left out again")
        axes.legend(loc="lower right")
    axes.set_yticks(range(len(results)), list(results))
    axes.invert_yaxis()
    axes.margins(x=0.14)
    axes.set(title="One change at a time", xlabel="Validation RMSE (stars)")
    text = ", ".join(
        f"{name} {value:.3f}" + (" (left out again)" if name in left_out else "")
        for name, value in results.items()
    )
    show(figure, f"Validation RMSE change by change: {text}")


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


def calibration(predictions, ratings, bins=10):
    """Show the mean rating of the pairs that were predicted about alike.

    Args:
        predictions, ratings: arrays of shape (n,), stars.
        bins: into how many equally large groups to cut the predictions.
    """
    groups = np.array_split(np.argsort(predictions, kind="stable"), bins)
    predicted = [predictions[group].mean() for group in groups]
    given = [ratings[group].mean() for group in groups]
    figure, axes = plt.subplots(figsize=(4.6, 3.8))
    axes.plot([1, 5], [1, 5], color=GREY, linestyle="--", label="perfectly calibrated")
    axes.plot(predicted, given, marker="o", label="tenths of the ratings")
    axes.legend(loc="lower right")
    axes.set(title="Calibration", xlabel="Predicted (stars)", ylabel="Given (stars)")
    axes.set(xlim=(1.5, 5), ylim=(1.5, 5), aspect="equal")
    pairs = ", ".join(f"{p:.1f}: {g:.1f}" for p, g in zip(predicted, given))
    show(figure, f"Mean rating given by mean prediction, in tenths: {pairs}")


def lists_compared(panels):
    """Show what the recommended lists of some models are like, one bar per model in each panel.

    Args:
        panels: dict from what is measured to a dict from a model's name to a number, or to
            (value, low, high), drawn with its 95 % interval.
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
        bands: dict from a line's name to (low, high), sequences of its length: its 95 % intervals.
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
        axes.legend()
    axes.set(title=title, xlabel=xlabel, ylabel=ylabel)
    for axis in logarithmic:
        getattr(axes, f"set_{axis}scale")("log")
        scale = getattr(axes, f"{axis}axis")
        scale.set_major_locator(matplotlib.ticker.LogLocator(subs=(1, 2, 5)))
        scale.set_major_formatter("{x:g}")
    axes.set_xticks(list(xticks), list(xticks.values()))
    axes.minorticks_off()
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


def growth(costs, steps):
    """Show time and memory for growing numbers of ratings, both axes logarithmic.

    Args:
        costs: dicts as `growth.measure` returns them.
        steps: which of their entries are seconds.
    """
    figure, (left, right) = plt.subplots(1, 2)
    ratings = np.array([cost["ratings"] for cost in costs])
    for step, marker in zip(steps, "os^"):
        left.plot(ratings, [cost[step] for cost in costs], marker=marker, label=step)
    whole = np.array([sum(cost[step] for step in steps) for cost in costs])
    left.plot(ratings, whole[-1] * ratings / ratings[-1], "--", color=GREY, label="proportional")
    left.plot(ratings, whole, "D", color="black", label="all three")
    left.legend(fontsize=9)
    left.set(title="Time", ylabel="Seconds")
    right.plot(ratings, [cost["peak"] for cost in costs], marker="o")
    right.set(title="Peak memory", ylabel="GB", ylim=(0, None))
    for axes in (left, right):
        axes.set(xscale="log", xlabel="Ratings (logarithmic)")
    left.set_yscale("log")
    text = "; ".join(f"{n:,} ratings {t:.1f} s" for n, t in zip(ratings, whole))
    peaks = ", ".join(f"{cost['peak']:.1f} GB" for cost in costs)
    show(figure, f"Seconds of all three steps: {text}. Peak memory: {peaks}")


def _number(value):
    return f"{value:.3g}"


def _short(value):
    return f"{value:.0f}" if value >= 10 else f"{value:.2f}"
