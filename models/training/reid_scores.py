"""How well vectors find the same person among many: mean average precision, ranks, distances.

The convention is that of re-identification (Zheng et al. 2015): a picture of the asked person by the same camera does
not count, neither as right nor as wrong. Where names carry no camera, only the asked picture itself is left out.
Average precision is the mean of the precisions at the right answers, as scikit-learn has it, not a trapezium.
May import: `engine.core`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.core.types import FloatArray

RANKS = (1, 5, 10)

_SURE = 0.02
"""Share of pairs that may lie beyond an end of the scale."""


@dataclass(frozen=True, slots=True, eq=False)
class Trial:
    """Pictures that are asked for, against pictures that may answer.

    Attributes:
        distances: (Q, G) float32, smaller is more alike.
        right: (Q, G) bool, they show the same person.
        counted: (Q, G) bool, the answer counts.
    """

    distances: FloatArray
    right: NDArray[np.bool_]
    counted: NDArray[np.bool_]

    @property
    def same(self) -> FloatArray:
        """Distances of all counted pairs of one person."""
        return np.asarray(self.distances[self.right & self.counted], np.float32)

    @property
    def different(self) -> FloatArray:
        """Distances of all counted pairs of two persons."""
        return np.asarray(self.distances[~self.right & self.counted], np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class Scores:
    """How a trial went; all figures in [0, 1].

    Attributes:
        map: mean average precision.
        ranks: share of queries with a right answer among the first 1, 5, 10.
        precision: (Q,) float64, average precision of each query; NaN where there was no right answer to find.
    """

    map: float
    ranks: tuple[float, ...]
    precision: NDArray[np.float64]

    @property
    def asked(self) -> int:
        """Queries that had a right answer."""
        return int((~np.isnan(self.precision)).sum())

    def to_dict(self) -> dict[str, float | int]:
        """Plain figures."""
        ranks = {f"rank{rank}": round(value, 4) for rank, value in zip(RANKS, self.ranks, strict=True)}
        return {"map": round(self.map, 4), **ranks, "queries": self.asked}


def trial(
    queries: FloatArray, gallery: FloatArray, people: tuple[Sequence[str], ...], cameras: tuple[Sequence[str], ...]
) -> Trial:
    """Compare vectors by the cosine.

    Args:
        queries: (Q, D) float32 of length 1, or 0.
        gallery: (G, D) float32, likewise.
        people: who queries and gallery show.
        cameras: that took them; "" is not known and never the same.
    """
    asked, offered = (np.array(who) for who in people)
    taken, shot = (np.array(each) for each in cameras)
    right = asked[:, None] == offered[None]
    same_camera = (taken[:, None] == shot[None]) & (taken != "")[:, None]
    distances = np.asarray(1.0 - queries @ gallery.T, np.float32)
    return Trial(distances, right, ~(right & same_camera))


def trial_within(vectors: FloatArray, people: Sequence[str], cameras: Sequence[str]) -> Trial:
    """Every picture against all others; nobody answers for themselves."""
    found = trial(vectors, vectors, (people, people), (cameras, cameras))
    counted = found.counted & ~np.eye(len(vectors), dtype=bool)
    if not (found.right & counted).any():
        # Everybody was taken by one camera only: what is left is to compare within it.
        counted = ~np.eye(len(vectors), dtype=bool)
    return Trial(found.distances, found.right, counted)


def order(found: Trial, query: int) -> NDArray[np.int64]:
    """Rows of the gallery that count for a query, the most alike first; among equals a right one comes last."""
    rows = np.flatnonzero(found.counted[query])
    ranked: NDArray[np.int64] = rows[np.lexsort((found.right[query, rows], found.distances[query, rows]))]
    return ranked


def score(found: Trial) -> Scores:
    """The figures of a trial; queries without a right answer are left out of all of them."""
    precision = np.full(len(found.distances), np.nan)
    hits = np.zeros(len(RANKS))
    for query in range(len(found.distances)):
        answers = found.right[query, order(found, query)]
        places = np.flatnonzero(answers)
        if not len(places):
            continue
        precision[query] = float(np.mean((np.arange(len(places)) + 1) / (places + 1)))
        hits += [places[0] < rank for rank in RANKS]
    asked = int((~np.isnan(precision)).sum())
    if not asked:
        return Scores(0.0, (0.0,) * len(RANKS), precision)
    return Scores(float(np.nanmean(precision)), tuple(float(share) for share in hits / asked), precision)


def cosine_scale(vectors: FloatArray, people: Sequence[str]) -> tuple[float, float] | None:
    """What cosines of mean vectors mean: see `engine.core.identity.CosineScale`.

    Everybody's pictures are dealt into two runs; the means of two runs are compared.

    Args:
        vectors: (N, D) float32 of length 1.
        people: N, each at least twice.

    Returns:
        The cosine that few pairs of one person are under, and that which few of two are over, the smaller one first;
        None where they cannot be told apart from one another.
    """
    who = np.array(people)
    rows = [np.flatnonzero(who == name) for name in sorted(set(people))]
    means = np.stack([vectors[mine[start::2]].mean(axis=0) for mine in rows for start in (0, 1)])
    means /= np.maximum(np.linalg.norm(means, axis=1, keepdims=True), 1e-6)
    cosines = means[::2] @ means[1::2].T
    same, different = np.diag(cosines), cosines[~np.eye(len(cosines), dtype=bool)]
    ends = sorted((float(np.quantile(same, _SURE)), float(np.quantile(different, 1 - _SURE))))
    low, high = (round(min(max(end, -1.0), 1.0), 4) for end in ends)
    return (low, high) if low < high else None
