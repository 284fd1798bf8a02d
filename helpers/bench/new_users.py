"""Section "new_users" of the benchmark: folding in against the causal model, for new users.

That is more than lesson 10 has time for, so the section stores a log in `new_users.json`, and the
lesson reads it. Both are asked about the same ratings of the same users, and both are tuned on
other users.
"""

import json
from pathlib import Path

from helpers.scale.processes import call

NEW_USERS_LOG = Path(__file__).with_suffix(".json")
NEW_USERS_SEEDS = (0, 1, 2, 3)
GIVEN = (0, 1, 5, 10, 20, 40)  # ratings that are given before the others are asked for
TUNED_AT, LIST_COUNTS = 10, (5, 20)
L2_CHOICES = (1, 2, 3, 5, 7, 10, 15, 20)
EPOCH_CHOICES, GAP_CHOICES = (2, 4), (60, 86_400)  # seconds between the given and the asked ones
NEW, NEW_AT_ONCE = 200, 10  # their ratings tell the movies little: they are 10 of some 750 users
SECONDS_TO_COMPARE = 3_600


def load_new_users():
    """Return the stored log, a dict.

    - rmse: for each model ("folding in", "causal") and each number of ratings given (a str), a list
      by seed of the new users' RMSE, each over the same ratings, from the user's 41st on
    - ndcg: likewise full-catalogue NDCG@10 of the lists of the one score, for 5 and 20 ratings
    - chosen: by seed, what was chosen on other users: epochs and gap (seconds) of the causal model,
      and the lambda of folding in by the number of ratings given
    """
    return json.loads(NEW_USERS_LOG.read_text("utf-8"))


def measure_new_users():
    """Make the log anew, store it, print it and return it."""
    log = {"rmse": {}, "ndcg": {}, "chosen": []}
    for seed in NEW_USERS_SEEDS:
        made = call("bench.new_users", "compare_on_new_users", seed, seconds=SECONDS_TO_COMPARE)
        log["chosen"].append(made["chosen"])
        print(f"  seed {seed}: {made['chosen']}", flush=True)
        for metric in ("rmse", "ndcg"):
            for model, by_count in made[metric].items():
                for count, values in by_count.items():
                    seeds = log[metric].setdefault(model, {}).setdefault(count, [])
                    seeds.append([round(value, 3) for value in values])
                    mean = sum(values) / len(values)
                    print(f"    {metric} {model:10} {count:>2} {mean:.4f}", flush=True)
    NEW_USERS_LOG.write_text(json.dumps(log) + "\n", "utf-8")
    return log


def compare_on_new_users(seed):
    """Train both models without 200 users, tune them on half of these, and judge the others."""
    import numpy as np

    from helpers.data import load_rows, split_row_numbers, stars_matrix, take
    from helpers.models import (
        make_causal_features,
        train_causal_model,
        train_rating_model,
        train_retriever,
    )

    rows, (fit, validation, _) = load_rows(), split_row_numbers()
    train = take(rows, np.concatenate([fit, validation]))
    users, ratings = np.unique(train["user_id"], return_counts=True)
    rng = np.random.default_rng(seed)
    chosen = np.sort(rng.choice(users[ratings > GIVEN[-1] + 10], NEW, replace=False))
    known = take(train, ~np.isin(train["user_id"], chosen))
    people = _NewUsers(
        known, rng.permutation(stars_matrix(train, chosen, np.unique(known["movie_title"]))), seed
    )
    factors = train_rating_model(known, parts=(), seed=seed, l2=10, epochs=12, learning_rate=0.02)
    features = make_causal_features(known)
    causal = {
        epochs: train_causal_model(features, seed=seed, epochs=epochs) for epochs in EPOCH_CHOICES
    }
    embeddings = train_retriever(known, seed=seed).movie(people.titles).numpy()
    choosing, judging = np.split(np.arange(NEW), 2)

    def mean_rmse(stars):
        return people.rmse(stars, choosing).mean()

    settings = {
        (epochs, gap): mean_rmse(people.by_causal(model, choosing, TUNED_AT, gap))
        for epochs, model in causal.items()
        for gap in GAP_CHOICES
    }
    epochs, gap = min(settings, key=settings.get)
    log = {
        "rmse": {"folding in": {}, "causal": {}},
        "ndcg": {"folding in": {}, "causal": {}},
        "chosen": {"epochs": epochs, "gap": gap, "l2": {}},
    }
    for count in GIVEN:
        by_l2 = {
            l2: mean_rmse(people.by_folding_in(factors, choosing, count, l2)) for l2 in L2_CHOICES
        }
        l2 = log["chosen"]["l2"][str(count)] = min(by_l2, key=by_l2.get)
        for name, stars in (
            ("folding in", people.by_folding_in(factors, judging, count, l2)),
            ("causal", people.by_causal(causal[epochs], judging, count, gap)),
        ):
            log["rmse"][name][str(count)] = people.rmse(stars, judging).tolist()
            if count in LIST_COUNTS:
                ndcg = people.ndcg(stars, judging, count, embeddings)
                log["ndcg"][name][str(count)] = ndcg.tolist()
    return log


class _NewUsers:
    """New users, whose ratings stand in a random order: the first few are given."""

    def __init__(self, known, stars, seed):
        import numpy as np

        self.known, self.stars = known, stars
        self.titles, self.first = np.unique(known["movie_title"], return_index=True)
        rng = np.random.default_rng(seed)
        self.orders = [rng.permutation(np.flatnonzero(of_user)) for of_user in stars]

    def rmse(self, stars, users):
        """Return each user's RMSE over the ratings from the 41st on."""
        import numpy as np

        from helpers.metrics import rmse

        later = [self.orders[user][GIVEN[-1] :] for user in users]
        pairs = zip(users, later, stars)
        return np.array([rmse(self.stars[user, movies], of[movies]) for user, movies, of in pairs])

    def ndcg(self, stars, users, count, embeddings):
        """Return each user's full-catalogue NDCG@10; retrieval takes the given movies' mean."""
        import numpy as np

        from helpers.metrics import full_catalogue_ndcg, top
        from helpers.models.two_stages import CANDIDATES, STARS_WEIGHT

        given = np.array([self.orders[user][:count] for user in users])
        seen = np.zeros(stars.shape, bool)
        np.put_along_axis(seen, given, True, axis=1)
        retrieval = embeddings[given].mean(axis=1) @ embeddings.T
        candidates = top(retrieval, seen, CANDIDATES)
        scores = np.take_along_axis(retrieval + STARS_WEIGHT * stars, candidates, axis=1)
        lists = np.take_along_axis(candidates, np.argsort(-scores, axis=1)[:, :10], axis=1)
        return full_catalogue_ndcg(lists, np.where(seen, 0, self.stars[users]))

    def by_folding_in(self, factors, users, count, l2):
        """Return stars of all movies, of shape (users, movies)."""
        import numpy as np

        from helpers.models import fold_in

        of_movies = factors.movie_vectors({"movie_title": self.titles}).numpy()
        expected, vectors, stars = factors.mean + of_movies[:, 0], of_movies[:, 1:], []
        for user in users:
            given = self.orders[user][:count]
            folded = fold_in(vectors[given], self.stars[user, given] - expected[given], l2)
            stars.append(np.clip(expected + folded[0] + vectors @ folded[1:], 1, 5))
        return np.array(stars)

    def by_causal(self, model, users, count, gap):
        """Return the same by the causal model, which is asked `gap` seconds after the ratings.

        They are given after all that is known, in one second; nothing else is told of the users.
        """
        import numpy as np

        from helpers.data import take
        from helpers.models import make_causal_features, predict

        now, everything = self.known["timestamp"].max() + 1, np.arange(len(self.titles))
        stars = []
        for start in range(0, len(users), NEW_AT_ONCE):
            group, parts = users[start : start + NEW_AT_ONCE], [self.known]
            for user in group:
                for movies, time in ((self.orders[user][:count], now), (everything, now + gap)):
                    asked = take(self.known, self.first[movies])
                    asked["user_rating"] = self.stars[user, movies]
                    for name, value in (
                        ("user_id", f"new {user}".encode()), ("timestamp", time),
                        ("age", -1), ("gender", -1), ("user_occupation_text", b""),
                    ):  # fmt: skip
                        asked[name] = np.full(len(movies), value)
                    parts.append(asked)
            rows = {name: np.concatenate([part[name] for part in parts]) for name in self.known}
            is_asked = rows["timestamp"] == now + gap
            features = take(make_causal_features(rows), is_asked)
            stars.append(predict(model, features).reshape(len(group), len(everything)))
        return np.concatenate(stars)
