"""The child's side of reading frames: decode, choose, convert to RGB, hand over through shared memory.

Runs only inside the decoding child. May import: `engine.core`, `engine.media`.
"""

from __future__ import annotations

import math
import mmap
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import asdict

import numpy as np

from engine.core.types import Gap
from engine.media.colour import write_rgb
from engine.media.footage import Footage, Picture
from engine.media.sandboxed import Link
from engine.media.upright import Turn

_MOST_SLOTS = 4
_RING_BYTES = 64 << 20
_EPSILON = 1e-6
_WORTH_A_SEEK_S = 5.0


def cell(t: float, fps: float) -> int:
    """Number of the sampling cell that `t` lies in."""
    return math.floor(t * fps + _EPSILON)


class Ring:
    """Slots of shared memory that frames are handed over in.

    Args:
        link: line to the parent.
    """

    def __init__(self, link: Link) -> None:
        self._link = link
        self._memory: mmap.mmap | None = None
        self._turn = Turn()
        self._size = (0, 0)
        self._shape: tuple[int, int, int] = (0, 0, 3)
        self._slots = 0
        self._next = 0
        self._gaps: list[Gap] = []

    def tell_gaps(self, gaps: Sequence[Gap]) -> None:
        """Tell the parent what was lost so far, if that is news."""
        if list(gaps) != self._gaps:
            self._gaps = list(gaps)
            self._link.send("gaps", gaps=[asdict(gap) for gap in gaps])

    def put(self, picture: Picture, index: int) -> None:
        """Convert a picture into the next free slot and tell the parent."""
        if self._memory is None:
            self._memory = self._start(picture)
        self._link.take_credit()
        size = math.prod(self._shape)
        slot = np.frombuffer(self._memory, np.uint8, size, self._next * size).reshape(self._shape)
        write_rgb(picture.frame, self._turn, self._size, slot)
        self._link.send("frame", slot=self._next, t=picture.t, index=index)
        self._next = (self._next + 1) % self._slots

    def _start(self, first: Picture) -> mmap.mmap:
        """Size the ring after the first picture; all others are scaled to it."""
        width, height = self._size = first.frame.width, first.frame.height
        self._turn = Turn.of(first.frame)
        self._shape = (width, height, 3) if self._turn.transpose else (height, width, 3)
        size = math.prod(self._shape)
        self._slots = max(2, min(_MOST_SLOTS, _RING_BYTES // size))
        memory = self._link.memory(size * self._slots)
        self._link.grant(self._slots)
        self._link.send("ring", shape=self._shape, slots=self._slots)
        return memory


def read_frames(link: Link, *, path: str, fps: float | None, start_s: float, end_s: float | None) -> None:
    """Task: hand over the frames of a stretch; see `engine.media.reader.FrameReader`."""
    with closing(Footage(path, link.beat)) as footage:
        _read_frames(link, footage, fps, start_s, end_s)


def _read_frames(link: Link, footage: Footage, fps: float | None, start_s: float, end_s: float | None) -> None:
    ring = Ring(link)
    # The cell that `start_s` falls into may have had its first frame before it.
    first_needed = start_s if fps is None else min(start_s, cell(start_s, fps) / fps)
    last_cell: int | None = None
    last_t = 0.0
    ended = True
    for picture in _from(footage, first_needed):
        if end_s is not None and picture.t >= end_s:
            ended = False
            break
        last_t = picture.t
        ring.tell_gaps(footage.damage.gaps)
        here = None if fps is None else cell(picture.t, fps)
        if here is not None and here == last_cell:
            continue
        last_cell = here
        if picture.t >= start_s - _EPSILON:
            ring.put(picture, round(picture.t * footage.fps))
    if ended and end_s is None:
        footage.damage.finish(footage.promised_s)
    ring.tell_gaps(footage.damage.gaps)
    link.send("done", last_t=last_t)


def read_instants(link: Link, *, path: str, times: Sequence[float], nearest: bool) -> None:
    """Task: hand over the frames at given times (ascending); see `engine.media.reader.read_instants`.

    With `nearest`, the first frame at or after each time instead, or the last one of the footage.
    """
    with closing(Footage(path, link.beat)) as footage:
        _read_instants(link, footage, list(times), nearest)
    link.send("done")


def _read_instants(link: Link, footage: Footage, wanted: list[float], nearest: bool) -> None:
    ring = Ring(link)
    while wanted:
        last: Picture | None = None
        for picture in _from(footage, wanted[0]):
            last = picture
            while wanted and not nearest and picture.t > wanted[0] + _EPSILON:
                wanted.pop(0)
            if not wanted:
                break
            if picture.t >= wanted[0] - _EPSILON:
                ring.put(picture, round(picture.t * footage.fps))
                while wanted and wanted[0] <= picture.t + _EPSILON:
                    wanted.pop(0)
                if not wanted or (footage.seekable and wanted[0] - picture.t > _WORTH_A_SEEK_S):
                    break
        else:
            if nearest and last is not None and wanted:
                ring.put(last, round(last.t * footage.fps))
            break


def _from(footage: Footage, t: float) -> Iterator[Picture]:
    """Pictures from somewhere before `t` on; where a seek lands too late, from the beginning."""
    checked = not footage.rewind(t)
    for picture in footage.pictures():
        if not checked:
            checked = True
            if picture.t > t:
                footage.reopen()
                yield from footage.pictures()
                return
        yield picture
