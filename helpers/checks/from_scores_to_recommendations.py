"""Checks of lesson 9, From scores to recommendations."""

import numpy as np

from helpers.checks.engine.answers import as_number, as_numbers, name_mistake, needs_function
from helpers.checks.engine.exercise import exercise, first_line, judge_choices, mistake
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
    _judge_in_a_graph(function, task, users[:3], movies[:3], counts[:3], total)
    return "A probability is at most 1, so TFRS made 1 of each count; and the logarithm of 1 is 0."


def _judge_in_a_graph(function, task, users, movies, counts, total):
    """Call a loss as `train_retriever` does: in a graph, for any number of ratings."""
    pair = tf.TensorSpec([None, 3], tf.float32)

    def graph_of(loss_of_batch):
        @tf.function(input_signature=[pair, pair, tf.TensorSpec([None], tf.float32)])
        def step(users, movies, counts):
            with tf.GradientTape() as tape:
                tape.watch((users, movies))
                loss = tf.convert_to_tensor(loss_of_batch(task, users, movies, counts, total))
            return loss, tape.gradient(loss, (users, movies), unconnected_gradients="zero")

        return step

    def ours(task, users, movies, counts, total):
        return task(users, movies, candidate_sampling_probability=counts / total)

    try:
        loss, gradients = graph_of(function)(users, movies, counts)
    except Exception as error:  # the learner's code may raise anything
        mistake(
            "The value is right, but a model trains in a graph (tf.function), where tensors have "
            "no values yet, and batches of any size. There, with three ratings, it raises "
            f"{type(error).__name__}: {first_line(error)}\n"
            "Use TensorFlow's operations on the tensors: no `.numpy()`, NumPy or list."
        )
    right, wanted = graph_of(ours)(users, movies, counts)
    value, right = as_number(loss), as_number(right)
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
    of_unseen = (
        "These numbers count the unseen movies only. Do not delete the seen ones: give them "
        "-np.inf as the score."
    )
    lowest = "The lowest retrieval scores are taken: sort by -retrieval."
    if answer == [2, 8] and listed(3, 2) == [8, 3]:
        mistake(lowest)
    if answer == [1, 2] and listed(2, 2) == [1, 2]:
        mistake(
            "Movie 1 is seen, and you take more movies than `candidates` says: use `candidates`. "
            "Of all movies, the seen ones are among those taken, even with -np.inf."
        )
    named = (
        ([3, 4], "These are indices in the candidates, not movies: look them up in `chosen`."),
        ([2, 5], too_late),
        ([2], too_late),
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
    if listed(2, 2) != [5, 0]:
        mistake("With candidates=2, only movies 0 and 5 may be listed: use `candidates`.")
    if listed(5, 3) != [2, 7, 5]:
        mistake("With k=3, three movies are listed: use `k`.")
    return "The wrong titles all stand at the start of the alphabet: movies 0 to 99."


def _wrong_depths():
    """Yield wrong forms of `same_depth`, and what to say of each."""

    def and_whole(value, message):
        for whole in (lambda rank: rank, round, int, np.ceil):
            yield lambda *case, whole=whole: whole(value(*case)), message

    def exact(k, n, unrated):
        return 1 + (k - 1) * unrated / n

    yield exact, "Round it to the nearest whole number: a list has no other cut."
    for whole in (int, np.ceil):
        yield (
            lambda *case, whole=whole: whole(exact(*case)),
            "Round to the nearest whole number, not always down or up.",
        )
    yield from and_whole(
        lambda k, n, unrated: k * unrated / n,
        "k - 1 movies above it become many more; the movie itself does not. This multiplies the "
        "movie too.",
    )
    yield from and_whole(
        lambda k, n, unrated: (k - 1) * unrated / n,
        "This is how many are above it: its own rank is one more.",
    )
    for value in (lambda k, n, unrated: 1 + (k - 1) * n / unrated, lambda k, n, u: k * n / u):
        yield from and_whole(
            value, "Turned round: this goes from the full rank to the one in the draw."
        )
    yield from and_whole(
        lambda k, n, unrated: k * (unrated + 1) / (n + 1),
        "This answers another question: which full rank to expect of what is on rank k.",
    )
    for more, drawn_more in ((1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (-1, -1)):
        yield from and_whole(
            lambda k, n, u, a=more, b=drawn_more: 1 + (k - 1) * (u + a) / (n + b),
            "`negatives` of `unrated` movies are drawn, and the held-out one is in neither number: "
            "take both as they are, without 1 more or less.",
        )
    yield lambda k, n, unrated: k, "The same rank in more movies is not the same depth."


@exercise(
    "A movie of full rank R has R - 1 movies above it. How many of these are expected in the draw?",
    "A share of `negatives / unrated` of what is above is drawn. So the expected rank in the draw "
    "is 1 plus that share of R - 1. For which R is it k?",
    "1 plus k - 1 times `unrated / negatives`, as a whole number: `round` gives the nearest.",
)
def same_depth(function):
    needs_function(function)
    cases = ((10, 100, 1_500), (4, 7, 1_002), (6, 30, 1_001), (1, 50, 900), (10, 10, 1_500))
    exact = [1 + (k - 1) * unrated / negatives for k, negatives, unrated in cases]
    right = [round(each) for each in exact]
    values = [as_number(function(*case)) for case in cases]

    def is_near(some, others):
        return np.isclose(some, others, rtol=0, atol=1e-6)

    if not np.all(is_near(values, right)):
        first = np.flatnonzero(~is_near(values, right))[0]
        k, negatives, unrated = cases[first]
        given = f"k = {k}, {negatives} of {unrated:,}"
        for wrong, message in _wrong_depths():
            if np.all(is_near(values, [wrong(*case) for case in cases])):
                mistake(f"{given}: {message}")
        mistake(f"{given}: the rank is {right[first]}; yours is {values[first]:g}.")
    return (
        "Ten of 100 drawn movies are the first tenth of everything: a list that nobody would read."
    )


@exercise(
    "Which rows tell how much a rank counts, whatever stands on it?",
    "In shuffled lists each rank gets the same movies on average. There, take the share of rows "
    "that were clicked, rank by rank, and divide by that of rank 1.",
    "With `rate` as that array of shares, rank 1 first, a row's label is `clicked` divided by "
    "`rate[rank - 1] / rate[0]`: of all rows, not of the shuffled ones alone.",
)
def without_position(function):
    needs_function(function)
    rng = np.random.default_rng(5)
    n = 700
    rank = rng.choice([1, 2, 3, 4, 5], n, p=[0.15, 0.25, 0.1, 0.2, 0.3])
    shuffled = rng.random(n) < 0.35
    looks = np.array([0.6, 0.8, 0.45, 0.3, 0.04])[rank - 1]  # by chance, rank 1 is not the highest
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

    everything, rate = np.ones(n, bool), rates(shuffled)
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
    if not np.isfinite(value).all():
        mistake("A label is not a number, or infinite: a row without a click counts 0.")
    weights = 1 / (rate / rate[0])[rank - 1]
    clipped = "Weights are clipped: here, each click gets its weight as it is."
    named = (
        (clicked, "These are the clicks as they are: nothing has been weighed."),
        (
            labels(rates(everything)),
            "These rates are of all lists. Where lists are not shuffled, rates by rank mix the "
            "rank with the movies that the older recommender put there.",
        ),
        (labels(rates(~shuffled)), "These rates are of the lists that are *not* shuffled."),
        (clicked * rank, "This takes 1 / rank for granted: estimate it from the clicks."),
        (clicked / rank, "This takes 1 / rank for granted, and turned round: estimate, divide."),
        (clicked * (rate / rate[0])[rank - 1], "Turned round: a click on a low rank counts more."),
        (clicked / rate[rank - 1], "A click on rank 1 should count 1: compare with its rate."),
        (
            clicked / (rate / rate.mean())[rank - 1],
            "A click on rank 1 should count 1: compare with its rate, not with the mean.",
        ),
        (
            clicked / (rate / rate.max())[rank - 1],
            "A click on rank 1 should count 1: compare with its rate, not with the highest.",
        ),
        (weights, "These are the weights alone: a row without a click counts 0."),
        (
            np.where(clicked, weights, -weights),
            "A row without a click counts 0, whatever its rank.",
        ),
        (
            labels(rates(shuffled, lambda these: clicked[these].sum())),
            "These are numbers of clicks: divide by how often a shuffled list had the rank.",
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
        (clicked / (rate / rate[0])[rank % 5], "Ranks start at 1, arrays at 0."),
        (
            clicked / (rate / rate[0])[np.maximum(rank - 2, 0)],
            "Each click has the weight of the rank above its own: ranks start at 1.",
        ),
        (np.minimum(right, value.max()), clipped),
        (np.maximum(right, clicked), clipped),
        (np.clip(right, clicked, value.max()), clipped),
    )
    if not _is_near(value, right):
        name_mistake(value, named, _is_near)
        row = np.flatnonzero(clicked & (rank == 5))[0]
        mistake(
            "Where shuffled lists have click rates of "
            f"{', '.join(f'{each:.3f}' for each in rate)} for ranks 1 to 5, a click on rank 5 "
            f"counts {right[row]:.3f}, a row without a click 0; yours counts {value[row]:.3f}."
        )
    return (
        "On average these labels are what everybody would click who looked as at rank 1. The price "
        "is that a few clicks on low ranks count much."
    )


@exercise(
    "Both arms have users of their own. What is the variance of the difference of two means of n "
    "users each?",
    "It is 2 · variance / n. For a power of 80%, the difference has to be 1.96 + 0.84 of its "
    "standard errors: the first for 5% on both sides, the second for the power.",
    "n is 2 times the variance of `values` times the square of 2.80, divided by the square of the "
    "difference; then round up.",
)
def users_needed(function):
    needs_function(function)
    rng = np.random.default_rng(3)
    for n, mean, sd, difference in (
        (900, 0.2, 0.3, 0.004),
        (400, 0.3, 0.25, 0.197),
        (250, 5.0, 2.0, -1.03),
    ):
        values = rng.normal(size=n)
        values = mean + sd * (values - values.mean()) / values.std()
        given = values.copy()
        value = as_number(function(values, difference))
        if not np.array_equal(values, given):
            mistake("Your function changes what it is given: work on copies.")
        unit = sd**2 / difference**2
        exact = 2 * 7.849 * unit
        said = f"standard deviation {sd}, difference {difference:+}"

        def is_near(value, wanted):
            return abs(value - wanted) <= 0.006 * abs(wanted) + 0.02

        if value <= 0:
            mistake(f"{said}: a number of users is above 0, also where the difference is below it.")
        if value != round(value):
            if is_near(value, exact):
                mistake(f"{said}: {value:.2f} users cannot be had: round up.")
        elif abs(value - np.ceil(exact)) <= 0.006 * exact + 1e-9:
            continue
        elif value == np.floor(exact):
            mistake(f"{said}: one user too few. Round up, or the power stays below 80%.")
        named = (
            (4 * 7.849, "These are the users of both arms; those of each arm were asked for."),
            (
                7.849,
                "This holds if one mean is known, or the same users see both. Here both arms have "
                "a mean of their own, and both vary.",
            ),
            (2 * 3.8415, "The power is missing: with so few, it would be found in half of tests."),
            (3.8415, "The power is missing, and that both arms vary."),
            (2 * 6.183, "Two-sided 5% leaves 2.5% on each side: 1.96, not 1.645."),
            (2 * (1.96 - 0.8416) ** 2, "The two numbers of standard errors add up."),
            (2 * (1.96**2 + 0.8416**2), "Add 1.96 and 0.84 before you square."),
            (2 * (1.96 + 1.2816) ** 2, "This is a power of 90%: 0.84 for 80%, not 1.28."),
            (
                2 * (1.96 + 0.8) ** 2,
                "Power is a probability: the number of standard errors is 0.84.",
            ),
        )
        for factor, message in named:
            if is_near(value, factor * unit) or is_near(value, np.ceil(factor * unit)):
                mistake(f"{said}: {message}")
        factor = 2 * 7.849
        for wrong, message in (
            (factor * sd / difference**2, "It is the variance, the square of the deviation."),
            (factor * unit / sd**2 * (sd**2 + mean**2), "Variance is taken from the mean, not 0."),
            (factor * sd**2 / abs(difference), "The difference is squared too."),
            (np.sqrt(factor * unit), "Square it: the standard error falls with the root of n."),
            (factor * unit / n, "The measured users are for the deviation only: leave n out."),
        ):
            if is_near(value, wrong) or is_near(value, np.ceil(wrong)):
                mistake(f"{said}: {message}")
        mistake(f"{said}: {np.ceil(exact):,.0f} users are needed in each arm; yours {value:,.4g}.")
    return "A tenth of the difference needs a hundred times as many users."


@exercise(
    "q1: what has to happen before there is a rating? q2: the lists of 100 candidates and "
    '`popularity` are at hand. q3: the log has it under "rated".',
    "q1: see *missing not at random*. q2: `recall(top(scores, seen, 100), rare)` with `rare` True "
    "where a liked movie has fewer than 20 ratings in `fit`. q3: print the means of "
    '`log["rated"]["in time"]`.',
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
