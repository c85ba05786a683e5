"""What the review screen's address says: which event, and which filters.

The browser tells its address with everything that is done, and with what is done quickly it tells one that is already
old. So a session takes the address over when somebody comes or goes back, and is right from then on.

Owns: those keys of the address. May import: `engine.core`, `pages`, Streamlit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite

import streamlit as st

from engine.core.anomalies import VERDICTS
from engine.core.reviews import EventFilter, ReviewItem
from pages import _ui
from pages._author import ANALYST, Q_REVIEWER, call, clean, reviewer

__all__ = ["ANALYST", "Q_REVIEWER", "call", "clean", "reviewer"]  # these stand elsewhere

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


def arrive() -> None:
    """Take over the address; to be called when the whole page is drawn, not when only its fragment is."""
    st.session_state[_ui.REVIEW_PLACE] = st.query_params.to_dict()


def here() -> Mapping[str, str]:
    """The address as this session knows it."""
    place: Mapping[str, str] = st.session_state.get(_ui.REVIEW_PLACE) or {}
    return place


def go(**changes: str) -> None:
    """Go elsewhere on this screen, and let the address follow; "" takes a key out.

    Args:
        **changes: key of the address -> value.
    """
    kept = {key: value for key, value in here().items() if key not in changes}
    place = kept | {key: value for key, value in changes.items() if value}
    st.session_state[_ui.REVIEW_PLACE] = place
    st.query_params.from_dict(place)


def wish(query: Mapping[str, str]) -> Wish:
    """What an address asks for; what cannot be is left out.

    Args:
        query: its keys and values.
    """
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
