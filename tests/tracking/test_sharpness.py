from __future__ import annotations

import cv2
import numpy as np
import pytest

from engine.tracking.sharpness import sharpness


def noise(height: int = 120, width: int = 160) -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, (height, width, 3), dtype=np.uint8)


def boxes(*rows: tuple[float, float, float, float]) -> np.ndarray:
    return np.asarray(rows, np.float32).reshape(-1, 4)


def test_agrees_with_the_textbook() -> None:
    image = noise()
    grey = image.astype(np.float64) @ np.asarray([0.299, 0.587, 0.114])
    expected = cv2.Laplacian(grey, cv2.CV_64F)[11:59, 21:79].std()
    found = sharpness(image, boxes((20, 10, 80, 60)))
    assert found.dtype == np.float32
    assert found[0] == pytest.approx(expected, rel=1e-3)


def test_blur_is_less_sharp() -> None:
    image = noise()
    whole = boxes((0, 0, 160, 120))
    values = [sharpness(cv2.GaussianBlur(image, (0, 0), sigma), whole)[0] for sigma in (0.5, 1, 2, 4)]
    assert sorted(values, reverse=True) == values
    assert values[0] > 4 * values[-1]


def test_large_crops_are_measured_at_the_scale_they_are_used_at() -> None:
    small = noise(100, 50)
    large = np.repeat(np.repeat(small, 8, axis=0), 8, axis=1)
    one, other = sharpness(small, boxes((0, 0, 50, 100))), sharpness(large, boxes((0, 0, 400, 800)))
    # 800 rows are averaged by four, so every pixel of the small picture is two of the measured ones.
    assert 0.3 * one[0] < other[0] < one[0]
    assert one[0] > 50


@pytest.mark.parametrize(
    "box",
    [
        pytest.param((5, 5, 7, 90), id="too narrow"),
        pytest.param((5, 5, 5, 5), id="no area"),
        pytest.param((-50, -50, -10, -10), id="outside"),
        pytest.param((300, 300, 400, 400), id="beyond"),
    ],
)
def test_nothing_to_measure_is_zero(box: tuple[float, float, float, float]) -> None:
    assert sharpness(noise(), boxes(box)).tolist() == [0.0]


def test_a_plain_wall_is_zero() -> None:
    assert sharpness(np.full((50, 50, 3), 130, np.uint8), boxes((0, 0, 50, 50))).tolist() == [0.0]


def test_parts_outside_the_picture_do_not_count() -> None:
    image = noise()
    assert sharpness(image, boxes((-30, -30, 60, 60)))[0] == sharpness(image, boxes((0, 0, 60, 60)))[0]


def test_no_boxes_and_the_picture_untouched() -> None:
    image = noise()
    before = image.copy()
    assert sharpness(image, boxes()).shape == (0,)
    sharpness(image, boxes((0, 0, 60, 60)))
    np.testing.assert_array_equal(image, before)


def test_bad_boxes() -> None:
    with pytest.raises(ValueError, match="boxes must be"):
        sharpness(noise(), np.zeros((2, 3), np.float32))
