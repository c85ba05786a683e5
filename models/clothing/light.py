"""Pixels under the light of their scene, made into perceptual colours that do not depend on it.

May import: `engine.core`.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.core.clothing import PersonPicture

Array = NDArray[np.float64]

LUMINANCE = np.array([0.2126, 0.7152, 0.0722])
"""Of linear RGB. Source: ITU-R BT.709."""

BLACK_SHARE = 0.85
"""Of the scene's black that is taken off: what is darkest in view need not be quite black."""

FULLEST_GAIN = 1.6
"""The scene's white is raised to full by at most this: what was filmed in the dark stays rather dark."""

LOCAL_GAIN = 2.1
"""What is among the brightest around a person is raised further by at most this: it stands in the shade of a scene
that is brighter elsewhere."""

LIFTED = (0.35, 0.65)
"""Shares of the brightest around a person between which that takes effect; what is darker is left alone, so that
black cloth before a dark ground does not turn grey."""

_TO_CONE = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
_TO_LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)
_GREY = np.arange(256) / 255.0
_LINEAR: Array = np.where(_GREY <= 0.04045, _GREY / 12.92, ((_GREY + 0.055) / 1.055) ** 2.4)


def linear_rgb(pixels: NDArray[np.uint8]) -> Array:
    """Linear light in [0, 1] of sRGB grey levels, any shape. Source: IEC 61966-2-1."""
    return np.asarray(_LINEAR[pixels], np.float64)


def oklab(linear: Array) -> Array:
    """OKLab of linear RGB: lightness in [0, 1], then green to red and blue to yellow within about +-0.3.

    Args:
        linear: (..., 3) in [0, 1].

    Source: B. Ottosson, A perceptual color space for image processing, 2020.
    """
    return np.asarray(np.cbrt(np.maximum(linear, 0.0) @ _TO_CONE.T) @ _TO_LAB.T, np.float64)


def balanced(picture: PersonPicture, image: NDArray[np.uint8]) -> Array:
    """Linear RGB as it would be in daylight that spans the whole range.

    Args:
        picture: says what the light is.
        image: (H, W, 3) uint8 RGB, the picture's own or a smaller copy.

    Returns:
        (H, W, 3) in [0, 1].
    """
    low = BLACK_SHARE * np.array(picture.black)
    gain = min(1.0 / max(picture.full - float(low @ LUMINANCE), 1e-3), FULLEST_GAIN)
    linear = np.maximum(linear_rgb(image) - low, 0.0) / picture.white.astype(np.float64) * gain
    luminance = linear @ LUMINANCE
    around = float(np.percentile(luminance, 98.0))
    local = float(np.clip(0.92 / max(around, 1e-3), 1.0, LOCAL_GAIN))
    share = np.clip((luminance / max(around, 1e-3) - LIFTED[0]) / (LIFTED[1] - LIFTED[0]), 0.0, 1.0)
    lift = 1.0 + (local - 1.0) * share * share * (3.0 - 2.0 * share)
    return np.asarray(np.minimum(linear * lift[..., None], 1.0), np.float64)
