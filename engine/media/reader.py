"""Frames of footage, decoded in a child process and handed over through a bounded ring of shared memory.

Owns: `FrameReader`, `read_instants`, `decode_rate`. May import: `engine.core`, `engine.media.sandbox`,
`engine.media.formats`.
"""

from __future__ import annotations

import math
import mmap
import os
import tempfile
import time
import weakref
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np

from engine.core.config import Settings
from engine.core.types import Frame, Gap
from engine.media.formats import check_file
from engine.media.sandbox import Child


class _FrameStream:
    """A child that hands over frames, and the shared memory they come through."""

    def __init__(self, target: str, path: Path, arguments: Mapping[str, object], settings: Settings) -> None:
        check_file(path)
        self.gaps: tuple[Gap, ...] = ()
        self.last_t = 0.0
        self._done = False
        self._memory: mmap.mmap | None = None
        self._shape: tuple[int, ...] = ()
        self._memory_fd = _anonymous_file()
        try:
            self._child = Child(
                target,
                {"path": str(path.resolve()), **arguments},
                settings,
                name=path.name,
                memory_fd=self._memory_fd,
            )
        except BaseException:
            os.close(self._memory_fd)
            raise
        self._release = weakref.finalize(self, os.close, self._memory_fd)

    def next(self) -> Frame | None:
        """The next frame, None at the end."""
        while not self._done:
            message = self._child.receive()
            if message["kind"] == "ring":
                self._shape = tuple(message["shape"])
                size = math.prod(self._shape) * message["slots"]
                self._memory = mmap.mmap(self._memory_fd, size, prot=mmap.PROT_READ)
            elif message["kind"] == "frame":
                return self._take(message)
            elif message["kind"] == "done":
                self._done = True
                self.last_t = float(message.get("last_t", 0.0))
                self.close()
            elif message["kind"] == "gaps":
                self.gaps = tuple(Gap(**gap) for gap in message["gaps"])
        return None

    def _take(self, message: Mapping[str, Any]) -> Frame:
        if self._memory is None:
            raise ValueError("a frame came before its ring")
        size = math.prod(self._shape)
        # Copied out (0.1 ms a megabyte), so that a frame stays valid for as long as anybody holds it.
        image = np.frombuffer(self._memory, np.uint8, size, message["slot"] * size).reshape(self._shape).copy()
        self._child.send(b".")
        image.flags.writeable = False
        return Frame(index=message["index"], t=message["t"], image=image)

    def close(self) -> None:
        """End the child and let go of the memory; may be called again."""
        self._child.close()
        if self._memory is not None:
            self._memory.close()
        self._release()


def _anonymous_file() -> int:
    """A file descriptor of memory that has no name, so that nothing can be left behind."""
    if hasattr(os, "memfd_create"):
        return os.memfd_create("sightline-frames")
    with tempfile.TemporaryFile() as file:
        return os.dup(file.fileno())


class FrameReader:
    """Reads frames of a stretch of footage: context manager and iterator of `Frame`.

    A frame is taken if it is the first one of its cell floor(t * fps + 1e-6); a resumed reading takes exactly the
    frames that the tail of a full one takes. `Frame.index` is round(t * average frame rate), the ordinal in footage
    of an even rate, the same however one got there. Decoding runs ahead by four frames at most, by two of large ones.

    Args:
        path: the footage.
        settings: memory ceiling and patience.
        fps: frames a second to take; None, or a rate not below the footage's own, takes all.
        start_s: frames from this time on.
        end_s: frames before this time; None for the end.

    Raises:
        FootageError: on entering or iterating: the file is no footage, or its decoder crashed or hung.
    """

    def __init__(
        self, path: Path, settings: Settings, *, fps: float | None, start_s: float = 0.0, end_s: float | None = None
    ) -> None:
        if fps is not None and not fps > 0:
            raise ValueError(f"fps must be positive or None, got {fps}")
        self._path = path
        self._settings = settings
        self._start_s = start_s
        self._plan = {"fps": fps, "start_s": start_s, "end_s": end_s}
        self._stream: _FrameStream | None = None
        self._closed = False

    def __enter__(self) -> Self:
        self._start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __iter__(self) -> Iterator[Frame]:
        return self

    def __next__(self) -> Frame:
        if self._closed:
            raise StopIteration
        frame = self._start().next()
        if frame is None:
            raise StopIteration
        return frame

    def _start(self) -> _FrameStream:
        if self._stream is None:
            self._stream = _FrameStream("engine.media.decoding:read_frames", self._path, self._plan, self._settings)
        return self._stream

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """Stretches that could not be decoded, in order of time, as far as reading has come (decoding may be ahead)."""
        if self._stream is None:
            return ()
        return tuple(gap for gap in self._stream.gaps if gap.end_s > self._start_s)

    @property
    def last_t(self) -> float:
        """Time of the last frame decoded in the stretch, taken or not, seconds; 0 before all frames were read."""
        return 0.0 if self._stream is None else self._stream.last_t

    def close(self) -> None:
        """End the decoder at once; may be called again."""
        self._closed = True
        if self._stream is not None:
            self._stream.close()


def read_instants(path: Path, settings: Settings, times: Sequence[float], *, nearest: bool = False) -> Iterator[Frame]:
    """The frames at given times, decoding only what is needed where the container can seek.

    Args:
        path: the footage.
        settings: memory ceiling and patience.
        times: `Frame.t` of frames, seconds, ascending; a time at which there is no frame is passed over.
        nearest: take the first frame at or after each time instead, or the last one of the footage.

    Yields:
        One frame for each distinct time found, ascending.

    Raises:
        FootageError: as `FrameReader`.
        ValueError: the times are not ascending.
    """
    ordered = list(times)
    if ordered != sorted(ordered):
        raise ValueError("times must be ascending")
    if not ordered:
        return
    plan = {"times": ordered, "nearest": nearest}
    stream = _FrameStream("engine.media.decoding:read_instants", path, plan, settings)
    try:
        while (frame := stream.next()) is not None:
            yield frame
    finally:
        stream.close()


def decode_rate(path: Path, settings: Settings) -> float:
    """How fast footage is decoded to upright RGB, all frames, handed over to this process, frames/s.

    Raises:
        FootageError: as `FrameReader`.
    """
    count = 0
    started = 0.0
    with FrameReader(path, settings, fps=None) as reader:
        for _ in reader:
            # The first frame carries the start of the process.
            if count == 0:
                started = time.perf_counter()
            count += 1
    return max(0, count - 1) / max(time.perf_counter() - started, 1e-9)
