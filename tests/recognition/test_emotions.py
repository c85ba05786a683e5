"""Readings of faces into stretches: what is told, what stays unknown, and with how much of the time seen."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.core.config import EmotionConfig
from engine.core.faces import FaceReadings
from engine.core.labels import EMOTIONS, UNKNOWN
from engine.core.segments import Segments
from engine.core.types import Poses, Tracklet
from engine.recognition.emotions import emotion_segments

CONFIG = EmotionConfig()


def tracklet(seconds: float, fps: float = 5.0) -> Tracklet:
    t = np.arange(int(seconds * fps) + 1) / fps + 3.0
    n = len(t)
    boxes = np.tile(np.array([10, 10, 60, 160], np.float32), (n, 1))
    none = np.zeros(n, np.bool_)
    return Tracklet(7, t, boxes, np.full(n, 0.9, np.float32), none, Poses.missing(n), np.ones(n, np.float32))


def readings(t: np.ndarray, told: list[str], *, sure: float = 0.8, quality: float = 0.7) -> FaceReadings:
    n = len(t)
    emotions = np.full((n, len(EMOTIONS)), (1 - sure) / (len(EMOTIONS) - 1), np.float32)
    emotions[np.arange(n), [EMOTIONS.index(label) for label in told]] = sure
    return FaceReadings(
        t=np.asarray(t, np.float64),
        boxes=np.tile(np.array([20, 15, 40, 40], np.float32), (n, 1)),
        angles=np.zeros((n, 3), np.float32),
        quality=np.full(n, quality, np.float32),
        emotions=emotions,
    )


def spoken(segments: Segments) -> list[tuple[str, float, float]]:
    return [
        (label, round(float(start), 2), round(float(end), 2))
        for label, start, end in zip(segments.labels, segments.start_s, segments.end_s, strict=True)
    ]


def test_no_face_is_unknown_not_calm() -> None:
    segments = emotion_segments(tracklet(4.0), None, CONFIG)
    assert spoken(segments) == [(UNKNOWN, 3.0, 7.0)]
    assert segments.scores.tolist() == [0.0]
    assert segments.coverage.tolist() == [0.0]
    assert segments.tracklets.tolist() == [7]


def test_one_emotion_throughout() -> None:
    body = tracklet(4.0)
    segments = emotion_segments(body, readings(body.t, ["happy"] * len(body)), CONFIG)
    assert spoken(segments) == [("happy", 3.0, 7.0)]
    assert segments.scores[0] == pytest.approx(0.8, abs=0.01)
    assert segments.coverage[0] == pytest.approx(1.0)


def test_a_change_is_found_where_it_happens() -> None:
    body = tracklet(10.0)
    told = ["calm" if t < 8.0 else "surprised" for t in body.t]
    (first, second) = spoken(emotion_segments(body, readings(body.t, told), CONFIG))
    assert (first[0], second[0]) == ("calm", "surprised")
    assert first[2] == second[1] == pytest.approx(8.0, abs=0.5)


def test_single_wrong_readings_do_not_show() -> None:
    body = tracklet(10.0)
    told = ["angry" if n % 6 == 3 else "calm" for n in range(len(body))]
    assert spoken(emotion_segments(body, readings(body.t, told), CONFIG)) == [("calm", 3.0, 13.0)]


def test_faces_that_cannot_be_read_do_not_count() -> None:
    body = tracklet(4.0)
    poor = readings(body.t, ["happy"] * len(body), quality=CONFIG.min_quality - 0.05)
    assert spoken(emotion_segments(body, poor, CONFIG)) == [(UNKNOWN, 3.0, 7.0)]


def test_a_face_seen_too_seldom_tells_nothing_and_the_share_is_stated() -> None:
    body = tracklet(20.0)
    rows = np.arange(0, len(body), 8)
    segments = emotion_segments(body, readings(body.t[rows], ["happy"] * len(rows)), CONFIG)
    assert set(segments.labels) == {UNKNOWN}
    often = np.arange(0, len(body), 2)
    segments = emotion_segments(body, readings(body.t[often], ["happy"] * len(often)), CONFIG)
    assert segments.labels == ("happy",)
    assert segments.coverage[0] == pytest.approx(0.5, abs=0.02)


def test_a_face_that_turns_away_leaves_the_rest_unknown() -> None:
    body = tracklet(10.0)
    rows = body.t <= 7.0
    first, second = spoken(emotion_segments(body, readings(body.t[rows], ["happy"] * int(rows.sum())), CONFIG))
    assert first[0] == "happy"
    assert second[0] == UNKNOWN
    assert first[2] == pytest.approx(7.5, abs=0.6)


def test_readings_that_disagree_are_unknown() -> None:
    body = tracklet(6.0)
    told = [("happy", "sad", "angry", "surprised")[n % 4] for n in range(len(body))]
    segments = emotion_segments(body, readings(body.t, told, sure=0.7), CONFIG)
    assert set(segments.labels) == {UNKNOWN}


def test_a_face_that_always_reads_a_little_sad_is_calm_and_its_smile_is_a_smile() -> None:
    body = tracklet(30.0)
    found = readings(body.t, ["sad"] * len(body), sure=0.5)
    emotions = np.full_like(found.emotions, 0.02)
    emotions[:, EMOTIONS.index("calm")] = 0.4
    emotions[:, EMOTIONS.index("sad")] = 0.45
    emotions /= emotions.sum(axis=1, keepdims=True)
    smiling = (body.t > 20) & (body.t < 26)
    emotions[smiling] = readings(body.t[smiling], ["happy"] * int(smiling.sum()), sure=0.9).emotions
    labels = [label for label, _, _ in spoken(emotion_segments(body, replace(found, emotions=emotions), CONFIG))]
    assert labels == ["calm", "happy", "calm"]


def test_somebody_who_smiles_all_the_time_smiles() -> None:
    body = tracklet(30.0)
    segments = emotion_segments(body, readings(body.t, ["happy"] * len(body)), CONFIG)
    assert segments.labels == ("happy",)


def test_one_row_lasts_no_time() -> None:
    assert len(emotion_segments(tracklet(0.0), None, CONFIG)) == 0


@given(
    st.lists(st.sampled_from([*EMOTIONS, ""]), min_size=2, max_size=60),
    st.floats(0.2, 4.0),
    st.floats(0.0, 3.0),
)
def test_stretches_follow_one_another_over_the_whole_time(told: list[str], window_s: float, min_s: float) -> None:
    body = tracklet((len(told) - 1) / 5.0)
    rows = [n for n, label in enumerate(told) if label][: len(body)]
    found = readings(body.t[rows], [told[n] for n in rows]) if rows else None
    config = EmotionConfig(window_s=window_s, min_s=min_s)
    segments = emotion_segments(body, found, config)
    assert segments.start_s[0] == body.first_s
    assert segments.end_s[-1] == body.last_s
    assert np.array_equal(segments.start_s[1:], segments.end_s[:-1])
    assert all(one != two for one, two in zip(segments.labels[1:], segments.labels[:-1], strict=True))
    if len(segments) > 1:
        assert (segments.end_s - segments.start_s).min() >= min_s - 1e-9
