from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from engine.core.types import Bodies, Detections, Frame, Observation, Poses, Tracklet, Tracks


def tracklet(**changes: Any) -> Tracklet:
    columns: dict[str, Any] = {
        "number": 1,
        "t": np.array([0.0, 0.2]),
        "boxes": np.array([[0, 0, 4, 8], [1, 0, 5, 8]], np.float32),
        "scores": np.array([0.5, 0.9], np.float32),
        "interpolated": np.array([False, False]),
        "poses": Poses.missing(2),
        "sharpness": np.zeros(2, np.float32),
    }
    return Tracklet(**(columns | changes))


@pytest.mark.parametrize(
    ("build", "message"),
    [
        pytest.param(
            lambda: Frame(0, 0.0, np.zeros((2, 2, 3), np.float32)), r"image must be \(N, N, 3\) uint8", id="float-image"
        ),
        pytest.param(lambda: Frame(0, float("nan"), np.zeros((2, 2, 3), np.uint8)), "finite time", id="frame-time"),
        pytest.param(
            lambda: Detections.of_boxes(np.zeros((1, 4), np.float64), np.zeros(1, np.float32)),
            r"boxes must be \(N, 4\) float32, got \(1, 4\) float64",
            id="dtype",
        ),
        pytest.param(
            lambda: Detections.of_boxes(np.zeros((2, 4), np.float32), np.zeros(1, np.float32)),
            "one length",
            id="lengths",
        ),
        pytest.param(
            lambda: Detections.of_boxes(np.array([[4, 0, 1, 1]], np.float32), np.zeros(1, np.float32)),
            "xyxy",
            id="box-inside-out",
        ),
        pytest.param(
            lambda: Detections.of_boxes(np.full((1, 4), np.nan, np.float32), np.zeros(1, np.float32)),
            "finite",
            id="nan-box",
        ),
        pytest.param(
            lambda: Detections.of_boxes(np.zeros((1, 4), np.float32), np.full(1, 1.5, np.float32)),
            r"\[0, 1\]",
            id="score-over-one",
        ),
        pytest.param(
            lambda: Bodies(Poses.missing(1), np.zeros((1, 64, 64), np.uint8)), "masks must be", id="mask-shape"
        ),
        pytest.param(
            lambda: Tracks(np.array([0, 1]), np.array([3, 3])), "ids must be unique", id="one-id-twice-in-a-frame"
        ),
        pytest.param(lambda: tracklet(t=np.array([0.2, 0.2])), "strictly increasing", id="time-stands-still"),
        pytest.param(lambda: tracklet(poses=Poses.missing(3)), "one length", id="poses-of-another-length"),
        pytest.param(
            lambda: Observation(0, 0.0, Detections.empty(), np.zeros(1, np.float32)),
            "one length",
            id="sharpness-length",
        ),
    ],
)
def test_wrong_columns_are_refused(build: Callable[[], object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        build()


def test_columns_are_read_only_and_the_givers_array_is_not() -> None:
    boxes = np.zeros((1, 4), np.float32)
    found = Detections.of_boxes(boxes, np.zeros(1, np.float32))
    with pytest.raises(ValueError, match="read-only"):
        found.boxes[0, 0] = 1
    boxes[0, 2] = 1
    assert boxes[0, 2] == 1


def test_empty_is_a_shape_not_none() -> None:
    assert Detections.empty().boxes.shape == (0, 4)
    assert Poses.concatenate([]).landmarks.shape == (0, 33, 3)


def test_rows_are_chosen_together() -> None:
    whole = Detections.of_boxes(np.array([[0, 0, 1, 1], [2, 2, 3, 3]], np.float32), np.array([0.1, 0.9], np.float32))
    part = whole[whole.scores > 0.5]
    assert len(part) == 1
    assert part.boxes.tolist() == [[2, 2, 3, 3]]


def test_a_tracklet_knows_its_ends() -> None:
    assert (tracklet().first_s, tracklet().last_s) == (0.0, 0.2)
