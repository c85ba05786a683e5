"""How somebody looks in one view as one vector: views of people dressed alike lie close together.

A block for each region: the square roots of its colour shares, then of each trait's probability and its counterpart,
scaled by how much was seen of it. The inner product of two such blocks is the Bhattacharyya coefficient, 1 for equal
colours and 0 for none in common; a region that was not seen adds nothing. The whole has length 1.
May import: `engine.core`.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.core.clothing import COLOURS, REGIONS, TRAITS, ClothingReadings
from engine.core.types import FloatArray

VERSION = "1"
"""Rises when the same readings give other vectors."""

COLUMNS = len(REGIONS) * (len(COLOURS) + 2 * len(TRAITS))

_WORTH = {"head": 0.4, "hair": 0.4, "upper": 1.0, "lower": 1.0, "shoes": 0.4, "bag": 0.3}
"""What each region counts for: large cloth tells more, and is read more surely."""

_TRAIT_WORTH = 0.35
"""What all traits of a region together count for beside its colours."""


def looks(readings: ClothingReadings) -> tuple[NDArray[np.int64], NDArray[np.int64], FloatArray]:
    """One vector for each view.

    Args:
        readings: N rows of any tracklets, those of one view beside one another.

    Returns:
        Tracklets (K,) int64 and ranks (K,) int64 of the views in which anything was seen, in their order, and vectors
        (K, `COLUMNS`) float32 of length 1.
    """
    views = np.stack([readings.tracklets, readings.ranks], axis=1)
    starts = np.flatnonzero(np.any(np.diff(views, axis=0, prepend=np.full((1, 2), -1)) != 0, axis=1))
    view = np.cumsum(np.isin(np.arange(len(readings)), starts)) - 1
    regions = np.array([REGIONS.index(region) for region in readings.regions], np.int64)
    worth = np.array([_WORTH[region] for region in REGIONS])
    scale = np.sqrt(worth[regions] * readings.visible)
    known = ~np.isnan(readings.traits)
    told = np.nan_to_num(readings.traits.astype(np.float64))
    traits = (
        np.stack([np.sqrt(told), np.sqrt(1.0 - told)], axis=2) * known[:, :, None] * np.sqrt(_TRAIT_WORTH / len(TRAITS))
    )
    width = COLUMNS // len(REGIONS)
    rows = np.concatenate([np.sqrt(readings.colours), traits.reshape(len(readings), 2 * len(TRAITS))], axis=1)
    blocks = np.zeros((len(starts), len(REGIONS), width))
    blocks[view, regions] = rows * scale[:, None]
    vectors = blocks.reshape(len(starts), COLUMNS)
    length = np.linalg.norm(vectors, axis=1)
    seen = length > 0
    unit = (vectors[seen] / length[seen, None]).astype(np.float32)
    return readings.tracklets[starts][seen], readings.ranks[starts][seen], unit
