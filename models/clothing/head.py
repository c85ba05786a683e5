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

HAIR_NAMES = np.array([1.0, 0.35, 0.8, 0.25, 0.5, 0.4, 0.02, 0.3, 0.02, 0.02, 0.5, 0.03, 0.05, 1.0, 0.9])
"""How readily hair has each colour of `COLOURS`; hats have any."""


def read_hair(view: View, tone: Skin) -> tuple[Part, Mask]:
    """The hair, and pixels that it hangs over elsewhere."""
    body = view.body
    nothing = np.zeros(view.light.shape, np.bool_)
    if body.seen[list(EARS)].max() < 0.3:
        return Part.hidden(), nothing
    skull = body.disk(body.head + 0.08 * body.unit * body.up, 0.15 * body.unit) & view.inside
    hairy = skull & ~view.skin(tone)
    if hairy.sum() < 8 or hairy.sum() < 0.12 * skull.sum():
        return Part.hidden(), nothing
    cloths = dominant(view.lab[hairy], np.ones(int(hairy.sum())))
    visible = min(1.0, float(skull.sum()) / (0.06 * body.unit**2)) * min(1.0, 1.5 * float(hairy.sum()) / skull.sum())
    hanging, long = _hanging(view, cloths, hairy, tone)
    traits = {} if long is None else {"long": long}
    return Part(visible, cloths.names, traits, cloths), hanging


def _hanging(view: View, cloths: Cloths, hairy: Mask, tone: Skin) -> tuple[Mask, float | None]:
    """Pixels under the neck that hair hangs over, joined to the head, and the probability that it is long."""
    import cv2

    body = view.body
    where = (body.along > -0.6) & (body.along < 0.75) & (body.across < 1.1) & view.within
    alike = np.zeros(view.light.shape, np.bool_)
    alike[where] = cloths.like(view.lab[where])
    alike &= ~view.skin(tone)
    alike |= hairy
    count, labels = cv2.connectedComponents(alike.astype(np.uint8), connectivity=4)
    own = np.isin(labels, np.unique(labels[hairy])) & alike if count > 1 else alike
    band = (body.along > 0.08) & (body.along < 0.3) & (body.across < 0.9) & view.inside
    trunk = (body.along > 0.45) & (body.along < 0.85) & (body.across < 0.7) & view.inside
    if band.sum() < 8 or trunk.sum() < 8:
        return np.zeros_like(own), None
    below = float(cloths.like(view.lab[trunk]).mean())
    if below > 0.5:
        # Cloth of the hair's colour: where one ends and the other begins cannot be told.
        return np.zeros_like(own), None
    over = float(own[band].mean())
    hanging = own & (body.along > 0.0)
    return hanging, float(np.clip(0.04 + 1.6 * over, 0.04, 0.96))


def read_hat(view: View, tone: Skin) -> Part:
    """What is on top of the head: a hat, or hair."""
    body = view.body
    if body.seen[list(EARS)].max() < 0.3:
        return Part.hidden()
    crown = body.disk(body.head + 0.17 * body.unit * body.up, 0.09 * body.unit) & view.inside
    if crown.sum() < 6:
        return Part.hidden()
    top = dominant(view.lab[crown], np.ones(int(crown.sum())))
    around = body.disk(body.head - 0.01 * body.unit * body.up, 0.13 * body.unit) & view.inside & ~view.skin(tone)
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
    bald = float(view.skin(tone)[crown].mean())
    return float(np.clip(0.04 + 0.75 * odd + 0.3 * max(0.0, differs - 0.6) / 0.4 * (1.0 - bald), 0.02, 0.95))
