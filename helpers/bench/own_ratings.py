"""Section "own_ratings" of the benchmark: what lesson 10's way to a list costs, by size.

The ratings are simulated, with the three columns of a plain file, and with a timestamp.
"""

import tempfile
import time
from pathlib import Path

import numpy as np

from helpers.scale.processes import call

OWN_SIZES = (10_000, 100_000, 1_000_000)
OWN_STEPS = ("split", "train", "predict", "lists")
LISTS = 1_000  # users who get one
ONE_SIZE_SECONDS = 3_600
FILE_ROWS, FILE_TITLES = 1_000_000, (9_000, 1_000_000)
SIDE_RATINGS, SIDE_SEEDS, SIDE_KINDS = 20_000, 5, 8
COLD = 0.1  # of the things, whose ratings are all held out, to choose L2 by; as many to judge by
SIDE_L2 = (30, 100, 300)
PLANTED = {"a kind's effect of 0.5 stars": 0.5, "no effect of the kinds": 0.0}


def measure_own_ratings():
    """Print and return seconds and memory of each size; ten million ratings for one epoch.

    Before it what reading a file takes, after it what a side column is worth.
    """
    costs = [
        call("bench.own_ratings", "read_a_file", FILE_ROWS, titles, seconds=ONE_SIZE_SECONDS)
        for titles in FILE_TITLES
    ]
    for cost in costs:
        print(
            f"  {cost['rows']:,} rows with {cost['titles']:,} titles are read in "
            f"{cost['processor']:.1f} seconds of the processor, {cost['peak']:.1f} GB"
        )
    for in_time in (False, True):
        print(f"  {'in time' if in_time else 'at random':10}", *(f"{s:>8}" for s in OWN_STEPS))
        of_way = []
        for size in OWN_SIZES:
            cost = call(
                "bench.own_ratings", "go_to_a_list", size, in_time, seconds=ONE_SIZE_SECONDS
            )
            cells = " ".join(f"{cost[step]:8.1f}" for step in OWN_STEPS)
            print(f"  {size:10,} {cells} s {cost['peak']:6.2f} GB", flush=True)
            of_way.append(cost)
        seconds, memory = ten_millions(*of_way[-2:])
        print(f"  10,000,000 by the same slope: {seconds / 60:.0f} minutes, {memory:.0f} GB")
        costs += of_way
    costs.append(measure_ten_millions())
    measure_sides()
    return costs


def measure_ten_millions():
    """Print and return what ten million ratings take at random, trained for one epoch only."""
    cost = call("bench.own_ratings", "go_to_a_list", 10_000_000, False, 1, seconds=ONE_SIZE_SECONDS)
    print(
        f"  10,000,000 at random, one epoch, measured: {cost['processor']:.0f} seconds of the "
        f"processor, {cost['peak']:.1f} GB",
        flush=True,
    )
    return cost


def ten_millions(some, more):
    """Return seconds and GB of ten million ratings, if both grow on as between two sizes."""
    totals = [
        np.array([sum(cost[step] for step in OWN_STEPS), cost["peak"]]) for cost in (some, more)
    ]
    slope = (totals[1] - totals[0]) / (more["ratings"] - some["ratings"])
    return totals[1] + slope * (10_000_000 - more["ratings"])


def read_a_file(rows, titles):
    """Write ratings into a file, read it in this process; return processor seconds and peak memory.

    Args:
        rows: how many ratings.
        titles: how many different ones they have.
    """
    from helpers.data import read_own_ratings
    from helpers.setup.platforms import peak_memory

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ratings.csv"
        with path.open("w", encoding="utf-8") as file:
            file.write("user_id,movie_title,user_rating,timestamp\n")
            file.writelines(
                f"{row // titles},Thing {row % titles} (1994),{row % 5 + 1},{10**9 + row}\n"
                for row in range(rows)
            )
        processor = time.process_time()
        read_own_ratings(path)
        processor = time.process_time() - processor
    return {"processor": processor, "peak": peak_memory(), "rows": rows, "titles": titles}


def go_to_a_list(size, in_time, epochs=None):
    """Split, train, predict and make lists in this process; return seconds and peak memory.

    Args:
        size: how many ratings.
        in_time: whether they have a timestamp.
        epochs: int; by default as many as `OwnModels` finds right.
    """
    from helpers.data import simulate, split_rows, take
    from helpers.models import OwnModels
    from helpers.setup.platforms import peak_memory

    names = ("user_id", "movie_title") + (("timestamp",) if in_time else ())
    rows = simulate(size, fields=names).ratings
    clock, processor = [time.perf_counter()], time.process_time()
    parts = [take(rows, part) for part in split_rows(rows)]
    clock.append(time.perf_counter())
    models = OwnModels(parts[0], **({} if epochs is None else {"epochs": epochs}))
    clock.append(time.perf_counter())
    models.stars(parts[1])
    clock.append(time.perf_counter())
    models.recommend(np.unique(parts[0]["user_id"])[:LISTS])
    clock.append(time.perf_counter())
    seconds = dict(zip(OWN_STEPS, np.diff(clock).tolist()))
    processor = time.process_time() - processor
    measured = {"processor": processor, "peak": peak_memory()}
    return seconds | measured | {"ratings": size, "in_time": in_time}


def measure_sides():
    """Print what a side column is worth for things without a rating, where it says something."""
    from helpers.metrics import mean_interval

    for name, effect in PLANTED.items():
        pairs = np.array([rmse_of_cold(effect, seed) for seed in range(SIDE_SEEDS)])
        low, high = mean_interval(pairs[:, 0] - pairs[:, 1])
        without, beside = pairs.mean(axis=0)
        print(f"  {name}: RMSE of things without a rating {without:.3f}, with their kind", end=" ")
        print(f"{beside:.3f}; less by {low:+.3f} to {high:+.3f} (95%, {SIDE_SEEDS} seeds)")


def rmse_of_cold(effect, seed):
    """Return the RMSE without and with a column of kinds, both with the L2 that is best for them.

    Args:
        effect: standard deviation of what a thing's kind adds to its ratings, in stars.
        seed: int, of the ratings and of the training.
    """
    from helpers.data import simulate
    from helpers.metrics import rmse
    from helpers.models import OwnModels

    rng = np.random.default_rng(seed)
    rows = simulate(SIDE_RATINGS, seed=seed, fields=("user_id", "movie_title")).ratings
    titles, thing = np.unique(rows["movie_title"], return_inverse=True)
    kind = rng.integers(0, SIDE_KINDS, len(titles))
    kinds = np.array([f"kind {number}" for number in range(SIDE_KINDS)], bytes)
    stars = rows["user_rating"] + effect * rng.normal(size=SIDE_KINDS)[kind][thing]
    rows["user_rating"] = np.clip(stars, 1, 5).astype(np.float32)
    rows["movie_side_kind"] = kinds[kind][thing]
    part = rng.choice(3, len(titles), p=[1 - 2 * COLD, COLD, COLD])[thing]
    found = []
    for left_out in ({"movie_side_kind"}, set()):
        fit, choosing, judging = (
            {name: values[part == which] for name, values in rows.items() if name not in left_out}
            for which in range(3)
        )
        errors = []
        for l2 in SIDE_L2:
            models = OwnModels(fit, seed=seed, l2=l2)
            errors.append([rmse(c["user_rating"], models.stars(c)) for c in (choosing, judging)])
        found.append(min(errors)[1])
    return found
