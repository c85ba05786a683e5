"""What people say of events, and what can be learnt from it.

Owns: the values of reviewing. May import: `engine.core`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.core.anomalies import AnomalyEvent
from engine.core.config import Checked, number
from engine.core.types import FloatArray

REASON_CODES = ("staff", "play", "ordinary", "wrong-person", "not-visible", "paid", "other")
"""Short reasons that may be given with a verdict; "" for none."""


@dataclass(frozen=True, kw_only=True)
class EventFilter(Checked):
    """Which events are wanted; empty is all.

    Attributes:
        footage: ids.
        labels: of `EVENT_LABELS`.
        kinds: of `KINDS`.
        verdicts: of `VERDICTS`, and "" for what nobody has judged.
        min_score: lowest score.
        min_severity: lowest severity.
    """

    footage: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    verdicts: tuple[str, ...] = ()
    min_score: float = number(0.0, 0.0, 1.0, "", "Only events with at least this score.")
    min_severity: float = number(0.0, 0.0, 1.0, "", "Only events at least so severe.")


@dataclass(frozen=True, slots=True)
class ReviewItem:
    """An event as it is reviewed.

    Attributes:
        event: what was found.
        footage_name: of its footage.
        person_name: what an analyst calls the person, "" where nobody has said.
        verdict: what all reviewers together say, of `VERDICTS`; "" where nobody has. Contrary ones make "unsure".
        mine: what the asking reviewer says, "" where nothing, or where nobody asked.
        disputed: reviewers contradict each other.
        disagreement: two cameras contradict each other in its time.
        verdicts: how many were given, those taken back left out.
        added_by: who added it by hand, "" of a model's.
    """

    event: AnomalyEvent
    footage_name: str
    person_name: str
    verdict: str
    mine: str
    disputed: bool
    disagreement: bool
    verdicts: int
    added_by: str


@dataclass(frozen=True, slots=True)
class MeasuredPrecision:
    """What people said of the events that a model would have shown at a threshold.

    Attributes:
        model: that found them.
        version: of the model.
        footage: id, "" for all footage together.
        threshold: in [0, 1].
        seen: events with at least that score which were confirmed or dismissed.
        kept: of them, confirmed.
        unsure: events with that score about which people are not sure.
        waiting: events with that score that nobody has judged.
        missed: confirmed events under the threshold, and events added by hand where the model showed none.
    """

    model: str
    version: str
    footage: str
    threshold: float
    seen: int
    kept: int
    unsure: int
    waiting: int
    missed: int

    @property
    def precision(self) -> float | None:
        """Share of the judged events that were kept, None where none was judged."""
        return self.kept / self.seen if self.seen else None


@dataclass(frozen=True, slots=True)
class ThresholdAdvice:
    """A threshold that the verdicts so far speak for.

    Attributes:
        model: it is about.
        version: of the model.
        threshold: suggested, in [0, 1].
        seen: judged events it would have shown.
        kept: of them, confirmed.
        lost: confirmed events it would not have shown.
        judged: events that were judged altogether; with few of them the advice is weak.
    """

    model: str
    version: str
    threshold: float
    seen: int
    kept: int
    lost: int
    judged: int


@dataclass(frozen=True, slots=True, eq=False)
class JudgedSequence:
    """A stretch of somebody's movement that people have judged: an example to train on.

    Attributes:
        event: id of the event.
        footage: footage id.
        label: of `ANOMALIES`: the event's where it was confirmed, "normal" where it was dismissed.
        t: (M,) float64 seconds, ascending.
        landmarks: (M, 33, 3) float32, x, y pixels and visibility, as they were found.
        size: width and height of the picture, pixels.
    """

    event: str
    footage: str
    label: str
    t: NDArray[np.float64]
    landmarks: FloatArray
    size: tuple[int, int]
