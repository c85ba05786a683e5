from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.person.geometry import Pyramid, Square, clip_boxes

places = st.floats(-500, 500)


@given(places, places, st.floats(1, 400), st.floats(-math.pi, math.pi))
def test_the_middle_of_a_square_is_its_centre(x: float, y: float, side: float, angle: float) -> None:
    square = Square(x, y, side, angle)
    middle = square.points_to_picture(np.array([[0.5, 0.5]], np.float32))
    np.testing.assert_allclose(middle, [[x, y]], atol=0.01)


@given(places, places, st.floats(1, 400), st.floats(-math.pi, math.pi))
def test_turning_keeps_lengths(x: float, y: float, side: float, angle: float) -> None:
    corners = Square(x, y, side, angle).points_to_picture(np.array([[0, 0], [1, 0], [0, 1]], np.float32))
    assert np.hypot(*(corners[1] - corners[0])) == pytest.approx(side, rel=1e-3, abs=0.01)
    assert np.hypot(*(corners[2] - corners[0])) == pytest.approx(side, rel=1e-3, abs=0.01)


def test_a_crop_of_the_same_size_is_the_picture_itself() -> None:
    picture = np.random.default_rng(0).integers(0, 256, (40, 40, 3), np.uint8)
    crop = Pyramid(picture).crop(Square(20, 20, 40), 40)
    np.testing.assert_array_equal(crop, picture)


def test_outside_the_picture_is_black() -> None:
    crop = Pyramid(np.full((20, 20, 3), 200, np.uint8)).crop(Square(-50, -50, 20), 16)
    assert not crop.any()


@pytest.mark.parametrize("shrink", [1, 2, 4, 8])
def test_shrinking_keeps_the_mean(shrink: int) -> None:
    picture = np.random.default_rng(1).integers(0, 256, (256, 256, 3), np.uint8)
    crop = Pyramid(picture).crop(Square(128, 128, 256), 256 // shrink)
    assert crop.mean() == pytest.approx(picture.mean(), abs=2.0)


def test_clip_boxes() -> None:
    clipped = clip_boxes(np.array([[-5, -5, 200, 50]], np.float32), 100, 40)
    assert clipped.tolist() == [[0, 0, 100, 40]]
