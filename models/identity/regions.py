"""The parts of a body whose looks tell people apart: how sure every pixel of a view belongs to each.

Left and right are one part, so that a mirrored body, or one seen from behind, is cut alike.
May import: `engine.core`, `models.clothing` for the body's coordinates, its neighbours.
"""

from __future__ import annotations

import numpy as np

from models.clothing.body import ARMS, FEET, LEGS, Body
from models.clothing.cutting import View
from models.clothing.light import Array

PARTS = ("hair", "face", "neck", "chest", "belly", "upper_arms", "forearms", "thighs", "shins", "feet")
"""Parts in the order of the descriptor."""

SURE = (0.3, 0.6)
"""Visibility of a landmark from which a limb counts a little, and wholly."""

_LIMB = {"arm": 0.06, "leg": 0.08, "foot": 0.07}
"""Trunks from a limb's middle that are surely the limb."""


def part_weights(view: View) -> dict[str, Array]:
    """(H, W) weights in [0, 1] by part of `PARTS`: 0 for pixels that are not of it, or of a limb that is not seen."""
    body = view.body
    trunk = np.clip(1.4 - body.across, 0.0, 1.0) * view.within * (body.across < 0.9)
    arms = [_limb(view, arm[:2], "arm") for arm in ARMS], [_limb(view, arm[1:], "arm") for arm in ARMS]
    legs = [_limb(view, leg[:2], "leg") for leg in LEGS], [_limb(view, leg[1:], "leg") for leg in LEGS]
    # An arm held out before the body is foreshortened to its elbow, which still tells a bare arm from a sleeve.
    elbows = np.maximum(*(_joint(view, arm[1], 0.07) for arm in ARMS))
    weights = {
        "hair": _disk(view, body.head + 0.13 * body.unit * body.up, 0.14),
        "face": _disk(view, body.points[:11].mean(axis=0) - 0.02 * body.unit * body.up, 0.1),
        "neck": _disk(view, (body.points[[11, 12]].mean(axis=0) + body.head) / 2.0, 0.1),
        "chest": trunk * ((body.along > 0.05) & (body.along <= 0.45)) * _trunk_seen(body),
        "belly": trunk * ((body.along > 0.45) & (body.along < 0.95)) * _trunk_seen(body),
        "upper_arms": np.maximum(*arms[0]),
        "forearms": np.maximum(np.maximum(*arms[1]), elbows),
        "thighs": np.maximum(*legs[0]),
        "shins": np.maximum(*legs[1]),
        "feet": np.maximum(*(_limb(view, foot[1:], "foot") for foot in FEET)),
    }
    return {name: np.asarray(weight, np.float64) for name, weight in weights.items()}


def whole_area(view: View) -> Array:
    """(9,) pixels that each part would have in plain view, face on."""
    square = view.body.unit**2
    shares = {
        "hair": 0.05, "face": 0.03, "neck": 0.03, "chest": 0.11, "belly": 0.13, "upper_arms": 0.1, "forearms": 0.06,
        "thighs": 0.2, "shins": 0.18, "feet": 0.04,
    }  # fmt: skip
    return np.array([shares[name] * square for name in PARTS])


def _disk(view: View, centre: Array, radius: float) -> Array:
    sure = _trust(float(view.body.seen[[0, 7, 8]].max()))
    return np.asarray(view.body.disk(centre, radius * view.body.unit) * view.within * sure, np.float64)


def _joint(view: View, number: int, radius: float) -> Array:
    disk = view.body.disk(view.body.points[number], radius * view.body.unit)
    return np.asarray(disk * view.within * _trust(float(view.body.seen[number])), np.float64)


def _trunk_seen(body: Body) -> float:
    return _trust(float(body.seen[[11, 12]].max()))


def _limb(view: View, ends: tuple[int, ...], kind: str) -> Array:
    body = view.body
    start, end = ends[0], ends[-1]
    reach = _LIMB[kind] * body.unit
    place, away = body.limb(body.points[start], body.points[end], reach)
    sure = _trust(float(min(body.seen[start], body.seen[end])))
    return np.asarray(sure * ((away < reach) & (place > 0.1) & (place < 0.95) & view.within), np.float64)


def _trust(seen: float) -> float:
    return float(np.clip((seen - SURE[0]) / (SURE[1] - SURE[0]), 0.0, 1.0))
