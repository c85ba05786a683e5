"""Colours as soft shares of fixed centres in a perceptual space, and how common each is on people.

May import: `engine.core`, `models.clothing` for the space and the names of colours.
"""

from __future__ import annotations

from functools import cache

import numpy as np

from engine.core.clothing import COLOURS
from models.clothing import naming
from models.clothing.light import Array

LIGHTNESS_WEIGHT = 0.55
"""What a difference of lightness counts for against one of chroma: shading changes lightness first."""

SPREAD = 0.045
"""Distance at which a centre's hold has fallen to 61 %."""

GREYS = (0.12, 0.24, 0.36, 0.48, 0.6, 0.72, 0.84, 0.95)
"""Lightness of the centres without colour."""

RINGS = ((0.045, (0.25, 0.4, 0.55, 0.7), 8), (0.11, (0.35, 0.55, 0.75), 10))
"""Chroma, lightness and number of hues of the others: washed-out colours, and strong ones."""

WORN = {
    "black": 0.32, "white": 0.1, "grey": 0.16, "red": 0.025, "orange": 0.01, "yellow": 0.01, "green": 0.015,
    "olive": 0.03, "teal": 0.01, "blue": 0.1, "navy": 0.1, "purple": 0.015, "pink": 0.015, "brown": 0.06, "beige": 0.05,
}  # fmt: skip
"""How common colours are on people, by rule of thumb: dark and dull ones prevail, and say little about who it is."""

SKIN = 0.1
"""Share of skin beside them."""

_TONES = ((0.35, 0.03, 0.035), (0.5, 0.045, 0.05), (0.65, 0.045, 0.05), (0.78, 0.035, 0.04))
_NEUTRAL = {"black": (0.1, 0.15, 0.2, 0.25, 0.3), "grey": (0.4, 0.5, 0.6, 0.7), "white": (0.8, 0.88, 0.95)}
_SHADES = (0.7, 0.85, 1.0)
_WEIGH = np.array([LIGHTNESS_WEIGHT, 1.0, 1.0])


def _centres() -> Array:
    rows = [(light, 0.0, 0.0) for light in GREYS]
    for chroma, lights, hues in RINGS:
        for light in lights:
            turns = np.arange(hues) * 2.0 * np.pi / hues + 0.2
            rows += [(light, chroma * float(np.cos(turn)), chroma * float(np.sin(turn))) for turn in turns]
    return np.array(rows)


CENTRES = _centres()
"""(C, 3) OKLab."""


def soft_shares(lab: Array, weights: Array) -> Array:
    """Shares of the centres in some pixels.

    Args:
        lab: (N, 3) OKLab under neutral light.
        weights: (N,) >= 0, not all 0.

    Returns:
        (C,) summing to 1.
    """
    points, centres = lab * _WEIGH, CENTRES * _WEIGH
    away = (points * points).sum(axis=1)[:, None] - 2.0 * points @ centres.T + (centres * centres).sum(axis=1)
    hold = np.exp(-(away - away.min(axis=1, keepdims=True)) / (2.0 * SPREAD**2))
    shares: Array = (weights @ (hold / hold.sum(axis=1, keepdims=True))) / weights.sum()
    return shares


@cache
def common() -> Array:
    """(C,) how common each centre is on people, summing to 1; from `WORN` and the prototypes of the names."""
    known = naming.table()
    prior = SKIN * soft_shares(np.array(_TONES), np.ones(len(_TONES)))
    for name, share in WORN.items():
        if name in _NEUTRAL:
            lab = np.array([(light, 0.0, 0.0) for light in _NEUTRAL[name]])
        else:
            lab = known.lab[known.names == COLOURS.index(name)] / np.array([naming.LIGHTNESS_WEIGHT, 1.0, 1.0])
        shaded = np.concatenate([lab * shade for shade in _SHADES])
        prior = prior + share * soft_shares(shaded, np.ones(len(shaded)))
    common: Array = np.asarray(prior / prior.sum(), np.float64)
    common.setflags(write=False)
    return common
