"""Train other libraries' models on a split; run by a Python that has them, not by the course's.

    python libraries.py                  # prints the names
    python libraries.py NAME SPLIT.npz   # prints pairs of seconds and test RMSE, as JSON
    python libraries.py NAME SPLIT.npz PREDICTIONS.npy   # stores a model of the leaderboard's
    python libraries.py LightGBM NUMBERS.npz PREDICTIONS.npy   # lesson 7's rival; prints its search

None of these libraries says how good a model is on the way, so a model is trained anew for each
number of rounds. Rounds, rates and penalties are constants: SVD's and MF's were chosen with lesson
4's validation ratings, the others are plain guesses. The test ratings choose nothing. Predicting
is not timed, nor is the import.
"""

import functools
import itertools
import json
import sys
import time

import numpy as np


def surprise_svd(split, rounds):
    """Surprise's SVD: biases and a dot product, one rating after the other (SGD)."""
    from surprise import SVD

    model = SVD(n_factors=150, n_epochs=rounds, lr_all=0.01, reg_all=0.1, random_state=42)
    return _surprise(model, split)


def surprise_svdpp(split, rounds):
    """Surprise's SVD++: also which movies a user has rated."""
    from surprise import SVDpp

    model = SVDpp(
        n_factors=20, n_epochs=rounds, lr_all=0.01, reg_all=0.1, cache_ratings=True, random_state=42
    )
    return _surprise(model, split)


def _surprise(model, split):
    from surprise import Dataset, Reader

    columns = (split[f"train_{name}"].tolist() for name in ("user", "movie", "stars"))
    rows = [(*row, None) for row in zip(*columns)]
    model.fit(Dataset(Reader(rating_scale=(1, 5))).construct_trainset(rows))

    def predict():
        pairs = zip(split["test_user"].tolist(), split["test_movie"].tolist())
        return np.array([model.predict(user, movie).est for user, movie in pairs])

    return predict


def cornac_mf(split, rounds, cores=0):
    """Cornac's MF: as Surprise's SVD; on all cores at once (0) not the same from run to run."""
    from cornac.data import Dataset
    from cornac.models import MF

    columns = (split[f"train_{name}"].tolist() for name in ("user", "movie", "stars"))
    data = Dataset.build(list(zip(*columns)), seed=42)
    model = MF(
        k=200, max_iter=rounds, learning_rate=0.01, lambda_reg=0.05, num_threads=cores, seed=42
    ).fit(data)

    def predict():
        user = np.array([data.uid_map.get(each, -1) for each in split["test_user"].tolist()])
        movie = np.array([data.iid_map.get(each, -1) for each in split["test_movie"].tolist()])
        bias = np.where(user < 0, 0, model.u_biases[user])
        bias += np.where(movie < 0, 0, model.i_biases[movie])
        match = (model.u_factors[user] * model.i_factors[movie]).sum(axis=1)
        return model.global_mean + bias + np.where((user < 0) | (movie < 0), 0, match)

    return predict


def myfm_ids(split, rounds):
    """myFM, a Bayesian factorization machine, on ids alone; a round is a draw of all weights."""
    return _myfm(split, rounds, rank=10, features=False)


def myfm_features(split, rounds):
    """myFM on ids, genres, year, demographics, and who has rated what."""
    return _myfm(split, rounds, rank=10, features=True)


def myfm_time(split, rounds):
    """myFM on all that and the day of the rating, with an ordinal output: a chance for each star.

    The test ratings' neighbours in time are training ratings, so the day looks ahead.
    """
    return _myfm(split, rounds, rank=10, features=True, time=True)


def _myfm(split, rounds, rank, features, time=False):
    from myfm import MyFMOrderedProbit, MyFMRegressor, RelationBlock
    from scipy import sparse

    blocks = [_block(split, side, features, sparse) for side in ("user", "movie")]
    sizes = [size for _, groups in blocks for size in groups]
    days = dict.fromkeys(("train", "test"))
    if time:
        days, width = _days(split, sparse)
        sizes.insert(0, width)

    def relations(part):
        return [
            RelationBlock(split[f"{part}_{side}"].tolist(), block)
            for side, (block, _) in zip(("user", "movie"), blocks)
        ]

    model = (MyFMOrderedProbit if time else MyFMRegressor)(rank=rank, random_seed=42)
    stars = split["train_stars"].astype(int) - 1 if time else split["train_stars"]
    model.fit(
        days["train"], stars, X_rel=relations("train"), group_shapes=sizes, n_iter=rounds,
        n_kept_samples=round(0.8 * rounds),
    )  # fmt: skip
    if time:
        return lambda: model.predict_proba(days["test"], relations("test")) @ np.arange(1, 6)
    return lambda: model.predict(None, relations("test"))


def _days(split, sparse):
    """Return a row for each rating, with a 1 in its day's column; and the number of columns."""
    days = {part: split[f"{part}_time"] // 86_400 for part in ("train", "test")}
    known = np.unique(np.concatenate(list(days.values())))
    rows = {
        part: sparse.eye(len(known), format="csr")[np.searchsorted(known, values)]
        for part, values in days.items()
    }
    return rows, len(known)


def _block(split, side, features, sparse):
    """Return one side's features as a sparse matrix, and the width of each group of them."""
    user, movie, count = split["train_user"], split["train_movie"], split[f"{side}s"]
    parts = [sparse.eye(count, format="csr")]
    if features:
        for name in {"user": USER_FIELDS, "movie": MOVIE_FIELDS}[side]:
            values = split[name]
            if values.ndim == 1:  # a category
                ones = np.ones(count)
                parts.append(sparse.csr_matrix((ones, (np.arange(count), values))))
            else:
                parts.append(sparse.csr_matrix(values / np.sqrt(values.sum(axis=1, keepdims=True))))
        pairs = (user, movie) if side == "user" else (movie, user)
        shape = (split["users"], split["movies"])
        seen = sparse.csr_matrix(
            (np.ones(len(user)), pairs), shape if side == "user" else shape[::-1]
        )
        number = np.maximum(seen.sum(axis=1), 1)
        parts.append(sparse.csr_matrix(seen.multiply(1 / np.sqrt(number))))
    return sparse.hstack(parts, format="csr"), [part.shape[1] for part in parts]


USER_FIELDS, MOVIE_FIELDS = ("age", "gender", "user_occupation_text"), ("year", "genres")
RIVALS = {  # name: how to train it, and the numbers of rounds
    "Surprise SVD": (surprise_svd, (10, 25, 50)),
    "Surprise SVD++": (surprise_svdpp, (10, 25)),
    "Cornac MF": (cornac_mf, (10, 20, 30)),
    "myFM, ids": (myfm_ids, (20, 50, 100, 200)),
    "myFM, features and history": (myfm_features, (20, 50, 100, 200)),
}

BOARD = {  # name on the course's leaderboard: how to train it, and the number of rounds
    "Surprise SVD, tuned": (surprise_svd, 50),
    "Cornac MF, tuned": (functools.partial(cornac_mf, cores=1), 30),
    "myFM, ids": (myfm_ids, 500),
    "myFM, side features and history": (myfm_features, 500),
    "myFM, also time, ordinal output": (myfm_time, 500),
}


TREES = "LightGBM"
TREES_SEEDS = (42, 1, 2)
TREES_GRID = {  # every combination is tried
    "num_leaves": (15, 31),
    "min_data_in_leaf": (20, 100),
    "lambda_l2": (1, 10),
    "start": ("mean", "running biases"),
    "movie": (False, True),  # as one more category
}
TREES_FIXED = {
    "objective": "l2", "learning_rate": 0.03, "feature_fraction": 0.8, "bagging_fraction": 0.8,
    "bagging_freq": 1, "num_threads": 1, "deterministic": True, "verbose": -1,
}  # fmt: skip


def trees(numbers):
    """Train LightGBM on what lesson 7's model knows; choose its settings on validation.

    Each setting stops when the ratings from 72,001 to 80,000 have not been predicted better for 50
    trees; the best one is trained on 80,000 ratings, with as many trees.

    Args:
        numbers: dict of x, shape (100,000, columns), in the order of time; stars and expected,
            shape (100,000,); and categories, the columns of x that are categories.

    Returns:
        Dict of tried (a list of dicts, the settings and validation rmse) and predictions of the
        last 20,000 ratings, of shape (seeds, 20,000), stars.
    """
    import lightgbm

    fit, validation, train, test = (
        slice(72_000), slice(72_000, 80_000), slice(80_000), slice(80_000, None),
    )  # fmt: skip
    categories = numbers["categories"].tolist()  # the last of them is the movie

    def data(part, chosen):
        columns = numbers["x"] if chosen["movie"] else numbers["x"][:, :-1]
        start = numbers["expected"][part] if chosen["start"] == "running biases" else None
        return lightgbm.Dataset(
            columns[part], numbers["stars"][part], init_score=start, free_raw_data=False,
            categorical_feature=categories if chosen["movie"] else categories[:-1],
        )  # fmt: skip

    def train_trees(rows, chosen, seed, rounds, **options):
        settings = {name: chosen[name] for name in ("num_leaves", "min_data_in_leaf", "lambda_l2")}
        return lightgbm.train(settings | TREES_FIXED | {"seed": seed}, rows, rounds, **options)

    tried = []
    for values in itertools.product(*TREES_GRID.values()):
        chosen = dict(zip(TREES_GRID, values))
        rows = data(fit, chosen)
        stopped = train_trees(
            rows, chosen, TREES_SEEDS[0], 2_000,
            valid_sets=[data(validation, chosen).set_reference(rows)],
            callbacks=[lightgbm.early_stopping(50, verbose=False)],
        )  # fmt: skip
        error = float(np.sqrt(stopped.best_score["valid_0"]["l2"]))
        tried.append(chosen | {"trees": stopped.best_iteration, "rmse": round(error, 4)})
    best = min(tried, key=lambda each: each["rmse"])
    rows, asked = data(train, best), data(test, best)
    start = 0 if asked.init_score is None else asked.init_score
    predictions = [
        np.clip(start + train_trees(rows, best, seed, best["trees"]).predict(asked.data), 1, 5)
        for seed in TREES_SEEDS
    ]
    return {"tried": tried, "predictions": np.array(predictions)}


def curve(name, split):
    """Return pairs of seconds and test RMSE, one for each number of rounds."""
    train, all_rounds = RIVALS[name]
    train(split, 1)  # imports
    points = []
    for rounds in all_rounds:
        start = time.perf_counter()
        predict = train(split, rounds)
        seconds = time.perf_counter() - start
        stars = np.clip(predict(), 1, 5)
        points.append((seconds, float(np.sqrt(np.mean((stars - split["test_stars"]) ** 2)))))
    return points


def main():
    """Print the names, or measure one."""
    if len(sys.argv) == 1:
        print(json.dumps(list(RIVALS)))
        return
    name = sys.argv[1]
    with np.load(sys.argv[2]) as stored:
        split = dict(stored)
    if len(sys.argv) == 3:
        print(json.dumps(curve(name, split)))
        return
    if name == TREES:
        result = trees(split)
        np.save(sys.argv[3], result["predictions"])
        print(json.dumps(result["tried"]))
        return
    train, rounds = BOARD[name]
    np.save(sys.argv[3], np.clip(train(split, rounds)(), 1, 5))


if __name__ == "__main__":
    main()
