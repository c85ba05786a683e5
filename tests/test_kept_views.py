"""Kept views with their masks, landmarks and light."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pillow

from engine.core.errors import FootageError
from engine.core.types import Image, Poses, Tracklet
from engine.core.views import CropView
from engine.kept_views import (
    STRONGEST_CAST,
    SceneLight,
    all_pictures,
    footage_light,
    light_around,
    scene_light,
    tracklet_pictures,
)
from engine.tracking.crops import shown

SIZE = (400, 300)
BOX = np.array([100, 50, 180, 250], np.float32)


def coded(linear: np.ndarray) -> Image:
    linear = np.clip(linear, 0.0, 1.0)
    return np.asarray(
        np.round(255 * np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)), np.uint8
    )


def room(light: tuple[float, float, float], *, wall: tuple[float, float, float] = (0.6, 0.6, 0.6)) -> Image:
    """A grey wall with a black and a red thing in it, under a light."""
    picture = np.full((90, 120, 3), wall, np.float64)
    picture[60:] = 0.2
    picture[20:50, 10:40] = 0.01
    picture[20:50, 60:80] = (0.4, 0.03, 0.03)
    return coded(picture * np.array(light))


def tracklet(number: int = 1) -> Tracklet:
    marks = np.zeros((3, 33, 3), np.float32)
    marks[:, :, :2] = (BOX[:2] + BOX[2:]) / 2
    marks[:, :, 2] = 0.9
    return Tracklet(
        number=number,
        t=np.array([0.0, 0.5, 1.0]),
        boxes=np.tile(BOX, (3, 1)),
        scores=np.full(3, 0.9, np.float32),
        interpolated=np.zeros(3, np.bool_),
        poses=_poses(marks),
        sharpness=np.full(3, 20.0, np.float32),
    )


def _poses(marks: np.ndarray) -> Poses:
    marks[2] = 0.0
    return Poses(marks, np.array([0.9, 0.9, 0.0], np.float32))


def keep(folder: Path, rank: int, t: float, shape: tuple[int, int] = (108, 44)) -> CropView:
    """A kept view of half the size it has in the footage."""
    crops = folder / "crops"
    crops.mkdir(exist_ok=True)
    Pillow.fromarray(np.full((*shape, 3), 120, np.uint8)).save(crops / f"1-{rank}.jpg")
    mask = np.zeros((128, 64), np.uint8)
    mask[:, :32] = 255
    Pillow.fromarray(mask).save(crops / f"1-{rank}-mask.png")
    return CropView(1, rank, t, 0.7, f"crops/1-{rank}.jpg", shape[1], shape[0])


def test_landmarks_and_mask_lie_on_the_view(tmp_path: Path) -> None:
    crop = keep(tmp_path, 0, 0.5)
    (picture,) = tracklet_pictures(tmp_path, SIZE, tracklet(), [crop], SceneLight.unknown())
    box = shown(BOX, SIZE)
    expected = ((BOX[:2] + BOX[2:]) / 2 - box[:2]) / (box[2:] - box[:2]) * (44, 108)
    assert picture.pose.landmarks[0, 0, :2] == pytest.approx(expected, abs=1e-3)
    assert picture.mask.shape == (108, 44)
    assert picture.mask[:, :15].min() == 255
    assert picture.mask[:, 28:].max() == 0
    assert picture.quality == pytest.approx(0.7)


def test_views_come_by_rank_and_only_their_own(tmp_path: Path) -> None:
    crops = [keep(tmp_path, 1, 1.0), keep(tmp_path, 0, 0.0)]
    found = list(all_pictures(tmp_path, SIZE, [tracklet(1), tracklet(2)], crops))
    assert [(number, len(pictures)) for number, pictures in found] == [(1, 2)]
    # At the time of the second view no pose was found.
    assert [float(picture.pose.scores[0]) > 0 for picture in found[0][1]] == [True, False]


def test_a_missing_picture_is_told(tmp_path: Path) -> None:
    crop = keep(tmp_path, 0, 0.0)
    (tmp_path / "crops" / "1-0-mask.png").write_bytes(b"not a picture")
    with pytest.raises(FootageError, match="missing or damaged"):
        tracklet_pictures(tmp_path, SIZE, tracklet(), [crop], SceneLight.unknown())


@pytest.mark.parametrize(
    "light", [(1.0, 1.0, 1.0), (1.0, 0.85, 0.7), (0.8, 0.92, 1.0)], ids=["daylight", "lamp", "shade"]
)
def test_the_light_is_found(light: tuple[float, float, float]) -> None:
    white = scene_light([room(light)]).white
    assert white == pytest.approx(np.array(light) / max(light), abs=0.09)


def test_a_coloured_scene_does_not_pass_for_light() -> None:
    meadow = scene_light([coded(np.full((60, 60, 3), (0.1, 0.35, 0.06)))])
    assert meadow.white.min() > 0.8
    assert scene_light([room((1.0, 0.3, 0.1))]).white.min() >= 1.0 / STRONGEST_CAST - 1e-6


def test_black_and_white_of_the_scene() -> None:
    bright, dark = scene_light([room((1, 1, 1))]), scene_light([room((0.3, 0.3, 0.3))])
    assert bright.full == pytest.approx(0.6, abs=0.02)
    assert dark.full == pytest.approx(0.18, abs=0.02)
    hazy = scene_light([coded(np.full((60, 60, 3), 0.03) + np.linspace(0, 0.5, 60)[:, None, None])])
    assert min(hazy.black) > 0.02
    assert max(scene_light([np.zeros((8, 8, 3), np.uint8)]).black) < 0.1 <= scene_light([room((1, 1, 1))]).full


def test_light_where_somebody_stands() -> None:
    scene = scene_light([room((0.85, 0.95, 1.0))])
    near = room((1.0, 0.85, 0.7))
    nobody, all_over = np.zeros((90, 120), np.uint8), np.full((90, 120), 255, np.uint8)
    assert light_around(near, nobody, scene)[2] < scene.white[2] - 0.03
    assert light_around(near, all_over, scene) == pytest.approx(scene.white)


def test_light_of_footage_is_that_of_its_thumbnails(tmp_path: Path) -> None:
    assert footage_light(tmp_path).full == 1.0
    (tmp_path / "thumbs").mkdir()
    Pillow.fromarray(room((0.5, 0.5, 0.5))).save(tmp_path / "thumbs" / "0.jpg", quality=95)
    assert footage_light(tmp_path).full == pytest.approx(0.3, abs=0.03)
