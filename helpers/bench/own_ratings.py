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
PLANTED_COLD, PLANTED_IN_TIME = (0.5, 0.0), (0.7, 0.0)  # standard deviations in stars


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
        costs += [*of_way, measure_ten_millions(in_time)]
    measure_sides()
    return costs


def measure_ten_millions(in_time):
    """Print and return what ten million ratings take, trained for one epoch only."""
    size = 10_000_000
    cost = call("bench.own_ratings", "go_to_a_list", size, in_time, 1, seconds=ONE_SIZE_SECONDS)
    print(
        f"  {size:,} {'in time' if in_time else 'at random'}, one epoch: {cost['processor']:.0f} "
        f"seconds of the processor, {cost['peak']:.1f} GB",
        flush=True,
    )
    return cost


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
    """Print what a side column is worth, where it says something and where it does not.

    At random for things without a rating, where a kind has an effect; in time for all ratings,
    where each user likes kinds more or less.
    """
    from helpers.metrics import mean_interval

    ways = (("things without a rating", rmse_of_cold, PLANTED_COLD),
            ("in time", rmse_in_time, PLANTED_IN_TIME))  # fmt: skip
    for name, rmse_of, effects in ways:
        for effect in effects:
            pairs = np.array([rmse_of(effect, seed) for seed in range(SIDE_SEEDS)])
            low, high = mean_interval(pairs[:, 0] - pairs[:, 1])
            without, beside = pairs.mean(axis=0)
            print(
                f"  {name}, an effect of {effect:.1f} stars: RMSE {without:.3f}, with the column "
                f"{beside:.3f}; less by {low:+.3f} to {high:+.3f} (95%, {SIDE_SEEDS} seeds)",
                flush=True,
            )


def rows_with_kinds(seed, effect_of, fields=("user_id", "movie_title")):
    """Return simulated rows with a side column, and the number of each row's thing.

    Args:
        seed: int.
        effect_of: function of a random generator, a user's number and a kind's, in each row, that
            returns what the kind adds to the rating, in stars.
        fields: as `simulate` takes them.
    """
    from helpers.data import simulate

    rng = np.random.default_rng(seed)
    rows = simulate(SIDE_RATINGS, seed=seed, fields=fields).ratings
    user, thing = (
        np.unique(rows[name], return_inverse=True)[1] for name in ("user_id", "movie_title")
    )
    kind = rng.integers(0, SIDE_KINDS, thing.max() + 1)[thing]
    stars = rows["user_rating"] + effect_of(rng, user, kind)
    rows["user_rating"] = np.clip(stars, 1, 5).astype(np.float32)
    kinds = np.array([f"kind {number}" for number in range(SIDE_KINDS)], bytes)
    return rows | {"movie_side_kind": kinds[kind]}, thing


def rmse_in_time(effect, seed):
    """Return the RMSE of later ratings without and with a column of kinds.

    Args:
        effect: standard deviation of what a user adds to the ratings of a kind, in stars.
        seed: int, of the ratings and of the training.
    """
    from helpers.data import split_rows, take
    from helpers.metrics import rmse
    from helpers.models import OwnModels

    def likes(rng, user, kind):
        return effect * rng.normal(size=(user.max() + 1, SIDE_KINDS))[user, kind]

    rows, _ = rows_with_kinds(seed, likes, ("user_id", "movie_title", "timestamp"))
    fit, judged, _ = split_rows(rows)
    found = []
    for left_out in ({"movie_side_kind"}, set()):
        part = {name: values for name, values in rows.items() if name not in left_out}
        models, later = OwnModels(take(part, fit), seed=seed), take(part, judged)
        found.append(rmse(later["user_rating"], models.stars(later)))
    return found


def rmse_of_cold(effect, seed):
    """Return the RMSE without and with a column of kinds, both with the L2 that is best for them.

    Args:
        effect: standard deviation of what a thing's kind adds to its ratings, in stars.
        seed: int, of the ratings and of the training.
    """
    from helpers.metrics import rmse
    from helpers.models import OwnModels

    def effects(rng, user, kind):
        return effect * rng.normal(size=SIDE_KINDS)[kind]

    rows, thing = rows_with_kinds(seed, effects)
    rng = np.random.default_rng(seed)
    part = rng.choice(3, thing.max() + 1, p=[1 - 2 * COLD, COLD, COLD])[thing]
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
