"""Footage: add recordings, watch their analysis, find them again, go to their people."""

from __future__ import annotations

import streamlit as st

from pages import _adding, _cards, _details, _panels, _ui, _view
from pages._ui import t

engine = _ui.engine()
language = _ui.language()

# Before the rest is read: what changes meanwhile is then asked for again.
revision = engine.library.pulse().revision
entries = engine.library.entries()
asked = st.query_params.get(_ui.Q_FOOTAGE, "")
chosen = next((entry for entry in entries if entry.footage.id == asked), None)
total = _view.length(sum(entry.footage.media.duration_s for entry in entries), language)
form = {0: ".none", 1: ".one"}.get(len(entries), "")

with st.container(key="sl_heading"):
    st.title(t("footage.title"), anchor=False)
    st.caption(t(f"footage.summary{form}", count=len(entries), length=total))
_ui.show_notices()
listing, side = st.columns([3, 1], gap="medium")

with side, st.container(key="sl_side"):
    if chosen is not None:
        _details.details(chosen)
    elif asked and entries:
        _panels.note(t("footage.gone"))
    _adding.panel()

with listing, st.container(key="sl_list"):
    if not entries:
        _panels.empty_state(t("footage.empty.title"), t("footage.empty.body"))
    _cards.library(entries, chosen=chosen.footage.id if chosen else "", revision=revision)
