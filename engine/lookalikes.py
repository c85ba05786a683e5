"""Finding those who look like somebody: an index over all kept views, and what is asked of it.

Every tier has an index of its own: vectors of colours and traits, and a pretrained network's embeddings where there
are any. Both are kept beside the store and follow it. May import: `engine.core`, `engine.search`, `engine.store`, and
the joiners beside it.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from engine.core.config import Settings
from engine.core.errors import SearchError
from engine.core.types import FloatArray
from engine.photographs import Photographs
from engine.search.filters import Crowd
from engine.search.looks import COLUMNS, VERSION, looks
from engine.search.shelf_files import ShelfFiles, Shelved, synced
from engine.search.vectors import EXACT_UP_TO, VectorIndex
from engine.store.clothing import ClothingSet
from engine.wardrobe import Found, Rack, Wardrobe

LISTED = 4000
"""Nearest views that are looked at where there are too many to compare with every one."""

SLOTS, BLIP = "slots", "blip"

Book = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]
"""Three columns of as many views."""


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """What is looked for.

    Attributes:
        vector: (D,) float32 of length 1.
        tier: "slots" or "blip".
        version: of what made it.
        person: footage id and label of whom it shows; None of a photograph.
    """

    vector: FloatArray
    tier: str
    version: str
    person: tuple[str, str] | None = None


class Lookalikes:
    """Compares views. Thread-safe.

    Args:
        settings: where indexes are kept.
        wardrobe: whom there is.
    """

    def __init__(self, settings: Settings, wardrobe: Wardrobe) -> None:
        self._folder = settings.home / "search"
        self._wardrobe = wardrobe
        self._photographs = Photographs(settings)
        self._guard = threading.Lock()
        self._shelved: dict[tuple[str, str], Shelved] = {}
        self._books: dict[int, Book] = {}
        self._everybody: tuple[Crowd, str, Book] | None = None

    def of_view(self, footage: str, tracklet: int, rank: int) -> Asked:
        """What a kept view of a footage's newest run looks like.

        Raises:
            SearchError: nothing is known of that view.
        """
        found = self._wardrobe.person_of(footage, tracklet)
        if found is None:
            raise SearchError("This footage was analysed before clothes were read. Analyse it again.")
        source, label = found
        numbers, ranks, vectors = looks(self._wardrobe.clothing.of_tracklets(source.stage, [tracklet]))
        at = np.flatnonzero((numbers == tracklet) & (ranks == rank))
        if not len(at):
            raise SearchError("No clothes can be made out in this picture. Choose another one of the same person.")
        return Asked(vectors[at[0]], SLOTS, VERSION, (footage, label))

    def of_photograph(self, data: bytes) -> Asked:
        """What the person in a photograph looks like.

        Raises:
            SearchError: the file is too large or no picture, nobody is found in it, or no clothes can be made out.
        """
        _, _, vectors = looks(self._photographs.readings(data))
        if not len(vectors):
            raise SearchError("Somebody is found in this picture, but no clothes can be made out. Choose another one.")
        return Asked(vectors[0], SLOTS, VERSION)

    def scores(self, asked: Asked, people: Found) -> tuple[FloatArray, dict[int, tuple[int, int]]]:
        """How alike everybody is to somebody, by the best of their views.

        Args:
            asked: the one.
            people: N who may be found.

        Returns:
            (N,) float32 in [0, 1]; 0 for those of whom no view is near. And tracklet and rank of the view that is
            nearest, by row, of all others.
        """
        with self._guard:
            shelved = self._current(asked.tier, asked.version)
            owners, ids, views = self._owned(asked.tier, people)
            everybody = len(people) == len(people.rack.crowd)
            allowed = None if everybody else np.sort(ids)
            many = (len(shelved.index) if everybody else len(ids)) > EXACT_UP_TO
            near, products = shelved.index.nearest(asked.vector, LISTED if many else len(ids), allowed)
        order = np.argsort(ids, kind="stable")
        places = np.searchsorted(ids[order], near)
        there = places < len(ids)
        there[there] = ids[order][places[there]] == near[there]
        rows = order[places[there]]
        scores = np.zeros(len(people), np.float32)
        best: dict[int, tuple[int, int]] = {}
        for row, product in zip(rows.tolist(), products[there].tolist(), strict=True):
            owner = int(owners[row])
            if owner not in best:  # nearest first
                best[owner] = (int(views[row, 0]), int(views[row, 1]))
                scores[owner] = min(max(product, 0.0), 1.0)
        return scores, best

    def _current(self, tier: str, version: str) -> Shelved:
        """The index of a tier, brought up to what the store holds."""
        sets = self._wardrobe.clothing.sets("readings" if tier == SLOTS else "vectors")
        if tier == BLIP:
            sets = tuple(each for each in sets if each.version == version)
        reads = {each.id: partial(self._vectors, tier, each) for each in sets}
        columns = COLUMNS if tier == SLOTS else self._columns(sets)
        files = ShelfFiles(self._folder, f"{tier}-{version}", columns)
        known = self._shelved.get((tier, version)) or files.read() or Shelved(VectorIndex(columns), {})
        if synced(known, reads):
            files.write(known)
        self._shelved[tier, version] = known
        return known

    def _vectors(self, tier: str, source: ClothingSet) -> tuple[NDArray[np.int64], FloatArray]:
        clothing = self._wardrobe.clothing
        if tier == BLIP:
            kept = clothing.vectors(source.stage)
            return kept.ids, kept.vectors
        numbers, ranks, vectors = looks(clothing.of_stage(source.stage))
        first = clothing.ids("readings", source.stage)
        return np.array([first[number] for number in numbers.tolist()], np.int64) + ranks, vectors

    def _columns(self, sets: tuple[ClothingSet, ...]) -> int:
        """Columns of a network's vectors, by the first that there are."""
        for each in sets:
            kept = self._wardrobe.clothing.vectors(each.stage)
            if len(kept.ids):
                return int(kept.vectors.shape[1])
        raise SearchError("No picture has been embedded yet. Analyse the footage again with the pretrained profile.")

    def _owned(self, tier: str, people: Found) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        """All views of the people: (K,) the row of whose each is, (K,) ids, (K, 2) tracklets and ranks."""
        rack = people.rack
        if self._everybody is None or self._everybody[0] is not rack.crowd or self._everybody[1] != tier:
            self._everybody = (rack.crowd, tier, self._views(tier, rack))
        owners, ids, views = self._everybody[2]
        places = np.full(len(rack.crowd), -1, np.int64)
        places[people.rows] = np.arange(len(people))
        kept = places[owners] >= 0
        return places[owners[kept]], ids[kept], views[kept]

    def _views(self, tier: str, rack: Rack) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        sets = {each.footage: each for each in self._wardrobe.clothing.sets("readings" if tier == SLOTS else "vectors")}
        owners, ids, views = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)], [np.zeros((0, 2), np.int64)]
        for shelf, first in zip(rack.shelves, rack.first, strict=True):
            source = sets.get(shelf.source.footage)
            if source is None or source.run != shelf.source.run:
                continue
            mine, tracklets, ranks = self._book(tier, source)
            owner = dict(zip(shelf.crowd.tracklets.tolist(), shelf.crowd.owner.tolist(), strict=True))
            whose = np.array([owner.get(number, -1) for number in tracklets.tolist()], np.int64)
            owners.append(whose[whose >= 0] + first)
            ids.append(mine[whose >= 0])
            views.append(np.stack([tracklets, ranks], axis=1)[whose >= 0])
        return np.concatenate(owners), np.concatenate(ids), np.concatenate(views)

    def _book(self, tier: str, source: ClothingSet) -> Book:
        """Ids, tracklets and ranks of the views of a set."""
        if source.id not in self._books:
            clothing = self._wardrobe.clothing
            if tier == BLIP:
                kept = clothing.vectors(source.stage)
                self._books[source.id] = (kept.ids, kept.tracklets, kept.ranks)
            else:
                numbers, ranks, _ = looks(clothing.of_stage(source.stage))
                first = clothing.ids("readings", source.stage)
                base = np.array([first[number] for number in numbers.tolist()], np.int64)
                self._books[source.id] = (base + ranks, numbers, ranks)
        return self._books[source.id]
