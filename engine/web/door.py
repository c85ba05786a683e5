"""What the routes ask of the engine: the slice of `engine.api.Engine` that is spoken over HTTP.

Owns: the role. Naming it lets the routes be tested on a small stand-in. May import: `engine.core`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from engine.core.views import FootageView


class UploadState(Protocol):
    """How far an upload has come.

    Attributes:
        token: names the upload; unguessable.
        offset: bytes received and written so far.
        limit: largest file accepted, bytes.
    """

    @property
    def token(self) -> str: ...  # noqa: D102
    @property
    def offset(self) -> int: ...  # noqa: D102
    @property
    def limit(self) -> int: ...  # noqa: D102


class UploadDoor(Protocol):
    """Receives files in pieces. Every method may block and is called in a worker thread."""

    def start(self, name: str, size: int) -> UploadState:
        """Begin to receive `size` bytes of a file called `name`."""
        ...

    def write(self, token: str, offset: int, chunk: bytes) -> int:
        """Append bytes at `offset`; the new offset comes back."""
        ...

    def offset(self, token: str) -> int:
        """Bytes received so far."""
        ...

    def finish(self, token: str) -> FootageView:
        """Check the file and take it over as footage."""
        ...

    def abort(self, token: str) -> None:
        """Throw away what was received."""
        ...


class TimelineDoor(Protocol):
    """Lays runs out as rows. Every method may block and is called in a worker thread."""

    def rows(self, run: str) -> bytes:
        """The rows of a run as one JSON document."""
        ...


class Door(Protocol):
    """The engine as seen from the web. Every method may block and is called in a worker thread."""

    @property
    def uploads(self) -> UploadDoor:
        """Where files are received."""
        ...

    @property
    def timelines(self) -> TimelineDoor:
        """What the timeline draws."""
        ...

    def list_footage(self) -> Sequence[FootageView]:
        """All footage, newest first."""
        ...

    def media_file(self, footage: str, name: str) -> Path | None:
        """Path of a file of that footage that may be served, None where there is none."""
        ...


OpenDoor = Callable[[], Door]
"""Hands out the engine, opening it on the first call."""
