"""The leaderboard, as it is printed, and what other libraries predict."""

import numpy as np
import pytest

from helpers.data import movielens, split
from helpers.data.ratings import take
from helpers.metrics import intervals, leaderboard, lists, stars


def test_leaderboard_ends_with_the_best(capsys):
    leaderboard.print_leaderboard({"good": 0.9, "bad": 1.1, "so-so": 0.96449}, biases=1.0)
    assert capsys.readouterr().out.splitlines() == [
        "                                   test RMSE   below the biases (before rounding)",
        "bad                                    1.100             -0.100",
        "so-so                                  0.964             +0.036",
        "good                                   0.900             +0.100",
    ]


def test_leaderboard_says_how_far_each_is_above_the_best_library(capsys):
    above = {"bad": (0.24, 0.2, 0.3), "good": (-0.01, -0.02, 0.004)}
    results = {"good": 0.85, "bad": 1.1, "theirs": 0.86}
    leaderboard.print_leaderboard(results, biases=1.0, intervals=above)
    start = "                                   test RMSE   below the biases"
    assert capsys.readouterr().out.splitlines() == [
        start + "   above the best library, 95% interval",
        "bad                                    1.100             -0.100"
        "   +0.240 (+0.200 to +0.300)",
        "theirs                                 0.860             +0.140",
        "good                                   0.850             +0.150"
        "   -0.010 (-0.020 to +0.004)",
    ]


def test_paired_intervals_are_about_the_mean_rmse_of_the_seeds():
    rng = np.random.default_rng(1)
    labels = rng.integers(1, 6, 400).astype(float)
    reference = labels + rng.normal(0, 0.9, 400)
    recipe = labels + rng.normal(0, [[0.9], [1.1], [1.0]], (3, 400))
    users = rng.integers(0, 30, 400)
    found = leaderboard.paired_intervals(
        labels, {"recipe": recipe, "one": recipe[1]}, reference, users
    )
    assert list(found) == ["recipe", "one"]
    for name, values in {"recipe": recipe, "one": recipe[1:2]}.items():
        difference, *ends = found[name]
        mean = np.mean([stars.rmse(labels, value) for value in values])
        assert difference == pytest.approx(mean - stars.rmse(labels, reference))
        assert tuple(ends) == intervals.recipe_interval(labels, values, reference, users)


def test_predictions_are_stored_to_three_digits(tmp_path, monkeypatch):
    path = tmp_path / "some.npz"
    monkeypatch.setattr(leaderboard, "STORED", path)
    given = {"a, b": np.array([1.0, 2.71828, 5.0]), "c": np.array([3.0006, 3.0004, 1.0])}
    leaderboard.store_predictions(path, given)
    read = leaderboard.other_libraries()
    assert list(read) == ["a, b", "c"]
    assert read["a, b"].tolist() == [1.0, 2.718, 5.0]
    assert read["c"].tolist() == [3.001, 3.0, 1.0]


def test_other_libraries_are_as_good_as_the_leaderboard_says():
    ratings = movielens.read_ratings("user_id", "user_rating")
    rows = take(ratings, split.split_row_numbers()[2])
    predictions = leaderboard.other_libraries()
    labels = rows["user_rating"]
    errors = {name: stars.rmse(labels, values) for name, values in predictions.items()}
    assert {name: round(value, 3) for name, value in errors.items()} == leaderboard.OTHER_LIBRARIES
    for name, value in leaderboard.OTHER_LIBRARIES_NDCG.items():
        mask, stars_given, scores = lists.per_user(rows["user_id"], labels, predictions[name])
        found = lists.ndcg(stars_given, scores, mask).mean()
        assert round(float(found), 3) == value, name
    assert min(errors, key=errors.get) == leaderboard.BEST_LIBRARY
    assert set(leaderboard.LOOK_AHEAD) <= set(errors)
    assert leaderboard.STORED.stat().st_size < 300_000


def test_other_libraries_become_better_with_more_to_learn_from():
    errors = leaderboard.OTHER_LIBRARIES
    assert list(errors) == sorted(errors, key=errors.get, reverse=True)
    assert set(leaderboard.OTHER_LIBRARIES_NDCG) < set(errors)
