"""Right and plausibly wrong answers to the exercises of the lesson on comparing models."""

import numpy as np

from helpers.metrics import intervals
from helpers.metrics.stars import rmse


def interval_by_matrix(seed):
    def function(labels, first, second, draws=1_000):
        drawn = np.random.default_rng(seed).integers(0, len(labels), (draws, len(labels)))
        errors = [((labels - p) ** 2)[drawn].mean(axis=1) ** 0.5 for p in (first, second)]
        return np.quantile(errors[0] - errors[1], (0.025, 0.975)).tolist()

    return function


def interval_by_sorting(labels, first, second, draws=1_000):
    rng = np.random.default_rng(9)
    differences = sorted(
        interval_round(rng.integers(0, len(labels), len(labels)), labels, first, second)
        for _ in range(draws)
    )
    return differences[int(0.025 * draws)], differences[int(0.975 * draws)]


def interval_round(drawn, labels, first, second):
    return rmse(labels[drawn], first[drawn]) - rmse(labels[drawn], second[drawn])


def interval_of(round_of=interval_round, ends=lambda d: np.percentile(d, [2.5, 97.5]), high=None):
    """Return a `difference_interval` with another round or other ends."""

    def function(labels, first, second, draws=1_000):
        rng = np.random.default_rng(42)
        n = len(labels)
        rounds = (rng.integers(0, high or n, n) for _ in range(draws))
        return ends([round_of(drawn, labels, first, second) for drawn in rounds])

    return function


def interval_of_one_draw(labels, first, second, draws=1_000):
    n = len(labels)
    rounds = (np.random.default_rng(42).integers(0, n, n) for _ in range(draws))
    differences = [interval_round(drawn, labels, first, second) for drawn in rounds]
    return np.percentile(differences, [2.5, 97.5])


def interval_of_draws_rows(labels, first, second, draws=1_000):
    rng = np.random.default_rng(42)
    rounds = (rng.integers(0, len(labels), draws) for _ in range(1_000))
    differences = [interval_round(drawn, labels, first, second) for drawn in rounds]
    return np.percentile(differences, [2.5, 97.5])


def interval_of_fixed_draws(labels, first, second, draws=1_000):
    return interval_of()(labels, first, second, 1_000)


def interval_of_squares(drawn, labels, first, second):
    return np.mean((labels - first)[drawn] ** 2) - np.mean((labels - second)[drawn] ** 2)


def interval_of_sizes(drawn, labels, first, second):
    return np.mean(abs(labels - first)[drawn]) - np.mean(abs(labels - second)[drawn])


def interval_in_place(labels, first, second, draws=1_000):
    answer = interval_of()(labels, first, second, draws)
    first -= labels
    return answer


def interval_one_by_one(labels, first, second, draws=1_000):
    rng = np.random.default_rng(42)
    while True:
        yield interval_round(rng.integers(0, len(labels), len(labels)), labels, first, second)


def interval_with(pair=True, replace=True, ends=(2.5, 97.5), sign=1, size=1.0, seed=42, mean=False):
    """Return a `difference_interval` with one thing changed."""

    def function(labels, first, second, draws=1_000):
        rng = np.random.default_rng(seed)
        n = len(labels)
        differences = []
        for _ in range(draws):
            a = rng.choice(n, int(n * size), replace=replace)
            b = a if pair else rng.choice(n, int(n * size), replace=replace)
            differences.append(sign * (rmse(labels[a], first[a]) - rmse(labels[b], second[b])))
        if mean:
            middle, error = np.mean(differences), np.std(differences) / np.sqrt(draws)
            return middle - 1.96 * error, middle + 1.96 * error
        return np.percentile(differences, ends)

    return function


def line_by_sums(labels, predictions, new_predictions):
    x, y = predictions - predictions.mean(), labels - labels.mean()
    return labels.mean() + (x @ y) / (x @ x) * (new_predictions - predictions.mean())


def line_by_least_squares(labels, predictions, new_predictions):
    ones = np.ones(len(predictions))
    weights = np.linalg.lstsq(np.stack([ones, predictions], axis=1), labels, rcond=None)[0]
    return [weights[0] + weights[1] * value for value in new_predictions]


def line_with(change):
    """Return a `calibrated` that makes something else of slope, intercept and the new ones."""

    def function(labels, predictions, new_predictions):
        slope, intercept = np.polyfit(predictions, labels, 1)
        return change(slope, intercept, new_predictions)

    return function


def line_of_predictions(labels, predictions, new_predictions):
    slope, intercept = np.polyfit(labels, predictions, 1)
    return intercept + slope * new_predictions


def line_turned(labels, predictions, new_predictions):
    slope, intercept = np.polyfit(labels, predictions, 1)
    return (new_predictions - intercept) / slope


def line_in_place(labels, predictions, new_predictions):
    slope, intercept = np.polyfit(predictions, labels, 1)
    new_predictions *= slope
    new_predictions += intercept
    return new_predictions


def gain_of(choose, judge, gain=lambda judged, best: np.mean(judged) - judged[best]):
    """Return a `gain_elsewhere` that chooses and judges on the rows that are given so."""

    def function(labels, candidates, chosen_on):
        chosen, judged = (
            [rmse(labels[rows(chosen_on)], each[rows(chosen_on)]) for each in candidates]
            for rows in (choose, judge)
        )
        return gain(judged, int(np.argmin(chosen)))

    return function


def on(rows):
    return rows


def off(rows):
    return ~rows


def everywhere(rows):
    return np.ones_like(rows)


def gain_by_matrix(labels, candidates, chosen_on):
    squares = (candidates - labels) ** 2
    best = np.argsort(squares[:, chosen_on].mean(axis=1))[0]
    roots = np.sqrt(squares[:, np.logical_not(chosen_on)].mean(axis=1))
    return float(np.mean(roots - roots[best]))


def gain_with_mean_of(rows, labels_rows=off):
    """Return a `gain_elsewhere` whose mean is taken over other ratings."""

    def function(labels, candidates, chosen_on):
        fair = gain_of(on, labels_rows, lambda judged, best: judged[best])
        here = rows(chosen_on)
        mean = np.mean([rmse(labels[here], each[here]) for each in candidates])
        return mean - fair(labels, candidates, chosen_on)

    return function


def gain_of_blend(labels, candidates, chosen_on):
    blend = rmse(labels[~chosen_on], candidates.mean(axis=0)[~chosen_on])
    return blend - gain_of(on, off, lambda judged, best: judged[best])(
        labels, candidates, chosen_on
    )


def gain_of_worst(labels, candidates, chosen_on):
    chosen, judged = (
        [rmse(labels[rows], each[rows]) for each in candidates] for rows in (chosen_on, ~chosen_on)
    )
    return np.mean(judged) - judged[np.argmax(chosen)]


def gain_in_place(labels, candidates, chosen_on):
    answer = gain_of(on, off)(labels, candidates, chosen_on)
    candidates -= labels
    return answer


def users_one_by_one(user_ids, rng):
    users = np.unique(user_ids)
    drawn = rng.choice(users, len(users))
    return np.concatenate([np.flatnonzero(user_ids == user) for user in drawn])


def users_in_a_list(user_ids, rng):
    users = sorted(set(user_ids.tolist()))
    rows = {user: [] for user in users}
    for row, user in enumerate(user_ids.tolist()):
        rows[user].append(row)
    drawn = [users[int(len(users) * rng.random())] for _ in users]
    return [row for user in drawn for row in rows[user]]


def users_by_repeating(user_ids, rng):
    users, place = np.unique(user_ids, return_inverse=True)
    times = rng.multinomial(len(users), np.full(len(users), 1 / len(users)))
    return np.arange(len(user_ids)).repeat(times[place])


def users_by(draw, rows=lambda user_ids, drawn: np.concatenate(
    [np.flatnonzero(user_ids == user) for user in drawn]
)):  # fmt: skip
    """Return a `draw_users` that draws users, or makes rows of them, in its own way."""
    return lambda user_ids, rng: rows(user_ids, draw(user_ids, rng))


def drawn_users(user_ids, rng):
    users = np.unique(user_ids)
    return rng.choice(users, len(users))


def users_with_a_shared_generator():
    shared = np.random.default_rng(3)
    return lambda user_ids, rng: users_one_by_one(user_ids, shared)


def users_in_place(user_ids, rng):
    rows = users_one_by_one(user_ids, rng)
    user_ids.sort()
    return rows


def numbers_repeated(number_of, rng):
    """Return rows of drawn users who are numbered from 0, which is quicker than `users_by_…`."""
    n = number_of.max() + 1
    return np.arange(len(number_of)).repeat(
        np.bincount(rng.integers(0, n, n), minlength=n)[number_of]
    )


def roots_of_means(squares):
    return np.sqrt(squares.mean(axis=1))


def recipe_with(
    rows=numbers_repeated, seeds=lambda rng, k: rng.integers(0, k, k), pair=True, sign=1,
    ends=(2.5, 97.5), errors=roots_of_means, blend=False, seed=42, fixed=None, over=np.mean,
):  # fmt: skip
    """Return a `recipe_interval` with one thing changed."""

    def function(labels, first, second, user_ids, draws=1_000):
        rng = np.random.default_rng(seed)
        differences, (_, number_of) = [], np.unique(user_ids, return_inverse=True)
        for _ in range(fixed or draws):
            shared = rows(number_of, rng)
            means = []
            for recipe in (first, second):
                here = shared if pair else rows(number_of, rng)
                drawn = recipe[seeds(rng, len(recipe))]
                drawn = drawn.mean(axis=0, keepdims=True) if blend else drawn
                means.append(over(errors((drawn[:, here] - labels[here]) ** 2)))
            differences.append(sign * (means[0] - means[1]))
        return np.percentile(differences, ends)

    return function


def ratings_drawn(user_ids, rng):
    return rng.integers(0, len(user_ids), len(user_ids))


def all_rows(user_ids, rng):
    return np.arange(len(user_ids))


def users_once(user_ids, rng):
    return np.flatnonzero(np.isin(user_ids, drawn_users(user_ids, rng)))


def all_seeds(rng, k):
    return np.arange(k)


def one_seed(rng, k):
    return rng.integers(0, k, 1)


def recipe_by_weights(labels, first, second, user_ids, draws=1_000):
    rng = np.random.default_rng(9)
    users, place = np.unique(user_ids, return_inverse=True)
    differences = []
    for _ in range(draws):
        weights = rng.multinomial(len(users), np.full(len(users), 1 / len(users)))[place]
        means = []
        for recipe in (first, second):
            roots = np.sqrt((recipe - labels) ** 2 @ weights / weights.sum())
            means.append(roots @ rng.multinomial(len(roots), np.full(len(roots), 1 / len(roots))))
            means[-1] /= len(roots)
        differences.append(means[0] - means[1])
    return tuple(np.quantile(differences, [0.025, 0.975]))


def recipe_in_place(labels, first, second, user_ids, draws=1_000):
    answer = recipe_with()(labels, first, second, user_ids, draws)
    second -= labels
    return answer


QUIZ = {"q1": "c", "q2": "c", "q3": "b"}

RIGHT = {
    "calibrated": [
        (line_by_sums,),
        (line_by_least_squares,),
        (line_with(lambda slope, intercept, new: np.polyval([slope, intercept], new)),),
        (lambda y, x, new: np.polynomial.Polynomial.fit(x, y, 1)(new),),
    ],
    "gain_elsewhere": [
        (gain_of(on, off),),
        (gain_by_matrix,),
        (lambda *a: np.float32(gain_by_matrix(*a)).astype(float),),
    ],
    "draw_users": [(users_one_by_one,), (users_in_a_list,), (users_by_repeating,)],
    "recipe_interval": [
        (recipe_by_weights,),  # the quickest first: tests of nonsense call it often
        (recipe_with(),),
        (recipe_with(rows=users_one_by_one, seed=7),),
        (lambda *a, draws=9: intervals.recipe_interval(*a, draws=draws),),
    ],
    "difference_interval": [
        (interval_with(),),
        (interval_with(seed=1),),
        (lambda *a, draws=500: intervals.difference_interval(*a, draws=draws),),
        (lambda *a, **more: tuple(interval_with()(*a, **more)),),
        *((interval_by_matrix(seed),) for seed in (5, 180, 226, 546)),  # with 1,000 draws, far out
        (interval_by_sorting,),
        (interval_of(),),
    ],
    "new_user_share": [("C",), (" c",)],
    "quiz_difference": [
        ({"q1": "C", "q2": "C", "q3": "B"},),
        ({"q3": "b ", "q2": "c", "q1": " c"},),
    ],
}

WRONG = {
    "calibrated": [
        ((line_of_predictions,), "turn x and y round"),
        ((line_turned,), "stretches where it should squeeze"),
        ((lambda y, x, new: new,), "as they were"),
        ((lambda y, x, new: new + y.mean() - x.mean(),), "fit a line, not a shift"),
        ((lambda y, x, new: (x @ y) / (x @ x) * new,), "goes through 0"),
        ((lambda y, x, new: y.mean() + y.std() / x.std() * (new - x.mean()),), "ratings' spread"),
        ((line_with(lambda a, b, new: np.clip(b + a * new, 1, 5)),), "leave it uncut"),
        ((line_with(lambda a, b, new: (new - b) / a),), "applied backwards"),
        ((line_with(lambda a, b, new: a + b * new),), "exchanged"),
        ((line_with(lambda a, b, new: (a, b)),), "slope and intercept: return the new"),
        ((lambda y, x, new: np.polyval(np.polyfit(x, y, 1), x),), "for each old prediction"),
        ((line_with(lambda a, b, new: np.mean(b + a * new)),), "yours has shape ()"),
        ((line_with(lambda a, b, new: b + a * new + 0.1),), "should become"),
        ((lambda y, x, new: np.polyval(np.polyfit(new, y, 1), new),), "have no ratings yet"),
        ((line_in_place,), "changes what it is given"),
        ((lambda y, x, new: None,), "add `return`"),
        (((0.8, 0.7),), "A function was asked for"),
    ],
    "gain_elsewhere": [
        ((gain_of(on, on),), "chooses and judges on the same ratings"),
        ((gain_of(everywhere, everywhere),), "chooses and judges on all ratings"),
        ((gain_of(off, off),), "chooses and judges on the other ratings"),
        ((gain_of(off, on),), "two halves are exchanged"),
        ((gain_of(on, everywhere),), "those that chose included"),
        ((gain_of(on, off, lambda judged, best: judged[best] - np.mean(judged)),), "turned round"),
        ((gain_of(on, off, lambda judged, best: judged[best]),), "the chosen one's RMSE"),
        ((gain_of(on, off, lambda judged, best: best),), "number of the chosen candidate"),
        ((gain_of(on, off, lambda judged, best: max(judged) - judged[best]),), "worst candidate"),
        ((gain_of(on, off, lambda j, best: np.median(j) - j[best]),), "with the median"),
        (
            (gain_of(on, off, lambda j, best: np.mean(np.delete(j, best)) - j[best]),),
            "leaves the chosen candidate out",
        ),
        (
            (gain_of(on, off, lambda j, best: np.mean(np.square(j)) - j[best] ** 2),),
            "mean squared errors",
        ),
        ((gain_of(on, off, lambda j, best: abs(np.mean(j) - j[best])),), "below 0"),
        ((gain_of(on, off, lambda j, best: max(np.mean(j) - j[best], 0)),), "below 0"),
        ((gain_with_mean_of(on),), "different ratings"),
        ((gain_with_mean_of(everywhere),), "taken over all ratings"),
        ((gain_of_blend,), "mean of their RMSEs"),
        ((gain_of_worst,), "takes the worst candidate"),
        ((gain_in_place,), "changes what it is given"),
        ((lambda *a: 0.0,), "yours is 0.0000"),
        ((lambda labels, candidates, rows: candidates[0],), "One number was asked for"),
        ((lambda *a: None,), "returns nothing"),
        ((0.0,), "A function was asked for"),
    ],
    "draw_users": [
        ((users_once,), "Nobody is ever drawn twice"),
        ((users_by(lambda ids, rng: rng.permutation(np.unique(ids))),), "All draws are the same"),
        ((lambda ids, rng: users_one_by_one(ids, np.random.default_rng(42)),), "All draws are"),
        ((ratings_drawn,), "whoever is drawn brings all ratings"),
        (
            (users_by(lambda ids, rng: rng.choice(ids, len(np.unique(ids)))),),
            "many ratings are drawn more often",
        ),
        ((users_by(lambda ids, rng: rng.choice(np.unique(ids), len(ids))),), "draw 30 users"),
        ((users_by(lambda ids, rng: drawn_users(ids, rng)[:10]),), "in one draw you took 10"),
        ((users_by(drawn_users, lambda ids, drawn: drawn),), "Row numbers"),
        ((users_by(drawn_users, np.isin),), "This is a mask"),
        (
            (users_by(lambda ids, rng: rng.choice(np.unique(ids)[:-1], len(np.unique(ids)))),),
            "each is as likely as any other",
        ),
        ((users_with_a_shared_generator(),), "use the one that is given"),
        ((users_in_place,), "changes what it is given"),
        ((lambda ids, rng: users_one_by_one(ids, rng) + 0.5,), "whole numbers"),
        ((lambda ids, rng: users_one_by_one(ids, rng)[:, None],), "have shape"),
        ((lambda ids, rng: [],), "and some of them"),
        ((lambda ids, rng: None,), "add `return`"),
        ((np.arange(5),), "A function was asked for"),
    ],
    "recipe_interval": [
        ((recipe_with(seeds=all_seeds),), "interval is that of these models alone"),
        ((recipe_with(seeds=lambda rng, k: rng.permutation(k)),), "of these models alone"),
        ((recipe_with(rows=all_rows),), "users are the same in each round"),
        ((recipe_with(rows=ratings_drawn),), "This draws ratings: draw users"),
        ((recipe_with(rows=ratings_drawn, seeds=all_seeds),), "draws ratings, and no seeds"),
        ((recipe_with(seeds=one_seed),), "interval of a single training"),
        ((recipe_with(pair=False),), "same rows for both"),
        ((recipe_with(seeds=all_seeds, blend=True),), "mean prediction, another"),
        ((recipe_with(errors=lambda squares: squares.mean(axis=1)),), "mean squared errors"),
        ((recipe_with(ends=(5, 95)),), "2.5 and 97.5"),
        ((recipe_with(ends=(0.025, 0.975)),), "takes percent"),
        ((recipe_with(ends=(97.5, 2.5)),), "lower end comes first"),
        ((recipe_with(sign=-1),), "sign is turned round"),
        ((recipe_with(rows=users_once),), "brings each rating twice"),
        ((recipe_with(ends=(15, 85)),), "as wide as it should be"),
        ((recipe_with(over=np.sum),), "It should lie around"),
        ((recipe_with(rows=all_rows, seeds=all_seeds),), "no width"),
        ((recipe_with(fixed=1_000),), "use `draws`"),
        ((recipe_with(ends=(2.5, 50, 97.5)),), "Return two numbers"),
        ((recipe_in_place,), "changes what it is given"),
        ((lambda *a, draws=9: None,), "add `return`"),
        (((0.0, 0.1),), "A function was asked for"),
    ],
    "difference_interval": [
        ((interval_with(pair=False),), "same drawn rows"),
        ((interval_with(replace=False),), "with* replacement"),
        ((interval_with(ends=(10, 90)),), "as wide as it should be"),
        ((interval_with(ends=(5, 95)),), "2.5 and 97.5"),
        ((interval_with(ends=(0, 100)),), "take the middle 95%"),
        ((interval_with(ends=(25, 75)),), "2.5 and 97.5"),
        ((interval_with(ends=(0.025, 0.975)),), "takes percent"),
        ((interval_with(ends=(97.5, 2.5)),), "lower end comes first"),
        ((interval_with(sign=-1),), "sign is turned round"),
        ((interval_with(size=0.1),), "as many rows as there are"),
        ((interval_with(mean=True),), "not about their mean"),
        ((interval_of(ends=lambda d: (np.mean(d) - np.std(d), np.mean(d) + np.std(d))),), "2.5"),
        ((interval_of(ends=lambda d: np.quantile(d, [2.5, 97.5])),), "shares of 1"),
        ((interval_of(ends=lambda d: np.percentile(d, [2.5, 50, 97.5])),), "Return two numbers"),
        ((interval_of(ends=list),), "Return two numbers"),
        ((interval_of(ends=lambda d: f"{min(d):.2f} to {max(d):.2f}"),), "a str came back"),
        ((interval_of(ends=lambda d: {"low": min(d), "high": max(d)}),), "a dict came back"),
        ((interval_of(high=1_000),), "too large: draw from 0 to n"),
        ((interval_of(interval_of_squares),), "mean squared error"),
        ((interval_of(interval_of_sizes),), "made of the RMSEs"),
        ((interval_of(lambda d, a, b, c: abs(interval_round(d, a, b, c))),), "no `abs`"),
        ((interval_of(lambda d, a, b, c: interval_round(d, a, b, c) / 2),), "made of the RMSEs"),
        ((interval_of(lambda d, a, b, c: rmse(a[d], b[d])),), "subtract the second"),
        ((interval_of(lambda d, a, b, c: rmse(a[d], c[d])),), "minus it"),
        (
            (interval_of(lambda d, a, b, c: rmse(a[d], b) - rmse(a[d], c)),),
            "the same drawn rows?",
        ),
        ((interval_of_one_draw,), "make `rng` once"),
        ((interval_of_draws_rows,), "are n rows drawn"),
        ((interval_of_fixed_draws,), "use `draws`"),
        ((interval_in_place,), "changes what it is given"),
        ((interval_one_by_one,), "a generator came back"),
        ((lambda *a, draws=9: np.mean(interval_with()(*a)),), "Return two numbers"),
        ((lambda *a, draws=9: (0.0, 1e-3),), "It should lie around"),
        ((lambda *a, draws=9: (np.nan, 1.0),), "not a number"),
        ((lambda *a, draws=9: None,), "add `return`"),
        (((0.1, 0.2),), "A function was asked for"),
    ],
    "new_user_share": [
        (("a",), "do not come back"),
        (("b",), "in one sitting"),
        ((0.85,), "nswer with one of a, b, c"),
        (("d",), "nswer with one of a, b, c"),
        (("about 85%",), "nswer with one of a, b, c"),
        ((85,), "nswer with one of a, b, c"),
        ((["c"],), "nswer with one of a, b, c"),
        (({"new_user_share": "c"},), "nswer with one of a, b, c"),
        (("bc",), "nswer with one of a, b, c"),
        ((True,), "nswer with one of a, b, c"),
        (("",), "nswer with one of a, b, c"),
        ((np.array([0.0, 0.85]),), "nswer with one of a, b, c"),
    ],
    "quiz_difference": [
        ((QUIZ | {"q1": "a"},), "q1: The two intervals overlap"),
        ((QUIZ | {"q1": "b"},), "q1: It may be"),
        ((QUIZ | {"q2": "a"},), "q2: With more seeds"),
        ((QUIZ | {"q2": "b"},), "q2: The best of five"),
        ((QUIZ | {"q3": "a"},), "q3: The ratings' part"),
        ((QUIZ | {"q3": "c"},), "q3: Four times"),
        ((QUIZ | {"q3": ...},), "Still open: q3"),
        (({"q1": "c", "q2": "b"},), "keys q1, q2, q3"),
        ((["c", "c", "b"],), "Answer with a dict"),
    ],
}
