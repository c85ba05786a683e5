from __future__ import annotations

import math

import numpy as np
import pytest

from engine.core.types import Detections, FloatArray, Poses
from models.face.heads import expected_faces, facing, head_squares

FACE = 20.0


def _landmarks(*, facing: float = 1.0, size: float = 1.0, turn: float = 0.0) -> FloatArray:
    """Somebody with the face at 100, 60; facing 1 looks at us, -1 shows the back; turned by degrees, clockwise."""
    unit = FACE * size
    offsets = np.zeros((33, 2))
    offsets[1:4], offsets[4:7] = (0.2, -0.15), (-0.2, -0.15)
    offsets[7], offsets[8], offsets[9], offsets[10] = (0.42, 0), (-0.42, 0), (0.12, 0.2), (-0.12, 0.2)
    offsets[11:23:2], offsets[12:23:2] = (1.0, 1.1), (-1.0, 1.1)
    offsets[23:33:2], offsets[24:33:2] = (0.6, 3.6), (-0.6, 3.6)
    offsets[:, 0] *= facing
    c, s = math.cos(math.radians(turn)), math.sin(math.radians(turn))
    places = offsets @ np.array([[c, s], [-s, c]]) * unit + (100, 60)
    return np.concatenate([places, np.ones((33, 1))], axis=1).astype(np.float32)


def _people(landmarks: FloatArray | None, box: tuple[float, ...] = (70, 40, 130, 220)) -> Detections:
    posed = landmarks is not None
    marks = landmarks if landmarks is not None else np.zeros((33, 3), np.float32)
    return Detections(
        boxes=np.array([box], np.float32),
        scores=np.ones(1, np.float32),
        poses=Poses(landmarks=marks[None], scores=np.array([float(posed)], np.float32)),
    )


def test_the_square_lies_around_the_head() -> None:
    (square,) = head_squares(_people(_landmarks()))
    assert square is not None
    assert abs(square.x - 100) < 3 and abs(square.y - 60) < 3
    assert 4 * FACE < square.side < 7 * FACE
    assert square.angle == 0.0


@pytest.mark.parametrize(
    ("facing", "seen"),
    [
        pytest.param(1.0, True, id="front"),
        pytest.param(0.4, True, id="half-turned"),
        pytest.param(0.0, True, id="profile"),
        pytest.param(-0.1, True, id="just-past-profile"),
        pytest.param(-0.9, False, id="back"),
    ],
)
def test_backs_of_heads_are_not_searched(facing: float, seen: bool) -> None:
    (square,) = head_squares(_people(_landmarks(facing=facing)))
    assert (square is not None) == seen


@pytest.mark.parametrize(
    ("turn", "lies"), [(0, False), (25, False), (-30, False), (90, True), (-90, True), (180, True)]
)
def test_who_lies_is_looked_at_lying(turn: float, lies: bool) -> None:
    (square,) = head_squares(_people(_landmarks(turn=turn)))
    assert square is not None
    off = (math.degrees(square.angle) - (turn if lies else 0) + 180) % 360 - 180
    assert abs(off) < 3


@pytest.mark.parametrize("turn", [0, 180])
def test_the_back_of_a_lying_head(turn: float) -> None:
    assert head_squares(_people(_landmarks(turn=turn, facing=-1.0))) == [None]


def test_far_away_there_is_no_face_to_read() -> None:
    assert head_squares(_people(_landmarks(size=0.15))) == [None]
    assert head_squares(_people(None, (10, 10, 16, 26))) == [None]


@pytest.mark.parametrize(
    "box", [pytest.param((70, 40, 130, 220), id="whole-body"), pytest.param((40, 30, 140, 130), id="bust")]
)
def test_without_a_pose_the_top_of_the_box(box: tuple[float, ...]) -> None:
    (square,) = head_squares(_people(None, box))
    assert square is not None
    assert square.x == (box[0] + box[2]) / 2
    (x, y, side) = expected_faces(_people(None, box))[0]
    assert box[0] < x - side / 2 and x + side / 2 < box[2]
    assert box[1] < y < box[1] + 0.5 * (box[3] - box[1])


@pytest.mark.parametrize("facing", [1.0, 0.5, 0.0])
def test_the_size_of_a_head_does_not_depend_on_where_it_looks(facing: float) -> None:
    ((_, _, side),) = expected_faces(_people(_landmarks(facing=facing)))
    assert 0.7 * FACE < side < 1.5 * FACE


def test_which_way_heads_look() -> None:
    ways = [float(facing(_people(_landmarks(facing=way)))[0]) for way in (1.0, 0.5, 0.0, -0.5, -1.0)]
    assert ways == sorted(ways, reverse=True) and ways[0] > 0.5 and abs(ways[2]) < 0.01 and ways[-1] < -0.5
    assert facing(_people(_landmarks(turn=90)))[0] == pytest.approx(ways[0], abs=0.01)
    assert facing(_people(None))[0] == 0.0


def test_nobody() -> None:
    assert head_squares(Detections.empty()) == []
    assert expected_faces(Detections.empty()).shape == (0, 3)
