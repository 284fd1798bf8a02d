"""The pins, CI's too, resolve for every Python and system that the README promises, with wheels."""

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


@pytest.mark.parametrize("system", SYSTEMS)
@pytest.mark.parametrize("version", [OLDEST, NEWEST])  # CI installs those between, too
def test_pins_resolve(version, system, tmp_path):
    uv = find_uv()
    if uv is None:
        lack("uv is not installed")
    command = [uv, "pip", "compile", "--quiet", "--python-version", version]
    command += ["--python-platform", system, "--only-binary", ":all:", "--no-binary", "promise"]
    command += ["requirements.txt", ".ci/requirements.txt"]
    command += ["--output-file", str(tmp_path / "resolved.txt")]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=3_000)
    if done.returncode and any(word in done.stderr for word in NETWORK):
        lack(f"the package index is out of reach: {done.stderr}")
    assert done.returncode == 0, done.stderr
    resolved = (tmp_path / "resolved.txt").read_text()
    assert "tensorflow==2.21.0" in resolved
    assert ("tensorflow-recommenders==0.7.7" in resolved) == ("darwin" not in system)


@pytest.mark.parametrize("file", ["requirements.txt", ".ci/requirements.txt"])
def test_every_direct_dependency_is_pinned(file):
    for line in (ROOT / file).read_text().splitlines():
        requirement = line.split("#")[0].strip()
        if requirement and not requirement.startswith("-c"):
            assert "==" in requirement, line
