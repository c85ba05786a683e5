"""The frame around every screen: page settings, style, navigation, jobs in progress, language, and the guard."""

from __future__ import annotations

import streamlit as st

from pages import _jobs, _place, _ui

st.set_page_config(page_title="Sightline", page_icon=str(_ui.ASSETS / "mark.svg"), layout="wide")
st.html(_ui.ASSETS / "style.css")
st.logo(_ui.ASSETS / "mark.svg", size="large")
screen = st.navigation(_ui.screens(), expanded=True)
st.set_page_config(page_title=f"{screen.title} · Sightline")
with st.sidebar:
    _jobs.panel()
    with st.container(key="sl_foot"):
        _place.language_switch()
        _place.tell_document()
with _ui.guard():
    _place.keep(screen.url_path or "footage")
    screen.run()
