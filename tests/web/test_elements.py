from __future__ import annotations

import gzip

import pytest
from starlette.applications import Starlette

from engine.web.routes import build_routes
from tests.web.asgi_client import AsgiClient

SCRIPTS = {"timeline": "export default () => '가';\n" * 20}


@pytest.fixture
def client() -> AsgiClient:
    def no_engine() -> None:
        raise AssertionError("scripts need no engine")

    return AsgiClient(Starlette(routes=build_routes(no_engine, SCRIPTS.get)), "http://127.0.0.1:8501")  # type: ignore[arg-type]


def test_the_script_of_an_element_is_kept_for_good(client: AsgiClient) -> None:
    answer = client.get("/sightline/elements/timeline.0123456789abcdef.js", headers={"Accept-Encoding": "identity"})
    assert (answer.status_code, answer.text) == (200, SCRIPTS["timeline"])
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_compressed_where_the_browser_can(client: AsgiClient) -> None:
    answer = client.get("/sightline/elements/timeline.0123456789abcdef.js", headers={"Accept-Encoding": "gzip"})
    assert answer.headers["content-encoding"] == "gzip"
    assert int(answer.headers["content-length"]) == len(gzip.compress(SCRIPTS["timeline"].encode(), 6, mtime=0))
    assert answer.text == SCRIPTS["timeline"]


@pytest.mark.parametrize(
    "file",
    ["other.0123456789abcdef.js", "timeline.js", "..%2Fapp.0123456789abcdef.js", "timeline.0123456789abcdef.css"],
)
def test_nothing_else_is_handed_out(client: AsgiClient, file: str) -> None:
    assert client.get(f"/sightline/elements/{file}").status_code == 404
