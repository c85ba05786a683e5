"""A second box on one body.

Detectors at times report a body twice: once whole, once as its upper or lower part. Such a second tracklet lies inside
the first all its life and goes where it goes. Somebody who really stands behind somebody else lies inside too, so the
landmarks decide where there are any, and without them only near-equal boxes count.

Owns: which tracklets are dropped for that. May import: `engine.core`.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from engine.core.types import FloatArray, Tracklet

LIFE_SHARE = 0.9
"""Share of its sightings at which a duplicate must lie inside the other."""

INSIDE = 0.8
"""Share of a box's area that must be covered for it to lie inside."""

SAME_BOX = 0.5
"""Mean overlap (IoU) above which two boxes with no landmarks are one body."""

SAME_BODY = 0.12
"""Mean distance of visible landmarks, in body heights, under which two poses are one body."""

VISIBLE = 0.5
"""A landmark counts from this visibility on."""

MIN_LANDMARKS = 6
"""Landmarks both must show for poses to be compared."""


def without_duplicates(tracklets: Sequence[Tracklet]) -> list[Tracklet]:
    """The tracklets that are not a second box on a body which another, stronger tracklet follows.

    Args:
        tracklets: of one footage, any order.

    Returns:
        Those kept, in the same order.
    """
    strength = [_strength(tracklet) for tracklet in tracklets]
    order = sorted(range(len(tracklets)), key=lambda row: (-strength[row], row))
    kept: list[int] = []
    for row in order:
        if not any(_repeats(tracklets[row], tracklets[other]) for other in kept):
            kept.append(row)
    return [tracklets[row] for row in sorted(kept)]


def _strength(tracklet: Tracklet) -> float:
    """Summed score of the sightings: how much speaks for the tracklet."""
    return float(tracklet.scores[~tracklet.interpolated].sum())


def _repeats(weak: Tracklet, strong: Tracklet) -> bool:
    if weak.first_s > strong.last_s or strong.first_s > weak.last_s:
        return False
    _, mine, others = np.intersect1d(weak.t, strong.t, return_indices=True)
    seen = ~weak.interpolated[mine]
    mine, others = mine[seen], others[seen]
    lived = int((~weak.interpolated).sum())
    if len(mine) < LIFE_SHARE * lived:
        return False
    shared = intersection(weak.boxes[mine], strong.boxes[others])
    areas = area(weak.boxes[mine]), area(strong.boxes[others])
    inside = shared / np.maximum(np.minimum(*areas), 1e-9) >= INSIDE
    if inside.sum() < LIFE_SHARE * lived:
        return False
    apart = _pose_distance(weak, mine, strong, others)
    if apart is not None:
        return apart < SAME_BODY
    return float((shared / np.maximum(areas[0] + areas[1] - shared, 1e-9)).mean()) >= SAME_BOX


def _pose_distance(weak: Tracklet, mine: NDArray[np.intp], strong: Tracklet, others: NDArray[np.intp]) -> float | None:
    """Median over time of the mean distance of landmarks visible in both, body heights; None where none compare."""
    first, second = weak.poses.landmarks[mine], strong.poses.landmarks[others]
    both = (first[:, :, 2] >= VISIBLE) & (second[:, :, 2] >= VISIBLE)
    both &= ((weak.poses.scores[mine] > 0) & (strong.poses.scores[others] > 0))[:, None]
    enough = both.sum(axis=1) >= MIN_LANDMARKS
    if not enough.any():
        return None
    boxes = strong.boxes[others]
    heights = np.maximum(boxes[:, 3] - boxes[:, 1], 1.0)
    distance = np.hypot(*np.moveaxis(first[:, :, :2] - second[:, :, :2], -1, 0)) / heights[:, None]
    mean = (distance * both).sum(axis=1)[enough] / both.sum(axis=1)[enough]
    return float(np.median(mean))


def intersection(first: FloatArray, second: FloatArray) -> NDArray[np.float64]:
    """Shared area of boxes row by row.

    Args:
        first: (N, 4) float32 xyxy.
        second: (N, 4) float32 xyxy.

    Returns:
        (N,) square pixels.
    """
    low = np.maximum(first[:, :2], second[:, :2]).astype(np.float64)
    high = np.minimum(first[:, 2:], second[:, 2:]).astype(np.float64)
    shared: NDArray[np.float64] = np.clip(high - low, 0.0, None).prod(axis=1)
    return shared


def area(boxes: FloatArray) -> NDArray[np.float64]:
    """Areas of boxes.

    Args:
        boxes: (N, 4) float32 xyxy.

    Returns:
        (N,) square pixels.
    """
    areas: NDArray[np.float64] = (boxes[:, 2:] - boxes[:, :2]).astype(np.float64).prod(axis=1)
    return areas
