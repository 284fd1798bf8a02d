"""What several tests share."""

import contextlib
import filecmp
import importlib.util
import os
import shutil
import sys
from pathlib import Path

import nbformat
import psutil
import pytest

from helpers.lessons import MARKER, lesson_of

ROOT = Path(__file__).resolve().parent.parent
SOLUTIONS = sorted((ROOT / "solutions").glob("*.ipynb"))
PREPARED = Path(os.environ.get("TFDS_DATA_DIR") or "~/tensorflow_datasets").expanduser()
IN_CI = os.environ.get("COURSE_CI") == "1"  # then all of `.ci/requirements.txt` is installed
os.environ["COURSE_PROGRESS"] = ""  # no test touches what a learner has done
os.environ["PYTHONPATH"] = os.pathsep.join(  # no notebook needs a network, once all is set up
    filter(None, [str(ROOT / "tests" / "no_network"), os.environ.get("PYTHONPATH")])
)


# Put before the code of a process that imports TensorFlow, this saves it a second
LEAN = """
import atexit, gc, sys
gc.disable()  # what is imported stays,
atexit.register(gc.freeze)  # and is not looked through at the end
for name in ("jax", "pandas", "scipy"):  # as in a learner's environment: TensorFlow and
    sys.modules[name] = None  # TFDS load whatever of these is installed
"""


RAW = {"u.data": b"1\t2\t3\t4\n", "u.item": b"2|A\xe9|\n", "u.user": b"1|20|M|none|1\n"}


def notebook_of(topic):
    """Return the path of a lesson's solution."""
    lesson = lesson_of(topic)
    return ROOT / "solutions" / f"{lesson.number:02}_{topic}.ipynb"


def lack(sentence):
    """Skip a test for want of something that the sentence names; in CI, which has it, fail."""
    if IN_CI:
        pytest.fail(f"{sentence}, and COURSE_CI=1 says that it is here")
    pytest.skip(sentence)


def need(module):
    """Import a module of `.ci/requirements.txt`; where it is not installed, see `lack`."""
    package = module.split(".")[0]
    if importlib.util.find_spec(package) is None:
        lack(f"{package} is not installed (it is in .ci/requirements.txt)")
    return importlib.import_module(module)


def is_whole(root):
    """Return whether a folder of TFDS's datasets holds MovieLens 100K, byte for byte."""
    folder, prepared = (each / "movielens" / "100k-ratings" / "0.1.1" for each in (root, PREPARED))
    names = sorted(os.listdir(prepared))
    same, _, _ = filecmp.cmpfiles(folder, prepared, names, shallow=False)
    return same == names == sorted(os.listdir(folder))


def read(path):
    return nbformat.read(path, as_version=4)


# Modules whose tests take longest, in seconds of one processor, the longest first
LONGEST = ("checks", "bench", "nonsense", "properties", "notebooks", "keras3", "twins", "own")
WAITING = ("pins", "preparation", "sources")  # for a network or a clock, so beside the others


def pytest_collection_modifyitems(items):
    """Put first what takes longest in one process, so that nothing is left for one at the end.

    These are the notebooks, the last lesson before all, then a few modules. The other tests follow
    in their order.
    """
    paths = sorted({item.path for item in items if item.path.suffix == ".ipynb"}, reverse=True)
    names = [LONGEST[0], *WAITING, *LONGEST[1:]]
    place = {path: number for number, path in enumerate(paths)}
    place |= {
        ROOT / "tests" / f"test_{name}.py": number
        for number, name in enumerate(names, start=len(place))
    }
    items.sort(key=lambda item: place.get(item.path, len(place)))


def pytest_collection_finish():
    """Let TensorFlow run graphs as they are: most run once, so to make them faster costs more."""
    if "tensorflow" in sys.modules:
        options = {"disable_meta_optimizer": True}
        sys.modules["tensorflow"].config.optimizer.set_experimental_options(options)


@pytest.fixture(scope="session")
def answers():
    """Return a function that runs a solution's answer cells and gives their names.

    It takes the lesson's topic, names of answers to leave out, and whatever its cells take for
    granted.
    """

    def run_answer_cells(topic, without=(), **given):
        path = notebook_of(topic)
        namespace = dict(given)
        for cell in read(path).cells:
            name = cell.source.split("\n")[0].removeprefix(MARKER)
            if cell.source.startswith(MARKER) and name not in without:
                exec(compile(cell.source, f"{path.name}: {cell.id}", "exec"), namespace)
        return namespace

    return run_answer_cells


@contextlib.contextmanager
def eager():
    """Let TensorFlow run its functions step by step: for a few steps, to trace them takes longer.

    That trainings work in a graph too is for the tests of `models` to notice.
    """
    from helpers.keras2 import tf

    tf.config.run_functions_eagerly(True)
    try:
        yield
    finally:
        tf.config.run_functions_eagerly(False)


@pytest.fixture
def eagerly():
    with eager():
        yield


@contextlib.contextmanager
def one_epoch_each():
    """Train models for one epoch only."""
    from helpers.keras2 import tf

    fit = tf.keras.Model.fit
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            tf.keras.Model, "fit", lambda *given, **how: fit(*given, **how | {"epochs": 1})
        )
        yield


@pytest.fixture
def one_epoch(eagerly):
    """Let TensorFlow run its functions step by step, and train models for one epoch only."""
    with one_epoch_each():
        yield


@pytest.fixture
def raw_folder(tmp_path):
    """A folder that holds a folder with the three files of MovieLens, all tiny."""
    folder = tmp_path / "raw" / "ml-100k"
    folder.mkdir(parents=True)
    for name, content in RAW.items():
        (folder / name).write_bytes(content)
    return folder.parent


# In place of the person's own dataset folder, and of what takes a network or 15 seconds


@pytest.fixture
def empty(tmp_path, monkeypatch):
    """Name another dataset folder, which is not there yet; return its path."""
    monkeypatch.setenv("TFDS_DATA_DIR", str(tmp_path / "my data ü"))
    return tmp_path / "my data ü"


@pytest.fixture
def quick_build(monkeypatch):
    """Instead of 15 seconds of TFDS, copy the dataset that is prepared already."""
    from helpers.data import movielens

    monkeypatch.setattr(
        movielens,
        "_build_with_tfds",
        lambda work: shutil.copytree(PREPARED / "movielens", work / "movielens"),
    )


@pytest.fixture
def quick_look(monkeypatch):
    """Instead of reading the dataset, see whether it is there."""

    from helpers.data import movielens

    def find_damage(root=None):
        folder = movielens._dataset_folder(root or movielens.data_dir())
        return None if folder.is_dir() else "it is not there"

    monkeypatch.setattr(movielens, "find_damage", find_damage)


@pytest.fixture
def no_official_site(monkeypatch):
    from helpers.data import sources

    def fail(folder):
        raise sources.SourceError("no answer within 10 s")

    monkeypatch.setattr(sources, "from_official_site", fail)


@pytest.fixture
def wheel_works(monkeypatch):
    from helpers.data import sources

    monkeypatch.setattr(sources, "from_wheel", lambda folder: None)


@pytest.fixture
def nothing_is_left():
    """End what a test has left running, and fail."""
    before = set(psutil.Process().children(recursive=True))
    yield
    left = set(psutil.Process().children(recursive=True)) - before
    for process in left:
        process.kill()
    assert not left


@pytest.fixture
def file_of(tmp_path):
    """Return a function that writes text, or bytes, into a file and returns its path."""

    def write(text, name="ratings.csv"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write
