"""Checks of lesson 1, Ratings."""

import functools
from functools import partial

import numpy as np

from helpers.checks.engine.answers import as_number, name_mistake, needs_end, needs_function
from helpers.checks.engine.exercise import exercise, judge_choices, mistake
from helpers.data import movielens, split
from helpers.data.ratings import load_ratings
from helpers.data.vocabularies import vocabulary
from helpers.keras2 import tf
from helpers.metrics import stars


@exercise(
    "The picture below the question shows the movies in order of their ratings.",
    "Add up the ratings of the first fifth of `counts` and divide by all of them.",
    "`np.sort(counts)[::-1][:333].sum() / counts.sum()` is between 0.6 and 0.7.",
)
def head_share(answer):
    return judge_choices(
        {"head_share": answer},
        head_share={
            "a": "20% would mean that all movies are rated equally often; look at the picture.",
            "b": "40% is about the share of the first tenth of the movies, not the first fifth.",
            "c": "Right: a fifth of the movies has about two thirds of the ratings, so most movies "
            "leave a model little to learn from.",
            "d": "The tail is thin, but not that thin: the first half of the movies has 93%.",
        },
    )


@exercise(
    "Iterate over `shuffled` twice: is its order the same?",
    "`Dataset.shuffle` has an argument that decides whether each iteration shuffles anew.",
    "Add `reshuffle_each_iteration=False` to the arguments of `shuffle`.",
)
def split_once(function):
    n, train_size = 1_000, 700
    rows = tf.data.Dataset.range(n)
    tf.random.set_seed(5)  # another global seed before each call: it must make no difference
    parts = _two_parts(function, rows, train_size, seed=1)
    train, test = (_rows_of(part) for part in parts)
    if len(train) > n or len(test) > n:
        mistake("A part has more ratings than there are: leave `repeat` out.")
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
            "Two calls with the same seed give two splits: give `seed` to `tf.random.set_seed` "
            "and to `shuffle`."
        )
    if train == _rows_of(_two_parts(function, rows, train_size, seed=2)[0]):
        mistake("The seed makes no difference: pass `seed` on to `shuffle`.")
    many, rest = _two_parts(function, tf.data.Dataset.range(n * 100), train_size * 100, seed=1)
    rest = int(rest.cardinality()) if rest.cardinality() >= 0 else len(_numbers_of(rest, n * 100))
    many = _numbers_of(many, n * 100)
    if np.max(many - np.arange(len(many)), initial=0) < 95_000:  # a buffer of b: forward by < b
        mistake("The shuffle reaches only a few ratings ahead: its buffer must hold all of them.")
    if rest != 30_000:
        mistake(f"Of 100,000 ratings with train_size=70,000, {rest:,} are in test, not 30,000.")
    for seed in (1, 2):
        theirs = _two_parts(function, rows, train_size, seed)
        if [_rows_of(part) for part in theirs] != _our_split(n, train_size, seed):
            mistake(
                "This split keeps the parts apart, but it is another than the course's: keep both "
                "uses of the seed, `tf.random.set_seed(seed)` and `shuffle(..., seed=seed)`."
            )
    return "No row is in both parts, at any pass, and the same seed gives the same split."


@functools.cache
def _our_split(n, train_size, seed):
    parts = split.split_once(tf.data.Dataset.range(n), train_size, seed)
    return [_rows_of(part) for part in parts]


def _numbers_of(part, most):
    return np.concatenate([[], *part.take(most).batch(most).as_numpy_iterator()])


def _rows_of(part):
    """Return the first 1,001 rows as a list; a part that is repeated has no end."""
    return [int(row) for batch in part.take(1_001).batch(1_001) for row in batch.numpy()]


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
    "A user and a title count only together: make a pair of each rating's two.",
    '`zip(train["user_id"], train["movie_title"])` gives the pairs; a `set` of them finds a '
    "pair at once.",
    '`np.array([pair in in_train for pair in zip(test["user_id"], test["movie_title"])], '
    "dtype=bool)`, where `in_train` is the set.",
)
def has_twin(function):
    needs_function(function)
    train, test, right = _twins_case()
    _judge_twins(_bools(function, train, test), train, test, right)
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
    _Counted.comparisons = 0
    _bools(function, *(_counted(part) for part in (train, test)))
    if _Counted.comparisons > 20 * (len(right) + len(train["user_id"])):
        mistake(
            "This is right, but it compares each test rating with all of train, which takes about "
            "a minute on the data: put the pairs of train into a `set` first."
        )
    return "The quick line asks two questions of a row; a twin needs one answer to both at once."


def _twins_case():
    """Return train and test in which ids run into titles, pairs repeat and order says nothing."""
    rng = np.random.default_rng(1)
    users = np.array([b"1", b"11", b"2", b"\xc3\xa9"], object)
    titles = np.array([b"1 (1990)", b"11 (1990)", b" (1990)", b"Caf\xc3\xa9 (1996)", b"B"], object)
    pairs = [(user, title) for user in users for title in titles]
    in_train = rng.permutation(len(pairs))[:11]
    pairs += [(b"3", titles[1]), (users[1], b"C"), (b"3", b"C")]
    parts = []
    for choices, size in ((in_train, 150), (np.arange(len(pairs)), 170)):
        rows = np.append(rng.choice(choices, size), choices)
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
    if not isinstance(answer, np.ndarray):
        mistake(
            f"A NumPy array of bools was asked for; this is a {type(answer).__name__}: "
            "`np.array(...)` makes one of a list."
        )
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
    )  # fmt: skip
    name_mistake(answer, named, np.array_equal)
    if not np.array_equal(answer, right):
        i = int(np.flatnonzero(answer != right)[0])
        pair = f"user {test['user_id'][i].decode()!r}, title {test['movie_title'][i].decode()!r}"
        mistake(f"For {pair}, the answer should be {right[i]}; it is {answer[i]}.")


class _Counted(bytes):
    """Bytes that count how often they are compared."""

    comparisons = 0
    __hash__ = bytes.__hash__

    def __eq__(self, other):
        _Counted.comparisons += 1
        return bytes(self) == other

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
    "`np.unique(array)` returns the different values of an array, sorted.",
    'Read in large batches: `ratings.batch(100_000).map(lambda batch: batch["user_id"])`.',
    "`np.unique(np.concatenate(list(batches.as_numpy_iterator())))`, once per field.",
)
def vocabularies(unique_user_ids, unique_movie_titles):
    users = _as_strings("unique_user_ids", unique_user_ids)
    titles = _as_strings("unique_movie_titles", unique_movie_titles)
    right_users, right_titles, train_titles, movie_ids = _right_vocabularies()
    if set(users) == right_titles and set(titles) == right_users:
        mistake("The two are swapped: unique_user_ids holds the titles.")
    for name, values in (("unique_user_ids", users), ("unique_movie_titles", titles)):
        if len(values) != len(set(values)):
            mistake(
                f"{name} has {len(values):,} values, only {len(set(values)):,} "
                "different ones: keep each once."
            )
    if set(titles) == right_users:
        mistake("unique_movie_titles holds the user ids, like unique_user_ids.")
    if set(users) == right_titles:
        mistake("unique_user_ids holds the titles, like unique_movie_titles.")
    if set(titles) == movie_ids:
        mistake("unique_movie_titles holds movie ids; the model will know movies by title.")
    if set(titles) == train_titles:
        mistake(f"{len(titles):,} titles are those of `train`; take them from all ratings.")
    if set(users) != right_users:
        _name_strangers("unique_user_ids", set(users) - right_users)
        mistake(f"unique_user_ids has {len(users):,} values; there are 943 users in `ratings`.")
    if set(titles) != right_titles:
        _name_strangers("unique_movie_titles", set(titles) - right_titles)
        mistake(f"unique_movie_titles has {len(titles):,} values; `ratings` has 1,664 titles.")
    return "943 users and 1,664 titles: each will get a row in an embedding table."


def _name_strangers(name, strangers):
    if not strangers:
        return
    stranger = min(strangers).decode(errors="replace")
    mistake(f'{name} holds "{stranger}", which is in no rating: keep the values as they are.')


def _as_strings(name, values):
    """Return a vocabulary as a list of bytes; later cells compare it with arrays of bytes."""
    if isinstance(values, set | frozenset):
        mistake(f"{name} has no order; a vocabulary needs one: use a sorted array.")
    if isinstance(values, list | tuple) and any(np.ndim(value) for value in values):
        mistake(f"{name} holds arrays: join them with np.concatenate, and keep only values.")
    if isinstance(values, list | tuple | tf.Tensor):
        kind = "tensor" if isinstance(values, tf.Tensor) else type(values).__name__
        mistake(f"{name} is a {kind}: make a NumPy array of it.")
    if not isinstance(values, np.ndarray) or values.ndim == 0:
        mistake(f"{name} must be an array of strings; this is a {type(values).__name__}.")
    if values.ndim > 1:
        mistake(f"{name} has the shape {values.shape}; one dimension is wanted.")
    values = values.tolist()
    if any(isinstance(value, str) for value in values):
        _name_quoted(name, values)
        mistake(f"{name} holds text; `ratings` holds bytes: keep the values as they are.")
    if not all(isinstance(value, bytes) for value in values):
        mistake(f"{name} must hold strings, one by one, as bytes.")
    return values


def _name_quoted(name, values):
    quoted = [value for value in values if value[:2] in ("b'", 'b"')]
    if quoted:
        mistake(f"{name} holds text such as {quoted[0]}: keep the bytes.")


@functools.cache
def _right_vocabularies():
    everything = load_ratings()
    train, _ = split.split_once(everything)
    return (
        set(vocabulary(everything, "user_id").tolist()),
        set(vocabulary(everything, "movie_title").tolist()),
        set(vocabulary(train, "movie_title").tolist()),
        set(movielens.read_ratings("movie_id")["movie_id"].tolist()),
    )


@exercise(
    "One number is predicted for all test ratings. From which ratings may it come?",
    "The errors are `test_ratings - np.mean(train_ratings)`.",
    "RMSE: square the errors, take the mean, take the root.",
)
def constant_rmse(function):
    train, test = np.array([1.0, 2.0, 2.0, 5.0]), np.array([1.0, 4.0, 5.0])
    needs_function(function)
    given = train.copy(), test.copy()
    try:
        answer = function(*given)
    except ValueError as error:
        if "broadcast" in str(error):
            mistake("Compare each test rating with one number, the mean of the training ratings.")
        raise
    if not (np.array_equal(given[0], train) and np.array_equal(given[1], test)):
        mistake("Your function changes the arrays it is given: make new ones.")
    if isinstance(answer, np.ndarray) and answer.size == 1 and answer.ndim:
        mistake(f"This is an array of shape {answer.shape}: return the number itself.")
    answer, errors = as_number(answer), test - train.mean()
    named = {
        np.mean(errors**2): "This is the MSE: the root is missing.",
        np.mean(np.abs(errors)): "This is the mean absolute error: square before the mean.",
        np.std(test): "This predicts the mean of the test ratings, which nobody knows beforehand.",
        np.std(train): "This is the error on the training ratings.",
        stars.rmse(test, np.median(train)): (
            "This predicts the median or the most frequent rating, not the mean."
        ),
        np.sqrt(np.sum(errors**2)): "This is the root of the sum: take the mean of the squares.",
        stars.rmse(train, test.mean()): "Train and test have changed places.",
        np.mean(errors): "This is the mean error, in which plus and minus cancel: square first.",
        -np.mean(errors): "This is the mean error, in which plus and minus cancel: square first.",
        np.mean(errors) ** 2: "This squares the mean error: square each error, then the mean.",
        np.sqrt(np.mean(errors)): "The squares are missing: this is the root of the mean error.",
        np.sum(errors**2): "This is the sum of the squares: take the mean, then the root.",
        np.mean(np.sqrt(np.abs(errors))): "Square the errors first; the root comes last.",
        train.mean(): "This is the prediction, the mean training rating; its error was asked for.",
        stars.rmse(test, np.append(train, test).mean()): (
            "This predicts the mean of all ratings; the test ratings are not known beforehand."
        ),
        stars.rmse(test, 3): "This predicts 3 stars; predict the mean of the train ratings.",
        stars.rmse(test, 3.5): "This predicts 3.5 stars; predict the mean of the ratings.",
    }
    name_mistake(answer, named.items(), partial(np.isclose, atol=1e-6))
    right = stars.constant_rmse(train, test)
    if not np.isclose(answer, right, rtol=1e-6):
        if answer in [round(right, digits) for digits in range(6)]:
            mistake("This is rounded: return the RMSE as it is.")
        if answer == as_number(function(train + 1, 2 * test)):
            mistake(f"Other ratings give {answer:.4f} too: compute it from the two arrays.")
        mistake(
            f"For train [1, 2, 2, 5] and test [1, 4, 5] it is {right:.4f}; yours is {answer:.4f}."
        )
    return "Every model of this course has to beat this number."


@exercise(
    "q1: see the titles with two ids. q2: see the overlap. q3: see the three buffers.",
    "q1: count what the vocabularies count. q2: what does the model meet again in the test? "
    "q3: how far ahead does a buffer of 1,000 see?",
    "q1 is one of b and c; q2 is one of a and b; q3 is one of a and b.",
)
def quiz_ratings(answers):
    return judge_choices(
        answers,
        q1={
            "a": "A title joins the two entries of a movie to one; it does not drop both.",
            "b": "1,682 is the number of movie ids; several titles have two.",
            "c": "Right: 1,664 titles, because 18 titles have two ids.",
        },
        q2={
            "a": "Right: it has learned from ratings that it is tested on: the test flatters it.",
            "b": "The sizes say how many ratings each part has, not that they are different ones.",
            "c": "The training ratings leak into the test, and that hides how bad a model is.",
        },
        q3={
            "a": "That takes a buffer of all ratings; this one sees 1,000 ahead.",
            "b": "Right: no rating can come earlier than 999 places before its own.",
            "c": "A shuffle changes the order; each rating still comes once.",
        },
    )
