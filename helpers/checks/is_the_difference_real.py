"""Checks of lesson 5, Is the difference real?"""

import functools
from functools import partial

import numpy as np

from helpers.checks.engine.answers import as_number, as_numbers, name_mistake, needs_function
from helpers.checks.engine.exercise import exercise, judge_choices, mistake
from helpers.metrics.intervals import difference_interval as our_difference_interval
from helpers.metrics.intervals import recipe_interval as our_recipe_interval
from helpers.metrics.stars import rmse


@exercise(
    "The picture asks: where this was predicted, what was given? So what is the line's x, what y?",
    "Fit ratings from predictions, on the first two arrays; `np.polyfit(x, y, 1)` returns slope "
    "and intercept.",
    "`return intercept + slope * new_predictions`.",
)
def calibrated(function):
    needs_function(function)
    for labels, predictions, new in _uncalibrated():
        given = [values.copy() for values in (labels, predictions, new)]
        answer = as_numbers(_fitted(function, *given))
        if not all(map(np.array_equal, given, (labels, predictions, new))):
            mistake("Your function changes what it is given: work on copies.")
        if answer.shape == (2,):
            mistake("These may be slope and intercept: return the new predictions on the line.")
        if answer.shape == predictions.shape:
            mistake("This is one number for each old prediction: move the new ones onto the line.")
        if answer.shape != new.shape:
            mistake(f"{len(new)} predictions were to be moved; yours has shape {answer.shape}.")
        slope, intercept = np.polyfit(predictions, labels, 1)
        ours = intercept + slope * new
        turned, shift = np.polyfit(labels, predictions, 1)
        through_zero = predictions @ labels / (predictions @ predictions)
        spread = labels.std() / predictions.std()
        named = (
            (new, "These are the new predictions as they were: put them on the line."),
            (np.clip(ours, 1, 5), "The line is right; leave it uncut: no clipping was asked for."),
            (
                shift + turned * new,
                "This line predicts predictions from ratings: turn x and y round. Ratings come "
                "first, given what was predicted.",
            ),
            ((new - shift) / turned, "This is the line of predictions from ratings, turned round: "
             "it stretches where it should squeeze. Fit ratings from predictions."),
            ((new - intercept) / slope, "The line is right, but applied backwards."),
            (slope + intercept * new, "Slope and intercept are exchanged."),
            (
                new + labels.mean() - predictions.mean(),
                "The mean is right now, but the slope is still 1: fit a line, not a shift.",
            ),
            (through_zero * new, "This line goes through 0: let it have an intercept."),
            (
                labels.mean() + spread * (new - predictions.mean()),
                "This gives the predictions the ratings' spread. A calibrated model's predictions "
                "spread less than the ratings: take the line with the least squared error.",
            ),
        )  # fmt: skip
        same = partial(np.allclose, rtol=0, atol=2e-3)
        if not same(answer, ours):
            name_mistake(answer, named, same)
            mistake(
                f"A new prediction of {new[0]:.2f} should become {ours[0]:.3f}; yours is "
                f"{answer[0]:.3f}. The line has the least squared error of ratings, by prediction."
            )
    return "A line mends how sure a model is; what the model does not know, no line adds."


def _uncalibrated():
    """Yield ratings, predictions that are off in several ways, and new predictions."""
    rng = np.random.default_rng(3)
    for n, m, slope, intercept in ((200, 37, 0.6, 1.5), (150, 61, 1.4, -1.0), (90, 40, -0.5, 4.0)):
        predictions = rng.normal(3.5, 0.7, n)
        labels = np.round(intercept + slope * predictions + rng.normal(0, 0.9, n)).clip(1, 5)
        new = np.append(rng.normal(3.2, 0.9, m - 2), [8.0, -1.0])
        yield labels, predictions, new


def _fitted(function, labels, predictions, new):
    """Return what the learner's function returns, or say what it has mixed up."""
    try:
        return function(labels, predictions, new)
    except (TypeError, ValueError, np.linalg.LinAlgError) as error:
        if "same length" in str(error) or "shapes" in str(error):
            mistake(
                "Two arrays of different lengths were put together: the line is fitted on "
                "`labels` and `predictions`; `new_predictions` have no ratings yet."
            )
        raise


@exercise(
    "In each of `draws` rounds: draw n row numbers, and compute both RMSEs on those rows.",
    "`drawn = rng.integers(0, n, n)`, then the difference of `rmse(labels[drawn], first[drawn])` "
    "and the same of `second`. Collect the differences.",
    "At the end, `return np.percentile(differences, [2.5, 97.5])`.",
)
def difference_interval(function):
    needs_function(function)
    given, (low, high) = _two_models()
    labels, first, second = (values.copy() for values in given)
    width = high - low
    many = 5_000  # an unseeded right answer must not fail by chance: 1,000 draws do, once in 100
    a, b = _ends(function, labels, first, second, draws=many)
    if not all(map(np.array_equal, (labels, first, second), given)):
        mistake("Your function changes what it is given: work on copies.")
    full = rmse(labels, first) - rmse(labels, second)
    if low - width / 2 < a < b - width / 10 and b < low:
        mistake("`np.percentile` takes percent: 2.5 and 97.5, not 0.025 and 0.975.")
    if b < 0 < low:
        mistake("The sign is turned round: rmse(first) - rmse(second) is asked for.")
    if b < a:
        mistake("The lower end comes first.")
    if b - a < 1e-6 and abs(a - full) < 1e-6:
        mistake("The interval has no width: draw *with* replacement, so that rows can come twice.")
    if b - a < 1e-6:
        mistake("Each round draws the same rows: make `rng` once, before the first round.")
    squares = np.mean((labels - first) ** 2) - np.mean((labels - second) ** 2)
    named = (
        (squares, "These are differences of the mean squared error: RMSE is its root."),
        (rmse(labels, first), "This is the interval of one RMSE: subtract the second."),
        (rmse(labels, second), "This is the interval of one RMSE: take rmse(first) minus it."),
    )
    off = abs((a + b) - (low + high)) / 2
    if off > width / 8:
        name_mistake((a + b) / 2, named, partial(np.isclose, rtol=0, atol=width / 8))
    if off > 0.15 * width:
        mistake(
            f"It should lie around {full:.2f}; yours is {a:.2f} to {b:.2f}. Is it made of the "
            "RMSEs of labels and predictions of the same drawn rows?"
        )
    if b - a > 1.5 * width:
        mistake(
            f"It is {(b - a) / width:.1f} times as wide as it should be: use the same drawn rows "
            "for both models, draw as many rows as there are, and take the middle 95%."
        )
    if b - a < 0.7 * width:
        mistake(
            f"It is only {(b - a) / width:.1f} times as wide as it should be: are n rows drawn "
            "each time, and are the ends percentiles of the differences, 2.5 and 97.5, and not "
            "about their mean?"
        )
    if b - a < 0.91 * width or b - a > 1.1 * width:
        mistake("The ends are not those of the middle 95%: take the percentiles 2.5 and 97.5.")
    if _ends(function, labels, second, first, draws=200)[1] > 0:  # they are far below 0
        mistake("With the models exchanged, the ends should be below 0: keep the sign, no `abs`.")
    once = _ends(function, labels, first, second, draws=1)
    if np.ptp(once) > 1e-6:
        mistake("With draws=1 there is one difference, so no width: use `draws`.")
    return "Paired on the same rows, much smaller differences can be told from chance."


@functools.cache
def _two_models():
    """Return stars and two models' predictions of them, and our interval."""
    rng = np.random.default_rng(7)
    labels = rng.integers(1, 6, 300).astype(float)
    shared = rng.normal(0, 1, 300)  # what makes a rating hard is hard for both
    first, second = (labels + k * shared + rng.normal(0, 0.3, 300) for k in (1.2, 1.0))
    return (labels, first, second), our_difference_interval(labels, first, second, draws=10_000)


def _ends(function, *arrays, **named):
    """Return the two ends of the learner's interval."""
    try:
        answer = function(*arrays, **named)
    except IndexError:
        mistake("A drawn row number is too large: draw from 0 to n, the number of ratings.")
    except ValueError as error:
        if "uantile" not in str(error) and "ercentile" not in str(error):
            raise
        mistake("`np.percentile` takes percent, 2.5 and 97.5; `np.quantile` takes shares of 1.")
    ends = as_numbers(answer)
    if ends.shape != (2,):
        mistake(f"Return two numbers, the two ends; yours has shape {ends.shape}.")
    if not np.isfinite(ends).all():
        mistake("An end of your interval is not a number.")
    return ends.tolist()


@exercise(
    "Which ratings has the choice seen, and which has it not?",
    "Choose with `labels[chosen_on]` and the candidates' predictions of those ratings; then judge "
    "on `~chosen_on`.",
    "Two lists of RMSEs, one per half: `np.argmin` of the first says which candidate; return the "
    "mean of the second minus that candidate's value in the second.",
)
def gain_elsewhere(function):
    needs_function(function)
    for labels, candidates, chosen_on in _candidates():
        given = [values.copy() for values in (labels, candidates, chosen_on)]
        answer = as_number(function(*given))
        if not all(map(np.array_equal, given, (labels, candidates, chosen_on))):
            mistake("Your function changes what it is given: work on copies.")
        chosen, judged, whole = (
            np.array([rmse(labels[rows], each[rows]) for each in candidates])
            for rows in (chosen_on, ~chosen_on, slice(None))
        )
        best = np.argmin(chosen)
        ours = judged.mean() - judged[best]
        blend = rmse(labels[~chosen_on], candidates.mean(axis=0)[~chosen_on])
        others = np.delete(judged, best)
        named = (
            (abs(ours), "A gain may be below 0: keep the sign."),
            (max(ours, 0), "A gain may be below 0: keep the sign."),
            (-ours, "The sign is turned round: a candidate better than the mean has a gain above "
             "0."),
            (chosen.mean() - chosen.min(), "This chooses and judges on the same ratings, those "
             "where `chosen_on` is True: judge on the others."),
            (whole.mean() - whole.min(), "This chooses and judges on all ratings: choose where "
             "`chosen_on` is True, judge where it is not."),
            (judged.mean() - judged.min(), "This chooses and judges on the other ratings: choose "
             "where `chosen_on` is True."),
            (chosen.mean() - chosen[np.argmin(judged)], "The two halves are exchanged: choose "
             "where `chosen_on` is True."),
            (chosen.mean() - judged[best], "The mean and the chosen one are judged on different "
             "ratings: take both where `chosen_on` is False."),
            (whole.mean() - judged[best], "The mean is taken over all ratings: take it where "
             "`chosen_on` is False, as the chosen one's."),
            (whole.mean() - whole[best], "The gain is measured on all ratings, those that chose "
             "included: leave them out."),
            (judged.mean() - judged[np.argmax(chosen)], "This takes the worst candidate: the "
             "lowest RMSE is the best."),
            (judged.mean() - judged[np.argmax(judged)], "This takes the worst candidate."),
            (judged[best], "This is the chosen one's RMSE: subtract it from the candidates' mean."),
            (best, "This is the number of the chosen candidate: return its gain."),
            (blend - judged[best], "This is the RMSE of the candidates' mean prediction: take the "
             "mean of their RMSEs."),
            (others.mean() - judged[best], "The mean leaves the chosen candidate out: it is the "
             "mean of all."),
            (np.sort(judged)[-1] - judged[best], "This compares with the worst candidate, not "
             "with the mean."),
            (np.median(judged) - judged[best], "This compares with the median, not the mean."),
            ((judged**2).mean() - judged[best] ** 2, "These are mean squared errors: RMSE is "
             "their root."),
        )  # fmt: skip
        same = partial(np.isclose, rtol=0, atol=1e-6)
        if not same(answer, ours):
            name_mistake(answer, named, same)
            mistake(
                f"With these {len(candidates)} candidates the gain is {ours:.4f}; yours is "
                f"{answer:.4f}. Choose on one part, judge on the other."
            )
    return "Luck does not carry over to ratings that have not chosen; what is better does."


def _candidates():
    """Yield ratings, candidates, and which ratings choose; by luck or not, with gains below 0."""
    rng = np.random.default_rng(361)  # all of the mistakes differ in the first case
    for k, n, share in ((6, 80, 0.5), (7, 101, 0.3), (4, 60, 0.7), (6, 90, 0.5), (5, 70, 0.4)):
        labels = rng.integers(1, 6, n).astype(float)
        yield labels, labels + rng.normal(0.2, 1, (k, n)), rng.random(n) < share


@exercise(
    "How often does a user who is drawn twice come in `wrong_draw`'s rows?",
    "A user who is drawn twice brings each of her rows twice; one who is not drawn, none.",
    "Count how often each user is drawn (`np.bincount`), and repeat each row as often as its user "
    "(`np.repeat`); or put together `np.flatnonzero(user_ids == user)` of the users as drawn.",
)
def draw_users(function):
    needs_function(function)
    for user_ids in _user_ids():
        _judge_draws(function, user_ids)
    return "A user's ratings come and go together, so what they share counts as one chance."


def _user_ids():
    """Yield whose the ratings are: out of order, few for some and many for others."""
    rng = np.random.default_rng(5)
    yield rng.permutation(np.repeat(np.arange(30) * 7 - 20, np.arange(30) ** 2 // 20 + 1))
    yield np.sort(rng.integers(0, 12, 60)).astype("S")
    yield np.array([4, 4, 4])


def _judge_draws(function, user_ids, draws=300):
    users, user, sizes = np.unique(user_ids, return_inverse=True, return_counts=True)
    rng, counts = np.random.default_rng(42), []
    for _ in range(draws):
        given = user_ids.copy()
        rows = as_numbers(function(given, rng), "Row numbers")
        if not np.array_equal(given, user_ids):
            mistake("Your function changes what it is given: work on copies.")
        counts.append(_times_drawn(rows, user_ids, user, sizes))
    counts = np.array(counts)
    if len(users) == 1:
        return
    if (counts == counts[0]).all():
        mistake(
            "All draws are the same: use the `rng` that is given, and draw with replacement; "
            "do not make a new one."
        )
    if counts.max() == 1:
        mistake(
            "Nobody is ever drawn twice: a user who is drawn twice brings each row twice. "
            "`np.isin` tells who was drawn, not how often."
        )
    drawn = counts.sum(axis=1)
    if (drawn != len(users)).any():
        mistake(
            f"There are {len(users)} users, so draw {len(users)} users each time, with "
            f"replacement; in one draw you took {drawn[drawn != len(users)][0]}."
        )
    if np.corrcoef(counts.mean(axis=0), sizes)[0, 1] > 0.6 and np.ptp(counts.mean(axis=0)) > 0.9:
        mistake(
            "Users with many ratings are drawn more often: draw from the different users, each "
            "as likely as any other."
        )
    if not (abs(counts.mean(axis=0) - 1) < 6 / np.sqrt(draws)).all():
        mistake("Some users are drawn more often than others: each is as likely as any other.")
    again = [as_numbers(function(user_ids, np.random.default_rng(1))) for _ in range(2)]
    if not np.array_equal(*map(np.sort, again)):
        mistake("The same `rng` should draw the same: use the one that is given, no other.")


def _times_drawn(rows, user_ids, user, sizes):
    """Return how often each user is drawn, if each of the user's rows is there as often."""
    n = len(user_ids)
    if rows.ndim != 1:
        mistake(f"Row numbers of shape (any,) were asked for; yours have shape {rows.shape}.")
    if len(rows) and not np.array_equal(rows, np.round(rows)):
        mistake("Row numbers are whole numbers.")
    if len(rows) == n and np.isin(rows, (0, 1)).all() and n > 3:
        mistake("This is a mask, True or False for each row: return the row numbers.")
    if len(rows) == 0 or rows.min() < 0 or rows.max() >= n:
        mistake(f"Row numbers from 0 to {n - 1} were asked for, and some of them.")
    times = np.bincount(rows.astype(int), minlength=n)
    for number, size in enumerate(sizes):
        of_user = times[user == number]
        if np.ptp(of_user):
            mistake(
                f"A user has {size} ratings; one comes {of_user.max()} times, another "
                f"{of_user.min()} times: whoever is drawn brings all ratings, each as often."
            )
    return times[np.unique(user, return_index=True)[1]]


@exercise(
    "What would be different if somebody did all of this again: other users, and other seeds.",
    "In each round: rows by `draw_users`, the same for both; then for each of the two as many "
    "seeds, with replacement, as it has rows. The RMSE of a recipe is the mean over drawn seeds.",
    "`seeds = rng.integers(0, len(by_seed), len(by_seed))`, and `np.mean([rmse(labels[rows], "
    "by_seed[seed][rows]) for seed in seeds])` for `first` and for `second`.",
)
def recipe_interval(function):
    needs_function(function)
    cases = _recipes()
    if np.ptp(_ends(function, *map(np.copy, cases[0][0]), draws=1)) > 1e-9:
        mistake("With draws=1 there is one difference, so no width: use `draws`.")
    answers, right = [], np.array([ours for _, ours in cases])
    for given, _ in cases:
        copies = tuple(values.copy() for values in given)
        answers.append(_ends(function, *copies, draws=3_000))
        if not all(map(np.array_equal, given, copies)):
            mistake("Your function changes what it is given: work on copies.")
    answers = np.array(answers)
    if _apart(answers, right) < 0.05:
        return "One interval for the recipe: more seeds now make it narrower, not harder to pass."
    (a, b), (low, high) = answers[0], right[0]
    if b < a:
        mistake("The lower end comes first.")
    if low - (high - low) / 2 < a and b < low and b - a > 1e-9:
        mistake("`np.percentile` takes percent: 2.5 and 97.5, not 0.025 and 0.975.")
    if b - a < 1e-9:
        mistake("The interval has no width: draw users and seeds anew in each round.")
    if _apart(-answers[:, ::-1], right) < 0.05:
        mistake("The sign is turned round: RMSE of `first` minus RMSE of `second` is asked for.")
    wrong, message = min(_mistaken_recipes(), key=lambda each: _apart(answers, each[0]))
    if _apart(answers, wrong) < 0.05:
        mistake(message)
    width = high - low
    if abs((a + b) - (low + high)) / 2 > width / 5:
        mistake(
            f"It should lie around {(low + high) / 2:.2f}; yours is {a:.2f} to {b:.2f}. Is it "
            "mean RMSE of `first` minus mean RMSE of `second`, on the same rows?"
        )
    mistake(
        f"It is {(b - a) / width:.2f} times as wide as it should be: draw users once per "
        "round, the same rows for both, and as many seeds as there are, with replacement; "
        "then take the percentiles 2.5 and 97.5."
    )
    return None


def _apart(answers, others):
    """Return how far two lists of intervals are apart at most, in parts of the wider one's width.

    Two right answers are 0.015 apart, by chance.
    """
    widths = np.maximum(np.ptp(answers, axis=1), np.ptp(others, axis=1))
    return (np.abs(answers - others) / np.maximum(widths, 1e-9)[:, None]).max()


@functools.cache
def _recipes():
    """Return what a recipe's interval is asked for, and ours."""
    rng = np.random.default_rng(21)
    users = rng.geometric(0.03, 400).clip(max=60)
    labels = rng.integers(1, 6, 400).astype(float)
    hard = rng.choice([-1, 1], 400) * rng.uniform(0.8, 1.2, 400) * rng.choice([0.6, 1.8], 61)[users]
    of_user = rng.choice([0.5, 1.7], 61)[users]  # what one model makes worse, for all of a user
    own = rng.normal(0, 0.7, (4, 400))  # each seed's own errors cancel in a mean prediction
    one = labels + of_user * hard
    alike, unlike = (
        labels + np.array(scales)[:, None] * hard + own
        for scales in ((0.9, 1.0, 1.05, 1.1), (0.6, 1.0, 1.3, 1.6))
    )
    few = labels + np.array([0.8, 1.3])[:, None] * of_user * hard + own[:2]
    cases = []
    for first, second in ((one[None], alike), (unlike, few)):
        given = labels, first, second, users
        cases.append((given, our_recipe_interval(*given, draws=10_000)))
    return cases


@functools.cache
def _mistaken_recipes():
    """Return pairs of the intervals that a known mistake leads to and what to say of it."""
    cases = [_mistaken(*given) for given, _ in _recipes()]
    return [(np.array([each[0] for each in same]), same[0][1]) for same in zip(*cases)]


def _mistaken(labels, first, second, users, draws=1_500):
    """Return pairs of an interval that a known mistake leads to and what to say of it."""
    rows_of = [np.flatnonzero(users == user) for user in np.unique(users)]
    squares = [(labels - recipe) ** 2 for recipe in (first, second)]
    blends = [(labels - recipe.mean(axis=0, keepdims=True)) ** 2 for recipe in (first, second)]
    rng, n = np.random.default_rng(1), len(labels)

    def of_users():
        drawn = rng.integers(0, len(rows_of), len(rows_of))
        return np.concatenate([rows_of[user] for user in drawn])

    def of_users_once():
        drawn = np.unique(rng.integers(0, len(rows_of), len(rows_of)))
        return np.concatenate([rows_of[user] for user in drawn])

    def of_ratings():
        return rng.integers(0, n, n)

    def all_seeds(k):
        return np.arange(k)

    def drawn_seeds(k):
        return rng.integers(0, k, k)

    def one_seed(k):
        return rng.integers(0, k, 1)

    def interval(rows, seeds, pair=True, of=squares, root=np.sqrt, ends=(2.5, 97.5)):
        differences = []
        for _ in range(draws):
            here = rows()
            means = [
                root(recipe[:, here if pair else rows()].mean(axis=1))[seeds(len(recipe))].mean()
                for recipe in of
            ]
            differences.append(means[0] - means[1])
        return tuple(np.percentile(differences, ends))

    return (
        (interval(of_users, all_seeds), "The seeds are the same in each round: draw them too, "
         "with replacement, or the interval is that of these models alone."),
        (interval(lambda: slice(None), drawn_seeds), "The users are the same in each round: draw "
         "rows with `draw_users`, too."),
        (interval(of_ratings, drawn_seeds), "This draws ratings: draw users with all their "
         "ratings, with `draw_users`."),
        (interval(of_ratings, all_seeds), "This draws ratings, and no seeds: draw users with "
         "`draw_users`, and seeds."),
        (interval(of_users_once, drawn_seeds), "A user who is drawn twice brings each rating "
         "twice: use `draw_users`."),
        (interval(of_users, one_seed), "This draws one seed in each round, which is the interval "
         "of a single training: draw as many seeds as there are, and take the mean RMSE."),
        (interval(of_users, drawn_seeds, pair=False), "Each recipe is judged on rows of its own: "
         "draw users once per round, the same rows for both."),
        (interval(of_users, all_seeds, of=blends), "This is the RMSE of the seeds' mean "
         "prediction, another and better model: take the mean of the seeds' RMSEs."),
        (interval(of_users, drawn_seeds, root=np.asarray), "These are mean squared errors: RMSE "
         "is their root."),
        (interval(of_users, drawn_seeds, ends=(5, 95)), "The ends are not those of the middle "
         "95%: take the percentiles 2.5 and 97.5."),
    )  # fmt: skip


@exercise(
    "How often does somebody who has rated movies for an hour come back weeks later?",
    "Compare with what the cell below the answer prints.",
    "It is the largest of the three.",
)
def new_user_share(answer):
    return judge_choices(
        {"new_user_share": answer},
        new_user_share={
            "a": "More: users do not come back all the time. Compare with what the cell prints.",
            "b": "More: most users rate in one sitting. Compare with what the cell prints.",
            "c": "Right: in this data, the future is mostly people whom the model has never met.",
        },
    )


@exercise(
    "q1: what do intervals of single models leave out? q2: see the picture of the five seeds. "
    "q3: what part of the interval comes from the ratings, and what part does not?",
    "q1: think of a rating that is hard for both models. q2: what would a sixth seed do to each "
    "of the three rules? q3: do more ratings make the seeds more alike?",
    "q1 is one of b and c; q2 is one of a and c; q3 is one of a and b.",
)
def quiz_difference(answers):
    return judge_choices(
        answers,
        q1={
            "a": "The two intervals overlap because some ratings are hard for both models.",
            "b": "It may be; nothing here says how far the difference can move.",
            "c": "Right: paired, what is hard for both cancels, and the seeds have their say.",
        },
        q2={
            "a": "With more seeds this gets harder and harder to pass, even for a real gain.",
            "b": "The best of five seeds is chosen by luck; users get any one of them.",
            "c": "Right: the question is about the recipe, and it has one answer.",
        },
        q3={
            "a": "The ratings' part gets half as wide; five seeds are still five seeds.",
            "b": "Right: more ratings do not say more about the seeds.",
            "c": "Four times the ratings halve their part; they do not divide it by four.",
        },
    )
