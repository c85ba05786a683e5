"""Search: find people by what they wear, in words, by a picture of somebody, or by a saved search."""

from __future__ import annotations

import streamlit as st

from engine.core.search import SearchAnswer
from pages import _panels, _search, _search_events, _search_room, _ui
from pages._ui import t

# A visit begins: what an earlier one found may have changed since, names for instance.
st.session_state.pop(_search.ANSWERED, None)


@st.fragment
def searching() -> None:
    """Everything below the heading; a search draws only this again, not the frame around it."""
    with _ui.guard():
        engine = _ui.engine()
        # Before the rest is read: what changes meanwhile is then asked for again.
        revision, entries = engine.library.pulse().revision, engine.library.entries()
        heading, side = st.columns([5, 1], vertical_alignment="center")
        with heading, st.container(key="sl_heading"):
            st.title(t("search.title"), anchor=False)
        # A place of their own: what stands below must not move, or it would be mounted anew and lose the focus.
        with st.container(key="sl_search_notices"):
            _ui.show_notices()
        if not any(entry.run for entry in entries):
            _panels.empty_state(t("search.none.title"), t("search.none.body"))
            _ui.link_to("footage", t("search.none.link"))
            return
        ask, waiting = _search_events.asked(), st.empty()
        if not ask.blank and _search.ANSWERED not in st.session_state:
            # The first search reads what everybody wears, and may load a network.
            with waiting.container():
                _panels.loading(t("search.loading"))
        answer = _search_room.answered(ask, revision)
        waiting.empty()
        with side, st.container(horizontal=True, horizontal_alignment="right"):
            if isinstance(answer, SearchAnswer) and answer.hits:
                st.download_button(
                    t("search.csv"),
                    engine.search.csv_text(answer),
                    "search.csv",
                    "text/csv",
                    key="sl_search_csv",
                    icon=":material/download:",
                    help=t("search.csv.help"),
                    on_click="ignore",
                )
        _search_room.show(ask, answer, entries)


searching()
