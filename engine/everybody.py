"""Everybody in the newest analysis of all footage, with what they look like: what a gallery is made of.

Owns: reading that from the store, and keeping what has not changed. May import: `engine.core`, `engine.identities`,
`engine.store`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.core.identity import PIECE, CosineScale, IdentityVectors, PersonRef
from engine.core.library import FootageDetails
from engine.core.types import FloatArray
from engine.core.views import FootageView, PersonView
from engine.identities import Identities
from engine.store.database import Database
from engine.store.footage import FootageTable
from engine.store.identity import IdentitySet, IdentityTable
from engine.store.library import LibraryTable
from engine.store.results import ResultTable


@dataclass(frozen=True, slots=True)
class Recording:
    """Footage that was analysed.

    Attributes:
        footage: which.
        run: id of its newest run.
        details: what people say about it.
    """

    footage: FootageView
    run: str
    details: FootageDetails

    @property
    def start_utc(self) -> str:
        """When it began: as somebody said, else as the metadata says, else ""."""
        return self.details.start_utc or self.footage.media.recorded_utc

    @property
    def order(self) -> tuple[bool, str, str]:
        """Those of a known start first, by start; the rest by id."""
        return (not self.start_utc, self.start_utc, self.footage.id)


@dataclass(frozen=True, slots=True, eq=False)
class Views:
    """What the kept views of people look like, of one version of one back end.

    Attributes:
        model: registry name of the back end.
        version: its version.
        scale: what cosines mean.
        owner: (V,) int64, row of the person.
        places: (V,) int64, which of the person's crops.
        vectors: (V, D) float32 of length 1.
        quality: (V,) float32 in (0, 1].
    """

    model: str
    version: str
    scale: CosineScale
    owner: NDArray[np.int64]
    places: NDArray[np.int64]
    vectors: FloatArray
    quality: FloatArray

    @property
    def name(self) -> str:
        """Back end and version in one word."""
        return f"{self.model} {self.version}"

    def of(self, rows: NDArray[np.int64]) -> Views:
        """Those of some people, numbered anew: (P,) int64 the new row of each, -1 of those left out."""
        owner = rows[self.owner]
        kept = owner >= 0
        columns = (owner[kept], self.places[kept], self.vectors[kept], self.quality[kept])
        return Views(self.model, self.version, self.scale, *columns)


@dataclass(frozen=True, slots=True, eq=False)
class Everybody:
    """All people, recording by recording in order of time, within one in order of appearance.

    Attributes:
        stamp: another one whenever anything of this may be.
        recordings: by footage id, in order.
        refs: who.
        people: the same, as they were seen.
        views: of them, most people first.
    """

    stamp: str
    recordings: Mapping[str, Recording]
    refs: tuple[PersonRef, ...]
    people: tuple[PersonView, ...]
    views: tuple[Views, ...]

    def within(self, footage: Collection[str]) -> Everybody:
        """Those of some recordings alone."""
        rows = [row for row, ref in enumerate(self.refs) if ref.footage in footage]
        new = np.full(len(self.refs), -1, np.int64)
        new[rows] = np.arange(len(rows))
        return Everybody(
            stamp=f"{self.stamp} {sorted(footage)}",
            recordings={name: each for name, each in self.recordings.items() if name in footage},
            refs=tuple(self.refs[row] for row in rows),
            people=tuple(self.people[row] for row in rows),
            views=tuple(views.of(new) for views in self.views),
        )


class Crowds:
    """Reads everybody, and keeps what has not changed. For one thread at a time.

    Args:
        database: the store.
        identity: what analysts said of who is who.
    """

    def __init__(self, database: Database, identity: Identities) -> None:
        self._footage = FootageTable(database)
        self._library = LibraryTable(database)
        self._results = ResultTable(database)
        self._vectors = IdentityTable(database)
        self._identity = identity
        self._people: dict[str, tuple[int, tuple[PersonView, ...]]] = {}
        self._sets: dict[int, IdentityVectors] = {}
        self._known: Everybody | None = None

    def now(self) -> Everybody:
        """Everybody, as the store stands.

        Raises:
            StoreError: the store cannot be read.
        """
        details, runs, sets = self._library.details(), self._library.newest_runs(), self._vectors.sets()
        found = [
            Recording(view, runs[view.id].id, details.get(view.id, FootageDetails()))
            for view in self._footage.list()
            if view.id in runs
        ]
        recordings = {each.footage.id: each for each in sorted(found, key=lambda each: each.order)}
        stamp = repr(
            (
                [(each.order, each.run, each.footage.name, each.details.camera) for each in recordings.values()],
                [each.id for each in sets],
                self._identity.revision(),
            )
        )
        if self._known is None or self._known.stamp != stamp:
            self._known = self._read(stamp, recordings, {each.footage: each for each in sets})
        return self._known

    def _read(self, stamp: str, recordings: Mapping[str, Recording], sets: Mapping[str, IdentitySet]) -> Everybody:
        refs: list[PersonRef] = []
        people: list[PersonView] = []
        for footage, recording in recordings.items():
            for person in self._of_run(footage, recording.run):
                refs.append(PersonRef(footage, recording.run, person.label))
                people.append(person)
        runs, ids = {each.run for each in recordings.values()}, {each.id for each in sets.values()}
        self._people = {run: kept for run, kept in self._people.items() if run in runs}
        self._sets = {number: kept for number, kept in self._sets.items() if number in ids}
        return Everybody(stamp, recordings, tuple(refs), tuple(people), self._views(refs, people, sets))

    def _of_run(self, footage: str, run: str) -> tuple[PersonView, ...]:
        revision = self._identity.revision(footage)
        known = self._people.get(run)
        if known is None or known[0] != revision:
            self._people[run] = known = (revision, self._results.people(run))
        return known[1]

    def _views(
        self, refs: Sequence[PersonRef], people: Sequence[PersonView], sets: Mapping[str, IdentitySet]
    ) -> tuple[Views, ...]:
        rows: dict[str, list[int]] = {}
        for row, ref in enumerate(refs):
            rows.setdefault(ref.footage, []).append(row)
        parts: dict[tuple[str, str, CosineScale, int], list[_Part]] = {}
        for footage, source in sets.items():
            part = self._part(source, rows.get(footage, []), people)
            if len(part.owner):
                parts.setdefault((source.model, source.version, source.scale, source.size), []).append(part)
        found = [
            Views(model, version, scale, *(np.concatenate(column) for column in zip(*map(_columns, mine), strict=True)))
            for (model, version, scale, _), mine in parts.items()
        ]
        return tuple(sorted(found, key=lambda views: (-len(np.unique(views.owner)), views.name)))

    def _part(self, source: IdentitySet, rows: Sequence[int], people: Sequence[PersonView]) -> _Part:
        """The views of one recording that say anything, by person; whose they are follows from the kept pictures."""
        if source.id not in self._sets:
            self._sets[source.id] = self._vectors.of_stage(source.stage)[0]
        vectors = self._sets[source.id]
        named = zip(vectors.tracklets.tolist(), vectors.ranks.tolist(), strict=True)
        place = {view: at for at, view in enumerate(named)}
        usable = (vectors.quality > 0).tolist()
        owner, places, taken = [], [], []
        for row in rows:
            for number, crop in enumerate(people[row].crops):
                at = place.get((crop.tracklet % PIECE, crop.rank))
                if at is not None and usable[at]:
                    owner.append(row)
                    places.append(number)
                    taken.append(at)
        order = np.array(taken, np.int64)
        return _Part(
            np.array(owner, np.int64), np.array(places, np.int64), vectors.vectors[order], vectors.quality[order]
        )


@dataclass(frozen=True, slots=True, eq=False)
class _Part:
    """Columns of `Views` of one recording."""

    owner: NDArray[np.int64]
    places: NDArray[np.int64]
    vectors: FloatArray
    quality: FloatArray


def _columns(part: _Part) -> tuple[NDArray[np.int64], NDArray[np.int64], FloatArray, FloatArray]:
    return part.owner, part.places, part.vectors, part.quality
