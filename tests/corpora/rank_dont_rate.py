"""Right and plausibly wrong answers to the exercises of lesson 8."""

import math

import numpy as np

from helpers.keras2 import tf  # before keras_rs: it makes TensorFlow use Keras 2

import keras_rs  # isort: skip


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


def dcg_of_k_places(ordered_stars, k=10):
    return np.sum((2.0 ** ordered_stars[:k] - 1) / np.log2(np.arange(2, k + 2)))


def dcg_by_index(ordered_stars, k=10):
    return sum((2 ** ordered_stars[i] - 1) / math.log2(i + 2) for i in range(k))


def dcg_from_place_zero(ordered_stars, k=10):
    return sum((2.0**r - 1) / math.log2(i) for i, r in enumerate(ordered_stars))


def dcg_of_bare_place(ordered_stars, k=10):
    return sum((2 ** int(r) - 1) / math.log2(i + 1) for i, r in enumerate(ordered_stars))


def dcg_with_tf(ordered_stars, k=10):
    top = tf.cast(ordered_stars[:k], tf.float32)
    places = tf.range(1, len(top) + 1, dtype=tf.float32)
    return tf.reduce_sum((2.0**top - 1) * tf.math.log(2.0) / tf.math.log(places + 1))


def dcg_padded(ordered_stars, k=10):
    """Pad the list to k places; 0 stars gain nothing."""
    top = np.zeros(k)
    top[: len(ordered_stars)] = ordered_stars[:k]
    return (2**top - 1) @ (1 / np.log2(np.arange(k) + 2))


def dcg_returns_early(ordered_stars, k=10):
    total = 0.0
    for i, r in enumerate(ordered_stars[:k], start=1):
        total += (2.0**r - 1) / math.log2(i + 1)
        return total
    return total


def dcg_of_last(ordered_stars, k=10):
    for i, r in enumerate(ordered_stars[:k], start=1):
        total = (2.0**r - 1) / math.log2(i + 1)
    return total


def dcg_of_best(ordered_stars, k=10):
    is_top = np.argsort(np.argsort(-ordered_stars, kind="stable")) < k
    return right_dcg(ordered_stars[is_top], k)


def dcg_one_by_one(ordered_stars, k=10):
    for i, r in enumerate(ordered_stars[:k]):
        yield (2.0**r - 1) / math.log2(i + 2)


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


def ndcg_of_two_arrays(value):
    """Return an `ndcg_of` that makes something of the DCG and of the best DCG."""

    def function(stars, scores, k=10):
        order = np.argsort(-scores)
        return value(right_dcg(stars[order], k), right_dcg(np.sort(stars)[::-1], k))

    return function


def ndcg_with_lists(stars, scores, k=10):
    order = sorted(range(len(stars)), key=lambda movie: -scores[movie])
    best = sorted(stars.tolist(), reverse=True)
    return right_dcg([stars[movie] for movie in order], k) / right_dcg(best, k)


def ndcg_with_tf(stars, scores, k=10):
    ordered = tf.gather(stars, tf.argsort(scores, direction="DESCENDING"))
    best = tf.sort(stars, direction="DESCENDING")
    return tf.constant(right_dcg(ordered, k)) / right_dcg(best, k)


def ndcg_of_keras_rs(stars, scores, k=10):
    return keras_rs.metrics.NDCG(k=k)(stars[None], scores[None])


def ndcg_best_cut_once(stars, scores, k=10):
    return right_dcg(stars[np.argsort(-scores)], 10) / right_dcg(np.sort(stars)[::-1], k)


def ndcg_of_fives(stars, scores, k=10):
    return right_dcg(stars[np.argsort(-scores)], k) / right_dcg([5] * len(stars), k)


def ndcg_of_ten_fives(stars, scores, k=10):
    return right_dcg(stars[np.argsort(-scores)], k) / right_dcg([5] * k, k)


def ndcg_of_scores(stars, scores, k=10):
    return right_dcg(np.sort(scores)[::-1], k) / right_dcg(np.sort(stars)[::-1], k)


def ndcg_one_by_one(stars, scores, k=10):
    yield ndcg_with()(stars, scores, k)


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


def rank_by_argmax(stars, scores, loved=5):
    is_loved = stars[np.argsort(-scores)] >= loved
    return is_loved.any() / (1 + is_loved.argmax())


def rank_by_counting(stars, scores, loved=5):
    """Count the movies that score higher than the best of the loved."""
    of_loved = scores[stars >= loved]
    return 1 / (1 + (scores > of_loved.max()).sum()) if of_loved.size else 0.0


def rank_with_next(stars, scores, loved=5):
    ordered = stars[np.argsort(-scores)]
    return next(1 / place for place, star in enumerate(ordered, 1) if star >= loved)


def rank_by_index(stars, scores, loved=5):
    ordered = [star >= loved for star in stars[np.argsort(-scores)]]
    return 1 / (ordered.index(True) + 1)


def rank_or_none(stars, scores, loved=5):
    for place, i in enumerate(np.argsort(-scores), start=1):
        if stars[i] >= loved:
            return 1 / place
    return None


def rank_of_more_than(stars, scores, loved=5):
    return rank_in_a_loop(stars, scores, loved + 1)


def rank_in_place(stars, scores, loved=5):
    value = rank_in_a_loop(stars, scores, loved)
    stars[:] = stars[np.argsort(-scores)]
    return value


def rank_of_loved_score(stars, scores, loved=5):
    return scores[stars >= loved].max(initial=0)


def rank_one_by_one(stars, scores, loved=5):
    for place, i in enumerate(np.argsort(-scores), start=1):
        if stars[i] >= loved:
            yield 1 / place


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


def order_by_mask(stars, scores, mask):
    return stars[mask][np.argsort(-scores[mask])]


def order_then_drop(stars, scores, mask):
    order = np.argsort(scores)[::-1]
    return stars[order[mask[order]]]


def order_with_tf(stars, scores, mask):
    order = tf.argsort(tf.boolean_mask(scores, mask), direction="DESCENDING")
    return tf.gather(tf.boolean_mask(stars, mask), order)


def order_in_place(stars, scores, mask):
    scores[~mask] = -np.inf
    return stars[np.argsort(-scores)][: mask.sum()]


def order_with(result):
    """Return a `stars_in_order` that makes something else of all it has."""

    def function(stars, scores, mask):
        return result(stars, scores, mask, np.argsort(-scores[mask]))

    return function


def order_one_by_one(stars, scores, mask):
    yield from order_by_mask(stars, scores, mask)


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


def covered_in_a_loop(tops, movies):
    seen = set()
    for top in tops:
        seen.update(top.tolist())
    return len(seen) / movies


def covered_in_every_list(tops, movies):
    return len(set.intersection(*(set(top) for top in tops))) / movies


def covered_in_place(tops, movies):
    tops.sort(axis=1)
    return len(np.unique(tops)) / movies


def covered_one_by_one(tops, movies):
    for top in tops:
        yield len(np.unique(top)) / movies


QUIZ = {"q1": "b", "q2": "a", "q3": "c"}

RIGHT = {
    "dcg": [
        (dcg_in_a_loop,),
        (right_dcg,),
        (lambda s, k=10: np.float32(right_dcg(s, k)),),
        (dcg_with_tf,),
        (dcg_padded,),
    ],
    "ndcg_of": [
        (ndcg_with_sorted,),
        (ndcg_with(),),
        (ndcg_with_lists,),
        (ndcg_with_tf,),
        (ndcg_of_keras_rs,),
    ],
    "reciprocal_rank": [(rank_in_a_loop,), (rank_with(),), (rank_by_argmax,), (rank_by_counting,)],
    "stars_in_order": [
        (order_by_minus_infinity,),
        (order_in_a_loop,),
        (order_by_mask,),
        (order_then_drop,),
        (order_with_tf,),
    ],
    "chance_level": [("C",), (" c",)],
    "coverage": [
        (lambda tops, movies: len({title for top in tops for title in top}) / movies,),
        (lambda tops, movies: np.unique(tops).size / movies,),
        (covered_in_a_loop,),
        (lambda tops, movies: len(set(tops.flatten())) / movies,),
    ],
    "quiz_lists": [
        ({"q1": "B", "q2": "A", "q3": "C"},),
        ({"q3": "c", "q2": "a", "q1": "b"},),
        ({"q1": "b ", "q2": " a", "q3": "c"},),
    ],
}

WRONG = {
    "dcg": [
        ((dcg_with(gain=lambda r: r),), "not the stars"),
        ((dcg_with(gain=lambda r: r**2 - 1),), "not stars ** 2"),
        ((dcg_with(gain=lambda r: 2 ^ r - 1),), "no power in Python"),
        ((dcg_with(gain=lambda r: (2 ^ r) - 1),), "no power in Python"),
        ((dcg_with(gain=lambda r: 2.0**r),), "*minus 1*"),
        ((dcg_with(gain=lambda r: 2.0 ** (r - 1)),), "1 is subtracted from the power"),
        ((dcg_with(gain=np.expm1),), "not of e"),
        ((lambda s, k=10: np.sum(2.0**s - 1 / np.log2(np.arange(2, len(s) + 2))),), "the brackets"),
        ((dcg_with(discount=lambda i: 1),), "discount is missing"),
        ((dcg_with(discount=lambda i: i),), "not the place itself"),
        ((dcg_with(discount=lambda i: 1 / np.log2(i + 1)),), "you multiply"),
        ((dcg_with(discount=lambda i: np.log(i + 1)),), "natural logarithm"),
        ((dcg_with(discount=np.log1p),), "natural logarithm"),
        ((dcg_with(discount=lambda i: np.log10(i + 1)),), "not log10"),
        ((dcg_with(discount=lambda i: np.log2(i) + 1),), "added to the place, inside log2"),
        ((dcg_with(discount=lambda i: np.log2(i + 2)),), "from 1"),
        ((dcg_with(discount=lambda i: np.log2(i)),), "it is log2(place + 1)"),
        ((dcg_with(discount=lambda i: np.log2(i + 1)[::-1]),), "smallest at the first"),
        ((dcg_with(sort=True),), "Keep the order"),
        ((lambda s, k=10: right_dcg(np.sort(s), k),), "Keep the order"),
        ((dcg_with(cut=False),), "after the tenth"),
        ((dcg_of_ten,), "use `k`"),
        ((lambda s, k=10: right_dcg(s, k + 1),), "takes three places"),
        ((lambda s, k=10: right_dcg(s, k - 1),), "takes one place"),
        ((dcg_of_best,), "not the k best"),
        ((lambda s, k=10: right_dcg(s, k) / len(s[:k]),), "mean over the places"),
        ((lambda s, k=10: right_dcg(s, k) / k,), "divided by k"),
        ((lambda s, k=10: right_dcg(s, k) / right_dcg(np.sort(s)[::-1], k),), "This is NDCG"),
        ((dcg_returns_early,), "inside the loop"),
        ((dcg_of_last,), "Only the last place"),
        ((dcg_of_k_places,), "shorter than k"),
        ((dcg_by_index,), "shorter than k"),
        ((dcg_from_place_zero,), "it is log2(place + 1)"),
        ((dcg_of_bare_place,), "it is log2(place + 1)"),
        ((dcg_in_place,), "changes the list"),
        ((dcg_one_by_one,), "a generator came back"),
        ((lambda s, k=10: list(dcg_one_by_one(s, k)),), "One number"),
        ((lambda s, k=10: 2.0 ** np.asarray(s) - 1,), "One number"),
        ((lambda s, k=10: f"{right_dcg(s, k):.2f}",), "a str came back"),
        ((lambda s, k=10: 3.5,), "make 27.06"),
        ((lambda s, k=10: None,), "add `return`"),
        ((27.06,), "A function was asked for"),
        (([7, 31, 1],), "A function was asked for"),
    ],
    "ndcg_of": [
        ((ndcg_of_two_arrays(lambda ours, best: ours),), "This is the DCG"),
        ((ndcg_of_two_arrays(lambda ours, best: best),), "This is the best DCG"),
        ((ndcg_of_two_arrays(lambda ours, best: best - ours),), "This is a difference"),
        ((ndcg_of_two_arrays(lambda ours, best: ours - best),), "This is a difference"),
        ((ndcg_of_two_arrays(lambda ours, best: 100 * ours / best),), "a percentage"),
        ((ndcg_of_two_arrays(lambda ours, best: 1 - ours / best),), "missing to the best"),
        ((ndcg_of_two_arrays(lambda ours, best: (ours, best)),), "returns a tuple"),
        ((ndcg_of_two_arrays(lambda ours, best: ours / 4),), "not by the number of movies"),
        ((ndcg_of_two_arrays(lambda ours, best: ours / 10),), "not by k"),
        ((ndcg_of_two_arrays(lambda ours, best: f"{ours / best:.3f}"),), "returns a str"),
        ((ndcg_with(key=lambda stars, scores: scores),), "lowest score comes first"),
        ((ndcg_with(key=lambda stars, scores: -stars),), "Yours is 1"),
        ((ndcg_with(best=np.sort),), "the worst order"),
        ((ndcg_with(key=lambda stars, scores: np.zeros(len(stars))),), "scores are not used"),
        ((ndcg_with(key=lambda stars, scores: np.argsort(-scores)),), "a second one gives places"),
        ((ndcg_upside_down,), "Turn the quotient round"),
        ((ndcg_best_by_scores,), "best order is by stars"),
        ((ndcg_of_scores,), "gains of the scores"),
        ((ndcg_of_fives,), "not all 5s"),
        ((ndcg_of_ten_fives,), "not all 5s"),
        ((ndcg_with(cut=False),), "With k=2"),
        ((ndcg_cut_once,), "the best DCG stops after two"),
        ((ndcg_best_cut_once,), "the DCG of the list stops after two"),
        ((ndcg_of_the_shown,), "all movies, not only"),
        ((ndcg_in_place,), "changes what it is given"),
        ((ndcg_one_by_one,), "returns a generator"),
        ((lambda st, sc, k=10: 0.5,), "NDCG of this list is"),
        ((lambda st, sc, k=10: None,), "add `return`"),
        ((0.9,), "A function was asked for"),
        (("NDCG",), "A function was asked for"),
    ],
    "reciprocal_rank": [
        ((rank_with(pick=lambda places: places[0]),), "This is the place"),
        ((rank_with(start=0, pick=lambda places: places[0]),), "the place, counted from 0"),
        ((rank_with(start=0),), "counted from 1"),
        ((rank_with(loved=4),), "is 4 loved"),
        ((rank_with(key=lambda scores: scores),), "sort by the scores"),
        ((rank_with(key=lambda scores: np.arange(len(scores))),), "sort by the scores"),
        ((rank_with(pick=lambda places: (1 / places).sum()),), "Only the first"),
        ((rank_with(pick=lambda places: (1 / places).mean()),), "Only the first"),
        ((rank_with(pick=lambda places: 1 / places[-1]),), "the last loved"),
        ((rank_with(pick=lambda places: 1 // places[0]),), "`//` rounds down"),
        ((rank_with(pick=lambda places: 1 / np.log2(places[0] + 1)),), "No logarithm"),
        ((rank_with(pick=lambda places: -1 / places[0]),), "The sign is wrong"),
        ((rank_with(pick=lambda places: 1 - 1 / places[0]),), "1 minus the reciprocal"),
        ((rank_with(pick=lambda places: 1 / places),), "One number was asked for"),
        ((rank_with(pick=lambda places: f"1/{places[0]}"),), "returns a str"),
        ((rank_with(loved=5),), "use `loved`"),
        ((lambda stars, scores, loved=5: np.mean(stars >= loved),), "share of loved movies"),
        ((lambda stars, scores, loved=5: stars[scores.argsort()][0],), "These are stars"),
        ((rank_of_loved_score,), "This is a score"),
        ((rank_of_more_than,), "*at least*, so >="),
        ((rank_of_exactly,), "*at least*"),
        ((rank_without_guard,), "return 0 for it"),
        ((rank_with_next,), "return 0 for it"),
        ((rank_by_index,), "return 0 for it"),
        ((rank_or_none,), "has 0; your function returns None"),
        ((lambda *a, **loved: rank_or_none(*a, **loved) or np.nan,), "returns nan"),
        ((lambda *a, **loved: rank_or_none(*a, **loved) or "none",), "a str came back"),
        ((rank_first_if_none,), "has 0"),
        ((rank_in_place,), "changes what it is given"),
        ((rank_one_by_one,), "returns a generator"),
        ((lambda stars, scores, loved=5: 0.7,), "in place 4"),
        ((lambda stars, scores, loved=5: None,), "add `return`"),
        ((0.25,), "A function was asked for"),
        (("1/4",), "A function was asked for"),
    ],
    "stars_in_order": [
        ((lambda stars, scores, mask: stars[np.argsort(-scores)],), "padding ranks before"),
        ((order_cut,), "ranks before two movies"),
        ((order_with_padding_last,), "padding is still there"),
        ((order_of_some(sign=1, keep=lambda scores: scores < 9),), "lowest score comes first"),
        ((lambda stars, scores, mask: stars[np.argsort(scores)],), "and the padding is still"),
        ((lambda stars, scores, mask: stars[mask],), "scores are not used"),
        ((order_of_some(),), "A movie is lost"),
        ((order_of_some(keep=lambda scores: scores > 0),), "are real too"),
        ((order_by_stars_not_mask,), "not the stars"),
        ((order_by_scores_not_mask,), "where the mask is 0"),
        ((order_of_stars,), "not by stars"),
        ((lambda stars, scores, mask: np.sort(stars[mask]),), "not by stars"),
        ((lambda stars, scores, mask: order_by_mask(stars, scores, ~mask),), "are the padding"),
        ((lambda stars, scores, mask: np.sort(scores[mask])[::-1],), "These are scores"),
        ((order_with(lambda stars, scores, mask, order: np.flatnonzero(mask)[order]),), "numbers"),
        ((order_with(lambda stars, scores, mask, order: order),), "places among the real movies"),
        ((order_with(lambda stars, scores, mask, order: stars[order]),), "in all stars"),
        ((order_with(lambda stars, scores, mask, order: stars[: len(order)]),), "padding included"),
        ((lambda stars, scores, mask: mask,), "This is the mask"),
        (
            (
                lambda stars, scores, mask: stars[
                    np.argsort(-np.where(mask, scores, np.inf), kind="stable")
                ],
            ),
            "The padding comes first",
        ),
        (
            (lambda stars, scores, mask: np.where(mask, stars, np.nan)[np.argsort(-scores)],),
            "There is nan",
        ),
        ((order_in_place,), "changes what it is given"),
        ((order_one_by_one,), "a generator came back"),
        ((lambda *three: " ".join(map(str, order_by_mask(*three))),), "a str came back"),
        ((lambda *three: dict(enumerate(order_by_mask(*three))),), "a dict came back"),
        ((lambda stars, scores, mask: stars[:1],), "3 movies are real"),
        ((lambda stars, scores, mask: None,), "add `return`"),
        ((np.array([3, 5, 4]),), "A function was asked for"),
        (([5, 4],), "A function was asked for"),
    ],
    "chance_level": [
        (("a",), "More: most lists"),
        (("b",), "More: even at random"),
        ((0.8,), "nswer with one of a, b, c"),
        (("d",), "nswer with one of a, b, c"),
        (("about 0.8",), "nswer with one of a, b, c"),
        ((3,), "nswer with one of a, b, c"),
        ((["c"],), "nswer with one of a, b, c"),
        (({"chance_level": "c"},), "nswer with one of a, b, c"),
        (("bc",), "nswer with one of a, b, c"),
        ((True,), "nswer with one of a, b, c"),
        (("",), "nswer with one of a, b, c"),
        ((np.array([0.79, 0.82]),), "nswer with one of a, b, c"),
    ],
    "coverage": [
        ((lambda tops, movies: len(np.unique(tops)),), "divide it by all movies"),
        ((lambda tops, movies: tops.size / movies,), "counts once"),
        ((lambda tops, movies: len(np.unique(tops[0])) / movies,), "movies of one list"),
        ((lambda tops, movies: tops.shape[1] / movies,), "movies of one list"),
        (
            (lambda tops, movies: np.mean([len(np.unique(top)) for top in tops]) / movies,),
            "movies of one list",
        ),
        ((lambda tops, movies: len(np.unique(tops, axis=0)) / movies,), "are different lists"),
        ((lambda tops, movies: len(tops) / movies,), "the number of lists"),
        ((covered_in_every_list,), "in every list"),
        ((lambda tops, movies: len(np.unique(tops)) / tops.size,), "not of all places"),
        ((lambda tops, movies: len(np.unique(tops)) / len(tops),), "not of the lists"),
        ((lambda tops, movies: len(np.unique(tops)) / tops.shape[1],), "length of a list"),
        ((lambda tops, movies: movies / len(np.unique(tops)),), "Turn the quotient round"),
        ((lambda tops, movies: len(np.unique(tops)) // movies,), "`//` rounds down"),
        ((lambda tops, movies: 1 - len(np.unique(tops)) / movies,), "in no list"),
        ((lambda tops, movies: 100 * len(np.unique(tops)) / movies,), "a percentage"),
        ((lambda tops, movies: round(len(np.unique(tops)) / movies, 2),), "Yours is rounded"),
        ((lambda tops, movies: len(np.unique(tops)) / 1_682,), "use `movies`"),
        ((lambda tops, movies: len(set(tops)) / movies,), "flatten it"),
        ((covered_in_place,), "changes `tops`"),
        ((covered_one_by_one,), "returns a generator"),
        ((lambda tops, movies: np.unique(tops),), "returns the shape (6,)"),
        ((lambda tops, movies: np.isin(tops, np.unique(tops)),), "One number was asked for"),
        ((lambda tops, movies: f"{len(np.unique(tops)) / movies:.0%}",), "returns a str"),
        ((lambda tops, movies: 0.5,), "make 0.125"),
        ((lambda tops, movies: None,), "add `return`"),
        ((0.1,), "A function was asked for"),
        (("10 %",), "A function was asked for"),
    ],
    "quiz_lists": [
        ((QUIZ | {"q1": "a"},), "q1: A's lists"),
        ((QUIZ | {"q1": "c"},), "q1: B's lists"),
        ((QUIZ | {"q2": "b"},), "q2: It gets noisier"),
        ((QUIZ | {"q2": "c"},), "q2: All rows of a list"),
        ((QUIZ | {"q3": "a"},), "q3: NDCG says nothing"),
        ((QUIZ | {"q3": "b"},), "q3: NDCG does not"),
        (({"q1": "a", "q2": "b", "q3": "c"},), "alone higher.\nq2: It gets noisier"),
        (({"q1": "c", "q2": "c", "q3": "b"},), "any of them.\nq3: NDCG does not"),
        ((QUIZ | {"q1": 2},), "q1: answer with one of a, b, c"),
        ((QUIZ | {"q2": "noise"},), "q2: answer with one of a, b, c"),
        ((QUIZ | {"q3": {"c"}},), "q3: answer with one of a, b, c"),
        ((QUIZ | {"q3": ...},), "Still open: q3"),
        ((QUIZ | {"q1": None, "q2": ...},), "Still open: q1, q2"),
        (({"q1": "b", "q2": "a"},), "keys q1, q2, q3"),
        ((QUIZ | {"q4": "a"},), "keys q1, q2, q3"),
        (({"Q1": "b", "Q2": "a", "Q3": "c"},), "keys q1, q2, q3"),
        ((["b", "a", "c"],), "Answer with a dict"),
        (("bac",), "Answer with a dict"),
        ((0.8,), "Answer with a dict"),
    ],
}
