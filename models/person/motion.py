"""The coarse grid on which bodies are compared, and where on it the picture moves.

May import: `engine.core`, its neighbours.
"""

from __future__ import annotations

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.core.types import FloatArray
from models.person.bodies import visible_piece
from models.person.geometry import Pyramid, Square
from models.person.landmarks import Body

_CELLS = 128
"""Cells along the picture's longer side."""

_CHANGE = 12.0
_RESTLESS = 0.5

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

    def grey(self, pyramid: Pyramid) -> FloatArray:
        """Grey levels of the cells."""
        side = float(max(self.width, self.height))
        crop = pyramid.crop(Square(side / 2, side / 2, side), _CELLS)[: self.shape[0], : self.shape[1]]
        return np.asarray(cv2.GaussianBlur(cv2.cvtColor(crop, cv2.COLOR_RGB2GRAY), (3, 3), 0), np.float32)


class Motion:
    """Tells what moved since the last picture. A camera that moves itself shows nothing here."""

    def __init__(self) -> None:
        self._last: FloatArray | None = None

    def step(self, grid: Grid, pyramid: Pyramid) -> Cells:
        """Cells that changed since the last picture; none in the first one, or where most of the picture changed."""
        grey = grid.grey(pyramid)
        last, self._last = self._last, grey
        if last is None or last.shape != grey.shape:
            return np.zeros(grid.shape, np.bool_)
        moved = np.asarray(np.abs(grey - last) > _CHANGE, np.bool_)
        if moved.mean() > _RESTLESS:
            return np.zeros(grid.shape, np.bool_)
        return moved
