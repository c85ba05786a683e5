"""What the routes ask of the engine: the slice of `engine.api.Engine` that is spoken over HTTP.

Owns: the role. Naming it lets the routes be tested on a small stand-in. May import: `engine.core`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import Protocol

from engine.core.views import FootageView, JobView


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


class OverlayText(Protocol):
    """A slice of a run."""

    def to_json(self) -> str:
        """The slice for the browser."""
        ...


class OverlayDoor(Protocol):
    """Cuts slices of time out of runs. Every method may block and is called in a worker thread."""

    def slice(self, run: str, start_s: float, end_s: float, *, landmarks: bool) -> OverlayText:
        """Everything to draw from one time to another."""
        ...


class PulseState(Protocol):
    """What changes from second to second.

    Attributes:
        revision: changes whenever something changes that the library shows, progress aside.
        jobs: those waiting or at work, newest first.
        pictured: ids of their footage that has a poster by now.
    """

    @property
    def revision(self) -> str: ...  # noqa: D102
    @property
    def jobs(self) -> Sequence[JobView]: ...  # noqa: D102
    @property
    def pictured(self) -> Collection[str]: ...  # noqa: D102


class LibraryDoor(Protocol):
    """What is known of the library. Every method may block and is called in a worker thread."""

    def pulse(self) -> PulseState:
        """What changes from second to second."""
        ...


class ModelUploadDoor(Protocol):
    """Receives model files in pieces; `offset`, `write` and `abort` are those of `UploadDoor`."""

    def start(self, task: str, name: str, size: int, *, trusted: bool) -> UploadState:
        """Begin to receive a model file for a task."""
        ...

    def finish(self, token: str) -> str:
        """Take the file over; the model's name comes back."""
        ...


class ModelDoor(Protocol):
    """The models of this machine."""

    @property
    def uploads(self) -> ModelUploadDoor:
        """Where model files are received."""
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

    @property
    def overlays(self) -> OverlayDoor:
        """What the player draws over the picture."""
        ...

    @property
    def library(self) -> LibraryDoor:
        """What is known of the footage."""
        ...

    @property
    def models(self) -> ModelDoor:
        """What answers for each task."""
        ...

    def list_footage(self) -> Sequence[FootageView]:
        """All footage, newest first."""
        ...

    def media_file(self, footage: str, name: str) -> Path | None:
        """Path of a file of that footage that may be served, None where there is none."""
        ...

    def export(self, run: str, name: str, folder: Path, suffix: str) -> Path:
        """Write a run in a format; the file comes back, others that belong to it lie beside it."""
        ...


OpenDoor = Callable[[], Door]
"""Hands out the engine, opening it on the first call."""
