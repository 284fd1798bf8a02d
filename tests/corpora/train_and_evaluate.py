"""Right and plausibly wrong answers to the exercises of lesson 3."""

import numpy as np

from helpers.keras2 import tf
from helpers.models import article

NOTEBOOKS = tf.data.Dataset.from_tensor_slices(
    {
        **dict.fromkeys(("movie_title", "user_id"), np.arange(200).astype(bytes)),
        "user_rating": np.arange(200, dtype=np.float32),
    }
)


def batches(
    shuffle_first=True, buffer=None, size=None, drop=False, cache=True, always=False, never=False
):
    """Return a `make_batches` with one thing changed."""

    def function(ratings, batch_size, shuffle=False, same=True):
        mixes = (shuffle or always) and not never
        kept = ratings.cache() if mixes and not same and cache else ratings
        if mixes and shuffle_first:
            kept = kept.shuffle(buffer or len(ratings))
        kept = kept.batch(size or batch_size, drop_remainder=drop)
        if mixes and not shuffle_first:
            kept = kept.shuffle(100)
        return kept.cache() if cache and (same or not mixes) else kept

    return function


def batches_or(other, when):
    """Return a `make_batches` that does something else in one of its cases."""

    def function(ratings, batch_size, shuffle=False, same=True):
        if when == (shuffle, same):
            return other(ratings, batch_size)
        return batches()(ratings, batch_size, shuffle, same)

    return function


def same_by_one_order(ratings, batch_size, shuffle=False, same=True):
    """Keep the ratings in every case; the order is drawn once if `same`."""
    ratings = ratings.cache()
    if shuffle:
        ratings = ratings.shuffle(ratings.cardinality(), reshuffle_each_iteration=not same)
    return ratings.batch(batch_size).prefetch(tf.data.AUTOTUNE)


def with_a_seed(ratings, batch_size, shuffle=False, same=True):
    if not shuffle:
        return ratings.batch(batch_size).cache()
    if same:
        return ratings.shuffle(len(ratings), seed=42).cache().batch(batch_size)
    return (
        ratings.cache().shuffle(2 * len(ratings), seed=42).batch(batch_size, num_parallel_calls=2)
    )


def with_same_false_by_default(ratings, batch_size, shuffle=False, same=False):
    return batches()(ratings, batch_size, shuffle, same)


def with_shuffle_by_default(ratings, batch_size, shuffle=True, same=True):
    return batches()(ratings, batch_size, shuffle, same)


def with_a_global_seed(ratings, batch_size, shuffle=False, same=True):
    tf.random.set_seed(42)
    return batches()(ratings, batch_size, shuffle, same)


def with_both_seeds(ratings, batch_size, shuffle=False, same=True):
    tf.random.set_seed(42)
    return with_a_seed(ratings, batch_size, shuffle, same)


def with_the_argument_inverted(ratings, batch_size, shuffle=False, same=True):
    ratings = ratings.cache()
    if shuffle:
        ratings = ratings.shuffle(len(ratings), reshuffle_each_iteration=same)
    return ratings.batch(batch_size)


def half_a_buffer(ratings, batch_size, shuffle=False, same=True):
    return batches(buffer=len(ratings) // 2)(ratings, batch_size, shuffle, same)


def pairs_of_features_and_label(ratings, batch_size, shuffle=False, same=True):
    dataset = batches()(ratings, batch_size, shuffle, same)
    return dataset.map(lambda rows: (rows, rows["user_rating"]))


def as_arrays_in_a_list(ratings, batch_size, shuffle=False, same=True):
    rows = next(ratings.batch(len(ratings)).as_numpy_iterator())
    starts = range(0, len(ratings), batch_size)
    return [{name: v[i : i + batch_size] for name, v in rows.items()} for i in starts]


def always_the_same(ratings, batch_size, shuffle=False, same=True):
    return batches()(ratings, batch_size, shuffle)


def always_new(ratings, batch_size, shuffle=False, same=True):
    return batches()(ratings, batch_size, shuffle, False)


def the_other_way_round(ratings, batch_size, shuffle=False, same=True):
    return batches()(ratings, batch_size, shuffle, not same)


def mixed_when_not_the_same(ratings, batch_size, shuffle=False, same=True):
    return batches()(ratings, batch_size, shuffle or not same, same)


def same_batches_in_new_order(ratings, batch_size):
    return ratings.shuffle(len(ratings)).batch(batch_size).cache().shuffle(6)


def shuffled_without_buffer(ratings, batch_size, shuffle=False, same=True):
    return (ratings.shuffle() if shuffle else ratings).batch(batch_size).cache()


def buffer_of_ten_batches(ratings, batch_size, shuffle=False, same=True):
    return batches(buffer=10 * batch_size)(ratings, batch_size, shuffle, same)


def batches_then(change):
    """Return a `make_batches` that does something more to its batches."""
    return lambda ratings, batch_size, shuffle=False, same=True: change(
        batches()(ratings, batch_size, shuffle, same)
    )


def endless(ratings, batch_size, shuffle=False, same=True):
    return ratings.repeat().batch(batch_size)


def batches_without_assignment(ratings, batch_size, shuffle=False, same=True):
    if shuffle:
        ratings.shuffle(len(ratings))
    return ratings.batch(batch_size).cache()


def cache_without_assignment(ratings, batch_size, shuffle=False, same=True):
    ratings = ratings.batch(batch_size)
    ratings.cache()
    return ratings


def batches_without_return(ratings, batch_size, shuffle=False, same=True):
    ratings = batches()(ratings, batch_size, shuffle)


def batches_in_a_generator(ratings, batch_size, shuffle=False, same=True):
    yield from batches()(ratings, batch_size, shuffle)


def always(result):
    return lambda ratings, batch_size, shuffle=False, same=True: result(ratings)


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


def ranked_by_text(model, user_id, titles):
    stars = np.ravel(model(features_for(user_id, titles)))
    return sorted(zip(titles, stars), key=lambda pair: f"{pair[1]:.2f}", reverse=True)


def one_after_the_other(model, user_id, titles):
    """Call the model for each movie."""
    stars = [float(model(features_for(user_id, [title]))[0, 0]) for title in titles]
    return sorted(zip(titles, stars), key=lambda pair: pair[1], reverse=True)


def ids_of_one_letter(user_id, titles):
    features = features_for(user_id, titles)
    return {**features, "user_id": features["user_id"].astype("U1")}


def table(new_vocabulary, vocabulary, table):
    row_of = {string: row for row, string in enumerate(vocabulary, start=1)}
    return table[[0] + [row_of.get(string, 0) for string in new_vocabulary]]


def table_in_a_loop(new_vocabulary, vocabulary, table):
    made = np.tile(table[:1], (len(new_vocabulary) + 1, 1))
    places = {string: place for place, string in enumerate(vocabulary)}
    for place, string in enumerate(new_vocabulary):
        if string in places:
            made[place + 1] = table[places[string] + 1]
    return made


def table_by_lookup(new_vocabulary, vocabulary, table):
    if len(new_vocabulary) == 0:
        return tf.constant(table[:1])
    lookup = tf.keras.layers.StringLookup(vocabulary=list(vocabulary), mask_token=None)
    rows = lookup(tf.constant(list(new_vocabulary)))
    return tf.concat([table[:1], tf.gather(table, rows)], axis=0)


def table_by_sorting(new_vocabulary, vocabulary, table):
    order = np.argsort(vocabulary)
    place = np.searchsorted(vocabulary, new_vocabulary, sorter=order)
    place = order[np.minimum(place, len(order) - 1)]
    rows = np.where(vocabulary[place] == new_vocabulary, place + 1, 0)
    return table[np.append(0, rows).astype(int)]


def table_of_sorted(new_vocabulary, vocabulary, table):
    """Take the old vocabulary for sorted."""
    place = np.minimum(np.searchsorted(vocabulary, new_vocabulary), len(vocabulary) - 1)
    rows = np.where(vocabulary[place] == new_vocabulary, place + 1, 0)
    return table[np.append(0, rows).astype(int)]


def table_with(start=1, first=(0,), unknown=0, change=lambda table: table):
    """Return a `table_for` with one thing changed."""

    def function(new_vocabulary, vocabulary, table):
        row_of = {string: row for row, string in enumerate(vocabulary, start=start)}
        return change(table[[*first, *(row_of.get(s, unknown) for s in new_vocabulary)]])

    return function


def table_of_known(new_vocabulary, vocabulary, table):
    row_of = {string: row for row, string in enumerate(vocabulary, start=1)}
    return table[[0] + [row_of[string] for string in new_vocabulary]]


def table_with_zeros(new_vocabulary, vocabulary, table):
    made = np.zeros((len(new_vocabulary) + 1, table.shape[1]), table.dtype)
    made[0] = table[0]
    for place, string in enumerate(vocabulary, start=1):
        made[1:][np.asarray(new_vocabulary) == string] = table[place]
    return made


def table_with_the_mean(new_vocabulary, vocabulary, old):
    made = table(new_vocabulary, vocabulary, old).copy()
    made[1:][~np.isin(new_vocabulary, vocabulary)] = old[1:].mean(axis=0)
    return made


def table_the_other_way(new_vocabulary, vocabulary, table):
    row_of = {string: row for row, string in enumerate(new_vocabulary, start=1)}
    return table[[0] + [row_of.get(string, 0) for string in vocabulary]]


def table_in_place(new_vocabulary, vocabulary, old):
    made = table(new_vocabulary, vocabulary, old)
    n = min(len(made), len(old))
    old[:n] = made[:n]
    return made


def table_as_list(new_vocabulary, vocabulary, old):
    return list(table(new_vocabulary, vocabulary, old))


def table_as_lists(new_vocabulary, vocabulary, old):
    return table(new_vocabulary, vocabulary, old).tolist()


def table_of_the_old_size(new_vocabulary, vocabulary, old):
    made = np.empty_like(old)
    for place, row in enumerate(table(new_vocabulary, vocabulary, old)):
        made[place] = row
    return made


def table_by_lookup_alone(new_vocabulary, vocabulary, old):
    lookup = tf.keras.layers.StringLookup(vocabulary=list(vocabulary), mask_token=None)
    rows = lookup(tf.constant(list(new_vocabulary))).numpy()
    return np.concatenate([old[:1], old[rows]])


def table_in_float64(new_vocabulary, vocabulary, old):
    row_of = dict(zip(vocabulary, old[1:].astype(float)))
    return np.vstack([old[0], *(row_of.get(string, old[0]) for string in new_vocabulary)])


def table_by_number(new_vocabulary, vocabulary, old):
    order = sorted(range(len(vocabulary)), key=lambda i: int(vocabulary[i]))
    return np.concatenate([old[:1], old[1:][order]])


def table_of_text_keys(new_vocabulary, vocabulary, old):
    row_of = {str(string): row for string, row in zip(vocabulary, old[1:])}
    return np.vstack([old[0], *(row_of.get(string, old[0]) for string in new_vocabulary)])


def table_by_index(new_vocabulary, vocabulary, old):
    known = list(vocabulary)
    return old[[0] + [known.index(string) + 1 for string in new_vocabulary]]


def table_by_get(new_vocabulary, vocabulary, old):
    row_of = {string: row for row, string in enumerate(vocabulary, start=1)}
    return old[[0] + [row_of.get(string) for string in new_vocabulary]]


def table_of_columns(new_vocabulary, vocabulary, old):
    row_of = {string: row for row, string in enumerate(vocabulary, start=1)}
    return old[:, [0] + [row_of.get(string, 0) for string in new_vocabulary]]


def titles_made_by_str(user_id, titles):
    return features_for(user_id, [str(title) for title in titles])


def encoded(user_id, titles):
    return features_for(user_id, [title.encode() for title in titles])


def ranked_and_decoded(model, user_id, titles):
    ranking = ranked()(model, user_id, titles)
    return [(t.decode() if isinstance(t, bytes) else t, stars) for t, stars in ranking]


def ranked_in_lists(user_id, titles):
    return {"user_id": [user_id] * len(titles), "movie_title": list(titles)}


def cut_titles(user_id, titles):
    return {**features_for(user_id, titles), "movie_title": np.array(titles, "U20")}


def ranked_as_bytes(model, user_id, titles):
    return ranked()(model, user_id, [title.encode() for title in titles])


def ranked_by_another_model(model, user_id, titles):
    stars = np.arange(len(titles))[::-1] / 7
    return list(zip(titles, stars))


def ranked_by_the_inner_model(model, user_id, titles):
    stars = np.ravel(model.ranking_model(tuple(features_for(user_id, titles).values())))
    return sorted(zip(titles, stars), key=lambda pair: -pair[1])


def table_without_return(new_vocabulary, vocabulary, old):
    print(table(new_vocabulary, vocabulary, old))


UPDATES = {"a": 30, "b": 100, "c": 27, "d": 39, "e": 3}
STAYS = {
    **{"larger": "a", "rows_twice": "b", "batches_twice": "a"},
    **{"end": "c", "after_a_call": "a"},
}
FEW = {"movies": "a", "stars": "c", "again": "c"}

RIGHT = {
    "make_batches": [
        (batches(),),
        (same_by_one_order,),
        (with_a_seed,),
    ],
    "updates": [
        (UPDATES,),
        ({"a": 30.0, "b": np.int64(100), "c": 27, "d": 3 * np.ceil(100_000 / 8_192), "e": 3},),
        ({"e": 3.0, "d": 39, "c": 27, "b": tf.constant(100), "a": 30},),
    ],
    "stays": [
        (STAYS,),
        ({name: f" {letter.upper()}" for name, letter in reversed(STAYS.items())},),
        ({name: np.str_(f"{letter})") for name, letter in STAYS.items()},),
    ],
    "table_for": [
        (table,),
        (table_in_a_loop,),
        (table_by_lookup,),
        (table_by_lookup_alone,),
        (table_in_float64,),
        (table_by_sorting,),
    ],
    "rank_movies": [
        (ranked_with_argsort,),
        (article.rank_movies,),
        (ranked_by_predict,),
        (ranked_with_tensors,),
        (ranked_with(),),
    ],
    "different_movies": [
        (FEW,),
        ({"movies": "A", "stars": " c", "again": "C"},),
        ({"again": "c ", "stars": np.str_("C"), "movies": "a"},),
    ],
    "quiz_training": [
        ({"q1": "B", "q2": "C", "q3": "C"},),
        ({"q3": "c", "q2": "c", "q1": "b"},),
        ({"q1": " B", "q2": np.str_("c"), "q3": "c "},),
    ],
}

WRONG = {
    "make_batches": [
        ((batches(cache=False),), "keep them in memory with `cache`"),
        ((batches(shuffle_first=False),), "shuffle before you batch"),
        ((batches(drop=True),), "are lost"),
        ((batches(size=8_192),), "use `batch_size`"),
        ((batches(never=True),), "are not shuffled"),
        ((batches(always=True),), "Without `shuffle`, the order"),
        ((batches(buffer=5),), "its buffer must hold all"),
        ((batches(buffer=10_000),), "its buffer must hold all"),
        ((buffer_of_ten_batches,), "its buffer must hold all"),
        ((batches(buffer=1),), "are not shuffled"),
        ((always_the_same,), "With same=False, a second pass has the same batches"),
        ((always_new,), "With same=True, a second pass has other batches"),
        ((the_other_way_round,), "With same=True, a second pass has other batches"),
        ((mixed_when_not_the_same,), "With shuffle=False and same=False, the order"),
        (
            (batches_or(same_batches_in_new_order, when=(True, True)),),
            "the same batches in another order",
        ),
        (
            (batches_or(same_batches_in_new_order, when=(True, False)),),
            "With same=False, a second pass has the same batches",
        ),
        (
            (batches_or(lambda r, size: r.shuffle(len(r)).batch(size), when=(True, False)),),
            "With shuffle=True and same=False, a second pass reads all",
        ),
        (
            (batches_or(lambda r, size: r.shuffle(10**5).batch(size), when=(True, True)),),
            "With same=True, a second pass has other batches",
        ),
        (
            (
                batches_or(
                    lambda r, size: r.shuffle(10**5, reshuffle_each_iteration=False).batch(size),
                    when=(True, True),
                ),
            ),
            "With shuffle=True and same=True, a second pass reads all",
        ),
        (
            (batches_or(lambda r, size: r.shuffle(len(r)).batch(10).cache(), when=(True, True)),),
            "the first batch has 10 ratings",
        ),
        (
            (batches_or(lambda r, size: r.shuffle(len(r)).repeat(2).batch(size), (True, False)),),
            "come twice or never",
        ),
        ((shuffled_without_buffer,), "wants the size of its buffer"),
        ((batches_without_assignment,), "are not shuffled"),
        ((cache_without_assignment,), "keep them in memory with `cache`"),
        ((batches_then(lambda dataset: dataset.batch(2)),), "batches of batches"),
        ((always(lambda ratings: ratings.cache()),), "not in batches"),
        ((always(lambda ratings: None),), "add `return`"),
        ((always(lambda ratings: [1, 2]),), "Return a tf.data.Dataset"),
        ((always(lambda ratings: ratings.window(20)),), "something else than"),
        ((batches_then(lambda dataset: dataset.repeat()),), "leave `repeat` out"),
        ((batches_then(lambda dataset: dataset.repeat(3)),), "leave `repeat` out"),
        ((always(lambda ratings: NOTEBOOKS.batch(20)),), "than it was given"),
        (
            (
                batches_or(
                    lambda r, size: r.cache().shuffle(10**6).batch(size, True), (True, False)
                ),
            ),
            "With shuffle=True and same=False, 5 ratings of 105 are lost",
        ),
        ((endless,), "leave `repeat` out"),
        ((batches_then(lambda dataset: dataset.take(1)),), "85 are lost: keep all"),
        ((batches_then(lambda dataset: dataset.unbatch()),), "not in batches"),
        ((batches_then(lambda dataset: dataset.enumerate()),), "something else than the ratings"),
        ((batches_then(lambda rows: rows.map(lambda x: x["user_rating"] / 5)),), "something else"),
        ((batches_then(list),), "this is a list"),
        ((batches_then(lambda dataset: (dataset, 20)),), "this is a tuple"),
        ((batches_then(lambda dataset: next(iter(dataset))),), "Return a tf.data.Dataset"),
        ((batches_in_a_generator,), "this is a generator"),
        # the defaults
        ((with_same_false_by_default,), "Where `same` is not given"),
        ((with_shuffle_by_default,), "Without `shuffle`, the order"),
        # no global seed
        ((with_a_global_seed,), "set no global seed in the function"),
        ((with_both_seeds,), "set no global seed in the function"),
        # read once, in all four cases
        (
            (batches_or(lambda r, size: r.batch(size), when=(False, False)),),
            "With shuffle=False and same=False, a second pass reads all",
        ),
        # a buffer of all ratings, whatever their number
        ((batches(buffer=80_000),), "its buffer must hold all"),
        ((batches(buffer=100_000),), "its buffer must hold all"),
        ((half_a_buffer,), "its buffer must hold all"),
        # the ratings as they came
        ((pairs_of_features_and_label,), "something else than the ratings"),
        ((as_arrays_in_a_list,), "this is a list"),
        ((with_the_argument_inverted,), "With same=True, a second pass has other batches"),
        ((batches_without_return,), "add `return`"),
        ((tf.data.Dataset.range(80_000).batch(8_192).repeat(),), "A function was asked for"),
        ((8_192,), "A function was asked for"),
    ],
    "updates": [
        # all epochs
        (({**UPDATES, "a": 10},), "a: this is one epoch; there are 3"),
        (({**UPDATES, "b": 20},), "b: this is one epoch; there are 5"),
        (({**UPDATES, "d": 13},), "d: this is one epoch"),
        # batches
        (({**UPDATES, "a": 3},), "a: this is the number of epochs"),
        (({**UPDATES, "a": 240_000},), "a: the weights move once a batch"),
        (({**UPDATES, "b": 400_000},), "b: the weights move once a batch"),
        # the last, smaller one counts, in each epoch
        (({**UPDATES, "a": 27},), "a: 27 leaves out the last"),
        (({**UPDATES, "a": 29},), "a: the last batch of an epoch is smaller"),
        (({**UPDATES, "a": 3 * 80_000 / 8_192},), "a: each epoch ends with a smaller batch"),
        (({**UPDATES, "b": 95},), "b: 95 leaves out the last"),
        (({**UPDATES, "d": 36},), "d: 36 leaves out the last"),
        (({**UPDATES, "d": 37},), "d: each epoch ends with a smaller batch"),
        # where it is left out, it does not
        (({**UPDATES, "c": 30},), "c: 30 counts the smaller batches"),
        (({**UPDATES, "c": 29},), "c: every epoch loses its last batch"),
        # size and epochs of each case
        (({**UPDATES, "b": 50},), "b: 50 is for batches of 8,192"),
        (({**UPDATES, "b": 60},), "b: 60 is for 3 epochs"),
        (({**UPDATES, "b": 98},), "b: round up for each epoch"),
        (({**UPDATES, "b": 97},), "b: each epoch ends with a smaller batch"),
        # only the rows that a batch looks up
        (({**UPDATES, "e": 30},), "e: a batch moves the rows that its ratings look up"),
        (({**UPDATES, "e": 1},), "e: this is one epoch"),
        (({**UPDATES, "e": 0},), "e: its one rating comes in each epoch"),
        (({**UPDATES, "e": 10},), "e: in an epoch, its rating is in one of"),
        (({**UPDATES, "d": 30},), "d: 30 is for the 80,000"),
        (({**UPDATES, "a": 31},), "a: 31 is not it"),
        (({**UPDATES, "b": 97.7},), "b: updates are whole"),
        (({**UPDATES, "d": 36.6},), "d: updates are whole"),
        (({**UPDATES, "e": 0.1},), "e: updates are whole"),
        (({**UPDATES, "a": float("nan")},), "a: nan is not it"),
        (({**UPDATES, "a": "30"},), "a: answer with a number"),
        (({**UPDATES, "a": True},), "a: answer with a number"),
        (({**UPDATES, "a": np.array([30])},), "a: answer with a number"),
        (({**UPDATES, "d": ...},), "Still open: d"),
        ((30,), "Answer with a dict"),
        (([30, 100, 27, 39, 3],), "Answer with a dict"),
        ((lambda: 30,), "Answer with a dict"),
        ((tf.data.Dataset.range(30).repeat(),), "Answer with a dict"),
    ],
    "stays": [
        (({**STAYS, "larger": "b"},), "larger: how many ratings are left"),
        (({**STAYS, "larger": "c"},), "larger: how many ratings are left"),
        (({**STAYS, "larger": "d"},), "larger: how many ratings are left"),
        (({**STAYS, "rows_twice": "a"},), "And 40,000 ratings in"),
        (({**STAYS, "rows_twice": "c"},), "And 40,000 ratings in"),
        (({**STAYS, "rows_twice": "d"},), "And 40,000 ratings in"),
        (({**STAYS, "batches_twice": "b"},), "batches_twice: the batches are made first"),
        (({**STAYS, "batches_twice": "c"},), "batches_twice: the batches are made first"),
        (({**STAYS, "batches_twice": "d"},), "batches_twice: the batches are made first"),
        (({**STAYS, "end": "a"},), "end: which ratings are left"),
        (({**STAYS, "end": "b"},), "end: which ratings are left"),
        (({**STAYS, "end": "d"},), "end: which ratings are left"),
        (({**STAYS, "after_a_call": "b"},), "after_a_call: could the third epoch"),
        (({**STAYS, "after_a_call": "c"},), "after_a_call: could the third epoch"),
        (({**STAYS, "after_a_call": "d"},), "after_a_call: could the third epoch"),
        (({**STAYS, "larger": "b", "end": "a"},), "from above?\nend: which"),
        (({**STAYS, "end": 1.204},), "end: answer with one of a, b, c, d"),
        (({**STAYS, "end": ...},), "Still open: end"),
        (({"end": "c"},), "has the keys larger, rows_twice"),
        ((list(STAYS.values()),), "Answer with a dict"),
    ],
    "table_for": [
        ((table_with(start=0),), "Each string has the row before its own"),
        ((table_with(first=()),), "one more is wanted, row 0"),
        ((table_with(unknown=-1),), "does not get the row of unknown strings"),
        ((table_with(unknown=1),), "does not get the row of unknown strings"),
        ((table_with(first=(1,)),), "Row 0 is not the old row 0"),
        ((table_with(change=lambda table: table[::-1]),), "Row 0 is not the old row 0"),
        ((table_with(change=lambda table: np.round(table, 2)),), "The numbers are rounded"),
        ((table_with(change=lambda table: table.astype(int)),), "The table holds int64"),
        ((table_with(change=lambda table: table.astype(np.float16)),), "The table holds float16"),
        ((table_as_list,), "This is a list; a table is an array"),
        ((table_as_lists,), "This is a list; a table is an array"),
        ((table_of_the_old_size,), "A row beyond a table is asked for"),
        ((table_by_number,), "need not be numbers"),
        ((table_by_index,), "is not in the old vocabulary: it gets the row of unknown strings"),
        ((table_by_get,), "by something that is no whole number"),
        ((table_of_columns,), "Columns of the table are asked for"),
        ((table_of_text_keys,), "gets row 0 of it"),
        ((table_with(change=lambda table: table.T),), "the shape (3, 6); (6, 3) is wanted"),
        ((table_with(change=lambda table: table[:, 0]),), "has the shape (6,)"),
        ((table_with(change=lambda table: {"rows": table}),), "dict came back that is no array"),
        ((table_of_known,), "is not in the old vocabulary"),
        ((table_of_sorted,), "does not keep its embedding: it had row"),
        ((table_with_zeros,), "does not get the row of unknown strings"),
        ((table_with_the_mean,), "does not get the row of unknown strings"),
        ((table_the_other_way,), "does not keep its embedding"),
        ((table_in_place,), "changes the arrays that it is given"),
        ((table_without_return,), "returns nothing: add `return`"),
        ((lambda new, old, table: table,), "This is the old table, as it was"),
        ((lambda new, old, table: table[: len(new) + 1],), "This is the old table, as it was"),
        ((lambda new, old, table: table[1:],), "one more is wanted, row 0"),
        ((lambda new, old, table: table[np.argsort(np.append(b"", new))],), "does not keep"),
        ((lambda new, old, table: tf.data.Dataset.range(3).repeat(),), "is no array of them"),
        ((np.zeros((944, 32)),), "A function was asked for"),
        (("table",), "A function was asked for"),
    ],
    "rank_movies": [
        ((ranked(key=lambda pair: pair[1]),), "The lowest comes first"),
        ((ranked(key=lambda pair: pair[0]),), "not in the order of the predicted stars"),
        ((ranked(user="9"),), "The model was asked about user '9', not '943'"),
        ((ranked_with(ids_of_one_letter),), "The model was asked about user '9', not '943'"),
        ((ranked(user="943"),), "Another user id gives the same stars"),
        ((ranked_one_by_one,), "The model is called 16 times"),
        ((one_after_the_other,), "The model is called 16 times"),
        ((ranked(key=lambda pair: f"{-pair[1]:.2f}"),), "not in the order"),
        ((ranked_with(stars=lambda stars: np.round(np.ravel(stars), 2)),), "stars are rounded"),
        ((ranked_by_text,), "The stars are sorted as text"),
        ((ranked_with(stars=lambda stars: np.clip(np.ravel(stars), 1, 5)),), "clipped to 1 to 5"),
        ((ranked_with(stars=lambda stars: np.round(np.ravel(stars), 1)),), "stars are rounded"),
        ((stars_sorted_alone,), "sort titles and stars together"),
        ((titles_alone,), "must be a pair"),
        ((stars_first,), "in this order"),
        ((sorted_in_place,), "reorders the list"),
        ((top_three,), "each must come out once"),
        ((as_dict,), "Return a list of pairs"),
        ((one_user_for_all,), "another title's stars"),
        ((ranked_with(one_user),), "repeat `user_id`"),
        ((ranked_with(bare_user),), "repeat `user_id`"),
        ((ranked_with(columns),), "must have the same shape (n,); they have (16, 1)"),
        ((ranked_with(of_ids),), "User ids and titles are strings"),
        ((ranked_with(other_names),), "with the keys user_id and movie_title"),
        ((ranked_with(swapped_fields),), "are the two fields swapped"),
        ((ranked_with(call=call_with_two),), "The model takes one dict"),
        ((ranked_with(call=call_with_pair),), "The model takes one dict"),
        ((ranked_with(stars=lambda stars: stars.numpy()),), "The stars have shape (1,)"),
        ((ranked_with(stars=lambda stars: list(stars)),), "np.ravel makes numbers of (n, 1)"),
        ((ranked_with(stars=lambda stars: np.round(np.ravel(stars))),), "The stars are rounded"),
        ((ranked_with(stars=lambda s: np.ravel(s).astype(int)),), "cut to whole numbers"),
        # the order of the stars as they are
        ((ranked(key=lambda pair: -round(float(pair[1]), 2)),), "rounded to 2 decimals"),
        ((ranked(key=lambda pair: -round(float(pair[1]), 1)),), "stars rounded to 1 decimals"),
        # the titles as they were given
        ((ranked_as_bytes,), "The titles come back as bytes"),
        ((ranked_with(cut_titles),), "A title reaches the model cut short"),
        ((ranked_with(titles_made_by_str),), "`str` has made"),
        ((ranked_and_decoded,), "Titles given as bytes come back as something else"),
        ((ranked_with(encoded),), "With titles in bytes, as `unique_movie_titles` holds them"),
        ((ranked(key=lambda pair: -abs(pair[1])),), "not in the order of the predicted stars"),
        # one call of the model that was given, with arrays
        ((ranked_with(ranked_in_lists),), "takes no lists"),
        ((ranked_by_another_model,), "The model is never called"),
        ((ranked_by_the_inner_model,), "not its `ranking_model`"),
        ((ranked_with(stars=lambda stars: -np.ravel(stars)),), "The stars are negative"),
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
        (({**FEW, "movies": "b"},), "movies: For that, users would need tastes"),
        (({**FEW, "movies": "c"},), "movies: That would be a list of their own"),
        (({**FEW, "stars": "a"},), "stars: The user's 32 numbers have been trained"),
        (({**FEW, "stars": "b"},), "stars: An order of their own would give"),
        (({**FEW, "again": "a"},), "again: The ratings are the same"),
        (({**FEW, "again": "b"},), "again: The seed decided which of three"),
        (({**FEW, "movies": 11},), "movies: answer with one of a, b, c"),
        (({**FEW, "movies": "fewer than 50"},), "movies: answer with one of a, b, c"),
        (({**FEW, "stars": ["c"]},), "stars: answer with one of a, b, c"),
        (({**FEW, "stars": ...},), "Still open: stars"),
        (({"movies": "a"},), "the keys movies, stars, again"),
        (("a",), "Answer with a dict"),
        ((11,), "Answer with a dict"),
        ((iter("acc"),), "Answer with a dict"),
        ((tf.data.Dataset.range(9).repeat(),), "Answer with a dict"),
    ],
    "quiz_training": [
        (({"q1": "a", "q2": "c", "q3": "c"},), "q1: That one was counted while"),
        (({"q1": "c", "q2": "c", "q3": "c"},), "q1: The training ratings are those"),
        (({"q1": "b", "q2": "a", "q3": "c"},), "q2: Most become 4"),
        (({"q1": "b", "q2": "b", "q3": "c"},), "q2: The predictions move by up"),
        (({"q1": "b", "q2": "c", "q3": "a"},), "q3: Three epochs have settled nothing"),
        (({"q1": "b", "q2": "c", "q3": "b"},), "q3: The spread does not grow in step"),
        (({"q1": "a", "q2": "a", "q3": "a"},), "q2: Most become 4"),
        (({"q1": "c", "q2": "b", "q3": "b"},), "q3: The spread does not grow in step"),
        (({"q1": "A", "q2": "c", "q3": "c"},), "q1: That one was counted while"),
        (({"q1": "b", "q2": ..., "q3": "c"},), "Still open: q2"),
        (({"q1": None, "q2": ..., "q3": "c"},), "Still open: q1, q2"),
        (({"q1": "b", "q2": 0.02, "q3": "c"},), "q2: answer with one of a, b, c"),
        (({"q1": "b", "q2": "slightly better", "q3": "c"},), "q2: answer with one of a, b, c"),
        (({"q1": "b", "q2": "c", "q3": ["c"]},), "q3: answer with one of a, b, c"),
        (({"q1": "b", "q2": "", "q3": "c"},), "q2: answer with one of a, b, c"),
        (({"q1": "b", "q2": "c", "q3": "c", "q4": "a"},), "that has the keys q1, q2, q3"),
        (({"1": "a", "2": "b", "3": "c"},), "that has the keys q1, q2, q3"),
        (({},), "that has the keys q1, q2, q3"),
        ((["a", "b", "c"],), "Answer with a dict"),
        (("abc",), "Answer with a dict"),
        ((iter("abc"),), "Answer with a dict"),
        (({"q1": "b", "q2": "c"},), "Answer with a dict"),
    ],
}
