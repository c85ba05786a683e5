"""Windows heard together for measuring are those that analyses hear."""

from __future__ import annotations

import numpy as np
import pytest

from engine.core.anomalies import ANOMALIES, WindowScores
from engine.core.config import AnomalyConfig
from engine.recognition.anomalies import smoothed
from models.anomaly.context import heard_together
from models.anomaly.windows import Windows

CONFIG = AnomalyConfig()


def windows(coverage: np.ndarray) -> Windows:
    count = len(coverage)
    start = np.arange(count) * 0.7
    points = np.zeros((count, 16, 13, 2), np.float32)
    return Windows(points, start, start + 16 / 3, coverage.astype(np.float32))


def answers(count: int) -> np.ndarray:
    odds = np.random.default_rng(3).random((count, len(ANOMALIES)), np.float32)
    return odds / odds.sum(axis=1, keepdims=True)


@pytest.mark.parametrize("count", [0, 1, 2, 20])
def test_as_analyses_hear_them(count: int) -> None:
    own = windows(0.9 - 0.7 * (np.arange(count) % 2))  # every other one saw too little
    single = answers(count)
    none = np.zeros((count, 0), np.float32)
    analysed = WindowScores(1, ANOMALIES, own.start_s, own.end_s, single, own.coverage, (), none)
    np.testing.assert_allclose(heard_together(single, own, CONFIG), smoothed(analysed, CONFIG), atol=1e-6)


def test_a_window_near_which_nothing_was_seen_keeps_its_own_answer() -> None:
    single = answers(3)
    heard = heard_together(single, windows(np.array([0.0, 0.0, 0.0])), CONFIG)
    np.testing.assert_array_equal(heard, single)
