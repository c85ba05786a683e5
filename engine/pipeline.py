"""The order of stages: footage in, people out, each stage computed once and found again by its key.

A stage's key is the hash of the footage, the stage, the model that answers, the settings it heeds and the keys it
depends on: what has not changed is not computed again, and what has changes only what follows from it.
May import: all stage packages, `engine.core`, `engine.tiers`; no SQL, no UI.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from engine.core.config import AnalysisConfig, Settings, canonical_json
from engine.core.protocols import ModelCard, Observer
from engine.core.types import Frame, Gap
from engine.core.views import FootageView, StageView
from engine.frame_pass import FRAME_STAGES, PassPlan, run_pass
from engine.identity.linking import link_tracklets
from engine.media.playback import make_playback
from engine.media.reader import read_instants
from engine.media.thumbs import make_thumbnails
from engine.pictures import Album
from engine.store.chunks import ChunkStore
from engine.store.footage import FootageTable
from engine.store.results import ResultTable
from engine.store.stages import StageRecord
from engine.tiers import Backend, choose_person, choose_pose, choose_tracker
from engine.tracking.shots import shot_starts
from engine.tracking.tracklets import build_tracklets


def _ours(name: str, version: str) -> ModelCard:
    """The card of a stage that is our own code rather than a network; `version` rises when its answers change."""
    return ModelCard(name=name, version=version, tier="embedded", licence="AGPL-3.0-only", source="Sightline")


PLAYBACK = _ours("pyav", "1")
LINKER = _ours("place-and-time", "1")
CROPPER = _ours("best-views", "2")

Save = Callable[[StageRecord], None]
"""What a stage hands back when it has computed: writes its result together with its record, in one transaction."""


@dataclass(frozen=True, slots=True)
class Tools:
    """What an analysis works with.

    Attributes:
        settings: where things are.
        footage: the footage table.
        results: the results table.
    """

    settings: Settings
    footage: FootageTable
    results: ResultTable


@dataclass(frozen=True, slots=True)
class Step:
    """One stage to be reached.

    Attributes:
        name: of the stage.
        card: of the model that answers.
        heeded: the settings that decide its answer.
        needs: keys of the results it is made from.
    """

    name: str
    card: ModelCard
    heeded: dict[str, Any] = field(default_factory=dict)
    needs: tuple[str, ...] = ()

    def key(self, view: FootageView) -> str:
        """Cache key, 64 hex digits."""
        parts = [view.sha256, self.name, self.card.name, self.card.version, self.heeded, list(self.needs)]
        return hashlib.sha256(canonical_json(parts).encode()).hexdigest()

    def record(self, view: FootageView, seconds: float) -> StageRecord:
        """What the store keeps of the stage beside its result."""
        return StageRecord(
            key=self.key(view),
            footage=view.id,
            stage=self.name,
            model=self.card.name,
            version=self.card.version,
            settings_json=canonical_json(self.heeded),
            seconds=seconds,
        )


@dataclass(slots=True)
class Analysis:
    """One analysis of one piece of footage; `run()` brings every stage to its end.

    Attributes:
        view: the footage.
        config: everything that decides the answer.
        tools: store and settings.
        observer: hears progress, says when to stop.
        stages: what has been reached, in order; filled by `run()`.
    """

    view: FootageView
    config: AnalysisConfig
    tools: Tools
    observer: Observer
    stages: list[StageView] = field(default_factory=list)

    @property
    def folder(self) -> Path:
        """Where files made of this footage lie."""
        return self.tools.settings.media / self.view.sha256

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the pictures."""
        return self.view.media.width, self.view.media.height

    def run(self) -> tuple[StageView, ...]:
        """Compute what is missing, in order.

        Returns:
            The stages, each with its model and whether it was already there.

        Raises:
            FootageError: the footage cannot be decoded.
            ModelError: a model is missing or broken.
            JobCancelled: the observer said so.
        """
        config = self.config
        person = choose_person(config, self.tools.settings)
        pose = choose_pose(person, self.tools.settings)
        tracker = choose_tracker(config)
        self._stage(Step("playback", PLAYBACK), self._playback)
        seen = self._frame_stages(person, pose)
        track = Step("track", tracker.card, config.track.to_dict(), (seen.key(self.view),))
        self._stage(track, lambda: self._track(tracker, seen))
        link = Step("link", LINKER, config.link.to_dict(), (track.key(self.view),))
        self._stage(link, lambda: self._link(track, seen))
        crops = Step("crops", CROPPER, config.crops.to_dict() | {"mask": pose.card.version}, (track.key(self.view),))
        self._stage(crops, lambda: self._crops(crops, pose, track))
        return tuple(self.stages)

    def _stage(self, step: Step, compute: Callable[[], Save]) -> None:
        """Find one stage's result by its key, or compute and save it."""
        self.observer.checkpoint()
        record = self.tools.results.finished(step.key(self.view))
        if record is not None:
            self._reached(record, cached=True)
            return
        self.observer.progress(step.name, 0.0, 1.0)
        begun = time.monotonic()
        save = compute()
        record = step.record(self.view, time.monotonic() - begun)
        save(record)
        self._reached(record, cached=False)

    def _reached(self, record: StageRecord, *, cached: bool) -> None:
        self.observer.progress(record.stage, 1.0, 1.0)
        self.stages.append(StageView(record.stage, record.model, record.version, record.seconds, cached, record.key))

    def _playback(self) -> Save:
        path, media, settings = Path(self.view.path), self.view.media, self.tools.settings

        def heard(fraction: float) -> None:
            self.observer.checkpoint()
            self.observer.progress("playback", fraction, 1.0)

        make_playback(path, media, self.folder / "playback.mp4", settings, heard)
        make_thumbnails(path, media, self.folder, settings)
        return self.tools.results.save_plain

    def _frame_stages(self, person: Backend, pose: Backend) -> Step:
        """Detection and, where the detector finds no poses, poses: one decode pass for all that is missing.

        Returns:
            The last of them, whose chunks hold what was seen.
        """
        results = self.tools.results
        steps = [Step("detect", person.card, self.config.detect.to_dict())]
        backends = [person]
        if not person.finds_poses:
            steps.append(Step("pose", pose.card, {}, (steps[0].key(self.view),)))
            backends.append(pose)
        chunks = [self._chunks(step) for step in steps]
        found = [results.finished(step.key(self.view)) for step in steps]
        whole = [store.complete for store in chunks]
        if all(whole) and all(found):
            for record in found:
                assert record is not None
                self._reached(record, cached=True)
            return steps[-1]
        begun = time.monotonic()
        # A finished stage is only read again, so its network is not loaded.
        stages = [
            FRAME_STAGES[step.name](None if done else backend.build(), store)
            for step, backend, store, done in zip(steps, backends, chunks, whole, strict=True)
        ]
        run_pass(self._pass_plan(), stages, self.observer)
        spent = time.monotonic() - begun
        for step, stage, record in zip(steps, stages, found, strict=True):
            # Decoding and waiting count for detection: it is what the pass is for.
            seconds = stage.seconds if step.name != "detect" else spent - sum(other.seconds for other in stages[1:])
            if record is None:
                results.save_plain(step.record(self.view, seconds))
            self._reached(record or step.record(self.view, seconds), cached=record is not None)
        return steps[-1]

    def _pass_plan(self) -> PassPlan:
        return PassPlan(
            path=Path(self.view.path),
            duration_s=self.view.media.duration_s,
            config=self.config.detect,
            settings=self.tools.settings,
            on_gaps=self._note_gaps,
        )

    def _note_gaps(self, gaps: Sequence[Gap]) -> None:
        known = self.tools.footage.get(self.view.id).gaps
        merged = merge_gaps([*known, *gaps])
        if merged != known:
            self.tools.footage.set_gaps(self.view.id, merged)

    def _chunks(self, step: Step) -> ChunkStore:
        return ChunkStore(self.folder / "stages" / step.key(self.view)[:32])

    def _track(self, tracker: Backend, seen: Step) -> Save:
        observations = self._chunks(seen).read_all()
        tracklets = build_tracklets(observations, tracker.build(), self.config.track, self.observer, self.size)
        return lambda record: self.tools.results.save_tracklets(record, tracklets)

    def _link(self, track: Step, seen: Step) -> Save:
        key = track.key(self.view)
        shots = shot_starts(self._chunks(seen).read_all()).tolist()
        links = link_tracklets(self.tools.results.tracklets(key), self.config.link, self.size, shots)
        return lambda record: self.tools.results.save_links(record, links, key)

    def _crops(self, crops: Step, pose: Backend, track: Step) -> Save:
        key = track.key(self.view)
        album = Album(self.folder, f"crops/{crops.key(self.view)[:16]}", self.config.crops, self.size)

        def frames(times: Sequence[float]) -> Iterator[Frame]:
            return read_instants(Path(self.view.path), self.tools.settings, times)

        kept = album.fill(self.tools.results.tracklets(key), frames, pose.build(), self.observer)
        return lambda record: self.tools.results.save_crops(record, kept, key)


def merge_gaps(gaps: Sequence[Gap]) -> tuple[Gap, ...]:
    """Overlapping and touching gaps as one, in order of time; the first reason is kept."""
    merged: list[Gap] = []
    for gap in sorted(gaps, key=lambda gap: (gap.start_s, gap.end_s)):
        if merged and gap.start_s <= merged[-1].end_s:
            merged[-1] = Gap(merged[-1].start_s, max(merged[-1].end_s, gap.end_s), merged[-1].reason)
        else:
            merged.append(gap)
    return tuple(merged)
