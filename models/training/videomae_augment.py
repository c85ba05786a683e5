"""Varied clips: turned, lighter or darker, of another colour; all pictures of a clip alike.

May import: `engine.core`, this room.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from models.training.videomae_config import VideoTrainConfig


def vary(clip: NDArray[np.uint8], config: VideoTrainConfig, rng: np.random.Generator) -> NDArray[np.uint8]:
    """A varied copy of a clip.

    Args:
        clip: (F, S, S, 3) uint8 RGB.
        config: how far it may be varied.
        rng: draws the turn, the brightness and the colour, evenly within the bounds.

    Returns:
        (F, S, S, 3) uint8 RGB; corners that turn in from outside repeat the border.
    """
    import cv2

    angle = rng.uniform(-config.rotation, config.rotation)
    light = rng.uniform(-config.brightness, config.brightness)
    shift = light + rng.uniform(-config.colour, config.colour, 3)
    side = clip.shape[1]
    middle = (side - 1) / 2
    matrix = cv2.getRotationMatrix2D((middle, middle), angle, 1.0)
    turned = [cv2.warpAffine(picture, matrix, (side, side), borderMode=cv2.BORDER_REPLICATE) for picture in clip]
    return np.asarray(np.clip(np.stack(turned).astype(np.float32) + shift, 0, 255).round(), np.uint8)
