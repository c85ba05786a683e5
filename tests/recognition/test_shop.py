"""The shop's machine as a table, and what leads to it: acts out of windows, stays at a counter, warnings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from engine.core.anomalies import BEHAVIOURS, WindowScores, Zone
from engine.core.config import AnomalyConfig
from engine.core.types import Poses, Tracklet
from engine.recognition.shop import EMPTY, Act, Basket, Visit, acts_of, in_order, run, stays, step, unpaid_event

CONFIG = AnomalyConfig()
SIZE = (400, 200)
COUNTER = Zone("counter", ((0.5, 0.0), (1.0, 0.0), (1.0, 1.0), (0.5, 1.0)))


def held(items: int, *, hidden: bool = False, warned: bool = False) -> tuple[int, bool, bool]:
    return items, hidden, warned


NOTHING = held(0)


@pytest.mark.parametrize(
    ("acts", "expected"),
    [
        pytest.param("", NOTHING, id="nothing"),
        pytest.param("leave", NOTHING, id="only-looks"),
        pytest.param("normal pass normal leave", NOTHING, id="normal-and-pass-change-nothing"),
        pytest.param("catch", held(1), id="takes"),
        pytest.param("catch leave", held(1, warned=True), id="takes-and-goes"),
        pytest.param("insert leave", held(1, hidden=True, warned=True), id="hides-and-goes"),
        pytest.param("catch insert leave", held(1, hidden=True, warned=True), id="hiding-what-was-taken-is-one-item"),
        pytest.param("catch catch insert", held(2, hidden=True), id="two-items"),
        pytest.param("insert catch leave", held(2, hidden=True, warned=True), id="hides-then-takes"),
        pytest.param("catch put leave", NOTHING, id="puts-back"),
        pytest.param("insert put leave", NOTHING, id="takes-out-of-the-bag-again"),
        pytest.param("put leave", NOTHING, id="brings-something"),
        pytest.param("put catch leave", held(1, warned=True), id="a-put-is-no-credit"),
        pytest.param("catch catch put leave", held(1, warned=True), id="puts-one-of-two-back"),
        pytest.param("catch catch put put leave", NOTHING, id="puts-both-back"),
        pytest.param("catch pay leave", NOTHING, id="pays"),
        pytest.param("catch insert pay leave", NOTHING, id="pays-for-what-is-in-the-bag"),
        pytest.param("catch catch catch pay leave", NOTHING, id="pays-for-all"),
        pytest.param("pay catch leave", held(1, warned=True), id="pays-before-taking"),
        pytest.param("catch pay insert leave", held(1, hidden=True, warned=True), id="takes-more-after-paying"),
        pytest.param("catch pass leave", held(1, warned=True), id="a-contradiction-does-not-clear"),
        pytest.param("catch leave put pay", held(1, warned=True), id="gone-is-gone"),
    ],
)
def test_the_machine(acts: str, expected: tuple[int, bool, bool]) -> None:
    basket = run(Act(what, n, n + 1.0) for n, what in enumerate(acts.split()))
    assert (basket.items, basket.hidden, basket.warned) == expected


def test_first_and_last_suspicious_window() -> None:
    acts = [Act("catch", 1, 2), Act("put", 3, 4), Act("catch", 5, 6), Act("insert", 7, 8), Act("leave", 9, 9)]
    basket = run(acts)
    assert [(act.what, act.start_s) for act in basket.suspicious] == [("catch", 5), ("insert", 7)]
    assert step(Basket(2, False, (acts[0], acts[2])), acts[1]).suspicious == (acts[0], acts[2])
    assert step(EMPTY, Act("normal", 0, 1)) is EMPTY


def windows(told: Sequence[tuple[str, float]], *, first: float = 0.0, tracklet: int = 1) -> WindowScores:
    """Windows of four seconds every two; what is left of a probability is normal."""
    rows = np.zeros((len(told), 4), np.float32)
    for row, (label, sure) in enumerate(told):
        rows[row, BEHAVIOURS.index(label)] += sure
        rows[row, BEHAVIOURS.index("normal")] += 1.0 - sure
    start = first + 2.0 * np.arange(len(told))
    return WindowScores(
        tracklet,
        BEHAVIOURS,
        start,
        start + 4.0,
        rows,
        np.ones(len(told), np.float32),
        (),
        np.zeros((len(told), 0), "f4"),
    )


REST = ("normal", 1.0)


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        pytest.param([REST, REST], [], id="nothing"),
        pytest.param([REST, ("catch", 0.6), ("catch", 0.8), REST], [("catch", 2.0, 8.0, 0.8)], id="one-act-in-two"),
        pytest.param([("catch", 0.49)], [], id="not-sure-enough"),
        pytest.param(
            [("catch", 0.6), REST, ("catch", 0.7)], [("catch", 0.0, 4.0, 0.6), ("catch", 4.0, 8.0, 0.7)], id="two-acts"
        ),
        pytest.param(
            [("catch", 0.6), ("insert", 0.7)], [("catch", 0.0, 4.0, 0.6), ("insert", 2.0, 6.0, 0.7)], id="two-kinds"
        ),
    ],
)
def test_acts(told: list[tuple[str, float]], expected: list[tuple[object, ...]]) -> None:
    acts = acts_of(windows(told), CONFIG.shop_threshold)
    assert [(act.what, act.start_s, act.end_s, round(act.score, 4)) for act in acts] == expected


def test_a_hole_between_windows_parts_two_acts() -> None:
    told = windows([("catch", 0.6)] * 4)
    rows = [0, 3]
    apart = replace(
        told,
        start_s=told.start_s[rows],
        end_s=told.end_s[rows],
        probabilities=told.probabilities[rows],
        coverage=told.coverage[rows],
        weights=told.weights[rows],
    )
    assert len(acts_of(told, 0.5)) == 1 and len(acts_of(apart, 0.5)) == 2


def test_the_likeliest_is_not_enough() -> None:
    told = windows([("catch", 1.0)])
    rows = np.array([[0.45, 0.3, 0.15, 0.1]], np.float32)
    assert acts_of(replace(told, probabilities=rows), 0.5) == []
    assert [act.what for act in acts_of(replace(told, probabilities=rows), 0.4)] == ["catch"]


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        pytest.param(0.65, 0.75, 1, id="the-floor-where-they-stand"),
        pytest.param(0.45, 0.55, 1, id="around-their-middle"),
        pytest.param(0.2, 0.35, 0, id="behind-their-heads"),
    ],
)
def test_how_a_counter_may_be_drawn(low: float, high: float, expected: int) -> None:
    # The box reaches from .3 to .7 of the picture's height.
    zone = Zone("counter", ((0.0, low), (1.0, low), (1.0, high), (0.0, high)))
    assert len(stays(shopper([(0, 0.5), (10, 0.5)]), [zone], SIZE, 4.0)) == expected


def shopper(path: Sequence[tuple[float, float]], *, number: int = 1) -> Tracklet:
    """Somebody who is at x (share of the width) at given seconds, on straight lines between."""
    t = np.arange(path[0][0], path[-1][0] + 0.01, 0.2)
    x = np.interp(t, [one[0] for one in path], [one[1] for one in path]) * SIZE[0]
    boxes = np.stack([x - 10, np.full_like(x, 60), x + 10, np.full_like(x, 140)], axis=1).astype(np.float32)
    n = len(t)
    ones = np.full(n, 0.9, np.float32)
    return Tracklet(number, t, boxes, ones, np.zeros(n, np.bool_), Poses.missing(n), ones)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        pytest.param([(0, 0.1), (20, 0.1)], 0, id="never-there"),
        pytest.param([(0, 0.6), (20, 0.6)], 1, id="always-there"),
        pytest.param([(0, 0.1), (5, 0.1), (5.1, 0.6), (8.9, 0.6), (9, 0.1), (20, 0.1)], 0, id="under-four-seconds"),
        pytest.param([(0, 0.1), (5, 0.1), (5.1, 0.6), (9.5, 0.6), (9.6, 0.1), (20, 0.1)], 1, id="over-four-seconds"),
        pytest.param(
            [(0, 0.1), (1, 0.6), (3, 0.6), (3.1, 0.1), (3.5, 0.1), (3.6, 0.6), (7, 0.6), (7.1, 0.1)], 1, id="trembles"
        ),
    ],
)
def test_stays_at_the_counter(path: list[tuple[float, float]], expected: int) -> None:
    assert len(stays(shopper(path), [COUNTER], SIZE, 4.0)) == expected


def test_what_hands_do_at_the_counter_is_paying() -> None:
    stay = Act("pay", 10.0, 20.0)
    acts = [Act("catch", 0.0, 4.0), Act("insert", 12.0, 16.0), Act("put", 20.0, 24.0)]
    assert [act.what for act in in_order(acts, [stay])] == ["catch", "pay", "put"]


ROUND = [(0.0, 0.1), (20.0, 0.1), (22.0, 0.6), (30.0, 0.6), (32.0, 0.1), (40.0, 0.1)]
AWAY = [(0.0, 0.1), (40.0, 0.2)]


@pytest.mark.parametrize(
    ("told", "path", "zones", "expected"),
    [
        pytest.param([REST, ("catch", 0.6)], AWAY, [COUNTER], (2.0, 6.0, "not-paid"), id="goes-unpaid"),
        pytest.param([REST, ("catch", 0.6)], ROUND, [COUNTER], None, id="pays"),
        pytest.param([REST, ("catch", 0.6)], ROUND, [], (2.0, 6.0, "no-counter"), id="no-counter-drawn"),
        pytest.param([REST, REST], AWAY, [COUNTER], None, id="looks"),
        pytest.param(
            [("catch", 0.6), REST, REST, ("insert", 0.55)], AWAY, [COUNTER], (0.0, 10.0, "not-paid"), id="first-to-last"
        ),
    ],
)
def test_warnings(
    told: list[tuple[str, float]],
    path: list[tuple[float, float]],
    zones: list[Zone],
    expected: tuple[float, float, str] | None,
) -> None:
    visit = Visit((shopper(path),), (windows(told),), SIZE, 60.0)
    event = unpaid_event(visit, zones, CONFIG)
    if expected is None:
        assert event is None
        return
    assert event is not None and (event.label, event.kind, event.score) == ("unpaid", "behaviour", pytest.approx(0.6))
    assert (event.start_s, event.end_s, event.reasons[-1].name) == expected
    assert {reason.name for reason in event.reasons[:-1]} == {label for label, _ in told if label != "normal"}


def test_a_person_is_watched_across_tracklets() -> None:
    first, second = shopper([(0, 0.1), (10, 0.1)]), shopper([(15, 0.1), (30, 0.6), (40, 0.6), (41, 0.1)], number=2)
    taken = windows([("catch", 0.6)])
    assert unpaid_event(Visit((first, second), (taken,), SIZE, 60.0), [COUNTER], CONFIG) is None
    assert unpaid_event(Visit((first,), (taken,), SIZE, 60.0), [COUNTER], CONFIG) is not None


def test_who_is_still_there_may_still_pay() -> None:
    gone = unpaid_event(Visit((shopper(AWAY),), (windows([("catch", 0.6)]),), SIZE, 60.0), [COUNTER], CONFIG)
    there = unpaid_event(Visit((shopper(AWAY),), (windows([("catch", 0.6)]),), SIZE, 40.3), [COUNTER], CONFIG)
    assert gone is not None and there is not None and there.severity < gone.severity
    assert there.reasons[-1].name == "still-in-view"
