"""Deterministic anomalies and behaviours of drawn figures, to go with `models.fake`.

A figure that rushes commits an assault; one that stands at the left side of the picture takes something, at the right
side it puts something back. No profile ever chooses these; only `person_model="fake"` does. May import: `engine.core`.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from engine.core.anomalies import ANOMALIES, BEHAVIOURS, NORMAL, ShopScene, WindowScores
from engine.core.protocols import BackendOptions, FramesByTime, ModelCard
from engine.core.types import Tracklet

_CARD = ModelCard(name="fake", version="drawn-figures-1", tier="embedded", licence="AGPL-3.0-only", source="Sightline")
_LENGTH_S, _STEP_S = 2.0, 0.5
_RUSHES = 1.5
"""Heights of the figure a second from which on it rushes."""

_SURE = 0.9
_JOINTS = ("left wrist", "right wrist")


class FakeAnomalyScorer:
    """An assault while the box rushes, normal while it does not."""

    labels = ANOMALIES

    def __init__(self, options: BackendOptions) -> None:
        self.card = self.describe(options)

    @classmethod
    def describe(cls, options: BackendOptions) -> ModelCard:
        """The card; the same for all options."""
        return _CARD

    def score(self, tracklet: Tracklet, size: tuple[int, int]) -> WindowScores:
        """Windows of two seconds every half second."""
        start = _starts(tracklet, _LENGTH_S, _STEP_S)
        labels = []
        for begin in start:
            rows = (tracklet.t >= begin - 1e-9) & (tracklet.t <= begin + _LENGTH_S + 1e-9)
            boxes, t = tracklet.boxes[rows].astype(np.float64), tracklet.t[rows]
            if len(t) < 2:
                labels.append(NORMAL)
                continue
            way = np.hypot(*np.diff(boxes[:, :2], axis=0).T).sum() / max(np.mean(boxes[:, 3] - boxes[:, 1]), 1.0)
            labels.append("assault" if way / (t[-1] - t[0]) >= _RUSHES else NORMAL)
        return _scores(tracklet, ANOMALIES, start, np.minimum(start + _LENGTH_S, tracklet.last_s), labels)


class FakeBehaviourReader:
    """A catch at the left side of the picture, a put at the right one."""

    def __init__(self, options: BackendOptions) -> None:
        self.card = self.describe(options)

    @classmethod
    def describe(cls, options: BackendOptions) -> ModelCard:
        """The card; the same for all options."""
        return _CARD

    def read(self, tracklets: Sequence[Tracklet], scene: ShopScene, frames_by_time: FramesByTime) -> list[WindowScores]:
        """Windows as the scene wants them; looks at no frame."""
        found = []
        for tracklet in tracklets:
            start = _starts(tracklet, scene.length_s, scene.step_s)
            end = np.minimum(start + scene.length_s, tracklet.last_s)
            labels = []
            for begin, until in zip(start, end, strict=True):
                rows = (tracklet.t >= begin - 1e-9) & (tracklet.t <= until + 1e-9)
                x = float(tracklet.boxes[rows][:, 0::2].mean()) / scene.size[0]
                labels.append("catch" if x < 0.2 else "put" if x > 0.8 else NORMAL)
            if len(start):
                found.append(_scores(tracklet, BEHAVIOURS, start, end, labels))
        return found


def _starts(tracklet: Tracklet, length_s: float, step_s: float) -> NDArray[np.float64]:
    if len(tracklet) < 2:
        return np.zeros(0)
    last = max(tracklet.last_s - length_s, tracklet.first_s)
    return np.arange(tracklet.first_s, last + 1e-9, step_s)


def _scores(
    tracklet: Tracklet,
    columns: tuple[str, ...],
    start: NDArray[np.float64],
    end: NDArray[np.float64],
    labels: Sequence[str],
) -> WindowScores:
    rest = (1.0 - _SURE) / (len(columns) - 1)
    probabilities = np.full((len(start), len(columns)), rest, np.float32)
    for row, label in enumerate(labels):
        probabilities[row, columns.index(label)] = _SURE
    return WindowScores(
        tracklet=tracklet.number,
        labels=columns,
        start_s=start,
        end_s=end,
        probabilities=probabilities,
        coverage=np.ones(len(start), np.float32),
        joints=_JOINTS,
        weights=np.full((len(start), len(_JOINTS)), 0.5, np.float32),
    )
