"""Events out of scores of windows, as tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.core.anomalies import ANOMALIES, AnomalyEvent, WindowScores
from engine.core.config import AnomalyConfig
from engine.core.types import Poses, Tracklet
from engine.recognition.anomalies import (
    anomaly_events,
    event_curve,
    heard_s,
    severity,
    smoothed,
    strength,
    window_edges,
)

CONFIG = AnomalyConfig(smooth_s=0.0)
JOINTS = ("left wrist", "right wrist", "head")


def body(seconds: float = 60.0) -> Tracklet:
    """Somebody who walks to the right, a pixel every tenth of a second."""
    t = np.arange(0.0, seconds + 0.01, 0.1)
    boxes = np.stack([10 * t, np.full_like(t, 50), 10 * t + 40, np.full_like(t, 150)], axis=1).astype(np.float32)
    n = len(t)
    ones = np.full(n, 0.9, np.float32)
    return Tracklet(3, t, boxes, ones, np.zeros(n, np.bool_), Poses.missing(n), ones)


def scores(
    told: Sequence[tuple[str, float]], *, length: float = 4.0, step: float = 1.0, coverage: float = 1.0
) -> WindowScores:
    """Windows that say a label with a probability; what is left of it is normal, or theft where it says normal."""
    n = len(told)
    rows = np.zeros((n, len(ANOMALIES)), np.float32)
    for row, (label, sure) in enumerate(told):
        rows[row, ANOMALIES.index(label)] = sure
        rows[row, ANOMALIES.index("theft" if label == "normal" else "normal")] += 1.0 - sure
    start = np.arange(n) * step
    weights = np.tile(np.array([0.1, 0.7, 0.2], np.float32), (n, 1))
    return WindowScores(3, ANOMALIES, start, start + length, rows, np.full(n, coverage, np.float32), JOINTS, weights)


CALM = [("normal", 1.0)] * 3


def found(told: Sequence[tuple[str, float]], config: AnomalyConfig = CONFIG, **how: float) -> list[tuple[object, ...]]:
    events = anomaly_events(scores(told, **how), body(), config)
    return [(event.label, event.start_s, event.end_s, round(event.score, 2)) for event in events]


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        pytest.param([], [], id="no-windows"),
        pytest.param(CALM, [], id="calm"),
        pytest.param([*CALM, *[("theft", 0.8)] * 3, *CALM], [("theft", 4.5, 7.5, 0.8)], id="one"),
        pytest.param([*CALM, *[("theft", 0.69)] * 3, *CALM], [], id="not-sure-enough"),
        pytest.param([*CALM, ("theft", 0.9), *CALM], [], id="too-short"),
        pytest.param(
            [*CALM, ("theft", 0.8), ("theft", 0.6), ("theft", 0.9), *CALM], [("theft", 4.5, 7.5, 0.9)], id="holds"
        ),
        pytest.param([("theft", 0.8)], [("theft", 0.0, 4.0, 0.8)], id="a-lone-window-speaks-for-all-its-time"),
        pytest.param([*[("damage", 0.8)] * 2, *CALM], [("damage", 0.0, 3.5, 0.8)], id="at-the-start"),
        pytest.param([*CALM, *[("damage", 0.8)] * 2], [("damage", 4.5, 8.0, 0.8)], id="at-the-end"),
        pytest.param(
            [*[("theft", 0.8)] * 3, *CALM[:2], *[("theft", 0.9)] * 3], [("theft", 0.0, 11.0, 0.9)], id="joined"
        ),
        pytest.param(
            [*[("theft", 0.8)] * 3, *CALM, *CALM, *[("theft", 0.9)] * 3],
            [("theft", 0.0, 4.5, 0.8), ("theft", 10.5, 15.0, 0.9)],
            id="too-far-to-join",
        ),
        pytest.param(
            [*[("theft", 0.8)] * 3, *CALM[:2], *[("assault", 0.9)] * 3],
            [("theft", 0.0, 4.5, 0.8), ("assault", 6.5, 11.0, 0.9)],
            id="other-kinds-are-not-joined",
        ),
        pytest.param(
            [*CALM, ("theft", 0.75), *[("assault", 0.9)] * 3, *CALM], [("assault", 4.5, 8.5, 0.9)], id="leading-label"
        ),
    ],
)
def test_events(told: Sequence[tuple[str, float]], expected: list[tuple[object, ...]]) -> None:
    assert found(told) == expected


def test_an_event_ends_with_its_body_at_the_latest() -> None:
    tracklet = body()
    (event,) = anomaly_events(scores([("theft", 0.8)] * 4, length=tracklet.last_s), tracklet, CONFIG)
    assert event.end_s == tracklet.last_s


@pytest.mark.parametrize(
    ("start", "end", "coverage", "expected"),
    [
        pytest.param([], [], [], 0.0, id="none"),
        pytest.param([0.0, 1.0, 2.0], [4.0, 5.0, 6.0], [0.9, 0.9, 0.9], 6.0, id="overlapping"),
        pytest.param([0.0, 10.0], [4.0, 14.0], [0.9, 0.9], 8.0, id="apart"),
        pytest.param([0.0, 1.0, 10.0], [4.0, 5.0, 14.0], [0.9, 0.0, 0.9], 8.0, id="too-little-seen"),
        pytest.param([0.0, 1.0], [9.0, 2.0], [0.9, 0.9], 9.0, id="within"),
    ],
)
def test_how_long_was_judged(start: list[float], end: list[float], coverage: list[float], expected: float) -> None:
    windows = replace(
        scores([("normal", 1.0)] * len(start)),
        start_s=np.array(start),
        end_s=np.array(end),
        coverage=np.array(coverage, np.float32),
    )
    assert heard_s(windows, CONFIG) == pytest.approx(expected)


def test_an_event_of_no_certain_kind_is_none() -> None:
    windows = scores([("normal", 0.1)] * 4)
    rows = np.tile(np.array([0.3, 0.3, 0.3, 0.1], np.float32), (4, 1))
    assert anomaly_events(replace(windows, probabilities=rows), body(), CONFIG) == []
    assert len(anomaly_events(replace(windows, probabilities=rows), body(), replace(CONFIG, decided=0.3))) == 1


@pytest.mark.parametrize(
    ("changes", "more"),
    [
        pytest.param({"threshold": 0.6}, True, id="lower-threshold"),
        pytest.param({"threshold": 0.8}, False, id="higher-threshold"),
        pytest.param({"min_s": 0.5}, True, id="shorter"),
    ],
)
def test_what_the_settings_cost(changes: dict[str, float], more: bool) -> None:
    told = [*CALM, *[("theft", 0.65)] * 3, *CALM, ("damage", 0.75), *CALM, *CALM, *[("assault", 0.75)] * 3]
    assert (len(found(told, replace(CONFIG, **changes))) > len(found(told))) is more


def test_windows_that_saw_too_little_say_nothing() -> None:
    assert found([("theft", 0.9)] * 5, coverage=CONFIG.min_coverage - 0.01) == []
    assert found([("theft", 0.9)] * 5, coverage=CONFIG.min_coverage + 0.01) != []


def test_one_loud_window_is_smoothed_away() -> None:
    told = [*CALM, ("theft", 0.95), *CALM]
    assert found(told, AnomalyConfig(min_s=0.0, smooth_s=0.0)) and not found(told, AnomalyConfig(min_s=0.0))


def test_smoothing_by_hand() -> None:
    windows = scores([("normal", 1.0), ("theft", 0.8), ("normal", 1.0)])
    # Half a second of reach each side of a window's middle, then two: neighbours a second away weigh one half.
    assert smoothed(windows, AnomalyConfig(smooth_s=1.0))[1, 0] == pytest.approx(0.8)
    assert smoothed(windows, AnomalyConfig(smooth_s=4.0))[1, 0] == pytest.approx(0.8 / 2.0)
    assert strength(windows.probabilities, ANOMALIES).tolist() == pytest.approx([0.0, 0.8, 0.0])


def test_an_event_holds_through_a_weaker_window() -> None:
    told = [*CALM, ("theft", 0.8), ("theft", 0.6), ("theft", 0.9), *CALM]
    assert len(found(told, replace(CONFIG, join_s=0.0, min_s=0.0))) == 1
    assert len(found(told, replace(CONFIG, join_s=0.0, min_s=0.0, hold=1.0))) == 2


def test_joints_weigh_by_the_windows_that_say_so() -> None:
    windows = scores([("theft", 0.9), ("theft", 0.6)])
    weights = np.array([[0.8, 0.1, 0.1], [0.0, 0.9, 0.1]], np.float32)
    (event,) = anomaly_events(replace(windows, weights=weights), body(), CONFIG)
    assert [reason.name for reason in event.reasons if reason.kind == "joint"] == ["left wrist", "right wrist", "head"]
    assert event.reasons[0].weight == pytest.approx(0.9 * 0.8 / 1.5)


def test_holes_belong_to_nobody() -> None:
    windows = scores([("theft", 0.8)] * 2, length=1.0, step=5.0)
    start, end = window_edges(windows)
    assert (start.tolist(), end.tolist()) == ([0.0, 5.0], [1.0, 6.0])


def test_where_and_why() -> None:
    (event,) = anomaly_events(scores([*CALM, ("theft", 0.75), ("theft", 0.9), ("theft", 0.8), *CALM]), body(), CONFIG)
    assert (event.tracklet, event.kind, event.t) == (3, "skeleton", pytest.approx(6.0))
    assert event.box == pytest.approx((60.0, 50.0, 100.0, 150.0))
    assert event.severity == pytest.approx(severity("theft", 3.0)) and severity("theft", 3.0) < severity("assault", 3.0)
    joints = [reason for reason in event.reasons if reason.kind == "joint"]
    assert [joint.name for joint in joints] == ["right wrist", "head", "left wrist"]
    assert (joints[0].start_s, joints[0].end_s) == (event.start_s, event.end_s)
    windows = [reason for reason in event.reasons if reason.kind == "window"]
    assert [(reason.start_s, reason.end_s) for reason in windows] == [(4.0, 8.0), (5.0, 9.0), (3.0, 7.0)]
    assert windows[0].weight == pytest.approx(0.9)


def test_the_curve_shows_what_events_are_made_of() -> None:
    windows = scores([*CALM, *[("theft", 0.8)] * 3])
    event = AnomalyEvent("a" * 12, "f", "r", "skeleton", "theft", "P1", 3, 4.5, 9.0, 0.8, 0.7, "m", "v", ())
    curve = event_curve(windows, event, CONFIG)
    assert curve.t.tolist() == [2.0, 3.0, 4.0, 5.0, 6.0, 7.0] and curve.threshold == CONFIG.threshold
    np.testing.assert_array_equal(curve.smoothed, smoothed(windows, CONFIG))
    shop = event_curve(windows, replace(event, kind="behaviour"), CONFIG)
    assert shop.threshold == CONFIG.shop_threshold
    np.testing.assert_array_equal(shop.smoothed, windows.probabilities)


@given(
    st.lists(st.tuples(st.sampled_from(ANOMALIES), st.floats(0.25, 1.0)), max_size=25),
    st.floats(0.3, 0.99),
    st.floats(0.0, 8.0),
)
def test_events_never_overlap_and_keep_their_promises(
    told: list[tuple[str, float]], threshold: float, smooth_s: float
) -> None:
    config = AnomalyConfig(threshold=threshold, smooth_s=smooth_s)
    events = anomaly_events(scores(told), body(), config)
    for event in events:
        assert event.score >= threshold - 1e-5 and event.end_s - event.start_s >= config.min_s - 1e-5
    for one, two in pairwise(events):
        assert one.end_s <= two.start_s + 1e-9
