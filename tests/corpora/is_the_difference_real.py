"""Right and plausibly wrong answers to the exercises of lesson 5."""

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


QUIZ = {"q1": "c", "q2": "b", "q3": "b"}

RIGHT = {
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
        ({"q1": "C", "q2": "B", "q3": "B"},),
        ({"q3": "b ", "q2": "b", "q1": " c"},),
    ],
}

WRONG = {
    "difference_interval": [
        ((interval_with(pair=False),), "same drawn rows"),
        ((interval_with(replace=False),), "with* replacement"),
        ((interval_with(ends=(10, 90)),), "as wide as it should be"),
        ((interval_with(ends=(5, 95)),), "2.5 and 97.5"),
        ((interval_with(ends=(0, 100)),), "take the middle 95 %"),
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
        (("about 85 %",), "nswer with one of a, b, c"),
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
        ((QUIZ | {"q2": "a"},), "q2: Drawing twice"),
        ((QUIZ | {"q2": "c"},), "q2: The bootstrap draws"),
        ((QUIZ | {"q3": "a"},), "q3: Both test splits"),
        ((QUIZ | {"q3": "c"},), "q3: The test ratings are the latest"),
        ((QUIZ | {"q3": ...},), "Still open: q3"),
        (({"q1": "c", "q2": "b"},), "keys q1, q2, q3"),
        ((["c", "b", "b"],), "Answer with a dict"),
    ],
}
