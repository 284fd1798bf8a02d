"""Checks of lesson 9, From scores to recommendations."""

import numpy as np

from helpers.checks.engine.answers import as_number, as_numbers, name_mistake, needs_function
from helpers.checks.engine.exercise import exercise, judge_choices, mistake
from helpers.keras2 import tf, tfrs


def _is_near(value, expected):
    return np.shape(value) == np.shape(expected) and np.allclose(value, expected, atol=1e-4)


@exercise(
    "`candidate_sampling_probability`: what kind of number does the name ask for, and what does "
    "the task get?",
    "TFRS clips what it gets to 1 at most. Every count of 1 or more becomes 1, whose logarithm is "
    "0. What is the probability that a place in a batch is taken by the movie?",
    "`return task(user_embeddings, movie_embeddings, candidate_sampling_probability=counts / "
    "total)`.",
)
def retrieval_loss(function):
    needs_function(function)
    rng = np.random.default_rng(7)
    users, movies = (tf.Variable(rng.normal(size=(5, 3)), dtype=tf.float32) for _ in range(2))
    movies.scatter_nd_update([[4]], movies[1:2])  # one movie twice in the batch
    counts, total = tf.constant([600.0, 9, 1, 250, 9]), 1_000.0
    task = tfrs.tasks.Retrieval()
    with tf.GradientTape() as tape:
        answer = function(task, users, movies, counts, total)
    if callable(answer):
        mistake("Call `task`, and return the loss that it returns.")
    value, shares = as_number(answer), counts / total

    def loss(queries, candidates, probability=None, **more):
        return float(task(queries, candidates, candidate_sampling_probability=probability, **more))

    def by_hand(correction):
        scores = users.numpy() @ movies.numpy().T - correction
        return np.sum(np.log(np.exp(scores).sum(axis=1)) - np.diag(scores))

    right = loss(users, movies, shares)
    swapped = "Users and movies are swapped: users are the queries, and come first."
    weighted = "became sample_weight: name the argument candidate_sampling_probability."
    scaled = "The correction is one of the scores: leave the embeddings as they are."
    named = (
        (
            loss(users, movies),
            "This is the loss without a correction. The argument takes a probability: TFRS clips "
            "what it gets to 1 at most and 0.000001 at least, so numbers that all lie above, or "
            "all below, correct nothing.",
        ),
        (loss(movies, users, shares), swapped),
        (loss(movies, users), f"{swapped} And nothing is corrected: give a probability."),
        (loss(users, movies, 1 - shares), "This is the probability of the other movies."),
        (loss(users, movies, sample_weight=counts), f"`counts` {weighted}"),
        (loss(users, movies, sample_weight=shares), f"The share {weighted}"),
        (loss(users, movies, shares, sample_weight=shares), "Leave sample_weight out."),
        (loss(users, movies, shares, sample_weight=counts), "Leave sample_weight out."),
        (by_hand(-np.log(shares)), "The logarithm of Q is subtracted; you add it."),
        (by_hand(shares), "It is the logarithm of the probability that is subtracted."),
        (
            loss(users, movies, tf.ones(5) / 5),
            "Each rating gets the same probability: it is the movie's, from its count.",
        ),
        (loss(users, movies * shares[:, None]), scaled),
        (loss(users, movies * shares[:, None], shares), scaled),
        (loss(users * shares[:, None], movies, shares), scaled),
        (right / 5, "Return the task's loss as it is: TFRS sums it over the batch."),
        (-right, "The sign is wrong: return the task's loss as it is."),
    )
    if not _is_near(value, right):
        name_mistake(value, named, _is_near)
        mistake(f"On five ratings the loss should be {right:.3f}; yours is {value:.3f}.")
    gradients = tape.gradient(answer, (users, movies)) if tf.is_tensor(answer) else (None, None)
    if any(gradient is None for gradient in gradients):
        mistake(
            "The value is right, but the model would learn nothing: no gradient reaches the "
            "embeddings. Use TensorFlow's operations, not NumPy's."
        )
    return "A probability is at most 1, so TFRS made 1 of each count; and the logarithm of 1 is 0."


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
    "What do the movies that a perfect list misses have in common? See `seen`.",
    "A title with two movie ids can be rated twice by one user: once in training, once held out. "
    "Such a movie is left out of all lists. How should its held-out rating count?",
    "`return np.where(seen, 0, held_out)`.",
)
def held_out_once(function):
    needs_function(function)
    rng = np.random.default_rng(11)
    stars = rng.integers(1, 6, (6, 7)).astype(np.float32)
    held_out = np.where(rng.random((6, 7)) < 0.5, stars, 0).astype(np.float32)
    seen = rng.random((6, 7)) < 0.3
    held_out[5], seen[4] = 0, False  # nothing held out, nothing seen
    held_out[0, :2], seen[0, :2] = (5, 2), (True, True)
    held_out[1:3, 6], seen[1:, 6] = (4, 0), (False, True, False, False, False)  # no twin
    given = held_out.copy(), seen.copy()
    answer = function(held_out, seen)
    if not (np.array_equal(held_out, given[0]) and np.array_equal(seen, given[1])):
        mistake("Your function changes what it is given: work on copies.")
    value, right = as_numbers(answer, "Stars"), np.where(seen, 0, held_out)
    if value.shape != right.shape:
        mistake(f"Stars of the shape {right.shape} were asked for; yours have {value.shape}.")
    if not np.isfinite(value).all():
        mistake("Something is not a number, or infinite: 0 says that there is no held-out rating.")
    twice = seen & (held_out > 0)
    named = (
        (held_out, "Nothing has changed: ratings of movies that are seen count still."),
        (np.where(seen, held_out, 0), "Turned round: keep what is *not* seen."),
        (right >= 4, "Keep the stars: what is liked comes later."),
        (right > 0, "Keep the stars, not only whether there are some."),
        (~seen, "These are the movies that are not seen; held-out stars were asked for."),
        (twice, "These are the twins; all other held-out stars were asked for."),
        (
            np.where(twice.any(axis=1)[:, None], 0, held_out),
            "Users with a twin lose all their ratings: leave out the single pair.",
        ),
        (
            np.where(seen.any(axis=0), 0, held_out),
            "Movies that anybody has seen are gone: leave out what this user has seen.",
        ),
        (
            np.where(twice.any(axis=0), 0, held_out),
            "Movies with a twin are gone for all users: leave out the single pair.",
        ),
        (np.where(held_out >= 4, right, 0), "Stars below 4 are gone: keep them."),
    )
    name_mistake(value, named, _is_near)
    if not _is_near(value, right):
        mistake("Where a movie is seen, 0 was asked for; everywhere else, the stars as given.")
    return (
        "The pairs share a title, but not a movie id: no list may show them, so none can miss them."
    )


@exercise(
    "`np.argsort(-stars[chosen])` gives indices in the candidates, from 0 to 99. Which movies "
    "stand there?",
    "The indices have to be looked up in `chosen`, which holds the movie numbers.",
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
    of_all = "These are indices of all movies, used on the candidates: sort `stars[chosen]`."
    named = (
        ([3, 4], "These are indices in the candidates, not movies: look them up in `chosen`."),
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
    return "The wrong titles all stand at the start of the alphabet: movies 0 to 99."


@exercise(
    "Out of all movies, the metric asks for those that the user has rated. Which stage has learned "
    "that?",
    "The ranker has learned how users like what they rated; retrieval, which movies they rate.",
)
def best_order(answer):
    return judge_choices(
        {"best_order": answer},
        best_order={
            "a": "Out of all movies, the ranker picks many that this user would never choose; it "
            "has only learned from pairs that were rated.",
            "b": "Right: retrieval has learned which movies go with a user's ratings, and held-out "
            "ratings are among them.",
            "c": "Better than out of all movies, but by throwing retrieval's order away it loses "
            "what retrieval knows.",
        },
    )


@exercise(
    "q1: what has to happen before there is a rating? q2: compare what *Asked in time* prints. q3: "
    "what does the ranker get to see?",
    "q1: see *missing not at random*. q2: how many ratings has each of the two learned from? q3: "
    "see *How much is found*.",
)
def quiz_recommender(answers):
    return judge_choices(
        answers,
        q1={
            "a": "Nobody has asked the user: a movie that was never shown has no rating either.",
            "b": "Right: choice and exposure come before a rating, so what is missing is missing "
            "not at random.",
            "c": "It says something about choice and exposure: users do not rate movies drawn by "
            "lot.",
        },
        q2={
            "a": "Right: nearly every one does at random, and hardly any in time.",
            "b": "Both have learned from 80,000 ratings.",
            "c": "Nothing here says so; and retrieval, which knows the users, has fallen more than "
            "the most rated movies have.",
        },
        q3={
            "a": "The ranker scores the candidates, and nothing else, whatever their stars.",
            "b": "Right: recall limits all that comes behind it.",
            "c": "It is in no list: only candidates are ranked.",
        },
    )
