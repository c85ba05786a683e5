"""What runs of views say together of how somebody looks, and how alike two of them are.

May import: `engine.core`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.core.clothing import COLOURS, TRAITS, ClothingReadings
from engine.core.identity import CosineScale, IdentityVectors

Array = NDArray[np.float64]

REGIONS = {"upper": 1.0, "lower": 1.0, "hair": 0.5, "shoes": 0.5}
"""Regions whose clothes are compared, and what each may say at most; others are read too rarely or too badly."""

DIFFERS = (0.35, 0.75)
"""One less the Bhattacharyya coefficient of two readings' colours from which they count as different, and wholly so."""

LENGTH_DIFFERS = (0.5, 0.8)
"""Likewise for the probabilities of long sleeves or legs."""


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """How somebody looks.

    Attributes:
        vector: (D,) mean over good views, of length 1; all 0 without any.
        views: number of good views.
        colours: (R, 15) shares by region of `REGIONS`, a row of 0 where it was not seen.
        visible: (R,) in [0, 1], how well each was seen.
        length: (R,) probability that it is long, NaN where it could not be told.
    """

    vector: Array
    views: int
    colours: Array
    visible: Array
    length: Array


def looks_of(
    groups: Iterable[Sequence[int]],
    vectors: IdentityVectors,
    min_quality: float,
    clothing: ClothingReadings | None = None,
) -> list[Look]:
    """How each of several groups of tracklets looks.

    Args:
        groups: numbers of their tracklets.
        vectors: of the views of all tracklets.
        min_quality: views under this say nothing.
        clothing: readings of the same views, None where nobody read any.
    """
    good = vectors[(vectors.quality > 0) & (vectors.quality >= min_quality)]
    readings = ClothingReadings.concatenate([]) if clothing is None else clothing
    regions = np.array([[*REGIONS].index(name) if name in REGIONS else -1 for name in readings.regions], np.int64)
    return [_look(np.asarray(numbers, np.int64), good, readings, regions) for numbers in groups]


def _look(
    numbers: NDArray[np.int64], good: IdentityVectors, readings: ClothingReadings, regions: NDArray[np.int64]
) -> Look:
    mine = good[np.isin(good.tracklets, numbers)]
    mean = mine.quality.astype(np.float64) @ mine.vectors.astype(np.float64)
    length = float(np.linalg.norm(mean))
    colours, visible = np.zeros((len(REGIONS), len(COLOURS))), np.zeros(len(REGIONS))
    lengths = np.full(len(REGIONS), np.nan)
    own = np.isin(readings.tracklets, numbers) & (readings.visible > 0)
    for place in range(len(REGIONS)):
        rows = np.flatnonzero(own & (regions == place))
        weights = np.maximum(readings.weights[rows].astype(np.float64), 1e-6)
        if not len(rows):
            continue
        colours[place] = weights @ readings.colours[rows] / weights.sum()
        visible[place] = float(weights @ readings.visible[rows] / weights.sum())
        told = readings.traits[rows, TRAITS.index("long")].astype(np.float64)
        known = ~np.isnan(told)
        if known.any():
            lengths[place] = float(weights[known] @ told[known] / weights[known].sum())
    return Look(mean / length if length > 1e-9 else mean, len(mine), colours, visible, lengths)


def cosines(looks: Sequence[Look]) -> Array:
    """(N, N) cosines of what some look like, NaN where one of two has no good view."""
    if not looks:
        return np.zeros((0, 0))
    stacked = np.stack([look.vector for look in looks])
    seen = np.array([look.views > 0 for look in looks])
    table: Array = np.where(seen[:, None] & seen[None, :], np.clip(stacked @ stacked.T, -1.0, 1.0), np.nan)
    return table


def clothes_differ(one: Look, other: Look) -> float:
    """How far what was read of clothes contradicts that two are the same, 0 not at all; 1 for one garment that
    differs for sure, more for several.
    """
    total = 0.0
    for place, share in enumerate(REGIONS.values()):
        seen = min(one.visible[place], other.visible[place])
        if seen <= 0:
            continue
        shared = float(np.sqrt(one.colours[place] * other.colours[place]).sum())
        differs = _rise(1.0 - shared, DIFFERS)
        lengths = abs(one.length[place] - other.length[place])
        if np.isfinite(lengths):
            differs = max(differs, _rise(float(lengths), LENGTH_DIFFERS))
        total += share * float(seen) * differs
    return total


def raised(scale: CosineScale, known_different: Array) -> CosineScale:
    """The scale of a footage in which some who are known to be different look more alike than people usually do.

    Args:
        scale: of the back end.
        known_different: cosines of pairs that are two people for certain, such as two in view together.
    """
    known = known_different[np.isfinite(known_different)]
    # Of very many pairs a few are one person seen twice at once by mistake: those do not count.
    most = float(np.quantile(known, 0.99, method="higher")) if known.size else -1.0
    if most <= scale.different:
        return scale
    different = min(most, 0.98)
    return CosineScale(different, min(scale.same + different - scale.different, 1.0))


def _rise(value: float, between: tuple[float, float]) -> float:
    return float(np.clip((value - between[0]) / (between[1] - between[0]), 0.0, 1.0))
