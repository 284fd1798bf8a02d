"""Code and notebooks pass the linter and are formatted by it; cells are short."""

import re
import subprocess
import sys

import pytest
from conftest import ROOT, SOLUTIONS, read


@pytest.mark.parametrize("command", [["check"], ["format", "--check"]])
def test_ruff(command):
    done = subprocess.run(
        [sys.executable, "-m", "ruff", *command, "."], capture_output=True, text=True, cwd=ROOT
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("path", SOLUTIONS, ids=lambda path: path.stem)
def test_no_cell_is_too_long_to_take_in(path):
    for cell in read(path).cells:
        lines = [line.strip() for line in cell.source.splitlines()]
        code = [line for line in lines if line and not line.startswith("#")]
        assert cell.cell_type != "code" or len(code) <= 20, cell.id


@pytest.mark.parametrize("path", SOLUTIONS, ids=lambda path: path.stem)
def test_percents_are_written_in_one_way(path):
    """As `{:.0%}` writes them, without a space."""
    for cell in read(path).cells:
        assert not re.search(r"[0-9}] %(?! [0-9])", cell.source), cell.id
