"""Random changes keep a window a window: nothing is invented, nothing of it is another's."""

from __future__ import annotations

import numpy as np
import pytest

from engine.core.anomalies import ANOMALIES
from models.anomaly.joints import swap_sides
from models.anomaly.normalise import normalise, torsos
from models.training.skeleton_augment import augment, bone_lengths, exchanged_bones, shuffled_in_time
from models.training.skeleton_config import SkeletonTrainConfig
from tests.models.training.drawn_skeletons import moving

NOTHING = SkeletonTrainConfig(
    stretch=0, turn=0, lean=0, tempo=0, bones=0, behind=0, jitter=0, offset=0, gaps=0, partial=0
)


def windows(count: int = 40) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    return np.stack([moving(ANOMALIES[row % 4], 16, row) for row in range(count)])


def chance() -> np.random.Generator:
    return np.random.default_rng(5)


def test_without_any_change_windows_are_as_they_were_or_mirrored() -> None:
    points = windows()
    changed = augment(points, NOTHING, chance())
    same = np.isclose(changed, points, atol=1e-2).all(axis=(1, 2, 3))
    turned = np.isclose(changed, swap_sides(points) * np.array([-1, 1]), atol=1e-2).all(axis=(1, 2, 3))
    assert (same ^ turned).all() and same.any() and turned.any()


def test_defaults_change_every_window_and_leave_the_input_alone() -> None:
    points = windows()
    before = points.copy()
    changed = augment(points, SkeletonTrainConfig(), chance())
    np.testing.assert_array_equal(points, before)
    assert changed.dtype == np.float32 and changed.shape == points.shape
    assert np.isfinite(torsos(changed)).all(), "the trunk stays"
    places = normalise(changed).places
    assert (np.abs(places - normalise(points).places).max(axis=(1, 2, 3)) > 0.01).all()
    np.testing.assert_array_equal(changed, augment(points, SkeletonTrainConfig(), chance()))


def test_lost_steps_lie_on_the_line_between_their_neighbours() -> None:
    points = np.zeros((200, 16, 13, 2), np.float32)
    points[:, :, :6, 1] = -50
    points[..., 0] = np.arange(16, dtype=np.float32)[:, None] ** 2
    config = SkeletonTrainConfig(**{**NOTHING.to_dict(), "gaps": 1.0})
    changed = np.abs(augment(points, config, chance())[..., 0])
    known = np.isfinite(changed).all(axis=2)
    assert (known.sum(axis=1) >= 6).all() and (~known).any()
    x = changed[:, :, 0]
    off = known & (np.abs(x - np.arange(16) ** 2) > 1e-3)
    assert off.any() and (x[off] > np.broadcast_to(np.arange(16) ** 2, x.shape)[off]).all(), "chords of a parabola"


def test_partial_windows_keep_their_beginning_and_their_trunk() -> None:
    config = SkeletonTrainConfig(**{**NOTHING.to_dict(), "partial": 1.0})
    known = np.isfinite(augment(windows(200), config, chance())).all(axis=3)
    length = known.any(axis=2).sum(axis=1)
    assert length.min() >= 6 and length.max() == 16 and len(set(length)) > 5
    for row in range(200):
        assert known[row, : length[row]][:, [0, 3, 6, 9]].all() and not known[row, length[row] :].any()
    assert (~known[:, 0]).any(axis=0).sum() == 9, "every joint but the trunk's is hidden at times"


def test_shuffled_windows_hold_the_same_poses() -> None:
    points = windows(8)
    mixed = shuffled_in_time(points, chance())
    assert not np.array_equal(mixed, points)
    for before, after in zip(points, mixed, strict=True):
        assert sorted(map(bytes, before)) == sorted(map(bytes, after))


def test_exchanged_bones_have_the_other_sources_lengths() -> None:
    one, other = windows(8), windows(8).copy()
    other[:, :, 8] = other[:, :, 7] + 1.3 * (other[:, :, 8] - other[:, :, 7])
    other[:, :, 11] = other[:, :, 10] + 1.3 * (other[:, :, 11] - other[:, :, 10])
    lengths = bone_lengths(one), bone_lengths(other)
    assert (lengths[1] / lengths[0])[6] == pytest.approx(1.3, rel=0.02)
    np.testing.assert_allclose(bone_lengths(exchanged_bones(one, lengths[1] / lengths[0])), lengths[1], rtol=0.02)
