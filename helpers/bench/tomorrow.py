"""Section "tomorrow" of the benchmark: lesson 7's model taken apart, with a GRU, and ageing.

That is more than a lesson has time for, so the section stores a log in `tomorrow.json`, and the
lesson reads it. Settings were chosen on validation, the ratings from 72,001 to 80,000.
"""

import json
import time
from pathlib import Path

from helpers.scale.processes import call

TOMORROW_LOG = Path(__file__).with_suffix(".json")
TOMORROW_SEEDS = (42, 1, 2)
WEEK = 7 * 86_400  # seconds
SECONDS_TO_MEASURE = 3_600  # seconds for each of the parts


def load_tomorrow():
    """Return the stored log, a dict.

    - validation: for each model the validation RMSE by seed: "all parts", "without …", "GRU"
    - seconds: for each of the same models how long a training took, of three the shortest
    - weeks: for each week of the test its ratings, and the RMSE by seed of the running biases
      ("biases"), of weights that stay as they are ("frozen") and of weights trained anew from all
      ratings before the week ("retrained"); "seconds" is how long that training took
    """
    return json.loads(TOMORROW_LOG.read_text("utf-8"))


def measure_tomorrow():
    """Make the log anew, store it, print it and return it."""
    log = call("bench.tomorrow", "take_apart", seconds=SECONDS_TO_MEASURE)
    for name, values in log["validation"].items():
        print(f"  {name:24}", *(f"{value:.4f}" for value in values), flush=True)
    log["weeks"] = call("bench.tomorrow", "let_it_age", seconds=SECONDS_TO_MEASURE)
    for week in log["weeks"]:
        print(
            f"  {week['ratings']:5} ratings: frozen", week["frozen"], "retrained", week["retrained"]
        )
    TOMORROW_LOG.write_text(json.dumps(log, indent=1) + "\n", "utf-8")
    return log


def take_apart():
    """Train with all parts, without each of them, and with a GRU in place of the sums."""
    from helpers.data import in_order_of_time, load_rows, take
    from helpers.keras2 import tf
    from helpers.metrics import rmse
    from helpers.models import CausalModel, fit_model, make_causal_features, predict
    from helpers.models.causal import CAUSAL_PARTS

    class WithGRU(CausalModel):
        """Read the history in its order."""

        def __init__(self, *arguments, **named):
            super().__init__(*arguments, **named)
            self.gru = tf.keras.layers.GRU(self.seen.output_dim)

        def summarize(self, number, features):
            number = tf.reverse(number, [1])  # the latest last
            liked = tf.reverse(features["liked"], [1])[:, :, None] * self.liked(number)
            return self.gru(self.seen(number) + liked, mask=number > 0)

    features = make_causal_features(in_order_of_time(load_rows()))
    fit, validation = take(features, slice(72_000)), take(features, slice(72_000, 80_000))
    models = {"all parts": (CausalModel, CAUSAL_PARTS)}
    models |= {
        f"without {part}": (CausalModel, [each for each in CAUSAL_PARTS if each != part])
        for part in CAUSAL_PARTS
    }
    models["GRU"] = WithGRU, CAUSAL_PARTS
    log = {"validation": {}, "seconds": {}}
    for name, (kind, parts) in models.items():
        values, seconds = [], []
        for seed in TOMORROW_SEEDS:
            tf.keras.utils.set_random_seed(seed)
            start = time.perf_counter()
            model = fit_model(kind(fit, parts), fit, epochs=2)
            seconds.append(time.perf_counter() - start)
            values.append(round(rmse(validation["user_rating"], predict(model, validation)), 4))
        log["validation"][name] = values
        log["seconds"][name] = round(min(seconds), 1)
    return log


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
        clock = time.perf_counter()
        anew = [train_causal_model(known, seed=seed) for seed in TOMORROW_SEEDS]
        seconds = (time.perf_counter() - clock) / len(anew)
        stars = now["user_rating"]
        weeks.append(
            {
                "ratings": len(stars),
                "biases": round(rmse(stars, now["expected"]), 4),
                "frozen": [round(rmse(stars, predict(model, now)), 4) for model in frozen],
                "retrained": [round(rmse(stars, predict(model, now)), 4) for model in anew],
                "seconds": round(seconds, 1),
            }
        )
    return weeks
