"""Hair and hats. May import: `engine.core`, its neighbours."""

from __future__ import annotations

import numpy as np

from models.clothing.body import EARS, Mask
from models.clothing.cloth import Cloths, dominant
from models.clothing.cutting import View
from models.clothing.light import Array
from models.clothing.naming import colour_shares
from models.clothing.part import Part
from models.clothing.skin import Skin

HAIR_NAMES = np.array([1.0, 0.35, 0.8, 0.3, 0.5, 0.7, 0.02, 0.3, 0.02, 0.02, 0.3, 0.02, 0.05, 1.0, 0.9])
"""How readily hair has each colour of `COLOURS`; hats have any."""


NOT_LONG = 0.04
"""Probability of long hair where none hangs over the shoulders."""

LIKE_HAIR = 0.55
"""How readily what hangs from the head must be hair, by its colours."""


def read_hair(view: View, tone: Skin, hat: float) -> tuple[Part, Mask]:
    """The hair, and pixels that it hangs over elsewhere.

    Args:
        view: the view.
        tone: the person's skin.
        hat: probability of a hat, which hides hair.
    """
    body = view.body
    nothing = np.zeros(view.light.shape, np.bool_)
    if body.seen[list(EARS)].max() < 0.3:
        return Part.hidden(), nothing
    skull = body.disk(body.head + 0.08 * body.unit * body.up, 0.15 * body.unit) & view.inside
    hairy = skull & ~_bare(view, tone)
    if hairy.sum() < 8 or hairy.sum() < 0.12 * skull.sum():
        return Part.hidden(), nothing
    hanging, long = _hanging(view, hairy, tone)
    own = hairy | (hanging & (body.along < 0.5))
    names = dominant(view.lab[own], np.ones(int(own.sum()))).names * HAIR_NAMES
    visible = min(1.0, float(skull.sum()) / (0.06 * body.unit**2)) * min(1.0, 1.5 * float(hairy.sum()) / skull.sum())
    traits = {} if long is None else {"long": long}
    return Part(visible * (1.0 - 0.8 * hat), names / names.sum(), traits), hanging


def _bare(view: View, tone: Skin) -> Mask:
    """Skin of head and neck; from behind the head is hair, whatever its hue."""
    return np.zeros(view.light.shape, np.bool_) if view.body.turned_away else view.face(tone)


def _hanging(view: View, hairy: Mask, tone: Skin) -> tuple[Mask, float | None]:
    """Pixels under the neck that hair hangs over, joined to the head, and the probability that it is long."""
    import cv2

    body = view.body
    nothing = np.zeros(view.light.shape, np.bool_)
    band = (body.along > 0.08) & (body.along < 0.3) & (body.across < 0.9) & view.inside
    # Hair falls down the middle: the cloth is looked for at the sides and at the waist.
    beside = (body.along > 0.5) & (body.across > 0.5) & (body.across < 0.95)
    waist = (body.along > 0.75) & (body.across < 0.95)
    trunk = (beside | waist) & (body.along < 1.0) & view.inside
    if band.sum() < 8 or trunk.sum() < 8:
        return nothing, None
    cloth = dominant(view.lab[trunk], np.ones(int(trunk.sum())))
    if float(cloth.like(view.lab[hairy], 0.3).mean()) > 0.5:
        # Cloth of the hair's colour: where one ends and the other begins cannot be told.
        return nothing, None
    where = (body.along > -0.7) & (body.along < 0.9) & (body.across < 1.1) & view.within & ~_bare(view, tone)
    other = np.zeros_like(nothing)
    other[where] = ~cloth.like(view.lab[where], 0.3)
    other |= hairy
    count, labels = cv2.connectedComponents(other.astype(np.uint8), connectivity=4)
    joined = np.isin(labels, np.unique(labels[hairy])) & other & (body.along > -0.05)
    if count < 2 or joined.sum() < 8:
        return nothing, NOT_LONG
    strands = dominant(view.lab[joined], np.ones(int(joined.sum())))
    if float(strands.names @ HAIR_NAMES) < LIKE_HAIR:
        return nothing, NOT_LONG
    over = float(joined[band].mean())
    return joined, float(np.clip(NOT_LONG + 1.6 * over, NOT_LONG, 0.96))


def read_hat(view: View, tone: Skin) -> Part:
    """What is on top of the head: a hat, or hair."""
    body = view.body
    if body.seen[list(EARS)].max() < 0.3:
        return Part.hidden()
    crown = body.disk(body.head + 0.17 * body.unit * body.up, 0.09 * body.unit) & view.inside
    if crown.sum() < 6:
        return Part.hidden()
    top = dominant(view.lab[crown], np.ones(int(crown.sum())))
    around = body.disk(body.head - 0.01 * body.unit * body.up, 0.13 * body.unit) & view.inside & ~view.face(tone)
    present = _hat(view, tone, top, crown, view.lab[around])
    visible = min(1.0, float(crown.sum()) / (0.02 * body.unit**2))
    return Part(visible, top.names, {"present": present}, top)


def _hat(view: View, tone: Skin, top: Cloths, crown: Mask, around: Array) -> float:
    """Probability of a hat: a crown of a colour that hair has not, or that the hair below has not."""
    fits = float(colour_shares(top.lab[:1])[0] @ HAIR_NAMES)
    odd = 1.0 - min(1.0, fits)
    differs = 0.0
    if len(around) >= 8:
        differs = 1.0 - float(top.like(around).mean())
    bald = float(view.face(tone)[crown].mean())
    return float(np.clip(0.04 + 0.75 * odd + 0.3 * max(0.0, differs - 0.6) / 0.4 * (1.0 - bald), 0.02, 0.95))
