"""Features hold nothing of a row's own rating, and the model of lesson 5 copes with all rows."""

import numpy as np
import pytest

from helpers.data import batches, every_pair
from helpers.data.ratings import GENRES, prepare_rows, take, year_of
from helpers.data.simulation import simulate
from helpers.keras2 import tf
from helpers.models import features, rating, training


@pytest.fixture(scope="module")
def rows():
    """Return 3,000 simulated ratings in the form that `load_rows` gives."""
    ratings = simulate(3_000, users=60, movies=120).ratings
    return prepare_rows(ratings)


@pytest.fixture(scope="module")
def parts(rows):
    return take(rows, slice(0, 2_500)), take(rows, slice(2_500, None))


def test_rows_carry_what_the_model_needs(rows):
    assert rows["genres"].shape == (3_000, GENRES)
    assert set(np.unique(rows["genres"])) == {0, 1}
    assert set(np.unique(rows["gender"])) == {0, 1}
    assert (rows["age"] % 5 == 0).all()


@pytest.mark.parametrize(
    ("title", "year"),
    [(b"Speed (1994)", 1994), (b"M*A*S*H (1970)", 1970), (b"Alien (1979)", 1975), (b"unknown", 0),
     (b"2001: A Space Odyssey (1968) ", 1965), (b"Heat (1995) (V)", 0)],
)  # fmt: skip
def test_year_of(title, year):
    assert year_of(title) == year


def test_own_rating_is_left_out(parts):
    """Changing a row's own rating changes nothing in its own features, but those of others."""
    train, _ = parts
    before = features.make_features(train)
    changed = dict(train, user_rating=train["user_rating"].copy())
    row = int(np.argmax(train["user_rating"] == 1))
    changed["user_rating"][row] = 5
    after = features.make_features(changed)
    for name in ("statistics", "time", "user_weight", "movie_weight"):
        np.testing.assert_allclose(after[name][row], before[name][row], atol=0.01, err_msg=name)
        if "weight" not in name:
            assert np.abs(after[name] - before[name]).max() > 0.05, name


def test_ratings_of_other_rows_are_not_read(parts):
    train, test = parts
    told = features.make_features(train, dict(test, user_rating=np.full(500, 99.0)))
    untold = features.make_features(train, {k: v for k, v in test.items() if k != "user_rating"})
    for name, values in untold.items():
        np.testing.assert_array_equal(told[name], values, err_msg=name)


def test_training_and_other_rows_are_described_alike(parts):
    """A training row without its rating looks as it would if it had been left out of train."""
    train, _ = parts
    rest, last = take(train, slice(0, -1)), take(train, slice(-1, None))
    inside, outside = features.make_features(train), features.make_features(rest, last)
    for name in ("statistics", "time", "user_weight", "movie_weight"):
        np.testing.assert_allclose(inside[name][-1], outside[name][0], atol=0.02, err_msg=name)


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


def test_unknown_users_and_movies_get_a_prediction(parts):
    train, test = parts
    made = features.make_features(train)
    model = rating.train_rating_model(made, epochs=1)
    strangers = dict(test, user_id=np.full(500, b"new"), movie_title=np.full(500, b"New (1998)"))
    told = features.make_features(train, strangers)
    predictions = training.predict(model, told)
    assert predictions.shape == (500,)
    assert np.isfinite(predictions).all()
    assert ((predictions >= 1) & (predictions <= 5)).all()
    assert (told["statistics"][:, 2] == 0).all()


def test_history_is_the_sum_over_the_other_ratings(parts):
    train, _ = parts
    made = features.make_features(train)
    table = rating.Table(train["movie_title"], rating.RATING_DIMENSION, None)
    history = rating.History(made, "user_id", "movie_title", "residual", table)
    few = take(made, slice(0, 20))
    sums = history(few).numpy()
    embeddings = table(train["movie_title"]).numpy()
    for row in range(20):
        others = (train["user_id"] == train["user_id"][row]) & (np.arange(2_500) != row)
        expected = made["residual"][others] @ embeddings[others]
        np.testing.assert_allclose(sums[row], expected, atol=1e-4)


def test_same_seed_same_predictions_and_better_than_the_mean(parts):
    train, test = parts
    made, told = features.make_features(train), features.make_features(train, test)
    first, again = (
        training.predict(rating.train_rating_model(made, seed=1, epochs=3), told) for _ in range(2)
    )
    np.testing.assert_array_equal(first, again)
    error = np.sqrt(np.mean((first - test["user_rating"]) ** 2))
    assert error < 0.97 * np.std(test["user_rating"])


@pytest.mark.parametrize("parts_used", [(), *[(part,) for part in rating.PARTS]])
def test_each_part_works_alone(parts, parts_used):
    made = features.make_features(parts[0])
    model = rating.RatingModel(made, parts_used)
    assert model(take(made, slice(0, 7))).shape == (7, 1)


def test_unknown_part_is_named(parts):
    with pytest.raises(ValueError, match=r"histroy.*choose from history"):
        rating.RatingModel(features.make_features(parts[0]), ["histroy"])


def test_shuffled_batches_hold_every_row_once(parts):
    made = features.make_features(parts[0])
    shuffled = list(batches.make_batches(made, shuffle=True, batch_size=1_000))
    assert [len(batch["own"]) for batch in shuffled] == [1_000, 1_000, 500]
    times = tf.concat([batch["timestamp"] for batch in shuffled], axis=0).numpy()
    assert sorted(times) == sorted(made["timestamp"])
    assert (times != made["timestamp"]).any()


def test_every_pair_joins_users_and_movies_by_id(rows):
    users = np.unique(rows["user_id"])[[5, 2]]
    pairs = every_pair(rows, users)
    titles = np.unique(rows["movie_title"])
    assert pairs["user_id"].tolist() == np.repeat(users, len(titles)).tolist()
    assert pairs["movie_title"].tolist() == titles.tolist() * 2
    assert "user_rating" not in pairs
    for i in (0, 17, len(titles) + 3):
        user = rows["user_id"] == pairs["user_id"][i]
        movie = rows["movie_title"] == pairs["movie_title"][i]
        assert pairs["timestamp"][i] == rows["timestamp"][user].max()
        assert pairs["age"][i] == rows["age"][user][0]
        assert np.array_equal(pairs["genres"][i], rows["genres"][movie][0])
    assert features.make_features(rows, pairs)["time"].shape == (len(titles) * 2, 5)
