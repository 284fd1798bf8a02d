"""Right and plausibly wrong answers to the exercises of lesson 8."""

import itertools
import math
import zlib

import numpy as np

from helpers.checks.rank_dont_rate import _catalogue
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


def ndcg_by_minus_infinity_cut(stars, scores, mask, k=10):
    order = np.argsort(-np.where(mask, scores, -np.inf))[: mask.sum()]
    return dcg(stars[order], k) / dcg(np.sort(stars[mask])[::-1], k)


def ndcg_with_the_lowest_first_reversed(stars, scores, mask, k=10):
    order = np.argsort(scores[mask], kind="stable")[::-1]
    return dcg(stars[mask][order], k) / dcg(-np.sort(-stars[mask]), k)


def ndcg_mean_over_ties(stars, scores, mask, k=10):
    """Give equal scores the mean of their gains, as scikit-learn's `ndcg_score` does."""
    stars, scores = stars[mask], scores[mask]
    gains = np.array([np.mean(2.0 ** stars[scores == score] - 1) for score in scores])
    return dcg(np.log2(gains[np.argsort(-scores)] + 1), k) / dcg(-np.sort(-stars), k)


def ndcg_with_noise(size):
    """Break ties by noise, which also breaks the order of scores that are near each other."""

    def function(stars, scores, mask, k=10):
        noise = np.random.default_rng(0).normal(0, size, len(scores))
        return ndcg_with()(stars, scores + noise, mask, k)

    return function


def ndcg_of_equal_scores_is_zero(stars, scores, mask, k=10):
    return ndcg_with()(stars, scores, mask, k) if np.ptp(scores[mask]) or mask.sum() < 2 else 0.0


def ndcg_with_padding_at_zero(stars, scores, mask, k=10):
    order = np.argsort(scores * mask, kind="stable")[::-1]
    return dcg((stars * mask)[order], k) / dcg(np.sort(stars * mask)[::-1], k)


def ndcg_cut_before_the_mask(stars, scores, mask, k=10):
    order = np.argsort(-scores, kind="stable")[:k]
    return dcg(stars[order[mask[order]]], k) / dcg(np.sort(stars[mask])[::-1], k)


def ndcg_padded_at_the_lowest(stars, scores, mask, k=10):
    order = np.argsort(-np.where(mask, scores, scores[mask].min()), kind="stable")
    return dcg(stars[order], k) / dcg(np.sort(stars[mask])[::-1], k)


def ndcg_between_or_one(stars, scores, mask, k=10):
    floor, best = (dcg(each, k) for each in (np.sort(stars[mask]), -np.sort(-stars[mask])))
    ours = ndcg_with()(stars, scores, mask, k) * best
    return (ours - floor) / (best - floor) if best > floor else 1.0


def ndcg_at(cuts):
    """Return the mean of NDCG at other ranks than k."""
    return lambda *case, k=10: np.mean([ndcg_with()(*case[:3], j) for j in cuts(*case[3:] or [k])])


def ndcg_cut_alone(of_list, of_best):
    def function(stars, scores, mask, k=10):
        ordered = stars[mask][np.argsort(-scores[mask])]
        return dcg(ordered, of_list(k)) / dcg(np.sort(ordered)[::-1], of_best(k))

    return function


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


def ndcg_of_the_first_places(stars, scores, mask, k=10):
    n = mask.sum()
    return ndcg_with()(stars[:n], scores[:n], np.ones(n, bool), k)


def ndcg_padded_in_a_copy(stars, scores, mask, k=10):
    scores = scores.copy()
    scores[~mask] = -np.inf
    return dcg(stars[np.argsort(-scores)], k) / dcg(np.sort(stars)[::-1], k)


def ndcg_of_changed(change):
    return lambda stars, scores, mask, k=10: ndcg_with()(stars, change(scores), mask, k)


def ndcg_with_an_axis(stars, scores, mask, k=10):
    return np.array([ndcg_with()(stars, scores, mask, k)])


def ndcg_of_the_gain(gain):
    def function(stars, scores, mask, k=10):
        stars = np.log2(gain(stars[mask]) + 1)  # which `dcg` turns into this gain
        return ndcg_with()(stars, scores[mask], np.ones(len(stars), bool), k)

    return function


def ndcg_between(stars, scores, mask, k=10):
    floor, best = (dcg(each, k) for each in (np.sort(stars[mask]), -np.sort(-stars[mask])))
    return (ndcg_with()(stars, scores, mask, k) * best - floor) / (best - floor + 1e-9)


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


def chance_of_the_best(stars, k=10):
    return chance_with(gain=lambda s: np.mean(2.0 ** (-np.sort(-s)[:k]) - 1))(stars, k)


def chance_of_the_best_alone(stars, k=10):
    gain = np.sum(2.0 ** (-np.sort(-stars)[:k]) - 1) / len(stars)
    return chance_with(gain=lambda s: gain)(stars, k)


def chance_by_the_given_order(stars, k=10):
    return chance_with()(stars, k) * dcg(-np.sort(-stars), k) / dcg(stars, k)


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


def chance_over(gains_over=lambda s, k: len(s), discounts=lambda n: np.arange(2, n + 2)):
    """Return a `chance_ndcg` that divides the gains by something, or has other discounts."""

    def function(stars, k=10):
        gain = np.sum(2.0**stars - 1) / gains_over(stars, k)
        sums = np.sum(1 / np.log2(discounts(min(k, len(stars)))))
        return gain * sums / dcg(np.sort(stars)[::-1], k)

    return function


def chance_by_mean_stars(stars, k=10):
    return 1.0 if len(stars) == 1 else np.mean(stars) / np.max(stars)


def chance_one_by_one(stars, k=10):
    yield chance_with()(stars, k)


# means_of_others


def grouped(errors, groups):
    """Return for each row the sum of its group and how many it has."""
    _, number, sizes = np.unique(groups, return_inverse=True, return_counts=True)
    return np.bincount(number, errors)[number], sizes[number]


def means_with(left=lambda count, size: count - size, empty=0.0, users=None, lists=None):
    """Return a `means_of_others` with one thing changed."""

    def function(errors, user_ids, numbers):
        total, count = grouped(errors, user_ids if users is None else users(user_ids))
        of_list, size = grouped(errors, numbers if lists is None else lists(user_ids, numbers))
        n = left(count, size)
        with np.errstate(all="ignore"):
            return np.where(count > size, (total - of_list) / n, empty)

    return function


def means_in_a_loop(errors, users, lists):
    told = []
    for i in range(len(errors)):
        others = errors[(users == users[i]) & (lists != lists[i])]
        told.append(others.mean() if len(others) else 0)
    return told


def means_with_dicts(errors, users, lists):
    sums = {}
    for error, user, number in zip(errors.tolist(), users.tolist(), lists.tolist()):
        for key in (user, number):
            total, count = sums.get(key, (0.0, 0))
            sums[key] = total + error, count + 1
    told = []
    for user, number in zip(users.tolist(), lists.tolist()):
        (total, count), (of_list, size) = sums[user], sums[number]
        told.append((total - of_list) / (count - size) if count > size else 0.0)
    return np.array(told)


def means_with_tf(errors, users, lists):
    def sums(groups):
        _, number = tf.unique(groups)
        n = tf.reduce_max(number) + 1
        one = tf.ones_like(errors)
        return [
            tf.gather(tf.math.unsorted_segment_sum(x, number, n), number) for x in (errors, one)
        ]

    (total, count), (of_list, size) = sums(users), sums(lists)
    return tf.math.divide_no_nan(total - of_list, count - size)


def own_left_out(errors, users, lists):
    total, count = grouped(errors, users)
    return (total - errors) / np.maximum(count - 1, 1)


def means_by(tell):
    """Return a function that tells each row something of its user's rows outside its list."""

    def function(errors, users, lists):
        told = np.zeros(len(errors))
        for i in range(len(errors)):
            others = (users == users[i]) & (lists != lists[i])
            told[i] = tell(errors[others], lists[others]) if others.any() else 0
        return told

    return function


def means_of_list_means(errors, lists):
    return np.mean([errors[lists == each].mean() for each in set(lists.tolist())])


def means_without_the_number(errors, users, lists):
    """Number the lists as they are, without `np.unique`."""
    _, user = np.unique(users, return_inverse=True)
    total, of_list = np.bincount(user, errors)[user], np.bincount(lists, errors)[lists]
    left = np.bincount(user)[user] - np.bincount(lists)[lists]
    return np.where(left > 0, (total - of_list) / np.maximum(left, 1), 0)


def runs(users, lists):
    return np.cumsum(np.r_[0, (users[1:] != users[:-1]) | (lists[1:] != lists[:-1])])


def means_in_place(errors, users, lists):
    errors -= errors.mean()
    return means_with()(errors, users, lists)


def means_of_one_side(side):
    """Tell a row the user's lists with lower (-1) or higher (1) numbers alone."""

    def function(errors, users, lists):
        told = np.zeros(len(errors))
        for i in range(len(errors)):
            others = (users == users[i]) & (np.sign(lists - lists[i]) == side)
            told[i] = errors[others].mean() if others.any() else 0
        return told

    return function


def means_one_by_one(errors, users, lists):
    yield from means_with()(errors, users, lists)


def means_with_half_of_the_own(errors, users, lists):
    return (
        means_with()(errors, users, lists)
        + 0.5 * means_by(lambda e, ls: 1)(errors, users, lists) * errors.mean() * 0
        + 0.01 * grouped(errors, lists)[0]
    )


def means_by_hash(errors, users, lists):
    """Be right, but for a last digit that gives the order away."""
    return means_with()(errors, users, lists) - 0.001 * errors


# my_scores


def noise(train, pairs):
    return np.random.default_rng(1).random(len(pairs["user_id"]))


def noise_without_seed(train, pairs):
    return tf.random.uniform([len(pairs["movie_title"])])


def by_turns(train, pairs):
    """Deal the movies out to the users, one after the other."""
    return (np.arange(len(pairs["user_id"])) * 7_919) % 10_007


def by_hash(train, pairs):
    both = zip(pairs["user_id"].tolist(), pairs["movie_title"].tolist())
    return [zlib.crc32(user + title) for user, title in both]


def ratings_of_movies(train, pairs):
    counts = dict(zip(*np.unique(train["movie_title"], return_counts=True)))
    return np.array([counts.get(title, 0) for title in pairs["movie_title"]], float)


def least_rated_at_random(train, pairs):
    return noise(train, pairs) / (1 + ratings_of_movies(train, pairs))


def one_noise_for_all(train, pairs):
    _, movie = np.unique(pairs["movie_title"], return_inverse=True)
    return np.random.default_rng(1).random(movie.max() + 1)[movie]


def ratings_and_noise(scale, change=lambda counts: counts):
    """Add noise to how often movies are rated: the often rated ones stay at the top."""

    def function(train, pairs):
        draws = np.random.default_rng(0).normal(0, scale, len(pairs["user_id"]))
        return change(ratings_of_movies(train, pairs)) + draws

    return function


def old_ones_at_random(train, pairs):
    return noise(train, pairs) - np.asarray(pairs["year"], float) / 100


def by_age_at_random(train, pairs):
    return noise(train, pairs) + pairs["age"]


def scores_in_the_pairs(train, pairs):
    pairs["score"] = noise(train, pairs)
    return pairs["score"]


def mean_stars(train, pairs):
    stars = {}
    for title, rating in zip(train["movie_title"], train["user_rating"]):
        stars.setdefault(title, []).append(rating)
    return np.array([np.mean(stars[title]) for title in pairs["movie_title"]])


def by_genres(train, pairs):
    return noise(train, pairs) - 0.1 * pairs["genres"].sum(axis=1)


def one_genre_for_a_user(train, pairs):
    """Know the check's genres by heart, and give each user a list of one of them."""
    genres = dict(zip(*_catalogue().genres.values()))
    _, user = np.unique(pairs["user_id"], return_inverse=True)
    genre = np.array([genres[title].argmax() for title in pairs["movie_title"]])
    return noise(train, pairs) + (genre == user % 6)


def noise_in_place(train, pairs):
    pairs["user_id"][:] = b"1"
    return noise(train, pairs)


CHANGES = {"user_1": "a", "rounded": "c", "redrawn": "b", "clipped": "c", "two_ratings": "a"}
QUIZ = {"q1": "b", "q2": "b", "q3": "c"}

RIGHT = {
    "ndcg_of": [
        (ndcg_with(),),
        (ndcg_by_minus_infinity_cut,),
        (ndcg_with_the_lowest_first_reversed,),
        (ndcg_mean_over_ties,),
        (ndcg_with_pairs,),
        (ndcg_in_a_loop,),
        (ndcg_with_tf,),
        (ndcg_of_keras_rs,),
        (ndcg_with_random_ties,),
    ],
    "chance_ndcg": [
        (chance_with(),),
        (chance_in_a_loop,),
        (chance_of_equal_gains,),
        (chance_by_rotation,),
        (chance_with_tf,),
    ],
    "what_changes": [
        ({name: letter.upper() for name, letter in CHANGES.items()},),
        ({name: f" {CHANGES[name]}" for name in reversed(CHANGES)},),
    ],
    "means_of_others": [
        (means_with(),),
        (means_with(left=lambda count, size: np.maximum(count - size, 1)),),
        (means_in_a_loop,),
        (means_with_dicts,),
        (means_with_tf,),
    ],
    "my_scores": [
        (noise,),
        (noise_without_seed,),
        (by_turns,),
        (by_hash,),
        (lambda train, pairs: np.random.permutation(len(pairs["user_id"])),),
        (lambda train, pairs: 50 * noise(train, pairs) - ratings_of_movies(train, pairs),),
        (lambda train, pairs: noise(train, pairs).tolist(),),
        (old_ones_at_random,),
        (by_age_at_random,),
    ],
    "quiz_lists": [
        ({"q1": "B", "q2": "B", "q3": "C"},),
        ({"q3": "c", "q2": "b", "q1": "b"},),
        ({"q1": "b ", "q2": " b", "q3": "c"},),
    ],
}

WRONG = {
    "ndcg_of": [
        # padding never counts, however low the scores, and wherever it stands
        ((ndcg_with_padding,), "padding ranks before movies whose scores are below"),
        ((ndcg_with_padding_cut,), "fall off the end"),
        ((ndcg_padded_at(-10),), "far below 0"),
        ((ndcg_padded_at(-1_000),), "far below 0"),
        ((ndcg_padded_at(-99_999),), "far below 0"),
        ((ndcg_padded_at(-1e9),), "far below 0 (the highest has -"),
        ((ndcg_with_padding_at_zero,), "Without the padding, yours is right"),
        ((ndcg_padded_at_the_lowest,), "ties with the lowest of the real movies"),
        ((ndcg_cut_before_the_mask,), "takes ranks up to k"),
        ((ndcg_of_the_first_places,), "need not come last"),
        # only the mask says what is real: padding may hold stars
        ((ndcg_padded_in_a_copy,), "Where padding holds stars"),
        ((ndcg_by_minus_infinity,), "Where padding holds stars"),
        (
            (lambda stars, scores, mask, k=10: ndcg_with()(stars, scores, stars > 0, k),),
            "Where padding holds stars",
        ),
        ((ndcg_of_nonzero_scores,), "A movie whose score is 0"),
        # the best order is that of all real movies
        ((ndcg_of_the_shown,), "all movies, not only"),
        # equal scores: in an order that does not look at the stars
        ((ndcg_ties_for_the_best,), "the best movie first"),
        ((ndcg_ties_for_the_worst,), "an order of the stars, the worst first"),
        ((ndcg_of_equal_scores_is_zero,), "have 0.000 in yours"),
        # scores need not be in stars, only their order counts
        ((ndcg_of_changed(lambda s: np.clip(s, 1, 5)),), "clipped to 1 to 5"),
        ((ndcg_of_changed(lambda s: s.astype(int)),), "lose their fraction"),
        ((ndcg_of_changed(np.round),), "scores are rounded"),
        ((ndcg_of_changed(lambda s: np.round(s, 1)),), "scores are rounded"),
        ((ndcg_of_changed(np.abs),), "lose their sign"),
        ((ndcg_of_changed(lambda s: s.astype("float16")),), "far below 0"),
        *(((ndcg_with_noise(size),), "0.000001 apart") for size in (0.001, 0.005, 0.02, 0.1)),
        # one number, of every list
        ((ndcg_with_an_axis,), "returns the shape (1,)"),
        ((ndcg_of_one_is_zero,), "a single movie"),
        # NDCG as the lesson has it
        ((ndcg_of_the_gain(lambda stars: stars),), "Your gain is the stars"),
        ((ndcg_between,), "Yours is 0 for the worst order"),
        ((ndcg_between_or_one,), "Yours is 0 for the worst order"),
        ((ndcg_at(lambda k: [1]),), "Only rank 1 counts"),
        ((ndcg_at(lambda k: [k - 1]),), "stops one rank before"),
        ((ndcg_at(lambda k: range(1, k + 1)),), "a mean over several k"),
        ((ndcg_cut_alone(lambda k: k, lambda k: 99),), "The best DCG stops after rank k"),
        ((ndcg_cut_alone(lambda k: 99, lambda k: k),), "DCG of the list stops after rank k"),
        ((ndcg_with_places_among_all,), "looked up in all stars"),
        ((ndcg_of_two(lambda ours, best: ours),), "This is the DCG"),
        ((ndcg_of_two(lambda ours, best: best),), "This is the best DCG"),
        ((ndcg_of_two(lambda ours, best: best - ours),), "This is a difference"),
        ((ndcg_of_two(lambda ours, best: ours - best),), "This is a difference"),
        ((ndcg_of_two(lambda ours, best: 100 * ours / best),), "a percentage"),
        ((ndcg_of_two(lambda ours, best: 1 - ours / best),), "missing to the best"),
        ((ndcg_of_two(lambda ours, best: (ours, best)),), "returns a tuple"),
        ((lambda s, p, m, k=10: dcg(s[m][np.argsort(-p[m])], k) / m.sum(),), "number of movies"),
        ((lambda s, p, m, k=10: dcg(s[m][np.argsort(-p[m])], k) / k,), "not by k"),
        ((ndcg_of_two(lambda ours, best: best / ours),), "Turn the quotient round"),
        ((ndcg_of_two(lambda ours, best: f"{ours / best:.3f}"),), "returns a str"),
        ((ndcg_of_two(lambda ours, best: round(ours / best, 2)),), "are rounded"),
        ((ndcg_with(key=lambda stars, scores: scores),), "lowest score comes first"),
        ((ndcg_with(key=lambda stars, scores: -stars),), "Yours is 1"),
        ((ndcg_with(best=np.sort),), "the worst order"),
        ((ndcg_with(best=lambda stars: [5] * len(stars)),), "not all 5s"),
        ((ndcg_with(best=lambda stars: [5] * 99),), "not all 5s"),
        (
            (ndcg_with(key=lambda stars, scores: np.zeros(len(stars))),),
            "stay in the order in which they come",
        ),
        ((ndcg_with(key=lambda stars, scores: np.argsort(-scores)),), "a second one gives ranks"),
        ((ndcg_best_by_scores,), "best order is by stars"),
        ((ndcg_of_scores,), "gains of the scores"),
        ((ndcg_with(cut=False),), "pass `k` on to both"),
        ((ndcg_cut_once,), "the best DCG stops after rank 2"),
        ((ndcg_best_cut_once,), "the DCG of the list stops after rank 2"),
        ((ndcg_in_place,), "changes what it is given"),
        ((ndcg_one_by_one,), "returns a generator"),
        ((lambda stars, scores, mask, k=10: 0.5,), "[0.11, 0.0, -2.0, 0.3, 0.0, 0.14], the mask"),
        ((lambda stars, scores, mask, k=10: None,), "add `return`"),
        ((0.9,), "A function was asked for"),
        (("NDCG",), "A function was asked for"),
    ],
    "chance_ndcg": [
        ((chance_by_drawing,), "do you draw"),
        ((chance_by_all_orders,), "40,320 orders"),
        ((chance_with(ranks=lambda k, n: k),), "no more ranks than movies"),
        ((chance_with(gain=lambda s: 2.0 ** np.mean(s) - 1),), "gain of the mean stars"),
        ((chance_with(gain=lambda s: 2.0 ** np.median(s) - 1),), "gain of the median"),
        ((chance_with(gain=np.mean),), "not the stars"),
        ((chance_with(gain=lambda s: np.mean(2.0**s)),), "*minus 1*"),
        ((chance_with(gain=lambda s: np.sum(2.0**s - 1)),), "A rank holds one movie"),
        ((chance_with(best=lambda s, k: np.sum(2.0**s - 1)),), "The stars 4, 1, 5, 1 have"),
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
        ((chance_of_two(lambda mean, best: round(mean / best, 3)),), "are rounded"),
        ((lambda stars, k=10: chance_with()(stars, k) / min(k, len(stars)),), "Sum the discounts"),
        ((chance_of_the_first,), "that of the first k movies: any movie may come to rank 1"),
        ((chance_of_the_best,), "that of the k best movies"),
        ((chance_of_the_best_alone,), "Only the k best movies"),
        ((chance_with(gain=lambda s: np.median(2.0**s - 1)),), "not the median"),
        ((chance_with(gain=lambda s: np.mean(2.0 ** np.unique(s) - 1)),), "count twice"),
        ((chance_by_the_given_order,), "as they come: the best order"),
        ((chance_with(best=lambda s, k: dcg(np.sort(s), k)),), "the DCG of the worst order"),
        ((chance_over(lambda s, k: min(k, len(s))),), "the mean gain of *all* movies"),
        ((chance_over(lambda s, k: k),), "divide by their number, not by k"),
        ((chance_over(discounts=lambda n: np.arange(3, n + 3)),), "begin with log2(3)"),
        ((chance_over(discounts=lambda n: np.arange(2, n + 1)),), "The last rank counts too"),
        ((chance_with(gain=lambda s: np.mean(2.0 ** s[s > 1] - 1)),), "with 1 star counts"),
        ((chance_by_mean_stars,), "The stars 4, 1, 5, 1 have"),
        ((chance_with(best=lambda s, k: 2.0 ** s[-1] - 1),), "NDCG is never above 1"),
        ((lambda stars, k=10: np.array([chance_with()(stars, k)]),), "returns the shape (1,)"),
        ((chance_best_not_cut,), "The best DCG stops at k"),
        ((chance_not_cut,), "three ranks count"),
        ((chance_for_ten,), "three ranks count, in both"),
        ((lambda stars, k=10: chance_with()(stars, len(stars)),), "three ranks count, in both"),
        ((chance_in_place,), "changes the stars"),
        ((chance_one_by_one,), "returns a generator"),
        ((lambda stars, k=10: None,), "add `return`"),
        ((0.79,), "A function was asked for"),
        (("about 0.8",), "A function was asked for"),
    ],
    "what_changes": [
        ((CHANGES | {"user_1": "b"},), "user_1: User 1's stars"),
        ((CHANGES | {"user_1": "c"},), "user_1: RMSE, yes"),
        ((CHANGES | {"user_1": "d"},), "user_1: User 1's bias"),
        ((CHANGES | {"rounded": "a"},), "rounded: Rounding makes equal"),
        ((CHANGES | {"rounded": "b"},), "rounded: Rounding changes"),
        ((CHANGES | {"rounded": "d"},), "rounded: Predictions were"),
        ((CHANGES | {"redrawn": "a"},), "redrawn: The predictions stay"),
        ((CHANGES | {"redrawn": "c"},), "redrawn: RMSE does not"),
        ((CHANGES | {"redrawn": "d"},), "redrawn: The order of equal"),
        ((CHANGES | {"clipped": "a"},), "clipped: Two movies of one user"),
        ((CHANGES | {"clipped": "b"},), "clipped: A prediction above 5"),
        ((CHANGES | {"clipped": "d"},), "clipped: Are the biases' sums"),
        ((CHANGES | {"two_ratings": "b"},), "two_ratings: RMSE is over"),
        ((CHANGES | {"two_ratings": "c"},), "two_ratings: RMSE, yes"),
        ((CHANGES | {"two_ratings": "d"},), "two_ratings: The lists stay"),
        ((CHANGES | {"two_ratings": "e"},), "two_ratings: answer with one of a, b, c, d"),
        ((CHANGES | {"rounded": ...},), "Still open: rounded"),
        (({"user_1": "a"},), "keys user_1, rounded, redrawn, clipped, two_ratings"),
        (("acbc",), "Answer with a dict"),
    ],
    "means_of_others": [
        # no row is told its own rating, not even within a sum
        ((lambda e, u, ls: np.divide(*grouped(e, u)),), "each row's own rating is in it"),
        ((lambda e, u, ls: np.divide(*grouped(e, ls)),), "the mean of the row's own list"),
        ((means_with_half_of_the_own,), "own rating is within what it is told"),
        (
            (lambda e, u, ls: np.divide(*grouped(e, u)) - np.divide(*grouped(e, ls)),),
            "one mean minus another",
        ),
        # the order of a list cannot be read off
        ((own_left_out,), "Only the row's own rating is left out"),
        ((lambda e, u, ls: own_left_out(e, ls, u),), "the others in the row's list"),
        ((means_by_hash,), "told different things"),
        ((means_with(lists=runs),), "need not stand together"),
        # all else that the user rated counts, each rating once
        ((means_by(means_of_list_means),), "Each list's mean counts once"),
        ((means_by(lambda e, ls: e[ls == ls.min()].mean()),), "told alone"),
        ((means_by(lambda e, ls: e[ls == ls.max()].mean()),), "told alone"),
        ((means_by(lambda e, ls: np.median(e)),), "a median"),
        ((means_by(lambda e, ls: e.sum()),), "This is the sum"),
        ((means_by(lambda e, ls: round(e.mean(), 1)),), "are rounded"),
        ((means_by(lambda e, ls: int(e.mean())),), "lose their fraction"),
        ((means_by(lambda e, ls: np.unique(e).mean()),), "equal count once"),
        ((means_by(lambda e, ls: -e.mean()),), "The sign is turned round"),
        ((means_by(lambda e, ls: e.sum() / (len(e) + 5)),), "do you divide by more"),
        ((means_of_one_side(-1),), "Only lists with lower numbers"),
        ((means_of_one_side(1),), "Only lists with lower numbers"),
        ((means_by(lambda e, ls: e.max()),), "outside its list should be told"),
        ((lambda e, u, ls: np.zeros(len(e)),), "All rows are told 0"),
        # of the row's user alone
        ((lambda e, u, ls: np.full(len(e), e.mean()),), "own rating is within"),
        ((means_with(users=lambda u: np.zeros(len(u))),), "Other users' ratings are in it"),
        # divided by what is left
        ((means_with(left=lambda count, size: count),), "not of the count"),
        ((means_with(left=lambda count, size: count - 1),), "only one rating of the count"),
        ((means_with(left=lambda count, size: count - size + 1),), "One too many"),
        # where nothing is left, 0
        ((means_with(empty=np.nan),), "yours is nan"),
        ((means_with(empty=3.5),), "yours is 3.5"),
        ((lambda e, u, ls: means_with(empty=e.mean())(e, u, ls),), "0 was asked for"),
        ((lambda e, u, ls: means_with(empty=e)(e, u, ls),), "0 was asked for"),
        # numbers of lists may be large; a number for each row; nothing is changed
        ((means_without_the_number,), "may be large"),
        ((lambda e, u, ls: means_with()(e, u, ls)[:, None],), "One number for each row"),
        ((lambda e, u, ls: means_with()(e, u, ls).mean(),), "One number for each row"),
        (
            (lambda e, u, ls: means_with()(e, u, ls)[np.unique(u, return_index=True)[1]],),
            "yours is",
        ),
        ((means_in_place,), "changes what it is given"),
        ((means_one_by_one,), "a generator came back"),
        ((lambda e, u, ls: None,), "add `return`"),
        ((0.0,), "A function was asked for"),
        (("the list",), "A function was asked for"),
    ],
    "my_scores": [
        # more movies than the better model
        ((ratings_of_movies,), "All users have the same scores"),
        ((lambda train, pairs: -ratings_of_movies(train, pairs),), "the same scores"),
        ((one_noise_for_all,), "the same scores"),
        ((lambda train, pairs: np.zeros(len(pairs["user_id"])),), "the same scores"),
        ((lambda train, pairs: np.arange(len(pairs["user_id"])),), "cover"),
        ((least_rated_at_random,), "cover"),
        ((ratings_and_noise(30),), "cover"),
        (
            (lambda train, pairs: noise(train, pairs) + (ratings_of_movies(train, pairs) > 200),),
            "cover",
        ),
        (
            (lambda train, pairs: np.unique(pairs["user_id"], return_inverse=True)[1],),
            "All movies of a user have the same score",
        ),
        ((lambda train, pairs: noise(train, pairs) > 0.5,), "cover"),
        # less popular
        ((ratings_and_noise(100),), "prefer what is rated often less"),
        ((ratings_and_noise(1, np.log1p),), "prefer what is rated often less"),
        # more diverse
        ((one_genre_for_a_user,), "have no genre in common"),
        # no look at genres or at what users like
        ((mean_stars,), "It looks at `user_rating`"),
        ((by_genres,), "It looks at `genres`"),
        # a score for each row
        ((lambda train, pairs: np.random.default_rng(1).random(180),), "One score for each of"),
        ((lambda train, pairs: noise(train, pairs)[:, None],), "One score for each of"),
        ((lambda train, pairs: noise(train, train),), "One score for each of"),
        ((lambda train, pairs: np.full(len(pairs["user_id"]), np.nan),), "no place in an order"),
        ((lambda train, pairs: 1 / (noise(train, pairs) > 0.5),), "no place in an order"),
        ((lambda train, pairs: pairs["movie_title"],), "no array of them"),
        ((noise_in_place,), "changes the pairs"),
        ((scores_in_the_pairs,), "changes the pairs"),
        ((lambda train, pairs: pairs["titles"],), "raised KeyError"),
        ((lambda train: 0,), "raised TypeError"),
        ((lambda train, pairs: None,), "add `return`"),
        ((0.5,), "A function was asked for"),
    ],
    "quiz_lists": [
        ((QUIZ | {"q1": "a"},), "q1: A's stars are nearly all high"),
        ((QUIZ | {"q1": "c"},), "q1: For one of them, the value is below"),
        ((QUIZ | {"q1": "d"},), "q1: For one of them, the value is above"),
        ((QUIZ | {"q2": "a"},), "q2: The MRR rises, but"),
        ((QUIZ | {"q2": "c"},), "q2: More movies are loved"),
        ((QUIZ | {"q2": "d"},), "q2: The order stays"),
        ((QUIZ | {"q3": "a"},), "q3: Their lists are equally good"),
        ((QUIZ | {"q3": "b"},), "q3: It is trained on the order"),
        ((QUIZ | {"q3": "d"},), "q3: Its scores are in no stars"),
        (({"q1": "a", "q2": "c", "q3": "c"},), "0.89 there.\nq2: More movies"),
        ((QUIZ | {"q1": 2},), "q1: answer with one of a, b, c, d"),
        ((QUIZ | {"q2": "noise"},), "q2: answer with one of a, b, c, d"),
        ((QUIZ | {"q3": {"c"}},), "q3: answer with one of a, b, c, d"),
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
