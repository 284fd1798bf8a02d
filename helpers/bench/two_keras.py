"""Section "two_keras" of the benchmark: lesson 13's models, trained in both Keras, seed by seed.

A lesson has time for one seed, so the section stores a log in `two_keras.json`, and the lesson
reads it. Where JAX is installed, the log also gets what one file does under JAX.
"""

import importlib.metadata
import importlib.util
import json
import os
import sys
import tempfile
import time
from pathlib import Path

from helpers.scale.processes import call, run_command

TWO_KERAS_LOG = Path(__file__).with_suffix(".json")
TWO_KERAS_SEEDS = (42, 1, 2, 3, 4)
BOTH_KERAS = ("article", "factors", "lists", "retrieval")
TWO_KERAS_LIMIT = 1_800  # seconds for a model
BACKENDS = ("tensorflow", "jax")
UNDER_A_BACKEND = """
import json, sys, time
import keras, numpy as np

path, pairs, epochs = sys.argv[1], dict(np.load(sys.argv[2])), int(sys.argv[3])
stars = pairs.pop("stars")
model = keras.saving.load_model(path)
given = {name: pairs["new_" + name] for name in ("user", "movie")}
train = {name: pairs[name] for name in given}
predictions = model.predict(given, batch_size=20_000, verbose=0)
model.compile(model.optimizer, "mse")  # the file says jit_compile as its saver had it
seconds = []
for _ in range(epochs):
    start = time.perf_counter()
    model.fit(train, stars, batch_size=2_048, verbose=0)
    seconds.append(time.perf_counter() - start)
print(json.dumps([keras.backend.backend(), min(seconds), predictions.astype(float).tolist()]))
"""


def load_two_keras():
    """Return the stored log, a dict.

    - of each model, for "Keras 2" and "Keras 3", a list of [figure, seconds] by seed: test RMSE
      of the article's model, validation RMSE of the factors, validation NDCG@10 of the lists and
      validation recall@100 of the retrieval model
    - "backends": what `under_backends` returns; versions are beside it
    """
    return json.loads(TWO_KERAS_LOG.read_text("utf-8"))


def measure_two_keras():
    """Make the log anew, store it, and return it."""
    log = {}
    for name in BOTH_KERAS:
        log[name] = call("bench.two_keras", "train_both", name, seconds=TWO_KERAS_LIMIT)
        for which, rows in log[name].items():
            cells = "".join(f"  {value:.4f} in {seconds:4.1f} s" for value, seconds in rows)
            print(f"  {name:10} {which}{cells}", flush=True)
    if importlib.util.find_spec("jax"):
        log["backends"] = call("bench.two_keras", "under_backends", seconds=TWO_KERAS_LIMIT)
    else:
        log["backends"] = load_two_keras()["backends"]
        print("  JAX is not installed: its figures stay as they were")
    for backend, values in log["backends"].items():
        print(f"  {backend}: {values}")
    TWO_KERAS_LOG.write_text(json.dumps(log, indent=1) + "\n", "utf-8")
    return log


def train_both(name):
    """Return [figure, seconds] by seed for each of the two Keras, of one of `BOTH_KERAS`."""
    first, second, judge = {
        "article": _article, "factors": _factors, "lists": _lists, "retrieval": _retrieval
    }[name]()  # fmt: skip
    log = {"Keras 2": [], "Keras 3": []}
    for seed in TWO_KERAS_SEEDS:
        for rows, train in zip(log.values(), (first, second)):
            start = time.perf_counter()
            model = train(seed)
            seconds = time.perf_counter() - start
            rows.append([round(float(judge(model)), 4), round(seconds, 1)])
    return log


def _parts():
    """Return fit, validation and test."""
    from helpers.data import load_rows, split_row_numbers, take

    return [take(load_rows(), part) for part in split_row_numbers()]


def _article():
    import numpy as np

    from helpers.metrics import rmse
    from helpers.models import keras3, predict, train_article_model

    fit, validation, test = _parts()
    train = {name: np.concatenate([fit[name], validation[name]]) for name in fit}

    def judge(model):
        if isinstance(model, keras3.keras.Model):
            stars = keras3.predict_numbers(model, keras3.numbers_of(train, test))
        else:
            stars = predict(model, {name: test[name] for name in ("user_id", "movie_title")})
        return rmse(test["user_rating"], stars)

    return train_article_model, lambda seed: keras3.train_article_model_anew(train, seed), judge


def _factors():
    from helpers.metrics import rmse
    from helpers.models import keras3, predict, train_rating_model

    fit, validation, _ = _parts()

    def judge(model):
        if isinstance(model, keras3.keras.Model):
            stars = keras3.predict_numbers(model, keras3.numbers_of(fit, validation)).clip(1, 5)
        else:
            stars = predict(model, validation)
        return rmse(validation["user_rating"], stars)

    return (
        lambda seed: train_rating_model(fit, (), seed, 10, epochs=12, learning_rate=0.02),
        lambda seed: keras3.train_factor_model(fit, seed),
        judge,
    )


def _lists():
    from helpers.metrics import ndcg, per_user
    from helpers.models import (
        keras3,
        make_features,
        make_list_features,
        predict_uncut,
        train_list_model,
    )

    fit, validation, _ = _parts()
    features, described = make_list_features(fit), make_features(fit, validation)

    def judge(model):
        if isinstance(model, keras3.keras.Model):
            scores = keras3.predict_lists(model, features, described)
        else:
            scores = predict_uncut(model, described)
        mask, labels, scores = per_user(validation["user_id"], validation["user_rating"], scores)
        return ndcg(labels, scores, mask).mean()

    list_mle = keras3.keras_rs.losses.ListMLELoss()
    chosen = {"learning_rate": keras3.LIST_RATE, "l2": keras3.LIST_L2}
    return (
        lambda seed: train_list_model(features, list_mle, seed, **chosen),
        lambda seed: keras3.train_list_model_anew(features, seed),
        judge,
    )


def _retrieval():
    import numpy as np

    from helpers.data import stars_matrix
    from helpers.metrics import recall, top
    from helpers.models import keras3, train_retriever

    fit, validation, _ = _parts()
    users, titles = np.unique(fit["user_id"]), np.unique(fit["movie_title"])
    seen = stars_matrix(fit, users, titles) > 0
    liked = np.where(seen, 0, stars_matrix(validation, users, titles)) >= 4

    def judge(model):
        if isinstance(model, keras3.TwoTowers):
            tables = [part.get_weights()[0][:-1] for part in (model.user, model.movie)]
        else:
            tables = [model.user(users).numpy(), model.movie(titles).numpy()]
        return recall(top(tables[0] @ tables[1].T, seen, 100), liked)

    return (
        lambda seed: train_retriever(fit, seed=seed),
        lambda seed: keras3.train_two_towers(fit, seed=seed),
        judge,
    )


def under_backends():
    """Return what one file does under each of `BACKENDS`, in a process of its own.

    Returns:
        A dict from the backend to its version; the largest difference of its predictions to
        those of the process that saved the file; and the seconds of the fastest of five
        epochs.
    """
    import numpy as np

    from helpers.models import keras3

    fit, validation, _ = _parts()
    model = keras3.train_factor_model(fit)
    numbers, new = keras3.numbers_of(fit, fit), keras3.numbers_of(fit, validation)
    ours = np.ravel(model.predict(new, batch_size=20_000, verbose=0))  # as the others do
    with tempfile.TemporaryDirectory() as folder:
        file, pairs = f"{folder}/factors.keras", f"{folder}/pairs.npz"
        model.save(file)
        new = {f"new_{name}": values for name, values in new.items()}
        np.savez(pairs, stars=fit["user_rating"], **numbers, **new)
        result = {}
        for backend in BACKENDS:
            seconds, theirs = run_under(backend, file, pairs, epochs=5)
            result[backend] = {
                "version": importlib.metadata.version(backend),
                "difference": float(np.abs(ours - theirs).max()),
                "seconds": round(seconds, 2),
            }
    return result


def run_under(backend, file, pairs, epochs):
    """Load a `.keras` file in a new process under a backend; predict with it, then train it.

    Args:
        backend: "tensorflow", "jax" or "torch".
        file: path of the model, compiled.
        pairs: path of an `.npz` with user, movie and stars to train on, new_user and new_movie.
        epochs: how many; the first ones also compile.

    Returns:
        Seconds of the fastest epoch, and an array of the predictions for the new pairs before it.
    """
    import numpy as np

    command = [sys.executable, "-c", UNDER_A_BACKEND, str(file), str(pairs), str(epochs)]
    environment = os.environ | {"KERAS_BACKEND": backend}
    printed = run_command(command, f"a process under {backend}", env=environment)
    used, seconds, predictions = json.loads(printed.splitlines()[-1])
    if used != backend:
        raise RuntimeError(f"{backend} was asked for, and Keras used {used}")
    return seconds, np.array(predictions)
