"""The benchmark's picture, in the course's style."""

import json
from pathlib import Path


def draw(results, path):
    """Draw what has been measured, and store it.

    Args:
        results: path of `results.json`.
        path: where to store the picture.
    """
    import matplotlib

    matplotlib.use("agg")
    import matplotlib.pyplot as plt

    from helpers import pictures

    results = json.loads(Path(results).read_text("utf-8"))
    figure, panels = plt.subplots(2, 2, figsize=(12, 8))
    for name, panel in zip(PANELS, panels.flat):
        if results.get(name):
            PANELS[name](panel, results[name])
        else:
            panel.axis("off")
    figure.savefig(path, dpi=pictures.PIXELS_PER_INCH)
    return path


def _rivals(axes, curves):
    from helpers.bench.rivals import OURS
    from helpers.pictures import GREY

    for (name, curve), marker in zip(curves.items(), "os^Dv<>P*X"):
        theirs = {} if name in OURS else {"color": GREY, "linestyle": "--", "linewidth": 1}
        label = f"lesson {LESSONS_OF[name]}: {name}" if name in OURS else name
        axes.plot(*zip(*curve), marker=marker, markersize=5, label=label, **theirs)
    axes.legend(fontsize=9, loc="upper center", bbox_to_anchor=(0.45, -0.16), ncols=3)
    axes.set(
        title="How fast a model gets good", xscale="log", xlim=(0.1, None), ylim=(0.84, 0.98),
        xlabel="Seconds from the raw rows (logarithmic)", ylabel="Test RMSE (stars)",
    )  # fmt: skip
    axes.set_xticks([0.1, 0.2, 0.5, 1, 2, 5, 10], minor=False)
    axes.minorticks_off()
    axes.xaxis.set_major_formatter("{x:g}")


LESSONS_OF = {"longer": 4, "factors": 6, "better": 6}


def _steps(axes, lessons):
    from helpers.bench.steps import STEP_PARTS
    from helpers.pictures import BLUE, GREEN, GREY, ORANGE

    names = list(lessons)
    left = [0.0] * len(names)
    colours = (BLUE, ORANGE, GREEN, GREY, "black")
    for part, colour in zip(("floor", *STEP_PARTS), colours):
        widths = [  # a difference of two measurements may be below 0
            min(max(0, times[part]), max(0, times["fit"] - start))
            for times, start in zip(lessons.values(), left)
        ]
        label = STEP_PARTS.get(part, "the floor")
        axes.barh(names, widths, left=left, color=colour, label=label)
        left = [a + b for a, b in zip(left, widths)]
    for i, name in enumerate(names):
        times = lessons[name]
        axes.annotate(
            f"{times['fit'] / times['floor']:.1f} ×", (left[i], i), (4, 0),
            textcoords="offset points", va="center", fontsize=9,
        )  # fmt: skip
    axes.grid(axis="y", visible=False)
    axes.invert_yaxis()
    axes.legend(fontsize=9, loc="upper center", bbox_to_anchor=(0.45, -0.16), ncols=3)
    axes.set(
        title="A training step, and how many times its floor", xlim=(0, 1.1 * max(left)),
        xlabel="Milliseconds per step",
    )  # fmt: skip


def _growth(axes, costs):
    from helpers.bench.growth import per_million
    from helpers.scale import growth

    labels = [f"{cost['ratings']:,}" for cost in costs]
    bottom = [0.0] * len(costs)
    for step in growth.STEPS:
        heights = [per_million(cost)[step] for cost in costs]
        axes.bar(labels, heights, bottom=bottom, label=step, width=0.6)
        bottom = [a + b for a, b in zip(bottom, heights)]
    for i, cost in enumerate(costs):
        axes.annotate(
            f"{bottom[i]:.2f} s\n{cost['peak']:.1f} GB", (i, bottom[i]), (0, 3),
            textcoords="offset points", ha="center", fontsize=9,
        )  # fmt: skip
    axes.grid(axis="x", visible=False)
    axes.margins(y=0.35)
    axes.legend(fontsize=9, loc="upper center", ncols=3)
    axes.set(
        title="Growth, and peak memory", xlabel="Ratings", ylabel="Seconds per million ratings"
    )


def _suite(axes, suite):
    from helpers.__main__ import PROCESSES

    notebooks = suite["notebooks"]
    names = [name[:2] for name in notebooks]
    seconds = [notebook["seconds"] for notebook in notebooks.values()]
    axes.bar(names, seconds, width=0.6)
    for i, notebook in enumerate(notebooks.values()):
        axes.annotate(
            f"{notebook['peak']:.1f}", (i, seconds[i]), (0, 3), textcoords="offset points",
            ha="center", fontsize=9,
        )  # fmt: skip
    axes.grid(axis="x", visible=False)
    axes.margins(y=0.12)
    axes.set(
        title=f"All solutions: {suite['total']:.0f} s in {PROCESSES} processes", xlabel="Lesson",
        ylabel="Seconds (above: GB of memory)",
    )  # fmt: skip


PANELS = {"rivals": _rivals, "steps": _steps, "growth": _growth, "suite": _suite}
