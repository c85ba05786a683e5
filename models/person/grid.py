"""The coarse grid on which bodies are compared.

May import: `engine.core`, its neighbours.
"""

from __future__ import annotations

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from models.person.bodies import visible_piece
from models.person.landmarks import Body

_CELLS = 128
"""Cells along the picture's longer side."""

Cells = NDArray[np.bool_]


class Grid:
    """Cells of one picture.

    Args:
        width: of the picture, pixels.
        height: of the picture, pixels.
    """

    def __init__(self, width: int, height: int) -> None:
        self.width, self.height = width, height
        self._scale = _CELLS / max(width, height)
        self.shape = (max(1, math.ceil(height * self._scale)), max(1, math.ceil(width * self._scale)))

    def cover(self, body: Body) -> Cells:
        """The cells a body is seen on."""
        piece = visible_piece(body).astype(np.uint8)
        matrix = body.square.to_picture().astype(np.float64) * self._scale
        matrix[:, :2] /= piece.shape[0]
        matrix[:, 2] += matrix[:, :2] @ (0.5, 0.5) - 0.5
        return np.asarray(cv2.warpAffine(piece, matrix, self.shape[::-1], flags=cv2.INTER_NEAREST), np.bool_)
