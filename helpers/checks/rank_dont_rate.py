"""Checks of lesson 8, Rank, don't rate."""

import numpy as np

from helpers.checks.engine.answers import as_number, as_numbers, name_mistake, needs_function
from helpers.checks.engine.exercise import exercise, judge_choices, mistake


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
    needs_function(function)
    given = np.array([3, 5, 1])
    no_zero = "A place gives log2(0) or log2(1), which is 0: it is log2(place + 1), places from 1."
    try:
        with np.errstate(all="ignore"):
            answer = function(given)
    except ZeroDivisionError:
        mistake(no_zero)
    except (IndexError, ValueError) as error:
        if "domain" in str(error):
            mistake(no_zero)
        mistake("A list of three movies stops your function: a list may be shorter than k.")
    if not np.isfinite(as_numbers(answer)).all():
        mistake(no_zero)
    value = as_number(answer)
    if given.tolist() != [3, 5, 1]:
        mistake("Your function changes the list that it is given: work on a copy.")
    gains, places = 2.0**given - 1, np.arange(1, 4)
    discounts = np.log2(places + 1)
    right = np.sum(gains / discounts)
    xor = np.array([0, 6, 2])  # what `^` makes of 3, 5 and 1
    named = (
        (np.sum(given / discounts), "The gain is 2 ** stars - 1, not the stars."),
        (np.sum((given**2 - 1) / discounts), "The gain is 2 ** stars - 1, not stars ** 2 - 1."),
        (np.sum(xor / discounts), "`^` is no power in Python: write 2 ** stars."),
        (np.sum(2.0**given / discounts), "The gain is 2 ** stars *minus 1*."),
        (np.sum(2.0 ** (given - 1) / discounts), "1 is subtracted from the power, not the stars."),
        (np.sum(np.expm1(given) / discounts), "The gain is a power of 2, not of e."),
        (np.sum(2.0**given - 1 / discounts), "The whole gain is discounted: mind the brackets."),
        (np.sum(gains), "The discount is missing: every place counts the same."),
        (np.sum(gains / places), "The discount is log2(place + 1), not the place itself."),
        (np.sum(gains * discounts), "The discount divides the gain; you multiply."),
        (np.sum(gains / np.log(places + 1)), "The discount is log2, not the natural logarithm."),
        (np.sum(gains / np.log10(places + 1)), "The discount is log2, not log10."),
        (np.sum(gains / (np.log2(places) + 1)), "The 1 is added to the place, inside log2."),
        (np.sum(gains / np.log2(places + 2)), "Places are counted from 1: the first has log2(2)."),
        (np.sum(gains / discounts[::-1]), "The discount is smallest at the first place."),
        (np.sum(np.sort(gains)[::-1] / discounts), "Keep the order of the list."),
        (np.sum(np.sort(gains) / discounts), "Keep the order of the list."),
        (right / 3, "This is the mean over the places: take the sum."),
        (right / 10, "This is divided by k: take the sum."),
        (gains[0], "Only the first place counts in yours: does `return` stand inside the loop?"),
        (gains[-1] / 2, "Only the last place counts in yours: add up all."),
        (right / (31 + 7 / np.log2(3) + 1 / 2), "This is NDCG: leave the division for exercise 2."),
    )
    name_mistake(value, named, _is_near)
    if not _is_near(value, right):
        mistake(f"3, 5 and 1 stars, in this order, make 27.06; yours is {value:.2f}.")
    long = np.array([1, 2, 3, 4, 5, 5, 4, 3, 2, 1, 5, 5])
    of_long, of_two = as_number(function(long)), as_number(function(long, k=2))
    if _is_near(of_long, _dcg(long, 12)):
        mistake("Places after the tenth count too: stop after k.")
    if _is_near(of_two, _dcg(long, 3)):
        mistake("With k=2, your function takes three places: stop after the second.")
    if _is_near(of_two, _dcg(long, 1)):
        mistake("With k=2, your function takes one place: stop after the second, not before.")
    if _is_near(of_two, _dcg([5, 5], 2)):
        mistake("Take the first k places of the list, not the k best movies.")
    if _is_near(of_two, _dcg(long, 10)):
        mistake("With k=2, your function still takes ten places: use `k`.")
    if not (_is_near(of_two, _dcg(long, 2)) and _is_near(of_long, _dcg(long, 10))):
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
    needs_function(function)
    stars, scores = np.array([3.0, 5.0, 1.0, 4.0]), np.array([0.1, -2.0, 0.3, 0.7])
    given = stars.copy(), scores.copy()
    value = as_number(function(stars, scores))
    if not (np.array_equal(stars, given[0]) and np.array_equal(scores, given[1])):
        mistake("Your function changes what it is given: work on copies.")
    ordered, best = stars[np.argsort(-scores)], np.sort(stars)[::-1]
    named = (
        (_dcg(ordered, 10), "This is the DCG: divide it by the best possible."),
        (_dcg(best, 10), "This is the best DCG: divide the DCG of the scores' order by it."),
        (_dcg(best, 10) - _dcg(ordered, 10), "This is a difference: divide by the best DCG."),
        (_dcg(ordered, 10) - _dcg(best, 10), "This is a difference: divide by the best DCG."),
        (1.0, "Yours is 1, but the order is not perfect: the scores order the stars above."),
        (_dcg(ordered, 10) / _dcg([5] * 4, 10), "The best order is of these movies, not all 5s."),
        (_dcg(ordered, 10) / _dcg([5] * 10, 10), "The best order is of these movies, not all 5s."),
        (100 * _dcg(ordered, 10) / _dcg(best, 10), "This is a percentage: 1 is the perfect order."),
        (_dcg(ordered, 10) / 4, "Divide by the best possible DCG, not by the number of movies."),
        (_dcg(ordered, 10) / 10, "Divide by the best possible DCG, not by k."),
        (1 - _dcg(ordered, 10) / _dcg(best, 10), "This is what is missing to the best: 1 - NDCG."),
        (
            _dcg(np.sort(scores)[::-1], 10) / _dcg(best, 10),
            "These are gains of the scores: put the stars in the order of the scores.",
        ),
        (
            _dcg(stars[np.argsort(np.argsort(-scores))], 10) / _dcg(best, 10),
            "One argsort gives the order; a second one gives places, which is something else.",
        ),
        (
            _dcg(ordered[::-1], 10) / _dcg(best, 10),
            "The lowest score comes first: sort by -scores.",
        ),
        (_dcg(ordered, 10) / _dcg(best[::-1], 10), "You divide by the worst order, not the best."),
        (_dcg(stars, 10) / _dcg(best, 10), "The scores are not used: sort the stars by them."),
        (_dcg(best, 10) / _dcg(ordered, 10), "Turn the quotient round: NDCG is never above 1."),
        (_dcg(ordered, 10) / _dcg(scores[np.argsort(-scores)], 10), "The best order is by stars."),
    )
    name_mistake(value, named, _is_near)
    if not _is_near(value, _dcg(ordered, 10) / _dcg(best, 10)):
        mistake(
            f"NDCG of this list is {_dcg(ordered, 10) / _dcg(best, 10):.3f}; yours is {value:.3f}."
        )
    if not _is_near(as_number(function(stars, stars * 2)), 1.0):
        mistake("A perfect order has NDCG 1.")
    at_two, shown = as_number(function(stars, scores, k=2)), np.sort(ordered[:2])[::-1]
    if _is_near(at_two, _dcg(ordered, 2) / _dcg(shown, 2)):
        mistake("The best order is that of all movies, not only of the k that are shown.")
    if _is_near(at_two, _dcg(ordered, 2) / _dcg(best, 10)):
        mistake("With k=2, the best DCG stops after two places too: pass `k` on to both.")
    if _is_near(at_two, _dcg(ordered, 10) / _dcg(best, 2)):
        mistake("With k=2, the DCG of the list stops after two places too: pass `k` on to both.")
    if not _is_near(at_two, _dcg(ordered, 2) / _dcg(best, 2)):
        mistake("With k=2, both DCGs stop after two places: pass `k` on to both.")
    return "1 is the best order of these very movies, whatever stars they have."


@exercise(
    "Sort by score first, then look for the first movie with enough stars.",
    "`np.flatnonzero(stars[order] >= loved)` gives the places of loved movies, from 0.",
    "`places = np.flatnonzero(stars[np.argsort(-scores)] >= loved) + 1`, then "
    "`return 1 / places[0] if len(places) else 0.0`.",
)
def reciprocal_rank(function):
    needs_function(function)
    stars, scores = np.array([5.0, 3.0, 5.0, 1.0, 4.0]), np.array([0.35, 0.9, -1.0, 0.6, 0.5])
    given = stars.copy(), scores.copy()
    value = as_number(function(stars, scores))  # in order: 3, 1, 4, 5, 5
    of_four = as_number(function(stars, scores, loved=4))
    if not (np.array_equal(stars, given[0]) and np.array_equal(scores, given[1])):
        mistake("Your function changes what it is given: work on copies.")
    named = (
        (4.0, "This is the place: 1 divided by it was asked for."),
        (3.0, "This is the place, counted from 0: 1 divided by the place from 1 was asked for."),
        (1 / 3, "Places are counted from 1, so the fourth place gives 1/4; or is 4 loved?"),
        (1.0, "The first movie of your order is loved: sort by the scores, the highest first."),
        (1 / 4 + 1 / 5, "Only the first loved movie counts."),
        ((1 / 4 + 1 / 5) / 2, "Only the first loved movie counts."),
        (1 / 5, "This is the last loved movie; the first counts."),
        (1 / np.log2(5), "No logarithm here: 1 divided by the place."),
        (2 / 5, "This is the share of loved movies: the place of the first one was asked for."),
        (0.35, "This is a score: 1 divided by the movie's place was asked for."),
        (5.0, "These are stars: 1 divided by the movie's place was asked for."),
        (-1 / 4, "The sign is wrong: 1 divided by the place is never below 0."),
        (1 - 1 / 4, "This is 1 minus the reciprocal rank: 1 divided by the place was asked for."),
    )
    name_mistake(value, named, _is_near)
    if _is_near(value, 0.0) and _is_near(of_four, 1 / 4):
        mistake("A movie with exactly `loved` stars is loved: *at least*, so >=.")
    if _is_near(value, 0.0):
        mistake("Yours is 0 where the place is 4: `/` divides, `//` rounds down to 0.")
    if not _is_near(value, 1 / 4):
        mistake(f"The first movie with 5 stars is in place 4, so 1/4; yours is {value:.3f}.")
    if not _is_near(of_four, 1 / 3):
        mistake("With loved=4, a movie with 4 stars counts: use `loved`.")
    if not _is_near(as_number(function(np.array([5.0, 4.0]), np.array([2.0, 1.0]), loved=4)), 1.0):
        mistake("With loved=4, 5 stars count too: *at least* `loved` stars.")
    try:
        with np.errstate(all="ignore"):
            none = function(np.array([3.0, 1.0]), np.array([1.0, 2.0]))
    except Exception:  # the learner's code may raise anything
        mistake("A list without a loved movie stops your function: return 0 for it.")
    if none is None or not np.array_equal(as_numbers(none).ravel(), [0.0]):
        mistake(f"A list without a loved movie has 0; your function returns {none}.")
    if not _is_near(as_number(function(np.array([5.0]), np.array([-3.0]))), 1.0):
        mistake("A list of one loved movie has 1.")
    return "MRR looks at one movie per list, NDCG at ten: they need not agree."


@exercise(
    "Drop the padding first, then sort.",
    "`real = mask.astype(bool)`; `stars[real]` and `scores[real]` have no padding.",
    "`return stars[real][np.argsort(-scores[real])]`.",
)
def stars_in_order(function):
    needs_function(function)
    stars, scores = np.array([4, 0, 5, 3, 0]), np.array([-2.0, 0.0, -1.0, 1.5, 0.0])
    mask = np.array([True, False, True, True, False])
    given = stars.copy(), scores.copy(), mask.copy()
    answer = as_numbers(function(stars, scores, mask)).ravel().tolist()
    if not all(map(np.array_equal, (stars, scores, mask), given)):
        mistake("Your function changes what it is given: work on copies.")
    named = (
        ([3, 0, 0, 5, 4], "The padding ranks before the movies whose scores are below 0."),
        ([3, 0, 0], "The padding ranks before two movies: drop it first, then sort."),
        ([3, 5, 4, 0, 0], "The order is right, but the padding is still there: drop it."),
        ([3, 5], "A movie is lost: its score is below 0 like others', but it is real."),
        ([3], "Movies with a score below 0 are real too: go by the mask."),
        ([4, 5, 3], "The lowest score comes first, or the scores are not used at all."),
        ([5, 4, 3], "By descending score, not by stars: the stars 3, 5, 4 were expected."),
        ([3, 4, 5], "By descending score, not by stars: the stars 3, 5, 4 were expected."),
        ([0, 0], "These are the padding: mask is True where a movie is real."),
        ([1.5, -1, -2], "These are scores: return the stars."),
        ([3, 2, 0], "These are the numbers of the places: look the stars up."),
        ([2, 1, 0], "These are places among the real movies: look the stars up."),
        ([4, 0, 5], "These are the first places, padding included: pick with the mask."),
        ([1, 0, 1, 1, 0], "This is the mask: pick the stars with it."),
        ([0, 0, 3, 5, 4], "The padding comes first: drop it."),
        ([0, 0, 4, 5, 3], "The lowest score comes first, and the padding is still there."),
        ([4, 5, 0, 0, 3], "The lowest score comes first, and the padding is still there."),
        ([5, 4, 4], "Places among the real movies are looked up in all stars: use the real stars."),
        ([5, 0, 4], "Places among the real movies are looked up in all stars: use the real stars."),
    )
    name_mistake(answer, named)
    if np.isnan(answer).any():
        mistake("There is nan among your stars: drop the padding.")
    if len(answer) != 3:
        mistake(f"3 movies are real; you return {len(answer)} stars: {answer}.")
    if sorted(answer) != [3, 4, 5]:
        mistake(f"The real stars are 4, 5 and 3; you return {answer}.")
    if answer != [3, 5, 4]:
        mistake(f"By descending score the stars are 3, 5, 4; yours are {answer}.")
    zero = function(np.array([0, 2, 1]), np.array([5.0, 1.0, 2.0]), np.array([False, True, True]))
    if as_numbers(zero).ravel().tolist() != [1, 2]:
        mistake("Padding is where the mask is 0, whatever its score.")
    some = function(np.array([2, 0]), np.array([0.0, 9.0]), np.array([True, True]))
    if as_numbers(some).ravel().tolist() != [0, 2]:
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
    needs_function(function)
    tops = np.array([list("ABC"), list("BCD"), list("ABC"), list("BAE"), list("DBF")], "S1")
    given = tops.copy()
    try:
        value = as_number(function(tops, 48))
    except TypeError as error:
        if "unhashable" not in str(error):
            raise
        mistake("The rows of `tops` are arrays, which no set takes: flatten it, `tops.ravel()`.")
    if not np.array_equal(tops, given):
        mistake("Your function changes `tops`: work on a copy.")
    named = (
        (6.0, "This is the number of different movies: divide it by all movies."),
        (15 / 48, "A movie that is in several lists counts once."),
        (3 / 48, "These are the movies of one list: look at all lists together."),
        (4 / 48, "These are different lists: count different movies."),
        (5 / 48, "This is the number of lists: count different movies."),
        (1 / 48, "These are the movies that are in every list: in at least one is enough."),
        (6 / 15, "Divide by the number of all movies, not of all places."),
        (6 / 5, "Divide by the number of all movies, not of the lists."),
        (6 / 3, "Divide by the number of all movies, not by the length of a list."),
        (48 / 6, "Turn the quotient round: coverage is never above 1."),
        (1 - 6 / 48, "This is the share that appears in no list."),
        (100 * 6 / 48, "This is a percentage: a share from 0 to 1 was asked for."),
        (0.0, "Yours is 0: `/` divides, `//` rounds down."),
        (0.12, "Yours is rounded: keep the fraction."),
        (6 / 1_682, "The number of all movies is given: use `movies`, not 1,682."),
    )
    name_mistake(value, named, _is_near)
    if not _is_near(value, 6 / 48):
        mistake(f"6 different movies of 48 make 0.125; yours is {value:.3f}.")
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
