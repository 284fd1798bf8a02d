"""The rooms of `helpers`: which may import which, each name once, and a light front door."""

import ast
import functools
import re
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import nbformat
import pytest
from conftest import ROOT, SOLUTIONS

HELPERS = ROOT / "helpers"
MODULES = sorted(HELPERS.rglob("*.py"))
EVERYWHERE = {"", "lessons", "quiet", "keras2"}  # of `helpers` itself: no room, used by all
MAY_IMPORT = {  # room: the rooms, or modules of rooms, that it may import besides itself
    "data": {"setup.platforms"},
    "metrics": set(),
    "models": {"data", "metrics"},
    "scale": {"data", "models", "setup"},
    "setup": {"data.movielens"},  # which `doctor` looks at
    "checks": {"data", "metrics", "models", "scale"},
    "bench": {"data", "metrics", "models", "scale", "setup", "pictures", "__main__"},
    "": {"setup"},
    "__main__": {"setup"},
    "for_you": set(),
    "pictures": set(),
    "lessons": set(),
    "quiet": set(),
    "keras2": set(),
}
UNLIKE_OTHERS = ("__main__", "pictures", "for_you", "checks.")  # said with the module, or exercises


def dotted(path):
    """Return a module's name below `helpers`, such as "data.split"; "" for `helpers` itself."""
    name = ".".join(path.relative_to(HELPERS).with_suffix("").parts)
    return name.removesuffix(".__init__").removesuffix("__init__")


def imported(path):
    """Return what a module of `helpers` imports of `helpers`, as names below it."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {each.name for each in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: a relative import"
            for each in node.names:
                whole = f"{node.module}.{each.name}"
                is_module = (ROOT / Path(*whole.split("."))).with_suffix(".py").exists()
                is_room = (ROOT / Path(*whole.split("."))).is_dir()
                names.add(whole if is_module or is_room else node.module)
    ours = {name for name in names if name.split(".")[0] == "helpers"}
    return {name.removeprefix("helpers").removeprefix(".") for name in ours}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: dotted(path) or "helpers")
def test_imports_point_one_way(path):
    room = dotted(path).split(".")[0]
    for name in imported(path) - EVERYWHERE:
        near = name.split(".")[0]
        allowed = near == room or near in MAY_IMPORT[room] or name in MAY_IMPORT[room]
        assert allowed, f"{dotted(path)} imports {name}"


def test_each_public_name_is_defined_once():
    places = defaultdict(list)
    for path in MODULES:
        if dotted(path).startswith(UNLIKE_OTHERS) and "engine" not in dotted(path):
            continue
        for node in ast.parse(path.read_text("utf-8")).body:
            names = [node.name] if isinstance(node, (ast.FunctionDef, ast.ClassDef)) else []
            if isinstance(node, ast.Assign):
                targets = [
                    part for target in node.targets for part in getattr(target, "elts", [target])
                ]
                names = [part.id for part in targets if isinstance(part, ast.Name)]
            for name in names:
                if not name.startswith("_") and name != "main":
                    places[name].append(dotted(path))
    twice = {name: where for name, where in places.items() if len(where) > 1}
    assert twice == {}


def test_import_of_helpers_needs_the_standard_library_alone():
    code = (
        "import sys; before = set(sys.modules); import helpers, helpers.__main__\n"
        "names = {name.split('.')[0] for name in set(sys.modules) - before}\n"
        "print(sorted(names - set(sys.stdlib_module_names) - {'helpers'}))"
    )
    printed = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert printed.stdout.strip() == "[]"


@functools.cache
def code_of(path):
    cells = nbformat.read(path, as_version=4).cells
    return [cell.source for cell in cells if cell.cell_type == "code"]


@pytest.mark.parametrize("path", SOLUTIONS, ids=lambda path: path.stem)
def test_setup_cell_is_short_and_its_names_are_used(path):
    first, *others = code_of(path)
    tree = ast.parse(first)
    imports = [node for node in tree.body if isinstance(node, ast.ImportFrom)]
    ours = [node for node in imports if node.module.split(".")[0] == "helpers"]
    assert 2 <= len(ours) <= 5
    for_the_learner = {"hint", "solution", "progress"}
    names = {each.asname or each.name for node in tree.body for each in getattr(node, "names", [])}
    lines = "\n".join([first, *others]).splitlines()
    rest = "\n".join(line for line in lines if " import " not in f" {line}")
    unused = {name for name in names - for_the_learner if not re.search(rf"\b{name}\b", rest)}
    assert unused == set()


@pytest.mark.parametrize("path", SOLUTIONS, ids=lambda path: path.stem)
def test_setup_cell_looks_beside_the_notebook_first(path):
    lines = code_of(path)[0].splitlines()
    beside = lines.index('sys.path.insert(0, "..")  # the folder that holds `helpers`')
    assert all("helpers" not in line for line in lines[:beside])
