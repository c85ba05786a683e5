"""What reviewers say together, and which event comes first."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.core.anomalies import AnomalyEvent
from engine.core.reviews import EventFilter, ReviewItem
from engine.review.queue import in_order, together, wanted, worth

EVENT = AnomalyEvent("e", "hall", "r", "skeleton", "theft", "P1", 1, 5.0, 9.0, 0.8, 0.5, "lstm", "1", ())


def item(
    name: str = "e",
    *,
    score: float = 0.8,
    severity: float = 0.5,
    verdict: str = "",
    mine: str = "",
    disputed: bool = False,
    disagreement: bool = False,
    **event: object,
) -> ReviewItem:
    found = replace(EVENT, id=name, score=score, severity=severity, **event)  # type: ignore[arg-type]
    return ReviewItem(found, "hall.mp4", "", verdict, mine, disputed, disagreement, int(bool(verdict)), "")


@pytest.mark.parametrize(
    ("verdicts", "expected"),
    [
        pytest.param([], ("", False), id="nobody"),
        pytest.param(["confirmed"], ("confirmed", False), id="one"),
        pytest.param(["unsure"], ("unsure", False), id="unsure"),
        pytest.param(["confirmed", "unsure"], ("confirmed", False), id="unsure-does-not-count"),
        pytest.param(["confirmed", "dismissed"], ("unsure", True), id="contrary"),
        pytest.param(["dismissed", "dismissed", "confirmed"], ("dismissed", True), id="more-of-one"),
    ],
)
def test_together(verdicts: list[str], expected: tuple[str, bool]) -> None:
    assert together(verdicts) == expected


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param(item(), item(mine="confirmed", verdict="confirmed", severity=1.0), id="mine-is-done"),
        pytest.param(item(score=0.7), item(verdict="dismissed", score=1.0), id="settled-by-others"),
        pytest.param(item(verdict="unsure"), item(verdict="confirmed", score=1.0), id="unsure-is-not-settled"),
        pytest.param(
            item(verdict="confirmed", disputed=True),
            item(verdict="confirmed", severity=1.0, score=1.0),
            id="disputed-is-not-settled",
        ),
        pytest.param(item(severity=0.9), item(severity=0.5), id="severe"),
        pytest.param(item(score=0.9), item(score=0.8), id="sure"),
        pytest.param(item(disagreement=True), item(score=1.0), id="cameras-contradict"),
        pytest.param(item(severity=0.9, score=0.9), item(severity=1.0, score=0.7), id="both-count"),
        pytest.param(item(start_s=1.0), item(start_s=2.0), id="earlier"),
    ],
)
def test_what_comes_first(first: ReviewItem, second: ReviewItem) -> None:
    second = replace(second, event=replace(second.event, id="f"))
    assert in_order([second, first]) == (first, second) == in_order([first, second])
    assert worth(first) >= 0


@pytest.mark.parametrize(
    ("filters", "passes"),
    [
        pytest.param({}, True, id="all"),
        pytest.param({"footage": ("hall",)}, True, id="footage"),
        pytest.param({"footage": ("gate",)}, False, id="other-footage"),
        pytest.param({"labels": ("theft", "damage")}, True, id="label"),
        pytest.param({"labels": ("damage",)}, False, id="other-label"),
        pytest.param({"kinds": ("manual",)}, False, id="other-kind"),
        pytest.param({"verdicts": ("",)}, True, id="unjudged"),
        pytest.param({"verdicts": ("confirmed",)}, False, id="judged"),
        pytest.param({"min_score": 0.8}, True, id="score"),
        pytest.param({"min_score": 0.81}, False, id="higher-score"),
        pytest.param({"min_severity": 0.6}, False, id="higher-severity"),
    ],
)
def test_filters(filters: dict[str, object], passes: bool) -> None:
    assert wanted(item(), EventFilter(**filters)) is passes  # type: ignore[arg-type]
