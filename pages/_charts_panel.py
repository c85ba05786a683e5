"""The charts of a recording under its people, drawn when somebody opens them.

Owns: the switch. May import: `engine.core`, `pages`.
"""

from __future__ import annotations

import streamlit as st

from engine.core.views import FootageView, RunView
from pages import _charts, _ui
from pages._detail import segments_of
from pages._ui import t


@st.fragment
def charts_panel(footage: FootageView, run: RunView) -> None:
    """A switch, and behind it the charts: closed, they cost the page neither time nor plotly.js.

    Args:
        footage: what was analysed.
        run: by which analysis.
    """
    with st.container(key="sl_charts"):
        if not st.toggle(t("charts.show"), key=_ui.CHARTS):
            return
        engine = _ui.engine()
        details = engine.library.details(footage.id)
        start = details.start_utc or footage.media.recorded_utc
        zone = details.zone or st.context.timezone or ""
        _charts.people_charts(footage, _ui.people(run.id), segments_of(run.id), start_utc=start, zone=zone)
