"""Break the code in many small ways, and see whether the tests notice.

    python3 .ci/mutation/run.py [MODULE or ROOM ...]

A mutant is a module with one small change, such as `<` in place of `<=`. mutmut makes the mutants
of each module of `helpers/` that is named (a room means all of its modules; by default the four
rooms below), and runs the tests that are named after the module on each. Mutants that no test
notices, and that `accepted.txt` does not list, are printed with their diffs and written to
`.mutation/survivors.txt`. The exit code is 1 if they are more than a tenth of a room's others.

`accepted.txt` holds paragraphs: the function; the lines that the mutant takes away and puts in,
as its diff has them; `=` and the reason why no test can tell the two apart.

All of it happens in a copy of the working tree, including what is not committed yet.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
PYTHON = ROOT / ".venv" / "bin" / "python"  # mutmut runs where `fork` is: on Linux and macOS
LEFT = ROOT / ".mutation"  # what a run leaves
ROOMS = ("data", "models", "metrics", "scale")
ENOUGH = 0.9  # of a room's mutants that are not accepted
KILLED, SURVIVED = ("killed", "timeout", "segfault", "suspicious"), ("survived", "no tests")
CONFIG = """
[tool.mutmut]
source_paths = ["helpers"]
only_mutate = {modules}
also_copy = ["solutions", "lessons", "README.md", "requirements.txt"]
pytest_add_cli_args = ["-c", "/dev/null", "-p", "no:cacheprovider", "-p", "mutation_stats"]
pytest_add_cli_args_test_selection = {tests}
process_isolation = "forkserver"
timeout_multiplier = 3.0
timeout_constant = 5.0
track_dependencies = false
use_git_change_detection = false
use_setproctitle = false
"""
SETTINGS = {  # one mutant's tests are to keep one core busy; plugins would be loaded for each
    "TF_NUM_INTRAOP_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
}


def by_room(names):
    """Return a dict from a room's name to its modules, as paths from the root, that are named."""
    rooms = {}
    for name in names:
        path = ROOT / (name if "/" in name else f"helpers/{name}")
        files = sorted(path.glob("*.py")) if path.is_dir() else [path]
        if not all(file.is_file() for file in files):
            sys.exit(f"There is no room or module {name}; the rooms are {', '.join(ROOMS)}.")
        for file in files:
            if file.name != "__init__.py":
                module = file.resolve().relative_to(ROOT).as_posix()
                rooms.setdefault(file.parent.name, []).append(module)
    return rooms


def tests_of(module):
    """Return the file of a module's tests; None if there is none."""
    path = Path(module)
    stem = path.stem.strip("_")  # of __main__ too
    names = [f"tests/test_{path.parent.name}_{stem}.py", f"tests/test_{stem}.py"]
    return next((name for name in names if (ROOT / name).exists()), None)


def copy_tree(folder):
    """Copy what git knows, and what it does not ignore."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(command, cwd=ROOT, check=True, capture_output=True).stdout.decode()
    for name in filter(None, names.split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)


def mutate(modules, children):
    """Run the mutants of some modules; return a dict from each module to its mutants.

    A mutant is a dict with its function, its status as mutmut calls it, and its diff.
    """
    tests = {module: tests_of(module) for module in modules}
    known = sorted(set(filter(None, tests.values())))
    if not known:
        sys.exit(f"No tests are named after {', '.join(modules)}.")
    with tempfile.TemporaryDirectory(prefix="mutation-") as folder:
        copy_tree(Path(folder))
        config = CONFIG.format(modules=json.dumps(modules), tests=json.dumps(known))
        Path(folder, "pyproject.toml").write_text(config, "utf-8")
        command = [str(PYTHON), "-u", str(HERE / "inside.py"), str(children), json.dumps(tests)]
        LEFT.mkdir(exist_ok=True)
        path = LEFT / f"{Path(modules[0]).parent.name}.log"
        with open(path, "w", encoding="utf-8") as log:
            said = None if sys.stdout.isatty() else log  # its counter is for a person to look at
            done = subprocess.run(command, cwd=folder, env={**os.environ, **SETTINGS}, stdout=said)
        if done.returncode:
            sys.exit(f"mutmut stopped with exit code {done.returncode}; what it said is in {path}.")
        return json.loads(Path(folder, "mutants.json").read_text("utf-8"))


def read_accepted():
    """Return a dict from (function, changed lines) to the reason why the mutant is accepted."""
    accepted = {}
    for paragraph in (HERE / "accepted.txt").read_text("utf-8").split("\n\n"):
        lines = [line for line in paragraph.splitlines() if line and not line.startswith("#")]
        if lines:
            function, *changed, reason = lines
            if not reason.startswith("= ") or not changed:
                sys.exit(f"accepted.txt: {function} needs changed lines, and a reason after =")
            accepted[function, changes(changed)] = reason
    return accepted


def changes(diff):
    """Return the changed lines of a diff, without the blanks around them."""
    return tuple(f"{line[0]} {line[1:].strip()}" for line in diff if line[:1] in ("-", "+"))


def share(counts):
    """Return the share of mutants that tests notice, of those that are not accepted."""
    rest = sum(counts.values()) - counts["accepted"]
    return sum(counts[status] for status in KILLED) / rest if rest else 1.0


def print_line(name, counts):
    killed = sum(counts[status] for status in KILLED)
    numbers = [sum(counts.values()), killed, counts["timeout"], counts["survived"]]
    numbers += [counts["no tests"], counts["accepted"]]
    print(
        f"{name:32}" + "".join(f"{n:>10}" for n in numbers) + f"{share(counts):>8.1%}", flush=True
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("names", nargs="*", default=ROOMS, metavar="MODULE or ROOM")
    parser.add_argument("--children", type=int, default=2, help="mutants tried at the same time")
    arguments = parser.parse_args()
    accepted, table, survivors, used, seen = read_accepted(), {}, [], set(), set()
    for modules in by_room(arguments.names).values():
        for module, mutants in mutate(modules, arguments.children).items():
            for mutant in mutants:
                key = mutant["function"], changes(mutant["diff"])
                seen.add(mutant["function"])
                if mutant["status"] in SURVIVED and key in accepted:
                    used.add(key)
                    mutant["status"] = "accepted"
                elif mutant["status"] not in KILLED:
                    said = f"{mutant['function']}: {mutant['status']}"
                    survivors.append("\n".join([said, *mutant["diff"]]))
            table[module] = Counter(mutant["status"] for mutant in mutants)
    print(*survivors, sep="\n\n")
    (LEFT / "survivors.txt").write_text("\n\n".join(survivors) + "\n", "utf-8")
    for function, changed in accepted.keys() - used:
        if function in seen:
            print(f"\naccepted.txt lists what did not survive: {function}", *changed, sep="\n")
    heads = ("mutants", "killed", "timeouts", "survived", "no tests", "accepted")
    print(f"\n{'':32}" + "".join(f"{head:>10}" for head in heads) + f"{'found':>8}")
    rooms = {}
    for module, counts in table.items():
        print_line(module, counts)
        rooms.setdefault(Path(module).parent.name, Counter()).update(counts)
    for room, counts in rooms.items():
        print_line(room, counts)
    total = sum(rooms.values(), Counter())
    print_line("in all", total)
    return 0 if all(share(counts) >= ENOUGH for counts in rooms.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
