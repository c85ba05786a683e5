"""Faces come out upright, centred and of one size, however they lie in the picture."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from models.emotion.fer import SIDE
from models.emotion.framing import EYES_APART, EYES_TO_MOUTH, MIDDLE, cut_faces, placements


def face_points(
    centre: tuple[float, float], size: float, degrees: float = 0.0, aside: float = 1.0, nod: float = 1.0
) -> NDArray[np.float32]:
    """(6, 2) of a face whose eyes lie `size` training units apart, turned clockwise; ears and nose are not used."""
    x, y = EYES_APART / 2 * aside, EYES_TO_MOUTH / 2 * nod
    upright = np.array([[-x, -y], [x, -y], [0, 0], [0, y], [0, 0], [0, 0]]) * size
    turn = np.radians(degrees)
    rotation = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    return (upright @ rotation.T + centre).astype(np.float32)


def placed(points: NDArray[np.float32]) -> NDArray[np.float64]:
    """Where the points land in the cut-out face."""
    placement = placements(points[None])[0]
    return points @ placement[:, :2].T + placement[:, 2]


@pytest.mark.parametrize(
    ("centre", "size", "degrees"),
    [
        pytest.param((200.0, 150.0), 1.0, 0.0, id="as-trained"),
        pytest.param((30.0, 40.0), 0.3, 0.0, id="small"),
        pytest.param((900.0, 500.0), 8.0, 0.0, id="large"),
        pytest.param((300.0, 300.0), 2.0, 35.0, id="tilted"),
        pytest.param((300.0, 300.0), 2.0, -90.0, id="lying"),
        pytest.param((300.0, 300.0), 2.0, 180.0, id="head-down"),
    ],
)
def test_eyes_and_mouth_land_where_training_has_them(centre: tuple[float, float], size: float, degrees: float) -> None:
    landed = placed(face_points(centre, size, degrees))
    x, y = MIDDLE
    wanted = [[x - EYES_APART / 2, y - EYES_TO_MOUTH / 2], [x + EYES_APART / 2, y - EYES_TO_MOUTH / 2]]
    np.testing.assert_allclose(landed[:2], wanted, atol=1e-3)
    np.testing.assert_allclose(landed[3], [x, y + EYES_TO_MOUTH / 2], atol=1e-3)


@pytest.mark.parametrize(
    ("aside", "nod"),
    [pytest.param(0.5, 1.0, id="turned-aside"), pytest.param(1.0, 0.6, id="nodding")],
)
def test_a_head_that_turns_is_not_blown_up(aside: float, nod: float) -> None:
    frontal = placements(face_points((300.0, 300.0), 2.0)[None])[0]
    turned = placements(face_points((300.0, 300.0), 2.0, aside=aside, nod=nod)[None])[0]
    np.testing.assert_allclose(turned[:, :2], frontal[:, :2], atol=1e-6)


def test_points_in_one_place_still_give_a_face() -> None:
    image = np.full((60, 80, 3), 120, np.uint8)
    faces = cut_faces(image, np.full((1, 6, 2), 30, np.float32))
    assert faces.shape == (1, SIDE, SIDE)
    assert (faces == 120).all()


def smiley(points: NDArray[np.float32], size: float, picture: int) -> NDArray[np.uint8]:
    """A grey picture with dark discs at the eyes and a bright one at the mouth."""
    y, x = np.mgrid[0:picture, 0:picture] + 0.5
    image = np.full((picture, picture), 128.0)
    for point, value in ((points[0], 10), (points[1], 10), (points[3], 245)):
        image[np.hypot(x - point[0], y - point[1]) < 3.5 * size] = value
    return np.repeat(image[..., None], 3, axis=2).astype(np.uint8)


@pytest.mark.parametrize(
    ("size", "degrees"),
    [
        pytest.param(1.0, 0.0, id="as-trained"),
        pytest.param(5.0, 0.0, id="shrunk"),
        pytest.param(3.4, 40.0, id="shrunk-and-tilted"),
        pytest.param(1.0, 180.0, id="head-down"),
    ],
)
def test_what_is_seen_comes_upright(size: float, degrees: float) -> None:
    points = face_points((200.0, 220.0), size, degrees)
    image = smiley(points, size, 420)
    before = image.copy()
    face = cut_faces(image, points[None])[0].astype(float)
    np.testing.assert_array_equal(image, before)
    y, x = np.mgrid[0:SIDE, 0:SIDE] + 0.5
    left, right = (face < 60) & (x < MIDDLE[0]), (face < 60) & (x > MIDDLE[0])
    for seen, wanted in (
        (left, (MIDDLE[0] - EYES_APART / 2, MIDDLE[1] - EYES_TO_MOUTH / 2)),
        (right, (MIDDLE[0] + EYES_APART / 2, MIDDLE[1] - EYES_TO_MOUTH / 2)),
        (face > 200, (MIDDLE[0], MIDDLE[1] + EYES_TO_MOUTH / 2)),
    ):
        assert seen.sum() == pytest.approx(np.pi * 3.5**2, rel=0.2)
        np.testing.assert_allclose([x[seen].mean(), y[seen].mean()], wanted, atol=0.35)


def test_shrinking_skips_no_pixel() -> None:
    # Stripes finer than the face's pixels must melt into grey; picking single pixels would keep them.
    image = np.zeros((600, 600, 3), np.uint8)
    image[:, ::2] = 255
    face = cut_faces(image, face_points((300.0, 300.0), 6.0)[None])[0].astype(float)
    assert face.std() < 12
    assert face.mean() == pytest.approx(127.5, abs=4)


def test_beyond_the_picture_its_edge_goes_on() -> None:
    image = np.zeros((100, 100, 3), np.uint8)
    image[:, 50:] = 200
    face = cut_faces(image, face_points((99.0, 50.0), 1.0)[None])[0]
    assert (face[:, 30:] == 200).all()


def test_no_face_is_no_row() -> None:
    assert cut_faces(np.zeros((5, 5, 3), np.uint8), np.zeros((0, 6, 2), np.float32)).shape == (0, SIDE, SIDE)
