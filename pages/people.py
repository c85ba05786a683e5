"""People of one recording: who was in view and when, what they did, with the player beside."""

from __future__ import annotations

from math import isfinite

import streamlit as st

from engine.core.views import FootageView, RunView
from pages import _charts_panel, _edit, _edit_acts, _elements, _export, _panels, _people, _place, _timeline, _ui, _view
from pages._author import reviewer
from pages._data import Looking, Pick, stage_rows
from pages._ui import t

engine = _ui.engine()
language = _ui.language()


def choose() -> None:
    """Put the chosen recording into the address."""
    st.query_params.from_dict({_ui.Q_FOOTAGE: st.session_state[_ui.CHOSEN]})


def show(pick: Pick | None) -> None:
    """Put what was clicked into the address."""
    if pick is None:
        return
    told = {
        _ui.Q_PERSON: pick.person,
        _ui.Q_ONLY: "1" if pick.only and pick.person else "",
        _ui.Q_TIME: st.query_params.get(_ui.Q_TIME, "") if pick.t is None else f"{pick.t:.3f}",
    }
    kept = {key: value for key, value in st.query_params.to_dict().items() if key not in told}
    st.query_params.from_dict(kept | {key: value for key, value in told.items() if value})


def pick_in_timeline() -> None:
    """Somebody picked a person or a stretch of time in the timeline."""
    picked = _timeline.timeline_pick()
    if picked is not None:
        show(Pick(*picked, only=_ui.Q_ONLY in st.query_params))


def looking_at(footage: FootageView) -> Looking:
    """What the address asks for; a time is held within the recording and left out where it is no number."""
    query = st.query_params
    try:
        asked = float(query.get(_ui.Q_TIME, ""))
    except ValueError:
        asked = float("nan")
    at = min(max(asked, 0.0), footage.media.duration_s) if isfinite(asked) else None
    return Looking(t=at, person=query.get(_ui.Q_PERSON, ""), only=_ui.Q_ONLY in query)


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
        st.dataframe(stage_rows(run, language), hide_index=True, width="content")


@st.fragment
def review(footage: FootageView, run: RunView) -> None:
    """Player and timeline, with the people beside; a click draws only this again, not the frame around it."""
    _edit.finish()
    _place.keep("people")
    _ui.show_notices()
    people, looking = _ui.people(run.id), looking_at(footage)
    if looking.person and looking.person not in {person.label for person in people}:
        _panels.note(t("edit.gone.person", person=looking.person))

    def rename() -> None:
        change = _elements.renamed()
        if change is not None:
            with _ui.guarded_action():
                engine.answers.rename(run.id, *change, author=reviewer())

    playing, listing = st.columns([1.55, 1], gap="medium")
    with playing, st.container(key="sl_playing"):
        if footage.gaps:
            _panels.note(_view.gap_sentence(footage.gaps, language))
        _elements.player(
            footage, run, people, looking, on_pick=lambda: show(_elements.player_pick(footage.id, looking))
        )
        if people:
            _timeline.timeline(footage, run, chosen=looking.person, on_pick=pick_in_timeline)
    with listing, st.container(key="sl_people"):
        if people:
            data = _people.people_data(footage, run, people, looking)
            told = {"on_rename": rename, "on_told": lambda: _edit_acts.carry_out(run)}
            _elements.people_list(data, on_pick=lambda: show(_elements.picked()), **told)
        else:
            model = next((stage.model for stage in run.stages if stage.name == "detect"), run.profile)
            _panels.empty_state(t("people.nobody.title"), t("people.nobody.body", model=model))
    if people:
        _charts_panel.charts_panel(footage, run)
        _edit.doubtful(footage, run)


everything = engine.list_footage()
if everything:
    heading, box, details = st.columns([2.0, 2.0, 1.4], vertical_alignment="center")
    with box:
        footage = selected(everything)
    run = next(iter(engine.runs(footage.id)), None)
    with heading, st.container(key="sl_heading"):
        st.title(_view.people_word(len(_ui.people(run.id)), language) if run else t("people.title"), anchor=False)
        st.caption(_view.footage_line(footage, language))
    if run is not None:
        with details, st.container(key="sl_run_menu", horizontal=True, horizontal_alignment="right", gap="small"):
            _export.export_menu(run)
            made(run)
        review(footage, run)
    else:
        _ui.show_notices()
        _panels.empty_state(t("people.pending"), "")
        _ui.link_to("footage", t("people.none.link"))
else:
    st.title(t("people.title"), anchor=False)
    _panels.empty_state(t("people.none.title"), t("people.none.body"))
    _ui.link_to("footage", t("people.none.link"))
