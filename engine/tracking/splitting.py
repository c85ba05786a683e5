"""Where a track must be two tracklets: no tracklet may cover two people, so what is implausible for one is cut.

Owns: the rules of cutting. May import: `engine.core`.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

JUMP_AT_REST = 0.6
"""Body heights by which a box may move in no time at all, when it does not overlap its last one."""

JUMP_SPEED = 3.0
"""Body heights a second beyond which it is somebody else; a sprinter makes four, but then boxes overlap."""

BORDER_SHARE = 0.012
"""A box within this share of the picture's longer side touches the border."""

DOOR_S = 1.0
"""Seconds before an absence and after it in which going and coming must show."""

SLIVER = 0.8
"""Share of the extent shown in those seconds under which a box at the border is being cut off."""

Array = NDArray[np.float64]


def cuts(
    t: Array, boxes: Array, missed: NDArray[np.bool_], longest_s: float, size: tuple[int, int]
) -> NDArray[np.bool_]:
    """Between which sightings of a track to cut.

    Args:
        t: (M,) seconds, strictly increasing.
        boxes: (M, 4) xyxy pixels.
        missed: (M - 1,), there were analysed frames between this sighting and the next that show nobody.
        longest_s: absences that were noticed and are longer than this are cut.
        size: width and height of the picture, pixels.

    Returns:
        (M - 1,) bool, True to cut between a sighting and the next: the absence is too long, the box jumps farther than
        anybody moves, or one person left through the border and another came in there.
    """
    passed = np.diff(t)
    found = (missed & (passed > longest_s)) | _jumps(boxes, passed)
    for row in np.flatnonzero(missed & ~found):
        found[row] = _swaps_at_border(t, boxes, int(row), size)
    return np.asarray(found, np.bool_)


def _jumps(boxes: Array, passed: Array) -> NDArray[np.bool_]:
    before, after = boxes[:-1], boxes[1:]
    apart = (np.minimum(before[:, 2:], after[:, 2:]) <= np.maximum(before[:, :2], after[:, :2])).any(axis=1)
    tall = np.maximum(np.sqrt((before[:, 3] - before[:, 1]) * (after[:, 3] - after[:, 1])), 1.0)
    centres = (boxes[:, :2] + boxes[:, 2:]) / 2
    moved = np.hypot(*np.diff(centres, axis=0).T) / tall
    return np.asarray(apart & (moved > JUMP_AT_REST + JUMP_SPEED * passed))


def _swaps_at_border(t: Array, boxes: Array, row: int, size: tuple[int, int]) -> bool:
    """Whether the box was being cut off by a side of the picture before the absence, and grows out of it after."""
    near = BORDER_SHARE * max(size)
    before = boxes[(t >= t[row] - DOOR_S) & (t <= t[row])]
    after = boxes[(t >= t[row + 1]) & (t <= t[row + 1] + DOOR_S)]
    for axis in (0, 1):
        extents = [part[:, 2 + axis] - part[:, axis] for part in (before, after)]
        sliver = extents[0][-1] < SLIVER * extents[0].max() and extents[1][0] < SLIVER * extents[1].max()
        at_low = max(before[-1, axis], after[0, axis]) <= near
        at_high = min(before[-1, 2 + axis], after[0, 2 + axis]) >= size[axis] - near
        if sliver and (at_low or at_high):
            return True
    return False
