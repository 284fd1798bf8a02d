"""Right and plausibly wrong answers to the exercises of lesson 11."""

import numpy as np

from helpers.checks.out_of_the_notebook import _Shop
from helpers.keras2 import tf

# report


def percentile(times, percent):
    """Return a percentile, as the lesson's cell has it."""
    return sorted(times)[-(-len(times) * percent // 100) - 1]


def report_with(
    first=lambda times: times[0],
    p50=lambda others, times: percentile(others, 50),
    p99=lambda others, times: percentile(others, 99),
    largest=lambda others, times: max(others),
    enough=1_000,
    others=lambda times: times[1:],
):
    """Return a `report` with one thing changed."""

    def report(times):
        rest = others(times)
        told = {"first": first(times)}
        if len(rest):
            told["p50"] = p50(rest, times)
            many = len(rest) >= enough
            told["p99" if many else "largest"] = (p99 if many else largest)(rest, times)
        return told

    return report


def report_by_sorting(times):
    first, rest = times[0], sorted(times[1:])
    if len(rest) == 0:
        return dict(first=first)
    half = rest[(len(rest) + 1) // 2 - 1]
    if len(rest) < 1_000:
        return dict(first=first, p50=half, largest=rest[-1])
    return {"p99": rest[int(np.ceil(99 * len(rest) / 100)) - 1], "p50": half, "first": first}


def report_in_arrays(times):
    rest = np.array(times[1:])
    told = {"first": times[0]}
    if rest.size:
        told |= {"p50": np.percentile(rest, 50, method="inverted_cdf")}
        told |= {"p99": np.sort(rest)[-(-99 * rest.size // 100) - 1]}
        if rest.size < 1_000:
            del told["p99"]
            told["largest"] = rest.max()
    return told


def report_in_place(times):
    first = times.pop(0)
    return report_with()([first, *times])


def report_both(times):
    return report_with()(times) | {"p99": percentile(times, 99), "largest": max(times)}


def report_without_a_guard(times):
    first, *others = times
    return {"first": first, "p50": percentile(others, 50), "largest": max(others)}


def report_nan_of_none(times):
    return {"p50": np.nan, "largest": np.nan} | report_with()(times)


def report_named(old, new):
    def report(times):
        return {new if name == old else name: time for name, time in report_with()(times).items()}

    return report


def report_made(of):
    """Return a `report` whose times are made something else."""
    return lambda times: {name: of(time) for name, time in report_with()(times).items()}


# make_serve

SIGNATURE = [tf.TensorSpec([None], tf.string, name="user_id")]


def serve_with(
    known=lambda recommender, ids: recommender.number_of_user.lookup(ids) > 0,
    signature=SIGNATURE,
    after=lambda lists, known: lists | {"known": known},
):
    """Return a `make_serve` with one thing changed."""
    as_it_is = tf.autograph.experimental.do_not_convert  # to convert a lambda, it reads all of this
    known, after = as_it_is(known), as_it_is(after)

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


def known_by_the_list(recommender, ids):
    """Take whoever gets the list of nobody for a stranger."""
    nobody = recommender.recommend(tf.constant(["nobody at all"]))
    same = recommender.recommend(ids)["scores"] - nobody["scores"]
    return tf.reduce_sum(tf.abs(same), axis=1) > 0


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


def serve_by_the_stages(recommender):
    """Do by hand what `recommend` does."""

    @tf.function(input_signature=SIGNATURE)
    def serve(user_id):
        number = recommender.number_of_user.lookup(user_id)
        answer = recommender.stages.top(number)
        answer["titles"] = tf.gather(recommender.titles, answer.pop("movies"))
        return {"known": tf.logical_not(tf.equal(number, 0)), **answer}

    return serve


def serve_traced_once(recommender):
    return serve_with()(recommender).get_concrete_function()


def serve_with_a_set(recommender):
    known = {"9", "10"}
    return serve_with(lambda _, ids: tf.constant([i in known for i in (ids,)]))(recommender)


def serve_with_numpy(recommender):
    return serve_with(lambda shop, ids: number_of(shop, ids).numpy() > 0)(recommender)


def serve_by_another():
    """Use the notebook's recommender instead of the one that is given."""
    kept = []

    def make_serve(recommender):
        if not kept:
            kept.append(_Shop())
            kept[0].titles = kept[0].titles[::-1]
            recommender.kept = kept[0]  # so that it can be saved
        return serve_with(
            after=lambda lists, known: kept[0].recommend(tf.constant(["9"] * 8)) | {"known": known}
        )(recommender)

    return make_serve


def serve_with_assertion(recommender):
    def known(shop, ids):
        found = number_of(shop, ids) > 0
        with tf.control_dependencies([tf.debugging.Assert(tf.reduce_all(found), [ids])]):
            return tf.identity(found)

    return serve_with(known)(recommender)


def serve_of_stripped_ids(recommender):
    @tf.function(input_signature=SIGNATURE)
    def serve(user_id):
        user_id = tf.strings.strip(user_id)
        return recommender.recommend(user_id) | {"known": number_of(recommender, user_id) > 0}

    return serve


def serve_of_the_known(recommender):
    """Leave strangers out."""

    @tf.function(input_signature=SIGNATURE)
    def serve(user_id):
        user_id = user_id[number_of(recommender, user_id) > 0]
        return recommender.recommend(user_id) | {"known": tf.fill(tf.shape(user_id), True)}

    return serve


def serve_of_five(recommender):
    def after(lists, known):
        return {name: values[:, :5] for name, values in lists.items()} | {"known": known}

    return serve_with(after=after)(recommender)


def serve_with_rounded_scores(recommender):
    def after(lists, known):
        scores = tf.round(lists["scores"] * 10) / 10
        return lists | {"scores": scores, "known": known}

    return serve_with(after=after)(recommender)


# agree


def agree_by_lists(
    missing=lambda score, last: last,
    near=lambda gap, score, tolerance: gap <= tolerance,
    both=True,
    enough=all,
):
    """Return an `agree` that goes from list to list, with one thing changed."""

    def agree(ours, theirs, tolerance):
        verdicts = []
        for i in range(len(ours["titles"])):
            lists = [
                dict(zip(each["titles"][i].tolist(), each["scores"][i].tolist()))
                for each in (ours, theirs)
            ]
            said = []
            for mine, yours in (lists, lists[::-1]) if both else [lists]:
                last = min(yours.values())
                for title, score in mine.items():
                    gap = abs(score - yours.get(title, missing(score, last)))
                    said.append(near(gap, score, tolerance))
            verdicts.append(enough(said))
        return np.array(verdicts, bool)

    return agree


def agree_by_own_last(ours, theirs, tolerance):
    """Compare a missing movie with the last score of the list that shows it."""
    verdicts = []
    for lists in zip(ours["titles"], ours["scores"], theirs["titles"], theirs["scores"]):
        mine, yours = dict(zip(*lists[:2])), dict(zip(*lists[2:]))
        gaps = [abs(mine[t] - yours[t]) for t in mine.keys() & yours.keys()]
        for some, others in ((mine, yours), (yours, mine)):
            gaps += [some[t] - min(some.values()) for t in some.keys() - others.keys()]
        verdicts.append(max(gaps) <= tolerance)
    return np.array(verdicts, bool)


def agree_by_the_smaller_last(ours, theirs, tolerance):
    """Compare a missing movie with the smaller of both last scores."""
    verdicts = []
    for lists in zip(ours["titles"], ours["scores"], theirs["titles"], theirs["scores"]):
        mine, yours = dict(zip(*lists[:2])), dict(zip(*lists[2:]))
        last = min(lists[1][-1], lists[3][-1])
        gaps = [abs(mine.get(t, last) - yours.get(t, last)) for t in mine | yours]
        verdicts.append(max(gaps) <= tolerance)
    return np.array(verdicts, bool)


def agree_with_missing(is_near):
    """Return an `agree` with its own rule for a movie that one of the lists does not show."""

    def agree(ours, theirs, tolerance):
        verdicts = []
        for lists in zip(ours["titles"], ours["scores"], theirs["titles"], theirs["scores"]):
            mine, yours = dict(zip(*lists[:2])), dict(zip(*lists[2:]))
            fine = all(abs(mine[t] - yours[t]) <= tolerance for t in mine.keys() & yours.keys())
            for some, others in ((mine, yours), (yours, mine)):
                gaps = [abs(some[t] - min(others.values())) for t in some.keys() - others.keys()]
                fine = fine and all(is_near(gap, tolerance) for gap in gaps)
            verdicts.append(fine)
        return np.array(verdicts, bool)

    return agree


def agree_at_the_ends(ours, theirs, tolerance):
    """Demand that movies which one list alone shows are the last of it."""
    verdicts = []
    for mine, yours in zip(ours["titles"].tolist(), theirs["titles"].tolist()):
        alone = len(set(mine) - set(yours))
        cut = len(mine) - alone
        verdicts.append(not set(mine[:cut]) - set(yours) and not set(yours[:cut]) - set(mine))
    return np.array(verdicts, bool) & agree_in_arrays(ours, theirs, tolerance)


def agree_by_neighbours(ours, theirs, tolerance):
    """Look at the scores by rank, and let another title stand where a neighbour's score is near."""
    verdicts = []
    for titles, scores, others, other in zip(*ours.values(), *theirs.values()):
        fine = (np.abs(scores - other) <= tolerance).all()
        for i in np.flatnonzero(titles != others):
            near = [k for k in (i - 1, i + 1) if 0 <= k < len(scores)]
            ties = any(abs(scores[i] - scores[k]) <= tolerance for k in near)
            fine = fine and (ties or i == len(scores) - 1)
        verdicts.append(fine)
    return np.array(verdicts, bool)


def agree_strictly_on_places(ours, theirs, tolerance):
    """Demand also that movies that change places are near each other in our list."""
    verdicts = agree_in_arrays(ours, theirs, tolerance)
    for i, (titles, scores, others) in enumerate(
        zip(ours["titles"], ours["scores"], theirs["titles"])
    ):
        place = {title: k for k, title in enumerate(others)}
        for k, title in enumerate(titles):
            for later in range(k + 1, len(titles)):
                swapped = place.get(title, 99) > place.get(titles[later], 99)
                if swapped and scores[k] - scores[later] > tolerance:
                    verdicts[i] = False
    return verdicts


def agree_by_mean(ours, theirs, tolerance):
    verdicts = []
    for lists in zip(ours["titles"], ours["scores"], theirs["titles"], theirs["scores"]):
        mine, yours = dict(zip(*lists[:2])), dict(zip(*lists[2:]))
        last, their_last = lists[1][-1], lists[3][-1]
        gaps = [abs(mine.get(t, last) - yours.get(t, their_last)) for t in mine | yours]
        verdicts.append(np.mean(gaps) <= tolerance)
    return np.array(verdicts, bool)


def agree_sorting_in_place(ours, theirs, tolerance):
    verdicts = agree_in_arrays(ours, theirs, tolerance)
    for each in (ours, theirs):
        order = np.argsort(each["titles"].astype("S9"), axis=1)
        for name in ("titles", "scores"):
            each[name] = np.take_along_axis(each[name], order, axis=1)
    return verdicts


def agree_on_ten(ours, theirs, tolerance):
    last = ours["scores"][:, 9]
    return agree_in_arrays(ours, theirs, tolerance) & (last < 9)


def agree_by_stacking(ours, theirs, tolerance):
    rows = [
        agree_in_arrays(
            *({name: each[name][i : i + 1] for name in each} for each in (ours, theirs)), tolerance
        )
        for i in range(len(ours["titles"]))
    ]
    return np.concatenate(rows)


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


BESIDE = {"sorted": "b", "appended": "a", "renamed": "b", "user_1000": "d", "user_944": "a"}
QUIZ = {"q1": "c", "q2": "d", "q3": "c"}

RIGHT = {
    "report": [
        (report_with(),),
        (report_by_sorting,),
        (report_in_arrays,),
        (report_made(np.float64),),
        (report_made(np.array),),
    ],
    "make_serve": [
        (serve_with(),),
        (serve_by_tf_function,),
        (serve_without_a_name,),
        (serve_by_the_stages,),
        (serve_with(lambda recommender, ids: tf.minimum(number_of(recommender, ids), 1) > 0),),
    ],
    "agree": [
        (agree_by_lists(),),
        (agree_in_arrays,),
        (agree_with_missing(lambda gap, tolerance: gap <= tolerance),),
    ],
    "titles_beside": [
        (BESIDE,),
        ({name: f" {BESIDE[name].upper()}" for name in reversed(BESIDE)},),
    ],
    "quiz_export": [
        ({"q1": "C", "q2": "D", "q3": "C"},),
        ({"q3": "c ", "q2": "d", "q1": " c"},),
    ],
}

WRONG = {
    "report": [
        # the first call by itself
        ((report_with(first=max),), "`first`: This is the largest of all"),
        ((report_with(first=min),), "`first`: This is the smallest of all"),
        ((report_with(first=lambda times: times[-1]),), "`first`: This is the last call"),
        ((report_with(first=np.mean),), "`first` call is"),
        # and in none of the others
        ((report_with(others=lambda times: times),), "nothing but `first` is told"),
        ((report_with(p50=lambda o, t: percentile(t, 50)),), "`p50`: The first call is in it"),
        ((report_with(p50=lambda o, t: np.median(t)),), "`p50`: The first call is in it"),
        ((report_with(p99=lambda o, t: percentile(t, 99)),), "`p99`: The first call is in it"),
        ((report_with(p99=lambda o, t: np.percentile(t, 99)),), "`p99`: The first call is"),
        ((report_with(largest=lambda o, t: max(t)),), "`largest`: The first call is in it"),
        # where there are no others, nothing else
        ((report_without_a_guard,), "Of a single call, which has no others, your function raises"),
        ((report_nan_of_none,), "nothing but `first` is told; yours tells also"),
        # p50: one of the times
        ((report_with(p50=lambda o, t: np.median(o)),), "`p50`: Of an even number of calls, yours"),
        ((report_with(p50=lambda o, t: sorted(o)[len(o) // 2]),), "one rank too far"),
        ((report_with(p50=lambda o, t: np.mean(o)),), "`p50`: This is a mean"),
        ((report_with(p50=lambda o, t: o[(len(o) + 1) // 2 - 1]),), "in the order of calls"),
        # p99 where there are enough, and no sooner
        ((report_with(enough=100),), "100 calls after the first are too few"),
        ((report_with(enough=101),), "Nothing above says that 101 calls"),
        ((report_with(enough=500),), "Nothing above says that 500 calls"),
        ((report_with(enough=999),), "999 calls after the first are enough for a p99: it says so"),
        ((report_with(enough=999),), "(The first call does not count.)"),
        ((report_with(enough=10),), "41 calls after the first are too few"),
        ((report_with(enough=0),), "1 calls after the first are too few"),
        ((report_with(enough=1_001),), "1,000 calls after the first do"),
        ((report_with(enough=5_000),), "1,000 calls after the first do"),
        ((report_with(enough=10**9),), "1,000 calls after the first do"),
        ((report_with(p99=lambda o, t: np.percentile(o, 99)),), "`p99`: This lies between"),
        ((report_with(p99=lambda o, t: sorted(o)[int(0.99 * len(o))]),), "One rank too far"),
        ((report_with(p99=lambda o, t: sorted(o)[int(0.99 * len(o)) - 1]),), "round the rank up"),
        ((report_with(p99=lambda o, t: sorted(o)[round(0.99 * len(o)) - 1]),), "round the rank up"),
        ((report_with(p99=lambda o, t: max(o)),), "`p99`: This is the largest"),
        ((report_with(p99=lambda o, t: percentile(o, 1)),), "from the longest"),
        ((report_with(p99=lambda o, t: np.mean(sorted(o)[-9:])),), "`p99` of 1,000 calls"),
        # the largest where there are not
        ((report_with(largest=lambda o, t: percentile(o, 99) * 0.9),), "`largest` of 1 calls"),
        ((report_with(largest=lambda o, t: o[-1]),), "`largest`: This is the last"),
        # one of the two
        ((report_both,), "nothing but `first` is told"),
        ((lambda times: report_both(times) if times[1:] else report_with()(times),), "tells both"),
        # under these names, as times
        ((report_named("first", "cold"),), "does not tell first"),
        ((report_named("p50", "median"),), "does not tell p50"),
        ((lambda times: report_with()(times) | {"calls": 3.0},), "tells also calls"),
        ((lambda times: list(report_with()(times).values()),), "returns a list"),
        ((report_made(lambda time: [time]),), "returns a list"),
        ((report_made(lambda time: np.array([time])),), "is no plain number"),
        ((report_made(lambda time: f"{time:.1f} ms"),), "returns a str"),
        ((report_made(lambda time: round(time)),), "`first` call is"),
        ((report_in_place,), "changes the times"),
        ((lambda times: print(end=""),), "add `return`"),
        ((lambda: {},), "raised TypeError"),
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
        ((serve_with(known_by_digits),), '"zoë" is known to the recommender of the check'),
        ((serve_with(known_by_converting),), '"100" is known to the recommender of the check'),
        ((serve_with(known_by_the_list),), '"a b" is known to the recommender of the check'),
        ((serve_traced_once,), "one traced function"),
        ((serve_with_a_set,), "has no values yet"),
        ((serve_with_numpy,), "has no values yet"),
        ((serve_by_another(),), "of the recommender given to `make_serve` answers"),
        ((serve_with_assertion,), "yours raised InvalidArgumentError: assertion failed"),
        ((serve_of_stripped_ids,), "'9', ' 9', '9', 'a b']. Those of \" 9\" are others."),
        ((serve_of_the_known,), "of shape (8, 10). Yours have (5, 10)."),
        ((serve_of_five,), "should be those that `recommend`"),
        ((serve_with_rounded_scores,), "The scores should be those"),
        ((serve_with(known_by_format),), "LiteRT has no AsString"),
        ((serve_with(lambda shop, ids: number_of(shop, ids) != 0),), "cannot translate `==` and"),
        ((serve_with(number_of),), "yours holds int64"),
        ((serve_with(lambda shop, ids: number_of(shop, ids) == 0),), "turned round"),
        ((serve_with(lambda shop, ids: number_of(shop, ids) > 1),), '"9" is known'),
        ((serve_with(lambda shop, ids: number_of(shop, ids)[:, None] > 0),), "has (8, 1)"),
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
            "The titles should be those",
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
        ((agree_with_missing(lambda gap, tolerance: gap <= 2 * tolerance),), "last score"),
        ((agree_with_missing(lambda gap, tolerance: gap < tolerance),), "*at most* `tolerance`"),
        ((same_titles,), "may change places"),
        ((same_scores,), "those of other movies"),
        ((same_sets,), "either may be shown"),
        ((same_sets_and_scores,), "either may be shown"),
        ((titles_and_scores,), "may change places"),
        ((agree_without_the_end,), "either may be shown"),
        ((agree_on_common_movies,), "A movie in the middle"),
        ((agree_from_one_side,), "A movie in the middle"),
        ((agree_but_for_the_last,), "A movie in the middle"),
        # missing only at the end, with a score that the other list's last allows
        ((agree_by_the_smaller_last,), "here b with 3, and d with 2.995"),
        ((agree_by_own_last,), "so c has at most 2.5 there"),
        ((agree_by_lists(missing=lambda score, last: score),), "A movie in the middle"),
        ((agree_by_lists(both=False),), "has d in its middle"),
        ((agree_by_neighbours,), "although its score is right"),
        ((agree_at_the_ends,), "either may be missing"),
        # by at most the tolerance, each movie
        ((agree_relatively,), "tolerance"),
        ((agree_by_lists(near=lambda gap, score, t: gap <= 1.5 * t),), "a little more"),
        ((agree_by_lists(near=lambda gap, score, t: gap <= t * abs(score)),), "a little more"),
        ((agree_by_mean,), "a little more than the tolerance"),
        ((agree_by_lists(near=lambda gap, score, t: gap < t),), "with a tolerance of 0, too"),
        ((agree_by_lists(enough=any),), "more than the tolerance"),
        ((agree_within(0.01),), "use `tolerance`"),
        ((agree_within(0),), "up to the tolerance"),
        ((agree_within(0.1),), "whatever the size"),
        # nothing else is asked of movies that change places
        ((agree_strictly_on_places,), "nothing else is asked of movies"),
        # lists of any size, any number of users, which stay as they are
        ((agree_on_ten,), "Lists have k movies"),
        ((agree_by_stacking,), "Without users there are no verdicts; yours raised ValueError"),
        ((agree_sorting_in_place,), "changes what it is given"),
        ((lambda ours, theirs, t: agree_in_arrays(ours, theirs, t).tolist(),), "a list came back"),
        ((lambda *given: tf.constant(agree_in_arrays(*given)),), "a EagerTensor came back"),
        ((lambda *given: agree_in_arrays(*given).astype(int),), "yours are int"),
        ((backwards,), "in their order"),
        ((of_all,), "a single one"),
        ((of_all_for_each,), "a verdict of its own"),
        ((as_text,), "True and False was asked for"),
        ((lambda ours, theirs, tolerance: ours,), "a dict came back"),
        ((lambda ours, theirs, tolerance: ours["titles"] == theirs["titles"],), "(1,)"),
        ((lambda ours, theirs, tolerance: print(end=""),), "add `return`"),
        ((lambda ours, theirs: True,), "raised TypeError"),
        ((True,), "A function was asked for"),
    ],
    "titles_beside": [
        *[
            ((BESIDE | {name: letter},), f"{name}: ")
            for name, right in BESIDE.items()
            for letter in "abcd"
            if letter != right
        ],
        ((BESIDE | {"sorted": "a"},), "what of all behind it"),
        ((BESIDE | {"appended": "b"},), "Has any of the old titles"),
        ((BESIDE | {"renamed": "a"},), "what of all between the two places"),
        ((BESIDE | {"user_1000": "b"},), "each title belongs to the movie"),
        ((BESIDE | {"user_1000": "a"},), 'stands behind "100"'),
        ((BESIDE | {"user_944": "d"},), 'which of them stand behind "944"'),
        ((BESIDE | {"user_944": "e"},), "user_944: answer with one of a, b, c, d"),
        ((BESIDE | {"user_944": ...},), "Still open: user_944"),
        (("b",), "Answer with a dict"),
        (({"sorted": "b"},), "keys sorted, appended, renamed, user_1000, user_944"),
    ],
    "quiz_export": [
        ((QUIZ | {"q1": "a"},), "q1: The distribution is the same"),
        ((QUIZ | {"q1": "b"},), "q1: It is far more often"),
        ((QUIZ | {"q1": "d"},), "q1: In every second pair"),
        ((QUIZ | {"q2": "a"},), "q2: There are numbers of Python and tensors"),
        ((QUIZ | {"q2": "b"},), "q2: The shapes of tensors count"),
        ((QUIZ | {"q2": "c"},), "q2: So it would be"),
        ((QUIZ | {"q2": "e"},), "q2: A tensor with another value"),
        ((QUIZ | {"q3": "a"},), "q3: Nothing fails"),
        ((QUIZ | {"q3": "b"},), "q3: The tables are as they were"),
        ((QUIZ | {"q3": ...},), "Still open: q3"),
        (({"q1": "c", "q2": "d"},), "keys q1, q2, q3"),
        ((["b", "a", "c"],), "Answer with a dict"),
    ],
}
