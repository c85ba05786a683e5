"""Squares in a picture: where they lie, how their pixels are taken out and how points find their way back.

May import: `engine.core`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np

from engine.core.types import FloatArray, Image


@dataclass(frozen=True, slots=True)
class Square:
    """A square of the picture, possibly turned, possibly reaching outside.

    Attributes:
        x: centre, pixels.
        y: centre, pixels.
        side: length of its sides, pixels, > 0.
        angle: radians clockwise by which the square's own upright is turned against the picture's.
    """

    x: float
    y: float
    side: float
    angle: float = 0.0

    def to_picture(self) -> FloatArray:
        """(2, 3) affine map from the unit square (0..1, y down) to pixels of the picture."""
        cos, sin = math.cos(self.angle) * self.side, math.sin(self.angle) * self.side
        return np.array(
            [[cos, -sin, self.x - (cos - sin) / 2], [sin, cos, self.y - (sin + cos) / 2]],
            np.float32,
        )

    def points_to_picture(self, points: FloatArray) -> FloatArray:
        """(N, 2) points of the unit square as pixels of the picture."""
        matrix = self.to_picture()
        return np.asarray(points @ matrix[:, :2].T + matrix[:, 2], np.float32)


class Pyramid:
    """A picture at halved sizes, made when needed: shrinking far in one bilinear step would alias.

    Args:
        image: (H, W, 3) uint8 RGB; never written to.
    """

    def __init__(self, image: Image) -> None:
        self._levels = [image]
        self.height, self.width = image.shape[:2]

    def _level(self, wanted: int) -> Image:
        while len(self._levels) <= wanted:
            last = self._levels[-1]
            size = (max(1, (last.shape[1] + 1) // 2), max(1, (last.shape[0] + 1) // 2))
            self._levels.append(cv2.resize(last, size, interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False))
        return self._levels[wanted]

    def prepare(self, shrink: float) -> None:
        """Make the levels that `crop` needs for that shrinking, so that threads may then share the pyramid."""
        self._level(self._depth(shrink))

    @staticmethod
    def _depth(shrink: float) -> int:
        return max(0, int(math.log2(max(shrink, 1.0))))

    def crop(self, square: Square, size: int) -> Image:
        """Pixels of a square, black outside the picture.

        Args:
            square: which.
            size: side of the result, pixels.

        Returns:
            (size, size, 3) uint8 RGB.
        """
        depth = self._depth(square.side / size)
        level = self._level(depth)
        scale_x, scale_y = level.shape[1] / self.width, level.shape[0] / self.height
        matrix = square.to_picture().astype(np.float64)
        matrix[:, :2] /= size
        # Pixel centres lie at half integers on both sides of the map.
        matrix[:, 2] += matrix[:, :2] @ (0.5, 0.5)
        matrix *= np.array([[scale_x], [scale_y]])
        matrix[:, 2] -= 0.5
        cropped = cv2.warpAffine(
            level,
            matrix,
            (size, size),
            flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
            borderMode=cv2.BORDER_CONSTANT,
            borderValue=(0, 0, 0),
        )
        return np.asarray(cropped, np.uint8)


def clip_boxes(boxes: FloatArray, width: int, height: int) -> FloatArray:
    """(N, 4) boxes cut to the picture."""
    limits = np.array([width, height, width, height], np.float32)
    return np.asarray(np.clip(boxes, 0, limits), np.float32)
