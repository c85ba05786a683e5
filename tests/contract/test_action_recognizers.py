"""Every registered action recognizer keeps the promises of the role."""

from __future__ import annotations

import numpy as np
import pytest

from engine.core.labels import GESTURES, POSTURES, UNKNOWN
from engine.core.protocols import ActionRecognizer, BackendOptions
from engine.core.segments import Segments
from engine.core.types import Poses, Tracklet
from models.registry import names, resolve

SIZE = (320, 180)


@pytest.fixture(scope="module", params=names("action"))
def recognizer(request: pytest.FixtureRequest) -> ActionRecognizer:
    built = resolve("action", request.param)(BackendOptions(threads=2))
    assert isinstance(built, ActionRecognizer)
    return built


def _tracklet(n: int, *, speed: float = 0.0, posed: bool = True, number: int = 1) -> Tracklet:
    """An upright figure that moves to the right by so many pixels a second."""
    t = np.arange(n) * 0.2
    boxes = np.stack([20 + speed * t, np.full(n, 60), 50 + speed * t, np.full(n, 140)], axis=1).astype(np.float32)
    shares = np.array(
        [(0.5, 0.06)] * 11
        + [(0.7, 0.2), (0.3, 0.2), (0.75, 0.36), (0.25, 0.36), (0.75, 0.5), (0.25, 0.5)]
        + [(0.75, 0.52), (0.25, 0.52)] * 3
        + [(0.62, 0.52), (0.38, 0.52), (0.62, 0.75), (0.38, 0.75), (0.62, 0.95), (0.38, 0.95)]
        + [(0.62, 0.98), (0.38, 0.98)] * 2,
        np.float32,
    )
    landmarks = np.ones((n, 33, 3), np.float32)
    landmarks[:, :, :2] = boxes[:, None, :2] + shares * (boxes[:, None, 2:] - boxes[:, None, :2])
    return Tracklet(
        number=number,
        t=t,
        boxes=boxes,
        scores=np.full(n, 0.9, np.float32),
        interpolated=np.zeros(n, np.bool_),
        poses=Poses(landmarks, np.ones(n, np.float32)) if posed else Poses.missing(n),
        sharpness=np.ones(n, np.float32),
    )


CASES = {
    "one-instant": _tracklet(1),
    "two-instants": _tracklet(2),
    "standing": _tracklet(30),
    "walking": _tracklet(50, speed=25.0),
    "without-poses": _tracklet(30, posed=False),
    "ninth": _tracklet(20, number=9),
}


def _postures(found: Segments) -> Segments:
    return found[np.array([channel == "posture" for channel in found.channels], np.bool_)]


def test_its_card_is_known_without_building_it(recognizer: ActionRecognizer) -> None:
    assert type(recognizer).describe(BackendOptions(threads=2)) == recognizer.card


@pytest.mark.parametrize("case", CASES)
def test_postures_cover_the_time_without_overlap(recognizer: ActionRecognizer, case: str) -> None:
    tracklet = CASES[case]
    found = recognizer.recognize(tracklet, SIZE)
    postures = _postures(found)
    assert set(postures.labels) <= {*POSTURES, UNKNOWN}
    assert (found.tracklets == tracklet.number).all()
    if len(tracklet) > 1:
        assert postures.start_s[0] == pytest.approx(tracklet.first_s)
        assert postures.end_s[-1] == pytest.approx(tracklet.last_s)
        np.testing.assert_allclose(postures.start_s[1:], postures.end_s[:-1])


@pytest.mark.parametrize("case", CASES)
def test_gestures_come_on_top(recognizer: ActionRecognizer, case: str) -> None:
    tracklet = CASES[case]
    found = recognizer.recognize(tracklet, SIZE)
    gestures = found[np.array([channel == "gesture" for channel in found.channels], np.bool_)]
    assert len(gestures) + len(_postures(found)) == len(found)
    assert set(gestures.labels) <= {*GESTURES, UNKNOWN}
    assert (gestures.start_s >= tracklet.first_s).all() and (gestures.end_s <= tracklet.last_s + 1e-9).all()


def test_it_remembers_nothing(recognizer: ActionRecognizer) -> None:
    first = recognizer.recognize(CASES["walking"], SIZE)
    recognizer.recognize(CASES["standing"], SIZE)
    again = recognizer.recognize(CASES["walking"], SIZE)
    assert first.labels == again.labels
    np.testing.assert_array_equal(first.start_s, again.start_s)


def test_walking_and_standing_differ(recognizer: ActionRecognizer) -> None:
    assert "walking" in recognizer.recognize(CASES["walking"], SIZE).labels
    assert "standing" in recognizer.recognize(CASES["standing"], SIZE).labels
    assert "walking" not in recognizer.recognize(CASES["standing"], SIZE).labels
