"""Right and plausibly wrong answers to the exercises of lesson 9."""

import math

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


def stages_with_masked_stars(retrieval, stars, seen, candidates=100, k=10):
    chosen = np.argsort(-retrieval, kind="stable")[:candidates]
    return chosen[np.argsort(-np.where(seen, -np.inf, stars)[chosen], kind="stable")[:k]]


def stages_turned_round(retrieval, stars, seen, candidates=100, k=10):
    chosen = chosen_of(stars, seen, candidates)
    return chosen[np.argsort(-retrieval[chosen])][:k]


def stages_of_best_stars_as_places(retrieval, stars, seen, candidates=100, k=10):
    return chosen_of(retrieval, seen, candidates)[np.argsort(-stars)[:k]]


def stages_in_place(retrieval, stars, seen, candidates=100, k=10):
    retrieval[seen] = -np.inf
    chosen = np.argsort(-retrieval)[:candidates]
    return chosen[np.argsort(-stars[chosen])][:k]


def stages_as_floats(retrieval, stars, seen, candidates=100, k=10):
    best = np.zeros(k)
    for i, movie in enumerate(stages_with()(retrieval, stars, seen, candidates, k)):
        best[i] = movie
    return best


def stages_appended(retrieval, stars, seen, candidates=100, k=10):
    best = np.array([])
    for movie in stages_with()(retrieval, stars, seen, candidates, k):
        best = np.append(best, movie)
    return best


def stages_return_stars(retrieval, stars, seen, candidates=100, k=10):
    return np.sort(stars[chosen_of(retrieval, seen, candidates)])[::-1][:k]


# What *drawn_reach* demands: the full rank whose expected rank in the draw is 10 (the movie itself
# counts once, the nine above it are multiplied by unrated / drawn), the nearest whole number; and
# what the lists hold down to that rank: the same candidates in another order, or other movies.

OF_LISTS = {
    **{"retrieval_100": "b", "retrieval_500": "c"},
    **{"sum_20": "b", "sum_100": "a", "sum_500": "c"},
}
REACH = {20: 683, 100: 137, 500: 28} | OF_LISTS


def reach_with(rank, whole=round):
    """Return a `drawn_reach` with one thing changed."""
    return {drawn: whole(rank(drawn)) for drawn in (20, 100, 500)} | OF_LISTS


# What *without_position* demands: a label for each row; 0 without a click; the weight from click
# rates; those of shuffled lists alone; compared with rank 1; each rank its own; inputs unchanged.


def labels_with(
    rows=lambda shuffled: shuffled,
    rate=lambda clicked: clicked.mean(),
    first=lambda rates: rates[0],
    label=lambda clicked, weight: clicked * weight,
    place=lambda rank: rank - 1,
    mend=lambda rates: np.maximum.accumulate(rates[::-1])[::-1],
):
    """Return a `without_position` with one thing changed."""

    def function(clicked, rank, shuffled):
        used = rows(shuffled)
        rates = [rate(clicked[used & (rank == r)]) for r in range(1, rank.max() + 1)]
        rates = mend(np.array(rates))
        weight = first(rates) / rates
        return label(clicked, weight[place(rank)])

    return function


def labels_in_a_loop(clicked, rank, shuffled):
    shown, clicks = {}, {}
    for row in range(len(rank)):
        if shuffled[row]:
            shown[rank[row]] = shown.get(rank[row], 0) + 1
            clicks[rank[row]] = clicks.get(rank[row], 0) + int(clicked[row])
    rate = {r: clicks[r] / shown[r] for r in shown}
    for r in range(max(rate) - 1, 0, -1):
        rate[r] = max(rate[r], rate[r + 1])
    return [rate[1] / rate[r] if click else 0 for click, r in zip(clicked, rank)]


def labels_by_counting(clicked, rank, shuffled):
    clicks = np.bincount(rank[shuffled], clicked[shuffled])
    shown = np.bincount(rank[shuffled])
    rates = clicks[1:] / shown[1:]
    examined = np.array([rates[place:].max() for place in range(len(rates))])
    return np.where(clicked, examined[0] / examined[rank - 1], 0.0)


def labels_with_tf(clicked, rank, shuffled):
    used = tf.boolean_mask(tf.cast(clicked, tf.float64), shuffled)
    number = tf.boolean_mask(rank - 1, shuffled)
    rates = tf.math.unsorted_segment_mean(used, number, int(rank.max()))
    rates = tf.scan(tf.maximum, rates, reverse=True)
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


def labels_compared_with_raw_rank_1(clicked, rank, shuffled):
    made = labels_with(first=lambda rates: 1)(clicked, rank, shuffled)
    return made * clicked[shuffled & (rank == 1)].mean()


def labels_with_rates_for_each_kind(mend=lambda rates: np.maximum.accumulate(rates[::-1])[::-1]):
    """Return a `without_position` that weighs either kind of list by rates of its own."""

    def function(clicked, rank, shuffled):
        made = labels_with(mend=mend)(clicked, rank, shuffled)
        other = labels_with(mend=mend, rows=lambda shuffled: ~shuffled)(clicked, rank, shuffled)
        return np.where(shuffled, made, other)

    return function


def labels_of_ten_ranks(clicked, rank, shuffled):
    """Take rates of ranks 1 to 10, whichever there are."""
    with np.errstate(all="ignore"):
        rates = [clicked[shuffled & (rank == r)].sum() / (shuffled & (rank == r)).sum()
                 for r in range(1, 11)]  # fmt: skip
    rates = np.maximum.accumulate(rates[::-1])[::-1]
    return clicked * rates[0] / rates[rank - 1]


def labels_then(change):
    return lambda clicked, rank, shuffled: change(labels_by_counting(clicked, rank, shuffled))


def labels_pooled(clicked, rank, shuffled):
    """Give ranks that are out of order their mean rate, as isotonic regression does."""
    groups = [
        [clicked[shuffled & (rank == r)].sum(), (shuffled & (rank == r)).sum(), 1]
        for r in range(1, rank.max() + 1)
    ]
    place = 0
    while place < len(groups) - 1:
        (a, b, c), (d, e, f) = groups[place : place + 2]
        if a / b < d / e:
            groups[place : place + 2] = [[a + d, b + e, c + f]]
            place = max(place - 1, 0)
        else:
            place += 1
    rates = np.repeat([a / b for a, b, _ in groups], [c for *_, c in groups])
    return clicked * rates[0] / rates[rank - 1]


def labels_sorted_in_place(clicked, rank, shuffled):
    rank.sort()
    return labels_by_counting(clicked, rank, shuffled)


def labels_by_share_of_clicks(clicked, rank, shuffled):
    share = np.bincount(rank[shuffled & clicked])[1:] / (shuffled & clicked).sum()
    return clicked * share[0] / share[rank - 1]


# What *users_of_test* demands: both arms together; both their means vary; where each sees both
# lists, the differences and one mean; two-sided 5%; power of 80%; variance, squared difference.

DIFFERENCE, VALUES, PAIRED = 0.0305, 0.2190, 0.0802  # as the lesson prints them


def users_with(
    z=1.96 + 0.84,
    arms=4,
    both=1,
    values=VALUES,
    paired=PAIRED,
    power=2,
    half=0.5,
    whole=float,
):
    """Return a `users_of_test` with one thing changed."""

    def users(factor, deviation, difference):
        return whole(factor * z**2 * deviation**power / difference**2)

    return {
        "two arms": users(arms, values, DIFFERENCE),
        "both lists": users(both, paired, DIFFERENCE),
        "half": users(both, paired, DIFFERENCE * half),
    }


USERS = users_with()

QUIZ = {"q1": "a", "q2": "b", "q3": "b"}

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
    "drawn_reach": [
        (REACH,),
        (reach_with(lambda drawn: 1 + 9 * 1_515 / drawn),),
        (
            {name: f" {letter.upper()}" for name, letter in OF_LISTS.items()}
            | {500: 28.0, 100: np.int64(137), 20: tf.constant(683)},
        ),
    ],
    "without_position": [
        (labels_with(),),
        (labels_in_a_loop,),
        (labels_by_counting,),
        (labels_with_tf,),
    ],
    "users_of_test": [
        (users_with(),),
        (users_with(z=1.959964 + 0.841621),),
        (users_with(whole=math.ceil),),
        (users_with(whole=round),),
        (users_with(whole=np.float32),),
    ],
    "quiz_recommender": [
        ({"q1": "A", "q2": "B", "q3": "B"},),
        ({"q3": "b ", "q2": "b)", "q1": " a"},),
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
        (
            (loss_with(change=lambda counts, total: tf.round(1_000 * counts / total) / 1_000),),
            "the loss should be",
        ),
        (
            (loss_with(change=lambda counts, total: tf.maximum(counts / total, 0.001)),),
            "the loss should be",
        ),
        ((loss_with(change=lambda counts, total: counts // total),), "takes a probability"),
        (
            (loss_with(change=lambda counts, total: 1 - (1 - counts / total) ** 5),),
            "the loss should be",
        ),
        ((loss_with(change=lambda counts, total: tf.nn.softmax(counts)),), "the loss should be"),
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
            "you give it to the unseen",
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
        ((stages_with(size=lambda candidates, k: candidates - 1),), "A candidate is missing"),
        ((stages_with_masked_stars,), "before the candidates are taken"),
        ((stages_with(size=lambda candidates, k: 100),), "use `candidates`"),
        ((stages_with(size=lambda candidates, k: 5),), "use `candidates`"),
        ((stages_with(result=lambda chosen, order, k: chosen[order[:2]]),), "use `k`"),
        ((stages_in_place,), "changes what it is given"),
        ((stages_as_floats,), "whole ones (int)"),
        ((stages_with(result=lambda chosen, order, k: chosen[order[: k - 1]]),), "is missing"),
        ((stages_with(result=lambda chosen, order, k: np.sort(chosen[order[:k]])),), "is 5, 0"),
        (
            (
                stages_with(
                    score=lambda retrieval, seen: np.where(seen, retrieval.min(), retrieval)
                ),
            ),
            "With candidates=8, as many as are unseen",
        ),
        ((stages_appended,), "whole ones (int)"),
        *(
            (
                (stages_with(result=lambda chosen, order, k, of=of: of(chosen[order[:k]])),),
                message,
            )
            for of, message in (
                (lambda found: found[:, None], "the shape (2,) was asked for; yours is (2, 1)"),
                (lambda found: found[None], "the shape (2,) was asked for; yours is (1, 2)"),
                (lambda found: tuple(found.tolist()), "raises IndexError"),
            )
        ),
        *(
            ((stages_with(key=lambda retrieval, stars, of=of: -of(stars)),), "nor clipped")
            for of in (
                np.round,
                np.floor,
                np.ceil,
                lambda stars: stars.astype(int),
                lambda stars: np.round(stars, 1),
                lambda stars: np.round(2 * stars) / 2,
            )
        ),
        (
            (stages_with(key=lambda retrieval, stars: -np.clip(stars, 1, 5)),),
            "With stars from -4.400 to 6.700",
        ),
        *(
            (
                (
                    stages_with(
                        score=lambda retrieval, seen, low=low: np.where(seen, low, retrieval)
                    ),
                ),
                "below all others",
            )
            for low in (-10, -100)
        ),
        (
            (stages_with(score=lambda retrieval, seen: retrieval - 100 * seen),),
            "scores go down to -280",
        ),
        ((stages_return_stars,), "These are stars"),
        ((lambda retrieval, stars, seen, candidates, k: ["Alien"],), "Movie numbers were asked"),
        ((lambda retrieval, stars, seen, candidates, k: [7, 8],), "the list is"),
        ((lambda retrieval, stars, seen, candidates, k: None,), "add `return`"),
        ((np.array([3, 5]),), "A function was asked for"),
    ],
    "drawn_reach": [
        ((reach_with(lambda drawn: 10 * 1_515 / drawn),), "The ranks: only the nine movies"),
        ((reach_with(lambda drawn: 10 * 1_515 / drawn, float),), "The ranks: only the nine movies"),
        (
            (reach_with(lambda drawn: 9 * 1_515 / drawn, int),),
            "The ranks: this is how many are above it",
        ),
        ((reach_with(lambda drawn: 1 + 9 * drawn / 1_515),), "The ranks: turned round"),
        ((reach_with(lambda drawn: 10 * drawn / 1_515),), "The ranks: turned round"),
        ((reach_with(lambda drawn: 10 * 1_516 / (drawn + 1)),), "answers another question"),
        ((reach_with(lambda drawn: 10),), "is not the same depth"),
        ((reach_with(lambda drawn: 1 + 9 * 1_600 / drawn),), "has not rated, not any movie"),
        ((reach_with(lambda drawn: 1 + 9 * 1_664 / drawn),), "has not rated, not any movie"),
        ((reach_with(lambda drawn: 1 + 10 * 1_515 / drawn),), "not ten"),
        (
            (reach_with(lambda drawn: 1 + 9 * 1_515 / drawn, float),),
            "Round each rank to the nearest whole number: a",
        ),
        ((reach_with(lambda drawn: 1 + 9 * 1_515 / drawn, int),), "not always down or up"),
        ((reach_with(lambda drawn: 1 + 9 * 1_515 / drawn, math.ceil),), "not always down or up"),
        ((REACH | {500: 100},), "500: the rank is not 100"),
        ((REACH | {500: 31},), "500: the rank is not 31"),
        ((reach_with(lambda drawn: 1 + 10 * 1_515 / drawn, int),), "The ranks: only the nine"),
        ((reach_with(lambda drawn: 1 + 9 * 100 / drawn),), "20: the rank is not 46"),
        ((reach_with(lambda drawn: 10 / drawn, float),), "20: the rank is not 0.5"),
        ((REACH | {20: 28, 500: 683},), "20: the rank is not 28"),
        ((REACH | {"retrieval_100": "a"},), "Which movies do the two hold"),
        ((REACH | {"retrieval_100": "c"},), "Which movies do the two hold"),
        ((REACH | {"retrieval_500": "a"},), "better lists of ten"),
        ((REACH | {"retrieval_500": "b"},), "better lists of ten"),
        ((REACH | {"sum_20": "a"},), "How much can the lists"),
        ((REACH | {"sum_20": "c"},), "How much can the lists"),
        ((REACH | {"sum_100": "b"},), "what have 3 stars brought"),
        ((REACH | {"sum_100": "c"},), "what have 3 stars brought"),
        ((REACH | {"sum_500": "a"},), "What did the picture of w"),
        ((REACH | {"sum_500": "b"},), "What did the picture of w"),
        ((REACH | {"sum_20": 500},), "sum_20: answer with one of a, b, c"),
        ((REACH | {"sum_20": ...},), "Still open: sum_20"),
        ((REACH | {100: "137"},), "returns a str"),
        ((REACH | {100: ...},), "Still open: 100"),
        (({"20": 683, "100": 137, "500": 28} | OF_LISTS,), "the keys 20, 100, 500 (ints)"),
        ((list(REACH.values()),), "Answer with a dict"),
    ],
    "without_position": [
        ((labels_with(label=lambda clicked, weight: clicked),), "nothing has been weighed"),
        ((labels_with(rows=lambda shuffled: shuffled | True),), "rates are of all lists"),
        (
            (labels_with(rows=lambda shuffled: shuffled | True, mend=np.array),),
            "rates are of all lists",
        ),
        ((labels_with(rows=lambda shuffled: ~shuffled),), "that are *not* shuffled"),
        ((lambda clicked, rank, shuffled: clicked * rank,), "takes 1 / rank for granted"),
        ((lambda clicked, rank, shuffled: clicked / rank,), "and turned round"),
        ((labels_with(label=lambda clicked, weight: clicked / weight),), "Turned round"),
        ((labels_with(first=lambda rates: 1),), "should count 1: compare with its rate"),
        ((labels_with(first=np.mean),), "not with the mean"),
        ((labels_with(first=np.max, mend=np.array),), "not with the highest"),
        ((labels_with(mend=np.array),), "both get the highest of the rates"),
        (
            (
                labels_with(
                    mend=np.array,
                    label=lambda clicked, weight: clicked * np.maximum(weight, 1),
                ),
            ),
            "not only rank 1 that has to be mended",
        ),
        ((labels_with(mend=np.minimum.accumulate),), "not the lowest from the top"),
        ((labels_with(mend=np.maximum.accumulate),), "This goes from rank 1 down"),
        ((labels_with(mend=lambda rates: np.sort(rates)[::-1]),), "the rates are not sorted"),
        (
            (labels_with(mend=lambda rates: np.maximum(rates, np.append(rates[1:], 0))),),
            "not with the next one alone",
        ),
        ((labels_compared_with_raw_rank_1,), "its own rate is mended too"),
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
        ((lambda clicked, rank, shuffled: np.zeros(len(rank)),), "yours counts 0.000"),
        (
            (labels_with(label=lambda clicked, weight: np.round(clicked * weight, 1)),),
            "counts 21.772, a row without a click 0; yours counts 21.800",
        ),
        ((labels_in_place,), "changes what it is given"),
        ((labels_sorted_in_place,), "changes what it is given"),
        ((labels_with_rates_for_each_kind(),), "Each kind of list has rates of its own"),
        ((labels_with_rates_for_each_kind(np.array),), "Each kind of list has rates of its own"),
        ((labels_of_ten_ranks,), "Here ranks go from 1 to 5"),
        ((labels_pooled,), "a click on rank 5 counts 21.772"),
        ((labels_then(np.sqrt),), "a click on rank 5 counts 21.772"),
        ((labels_then(lambda labels: labels.astype(int)),), "whole numbers"),
        ((labels_then(np.round),), "whole numbers"),
        ((labels_then(lambda labels: labels / labels.mean()),), "do not divide by the mean"),
        ((labels_then(lambda labels: labels / labels.max()),), "do not divide by the highest"),
        ((labels_then(lambda labels: labels[:, None]),), "yours have (700, 1)"),
        ((labels_then(lambda labels: labels - labels.mean()),), "a row without a click 0"),
        ((labels_with(label=lambda clicked, weight: weight.mean()),), "of the shape (700,)"),
        ((lambda clicked, rank, shuffled: None,), "add `return`"),
        ((np.ones(700),), "A function was asked for"),
    ],
    "users_of_test": [
        ((users_with(arms=2),), "these are the users of one arm"),
        ((users_with(arms=1),), "both arms' means vary"),
        ((users_with(both=2),), "about twice as many as it takes"),
        ((users_with(both=4),), "there is one mean here and one group"),
        ((users_with(values=PAIRED),), "different users are in both arms"),
        ((users_with(values=PAIRED, arms=2),), "different users are in both arms"),
        ((users_with(values=PAIRED, arms=1),), "different users are in both arms"),
        ((users_with(paired=VALUES),), "each user's differences count"),
        ((users_with(z=1.96),), "the power is missing"),
        ((users_with(z=0.84),), "the 5% is missing"),
        ((users_with(z=1.645 + 0.8416),), "not 1.645"),
        ((users_with(z=1.96 - 0.84),), "add up"),
        ((users_with(z=np.hypot(1.96, 0.84)),), "before you square"),
        ((users_with(z=1.96 + 1.2816),), "a power of 90%"),
        ((users_with(z=1.96 + 0.8),), "power is a probability"),
        ((users_with(power=1),), "it is the variance"),
        ((users_with(half=1),), "half as large a difference takes more users"),
        ((users_with(half=0.5**0.5),), "half as large takes four times"),
        ((users_with(half=2),), "a smaller difference takes more users, not fewer"),
        ((USERS | {"both lists": 107},), "about twice as many as it takes"),
        ((USERS | {"both lists": 943},), "both lists: not 943"),
        ((USERS | {"half": 27},), "half: not 27. How many"),
        ((USERS | {"half": 6_470},), "half: not 6,470. How many"),
        ((USERS | {"two arms": 3_235},), "two arms: not 3,235. How many"),
        ((USERS | {"two arms": 1_256},), "difference and the deviations that the cell above"),
        ((users_with(values=VALUES**2),), "two arms: not"),
        ((USERS | {"two arms": (809, 809)},), "returns a tuple"),
        ((USERS | {"half": -216},), "half: a number of users is above 0"),
        ((USERS | {"half": "216"},), "returns a str"),
        ((USERS | {"half": ...},), "Still open: half"),
        (({"two arms": 1_600, "both lists": 54},), "Answer with a dict that has the keys"),
        (([1_600, 54, 216],), "Answer with a dict"),
    ],
    "quiz_recommender": [
        ((QUIZ | {"q1": "b"},), "q1: Popular movies were pushed down"),
        ((QUIZ | {"q1": "c"},), "q1: Popularity alone finds less"),
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
