"""Whose a box at an instant is: what analysts say hangs on boxes, because they outlive every analysis.

May import: `engine.core`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.core.boxes import box_iou
from engine.core.identity import Box, Spot
from engine.core.types import Tracklet

SAME_IOU = 0.4
"""Least overlap of two boxes of one person at one instant, by two analyses."""

SAME_S = 0.5
"""Farthest row of a tracklet from the instant of a spot, seconds: analyses look at frames of their own."""


def whose(tracklets: Sequence[Tracklet], t: float, box: Box) -> int:
    """Number of the tracklet whose box lies on `box` at `t`; 0 where none does."""
    asked = np.array([box], np.float32)
    best, number = SAME_IOU, 0
    for each in tracklets:
        row = int(np.abs(each.t - t).argmin())
        if abs(float(each.t[row]) - t) > SAME_S:
            continue
        overlap = float(box_iou(asked, each.boxes[row : row + 1])[0, 0])
        if overlap >= best:
            best, number = overlap, each.number
    return number


@dataclass(frozen=True, slots=True)
class Sight:
    """An appearance at its best.

    Attributes:
        score: of the detection, in [0, 1].
        pixels: of the box.
        spot: where it is.
    """

    score: float
    pixels: float
    spot: Spot

    @property
    def rank(self) -> tuple[float, float]:
        """The highest score is best, of equal ones the largest box."""
        return self.score, self.pixels


def best_sight(footage: str, tracklet: Tracklet, from_s: float, until_s: float) -> Sight:
    """Where somebody was seen best.

    Args:
        footage: its id.
        tracklet: of that person.
        from_s: no row before is looked at, seconds.
        until_s: no row from here on is looked at, seconds; at least one row lies between.
    """
    within = (tracklet.t >= from_s) & (tracklet.t < until_s)
    seen = within & ~tracklet.interpolated
    found = []
    for row in np.flatnonzero(seen if seen.any() else within).tolist():
        x1, y1, x2, y2 = (float(side) for side in tracklet.boxes[row])
        spot = Spot(footage, float(tracklet.t[row]), (x1, y1, x2, y2))
        found.append(Sight(float(tracklet.scores[row]), (x2 - x1) * (y2 - y1), spot))
    return max(found, key=lambda sight: sight.rank)
