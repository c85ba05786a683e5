"""Made-up bodies: upright, of one box, with a mask that fills it."""

from __future__ import annotations

import numpy as np

from models.person.geometry import Square
from models.person.landmarks import SIZE, Body


def body_in(box: tuple[float, float, float, float], *, presence: float = 0.9, focus: float = 0.8) -> Body:
    """Somebody who fills a box.

    Args:
        box: xyxy, pixels.
        presence: that a body is there, in [0, 1].
        focus: how sure the network is of the landmarks.
    """
    x1, y1, x2, y2 = box
    x, y, width, height = (x1 + x2) / 2, (y1 + y2) / 2, x2 - x1, y2 - y1
    square = Square(x, y, 1.5 * max(width, height))
    landmarks = np.zeros((33, 3), np.float32)
    landmarks[:, :2] = x, y1 + 0.1 * height
    landmarks[11:23, :2] = x, y1 + 0.25 * height
    landmarks[23:33, :2] = x, y1 + 0.9 * height
    landmarks[23:25, 1] = y1 + 0.6 * height
    landmarks[11:33:2, 0] -= width / 4
    landmarks[12:33:2, 0] += width / 4
    landmarks[:, 2] = 1.0
    places = (np.arange(SIZE) + 0.5) / SIZE * square.side
    columns, rows = places + square.x - square.side / 2, places + square.y - square.side / 2
    inside = ((rows >= y1) & (rows < y2))[:, None] & ((columns >= x1) & (columns < x2))
    return Body(square, presence, landmarks, square, inside.astype(np.float32), focus)
