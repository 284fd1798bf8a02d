"""Checks of lesson 7, Tomorrow's ratings."""

from collections import defaultdict
from functools import partial

import numpy as np

from helpers.checks.engine.answers import as_numbers, name_mistake, needs_function
from helpers.checks.engine.exercise import exercise, judge_choices, mistake

_close = partial(np.allclose, atol=1e-4)


def _ratings():
    """Return users, movies, stars and timestamps in the order of time; one id is of both."""
    rng = np.random.default_rng(11)
    users = np.array([b"7", b"10", "é".encode(), b"x y"])[rng.integers(0, 4, 60)]
    movies = np.array([b"10", b"A (1991)", "Łódź".encode()])[rng.integers(0, 3, 60)]
    timestamps = 880_000_000 + np.sort(rng.integers(0, 30, 60))
    return users, movies, rng.integers(1, 6, 60).astype(np.float32), timestamps


def _running(
    users, movies, stars, seconds=None, damping=5,
    first=3.0, own=False, user_after_movie=True, of_all=None, by_user=True, by_movie=True,
    from_expected=False, shared=False, in_turn=False,
):  # fmt: skip
    """Return what running biases expect, or what one of the usual mistakes makes of it."""
    seconds = np.arange(len(stars)) if seconds is None else seconds
    expected, total, known = np.empty(len(stars)), 0.0, 0
    sums, counts = defaultdict(float), defaultdict(int)

    def bias(key):
        return sums[key] / max(counts[key] + damping, 1e-9)

    for second in dict.fromkeys(seconds.tolist()):
        here = np.flatnonzero(seconds == second)
        mean = (total / known if known else first) if of_all is None else of_all
        revealed = []
        for i in here:
            user, movie = (users[i], movies[i]) if shared else (("user", users[i]), movies[i])
            of_movie, of_user = bias(movie), bias(user)
            expected[i] = mean + by_movie * of_movie + by_user * of_user
            error = stars[i] - mean
            of_users = error - of_movie if user_after_movie else error
            if from_expected:
                error = of_users = stars[i] - expected[i]
            revealed += [(movie, error), (user, of_users)]
        if in_turn:
            revealed = []
            for count, i in enumerate(here):
                now = (total + stars[here[:count]].sum()) / max(known + count, 1) or first
                of_movie = bias(movies[i])
                for key, error in ((movies[i], 0), (("user", users[i]), of_movie)):
                    sums[key] += stars[i] - now - error
                    counts[key] += 1
        for key, error in revealed:
            sums[key] += error
            counts[key] += 1
        total, known = total + stars[here].sum(dtype=np.float64), known + len(here)
        if own:
            mean = total / known
            for i in here:
                expected[i] = mean + bias(movies[i]) + bias(("user", users[i]))
    return expected


def _judge_running(answer, right, variants):
    """Name what is wrong with the expectations of a right length."""
    expected = as_numbers(answer)
    if expected.shape != right.shape:
        mistake(
            f"One number for each rating was asked for, shape {right.shape}; "
            f"yours is of shape {expected.shape}."
        )
    if not np.isfinite(expected).all():
        mistake("Not all are numbers: a user or movie without a rating has bias 0.")
    name_mistake(expected, variants, _close)
    if not _close(expected, right):
        wrong = int(np.flatnonzero(~np.isclose(expected, right, atol=1e-4))[0])
        before = f"Up to rating {wrong} all are right; there" if wrong else "Of the first rating"
        mistake(f"{before} {right[wrong]:.3f} is expected, and yours is {expected[wrong]:.3f}.")


def _mistakes(given, damping):
    run = partial(_running, *given, damping=damping)
    stars = given[2]
    return (
        (run(own=True), "A rating is expected with its own stars: predict first, then reveal."),
        (
            run(of_all=stars.mean(dtype=np.float64)),
            "Your mean is over all ratings, later ones too: take those revealed so far.",
        ),
        (run(of_all=3.0), "The mean is 3 only before there is any rating: then it runs along."),
        (run(first=0.0), "Before there is any rating, the mean is 3, not 0."),
        (run(damping=0), "`damping` is not added to the number of errors."),
        (
            run(user_after_movie=False),
            "The user's error leaves the movie's bias out: stars - mean - bias of the movie.",
        ),
        (
            run(from_expected=True),
            "Both errors are counted from what was expected; the movie's is stars - mean, the "
            "user's stars - mean - bias of the movie.",
        ),
        (run(shared=True), "A user and a movie with the same id share a sum: keep them apart."),
        (run(by_user=False), "The user's bias is missing in what is expected."),
        (run(by_movie=False), "The movie's bias is missing in what is expected."),
    )


@exercise(
    "Which numbers have to grow from rating to rating? What do they hold before the first?",
    "Keep a sum and a count for each user, for each movie, and for all ratings. In the loop: "
    "first compute what is expected, then add this rating to the sums.",
    "The user's error is what is left over after the mean and the movie's bias, both as they "
    "stood before this rating.",
)
def running_biases(function):
    needs_function(function)
    users, movies, stars, _ = given = _ratings()
    before = [values.copy() for values in given]
    answer = function(users, movies, stars)
    if not all(map(np.array_equal, given, before)):
        mistake("Your function changes what it is given: work on copies.")
    _judge_running(answer, _running(*given[:3]), _mistakes(given[:3], 5))
    right = _running(*given[:3], damping=2)
    more = as_numbers(function(users, movies, stars, damping=2))
    if more.shape == right.shape and _close(more, _running(*given[:3])):
        mistake("`damping` changes nothing: it is 5 only if nothing else is given.")
    if not _close(more, right):
        mistake("With damping=2 the biases are others: use `damping`.")
    one = as_numbers(function(users[:1], movies[:1], stars[:1]))
    if not _close(one, [3.0]):
        mistake(f"Of a single rating 3 is expected; yours is {np.ravel(one)[:1]}.")
    return "Each rating is predicted by what came before it, and nothing else."


@exercise(
    "What may a rating know of another one that was given in the same second?",
    "Go from second to second instead of from rating to rating: predict all of one second, keep "
    "their errors aside, then add all of them.",
    "`np.unique(timestamps, return_index=True)` says where each second begins. The mean, too, is "
    "that of the earlier seconds.",
)
def strictly_running_biases(function):
    needs_function(function)
    given = _ratings()
    before = [values.copy() for values in given]
    answer = function(*given)
    if not all(map(np.array_equal, given, before)):
        mistake("Your function changes what it is given: work on copies.")
    users, movies, stars, timestamps = given
    by_rating = _running(users, movies, stars)
    late_mean = _running(users, movies, stars, timestamps)
    variants = (
        (by_rating, "Ratings of one second still learn from each other: reveal them together."),
        (
            _running(*given, in_turn=True),
            "The errors of a second are against mean and biases as they stood before the second, "
            "not as its other ratings have left them.",
        ),
        *_mistakes(given, 5),
    )
    _judge_running(answer, late_mean, variants)
    right = _running(*given, damping=2)
    if not _close(as_numbers(function(*given, damping=2)), right):
        mistake("With damping=2 the biases are others: use `damping`.")
    shuffled = np.lexsort((np.random.default_rng(5).random(len(stars)), timestamps))
    again = as_numbers(function(*(values[shuffled] for values in given)))
    if not _close(again, late_mean[shuffled]):
        mistake(
            "With the ratings of one second in another order, other numbers come out: the order "
            "in a second must mean nothing."
        )
    return "What is not known at the moment of a rating is not in its prediction any more."


FEW_USERS = np.array(list("ABAAABAAA"))
FEW_SECONDS = np.array([10, 12, 15, 15, 15, 20, 30, 30, 41])
FEW_ROWS, FEW_MOST = (3, 6, 8), 5


@exercise(
    "Whose ratings count, and from which seconds on are they not earlier any more?",
    "Cross out the other user's rows, then all rows of the second that the row itself has. What is "
    "left above it are the candidates; the lowest five of them are the latest.",
    "Rows 2, 3 and 4 are given in one second: none of them knows another, and to row 6 all three "
    "are known.",
)
def history_by_hand(answer):
    if not isinstance(answer, dict) or set(answer) != set(FEW_ROWS):
        mistake(f"Answer with a dict that has a list for each of the rows {FEW_ROWS}.")
    for row, listed in answer.items():
        if listed is ...:
            mistake(f"Still open: row {row}.")
        if np.ndim(listed) == 0 and not isinstance(listed, str):
            mistake(f"Row {row}: a list was asked for, also where it holds one row.")
        numbers = np.ravel(as_numbers(listed, "Row numbers"))
        if not np.array_equal(numbers, np.round(numbers)):
            mistake(f"Row {row}: row numbers are whole numbers.")
        if len(numbers) and not 0 <= numbers.min() <= numbers.max() < len(FEW_USERS):
            mistake(f"Row {row}: rows have the numbers 0 to 8; list only those that are there.")
        _judge_history(row, numbers.astype(int), FEW_USERS, FEW_SECONDS, FEW_MOST)
    return "Three ratings of one second do not know each other; a later one knows all three."


@exercise(
    "Of one user only: which of these rows are strictly earlier, and which of them come last?",
    "Go through the rows and keep a list of row numbers for each user; but a row joins the list "
    "only when the next second begins.",
    "`np.full((len(users), most), -1)` is a history of nothing; fill its first columns with the "
    "end of the user's list, turned round.",
)
def causal_history(function):
    needs_function(function)
    users, _, _, timestamps = _ratings()
    given = users.copy(), timestamps.copy()
    history = _rows_of(function(users, timestamps, 4), (len(users), 4))
    if not (np.array_equal(users, given[0]) and np.array_equal(timestamps, given[1])):
        mistake("Your function changes what it is given: work on copies.")
    if (history[0] == 0).all():
        mistake("The first rating of all has nothing before it: where there is none, -1 stands.")
    for i, listed in enumerate(history):
        _judge_history(i, listed[listed >= 0], users, timestamps, 4)
        if not np.array_equal(listed >= 0, np.arange(4) < (listed >= 0).sum()):
            mistake(f"Row {i}: -1 stands last, behind the rows that are there.")
    wide = _rows_of(function(users, timestamps, 70), (len(users), 70))
    for i, listed in enumerate(wide):
        _judge_history(i, listed[listed >= 0], users, timestamps, 70)
    return "What the user rated before is all that a history may hold."


def _rows_of(answer, shape):
    rows = as_numbers(answer)
    if not hasattr(answer, "dtype"):
        mistake(f"An array was asked for; a {type(answer).__name__} cannot pick rows below.")
    if rows.shape == shape and np.asarray(answer).dtype.kind not in "iu":
        mistake("An array of whole numbers (int) was asked for: others cannot pick rows below.")
    if rows.shape != shape:
        mistake(f"An array of shape (n, most) was asked for, here {shape}; yours is {rows.shape}.")
    if rows.min() < -1 or rows.max() >= shape[0]:
        mistake(f"Row numbers go from 0 to {shape[0] - 1}, and -1 is none.")
    return rows.astype(int)


def _judge_history(i, listed, users, timestamps, most):
    """Name what is wrong with the history of row i."""
    if (users[listed] != users[i]).any():
        mistake(f"The history of row {i} holds ratings of another user.")
    if i in listed:
        mistake(f"Row {i} is in its own history: it is not known before it is given.")
    if (timestamps[listed] == timestamps[i]).any():
        mistake(f"The history of row {i} holds ratings of its own second: they are not earlier.")
    if (timestamps[listed] > timestamps[i]).any():
        mistake(f"The history of row {i} holds later ratings.")
    if len(set(listed)) < len(listed):
        mistake(f"The history of row {i} holds a rating twice.")
    earlier = np.flatnonzero((users == users[i]) & (timestamps < timestamps[i]))
    if len(listed) != min(len(earlier), most):
        mistake(
            f"Row {i} has {len(earlier)} earlier ratings of its user, so with most={most} its "
            f"history holds {min(len(earlier), most)}; yours holds {len(listed)}."
        )
    if (np.diff(timestamps[listed]) > 0).any():
        mistake(f"In the history of row {i} the latest rating should stand first.")
    if not np.array_equal(timestamps[listed], np.sort(timestamps[earlier])[::-1][:most]):
        mistake(f"The history of row {i} does not hold the *latest* {most} earlier ratings.")


@exercise(
    "What does the model learn to trust in training? Can it trust the same in use?",
    "In training, the numbers of a user with 50 ratings rest on the 49 others. On how many do they "
    "rest in use, at that user's third rating?",
)
def skew(answer):
    return judge_choices(
        {"skew": answer},
        skew={
            "a": "Better offline, where later ratings are at hand: compare with what is printed.",
            "b": "What they have learned to trust is missing in use: compare with what is printed.",
            "c": "Right: they have learned to trust numbers that know the user's later ratings.",
        },
    )


@exercise(
    "q1: see *Ties in time*. q2: see *Training and serving must agree*. q3: what stands still?",
    "q1: what was known when the first of the two was given? q2: what must be alike in training "
    "and in use? q3: what of the model grows old, and what does not?",
    "q1 is one of b and c; q2 is one of a and c; q3 is one of a and b.",
)
def quiz_tomorrow(answers):
    return judge_choices(
        answers,
        q1={
            "a": "The file's order inside a second means nothing.",
            "b": "Then the second would know the first, which was not known when it was given.",
            "c": "Right: neither was known when the other was given.",
        },
        q2={
            "a": "Right: in use, later ratings do not exist, so training must not see them either.",
            "b": "Scaling does not mend a number that means something else.",
            "c": "More ratings in the numbers make it worse: in use they are missing.",
        },
        q3={
            "a": "Right: the features learn from each rating at once; only weights stand still.",
            "b": "They bring 20,000, a fifth of all.",
            "c": "85% of these ratings are by users it has never met; it has no table of users.",
        },
    )
