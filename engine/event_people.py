"""Whose events are: the same event in another analysis, the person at a place, the movement within an event.

Verdicts and events added by hand hang on a box at an instant, as names do; this finds them again by the boxes.
May import: `engine.core`, `engine.spots`, `engine.store`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from engine.core.anomalies import AnomalyEvent, Box
from engine.core.cuts import whole_number
from engine.core.errors import ConfigError
from engine.core.reviews import JudgedSequence
from engine.core.types import PersonLink, Tracklet
from engine.core.views import RunView
from engine.spots import whose
from engine.store.anomalies import AnomalyTable, PlacedEvent
from engine.store.footage import FootageTable
from engine.store.results import ResultTable
from engine.store.reviews import JudgedEvent

SAME_SHARE = 0.3
"""Least share of the shorter of two events that they have in common, to be the same."""

NEAR_S = 0.5
"""How long before and after an instant a tracklet may be looked for: analyses look at frames of their own, seconds."""


class EventPeople:
    """Finds people at places.

    Args:
        footage: the footage.
        results: tracklets and persons.
        events: the events.
    """

    def __init__(self, footage: FootageTable, results: ResultTable, events: AnomalyTable) -> None:
        self._footage = footage
        self._results = results
        self._events = events

    def matches(self, run: RunView, events: Sequence[AnomalyEvent], judged: Sequence[JudgedEvent]) -> dict[str, str]:
        """Which events of a run were judged in another analysis: same label, overlapping time, same person.

        Args:
            run: the run.
            events: of that run.
            judged: of the same footage, newest first.

        Returns:
            Id of the judged event by id of the event.
        """
        found: dict[str, str] = {}
        if not events or not judged:
            return found
        owner = {number: link.label for link in self._links(run) for number in link.tracklets}
        numbers = {each.id: self._number_at(run, each.t, each.box) for each in judged}
        for event in events:
            for each in judged:
                number = numbers[each.id]
                person = number and number in owner and owner[number] == owner.get(event.tracklet)
                if _same_time(event, each) and (person or number == event.tracklet) and each.label == event.label:
                    found.setdefault(event.id, each.id)
        return found

    def placed(self, added: Sequence[PlacedEvent], run_of_all: RunView | None = None) -> list[PlacedEvent]:
        """Events added by hand, each with the person of a run who is where it was put.

        Args:
            added: the events.
            run_of_all: whose people are meant; None for the newest run of each footage.
        """
        newest: dict[str, RunView | None] = {} if run_of_all is None else {run_of_all.footage: run_of_all}
        found = []
        for each in added:
            footage = each.event.footage
            if footage not in newest:
                newest[footage] = next(iter(self._results.runs(footage)), None)
            run = newest[footage]
            number = 0 if run is None else self._number_at(run, each.t, each.box)
            if run is None or not number:
                found.append(each)
                continue
            label = next((link.label for link in self._links(run) if number in link.tracklets), "")
            names = {person.label: person.name for person in self._results.people(run.id)}
            event = replace(each.event, run=run.id, person=label, tracklet=number)
            found.append(replace(each, event=event, person_name=names.get(label, "")))
        return found

    def anchor(self, footage: str, person: str, start_s: float, end_s: float) -> tuple[float, Box]:
        """An instant between two times, nearest to their middle, at which a person of the newest run was seen.

        Raises:
            ConfigError: there is no such person, or they were not in view then.
        """
        run = next(iter(self._results.runs(footage)), None)
        link = next((each for each in self._links(run) if each.label == person), None) if run is not None else None
        best: tuple[float, float, Box] | None = None
        if run is not None and link is not None:
            middle = (start_s + end_s) / 2
            near = self._results.tracklets_between(_key(run, "track"), start_s, end_s)
            for tracklet in self._results.cuts(run.id).tracklets(near):
                row = int(np.abs(tracklet.t - middle).argmin())
                t = float(tracklet.t[row])
                if tracklet.number in link.tracklets and start_s - NEAR_S <= t <= end_s + NEAR_S:
                    x1, y1, x2, y2 = (float(side) for side in tracklet.boxes[row])
                    best = min(best or (np.inf, t, (x1, y1, x2, y2)), (abs(t - middle), t, (x1, y1, x2, y2)))
        if best is None:
            raise ConfigError(f"{person} is not in view between {start_s:.1f} and {end_s:.1f} s. Choose another time.")
        return best[1], best[2]

    def sequence(self, event: AnomalyEvent, label: str) -> JudgedSequence | None:
        """The movement of an event's person in its time, widened to the windows the model looked at.

        Args:
            event: of a run, with a tracklet.
            label: to be learnt.

        Returns:
            None where no pose was seen.
        """
        run = self._results.run(event.run)
        start_s, end_s = event.start_s, event.end_s
        windows = self._events.windows_of(event.run, event.id)
        if windows is not None and len(windows):
            middles = (windows.start_s + windows.end_s) / 2
            inside = (middles >= start_s) & (middles <= end_s)
            if inside.any():
                start_s = min(start_s, float(windows.start_s[inside].min()))
                end_s = max(end_s, float(windows.end_s[inside].max()))
        near = self._results.tracklets_between(_key(run, "track"), start_s, end_s)
        tracklet = next((each for each in near if each.number == whole_number(event.tracklet)), None)
        if tracklet is None:
            return None
        rows = (tracklet.t >= start_s) & (tracklet.t <= end_s) & (tracklet.poses.scores > 0)
        if not rows.any():
            return None
        media = self._footage.get(event.footage).media
        return JudgedSequence(
            event=event.id,
            footage=event.footage,
            label=label,
            t=tracklet.t[rows],
            landmarks=tracklet.poses.landmarks[rows],
            size=(media.width, media.height),
        )

    def _links(self, run: RunView) -> list[PersonLink]:
        return self._results.links(_key(run, "link"))

    def _number_at(self, run: RunView, t: float, box: Box | None) -> int:
        """Number of the tracklet, or of the piece of it, whose box lies there; 0 where none does."""
        if box is None:
            return 0
        near: list[Tracklet] = self._results.tracklets_between(_key(run, "track"), t - NEAR_S, t + NEAR_S)
        return self._results.cuts(run.id).piece(whose(near, t, box), t)


def _key(run: RunView, stage: str) -> str:
    return next(each.key for each in run.stages if each.name == stage)


def _same_time(event: AnomalyEvent, judged: JudgedEvent) -> bool:
    common = min(event.end_s, judged.end_s) - max(event.start_s, judged.start_s)
    shorter = min(event.end_s - event.start_s, judged.end_s - judged.start_s)
    return common > 0 and common >= SAME_SHARE * shorter
