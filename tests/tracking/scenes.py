"""People who walk, wait and hide each other, as boxes: footage for the tests of tracking without any pixels."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from engine.core.protocols import Tracker, TrackerOptions
from engine.core.types import Detections, Observation, Poses, Tracklet, Tracks
from models.registry import resolve

SIZE = (1280, 720)
Path = Callable[[float], tuple[float, float, float] | None]
"""Time -> centre x, foot y, height; None where the person is not there."""


def walks(
    start: float, end: float, *, speed: float = 0.8, foot: float = 600, height: float = 200, at: float = 0
) -> Path:
    """From one x to another at so many body heights a second."""
    way = float(np.sign(end - start)) * speed * height

    def path(t: float) -> tuple[float, float, float] | None:
        x = start + way * (t - at)
        return None if t < at or (x - end) * way > 0 else (x, foot, height)

    return path


def stands(x: float, *, foot: float = 600, height: float = 200, since: float = 0, until: float = 1e9) -> Path:
    """Stays in place, swaying a little."""
    return lambda t: (x + 0.01 * height * np.sin(2 * t), foot, height) if since <= t <= until else None


def box_of(place: tuple[float, float, float], wide: float = 0.36) -> np.ndarray:
    x, foot, height = place
    box = np.asarray([x - wide * height / 2, foot - height, x + wide * height / 2, foot])
    return np.clip(box, 0, (*SIZE, *SIZE))


@dataclass
class Scene:
    """Observations, and which person each of their rows is."""

    observations: list[Observation] = field(default_factory=list)
    owners: list[list[int]] = field(default_factory=list)

    def owner(self, t: float, box: np.ndarray) -> int:
        for observation, owners in zip(self.observations, self.owners, strict=True):
            if observation.t == t:
                return owners[int(np.flatnonzero((observation.detections.boxes == box).all(axis=1))[0])]
        raise AssertionError(f"nobody was seen at {t}")

    def people_in(self, tracklet: Tracklet) -> set[int]:
        seen = np.flatnonzero(~tracklet.interpolated)
        return {self.owner(float(tracklet.t[row]), tracklet.boxes[row]) for row in seen}


def scene(
    people: Sequence[Path],
    *,
    fps: float = 5,
    seconds: float = 8,
    seed: int = 0,
    missed: float = 0.0,
    jitter: float = 0.01,
    skip: Callable[[float, int], bool] = lambda t, person: False,
) -> Scene:
    """Film the people: whoever is hidden by more than half behind somebody nearer is not seen."""
    rng = np.random.default_rng(seed)
    made = Scene()
    for index in range(int(seconds * fps)):
        t = index / fps
        there = [(person, place) for person, path in enumerate(people) if (place := path(t)) is not None]
        boxes, owners, nearer = [], [], []
        for person, place in sorted(there, key=lambda one: -one[1][1]):
            box = box_of(place)
            area = float(np.prod(box[2:] - box[:2]))
            hidden = [_shared(box, other) / max(area, 1e-9) for other in nearer]
            nearer.append(box)
            if area < 400 or max(hidden, default=0.0) > 0.5 or rng.random() < missed or skip(t, person):
                continue
            noisy = np.clip(box + rng.normal(0, jitter * place[2], 4), 0, (*SIZE, *SIZE))
            boxes.append(np.concatenate([np.minimum(noisy[:2], noisy[2:]), np.maximum(noisy[:2], noisy[2:])]))
            owners.append(person)
        made.observations.append(observed(index, t, boxes))
        made.owners.append(owners)
    return made


def _shared(first: np.ndarray, second: np.ndarray) -> float:
    return float(np.clip(np.minimum(first[2:], second[2:]) - np.maximum(first[:2], second[:2]), 0, None).prod())


def observed(
    index: int, t: float, boxes: Sequence[Sequence[float] | np.ndarray], scores: Sequence[float] | None = None
) -> Observation:
    columns = np.asarray(boxes, np.float32).reshape(-1, 4)
    certain = np.full(len(columns), 0.9) if scores is None else np.asarray(scores)
    found = Detections.of_boxes(columns, certain.astype(np.float32))
    return Observation(index, t, found, np.full(len(columns), 20.0, np.float32))


def tracklet(
    t: Sequence[float],
    boxes: Sequence[Sequence[float]] | np.ndarray,
    *,
    number: int = 1,
    score: float = 0.9,
    interpolated: Sequence[int] = (),
    sharpness: Sequence[float] | None = None,
    landmarks: np.ndarray | None = None,
) -> Tracklet:
    """A tracklet from plain numbers; `interpolated` names rows."""
    count = len(t)
    filled = np.zeros(count, bool)
    filled[list(interpolated)] = True
    poses = Poses.missing(count)
    if landmarks is not None:
        poses = Poses(landmarks=landmarks.astype(np.float32), scores=np.ones(count, np.float32))
    return Tracklet(
        number=number,
        t=np.asarray(t, np.float64),
        boxes=np.asarray(boxes, np.float32).reshape(-1, 4),
        scores=np.full(count, score, np.float32),
        interpolated=filled,
        poses=poses,
        sharpness=np.asarray([20.0] * count if sharpness is None else sharpness, np.float32),
    )


class Scripted:
    """A tracker that answers what it was told: identities of the rows, frame by frame."""

    def __init__(self, *ids: Sequence[int]) -> None:
        self.ids = ids
        self.frame = 0

    def update(self, detections: Detections, t: float) -> Tracks:
        given = np.asarray(self.ids[self.frame], np.int64)
        self.frame += 1
        rows = np.flatnonzero(given > 0)
        return Tracks(rows=rows.astype(np.int64), ids=given[rows])

    def reset(self) -> None:
        self.frame = 0


class Listener:
    """Remembers what it was told, and asks to stop after so many checkpoints."""

    def __init__(self, stop: BaseException | None = None, after: int = 0) -> None:
        self.heard: list[tuple[str, float, float]] = []
        self.checkpoints = 0
        self.stop, self.after = stop, after

    def progress(self, stage: str, done: float, total: float) -> None:
        self.heard.append((stage, done, total))

    def checkpoint(self) -> None:
        self.checkpoints += 1
        if self.stop is not None and self.checkpoints > self.after:
            raise self.stop


def bytetrack(fps: float = 5, lost_s: float = 1.6) -> Tracker:
    built: Tracker = resolve("tracker", "bytetrack")(TrackerOptions(fps=fps, lost_s=lost_s))
    return built
