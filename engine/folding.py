"""The journal over one analysis: spots found in its tracklets, and its persons folded.

May import: `engine.core`, `engine.identity`, `engine.spots`, `engine.store`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache

from engine.core.errors import StoreError
from engine.core.identity import Edit, PersonRef, Spot
from engine.core.types import Tracklet
from engine.core.views import RunView
from engine.identity.fold import Fold, Said
from engine.identity.parts import Linked, Point
from engine.spots import SAME_S, whose
from engine.store.journal import JournalTable, LinkStage
from engine.store.results import ResultTable


def link_stage(run: RunView) -> LinkStage:
    """The stage of a run that says who is who.

    Raises:
        StoreError: the run has none.
    """
    keys = {stage.name: stage.key for stage in run.stages}
    if not links_people(run):
        raise StoreError("This analysis says nothing of who is who. Analyse the footage again.", detail=f"run {run.id}")
    return LinkStage(keys["link"], keys["track"])


def links_people(run: RunView) -> bool:
    """Whether a run says who is who."""
    return {"link", "track"} <= {stage.name for stage in run.stages}


class SpotFinder:
    """Finds the tracklets at spots, in one tracking result.

    Args:
        journal: knows those that were looked for before.
        results: the tracklets.
        key: of the tracking result.

    Attributes:
        learnt: what was found for the first time; the caller may keep it.
    """

    def __init__(self, journal: JournalTable, results: ResultTable, key: str) -> None:
        self._results, self._key = results, key
        self._known = journal.known(key)
        self.learnt: dict[Spot, int] = {}

    def number(self, spot: Spot) -> int:
        """Number of the tracklet at a spot, 0 where none is."""
        if spot not in self._known:
            near = self._results.tracklets_between(self._key, spot.t - SAME_S, spot.t + SAME_S)
            self.learn(spot, whose(near, spot.t, spot.box))
        return self._known[spot]

    def learn(self, spot: Spot, number: int) -> None:
        """Note whose a spot is."""
        if self._known.get(spot) is None:
            self._known[spot] = self.learnt[spot] = number

    def points(self, spots: Iterable[Spot]) -> tuple[Point, ...]:
        """Tracklet and instant of every spot that is found."""
        return tuple((number, spot.t) for spot in spots if (number := self.number(spot)))


class Bench:
    """One analysis with the edits that stand.

    Args:
        journal: the journal.
        results: the results.
        stage: of the analysis.
        edits: of its footage, oldest first; those about other footage too are passed over: they are the gallery's.

    Attributes:
        stage: as above.
        spots: finds them in this analysis.
        fold: its persons.
        tracklet: reads one by its number.
    """

    def __init__(self, journal: JournalTable, results: ResultTable, stage: LinkStage, edits: Iterable[Edit]) -> None:
        @cache
        def tracklet(number: int) -> Tracklet:
            return results.tracklets_of(stage.tracklets_key, [number])[0]

        self.stage = stage
        self.tracklet = tracklet
        self.spots = SpotFinder(journal, results, stage.tracklets_key)
        linked = Linked(tuple(results.linked(stage.key)), results.spans(stage.tracklets_key), tracklet)
        self.fold = Fold(linked, [self.said(edit) for edit in edits if len(footages_of(edit)) == 1])

    def said(self, edit: Edit) -> Said:
        """An edit in the terms of this analysis."""
        first, second = self.spots.points(edit.first), self.spots.points(edit.second)
        return Said(edit.kind, first, second, edit.at_s, edit.name)


def footages_of(edit: Edit) -> tuple[str, ...]:
    """Ids of the footages that an edit is about."""
    return tuple(dict.fromkeys(spot.footage for spot in (*edit.first, *edit.second)))


class Owners:
    """Whose spots are in one analysis, as persons stand.

    Args:
        journal: the journal.
        results: the results.
        run: the analysis.
    """

    def __init__(self, journal: JournalTable, results: ResultTable, run: RunView) -> None:
        stage = link_stage(run)
        self._footage = run.footage
        self._spots = SpotFinder(journal, results, stage.tracklets_key)
        self._cuts = results.cuts(run.id)
        self._owner = {number: link.label for link in results.links(stage.key) for number in link.tracklets}

    def label(self, spot: Spot) -> str:
        """Label of who is at a spot, "" where nobody is."""
        if spot.footage != self._footage:
            return ""
        return self._owner.get(self._cuts.piece(self._spots.number(spot), spot.t), "")

    def labels(self, spots: Iterable[Spot]) -> list[str]:
        """Labels of all who are at some spots, whoever is at most of them first."""
        found = Counter(label for spot in spots if (label := self.label(spot)))
        return [label for label, _ in found.most_common()]


class Newest:
    """Whose spots are in the newest analysis of each footage.

    Args:
        journal: the journal.
        results: the results.
    """

    def __init__(self, journal: JournalTable, results: ResultTable) -> None:
        self._journal, self._results = journal, results
        self._known: dict[str, tuple[str, Owners] | None] = {}

    def people(self, spots: Sequence[Spot]) -> list[PersonRef]:
        """All who are at some spots of one footage, whoever is at most of them first."""
        if not spots:
            return []
        footage = spots[0].footage
        if footage not in self._known:
            run = next((run for run in self._results.runs(footage) if links_people(run)), None)
            self._known[footage] = None if run is None else (run.id, Owners(self._journal, self._results, run))
        known = self._known[footage]
        if known is None:
            return []
        return [PersonRef(footage, known[0], label) for label in known[1].labels(spots)]
