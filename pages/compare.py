"""Compare: two people of one recording, or two analyses of it, side by side."""

from __future__ import annotations

import streamlit as st

from pages import _compare, _compare_people, _compare_runs, _panels, _ui, _view
from pages._ui import language, t

VIEWS = ("people", "runs")

engine = _ui.engine()
everything = {one.id: one for one in engine.list_footage()}
st.html(_ui.ASSETS / "compare.css")

if everything:
    heading, box, kind = st.columns([1.6, 2.6, 1.4], vertical_alignment="center")
    with box:
        footage = everything[_compare.choose_footage({one.id: one.name for one in everything.values()})]
    with kind:
        view = _compare.choose_view(VIEWS)
    with heading, st.container(key="sl_heading"):
        st.title(t("compare.title"), anchor=False, help=t("compare.help"))
        st.caption(_view.footage_line(footage, language()))
    _ui.show_notices()
    runs = engine.runs(footage.id)
    if not runs:
        _panels.empty_state(t("people.pending"), "")
        _ui.link_to("footage", t("compare.footage"))
    elif view == "runs":
        _compare_runs.compare_runs(footage, runs)
    else:
        asked = st.query_params.get(_ui.Q_RUN, "")
        _compare_people.compare_people(footage, next((run for run in runs if run.id == asked), runs[0]))
else:
    st.title(t("compare.title"), anchor=False)
    _panels.empty_state(t("people.none.title"), t("people.none.body"))
    _ui.link_to("footage", t("compare.footage"))
