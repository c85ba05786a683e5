"""Tubelets: short clips cut around one person, the pictures evenly spaced in time, the square the same for all.

May import: `engine.core`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from engine.core.types import FloatArray, Frame, Image, Tracklet

CONTEXT = 1.25
"""Side of the square, in sides of what the person's boxes take up together: what the hands are at counts."""

LENGTH_S, STEP_S = 2.0, 1.0
"""A clip of two seconds every second."""

_SHORTEST_S = 0.5
"""A tracklet shorter than this says nothing of what is done."""

_LATE = 1.5
"""A picture later than a clip's end by more spaces than this shows something else: there is a hole in the footage."""


@dataclass(frozen=True, slots=True, eq=False)
class Window:
    """Where and when one clip is cut.

    Attributes:
        tracklet: number of the tracklet.
        start_s: seconds.
        end_s: seconds, > start_s.
        times: (F,) float64 seconds, ascending, within start and end: when the pictures are wanted.
        square: (3,) float64: x, y of the centre and side, pixels; may reach outside the picture.
    """

    tracklet: int
    start_s: float
    end_s: float
    times: NDArray[np.float64]
    square: NDArray[np.float64]


def windows(tracklet: Tracklet, frames: int, *, length_s: float = LENGTH_S, step_s: float = STEP_S) -> list[Window]:
    """The clips of a tracklet, in order of time; together they reach from its start to its end.

    Args:
        tracklet: boxes over time.
        frames: pictures of a clip, >= 1.
        length_s: of a clip, seconds > 0; a shorter tracklet is one clip.
        step_s: from the start of a clip to that of the next, seconds > 0.

    Returns:
        None of a tracklet under half a second.

    Raises:
        ValueError: an argument is out of its range.
    """
    if frames < 1 or length_s <= 0 or step_s <= 0:
        raise ValueError(f"windows need frames >= 1 and positive times, got {frames}, {length_s}, {step_s}")
    first, last = tracklet.first_s, tracklet.last_s
    if last - first < _SHORTEST_S:
        return []
    length = min(length_s, last - first)
    count = math.floor((last - first - length) / step_s + 1e-6) + 1
    starts = [first + step_s * number for number in range(count)]
    # The rest at the end, unless it is next to nothing.
    if last - (starts[-1] + length) > 0.1 * step_s:
        starts.append(last - length)
    cells = (np.arange(frames) + 0.5) / frames
    return [
        Window(tracklet.number, start, start + length, start + length * cells, _square(tracklet, start, start + length))
        for start in starts
    ]


def _square(tracklet: Tracklet, start_s: float, end_s: float) -> NDArray[np.float64]:
    # The rows just outside count too: between rows the person is on the way from one to the next.
    low = max(int(np.searchsorted(tracklet.t, start_s, "right")) - 1, 0)
    high = int(np.searchsorted(tracklet.t, end_s, "left")) + 1
    boxes = tracklet.boxes[low:high].astype(np.float64)
    x1, y1 = boxes[:, :2].min(axis=0)
    x2, y2 = boxes[:, 2:].max(axis=0)
    return np.array([(x1 + x2) / 2, (y1 + y2) / 2, max(CONTEXT * max(x2 - x1, y2 - y1), 2.0)])


def box_square(box: FloatArray) -> NDArray[np.float64]:
    """The square of a clip of somebody whose box does not move.

    Args:
        box: (4,) xyxy, pixels.

    Returns:
        (3,) float64, as `Window.square`.
    """
    width, height = float(box[2] - box[0]), float(box[3] - box[1])
    middle = (float(box[0] + box[2]) / 2, float(box[1] + box[3]) / 2)
    return np.array([*middle, max(CONTEXT * max(width, height), 2.0)])


def cut(image: Image, square: NDArray[np.float64], side: int) -> Image:
    """The pixels of a square; beyond the picture its border goes on, which is less of a sight than a black bar.

    Args:
        image: (H, W, 3) uint8 RGB.
        square: (3,), as `Window.square`.
        side: of the result, pixels.

    Returns:
        (side, side, 3) uint8 RGB.
    """
    import cv2

    height, width = image.shape[:2]
    x, y, length = (float(value) for value in square)
    left, top = round(x - length / 2), round(y - length / 2)
    right, bottom = left + max(round(length), 2), top + max(round(length), 2)
    # At least one row and column of the picture, for its border to be repeated.
    x1, x2 = min(max(left, 0), width - 1), max(min(right, width), 1)
    y1, y2 = min(max(top, 0), height - 1), max(min(bottom, height), 1)
    part = image[y1 : max(y2, y1 + 1), x1 : max(x2, x1 + 1)]
    margins = (max(y1 - top, 0), max(bottom - y2, 0), max(x1 - left, 0), max(right - x2, 0))
    if any(margins):
        part = np.asarray(cv2.copyMakeBorder(part, *margins, cv2.BORDER_REPLICATE), np.uint8)
    shrinks = part.shape[0] > side
    return np.asarray(
        cv2.resize(part, (side, side), interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR), np.uint8
    )


@dataclass(slots=True)
class _Filling:
    window: Window
    clip: NDArray[np.uint8]
    done: int = field(default=0)


def cut_clips(
    wanted: Iterable[Window], frames: Iterator[Frame], side: int
) -> Iterator[tuple[Window, NDArray[np.uint8]]]:
    """The clips of some windows, out of one pass over the footage.

    Only the cut squares of windows that are open are held, never the pictures themselves.

    Args:
        wanted: windows of any tracklets, of any order.
        frames: at least the first frame at or after each of `sample_times(wanted)`, ascending.
        side: of the clips' pictures, pixels.

    Yields:
        Window and clip (F, side, side, 3) uint8, in order of the windows' ends. A window of which less than half could
        be seen is left out.
    """
    waiting = sorted(wanted, key=lambda window: (window.start_s, window.tracklet), reverse=True)
    open_now: list[_Filling] = []
    for frame in frames:
        while waiting and waiting[-1].times[0] <= frame.t + 1e-6:
            window = waiting.pop()
            open_now.append(_Filling(window, np.zeros((len(window.times), side, side, 3), np.uint8)))
        for filling in open_now:
            _fill(filling, frame, side)
        for filling in [one for one in open_now if one.done == len(one.clip) or _over(one.window, frame.t)]:
            open_now.remove(filling)
            yield from _finished(filling)
    for filling in sorted(open_now, key=lambda one: one.window.end_s):
        yield from _finished(filling)


def _spacing(window: Window) -> float:
    return (window.end_s - window.start_s) / len(window.times)


def _over(window: Window, t: float) -> bool:
    return t > window.end_s + _LATE * _spacing(window)


def _fill(filling: _Filling, frame: Frame, side: int) -> None:
    """Give a frame to all the instants of a window that were waiting for it."""
    due = int(np.searchsorted(filling.window.times, frame.t + 1e-6, "right"))
    if due > filling.done and not _over(filling.window, frame.t):
        filling.clip[filling.done : due] = cut(frame.image, filling.window.square, side)
        filling.done = due


def _finished(filling: _Filling) -> Iterator[tuple[Window, NDArray[np.uint8]]]:
    if filling.done >= max(1, len(filling.clip) // 2):
        filling.clip[filling.done :] = filling.clip[filling.done - 1]
        yield filling.window, filling.clip


def sample_times(wanted: Sequence[Window]) -> list[float]:
    """All instants of some windows, ascending, each once."""
    return sorted({float(t) for window in wanted for t in window.times})
