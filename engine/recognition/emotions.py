"""Readings of single faces into stretches of one emotion, with the share of the time that was really seen.

A single small face says little: readings are pooled over a window, weighed by how well each could be read, and set
against how that person's face reads at rest. May import: `engine.core`.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.core.config import EmotionConfig
from engine.core.faces import FaceReadings
from engine.core.labels import EMOTIONS, UNKNOWN
from engine.core.segments import Segments
from engine.core.types import FloatArray, Tracklet

CALM = EMOTIONS.index("calm")

BASELINE_READINGS = 15
BASELINE_S = 5.0
"""So many usable readings over so long a time say how a face reads at rest; with fewer there is no baseline."""

BASELINE_LIMIT = 1.0
"""Most that the baseline may take off an emotion's log-odds against calm: it calms a resting face that reads as a
little sad or angry, and leaves an open smile a smile, even of somebody who smiles all the time."""

SMALLEST = 1e-4
"""Probabilities are held above this before their logarithm is taken: one sure reading must not outweigh a window."""


def emotion_segments(tracklet: Tracklet, readings: FaceReadings | None, config: EmotionConfig) -> Segments:
    """The emotions of one tracklet over time.

    Args:
        tracklet: the time to be covered.
        readings: of its faces; None where it showed none.
        config: what counts as usable, and when to say `UNKNOWN`.

    Returns:
        Segments of the channel "emotion", one after another from the tracklet's first to its last row; empty where it
        has a single row and so lasts no time. `coverage` is the share of the stretch with a usable face, `scores`
        the mean pooled probability of the label.
    """
    if len(tracklet) < 2:
        return Segments.empty()
    edges = _edges(tracklet.t)
    spans = np.diff(edges)
    usable = _usable(readings, config)
    if usable is None:
        labels = np.full(len(tracklet), -1)
        pooled = np.zeros((len(tracklet), len(EMOTIONS)), np.float32)
        seen = np.zeros(len(tracklet), np.bool_)
    else:
        seen = np.isin(tracklet.t, usable.t)
        pooled, coverage = _pool(tracklet.t, spans, seen, usable, config)
        best = pooled.argmax(axis=1)
        told = (coverage >= config.min_coverage) & (pooled.max(axis=1) >= config.min_score)
        labels = np.where(told, best, -1)
    labels = _without_short(labels, spans, config.min_s)
    return _segments(tracklet.number, labels, edges, pooled, seen)


def _edges(t: NDArray[np.float64]) -> NDArray[np.float64]:
    """Where the stretch of each row begins and ends: half way to its neighbours."""
    return np.concatenate([t[:1], (t[1:] + t[:-1]) / 2.0, t[-1:]])


def _usable(readings: FaceReadings | None, config: EmotionConfig) -> FaceReadings | None:
    if readings is None:
        return None
    rows = readings.quality >= config.min_quality
    if not rows.any():
        return None
    return FaceReadings(
        t=readings.t[rows],
        boxes=readings.boxes[rows],
        angles=readings.angles[rows],
        quality=readings.quality[rows],
        emotions=readings.emotions[rows],
    )


def _pool(
    t: NDArray[np.float64],
    spans: NDArray[np.float64],
    seen: NDArray[np.bool_],
    usable: FaceReadings,
    config: EmotionConfig,
) -> tuple[FloatArray, FloatArray]:
    """Pooled probabilities (M, 8) of every row, and the share (M,) of its window with a usable face."""
    logs = np.log(np.maximum(usable.emotions.astype(np.float64), SMALLEST))
    logs -= _baseline(usable, logs)
    weights = usable.quality.astype(np.float64)
    summed = np.concatenate([np.zeros((1, len(EMOTIONS))), np.cumsum(logs * weights[:, None], axis=0)])
    weighed = np.concatenate([[0.0], np.cumsum(weights)])
    half = config.window_s / 2.0
    low, high = np.searchsorted(usable.t, t - half, "left"), np.searchsorted(usable.t, t + half, "right")
    total = weighed[high] - weighed[low]
    mean = (summed[high] - summed[low]) / np.maximum(total, 1e-9)[:, None]
    powers = np.exp(mean - mean.max(axis=1, keepdims=True))
    pooled = np.where(total[:, None] > 0.0, powers / powers.sum(axis=1, keepdims=True), 0.0)
    covered = np.concatenate([[0.0], np.cumsum(spans * seen)])
    there = np.concatenate([[0.0], np.cumsum(spans)])
    low, high = np.searchsorted(t, t - half, "left"), np.searchsorted(t, t + half, "right")
    coverage = (covered[high] - covered[low]) / np.maximum(there[high] - there[low], 1e-9)
    return pooled.astype(np.float32), np.clip(coverage, 0.0, 1.0).astype(np.float32)


def _baseline(usable: FaceReadings, logs: NDArray[np.float64]) -> NDArray[np.float64]:
    """What to take off each emotion's logarithm, (8,): how far the face at rest reads as that emotion."""
    if len(usable) < BASELINE_READINGS or usable.t[-1] - usable.t[0] < BASELINE_S:
        return np.zeros(len(EMOTIONS))
    odds = np.median(logs - logs[:, CALM : CALM + 1], axis=0)
    # At rest calm leads by about this much on faces that read well; what exceeds it is the face, not the mood.
    baseline: NDArray[np.float64] = np.clip(odds + BASELINE_LIMIT, 0.0, BASELINE_LIMIT)
    baseline[CALM] = 0.0
    return baseline


def _without_short(labels: NDArray[np.int64], spans: NDArray[np.float64], shortest_s: float) -> NDArray[np.int64]:
    """Stretches shorter than `shortest_s` take the label of their longer neighbour, the shortest first."""
    labels = labels.copy()
    while True:
        starts = np.flatnonzero(np.concatenate([[True], labels[1:] != labels[:-1]]))
        if len(starts) < 2:
            return labels
        lengths = np.add.reduceat(spans, starts)
        worst = int(lengths.argmin())
        if lengths[worst] >= shortest_s:
            return labels
        before = lengths[worst - 1] if worst else -1.0
        after = lengths[worst + 1] if worst + 1 < len(starts) else -1.0
        end = starts[worst + 1] if worst + 1 < len(starts) else len(labels)
        labels[starts[worst] : end] = labels[starts[worst] - 1] if before >= after else labels[end]


def _segments(
    number: int,
    labels: NDArray[np.int64],
    edges: NDArray[np.float64],
    pooled: FloatArray,
    seen: NDArray[np.bool_],
) -> Segments:
    starts = np.flatnonzero(np.concatenate([[True], labels[1:] != labels[:-1]]))
    ends = np.concatenate([starts[1:], [len(labels)]])
    spans = np.diff(edges)
    scores, coverage = [], []
    for start, end in zip(starts, ends, strict=True):
        rows = slice(start, end)
        length = spans[rows].sum()
        label = labels[start]
        scores.append(0.0 if label < 0 else float((pooled[rows, label] * spans[rows]).sum() / length))
        coverage.append(float((seen[rows] * spans[rows]).sum() / length))
    return Segments(
        tracklets=np.full(len(starts), number, np.int64),
        channels=("emotion",) * len(starts),
        labels=tuple(UNKNOWN if labels[start] < 0 else EMOTIONS[labels[start]] for start in starts),
        start_s=edges[starts],
        end_s=edges[ends],
        scores=np.clip(np.array(scores, np.float32), 0.0, 1.0),
        coverage=np.clip(np.array(coverage, np.float32), 0.0, 1.0),
        sources=("",) * len(starts),
    )
