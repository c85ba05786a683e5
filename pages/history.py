"""History: what was said of who is who in a recording, by whom and when, newest first."""

from __future__ import annotations

import streamlit as st

from engine.core.errors import ConfigError
from engine.core.views import FootageView, RunView
from pages import _edit_words, _history, _panels, _ui
from pages._author import reviewer, tell
from pages._tallies import title_of
from pages._ui import t

STEP = 40  # lines shown at once

engine = _ui.engine()
everything = engine.list_footage()
BOX, PERSON, SHOWN = _ui.HISTORY
st.html(_ui.ASSETS / "history.css")


def go() -> None:
    """Put what was chosen into the address."""
    footage = st.session_state[BOX]
    kept = st.session_state.get(PERSON, "") if st.query_params.get(_ui.Q_FOOTAGE, footage) == footage else ""
    tell(**{_ui.Q_FOOTAGE: footage, _ui.Q_PERSON: kept or ""})
    st.session_state.pop(SHOWN, None)


def chosen_footage() -> FootageView:
    """The recording the address names, else the newest; the choice is drawn as a box."""
    by_id = {one.id: one for one in everything}
    asked = st.query_params.get(_ui.Q_FOOTAGE, "")
    if asked and asked not in by_id:
        _ui.notice("error", t("people.unknown", footage=asked))
    st.session_state[BOX] = asked if asked in by_id else everything[0].id
    names, label = {one.id: one.name for one in everything}, t("people.choose")
    st.selectbox(label, list(names), key=BOX, format_func=names.get, on_change=go, label_visibility="collapsed")
    return by_id[st.session_state[BOX]]


def chosen_person(run: RunView) -> str:
    """The person the address names, "" for everybody; the choice is drawn as a box."""
    titles = {"": t("history.everybody")}
    for person in _ui.people(run.id):
        titles[person.label] = f"{person.name} ({person.label})" if person.name else title_of(person)
    asked = st.query_params.get(_ui.Q_PERSON, "")
    if asked not in titles:
        _ui.notice("error", t("history.unknown", person=asked))
    st.session_state[PERSON] = asked if asked in titles else ""
    label = t("history.who")
    st.selectbox(label, list(titles), key=PERSON, format_func=titles.get, on_change=go, label_visibility="collapsed")
    return str(st.session_state[PERSON])


def take_back(line: int) -> None:
    """Undo the newest edit that stands, if it is the one that was looked at."""
    with _ui.guarded_action():
        newest = engine.identity.undoable(footage.id)
        if newest is None or newest.id != line:
            raise ConfigError(t("edit.stale"))
        engine.identity.undo(footage.id, reviewer())


def bring_back() -> None:
    """Redo what was taken back last."""
    with _ui.guarded_action():
        engine.identity.redo(footage.id, reviewer())


def journal(footage: FootageView, run: RunView, label: str) -> None:
    """The lines of one person or of everybody, the newest first."""
    said = engine.identity.history(run.id, label) if label else engine.identity.journal(footage.id)
    said = sorted(said, key=lambda entry: -entry.id)
    newest, again = engine.identity.undoable(footage.id), engine.identity.redoable(footage.id)
    if again is not None:
        words = t("history.again", what=_edit_words.order(again, run.id))
        st.button(_ui.plain(words), key="sl_again", icon=":material/redo:", on_click=bring_back)
    if not said:
        body = t("history.none.person", person=label) if label else t("history.none.body")
        _panels.empty_state(t("history.none.title"), body)
        _ui.link_to("people", t("history.people"), **{_ui.Q_FOOTAGE: footage.id})
        return
    shown = int(st.session_state.get(SHOWN, STEP))
    line = newest.id if newest is not None else None
    _history.lines(said[:shown], footage, run.id, newest=line, on_back=take_back)
    if len(said) > shown:
        more = {SHOWN: shown + STEP}
        st.button(t("history.more"), key="sl_more", on_click=st.session_state.update, args=(more,))


heading, which, who = st.columns([2.2, 1.6, 1.2], vertical_alignment="center")
with heading, st.container(key="sl_heading"):
    st.title(t("history.title"), anchor=False)
    st.caption(t("history.help"))
if everything:
    with which:
        footage = chosen_footage()
    run = next(iter(engine.runs(footage.id)), None)
    label = ""
    if run is not None:
        with who:
            label = chosen_person(run)
    _ui.show_notices()
    if run is not None:
        journal(footage, run, label)
    else:
        _panels.empty_state(t("people.pending"), "")
        _ui.link_to("footage", t("people.none.link"))
else:
    _panels.empty_state(t("people.none.title"), t("people.none.body"))
    _ui.link_to("footage", t("people.none.link"))
