"""Section "search" of the benchmark: settings for the article's model, drawn at random.

Fit ratings train, validation ratings choose the epoch and judge; the test ratings stay closed.
Lesson 4 shows the log, which is stored beside this module and belongs to the course.
"""

import json
from pathlib import Path

import numpy as np

from helpers import SEED

LOG = Path(__file__).with_suffix(".json")
COMMAND = "python3 -m helpers bench search"
RATES = {"Adagrad": (0.01, 1.0), "Adam": (0.0005, 0.05)}  # two powers of ten around usual ones
BATCH_SIZES = (1_024, 2_048, 4_096, 8_192)
TRIALS, BEST = 12, 3  # settings that are drawn, and those that are trained with more seeds
EPOCHS, PATIENCE = 60, 5
SEEDS = (1, 2, 3, 4, 5)  # not the seed that picks
BY_HAND = (  # the steps of lesson 4
    {"optimizer": "Adagrad", "learning_rate": 0.1, "batch_size": 8_192},
    {"optimizer": "Adagrad", "learning_rate": 0.1, "batch_size": 4_096},
    {"optimizer": "Adam", "learning_rate": 0.005, "batch_size": 4_096},
)


def draw_settings(draws=TRIALS, seed=SEED):
    """Return a list of settings: dicts with optimizer, learning_rate and batch_size.

    The logarithm of the learning rate is uniform, so that each power of ten is as likely as
    another.
    """
    rng = np.random.default_rng(seed)
    settings = []
    for _ in range(draws):
        optimizer = str(rng.choice(list(RATES)))
        rate = np.exp(rng.uniform(*np.log(RATES[optimizer])))
        size = int(rng.choice(BATCH_SIZES))
        drawn = {"optimizer": optimizer, "learning_rate": float(f"{rate:.2g}"), "batch_size": size}
        settings.append(drawn)
    return settings


def load_fit_and_validation():
    """Return the rows of lesson 4's two parts, dicts of arrays."""
    from helpers.data.ratings import load_rows, take
    from helpers.data.split import split_row_numbers

    rows = load_rows()
    fit, validation, _ = split_row_numbers()
    return take(rows, fit), take(rows, validation)


def train_until_stopped(parts, settings, seed):
    """Train the article's model until early stopping.

    Args:
        parts: the rows to learn from, and those that judge.
        settings: dict with optimizer, learning_rate and batch_size.
        seed: int.

    Returns:
        Dict of the best epoch, how many epochs were trained, and the best validation RMSE.
    """
    from helpers.keras2 import tf
    from helpers.models.article import train_longer

    fit, validation = parts
    stop = tf.keras.callbacks.EarlyStopping(
        monitor="val_root_mean_squared_error", mode="min", patience=PATIENCE
    )
    model = train_longer(
        fit, seed, [stop], validation=validation, settings={**settings, "epochs": EPOCHS}
    )
    curve = model.history.history["val_root_mean_squared_error"]
    best = int(np.argmin(curve))
    return {"epoch": best + 1, "epochs": len(curve), "rmse": round(curve[best], 4)}


def measure_search():
    """Train what is drawn, then the best of it and the settings by hand with more seeds.

    All in this process: no time is measured, and each training sets its seed.

    Returns:
        What is stored in `LOG` too: the command; for each drawn setting its validation RMSE; for
        each setting that was trained again, the best epoch and validation RMSE of each seed.
    """
    parts, drawn, again = load_fit_and_validation(), [], []
    print("  optimizer  learning rate  batch  best epoch of  validation RMSE")
    for settings in draw_settings():
        drawn.append(settings | train_until_stopped(parts, settings, SEED))
        print(f"  {line_of(drawn[-1])}", flush=True)
    best = sorted(drawn, key=lambda result: result["rmse"])[:BEST]
    for chosen in (*BY_HAND, *best):
        settings = {name: chosen[name] for name in BY_HAND[0]}
        runs = [train_until_stopped(parts, settings, seed) for seed in SEEDS]
        again.append(settings | {name: [run[name] for run in runs] for name in ("epoch", "rmse")})
        values = ", ".join(f"{value:.4f}" for value in again[-1]["rmse"])
        print(f"  again, with {len(SEEDS)} seeds: {settings}: {values}", flush=True)
    log = {"command": COMMAND, "seeds": SEEDS, "limit": EPOCHS, "drawn": drawn, "again": again}
    LOG.write_text(as_text(log), "utf-8")
    return log


def line_of(result):
    """Return a drawn setting and its result as a line of the table."""
    return (
        f"{result['optimizer']:9}  {result['learning_rate']:13g}  {result['batch_size']:5}  "
        f"{result['epoch']:10} {result['epochs']:2}  {result['rmse']:15.4f}"
    )


def as_text(log):
    """Return a log as JSON with a line for each entry of its lists of dicts."""
    lines = []
    for name, value in log.items():
        if name in ("drawn", "again"):
            entries = ",\n".join(f"  {json.dumps(entry)}" for entry in value)
            lines.append(f" {json.dumps(name)}: [\n{entries}\n ]")
        else:
            lines.append(f" {json.dumps(name)}: {json.dumps(value)}")
    return "{\n" + ",\n".join(lines) + "\n}\n"
