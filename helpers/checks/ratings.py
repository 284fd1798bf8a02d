"""Checks of lesson 1, Ratings."""

import functools
import numbers
from collections import Counter

import numpy as np

from helpers.checks.engine.answers import as_it_is, name_mistake, needs_end, needs_function
from helpers.checks.engine.exercise import exercise, judge_choices, mistake
from helpers.checks.engine.lettered import judge_numbers, judge_outcomes
from helpers.data import split
from helpers.keras2 import tf


@exercise(
    "For a test rating to be new to the model, in how many epochs must it have been left out?",
    "In each epoch, a rating is in `train` with the share of the ratings that `train` has, "
    "whatever happened in the epochs before. What does `train.cache()` change about that?",
    "The share that is left out of one epoch, multiplied by itself once for each further epoch, is "
    "left out of all; what remains to 1 has been trained on. With `cache`, three epochs are one. "
    "For e: how many places forward can a buffer of 1,000 move a rating, and can one that lies "
    "last come among the first 80,000?",
)
def leaked(answers):
    of_80, of_40 = (
        "this is one epoch's share: each later epoch cuts `train` from another order.",
        "this is the share that is left out of every epoch; the others have been trained on.",
    )
    nearly_all = "not quite: with probability {} a rating is left out of all three epochs."
    of_all = "this is a share of all 100,000 ratings; that of the test ratings was asked for."
    epochs = "in how many epochs is a test rating in `train`, and in how many not?"
    no_share = (lambda answer: answer < 0 or answer > 100, "a share lies between 0 and 1.")
    judge_numbers(
        answers,
        # d is measured in one order: 0.0075 is three of its standard deviations
        within={**dict.fromkeys("abc", 0.006), "d": 0.0075, "e": 0.05},
        right={"a": 0.992, "b": 0.4, "c": 0.784, "d": 0.8, "e": 0},
        named={
            "a": [
                (0.8, of_80),
                (0.008, of_40),
                (1, nearly_all.format("0.2 * 0.2 * 0.2")),
                (2.4, "2.4 is three times 0.8, and more than all: some come again and again."),
                (0.512, "this is the share that is in `train` in every epoch; once is enough."),
                (0.96, "this is the share after two epochs."),
                (lambda answer: abs(answer - 0.1984) < 0.001, of_all),  # 0.2 is something else
                no_share,
            ],
            "b": [
                (0.8, "this would be so with 80,000 ratings to train."),
                (0.6, "this is the share that is not in `train`."),
                (0, "`train` and `test` are cut from two orders, whatever their sizes."),
                (0.5, "the share in `train` depends on its size: 40,000 of 100,000."),
                (2 / 3, "the 40,000 are cut from all 100,000, not from what is left for the test."),
                (0.24, of_all),
                no_share,
            ],
            "c": [
                (0.4, of_80),
                (0.216, of_40),
                (1, nearly_all.format("0.6 * 0.6 * 0.6")),
                (1.2, "1.2 is three times 0.4, and more than all: some come again and again."),
                (0.064, "this is the share that is in `train` in every epoch; once is enough."),
                (0.64, "this is the share after two epochs."),
                (0.992, "this would be so with 80,000 ratings to train."),
                (0.4704, of_all),
                no_share,
            ],
            "d": [
                (0.992, "with `cache`, each epoch gets the ratings that the first one got."),
                (0, "`cache` keeps `train` as it is, but `test` is still cut from another order."),
                (0.2, "this is the share that is new to the model."),
                (1, "`cache` gives the first epoch's ratings again; the others stay new."),
                (0.16, of_all),
                no_share,
            ],
            "e": [
                (
                    value,
                    "that takes orders that are mixed throughout: how far does a buffer of "
                    "1,000 move a rating?",
                )
                for value in (1, 0.8, 0.2)
            ]
            + [no_share],
        },
        advice={
            **dict.fromkeys("abcd", epochs),
            "e": "how far does a buffer of 1,000 move a rating, and how many lie so near the cut?",
        },
    )
    return (
        "With orders that are mixed throughout, three epochs learn from nearly every test rating, "
        "and a run says nothing about it."
    )


@exercise(
    "Iterate over `shuffled` twice: is its order the same?",
    "`help(tf.data.Dataset.shuffle)` lists an argument about what happens at each iteration.",
    "Tell `shuffle` not to reshuffle at each iteration, and change nothing else.",
)
def split_once(function):
    n, train_size = 1_000, 700
    rows = tf.data.Dataset.range(n)
    tf.random.set_seed(5)  # another global seed before each call: it must make no difference
    parts = _two_parts(function, rows, train_size, seed=1)
    train, test = (_rows_of(part) for part in parts)
    if len(train) > n or len(test) > n:
        mistake("A part has more ratings than there are: split the argument, without `repeat`.")
    if (len(train), len(test)) == (n, 0):
        mistake("With 1,000 ratings and train_size=700, all go to train: use `train_size`.")
    if len(train) == n:
        mistake("All ratings are in train: `take(train_size)` of what is shuffled.")
    if (len(train), len(test)) == (n - train_size, train_size):
        mistake("The two parts are in the wrong order: return train first, then test.")
    if len(train) != train_size:
        mistake(f"Of 1,000 ratings with train_size=700, {len(train)} are in train.")
    again = _rows_of(parts[0])
    if again != train and set(again) != set(train):
        mistake("At a second pass, other ratings are in train: the shuffle is done anew each time.")
    if again != train:
        mistake("The order of train changes from pass to pass: shuffle once, before `take`.")
    if set(_rows_of(parts[1])) != set(test):
        mistake("At a second pass, other ratings are in test: the shuffle is done anew each time.")
    overlap = len(set(train) & set(test))
    if overlap:
        mistake(f"{overlap} of {len(test)} test ratings are in train too.")
    if len(test) != n - train_size:
        mistake(f"Of 1,000 ratings with train_size=700, {len(test)} are in test, not 300.")
    if len({*train, *test}) != n:
        mistake("Some ratings come twice, and others are in neither part.")
    if train == sorted(train):
        mistake("The ratings are not shuffled: train is the first 700 as they come.")
    if sorted(train) in (list(range(train_size)), list(range(n - train_size, n))):
        mistake("The ratings are cut first and shuffled then: shuffle before `take` and `skip`.")
    tf.random.set_seed(6)
    if train != _rows_of(_two_parts(function, rows, train_size, seed=1)[0]):
        mistake(
            "Two calls with the same seed give two splits: give `seed` to `tf.random.set_seed`, "
            "before the shuffle is made, and to `shuffle`."
        )
    if train == _rows_of(_two_parts(function, rows, train_size, seed=2)[0]):
        mistake("The seed makes no difference: pass `seed` on to `shuffle`.")
    n_many = 150_000
    many, rest = _two_parts(function, tf.data.Dataset.range(n_many), n_many * 7 // 10, seed=1)
    rest = int(rest.cardinality()) if rest.cardinality() >= 0 else len(_numbers_of(rest, n_many))
    if _numbers_of(many, 2_000).max() < n_many - 2_000:  # a buffer of b reaches b ratings ahead
        mistake(
            "With 150,000 ratings the shuffle does not reach all: its buffer must hold all, "
            "`len(ratings)`."
        )
    if rest != 45_000:
        mistake(f"Of 150,000 ratings with train_size=105,000, {rest:,} are in test, not 45,000.")
    for seed in (1, 2):
        theirs = _two_parts(function, rows, train_size, seed)
        if [_rows_of(part) for part in theirs] != _our_split(n, train_size, seed):
            mistake(
                "This split keeps the parts apart, but it is another than the course's: first "
                "`tf.random.set_seed(seed)`, then one shuffle with a buffer of `len(ratings)` and "
                "`seed=seed`, of which train is the first part and test the rest."
            )
    return "No row is in both parts, at any pass, and the same seed gives the same split."


@functools.cache
def _our_split(n, train_size, seed):
    parts = split.split_once(tf.data.Dataset.range(n), train_size, seed)
    return [_rows_of(part) for part in parts]


def _numbers_of(part, most):
    part = as_it_is(part.take(most).batch(most))
    return np.concatenate([[], *part.as_numpy_iterator()])


def _rows_of(part):
    """Return the first 1,001 rows as a list; a part that is repeated has no end."""
    return _numbers_of(part, 1_001).astype(int).tolist()


def _two_parts(function, rows, train_size, seed):
    needs_function(function)
    parts = function(rows, train_size, seed)
    if parts is None:
        mistake("Your function returns nothing: add `return`.")
    if not isinstance(parts, tuple | list) or len(parts) != 2:
        mistake("Return two datasets: `return train, test`.")
    if not all(isinstance(part, tf.data.Dataset) for part in parts):
        mistake("Both parts must be a tf.data.Dataset, as `take` and `skip` return them.")
    for part in parts:
        needs_end(part)
    specs = [getattr(part.element_spec, "shape", None) for part in parts]
    if any(spec is not None and spec.rank for spec in specs):
        mistake("The parts hold batches: split single ratings, and batch later.")
    if any(part.element_spec != rows.element_spec for part in parts):
        mistake("The parts hold something else than the ratings: they should be as they came.")
    return parts


@exercise(
    "Which question does `wrong_has_twin` ask of a rating's user, and which of its title?",
    "In the small example, user 1 and movie B both occur in `small_train`: in which rows?",
    "`zip` makes a pair of each training rating's user and title; put the pairs into a `set`, and "
    "ask of each test rating's pair whether the set holds it.",
)
def has_twin(function):
    needs_function(function)
    train, test, right = _twins_case()
    answer = _bools(function, train, test)
    if not np.array_equal(answer, right):
        other = {name: values[::-1] for name, values in test.items()}
        if len(set(answer)) > 1 and np.array_equal(_bools(function, other, test), answer):
            mistake("The answers are the same with another `train`: use the argument `train`.")
        _judge_twins(answer, train, test, right)
    _judge_small(function)
    if not np.array_equal(answer, right):
        i = int(np.flatnonzero(answer != right)[0])
        pair = f"user {test['user_id'][i].decode()!r}, title {test['movie_title'][i].decode()!r}"
        mistake(f"For {pair}, the answer should be {right[i]}; it is {answer[i]}.")
    shuffled = np.random.default_rng(2).permutation(len(right))
    other_order = {name: values[shuffled] for name, values in test.items()}
    if not np.array_equal(_bools(function, train, other_order), right[shuffled]):
        mistake("With the test ratings in another order, the answers do not move with them.")
    one, none = ({name: values[:size] for name, values in test.items()} for size in (1, 0))
    if _bools(function, train, one).tolist() != [right[0]]:
        mistake("With a single test rating, the answer is another than among many.")
    if _bools(function, none, test).any():
        mistake("Without any training rating, nothing has a twin.")
    _bools(function, train, none)
    _judge_speed(function)
    return "The quick line asks two questions of a row; a twin needs one answer to both at once."


def _twins_case():
    """Return train and test in which ids run into titles, pairs repeat and order says nothing."""
    rng = np.random.default_rng(2)
    users = np.array([b"1", b"11", b"2", b"\xc3\xa9"], object)
    titles = [b"1 (1990)", b"11 (1990)", b" (1990)", b"Caf\xc3\xa9 (1996)", b"B"]
    titles += [b"A long " + b"and longer " * 6 + end for end in (b"title (1990)", b"title (1991)")]
    titles = np.array([*titles, b"1", b"11"], object)
    pairs = [(user, title) for user in users for title in titles]
    others = rng.permutation(np.setdiff1d(np.arange(len(pairs)), [0, 5, 6, 8, 11, 16]))
    in_train = np.append([0, 5, 8], others[:15])  # 11 is 0's text, 6 begins as 5, 16 turns 8 round
    pairs += [(b"3", titles[0]), (users[1], b"C"), (b"3", b"C")]
    parts = []
    for choices, size in ((in_train, 230), (np.arange(len(pairs)), 170)):
        rows = np.append(rng.choice(choices[::2], size), choices)
        fields = np.array([pairs[row] for row in rows], object).T
        stars = rng.integers(1, 6, len(rows)).astype(np.float32)
        parts.append({"movie_title": fields[1], "user_id": fields[0], "user_rating": stars})
    right = np.isin(rows, in_train)
    return *parts, right


def _bools(function, train, test):
    given = [{name: values.copy() for name, values in part.items()} for part in (train, test)]
    answer = function(*given)
    if answer is None:
        mistake("Your function returns nothing: add `return`.")
    for part, before in zip(given, (train, test)):
        same = set(part) == set(before)
        if not same or not all(np.array_equal(part[name], before[name]) for name in before):
            mistake("Your function changes the dicts or arrays that it is given: make new ones.")
    if isinstance(answer, numbers.Real):
        mistake(f"This is one number, {answer}; an answer for each test rating was asked for.")
    if not isinstance(answer, np.ndarray):
        kind = type(answer).__name__
        made = ": `np.array(...)` makes one of it" if isinstance(answer, list) else ""
        mistake(f"A NumPy array of bools was asked for; this is of the type {kind}{made}.")
    n = len(test["user_id"])
    if answer.shape == (len(train["user_id"]),) and len(answer) != n:
        mistake("This has an answer for each training rating; one for each test rating is wanted.")
    if answer.shape != (n,):
        mistake(f"For {n} test ratings the shape is {answer.shape}; ({n},) is wanted.")
    if n and answer.dtype != bool:
        mistake(f"The array holds {answer.dtype.name}, not bools: give it `dtype=bool`.")
    return answer.astype(bool)


def _judge_twins(answer, train, test, right):
    knows = {name: np.isin(test[name], train[name]) for name in ("user_id", "movie_title")}
    stars_too = set(zip(*(train[name].tolist() for name in sorted(train))))
    in_one_text = set(train["user_id"] + train["movie_title"])
    _, first = np.unique(test["user_id"] + b"|" + test["movie_title"], return_index=True)
    named = (
        (knows["user_id"] & knows["movie_title"], "This is what `wrong_has_twin` says: the user "
         "and the title must stand in the same row of `train`."),
        (knows["user_id"], "This asks whether the user has rated anything in `train`."),
        (knows["movie_title"], "This asks whether anybody has rated the title in `train`."),
        (~right, "True and False have changed places."),
        (np.array([row in stars_too for row in zip(*(test[n].tolist() for n in sorted(test)))]),
         "This asks for equal stars too: a twin may have other stars."),
        (np.array([text in in_one_text for text in test["user_id"] + test["movie_title"]]),
         'User "1" with title "1 (1990)" and user "11" with title " (1990)" are the same here: do '
         "not join the two to one text without a mark between them."),
        (right & np.isin(np.arange(len(right)), first), "A test rating whose pair came before in "
         "`test` counts as well."),
        *(bug for bug in _other_bugs(train, test) if any(bug[0])),
    )  # fmt: skip
    name_mistake(answer, named, np.array_equal)


def _other_bugs(train, test):
    """Return pairs of what a wrong `has_twin` answers and what to say of it."""
    known, asked = (list(zip(part["user_id"], part["movie_title"])) for part in (train, test))
    used_up, counts = iter(known), Counter(known)
    last_title, last_user = dict(known), dict((title, user) for user, title in known)
    return [
        ([pair in used_up for pair in asked], "The pairs are used up after the first search: `zip` "
         "gives them once; make a `set` of them."),
        ([pair in known[i : i + 1] for i, pair in enumerate(asked)], "This compares each test "
         "rating with the training rating at the same place only."),
        ([last_title.get(user) == title for user, title in asked], "Of each user, only the last "
         "title counts here: a dict keeps one value per key."),
        ([last_user.get(title) == user for user, title in asked], "Of each title, only the last "
         "user counts here: a dict keeps one value per key."),
        ([counts[pair] == 1 for pair in asked], "A pair that comes twice in `train` is left out."),
        ([pair in counts for pair in sorted(asked)], "The answers are in another order than the "
         "test ratings."),
        ([pair[::-1] in counts for pair in asked], "User and title have changed places."),
        ([(counts + Counter(asked))[pair] > 1 for pair in asked], "A pair that comes twice in "
         "`test` counts as a twin; only `train` tells the model something."),
        ([user in dict(known) or pair[1] in last_user for pair in asked for user in pair[:1]],
         "This asks for the user or the title; a twin has both, in one row."),
    ]  # fmt: skip


def _judge_small(function):
    """Judge a case that is small enough to be shown whole."""
    known, asked = ("1A", "1B", "2B", "2C"), ("2C", "1A", "1C", "2B", "2A")
    train, test = (
        {
            "user_id": np.array([pair[0].encode() for pair in pairs], object),
            "movie_title": np.array([pair[1].encode() for pair in pairs], object),
            "user_rating": np.ones(len(pairs), np.float32),
        }
        for pairs in (known, asked)
    )
    answer, right = _bools(function, train, test).tolist(), [pair in known for pair in asked]
    if answer != right:
        mistake(
            f"User 1 has rated A and B in train, user 2 B and C. For the test ratings "
            f"{', '.join(f'(user {u}, {t})' for u, t in asked)}, {right} is right; yours is "
            f"{answer}."
        )


def _judge_speed(function):
    """Judge by the number of comparisons, among more users than the other cases have."""
    rng = np.random.default_rng(3)
    parts = []
    for n in (1_000, 500):
        users, titles = rng.integers(30, size=n), rng.integers(300, 600, size=n)
        parts.append({"movie_title": titles.astype(bytes), "user_id": users.astype(bytes)})
        parts[-1]["user_rating"] = rng.integers(1, 6, n).astype(np.float32)
    _Counted.comparisons = 0
    _bools(function, *map(_counted, parts))


class _Counted(np.bytes_):  # a subclass of `bytes` alone is an array of numbers to NumPy
    """Bytes that count how often they are compared, and stop where it is each with each."""

    comparisons = 0
    __hash__ = bytes.__hash__

    def __eq__(self, other):
        _Counted.comparisons += 1
        if _Counted.comparisons > 250_000:
            mistake(
                "This is right, but it compares each test rating with all of train, which takes "
                "about a minute on the data: put the pairs of train into a `set` first."
            )
        return bytes.__eq__(self, other)

    def __ne__(self, other):
        return not self == other


def _counted(part):
    """Return the ratings with user ids and titles that count comparisons."""
    made = dict(part)
    for name in ("user_id", "movie_title"):
        made[name] = np.empty(len(part[name]), object)
        made[name][:] = [_Counted(value) for value in part[name]]
    return made


@exercise(
    "How far does a guess scatter by itself, and what does it know in return?",
    "The formula is for one guess; the sentence below it is for guesses that scatter without "
    "knowing anything. For `one_of_movie` and `ten_of_movie`, think of two users who have rated "
    "the same movie: both are some way from the movie's mean, and how far is the mean of ten?",
    "In `one_too_many` and `twice`, write down the error of one rating. In `every_second`, half of "
    "the squared errors are 0; how large are the others? The stars of one other user are as far "
    "from the movie's mean as those that are asked for, so the spread around it counts twice; of a "
    "mean of ten, it counts once and a tenth.",
)
def guesses(answers):
    return judge_outcomes(
        answers,
        "abc",
        four=(
            "c",
            "what does the formula say of one guess for all, half a star away from the mean?",
            "no constant gets below the standard deviation of the ratings.",
        ),
        one_too_many=(
            "a",
            "what is the error of each rating, if all that is wrong is the one star?",
            "a model may be a star off everywhere and still know more than the mean.",
        ),
        twice=(
            "b",
            "write down the error of one rating, of 5 stars for example. How far is it from the "
            "mean?",
            "it misses each rating by the distance from the mean, as the mean itself does.",
        ),
        every_second=(
            "b",
            "half of the squared errors are 0. How large are the others compared with those of "
            "the baseline, when their variance counts twice?",
            "one half has no error, the other twice the squared error.",
        ),
        one_of_movie=(
            "c",
            "this guess knows the movie, and it has the taste of one user: whose distances from "
            "the movie's mean are in its error?",
            "what the movie tells is less than what the taste of one other user adds.",
        ),
        ten_of_movie=(
            "a",
            "how much of the spread around the movie's mean is left in a mean of ten, and what "
            "does it know that the baseline does not?",
            "the tastes cancel in a mean, and the movie is left.",
        ),
    )


@exercise(
    "q1: count, as for the movies. q2: split once more. q3: whose ratings are they?",
    "q1: `np.unique` counts the ratings of the movies above; what else can it count? q2: which "
    "ratings are in the test then? q3: in which part are the ratings of these 38 titles, and how "
    "many has such a title?",
    'q1: the least of the counts that `np.unique(arrays["user_id"], return_counts=True)` gives. '
    "q2: give `split_once` another seed, and the two parts to `rmse_of_constant`. q3: the mean of "
    '`np.isin(test_arrays["movie_title"], list(unseen))`.',
)
def quiz_ratings(answers):
    return judge_choices(
        answers,
        q1={
            "a": "Movies have a tail down to 1; MovieLens 100K keeps no user with so few.",
            "b": "No user has so few: count.",
            "c": "Right: MovieLens 100K keeps users with at least 20 ratings; movies may have 1.",
        },
        q2={
            "a": "Right: the test holds other ratings, so the error moves, here by 0.004: numbers "
            "compare only on one split.",
            "b": "The mean hardly moves, but the 20,000 ratings that it is judged by are others.",
            "c": "The error does move by 0.004, but not downwards: split with seed 7, and look.",
        },
        q3={
            "a": "A share of the titles is not one of the ratings: these lie in the long tail.",
            "b": "Right: they lie far out in the long tail, with a rating or two each.",
            "c": "Each title comes from a rating; which is in the test, if not in train.",
        },
    )
