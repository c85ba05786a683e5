"""Very many vectors by id, and those nearest to one: exact while there are few, in cells when there are many.

Owns: the index. May import: `engine.core`; faiss inside functions only.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.core.types import FloatArray

EXACT_UP_TO = 100_000
"""Vectors up to which every one of them is compared."""

GOAL = 0.97
"""Share of the true ten nearest that must be among the ten found, when the number of cells to look into is chosen."""

TRAINED_ON = 40
"""Vectors that a cell's middle is learnt from, on average."""

ASKED = 48
"""Made-up queries of each kind by which the number of cells to look into is chosen."""

GROWTH = 4
"""Cells are learnt anew when there are so many times more vectors than when they were learnt."""

_MOST_CELLS = 2048
_ROUNDS = 6
_TOP = 10

Ids = NDArray[np.int64]


class VectorIndex:
    """Vectors of one length by id, compared by inner product. Not thread-safe while vectors come or go.

    Args:
        columns: of a vector.
        exact_up_to: vectors up to which every one is compared.
    """

    def __init__(self, columns: int, exact_up_to: int = EXACT_UP_TO) -> None:
        if columns < 1:
            raise ValueError(f"vectors need at least one column, got {columns}")
        self.columns = columns
        self._exact_up_to = exact_up_to
        self._index: Any = _flat(columns)
        self._ids: Ids = np.zeros(0, np.int64)
        self._learnt = 0

    def __len__(self) -> int:
        return len(self._ids)

    @property
    def exact(self) -> bool:
        """Whether every vector is compared."""
        return not self._learnt

    @property
    def ids(self) -> Ids:
        """All ids, ascending."""
        return self._ids

    def add(self, ids: Ids, vectors: FloatArray) -> None:
        """Take in vectors.

        Args:
            ids: (N,) int64, none of which is there already.
            vectors: (N, columns) float32, finite.

        Raises:
            ValueError: another shape, an id twice, or a vector that is not finite.
        """
        ids = np.asarray(ids, np.int64)
        if vectors.shape != (len(ids), self.columns) or not np.isfinite(vectors).all():
            raise ValueError(f"vectors must be ({len(ids)}, {self.columns}) and finite, got {vectors.shape}")
        if len(np.unique(ids)) != len(ids) or np.isin(ids, self._ids, assume_unique=True).any():
            raise ValueError("every id may be there once")
        if not len(ids):
            return
        total = len(self) + len(ids)
        if total > self._exact_up_to and total > GROWTH * self._learnt:
            kept = np.asarray(vectors, np.float32)
            everything = np.concatenate([self.vectors(self._ids), kept]) if len(self) else kept
            self._learn(np.concatenate([self._ids, ids]), everything)
        else:
            self._index.add_with_ids(np.ascontiguousarray(vectors, np.float32), ids)
        self._ids = np.sort(np.concatenate([self._ids, ids]))

    def remove(self, ids: Ids) -> int:
        """Drop vectors.

        Args:
            ids: int64; those that are not there are passed over.

        Returns:
            How many were dropped.
        """
        gone = np.intersect1d(self._ids, np.asarray(ids, np.int64))
        if not len(gone):
            return 0
        left = np.setdiff1d(self._ids, gone, assume_unique=True)
        if self._learnt and len(left) <= self._exact_up_to:
            vectors = self.vectors(left)
            self._index, self._learnt = _flat(self.columns), 0
            self._index.add_with_ids(vectors, left)
        else:
            self._index.remove_ids(gone)
        self._ids = left
        return len(gone)

    def vectors(self, ids: Ids) -> FloatArray:
        """(N, columns) float32 of ids that are there, in their order; in cells they are kept as float16."""
        if not len(ids):
            return np.zeros((0, self.columns), np.float32)
        return np.asarray(self._index.reconstruct_batch(np.ascontiguousarray(ids, np.int64)), np.float32)

    def nearest(self, query: FloatArray, most: int, allowed: Ids | None = None) -> tuple[Ids, FloatArray]:
        """The nearest vectors.

        Args:
            query: (columns,) float32.
            most: how many at most.
            allowed: ids that may be found; None for all.

        Returns:
            Ids and inner products, the largest first. All are compared while there are few of them, be it all there
            are or those allowed; else those in the nearest cells.
        """
        query = np.ascontiguousarray(query, np.float32)
        if query.shape != (self.columns,) or not np.isfinite(query).all():
            raise ValueError(f"the query must be ({self.columns},) and finite, got {query.shape}")
        most = min(most, len(self))
        if most < 1:
            return np.zeros(0, np.int64), np.zeros(0, np.float32)
        if allowed is not None:
            wanted = np.intersect1d(self._ids, allowed)
            if len(wanted) <= self._exact_up_to:
                return _largest(wanted, self.vectors(wanted) @ query, most)
            return self._in_cells(query, most, wanted)
        if self.exact:
            return _largest(*self._scanned(query), most)
        return self._in_cells(query, most, None)

    def _scanned(self, query: FloatArray) -> tuple[Ids, FloatArray]:
        """All ids and their inner products. One multiplication over what the index holds is faster than its own search
        as soon as more than a few are wanted.
        """
        import faiss

        flat: Any = faiss.downcast_index(self._index.index)
        vectors = faiss.rev_swig_ptr(flat.get_xb(), len(self) * self.columns)
        products: FloatArray = vectors.reshape(len(self), self.columns) @ query
        return faiss.vector_to_array(self._index.id_map), products

    def _in_cells(self, query: FloatArray, most: int, wanted: Ids | None) -> tuple[Ids, FloatArray]:
        import faiss

        # Long lists need more cells than the ten they were chosen for.
        cells = min(self._index.nlist, int(self._index.nprobe * max(1.0, (most / _TOP) ** 0.25)))
        options: dict[str, Any] = {"nprobe": cells}
        if wanted is not None:
            options["sel"] = faiss.IDSelectorBatch(wanted)
            options["nprobe"] = min(self._index.nlist, int(cells * len(self) / len(wanted)))
        products, ids = self._index.search(query[None], most, params=faiss.SearchParametersIVF(**options))
        return _kept(ids[0], products[0])

    def _learn(self, ids: Ids, vectors: FloatArray) -> None:
        """Put everything into cells, and look into as many of them as the goal needs."""
        import faiss

        rng = np.random.default_rng(0)
        cells = int(min(_MOST_CELLS, max(16, np.sqrt(len(ids)))))
        quantizer = faiss.IndexFlatIP(self.columns)
        kind = faiss.ScalarQuantizer.QT_fp16
        index = faiss.IndexIVFScalarQuantizer(quantizer, self.columns, cells, kind, faiss.METRIC_INNER_PRODUCT)
        index.cp.niter = _ROUNDS
        index.cp.seed = 1
        index.cp.min_points_per_centroid = 1
        learnt_from = rng.permutation(len(ids))[: cells * TRAINED_ON]
        index.train(vectors[np.sort(learnt_from)])
        index.set_direct_map_type(index.direct_map.Hashtable)
        index.add_with_ids(np.ascontiguousarray(vectors, np.float32), ids)
        index.nprobe = _cells_needed(index, vectors, rng)
        self._index, self._learnt = index, len(ids)

    # As bytes

    def write(self, path: str) -> None:
        """Write the index to a file of faiss."""
        import faiss

        faiss.write_index(self._index, path)

    @classmethod
    def read(cls, path: str, columns: int, exact_up_to: int = EXACT_UP_TO) -> VectorIndex:
        """The index of a file.

        Raises:
            ValueError: the file is no such index, or is damaged.
        """
        import faiss

        self = cls(columns, exact_up_to)
        try:
            index = faiss.read_index(path)
        except RuntimeError as error:
            raise ValueError(f"no index: {error}") from error
        if index.d != columns:
            raise ValueError(f"vectors have {index.d} columns, not {columns}")
        if isinstance(index, faiss.IndexIDMap2):
            self._ids = np.sort(faiss.vector_to_array(index.id_map))
        elif isinstance(index, faiss.IndexIVF):
            parts = [_cell_ids(index, cell) for cell in range(index.nlist)]
            self._ids = np.sort(np.concatenate(parts))
            index.set_direct_map_type(index.direct_map.Hashtable)
            self._learnt = len(self._ids)
        else:
            raise ValueError(f"a {type(index).__name__} is not ours")
        if len(self._ids) != index.ntotal or len(np.unique(self._ids)) != index.ntotal:
            raise ValueError("ids do not fit")
        self._index = index
        return self


def recall(found: Ids, truth: Ids) -> float:
    """Share of the true nearest that were found.

    Args:
        found: (Q, K) int64 ids.
        truth: (Q, K) int64 ids.
    """
    return float(np.mean([np.isin(true, mine).mean() for mine, true in zip(found, truth, strict=True)]))


def _flat(columns: int) -> Any:
    import faiss

    return faiss.IndexIDMap2(faiss.IndexFlatIP(columns))


def _cells_needed(index: Any, vectors: FloatArray, rng: np.random.Generator) -> int:
    """The fewest cells to look into with which the goal is reached.

    Some queries lie beside a vector, as another view of the same person does; as many lie between vectors, as words
    do that name what several have in common. Each kind must reach it.
    """
    rows = rng.integers(0, len(vectors), (ASKED, 4))
    scale = np.linalg.norm(vectors[rows[:, 0]], axis=1, keepdims=True) / np.sqrt(vectors.shape[1])
    noise = 0.3 * scale * rng.normal(0, 1, (ASKED, vectors.shape[1]))
    kinds = [
        np.ascontiguousarray(middle + noise, np.float32) for middle in (vectors[rows[:, 0]], vectors[rows].mean(axis=1))
    ]
    index.nprobe = index.nlist
    truths = [index.search(asked, _TOP)[1] for asked in kinds]
    cells = 4
    while cells < index.nlist:
        index.nprobe = cells
        found = [index.search(asked, _TOP)[1] for asked in kinds]
        if min(recall(mine, true) for mine, true in zip(found, truths, strict=True)) >= GOAL:
            break
        cells = cells * 3 // 2
    return int(min(cells, index.nlist))


def _cell_ids(index: Any, cell: int) -> Ids:
    import faiss

    size = index.invlists.list_size(cell)
    if not size:
        return np.zeros(0, np.int64)
    return np.array(faiss.rev_swig_ptr(index.invlists.get_ids(cell), size), np.int64)


def _largest(ids: Ids, products: FloatArray, most: int) -> tuple[Ids, FloatArray]:
    rows = np.arange(len(ids)) if most >= len(ids) else np.argpartition(-products, most - 1)[:most]
    order = rows[np.argsort(-products[rows], kind="stable")]
    return ids[order], np.asarray(products[order], np.float32)


def _kept(ids: Ids, products: FloatArray) -> tuple[Ids, FloatArray]:
    """Less what faiss fills up with where there were too few."""
    there = ids >= 0
    return ids[there], products[there]
