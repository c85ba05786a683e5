"""Which cloths a patch of pixels is made of: dominant colours, with light and shade of one cloth taken together.

May import: its neighbours.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.clothing.light import Array
from models.clothing.naming import LIGHTNESS_WEIGHT, colour_shares

GROUPS = 5
"""Groups of pixels looked for before those of one cloth are joined."""

MOST_PIXELS = 500
"""Pixels looked at; more add time but no knowledge."""

LEAST_SHARE = 0.12
"""Smaller groups are noise, a fold or what leaked in."""

SHADE_RATIO = 1.32
"""Lightness of lit against shaded cloth: the cube root of 2.3 times the light."""

SAME_CHROMA = 0.06
"""Difference of chroma over lightness that one cloth shows under changing shade."""

SAME_DARK = 0.27
"""Under this lightness shades cannot be told apart."""

NEAR = 0.045
"""Colours so close are one in any case."""


@dataclass(frozen=True, slots=True, eq=False)
class Cloths:
    """The cloths of a patch.

    Attributes:
        lab: (K, 3) colour of each, as lit.
        shares: (K,) of the patch, descending, summing to 1; K is 0 for an empty patch.
    """

    lab: Array
    shares: Array

    @property
    def names(self) -> Array:
        """(15,) shares of the names of colours, summing to 1; all 0 of an empty patch."""
        if not len(self.shares):
            return np.zeros(15)
        return np.asarray(self.shares @ colour_shares(self.lab), np.float64)

    def like(self, lab: Array, least: float = 0.2) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
        """Whether colours (N, 3) could be one of these cloths, lit or shaded; cloths under a share are passed over."""
        own = self.lab[self.shares >= least]
        same = np.zeros(len(lab), np.bool_)
        for one in own:
            same |= same_cloth(lab, one)
        return same


def dominant(lab: Array, weights: Array) -> Cloths:
    """The cloths of a patch.

    Args:
        lab: (N, 3) OKLab of its pixels.
        weights: (N,) >= 0, how sure each pixel belongs to it.

    Returns:
        Cloths by share; what makes up less than an eighth is left out.
    """
    kept = weights > 0
    lab, weights = lab[kept], weights[kept]
    if not len(lab):
        return Cloths(np.zeros((0, 3)), np.zeros(0))
    step = -(-len(lab) // MOST_PIXELS)
    lab, weights = lab[::step], weights[::step]
    labels = _joined(lab, weights, _groups(lab, weights))
    found = []
    for label in np.unique(labels):
        rows = labels == label
        found.append((float(weights[rows].sum()), _as_lit(lab[rows], weights[rows])))
    found.sort(key=lambda entry: -entry[0])
    total = sum(weight for weight, _ in found)
    large = [entry for entry in found if entry[0] >= LEAST_SHARE * total] or found[:1]
    shares = np.array([weight for weight, _ in large])
    return Cloths(np.stack([colour for _, colour in large]), shares / shares.sum())


def same_cloth(lab: Array, other: Array) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    """Whether colours (N, 3) and another (3,) could be one cloth in light and shade."""
    gap = lab - other
    near = np.hypot(np.hypot(LIGHTNESS_WEIGHT * gap[:, 0], gap[:, 1]), gap[:, 2]) < NEAR
    light, shade = np.maximum(lab[:, 0], other[0]), np.minimum(lab[:, 0], other[0])
    chroma = np.hypot(*(lab[:, 1:] / np.maximum(lab[:, :1], 0.15) - other[1:] / max(float(other[0]), 0.15)).T)
    shaded = (chroma < SAME_CHROMA) & (light <= SHADE_RATIO * np.maximum(shade, 1e-3))
    return np.asarray(near | shaded | (light < SAME_DARK), np.bool_)


def _as_lit(lab: Array, weights: Array) -> Array:
    """Colour of a cloth: usual chroma, and a lightness rather from its lit parts."""
    order = np.argsort(lab[:, 0])
    place = np.cumsum(weights[order]) / weights.sum()
    light = float(lab[order[min(int(np.searchsorted(place, 0.6)), len(order) - 1)], 0])
    # Chroma rises with lightness on one cloth: taken over lightness, then given the lightness chosen.
    over = lab[:, 1:] / np.maximum(lab[:, :1], 0.05)
    chroma = np.median(over, axis=0) * max(light, 0.05)
    return np.array([light, *chroma])


def _groups(lab: Array, weights: Array) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
    """k-means in weighed-down lightness and chroma, begun at points far from one another, so that it is repeatable."""
    points = lab * np.array([LIGHTNESS_WEIGHT, 1.0, 1.0])
    centres = [np.median(points, axis=0)]
    away = ((points - centres[0]) ** 2).sum(axis=1)
    for _ in range(min(GROUPS, len(points)) - 1):
        # Not the very farthest, which is an outlier: the one at nine tenths of the distances.
        far = int(np.argsort(away)[int(0.95 * (len(away) - 1))])
        centres.append(points[far])
        away = np.minimum(away, ((points - points[far]) ** 2).sum(axis=1))
    middle = np.stack(centres)
    labels = np.zeros(len(points), np.int64)
    for _ in range(5):
        # |p - m|^2 less |p|^2, which is the same for all m.
        labels = np.argmin((middle * middle).sum(axis=1) - 2.0 * points @ middle.T, axis=1)
        mass = np.bincount(labels, weights, len(middle))
        kept = mass > 0
        for axis in range(3):
            total = np.bincount(labels, weights * points[:, axis], len(middle))
            middle[kept, axis] = total[kept] / mass[kept]
    return np.asarray(labels, np.int64)


def _joined(
    lab: Array, weights: Array, labels: np.ndarray[tuple[int, ...], np.dtype[np.int64]]
) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
    """Groups of one cloth under one label, the largest first to gather others around it."""
    present = sorted(np.unique(labels), key=lambda label: -float(weights[labels == label].sum()))
    middles = {label: np.median(lab[labels == label], axis=0) for label in present}
    heads: list[int] = []
    joined = labels.copy()
    for label in present:
        head = next((one for one in heads if same_cloth(middles[label][None], middles[one])[0]), None)
        if head is None:
            heads.append(int(label))
        else:
            joined[labels == label] = head
    return joined
