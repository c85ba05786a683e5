"""What reviewers say together, and which event is worth a person's time next.

May import: `engine.core`.
"""

from __future__ import annotations

from collections.abc import Sequence

from engine.core.reviews import EventFilter, ReviewItem

DISPUTE = 0.25
"""What a contradiction, of cameras or of people, adds to severity x score: it needs a decision."""


def together(verdicts: Sequence[str]) -> tuple[str, bool]:
    """What some reviewers say of one event, taken together.

    Args:
        verdicts: one of each reviewer, of `VERDICTS`.

    Returns:
        The one of "confirmed" and "dismissed" that more say; "unsure" where as many say the one as the other, "" where
        nobody says anything; and whether they contradict each other.
    """
    confirmed, dismissed = verdicts.count("confirmed"), verdicts.count("dismissed")
    disputed = confirmed > 0 and dismissed > 0
    if confirmed == dismissed:
        return ("unsure" if verdicts else ""), disputed
    return ("confirmed" if confirmed > dismissed else "dismissed"), disputed


def wanted(item: ReviewItem, filters: EventFilter) -> bool:
    """Whether an event passes some filters."""
    event = item.event
    chosen = (
        (filters.footage, event.footage),
        (filters.labels, event.label),
        (filters.kinds, event.kind),
        (filters.verdicts, item.verdict),
    )
    if any(among and value not in among for among, value in chosen):
        return False
    return event.score >= filters.min_score and event.severity >= filters.min_severity


def worth(item: ReviewItem) -> float:
    """How much an event deserves a look, >= 0: severity x score, and more where somebody is contradicted."""
    contradicted = item.disputed or item.disagreement
    return item.event.severity * item.event.score + (DISPUTE if contradicted else 0.0)


def in_order(items: Sequence[ReviewItem]) -> tuple[ReviewItem, ...]:
    """Events as they should be looked at.

    What the reviewer has not judged comes first, of that what nobody has settled, then what is worth most.
    """

    def place(item: ReviewItem) -> tuple[bool, bool, float, str, float, str]:
        settled = bool(item.verdict) and item.verdict != "unsure" and not item.disputed
        return bool(item.mine), settled, -worth(item), item.event.footage, item.event.start_s, item.event.id

    return tuple(sorted(items, key=place))
