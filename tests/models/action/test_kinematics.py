"""Speeds of constructed bodies, in body heights a second."""

from __future__ import annotations

import numpy as np
import pytest

from models.action.kinematics import fit_lines, read_movement
from models.action.skeleton import read_skeleton
from tests.models.action.stick_figures import RAISED, SIZE, STANDING, Camera, Scene


def test_a_line_is_found_exactly() -> None:
    t = np.array([0.0, 0.3, 0.4, 1.0, 1.1])
    fit = fit_lines(t, 5.0 + 2.0 * t, np.ones(5, np.bool_), 10.0)
    assert fit.slope == pytest.approx(2.0)
    assert fit.error == pytest.approx(0.0, abs=1e-6)
    assert fit.rows.tolist() == [5] * 5


def test_lines_agree_with_a_fit_of_each_window() -> None:
    random = np.random.default_rng(3)
    t = np.cumsum(random.uniform(0.05, 0.4, 60)) + 5000.0
    values, known = random.normal(size=60) + 900.0, random.random(60) < 0.7
    fit = fit_lines(t, values, known, 0.6)
    for row in range(60):
        near = known & (np.abs(t - t[row]) <= 0.6)
        expected = np.polyfit(t[near] - t[row], values[near], 1)[0] if near.sum() >= 2 else 0.0
        assert fit.slope[row] == pytest.approx(expected, abs=1e-5)
        assert fit.rows[row] == near.sum()


def test_unknown_values_do_not_count() -> None:
    t = np.arange(5.0)
    fit = fit_lines(t, np.array([0.0, 1.0, 999.0, 3.0, 4.0]), np.array([1, 1, 0, 1, 1], np.bool_), 10.0)
    assert fit.slope == pytest.approx(1.0)


@pytest.mark.parametrize("speed", [0.5, 1.0, 1.5])
@pytest.mark.parametrize("distance", [5.0, 10.0])
def test_speed_across_the_picture(speed: float, distance: float) -> None:
    scene = Scene(camera=Camera(distance=distance))
    moved = read_movement(read_skeleton(scene.walk(speed, 2.0), SIZE), SIZE)
    assert float(np.median(moved.across)) == pytest.approx(speed / 1.7, rel=0.2)


@pytest.mark.parametrize("away", [90.0, -90.0])
def test_speed_towards_the_camera_and_away(away: float) -> None:
    scene = Scene(camera=Camera(distance=5.0), noise=0.002)
    moved = read_movement(read_skeleton(scene.walk(1.2, 2.4, away=away), SIZE), SIZE)
    assert float(np.median(moved.speed)) == pytest.approx(1.2 / 1.7, rel=0.4)


def test_a_body_at_rest_rests() -> None:
    moved = read_movement(read_skeleton(Scene(noise=0.01).hold(STANDING, 5.0), SIZE), SIZE)
    assert float(moved.speed.max()) < 0.1
    assert float(moved.swing.max()) < 0.16


def test_lifting_an_arm_moves_nobody() -> None:
    scene = Scene(yaw=45.0, fps=10.0)
    t = scene.times(3.0)
    tracklet = scene.film(t, [RAISED if one > 1.5 else STANDING for one in t])
    assert float(read_movement(read_skeleton(tracklet, SIZE), SIZE).speed.max()) < 0.1


def test_turning_round_brings_nobody_nearer() -> None:
    t = np.arange(16) / 5.0
    views = [Scene(yaw=float(angle)).film(t[:1], [STANDING]) for angle in np.linspace(0, 90, 16)]
    first = views[0]
    tracklet = type(first)(
        number=1,
        t=t,
        boxes=np.concatenate([one.boxes for one in views]),
        scores=np.full(16, 0.9, np.float32),
        interpolated=np.zeros(16, np.bool_),
        poses=first.poses.concatenate(one.poses for one in views),
        sharpness=np.zeros(16, np.float32),
    )
    assert float(read_movement(read_skeleton(tracklet, SIZE), SIZE).forward.max()) < 0.15


@pytest.mark.parametrize("away", [0.0, 45.0])
def test_walking_swings_the_legs(away: float) -> None:
    moved = read_movement(read_skeleton(Scene().walk(1.2, 3.0, away=away), SIZE), SIZE)
    assert float(np.median(moved.swing)) > 0.24


def test_a_single_instant_does_not_move() -> None:
    moved = read_movement(read_skeleton(Scene().hold(STANDING, 0.0), SIZE), SIZE)
    assert moved.speed.tolist() == [0.0]
    assert moved.swing.tolist() == [0.0]
