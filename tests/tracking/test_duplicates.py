from __future__ import annotations

import numpy as np
import pytest

from engine.tracking.duplicates import without_duplicates
from tests.tracking.scenes import tracklet


def moved(what: np.ndarray, by: list[float]) -> np.ndarray:
    return what + np.asarray(by, float)


T = [0.2 * k for k in range(10)]
WHOLE = np.asarray([[100 + 10 * k, 100, 180 + 10 * k, 300] for k in range(10)], float)
NEAR_EQUAL = moved(WHOLE, [4, 6, -4, -30])
UPPER_HALF = moved(WHOLE, [10, 0, -10, -110])
BEHIND = moved(WHOLE, [20, 20, -20, -100])


def body(boxes: np.ndarray, shift: float = 0.0) -> np.ndarray:
    """Landmarks spread over the boxes, all visible."""
    spread = np.linspace(0.1, 0.9, 33)
    x = boxes[:, :1] + spread * (boxes[:, 2:3] - boxes[:, :1]) + shift
    y = boxes[:, 1:2] + spread[::-1] * (boxes[:, 3:4] - boxes[:, 1:2])
    return np.stack([x, y, np.ones_like(x)], axis=2)


@pytest.mark.parametrize(
    ("boxes", "landmarks", "kept"),
    [
        pytest.param(NEAR_EQUAL, None, 1, id="nearly the same box"),
        pytest.param(UPPER_HALF, None, 2, id="half the box and nothing more to go by"),
        pytest.param(UPPER_HALF, moved(body(WHOLE), [2, 2, 0]), 1, id="half the box, the same body"),
        pytest.param(BEHIND, body(BEHIND, shift=15), 2, id="inside, but another body"),
        pytest.param(NEAR_EQUAL, body(NEAR_EQUAL, shift=60), 2, id="nearly the same box, another body"),
        pytest.param(moved(WHOLE, [300, 0, 300, 0]), None, 2, id="elsewhere"),
        pytest.param(moved(WHOLE, [40, 0, 40, 0]), None, 2, id="half beside"),
    ],
)
def test_a_second_box_on_one_body_goes(boxes: np.ndarray, landmarks: np.ndarray | None, kept: int) -> None:
    strong = tracklet(T, WHOLE, landmarks=body(WHOLE))
    weak = tracklet(T, boxes, number=2, score=0.6, landmarks=landmarks)
    assert [one.number for one in without_duplicates([strong, weak])] == [1, 2][:kept]
    assert {one.number for one in without_duplicates([weak, strong])} == {1, 2} if kept == 2 else {1}


def test_who_was_also_seen_alone_stays() -> None:
    parted = np.concatenate([NEAR_EQUAL[:5], moved(NEAR_EQUAL[5:], [200, 0, 200, 0])])
    assert len(without_duplicates([tracklet(T, WHOLE), tracklet(T, parted, number=2, score=0.6)])) == 2


def test_who_outlives_the_other_stays() -> None:
    longer = tracklet([*T, 2.0, 2.2, 2.4], np.concatenate([NEAR_EQUAL, NEAR_EQUAL[-3:]]), number=2, score=0.5)
    assert [one.number for one in without_duplicates([tracklet(T[:4], WHOLE[:4]), longer])] == [2]


def test_the_stronger_of_equals_stays() -> None:
    first, second = tracklet(T, WHOLE, score=0.6), tracklet(T, WHOLE, number=2, score=0.9)
    assert [one.number for one in without_duplicates([first, second])] == [2]


def test_one_after_the_other_are_two() -> None:
    later = tracklet([t + 5 for t in T], WHOLE, number=2)
    assert len(without_duplicates([tracklet(T, WHOLE), later])) == 2


def test_nobody() -> None:
    assert without_duplicates([]) == []
