"""The workflow, `.ci/run` and the dev container run the course as its own command line has it."""

import json
import os
import re
import runpy
import shlex
import subprocess
import sys

import conftest
import pytest
from conftest import ROOT, lack, need

from helpers import __main__ as command_line
from helpers.setup import environment, platforms

WORKFLOW = (ROOT / ".github" / "workflows" / "ci.yml").read_text("utf-8")
RUN = (ROOT / ".ci" / "run").read_text("utf-8")
DEV_CONTAINER = ROOT / ".devcontainer" / "devcontainer.json"
INSTALLATION = "python -m pip install .*-r .ci/requirements.txt"


@pytest.fixture
def workflow():
    yaml = need("yaml")
    return yaml.load(WORKFLOW, yaml.BaseLoader)  # "on" stays a word


@pytest.fixture
def steps(workflow):
    return workflow["jobs"]["test"]["steps"]


def systems(workflow):
    """Return a dict from each system of the matrix to what is set for it alone."""
    matrix = workflow["jobs"]["test"]["strategy"]["matrix"]
    own = {each["os"]: each for each in matrix["include"]}
    assert list(own) == matrix["os"]  # else `include` would add jobs
    return own


def commands_of(text):
    """Return the arguments of each `python -m helpers …` in a text, as lists."""
    found = re.findall(r"\bpython3? -m helpers (.*)", text)
    return [shlex.split(each.replace("${{ matrix.processes }}", "1")) for each in found]


# --- what may be missing


@pytest.mark.parametrize(
    ("variables", "in_ci"),
    [({}, False), ({"CI": "true"}, False), ({"COURSE_CI": "1"}, True), ({"COURSE_CI": ""}, False)],
)
def test_only_who_has_installed_all_is_in_ci(variables, in_ci, monkeypatch):
    for name in ("COURSE_PROGRESS", "PYTHONPATH"):  # which conftest.py sets
        monkeypatch.setenv(name, "")
    for name in ("CI", "COURSE_CI"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert runpy.run_path(conftest.__file__)["IN_CI"] == in_ci


def test_what_is_missing_skips_a_test_with_a_sentence(monkeypatch):
    monkeypatch.setattr(conftest, "IN_CI", False)
    with pytest.raises(pytest.skip.Exception, match="no_such_package is not installed"):
        need("no_such_package.part")


def test_what_is_missing_in_ci_is_a_failure(monkeypatch):
    monkeypatch.setattr(conftest, "IN_CI", True)
    with pytest.raises(pytest.fail.Exception, match="no_such_package is not installed"):
        need("no_such_package.part")


# --- the workflow and `.ci/run`


def test_workflow_runs_for_main_and_pull_requests_only(workflow):
    assert workflow["on"] == {"push": {"branches": ["main"]}, "pull_request": ""}


def test_workflow_may_only_read(workflow):
    assert workflow["permissions"] == {"contents": "read"}
    assert all("permissions" not in job for job in workflow["jobs"].values())


def test_workflow_covers_the_supported_pythons_and_systems(workflow):
    pythons = workflow["jobs"]["test"]["strategy"]["matrix"]["python"]
    assert pythons == [f"{major}.{minor}" for major, minor in environment.SUPPORTED]
    assert {name.split("-")[0] for name in systems(workflow)} == {"ubuntu", "macos", "windows"}


def test_workflow_finds_the_environment_of_each_system(workflow, monkeypatch):
    for name, own in systems(workflow).items():
        on_windows = name.startswith("windows")
        monkeypatch.setattr(sys, "platform", "win32" if on_windows else "linux")
        python = platforms.python_of(environment.VENV).relative_to(ROOT)
        assert own["bin"] == python.parent.as_posix(), name


def test_everything_is_installed_before_ci_says_so(workflow, steps):
    for text in (RUN, "\n".join(step.get("run", "") for step in steps)):
        order = [text.index("-m helpers data"), re.search(INSTALLATION, text).start()]
        order += [text.index("-m playwright install"), text.index("-m helpers test")]
        assert order == sorted(order)
    assert re.search(r"^COURSE_CI=1 python3 -m helpers test$", RUN, re.M)
    assert "COURSE_CI" not in workflow["jobs"]["test"]["env"]
    says_so = [step for step in steps if "COURSE_CI" in step.get("env", {})]
    assert [step["env"]["COURSE_CI"] for step in says_so] == ["1"]
    assert "-m helpers test" in says_so[0]["run"]


def test_workflow_keeps_what_it_downloads(workflow, steps):
    python = next(step["with"] for step in steps if step.get("uses", "").startswith("actions/set"))
    assert python["cache"] == "pip"
    files = python["cache-dependency-path"].split()
    assert {"requirements.txt", ".ci/requirements.txt"} < set(files)
    assert all((ROOT / file).is_file() for file in files)
    data = next(step["with"] for step in steps if step.get("uses", "").startswith("actions/cache"))
    assert data["path"] == "${{ env.TFDS_DATA_DIR }}"
    assert workflow["jobs"]["test"]["env"]["TFDS_DATA_DIR"] == "~/tensorflow_datasets"
    patterns = re.findall(r"'(.+?)'", re.search(r"hashFiles\((.+)\)", data["key"])[1])
    assert patterns
    assert all(list(ROOT.glob(pattern)) for pattern in patterns)


def test_macos_runs_one_process_at_a_time(workflow, tmp_path, monkeypatch):
    """`test -n 1` replaces the command's own `-n 3`: pytest itself says how many it starts."""
    assert {own["processes"] for own in systems(workflow).values()} == {"1", "2"}
    assert systems(workflow)["macos-latest"]["processes"] == "1"
    runs = []
    monkeypatch.setattr(environment, "ensure", lambda: None)
    monkeypatch.setattr(environment, "run_python", lambda arguments: runs.append(arguments) or 0)
    assert command_line.main(["test", "-n", "1"]) == 0
    (tmp_path / "test_nothing.py").write_text("def test_nothing():\n    pass\n")
    done = subprocess.run(
        [sys.executable, *runs[-1], "-p", "xdist"], cwd=tmp_path, capture_output=True, text=True,
        env=os.environ
        | {"PYTHONPATH": str(ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},  # they take seconds
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    assert "1 worker [1 item]" in done.stdout


@pytest.mark.parametrize("text", [WORKFLOW, RUN], ids=["workflow", ".ci/run"])
def test_commands_are_the_courses_own(text):
    assert commands_of(text)
    for arguments in commands_of(text):
        command_line._parser().parse_known_args(arguments)  # ends the test if there is none such


def test_instructors_install_the_nbgrader_that_is_tested():
    guide = (ROOT / "solutions" / "README.md").read_text("utf-8")
    (pin,) = re.findall(r"nbgrader==\S+", guide)
    assert re.search(rf"^{re.escape(pin)}\s", (ROOT / ".ci/requirements.txt").read_text(), re.M)


# --- the repository's files on every system


def test_files_have_the_same_line_ends_everywhere():
    """Text has LF in the repository and in every check-out; pictures and arrays are left alone."""
    if not (ROOT / ".git").exists():
        lack("this is no git repository")
    listed = subprocess.run(
        ["git", "ls-files", "--eol"], cwd=ROOT, capture_output=True, encoding="utf-8", check=True
    ).stdout.splitlines()
    assert listed
    for line in listed:
        found, name = line.split("\t")
        stored, here, attributes = found.split(maxsplit=2)
        if name.endswith((".png", ".npz")):
            assert attributes.strip() == "attr/-text", line
        else:
            assert "eol=lf" in attributes, line
            assert stored in ("i/lf", "i/none"), line
            assert here in ("w/lf", "w/none", "w/"), line


# --- the dev container


def test_dev_container_sets_up_the_course():
    settings = json.loads(DEV_CONTAINER.read_text("utf-8"))
    program, *arguments = shlex.split(settings["postCreateCommand"])
    assert [program, *arguments[:2]] == ["python3", "-m", "helpers"]
    command_line._parser().parse_args(arguments[2:])  # ends the test if there is none such
    assert arguments[2] in command_line.COMMANDS
    version = re.fullmatch(r"python:(\d+)\.(\d+)", settings["image"])
    assert tuple(map(int, version.groups())) in environment.SUPPORTED


def test_dev_container_opens_notebooks_with_the_environment_of_the_course():
    editor = json.loads(DEV_CONTAINER.read_text("utf-8"))["customizations"]["vscode"]
    assert {"ms-python.python", "ms-toolsai.jupyter"} <= set(editor["extensions"])
    python = editor["settings"]["python.defaultInterpreterPath"]
    assert python == "${containerWorkspaceFolder}/.venv/bin/python"
