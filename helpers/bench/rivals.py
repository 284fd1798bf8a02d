"""Section "rivals" of the benchmark: how fast each model gets how good, ours and others'.

The others run outside the course's requirements, in an environment that is made for them and
thrown away; see `libraries`. Section "libraries" stores what they predict, for the leaderboard, and
"trees" what LightGBM predicts of lesson 7's test ratings.
"""

import contextlib
import json
import sys
import tempfile
import time
from pathlib import Path

from helpers.bench.libraries import BOARD, MOVIE_FIELDS, TREES, USER_FIELDS
from helpers.scale.processes import ProcessError, call, run_command
from helpers.setup import platforms
from helpers.setup.environment import ROOT

THRESHOLDS = (0.95, 0.93, 0.91, 0.90, 0.89, 0.88)  # stars
PACKAGES = ("scikit-surprise==1.1.5", "cornac==3.0.1", "myfm==0.4.0")
TREES_PACKAGES = ("lightgbm==4.7.0",)
TREES_STORED = Path(__file__).with_name("trees.npz")
INSTALL_LIMIT, TRAIN_LIMIT = 180, 1_800  # seconds


def watch_longer(callback):
    """Train the article's model longer."""
    from helpers.models.article import train_longer

    train, test = train_and_test()
    callback.test = test
    train_longer(train, callbacks=[callback])


def watch_factors(callback):
    """Train a matrix factorization."""
    from helpers.models.rating import train_rating_model

    train, test = train_and_test()
    callback.test = test
    train_rating_model(train, (), l2=10, epochs=12, learning_rate=0.02, callbacks=[callback])


def watch_better(callback):
    """Make the features of the better model and train it."""
    from helpers.models.features import make_features
    from helpers.models.rating import train_rating_model

    train, test = train_and_test()
    train_features = make_features(train)
    with callback.paused():
        callback.test = make_features(train, test)
    train_rating_model(train_features, callbacks=[callback])


OURS = {"longer": watch_longer, "factors": watch_factors, "better": watch_better}


def train_and_test():
    """Return the rows of the article's split; validation rows are part of the first."""
    import numpy as np

    from helpers.data.ratings import load_rows, take
    from helpers.data.split import split_row_numbers

    rows = load_rows()
    fit, validation, test = split_row_numbers()
    return take(rows, np.concatenate([fit, validation])), take(rows, test)


def epochs_of(name):
    """Train one of `OURS`; return after each epoch the seconds so far and the test RMSE."""
    from helpers.keras2 import tf
    from helpers.metrics.stars import rmse
    from helpers.models.training import predict

    class Watch(tf.keras.callbacks.Callback):
        """Stop the clock while the test RMSE is computed."""

        def __init__(self):
            super().__init__()
            self.curve = []
            self.start = time.perf_counter()

        @contextlib.contextmanager
        def paused(self):
            pause = time.perf_counter()
            yield pause - self.start
            self.start += time.perf_counter() - pause

        def on_epoch_end(self, epoch, logs=None):
            with self.paused() as seconds:
                stars = predict(self.model, self.test)
                self.curve.append((seconds, rmse(self.test["user_rating"], stars)))

    watch = Watch()
    OURS[name](watch)
    return watch.curve


def reached(curve, thresholds=THRESHOLDS):
    """Return for each threshold the seconds until a curve is below it, or None.

    Args:
        curve: pairs of seconds and test RMSE, in the order of time.
        thresholds: floats, stars.
    """
    return [next((t for t, value in curve if value < limit), None) for limit in thresholds]


def row(name, curve):
    """Return a line of the table."""
    cells = "".join(f"{'–':>7}" if t is None else f"{t:7.1f}" for t in reached(curve))
    return f"  {name:26}{cells}   {curve[-1][1]:.3f} in {curve[-1][0]:.1f} s"


def save_split(path):
    """Store the split as arrays of numbers, for other Pythons; return the path."""
    import numpy as np

    np.savez(path, **split_as_numbers(*train_and_test()))
    return path


def split_as_numbers(train, test):
    """Return ratings and what describes users and movies as a dict of arrays of numbers.

    Args:
        train, test: rows, as `load_rows` returns them.

    Returns:
        For each of the two: user and movie (places in the sorted ids), stars and time, such as
        train_user. How many users and movies there are. The fields that describe them, with one
        row for each user or movie.
    """
    import numpy as np

    sides = {}
    for side, field in (("user", "user_id"), ("movie", "movie_title")):
        known = np.unique(np.concatenate([train[field], test[field]]))
        numbers = {n: np.searchsorted(known, rows[field]) for n, rows in _named(train, test)}
        sides |= {f"{n}_{side}": each for n, each in numbers.items()} | {f"{side}s": len(known)}
        of_member = np.zeros(len(known), np.int64)  # a row that describes each user or movie
        of_member[numbers["train"]] = np.arange(len(numbers["train"]))
        of_member[numbers["test"]] = len(numbers["train"]) + np.arange(len(numbers["test"]))
        names = USER_FIELDS if side == "user" else MOVIE_FIELDS
        for name in names:
            values = np.concatenate([train[name], test[name]])[of_member]
            if values.ndim == 1:
                values = np.unique(values, return_inverse=True)[1]
            sides[name] = values
    for n, rows in _named(train, test):
        sides |= {f"{n}_stars": rows["user_rating"], f"{n}_time": rows["timestamp"]}
    return sides


def _named(train, test):
    return (("train", train), ("test", test))


def measure_rivals():
    """Train the course's models and the others on the same split; return each one's curve."""
    print("  Seconds from the raw rows until the test RMSE is below")
    print(f"  {'':26}" + "".join(f"{limit:7.2f}" for limit in THRESHOLDS) + "   at the end")
    curves = {}
    for name in OURS:
        curves[name] = call("bench.rivals", "epochs_of", name)
        print(row(name, curves[name]), flush=True)
    with tempfile.TemporaryDirectory() as folder:
        split = call("bench.rivals", "save_split", str(Path(folder, "split.npz")))
        try:
            python = _environment(Path(folder, "venv"))
        except ProcessError as error:
            reason = str(error).splitlines()[-1].strip()
            print(f"  Other libraries are left out, as they cannot be had here: {reason}")
            return curves
        for name in json.loads(run_command([python, _SCRIPT], "rivals")):
            try:
                printed = run_command([python, _SCRIPT, name, split], name)
            except ProcessError as error:
                print(f"  {error}")
                continue
            curves[name] = json.loads(printed.splitlines()[-1])
            print(row(name, curves[name]), flush=True)
    return curves


def measure_libraries():
    """Train the leaderboard's other libraries and store what they predict; return each one's RMSE.

    The file, `.bench/other_libraries.npz`, takes the place of the one in `helpers/metrics` by hand:
    another machine's numbers may differ a little.
    """
    import numpy as np

    from helpers.metrics.leaderboard import STORED, store_predictions
    from helpers.metrics.stars import rmse

    predictions, results = {}, {}
    with tempfile.TemporaryDirectory() as folder:
        split = call("bench.rivals", "save_split", str(Path(folder, "split.npz")))
        with np.load(split) as stored:
            labels = stored["test_stars"]
        python = _environment(Path(folder, "venv"))
        for name in BOARD:
            file = str(Path(folder, "predictions.npy"))
            run_command([python, _SCRIPT, name, split, file], name, TRAIN_LIMIT)
            predictions[name] = np.load(file)
            results[name] = rmse(labels, predictions[name])
            print(f"  {name:34} test RMSE {results[name]:.3f}", flush=True)
    path = ROOT / ".bench" / STORED.name
    store_predictions(path, predictions)
    print(f"  Stored {path.relative_to(ROOT)}; the leaderboard's is {STORED.relative_to(ROOT)}")
    return results


def measure_trees():
    """Train LightGBM on the numbers of lesson 7, store what it predicts; return its test RMSEs.

    As in `measure_libraries`, the course's own file is replaced by hand.
    """
    import numpy as np

    from helpers.metrics.leaderboard import store_predictions
    from helpers.metrics.stars import rmse

    with tempfile.TemporaryDirectory() as folder:
        numbers = call("bench.rivals", "save_numbers", str(Path(folder, "numbers.npz")))
        with np.load(numbers) as stored:
            labels = stored["stars"][80_000:]
        python = _environment(Path(folder, "venv"), TREES_PACKAGES)
        file = str(Path(folder, "predictions.npy"))
        printed = run_command([python, _SCRIPT, TREES, numbers, file], TREES, TRAIN_LIMIT)
        by_seed = np.load(file)
    for tried in json.loads(printed.splitlines()[-1]):
        print("  validation", *(f"{name} {value}" for name, value in tried.items()))
    results = [rmse(labels, one) for one in (*by_seed, by_seed.mean(axis=0))]
    print("  test RMSE, seeds and average", *(f"{value:.4f}" for value in results))
    path = ROOT / ".bench" / TREES_STORED.name
    store_predictions(path, {f"seed {i}": one for i, one in enumerate(by_seed)})
    print(f"  Stored {path.relative_to(ROOT)}; lesson 7's is {TREES_STORED.relative_to(ROOT)}")
    return results


def load_trees():
    """Return LightGBM's predictions of lesson 7's test ratings, of shape (seeds, 20,000), stars."""
    import numpy as np

    from helpers.metrics.leaderboard import load_predictions

    return np.array(list(load_predictions(TREES_STORED).values()))


def save_numbers(path):
    """Save what lesson 7's model knows of each rating, without the history; return the path."""
    import numpy as np

    from helpers.data import in_order_of_time, load_rows
    from helpers.models import make_causal_features

    features = make_causal_features(in_order_of_time(load_rows()))
    columns = [features[name] for name in ("expected", "statistics", "tastes", "moods")]
    columns += [features[name] for name in ("age", "year", "genres")]
    numbers = np.column_stack(columns).astype(np.float32)
    categories = [
        np.unique(features[name], return_inverse=True)[1]
        for name in ("gender", "user_occupation_text", "movie_title")
    ]
    places = numbers.shape[1] + np.arange(len(categories))
    x = np.column_stack([numbers, *categories]).astype(np.float32)
    stars, expected = features["user_rating"], features["expected"]
    np.savez(path, x=x, stars=stars, expected=expected, categories=places)
    return path


_SCRIPT = str(Path(__file__).with_name("libraries.py"))


def _environment(folder, packages=PACKAGES):
    """Make a virtual environment with some packages; return its Python."""
    deadline = time.monotonic() + INSTALL_LIMIT
    run_command([sys.executable, "-m", "venv", str(folder)], "venv", INSTALL_LIMIT)
    python = str(platforms.python_of(folder))
    left = round(max(1, deadline - time.monotonic()))
    run_command(
        [python, "-m", "pip", "install", "--quiet", "--only-binary=:all:", *packages], "pip", left
    )
    return python
