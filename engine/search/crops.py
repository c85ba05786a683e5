"""Whose every kept view is: from the nearest views to the people on them.

Owns: that book. May import: `engine.core`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.core.types import FloatArray

Ids = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class CropBook:
    """All views of a crowd, ordered by id.

    Attributes:
        ids: (K,) int64, ascending.
        owners: (K,) int64, row of the person in the crowd.
        views: (K, 2) int64, tracklet and rank.
        known: rows of those with a view, ascending: found by `ordered`.
    """

    ids: Ids
    owners: Ids
    views: Ids
    known: Ids

    @classmethod
    def ordered(cls, ids: Ids, owners: Ids, views: Ids) -> CropBook:
        """The book of views in any order."""
        order = np.argsort(ids, kind="stable")
        return cls(ids[order], owners[order], views[order], np.unique(owners))

    def __len__(self) -> int:
        return len(self.ids)

    def of(self, rows: Ids, people: int) -> Ids:
        """Ids of all views of some of the people, ascending.

        Args:
            rows: of the crowd.
            people: how many the crowd has.
        """
        wanted = np.zeros(people, np.bool_)
        wanted[rows] = True
        ids: Ids = self.ids[wanted[self.owners]]
        return ids

    def best(self, near: Ids, products: FloatArray, people: int) -> tuple[FloatArray, Ids]:
        """What the nearest views say of everybody.

        Args:
            near: ids, the nearest first; those that are not in the book are passed over.
            products: (len(near),) float32, inner products.
            people: how many the crowd has.

        Returns:
            (people,) float32 in [0, 1], of each one's nearest view; 0 for those with none among them, NaN for those
            with none in the book. And (people,) int64, place in the book of that view, -1 where there is none.
        """
        scores = np.full(people, np.nan, np.float32)
        scores[self.known] = 0.0
        places = np.full(people, -1, np.int64)
        if not len(self) or not len(near):
            return scores, places
        at = np.minimum(np.searchsorted(self.ids, near), len(self) - 1)
        there = self.ids[at] == near
        owners, first = np.unique(self.owners[at[there]], return_index=True)
        places[owners] = at[there][first]
        scores[owners] = np.clip(products[there][first], 0.0, 1.0)
        return scores, places
