from __future__ import annotations

import numpy as np
import pytest

from engine.core.labels import EMOTIONS
from engine.core.protocols import BackendOptions
from engine.core.types import Frame, Poses, Tracklet
from models.fake import FakeDetector
from models.fake_recognition import FakeActionRecognizer, FakeEmotionClassifier, FakeFaceReader

OPTIONS = BackendOptions()


def _frame(*figures: tuple[tuple[int, int, int], int]) -> Frame:
    image = np.full((180, 320, 3), 110, np.uint8)
    for colour, x in figures:
        image[60:140, x : x + 30] = colour
    return Frame(index=0, t=0.0, image=image)


@pytest.mark.parametrize(
    ("colour", "label"),
    [
        pytest.param((220, 20, 20), "angry", id="red"),
        pytest.param((220, 220, 20), "happy", id="yellow"),
        pytest.param((20, 220, 20), "calm", id="green"),
        pytest.param((20, 220, 220), "surprised", id="cyan"),
        pytest.param((20, 20, 220), "sad", id="blue"),
        pytest.param((220, 20, 220), "fearful", id="magenta"),
    ],
)
def test_a_colour_is_an_expression(colour: tuple[int, int, int], label: str) -> None:
    frame = _frame((colour, 100))
    (people,) = FakeDetector(OPTIONS).predict([frame])
    faces = FakeFaceReader(OPTIONS).read(frame, people)
    assert len(faces) == 1
    (answer,) = FakeEmotionClassifier(OPTIONS).classify(frame.image, faces)
    assert EMOTIONS[int(answer.argmax())] == label
    assert answer.sum() == pytest.approx(1.0)


def test_a_hidden_head_has_no_face() -> None:
    frame = _frame(((220, 20, 20), 40), ((20, 20, 220), 200))
    (people,) = FakeDetector(OPTIONS).predict([frame])
    covered = frame.image.copy()
    covered[60:75, 30:80] = 110
    faces = FakeFaceReader(OPTIONS).read(Frame(index=0, t=0.0, image=covered), people)
    assert faces.people.tolist() == [1]
    assert 200 <= faces.boxes[0, 0] < faces.boxes[0, 2] <= 231


def _tracklet(xs: list[float]) -> Tracklet:
    n = len(xs)
    boxes = np.array([(x, 60, x + 30, 140) for x in xs], np.float32)
    return Tracklet(
        number=3,
        t=np.arange(n) * 0.2,
        boxes=boxes,
        scores=np.full(n, 0.9, np.float32),
        interpolated=np.zeros(n, np.bool_),
        poses=Poses.missing(n),
        sharpness=np.zeros(n, np.float32),
    )


def test_who_moves_walks_and_who_stops_stands() -> None:
    xs = [100.0 + 4 * step for step in range(10)] + [136.0] * 10
    found = FakeActionRecognizer(OPTIONS).recognize(_tracklet(xs), (320, 180))
    assert found.labels == ("walking", "standing")
    assert found.tracklets.tolist() == [3, 3]
    assert found.start_s[0] == 0.0 and found.end_s[-1] == pytest.approx(19 * 0.2)
    assert found.end_s[0] == found.start_s[1] == pytest.approx(1.8, abs=0.5)


def test_near_a_side_it_reaches_on_top() -> None:
    found = FakeActionRecognizer(OPTIONS).recognize(_tracklet([10.0] * 5 + [100.0] * 5), (320, 180))
    gestures = [label for label, channel in zip(found.labels, found.channels, strict=True) if channel == "gesture"]
    assert gestures == ["reaching"]
    assert found.start_s[list(found.channels).index("gesture")] == 0.0


def test_one_instant_has_no_length() -> None:
    assert len(FakeActionRecognizer(OPTIONS).recognize(_tracklet([10.0]), (320, 180))) == 0
