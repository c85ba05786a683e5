"""Texture of a part of the body: how strongly and which way lightness changes within it.

Directions are folded so that a mirrored body has the same texture. May import: `engine.core`, its neighbours.
"""

from __future__ import annotations

import numpy as np

from models.clothing.body import Mask
from models.clothing.cutting import View
from models.clothing.light import Array

STEPS = (0.0, 0.006, 0.014, 0.03, 0.06)
"""Changes of lightness over a fiftieth of the trunk's length: from none to a sharp pattern."""

FLOOR = 0.004
"""Changes under this are noise of the camera."""

WIDE = 0.35
"""How softly changes (logarithms) and directions (radians) fall into bins."""

DIRECTIONS = (0.0, np.pi / 4.0, np.pi / 2.0)
"""Across, aslant, along the picture; those to the left count as those to the right."""

BLUR = 0.02
"""Trunks by which a view is blurred before: what is finer depends on the camera's distance."""

BINS = 1 + (len(STEPS) - 1) * len(DIRECTIONS)
"""No change, and every other step in every direction."""

_COMMON_STEPS, _COMMON_DIRECTIONS = (0.17, 0.27, 0.2, 0.17, 0.19), (0.34, 0.42, 0.24)
COMMON: Array = np.concatenate([_COMMON_STEPS[:1], np.outer(_COMMON_STEPS[1:], _COMMON_DIRECTIONS).reshape(-1)])
"""(13,) how common each bin is on clothes, summing to 1: folds are everywhere, and mostly aslant or upright."""


def changes(view: View) -> Array:
    """(H, W, 13) soft bins of the change of lightness at every pixel, summing to 1."""
    import cv2

    light = cv2.GaussianBlur(view.lab[..., 0], (0, 0), max(0.5, BLUR * view.body.unit))
    right = cv2.Sobel(light, cv2.CV_64F, 1, 0, ksize=3) / 8.0
    down = cv2.Sobel(light, cv2.CV_64F, 0, 1, ksize=3) / 8.0
    strong = np.log(np.hypot(right, down) * view.body.unit / 50.0 + FLOOR)
    step = _soft(strong, np.log(np.array(STEPS) + FLOOR))
    way = _soft(np.arctan2(np.abs(down), np.abs(right)), np.array(DIRECTIONS))
    both = (step[..., 1:, None] * way[..., None, :]).reshape(*light.shape, -1)
    return np.concatenate([step[..., :1], both], axis=-1)


def inner(weight: Array) -> Mask:
    """Pixels of a part that do not touch its edge, where lightness changes for another reason."""
    import cv2

    return np.asarray(cv2.erode((weight > 0).astype(np.uint8), np.ones((3, 3), np.uint8)) > 0, np.bool_)


def _soft(values: Array, centres: Array) -> Array:
    hold = np.exp(-((values[..., None] - centres) ** 2) / (2.0 * WIDE**2))
    return np.asarray(hold / np.maximum(hold.sum(axis=-1, keepdims=True), 1e-12), np.float64)
