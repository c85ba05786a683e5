"""Checkpoints of several files: what is pinned, what the hub tells is compared and noted, nothing else is kept."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import ClassVar

import pytest

from engine import weight_folders, weights
from engine.core.config import Settings
from engine.core.errors import JobCancelled, ModelError
from engine.weight_folders import NOTED, Part
from engine.weights import WeightsFile

COMMIT, PROPOSED = "a" * 40, "bead" + "0" * 36
BODIES = {"config.json": b"{}", "model.safetensors": b"tensors" * 1000}


def sha256(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


ENTRY = WeightsFile(
    name="tiny",
    task="clothing_text",
    backend="blip",
    file="tiny",
    sha256="",
    bytes=7010,
    licence="MIT",
    url="https://example.org/tree",
    repository="some/body",
    revision=COMMIT,
    parts=(
        Part("model.safetensors", "refs/pr/2", commit="bead"),
        Part("config.json", COMMIT, sha256(b"{}"), 2),
    ),
)


class _Hub(BaseHTTPRequestHandler):
    asked: ClassVar[list[str]] = []
    bodies: ClassVar[dict[str, bytes]] = BODIES
    headers_told: ClassVar[dict[str, str]] = {}

    def do_GET(self) -> None:
        type(self).asked.append(self.path)
        name = self.path.rsplit("/", 1)[1]
        if self.path.startswith("/some/body/resolve/refs%2Fpr%2F2/"):
            # As the hub does: it tells of the file, and sends elsewhere for its bytes.
            self.send_response(302)
            told = {
                "X-Repo-Commit": PROPOSED,
                "X-Linked-Etag": f'"{sha256(BODIES[name])}"',
                "X-Linked-Size": str(len(BODIES[name])),
                **self.headers_told,
            }
            for header, value in told.items():
                self.send_header(header, value)
            self.send_header("Location", f"/elsewhere/{name}")
            self.end_headers()
            return
        self.send_response(200)
        self.end_headers()
        self.wfile.write(self.bodies[name])

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[_Hub]]:
    server = HTTPServer(("127.0.0.1", 0), _Hub)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    monkeypatch.setattr(weight_folders, "HUB", f"http://127.0.0.1:{server.server_port}")
    monkeypatch.setattr(_Hub, "asked", [])
    monkeypatch.setattr(_Hub, "headers_told", {})
    yield _Hub
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path)


def test_a_folder_is_fetched_compared_and_noted(hub: type[_Hub], settings: Settings) -> None:
    assert (ENTRY.tier, ENTRY.present(settings), ENTRY.verify(settings)) == ("pretrained", False, "not on this machine")
    heard: list[int] = []
    folder = weights.fetch(ENTRY, settings, heard.append)
    assert folder == settings.models / "clothing_text" / "tiny"
    assert {file.name: file.read_bytes() for file in folder.iterdir() if file.name != NOTED} == BODIES
    assert heard[-1] == sum(map(len, BODIES.values()))
    assert heard == sorted(heard)
    assert hub.asked[0] == f"/some/body/resolve/{COMMIT}/config.json"
    assert hub.asked[1] == "/some/body/resolve/refs%2Fpr%2F2/model.safetensors"
    assert (ENTRY.present(settings), ENTRY.verify(settings)) == (True, "")
    hub.asked.clear()
    weights.fetch(ENTRY, settings, heard.append)
    assert hub.asked == []
    (folder / "model.safetensors").write_bytes(b"other" + BODIES["model.safetensors"][5:])
    assert ENTRY.verify(settings) == "SHA-256 of model.safetensors differs"
    (folder / NOTED).unlink()
    assert "put there by hand" in ENTRY.verify(settings)
    (folder / "config.json").unlink()
    assert not ENTRY.present(settings)


@pytest.mark.parametrize(
    ("told", "match"),
    [
        pytest.param({"X-Repo-Commit": "f" * 40}, "another commit", id="commit"),
        pytest.param({"X-Linked-Etag": '"nothing"'}, "does not say its SHA-256", id="no-digest"),
        pytest.param({"X-Linked-Size": ""}, "does not say its SHA-256", id="no-size"),
        pytest.param({"X-Linked-Etag": f'"{"0" * 64}"'}, "not the pinned one", id="digest"),
        pytest.param({"X-Linked-Size": "9"}, "not the pinned one", id="longer"),
    ],
)
def test_what_is_not_what_was_told_is_not_kept(
    hub: type[_Hub], settings: Settings, told: dict[str, str], match: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub, "headers_told", told)
    with pytest.raises(ModelError, match=match):
        weights.fetch(ENTRY, settings, lambda _: None)
    assert not ENTRY.path(settings).exists()
    assert sorted(file.name for file in (settings.models / "incoming" / "tiny").iterdir()) == ["config.json", NOTED]


def test_pinned_bytes_beat_what_the_hub_tells(
    hub: type[_Hub], settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub, "bodies", {**BODIES, "config.json": b"[]"})
    with pytest.raises(ModelError, match="not the pinned one"):
        weights.fetch(ENTRY, settings, lambda _: None)


def test_a_fetch_that_was_cut_off_goes_on(hub: type[_Hub], settings: Settings) -> None:
    def stop(done: int) -> None:
        if done > 2:
            raise JobCancelled("stopped")

    with pytest.raises(JobCancelled):
        weights.fetch(ENTRY, settings, stop)
    assert not ENTRY.path(settings).exists()
    hub.asked.clear()
    weights.fetch(ENTRY, settings, lambda _: None)
    assert not [path for path in hub.asked if "config" in path]
    assert ENTRY.verify(settings) == ""
    assert not (settings.models / "incoming" / "tiny").exists()


def test_no_network_says_what_to_do(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(weight_folders, "HUB", "http://127.0.0.1:1")
    with pytest.raises(ModelError, match="by hand"):
        weights.fetch(ENTRY, settings, lambda _: None)


FOLDERS = [entry for entry in weights.known() if entry.parts]


@pytest.mark.parametrize("entry", FOLDERS, ids=lambda entry: entry.name)
def test_known_folders_name_repository_and_commits_and_no_pickle(entry: WeightsFile) -> None:
    assert entry.repository.startswith("Salesforce/blip-")
    assert entry.url.endswith(entry.revision)
    assert {part.file for part in entry.parts} >= {"config.json", "model.safetensors", "preprocessor_config.json"}
    assert not [part for part in entry.parts if part.file.endswith((".bin", ".h5", ".pt"))]
    for part in entry.parts:
        assert len(part.revision) == 40 or part.commit
        assert (len(part.sha256) == 64 and part.bytes > 0) or part.file == "model.safetensors"


def test_a_revision_that_is_a_commit_must_be_answered_by_it(hub: type[_Hub], settings: Settings) -> None:
    entry = replace(ENTRY, parts=(Part("model.safetensors", COMMIT),))
    with pytest.raises(ModelError, match="another commit"):
        weights.fetch(entry, settings, lambda _: None)
