"""How everybody came out in a search: both tiers joined, the best of very many, and the distribution of scores.

May import: `engine.core`, `engine.search`, `engine.second_opinion`, `engine.hits`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from engine.core.types import FloatArray
from engine.hits import Placed
from engine.search.fusion import fuse
from engine.second_opinion import Opinion

MOST_SCORES = 2000
"""Of more people so many scores are told: enough to draw a distribution from."""

FUSED = 2000
"""People of each tier, the best, whose orders are fused; nobody else can come among the first."""


@dataclass(frozen=True, slots=True, eq=False)
class Ranking:
    """How everybody considered came out.

    Attributes:
        scores: (N,) float32 in [0, 1], final.
        tier: what answered.
        similarity: (N,) float32 in [0, 1]; None where it is the score itself.
        matching: by row, of those whom a matching head was asked about.
        views: tracklet and rank of the view that decided, by row.
    """

    scores: FloatArray
    tier: str
    similarity: FloatArray | None = None
    matching: Mapping[int, float] = field(default_factory=dict)
    views: Mapping[int, tuple[int, int]] = field(default_factory=dict)

    def place(self, row: int, rank: int) -> Placed:
        """How one of them came out, at a place of the answer."""
        score = float(self.scores[row])
        similarity = score if self.similarity is None else float(self.similarity[row])
        return Placed(rank, score, similarity, self.matching.get(row), self.tier, self.views.get(row))


def joined(
    slots: FloatArray, opinion: Opinion | None, views: Mapping[int, tuple[int, int]] = MappingProxyType({})
) -> Ranking:
    """Both tiers as one, where both have something to say."""
    if opinion is None:
        return Ranking(slots, "slots", views=views)
    similarity = np.where(np.isnan(opinion.likeness), slots, opinion.likeness).astype(np.float32)
    told = np.where(np.isnan(opinion.scores), -1.0, opinion.scores).astype(np.float32)
    rows = np.union1d(best(slots, FUSED), best(told, FUSED))
    fused = fuse([slots[rows], opinion.scores[rows]])
    # Whoever neither tier puts among its best comes after all of those, in the order of the slots.
    scores = np.minimum(slots, fused.min(initial=1.0)) if len(rows) < len(slots) else slots.copy()
    scores[rows] = fused
    return Ranking(scores, "fused", similarity, opinion.matching, {**views, **opinion.views})


def best(scores: FloatArray, most: int) -> NDArray[np.int64]:
    """Rows of the highest scores, the highest first; of equal ones the earlier.

    Args:
        scores: (N,) float32.
        most: how many at most.
    """
    if most < 1:
        return np.zeros(0, np.int64)
    rows = np.arange(len(scores))
    if most < len(scores):
        least = -np.partition(-scores, most - 1)[most - 1]
        equal = np.flatnonzero(scores == least)
        above = np.flatnonzero(scores > least)
        rows = np.concatenate([above, equal[: most - len(above)]])
    return rows[np.argsort(-scores[rows], kind="stable")]


def thinned(scores: FloatArray) -> FloatArray:
    """Scores in descending order; of very many an even sample of them, with the highest and the lowest."""
    if len(scores) > MOST_SCORES:
        sample = scores[np.linspace(0, len(scores) - 1, MOST_SCORES - 2).astype(np.int64)]
        scores = np.concatenate([sample, [scores.max(), scores.min()]]).astype(np.float32)
    falling: FloatArray = -np.sort(-scores)
    return falling
