"""Views of people in all footage, and which of them lie nearest: what a gallery's votes are counted from.

Owns: the index over views. May import: `engine.core`; faiss inside functions only.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.core.columns import checked
from engine.core.identity import SURE, CosineScale
from engine.core.types import FloatArray

EXACT_UP_TO = 20_000
"""Views up to which every one is compared; of more, those of the nearest cells."""

PER_CELL = 64
"""Views of a cell, on average."""

LOOKED_INTO = 20
"""Cells that are looked into."""

SPARE = 60
"""Nearest views fetched beyond those wanted: a person's own footage is among them, and is left out."""

_ROUNDS = 5

Rows = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class VectorSpace:
    """Views that one version of one back end made vectors of: only they can be compared.

    Attributes:
        owner: (V,) int64, row of the person a view shows.
        vectors: (V, D) float32 of length 1.
        quality: (V,) float32 in (0, 1].
        scale: what cosines mean here.
    """

    owner: Rows
    vectors: FloatArray
    quality: FloatArray
    scale: CosineScale

    def __post_init__(self) -> None:
        vectors = checked("vectors", self.vectors, (None, None), np.float32)
        owner = checked("owner", self.owner, (len(vectors),), np.int64)
        quality = checked("quality", self.quality, (len(vectors),), np.float32)
        for name, column in (("owner", owner), ("vectors", vectors), ("quality", quality)):
            object.__setattr__(self, name, column)

    def __getitem__(self, rows: NDArray[np.generic]) -> VectorSpace:
        return VectorSpace(self.owner[rows], self.vectors[rows], self.quality[rows], self.scale)

    def means(self, people: int) -> FloatArray:
        """Mean vector of each of so many people, weighted by quality, (people, D) of length 1; 0 of those unseen."""
        sums = np.zeros((people, self.vectors.shape[1]), np.float64)
        order = np.argsort(self.owner, kind="stable")
        seen, starts = np.unique(self.owner[order], return_index=True)
        if len(seen):
            sums[seen] = np.add.reduceat(
                (self.vectors * self.quality[:, None])[order], starts, axis=0, dtype=np.float64
            )
        lengths = np.linalg.norm(sums, axis=1, keepdims=True)
        means: FloatArray = np.divide(sums, lengths, out=np.zeros_like(sums), where=lengths > 1e-9).astype(np.float32)
        return means

    def odds(self, cosines: FloatArray) -> FloatArray:
        """Log odds that two are the same, by the cosine of their means; `CosineScale.score` in logits."""
        middle, half = (self.scale.same + self.scale.different) / 2.0, (self.scale.same - self.scale.different) / 2.0
        odds: FloatArray = (SURE * (np.asarray(cosines, np.float32) - middle) / half).astype(np.float32)
        return odds


def nearest_elsewhere(space: VectorSpace, place: Rows, indexed: NDArray[np.bool_], count: int) -> Rows:
    """The nearest views of other footage, for every view.

    Args:
        space: V views.
        place: (V,) int64, number of the footage of each view.
        indexed: (V,) whether a view may be found.
        count: how many are wanted.

    Returns:
        (V, count) int64 rows of views, the nearest first; -1 where there are no more.

    Source: Johnson, Douze and Jégou 2017 (FAISS): exact inner products, or inverted lists where there are many.
    """
    wanted = np.full((len(place), count), -1, np.int64)
    known = np.flatnonzero(indexed)
    if not len(known) or not len(place):
        return wanted
    index = _index(space.vectors[known])
    fetched = min(count + SPARE, len(known))
    for start in range(0, len(place), 4096):
        rows = np.arange(start, min(start + 4096, len(place)))
        _, found = index.search(np.ascontiguousarray(space.vectors[rows]), fetched)
        wanted[rows] = _elsewhere(np.where(found >= 0, known[found], -1), place, rows, count)
    # Footage with very many views of its own crowds the others out: ask again, without it.
    short = np.flatnonzero(wanted[:, -1] < 0) if fetched < len(known) else np.zeros(0, np.int64)
    for number in np.unique(place[short]).tolist():
        rows = short[place[short] == number]
        others = np.flatnonzero(place[known] != number)
        found = _search_among(index, space.vectors[rows], others, min(count, len(others)))
        wanted[rows] = -1
        wanted[rows, : found.shape[1]] = np.where(found >= 0, known[found], -1)
    return wanted


def _elsewhere(found: Rows, place: Rows, rows: Rows, count: int) -> Rows:
    """The first `count` of other footage in every row of what was found, -1 behind them."""
    away = (found >= 0) & (place[found] != place[rows][:, None])
    order = np.argsort(~away, axis=1, kind="stable")[:, :count]
    taken = np.where(np.take_along_axis(away, order, axis=1), np.take_along_axis(found, order, axis=1), -1)
    kept: Rows = np.full((len(rows), count), -1, np.int64)
    kept[:, : taken.shape[1]] = taken
    return kept


def _index(vectors: FloatArray) -> Any:
    import faiss

    n, columns = vectors.shape
    flat = faiss.IndexFlatIP(columns)
    if n <= EXACT_UP_TO:
        flat.add(np.ascontiguousarray(vectors))
        return flat
    cells = n // PER_CELL
    index = faiss.IndexIVFFlat(flat, columns, cells, faiss.METRIC_INNER_PRODUCT)
    index.cp.niter, index.cp.seed, index.cp.spherical = _ROUNDS, 1234, True
    index.cp.max_points_per_centroid, index.cp.min_points_per_centroid = 24, 1
    index.train(np.ascontiguousarray(vectors))
    index.add(np.ascontiguousarray(vectors))
    index.nprobe = min(LOOKED_INTO, cells)
    return index


def _search_among(index: Any, vectors: FloatArray, among: Rows, count: int) -> Rows:
    import faiss

    if not count:
        return np.zeros((len(vectors), 0), np.int64)
    inside = isinstance(index, faiss.IndexIVFFlat)
    asked: Any = faiss.SearchParametersIVF() if inside else faiss.SearchParameters()
    asked.sel = faiss.IDSelectorBatch(among)
    if inside:
        asked.nprobe = index.nprobe
    _, found = index.search(np.ascontiguousarray(vectors), count, params=asked)
    return np.asarray(found, np.int64)
