"""How a colour that is asked for may come to be read, under the light of real rooms.

Cloth of one colour is not always read as that colour: white in a dim corridor reads as grey, navy as black, beige under
warm lamps as brown. How often is not tuned on footage but worked out: typical sRGB values of each colour are put under
many lights (exposure, haze, tint, a camera that fades), and every result gets the name of the nearest typical colour in
OKLab, or a neutral one where there is next to no chroma. That gives P(read | asked), and against how common colours are
at all, how much a reading speaks for or against what is asked.
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
    "blue": ((46, 92, 186), (76, 108, 154), (136, 172, 216), (44, 66, 112)),
    "navy": ((26, 34, 74), (38, 48, 82)),
    "purple": ((108, 52, 138), (146, 108, 176)),
    "pink": ((232, 136, 172), (236, 180, 194), (214, 70, 130)),
    "brown": ((98, 64, 42), (72, 48, 36), (138, 96, 62)),
    "beige": ((208, 184, 148), (186, 164, 134)),
}
"""Typical cloth of each colour in daylight, sRGB: judgement, from dyed cloth as shops show it."""

HAIR: dict[str, tuple[tuple[int, int, int], ...]] = {
    "black": ((18, 17, 18), (34, 30, 30)),
    "brown": ((54, 38, 29), (76, 54, 40), (106, 76, 54)),
    "beige": ((196, 164, 116), (158, 126, 84), (216, 192, 150), (128, 100, 68)),
    "red": ((128, 62, 36), (160, 84, 48), (92, 44, 32), (140, 36, 40)),
    "grey": ((112, 110, 108), (158, 156, 154)),
    "white": ((206, 204, 200), (228, 226, 222)),
}
"""The same of hair, which is called by other names than cloth: red is copper, and beige is blonde. Dyed hair is as
cloth of its colour."""

CALLED: dict[str, dict[str, float]] = {
    "black": {"navy": 0.03, "grey": 0.02},
    "white": {"beige": 0.05, "grey": 0.02},
    "grey": {"black": 0.02, "beige": 0.02},
    "red": {"pink": 0.02, "orange": 0.03},
    "orange": {"red": 0.06, "yellow": 0.02, "brown": 0.04},
    "yellow": {"beige": 0.03, "orange": 0.04},
    "green": {"olive": 0.12, "teal": 0.08},
    "olive": {"green": 0.12, "brown": 0.06},
    "teal": {"green": 0.1, "blue": 0.1},
    "blue": {"navy": 0.18, "teal": 0.03},
    "navy": {"blue": 0.12, "black": 0.05},
    "purple": {"navy": 0.02, "pink": 0.05},
    "pink": {"red": 0.04, "purple": 0.03},
    "brown": {"beige": 0.05, "red": 0.02, "olive": 0.02},
    "beige": {"brown": 0.06, "white": 0.05},
}
"""How much of what people call by a colour's name others call otherwise: navy is blue to many."""

COMMON: dict[str, tuple[float, ...]] = {
    "head": (0.34, 0.12, 0.13, 0.05, 0.02, 0.02, 0.03, 0.03, 0.01, 0.06, 0.07, 0.01, 0.02, 0.05, 0.04),
    "hair": (0.46, 0.02, 0.07, 0.04, 0.002, 0.002, 0.001, 0.001, 0.001, 0.002, 0.002, 0.002, 0.003, 0.3, 0.12),
    "upper": (0.27, 0.16, 0.16, 0.06, 0.02, 0.02, 0.03, 0.02, 0.01, 0.08, 0.06, 0.02, 0.03, 0.04, 0.02),
    "lower": (0.37, 0.05, 0.16, 0.01, 0.003, 0.003, 0.01, 0.02, 0.004, 0.2, 0.09, 0.004, 0.006, 0.04, 0.03),
    "shoes": (0.5, 0.18, 0.13, 0.02, 0.01, 0.01, 0.01, 0.005, 0.005, 0.03, 0.02, 0.005, 0.01, 0.05, 0.015),
    "bag": (0.45, 0.05, 0.12, 0.05, 0.01, 0.02, 0.02, 0.03, 0.01, 0.06, 0.05, 0.01, 0.02, 0.08, 0.04),
}
"""How many wear which colour where, in the order of `COLOURS`, before scaling to 1: rough, from what streets look like.
It says how much an agreement is worth: a black shoe is hardly news, a teal jacket is."""

LIGHTS = 240
"""Lights each typical cloth is put under."""

NAMING = (0.035, 0.012, 0.012)
"""Standard deviation, in OKLab, of where people and programs draw the line between two names."""

NEUTRAL, NEUTRAL_DARK = 0.024, 0.03
"""Chroma under which cloth is black, grey or white, and what the darkest adds to it: cameras tint shadows."""

BLACK_TO_GREY, GREY_TO_WHITE = 0.37, 0.82
"""Lightness in OKLab between neutral names."""

LIGHTNESS = 0.55
"""What a difference of lightness counts for between colours, against one of hue and chroma."""

SHADES = {"light": (0.16, 0.8), "dark": (-0.13, 0.9)}
"""What a shade does to typical cloth: added lightness, factor on chroma."""

NEUTRALS = tuple(COLOURS.index(name) for name in ("black", "grey", "white"))

TO_CONE = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
TO_LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)
"""Linear sRGB to OKLab. Source: Ottosson 2020."""


def reading(colour: str, region: str, shade: str = "", also: tuple[str, ...] = ()) -> FloatArray:
    """P(read | asked), (15,) float32 in the order of `COLOURS`, sums to 1.

    Args:
        colour: asked for, of `COLOURS`.
        region: where it is worn, of `REGIONS`.
        shade: "light", "dark" or "".
        also: colours the words may mean as well; together they count as much as `colour`.

    Raises:
        ValueError: a name is not one of `COLOURS`.
    """
    table = _table(shade, region == "hair")
    row = _called(colour) @ table
    if also:
        row = 0.5 * row + 0.5 * np.mean([_called(name) @ table for name in also], axis=0)
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
    usual = common(region) @ _table("", region == "hair")
    answer: FloatArray = (row / usual).astype(np.float32)
    return answer


def worn(colour: str, also: tuple[str, ...], region: str) -> float:
    """P(asked) before anything is seen, in (0, 1)."""
    shares = common(region)
    return float(min(0.95, sum(shares[COLOURS.index(name)] for name in {colour, *also})))


def _called(colour: str) -> NDArray[np.float64]:
    """P(cloth | word), (15,): what people who say a colour's name may mean."""
    shares = np.zeros(len(COLOURS))
    for other, share in CALLED[colour].items():
        shares[COLOURS.index(other)] = share
    shares[COLOURS.index(colour)] = 1.0 - shares.sum()
    return shares


@lru_cache(maxsize=8)
def _table(shade: str, hair: bool) -> NDArray[np.float64]:
    """P(read | worn), (15, 15), rows worn, columns read."""
    lights = np.random.default_rng(15)
    exposure = np.exp(lights.uniform(np.log(0.35), np.log(2.0), (LIGHTS, 1)))
    haze = lights.uniform(0.0, 0.04, (LIGHTS, 1)) * np.exp(lights.normal(0.0, 0.25, (LIGHTS, 3)))
    tint = np.exp(lights.normal(0.0, 0.07, (LIGHTS, 3)))
    fading = np.stack([np.ones(LIGHTS), *[lights.uniform(0.6, 1.1, LIGHTS)] * 2], axis=1)
    naming = lights.normal(0.0, 1.0, (LIGHTS, 3)) * NAMING
    rows = np.zeros((len(COLOURS), len(COLOURS)))
    for index, name in enumerate(COLOURS):
        for value in (HAIR if hair else CLOTH).get(name, CLOTH[name]):
            cloth = _shaded(_linear(np.array([value], np.float64)), shade)
            seen = _lab(np.clip(cloth * exposure * tint + haze, 0.0, 1.0)) * fading + naming
            rows[index] += np.bincount(_named(seen), minlength=len(COLOURS))
    # Readings that no light explains are left to `engine.search.votes.TRUST`; nothing is quite impossible.
    rows = rows / rows.sum(axis=1, keepdims=True) + 1e-5
    answer: NDArray[np.float64] = rows / rows.sum(axis=1, keepdims=True)
    return answer


def _named(lab: NDArray[np.float64]) -> NDArray[np.int64]:
    """Places in `COLOURS` of what a reader calls each colour, (N,)."""
    names, typical = _known()
    weights = np.array([LIGHTNESS, 1.0, 1.0])
    scaled, known = lab * weights, typical * weights
    # |a - b|^2 less |a|^2, which is the same for every b.
    named = names[((known**2).sum(axis=1) - 2.0 * scaled @ known.T).argmin(axis=1)]
    lightness, chroma = lab[:, 0], np.hypot(lab[:, 1], lab[:, 2])
    step = (lightness > BLACK_TO_GREY).astype(np.int64) + (lightness > GREY_TO_WHITE)
    neutral = chroma < NEUTRAL + NEUTRAL_DARK * np.clip((0.3 - lightness) / 0.2, 0.0, 1.0)
    answer: NDArray[np.int64] = np.where(neutral, np.array(NEUTRALS)[step], named)
    return answer


def _known() -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """What a reader knows colours other than black, grey and white by: place in `COLOURS` (K,), OKLab (K, 3).

    It knows them in half light as well, but for blue, which it calls navy then.
    """
    names: list[int] = []
    values = []
    for index, name in enumerate(COLOURS):
        if index not in NEUTRALS:
            for light in (1.0,) if name == "blue" else (1.0, 0.45):
                names += [index] * len(CLOTH[name])
                values.append(_linear(np.array(CLOTH[name], np.float64)) * light)
    return np.array(names), _lab(np.concatenate(values))


def _linear(srgb: NDArray[np.float64]) -> NDArray[np.float64]:
    unit = srgb / 255.0
    answer: NDArray[np.float64] = np.where(unit <= 0.04045, unit / 12.92, ((unit + 0.055) / 1.055) ** 2.4)
    return answer


def _lab(linear: NDArray[np.float64]) -> NDArray[np.float64]:
    """OKLab (N, 3) of linear sRGB."""
    answer: NDArray[np.float64] = np.cbrt(linear @ TO_CONE.T) @ TO_LAB.T
    return answer


def _shaded(linear: NDArray[np.float64], shade: str) -> NDArray[np.float64]:
    """Linear sRGB of a lighter or darker dye of the same hue."""
    if not shade:
        return linear
    lightness, chroma = SHADES[shade]
    lab = _lab(linear) * np.array([1.0, chroma, chroma])
    lab[:, 0] = np.clip(lab[:, 0] + lightness, 0.12, 0.97)
    answer: NDArray[np.float64] = np.clip((lab @ np.linalg.inv(TO_LAB).T) ** 3 @ np.linalg.inv(TO_CONE).T, 0.0, 1.0)
    return answer
