"""How well an expression can be read from a face: its size, its sharpness, where it points.

May import: `engine.core`, `models.person` for squares.
"""

from __future__ import annotations

import math

import numpy as np

from engine.core.types import FloatArray
from models.person.geometry import Pyramid, Square

SIDE = 48
"""Side to which faces are brought before their sharpness is measured: that of pictures expressions are learnt on."""

_SIZE = (12.0, 40.0)
"""Pixels."""

_BLUR = (3.0, 12.0)
"""What plain small faces reach is 8 to 20, the same out of focus by two pixels 3 to 6."""

_YAW = (25.0, 70.0)
_PITCH = (20.0, 55.0)


def face_quality(pyramid: Pyramid, box: FloatArray, angles: FloatArray, sure: float) -> float:
    """How well an expression can be read, the product of four shares.

    Args:
        pyramid: the picture.
        box: (4,) float32 xyxy of the face.
        angles: (3,) yaw, pitch, roll in degrees; roll costs nothing, a face is turned upright before it is read.
        sure: how sure the mesh network is of the face, in [0, 1].

    Returns:
        In [0, 1]: 1 for a large, sharp face that looks into the camera.
    """
    side = math.sqrt(max(float((box[2] - box[0]) * (box[3] - box[1])), 0.0))
    size = _rising(side, _SIZE)
    pose = (1.0 - _rising(abs(float(angles[0])), _YAW)) * (1.0 - _rising(abs(float(angles[1])), _PITCH))
    if size * pose * sure <= 0.0:
        return 0.0
    return size * pose * sure * _rising(face_sharpness(pyramid, box), _BLUR)


def face_sharpness(pyramid: Pyramid, box: FloatArray) -> float:
    """Standard deviation of the Laplacian of the grey face at 48x48, grey levels, at the contrast of a plain face.

    Args:
        pyramid: the picture.
        box: (4,) float32 xyxy of the face.
    """
    import cv2

    side = float(max(box[2] - box[0], box[3] - box[1]))
    square = Square(float(box[0] + box[2]) / 2, float(box[1] + box[3]) / 2, max(side, 1.0))
    grey = cv2.cvtColor(pyramid.crop(square, SIDE), cv2.COLOR_RGB2GRAY).astype(np.float32)
    inner = grey[4:-4, 4:-4]
    # A face in the shade is not less sharp: hence over its own contrast, within bounds that keep noise from counting.
    contrast = float(np.clip(inner.std(), 12.0, 60.0)) / 40.0
    return float(cv2.Laplacian(inner, cv2.CV_32F).std()) / contrast


def _rising(value: float, between: tuple[float, float]) -> float:
    """0 below the first bound, 1 above the second, straight in between."""
    low, high = between
    return min(max((value - low) / (high - low), 0.0), 1.0)
