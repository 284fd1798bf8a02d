"""The course's own Python environment in `.venv`, made with the standard library alone."""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
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
# TFRS asks for `tensorflow-macos` on a Mac, which ends at 2.16; it works with TensorFlow itself.
_MACOS_WITHOUT_DEPENDENCIES = "tensorflow-recommenders==0.7.7"


class SetUpError(Exception):
    """The environment cannot be made; the message is for the person, with what to do."""


def inside():
    """Return whether this process runs in the course's environment."""
    return Path(sys.prefix).resolve() == VENV.resolve()


def is_root():
    """Return whether the person is root, for whom Jupyter wants a flag of its own."""
    return hasattr(os, "geteuid") and os.geteuid() == 0


def is_current():
    """Return whether `.venv` holds what requirements.txt asks for."""
    return PYTHON.exists() and _STAMP.exists() and _STAMP.read_text("utf-8") == _fingerprint()


def ensure():
    """Make `.venv` and install requirements.txt into it, unless that has been done.

    Raises:
        SetUpError: this Python is not supported, or a step failed.
    """
    if is_current():
        return
    _check_python()
    _check_disk()
    if not _works():
        print("Set-up, step 1 of 2: a Python environment in .venv", flush=True)
        _make_venv()
    print("Set-up, step 2 of 2: TensorFlow, JupyterLab and the rest (about 700 MB to download "
          "the first time, then a few minutes to install)", flush=True)  # fmt: skip
    _STAMP.unlink(missing_ok=True)  # until the end of the installation, it is not current
    _pip("install", "-r", str(REQUIREMENTS))
    if sys.platform == "darwin":
        _pip("install", "--no-deps", _MACOS_WITHOUT_DEPENDENCIES)
    _STAMP.write_text(_fingerprint(), "utf-8")


def run(arguments):
    """Run `.venv`'s Python from the course's folder and return its exit code."""
    folders = {name: VENV / path for name, path in FOLDERS.items()}
    for folder in folders.values():
        folder.mkdir(parents=True, exist_ok=True)
    variables = os.environ | {name: str(folder) for name, folder in folders.items()}
    try:
        return subprocess.run([str(PYTHON), *arguments], cwd=ROOT, env=variables).returncode
    except KeyboardInterrupt:
        return 130  # the program below has seen the same Ctrl-C and said what it had to say


def python_problem(version=sys.version_info, machine=None):
    """Return None if TensorFlow supports this Python, else one sentence that says what to do."""
    if tuple(version[:2]) not in SUPPORTED:
        return (
            f"This is Python {version[0]}.{version[1]}, and TensorFlow 2.21 needs 3.11, 3.12 or "
            "3.13. Install one of them and start the command with it, for example "
            "`python3.12 -m helpers lab`."
        )
    if sys.platform == "darwin" and (machine or os.uname().machine) == "x86_64":
        return (
            "TensorFlow 2.21 has no build for Macs with an Intel processor. "
            "Use a Linux or Windows machine, or a Mac with Apple silicon."
        )
    return None


def _check_python():
    problem = python_problem()
    if problem:
        raise SetUpError(problem)


def _check_disk():
    free = shutil.disk_usage(ROOT).free / 1e9
    if free < FREE_GB:
        raise SetUpError(
            f"Only {free:.1f} GB are free where the course lies, and it needs {FREE_GB} GB. "
            "Free some and start the command again."
        )


def _works():
    """Return whether `.venv` has a Python that runs and has pip."""
    if not PYTHON.exists():
        return False
    try:
        check = subprocess.run([str(PYTHON), "-m", "pip", "--version"], capture_output=True)
    except OSError:
        return False
    return check.returncode == 0


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
        venv.create(VENV, clear=True, with_pip=True, symlinks=os.name != "nt")
    except (OSError, subprocess.CalledProcessError) as error:
        raise SetUpError(
            f"The environment {VENV} could not be made ({error}). Check that you may write to "
            "this folder and that the disk is not full; then start the command again."
        ) from error


def _pip(*arguments):
    command = [str(PYTHON), "-m", "pip", "--disable-pip-version-check", *arguments]
    if subprocess.run(command, cwd=ROOT).returncode:
        raise SetUpError(
            "pip could not install what the course needs; its last lines above say why. Most "
            "often there is no network, or a proxy is not set. Start the same command again when "
            "that is mended: what has been downloaded is kept."
        )


def _fingerprint():
    digest = hashlib.sha256(repr(SUPPORTED).encode())
    for file in (REQUIREMENTS, CONSTRAINTS):
        digest.update(file.read_bytes())
    return digest.hexdigest()
