"""From the landmark network's answer to what a person detector would say: the visible extent.

May import: `engine.core`, its neighbours.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.core.types import FloatArray
from models.person.landmarks import SIZE, Body

_STEP = 2
_MASK_SIDE = SIZE // _STEP
_BONES = (
    *((11, 12), (23, 24), (11, 23), (12, 24), (11, 24), (12, 23)),
    *((11, 13), (13, 15), (15, 19), (12, 14), (14, 16), (16, 20)),
    *((23, 25), (25, 27), (27, 31), (24, 26), (26, 28), (28, 32)),
)
_HEAD = 0
_REACH = 0.5
"""How far from its bones a body's pixels may lie, in lengths of the trunk: clothes and hair reach so far."""

_HEAD_REACH = 0.75


def _near_bones(body: Body) -> NDArray[np.bool_]:
    """(128, 128) bool over the body's square: close enough to the skeleton to belong to it.

    The mask of a body often runs on into the next one; the skeleton does not.
    """
    forward = np.vstack([body.square.to_picture().astype(np.float64), [0.0, 0.0, 1.0]])
    back = np.linalg.inv(forward)[:2]
    points = (body.landmarks[:, :2].astype(np.float64) @ back[:, :2].T + back[:, 2]) * _MASK_SIDE
    points = np.clip(points, -4 * _MASK_SIDE, 5 * _MASK_SIDE)
    shoulders, hips = points[11:13].mean(axis=0), points[23:25].mean(axis=0)
    widths = [float(np.hypot(*(points[a] - points[b]))) for a, b in ((11, 12), (23, 24))]
    trunk = max(float(np.hypot(*(shoulders - hips))), *widths, 4.0)
    near = np.zeros((_MASK_SIDE, _MASK_SIDE), np.uint8)
    whole = np.rint(points).astype(np.int32)
    for first, second in _BONES:
        cv2.line(near, whole[first].tolist(), whole[second].tolist(), 1, max(1, int(2 * _REACH * trunk)))
    cv2.circle(near, whole[_HEAD].tolist(), max(1, int(_HEAD_REACH * trunk)), 1, -1)
    cv2.line(near, whole[_HEAD].tolist(), np.rint(shoulders).astype(int).tolist(), 1, max(1, int(2 * _REACH * trunk)))
    return near.astype(np.bool_)


def visible_piece(body: Body) -> NDArray[np.bool_]:
    """The connected piece of the mask that is the body itself.

    Returns:
        (128, 128) bool over the body's square.
    """
    small = cv2.resize(body.mask, (_MASK_SIDE, _MASK_SIDE), interpolation=cv2.INTER_AREA)
    own = (small > 0.5) & _near_bones(body)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(own.astype(np.uint8), connectivity=8)
    if count < 2:
        return np.zeros((_MASK_SIDE, _MASK_SIDE), np.bool_)
    largest = int(np.argmax(stats[1:, cv2.CC_STAT_AREA])) + 1
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
