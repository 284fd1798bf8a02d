"""Right and plausibly wrong answers to the exercises of lesson 10."""

import numpy as np

from helpers.keras2 import tf


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


QUIZ = {"q1": "b", "q2": "a", "q3": "b"}

RIGHT = {
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
    "fold_in": [
        ((fold_with(inputs=lambda vectors: vectors),), "X needs a column of ones"),
        ((fold_with(penalty=lambda l2, n, size: 0),), "plain least squares"),
        ((fold_by_pinv,), "plain least squares"),
        ((fold_with(penalty=lambda l2, n, size: np.eye(size)),), "l2 is not used"),
        ((fold_with(penalty=lambda l2, n, size: l2),), "only to the diagonal"),
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
        ((QUIZ | {"q1": "a"},), "q1: Nothing sets it"),
        ((QUIZ | {"q1": "c"},), "q1: An id says nothing"),
        ((QUIZ | {"q2": "b"},), "q2: They are kept fixed"),
        ((QUIZ | {"q2": "c"},), "q2: They are not touched"),
        ((QUIZ | {"q3": "a"},), "q3: As numbers they are"),
        ((QUIZ | {"q3": "c"},), "differ, so they are two users"),
        ((QUIZ | {"q3": ...},), "Still open: q3"),
        (({"q1": "b", "q2": "a"},), "keys q1, q2, q3"),
        ((["b", "a", "b"],), "Answer with a dict"),
    ],
}
