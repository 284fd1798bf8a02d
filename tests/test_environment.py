"""The set-up uses the standard library alone, runs once, and explains what stops it."""

import importlib
import json
import os
import shutil
import signal
import subprocess
import sys
import types
import venv
from pathlib import Path

import numpy as np
import pytest
import tiny
from conftest import LEAN, ROOT

import helpers
from helpers import __main__ as command_line
from helpers import keras2
from helpers.setup import environment, platforms


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
        "_LOCK": tmp_path / ".venv.lock",
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

    monkeypatch.setattr(environment, "_finds", lambda *modules: environment.PYTHON.exists())
    monkeypatch.setattr(environment, "_make_venv", make_venv)
    monkeypatch.setattr(environment, "_let_notebooks_find_helpers", lambda: None)
    monkeypatch.setattr(environment, "_pip", lambda *arguments: calls.append(arguments))
    return calls


def test_nothing_but_the_standard_library_is_imported():
    code = (
        "import sys, helpers.__main__, helpers.setup.doctor\n"
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
    assert environment.problem() == "is half installed: the set-up was interrupted, or failed"
    monkeypatch.setattr(environment, "_pip", working)
    environment.ensure()
    assert environment.problem() is None


def test_on_a_mac_tfrs_is_installed_without_its_dependencies(pip_calls, monkeypatch):
    monkeypatch.setattr(platforms, "is_mac", lambda: True)
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


def test_python_for_32_bits_is_named():
    assert "3.12 for 32 bits" in environment.python_problem((3, 12), is_64_bit=False)


@pytest.mark.parametrize(("machine", "named"), [("x86_64", True), ("arm64", False)])
def test_intel_mac_is_named(monkeypatch, machine, named):
    uname = type("Uname", (), {"machine": machine})
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(os, "uname", lambda: uname, raising=False)
    assert ("Intel" in str(environment.python_problem((3, 12)))) == named


def find_python(version):
    """Find a Python of this version on this machine; return its path, or None."""
    names = [str(path) for path in Path.home().glob(f".pyenv/versions/{version}.*/bin/python3")]
    for name in filter(None, [*names, shutil.which(f"python{version}")]):
        code = "import sys; sys.stdout.write('%d.%d' % sys.version_info[:2])"
        done = subprocess.run([name, "-S", "-c", code], capture_output=True, text=True)
        if done.stdout == version:
            return name
    return None


@pytest.mark.parametrize("version", ["3.6", "3.7", "3.8", "3.9", "3.10", "3.14"])
def test_old_python_gets_a_sentence(version, tmp_path):
    """So does one that is too new."""
    python = find_python(version)
    if python is None:
        pytest.skip(f"this machine has no Python {version}")
    shutil.copytree(ROOT / "helpers", tmp_path / "helpers")
    shutil.copy(ROOT / "requirements.txt", tmp_path)
    for command, code in (("lab", 1), ("doctor", 1)):
        done = subprocess.run(
            [python, "-m", "helpers", command], cwd=tmp_path, capture_output=True, text=True
        )
        assert done.returncode == code, done.stderr
        assert "TensorFlow 2.21 needs 3.11, 3.12 or 3.13" in done.stdout + done.stderr
        assert "Traceback" not in done.stderr


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
def test_more_arguments_are_passed_on(arguments, expected, elsewhere, monkeypatch):
    runs = []
    monkeypatch.setattr(environment, "ensure", lambda: None)
    monkeypatch.setattr(environment, "run_python", lambda args: runs.append(args) or 0)
    assert command_line.main(arguments) == 0
    assert runs[0] == ["-m", "helpers.data"]
    assert runs[1][-len(expected) :] == expected


def test_programs_get_folders_inside_the_environment(elsewhere, monkeypatch):
    seen = {}

    def run(command, folder, variables):
        seen.update(variables)
        return 0

    monkeypatch.setattr(platforms, "run_to_its_end", run)
    monkeypatch.setenv("TFDS_DATA_DIR", "my data")
    assert environment.run_python(["-m", "anything"]) == 0
    assert seen["TFDS_DATA_DIR"] == os.path.join(os.getcwd(), "my data")
    assert seen["PYTHONUTF8"] == "1"
    for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "IPYTHONDIR", "KERAS_HOME"):
        assert os.path.isdir(seen[name]), name
        assert seen[name].startswith(str(environment.VENV)), name


@pytest.mark.parametrize("is_root", [True, False])
def test_lab_starts_for_root_too(is_root, elsewhere, monkeypatch):
    runs = []
    monkeypatch.setattr(environment, "ensure", lambda: None)
    monkeypatch.setattr(environment, "run_python", lambda args: runs.append(args) or 0)
    monkeypatch.setattr(platforms, "is_root", lambda: is_root)
    assert command_line.main(["lab"]) == 0
    assert ("--allow-root" in runs[1]) == is_root


def test_unknown_arguments_are_refused(capsys):
    with pytest.raises(SystemExit):
        command_line.main(["data", "--nonsense"])
    assert "--nonsense" in capsys.readouterr().err


# --- an environment that has come to harm


def make_small_venv():
    """Make a real environment, with an empty file for pip; return the folder of its packages."""
    links = platforms.uses_symlinks()
    venv.create(environment.VENV, clear=True, with_pip=False, symlinks=links)
    packages = next(environment.VENV.rglob("site-packages"))
    (packages / "pip.py").write_text("")
    return packages


@pytest.fixture
def real_venv(elsewhere, monkeypatch):
    """A real environment without packages; pip's work is only noted."""
    monkeypatch.setattr(environment, "PYTHON", platforms.python_of(environment.VENV))
    monkeypatch.setattr(environment, "_MAIN_PACKAGES", ("json",))
    return make_small_venv()


def test_good_environment_has_no_problem(real_venv):
    assert "half installed" in environment.problem()
    environment._STAMP.write_text(environment._fingerprint())
    assert environment.problem() is None


def test_moved_environment_still_works(real_venv, tmp_path, monkeypatch):
    environment._let_notebooks_find_helpers()
    environment._STAMP.write_text(environment._fingerprint())
    new = tmp_path / "a new place ü"
    new.mkdir()
    environment.VENV.rename(new / ".venv")
    shutil.copytree(ROOT / "helpers", new / "helpers")
    monkeypatch.setattr(environment, "VENV", new / ".venv")
    monkeypatch.setattr(environment, "PYTHON", platforms.python_of(new / ".venv"))
    monkeypatch.setattr(environment, "_STAMP", new / ".venv" / "stamp")
    assert environment.problem() is None
    code = "import helpers; print(ascii(helpers.__file__))"
    done = subprocess.run(
        [str(environment.PYTHON), "-c", code], cwd=tmp_path, capture_output=True, text=True
    )
    assert done.stdout.strip() == ascii(str(new / "helpers" / "__init__.py")), done.stderr


@pytest.mark.parametrize("harm", ["python gone", "python broken", "pip gone"])
def test_broken_environment_is_made_anew(real_venv, monkeypatch, harm):
    environment._STAMP.write_text(environment._fingerprint())
    if harm == "pip gone":
        (real_venv / "pip.py").unlink()
    else:
        environment.PYTHON.unlink()
    if harm == "python broken":
        environment.PYTHON.write_text("not a program")
        environment.PYTHON.chmod(0o755)
    assert environment.problem() == "is broken: its Python does not start or has no pip"
    monkeypatch.setattr(environment, "_make_venv", make_small_venv)
    monkeypatch.setattr(environment, "_pip", lambda *arguments: None)
    environment.ensure()
    assert environment.problem() is None


@pytest.mark.parametrize("heals", [True, False])
def test_packages_that_have_gone_are_installed_again(real_venv, monkeypatch, heals):
    environment._STAMP.write_text(environment._fingerprint())
    monkeypatch.setattr(environment, "_MAIN_PACKAGES", ("no_such_package",))
    calls = []

    def pip(*arguments):
        calls.append(arguments)
        if "--force-reinstall" in arguments and heals:
            (real_venv / "no_such_package.py").write_text("")

    monkeypatch.setattr(environment, "_pip", pip)
    assert environment.problem() == "is broken: packages have gone from it"
    if heals:
        environment.ensure()
        assert environment.problem() is None
    else:
        with pytest.raises(environment.SetUpError, match="delete that folder"):
            environment.ensure()
    assert "--force-reinstall" in calls[-1]


def test_updated_requirements_are_named(pip_calls):
    environment.ensure()
    environment.REQUIREMENTS.write_text("numpy==2.4.6\n")
    assert environment.problem() == "is out of date: requirements.txt has changed since"


def test_environment_that_does_not_start_is_a_sentence(elsewhere):
    with pytest.raises(environment.SetUpError, match="cannot be used"):
        environment.run_python(["-m", "anything"])


@pytest.mark.parametrize("error", [PermissionError(13, "Permission denied"), OSError(28, "full")])
def test_folder_that_cannot_be_written_is_named(elsewhere, monkeypatch, error):
    def fail(*arguments, **named):
        raise error

    monkeypatch.setattr(venv, "create", fail)
    with pytest.raises(environment.SetUpError, match=r"may write to .* not full"):
        environment.ensure()


def test_ctrl_c_is_a_sentence(pip_calls, monkeypatch):
    def stop(*arguments):
        raise KeyboardInterrupt

    monkeypatch.setattr(environment, "_pip", stop)
    with pytest.raises(environment.SetUpError, match="was stopped"):
        environment.ensure()
    assert "half installed" in environment.problem()


SET_UP_SLOWLY = """
import sys, time
from pathlib import Path
from helpers.setup import environment
root = Path(sys.argv[1])
environment.VENV, environment._LOCK = root / ".venv", root / ".venv.lock"
environment._STAMP = root / ".venv" / "stamp"
environment._finds = lambda *modules: environment.VENV.exists()
environment._make_venv = environment.VENV.mkdir
environment._let_notebooks_find_helpers = lambda: None
def pip(*arguments):
    with open(root / "calls", "a") as calls:
        calls.write("pip\\n")
    time.sleep(1)
environment._pip = pip
environment.ensure()
"""


def test_several_set_ups_at_once_install_once(tmp_path):
    command = [sys.executable, "-c", SET_UP_SLOWLY, str(tmp_path)]
    processes = [
        subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(3)
    ]
    printed = [process.communicate(timeout=600)[0] for process in processes]
    assert [process.returncode for process in processes] == [0, 0, 0]
    assert (tmp_path / "calls").read_text() == "pip\n"
    assert sum("Another set-up" in text for text in printed) == 2


def test_waiting_for_another_set_up_ends(elsewhere, monkeypatch):
    monkeypatch.setattr(environment, "_LOCK_SECONDS", 0)
    with (
        platforms.only_one(environment._LOCK, 0, pytest.fail),
        pytest.raises(environment.SetUpError, match="Another set-up"),
    ):
        environment.ensure()


# --- programs


def start(arguments, **named):
    return subprocess.Popen(
        [sys.executable, "-c", *arguments], cwd=ROOT, stdout=subprocess.PIPE, text=True, **named
    )


RUN_A_PROGRAM = """
import os, signal, sys
from helpers.setup import platforms
signal.signal(signal.SIGINT, signal.default_int_handler)  # a background job's may be ignored
sys.exit(platforms.run_to_its_end([sys.executable, "-c", sys.argv[1]], ".", dict(os.environ)))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no Ctrl-C to one process")
def test_ctrl_c_is_left_to_the_program():
    program = (
        "import time\n"
        "try:\n"
        "    print('ready', flush=True); time.sleep(600)\n"
        "except KeyboardInterrupt:\n"
        "    time.sleep(1); print('saved')\n"
    )
    with start([RUN_A_PROGRAM, program], start_new_session=True) as process:
        assert process.stdout.readline() == "ready\n"
        os.killpg(process.pid, signal.SIGINT)
        assert process.communicate(timeout=600)[0] == "saved\n"
    assert process.returncode == 0


@pytest.mark.skipif(sys.platform == "win32", reason="Windows ends a process without asking it")
def test_ending_the_command_ends_the_program():
    program = "import os, time; print(os.getpid(), flush=True); time.sleep(600)"
    with start([RUN_A_PROGRAM, program]) as process:
        child = int(process.stdout.readline())
        process.terminate()
        assert process.wait(timeout=600) != 0
    with pytest.raises(ProcessLookupError):
        os.kill(child, 0)


DOCTOR = """
from helpers.__main__ import environment, main
environment.problem = lambda: "is … not there"  # what it says then, it says without TensorFlow
main(["doctor"])
"""


def test_output_suits_any_encoding():
    variables = {**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    done = subprocess.run(
        [sys.executable, "-c", DOCTOR], cwd=ROOT, env=variables, capture_output=True
    )
    assert b"UnicodeEncodeError" not in done.stderr
    assert b"is ? not there" in done.stdout


# --- other people's code, and Keras

OTHERS_CODE = """
import json, socket, sys
sys.modules["matplotlib"] = None  # Keras 3 looks for it
import tensorflow as tf

recommend = tf.saved_model.load(sys.argv[1]).signatures["serving_default"]
answer = recommend(user_id=tf.constant(["9", "somebody new", "20"]))
answer = {name: values.numpy().tolist() for name, values in answer.items()}
answer["titles"] = [[title.decode() for title in titles] for titles in answer["titles"]]
needless = {"helpers", "tensorflow_recommenders", "tf_keras"} & set(sys.modules)
print(json.dumps([answer, sorted(needless)]))

import keras  # helpers comes later
def refuse(*args, **kwargs): raise OSError('the network was touched')
socket.socket.connect = refuse
socket.getaddrinfo = refuse
import tensorflow_datasets as tfds
ratings = tfds.load('movielens/100k-ratings', split='train')
print(next(iter(ratings))['user_id'].numpy())
sys.path.insert(0, sys.argv[2])
import helpers
import tensorflow_recommenders
print(tf.keras.Model.__module__)
"""


@pytest.fixture(scope="module")
def recommender():
    return tiny.make_recommender(tiny.make_rows(300, users=20, movies=30))


@pytest.fixture(scope="module")
def others_code(recommender, tmp_path_factory):
    """Return what a process prints that asks TensorFlow, then TFDS, and then imports helpers."""
    folder = tmp_path_factory.mktemp("exported")
    keras2.tf.saved_model.save(recommender, str(folder), signatures=recommender.recommend)
    ours = {"PYTHONPATH", "TF_USE_LEGACY_KERAS"}  # set for, and by, `helpers`
    done = subprocess.run(
        [sys.executable, "-c", LEAN + OTHERS_CODE, str(folder), str(ROOT)],
        capture_output=True, text=True, timeout=600, cwd=folder,
        env={name: value for name, value in os.environ.items() if name not in ours},
    )  # fmt: skip
    return done.stdout.splitlines(), done.stderr[-1000:]


def test_tensorflow_alone_gives_an_exported_recommenders_answers(others_code, recommender):
    printed, errors = others_code
    assert printed, errors
    theirs, needless = json.loads(printed[0])
    assert needless == []
    ours = recommender.recommend(keras2.tf.constant(["9", "somebody new", "20"]))
    assert theirs.pop("titles") == [[t.decode() for t in row] for row in ours["titles"].numpy()]
    assert set(theirs) == {"scores", "stars"}
    for name, values in theirs.items():
        np.testing.assert_allclose(values, ours[name], atol=1e-4)


def test_plain_tfds_load_needs_no_network_and_no_argument_of_ours(others_code):
    printed, errors = others_code
    assert printed[1:2] == ["b'138'"], errors


def test_keras_2_is_chosen(others_code):
    """As long as TensorFlow's Keras is untouched; the other order is every test's."""
    printed, errors = others_code
    assert printed[2].startswith("tf_keras"), errors


def test_restart_is_asked_for_where_tensorflow_has_loaded_keras_3(monkeypatch):
    """That is `tf.keras` then; a process in which it is so would cost five seconds."""
    keras_3 = importlib.import_module("keras._tf_keras.keras")
    monkeypatch.setenv("TF_USE_LEGACY_KERAS", "1")  # and back, whatever is set here
    monkeypatch.setitem(sys.modules, "tensorflow", types.SimpleNamespace(keras=keras_3))
    with pytest.raises(ImportError, match=r"Keras 3 is already loaded.* Restart the kernel"):
        helpers._use_keras_2()
    monkeypatch.setitem(sys.modules, "tensorflow", types.SimpleNamespace(keras=keras2.tf.keras))
    helpers._use_keras_2()


@pytest.mark.parametrize("missing", ["tensorflow", "tensorflow_recommenders"])
def test_notebook_with_the_wrong_kernel_is_told(missing):
    code = (
        "import sys, importlib.util as u\n"
        "sys.modules['ipykernel'] = sys  # as in a kernel\n"
        "find = u.find_spec\n"
        f"u.find_spec = lambda name: None if name == {missing!r} else find(name)\n"
        "import helpers\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    last = done.stderr.splitlines()[-1]
    assert last.startswith("ImportError: This notebook's Python")
    assert f"lacks {missing}." in last
    assert "Change Kernel" in last
