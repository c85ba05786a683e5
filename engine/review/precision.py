"""What verdicts say of a model: its precision at every threshold, and which threshold they speak for.

May import: `engine.core`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from engine.core.reviews import MeasuredPrecision, ReviewItem, ThresholdAdvice

THRESHOLDS = (0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95)

TARGET = 0.5
"""Precision that a suggested threshold should have: of two events that are looked at one is worth it."""

LEAST = 5
"""Judged events under which no threshold is suggested."""


@dataclass(frozen=True, slots=True)
class Judged:
    """Events of one model.

    Attributes:
        model: registry name.
        version: its version.
        items: its events; of one that several analyses found, one.
        added: events added by hand that were not dismissed.
    """

    model: str
    version: str
    items: tuple[ReviewItem, ...]
    added: tuple[ReviewItem, ...]


def by_model(items: Iterable[ReviewItem]) -> list[Judged]:
    """Events by the model that found them; those added by hand count as missed by every model of their kind."""
    items = list(items)
    found: dict[tuple[str, str], list[ReviewItem]] = {}
    for item in items:
        if item.event.kind != "manual":
            found.setdefault((item.event.model, item.event.version), []).append(item)
    added = [item for item in items if item.event.kind == "manual" and item.verdict != "dismissed"]
    judged = []
    for (model, version), its in sorted(found.items()):
        labels = {item.event.kind for item in its}
        # An unpaid item is no business of a model of violence, nor the other way round.
        own = [item for item in added if (item.event.label == "unpaid") == (labels == {"behaviour"})]
        judged.append(Judged(model, version, tuple(its), tuple(own)))
    return judged


def measure(judged: Judged, threshold: float, footage: str = "") -> MeasuredPrecision:
    """What people said of the events that a model would have shown.

    Args:
        judged: its events.
        threshold: lowest score that is shown.
        footage: id, "" for all.
    """
    items = [item for item in judged.items if footage in ("", item.event.footage)]
    added = [item for item in judged.added if footage in ("", item.event.footage)]
    shown = [item for item in items if item.event.score >= threshold]
    verdicts = [item.verdict for item in shown]
    under = [item for item in items if item.event.score < threshold and item.verdict == "confirmed"]
    unshown = [item for item in added if not any(_same_time(item, other) for other in shown)]
    known = [item for item in unshown if any(_same_time(item, other) for other in under)]
    return MeasuredPrecision(
        model=judged.model,
        version=judged.version,
        footage=footage,
        threshold=threshold,
        seen=verdicts.count("confirmed") + verdicts.count("dismissed"),
        kept=verdicts.count("confirmed"),
        unsure=verdicts.count("unsure"),
        waiting=verdicts.count(""),
        missed=len(under) + len(unshown) - len(known),
    )


def measured(items: Sequence[ReviewItem], thresholds: Sequence[float] = THRESHOLDS) -> tuple[MeasuredPrecision, ...]:
    """Precision of every model at every threshold, over all footage and over each, in this order.

    Args:
        items: events with their verdicts.
        thresholds: in [0, 1].
    """
    rows = []
    for judged in by_model(items):
        footages = sorted({item.event.footage for item in judged.items})
        rows += [measure(judged, threshold, footage) for footage in ("", *footages) for threshold in thresholds]
    return tuple(rows)


def advise(judged: Judged, target: float = TARGET) -> ThresholdAdvice | None:
    """The lowest threshold at which a model's judged events have a precision of `target`.

    Args:
        judged: its events.
        target: in (0, 1].

    Returns:
        None where fewer than `LEAST` events were judged. Where no threshold reaches the target, the one with the best
        precision, of equals the lowest.
    """
    decided = [item for item in judged.items if item.verdict in ("confirmed", "dismissed")]
    if len(decided) < LEAST:
        return None
    # Whole hundredths, as a slider gives them, not above the score of the event that is to be shown.
    scores = sorted({math.floor(item.event.score * 100 + 1e-6) / 100 for item in decided})
    rows = [measure(judged, score) for score in scores]
    enough = [row for row in rows if (row.precision or 0.0) >= target]
    best = enough[0] if enough else max(rows, key=lambda row: (row.precision or 0.0, -row.threshold))
    kept_at_all = sum(item.verdict == "confirmed" for item in decided)
    return ThresholdAdvice(
        model=judged.model,
        version=judged.version,
        threshold=best.threshold,
        seen=best.seen,
        kept=best.kept,
        lost=kept_at_all - best.kept,
        judged=len(decided),
    )


def _same_time(one: ReviewItem, other: ReviewItem) -> bool:
    first, second = one.event, other.event
    return first.footage == second.footage and first.start_s < second.end_s and second.start_s < first.end_s
