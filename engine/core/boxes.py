"""Arithmetic of boxes that more than one room needs. May import: `engine.core.types`."""

from __future__ import annotations

import numpy as np

from engine.core.types import FloatArray


def box_iou(first: FloatArray, second: FloatArray) -> FloatArray:
    """Intersection over union of every box of one list with every box of another.

    Args:
        first: (A, 4) float32 xyxy, pixels.
        second: (B, 4) float32 xyxy, same picture.

    Returns:
        (A, B) float32 in [0, 1]; 0 where both boxes are empty.

    Raises:
        ValueError: an array is not (N, 4).
    """
    for boxes in (first, second):
        if boxes.ndim != 2 or boxes.shape[1] != 4:
            raise ValueError(f"boxes must be (N, 4), got {boxes.shape}")
    low = np.maximum(first[:, None, :2], second[None, :, :2])
    high = np.minimum(first[:, None, 2:], second[None, :, 2:])
    shared = np.prod(np.clip(high - low, 0.0, None), axis=2)
    areas = [np.prod(boxes[:, 2:] - boxes[:, :2], axis=1) for boxes in (first, second)]
    union = areas[0][:, None] + areas[1][None, :] - shared
    return np.asarray(np.where(union > 0.0, shared / np.maximum(union, 1e-9), 0.0), np.float32)
