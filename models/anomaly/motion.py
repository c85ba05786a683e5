"""One body's joints over time: the value, and how it is laid on an even grid of times.

May import: `engine.core`, `models.anomaly`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.core.columns import check_equal, check_unit, checked
from engine.core.types import FloatArray, Tracklet
from models.anomaly.joints import JOINTS, from_landmarks

NEAR_S = 0.5
"""Between two sightings no farther apart a joint counts as seen, seconds."""

BRIDGED_S = 1.0
"""Over so long a gap places are filled in on a straight line, without the joint counting as seen, seconds."""

MIN_VISIBILITY = 0.3
"""Landmarks under this visibility are guesses of the pose network and are not used."""


@dataclass(frozen=True, slots=True, eq=False)
class BodyMotion:
    """Joints of one body at M instants.

    Attributes:
        t: (M,) float64 seconds, strictly increasing.
        points: (M, 13, 2) float32, pixels of one picture.
        seen: (M, 13) float32 in [0, 1], 0 where the joint was not seen and its point says nothing.
    """

    t: NDArray[np.float64]
    points: FloatArray
    seen: FloatArray

    def __post_init__(self) -> None:
        columns = {
            "t": checked("t", self.t, (None,), np.float64),
            "points": checked("points", self.points, (None, len(JOINTS), 2), np.float32),
            "seen": checked("seen", self.seen, (None, len(JOINTS)), np.float32),
        }
        check_equal(**columns)
        check_unit("seen", self.seen)
        if (np.diff(self.t) <= 0).any():
            raise ValueError("the times of a motion must increase strictly")
        for name, column in columns.items():
            object.__setattr__(self, name, column)

    def __len__(self) -> int:
        return len(self.t)


def of_tracklet(tracklet: Tracklet) -> BodyMotion:
    """The joints of a tracklet; rows where no pose was found are left out.

    Args:
        tracklet: boxes and poses over time.
    """
    posed = tracklet.poses.scores > 0
    points, visibility = from_landmarks(tracklet.poses.landmarks[posed])
    return BodyMotion(
        t=tracklet.t[posed],
        points=points,
        seen=np.where(visibility >= MIN_VISIBILITY, visibility, 0).astype(np.float32),
    )


def resample(motion: BodyMotion, times: NDArray[np.float64]) -> tuple[FloatArray, FloatArray]:
    """A motion at other times, joint by joint on straight lines between its sightings.

    Args:
        motion: what was seen.
        times: (S,) float64 seconds, ascending.

    Returns:
        Points (S, 13, 2) float32 pixels, NaN where nothing is known, and how well each was seen (S, 13) float32: the
        lower of both neighbours', 0 where they lie farther apart than `NEAR_S`.
    """
    points = np.full((len(times), len(JOINTS), 2), np.nan, np.float32)
    seen = np.zeros((len(times), len(JOINTS)), np.float32)
    for joint in range(len(JOINTS)):
        rows = np.flatnonzero(motion.seen[:, joint] > 0)
        if not len(rows):
            continue
        t, visible = motion.t[rows], motion.seen[rows, joint]
        # A grid time may miss the sighting it was laid on by a rounding error.
        after = np.searchsorted(t, times - 1e-6).clip(0, len(t) - 1)
        before = np.searchsorted(t, times + 1e-6, side="right").clip(1) - 1
        apart = t[after] - t[before]
        inside = (times >= t[0] - 1e-6) & (times <= t[-1] + 1e-6)
        share = np.where(apart > 0, (times - t[before]) / np.where(apart > 0, apart, 1), 0)[:, None]
        places = motion.points[rows, joint]
        line = places[before] + (places[after] - places[before]) * share
        known = inside & (apart <= BRIDGED_S + 1e-6)
        points[known, joint] = line[known]
        near = inside & (apart <= NEAR_S + 1e-6)
        seen[near, joint] = np.minimum(visible[before], visible[after])[near]
    return points, seen


def grid(motion: BodyMotion, rate: float) -> NDArray[np.float64]:
    """Even times from a motion's first instant to its last.

    Args:
        motion: what was seen, at least one instant.
        rate: times a second.
    """
    steps = int(np.floor((motion.t[-1] - motion.t[0]) * rate + 1e-6)) + 1
    grid_times: NDArray[np.float64] = motion.t[0] + np.arange(steps) / rate
    return grid_times
