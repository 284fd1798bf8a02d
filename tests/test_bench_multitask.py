"""The log of one model for both tasks: what it holds, and how it is made."""

import functools
import json

import numpy as np
import pytest
import tiny

from helpers import data
from helpers.bench import multitask
from helpers.data.ratings import take
from helpers.models import causal, multi_task, rating, two_stages

NAMES = (multitask.TWO, *map(str, multitask.SHARES))
RECIPES = ("most rated", "retrieval", "ranker, candidates", *NAMES)


@pytest.fixture
def log():
    return multitask.load_multitask()


def test_log_holds_each_setting_recipe_seed_and_user(log):
    assert tuple(log["search"]) == NAMES
    for name, tried in log["search"].items():
        given = multitask.TWO_MODELS if name == multitask.TWO else multitask.ONE_MODEL
        assert tuple((rate, l2) for rate, l2, _, _ in tried) == given
        assert {weight for _, _, weight, _ in tried} <= set(multitask.WEIGHTS)
    for split in multitask.SPLITS:
        assert set(log[split]) == set(log["rated"][split]) == set(RECIPES)
        for name, by_seed in log[split].items():
            seeds = 1 if name == "most rated" else len(multitask.MULTITASK_SEEDS)
            assert len(by_seed) == len(log["rated"][split][name]) == seeds
            assert {len(of_users) for of_users in by_seed} == {len(log[split]["retrieval"][0])}
            assert all(0 <= value <= 1_000 for of_users in by_seed for value in of_users)


def test_log_holds_lists_for_the_same_new_users_from_each_source(log):
    found = log["newcomers"]
    assert set(found["weights"].values()) <= set(multitask.WEIGHTS)
    for name in ("retrieval", "rating model", "causal model"):
        assert [len(row) for row in found[name]] == [192] * len(multitask.MULTITASK_SEEDS)


def test_both_ways_are_tuned_alike():
    assert len(multitask.ONE_MODEL) == len(multitask.TWO_MODELS)


def test_defaults_are_what_the_search_chose(log):
    chosen = {name: multitask.best_with_weight(tried) for name, tried in log["search"].items()}
    assert chosen["two models"] == [0.02, 1000, two_stages.STARS_WEIGHT]
    values = {name: max(each[3] for each in log["search"][name]) for name in NAMES[1:]}
    assert max(values, key=values.get) == str(multi_task.SHARE)
    best = chosen[str(multi_task.SHARE)]
    assert best == [0.006, multi_task.MULTI_TASK_L2, two_stages.STARS_WEIGHT]


def test_text_of_a_log_is_the_log_row_by_row(log):
    text = multitask.multitask_log_as_text(log)
    assert json.loads(text) == log
    assert text == multitask.MULTITASK_LOG.read_text("utf-8")


def test_log_is_made_of_its_parts(monkeypatch, tmp_path, capsys):
    """With each process's work put aside: what goes where, and what is printed."""
    asked = []
    tried = [[0.1, 10, 0.5, 0.3], [0.2, 30, 0.75, 0.4]]

    def call(module, function, *arguments, seconds):
        asked.append((function, *arguments))
        if function == "judge_newcomers":
            return {"weights": {}}
        if function == "try_settings":
            return tried
        return {"full": {"two models": [[500, 700], [600, 800]]}, "rated": {arguments[0]: [0.9]}}

    monkeypatch.setattr(multitask, "call", call)
    monkeypatch.setattr(multitask, "MULTITASK_LOG", tmp_path / "multitask.json")
    means = multitask.measure_multitask()
    assert means == {split: {"two models": pytest.approx(0.65)} for split in multitask.SPLITS}
    chosen = {name: [0.2, 30, 0.75] for name in NAMES}
    assert asked == [
        *(("try_settings", name) for name in NAMES),
        *(("judge", split, chosen) for split in multitask.SPLITS),
        ("judge_newcomers",),
    ]
    made = multitask.load_multitask()
    assert made["in time"] == {"two models": [[500, 700], [600, 800]]}
    assert made["rated"] == {split: {split: [0.9]} for split in multitask.SPLITS}
    assert "0.6000 0.7000" in capsys.readouterr().out


@pytest.fixture
def small_models(one_epoch, monkeypatch):
    """Train models of few parts, which takes a third of the time, and for one epoch."""
    parts = "statistics", "time", "crosses"  # what both stages at once read
    monkeypatch.setattr(multi_task, "PARTS", parts)
    rating_model = functools.partial(rating.train_rating_model, parts=parts)
    causal_model = functools.partial(causal.train_causal_model, parts=("statistics",))
    monkeypatch.setattr("helpers.models.train_rating_model", rating_model)
    monkeypatch.setattr("helpers.models.train_causal_model", causal_model)


def test_parts_train_and_judge_on_few_ratings(monkeypatch, small_models):
    rows = tiny.make_rows(600, 6, 110)
    monkeypatch.setattr(data, "load_rows", lambda: rows)
    parts = [range(0, 400), range(400, 500), range(500, 600)]
    monkeypatch.setattr(data, "split_row_numbers", lambda: [list(part) for part in parts])
    monkeypatch.setattr(multitask, "ONE_MODEL", [(0.01, 30)])
    monkeypatch.setattr(multitask, "MULTITASK_SEEDS", (42, 1))
    ((rate, l2, weight, value),) = multitask.try_settings("0.5")
    assert (rate, l2) == (0.01, 30) and weight in multitask.WEIGHTS and 0 < value < 1
    chosen = {"two models": (0.02, 1000, 0.75), "0.5": (0.01, 30, 0.75)}
    found = multitask.judge("at random", chosen)
    for kind in ("full", "rated"):
        assert set(found[kind]) == set(RECIPES[:4]) | {"0.5"}
        for name, by_seed in found[kind].items():
            assert len(by_seed) == (1 if name == "most rated" else 2)
    assert found["full"]["0.5"][0] != found["full"]["0.5"][1]
    assert {len(row) for rows_of in found["full"].values() for row in rows_of} == {6}
    assert found["rated"]["ranker, candidates"] != found["rated"]["two models"]


def test_newcomers_are_asked_about_after_ten_ratings(small_models):
    rows = tiny.make_rows(420, 8, 60)
    rows["timestamp"] = np.where(np.isin(rows["user_id"], [b"5", b"6"]), 9_000_000, 0)
    rows["timestamp"] += np.arange(420) // 2
    new = np.isin(rows["user_id"], [b"5", b"6"])
    found = multitask._newcomers(take(rows, ~new), take(rows, new), (42,))
    assert set(found) == {"rating model", "causal model"}
    for values in found.values():
        assert values.shape == (1, len(multitask.WEIGHTS), 2)
        assert (values >= 0).all() and (values <= 1).all()
    np.testing.assert_array_equal(found["rating model"][:, 0], found["causal model"][:, 0])
    assert not np.array_equal(*found.values())
