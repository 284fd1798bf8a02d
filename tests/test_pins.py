"""The pins, CI's too, resolve for every Python and system that the README promises, with wheels."""

import itertools
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest
from conftest import ROOT, lack

from helpers.setup import environment

SYSTEMS = (
    "x86_64-manylinux_2_28",
    "aarch64-manylinux_2_28",
    "aarch64-apple-darwin",
    "x86_64-pc-windows-msvc",
)
NETWORK = ("Failed to fetch", "error sending request", "Could not connect", "timed out")


def find_uv():
    name = "uv.exe" if sys.platform == "win32" else "uv"
    own = Path(sysconfig.get_path("scripts")) / name
    return str(own) if own.exists() else shutil.which("uv")


OLDEST, *_, NEWEST = (f"{major}.{minor}" for major, minor in environment.SUPPORTED)


def resolve(uv, targets, folder, *more):
    """Return, for each pair of a Python and a system, uv's exit code and what it says of errors.

    All are asked at once, for uv mostly waits. What it finds goes to `folder`.
    """
    compilers = {}
    for version, system in targets:
        command = [uv, "pip", "compile", "--quiet", *more]
        command += ["--python", sys.executable, "--python-version", version]  # no search
        command += ["--python-platform", system, "--only-binary", ":all:", "--no-binary", "promise"]
        command += ["requirements.txt", ".ci/requirements.txt"]
        command += ["--output-file", str(folder / f"{version} {system}.txt")]
        compilers[version, system] = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, cwd=ROOT
        )
    said = {what: compiler.communicate(timeout=3_000)[1] for what, compiler in compilers.items()}
    return {what: (compiler.returncode, said[what]) for what, compiler in compilers.items()}


def test_pins_resolve(tmp_path):
    """For the oldest and the newest Python; CI installs those between, too.

    What uv has in its cache need not be asked of the index again; a new machine has nothing there.
    """
    uv = find_uv()
    if uv is None:
        lack("uv is not installed")
    ended = resolve(uv, itertools.product((OLDEST, NEWEST), SYSTEMS), tmp_path, "--offline")
    unknown = [target for target, (code, _) in ended.items() if code]
    ended |= resolve(uv, unknown, tmp_path)
    for (version, system), (code, errors) in ended.items():
        if code and any(word in errors for word in NETWORK):
            lack(f"the package index is out of reach: {errors}")
        assert code == 0, (version, system, errors)
        resolved = (tmp_path / f"{version} {system}.txt").read_text()
        assert "tensorflow==2.21.0" in resolved
        assert ("tensorflow-recommenders==0.7.7" in resolved) == ("darwin" not in system)


@pytest.mark.parametrize("file", ["requirements.txt", ".ci/requirements.txt"])
def test_every_direct_dependency_is_pinned(file):
    for line in (ROOT / file).read_text().splitlines():
        requirement = line.split("#")[0].strip()
        if requirement and not requirement.startswith("-c"):
            assert "==" in requirement, line
