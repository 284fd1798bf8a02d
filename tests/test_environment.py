"""The set-up uses the standard library alone, runs once, and explains what stops it."""

import os
import subprocess
import sys

import pytest
from conftest import ROOT

from helpers import __main__ as command_line
from helpers import doctor, environment


@pytest.fixture
def elsewhere(tmp_path, monkeypatch):
    """A course folder with requirements and no `.venv`."""
    requirements, constraints = tmp_path / "requirements.txt", tmp_path / "constraints.txt"
    requirements.write_text("tensorflow==2.21.0\n")
    constraints.write_text("six==1.17.0\n")
    python = tmp_path / ".venv" / "bin" / "python"
    for name, value in {
        "ROOT": tmp_path,
        "VENV": tmp_path / ".venv",
        "PYTHON": python,
        "REQUIREMENTS": requirements,
        "CONSTRAINTS": constraints,
        "_STAMP": tmp_path / ".venv" / "stamp",
    }.items():
        monkeypatch.setattr(environment, name, value)
    return tmp_path


@pytest.fixture
def pip_calls(elsewhere, monkeypatch):
    """Record pip's calls instead of making them; the environment is an empty file."""
    calls = []

    def make_venv():
        environment.PYTHON.parent.mkdir(parents=True, exist_ok=True)
        environment.PYTHON.touch()

    monkeypatch.setattr(environment, "_works", environment.PYTHON.exists)
    monkeypatch.setattr(environment, "_make_venv", make_venv)
    monkeypatch.setattr(environment, "_pip", lambda *arguments: calls.append(arguments))
    return calls


def test_nothing_but_the_standard_library_is_imported():
    code = (
        "import sys, helpers.__main__, helpers.doctor\n"
        "names = {name.split('.')[0] for name in sys.modules}\n"
        "print(sorted(names - set(sys.stdlib_module_names) - {'helpers', '__main__'}))\n"
    )
    done = subprocess.run(
        [sys.executable, "-S", "-c", code], capture_output=True, text=True, cwd=ROOT
    )
    assert done.stdout.strip() == "[]", done.stdout + done.stderr


def test_second_run_installs_nothing(pip_calls):
    environment.ensure()
    assert pip_calls[0][0] == "install"
    before = len(pip_calls)
    environment.ensure()
    assert len(pip_calls) == before


@pytest.mark.parametrize("name", ["REQUIREMENTS", "CONSTRAINTS"])
def test_changed_requirements_are_installed(pip_calls, name):
    environment.ensure()
    before = len(pip_calls)
    file = getattr(environment, name)
    file.write_text(file.read_text() + "numpy==2.4.6\n")
    environment.ensure()
    assert len(pip_calls) > before


def test_failed_installation_is_tried_again(pip_calls, monkeypatch):
    def fail(*arguments):
        raise environment.SetUpError("pip could not install")

    working = environment._pip
    monkeypatch.setattr(environment, "_pip", fail)
    with pytest.raises(environment.SetUpError):
        environment.ensure()
    assert not environment.is_current()
    monkeypatch.setattr(environment, "_pip", working)
    environment.ensure()
    assert environment.is_current()


def test_on_a_mac_tfrs_is_installed_without_its_dependencies(pip_calls, monkeypatch):
    monkeypatch.setattr(environment.sys, "platform", "darwin")
    monkeypatch.setattr(environment, "_check_python", lambda: None)
    environment.ensure()
    assert pip_calls[-1] == ("install", "--no-deps", "tensorflow-recommenders==0.7.7")
    pins = (ROOT / "requirements.txt").read_text()
    assert f'{pip_calls[-1][-1]}; sys_platform != "darwin"' in pins


@pytest.mark.parametrize(
    ("version", "supported"),
    [((3, 10), False), ((3, 11), True), ((3, 12), True), ((3, 13), True), ((3, 14), False)],
)
def test_unsupported_python_is_named(version, supported):
    problem = environment.python_problem(version)
    assert (problem is None) == supported
    if not supported:
        assert f"Python {version[0]}.{version[1]}" in problem
        assert "Install one of them" in problem


def test_intel_mac_is_named(monkeypatch):
    monkeypatch.setattr(environment.sys, "platform", "darwin")
    assert "Intel" in environment.python_problem((3, 12), machine="x86_64")
    assert environment.python_problem((3, 12), machine="arm64") is None


def test_full_disk_is_named(elsewhere, monkeypatch):
    usage = type("Usage", (), {"free": 1.5e9})
    monkeypatch.setattr(environment.shutil, "disk_usage", lambda path: usage)
    with pytest.raises(environment.SetUpError, match=r"Only 1\.5 GB are free"):
        environment.ensure()


def test_missing_venv_module_is_named(elsewhere, monkeypatch):
    monkeypatch.setitem(sys.modules, "ensurepip", None)
    with pytest.raises(environment.SetUpError, match="python3-venv"):
        environment.ensure()


def test_pip_that_fails_is_explained(elsewhere, monkeypatch):
    failed = subprocess.CompletedProcess([], 1)
    monkeypatch.setattr(environment.subprocess, "run", lambda *a, **k: failed)
    with pytest.raises(environment.SetUpError, match="network"):
        environment._pip("install", "x")


def test_set_up_errors_end_the_command_with_a_sentence(monkeypatch, capsys):
    def fail():
        raise environment.SetUpError("This is Python 3.9.")

    monkeypatch.setattr(environment, "ensure", fail)
    assert command_line.main(["test"]) == 1
    assert capsys.readouterr().err.strip() == "This is Python 3.9."


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["lab", "--no-browser", "--port", "9999"], ["--no-browser", "--port", "9999"]),
        (["test", "-k", "seed", "tests/test_models.py"], ["-k", "seed", "tests/test_models.py"]),
    ],
)
def test_more_arguments_are_passed_on(arguments, expected, monkeypatch):
    runs = []
    monkeypatch.setattr(environment, "ensure", lambda: None)
    monkeypatch.setattr(environment, "run", lambda args: runs.append(args) or 0)
    assert command_line.main(arguments) == 0
    assert runs[0] == ["-m", "helpers.movielens"]
    assert runs[1][-len(expected) :] == expected


def test_programs_get_folders_inside_the_environment(elsewhere, monkeypatch):
    seen = {}

    def run(command, cwd, env):
        seen.update(env)
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr(environment.subprocess, "run", run)
    assert environment.run(["-m", "anything"]) == 0
    for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "IPYTHONDIR", "KERAS_HOME"):
        assert os.path.isdir(seen[name]), name
        assert seen[name].startswith(str(environment.VENV)), name


@pytest.mark.parametrize("is_root", [True, False])
def test_lab_starts_for_root_too(is_root, monkeypatch):
    runs = []
    monkeypatch.setattr(environment, "ensure", lambda: None)
    monkeypatch.setattr(environment, "run", lambda args: runs.append(args) or 0)
    monkeypatch.setattr(environment, "is_root", lambda: is_root)
    assert command_line.main(["lab"]) == 0
    assert ("--allow-root" in runs[1]) == is_root


def test_unknown_arguments_are_refused(capsys):
    with pytest.raises(SystemExit):
        command_line.main(["data", "--nonsense"])
    assert "--nonsense" in capsys.readouterr().err


def test_doctor_names_the_mend(capsys):
    code = doctor.report([(True, "Python", None), (False, "no data", "run `data`")])
    printed = capsys.readouterr().out
    assert code == 1
    assert "WRONG no data\n      To mend it: run `data`" in printed
    assert doctor.report([(True, "Python", None)]) == 0


def test_doctor_examines_this_machine():
    found = [text for _, text, _ in (*doctor.examine_set_up(), *doctor.examine_packages())]
    for word in ("Python 3", "disk", ".venv", "tensorflow 2.21.0", "tf_keras", "MovieLens"):
        assert any(word in text for text in found), word


KERAS_3 = "Keras 3 is already loaded"


@pytest.mark.parametrize(
    ("first", "works"),
    [
        ("import helpers, tensorflow as tf", True),
        ("import tensorflow as tf; import helpers", True),
        ("import keras; import helpers, tensorflow as tf", True),
        ("import tensorflow as tf; tf.keras.layers; import helpers", False),
    ],
)
def test_keras_2_is_chosen_or_the_restart_asked_for(first, works):
    code = first + "; import tensorflow_recommenders; print(tf.keras.Model.__module__)"
    variables = {k: v for k, v in os.environ.items() if k != "TF_USE_LEGACY_KERAS"}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, env=variables
    )
    if works:
        assert done.stdout.startswith("tf_keras"), done.stderr
    else:
        assert KERAS_3 in done.stderr
        assert "Restart the kernel" in done.stderr
