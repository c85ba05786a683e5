"""Skin: the tone of a person's own face and hands, and what could be skin of that tone.

May import: `engine.core`, its neighbours.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.clothing.body import FINGERS, Body, Mask
from models.clothing.light import LUMINANCE, Array

RED, BLUE = (0.28, 1.25), (-1.0, 0.02)
"""Logarithms of red over green and of blue over green, linear light, that skin of all people has under a neutral
light."""

BLUER = 0.35
"""By how much the most blue rises with red: in the shade skin turns from brown to rose."""

ASIDE = 0.2
"""Distance across the line from grey through a tone at which skin is no longer alike."""

PALER, DEEPER = 0.6, 2.3
"""How much nearer to grey and how much farther from it the same skin may be: haze, make-up, shade."""

ROSIER = 0.24
"""Difference of blue that two lights on the same skin make, where its red stays within `RUDDIER`."""

RUDDIER, LEAST_RED = (0.45, 1.6), 0.18
"""Of the tone's red, what the same skin has under another light, and the least of all."""

DARKER, BRIGHTER = 0.2, 2.6
"""Of the tone's light, what skin of one person has in sun and shade."""

NOT_HAIR = 0.4
"""Of the tone's light, under which what has skin's hue beside a face is rather hair."""

DIMMEST = 0.012
"""Linear luminance under which no colour can be told."""


@dataclass(frozen=True, slots=True, eq=False)
class Skin:
    """A tone of skin.

    Attributes:
        chroma: (2,) logarithms of red over green and blue over green.
        light: linear luminance of its lit parts, NaN where it was not seen but assumed.
        pixels: it was told by; 0 where it is assumed.
    """

    chroma: Array
    light: float
    pixels: int

    @classmethod
    def assumed(cls) -> Skin:
        """What is looked for on somebody whose face and hands are never seen."""
        return cls(np.array([0.62, -0.36]), float("nan"), 0)

    def like(self, chroma: Array, light: Array, darker: float = DARKER) -> Mask:
        """Which pixels could be skin of this tone, in light or shade.

        Args:
            chroma: (H, W, 2) see `log_chroma`.
            light: (H, W) luminance.
            darker: of the tone's light, what it must have at least.
        """
        far = max(float(np.hypot(*self.chroma)), 1e-6)
        way = self.chroma / far
        along = chroma[..., 0] * way[0] + chroma[..., 1] * way[1]
        aside = np.abs(chroma[..., 1] * way[0] - chroma[..., 0] * way[1])
        near = (aside < ASIDE) & (along > PALER * far) & (along < DEEPER * far)
        if np.isnan(self.light):
            return np.asarray(near & in_locus(chroma, light), np.bool_)
        red, usual = chroma[..., 0], float(self.chroma[0])
        rosy = np.abs(chroma[..., 1] - self.chroma[1]) < ROSIER
        rosy &= (red > max(LEAST_RED, RUDDIER[0] * usual)) & (red < RUDDIER[1] * usual)
        lit = (light > max(darker * self.light, DIMMEST)) & (light < BRIGHTER * self.light)
        return np.asarray((near | rosy) & lit, np.bool_)


def log_chroma(linear: Array) -> tuple[Array, Array]:
    """What tells skin in light and shade alike: (H, W, 2) logarithms of red over green and blue over green; and the
    luminance (H, W).
    """
    raised = linear + 0.004
    chroma = np.log(raised[..., (0, 2)] / raised[..., 1:2])
    return np.asarray(chroma, np.float64), np.asarray(linear @ LUMINANCE, np.float64)


def in_locus(chroma: Array, light: Array) -> Mask:
    """Which pixels could be anybody's skin."""
    red, blue = chroma[..., 0], chroma[..., 1]
    bluest = BLUE[1] + BLUER * np.maximum(red - 0.4, 0.0)
    found = (red > RED[0]) & (red < RED[1]) & (blue > BLUE[0]) & (blue < bluest) & (light > 2 * DIMMEST)
    return np.asarray(found, np.bool_)


def face_tone(body: Body, chroma: Array, light: Array, within: Mask) -> Skin | None:
    """Tone of the face and hands; None where too little of them is seen, as from behind.

    Args:
        body: where they are.
        chroma: (H, W, 2) see `log_chroma`.
        light: (H, W) luminance.
        within: the body's mask.
    """
    face = body.points[:11].mean(axis=0) - 0.02 * body.unit * body.up
    # From behind there is hair in its place, and hair can have skin's hue.
    zone = body.disk(face, 0.0 if body.turned_away else 0.12 * body.unit)
    for wrist, finger in FINGERS:
        if min(body.seen[wrist], body.seen[finger]) > 0.5:
            zone |= body.disk((body.points[wrist] + body.points[finger]) / 2.0, 0.06 * body.unit)
    zone &= within
    found = zone & in_locus(chroma, light)
    if found.sum() < 8 or found.sum() < 0.12 * zone.sum():
        return None
    return Skin(np.median(chroma[found], axis=0), float(np.percentile(light[found], 70.0)), int(found.sum()))


def common_tone(tones: list[Skin]) -> Skin:
    """One tone for a person from those of several views; the assumed one where there are none."""
    if not tones:
        return Skin.assumed()
    order = sorted(range(len(tones)), key=lambda row: -tones[row].pixels)[:3]
    chroma = np.median([tones[row].chroma for row in order], axis=0)
    return Skin(chroma, float(np.median([tones[row].light for row in order])), sum(tones[row].pixels for row in order))
