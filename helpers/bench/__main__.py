"""The course's benchmark: `python -m helpers.bench [SECTION …]`, by default all that are drawn.

Each measurement of time runs in a process of its own, so that none warms anything up for another.
What is compared is measured in one run: seconds of different machines, or of a busy one, say
little. Numbers go to `.bench/results.json`, a picture to `.bench/speed.png`. The sections on
request store what the lessons show of long runs.
"""

import argparse
import json
import sys

from helpers.bench import (
    ablation,
    growth,
    lists,
    multitask,
    new_users,
    own_ratings,
    rivals,
    search,
    start,
    steps,
    suite,
    tomorrow,
    two_keras,
)
from helpers.scale.processes import ProcessError, call
from helpers.setup.environment import ROOT

FOLDER = ROOT / ".bench"
SECTIONS = {  # name: title, what measures it
    "import": ("Import, median of fresh processes", start.measure_import),
    "reading": ("Reading, the better of two processes", start.measure_reading),
    "steps": ("Training steps against their floor", steps.measure_steps),
    "growth": ("Growth of simulated ratings", growth.measure_growth),
    "rivals": ("RMSE against seconds", rivals.measure_rivals),
    "suite": ("All solutions under pytest", suite.measure_suite),
    "search": ("Settings for the article's model, drawn at random", search.measure_search),
    "libraries": ("Other libraries' predictions", rivals.measure_libraries),
    "trees": ("LightGBM on lesson 7's numbers", rivals.measure_trees),
    "ablation": ("Each part of the better model", ablation.measure_ablation),
    "lists": ("Losses on lists", lists.measure_lists),
    "tomorrow": ("The causal model taken apart, and ageing", tomorrow.measure_tomorrow),
    "multitask": ("One model for both tasks against two", multitask.measure_multitask),
    "new_users": ("New users: folded in, and by the causal model", new_users.measure_new_users),
    "own_ratings": ("Own ratings, from a split to lists", own_ratings.measure_own_ratings),
    "two_keras": ("The same models in Keras 2 and Keras 3", two_keras.measure_two_keras),
}
ON_REQUEST = (
    "search", "libraries", "trees", "ablation", "lists", "tomorrow", "multitask", "new_users",
    "own_ratings", "two_keras",
)  # fmt: skip


def main(arguments=None):
    """Run some sections; return the exit code.

    Args:
        arguments: list of str; by default the process's own.
    """
    parser = argparse.ArgumentParser(prog="python -m helpers.bench")
    parser.add_argument(
        "sections", nargs="*", metavar="SECTION",
        help=f"of {', '.join(SECTIONS)}; default: all but {', '.join(ON_REQUEST)}",
    )  # fmt: skip
    names = parser.parse_args(arguments).sections
    names = names or [name for name in SECTIONS if name not in ON_REQUEST]
    unknown = [name for name in names if name not in SECTIONS]
    if unknown:
        parser.error(f"no section {', '.join(unknown)}: choose from {', '.join(SECTIONS)}")
    FOLDER.mkdir(exist_ok=True)
    stored = FOLDER / "results.json"
    results = json.loads(stored.read_text("utf-8")) if stored.exists() else {}
    failed = False
    for name in names:
        title, measure = SECTIONS[name]
        print(title, flush=True)
        try:
            results[name] = measure()
        except ProcessError as error:
            print(f"  {error}", file=sys.stderr)
            failed = True
        whole = stored.with_suffix(".new")  # a Ctrl-C leaves the old one
        whole.write_text(json.dumps(results, indent=1), "utf-8")
        whole.replace(stored)
        print(flush=True)
    picture = FOLDER / "speed.png"
    try:
        call("bench.picture", "draw", str(stored), str(picture))
    except ProcessError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"Stored {stored.relative_to(ROOT)} and {picture.relative_to(ROOT)}")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
