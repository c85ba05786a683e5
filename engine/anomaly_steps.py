"""The stages of anomalies: what each heeds, and how it computes its answer from tracklets.

Three stages: `anomalies` scores movement and makes events of it, for all footage. In a shop, `behaviours` reads what
hands do, and `unpaid` makes warnings of that: apart, because a counter drawn anew or a second camera asks no network
again. May import: `engine.core`, `engine.recognition`, `engine.steps`, `engine.store`, `engine.tiers`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from engine.core.anomalies import Disagreement, EventDraft, ShopScene, WindowScores, Zone
from engine.core.config import AnomalyConfig
from engine.core.protocols import AnomalyScorer, BehaviourReader, FramesByTime, Observer
from engine.core.types import PersonLink, Tracklet
from engine.core.views import FootageView
from engine.recognition.agreement import MergedWindow, as_windows, merge_views
from engine.recognition.anomalies import anomaly_events
from engine.recognition.shop import Visit, unpaid_event
from engine.steps import OtherCamera, Save, Step
from engine.store.anomalies import AnomalyTable
from engine.store.results import ResultTable
from engine.tiers import Backend

EVENT_RULES = "2"
"""Raised when the same scores may give other events."""

SHOP_RULES = "1"
"""Raised when the same behaviours may give other warnings."""


@dataclass(frozen=True, slots=True)
class AnomalyAnswer:
    """What a stage of anomalies found; `AnomalyTable.save(record, answer.windows, answer.events, tracklets_key)`.

    Attributes:
        windows: at most one for each tracklet.
        events: made of them.
        disagreed: windows of which a second camera says something else, with the label of their person.
    """

    windows: tuple[WindowScores, ...] = ()
    events: tuple[EventDraft, ...] = ()
    disagreed: tuple[tuple[str, MergedWindow], ...] = ()

    def disagreements(self, footage: str, other: str) -> tuple[Disagreement, ...]:
        """What the cameras contradict each other about, as it is listed."""
        return tuple(
            Disagreement(footage, other, person, *_span(one), one.here, one.there, one.here_score, one.there_score)
            for person, one in self.disagreed
        )


def is_shop(zones: Sequence[Zone], config: AnomalyConfig) -> bool:
    """Whether footage is watched by the shop rules: somebody drew a counter on it, or asks for them."""
    return config.shop or any(zone.name == "counter" for zone in zones)


# Movement


def anomalies_heeded(config: AnomalyConfig) -> dict[str, Any]:
    """The settings that decide the stage `anomalies`, for its key."""
    told = {name: value for name, value in config.to_dict().items() if not _of_shop(name)}
    return told | {"rules": EVENT_RULES}


def score_anomalies(
    tracklets: Sequence[Tracklet],
    size: tuple[int, int],
    scorer: AnomalyScorer,
    config: AnomalyConfig,
    observer: Observer,
) -> AnomalyAnswer:
    """The stage `anomalies`: every person in view, window by window, and the events made of that.

    Args:
        tracklets: boxes and poses.
        size: width and height of the pictures, pixels.
        scorer: says how likely each label is.
        config: thresholds and durations.
        observer: hears the progress in tracklets.

    Raises:
        JobCancelled: the observer said so.
    """
    windows, events = [], []
    for done, tracklet in enumerate(tracklets):
        observer.checkpoint()
        observer.progress("anomalies", done, max(len(tracklets), 1))
        scores = scorer.score(tracklet, size)
        if len(scores):
            windows.append(scores)
            events += anomaly_events(scores, tracklet, config)
    events.sort(key=lambda event: (event.start_s, event.tracklet))
    return AnomalyAnswer(tuple(windows), tuple(events))


# The shop


def behaviours_heeded(config: AnomalyConfig, zones: Sequence[Zone]) -> dict[str, Any]:
    """The settings and shelves that decide the stage `behaviours`, for its key."""
    return {
        "window_s": config.shop_window_s,
        "step_s": config.shop_step_s,
        "shelves": [asdict(zone) for zone in zones if zone.name == "shelf"],
    }


def read_behaviours(
    tracklets: Sequence[Tracklet], scene: ShopScene, reader: BehaviourReader, frames: FramesByTime
) -> AnomalyAnswer:
    """The stage `behaviours`: what hands do, window by window.

    Args:
        tracklets: boxes and poses.
        scene: see `shop_scene`.
        reader: looks at hands or at clips.
        frames: yields the frames at given times.
    """
    return AnomalyAnswer(windows=tuple(one for one in reader.read(tracklets, scene, frames) if len(one)))


def shop_scene(size: tuple[int, int], zones: Sequence[Zone], config: AnomalyConfig) -> ShopScene:
    """What a reader of behaviours is told."""
    return ShopScene(size, config.shop_window_s, config.shop_step_s, tuple(zones))


@dataclass(frozen=True, slots=True)
class ShopTime:
    """All that happened in a shop while it was filmed.

    Attributes:
        tracklets: all boxes.
        links: who is who.
        windows: of the stage `behaviours`, by tracklet number.
        size: width and height of the pictures, pixels.
        ends_s: when the footage ends, seconds.
        other: windows of a second camera, their times on this footage's clock (`on_clock`); () where there is none.
    """

    tracklets: tuple[Tracklet, ...]
    links: tuple[PersonLink, ...]
    windows: Mapping[int, WindowScores]
    size: tuple[int, int]
    ends_s: float
    other: tuple[WindowScores, ...] = ()


def unpaid_heeded(config: AnomalyConfig, zones: Sequence[Zone], clock: Sequence[float] = ()) -> dict[str, Any]:
    """The settings and counters that decide the stage `unpaid`, for its key.

    Args:
        config: thresholds and durations.
        zones: drawn on the picture.
        clock: offset and drift of a second camera; () where there is none. The key of its `behaviours` is one that the
            stage needs, like that of this footage's own.
    """
    return {
        "threshold": config.shop_threshold,
        "counter_s": config.counter_s,
        "counters": [asdict(zone) for zone in zones if zone.name == "counter"],
        "clock": list(clock),
        "rules": SHOP_RULES,
    }


def unpaid_events(shop: ShopTime, zones: Sequence[Zone], config: AnomalyConfig) -> AnomalyAnswer:
    """The stage `unpaid`: a warning for everybody who goes with something neither put back nor paid for.

    Args:
        shop: who was there, and what their hands did.
        zones: drawn on the picture.
        config: thresholds and durations.
    """
    numbered = {tracklet.number: tracklet for tracklet in shop.tracklets}
    events, disagreed = [], []
    for link in shop.links:
        own = tuple(numbered[number] for number in link.tracklets if number in numbered)
        windows = [shop.windows[each.number] for each in own if each.number in shop.windows]
        if shop.other:
            merged = [merge_views(each, shop.other, config.shop_threshold) for each in windows]
            disagreed += [(link.label, one) for part in merged for one in part if one.disagrees]
            windows = [as_windows(each, part) for each, part in zip(windows, merged, strict=True)]
        if own and windows:
            event = unpaid_event(Visit(own, tuple(windows), shop.size, shop.ends_s), zones, config)
            events += [event] if event is not None else []
    events.sort(key=lambda event: (event.start_s, event.tracklet))
    return AnomalyAnswer(events=tuple(events), disagreed=tuple(disagreed))


def on_clock(windows: Sequence[WindowScores], moment: Callable[[float], float]) -> tuple[WindowScores, ...]:
    """Windows of another camera by this one's clock.

    Args:
        windows: of the other camera.
        moment: time there, in seconds, to time here; rising.
    """
    return tuple(
        replace(
            each,
            start_s=np.array([moment(float(t)) for t in each.start_s], np.float64),
            end_s=np.array([moment(float(t)) for t in each.end_s], np.float64),
        )
        for each in windows
    )


# All three, for the pipeline


@dataclass(frozen=True, slots=True)
class AnomalyPlan:
    """What the stages of anomalies work with.

    for step, compute in AnomalyPlan(...).stages():
        analysis._stage(step, compute)

    Attributes:
        view: the footage.
        config: thresholds and durations.
        results: tracklets and persons.
        table: where windows, events and zones lie.
        track: the stage that found the tracklets.
        link: the stage that made persons of them.
        scorer: of movement.
        behaviour: reads hands in a shop.
        observer: hears progress, says when to stop.
        frames: name of a stage to what yields frames at given times.
        other: a second camera, None where there is none.
    """

    view: FootageView
    config: AnomalyConfig
    results: ResultTable
    table: AnomalyTable
    track: Step
    link: Step
    scorer: Backend
    behaviour: Backend
    observer: Observer
    frames: Callable[[str], FramesByTime]
    other: OtherCamera | None = None

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the pictures."""
        return self.view.media.width, self.view.media.height

    def stages(self) -> list[tuple[Step, Callable[[], Save]]]:
        """The stages in order, each with what computes it; those of a shop only where the footage shows one."""
        tracked, zones = self.track.key(self.view), self.table.zones(self.view.id)
        scored = Step("anomalies", self.scorer.card, anomalies_heeded(self.config), (tracked,))
        planned: list[tuple[Step, Callable[[], Save]]] = [(scored, self._score)]
        if is_shop(zones, self.config):
            card = self.behaviour.card
            hands = Step("behaviours", card, behaviours_heeded(self.config, zones), (tracked,))
            own = hands.key(self.view)
            clock = (self.other.clock.offset_s, self.other.clock.drift) if self.other is not None else ()
            theirs = (self.other.behaviours,) if self.other is not None else ()
            needs = (own, self.link.key(self.view), *theirs)
            unpaid = Step("unpaid", card, unpaid_heeded(self.config, zones, clock), needs)
            planned.append((hands, lambda: self._read_hands(zones)))
            planned.append((unpaid, lambda: self._watch(own, zones)))
        return planned

    def _score(self) -> Save:
        tracklets = self.results.tracklets(self.track.key(self.view))
        return self._saves(score_anomalies(tracklets, self.size, self.scorer.build(), self.config, self.observer))

    def _read_hands(self, zones: Sequence[Zone]) -> Save:
        tracklets = self.results.tracklets(self.track.key(self.view))
        scene = shop_scene(self.size, zones, self.config)
        return self._saves(read_behaviours(tracklets, scene, self.behaviour.build(), self.frames("behaviours")))

    def _watch(self, own: str, zones: Sequence[Zone]) -> Save:
        other = self.table.windows_of_stage(self.other.behaviours).values() if self.other is not None else ()
        shop = ShopTime(
            tracklets=tuple(self.results.tracklets(self.track.key(self.view))),
            # What linking said: what is kept under a key must not depend on what analysts say of people.
            links=tuple(self.results.linked(self.link.key(self.view))),
            windows=self.table.windows_of_stage(own),
            size=self.size,
            ends_s=self.view.media.duration_s,
            other=on_clock(tuple(other), self.other.clock.to_first) if self.other is not None else (),
        )
        answer = unpaid_events(shop, zones, self.config)
        if self.other is not None:
            found = answer.disagreements(self.view.id, self.other.footage)
            self.table.set_disagreements(self.view.id, self.other.footage, found)
        return self._saves(answer)

    def _saves(self, answer: AnomalyAnswer) -> Save:
        key = self.track.key(self.view)
        return lambda record: self.table.save(record, answer.windows, answer.events, key)


def _of_shop(name: str) -> bool:
    return name.startswith("shop") or name == "counter_s"


def _span(one: MergedWindow) -> tuple[float, float]:
    return one.start_s, one.end_s
