"""Right and plausibly wrong answers to the exercises of lesson 1.

RIGHT: exercise -> other right forms. WRONG: exercise -> (wrong answer, what its message names).
An answer is a tuple of the arguments of the check.
"""

import bisect
from collections import Counter

import numpy as np

from helpers.data import split as ours
from helpers.keras2 import tf

USERS, TITLES = (np.sort(np.arange(1, n + 1).astype(bytes)) for n in (943, 1_664))
READ = tf.data.Dataset.from_tensor_slices(
    {"movie_title": TITLES[:3], "user_id": USERS[:3], "user_rating": np.float32([1, 5, 3])}
)


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


def split_of_the_notebook(rows, train_size, seed):
    return split()(tf.data.Dataset.range(100_000), train_size, seed)


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


def twins_by_masks_of_users(train, test):
    """Compare the array of users with each user once."""
    titles_of = {
        user: set(train["movie_title"][train["user_id"] == user])
        for user in np.unique(train["user_id"])
    }
    asked = zip(test["user_id"], test["movie_title"])
    return np.array([title in titles_of.get(user, ()) for user, title in asked], bool)


def twins_by_lists_of_users(train, test):
    """Keep a list of titles for each user."""
    titles_of = {}
    for user, title in zip(train["user_id"], train["movie_title"]):
        titles_of.setdefault(user, []).append(title)
    asked = zip(test["user_id"], test["movie_title"])
    return np.array([title in titles_of.get(user, []) for user, title in asked], bool)


def twins_by_bisection(train, test):
    pairs = sorted(zip(train["user_id"], train["movie_title"]))
    asked = list(zip(test["user_id"], test["movie_title"]))
    places = [bisect.bisect_left(pairs, pair) for pair in asked]
    return np.array([pairs[i : i + 1] == [pair] for i, pair in zip(places, asked)], bool)


def twins_by_isin_of_users(train, test):
    found = np.zeros(len(test["user_id"]), bool)
    for user in np.unique(test["user_id"]):
        known = train["movie_title"][train["user_id"] == user]
        found[test["user_id"] == user] = np.isin(
            test["movie_title"][test["user_id"] == user], known
        )
    return found


def twins_by_masks(train, test):
    asked = zip(test["user_id"], test["movie_title"])
    same = [(train["user_id"] == user) & (train["movie_title"] == title) for user, title in asked]
    return np.array([rows.any() for rows in same], bool)


def twins_by_sliced_rows(train, test):
    n = len(test["user_id"])
    same = [train[name][:n] == test[name] for name in ("user_id", "movie_title")]
    return same[0] & same[1]


def twins_without_order(train, test):
    """Take user 1's "11" for user 11's "1"."""
    pairs = set(map(frozenset, zip(train["user_id"], train["movie_title"])))
    asked = zip(test["user_id"], test["movie_title"])
    return np.array([frozenset(pair) in pairs for pair in asked], bool)


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


def twins_of_cut_titles(train, test):
    both = [np.array([t[:60] for t in part["movie_title"]], object) for part in (train, test)]
    return twins({**train, "movie_title": both[0]}, {**test, "movie_title": both[1]})


def twins_used_up(train, test):
    pairs = zip(train["user_id"], train["movie_title"])
    return np.array([pair in pairs for pair in zip(test["user_id"], test["movie_title"])], bool)


def twins_of_last_title(train, test):
    last = dict(zip(train["user_id"], train["movie_title"]))
    return np.array([last.get(u) == t for u, t in zip(test["user_id"], test["movie_title"])], bool)


def twins_of_last_user(train, test):
    last = dict(zip(train["movie_title"], train["user_id"]))
    return np.array([last.get(t) == u for u, t in zip(test["user_id"], test["movie_title"])], bool)


def twins_that_come_once(train, test):
    counts = Counter(zip(train["user_id"], train["movie_title"]))
    return np.array([counts[p] == 1 for p in zip(test["user_id"], test["movie_title"])], bool)


def twins_within_test(train, test):
    counts = Counter(zip(train["user_id"], train["movie_title"]))
    counts.update(zip(test["user_id"], test["movie_title"]))
    return np.array([counts[p] > 1 for p in zip(test["user_id"], test["movie_title"])], bool)


def twins_in_sorted_order(train, test):
    pairs = set(zip(train["user_id"], train["movie_title"]))
    return np.array([p in pairs for p in sorted(zip(test["user_id"], test["movie_title"]))], bool)


def twins_swapped(train, test):
    return twins(train, {"user_id": test["movie_title"], "movie_title": test["user_id"]})


def twins_of_either(train, test):
    users, titles = set(train["user_id"]), set(train["movie_title"])
    asked = zip(test["user_id"], test["movie_title"])
    return np.array([user in users or title in titles for user, title in asked], bool)


def twins_of_globals(train, test):
    known = {"user_id": USERS[:4].astype(object), "movie_title": TITLES[:4].astype(object)}
    known["user_id"][:2], known["movie_title"][:2] = b"11", b"11 (1990)"
    return twins(known, test)


def split_into_test_first(rows, train_size, seed):
    tf.random.set_seed(seed)
    order = rows.shuffle(len(rows), seed=seed, reshuffle_each_iteration=False)
    n_test = len(rows) - train_size
    return order.skip(n_test), order.take(n_test)


def split_with_the_seed_set_last(rows, train_size, seed):
    order = rows.shuffle(len(rows), seed=seed, reshuffle_each_iteration=False)
    tf.random.set_seed(seed)
    return order.take(train_size), order.skip(train_size)


def split_with_a_buffer_one_less(rows, train_size, seed):
    return split(buffer=len(rows) - 1)(rows, train_size, seed)


LEAKED = {"a": 0.992, "b": 0.4, "c": 0.784, "d": 0.8, "e": 0}
GUESSES = {
    **{"four": "c", "one_too_many": "a", "twice": "b"},
    **{"every_second": "b", "one_of_movie": "c", "ten_of_movie": "a"},
}


RIGHT = {
    "leaked": [
        (LEAKED,),
        ({"a": 0.99, "b": 40_000 / 100_000, "c": 0.78, "d": np.float32(0.8), "e": 0.04},),
        ({"e": 0.0, "d": 0.8047, "c": 1 - 0.6**3, "b": 0.3999, "a": tf.constant(0.9922)},),
        ({**LEAKED, "d": 0.7928},),  # measured: one order in 200 is as far off
    ],
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
        (twins_by_masks_of_users,),
        (twins_by_lists_of_users,),
        (twins_by_bisection,),
        (twins_by_isin_of_users,),
    ],
    "guesses": [
        (GUESSES,),
        ({name: f" {letter.upper()}" for name, letter in reversed(GUESSES.items())},),
        ({name: np.str_(f"{letter})") for name, letter in GUESSES.items()},),
    ],
    "quiz_ratings": [
        ({"q1": "C", "q2": "a", "q3": "B"},),
        ({"q3": "b", "q2": " a", "q1": "c"},),
        ({"q1": "c ", "q2": "A ", "q3": np.str_("b")},),
    ],
}

WRONG = {
    "leaked": [
        # each epoch has an order of its own
        (({**LEAKED, "a": 0.8},), "a: this is one epoch's share"),
        (({**LEAKED, "c": 0.4},), "c: this is one epoch's share"),
        # once is enough
        (({**LEAKED, "a": 0.512},), "a: this is the share that is in `train` in every epoch"),
        (({**LEAKED, "c": 0.064},), "in every epoch; once is enough"),
        (({**LEAKED, "a": 2.4},), "a: 2.4 is three times 0.8"),
        (({**LEAKED, "c": 1.2},), "c: 1.2 is three times 0.4"),
        (({**LEAKED, "a": 0.96},), "after two epochs"),
        (({**LEAKED, "c": 0.64},), "after two epochs"),
        # not all
        (({**LEAKED, "a": 1},), "a: not quite: with probability 0.2 * 0.2 * 0.2"),
        (({**LEAKED, "c": 1.0},), "c: not quite: with probability 0.6 * 0.6 * 0.6"),
        # trained on, not left out
        (({**LEAKED, "a": 0.008},), "a: this is the share that is left out of every epoch"),
        (({**LEAKED, "c": 0.216},), "c: this is the share that is left out of every epoch"),
        (({**LEAKED, "b": 0.6},), "b: this is the share that is not in `train`"),
        # the size of `train` decides
        (({**LEAKED, "b": 0.8},), "b: this would be so with 80,000"),
        (({**LEAKED, "b": 0.5},), "b: the share in `train` depends on its size"),
        (({**LEAKED, "b": 0},), "b: `train` and `test` are cut from two orders"),
        (({**LEAKED, "c": 0.992},), "c: this would be so with 80,000"),
        # `cache`
        (({**LEAKED, "d": 0.992},), "d: with `cache`, each epoch gets"),
        (({**LEAKED, "d": 0},), "d: `cache` keeps `train` as it is"),
        (({**LEAKED, "d": 0.2},), "d: this is the share that is new"),
        (({**LEAKED, "d": 1},), "d: `cache` gives the first epoch's"),
        # the buffer
        (({**LEAKED, "e": 0.992},), "e: that takes orders that are mixed throughout"),
        (({**LEAKED, "e": 0.8},), "e: that takes orders that are mixed throughout"),
        (({**LEAKED, "e": 1},), "e: that takes orders that are mixed throughout"),
        (({**LEAKED, "e": 0.2},), "e: that takes orders that are mixed throughout"),
        (({**LEAKED, "e": 0.5},), "e: 0.5 is not it"),
        (({**LEAKED, "e": 0.1},), "e: 0.1 is not it"),
        (({**LEAKED, "e": 0.15},), "e: 0.15 is not it: how far does a buffer of 1,000 move"),
        # of the test ratings, not of all
        (({**LEAKED, "a": 0.198},), "a: this is a share of all 100,000"),
        (({**LEAKED, "a": 0.2},), "a: 0.2 is not it: in how many epochs"),
        (({**LEAKED, "b": 0.24},), "b: this is a share of all 100,000"),
        (({**LEAKED, "c": 0.47},), "c: this is a share of all 100,000"),
        (({**LEAKED, "d": 0.16},), "d: this is a share of all 100,000"),
        (({**LEAKED, "b": 2 / 3},), "b: the 40,000 are cut from all 100,000"),
        (({**LEAKED, "a": 19_840},), "a: a share lies between 0 and 1"),
        (({**LEAKED, "d": 0.784},), "d: 0.784 is near, but not it"),
        (({**LEAKED, "e": -0.1},), "e: a share lies between 0 and 1"),
        # shares, as numbers
        (({letter: 100 * share for letter, share in LEAKED.items()},), "a: this is in percent"),
        (
            ({letter: f"{share}" for letter, share in LEAKED.items()},),
            "a, b, c, d, e: answer with a",
        ),
        (({**LEAKED, "c": 0.75},), "c: 0.75 is near, but not it"),
        (({**LEAKED, "c": 0.9},), "c: 0.9 is not it"),
        (({**LEAKED, "c": float("nan")},), "c: nan is not it"),
        (({**LEAKED, "a": "99%"},), "a: answer with a number"),
        (({**LEAKED, "a": True},), "a: answer with a number"),
        (({**LEAKED, "a": [0.992]},), "a: answer with a number"),
        (({**LEAKED, "c": ...},), "Still open: c"),
        (({**LEAKED, "f": 0.8},), "the keys a, b, c, d, e, and no other"),
        (([0.992, 0.4, 0.784, 0.8, 0],), "Answer with a dict"),
        ((0.992,), "Answer with a dict"),
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
        ((split_with_20_000_to_test,), "20,000 are in test, not 45,000"),
        ((split_into_test_first,), "of which train is the first part"),
        ((split_with_the_seed_set_last,), "before the shuffle is made"),
        ((split_with_a_buffer_one_less,), "a buffer of `len(ratings)`"),
        ((split(buffer=100_000),), "its buffer must hold all"),
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
        ((split_of_the_notebook,), "split the argument"),
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
        ((twins_by_masks,), "takes about a minute"),
        ((twins_by_sliced_rows,), "at the same place only"),
        ((twins_without_order,), "title '1', the answer should be False"),
        ((twins_of_all_pairs,), "takes about a minute"),
        ((twins_of_train,), "an answer for each training rating"),
        ((first_twins,), "came before in `test` counts as well"),
        ((twins_found_once,), "came before in `test` counts as well"),
        ((twins_in_place_only,), "at the same place only"),
        ((twins_of_cut_titles,), "the answer should be"),
        ((twins_used_up,), "The pairs are used up"),
        ((twins_of_last_title,), "Of each user, only the last title"),
        ((twins_of_last_user,), "Of each title, only the last user"),
        ((twins_that_come_once,), "twice in `train` is left out"),
        ((twins_within_test,), "only `train` tells the model"),
        ((twins_in_sorted_order,), "in another order than the test ratings"),
        ((twins_swapped,), "User and title have changed places"),
        ((twins_of_either,), "a twin has both, in one row"),
        ((twins_of_globals,), "use the argument `train`"),
        ((twins_without_return,), "returns nothing: add `return`"),
        ((twins_that_sort,), "changes the dicts or arrays"),
        ((twins_that_add_a_field,), "changes the dicts or arrays"),
        ((lambda train, test: np.isin(test["user_id"], train["user_id"]),), "rated anything"),
        ((lambda train, test: np.isin(test["movie_title"], train["movie_title"]),), "anybody has"),
        ((with_twins(np.invert),), "changed places"),
        ((with_twins(np.flatnonzero),), "the shape is"),
        ((with_twins(np.sum),), "This is one number"),
        ((with_twins(lambda found: int(found.sum())),), "This is one number"),
        ((with_twins(list),), "`np.array(...)` makes one of it"),
        ((with_twins(tf.constant),), "of the type EagerTensor"),
        ((with_twins(lambda found: found.astype(int)),), "holds int64, not bools"),
        ((with_twins(lambda found: found.astype(str)),), "not bools"),
        ((with_twins(lambda found: found[:, None]),), "the shape is"),
        ((with_twins(lambda found: found[:10]),), "the shape is (10,)"),
        ((with_twins(np.zeros_like),), "[True, True, False, True, False] is right"),
        ((with_twins(np.sort),), "is right; yours is"),
        ((with_twins(lambda found: READ.repeat()),), "of the type _RepeatDataset"),
        ((109,), "A function was asked for"),
    ],
    "guesses": [
        (({**GUESSES, "four": "a"},), "four: what does the formula say of one"),
        (({**GUESSES, "four": "b"},), "four: what does the formula say of one"),
        (({**GUESSES, "one_too_many": "b"},), "one_too_many: what is the error of each"),
        (({**GUESSES, "one_too_many": "c"},), "one_too_many: what is the error of each"),
        (({**GUESSES, "twice": "a"},), "twice: write down the error"),
        (({**GUESSES, "twice": "c"},), "twice: write down the error"),
        (({**GUESSES, "every_second": "a"},), "every_second: half of the squared errors"),
        (({**GUESSES, "every_second": "c"},), "every_second: half of the squared errors"),
        (({**GUESSES, "one_of_movie": "a"},), "whose distances from"),
        (({**GUESSES, "one_of_movie": "b"},), "whose distances from"),
        (({**GUESSES, "ten_of_movie": "b"},), "is left in a mean of ten"),
        (({**GUESSES, "ten_of_movie": "c"},), "is left in a mean of ten"),
        (({**GUESSES, "twice": "c", "one_of_movie": "a"},), "from the mean?\none_of_movie: this"),
        (({**GUESSES, "four": 1.22},), "four: answer with one of a, b, c"),
        (({**GUESSES, "four": ..., "twice": None},), "Still open: four, twice"),
        (({"four": "c"},), "has the keys four, one_too_many"),
        ((list(GUESSES.values()),), "Answer with a dict"),
        (("c",), "Answer with a dict"),
    ],
    "quiz_ratings": [
        (({"q1": "a", "q2": "a", "q3": "b"},), "q1: Movies have a tail down to 1"),
        (({"q1": "b", "q2": "a", "q3": "b"},), "q1: No user has so few"),
        (({"q1": "c", "q2": "b", "q3": "b"},), "q2: The mean hardly moves"),
        (({"q1": "c", "q2": "c", "q3": "a"},), "q2: The error does move by 0.004"),
        (
            ({"q1": "c", "q2": "a", "q3": "a"},),
            "q3: A share of the titles is not one of the ratings",
        ),
        (({"q1": "c", "q2": "a", "q3": "c"},), "q3: Each title comes from a rating"),
        (({"q1": "c", "q2": "a", "q3": ...},), "Still open: q3"),
        (({"q1": "a", "q2": "b", "q3": "a"},), "q2: The mean hardly moves"),
        (({"q1": "b", "q2": "c", "q3": "c"},), "q3: Each title comes from a rating"),
        (({"q1": "c", "q2": ..., "q3": None},), "Still open: q2, q3"),
        (({"q1": ..., "q2": "b", "q3": "b"},), "Still open: q1"),
        (({"q1": "c", "q2": "a"},), "that has the keys q1, q2, q3"),
        (({"q1": "c", "q2": "a", "q3": "b", "q4": "a"},), "that has the keys q1, q2, q3"),
        (({1: "c", 2: "a", 3: "b"},), "that has the keys q1, q2, q3"),
        (({},), "that has the keys q1, q2, q3"),
        ((["c", "a", "b"],), "Answer with a dict"),
        (("cab",), "Answer with a dict"),
        (({"q1": "c", "q2": ["a"], "q3": "b"},), "q2: answer with one of a, b, c"),
        (({"q1": 20, "q2": "a", "q3": "b"},), "q1: answer with one of a, b, c"),
        (({"q1": "c", "q2": "1.129", "q3": "b"},), "q2: answer with one of a, b, c"),
        (("c, a, b",), "Answer with a dict"),
        (({"q1": "20", "q2": "a", "q3": "b"},), "q1: answer with one of a, b, c"),
    ],
}
