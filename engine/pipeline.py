"""The order of stages: footage in, people out, each stage computed once and found again by its key.

May import: all stage packages, `engine.core`, `engine.tiers`; no SQL, no UI.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from engine.anomaly_steps import AnomalyPlan
from engine.clothing_step import KeptViews, embed_clothing, read_clothing
from engine.core.config import AnalysisConfig
from engine.core.protocols import ActionRecognizer, Observer
from engine.core.segments import Segments
from engine.core.types import Frame, Gap
from engine.core.views import FootageView, StageView
from engine.frame_pass import FRAME_STAGES, PassPlan, finished_stage, run_pass
from engine.identity.linking import Evidence, link_tracklets
from engine.identity_step import embed_people
from engine.media.playback import make_playback
from engine.media.reader import read_instants
from engine.media.thumbs import make_thumbnails
from engine.pictures import Album, FaceAlbum
from engine.recognition.emotions import emotion_segments
from engine.recognition.faces import choose_faces, join_readings
from engine.steps import Save, Step, Tools, ours
from engine.store.chunks import ChunkStore
from engine.store.stages import StageRecord
from engine.tiers import (
    Backend,
    choose_action,
    choose_anomaly,
    choose_behaviour,
    choose_clip,
    choose_clothing,
    choose_clothing_text,
    choose_emotion,
    choose_face_reader,
    choose_identity,
    choose_person,
    choose_pose,
    choose_tracker,
)
from engine.tracking.shots import shot_starts
from engine.tracking.tracklets import build_tracklets

PLAYBACK = ours("pyav", "1")
LINKER = ours("place-time-and-looks", "2")
CROPPER = ours("best-views", "2")
POOLER = ours("pooled-faces", "1")
FACE_CROPPER = ours("best-faces", "1")


@dataclass(frozen=True, slots=True)
class FrameAnswers:
    """The stages that looked at frames.

    Attributes:
        steps: all of them, in order.
        people: the one whose chunks hold the people with their poses.
    """

    steps: tuple[Step, ...]
    people: Step

    @property
    def faces(self) -> Step | None:
        """The one whose chunks hold the faces, where they were looked for."""
        return next((step for step in self.steps if step.name == "faces"), None)

    @property
    def expressions(self) -> Step | None:
        """The one whose chunks hold what the faces showed, where they were looked for."""
        return next((step for step in self.steps if step.name == "expressions"), None)


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
        config, settings = self.config, self.tools.settings
        person = choose_person(config, settings)
        pose, tracker, clip = choose_pose(person, settings), choose_tracker(config), choose_clip(config, settings)
        self._stage(Step("playback", PLAYBACK), self._playback)
        seen = self._frame_stages(person, pose)
        track = Step("track", tracker.card, config.track.to_dict(), (seen.people.key(self.view),))
        self._stage(track, lambda: self._track(tracker, seen.people))
        tracked = (track.key(self.view),)
        crops = Step("crops", CROPPER, config.crops.to_dict() | {"mask": pose.card.version}, tracked)
        self._stage(crops, lambda: self._crops(crops, pose, track))
        clothing, identity = self._views(person, track, crops)
        needs = (*tracked, identity.key(self.view), clothing.key(self.view))
        link = Step("link", LINKER, config.link.to_dict(), needs)
        self._stage(link, lambda: self._link(needs, seen.people))
        action = choose_action(person, settings)
        self._stage(Step("actions", action.card, {}, tracked), lambda: self._actions(action, track))
        if clip is not None:
            activities = Step("activities", clip.card, {}, tracked)
            self._stage(activities, lambda: self._activities(clip, track))
        for step, compute in self._anomaly_plan(person, track, link).stages():
            self._stage(step, compute)
        if seen.expressions is not None:
            self._emotions(seen, track)
        return tuple(self.stages)

    def _views(self, person: Backend, track: Step, crops: Step) -> tuple[Step, Step]:
        """The stages that look at kept views: colours and traits, embeddings where a network for them is here, and
        vectors of who is shown.

        Returns:
            The first and the last of them.
        """
        tools, settings = self.tools, self.tools.settings
        needs = track.key(self.view), crops.key(self.view)
        kept = KeptViews(self.folder, self.size, *needs)
        words = choose_clothing_text(settings, self.config.profile)
        steps = []
        for name, backend, look in (
            ("clothing", choose_clothing(person, settings), partial(read_clothing, tools.results, tools.clothing)),
            ("embeddings", words, partial(embed_clothing, tools.results, tools.clothing)),
            (
                "identity",
                choose_identity(person, settings, self.config),
                partial(embed_people, tools.results, tools.identity),
            ),
        ):
            if backend is not None:
                steps.append(Step(name, backend.card, {}, needs))
                self._stage(steps[-1], partial(look, kept, backend.build, self.observer))
        return steps[0], steps[-1]

    def _anomaly_plan(self, person: Backend, track: Step, link: Step) -> AnomalyPlan:
        return AnomalyPlan(
            view=self.view,
            config=self.config.anomalies,
            results=self.tools.results,
            table=self.tools.anomalies,
            track=track,
            link=link,
            scorer=choose_anomaly(person, self.tools.settings),
            behaviour=choose_behaviour(self.config, person, self.tools.settings),
            observer=self.observer,
            frames=self._watched_frames_at,
            other=self.tools.other,
        )

    def _emotions(self, seen: FrameAnswers, track: Step) -> None:
        """The two stages that make segments of what faces showed, and keep pictures of them."""
        assert seen.expressions is not None
        needs = (track.key(self.view), seen.expressions.key(self.view))
        emotions = Step("emotions", POOLER, self.config.emotions.to_dict(), needs)
        self._stage(emotions, lambda: self._pool(seen, track))
        faces = Step("face_crops", FACE_CROPPER, {}, (emotions.key(self.view),))
        self._stage(faces, lambda: self._face_crops(faces, emotions, track))

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

    def _frame_stages(self, person: Backend, pose: Backend) -> FrameAnswers:
        """All stages that look at frames: one decode pass for all that is missing."""
        answers, backends = self._frame_steps(person, pose)
        results = self.tools.results
        found = [results.finished(step.key(self.view)) for step in answers.steps]
        whole = [self._chunks(step).complete for step in answers.steps]
        if all(whole) and all(found):
            for record in found:
                assert record is not None
                self._reached(record, cached=True)
            return answers
        begun = time.monotonic()
        stages = [
            finished_stage(step.name, self._chunk_folder(step))
            if done
            else FRAME_STAGES[step.name][0](backend.build(), self._chunk_folder(step))
            for step, backend, done in zip(answers.steps, backends, whole, strict=True)
        ]
        run_pass(self._pass_plan(), stages, self.observer)
        spent = time.monotonic() - begun
        for step, stage, record in zip(answers.steps, stages, found, strict=True):
            # Decoding and waiting count for detection: it is what the pass is for.
            seconds = stage.seconds if step.name != "detect" else spent - sum(other.seconds for other in stages[1:])
            if record is None:
                results.save_plain(step.record(self.view, seconds))
            self._reached(record or step.record(self.view, seconds), cached=record is not None)
        return answers

    def _frame_steps(self, person: Backend, pose: Backend) -> tuple[FrameAnswers, list[Backend]]:
        """The stages that look at frames, and what computes each: poses only where the detector finds none, faces
        only where emotions are wanted on this site.
        """
        settings = self.tools.settings
        steps, backends = [Step("detect", person.card, self.config.detect.to_dict())], [person]
        if not person.finds_poses:
            steps.append(Step("pose", pose.card, {}, (steps[0].key(self.view),)))
            backends.append(pose)
        people = steps[-1]
        if settings.emotions:
            faces, emotion = choose_face_reader(person, settings), choose_emotion(self.config, person, settings)
            steps.append(Step("faces", faces.card, {}, (people.key(self.view),)))
            steps.append(Step("expressions", emotion.card, {}, (steps[-1].key(self.view),)))
            backends += [faces, emotion]
        return FrameAnswers(tuple(steps), people), backends

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

    def _chunk_folder(self, step: Step) -> Path:
        return self.folder / "stages" / step.key(self.view)[:32]

    def _chunks(self, step: Step) -> ChunkStore[Any]:
        return ChunkStore(self._chunk_folder(step), FRAME_STAGES[step.name][1])

    def _track(self, tracker: Backend, people: Step) -> Save:
        observations = self._chunks(people).read_all()
        tracklets = build_tracklets(observations, tracker.build(), self.config.track, self.observer, self.size)
        return lambda record: self.tools.results.save_tracklets(record, tracklets)

    def _link(self, needs: tuple[str, str, str], people: Step) -> Save:
        """Persons, by the keys of the tracklets, of their vectors and of their clothes."""
        tracked, identity, clothing = needs
        tools = self.tools
        shots = shot_starts(self._chunks(people).read_all()).tolist()
        evidence = Evidence(*tools.identity.of_stage(identity), tools.clothing.of_stage(clothing), tuple(shots))
        links = link_tracklets(tools.results.tracklets(tracked), self.config.link, self.size, evidence)
        return lambda record: tools.results.save_links(record, links, tracked)

    def _crops(self, crops: Step, pose: Backend, track: Step) -> Save:
        key = track.key(self.view)
        album = Album(self.folder, f"crops/{crops.key(self.view)[:16]}", self.config.crops, self.size)

        kept = album.fill(self.tools.results.tracklets(key), self._frames_at, pose.build(), self.observer)
        return lambda record: self.tools.results.save_crops(record, kept, key)

    def _frames_at(self, times: Sequence[float]) -> Iterator[Frame]:
        return read_instants(Path(self.view.path), self.tools.settings, times)

    def _watched_frames_at(self, stage: str) -> Callable[[Sequence[float]], Iterator[Frame]]:
        """Reads the frames at or right after given times, telling the observer how far it is."""

        def frames(times: Sequence[float]) -> Iterator[Frame]:
            for frame in read_instants(Path(self.view.path), self.tools.settings, times, nearest=True):
                self.observer.checkpoint()
                yield frame
                self.observer.progress(stage, frame.t, max(times[-1], frame.t, 1e-9))

        return frames

    def _actions(self, action: Backend, track: Step) -> Save:
        key = track.key(self.view)
        recognizer: ActionRecognizer = action.build()
        found = []
        for tracklet in self.tools.results.tracklets(key):
            self.observer.checkpoint()
            found.append(recognizer.recognize(tracklet, self.size))
        segments = Segments.concatenate(found)
        return lambda record: self.tools.recognition.save_segments(record, segments, key)

    def _activities(self, clip: Backend, track: Step) -> Save:
        key = track.key(self.view)
        tracklets = self.tools.results.tracklets(key)
        segments = clip.build().recognize(tracklets, self._watched_frames_at("activities"))
        return lambda record: self.tools.recognition.save_segments(record, segments, key)

    def _pool(self, seen: FrameAnswers, track: Step) -> Save:
        key = track.key(self.view)
        tracklets = self.tools.results.tracklets(key)
        people, faces, expressions = (
            self._chunks(step).read_all() for step in (seen.people, seen.faces, seen.expressions) if step is not None
        )
        readings = join_readings(tracklets, people, faces, expressions)
        config = self.config.emotions
        segments = Segments.concatenate(emotion_segments(each, readings.get(each.number), config) for each in tracklets)
        return lambda record: self.tools.recognition.save_segments(record, segments, key, readings)

    def _face_crops(self, faces: Step, emotions: Step, track: Step) -> Save:
        key = track.key(self.view)
        segments, readings = self.tools.recognition.of_stage(emotions.key(self.view))
        album = FaceAlbum(self.folder, f"crops/{faces.key(self.view)[:16]}")
        kept = album.fill(choose_faces(segments, readings, self.config.emotions), self._frames_at, self.observer)
        return lambda record: self.tools.recognition.save_face_crops(record, kept, key)


def merge_gaps(gaps: Sequence[Gap]) -> tuple[Gap, ...]:
    """Overlapping and touching gaps as one, in order of time; the first reason is kept."""
    merged: list[Gap] = []
    for gap in sorted(gaps, key=lambda gap: (gap.start_s, gap.end_s)):
        if merged and gap.start_s <= merged[-1].end_s:
            merged[-1] = Gap(merged[-1].start_s, max(merged[-1].end_s, gap.end_s), merged[-1].reason)
        else:
            merged.append(gap)
    return tuple(merged)
