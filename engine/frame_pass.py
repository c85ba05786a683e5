"""The one decode pass: frames in, observations out, saved chunk by chunk so that a killed run goes on where it was.

A chunk is a fixed stretch of footage. Back ends are reset where a chunk begins, so that its answer depends on its own
frames alone: an analysis that was killed and taken up again equals an undisturbed one, to the bit.
May import: `engine.core`, `engine.media`, `engine.store`, `engine.tracking`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import Any

from engine.core.config import DetectConfig, Settings
from engine.core.faces import Expressions, FaceSighting
from engine.core.protocols import Detector, EmotionClassifier, FaceReader, Observer, PoseEstimator
from engine.core.types import Detections, Frame, Gap, Observation
from engine.media.reader import FrameReader
from engine.store.chunks import EXPRESSIONS, OBSERVATIONS, SIGHTINGS, ChunkStore, Codec
from engine.tracking.sharpness import sharpness
from engine.tracking.shots import signature

_BATCH_PIXELS = 8 * 1280 * 720
"""Frames are handed to a back end in batches of about so many pixels: bounds memory on large pictures."""


Seen = Mapping[str, Sequence[Any]]
"""Name of a stage -> its answers to the frames of a batch, one each, as they are read back from its chunks."""


@dataclass(slots=True)
class FrameStage:
    """One stage that looks at pixels, and where it keeps its answers.

    Attributes:
        name: such as "detect".
        chunks: its saved answers.
        look: frames of one batch and what the stages before said of them in; this stage's answers out.
        reset: called where a chunk begins.
        seconds: time spent looking, wall clock.
    """

    name: str
    chunks: ChunkStore[Any]
    look: Callable[[Sequence[Frame], Seen], list[Any]]
    reset: Callable[[], None] = lambda: None
    seconds: float = 0.0


def detect_stage(detector: Detector, folder: Path) -> FrameStage:
    """The stage that finds people.

    Args:
        detector: finds them.
        folder: where its answers lie.
    """

    def look(frames: Sequence[Frame], _: Seen) -> list[Observation]:
        return [
            Observation(frame.index, frame.t, found, sharpness(frame.image, found.boxes), signature(frame.image))
            for frame, found in zip(frames, detector.predict(frames), strict=True)
        ]

    return FrameStage("detect", ChunkStore(folder, OBSERVATIONS), look, detector.reset)


def pose_stage(estimator: PoseEstimator, folder: Path) -> FrameStage:
    """The stage that adds poses to people whose detector found none.

    Args:
        estimator: finds the poses.
        folder: where its answers lie.
    """

    def look(frames: Sequence[Frame], seen: Seen) -> list[Observation]:
        posed = []
        for frame, before in zip(frames, seen["detect"], strict=True):
            people = before.detections
            poses = estimator.estimate(frame, people.boxes).poses
            detections = Detections(boxes=people.boxes, scores=people.scores, poses=poses)
            posed.append(replace(before, detections=detections))
        return posed

    return FrameStage("pose", ChunkStore(folder, OBSERVATIONS), look)


def faces_stage(reader: FaceReader, folder: Path) -> FrameStage:
    """The stage that finds the faces of the people.

    Args:
        reader: finds them.
        folder: where its answers lie.
    """

    def look(frames: Sequence[Frame], seen: Seen) -> list[FaceSighting]:
        people = seen["pose"] if "pose" in seen else seen["detect"]
        return [
            FaceSighting(frame.index, frame.t, reader.read(frame, before.detections))
            for frame, before in zip(frames, people, strict=True)
        ]

    return FrameStage("faces", ChunkStore(folder, SIGHTINGS), look)


def expressions_stage(classifier: EmotionClassifier, folder: Path) -> FrameStage:
    """The stage that reads the expressions of the faces.

    Args:
        classifier: reads them.
        folder: where its answers lie.
    """

    def look(frames: Sequence[Frame], seen: Seen) -> list[Expressions]:
        return [
            Expressions(frame.index, frame.t, classifier.classify(frame.image, sighting.faces))
            for frame, sighting in zip(frames, seen["faces"], strict=True)
        ]

    return FrameStage("expressions", ChunkStore(folder, EXPRESSIONS), look)


FRAME_STAGES: dict[str, tuple[Callable[[Any, Path], FrameStage], Codec[Any]]] = {
    "detect": (detect_stage, OBSERVATIONS),
    "pose": (pose_stage, OBSERVATIONS),
    "faces": (faces_stage, SIGHTINGS),
    "expressions": (expressions_stage, EXPRESSIONS),
}
"""The stages that look at pixels, in order: what builds them, and how their answers are kept."""


def finished_stage(name: str, folder: Path) -> FrameStage:
    """A stage whose chunks are complete and only read, so that its network need not be loaded."""

    def look(frames: Sequence[Frame], seen: Seen) -> list[Any]:
        raise AssertionError(f"{name} is finished and was asked to look again")

    return FrameStage(name, ChunkStore(folder, FRAME_STAGES[name][1]), look)


@dataclass(frozen=True, slots=True)
class PassPlan:
    """What a decode pass reads.

    Attributes:
        path: the footage.
        duration_s: its length as probed, for progress.
        config: sampling and chunk length.
        settings: limits of the decoding process.
        on_gaps: hears of stretches that could not be decoded, as soon as their chunk is saved.
    """

    path: Path
    duration_s: float
    config: DetectConfig
    settings: Settings
    on_gaps: Callable[[Sequence[Gap]], None]


def run_pass(plan: PassPlan, stages: Sequence[FrameStage], observer: Observer) -> None:
    """Bring every stage's saved chunks to the end of the footage in one decode pass.

    Args:
        plan: what to read.
        stages: in order; each sees the answers of those before. Finished ones are read, not computed.
        observer: hears the progress in seconds of footage, under the name of the first stage.

    Raises:
        FootageError: the decoder crashed or hung.
        JobCancelled: the observer said so.
    """
    open_stages = [stage for stage in stages if not stage.chunks.complete]
    if not open_stages:
        return
    first = min(stage.chunks.done() for stage in open_stages)
    length = plan.config.chunk_s
    name = stages[0].name
    with FrameReader(plan.path, plan.settings, fps=plan.config.fps, start_s=first * length) as reader:
        written = first
        for number, frames in groupby(reader, key=lambda frame: int(frame.t / length + 1e-9)):
            for empty in range(written, number):
                _save(stages, empty, iter(()), observer)
            _save(stages, number, _watched(frames, name, plan.duration_s, observer), observer)
            written = number + 1
            plan.on_gaps(reader.gaps)
        plan.on_gaps(reader.gaps)
    for stage in open_stages:
        stage.chunks.finish(written)
    observer.progress(name, plan.duration_s, plan.duration_s)


def _watched(frames: Iterator[Frame], name: str, total: float, observer: Observer) -> Iterator[Frame]:
    for frame in frames:
        observer.checkpoint()
        yield frame
        observer.progress(name, frame.t, total)


def _save(stages: Sequence[FrameStage], number: int, frames: Iterator[Frame], observer: Observer) -> None:
    """Compute and write chunk `number` of every stage that lacks it."""
    lacking = [stage for stage in stages if not stage.chunks.complete and stage.chunks.done() <= number]
    ready = [stage for stage in stages if stage not in lacking]
    for stage in lacking:
        stage.reset()
    answers: dict[str, list[Any]] = {stage.name: [] for stage in lacking}
    saved = {stage.name: stage.chunks.read(number) for stage in ready} if lacking else {}
    taken = 0
    for batch in _batches(frames):
        seen: dict[str, Sequence[Any]] = {}
        for stage in stages:
            if stage.name in saved:
                seen[stage.name] = saved[stage.name][taken : taken + len(batch)]
                continue
            begun = time.monotonic()
            found = stage.look(batch, seen)
            stage.seconds += time.monotonic() - begun
            answers[stage.name].extend(found)
            # Rounded as a resumed pass would read them, so that what builds on them does not depend on a kill.
            seen[stage.name] = stage.chunks.as_read(found)
            observer.checkpoint()
        taken += len(batch)
    for stage in lacking:
        stage.chunks.write(number, answers[stage.name])


def _batches(frames: Iterator[Frame]) -> Iterator[list[Frame]]:
    batch: list[Frame] = []
    for frame in frames:
        batch.append(frame)
        if len(batch) * frame.image.shape[0] * frame.image.shape[1] >= _BATCH_PIXELS:
            yield batch
            batch = []
    if batch:
        yield batch
