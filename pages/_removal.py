"""Removing a recording: asked first, with what exactly would go.

Owns: the dialog. May import: `engine.core`, `pages`, Streamlit.
"""

from __future__ import annotations

import streamlit as st

from engine.core.library import LibraryEntry
from pages import _cards, _library, _sentences, _ui
from pages._ui import t


def ask(footage: str) -> None:
    """Have the dialog shown at the next drawing; for callbacks."""
    st.session_state[_ui.REMOVING] = footage


def confirm(entry: LibraryEntry) -> None:
    """Draw the dialog if somebody asked to remove this recording; it stays until it is answered."""
    if st.session_state.get(_ui.REMOVING) == entry.footage.id:
        st.dialog(t("remove.title"), on_dismiss=_keep)(_draw)(entry)


def _draw(entry: LibraryEntry) -> None:
    footage = entry.footage
    if st.session_state.get(_ui.REMOVING) != footage.id:
        # Answered: a button of a dialog draws the dialog alone again, and it would stay open.
        st.rerun()
    holdings = _ui.engine().library.holdings(footage)
    st.markdown(f"**{_ui.plain(footage.name)}**")
    st.markdown("\n".join(f"- {_ui.plain(line)}" for line in _library.going(entry, holdings, _ui.language())))
    if footage.in_place:
        st.caption(_ui.plain(t("remove.stays", path=footage.path)))
    else:
        st.caption(t("remove.forever"))
    with st.container(horizontal=True, horizontal_alignment="right"):
        st.button(t("remove.keep"), key="sl_remove_keep", on_click=_keep)
        key = "sl_remove_confirm"
        st.button(t("remove.confirm"), key=key, type="primary", on_click=_remove, args=(footage.id,))


def _keep() -> None:
    st.session_state.pop(_ui.REMOVING, None)


def _remove(footage: str) -> None:
    _keep()
    with _sentences.told():
        name = _ui.engine().footage(footage).name
        _ui.engine().remove(footage)
        _cards.choose("")
        _ui.notice("done", t("remove.done", name=name))
