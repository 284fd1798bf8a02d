"""Right and plausibly wrong answers to the exercises of lesson 10."""

import numpy as np

from helpers.keras2 import tf
from helpers.models import new_user


def fold_with(
    inputs=lambda vectors: np.column_stack([np.ones(len(vectors)), vectors]),
    penalty=lambda l2, n, size: l2 * np.eye(size),
    errors=lambda errors: errors,
    result=lambda user: user,
):
    """Return a `fold_in` with one thing changed."""

    def function(movie_vectors, given, l2):
        x = inputs(movie_vectors)
        matrix = x.T @ x + penalty(l2, len(given), x.shape[1])
        return result(np.linalg.solve(matrix, x.T @ errors(given)))

    return function


def fold_by_least_squares(movie_vectors, errors, l2):
    """Add a row of root l2 for each unknown, whose target is 0."""
    size = 1 + movie_vectors.shape[1]
    x = np.hstack([np.ones((len(errors), 1)), movie_vectors])
    x = np.vstack([x, np.sqrt(l2) * np.eye(size)])
    return np.linalg.lstsq(x, np.append(errors, np.zeros(size)), rcond=None)[0]


def fold_in_a_loop(movie_vectors, errors, l2):
    size = 1 + movie_vectors.shape[1]
    matrix, right = l2 * np.eye(size), np.zeros(size)
    for vector, error in zip(movie_vectors, errors):
        x = np.array([1.0, *vector])
        matrix += np.outer(x, x)
        right += error * x
    return (np.linalg.inv(matrix) @ right).tolist()


def fold_by_ratings(movie_vectors, errors, l2):
    """Solve for one unknown per rating, which is cheaper for a few ratings."""
    x = np.insert(movie_vectors, 0, 1, axis=1)
    return x.T @ np.linalg.solve(x @ x.T + l2 * np.eye(len(x)), errors)


def fold_with_tf(movie_vectors, errors, l2):
    x = tf.concat([tf.ones([len(errors), 1], tf.float64), movie_vectors], axis=1)
    matrix = tf.matmul(x, x, transpose_a=True) + l2 * tf.eye(x.shape[1], dtype=tf.float64)
    return tf.linalg.solve(matrix, tf.linalg.matvec(x, errors, transpose_a=True)[:, None])[:, 0]


def fold_by_pinv(movie_vectors, errors, l2):
    return np.linalg.pinv(np.column_stack([np.ones(len(errors)), movie_vectors])) @ errors


def fold_without_squares(movie_vectors, errors, l2):
    return np.column_stack([np.ones(len(errors)), movie_vectors]).T @ errors / l2


def fold_one_after_the_other(movie_vectors, errors, l2):
    bias = errors.sum() / (len(errors) + l2)
    matrix = movie_vectors.T @ movie_vectors + l2 * np.eye(movie_vectors.shape[1])
    return np.append(bias, np.linalg.solve(matrix, movie_vectors.T @ (errors - bias)))


def fold_rows_with_rows(movie_vectors, errors, l2):
    x = np.column_stack([np.ones(len(errors)), movie_vectors])
    return np.linalg.solve(x @ x.T + l2 * np.eye(len(x)), errors)


def fold_in_place(movie_vectors, errors, l2):
    answer = fold_with()(movie_vectors, errors, l2)
    errors -= answer[0]
    return answer


def fold_with_mean(movie_vectors, errors, l2):
    """Divide by the number of ratings, which fails where there is none."""
    x = np.column_stack([np.ones(len(errors)), movie_vectors])
    n = np.float64(len(errors))
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.linalg.solve((x.T @ x + l2 * np.eye(x.shape[1])) / n, x.T @ errors / n)


def fold_picky(movie_vectors, errors, l2):
    if len(errors) == 0:
        raise ValueError("no ratings")
    return fold_with()(movie_vectors, errors, l2)


def fold_nothing_to_none(movie_vectors, errors, l2):
    return fold_with()(movie_vectors, errors, l2) if len(errors) else np.ones(3)


def left_with(
    fold=lambda count, n: slice(None, count),
    judge=lambda count, n: slice(count, None),
    predict=lambda user, vectors: user[0] + vectors @ user[1:],
    result=lambda errors, predictions: errors - predictions,
    l2_of=lambda l2: l2,
):
    """Return an `errors_left` with one thing changed."""

    def function(movie_vectors, errors, count, l2):
        folded, judged = fold(count, len(errors)), judge(count, len(errors))
        user = new_user.fold_in(movie_vectors[folded], errors[folded], l2_of(l2))
        return result(errors[judged], predict(user, movie_vectors[judged]))

    return function


def left_in_a_loop(movie_vectors, errors, count, l2):
    user = new_user.fold_in(movie_vectors[:count], errors[:count], l2)
    left = []
    for vector, error in list(zip(movie_vectors, errors))[count:]:
        left.append(error - user[0] - sum(u * m for u, m in zip(user[1:], vector)))
    return left


def left_in_place(movie_vectors, errors, count, l2):
    user = new_user.fold_in(movie_vectors[:count], errors[:count], l2)
    errors -= user[0] + movie_vectors @ user[1:]
    return errors[count:]


def everything(count, n):
    return slice(None)


def first(count, n):
    return slice(None, count)


def stars_with(
    is_wrong=lambda stars: not isinstance(stars, (int, float)) or not 1 <= stars <= 5,
    error=lambda title, stars: ValueError(f"{title}: {stars!r} is not from 1 to 5"),
    result=lambda stars: np.array(stars, float),
):
    """Return a `checked_stars` with one thing changed."""

    def function(ratings):
        for title, stars in ratings.items():
            if is_wrong(stars):
                raise error(title, stars)
        return result(list(ratings.values()))

    return function


def stars_by_try(ratings):
    values = []
    for title, stars in ratings.items():
        try:
            value = float("nan" if isinstance(stars, str) else stars)
        except TypeError:
            value = float("nan")
        if not (value >= 1 and value <= 5):
            raise ValueError(f"the stars of {title} are {stars}; give a number from 1 to 5")
        values.append(value)
    return values


def stars_by_float(ratings):
    """Take the text "4" for a number."""
    for title, stars in ratings.items():
        if stars is None or stars == "five" or not 1 <= float(stars) <= 5:
            raise ValueError(f"{title} {stars}")
    return np.array(list(ratings.values()), float)


def stars_by_comparison(ratings):
    for title, stars in ratings.items():
        if not 1 <= stars <= 5:
            raise ValueError(f"{title} {stars}")
    return np.array(list(ratings.values()), float)


def stars_clipped(ratings):
    return np.clip(np.array([float(stars) for stars in ratings.values()]), 1, 5)


def stars_all_named(ratings):
    if any(not isinstance(s, (int, float)) or not 1 <= s <= 5 for s in ratings.values()):
        raise ValueError(f"bad stars in {ratings}")
    return np.array(list(ratings.values()), float)


def stars_dropped(ratings):
    good = {t: s for t, s in ratings.items() if isinstance(s, (int, float)) and 1 <= s <= 5}
    return np.array(list(good.values()), float)


def stars_in_place(ratings):
    stars = stars_with()(ratings)
    ratings.clear()
    return stars


def shares_with(
    user_of=lambda vectors, errors, l2, i: new_user.fold_in(
        vectors, np.where(np.arange(len(errors)) == i, errors, 0), l2
    ),
    share=lambda user, vector: user[0] + user[1:] @ vector,
    result=lambda shares: shares,
):
    """Return a `shares_of` with one thing changed."""

    def function(movie_vectors, errors, l2, vector):
        users = [user_of(movie_vectors, errors, l2, i) for i in range(len(errors))]
        return result(np.array([share(user, vector) for user in users]))

    return function


def shares_at_once(movie_vectors, errors, l2, vector):
    x = np.column_stack([np.ones(len(errors)), movie_vectors])
    weights = x @ np.linalg.solve(x.T @ x + l2 * np.eye(x.shape[1]), np.append(1, vector))
    return weights * errors


def shares_by_differences(movie_vectors, errors, l2, vector):
    """Take a step for each error: what a linear function changes by is the share."""
    without = [np.where(np.arange(len(errors)) == i, 0, errors) for i in range(len(errors))]
    users = [new_user.fold_in(movie_vectors, some, l2) for some in (errors, *without)]
    totals = np.array([user[0] + user[1:] @ vector for user in users])
    return totals[0] - totals[1:]


def total_of(vectors, errors, l2, vector):
    user = new_user.fold_in(vectors, errors, l2)
    return user[0] + user[1:] @ vector


def shares_left_out(vectors, errors, l2, vector):
    total = total_of(vectors, errors, l2, vector)
    rest = [
        total_of(np.delete(vectors, i, 0), np.delete(errors, i), l2, vector)
        for i in range(len(errors))
    ]
    return total - np.array(rest)


def shares_in_place(movie_vectors, errors, l2, vector):
    shares = shares_at_once(movie_vectors, errors, l2, vector)
    errors *= 0
    return shares


QUIZ = {"q1": "b", "q2": "a", "q3": "b"}

RIGHT = {
    "unknown_user": [("B",), (" b",)],
    "errors_left": [
        (left_with(),),
        (left_in_a_loop,),
        (left_with(result=lambda errors, predictions: tf.constant(errors - predictions)),),
    ],
    "checked_stars": [(stars_with(),), (stars_by_try,), (stars_with(result=tuple),)],
    "shares_of": [(shares_with(),), (shares_at_once,), (shares_by_differences,)],
    "fold_in": [
        (fold_with(),),
        (fold_by_least_squares,),
        (fold_in_a_loop,),
        (fold_by_ratings,),
        (fold_with_tf,),
    ],
    "quiz_own_ratings": [
        ({"q1": "B", "q2": "A", "q3": "B"},),
        ({"q3": "b ", "q2": "a", "q1": " b"},),
    ],
}

WRONG = {
    "unknown_user": [
        (("a",), "has not learned what is popular"),
        (("c",), "all unknown ids share row 0"),
        (("d",), "Answer with one of a, b, c"),
        ((0,), "Answer with one of a, b, c"),
        ((["b"],), "Answer with one of a, b, c"),
        (("b)",), "Answer with one of a, b, c"),
        (("a or b",), "Answer with one of a, b, c"),
        (({"unknown_user": "b"},), "Answer with one of a, b, c"),
    ],
    "errors_left": [
        ((left_with(judge=first),), "those of the ratings that you folded in"),
        ((left_with(judge=everything),), "leave the first `count` out"),
        ((left_with(fold=everything, judge=everything),), "nothing is left to judge by"),
        ((left_with(fold=everything),), "The later ratings are folded in too"),
        ((left_with(fold=everything, judge=first),), "All ratings are folded in"),
        (
            (
                left_with(
                    fold=lambda count, n: slice(n - count, None),
                    judge=lambda count, n: slice(None, n - count),
                ),
            ),
            "The last ratings are folded in",
        ),
        (
            (left_with(fold=lambda count, n: slice(count, None), judge=first),),
            "Turned round",
        ),
        ((left_with(predict=lambda user, vectors: vectors @ user[1:]),), "bias is left out"),
        ((left_with(predict=lambda user, vectors: user[0]),), "vector is left out"),
        ((left_with(predict=lambda user, vectors: 0),), "before folding in"),
        ((left_with(result=lambda errors, predictions: predictions),), "This is b + u·m"),
        ((left_with(result=lambda errors, predictions: predictions - errors),), "sign is turned"),
        (
            (left_with(result=lambda errors, predictions: (errors - predictions) ** 2),),
            "These are squares",
        ),
        (
            (left_with(result=lambda errors, predictions: np.abs(errors - predictions)),),
            "The signs are gone",
        ),
        (
            (left_with(result=lambda errors, predictions: np.std(errors - predictions)),),
            "This is one number",
        ),
        ((left_with(fold=lambda count, n: slice(None, 4)),), "use `count` and `l2`"),
        ((left_with(l2_of=lambda l2: 2.5),), "use `count` and `l2`"),
        ((left_with(l2_of=lambda l2: 10),), "do not"),
        ((left_in_place,), "changes what it is given"),
        ((lambda vectors, errors, count, l2: None,), "add `return`"),
        ((np.zeros(5),), "A function was asked for"),
    ],
    "checked_stars": [
        ((stars_with(is_wrong=lambda stars: False),), "accepts 12"),
        ((stars_clipped,), "accepts 12"),
        ((stars_dropped,), "accepts 12"),
        ((stars_by_comparison,), "raises TypeError, not ValueError"),
        (
            (stars_with(is_wrong=lambda stars: isinstance(stars, str) or stars < 1 or stars > 5),),
            "accepts nan",
        ),
        (
            (stars_with(is_wrong=lambda stars: not isinstance(stars, int) or not 1 <= stars <= 5),),
            "are all fine",
        ),
        (
            (
                stars_with(
                    is_wrong=lambda stars: not isinstance(stars, (int, float)) or not 1 < stars < 5
                ),
            ),
            "are all fine",
        ),
        (
            (
                stars_with(
                    is_wrong=lambda stars: not isinstance(stars, (int, float)) or not 0 <= stars < 6
                ),
            ),
            "accepts 0",
        ),
        ((stars_with(error=lambda title, stars: ValueError(f"{stars!r}")),), "name the title"),
        ((stars_with(error=lambda title, stars: ValueError(title)),), "say what was given"),
        ((stars_with(error=lambda title, stars: TypeError(title, stars)),), "raises TypeError"),
        ((stars_with(error=lambda title, stars: SystemError(title)),), "raises SystemError"),
        ((stars_all_named,), "names movies whose stars are fine"),
        ((stars_by_float,), "accepts '4'"),
        ((stars_with(result=lambda stars: np.sort(stars)),), "in this order"),
        ((stars_with(result=lambda stars: np.array(stars, int)),), "in this order"),
        ((stars_with(result=lambda stars: None),), "add `return`"),
        ((stars_in_place,), "changes what it is given"),
        (({"Alien (1979)": 5},), "A function was asked for"),
    ],
    "shares_of": [
        ((shares_left_out,), "set the *other errors* to 0"),
        (
            (
                shares_with(
                    lambda vectors, errors, l2, i: new_user.fold_in(
                        np.delete(vectors, i, 0), np.delete(errors, i), l2
                    )
                ),
            ),
            "what remains without each rating",
        ),
        (
            (
                shares_with(
                    lambda vectors, errors, l2, i: new_user.fold_in(vectors[[i]], errors[[i]], l2)
                ),
            ),
            "as if it were the only one",
        ),
        ((shares_with(share=lambda user, vector: user[1:] @ vector),), "The bias is left out"),
        ((shares_with(share=lambda user, vector: user[0]),), "The vector is left out"),
        ((shares_with(result=lambda shares: shares / shares.sum()),), "parts of 1"),
        ((shares_with(result=lambda shares: 100 * shares / shares.sum()),), "percentages"),
        ((shares_with(result=np.abs),), "The signs are gone"),
        ((shares_with(result=lambda shares: shares[::-1]),), "reverse order"),
        ((shares_with(result=lambda shares: -shares),), "The sign is turned"),
        ((shares_with(result=lambda shares: shares[:, None]),), "yours is (5, 1)"),
        ((shares_with(result=np.sum),), "yours is ()"),
        ((shares_with(result=lambda shares: np.full(5, shares.mean())),), "evenly"),
        ((shares_with(result=np.sort),), "dealt out in another way"),
        (
            (lambda vectors, errors, l2, vector: vectors @ vector * errors,),
            "The matrix of the ridge",
        ),
        (
            (
                lambda vectors, errors, l2, vector: (
                    errors / errors.sum() * total_of(vectors, errors, l2, vector)
                ),
            ),
            "by the size of the error alone",
        ),
        (
            (lambda vectors, errors, l2, vector: shares_at_once(vectors, errors, 2.0, vector),),
            "the shares are others",
        ),
        (
            (lambda vectors, errors, l2, vector: shares_at_once(vectors, errors, 0.5, vector),),
            "add up to",
        ),
        ((shares_in_place,), "changes what it is given"),
        ((lambda vectors, errors, l2, vector: None,), "add `return`"),
        ((np.zeros(5),), "A function was asked for"),
    ],
    "fold_in": [
        ((fold_with(inputs=lambda vectors: vectors),), "X needs a column of ones"),
        ((fold_with(penalty=lambda l2, n, size: 0),), "plain least squares"),
        ((fold_by_pinv,), "plain least squares"),
        ((fold_with(penalty=lambda l2, n, size: np.eye(size)),), "l2 is not used"),
        ((fold_with(penalty=lambda l2, n, size: l2),), "not to the diagonal alone"),
        ((fold_with(penalty=lambda l2, n, size: l2 * np.eye(n)),), "and so is I"),
        ((fold_with(penalty=lambda l2, n, size: n * l2 * np.eye(size)),), "multiplied by n"),
        (
            (fold_with(penalty=lambda l2, n, size: l2 / max(n, 1) * np.eye(size)),),
            "divided by n",
        ),
        ((fold_with(penalty=lambda l2, n, size: l2**2 * np.eye(size)),), "l2 is squared"),
        (
            (fold_with(penalty=lambda l2, n, size: np.diag([0] + [l2] * (size - 1))),),
            "The bias is penalized too",
        ),
        ((fold_with(penalty=lambda l2, n, size: 10 * np.eye(size)),), "use `l2`"),
        ((fold_with(penalty=lambda l2, n, size: -l2 * np.eye(size)),), "l2 is subtracted"),
        (
            (fold_with(lambda vectors: np.column_stack([vectors, np.ones(len(vectors))])),),
            "The bias stands last",
        ),
        ((fold_with(errors=lambda errors: -errors),), "The sign is turned"),
        ((fold_with(errors=lambda errors: errors[:, None]),), "yours is (1 + d, 1)"),
        ((fold_with(result=lambda user: user[None]),), "here (3,); yours is (1, 3)"),
        ((fold_with(result=lambda user: (user[0], user[1:])),), "in one array"),
        ((fold_with(result=lambda user: user[1:]),), "The bias is missing"),
        ((fold_with(result=lambda user: user[0]),), "here (3,); yours is ()"),
        ((fold_without_squares,), "X.T @ X is missing"),
        ((fold_one_after_the_other,), "both at once"),
        ((fold_rows_with_rows,), "here (3,); yours is (4,)"),
        ((fold_in_place,), "changes what it is given"),
        ((fold_with_mean,), "A user without ratings"),
        ((fold_picky,), "A user without ratings stops"),
        ((fold_nothing_to_none,), "bias 0 and vector 0"),
        ((fold_with(result=lambda user: user * [1, 1, -1]),), "should be"),
        ((lambda vectors, errors, l2: None,), "add `return`"),
        ((np.zeros(3),), "A function was asked for"),
    ],
    "quiz_own_ratings": [
        ((QUIZ | {"q1": "a"},), "q1: They lower the RMSE"),
        ((QUIZ | {"q1": "c"},), "q1: They need no training"),
        ((QUIZ | {"q2": "b"},), "q2: They are kept fixed"),
        ((QUIZ | {"q2": "c"},), "q2: They are not touched"),
        ((QUIZ | {"q3": "a"},), "q3: As numbers they are"),
        ((QUIZ | {"q3": "c"},), "differ, so they are two users"),
        ((QUIZ | {"q3": ...},), "Still open: q3"),
        (({"q1": "b", "q2": "a"},), "keys q1, q2, q3"),
        ((["b", "a", "b"],), "Answer with a dict"),
    ],
}
