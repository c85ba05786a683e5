"""Answers about labelled motions as analyses would give them: overlapping windows, each heard with its neighbours.

May import: `engine.core`, `models.anomaly`, this room.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from engine.core.anomalies import ANOMALIES
from engine.core.config import AnomalyConfig
from engine.core.types import FloatArray
from models.anomaly.context import heard_together
from models.anomaly.motion import BodyMotion
from models.anomaly.skeleton_lstm import STRIDE
from models.anomaly.windows import cut, together

Answer = Callable[[FloatArray], FloatArray]
"""(N, S, 13, 2) windows to (N, 4) probabilities."""


def in_context(
    motions: Sequence[tuple[BodyMotion, int]], answer: Answer, rate: float, steps: int
) -> tuple[FloatArray, NDArray[np.int64]]:
    """Answers about all windows of motions.

    Args:
        motions: bodies, each with its label as an index into `ANOMALIES`.
        answer: of the networks.
        rate: steps a second.
        steps: of a window.

    Returns:
        Probabilities (N, 4) float32 and labels (N,) int64.
    """
    config = AnomalyConfig()
    parts = [cut(motion, rate, steps, STRIDE) for motion, _ in motions]
    single = np.asarray(answer(together(parts, steps).points), np.float32).reshape(-1, len(ANOMALIES))
    ends = np.cumsum([len(part) for part in parts])
    own = np.split(single, ends[:-1])
    heard = [heard_together(answers, part, config) for answers, part in zip(own, parts, strict=True) if len(part)]
    labels = np.repeat([label for _, label in motions], [len(part) for part in parts]).astype(np.int64)
    return np.concatenate([np.zeros((0, len(ANOMALIES)), np.float32), *heard]), labels


def described(rate: float) -> str:
    """How windows are read, in words.

    Args:
        rate: steps a second.
    """
    reach = AnomalyConfig().smooth_s / 2
    return f"windows every {STRIDE / rate:.2g} s, each heard together with those less than {reach:g} s away"
