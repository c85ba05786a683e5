"""The upper garment: its cloths, the length of its sleeves. May import: `engine.core`, its neighbours."""

from __future__ import annotations

import numpy as np

from models.clothing.body import ARMS, HIPS, SEEN, SHOULDERS, Mask
from models.clothing.cloth import Cloths, dominant
from models.clothing.cutting import View, hands_zone, trunk_zone
from models.clothing.part import Part
from models.clothing.pattern import pattern
from models.clothing.skin import Skin

LEAST_PIXELS = 12


def read_upper(view: View, tone: Skin, hair: Mask) -> Part:
    """The upper garment of a view.

    Args:
        view: the view.
        tone: the person's skin.
        hair: pixels that hair hangs over.
    """
    body = view.body
    zone = trunk_zone(view)
    bare = view.skin(tone) & hands_zone(view)
    kept = zone & ~hair & ~bare
    cut = (body.along > 0.1) & (body.along < 0.85) & (body.across < 0.7)
    # What lies outside the picture is missing from the zone: how much of the trunk there is, in trunks squared.
    whole = 0.75 * 0.7 * 2.0 * 0.17 * body.unit**2
    seen = min(1.0, float(cut.sum()) / whole) * float(kept.sum()) / max(float((zone | cut).sum()), 1.0)
    sure = float(np.mean(body.seen[[*SHOULDERS, *HIPS]] >= SEEN)) if body.seen[list(SHOULDERS)].max() > 0.3 else 0.0
    visible = min(1.0, 1.3 * seen) * max(sure, 0.5 if body.seen[list(SHOULDERS)].min() >= SEEN else 0.0)
    if kept.sum() < LEAST_PIXELS or visible < 0.08:
        return Part.hidden()
    # The middle counts most: arms, lapels and the edge of the mask lie outside.
    cloths = dominant(view.lab[kept], np.clip(1.25 - body.across[kept], 0.2, 1.0))
    traits = dict(pattern(view, kept))
    sleeves = _sleeves(view, tone, cloths)
    if sleeves is not None:
        traits["long"] = sleeves
    return Part(visible, cloths.names, traits, cloths)


def _sleeves(view: View, tone: Skin, cloths: Cloths) -> float | None:
    """Probability of sleeves to the wrists; None where no arm can be told from what is around it."""
    body = view.body
    skin = view.skin(tone)
    told: list[tuple[float, float]] = []
    for shoulder, elbow, wrist in ARMS:
        if body.seen[[shoulder, elbow]].min() < SEEN:
            continue
        for start, end, span, weight in ((elbow, wrist, (0.2, 0.85), 1.0), (shoulder, elbow, (0.75, 1.05), 0.3)):
            if body.seen[end] < SEEN:
                continue
            place, away = body.limb(body.points[start], body.points[end], 0.05 * body.unit)
            zone = (place > span[0]) & (place < span[1]) & (away < 0.045 * body.unit) & view.within
            if zone.sum() < 4:
                continue
            bare = float(skin[zone].mean())
            # Before the trunk, or behind it, cloth may be the trunk's own.
            beside = float(((body.across > 0.9) | (body.along > 1.0))[zone].mean())
            covered = float((cloths.like(view.lab[zone]) & ~skin[zone]).mean()) * (0.25 + 0.75 * beside)
            if bare + covered > 0.15:
                told.append((covered / (bare + covered), weight * (bare + covered)))
    if not told:
        return None
    total = sum(weight for _, weight in told)
    mean = sum(share * weight for share, weight in told) / total
    # Little evidence stays near one half; skin that was only assumed makes it weaker.
    trust = total / (total + (0.25 if tone.pixels else 0.6))
    return float(np.clip(0.5 + (mean - 0.5) * trust * 1.05, 0.03, 0.97))
