"""Whose face was it: faces belong to people of one frame, people of one frame to tracklets.

May import: `engine.core`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from engine.core.boxes import box_iou
from engine.core.config import EmotionConfig
from engine.core.faces import Expressions, FaceReadings, FaceSighting
from engine.core.labels import UNKNOWN
from engine.core.segments import Segments
from engine.core.types import FloatArray, Observation, Tracklet

SAME_BOX = 0.9
"""Overlap from which a tracklet's box is taken for a detection's: they are the same numbers but for rounding."""


def join_readings(
    tracklets: Sequence[Tracklet],
    seen: Iterable[Observation],
    sightings: Iterable[FaceSighting],
    expressions: Iterable[Expressions],
) -> dict[int, FaceReadings]:
    """Give the faces of every frame to the tracklets they belong to.

    Args:
        tracklets: all of the footage.
        seen: the analysed frames the tracklets were made of, in order.
        sightings: their faces, frame by frame.
        expressions: what those showed, frame by frame.

    Returns:
        Tracklet number -> its readings in order of time; tracklets without a face are left out.

    Raises:
        ValueError: the three are not of the same frames.
    """
    rows_at: dict[float, list[tuple[Tracklet, int]]] = defaultdict(list)
    for tracklet in tracklets:
        for row in np.flatnonzero(~tracklet.interpolated):
            rows_at[float(tracklet.t[row])].append((tracklet, int(row)))
    found: dict[int, list[tuple[FaceSighting, Expressions, int]]] = defaultdict(list)
    for people, sighting, expression in zip(seen, sightings, expressions, strict=True):
        if not (people.index == sighting.index == expression.index):
            raise ValueError(f"frames differ: {people.index}, {sighting.index}, {expression.index}")
        owners = rows_at.get(people.t, [])
        if not owners or not len(sighting.faces):
            continue
        boxes = np.stack([tracklet.boxes[row] for tracklet, row in owners])
        overlap = box_iou(people.detections.boxes[sighting.faces.people], boxes)
        for face, owner in enumerate(overlap.argmax(axis=1)):
            if overlap[face, owner] >= SAME_BOX:
                found[owners[owner][0].number].append((sighting, expression, face))
    return {number: _readings(found[number]) for number in sorted(found)}


def choose_faces(
    segments: Segments, readings: Mapping[int, FaceReadings], config: EmotionConfig
) -> list[tuple[int, float, FloatArray, float]]:
    """The faces worth keeping as pictures: of every told stretch those that could be read best.

    Args:
        segments: emotions; those of `UNKNOWN` keep none.
        readings: by tracklet number.
        config: how many of each stretch, and what counts as usable.

    Returns:
        (tracklet, seconds, box (4,) float32 xyxy, quality), by tracklet and time, each once.
    """
    chosen: dict[tuple[int, float], tuple[FloatArray, float]] = {}
    for row, label in enumerate(segments.labels):
        number = int(segments.tracklets[row])
        found = readings.get(number)
        if label == UNKNOWN or found is None:
            continue
        inside = (found.t >= segments.start_s[row]) & (found.t <= segments.end_s[row])
        rows = np.flatnonzero(inside & (found.quality >= config.min_quality))
        for best in rows[np.argsort(-found.quality[rows], kind="stable")][: config.crops]:
            chosen[number, float(found.t[best])] = (found.boxes[best], float(found.quality[best]))
    return [
        (number, t, box, quality) for (number, t), (box, quality) in sorted(chosen.items(), key=lambda each: each[0])
    ]


def _readings(found: Sequence[tuple[FaceSighting, Expressions, int]]) -> FaceReadings:
    return FaceReadings(
        t=np.array([sighting.t for sighting, _, _ in found], np.float64),
        boxes=np.stack([sighting.faces.boxes[face] for sighting, _, face in found]),
        angles=np.stack([sighting.faces.angles[face] for sighting, _, face in found]),
        quality=np.stack([sighting.faces.quality[face] for sighting, _, face in found]),
        emotions=np.stack([expression.emotions[face] for _, expression, face in found]),
    )
