"""Footage: add recordings, watch their analysis, go to their people."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from engine.core.config import PROFILES
from pages import _elements, _panels, _rows, _ui, _view
from pages._ui import t

PAGE = 20

engine = _ui.engine()
language = _ui.language()


def take_uploads() -> None:
    """Queue the analysis of what the upload element has added since."""
    taken = st.session_state.setdefault(_ui.TAKEN, set())
    new = [footage for footage in _elements.added_footage() if footage not in taken]
    taken.update(new)
    for footage in new:
        _rows.analyse(footage, _rows.chosen_profile())


def register() -> None:
    """Register the path that was typed, and queue its analysis."""
    path = Path(st.session_state[_ui.PATH].strip().strip('"')).expanduser()
    if not engine.settings.allows(path):
        _ui.notice("error", t("add.path.outside", roots=", ".join(engine.settings.roots)))
        return
    with _ui.guarded_action():
        footage = engine.register(path)
        _rows.analyse(footage.id, _rows.chosen_profile())
        _ui.notice("done", t("add.path.done", name=footage.name))
        st.session_state[_ui.PATH] = ""


def show_more() -> None:
    """Lengthen the list."""
    st.session_state[_ui.SHOWN] = st.session_state.get(_ui.SHOWN, PAGE) + PAGE


footage = engine.list_footage()
newest = {job.footage: job for job in reversed(engine.jobs())}
total = _view.length(sum(one.media.duration_s for one in footage), language)
form = {0: ".none", 1: ".one"}.get(len(footage), "")

with st.container(key="sl_heading"):
    st.title(t("footage.title"), anchor=False)
    st.caption(t(f"footage.summary{form}", count=len(footage), length=total))
_ui.show_notices()
listing, adding = st.columns([2.7, 1], gap="large")

with adding, st.container(key="sl_add"):
    st.subheader(t("add.title"), anchor=False)
    st.selectbox(
        t("add.profile"),
        PROFILES,
        key=_ui.PROFILE,
        format_func=lambda profile: _view.profile_word(profile, language),
        help=t("add.profile.help"),
    )
    _elements.upload(limit=int(engine.settings.upload_limit_gib * 2**30), on_added=take_uploads)
    with st.expander(t("add.path")):
        if engine.settings.roots:
            st.text_input(t("add.path.label"), key=_ui.PATH, help=t("add.path.help"))
            st.button(t("add.path.submit"), key="sl_register", on_click=register)
        else:
            st.caption(t("add.path.none"))

with listing, st.container(key="sl_list"):
    if not footage:
        _panels.empty_state(t("footage.empty.title"), t("footage.empty.body"))
    shown = footage[: st.session_state.get(_ui.SHOWN, PAGE)]
    for one in shown:
        _rows.footage_row(one, newest.get(one.id))
    if len(footage) > len(shown):
        more = min(PAGE, len(footage) - len(shown))
        st.button(t("footage.more", count=more), key="sl_more", on_click=show_more, width="stretch")
