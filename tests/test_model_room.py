"""The models of a machine: what is shown, what is chosen, and what comes in."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from engine import weights
from engine.api import Engine
from engine.core.config import AnalysisConfig, Settings
from engine.core.errors import ModelError, ModelMissing
from engine.core.models import ModelView, Origin, TaskView, TransferState, UseView
from engine.model_room import ModelRoom
from engine.weights import WeightsFile
from tests.seeded import open_engine

BODY = b"weights" * 300_000
TINY = WeightsFile(
    name="tiny",
    task="person",
    backend="yolo",
    file="tiny.pt",
    sha256=hashlib.sha256(BODY).hexdigest(),
    bytes=len(BODY),
    licence="MIT",
    url="http://127.0.0.1:1/tiny.pt",
)
PATIENCE_S = 20.0


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    """A folder that is open to the browser."""
    folder = tmp_path / "outside"
    folder.mkdir()
    (folder / "mine.onnx").write_bytes(b"an exported network")
    (folder / "mine.pt").write_bytes(b"a pickle")
    (folder / "notes.txt").write_text("not a model")
    checkpoint = folder / "faces"
    checkpoint.mkdir()
    (checkpoint / "config.json").write_text("{}")
    (checkpoint / "model.safetensors").write_bytes(b"tensors")
    (checkpoint / "pytorch_model.bin").write_bytes(b"a pickle")
    return folder


@pytest.fixture
def engine(tmp_path: Path, outside: Path) -> Iterator[Engine]:
    with open_engine(tmp_path / "home", roots=(str(outside),)) as engine:
        yield engine


@pytest.fixture
def room(engine: Engine) -> ModelRoom:
    return engine.models


def task(room: ModelRoom, name: str) -> TaskView:
    return next(one for one in room.tasks() if one.task == name)


def model(room: ModelRoom, name: str, of: str = "person") -> ModelView:
    return next(one for one in task(room, of).models if one.name == name)


def use(room: ModelRoom, profile: str, of: str = "person") -> UseView:
    return next(one for one in task(room, of).uses if one.profile == profile)


# What is shown


def test_every_task_has_its_models_and_no_fake_is_among_them(room: ModelRoom) -> None:
    tasks = {one.task: one for one in room.tasks()}
    assert {"person", "pose", "tracker", "face_reader", "emotion", "action", "clip"} <= set(tasks)
    assert "training" not in tasks
    for one in tasks.values():
        names = [model.name for model in one.models]
        assert len(names) == len(set(names))
        assert "fake" not in names
        assert [model.present for model in one.models] == sorted((m.present for m in one.models), reverse=True)
    assert model(room, "bytetrack", "tracker").origin is Origin.PROJECT
    assert model(room, "blazepose-detector").origin is Origin.PACKAGE
    assert model(room, "yolo11n").present is False


def test_each_profile_says_what_it_uses_and_why(room: ModelRoom, outside: Path) -> None:
    assert (use(room, "auto").model, use(room, "auto").why) == ("blazepose", "nothing-else")
    assert use(room, "embedded").why == "built-in"
    assert (use(room, "pretrained").model, use(room, "pretrained").why) == ("", "missing")
    assert "models fetch" in use(room, "pretrained").problem
    assert use(room, "pretrained", "pose").model == "blazepose"
    room.bring("person", outside / "mine.onnx")
    assert (use(room, "auto").model, use(room, "auto").file, use(room, "auto").why) == ("yolo", "mine.onnx", "best")
    assert use(room, "embedded").model == "blazepose"
    assert use(room, "pretrained").file == "mine.onnx"


def test_cards_are_found_by_file_and_by_back_end(room: ModelRoom) -> None:
    assert room.card("person", "yolo").startswith("# YOLO")
    assert room.card("emotion", "cnn", "emotion") not in ("", room.card("emotion", "huggingface"))
    assert room.card("person", "no such thing") == ""


# Choosing


def test_a_choice_fills_what_an_analysis_leaves_open(room: ModelRoom, outside: Path, engine: Engine) -> None:
    room.bring("person", outside / "mine.onnx")
    room.choose("person", "blazepose-detector")
    assert room.choices() == {"person": "blazepose"}
    assert room.fill(AnalysisConfig()).person_model == "blazepose"
    assert (use(room, "auto").model, use(room, "auto").why) == ("blazepose", "chosen")
    room.choose("person", "mine.onnx")
    assert room.fill(AnalysisConfig()).person_model == str(engine.settings.models / "person" / "mine.onnx")
    assert model(room, "mine.onnx").chosen
    assert task(room, "person").choice == "mine.onnx"


@pytest.mark.parametrize(
    "config",
    [
        pytest.param(AnalysisConfig(profile="embedded"), id="another-profile"),
        pytest.param(AnalysisConfig(person_model="/elsewhere/yolo.pt"), id="named-already"),
        pytest.param(AnalysisConfig(person_model="fake"), id="drawn-figures"),
    ],
)
def test_a_choice_leaves_alone_what_is_said(room: ModelRoom, config: AnalysisConfig) -> None:
    room.choose("person", "blazepose-detector")
    assert room.fill(config) == config


def test_no_choice_changes_nothing(room: ModelRoom) -> None:
    room.choose("person", "blazepose-detector")
    room.choose("person", "")
    assert room.choices() == {}
    assert room.fill(AnalysisConfig()) == AnalysisConfig()


def test_a_chosen_model_that_is_gone_is_named(room: ModelRoom, outside: Path, engine: Engine) -> None:
    room.bring("person", outside / "mine.onnx")
    room.choose("person", "mine.onnx")
    (engine.settings.models / "person" / "mine.onnx").unlink()
    with pytest.raises(ModelMissing, match=r"mine\.onnx, chosen on the Models page"):
        room.fill(AnalysisConfig())
    assert use(room, "auto").why == "missing"
    assert task(room, "person").choice == "mine.onnx"
    assert any("mine.onnx" in problem for problem in room.examine().problems)


@pytest.mark.parametrize(
    ("of", "name"),
    [
        pytest.param("person", "yolo11n", id="not-here"),
        pytest.param("person", "nobody.pt", id="unknown"),
        pytest.param("tracker", "bytetrack", id="not-to-be-chosen"),
    ],
)
def test_what_cannot_be_chosen(room: ModelRoom, of: str, name: str) -> None:
    with pytest.raises(ModelError):
        room.choose(of, name)
    assert room.choices() == {}


# Bringing


def test_an_import_is_copied_noted_and_verified(room: ModelRoom, outside: Path, engine: Engine) -> None:
    assert room.bring("person", outside / "mine.onnx") == "mine.onnx"
    place = engine.settings.models / "person" / "mine.onnx"
    brought = model(room, "mine.onnx")
    assert (brought.origin, brought.bytes, brought.tier) == (Origin.IMPORTED, 19, "pretrained")
    assert brought.sha256 == hashlib.sha256(place.read_bytes()).hexdigest()
    assert room.verify("person", "mine.onnx") == ""
    place.write_bytes(b"another network...!")
    assert room.verify("person", "mine.onnx") == "SHA-256 differs"
    place.with_name("mine.onnx.sha256").unlink()
    assert "by hand" in room.verify("person", "mine.onnx")


def test_a_folder_leaves_its_pickles_outside(room: ModelRoom, outside: Path, engine: Engine) -> None:
    room.bring("emotion", outside / "faces")
    place = engine.settings.models / "emotion" / "faces"
    assert {file.name for file in place.iterdir()} == {"config.json", "model.safetensors"}
    assert room.verify("emotion", "faces") == ""
    (place / "model.safetensors").write_bytes(b"other tensors")
    assert room.verify("emotion", "faces") == "SHA-256 differs"


@pytest.mark.parametrize(
    ("of", "name", "trusted", "says"),
    [
        pytest.param("person", "mine.pt", False, "can run code", id="pickle-not-trusted"),
        pytest.param("person", "notes.txt", True, "cannot answer", id="another-suffix"),
        pytest.param("person", "nothing.onnx", False, "no file", id="missing"),
        pytest.param("person", "../../etc/x.onnx", True, "outside the folders", id="outside"),
        pytest.param("person", "faces", True, "cannot answer", id="folder-for-a-file-task"),
        pytest.param("emotion", "mine.onnx", True, "cannot answer", id="file-for-a-folder-task"),
        pytest.param("tracker", "mine.onnx", True, "come with Sightline", id="task-without-imports"),
    ],
)
def test_what_cannot_be_brought(room: ModelRoom, outside: Path, of: str, name: str, trusted: bool, says: str) -> None:
    before = room.tasks()
    with pytest.raises(ModelError, match=says):
        room.bring(of, outside / name, trusted=trusted)
    assert room.tasks() == before


def test_a_trusted_pickle_comes_in_and_no_name_comes_in_twice(room: ModelRoom, outside: Path) -> None:
    assert room.bring("person", outside / "mine.pt", trusted=True) == "mine.pt"
    with pytest.raises(ModelError, match="here already"):
        room.bring("person", outside / "mine.pt", trusted=True)


def test_removing_forgets_the_choice(room: ModelRoom, outside: Path, engine: Engine) -> None:
    room.bring("person", outside / "mine.onnx")
    room.choose("person", "mine.onnx")
    room.remove("person", "mine.onnx")
    assert room.choices() == {}
    assert list((engine.settings.models / "person").iterdir()) == []
    with pytest.raises(ModelError, match="fetched or brought"):
        room.remove("person", "blazepose-detector")


def test_an_upload_becomes_a_model(room: ModelRoom, engine: Engine) -> None:
    upload = room.uploads.start("person", "sent.onnx", 6, trusted=False)
    assert room.uploads.write(upload.token, 0, b"abc") == 3
    assert room.uploads.write(upload.token, 3, b"def") == room.uploads.offset(upload.token) == 6
    assert room.uploads.finish(upload.token) == "sent.onnx"
    assert (engine.settings.models / "person" / "sent.onnx").read_bytes() == b"abcdef"
    assert room.verify("person", "sent.onnx") == ""
    with pytest.raises(ModelError, match="not known"):
        room.uploads.offset(upload.token)
    assert not any((engine.settings.home / "incoming").iterdir())


def test_uploads_are_refused_before_the_first_byte(room: ModelRoom) -> None:
    with pytest.raises(ModelError, match="can run code"):
        room.uploads.start("person", "mine.pt", 8, trusted=False)
    with pytest.raises(ModelError, match="cannot answer"):
        room.uploads.start("person", "mine.exe", 8, trusted=True)


def test_a_second_upload_of_a_name_leaves_the_first(room: ModelRoom, outside: Path, engine: Engine) -> None:
    room.bring("person", outside / "mine.onnx")
    upload = room.uploads.start("person", "mine.onnx", 3, trusted=False)
    room.uploads.write(upload.token, 0, b"abc")
    with pytest.raises(ModelError, match="here already"):
        room.uploads.finish(upload.token)
    assert (engine.settings.models / "person" / "mine.onnx").read_bytes() == b"an exported network"
    assert not any((engine.settings.home / "incoming").iterdir())


# Fetching


class _Files(BaseHTTPRequestHandler):
    """Sends the body in two halves, the second when the test allows it."""

    go_on = threading.Event()

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(BODY[: len(BODY) // 2])
        self.wfile.flush()
        self.go_on.wait(PATIENCE_S)
        self.wfile.write(BODY[len(BODY) // 2 :])

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def source(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """A server for the model "tiny"; the second half comes when the event is set."""
    _Files.go_on = threading.Event()
    server = HTTPServer(("127.0.0.1", 0), _Files)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    entry = replace(TINY, url=f"http://127.0.0.1:{server.server_port}/tiny.pt")
    known = weights.known()
    monkeypatch.setattr(weights, "known", lambda: (*known, entry))
    yield _Files.go_on
    _Files.go_on.set()
    server.shutdown()
    thread.join()
    server.server_close()


def ended(room: ModelRoom, name: str = "tiny") -> TransferState:
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        view = next(one for one in room.transfers() if one.name == name)
        if view.state is not TransferState.RUNNING:
            return view.state
        time.sleep(0.02)
    raise AssertionError("the transfer did not end")


def received(room: ModelRoom) -> int:
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        view = room.transfers()[0]
        if view.done:
            return view.done
        time.sleep(0.02)
    raise AssertionError("nothing was received")


def test_fetching_shows_how_far_it_is(room: ModelRoom, source: threading.Event) -> None:
    assert room.fetch("tiny").total == len(BODY)
    assert 0 < received(room) < len(BODY)
    assert not model(room, "tiny").present
    assert room.fetch("tiny").state is TransferState.RUNNING
    source.set()
    assert ended(room) is TransferState.DONE
    assert model(room, "tiny").present
    assert room.verify("person", "tiny") == ""
    room.dismiss("tiny")
    assert room.transfers() == ()
    room.choose("person", "tiny")
    assert room.choices() == {"person": "tiny.pt"}
    assert model(room, "tiny").chosen
    room.remove("person", "tiny")
    assert (room.choices(), model(room, "tiny").present) == ({}, False)


def test_a_cancelled_fetch_leaves_nothing(room: ModelRoom, source: threading.Event, engine: Engine) -> None:
    room.fetch("tiny")
    received(room)
    room.cancel("tiny")
    source.set()
    assert ended(room) is TransferState.CANCELLED
    assert list((engine.settings.models / "person").iterdir()) == []


def test_without_a_network_a_fetch_fails_with_a_sentence(room: ModelRoom, monkeypatch: pytest.MonkeyPatch) -> None:
    known = weights.known()
    monkeypatch.setattr(weights, "known", lambda: (*known, TINY))
    room.fetch("tiny")
    assert ended(room) is TransferState.FAILED
    assert "Check the network" in room.transfers()[0].error


def test_what_comes_with_a_package_is_not_fetched(room: ModelRoom) -> None:
    with pytest.raises(ModelError, match="to fetch"):
        room.fetch("blazepose-detector")


def test_the_look_over_the_machine_names_what_an_analysis_would_use(room: ModelRoom) -> None:
    report = room.examine()
    assert report.tiers["person"]["name"] == "blazepose"
    assert report.tiers["tracker"]["name"] == "bytetrack"
    assert Settings(home=Path(report.home)).home == Path(report.home)
