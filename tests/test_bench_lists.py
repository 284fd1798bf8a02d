"""The log of losses on lists: what it holds, and how it is made."""

import json

import pytest
import tiny

from helpers import data, keras2, models
from helpers.bench import lists

LEFT_OUT = ("own rating", "whole list")


@pytest.fixture
def log():
    return lists.load_lists()


def test_log_holds_each_setting_seed_and_user(log):
    assert set(log["search"]) == set(lists.LOSSES)
    for tried in log["search"].values():
        assert [(rate, l2) for rate, l2, _ in tried] == lists.GRID
    assert set(log["leak"]) == {f"{loss}, {out}" for loss in lists.LOSSES for out in LEFT_OUT}
    assert {len(values) for values in log["leak"].values()} == {lists.LEAK_SEEDS}
    assert list(log["test"]) == [lists.BETTER, *lists.LOSSES]
    for by_seed in log["test"].values():
        assert len(by_seed) == len(lists.LISTS_SEEDS)
        assert {len(of_users) for of_users in by_seed} == {938}  # of 943, those with two ratings
        assert all(0 <= value <= 1_000 for of_users in by_seed for value in of_users)


def test_leak_was_measured_with_the_settings_that_the_search_chose(log):
    for loss, tried in log["search"].items():
        best = max(value for _, _, value in tried)
        assert log["leak"][f"{loss}, whole list"][0] == best  # of the same seed


def test_text_of_a_log_is_the_log_row_by_row(log):
    text = lists.lists_log_as_text(log)
    assert json.loads(text) == log
    assert text == lists.LISTS_LOG.read_text("utf-8")
    assert len(text.splitlines()) > 60


def test_best_settings_are_those_of_the_highest_value():
    tried = [[0.1, 10, 0.90], [0.1, 30, 0.92], [0.2, 10, 0.91]]
    assert lists.best_of_search(tried) == (0.1, 30)


def test_log_is_made_of_its_three_parts(monkeypatch, tmp_path, capsys):
    """With each process's work put aside: what goes where, and what is printed."""
    asked = []
    tried = [[0.1, 10, 0.9], [0.2, 30, 0.91]]

    def call(module, function, argument, seconds):
        asked.append((function, argument))
        if function == "search":
            return tried
        by_seed = [[500, 700], [600, 800]]
        return {"pairwise, own rating": [0.8]} if function == "leak" else {"pairwise": by_seed}

    monkeypatch.setattr(lists, "call", call)
    monkeypatch.setattr(lists, "LISTS_LOG", tmp_path / "lists.json")
    assert lists.measure_lists() == {"pairwise": [0.6, 0.7]}
    settings = dict.fromkeys(lists.LOSSES, (0.2, 30))
    assert asked == [
        *(("search", loss) for loss in lists.LOSSES), ("leak", settings), ("on_test", settings)
    ]  # fmt: skip
    assert lists.load_lists() == {
        "search": dict.fromkeys(lists.LOSSES, tried),
        "leak": {"pairwise, own rating": [0.8]},
        "test": {"pairwise": [[500, 700], [600, 800]]},
    }
    assert "0.6000 0.7000" in capsys.readouterr().out


@pytest.fixture
def few(monkeypatch):
    """As if there were 600 ratings, one setting and two seeds."""
    rows = tiny.make_rows(600, 6, 110)
    monkeypatch.setattr(data, "load_rows", lambda: rows)
    parts = [range(0, 400), range(400, 500), range(500, 600)]
    monkeypatch.setattr(data, "split_row_numbers", lambda: [list(part) for part in parts])
    monkeypatch.setattr(lists, "GRID", [(0.01, 30)])
    monkeypatch.setattr(lists, "LISTS_SEEDS", (42, 1))


def test_search_trains_and_judges(few, one_epoch):
    ((rate, l2, value),) = lists.search("ListMLE")
    assert (rate, l2) == (0.01, 30) and 0 < value < 1


def test_each_recipe_is_judged_with_its_settings_and_each_seed(few, monkeypatch, eagerly):
    """Of small models with the weights that they start with: to train them takes 20 seconds."""
    trained = []

    def train_list_model(features, loss, seed, learning_rate, l2):
        trained.append((loss.__class__.__name__, seed, learning_rate, l2))
        keras2.tf.keras.utils.set_random_seed(seed)
        return models.RatingModel(features, ())

    def train_rating_model(features, seed):
        trained.append((lists.BETTER, seed))
        keras2.tf.keras.utils.set_random_seed(seed)
        return models.RatingModel(features, ())

    monkeypatch.setattr(models, "train_list_model", train_list_model)
    monkeypatch.setattr(models, "train_rating_model", train_rating_model)
    settings = {loss: (0.01 * i, 30 * i) for i, loss in enumerate(lists.LOSSES, start=1)}
    found = lists.on_test(settings)
    names = ("function", "PairwiseLogisticLoss", "ListMLELoss")
    assert trained == [(lists.BETTER, 42), (lists.BETTER, 1)] + [
        (name, seed, *settings[loss]) for name, loss in zip(names, lists.LOSSES) for seed in (42, 1)
    ]
    assert {name: [len(row) for row in by_seed] for name, by_seed in found.items()} == (
        {key: [6, 6] for key in [lists.BETTER, *lists.LOSSES]}
    )
    assert found["pairwise"][0] != found["pairwise"][1]
