"""The panel beside the library: one recording, what is known of it, and what can be done with it.

Owns: the panel. May import: `engine.core`, `pages`, Streamlit.
"""

from __future__ import annotations

from html import escape

import streamlit as st

from engine.core.config import PROFILES
from engine.core.library import LibraryEntry
from engine.core.views import JobState
from pages import _cards, _describe, _library, _other_cameras, _removal, _ui, _view
from pages._ui import t

POLL_S = 1.0


def details(entry: LibraryEntry) -> None:
    """Draw the panel of a recording."""
    footage, language = entry.footage, _ui.language()
    with st.container(key="sl_details"):
        with st.container(horizontal=True, vertical_alignment="center", key="sl_details_head"):
            st.subheader(_ui.plain(footage.name), anchor=False)
            st.button(
                ":material/close:",
                key="sl_details_close",
                type="tertiary",
                help=t("details.close"),
                on_click=_cards.choose,
                args=("",),
            )
        st.html(_facts(entry))
        if footage.gaps:
            st.html(f'<div class="sl-small sl-warning">{escape(_view.gap_sentence(footage.gaps, language))}</div>')
        _standing(entry)
        _actions(entry)
        with st.expander(t("details.edit"), expanded=False, key=f"sl_edit_{footage.id}"):
            _describe.form(entry)
        _other_cameras.other_cameras(footage)
    _removal.confirm(entry)


def _facts(entry: LibraryEntry) -> str:
    language, said = _ui.language(), entry.details
    when = _library.recorded(entry, st.context.timezone)
    source = "" if said.start_utc or not when else f" ({t('details.from_file')})"
    added = _view.moment(entry.footage.added_utc, st.context.timezone)
    rows = {
        t("details.file"): _view.footage_line(entry.footage, language),
        t("details.start"): f"{when}{source}" if when else t("details.unknown"),
        t("details.camera"): said.camera,
        t("details.tags"): ", ".join(said.tags),
        t("details.note"): said.note,
        t("details.path"): entry.footage.path if entry.footage.in_place else "",
        t("details.added"): added,
    }
    cells = "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in rows.items() if value)
    return f'<dl class="sl-facts">{cells}</dl>'


def _standing(entry: LibraryEntry) -> None:
    job, language = entry.job, _ui.language()
    if job is not None and job.state in _library.ACTIVE:
        st.fragment(_watch, run_every=POLL_S)(job.id)
        return
    if job is not None and job.state is JobState.FAILED:
        st.error(_ui.plain(f"{t('job.failed')}: {job.error}"), icon=":material/error:")
    elif job is not None and job.state is JobState.CANCELLED:
        st.caption(t("job.cancelled"))
    if entry.run:
        profile, when = (
            _view.profile_word(entry.profile, language),
            _view.moment(entry.finished_utc, st.context.timezone),
        )
        st.html(
            f'<div class="sl-state sl-done"><div class="sl-word">{_view.people_word(entry.people or 0, language)}</div>'
            f'<div class="sl-small">{escape(t("people.run", when=when, profile=profile))}</div></div>'
        )
    elif job is None:
        st.caption(t("job.new"))


def _watch(job: int) -> None:
    """Progress of one job, drawn again by itself; when it is over the whole page is drawn again."""
    view = next((one for one in _ui.engine().jobs() if one.id == job), None)
    if view is None or view.state not in _library.ACTIVE:
        st.rerun()
    st.html(_view.progress_html(view, _ui.language()))
    if view.state is JobState.RUNNING:
        st.html(_library.stages_html(view, _ui.engine().library.stages, _ui.language()))


def _actions(entry: LibraryEntry) -> None:
    name, job = entry.footage.id, entry.job
    with st.container(horizontal=True, gap="small", key="sl_details_actions"):
        if entry.run:
            _ui.link_to("people", t("footage.open"), **{_ui.Q_FOOTAGE: name})
        if job is not None and job.state in _library.ACTIVE:
            st.button(t("footage.cancel"), key=f"sl_cancel_{name}", on_click=_cards.cancel, args=(name,))
        elif job is not None and job.state in (JobState.FAILED, JobState.CANCELLED):
            st.button(t("footage.retry"), key=f"sl_retry_{name}", on_click=_cards.retry, args=(name,))
        if not (job is not None and job.state in _library.ACTIVE):
            with st.popover(t("footage.again" if entry.run else "footage.analyse"), key=f"sl_options_{name}"):
                st.caption(t("footage.again.help") if entry.run else t("add.profile.help"))
                for profile in PROFILES:
                    label, arguments = _view.profile_word(profile, _ui.language()), (name, profile)
                    key = f"sl_again_{profile}_{name}"
                    st.button(label, key=key, on_click=_cards.analyse, args=arguments, width="stretch")
            st.button(t("footage.remove"), key=f"sl_remove_{name}", on_click=_removal.ask, args=(name,))
