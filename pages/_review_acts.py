"""What was done in the elements of the review screen, carried out once each and in order.

The browser numbers what it tells and tells it again until the page has answered, so that no key press is lost while the
page is being drawn. Owns: that. May import: `engine.core`, `pages`, Streamlit.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from engine.core.anomalies import Zone
from engine.core.errors import ConfigError
from pages import _review_place, _ui
from pages._review_place import FILTERS, Q_EVENT, Q_MARK, reviewer
from pages._ui import t

Act = dict[str, Any]


def handled() -> int:
    """Number of the last thing that was carried out in this session."""
    return int(st.session_state.get(_ui.REVIEW_TOLD, 0))


def carry_out() -> None:
    """Do what the list has told since the last time; called when it tells something."""
    state = st.session_state.get(_ui.REVIEW)
    told = state.get("told") if state else None
    for act in (told or {}).get("acts", []):
        if int(act["n"]) > handled():
            st.session_state[_ui.REVIEW_TOLD] = int(act["n"])
            with _ui.guarded_action():
                ACTS[str(act["kind"])](act)


def _open(act: Act) -> None:
    _review_place.go(**{Q_EVENT: str(act["event"]), Q_MARK: ""})


def _mark(act: Act) -> None:
    _review_place.go(**{Q_MARK: str(act["footage"]), Q_EVENT: ""})


def _filter(act: Act) -> None:
    wished = {key: str(act["filters"].get(name, "")) for name, key in FILTERS.items()}
    _review_place.go(**{key: "" if value == "0" else value for key, value in wished.items()})


def _say(act: Act) -> None:
    verdict, reason, note = (str(act[word]) for word in ("verdict", "reason", "note"))
    _ui.engine().anomalies.say(str(act["event"]), reviewer(), verdict, reason, note.strip())


def _undo(_: Act) -> None:
    back = _ui.engine().anomalies.undo(reviewer())
    if back is None:
        raise ConfigError(t("review.undone.none"))
    _review_place.go(**{Q_EVENT: back.event, Q_MARK: ""})


def _name(act: Act) -> None:
    _review_place.call(str(act["name"]))
    _review_place.go(**{_review_place.Q_REVIEWER: ""})


def _add(act: Act) -> None:
    times = float(act["start"]), float(act["end"])
    words = str(act["footage"]), str(act["person"]), str(act["label"])
    item = _ui.engine().anomalies.add(*words, *times, by=reviewer())
    _ui.notice("success", t("review.mark.added"))
    _review_place.go(**{Q_EVENT: item.event.id, Q_MARK: ""})


def _clip(act: Act) -> None:
    _ui.engine().clips.make(_ui.engine().anomalies.event(str(act["event"])).event)


def _zones(act: Act) -> None:
    try:
        zones = [Zone(str(name), tuple((float(x), float(y)) for x, y in points)) for name, points in act["zones"]]
    except ValueError as error:
        raise ConfigError(str(error)) from error
    _ui.engine().anomalies.set_zones(str(act["footage"]), zones)


ACTS: dict[str, Callable[[Act], None]] = {
    "open": _open,
    "mark": _mark,
    "filter": _filter,
    "say": _say,
    "undo": _undo,
    "name": _name,
    "add": _add,
    "clip": _clip,
    "zones": _zones,
}
"""Kind of an act -> what it does."""
