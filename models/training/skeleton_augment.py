"""Random changes to windows of joints, in pixels, before they are normalised. Pure arrays.

What one source of skeletons looks like (its bones' lengths, its noise, its gaps, its camera) is varied for all labels
alike, so that a label cannot be told by it. May import: `engine.core`, `models.anomaly`, this room.
"""

from __future__ import annotations

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from engine.core.types import FloatArray
from models.anomaly.joints import BONES, HIPS, SHOULDERS, swap_sides
from models.anomaly.normalise import torsos
from models.training.skeleton_config import SkeletonTrainConfig

_HEAD = 12
_LEGS = ((6, 7), (9, 10), (7, 8), (10, 11))
_TRUNK = (*SHOULDERS, *HIPS)
_LEAST_STEPS = 6
_LOST = (0.1, 0.6)
"""Share of steps that are lost where some are."""


def augment(points: FloatArray, config: SkeletonTrainConfig, chance: Generator) -> FloatArray:
    """Windows as another camera, body or pose network might have seen them.

    Args:
        points: (B, S, 13, 2) float32 pixels, NaN where unknown.
        config: how much of everything.
        chance: the source of chance.

    Returns:
        The same shape, a copy.
    """
    count = len(points)
    changed = _other_bones(points, config.bones, chance)
    maps = _views(count, config, chance)[:, :, :, None, None]
    x, y = changed[..., 0], changed[..., 1]
    changed = np.stack([maps[:, 0, 0] * x + maps[:, 0, 1] * y, maps[:, 1, 0] * x + maps[:, 1, 1] * y], axis=3)
    mirror = chance.random(count) < 0.5
    changed[mirror] = swap_sides(changed[mirror]) * np.array([-1, 1], np.float32)
    behind = chance.random(count) < config.behind
    changed[behind] = swap_sides(changed[behind])
    unit = torsos(changed)[:, None, None, None]
    strength = config.jitter * chance.random((count, 1, 1, 1), np.float32) * unit
    changed += strength * chance.standard_normal(changed.shape, np.float32)
    changed += config.offset * unit * chance.standard_normal((count, 1, *changed.shape[2:]), np.float32)
    changed = _with_gaps(changed, config.gaps, chance)
    return _partial(changed, config.partial, chance)


def _other_bones(points: FloatArray, spread: float, chance: Generator) -> FloatArray:
    """Every bone longer or shorter, both sides alike and for the whole window."""
    count = len(points)
    factors = np.exp(spread * chance.standard_normal((7, count, 1, 1), np.float32))
    shoulders, hips = points[:, :, SHOULDERS].mean(axis=2), points[:, :, HIPS].mean(axis=2)
    changed = points.copy()
    for joint, middle, factor in (
        *((joint, shoulders, factors[0]) for joint in SHOULDERS),
        *((joint, hips, factors[1]) for joint in HIPS),
        (_HEAD, shoulders, factors[2]),
    ):
        changed[:, :, joint] = middle + (points[:, :, joint] - middle) * factor
    for number, (near, far) in enumerate(BONES):
        factor = factors[3 + number % 2] if number < 4 else factors[5] * (1 if number % 2 else factors[6])
        changed[:, :, far] = changed[:, :, near] + (points[:, :, far] - points[:, :, near]) * factor
    return changed


def _views(count: int, config: SkeletonTrainConfig, chance: Generator) -> FloatArray:
    """(B, 2, 2) maps of the picture: width, shear, turn."""
    wide = np.exp(config.stretch * chance.standard_normal(count))
    turn = np.radians(config.turn) * chance.standard_normal(count)
    lean = config.lean * chance.standard_normal(count)
    maps = np.empty((count, 2, 2))
    maps[:, 0, 0], maps[:, 0, 1] = wide * np.cos(turn), lean * np.cos(turn) - np.sin(turn)
    maps[:, 1, 0], maps[:, 1, 1] = wide * np.sin(turn), lean * np.sin(turn) + np.cos(turn)
    return maps.astype(np.float32)


def _with_gaps(points: FloatArray, share: float, chance: Generator) -> FloatArray:
    """Some windows with steps lost and filled in on straight lines, as gaps in a tracklet are."""
    count, steps = points.shape[:2]
    lost = chance.random((count, steps)) < chance.uniform(*_LOST, (count, 1))
    lost &= chance.random((count, 1)) < share
    lost &= (~lost).sum(axis=1, keepdims=True) >= _LEAST_STEPS
    order = np.broadcast_to(np.arange(steps), lost.shape)
    before = np.maximum.accumulate(np.where(lost, -1, order), axis=1)
    after = np.minimum.accumulate(np.where(lost, steps, order)[:, ::-1], axis=1)[:, ::-1]
    rows = np.arange(count)[:, None]
    low, high = before.clip(0), after.clip(max=steps - 1)
    share_of = (order - low) / np.maximum(high - low, 1)
    line = points[rows, low] + (points[rows, high] - points[rows, low]) * share_of[..., None, None].astype(np.float32)
    ends = (before < 0) | (after >= steps)
    line = np.where((ends & lost)[..., None, None], np.float32(np.nan), line)
    return np.where(lost[..., None, None], line, points)


def _partial(points: FloatArray, share: float, chance: Generator) -> FloatArray:
    """Some windows cut short; some joints hidden for a whole window, legs together, the trunk never."""
    count, steps, joints = points.shape[:3]
    length = np.where(chance.random(count) < share, chance.integers(_LEAST_STEPS, steps + 1, count), steps)
    gone = np.arange(steps) >= length[:, None]
    hidden = chance.random((count, joints)) < share * chance.random((count, 1))
    legless = chance.random(count) < share / 2
    hidden[:, sorted({joint for bone in _LEGS for joint in bone[1:]})] |= legless[:, None]
    hidden[:, _TRUNK] = False
    return np.where((gone[:, :, None] | hidden[:, None])[..., None], np.float32(np.nan), points)


def shuffled_in_time(points: FloatArray, chance: Generator) -> FloatArray:
    """Windows whose steps stand in random order: the poses stay, the motion is gone.

    Args:
        points: (B, S, 13, 2).
        chance: the source of chance.
    """
    order = chance.permuted(np.tile(np.arange(points.shape[1]), (len(points), 1)), axis=1)
    mixed: FloatArray = points[np.arange(len(points))[:, None], order]
    return mixed


def exchanged_bones(points: FloatArray, ratios: NDArray[np.float32]) -> FloatArray:
    """Windows with the bones of another source: each kind of bone longer or shorter by one number for all.

    Args:
        points: (B, S, 13, 2).
        ratios: (7,) factors of half the shoulders, half the hips, head, upper arm, forearm, thigh, shin.
    """
    shoulders, hips = points[:, :, SHOULDERS].mean(axis=2), points[:, :, HIPS].mean(axis=2)
    changed = points.copy()
    for joints, middle, ratio in ((SHOULDERS, shoulders, ratios[0]), (HIPS, hips, ratios[1])):
        for joint in joints:
            changed[:, :, joint] = middle + (points[:, :, joint] - middle) * ratio
    changed[:, :, _HEAD] = shoulders + (points[:, :, _HEAD] - shoulders) * ratios[2]
    for number, (near, far) in enumerate(BONES):
        ratio = ratios[(3 if number < 4 else 5) + number % 2]
        changed[:, :, far] = changed[:, :, near] + (points[:, :, far] - points[:, :, near]) * ratio
    return changed


def bone_lengths(points: FloatArray) -> FloatArray:
    """Typical lengths of a source's bones in torsos, what one source can be told from another by.

    Args:
        points: (B, S, 13, 2), at least one step whole.

    Returns:
        (7,) float32, in the order of `exchanged_bones`: median over all steps of windows.
    """
    units = torsos(points)[:, None]
    shoulders, hips = points[:, :, SHOULDERS].mean(axis=2), points[:, :, HIPS].mean(axis=2)
    lengths = [
        np.linalg.norm(points[:, :, SHOULDERS[0]] - shoulders, axis=2),
        np.linalg.norm(points[:, :, HIPS[0]] - hips, axis=2),
        np.linalg.norm(points[:, :, _HEAD] - shoulders, axis=2),
    ]
    for first in (0, 1, 4, 5):
        pair = [BONES[first], BONES[first + 2]]
        lengths.append(np.mean([np.linalg.norm(points[:, :, a] - points[:, :, b], axis=2) for a, b in pair], axis=0))
    return np.array([np.nanmedian(length / units) for length in lengths], np.float32)
