"""Right and plausibly wrong answers to the exercises of lesson 6; see corpus_lesson01.py."""

import math

import numpy as np


def dcg_with(gain=lambda r: 2.0**r - 1, discount=lambda i: np.log2(i + 1), cut=True, sort=False):
    """Return a `dcg` with one thing changed."""

    def function(ordered_stars, k=10):
        top = np.asarray(ordered_stars)
        top = np.sort(top)[::-1] if sort else top
        top = top[:k] if cut else top
        with np.errstate(divide="ignore"):
            return np.sum(gain(top) / discount(np.arange(1, len(top) + 1)))

    return function


right_dcg = dcg_with()


def dcg_in_a_loop(ordered_stars, k=10):
    total = 0.0
    for i, r in enumerate(ordered_stars):
        if i < k:
            total += (2**r - 1) / math.log2(i + 2)
    return total


def dcg_of_ten(ordered_stars, k=10):
    return right_dcg(ordered_stars, 10)


def dcg_in_place(ordered_stars, k=10):
    ordered_stars *= 1
    value = right_dcg(ordered_stars, k)
    ordered_stars[:] = 2**ordered_stars - 1
    return value


def ndcg_with(key=lambda stars, scores: -scores, best=lambda stars: np.sort(stars)[::-1], cut=True):
    """Return an `ndcg_of` with one thing changed."""

    def function(stars, scores, k=10):
        k = k if cut else 10
        ordered = stars[np.argsort(key(stars, scores), kind="stable")]
        return right_dcg(ordered, k) / right_dcg(best(stars), k)

    return function


def ndcg_with_sorted(stars, scores, k=10):
    ordered = [star for _, star in sorted(zip(scores, stars), reverse=True)]
    return dcg_in_a_loop(ordered, k) / dcg_in_a_loop(sorted(stars, reverse=True), k)


def ndcg_cut_once(stars, scores, k=10):
    return right_dcg(stars[np.argsort(-scores)], k) / right_dcg(np.sort(stars)[::-1], 10)


def ndcg_of_the_shown(stars, scores, k=10):
    shown = stars[np.argsort(-scores)][:k]
    return right_dcg(shown, k) / right_dcg(np.sort(shown)[::-1], k)


def ndcg_best_by_scores(stars, scores, k=10):
    order = np.argsort(-scores)
    return right_dcg(stars[order], k) / right_dcg(scores[order], k)


def ndcg_upside_down(stars, scores, k=10):
    return 1 / ndcg_with()(stars, scores, k)


def ndcg_in_place(stars, scores, k=10):
    value = ndcg_with()(stars, scores, k)
    stars.sort()
    return value


def rank_with(loved=None, start=1, key=lambda scores: -scores, pick=lambda places: 1 / places[0]):
    """Return a `reciprocal_rank` with one thing changed."""
    fixed = loved

    def function(stars, scores, loved=5):
        order = np.argsort(key(scores))
        places = np.flatnonzero(stars[order] >= (fixed or loved)) + start
        return pick(places) if len(places) else 0.0

    return function


def rank_in_a_loop(stars, scores, loved=5):
    for place, i in enumerate(np.argsort(-scores), start=1):
        if stars[i] >= loved:
            return 1 / place
    return 0


def rank_of_exactly(stars, scores, loved=5):
    places = np.flatnonzero(stars[np.argsort(-scores)] == loved) + 1
    return 1 / places[0] if len(places) else 0.0


def rank_without_guard(stars, scores, loved=5):
    return 1 / (np.flatnonzero(stars[np.argsort(-scores)] >= loved)[0] + 1)


def rank_first_if_none(stars, scores, loved=5):
    return 1 / (np.argmax(stars[np.argsort(-scores)] >= loved) + 1)


def order_by_minus_infinity(stars, scores, mask):
    order = np.argsort(-np.where(mask.astype(bool), scores, -np.inf))
    return stars[order][: int(mask.sum())]


def order_in_a_loop(stars, scores, mask):
    real = [(score, star) for star, score, is_real in zip(stars, scores, mask) if is_real]
    return [star for _, star in sorted(real, reverse=True)]


def order_with_padding_last(stars, scores, mask):
    return stars[np.argsort(-np.where(mask.astype(bool), scores, -np.inf))]


def order_by_stars_not_mask(stars, scores, mask):
    real = stars > 0
    return stars[real][np.argsort(-scores[real])]


def order_by_scores_not_mask(stars, scores, mask):
    real = scores != 0
    return stars[real][np.argsort(-scores[real])]


def order_of_some(keep=lambda scores: scores > -1.5, sign=-1):
    def function(stars, scores, mask):
        real = mask.astype(bool) & keep(scores)
        return stars[real][np.argsort(sign * scores[real])]

    return function


def order_of_stars(stars, scores, mask):
    return np.sort(stars[mask.astype(bool)])[::-1]


def order_cut(stars, scores, mask):
    return stars[np.argsort(-scores)][: int(mask.sum())]


RIGHT = {
    "dcg": [(dcg_in_a_loop,), (right_dcg,), (lambda s, k=10: np.float32(right_dcg(s, k)),)],
    "ndcg_of": [(ndcg_with_sorted,), (ndcg_with(),)],
    "reciprocal_rank": [(rank_in_a_loop,), (rank_with(),)],
    "stars_in_order": [(order_by_minus_infinity,), (order_in_a_loop,)],
    "chance_level": [("C",), (" c",)],
    "coverage": [
        (lambda tops, movies: len({title for top in tops for title in top}) / movies,),
        (lambda tops, movies: np.unique(tops).size / movies,),
    ],
    "quiz_lists": [
        ({"q1": "B", "q2": "A", "q3": "C"},),
        ({"q3": "c", "q2": "a", "q1": "b"},),
    ],
}

WRONG = {
    "dcg": [
        ((dcg_with(gain=lambda r: r),), "not the stars"),
        ((dcg_with(gain=lambda r: 2.0**r),), "*minus 1*"),
        ((dcg_with(discount=lambda i: 1),), "discount is missing"),
        ((dcg_with(discount=lambda i: i),), "not the place itself"),
        ((dcg_with(discount=lambda i: np.log(i + 1)),), "natural logarithm"),
        ((dcg_with(discount=lambda i: np.log2(i + 2)),), "from 1"),
        ((dcg_with(discount=lambda i: np.log2(i)),), "returns inf"),
        ((dcg_with(sort=True),), "Keep the order"),
        ((dcg_with(cut=False),), "after the tenth"),
        ((dcg_of_ten,), "use `k`"),
        ((dcg_in_place,), "changes the list"),
        ((lambda s, k=10: 2.0 ** np.asarray(s) - 1,), "One number"),
        ((lambda s, k=10: 3.5,), "make 27.06"),
        ((lambda s, k=10: None,), "add `return`"),
        ((27.06,), "A function was asked for"),
    ],
    "ndcg_of": [
        ((lambda st, sc, k=10: right_dcg(st[np.argsort(-sc)], k),), "This is the DCG"),
        ((ndcg_with(key=lambda stars, scores: scores),), "lowest score comes first"),
        ((ndcg_with(best=np.sort),), "the worst order"),
        ((ndcg_with(key=lambda stars, scores: np.zeros(len(stars))),), "scores are not used"),
        ((ndcg_upside_down,), "Turn the quotient round"),
        ((ndcg_best_by_scores,), "best order is by stars"),
        ((ndcg_with(cut=False),), "With k=2"),
        ((ndcg_cut_once,), "With k=2"),
        ((ndcg_of_the_shown,), "all movies, not only"),
        ((ndcg_in_place,), "changes what it is given"),
        ((lambda st, sc, k=10: 0.5,), "NDCG of this list is"),
        ((lambda st, sc, k=10: None,), "add `return`"),
        ((0.9,), "A function was asked for"),
    ],
    "reciprocal_rank": [
        ((rank_with(pick=lambda places: places[0]),), "This is the place"),
        ((rank_with(start=0),), "counted from 1"),
        ((rank_with(loved=4),), "is 4 loved"),
        ((rank_with(key=lambda scores: scores),), "sort by the scores"),
        ((rank_with(key=lambda scores: np.arange(len(scores))),), "sort by the scores"),
        ((rank_with(pick=lambda places: (1 / places).sum()),), "Only the first"),
        ((rank_with(pick=lambda places: (1 / places).mean()),), "Only the first"),
        ((rank_with(pick=lambda places: 1 / places[-1]),), "the last loved"),
        ((rank_with(loved=5),), "use `loved`"),
        ((rank_of_exactly,), "*at least*"),
        ((rank_without_guard,), "return 0 for it"),
        ((rank_first_if_none,), "has 0"),
        ((lambda stars, scores, loved=5: 0.7,), "in place 4"),
        ((lambda stars, scores, loved=5: None,), "add `return`"),
        ((0.25,), "A function was asked for"),
    ],
    "stars_in_order": [
        ((lambda stars, scores, mask: stars[np.argsort(-scores)],), "padding ranks before"),
        ((order_with_padding_last,), "padding is still there"),
        ((order_of_some(sign=1, keep=lambda scores: scores < 9),), "lowest score comes first"),
        ((order_of_some(),), "A movie is lost"),
        ((order_by_stars_not_mask,), "not the stars"),
        ((order_by_scores_not_mask,), "where the mask is 0"),
        ((order_of_stars,), "By descending score"),
        ((order_cut,), "The real stars are"),
        ((lambda stars, scores, mask: stars[:1],), "3 movies are real"),
        ((lambda stars, scores, mask: None,), "add `return`"),
        ((np.array([3, 5, 4]),), "A function was asked for"),
    ],
    "chance_level": [
        (("a",), "More: most lists"),
        (("b",), "More: even at random"),
        ((0.8,), "answer with one of a, b, c"),
        (("d",), "answer with one of a, b, c"),
    ],
    "coverage": [
        ((lambda tops, movies: len(np.unique(tops)),), "divide it by all movies"),
        ((lambda tops, movies: tops.size / movies,), "counts once"),
        ((lambda tops, movies: len(np.unique(tops[0])) / movies,), "movies of one list"),
        ((lambda tops, movies: len(np.unique(tops)) / tops.size,), "not of all places"),
        ((lambda tops, movies: 100 * len(np.unique(tops)) / movies,), "a percentage"),
        ((lambda tops, movies: 0.5,), "make 0.1"),
        ((lambda tops, movies: None,), "add `return`"),
        ((0.1,), "A function was asked for"),
    ],
    "quiz_lists": [
        (({"q1": "a", "q2": "a", "q3": "c"},), "q1: A's lists"),
        (({"q1": "c", "q2": "a", "q3": "c"},), "q1: B's lists"),
        (({"q1": "b", "q2": "b", "q3": "c"},), "q2: It gets noisier"),
        (({"q1": "b", "q2": "c", "q3": "c"},), "q2: All rows of a list"),
        (({"q1": "b", "q2": "a", "q3": "a"},), "q3: NDCG says nothing"),
        (({"q1": "b", "q2": "a", "q3": "b"},), "q3: NDCG does not"),
        (({"q1": "b", "q2": "a"},), "Answer with a dict"),
    ],
}
