"""The library on the page: its element, and what is done when something in it is pressed.

Owns: the events of that element. May import: `engine.core`, `pages`, Streamlit.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from engine.core.config import PROFILES, AnalysisConfig
from engine.core.errors import JobError
from engine.core.library import LibraryEntry
from pages import _library, _sentences, _ui
from pages._mount import mount


def chosen_profile() -> str:
    """The profile for what is added from now on."""
    return str(st.session_state.get(_ui.PROFILE) or PROFILES[0])


def analyse(footage: str, profile: str) -> None:
    """Queue an analysis; for callbacks."""
    with _sentences.told():
        _ui.engine().submit(footage, AnalysisConfig(profile=profile))


def cancel(footage: str) -> None:
    """Stop what is under way for a recording; for callbacks."""
    with _sentences.told():
        engine = _ui.engine()
        for job in engine.jobs():
            if job.footage == footage and job.state in _library.ACTIVE:
                engine.cancel(job.id)


def retry(footage: str) -> None:
    """Queue a recording's newest job again; for callbacks."""
    with _sentences.told():
        engine = _ui.engine()
        job = next((job for job in engine.jobs() if job.footage == footage), None)
        if job is None:
            raise JobError("There is nothing to try again: this footage has no analysis yet. Analyse it.")
        engine.retry(job.id)


def choose(footage: str) -> None:
    """Show the details of a recording, "" of none; the address says which."""
    if footage:
        st.query_params[_ui.Q_FOOTAGE] = footage
    else:
        st.query_params.pop(_ui.Q_FOOTAGE, None)


def library(entries: Sequence[LibraryEntry], *, chosen: str, revision: str) -> None:
    """Draw the library; goes on to the people of a recording if that was asked for.

    Args:
        entries: newest first.
        chosen: id of the recording whose details are shown, "" for none.
        revision: of the library when they were read, or before.
    """
    data = _library.library_data(
        entries, chosen=chosen, revision=revision, language=_ui.language(), zone=st.context.timezone
    )
    mount("library", key=_ui.LIBRARY, data=data, on_events_change=take_events)
    opened = st.session_state.pop(_ui.OPENED, "")
    if opened:
        st.switch_page(_ui.HERE / "people.py", query_params={_ui.Q_FOOTAGE: opened})


def events() -> list[dict[str, Any]]:
    """What was pressed lately, oldest first; each event has a number of its own."""
    state = st.session_state.get(_ui.LIBRARY)
    return list((state.get("events") if state else None) or [])


def take_events() -> None:
    """Do what was pressed since the last time, each once."""
    done = int(st.session_state.get(_ui.HEARD, 0))
    for event in events():
        if int(event["n"]) > done:
            st.session_state[_ui.HEARD] = int(event["n"])
            act = ACTIONS.get(str(event["kind"]))
            if act is not None:
                act(str(event["footage"]))


def _open(footage: str) -> None:
    # Pages are not changed in callbacks: the drawing that follows does it.
    st.session_state[_ui.OPENED] = footage


ACTIONS: dict[str, Callable[[str], None]] = {
    "choose": choose,
    "people": _open,
    "analyse": lambda footage: analyse(footage, chosen_profile()),
    "cancel": cancel,
    "retry": retry,
}
"""What an event asks for; "refresh" asks only that the page be drawn again."""
