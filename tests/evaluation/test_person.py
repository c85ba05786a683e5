from __future__ import annotations

import numpy as np
import pytest

from engine.core.protocols import BackendOptions
from engine.core.types import Detections, Frame
from engine.evaluation.person import (
    PersonScore,
    count_matches,
    evaluate_person,
    score_person,
)
from models.fake import FakeDetector


def boxes(*rows: tuple[float, float, float, float]) -> np.ndarray:
    return np.array(rows, np.float32).reshape(-1, 4)


def found(*rows: tuple[float, float, float, float], score: float = 0.9) -> Detections:
    return Detections.of_boxes(boxes(*rows), np.full(len(rows), score, np.float32))


A, B = (0.0, 0.0, 10.0, 20.0), (50.0, 0.0, 60.0, 20.0)


@pytest.mark.parametrize(
    ("first", "second", "matches"),
    [
        pytest.param([], [], 0, id="nothing"),
        pytest.param([A], [], 0, id="one-side"),
        pytest.param([A, B], [B, A], 2, id="any-order"),
        pytest.param([A, A], [A], 1, id="each-used-once"),
        pytest.param([A], [(0.0, 0.0, 10.0, 8.0)], 1, id="just-enough"),
        pytest.param([A], [(0.0, 0.0, 10.0, 7.9)], 0, id="just-too-little"),
    ],
)
def test_count_matches(first: list, second: list, matches: int) -> None:
    assert count_matches(boxes(*first), boxes(*second), min_iou=0.4) == matches


@pytest.mark.parametrize("min_iou", [0.0, 1.1, -1.0])
def test_count_matches_refuses_nonsense(min_iou: float) -> None:
    with pytest.raises(ValueError, match="min_iou"):
        count_matches(boxes(A), boxes(A), min_iou=min_iou)


def test_score() -> None:
    score = score_person([found(A), found(A, B), found()], [found(A, B), found(A), found(B)])
    assert score == PersonScore(frames=3, reference=4, found=3, matched=2)
    assert score.recall == pytest.approx(0.5)
    assert score.precision == pytest.approx(2 / 3)


def test_doubtful_boxes_of_the_reference_do_not_count() -> None:
    assert score_person([found()], [found(A, score=0.39)]) == PersonScore(1, 0, 0, 0)


def test_nothing_to_find_and_nothing_found_is_perfect() -> None:
    score = score_person([found()], [found()])
    assert (score.recall, score.precision) == (1.0, 1.0)


def test_answers_to_different_frames_are_refused() -> None:
    with pytest.raises(ValueError, match="zip"):
        score_person([found()], [])


def _frames(count: int, fps: float) -> list[Frame]:
    return [Frame(index=row, t=row / fps, image=np.zeros((40, 30, 3), np.uint8)) for row in range(count)]


def test_a_detector_agrees_with_itself() -> None:
    detector, reference = FakeDetector(BackendOptions()), FakeDetector(BackendOptions())
    scores = evaluate_person({"clip": _frames(4, 5.0), "none": []}, detector, reference)
    assert list(scores) == ["clip", "none"]
    assert scores["clip"].frames == 4
    assert scores["clip"].matched == scores["clip"].reference == scores["clip"].found
