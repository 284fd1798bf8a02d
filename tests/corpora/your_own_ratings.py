"""Right and plausibly wrong answers to the exercises of lesson 10."""

import copy
import functools

import numpy as np

from helpers import SEED
from helpers.data import as_stars, simulate, split_rows, take
from helpers.keras2 import tf
from helpers.metrics import difference_interval, mean_interval, recipe_interval
from helpers.models import OwnModels, damped_biases, new_user, running_biases


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


def matched_with(
    stars_of=lambda rating, low, high: 1 + 4 * (float(rating) - low) / (high - low),
    is_kept=lambda title, found: title in found,
    key=lambda title, found: found[title].decode(),
    together=lambda stars: float(np.mean(stars)),
    result=lambda by_title: by_title,
):
    """Return a `matched_stars` with one thing changed."""

    def function(ratings, scale, found):
        by_title = {}
        for title, rating in zip(ratings["movie_title"].tolist(), ratings["user_rating"]):
            if is_kept(title, found):
                stars = stars_of(rating, *scale)
                by_title.setdefault(key(title, found), []).append(stars)
        return result({title: together(stars) for title, stars in by_title.items()})

    return function


def matched_by_arrays(ratings, scale, found):
    """Bring the whole column to stars at once."""
    stars = as_stars(ratings["user_rating"], scale)
    names = np.array([found.get(title, b"") for title in ratings["movie_title"].tolist()])
    return {name.decode(): stars[names == name].mean() for name in np.unique(names) if name != b""}


def matched_by_found(ratings, scale, found):
    """Go through the titles that were found; some of them are nobody's here."""
    stars = dict(zip(ratings["movie_title"].tolist(), as_stars(ratings["user_rating"], scale)))
    sums = {}
    for given, title in found.items():
        if given in stars:
            total, count = sums.get(title, (0, 0))
            sums[title] = total + stars[given], count + 1
    return {title.decode(): total / count for title, (total, count) in sums.items()}


def matched_in_place(ratings, scale, found):
    stars = matched_with()(ratings, scale, found)
    ratings["user_rating"] -= scale[0]
    return stars


def matched_not_empty(ratings, scale, found):
    return matched_with()(ratings, scale, found) or None


def matched_others(ratings, scale, found):
    """Add the mean of all, under a name of its own."""
    stars = matched_with()(ratings, scale, found)
    return {"mean": 3.0} | stars


def matched_through_found(ratings, scale, found):
    """Go through what was found, which is what was rated."""
    stars, by_title = as_stars(ratings["user_rating"], scale), {}
    for own, title in found.items():
        by_title.setdefault(title.decode(), []).append(stars[ratings["movie_title"] == own])
    return {title: float(np.concatenate(each).mean()) for title, each in by_title.items()}


def matched_from_found(ratings, scale, found):
    """Look each title of `found` up, without asking whether it was rated."""
    own = dict(zip(ratings["movie_title"].tolist(), as_stars(ratings["user_rating"], scale)))
    by_title = {}
    for title, name in found.items():
        by_title.setdefault(name.decode(), []).append(float(own[title]))
    return {title: sum(each) / len(each) for title, each in by_title.items()}


def matched_one_by_one(ratings, scale, found):
    """Take the mean of two whenever there is one more."""
    stars = {}
    for title, value in zip(ratings["movie_title"], as_stars(ratings["user_rating"], scale)):
        if title in found:
            name = found[title].decode()
            stars[name] = (stars[name] + value) / 2 if name in stars else value
    return stars


def matched_with_a_column(ratings, scale, found):
    ratings["stars"] = as_stars(ratings["user_rating"], scale)
    return matched_with()(ratings, scale, found)


def matched_by_range(ratings, scale, found):
    """Take the ends from the ratings that are there."""
    ends = min(ratings["user_rating"]), max(ratings["user_rating"])
    return matched_with()(ratings, ends, found)


def matched_if_any(ratings, scale, found):
    """Fail where nothing was found."""
    assert max(ratings["movie_title"].tolist().index(title) for title in found if b"G" in title)
    return matched_with()(ratings, scale, found)


def matched_with_get(ratings, scale, found):
    return matched_with(
        is_kept=lambda title, found: True, key=lambda title, found: found.get(title).decode()
    )(ratings, scale, found)


def matched_sums(ratings, scale, found):
    """Keep sums and counts."""
    sums, counts = {}, {}
    for title, value in zip(ratings["movie_title"], as_stars(ratings["user_rating"], scale)):
        if title in found:
            name = found[title].decode()
            sums[name], counts[name] = sums.get(name, 0) + value, counts.get(name, 0) + 1
    return {name: np.float32(total) / counts[name] for name, total in sums.items()}


def cut_with(
    needed=lambda n, share: int(np.ceil(share * n)),
    is_test=lambda times, start: times >= start,
    result=lambda mask: mask,
):
    """Return a `cut_in_time` with one thing changed."""

    def function(timestamps, share):
        start = np.sort(timestamps)[::-1][needed(len(timestamps), share) - 1]
        return result(is_test(timestamps, start))

    return function


def cut_by_moments(timestamps, share):
    """Add moments from the latest on until there are enough."""
    mask = np.zeros(len(timestamps), bool)
    for moment in sorted(set(timestamps.tolist()), reverse=True):
        mask |= timestamps == moment
        if mask.sum() >= share * len(timestamps):
            return mask
    return mask


def cut_by_counts(timestamps, share):
    moments, counts = np.unique(timestamps, return_counts=True)
    from_here = counts[::-1].cumsum()[::-1]
    start = moments[from_here >= share * len(timestamps)].max()
    return np.array([time >= start for time in timestamps])


def cut_by_quantile(method="linear"):
    """Cut at a quantile, which may leave a rating too few in the test."""
    return lambda timestamps, share: timestamps >= np.quantile(timestamps, 1 - share, method=method)


def cut_by_rows(timestamps, share):
    """Cut where the rows stand."""
    mask = np.zeros(len(timestamps), bool)
    mask[len(timestamps) - int(np.ceil(share * len(timestamps))) :] = True
    return mask


def cut_by_order(timestamps, share):
    """Sort, then cut at a row: a moment may stand on both sides."""
    mask = np.zeros(len(timestamps), bool)
    order = np.argsort(timestamps, kind="stable")
    mask[order[len(order) - int(np.ceil(share * len(order))) :]] = True
    return mask


def cut_at_random(timestamps, share):
    return np.random.default_rng(1).random(len(timestamps)) < share


def cut_by_length(timestamps, share):
    """Take a share of the time instead of the ratings."""
    low, high = timestamps.min(), timestamps.max()
    return timestamps >= high - share * (high - low)


def cut_in_place(timestamps, share):
    timestamps.sort()
    return timestamps >= timestamps[-int(np.ceil(share * len(timestamps)))]


@functools.cache
def club(with_time=True):
    """Return training and test rows of a small simulated club, in time, or at random."""
    fields = ("user_id", "movie_title", "timestamp")
    rows = simulate(2_000, users=40, movies=90, fields=fields).ratings
    if not with_time:
        del rows["timestamp"]
    fit, validation, test = split_rows(rows)
    return take(rows, np.concatenate([fit, validation])), take(rows, test)


class Learned:
    """What the capstone asks of a model, in small; `changes` are its methods, one changed."""

    def __init__(self, train, **changes):
        self.train = train
        for name, change in changes.items():
            setattr(self, name, lambda rows, change=change: change(self, rows))

    def biases(self, rows):
        return damped_biases(self.train, rows)

    def stars(self, rows):
        return 0.8 * damped_biases(self.train, rows) + 0.2 * self.train["user_rating"].mean()

    def recommend(self, users):
        titles = np.unique(self.train["movie_title"])
        popular = titles[np.argsort([-np.sum(self.train["movie_title"] == t) for t in titles])]
        mine = [set(self.train["movie_title"][self.train["user_id"] == user]) for user in users]
        return {"titles": np.array([[t for t in popular if t not in own][:10] for own in mine])}


def learned_with(**changes):
    """Return a change of the answer: a `Learned` with one thing changed, and its interval."""

    def learned(answer):
        return Learned(answer["learned"].train, **changes)

    def interval(answer, draws=1_000):
        """Return what `difference_interval` does; quicker, as it makes all of few draws at once."""
        labels, learned = answer["test"]["user_rating"], answer["learned"]
        drawn = np.random.default_rng(SEED).integers(0, len(labels), (draws, len(labels)))
        errors = (labels - np.ravel(each(answer["test"])) for each in
                  (learned.biases, learned.stars))  # fmt: skip
        rmses = [np.sqrt((each**2)[drawn].mean(axis=1)) for each in errors]
        return np.percentile(rmses[0] - rmses[1], [2.5, 97.5])

    return {"learned": learned, "interval": interval}


@functools.cache
def capstone(with_time):
    """Return an answer to the capstone."""
    return capstone_of(*club(with_time))


def capstone_of(train, test):
    """Return an answer to the capstone, of these ratings."""
    learned, user = Learned(train), train["user_id"][0]
    return {
        "learned": learned, "test": test,
        "interval": difference_interval(
            test["user_rating"], learned.biases(test), learned.stars(test)
        ),
        "user": user, "list": learned.recommend([user])["titles"][0],
        "limit": "One seed and one test of a few weeks: nobody has been shown these lists.",
    }  # fmt: skip


def at_random(n, tested, **sizes):
    """Return training and test rows without times."""
    rows = simulate(n, fields=("user_id", "movie_title"), **sizes).ratings
    return take(rows, slice(tested, None)), take(rows, slice(tested))


def capstone_with(with_time=True, **changes):
    """Return an answer to the capstone; each change is a value, or a function of the answer."""
    answer = copy.deepcopy(capstone(with_time))
    for name, change in changes.items():
        answer[name] = change(answer) if callable(change) else change
    return answer


def trained_on(rows_of):
    """Return a change of the answer: trained on other rows."""
    return {"learned": lambda answer: Learned(rows_of(answer["learned"].train, answer["test"]))}


def both(train, test, which=slice(None)):
    return {name: np.concatenate([train[name], test[name][which]]) for name in train}


def interval_of(change):
    """Return an interval, made of labels, the baseline's and the model's predictions."""
    return lambda answer: change(
        answer["test"]["user_rating"],
        *(each(answer["test"]) for each in (answer["learned"].biases, answer["learned"].stars)),
    )


def only(by):
    """Return a baseline of means by one column, and the mean of all for what is not known."""

    def biases(self, rows):
        train = self.train
        means = {key: train["user_rating"][train[by] == key].mean() for key in set(train[by])}
        return np.array([means.get(key, train["user_rating"].mean()) for key in rows[by]])

    return biases


def known_by_heart():
    """Return a model that knows the test's ratings by user and title."""
    test = club()[1]
    pairs = zip(test["user_id"], test["movie_title"])
    by_pair = dict(zip(pairs, test["user_rating"]))

    def stars(self, rows):
        return np.array([by_pair[pair] for pair in zip(rows["user_id"], rows["movie_title"])])

    return stars


def hindsight(self, rows):
    baseline = damped_biases(self.train, rows)
    return baseline + 0.4 * (rows["user_rating"] - baseline)


def with_tests_means(self, rows):
    """Add how the rows to predict differ from what was learned, on average."""
    return damped_biases(self.train, rows) + rows["user_rating"].mean() - 3


def in_order_of_users(self, rows):
    """Return predictions in another order than the rows."""
    return Learned.stars(self, rows)[np.argsort(rows["user_id"], kind="stable")]


def running_in_the_test(self, rows):
    """Return biases that also know the ratings of strictly earlier rows, as in lesson 7."""
    known = len(self.train["user_id"])
    return running_biases(both(self.train, rows))[known:]


def in_hours(test):
    """Return the test with times that several of its later ratings share."""
    times = test["timestamp"]
    hours = -(-times // 36_000) * 36_000
    return test | {"timestamp": np.where(times > np.median(times), hours, times)}


def knows_ties(self, rows):
    """Return biases that also know the ratings of the same moment that stand before."""
    places = np.argsort(rows["timestamp"], kind="stable")
    apart = np.empty(len(places))
    apart[places] = rows["timestamp"][places] + np.arange(len(places)) / 1_000
    train = self.train | {"timestamp": self.train["timestamp"].astype(float)}
    return running_biases(both(train, rows | {"timestamp": apart}))[len(train["user_id"]) :]


def untrained(train):
    """Return an `OwnModels` of these ratings that has not learned from them."""
    learned = object.__new__(OwnModels)
    learned.train = train
    return learned


def scaled(by, rows):
    return rows | {"user_rating": (rows["user_rating"] * by).astype(np.float32)}


def stretched(by):
    """Return an interval that is wider by this factor."""
    return lambda answer: (
        np.mean(answer["interval"])
        + by * (np.array(answer["interval"]) - np.mean(answer["interval"]))
    )


def few_users(answer):
    rows = both(answer["learned"].train, answer["test"])
    return [np.isin(each["user_id"], np.unique(rows["user_id"])[:15]) for each in
            (answer["learned"].train, answer["test"])]  # fmt: skip


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


QUIZ = {"q1": "b", "q2": "b", "q3": "c"}

UNKNOWN = {"scores": "b", "added": "b", "mean": "a"}

RIGHT = {
    # What `unknown_user` demands: one letter each, of row 0's scores, of the order that they leave
    # to the stars, and of the mean embedding's order.
    "unknown_user": [(UNKNOWN,), ({"mean": "A ", "added": " b", "scores": "B)"},)],
    "errors_left": [
        (left_with(),),
        (left_in_a_loop,),
        (left_with(result=lambda errors, predictions: tf.constant(errors - predictions)),),
    ],
    "matched_stars": [
        (matched_with(),),
        (matched_by_arrays,),
        (matched_by_found,),
        (matched_through_found,),
        (matched_from_found,),
        (matched_sums,),
    ],
    "cut_in_time": [(cut_with(),), (cut_by_moments,), (cut_by_counts,)],
    "capstone": [
        (capstone_with(),),
        (capstone_with(with_time=False, list=lambda answer: tuple(answer["list"].tolist())),),
        (capstone_with(**learned_with(stars=lambda self, rows: self.biases(rows) + 0.1)),),  # worse
        (capstone_with(**learned_with(stars=running_in_the_test)),),
        (
            capstone_with(
                test=lambda a: in_hours(a["test"]), **learned_with(stars=running_in_the_test)
            ),
        ),
        (capstone_with(interval=lambda a: np.round(a["interval"], 3)),),
        (capstone_with(interval=stretched(0.93)),),  # by other draws
        (
            capstone_of(*at_random(300, 60, users=80, movies=250, seed=1)),
        ),  # biases worse than the mean
        (
            capstone_with(
                interval=lambda a: recipe_interval(
                    a["test"]["user_rating"],
                    a["learned"].biases(a["test"]),
                    a["learned"].stars(a["test"]),
                    a["test"]["user_id"],
                )
            ),
        ),
    ],
    "shares_of": [(shares_with(),), (shares_at_once,), (shares_by_differences,)],
    "fold_in": [
        (fold_with(),),
        (fold_by_least_squares,),
        (fold_in_a_loop,),
        (fold_by_ratings,),
        (fold_with_tf,),
    ],
    "quiz_own_ratings": [
        ({"q1": "B", "q2": "B", "q3": "C"},),
        ({"q3": "c ", "q2": "b", "q1": " b"},),
    ],
}

WRONG = {
    "unknown_user": [
        ((UNKNOWN | {"scores": "a"},), "has not learned what is popular"),
        ((UNKNOWN | {"scores": "c"},), "all unknown ids share row 0"),
        ((UNKNOWN | {"added": "a"},), "cannot put the most rated first"),
        ((UNKNOWN | {"added": "c"},), "stars are added, and they differ"),
        ((UNKNOWN | {"mean": "b"},), "by more than the stars"),
        ((UNKNOWN | {"mean": "c"},), "is not zero"),
        ((UNKNOWN | {"mean": "d"},), "mean: answer with one of a, b, c"),
        ((UNKNOWN | {"mean": 0},), "mean: answer with one of a, b, c"),
        ((UNKNOWN | {"mean": ["a"]},), "mean: answer with one of a, b, c"),
        ((UNKNOWN | {"added": ...},), "Still open: added"),
        (({"scores": "b", "added": "b"},), "Answer with a dict that has the keys"),
        (("b",), "Answer with a dict"),
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
        ((left_with(l2_of=lambda l2: 10),), "With another l2 your errors stay the same"),
        ((left_with(l2_of=lambda l2: 2 * l2),), "yours start with"),
        ((left_with(predict=lambda user, m: m @ user[1:] - user[0]),), "The user's bias is added"),
        ((left_with(predict=lambda user, m: user[0] - m @ user[1:]),), "dot product is added"),
        ((left_with(result=lambda errors, predicted: errors + predicted),), "b and u·m are added"),
        ((left_with(predict=lambda user, m: user[-1] + m @ user[:-1]),), "The bias comes first"),
        ((left_with(result=lambda errors, predicted: (errors - predicted)[::-1]),), "reverse"),
        (
            (left_with(*[lambda count, n: slice(count, None)] * 2),),
            "The later ratings are folded in and judged",
        ),
        ((left_with(fold=lambda count, n: slice(n - count, None)),), "The last ratings are folded"),
        ((left_with(fold=lambda count, n: slice(None, count - 1)),), "One rating too few"),
        ((left_with(fold=lambda count, n: slice(None, count + 1)),), "One rating too many"),
        ((left_with(judge=lambda count, n: slice(count + 1, None)),), "the first `count` is miss"),
        ((left_with(judge=lambda count, n: slice(count - 1, None)),), "begin after `count`"),
        ((left_with(judge=lambda count, n: slice(count, 2 * count)),), "all later ratings"),
        (
            (left_with(*[lambda count, n: slice(None, 10), lambda count, n: slice(10, None)]),),
            "errors of the other 5 were asked for, shape (5,); yours has (0,)",
        ),
        ((left_in_place,), "changes what it is given"),
        ((lambda vectors, errors, count, l2: None,), "add `return`"),
        ((np.zeros(5),), "A function was asked for"),
    ],
    # Demands: only what was found; the lowest is 1, the highest 5, equal steps; the mean of two
    # titles that are one movie; titles as text and of the catalogue; nothing changed.
    "matched_stars": [
        (
            (
                matched_with(
                    is_kept=lambda title, found: True,
                    key=lambda title, found: found.get(title, title).decode(),
                ),
            ),
            "not found",
        ),
        ((matched_with(key=lambda title, found: title.decode()),), "as the file has them"),
        ((matched_with(key=lambda title, found: found[title]),), "are bytes"),
        ((matched_with(stars_of=lambda rating, low, high: float(rating)),), "as in the file"),
        ((matched_with(stars_of=lambda rating, low, high: rating * 5 / high),), "5 / highest"),
        (
            (matched_with(stars_of=lambda rating, low, high: np.clip(rating, 1, 5)),),
            "clipped to 1 to 5",
        ),
        (
            (matched_with(stars_of=lambda rating, low, high: (rating - low) / (high - low)),),
            "go from 0 to 1",
        ),
        (
            (
                matched_with(
                    stars_of=lambda rating, low, high: 1 + 5 * (rating - low) / (high - low)
                ),
            ),
            "highest becomes 6",
        ),
        (
            (
                matched_with(
                    stars_of=lambda rating, low, high: round(
                        1 + 4 * (float(rating) - low) / (high - low)
                    )
                ),
            ),
            "are rounded",
        ),
        (
            (
                matched_with(
                    stars_of=lambda rating, low, high: 5 - 4 * (rating - low) / (high - low)
                ),
            ),
            "upside down",
        ),
        (
            (matched_with(stars_of=lambda rating, low, high: 1 + 4 * (rating - 0.5) / 4.5),),
            "stars; yours are",
        ),
        ((matched_by_range,), "take those of `scale`"),
        ((matched_with(together=lambda stars: stars[0]),), "yours is the first"),
        ((matched_with(together=lambda stars: stars[-1]),), "yours is the last"),
        ((matched_with(together=sum),), "yours is the sum"),
        ((matched_with(together=max),), "yours is the highest"),
        ((matched_with(together=min),), "yours is the lowest"),
        ((matched_with(together=np.median),), "yours is the median"),
        (
            (matched_with(together=lambda stars: sum(set(stars)) / len(set(stars))),),
            "4 titles are one movie, with 2.5, 4.5, 2, 2.5 stars: their mean",
        ),
        (
            (matched_with(together=lambda stars: np.mean(list(set(stars)))),),
            "yours is the mean of the different ones",
        ),
        ((matched_one_by_one,), "the mean of the mean so far and the next"),
        ((matched_with(together=lambda stars: (min(stars) + max(stars)) / 2),), "another value"),
        ((matched_with(is_kept=lambda title, found: True),), "their ratings are left out"),
        ((matched_with_get,), "their ratings are left out"),
        ((matched_with_a_column,), "changes what it is given"),
        ((matched_if_any,), "of which nothing was found stops your function"),
        ((matched_with(together=lambda stars: stars),), "has one number of stars"),
        ((matched_with(result=lambda by_title: list(by_title.items())),), "a list came back"),
        ((matched_with(result=lambda by_title: None),), "add `return`"),
        ((matched_with(result=lambda by_title: dict(list(by_title.items())[1:])),), "no stars"),
        ((matched_others,), "none of the titles that `found` gives"),
        ((matched_in_place,), "changes what it is given"),
        ((matched_not_empty,), "empty dict"),
        (({"Alien (1979)": 5},), "A function was asked for"),
    ],
    # Demands: a moment on one side only; the latest; at least the share; the latest beginning; any
    # order; bools; nothing changed.
    "cut_in_time": [
        ((cut_by_order,), "a moment stands on both sides"),
        ((cut_by_rows,), "earlier than some others"),
        ((cut_at_random,), "earlier than some others"),
        ((cut_with(is_test=lambda times, start: times > start),), "at least"),
        ((cut_with(is_test=lambda times, start: times < start),), "earliest ratings are the test"),
        ((cut_with(needed=lambda n, share: int(np.ceil((1 - share) * n))),), "a later beginning"),
        ((cut_with(needed=lambda n, share: int(np.ceil(share * n)) + 1),), "a later beginning"),
        ((cut_with(needed=lambda n, share: int(np.ceil(0.2 * n))),), "at least"),
        ((cut_with(needed=lambda n, share: n),), "on one side"),
        ((cut_by_length,), "the test has"),
        ((cut_by_quantile(),), "at least 3 were asked for"),
        ((cut_by_quantile("higher"),), "at least 3 were asked for"),
        ((cut_with(result=list),), "a list came back"),
        ((cut_with(result=lambda mask: mask.tolist()),), "a list came back"),
        ((cut_with(result=np.flatnonzero),), "bools was asked for"),
        ((cut_with(result=lambda mask: mask.astype(int)),), "bools was asked for"),
        ((cut_with(result=lambda mask: mask[:, None]),), "One bool for each rating"),
        ((cut_with(result=lambda mask: None),), "add `return`"),
        ((cut_in_place,), "changes the timestamps"),
        ((np.array([True, False]),), "A function was asked for"),
    ],
    # Demands: the table's rows that can be checked, one by one.
    "capstone": [
        (({"test": 1},), "missing: learned"),
        ((capstone_with() | {"seed": 1},), "unknown: seed"),
        (([1],), "was asked for; missing: learned"),
        ((capstone_with(learned=lambda a: a["learned"].stars),), "has no biases"),
        ((capstone_with(**trained_on(lambda train, test: {"user_id": 1})),), "`learned.train` is"),
        ((capstone_with(test=lambda a: take(a["test"], slice(0))),), "no ratings in `test`"),
        ((capstone_with(**trained_on(both)),), "are in `learned.train` too"),
        (
            (capstone_with(**trained_on(lambda train, test: both(train, test, slice(5)))),),
            "5 ratings of the test are in `learned.train` too",
        ),
        (
            (capstone_with(**trained_on(lambda a, test: test), test=lambda a: club()[0]),),
            "not earlier than all",
        ),
        (
            (
                capstone_with(
                    test=lambda a: {k: v for k, v in a["test"].items() if k != "timestamp"}
                ),
            ),
            "has a timestamp and the other",
        ),
        ((capstone_with(test=lambda a: take(a["test"], slice(-9, None))),), "less than 2 in 100"),
        *(
            ((capstone_with(**learned_with(**{name: change})),), message)
            for name, change, message in (
                ("biases", lambda self, rows: np.full(len(rows["user_id"]), 3.5), "is one number"),
                ("biases", lambda self, rows: 6 - damped_biases(self.train, rows), "than the mean"),
                ("biases", only("movie_title"), "the same for all users"),
                ("stars", lambda self, rows: self.biases(rows), "nothing is compared"),
                ("stars", known_by_heart(), "too good to be true"),
                ("stars", hindsight, "reads what it should predict"),
                ("stars", with_tests_means, "`stars` predicts other values for some"),
                ("stars", in_order_of_users, "`stars` predicts other values for some"),
                ("biases", hindsight, "`biases` predicts other values when"),
            )
        ),
        (
            (capstone_with(learned=lambda a: Learned(a["learned"].train, stars=lambda *_: [3.0])),),
            "`stars` gives a prediction for each",
        ),
        (
            (
                capstone_with(
                    learned=lambda a: Learned(
                        a["learned"].train, stars=lambda self, rows: self.biases(rows) * np.nan
                    )
                ),
            ),
            "no finite numbers",
        ),
        (
            (
                capstone_with(
                    **learned_with(stars=lambda self, rows: 2.25 * self.biases(rows) - 1.25)
                ),
            ),
            "bring both to one scale",
        ),
        (
            (capstone_with(with_time=False, **learned_with(biases=only("movie_title"))),),
            "the same for all users",
        ),
        (
            (capstone_with(with_time=False, **learned_with(biases=only("user_id"))),),
            "the same for all things",
        ),
        ((capstone_with(interval=lambda a: a["interval"][::-1]),), "the lower end first"),
        ((capstone_with(interval=0.4),), "is two numbers"),
        ((capstone_with(interval=(0.9, 1.1)),), "not in your interval"),
        ((capstone_with(interval=(-5.0, 5.0)),), "Drawing the test ratings"),
        (
            (
                capstone_with(
                    interval=interval_of(lambda y, b, m: mean_interval((y - b) ** 2 - (y - m) ** 2))
                ),
            ),
            "nterval",
        ),
        (
            (capstone_with(interval=lambda a: np.mean(a["interval"]) + np.array([-1e-4, 1e-4])),),
            "nterval",
        ),
        ((capstone_with(user=b"nobody"),), "is not in `learned.train`"),
        ((capstone_with(user=lambda a: a["user"].decode()),), "give one as bytes"),
        (
            (capstone_with(user=lambda a: np.unique(a["learned"].train["user_id"])[20]),),
            "this user",
        ),
        ((capstone_with(list=lambda a: a["list"][:9]),), "Ten different titles"),
        ((capstone_with(list=lambda a: a["list"][[0] * 10]),), "Ten different titles"),
        ((capstone_with(list=lambda a: a["list"][None]),), "yours has the shape (1, 10)"),
        ((capstone_with(list=lambda a: a["list"][::-1]),), "but not the best first"),
        (
            (
                capstone_with(
                    list=lambda a: np.setdiff1d(
                        a["learned"].train["movie_title"],
                        a["learned"].train["movie_title"][
                            a["learned"].train["user_id"] == a["user"]
                        ],
                    )[:10]
                ),
            ),
            "other titles than your list",
        ),
        (
            (capstone_with(list=lambda a: [title.decode() for title in a["list"]]),),
            "give them as bytes",
        ),
        (
            (
                capstone_with(
                    list=lambda a: np.unique(
                        a["learned"].train["movie_title"][
                            a["learned"].train["user_id"] == a["user"]
                        ]
                    )[:10]
                ),
            ),
            "rated by this user already",
        ),
        ((capstone_with(limit="more data"),), "a sentence at least"),
        ((capstone_with(limit="limited " * 20),), "a sentence at least"),
        ((capstone_with(limit=...),), "Still open: limit"),
        ((capstone_with(learned=..., limit=...),), "Still open: learned, limit"),
        (
            (
                capstone_with(
                    limit="What the figures cannot say of these users, and what you would have to "
                    "do to know."
                ),
            ),
            "the task's own words",
        ),
        ((capstone_with(interval=stretched(0.7)),), "and 95% were asked for"),
        ((capstone_with(interval=stretched(1.314)),), "about 99% of the draws"),
        ((capstone_with(test=lambda a: scaled(2.25, a["test"])),), "bring both to one scale"),
        (
            (capstone_with(**trained_on(lambda train, test: scaled(2, train))),),
            "bring both to one scale",
        ),
        (
            (capstone_with(test=lambda a: scaled(0.9, a["test"])),),  # steps of another scale
            "with a standard deviation of",
        ),
        (
            (
                capstone_with(
                    learned=lambda a: untrained(scaled(2, a["learned"].train)),
                    test=lambda a: scaled(2, a["test"]),
                ),
            ),
            "`OwnModels` takes stars from 1 to 5",
        ),
        (
            (
                capstone_with(
                    test=lambda a: a["test"] | {"user_id": a["test"]["user_id"].astype(str)}
                ),
            ),
            "of type bytes, that of `test` of type str",
        ),
        (
            (capstone_with(test=lambda a: a["test"] | {"user_id": a["test"]["user_id"].tolist()}),),
            "its user_id is of type list",
        ),
        (
            (
                capstone_with(
                    learned=lambda a: Learned(take(a["learned"].train, few_users(a)[0])),
                    test=lambda a: take(a["test"], few_users(capstone(True))[1]),
                ),
            ),
            "of 15 users: take a file of at least 300 ratings of 30",
        ),
        (
            (
                capstone_with(
                    **learned_with(
                        biases=lambda self, rows: damped_biases(self.train, rows, damping=1_000)
                    )
                ),
            ),
            "next to one number",
        ),
        (
            (capstone_with(test=lambda a: in_hours(a["test"]), **learned_with(stars=knows_ties)),),
            "of their own moment",
        ),
        (
            (
                capstone_with(
                    learned=lambda a: Learned(
                        a["learned"].train,
                        recommend=lambda self, users: Learned.recommend(self, users)["titles"],
                    )
                ),
            ),
            "`recommend` gives a dict with titles",
        ),
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
        ((QUIZ | {"q1": "a"},), "q1: More: run it"),
        ((QUIZ | {"q1": "c"},), "q1: Fewer: run it"),
        ((QUIZ | {"q2": "a"},), "q2: Shares are no parts of a whole"),
        ((QUIZ | {"q2": "c"},), "q2: $b$ grows, and all"),
        ((QUIZ | {"q3": "a"},), "q3: Nothing is clipped"),
        ((QUIZ | {"q3": "b"},), "q3: `as_stars` does that"),
        ((QUIZ | {"q3": ...},), "Still open: q3"),
        (({"q1": "a", "q2": "b"},), "keys q1, q2, q3"),
        ((["a", "b", "c"],), "Answer with a dict"),
    ],
}
