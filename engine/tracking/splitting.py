"""Where a track must be two tracklets: no tracklet may cover two people, so what is implausible for one is cut.

Owns: the rules of cutting. May import: `engine.core`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.core.movement import off_path, speed

JUMP_AT_REST = 0.6
"""Body heights by which a box may move in no time at all, when it does not overlap its last one."""

JUMP_SPEED = 3.0
"""Body heights a second beyond which it is somebody else; a sprinter makes four, but then boxes overlap."""

BORDER_SHARE = 0.012
"""A box within this share of the picture's longer side touches the border."""

END_S = 1.0
"""Seconds before an absence and after it by which they are judged."""

MISS_AT_REST = 0.15
"""Body heights by which somebody may be off the expected path after no time at all."""

MISS_SPEED = 0.1
"""Body heights by which they may be off it more for every second of absence."""

SLIVER = 0.8
"""Share of the extent shown in those seconds under which a box at the border is being cut off."""

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Sightings:
    """A track's detections.

    Attributes:
        t: (M,) seconds, strictly increasing, M >= 1.
        boxes: (M, 4) float64 xyxy pixels.
        heads: (M, 2) float64 pixels, NaN where unknown.
        missed: (M - 1,), between this sighting and the next there were analysed frames that do not show them.
    """

    t: Array
    boxes: Array
    heads: Array
    missed: NDArray[np.bool_]


def cuts(seen: Sightings, longest_s: float, size: tuple[int, int]) -> NDArray[np.bool_]:
    """Between which sightings of a track to cut.

    Args:
        seen: the track's M sightings.
        longest_s: absences that were noticed and are longer than this are cut.
        size: width and height of the picture, pixels.

    Returns:
        (M - 1,) bool, True to cut between a sighting and the next: the absence is too long; the box jumps farther than
        anybody moves; who comes back from an absence is off the path on which it began; or one person left through the
        border and another came in there.
    """
    passed = np.diff(seen.t)
    found = (seen.missed & (passed > longest_s)) | _jumps(seen.boxes, passed)
    for row in np.flatnonzero(seen.missed & ~found).tolist():
        found[row] = _strays(seen, row) or _swaps_at_border(seen.t, seen.boxes, row, size)
    return np.asarray(found, np.bool_)


def _jumps(boxes: Array, passed: Array) -> NDArray[np.bool_]:
    before, after = boxes[:-1], boxes[1:]
    apart = (np.minimum(before[:, 2:], after[:, 2:]) <= np.maximum(before[:, :2], after[:, :2])).any(axis=1)
    tall = np.maximum(np.sqrt((before[:, 3] - before[:, 1]) * (after[:, 3] - after[:, 1])), 1.0)
    centres = (boxes[:, :2] + boxes[:, 2:]) / 2
    moved = np.hypot(*np.diff(centres, axis=0).T) / tall
    return np.asarray(apart & (moved > JUMP_AT_REST + JUMP_SPEED * passed))


def _strays(seen: Sightings, row: int) -> bool:
    """Whether neither the movement before an absence leads to its end, nor the one after it back to its start.

    Heads are compared where both are known: a box may stay in place when somebody nearer takes it over. Of boxes the
    point that fits best counts, the middle of the top, of the whole or of the bottom: the rest may have been hidden.
    """
    if np.isfinite(seen.heads[row : row + 2]).all():
        points = [seen.heads]
    else:
        middle = (seen.boxes[:, 0] + seen.boxes[:, 2]) / 2
        top, bottom = seen.boxes[:, 1], seen.boxes[:, 3]
        points = [np.stack([middle, level], axis=1) for level in (top, (top + bottom) / 2, bottom)]
    before = (seen.t >= seen.t[row] - END_S) & (seen.t <= seen.t[row])
    after = (seen.t >= seen.t[row + 1]) & (seen.t <= seen.t[row + 1] + END_S)
    passed = float(seen.t[row + 1] - seen.t[row])
    off = []
    for places in points:
        start, end = places[row], places[row + 1]
        off.append(off_path(end, start, speed(seen.t[before], places[before]) * passed))
        off.append(off_path(start, end, -speed(seen.t[after], places[after]) * passed))
    tall = float(np.sqrt((seen.boxes[row : row + 2, 3] - seen.boxes[row : row + 2, 1]).prod()))
    return min(off) > (MISS_AT_REST + MISS_SPEED * passed) * max(tall, 1.0)


def _swaps_at_border(t: Array, boxes: Array, row: int, size: tuple[int, int]) -> bool:
    """Whether the box was being cut off by a side of the picture before the absence, and grows out of it after."""
    near = BORDER_SHARE * max(size)
    before = boxes[(t >= t[row] - END_S) & (t <= t[row])]
    after = boxes[(t >= t[row + 1]) & (t <= t[row + 1] + END_S)]
    for axis in (0, 1):
        extents = [part[:, 2 + axis] - part[:, axis] for part in (before, after)]
        sliver = extents[0][-1] < SLIVER * extents[0].max() and extents[1][0] < SLIVER * extents[1].max()
        at_low = max(before[-1, axis], after[0, axis]) <= near
        at_high = min(before[-1, 2 + axis], after[0, 2 + axis]) >= size[axis] - near
        if sliver and (at_low or at_high):
            return True
    return False
