"""S3 sources: the real client against a small server of ours that speaks as much S3 as a download needs."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape

import pytest

from engine.core.config import Settings
from engine.core.errors import FootageError
from engine.media.sources import RemoteSource, download, expand

CONTENT = bytes(range(256)) * 9_000
OBJECTS = {"cams/b.mp4": CONTENT, "cams/a #1.MKV": CONTENT, "cams/notes.txt": b"x", "other/c.mp4": CONTENT}
PAGE = 2


class Bucket(BaseHTTPRequestHandler):
    """One bucket called "footage", two keys to a page of a listing."""

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        bucket, _, key = unquote(parts.path).lstrip("/").partition("/")
        if bucket == "footage" and not key:
            self._answer(200, self._listing(parse_qs(parts.query)), "application/xml")
        elif bucket == "footage" and key in OBJECTS:
            self._answer(200, OBJECTS[key], "video/mp4")
        else:
            self._answer(404, b"<Error><Code>NoSuchKey</Code><Message>no such key</Message></Error>", "application/xml")

    def _listing(self, query: dict[str, list[str]]) -> bytes:
        keys = sorted(key for key in OBJECTS if key.startswith(query.get("prefix", [""])[0]))
        start = int(query.get("continuation-token", ["0"])[0])
        more = start + PAGE < len(keys)
        rows = "".join(
            f"<Contents><Key>{escape(key)}</Key><Size>{len(OBJECTS[key])}</Size></Contents>"
            for key in keys[start : start + PAGE]
        )
        token = f"<NextContinuationToken>{start + PAGE}</NextContinuationToken>" if more else ""
        return (
            "<ListBucketResult><Name>footage</Name>"
            f"<IsTruncated>{str(more).lower()}</IsTruncated>{token}{rows}</ListBucketResult>"
        ).encode()

    def _answer(self, status: int, body: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


@pytest.fixture(autouse=True)
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Bucket) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{server.server_address[1]}")
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
        monkeypatch.setenv("AWS_REGION", "us-east-1")
        monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        yield
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("key", ["cams/b.mp4", "cams/a #1.MKV"])
def test_an_object(settings: Settings, key: str) -> None:
    (source,) = expand(f"s3://footage/{key}")
    assert isinstance(source, RemoteSource)
    heard: list[tuple[int, int]] = []
    file, sha256 = download(source, settings, lambda done, total: heard.append((done, total)))
    assert sha256 == hashlib.sha256(CONTENT).hexdigest()
    assert file.read_bytes() == CONTENT
    assert heard[-1] == (len(CONTENT), len(CONTENT))


@pytest.mark.parametrize(
    ("url", "keys"),
    [
        pytest.param("s3://footage/cams/", ["cams/a #1.MKV", "cams/b.mp4"], id="prefix"),
        pytest.param("s3://footage", ["cams/a #1.MKV", "cams/b.mp4", "other/c.mp4"], id="bucket-over-two-pages"),
    ],
)
def test_a_prefix_stands_for_the_footage_under_it(url: str, keys: list[str]) -> None:
    assert [source.url for source in expand(url) if isinstance(source, RemoteSource)] == [
        f"s3://footage/{key}" for key in keys
    ]


def test_names_are_the_last_part_of_the_key() -> None:
    assert [source.name for source in expand("s3://footage/cams/")] == ["a #1.MKV", "b.mp4"]


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        pytest.param("s3://footage/none.mp4", "download-failed", id="no-such-object"),
        pytest.param("s3://nobody/clip.mp4", "download-failed", id="no-such-bucket"),
    ],
)
def test_what_cannot_be_read_is_named_and_leaves_nothing(settings: Settings, url: str, kind: str) -> None:
    (source,) = expand(url)
    assert isinstance(source, RemoteSource)
    with pytest.raises(FootageError, match=url) as caught:
        download(source, settings, lambda *_: None)
    assert caught.value.kind == kind
    folder = settings.home / "incoming"
    assert not folder.exists() or list(folder.iterdir()) == []


def test_a_prefix_without_footage_says_so() -> None:
    with pytest.raises(FootageError, match="no footage under") as caught:
        expand("s3://footage/nothing/")
    assert caught.value.kind == "nothing-found"
