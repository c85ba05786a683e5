"""What the people of all analysed footage wear, ready to be ranked: read from the store once, kept in memory after.

Owns: which people a search may find, and putting a hit together. May import: `engine.core`, `engine.review`,
`engine.search`, `engine.store`.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from engine.core.clothing import ClothingReadings
from engine.core.cuts import whole_number
from engine.core.errors import StoreError
from engine.core.labels import UNKNOWN
from engine.core.search import SearchConfig, Understood
from engine.core.segments import Segments
from engine.core.views import CropView, PersonView
from engine.review.queue import together
from engine.search.filters import Crowd, Place, allowed, chosen_places
from engine.search.ranking import rank
from engine.search.votes import PersonTable, pack
from engine.store.anomalies import AnomalyTable
from engine.store.clothing import ClothingSet, ClothingTable
from engine.store.database import Database
from engine.store.footage import FootageTable
from engine.store.journal import JournalTable
from engine.store.library import LibraryTable
from engine.store.recognition import RecognitionTable
from engine.store.results import ResultTable
from engine.store.reviews import ReviewTable

MOST_RACKS = 3
"""Choices of footage whose people are kept beside one another."""

MOST_RUNS = 64
"""Runs whose people are kept at hand for showing."""

Name = tuple[int, str, int]
"""Id of a set, of the run that uses it, and of the last word on who is who in its footage: runs may share readings and
yet differ in who is whom."""


@dataclass(frozen=True, slots=True, eq=False)
class Shelf:
    """The people of one footage's newest run.

    Attributes:
        source: where their readings lie.
        crowd: what filters look at.
        table: what is ranked.
    """

    source: ClothingSet
    crowd: Crowd
    table: PersonTable


@dataclass(frozen=True, slots=True, eq=False)
class Rack:
    """All shelves beside one another.

    Attributes:
        shelves: in order of footage id.
        places: of their footages.
        crowd: all people.
        table: the same people, row by row.
        first: row of the first person of each shelf.
    """

    shelves: tuple[Shelf, ...]
    places: tuple[Place, ...]
    crowd: Crowd
    table: PersonTable
    first: NDArray[np.int64]


class Wardrobe:
    """Keeps what people wear in memory; what changed in the store is read again, and nothing else.

    Args:
        database: the store.
    """

    def __init__(self, database: Database) -> None:
        self.clothing = ClothingTable(database)
        self._results = ResultTable(database)
        self._recognition = RecognitionTable(database)
        self._footage = FootageTable(database)
        self._library = LibraryTable(database)
        self._journal = JournalTable(database)
        self._anomalies = AnomalyTable(database)
        self._reviews = ReviewTable(database)
        self._guard = threading.Lock()
        self._shelves: dict[tuple[Name, float], Shelf] = {}
        self._racks: OrderedDict[tuple[tuple[Name, ...], float], Rack] = OrderedDict()
        self._people: OrderedDict[Name, tuple[PersonView, ...]] = OrderedDict()

    def people(self, config: SearchConfig, without: tuple[str, str] | None = None) -> Found:
        """Everybody whom a search may find.

        Args:
            config: what limits it.
            without: footage id and label of somebody who is left out.

        Raises:
            StoreError: the store cannot be read.
        """
        places = self._places()
        sets = [each for each in self.clothing.sets("readings") if each.footage in places]
        # Footage that is not asked for need not be read, nor named where nobody knows its start.
        wanted, undated = chosen_places([places[each.footage] for each in sets], config)
        revisions = self._journal.revisions()
        names = [(each.id, each.run, revisions.get(each.footage, 0)) for each in sets]
        asked = {name: each for name, each, there in zip(names, sets, wanted, strict=True) if there}
        with self._guard:
            rack = self._racked(asked, names, config.sample_s)
        here = tuple(places[shelf.source.footage] for shelf in rack.shelves)
        passes, _ = allowed(rack.crowd, here, config, self._flagged(config))
        if without is not None:
            passes &= ~self._rows_of(rack, *without)
        unread = [places[each] for each in self.clothing.unread() if each in places]
        missing, undated_too = chosen_places(unread, config)
        return Found(
            wardrobe=self,
            rack=replace(rack, places=here),
            rows=np.flatnonzero(passes),
            sample_s=config.sample_s,
            unread=tuple(place.name for place, there in zip(unread, missing, strict=True) if there),
            undated=(*undated, *undated_too),
        )

    def person_of(self, footage: str, tracklet: int) -> tuple[ClothingSet, str] | None:
        """Readings of a footage's newest run and the label of whom a tracklet is; None where it is nobody's."""
        source = next((each for each in self.clothing.sets("readings") if each.footage == footage), None)
        if source is None:
            return None
        links = self._results.links(source.link)
        label = next((link.label for link in links if tracklet in link.tracklets), None)
        return None if label is None else (source, label)

    def sha256(self, footage: str) -> str:
        """Name of the folder in which files made of a footage lie.

        Raises:
            StoreError: there is no such footage.
        """
        return self._footage.get(footage).sha256

    def shown(self, source: ClothingSet, label: str) -> PersonView:
        """Somebody as pages show them, with the name an analyst gave.

        Raises:
            StoreError: the run is no longer there, or somebody has changed who is who since the person was found.
        """
        key = (source.id, source.run, self._journal.revision(source.footage))
        with self._guard:
            people = self._people.get(key)
        if people is None:
            people = self._results.people(source.run)
        with self._guard:
            self._people[key] = people
            self._people.move_to_end(key)
            while len(self._people) > MOST_RUNS:
                self._people.popitem(last=False)
        person = next((each for each in people if each.label == label), None)
        if person is None:
            raise StoreError("Somebody has changed who is who during this search. Search again.")
        return person

    def readings(self, source: ClothingSet, person: PersonView, sample_s: float) -> ClothingReadings:
        """What was read in somebody's views, those too close in time left out."""
        numbers = dict.fromkeys(whole_number(stretch.tracklet) for stretch in person.presence)
        readings = self.clothing.of_tracklets(source.stage, [*numbers])
        cuts = self._results.cuts(source.run)
        if not sample_s and not cuts:
            return readings
        crops = far_apart(person.crops, sample_s) if sample_s else person.crops
        mine = of_views(readings, {(whole_number(crop.tracklet), crop.rank) for crop in crops})
        return cuts.clothing(mine, crops)

    def pieces(self, source: ClothingSet, tracklets: NDArray[np.int64], ranks: NDArray[np.int64]) -> NDArray[np.int64]:
        """(N,) int64: to which piece of a tracklet each view belongs, named by (N,) tracklets and ranks."""
        cuts = self._results.cuts(source.run)
        if not cuts:
            return tracklets
        crops = [crop for person in self._results.people(source.run) for crop in person.crops]
        return cuts.of_views(tracklets, ranks, crops)

    def _racked(self, sets: Mapping[Name, ClothingSet], known: Collection[Name], sample_s: float) -> Rack:
        """The people of some sets; what was read before is read again only where it has changed."""
        names = tuple(sets)
        key = (names, sample_s)
        if key in self._racks:
            self._racks.move_to_end(key)
            return self._racks[key]
        # What is gone from the store goes; views so far apart are kept for the last distance alone that was asked for.
        kept = (0.0, sample_s)
        self._shelves = {
            (name, apart): shelf for (name, apart), shelf in self._shelves.items() if name in known and apart in kept
        }
        for name, each in sets.items():
            if (name, sample_s) not in self._shelves:
                self._shelves[name, sample_s] = self._read(each, sample_s)
        parts = tuple(self._shelves[name, sample_s] for name in names)
        crowd = Crowd.concatenate([part.crowd for part in parts])
        sizes = np.array([len(part.crowd) for part in parts], np.int64)
        table = PersonTable.concatenate([part.table for part in parts])
        rack = Rack(parts, (), crowd, table, np.cumsum(sizes) - sizes)
        self._racks[key] = rack
        while len(self._racks) > MOST_RACKS:
            self._racks.popitem(last=False)
        return rack

    def _read(self, source: ClothingSet, sample_s: float) -> Shelf:
        people = self._results.people(source.run)
        readings = self.clothing.of_stage(source.stage)
        segments = self._recognition.segments(source.run)
        readings = self._results.cuts(source.run).clothing(readings, (crop for each in people for crop in each.crops))
        if sample_s:
            crops = [crop for person in people for crop in far_apart(person.crops, sample_s)]
            readings = of_views(readings, {(crop.tracklet, crop.rank) for crop in crops})
        owner = {stretch.tracklet: row for row, person in enumerate(people) for stretch in person.presence}
        owners = np.array([owner.get(number, -1) for number in readings.tracklets.tolist()], np.int64)
        return Shelf(source, _crowd(people, segments), pack(readings, owners, len(people)))

    def _places(self) -> dict[str, Place]:
        details = self._library.details()
        places = {}
        for view in self._footage.list():
            known = details.get(view.id)
            start = (known.start_utc if known else "") or view.media.recorded_utc
            camera, zone = (known.camera, known.zone) if known else ("", "")
            places[view.id] = Place(view.id, view.name, camera, start, zone)
        return places

    def _flagged(self, config: SearchConfig) -> frozenset[tuple[str, str]]:
        if not config.anomaly:
            return frozenset()
        events = [placed.event for placed in (*self._anomalies.latest(), *self._reviews.added())]
        standings = self._reviews.standings()
        return frozenset(
            (each.footage, each.person)
            for each in events
            if each.label == config.anomaly
            and together([said.verdict for said in standings.get(each.id, ())])[0] != "dismissed"
        )

    def _rows_of(self, rack: Rack, footage: str, label: str) -> NDArray[np.bool_]:
        rows = np.zeros(len(rack.crowd), np.bool_)
        for shelf, first in zip(rack.shelves, rack.first, strict=True):
            if shelf.source.footage == footage and label in shelf.crowd.labels:
                rows[int(first) + shelf.crowd.labels.index(label)] = True
        return rows


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """Those whom a search may find, in the order of their footages.

    Attributes:
        wardrobe: where they come from.
        rack: everybody.
        rows: (N,) int64, rows of those who pass the filters.
        sample_s: views closer to one another are not looked at, seconds.
        unread: names of footages that pass the filters but hold no readings.
        undated: names of footages left out because nobody knows when they began.
    """

    wardrobe: Wardrobe
    rack: Rack
    rows: NDArray[np.int64]
    sample_s: float
    unread: tuple[str, ...]
    undated: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.rows)

    def rank(self, understood: Understood) -> NDArray[np.float32]:
        """(N,) float32 in [0, 1]: how well each fits what was understood."""
        everybody = len(self.rows) == len(self.rack.crowd)
        return rank(self.rack.table if everybody else self.rack.table[self.rows], understood)

    def place(self, row: int) -> Place:
        """Where somebody was recorded."""
        return self.rack.places[int(self.rack.crowd.footage[int(self.rows[row])])]

    def whose(self, row: int) -> tuple[Shelf, str]:
        """The shelf and label of somebody."""
        at = int(self.rows[row])
        shelf = self.rack.shelves[int(self.rack.crowd.footage[at])]
        return shelf, self.rack.crowd.labels[at]


def far_apart(crops: Sequence[CropView], apart_s: float) -> list[CropView]:
    """Views of one person at least so many seconds apart, the earliest first."""
    kept: list[CropView] = []
    for crop in sorted(crops, key=lambda crop: crop.t):
        if not kept or crop.t - kept[-1].t >= apart_s:
            kept.append(crop)
    return kept


def of_views(readings: ClothingReadings, views: Collection[tuple[int, int]]) -> ClothingReadings:
    """The readings of certain views, each named by tracklet and rank."""
    named = zip(readings.tracklets.tolist(), readings.ranks.tolist(), strict=True)
    return readings[np.array([view in views for view in named], np.bool_)]


def _crowd(people: Sequence[PersonView], segments: Segments) -> Crowd:
    stretches = [(row, stretch) for row, person in enumerate(people) for stretch in person.presence]
    owner = {stretch.tracklet: row for row, stretch in stretches}
    told: dict[tuple[str, str], set[int]] = {}
    for number, channel, label in zip(segments.tracklets.tolist(), segments.channels, segments.labels, strict=True):
        if label != UNKNOWN and number in owner:
            kind = "emotion" if channel == "emotion" else "action"
            told.setdefault((kind, label), set()).add(owner[number])
    return Crowd(
        footage=np.zeros(len(people), np.int64),
        labels=tuple(person.label for person in people),
        seen_s=np.array([person.visible_s for person in people], np.float64),
        scores=np.array([person.score for person in people], np.float32),
        owner=np.array([row for row, _ in stretches], np.int64),
        tracklets=np.array([stretch.tracklet for _, stretch in stretches], np.int64),
        start_s=np.array([stretch.start_s for _, stretch in stretches], np.float64),
        end_s=np.array([stretch.end_s for _, stretch in stretches], np.float64),
        told={name: np.array(sorted(rows), np.int64) for name, rows in told.items()},
    )
