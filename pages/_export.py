"""The menu of files that the results of an analysis can be taken away as.

Owns: that menu. May import: `engine.core`, `pages`, Streamlit.
"""

from __future__ import annotations

from html import escape
from urllib.parse import quote

import streamlit as st

from engine.core.views import RunView
from pages import _ui
from pages._ui import t

FORMATS = ("csv", "json", "webvtt", "eaf", "ava", "parquet")
"""In the order in which they are asked for; the server writes each when it is."""


def export_menu(run: RunView) -> None:
    """A button that opens the list of formats, each a link that downloads.

    Args:
        run: whose results.
    """
    with st.popover(t("export.title"), key="sl_export", icon=":material/download:"):
        st.html(f'<ul class="sl-exports">{"".join(_entry(run, name) for name in FORMATS)}</ul>')


def _entry(run: RunView, name: str) -> str:
    address = f"/sightline/export/{quote(run.id, safe='')}/{name}"
    title, what = t(f"export.{name}"), t(f"export.{name}.what")
    return (
        f'<li><a href="{escape(address)}" download lang="{_ui.language()}">{escape(title)}</a>'
        f'<span class="sl-small">{escape(what)}</span></li>'
    )
