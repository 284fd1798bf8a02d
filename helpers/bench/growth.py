"""Section "growth" of the benchmark: whether a million more ratings always cost the same."""

import itertools

from helpers.scale import growth
from helpers.scale.processes import ProcessError

SIZES = (100_000, 1_000_000, 10_000_000)
RUNS = 3  # of each size; the fastest counts, as other programs only add time
FLAT = 1.2


def measure_growth():
    """Print and return what each size costs per million ratings, without start-up and tracing."""
    header = "".join(f"{step:>8}" for step in growth.STEPS)
    print(f"  seconds per million{header}     all    memory")
    costs = []
    for size in SIZES:
        try:
            runs = [growth.measure(size)[0] for _ in range(RUNS)]
        except RuntimeError as error:
            raise ProcessError(str(error)) from None
        costs.append({name: min(run[name] for run in runs) for name in runs[0]})
        each = per_million(costs[-1])
        cells = "".join(f"{each[step]:8.2f}" for step in (*growth.STEPS, "all"))
        print(f"  {size:19,}{cells}{costs[-1]['peak']:7.2f} GB", flush=True)
    totals = [per_million(cost)["all"] for cost in costs]
    print(f"  the dearest million takes {max(totals) / min(totals):.2f} times the cheapest", end="")
    print(f" (goal: at most {FLAT})")
    for some, more in itertools.pairwise(costs):
        print(
            f"  from {some['ratings']:,} to {more['ratings']:,}: {memory_slope(some, more):.2f} GB"
            " more memory for each million"
        )
    return costs


def per_million(cost):
    """Return seconds per million ratings, of each step and of all.

    Args:
        cost: what `growth.measure` returns.
    """
    each = {step: cost[step] / cost["ratings"] * 1e6 for step in growth.STEPS}
    return each | {"all": sum(each.values())}


def memory_slope(some, more):
    """Return by how many GB the peak grows for each million ratings from one cost to another."""
    return (more["peak"] - some["peak"]) / (more["ratings"] - some["ratings"]) * 1e6
