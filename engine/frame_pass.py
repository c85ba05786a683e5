"""The one decode pass: frames in, observations out, saved chunk by chunk so that a killed run goes on where it was.

A chunk is a fixed stretch of footage. Back ends are reset where a chunk begins, so that its answer depends on its own
frames alone: an analysis that was killed and taken up again equals an undisturbed one, to the bit.
May import: `engine.core`, `engine.media`, `engine.store`, `engine.tracking`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import Any

from engine.core.config import DetectConfig, Settings
from engine.core.protocols import Detector, Observer, PoseEstimator
from engine.core.types import Detections, Frame, Gap, Observation
from engine.media.reader import FrameReader
from engine.store.chunks import ChunkStore
from engine.tracking.sharpness import sharpness
from engine.tracking.shots import signature

_BATCH_PIXELS = 8 * 1280 * 720
"""Frames are handed to a back end in batches of about so many pixels: bounds memory on large pictures."""


@dataclass(slots=True)
class FrameStage:
    """One stage that looks at pixels, and where it keeps its answers.

    Attributes:
        name: "detect" or "pose".
        chunks: its saved answers.
        look: frames of one batch and what the stage before said of them in; this stage's observations out.
        reset: called where a chunk begins.
        seconds: time spent looking, wall clock.
    """

    name: str
    chunks: ChunkStore
    look: Callable[[Sequence[Frame], Sequence[Observation]], list[Observation]]
    reset: Callable[[], None]
    seconds: float = 0.0


def detect_stage(detector: Detector | None, chunks: ChunkStore) -> FrameStage:
    """The stage that finds people.

    Args:
        detector: may be None where the chunks are complete and only read.
        chunks: where its answers lie.
    """

    def look(frames: Sequence[Frame], _: Sequence[Observation]) -> list[Observation]:
        assert detector is not None, "a stage without its network was asked to look"
        return [
            Observation(frame.index, frame.t, found, sharpness(frame.image, found.boxes), signature(frame.image))
            for frame, found in zip(frames, detector.predict(frames), strict=True)
        ]

    return FrameStage("detect", chunks, look, detector.reset if detector is not None else lambda: None)


def pose_stage(estimator: PoseEstimator | None, chunks: ChunkStore) -> FrameStage:
    """The stage that adds poses to people whose detector found none.

    Args:
        estimator: may be None where the chunks are complete and only read.
        chunks: where its answers lie.
    """

    def look(frames: Sequence[Frame], seen: Sequence[Observation]) -> list[Observation]:
        assert estimator is not None, "a stage without its network was asked to look"
        posed = []
        for frame, before in zip(frames, seen, strict=True):
            people = before.detections
            poses = estimator.estimate(frame, people.boxes).poses
            detections = Detections(boxes=people.boxes, scores=people.scores, poses=poses)
            posed.append(replace(before, detections=detections))
        return posed

    return FrameStage("pose", chunks, look, lambda: None)


FRAME_STAGES: dict[str, Callable[[Any, ChunkStore], FrameStage]] = {"detect": detect_stage, "pose": pose_stage}
"""The stages that look at pixels, in order."""


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
        stages: in order; each sees the observations of the one before. Finished ones are read, not computed.
        observer: hears the progress in seconds of footage, under the name of the first unfinished stage.

    Raises:
        FootageError: the decoder crashed or hung.
        JobCancelled: the observer said so.
    """
    open_stages = [stage for stage in stages if not stage.chunks.complete]
    if not open_stages:
        return
    first = min(stage.chunks.done() for stage in open_stages)
    length = plan.config.chunk_s
    name = open_stages[0].name
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
    answers: dict[str, list[Observation]] = {stage.name: [] for stage in lacking}
    saved = {stage.name: stage.chunks.read(number) for stage in ready} if lacking else {}
    taken = 0
    for batch in _batches(frames):
        seen: Sequence[Observation] = ()
        for stage in stages:
            if stage.name in saved:
                seen = saved[stage.name][taken : taken + len(batch)]
            else:
                begun = time.monotonic()
                seen = stage.look(batch, seen)
                stage.seconds += time.monotonic() - begun
                answers[stage.name].extend(seen)
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
