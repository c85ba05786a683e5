"""The panel in which recordings are declared views of one place, and their clocks are set.

Owns: the panel and what becomes of it. May import: `engine.core`, `pages`, Streamlit.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from engine.core.cameras import ESTIMATED, CameraPair
from engine.core.errors import FootageError
from engine.core.views import FootageView
from pages import _ui
from pages._ui import t


def other_cameras(footage: FootageView) -> None:
    """Draw the panel of a recording: those beside it, and a form for another one."""
    others = {one.id: one.name for one in _ui.engine().list_footage() if one.id != footage.id}
    pairs = _ui.engine().cameras.pairs(footage.id)
    with st.expander(t("cameras.title"), expanded=False, key=f"sl_cameras_{footage.id}"):
        st.caption(t("cameras.help"))
        for pair in pairs:
            _pair(footage, pair, others)
        if not others:
            st.caption(t("cameras.alone"))
            return
        choice = f"sl_other_{footage.id}"
        st.selectbox(t("cameras.other"), list(others), key=choice, format_func=others.get, index=None)
        with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
            st.button(
                t("cameras.align"),
                key=f"sl_align_{footage.id}",
                disabled=st.session_state.get(choice) is None,
                help=t("cameras.align.help"),
                on_click=_align,
                args=(footage.id, choice),
            )
            st.button(
                t("cameras.by_hand"),
                key=f"sl_by_hand_{footage.id}",
                disabled=st.session_state.get(choice) is None,
                on_click=_declare,
                args=(footage.id, choice),
            )


def _pair(footage: FootageView, pair: CameraPair, names: dict[str, str]) -> None:
    """One other recording: how its clock runs, said in words and open to correction."""
    first = pair.first == footage.id
    other = pair.second if first else pair.first
    clock = pair.alignment if first else pair.alignment.reversed()
    words = {"name": names.get(other, other), "offset": f"{clock.offset_s:+.2f}", "off": f"{clock.uncertainty_s:.2f}"}
    said = t("cameras.estimated" if pair.source == ESTIMATED else "cameras.set", **words)
    drift = t("cameras.drift.said", drift=f"{clock.drift * 3600:+.2f}") if clock.drift else ""
    st.html(f'<div class="sl-small">{escape(said)} {escape(drift)}</div>')
    offset, hour = f"sl_offset_{footage.id}_{pair.id}", f"sl_drift_{footage.id}_{pair.id}"
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        st.number_input(t("cameras.offset"), value=round(clock.offset_s, 3), step=0.1, format="%.2f", key=offset)
        st.number_input(t("cameras.drift"), value=round(clock.drift * 3600, 3), step=0.1, format="%.2f", key=hour)
        keys = (offset, hour)
        st.button(t("cameras.save"), key=f"{offset}_save", on_click=_adjust, args=(footage.id, other, keys))
        st.button(t("cameras.forget"), key=f"{offset}_forget", type="tertiary", on_click=_forget, args=(pair.id, keys))


def _align(footage: str, choice: str) -> None:
    other = str(st.session_state[choice])
    with _ui.guarded_action(), st.spinner(t("cameras.working")):
        try:
            _ui.engine().cameras.estimate(footage, other)
        except FootageError as error:
            if error.kind != "no-alignment":
                raise
            _ui.notice("error", t("bad.no-alignment"))
            return
        _ui.notice("done", t("cameras.done"))


def _declare(footage: str, choice: str) -> None:
    with _ui.guarded_action():
        _ui.engine().cameras.adjust(footage, str(st.session_state[choice]), 0.0)


def _adjust(footage: str, other: str, keys: Sequence[str]) -> None:
    offset, hour = (float(st.session_state[key]) for key in keys)
    with _ui.guarded_action():
        _ui.engine().cameras.adjust(footage, other, offset, hour / 3600)
        _ui.notice("done", t("cameras.done"))


def _forget(pair: int, keys: Sequence[str]) -> None:
    for key in keys:
        st.session_state.pop(key, None)
    _ui.engine().cameras.forget(pair)
