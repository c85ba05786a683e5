from __future__ import annotations

import numpy as np
import pytest

from engine.core.movement import heads, off_path, speed
from engine.core.types import Poses


def pose(visible: int, score: float = 1.0) -> Poses:
    landmarks = np.zeros((1, 33, 3), np.float32)
    landmarks[0, :, :2] = 500
    landmarks[0, :11, 0] = np.arange(11)
    landmarks[0, :11, 1] = 40
    landmarks[0, :visible, 2] = 0.9
    return Poses(landmarks=landmarks, scores=np.asarray([score], np.float32))


@pytest.mark.parametrize(
    ("poses", "place"),
    [
        pytest.param(pose(11), [5, 40], id="a whole face"),
        pytest.param(pose(3), [1, 40], id="part of a face"),
        pytest.param(pose(2), [np.nan, np.nan], id="too little of it"),
        pytest.param(pose(11, score=0), [np.nan, np.nan], id="no pose"),
        pytest.param(Poses.missing(1), [np.nan, np.nan], id="missing"),
    ],
)
def test_heads(poses: Poses, place: list[float]) -> None:
    np.testing.assert_allclose(heads(poses), [place])


def test_no_heads() -> None:
    assert heads(Poses.missing(0)).shape == (0, 2)


def test_speed_is_the_slope() -> None:
    t = np.asarray([0, 0.2, 0.5, 0.9])
    places = np.stack([10 + 30 * t, 5 - 4 * t], axis=1)
    np.testing.assert_allclose(speed(t, places), [30, -4])
    places[1] = np.nan
    np.testing.assert_allclose(speed(t, places), [30, -4])


@pytest.mark.parametrize("known", [0, 1])
def test_speed_of_too_little_is_zero(known: int) -> None:
    places = np.full((3, 2), np.nan)
    places[:known] = 7
    assert speed(np.asarray([0.0, 1.0, 2.0]), places).tolist() == [0, 0]


@pytest.mark.parametrize(
    ("point", "way", "distance"),
    [
        pytest.param([3, 4], [0, 0], 5, id="no way to go"),
        pytest.param([5, 2], [10, 0], 2, id="beside it"),
        pytest.param([12, 0], [10, 0], 2, id="past its end"),
        pytest.param([-3, 4], [10, 0], 5, id="behind its start"),
    ],
)
def test_off_path(point: list[float], way: list[float], distance: float) -> None:
    assert off_path(np.asarray(point, float), np.zeros(2), np.asarray(way, float)) == pytest.approx(distance)
