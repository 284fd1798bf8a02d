"""Features, against loops over the ratings, and without a row's own rating."""

import numpy as np
import pytest
import tiny

from helpers.data.ratings import take
from helpers.models import features

DESCRIBED = ("own", "residual", "user_weight", "movie_weight", "statistics", "time")


@pytest.fixture(scope="module")
def train():
    return tiny.make_rows()


@pytest.fixture(scope="module")
def others():
    """Return pairs that are not in `train`, of known users and movies and of strangers."""
    rows = tiny.make_rows(80)
    rows = take(rows, np.r_[60:80])
    rows["user_id"][:3], rows["movie_title"][2:5] = b"nobody", b"nothing"
    rows["user_id"][5] = b"0"  # comes before all that are known
    rows["timestamp"] += np.where(np.arange(20) % 2, 90_000, -400)
    return rows


def describe(train, rows=None):
    """Return what `make_features` must add, by obvious loops."""
    own = rows is None
    rows = train if own else rows
    users, movies = train["user_id"].tolist(), train["movie_title"].tolist()
    stars, moments = train["user_rating"].astype(float), train["timestamp"].astype(float)
    mean = stars.mean()

    def bias(keys, key):
        mine = [star - mean for k, star in zip(keys, stars) if k == key]
        return sum(mine) / (len(mine) + 5)

    against_movie = [star - mean - bias(movies, movie) for movie, star in zip(movies, stars)]
    against_user = [star - mean - bias(users, user) for user, star in zip(users, stars)]
    made = {name: [] for name in DESCRIBED}
    for row in range(len(rows["user_id"])):
        made["own"].append(float(own))
        made["residual"].append(against_movie[row] if own else 0.0)
        statistics = []
        for name, keys, key, residuals in (
            ("user_weight", users, rows["user_id"][row], against_movie),
            ("movie_weight", movies, rows["movie_title"][row], against_user),
        ):
            here = [i for i, k in enumerate(keys) if k == key and not (own and i == row)]
            count = len(here)
            shift = sum(residuals[i] for i in here) / (count + 5)
            square = (sum(residuals[i] ** 2 for i in here) + 5) / (count + 5)
            statistics += [shift, max(square - shift**2, 0.05) ** 0.5, np.log(1 + count)]
            made[name].append(1 / max(count, 1) ** 0.5)
        made["statistics"].append(statistics)

        same = [i for i, user in enumerate(users) if user == rows["user_id"][row]]
        same_but_this = [i for i in same if not (own and i == row)]
        gap = {i: float(rows["timestamp"][row]) - moments[i] for i in same}
        time = []
        for window in (30, 300, 86_400):
            weight = {i: np.exp(-abs(gap[i]) / window) for i in same_but_this}
            mood = sum(weight[i] * (against_movie[i] - statistics[0]) for i in same_but_this)
            time.append(mood / (sum(weight.values()) + 2))
        time.append(np.log(1 + sum(gap[i] > 0 for i in same_but_this)))
        time.append(np.log(1 + max([0, *gap.values()]) / 3600))
        made["time"].append(time)
    return {name: np.array(values) for name, values in made.items()}


def assert_described(made, train, rows=None):
    expected = describe(train, rows)
    given = train if rows is None else rows
    assert set(made) == set(given) | set(DESCRIBED)
    for name, values in expected.items():
        assert made[name].dtype == np.float32, name
        np.testing.assert_allclose(made[name], values, rtol=1e-4, atol=1e-5, err_msg=name)
    for name, values in given.items():
        np.testing.assert_array_equal(made[name], values, err_msg=name)


def test_training_rows_are_described_without_their_own_rating(train):
    assert_described(features.make_features(train), train)


def test_other_rows_are_described_by_all_training_rows(train, others):
    assert_described(features.make_features(train, others), train, others)


def test_even_few_ratings_of_equal_stars_vary_a_little():
    """A user whose many ratings are all the movies' means has the least variance, 0.05."""
    n = 200
    train = {
        "user_id": np.repeat([b"a", b"b"], n // 2),
        "movie_title": np.tile(np.char.mod("%d", np.arange(n // 2)).astype(bytes), 2),
        "user_rating": np.full(n, 3, np.float32),
        "timestamp": np.arange(n),
    }
    made = features.make_features(train)
    np.testing.assert_allclose(made["statistics"][:, 1], 0.05**0.5, rtol=1e-5)
    assert made["statistics"][0, 4] == pytest.approx((5 / 6) ** 0.5)  # movies have one other


def test_statistics_by_hand():
    train = {
        "user_id": np.array([b"a", b"a", b"b"]),
        "movie_title": np.array([b"x", b"y", b"x"]),
        "user_rating": np.array([5.0, 3.0, 1.0]),
        "timestamp": np.array([0, 3600, 0]),
    }
    movie_x, movie_y = 3 + (2 - 2) / 7, 3 + 0 / 6  # damped means; the mean of all is 3
    made = features.make_features(train)
    first_user_mean = (3 - movie_y) / (1 + 5)  # of user a's other rating
    np.testing.assert_allclose(made["statistics"][0, 0], first_user_mean, atol=1e-6)
    np.testing.assert_allclose(made["residual"], [5 - movie_x, 3 - movie_y, 1 - movie_x], atol=1e-6)
    np.testing.assert_allclose(made["statistics"][:, 2], np.log1p([1, 1, 0]), atol=1e-6)
    np.testing.assert_allclose(made["time"][:, 3], np.log1p([0, 1, 0]), atol=1e-6)  # came before
    np.testing.assert_allclose(made["time"][:, 4], np.log1p([0, 1, 0]), atol=1e-6)  # hours


def test_own_rating_is_left_out(train):
    """Changing a row's own rating hardly changes its own features, but those of others.

    Hardly: what other users' ratings are measured against, the movies' means, moves a little.
    """
    before = features.make_features(train)
    changed = dict(train, user_rating=train["user_rating"].copy())
    row = int(np.argmax(train["user_rating"] == 1))
    changed["user_rating"][row] = 5
    after = features.make_features(changed)
    for name in ("statistics", "time"):
        moved = np.abs(after[name] - before[name])
        assert moved[row].max() < 0.3 * moved.max(), name
    for name in ("user_weight", "movie_weight"):
        np.testing.assert_array_equal(after[name], before[name], err_msg=name)


def test_ratings_of_other_rows_are_not_read(train, others):
    told = features.make_features(train, dict(others, user_rating=np.full(20, 99.0)))
    untold = features.make_features(train, {k: v for k, v in others.items() if k != "user_rating"})
    for name, values in untold.items():
        np.testing.assert_array_equal(told[name], values, err_msg=name)
