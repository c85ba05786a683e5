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
from engine.core.cuts import whole_number
from engine.core.errors import SearchError
from engine.core.types import FloatArray, Image
from engine.photographs import Photographs
from engine.search.crops import CropBook
from engine.search.filters import Crowd
from engine.search.looks import COLUMNS, VERSION, looks
from engine.search.shelf_files import ShelfFiles, Shelved, synced
from engine.search.vectors import VectorIndex
from engine.store.clothing import ClothingSet
from engine.wardrobe import Found, Rack, Wardrobe

ALL_LISTED = 20_000
"""Views up to which everybody's nearest one is told."""

LISTED = 4000
"""Of more, so many of the nearest; whoever has none among them is not alike."""

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
        self._whole: tuple[Crowd, str, CropBook] | None = None

    def of_view(self, footage: str, tracklet: int, rank: int) -> Asked:
        """What a kept view of a footage's newest run looks like.

        Raises:
            SearchError: nothing is known of that view.
        """
        found = self._wardrobe.person_of(footage, tracklet)
        if found is None:
            raise SearchError("This footage was analysed before clothes were read. Analyse it again.")
        source, label = found
        number = whole_number(tracklet)
        numbers, ranks, vectors = looks(self._wardrobe.clothing.of_tracklets(source.stage, [number]))
        at = np.flatnonzero((numbers == number) & (ranks == rank))
        if not len(at):
            raise SearchError("No clothes can be made out in this picture. Choose another one of the same person.")
        return Asked(vectors[at[0]], SLOTS, VERSION, (footage, label))

    def embedded(self, footage: str, view: tuple[int, int], version: str) -> Asked | None:
        """What a network of a version made of a kept view; None where it made nothing."""
        found = self._wardrobe.person_of(footage, view[0])
        sets = self._wardrobe.clothing.sets("vectors")
        source = next((each for each in sets if (each.footage, each.version) == (footage, version)), None)
        if found is None or source is None:
            return None
        kept = self._wardrobe.clothing.vectors(source.stage)
        at = np.flatnonzero((kept.tracklets == whole_number(view[0])) & (kept.ranks == view[1]))
        return Asked(kept.vectors[at[0]], BLIP, version, (footage, found[1])) if len(at) else None

    def of_photograph(self, data: bytes) -> tuple[Asked, Image]:
        """What the person in a photograph looks like, and the part of it that shows them.

        Raises:
            SearchError: the file is too large or no picture, nobody is found in it, or no clothes can be made out.
        """
        picture = self._photographs.person(data)
        _, _, vectors = looks(self._photographs.readings(picture))
        if not len(vectors):
            raise SearchError("Somebody is found in this picture, but no clothes can be made out. Choose another one.")
        return Asked(vectors[0], SLOTS, VERSION), picture.image

    def scores(self, asked: Asked, people: Found) -> tuple[FloatArray, dict[int, tuple[int, int]]]:
        """How alike everybody is to somebody, by the best of their views.

        Args:
            asked: the one.
            people: N who may be found.

        Returns:
            (N,) float32 in [0, 1], of their nearest view; NaN for those of whom there is no view, and 0 for those
            who are not among the nearest where there are very many. And tracklet and rank of the view, by row.
        """
        crowd = len(people.rack.crowd)
        with self._guard:
            index = self._current(asked.tier, asked.version).index
            book = self._of_rack(asked, people.rack)
            everything = len(people) == crowd and len(book) == len(index)
            allowed = None if everything else book.of(people.rows, crowd)
            there = len(book) if allowed is None else len(allowed)
            near, products = index.nearest(asked.vector, there if there <= ALL_LISTED else LISTED, allowed)
        scores, places = book.best(near, products, crowd)
        at = places[people.rows]
        rows = np.flatnonzero(at >= 0)
        views = zip(rows.tolist(), book.views[at[rows]].tolist(), strict=True)
        return scores[people.rows], {row: (tracklet, rank) for row, (tracklet, rank) in views}

    def _current(self, tier: str, version: str) -> Shelved:
        """The index of a tier, brought up to what the store holds."""
        sets = self._sets(tier, version)
        reads = {each.id: partial(self._vectors, tier, each) for each in sets}
        known = self._shelved.get((tier, version))
        columns = known.index.columns if known else COLUMNS if tier == SLOTS else self._columns(sets)
        files = ShelfFiles(self._folder, f"{tier}-{version}", columns)
        known = known or files.read() or Shelved(VectorIndex(columns), {})
        if synced(known, reads):
            files.write(known)
        self._shelved[tier, version] = known
        return known

    def _sets(self, tier: str, version: str) -> tuple[ClothingSet, ...]:
        if tier == SLOTS:
            return self._wardrobe.clothing.sets("readings")
        return tuple(each for each in self._wardrobe.clothing.sets("vectors") if each.version == version)

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

    def _of_rack(self, asked: Asked, rack: Rack) -> CropBook:
        """All views of everybody; made once for a rack."""
        key = f"{asked.tier}-{asked.version}"
        if self._whole is None or self._whole[0] is not rack.crowd or self._whole[1] != key:
            self._whole = (rack.crowd, key, self._views(asked, rack))
        return self._whole[2]

    def _views(self, asked: Asked, rack: Rack) -> CropBook:
        sets = {each.footage: each for each in self._sets(asked.tier, asked.version)}
        ids, owners, views = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)], [np.zeros((0, 2), np.int64)]
        for shelf, first in zip(rack.shelves, rack.first, strict=True):
            source = sets.get(shelf.source.footage)
            if source is None or source.run != shelf.source.run:
                continue
            mine, tracklets, ranks = self._book(asked.tier, source)
            tracklets = self._wardrobe.pieces(source, tracklets, ranks)
            owner = dict(zip(shelf.crowd.tracklets.tolist(), shelf.crowd.owner.tolist(), strict=True))
            whose = np.array([owner.get(number, -1) for number in tracklets.tolist()], np.int64)
            ids.append(mine[whose >= 0])
            owners.append(whose[whose >= 0] + first)
            views.append(np.stack([tracklets, ranks], axis=1)[whose >= 0])
        return CropBook.ordered(np.concatenate(ids), np.concatenate(owners), np.concatenate(views))

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
