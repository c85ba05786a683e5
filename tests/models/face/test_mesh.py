from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.face.mesh import CANONICAL, angles_of, fit_turn, mesh_square, rotation_of


@given(st.floats(-85, 85), st.floats(-85, 85), st.floats(-175, 175))
def test_angles_and_rotations_are_one_thing(yaw: float, pitch: float, roll: float) -> None:
    rotation = rotation_of(yaw, pitch, roll)
    np.testing.assert_allclose(rotation @ rotation.T, np.eye(3), atol=1e-12)
    np.testing.assert_allclose(angles_of(rotation), (yaw, pitch, roll), atol=1e-6)


@pytest.mark.parametrize(
    ("angles", "axis", "towards"),
    [
        # Pixels: x to the right, y down; z away from us. The nose points along -z, the crown along -y.
        pytest.param((30, 0, 0), (0, 0, -1), (1, 0), id="yaw-to-the-persons-left-is-our-right"),
        pytest.param((0, 30, 0), (0, 0, -1), (0, -1), id="pitch-up"),
        pytest.param((0, 0, 30), (0, -1, 0), (1, 0), id="roll-clockwise-leans-right"),
    ],
)
def test_which_way_is_positive(
    angles: tuple[float, float, float], axis: tuple[int, int, int], towards: tuple[int, int]
) -> None:
    moved = rotation_of(*angles) @ np.array(axis, float)
    assert moved[:2] @ np.array(towards, float) == pytest.approx(0.5)


@given(st.floats(-60, 60), st.floats(-40, 40), st.floats(-40, 40), st.floats(5, 90))
def test_a_turned_face_is_read_off_its_points(yaw: float, pitch: float, roll: float, scale: float) -> None:
    table = np.loadtxt(CANONICAL, delimiter=",")
    mesh = np.full((468, 3), 1e6)
    mesh[table[:, 0].astype(int)] = scale * table[:, 1:] @ rotation_of(yaw, pitch, roll).T + (90, 100, -3)
    rotation, misfit = fit_turn(mesh)
    np.testing.assert_allclose(angles_of(rotation), (yaw, pitch, roll), atol=1e-6)
    assert misfit < 1e-9


def test_a_shape_that_is_no_face_does_not_fit() -> None:
    mesh = np.random.default_rng(5).normal(90, 30, (468, 3))
    assert fit_turn(mesh)[1] > 0.2


def test_the_canonical_face_is_the_same_on_both_sides() -> None:
    points = np.loadtxt(CANONICAL, delimiter=",")[:, 1:]
    for x, y, z in points:
        assert np.abs(points - (-x, y, z)).max(axis=1).min() < 1e-9
    assert points[:, 2].argmin() in np.flatnonzero(points[:, 0] == 0), "the nose is what comes nearest"


def test_the_square_is_upright_by_the_eyes() -> None:
    points = np.zeros((6, 2), np.float32)
    points[0], points[1] = (100, 100), (120, 120)
    square = mesh_square(np.array([90, 90, 130, 126], np.float32), points)
    assert square.angle == pytest.approx(math.radians(45))
    assert (square.x, square.y, square.side) == (110, 108, 60)
