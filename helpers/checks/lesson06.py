"""Checks of lesson 6, Rank, don't rate."""

import numpy as np

from helpers.checks import exercise, judge_choices, mistake


def _number(answer):
    if answer is None:
        mistake("Your function returns nothing: add `return`.")
    if np.size(answer) != 1:
        mistake(f"One number was asked for; yours has shape {np.shape(answer)}.")
    value = float(np.squeeze(answer))
    if not np.isfinite(value):
        mistake(f"Your function returns {value}.")
    return value


def _is_near(value, expected):
    return abs(value - expected) < 1e-4


@exercise(
    "Each place adds (2 ** stars - 1) / log2(place + 1), with places from 1.",
    "`np.log2(np.arange(2, len(top) + 2))` are the discounts of the places of `top`, which is "
    "the first k of the list.",
    "`top = np.asarray(ordered_stars)[:k]`, then "
    "`return np.sum((2.0**top - 1) / np.log2(np.arange(2, len(top) + 2)))`.",
)
def dcg(function):
    if not callable(function):
        mistake("A function was asked for.")
    given = np.array([3, 5, 1])
    value = _number(function(given))
    if given.tolist() != [3, 5, 1]:
        mistake("Your function changes the list that it is given: work on a copy.")
    gains, places = 2.0**given - 1, np.arange(1, 4)
    named = (
        (np.sum(given / np.log2(places + 1)), "The gain is 2 ** stars - 1, not the stars."),
        (np.sum(2.0**given / np.log2(places + 1)), "The gain is 2 ** stars *minus 1*."),
        (np.sum(gains), "The discount is missing: every place counts the same."),
        (np.sum(gains / places), "The discount is log2(place + 1), not the place itself."),
        (np.sum(gains / np.log(places + 1)), "The discount is log2, not the natural logarithm."),
        (np.sum(gains / np.log2(places + 2)), "Places are counted from 1: the first has log2(2)."),
        (np.sum(np.sort(gains)[::-1] / np.log2(places + 1)), "Keep the order of the list."),
    )
    for wrong, message in named:
        if _is_near(value, wrong):
            mistake(message)
    if not _is_near(value, np.sum(gains / np.log2(places + 1))):
        mistake(f"3, 5 and 1 stars, in this order, make 27.06; yours is {value:.2f}.")
    long = np.array([1, 2, 3, 4, 5, 5, 4, 3, 2, 1, 5, 5])
    if _is_near(_number(function(long)), _dcg(long, 12)):
        mistake("Places after the tenth count too: stop after k.")
    if not _is_near(_number(function(long, k=2)), _dcg(long, 2)):
        mistake("With k=2, only the first two places count: use `k`.")
    return "5 stars gain 31 and 1 star gains 1: what is at the top decides."


def _dcg(stars, k):
    top = np.asarray(stars, float)[:k]
    return np.sum((2.0**top - 1) / np.log2(np.arange(2, len(top) + 2)))


@exercise(
    "Divide the DCG of the list in the order of the scores by the DCG of the best order.",
    "`order = np.argsort(-scores)` is the order of the scores, the highest first; the best order "
    "is by stars, the most first.",
    "`return dcg(stars[np.argsort(-scores)], k) / dcg(np.sort(stars)[::-1], k)`.",
)
def ndcg_of(function):
    if not callable(function):
        mistake("A function was asked for.")
    stars, scores = np.array([3.0, 5.0, 1.0, 4.0]), np.array([0.1, -2.0, 0.7, 0.3])
    given = stars.copy(), scores.copy()
    value = _number(function(stars, scores))
    if not (np.array_equal(stars, given[0]) and np.array_equal(scores, given[1])):
        mistake("Your function changes what it is given: work on copies.")
    ordered, best = stars[np.argsort(-scores)], np.sort(stars)[::-1]
    named = (
        (_dcg(ordered, 10), "This is the DCG: divide it by the best possible."),
        (
            _dcg(ordered[::-1], 10) / _dcg(best, 10),
            "The lowest score comes first: sort by -scores.",
        ),
        (_dcg(ordered, 10) / _dcg(best[::-1], 10), "You divide by the worst order, not the best."),
        (_dcg(stars, 10) / _dcg(best, 10), "The scores are not used: sort the stars by them."),
        (_dcg(best, 10) / _dcg(ordered, 10), "Turn the quotient round: NDCG is never above 1."),
        (_dcg(ordered, 10) / _dcg(scores[np.argsort(-scores)], 10), "The best order is by stars."),
    )
    for wrong, message in named:
        if _is_near(value, wrong):
            mistake(message)
    if not _is_near(value, _dcg(ordered, 10) / _dcg(best, 10)):
        mistake(
            f"NDCG of this list is {_dcg(ordered, 10) / _dcg(best, 10):.3f}; yours is {value:.3f}."
        )
    if not _is_near(_number(function(stars, stars * 2)), 1.0):
        mistake("A perfect order has NDCG 1.")
    at_two = _dcg(ordered, 2) / _dcg(best, 2)
    if _is_near(
        _number(function(stars, scores, k=2)), _dcg(ordered, 2) / _dcg(sorted(ordered[:2])[::-1], 2)
    ):
        mistake("The best order is that of all movies, not only of the k that are shown.")
    if not _is_near(_number(function(stars, scores, k=2)), at_two):
        mistake("With k=2, both DCGs stop after two places: pass `k` on to both.")
    return "1 is the best order of these very movies, whatever stars they have."


@exercise(
    "Sort by score first, then look for the first movie with enough stars.",
    "`np.flatnonzero(stars[order] >= loved)` gives the places of loved movies, from 0.",
    "`places = np.flatnonzero(stars[np.argsort(-scores)] >= loved) + 1`, then "
    "`return 1 / places[0] if len(places) else 0.0`.",
)
def reciprocal_rank(function):
    if not callable(function):
        mistake("A function was asked for.")
    stars, scores = np.array([5.0, 3.0, 5.0, 1.0, 4.0]), np.array([0.2, 0.9, -1.0, 0.6, 0.5])
    value = _number(function(stars, scores))  # in order: 3, 1, 4, 5, 5
    named = (
        (4.0, "This is the place: 1 divided by it was asked for."),
        (1 / 3, "Places are counted from 1, so the fourth place gives 1/4; or is 4 loved?"),
        (1.0, "The first movie of your order is loved: sort by the scores, the highest first."),
        (1 / 4 + 1 / 5, "Only the first loved movie counts."),
        ((1 / 4 + 1 / 5) / 2, "Only the first loved movie counts."),
        (1 / 5, "This is the last loved movie; the first counts."),
    )
    for wrong, message in named:
        if _is_near(value, wrong):
            mistake(message)
    if not _is_near(value, 1 / 4):
        mistake(f"The first movie with 5 stars is in place 4, so 1/4; yours is {value:.3f}.")
    if not _is_near(_number(function(stars, scores, loved=4)), 1 / 3):
        mistake("With loved=4, a movie with 4 stars counts: use `loved`.")
    if not _is_near(_number(function(np.array([5.0, 4.0]), np.array([2.0, 1.0]), loved=4)), 1.0):
        mistake("With loved=4, 5 stars count too: *at least* `loved` stars.")
    try:
        none = function(np.array([3.0, 1.0]), np.array([1.0, 2.0]))
    except (IndexError, ValueError, ZeroDivisionError):
        mistake("A list without a loved movie stops your function: return 0 for it.")
    if none is None or not _is_near(_number(none), 0.0):
        mistake("A list without a loved movie has 0.")
    if not _is_near(_number(function(np.array([5.0]), np.array([-3.0]))), 1.0):
        mistake("A list of one loved movie has 1.")
    return "MRR looks at one movie per list, NDCG at ten: they need not agree."


@exercise(
    "Drop the padding first, then sort.",
    "`real = mask.astype(bool)`; `stars[real]` and `scores[real]` have no padding.",
    "`return stars[real][np.argsort(-scores[real])]`.",
)
def stars_in_order(function):
    if not callable(function):
        mistake("A function was asked for.")
    stars, scores = np.array([4, 0, 5, 3, 0]), np.array([-2.0, 0.0, -1.0, 1.5, 0.0])
    mask = np.array([1, 0, 1, 1, 0])
    for given in (mask.astype(bool), mask):
        answer = function(stars, scores, given)
        if answer is None:
            mistake("Your function returns nothing: add `return`.")
        answer = np.ravel(answer).tolist()
        if len(answer) == 5 and answer[:3] == [3, 5, 4]:
            mistake(
                "The order is right, but the padding is still there: return the real stars only."
            )
        if answer == [3, 0, 0, 5, 4]:
            mistake("The padding ranks before the movies whose scores are below 0.")
        if answer == [3, 5]:
            mistake("A movie is lost: its score is below 0 like others', but it is real.")
        if answer == [4, 5, 3]:
            mistake("The lowest score comes first, or the scores are not used at all.")
        if len(answer) != 3:
            mistake(f"3 movies are real; you return {len(answer)} stars: {answer}.")
        if sorted(answer) != [3, 4, 5]:
            mistake(f"The real stars are 4, 5 and 3; you return {answer}.")
        if answer != [3, 5, 4]:
            mistake(f"By descending score the stars are 3, 5, 4; yours are {answer}.")
    zero = function(np.array([0, 2, 1]), np.array([5.0, 1.0, 2.0]), np.array([False, True, True]))
    if list(np.ravel(zero)) != [1, 2]:
        mistake("Padding is where the mask is 0, whatever its score.")
    some = function(np.array([2, 0]), np.array([0.0, 9.0]), np.array([True, True]))
    if list(np.ravel(some)) != [0, 2]:
        mistake("A movie with 0 stars is real where the mask says so: use the mask, not the stars.")
    return "What is not there can no longer be ranked."


@exercise(
    "Most ratings are 3, 4 or 5, and a short list has all of them within ten places.",
    "In what order of six movies could NDCG be near 0?",
    "It is the highest of the three.",
)
def chance_level(answer):
    return judge_choices(
        {"chance_level": answer},
        chance_level={
            "a": "More: most lists are shorter than ten places, so all their movies count.",
            "b": "More: even at random, good movies are often near the top of so short a list.",
            "c": "Right: a number like 0.79 says nothing until you know that chance has it too.",
        },
    )


@exercise(
    "How many different titles are there in all lists together?",
    "`np.unique(tops)` looks at all lists at once.",
    "`return len(np.unique(tops)) / movies`.",
)
def coverage(function):
    if not callable(function):
        mistake("A function was asked for.")
    tops = np.array([[b"A", b"B", b"C"], [b"B", b"C", b"D"], [b"A", b"B", b"C"]])
    value = _number(function(tops, 40))
    named = (
        (4.0, "This is the number of different movies: divide it by all movies."),
        (9 / 40, "A movie that is in several lists counts once."),
        (3 / 40, "These are the movies of one list: look at all lists together."),
        (4 / 9, "Divide by the number of all movies, not of all places."),
    )
    for wrong, message in named:
        if _is_near(value, wrong):
            mistake(message)
    if _is_near(value, 10.0):
        mistake("This is a percentage: a share from 0 to 1 was asked for.")
    if not _is_near(value, 0.1):
        mistake(f"4 different movies of 40 make 0.1; yours is {value:.3f}.")
    return "Low coverage means that most of the catalogue is shown to none of these users."


@exercise(
    "q1: what else does NDCG depend on? q2: see the example with 5, 3 and 1. q3: over which "
    "movies is NDCG computed?",
    "q1: the chance level of A's lists may be higher. q2: total minus own rating. q3: test "
    "ratings only.",
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
            "a": "Right: the total is the same for all, so the order of the list can be read off.",
            "b": "It gets noisier, if anything, by leaving more out.",
            "c": "All rows of a list are of one user, so that cannot favour any of them.",
        },
        q3={
            "a": "NDCG says nothing about movies that the user has not rated.",
            "b": "NDCG does not look at those lists at all.",
            "c": "Right: no single number says what the lists are like.",
        },
    )
