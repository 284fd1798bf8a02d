"""Right and plausibly wrong answers to the exercises of lesson 8."""

import itertools
import math

import numpy as np

from helpers.keras2 import tf  # before keras_rs: it makes TensorFlow use Keras 2

import keras_rs  # isort: skip


def dcg(ordered_stars, k=10):
    """Return DCG@k, as the lesson's cell has it."""
    top = np.asarray(ordered_stars)[:k]
    return float(np.sum((2.0**top - 1) / np.log2(np.arange(2, len(top) + 2))))


# ndcg_of


def ndcg_with(key=lambda stars, scores: -scores, best=lambda stars: np.sort(stars)[::-1], cut=True):
    """Return an `ndcg_of` with one thing changed."""

    def function(stars, scores, mask, k=10):
        stars, scores, k = stars[mask], scores[mask], k if cut else 10
        ordered = stars[np.argsort(key(stars, scores), kind="stable")]
        return dcg(ordered, k) / dcg(best(stars), k)

    return function


def ndcg_of_two(value):
    """Return an `ndcg_of` that makes something of the DCG and of the best DCG."""

    def function(stars, scores, mask, k=10):
        real = stars[mask]
        return value(dcg(real[np.argsort(-scores[mask])], k), dcg(np.sort(real)[::-1], k))

    return function


def ndcg_by_minus_infinity(stars, scores, mask, k=10):
    order = np.argsort(-np.where(mask, scores, -np.inf))
    return dcg(stars[order], k) / dcg(np.sort(stars)[::-1], k)


def ndcg_padded_at(low):
    def function(stars, scores, mask, k=10):
        order = np.argsort(-np.where(mask, scores, low))
        return dcg(stars[order], k) / dcg(np.sort(stars)[::-1], k)

    return function


def ndcg_with_pairs(stars, scores, mask, k=10):
    real = [(s, i) for i, s in enumerate(scores) if mask[i]]
    ordered = [stars[i] for _, i in sorted(real, reverse=True)]
    return dcg(ordered, k) / dcg(sorted(ordered, reverse=True), k)


def ndcg_in_a_loop(stars, scores, mask, k=10):
    movies = [(star, score) for star, score, is_real in zip(stars, scores, mask) if is_real]
    movies.sort(key=lambda movie: -movie[1])
    ours = sum((2**star - 1) / math.log2(i + 2) for i, (star, _) in enumerate(movies[:k]))
    movies.sort(key=lambda movie: -movie[0])
    return ours / sum((2**star - 1) / math.log2(i + 2) for i, (star, _) in enumerate(movies[:k]))


def ndcg_with_tf(stars, scores, mask, k=10):
    real = tf.boolean_mask(stars, mask)
    ordered = tf.gather(real, tf.argsort(tf.boolean_mask(scores, mask), direction="DESCENDING"))
    return tf.constant(dcg(ordered, k)) / dcg(tf.sort(real, direction="DESCENDING"), k)


def ndcg_of_keras_rs(stars, scores, mask, k=10):
    labels = {"labels": stars[None].astype("float32"), "mask": mask[None]}
    return keras_rs.metrics.NDCG(k=k)(labels, scores[None].astype("float32"))


def ndcg_with_random_ties(stars, scores, mask, k=10):
    ties = np.random.default_rng().random(len(scores))
    order = np.lexsort((ties, -scores, ~mask))
    return dcg(np.where(mask, stars, 0)[order], k) / dcg(np.sort(stars[mask])[::-1], k)


def ndcg_with_padding(stars, scores, mask, k=10):
    return dcg(stars[np.argsort(-scores)], k) / dcg(np.sort(stars)[::-1], k)


def ndcg_with_padding_cut(stars, scores, mask, k=10):
    ordered = stars[np.argsort(-scores)][: mask.sum()]
    return dcg(ordered, k) / dcg(np.sort(stars)[::-1], k)


def ndcg_of_the_shown(stars, scores, mask, k=10):
    shown = stars[mask][np.argsort(-scores[mask])][:k]
    return dcg(shown, k) / dcg(np.sort(shown)[::-1], k)


def ndcg_with_places_among_all(stars, scores, mask, k=10):
    return dcg(stars[np.argsort(-scores[mask])], k) / dcg(np.sort(stars[mask])[::-1], k)


def ndcg_of_nonzero_scores(stars, scores, mask, k=10):
    return ndcg_with()(stars, scores, scores != 0, k)


def ndcg_ties_for_the_best(stars, scores, mask, k=10):
    stars, scores = stars[mask], scores[mask]
    return dcg(stars[np.lexsort((-stars, -scores))], k) / dcg(-np.sort(-stars), k)


def ndcg_ties_for_the_worst(stars, scores, mask, k=10):
    pairs = sorted(zip(-scores[mask], stars[mask]))
    return dcg([star for _, star in pairs], k) / dcg(-np.sort(-stars[mask]), k)


def ndcg_of_one_is_zero(stars, scores, mask, k=10):
    return ndcg_with()(stars, scores, mask, k) if mask.sum() > 1 else 0.0


def ndcg_best_cut_once(stars, scores, mask, k=10):
    real = stars[mask]
    return dcg(real[np.argsort(-scores[mask])], 10) / dcg(np.sort(real)[::-1], k)


def ndcg_cut_once(stars, scores, mask, k=10):
    real = stars[mask]
    return dcg(real[np.argsort(-scores[mask])], k) / dcg(np.sort(real)[::-1], 10)


def ndcg_best_by_scores(stars, scores, mask, k=10):
    order = np.argsort(-scores[mask])
    return dcg(stars[mask][order], k) / dcg(scores[mask][order], k)


def ndcg_of_scores(stars, scores, mask, k=10):
    return dcg(np.sort(scores[mask])[::-1], k) / dcg(np.sort(stars[mask])[::-1], k)


def ndcg_in_place(stars, scores, mask, k=10):
    scores[~mask] = -np.inf
    return ndcg_with()(stars, scores, mask, k)


def ndcg_one_by_one(stars, scores, mask, k=10):
    yield ndcg_with()(stars, scores, mask, k)


# chance_ndcg


def chance_with(gain=lambda s: np.mean(2.0**s - 1), ranks=min, best=dcg):
    """Return a `chance_ndcg` with one thing changed."""

    def function(stars, k=10):
        discounts = 1 / np.log2(np.arange(2, ranks(k, len(stars)) + 2))
        return gain(stars) * discounts.sum() / best(np.sort(stars)[::-1], k)

    return function


def chance_in_a_loop(stars, k=10):
    gain = sum(2**star - 1 for star in stars) / len(stars)
    mean = sum(gain / math.log2(rank + 1) for rank in range(1, min(k, len(stars)) + 1))
    return mean / dcg(sorted(stars, reverse=True), k)


def chance_of_equal_gains(stars, k=10):
    """Give each rank the mean gain, as stars, and ask `dcg`."""
    same = np.full(len(stars), np.log2(np.mean(2.0**stars - 1) + 1))
    return dcg(same, k) / dcg(-np.sort(-stars), k)


def chance_by_rotation(stars, k=10):
    """Each movie comes to each rank once when the list is rotated."""
    return np.mean([dcg(np.roll(stars, i), k) for i in range(len(stars))]) / dcg(
        np.sort(stars)[::-1], k
    )


def chance_with_tf(stars, k=10):
    gain = tf.reduce_mean(2.0 ** tf.cast(stars, tf.float64) - 1)
    discounts = 1 / np.log2(np.arange(2, min(k, len(stars)) + 2))
    return gain * discounts.sum() / dcg(np.sort(stars)[::-1], k)


def chance_by_drawing(stars, k=10):
    rng = np.random.default_rng(0)
    return np.mean([dcg(rng.permutation(stars), k) for _ in range(500)]) / dcg(-np.sort(-stars), k)


def chance_by_all_orders(stars, k=10):
    orders = itertools.permutations(stars)
    return np.mean([dcg(order, k) for order in orders]) / dcg(-np.sort(-stars), k)


def chance_of_the_first(stars, k=10):
    return chance_with(gain=lambda s: np.mean(2.0 ** s[:k] - 1))(stars, k)


def chance_best_not_cut(stars, k=10):
    return chance_with(best=lambda s, k: dcg(s, len(s)))(stars, k)


def chance_not_cut(stars, k=10):
    return chance_with(ranks=lambda k, n: n)(stars, k)


def chance_for_ten(stars, k=10):
    return chance_with()(stars)


def chance_of_two(value):
    """Return a `chance_ndcg` that makes something of the mean DCG and of the best one."""

    def function(stars, k=10):
        best = dcg(np.sort(stars)[::-1], k)
        return value(chance_with()(stars, k) * best, best)

    return function


def chance_in_place(stars, k=10):
    value = chance_with()(stars, k)
    stars.sort()
    return value


def chance_one_by_one(stars, k=10):
    yield chance_with()(stars, k)


# within_lists


def centred(column, lists):
    _, number, sizes = np.unique(lists, return_inverse=True, return_counts=True)
    return column - (np.bincount(number, column) / sizes)[number]


def correlation(x, y):
    with np.errstate(invalid="ignore"):
        return np.nan_to_num(x @ y / np.sqrt((x @ x) * (y @ y)))


def within_with(values=centred, stars=centred, end=correlation):
    """Return a `within_lists` with one thing changed."""

    def function(v, s, lists):
        return end(values(v, lists), stars(s, lists))

    return function


def within_in_a_loop(values, stars, lists):
    x, y = np.zeros(len(values)), np.zeros(len(values))
    for one in set(lists.tolist()):
        here = lists == one
        x[here], y[here] = values[here] - values[here].mean(), stars[here] - stars[here].mean()
    if np.allclose(x, 0):
        return 0
    return np.corrcoef(x, y)[0, 1]


def within_with_dicts(values, stars, lists):
    rows = {}
    for v, s, one in zip(values.tolist(), stars.tolist(), lists.tolist()):
        rows.setdefault(one, []).append((v, s))
    x, y = [], []
    for pairs in rows.values():
        mean_v, mean_s = (sum(column) / len(column) for column in zip(*pairs))
        x += [v - mean_v for v, _ in pairs]
        y += [s - mean_s for _, s in pairs]
    size = math.sqrt(sum(v * v for v in x) * sum(s * s for s in y))
    return sum(v * s for v, s in zip(x, y)) / size if size else 0.0


def within_with_add_at(values, stars, lists):
    _, number = np.unique(lists, return_inverse=True)
    columns = []
    for column in (values, stars):
        sums, sizes = np.zeros(number.max() + 1), np.zeros(number.max() + 1)
        np.add.at(sums, number, column)
        np.add.at(sizes, number, 1)
        columns.append(column - (sums / sizes)[number])
    return correlation(*columns)


def within_with_tf(values, stars, lists):
    unique, number = tf.unique(lists)
    x, y = (
        column - tf.gather(tf.math.unsorted_segment_mean(column, number, len(unique)), number)
        for column in (tf.cast(values, tf.float64), tf.cast(stars, tf.float64))
    )
    size = tf.sqrt(tf.reduce_sum(x**2) * tf.reduce_sum(y**2))
    return tf.math.divide_no_nan(tf.reduce_sum(x * y), size)


def plain(column, lists):
    return column


def from_the_mean_of_all(column, lists):
    return column - column.mean()


def within_neighbours(values, stars, lists):
    return within_with()(values, stars, np.cumsum(np.r_[0, np.diff(lists) != 0]))


def within_by_bincount(values, stars, lists):
    with np.errstate(invalid="ignore"):
        x, y = (
            column - (np.bincount(lists, column) / np.bincount(lists))[lists]
            for column in (values, stars)
        )
    return correlation(x, y)


def within_list_by_list(mean):
    def function(values, stars, lists):
        x, y = centred(values, lists), centred(stars, lists)
        found = [correlation(x[lists == one], y[lists == one]) for one in np.unique(lists)]
        return mean(found)

    return function


def between_lists(values, stars, lists):
    means = [[c[lists == one].mean() for one in np.unique(lists)] for c in (values, stars)]
    return np.corrcoef(*means)[0, 1]


def within_without_guard(values, stars, lists):
    x, y = centred(values, lists), centred(stars, lists)
    with np.errstate(invalid="ignore"):
        return x @ y / np.sqrt((x @ x) * (y @ y))


def within_or_one(values, stars, lists):
    return within_with()(values, stars, lists) or 1.0


def within_in_place(values, stars, lists):
    values -= values.mean()
    return within_with()(values, stars, lists)


def within_one_by_one(values, stars, lists):
    yield within_with()(values, stars, lists)


# coverage


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


CHANGES = {"shifted": "a", "rounded": "c", "redrawn": "b", "long_lists": "c"}
QUIZ = {"q1": "b", "q2": "a", "q3": "c"}

RIGHT = {
    "ndcg_of": [
        (ndcg_with(),),
        (ndcg_by_minus_infinity,),
        (ndcg_with_pairs,),
        (ndcg_in_a_loop,),
        (ndcg_with_tf,),
        (ndcg_of_keras_rs,),
        (ndcg_with_random_ties,),
        (lambda stars, scores, mask, k=10: ndcg_with()(stars, scores, stars > 0, k),),
    ],
    "chance_ndcg": [
        (chance_with(),),
        (chance_in_a_loop,),
        (chance_of_equal_gains,),
        (chance_by_rotation,),
        (chance_with_tf,),
    ],
    "what_changes": [
        ({"shifted": "A", "rounded": "C", "redrawn": "B", "long_lists": "C"},),
        ({"long_lists": "c", "redrawn": " b", "rounded": "c ", "shifted": "a"},),
    ],
    "within_lists": [
        (within_with(),),
        (within_in_a_loop,),
        (within_with_dicts,),
        (within_with_add_at,),
        (within_with_tf,),
    ],
    "coverage": [
        (lambda tops, movies: len({title for top in tops for title in top}) / movies,),
        (lambda tops, movies: np.unique(tops).size / movies,),
        (covered_in_a_loop,),
        (lambda tops, movies: len(set(tops.flatten())) / movies,),
        (lambda tops, movies: np.float32(len(np.unique(tops)) / movies),),
    ],
    "quiz_lists": [
        ({"q1": "B", "q2": "A", "q3": "C"},),
        ({"q3": "c", "q2": "a", "q1": "b"},),
        ({"q1": "b ", "q2": " a", "q3": "c"},),
    ],
}

WRONG = {
    "ndcg_of": [
        ((ndcg_with_padding,), "padding ranks before the movie"),
        ((ndcg_with_padding_cut,), "falls off the end"),
        ((ndcg_padded_at(-10),), "far below 0"),
        ((ndcg_of_nonzero_scores,), "A movie whose score is 0"),
        ((ndcg_of_the_shown,), "all movies, not only"),
        ((ndcg_ties_for_the_best,), "the best movie first"),
        ((ndcg_ties_for_the_worst,), "an order of the stars"),
        ((ndcg_of_one_is_zero,), "a single movie"),
        ((ndcg_with_places_among_all,), "looked up in all stars"),
        ((ndcg_of_two(lambda ours, best: ours),), "This is the DCG"),
        ((ndcg_of_two(lambda ours, best: best),), "This is the best DCG"),
        ((ndcg_of_two(lambda ours, best: best - ours),), "This is a difference"),
        ((ndcg_of_two(lambda ours, best: ours - best),), "This is a difference"),
        ((ndcg_of_two(lambda ours, best: 100 * ours / best),), "a percentage"),
        ((ndcg_of_two(lambda ours, best: 1 - ours / best),), "missing to the best"),
        ((ndcg_of_two(lambda ours, best: (ours, best)),), "returns a tuple"),
        ((ndcg_of_two(lambda ours, best: ours / 4),), "not by the number of movies"),
        ((ndcg_of_two(lambda ours, best: ours / 10),), "not by k"),
        ((ndcg_of_two(lambda ours, best: best / ours),), "Turn the quotient round"),
        ((ndcg_of_two(lambda ours, best: f"{ours / best:.3f}"),), "returns a str"),
        ((ndcg_of_two(lambda ours, best: round(ours / best, 2)),), "NDCG of this list is"),
        ((ndcg_with(key=lambda stars, scores: scores),), "lowest score comes first"),
        ((ndcg_with(key=lambda stars, scores: -stars),), "Yours is 1"),
        ((ndcg_with(best=np.sort),), "the worst order"),
        ((ndcg_with(best=lambda stars: [5] * len(stars)),), "not all 5s"),
        ((ndcg_with(best=lambda stars: [5] * 10),), "not all 5s"),
        ((ndcg_with(key=lambda stars, scores: np.zeros(len(stars))),), "scores are not used"),
        ((ndcg_with(key=lambda stars, scores: np.argsort(-scores)),), "a second one gives ranks"),
        ((ndcg_best_by_scores,), "best order is by stars"),
        ((ndcg_of_scores,), "gains of the scores"),
        ((ndcg_with(cut=False),), "pass `k` on to both"),
        ((ndcg_cut_once,), "the best DCG stops after rank 2"),
        ((ndcg_best_cut_once,), "the DCG of the list stops after rank 2"),
        ((ndcg_in_place,), "changes what it is given"),
        ((ndcg_one_by_one,), "returns a generator"),
        ((lambda stars, scores, mask, k=10: 0.5,), "NDCG of this list is"),
        ((lambda stars, scores, mask, k=10: None,), "add `return`"),
        ((0.9,), "A function was asked for"),
        (("NDCG",), "A function was asked for"),
    ],
    "chance_ndcg": [
        ((chance_by_drawing,), "do you draw"),
        ((chance_by_all_orders,), "362,880 orders"),
        ((chance_with(ranks=lambda k, n: k),), "four ranks, not ten"),
        ((chance_with(gain=lambda s: 2.0 ** np.mean(s) - 1),), "gain of the mean stars"),
        ((chance_with(gain=lambda s: 2.0 ** np.median(s) - 1),), "gain of the median"),
        ((chance_with(gain=np.mean),), "not the stars"),
        ((chance_with(gain=lambda s: np.mean(2.0**s)),), "*minus 1*"),
        ((chance_with(gain=lambda s: np.sum(2.0**s - 1)),), "A rank holds one movie"),
        ((chance_with(best=lambda s, k: np.sum(2.0**s - 1)),), "4, 1, 5 and 1 stars have"),
        ((chance_with(best=lambda s, k: 1),), "This is the mean DCG"),
        ((chance_with(best=lambda s, k: np.mean(2.0**s - 1)),), "Divide by the DCG of the best"),
        ((lambda stars, k=10: np.mean(2.0**stars - 1),), "This is the mean gain"),
        ((lambda stars, k=10: dcg(stars, k) / dcg(-np.sort(-stars), k),), "NDCG of one order"),
        ((lambda stars, k=10: dcg(np.sort(stars), k) / dcg(-np.sort(-stars), k),), "the floor"),
        (
            (lambda stars, k=10: (dcg(np.sort(stars), k) / dcg(-np.sort(-stars), k) + 1) / 2,),
            "Halfway",
        ),
        ((chance_of_two(lambda mean, best: best / mean),), "Turn the quotient round"),
        ((chance_of_two(lambda mean, best: 100 * mean / best),), "a percentage"),
        ((chance_of_two(lambda mean, best: 1 - mean / best),), "chance lacks"),
        ((chance_of_two(lambda mean, best: round(mean / best, 3)),), "or round"),
        ((chance_of_two(lambda mean, best: mean / best / 4),), "Sum the discounts"),
        ((chance_of_the_first,), "Any movie may come to rank 1"),
        ((chance_best_not_cut,), "The best DCG stops at k"),
        ((chance_not_cut,), "three ranks count"),
        ((chance_for_ten,), "three ranks count"),
        ((chance_in_place,), "changes the stars"),
        ((chance_one_by_one,), "returns a generator"),
        ((lambda stars, k=10: None,), "add `return`"),
        ((0.79,), "A function was asked for"),
        (("about 0.8",), "A function was asked for"),
    ],
    "what_changes": [
        ((CHANGES | {"shifted": "b"},), "shifted: The stars are wrong now"),
        ((CHANGES | {"shifted": "c"},), "shifted: RMSE, yes"),
        ((CHANGES | {"shifted": "d"},), "shifted: RMSE looks at the stars"),
        ((CHANGES | {"rounded": "a"},), "rounded: Rounding makes equal"),
        ((CHANGES | {"rounded": "b"},), "rounded: Rounding changes"),
        ((CHANGES | {"rounded": "d"},), "rounded: Predictions were"),
        ((CHANGES | {"redrawn": "a"},), "redrawn: The predictions stay"),
        ((CHANGES | {"redrawn": "c"},), "redrawn: RMSE does not"),
        ((CHANGES | {"redrawn": "d"},), "redrawn: The order of equal"),
        ((CHANGES | {"long_lists": "a"},), "long_lists: These users"),
        ((CHANGES | {"long_lists": "b"},), "long_lists: RMSE is over"),
        ((CHANGES | {"long_lists": "d"},), "long_lists: The predictions stay"),
        ((CHANGES | {"long_lists": "e"},), "long_lists: answer with one of a, b, c, d"),
        ((CHANGES | {"rounded": ...},), "Still open: rounded"),
        (({"shifted": "a"},), "keys shifted, rounded, redrawn, long_lists"),
        (("acbc",), "Answer with a dict"),
    ],
    "within_lists": [
        ((lambda v, s, lists: np.corrcoef(v, s)[0, 1],), "over all rows"),
        ((within_with(plain, plain),), "No mean is subtracted"),
        ((within_with(stars=from_the_mean_of_all),), "The stars, too"),
        ((within_with(stars=plain),), "The stars, too"),
        ((within_with(values=from_the_mean_of_all),), "The values, too"),
        ((within_with(values=plain),), "The values, too"),
        ((between_lists,), "between the lists' means"),
        ((within_list_by_list(np.mean),), "the mean of the lists' correlations"),
        ((within_list_by_list(np.median),), "the lists' correlations"),
        ((within_list_by_list(list),), "One number was asked for"),
        ((within_neighbours,), "need not stand together"),
        ((within_by_bincount,), "may be large"),
        ((within_with(end=lambda x, y: x @ y),), "a sum of products"),
        ((within_with(end=lambda x, y: np.mean(x * y)),), "the covariance"),
        ((within_with(end=lambda x, y: np.cov(x, y)[0, 1]),), "the covariance"),
        ((within_with(end=lambda x, y: x @ y / (x @ x)),), "a slope"),
        ((within_with(end=lambda x, y: x @ y / (y @ y)),), "a slope"),
        ((within_with(end=lambda x, y: x @ y / (x @ x * (y @ y))),), "The root is missing"),
        ((within_with(end=lambda x, y: correlation(x, y) ** 2),), "squared correlation"),
        ((within_with(end=lambda x, y: -correlation(x, y)),), "The sign is wrong"),
        ((within_with(end=lambda x, y: abs(correlation(x, y))),), "or lost"),
        ((within_with(end=np.corrcoef),), "returns the shape (2, 2)"),
        ((within_with(end=lambda x, y: round(correlation(x, y), 2)),), "This correlation is"),
        ((within_without_guard,), "within any list, your function returns nan"),
        ((within_or_one,), "0 was asked for"),
        ((within_in_place,), "changes what it is given"),
        ((within_one_by_one,), "returns a generator"),
        ((lambda v, s, lists: -0.67,), "This correlation is"),
        ((lambda v, s, lists: None,), "add `return`"),
        ((-0.67,), "A function was asked for"),
        (("falls",), "A function was asked for"),
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
        ((lambda tops, movies: round(len(np.unique(tops)) / movies, 3),), "Yours is rounded"),
        ((lambda tops, movies: round(len(np.unique(tops)) / movies, 4),), "Yours is rounded"),
        ((lambda tops, movies: len(np.unique(tops)) / 1_682,), "use `movies`"),
        ((lambda tops, movies: len(np.unique(tops)) / 1_664,), "use `movies`"),
        ((lambda tops, movies: len(set(tops)) / movies,), "flatten it"),
        ((covered_in_place,), "changes `tops`"),
        ((covered_one_by_one,), "returns a generator"),
        ((lambda tops, movies: np.unique(tops),), "returns the shape (6,)"),
        ((lambda tops, movies: np.isin(tops, np.unique(tops)),), "One number was asked for"),
        ((lambda tops, movies: f"{len(np.unique(tops)) / movies:.0%}",), "returns a str"),
        ((lambda tops, movies: 0.5,), "make 0.127660"),
        ((lambda tops, movies: None,), "add `return`"),
        ((0.1,), "A function was asked for"),
        (("10 %",), "A function was asked for"),
    ],
    "quiz_lists": [
        ((QUIZ | {"q1": "a"},), "q1: A's lists"),
        ((QUIZ | {"q1": "c"},), "q1: B's lists"),
        ((QUIZ | {"q2": "b"},), "q2: A list loss is hurt"),
        ((QUIZ | {"q2": "c"},), "q2: All rows of a list"),
        ((QUIZ | {"q3": "a"},), "q3: An interval that holds zero"),
        ((QUIZ | {"q3": "b"},), "q3: That nothing is shown"),
        (({"q1": "a", "q2": "b", "q3": "c"},), "alone higher.\nq2: A list loss"),
        (({"q1": "c", "q2": "c", "q3": "b"},), "any of them.\nq3: That nothing"),
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
