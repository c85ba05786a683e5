"""Whose face it was: from people of single frames to tracklets, and which faces are kept as pictures."""

from __future__ import annotations

import numpy as np
import pytest

from engine.core.config import EmotionConfig
from engine.core.faces import FACE_POINTS, Expressions, FaceReadings, Faces, FaceSighting
from engine.core.labels import EMOTIONS, UNKNOWN
from engine.core.segments import Segments
from engine.core.types import Detections, Observation, Poses, Tracklet
from engine.recognition.faces import choose_faces, join_readings

LEFT = np.array([10, 10, 60, 160], np.float32)
RIGHT = np.array([200, 20, 260, 170], np.float32)


def tracklet(number: int, box: np.ndarray, times: list[float], interpolated: tuple[int, ...] = ()) -> Tracklet:
    n = len(times)
    drawn = np.isin(np.arange(n), interpolated)
    boxes = np.tile(box, (n, 1))
    scores = np.full(n, 0.9, np.float32)
    return Tracklet(number, np.array(times), boxes, scores, drawn, Poses.missing(n), np.ones(n, np.float32))


def frame(index: int, t: float, boxes: list[np.ndarray]) -> Observation:
    stacked = np.stack(boxes) if boxes else np.zeros((0, 4), np.float32)
    scores = np.full(len(boxes), 0.9, np.float32)
    return Observation(index, t, Detections.of_boxes(stacked, scores), np.ones(len(boxes), np.float32))


def sighting(index: int, t: float, people: list[int], quality: float = 0.8) -> FaceSighting:
    n = len(people)
    faces = Faces(
        people=np.array(people, np.int64),
        boxes=np.tile(np.array([1, 2, 11, 12], np.float32), (n, 1)),
        points=np.zeros((n, FACE_POINTS, 2), np.float32),
        angles=np.zeros((n, 3), np.float32),
        scores=np.full(n, 0.9, np.float32),
        quality=np.full(n, quality, np.float32),
    )
    return FaceSighting(index, t, faces)


def shown(index: int, t: float, labels: list[str]) -> Expressions:
    emotions = np.zeros((len(labels), len(EMOTIONS)), np.float32)
    emotions[np.arange(len(labels)), [EMOTIONS.index(label) for label in labels]] = 1.0
    return Expressions(index, t, emotions)


def test_faces_go_to_the_tracklet_whose_box_it_was() -> None:
    times = [0.0, 0.2]
    found = join_readings(
        [tracklet(1, LEFT, times), tracklet(2, RIGHT, times)],
        [frame(0, 0.0, [RIGHT, LEFT]), frame(6, 0.2, [LEFT, RIGHT])],
        [sighting(0, 0.0, [0, 1]), sighting(6, 0.2, [1])],
        [shown(0, 0.0, ["happy", "sad"]), shown(6, 0.2, ["angry"])],
    )
    assert sorted(found) == [1, 2]
    assert found[1].t.tolist() == [0.0]
    assert EMOTIONS[found[1].emotions[0].argmax()] == "sad"
    assert found[2].t.tolist() == times
    assert [EMOTIONS[row.argmax()] for row in found[2].emotions] == ["happy", "angry"]


def test_a_face_of_nobody_who_was_followed_is_left_out() -> None:
    found = join_readings(
        [tracklet(1, LEFT, [0.0, 0.2], interpolated=(1,))],
        [frame(0, 0.0, [RIGHT]), frame(6, 0.2, [LEFT])],
        [sighting(0, 0.0, [0]), sighting(6, 0.2, [0])],
        [shown(0, 0.0, ["happy"]), shown(6, 0.2, ["happy"])],
    )
    assert found == {}


def test_frames_must_be_the_same() -> None:
    with pytest.raises(ValueError, match="frames differ"):
        join_readings([], [frame(0, 0.0, [])], [sighting(1, 0.2, [])], [shown(0, 0.0, [])])


def test_the_best_faces_of_each_told_stretch_are_kept() -> None:
    t = np.arange(10) / 5.0
    quality = np.array([0.4, 0.9, 0.2, 0.8, 0.5, 0.6, 0.7, 0.1, 0.95, 0.3], np.float32)
    readings = FaceReadings(
        t=t,
        boxes=np.tile(np.array([0, 0, 5, 5], np.float32), (10, 1)),
        angles=np.zeros((10, 3), np.float32),
        quality=quality,
        emotions=np.eye(8, dtype=np.float32)[np.zeros(10, int)],
    )
    segments = Segments(
        tracklets=np.array([4, 4], np.int64),
        channels=("emotion", "emotion"),
        labels=("calm", UNKNOWN),
        start_s=np.array([0.0, 1.1]),
        end_s=np.array([1.1, 1.8]),
        scores=np.array([0.8, 0.0], np.float32),
        coverage=np.array([0.9, 0.9], np.float32),
        sources=("", ""),
    )
    kept = choose_faces(segments, {4: readings}, EmotionConfig(crops=3, min_quality=0.3))
    assert [(number, t, round(quality, 2)) for number, t, _, quality in kept] == [
        (4, 0.2, 0.9),
        (4, 0.6, 0.8),
        (4, 1.0, 0.6),
    ]
    assert choose_faces(segments, {}, EmotionConfig()) == []
