"""How a colour that is asked for may come to be read, under the light of real rooms.

Cloth of one colour is not always read as that colour: white in a dim corridor reads as grey, navy as black, beige under
warm lamps as brown. How often is not tuned on footage but worked out: typical sRGB values of each colour are put under
many lights (exposure, haze, tint, a camera that fades), and every result gets the name of the nearest typical colour in CIELAB. That gives
P(read | asked), and against how common colours are at all, how much a reading speaks for or against what is asked.
Owns: this table. May import: `engine.core`.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from engine.core.clothing import COLOURS, REGIONS
from engine.core.types import FloatArray

CLOTH: dict[str, tuple[tuple[int, int, int], ...]] = {
    "black": ((20, 20, 22), (36, 35, 38)),
    "white": ((243, 243, 241), (224, 224, 222)),
    "grey": ((84, 85, 88), (124, 125, 128), (168, 169, 171)),
    "red": ((196, 30, 42), (146, 26, 36)),
    "orange": ((232, 120, 32), (206, 94, 36)),
    "yellow": ((238, 208, 54), (214, 178, 58)),
    "green": ((42, 132, 62), (28, 90, 52), (112, 176, 92)),
    "olive": ((100, 101, 56), (76, 78, 50)),
    "teal": ((22, 122, 124), (28, 92, 100), (92, 176, 176)),
    "blue": ((46, 92, 186), (76, 108, 154), (136, 172, 216)),
    "navy": ((26, 34, 74), (38, 48, 82)),
    "purple": ((108, 52, 138), (146, 108, 176)),
    "pink": ((232, 136, 172), (236, 180, 194), (214, 70, 130)),
    "brown": ((98, 64, 42), (72, 48, 36), (138, 96, 62)),
    "beige": ((208, 184, 148), (186, 164, 134)),
}
"""Typical cloth of each colour in daylight, sRGB: judgement, from dyed cloth as shops show it."""

SHADES = {"light": (18.0, 0.8), "dark": (-14.0, 0.9)}
"""What a shade does to typical cloth: added lightness L*, factor on chroma."""

COMMON: dict[str, tuple[float, ...]] = {
    "head": (0.34, 0.12, 0.13, 0.05, 0.02, 0.02, 0.03, 0.03, 0.01, 0.06, 0.07, 0.01, 0.02, 0.05, 0.04),
    "hair": (0.48, 0.03, 0.10, 0.02, 0.01, 0.02, 0.002, 0.005, 0.002, 0.002, 0.01, 0.004, 0.005, 0.25, 0.06),
    "upper": (0.27, 0.16, 0.16, 0.06, 0.02, 0.02, 0.03, 0.02, 0.01, 0.08, 0.06, 0.02, 0.03, 0.04, 0.02),
    "lower": (0.37, 0.05, 0.16, 0.01, 0.003, 0.003, 0.01, 0.02, 0.004, 0.2, 0.09, 0.004, 0.006, 0.04, 0.03),
    "shoes": (0.5, 0.18, 0.13, 0.02, 0.01, 0.01, 0.01, 0.005, 0.005, 0.03, 0.02, 0.005, 0.01, 0.05, 0.015),
    "bag": (0.45, 0.05, 0.12, 0.05, 0.01, 0.02, 0.02, 0.03, 0.01, 0.06, 0.05, 0.01, 0.02, 0.08, 0.04),
}
"""How many wear which colour where, in the order of `COLOURS`, before scaling to 1: rough, from what streets look like.
It says how much an agreement is worth: a black shoe is hardly news, a teal jacket is."""

LIGHTS = 240
"""Lights each typical cloth is put under."""

NAMING = 6.0
"""Standard deviation, in CIELAB units, of where people and programs draw the line between two names."""

WHITE = np.array([0.95047, 1.0, 1.08883])
TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])


def reading(colour: str, shade: str = "", also: tuple[str, ...] = ()) -> FloatArray:
    """P(read | asked), (15,) float32 in the order of `COLOURS`, sums to 1.

    Args:
        colour: asked for, of `COLOURS`.
        shade: "light", "dark" or "".
        also: colours the words may mean as well; together they count as much as `colour`.

    Raises:
        ValueError: a name is not one of `COLOURS`.
    """
    table = _table(shade)
    row = table[COLOURS.index(colour)]
    if also:
        others = np.mean([table[COLOURS.index(name)] for name in also], axis=0)
        row = 0.5 * row + 0.5 * others
    answer: FloatArray = row.astype(np.float32)
    return answer


def common(region: str) -> FloatArray:
    """P(worn) of each colour in a region, (15,) float32 that sums to 1; of "" that of all regions together."""
    rows = np.array([COMMON[name] for name in ((region,) if region else REGIONS)])
    rows /= rows.sum(axis=1, keepdims=True)
    answer: FloatArray = rows.mean(axis=0).astype(np.float32)
    return answer


def ratios(row: FloatArray, region: str) -> FloatArray:
    """P(read | asked) / P(read), (15,) float32: how many times as likely each reading is where the asked is worn.

    Args:
        row: (15,) of `reading`.
        region: where it is read.
    """
    usual = common(region) @ _table("")
    answer: FloatArray = (row / usual).astype(np.float32)
    return answer


def worn(colour: str, also: tuple[str, ...], region: str) -> float:
    """P(asked) before anything is seen, in (0, 1)."""
    shares = common(region)
    return float(min(0.95, sum(shares[COLOURS.index(name)] for name in {colour, *also})))


@lru_cache(maxsize=4)
def _table(shade: str) -> NDArray[np.float64]:
    """P(read | asked), (15, 15), rows asked, columns read."""
    lights = np.random.default_rng(15)
    exposure = np.exp(lights.uniform(np.log(0.3), np.log(1.2), (LIGHTS, 1)))
    haze = lights.uniform(0.0, 0.04, (LIGHTS, 1)) * np.exp(lights.normal(0.0, 0.25, (LIGHTS, 3)))
    tint = np.exp(lights.normal(0.0, 0.08, (LIGHTS, 3)))
    fading = np.stack([np.ones(LIGHTS), *[lights.uniform(0.5, 1.1, LIGHTS)] * 2], axis=1)
    naming = lights.normal(0.0, NAMING, (LIGHTS, 3))
    names = np.array([index for index, name in enumerate(COLOURS) for _ in CLOTH[name]])
    typical = _lab(_linear(np.array([value for name in COLOURS for value in CLOTH[name]], np.float64)))
    rows = np.zeros((len(COLOURS), len(COLOURS)))
    for index, name in enumerate(COLOURS):
        for value in CLOTH[name]:
            cloth = _shaded(_linear(np.array([value], np.float64)), shade)
            seen = _lab(np.clip(cloth * exposure * tint + haze, 0.0, 1.0)) * fading + naming
            # |a - b|^2 without the (lights, typical, 3) cube; |a|^2 is the same for every b.
            far = (typical**2).sum(axis=1) - 2.0 * seen @ typical.T
            rows[index] += np.bincount(names[far.argmin(axis=1)], minlength=len(COLOURS))
    # A reading that no light explains is still possible.
    rows = rows / rows.sum(axis=1, keepdims=True) + 0.004
    answer: NDArray[np.float64] = rows / rows.sum(axis=1, keepdims=True)
    return answer


def _linear(srgb: NDArray[np.float64]) -> NDArray[np.float64]:
    unit = srgb / 255.0
    answer: NDArray[np.float64] = np.where(unit <= 0.04045, unit / 12.92, ((unit + 0.055) / 1.055) ** 2.4)
    return answer


def _shaded(linear: NDArray[np.float64], shade: str) -> NDArray[np.float64]:
    """Linear RGB of a lighter or darker dye of the same hue."""
    if not shade:
        return linear
    lightness, chroma = SHADES[shade]
    lab = _lab(linear)
    lab = np.stack([np.clip(lab[:, 0] + lightness, 6.0, 96.0), lab[:, 1] * chroma, lab[:, 2] * chroma], axis=1)
    middle = (lab[:, 0] + 16.0) / 116.0
    roots = np.stack([middle + lab[:, 1] / 500.0, middle, middle - lab[:, 2] / 200.0], axis=1)
    xyz = np.where(roots > 6 / 29, roots**3, 3 * (6 / 29) ** 2 * (roots - 4 / 29)) * WHITE
    return np.clip(xyz @ np.linalg.inv(TO_XYZ).T, 0.0, 1.0)


def _lab(linear: NDArray[np.float64]) -> NDArray[np.float64]:
    """CIELAB (N, 3) under D65. Source: CIE 15."""
    ratio = linear @ TO_XYZ.T / WHITE
    roots = np.where(ratio > (6 / 29) ** 3, np.cbrt(ratio), ratio / (3 * (6 / 29) ** 2) + 4 / 29)
    lightness = 116 * roots[:, 1] - 16
    return np.stack([lightness, 500 * (roots[:, 0] - roots[:, 1]), 200 * (roots[:, 1] - roots[:, 2])], axis=1)
