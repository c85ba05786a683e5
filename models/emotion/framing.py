"""Cutting faces out of pictures the way the training faces were cut: upright, centred, 48x48, grey.

May import: `engine.core`.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.core.types import FloatArray, Image
from models.emotion.fer import SIDE

# Means over 476 training faces of FER-2013 on which MediaPipe's short-range face detector scored .7 and more (700 drawn
# at random, doubled in size, their edges repeated by a third); spread of the middle 4 pixels, of the size 17 %.

EYES_APART = 16.5
"""Distance between the eyes in a training face, pixels of 48."""

EYES_TO_MOUTH = 17.7
"""Distance from the middle of the eyes to the mouth, pixels of 48."""

MIDDLE = (24.0, 27.7)
"""Where the middle between eyes and mouth lies in a training face."""

_SMALLEST = 1.0
_RIGHT_EYE, _LEFT_EYE, _MOUTH = 0, 1, 3
_MARGIN = 4


def placements(points: FloatArray) -> NDArray[np.float64]:
    """Where faces lie: the similarity that takes a picture's pixels to those of a 48x48 face.

    The face turns upright by the line of the eyes and the line from the eyes to the mouth together. Its size is the
    larger of what the eyes and the mouth say: turning aside brings the eyes together, nodding brings the mouth up.

    Args:
        points: (N, 6, 2) float32, pixels, see `engine.core.faces.FACE_POINTS`.

    Returns:
        (N, 2, 3) float64: columns x, y, 1 of the picture to x, y of the face, pixel centres at .5.
    """
    at = points.astype(np.float64)
    eyes = (at[:, _RIGHT_EYE] + at[:, _LEFT_EYE]) / 2
    across = at[:, _LEFT_EYE] - at[:, _RIGHT_EYE]
    down = at[:, _MOUTH] - eyes
    axis = across / EYES_APART + np.stack([down[:, 1], -down[:, 0]], axis=1) / EYES_TO_MOUTH
    length = np.linalg.norm(axis, axis=1)
    turn = np.where(length[:, None] > 1e-9, axis / np.maximum(length, 1e-9)[:, None], [1.0, 0.0])
    wide = np.abs((across * turn).sum(axis=1)) / EYES_APART
    high = np.abs(down[:, 1] * turn[:, 0] - down[:, 0] * turn[:, 1]) / EYES_TO_MOUTH
    scale = 1.0 / np.maximum(np.maximum(wide, high), _SMALLEST / SIDE)
    linear = (
        np.stack([np.stack([turn[:, 0], turn[:, 1]], axis=1), np.stack([-turn[:, 1], turn[:, 0]], axis=1)], axis=1)
        * scale[:, None, None]
    )
    middle = (eyes + at[:, _MOUTH]) / 2
    moved = np.asarray(MIDDLE) - np.einsum("nij,nj->ni", linear, middle)
    return np.concatenate([linear, moved[:, :, None]], axis=2)


def cut_faces(image: Image, points: FloatArray) -> NDArray[np.uint8]:
    """Faces as the network wants them.

    Large faces are shrunk by area first, so that no pixel is skipped; what lies outside the picture repeats its edge.

    Args:
        image: (H, W, 3) uint8 RGB; not modified.
        points: (N, 6, 2) float32, pixels of the picture.

    Returns:
        (N, 48, 48) uint8, grey.
    """
    if not len(points):
        return np.zeros((0, SIDE, SIDE), np.uint8)
    return np.stack([_cut(image, placement) for placement in placements(points)])


def _cut(image: Image, placement: NDArray[np.float64]) -> NDArray[np.uint8]:
    import cv2

    height, width = image.shape[:2]
    linear, moved = placement[:, :2], placement[:, 2]
    corners = np.array([[0, 0], [SIDE, 0], [SIDE, SIDE], [0, SIDE]], np.float64)
    outline = (corners - moved) @ np.linalg.inv(linear).T
    low = np.clip(np.floor(outline.min(axis=0)) - _MARGIN, 0, [width - 1, height - 1]).astype(int)
    high = np.clip(np.ceil(outline.max(axis=0)) + _MARGIN, low + 1, [width, height]).astype(int)
    part = np.asarray(cv2.cvtColor(image[low[1] : high[1], low[0] : high[0]], cv2.COLOR_RGB2GRAY))
    # Pixel centres lie at .5 here and at whole numbers in OpenCV.
    shift = moved + linear @ (low + 0.5)
    shrink = 1.0 / float(np.hypot(*linear[0]))
    if shrink > 1.0:
        small = np.maximum(np.round((high - low) / shrink), 1).astype(int)
        ratio = (high - low) / small
        part = np.asarray(cv2.resize(part, (int(small[0]), int(small[1])), interpolation=cv2.INTER_AREA))
        shift = moved + linear @ (low + ratio / 2)
        linear = linear * ratio
    matrix = np.concatenate([linear, (shift - 0.5)[:, None]], axis=1)
    face = cv2.warpAffine(part, matrix, (SIDE, SIDE), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(face, np.uint8)
