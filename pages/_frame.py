"""The frame around every screen: page settings, style, navigation, language, and the guard."""

from __future__ import annotations

import streamlit as st

from pages import _ui

st.set_page_config(page_title="Sightline", page_icon=str(_ui.ASSETS / "mark.svg"), layout="wide")
_ui.style()
screen = st.navigation(_ui.screens(), position="top")
_ui.language_switch()
with _ui.guard():
    screen.run()
