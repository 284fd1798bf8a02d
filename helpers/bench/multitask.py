"""Section "multitask" of the benchmark: one model for both tasks against two models.

That is more than a lesson has time for, so the section stores a log in `multitask.json`, and the
lesson reads it. One model and two get six settings each, and the weight of a star in the score
from the same list; full-catalogue NDCG@10 on validation chooses. Then the test ratings, and the
last 20,000 in time, are judged once.
"""

import json
from pathlib import Path

from helpers.scale.processes import call

MULTITASK_LOG = Path(__file__).with_suffix(".json")
SHARES = (0, 0.25, 0.5, 0.75, 1)  # of the rating task in the loss; retrieval has the rest
MULTITASK_SEEDS = (42, 1, 2)
WEIGHTS = (0, 0.25, 0.5, 0.75, 1, 1.5, 2, 3)  # of a star in the score
ONE_MODEL = ((0.006, 5), (0.006, 10), (0.006, 30), (0.006, 60), (0.012, 10), (0.012, 30))
TWO_MODELS = ((0.02, 300), (0.02, 600), (0.02, 1000), (0.02, 3000), (0.01, 1000), (0.04, 1000))
# Both are of learning rate and L2; of two models they are retrieval's.
TWO = "two models"
SPLITS = ("at random", "in time")
KNOWN = 10  # ratings of a new user, at least, before a list is asked for
MULTITASK_LIMIT = 7_200  # seconds for each of the parts


def load_multitask():
    """Return the stored log, a dict.

    - search: for "two models" and each share, such as "0.25", a list of learning rate, L2, weight
      of a star and validation NDCG@10 out of the full catalogue, with one seed; the weight is
      the best of `WEIGHTS`
    - at random, in time: for each recipe full-catalogue NDCG@10, a row by seed and a column by
      user who can be judged, in thousandths. Recipes are "most rated", "retrieval", "ranker,
      candidates", "two models" in one score, and the shares of one model
    - rated: for each split and recipe NDCG@10 on rated movies by seed
    - newcomers: full-catalogue NDCG@10 in time for users without a training rating, by seed and
      user, in thousandths: of retrieval alone, and with stars of the rating and the causal model;
      "weights" is what a star weighs in each
    """
    return json.loads(MULTITASK_LOG.read_text("utf-8"))


def measure_multitask():
    """Make the log anew, store it, and print and return the means."""
    log = {"search": {}}
    for name in (TWO, *map(str, SHARES)):
        log["search"][name] = call("bench.multitask", "try_settings", name, seconds=MULTITASK_LIMIT)
        for rate, l2, weight, value in log["search"][name]:
            print(f"  {name:10} {rate:6} {l2:5} w = {weight:<5} {value:.4f}", flush=True)
    chosen = {name: best_with_weight(tried) for name, tried in log["search"].items()}
    for split in SPLITS:
        part = call("bench.multitask", "judge", split, chosen, seconds=MULTITASK_LIMIT)
        log |= {split: part["full"], "rated": log.get("rated", {}) | {split: part["rated"]}}
        for name, rows in part["full"].items():
            values = [sum(row) / len(row) / 1_000 for row in rows]
            print(f"  {split:10} {name:20}", *(f"{value:.4f}" for value in values), flush=True)
    log["newcomers"] = call("bench.multitask", "judge_newcomers", seconds=MULTITASK_LIMIT)
    MULTITASK_LOG.write_text(multitask_log_as_text(log), "utf-8")
    return {
        split: {
            name: sum(map(sum, rows)) / sum(map(len, rows)) / 1_000
            for name, rows in log[split].items()
        }
        for split in SPLITS
    }


def multitask_log_as_text(log):
    """Return the log as JSON with a line for each row of numbers."""
    return json.dumps(log, separators=(",", ":")).replace("],", "],\n") + "\n"


def best_with_weight(tried):
    """Return learning rate, L2 and weight of a star of the highest value."""
    return max(tried, key=lambda each: each[3])[:3]


def try_settings(name):
    """Return learning rate, L2, best weight of a star and its validation NDCG@10, of each setting.

    Args:
        name: "two models", or a share as text.
    """
    fit, validation = _rows("validation")
    judged = _Judge(fit, validation)
    tried = []
    for rate, l2 in TWO_MODELS if name == TWO else ONE_MODEL:
        stages = judged.train(name, MULTITASK_SEEDS[0], rate, l2)
        retrieval, stars = stages.all_retrieval(), stages.all_stars()
        values = [float(judged.full(retrieval, retrieval + w * stars).mean()) for w in WEIGHTS]
        best = max(range(len(WEIGHTS)), key=values.__getitem__)
        tried.append((rate, l2, WEIGHTS[best], round(values[best], 4)))
    return tried


def judge(split, chosen):
    """Return NDCG@10 of all recipes: "full", by seed and user, and "rated", by seed.

    Args:
        split: "at random" or "in time".
        chosen: for "two models" and each share learning rate, L2 and weight of a star.
    """
    judged = _Judge(*_rows(split))
    full, rated = {}, {}

    def note(name, retrieval, scores):
        by_user = (1_000 * judged.full(retrieval, scores)).round().astype(int).tolist()
        full.setdefault(name, []).append(by_user)
        rated.setdefault(name, []).append(round(float(judged.rated(scores).mean()), 4))

    note("most rated", judged.popularity, judged.popularity)
    for name, (rate, l2, weight) in chosen.items():
        for seed in MULTITASK_SEEDS:
            stages = judged.train(name, seed, rate, l2)
            retrieval, stars = stages.all_retrieval(), stages.all_stars()
            if name == TWO:
                note("retrieval", retrieval, retrieval)
                note("ranker, candidates", retrieval, stars)
            note(name, retrieval, retrieval + weight * stars)
    return {"full": full, "rated": rated}


def judge_newcomers():
    """Return "weights" of a star, and NDCG@10 by seed and user, for each source of stars.

    Who has no rating among the first 80,000 is asked about as soon as ten ratings are known, with
    all ratings before that moment. The weights were chosen on who is new after 72,000.
    """
    import numpy as np

    from helpers.data import in_order_of_time, load_rows, take

    rows = take(in_order_of_time(load_rows()), slice(80_000))
    validation = _newcomers(take(rows, slice(72_000)), take(rows, slice(72_000, None)), (42,))
    best = {name: int(values[0].mean(axis=1).argmax()) for name, values in validation.items()}
    judged = _newcomers(*_rows("in time"), MULTITASK_SEEDS)
    found = {"retrieval": np.array([by_weight[0] for by_weight in judged["rating model"]])}
    found |= {name: values[:, best[name]] for name, values in judged.items()}
    return {"weights": {name: WEIGHTS[place] for name, place in best.items()}} | {
        name: (1_000 * values).round().astype(int).tolist() for name, values in found.items()
    }


def _newcomers(train, later, seeds):
    """Return NDCG@10 of new users for each source of stars, of shape (seeds, weights, users)."""
    import numpy as np

    from helpers.data import take
    from helpers.metrics import full_catalogue_ndcg, top
    from helpers.models import (
        make_causal_features,
        make_features,
        predict_uncut,
        train_causal_model,
        train_rating_model,
        train_retriever,
    )

    features, causal_features = make_features(train), make_causal_features(train)
    retrievers = [train_retriever(train, seed=seed) for seed in seeds]
    models = {
        "rating model": [train_rating_model(features, seed=seed) for seed in seeds],
        "causal model": [train_causal_model(causal_features, seed=seed) for seed in seeds],
    }
    titles, first = np.unique(train["movie_title"], return_index=True)
    found = {name: [] for name in models}
    for user in np.setdiff1d(later["user_id"], train["user_id"]):
        mine = take(later, later["user_id"] == user)
        moments = [
            t for t in np.unique(mine["timestamp"]) if (mine["timestamp"] < t).sum() >= KNOWN
        ]
        if not moments:
            continue
        now = moments[0]
        held_out, seen = np.zeros((1, len(titles))), np.isin(titles, [])
        for title, stars, when in zip(mine["movie_title"], mine["user_rating"], mine["timestamp"]):
            if when < now:
                seen = seen | (titles == title)
            else:
                held_out[0, titles == title] = stars
        held_out[0, seen] = 0
        if not held_out.any():
            continue
        pairs = take(mine, np.zeros(len(titles), int))
        of_movie = take(train, first)
        pairs |= {name: of_movie[name] for name in ("movie_title", "year", "genres")}
        pairs |= {"timestamp": np.full(len(titles), now)}
        before = take(later, later["timestamp"] < now)
        world = {name: np.concatenate([train[name], before[name]]) for name in train}
        both = {name: np.concatenate([world[name], pairs[name]]) for name in world}
        described = {
            "rating model": make_features(world, pairs),
            "causal model": take(make_causal_features(both), slice(len(world["user_id"]), None)),
        }
        for name, features in described.items():
            of_seeds = []
            for retriever, model in zip(retrievers, models[name]):
                movies = retriever.movie(titles).numpy()
                retrieval = movies[seen].mean(axis=0) @ movies.T
                stars = predict_uncut(model, features)
                chosen = top(retrieval[None], seen[None], 100)[0]
                lists = [
                    chosen[np.argsort(-(retrieval + w * stars)[chosen], kind="stable")[:10]]
                    for w in WEIGHTS
                ]
                of_seeds.append([full_catalogue_ndcg(one[None], held_out)[0] for one in lists])
            found[name].append(of_seeds)
    return {name: np.moveaxis(values, 0, 2) for name, values in found.items()}


def _rows(split):
    """Return the rows to learn from, and those to judge by."""
    import numpy as np

    from helpers.data import in_order_of_time, load_rows, split_row_numbers, take

    rows = load_rows()
    if split == "in time":
        rows = in_order_of_time(rows)
        return take(rows, slice(80_000)), take(rows, slice(80_000, None))
    fit, validation, test = split_row_numbers()
    if split == "validation":
        return take(rows, fit), take(rows, validation)
    return take(rows, np.concatenate([fit, validation])), take(rows, test)


class _Judge:
    """Train on some rows, and judge lists by others."""

    def __init__(self, train, held_out):
        import numpy as np

        from helpers.data import stars_matrix
        from helpers.models import make_features

        self.rows, self.features = train, make_features(train)
        users, titles = np.unique(train["user_id"]), np.unique(train["movie_title"])
        seen = stars_matrix(train, users, titles)
        self.seen = seen > 0
        self.popularity = np.broadcast_to(self.seen.sum(axis=0), seen.shape)
        self.held_out = np.where(self.seen, 0, stars_matrix(held_out, users, titles))
        self.rankers = {}  # a training for each seed is enough: its settings are lesson 6's

    def train(self, name, seed, rate, l2):
        """Return `TwoStages` of one model or two."""
        from helpers.models import TwoStages, train_multi_task, train_rating_model, train_retriever

        if name != TWO:
            settings = {"l2": l2, "learning_rate": rate}
            model = train_multi_task(self.features, float(name), seed, **settings)
            return TwoStages(model, model, self.rows)
        if seed not in self.rankers:
            self.rankers[seed] = train_rating_model(self.features, seed=seed)
        retriever = train_retriever(self.rows, seed=seed, l2=l2, learning_rate=rate)
        return TwoStages(retriever, self.rankers[seed], self.rows)

    def full(self, retrieval, scores):
        """Return NDCG@10 by user: of the 100 best by retrieval, the ten best by score."""
        import numpy as np

        from helpers.metrics import full_catalogue_ndcg, top

        chosen = top(retrieval, self.seen, 100)
        order = np.argsort(-np.take_along_axis(scores, chosen, axis=1), axis=1, kind="stable")
        return full_catalogue_ndcg(np.take_along_axis(chosen, order[:, :10], axis=1), self.held_out)

    def rated(self, scores):
        """Return NDCG@10 by user among the movies that the user has rated."""
        from helpers.metrics import ndcg, per_user

        pairs = self.held_out.nonzero()
        mask, labels, scores = per_user(pairs[0], self.held_out[pairs], scores[pairs])
        return ndcg(labels, scores, mask)
