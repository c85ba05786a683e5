"""Every registered pose estimator keeps the promises of the role."""

from __future__ import annotations

import numpy as np
import pytest

from engine.core.protocols import BackendOptions, PoseEstimator
from engine.core.types import MASK_SHAPE, Frame
from models.registry import names, resolve


@pytest.fixture(scope="module", params=names("pose"))
def estimator(request: pytest.FixtureRequest) -> PoseEstimator:
    built = resolve("pose", request.param)(BackendOptions(threads=2))
    assert isinstance(built, PoseEstimator)
    return built


@pytest.fixture(scope="module")
def frame() -> Frame:
    rows = np.linspace(0, 255, 120, dtype=np.uint8)
    return Frame(index=0, t=0.0, image=np.ascontiguousarray(np.broadcast_to(rows[:, None, None], (120, 90, 3))))


def test_its_card_is_known_without_loading_it(estimator: PoseEstimator) -> None:
    assert type(estimator).describe(BackendOptions()) == estimator.card


@pytest.mark.parametrize(
    "boxes",
    [
        pytest.param([], id="none"),
        pytest.param([[10, 10, 60, 110]], id="one"),
        pytest.param([[0, 0, 30, 60], [40, 5, 90, 120], [5, 5, 6, 6]], id="many"),
        pytest.param([[20, 20, 20, 20]], id="no-area"),
        pytest.param([[0, 0, 90, 120]], id="whole-picture"),
    ],
)
def test_row_by_row_with_the_boxes(estimator: PoseEstimator, frame: Frame, boxes: list[list[float]]) -> None:
    before = frame.image.copy()
    bodies = estimator.estimate(frame, np.array(boxes, np.float32).reshape(-1, 4))
    assert len(bodies) == len(boxes)
    assert bodies.masks.shape == (len(boxes), *MASK_SHAPE)
    missing = bodies.poses.scores == 0
    assert not bodies.masks[missing].any()
    assert not bodies.poses.landmarks[missing].any()
    np.testing.assert_array_equal(frame.image, before)


def test_the_same_question_has_the_same_answer(estimator: PoseEstimator, frame: Frame) -> None:
    boxes = np.array([[10, 10, 60, 110], [0, 0, 30, 60]], np.float32)
    first, second = estimator.estimate(frame, boxes), estimator.estimate(frame, boxes)
    np.testing.assert_array_equal(first.poses.landmarks, second.poses.landmarks)
    np.testing.assert_array_equal(first.masks, second.masks)
