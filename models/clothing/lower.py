"""The lower garment and the shoes: where the upper one ends, where skin begins, one tube or two legs.

May import: `engine.core`, its neighbours.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.clothing.body import FEET, LEGS, SEEN, Mask
from models.clothing.cloth import Cloths, dominant, same_cloth
from models.clothing.cutting import View, hands_zone
from models.clothing.light import Array
from models.clothing.part import Part
from models.clothing.pattern import pattern
from models.clothing.skin import Skin

STEPS = 18
"""Places along a leg from hip to ankle; the knee is in the middle."""

LEG = 0.075
"""Trunks from a leg's middle that are surely leg."""

DENIM, DENIM_HUE = 0.45, np.radians(-95.0)
"""By how much bluish cloth on legs counts as bluer, and its hue in OKLab."""

ABOVE_SHOE = 0.9
"""Share of the lower leg that shoes leave free."""


@dataclass(frozen=True, slots=True, eq=False)
class Legs:
    """Both legs as places from hip (0) to ankle (`STEPS`).

    Attributes:
        zone: (H, W) pixels of legs that are seen.
        place: (H, W) their place, 0 to 1 from hip to ankle.
        seen: (STEPS,) of the two legs, the share seen at each place.
        colour: (STEPS, 3) usual OKLab, NaN where not seen.
        bare: (STEPS,) share of skin, NaN where not seen.
        gap: (STEPS,) share of what lies between the legs that is the same cloth; NaN where they are too near.
    """

    zone: Mask
    place: Array
    seen: Array
    colour: Array
    bare: Array
    gap: Array


def read_legs(view: View, tone: Skin) -> Legs:
    """Both legs of a view."""
    body = view.body
    shape = view.light.shape
    zone, place = np.zeros(shape, np.bool_), np.zeros(shape)
    seen = np.zeros((2, STEPS))
    expected = 2 * LEG * body.unit
    hands = hands_zone(view) & view.skin(tone)
    for row, (hip, knee, ankle) in enumerate(LEGS):
        for half, (start, end) in enumerate(((hip, knee), (knee, ankle))):
            along, away = body.limb(body.points[start], body.points[end], LEG * body.unit)
            own = (away < LEG * body.unit) & (along >= 0) & (along < 1) & view.within & ~hands
            length = float(np.hypot(*(body.points[end] - body.points[start])))
            # A landmark that cannot be seen is imagined: legs fade out towards it.
            trust = np.interp(np.linspace(0, 1, STEPS // 2), (0, 1), _trust(body.seen[[start, end]]))
            bins = np.clip((along * (STEPS // 2)).astype(int), 0, STEPS // 2 - 1)
            area = np.bincount(bins[own], minlength=STEPS // 2) / max(expected * length / (STEPS // 2), 2.0)
            share = np.clip(area * 1.2, 0, 1) * trust
            seen[row, half * (STEPS // 2) : (half + 1) * (STEPS // 2)] = share
            share *= _distinct(view, own, bins, float(body.seen[end]))
            seen[row, half * (STEPS // 2) : (half + 1) * (STEPS // 2)] = share
            own &= share[bins] > 0.3
            zone |= own
            place = np.where(own, (half + along) / 2.0, place)
    colour, bare, gap = _profile(view, tone, zone, place)
    return Legs(zone, place, seen.mean(axis=0), colour, bare, gap)


def _trust(seen: Array) -> Array:
    return np.clip((seen - 0.3) / (SEEN - 0.3), 0.0, 1.0)


def _distinct(view: View, own: Mask, bins: np.ndarray[tuple[int, ...], np.dtype[np.int64]], sure: float) -> float:
    """What remains of a stretch of leg, in [0, 1], that is imagined where a table or shelf hides it.

    Where the joint at its end is not seen and its colour is that of the surroundings, it is those that are seen.
    """
    if sure >= 0.8 or own.sum() < 6:
        return 1.0
    import cv2

    reach = max(3, round(0.6 * view.body.unit))
    around = cv2.dilate(own.astype(np.uint8), np.ones((3, reach), np.uint8)).astype(bool) & ~view.within
    if around.sum() < 12:
        return 1.0
    ground = dominant(view.lab[around], np.ones(int(around.sum())))
    alike = float(ground.like(view.lab[own], 0.3).mean())
    return float(np.clip(1.0 - alike * np.clip((0.8 - sure) / 0.3, 0.0, 1.0), 0.0, 1.0))


def _profile(view: View, tone: Skin, zone: Mask, place: Array) -> tuple[Array, Array, Array]:
    skin = view.skin(tone)
    colour, bare, gap = np.full((STEPS, 3), np.nan), np.full(STEPS, np.nan), np.full(STEPS, np.nan)
    bins = np.clip((place * STEPS).astype(int), 0, STEPS - 1)
    for step in range(STEPS):
        own = zone & (bins == step)
        if own.sum() < 3:
            continue
        colour[step] = np.median(view.lab[own], axis=0)
        bare[step] = float(skin[own].mean())
        gap[step] = _gap(view, (step + 0.5) / STEPS * 2.0, colour[step])
    return colour, bare, gap


def _gap(view: View, place: float, colour: Array) -> float:
    """Whether cloth of a colour fills the space between the legs at a place, 0 to 2 from hip to ankle."""
    body = view.body
    half = int(place)
    at = [
        body.points[leg[half]] + (place - half) * (body.points[leg[half + 1]] - body.points[leg[half]]) for leg in LEGS
    ]
    apart = float(np.hypot(*(at[1] - at[0])))
    if apart < 3.2 * LEG * body.unit:
        return float("nan")
    between = body.disk((at[0] + at[1]) / 2.0, max(0.5 * (apart - 3.0 * LEG * body.unit), 0.02 * body.unit, 0.8))
    if not between.any():
        return float("nan")
    return float((same_cloth(view.lab[between], colour) & view.within[between]).mean())


def read_lower(view: View, tone: Skin, upper: Cloths | None, legs: Legs) -> Part:
    """The lower garment: colours under the upper one's hem and over bare skin.

    Args:
        view: the view.
        tone: the person's skin.
        upper: cloths of the upper garment, None where it was not seen.
        legs: of the view.
    """
    known = ~np.isnan(legs.bare)
    visible = float(np.mean(legs.seen[: STEPS * 2 // 3]))
    if known.sum() < 3 or visible < 0.12:
        return Part.hidden()
    hem = _hem(legs, upper)
    cloth = known & (legs.bare < 0.5)
    under = cloth & (np.arange(STEPS) >= hem)
    chosen = under if under.sum() >= 2 else cloth
    if not chosen.any():
        chosen = known
    bins = np.clip((legs.place * STEPS).astype(int), 0, STEPS - 1)
    pixels = legs.zone & chosen[bins] & (legs.place < ABOVE_SHOE)
    if chosen is not known:
        pixels &= ~(view.skin(tone) & hands_zone(view))
    if pixels.sum() < 8:
        return Part.hidden()
    cloths = dominant(view.lab[pixels], np.ones(int(pixels.sum())))
    traits = _shape(legs, hem, tone)
    traits |= pattern(view, pixels)
    return Part(min(1.0, visible * 1.1), Cloths(_denim(cloths.lab), cloths.shares).names, traits, cloths)


def _denim(lab: Array) -> Array:
    """Bluish cloth seen bluer: on legs it is mostly denim, which is called blue however washed out it is."""
    hue = np.arctan2(lab[:, 2], lab[:, 1])
    blue = np.clip(np.cos(hue - DENIM_HUE), 0.0, 1.0) ** 4
    # What is washed out is no longer dark; dark blue and black are left as they are.
    blue = blue * np.clip((lab[:, 0] - 0.3) / 0.1, 0.0, 1.0)
    return np.concatenate([lab[:, :1], lab[:, 1:] * (1.0 + DENIM * blue[:, None])], axis=1)


def _hem(legs: Legs, upper: Cloths | None) -> int:
    """Place at which the upper garment ends, 0 where it ends above the hips or both are of one colour."""
    if upper is None:
        return 0
    known = ~np.isnan(legs.bare)
    like = np.zeros(STEPS, np.bool_)
    like[known] = upper.like(legs.colour[known])
    like &= ~(legs.bare > 0.5)
    others = np.flatnonzero(known & ~like)
    if not len(others) or not like.any():
        return 0
    first = int(others[0])
    # A single place that differs may be a hand, a bag or a fold.
    if len(others) > 1 and others[1] - first > 2:
        first = int(others[1])
    return first


def _shape(legs: Legs, hem: int, tone: Skin) -> dict[str, float]:
    """Length, and one tube against two legs."""
    traits: dict[str, float] = {}
    middle = STEPS // 2
    shin, thigh = legs.bare[middle + 2 : -2], legs.bare[: middle - 1]
    sure = 1.0 if tone.pixels else 0.7
    bare = float("nan")
    if (~np.isnan(shin)).sum() >= 3:
        bare = float(np.nanmean(shin))
        traits["long"] = float(np.clip(0.5 + (0.5 - bare) * 0.94 * sure, 0.02, 0.98))
    gaps = legs.gap[2:-3]
    gap = float(np.nanmean(gaps)) if (~np.isnan(gaps)).sum() >= 2 else float("nan")
    tube = 0.5 if np.isnan(gap) else float(np.clip(gap, 0.05, 0.95))
    naked = 0.45 if np.isnan(bare) else bare
    joined = hem >= middle // 2 or (hem == 0 and (~np.isnan(thigh)).any() and np.nanmean(thigh) < 0.5 and naked > 0.5)
    from_above = 0.9 if hem >= middle // 2 else 0.35 if joined else 0.05
    traits["dress"] = float(np.clip(from_above * (0.25 + 0.75 * naked) * (0.45 + 0.55 * tube), 0.02, 0.95))
    own = 1.0 - from_above
    traits["skirt"] = float(np.clip(own * (0.1 + 0.9 * naked) * tube**1.3 * 1.1, 0.02, 0.95))
    return traits


def read_shoes(view: View, tone: Skin) -> Part:
    """Shoes: from the ankle down, what is not the floor, the leg or skin."""
    body = view.body
    zone = np.zeros(view.light.shape, np.bool_)
    seen = 0.0
    for ankle, heel, toes in FEET:
        sure = float(_trust(body.seen[[ankle, toes]]).min())
        if sure <= 0:
            continue
        along, away = body.limb(body.points[heel], body.points[toes], 0.07 * body.unit)
        foot = (away < 0.07 * body.unit) & (along > -0.3) & (along < 1.2) & view.within
        if foot.sum() < 4:
            continue
        zone |= foot
        seen += sure / 2.0
    if not zone.any():
        return Part.hidden()
    keep = _unlike_ground(view, zone)
    bare = view.skin(tone)[zone]
    if keep.sum() < 4:
        return Part.hidden()
    share = float(keep.mean())
    cloths = dominant(view.lab[zone][keep], np.where(bare[keep], 0.4, 1.0))
    return Part(float(np.clip(seen * min(1.0, 2.0 * share), 0.0, 1.0)), cloths.names, {}, cloths)


def _unlike_ground(view: View, zone: Mask) -> Mask:
    """Which pixels of the feet are not the ground around them: the mask is generous there."""
    import cv2

    reach = max(3, round(0.2 * view.body.unit))
    around = cv2.dilate(zone.astype(np.uint8), np.ones((reach, reach), np.uint8)).astype(bool) & ~view.within
    lab = view.lab[zone]
    if not view.masked or around.sum() < 12:
        return np.ones(len(lab), np.bool_)
    ground = dominant(view.lab[around], np.ones(int(around.sum())))
    like = np.zeros(len(lab), np.bool_)
    for one in ground.lab[ground.shares > 0.15]:
        gap = (lab - one) * np.array([0.55, 1.0, 1.0])
        like |= (gap**2).sum(axis=1) < 0.055**2
    return ~like
