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


def loss_with_a_list(task, users, movies, counts, total):
    shares = [count / total for count in counts]
    return task(users, movies, candidate_sampling_probability=shares)


def loss_with_len(task, users, movies, counts, total):
    mean = task(users, movies, candidate_sampling_probability=counts / total) / len(counts)
    return mean * len(counts)


def loss_by_len(task, users, movies, counts, total):
    """Return the right loss: AutoGraph makes `len` and `if` work in training too."""
    shares = counts / (total if len(counts) > 0 else 1.0)
    logits = tf.matmul(users, movies, transpose_b=True) - tf.math.log(shares)
    losses = tf.nn.sparse_softmax_cross_entropy_with_logits(tf.range(len(counts)), logits)
    return tf.reduce_sum(losses)


def loss_of_five(task, users, movies, counts, total):
    return 5 * loss_by_hand(total_of=tf.reduce_mean)(task, users, movies, counts, total)


def loss_half_learned(task, users, movies, counts, total):
    movies = (movies + tf.stop_gradient(movies)) / 2
    return task(users, movies, candidate_sampling_probability=counts / total)


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


def stages_of_unseen(
    kept=lambda candidates: candidates, sign=-1, numbers=lambda unseen, local: unseen[local]
):
    """Return a `two_stages` that leaves seen movies out first, with one thing changed."""

    def function(retrieval, stars, seen, candidates=100, k=10):
        unseen = np.flatnonzero(~seen)
        chosen = np.argsort(sign * retrieval[~seen])[: kept(candidates)]
        return numbers(unseen, chosen[np.argsort(-stars[~seen][chosen])[:k]])

    return function


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


# What *same_depth* demands: the rank of the full list whose expected rank in the draw is k (the
# movie itself counts once, what is above it is multiplied), as the nearest whole number.


def depth_with(value=lambda k, share: 1 + (k - 1) / share, whole=round):
    """Return a `same_depth` with one thing changed; `share` is the share that is drawn."""
    return lambda k, negatives, unrated: whole(value(k, negatives / unrated))


def depth_by_search(k, negatives, unrated):
    ranks = np.arange(1, unrated + 2)
    return ranks[np.argmin(np.abs(1 + (ranks - 1) * negatives / unrated - k))]


# What *without_position* demands: a label for each row; 0 without a click; the weight from click
# rates; those of shuffled lists alone; compared with rank 1; each rank its own; inputs unchanged.


def labels_with(
    rows=lambda shuffled: shuffled,
    rate=lambda clicked: clicked.mean(),
    first=lambda rates: rates[0],
    label=lambda clicked, weight: clicked * weight,
    place=lambda rank: rank - 1,
):
    """Return a `without_position` with one thing changed."""

    def function(clicked, rank, shuffled):
        used = rows(shuffled)
        rates = [rate(clicked[used & (rank == r)]) for r in range(1, rank.max() + 1)]
        weight = first(np.array(rates)) / np.array(rates)
        return label(clicked, weight[place(rank)])

    return function


def labels_in_a_loop(clicked, rank, shuffled):
    shown, clicks = {}, {}
    for row in range(len(rank)):
        if shuffled[row]:
            shown[rank[row]] = shown.get(rank[row], 0) + 1
            clicks[rank[row]] = clicks.get(rank[row], 0) + int(clicked[row])
    rate = {r: clicks[r] / shown[r] for r in shown}
    return [rate[1] / rate[r] if click else 0 for click, r in zip(clicked, rank)]


def labels_by_counting(clicked, rank, shuffled):
    clicks = np.bincount(rank[shuffled], clicked[shuffled])
    shown = np.bincount(rank[shuffled])
    examined = clicks[1:] / shown[1:] / (clicks[1] / shown[1])
    return np.where(clicked, 1 / examined[rank - 1], 0.0)


def labels_with_tf(clicked, rank, shuffled):
    used = tf.boolean_mask(tf.cast(clicked, tf.float64), shuffled)
    number = tf.boolean_mask(rank - 1, shuffled)
    rates = tf.math.unsorted_segment_mean(used, number, int(rank.max()))
    return tf.cast(clicked, tf.float64) * rates[0] / tf.gather(rates, rank - 1)


def labels_in_place(clicked, rank, shuffled):
    made = labels_by_counting(clicked, rank, shuffled)
    rank -= 1
    return made


def labels_of_tens(rate=lambda clicked, shuffled: clicked[shuffled[:, 0]].mean(axis=0)):
    """Return a `without_position` that takes ten rows in a row for a list."""

    def function(clicked, rank, shuffled):
        clicked = clicked.reshape(-1, 10)
        rates = rate(clicked, shuffled.reshape(-1, 10))
        return (clicked * rates[0] / rates).ravel()

    return function


def labels_partly(weighed):
    """Return a `without_position` that weighs the rows of one kind only."""

    def function(clicked, rank, shuffled):
        made = labels_by_counting(clicked, rank, shuffled)
        return np.where(weighed(shuffled), made, clicked)

    return function


def labels_by_share_of_clicks(clicked, rank, shuffled):
    share = np.bincount(rank[shuffled & clicked])[1:] / (shuffled & clicked).sum()
    return clicked * share[0] / share[rank - 1]


# What *users_needed* demands: each arm; both arms vary; two-sided 5%; power of 80%; variance of
# the values; squared difference of either sign; rounded up.


def users_with(
    z=1.959964 + 0.841621,
    arms=2,
    spread=np.var,
    size=lambda difference: difference**2,
    whole=lambda n: int(np.ceil(n)),
):
    """Return a `users_needed` with one thing changed."""
    return lambda values, difference: whole(arms * z**2 * spread(values) / size(difference))


def users_by_search(values, difference):
    n, variance = 1, float(np.var(values, ddof=1))
    while n * difference**2 < 2.8016**2 * 2 * variance:
        n += 1
    return n


def users_in_place(values, difference):
    values -= values.mean()
    return users_with()(values, difference)


QUIZ = {"q1": "b", "q2": "b", "q3": "b"}

RIGHT = {
    "retrieval_loss": [
        (loss_with(),),
        (lambda task, users, movies, counts, total: task(users, movies, None, counts / total),),
        (lambda task, users, movies, counts, n: task.call(users, movies, None, counts / n),),
        (loss_with(change=lambda counts, total: counts / tf.reduce_sum(counts)),),
        (loss_with(change=lambda counts, total: tf.exp(tf.math.log(counts / total))),),
        (loss_by_hand(),),
        (loss_by_len,),
    ],
    "two_stages": [
        (stages_with(),),
        (stages_with_sorted,),
        (stages_by_mask,),
        (stages_with_tf,),
        (stages_of_unseen(),),
    ],
    "same_depth": [
        (depth_with(),),
        (depth_by_search,),
        (lambda k, negatives, unrated: np.rint(unrated * (k - 1) / negatives) + 1,),
        (lambda k, negatives, unrated: int(1.5 + (k - 1) * unrated / negatives),),
        (lambda k, negatives, unrated: np.round(1 + (k - 1) / (negatives / unrated)),),
    ],
    "without_position": [
        (labels_with(),),
        (labels_in_a_loop,),
        (labels_by_counting,),
        (labels_with_tf,),
    ],
    "users_needed": [
        (users_with(),),
        (users_with(z=1.96 + 0.84),),
        (users_with(spread=lambda values: np.var(values, ddof=1)),),
        (users_with(whole=lambda n: float(np.ceil(n))),),
        (users_by_search,),
    ],
    "quiz_recommender": [
        ({"q1": "B", "q2": "B", "q3": "B"},),
        ({"q3": "b ", "q2": "b", "q1": " b"},),
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
        ((loss_with(change=lambda counts, total: np.array(counts) / total),), "trains in a graph"),
        ((loss_with_a_list,), "trains in a graph"),
        ((loss_with_len,), "trains in a graph"),
        ((loss_of_five,), "three ratings instead of five"),
        ((loss_half_learned,), "gradients differ"),
        ((lambda task, users, movies, counts, total: np.nan,), "returns nan"),
        ((lambda task, users, movies, counts, total: None,), "add `return`"),
        ((3.5,), "A function was asked for"),
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
        ((stages_of_all,), "of all unseen movies. Use `candidates`"),
        ((stages_of_unseen(kept=lambda candidates: 100),), "Use `candidates`"),
        ((stages_of_unseen(sign=1),), "The lowest retrieval scores are taken"),
        ((stages_of_unseen(numbers=lambda unseen, local: local),), "count the unseen movies only"),
        (
            (stages_of_unseen(lambda candidates: 100, numbers=lambda unseen, local: local),),
            "count the unseen movies only",
        ),
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
        ((stages_with(size=lambda candidates, k: 100),), "use `candidates`"),
        ((stages_with(size=lambda candidates, k: 5),), "use `candidates`"),
        ((stages_with(result=lambda chosen, order, k: chosen[order[:2]]),), "use `k`"),
        ((stages_in_place,), "changes what it is given"),
        ((stages_return_stars,), "These are stars"),
        ((lambda retrieval, stars, seen, candidates, k: ["Alien"],), "Movie numbers were asked"),
        ((lambda retrieval, stars, seen, candidates, k: [7, 8],), "the list is"),
        ((lambda retrieval, stars, seen, candidates, k: None,), "add `return`"),
        ((np.array([3, 5]),), "A function was asked for"),
    ],
    "same_depth": [
        ((depth_with(lambda k, share: k / share),), "the movie itself does not"),
        ((depth_with(lambda k, share: k / share, lambda rank: rank),), "the movie itself"),
        ((depth_with(lambda k, share: (k - 1) / share),), "its own rank is one more"),
        ((depth_with(lambda k, share: 1 + (k - 1) * share),), "Turned round"),
        ((depth_with(lambda k, share: k * share),), "Turned round"),
        ((lambda k, negatives, n: round(k * (n + 1) / (negatives + 1)),), "another question"),
        ((lambda k, negatives, unrated: k,), "is not the same depth"),
        ((depth_with(whole=lambda rank: rank),), "nearest whole number: a list"),
        ((depth_with(whole=int),), "not always down or up"),
        ((depth_with(whole=lambda rank: int(np.ceil(rank))),), "not always down or up"),
        ((lambda k, n, unrated: round(1 + (k - 1) * unrated / (n + 1)),), "in neither number"),
        ((lambda k, n, unrated: round(1 + (k - 1) * (unrated + 1) / n),), "in neither number"),
        ((lambda k, n, unrated: round(1 + (k - 1) * (unrated - 1) / n),), "in neither number"),
        ((lambda k, n, unrated: 1 + (k - 1) * (unrated + 1) / (n + 1),), "in neither number"),
        ((depth_with(lambda k, share: 2 + (k - 1) / share),), "the rank is 136"),
        ((lambda k, negatives, unrated: [1, 2],), "One number"),
        ((lambda k, negatives, unrated: None,), "add `return`"),
        ((136,), "A function was asked for"),
    ],
    "without_position": [
        ((labels_with(label=lambda clicked, weight: clicked),), "nothing has been weighed"),
        ((labels_with(rows=lambda shuffled: shuffled | True),), "rates are of all lists"),
        ((labels_with(rows=lambda shuffled: ~shuffled),), "that are *not* shuffled"),
        ((lambda clicked, rank, shuffled: clicked * rank,), "takes 1 / rank for granted"),
        ((lambda clicked, rank, shuffled: clicked / rank,), "and turned round"),
        ((labels_with(label=lambda clicked, weight: clicked / weight),), "Turned round"),
        ((labels_with(first=lambda rates: 1),), "should count 1: compare with its rate"),
        ((labels_with(first=np.mean),), "not with the mean"),
        ((labels_with(first=np.max),), "not with the highest"),
        (
            (labels_with(label=lambda clicked, weight: clicked * np.minimum(5, weight)),),
            "Weights are clipped",
        ),
        (
            (labels_with(label=lambda clicked, weight: clicked * np.clip(weight, 1, 10)),),
            "Weights are clipped",
        ),
        ((labels_of_tens(),), "Rows come in any order"),
        (
            (labels_of_tens(lambda clicked, shuffled: np.mean(clicked, axis=0, where=shuffled)),),
            "Rows come in any order",
        ),
        ((labels_with(label=lambda clicked, weight: weight),), "the weights alone"),
        (
            (labels_with(label=lambda clicked, weight: np.where(clicked, weight, -weight)),),
            "whatever its rank",
        ),
        (
            (labels_with(label=lambda clicked, weight: np.where(clicked, weight, np.nan)),),
            "a row without a click counts 0",
        ),
        ((labels_with(rate=np.sum),), "These are numbers of clicks"),
        ((labels_by_share_of_clicks,), "numbers of clicks"),
        ((labels_partly(lambda shuffled: shuffled),), "the others need it as much"),
        ((labels_partly(lambda shuffled: ~shuffled),), "are not weighed"),
        (
            (lambda clicked, rank, shuffled: labels_with()(clicked, rank, shuffled) * shuffled,),
            "in the other lists are gone",
        ),
        (
            (lambda clicked, rank, shuffled: labels_with()(clicked, rank, shuffled)[shuffled],),
            "shuffled lists alone",
        ),
        ((labels_with(place=lambda rank: rank % 5),), "Ranks start at 1"),
        ((labels_with(place=lambda rank: np.maximum(rank - 2, 0)),), "rank above its own"),
        ((labels_with(label=lambda clicked, weight: clicked * weight**2),), "counts"),
        ((labels_in_place,), "changes what it is given"),
        ((labels_with(label=lambda clicked, weight: weight.mean()),), "of the shape (700,)"),
        ((lambda clicked, rank, shuffled: None,), "add `return`"),
        ((np.ones(700),), "A function was asked for"),
    ],
    "users_needed": [
        ((users_with(arms=4),), "users of both arms"),
        ((users_with(arms=1),), "a mean of their own"),
        ((users_with(z=1.96),), "found in half of tests"),
        ((users_with(z=1.96, arms=1),), "and that both arms vary"),
        ((users_with(z=1.645 + 0.8416),), "not 1.645"),
        ((users_with(z=1.96 - 0.8416),), "add up"),
        ((users_with(z=np.hypot(1.96, 0.8416)),), "before you square"),
        ((users_with(z=1.96 + 1.2816),), "a power of 90%"),
        ((users_with(z=1.96 + 0.8),), "Power is a probability"),
        ((users_with(spread=np.std),), "It is the variance"),
        ((users_with(spread=lambda values: np.mean(values**2)),), "from the mean, not 0"),
        ((users_with(size=abs),), "The difference is squared"),
        ((users_with(size=lambda difference: difference),), "The difference is squared"),
        ((users_with(whole=lambda n: int(np.ceil(np.sqrt(n)))),), "Square it"),
        (
            (users_with(spread=lambda values: np.var(values) / len(values)),),
            "are for the deviation only",
        ),
        ((users_with(whole=lambda n: n),), "cannot be had: round up"),
        ((users_with(whole=int),), "one user too few"),
        ((users_with(whole=round),), "one user too few"),
        ((users_with(size=lambda d: d**2 if d > 0 else -(d**2)),), "a number of users is above 0"),
        ((lambda values, difference: len(values),), "are needed in each arm"),
        ((users_in_place,), "changes what it is given"),
        ((lambda values, difference: values,), "One number"),
        ((lambda values, difference: None,), "add `return`"),
        ((100,), "A function was asked for"),
    ],
    "quiz_recommender": [
        ((QUIZ | {"q1": "a"},), "q1: Nobody has asked"),
        ((QUIZ | {"q1": "c"},), "q1: It says something"),
        ((QUIZ | {"q2": "a"},), "q2: Their recall is hardly above 0"),
        ((QUIZ | {"q2": "c"},), "q2: The most rated movies have"),
        ((QUIZ | {"q3": "a"},), "q3: At random, test ratings"),
        ((QUIZ | {"q3": "c"},), "q3: Count those whose NDCG"),
        ((QUIZ | {"q3": 3},), "q3: answer with one of a, b, c"),
        ((QUIZ | {"q2": ...},), "Still open: q2"),
        (({"q1": "b", "q2": "a"},), "keys q1, q2, q3"),
        ((QUIZ | {"q4": "a"},), "keys q1, q2, q3"),
        (({"1": "b", "2": "a", "3": "c"},), "keys q1, q2, q3"),
        ((["b", "a", "c"],), "Answer with a dict"),
        (("bac",), "Answer with a dict"),
    ],
}
