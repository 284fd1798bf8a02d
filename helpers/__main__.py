"""The course's command line: `python3 -m helpers lab`, `test`, and a few more."""

import argparse
import json
import os
import sys

from helpers.setup import environment, platforms

PROCESSES = 3  # on two cores, for some tests wait
TEST_OPTIONS = ["-p", "tests.quick_start", "-n", str(PROCESSES), "--dist", "loadscope"]
TEST_OPTIONS.append("--no-loadscope-reorder")  # see `tests/conftest.py`
TEST_OPTIONS += ["-p", "no:logging"]  # no test asks for log records; to collect them takes seconds


def main(arguments=None):
    """Run one command and return its exit code.

    Args:
        arguments: list of str; by default the process's own.
    """
    platforms.print_anything()
    options, rest = _parser().parse_known_args(arguments)
    if rest and options.command not in ("lab", "test"):
        _parser().error(f"unrecognized arguments: {' '.join(rest)}")
    try:
        return COMMANDS[options.command](options, rest)
    except environment.SetUpError as error:
        print(f"\n{error}", file=sys.stderr)
        return 1


def lab(options, rest):
    """Set up, prepare MovieLens, and open JupyterLab at lesson 1."""
    code = _with_data(options)
    if code == 0:
        _ask_for_no_news()
    return code or environment.run_python(
        [
            "-m",
            "jupyterlab",
            f"--ServerApp.root_dir={environment.ROOT}",
            "--LabApp.default_url=/lab/tree/lessons/01_ratings.ipynb",
            *(["--allow-root"] if platforms.is_root() else []),  # usual in containers
            *rest,
        ]
    )


def test(options, rest):
    """Set up, prepare MovieLens, and run CI's tests, except what lacks nbgrader or a browser."""
    return _with_data(options) or environment.run_python(["-m", "pytest", *TEST_OPTIONS, *rest])


def data(options, rest):
    """Set up and prepare MovieLens."""
    return _with_data(options)


def lessons(options, rest):
    """Make lessons/ from solutions/."""
    environment.ensure()
    return environment.run_python(["-m", "helpers.setup.notebooks", "lessons"])


def solutions(options, rest):
    """Run solution notebooks from top to bottom and store what they print."""
    return _with_data(options) or environment.run_python(
        ["-m", "helpers.setup.notebooks", "solutions", *options.notebooks]
    )


def compare(options, rest):
    """Set your answers to a lesson's exercises beside ours."""
    environment.ensure()
    return environment.run_python(["-m", "helpers.setup.compare", options.lesson])


def heal(options, rest):
    """Make what students have handed in fit for nbgrader."""
    environment.ensure()
    return environment.run_python(["-m", "helpers.setup.heal", os.path.abspath(options.folder)])


def bench(options, rest):
    """Measure how fast the course is, and against what."""
    return _with_data(options) or environment.run_python(["-m", "helpers.bench", *options.sections])


def doctor(options, rest):
    """Say what is installed, where the data is, what is wrong, and how to mend it."""
    if environment.problem() is None:
        return environment.run_python(["-m", "helpers.setup.doctor"])
    from helpers.setup.doctor import examine_set_up, report

    return report(examine_set_up())


COMMANDS = {
    f.__name__: f for f in (lab, test, data, compare, lessons, solutions, heal, bench, doctor)
}


def _with_data(options):
    """Set up and prepare MovieLens; return the exit code."""
    environment.ensure()
    source = getattr(options, "source", None)
    return environment.run_python(["-m", "helpers.data", *([source] if source else [])])


def _ask_for_no_news():
    """Keep JupyterLab from asking, at its first start, whether it may fetch news and updates."""
    folder = environment.VENV / environment.FOLDERS["JUPYTER_CONFIG_DIR"] / "labconfig"
    if (folder / "default_setting_overrides.json").exists():
        return
    folder.mkdir(parents=True, exist_ok=True)
    settings = {
        "@jupyterlab/apputils-extension:notification": {
            "fetchNews": "false", "checkForUpdates": False,
        }
    }  # fmt: skip
    (folder / "default_setting_overrides.json").write_text(json.dumps(settings), "utf-8")


def _parser():
    parser = argparse.ArgumentParser(prog=platforms.command("").strip(), allow_abbrev=False)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    commands.required = True  # Python 3.6 takes no such argument
    for name, function in COMMANDS.items():
        command = commands.add_parser(name, help=function.__doc__, allow_abbrev=False)
        if name in ("lab", "test", "data"):
            command.add_argument(
                "--from",
                dest="source",
                metavar="PATH",
                help="your own copy of ml-100k.zip, or of the folder inside it",
            )
        if name == "bench":
            command.add_argument("sections", nargs="*", metavar="SECTION", help="default: most")
        if name == "compare":
            command.add_argument("lesson", metavar="NN", help="for example 02")
        if name == "heal":
            command.add_argument("folder", metavar="FOLDER", help="for example class/submitted")
        if name == "solutions":
            command.add_argument("notebooks", nargs="*", metavar="NN", help="for example 02")
    return parser


if __name__ == "__main__":
    sys.exit(main())
