"""Right and plausibly wrong answers to the exercises of lesson 11."""

import math

import numpy as np

from helpers.keras2 import tf

# percentile


def rank_of(times, percent):
    return -(-len(times) * percent // 100)


def percentile_by_counting(times, percent):
    enough = [
        time for time in times if sum(each <= time for each in times) * 100 >= percent * len(times)
    ]
    return min(enough)


def percentile_by_numpy(times, percent):
    return np.percentile(times, percent, method="inverted_cdf")


def percentile_of_array(times, percent):
    ordered = np.sort(np.array(times))
    return ordered[math.ceil(len(ordered) * percent / 100) - 1]


def percentile_that_sorts_in_place(times, percent):
    times.sort()
    return times[(len(times) * percent + 99) // 100 - 1]


# make_serve

SIGNATURE = [tf.TensorSpec([None], tf.string, name="user_id")]


def serve_with(
    known=lambda recommender, ids: recommender.number_of_user.lookup(ids) > 0,
    signature=SIGNATURE,
    after=lambda lists, known: lists | {"known": known},
):
    """Return a `make_serve` with one thing changed."""

    def make_serve(recommender):
        @tf.function(input_signature=signature)
        def serve(user_id):
            return after(recommender.recommend(user_id), known(recommender, user_id))

        return serve

    return make_serve


def serve_by_tf_function(recommender):
    def serve(user_id):
        answer = dict(recommender.recommend(user_id))
        answer["known"] = tf.not_equal(recommender.number_of_user[user_id], 0)
        return answer

    return tf.function(serve, input_signature=SIGNATURE)


def serve_without_a_name(recommender):
    @tf.function(input_signature=[tf.TensorSpec(shape=(None,), dtype=tf.string)])
    def serve(user_id):
        number = recommender.number_of_user.lookup(user_id)
        return {**recommender.recommend(user_id), "known": tf.cast(number, tf.bool)}

    return serve


def serve_of_another_name(recommender):
    @tf.function(input_signature=[tf.TensorSpec([None], tf.string)])
    def serve(ids):
        return recommender.recommend(ids) | {"known": recommender.number_of_user.lookup(ids) > 0}

    return serve


def serve_in_python(recommender):
    return lambda user_id: serve_with()(recommender)(user_id)


def serve_untraced(recommender):
    return tf.function(lambda user_id: recommender.recommend(user_id) | {"known": user_id == "9"})


def serve_with_own_table(recommender):
    ids, numbers = recommender.number_of_user.export()
    entries = tf.lookup.KeyValueTensorInitializer(ids, numbers)
    table = tf.lookup.StaticHashTable(entries, 0)
    return serve_with(lambda _, ids: table.lookup(ids) > 0)(recommender)


def serve_with_python_inside(recommender):
    known = set(recommender.number_of_user.export()[0].numpy().tolist())

    def look(ids):
        return np.array([user_id in known for user_id in ids], bool)

    return serve_with(lambda _, ids: tf.numpy_function(look, [ids], tf.bool))(recommender)


def known_by_digits(recommender, ids):
    return tf.strings.regex_full_match(ids, "[0-9]+")


def known_by_converting(recommender, ids):
    return tf.strings.length(tf.strings.as_string(recommender.number_of_user.lookup(ids))) < 1


def known_by_format(recommender, ids):
    """Be right, with operations that LiteRT does not have."""
    return tf.strings.as_string(recommender.number_of_user.lookup(ids)) != "0"


def number_of(recommender, ids):
    return recommender.number_of_user.lookup(ids)


def serve_two(recommender):
    @tf.function(input_signature=[*SIGNATURE, tf.TensorSpec([], tf.int32)])
    def serve(user_id, count):
        return recommender.recommend(user_id) | {"known": number_of(recommender, user_id) > 0}

    return serve


# agree


def agree_by_sorting(ours, theirs, tolerance):
    verdicts = []
    for i in range(len(ours["titles"])):
        lists = [
            dict(zip(each["titles"][i].tolist(), each["scores"][i].tolist()))
            for each in (ours, theirs)
        ]
        verdict = True
        for mine, yours in (lists, lists[::-1]):
            for title, score in mine.items():
                other = yours.get(title, min(yours.values()))
                verdict = verdict and abs(score - other) <= tolerance
        verdicts.append(verdict)
    return verdicts


def agree_in_arrays(ours, theirs, tolerance):
    def one_sided(some, others):
        same = some["titles"][:, :, None] == others["titles"][:, None]
        found = np.where(same, others["scores"][:, None], -np.inf).max(axis=2, initial=-np.inf)
        found = np.where(np.isinf(found), others["scores"][:, -1:], found)
        return (np.abs(found - some["scores"]) <= tolerance).all(axis=1)

    return one_sided(ours, theirs) & one_sided(theirs, ours)


def same_titles(ours, theirs, tolerance):
    return (ours["titles"] == theirs["titles"]).all(axis=1)


def same_scores(ours, theirs, tolerance):
    return (np.abs(ours["scores"] - theirs["scores"]) <= tolerance).all(axis=1)


def same_sets(ours, theirs, tolerance):
    pairs = zip(ours["titles"], theirs["titles"])
    return np.array([set(mine) == set(yours) for mine, yours in pairs], bool)


def same_sets_and_scores(ours, theirs, tolerance):
    return same_sets(ours, theirs, tolerance) & same_scores(ours, theirs, tolerance)


def titles_and_scores(ours, theirs, tolerance):
    return same_titles(ours, theirs, tolerance) & same_scores(ours, theirs, tolerance)


def agree_without_the_end(ours, theirs, tolerance):
    """Allow swaps, and refuse every movie that one list alone shows."""
    found = agree_in_arrays(ours, theirs, tolerance)
    return found & same_sets(ours, theirs, tolerance)


def agree_on_common_movies(ours, theirs, tolerance):
    """Forget the movies that one list alone shows."""
    verdicts = []
    for lists in zip(ours["titles"], ours["scores"], theirs["titles"], theirs["scores"]):
        mine, yours = dict(zip(*lists[:2])), dict(zip(*lists[2:]))
        common = mine.keys() & yours.keys()
        verdicts.append(all(abs(mine[t] - yours[t]) <= tolerance for t in common))
    return np.array(verdicts, bool)


def agree_but_for_the_last(ours, theirs, tolerance):
    """Leave the last place out of the comparison of titles."""
    return same_scores(ours, theirs, tolerance) & agree_in_arrays(
        {name: values[:, :-1] for name, values in ours.items()},
        {name: values[:, :-1] for name, values in theirs.items()},
        tolerance,
    )


def agree_relatively(ours, theirs, tolerance):
    scale = {name: np.abs(values).max() for name, values in ours.items() if name == "scores"}
    return agree_in_arrays(ours, theirs, tolerance * max(1, scale.get("scores", 1) * 20))


def agree_from_one_side(ours, theirs, tolerance):
    """Look at our movies alone."""
    verdicts = []
    for lists in zip(ours["titles"], ours["scores"], theirs["titles"], theirs["scores"]):
        mine, yours = dict(zip(*lists[:2])), dict(zip(*lists[2:]))
        verdicts.append(all(abs(mine[t] - yours.get(t, mine[t])) <= tolerance for t in mine))
    return np.array(verdicts, bool)


def agree_within(fixed):
    return lambda ours, theirs, tolerance: agree_in_arrays(ours, theirs, fixed)


def backwards(ours, theirs, tolerance):
    return agree_in_arrays(ours, theirs, tolerance)[::-1]


def of_all(ours, theirs, tolerance):
    return agree_in_arrays(ours, theirs, tolerance).all()


def of_all_for_each(ours, theirs, tolerance):
    found = agree_in_arrays(ours, theirs, tolerance)
    return np.full(len(found), found.all())


def as_text(ours, theirs, tolerance):
    return ["yes" if each else "no" for each in agree_in_arrays(ours, theirs, tolerance)]


QUIZ = {"q1": "b", "q2": "b", "q3": "c"}

RIGHT = {
    "percentile": [
        (lambda times, percent: sorted(times)[rank_of(times, percent) - 1],),
        (percentile_by_counting,),
        (percentile_by_numpy,),
        (percentile_of_array,),
        (percentile_that_sorts_in_place,),
    ],
    "make_serve": [
        (serve_with(),),
        (serve_by_tf_function,),
        (serve_without_a_name,),
        (serve_with(lambda recommender, ids: tf.minimum(number_of(recommender, ids), 1) > 0),),
    ],
    "agree": [(agree_by_sorting,), (agree_in_arrays,)],
    "titles_beside": [("b",), (" B ",)],
    "quiz_export": [
        ({"q1": "B", "q2": "B", "q3": "C"},),
        ({"q3": "c ", "q2": "b", "q1": " b"},),
    ],
}

WRONG = {
    "percentile": [
        ((lambda times, percent: times[rank_of(times, percent) - 1],), "sort them first"),
        (
            (lambda times, percent: sorted(times, reverse=True)[rank_of(times, percent) - 1],),
            "counts from the longest",
        ),
        (
            (lambda t, percent: sorted(t)[min(rank_of(t, percent), len(t) - 1)],),
            "One rank too far",
        ),
        (
            (lambda t, percent: sorted(t)[max(len(t) * percent // 100 - 1, 0)],),
            "round the rank up",
        ),
        (
            (lambda t, percent: sorted(t)[max(round(len(t) * percent / 100) - 1, 0)],),
            "ound the rank up",
        ),
        ((lambda times, percent: np.percentile(times, percent),), "lies between two times"),
        ((lambda times, percent: np.mean(times),), "This is the mean"),
        ((lambda times, percent: rank_of(times, percent),), "This is the rank"),
        ((lambda times, percent: np.median(times),), "lies between two times"),
        ((lambda times, percent: percentile_by_counting(times, 50),), "use `percent`"),
        ((lambda times, percent: percentile_by_counting(times, 99),), "This is the p99"),
        ((lambda times, percent: percentile_by_counting(set(times), percent),), "come twice"),
        ((lambda times, percent: max(times),), "This is the p99"),
        ((lambda times, percent: -percentile_by_counting(times, percent),), "yours is -30"),
        ((lambda times, percent: [percentile_by_counting(times, percent)],), "returns a list"),
        ((lambda times, percent: print(end=""),), "add `return`"),
        ((lambda times: sorted(times)[-1],), "raised TypeError"),
        ((3.0,), "A function was asked for"),
    ],
    "make_serve": [
        ((serve_with(signature=[tf.TensorSpec([1], tf.string, "user_id")]),), "exactly 1 user"),
        ((serve_with(signature=[tf.TensorSpec([None], tf.int64, "user_id")]),), "takes int64"),
        ((serve_with(signature=[tf.TensorSpec([], tf.string, "user_id")]),), "has 0 axes"),
        ((serve_with(signature=[tf.TensorSpec([None, 1], tf.string, "user_id")]),), "2 axes"),
        ((serve_with(signature=[tf.TensorSpec(None, tf.string, "user_id")]),), "one axis"),
        ((serve_of_another_name,), '"user_id"; yours is "ids"'),
        ((serve_two,), "your signature has 2"),
        ((serve_in_python,), "a function of Python"),
        ((serve_untraced,), "an `input_signature`"),
        ((serve_with_own_table,), "no part of the recommender"),
        ((serve_with_python_inside,), "calls Python for each request"),
        ((serve_with(known_by_digits),), '"" is known; your `known` says False'),
        ((serve_with(known_by_converting),), "is known; your `known` says False"),
        ((serve_with(known_by_format),), "LiteRT has no AsString"),
        ((serve_with(lambda shop, ids: number_of(shop, ids) != 0),), "cannot translate `==` and"),
        ((serve_with(number_of),), "yours holds int64"),
        ((serve_with(lambda shop, ids: number_of(shop, ids) == 0),), "turned round"),
        ((serve_with(lambda shop, ids: number_of(shop, ids) > 1),), '"9" is known'),
        ((serve_with(lambda shop, ids: number_of(shop, ids)[:, None] > 0),), "has (7, 1)"),
        ((serve_with(lambda shop, ids: tf.reduce_all(number_of(shop, ids) > 0)),), "has ()"),
        ((serve_with(lambda shop, ids: ids != ""),), "is not known"),
        ((serve_with(after=lambda lists, known: lists),), "lacks known"),
        ((serve_with(after=lambda lists, known: {"known": known}),), "lacks scores, stars"),
        ((serve_with(after=lambda lists, known: (lists, known)),), "A dict was asked for"),
        (
            (serve_with(after=lambda lists, known: lists | {"known": known, "n": 1}),),
            "more than was asked for: n",
        ),
        (
            (
                serve_with(
                    after=lambda lists, known: (
                        lists | {"known": known, "titles": lists["titles"][:, ::-1]}
                    )
                ),
            ),
            "titles should stay",
        ),
        (
            (lambda recommender: recommender.recommend(tf.constant(["9"])),),
            "This is an answer itself",
        ),
        ((lambda recommender: print(end=""),), "add `return serve`"),
        ((lambda: SIGNATURE,), "raised TypeError"),
        (("serve",), "A function was asked for"),
    ],
    "agree": [
        ((same_titles,), "may change places"),
        ((same_scores,), "those of other movies"),
        ((same_sets,), "either may be shown"),
        ((same_sets_and_scores,), "either may be shown"),
        ((titles_and_scores,), "may change places"),
        ((agree_without_the_end,), "either may be shown"),
        ((agree_on_common_movies,), "A movie in the middle"),
        ((agree_from_one_side,), "A movie in the middle"),
        ((agree_but_for_the_last,), "A movie in the middle"),
        ((agree_relatively,), "more than the tolerance"),
        ((agree_within(0.01),), "use `tolerance`"),
        ((agree_within(0),), "up to the tolerance"),
        ((agree_within(0.1),), "whatever the size"),
        ((backwards,), "in their order"),
        ((of_all,), "a single one"),
        ((of_all_for_each,), "a verdict of its own"),
        ((as_text,), "True and False were asked for"),
        ((lambda ours, theirs, tolerance: ours,), "yours is a dict"),
        ((lambda ours, theirs, tolerance: ours["titles"] == theirs["titles"],), "(1,)"),
        ((lambda ours, theirs, tolerance: print(end=""),), "add `return`"),
        ((lambda ours, theirs: True,), "raised TypeError"),
        ((True,), "A function was asked for"),
    ],
    "titles_beside": [
        (("a",), "nothing can fail"),
        (("c",), "the order of the new list"),
        (("d",), "Answer with one of a, b, c"),
        (("all",), "Answer with one of a, b, c"),
        ((2,), "Answer with one of a, b, c"),
        ((["b"],), "Answer with one of a, b, c"),
        (({"b"},), "Answer with one of a, b, c"),
        ((np.array(["b", "c"]),), "Answer with one of a, b, c"),
    ],
    "quiz_export": [
        ((QUIZ | {"q1": "a"},), "q1: The p99 is no mean"),
        ((QUIZ | {"q1": "c"},), "q1: Outliers are what users wait for"),
        ((QUIZ | {"q2": "a"},), "q2: Its weights are variables"),
        ((QUIZ | {"q2": "c"},), "q2: The values of a tensor"),
        ((QUIZ | {"q3": "a"},), "q3: Nothing fails"),
        ((QUIZ | {"q3": "b"},), "q3: The tables are as they were"),
        ((QUIZ | {"q3": ...},), "Still open: q3"),
        (({"q1": "b", "q2": "a"},), "keys q1, q2, q3"),
        ((["b", "a", "c"],), "Answer with a dict"),
    ],
}
