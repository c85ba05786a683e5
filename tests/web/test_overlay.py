from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette

from engine.api import Engine
from engine.core.views import RunView
from engine.web.routes import OVERLAY, build_routes
from tests.seeded import Seeds, open_engine
from tests.web.asgi_client import AsgiClient


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    with open_engine(tmp_path) as engine:
        yield engine


@pytest.fixture
def client(engine: Engine) -> AsgiClient:
    return AsgiClient(Starlette(routes=build_routes(lambda: engine)), "http://127.0.0.1:8501")


@pytest.fixture
def run(engine: Engine) -> RunView:
    seeds = Seeds(engine)
    return seeds.run(seeds.footage("hall.mp4"), pictures=False)


def test_a_slice(client: AsgiClient, engine: Engine, run: RunView) -> None:
    answer = client.get(f"{OVERLAY}/{run.id}?from=0&to=20", headers={"Accept-Encoding": "identity"})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"
    assert "private" in answer.headers["cache-control"]
    assert "content-encoding" not in answer.headers
    assert answer.text == engine.overlays.slice(run.id, 0.0, 20.0, landmarks=False).to_json()
    assert "landmarks" in client.get(f"{OVERLAY}/{run.id}?from=0&to=20&landmarks=1").json()["tracks"][0]


def test_compressed_where_it_is_taken(client: AsgiClient, run: RunView) -> None:
    address = f"{OVERLAY}/{run.id}?from=0&to=20&landmarks=1"
    plain = client.get(address, headers={"Accept-Encoding": "identity"})
    zipped = client.get(address, headers={"Accept-Encoding": "gzip"})
    assert zipped.headers["content-encoding"] == "gzip"
    assert int(zipped.headers["content-length"]) < len(plain.content) / 2
    assert zipped.json() == plain.json()


def test_asked_about_again(client: AsgiClient, engine: Engine, run: RunView) -> None:
    address = f"{OVERLAY}/{run.id}?from=0&to=20"
    known = {"If-None-Match": client.get(address).headers["etag"]}
    again = client.get(address, headers=known)
    assert (again.status_code, again.content) == (304, b"")
    engine.answers.rename(run.id, "P1", "Mina")
    renamed = client.get(address, headers=known)
    assert renamed.status_code == 200
    assert renamed.json()["people"][0]["name"] == "Mina"


@pytest.mark.parametrize(
    "query",
    [
        pytest.param("", id="nothing"),
        pytest.param("?from=0", id="no end"),
        pytest.param("?from=a&to=b", id="no numbers"),
        pytest.param("?from=nan&to=1", id="not a number"),
        pytest.param("?from=5&to=4", id="backwards"),
        pytest.param("?from=0&to=7200", id="the whole footage"),
        pytest.param("?from=0&to=inf", id="endless"),
        pytest.param("?from=0&to=1&landmarks=yes", id="landmarks"),
    ],
)
def test_what_makes_no_sense(client: AsgiClient, run: RunView, query: str) -> None:
    answer = client.get(f"{OVERLAY}/{run.id}{query}")
    assert answer.status_code == 400
    assert answer.json()["error"]


def test_an_unknown_run(client: AsgiClient) -> None:
    answer = client.get(f"{OVERLAY}/000000000000?from=0&to=1")
    assert answer.status_code == 404
    assert "Analyse the footage again" in answer.json()["error"]
