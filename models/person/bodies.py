"""From the landmark network's answer to what a person detector would say: the visible extent.

May import: `engine.core`, its neighbours.
"""

from __future__ import annotations

import cv2
import numpy as np

from engine.core.types import FloatArray
from models.person.landmarks import SIZE, Body

_STEP = 2
_MASK_SIDE = SIZE // _STEP
_CORE = (0, 11, 12, 23, 24)
"""Nose, shoulders, hips: the mask's piece that holds most of these is the body, other pieces are not."""


def visible_piece(body: Body) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    """The connected piece of the mask that is the body itself.

    Returns:
        (128, 128) bool over the body's square.
    """
    small = cv2.resize(body.mask, (_MASK_SIDE, _MASK_SIDE), interpolation=cv2.INTER_AREA)
    count, labels, stats, _ = cv2.connectedComponentsWithStats((small > 0.5).astype(np.uint8), connectivity=8)
    if count < 2:
        return np.zeros((_MASK_SIDE, _MASK_SIDE), np.bool_)
    areas = stats[1:, cv2.CC_STAT_AREA].astype(np.float64)
    largest = int(np.argmax(areas)) + 1
    return np.asarray(labels == largest, np.bool_)


def visible_box(body: Body, width: int, height: int) -> FloatArray:
    """Box around what can be seen of a body.

    Args:
        body: the body.
        width: of the picture, pixels.
        height: of the picture, pixels.

    Returns:
        (4,) float32 xyxy inside the picture; of no area where nothing can be seen.
    """
    rows, columns = np.nonzero(visible_piece(body))
    if len(rows) < 8:
        return np.zeros(4, np.float32)
    places = np.stack([columns + 0.5, rows + 0.5], axis=1).astype(np.float32) / _MASK_SIDE
    points = body.square.points_to_picture(places)
    half = body.square.side / _MASK_SIDE / 2
    box = np.concatenate([points.min(axis=0) - half, points.max(axis=0) + half])
    return np.asarray(np.clip(box, 0, [width, height, width, height]), np.float32)
