"""Right and plausibly wrong answers to the exercises of lesson 3; see corpus_lesson01.py."""

import numpy as np

from helpers import training


def batches(
    shuffle_first=True, buffer=None, size=None, drop=False, cache=True, always=False, never=False
):
    """Return a `make_batches` with one thing changed."""

    def function(ratings, batch_size, shuffle=False):
        mixes = (shuffle or always) and not never
        if mixes and shuffle_first:
            ratings = ratings.shuffle(buffer or len(ratings))
        ratings = ratings.batch(size or batch_size, drop_remainder=drop)
        if mixes and not shuffle_first:
            ratings = ratings.shuffle(100)
        return ratings.cache() if cache else ratings

    return function


def cache_then_shuffle(ratings, batch_size, shuffle=False):
    ratings = ratings.cache()
    if shuffle:
        ratings = ratings.shuffle(100_000)
    return ratings.batch(batch_size)


def batches_of_batches(ratings, batch_size, shuffle=False):
    return batches()(ratings, batch_size, shuffle).batch(2)


def repeated(ratings, batch_size, shuffle=False):
    if shuffle:
        return ratings.shuffle(len(ratings)).repeat(2).batch(batch_size).cache()
    return ratings.batch(batch_size).cache()


def features_for(user_id, titles):
    return {"user_id": np.array([user_id] * len(titles)), "movie_title": np.array(titles)}


def ranked(key=lambda pair: -pair[1], user=None):
    """Return a `rank_movies` with one thing changed."""

    def function(model, user_id, titles):
        stars = np.ravel(model(features_for(user or user_id, titles)))
        return sorted(zip(titles, stars), key=key)

    return function


def ranked_one_by_one(model, user_id, titles):
    stars = {title: model(features_for(user_id, [title]))[0, 0] for title in titles}
    return [(title, stars[title]) for title in sorted(titles, key=stars.get, reverse=True)]


def ranked_with_argsort(model, user_id, titles):
    stars = model(features_for(user_id, titles)).numpy()
    return [(titles[i], stars[i]) for i in np.argsort(-stars[:, 0])]


def stars_sorted_alone(model, user_id, titles):
    stars = np.ravel(model(features_for(user_id, titles)))
    return list(zip(titles, sorted(stars, reverse=True)))


def titles_alone(model, user_id, titles):
    return [title for title, _ in ranked()(model, user_id, titles)]


def stars_first(model, user_id, titles):
    return [(stars, title) for title, stars in ranked()(model, user_id, titles)]


def sorted_in_place(model, user_id, titles):
    ranking = ranked()(model, user_id, titles)
    titles[:] = [title for title, _ in ranking]
    return ranking


def top_three(model, user_id, titles):
    return ranked()(model, user_id, titles)[:3]


def as_dict(model, user_id, titles):
    return dict(ranked()(model, user_id, titles))


def one_user_for_all(model, user_id, titles):
    features = {"user_id": np.array([user_id]), "movie_title": np.array(titles)}
    stars = np.ravel(model({**features, "movie_title": features["movie_title"][:1]}))
    return [(title, stars[0]) for title in titles]


RIGHT = {
    "make_batches": [(batches(),), (cache_then_shuffle,), (training.make_batches,)],
    "updates": [(30.0,), (np.int64(30),), (3 * 10,)],
    "test_mse": [
        (lambda result: result["root_mean_squared_error"] * result["root_mean_squared_error"],),
        (lambda result: np.square(np.float32(result["root_mean_squared_error"])),),
    ],
    "rank_movies": [(ranked_one_by_one,), (ranked_with_argsort,), (training.rank_movies,)],
    "different_movies": [("A",), (" a",)],
    "quiz_training": [
        ({"q1": "A", "q2": "B", "q3": "C"},),
        ({"q3": "c", "q2": "b", "q1": "a"},),
    ],
}

WRONG = {
    "make_batches": [
        ((batches(cache=False),), "keep the batches in memory"),
        ((batches(shuffle_first=False),), "shuffle before you batch"),
        ((batches(drop=True),), "are lost"),
        ((batches(size=8_192),), "use `batch_size`"),
        ((batches(never=True),), "are not shuffled"),
        ((batches(always=True),), "With shuffle=False, the order"),
        ((batches(buffer=5),), "its buffer must hold all"),
        ((batches_of_batches,), "batches of batches"),
        ((lambda ratings, batch_size, shuffle=False: ratings.cache(),), "not in batches"),
        ((lambda ratings, batch_size, shuffle=False: None,), "add `return`"),
        ((lambda ratings, batch_size, shuffle=False: [1, 2],), "Return a tf.data.Dataset"),
        ((repeated,), "come twice"),
        ((8_192,), "A function was asked for"),
    ],
    "updates": [
        ((3,), "number of epochs"),
        ((10,), "one epoch"),
        ((27,), "last, smaller batch"),
        ((240_000,), "not once a rating"),
        ((29,), "has 10"),
        ((24_576,), "is not it"),
        (("30",), "Answer with a number"),
        ((True,), "Answer with a number"),
    ],
    "test_mse": [
        ((lambda r: r["loss"],), "the MSE of the last batch"),
        ((lambda r: r["total_loss"],), "total_loss"),
        ((lambda r: r["root_mean_squared_error"],), "This is the RMSE"),
        ((lambda r: r["root_mean_squared_error"] ** 0.5,), "root of the RMSE"),
        ((lambda r: r["loss"] ** 0.5,), "root of `loss`"),
        ((lambda r: r["loss"] ** 2,), "square of `loss`"),
        ((lambda r: r.pop("root_mean_squared_error") ** 2,), "changes `result`"),
        ((lambda r: None,), "add `return`"),
        ((lambda r: 1.228,), "the MSE is 4"),
        ((1.228,), "A function was asked for"),
        ((lambda r: r["rmse"] ** 2,), "raised KeyError"),
    ],
    "rank_movies": [
        ((ranked(key=lambda pair: pair[1]),), "The lowest comes first"),
        ((ranked(key=lambda pair: pair[0]),), "not in the order of the predicted stars"),
        ((ranked(user="9"),), "use `user_id`"),
        ((stars_sorted_alone,), "sort titles and stars together"),
        ((titles_alone,), "must be a pair"),
        ((stars_first,), "in this order"),
        ((sorted_in_place,), "reorders the list"),
        ((top_three,), "each must come out once"),
        ((as_dict,), "Return a list of pairs"),
        ((one_user_for_all,), "another title's stars"),
        ((lambda model, user_id, titles: None,), "add `return`"),
        (([("Speed (1994)", 3.6)],), "A function was asked for"),
    ],
    "different_movies": [
        (("b",), "tastes that the model can tell apart"),
        (("c",), "a list of their own"),
        ((11,), "answer with one of a, b, c"),
        (("d",), "answer with one of a, b, c"),
    ],
    "quiz_training": [
        (({"q1": "b", "q2": "b", "q3": "c"},), "q1: The model is the same"),
        (({"q1": "c", "q2": "b", "q3": "c"},), "q1: Squaring changes nothing"),
        (({"q1": "a", "q2": "a", "q3": "c"},), "q2: It is lower"),
        (({"q1": "a", "q2": "c", "q3": "c"},), "q2: The RMSE is about 1.1"),
        (({"q1": "a", "q2": "b", "q3": "a"},), "q3: Users differ"),
        (({"q1": "a", "q2": "b", "q3": "b"},), "q3: The last layer is linear"),
        (({"q1": "a", "q2": "b"},), "Answer with a dict"),
    ],
}
