"""A door in memory: what the routes of footage, media and uploads ask of the engine, with nothing behind it."""

from __future__ import annotations

import itertools
from pathlib import Path

from engine.core.errors import FootageError
from engine.core.types import MediaInfo
from engine.core.views import FootageView, UploadView

MEDIA = MediaInfo("mov,mp4", "h264", "yuv420p", 768, 432, 0, 139.4, 10.0, False, False)
LIMIT = 2**34


class FakeDoor:
    """Holds footage in a list; its files lie under `home`/media/<footage>."""

    def __init__(self, home: Path) -> None:
        self._media = home / "media"
        self._footage: list[FootageView] = []
        self.uploads = FakeUploads(self)

    def add(self, name: str) -> FootageView:
        sha256 = f"{len(self._footage):064x}"
        footage = FootageView(
            id=sha256[-12:],
            sha256=sha256,
            name=name,
            path=f"/footage/{name}",
            in_place=False,
            bytes=9_100_000,
            media=MEDIA,
            gaps=(),
            added_utc="2026-11-20T09:41:00+00:00",
        )
        self._footage.insert(0, footage)
        return footage

    def list_footage(self) -> tuple[FootageView, ...]:
        return tuple(self._footage)

    def media_file(self, footage: str, name: str) -> Path | None:
        root = (self._media / footage).resolve()
        path = (root / name).resolve()
        return path if path.is_relative_to(root) and path.is_file() else None


class FakeUploads:
    """Receives files into memory. Their tokens count up: token1, token2, …"""

    def __init__(self, door: FakeDoor) -> None:
        self._door = door
        self._uploads: dict[str, tuple[str, int, bytearray]] = {}
        self._numbers = itertools.count(1)

    def start(self, name: str, size: int) -> UploadView:
        if size > LIMIT:
            raise FootageError("The file is larger than this server takes.", kind="over-limit")
        token = f"token{next(self._numbers)}"
        self._uploads[token] = (name, size, bytearray())
        return UploadView(token, 0, LIMIT)

    def offset(self, token: str) -> int:
        return len(self._upload(token)[2])

    def write(self, token: str, offset: int, chunk: bytes) -> int:
        _, size, received = self._upload(token)
        if offset != len(received) or offset + len(chunk) > size:
            raise FootageError("That part does not fit there.", kind="offset")
        received += chunk
        return len(received)

    def finish(self, token: str) -> FootageView:
        name, size, received = self._upload(token)
        if len(received) != size:
            raise FootageError("Parts of the file are missing. Upload it again.", kind="incomplete")
        del self._uploads[token]
        if received.startswith(b"text"):
            raise FootageError(f"{name} holds text, not video. Choose a video file.", kind="not-video")
        return self._door.add(name)

    def abort(self, token: str) -> None:
        self._uploads.pop(token, None)

    def _upload(self, token: str) -> tuple[str, int, bytearray]:
        if token not in self._uploads:
            raise FootageError("This upload is not known here. Start it again.", kind="unknown-upload")
        return self._uploads[token]
