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

PASS = "pass"  # noqa: S105 - a word, not a secret
"""What two cameras that contradict each other say together."""

UNPAID = "unpaid"
"""Label of the shop rules' events: something was taken and neither put back nor paid for."""

EVENT_LABELS = ("theft", "assault", "damage", UNPAID)
"""What an event may be called, by models and by analysts."""

VERDICTS = ("confirmed", "dismissed", "unsure")

ZONES = ("counter", "shelf")
"""What may be drawn on a footage's picture. A counter makes it a shop; shelves, where drawn, are where hands reach."""

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


Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class EventDraft:
    """An event as recognition finds it, before it is kept.

    Attributes:
        kind: of `KINDS`.
        label: of `EVENT_LABELS`.
        tracklet: number.
        start_s: seconds.
        end_s: seconds, > start_s.
        score: in [0, 1].
        severity: in [0, 1].
        t: seconds, the instant at which it is strongest.
        box: xyxy pixels, of the person at that instant: where its verdicts hang.
        reasons: what weighed most, heaviest first.
    """

    kind: str
    label: str
    tracklet: int
    start_s: float
    end_s: float
    score: float
    severity: float
    t: float
    box: Box
    reasons: tuple[Reason, ...]

    def __post_init__(self) -> None:
        if self.kind not in KINDS or self.end_s <= self.start_s:
            raise ValueError(f"an event needs a kind of {KINDS} and an end after its start, got {self}")
        if not (0.0 <= self.score <= 1.0 and 0.0 <= self.severity <= 1.0):
            raise ValueError(f"score and severity must lie in [0, 1], got {self.score}, {self.severity}")


@dataclass(frozen=True, slots=True, eq=False)
class EventCurve:
    """What the model said over the whole time of the tracklet that an event is of.

    Attributes:
        labels: L labels, the order of the columns.
        t: (W,) float64 seconds, middles of the windows, ascending.
        raw: (W, L) float32, as the model answered.
        smoothed: (W, L) float32, as events are made of them; rows sum to 1, or are 0 where too little was seen.
        coverage: (W,) float32 in [0, 1].
        threshold: in [0, 1]: what 1 less the column of "normal" had to reach.
        start_s: seconds, of the event.
        end_s: seconds, of the event.
    """

    labels: tuple[str, ...]
    t: NDArray[np.float64]
    raw: FloatArray
    smoothed: FloatArray
    coverage: FloatArray
    threshold: float
    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True)
class Zone:
    """A part of the picture that means something.

    Attributes:
        name: of `ZONES`.
        points: three or more corners x, y, as shares of the picture's width and height in [0, 1].
    """

    name: str
    points: tuple[tuple[float, float], ...]

    def __post_init__(self) -> None:
        if self.name not in ZONES or len(self.points) < 3:
            raise ValueError(f"a zone is one of {ZONES} with three or more corners, got {self}")
        if not all(0.0 <= x <= 1.0 and 0.0 <= y <= 1.0 for x, y in self.points):
            raise ValueError(f"corners are shares of the picture in [0, 1], got {self.points}")

    def holds(self, points: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Which points lie in it.

        Args:
            points: (M, 2) x, y, as shares of the picture's width and height.

        Returns:
            (M,) bool, by the number of sides to the right of a point; of two zones that share a side one holds it.
        """
        inside = np.zeros(len(points), np.bool_)
        x, y = points[:, 0], points[:, 1]
        for (x1, y1), (x2, y2) in zip(self.points, (*self.points[1:], self.points[0]), strict=True):
            if y1 != y2:
                crosses = (min(y1, y2) <= y) & (y < max(y1, y2))
                inside ^= crosses & (x < x1 + (y - y1) * (x2 - x1) / (y2 - y1))
        return inside


@dataclass(frozen=True, slots=True)
class ShopScene:
    """What a reader of behaviours is told of a footage.

    Attributes:
        size: width and height of the pictures, pixels.
        length_s: of a window, seconds > 0.
        step_s: from the start of a window to that of the next, seconds > 0.
        zones: drawn on the picture.
    """

    size: tuple[int, int]
    length_s: float
    step_s: float
    zones: tuple[Zone, ...] = ()


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A window of which two cameras said different things; it counts for nothing.

    Attributes:
        footage: id of the one.
        other: id of the other.
        person: label in the first, "" where none is known.
        start_s: seconds, by the clock of `footage`.
        end_s: seconds, likewise.
        here: what `footage` shows.
        there: what `other` shows.
        here_score: its probability, in [0, 1].
        there_score: its probability, in [0, 1].
    """

    footage: str
    other: str
    person: str
    start_s: float
    end_s: float
    here: str
    there: str
    here_score: float
    there_score: float
