"""From the detections of all analysed frames to tracklets.

Owns: what counts as a tracklet: runs are split where they jump, filled where they pause, and dropped where they are
too little or a second box on the same body. Pure: no pixels, no clock, no state. May import: `engine.core`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from engine.core.config import TrackConfig
from engine.core.movement import heads
from engine.core.protocols import Observer, Tracker
from engine.core.types import Detections, Observation, Poses, Tracklet
from engine.tracking.duplicates import without_duplicates
from engine.tracking.interpolation import between
from engine.tracking.shots import begins_shot
from engine.tracking.splitting import Sightings, cuts

REPORT_EVERY = 50
"""Frames between two reports of progress."""


@dataclass(frozen=True, slots=True)
class _Sighting:
    """A detection that belongs to a track: which frame (position among the observations) and which row of it."""

    frame: int
    row: int


def build_tracklets(
    observations: Sequence[Observation],
    tracker: Tracker,
    config: TrackConfig,
    observer: Observer,
    size: tuple[int, int],
) -> list[Tracklet]:
    """Follow people through all analysed frames.

    Args:
        observations: what was found in each analysed frame, in order of time; nobody is followed across a cut.
        tracker: joins detections; it is reset first.
        config: longest gap and what is dropped.
        observer: hears "track" in frames done.
        size: width and height of the picture, pixels.

    Returns:
        Tracklets numbered 1, 2, … by first appearance (then from left to right). Boxes inside gaps of at most
        `config.lost_s` are interpolated at the analysed instants and marked; never before the first or after the
        last sighting. Runs under `config.min_seen` sightings (fewer in footage of fewer than five frames) or under
        `config.min_mean_score` are left out.

    Raises:
        ValueError: observations are not in order of time, or size is not positive.
        JobCancelled: the observer asked to stop.
    """
    if size[0] <= 0 or size[1] <= 0:
        raise ValueError(f"size must be positive, got {size}")
    times = np.asarray([observation.t for observation in observations], np.float64)
    if (np.diff(times) <= 0).any():
        raise ValueError("observations must be in strictly increasing order of time")
    runs = _follow(observations, tracker, observer)
    pieces = [piece for run in runs for piece in _split(run, observations, config, size)]
    least = min(config.min_seen, max(1, (len(observations) + 1) // 2))
    kept = []
    for piece in pieces:
        tracklet = _assemble(piece, observations, times)
        if len(piece) >= least and _seen_score(tracklet) >= config.min_mean_score:
            kept.append(tracklet)
    kept = without_duplicates(kept)
    kept.sort(key=lambda one: (one.first_s, float(one.boxes[0, 0]), float(one.boxes[0, 1]), one.number))
    return [replace(tracklet, number=number) for number, tracklet in enumerate(kept, 1)]


def _follow(observations: Sequence[Observation], tracker: Tracker, observer: Observer) -> list[list[_Sighting]]:
    """Sightings of every track, in the order in which the tracks began; the tracker starts anew with every shot."""
    tracker.reset()
    shot = 0
    runs: dict[tuple[int, int], list[_Sighting]] = {}
    total = len(observations)
    for frame, observation in enumerate(observations):
        observer.checkpoint()
        if frame % REPORT_EVERY == 0:
            observer.progress("track", frame, total)
        if frame and begins_shot(observations[frame - 1], observation):
            tracker.reset()
            shot += 1
        tracks = tracker.update(observation.detections, observation.t)
        for row, identity in zip(tracks.rows.tolist(), tracks.ids.tolist(), strict=True):
            runs.setdefault((shot, identity), []).append(_Sighting(frame, row))
    observer.progress("track", total, total)
    return list(runs.values())


def _split(
    run: list[_Sighting], observations: Sequence[Observation], config: TrackConfig, size: tuple[int, int]
) -> list[list[_Sighting]]:
    """Cut a run where it cannot be one person: rather two tracklets than two people in one."""
    poses = Poses.concatenate([_detection(one, observations).poses for one in run])
    seen = Sightings(
        t=np.asarray([observations[one.frame].t for one in run], np.float64),
        boxes=np.concatenate([_detection(one, observations).boxes for one in run]).astype(np.float64),
        heads=heads(poses),
        missed=np.diff([one.frame for one in run]) > 1,
    )
    borders = np.flatnonzero(cuts(seen, config.lost_s, size)) + 1
    return [run[low:high] for low, high in pairwise([0, *borders.tolist(), len(run)])]


def _detection(sighting: _Sighting, observations: Sequence[Observation]) -> Detections:
    return observations[sighting.frame].detections[sighting.row : sighting.row + 1]


def _assemble(piece: list[_Sighting], observations: Sequence[Observation], times: NDArray[np.float64]) -> Tracklet:
    """A tracklet over every analysed instant from the first sighting to the last."""
    frames = np.asarray([sighting.frame for sighting in piece])
    rows = [(observations[sighting.frame], slice(sighting.row, sighting.row + 1)) for sighting in piece]
    boxes = np.concatenate([seen.detections.boxes[row] for seen, row in rows])
    scores = np.concatenate([seen.detections.scores[row] for seen, row in rows])
    t = times[frames[0] : frames[-1] + 1]
    position = np.arange(frames[0], frames[-1] + 1)
    after = np.searchsorted(frames, position, side="left")
    interpolated = frames[after] != position
    before = np.where(interpolated, after - 1, after)
    poses = Poses.concatenate([*(seen.detections.poses[row] for seen, row in rows), Poses.missing(1)])
    sharp = np.concatenate([*(seen.sharpness[row] for seen, row in rows), np.zeros(1, np.float32)])
    source = np.where(interpolated, len(piece), after)  # the row past the end stands for "not seen"
    filled = between(times[frames], boxes, t)
    filled[~interpolated] = boxes
    return Tracklet(
        number=1,
        t=t.copy(),
        boxes=filled,
        scores=np.minimum(scores[before], scores[after]),
        interpolated=interpolated,
        poses=poses[source],
        sharpness=sharp[source],
    )


def _seen_score(tracklet: Tracklet) -> float:
    return float(tracklet.scores[~tracklet.interpolated].mean())
