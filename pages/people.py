"""People of one recording: who was in view and when, with the player beside."""

from __future__ import annotations

from math import isfinite

import streamlit as st

from engine.core.views import FootageView, RunView
from pages import _data, _elements, _panels, _ui, _view
from pages._ui import t

engine = _ui.engine()
language = _ui.language()


def choose() -> None:
    """Put the chosen recording into the address."""
    st.query_params.from_dict({_ui.Q_FOOTAGE: st.session_state[_ui.CHOSEN]})


def pick() -> None:
    """Put the clicked person and time into the address."""
    picked = _elements.picked()
    if picked is not None:
        st.query_params[_ui.Q_PERSON], st.query_params[_ui.Q_TIME] = picked[0], f"{picked[1]:.3f}"


def asked_time(footage: FootageView) -> float | None:
    """The time in the address, held within the recording; None where there is none or it is no number."""
    try:
        asked = float(st.query_params.get(_ui.Q_TIME, ""))
    except ValueError:
        return None
    return min(max(asked, 0.0), footage.media.duration_s) if isfinite(asked) else None


def selected(all_footage: tuple[FootageView, ...]) -> FootageView:
    """The recording the address names, else the newest; the choice is drawn as a box."""
    by_id = {one.id: one for one in all_footage}
    asked = st.query_params.get(_ui.Q_FOOTAGE, "")
    if asked and asked not in by_id:
        _ui.notice("error", t("people.unknown", footage=asked))
    st.session_state[_ui.CHOSEN] = asked if asked in by_id else all_footage[0].id
    names, label = {one.id: one.name for one in all_footage}, t("people.choose")
    st.selectbox(
        label, list(names), key=_ui.CHOSEN, format_func=names.get, on_change=choose, label_visibility="collapsed"
    )
    return by_id[st.session_state[_ui.CHOSEN]]


def made(run: RunView) -> None:
    """Which models, versions and run the answers come from."""
    with st.popover(t("people.made"), key="sl_made"):
        line = _view.run_line(run, language, st.context.timezone)
        st.caption(f"{t('people.made.run', run=run.id)} · {line}")
        st.dataframe(_data.stage_rows(run, language), hide_index=True, width="content")


def review(footage: FootageView, run: RunView) -> None:
    """Player and people side by side."""
    people = _ui.people(run.id)
    playing, listing = st.columns([1.5, 1], gap="large")
    with playing, st.container(key="sl_playing"):
        if footage.gaps:
            _panels.note(_view.gap_sentence(footage.gaps, language))
        _elements.player(footage, people, asked_time(footage))
    with listing:
        if people:
            chosen = st.query_params.get(_ui.Q_PERSON, "")
            _elements.people_list(footage, people, chosen, on_pick=pick)
        else:
            model = next((stage.model for stage in run.stages if stage.name == "detect"), run.profile)
            _panels.empty_state(t("people.nobody.title"), t("people.nobody.body", model=model))


everything = engine.list_footage()
if everything:
    heading, box, details = st.columns([1.3, 3.4, 1.1], vertical_alignment="center")
    with box:
        footage = selected(everything)
    run = next(iter(engine.runs(footage.id)), None)
    with heading, st.container(key="sl_heading"):
        st.title(_view.people_word(len(_ui.people(run.id)), language) if run else t("people.title"), anchor=False)
        st.caption(_view.footage_line(footage, language))
    with details:
        if run is not None:
            made(run)
    _ui.show_notices()
    if run is not None:
        review(footage, run)
    else:
        _panels.empty_state(t("people.pending"), "")
        _ui.link_to("footage", t("people.none.link"))
else:
    st.title(t("people.title"), anchor=False)
    _panels.empty_state(t("people.none.title"), t("people.none.body"))
    _ui.link_to("footage", t("people.none.link"))
