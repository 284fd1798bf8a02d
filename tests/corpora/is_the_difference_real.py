"""Right and plausibly wrong answers to the exercises of the lesson on comparing models."""

import numpy as np

from helpers.metrics import intervals
from helpers.metrics.stars import rmse


def line_of(labels, predictions, new):
    slope, intercept = np.polyfit(predictions, labels, 1)
    return intercept + slope * new


def halves_with(line=line_of, other=True, masks=lambda n: np.arange(n) % 2 == 0, result=np.asarray):
    """Return a `calibrated` with something changed; `line` gets ratings, predictions, new ones."""

    def function(labels, predictions):
        half, moved = masks(len(labels)), np.empty(len(labels))
        for rows in (half, ~half):
            on = ~rows if other else rows
            moved[rows] = line(labels[on], predictions[on], predictions[rows])
        return result(moved)

    return function


def halves_by_slices(labels, predictions):
    moved = predictions.astype(float)
    for start in (0, 1):
        x, y = predictions[1 - start :: 2], labels[1 - start :: 2]
        slope = np.cov(x, y)[0, 1] / x.var(ddof=1)
        moved[start::2] = y.mean() + slope * (predictions[start::2] - x.mean())
    return moved


def halves_by_least_squares(labels, predictions):
    moved = []
    for row, value in enumerate(predictions):
        on = np.arange(len(labels)) % 2 != row % 2
        table = np.stack([np.ones(on.sum()), predictions[on]], axis=1)
        weights = np.linalg.lstsq(table, labels[on], rcond=None)[0]
        moved.append(weights[0] + weights[1] * value)
    return np.array(moved)


def turned_line(labels, predictions, new):
    return line_of(predictions, labels, new)


def turned_line_back(labels, predictions, new):
    slope, intercept = np.polyfit(labels, predictions, 1)
    return (new - intercept) / slope


def line_with(change):
    """Return a line that makes something else of slope, intercept and the new predictions."""

    def line(labels, predictions, new):
        slope, intercept = np.polyfit(predictions, labels, 1)
        return change(slope, intercept, new)

    return line


def half_left_alone(even):
    """Return a `calibrated` that moves one half alone."""

    def function(labels, predictions):
        mine = (np.arange(len(labels)) % 2 == 0) == even
        return np.where(mine, predictions, halves_with()(labels, predictions))

    return function


def one_line_of(mask):
    """Return a `calibrated` that fits one line, on the rows of a mask."""

    def function(labels, predictions):
        on = mask(np.arange(len(labels)))
        return line_of(labels[on], predictions[on], predictions)

    return function


def halves_put_together(labels, predictions):
    moved, even = halves_with()(labels, predictions), np.arange(len(labels)) % 2 == 0
    return np.append(moved[even], moved[~even])


def calibrated_in_place(labels, predictions):
    predictions[:] = halves_with()(labels, predictions)
    return predictions


def halves_by_size(labels, predictions):
    order = np.argsort(predictions, kind="stable")
    moved = np.empty(len(labels))
    moved[order] = halves_with()(labels[order], predictions[order])
    return moved


def one_half_after_the_other(labels, predictions):
    moved = predictions.copy()
    for start in (0, 1):
        slope, intercept = np.polyfit(moved[start::2], labels[start::2], 1)
        moved[1 - start :: 2] = intercept + slope * moved[1 - start :: 2]
    return moved


def mean_of_two_lines(labels, predictions):
    lines = [np.polyfit(predictions[start::2], labels[start::2], 1) for start in (0, 1)]
    return np.polyval(np.mean(lines, axis=0), predictions)


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


def users_in_groups(user_ids, rng):
    _, user, counts = np.unique(user_ids, return_inverse=True, return_counts=True)
    groups = np.split(np.argsort(user, kind="stable"), np.cumsum(counts)[:-1])
    return np.concatenate([groups[drawn] for drawn in rng.integers(0, len(groups), len(groups))])


def users_in_loops(user_ids, rng):
    users, drawn = user_ids.tolist(), drawn_users(user_ids, rng).tolist()
    return np.array([row for one in drawn for row, user in enumerate(users) if user == one])


def half_of_the_users_twice(user_ids, rng):
    users = np.unique(user_ids)
    drawn = rng.choice(users, (len(users) + 1) // 2)
    drawn = np.append(drawn, drawn)[: len(users)]
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


def rows_of(user_ids, drawn):
    order = np.argsort(user_ids, kind="stable")
    ends = (np.searchsorted(user_ids[order], drawn, side) for side in ("left", "right"))
    return np.concatenate([order[start:end] for start, end in zip(*ends)])


def users_by(draw, rows=rows_of):
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


def times_drawn(rng, n, draws):
    """Return how often each of n comes, where so many are drawn; of shape (draws, n)."""
    drawn = rng.integers(0, n, (draws, n)) + n * np.arange(draws)[:, None]
    return np.bincount(drawn.ravel(), minlength=draws * n).reshape(draws, n)


def times_of_users(number_of, rng, draws):
    """Return how often each row comes in each draw: as often as its user, a number from 0."""
    return times_drawn(rng, number_of.max() + 1, draws)[:, number_of]


def times_of_users_once(number_of, rng, draws):
    return np.minimum(times_of_users(number_of, rng, draws), 1)


def times_of_ratings(number_of, rng, draws):
    return times_drawn(rng, len(number_of), draws)


def times_of_all_rows(number_of, rng, draws):
    return np.ones((draws, len(number_of)), int)


def times_of(draw):
    """Return how often each row comes in each draw of a `draw_users`."""
    return lambda number_of, rng, draws: np.array(
        [np.bincount(draw(number_of, rng), minlength=len(number_of)) for _ in range(draws)]
    )


def seeds_of_each(rng, sizes, draws):
    """Return seeds for both recipes, each of shape (draws, seeds)."""
    return [rng.integers(0, k, (draws, k)) for k in sizes]


def recipe_with(
    times=times_of_users, seeds=seeds_of_each, pair=True, sign=1, ends=(2.5, 97.5), root=np.sqrt,
    blend=False, seed=3, fixed=None, over=np.mean,
):  # fmt: skip
    """Return a `recipe_interval` with one thing changed; it does all draws at once."""

    def function(labels, first, second, user_ids, draws=1_000):
        rng, draws = np.random.default_rng(seed), fixed or draws
        _, number_of = np.unique(user_ids, return_inverse=True)
        weights = [times(number_of, rng, draws)]
        weights.append(weights[0] if pair else rng.permutation(weights[0]))
        means = []
        for recipe, drawn, of in zip(
            (first, second), seeds(rng, (len(first), len(second)), draws), weights
        ):
            if blend:
                squares = (recipe[drawn].mean(axis=1) - labels) ** 2
                mse = ((squares * of).sum(axis=1) / of.sum(axis=1))[:, None]
            else:
                squares = (recipe - labels) ** 2
                mse = np.einsum("dr,sr->ds", of, squares) / of.sum(axis=1, keepdims=True)
                mse = np.take_along_axis(mse, drawn, axis=1)
            means.append(over(root(mse), axis=1))
        return np.percentile(sign * (means[0] - means[1]), ends)

    return function


def ratings_drawn(user_ids, rng):
    return rng.integers(0, len(user_ids), len(user_ids))


def users_once(user_ids, rng):
    return np.flatnonzero(np.isin(user_ids, drawn_users(user_ids, rng)))


def all_seeds(rng, sizes, draws):
    return [np.tile(np.arange(k), (draws, 1)) for k in sizes]


def seeds_once(rng, sizes, draws):
    return [rng.permuted(all_of_one, axis=1) for all_of_one in all_seeds(rng, sizes, draws)]


def one_seed(rng, sizes, draws):
    return [rng.integers(0, k, (draws, 1)) for k in sizes]


def five_seeds(rng, sizes, draws):
    return [rng.integers(0, k, (draws, 5)) for k in sizes]


def seeds_of_second(rng, sizes, draws):
    return [all_seeds(rng, sizes, draws)[0], seeds_of_each(rng, sizes, draws)[1]]


def seeds_of_first(rng, sizes, draws):
    return [seeds_of_each(rng, sizes, draws)[0], all_seeds(rng, sizes, draws)[1]]


def same_seeds_where_as_many(rng, sizes, draws):
    """Draw the numbers of the seeds once, where both recipes have as many."""
    drawn = seeds_of_each(rng, sizes, draws)
    return drawn[:1] * 2 if sizes[0] == sizes[1] else drawn


def seeds_as_many_as_second(rng, sizes, draws):
    """Draw the numbers of `second`'s seeds, and take `first`'s of the same numbers."""
    drawn = rng.integers(0, sizes[1], (draws, sizes[1]))
    return [drawn % k for k in sizes]


def shared_seeds(rng, sizes, draws):
    """Draw seeds once for both, as far as each has them."""
    shared = rng.random((draws, max(sizes)))
    return [(shared[:, :k] * k).astype(int) for k in sizes]


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


def users_as_floats(user_ids, rng):
    rows = np.array([])
    for user in drawn_users(user_ids, rng):
        rows = np.append(rows, np.flatnonzero(user_ids == user))
    return rows


PLANS = {
    "ratings_paired": 46_900,
    "ratings_unpaired": 986_000,
    "half_on_test": 0.003,
    "share_seen": 0.975,
}
IN_TIME = {"share": "c", "known": "b", "new": "c", "all": "c", "known_means": "b"}
QUIZ = {"q1": "c", "q2": "c", "q3": "b"}

RIGHT = {
    "calibrated": [(halves_with(),), (halves_by_slices,), (halves_by_least_squares,)],
    "planned": [
        (PLANS,),
        ({name: np.float64(value) for name, value in PLANS.items()},),
        (
            {
                "ratings_paired": 45_000,
                "ratings_unpaired": 1e6,
                "half_on_test": 0.0031,
                "share_seen": 0.98,
            },
        ),
    ],
    "gain_elsewhere": [
        (gain_of(on, off),),
        (gain_by_matrix,),
        (lambda *a: np.float32(gain_by_matrix(*a)).astype(float),),
    ],
    # Of these, the quickest first: tests of nonsense call it often
    "draw_users": [(users_by_repeating,), (users_in_groups,), (users_in_a_list,)],
    "recipe_interval": [
        (recipe_with(),),
        (recipe_by_weights,),
        (recipe_with(times_of(users_by_repeating), seed=7),),
        (lambda *a, draws=9: intervals.recipe_interval(*a, draws=draws),),
    ],
    "in_time": [(IN_TIME,), ({name: f" {letter.upper()}" for name, letter in IN_TIME.items()},)],
    "quiz_difference": [
        ({"q1": "C", "q2": "C", "q3": "B"},),
        ({"q3": "b ", "q2": "c", "q1": " c"},),
    ],
}

WRONG = {
    "calibrated": [
        # ratings do not help to fit the line on which they are judged
        ((lambda y, x: line_of(y, x, x),), "helps to fit the line"),
        ((halves_with(other=False),), "moved by its own line"),
        ((one_line_of(lambda row: row % 2 == 0),), "also the even ones"),
        ((one_line_of(lambda row: row % 2 == 1),), "also the odd ones"),
        # even rows and odd rows
        ((halves_with(masks=lambda n: np.arange(n) < (n + 1) // 2),), "first and the second half"),
        ((halves_with(masks=lambda n: np.arange(n) < n // 2),), "first and the second half"),
        ((halves_with(masks=lambda n: np.arange(n) % 3 == 0),), "and should become"),
        ((halves_by_size,), "in the order of the predictions"),
        ((one_half_after_the_other,), "moved already"),
        ((mean_of_two_lines,), "mean of the two lines"),
        # all of them are moved, each where it came
        ((half_left_alone(even=True),), "The even rows stay"),
        ((half_left_alone(even=False),), "The odd rows stay"),
        ((halves_put_together,), "in another order"),
        ((halves_with(result=lambda moved: moved[::2]),), "were to be moved; yours has shape"),
        ((lambda y, x: x,), "as they were"),
        # the line that predicts ratings from predictions with the lowest squared error
        ((halves_with(turned_line),), "turn x and y round"),
        ((halves_with(turned_line_back),), "stretch where they should squeeze"),
        ((halves_with(line_with(lambda a, b, new: (new - b) / a)),), "applied backwards"),
        ((halves_with(line_with(lambda a, b, new: a + b * new)),), "exchanged"),
        ((halves_with(lambda y, x, new: new + y.mean() - x.mean()),), "fit lines, no shifts"),
        ((halves_with(lambda y, x, new: (x @ y) / (x @ x) * new),), "go through 0"),
        (
            (halves_with(lambda y, x, new: y.mean() + y.std() / x.std() * (new - x.mean())),),
            "ratings' spread",
        ),
        (
            (halves_with(lambda y, x, new: y.mean() + np.corrcoef(x, y)[0, 1] * (new - x.mean())),),
            "not the correlation",
        ),
        ((halves_with(lambda y, x, new: np.polyval(np.polyfit(x, y, 2), new)),), "is a curve"),
        # uncut
        ((halves_with(result=lambda moved: moved.clip(1, 5)),), "leave it uncut"),
        ((halves_with(result=np.round),), "rounded to whole numbers"),
        ((halves_with(result=lambda moved: moved.astype(int)),), "cut to whole numbers"),
        # an array of shape (n,), and nothing changed
        ((halves_with(result=list),), "from a list it cannot"),
        ((halves_with(result=lambda moved: moved[:, None]),), "yours has shape (81, 1)"),
        ((lambda y, x: np.polyfit(x, y, 1),), "slope and intercept: return the predictions"),
        ((halves_with(result=np.mean),), "yours has shape ()"),
        ((calibrated_in_place,), "changes what it is given"),
        ((lambda y, x, new: new,), "raised TypeError"),
        ((lambda y, x: None,), "add `return`"),
        (((0.8, 0.7),), "A function was asked for"),
    ],
    "planned": [
        (
            (PLANS | {"ratings_paired": 19_300},),
            "ratings_paired: An interval narrows with the root",
        ),
        ((PLANS | {"ratings_paired": 187_000},), "ratings_paired: This takes the whole"),
        ((PLANS | {"ratings_paired": 490_000},), "ratings_paired: This takes the interval of one"),
        ((PLANS | {"ratings_paired": 8_000},), "too small. The figures"),
        ((PLANS | {"ratings_paired": 38_900},), "come on top of the 8,000"),
        # with the 8,000 ratings of the cell, not 10,000, 7,200 or 28,000
        ((PLANS | {"ratings_paired": 58_600},), "too large. The figures"),
        ((PLANS | {"ratings_paired": 42_200},), "too small. The figures"),
        ((PLANS | {"half_on_test": 0.00259},), "too small. The figures"),
        ((PLANS | {"half_on_test": 0.00242},), "too small. The figures"),
        # too low by more than half, on one side alone
        ((PLANS | {"share_seen": 0.95},), "on which side"),
        ((PLANS | {"share_seen": 1},), "share_seen: Some estimates are too low"),
        ((PLANS | {"share_seen": 0.5},), "not twice"),
        ((PLANS | {"share_seen": 0.75},), "By how much is such an estimate off"),
        ((PLANS | {"share_seen": 0.025},), "how often it is not seen"),
        ((PLANS | {"share_seen": 97.5},), "between 0 and 1"),
        ((PLANS | {"ratings_unpaired": 500_000},), "ratings_unpaired: This is the interval of one"),
        ((PLANS | {"ratings_unpaired": 1_970_000},), "the halves are added"),
        ((PLANS | {"ratings_unpaired": 47_000},), "ratings_unpaired: This is the paired"),
        ((PLANS | {"ratings_unpaired": 88_800},), "ratings_unpaired: An interval narrows"),
        ((PLANS | {"half_on_test": 0.0048},), "half_on_test: That is half of it on 8,000"),
        ((PLANS | {"half_on_test": 0.0019},), "half_on_test: An interval narrows with the root"),
        ((PLANS | {"half_on_test": 0.0076},), "half_on_test: With more ratings"),
        ((PLANS | {"half_on_test": 0.0061},), "half_on_test: This is the whole interval"),
        ((PLANS | {"half_on_test": 0.0099},), "half_on_test: This is the interval of one"),
        ((PLANS | {"half_on_test": 3},), "too large. The figures"),
        # a number of ratings, of the printed intervals
        ((PLANS | {"ratings_paired": 5.87},), "ratings_paired: That is how many times as many"),
        ((PLANS | {"ratings_paired": 1_363},), "ratings_paired: Fewer than the 8,000"),
        ((PLANS | {"ratings_paired": 12_450},), "ratings_paired: An interval narrows with"),
        ((PLANS | {"ratings_paired": 94_090},), "judged on the same ratings"),
        ((PLANS | {"ratings_paired": 117_400},), "of 8,000 ratings, not of 20,000"),
        ((PLANS | {"ratings_paired": 152_000},), "ratings_paired: This takes the difference"),
        ((PLANS | {"ratings_unpaired": 94_090},), "twice the paired number"),
        ((PLANS | {"ratings_unpaired": 493_000},), "Or these are half for each"),
        ((PLANS | {"ratings_unpaired": 123},), "ratings_unpaired: That is how many times"),
        ((PLANS | {"ratings_unpaired": 2_466_000},), "of 8,000 ratings, not 20,000"),
        ((PLANS | {"ratings_unpaired": 3_945_000},), "ratings_unpaired: This takes whole"),
        ((PLANS | {"half_on_test": 0.0055},), "half_on_test: This takes the difference"),
        ((PLANS | {"half_on_test": 0.014},), "half_on_test: This is the unpaired interval"),
        ((PLANS | {"share_seen": 97_500},), "share_seen: A share lies between 0 and 1"),
        ((PLANS | {"share_seen": -0.975},), "share_seen: A share lies between 0 and 1"),
        ((PLANS | {"half_on_test": ...},), "Still open: half_on_test"),
        ((PLANS | {"half_on_test": "0.003"},), "`half_on_test` returns a str"),
        (({"ratings_paired": 46_900},), "has the keys"),
        ((46_900,), "Answer with a dict"),
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
        ((gain_of(everywhere, off),), "This chooses on all ratings"),
        (
            (gain_of(on, off, lambda j, best: np.sqrt(np.mean(np.square(j))) - j[best]),),
            "root of the candidates' mean squared error",
        ),
        ((gain_of(on, off, lambda j, best: round(np.mean(j) - j[best], 2)),), "the gain is"),
        ((gain_in_place,), "changes what it is given"),
        ((lambda *a: 0.0,), "yours is 0.0000"),
        ((lambda labels, candidates, rows: candidates[0],), "One number was asked for"),
        ((lambda *a: None,), "returns nothing"),
        ((0.0,), "A function was asked for"),
    ],
    "draw_users": [
        ((users_once,), "Nobody is ever drawn twice"),
        (
            (users_by(lambda ids, rng: rng.permutation(np.unique(ids))),),
            "exactly once in each draw",
        ),
        ((lambda ids, rng: users_one_by_one(ids, np.random.default_rng(42)),), "All draws are"),
        ((ratings_drawn,), "whoever is drawn brings all ratings"),
        (
            (users_by(lambda ids, rng: rng.choice(ids, len(np.unique(ids)))),),
            "many ratings are drawn more often",
        ),
        ((users_by(lambda ids, rng: rng.choice(np.unique(ids), len(ids))),), "draw 30 each time"),
        ((users_by(lambda ids, rng: drawn_users(ids, rng)[:10]),), "in one draw yours brought 10"),
        ((users_by(drawn_users, lambda ids, drawn: drawn),), "Are these users instead"),
        ((users_by(drawn_users, np.isin),), "This is a mask"),
        (
            (users_by(lambda ids, rng: rng.choice(np.unique(ids)[:-1], len(np.unique(ids)))),),
            "each is as likely as any other",
        ),
        # each anew, and with replacement
        ((half_of_the_users_twice,), "draw each anew"),
        # each user's rows are found once
        ((users_one_by_one,), "With 60,000 users"),
        ((users_in_loops,), "With 3,000 users"),
        ((users_with_a_shared_generator(),), "use the one that is given"),
        ((users_in_place,), "changes what it is given"),
        ((users_as_floats,), "yours are floats"),
        ((lambda ids, rng: users_one_by_one(ids, rng)[:, None],), "have shape"),
        ((lambda ids, rng: np.array([], int),), "No rows are drawn"),
        ((lambda ids, rng: None,), "add `return`"),
        ((np.arange(5),), "A function was asked for"),
    ],
    "recipe_interval": [
        ((recipe_with(seeds=all_seeds),), "interval is that of these models alone"),
        ((recipe_with(seeds=seeds_once),), "of these models alone"),
        ((recipe_with(times_of_all_rows),), "users are the same in each round"),
        ((recipe_with(times_of_ratings),), "This draws ratings: draw users"),
        ((recipe_with(times_of_ratings, all_seeds),), "draws ratings, and no seeds"),
        ((recipe_with(seeds=one_seed),), "interval of a single training"),
        ((recipe_with(pair=False),), "same rows for both"),
        ((recipe_with(seeds=all_seeds, blend=True),), "mean prediction, another"),
        ((recipe_with(root=np.asarray),), "mean squared errors"),
        ((recipe_with(ends=(5, 95)),), "2.5 and 97.5"),
        ((recipe_with(ends=(0.025, 0.975)),), "takes percent"),
        ((recipe_with(ends=(97.5, 2.5)),), "lower end comes first"),
        ((recipe_with(sign=-1),), "sign is turned round"),
        ((recipe_with(times_of_users_once),), "brings each rating twice"),
        ((recipe_with(ends=(15, 85)),), "the interval is"),
        ((recipe_with(over=np.sum),), "the interval is"),
        ((recipe_with(blend=True),), "the drawn seeds' mean prediction"),
        ((recipe_with(over=np.median),), "the median of the seeds"),
        # with half of all seeds it is too far from the check's own to be named
        ((recipe_with(over=np.min, seed=20),), "the best of the drawn seeds"),
        ((recipe_with(seeds=seeds_as_many_as_second),), "the same seeds in a round"),
        (
            (recipe_with(root=np.asarray, over=lambda mse, axis: np.sqrt(mse.mean(axis))),),
            "the seeds' mean squared error",
        ),
        ((recipe_with(seeds=seeds_of_second),), "The seeds of `first` are the same"),
        ((recipe_with(seeds=seeds_of_first),), "The seeds of `second` are the same"),
        ((recipe_with(seeds=shared_seeds),), "the same seeds in a round"),
        ((recipe_with(seeds=same_seeds_where_as_many),), "the same seeds in a round"),
        (
            (recipe_with(seeds=five_seeds),),
            "the interval is",
        ),
        ((recipe_with(times_of_all_rows, all_seeds),), "no width"),
        ((recipe_with(fixed=1_000),), "make one in each draw"),
        ((recipe_with(ends=(2.5, 50, 97.5)),), "Return two numbers"),
        ((recipe_in_place,), "changes what it is given"),
        ((lambda *a, draws=9: None,), "add `return`"),
        (((0.0, 0.1),), "A function was asked for"),
    ],
    "in_time": [
        ((IN_TIME | {"share": "a"},), "share: More: few users come back"),
        ((IN_TIME | {"share": "b"},), "share: More: half of the users"),
        ((IN_TIME | {"known": "a"},), "known: The interval for known"),
        ((IN_TIME | {"known": "c"},), "known: The interval for known"),
        ((IN_TIME | {"new": "a"},), "new: An untrained row"),
        ((IN_TIME | {"new": "b"},), "new: The biases say 0"),
        ((IN_TIME | {"all": "a"},), "all: Most of these"),
        ((IN_TIME | {"all": "b"},), "all: Most of these"),
        ((IN_TIME | {"known_means": "a"},), "known_means: The interval tells"),
        ((IN_TIME | {"known_means": "c"},), "known_means: The interval tells"),
        ((IN_TIME | {"share": 0.85},), "share: answer with one of a, b, c"),
        ((IN_TIME | {"all": ...},), "Still open: all"),
        (({"share": "c"},), "has the keys"),
        (("c",), "Answer with a dict"),
    ],
    "quiz_difference": [
        ((QUIZ | {"q1": "a"},), "q1: So it would be if the seeds"),
        ((QUIZ | {"q1": "b"},), "q1: The ratings are the same, but"),
        ((QUIZ | {"q2": "a"},), "q2: A slope below 1"),
        ((QUIZ | {"q2": "b"},), "q2: Errors that cancel"),
        ((QUIZ | {"q3": "a"},), "q3: The slope was not 1"),
        ((QUIZ | {"q3": "c"},), "q3: So it would be"),
        ((QUIZ | {"q3": ...},), "Still open: q3"),
        (({"q1": "c", "q2": "b"},), "keys q1, q2, q3"),
        ((["c", "c", "b"],), "Answer with a dict"),
    ],
}
