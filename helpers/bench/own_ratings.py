"""Section "own_ratings" of the benchmark: what lesson 10's way to a list costs, by size.

The ratings are simulated, with the three columns of a plain file, and with a timestamp.
"""

import time

import numpy as np

from helpers.scale.processes import call

OWN_SIZES = (10_000, 100_000, 1_000_000)
OWN_STEPS = ("split", "train", "predict", "lists")
LISTS = 1_000  # users who get one
ONE_SIZE_SECONDS = 3_600


def measure_own_ratings():
    """Print and return seconds and memory of each size, and what ten million would take."""
    costs = []
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
    return costs


def ten_millions(some, more):
    """Return seconds and GB of ten million ratings, if both grow on as between two sizes."""
    totals = [
        np.array([sum(cost[step] for step in OWN_STEPS), cost["peak"]]) for cost in (some, more)
    ]
    slope = (totals[1] - totals[0]) / (more["ratings"] - some["ratings"])
    return totals[1] + slope * (10_000_000 - more["ratings"])


def go_to_a_list(size, in_time):
    """Split, train, predict and make lists in this process; return seconds and peak memory."""
    from helpers.data import simulate, split_rows, take
    from helpers.models import OwnModels
    from helpers.setup.platforms import peak_memory

    names = ("user_id", "movie_title") + (("timestamp",) if in_time else ())
    rows = simulate(size, fields=names).ratings
    clock = [time.perf_counter()]
    parts = [take(rows, part) for part in split_rows(rows)]
    clock.append(time.perf_counter())
    models = OwnModels(parts[0])
    clock.append(time.perf_counter())
    models.stars(parts[1])
    clock.append(time.perf_counter())
    models.recommend(np.unique(parts[0]["user_id"])[:LISTS])
    clock.append(time.perf_counter())
    seconds = dict(zip(OWN_STEPS, np.diff(clock).tolist()))
    return seconds | {"ratings": size, "in_time": in_time, "peak": peak_memory()}
