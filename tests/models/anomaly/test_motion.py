"""Motions are laid on an even grid without inventing what was not seen, and cut into windows."""

from __future__ import annotations

import numpy as np
import pytest

from engine.core.types import Poses, Tracklet
from models.anomaly.joints import JOINTS, to_landmarks
from models.anomaly.motion import BodyMotion, grid, of_tracklet, resample
from models.anomaly.windows import MIN_STEPS, cut, together
from tests.models.training.drawn_skeletons import moving


def motion(t: list[float]) -> BodyMotion:
    points = np.zeros((len(t), len(JOINTS), 2), np.float32)
    points[:, :, 0] = np.array(t)[:, None] * 10
    points[:, :6, 1] = -100
    return BodyMotion(np.array(t, np.float64), points, np.ones((len(t), len(JOINTS)), np.float32))


def test_times_lie_on_the_grid_of_the_rate() -> None:
    np.testing.assert_allclose(grid(motion([2.0, 2.4, 3.1]), 3.0), [2, 2 + 1 / 3, 2 + 2 / 3, 3])


@pytest.mark.parametrize(
    ("t", "at", "known", "seen"),
    [
        pytest.param([0.0, 0.2, 0.4], 0.3, True, 1, id="between-near-sightings"),
        pytest.param([0.0, 0.5], 0.3, True, 1, id="just-near"),
        pytest.param([0.0, 0.9], 0.3, True, 0, id="filled-in-but-not-seen"),
        pytest.param([0.0, 1.2], 0.3, False, 0, id="too-long-a-gap"),
        pytest.param([0.0, 1.2], 1.2, True, 1, id="on-a-sighting-after-a-gap"),
        pytest.param([0.0, 0.2], 0.3, False, 0, id="after-the-end"),
    ],
)
def test_gaps(t: list[float], at: float, known: bool, seen: int) -> None:
    points, visible = resample(motion(t), np.array([at]))
    assert bool(np.isfinite(points).all()) == known and visible.min() == visible.max() == seen
    if known:
        np.testing.assert_allclose(points[0, :, 0], at * 10, rtol=1e-5)


def test_joints_are_seen_one_by_one() -> None:
    body = motion([0.0, 0.2, 0.4])
    seen = body.seen.copy()
    seen[:, 2] = 0
    seen[1, 5] = 0.5
    points, visible = resample(BodyMotion(body.t, body.points, seen), np.array([0.1]))
    assert np.isnan(points[0, 2]).all() and visible[0, 2] == 0
    assert np.isfinite(points[0, 5]).all() and visible[0, 5] == 0.5, "the lower of both neighbours"


def test_windows_overlap_and_the_last_ends_with_the_motion() -> None:
    windows = cut(motion(list(np.arange(0, 10.01, 0.2))), 3.0, 16, 4)
    np.testing.assert_allclose(windows.start_s, np.array([0, 4, 8, 12, 15]) / 3)
    np.testing.assert_allclose(windows.end_s - windows.start_s, 16 / 3)
    np.testing.assert_allclose(windows.coverage, 1)


def test_a_short_motion_is_one_padded_window() -> None:
    windows = cut(motion(list(np.arange(0, 3.01, 0.2))), 3.0, 16, 4)
    assert len(windows) == 1
    assert np.isfinite(windows.points[0, :10]).all() and np.isnan(windows.points[0, 10:]).all()
    assert windows.end_s[0] == pytest.approx(10 / 3) and windows.coverage[0] == pytest.approx(10 / 16)


@pytest.mark.parametrize(
    "t",
    [
        pytest.param([], id="nothing"),
        pytest.param([1.0], id="one-instant"),
        pytest.param([0.2 * row for row in range(8)], id="under-two-seconds"),
        pytest.param([2.0 * row for row in range(20)], id="far-apart"),
    ],
)
def test_too_little_makes_no_window(t: list[float]) -> None:
    windows = cut(motion(t), 3.0, 16, 4)
    assert (windows.coverage * 16 >= MIN_STEPS).all()
    assert len(together([windows, windows], 16)) == 2 * len(windows) == 0


def test_rows_without_a_pose_are_left_out() -> None:
    points = moving("normal", 6, 1)
    landmarks = to_landmarks(points, np.full((6, len(JOINTS)), 0.9, np.float32))
    landmarks[:, 16, 2] = 0.1
    scores = np.array([1, 1, 0, 1, 1, 1], np.float32)
    landmarks[2] = 0
    tracklet = Tracklet(
        number=1,
        t=np.arange(6) / 5,
        boxes=np.tile(np.array([0, 0, 10, 10], np.float32), (6, 1)),
        scores=np.ones(6, np.float32),
        interpolated=np.zeros(6, np.bool_),
        poses=Poses(landmarks, scores),
        sharpness=np.zeros(6, np.float32),
    )
    body = of_tracklet(tracklet)
    assert body.t.tolist() == [0.0, 0.2, 0.6, 0.8, 1.0]
    assert not body.seen[:, JOINTS.index("right wrist")].any(), "a guess of the pose network is not used"
    np.testing.assert_array_equal(body.points[2], points[3])


def test_a_motion_is_checked() -> None:
    with pytest.raises(ValueError, match="increase strictly"):
        motion([0.0, 0.0])
