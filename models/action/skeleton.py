"""What can be read off one person's landmarks at each instant: a length to measure by, angles, and what is hidden.

Everything is told in lengths of the person's own trunk, so that neither distance nor resolution matters. May import:
`engine.core`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.core.types import Tracklet

Array = NDArray[np.float64]

NOSE = 0
SHOULDERS, ELBOWS, WRISTS = [11, 12], [13, 14], [15, 16]
HIPS, KNEES, ANKLES = [23, 24], [25, 26], [27, 28]
"""Rows of the landmarks, left before right, in BlazePose's order."""

SHOULDER_SHARE = 0.7
"""Breadth of the shoulders' joints over the length of the trunk, seen from the front (about 0.35 m and 0.50 m). A
trunk that looks shorter than its shoulders allow is foreshortened."""

HEIGHTS_PER_TRUNK = 3.5
"""Height of a body over the length of its trunk (1.70 m and about 0.49 m)."""

UNIT_S = 1.0
"""Seconds on either side over which the trunk's length is a median: it does not change, its landmarks tremble."""

EDGE_SHARE = 0.012
"""A box within this share of the picture's longer side touches the border: the body may go on outside."""

FRONTAL = 0.45
"""Trunks between the shoulders from which on somebody is turned to the camera, or away from it: two thirds of what
they measure seen square on."""

LEGS = slice(25, 33)
"""Knees and all that is below them."""

SQUEEZED = (0.75, 0.50)
"""Length of the trunk as it appears, in trunks: 0.8 and more in ordinary views, less only where the camera looks
down steeply, somebody bends, or the hips are imagined."""

BELOW_BOX = 0.2
"""Trunks by which a landmark may lie below the box and still be seen."""

_LEAST_UNIT = 1.0


def ramp(value: Array, low: float, high: float) -> Array:
    """Soft step: 0 up to `low`, 1 from `high` on, straight between; falling where `low` > `high`."""
    return np.clip((value - low) / (high - low), 0.0, 1.0)


@dataclass(frozen=True, slots=True, eq=False)
class Skeleton:
    """One person at M instants. Lengths are in trunks (`unit`) unless said; y points up.

    Attributes:
        t: (M,) seconds.
        trust: (M,) in [0, 1], how sure it is that there is a pose; 0 where none was found.
        unit: (M,) pixels, length of the trunk as it would be without foreshortening.
        trunk: (M,) length of the trunk as it appears.
        lean: (M,) degrees between the trunk and the picture's vertical, in [0, 180].
        shoulders: (M, 2) middle of the shoulders, pixels, y down as in the picture.
        hips: (M, 2) middle of the hips, pixels, y down.
        breadth: (M,) distance of the shoulders as it appears.
        points: (M, 33, 2) landmarks relative to the middle of the hips.
        seen: (M, 33) visibility in [0, 1]; 0 where no pose was found.
        boxes: (M, 4) xyxy pixels.
        below: (M,) how far the box reaches below the hips of an upright body: below one trunk under the shoulders,
            since shoulders are seen where hips are imagined.
        cut: (M,) bool, the box's lower edge is the picture's.
        topped: (M,) bool, its upper edge is.
        sided: (M,) bool, its left or right edge is.
        facing: (M,) 1 turned to the camera, 0 sideways on, -1 turned away.
    """

    t: Array
    trust: Array
    unit: Array
    trunk: Array
    lean: Array
    shoulders: Array
    hips: Array
    breadth: Array
    points: Array
    seen: Array
    boxes: Array
    below: Array
    cut: NDArray[np.bool_]
    topped: NDArray[np.bool_]
    sided: NDArray[np.bool_]
    facing: Array

    def __len__(self) -> int:
        return len(self.t)

    @property
    def posed(self) -> NDArray[np.bool_]:
        """(M,) where a pose was found."""
        return self.trust > 0

    def pair(self, rows: list[int]) -> tuple[Array, Array]:
        """Left and right landmark: (M, 2, 2) places and (M, 2) visibility."""
        return self.points[:, rows], self.seen[:, rows]


def read_skeleton(tracklet: Tracklet, size: tuple[int, int]) -> Skeleton:
    """Measure one tracklet.

    Args:
        tracklet: M rows of boxes and poses.
        size: width and height of the pictures, pixels.

    Returns:
        The measures; rows without a pose have `trust` 0, zeros for angles and points, and the unit of their
        neighbours, or one guessed from the box where there is no pose at all.
    """
    marks = tracklet.poses.landmarks.astype(np.float64)
    boxes = tracklet.boxes.astype(np.float64)
    # A pose at even odds is as likely somebody else's body as this one's.
    trust = ramp(tracklet.poses.scores.astype(np.float64), 0.2, 0.6)
    shoulders, hips = marks[:, SHOULDERS, :2].mean(axis=1), marks[:, HIPS, :2].mean(axis=1)
    spine = shoulders - hips
    trunk = np.hypot(spine[:, 0], spine[:, 1])
    breadth = np.hypot(*(marks[:, SHOULDERS[0], :2] - marks[:, SHOULDERS[1], :2]).T)
    whole = np.maximum(trunk, breadth / SHOULDER_SHARE)
    unit = _steady_unit(tracklet.t, whole, trust > 0, boxes)
    posed = trust > 0
    points = (marks[:, :, :2] - hips[:, None]) / unit[:, None, None] * np.array([1.0, -1.0])
    seen = marks[:, :, 2] * posed[:, None] * _inside(points, boxes, hips, unit)
    seen[:, LEGS] *= (1.0 - _squeezed(points, trunk / unit))[:, None]
    edge = EDGE_SHARE * max(size)
    return Skeleton(
        t=tracklet.t,
        trust=trust,
        unit=unit,
        trunk=np.where(posed, trunk / unit, 0.0),
        lean=np.where(posed, np.degrees(np.arctan2(np.abs(spine[:, 0]), -spine[:, 1])), 0.0),
        shoulders=shoulders,
        hips=hips,
        breadth=np.where(posed, breadth / unit, 0.0),
        points=np.where(posed[:, None, None], points, 0.0),
        seen=seen,
        boxes=boxes,
        below=np.where(posed, (boxes[:, 3] - shoulders[:, 1]) / unit - 1.0, 0.0),
        cut=boxes[:, 3] >= size[1] - edge,
        topped=boxes[:, 1] <= edge,
        sided=(boxes[:, 0] <= edge) | (boxes[:, 2] >= size[0] - edge),
        facing=np.where(posed, np.clip((marks[:, 11, 0] - marks[:, 12, 0]) / unit / FRONTAL, -1.0, 1.0), 0.0),
    )


def _inside(points: Array, boxes: Array, hips: Array, unit: Array) -> Array:
    """(M, 33) that a landmark lies no lower than the box: below it, it is imagined, whatever visibility it claims."""
    below = (boxes[:, 3] - hips[:, 1]) / unit
    return ramp(below[:, None] + points[:, :, 1], -BELOW_BOX, 0.0)


def _squeezed(points: Array, trunk: Array) -> Array:
    """(M,) that the network squeezed a whole body into a box that holds half of one.

    Its trunk is far too short for its shoulders though the head is up, and the legs under it, imagined, are as short.
    """
    head = points[:, NOSE, 1] - points[:, SHOULDERS, 1].mean(axis=1)
    legs = -points[:, ANKLES, 1].mean(axis=1)
    return ramp(trunk, *SQUEEZED) * ramp(head, -0.2, 0.0) * ramp(legs, 1.0, 0.7)


def _steady_unit(t: Array, whole: Array, posed: NDArray[np.bool_], boxes: Array) -> Array:
    """Median of the trunk's length around instants half a `UNIT_S` apart; between them on a straight line."""
    if not posed.any():
        return np.maximum((boxes[:, 3] - boxes[:, 1]) / HEIGHTS_PER_TRUNK, _LEAST_UNIT)
    times, lengths = t[posed], whole[posed]
    marks = np.append(np.arange(times[0], times[-1], UNIT_S / 2), times[-1])
    marks = times[np.unique(np.searchsorted(times, marks))]
    first = np.searchsorted(times, marks - UNIT_S, side="left")
    last = np.searchsorted(times, marks + UNIT_S, side="right")
    medians = np.array([np.median(lengths[a:b]) for a, b in zip(first, last, strict=True)])
    return np.maximum(np.interp(t, marks, medians), _LEAST_UNIT)
