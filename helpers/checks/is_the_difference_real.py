"""Checks of lesson 5, Is the difference real?"""

import functools
import time
from functools import partial

import numpy as np

from helpers.checks.engine import time_limit
from helpers.checks.engine.answers import as_number, as_numbers, name_mistake, needs_function
from helpers.checks.engine.exercise import exercise, judge_choices, mistake
from helpers.metrics.intervals import recipe_interval as our_recipe_interval
from helpers.metrics.stars import rmse


@exercise(
    "The picture asks: where this was predicted, what was given? So what is the line's x, what y? "
    "And which ratings may a line be fitted on that moves the prediction of a certain rating?",
    "Two lines: one of the ratings in the even rows, one of those in the odd rows. Which of them "
    "moves the predictions of the even rows?",
    "With a mask of the even rows: `np.polyfit(x, y, 1)` on the odd rows' predictions and ratings "
    "gives slope and intercept for the even rows; then the other way round.",
)
def calibrated(function):
    needs_function(function)
    for labels, predictions in _uncalibrated():
        given = labels.copy(), predictions.copy()
        answer = function(*given)
        if not np.array_equal(given[0], labels) or not np.array_equal(given[1], predictions):
            mistake("Your function changes what it is given: work on copies.")
        array = as_numbers(answer)
        if array.shape == (2,):
            mistake("These may be slope and intercept: return the predictions on the lines.")
        if array.shape != predictions.shape:
            mistake(
                f"{len(labels)} predictions were to be moved; yours has shape {array.shape}: "
                "return all of them, in the order in which they came."
            )
        if not isinstance(answer, np.ndarray):
            mistake(
                f"Return an array of NumPy; the next cell draws rows of it, and from a "
                f"{type(answer).__name__} it cannot."
            )
        _judge_lines(array, labels, predictions)
    return "A line mends how sure a model is; what the model does not know, no line adds."


def _uncalibrated():
    """Yield ratings, and predictions that are off in several ways, of even and odd number."""
    rng = np.random.default_rng(3)
    for n, slope, intercept in ((81, 0.6, 1.5), (150, 1.4, -1.0), (90, -0.5, 4.0)):
        predictions = np.append(rng.normal(3.5, 0.7, n - 3), [8.0, -1.0, 6.5])
        labels = np.round(intercept + slope * predictions + rng.normal(0, 0.9, n)).clip(1, 5)
        labels[::2] = np.minimum(labels[::2] + 1, 5)  # the two halves have different lines
        yield labels, predictions


def _judge_lines(answer, labels, predictions):
    even = np.arange(len(labels)) % 2 == 0
    halves = [np.arange(len(labels)) < (len(labels) + more) // 2 for more in (0, 1)]
    by_size = np.empty(len(labels), bool)
    by_size[np.argsort(predictions, kind="stable")] = even

    def moved(line, half=even, other=True):
        """Return predictions moved by a line of the other half, or of their own."""
        result = np.empty(len(labels))
        for rows in (half, ~half):
            on = ~rows if other else rows
            result[rows] = line(labels[on], predictions[on], predictions[rows])
        return result

    ours = moved(_line)
    named = (
        (predictions, "These are the predictions as they were: put them on the lines."),
        (_line(labels, predictions, predictions), "One line is fitted on all ratings and moves "
         "all: so each rating helps to fit the line on which it is judged. Take two lines."),
        (moved(_line, other=False), "Each half is moved by its own line, fitted on the very "
         "ratings it is judged on: exchange the two lines."),
        (_line(labels[even], predictions[even], predictions), "All are moved by the line of the "
         "even rows, also the even ones: these need the line of the odd rows."),
        (_line(labels[~even], predictions[~even], predictions), "All are moved by the line of the "
         "odd rows, also the odd ones: these need the line of the even rows."),
        (np.where(even, predictions, ours), "The even rows stay where they were: move them, too."),
        (np.where(even, ours, predictions), "The odd rows stay where they were: move them, too."),
        (np.append(ours[even], ours[~even]), "The numbers are right, in another order: they belong "
         "where their predictions came."),
        *((moved(_line, half), "These are the first and the second half: take even and odd rows.")
          for half in halves),
        *((_one_after_the_other(labels, predictions, half), "The second line is fitted on "
           "predictions that the first has moved already: fit both on those that were given.")
          for half in (even, ~even)),
        (moved(_line, by_size), "Even and odd are places in the order of the predictions here: "
         "take row numbers."),
        (np.trunc(ours), "The lines are right, but cut to whole numbers: does your array have the "
         "dtype of whole numbers?"),
        (np.round(ours), "The lines are right, but rounded to whole numbers."),
        (moved(_line) / 2 + moved(_line, other=False) / 2, "All are moved by the mean of the two "
         "lines: each rating helps to fit one of them. Take the other half's alone."),
        (np.clip(ours, 1, 5), "The lines are right; leave it uncut: no clipping was asked for."),
        (moved(_turned), "These lines predict predictions from ratings: turn x and y round. "
         "Ratings come first, given what was predicted."),
        (moved(_turned_back), "These are the lines of predictions from ratings, turned round: they "
         "stretch where they should squeeze. Fit ratings from predictions."),
        (moved(_backwards), "The lines are right, but applied backwards."),
        (moved(_exchanged), "Slope and intercept are exchanged."),
        (moved(_shift), "The means are right now, but the slope is still 1: fit lines, no shifts."),
        (moved(_through_zero), "These lines go through 0: let them have an intercept."),
        (moved(_spread), "This gives the predictions the ratings' spread. A calibrated model's "
         "predictions spread less than the ratings: take the line with the least squared error."),
        (moved(_correlation), "The slope is not the correlation: it is the covariance over the "
         "variance of the predictions."),
        (moved(_curve), "This is a curve: `np.polyfit` with degree 1 fits a line."),
    )  # fmt: skip
    same = partial(np.allclose, rtol=0, atol=2e-3)
    if not same(answer, ours):
        name_mistake(answer, named, same)
        worst = int(abs(answer - ours).argmax())
        mistake(
            f"Row {worst} was predicted {predictions[worst]:.3f} and should become "
            f"{ours[worst]:.3f}; yours is {answer[worst]:.3f}. Its line is that of the "
            f"{'odd' if even[worst] else 'even'} rows, with the least squared error."
        )


def _line(labels, predictions, new):
    slope, intercept = np.polyfit(predictions, labels, 1)
    return intercept + slope * new


def _one_after_the_other(labels, predictions, half):
    """Move one half, then fit the other half's line on what has been moved."""
    moved = predictions.copy()
    for rows in (half, ~half):
        moved[rows] = _line(labels[~rows], moved[~rows], moved[rows])
    return moved


def _turned(labels, predictions, new):
    return _line(predictions, labels, new)


def _turned_back(labels, predictions, new):
    slope, intercept = np.polyfit(labels, predictions, 1)
    return (new - intercept) / slope


def _backwards(labels, predictions, new):
    slope, intercept = np.polyfit(predictions, labels, 1)
    return (new - intercept) / slope


def _exchanged(labels, predictions, new):
    slope, intercept = np.polyfit(predictions, labels, 1)
    return slope + intercept * new


def _shift(labels, predictions, new):
    return new + labels.mean() - predictions.mean()


def _through_zero(labels, predictions, new):
    return predictions @ labels / (predictions @ predictions) * new


def _spread(labels, predictions, new):
    return labels.mean() + labels.std() / predictions.std() * (new - predictions.mean())


def _correlation(labels, predictions, new):
    slope = np.corrcoef(labels, predictions)[0, 1]
    return labels.mean() + slope * (new - predictions.mean())


def _curve(labels, predictions, new):
    return np.polyval(np.polyfit(predictions, labels, 2), new)


@exercise(
    "By what is an interval divided when there are four times as many ratings?",
    "How many times too wide is half of the paired interval, and what must the number of ratings "
    "be multiplied with? For other ratings each, first the half of the difference: what the cell "
    "above says of errors that have nothing to do with each other.",
    "Ratings needed: n times (half of the interval / wanted half) squared. Unpaired, half of the "
    "interval is the root of the sum of the squares of the two halves. On 20,000 ratings, half of "
    "the paired interval is divided by the root of 20,000 / 8,000. For the share: 95% of all "
    "estimates are off by less than half of the interval; which of the others are not seen?",
)
def planned(answers):
    if not isinstance(answers, dict) or set(answers) != set(PLANNED):
        mistake(f"Answer with a dict that has the keys {', '.join(PLANNED)}.")
    still_open = [name for name in PLANNED if answers[name] is ... or answers[name] is None]
    if still_open:
        mistake(f"Still open: {', '.join(still_open)}.")
    for name, (ours, named) in PLANNED.items():
        value = as_number(answers[name], f"`{name}`")
        for low, high, message in named:
            if low <= value <= high:
                mistake(f"{name}: {message}")
        if name == "share_seen":
            if not 0.97 <= value <= 0.98:
                mistake(
                    "share_seen: it is not seen where its estimate is below half of the interval. "
                    "By how much is such an estimate off, and how often is one, to that side?"
                )
            continue
        if not (1 - NEARLY) * ours < value < (1 + NEARLY) * ours:
            mistake(
                f"{name}: {_said(value)} is too {'large' if value > ours else 'small'}. "
                "The figures are those that the cell above has printed: "
                "how do they follow from one another?"
            )
    return (
        "You can say before a test how small a difference it will be able to show: one as large as "
        "half of the interval every second time, one of twice that size nearly always."
    )


def _said(value):
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.4f}"


def _around(value, share=0.15):
    return (1 - share) * value, (1 + share) * value


NEARLY = 0.07  # processors change the printed ends a little, and learners round
PLANNED = {  # what the printed figures give, and what common mistakes make of them
    "ratings_paired": (
        47_000,
        (
            (*_around(39_000, 0.05), "These come on top of the 8,000: how many are needed in all?"),
            (*_around(19_200), "An interval narrows with the root: half as wide takes four times."),
            (*_around(188_000), "This takes the whole interval: half of it is to be 0.002."),
            (*_around(502_000), "This takes the interval of one RMSE: the paired one is narrower."),
            (1, 10, "That is how many times as many ratings it takes: how many are these?"),
            (100, 7_999, "Fewer than the 8,000 of the cell: a narrower interval takes more."),
            (12_000, 13_000, "An interval narrows with the root: half as wide takes four times."),
            (*_around(94_000, 0.06), "Twice too many: in a paired test both models are judged on "
             "the same ratings."),
            (*_around(117_500, 0.02), "The printed interval is of 8,000 ratings, not of 20,000."),
            (*_around(152_000, 0.04), "This takes the difference, not half of its interval."),
        ),
    ),
    "ratings_unpaired": (
        985_000,
        (
            (*_around(502_000), "This is the interval of one RMSE: the difference of two unpaired "
             "ones has the errors of both. (Or these are half for each: each needs all of them.)"),
            (*_around(1_970_000), "Twice too many: the halves are added (errors add as "
             "squares), or the ratings of both models are."),
            (*_around(47_000), "This is the paired interval: here each model has other ratings."),
            (76_000, 91_500, "An interval narrows with the root: half as wide takes four times."),
            (91_500, 98_500, "That is twice the paired number: where each model has other "
             "ratings, the errors no longer cancel."),
            (100, 150, "That is how many times as many ratings it takes: how many are these?"),
            (*_around(2_465_000, 0.06), "The printed intervals are of 8,000 ratings, not 20,000."),
            (*_around(3_940_000), "This takes whole intervals: half of one is to be 0.002."),
        ),
    ),
    "half_on_test": (
        0.00304,
        (
            (*_around(0.0048, 0.07), "That is half of it on 8,000 ratings: with more, it narrows."),
            (0.0018, 0.0021, "An interval narrows with the root of the number of ratings."),
            (*_around(0.0076), "With more ratings an interval gets narrower."),
            (0.0053, 0.0057, "This takes the difference, not half of its interval."),
            (0.0057, 0.0064, "This is the whole interval: its half was asked for."),
            (*_around(0.0099), "This is the interval of one RMSE: the paired one is narrower."),
            (*_around(0.014, 0.07), "This is the unpaired interval: the paired one is narrower."),
        ),
    ),
    "share_seen": (
        0.975,
        (
            (0.945, 0.955, "5% of all estimates are off by more than half of the interval, to "
             "either side: on which side is the difference still seen?"),
            (0.995, 1, "Some estimates are too low by more than half of the interval: how many?"),
            (0.45, 0.55, "So it is for a difference as large as half of the interval, not twice."),
            (0.02, 0.055, "That is how often it is not seen, or more."),
            (1.001, np.inf, "A share lies between 0 and 1."),
            (-np.inf, -0.001, "A share lies between 0 and 1."),
        ),
    ),
}  # fmt: skip


def _ends(function, *arrays, **named):
    """Return the two ends of the learner's interval."""
    try:
        answer = function(*arrays, **named)
    except ValueError as error:
        if "uantile" not in str(error) and "ercentile" not in str(error):
            raise
        mistake("`np.percentile` takes percent, 2.5 and 97.5; `np.quantile` takes shares of 1.")
    ends = as_numbers(answer)
    if ends.shape != (2,):
        mistake(f"Return two numbers, the two ends; yours has shape {ends.shape}.")
    if not np.isfinite(ends).all():
        mistake("An end of your interval is not a number.")
    return ends.tolist()


@exercise(
    "Which ratings has the choice seen, and which has it not?",
    "Choose with `labels[chosen_on]` and the candidates' predictions of those ratings; then judge "
    "on `~chosen_on`.",
    "Two lists of RMSEs, one per half: `np.argmin` of the first says which candidate; return the "
    "mean of the second minus that candidate's value in the second.",
)
def gain_elsewhere(function):
    needs_function(function)
    cases, answers = list(_candidates()), []
    for case in cases:
        given = [values.copy() for values in case]
        answers.append(as_number(function(*given)))
        if not all(map(np.array_equal, given, case)):
            mistake("Your function changes what it is given: work on copies.")
    found = [_gains(*case) for case in cases]
    rights = [each["right"] for each in found]
    if np.allclose(answers, rights, rtol=0, atol=1e-6):
        return "Luck does not carry over to ratings that have not chosen; what is better does."
    for name, message in GAINS.items():
        if np.allclose(answers, [each[name] for each in found], rtol=0, atol=1e-6):
            mistake(message)
    worst = int(np.abs(np.subtract(answers, rights)).argmax())
    _, candidates, chosen_on = cases[worst]
    mistake(
        f"With {len(candidates)} candidates of {len(chosen_on)} ratings, of which "
        f"{chosen_on.sum()} choose, the gain is {rights[worst]:.4f}; yours is "
        f"{answers[worst]:.4f}. It is the candidates' mean RMSE minus the chosen one's, both where "
        "`chosen_on` is False."
    )
    return None


GAINS = {
    "size": "A gain may be below 0: keep the sign.",
    "positive": "A gain may be below 0: keep the sign.",
    "turned": "The sign is turned round: a candidate better than the mean has a gain above 0.",
    "same": "This chooses and judges on the same ratings, those where `chosen_on` is True: judge "
    "on the others.",
    "all": "This chooses and judges on all ratings: choose where `chosen_on` is True, judge where "
    "it is not.",
    "others": "This chooses and judges on the other ratings: choose where `chosen_on` is True.",
    "chosen on all": "This chooses on all ratings: choose where `chosen_on` is True alone.",
    "exchanged": "The two halves are exchanged: choose where `chosen_on` is True.",
    "mean there": "The mean and the chosen one are judged on different ratings: take both where "
    "`chosen_on` is False.",
    "mean of all": "The mean is taken over all ratings: take it where `chosen_on` is False, as the "
    "chosen one's.",
    "measured on all": "The gain is measured on all ratings, those that chose included: leave them "
    "out.",
    "worst": "This takes the worst candidate: the lowest RMSE is the best.",
    "worst of others": "This takes the worst candidate.",
    "rmse": "This is the chosen one's RMSE: subtract it from the candidates' mean.",
    "number": "This is the number of the chosen candidate: return its gain.",
    "blend": "This is the RMSE of the candidates' mean prediction: take the mean of their RMSEs.",
    "pooled": "This takes the root of the candidates' mean squared error: take their mean RMSE.",
    "rest": "The mean leaves the chosen candidate out: it is the mean of all.",
    "over worst": "This compares with the worst candidate, not with the mean.",
    "over second": "This compares with the second best, not with the mean.",
    "median": "This compares with the median, not the mean.",
    "squares": "These are mean squared errors: RMSE is their root.",
}


def _gains(labels, candidates, chosen_on):
    """Return what an answer may be, a float for each name in `GAINS`."""
    chosen, judged, whole = (
        np.array([rmse(labels[rows], each[rows]) for each in candidates])
        for rows in (chosen_on, ~chosen_on, slice(None))
    )
    best, mean = np.argmin(chosen), judged.mean()
    right = mean - judged[best]
    return {
        "right": right, "size": abs(right), "positive": max(right, 0.0), "turned": -right,
        "same": chosen.mean() - chosen.min(), "all": whole.mean() - whole.min(),
        "others": mean - judged.min(), "chosen on all": mean - judged[np.argmin(whole)],
        "exchanged": chosen.mean() - chosen[np.argmin(judged)],
        "mean there": chosen.mean() - judged[best], "mean of all": whole.mean() - judged[best],
        "measured on all": whole.mean() - whole[best], "worst": mean - judged[np.argmax(chosen)],
        "worst of others": mean - judged.max(), "rmse": judged[best], "number": float(best),
        "blend": rmse(labels[~chosen_on], candidates.mean(axis=0)[~chosen_on]) - judged[best],
        "pooled": np.sqrt((judged**2).mean()) - judged[best],
        "rest": np.delete(judged, best).mean() - judged[best],
        "over worst": judged.max() - judged[best],
        "over second": judged[np.argsort(chosen)[1]] - judged[best],
        "median": np.median(judged) - judged[best],
        "squares": (judged**2).mean() - judged[best] ** 2,
    }  # fmt: skip


def _candidates():
    """Yield ratings, candidates, and which ratings choose; by luck or not, with gains below 0."""
    rng = np.random.default_rng(361)  # all of the mistakes differ in the first case
    for k, n, share in ((6, 80, 0.5), (7, 101, 0.3), (4, 60, 0.7), (6, 90, 0.5), (5, 70, 0.4)):
        labels = rng.integers(1, 6, n).astype(float)
        yield labels, labels + rng.normal(0.2, 1, (k, n)), rng.random(n) < share


@exercise(
    "How often does a user who is drawn twice come in `wrong_draw`'s rows?",
    "A user who is drawn twice brings each of her rows twice; one who is not drawn, none.",
    "Draw as many of the different users as there are, with replacement. Count how often each is "
    "drawn (`np.bincount`), and repeat each row as often as its user (`np.repeat`).",
)
def draw_users(function):
    needs_function(function)
    for user_ids in _user_ids():
        _judge_draws(function, user_ids)
    _judge_speed(function)
    return "A user's ratings come and go together, so what they share counts as one chance."


def _user_ids():
    """Yield whose the ratings are: out of order, few for some and many for others."""
    rng = np.random.default_rng(5)
    yield rng.permutation(np.repeat(np.arange(30) * 7 - 20, np.arange(30) ** 2 // 20 + 1))
    yield np.sort(rng.integers(0, 12, 60)).astype("S")
    yield np.array([4, 4, 4])


def _judge_draws(function, user_ids, draws=300):
    users, first, user = np.unique(user_ids, return_index=True, return_inverse=True)
    rng, sizes, counts = np.random.default_rng(42), np.bincount(user), []
    for _ in range(draws):
        given = user_ids.copy()
        answer = function(given, rng)
        rows = as_numbers(answer, "Row numbers")
        if np.asarray(answer).dtype.kind == "f":
            mistake("Row numbers are whole numbers; yours are floats, and no array takes these.")
        if not np.array_equal(given, user_ids):
            mistake("Your function changes what it is given: work on copies.")
        counts.append(_times_drawn(rows, user, first))
    counts = np.array(counts)
    if len(users) == 1:
        return
    if (counts == 1).all():
        mistake("Everybody comes exactly once in each draw: draw with replacement.")
    if (counts == counts[0]).all():
        mistake("All draws are the same: use the `rng` that is given, and do not make a new one.")
    if counts.max() == 1:
        mistake(
            "Nobody is ever drawn twice: a user who is drawn twice brings each row twice. "
            "`np.isin` tells who was drawn, not how often."
        )
    drawn = counts.sum(axis=1)
    if (drawn != len(users)).any():
        mistake(
            f"There are {len(users)} different users, so draw {len(users)} each time, with "
            f"replacement; in one draw yours brought {drawn[drawn != len(users)][0]}."
        )
    if np.corrcoef(counts.mean(axis=0), sizes)[0, 1] > 0.6 and np.ptp(counts.mean(axis=0)) > 0.9:
        mistake(
            "Users with many ratings are drawn more often: draw from the different users, each "
            "as likely as any other."
        )
    if not (abs(counts.mean(axis=0) - 1) < 6 / np.sqrt(draws)).all():
        mistake("Some users are drawn more often than others: each is as likely as any other.")
    left_out, expected = (counts == 0).mean(), (1 - 1 / len(users)) ** len(users)
    if abs(left_out - expected) > 0.03:
        mistake(
            f"Of {len(users)} users drawn with replacement, {expected:.0%} do not come at all; of "
            f"yours {left_out:.0%}: draw each anew, whoever has come before."
        )
    again = [as_numbers(function(user_ids, np.random.default_rng(1))) for _ in range(2)]
    if not np.array_equal(*map(np.sort, again)):
        mistake("The same `rng` should draw the same: use the one that is given, no other.")


def _judge_speed(function):
    """Name the mistake if each drawn user's rows are looked for among all rows."""
    for n, most in ((3_000, 8), (60_000, 0.6)):  # the slowest would need minutes for many
        user_ids = np.random.default_rng(n).permutation(n)
        start = time.thread_time()
        for user in range(200):
            np.flatnonzero(user_ids == user)
        of_all = (time.thread_time() - start) / 200 * n  # if rows are looked for in this way
        try:  # so that nobody waits for the end of a slow one
            used = time_limit.run_within(most * of_all, _time_of, function, user_ids)
        except time_limit.TimeIsUp:
            used = np.inf
        if used > most * of_all:
            mistake(
                f"With {n:,} users of one rating each, a draw takes about as long as {n:,} looks "
                "through all rows, or longer: find each user's rows once, not anew for each drawn "
                "user."
            )


def _time_of(function, user_ids):
    start = time.thread_time()
    function(user_ids, np.random.default_rng(1))
    return time.thread_time() - start


def _times_drawn(rows, user, first):
    """Return how often each user is drawn, if each of the user's rows is there as often.

    `user` holds the number of each row's user, `first` each user's first row.
    """
    n = len(user)
    if rows.ndim != 1:
        mistake(f"Row numbers of shape (any,) were asked for; yours have shape {rows.shape}.")
    if len(rows) and not np.array_equal(rows, np.round(rows)):
        mistake("Row numbers are whole numbers.")
    if len(rows) == n and np.isin(rows, (0, 1)).all() and n > 3:
        mistake("This is a mask, True or False for each row: return the row numbers.")
    if len(rows) == 0:
        mistake("No rows are drawn: each user who is drawn brings rows.")
    if rows.min() < 0 or rows.max() >= n:
        mistake(
            f"Row numbers lie between 0 and {n - 1}; yours lie between {rows.min():g} and "
            f"{rows.max():g}. Are these users instead of rows?"
        )
    times = np.bincount(rows.astype(int), minlength=n)
    drawn = times[first]
    if not np.array_equal(times, drawn[user]):
        of_user = times[user == user[np.flatnonzero(times != drawn[user])[0]]]
        mistake(
            f"A user has {len(of_user)} ratings, of which one comes {of_user.max()} times in your "
            f"rows, another {of_user.min()} times: whoever is drawn brings all ratings, each as "
            "often."
        )
    return drawn


@exercise(
    "What would be different if somebody did all of this again: other users, and other seeds.",
    "In each round: rows by `draw_users`, the same for both; then for each of the two as many "
    "seeds, with replacement, as it has rows. The RMSE of a recipe is the mean over drawn seeds.",
    "Draw the rows. For `first` draw as many seeds as it has rows, take the RMSE of each on the "
    "drawn rows, and their mean; then the same for `second`, with seeds of its own. Collect the "
    "differences; the ends are their percentiles 2.5 and 97.5.",
)
def recipe_interval(function):
    needs_function(function)
    cases = _recipes()
    if np.ptp(_ends(function, *map(np.copy, cases[0][0]), draws=1)) > 1e-9:
        mistake("With draws=1 there is one difference, so no width: make one in each draw.")
    answers, right = [], np.array([ours for _, ours in cases])
    for given, _ in cases:
        copies = tuple(values.copy() for values in given)
        answers.append(_ends(function, *copies, draws=DRAWS))
        if not all(map(np.array_equal, given, copies)):
            mistake("Your function changes what it is given: work on copies.")
    answers = np.array(answers)
    if _apart(answers, right) < NEAR:
        return "One interval for the recipe: more seeds now make it narrower, not harder to pass."
    (a, b), (low, high) = answers[0], right[0]
    if b < a:
        mistake("The lower end comes first.")
    if low - (high - low) / 2 < a and b < low and b - a > 1e-9:
        mistake("`np.percentile` takes percent: 2.5 and 97.5, not 0.025 and 0.975.")
    if b - a < 1e-9:
        mistake("The interval has no width: draw users and seeds anew in each round.")
    if _apart(-answers[:, ::-1], right) < NEAR:
        mistake("The sign is turned round: RMSE of `first` minus RMSE of `second` is asked for.")
    near = [each for each in _mistaken_recipes() if _apart(answers, each[0]) < NEAR]
    if near:
        mistake(min(near, key=lambda each: _apart(answers, each[0], np.mean))[1])
    off = [_apart(answers[[i]], right[[i]]) for i in range(len(cases))]
    (_, first, second, users), ends = cases[int(np.argmax(off))]
    mistake(
        f"With {len(first)} seed(s) of `first`, {len(second)} of `second` and "
        f"{len(np.unique(users))} users, the interval is {ends[0]:.2f} to {ends[1]:.2f}; yours is "
        "{:.2f} to {:.2f}.".format(*answers[int(np.argmax(off))])
    )
    return None


DRAWS = 2_500
NEAR = 0.062  # in widths: how far two right answers of so many draws may be apart


def _apart(answers, others, over=np.max):
    """Return how far two lists of intervals are apart, in parts of the wider one's width.

    Two right answers are 0.02 apart, by chance.
    """
    widths = np.maximum(np.ptp(answers, axis=1), np.ptp(others, axis=1))
    return over(np.abs(answers - others) / np.maximum(widths, 1e-9)[:, None])


@functools.cache
def _recipes():
    """Return what a recipe's interval is asked for, and ours."""
    rng = np.random.default_rng(21)
    n, m = 240, 25
    users = rng.geometric(0.08, n).clip(max=m)
    labels = rng.integers(1, 6, n).astype(float)
    hard = rng.choice([-1, 1], n) * rng.uniform(0.8, 1.2, n) * rng.choice([0.6, 1.8], m + 1)[users]
    of_user = rng.choice([0.5, 1.7], m + 1)[users]  # what one model makes worse, for all of a user
    own = rng.normal(0, 0.7, (5, n))  # each seed's own errors cancel in a mean prediction
    one = labels + of_user * hard
    alike = labels + np.array((0.9, 1.0, 1.05, 1.1))[:, None] * hard + own[:4]
    unlike = labels + np.array((0.2, 0.5, 0.6, 1.4, 2.6))[:, None] * hard + own
    three = labels + np.array((0.5, 1.0, 2.2))[:, None] * hard + own[:3]
    five = labels + np.array((2.2, 1.0, 0.5, 1.6, 0.4))[:, None] * hard + own[::-1]
    cases = []
    for first, second in ((one[None], alike), (five, unlike), (three, unlike)):
        given = labels, first, second, users
        cases.append((given, our_recipe_interval(*given, draws=10_000)))
    return cases


def _times(rng, n, draws):
    """Return how often each of n comes, where so many are drawn; of shape (draws, n)."""
    drawn = rng.integers(0, n, (draws, n)) + n * np.arange(draws)[:, None]
    return np.bincount(drawn.ravel(), minlength=draws * n).reshape(draws, n).astype(float)


def _squares(labels, recipe, group):
    """Return each group's sums of squared errors by seed, and how many they are in a last row."""
    table = np.append((labels - recipe) ** 2, np.ones((1, len(labels))), axis=0)
    return np.array([np.bincount(group, row) for row in table])


def _rmses(comes, squares, root=np.sqrt):
    """Return the RMSE of each seed in each draw, of shape (draws, seeds)."""
    sums = np.einsum("dg,sg->ds", comes, squares)  # BLAS would start threads, which take longer
    return root(sums[:, :-1] / sums[:, -1:])


@functools.cache
def _mistaken_recipes():
    """Return pairs of the intervals that a known mistake leads to and what to say of it."""
    cases = [_mistaken(*given) for given, _ in _recipes()]
    return [(np.array([each[0] for each in same]), same[0][1]) for same in zip(*cases)]


def _mistaken(labels, first, second, users, draws=4_000):
    """Return pairs of an interval that a known mistake leads to and what to say of it."""
    rng = np.random.default_rng(1)
    _, user = np.unique(users, return_inverse=True)
    n, number = len(labels), user.max() + 1

    by_user = [_squares(labels, recipe, user) for recipe in (first, second)]
    by_rating = [_squares(labels, recipe, np.arange(n)) for recipe in (first, second)]
    blends = [_squares(labels, recipe.mean(axis=0)[None], user) for recipe in (first, second)]
    of_users, again, several = (_times(rng, number, draws) for _ in range(3))
    of_users_once, of_ratings = np.minimum(several, 1), _times(rng, n, draws)
    all_users = np.ones((draws, number))

    def drawn_seeds(k):
        return rng.integers(0, k, (draws, k))

    def all_seeds(k):
        return np.tile(np.arange(k), (draws, 1))

    def one_seed(k):
        return rng.integers(0, k, (draws, 1))

    def as_many_as_first(k):
        return rng.integers(0, k, (draws, len(first)))

    def interval(
        drawn, seeds, other=None, of=by_user, root=np.sqrt, last=np.asarray, ends=(2.5, 97.5),
        over=np.mean, second_seeds=None,
    ):  # fmt: skip
        means = []
        for recipe, comes, draw in zip(
            of, (drawn, drawn if other is None else other), (seeds, second_seeds or seeds)
        ):
            picked = np.take_along_axis(_rmses(comes, recipe, root), draw(len(recipe) - 1), axis=1)
            means.append(last(over(picked, axis=1)))
        return tuple(np.percentile(means[0] - means[1], ends))

    def blended(recipe):
        """Return the RMSE of the mean prediction of drawn seeds, in each draw of users."""
        k, weights = len(recipe), of_users[:, user]
        errors = labels - np.einsum("dk,kn->dn", _times(rng, k, draws) / k, recipe)
        return np.sqrt(np.einsum("dn,dn,dn->d", errors, errors, weights) / weights.sum(axis=1))

    def same_for_both():
        shared = rng.random((draws, max(len(first), len(second))))
        return lambda k: (shared[:, :k] * k).astype(int)

    def as_many_as_second():
        """Draw numbers of seeds of `second`, for both; those of `first` start anew at its end."""
        shared = rng.integers(0, len(second), (draws, len(second)))
        return lambda k: shared % k

    mixed, more = same_for_both(), as_many_as_second()
    of_blends = tuple(np.percentile(blended(first) - blended(second), (2.5, 97.5)))
    return (
        (interval(of_users, all_seeds), "The seeds are the same in each round: draw them too, "
         "with replacement, or the interval is that of these models alone."),
        (interval(all_users, drawn_seeds), "The users are the same in each round: draw "
         "rows with `draw_users`, too."),
        (interval(of_ratings, drawn_seeds, of=by_rating), "This draws ratings: draw "
         "users with all their ratings, with `draw_users`."),
        (interval(of_ratings, all_seeds, of=by_rating), "This draws ratings, and no seeds: "
         "draw users with `draw_users`, and seeds."),
        (interval(of_users_once, drawn_seeds), "A user who is drawn twice brings each rating "
         "twice: use `draw_users`."),
        (interval(of_users, one_seed), "This draws one seed in each round, which is the interval "
         "of a single training: draw as many seeds as there are, and take the mean RMSE."),
        (interval(of_users, drawn_seeds, other=again), "Each recipe is judged on rows of its own: "
         "draw users once per round, the same rows for both."),
        (interval(of_users, all_seeds, of=blends), "This is the RMSE of the seeds' mean "
         "prediction, another and better model: take the mean of the seeds' RMSEs."),
        (of_blends, "This is the RMSE of the drawn seeds' mean prediction, another and better "
         "model: take the mean of the seeds' RMSEs."),
        (interval(of_users, drawn_seeds, root=np.asarray), "These are mean squared errors: RMSE "
         "is their root."),
        (interval(of_users, drawn_seeds, root=np.asarray, last=np.sqrt), "This takes the root of "
         "the seeds' mean squared error: take the mean of their RMSEs."),
        *((interval(of_users, shared), "Both recipes are given the same seeds in a round: draw "
           "seeds of each for itself; what seed 1 does to one says nothing of the other.")
          for shared in (mixed, more, mixed if len(first) == len(second) else drawn_seeds)),
        (interval(of_users, drawn_seeds, over=np.min), "This is the best of the drawn seeds: take "
         "the mean of their RMSEs."),
        (interval(of_users, all_seeds, second_seeds=drawn_seeds), "The seeds of `first` are the "
         "same in each round: draw those too."),
        (interval(of_users, drawn_seeds, second_seeds=all_seeds), "The seeds of `second` are the "
         "same in each round: draw those too."),
        (interval(of_users, drawn_seeds, second_seeds=as_many_as_first), "This draws as many seeds "
         "of `second` as `first` has: draw as many as it has itself."),
        (interval(of_users, drawn_seeds, over=np.median), "This is the median of the seeds' RMSEs: "
         "take their mean."),
        (interval(of_users, drawn_seeds, ends=(5, 95)), "The ends are not those of the middle "
         "95%: take the percentiles 2.5 and 97.5."),
    )  # fmt: skip


@exercise(
    "How often does somebody who has rated movies for an hour come back weeks later? And which row "
    "of the user table is a new user looked up in (lesson 4)?",
    "For new users: what does each of the two models have besides the movie's mean? Compare with "
    "what the two cells below the answer print.",
    "`share` is the largest of the three. For the others, look whether the whole interval of the "
    "article's model above the biases lies above zero, below, or holds it.",
)
def in_time(answers):
    holds = "The interval"
    return judge_choices(
        answers,
        share={
            "a": "More: few users come back. Compare with what the cell prints.",
            "b": "More: half of the users give all ratings within an hour, and few come back.",
            "c": "Right: in this data, the future is mostly people whom the model has never met.",
        },
        known={
            "a": f"{holds} for known users holds zero: they cannot be told apart.",
            "b": "Right: for known users the two cannot be told apart, as at random.",
            "c": f"{holds} for known users holds zero: they cannot be told apart.",
        },
        new={
            "a": "An untrained row is worse than no bias: look at the column of new users.",
            "b": "The biases say 0 of a new user, the model something: look at the new users.",
            "c": "Right: of new users it has a row that was never trained; the biases add nothing.",
        },
        all={
            "a": "Most of these ratings are new users': look at the column of all.",
            "b": "Most of these ratings are new users': look at the column of all.",
            "c": "Right: what new users are given decides, for they are most.",
        },
        known_means=dict.fromkeys(
            "ac", f"{holds} tells, not the difference: how many users are it drawn from?"
        )
        | {"b": "Right: the difference is large, and so is its interval, over 109 users."},
    )


@exercise(
    "q1: which two things does each round draw, and of which are there more now? q2 and q3: let "
    "the functions of this lesson say.",
    "q1: how wide is the interval of one seed over users, where no seed is drawn? q2: which side "
    "of 1 is the slope of the line of `labels` by these predictions? q3: damping takes most from "
    "biases of few ratings; what does one line do to all of them?",
    "q1: more seeds take away the seeds' part alone, and the users' part is the larger one. q2 is "
    "one of a and c; q3 is one of b and c.",
)
def quiz_difference(answers):
    return judge_choices(
        answers,
        q1={
            "a": "So it would be if the seeds were all that is drawn; the users are still as many.",
            "b": "The ratings are the same, but a part of the width came from few seeds.",
            "c": "Right: only the seeds' part shrinks, and most of the width is the users'.",
        },
        q2={
            "a": "A slope below 1 has a model that goes too far; damping holds back. Fit the line.",
            "b": "Errors that cancel on average say nothing of the slope. Fit the line.",
            "c": "Right: much damping keeps predictions near the mean, so the slope is above 1.",
        },
        q3={
            "a": "The slope was not 1, so the lines move the predictions. Take the RMSE.",
            "b": "Right: the lines mend the slope, but damping has not held all biases back alike.",
            "c": "So it would be if damping held all biases back alike. Take the RMSE.",
        },
    )
