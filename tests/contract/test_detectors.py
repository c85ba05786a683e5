"""Every registered person detector keeps the promises of the role."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from engine.core.config import shared_material
from engine.core.protocols import BackendOptions, Detector
from engine.core.types import Detections, Frame
from models.registry import names, resolve

WEIGHTS = "yolov8n_int8.tflite"


def _options(name: str) -> BackendOptions:
    if name != "yolo":
        return BackendOptions(threads=2)
    weights = shared_material() / "weights" / WEIGHTS
    if not weights.is_file():
        pytest.skip(f"the YOLO weights are absent: {weights} (set SIGHTLINE_SHARED)")
    return BackendOptions(threads=2, weights=weights)


@pytest.fixture(scope="module", params=names("person"))
def detector(request: pytest.FixtureRequest) -> Iterator[Detector]:
    yield resolve("person", request.param)(_options(request.param))


def _photograph() -> np.ndarray:
    """Two people in close view, from the photographs that ship with ultralytics, at a size that is quick to search."""
    from importlib.util import find_spec

    from PIL import Image

    spec = find_spec("ultralytics")
    if spec is None or spec.origin is None:
        pytest.skip("the package ultralytics is not installed")
    with Image.open(Path(spec.origin).parent / "assets" / "bus.jpg") as picture:
        return np.asarray(picture.convert("RGB").resize((270, 360)))


@pytest.fixture(scope="module")
def frames() -> list[Frame]:
    picture = _photograph()
    shifted = [np.ascontiguousarray(np.roll(picture, step * 3, axis=1)) for step in range(5)]
    return [Frame(index=row, t=row * 0.4, image=image) for row, image in enumerate(shifted)]


def _same(first: Detections, second: Detections) -> bool:
    return (
        np.array_equal(first.boxes, second.boxes)
        and np.array_equal(first.scores, second.scores)
        and np.array_equal(first.poses.landmarks, second.poses.landmarks)
    )


def test_it_plays_the_role(detector: Detector) -> None:
    assert isinstance(detector, Detector)
    assert len(detector.card.version) >= 1
    assert detector.card.tier in ("embedded", "pretrained", "trained")


def test_its_card_is_known_without_loading_it(detector: Detector) -> None:
    assert type(detector).describe(_options(detector.card.name)) == detector.card


def test_no_frames_no_answers(detector: Detector) -> None:
    detector.reset()
    assert detector.predict([]) == []


def test_one_answer_a_frame_inside_the_picture(detector: Detector, frames: list[Frame]) -> None:
    detector.reset()
    answers = detector.predict(frames)
    assert len(answers) == len(frames)
    for frame, answer in zip(frames, answers, strict=True):
        width, height = frame.size
        assert (answer.boxes >= 0).all()
        assert (answer.boxes[:, 0::2] <= width).all() and (answer.boxes[:, 1::2] <= height).all()
        assert (answer.scores >= BackendOptions().min_score).all()
        assert detector.finds_poses == bool(answer.poses.scores.any()) or not len(answer)


def test_the_cut_into_calls_does_not_matter(detector: Detector, frames: list[Frame]) -> None:
    detector.reset()
    whole = detector.predict(frames)
    detector.reset()
    pieces = [detector.predict([frames[0]]), detector.predict(frames[1:4]), detector.predict(frames[4:])]
    for first, second in zip(whole, [answer for piece in pieces for answer in piece], strict=True):
        assert _same(first, second)


def test_reset_forgets(detector: Detector, frames: list[Frame]) -> None:
    detector.reset()
    fresh = detector.predict(frames[3:])
    detector.predict(frames[:2])
    detector.reset()
    for first, second in zip(fresh, detector.predict(frames[3:]), strict=True):
        assert _same(first, second)


def test_the_picture_is_not_touched(detector: Detector, frames: list[Frame]) -> None:
    before = [frame.image.copy() for frame in frames[:2]]
    detector.reset()
    detector.predict(frames[:2])
    for image, frame in zip(before, frames, strict=False):
        np.testing.assert_array_equal(image, frame.image)


@pytest.mark.parametrize(
    ("width", "height"),
    [
        pytest.param(1, 1, id="one-pixel"),
        pytest.param(2, 301, id="sliver"),
        pytest.param(97, 33, id="odd"),
    ],
)
def test_any_size_of_picture(detector: Detector, width: int, height: int) -> None:
    detector.reset()
    blank = Frame(index=0, t=0.0, image=np.full((height, width, 3), 128, np.uint8))
    (answer,) = detector.predict([blank])
    assert (answer.boxes >= 0).all() and (answer.boxes <= max(width, height)).all()
