"""The running server, over real HTTP: what a look at the pages alone would not show.

With the wrong starlette, Streamlit answers every picture and video with 500 while text and websockets go on working.
"""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from engine.api import Engine
from engine.core.config import AnalysisConfig, Settings
from tests.drawn import draw_clip
from tests.web.running import Server, running_server

OWN = {"X-Sightline": "1"}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def footage(home: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    clip = draw_clip(tmp_path_factory.mktemp("clips") / "two people.mp4", seconds=2.0)
    with Engine(Settings(home=home)) as engine:
        view = engine.register(clip)
        engine.analyze_now(view.id, AnalysisConfig(person_model="fake"))
        return view.id


@pytest.fixture(scope="module")
def server(home: Path, footage: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running_server(home, tmp_path_factory.mktemp("log") / "server.log") as server:
        yield server


@pytest.fixture
def client(server: Server) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server.address, timeout=30) as client:
        yield client


@pytest.mark.parametrize("accept", ["identity", "gzip"])
def test_png_is_served(client: httpx.Client, accept: str) -> None:
    answer = client.get("/favicon.png", headers={"Accept-Encoding": accept})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "image/png"
    assert answer.content.startswith(b"\x89PNG")


@pytest.mark.parametrize("accept", ["identity", "gzip"])
def test_ranged_mp4_is_served(client: httpx.Client, footage: str, accept: str) -> None:
    address = f"/sightline/media/{footage}/playback.mp4"
    whole = client.get(address, headers={"Accept-Encoding": accept})
    assert (whole.status_code, whole.headers["content-type"]) == (200, "video/mp4")
    part = client.get(address, headers={"Accept-Encoding": accept, "Range": "bytes=100-1099"})
    assert part.status_code == 206
    assert part.content == whole.content[100:1100]
    assert part.headers["content-range"] == f"bytes 100-1099/{len(whole.content)}"


@pytest.mark.parametrize("accept", ["identity", "gzip"])
def test_pictures_are_never_compressed(client: httpx.Client, footage: str, accept: str) -> None:
    answer = client.get(f"/sightline/media/{footage}/poster.jpg", headers={"Accept-Encoding": accept})
    assert answer.status_code == 200
    assert answer.content.startswith(b"\xff\xd8")
    assert int(answer.headers["content-length"]) == len(answer.content)


def test_page_and_its_script_are_served(client: httpx.Client) -> None:
    assert "<title>" in client.get("/").text
    assert client.get("/people").status_code == 200
    assert client.get("/_stcore/health").text == "ok"


def test_nothing_of_the_store_is_served(client: httpx.Client, footage: str) -> None:
    for name in ("sightline.db", "..%2f..%2fsightline.db", "%2e%2e/%2e%2e/sightline.db", "stages"):
        answer = client.get(f"/sightline/media/{footage}/{name}")
        assert answer.status_code in {400, 404}
        assert b"SQLite format" not in answer.content


def test_other_host_names_are_refused_for_pages_and_sockets_alike(server: Server, client: httpx.Client) -> None:
    assert client.get("/", headers={"Host": "evil.example"}).status_code == 421
    upgrade = {
        "Host": "evil.example",
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "c2lnaHRsaW5lc2lnaHRsaQ==",
    }
    assert client.get("/_stcore/stream", headers=upgrade).status_code == 403


def test_a_broken_connection_keeps_what_arrived(server: Server, client: httpx.Client) -> None:
    size = 6_000_000
    opened = client.post("/sightline/uploads", json={"name": "half.mp4", "size": size}, headers=OWN)
    token = opened.json()["token"]
    host, port = server.address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=30) as connection:
        head = (
            f"PUT /sightline/uploads/{token}?offset=0 HTTP/1.1\r\nHost: {host}:{port}\r\nX-Sightline: 1\r\n"
            f"Content-Length: {size}\r\n\r\n"
        )
        connection.sendall(head.encode() + bytes(3_500_000))
    offset = _settled_offset(client, token)
    assert 2_000_000 <= offset <= 3_500_000
    rest = client.put(f"/sightline/uploads/{token}?offset={offset}", content=bytes(size - offset), headers=OWN)
    assert rest.json() == {"offset": size}
    refused = client.post(f"/sightline/uploads/{token}/finish", headers=OWN)
    assert refused.status_code == 422
    assert refused.json()["error"]


def _settled_offset(client: httpx.Client, token: str) -> int:
    """The offset once the server has noticed that the connection is gone."""
    for _ in range(50):
        offset = client.get(f"/sightline/uploads/{token}", headers=OWN).json()["offset"]
        probe = client.put(f"/sightline/uploads/{token}?offset={offset}", content=b"", headers=OWN)
        if probe.status_code == 200:
            return int(probe.json()["offset"])
    raise AssertionError("the first part never ended")


def test_uploaded_footage_is_found(client: httpx.Client, tmp_path: Path) -> None:
    body = draw_clip(tmp_path / "up.mp4", seconds=1.0).read_bytes()
    opened = client.post("/sightline/uploads", json={"name": "업로드 1.mp4", "size": len(body)}, headers=OWN)
    token = opened.json()["token"]
    client.put(f"/sightline/uploads/{token}?offset=0", content=body, headers=OWN)
    finished = client.post(f"/sightline/uploads/{token}/finish", headers=OWN)
    assert finished.status_code == 200
    assert finished.json()["footage"]["name"] == "업로드 1.mp4"
    assert finished.json()["footage"]["duration_s"] == pytest.approx(1.0)


def test_routes_need_no_streamlit() -> None:
    program = "import sys, engine.web.routes; sys.exit(any(name == 'streamlit' for name in sys.modules))"
    assert subprocess.run([sys.executable, "-c", program], cwd=Path(__file__).parents[2]).returncode == 0
