"""Which exercises a learner has done, kept in one small file beside the lessons."""

import contextlib
import json
import os
from pathlib import Path

from helpers.checks.engine.registry import exercises_of
from helpers.lessons import LESSONS

FILE = ".progress.json"


def progress():
    """Print which exercises of each lesson are done, and where to go on."""
    done = read()
    go_on = None
    for lesson in LESSONS:
        names = exercises_of(lesson.topic)
        finished = [name for name in names if name in done]
        marks = "".join("■" if name in done else "□" for name in names)
        print(
            f"Lesson {lesson.number:<2} {lesson.title:31} {marks:8} {len(finished)} of {len(names)}"
        )
        if go_on is None and len(finished) < len(names):
            go_on = lesson.number, next(name for name in names if name not in done)
    if go_on is None:
        print("All exercises are done.")
    else:
        print(f"Go on with lesson {go_on[0]}, exercise {go_on[1]}.")


def record(name):
    """Remember that an exercise is done, if the notebook lies in a folder named "lessons".

    A file that cannot be written costs the learner nothing but the memory, so it is only said.
    """
    path = file()
    if path is None:
        return
    done = read()
    if name in done:
        return
    new = path.with_name(f"{FILE}.{os.getpid()}.tmp")
    try:
        new.write_text(json.dumps({"done": sorted({*done, name})}, indent=1), "utf-8")
        os.replace(new, path)
    except OSError as error:
        print(f"(progress() will not know of this: {path} cannot be written, {error.strerror}.)")
        with contextlib.suppress(OSError):
            new.unlink()


def read():
    """Return the names of the exercises that are done; a damaged file counts as none."""
    path = file()
    try:
        done = json.loads(path.read_text("utf-8"))["done"] if path else []
        return {name for name in done if isinstance(name, str)}
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return set()


def file():
    """Return the path of the file, or None where nothing is to be kept.

    It lies beside the folder `lessons` in which the notebook runs; runs of `solutions` and of
    tests leave no trace. The environment variable COURSE_PROGRESS may name another path.
    """
    if "COURSE_PROGRESS" in os.environ:
        return Path(os.environ["COURSE_PROGRESS"]) if os.environ["COURSE_PROGRESS"] else None
    here = Path.cwd()
    return here.parent / FILE if here.name == "lessons" else None
