"""Doubtful pairs: two who may be the same person, side by side, and what an analyst says of them."""

from __future__ import annotations

import streamlit as st

from pages import _doubtful, _doubtful_acts, _edit_words, _panels, _ui
from pages._author import reviewer, tell
from pages._mount import mount
from pages._ui import t

engine = _ui.engine()
everything = engine.list_footage()


def choose() -> None:
    """Put the chosen recording into the address."""
    tell(**{_ui.Q_FOOTAGE: st.session_state[_ui.PAIRS_WHERE]})


def where() -> str:
    """The recording whose pairs are shown, "" for all; the choice is drawn as a box."""
    names = {"": t("pairs.everywhere"), **{one.id: one.name for one in everything}}
    asked = st.query_params.get(_ui.Q_FOOTAGE, "")
    st.session_state[_ui.PAIRS_WHERE] = asked if asked in names else ""
    label = t("pairs.where")
    st.selectbox(
        label, list(names), key=_ui.PAIRS_WHERE, format_func=names.get, on_change=choose, label_visibility="collapsed"
    )
    return str(st.session_state[_ui.PAIRS_WHERE])


@st.fragment
def pairs(footage: str) -> None:
    """The pairs; an answer draws only this again."""
    _ui.show_notices()
    data = _doubtful.pairs_data(_doubtful.waiting(footage), everything)
    last = _doubtful_acts.undoable(footage)
    if not data["pairs"] and last is None:
        _panels.empty_state(t("pairs.none.title"), t("pairs.none.body"))
        _ui.link_to("people", t("pairs.people"), **({_ui.Q_FOOTAGE: footage} if footage else {}))
        return
    undo = None
    if last is not None:
        run = next(iter(engine.runs(last[0])))
        undo = {"footage": last[0], "id": last[1].id, "words": _edit_words.order(last[1], run.id)}
    data |= {"n": _doubtful_acts.handled(), "author": reviewer(), "undo": undo}
    mount("pairs", key=_ui.PAIRS, data=data, on_told_change=_doubtful_acts.carry_out)


heading, box = st.columns([3, 1.4], vertical_alignment="center")
with heading, st.container(key="sl_heading"):
    st.title(t("pairs.title"), anchor=False)
    st.caption(t("pairs.help"))
if everything:
    with box:
        chosen = where()
    pairs(chosen)
else:
    _panels.empty_state(t("people.none.title"), t("people.none.body"))
    _ui.link_to("footage", t("people.none.link"))
