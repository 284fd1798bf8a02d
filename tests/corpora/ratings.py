"""Right and plausibly wrong answers to the exercises of lesson 1.

RIGHT: exercise -> other right forms. WRONG: exercise -> (wrong answer, what its message names).
An answer is a tuple of the arguments of the check.
"""

import numpy as np

from helpers.data import movielens, vocabularies
from helpers.data import split as ours
from helpers.data.ratings import load_ratings
from helpers.keras2 import tf
from helpers.metrics import stars

READ = load_ratings()
USERS, TITLES = (
    vocabularies.vocabulary(READ, "user_id"),
    vocabularies.vocabulary(READ, "movie_title"),
)
ROWS = movielens.read_ratings("movie_title", "user_id", "movie_id")


def split(
    reshuffle=False,
    buffer=None,
    take=None,
    skip=None,
    pass_seed=True,
    swap=False,
    result=lambda train, test: (train, test),
):
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
        return result(test, train) if swap else result(train, test)

    return function


def split_of_a_list(rows, train_size, seed):
    values = next(rows.batch(len(rows)).as_numpy_iterator())
    values = np.random.default_rng(seed).permutation(values)
    parts = values[:train_size], values[train_size:]
    return [tf.data.Dataset.from_tensor_slices(part) for part in parts]


def split_with_seed_in_shuffle_only(rows, train_size, seed):
    order = rows.shuffle(100_000, seed=seed, reshuffle_each_iteration=False)
    return order.take(train_size), order.skip(train_size)


def split_with_named_arguments(rows, train_size, seed):
    tf.random.set_seed(seed)
    order = rows.shuffle(seed=seed, buffer_size=len(rows), reshuffle_each_iteration=False)
    return [order.take(train_size), order.skip(train_size).take(len(rows))]


def split_with_the_global_seed_42(rows, train_size, seed):
    tf.random.set_seed(42)
    order = rows.shuffle(len(rows), seed=seed, reshuffle_each_iteration=False)
    return order.take(train_size), order.skip(train_size)


def split_with_the_own_seed_42(rows, train_size, seed):
    tf.random.set_seed(seed)
    order = rows.shuffle(len(rows), seed=42, reshuffle_each_iteration=False)
    return order.take(train_size), order.skip(train_size)


def split_with_20_000_to_test(rows, train_size, seed):
    train, test = split()(rows, train_size, seed)
    return train, test.take(20_000)


def split_into_arrays(rows, train_size, seed):
    values = np.random.default_rng(seed).permutation(len(rows))
    return values[:train_size], values[train_size:]


def split_with_one_seed(rows, train_size, seed):
    tf.random.set_seed(seed)
    order = rows.shuffle(rows.cardinality(), reshuffle_each_iteration=False)
    return [order.take(train_size), order.skip(train_size)]


def split_by_two_equal_shuffles(rows, train_size, seed):
    train, _ = split()(rows, train_size, seed)
    _, test = split()(rows, train_size, seed)
    return train, test


def split_by_two_other_shuffles(rows, train_size, seed):
    tf.random.set_seed(seed)
    train, test = (rows.shuffle(len(rows), reshuffle_each_iteration=False) for _ in range(2))
    return train.take(train_size), test.skip(train_size)


def split_then_shuffle(rows, train_size, seed):
    tf.random.set_seed(seed)
    train, test = rows.take(train_size), rows.skip(train_size)
    return train.shuffle(train_size, seed=seed, reshuffle_each_iteration=False), test


def split_with_lost_ratings(rows, train_size, seed):
    train, test = split()(rows, train_size, seed)
    return train, test.take(10).repeat(30)


def split_with_test_anew(rows, train_size, seed):
    train = split_of_a_list(rows, train_size, seed)[0]
    rest = tf.data.Dataset.from_tensor_slices(np.setdiff1d(np.arange(1_000), list(train)))
    return train, rest.concatenate(train).shuffle(1_000, seed=seed).take(len(rest))


def split_in_a_generator(rows, train_size, seed):
    yield from split()(rows, train_size, seed)


def split_without_return(rows, train_size, seed):
    print(split()(rows, train_size, seed))


def split_that_reorders_train(rows, train_size, seed):
    train, test = split()(rows, train_size, seed)
    return train.shuffle(train_size, reshuffle_each_iteration=True), test


def twins(train, test):
    pairs = set(zip(train["user_id"], train["movie_title"]))
    return np.array([pair in pairs for pair in zip(test["user_id"], test["movie_title"])], bool)


def twins_by_dict(train, test):
    titles_of = {}
    for user, title in zip(train["user_id"], train["movie_title"]):
        titles_of.setdefault(user, set()).add(title)
    found = np.zeros(len(test["user_id"]), dtype=bool)
    for i, user in enumerate(test["user_id"]):
        found[i] = test["movie_title"][i] in titles_of.get(user, ())
    return found


def twins_with_a_mark_between(train, test):
    known, asked = (part["user_id"] + b"\t" + part["movie_title"] for part in (train, test))
    return np.isin(asked.astype("S99"), known.astype("S99"))


def twins_by_numbers(train, test):
    """Number users and titles, and join the two numbers to one."""
    both = []
    for name in ("user_id", "movie_title"):
        values = np.concatenate([train[name], test[name]]).astype("S99")
        both.append(np.unique(values, return_inverse=True)[1])
    pair = both[0] * (both[1].max() + 1) + both[1]
    n = len(train["user_id"])
    return np.isin(pair[n:], pair[:n])


def twins_by_isin(train, test):
    knows_user = np.isin(test["user_id"], train["user_id"])
    return knows_user & np.isin(test["movie_title"], train["movie_title"])


def twins_in_joined_text(train, test):
    known = set(train["user_id"] + train["movie_title"])
    return np.array([text in known for text in test["user_id"] + test["movie_title"]], bool)


def twins_with_equal_stars(train, test):
    rows = set(zip(train["user_id"], train["movie_title"], train["user_rating"]))
    asked = zip(test["user_id"], test["movie_title"], test["user_rating"])
    return np.array([row in rows for row in asked], bool)


def twins_in_a_list(train, test):
    pairs = list(zip(train["user_id"], train["movie_title"]))
    return np.array([pair in pairs for pair in zip(test["user_id"], test["movie_title"])], bool)


def twins_of_all_pairs(train, test):
    same = test["user_id"][:, None] == train["user_id"]
    return (same & (test["movie_title"][:, None] == train["movie_title"])).any(axis=1)


def twins_of_train(train, test):
    return twins(test, train)


def twins_in_place_only(train, test):
    n = min(len(train["user_id"]), len(test["user_id"]))
    same = [train[name][:n] == test[name][:n] for name in ("user_id", "movie_title")]
    return np.append(same[0] & same[1], np.zeros(len(test["user_id"]) - n, bool)).astype(bool)


def first_twins(train, test):
    pairs = list(zip(test["user_id"], test["movie_title"]))
    found = twins(train, test)
    return np.array([found[i] and pair not in pairs[:i] for i, pair in enumerate(pairs)], bool)


def twins_found_once(train, test):
    """Take a pair out of the set when it is found."""
    pairs = set(zip(train["user_id"], train["movie_title"]))
    found = []
    for pair in zip(test["user_id"], test["movie_title"]):
        found.append(pair in pairs)
        pairs.discard(pair)
    return np.array(found, bool)


def twins_without_return(train, test):
    print(twins(train, test))


def twins_that_sort(train, test):
    test["user_id"].sort()
    return twins(train, test)


def twins_that_add_a_field(train, test):
    test["twin"] = twins(train, test)
    return test["twin"]


def with_twins(change):
    return lambda train, test: change(twins(train, test))


def strange(users, value):
    """Return the user ids with one of them changed."""
    return [value, *users.tolist()[1:]]


def rmse_of(change=lambda errors: errors**2, root=np.sqrt, guess=np.mean, total=np.mean):
    """Return a `constant_rmse` with one thing changed."""

    def function(train, test):
        with np.errstate(invalid="ignore"):
            return root(total(change(test - guess(train))))

    return function


def rmse_in_a_loop(train, test):
    mean, total = sum(train) / len(train), 0
    for rating in test:
        total += (rating - mean) ** 2
    return (total / len(test)) ** 0.5


def rmse_by_keras(train, test):
    metric = tf.keras.metrics.RootMeanSquaredError()
    metric.update_state(test, np.full(len(test), np.mean(train)))
    return metric.result()


def rmse_in_place(train, test):
    test -= train.mean()
    return np.sqrt(np.mean(test**2))


def rmse_in_a_generator(train, test):
    yield stars.constant_rmse(train, test)


RIGHT = {
    "head_share": [("C",), (" c ",), ("c",), (np.str_("c"),)],
    "split_once": [
        (split(),),
        (split_by_two_equal_shuffles,),
        (split_with_named_arguments,),
        (ours.split_once,),
    ],
    "has_twin": [
        (twins,),
        (twins_by_dict,),
        (twins_with_a_mark_between,),
        (twins_by_numbers,),
    ],
    "vocabularies": [
        (np.array(sorted(USERS.tolist())), np.array(sorted(TITLES.tolist()))),
        (USERS, TITLES),
        (USERS.astype(object)[::-1], TITLES),
        (tf.constant(USERS).numpy(), tf.unique(ROWS["movie_title"]).y.numpy()),
    ],
    "constant_rmse": [
        (stars.constant_rmse,),
        (lambda train, test: float(((test - train.mean()) ** 2).mean() ** 0.5),),
        (lambda train, test: tf.sqrt(tf.reduce_mean((test - tf.reduce_mean(train)) ** 2)),),
        (rmse_of(),),
        (rmse_in_a_loop,),
        (rmse_by_keras,),
        (lambda train, test: np.linalg.norm(test - train.mean()) / np.sqrt(len(test)),),
    ],
    "quiz_ratings": [
        ({"q1": "C", "q2": "a", "q3": "B"},),
        ({"q3": "b", "q2": " a", "q1": "c"},),
        ({"q1": "c ", "q2": "A ", "q3": np.str_("b")},),
    ],
}

WRONG = {
    "head_share": [
        (("a",), "all movies are rated equally often"),
        (("b",), "first tenth"),
        (("d",), "not that thin"),
        (("A",), "all movies are rated equally often"),
        ((" B ",), "first tenth"),
        (("D",), "the first half of the movies has 93%"),
        ((0.65,), "one of a, b, c, d, in quotes"),
        ((65,), "one of a, b, c, d, in quotes"),
        (("65%",), "one of a, b, c, d, in quotes"),
        (("c) 65%",), "one of a, b, c, d, in quotes"),
        (("e",), "one of a, b, c, d, in quotes"),
        (("",), "one of a, b, c, d, in quotes"),
        ((["c"],), "one of a, b, c, d, in quotes"),
        (({"head_share": "c"},), "one of a, b, c, d, in quotes"),
        ((True,), "one of a, b, c, d, in quotes"),
        ((tf.data.Dataset.range(9).repeat(),), "one of a, b, c, d, in quotes"),
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
        ((split_of_a_list,), "another than the course's"),
        ((split_with_seed_in_shuffle_only,), "give `seed` to `tf.random.set_seed`"),
        ((split_with_one_seed,), "another than the course's"),
        ((split_with_the_global_seed_42,), "another than the course's"),
        ((split_with_the_own_seed_42,), "another than the course's"),
        ((split_with_20_000_to_test,), "20,000 are in test, not 30,000"),
        ((split_into_arrays,), "must be a tf.data.Dataset"),
        ((split(buffer=700),), "its buffer must hold all"),
        ((split(buffer=10_000),), "its buffer must hold all"),
        ((split(buffer=80_000),), "its buffer must hold all"),
        ((split(buffer=1),), "train is the first 700 as they come"),
        ((split_then_shuffle,), "cut first and shuffled then"),
        ((split_by_two_other_shuffles,), "are in train too"),
        ((split_with_lost_ratings,), "Some ratings come twice"),
        ((split_with_test_anew,), "other ratings are in test"),
        ((split(result=lambda train, test: (train.repeat(), test)),), "leave `repeat` out"),
        ((split(result=lambda train, test: (train, test.repeat())),), "leave `repeat` out"),
        ((split(result=lambda train, test: (train.batch(10), test)),), "The parts hold batches"),
        ((split(result=lambda train, test: (train.enumerate(), test)),), "something else than"),
        ((split(result=lambda train, test: train),), "Return two datasets"),
        ((split(result=lambda *parts: dict(zip("ab", parts))),), "Return two datasets"),
        ((split(result=lambda train, test: (train, test, test)),), "Return two datasets"),
        ((split(result=lambda train, test: (list(train), list(test))),), "a tf.data.Dataset"),
        ((split_in_a_generator,), "Return two datasets"),
        ((split_without_return,), "returns nothing: add `return`"),
        ((lambda rows, train_size, seed: (rows, rows),), "All ratings are in train"),
        ((READ,), "A function was asked for"),
    ],
    "has_twin": [
        ((twins_by_isin,), "what `wrong_has_twin` says"),
        ((twins_in_joined_text,), "without a mark between them"),
        ((twins_with_equal_stars,), "asks for equal stars too"),
        ((twins_in_a_list,), "takes about a minute"),
        ((twins_of_all_pairs,), "takes about a minute"),
        ((twins_of_train,), "an answer for each training rating"),
        ((first_twins,), "came before in `test` counts as well"),
        ((twins_found_once,), "came before in `test` counts as well"),
        ((twins_in_place_only,), "the answer should be"),
        ((twins_without_return,), "returns nothing: add `return`"),
        ((twins_that_sort,), "changes the dicts or arrays"),
        ((twins_that_add_a_field,), "changes the dicts or arrays"),
        ((lambda train, test: np.isin(test["user_id"], train["user_id"]),), "rated anything"),
        ((lambda train, test: np.isin(test["movie_title"], train["movie_title"]),), "anybody has"),
        ((with_twins(np.invert),), "changed places"),
        ((with_twins(np.flatnonzero),), "the shape is"),
        ((with_twins(np.sum),), "this is a int64"),
        ((with_twins(int),), "raised TypeError"),
        ((with_twins(list),), "`np.array(...)` makes one of a list"),
        ((with_twins(tf.constant),), "this is a EagerTensor"),
        ((with_twins(lambda found: found.astype(int)),), "holds int64, not bools"),
        ((with_twins(lambda found: found.astype(str)),), "not bools"),
        ((with_twins(lambda found: found[:, None]),), "the shape is"),
        ((with_twins(lambda found: found[:10]),), "the shape is (10,)"),
        ((with_twins(np.zeros_like),), "the answer should be True"),
        ((with_twins(np.sort),), "the answer should be"),
        ((with_twins(lambda found: READ.repeat()),), "this is a _RepeatDataset"),
        ((109,), "A function was asked for"),
    ],
    "vocabularies": [
        ((TITLES, USERS), "swapped"),
        ((USERS.tolist(), TITLES), "unique_user_ids is a list: make a NumPy array"),
        ((USERS, tuple(TITLES.tolist())), "unique_movie_titles is a tuple"),
        ((USERS, tf.constant(TITLES)), "unique_movie_titles is a tensor"),
        (([tf.constant(user) for user in USERS], TITLES), "unique_user_ids is a list"),
        ((USERS, np.array([title.decode() for title in TITLES])), "keep the values as they are"),
        ((USERS.astype(str), TITLES), "unique_user_ids holds text"),
        ((np.arange(1, 944).astype(str), TITLES), "unique_user_ids holds text"),
        ((USERS[:, None], TITLES), "has the shape (943, 1)"),
        ((ROWS["user_id"], ROWS["movie_title"]), "keep each once"),
        ((USERS, np.unique(ROWS["movie_id"])), "holds movie ids"),
        ((USERS, vocabularies.vocabulary(ours.split_once(READ)[0], "movie_title")), "of `train`"),
        ((set(USERS.tolist()), set(TITLES.tolist())), "has no order"),
        ((len(USERS), len(TITLES)), "must be an array of strings"),
        ((READ.map(lambda x: x["user_id"]), TITLES), "must be an array of strings"),
        ((USERS[:-1], TITLES), "has 942 values"),
        ((USERS, TITLES[1:]), "has 1,663 values"),
        ((np.arange(943), TITLES), "must hold strings"),
        ((USERS.astype(int), TITLES), "unique_user_ids must hold strings"),
        ((USERS, USERS), "unique_movie_titles holds the user ids"),
        ((TITLES, TITLES), "unique_user_ids holds the titles"),
        ((USERS, ROWS["movie_title"]), "unique_movie_titles has 100,000 values"),
        ((USERS[:500], TITLES), "has 500 values; there are 943 users"),
        ((np.array([], "S1"), TITLES), "has 0 values"),
        ((np.array(strange(USERS, b"[UNK]")), TITLES), 'holds "[UNK]", which is in no rating'),
        ((np.array([b"[UNK]", *USERS]), TITLES), 'holds "[UNK]", which is in no rating'),
        ((np.array([str(user) for user in USERS]), TITLES), "holds text such as b'1'"),
        ((USERS, np.array([title.lower() for title in TITLES])), "which is in no rating"),
        (("user_id", "movie_title"), "unique_user_ids must be an array of strings; this is a str"),
        (({user: 0 for user in USERS}, TITLES), "this is a dict"),
        (((user for user in USERS), TITLES), "this is a generator"),
        ((iter(USERS), TITLES), "must be an array of strings"),
        ((READ.repeat(), TITLES), "must be an array of strings"),
        ((np.array("9"), TITLES), "must be an array of strings"),
        ((np.unique(ROWS["user_id"], return_counts=True), TITLES), "join them with np.concat"),
        (([USERS[:500], USERS[500:]], TITLES), "join them with np.concatenate"),
        ((tf.unique(ROWS["user_id"]), TITLES), "join them with np.concatenate"),
        ((ROWS, TITLES), "this is a dict"),
        ((vocabularies.vocabulary, TITLES), "this is a function"),
    ],
    "constant_rmse": [
        ((lambda train, test: np.mean((test - train.mean()) ** 2),), "This is the MSE"),
        ((lambda train, test: np.mean(np.abs(test - train.mean())),), "mean absolute error"),
        ((lambda train, test: np.std(test),), "mean of the test ratings"),
        ((lambda train, test: np.std(train),), "error on the training ratings"),
        ((lambda train, test: stars.rmse(test, np.median(train)),), "median"),
        ((lambda train, test: np.sqrt(np.sum((test - train.mean()) ** 2)),), "root of the sum"),
        ((lambda train, test: stars.constant_rmse(test, train),), "changed places"),
        ((lambda train, test: np.mean(test - train.mean()),), "cancel"),
        ((lambda train, test: 1.125,), "Other ratings give 1.1250 too"),
        ((lambda train, test: None,), "add `return`"),
        ((lambda train, test: (test - train.mean()) ** 2,), "One number was asked for"),
        ((rmse_of(lambda errors: errors),), "The squares are missing"),
        ((rmse_of(lambda errors: -errors),), "returns nan"),
        ((rmse_of(lambda errors: -errors, root=float),), "cancel"),
        ((rmse_of(root=np.square, change=lambda errors: errors),), "squares the mean error"),
        ((rmse_of(root=float, total=np.sum),), "the sum of the squares"),
        ((rmse_of(lambda errors: np.sqrt(np.abs(errors)), root=float),), "the root comes last"),
        ((rmse_of(total=np.array),), "returns the shape (3,)"),
        ((rmse_of(guess=lambda train: 3),), "predicts 3 stars"),
        ((rmse_of(guess=lambda train: 3.5),), "predicts 3.5 stars"),
        ((lambda train, test: train.mean(),), "its error was asked for"),
        (
            (lambda train, test: stars.rmse(test, np.append(train, test).mean()),),
            "the mean of all ratings",
        ),
        ((lambda train, test: np.sqrt(np.mean((test - train) ** 2)),), "Compare each test rating"),
        ((rmse_of(root=lambda mse: round(np.sqrt(mse), 2)),), "This is rounded"),
        ((rmse_of(root=lambda mse: round(np.sqrt(mse), 3)),), "This is rounded"),
        ((rmse_of(root=lambda mse: np.sqrt(mse)[None]),), "an array of shape (1,)"),
        ((rmse_of(root=lambda mse: f"{np.sqrt(mse):.6f}"),), "returns a str"),
        ((rmse_of(root=lambda mse: (mse, np.sqrt(mse))),), "returns a tuple"),
        ((rmse_of(root=lambda mse: {"rmse": np.sqrt(mse)}),), "returns a dict"),
        ((rmse_of(root=lambda mse: [np.sqrt(mse)]),), "returns a list"),
        ((lambda train, test: tf.data.Dataset.range(9).repeat(),), "One number was asked for"),
        ((rmse_in_a_generator,), "returns a generator"),
        ((rmse_in_place,), "changes the arrays it is given"),
        ((1.125,), "A function was asked for"),
        (("1.125",), "A function was asked for"),
    ],
    "quiz_ratings": [
        (({"q1": "a", "q2": "a", "q3": "b"},), "q1: A title joins the two entries"),
        (({"q1": "b", "q2": "a", "q3": "b"},), "q1: 1,682"),
        (({"q1": "c", "q2": "b", "q3": "b"},), "q2: The sizes say how many"),
        (({"q1": "c", "q2": "c", "q3": "a"},), "q2: The training ratings leak"),
        (({"q1": "c", "q2": "a", "q3": "a"},), "q3: That takes a buffer of all ratings"),
        (({"q1": "c", "q2": "a", "q3": "c"},), "q3: A shuffle changes the order"),
        (({"q1": "c", "q2": "a", "q3": ...},), "Still open: q3"),
        (({"q1": "a", "q2": "b", "q3": "a"},), "q2: The sizes say how many"),
        (({"q1": "b", "q2": "c", "q3": "c"},), "q3: A shuffle changes the order"),
        (({"q1": "c", "q2": ..., "q3": None},), "Still open: q2, q3"),
        (({"q1": ..., "q2": "b", "q3": "b"},), "Still open: q1"),
        (({"q1": "c", "q2": "a"},), "that has the keys q1, q2, q3"),
        (({"q1": "c", "q2": "a", "q3": "b", "q4": "a"},), "that has the keys q1, q2, q3"),
        (({1: "c", 2: "a", 3: "b"},), "that has the keys q1, q2, q3"),
        (({},), "that has the keys q1, q2, q3"),
        ((["c", "a", "b"],), "Answer with a dict"),
        (("cab",), "Answer with a dict"),
        (({"q1": "c", "q2": ["a"], "q3": "b"},), "q2: answer with one of a, b, c"),
        (({"q1": 1_664, "q2": "a", "q3": "b"},), "q1: answer with one of a, b, c"),
        (({"q1": "c", "q2": "too low", "q3": "b"},), "q2: answer with one of a, b, c"),
        (("c, a, b",), "Answer with a dict"),
        (({"q1": "1664", "q2": "a", "q3": "b"},), "q1: answer with one of a, b, c"),
    ],
}
