"""Section "lists" of the benchmark: lesson 8's losses on lists, with many settings and seeds.

That is more than a lesson has time for, so the section stores a log in `lists.json`, and the
lesson reads it. The test split chooses nothing: settings are those with the highest NDCG on
validation.
"""

import json
from pathlib import Path

from helpers.scale.processes import call

LISTS_LOG = Path(__file__).with_suffix(".json")
LOSSES = ("squared error", "pairwise", "ListMLE")
BETTER = "better model"  # lesson 6's, with its own features, batches and settings
LISTS_SEEDS = (42, 1, 2, 3, 4)
LEAK_SEEDS = 3  # so many of them
GRID = [(rate, l2) for rate in (0.0015, 0.003, 0.006, 0.012) for l2 in (10, 30, 100, 300)]
LISTS_LIMIT = 3_600  # seconds for each of the three parts


def load_lists():
    """Return the stored log, a dict.

    - search: for each loss a list of learning rate, L2 and validation NDCG@10, with one seed
    - leak: for each loss and "own rating" or "whole list", whichever is left out, validation
      NDCG@10 by seed
    - test: for each recipe NDCG@10 on test, a row by seed and a column by user, in thousandths
    """
    return json.loads(LISTS_LOG.read_text("utf-8"))


def measure_lists():
    """Make the log anew, store it, and print and return the means."""
    log = {"search": {}}
    for loss in LOSSES:
        log["search"][loss] = call("bench.lists", "search", loss, seconds=LISTS_LIMIT)
        print(f"  {loss:14} validation NDCG@10 by learning rate and L2", flush=True)
        for rate, l2, value in log["search"][loss]:
            print(f"  {rate:14} {l2:5} {value:.4f}")
    settings = {loss: best_of_search(tried) for loss, tried in log["search"].items()}
    log["leak"] = call("bench.lists", "leak", settings, seconds=LISTS_LIMIT)
    for name, values in log["leak"].items():
        print(f"  {name:28} validation NDCG@10", *(f"{value:.4f}" for value in values), flush=True)
    log["test"] = call("bench.lists", "on_test", settings, seconds=LISTS_LIMIT)
    means = {
        name: [sum(row) / len(row) / 1_000 for row in rows] for name, rows in log["test"].items()
    }
    for name, values in means.items():
        print(f"  {name:28} test NDCG@10", *(f"{value:.4f}" for value in values), flush=True)
    LISTS_LOG.write_text(lists_log_as_text(log), "utf-8")
    return means


def lists_log_as_text(log):
    """Return the log as JSON with a line for each row of numbers."""
    return json.dumps(log, separators=(",", ":")).replace("],", "],\n") + "\n"


def best_of_search(tried):
    """Return learning rate and L2 of the highest value of a loss's part of the search."""
    rate, l2, _ = max(tried, key=lambda each: each[2])
    return rate, l2


def search(loss):
    """Return learning rate, L2 and validation NDCG@10 of each setting of the grid."""
    judge, features, _ = _parts(on_test=False)
    tried = []
    for rate, l2 in GRID:
        model = _train(features["whole list"], loss, LISTS_SEEDS[0], rate, l2)
        tried.append((rate, l2, round(float(judge(model).mean()), 4)))
    return tried


def leak(settings):
    """Return validation NDCG@10 of each loss by seed, with more or less left out."""
    judge, features, _ = _parts(on_test=False)
    return {
        f"{loss}, {left_out}": [
            round(float(judge(_train(features[left_out], loss, seed, *settings[loss])).mean()), 4)
            for seed in LISTS_SEEDS[:LEAK_SEEDS]
        ]
        for loss in LOSSES
        for left_out in ("own rating", "whole list")
    }


def on_test(settings):
    """Return each user's NDCG@10 on test in thousandths, by recipe and seed."""
    from helpers.models import train_rating_model

    judge, features, train_features = _parts(on_test=True)

    def values(model):
        return [round(1_000 * value) for value in judge(model).tolist()]

    better = {
        BETTER: [values(train_rating_model(train_features, seed=seed)) for seed in LISTS_SEEDS]
    }
    return better | {
        loss: [
            values(_train(features["whole list"], loss, seed, *settings[loss]))
            for seed in LISTS_SEEDS
        ]
        for loss in LOSSES
    }


def _parts(on_test):
    """Return what judges a model, the features for lists, and those for single ratings."""
    import numpy as np

    from helpers.data import load_rows, split_row_numbers, take
    from helpers.metrics import ndcg, per_user
    from helpers.models import make_features, make_list_features, predict_uncut

    rows = load_rows()
    fit, validation, test = split_row_numbers()
    train = take(rows, np.concatenate([fit, validation]) if on_test else fit)
    held_out = take(rows, test if on_test else validation)
    described = make_features(train, held_out)

    def judge(model):
        scores = predict_uncut(model, described)
        mask, labels, scores = per_user(held_out["user_id"], held_out["user_rating"], scores)
        return ndcg(labels, scores, mask)

    kinds = {"whole list": True} if on_test else {"own rating": False, "whole list": True}
    features = {name: make_list_features(train, whole_list=kind) for name, kind in kinds.items()}
    return judge, features, make_features(train)


def _train(features, loss, seed, rate, l2):
    import keras_rs

    from helpers.models import squared_error, train_list_model

    losses = (squared_error, keras_rs.losses.PairwiseLogisticLoss(), keras_rs.losses.ListMLELoss())
    loss = dict(zip(LOSSES, losses))[loss]
    return train_list_model(features, loss, seed, learning_rate=rate, l2=l2)
