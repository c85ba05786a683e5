"""What the review screen's address says: which event, and which filters.

Owns: those keys of the address. May import: `engine.core`, `pages`, Streamlit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite

import streamlit as st

from engine.core.anomalies import VERDICTS
from engine.core.reviews import EventFilter, ReviewItem
from pages import _ui
from pages._author import ANALYST, call, clean, reviewer, tell

__all__ = ["ANALYST", "call", "clean", "reviewer", "tell"]  # these stand elsewhere

# Keys of the address.
Q_EVENT = "event"
Q_MARK = "mark"
Q_STATE = "state"
Q_LEAST = "least"

STATES = ("open", *VERDICTS, "contested")
"""What the list can be cut down to; "" is everything."""

FILTERS = {
    "footage": _ui.Q_FOOTAGE,
    "label": "label",
    "kind": "kind",
    "model": "model",
    "state": Q_STATE,
    "least": Q_LEAST,
}
"""Filter -> key of the address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What the address asks for.

    Attributes:
        event: id of the event to look at, "" for the next one.
        mark: id of the footage in which an event is being marked by hand, "" for none.
        footage: only events of this footage, "" for all; likewise `label`, `kind` and `model`.
        label: of `EVENT_LABELS`.
        kind: of `KINDS`.
        model: name of a model.
        state: of `STATES`, "" for all.
        least: lowest score, in [0, 1].
    """

    event: str = ""
    mark: str = ""
    footage: str = ""
    label: str = ""
    kind: str = ""
    model: str = ""
    state: str = ""
    least: float = 0.0

    def filters(self) -> EventFilter:
        """What of it the engine knows to filter by."""
        chosen = {
            name: (value,) for name, value in zip(("footage", "labels", "kinds"), self._named(), strict=True) if value
        }
        return EventFilter(**chosen, min_score=self.least)

    def _named(self) -> tuple[str, str, str]:
        return self.footage, self.label, self.kind


def wish() -> Wish:
    """What the address asks for; what cannot be is left out."""
    query = st.query_params
    try:
        least = float(query.get(Q_LEAST, "0"))
    except ValueError:
        least = 0.0
    state = query.get(Q_STATE, "")
    return Wish(
        event=query.get(Q_EVENT, ""),
        mark=query.get(Q_MARK, ""),
        footage=query.get(_ui.Q_FOOTAGE, ""),
        label=query.get("label", ""),
        kind=query.get("kind", ""),
        model=query.get("model", ""),
        state=state if state in STATES else "",
        least=min(max(least, 0.0), 1.0) if isfinite(least) else 0.0,
    )


def matching(items: Sequence[ReviewItem], asked: Wish, state: str) -> list[ReviewItem]:
    """The events in a state, of the wished model, in their order.

    Args:
        items: as the engine filtered them.
        asked: what the address says.
        state: of `STATES`, "" for all.
    """
    return [item for item in items if asked.model in ("", item.event.model) and _in_state(item, state)]


def _in_state(item: ReviewItem, state: str) -> bool:
    if state == "open":
        return not item.mine
    if state == "contested":
        return item.disputed or item.disagreement
    return state in ("", item.mine or item.verdict)
