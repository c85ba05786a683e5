"""What is out of the ordinary: scores of windows, the events made of them, and what people say of those.

Owns: the words and the values of anomalies, shop behaviours and verdicts. May import: `engine.core`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.core.columns import check_equal, check_unit, checked
from engine.core.types import FloatArray

ANOMALIES = ("theft", "assault", "damage", "normal")
"""Columns of what a skeleton network says, in this order."""

BEHAVIOURS = ("catch", "put", "insert", "normal")
"""Columns of what is read of somebody at a shelf, in this order."""

NORMAL = "normal"

KINDS = ("skeleton", "behaviour", "manual")
"""Where an event comes from: the skeleton network, the shop rules, an analyst."""

VERDICTS = ("confirmed", "dismissed", "unsure")

REASONS = ("joint", "window", "rule")
"""What a reason names: a joint that weighed much, a window of time, a rule that fired."""


@dataclass(frozen=True, slots=True, eq=False)
class WindowScores:
    """What a model says of overlapping windows of one tracklet.

    Attributes:
        tracklet: its number.
        labels: L labels, the order of the columns.
        start_s: (W,) float64 seconds, ascending.
        end_s: (W,) float64 seconds, > start_s.
        probabilities: (W, L) float32, rows sum to 1.
        coverage: (W,) float32 in [0, 1], share of what the model needs that was seen.
        joints: J names; () where the model does not say what weighed.
        weights: (W, J) float32 in [0, 1], how much each joint weighed in the window's answer.
    """

    tracklet: int
    labels: tuple[str, ...]
    start_s: NDArray[np.float64]
    end_s: NDArray[np.float64]
    probabilities: FloatArray
    coverage: FloatArray
    joints: tuple[str, ...]
    weights: FloatArray

    def __post_init__(self) -> None:
        columns = {
            "start_s": checked("start_s", self.start_s, (None,), np.float64),
            "end_s": checked("end_s", self.end_s, (None,), np.float64),
            "probabilities": checked("probabilities", self.probabilities, (None, len(self.labels)), np.float32),
            "coverage": checked("coverage", self.coverage, (None,), np.float32),
            "weights": checked("weights", self.weights, (None, len(self.joints)), np.float32),
        }
        check_equal(**columns)
        for name in ("probabilities", "coverage", "weights"):
            check_unit(name, np.asarray(columns[name], np.float32))
        if (self.end_s <= self.start_s).any() or (np.diff(self.start_s) < 0).any():
            raise ValueError("windows must be in order of time and end after they start")
        if (np.abs(columns["probabilities"].sum(axis=1) - 1) > 1e-3).any():
            raise ValueError("probabilities of a window must sum to 1")
        for name, column in columns.items():
            object.__setattr__(self, name, column)

    def __len__(self) -> int:
        return len(self.start_s)


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that weighed in an event.

    Attributes:
        kind: of `REASONS`.
        name: of the joint, or of the rule such as "hand-to-pocket"; the label for a window.
        weight: in [0, 1].
        start_s: seconds.
        end_s: seconds.
    """

    kind: str
    name: str
    weight: float
    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True)
class AnomalyEvent:
    """Something out of the ordinary, found by a model or added by an analyst.

    Attributes:
        id: 12 hex digits, the same whenever the same analysis finds it again.
        footage: footage id.
        run: id of the run, "" of one that an analyst added.
        kind: of `KINDS`.
        label: such as "theft", "damage", or "unpaid" of the shop rules.
        person: label of the person in that run, "" where none is named.
        tracklet: number, 0 where none is named.
        start_s: seconds.
        end_s: seconds.
        score: in [0, 1], the model's smoothed probability at its highest; 1 of one that an analyst added.
        severity: in [0, 1], how much it matters if it is true.
        model: that found it, "" of an analyst's.
        version: of the model.
        reasons: what weighed most, heaviest first.
    """

    id: str
    footage: str
    run: str
    kind: str
    label: str
    person: str
    tracklet: int
    start_s: float
    end_s: float
    score: float
    severity: float
    model: str
    version: str
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What somebody said of an event. Verdicts are a history: later ones stand beside earlier ones.

    Attributes:
        id: ascending number.
        event: id of the event.
        reviewer: who.
        verdict: of `VERDICTS`, "" where an earlier one was taken back.
        reason: short code such as "staff", "play", "" for none.
        note: free text.
        said_utc: ISO 8601.
    """

    id: int
    event: str
    reviewer: str
    verdict: str
    reason: str
    note: str
    said_utc: str
