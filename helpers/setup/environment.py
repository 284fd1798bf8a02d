"""The course's own Python environment in `.venv`, made with the standard library alone."""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

from helpers.setup import platforms

ROOT = Path(__file__).resolve().parent.parent.parent
VENV = ROOT / ".venv"
PYTHON = platforms.python_of(VENV)
REQUIREMENTS = ROOT / "requirements.txt"
CONSTRAINTS = ROOT / "helpers" / "constraints.txt"

SUPPORTED = ((3, 11), (3, 12), (3, 13))  # TensorFlow 2.21 has wheels for these
FREE_GB = 4  # what .venv takes, with what pip needs while it installs

FOLDERS = {  # all inside .venv, so that nothing but the data is left behind in the home folder
    "JUPYTER_CONFIG_DIR": "jupyter/config",
    "JUPYTER_DATA_DIR": "jupyter/data",
    "JUPYTER_RUNTIME_DIR": "jupyter/runtime",
    "IPYTHONDIR": "jupyter/ipython",
    "MPLCONFIGDIR": "jupyter/matplotlib",
    "KERAS_HOME": "jupyter/keras",
}

_STAMP = VENV / "installed-requirements.sha256"
_LOCK = ROOT / ".venv.lock"
_LOCK_SECONDS = 1800  # how long to wait for another set-up
_MAIN_PACKAGES = ("pip", "tensorflow", "tensorflow_recommenders", "jupyterlab")
# TFRS asks for `tensorflow-macos` on a Mac, which ends at 2.16; it works with TensorFlow itself.
_MACOS_WITHOUT_DEPENDENCIES = "tensorflow-recommenders==0.7.7"


class SetUpError(Exception):
    """The environment cannot be made or used; the message is for the person, with what to do."""


def inside():
    """Return whether this process runs in the course's environment."""
    return Path(sys.prefix).resolve() == VENV.resolve()


def problem():
    """Return None if `.venv` is as requirements.txt asks, else a few words on what is wrong."""
    if not VENV.exists():
        return "is not there"
    if not _finds("pip"):
        return "is broken: its Python does not start or has no pip"
    if not _STAMP.exists():
        return "is half installed: the set-up was interrupted, or failed"
    if _STAMP.read_text("utf-8") != _fingerprint():
        return "is out of date: requirements.txt has changed since"
    if not _finds(*_MAIN_PACKAGES):
        return "is broken: packages have gone from it"
    return None


def ensure():
    """Make `.venv` and install requirements.txt into it, unless that has been done.

    Of several processes one does the work, and the others wait for it.

    Raises:
        SetUpError: this Python is not supported, or a step failed.
    """
    if problem() is None:
        return
    _check_python()
    try:
        with platforms.only_one(_LOCK, _LOCK_SECONDS, _say_waiting):
            _make_current()
    except TimeoutError as error:
        raise SetUpError(
            f"Another set-up of this course has been running for {_LOCK_SECONDS // 60} minutes. "
            "Stop it and start the command again."
        ) from error
    except OSError as error:
        raise SetUpError(
            f"The environment {VENV} could not be made ({error}). Check that you may write to "
            f"the folder {ROOT} and that the disk is not full; then start the command again."
        ) from error
    except KeyboardInterrupt as error:
        raise SetUpError(
            "The set-up was stopped. Start the same command again: it goes on from there."
        ) from error


def run_python(arguments):
    """Run `.venv`'s Python from the course's folder and return its exit code.

    Raises:
        SetUpError: it does not start.
    """
    folders = {name: VENV / path for name, path in FOLDERS.items()}
    variables = {**os.environ, **{name: str(folder) for name, folder in folders.items()}}
    variables["PYTHONUTF8"] = "1"  # whatever the system's own encoding is
    if variables.get("TFDS_DATA_DIR"):  # the same folder, from wherever a notebook runs
        variables["TFDS_DATA_DIR"] = os.path.abspath(os.path.expanduser(variables["TFDS_DATA_DIR"]))
    try:
        for folder in folders.values():
            folder.mkdir(parents=True, exist_ok=True)
        return platforms.run_to_its_end([str(PYTHON), *arguments], ROOT, variables)
    except OSError as error:
        raise SetUpError(
            f"The environment {VENV} cannot be used ({error}). "
            f"`{platforms.command('doctor')}` says more; to make it anew, delete that folder and "
            "start the command again."
        ) from error


def python_problem(version=sys.version_info, is_64_bit=sys.maxsize > 2**32):
    """Return None if TensorFlow supports this Python, else one sentence that says what to do."""
    if tuple(version[:2]) not in SUPPORTED or not is_64_bit:
        bits = "" if is_64_bit else " for 32 bits"
        return (
            f"This is Python {version[0]}.{version[1]}{bits}, and TensorFlow 2.21 needs 3.11, 3.12 "
            "or 3.13 for 64 bits. Install one of them and start the command with it, for example "
            "`python3.12 -m helpers lab`."
        )
    if platforms.is_intel_mac():
        return (
            "This is a Python for Macs with an Intel processor, and TensorFlow 2.21 has no build "
            "for them. On a Mac with Apple silicon, install a Python for arm64; otherwise use a "
            "Linux or Windows machine."
        )
    return None


def _make_current():
    """Do what `ensure` promises. The caller holds the lock."""
    if problem() is None:
        return  # another process has done it while this one waited
    if not _finds("tensorflow"):
        _check_disk()
    if not _finds("pip"):
        print("Set-up, step 1 of 2: a Python environment in .venv", flush=True)
        _make_venv()
    print("Set-up, step 2 of 2: TensorFlow, JupyterLab and the rest (about 700 MB to download "
          "the first time, then a few minutes to install)", flush=True)  # fmt: skip
    if _STAMP.exists():  # until the end of the installation, it is not current
        _STAMP.unlink()
    _pip("install", "-r", str(REQUIREMENTS))
    if platforms.is_mac():
        _pip("install", "--no-deps", _MACOS_WITHOUT_DEPENDENCIES)
    if not _finds(*_MAIN_PACKAGES):  # pip takes its own record for true, whatever is missing
        _pip("install", "--force-reinstall", "-r", str(REQUIREMENTS))
        if platforms.is_mac():
            _pip("install", "--force-reinstall", "--no-deps", _MACOS_WITHOUT_DEPENDENCIES)
        if not _finds(*_MAIN_PACKAGES):
            raise SetUpError(f"{VENV} cannot be mended: delete that folder and start again.")
    _let_notebooks_find_helpers()
    _STAMP.write_text(_fingerprint(), "utf-8")


def _say_waiting():
    print("Another set-up of this course is running; waiting for it …", flush=True)


def _check_python():
    sentence = python_problem()
    if sentence:
        raise SetUpError(sentence)


def _check_disk():
    free = shutil.disk_usage(str(ROOT)).free / 1e9
    if free < FREE_GB:
        raise SetUpError(
            f"Only {free:.1f} GB are free where the course lies, and it needs {FREE_GB} GB. "
            "Free some and start the command again."
        )


def _finds(*modules):
    """Return whether `.venv` has a Python that starts and finds these modules."""
    code = "import sys, importlib.util as u; sys.exit(not all(map(u.find_spec, sys.argv[1:])))"
    try:
        done = subprocess.run(
            [str(PYTHON), "-I", "-c", code, *modules], timeout=60,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def _make_venv():
    try:
        import ensurepip  # noqa: F401  Debian leaves it out of its Python
        import venv
    except ImportError as error:
        raise SetUpError(
            "This Python lacks the modules that make an environment (venv and pip). On Debian or "
            "Ubuntu: `sudo apt install python3-venv`; then start the command again."
        ) from error
    try:
        venv.create(VENV, clear=True, with_pip=True, symlinks=platforms.uses_symlinks())
    except subprocess.CalledProcessError as error:
        raise OSError(f"pip could not be put into it: {error}") from error


def _pip(*arguments):
    command = [str(PYTHON), "-m", "pip", "--disable-pip-version-check", *arguments]
    if subprocess.run(command, cwd=str(ROOT)).returncode:
        raise SetUpError(
            "pip could not install what the course needs; its last lines above say why. Most "
            "often there is no network, or a proxy is not set. Start the same command again when "
            "that is mended: what has been downloaded is kept."
        )


def _let_notebooks_find_helpers():
    """Put the course's folder on the environment's path, for notebooks that lie elsewhere."""
    code = "import sysconfig; print(sysconfig.get_path('purelib'))"
    printed = subprocess.run(  # "utf8": whatever letters the folder's name has
        [str(PYTHON), "-I", "-X", "utf8", "-c", code], stdout=subprocess.PIPE, check=True
    )
    packages = Path(printed.stdout.decode("utf-8", errors="surrogateescape").strip())
    relative = os.path.relpath(str(ROOT), str(packages))  # true after both have been moved
    (packages / "course.pth").write_text(relative + "\n", "utf-8")


def _fingerprint():
    digest = hashlib.sha256(repr(SUPPORTED).encode())
    for file in (REQUIREMENTS, CONSTRAINTS):
        digest.update(file.read_bytes())
    return digest.hexdigest()
