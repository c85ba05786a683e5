"""Views of people as the networks see them: resized with Pillow, background painted over where that is asked for.

May import: `engine.core`, `models.identity`.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image as Pillow

from engine.core.clothing import PersonPicture
from engine.core.types import FloatArray, Image
from models.identity.checkpoint import Recipe

SMALLEST = (24, 10)
"""Height and width, pixels, under which a view says nothing of who somebody is."""

_FILTERS = {"bilinear": Pillow.Resampling.BILINEAR, "bicubic": Pillow.Resampling.BICUBIC}


def shows_enough(picture: PersonPicture, *, masked: bool = False) -> bool:
    """Whether a view is large enough to be compared; with `masked`, a body must be seen in it too."""
    height, width = picture.image.shape[:2]
    return height >= SMALLEST[0] and width >= SMALLEST[1] and (not masked or bool((picture.mask > 127).any()))


def resized(image: Image, recipe: Recipe) -> Image:
    """A picture in the size of a network, its shape not kept: people are upright in their boxes.

    Args:
        image: (H, W, 3) uint8 RGB, any size.
        recipe: of the network.

    Returns:
        (height, width, 3) uint8 RGB.
    """
    size = (recipe.width, recipe.height)
    return np.asarray(Pillow.fromarray(image).resize(size, _FILTERS[recipe.interpolation]), np.uint8)


def prepared(picture: PersonPicture, recipe: Recipe) -> Image:
    """A view in the size of a network; see `resized`."""
    image = picture.image
    if recipe.masked:
        paint = np.round(np.array(recipe.mean) * 255).astype(np.uint8)
        image = np.where(picture.mask[..., None] > 127, image, paint)
    return resized(image, recipe)


def normalised(images: NDArray[np.uint8], recipe: Recipe) -> FloatArray:
    """Pictures as numbers around 0.

    Args:
        images: (N, height, width, 3) uint8 RGB.
        recipe: mean and deviation.

    Returns:
        (N, 3, height, width) float32.
    """
    scaled = images.astype(np.float32) / 255
    around = (scaled - np.array(recipe.mean, np.float32)) / np.array(recipe.std, np.float32)
    return np.ascontiguousarray(around.transpose(0, 3, 1, 2), np.float32)
