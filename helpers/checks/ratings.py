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

THREE = ("movie_title", "user_id", "user_rating")


@exercise(
    "`example` is a dict of tensors. Make a new dict from three of its entries.",
    'One entry of the new dict is `"movie_title": example["movie_title"]`.',
    "`return {name: example[name] for name in (...)}`, with the three names.",
)
def keep_three(function):
    example = {name: tf.zeros([], dtype) for name, dtype in movielens.FIELDS.items()}
    example |= {"movie_title": tf.constant("M"), "user_id": tf.constant("9")}
    example |= {"user_rating": tf.constant(4.0), "movie_id": tf.constant("7")}
    needs_function(function)
    given = dict(example)
    _judge_three(function(given), example)
    changed = sorted(set(example) ^ set(given)) or [n for n in given if given[n] is not example[n]]
    if changed:
        mistake(
            f"Your function changes the dict it is given ({', '.join(changed)}): make a new one."
        )
    try:
        _judge_three(next(iter(tf.data.Dataset.from_tensors(example).map(function))), example)
    except AttributeError as error:
        if "numpy" in str(error):
            mistake("Inside `map`, a tensor has no value to read yet: leave `.numpy()` out.")
        raise
    return (
        "The map carries less data through all that follows, and a model cannot peek at the rest."
    )


def _judge_three(kept, example):
    if kept is None:
        mistake("Your function returns nothing: add `return`.")
    if not isinstance(kept, dict):
        mistake(f"Return a dict with the three names; this is a {type(kept).__name__}.")
    for name in THREE:
        if name not in kept:
            mistake(
                f"{name} is missing; what you return has {', '.join(map(str, kept)) or 'nothing'}."
            )
        value = kept[name]
        if not tf.is_tensor(value):
            mistake(f"{name} has become a {type(value).__name__}; keep the tensor as it is.")
        if value.dtype != example[name].dtype or value.shape != ():
            mistake(f"{name} has changed its type or shape; keep the tensor as it is.")
        if value != example[name]:
            others = [n for n in THREE if value.dtype == example[n].dtype and value == example[n]]
            if others:
                mistake(f"{name} holds the value of another field, {others[0]}.")
            mistake(f"{name} has another value than before; keep the tensor as it is.")
    extra = sorted(map(str, set(kept) - set(THREE)))
    if extra:
        mistake(f"Only three fields are wanted, without {', '.join(extra)}.")


@exercise(
    "The picture below the question shows the movies in order of their ratings.",
    "Add up the ratings of the first fifth of `counts` and divide by all of them.",
    "`np.sort(counts)[::-1][:333].sum() / counts.sum()` is between 0.6 and 0.7.",
)
def head_share(answer):
    return judge_choices(
        {"head_share": answer},
        head_share={
            "a": "20 % would mean that all movies are rated equally often; look at the picture.",
            "b": "40 % is about the share of the first tenth of the movies, not the first fifth.",
            "c": "Right: a fifth of the movies has about two thirds of the ratings, so most movies "
            "leave a model little to learn from.",
            "d": "The tail is thin, but not that thin: the first half of the movies has 93 %.",
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
        mistake("The order of train changes from pass to pass: the article shuffles once.")
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
    if train != _rows_of(_two_parts(function, rows, train_size, seed=1)[0]):
        mistake("Two calls with the same seed give two splits: pass `seed` on to `shuffle`.")
    if train == _rows_of(_two_parts(function, rows, train_size, seed=2)[0]):
        mistake("The seed makes no difference: pass `seed` on to `shuffle`.")
    many, _ = _two_parts(function, tf.data.Dataset.range(n * 100), train_size * 100, seed=1)
    many = np.concatenate([[0], *many.take(n * 100).batch(n * 100).as_numpy_iterator()])
    if np.max(many - np.arange(len(many))) < 95_000:  # a buffer of b moves a row forward by < b
        mistake("The shuffle reaches only a few ratings ahead: its buffer must hold all of them.")
    return "No rating is in both parts, at any pass, and the same seed gives the same split."


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
        mistake("unique_movie_titles holds movie ids; the article's model knows movies by title.")
    if set(titles) == train_titles:
        mistake(
            f"{len(titles):,} titles are those of `train`; the article takes them from all ratings."
        )
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
    stranger = min(strangers).decode()
    if stranger[:2] in ("b'", 'b"'):
        mistake(f"{name} holds text such as {stranger}: keep the bytes, or use `.decode()`.")
    mistake(f'{name} holds "{stranger}", which is in no rating: keep the values as they are.')


def _as_strings(name, values):
    if isinstance(values, set | frozenset):
        mistake(f"{name} has no order; a vocabulary needs one: use a sorted array.")
    if isinstance(values, list | tuple):
        values = [value.numpy() if tf.is_tensor(value) else value for value in values]
        if any(np.ndim(value) for value in values):
            mistake(f"{name} holds arrays: join them with np.concatenate, and keep only values.")
    elif isinstance(values, tf.Tensor) or (hasattr(values, "__array__") and np.ndim(values)):
        values = np.asarray(values).tolist()
    else:
        mistake(f"{name} must be an array of strings; this is a {type(values).__name__}.")
    if not all(isinstance(value, str | bytes) for value in values):
        mistake(f"{name} must hold strings, one by one.")
    return [value.encode() if isinstance(value, str) else value for value in values]


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
    name_mistake(answer, named.items(), partial(np.isclose, atol=1e-4))
    right = stars.constant_rmse(train, test)
    if not np.isclose(answer, right, atol=1e-4):
        if answer in [round(right, digits) for digits in range(4)]:
            mistake("This is rounded: return the RMSE as it is.")
        if answer == as_number(function(train + 1, 2 * test)):
            mistake(f"Other ratings give {answer:.4f} too: compute it from the two arrays.")
        mistake(
            f"For train [1, 2, 2, 5] and test [1, 4, 5] it is {right:.4f}; yours is {answer:.4f}."
        )
    return "Every model of this course has to beat this number."


@exercise(
    "q1: see the titles with two ids. q2: see the overlap above. q3: in what unit is a square?",
    "q1: count what the vocabularies count. q2: what does the model meet again in the test?",
    "q1 is one of b and c; q2 is one of a and b; q3 is one of a and c.",
)
def quiz_ratings(answers):
    return judge_choices(
        answers,
        q1={
            "a": "100,000 is the number of ratings; a user gives many.",
            "b": "1,682 is the number of movie ids; several titles have two.",
            "c": "Right: 1,664 titles, because 18 titles have two ids.",
        },
        q2={
            "a": "Right: it has learned from ratings that it is tested on: the test flatters it.",
            "b": "The number of ratings per part does not change; which ones does.",
            "c": "The training ratings leak into the test, and that hides how bad a model is.",
        },
        q3={
            "a": "Right: without a root, stars become squared stars; the root brings them back.",
            "b": "The MSE punishes large errors just as much: both put models in the same order.",
            "c": "Both are zero for perfect predictions.",
        },
    )
