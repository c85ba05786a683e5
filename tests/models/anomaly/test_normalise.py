"""Where, how large and on which side a body is changes nothing, or exchanges left and right exactly."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from engine.core.types import FloatArray
from models.anomaly.joints import JOINTS, MIRROR, from_landmarks, swap_sides, to_landmarks
from models.anomaly.normalise import FEATURES, features, mirrored, normalise, torsos
from tests.models.training.drawn_skeletons import moving

STEPS = 8
GAPS = arrays(np.bool_, (2, STEPS, len(JOINTS)), elements=st.booleans())
SOMEBODY = st.tuples(st.sampled_from(("theft", "assault", "damage", "normal")), st.integers(0, 50))


def windows_of(who: tuple[str, int], gaps: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> FloatArray:
    """Two windows of somebody, with holes; the trunk is whole in the first step of each."""
    points = np.stack([moving(who[0], STEPS, who[1]), moving(who[0], STEPS, who[1] + 1)])
    holes = gaps.copy()
    holes[:, 0, [0, 3, 6, 9]] = False
    return np.where(holes[..., None], np.float32(np.nan), points)


@given(SOMEBODY, GAPS, st.floats(-3000, 3000), st.floats(-3000, 3000))
def test_where_the_body_is_changes_nothing(
    who: tuple[str, int], gaps: np.ndarray[tuple[int, ...], np.dtype[np.bool_]], x: float, y: float
) -> None:
    points = windows_of(who, gaps)
    here, there = normalise(points), normalise(points + np.array([x, y], np.float32))
    np.testing.assert_array_equal(here.known, there.known)
    np.testing.assert_allclose(here.places, there.places, atol=2e-4)
    np.testing.assert_allclose(here.path, there.path, atol=2e-4)


@given(SOMEBODY, GAPS, st.floats(0.1, 10))
def test_how_large_the_body_is_changes_nothing(
    who: tuple[str, int], gaps: np.ndarray[tuple[int, ...], np.dtype[np.bool_]], size: float
) -> None:
    points = windows_of(who, gaps)
    small, large = normalise(points), normalise(points * np.float32(size))
    np.testing.assert_array_equal(small.known, large.known)
    np.testing.assert_allclose(small.places, large.places, atol=2e-4)
    np.testing.assert_allclose(small.path, large.path, atol=2e-4)


@given(SOMEBODY, GAPS)
def test_the_mirror_image_exchanges_left_and_right_exactly(
    who: tuple[str, int], gaps: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]
) -> None:
    points = windows_of(who, gaps)
    turned = normalise(swap_sides(points) * np.array([-1, 1], np.float32))
    expected = mirrored(normalise(points))
    np.testing.assert_array_equal(turned.places, expected.places)
    np.testing.assert_array_equal(turned.path, expected.path)
    np.testing.assert_array_equal(turned.known, expected.known)
    again = mirrored(expected)
    np.testing.assert_array_equal(again.places, normalise(points).places)


def test_left_and_right_are_exchanged_by_name() -> None:
    for joint, name in enumerate(JOINTS):
        other = name.replace("left", "LEFT").replace("right", "left").replace("LEFT", "right")
        assert JOINTS[MIRROR[joint]] == other


def test_places_are_torsos_from_the_middle_of_the_hips() -> None:
    points = moving("normal", 6, 1)[None]
    windows = normalise(points)
    np.testing.assert_allclose(windows.places[0, :, [6, 9]].mean(axis=0), 0, atol=1e-5)
    lengths = np.linalg.norm(windows.places[0, :, [0, 3]].mean(axis=0), axis=1)
    assert np.median(lengths) == pytest.approx(1, abs=1e-4)
    assert torsos(points)[0] == pytest.approx(120, rel=0.05)


def test_the_way_of_the_hips_is_kept() -> None:
    windows = normalise(moving("normal", 6, 1)[None])
    np.testing.assert_allclose(windows.path[0, 1:, 0], 0.25, atol=0.05)
    assert not windows.path[0, 0].any()


def test_hidden_hips_hang_from_the_shoulders() -> None:
    points = moving("theft", STEPS, 3)[None]
    hidden = points.copy()
    hidden[0, 3, [6, 7, 8, 9, 10, 11]] = np.nan
    here, there = normalise(points), normalise(hidden)
    assert there.known[0, 3, :6].all() and not there.known[0, 3, 6:12].any()
    np.testing.assert_allclose(here.places[0, 3, :6], there.places[0, 3, :6], atol=0.05)


def test_nothing_is_known_of_a_body_without_a_torso() -> None:
    points = moving("theft", STEPS, 3)[None].copy()
    points[:, :, [6, 9]] = np.nan
    windows = normalise(points)
    assert not windows.known.any() and not windows.places.any() and not windows.path.any()


def test_unknown_joints_are_zeros_that_say_so() -> None:
    points = moving("theft", STEPS, 3)[None].copy()
    points[0, 2, 5] = np.nan
    numbers, there = features(normalise(points))
    assert numbers.shape == (1, STEPS, FEATURES) and numbers.dtype == np.float32
    joint = numbers[0, :, : 5 * len(JOINTS)].reshape(STEPS, len(JOINTS), 5)
    assert not joint[2, 5].any() and joint[1, 5, 4] == 1
    assert not joint[3, 5, 2:4].any(), "no change is known right after a gap"
    assert there.tolist() == [[1.0] * STEPS]


def test_steps_keep_their_own_row() -> None:
    """A step's numbers are its own: another step's joints never get between them."""
    points = moving("assault", STEPS, 3)[None]
    changed = points.copy()
    changed[0, 5, 2] += 20
    before, after = features(normalise(points))[0][0], features(normalise(changed))[0][0]
    assert np.flatnonzero((before != after).any(axis=1)).tolist() == [5, 6]


def test_landmarks_become_joints_and_back() -> None:
    points = moving("normal", 4, 2)
    seen = np.linspace(0, 1, 4 * len(JOINTS), dtype=np.float32).reshape(4, len(JOINTS))
    back, visibility = from_landmarks(to_landmarks(points, seen))
    np.testing.assert_array_equal(back, points)
    np.testing.assert_array_equal(visibility, seen)
    with pytest.raises(ValueError, match="landmarks must be"):
        from_landmarks(np.zeros((4, 13, 3), np.float32))
