"""Names of colours in a perceptual space: soft shares of the fifteen names, hues by prototypes kept as data.

May import: `engine.core`, its neighbours.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from engine.core.clothing import COLOURS
from models.clothing.light import Array, linear_rgb, oklab

TABLE = Path(__file__).with_name("colours.toml")

LIGHTNESS_WEIGHT = 0.55
"""What a difference of lightness counts for against one of chroma: shading changes lightness first."""

SPREAD = 0.03
"""Distance at which a name has lost 40 % of its hold."""

NEUTRAL_CHROMA, NEUTRAL_WIDTH = 0.021, 0.004
"""Chroma at which half of people would say that cloth has a colour, and how fast that changes."""

NEUTRAL_WARM, WARM_HUE = 0.012, np.radians(75.0)
"""By how much that chroma is higher towards a candle's hue: most whites are off-white, and most lamps warm."""

NEUTRAL_DARK = 0.05
"""By how much that chroma rises towards black, where cameras and compression tint."""

DARK = (0.05, 0.25)
"""Lightness between which it falls to its usual value."""

BLACK_TO_GREY, GREY_TO_WHITE = (0.36, 0.02), (0.81, 0.02)
"""Lightness at which one name gives way to the next, and how fast."""

NEUTRALS = ("black", "white", "grey")


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """The prototypes.

    Attributes:
        lab: (K, 3) where they lie, lightness weighed down.
        names: (K,) number of the colour of each, in `COLOURS`.
    """

    lab: Array
    names: np.ndarray[tuple[int, ...], np.dtype[np.int64]]


@cache
def table() -> Table:
    """The prototypes of `colours.toml`.

    Raises:
        ValueError: a name is missing, or one is neutral or not of `COLOURS`.
    """
    entries: dict[str, list[str]] = tomllib.loads(TABLE.read_text("utf-8"))
    if [*entries] != [COLOURS[number] for number in _CHROMATIC]:
        raise ValueError(f"colours.toml must name {COLOURS} in order, without {NEUTRALS}")
    codes = [code for name in entries for code in entries[name]]
    pixels = np.array([[int(code[at : at + 2], 16) for at in (1, 3, 5)] for code in codes], np.uint8)
    names = np.array([number for number, name in enumerate(COLOURS) for _ in entries.get(name, ())], np.int64)
    return Table(_weighed(oklab(linear_rgb(pixels))), names)


def colour_shares(lab: Array) -> Array:
    """How well each name fits each colour.

    Args:
        lab: (N, 3) OKLab under neutral light.

    Returns:
        (N, 15) in the order of `COLOURS`, each row summing to 1: one name for what everybody calls so, two or three
        near the borders. Hue counts only as far as there is any.
    """
    known = table()
    away = ((_weighed(lab)[:, None, :] - known.lab[None]) ** 2).sum(axis=2)
    nearest = np.stack([away[:, known.names == name].min(axis=1) for name in _CHROMATIC], axis=1)
    # Far from all prototypes the nearest still wins: only differences count.
    hold = np.exp(-(nearest - nearest.min(axis=1, keepdims=True)) / (2.0 * SPREAD**2))
    light = lab[:, 0]
    half = NEUTRAL_CHROMA + NEUTRAL_DARK * np.clip((DARK[1] - light) / (DARK[1] - DARK[0]), 0.0, 1.0)
    hue = np.arctan2(lab[:, 2], lab[:, 1])
    half += NEUTRAL_WARM * np.maximum(np.cos(hue - WARM_HUE), 0.0)
    coloured = _rise((np.hypot(lab[:, 1], lab[:, 2]) - half) / NEUTRAL_WIDTH)
    shares = np.zeros((len(lab), len(COLOURS)))
    shares[:, _CHROMATIC] = coloured[:, None] * hold / hold.sum(axis=1, keepdims=True)
    bright, white = (_rise((light - at) / width) for at, width in (BLACK_TO_GREY, GREY_TO_WHITE))
    for name, share in zip(NEUTRALS, (1.0 - bright, bright * white, bright * (1.0 - white)), strict=True):
        shares[:, COLOURS.index(name)] = (1.0 - coloured) * share
    return np.asarray(shares / shares.sum(axis=1, keepdims=True), np.float64)


_CHROMATIC = [number for number, name in enumerate(COLOURS) if name not in NEUTRALS]


def _rise(value: Array) -> Array:
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(value, -40.0, 40.0))), np.float64)


def _weighed(lab: Array) -> Array:
    return np.asarray(lab * np.array([LIGHTNESS_WEIGHT, 1.0, 1.0]), np.float64)
