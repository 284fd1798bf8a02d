"""What `.ci/mutation/accepted.txt` lists is still in the code, so the list does not go stale."""

import importlib.util

import pytest
from conftest import ROOT


@pytest.fixture(scope="module")
def run():
    """Return the module `.ci/mutation/run.py`, which is on no path."""
    spec = importlib.util.spec_from_file_location("run", ROOT / ".ci" / "mutation" / "run.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_accepted_mutants_are_of_lines_that_are_there(run):
    accepted = run.read_accepted()
    assert accepted
    for function, changed in accepted:
        module, _, name = function.rpartition(".")
        path = ROOT / f"{module.replace('.', '/')}.py"
        if not path.exists():  # a method, after its class
            path = ROOT / f"{module.rpartition('.')[0].replace('.', '/')}.py"
        lines = [line.strip() for line in path.read_text("utf-8").splitlines()]
        assert any(line.startswith(f"def {name}(") for line in lines), function
        for line in changed:
            if line.startswith("- "):
                assert line[2:] in lines, f"{function}: {line}"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("helpers.a.f\n- 1\n+ 2\n", "needs changed lines, and a reason"),
        ("helpers.a.f\n= because\n", "needs changed lines, and a reason"),
    ],
)
def test_accepted_mutant_needs_a_reason(run, monkeypatch, tmp_path, text, said):
    (tmp_path / "accepted.txt").write_text(text, "utf-8")
    monkeypatch.setattr(run, "HERE", tmp_path)
    with pytest.raises(SystemExit, match=said):
        run.read_accepted()


def test_modules_and_rooms_are_found_with_their_tests(run):
    rooms = run.by_room(["metrics", "helpers/data/split.py"])
    assert rooms["data"] == ["helpers/data/split.py"]
    assert "helpers/metrics/lists.py" in rooms["metrics"]
    assert "helpers/metrics/__init__.py" not in rooms["metrics"]
    assert run.tests_of("helpers/metrics/lists.py") == "tests/test_metrics_lists.py"
    assert run.tests_of("helpers/data/split.py") == "tests/test_split.py"
    assert run.tests_of("helpers/data/__main__.py") == "tests/test_data_main.py"
    with pytest.raises(SystemExit, match="There is no room or module nowhere"):
        run.by_room(["nowhere"])


def test_only_changed_lines_of_a_diff_count(run):
    diff = ["@@ -1,2 +1,2 @@", "     a = 1", "-    if a < 2:", "+    if a <= 2:"]
    assert run.changes(diff) == ("- if a < 2:", "+ if a <= 2:")


@pytest.mark.parametrize("room", ["data", "metrics"])
def test_each_module_has_tests_of_its_own(run, room):
    for module in run.by_room([room])[room]:
        assert run.tests_of(module), module
