"""Right and plausibly wrong answers to the exercises of lesson 9."""

import numpy as np

from helpers.keras2 import tf


def loss_with(
    swap=False,
    names=("candidate_sampling_probability",),
    change=lambda counts, total: counts / total,
    after=lambda loss: loss,
):
    """Return a `retrieval_loss` with one thing changed."""

    def function(task, user_embeddings, movie_embeddings, counts, total):
        pair = user_embeddings, movie_embeddings
        named = {name: change(counts, total) for name in names}
        return after(task(*pair[:: -1 if swap else 1], **named))

    return function


def loss_by_hand(correction=tf.math.log, total_of=tf.reduce_sum):
    """Return a `retrieval_loss` that needs no task, with one thing changed."""

    def function(task, users, movies, counts, total):
        logits = tf.matmul(users, movies, transpose_b=True) - correction(counts / total)[None]
        losses = tf.nn.sparse_softmax_cross_entropy_with_logits(
            labels=tf.range(tf.shape(users)[0]), logits=logits
        )
        return total_of(losses)

    return function


def loss_in_numpy(task, users, movies, counts, total):
    scores = users.numpy() @ movies.numpy().T - np.log(counts.numpy() / total)
    return np.sum(np.log(np.exp(scores).sum(axis=1)) - np.diag(scores))


def loss_of_copies(task, users, movies, counts, total):
    users, movies = tf.constant(users.numpy()), tf.constant(movies.numpy())
    return task(users, movies, candidate_sampling_probability=counts / total)


def loss_of_weighted_movies(task, users, movies, counts, total):
    return task(users, movies * (counts / total)[:, None])


def loss_of_weighted_users(task, users, movies, counts, total):
    return task(users * (counts / total)[:, None], movies, None, counts / total)


def loss_of_one_table(task, users, movies, counts, total):
    return task(users, users, candidate_sampling_probability=counts / total)


def loss_twice_weighted(task, users, movies, counts, total):
    return task(users, movies, counts / total, counts / total)


def recall_with(
    value=lambda found, count, k: found / count,
    users=lambda found, count: count > 0,
    mean=np.mean,
):
    """Return a `recall` with one thing changed."""

    def function(tops, liked):
        found = np.take_along_axis(liked, tops, axis=1).sum(axis=1)
        count = liked.sum(axis=1)
        some = users(found, count)
        return mean(value(found[some], count[some], tops.shape[1]))

    return function


def everybody(found, count):
    return count >= 0


def recall_in_a_loop(tops, liked):
    values = []
    for shown, likes in zip(tops, liked):
        mine = {number for number, likes_it in enumerate(likes) if likes_it}
        if mine:
            values.append(len(mine & set(shown.tolist())) / len(mine))
    return sum(values) / len(values)


def recall_by_matrix(tops, liked):
    shown = np.zeros_like(liked)
    np.put_along_axis(shown, tops, True, axis=1)
    count = liked.sum(axis=1)
    return np.nanmean((shown & liked).sum(axis=1) / count)


def recall_with_tf(tops, liked):
    found = tf.reduce_sum(tf.cast(tf.gather(liked, tops, batch_dims=1), tf.float32), axis=1)
    count = tf.reduce_sum(tf.cast(liked, tf.float32), axis=1)
    some = count > 0
    return tf.reduce_mean(tf.boolean_mask(found / count, some))


def recall_of_anybody(tops, liked):
    """Count a movie that anybody likes."""
    found = liked.any(axis=0)[tops].sum(axis=1)
    count = liked.sum(axis=1)
    return (found[count > 0] / count[count > 0]).mean()


def held_with(value):
    """Return a `held_out_once` that gives what `value` makes of both matrices."""
    return lambda held_out, seen: value(held_out, seen)


def held_in_a_loop(held_out, seen):
    once = [[0.0] * len(row) for row in held_out]
    for user, row in enumerate(held_out):
        for movie, stars in enumerate(row):
            if not seen[user][movie]:
                once[user][movie] = float(stars)
    return once


def held_by_index(held_out, seen):
    once = held_out.copy()
    once[seen] = 0
    return once


def held_in_place(held_out, seen):
    held_out[seen] = 0
    return held_out


def held_by_unseeing(held_out, seen):
    """Let the user forget the movie instead."""
    seen &= held_out == 0
    return held_out


def twins(held_out, seen):
    return seen & (held_out > 0)


def recall_in_place(tops, liked):
    value = recall_in_a_loop(tops, liked)
    np.put_along_axis(liked, tops, False, axis=1)
    return value


def chosen_of(retrieval, seen, candidates):
    return np.argsort(-np.where(seen, -np.inf, retrieval), kind="stable")[:candidates]


def stages_with(
    score=lambda retrieval, seen: np.where(seen, -np.inf, retrieval),
    key=lambda retrieval, stars: -stars,
    result=lambda chosen, order, k: chosen[order[:k]],
    size=lambda candidates, k: candidates,
):
    """Return a `two_stages` with one thing changed."""

    def function(retrieval, stars, seen, candidates=100, k=10):
        scores = score(retrieval, seen)
        chosen = np.argsort(-scores, kind="stable")[: size(candidates, k)]
        order = np.argsort(key(retrieval, stars)[chosen], kind="stable")
        return result(chosen, order, k)

    return function


def stages_with_sorted(retrieval, stars, seen, candidates=100, k=10):
    unseen = [movie for movie in range(len(seen)) if not seen[movie]]
    chosen = sorted(unseen, key=lambda movie: -retrieval[movie])[:candidates]
    return sorted(chosen, key=lambda movie: -stars[movie])[:k]


def stages_by_mask(retrieval, stars, seen, candidates=100, k=10):
    unseen = np.flatnonzero(~seen)
    chosen = unseen[np.argsort(retrieval[unseen])[::-1][:candidates]]
    is_chosen = np.isin(np.arange(len(stars)), chosen)
    return np.argsort(np.where(is_chosen, stars, -np.inf))[::-1][:k]


def stages_with_tf(retrieval, stars, seen, candidates=100, k=10):
    chosen = tf.math.top_k(tf.where(seen, -np.inf, retrieval), candidates).indices
    return tf.gather(chosen, tf.math.top_k(tf.gather(stars, chosen), k).indices)


def stages_seen_out_of_candidates(retrieval, stars, seen, candidates=100, k=10):
    chosen = np.argsort(-retrieval)[:candidates]
    chosen = chosen[~seen[chosen]]
    return chosen[np.argsort(-stars[chosen])][:k]


def stages_seen_out_of_list(retrieval, stars, seen, candidates=100, k=10):
    shown = stages_with(score=lambda retrieval, seen: retrieval)(
        retrieval, stars, seen, candidates, k
    )
    return shown[~seen[shown]]


def stages_of_all(retrieval, stars, seen, candidates=100, k=10):
    return np.argsort(-np.where(seen, -np.inf, stars))[:k]


def stages_turned_round(retrieval, stars, seen, candidates=100, k=10):
    chosen = chosen_of(stars, seen, candidates)
    return chosen[np.argsort(-retrieval[chosen])][:k]


def stages_of_best_stars_as_places(retrieval, stars, seen, candidates=100, k=10):
    return chosen_of(retrieval, seen, candidates)[np.argsort(-stars)[:k]]


def stages_in_place(retrieval, stars, seen, candidates=100, k=10):
    retrieval[seen] = -np.inf
    chosen = np.argsort(-retrieval)[:candidates]
    return chosen[np.argsort(-stars[chosen])][:k]


def stages_return_stars(retrieval, stars, seen, candidates=100, k=10):
    return np.sort(stars[chosen_of(retrieval, seen, candidates)])[::-1][:k]


QUIZ = {"q1": "b", "q2": "a", "q3": "b"}

RIGHT = {
    "retrieval_loss": [
        (loss_with(),),
        (lambda task, users, movies, counts, total: task(users, movies, None, counts / total),),
        (lambda task, users, movies, counts, n: task.call(users, movies, None, counts / n),),
        (loss_with(change=lambda counts, total: counts / tf.reduce_sum(counts)),),
        (loss_with(change=lambda counts, total: tf.exp(tf.math.log(counts / total))),),
        (loss_by_hand(),),
    ],
    "held_out_once": [
        (held_with(lambda held_out, seen: np.where(seen, 0, held_out)),),
        (held_with(lambda held_out, seen: held_out * ~seen),),
        (held_with(lambda held_out, seen: tf.where(seen, 0.0, held_out)),),
        (held_in_a_loop,),
        (held_by_index,),
    ],
    "recall": [
        (recall_in_a_loop,),
        (recall_by_matrix,),
        (recall_with_tf,),
        (recall_with(),),
        (recall_with(users=everybody, mean=np.nanmean),),
    ],
    "two_stages": [
        (stages_with(),),
        (stages_with_sorted,),
        (stages_by_mask,),
        (stages_with_tf,),
    ],
    "best_order": [("B",), (" b",)],
    "quiz_recommender": [
        ({"q1": "B", "q2": "A", "q3": "B"},),
        ({"q3": "b ", "q2": "a", "q1": " b"},),
    ],
}

WRONG = {
    "retrieval_loss": [
        ((loss_with(names=()),), "without a correction"),
        ((loss_with(change=lambda counts, total: counts),), "takes a probability"),
        ((loss_with(change=lambda counts, total: counts * total),), "takes a probability"),
        ((loss_with(change=lambda counts, total: total / counts),), "takes a probability"),
        ((loss_with(change=lambda counts, total: 100 * counts),), "takes a probability"),
        (
            (loss_with(change=lambda counts, total: tf.math.log(counts / total)),),
            "correct nothing",
        ),
        ((loss_with(swap=True),), "swapped: users are the queries"),
        ((loss_with(swap=True, names=()),), "And nothing is corrected"),
        (
            (loss_with(names=("sample_weight",), change=lambda counts, total: counts),),
            "`counts` became sample_weight",
        ),
        ((loss_with(names=("sample_weight",)),), "The share became sample_weight"),
        ((loss_twice_weighted,), "Leave sample_weight out"),
        ((loss_with(change=lambda counts, total: 1 - counts / total),), "of the other movies"),
        ((loss_with(change=lambda counts, total: tf.exp(counts / total)),), "correct nothing"),
        (
            (loss_with(change=lambda counts, total: tf.fill([5], tf.constant(0.2))),),
            "without a correction",
        ),
        ((loss_with(change=lambda counts, total: tf.sqrt(counts / total)),), "the loss should be"),
        ((loss_with(after=lambda loss: loss / 5),), "TFRS sums it"),
        ((loss_by_hand(total_of=tf.reduce_mean),), "TFRS sums it"),
        ((loss_with(after=lambda loss: -loss),), "The sign is wrong"),
        ((loss_by_hand(lambda shares: -tf.math.log(shares)),), "is subtracted; you add it"),
        ((loss_by_hand(lambda shares: shares),), "the logarithm of the probability"),
        ((loss_by_hand(total_of=lambda losses: losses),), "One number was asked for"),
        ((lambda task, users, movies, counts, total: counts,), "One number was asked for"),
        ((lambda task, users, movies, counts, total: task,), "Call `task`"),
        ((loss_of_weighted_movies,), "leave the embeddings as they are"),
        ((loss_of_weighted_users,), "leave the embeddings as they are"),
        ((loss_of_one_table,), "the loss should be"),
        ((loss_in_numpy,), "no gradient reaches"),
        ((loss_of_copies,), "no gradient reaches"),
        ((loss_with(after=lambda loss: loss.numpy()),), "no gradient reaches"),
        ((lambda task, users, movies, counts, total: np.nan,), "returns nan"),
        ((lambda task, users, movies, counts, total: None,), "add `return`"),
        ((3.5,), "A function was asked for"),
    ],
    "held_out_once": [
        ((held_with(lambda held_out, seen: held_out),), "Nothing has changed"),
        ((held_with(lambda held_out, seen: np.where(seen, held_out, 0)),), "Turned round"),
        ((held_with(lambda held_out, seen: np.where(seen, 0, held_out) >= 4),), "Keep the stars"),
        ((held_with(lambda held_out, seen: (held_out > 0) & ~seen),), "Keep the stars"),
        ((held_with(lambda held_out, seen: ~seen),), "These are the movies"),
        ((held_with(twins),), "These are the twins"),
        (
            (held_with(lambda held_out, seen: np.where(seen, np.nan, held_out)),),
            "is not a number, or infinite",
        ),
        (
            (held_with(lambda held_out, seen: np.where(seen, -np.inf, held_out)),),
            "is not a number, or infinite",
        ),
        (
            (held_with(lambda held_out, seen: held_out[~twins(held_out, seen).any(axis=1)]),),
            "of the shape (6, 7)",
        ),
        ((held_with(lambda held_out, seen: held_out[~seen]),), "of the shape (6, 7)"),
        (
            (
                held_with(
                    lambda held_out, seen: held_out * ~twins(held_out, seen).any(axis=1)[:, None]
                ),
            ),
            "Users with a twin",
        ),
        ((held_with(lambda held_out, seen: held_out * ~seen.any(axis=0)),), "anybody has seen"),
        (
            (held_with(lambda held_out, seen: held_out * ~twins(held_out, seen).any(axis=0)),),
            "gone for all users",
        ),
        (
            (held_with(lambda held_out, seen: np.where(seen | (held_out < 4), 0, held_out)),),
            "Stars below 4",
        ),
        ((held_with(lambda held_out, seen: np.where(seen, 1, held_out)),), "0 was asked for"),
        ((held_in_place,), "changes what it is given"),
        ((held_by_unseeing,), "changes what it is given"),
        ((held_with(lambda held_out, seen: None),), "add `return`"),
        ((np.zeros((6, 7)),), "A function was asked for"),
    ],
    "recall": [
        ((recall_with(users=everybody),), "leave such users out"),
        (
            (recall_with(lambda found, count, k: found / np.maximum(count, 1), everybody),),
            "counts as 0",
        ),
        (
            (
                recall_with(
                    lambda found, count, k: np.where(count, found / count, 1), users=everybody
                ),
            ),
            "counts as 1",
        ),
        ((recall_with(users=lambda found, count: found > 0),), "finds nothing counts as 0"),
        ((recall_with(lambda found, count, k: found.sum() / count.sum()),), "user by user"),
        ((recall_with(lambda found, count, k: found / k),), "This is precision"),
        ((recall_with(lambda found, count, k: found / k, everybody),), "This is precision"),
        ((recall_with(lambda found, count, k: found > 0),), "Any hit counts"),
        ((recall_with(lambda found, count, k: found > 0, everybody),), "Any hit counts"),
        ((recall_with(lambda found, count, k: found),), "by how many are liked"),
        ((recall_with(lambda found, count, k: found, everybody),), "by how many are liked"),
        ((recall_with(lambda found, count, k: found, mean=np.sum),), "by how many are liked"),
        ((recall_with(mean=np.sum),), "the sum over users"),
        ((recall_with(lambda found, count, k: 1 - found / count),), "is missed"),
        ((recall_with(lambda found, count, k: found / np.minimum(count, k)),), "more than k"),
        ((recall_with(lambda found, count, k: 100 * found / count),), "a percentage"),
        ((recall_with(lambda found, count, k: found / 5),), "by how many are liked"),
        ((recall_with(mean=np.array),), "one value per user"),
        ((recall_with(mean=list),), "one value per user"),
        ((recall_of_anybody,), "recall is 0."),
        ((recall_in_place,), "changes what it is given"),
        ((lambda tops, liked: np.take_along_axis(liked, tops, axis=1),), "One number"),
        ((lambda tops, liked: 0.7,), "recall is 0."),
        ((lambda tops, liked: None,), "add `return`"),
        ((0.72,), "A function was asked for"),
    ],
    "two_stages": [
        ((stages_with(result=lambda chosen, order, k: order[:k]),), "indices in the candidates"),
        ((stages_with(score=lambda retrieval, seen: retrieval),), "is seen: give it -np.inf"),
        ((stages_seen_out_of_candidates,), "before the candidates are taken"),
        ((stages_seen_out_of_list,), "before the candidates are taken"),
        (
            (stages_with(score=lambda retrieval, seen: np.where(seen, 0, retrieval)),),
            "below all other scores",
        ),
        ((stages_with(score=lambda retrieval, seen: retrieval * ~seen),), "below all other scores"),
        ((stages_with(score=lambda retrieval, seen: retrieval[~seen]),), "numbers shift"),
        (
            (stages_with(score=lambda retrieval, seen: np.where(seen, retrieval, -np.inf)),),
            "is seen: give it -np.inf",
        ),
        ((stages_with(result=lambda chosen, order, k: chosen[:k]),), "retrieval's order"),
        (
            (
                stages_with(
                    score=lambda retrieval, seen: retrieval,
                    result=lambda chosen, order, k: chosen[:k],
                ),
            ),
            "retrieval's order",
        ),
        ((stages_of_all,), "only candidates may be listed"),
        ((stages_with(key=lambda retrieval, stars: stars),), "The fewest stars come first"),
        (
            (stages_with(score=lambda retrieval, seen: np.where(seen, np.inf, -retrieval)),),
            "sort by -retrieval",
        ),
        ((stages_with(result=lambda chosen, order, k: chosen[order]),), "only the first k"),
        ((stages_with(result=lambda chosen, order, k: chosen),), "These are the candidates"),
        ((stages_with(result=lambda chosen, order, k: chosen[order[:k]][::-1]),), "wrong order"),
        ((stages_turned_round,), "The stages are turned round"),
        ((stages_with(key=lambda retrieval, stars: -stars - retrieval),), "by stars alone"),
        ((stages_of_best_stars_as_places,), "sort `stars[chosen]`"),
        ((stages_with(size=lambda candidates, k: k),), "`candidates`, not k"),
        ((stages_with(size=lambda candidates, k: 100),), "take only `candidates`"),
        ((stages_with(size=lambda candidates, k: 5),), "use `candidates`"),
        ((stages_with(result=lambda chosen, order, k: chosen[order[:2]]),), "use `k`"),
        ((stages_in_place,), "changes what it is given"),
        ((stages_return_stars,), "These are stars"),
        ((lambda retrieval, stars, seen, candidates, k: ["Alien"],), "Movie numbers were asked"),
        ((lambda retrieval, stars, seen, candidates, k: [7, 8],), "the list is"),
        ((lambda retrieval, stars, seen, candidates, k: None,), "add `return`"),
        ((np.array([3, 5]),), "A function was asked for"),
    ],
    "best_order": [
        (("a",), "Out of all movies"),
        (("c",), "by throwing retrieval's order away"),
        (("d",), "Answer with one of a, b, c"),
        (("retrieval",), "Answer with one of a, b, c"),
        ((2,), "Answer with one of a, b, c"),
        ((["b"],), "Answer with one of a, b, c"),
        (("b)",), "Answer with one of a, b, c"),
        (("a or b",), "Answer with one of a, b, c"),
        (({"best_order": "b"},), "Answer with one of a, b, c"),
    ],
    "quiz_recommender": [
        ((QUIZ | {"q1": "a"},), "q1: Nobody has asked"),
        ((QUIZ | {"q1": "c"},), "q1: It says something"),
        ((QUIZ | {"q2": "b"},), "q2: Both have learned"),
        ((QUIZ | {"q2": "c"},), "q2: Nothing here says so"),
        ((QUIZ | {"q3": "a"},), "q3: The ranker scores the candidates"),
        ((QUIZ | {"q3": "c"},), "q3: It is in no list"),
        ((QUIZ | {"q3": 3},), "q3: answer with one of a, b, c"),
        ((QUIZ | {"q2": ...},), "Still open: q2"),
        (({"q1": "b", "q2": "a"},), "keys q1, q2, q3"),
        ((QUIZ | {"q4": "a"},), "keys q1, q2, q3"),
        (({"1": "b", "2": "a", "3": "c"},), "keys q1, q2, q3"),
        ((["b", "a", "c"],), "Answer with a dict"),
        (("bac",), "Answer with a dict"),
    ],
}
