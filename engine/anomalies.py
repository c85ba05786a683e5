"""The room of anomalies: events to look at, why they were raised, and what people say of them.

May import: `engine.core`, `engine.event_people`, `engine.recognition`, `engine.review`, `engine.store`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from engine.core.anomalies import (
    ANOMALIES,
    EVENT_LABELS,
    NORMAL,
    VERDICTS,
    AnomalyEvent,
    Disagreement,
    EventCurve,
    Verdict,
    Zone,
)
from engine.core.config import AnalysisConfig
from engine.core.errors import ConfigError, StoreError
from engine.core.reviews import (
    EventFilter,
    JudgedSequence,
    MeasuredPrecision,
    ReviewItem,
    ThresholdAdvice,
)
from engine.core.views import RunView
from engine.event_people import EventPeople
from engine.recognition.anomalies import SEVERITY, event_curve, heard_s
from engine.review.precision import TARGET, advise, by_model, measured
from engine.review.queue import in_order, together, wanted
from engine.store.anomalies import AnomalyTable, PlacedEvent
from engine.store.database import Database
from engine.store.footage import FootageTable
from engine.store.results import ResultTable
from engine.store.reviews import JudgedEvent, ReviewTable, Standing

LONGEST_NOTE = 2000
"""Longest note with a verdict, characters."""

LONGEST_NAME = 80
"""Longest name of a reviewer, characters."""

EVERYTHING = EventFilter()


class Anomalies:
    """Events, verdicts, zones, and what they teach.

    Args:
        database: the store.
    """

    def __init__(self, database: Database) -> None:
        self._footage = FootageTable(database)
        self._results = ResultTable(database)
        self._events = AnomalyTable(database)
        self._reviews = ReviewTable(database)
        self._people = EventPeople(self._footage, self._results, self._events)

    # Events

    def events(self, footage: str | None = None, filters: EventFilter = EVERYTHING) -> tuple[ReviewItem, ...]:
        """Events of the newest run of every footage, and those added by hand, by footage and start.

        Args:
            footage: id, None for all.
            filters: which of them.
        """
        return self._items(footage, filters, "")

    def queue(self, filters: EventFilter = EVERYTHING, reviewer: str = "") -> tuple[ReviewItem, ...]:
        """Events in the order in which they are worth a person's time.

        What the reviewer has not judged comes first, of that what nobody has settled, then what is severe, sure or
        contradicted.
        """
        return in_order(self._items(None, filters, reviewer))

    def event(self, id: str, reviewer: str = "") -> ReviewItem:  # noqa: A002 - the value's name
        """One event, of any run.

        Raises:
            StoreError: there is none.
        """
        placed = self._placed(id)
        return self._reviewed([placed], reviewer)[0]

    def of_run(self, run: str) -> tuple[ReviewItem, ...]:
        """Events that one run found, and those added by hand to its footage, by start."""
        view = self._results.run(run)
        placed = [*self._events.events(run), *self._people.placed(self._reviews.added(view.footage), view)]
        return tuple(sorted(self._reviewed(placed, ""), key=lambda item: (item.event.start_s, item.event.id)))

    def curve(self, id: str) -> EventCurve | None:  # noqa: A002
        """What the model said over the whole time of the tracklet; None of an event that was added by hand.

        Raises:
            StoreError: there is no such event.
        """
        event = self._placed(id).event
        windows = self._events.windows_of(event.run, id) if event.run else None
        if windows is None:
            return None
        return event_curve(windows, event, _config(self._results.run(event.run)).anomalies)

    def judged_s(self, run: RunView) -> float:
        """How much of the time that people were in view the model of movement could judge, seconds of all of them.

        Left out are bodies that were too short in view, or too much hidden.
        """
        key = next((stage.key for stage in run.stages if stage.name == "anomalies"), "")
        config = _config(run).anomalies
        return sum(heard_s(windows, config) for windows in self._events.windows_of_stage(key).values())

    # Verdicts

    def say(self, id: str, reviewer: str, verdict: str, reason: str = "", note: str = "") -> Verdict:  # noqa: A002
        """Add a verdict to the history of an event; a later one of the same reviewer stands in place of an earlier.

        Args:
            id: of the event.
            reviewer: who says it, 1 to 80 characters.
            verdict: of `VERDICTS`.
            reason: short code, of `REASON_CODES` or a site's own; "" for none.
            note: at most 2000 characters.

        Raises:
            ConfigError: a word is unknown or too long.
            StoreError: there is no such event.
        """
        reviewer = _name(reviewer)
        if verdict not in VERDICTS:
            raise ConfigError(f"A verdict is one of {', '.join(VERDICTS)}, got {verdict!r}.")
        if len(note) > LONGEST_NOTE or len(reason) > LONGEST_NAME:
            raise ConfigError(f"A note has at most {LONGEST_NOTE} characters. Make it shorter.")
        placed = self._placed(id)
        known = id in self._reviews.threads()
        said = self._reviews.say(_judged(placed), id, reviewer, (verdict, reason, note))
        if not known:
            for run in self._results.runs(placed.event.footage):
                if run.id != placed.event.run:
                    self.carry(run)
        return said

    def undo(self, reviewer: str) -> Verdict | None:
        """Take back the reviewer's last verdict that still stands, whichever event it was about.

        Returns:
            The entry of the history that takes it back, its `event` says which; None where there is nothing to undo.
        """
        return self._reviews.undo(_name(reviewer))

    def history(self, id: str) -> tuple[Verdict, ...]:  # noqa: A002
        """All that was ever said of an event, oldest first; taking back is an entry with an empty verdict."""
        return self._reviews.history(id)

    def carry(self, run: RunView) -> None:
        """Find the events of a run that were judged in another analysis: same label, overlapping time, same person."""
        judged = self._reviews.judged(run.footage)
        placed = self._events.events(run.id)
        own = {each.id for each in judged}
        open_events = [each.event for each in placed if each.event.id not in own]
        matches = self._people.matches(run, open_events, judged)
        self._reviews.bind([event.id for event in open_events], matches)

    # By hand

    def add(self, footage: str, person: str, label: str, start_s: float, end_s: float, by: str) -> ReviewItem:
        """Add an event that no model found.

        Args:
            footage: id.
            person: label in the newest run, "" for nobody in particular.
            label: of `EVENT_LABELS`, or another short word.
            start_s: seconds.
            end_s: seconds, > start_s.
            by: who adds it.

        Raises:
            ConfigError: the times or words cannot be.
            StoreError: there is no such footage or person.
        """
        by = _name(by)
        view = self._footage.get(footage)
        label = label.strip()
        if not (0 < len(label) <= LONGEST_NAME and label.isprintable()) or label == NORMAL:
            raise ConfigError(f"An event needs a kind, such as {', '.join(EVENT_LABELS)}.")
        if not 0.0 <= start_s < end_s <= view.media.duration_s + 1.0:
            raise ConfigError("An event ends after it starts, within the footage. Set both times again.")
        event = AnomalyEvent(
            "", footage, "", "manual", label, "", 0, start_s, end_s, 1.0, SEVERITY.get(label, 0.5), "", "", ()
        )
        t, box = (start_s + end_s) / 2, None
        if person:
            t, box = self._people.anchor(footage, person, start_s, end_s)
        now = datetime.now(UTC).isoformat(timespec="seconds")
        kept = self._reviews.add(PlacedEvent(event, t, box, by), now)
        return self._reviewed(self._people.placed([kept]), by)[0]

    # Zones and cameras

    def zones(self, footage: str) -> tuple[Zone, ...]:
        """What was drawn on the picture of a footage. A counter makes it a shop."""
        return self._events.zones(footage)

    def set_zones(self, footage: str, zones: Sequence[Zone]) -> None:
        """Draw zones in the place of those drawn before; they take effect with the next analysis.

        Raises:
            StoreError: there is no such footage.
        """
        self._events.set_zones(footage, zones)

    def disagreements(self, footage: str = "") -> tuple[Disagreement, ...]:
        """Windows of which two cameras said different things, by time; of one footage or of all."""
        return self._events.disagreements(footage)

    def note_disagreements(self, footage: str, other: str, found: Sequence[Disagreement]) -> None:
        """Put what two cameras disagree about in the place of what was noted before.

        Raises:
            StoreError: one of the footages is not there.
        """
        self._events.set_disagreements(footage, other, found)

    # What reviews teach

    def precision(self) -> tuple[MeasuredPrecision, ...]:
        """Measured precision of each model, over all footage ("") and over each, at every threshold."""
        return measured(self._once())

    def suggested_threshold(self, target: float = TARGET) -> tuple[ThresholdAdvice, ...]:
        """For each model with enough judged events, the lowest threshold at which so many of them were confirmed.

        Args:
            target: precision wanted, in (0, 1].
        """
        advice = (advise(judged, target) for judged in by_model(self._once()))
        return tuple(each for each in advice if each is not None)

    def judged(self) -> Iterator[JudgedSequence]:
        """Examples to train the skeleton network on: judged events with the landmarks of their time.

        Confirmed events, and those added by hand and not dismissed, keep their label; dismissed ones are "normal". Left
        out are events that people are unsure of, whose label the network does not know, and those of nobody.
        """
        for item in self._once():
            event = item.event
            verdict = "confirmed" if event.kind == "manual" and not item.verdict else item.verdict
            label = {"confirmed": event.label, "dismissed": NORMAL}.get(verdict, "")
            if label not in ANOMALIES or event.label not in ANOMALIES or not event.tracklet or not event.run:
                continue
            sequence = self._people.sequence(event, label)
            if sequence is not None:
                yield sequence

    # Inside

    def _items(self, footage: str | None, filters: EventFilter, reviewer: str) -> tuple[ReviewItem, ...]:
        if footage is None:
            placed = [*self._events.latest(), *self._people.placed(self._reviews.added())]
        else:
            runs = self._results.runs(footage)
            placed = list(self._events.events(runs[0].id)) if runs else []
            placed += self._people.placed(self._reviews.added(footage))
        items = [item for item in self._reviewed(placed, reviewer) if wanted(item, filters)]
        return tuple(sorted(items, key=lambda item: (item.event.footage, item.event.start_s, item.event.id)))

    def _once(self) -> tuple[ReviewItem, ...]:
        """Every event that anybody judged or that waits in the newest runs; the same one of several analyses once."""
        threads = self._reviews.threads()
        waiting = {each.event.id: each for each in self._events.latest()}
        kept: dict[tuple[str, str, str], PlacedEvent] = {}
        for each in [*self._events.everything(), *waiting.values()]:
            event = each.event
            if event.id in threads or event.id in waiting:
                kept[event.model, event.version, threads.get(event.id, event.id)] = each
        return tuple(self._reviewed([*kept.values(), *self._people.placed(self._reviews.added())], ""))

    def _placed(self, id: str) -> PlacedEvent:  # noqa: A002
        found = self._events.find(id)
        if found is None:
            found = next((each for each in self._people.placed(self._reviews.added()) if each.event.id == id), None)
        if found is None:
            raise StoreError("This event is no longer in the store. Reload the page.", detail=f"event {id}")
        return found

    def _reviewed(self, placed: Sequence[PlacedEvent], reviewer: str) -> list[ReviewItem]:
        standings = self._reviews.standings()
        names = {view.id: view.name for view in self._footage.list()}
        contrary = self._events.disagreements()
        return [_item(each, standings.get(each.event.id, ()), (names, reviewer, contrary)) for each in placed]


def _item(
    placed: PlacedEvent, standings: Sequence[Standing], about: tuple[dict[str, str], str, Sequence[Disagreement]]
) -> ReviewItem:
    names, reviewer, contrary = about
    event = placed.event
    verdict, disputed = together([each.verdict for each in standings])
    return ReviewItem(
        event=event,
        footage_name=names.get(event.footage, ""),
        person_name=placed.person_name,
        verdict=verdict,
        mine=next((each.verdict for each in standings if each.reviewer == reviewer), ""),
        disputed=disputed,
        disagreement=any(
            each.footage == event.footage and each.start_s < event.end_s and event.start_s < each.end_s
            for each in contrary
        ),
        verdicts=len(standings),
        added_by=placed.added_by,
    )


def _judged(placed: PlacedEvent) -> JudgedEvent:
    event = placed.event
    return JudgedEvent(
        event.id, event.footage, event.kind, event.label, event.start_s, event.end_s, placed.t, placed.box
    )


def _name(reviewer: str) -> str:
    reviewer = reviewer.strip()
    if not (0 < len(reviewer) <= LONGEST_NAME and reviewer.isprintable()):
        raise ConfigError(f"Say who reviews: a name of 1 to {LONGEST_NAME} letters.")
    return reviewer


def _config(run: RunView) -> AnalysisConfig:
    return AnalysisConfig.from_dict(json.loads(run.config_json))
