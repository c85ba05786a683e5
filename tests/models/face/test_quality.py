from __future__ import annotations

import numpy as np
import pytest

from engine.core.types import FloatArray, Image
from models.face.quality import face_quality, face_sharpness
from models.person.geometry import Pyramid

STRAIGHT = np.zeros(3, np.float32)


def _image(side: int) -> Image:
    """Something with the detail of a face, `side` pixels wide, in the middle of a picture."""
    import cv2

    y, x = np.mgrid[0:64, 0:64] / 64
    face = 130 - 40 * (((x - 0.5) ** 2 + (y - 0.5) ** 2) * 4)
    for cx, cy, rx, ry, level in ((0.3, 0.4, 0.09, 0.05, 40), (0.7, 0.4, 0.09, 0.05, 40), (0.5, 0.75, 0.16, 0.05, 60)):
        face = np.where(((x - cx) / rx) ** 2 + ((y - cy) / ry) ** 2 < 1, level, face)
    image: Image = np.full((200, 200, 3), 120, np.uint8)
    small = cv2.resize(face.astype(np.uint8), (side, side), interpolation=cv2.INTER_AREA)
    start = 100 - side // 2
    image[start : start + side, start : start + side] = small[:, :, None]
    return image


def _picture(side: int, blur: float = 0.0) -> tuple[Pyramid, FloatArray]:
    """The picture, out of focus by so many pixels, and the face's box."""
    import cv2

    image = cv2.GaussianBlur(_image(side), (0, 0), blur) if blur else _image(side)
    start = 100 - side // 2
    return Pyramid(image), np.array([start, start, start + side, start + side], np.float32)


def _quality(side: int = 48, blur: float = 0.0, angles: tuple[float, ...] = (0, 0, 0), sure: float = 1.0) -> float:
    return face_quality(*_picture(side, blur), np.array(angles, np.float32), sure)


def test_large_sharp_and_straight_is_best() -> None:
    assert _quality() == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        pytest.param({"side": 30}, {"side": 18}, id="smaller"),
        pytest.param({"side": 48}, {"side": 48, "blur": 3.0}, id="blurred"),
        pytest.param({"blur": 2.0}, {"blur": 4.0}, id="more-blurred"),
        pytest.param({"angles": (10, 0, 0)}, {"angles": (50, 0, 0)}, id="turned-left"),
        pytest.param({"angles": (-40, 0, 0)}, {"angles": (-60, 0, 0)}, id="turned-right"),
        pytest.param({"angles": (0, 5, 0)}, {"angles": (0, -40, 0)}, id="bowed"),
        pytest.param({"sure": 1.0}, {"sure": 0.6}, id="unsure"),
    ],
)
def test_what_costs_quality(better: dict[str, object], worse: dict[str, object]) -> None:
    assert 0.0 <= _quality(**worse) < _quality(**better) <= 1.0  # type: ignore[arg-type]


@pytest.mark.parametrize("angles", [(75, 0, 0), (0, 60, 0), (-80, -60, 0)])
def test_nothing_can_be_read_from_the_side(angles: tuple[float, ...]) -> None:
    assert _quality(angles=angles) == 0.0


def test_a_tilted_head_costs_nothing() -> None:
    assert _quality(angles=(0, 0, 80)) == _quality()


def test_no_face_without_size_and_no_sharpness_without_detail() -> None:
    pyramid, _ = _picture(48)
    assert face_quality(pyramid, np.array([50, 50, 50, 50], np.float32), STRAIGHT, 1.0) == 0.0
    assert face_sharpness(Pyramid(np.full((60, 60, 3), 90, np.uint8)), np.array([5, 5, 50, 50], np.float32)) == 0.0


def test_shade_does_not_make_a_face_blurred() -> None:
    pyramid, box = _picture(48)
    shade = Pyramid((_image(48) * 0.75).astype(np.uint8))
    assert face_sharpness(shade, box) == pytest.approx(face_sharpness(pyramid, box), rel=0.15)
