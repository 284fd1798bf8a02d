"""Right and plausibly wrong answers to the exercises of lesson 3."""

import numpy as np

from helpers.keras2 import tf
from helpers.models import article


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


def cached_only_unshuffled(ratings, batch_size, shuffle=False):
    if shuffle:
        return ratings.shuffle(len(ratings)).batch(batch_size)
    return ratings.batch(batch_size).cache()


def dropped_when_shuffled(ratings, batch_size, shuffle=False):
    return batches(drop=shuffle)(ratings, batch_size, shuffle)


def other_size_when_shuffled(ratings, batch_size, shuffle=False):
    return batches(size=10 if shuffle else None)(ratings, batch_size, shuffle)


def shuffled_without_buffer(ratings, batch_size, shuffle=False):
    return (ratings.shuffle() if shuffle else ratings).batch(batch_size).cache()


def buffer_of_a_batch(ratings, batch_size, shuffle=False):
    return batches(buffer=batch_size)(ratings, batch_size, shuffle)


def batches_then(change, first=True):
    """Return a `make_batches` that does something more to its batches."""
    return lambda ratings, batch_size, shuffle=False: change(
        batches()(ratings, batch_size, shuffle)
    )


def endless(ratings, batch_size, shuffle=False):
    return ratings.repeat().batch(batch_size)


def batches_without_assignment(ratings, batch_size, shuffle=False):
    if shuffle:
        ratings.shuffle(len(ratings))
    return ratings.batch(batch_size).cache()


def cache_without_assignment(ratings, batch_size, shuffle=False):
    ratings = ratings.batch(batch_size)
    ratings.cache()
    return ratings


def batches_without_return(ratings, batch_size, shuffle=False):
    ratings = batches()(ratings, batch_size, shuffle)


def batches_in_a_generator(ratings, batch_size, shuffle=False):
    yield from batches()(ratings, batch_size, shuffle)


def shuffled_with_a_seed(ratings, batch_size, shuffle=False):
    if shuffle:
        ratings = ratings.shuffle(ratings.cardinality(), seed=42, reshuffle_each_iteration=False)
    return ratings.batch(batch_size).cache().prefetch(tf.data.AUTOTUNE)


def shuffled_single_ratings_in_memory(ratings, batch_size, shuffle=False):
    ratings = ratings.shuffle(len(ratings)) if shuffle else ratings
    return ratings.cache().batch(batch_size, num_parallel_calls=2)


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
    return [(titles[i], stars[i, 0]) for i in np.argsort(-stars[:, 0])]


def stars_sorted_alone(model, user_id, titles):
    stars = np.ravel(model(features_for(user_id, titles)))
    return list(zip(titles, sorted(stars, reverse=True)))


def ranked_by_predict(model, user_id, titles):
    features = {"movie_title": np.array(titles), "user_id": np.repeat(user_id, len(titles))}
    pairs = zip(titles, model.predict(features, verbose=0)[:, 0])
    return sorted(pairs, key=lambda pair: pair[1])[::-1]


def ranked_with_tensors(model, user_id, titles):
    features = {"user_id": tf.fill([len(titles)], user_id), "movie_title": tf.constant(titles)}
    values, places = tf.math.top_k(model(features)[:, 0], len(titles))
    return [[titles[i], value] for i, value in zip(places.numpy(), values.numpy())]


def ranked_with(
    features=features_for,
    stars=np.ravel,
    result=lambda ranking: ranking,
    call=lambda model, features: model(features),
):
    """Return a `rank_movies` with one thing changed."""

    def function(model, user_id, titles):
        values = stars(call(model, features(user_id, titles)))
        pairs = zip(titles, values)
        return result(sorted(pairs, key=lambda pair: float(np.ravel(pair[1])[0]), reverse=True))

    return function


def of_ids(user_id, titles):
    return {"user_id": np.full(len(titles), int(user_id)), "movie_title": np.array(titles)}


def one_user(user_id, titles):
    return {"user_id": np.array([user_id]), "movie_title": np.array(titles)}


def bare_user(user_id, titles):
    return {"user_id": user_id, "movie_title": np.array(titles)}


def columns(user_id, titles):
    return {name: values[:, None] for name, values in features_for(user_id, titles).items()}


def other_names(user_id, titles):
    return dict(zip(("user", "title"), features_for(user_id, titles).values()))


def swapped_fields(user_id, titles):
    return dict(zip(("movie_title", "user_id"), features_for(user_id, titles).values()))


def call_with_two(model, features):
    return model(features["user_id"], features["movie_title"])


def call_with_pair(model, features):
    return model((features["user_id"], features["movie_title"]))


def sorted_as_column(model, user_id, titles):
    stars = model(features_for(user_id, titles)).numpy()
    return [(titles[int(i)], stars[int(i), 0]) for i in np.argsort(-stars).ravel()]


def ranked_as_text(model, user_id, titles):
    table = np.column_stack([titles, np.ravel(model(features_for(user_id, titles)))])
    return table[np.argsort(table[:, 1])[::-1]].tolist()


def unsorted(model, user_id, titles):
    return list(zip(titles, np.ravel(model(features_for(user_id, titles)))))


def ranked_by_places(model, user_id, titles):
    stars = np.ravel(model(features_for(user_id, titles)))
    return [(int(i), stars[i]) for i in np.argsort(-stars)]


def ranked_in_a_generator(model, user_id, titles):
    yield from ranked()(model, user_id, titles)


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


def shuffled_with_its_own_size(ratings, batch_size, shuffle=False):
    if shuffle:
        ratings = ratings.shuffle(len(ratings))
    return ratings.batch(batch_size).cache()


RIGHT = {
    "make_batches": [
        (batches(),),
        (cache_then_shuffle,),
        (shuffled_with_its_own_size,),
        (shuffled_with_a_seed,),
        (shuffled_single_ratings_in_memory,),
    ],
    "updates": [(30.0,), (np.int64(30),), (3 * 10,), (3 * np.ceil(80_000 / 8_192),)],
    "test_mse": [
        (lambda result: result["root_mean_squared_error"] * result["root_mean_squared_error"],),
        (lambda result: np.square(np.float32(result["root_mean_squared_error"])),),
        (lambda result: result["root_mean_squared_error"] ** 2,),
        (lambda result: tf.square(result.get("root_mean_squared_error")),),
        (lambda result: np.array([pow(result["root_mean_squared_error"], 2)]),),
    ],
    "rank_movies": [
        (ranked_one_by_one,),
        (ranked_with_argsort,),
        (article.rank_movies,),
        (ranked_by_predict,),
        (ranked_with_tensors,),
        (ranked_with(),),
    ],
    "different_movies": [("A",), (" a",), ("a ",)],
    "quiz_training": [
        ({"q1": "A", "q2": "B", "q3": "C"},),
        ({"q3": "c", "q2": "b", "q1": "a"},),
        ({"q1": " A", "q2": np.str_("b"), "q3": "c "},),
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
        ((batches(buffer=10_000),), "its buffer must hold all"),
        ((batches(buffer=8_192),), "its buffer must hold all"),
        ((buffer_of_a_batch,), "its buffer must hold all"),
        ((batches(buffer=1),), "are not shuffled"),
        ((cached_only_unshuffled,), "With shuffle=True, a second pass reads all"),
        ((dropped_when_shuffled,), "come twice or never"),
        ((other_size_when_shuffled,), "With shuffle=True, the first batch has 10 ratings"),
        ((shuffled_without_buffer,), "wants the size of its buffer"),
        ((batches_without_assignment,), "are not shuffled"),
        ((cache_without_assignment,), "keep the batches in memory with `cache`"),
        ((batches(size=1),), "the first batch has 1 ratings: use `batch_size`"),
        ((batches_then(lambda dataset: dataset.repeat()),), "leave `repeat` out"),
        ((batches_then(lambda dataset: dataset.repeat(3)),), "leave `repeat` out"),
        ((endless,), "leave `repeat` out"),
        ((batches_then(lambda dataset: dataset.take(1)),), "85 are lost: keep all"),
        ((batches_then(lambda dataset: dataset.unbatch()),), "not in batches"),
        ((batches_then(lambda dataset: dataset.enumerate()),), "something else than the ratings"),
        ((batches_then(lambda dataset: tf.data.Dataset.zip((dataset, dataset))),), "else than"),
        ((batches_then(lambda dataset: dataset.map(lambda x: x / 5)),), "something else than"),
        ((batches_then(list),), "this is a list"),
        ((batches_then(iter),), "Return a tf.data.Dataset"),
        ((batches_then(lambda dataset: (dataset, 20)),), "this is a tuple"),
        ((batches_then(lambda dataset: next(iter(dataset))),), "Return a tf.data.Dataset"),
        ((batches_then(lambda dataset: "batches"),), "this is a str"),
        ((lambda ratings, batch_size, shuffle=False: ratings.window(20),), "something else than"),
        ((batches_in_a_generator,), "this is a generator"),
        ((batches_without_return,), "add `return`"),
        ((tf.data.Dataset.range(80_000).batch(8_192).repeat(),), "A function was asked for"),
        ((8_192,), "A function was asked for"),
    ],
    "updates": [
        ((3,), "number of epochs"),
        ((10,), "one epoch"),
        ((27,), "last, smaller batch"),
        ((240_000,), "not once a rating"),
        ((29,), "has 10"),
        ((80_000,), "not once a rating"),
        ((24_576,), "3 times the size of a batch"),
        ((8_192,), "the number of ratings in a batch"),
        ((4_096,), "the number of ratings in a test batch"),
        ((9,), "one epoch without its last, smaller batch"),
        ((0,), "what the optimizer counts before training"),
        ((39,), "80,000 of them train the model"),
        ((60,), "those of the test ratings"),
        ((80_000 / 8_192,), "is not whole: the last, smaller batch"),
        ((3 * 80_000 / 8_192,), "is not whole: the last, smaller batch"),
        ((np.float32(29.3),), "is not whole: the last, smaller batch"),
        ((float("nan"),), "is not whole"),
        (([10, 10, 10],), "Answer with a number"),
        (({"updates": 30},), "Answer with a number"),
        ((np.array([30]),), "Answer with a number"),
        ((lambda: 30,), "Answer with a number"),
        ((tf.data.Dataset.range(30).repeat(),), "Answer with a number"),
        ((iter(range(30)),), "Answer with a number"),
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
        ((lambda r: 1.228,), "For an RMSE of 1.25 the MSE is 1.5625; yours is 1.23"),
        ((lambda r: 2 * r["root_mean_squared_error"],), "twice the RMSE"),
        ((lambda r: r["root_mean_squared_error"] ** 4,), "square the RMSE once"),
        ((lambda r: r["regularization_loss"],), "no error of predictions"),
        ((lambda r: r["total_loss"] - r["loss"],), "no error of predictions"),
        ((lambda r: (r["loss"] + r["root_mean_squared_error"] ** 2) / 2,), "leave it out"),
        ((lambda r: r["loss"] * r["root_mean_squared_error"],), "leave it out"),
        ((lambda r: round(r["root_mean_squared_error"] ** 2, 2),), "This is rounded"),
        ((lambda r: round(r["root_mean_squared_error"] ** 2, 3),), "This is rounded"),
        ((lambda r: f"{r['root_mean_squared_error'] ** 2}",), "returns a str"),
        ((lambda r: {"mse": r["root_mean_squared_error"] ** 2},), "returns a dict"),
        ((lambda r: [r["root_mean_squared_error"] ** 2],), "returns a list"),
        ((lambda r: (r["loss"], r["root_mean_squared_error"] ** 2),), "returns a tuple"),
        ((lambda r: r,), "returns a dict"),
        ((lambda r: (value for value in r.values()),), "returns a generator"),
        ((lambda r: tf.data.Dataset.range(9).repeat(),), "One number was asked for"),
        ((lambda r: r.update(mse=r["root_mean_squared_error"] ** 2),), "changes `result`"),
        ((lambda r: np.square(list(r.values())),), "returns the shape (4,)"),
        ((lambda r: r["mean_squared_error"],), "`result` has no 'mean_squared_error'"),
        (({"loss": 1.3},), "A function was asked for"),
        ((1.228,), "A function was asked for"),
        ((lambda r: r["rmse"] ** 2,), "`result` has no 'rmse'; it has root_mean"),
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
        ((ranked_with(one_user),), "repeat `user_id`"),
        ((ranked_with(bare_user),), "repeat `user_id`"),
        ((ranked_with(columns),), "must have the same shape (n,); they have (12, 1)"),
        ((ranked_with(of_ids),), "User ids and titles are strings"),
        ((ranked_with(other_names),), "with the keys user_id and movie_title"),
        ((ranked_with(swapped_fields),), "are the two fields swapped"),
        ((ranked_with(call=call_with_two),), "The model takes one dict"),
        ((ranked_with(call=call_with_pair),), "The model takes one dict"),
        ((ranked_with(stars=lambda stars: stars.numpy()),), "The stars have shape (1,)"),
        ((ranked_with(stars=lambda stars: list(stars)),), "np.ravel makes numbers of (n, 1)"),
        ((ranked_with(stars=lambda stars: np.round(np.ravel(stars))),), "rounded or negative"),
        ((ranked_with(stars=lambda stars: -np.ravel(stars)),), "rounded or negative"),
        ((ranked_with(result=lambda ranking: ranking[:10]),), "each must come out once"),
        ((ranked_with(result=lambda ranking: ranking[0]),), "must be a pair"),
        ((ranked_with(result=lambda ranking: ranking + ranking),), "each must come out once"),
        ((ranked_with(result=lambda ranking: []),), "The list is empty"),
        ((ranked_with(result=np.array),), "this is a ndarray"),
        ((ranked_with(result=iter),), "Return a list of pairs"),
        ((ranked_with(result=lambda ranking: tuple(zip(*ranking))),), "must be a pair"),
        ((ranked_with(result=print),), "add `return`"),
        ((ranked_with(result=str),), "this is a str"),
        ((ranked_as_text,), "The stars have become text"),
        ((ranked_with(result=lambda ranking: [(t, iter([s])) for t, s in ranking]),), "one number"),
        ((ranked_by_places,), "(title, predicted stars), in this order"),
        ((sorted_as_column,), "sort a flat array"),
        ((unsorted,), "in the order of the titles given"),
        ((ranked_in_a_generator,), "this is a generator"),
        ((lambda model, user_id, titles: tf.data.Dataset.range(9).repeat(),), "a list of pairs"),
        ((lambda model, user_id, titles: None,), "add `return`"),
        (([("Speed (1994)", 3.6)],), "A function was asked for"),
    ],
    "different_movies": [
        (("b",), "tastes that the model can tell apart"),
        (("c",), "a list of their own"),
        (("B",), "tastes that the model can tell apart"),
        ((" C ",), "a list of their own"),
        ((11,), "nswer with one of a, b, c"),
        ((1_000,), "nswer with one of a, b, c"),
        (("fewer than 50",), "nswer with one of a, b, c"),
        (("< 50",), "nswer with one of a, b, c"),
        (("",), "nswer with one of a, b, c"),
        ((["a"],), "nswer with one of a, b, c"),
        (({"different_movies": "a"},), "nswer with one of a, b, c"),
        ((True,), "nswer with one of a, b, c"),
        ((iter("a"),), "nswer with one of a, b, c"),
        ((tf.data.Dataset.range(9).repeat(),), "nswer with one of a, b, c"),
        (("d",), "nswer with one of a, b, c"),
    ],
    "quiz_training": [
        (({"q1": "b", "q2": "b", "q3": "c"},), "q1: The model is the same"),
        (({"q1": "c", "q2": "b", "q3": "c"},), "q1: Squaring changes nothing"),
        (({"q1": "a", "q2": "a", "q3": "c"},), "q2: It is lower"),
        (({"q1": "a", "q2": "c", "q3": "c"},), "q2: The RMSE is about 1.1"),
        (({"q1": "a", "q2": "b", "q3": "a"},), "q3: Users differ"),
        (({"q1": "a", "q2": "b", "q3": "b"},), "q3: The last layer is linear"),
        (({"q1": "b", "q2": "a", "q3": "a"},), "q2: It is lower"),
        (({"q1": "c", "q2": "c", "q3": "b"},), "q3: The last layer is linear"),
        (({"q1": "B", "q2": "b", "q3": "c"},), "q1: The model is the same"),
        (({"q1": "a", "q2": ..., "q3": "c"},), "Still open: q2"),
        (({"q1": None, "q2": ..., "q3": "c"},), "Still open: q1, q2"),
        (({"q1": "a", "q2": 0.02, "q3": "c"},), "q2: answer with one of a, b, c"),
        (({"q1": "a", "q2": "slightly better", "q3": "c"},), "q2: answer with one of a, b, c"),
        (({"q1": "a", "q2": "b", "q3": ["c"]},), "q3: answer with one of a, b, c"),
        (({"q1": "a", "q2": "", "q3": "c"},), "q2: answer with one of a, b, c"),
        (({"q1": "a", "q2": "b", "q3": "c", "q4": "a"},), "that has the keys q1, q2, q3"),
        (({"1": "a", "2": "b", "3": "c"},), "that has the keys q1, q2, q3"),
        (({},), "that has the keys q1, q2, q3"),
        ((["a", "b", "c"],), "Answer with a dict"),
        (("abc",), "Answer with a dict"),
        ((iter("abc"),), "Answer with a dict"),
        (({"q1": "a", "q2": "b"},), "Answer with a dict"),
    ],
}
