"""The 13 joints that the skeleton network knows, and how BlazePose's 33 landmarks become them.

Owns: names, order, left and right, and the tree of bones. May import: `engine.core`.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.core.types import LANDMARKS, FloatArray

JOINTS = (
    "left shoulder",
    "left elbow",
    "left wrist",
    "right shoulder",
    "right elbow",
    "right wrist",
    "left hip",
    "left knee",
    "left ankle",
    "right hip",
    "right knee",
    "right ankle",
    "head",
)
"""Columns of every array of joints, in this order; left and right are the person's own."""

MIRROR = np.array([3, 4, 5, 0, 1, 2, 9, 10, 11, 6, 7, 8, 12])
"""Where each joint stands once left and right have changed places; twice is where it was."""

SHOULDERS = (0, 3)
HIPS = (6, 9)

BONES = ((0, 1), (1, 2), (3, 4), (4, 5), (6, 7), (7, 8), (9, 10), (10, 11))
"""Limbs from the body outwards, as (nearer, farther) joint."""

_LANDMARK = (11, 13, 15, 12, 14, 16, 23, 25, 27, 24, 26, 28, 0)
"""BlazePose's landmark of each joint; the nose stands for the head."""


def from_landmarks(landmarks: FloatArray) -> tuple[FloatArray, FloatArray]:
    """The joints among BlazePose's landmarks.

    Args:
        landmarks: (N, 33, 3) float32, x and y in pixels, visibility in [0, 1].

    Returns:
        Points (N, 13, 2) in pixels and visibility (N, 13) in [0, 1], both float32.

    Raises:
        ValueError: the shape is another.
    """
    if landmarks.ndim != 3 or landmarks.shape[1:] != (LANDMARKS, 3):
        raise ValueError(f"landmarks must be (N, {LANDMARKS}, 3), got {landmarks.shape}")
    chosen = landmarks[:, _LANDMARK]
    return np.ascontiguousarray(chosen[:, :, :2]), np.ascontiguousarray(chosen[:, :, 2])


def to_landmarks(points: FloatArray, seen: FloatArray) -> FloatArray:
    """Joints as BlazePose would write them: landmarks that no joint stands for are invisible.

    Args:
        points: (N, 13, 2) float32 pixels.
        seen: (N, 13) float32 in [0, 1].

    Returns:
        (N, 33, 3) float32.
    """
    landmarks = np.zeros((len(points), LANDMARKS, 3), np.float32)
    landmarks[:, _LANDMARK, :2] = points
    landmarks[:, _LANDMARK, 2] = seen
    return landmarks


def swap_sides(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """Left and right joints changed places.

    Args:
        values: (..., 13, C) float32.

    Returns:
        The same shape, a copy.
    """
    return values[..., MIRROR, :].copy()
