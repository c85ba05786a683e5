"""Boxes between the instants at which somebody was seen.

Owns: straight-line interpolation. May import: `engine.core`.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.core.types import FloatArray, Tracklet

SAME_INSTANT_S = 1e-6
"""Times closer than this are one instant; PTS survive a round trip through a store to about that."""


def between(t: NDArray[np.float64], boxes: FloatArray, times: NDArray[np.float64]) -> FloatArray:
    """Boxes on the straight lines between known ones.

    Args:
        t: (M,) seconds, strictly increasing, M >= 1.
        boxes: (M, 4) float32 xyxy at those times.
        times: (K,) seconds, each within [t[0], t[-1]].

    Returns:
        (K, 4) float32 xyxy, within the hull of the two neighbours.
    """
    after = np.clip(np.searchsorted(t, times, side="left"), 1, max(1, len(t) - 1))
    before, after = after - 1, np.minimum(after, len(t) - 1)
    span = np.where(after > before, t[after] - t[before], 1.0)
    weight = np.clip((times - t[before]) / span, 0.0, 1.0)[:, None]
    # Weights of both ends, not start plus slope: x1 <= x2 then survives rounding.
    mixed = boxes[before].astype(np.float64) * (1.0 - weight) + boxes[after].astype(np.float64) * weight
    narrow: FloatArray = mixed.astype(np.float32)
    return narrow


def boxes_at(tracklet: Tracklet, times: NDArray[np.float64]) -> tuple[FloatArray, NDArray[np.bool_], NDArray[np.bool_]]:
    """Where somebody is at any times, such as the native frame times of the footage.

    Args:
        tracklet: the run of boxes.
        times: (K,) float64 seconds, any order.

    Returns:
        Boxes (K, 4) float32 xyxy, zero where the person is not present; present (K,) bool, within the tracklet's
        first and last time; interpolated (K,) bool, present but not a box that a detector saw.

    Raises:
        ValueError: times is not (K,) or not finite.
    """
    times = np.asarray(times, np.float64)
    if times.ndim != 1 or not np.isfinite(times).all():
        raise ValueError(f"times must be (K,) finite seconds, got {times.shape}")
    t = tracklet.t
    nearest = np.clip(np.searchsorted(t, times), 0, len(t) - 1)
    previous = np.maximum(nearest - 1, 0)
    nearest = np.where(np.abs(t[previous] - times) < np.abs(t[nearest] - times), previous, nearest)
    exact = np.abs(t[nearest] - times) <= SAME_INSTANT_S
    present = exact | ((times >= t[0]) & (times <= t[-1]))
    boxes = between(t, tracklet.boxes, np.clip(times, t[0], t[-1]))
    boxes[exact] = tracklet.boxes[nearest[exact]]
    boxes[~present] = 0.0
    return boxes, present, present & ~(exact & ~tracklet.interpolated[nearest])
