"""What verdicts say of a model."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.core.reviews import ReviewItem
from engine.review.precision import advise, by_model, measure, measured
from tests.review.test_queue import item

JUDGED = [("confirmed", 0.95), ("confirmed", 0.9), ("dismissed", 0.85), ("confirmed", 0.75), ("dismissed", 0.72)]
JUDGED += [("dismissed", 0.66), ("dismissed", 0.6), ("unsure", 0.8), ("", 0.9)]


def events(judged: list[tuple[str, float]] = JUDGED, **changes: object) -> list[ReviewItem]:
    return [
        item(f"e{n}", verdict=verdict, score=score, start_s=100.0 * n, end_s=100.0 * n + 5, **changes)  # type: ignore[arg-type]
        for n, (verdict, score) in enumerate(judged)
    ]


def manual(start_s: float, verdict: str = "", label: str = "theft") -> ReviewItem:
    added = item("m", verdict=verdict, score=1.0, kind="manual", model="", version="", label=label)
    return replace(added, event=replace(added.event, start_s=start_s, end_s=start_s + 5), added_by="Ann")


@pytest.mark.parametrize(
    ("threshold", "seen", "kept", "unsure", "waiting", "missed"),
    [
        pytest.param(0.5, 7, 3, 1, 1, 0, id="all"),
        pytest.param(0.7, 5, 3, 1, 1, 0, id="seventy"),
        pytest.param(0.8, 3, 2, 1, 1, 1, id="one-lost"),
        pytest.param(0.93, 1, 1, 0, 0, 2, id="only-the-surest"),
        pytest.param(0.99, 0, 0, 0, 0, 3, id="nothing"),
    ],
)
def test_at_a_threshold(threshold: float, seen: int, kept: int, unsure: int, waiting: int, missed: int) -> None:
    (judged,) = by_model(events())
    row = measure(judged, threshold)
    assert (row.seen, row.kept, row.unsure, row.waiting, row.missed) == (seen, kept, unsure, waiting, missed)
    assert row.precision == (pytest.approx(kept / seen) if seen else None)


@pytest.mark.parametrize(
    ("added", "missed"),
    [
        pytest.param(manual(50.0), 1, id="found-by-hand"),
        pytest.param(manual(2.0), 0, id="the-model-has-it"),
        pytest.param(manual(50.0, "dismissed"), 0, id="dismissed"),
        pytest.param(manual(50.0, label="unpaid"), 0, id="no-business-of-this-model"),
    ],
)
def test_what_people_added_was_missed(added: ReviewItem, missed: int) -> None:
    (judged,) = by_model([*events(), added])
    assert measure(judged, 0.7).missed == missed


def test_an_event_under_the_threshold_and_by_hand_is_missed_once() -> None:
    (judged,) = by_model([*events(), manual(302.0)])
    assert measure(judged, 0.8).missed == 1


def test_by_model_and_footage() -> None:
    rows = measured([*events(), *events(footage="gate"), *events(model="other")], (0.5, 0.7))
    assert [(row.model, row.footage, row.threshold) for row in rows] == [
        ("lstm", "", 0.5),
        ("lstm", "", 0.7),
        ("lstm", "gate", 0.5),
        ("lstm", "gate", 0.7),
        ("lstm", "hall", 0.5),
        ("lstm", "hall", 0.7),
        ("other", "", 0.5),
        ("other", "", 0.7),
        ("other", "hall", 0.5),
        ("other", "hall", 0.7),
    ]
    assert [row.seen for row in rows[:4]] == [14, 10, 7, 5]


@pytest.mark.parametrize(
    ("target", "threshold", "seen", "kept", "lost"),
    [
        pytest.param(0.4, 0.6, 7, 3, 0, id="low"),
        pytest.param(0.5, 0.66, 6, 3, 0, id="half"),
        pytest.param(0.7, 0.75, 4, 3, 0, id="more"),
        pytest.param(0.9, 0.9, 2, 2, 1, id="most"),
    ],
)
def test_advice(target: float, threshold: float, seen: int, kept: int, lost: int) -> None:
    (judged,) = by_model(events())
    advice = advise(judged, target)
    assert advice is not None and advice.judged == 7
    assert (advice.threshold, advice.seen, advice.kept, advice.lost) == (threshold, seen, kept, lost)


def test_few_verdicts_advise_nothing() -> None:
    (judged,) = by_model(events(JUDGED[:4]))
    assert advise(judged) is None


def test_where_nothing_reaches_the_target_the_best_is_advised() -> None:
    (judged,) = by_model(events([("dismissed", 0.9), ("confirmed", 0.8), *[("dismissed", 0.7)] * 4]))
    advice = advise(judged, 0.9)
    assert advice is not None and advice.threshold == 0.8
