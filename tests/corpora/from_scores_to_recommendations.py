"""Right and plausibly wrong answers to the exercises of lesson 9."""

import numpy as np

from helpers.keras2 import tf


def loss_with(
    swap=False,
    names=("candidate_sampling_probability",),
    change=lambda shares: shares,
    after=lambda loss: loss,
):
    """Return a `retrieval_loss` with one thing changed."""

    def function(task, user_embeddings, movie_embeddings, shares):
        pair = user_embeddings, movie_embeddings
        return after(task(*pair[:: -1 if swap else 1], **{name: change(shares) for name in names}))

    return function


def loss_by_hand(correction=np.log, total=np.sum):
    """Return a `retrieval_loss` that needs no task, with one thing changed."""

    def function(task, users, movies, shares):
        logits = users.numpy() @ movies.numpy().T - correction(shares.numpy())
        return -total(np.diag(logits) - np.log(np.exp(logits).sum(axis=1)))

    return function


def loss_in_a_loop(task, users, movies, shares):
    total = 0.0
    for i in range(len(users)):
        scores = [np.dot(users[i], movies[j]) - np.log(shares[j]) for j in range(len(movies))]
        total += np.log(np.sum(np.exp(scores))) - scores[i]
    return total


def loss_with_tf(task, users, movies, shares):
    logits = tf.matmul(users, movies, transpose_b=True) - tf.math.log(shares)[None]
    labels = tf.range(len(users))
    losses = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=logits)
    return tf.reduce_sum(losses)


def loss_of_weighted_movies(task, users, movies, shares):
    return task(users, movies * shares[:, None])


def loss_of_weighted_users(task, users, movies, shares):
    return task(users * shares[:, None], movies, candidate_sampling_probability=shares)


def loss_of_one_table(task, users, movies, shares):
    return task(users, users, candidate_sampling_probability=shares)


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
        (loss_with(after=lambda loss: loss.numpy()),),
        (lambda task, users, movies, shares: task(users, movies, None, shares),),
        (loss_by_hand(),),
        (loss_in_a_loop,),
        (loss_with_tf,),
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
        ((loss_with(names=()),), "The correction is missing"),
        ((loss_with(swap=True),), "swapped: users are the queries"),
        ((loss_with(swap=True, names=()),), "swapped, and the correction is missing"),
        ((loss_with(names=("sample_weight",)),), "became sample_weight"),
        ((lambda task, users, movies, shares: task(users, movies, shares),), "sample_weight"),
        (
            (loss_with(names=("sample_weight", "candidate_sampling_probability")),),
            "used twice: leave sample_weight out",
        ),
        ((loss_with(change=lambda shares: 1 - shares),), "the shares themselves"),
        ((loss_with(change=lambda shares: 1 / shares),), "the shares themselves"),
        ((loss_with(change=tf.math.log),), "the shares themselves"),
        ((loss_with(change=tf.exp),), "the shares themselves"),
        ((loss_with(after=lambda loss: loss / 4),), "TFRS sums it"),
        ((loss_by_hand(total=np.mean),), "TFRS sums it"),
        ((loss_with(after=lambda loss: -loss),), "The sign is wrong"),
        ((loss_by_hand(lambda shares: -np.log(shares)),), "subtracts the logarithm"),
        ((loss_by_hand(lambda shares: shares),), "the logarithm of the share"),
        ((loss_by_hand(total=lambda losses: losses),), "One number was asked for"),
        ((lambda task, users, movies, shares: shares,), "One number was asked for"),
        ((lambda task, users, movies, shares: (task(users, movies), shares),), "One number"),
        ((lambda task, users, movies, shares: task,), "Call `task`"),
        ((loss_of_weighted_movies,), "leave the embeddings as they are"),
        ((loss_of_weighted_users,), "leave the embeddings as they are"),
        ((loss_of_one_table,), "the loss should be"),
        ((lambda task, users, movies, shares: np.nan,), "returns nan"),
        ((lambda task, users, movies, shares: None,), "add `return`"),
        ((3.5,), "A function was asked for"),
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
        ((stages_with(result=lambda chosen, order, k: order[:k]),), "places among the candidates"),
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
        ((QUIZ | {"q1": "a"},), "q1: Two models are not better"),
        ((QUIZ | {"q1": "c"},), "q1: Retrieval does not remove"),
        ((QUIZ | {"q2": "b"},), "q2: It has never seen"),
        ((QUIZ | {"q2": "c"},), "q2: Clicks would do"),
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
