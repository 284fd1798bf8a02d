"""The leaderboard, as it is printed."""

from helpers.metrics import leaderboard


def test_leaderboard_ends_with_the_best(capsys):
    leaderboard.print_leaderboard({"good": 0.9, "bad": 1.1, "so-so": 0.96449}, biases=1.0)
    assert capsys.readouterr().out.splitlines() == [
        "                                   test RMSE   below the biases (before rounding)",
        "bad                                    1.100             -0.100",
        "so-so                                  0.964             +0.036",
        "good                                   0.900             +0.100",
    ]


def test_other_libraries_become_better_with_more_to_learn_from():
    errors = leaderboard.OTHER_LIBRARIES
    assert list(errors) == sorted(errors, key=errors.get, reverse=True)
    assert set(leaderboard.OTHER_LIBRARIES_NDCG) < set(errors)
