"""Simulated ratings have the distributions that they claim, and no model beats their floor."""

import itertools
import re
from statistics import NormalDist

import numpy as np
import pytest

from helpers.data import movielens, simulation
from helpers.data.simulation import simulate
from helpers.metrics.stars import rmse


def test_same_fields_and_types_as_the_real_ratings():
    real, simulated = movielens.read_ratings(), simulate(ratings=500, users=20, movies=60).ratings
    assert list(simulated) == list(real)
    for field, values in real.items():
        if movielens.FIELDS[field] == movielens.tf.string:  # bytes, whose widths differ
            assert simulated[field].dtype.kind == values.dtype.kind == "S", field
        else:
            assert simulated[field].dtype == values.dtype, field
        assert simulated[field].shape[0] == 500, field


def test_same_seed_same_ratings():
    one, same, other = (simulate(ratings=2_000, seed=seed) for seed in (3, 3, 4))
    for made in (one, same):
        made.ratings["movie_genres"] = made.ratings["movie_genres"].values
    for name, values in one.ratings.items():
        assert np.array_equal(values, same.ratings[name]), name
    assert np.array_equal(one.expected, same.expected)
    assert one.noise_floor == same.noise_floor
    assert not np.array_equal(one.ratings["user_rating"], other.ratings["user_rating"])


def test_ratings_are_those_of_lesson_8():
    """The figures that the lessons store come from these draws, of seed 0."""
    made = simulate(1_000, users=30, movies=80)
    rows = zip(*(made.ratings[name] for name in ("user_id", "movie_id", "user_rating")))
    first = [(b"19", b"10", 5), (b"25", b"21", 3), (b"7", b"60", 3), (b"21", b"13", 5)]
    assert list(rows)[:4] == first
    assert made.ratings["user_rating"].sum() == 3_490
    assert made.ratings["timestamp"].sum() == 885_604_848_246
    assert made.noise_floor == pytest.approx(0.8686256332675879, rel=1e-9)


def test_size_of_a_chunk_changes_nothing(monkeypatch):
    whole = simulate(300, users=20, movies=60)
    monkeypatch.setattr(simulation, "CHUNK", 7)
    cut = simulate(300, users=20, movies=60)
    for name in ("user_id", "movie_title", "user_rating", "timestamp"):
        assert np.array_equal(whole.ratings[name], cut.ratings[name]), name
    np.testing.assert_allclose(whole.expected, cut.expected, rtol=1e-12)
    assert whole.noise_floor == pytest.approx(cut.noise_floor, rel=1e-12)


# How many


@pytest.mark.parametrize(
    ("given", "users", "movies"),
    [
        ({"ratings": 100_000}, 943, 1_664),
        ({"ratings": 25_000_000}, 235_849, 26_310),
        ({"ratings": 1_000}, 9, 212),
        ({"ratings": 3}, 1, 212),
        ({"ratings": 100, "users": 7}, 7, 212),
        ({"ratings": 30, "movies": 30}, 1, 30),
    ],
)
def test_numbers_of_users_and_movies_are_in_movielens_proportion(monkeypatch, given, users, movies):
    counts = []

    def stop(ratings, user_weight, movie_weight, rng):
        counts.extend([ratings, len(user_weight), len(movie_weight)])
        raise InterruptedError

    monkeypatch.setattr(simulation, "_distinct_pairs", stop)
    with pytest.raises(InterruptedError):
        simulate(**given)
    assert counts == [given["ratings"], users, movies]


def test_movies_grow_with_the_square_root_of_the_ratings():
    movies = round(1_664 * 1e7**0.5)
    message = f"1 users can give {movies} movies at most {movies} ratings"
    with pytest.raises(ValueError, match=f"^{message}$"):
        simulate(10**12, users=1)


def test_there_are_as_many_ratings_as_in_movielens():
    assert len(simulate(fields=()).expected) == 100_000


@pytest.mark.parametrize("name", ["ratings", "users", "movies", "noise"])
@pytest.mark.parametrize("value", [0, -5])
def test_nothing_is_refused(name, value):
    message = "ratings, users, movies and noise must be greater than zero"
    with pytest.raises(ValueError, match=f"^{message}$"):
        simulate(**({"ratings": 4} | {name: value}))


def test_endless_noise_is_refused():
    message = "noise is inf: a finite number of stars was asked for"
    with pytest.raises(ValueError, match=f"^{message}$"):
        simulate(10, noise=float("inf"))


def test_more_ratings_than_pairs_are_refused():
    with pytest.raises(ValueError, match=r"^2 users can give 3 movies at most 6 ratings$"):
        simulate(ratings=7, users=2, movies=3)


@pytest.mark.parametrize(("ratings", "users", "movies"), [(1, 1, 1), (6, 2, 3), (1_000, 40, 26)])
def test_no_user_rates_a_movie_twice(ratings, users, movies):
    made = simulate(ratings, users, movies).ratings
    assert len(set(zip(made["user_id"], made["movie_title"]))) == ratings


# Who rates what


def test_choice_is_that_of_numpy(monkeypatch):
    monkeypatch.setattr(simulation, "CHUNK", 10)
    p = np.array([0.1, 0, 0.2, 0.3, 0.4])
    found = simulation._choice(p * 7, 95, np.random.default_rng(1))
    assert found.tolist() == np.random.default_rng(1).choice(5, 95, p=p).tolist()
    assert found.dtype == np.int64


def test_pairs_are_drawn_in_proportion_to_the_weights():
    rng = np.random.default_rng(1)
    movie_weight = np.array([1.0, 3.0, 0.0, 4.0])
    user, movie = simulation._distinct_pairs(20_000, np.ones(1_000_000), movie_weight, rng)
    assert len(user) == len(movie) == 20_000
    shares = np.bincount(movie, minlength=4) / 20_000
    np.testing.assert_allclose(shares, [1 / 8, 3 / 8, 0, 4 / 8], atol=0.02)
    assert abs(user.mean() / 1_000_000 - 0.5) < 0.01
    assert abs(np.corrcoef(user, movie)[0, 1]) < 0.03
    assert abs(np.corrcoef(np.arange(20_000), user)[0, 1]) < 0.03  # in no order


def test_popularity_has_a_long_tail_and_activity_is_lognormal(monkeypatch):
    given = []
    pairs = simulation._distinct_pairs

    def keep(ratings, user_weight, movie_weight, rng):
        given.extend([user_weight, movie_weight])
        return pairs(ratings, user_weight, movie_weight, rng)

    monkeypatch.setattr(simulation, "_distinct_pairs", keep)
    simulate(100, users=20_000, movies=50, fields=())
    user_weight, movie_weight = given
    np.testing.assert_allclose(movie_weight / movie_weight[0], 20 / np.arange(20, 70), rtol=1e-12)
    assert np.log(user_weight).std() == pytest.approx(0.9, abs=0.02)
    assert np.log(user_weight).mean() == pytest.approx(0, abs=0.02)


# Stars


def stars_by_hand(score, noise):
    """Return mean and standard deviation of a score with noise, rounded to 1 to 5."""
    normal = NormalDist(score, noise)
    edges = [0, *(normal.cdf(star + 0.5) for star in range(1, 5)), 1]
    shares = [up - down for down, up in itertools.pairwise(edges)]
    mean = sum(star * share for star, share in enumerate(shares, 1))
    return mean, sum(star**2 * share for star, share in enumerate(shares, 1)) - mean**2


@pytest.mark.parametrize("noise", [0.05, 0.9, 4])
def test_mean_and_variance_by_hand(noise):
    scores = np.array([-3, 0.7, 1.5, 2.49, 3, 3.53, 4.6, 5.2, 9])
    found = np.transpose(simulation._mean_and_variance_of_stars(scores, noise))
    expected = [stars_by_hand(score, noise) for score in scores]
    np.testing.assert_allclose(found, expected, atol=1e-9)


@pytest.mark.parametrize("noise", [1e-3, 1e-200])
def test_scores_far_out_have_one_star_or_five(noise):
    mean, variance = simulation._mean_and_variance_of_stars(np.array([-1e9, 1e9]), noise)
    assert mean.tolist() == [1, 5]
    assert variance.tolist() == [0, 0]


@pytest.fixture
def scores(monkeypatch):
    """Return a function that simulates with some of the parts of a score, and gives the scores."""
    monkeypatch.setattr(simulation, "_mean_and_variance_of_stars", lambda score, noise: (score, 4))

    def simulate_scores(parts, **named):
        for part in {"USER_SD", "MOVIE_SD", "TASTE_SD"} - set(parts):
            monkeypatch.setattr(simulation, part, 0)
        made = simulate(**named)
        assert made.noise_floor == 2.0
        return made.ratings, made.expected

    return simulate_scores


def test_score_without_its_parts_is_the_mean(scores):
    assert set(scores([], ratings=50)[1]) == {3.53}


def groups_of(ids, values):
    order = np.argsort(ids, kind="stable")
    _, starts = np.unique(ids[order], return_index=True)
    return np.split(values[order], starts[1:])


@pytest.mark.parametrize(
    ("part", "deviation", "field", "users", "movies"),
    [
        ("USER_SD", 0.45, "user_id", 1_000, 40),
        ("MOVIE_SD", 0.5, "movie_id", 40, 1_000),
    ],
)
def test_biases_belong_to_users_and_to_movies(scores, part, deviation, field, users, movies):
    ratings, score = scores([part], ratings=8_000, users=users, movies=movies)
    groups = groups_of(ratings[field], score)
    assert all(np.ptp(group) == 0 for group in groups)
    biases = np.array([group[0] for group in groups]) - 3.53
    assert biases.mean() == pytest.approx(0, abs=0.06)
    assert biases.std() == pytest.approx(deviation, rel=0.08)


def test_tastes_match_as_often_as_not(scores):
    ratings, score = scores(["TASTE_SD"], ratings=40_000, users=400, movies=400)
    match = score - 3.53
    assert match.mean() == pytest.approx(0, abs=0.02)
    assert match.std() == pytest.approx(0.4, rel=0.05)
    for field in ("user_id", "movie_id"):  # no bias is hidden in them
        means = [group.mean() for group in groups_of(ratings[field], match)]
        assert np.std(means) < 0.15


def test_match_is_that_of_eight_tastes(scores):
    ratings, score = scores(["TASTE_SD"], ratings=900, users=30, movies=30)
    table = np.zeros((30, 30))
    table[ratings["user_id"].astype(int) - 1, ratings["movie_id"].astype(int) - 1] = score - 3.53
    sizes = np.linalg.svd(table, compute_uv=False)
    assert (sizes > 1e-5).sum() == 8


def test_parts_of_a_score_add_up(scores):
    _, score = scores(
        ["USER_SD", "MOVIE_SD", "TASTE_SD"], ratings=60_000, users=1_500, movies=1_500
    )
    assert score.mean() == pytest.approx(3.53, abs=0.05)
    assert score.var() == pytest.approx(0.45**2 + 0.5**2 + 0.4**2, rel=0.1)


def test_ratings_are_the_rounded_scores(scores):
    named = {"ratings": 900, "users": 30, "movies": 30, "noise": 1e-9}
    ratings, score = scores(["USER_SD", "MOVIE_SD", "TASTE_SD"], **named)
    assert ratings["user_rating"].tolist() == np.clip(np.rint(score), 1, 5).tolist()
    assert ratings["user_rating"].dtype == np.float32


def test_ratings_stay_from_1_to_5():
    stars = simulate(2_000, users=50, movies=100, noise=5).ratings["user_rating"]
    assert sorted(set(stars.tolist())) == [1, 2, 3, 4, 5]


def test_noise_floor_is_what_the_best_prediction_reaches():
    made = simulate(ratings=50_000, seed=1)
    ratings = made.ratings["user_rating"]
    best = rmse(ratings, made.expected)
    assert best == pytest.approx(made.noise_floor, abs=0.007)
    assert best < rmse(ratings, made.expected + 0.1)
    assert best < rmse(ratings, ratings.mean()) - 0.1
    for low, high in ((1, 2.5), (2.5, 3.5), (3.5, 4.5)):  # right everywhere, not on average
        here = (low < made.expected) & (made.expected < high)
        assert ratings[here].mean() == pytest.approx(made.expected[here].mean(), abs=0.03)


def test_noise_is_09_stars_unless_another_is_asked_for(monkeypatch):
    for part in ("USER_SD", "MOVIE_SD", "TASTE_SD"):
        monkeypatch.setattr(simulation, part, 0)
    for named, noise in (({}, 0.9), ({"noise": 0.3}, 0.3)):
        made = simulate(60, **named)
        mean, variance = stars_by_hand(3.53, noise)
        np.testing.assert_allclose(made.expected, mean, atol=1e-9)
        assert made.noise_floor == pytest.approx(variance**0.5)


# The other fields


class Ends:
    """Draws the lowest and the highest in turn."""

    def integers(self, low, high, size):
        return np.resize([low, high - 1], size)

    def random(self, size):
        return np.resize([0.6999, 0.7], size)


def test_fields_of_users_reach_from_end_to_end():
    made = simulation._of_users(2, Ends())
    assert {name: values.tolist() for name, values in made.items()} == {
        "user_id": [b"1", b"2"],
        "raw_user_age": [10, 69],
        "bucketized_user_age": [1, 56],
        "user_gender": [True, False],
        "user_occupation_text": [b"student", b"writer"],
        "user_occupation_label": [17, 21],
        "user_zip_code": [b"00001", b"00002"],
        "timestamp": [874_724_710, 893_286_637],
    }
    assert made["raw_user_age"].dtype == made["bucketized_user_age"].dtype == np.float32


@pytest.mark.parametrize(
    ("age", "bucket"),
    [(17, 1), (18, 18), (24, 18), (25, 25), (34, 25), (35, 35), (44, 35), (45, 45), (49, 45),
     (50, 50), (55, 50), (56, 56)],
)  # fmt: skip
def test_ages_are_put_into_the_groups_of_movielens(age, bucket):
    class Draws(Ends):
        def integers(self, low, high, size):
            return np.full(size, age if (low, high) == (10, 70) else low)

    assert simulation._of_users(1, Draws())["bucketized_user_age"].tolist() == [bucket]


def test_fields_of_movies_reach_from_end_to_end():
    made = simulation._of_movies(2, Ends())
    assert {name: values.tolist() for name, values in made.items()} == {
        "movie_id": [b"1", b"2"],
        "movie_title": [b"Simulated Movie 1 (1930)", b"Simulated Movie 2 (1998)"],
        "movie_genres": [0, 18],
    }


def test_each_rating_has_one_genre_and_its_own_second():
    made = simulate(8_000, users=20, movies=500).ratings
    genres = made["movie_genres"]
    assert genres.row_lengths().numpy().tolist() == [1] * 8_000
    for group in groups_of(made["movie_id"], genres.values.numpy()):
        assert np.ptp(group) == 0
    later = np.concatenate(
        [group - group.min() for group in groups_of(made["user_id"], made["timestamp"])]
    )
    assert later.mean() == pytest.approx(3_600, rel=0.1)  # seconds after the user's first day
    assert later.std() == pytest.approx(3_600, rel=0.1)


def test_fields_are_those_of_a_user_and_a_movie():
    made = simulate(500, users=20, movies=40).ratings
    for key, others in (
        ("user_id", ("raw_user_age", "user_gender", "user_occupation_text", "user_zip_code")),
        ("movie_id", ("movie_title",)),
    ):
        for name in others:
            assert all(len(set(group.tolist())) == 1 for group in groups_of(made[key], made[name]))
    for title, number in zip(made["movie_title"], made["movie_id"]):
        assert re.fullmatch(rb"Simulated Movie %b \(19\d\d\)" % number, title)


@pytest.mark.parametrize("fields", [(), ("timestamp",), ("user_id", "movie_genres")])
def test_only_the_fields_asked_for_are_made(fields):
    made = simulate(200, users=20, movies=40, fields=fields)
    whole = simulate(200, users=20, movies=40)
    assert list(made.ratings) == sorted([*fields, "user_rating"])
    for name in made.ratings:
        if name != "movie_genres":
            assert np.array_equal(made.ratings[name], whole.ratings[name])
    assert np.array_equal(made.expected, whole.expected)


# Clicks


def test_clicks_follow_appeal_and_rank():
    made = simulation.simulate_clicks(lists=40_000, movies=20, shown=5, shuffled=0.3, seed=2)
    assert all(len(column) == 200_000 for column in made[:4])
    assert made.rank.reshape(-1, 5).tolist()[7] == [1, 2, 3, 4, 5]
    movies = np.sort(made.movie.reshape(-1, 5), axis=1)
    assert (np.diff(movies, axis=1) > 0).all()  # no list shows a movie twice
    assert movies.max() == 19
    assert made.shuffled.reshape(-1, 5)[:, 0].mean() == pytest.approx(0.3, abs=0.01)
    assert (made.shuffled.reshape(-1, 5).std(axis=1) == 0).all()
    expected = made.appeal[made.movie] / made.rank
    for rank in range(1, 6):
        for part in (made.shuffled, ~made.shuffled):
            used = part & (made.rank == rank)
            error = made.clicked[used].mean() - expected[used].mean()
            assert abs(error) < 4 * np.sqrt(0.25 / used.sum())


def test_clicks_are_those_of_lesson_9():
    """The figures that lesson 9 stores come from these draws, of seed 0."""
    made = simulation.simulate_clicks(lists=4, movies=5, shown=4, shuffled=0.5)
    lists = [[1, 0, 3, 2], [3, 4, 2, 1], [2, 1, 0, 3], [0, 1, 2, 3]]
    assert made.movie.reshape(4, 4).tolist() == lists
    assert made.rank.tolist() == [1, 2, 3, 4] * 4
    assert made.shuffled.tolist() == [False] * 4 + [True] * 8 + [False] * 4
    assert np.flatnonzero(made.clicked).tolist() == [8, 13]
    appeal = [0.20193087527921205, 0.16354222004840716, 0.2974276570086459]
    np.testing.assert_allclose(made.appeal[:3], appeal, rtol=1e-9)
    assert [column.dtype.kind for column in made] == ["i", "i", "b", "b", "f"]


def logit(share):
    return np.log(share / (1 - share))


def test_appeal_is_that_of_a_logistic_model():
    appeal = simulation.simulate_clicks(lists=1, movies=20_000, shown=1).appeal
    assert logit(appeal).mean() == pytest.approx(-1.5, abs=0.02)
    assert logit(appeal).std() == pytest.approx(1, abs=0.02)


def test_older_recommender_knows_a_little_of_the_appeal():
    """In many lists of all movies, what it believes correlates with the truth by one half."""
    made = simulation.simulate_clicks(lists=50, movies=2_000, shown=2_000, shuffled=0)
    above = np.bincount(made.movie, made.rank - 0.5) / (50 * 2_000)  # the share of the others
    believed = -np.sqrt(3) * np.array([NormalDist().inv_cdf(share) for share in above])
    assert believed.std() == pytest.approx(1, abs=0.05)
    assert np.corrcoef(believed, logit(made.appeal))[0, 1] == pytest.approx(0.5, abs=0.05)


@pytest.mark.parametrize("share", [0, 1])
def test_no_list_or_each_can_be_shuffled(share):
    assert set(simulation.simulate_clicks(lists=20, shuffled=share).shuffled) == {bool(share)}


def test_better_movies_stand_higher_unless_shuffled():
    """Over many simulations: the older recommender knows a little, and lot knows nothing."""
    slopes = {False: [], True: []}
    for seed in range(30):
        made = simulation.simulate_clicks(lists=2_000, shuffled=0.5, seed=seed)
        for shuffled, found in slopes.items():
            used = made.shuffled == shuffled
            found.append(np.corrcoef(made.rank[used], made.appeal[made.movie[used]])[0, 1])
    assert np.mean(slopes[False]) < -0.05
    assert abs(np.mean(slopes[True])) < 0.01


def test_clicks_repeat():
    one, same, other = (simulation.simulate_clicks(lists=50, seed=seed) for seed in (1, 1, 2))
    assert all(np.array_equal(*pair) for pair in zip(one, same))
    assert not np.array_equal(one.movie, other.movie)
    assert len(one.movie) == 500 and len(one.appeal) == 50


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"lists": 0}, "0 lists of 10 out of 50 movies cannot be shown"),
        ({"shown": 0}, "30000 lists of 0 out of 50 movies"),
        ({"movies": 9}, "30000 lists of 10 out of 9 movies"),
        ({"shuffled": 1.1}, "shuffled is 1.1: a share from 0 to 1"),
        ({"shuffled": -0.1}, "shuffled is -0.1"),
    ],
)
def test_clicks_need_lists_that_can_be_shown(settings, said):
    with pytest.raises(ValueError, match=f"^{re.escape(said)}"):
        simulation.simulate_clicks(**settings)
