"""Checks of lesson 9, From scores to recommendations."""

import functools

import numpy as np

from helpers.checks.engine.answers import as_number, as_numbers, name_mistake, needs_function
from helpers.checks.engine.exercise import exercise, first_line, judge_choices, mistake
from helpers.checks.engine.lettered import judge_outcomes
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
    users, movies = map(tf.Variable, _embeddings())
    counts, total = tf.constant(COUNTS), TOTAL
    task = tfrs.tasks.Retrieval()
    with tf.GradientTape() as tape:
        answer = function(task, users, movies, counts, total)
    if callable(answer):
        mistake("Call `task`, and return the loss that it returns.")
    value, (right, named) = as_number(answer), _losses()
    if not _is_near(value, right):
        name_mistake(value, named, _is_near)
        mistake(f"On five ratings the loss should be {right:.3f}; yours is {value:.3f}.")
    gradients = tape.gradient(answer, (users, movies)) if tf.is_tensor(answer) else (None, None)
    if any(gradient is None for gradient in gradients):
        mistake(
            "The value is right, but the model would learn nothing: no gradient reaches the "
            "embeddings. Use TensorFlow's operations, not NumPy's."
        )
    _judge_in_a_graph(function, task, users[:3], movies[:3], counts[:3], total)
    return "A probability is at most 1, so TFRS made 1 of each count; and the logarithm of 1 is 0."


COUNTS, TOTAL = [600.0, 9, 1, 2500, 9], 100_000.0


@functools.cache
def _embeddings():
    """Return those of five users and of the movies that they have rated."""
    users, movies = np.random.default_rng(7).normal(size=(2, 5, 3)).astype(np.float32)
    movies[4] = movies[1]  # one movie twice in the batch
    return users, movies


@functools.cache
def _losses():
    """Return the loss of the five, and pairs of another value and what to say of it."""
    users, movies = map(tf.constant, _embeddings())
    counts, task = tf.constant(COUNTS), tfrs.tasks.Retrieval()
    shares = counts / TOTAL

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
    return right, named


def _corrected(task, users, movies, counts, total):
    return task(users, movies, candidate_sampling_probability=counts / total)


def _with_gradients(loss_of_batch, task, users, movies, *more):
    with tf.GradientTape() as tape:
        tape.watch((users, movies))
        loss = tf.convert_to_tensor(loss_of_batch(task, users, movies, *more))
    return loss, tape.gradient(loss, (users, movies), unconnected_gradients="zero")


@functools.cache
def _of_three():
    """Return the loss of the first three of the five, and its gradients."""
    users, movies = (tf.constant(each[:3]) for each in _embeddings())
    task, counts = tfrs.tasks.Retrieval(), tf.constant(COUNTS[:3])
    loss, gradients = _with_gradients(_corrected, task, users, movies, counts, TOTAL)
    return float(loss), [gradient.numpy() for gradient in gradients]


def _judge_in_a_graph(function, task, users, movies, counts, total):
    """Call a loss as `train_retriever` does: in a graph, for any number of ratings."""
    pair = tf.TensorSpec([None, 3], tf.float32)

    @tf.function(input_signature=[pair, pair, tf.TensorSpec([None], tf.float32)])
    def step(users, movies, counts):
        return _with_gradients(function, task, users, movies, counts, total)

    try:
        loss, gradients = step(users, movies, counts)
    except Exception as error:  # the learner's code may raise anything
        mistake(
            "The value is right, but a model trains in a graph (tf.function), where tensors have "
            "no values yet, and batches of any size. There, with three ratings, it raises "
            f"{type(error).__name__}: {first_line(error)}\n"
            "Use TensorFlow's operations on the tensors: no `.numpy()`, NumPy or list."
        )
    right, wanted = _of_three()
    value = as_number(loss)
    if not _is_near(value, right):
        mistake(
            "In a graph, as in training, and on three ratings instead of five, the loss should be "
            f"{right:.3f}; yours is {value:.3f}."
        )
    if not all(map(_is_near, gradients, wanted)):
        mistake(
            "The value is right, but the embeddings would not learn all that the loss says: its "
            "gradients differ. Leave tf.stop_gradient and copies out."
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

    def listed(candidates, k, retrieval=retrieval, stars=stars, seen=seen):
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
    of_unseen = (
        "These numbers count the unseen movies only. Do not delete the seen ones: give them "
        "-np.inf as the score."
    )
    for other in (3 + stars / 1_000, 3 * stars - 8) if answer != [2, 0] else ():
        if listed(5, 2, stars=other) != answer:
            mistake(
                f"With stars from {other.min():.3f} to {other.max():.3f} in the same order, "
                "another list comes out: sort by the stars as they are, not rounded nor clipped."
            )
    if answer == [2, 5] and listed(5, 2, seen=np.zeros(9, bool)) != [1, 2]:
        mistake("A candidate is missing: with nothing seen, too, you take fewer than `candidates`.")
    lowest = "The lowest retrieval scores are taken: sort by -retrieval."
    if answer == [2, 8] and listed(3, 2) == [8, 3]:
        mistake(lowest)
    if answer == [1, 2] and listed(2, 2) == [1, 2]:
        mistake(
            "Movie 1 is seen, and you take more movies than `candidates` says: use `candidates`. "
            "Of all movies, the seen ones are among those taken, even with -np.inf."
        )
    if answer == [1, 2] and listed(3, 2) == [1, 2]:
        mistake("Turned round: -np.inf is what seen movies get, and you give it to the unseen.")
    named = (
        ([3, 4], "These are indices in the candidates, not movies: look them up in `chosen`."),
        ([2, 5], too_late),
        (
            [2],
            "One of two movies is missing. If seen ones are left out at the end: leave them out "
            "before the candidates are taken.",
        ),
        ([1, 6], of_unseen),
        ([1, 7], of_unseen),
        ([1, 3], "If seen movies are deleted, the numbers shift: give them -np.inf as the score."),
        ([0, 5], "This is retrieval's order: sort the candidates by stars."),
        ([0, 1], "This is retrieval's order, and movie 1 is seen."),
        (
            [2, 8],
            "These have the most stars of all unseen movies. Use `candidates`: only so many, "
            "those with the highest retrieval scores, may be listed.",
        ),
        ([0, 4], "The fewest stars come first: sort the candidates by -stars."),
        ([0, 5, 4, 2, 7], "These are the candidates: sort them by stars, and return k of them."),
        ([2, 7, 5, 4, 0], "Return only the first k."),
        ([1, 8], lowest),
        ([8, 3], lowest),
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
    if listed(2, 2) == [0, 5]:
        mistake("With candidates=2, the list is 5, 0: the most stars first, not another order.")
    if listed(2, 2) != [5, 0]:
        mistake("With candidates=2, only movies 0 and 5 may be listed: use `candidates`.")
    if listed(5, 3) != [2, 7, 5]:
        mistake("With k=3, three movies are listed: use `k`.")
    if listed(8, 2) != [2, 8]:
        mistake(
            "With candidates=8, as many as are unseen, the list is 2, 8; yours is "
            f"{listed(8, 2)}: a seen movie has to stand below all others, so give it -np.inf."
        )
    if listed(5, 2, retrieval=100 * retrieval) != [2, 7]:
        mistake(
            "Where retrieval scores go down to -280, another list comes out: a seen movie has to "
            "stand below all others, so give it -np.inf."
        )
    _judge_as_index(function(retrieval, stars, seen, candidates=5, k=2))
    return "The wrong titles all stand at the start of the alphabet: movies 0 to 99."


def _judge_as_index(answer):
    """Look movies up with a list, as the next cell does."""
    if np.asarray(answer).dtype.kind == "f":
        mistake("Movie numbers are whole ones (int): with floats no title can be looked up.")
    if np.shape(answer) != (2,):
        mistake(f"With k=2 the shape (2,) was asked for; yours is {np.shape(answer)}.")
    titles = np.array([f"movie {number}" for number in range(9)])
    try:
        found = titles[answer]
    except Exception as error:  # the learner's code may return anything
        mistake(
            "The next cell looks titles up with your list, `titles[…]`. It raises "
            f"{type(error).__name__}: {first_line(error)}"
        )
    if np.shape(found) != (2,):
        mistake("Titles cannot be looked up with this: return an array of movie numbers.")


UNRATED = 1_515  # the cell above the exercise prints it


def _reach(drawn):
    return 1 + 9 * UNRATED / drawn


WRONG_REACHES = (
    (
        lambda drawn: 10 * UNRATED / drawn,
        "only the nine movies above it become many more, not ten: the movie itself does not.",
    ),
    (
        lambda drawn: 9 * UNRATED / drawn,
        "this is how many are above it: its own rank is one more.",
    ),
    (
        lambda drawn: 1 + 9 * drawn / UNRATED,
        "turned round: this goes from the full rank to the one in the draw.",
    ),
    (
        lambda drawn: 10 * drawn / UNRATED,
        "turned round: this goes from the full rank to the one in the draw.",
    ),
    (
        lambda drawn: 10 * (UNRATED + 1) / (drawn + 1),
        "this answers another question: which full rank to expect of what is on rank 10.",
    ),
    (lambda drawn: 10, "the same rank in more movies is not the same depth."),
    (lambda drawn: 1 + 9 * 1_600 / drawn, "drawn is what the user has not rated, not any movie."),
    (lambda drawn: 1 + 9 * 1_664 / drawn, "drawn is what the user has not rated, not any movie."),
    (lambda drawn: 1 + 10 * UNRATED / drawn, "only nine movies are above rank 10, not ten."),
    (lambda drawn: 2 + 9 * UNRATED / drawn, "one too many: the movie itself counts once."),
)


@exercise(
    "A movie of full rank R has R - 1 movies above it. How many of these are expected in the draw? "
    "And which movies can the three lists have in front of that rank?",
    "A share of `drawn / unrated` of what is above is drawn. So the expected rank in the draw is 1 "
    "plus that share of R - 1. For which R is it 10? Sampled recall is about full recall at that "
    "depth; whose movies are the first 28, 137 or 683 of each list?",
    "A rank is 1 plus 9 times `unrated / drawn`, as a whole number. As deep as 137, retrieval and "
    "the ranker hold the same candidates, while 3 stars have brought other movies in front of some "
    "of them. At 28, what counts is who stands in front, as in the tables of NDCG above; at 683, "
    "hardly anything.",
)
def drawn_reach(answers):
    numbers, letters = (20, 100, 500), ("retrieval_100", "retrieval_500")
    letters += tuple(f"sum_{drawn}" for drawn in numbers)
    if not isinstance(answers, dict) or set(answers) != {*numbers, *letters}:
        mistake(f"Answer with a dict that has the keys 20, 100, 500 (ints), {', '.join(letters)}.")
    still_open = [str(key) for key in answers if answers[key] is None or answers[key] is ...]
    if still_open:
        mistake(f"Still open: {', '.join(still_open)}.")
    _judge_reach({drawn: as_number(answers[drawn], f"key {drawn}") for drawn in numbers})
    reach = "up to which full rank is a movie a hit? "
    return judge_outcomes(
        {key: answers[key] for key in letters},
        "abc",
        retrieval_100=(
            "b",
            reach + "Which movies do the two hold up to there?",
            "rank 137 is behind the 100 candidates, whose order differs.",
        ),
        retrieval_500=(
            "c",
            reach + "Which of the two had better lists of ten out of all movies?",
            "rank 28 is among the candidates, where retrieval's order is better.",
        ),
        sum_20=(
            "b",
            reach + "How much can the lists differ there?",
            "so deep, nearly everything that is liked is found by either.",
        ),
        sum_100=(
            "a",
            reach + "The ranker has all 100 candidates in front of it; what have 3 stars brought "
            "in front of some of them?",
            "up to rank 137 the ranker holds every candidate, and the sum does not.",
        ),
        sum_500=(
            "c",
            reach + "What did the picture of w say of 3 stars, and the table of the ranker alone?",
            "in front, a sum with the retrieval score is better than stars alone.",
        ),
    )


def _judge_reach(values):
    exact = {drawn: _reach(drawn) for drawn in values}

    def are(rank, whole=lambda value: value):
        return all(np.isclose(values[drawn], whole(rank(drawn)), atol=0.01) for drawn in values)

    if are(_reach, round):
        return
    if are(_reach):
        mistake("Round each rank to the nearest whole number: a list has no other cut.")
    if are(_reach, np.floor) or are(_reach, np.ceil):
        mistake("Round each rank to the nearest whole number, not always down or up.")
    for wrong, message in WRONG_REACHES:
        if any(are(wrong, whole) for whole in (float, round, np.floor, np.ceil)):
            mistake(f"The ranks: {message}")
    drawn = next(each for each in values if values[each] != round(exact[each]))
    mistake(
        f"{drawn}: the rank is not {values[drawn]:g}. For one of rank R, R - 1 movies are above "
        "it; how many of these are drawn?"
    )


@exercise(
    "Which rows tell how much a rank counts, whatever stands on it?",
    "In shuffled lists each rank gets the same movies on average. There, take the share of rows "
    "that were clicked, rank by rank. Then go from the last rank up: what may never be less than "
    "below?",
    "Where a rank's rate is below the highest of the ranks behind it, that one takes its place. "
    "A row's label is 0, or with a click the rate of rank 1 divided by that of its own rank: for "
    "all rows, not for the shuffled ones alone.",
)
def without_position(function):
    needs_function(function)
    rng = np.random.default_rng(5)
    n = 700
    rank = rng.choice([1, 2, 3, 4, 5], n, p=[0.15, 0.25, 0.1, 0.2, 0.3])
    shuffled = rng.random(n) < 0.35
    looks = np.array([0.5, 0.4, 0.8, 0.3, 0.04])[rank - 1]  # by chance, rank 3 has the highest
    clicked = rng.random(n) < np.where(shuffled, looks, 0.2 / (1 + (rank > 2)))
    given = clicked.copy(), rank.copy(), shuffled.copy()
    with np.errstate(all="ignore"):
        answer = function(clicked, rank, shuffled)
    if not all(map(np.array_equal, (clicked, rank, shuffled), given)):
        mistake("Your function changes what it is given: work on copies.")
    value = as_numbers(answer, "Labels")

    def rates(rows, of=lambda these: clicked[these].mean()):
        return np.array([of(rows & (rank == r)) for r in range(1, 6)])

    def labels(rate):
        return clicked / (rate / rate[0])[rank - 1]

    def falling(rate):
        return np.maximum.accumulate(rate[::-1])[::-1]

    everything, raw = np.ones(n, bool), rates(shuffled)
    rate = falling(raw)
    right = labels(rate)
    if value.shape == (shuffled.sum(),):
        mistake("These are the shuffled lists alone: a label for each row was asked for.")
    if value.shape != right.shape:
        mistake(f"Labels of the shape {right.shape} were asked for; yours have {value.shape}.")
    if not _is_near(value, right):
        with np.errstate(all="ignore"):
            turned = as_numbers(function(clicked[::-1], rank[::-1], shuffled[::-1]), "Labels")
        if turned.shape != right.shape or not np.allclose(turned[::-1], value, equal_nan=True):
            mistake(
                "With the rows in another order, a row gets another label. Rows come in any order: "
                "which rank a row has, `rank` says, and not where it stands."
            )
    if not np.isfinite(value[clicked]).all():
        mistake(
            "A click counts infinitely much, or what is no number. Here ranks go from 1 to 5: is "
            "there a rate for each rank that rows have, and for no other?"
        )
    if not np.isfinite(value).all():
        mistake("A label is not a number, or infinite: a row without a click counts 0.")
    weights = 1 / (rate / rate[0])[rank - 1]
    clipped = "Weights are clipped: here, each click gets its weight as it is."
    of_all = (
        "These rates are of all lists. Where lists are not shuffled, rates by rank mix the rank "
        "with the movies that the older recommender put there."
    )
    chance = "By chance, some rank has a higher rate here than one above it: "
    named = (
        (
            labels(raw),
            f"{chance}nobody looks at it more often, so both get the highest of the rates from "
            "there down.",
        ),
        (
            np.maximum(labels(raw), clicked),
            f"{chance}here it is not only rank 1 that has to be mended, but each rank.",
        ),
        (
            clicked * raw[0] / rate[rank - 1],
            f"{chance}where that is so for rank 1, its own rate is mended too, also where others "
            "are compared with it.",
        ),
        (
            labels(np.minimum.accumulate(raw)),
            f"{chance}take the highest of the rates from its own down, not the lowest from the "
            "top.",
        ),
        (labels(np.sort(raw)[::-1]), f"{chance}but the rates are not sorted: each rank has one."),
        (
            labels(np.maximum(raw, np.append(raw[1:], 0))),
            f"{chance}compare with all ranks below it, not with the next one alone.",
        ),
        (labels(np.maximum.accumulate(raw)), "This goes from rank 1 down: go from the last up."),
        (clicked, "These are the clicks as they are: nothing has been weighed."),
        (labels(rates(everything)), of_all),
        (labels(falling(rates(everything))), of_all),
        *(
            (labels(some), "These rates are of the lists that are *not* shuffled.")
            for some in (rates(~shuffled), falling(rates(~shuffled)))
        ),
        (clicked * rank, "This takes 1 / rank for granted: estimate it from the clicks."),
        (clicked / rank, "This takes 1 / rank for granted, and turned round: estimate, divide."),
        (clicked * (rate / rate[0])[rank - 1], "Turned round: a click on a low rank counts more."),
        (clicked / rate[rank - 1], "A click on rank 1 should count 1: compare with its rate."),
        (
            clicked / (rate / rate.mean())[rank - 1],
            "A click on rank 1 should count 1: compare with its rate, not with the mean.",
        ),
        (
            clicked / (raw / raw.max())[rank - 1],
            "A click on rank 1 should count 1: compare with its rate, not with the highest.",
        ),
        (weights, "These are the weights alone: a row without a click counts 0."),
        (
            np.where(clicked, weights, -weights),
            "A row without a click counts 0, whatever its rank.",
        ),
        *(
            (
                labels(change(rates(shuffled, lambda these: clicked[these].sum()))),
                "These are numbers of clicks: divide by how often a shuffled list had the rank.",
            )
            for change in (falling, np.asarray)
        ),
        (
            np.where(shuffled, right, clicked),
            "Only clicks in shuffled lists are weighed: the others need it as much.",
        ),
        (np.where(shuffled, right, 0), "Clicks in the other lists are gone: weigh them too."),
        (
            np.where(shuffled, clicked, right),
            "Clicks in shuffled lists are not weighed: a low rank is looked at as seldom there.",
        ),
        *(
            (
                np.where(shuffled, labels(change(raw)), labels(change(rates(~shuffled)))),
                "Each kind of list has rates of its own here: those of the shuffled lists hold for "
                "all rows, because the same ranks are looked at.",
            )
            for change in (falling, np.asarray)
        ),
        *(
            (whole(right), "The labels are whole numbers: what lies between is lost.")
            for whole in (np.floor, np.round, np.ceil)
        ),
        (right / right.mean(), "A click on rank 1 should count 1: do not divide by the mean."),
        (right / right.max(), "A click on rank 1 should count 1: do not divide by the highest."),
        (clicked / (rate / rate[0])[rank % 5], "Ranks start at 1, arrays at 0."),
        (
            clicked / (rate / rate[0])[np.maximum(rank - 2, 0)],
            "Each click has the weight of the rank above its own: ranks start at 1.",
        ),
        (np.minimum(right, max(value.max(), 1)), clipped),
        (np.maximum(right, clicked), clipped),
        (np.clip(right, clicked, max(value.max(), 1)), clipped),
    )
    if not _is_near(value, right):
        name_mistake(value, named, _is_near)
        row = np.flatnonzero(clicked & (rank == 5))[0]
        mistake(
            "Where shuffled lists have click rates of "
            f"{', '.join(f'{each:.3f}' for each in raw)} for ranks 1 to 5, a click on rank 5 "
            f"counts {right[row]:.3f}, a row without a click 0; yours counts {value[row]:.3f}."
        )
    return (
        "On average these labels are what everybody would click who looked as at rank 1. The price "
        "is that a few clicks on low ranks count much."
    )


# The cell above the exercise prints them: the difference, and the deviations.
DIFFERENCE, OF_VALUES, OF_PAIRS = 0.0305, 0.2190, 0.0802


@exercise(
    "How many standard errors must the true difference be, so that four of five tests find it? And "
    "whose standard error is it, in each of the three tests?",
    "1.96 + 0.84 of them. With n users who see both lists, there is one mean, of the differences: "
    "their deviation divided by the root of n. With n users in each arm there are two means, and "
    "the square of the standard error is 2 · SD² / n.",
    "Both lists: the square of 2.8 times the differences' deviation, divided by the difference. "
    "Two arms: the same with the values' deviation, twice for the second mean, and twice again "
    "because there are two arms. Half the difference stands in the square, below.",
)
def users_of_test(answers):
    keys = "two arms", "both lists", "half"
    if not isinstance(answers, dict) or set(answers) != set(keys):
        mistake('Answer with a dict that has the keys "two arms", "both lists" and "half".')
    still_open = [key for key in keys if answers[key] is None or answers[key] is ...]
    if still_open:
        mistake(f"Still open: {', '.join(still_open)}.")
    values = {key: as_number(answers[key], f"`{key}`") for key in keys}
    # a number of users is `factor` times the square of a deviation, divided by the difference
    right = {
        "two arms": (4 * 7.849, OF_VALUES, DIFFERENCE),
        "both lists": (7.849, OF_PAIRS, DIFFERENCE),
        "half": (7.849, OF_PAIRS, DIFFERENCE / 2),
    }
    for key, (factor, deviation, change) in right.items():
        other = OF_PAIRS if key == "two arms" else OF_VALUES
        _judge_users(key, values[key], factor, deviation, change, other)
    return "Half the difference takes four times the users; two arms take far more than one."


FACTORS = (  # instead of (1.96 + 0.84)²
    (3.8415, "the power is missing: so few find it in half of the tests."),
    (6.183, "two-sided 5% leaves 2.5% on each side: 1.96, not 1.645."),
    ((1.96 - 0.84) ** 2, "the two numbers of standard errors add up."),
    (1.96**2 + 0.84**2, "add 1.96 and 0.84 before you square."),
    ((1.96 + 1.2816) ** 2, "this is a power of 90%: 0.84 for 80%, not 1.28."),
    ((1.96 + 0.8) ** 2, "power is a probability: the number of standard errors is 0.84."),
    (0.84**2, "the 5% is missing: 1.96 standard errors, and 0.84 more."),
)


def _judge_users(key, value, factor, deviation, change, other):
    """Judge one number of users; `other` is the deviation that belongs elsewhere."""
    unit = (deviation / change) ** 2

    def is_near(wanted, within=0.006):
        return (1 - within) * wanted <= value <= (1 + within) * wanted + 1  # it may be rounded up

    if is_near(factor * unit, within=0.015):
        return
    if value <= 0:
        mistake(f"{key}: a number of users is above 0.")
    means = factor / 7.849
    whose = (
        "each user's differences count where each sees both lists."
        if means == 1
        else "different users are in both arms: the values' deviation counts, not the differences'."
    )
    named = []
    if key == "half":
        named += [
            (factor * unit / 4, "half as large a difference takes more users."),
            (factor * unit / 2, "half as large takes four times the users: it is squared."),
            (factor * unit / 16, "a smaller difference takes more users, not fewer."),
        ]
    named += [
        *((means * each * unit, message) for each, message in FACTORS),
        (factor * (other / change) ** 2, whose),
        (factor * deviation / change**2, "it is the variance, the square of the deviation."),
        (factor * deviation**2 / change, "the difference is squared too."),
        (np.sqrt(factor * unit), "square it: the standard error falls with the root of n."),
    ]
    if key == "two arms":
        named += [
            (factor * unit / 2, "these are the users of one arm: both together were asked for."),
            (factor * unit / 4, "both arms' means vary; and there are users in each of the two."),
            (factor * (other / change) ** 2 / 2, whose),
            (factor * (other / change) ** 2 / 4, whose),
        ]
    else:
        named.append((4 * factor * unit, "there is one mean here and one group of users."))
    if key != "two arms" and is_near(2 * factor * unit, within=0.015):
        mistake(
            f"{key}: {value:,.4g} is about twice as many as it takes: there is one mean here, of "
            "differences."
        )
    for wrong, message in named:
        if is_near(wrong):
            mistake(f"{key}: {value:,.4g} is what comes out of a known mistake; {message}")
    mistake(
        f"{key}: not {value:,.4g}. How many standard errors is the difference, with so many users? "
        "Take the difference and the deviations that the cell above prints."
    )


@exercise(
    "q1: what did training without the correction do to popular movies? q2: the lists of 100 "
    'candidates and `popularity` are at hand. q3: the log has it under "in time".',
    "q1: `recall(top(sums, seen, 100), liked)`. q2: the same of your lists, with the liked movies "
    "that have fewer than 20 ratings in `fit` instead of all. q3: one array of seeds and users.",
    "q1: what the task subtracts in training may be added in use instead. q2: `seen.sum(axis=0)` "
    "is how many ratings each movie has. q3: count the users whose values are 0 in all rows.",
)
def quiz_recommender(answers):
    return judge_choices(
        answers,
        q1={
            "a": "Right: without the correction a score lacks the logarithm of how popular the "
            "movie is, and it can be added later as well.",
            "b": "Popular movies were pushed down in training by about the logarithm of how often "
            "they are rated: add that, and what was learned beside it comes out. Run it.",
            "c": "Popularity alone finds less, but here it is added to what the model has learned: "
            "run it.",
        },
        q2={
            "a": "Their recall is hardly above 0 here: the correction raises popular movies, and a "
            "movie with few ratings has learned little. Run it.",
            "b": "Right: the correction is paid for by the rare movies; whether that is worth it "
            "depends on what a list is for.",
            "c": "The most rated movies have far more ratings: none of these is among the 100.",
        },
        q3={
            "a": "At random, test ratings are more and lie within a sitting: far fewer users get "
            "nothing. Count in time.",
            "b": "Right: so much zero is why the standard deviation is above the mean, and "
            "a test takes so many users.",
            "c": "Count those whose NDCG is 0 with all three seeds.",
        },
    )
