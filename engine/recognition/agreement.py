"""Two cameras on one place: what both say counts, what they contradict each other about does not.

May import: `engine.core`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.core.anomalies import NORMAL, PASS, WindowScores

LEAST_SHARE = 0.5
"""Share of the shorter of two windows that they must have in common, to speak of the same time."""


@dataclass(frozen=True, slots=True)
class MergedWindow:
    """What two cameras say together of one window of the first.

    Attributes:
        tracklet: of the first camera.
        start_s: seconds, by the first camera's clock.
        end_s: seconds, likewise.
        label: what counts: the common label, `PASS` where they contradict each other, the first camera's own where the
            second shows nobody then.
        score: its probability, in [0, 1]: the mean of both; of `PASS` the smaller of both.
        here: what the first says.
        there: what the second says, "" where it shows nobody.
        here_score: its probability.
        there_score: its probability, 0 where it shows nobody.
    """

    tracklet: int
    start_s: float
    end_s: float
    label: str
    score: float
    here: str
    there: str
    here_score: float
    there_score: float

    @property
    def disagrees(self) -> bool:
        """The cameras contradict each other."""
        return self.label == PASS


def merge_views(
    here: WindowScores, there: Sequence[WindowScores], threshold: float, *, alone_counts: bool = True
) -> list[MergedWindow]:
    """Ask a second camera about every window of the first.

    A window of the second speaks of the same time when the two have half of the shorter in common. It is not known
    which of the people on the one camera is which on the other: if anybody there does what is done here, they agree;
    if all do something else, they disagree; and two that are both normal agree on that.

    Args:
        here: windows of one person on the first camera.
        there: windows of all people on the second, their times already on the first camera's clock.
        threshold: probability under which a window is "normal".
        alone_counts: a window of a time at which the second camera shows nobody counts as it is; else it passes.

    Returns:
        One for each window of `here`, in order.

    Raises:
        ValueError: the two do not tell the same labels.
    """
    if any(each.labels != here.labels for each in there):
        raise ValueError("both cameras must be read for the same labels")
    merged = []
    for row in range(len(here)):
        label, score = _told(here, row, threshold)
        others = [
            (*_told(each, int(other), threshold), float(shares[other]))
            for each in there
            for shares in [_common(here, row, each)]
            for other in np.flatnonzero(shares >= LEAST_SHARE - 1e-6)
        ]
        same = [one for one in others if one[0] == label]
        if same:
            theirs = max(same, key=lambda one: one[1])
            outcome, total = label, (score + theirs[1]) / 2
        elif others:
            # Of what contradicts, the nearest in time is named, and an act before somebody who merely stands there.
            theirs = max(others, key=lambda one: (one[2], one[0] != NORMAL, one[1]))
            outcome, total = PASS, min(score, theirs[1])
        else:
            theirs = ("", 0.0, 0.0)
            outcome, total = (label, score) if alone_counts else (PASS, score)
        times = float(here.start_s[row]), float(here.end_s[row])
        merged.append(MergedWindow(here.tracklet, *times, outcome, total, label, theirs[0], score, theirs[1]))
    return merged


def as_windows(windows: WindowScores, merged: Sequence[MergedWindow]) -> WindowScores:
    """The first camera's windows with what both say together: `PASS` and what counts for nothing are "normal".

    Args:
        windows: of the first camera.
        merged: what `merge_views` made of them.
    """
    probabilities = windows.probabilities.copy()
    normal = windows.labels.index(NORMAL)
    for row, one in enumerate(merged):
        column = normal if one.label == PASS else windows.labels.index(one.label)
        if one.label == PASS:
            probabilities[row] = 0.0
            probabilities[row, normal] = 1.0
            continue
        rest = probabilities[row].sum() - probabilities[row, column]
        scale = (1.0 - one.score) / rest if rest > 0 else 0.0
        probabilities[row] *= scale
        probabilities[row, column] = one.score if rest > 0 else 1.0
    return WindowScores(
        tracklet=windows.tracklet,
        labels=windows.labels,
        start_s=windows.start_s,
        end_s=windows.end_s,
        probabilities=np.clip(probabilities, 0.0, 1.0).astype(np.float32),
        coverage=windows.coverage,
        joints=windows.joints,
        weights=windows.weights,
    )


def _told(windows: WindowScores, row: int, threshold: float) -> tuple[str, float]:
    column = int(windows.probabilities[row].argmax())
    label, score = windows.labels[column], float(windows.probabilities[row, column])
    if label != NORMAL and score < threshold:
        normal = float(windows.probabilities[row, windows.labels.index(NORMAL)])
        return NORMAL, normal
    return label, score


def _common(here: WindowScores, row: int, there: WindowScores) -> NDArray[np.float64]:
    start, end = here.start_s[row], here.end_s[row]
    common = np.minimum(there.end_s, end) - np.maximum(there.start_s, start)
    shorter = np.minimum(there.end_s - there.start_s, end - start)
    return np.asarray(np.maximum(common, 0.0) / shorter)
