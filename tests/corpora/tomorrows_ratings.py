"""Right and plausibly wrong answers to the exercises of lesson 7."""

from collections import Counter, defaultdict

import numpy as np


def running_with(
    first=3.0, own=False, damping_used=True, later=False, from_expected=False, both_alone=False,
    user=True, movie=True, by_second=False, mean_runs=True,
):  # fmt: skip
    """Return running biases by loops over all earlier rows, with one thing changed."""

    def function(users, movies, stars, timestamps=None, damping=5):
        n = len(stars)
        damping = damping if damping_used else 5
        moment = timestamps if by_second else np.arange(n)
        movie_error, user_error, expected = np.zeros(n), np.zeros(n), np.zeros(n)

        def bias(errors, keys, key, before):
            chosen = before & (keys == key)
            return errors[chosen].sum() / max(chosen.sum() + damping, 1e-9)

        for i in np.argsort(moment, kind="stable"):
            before = moment < moment[i]
            base = first
            if before.any() and mean_runs:
                base = stars[before].mean(dtype=np.float64)
            if later:
                base = stars.mean(dtype=np.float64)
            of_movie = bias(movie_error, movies, movies[i], before)
            of_user = bias(user_error, users, users[i], before)
            expected[i] = base + movie * of_movie + user * of_user
            movie_error[i] = stars[i] - base
            user_error[i] = stars[i] - base - (0 if both_alone else of_movie)
            if from_expected:
                movie_error[i] = user_error[i] = stars[i] - expected[i]
            if own:
                seen = before | (np.arange(n) == i)
                of_movie = bias(movie_error, movies, movies[i], seen)
                of_user = bias(user_error, users, users[i], seen)
                expected[i] = stars[seen].mean(dtype=np.float64) + of_movie + of_user
        return expected

    return function


def running_undamped(user=True, movie=True):
    """Return running biases that damp the user's or the movie's alone."""

    def function(users, movies, stars, damping=5):
        total, expected = 0.0, np.empty(len(stars))
        sums, counts, damped = Counter(), Counter(), {"user": user, "movie": movie}
        for i, (u, m, given) in enumerate(zip(users, movies, map(float, stars))):
            mean = total / i if i else 3
            keys = ("movie", m), ("user", u)
            of_movie, of_user = (
                sums[key] / max(counts[key] + damping * damped[key[0]], 1) for key in keys
            )
            expected[i] = mean + of_movie + of_user
            total += given
            for key, error in zip(keys, (given - mean, given - mean - of_movie)):
                sums[key] += error
                counts[key] += 1
        return expected

    return function


def without_timestamps(**changes):
    function = running_with(**changes)
    return lambda users, movies, stars, damping=5: function(users, movies, stars, None, damping)


def with_counters(users, movies, stars, damping=5):
    """Keep sums in Counters, and give a list back."""
    user_sum, user_count, movie_sum, movie_count = Counter(), Counter(), Counter(), Counter()
    total, expected = 0, []
    for i, (user, movie, given) in enumerate(zip(users, movies, map(float, stars))):
        mean = total / i if i else 3
        of_movie = movie_sum[movie] / (movie_count[movie] + damping)
        expected.append(mean + of_movie + user_sum[user] / (user_count[user] + damping))
        total += given
        movie_sum[movie] += given - mean
        user_sum[user] += given - mean - of_movie
        movie_count[movie] += 1
        user_count[user] += 1
    return expected


def as_array(function):
    return lambda *given, **named: np.array(function(*given, **named))


def then(change, function):
    """Return a function whose result is changed afterwards."""
    return lambda *given, **named: change(function(*given, **named))


def in_place(users, movies, stars, damping=5):
    expected = with_counters(users, movies, stars, damping)
    stars -= 3
    return np.array(expected)


def sorted_in_place(users, movies, stars, timestamps, damping=5):
    expected = running_with(by_second=True)(users, movies, stars, timestamps, damping)
    timestamps -= timestamps[0]
    return expected


def history_with(keep=lambda ago: ago > 0, pick=lambda rows, most: rows[::-1][:most], none=-1,
                 same_user=True, first_column=0):  # fmt: skip
    """Return a `causal_history` by a loop over all rows, with one thing changed."""

    def function(users, timestamps, most):
        history = np.full((len(users), most), none)
        for i in range(len(users)):
            mine = users == users[i] if same_user else np.ones(len(users), bool)
            rows = np.flatnonzero(mine & keep(timestamps[i] - timestamps))
            rows = pick(rows[np.argsort(timestamps[rows], kind="stable")], most)
            rows = rows[: most - first_column]
            history[i, first_column : first_column + len(rows)] = rows
        return history

    return function


def history_of_dict(users, timestamps, most):
    """Reveal a second's rows when the next second begins."""
    known, waiting, history = defaultdict(list), [], []
    for i, (user, moment) in enumerate(zip(users, timestamps)):
        while waiting and timestamps[waiting[0]] < moment:
            row = waiting.pop(0)
            known[users[row]].insert(0, row)
        rows = known[user][:most]
        history.append(rows + [-1] * (most - len(rows)))
        waiting.append(i)
    return history


def history_as_floats(users, timestamps, most):
    return history_with()(users, timestamps, most).astype(float)


def history_by_search(users, timestamps, most):
    """Look through all earlier rows in a Python loop, for each row."""
    history = np.full((len(users), most), -1)
    for i, (user, moment) in enumerate(zip(users, timestamps)):
        known = [row for row in range(i) if users[row] == user and timestamps[row] < moment]
        rows = known[::-1][:most]
        history[i, : len(rows)] = rows
    return history


def history_of_short_numbers(*arguments):
    return history_with()(*arguments).astype(np.int16)


def strictly_with_three_until_the_second(users, movies, stars, timestamps, damping=5):
    """Take 3 for the mean as long as only one rating is known."""
    expected = running_with(by_second=True)(users, movies, stars, timestamps, damping)
    known = np.searchsorted(timestamps, timestamps)
    return np.where(known == 1, 3, expected)


def running_with_one_dict(users, movies, stars, damping=5):
    """Keep users' and movies' errors under their bare ids."""
    total, expected, sums, counts = 0.0, [], Counter(), Counter()
    for i, (user, movie, given) in enumerate(zip(users, movies, map(float, stars))):
        mean = total / i if i else 3
        of_movie, of_user = (sums[key] / (counts[key] + damping) for key in (movie, user))
        expected.append(mean + of_movie + of_user)
        total += given
        for key, error in ((movie, given - mean), (user, given - mean - of_movie)):
            sums[key] += error
            counts[key] += 1
    return np.array(expected)


def strictly_in_turn(users, movies, stars, timestamps, damping=5):
    """Predict a second first, then reveal its ratings one after the other."""
    expected, total, count = np.empty(len(stars)), 0.0, 0
    sums, counts = Counter(), Counter()

    def bias(key):
        return sums[key] / (counts[key] + damping)

    for moment in dict.fromkeys(timestamps.tolist()):
        here = np.flatnonzero(timestamps == moment)
        for predicting in (True, False):
            for i in here:
                user, movie = ("user", users[i]), ("movie", movies[i])
                mean = total / count if count else 3
                of_movie = bias(movie)
                if predicting:
                    expected[i] = mean + of_movie + bias(user)
                    continue
                sums.update(
                    {movie: float(stars[i]) - mean, user: float(stars[i]) - mean - of_movie}
                )
                counts.update((movie, user))
                total, count = total + float(stars[i]), count + 1
    return expected


def strictly_by_two_seconds(users, movies, stars, timestamps, damping=5):
    """Take ratings that are a second apart for one moment."""
    starts = [0]
    for i in range(1, len(timestamps)):
        starts += [i] if timestamps[i] - timestamps[starts[-1]] > 1 else []
    moment = np.searchsorted(starts, np.arange(len(timestamps)), side="right")
    return running_with(by_second=True)(users, movies, stars, moment, damping)


def history_in_place(users, timestamps, most):
    history = history_with()(users, timestamps, most)
    timestamps -= timestamps[0]
    return history


QUIZ = {"q1": "a", "q2": "c", "q3": "b"}
SKEW = {"in_use": "c", "turned_round": "c"}

BY_HAND = {3: [0], 6: [4, 3, 2, 0], 8: [7, 6, 4, 3, 2], "with 0": [2, 3, 4, 6, 7]}

RIGHT = {
    "history_by_hand": [
        (BY_HAND | {6: [2, 3, 4, 0]},),
        (
            {
                3: (0,),
                6: np.array([3, 4, 2, 0]),
                8: [6, 7, 2, 4, 3],
                "with 0": np.array([7, 6, 4, 3, 2]),
            },
        ),
    ],
    "running_biases": [(without_timestamps(),), (as_array(with_counters),)],
    "strictly_running_biases": [
        (running_with(by_second=True),),
        (lambda *a, **more: running_with(by_second=True)(*a, **more).astype(np.float32),),
    ],
    "causal_history": [
        (lambda *arguments: np.array(history_of_dict(*arguments)),),  # the quickest first
        (history_with(),),
        (lambda *arguments: history_with()(*arguments).astype(np.int32),),
    ],
    "skew": [(SKEW,), ({"turned_round": "C", "in_use": " c"},)],
    "quiz_tomorrow": [
        ({"q1": "A", "q2": "C", "q3": "B"},),
        ({"q3": "b ", "q2": "c", "q1": " a"},),
    ],
}

WRONG = {
    "running_biases": [
        ((running_with_one_dict,), "with the same id share a sum"),
        ((without_timestamps(own=True),), "predict first, then reveal"),
        ((without_timestamps(later=True),), "later ones too"),
        ((without_timestamps(mean_runs=False),), "only before there is any rating"),
        ((without_timestamps(first=0.0),), "the mean is 3, not 0"),
        ((without_timestamps(damping_used=False),), "`damping` changes nothing"),
        ((without_timestamps(both_alone=True),), "leaves the movie's bias out"),
        ((without_timestamps(from_expected=True),), "counted from what was expected"),
        ((without_timestamps(user=False),), "The user's bias is missing"),
        ((without_timestamps(movie=False),), "The movie's bias is missing"),
        (
            (lambda users, movies, stars, damping=5: with_counters(users, movies, stars)[1:],),
            "yours",
        ),
        ((lambda users, movies, stars, damping=5: np.full(len(stars), np.nan),), "Not all are num"),
        ((with_counters,), "come as a list"),
        ((then(lambda e: e.clip(1, 5), without_timestamps()),), "cut to 1 to 5"),
        ((then(np.round, without_timestamps()),), "These are rounded"),
        ((running_undamped(user=False),), "the user's errors sum to"),
        ((running_undamped(movie=False),), "; damping is 5."),
        ((lambda users, movies, stars, damping=5: stars,), "is expected, and yours"),
        ((lambda users, movies, stars, damping=5: None,), "add `return`"),
        ((in_place,), "changes what it is given"),
        ((np.zeros(60),), "A function was asked for"),
    ],
    "strictly_running_biases": [
        ((running_with(),), "still learn from each other"),
        ((strictly_in_turn,), "as they stood before the second"),
        ((strictly_by_two_seconds,), "is expected, and yours"),
        ((then(list, running_with(by_second=True)),), "come as a list"),
        ((then(lambda e: e.clip(1, 5), running_with(by_second=True)),), "cut to 1 to 5"),
        ((then(lambda e: e.clip(0.5, 5.5), running_with(by_second=True)),), "and yours is"),
        ((strictly_with_three_until_the_second,), "and yours is"),
        ((running_with(by_second=True, own=True),), "is expected"),
        ((running_with(by_second=True, later=True),), "later ones too"),
        ((running_with(by_second=True, mean_runs=False),), "only before there is any rating"),
        ((running_with(by_second=True, damping_used=False),), "use `damping`"),
        ((running_with(by_second=True, both_alone=True),), "leaves the movie's bias out"),
        ((running_with(by_second=True, user=False),), "The user's bias is missing"),
        ((sorted_in_place,), "changes what it is given"),
        ((lambda users, movies, stars, timestamps, damping=5: [3.0],), "yours is of shape (1,)"),
        ((lambda *arguments, **named: None,), "add `return`"),
    ],
    "history_by_hand": [
        ((BY_HAND | {3: [2, 0]},), "row 3 holds ratings of its own second"),
        ((BY_HAND | {3: [0, 3]},), "Row 3 is in its own history"),
        ((BY_HAND | {3: []},), "Row 3 has 1 earlier ratings"),
        ((BY_HAND | {6: [5, 4, 3, 2, 1]},), "row 6 holds ratings of another user"),
        ((BY_HAND | {6: [4, 0]},), "its history holds 4; yours holds 2"),
        ((BY_HAND | {6: [0, 2, 3, 4]},), "row 6 the latest rating should stand first"),
        ((BY_HAND | {6: [8, 4, 3, 2]},), "row 6 holds later ratings"),
        ((BY_HAND | {6: [4, 4, 3, 2]},), "holds a rating twice"),
        ((BY_HAND | {8: [7, 6, 4, 3, 2, 0]},), "holds 5; yours holds 6"),
        ((BY_HAND | {8: [7, 6, 4, 3, 0]},), "not hold the *latest* 5"),
        ((BY_HAND | {8: [7, 6, 4, 3, -1]},), "numbers 0 to 8"),
        ((BY_HAND | {8: [7.5, 6, 4, 3, 2]},), "whole numbers"),
        ((BY_HAND | {8: "76432"},), "is no array of them"),
        ((BY_HAND | {6: ...},), "Still open: row 6"),
        ((BY_HAND | {3: 0},), "also where it holds one row"),
        (({3: [0], 6: [4, 3, 2, 0]},), "a list for each"),
        (({3: [0], 6: [4, 3, 2, 0], 8: [7, 6, 4, 3, 2]},), "a list for each"),
        ((BY_HAND | {"with 0": [2, 3, 4, 6, 7, 8]},), "row 8 has six earlier ratings"),
        ((BY_HAND | {"with 0": [2, 3, 4]},), "in the history of row 6, too"),
        ((BY_HAND | {"with 0": [6, 7]},), "in the history of row 2, too"),
        ((BY_HAND | {"with 0": [2, 3, 4, 5, 6, 7]},), "row 5 is by another user"),
        ((BY_HAND | {"with 0": [0, 2, 3, 4, 6, 7]},), "row 0 is not known before"),
        ((BY_HAND | {"with 0": [2, 2, 3, 4, 6, 7]},), "holds a row twice"),
        ((BY_HAND | {"with 0": ...},), "Still open: `with 0`"),
        ((BY_HAND | {"with 0": 5},), "`with 0`: a list was asked for"),
        (([[0], [4, 3, 2, 0], [7, 6, 4, 3, 2]],), "Answer with a dict"),
    ],
    "causal_history": [
        ((history_with(keep=lambda ago: ago >= 0),), "is in its own history"),
        ((history_with(keep=lambda ago: ago != 0),), "holds later ratings"),
        ((history_with(pick=lambda rows, most: rows[:most]),), "latest rating should stand first"),
        (
            (history_with(pick=lambda rows, most: rows[:most][::-1]),),
            "does not hold the *latest*",
        ),
        ((history_with(pick=lambda rows, most: rows[-most:]),), "latest rating should stand first"),
        ((history_with(pick=lambda rows, most: rows[::-1][: most - 1]),), "yours holds"),
        ((history_with(keep=lambda ago: ago > 1),), "earlier ratings of its user"),
        ((history_as_floats,), "whole numbers (int)"),
        ((history_of_dict,), "a list cannot pick rows"),
        ((history_of_short_numbers,), "no number above 32767"),
        ((history_by_search,), "do not search all of them"),
        ((history_with(same_user=False),), "ratings of another user"),
        ((history_with(none=0),), "where there is none, -1"),
        ((history_with(none=99),), "go from 0 to 79"),
        (
            (lambda users, timestamps, most: history_with()(users, timestamps, most)[:, :1],),
            "yours",
        ),
        (
            (lambda users, timestamps, most: history_with()(users, timestamps, 4),),
            "shape (n, most)",
        ),
        ((history_in_place,), "changes what it is given"),
        ((lambda users, timestamps, most: None,), "add `return`"),
        ((np.zeros((60, 4)),), "A function was asked for"),
    ],
    "skew": [
        ((SKEW | {"in_use": "a"},), "in_use: Better offline"),
        ((SKEW | {"in_use": "b"},), "is missing in use"),
        ((SKEW | {"turned_round": "a"},), "turned_round: The numbers are better"),
        ((SKEW | {"turned_round": "b"},), "mean something else"),
        ((SKEW | {"in_use": "d"},), "in_use: answer with one of a, b, c"),
        ((SKEW | {"turned_round": 0.05},), "turned_round: answer with one of a, b, c"),
        ((SKEW | {"turned_round": ...},), "Still open: turned_round"),
        (("c",), "the keys in_use, turned_round"),
        (({"skew": "c"},), "the keys in_use, turned_round"),
    ],
    "quiz_tomorrow": [
        ((QUIZ | {"q1": "b"},), "q1: Scaling does not"),
        ((QUIZ | {"q1": "c"},), "q1: More ratings"),
        ((QUIZ | {"q2": "a"},), "q2: That is the share"),
        ((QUIZ | {"q2": "b"},), "q2: More: most ratings"),
        ((QUIZ | {"q3": "a"},), "q3: Its RMSE is a little lower"),
        ((QUIZ | {"q3": "c"},), "q3: The mean of two"),
        ((QUIZ | {"q3": ...},), "Still open: q3"),
        (({"q1": "a", "q2": "c"},), "keys q1, q2, q3"),
        ((["a", "c", "b"],), "Answer with a dict"),
    ],
}
