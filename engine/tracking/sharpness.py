"""How sharp a person's picture is.

Owns: one number per box. May import: `engine.core`.
"""

from __future__ import annotations

import numpy as np

from engine.core.types import FloatArray, Image

MEASURED_SIDE = 256
"""Crops longer than this are averaged down first: blur is judged at the scale at which crops are used."""

LUMA = np.asarray([0.299, 0.587, 0.114], np.float32)
"""What red, green and blue count for in grey. Source: ITU-R BT.601."""


def sharpness(image: Image, boxes: FloatArray) -> FloatArray:
    """Standard deviation of the Laplacian of each grey crop.

    Args:
        image: (H, W, 3) uint8 RGB.
        boxes: (N, 4) float32 xyxy, pixels; parts outside the picture do not count.

    Returns:
        (N,) float32 grey levels; 0 where the crop is featureless or smaller than three pixels a side.

    Raises:
        ValueError: boxes is not (N, 4).

    Source: Pech-Pacheco et al. 2000 (variance of Laplacian). Differs: the standard deviation, on crops averaged down.
    """
    if boxes.ndim != 2 or boxes.shape[1] != 4:
        raise ValueError(f"boxes must be (N, 4), got {boxes.shape}")
    return np.asarray([_of_crop(image, box) for box in boxes], np.float32).reshape(len(boxes))


def _of_crop(image: Image, box: FloatArray) -> float:
    height, width = image.shape[:2]
    x1, y1 = max(0, int(np.floor(box[0]))), max(0, int(np.floor(box[1])))
    x2, y2 = min(width, int(np.ceil(box[2]))), min(height, int(np.ceil(box[3])))
    step = max(1, -(-max(x2 - x1, y2 - y1) // MEASURED_SIDE))
    rows, columns = (y2 - y1) // step, (x2 - x1) // step
    if rows < 3 or columns < 3:
        return 0.0
    crop = image[y1 : y1 + rows * step, x1 : x1 + columns * step]
    grey = (crop.astype(np.float32) @ LUMA).reshape(rows, step, columns, step).mean(axis=(1, 3))
    middle = grey[1:-1, 1:-1]
    laplacian = grey[:-2, 1:-1] + grey[2:, 1:-1] + grey[1:-1, :-2] + grey[1:-1, 2:] - 4.0 * middle
    return float(laplacian.std())
