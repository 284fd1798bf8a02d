"""Checks of lesson 3, Train and evaluate."""

import functools
import numbers

import numpy as np

from helpers.checks.engine.answers import as_it_is, as_numbers, needs_end, needs_function
from helpers.checks.engine.exercise import exercise, first_line, judge_choices, mistake
from helpers.checks.engine.lettered import judge_numbers, judge_outcomes
from helpers.keras2 import tf


@exercise(
    "What comes after `cache` is done anew at each pass: on which side of it must `shuffle` stand?",
    "The text above has the two orders of `shuffle`, `batch` and `cache`; which of the four cases "
    "does each of them serve, and what is left where nothing is shuffled?",
    "Mixed anew: `cache`, then `shuffle` with a buffer of all ratings, then `batch`. In the other "
    "cases `cache` comes last: after `shuffle` and `batch`, or after `batch` alone.",
)
def make_batches(function):
    n, size = 105, 20
    needs_function(function)
    reads, counted = _counting_dataset(n)
    reads.assign(0)
    _, plain = _batches(function, counted, size)
    sizes = [len(batch) for batch in plain]
    if sum(sizes) > n:
        mistake("A pass gives more ratings than it was given: leave `repeat` out, use `ratings`.")
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
        mistake("Without `shuffle`, the order of the ratings has changed.")
    if reads > n:
        mistake("A second pass reads all ratings again: keep them in memory with `cache`.")
    reads.assign(0)
    _, unmixed = _batches(function, counted, size, False, False)
    if np.concatenate(unmixed).tolist() != list(range(n)):
        mistake("With shuffle=False and same=False, the order of the ratings has changed.")
    if reads > n:
        mistake("With shuffle=False and same=False, a second pass reads all ratings again.")
    for same in (True, False):
        reads.assign(0)
        passes = _batches(function, counted, size, True, same)
        _judge_mixed(passes, sizes, same)
        if reads > n:
            mistake(
                f"With shuffle=True and same={same}, a second pass reads all ratings again: "
                "`cache` these too."
            )
    by_default = _batches(function, _ratings(n), size, True)
    if not all(map(np.array_equal, *by_default)):
        mistake("Where `same` is not given, a second pass has other batches: the stub has True.")
    orders = []
    for seed in (1, 2):
        tf.random.set_seed(seed)
        mixed = _dataset(function, _ratings(n), size, True, False)
        orders.append(np.concatenate([_numbers(batch) for batch in mixed.take(n)]))
    if np.array_equal(*orders):
        mistake(
            "With two global seeds, the batches are the same: set no global seed in the function, "
            "so that the training's seed decides."
        )
    for same in (True, False):
        _judge_reach(_dataset(function, _many_ratings(), 1_000, True, same))
    return "What stands after `cache` is done anew at each pass; what stands before it, once."


def _judge_reach(dataset):
    first = _numbers(next(iter(dataset)))  # it takes a full buffer to fill
    if np.max(first - np.arange(len(first))) < 105_000:  # a buffer of b moves a rating by < b
        mistake("The shuffle does not reach all ratings: its buffer must hold all of them.")


def _judge_mixed(passes, sizes, same):
    n = sum(sizes)
    for mixed in passes:
        order = np.concatenate(mixed)
        if len(order) < n and len(np.unique(order)) == len(order):
            mistake(f"With shuffle=True and same={same}, {n - len(order)} ratings of {n} are lost.")
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
        mistake("With same=True, a second pass has other batches: it mixes anew.")
    if same and not all(map(np.array_equal, *passes)):
        mistake("With same=True, a second pass has the same batches in another order.")
    if not same and sorted(map(tuple, first)) == sorted(map(tuple, second)):
        mistake(
            "With same=False, a second pass has the same batches: ratings, not batches, are to be "
            "mixed after `cache`."
        )


def _fields(numbers):
    """Return ratings, as dicts of arrays, that can be told by their user_rating."""
    texts = np.asarray(numbers).astype(bytes)
    return {"movie_title": texts, "user_id": texts, "user_rating": np.float32(numbers)}


@functools.cache
def _ratings(n):
    return tf.data.Dataset.from_tensor_slices(_fields(np.arange(n)))


@functools.cache
def _many_ratings():
    ratings = tf.data.Dataset.from_tensors(_fields(np.arange(110_000)))
    return ratings.unbatch()  # read much faster than `from_tensor_slices`


@functools.cache
def _counting_dataset(n):
    """Return a variable, and ratings that are counted in it as often as they are read."""
    with tf.device("CPU"):  # where datasets are read
        reads = tf.Variable(0)

    def note(ratings):
        reads.assign_add(n)  # all at once: to count them one by one takes most of the time
        return ratings

    return reads, _ratings(n).batch(n, drop_remainder=True).map(note).unbatch()


def _numbers(batch):
    return batch["user_rating"].numpy().astype(int)


def _batches(function, rows, size, *how):
    """Return the numbers of the ratings, in the batches of two passes."""
    dataset = _dataset(function, rows, size, *how)
    dataset = dataset.take(len(rows) + 1)
    return [[_numbers(batch) for batch in dataset] for _ in range(2)]


def _dataset(function, rows, size, *how):
    try:
        dataset = function(rows, size, *how)
    except TypeError as error:
        if "buffer_size" in str(error):
            mistake("`shuffle` wants the size of its buffer: `len(ratings)` holds all ratings.")
        raise
    if dataset is None:
        mistake("Your function returns nothing: add `return`.")
    if not isinstance(dataset, tf.data.Dataset):
        mistake(f"Return a tf.data.Dataset; this is a {type(dataset).__name__}.")
    needs_end(dataset)
    spec, single = dataset.element_spec, rows.element_spec
    kinds = (
        {name: getattr(part, "dtype", None) for name, part in parts.items()}
        if isinstance(parts, dict)
        else None
        for parts in (spec, single)
    )
    if len(set(map(str, kinds))) > 1:
        mistake("The batches hold something else than the ratings: they should be as they came.")
    if spec["user_rating"].shape.rank != 1:
        mistake("The ratings are not in batches, or in batches of batches: use `batch` once.")
    return as_it_is(dataset)


@exercise(
    "In each epoch, every batch leads to one update of the weights.",
    "How many batches of 8,192 do 80,000 ratings make? The last one may be smaller.",
    "10 batches an epoch for a, 20 for b, 9 for c and 13 for d, times the epochs. For e, in how "
    "many batches of an epoch is the rating that looks up this row?",
)
def updates(answers):
    batches = {"a": (10, 3), "b": (20, 5), "c": (9, 3), "d": (13, 3)}
    right, named = {}, {}
    for letter, (each, epochs) in batches.items():
        right[letter] = each * epochs
        named[letter] = [
            (each, f"this is one epoch; there are {epochs}."),
            (epochs, "this is the number of epochs; each has many batches."),
            (80_000 * epochs, "the weights move once a batch, not once a rating."),
        ]
    named["a"] += [
        (27, "27 leaves out the last, smaller batch of each epoch."),
        (29, "the last batch of an epoch is smaller, and counts as one."),
        (3 * 80_000 / 8_192, "each epoch ends with a smaller batch, which counts as one."),
    ]
    named["b"] += [
        (95, "95 leaves out the last, smaller batch of each epoch."),
        (5 * 80_000 / 4_096, "each epoch ends with a smaller batch, which counts as one."),
        (98, "round up for each epoch, not once for all."),
        (97, "each epoch ends with a smaller batch, which counts as one."),
        (50, "50 is for batches of 8,192."),
        (60, "60 is for 3 epochs."),
    ]
    named["c"] += [
        (30, "30 counts the smaller batches, which are left out here."),
        (29, "every epoch loses its last batch, not only the last epoch."),
    ]
    named["d"] += [
        (36, "36 leaves out the last, smaller batch of each epoch."),
        (30, "30 is for the 80,000 training ratings."),
        (37, "each epoch ends with a smaller batch, which counts as one."),
        (3 * 100_000 / 8_192, "each epoch ends with a smaller batch, which counts as one."),
    ]
    right["e"] = 3
    named["e"] = [
        (30, "a batch moves the rows that its ratings look up; the others stay as they are."),
        (1, "this is one epoch; there are 3."),
        (0, "its one rating comes in each epoch, and moves it."),
        (10, "in an epoch, its rating is in one of the 10 batches."),
    ]
    for letter in right:
        named[letter].append(
            (lambda answer: answer % 1 > 0, "updates are whole: a smaller batch counts as one.")
        )
    judge_numbers(
        answers, 0.01, right, named, "count the batches of an epoch that move it, times the epochs."
    )
    return (
        "30 steps are all the training that the article's model gets, and the row of a movie in "
        "the long tail gets three."
    )


@exercise(
    "Of which ratings does the RMSE tell, and of which the `loss`, in each of the cases?",
    "For each case, write down how many ratings the last batch holds, and which. 20,000 ratings in "
    "batches of 8,192: how many are left for the last? Twice 20,000 in batches of 4,096?",
    "The last batch is the old one wherever batches are made of the 20,000 ratings, for 8,192 is "
    "twice 4,096. The RMSE changes where ratings are left out. And whether `evaluate` goes on from "
    "what a metric has counted before, think of the RMSE of each of the three epochs.",
)
def stays(answers):
    last = "how many ratings are left for the last batch, and is it the one from above?"
    return judge_outcomes(
        answers,
        "abcd",
        larger=("a", last, "two batches of 8,192 leave the same last 3,616 as four of 4,096."),
        rows_twice=(
            "b",
            "which ratings does the metric count? And 40,000 ratings in batches of 4,096: how many "
            "are left for the last?",
            "each rating counts twice in the mean; the last batch holds 3,136 ratings.",
        ),
        batches_twice=(
            "a",
            "the batches are made first, and then come again: which is the last?",
            "each batch comes twice, and the last one is the old one.",
        ),
        end=(
            "c",
            "which ratings are left for the metric, and which batch is the last?",
            "the last batch is still there; the ratings of the first three are not.",
        ),
        after_a_call=(
            "a",
            "could the third epoch have an RMSE of 1.11 after the first one's 2.29 if the metric "
            "went on counting from one to the next?",
            "`evaluate`, as each epoch of `fit`, starts its metrics anew.",
        ),
    )


STARS = {
    **{"Alpha": 3.141, "Delta": 4.6, "Beta": 1.5, "Gamma": 3.5, "Eta": 2.2, "Zeta": 5.75},
    **{"Theta" + "-and-on" * 9: 2.8, "Iota": -4.25, "Kappa": 3.9, "Lambda": 2.4, "Mu": 4.1},
    **{"Nu": 3.142, "Xi": 10.5, "Caf\xe9": 3.138, "Pi": 3.5, "Rho": 2.44},
}


TITLES = [f"{name} {stars}" for name, stars in STARS.items()]


class _StarsInTitle:
    """Predict the stars that end a title, one less for any user but 943; count the calls."""

    def __init__(self):
        self.calls, self.users = 0, set()

    def __call__(self, features, *more, **named):
        if more or not isinstance(features, dict) or {"user_id", "movie_title"} - set(features):
            mistake("The model takes one dict, with the keys user_id and movie_title.")
        given = [features[name] for name in ("user_id", "movie_title")]
        if any(isinstance(values, list | tuple) for values in given):
            mistake("The trained model takes no lists: make NumPy arrays of both.")
        users, titles = map(np.asarray, given)
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
        for title in titles:
            if title.startswith(("b'", 'b"')):
                mistake(f"`str` has made {title!r} of a title in bytes: give it as it is.")
            if title not in TITLES and any(known.startswith(title) for known in TITLES if title):
                mistake(f"A title reaches the model cut short: {title!r}.")
        if not set(titles) <= set(TITLES):
            mistake("movie_title must hold titles: are the two fields swapped?")
        self.calls += 1
        self.users |= set(users)
        stars = [float(t.split(" ")[1]) - (user != "943") for user, t in zip(users, titles)]
        return tf.constant(stars, shape=[len(stars), 1])

    def __getattr__(self, name):
        if name in ("ranking_model", "call", "user_tower", "movie_tower", "rating_layers"):
            mistake(f"Call `model` itself, with a dict of arrays, not its `{name}`.")
        raise AttributeError(f"the model has no {name!r}")

    def predict(self, features, *more, **named):
        if isinstance(features, tf.data.Dataset):
            needs_end(features)
            return np.concatenate([self(batch).numpy() for batch in features.take(100)])
        return self(features).numpy()


def _text(value):
    return value.decode() if isinstance(value, bytes) else str(value)


@exercise(
    "The model scores pairs: for one user and n movies, what do the two arrays hold?",
    "The docstring says which shape the model returns; what must happen to it before you sort?",
    "Repeat the user id for every title, call the model with both arrays, make its result flat, "
    "put each title beside its stars, and sort the pairs by the stars, the highest first.",
)
def rank_movies(function):
    needs_function(function)
    titles = TITLES
    given, model = list(titles), _StarsInTitle()
    try:
        ranking = function(model, "943", given)
    except (TypeError, IndexError) as error:
        _name_error(error)
        raise
    if given != titles:
        mistake("Your function reorders the list that it is given: make a new one.")
    pairs = _pairs(ranking)
    if not model.calls:
        mistake("The model is never called: use the argument `model`.")
    if any(isinstance(title, bytes) for title, _ in ranking):
        mistake("The titles come back as bytes: return them as they were given.")
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
        texts = [f"{value:.2f}" for value in stars]
        if texts == sorted(texts, reverse=True) or stars == sorted(stars, key=str, reverse=True):
            mistake("The stars are sorted as text, in which 9 comes after 10: sort numbers.")
        for digits in (2, 1, 0):
            values = [round(value, digits) for value in stars]
            if values == sorted(values, reverse=True):
                mistake(f"The list is in the order of the stars rounded to {digits} decimals.")
        mistake("The list is not in the order of the predicted stars.")
    if _pairs(function(_StarsInTitle(), "1", list(titles)))[0][1] != 9.5:
        mistake("Another user id gives the same stars: use `user_id`.")
    if model.calls > 1:
        mistake(f"The model is called {model.calls} times: give it all movies in one call.")
    as_bytes = [title.encode() for title in titles]
    try:
        ranking = function(_StarsInTitle(), "943", list(as_bytes))
    except (AttributeError, TypeError, ValueError) as error:
        mistake(
            "With titles in bytes, as `unique_movie_titles` holds them, your function raises "
            f"{type(error).__name__}: {first_line(error)}"
        )
    _pairs(ranking)  # says what is wrong with anything else
    if sorted(str(title) for title, _ in ranking) != sorted(map(str, as_bytes)):
        mistake("Titles given as bytes come back as something else: return them as they are.")
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
        (int, "cut to whole numbers"),
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
    "What must the user change so that a list changes: the height of the predictions, or their "
    "order? And what differs between two seeds?",
    "Compare with the picture above: how far apart are the predictions for different movies? And "
    "how much did another seed change for the three movies?",
    "If a user moves all predictions up or down alike, the list stays as it is; so few movies fill "
    "all the lists. Which ones these are is decided as it was for the three movies above.",
)
def different_movies(answers):
    return judge_choices(
        answers,
        movies={
            "a": "Right: nearly everybody is offered the same few movies.",
            "b": "For that, users would need tastes that the model can tell apart.",
            "c": "That would be a list of their own for most users.",
        },
        stars={
            "a": "The user's 32 numbers have been trained, too, and they do move the predictions.",
            "b": "An order of their own would give them lists of their own, with many movies.",
            "c": "Right: the user moves the predictions for all movies up or down nearly alike.",
        },
        again={
            "a": "The ratings are the same, but 30 steps learn little of them: see the three.",
            "b": "The seed decided which of three movies comes first; and among 1,664?",
            "c": "Right: the random first weights count for more than the ratings.",
        },
    )


@exercise(
    "Where does a string stand in the old vocabulary, and which row of the table is that?",
    "In lesson 2 a table has a row more than its vocabulary: which comes first, and who has it?",
    "Make a dict from each old string to its row, which is one more than its place. The new table "
    "is row 0, then for each new string the row that the dict says, or row 0 if it says none.",
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
    except (IndexError, KeyError, ValueError) as error:
        _name_missing(error)
        raise
    if answer is None:
        mistake("Your function returns nothing: add `return`.")
    if not all(map(np.array_equal, given, (new, old, table))):
        mistake("Your function changes the arrays that it is given: make a new one.")
    if isinstance(answer, list | tuple):
        kind = type(answer).__name__
        mistake(f"This is a {kind}; a table is an array, which `np.array(...)` makes of it.")
    kind = getattr(getattr(answer, "dtype", None), "name", "")
    if kind == "float16" or kind.startswith(("int", "uint")):
        mistake(f"The table holds {kind}, which cuts its numbers: keep the old table's type.")
    return as_numbers(answer, "The rows of a table")


def _name_missing(error):
    if isinstance(error, KeyError):
        mistake(f"{error} is not in the old vocabulary: it gets the row of unknown strings.")
    if isinstance(error, ValueError) and "not in list" in str(error):
        string = str(error).removesuffix(" is not in list")
        mistake(f"{string} is not in the old vocabulary: it gets the row of unknown strings.")
    if "only integers, slices" in str(error) or "arrays used as indices" in str(error):
        mistake("A row is asked for by something that is no whole number, such as None or text.")
    if "out of bounds for axis 1" in str(error):
        mistake("Columns of the table are asked for: `table[rows]` gives rows.")
    if "out of bounds" in str(error):
        mistake(
            "A row beyond a table is asked for: a table has a row for each string of its own "
            "vocabulary, and row 0."
        )
    if "invalid literal" in str(error):
        mistake(f"{error}: the strings of a vocabulary need not be numbers.")


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
    if np.allclose(answer, right, atol=0.0051):
        mistake("The numbers are rounded: keep them as they are.")
    if np.array_equal(answer, table):
        mistake("This is the old table, as it was.")
    place = np.minimum(np.searchsorted(old, new), len(old) - 1)
    as_if_sorted = [i + 1 if old[i] == string else 0 for i, string in zip(place, new)]
    if any(as_if_sorted) and np.allclose(answer, table[[0, *as_if_sorted]]):
        mistake("This takes the old vocabulary for sorted; no vocabulary need be.")
    if not np.allclose(answer[0], table[0], atol=1e-6):
        mistake("Row 0 is not the old row 0, that of unknown strings.")
    known, unknown = np.array(rows) > 0, np.array(rows) == 0
    if not np.allclose(answer[1:][known], right[1:][known], atol=1e-6):
        if np.allclose(answer[1:][known], table[[row - 1 for row in rows if row]], atol=1e-6):
            mistake("Each string has the row before its own: row 0 comes first.")
        _name_row(answer, new, rows, table)
    if not np.allclose(answer[1:][unknown], table[0], atol=1e-6):
        mistake("A string that the old vocabulary lacks does not get the row of unknown strings.")
    mistake("The table is not the one asked for.")


def _name_row(answer, new, rows, table):
    """Say which row the first string has got that has not its own."""
    for string, row, got in zip(new, rows, answer[1:]):
        if row and not np.allclose(got, table[row], atol=1e-6):
            of_others = np.flatnonzero(np.isclose(table, got, atol=1e-6).all(axis=1))
            found = f"row {of_others[0]} of it" if len(of_others) else "no row of it"
            mistake(
                f"{string} does not keep its embedding: it had row {row} of the old table, and "
                f"gets {found}."
            )


@exercise(
    "q1 and q2: compute both numbers. q3: train and look.",
    "q1: with which weights are the ratings of an epoch predicted, for `history` and for "
    "`evaluate`? q2: which whole stars do the predictions become, and what does lesson 1's formula "
    "say of those? q3: `train_article` trains three epochs; a copy of it can train six.",
    "q1: `model.evaluate(make_batches(train, 8_192))`. q2: take the RMSE of "
    "`np.round(predictions)`. q3: make and compile a new model, fit it for six epochs and take the "
    "standard deviation of its predictions for `test_arrays`.",
)
def quiz_training(answers):
    return judge_choices(
        answers,
        q1={
            "a": "That one was counted while the weights still moved: evaluate, and compare.",
            "b": "Right: `history` counts each batch before the later steps, `evaluate` all of "
            "them after the last.",
            "c": "The training ratings are those that it has learned from: evaluate, and compare.",
        },
        q2={
            "a": "Most become 4, and lesson 1's formula says 1.22 of that. Compute it.",
            "b": "The predictions move by up to half a star: compute it.",
            "c": "Right: most become 4, which is half a star from the mean. A prediction is a mean "
            "of what may come, not a guess at one rating.",
        },
        q3={
            "a": "Three epochs have settled nothing: the spread goes on growing. Train and look.",
            "b": "The spread does not grow in step with the updates: train and look.",
            "c": "Right: more updates widen the spread, so 30 were too few. Lesson 4 trains on.",
        },
    )
