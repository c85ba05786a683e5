"""Sources: what a typed word stands for, and downloads from a server of our own."""

from __future__ import annotations

import contextlib
import hashlib
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from engine.core.config import Settings
from engine.core.errors import FootageError
from engine.media.sources import LocalSource, RemoteSource, download, expand

CONTENT = bytes(range(256)) * 20_000


class Server(BaseHTTPRequestHandler):
    """Answers a few paths."""

    def do_GET(self) -> None:
        with contextlib.suppress(ConnectionError):
            self.answer()

    def answer(self) -> None:
        if self.path.startswith("/clip.mp4"):
            self.send_response(200)
            self.send_header("Content-Length", str(len(CONTENT)))
            self.end_headers()
            self.wfile.write(CONTENT)
        elif self.path == "/unmeasured.mp4":
            self.send_response(200)
            self.end_headers()
            self.wfile.write(CONTENT)
        elif self.path == "/cut.mp4":
            self.send_response(200)
            self.send_header("Content-Length", str(len(CONTENT)))
            self.end_headers()
            self.wfile.write(CONTENT[:1000])
        elif self.path in ("/moved.mp4", "/elsewhere.mp4", "/loop.mp4"):
            to = {"/moved.mp4": "/clip.mp4", "/elsewhere.mp4": "file:///etc/passwd", "/loop.mp4": "/loop.mp4"}
            self.send_response(302)
            self.send_header("Location", to[self.path])
            self.end_headers()
        else:
            self.send_error(404)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Server) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("path", ["/clip.mp4", "/clip.mp4?key=1", "/unmeasured.mp4", "/moved.mp4"])
def test_download(address: str, settings: Settings, path: str) -> None:
    seen: list[tuple[int, int]] = []
    source = expand(address + path)[0]
    assert isinstance(source, RemoteSource)
    assert source.name == path.strip("/").split("?")[0]
    file, sha256 = download(source, settings, lambda done, total: seen.append((done, total)))
    assert sha256 == hashlib.sha256(CONTENT).hexdigest()
    assert file.read_bytes() == CONTENT
    assert file.parent == settings.home / "incoming"
    assert seen[-1] == (len(CONTENT), 0 if path == "/unmeasured.mp4" else len(CONTENT))


@pytest.mark.parametrize(
    ("path", "word"),
    [("/none.mp4", "404"), ("/loop.mp4", "redirects"), ("/elsewhere.mp4", "download"), ("/cut.mp4", "download")],
)
def test_a_failed_download_leaves_nothing(address: str, settings: Settings, path: str, word: str) -> None:
    with pytest.raises(FootageError, match=word) as caught:
        download(RemoteSource(address + path), settings, lambda *_: None)
    assert caught.value.kind == "download-failed"
    folder = settings.home / "incoming"
    assert not folder.exists() or list(folder.iterdir()) == []


@pytest.mark.parametrize("path", ["/clip.mp4", "/unmeasured.mp4"])
def test_the_size_limit_holds_for_downloads(address: str, tmp_path: Path, path: str) -> None:
    settings = Settings(home=tmp_path, upload_limit_gib=0.001)
    with pytest.raises(FootageError, match="GiB allowed") as caught:
        download(RemoteSource(address + path), settings, lambda *_: None)
    assert caught.value.kind == "over-limit"
    assert not list(tmp_path.rglob("incoming/*"))


def test_folders_and_files(tmp_path: Path) -> None:
    for name in ("b.MP4", "a.avi", "notes.txt", ".hidden.mp4", "deep/er/c.webm", ".trash/d.mp4"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
    assert [source.name for source in expand(str(tmp_path))] == ["a.avi", "b.MP4", "c.webm"]
    assert expand(str(tmp_path / "notes.txt")) == [LocalSource(tmp_path / "notes.txt")]
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(FootageError, match="no footage in"):
        expand(str(empty))


@pytest.mark.parametrize(
    ("source", "kind", "word"),
    [
        ("s3:///clip.mp4", "unsupported-source", "names no bucket"),
        ("rtsp://camera/1", "unsupported-source", "rtsp://"),
        ("ftp://host/clip.mp4", "unsupported-source", "ftp://"),
        ("nowhere/clip.mp4", "missing", "no file or folder"),
    ],
)
def test_sources_that_are_refused(source: str, kind: str, word: str) -> None:
    with pytest.raises(FootageError, match=word) as caught:
        expand(source)
    assert caught.value.kind == kind
