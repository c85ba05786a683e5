"""Runs the child's tasks in this process, so that a test need not wait for a process to start.

That the same tasks give the same through a real child is tested on a few clips of every kind.
"""

from __future__ import annotations

import math
import mmap
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from engine.core.types import Frame, Gap, MediaInfo
from engine.media import decoding, inspection, remuxing


class Tape:
    """Stands in for the child's line to its parent and keeps what goes over it."""

    def __init__(self) -> None:
        self.frames: list[Frame] = []
        self.gaps: tuple[Gap, ...] = ()
        self.done: dict[str, Any] = {}
        self._memory = mmap.mmap(-1, 1)
        self._shape: tuple[int, ...] = ()

    def send(self, kind: str, **fields: Any) -> None:
        if kind == "ring":
            self._shape = tuple(fields["shape"])
        elif kind == "frame":
            size = math.prod(self._shape)
            image = np.frombuffer(self._memory, np.uint8, size, fields["slot"] * size).reshape(self._shape).copy()
            self.frames.append(Frame(index=fields["index"], t=fields["t"], image=image))
        elif kind == "gaps":
            self.gaps = tuple(Gap(**gap) for gap in fields["gaps"])
        elif kind == "done":
            self.done = fields

    def memory(self, size: int) -> mmap.mmap:
        self._memory = mmap.mmap(-1, size)
        return self._memory

    def beat(self) -> None: ...

    def grant(self, slots: int) -> None: ...

    def take_credit(self) -> None: ...

    def progress(self, fraction: float) -> None: ...


def read(path: Path, *, fps: float | None = None, start_s: float = 0.0, end_s: float | None = None) -> Tape:
    """What `FrameReader` would give."""
    tape = Tape()
    decoding.read_frames(tape, path=str(path), fps=fps, start_s=start_s, end_s=end_s)  # type: ignore[arg-type]
    return tape


def instants(path: Path, times: Sequence[float], *, nearest: bool = False) -> list[Frame]:
    """What `read_instants` would give."""
    tape = Tape()
    decoding.read_instants(tape, path=str(path), times=times, nearest=nearest)  # type: ignore[arg-type]
    return tape.frames


def inspect(path: Path) -> MediaInfo:
    """What `probe` would give."""
    tape = Tape()
    inspection.inspect(tape, path=str(path))  # type: ignore[arg-type]
    return MediaInfo(**tape.done["media"])


def write_playback(path: Path, target: Path) -> None:
    """What `make_playback` would write."""
    remuxing.write_playback(Tape(), path=str(path), target=str(target), duration_s=3.0)  # type: ignore[arg-type]
