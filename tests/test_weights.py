"""The inventory of weights: what is pinned, what is verified, and that nothing but the pinned bytes is kept."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from engine import weights
from engine.core.config import Settings
from engine.core.errors import ModelError, ModelMissing
from engine.weights import WeightsFile

CONTENT = b"weights" * 1000
ENTRY = WeightsFile(
    name="tiny",
    task="person",
    backend="yolo",
    file="tiny.pt",
    sha256=hashlib.sha256(CONTENT).hexdigest(),
    bytes=len(CONTENT),
    licence="MIT",
    url="http://127.0.0.1:1/tiny.pt",
)


class _Files(BaseHTTPRequestHandler):
    body = CONTENT

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(self.body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def address() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), _Files)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/tiny.pt"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path)


def test_embedded_files_are_whole(settings: Settings) -> None:
    embedded = [entry for entry in weights.known() if entry.tier == "embedded"]
    assert embedded
    assert [entry.verify(settings) for entry in embedded] == [""] * len(embedded)


@pytest.mark.parametrize("entry", weights.known(), ids=lambda entry: entry.name)
def test_entries_are_complete(entry: WeightsFile) -> None:
    assert len(entry.sha256) == 64 or entry.parts
    assert not (entry.package and entry.url)
    assert entry.licence
    assert entry.bytes > 0


def test_a_fetched_file_is_verified(settings: Settings, address: str) -> None:
    entry, heard = replace(ENTRY, url=address), []
    path = weights.fetch(entry, settings, heard.append)
    assert path.read_bytes() == CONTENT
    assert heard[-1] == len(CONTENT)
    assert (entry.present(settings), entry.verify(settings)) == (True, "")
    path.write_bytes(b"x" + CONTENT[1:])
    assert entry.verify(settings) == "SHA-256 differs"


def test_other_bytes_are_not_kept(settings: Settings, address: str) -> None:
    entry = replace(ENTRY, url=address, sha256="0" * 64)
    with pytest.raises(ModelError, match="not the pinned one"):
        weights.fetch(entry, settings, lambda _: None)
    assert list((settings.models / "person").iterdir()) == []


def test_no_network_says_what_to_do(settings: Settings) -> None:
    with pytest.raises(ModelError, match="by hand"):
        weights.fetch(ENTRY, settings, lambda _: None)
    assert list((settings.models / "person").iterdir()) == []


def test_what_comes_with_the_project_lies_beside_the_list(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = replace(ENTRY, url="")
    monkeypatch.setattr(weights, "WEIGHTS", tmp_path / "weights.toml")
    assert (entry.tier, entry.verify(settings)) == ("embedded", "not on this machine")
    (tmp_path / "tiny.pt").write_bytes(CONTENT)
    assert entry.path(settings) == tmp_path / "tiny.pt"
    assert (entry.present(settings), entry.verify(settings)) == (True, "")
    assert weights.fetch(entry, settings, lambda _: pytest.fail("nothing is fetched")) == tmp_path / "tiny.pt"
    (tmp_path / "tiny.pt").write_bytes(CONTENT[1:])
    assert entry.verify(settings) == "wrong size"


def test_a_missing_package_is_named(settings: Settings) -> None:
    entry = replace(ENTRY, package="no_such_package", url="")
    with pytest.raises(ModelMissing, match="no_such_package"):
        entry.path(settings)
    assert entry.verify(settings) == "not on this machine"
