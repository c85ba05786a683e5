"""How somebody moved before an absence and after it: what tracking and linking both judge absences by.

Imports `engine.core.types` only.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.core.types import Poses

FACE = slice(0, 11)
"""Nose, eyes, ears and mouth in BlazePose's order."""

VISIBLE = 0.5
"""A landmark counts from this visibility on."""

MIN_FACE = 3
"""Visible landmarks of the face that place a head."""

Array = NDArray[np.float64]


def heads(poses: Poses) -> Array:
    """Middle of each head, which stays in view when a body is half hidden.

    Args:
        poses: N poses.

    Returns:
        (N, 2) float64 pixels; NaN where no pose was found or too little of the face is visible.
    """
    face = poses.landmarks[:, FACE].astype(np.float64)
    visible = (face[:, :, 2] >= VISIBLE) & (poses.scores > 0)[:, None]
    count = visible.sum(axis=1)
    middle = (face[:, :, :2] * visible[:, :, None]).sum(axis=1) / np.maximum(count, 1)[:, None]
    placed: Array = np.where((count >= MIN_FACE)[:, None], middle, np.nan)
    return placed


def speed(t: Array, places: Array) -> Array:
    """Slope of the least-squares line through places.

    Args:
        t: (M,) seconds.
        places: (M, 2) pixels at those times; rows with NaN do not count.

    Returns:
        (2,) pixels a second; zero where fewer than two places count.
    """
    known = np.isfinite(places).all(axis=1)
    if known.sum() < 2:
        return np.zeros(2)
    offset = t[known] - t[known].mean()
    spread = float(offset @ offset)
    slope: Array = offset @ places[known] / spread if spread > 0 else np.zeros(2)
    return slope


def off_path(point: Array, start: Array, way: Array) -> float:
    """Distance from a straight path: somebody unseen may stop on the way, but does not leave it.

    Args:
        point: (2,) pixels.
        start: (2,) where the path starts.
        way: (2,) from its start to its end.

    Returns:
        Pixels.
    """
    length = float(way @ way)
    along = 0.0 if length == 0.0 else float(np.clip((point - start) @ way / length, 0.0, 1.0))
    return float(np.hypot(*(point - start - along * way)))
