"""Checks of lesson 7, Tomorrow's ratings."""

import functools
import time
from collections import defaultdict
from functools import partial

import numpy as np

from helpers.checks.engine.answers import as_numbers, name_mistake, needs_function
from helpers.checks.engine.exercise import exercise, judge_choices, mistake

_close = partial(np.allclose, atol=1e-4)


def _ratings():
    """Return users, movies, stars and timestamps in the order of time.

    One id is a user's and a movie's; some ratings should be expected above 5 and below 1; the first
    one has its second for itself.
    """
    rng = np.random.default_rng(227)
    user, movie = rng.integers(0, 4, 80), rng.integers(0, 3, 80)
    timestamps = 880_000_000 + np.sort(rng.integers(0, 40, 80))
    timestamps[0] -= 1
    stars = 3 + np.array([2, -2, 0, 0])[user] + np.array([-1.5, 1.5, 0])[movie]
    stars = np.round(stars + rng.normal(0, 0.7, 80)).clip(1, 5).astype(np.float32)
    users = np.array([b"7", b"10", "é".encode(), b"x y"])[user]
    movies = np.array([b"10", b"A (1991)", "Łódź".encode()])[movie]
    return users, movies, stars, timestamps


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


def _judge_running(answer, right, variants, given, seconds):
    """Name what is wrong with the expectations of a right length."""
    expected = as_numbers(answer)
    if expected.shape != right.shape:
        mistake(
            f"One number for each rating was asked for, shape {right.shape}; "
            f"yours is of shape {expected.shape}."
        )
    if not hasattr(answer, "dtype"):
        mistake(
            f"The numbers come as a {type(answer).__name__}, and an array was asked for (np.array):"
            " below, ratings are picked from it by a condition."
        )
    if not np.isfinite(expected).all():
        mistake("Not all are numbers: a user or movie without a rating has bias 0.")
    name_mistake(expected, variants, _close)
    if not _close(expected, right):
        wrong = int(np.flatnonzero(~np.isclose(expected, right, atol=1e-4))[0])
        before = f"Up to rating {wrong} all are right; there" if wrong else "Of the first rating"
        mistake(
            f"{before} {right[wrong]:.3f} is expected, and yours is {expected[wrong]:.3f}. "
            + _reason(given, seconds, wrong)
        )


def _reason(given, seconds, i):
    """Return in words what is expected of a rating with damping 5, as sums and counts."""
    run = partial(_running, *given, seconds)
    mean = run(by_user=False, by_movie=False)[i]
    parts = []
    for name, keys, both in (("movie", given[1], run(by_user=False)[i]), ("user", given[0],
                              run(by_movie=False)[i])):  # fmt: skip
        count = int(np.sum((keys == keys[i]) & (seconds < seconds[i])))
        parts.append(f"the {name}'s errors sum to {(both - mean) * (count + 5):.3f}, of {count}")
    return f"The mean is {mean:.3f} there, {', '.join(parts)}; damping is 5."


@functools.cache
def _mistakes(by_second):
    """Return pairs of what a usual mistake makes of the ratings and what to say of it."""
    given = _ratings()[: 4 if by_second else 3]
    run, stars = partial(_running, *given), given[2]
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
        (
            run().clip(1, 5),
            "These are cut to 1 to 5: what is expected is the sum, wherever it lies.",
        ),
        (run().round(), "These are rounded: what is expected may lie between two stars."),
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
    order = np.arange(len(stars))
    _judge_running(answer, _running(*given[:3]), _mistakes(by_second=False), given[:3], order)
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
        *_mistakes(by_second=True),
    )
    _judge_running(answer, late_mean, variants, given[:3], timestamps)
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


MOST_ROWS = 100_000  # in the lesson
FEW_USERS = np.array(list("ABAAABAAA"))
FEW_SECONDS = np.array([10, 12, 15, 15, 15, 20, 30, 30, 41])
FEW_ROWS, FEW_MOST, WITH_FIRST = (3, 6, 8), 5, "with 0"


@exercise(
    "Whose ratings count, and from which seconds on are they not earlier any more?",
    "Cross out the other user's rows, then all rows of the second that the row itself has. What is "
    "left above it are the candidates; the lowest five of them are the latest. Who has row 0 among "
    "the latest five?",
    "Rows 2, 3 and 4 are given in one second: none of them knows another, and to row 6 all three "
    "are known. For `with 0`, go through user A's later rows one by one.",
)
def history_by_hand(answer):
    if not isinstance(answer, dict) or set(answer) != {*FEW_ROWS, WITH_FIRST}:
        mistake(f"Answer with a dict that has a list for each of {(*FEW_ROWS, WITH_FIRST)}.")
    for row, listed in answer.items():
        name = f"Row {row}" if row in FEW_ROWS else f"`{row}`"
        if listed is ...:
            mistake(f"Still open: {name[0].lower()}{name[1:]}.")
        if np.ndim(listed) == 0 and not isinstance(listed, str):
            mistake(f"{name}: a list was asked for, also where it holds one row.")
        numbers = np.ravel(as_numbers(listed, "Row numbers"))
        if not np.array_equal(numbers, np.round(numbers)):
            mistake(f"{name}: row numbers are whole numbers.")
        if len(numbers) and not 0 <= numbers.min() <= numbers.max() < len(FEW_USERS):
            mistake(f"{name}: rows have the numbers 0 to 8; list only those that are there.")
        if row in FEW_ROWS:
            _judge_history(row, numbers.astype(int), FEW_USERS, FEW_SECONDS, FEW_MOST)
        else:
            _judge_knowing(numbers.astype(int))
    return "Three ratings of one second do not know each other; a later one knows all three."


def _judge_knowing(listed):
    """Name what is wrong with the rows in whose histories row 0 stands."""
    for row in listed:
        if FEW_USERS[row] != FEW_USERS[0]:
            mistake(f"`{WITH_FIRST}`: row {row} is by another user.")
        if row == 0:
            mistake(f"`{WITH_FIRST}`: row 0 is not known before it is given.")
        if row == 8:
            mistake(
                f"`{WITH_FIRST}`: row 8 has six earlier ratings of its user, and a history holds "
                "the latest five. Which one has to go?"
            )
    if len(set(listed)) < len(listed):
        mistake(f"`{WITH_FIRST}` holds a row twice.")
    missing = sorted({2, 3, 4, 6, 7} - set(listed.tolist()))
    if missing:
        mistake(
            f"`{WITH_FIRST}`: it stands in the history of row {missing[0]}, too: an earlier rating "
            "of the same user, and at most four later ones are known by then."
        )


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
    _judge_effort(function)
    wide = _rows_of(function(users, timestamps, 70), (len(users), 70))
    for i, listed in enumerate(wide):
        _judge_history(i, listed[listed >= 0], users, timestamps, 70)
    return "What the user rated before is all that a history may hold."


def _judge_effort(function):
    """Name the mistake if the 100,000 rows of the lesson would take many minutes."""
    rng, seconds = np.random.default_rng(3), []
    for n in (2_000, 4_000):
        users, timestamps = rng.integers(0, 90, n).astype("S2"), np.sort(rng.integers(0, n // 2, n))
        start = time.process_time()
        function(users, timestamps, 60)
        seconds.append(time.process_time() - start)
    minutes = seconds[1] * (MOST_ROWS / 4_000) ** 2 / 60
    if minutes > 3 and seconds[1] > 3 * seconds[0]:
        mistake(
            f"It is right, but twice as many rows take {seconds[1] / seconds[0]:.1f} times as long,"
            f" so the {MOST_ROWS:,} below about {minutes:.0f} minutes: keep the rows of each user, "
            "and do not search all of them for each row."
        )


def _rows_of(answer, shape):
    rows = as_numbers(answer)
    if not hasattr(answer, "dtype"):
        mistake(f"An array was asked for; a {type(answer).__name__} cannot pick rows below.")
    if rows.shape == shape and np.asarray(answer).dtype.kind not in "iu":
        mistake("An array of whole numbers (int) was asked for: others cannot pick rows below.")
    kind = np.asarray(answer).dtype
    if rows.shape == shape and np.iinfo(kind).max < MOST_ROWS:
        mistake(f"{kind} holds no number above {np.iinfo(kind).max}; below are {MOST_ROWS:,} rows.")
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
    "rest in use, at that user's third rating? And the other way round: a model has learned how "
    "far to trust a mean of three ratings. What does it make of a mean that rests on 49?",
    "It is not the better numbers that make the better prediction, but those that mean the same in "
    "training and in use.",
)
def skew(answers):
    return judge_choices(
        answers,
        in_use={
            "a": "Better offline, where later ratings are at hand: compare with what is printed.",
            "b": "What they have learned to trust is missing in use: compare with what is printed.",
            "c": "Right: they have learned to trust numbers that know the user's later ratings.",
        },
        turned_round={
            "a": "The numbers are better, but not those that these models have learned to read: "
            "compare with what is printed.",
            "b": "To the models these numbers mean something else than in training: compare with "
            "what is printed.",
            "c": "Right: better numbers, but they mean something else than in training.",
        },
    )


@exercise(
    "q1: see *Training and serving must agree*. q2: at whose ratings is nothing known of the user "
    "until midnight? q3: what decides whether a difference is shown?",
    "q1: what must be alike in training and in use? q2: find each user's first rating, and compare "
    "its day with that of each test rating. q3: `recipe_interval` takes arrays of shape (n,), too.",
    "q1 is one of a and c; q2 is one of b and c; q3 is one of a and b.",
)
def quiz_tomorrow(answers):
    return judge_choices(
        answers,
        q1={
            "a": "Right: in use, later ratings do not exist, so training must not see them either.",
            "b": "Scaling does not mend a number that means something else.",
            "c": "More ratings in the numbers make it worse: in use they are missing.",
        },
        q2={
            "a": "That is the share of the ratings on later days: the others' users are unknown "
            "until midnight.",
            "b": "More: most ratings are given on their user's first day. Compare the days.",
            "c": "Right: most ratings are given on their user's first day, so features have to "
            "learn at once.",
        },
        q3={
            "a": "Its RMSE is a little lower, but is that shown? Compute the interval.",
            "b": "Right: its RMSE is a little lower, and these ratings do not show that it is "
            "better.",
            "c": "The mean of two is not worse than the better of them here: compute both.",
        },
    )
