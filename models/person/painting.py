"""A picture in which some bodies are painted over, so that the networks see who stands beside or behind them.

May import: `engine.core`, its neighbours.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from engine.core.types import Image
from models.person.bodies import visible_piece
from models.person.geometry import Pyramid, Square
from models.person.landmarks import Body

_PAINT = 128
"""Grey: of black, grey and the surrounding colours it hides best that somebody was there."""


class Painted(Pyramid):
    """A picture without those bodies; they are painted over when a square is taken out, the picture stays as it is.

    Args:
        pyramid: the picture.
        bodies: whom to paint over.
    """

    def __init__(self, pyramid: Pyramid, bodies: Sequence[Body]) -> None:
        self._levels = pyramid._levels  # the halved sizes are made once for both
        self.width, self.height = pyramid.width, pyramid.height
        self._pieces = []
        for body in bodies:
            piece = visible_piece(body).astype(np.uint8)
            to_piece = np.diag([*piece.shape, 1.0]) @ np.linalg.inv(_square_map(body.square, 1))
            self._pieces.append((piece, to_piece))

    def crop(self, square: Square, size: int) -> Image:
        """Pixels of a square, black outside the picture and grey where a painted body shows.

        Args:
            square: which.
            size: side of the result, pixels.

        Returns:
            (size, size, 3) uint8 RGB.
        """
        crop = super().crop(square, size)
        from_crop = _square_map(square, size)
        for piece, to_piece in self._pieces:
            matrix = (to_piece @ from_crop)[:2]
            matrix[:, 2] += matrix[:, :2] @ (0.5, 0.5) - 0.5
            shown = cv2.warpAffine(piece, matrix, (size, size), flags=cv2.INTER_NEAREST | cv2.WARP_INVERSE_MAP)
            crop[shown > 0] = _PAINT
        return crop


def _square_map(square: Square, size: int) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """(3, 3) affine map from a square's crop of `size` pixels to pixels of the picture."""
    unit = np.vstack([square.to_picture().astype(np.float64), [0.0, 0.0, 1.0]])
    return np.asarray(unit @ np.diag([1 / size, 1 / size, 1.0]), np.float64)
