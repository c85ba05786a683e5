"""Windows of joints, freed of where, how large and on which side the body is; what the network is given of them.

Every window is measured by its own body: the middle of the hips is the origin step by step, the length of the torso
the unit of the whole window. Nothing is learnt from a file, and joints and times keep their own axes.
May import: `engine.core`, `models.anomaly`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.core.types import FloatArray
from models.anomaly.joints import HIPS, JOINTS, SHOULDERS, swap_sides

CHANNELS = 5
"""Numbers of a joint at a step: x, y, change of x, change of y, known."""

FEATURES = CHANNELS * len(JOINTS) + 3
"""Numbers of a step: those of all joints, the body's own way in x and y, and whether the step is there."""

_CHANGE, _PATH = 4.0, 2.0
"""What changes from step to step is smaller than where joints are; as large, it is learnt as quickly."""

_FARTHEST = 4.0
"""Torsos; what lies farther off is an error of the landmarks."""

_LEAST_PX = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class BodyWindows:
    """B windows of S steps in units of the body.

    Attributes:
        places: (B, S, 13, 2) float32 torsos from the middle of the hips, 0 where unknown.
        path: (B, S, 2) float32 torsos, way of the hips since the step before; 0 where unknown.
        known: (B, S, 13) bool.
    """

    places: FloatArray
    path: FloatArray
    known: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.places)


def torsos(points: FloatArray) -> FloatArray:
    """Length of the torso in each window: the median over its steps.

    Args:
        points: (B, S, 13, 2) float32 pixels, NaN where unknown.

    Returns:
        (B,) float32 pixels, NaN where shoulders and hips are never known together, or are one point.
    """
    lengths = np.linalg.norm(_middle(points, SHOULDERS) - _middle(points, HIPS), axis=2)
    filled = np.where(np.isfinite(lengths), lengths, np.inf)
    count = np.isfinite(lengths).sum(axis=1)
    ordered = np.sort(filled, axis=1)
    rows = np.arange(len(points))
    low, high = ordered[rows, (count - 1).clip(0) // 2], ordered[rows, count.clip(1) // 2 - (count == 0)]
    with np.errstate(invalid="ignore"):
        median = (low + high) / 2
    return np.where((count > 0) & (median >= _LEAST_PX), median, np.nan).astype(np.float32)


def normalise(points: FloatArray) -> BodyWindows:
    """Windows measured by their own bodies.

    Moving or enlarging the picture changes nothing; its mirror image, left and right exchanged, gives the mirror
    image.

    Args:
        points: (B, S, 13, 2) float32 pixels, NaN where a joint is unknown.

    Returns:
        Windows; of one whose torso is never seen nothing is known.
    """
    unit = torsos(points)[:, None, None]
    hips = _middle(points, HIPS)
    # Where the hips are hidden for a moment they hang from the shoulders as they do in the rest of the window.
    shoulders = _middle(points, SHOULDERS)
    hang = _mean_over_steps(hips - shoulders)
    centre = np.where(np.isfinite(hips), hips, shoulders + hang[:, None])
    places = (points - centre[:, :, None]) / unit[..., None]
    known = np.isfinite(places).all(axis=3)
    path = np.zeros_like(centre)
    path[:, 1:] = (centre[:, 1:] - centre[:, :-1]) / unit
    return BodyWindows(
        places=np.where(known[..., None], places, 0).clip(-_FARTHEST, _FARTHEST).astype(np.float32),
        path=np.where(np.isfinite(path), path, 0).clip(-_FARTHEST, _FARTHEST).astype(np.float32),
        known=known,
    )


def mirrored(windows: BodyWindows) -> BodyWindows:
    """The mirror image: left and right exchanged, x turned round."""
    turn = np.array([-1, 1], np.float32)
    return BodyWindows(
        places=swap_sides(windows.places) * turn,
        path=windows.path * turn,
        known=swap_sides(windows.known[..., None].astype(np.float32))[..., 0] > 0,
    )


def features(windows: BodyWindows) -> tuple[FloatArray, FloatArray]:
    """What the network is given.

    Args:
        windows: B windows of S steps.

    Returns:
        (B, S, FEATURES) float32, joint by joint in the order of `JOINTS`, then the way and whether the step is there;
        and the latter alone, (B, S) float32, 1 or 0.
    """
    shape = windows.known.shape
    moved = np.zeros_like(windows.places)
    moved[:, 1:] = windows.places[:, 1:] - windows.places[:, :-1]
    both = np.zeros(shape, np.bool_)
    both[:, 1:] = windows.known[:, 1:] & windows.known[:, :-1]
    moved *= _CHANGE * both[..., None]
    joints = np.concatenate([windows.places, moved, windows.known[..., None]], axis=3)
    there = windows.known.any(axis=2).astype(np.float32)
    whole = np.concatenate([joints.reshape(*shape[:2], -1), _PATH * windows.path, there[..., None]], axis=2)
    return whole.astype(np.float32), there


def _middle(points: FloatArray, pair: tuple[int, int]) -> FloatArray:
    # Half of each, added: the same to the last bit whichever side comes first.
    middle: FloatArray = points[:, :, pair[0]] * np.float32(0.5) + points[:, :, pair[1]] * np.float32(0.5)
    return middle


def _mean_over_steps(values: FloatArray) -> FloatArray:
    """(B, C) means of (B, S, C) over the steps that are there, NaN where none is."""
    there = np.isfinite(values)
    with np.errstate(invalid="ignore"):
        mean: FloatArray = np.where(there, values, 0).sum(axis=1) / there.sum(axis=1)
    return mean
