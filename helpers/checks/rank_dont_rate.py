"""Checks of lesson 8, Rank, don't rate."""

import time

import numpy as np

from helpers.checks.engine.answers import as_number, name_mistake, needs_function
from helpers.checks.engine.exercise import exercise, judge_choices, mistake


def _is_near(value, expected):
    return abs(value - expected) < 1e-5


def _dcg(stars, k):
    top = np.asarray(stars, float)[:k]
    return np.sum((2.0**top - 1) / np.log2(np.arange(2, len(top) + 2)))


def _ndcg(stars, scores, mask, k=10):
    stars, scores = stars[mask], scores[mask]
    return _dcg(stars[np.argsort(-scores)], k) / _dcg(np.sort(stars)[::-1], k)


@exercise(
    "Two bugs: where does a score of 0 rank among scores below 0? And which movies may stand in "
    "the best order?",
    "Take the real movies first, `stars[mask]` and `scores[mask]`. The best order is that of all "
    "of them; `dcg` cuts it at k by itself.",
)
def ndcg_of(function):
    needs_function(function)
    stars, scores = np.array([3, 0, 5, 1, 0, 4]), np.array([0.1, 0.0, -2.0, 0.3, 0.0, 0.7])
    mask = np.array([True, False, True, True, False, True])
    given = stars.copy(), scores.copy(), mask.copy()
    value = as_number(function(stars, scores, mask))
    if not all(map(np.array_equal, (stars, scores, mask), given)):
        mistake("Your function changes what it is given: work on copies.")
    real, of_real = stars[mask], scores[mask]
    ordered, best = real[np.argsort(-of_real)], np.sort(real)[::-1]
    ours, top, padded = _dcg(ordered, 10), _dcg(best, 10), stars[np.argsort(-scores)]
    named = (
        (_dcg(padded, 10) / top, "The padding ranks before the movie whose score is below 0."),
        (_dcg(padded[:4], 10) / top, "The padding ranks before a movie, which falls off the end."),
        (ours, "This is the DCG: divide it by the best possible."),
        (top, "This is the best DCG: divide the DCG of the scores' order by it."),
        (top - ours, "This is a difference: divide by the best DCG."),
        (ours - top, "This is a difference: divide by the best DCG."),
        (1.0, "Yours is 1, but the order is not perfect: the scores order the stars above."),
        (ours / _dcg([5] * 4, 10), "The best order is of these movies, not all 5s."),
        (ours / _dcg([5] * 10, 10), "The best order is of these movies, not all 5s."),
        (100 * ours / top, "This is a percentage: 1 is the perfect order."),
        (ours / 4, "Divide by the best possible DCG, not by the number of movies."),
        (ours / 10, "Divide by the best possible DCG, not by k."),
        (1 - ours / top, "This is what is missing to the best: 1 - NDCG."),
        (
            _dcg(np.sort(of_real)[::-1], 10) / top,
            "These are gains of the scores: put the stars in the order of the scores.",
        ),
        (
            _dcg(real[np.argsort(np.argsort(-of_real))], 10) / top,
            "One argsort gives the order; a second one gives ranks, which is something else.",
        ),
        (
            _dcg(stars[np.argsort(-of_real)], 10) / top,
            "Numbers among the real movies are looked up in all stars: use the real stars.",
        ),
        (_dcg(ordered[::-1], 10) / top, "The lowest score comes first: sort by -scores."),
        (ours / _dcg(best[::-1], 10), "You divide by the worst order, not the best."),
        (_dcg(real, 10) / top, "The scores are not used: sort the stars by them."),
        (top / ours, "Turn the quotient round: NDCG is never above 1."),
        (ours / _dcg(of_real[np.argsort(-of_real)], 10), "The best order is by stars."),
    )
    name_mistake(value, named, _is_near)
    if not _is_near(value, ours / top):
        mistake(f"NDCG of this list is {ours / top:.3f}; yours is {value:.3f}.")
    at_two = as_number(function(stars, scores, mask, k=2))
    shown = np.sort(ordered[:2])[::-1]
    if _is_near(at_two, _dcg(ordered, 2) / _dcg(shown, 2)):
        mistake("The best order is that of all movies, not only of the k that are shown.")
    if _is_near(at_two, _dcg(ordered, 2) / top):
        mistake("With k=2, the best DCG stops after rank 2 too: pass `k` on to both.")
    if _is_near(at_two, ours / _dcg(best, 2)):
        mistake("With k=2, the DCG of the list stops after rank 2 too: pass `k` on to both.")
    if not _is_near(at_two, _dcg(ordered, 2) / _dcg(best, 2)):
        mistake("With k=2, both DCGs stop after rank 2: pass `k` on to both.")
    _needs_ndcg_of_more_lists(function)
    return "1 is the best order of these very movies, whatever stars they have, and no padding."


def _needs_ndcg_of_more_lists(function):
    one = np.array([2.0]), np.array([-3.0]), np.array([True])
    if not _is_near(as_number(function(*one)), 1.0):
        mistake("A list of a single movie is in its best order: 1.")
    rng = np.random.default_rng(7)
    for size in (4, 13, 30):
        stars = rng.integers(1, 6, size).astype(float)
        scores = rng.permutation(size) - 20.0 - size  # all far below zero
        mask = rng.random(size) < 0.7
        mask[:2] = True, False
        value = as_number(function(stars * mask, np.where(mask, scores, 0), mask))
        if not _is_near(value, _ndcg(stars, scores, mask)):
            mistake(
                f"{mask.sum()} movies with scores far below 0, among {size - mask.sum()} rows of "
                f"padding: NDCG is {_ndcg(stars, scores, mask):.3f}; yours is {value:.3f}."
            )
    zero = np.array([1.0, 4.0, 2.0]), np.array([2.0, 0.0, 1.0]), np.ones(3, bool)
    if not _is_near(as_number(function(*zero)), _ndcg(*zero)):
        mistake("A movie whose score is 0 is real where the mask says so: go by the mask.")
    ties = []
    for seed in range(6):
        stars = np.random.default_rng(seed).permutation([1.0, 2.0, 3.0, 4.0, 5.0, 5.0])
        ties.append(as_number(function(stars, np.full(6, 0.5), np.ones(6, bool))))
    if all(_is_near(value, 1) for value in ties):
        mistake("Equal scores come with the best movie first in yours: do not look at the stars.")
    if np.ptp(ties) < 1e-5:
        mistake("Equal scores come in an order of the stars in yours: do not look at them.")


@exercise(
    "On average over all orders, each rank holds the same gain. Which?",
    "That gain times the sum of the discounts is the mean DCG. How many ranks does a list have "
    "that is shorter than k?",
    "`np.mean(2.0**stars - 1)`, times the sum of `1 / np.log2(rank + 1)` over the ranks from 1 to "
    "`min(k, len(stars))`, divided by the DCG@k of the best order.",
)
def chance_ndcg(function):
    needs_function(function)
    stars = np.array([4.0, 1.0, 5.0, 1.0])
    given = stars.copy()
    value = as_number(function(stars))
    if not np.array_equal(stars, given):
        mistake("Your function changes the stars: work on a copy.")
    gains, best = 2.0**stars - 1, np.sort(stars)[::-1]
    discounts = 1 / np.log2(np.arange(2, 12))
    mean, top, worst = gains.mean() * discounts[:4].sum(), _dcg(best, 10), _dcg(best[::-1], 10)
    right = mean / top
    named = (
        (gains.mean() * discounts.sum() / top, "This list has four ranks, not ten: k is the most."),
        (mean, "This is the mean DCG: divide it by the best possible."),
        (gains.mean(), "This is the mean gain: discount it at each rank, and divide by the best."),
        (gains.mean() * discounts[:4].mean() / top, "Sum the discounts: DCG is no mean."),
        (gains.sum() * discounts[:4].sum() / top, "A rank holds one movie: its mean gain."),
        (
            (2.0 ** stars.mean() - 1) * discounts[:4].sum() / top,
            "The mean gain is not the gain of the mean stars.",
        ),
        (
            (2.0 ** np.median(stars) - 1) * discounts[:4].sum() / top,
            "The mean gain is not the gain of the median.",
        ),
        (stars.mean() * discounts[:4].sum() / top, "The gain is 2 ** stars - 1, not the stars."),
        ((gains + 1).mean() * discounts[:4].sum() / top, "The gain is 2 ** stars *minus 1*."),
        (gains.mean() * 4 / gains.sum(), "The discount is missing: every rank counts the same."),
        (gains.mean() * 4 / top, "The discount is missing in the mean DCG."),
        (_dcg(stars, 10) / top, "This is the NDCG of one order, in which the stars come."),
        (worst / top, "This is the floor, the NDCG of the worst order."),
        ((worst / top + 1) / 2, "Halfway from worst to best is not the mean over all orders."),
        (mean / gains.mean(), "Divide by the DCG of the best order."),
        (top / mean, "Turn the quotient round: NDCG is never above 1."),
        (100 * right, "This is a percentage: a number from 0 to 1 was asked for."),
        (1 - right, "This is what chance lacks to the best order."),
    )
    name_mistake(value, named, _is_near)
    if not _is_near(value, right):
        near = " Near: do you draw, or round?" if abs(value - right) < 0.05 else ""
        mistake(f"4, 1, 5 and 1 stars have {right:.6f}; yours is {value:.6f}.{near}")
    nine = np.array([1.0, 5.0, 2.0, 2.0, 4.0, 3.0, 5.0, 1.0, 3.0])
    start = time.thread_time()
    at_three = as_number(function(nine, k=3))
    if time.thread_time() - start > 0.5:  # a right answer takes less than a thousandth
        mistake(
            "Nine movies took your function long: it goes through their 362,880 orders, or draws. "
            "A list of 20 has more orders than any computer goes through."
        )
    gains, best = 2.0**nine - 1, np.sort(nine)[::-1]
    named = (
        (gains[:3].mean() * discounts[:3].sum() / _dcg(best, 3), "Any movie may come to rank 1."),
        (gains.mean() * discounts[:9].sum() / _dcg(best, 10), "With k=3, three ranks count."),
        (gains.mean() * discounts[:3].sum() / _dcg(best, 10), "The best DCG stops at k too."),
        (gains.mean() * discounts[:9].sum() / _dcg(best, 3), "With k=3, three ranks count."),
    )
    name_mistake(at_three, named, _is_near)
    if not _is_near(at_three, gains.mean() * discounts[:3].sum() / _dcg(best, 3)):
        mistake("With k=3, only the first three ranks count, in both DCGs: use `k`.")
    long = np.random.default_rng(3).integers(1, 6, 25)
    expected = (2.0**long - 1).mean() * discounts.sum() / _dcg(np.sort(long)[::-1], 10)
    of_long = as_number(function(long))
    if not _is_near(of_long, expected):
        mistake(f"A list of 25 movies has {expected:.3f}; yours is {of_long:.3f}.")
    if not _is_near(as_number(function(np.array([3.0]))), 1.0):
        mistake("A list of one movie has one order, the best: 1.")
    return "An exact mean needs no draws, and so no seed."


@exercise(
    "RMSE looks at the stars, rating by rating; NDCG and MRR at the order of one user's movies.",
    "Which order does a number change that is added to all movies of a user? What do rounded "
    "predictions have many of?",
    "Where ratings are left out, everything is a mean over others.",
)
def what_changes(answers):
    return judge_choices(
        answers,
        shifted={
            "a": "Right: what is the same for all movies of a user cannot change their order.",
            "b": "The stars are wrong now, and RMSE sees it; what of the order of one user?",
            "c": "RMSE, yes; but is the order of a user's movies another one?",
            "d": "RMSE looks at the stars: they are far off now.",
        },
        rounded={
            "a": "Rounding makes equal scores: the order among them is drawn.",
            "b": "Rounding changes the predicted stars, too, so RMSE changes.",
            "c": "Right: equal scores make new orders, and the stars are less exact.",
            "d": "Predictions were changed, and many are equal now.",
        },
        redrawn={
            "a": "The predictions stay, so RMSE does; the order of equal scores does not.",
            "b": "Right: the model is the same, and its lists are others.",
            "c": "RMSE does not look at the order, and the predictions stay.",
            "d": "The order of equal scores is part of the list.",
        },
        long_lists={
            "a": "These users have longer lists: what does chance have on them?",
            "b": "RMSE is over fewer ratings, those of other users.",
            "c": "Right: no prediction has changed, and every number has.",
            "d": "The predictions stay, but each metric is a mean over other ratings now.",
        },
    )


@exercise(
    "Subtract from each value the mean of its own list, from the stars likewise, then correlate "
    "all rows together.",
    "`np.unique(lists, return_inverse=True)` numbers the lists from 0, and "
    "`np.bincount(number, values)` sums the values of each.",
    "With x and y, the distances from the lists' means: `x @ y / np.sqrt((x @ x) * (y @ y))`, and "
    "0 where x has nothing but zeros.",
)
def within_lists(function):
    needs_function(function)
    values = np.array([0.5, 3.0, 2.5, 1.0, 1.5, 4.0, 3.5, 2.0, 6.0, 1.5, 2.0])
    stars = np.array([5.0, 4.0, 5.0, 3.0, 2.0, 5.0, 3.0, 4.0, 4.0, 3.0, 1.0])
    lists = np.array([70, 900, 900, 70, 70, 31, 900, 900, 31, 5, 5])
    given = values.copy(), stars.copy(), lists.copy()
    value = as_number(_correlate(function, values, stars, lists))
    if not all(map(np.array_equal, (values, stars, lists), given)):
        mistake("Your function changes what it is given: work on copies.")
    x, y = _from_means(values, lists), _from_means(stars, lists)
    right = _correlation(x, y)
    means = [
        [column[lists == each].mean() for each in np.unique(lists)] for column in (values, stars)
    ]
    each = [_correlation(x[lists == one], y[lists == one]) for one in np.unique(lists)]
    together = np.cumsum(np.r_[0, np.diff(lists) != 0])  # runs of one number
    centred = [column - column.mean() for column in (values, stars)]
    named = (
        (_correlation(*centred), "This is the correlation over all rows: subtract lists' means."),
        (_correlation(values, stars), "No mean is subtracted: subtract that of the row's list."),
        (_correlation(x, centred[1]), "The stars, too, lose the mean of their list."),
        (_correlation(x, stars), "The stars, too, lose the mean of their list."),
        (_correlation(centred[0], y), "The values, too, lose the mean of their list."),
        (_correlation(values, y), "The values, too, lose the mean of their list."),
        (np.corrcoef(*means)[0, 1], "This is between the lists' means: subtract them instead."),
        (np.mean(each), "This is the mean of the lists' correlations: correlate all rows at once."),
        (np.median(each), "These are the lists' correlations: correlate all rows at once."),
        (
            _correlation(_from_means(values, together), _from_means(stars, together)),
            "The rows of a list need not stand together: go by the number.",
        ),
        (x @ y, "This is a sum of products: divide by the root of the sums of squares."),
        (x @ y / len(x), "This is the covariance: divide by both standard deviations."),
        (x @ y / (len(x) - 1), "This is the covariance: divide by both standard deviations."),
        (x @ y / (x @ x), "This is a slope: divide by the root of both sums of squares."),
        (x @ y / (y @ y), "This is a slope: divide by the root of both sums of squares."),
        (x @ y / ((x @ x) * (y @ y)), "The root is missing in what you divide by."),
        (right**2, "This is the squared correlation."),
        (-right, "The sign is wrong, or lost: here, the values fall as the stars rise."),
    )
    name_mistake(value, named, _is_near)
    if not _is_near(value, right):
        mistake(f"This correlation is {right:.4f}; yours is {value:.4f}.")
    rng = np.random.default_rng(5)
    lists = rng.choice([3, 8, 9, 41, 10**15], 60)
    stars = rng.integers(1, 6, 60)
    values = 10.0 * np.argsort(np.argsort(lists)) - stars + rng.normal(size=60)
    right = _correlation(_from_means(values, lists), _from_means(stars, lists))
    value = as_number(_correlate(function, values, stars, lists))
    if not _is_near(value, right):
        mistake(f"Of 60 rows in five lists, the correlation is {right:.4f}; yours is {value:.4f}.")
    with np.errstate(all="ignore"):
        constant = _correlate(function, np.where(lists > 8, 2.5, -1.0), stars, lists)
    where = "where the values do not vary within any list, your function"
    if not _is_near(as_number(constant, where), 0.0):
        mistake("Where the values do not vary within any list, 0 was asked for.")
    return "Over all rows, this leak looks like a good feature."


def _correlate(function, values, stars, lists):
    try:
        return function(values, stars, lists)
    except (MemoryError, ValueError) as error:
        if isinstance(error, MemoryError) or "too big" in str(error) or "too large" in str(error):
            mistake(
                "The numbers of lists may be large: number the lists from 0 first, with "
                "`np.unique(lists, return_inverse=True)`."
            )
        raise


def _from_means(column, lists):
    _, number, sizes = np.unique(lists, return_inverse=True, return_counts=True)
    return column - (np.bincount(number, column) / sizes)[number]


def _correlation(x, y):
    return x @ y / np.sqrt((x @ x) * (y @ y))


@exercise(
    "How many different titles are there in all lists together?",
    "`np.unique(tops)` looks at all lists at once.",
)
def coverage(function):
    needs_function(function)
    tops = np.array([list("ABC"), list("BCD"), list("ABC"), list("BAE"), list("DBF")], "S1")
    given = tops.copy()
    try:
        value = as_number(function(tops, 47))
    except TypeError as error:
        if "unhashable" not in str(error):
            raise
        mistake("The rows of `tops` are arrays, which no set takes: flatten it, `tops.ravel()`.")
    if not np.array_equal(tops, given):
        mistake("Your function changes `tops`: work on a copy.")
    named = (
        (6.0, "This is the number of different movies: divide it by all movies."),
        (15 / 47, "A movie that is in several lists counts once."),
        (3 / 47, "These are the movies of one list: look at all lists together."),
        (4 / 47, "These are different lists: count different movies."),
        (5 / 47, "This is the number of lists: count different movies."),
        (1 / 47, "These are the movies that are in every list: in at least one is enough."),
        (6 / 15, "Divide by the number of all movies, not of all places in the lists."),
        (6 / 5, "Divide by the number of all movies, not of the lists."),
        (6 / 3, "Divide by the number of all movies, not by the length of a list."),
        (47 / 6, "Turn the quotient round: coverage is never above 1."),
        (1 - 6 / 47, "This is the share that appears in no list."),
        (100 * 6 / 47, "This is a percentage: a share from 0 to 1 was asked for."),
        (0.0, "Yours is 0: `/` divides, `//` rounds down."),
        (6 / 1_682, "The number of all movies is given: use `movies`, not 1,682."),
        (6 / 1_664, "The number of all movies is given: use `movies`, not 1,664."),
    )
    name_mistake(value, named, _is_near)
    if not abs(value - 6 / 47) < 1e-6:
        is_rounded = any(value == round(6 / 47, digits) for digits in range(6))
        rounded = " Yours is rounded: keep the fraction." if is_rounded else ""
        mistake(f"6 different movies of 47 make {6 / 47:.6f}; yours is {value:.6f}.{rounded}")
    return "Low coverage means that most of the catalogue is shown to none of these users."


@exercise(
    "q1: what else does NDCG depend on? q2: what does the squared error ask for, and what a list "
    "loss? q3: what lies within the interval?",
    "q1: the chance level of A's lists may be higher. q2: the means of the others give the order "
    "away, upside down. q3: seeds and users are both drawn.",
    "q1 is one of a and b; q2 is one of a and b; q3 is one of b and c.",
)
def quiz_lists(answers):
    return judge_choices(
        answers,
        q1={
            "a": "A's lists may be shorter, and chance alone higher.",
            "b": "Right: NDCG depends on the lists as much as on the model, and so does chance.",
            "c": "B's lists may be longer, but that alone does not make B better.",
        },
        q2={
            "a": "Right: the order in a list can be read off; the stars also take the total.",
            "b": "A list loss is hurt although its lists are padded, and the mask leaves it out.",
            "c": "All rows of a list are of one user, so that cannot favour any of them.",
        },
        q3={
            "a": "An interval that holds zero does not show that A is better, however likely.",
            "b": "That nothing is shown is no proof that nothing is there.",
            "c": "Right: and it says how large a difference could still be, here 0.003.",
        },
    )
