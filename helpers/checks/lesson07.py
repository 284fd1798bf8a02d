"""Checks of lesson 7, From scores to recommendations."""

import numpy as np

from helpers.checks import exercise, judge_choices, mistake
from helpers.models import tfrs
from helpers.movielens import tf


def _number(answer):
    if answer is None:
        mistake("Your function returns nothing: add `return`.")
    if np.size(answer) != 1:
        mistake(f"One number was asked for; yours has shape {np.shape(answer)}.")
    value = float(np.squeeze(answer))
    if not np.isfinite(value):
        mistake(f"Your function returns {value}.")
    return value


def _is_near(value, expected):
    return np.shape(value) == np.shape(expected) and np.allclose(value, expected, atol=1e-4)


@exercise(
    "Call the task with the users' and the movies' embeddings, in this order.",
    "The shares go into the argument that the text names: `candidate_sampling_probability`.",
    "`return task(user_embeddings, movie_embeddings, candidate_sampling_probability=shares)`.",
)
def retrieval_loss(function):
    if not callable(function):
        mistake("A function was asked for.")
    rng = np.random.default_rng(7)
    users, movies = (tf.constant(rng.normal(size=(4, 3)), tf.float32) for _ in range(2))
    shares = tf.constant([0.6, 0.1, 0.05, 0.25])
    task = tfrs.tasks.Retrieval()
    value = _number(function(task, users, movies, shares))

    def loss(queries, candidates, probability=None, **more):
        return float(task(queries, candidates, candidate_sampling_probability=probability, **more))

    right = loss(users, movies, shares)
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
        (loss(users, movies, 1 / shares), "Give the shares themselves, not 1 / share."),
        (loss(users, movies, 1 - shares), "Give the shares themselves, not 1 - share."),
        (
            loss(users, movies, tf.exp(shares)),
            "Give the shares themselves; the task takes the logarithm.",
        ),
        (right / 4, "Return the task's loss as it is: TFRS sums it over the batch."),
        (-right, "The sign is wrong: return the task's loss as it is."),
    )
    for wrong, message in named:
        if not _is_near(right, wrong) and _is_near(value, wrong):
            mistake(message)
    if not _is_near(value, right):
        mistake(f"On four ratings the loss should be {right:.3f}; yours is {value:.3f}.")
    return "Popular movies stand among the wrong answers most often; the correction allows for it."


@exercise(
    "Per user: how many of the liked movies are in the list, divided by how many are liked.",
    "`found = np.take_along_axis(liked, tops, axis=1).sum(axis=1)` counts the liked movies that "
    "are listed, `liked.sum(axis=1)` all that are liked.",
    "With `count = liked.sum(axis=1)`, `return (found[count > 0] / count[count > 0]).mean()`.",
)
def recall(function):
    if not callable(function):
        mistake("A function was asked for.")
    tops = np.array([[4, 0, 3], [1, 2, 0], [0, 3, 1], [2, 4, 3]])
    liked = np.zeros((4, 5), bool)
    liked[0, [0, 1, 2, 4]] = liked[1, [2]] = liked[3, [0, 1, 3]] = True  # user 2 likes none
    given = tops.copy(), liked.copy()
    with np.errstate(all="ignore"):
        answer = function(tops, liked)
    if not (np.array_equal(tops, given[0]) and np.array_equal(liked, given[1])):
        mistake("Your function changes what it is given: work on copies.")
    if np.size(answer) == 1 and answer is not None and np.isnan(np.squeeze(answer)):
        mistake("A user who likes none gives 0 / 0: leave such users out of the mean.")
    if np.size(answer) in (3, 4) and np.ndim(answer) == 1:
        mistake("This is one value per user: return their mean.")
    value = _number(answer)
    found, count = np.array([2, 1, 0, 1]), np.array([4, 1, 0, 3])
    some = count > 0
    named = (
        ((found[some] / count[some]).sum() / 4, "A user who likes none counts as 0: leave it out."),
        (
            (np.sum(found[some] / count[some]) + 1) / 4,
            "A user who likes none counts as 1: leave it out.",
        ),
        (found.sum() / count.sum(), "Divide user by user, then take the mean over users."),
        ((found[some] / 3).mean(), "This is precision: divide by how many are liked, not by k."),
        ((found / 3).mean(), "This is precision: divide by how many are liked, not by k."),
        ((found[some] > 0).mean(), "Any hit counts as 1: count how many are found."),
        ((found > 0).mean(), "Any hit counts as 1: count how many are found."),
        (found[some].mean(), "Divide the found movies by how many are liked."),
        (found.sum(), "Divide the found movies by how many are liked, user by user."),
        ((found[some] / count[some]).sum(), "This is the sum over users: take the mean."),
        (1 - (found[some] / count[some]).mean(), "This is the share that is missed."),
        (
            (found[some] / np.minimum(count[some], 3)).mean(),
            "Divide by all liked movies, also where they are more than k.",
        ),
    )
    for wrong, message in named:
        if _is_near(value, wrong):
            mistake(message)
    if not _is_near(value, (found[some] / count[some]).mean()):
        mistake(
            f"On three users with 2 of 4, 1 of 1 and 1 of 3, recall is 0.611; yours {value:.3f}."
        )
    return "What retrieval misses, no ranker can bring back."


@exercise(
    "`np.argsort(-stars[chosen])` gives places among the candidates, from 0 to 99. Which movies "
    "stand at these places?",
    "The places have to be looked up in `chosen`, which holds the movie numbers.",
    "`return chosen[np.argsort(-stars[chosen], kind='stable')[:k]]`.",
)
def two_stages(function):
    if not callable(function):
        mistake("A function was asked for.")
    retrieval = np.array([0.1, 2.0, -1.0, 1.5, 3.0, 0.5, 2.5, -2.0])
    stars = np.array([4.9, 3.0, 5.0, 4.0, 2.0, 4.5, 4.4, 1.0])
    seen = np.zeros(8, bool)
    seen[6] = True
    given = retrieval.copy(), stars.copy(), seen.copy()

    def listed(candidates, k):
        answer = function(retrieval, stars, seen, candidates=candidates, k=k)
        if answer is None:
            mistake("Your function returns nothing: add `return`.")
        try:
            return [int(number) for number in np.ravel(answer)]
        except (TypeError, ValueError):
            mistake("Movie numbers were asked for, as an array of shape (k,).")

    answer = listed(4, 2)  # candidates 4, 1, 3, 5; in order 5, 3, 1, 4
    for array, copy in zip((retrieval, stars, seen), given):
        if not np.array_equal(array, copy):
            mistake("Your function changes what it is given: work on copies.")
    named = (
        ([3, 2], "These are places among the candidates, not movies: look them up in `chosen`."),
        ([5, 6], "Movie 6 is seen: leave it out."),
        ([6, 3], "Movie 6 is seen: leave it out."),
        ([4, 1], "This is retrieval's order: sort the candidates by stars."),
        ([4, 6], "This is retrieval's order, and movie 6 is seen."),
        ([2, 0], "These are the most stars of all movies: only candidates may be listed."),
        ([1, 4], "The fewest stars come first, or the order is retrieval's turned round: sort "
                 "the candidates by -stars."),
        ([4, 1, 3, 5], "These are the candidates: sort them by stars, and return k of them."),
        ([5, 3, 1, 4], "Return only the first k."),
        ([2, 5], "The lowest retrieval scores are taken: sort by -retrieval."),
        ([3, 5], "These are the right movies in the wrong order: the most stars first."),
    )  # fmt: skip
    for wrong, message in named:
        if answer == wrong:
            mistake(message)
    if answer != [5, 3]:
        mistake(f"With candidates 4, 1, 3 and 5, the list is 5, 3; yours is {answer}.")
    if listed(2, 2) != [1, 4]:
        mistake("With candidates=2, only movies 4 and 1 may be listed: use `candidates`.")
    if listed(4, 3) != [5, 3, 1]:
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
    "Build X first: a column of ones, then the vectors: "
    "`np.column_stack([np.ones(len(errors)), movie_vectors])`.",
    "`A` is `X.T @ X + l2 * np.eye(X.shape[1])`, and the right side is `X.T @ errors`.",
    "`return np.linalg.solve(X.T @ X + l2 * np.eye(X.shape[1]), X.T @ errors)`.",
)
def fold_in(function):
    if not callable(function):
        mistake("A function was asked for.")
    rng = np.random.default_rng(3)
    vectors, errors, l2 = rng.normal(size=(4, 2)), np.array([1.0, -0.5, 2.0, 0.3]), 3.0
    given = vectors.copy(), errors.copy()
    answer = function(vectors, errors, l2)
    if not (np.array_equal(vectors, given[0]) and np.array_equal(errors, given[1])):
        mistake("Your function changes what it is given: work on copies.")
    if answer is None:
        mistake("Your function returns nothing: add `return`.")
    value = np.asarray(answer, float)
    ones = np.ones((4, 1))
    x = np.concatenate([ones, vectors], axis=1)
    if value.shape == (2,):
        mistake("The bias is missing: X needs a column of ones.")
    if value.shape == (3, 1):
        mistake("An array of shape (1 + d,) was asked for; yours is (1 + d, 1).")
    if value.shape != (3,):
        mistake(f"An array of shape (1 + d,) was asked for, here (3,); yours is {value.shape}.")

    def ridge(inputs, penalty, targets=errors):
        return np.linalg.solve(inputs.T @ inputs + penalty, inputs.T @ targets)

    right = ridge(x, l2 * np.eye(3))
    free_bias = np.diag([0, l2, l2])
    named = (
        (ridge(x, 0), "This is plain least squares: add l2 * np.eye."),
        (np.linalg.pinv(x) @ errors, "This is plain least squares: add l2 * np.eye."),
        (
            ridge(x, np.eye(3)),
            "The l2 is not used: the identity matrix has to be multiplied by it.",
        ),
        (ridge(x, l2), "l2 is added everywhere: only to the diagonal, with np.eye."),
        (
            ridge(x, l2 * 4 * np.eye(3)),
            "l2 is multiplied by n; the formula has the sum of squares.",
        ),
        (ridge(x, l2 / 4 * np.eye(3)), "l2 is divided by n; the formula has the sum of squares."),
        (ridge(x, l2**2 * np.eye(3)), "l2 is squared; the formula has it as it is."),
        (ridge(x, free_bias), "The bias is penalized too: l2 on the whole diagonal."),
        (
            np.roll(right, -1),
            "The bias stands last; first the bias was asked for, then the vector.",
        ),
        (-right, "The sign is turned: errors are stars minus what was expected."),
        (ridge(x, -l2 * np.eye(3)), "l2 is subtracted: add it."),
        (x.T @ errors / l2, "X.T @ X is missing from the matrix."),
    )
    for wrong, message in named:
        if _is_near(value, wrong):
            mistake(message)
    if not _is_near(value, right):
        mistake(f"The first value, the bias, should be {right[0]:.3f}; yours is {value[0]:.3f}.")
    try:
        nothing = function(np.zeros((0, 2)), np.zeros(0), l2)
    except Exception:  # the learner's code may raise anything
        mistake("A user without ratings stops your function; the formula gives zeros for it.")
    if not _is_near(np.asarray(nothing, float), np.zeros(3)):
        mistake("A user without ratings has bias 0 and vector 0.")
    return "A new user costs a few microseconds; the movies' side stays as it was trained."


@exercise(
    "q1: why are there two stages? q2: what did the ranker learn from? q3: what goes into the "
    "exported signature?",
    "q1: think of ten million movies. q2: only of pairs that were rated. q3: what does a server "
    "know of a user?",
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
            "a": "Rows of features would have to be made anew on the server, without `helpers`.",
            "b": "Embeddings are what the model looks up itself.",
            "c": "Right: strings go in, titles come out, and the tables are in the file.",
        },
    )
