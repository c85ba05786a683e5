"""A body's windows heard together with their neighbours in time, as analyses hear them.

May import: `engine.core`, `models.anomaly`.
"""

from __future__ import annotations

import numpy as np

from engine.core.config import AnomalyConfig
from engine.core.types import FloatArray
from models.anomaly.windows import Windows

_TOUCHING = 1e-6


def heard_together(probabilities: FloatArray, windows: Windows, config: AnomalyConfig) -> FloatArray:
    """Answers in which every window of one body is heard together with its neighbours.

    The same means as analyses make: a neighbour counts less the farther its middle is, and the less of the body it saw.
    But for measuring every window needs an answer: one near which nothing saw enough keeps its own.

    Args:
        probabilities: (W, L) of each window by itself.
        windows: W windows of one body.
        config: how far neighbours reach, and how much of a body a window must have seen to be heard.

    Returns:
        (W, L) float32, rows sum to 1.
    """
    middles = (windows.start_s + windows.end_s) / 2
    heard = np.where(windows.coverage >= config.min_coverage - _TOUCHING, windows.coverage, 0.0)
    reach = max(config.smooth_s / 2, _TOUCHING)
    near = np.maximum(0.0, 1.0 - np.abs(middles[:, None] - middles[None, :]) / reach) * heard[None, :]
    total = near.sum(axis=1, keepdims=True)
    mean = near @ probabilities.astype(np.float64) / np.maximum(total, _TOUCHING)
    return np.where(total > _TOUCHING, mean, probabilities).astype(np.float32)
