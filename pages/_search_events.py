"""What was pressed in the search element, and what becomes of it: mostly another address.

Owns: those events. May import: `engine.core`, `pages`, Streamlit.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from dataclasses import replace
from typing import Any

import streamlit as st

from engine.core.errors import SearchError
from engine.core.search import Chip
from pages import _search, _search_words, _ui
from pages._search import Ask
from pages._ui import t

LARGEST = 12 * 2**20
"""Bytes of a photograph that are taken; its element refuses larger ones before they are sent."""


def asked() -> Ask:
    """What the address asks."""
    return _search.read({key: st.query_params.get_all(key) for key in st.query_params})


def go(ask: Ask) -> None:
    """Put what is asked into the address; for callbacks."""
    kept = {_ui.Q_LANGUAGE: st.query_params[_ui.Q_LANGUAGE]} if _ui.Q_LANGUAGE in st.query_params else {}
    st.query_params.from_dict(_search.written(ask) | kept)


def events() -> list[dict[str, Any]]:
    """What was pressed lately, oldest first; each event has a number of its own."""
    state = st.session_state.get(_search.ELEMENT)
    return list((state.get("events") if state else None) or [])


def take_events() -> None:
    """Do what was pressed since the last time, each once."""
    done = int(st.session_state.get(_search.HEARD, 0))
    for event in events():
        if int(event["n"]) > done:
            st.session_state[_search.HEARD] = int(event["n"])
            with _ui.guarded_action():
                ACTIONS[str(event["kind"])](event)


def photo() -> dict[str, Any] | None:
    """The photograph that was chosen in this rerun, None where none was."""
    state = st.session_state.get(_search.ELEMENT)
    return (state.get("photo") if state else None) or None


def take_photo() -> None:
    """Look for people like the one in a photograph; the session keeps it, the server's disk does not."""
    chosen = photo()
    if chosen is None:
        return
    with _ui.guarded_action():
        try:
            data = base64.b64decode(str(chosen["data"])[: 2 * LARGEST], validate=True)
        except (binascii.Error, ValueError) as error:
            raise SearchError("The photograph did not arrive whole. Choose it again.") from error
        if len(data) > LARGEST:
            raise SearchError(f"Choose a photograph of at most {LARGEST // 2**20} MB.")
        sha256 = hashlib.sha256(data).hexdigest()[:16]
        st.session_state[_search.PHOTO] = (sha256, str(chosen.get("name", ""))[:80], data)
        limits = replace(asked().config, min_score=0.0, top=Ask().config.top)
        go(Ask(photo=sha256, config=limits))


def _wanted(event: dict[str, Any]) -> Ask:
    """What the element asks for, read as an address is."""
    wish = event.get("ask") or {}
    return _search.read({key: value if isinstance(value, list) else [str(value)] for key, value in wish.items()})


def _change(event: dict[str, Any]) -> None:
    """Chips were changed: the query is written anew, in its own language, so that the box says what is asked."""
    ask = _wanted(event)
    chips = [Chip(**{**chip, "group": int(chip["group"]), "also": tuple(chip["also"])}) for chip in event["chips"]]
    unknown = _ui.engine().search.understand(ask.text).unknown
    go(replace(ask, text=_search_words.query_of(chips, unknown, _search_words.language_of(ask.text))))


def _save(event: dict[str, Any]) -> None:
    ask = asked()
    limits = replace(ask.config, top=Ask().config.top)
    kept = _ui.engine().search.save(str(event["name"]), ask.text, limits, watched=bool(event["watched"]))
    _ui.notice("done", t("search.save.done", name=kept.name))


def _run(event: dict[str, Any]) -> None:
    room = _ui.engine().search
    kept = next((one for one in room.saved() if one.id == int(event["id"])), None)
    if kept is not None:
        st.session_state[_search.FRESH] = (kept.text, frozenset(room.finds(kept.id)))
        room.looked(kept.id)
        go(Ask(text=kept.text, config=kept.config))


ACTIONS = {
    "ask": lambda event: go(_wanted(event)),
    "address": lambda event: go(_wanted(event)),
    "chips": _change,
    "save": _save,
    "run": _run,
    "watch": lambda event: _ui.engine().search.watch(int(event["id"]), bool(event["watched"])),
    "nudge": lambda event: None,
    "forget": lambda event: _ui.engine().search.forget(int(event["id"])),
}
"""What an event asks for; "nudge" asks only that the page be drawn again."""
