"""Model files over HTTP, on a real engine."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette

from engine.api import Engine
from engine.web.routes import MODEL_UPLOADS, build_routes
from tests.seeded import open_engine
from tests.web.asgi_client import AsgiClient

OWN = {"X-Sightline": "1"}
BODY = b"an exported network"
OPENING: dict[str, Any] = {"task": "person", "name": "sent.onnx", "size": len(BODY), "trusted": False}


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    with open_engine(tmp_path / "home") as engine:
        yield engine


@pytest.fixture
def client(engine: Engine) -> AsgiClient:
    return AsgiClient(Starlette(routes=build_routes(lambda: engine)), "http://127.0.0.1:8501")


def test_a_model_comes_in_by_pieces(client: AsgiClient, engine: Engine) -> None:
    opened = client.post(MODEL_UPLOADS, json=OPENING, headers=OWN)
    assert opened.status_code == 201
    one = f"{MODEL_UPLOADS}/{opened.json()['token']}"
    assert client.put(f"{one}?offset=0", content=BODY[:7], headers=OWN).json() == {"offset": 7}
    assert client.put(f"{one}?offset=0", content=BODY[:7], headers=OWN).status_code == 409
    assert client.get(one, headers=OWN).json() == {"offset": 7}
    assert client.put(f"{one}?offset=7", content=BODY[7:], headers=OWN).json() == {"offset": len(BODY)}
    finished = client.post(f"{one}/finish", headers=OWN)
    assert (finished.status_code, finished.json()) == (200, {"model": "sent.onnx"})
    assert (engine.settings.models / "person" / "sent.onnx").read_bytes() == BODY


def test_an_upload_that_was_given_up_leaves_nothing(client: AsgiClient, engine: Engine) -> None:
    one = f"{MODEL_UPLOADS}/{client.post(MODEL_UPLOADS, json=OPENING, headers=OWN).json()['token']}"
    client.put(f"{one}?offset=0", content=BODY, headers=OWN)
    assert client.delete(one, headers=OWN).status_code == 204
    assert "not known" in client.get(one, headers=OWN).json()["error"]
    assert not any((engine.settings.home / "incoming").iterdir())


@pytest.mark.parametrize(
    ("change", "says"),
    [
        pytest.param({"name": "sent.pt"}, "can run code", id="pickle-not-trusted"),
        pytest.param({"name": "sent.pt", "trusted": "yes"}, "can run code", id="trust-is-true-and-nothing-else"),
        pytest.param({"name": "sent.exe"}, "cannot answer", id="another-suffix"),
        pytest.param({"task": "../person"}, "No model can be brought", id="no-such-task"),
        pytest.param({"task": None}, "needs its task", id="no-task"),
        pytest.param({"size": "19"}, "size in bytes", id="size-is-no-number"),
        pytest.param({"name": "x" * 5000}, "far more", id="too-long"),
    ],
)
def test_bad_openings(client: AsgiClient, engine: Engine, change: dict[str, Any], says: str) -> None:
    answer = client.post(MODEL_UPLOADS, json=OPENING | change, headers=OWN)
    assert answer.status_code == 400
    assert says in answer.json()["error"]
    assert not engine.settings.models.exists()


def test_a_trusted_pickle_and_a_name_with_folders(client: AsgiClient, engine: Engine) -> None:
    opening = OPENING | {"name": "../../elsewhere/sent.pt", "trusted": True}
    one = f"{MODEL_UPLOADS}/{client.post(MODEL_UPLOADS, json=opening, headers=OWN).json()['token']}"
    client.put(f"{one}?offset=0", content=BODY, headers=OWN)
    assert client.post(f"{one}/finish", headers=OWN).json() == {"model": "sent.pt"}
    assert (engine.settings.models / "person" / "sent.pt").is_file()


def test_other_sites_bring_nothing(client: AsgiClient) -> None:
    assert client.post(MODEL_UPLOADS, json=OPENING).status_code == 403
    foreign = {**OWN, "Origin": "https://elsewhere.example"}
    assert client.post(MODEL_UPLOADS, json=OPENING, headers=foreign).status_code == 403
