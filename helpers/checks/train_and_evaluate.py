"""Checks of lesson 3, Train and evaluate."""

import numbers
from functools import partial

import numpy as np

from helpers.checks.engine.answers import (
    as_number,
    as_numbers,
    name_mistake,
    needs_end,
    needs_function,
)
from helpers.checks.engine.exercise import exercise, judge_choices, mistake
from helpers.keras2 import tf


@exercise(
    "What comes after `cache` is done anew at each pass: on which side of it must `shuffle` stand?",
    "The same batches: `shuffle`, `batch`, `cache`. New ones: `cache`, `shuffle`, `batch`. "
    "The buffer of `shuffle` is `len(ratings)`.",
    "`return ratings.cache().shuffle(len(ratings)).batch(batch_size)` if `shuffle and not same`; "
    "else shuffle if `shuffle`, and `return ratings.batch(batch_size).cache()`.",
)
def make_batches(function):
    n, size = 105, 20
    needs_function(function)
    reads = []
    _, plain = _batches(function, _counting_dataset(n, reads), size, False, True)
    sizes = [len(batch) for batch in plain]
    if sum(sizes) > n:
        mistake("A pass gives ratings more than once: leave `repeat` out.")
    if sum(sizes) == n - 5:
        mistake(
            f"Of {n} ratings in batches of {size}, {n - sum(sizes)} are lost: "
            "keep the last, smaller batch."
        )
    if sum(sizes) < n:
        mistake(f"Of {n} ratings in batches of {size}, {n - sum(sizes)} are lost: keep all.")
    if sizes != [20, 20, 20, 20, 20, 5]:
        mistake(
            f"With batch_size={size}, the first batch has {sizes[0]} ratings: use `batch_size`."
        )
    if np.concatenate(plain).tolist() != list(range(n)):
        mistake("With shuffle=False, the order of the ratings has changed.")
    if len(reads) > n:
        mistake("A second pass reads all ratings again: keep them in memory with `cache`.")
    _, unmixed = _batches(function, tf.data.Dataset.range(n), size, False, False)
    if np.concatenate(unmixed).tolist() != list(range(n)):
        mistake("With shuffle=False and same=False, the order of the ratings has changed.")
    for same in (True, False):
        reads = []
        passes = _batches(function, _counting_dataset(n, reads), size, True, same)
        _judge_mixed(passes, sizes, same)
        if len(reads) > n:
            mistake(
                f"With shuffle=True and same={same}, a second pass reads all ratings again: "
                "`cache` these too."
            )
        many = _dataset(function, tf.data.Dataset.range(80_000), 512, True, same).take(157)
        many = np.concatenate([[0], *many.as_numpy_iterator()])
        if np.max(many - np.arange(len(many))) < 75_000:  # a buffer of b moves a rating by < b
            mistake(
                "The shuffle reaches only a few ratings ahead: its buffer must hold all of them."
            )
    return "What stands after `cache` is done anew at each pass; what stands before it, once."


def _judge_mixed(passes, sizes, same):
    n = sum(sizes)
    for mixed in passes:
        order = np.concatenate(mixed)
        if sorted(order) != list(range(n)):
            mistake("With shuffle=True, some ratings come twice or never.")
        if all(np.ptp(batch) < len(batch) for batch in mixed):
            if order.tolist() == list(range(n)):
                mistake("With shuffle=True, the ratings are not shuffled.")
            mistake("Whole batches are shuffled, not ratings: shuffle before you batch.")
        if sorted(len(batch) for batch in mixed) != sorted(sizes):
            mistake(f"With shuffle=True, the first batch has {len(mixed[0])} ratings, not 20.")
    first, second = ([sorted(batch) for batch in mixed] for mixed in passes)
    if same and sorted(map(tuple, first)) != sorted(map(tuple, second)):
        mistake("With same=True, a second pass has other batches: `cache` comes last.")
    if same and not all(map(np.array_equal, *passes)):
        mistake("With same=True, a second pass has the same batches in another order.")
    if not same and sorted(map(tuple, first)) == sorted(map(tuple, second)):
        mistake("With same=False, a second pass has the same batches: shuffle after `cache`.")


def _counting_dataset(n, reads):
    def generate():
        for i in range(n):
            reads.append(i)
            yield i

    rows = tf.data.Dataset.from_generator(generate, output_signature=tf.TensorSpec([], tf.int64))
    return rows.apply(tf.data.experimental.assert_cardinality(n))


def _batches(function, rows, size, shuffle, same):
    """Return the batches of two passes."""
    dataset = _dataset(function, rows, size, shuffle, same)
    return [[batch.numpy() for batch in dataset.take(len(rows) + 1)] for _ in range(2)]


def _dataset(function, rows, size, shuffle, same):
    try:
        dataset = function(rows, size, shuffle, same)
    except TypeError as error:
        if "buffer_size" in str(error):
            mistake("`shuffle` wants the size of its buffer: `len(ratings)` holds all ratings.")
        raise
    if dataset is None:
        mistake("Your function returns nothing: add `return`.")
    if not isinstance(dataset, tf.data.Dataset):
        mistake(f"Return a tf.data.Dataset; this is a {type(dataset).__name__}.")
    needs_end(dataset)
    spec = dataset.element_spec
    if not isinstance(spec, tf.TensorSpec) or spec.dtype != tf.int64:
        mistake("The batches hold something else than the ratings: they should be as they came.")
    if spec.shape.rank != 1:
        mistake("The ratings are not in batches, or in batches of batches: use `batch` once.")
    return dataset


@exercise(
    "In each epoch, every batch leads to one update of the weights.",
    "How many batches of 8,192 do 80,000 ratings make? The last one may be smaller.",
    "10 batches an epoch, 3 epochs.",
)
def updates(answer):
    named = {
        3: "3 is the number of epochs; each has many batches.",
        10: "10 is one epoch; there are three.",
        9: "9 is one epoch without its last, smaller batch; there are three epochs.",
        0: "0 is what the optimizer counts before training; how many are there after it?",
        8_192: "8,192 is the number of ratings in a batch.",
        4_096: "4,096 is the number of ratings in a test batch.",
        24_576: "24,576 is 3 times the size of a batch: count the batches.",
        39: "39 would be for all 100,000 ratings: 80,000 of them train the model.",
        60: "60 would be for batches of 4,096, which are those of the test ratings.",
        27: "27 leaves out the last, smaller batch of each epoch.",
        29: "Each epoch ends with a smaller batch, so it has 10.",
        240_000: "The weights move once a batch, not once a rating.",
        80_000: "The weights move once a batch, not once a rating.",
    }
    if not isinstance(answer, numbers.Real) or isinstance(answer, bool):
        mistake("Answer with a number.")
    if answer in named:
        mistake(named[answer])
    if answer != round(answer, 0):
        mistake(f"{answer} is not whole: the last, smaller batch of an epoch counts as one.")
    if answer != 30:
        mistake(f"{answer} is not it: batches per epoch times epochs.")
    return "30 small steps are all the training that this model gets."


@exercise(
    "Which entry of `result` is about all test ratings?",
    "The metric is; it is the root of what is asked for.",
    '`return result["root_mean_squared_error"] ** 2`.',
)
def test_mse(function):
    needs_function(function)
    rmse, loss, total = 1.2345678, 3.0, 3.5
    result = {"root_mean_squared_error": rmse, "loss": loss, "total_loss": total}
    result["regularization_loss"] = total - loss
    given = dict(result)
    try:
        answer = function(given)
    except KeyError as error:
        mistake(f"`result` has no {error}; it has {', '.join(result)}.")
    if given != result:
        mistake("Your function changes `result`: leave your caller's dict alone.")
    answer = as_number(answer)
    named = {
        loss: "This is `loss`: the MSE of the last batch, not of all test ratings.",
        total: "This is `total_loss`, which is about the last batch too.",
        total - loss: "This is `regularization_loss`, which is no error of predictions.",
        rmse: "This is the RMSE: the MSE is its square.",
        rmse**0.5: "This is the root of the RMSE: square it instead.",
        2 * rmse: "This is twice the RMSE: square it.",
        rmse**4: "This is the square of the MSE: square the RMSE once.",
        loss**0.5: "This is the root of `loss`: the MSE is asked for, of all test ratings.",
        loss**2: "This is the square of `loss`, which is an MSE already, of the last batch only.",
        (rmse**2 + loss) / 2: "`loss` is about the last batch only: leave it out.",
        loss * rmse: "`loss` is about the last batch only: leave it out.",
    }
    name_mistake(answer, named.items(), partial(np.isclose, atol=1e-6))
    if not np.isclose(answer, rmse**2, atol=1e-6):
        rounded = [round(rmse**2, digits) for digits in range(6)]
        if np.isclose(answer, [*rounded, *(round(rmse, d) ** 2 for d in range(6))]).any():
            mistake("This is rounded: return the MSE as it is.")
        mistake(f"For an RMSE of {rmse:.4f} the MSE is {rmse**2:.4f}; yours is {answer:.4f}.")
    return "The metric is over all ratings, so its square is the MSE over all ratings."


STARS = {
    **{"Alpha": 3.141, "Delta": 4.6, "Beta": 1.5, "Gamma": 3.5, "Eta": 2.2, "Zeta": 5.75},
    **{"Theta": 2.8, "Iota": -0.25, "Kappa": 3.9, "Lambda": 2.4, "Mu": 4.1, "Nu": 1.9},
    **{"Xi": 10.5, "Caf\xe9": 3.138, "Pi": 3.5},
}


class _StarsInTitle:
    """Predict the stars that end a title, one less for any user but 943; count the calls."""

    def __init__(self):
        self.calls, self.users = 0, set()

    def __call__(self, features, *more, **named):
        if more or not isinstance(features, dict) or {"user_id", "movie_title"} - set(features):
            mistake("The model takes one dict, with the keys user_id and movie_title.")
        users, titles = (np.asarray(features[name]) for name in ("user_id", "movie_title"))
        if users.shape == () or (users.shape == (1,) and titles.shape != (1,)):
            mistake("The model wants a user id per title: repeat `user_id`.")
        if users.shape != titles.shape or users.ndim != 1:
            mistake(
                "user_id and movie_title must have the same shape (n,); they have "
                f"{users.shape} and {titles.shape}."
            )
        if users.dtype.kind not in "SUO" or titles.dtype.kind not in "SUO":
            mistake("User ids and titles are strings: give them to the model as they are.")
        users, titles = ([_text(value) for value in values] for values in (users, titles))
        if not all(title.split(" ")[0] in STARS for title in titles):
            mistake("movie_title must hold titles: are the two fields swapped?")
        self.calls += 1
        self.users |= set(users)
        stars = [float(t.split(" ")[1]) - (user != "943") for user, t in zip(users, titles)]
        return tf.constant(stars, shape=[len(stars), 1])

    def predict(self, features, *more, **named):
        if isinstance(features, tf.data.Dataset):
            needs_end(features)
            return np.concatenate([self(batch).numpy() for batch in features.take(100)])
        return self(features).numpy()


def _text(value):
    return value.decode() if isinstance(value, bytes) else str(value)


@exercise(
    "The model wants two arrays of the same length: repeat the user id for every title.",
    "`np.array([user_id] * len(movie_titles))`. For the order, sort (title, stars) pairs by stars.",
    "`pairs = zip(movie_titles, np.ravel(model(features)))`, then "
    "`sorted(pairs, key=lambda pair: pair[1], reverse=True)`.",
)
def rank_movies(function):
    needs_function(function)
    titles = [f"{name} {stars}" for name, stars in STARS.items()]
    given, model = list(titles), _StarsInTitle()
    try:
        ranking = function(model, "943", given)
    except (TypeError, IndexError) as error:
        _name_error(error)
        raise
    if given != titles:
        mistake("Your function reorders the list that it is given: make a new one.")
    pairs = _pairs(ranking)
    if sorted(title for title, _ in pairs) != sorted(titles):
        if len({title for title, _ in pairs}) == 1:
            mistake("One title comes again and again: sort a flat array, as np.ravel makes one.")
        mistake(f"{len(titles)} titles go in, and each must come out once.")
    if model.users != {"943"}:
        mistake(f"The model was asked about user {min(model.users)!r}, not '943': use `user_id`.")
    _judge_stars(pairs)
    stars = [value for _, value in pairs]
    if stars == sorted(stars):
        mistake("The lowest comes first; the highest should.")
    if stars != sorted(stars, reverse=True):
        if [title for title, _ in pairs] == titles:
            mistake("The list is in the order of the titles given: sort it by the predicted stars.")
        if stars == sorted(stars, key=str, reverse=True):
            mistake("The stars are sorted as text, in which 9 comes after 10: sort numbers.")
        mistake("The list is not in the order of the predicted stars.")
    if _pairs(function(_StarsInTitle(), "1", list(titles)))[0][1] != 9.5:
        mistake("Another user id gives the same stars: use `user_id`.")
    if model.calls > 1:
        mistake(f"The model is called {model.calls} times: give it all movies in one call.")
    return "One call scores all movies at once, and the order is all that a user sees."


def _name_error(error):
    text = str(error)
    if "truth value" in text or "not supported between" in text or "unhashable" in text:
        mistake("What you sort by are not numbers: the model returns (n, 1); `np.ravel` flattens.")
    if "only integer scalar arrays" in text or "list indices" in text:
        mistake("`movie_titles` is a list: index it with single whole numbers, one by one.")
    if "only length-1 arrays" in text or "scalar" in text:
        mistake("The model returns shape (n, 1), not (n,): `np.ravel` makes it flat; then sort.")


def _judge_stars(pairs):
    right = {title: float(title.split(" ")[1]) for title, _ in pairs}
    if all(stars == right[title] for title, stars in pairs):
        return
    for change, what in (
        (lambda stars: np.clip(stars, 1, 5), "clipped to 1 to 5"),
        (lambda stars: min(stars, 5), "clipped to 5"),
        (round, "rounded"),
        (lambda stars: round(stars, 1), "rounded"),
        (lambda stars: round(stars, 2), "rounded"),
        (lambda stars: -stars, "negative"),
    ):
        if all(stars == change(right[title]) for title, stars in pairs):
            mistake(f"The stars are {what}: return them as the model predicts them.")
    mistake("A title has another title's stars: sort titles and stars together.")


def _pairs(ranking):
    if ranking is None:
        mistake("Your function returns nothing: add `return`.")
    if not isinstance(ranking, list | tuple):
        mistake(f"Return a list of pairs; this is a {type(ranking).__name__}.")
    if not ranking:
        mistake("The list is empty: a pair for each title was asked for.")
    if not all(isinstance(pair, list | tuple) and len(pair) == 2 for pair in ranking):
        mistake("Each entry must be a pair: (title, predicted stars).")
    pairs = []
    for title, stars in ranking:
        title = _text(title) if isinstance(title, bytes | str) else title
        if isinstance(stars, str | bytes) and isinstance(title, str):
            mistake("The stars have become text: keep them as numbers, apart from the titles.")
        is_number = isinstance(stars, numbers.Real | np.ndarray) or tf.is_tensor(stars)
        if not isinstance(title, str) or not is_number or np.size(stars) != 1:
            mistake("Each pair must be (title, predicted stars), in this order, one number each.")
        if np.shape(stars) != ():
            mistake(f"The stars have shape {np.shape(stars)}: np.ravel makes numbers of (n, 1).")
        pairs.append((title, round(float(stars), 3)))
    return pairs


@exercise(
    "Compare with the picture: how far apart are the predictions for different movies?",
    "If the user hardly changes the prediction, everybody gets nearly the same list.",
    "`len({title for top in top_tens for title in top})` is below 50.",
)
def different_movies(answer):
    return judge_choices(
        {"different_movies": answer},
        different_movies={
            "a": "Right: nearly everybody is offered the same few movies, because the user has "
            "hardly any say in their order yet.",
            "b": "For that, users would need tastes that the model can tell apart; count again.",
            "c": "That would be a list of their own for most users; count again.",
        },
    )


@exercise(
    "Where does a string stand in the old vocabulary, and which row of the table is that?",
    "Row 0 comes first and is nobody's: string number i has row i + 1. Unknown strings have row 0.",
    "`row_of = {string: row for row, string in enumerate(vocabulary, start=1)}`; the rows wanted "
    "are `[0] + [row_of.get(string, 0) for string in new_vocabulary]`.",
)
def table_for(function):
    needs_function(function)
    rng = np.random.default_rng(1)
    old = np.array([b"9", b"10", b"caf\xc3\xa9", b"1", b"106"])
    table = rng.normal(size=(6, 3)).astype(np.float32)
    cases = (
        [b"1", b"9", b"10", b"106", b"caf\xc3\xa9"],
        [b"106", b"7", b"9", b"0", b"1", b"caf\xc3\xa9", b"11"],
        [b"10"],
        [b"7", b"77"],
        [],
        old.tolist(),
    )
    for new in cases:
        for kind in (object, "S5"):
            made = np.array(new, kind), old.astype(kind)
            _judge_table(_table(function, *made, table), *(v.tolist() for v in made), table)
    many = rng.permutation(900).astype(bytes)
    wide = rng.normal(size=(601, 32)).astype(np.float32)
    answer = _table(function, many[200:], many[:600], wide)
    _judge_table(answer, many[200:].tolist(), many[:600].tolist(), wide)
    return "Who has which row is in the vocabulary alone: save it with the weights."


def _table(function, new, old, table):
    given = [values.copy() for values in (new, old, table)]
    try:
        answer = function(*given)
    except (IndexError, KeyError) as error:
        _name_missing(error)
        raise
    if answer is None:
        mistake("Your function returns nothing: add `return`.")
    if not all(map(np.array_equal, given, (new, old, table))):
        mistake("Your function changes the arrays that it is given: make a new one.")
    return as_numbers(answer, "The rows of a table")


def _name_missing(error):
    if isinstance(error, KeyError):
        mistake(f"{error} is not in the old vocabulary: it gets the row of unknown strings.")
    if "out of bounds" in str(error):
        mistake("A row beyond the table is asked for: the old one has a row per string, and row 0.")


def _judge_table(answer, new, old, table):
    said = f"For {len(new)} strings, the table"
    if answer.shape == (len(new), table.shape[1]):
        mistake(f"{said} has {len(new)} rows: one more is wanted, row 0 of unknown strings.")
    if answer.shape != (len(new) + 1, table.shape[1]):
        mistake(
            f"{said} has the shape {answer.shape}; ({len(new) + 1}, {table.shape[1]}) is wanted."
        )
    rows = [old.index(string) + 1 if string in old else 0 for string in new]
    right = table[[0, *rows]]
    if np.allclose(answer, right, atol=1e-6):
        return
    if not np.allclose(answer[0], table[0], atol=1e-6):
        mistake("Row 0 is not the old row 0, that of unknown strings.")
    known, unknown = np.array(rows) > 0, np.array(rows) == 0
    if not np.allclose(answer[1:][known], right[1:][known], atol=1e-6):
        if np.allclose(answer[1:][known], table[[row - 1 for row in rows if row]], atol=1e-6):
            mistake("Each string has the row before its own: row 0 comes first.")
        mistake("A string that both vocabularies have does not keep its embedding.")
    if not np.allclose(answer[1:][unknown], table[0], atol=1e-6):
        mistake("A string that the old vocabulary lacks does not get the row of unknown strings.")
    mistake("The table is not the one asked for.")


@exercise(
    "q1: see exercise 3. q2: see the baseline. q3: what would have to change?",
    "q1: which numbers are about one batch? q2: subtract. q3: change only the updates.",
    "q1 is one of a and b; q2 is one of b and c; q3 is one of a and c.",
)
def quiz_training(answers):
    return judge_choices(
        answers,
        q1={
            "a": "Right: `loss` is the last batch's, the metric is over all batches.",
            "b": "Penalties would be in `regularization_loss`, and this model has none.",
            "c": "`evaluate` sees only the ratings that it is given, the test ratings.",
        },
        q2={
            "a": "It is lower than the baseline's, by a little.",
            "b": "Right: it is less than 0.02 stars below a model that knows nobody.",
            "c": "The RMSE is about 1.1, but the baseline has nearly that already.",
        },
        q3={
            "a": "Other users would show whether their predictions are as close, not why they are.",
            "b": "They all lie between 1 and 5: nothing would be clipped, and nothing learned.",
            "c": "Right: if more updates widen the spread, 30 were too few. Lesson 4 trains on.",
        },
    )
