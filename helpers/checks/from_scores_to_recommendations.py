"""Checks of lesson 9, From scores to recommendations."""

import numpy as np

from helpers.checks.engine.answers import as_number, as_numbers, name_mistake, needs_function
from helpers.checks.engine.exercise import exercise, judge_choices, mistake
from helpers.keras2 import tf, tfrs


def _is_near(value, expected):
    return np.shape(value) == np.shape(expected) and np.allclose(value, expected, atol=1e-4)


@exercise(
    "Call the task with the users' and the movies' embeddings, in this order.",
    "The shares go into the argument that the text names: `candidate_sampling_probability`.",
    "`return task(user_embeddings, movie_embeddings, candidate_sampling_probability=shares)`.",
)
def retrieval_loss(function):
    needs_function(function)
    rng = np.random.default_rng(7)
    users, movies = (tf.constant(rng.normal(size=(4, 3)), tf.float32) for _ in range(2))
    shares = tf.constant([0.6, 0.1, 0.05, 0.25])
    task, given = tfrs.tasks.Retrieval(), []

    def listening_task(*embeddings, **named):
        given.append(named.get("candidate_sampling_probability"))
        return task(*embeddings, **named)

    answer = function(listening_task, users, movies, shares)
    if callable(answer):
        mistake("Call `task`, and return the loss that it returns.")
    value = as_number(answer)

    def loss(queries, candidates, probability=None, **more):
        return float(task(queries, candidates, candidate_sampling_probability=probability, **more))

    def by_hand(correction):
        scores = users.numpy() @ movies.numpy().T - correction
        return np.sum(np.log(np.exp(scores).sum(axis=1)) - np.diag(scores))

    right = loss(users, movies, shares)
    if given and given[0] is not None and not np.allclose(given[0], shares):
        mistake("Give the shares themselves: the task takes their logarithm, and subtracts it.")
    named = (
        (loss(users, movies), "The correction is missing: use `shares`."),
        (loss(movies, users, shares), "Users and movies are swapped: users are the queries."),
        (loss(movies, users), "Users and movies are swapped, and the correction is missing."),
        (
            loss(users, movies, sample_weight=shares),
            "`shares` became sample_weight: name the argument candidate_sampling_probability.",
        ),
        (
            loss(users, movies, shares, sample_weight=shares),
            "`shares` is used twice: leave sample_weight out.",
        ),
        (by_hand(-np.log(shares)), "The task subtracts the logarithm of the share; you add it."),
        (by_hand(shares), "It is the logarithm of the share that is subtracted."),
        (
            loss(users, movies * shares[:, None]),
            "The shares correct the scores: leave the embeddings as they are.",
        ),
        (
            loss(users, movies * shares[:, None], shares),
            "The shares correct the scores: leave the embeddings as they are.",
        ),
        (
            loss(users * shares[:, None], movies, shares),
            "The shares correct the scores: leave the embeddings as they are.",
        ),
        (right / 4, "Return the task's loss as it is: TFRS sums it over the batch."),
        (-right, "The sign is wrong: return the task's loss as it is."),
    )
    if not _is_near(value, right):
        name_mistake(value, named, _is_near)
        mistake(f"On four ratings the loss should be {right:.3f}; yours is {value:.3f}.")
    return "Popular movies stand among the wrong answers most often; the correction allows for it."


@exercise(
    "Per user: how many of the liked movies are in the list, divided by how many are liked.",
    "`found = np.take_along_axis(liked, tops, axis=1).sum(axis=1)` counts the liked movies that "
    "are listed, `liked.sum(axis=1)` all that are liked.",
    "With `count = liked.sum(axis=1)`, `return (found[count > 0] / count[count > 0]).mean()`.",
)
def recall(function):
    needs_function(function)
    tops = np.array([[4, 0, 3], [1, 2, 0], [0, 3, 1], [2, 4, 3], [0, 1, 2]])
    liked = np.zeros((5, 5), bool)  # user 2 likes none; what user 4 likes is not found
    liked[0, [0, 1, 2, 4]] = liked[1, 2] = liked[3, [0, 1, 3]] = liked[4, [3, 4]] = True
    given = tops.copy(), liked.copy()
    with np.errstate(all="ignore"):
        answer = function(tops, liked)
    if not (np.array_equal(tops, given[0]) and np.array_equal(liked, given[1])):
        mistake("Your function changes what it is given: work on copies.")
    numbers = as_numbers(answer)
    if numbers.size == 1 and np.isnan(numbers).all():
        mistake("A user who likes none gives 0 / 0: leave such users out of the mean.")
    if numbers.shape in ((4,), (5,)):
        mistake("This is one value per user: return their mean.")
    value = as_number(answer)
    found, count = np.array([2, 1, 0, 1, 0]), np.array([4, 1, 0, 3, 2])
    some = count > 0
    right = (found[some] / count[some]).mean()
    named = (
        ((found[some] / count[some]).sum() / 5, "A user who likes none counts as 0: leave it out."),
        (
            (np.sum(found[some] / count[some]) + 1) / 5,
            "A user who likes none counts as 1: leave it out.",
        ),
        (
            (found[found > 0] / count[found > 0]).mean(),
            "A user for whom the list finds nothing counts as 0: leave out only who likes none.",
        ),
        (found.sum() / count.sum(), "Divide user by user, then take the mean over users."),
        ((found[some] / 3).mean(), "This is precision: divide by how many are liked, not by k."),
        ((found / 3).mean(), "This is precision: divide by how many are liked, not by k."),
        ((found[some] > 0).mean(), "Any hit counts as 1: count how many are found."),
        ((found > 0).mean(), "Any hit counts as 1: count how many are found."),
        (found[some].mean(), "Divide the found movies by how many are liked."),
        (found.mean(), "Divide the found movies by how many are liked."),
        ((found[some] / 5).mean(), "Divide by how many are liked, not by all movies."),
        ((found / 5).mean(), "Divide by how many are liked, not by all movies."),
        (found.sum(), "Divide the found movies by how many are liked, user by user."),
        ((found[some] / count[some]).sum(), "This is the sum over users: take the mean."),
        (1 - right, "This is the share that is missed."),
        (100 * right, "This is a percentage: a share from 0 to 1 was asked for."),
        (
            (found[some] / np.minimum(count[some], 3)).mean(),
            "Divide by all liked movies, also where they are more than k.",
        ),
    )
    name_mistake(value, named, _is_near)
    if not _is_near(value, right):
        mistake(
            "On four users with 2 of 4, 1 of 1, 1 of 3 and 0 of 2, recall is "
            f"{right:.3f}; yours is {value:.3f}."
        )
    return "Users who like none of the held-out movies say nothing about retrieval."


@exercise(
    "`np.argsort(-stars[chosen])` gives places among the candidates, from 0 to 99. Which movies "
    "stand at these places?",
    "The places have to be looked up in `chosen`, which holds the movie numbers.",
    "`return chosen[np.argsort(-stars[chosen], kind='stable')[:k]]`.",
)
def two_stages(function):
    needs_function(function)
    retrieval = np.array([2.6, 2.3, -0.1, -2.6, 1.1, 1.8, -2.3, -2.0, -2.8])
    stars = np.array([1.4, 4.9, 4.7, 3.3, 1.7, 2.1, 1.2, 2.8, 3.9])
    seen = np.zeros(9, bool)
    seen[1] = True
    given = retrieval.copy(), stars.copy(), seen.copy()

    def listed(candidates, k):
        answer = function(retrieval, stars, seen, candidates=candidates, k=k)
        numbers = as_numbers(answer, "Movie numbers").ravel()
        if np.asarray(answer).dtype.kind not in "iuf" or not np.isfinite(numbers).all():
            mistake("Movie numbers were asked for, as an array of shape (k,).")
        if len(numbers) and np.isin(numbers, stars).all():
            mistake("These are stars: return the numbers of the movies.")
        return [int(number) for number in numbers]

    answer = listed(5, 2)  # candidates 0, 5, 4, 2, 7; in order 2, 7, 5, 4, 0
    for array, copy in zip((retrieval, stars, seen), given):
        if not np.array_equal(array, copy):
            mistake("Your function changes what it is given: work on copies.")
    too_late = "Leave seen movies out before the candidates are taken, or these are too few."
    of_all = "These are places among all movies, used among the candidates: sort `stars[chosen]`."
    named = (
        ([3, 4], "These are places among the candidates, not movies: look them up in `chosen`."),
        ([2, 5], too_late),
        ([2], too_late),
        ([1, 3], "If seen movies are deleted, the numbers shift: give them -np.inf as the score."),
        ([0, 5], "This is retrieval's order: sort the candidates by stars."),
        ([0, 1], "This is retrieval's order, and movie 1 is seen."),
        ([2, 8], "These are the most stars of all movies: only candidates may be listed."),
        ([0, 4], "The fewest stars come first: sort the candidates by -stars."),
        ([0, 5, 4, 2, 7], "These are the candidates: sort them by stars, and return k of them."),
        ([2, 7, 5, 4, 0], "Return only the first k."),
        ([1, 8], "The lowest retrieval scores are taken: sort by -retrieval."),
        ([8, 3], "The lowest retrieval scores are taken: sort by -retrieval."),
        ([7, 2], "These are the right movies in the wrong order: the most stars first."),
        ([5, 2], "The stages are turned round: first the candidates by retrieval, then stars."),
        ([2, 0], "The candidates are in the order of a sum: sort them by stars alone."),
        ([5, 0], "These are the best of k candidates: take `candidates`, not k."),
        ([5, 4], of_all),
        ([1, 5], of_all),
    )
    name_mistake(answer, named)
    if 1 in answer:
        mistake(
            "Movie 1 is seen: give it -np.inf, which is below all other scores, and then take only "
            "`candidates` of them."
        )
    if answer != [2, 7]:
        mistake(f"With candidates 0, 5, 4, 2 and 7, the list is 2, 7; yours is {answer}.")
    if listed(2, 2) != [5, 0]:
        mistake("With candidates=2, only movies 0 and 5 may be listed: use `candidates`.")
    if listed(5, 3) != [2, 7, 5]:
        mistake("With k=3, three movies are listed: use `k`.")
    return "The wrong titles all stand at the start of the alphabet: places from 0 to 99."


@exercise(
    "The whole asks for movies that the user chose to watch. Which stage has learned that?",
    "The ranker has learned how users like what they chose; retrieval, what they choose.",
)
def best_order(answer):
    return judge_choices(
        {"best_order": answer},
        best_order={
            "a": "Out of all movies, the ranker picks many that this user would never choose; it "
            "has only learned from pairs that were rated.",
            "b": "Right: retrieval has learned what users choose, and the whole asks for that.",
            "c": "Better than out of all movies, but by throwing retrieval's order away it loses "
            "what retrieval knows.",
        },
    )


@exercise(
    "q1: why are there two stages? q2: what did the ranker learn from? q3: what does the ranker "
    "get to see?",
    "q1: think of ten million movies. q2: only of pairs that were rated. q3: see *How much is "
    "found*.",
)
def quiz_recommender(answers):
    return judge_choices(
        answers,
        q1={
            "a": "Two models are not better because they are two; here the ranker alone made the "
            "whole worse.",
            "b": "Right: retrieval costs a dot product per movie, the ranker is called for few.",
            "c": "Retrieval does not remove bad movies; it picks those that the user may choose.",
        },
        q2={
            "a": "Right: so for a movie that the user would not choose, its stars are a guess.",
            "b": "It has never seen a pair without a rating; that is the trouble.",
            "c": "Clicks would do for retrieval; the ranker needs stars.",
        },
        q3={
            "a": "The ranker scores the candidates, and nothing else.",
            "b": "Right: recall limits all that comes behind it.",
            "c": "It is in no list: only candidates are ranked.",
        },
    )
