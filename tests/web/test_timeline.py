from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette

from engine.web.routes import build_routes
from tests.seeded import Seeds, open_engine
from tests.web.asgi_client import AsgiClient

PLAIN = {"Accept-Encoding": "identity"}


@pytest.fixture
def seeds(tmp_path: Path) -> Iterator[Seeds]:
    with open_engine(tmp_path / "home") as engine:
        yield Seeds(engine)


@pytest.fixture
def client(seeds: Seeds) -> AsgiClient:
    return AsgiClient(Starlette(routes=build_routes(lambda: seeds.engine)), "http://127.0.0.1:8501")


def test_rows_of_a_run(client: AsgiClient, seeds: Seeds) -> None:
    run = seeds.run(seeds.footage(), people=3)
    answer = client.get(f"/sightline/timeline/{run.id}", headers=PLAIN)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"
    assert "private" in answer.headers["cache-control"]
    assert "content-encoding" not in answer.headers
    assert answer.content == seeds.engine.timelines.rows(run.id)


def test_compressed_where_the_browser_can(client: AsgiClient, seeds: Seeds) -> None:
    run = seeds.run(seeds.footage(), people=3)
    zipped = client.get(f"/sightline/timeline/{run.id}", headers={"Accept-Encoding": "gzip, br"})
    assert zipped.headers["content-encoding"] == "gzip"
    assert zipped.headers["vary"] == "Accept-Encoding"
    body = seeds.engine.timelines.rows(run.id)
    assert int(zipped.headers["content-length"]) == len(gzip.compress(body, 6, mtime=0)) < len(body) / 2
    assert zipped.json() == json.loads(body)


def test_asked_again_costs_nothing_until_a_name_changes(client: AsgiClient, seeds: Seeds) -> None:
    run = seeds.run(seeds.footage(), people=2)
    address = f"/sightline/timeline/{run.id}"
    etag = client.get(address, headers=PLAIN).headers["etag"]
    again = client.get(address, headers={**PLAIN, "If-None-Match": etag})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", etag)
    seeds.engine.answers.rename(run.id, "P1", "Kim")
    renamed = client.get(address, headers={**PLAIN, "If-None-Match": etag})
    assert renamed.status_code == 200
    assert renamed.json()["people"][0]["name"] == "Kim"


@pytest.mark.parametrize("run", ["0123456789ab", "%00", "a%2Fb", "%ED%95%9C"])
def test_unknown_runs_are_said(client: AsgiClient, run: str) -> None:
    answer = client.get(f"/sightline/timeline/{run}")
    assert answer.status_code == 404
    if answer.headers["content-type"] == "application/json":
        assert answer.json()["error"].endswith(".")
