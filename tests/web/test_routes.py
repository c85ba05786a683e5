from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from anyio import to_thread
from starlette.applications import Starlette
from starlette.middleware import Middleware

from engine.core.errors import StoreError
from engine.web.guard import HostGuard
from engine.web.routes import build_routes
from tests.web.asgi_client import AsgiClient
from tests.web.fake_door import FakeDoor

BYTES = bytes(range(256)) * 4
OWN = {"X-Sightline": "1"}
UPLOADS = "/sightline/uploads"


@pytest.fixture
def door(tmp_path: Path) -> FakeDoor:
    door = FakeDoor(tmp_path)
    footage = door.add("a.mp4")
    folder = tmp_path / "media" / footage.id
    (folder / "crops").mkdir(parents=True)
    (folder / "playback.mp4").write_bytes(BYTES)
    (folder / "empty.mp4").write_bytes(b"")
    (folder / "poster.jpg").write_bytes(b"\xff\xd8" + BYTES)
    (folder / "crops" / "1 가.jpg").write_bytes(b"\xff\xd8")
    (folder / "page.html").write_bytes(b"<script>alert(1)</script>")
    (tmp_path / "sightline.db").write_bytes(b"secret")
    return door


@pytest.fixture
def client(door: FakeDoor) -> AsgiClient:
    app = Starlette(routes=build_routes(lambda: door), middleware=[Middleware(HostGuard)])
    return AsgiClient(app, "http://127.0.0.1:8501")


def media(door: FakeDoor, name: str) -> str:
    return f"/sightline/media/{door.list_footage()[0].id}/{name}"


@pytest.mark.parametrize(
    ("asked", "status", "body", "content_range"),
    [
        pytest.param(None, 200, BYTES, None, id="no range"),
        pytest.param("bytes=0-", 206, BYTES, "bytes 0-1023/1024", id="from the start"),
        pytest.param("bytes=0-0", 206, BYTES[:1], "bytes 0-0/1024", id="first byte"),
        pytest.param("bytes=10-19", 206, BYTES[10:20], "bytes 10-19/1024", id="middle"),
        pytest.param("bytes=1000-5000", 206, BYTES[1000:], "bytes 1000-1023/1024", id="past the end is cut"),
        pytest.param("bytes=-24", 206, BYTES[1000:], "bytes 1000-1023/1024", id="suffix"),
        pytest.param("bytes=-5000", 206, BYTES, "bytes 0-1023/1024", id="suffix longer than the file"),
        pytest.param("BYTES = 10 - 19", 206, BYTES[10:20], "bytes 10-19/1024", id="spelled loosely"),
        pytest.param("bytes=1024-", 416, b"", "bytes */1024", id="starts at the end"),
        pytest.param("bytes=-0", 416, b"", "bytes */1024", id="empty suffix"),
        pytest.param("bytes=19-10", 200, BYTES, None, id="backwards is ignored"),
        pytest.param("bytes=0-1,5-6", 200, BYTES, None, id="several are ignored"),
        pytest.param("items=0-1", 200, BYTES, None, id="another unit is ignored"),
        pytest.param("bytes=a-b", 200, BYTES, None, id="nonsense is ignored"),
        pytest.param("bytes=-", 200, BYTES, None, id="a bare dash is ignored"),
        pytest.param("bytes=" + "9" * 5000 + "-", 200, BYTES, None, id="an endless number is ignored"),
    ],
)
def test_ranges(
    client: AsgiClient, door: FakeDoor, asked: str | None, status: int, body: bytes, content_range: str | None
) -> None:
    headers = {} if asked is None else {"Range": asked}
    answer = client.get(media(door, "playback.mp4"), headers=headers)
    assert (answer.status_code, answer.content) == (status, body)
    assert answer.headers.get("content-range") == content_range
    assert answer.headers["content-length"] == str(len(body))
    head = client.head(media(door, "playback.mp4"), headers=headers)
    assert (head.status_code, head.content) == (status, b"")
    assert head.headers["content-length"] == str(len(body))
    assert head.headers.get("content-range") == content_range


def test_headers_keep_pictures_of_people_private(client: AsgiClient, door: FakeDoor) -> None:
    answer = client.get(media(door, "poster.jpg"))
    assert answer.headers["content-type"] == "image/jpeg"
    assert answer.headers["cache-control"] == "private, no-cache"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"
    assert answer.headers["accept-ranges"] == "bytes"


def test_unknown_types_are_saved_not_run(client: AsgiClient, door: FakeDoor) -> None:
    answer = client.get(media(door, "page.html"))
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"] == "attachment"


def test_names_with_blanks_and_hangul(client: AsgiClient, door: FakeDoor) -> None:
    assert client.get(media(door, "crops/1%20%EA%B0%80.jpg")).status_code == 200


def test_empty_file(client: AsgiClient, door: FakeDoor) -> None:
    assert client.get(media(door, "empty.mp4")).content == b""
    assert client.get(media(door, "empty.mp4"), headers={"Range": "bytes=0-"}).status_code == 416


def test_same_version_is_not_sent_again(client: AsgiClient, door: FakeDoor) -> None:
    etag = client.get(media(door, "playback.mp4")).headers["etag"]
    again = client.get(media(door, "playback.mp4"), headers={"If-None-Match": f'"other", W/{etag}'})
    assert (again.status_code, again.content) == (304, b"")
    assert client.get(media(door, "playback.mp4"), headers={"If-None-Match": '"other"'}).status_code == 200


@pytest.mark.parametrize(("matches", "status"), [(True, 206), (False, 200)])
def test_if_range(client: AsgiClient, door: FakeDoor, matches: bool, status: int) -> None:
    etag = client.get(media(door, "playback.mp4")).headers["etag"]
    headers = {"Range": "bytes=0-9", "If-Range": etag if matches else '"other"'}
    assert client.get(media(door, "playback.mp4"), headers=headers).status_code == status


@pytest.mark.parametrize(
    "name",
    [
        "missing.mp4",
        "../../sightline.db",
        "..%2f..%2fsightline.db",
        "%2e%2e/%2e%2e/sightline.db",
        "crops/../../../sightline.db",
        "..%5c..%5csightline.db",
        "/etc/passwd",
        "%2fetc%2fpasswd",
        "playback.mp4%00.jpg",
        "crops",
        "",
    ],
)
def test_nothing_outside_is_served(client: AsgiClient, door: FakeDoor, name: str) -> None:
    answer = client.get(media(door, name))
    assert answer.status_code == 404
    assert b"secret" not in answer.content


def test_other_footage_is_not_reached(client: AsgiClient) -> None:
    assert client.get("/sightline/media/nobody/playback.mp4").status_code == 404


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_media_cannot_be_changed(client: AsgiClient, door: FakeDoor, method: str) -> None:
    assert client.request(method, media(door, "playback.mp4")).status_code == 405


def test_health(client: AsgiClient) -> None:
    assert client.get("/sightline/health").json() == {"status": "ok", "footage": 1}


def test_health_says_when_the_store_is_gone(
    client: AsgiClient, door: FakeDoor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> None:
        raise StoreError("The store cannot be read.")

    monkeypatch.setattr(door, "list_footage", broken)
    answer = client.get("/sightline/health")
    assert (answer.status_code, answer.json()) == (503, {"error": "The store cannot be read."})


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1:8501", 200),
        ("localhost", 200),
        ("LOCALHOST:80", 200),
        ("[::1]:8501", 200),
        ("evil.example", 421),
        ("evil.example:8501", 421),
        ("127.0.0.1.evil.example", 421),
        ("localhost@evil.example", 421),
        ("", 421),
    ],
)
def test_host_allow_list(client: AsgiClient, host: str, status: int) -> None:
    assert client.get("/sightline/health", headers={"Host": host}).status_code == status


# Uploads


def begin(client: AsgiClient, size: int, name: str = "b.mp4") -> str:
    answer = client.post(UPLOADS, json={"name": name, "size": size}, headers=OWN)
    assert answer.status_code == 201
    return str(answer.json()["token"])


def put(client: AsgiClient, token: str, offset: int | str, body: bytes) -> tuple[int, dict[str, object]]:
    answer = client.put(f"{UPLOADS}/{token}", params={"offset": offset}, content=body, headers=OWN)
    return answer.status_code, answer.json()


def test_upload_in_chunks_resumed_by_offset(client: AsgiClient) -> None:
    body = bytes(3_000_000)
    token = begin(client, len(body))
    assert put(client, token, 0, body[:2_500_000]) == (200, {"offset": 2_500_000})
    assert client.get(f"{UPLOADS}/{token}", headers=OWN).json() == {"offset": 2_500_000}
    assert put(client, token, 0, body[:100]) == (409, {"offset": 2_500_000}), "a part sent twice is not written twice"
    assert put(client, token, "", body[:100])[0] == 409
    assert put(client, token, 2_500_000, body[2_500_000:]) == (200, {"offset": 3_000_000})
    answer = client.post(f"{UPLOADS}/{token}/finish", headers=OWN)
    assert answer.status_code == 200
    assert answer.json()["footage"]["name"] == "b.mp4"
    assert client.get(f"{UPLOADS}/{token}", headers=OWN).status_code == 404


def test_upload_is_handed_on_in_bounded_pieces(
    client: AsgiClient, door: FakeDoor, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes: list[int] = []
    write = door.uploads.write

    def watched(token: str, offset: int, chunk: bytes) -> int:
        sizes.append(len(chunk))
        return write(token, offset, chunk)

    monkeypatch.setattr(door.uploads, "write", watched)
    token = begin(client, 5_000_000)

    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(100):
            yield bytes(50_000)

    answer = client.put(f"{UPLOADS}/{token}?offset=0", content=pieces(), headers=OWN)
    assert answer.json() == {"offset": 5_000_000}
    assert sum(sizes) == 5_000_000
    assert max(sizes) < 1_200_000


def test_bad_file_is_answered_with_its_sentence(client: AsgiClient) -> None:
    token = begin(client, 4, name="notes.mp4")
    put(client, token, 0, b"text")
    answer = client.post(f"{UPLOADS}/{token}/finish", headers=OWN)
    assert answer.status_code == 422
    assert answer.json() == {"error": "notes.mp4 holds text, not video. Choose a video file.", "kind": "not-video"}


def test_unfinished_upload_is_refused(client: AsgiClient) -> None:
    token = begin(client, 10)
    assert client.post(f"{UPLOADS}/{token}/finish", headers=OWN).status_code == 422


def test_too_large_is_refused_before_it_is_sent(client: AsgiClient) -> None:
    answer = client.post(UPLOADS, json={"name": "huge.mp4", "size": 2**50}, headers=OWN)
    assert answer.status_code == 413
    assert "larger" in answer.json()["error"]


def test_more_than_was_said_is_refused(client: AsgiClient) -> None:
    token = begin(client, 3)
    assert put(client, token, 0, b"four")[0] == 422


def test_abort(client: AsgiClient) -> None:
    token = begin(client, 10)
    assert client.delete(f"{UPLOADS}/{token}", headers=OWN).status_code == 204
    assert client.get(f"{UPLOADS}/{token}", headers=OWN).status_code == 404


@pytest.mark.parametrize(
    "opening",
    [
        b"",
        b"not json",
        b"[]",
        b'{"name": "a.mp4"}',
        b'{"name": "", "size": 1}',
        b'{"name": "a.mp4", "size": "1"}',
        b'{"name": "a.mp4", "size": true}',
        b'{"name": "a.mp4", "size": -1}',
        b'{"name": "' + b"a" * 70_000 + b'", "size": 1}',
    ],
)
def test_malformed_openings(client: AsgiClient, opening: bytes) -> None:
    answer = client.post(UPLOADS, content=opening, headers=OWN)
    assert answer.status_code == 400
    assert answer.json()["error"]


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({}, id="without the own header"),
        pytest.param({**OWN, "Origin": "http://evil.example"}, id="another origin"),
        pytest.param({**OWN, "Origin": "http://127.0.0.1:9999"}, id="another port"),
        pytest.param({**OWN, "Origin": "null"}, id="an opaque origin"),
        pytest.param({**OWN, "Sec-Fetch-Site": "cross-site"}, id="cross-site"),
        pytest.param({**OWN, "Sec-Fetch-Site": "same-site"}, id="a neighbour on the same site"),
    ],
)
@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", ""), ("PUT", "/token1?offset=0"), ("GET", "/token1"), ("DELETE", "/token1"), ("POST", "/token1/finish")],
)
def test_other_sites_are_refused(
    client: AsgiClient, door: FakeDoor, headers: dict[str, str], method: str, path: str
) -> None:
    assert begin(client, 4) == "token1"
    answer = client.request(method, UPLOADS + path, content=b"abcd", headers=headers)
    assert answer.status_code == 403
    assert door.uploads.offset("token1") == 0


def test_own_pages_are_served(client: AsgiClient) -> None:
    headers = {**OWN, "Origin": "http://127.0.0.1:8501", "Sec-Fetch-Site": "same-origin"}
    answer = client.post(UPLOADS, json={"name": "b.mp4", "size": 1}, headers=headers)
    assert answer.status_code == 201


def test_two_parts_at_once_are_not_mixed(client: AsgiClient) -> None:
    token = begin(client, 2_000_000)
    inner: list[tuple[int, dict[str, object]]] = []

    async def pieces() -> AsyncIterator[bytes]:
        yield bytes(1_500_000)
        # The same file from a second connection, while the first is still sending.
        inner.append(await to_thread.run_sync(put, client, token, 1_500_000, bytes(500_000)))
        yield bytes(500_000)

    answer = client.put(f"{UPLOADS}/{token}?offset=0", content=pieces(), headers=OWN)
    assert answer.json() == {"offset": 2_000_000}
    status, said = inner[0]
    assert (status, said["offset"]) == (409, 1_500_000)
    assert said["error"]
