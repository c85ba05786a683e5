"""An engine in memory: what the pages and routes ask of `engine.api.Engine`, with nothing behind it."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from engine.core.config import AnalysisConfig, Settings
from engine.core.errors import FootageError, StoreError
from engine.core.types import Gap, MediaInfo
from engine.core.views import (
    CropView,
    FootageView,
    JobState,
    JobView,
    PersonView,
    Presence,
    RunView,
    StageView,
    UploadView,
)

MEDIA = MediaInfo("mov,mp4", "h264", "yuv420p", 768, 432, 0, 139.4, 10.0, False, False)
NOW = "2026-11-20T09:41:00+00:00"


def footage_view(name: str, *, gaps: tuple[Gap, ...] = (), in_place: bool = False) -> FootageView:
    sha256 = hashlib.sha256(name.encode()).hexdigest()
    return FootageView(sha256[:12], sha256, name, f"/footage/{name}", in_place, 9_100_000, MEDIA, gaps, NOW)


def person_view(number: int, *, appearances: int = 2) -> PersonView:
    starts = [6.5 + 11.0 * (number - 1) + 15.0 * k for k in range(appearances)]
    presence = tuple(Presence(number * 10 + k, start, start + 6.25) for k, start in enumerate(starts))
    crops = tuple(
        CropView(number * 10, rank, starts[0] + rank, 0.9 - rank / 10, f"crops/{number}-{rank}.jpg", 92, 128)
        for rank in range(3)
    )
    return PersonView(f"P{number}", starts[0], starts[-1] + 6.25, 0.91, 0.84, presence, crops)


class FakeEngine:
    """Holds footage, jobs, runs and people in lists."""

    def __init__(self, home: Path) -> None:
        self.settings = Settings(home=home, roots=(str(home / "open"),))
        self._footage: list[FootageView] = []
        self._jobs: list[JobView] = []
        self._runs: dict[str, list[RunView]] = {}
        self._people: dict[str, tuple[PersonView, ...]] = {}
        self._numbers = itertools.count(1)
        self.answers = self
        self.uploads = FakeUploads(int(self.settings.upload_limit_gib * 2**30), self.add)

    # Setting the scene

    def add(self, footage: FootageView, people: int | None = None) -> FootageView:
        """Add footage; with `people` it counts as analysed."""
        self._footage.insert(0, footage)
        if people is not None:
            self.finish(footage.id, people)
        return footage

    def finish(self, footage: str, people: int) -> RunView:
        stages = (
            StageView("detect", "blazepose", "0.10.21", 31.4, False, "k1"),
            StageView("track", "bytetrack", "1", 0.4, True, "k2"),
        )
        run = RunView(f"run{next(self._numbers):09d}", footage, "embedded", "{}", stages, NOW)
        self._runs.setdefault(footage, []).insert(0, run)
        self._people[run.id] = tuple(person_view(number) for number in range(1, people + 1))
        return run

    def set_job(self, job: int, **changes: object) -> None:
        self._jobs = [replace(one, **changes) if one.id == job else one for one in self._jobs]

    # What the pages ask

    def list_footage(self) -> tuple[FootageView, ...]:
        return tuple(self._footage)

    def register(self, path: Path) -> FootageView:
        if not path.is_file():
            raise FootageError(f"There is no file at {path}. Check the path.", kind="missing")
        return self.add(footage_view(path.name, in_place=True))

    def remove(self, footage: str) -> None:
        self._footage = [one for one in self._footage if one.id != footage]

    def jobs(self) -> tuple[JobView, ...]:
        return tuple(reversed(self._jobs))

    def submit(self, footage: str, config: AnalysisConfig) -> JobView:
        name = next((one.name for one in self._footage if one.id == footage), None)
        if name is None:
            raise StoreError(f"There is no footage {footage}.")
        number = next(self._numbers)
        job = JobView(number, footage, name, JobState.QUEUED, config.profile, "", 0.0, None, "", "", 0, NOW, "")
        self._jobs.append(job)
        return job

    def cancel(self, job: int) -> None:
        self.set_job(job, state=JobState.CANCELLED)

    def retry(self, job: int) -> None:
        self.set_job(job, state=JobState.QUEUED, error="")

    def runs(self, footage: str) -> tuple[RunView, ...]:
        return tuple(self._runs.get(footage, ()))

    def people(self, run: str) -> tuple[PersonView, ...]:
        return self._people[run]

    # What the routes ask

    def media_file(self, footage: str, name: str) -> Path | None:
        root = (self.settings.home / "media" / footage).resolve()
        path = (root / name).resolve()
        return path if path.is_relative_to(root) and path.is_file() else None


class FakeUploads:
    """Receives files into memory.

    Args:
        limit: largest file, bytes.
        add: takes over a complete one.
    """

    def __init__(self, limit: int, add: Callable[[FootageView], FootageView]) -> None:
        self._limit = limit
        self._add = add
        self._uploads: dict[str, tuple[str, int, bytearray]] = {}
        self._numbers = itertools.count(1)

    def start(self, name: str, size: int) -> UploadView:
        if size > self._limit:
            raise FootageError("The file is larger than this server takes.", kind="over-limit")
        token = f"token{next(self._numbers)}"
        self._uploads[token] = (name, size, bytearray())
        return UploadView(token, 0, self._limit)

    def _upload(self, token: str) -> tuple[str, int, bytearray]:
        if token not in self._uploads:
            raise FootageError("This upload is not known here. Start it again.", kind="unknown-upload")
        return self._uploads[token]

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
        return self._add(footage_view(name))

    def abort(self, token: str) -> None:
        self._uploads.pop(token, None)
