"""The pins resolve for every Python and system that the README promises, with wheels."""

import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest
from conftest import IN_CI, ROOT

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


@pytest.mark.parametrize("system", SYSTEMS)
@pytest.mark.parametrize("version", [f"{major}.{minor}" for major, minor in environment.SUPPORTED])
def test_pins_resolve(version, system, tmp_path):
    uv = find_uv()
    if uv is None:
        assert not IN_CI, "uv is missing"
        pytest.skip("uv is not installed")
    command = [uv, "pip", "compile", "--quiet", "--python-version", version]
    command += ["--python-platform", system, "--only-binary", ":all:", "--no-binary", "promise"]
    command += ["requirements.txt", "--output-file", str(tmp_path / "resolved.txt")]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=300)
    if done.returncode and not IN_CI and any(word in done.stderr for word in NETWORK):
        pytest.skip("the package index is out of reach")
    assert done.returncode == 0, done.stderr
    resolved = (tmp_path / "resolved.txt").read_text()
    assert "tensorflow==2.21.0" in resolved
    assert ("tensorflow-recommenders==0.7.7" in resolved) == ("darwin" not in system)


def test_every_direct_dependency_is_pinned():
    for line in (ROOT / "requirements.txt").read_text().splitlines():
        requirement = line.split("#")[0].strip()
        if requirement and not requirement.startswith("-c"):
            assert "==" in requirement, line
