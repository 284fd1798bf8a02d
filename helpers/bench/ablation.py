"""Section "ablation" of the benchmark: what each part of lesson 6's model is worth.

Every model is tuned on the same settings, and the best of them trained with three seeds. Lesson 6
prints what `ablation.json` stores of a run; `python -m helpers bench ablation` makes it again.
"""

import json
from pathlib import Path

from helpers.scale.processes import call

ABLATION_LOG = Path(__file__).with_suffix(".json")
ABLATION_SEEDS = (42, 1, 2)
ADDED = ("history", "side features", "statistics", "crosses", "time")  # in the order of adding
PARTS_OF = {"biases, dot product": ()}  # name: parts
PARTS_OF |= {f"+ {part}": ADDED[: i + 1] for i, part in enumerate(ADDED)}
WHOLE, WITHOUT_TIME = list(PARTS_OF)[-1], list(PARTS_OF)[-2]
PARTS_OF |= {f"without {part}": tuple(p for p in ADDED if p != part) for part in ADDED[:-1]}
DENSE_OF = {  # models with dense layers beside the dot product: the same ones without
    "biases, dot product, dense layers": "biases, dot product",
    "+ time, dense layers": WHOLE,
}
ABLATION_SETTINGS = (  # of every model
    {"l2": 10, "epochs": 12, "learning_rate": 0.02},
    {"l2": 30, "epochs": 12, "learning_rate": 0.02},
    {"l2": 30, "epochs": 8, "learning_rate": 0.006},
)
DENSE_L2 = (100, 300, 1000)  # of the dense layers' kernels
SECONDS_TO_TUNE = 3_600  # seconds for a model's trainings
RESAMPLES = 1_000


def load_ablation():
    """Return the stored run, a dict.

    "tried" lists dicts: model, l2, epochs, learning_rate, and rmse, on validation, with seed 42.
    "seeds" has for each model the validation RMSE with its best settings, one per seed. "costs"
    has for what is taken out, or added, how much the RMSE rises: mean, low and high of 95%.
    "test" says of the model without time, trained on all training ratings, the test RMSE of each
    seed ("seeds"), and how far above some other libraries it is, with intervals ("above").
    """
    return json.loads(ABLATION_LOG.read_text("utf-8"))


def measure_ablation():
    """Train all models; print and return what `load_ablation` describes, and store it."""
    users = call("bench.ablation", "validation_users")
    tried, found = [], {}
    for name in (*PARTS_OF, *DENSE_OF):
        found[name] = call("bench.ablation", "tune", name, tried, seconds=SECONDS_TO_TUNE)
        tried += found[name]["tried"]
        print(f"  {name:34}", *(f"{v:.4f}" for v in found[name]["seeds"]), flush=True)
    result = ablation_of(found, users)
    result["test"] = call("bench.ablation", "test_without_time", result["tried"])
    for name, (value, low, high) in result["costs"].items():
        print(f"  {name:34} {value:+.4f} ({low:+.4f} to {high:+.4f})")
    ABLATION_LOG.write_text(ablation_as_text(result), "utf-8")
    return result


def ablation_of(found, users):
    """Return what `load_ablation` describes.

    Args:
        found: dict from a model's name to what `tune` returns.
        users: sequence of the users of the validation rows.
    """
    pairs = {part: (WHOLE, f"without {part}") for part in ADDED[:-1]}
    pairs |= {"time": (WHOLE, WITHOUT_TIME), **{name: (DENSE_OF[name], name) for name in DENSE_OF}}
    return {
        "tried": [one for model in found.values() for one in model["tried"]],
        "seeds": {name: model["seeds"] for name, model in found.items()},
        "costs": {
            name: rise_with_interval(users, *(found[model]["errors"] for model in pair))
            for name, pair in pairs.items()
        },
    }


def ablation_as_text(result):
    """Return a result as JSON, with a line for each entry."""
    tried = ",\n".join(f"  {json.dumps(one)}" for one in result["tried"])
    rest = (
        f' "{key}": {{\n'
        + ",\n".join(f"  {json.dumps(n)}: {json.dumps(v)}" for n, v in result[key].items())
        + "\n }"
        for key in ("seeds", "costs", "test")
    )
    return "{\n" + ",\n".join((f' "tried": [\n{tried}\n ]', *rest)) + "\n}\n"


def fit_and_validation():
    """Return the fit and validation rows of the article's split, with the model's features."""
    from helpers.data.ratings import load_rows, take
    from helpers.data.split import split_row_numbers
    from helpers.models.features import make_features

    rows = load_rows()
    fit, validation, _ = split_row_numbers()
    fit, validation = take(rows, fit), take(rows, validation)
    return make_features(fit), make_features(fit, validation)


def validation_users():
    """Return the user id of each validation row, as a list of str."""
    return [user.decode() for user in fit_and_validation()[1]["user_id"]]


def tune(name, tried_before):
    """Try all settings with one seed, then train with the best of them and all seeds.

    Args:
        name: of `PARTS_OF` or `DENSE_OF`.
        tried_before: what other models' calls have returned as "tried".

    Returns:
        Dict of tried (a list of dicts), seeds (validation RMSE of each), and errors (for each
        seed the errors on the validation rows, in stars, rounded).
    """
    from helpers.metrics.stars import rmse
    from helpers.models.training import predict

    train, validation = fit_and_validation()
    labels = validation["user_rating"]
    candidates = [dict(settings) for settings in ABLATION_SETTINGS]
    if name in DENSE_OF:  # its own penalty is chosen; the rest is as without dense layers
        best = best_settings(tried_before, DENSE_OF[name])
        candidates = [best | {"dense_l2": l2} for l2 in DENSE_L2]
    tried, predictions = [], {}
    for settings in candidates:
        stars = predict(train_variant(name, train, ABLATION_SEEDS[0], **settings), validation)
        tried.append({"model": name, **settings, "rmse": round(float(rmse(labels, stars)), 4)})
        predictions[str(settings)] = stars
    best = best_settings(tried, name)
    by_seed = [predictions[str(best)]]
    by_seed += [
        predict(train_variant(name, train, s, **best), validation) for s in ABLATION_SEEDS[1:]
    ]
    return {
        "tried": tried,
        "seeds": [round(float(rmse(labels, stars)), 4) for stars in by_seed],
        "errors": [(stars - labels).astype(float).round(3).tolist() for stars in by_seed],
    }


def test_without_time(tried):
    """Test the model that knows no times, with the settings that validation has chosen for it.

    Args:
        tried: what `load_ablation` calls so.

    Returns:
        What `load_ablation` describes as "test".
    """
    import numpy as np

    from helpers import metrics
    from helpers.data.ratings import load_rows, take
    from helpers.data.split import split_row_numbers
    from helpers.models.features import make_features
    from helpers.models.training import predict

    rows, parts = load_rows(), split_row_numbers()
    train, test = take(rows, np.concatenate(parts[:2])), take(rows, parts[2])
    labels, users = test["user_rating"], test["user_id"]
    settings = best_settings(tried, WITHOUT_TIME)
    features, of_test = make_features(train), make_features(train, test)
    models = (train_variant(WITHOUT_TIME, features, s, **settings) for s in ABLATION_SEEDS)
    by_seed = np.array([predict(model, of_test) for model in models])
    others = metrics.other_libraries()
    above = {
        name: metrics.paired_intervals(labels, {name: by_seed}, others[name], users)[name]
        for name in (metrics.BEST_LIBRARY, metrics.BEST_WITHOUT_TIME)
    }
    return {
        "seeds": [round(float(metrics.rmse(labels, stars)), 4) for stars in by_seed],
        "above": {name: [round(value, 4) for value in values] for name, values in above.items()},
    }


def best_settings(tried, name):
    """Return the settings with which a model has its lowest RMSE, a dict."""
    best = min((row for row in tried if row["model"] == name), key=lambda row: row["rmse"])
    return {key: value for key, value in best.items() if key not in ("model", "rmse")}


def train_variant(name, train, seed, *, l2, dense_l2=None, **settings):
    """Return a model of `PARTS_OF` or `DENSE_OF`, trained."""
    from helpers.keras2 import tf
    from helpers.models.rating import RatingModel, train_rating_model
    from helpers.models.training import fit_model

    if dense_l2 is None:
        return train_rating_model(train, PARTS_OF[name], seed, l2, **settings)

    class WithDenseLayers(RatingModel):
        """Dense layers, as the article has them but with L2, beside the dot product."""

        def __init__(self):
            super().__init__(train, PARTS_OF[DENSE_OF[name]], l2)
            penalty = tf.keras.regularizers.L2(dense_l2 / len(train["user_rating"]))
            layers = [
                tf.keras.layers.Dense(size, activation, kernel_regularizer=penalty)
                for size, activation in ((256, "relu"), (64, "relu"), (1, None))
            ]
            self.rating_layers = tf.keras.Sequential(layers)

        def combine(self, user, movie, numbers=None):
            pair = tf.concat([user[:, 1:], movie[:, 1:]], axis=1)
            return super().combine(user, movie, numbers) + self.rating_layers(pair)

    tf.keras.utils.set_random_seed(seed)
    return fit_model(WithDenseLayers(), train, **settings)


def rise_with_interval(users, first, second):
    """Return how much a mean RMSE rises from one recipe to another, with its 95% interval.

    Args:
        users: sequence of length n, the user of each row.
        first, second: the errors of each recipe's models, of shape (seeds, n).

    Returns:
        List of three floats, stars: the rise, and both ends of the interval, in whose draws the
        users are drawn anew, the same for both recipes, and so are each recipe's seeds.
    """
    import numpy as np

    rng = np.random.default_rng(ABLATION_SEEDS[0])
    _, user = np.unique(users, return_inverse=True)
    counts = np.bincount(user)
    drawn = rng.multinomial(len(counts), np.full(len(counts), 1 / len(counts)), RESAMPLES)
    means, drawn_means = [], []
    for errors in (first, second):
        squares = np.array([np.bincount(user, np.square(of_seed)) for of_seed in errors])
        means.append(np.sqrt(squares.sum(axis=1) / counts.sum()).mean())
        by_seed = np.sqrt(drawn @ squares.T / (drawn @ counts)[:, None])
        seeds = rng.integers(0, len(squares), by_seed.shape)
        drawn_means.append(np.take_along_axis(by_seed, seeds, axis=1).mean(axis=1))
    low, high = np.percentile(drawn_means[1] - drawn_means[0], [2.5, 97.5])
    return [round(float(value), 4) for value in (means[1] - means[0], low, high)]
