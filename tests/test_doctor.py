"""`doctor` names what is wrong, and the mend."""

import json
import os
import shutil
import subprocess
import sys
import types
from pathlib import Path

import pytest
from conftest import LEAN, ROOT

from helpers import keras2
from helpers.setup import doctor, environment, platforms


def named(findings):
    """Return what is found wrong and how to mend it, in one text."""
    return "\n".join(f"{found}: {mend}" for well, found, mend in findings if not well)


@pytest.fixture
def whole(monkeypatch):
    """As if `.venv` were well, and this its Python."""
    monkeypatch.setattr(environment, "problem", lambda: None)
    monkeypatch.setattr(environment, "inside", lambda: True)


def test_report_names_the_mend(capsys):
    code = doctor.report([(True, "Python", None), (False, "no data", "run `data`")])
    printed = capsys.readouterr().out
    assert code == 1
    assert "WRONG no data\n      To mend it: run `data`" in printed
    assert doctor.report([(True, "Python", None)]) == 0


OLD_DRIVER = """
int cuInit(unsigned flags) { return 35; }
int cuDriverGetVersion(int *version) { *version = 9010; return 0; }
int cuGetErrorName(int e, const char **s) { *s = "CUDA_ERROR_INSUFFICIENT_DRIVER"; return 0; }
int cuGetErrorString(int e, const char **s)
{ *s = "CUDA driver version is insufficient for CUDA runtime version"; return 0; }
"""


# What the same process is asked once TensorFlow is there, which takes two seconds to import
WHAT_IS_IMPORTED_WHEN = """
import ast, inspect, json, sys, textwrap, time

def clock():
    if sys._getframe(1).f_globals["__name__"].startswith("helpers.bench."):
        loaded.append(set(sys.modules))
    return 0.0

time.perf_counter = clock
for section in ("start", "rivals"):
    for name in [name for name in sys.modules if name.startswith("helpers")]:
        del sys.modules[name]  # all else that they import is already there in the second section
    from helpers.bench import rivals, start

    loaded, imports = [], []
    if section == "start":
        ways = [getattr(start, name) for pair in start.PAIRS for name in pair[1:3]]
        start.fake = lambda: None
        start.time_way("fake")
    else:
        ways = [*rivals.OURS.values(), rivals.train_and_test]
        rivals.OURS["fake"] = lambda callback: None
        rivals.epochs_of("fake")
    for way in ways:
        for node in ast.walk(ast.parse(textwrap.dedent(inspect.getsource(way)))):
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                imports.append(ast.unparse(node))
                exec(imports[-1], {})
    late = sorted(set(sys.modules) - loaded[0])
    print(json.dumps([len(loaded[0]), "helpers.keras2" in loaded[0], late, imports]))

from helpers import pictures
from helpers.data import movielens
from helpers.checks import hint, ratings, progress, solution
print(sorted({"nbformat", "pyarrow"} & set(sys.modules)))
import helpers.checks.beyond_keras_2, helpers.data, helpers.models, helpers.metrics
import helpers.scale, helpers.pictures, helpers.bench.__main__
print(sorted({"keras", "keras_rs"} & set(sys.modules)))
"""


@pytest.fixture(scope="module")
def asked(tmp_path_factory):
    """Return what one real import says, where it can be with too old a driver of a GPU.

    The driver says of itself what an old one says. Beside it: what the process prints of what is
    imported when, first by sections of the benchmark.
    """
    compiler, run, printed = shutil.which("cc") or shutil.which("gcc"), subprocess.run, []

    def ask_more(command, **named):
        *python, code = command
        done = run([*python, LEAN + code + WHAT_IS_IMPORTED_WHEN], stdout=subprocess.PIPE, **named)
        printed.extend(done.stdout.splitlines())
        return done

    with pytest.MonkeyPatch.context() as patch:
        if sys.platform == "linux" and compiler:  # TensorFlow uses GPUs on Linux alone
            folder = tmp_path_factory.mktemp("driver")
            (folder / "driver.c").write_text(OLD_DRIVER)
            command = [compiler, "-shared", "-fPIC", "-o", folder / "libcuda.so.1"]
            run([*command, folder / "driver.c"], check=True)
            patch.setenv("LD_LIBRARY_PATH", str(folder))
        patch.setattr(doctor.subprocess, "run", ask_more)
        return doctor.try_import(), printed


@pytest.fixture
def tried(asked):
    return asked[0]


@pytest.fixture
def loaded(asked):
    (_, log), printed = asked
    assert len(printed) == 4, log
    return printed


def test_on_this_machine_all_is_well(whole, tried, monkeypatch):
    fault, _ = tried
    monkeypatch.setattr(doctor, "try_import", lambda: (fault, ""))  # without the driver's log
    findings = [*doctor.examine_set_up(), *doctor.examine_packages()]
    assert named(findings) == ""
    text = "\n".join(found for _, found, _ in findings)
    for word in ("Python 3", "encoding", "disk", ".venv", "tensorflow 2.21.0", "kernel",
                 "tf_keras", "Keras 3", "GPU", "MovieLens"):  # fmt: skip
        assert word in text


@pytest.mark.parametrize(
    "problem",
    ["is not there", "is broken: its Python does not start or has no pip",
     "is half installed: the set-up was interrupted, or failed",
     "is out of date: requirements.txt has changed since",
     "is broken: packages have gone from it"],
)  # fmt: skip
def test_environment_is_named(monkeypatch, problem):
    monkeypatch.setattr(environment, "problem", lambda: problem)
    said = named(doctor.examine_set_up())
    assert f"the environment .venv {problem}" in said
    assert "helpers lab" in said


def test_old_python_is_named(monkeypatch):
    monkeypatch.setattr(environment, "python_problem", lambda: "This is Python 3.8.")
    monkeypatch.setattr(environment, "problem", lambda: "is not there")
    assert "This is Python 3.8." in named(doctor.examine_set_up())


def test_old_python_does_not_matter_once_the_environment_is_there(monkeypatch, whole):
    monkeypatch.setattr(environment, "python_problem", lambda: "This is Python 3.8.")
    assert named(doctor.examine_set_up()) == ""


def test_no_write_access_is_named(monkeypatch, whole):
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    said = named(doctor.examine_set_up())
    assert "which you may not change" in said
    assert "copy the course" in said


def test_full_disk_is_named(monkeypatch, whole):
    usage = types.SimpleNamespace(free=0.2e9)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage)
    assert "0 GB of disk are free: free at least 1 GB" in named(doctor.examine_set_up())


@pytest.mark.parametrize(("encoding", "remark"), [("ISO-8859-1", True), ("UTF-8", False)])
def test_encoding_is_named(monkeypatch, whole, encoding, remark):
    monkeypatch.setattr(doctor.locale, "getpreferredencoding", lambda setlocale: encoding)
    text = "\n".join(found for _, found, _ in doctor.examine_set_up())
    assert f"encoding is {encoding}" in text
    assert ("uses UTF-8 anyway" in text) == remark


def test_wrong_python_is_named(monkeypatch):
    monkeypatch.setattr(environment, "inside", lambda: False)
    well, found, mend = next(doctor.examine_packages())
    assert not well
    assert "something else than .venv" in found
    assert "choose the kernel" in mend


def test_missing_and_other_versions_are_named(tmp_path, monkeypatch):
    file = tmp_path / "requirements.txt"
    file.write_text(
        "-c constraints.txt\n# tests\nnumpy==1.26.0  # old\nno-such-package==1\npytest\n"
        'neither==1; sys_platform == "nowhere"\n'
    )
    monkeypatch.setattr(environment, "REQUIREMENTS", file)
    said = named(doctor.examine_versions())
    assert "but the course needs ==1.26.0" in said
    assert "no-such-package is not installed" in said
    assert "pytest" not in said
    assert "neither" not in said


def kernelspec(folder, program):
    """Make a kernel "python3" of one's own, as other tools leave them in the home folder."""
    (folder / "kernels" / "python3").mkdir(parents=True)
    (folder / "kernels" / "python3" / "kernel.json").write_text(
        f'{{"argv": ["{program}", "-m", "ipykernel_launcher", "-f", "{{connection_file}}"],'
        ' "display_name": "Python 3", "language": "python"}'
    )


@pytest.mark.parametrize(("program", "well"), [("/usr/bin/other/python", False), ("python", True)])
def test_kernel_of_another_python_is_named(tmp_path, monkeypatch, program, well):
    kernelspec(tmp_path, program)
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    monkeypatch.setenv("JUPYTER_PREFER_ENV_PATH", "0")
    finding = doctor.examine_kernel()
    assert finding[0] == well, finding
    if not well:
        assert str(Path(program)) in finding[1]
        assert str(tmp_path) in finding[2]


@pytest.mark.parametrize(
    ("code", "log", "fault"),
    [
        (1, "Traceback\nModuleNotFoundError: No module named 'tensorflow_recommenders'\n",
         "No module named 'tensorflow_recommenders'"),
        (-4, "", "this processor may be too old"),
        (3, "", "no message"),
    ],
)  # fmt: skip
def test_import_that_fails_is_named(monkeypatch, code, log, fault):
    done = subprocess.CompletedProcess([], code, "", log)
    monkeypatch.setattr(doctor.subprocess, "run", lambda *arguments, **named: done)
    assert fault in doctor.try_import()[0]


def test_import_that_hangs_is_named(monkeypatch):
    def hang(*arguments, timeout, **named):
        raise subprocess.TimeoutExpired("python", timeout)

    monkeypatch.setattr(doctor.subprocess, "run", hang)
    assert doctor.try_import()[0] == "no end after 120 s"


def test_keras_3_is_named(monkeypatch):
    keras = types.SimpleNamespace(Model=type("Model", (), {"__module__": "keras.src.models"}))
    monkeypatch.setattr(keras2, "tf", types.SimpleNamespace(keras=keras))
    assert doctor.examine_keras() == (False, "TFRS uses keras", "import helpers before TensorFlow")


def test_keras_3_with_another_backend_is_named(monkeypatch):
    config = types.SimpleNamespace(backend=lambda: "jax")
    stand_in = types.SimpleNamespace(__version__="3.0", config=config)
    monkeypatch.setitem(sys.modules, "keras", stand_in)
    well, found, mend = doctor.examine_keras_3()
    assert not well
    assert "beside it, Keras 3.0 computes with jax" in found
    assert "KERAS_BACKEND" in mend


def test_keras_3_without_its_backend_is_named():
    code = "from helpers.setup import doctor; print(*doctor.examine_keras_3(), sep='|')"
    environ = os.environ | {"KERAS_BACKEND": "none such"}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environ, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    well, found, mend = done.stdout.splitlines()[-1].split("|")
    assert well == "False"
    assert found.startswith("Keras 3 does not start: ")
    assert "KERAS_BACKEND" in mend


def test_gpu_that_fails_is_named(monkeypatch):
    monkeypatch.setattr(keras2.tf.config, "list_physical_devices", lambda kind: ["a GPU"])

    def fail(name):
        raise RuntimeError("CUDA driver version is insufficient\nmore")

    monkeypatch.setattr(keras2.tf, "device", fail)
    well, found, mend = doctor.examine_gpu()
    assert not well
    assert found == "the GPU does not work: CUDA driver version is insufficient"
    assert "CUDA_VISIBLE_DEVICES" in mend


def test_gpu_with_too_old_a_driver(tried):
    """The course runs, and doctor tells."""
    fault, log = tried
    assert fault is None
    if "cuInit" not in log:
        pytest.skip("this machine has no C compiler to make such a driver, or TensorFlow no GPUs")
    _, found, _ = doctor.examine_gpu(log)
    assert "CUDA driver version is insufficient for CUDA runtime version" in found


def test_all_is_imported_before_the_clock_starts(loaded):
    """That of the benchmark's sections `start` and `rivals`."""
    for line in loaded[:2]:
        early, has_tensorflow, late, imports = json.loads(line)
        assert early > 1_000 and has_tensorflow and late == []
        assert {line.split()[1].split(".")[0] for line in imports} <= {"helpers", "numpy"}


def test_lessons_wait_for_no_slow_package_that_they_may_not_need(loaded):
    """Not even with all that the sections have imported."""
    assert loaded[2] == "[]"


def test_who_imports_the_rooms_does_not_load_keras_3(loaded):
    """It costs time, and lessons before the eighth do not need it."""
    assert loaded[3] == "[]"


def test_data_that_is_not_there_is_named(tmp_path, monkeypatch):
    monkeypatch.setenv("TFDS_DATA_DIR", str(tmp_path))
    well, found, mend = doctor.examine_data()
    assert not well
    assert "not usable: it is not there" in found
    assert "helpers data" in mend


# --- what cannot be run here is simulated


@pytest.mark.parametrize(
    ("system", "python"),
    [("linux", "bin/python"), ("darwin", "bin/python"), ("win32", "Scripts/python.exe")],
)
def test_python_of_an_environment(monkeypatch, tmp_path, system, python):
    monkeypatch.setattr(sys, "platform", system)
    assert platforms.python_of(tmp_path) == tmp_path / python
    assert platforms.uses_symlinks() == (system != "win32")


@pytest.mark.parametrize(("system", "python"), [("linux", "python3"), ("win32", "python")])
def test_command_is_what_works_on_the_system(monkeypatch, system, python):
    monkeypatch.setattr(sys, "platform", system)
    assert platforms.command("lab") == f"{python} -m helpers lab"


def test_lock_on_windows(monkeypatch, tmp_path):
    """Windows locks a byte, and says by an error that another process has it."""
    held = []

    def locking(descriptor, mode, count):
        assert (mode, count) == ("without waiting", 1)
        if held:
            raise OSError(13, "Permission denied")
        held.append(descriptor)

    msvcrt = types.SimpleNamespace(locking=locking, LK_NBLCK="without waiting")
    monkeypatch.setitem(sys.modules, "msvcrt", msvcrt)
    monkeypatch.setattr(sys, "platform", "win32")
    waits = []
    with platforms.only_one(tmp_path / "lock", 0, waits.append):
        assert len(held) == 1
        with (
            pytest.raises(TimeoutError),
            platforms.only_one(tmp_path / "lock", 0, lambda: waits.append(1)),
        ):
            pytest.fail("two hold the lock")
    assert waits == [1]


@pytest.mark.parametrize(
    ("system", "peak"), [("win32", 3.0), ("darwin", 2.0), ("linux without /proc", 2.048)]
)
def test_peak_memory_is_read_as_each_system_tells_it(monkeypatch, system, peak):
    info = types.SimpleNamespace(peak_wset=3_000_000_000)
    process = types.SimpleNamespace(memory_info=lambda: info)
    monkeypatch.setitem(sys.modules, "psutil", types.SimpleNamespace(Process=lambda: process))
    size = 2_000_000_000 if system == "darwin" else 2_000_000
    usage = types.SimpleNamespace(ru_maxrss=size)
    resource = types.SimpleNamespace(getrusage=lambda who: usage, RUSAGE_SELF=0)
    monkeypatch.setitem(sys.modules, "resource", resource)
    monkeypatch.setattr(platforms, "Path", lambda path: types.SimpleNamespace(exists=bool))
    monkeypatch.setattr(sys, "platform", system)
    assert platforms.peak_memory() == pytest.approx(peak)


def test_systems_are_told_apart_in_one_place():
    """Elsewhere in helpers, nothing asks which system this is."""
    for path in sorted((ROOT / "helpers").rglob("*.py")):
        if path.name != "platforms.py":
            for word in ("sys.platform", "os.name", "os.uname", "fcntl", "msvcrt", "geteuid"):
                assert word not in path.read_text("utf-8"), f"{path.name} has {word}"
