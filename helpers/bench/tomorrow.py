"""Section "tomorrow" of the benchmark: lesson 7's model taken apart, with ties, and ageing.

That is more than a lesson has time for, so the section stores a log in `tomorrow.json`, and the
lesson reads it. Settings were chosen on validation, the ratings from 72,001 to 80,000.
"""

import json
import time
from pathlib import Path

from helpers.scale.processes import call

TOMORROW_LOG = Path(__file__).with_suffix(".json")
TOMORROW_SEEDS = (42, 1, 2)
APART_SEEDS = (42, *range(1, 10))  # parts are worth little, so ten seeds
WEEK = 7 * 86_400  # seconds
SECONDS_TO_MEASURE = 3_600  # seconds for each of the parts


def load_tomorrow():
    """Return the stored log, a dict.

    - validation: for each model the validation RMSE by seed: "all parts", "without …", "GRU",
      "GRU with L2" (of its kernels), and "ragged" (the sums of "all parts" over the movies that
      are there, without padding)
    - above: for each of them but the first how much its RMSE is above that of "all parts", and the
      two ends of its 95% interval, over seeds and users
    - seconds: for each of the same models how long a training took, of three the shortest
    - ties: test RMSE by seed where "earlier" means in an earlier second ("strictly earlier"), and
      where it means earlier in the file ("earlier in the array")
    - weeks: for each week of the test its ratings, and the RMSE by seed of the running biases
      ("biases"), of weights that stay as they are ("frozen") and of weights trained anew from all
      ratings before the week ("retrained")
    """
    return json.loads(TOMORROW_LOG.read_text("utf-8"))


def measure_tomorrow():
    """Make the log anew, store it, print it and return it."""
    log = call("bench.tomorrow", "take_apart", seconds=SECONDS_TO_MEASURE)
    for name, values in log["validation"].items():
        print(f"  {name:24}", *(f"{value:.4f}" for value in values), flush=True)
    log["seconds"] = call("bench.tomorrow", "time_trainings", seconds=SECONDS_TO_MEASURE)
    print("  seconds:", ", ".join(f"{name} {value}" for name, value in log["seconds"].items()))
    log["ties"] = call("bench.tomorrow", "with_ties", seconds=SECONDS_TO_MEASURE)
    for name, values in log["ties"].items():
        print(f"  {name:24} test", *(f"{value:.4f}" for value in values), flush=True)
    log["weeks"] = call("bench.tomorrow", "let_it_age", seconds=SECONDS_TO_MEASURE)
    for week in log["weeks"]:
        print(
            f"  {week['ratings']:5} ratings: frozen", week["frozen"], "retrained", week["retrained"]
        )
    TOMORROW_LOG.write_text(json.dumps(log, indent=1) + "\n", "utf-8")
    return log


def _variants():
    """Return for each model's name its class and its parts: without a part, with other readers."""
    from helpers.keras2 import tf
    from helpers.models import CausalModel
    from helpers.models.causal import CAUSAL_L2, CAUSAL_PARTS

    class WithGRU(CausalModel):
        """Read the history in its order."""

        penalty = None

        def __init__(self, *arguments, **named):
            super().__init__(*arguments, **named)
            self.gru = tf.keras.layers.GRU(
                self.seen.output_dim, kernel_regularizer=self.penalty,
                recurrent_regularizer=self.penalty,
            )  # fmt: skip

        def summarize(self, number, features):
            number = tf.reverse(number, [1])  # the latest last
            liked = tf.reverse(features["liked"], [1])[:, :, None] * self.liked(number)
            return self.gru(self.seen(number) + liked, mask=number > 0)

    class WithPenalizedGRU(WithGRU):
        """The same, with the L2 of the other kernels on the GRU's own."""

        penalty = tf.keras.regularizers.L2(CAUSAL_L2 / 72_000)

    class Ragged(CausalModel):
        """Look up and add the movies that are there, and nothing else."""

        def summarize(self, number, features):
            row = tf.where(number > 0)
            there, liked = tf.gather_nd(number, row), tf.gather_nd(features["liked"], row)
            each = self.seen(there) + self.liked(there) * liked[:, None]
            of_row = tf.math.unsorted_segment_sum(each, row[:, 0], tf.shape(number)[0])
            return of_row * features["history_weight"][:, None]

    models = {"all parts": (CausalModel, CAUSAL_PARTS)}
    models |= {
        f"without {part}": (CausalModel, [each for each in CAUSAL_PARTS if each != part])
        for part in CAUSAL_PARTS
    }
    others = {"GRU": WithGRU, "GRU with L2": WithPenalizedGRU, "ragged": Ragged}
    return models | {name: (kind, CAUSAL_PARTS) for name, kind in others.items()}


def _fit_and_validation():
    from helpers.data import in_order_of_time, load_rows, take
    from helpers.models import make_causal_features

    features = make_causal_features(in_order_of_time(load_rows()))
    return take(features, slice(72_000)), take(features, slice(72_000, 80_000))


def _train(kind, parts, fit, seed):
    from helpers.keras2 import tf
    from helpers.models import fit_model

    tf.keras.utils.set_random_seed(seed)
    return fit_model(kind(fit, parts), fit, epochs=2)


def take_apart():
    """Train with all parts, without each of them, and with other readers of the history."""
    import numpy as np

    from helpers.metrics import recipe_interval, rmse
    from helpers.models import predict

    fit, validation = _fit_and_validation()
    labels, users = validation["user_rating"], validation["user_id"]
    log = {"validation": {}, "above": {}}
    for name, (kind, parts) in _variants().items():
        by_seed = [predict(_train(kind, parts, fit, seed), validation) for seed in APART_SEEDS]
        errors = [rmse(labels, stars) for stars in by_seed]
        log["validation"][name] = [round(error, 4) for error in errors]
        if name == "all parts":
            whole, mean = by_seed, np.mean(errors)
        else:
            ends = recipe_interval(labels, by_seed, whole, users)
            log["above"][name] = [round(float(v), 4) for v in (np.mean(errors) - mean, *ends)]
    return log


def time_trainings():
    """Return for each model the seconds of a training, of three the shortest, taken in turns."""
    fit, _ = _fit_and_validation()
    seconds = {}
    for seed in TOMORROW_SEEDS:
        for name, (kind, parts) in _variants().items():
            start = time.perf_counter()
            _train(kind, parts, fit, seed)
            seconds.setdefault(name, []).append(time.perf_counter() - start)
    return {name: round(min(values), 1) for name, values in seconds.items()}


def with_ties():
    """Ask a model about the test whose features take the file's order for the order of time."""
    import numpy as np

    from helpers.data import in_order_of_time, load_rows, take
    from helpers.metrics import rmse
    from helpers.models import make_causal_features, predict, train_causal_model

    rows = in_order_of_time(load_rows())
    _, first, count = np.unique(rows["timestamp"], return_index=True, return_counts=True)
    place = np.arange(len(rows["timestamp"])) - np.repeat(first, count)
    apart = rows | {"timestamp": rows["timestamp"] + place / np.repeat(count, count)}
    errors = {}
    for name, known in {"strictly earlier": rows, "earlier in the array": apart}.items():
        features = make_causal_features(known)
        train, test = take(features, slice(80_000)), take(features, slice(80_000, None))
        errors[name] = [
            round(rmse(test["user_rating"], predict(train_causal_model(train, seed=seed), test)), 4)
            for seed in TOMORROW_SEEDS
        ]
    return errors


def let_it_age():
    """Ask frozen and retrained weights about each week of the test ratings."""
    import numpy as np

    from helpers.data import in_order_of_time, load_rows, take
    from helpers.metrics import rmse
    from helpers.models import make_causal_features, predict, train_causal_model

    features = make_causal_features(in_order_of_time(load_rows()))
    past = take(features, slice(80_000))
    frozen = [train_causal_model(past, seed=seed) for seed in TOMORROW_SEEDS]
    first = features["timestamp"][80_000]
    weeks = []
    for week in range(int((features["timestamp"][-1] - first) // WEEK) + 1):
        start, end = first + week * WEEK, first + (week + 1) * WEEK
        moment = features["timestamp"]
        is_test = np.arange(len(moment)) >= 80_000  # the first ones share their second with others
        now = take(features, (moment >= start) & (moment < end) & is_test)
        known = take(features, moment < start) if week else past
        anew = [train_causal_model(known, seed=seed) for seed in TOMORROW_SEEDS]
        stars = now["user_rating"]
        weeks.append(
            {
                "ratings": len(stars),
                "biases": round(rmse(stars, now["expected"]), 4),
                "frozen": [round(rmse(stars, predict(model, now)), 4) for model in frozen],
                "retrained": [round(rmse(stars, predict(model, now)), 4) for model in anew],
            }
        )
    return weeks
