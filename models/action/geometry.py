"""Actions from geometry: landmarks, boxes and their change over time, without a network of its own.

Postures tile a tracklet's time; gestures come on top of them. What cannot be told is `unknown`. May import:
`engine.core`, its neighbours.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

import numpy as np
from numpy.typing import NDArray

from engine.core.labels import GESTURES, POSTURES, UNKNOWN
from engine.core.protocols import BackendOptions, ModelCard
from engine.core.segments import Segments
from engine.core.types import Tracklet
from models.action.gestures import NEUTRAL, read_gestures
from models.action.kinematics import read_movement
from models.action.postures import NOT_TOLD, read_postures
from models.action.skeleton import Array, read_skeleton
from models.action.smoothing import best_path, drop_short, edges, masked_runs, since_seen, stretches

REVISION = "1"
"""Changed whenever the same tracklets may give other answers."""

LEAST_POSTURE_S = 0.5
"""Shortest posture: one step."""

LEAST_GESTURE_S = 0.3
"""Shortest gesture: quicker movements of an arm are on the way to something else."""

HOLD_S = 1.0
"""Seconds for which what was seen is taken to go on while it cannot be seen, before and after."""

_SIGHTINGS = 2
"""Instants at which a gesture must have been seen: one may be another person's arm."""

_Row = tuple[str, str, float, float, float, float]
"""Channel, label, start, end, score, coverage."""


class GeometryActionRecognizer:
    """Tells postures and gestures by rules of proportion and movement.

    Args:
        options: none of them matters here; every back end is built with them.
    """

    def __init__(self, options: BackendOptions) -> None:
        self.card = self.describe(options)

    @classmethod
    def describe(cls, options: BackendOptions) -> ModelCard:
        """The card; the same for all options."""
        print_ = sha256(f"geometry {REVISION}".encode()).hexdigest()[:16]
        return ModelCard("geometry", print_, "embedded", "AGPL-3.0-only", "Sightline; no weights")

    def recognize(self, tracklet: Tracklet, size: tuple[int, int]) -> Segments:
        """Segments of one tracklet.

        Args:
            tracklet: M >= 1 rows; poses may be missing, times may be irregular.
            size: width and height of the pictures, pixels.

        Returns:
            Postures from the first to the last instant without a gap, then gestures by label and start. A tracklet
            of a single instant stands for 0.1 s.

        Raises:
            ValueError: the size is not positive.
        """
        if min(size) <= 0:
            raise ValueError(f"size must be positive, got {size}")
        body = read_skeleton(tracklet, size)
        movement = read_movement(body, size)
        borders = edges(tracklet.t)
        postures = read_postures(body, movement)
        rows = _posture_rows(tracklet.t, borders, postures.scores, postures.seen)
        arms = read_gestures(body)
        for column, label in enumerate(GESTURES):
            rows += _gesture_rows(label, tracklet.t, borders, arms.scores[:, column], arms.seen[:, column])
        return _segments(tracklet.number, rows)


def _posture_rows(t: Array, borders: Array, scores: Array, seen: NDArray[np.bool_]) -> list[_Row]:
    lengths = np.diff(borders)
    before, after = since_seen(t, seen)
    # Unseen for long, nothing is known any more; for a moment, whatever was seen around it goes on.
    lost = np.minimum(before, after) > HOLD_S
    table = np.concatenate([scores, np.full((len(t), 1), NOT_TOLD)], axis=1)
    table[lost, :-1] = np.minimum(table[lost, :-1], NOT_TOLD / 2)
    path = drop_short(best_path(table, lengths), borders, LEAST_POSTURE_S)
    rows: list[_Row] = []
    for one in stretches(path):
        part = slice(one.first, one.last + 1)
        known = one.label < len(POSTURES)
        weights = lengths[part] / lengths[part].sum()
        coverage = float((weights * seen[part]).sum())
        score = _confidence(scores[part, one.label], seen[part], weights) if known else 0.0
        label = POSTURES[one.label] if known else UNKNOWN
        rows.append(("posture", label, float(borders[one.first]), float(borders[one.last + 1]), score, coverage))
    return rows


def _gesture_rows(label: str, t: Array, borders: Array, scores: Array, seen: NDArray[np.bool_]) -> list[_Row]:
    lengths = np.diff(borders)
    sighted = seen & (scores > NEUTRAL)
    if not sighted.any():
        return []
    before, after = since_seen(t, sighted)
    near = np.minimum(before, after) <= HOLD_S
    # An arm that is not seen neither shows the gesture nor ends it, for a while.
    claim = np.where(seen, scores, np.where(near, NEUTRAL + 0.1, 0.0))
    path = best_path(np.stack([1.0 - claim, claim], axis=1), lengths)
    rows: list[_Row] = []
    for one in masked_runs(path == 1):
        part = slice(one.first, one.last + 1)
        start, end = float(borders[one.first]), float(borders[one.last + 1])
        seen_s = float(lengths[part][sighted[part]].sum())
        if sighted[part].sum() < min(_SIGHTINGS, len(t)) or seen_s < min(LEAST_GESTURE_S, borders[-1] - borders[0]):
            continue
        weights = lengths[part] / lengths[part].sum()
        score = _confidence(scores[part], seen[part], weights)
        rows.append(("gesture", label, start, end, score, float((weights * seen[part]).sum())))
    return rows


def _confidence(scores: Array, seen: NDArray[np.bool_], weights: Array) -> float:
    """Mean evidence where something was seen, in [0, 1]; what was not seen at all takes half of it away."""
    covered = float(weights[seen].sum())
    if covered <= 0:
        return 0.0
    return float((weights * scores)[seen].sum()) / covered * (1.0 + covered) / 2.0


def _segments(number: int, rows: Sequence[_Row]) -> Segments:
    channels, labels, starts, ends, scores, coverage = zip(*rows, strict=True)
    return Segments(
        tracklets=np.full(len(rows), number, np.int64),
        channels=channels,
        labels=labels,
        start_s=np.array(starts, np.float64),
        end_s=np.array(ends, np.float64),
        scores=np.clip(np.array(scores, np.float32), 0.0, 1.0),
        coverage=np.clip(np.array(coverage, np.float32), 0.0, 1.0),
        sources=("",) * len(rows),
    )
