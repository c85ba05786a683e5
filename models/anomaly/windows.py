"""Windows cut from motions: even steps at the network's rate, overlapping, short motions padded.

May import: `engine.core`, `models.anomaly`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.core.types import FloatArray
from models.anomaly.joints import JOINTS
from models.anomaly.motion import BodyMotion, grid, resample
from models.anomaly.normalise import torsos

MIN_STEPS = 6
"""A window in which the body was seen at fewer steps is not judged: two seconds at three steps a second."""


@dataclass(frozen=True, slots=True, eq=False)
class Windows:
    """B windows of S steps.

    Attributes:
        points: (B, S, 13, 2) float32 pixels, NaN where unknown.
        start_s: (B,) float64 seconds, ascending.
        end_s: (B,) float64 seconds.
        coverage: (B,) float32 in [0, 1], share of joints and steps that were seen, not filled in.
    """

    points: FloatArray
    start_s: NDArray[np.float64]
    end_s: NDArray[np.float64]
    coverage: FloatArray

    def __len__(self) -> int:
        return len(self.start_s)


def cut(motion: BodyMotion, rate: float, steps: int, stride: int) -> Windows:
    """Overlapping windows of a motion.

    Windows start every `stride` steps; the last one ends with the motion. A motion shorter than a window makes one
    window whose later steps are unknown. Windows whose body was seen at fewer than `MIN_STEPS` steps, or whose torso
    never was, are left out.

    Args:
        motion: joints of one body.
        rate: steps a second.
        steps: of a window.
        stride: steps from the start of one window to that of the next.
    """
    if not len(motion):
        return _none(steps)
    times = grid(motion, rate)
    points, seen = resample(motion, times)
    last = max(len(times) - steps, 0)
    starts = np.array(sorted({*range(0, last + 1, stride), last}))
    rows = starts[:, None] + np.arange(steps)
    inside = rows < len(times)
    rows = np.where(inside, rows, 0)
    windows = np.where(inside[..., None, None], points[rows], np.float32(np.nan))
    visible = (seen[rows] > 0) & inside[..., None]
    judged = (visible.any(axis=2).sum(axis=1) >= MIN_STEPS) & np.isfinite(torsos(windows))
    ends = np.minimum(starts + steps, len(times)) / rate + times[0]
    return Windows(
        points=windows[judged],
        start_s=times[starts][judged],
        end_s=ends[judged],
        coverage=visible.mean(axis=(1, 2))[judged].astype(np.float32),
    )


def together(parts: Iterable[Windows], steps: int) -> Windows:
    """All windows of all parts, in order; (0, steps, …) where there are none."""
    parts = [_none(steps), *parts]
    return Windows(
        points=np.concatenate([part.points for part in parts]),
        start_s=np.concatenate([part.start_s for part in parts]),
        end_s=np.concatenate([part.end_s for part in parts]),
        coverage=np.concatenate([part.coverage for part in parts]),
    )


def _none(steps: int) -> Windows:
    return Windows(
        points=np.zeros((0, steps, len(JOINTS), 2), np.float32),
        start_s=np.zeros(0),
        end_s=np.zeros(0),
        coverage=np.zeros(0, np.float32),
    )
