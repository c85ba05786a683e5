"""Scores of windows into events: smoothed over time, strong enough for long enough, with what weighed most.

May import: `engine.core`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.core.anomalies import (
    NORMAL,
    UNPAID,
    AnomalyEvent,
    EventCurve,
    EventDraft,
    Reason,
    WindowScores,
)
from engine.core.config import AnomalyConfig
from engine.core.types import FloatArray, Tracklet

SEVERITY = {"assault": 1.0, "theft": 0.8, "damage": 0.7, UNPAID: 0.6}
"""How much each kind matters if it is true, in [0, 1]: people before goods, goods before things."""

LONG_S = 10.0
"""An event that lasts so long is as severe as its kind can be; one over in a moment is a fifth less."""

MOST_REASONS = 3
"""Joints, and windows, that are named."""

EDGE = 1e-6


def middles(windows: WindowScores) -> NDArray[np.float64]:
    """(W,) seconds, the middle of each window."""
    return (windows.start_s + windows.end_s) / 2


def smoothed(windows: WindowScores, config: AnomalyConfig) -> FloatArray:
    """Probabilities in which every window is heard together with its neighbours in time.

    Args:
        windows: W windows of one tracklet, ascending.
        config: how far neighbours reach, and how much of a body a window must have seen to be heard.

    Returns:
        (W, L) float32. Rows sum to 1; a row is 0 where no window near it saw enough.
    """
    t = middles(windows)
    heard = np.where(windows.coverage >= config.min_coverage - EDGE, windows.coverage, 0.0).astype(np.float64)
    reach = max(config.smooth_s / 2, EDGE)
    # A triangle: a window counts less the farther it is, and one just beyond the reach not at all.
    near = np.maximum(0.0, 1.0 - np.abs(t[:, None] - t[None, :]) / reach) * heard[None, :]
    total = near.sum(axis=1, keepdims=True)
    mean = near @ windows.probabilities.astype(np.float64) / np.maximum(total, EDGE)
    return np.where(total > EDGE, mean, 0.0).clip(0.0, 1.0).astype(np.float32)


def heard_s(windows: WindowScores, config: AnomalyConfig) -> float:
    """How long a tracklet was really judged, seconds: the time that lies in windows which saw enough of its body.

    Args:
        windows: of one tracklet, ascending.
        config: how much of a body a window must have seen to be heard.
    """
    heard = windows.coverage >= config.min_coverage - EDGE
    start, end = windows.start_s[heard], windows.end_s[heard]
    if not len(start):
        return 0.0
    before = np.maximum.accumulate(np.concatenate([[-np.inf], end[:-1]]))
    return float(np.maximum(end - np.maximum(start, before), 0.0).sum())


def strength(probabilities: FloatArray, labels: tuple[str, ...]) -> FloatArray:
    """(W,) float32: how sure it is that a window is not normal; 0 of rows that say nothing.

    Args:
        probabilities: (W, L), as `smoothed` gives them.
        labels: of the columns.
    """
    abnormal = [column for column, label in enumerate(labels) if label != NORMAL]
    strong: FloatArray = probabilities[:, abnormal].sum(axis=1).clip(0.0, 1.0).astype(np.float32)
    return strong


def window_edges(windows: WindowScores) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """What time each window speaks for: until halfway to its neighbours, alone to its own ends.

    Returns:
        (W,) starts and (W,) ends, seconds.
    """
    t = middles(windows)
    start, end = windows.start_s.copy(), windows.end_s.copy()
    overlap = windows.end_s[:-1] > windows.start_s[1:]
    between = (t[:-1] + t[1:]) / 2
    end[:-1] = np.where(overlap, between, windows.end_s[:-1])
    start[1:] = np.where(overlap, between, windows.start_s[1:])
    return start, end


@dataclass(frozen=True, slots=True)
class _Run:
    """Windows first to last, inclusive, that are one event of one label."""

    label: int
    first: int
    last: int


def anomaly_events(windows: WindowScores, tracklet: Tracklet, config: AnomalyConfig) -> list[EventDraft]:
    """The events of one tracklet, by start.

    An event begins where what is not normal reaches the threshold and one kind leads clearly; it lasts while it stays
    over the held share of the threshold, so that one weaker window does not cut it in two. Events of one kind that are
    close together are one. What lasts too short is dropped.

    Args:
        windows: scores of its windows.
        tracklet: their tracklet: where the events are.
        config: thresholds and durations.
    """
    if not len(windows):
        return []
    soft = smoothed(windows, config)
    strong = strength(soft, windows.labels)
    start, end = window_edges(windows)
    runs = _joined(_runs(soft, strong, windows.labels, config), start, end, config.join_s)
    return [
        _draft(windows, tracklet, soft, run) for run in runs if end[run.last] - start[run.first] >= config.min_s - EDGE
    ]


def _runs(soft: FloatArray, strong: FloatArray, labels: tuple[str, ...], config: AnomalyConfig) -> list[_Run]:
    """Stretches that hold, each with at least one window that reaches; a stretch has the label that leads in it."""
    kinds = [column for column, label in enumerate(labels) if label != NORMAL]
    leads = soft[:, kinds].max(axis=1) >= config.decided - EDGE
    holds = strong >= config.threshold * config.hold - EDGE
    reaches = (strong >= config.threshold - EDGE) & leads
    found = []
    borders = np.flatnonzero(np.diff(np.concatenate([[False], holds, [False]]).astype(np.int8)))
    for first, after in zip(borders[::2].tolist(), borders[1::2].tolist(), strict=True):
        if not reaches[first:after].any():
            continue
        weight = soft[first:after, kinds].astype(np.float64).sum(axis=0)
        found.append(_Run(kinds[int(weight.argmax())], first, after - 1))
    return found


def _joined(runs: list[_Run], start: NDArray[np.float64], end: NDArray[np.float64], join_s: float) -> list[_Run]:
    joined: list[_Run] = []
    for run in runs:
        before = joined[-1] if joined else None
        if before is not None and before.label == run.label and start[run.first] - end[before.last] <= join_s:
            joined[-1] = _Run(run.label, before.first, run.last)
        else:
            joined.append(run)
    return joined


def _draft(windows: WindowScores, tracklet: Tracklet, soft: FloatArray, run: _Run) -> EventDraft:
    rows = slice(run.first, run.last + 1)
    start, end = window_edges(windows)
    strong = strength(soft, windows.labels)[rows]
    peak = run.first + int(strong.argmax())
    label = windows.labels[run.label]
    # A window's last step lasts as long as any other, and so ends after the last sighting.
    start_s, end_s = float(start[run.first]), min(float(end[run.last]), tracklet.last_s)
    t = min(max(float(middles(windows)[peak]), tracklet.first_s), tracklet.last_s)
    row = int(np.abs(tracklet.t - t).argmin())
    x1, y1, x2, y2 = (float(side) for side in tracklet.boxes[row])
    return EventDraft(
        kind="skeleton",
        label=label,
        tracklet=windows.tracklet,
        start_s=start_s,
        end_s=end_s,
        score=float(strong.max()),
        severity=severity(label, end_s - start_s),
        t=float(tracklet.t[row]),
        box=(x1, y1, x2, y2),
        reasons=_reasons(windows, soft, run, (start_s, end_s)),
    )


def severity(label: str, length_s: float) -> float:
    """How much an event matters if it is true, in [0, 1].

    Args:
        label: of the event; a kind of an analyst's own is in the middle.
        length_s: how long it lasts, seconds.
    """
    return SEVERITY.get(label, 0.5) * (0.8 + 0.2 * min(length_s / LONG_S, 1.0))


def _reasons(windows: WindowScores, soft: FloatArray, run: _Run, span: tuple[float, float]) -> tuple[Reason, ...]:
    """Joints and windows that weighed most: joints by their weight in strong windows, windows by the model's answer."""
    rows = np.arange(run.first, run.last + 1)
    told = windows.probabilities[rows, run.label].astype(np.float64)
    found = []
    if windows.joints and told.sum() > 0:
        weights = (windows.weights[rows] * told[:, None]).sum(axis=0) / told.sum()
        for joint in np.argsort(-weights, kind="stable")[:MOST_REASONS]:
            if weights[joint] > 0:
                found.append(Reason("joint", windows.joints[joint], float(min(weights[joint], 1.0)), *span))
    for row in rows[np.argsort(-told, kind="stable")[:MOST_REASONS]]:
        weight = float(windows.probabilities[row, run.label])
        times = float(windows.start_s[row]), float(windows.end_s[row])
        found.append(Reason("window", windows.labels[run.label], weight, *times))
    return tuple(sorted(found, key=lambda reason: (reason.kind != "joint", -reason.weight, reason.start_s)))


def event_curve(windows: WindowScores, event: AnomalyEvent, config: AnomalyConfig) -> EventCurve:
    """What the model said over the whole time of an event's tracklet.

    Args:
        windows: of the tracklet.
        event: made of them.
        config: it was made with.
    """
    of_shop = event.kind == "behaviour"
    return EventCurve(
        labels=windows.labels,
        t=middles(windows),
        raw=windows.probabilities,
        # The shop rules read windows as they are.
        smoothed=windows.probabilities if of_shop else smoothed(windows, config),
        coverage=windows.coverage,
        threshold=config.shop_threshold if of_shop else config.threshold,
        start_s=event.start_s,
        end_s=event.end_s,
    )
