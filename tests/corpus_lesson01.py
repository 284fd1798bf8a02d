"""Right and plausibly wrong answers to the exercises of lesson 1.

RIGHT: exercise -> other right forms. WRONG: exercise -> (wrong answer, what its message names).
An answer is a tuple of the arguments of the check.
"""

import numpy as np

from helpers import evaluation, movielens, ratings
from helpers.movielens import tf

NAMES = ("movie_title", "user_id", "user_rating")
READ = ratings.load_ratings()
USERS, TITLES = ratings.vocabulary(READ, "user_id"), ratings.vocabulary(READ, "movie_title")
ROWS = movielens.read_ratings("movie_title", "user_id", "movie_id")


def keep_by_popping(example):
    for name in set(example) - set(NAMES):
        example.pop(name)
    return example


def keep_with_numpy(example):
    return {name: example[name].numpy() for name in NAMES}


def split(reshuffle=False, buffer=None, take=None, skip=None, pass_seed=True, swap=False):
    """Return a split function with one thing changed."""

    def function(rows, train_size, seed):
        tf.random.set_seed(seed if pass_seed else 7)
        shuffled = rows
        if buffer != 0:
            shuffled = rows.shuffle(
                buffer or len(rows),
                seed=seed if pass_seed else 7,
                reshuffle_each_iteration=reshuffle,
            )
        train = shuffled.take(take or train_size)
        test = shuffled.skip(train_size if skip is None else skip)
        return (test, train) if swap else (train, test)

    return function


def split_of_a_list(rows, train_size, seed):
    values = np.array(list(rows.as_numpy_iterator()))
    values = np.random.default_rng(seed).permutation(values)
    parts = values[:train_size], values[train_size:]
    return [tf.data.Dataset.from_tensor_slices(part) for part in parts]


def split_with_seed_in_shuffle_only(rows, train_size, seed):
    order = rows.shuffle(100_000, seed=seed, reshuffle_each_iteration=False)
    return order.take(train_size), order.skip(train_size)


def split_into_arrays(rows, train_size, seed):
    values = np.random.default_rng(seed).permutation(len(rows))
    return values[:train_size], values[train_size:]


def split_that_reorders_train(rows, train_size, seed):
    train, test = split()(rows, train_size, seed)
    return train.shuffle(train_size, reshuffle_each_iteration=True), test


RIGHT = {
    "keep_three": [
        (lambda x: {n: v for n, v in x.items() if n in NAMES},),
        (
            lambda example: {
                "movie_title": example["movie_title"],
                "user_id": example["user_id"],
                "user_rating": example["user_rating"],
            },
        ),
    ],
    "head_share": [("C",), (" c ",)],
    "split_once": [(split_of_a_list,), (split_with_seed_in_shuffle_only,)],
    "vocabularies": [
        (sorted(USERS.tolist()), sorted(TITLES.tolist())),
        ([user.decode() for user in USERS], np.array([title.decode() for title in TITLES])),
    ],
    "constant_rmse": [
        (evaluation.constant_rmse,),
        (lambda train, test: float(((test - train.mean()) ** 2).mean() ** 0.5),),
        (lambda train, test: tf.sqrt(tf.reduce_mean((test - tf.reduce_mean(train)) ** 2)),),
    ],
    "quiz_ratings": [
        ({"q1": "C", "q2": "a", "q3": "A"},),
        ({"q3": "a", "q2": " a", "q1": "c"},),
    ],
}

WRONG = {
    "keep_three": [
        (({},), "A function was asked for"),
        ((lambda x: {"movie_title": x["movie_title"], "user_id": x["user_id"]},), "user_rating is"),
        ((lambda x: dict(x),), "Only three fields are wanted"),
        ((lambda x: {n: x[n] for n in (*NAMES, "movie_id")},), "without movie_id"),
        ((lambda x: tuple(x[n] for n in NAMES),), "Return a dict"),
        ((keep_by_popping,), "changes the dict it is given"),
        ((lambda x: {"title": x["movie_title"], "user": x["user_id"]},), "movie_title is missing"),
        (
            (lambda x: {n: x["user_id" if n == "movie_title" else n] for n in NAMES},),
            "another field",
        ),
        ((keep_with_numpy,), "raised AttributeError"),
        (
            (lambda x: {n: tf.cast(x[n], "int32") if n == NAMES[2] else x[n] for n in NAMES},),
            "type",
        ),
    ],
    "head_share": [
        (("a",), "all movies are rated equally often"),
        (("b",), "first tenth"),
        (("d",), "not that thin"),
        ((0.65,), "answer with one of a, b, c, d"),
    ],
    "split_once": [
        ((split(reshuffle=True),), "the shuffle is done anew"),
        ((split_that_reorders_train,), "order of train changes"),
        ((split(skip=600),), "are in train too"),
        ((split(take=80_000, skip=80_000),), "use `train_size`"),
        ((split(take=800),), "800 are in train"),
        ((split(skip=800),), "200 are in test"),
        ((split(buffer=0),), "not shuffled"),
        ((split(buffer=10),), "its buffer must hold all"),
        ((split(pass_seed=False),), "The seed makes no difference"),
        ((split(swap=True),), "wrong order"),
        ((lambda rows, train_size, seed: rows.shuffle(1_000, seed=seed),), "Return two datasets"),
        ((split_into_arrays,), "must be a tf.data.Dataset"),
    ],
    "vocabularies": [
        ((TITLES, USERS), "swapped"),
        ((ROWS["user_id"], ROWS["movie_title"]), "keep each once"),
        ((USERS, np.unique(ROWS["movie_id"])), "holds movie ids"),
        ((USERS, ratings.vocabulary(ratings.split_once(READ)[0], "movie_title")), "of `train`"),
        ((set(USERS.tolist()), set(TITLES.tolist())), "has no order"),
        ((len(USERS), len(TITLES)), "must be an array of strings"),
        ((READ.map(lambda x: x["user_id"]), TITLES), "must be an array of strings"),
        ((USERS[:-1], TITLES), "has 942 values"),
        ((USERS, TITLES[1:]), "has 1,663 values"),
        ((np.arange(943), TITLES), "must hold strings"),
    ],
    "constant_rmse": [
        ((lambda train, test: np.mean((test - train.mean()) ** 2),), "This is the MSE"),
        ((lambda train, test: np.mean(np.abs(test - train.mean())),), "mean absolute error"),
        ((lambda train, test: np.std(test),), "mean of the test ratings"),
        ((lambda train, test: np.std(train),), "error on the training ratings"),
        ((lambda train, test: evaluation.rmse(test, np.median(train)),), "median"),
        ((lambda train, test: np.sqrt(np.sum((test - train.mean()) ** 2)),), "root of the sum"),
        ((lambda train, test: evaluation.constant_rmse(test, train),), "changed places"),
        ((lambda train, test: np.mean(test - train.mean()),), "cancel"),
        ((lambda train, test: 1.125,), "it is 1.8930"),
        ((lambda train, test: None,), "add `return`"),
        ((lambda train, test: (test - train.mean()) ** 2,), "One number was asked for"),
        ((1.125,), "A function was asked for"),
    ],
    "quiz_ratings": [
        (({"q1": "a", "q2": "a", "q3": "a"},), "q1: 100,000"),
        (({"q1": "b", "q2": "a", "q3": "a"},), "q1: 1,682"),
        (({"q1": "c", "q2": "b", "q3": "a"},), "q2: The number"),
        (({"q1": "c", "q2": "c", "q3": "b"},), "q2: The training ratings leak"),
        (({"q1": "c", "q2": "a", "q3": "b"},), "q3: The MSE punishes"),
        (({"q1": "c", "q2": "a", "q3": "c"},), "q3: Both are zero"),
        (({"q1": "c", "q2": "a", "q3": ...},), "Still open: q3"),
        (("c, a, a",), "Answer with a dict"),
        (({"q1": "1664", "q2": "a", "q3": "a"},), "q1: answer with one of a, b, c"),
    ],
}
