"""Checks of lesson 8, Rank, don't rate."""

import functools
import math
import time

import numpy as np

from helpers.checks.engine.answers import as_number, as_numbers, needs_function
from helpers.checks.engine.exercise import exercise, judge_choices, mistake
from helpers.data import every_pair, take
from helpers.metrics import diversity, top_unseen


def _is_near(value, expected):
    return math.isfinite(expected) and abs(value - expected) < 1e-5


def _number(answer):
    """Return the one number that a function returned; an array of one would go on as an array."""
    value = as_number(answer)
    if np.ndim(answer):
        mistake(f"One number was asked for; your function returns the shape {np.shape(answer)}.")
    return value


def _judge_numbers(values, cases, right, variants):
    """Name the mistake if the values are not those of `right`.

    Args:
        values: the learner's number for each case.
        cases: what the learner's function was called with.
        right: function that gives the right number.
        variants: pairs of a wrong function and what to say of one that gives its numbers in
            every case; the likeliest first.

    Returns:
        None if all are right, or else the number of the first case that is not.
    """
    numbers = [right(*case) for case in cases]
    if all(map(_is_near, values, numbers)):
        return None
    for variant, message in variants:
        with np.errstate(all="ignore"):
            if all(_is_near(value, variant(*case)) for value, case in zip(values, cases)):
                mistake(message)
    if any(values == [round(float(number), digits) for number in numbers] for digits in range(5)):
        mistake("Yours are rounded: keep the fraction.")
    return next(i for i, both in enumerate(zip(values, numbers)) if not _is_near(*both))


def _dcg(stars, k):
    top = np.asarray(stars, float)[:k]
    return np.sum((2.0**top - 1) / np.log2(np.arange(2, len(top) + 2)))


def _best(stars):
    return np.sort(stars)[::-1]


def _ndcg(stars, scores, mask, k=10):
    stars, scores = stars[mask], scores[mask]
    return _dcg(stars[np.argsort(-scores, kind="stable")], k) / _dcg(_best(stars), k)


def _ndcg_of_scores(change):
    return lambda stars, scores, mask, k=10: _ndcg(stars, change(scores), mask, k)


def _ndcg_of_two(value):
    """Return what becomes of the real movies' stars in order, the best order and k."""

    def function(stars, scores, mask, k=10):
        real = stars[mask]
        return value(real[np.argsort(-scores[mask])], _best(real), k)

    return function


def _ndcg_with_padding(cut):
    def function(stars, scores, mask, k=10):
        ordered = (stars * mask)[np.argsort(-scores, kind="stable")]
        return _dcg(ordered[: mask.sum()] if cut else ordered, k) / _dcg(_best(stars[mask]), k)

    return function


def _ndcg_of_the_first(stars, scores, mask, k=10):
    front = np.arange(len(mask)) < mask.sum()
    return _ndcg(stars, scores, front, k)


def _ndcg_of_places(stars, scores, mask, k=10):
    return _dcg(stars[np.argsort(-scores[mask])], k) / _dcg(_best(stars[mask]), k)


def _ndcg_of_ranks(stars, scores, mask, k=10):
    real = stars[mask]
    return _dcg(real[np.argsort(np.argsort(-scores[mask]))], k) / _dcg(_best(real), k)


def _dcg_of_stars(stars, k):
    return np.sum(stars[:k] / np.log2(np.arange(2, len(stars[:k]) + 2)))


def _dcg_from_two(stars, k):
    return np.sum((2.0 ** stars[:k] - 1) / np.log2(np.arange(3, len(stars[:k]) + 3)))


def _between(no_room):
    """Return what puts the worst order at 0; `no_room` where all orders are alike."""

    def function(ordered, best, k):
        floor = _dcg(best[::-1], k)
        room = _dcg(best, k) - floor
        return (_dcg(ordered, k) - floor) / room if room else no_room

    return function


def _ndcg_with_padding_at_the_lowest(stars, scores, mask, k=10):
    scores = np.where(mask, scores, scores[mask].min())
    order = np.argsort(-scores, kind="stable")
    return _dcg((stars * mask)[order], k) / _dcg(_best(stars[mask]), k)


def _ndcg_cut_before_the_mask(stars, scores, mask, k=10):
    first = np.argsort(-scores, kind="stable")[:k]
    return _dcg(stars[first[mask[first]]], k) / _dcg(_best(stars[mask]), k)


NDCG_MISTAKES = (
    (_ndcg_with_padding(False), "The padding ranks before movies whose scores are below 0."),
    (
        _ndcg_with_padding(True),
        "The padding ranks before movies whose scores are below 0, and these fall off the end.",
    ),
    (
        _ndcg_cut_before_the_mask,
        "Padding takes ranks up to k in yours before it is left out: leave it out first.",
    ),
    (
        _ndcg_with_padding_at_the_lowest,
        "Padding ties with the lowest of the real movies in yours, and may come before it.",
    ),
    (_ndcg_of_the_first, "The padding need not come last: go by the mask, not by how many."),
    (
        _ndcg_of_two(lambda o, b, k: _dcg(o, k) / _dcg(_best(o[:k]), k)),
        "The best order is that of all movies, not only of the k that are shown.",
    ),
    (
        lambda stars, scores, mask, k=10: _ndcg(stars, scores, scores != 0, k),
        "A movie whose score is 0 is real where the mask says so: go by the mask.",
    ),
    (_ndcg_of_two(lambda o, b, k: _dcg(o, k)), "This is the DCG: divide it by the best possible."),
    (
        _ndcg_of_two(lambda o, b, k: _dcg(b, k)),
        "This is the best DCG: divide the DCG of the scores' order by it.",
    ),
    (
        _ndcg_of_two(lambda o, b, k: _dcg(b, k) - _dcg(o, k)),
        "This is a difference: divide by the best DCG.",
    ),
    (
        _ndcg_of_two(lambda o, b, k: _dcg(o, k) - _dcg(b, k)),
        "This is a difference: divide by the best DCG.",
    ),
    (
        lambda *case: 1.0,
        "Yours is 1 for every list, also for those whose scores do not give the best order.",
    ),
    (
        _ndcg_of_two(lambda o, b, k: _dcg(o, k) / _dcg([5] * len(o), k)),
        "The best order is of these movies, not all 5s.",
    ),
    (
        _ndcg_of_two(lambda o, b, k: _dcg(o, k) / _dcg([5] * k, k)),
        "The best order is of these movies, not all 5s.",
    ),
    (
        _ndcg_of_two(lambda o, b, k: 100 * _dcg(o, k) / _dcg(b, k)),
        "This is a percentage: 1 is the perfect order.",
    ),
    (
        _ndcg_of_two(lambda o, b, k: _dcg(o, k) / len(o)),
        "Divide by the best possible DCG, not by the number of movies.",
    ),
    (
        _ndcg_of_two(lambda o, b, k: _dcg(o, k) / k),
        "Divide by the best possible DCG, not by k.",
    ),
    (
        _ndcg_of_two(lambda o, b, k: 1 - _dcg(o, k) / _dcg(b, k)),
        "This is what is missing to the best: 1 - NDCG.",
    ),
    *(
        (
            _ndcg_of_two(_between(no_room)),
            "Yours is 0 for the worst order: NDCG divides by the best DCG and subtracts nothing.",
        )
        for no_room in (0.0, 1.0)
    ),
    (
        _ndcg_of_two(lambda o, b, k: _dcg_of_stars(o, k) / _dcg_of_stars(b, k)),
        "Your gain is the stars themselves: it is 2 ** stars - 1, as in `dcg`.",
    ),
    (
        _ndcg_of_two(lambda o, b, k: _dcg_from_two(o, k) / _dcg_from_two(b, k)),
        "Your discounts begin with log2(3): rank 1 has log2(2), as in `dcg`.",
    ),
    (_ndcg_of_ranks, "One argsort gives the order; a second one gives ranks, something else."),
    (
        _ndcg_of_places,
        "Numbers among the real movies are looked up in all stars: use the real stars.",
    ),
    (
        _ndcg_of_two(lambda o, b, k: _dcg(o[::-1], k) / _dcg(b, k)),
        "The lowest score comes first: sort by -scores.",
    ),
    (
        _ndcg_of_two(lambda o, b, k: _dcg(o, k) / _dcg(b[::-1], k)),
        "You divide by the worst order, not the best.",
    ),
    (
        lambda stars, scores, mask, k=10: _dcg(stars[mask], k) / _dcg(_best(stars[mask]), k),
        "The movies stay in the order in which they come: sort their stars by the scores.",
    ),
    (
        _ndcg_of_two(lambda o, b, k: _dcg(b, k) / _dcg(o, k)),
        "Turn the quotient round: NDCG is never above 1.",
    ),
    (
        lambda stars, scores, mask, k=10: (
            _dcg(_best(scores[mask]), k) / _dcg(_best(stars[mask]), k)
        ),
        "These are gains of the scores: put the stars in the order of the scores.",
    ),
    (
        lambda stars, scores, mask, k=10: (
            _dcg(stars[mask][np.argsort(-scores[mask])], k) / _dcg(_best(scores[mask]), k)
        ),
        "The best order is by stars.",
    ),
    (
        _ndcg_of_scores(lambda scores: np.clip(scores, 1, 5)),
        "The scores are clipped to 1 to 5: they need not be in stars, and those beyond tie.",
    ),
    (
        _ndcg_of_scores(lambda scores: np.asarray(scores).astype(int)),
        "The scores lose their fraction: those that differ by less tie.",
    ),
    (
        _ndcg_of_scores(np.round),
        "The scores are rounded: those that differ by less tie.",
    ),
    (
        _ndcg_of_scores(lambda scores: np.round(scores, 1)),
        "The scores are rounded: those that differ by less tie.",
    ),
    (_ndcg_of_scores(np.abs), "The scores lose their sign: one below 0 is lower than 0."),
    (
        lambda stars, scores, mask, k=10: _ndcg(stars, scores, mask, 10),
        "With k=2, both DCGs stop after rank 2: pass `k` on to both.",
    ),
    (
        lambda stars, scores, mask, k=10: _ndcg(stars, scores, mask, 99),
        "Both DCGs stop after rank k: pass `k` on to both.",
    ),
    (
        _ndcg_of_two(lambda o, b, k: _dcg(o, k) / _dcg(b, 10)),
        "With k=2, the best DCG stops after rank 2 too: pass `k` on to both.",
    ),
    (
        _ndcg_of_two(lambda o, b, k: _dcg(o, 10) / _dcg(b, k)),
        "With k=2, the DCG of the list stops after rank 2 too: pass `k` on to both.",
    ),
    (
        _ndcg_of_two(lambda o, b, k: _dcg(o, k) / _dcg(b, 99)),
        "The best DCG stops after rank k too: pass `k` on to both.",
    ),
    (
        _ndcg_of_two(lambda o, b, k: _dcg(o, 99) / _dcg(b, k)),
        "The DCG of the list stops after rank k too: pass `k` on to both.",
    ),
    (
        _ndcg_of_two(lambda o, b, k: _dcg(o, k - 1) / _dcg(b, k - 1)),
        "Rank k counts too: yours stops one rank before it.",
    ),
    (
        _ndcg_of_two(lambda o, b, k: _dcg(o, 1) / _dcg(b, 1)),
        "Only rank 1 counts in yours: all ranks up to k do.",
    ),
    (
        _ndcg_of_two(lambda o, b, k: np.mean([_dcg(o, j) / _dcg(b, j) for j in range(1, k + 1)])),
        "This is a mean over several k: only the `k` that is given counts.",
    ),
)


FAR, CLOSE = (4, 5, 6), 8  # the numbers of these cases


def _ndcg_cases():
    """Return lists with padding anywhere, and scores in stars, far from them or close together."""
    stars, scores = np.array([3, 0, 5, 1, 0, 4]), np.array([0.11, 0.0, -2.0, 0.3, 0.0, 0.14])
    mask = np.array([True, False, True, True, False, True])
    cases = [(stars, scores, mask), (stars, scores, mask, 2)]
    cases.append((np.array([2.0]), np.array([-3.0]), np.array([True])))
    cases.append((np.array([1.0, 4.0, 2.0]), np.array([2.0, 0.0, 1.0]), np.ones(3, bool)))
    rng = np.random.default_rng(7)
    for size, far, step in ((4, 30, 1.0), (13, 8_000, 1.0), (30, 1e15, 1e13)):
        stars = rng.integers(1, 6, size).astype(float)
        scores = rng.permutation(size) * step - far  # whole numbers, far below zero
        mask = rng.random(size) < 0.7
        mask[:2] = True, False
        cases.append((stars * mask, np.where(mask, scores, 0), mask))
    cases.append((rng.integers(1, 6, 9).astype(float), rng.permutation(9) + 2.5, np.ones(9, bool)))
    stars, scores = rng.integers(1, 6, 12).astype(float), rng.permutation(12) * 1e-6
    cases.append((stars, scores, np.ones(12, bool)))
    mask = np.arange(12) % 3 > 0  # the padding has scores too
    cases.append((stars * mask, np.round(rng.normal(3, 1, 12), 2), mask))
    return cases


def _judge_ties(function):
    """Refuse an order of equal scores that looks at the stars; their mean is none."""
    ties, all_real = [], np.ones(6, bool)
    for seed in range(6):
        stars = np.random.default_rng(seed).permutation([1.0, 2.0, 3.0, 4.0, 5.0, 5.0])
        ties.append(_number(function(stars, np.full(6, 0.5), all_real)))
    if np.ptp(ties) > 1e-5 or _is_near(ties[0], _chance_with()(stars)):
        return
    if _is_near(ties[0], 1):
        mistake("Equal scores come with the best movie first in yours: do not look at the stars.")
    if _is_near(ties[0], _one_order(np.sort)(stars)):
        mistake("Equal scores come in an order of the stars, the worst first: do not look at them.")
    mistake(
        f"Six movies with equal scores have {ties[0]:.3f} in yours, in whatever order they come: "
        "take one order, which does not look at the stars, or the mean over all."
    )


@exercise(
    "Take the three lists by hand: which order does `wrong_ndcg` make of each, and what does it "
    "divide by?",
    "Where does padding with the score 0 rank among scores below 0? Which movies may stand in the "
    "best order? And what does `sorted` go by where two scores are equal?",
    "Keep the real movies alone, by the mask. Sort their stars by the scores alone, as the cell "
    "of the two models does, and divide by the DCG of the best order of all of them; `dcg` cuts "
    "both at k.",
)
def ndcg_of(function):
    needs_function(function)
    cases = _ndcg_cases()
    values = []
    for case in cases:
        given = [each.copy() for each in case[:3]]
        values.append(_number(function(*case)))
        if not all(map(np.array_equal, case, given)):
            mistake("Your function changes what it is given: work on copies.")
    wrong = _judge_numbers(values, cases, _ndcg, NDCG_MISTAKES)
    if wrong is not None:
        right = [_is_near(value, _ndcg(*case)) for value, case in zip(values, cases)]
        if right[CLOSE - 1] and not right[CLOSE]:
            mistake(
                "Scores that are 0.000001 apart come in another order in yours: only their order "
                "counts, however near they are."
            )
        stars, scores, mask, *k = cases[wrong]
        if len(stars) == 1:
            mistake("A list of a single movie is in its best order: 1.")
        numbers = f"NDCG is {_ndcg(*cases[wrong]):.3f}; yours is {values[wrong]:.3f}."
        if wrong in FAR:
            mistake(
                f"{mask.sum()} movies with scores far below 0 (the highest has "
                f"{scores[mask].max():,.0f}), among {(~mask).sum()} rows of padding: {numbers}"
            )
        at_k = f" and k={k[0]}" if k else ""
        alone = function(stars[mask], scores[mask], mask[mask], *k)
        blame = (
            " Without the padding, yours is right." if _is_near(alone, _ndcg(*cases[wrong])) else ""
        )
        mistake(
            f"With the stars {stars.tolist()}, the scores {scores.tolist()}, the mask "
            f"{mask.tolist()}{at_k}, {numbers}{blame}"
        )
    stars, scores, mask = cases[-1]
    held = np.where(mask, stars, 5.0)
    if not _is_near(_number(function(held, scores, mask)), _ndcg(held, scores, mask)):
        mistake(
            "Where padding holds stars, they count in yours, in the list or in the best order: "
            "only the mask says what is real."
        )
    _judge_ties(function)
    return "1 is the best order of these very movies, whatever stars they have, and no padding."


def _chance_with(gain=lambda gains, k: gains.mean(), ranks=min, best=_dcg):
    """Return a `chance_ndcg`, perhaps with one thing changed."""

    def function(stars, k=10):
        discounts = 1 / np.log2(np.arange(2, ranks(k, len(stars)) + 2))
        return gain(2.0**stars - 1, k) * discounts.sum() / best(_best(stars), k)

    return function


def _chance_of(gain):
    """Return a `chance_ndcg` with another gain of the stars."""

    def function(stars, k=10):
        discounts = 1 / np.log2(np.arange(2, min(k, len(stars)) + 2))
        return gain(stars) * discounts.sum() / _dcg(_best(stars), k)

    return function


def _chance_of_two(value):
    def function(stars, k=10):
        best = _dcg(_best(stars), k)
        return value(_chance_with()(stars, k) * best, best, stars, k)

    return function


def _discounts(stars, k, first=2):
    """Return the sum of 1 / log2 from `first` on, for each rank that counts."""
    return np.sum(1 / np.log2(np.arange(first, min(k, len(stars)) + first)))


def _one_order(order):
    return lambda stars, k=10: _dcg(order(stars), k) / _dcg(_best(stars), k)


CHANCE_MISTAKES = (
    (
        _chance_with(ranks=lambda k, n: k),
        "A list may be shorter than k and has no more ranks than movies: `min(k, len(stars))`.",
    ),
    (_chance_with(ranks=lambda k, n: n), "With k=3, three ranks count in the mean DCG too."),
    *(
        (
            lambda stars, k=10, ranks=ranks: _chance_with()(stars, ranks or len(stars)),
            "With k=3, three ranks count, in both DCGs: use `k`.",
        )
        for ranks in (10, None)
    ),
    (_chance_with(best=lambda s, k: _dcg(s, 10)), "The best DCG stops at k too."),
    (_chance_with(best=lambda s, k: _dcg(s, len(s))), "The best DCG stops at k too."),
    (
        _chance_with(gain=lambda gains, k: gains[:k].mean()),
        "The mean gain is that of the first k movies: any movie may come to rank 1.",
    ),
    (
        _chance_with(gain=lambda gains, k: np.sort(gains)[::-1][:k].mean()),
        "The mean gain is that of the k best movies: any movie may come to rank 1.",
    ),
    (
        _chance_with(gain=lambda gains, k: np.sort(gains)[::-1][:k].sum() / len(gains)),
        "Only the k best movies gain anything in yours: any movie may come to rank 1.",
    ),
    (
        _chance_of_two(lambda mean, best, stars, k: mean),
        "This is the mean DCG: divide it by the best possible.",
    ),
    (
        lambda stars, k=10: np.mean(2.0**stars - 1),
        "This is the mean gain: discount it at each rank, and divide by the best.",
    ),
    (
        _chance_of_two(lambda mean, best, stars, k: mean / best / min(k, len(stars))),
        "Sum the discounts: DCG is no mean.",
    ),
    (
        _chance_with(gain=lambda gains, k: gains.sum()),
        "A rank holds one movie: its mean gain.",
    ),
    (
        _chance_of(lambda stars: 2.0 ** stars.mean() - 1),
        "The mean gain is not the gain of the mean stars.",
    ),
    (
        _chance_of(lambda stars: 2.0 ** np.median(stars) - 1),
        "The mean gain is not the gain of the median.",
    ),
    (
        _chance_with(gain=lambda gains, k: np.median(gains)),
        "A mean over all orders needs the mean gain, not the median.",
    ),
    (
        _chance_of(lambda stars: np.mean(2.0 ** np.unique(stars) - 1)),
        "Stars that come twice count twice in the mean gain.",
    ),
    (_chance_of(np.mean), "The gain is 2 ** stars - 1, not the stars."),
    (_chance_of(lambda stars: np.mean(2.0**stars)), "The gain is 2 ** stars *minus 1*."),
    (
        _chance_of_two(
            lambda mean, best, stars, k: np.mean(2.0**stars - 1) * min(k, len(stars)) / best
        ),
        "The discount is missing in the mean DCG.",
    ),
    (
        _chance_of_two(lambda mean, best, stars, k: mean / _dcg(np.sort(stars), k)),
        "You divide by the DCG of the worst order: the best one has the most stars first.",
    ),
    (
        _chance_with(gain=lambda gains, k: gains.sum() / min(k, len(gains))),
        "A rank up to k holds the mean gain of *all* movies: divide by how many they are, not by "
        "how many ranks count.",
    ),
    (
        _chance_with(gain=lambda gains, k: gains.sum() / k),
        "The mean gain is that of the movies that there are: divide by their number, not by k.",
    ),
    (
        _chance_of_two(
            lambda mean, best, stars, k: np.mean(2.0**stars - 1) * _discounts(stars, k, 3) / best
        ),
        "Your discounts begin with log2(3): rank 1 has log2(2), as in `dcg`.",
    ),
    (
        _chance_of_two(
            lambda mean, best, stars, k: np.mean(2.0**stars - 1) * _discounts(stars, k - 1) / best
        ),
        "Rank k counts too: yours stops one rank before it.",
    ),
    (
        _chance_with(ranks=lambda k, n: min(k, n) - 1),
        "The last rank counts too: yours stops one before it.",
    ),
    (
        _chance_of(lambda stars: np.mean(2.0 ** stars[stars > 1] - 1)),
        "A movie with 1 star counts in the mean gain too.",
    ),
    (
        _one_order(lambda stars: stars),
        "This is the NDCG of one order, in which the stars come.",
    ),
    (_one_order(np.sort), "This is the floor, the NDCG of the worst order."),
    (
        lambda stars, k=10: (_one_order(np.sort)(stars, k) + 1) / 2,
        "Halfway from worst to best is not the mean over all orders.",
    ),
    (
        _chance_of_two(lambda mean, best, stars, k: mean / _dcg(stars, k)),
        "You divide by the DCG of the stars as they come: the best order has them sorted.",
    ),
    (
        _chance_of_two(lambda mean, best, stars, k: mean / np.mean(2.0**stars - 1)),
        "Divide by the DCG of the best order.",
    ),
    (
        _chance_of_two(lambda mean, best, stars, k: best / mean),
        "Turn the quotient round: NDCG is never above 1.",
    ),
    (
        _chance_of_two(lambda mean, best, stars, k: 100 * mean / best),
        "This is a percentage: a number from 0 to 1 was asked for.",
    ),
    (
        _chance_of_two(lambda mean, best, stars, k: 1 - mean / best),
        "This is what chance lacks to the best order.",
    ),
)


@exercise(
    "On average over all orders, each rank holds the same gain. Which?",
    "That gain times the sum of the discounts is the mean DCG. How many ranks does a list have "
    "that is shorter than k?",
    "The mean of the gains of all movies, times the sum of the discounts of the ranks from 1 to k, "
    "or to the last movie where there are fewer; divided by the DCG@k of the best order.",
)
def chance_ndcg(function):
    needs_function(function)
    stars = np.array([4.0, 1.0, 5.0, 1.0])
    given = stars.copy()
    values = [_number(function(stars))]
    if not np.array_equal(stars, given):
        mistake("Your function changes the stars: work on a copy.")
    eight = np.array([1.0, 5.0, 2.0, 2.0, 4.0, 3.0, 5.0, 1.0])
    start = time.thread_time()
    values.append(_number(function(eight, k=3)))
    if time.thread_time() - start > 0.15:  # a right answer takes less than a thousandth
        mistake(
            "Eight movies took your function long: it goes through their 40,320 orders, or draws. "
            "A list of 20 has more orders than any computer goes through."
        )
    cases = [(stars,), (eight, 3), (np.random.default_rng(3).integers(1, 6, 25),)]
    cases.append((np.array([3.0]),))
    values += [_number(function(*case)) for case in cases[2:]]
    right = _chance_with()
    wrong = _judge_numbers(values, cases, right, CHANCE_MISTAKES)
    if wrong is not None:
        case, value, number = cases[wrong], values[wrong], right(*cases[wrong])
        near = " Near: do you draw?" if abs(value - number) < 0.03 else ""
        near = " NDCG is never above 1." if value > 1 else near
        at_k = f" at k={case[1]}" if len(case) > 1 else ""
        mistake(
            f"The stars {', '.join(f'{each:g}' for each in case[0])} have {number:.6f}{at_k}; "
            f"yours is {value:.6f}.{near}"
        )
    return "An exact mean needs no draws, and so no seed."


@exercise(
    "RMSE looks at the stars, rating by rating; NDCG and MRR at the order of one user's movies.",
    "A prediction of the biases is a sum of three: which of them do two movies of one user share? "
    "What do rounded or clipped predictions have that the biases have not? And which users have "
    "lists?",
    "What is the same for all movies of a user leaves their order. Where scores are equal, a new "
    "order is drawn. Users with a single rating count in RMSE, but have no list.",
)
def what_changes(answers):
    return judge_choices(
        answers,
        user_1={
            "a": "Right: the user's bias is the same for all movies, so the biases put them in "
            "one order for everybody.",
            "b": "User 1's stars are not those of others: what becomes of RMSE?",
            "c": "RMSE, yes. But in the sum of mean, user's bias and movie's bias, what do two "
            "movies of one user differ in?",
            "d": "User 1's bias is not that of others: are the stars still right?",
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
        clipped={
            "a": "Two movies of one user that are above 5 both are equal once they are clipped.",
            "b": "A prediction above 5 or below 1 is a star's fraction nearer once it is clipped.",
            "c": "Right: some predictions are beyond 1 to 5, and of one user's, some now tie.",
            "d": "Are the biases' sums all within 1 to 5? Look: `biases.min(), biases.max()`.",
        },
        two_ratings={
            "a": "Right: a user with a single rating is in RMSE, and has had no list before.",
            "b": "RMSE is over fewer ratings now. And whose lists were there before?",
            "c": "RMSE, yes. But which users had a list before?",
            "d": "The lists stay; but RMSE is over fewer ratings now.",
        },
    )


def _numbered(column):
    """Return each row's group, from 0, and the sizes of the groups."""
    _, number, sizes = np.unique(column, return_inverse=True, return_counts=True)
    return number, sizes


def _sums(errors, groups):
    number, sizes = _numbered(groups)
    return np.bincount(number, errors)[number], sizes[number]


def _told(errors, users, lists, empty=0.0):
    (total, count), (of_list, size) = _sums(errors, users), _sums(errors, lists)
    left = count - size
    return np.where(left > 0, (total - of_list) / np.maximum(left, 1), empty)


def _without_own(errors, groups):
    total, count = _sums(errors, groups)
    return (total - errors) / np.maximum(count - 1, 1)


def _row_by_row(tell):
    """Return a function that tells each row something of its user's rows outside its list."""

    def function(errors, users, lists):
        told = np.zeros(len(errors))
        for i in range(len(errors)):
            others = (users == users[i]) & (lists != lists[i])
            told[i] = tell(errors[others], lists[others]) if others.any() else 0
        return told

    return function


def _mean_of_list_means(errors, lists):
    return np.mean([errors[lists == each].mean() for each in np.unique(lists)])


def _means_of_neighbours(errors, users, lists):
    runs = np.cumsum(np.r_[0, (users[1:] != users[:-1]) | (lists[1:] != lists[:-1])])
    return _told(errors, users, runs)


def _of_one_side(side):
    """Return a function that tells a row its user's lists with lower (-1) or higher numbers."""

    def function(errors, users, lists):
        told = np.zeros(len(errors))
        for i in range(len(errors)):
            others = (users == users[i]) & (np.sign(lists - lists[i]) == side)
            told[i] = errors[others].mean() if others.any() else 0
        return told

    return function


def _other_users(errors, users, lists):
    total, count = _sums(errors, users)
    return (errors.sum() - total) / (len(errors) - count)


def _outside_of_all(errors, users, lists):
    total, size = _sums(errors, lists)
    return (errors.sum() - total) / (len(errors) - size)


def _ratio(denominator):
    def function(errors, users, lists):
        (total, count), (of_list, size) = _sums(errors, users), _sums(errors, lists)
        return (total - of_list) / denominator(count, size)

    return function


MEANS_MISTAKES = (
    (
        lambda e, u, ls: _without_own(e, u),
        "Only the row's own rating is left out: two rows of one list are told different things, "
        "and the higher the own rating, the lower the mean.",
    ),
    (
        lambda e, u, ls: np.divide(*_sums(e, u)),
        "This is the mean of all that the user rated: each row's own rating is in it.",
    ),
    (
        lambda e, u, ls: np.divide(*_sums(e, ls)),
        "This is the mean of the row's own list: each row's own rating is in it.",
    ),
    (
        lambda e, u, ls: _without_own(e, ls),
        "This is the mean of the others in the row's list: the order can be read off it.",
    ),
    (
        _row_by_row(_mean_of_list_means),
        "Each list's mean counts once in yours; each *rating* should, so longer lists count more.",
    ),
    (_row_by_row(lambda e, ls: np.median(e)), "This is a median: a mean was asked for."),
    (_row_by_row(lambda e, ls: np.sum(e)), "This is the sum: divide by how many are left."),
    (
        _row_by_row(lambda e, ls: e[ls == ls.min()].mean()),
        "One of the user's other lists is told alone: all that is left counts.",
    ),
    (
        _row_by_row(lambda e, ls: e[ls == ls.max()].mean()),
        "One of the user's other lists is told alone: all that is left counts.",
    ),
    (
        _ratio(lambda count, size: count),
        "The list is left out of the sum, but not of the count that it is divided by.",
    ),
    (
        _ratio(lambda count, size: np.maximum(count - 1, 1)),
        "The whole list is left out of the sum, but only one rating of the count.",
    ),
    (
        _ratio(lambda count, size: np.maximum(count - size, 0) + 1),
        "One too many in what you divide by: count the ratings that are left.",
    ),
    (_means_of_neighbours, "The rows of a list need not stand together: go by its number."),
    (_other_users, "These are other users' ratings: tell a row of its own user."),
    (_outside_of_all, "Other users' ratings are in it: tell a row of its own user."),
    (
        lambda e, u, ls: np.divide(*_sums(e, u)) - np.divide(*_sums(e, ls)),
        "This is one mean minus another: the list's ratings are still in the first.",
    ),
    (
        _row_by_row(lambda e, ls: np.unique(e).mean()),
        "Errors that are equal count once in yours: each rating counts.",
    ),
    (lambda e, u, ls: -_told(e, u, ls), "The sign is turned round: take the list from the sum."),
    (lambda e, u, ls: np.trunc(_told(e, u, ls)), "Yours lose their fraction: keep it."),
    *(
        (
            tell,
            "Only lists with lower numbers, or with higher, are told: all that is left counts.",
        )
        for tell in (_of_one_side(-1), _of_one_side(1))
    ),
    (
        lambda e, u, ls: np.zeros(len(e)),
        "All rows are told 0, whatever their user rated: tell them what may be told.",
    ),
)


def _user_rows():
    """Return errors, users and lists: rows in no order, lists of all sizes, large numbers."""
    rng = np.random.default_rng(5)
    sizes = {b"9": (3, 1, 6), b"10": (2, 5), b"100": (4,), b"7": (1,), b"88": (1, 1), b"1": (7, 2)}
    users = np.concatenate([np.repeat(user, sum(each)) for user, each in sizes.items()])
    number = np.repeat(np.arange(11), [size for each in sizes.values() for size in each])
    lists = (rng.permutation(11) * 10**14 + 7)[number]
    order = rng.permutation(len(users))
    errors = np.round(rng.normal(size=len(users)), 1)  # so that some are equal
    errors += np.where(users == b"9", 1.5, 0)
    return errors[order], users[order], lists[order]


@exercise(
    "Which ratings of a user may none of the rows of one list be told, so that all of them are "
    "told the same?",
    "A sum over a user's rows minus a sum over a list's rows is the sum over what is left. "
    "`np.unique(…, return_inverse=True)` and `np.bincount(number, errors)` make both, as in the "
    "cells above.",
    "For each row, take the sum of the errors of its user, minus that of its list; do the same "
    "with the numbers of ratings, and divide. Where no rating is left, the row gets 0.",
)
def means_of_others(function):
    needs_function(function)
    rows = _user_rows()
    told = _told_by(function, rows)
    right = _told(*rows)
    if not _same(told, right):
        _name_means(function, rows, told, right)
    return "Within one list, all rows are now told the same, and none is told its own rating."


def _name_means(function, rows, told, right):
    """Say what is wrong with what the learner's function tells the rows."""
    errors, users, lists = rows
    for variant, message in MEANS_MISTAKES:
        with np.errstate(all="ignore"):
            if _same(told, variant(*rows)):
                mistake(message)
    for digits in range(5):
        if _same(told, told.round(digits)) and np.abs(told - right).max() < 0.51 * 10.0**-digits:
            mistake("Yours are rounded: keep the fraction.")
    empty = np.isin(users, (b"100", b"7"))  # users with a single list
    if not np.isfinite(told[~empty]).all():
        mistake(f"Yours tells some rows {told[~empty][~np.isfinite(told[~empty])][0]}.")
    if any(np.ptp(told[lists == each]) > 1e-5 for each in np.unique(lists[~empty])):
        mistake("Two rows of one list are told different things in yours: an order can be read.")
    for i in np.flatnonzero(~empty):
        other = errors.copy()
        other[i] += 1
        if not np.isclose(_told_by(function, (other, users, lists))[i], told[i], atol=1e-5):
            mistake("A row's own rating is within what it is told: raise it, and that changes.")
    if not _same(told[empty], 0):
        i = int(np.flatnonzero(empty & ~np.isclose(told, 0))[0])
        mistake(
            f"User {users[i].decode()} has one list alone, so nothing is left: 0 was asked for; "
            f"yours is {told[i]:.3g}."
        )
    i = int(np.flatnonzero(~np.isclose(told, right, atol=1e-5))[0])
    others = errors[(users == users[i]) & (lists != lists[i])]
    if (np.abs(told) <= np.abs(right) + 1e-9).all() and (told * right >= 0).all():
        mistake(
            f"A row whose user has the errors {_listed(others)} outside its list should be told "
            f"their mean, {right[i]:.4f}; yours is nearer to 0, {told[i]:.4f}: do you divide by "
            "more than there are?"
        )
    mistake(
        f"A row whose user has the errors {_listed(others)} outside "
        f"its list should be told {right[i]:.4f}; yours is {told[i]:.4f}."
    )


def _listed(errors):
    return ", ".join(f"{each:.2f}" for each in errors)


def _same(told, right):
    return np.allclose(told, right, atol=1e-5)


def _told_by(function, rows):
    given = [each.copy() for each in rows]
    try:
        with np.errstate(all="ignore"):
            told = as_numbers(function(*rows))
    except (MemoryError, ValueError) as error:
        if isinstance(error, MemoryError) or "too big" in str(error) or "too large" in str(error):
            mistake(
                "The numbers of lists may be large: number the lists from 0 first, with "
                "`np.unique(lists, return_inverse=True)`."
            )
        raise
    if not all(map(np.array_equal, rows, given)):
        mistake("Your function changes what it is given: work on copies.")
    if told.shape != rows[0].shape:
        mistake(f"One number for each row was asked for, {rows[0].shape}; yours is {told.shape}.")
    return told


class _Catalogue:
    """Stand for the data: 60 users of 900, and 500 movies of six genres, rated as often as there.

    A movie is recommended 1.2 times on average, as in the lesson, with 200 users and its movies.
    """

    def __init__(self):
        rng, movies, users = np.random.default_rng(8), 500, 900
        self.titles = np.array([f"Movie {i:03} (1997)".encode() for i in rng.permutation(movies)])
        percents = (0, 10, 25, 50, 75, 85, 90, 95, 97, 99, 100)
        ratings = (1, 2, 6, 23, 66, 104, 136, 185, 223, 303, 462)  # of MovieLens 100K's movies
        counts = np.interp(np.linspace(0, 100, movies), percents, ratings).astype(int)
        genre, movie = np.arange(movies) % 6, np.repeat(np.arange(movies), counts)
        rated = np.concatenate([rng.choice(users, count, replace=False) for count in counts])
        order = rng.permutation(len(movie))
        of_user = {
            "user_id": np.array([str(i + 1).encode() for i in range(users)]),
            "age": rng.integers(2, 13, users) * 5,
            "gender": rng.integers(2, size=users),
            "user_occupation_text": rng.choice([b"artist", b"doctor", b"student"], users),
        }
        of_movie = {"movie_title": self.titles, "year": rng.integers(1980, 1999, movies)}
        self.genres = {"movie_title": self.titles, "genres": np.eye(6, dtype=int)[genre]}
        self.train = {name: values[rated][order] for name, values in of_user.items()}
        self.train |= {name: values[movie][order] for name, values in of_movie.items()}
        self.train["timestamp"] = rng.integers(10**9, size=len(movie))
        self.pairs = every_pair(self.train, np.unique(self.train["user_id"])[:60])
        is_theirs = np.isin(self.train["user_id"], self.pairs["user_id"])
        self.seen = take(self.train, is_theirs)  # by the users of the pairs
        self.ratings_of = dict(zip(*np.unique(self.train["movie_title"], return_counts=True)))
        genre_of = dict(zip(self.titles.tolist(), genre))
        _, user = np.unique(self.pairs["user_id"], return_inverse=True)
        titles = self.pairs["movie_title"].tolist()
        known = np.array([self.ratings_of[title] for title in titles])
        taste = np.array([genre_of[title] for title in titles]) == user % 6
        self.better = self.measured(np.minimum(known, 160) + 60 * taste)

    def measured(self, scores):
        """Return coverage, popularity and diversity of the lists that scores make."""
        tops = top_unseen(self.seen, self.pairs, scores)
        popularity = np.mean([self.ratings_of[title] for title in tops.ravel().tolist()])
        coverage = len(np.unique(tops)) / len(self.titles)
        return coverage, popularity, diversity(tops, self.genres)


@functools.cache
def _catalogue():
    return _Catalogue()


@exercise(
    "Deal the better model's lists to other users, at random: which of the three measures notices?",
    "None looks at who gets a list. So which lists cover much, are hardly popular, and mix "
    "genres, without a thought for anybody? And what becomes of coverage if all users get the same "
    "scores?",
    "Score each row by chance, whatever its user and its movie: `most_rated` shows what goes in "
    "and how many numbers come out, and a random generator makes that many.",
)
def my_scores(function):
    needs_function(function)
    catalogue = _catalogue()
    train, pairs = (
        {name: values.copy() for name, values in rows.items()}
        for rows in (catalogue.train, catalogue.pairs)
    )
    try:
        scores = as_numbers(function(train, pairs))
    except KeyError as error:
        if error.args and error.args[0] in ("user_rating", "genres"):
            mistake(
                f"It looks at `{error.args[0]}`, which the check's rows lack: nobody's taste, and "
                "no genre, should count."
            )
        raise
    count = len(catalogue.pairs["user_id"])
    if scores.shape != (count,):
        mistake(f"One score for each of {count:,} pairs was asked for; yours is {scores.shape}.")
    if not np.isfinite(scores).all():
        mistake("A score is infinite or not a number: it has no place in an order.")
    same = [np.array_equal(pairs.get(name), each) for name, each in catalogue.pairs.items()]
    if len(pairs) > len(same) or not all(same):
        mistake("Your function changes the pairs: work on copies.")
    (coverage, popularity, mixed), better = catalogue.measured(scores), catalogue.better
    if coverage <= better[0]:
        by_user = scores.reshape(len(np.unique(catalogue.pairs["user_id"])), -1)
        alike = ""
        if np.ptp(by_user, 0).max() == 0:
            alike = " All users have the same scores in yours."
        elif np.ptp(by_user, 1).max() == 0:
            alike = " All movies of a user have the same score in yours."
        mistake(
            f"Your lists cover {coverage:.0%} of the check's movies, those of a model that knows "
            f"users' tastes {better[0]:.0%}.{alike}"
        )
    if popularity >= better[1]:
        mistake(
            f"Your movies have {popularity:.1f} ratings on average, those of a model that knows "
            f"users' tastes {better[1]:.1f}: prefer what is rated often less."
        )
    if mixed <= better[2]:
        mistake(
            f"Of the pairs within your lists, {mixed:.0%} have no genre in common, with a model "
            f"that knows users' tastes {better[2]:.0%}."
        )
    return "So lists can look good by all three measures without a thought for any user."


@exercise(
    "q1: what does chance have on these very lists? q2: run it for both scores. q3: which movies "
    "does a pairwise loss compare?",
    "q1: `chance_ndcg` of each user's stars. q2: `mrr(validation, biases, relevant=4)`, and the "
    "same with `0 * biases`. q3: `np.argsort(-scores_of[name])[:1000]` are the rows; look at their "
    "`user_rating`.",
    "q1: of many 5s and 4s, any order is good. q2: most users have many movies with 4 stars. "
    "q3: add 10 to all scores of one user: what does each of the two losses say?",
)
def quiz_lists(answers):
    return judge_choices(
        answers,
        q1={
            "a": "A's stars are nearly all high, so any order is good: chance has 0.89 there.",
            "b": "Right: chance has 0.89 for A and 0.61 for B, so 0.84 is below it, 0.72 above.",
            "c": "For one of them, the value is below what chance has: run `chance_ndcg`.",
            "d": "For one of them, the value is above what chance has: run `chance_ndcg`.",
        },
        q2={
            "a": "The MRR rises, but that of a constant score does too. By how much?",
            "b": "Right: from 0.52 to 0.84, and from 0.38 to 0.72 with a constant score.",
            "c": "More movies are loved now, so the first of them cannot come later.",
            "d": "The order stays, but the first loved movie may be another one.",
        },
        q3={
            "a": "Their lists are equally good; but these rows are of many users in one order.",
            "b": "It is trained on the order of one user's movies, not of the rows of many users.",
            "c": "Right: 63%, as with the biases. Its loss compares the movies of one user, so "
            "between users its scores mean little.",
            "d": "Its scores are in no stars, but high ones still go with more stars: run it.",
        },
    )
