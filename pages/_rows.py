"""One row of the footage list: picture, facts, state of the analysis, and what can be done.

Owns: the row and the callbacks of its buttons. May import: `engine.core`, `pages`.
"""

from __future__ import annotations

from collections.abc import Callable
from html import escape

import streamlit as st

from engine.core.config import PROFILES, AnalysisConfig
from engine.core.views import FootageView, JobState, JobView, RunView
from pages import _data, _ui, _view
from pages._ui import t

ACTIVE = (JobState.QUEUED, JobState.RUNNING)
STOPPED = (JobState.FAILED, JobState.CANCELLED)
POLL_S = 0.7


def chosen_profile() -> str:
    """The profile for what is added from now on."""
    return str(st.session_state.get(_ui.PROFILE) or PROFILES[0])


def analyse(footage: str, profile: str) -> None:
    """Queue an analysis; for callbacks."""
    with _ui.guarded_action():
        _ui.engine().submit(footage, AnalysisConfig(profile=profile))


def _act(action: Callable[..., None], subject: str | int) -> None:
    with _ui.guarded_action():
        action(subject)


def footage_row(footage: FootageView, job: JobView | None) -> None:
    """Draw a recording.

    Args:
        footage: the recording.
        job: its newest job, None where there was none.
    """
    run = next(iter(_ui.engine().runs(footage.id)), None)
    with st.container(border=True, key=f"sl_row_{footage.id}"):
        picture, facts, state, actions = st.columns([1, 2.6, 2, 1.5], vertical_alignment="center")
        picture.html(_poster(footage))
        facts.html(_facts(footage))
        with state:
            _state(job, run)
        with (
            actions,
            st.container(horizontal=True, horizontal_alignment="right", vertical_alignment="center", gap="small"),
        ):
            _actions(footage, job, run)


def _poster(footage: FootageView) -> str:
    if _ui.engine().media_file(footage.id, "poster.jpg") is None:
        # A browser that has asked for a picture too early does not ask again.
        return '<div class="sl-poster"></div>'
    address = escape(_data.media_url(footage.id, "poster.jpg"))
    return f'<div class="sl-poster" style="background-image: url({address})"></div>'


def _facts(footage: FootageView) -> str:
    language = _ui.language()
    gap = _view.gap_word(footage.gaps, language)
    warning = f'<div class="sl-small sl-warning">{escape(gap)}</div>' if gap else ""
    return (
        f'<div class="sl-name" title="{escape(footage.name)}">{escape(footage.name)}</div>'
        f'<div class="sl-small">{escape(_view.footage_line(footage, language))}</div>{warning}'
    )


def _state(job: JobView | None, run: RunView | None) -> None:
    language = _ui.language()
    if job is not None and job.state in ACTIVE:
        st.fragment(_watch, run_every=POLL_S)(job.id)
    elif job is not None and job.state in STOPPED:
        st.html(_state_html(f"sl-{job.state}", _view.job_word(job, language), job.error))
    elif run is not None:
        when = _view.run_line(run, language, st.context.timezone)
        st.html(_state_html("sl-done", _view.people_word(len(_ui.people(run.id)), language), when))
    else:
        st.html(_state_html("sl-new", t("job.new"), ""))


def _state_html(kind: str, word: str, detail: str) -> str:
    return (
        f'<div class="sl-state {kind}"><div class="sl-word">{escape(word)}</div>'
        f'<div class="sl-small">{escape(detail)}</div></div>'
    )


def _watch(job: int) -> None:
    """Progress of one job, drawn again by itself; when it is over the whole page is drawn again."""
    view = next((one for one in _ui.engine().jobs() if one.id == job), None)
    if view is None or view.state not in ACTIVE:
        st.rerun()
    st.html(_view.progress_html(view, _ui.language()))


def _actions(footage: FootageView, job: JobView | None, run: RunView | None) -> None:
    engine, name = _ui.engine(), footage.id
    active = job is not None and job.state in ACTIVE
    if run is not None:
        _ui.link_to("people", t("footage.open"), **{_ui.Q_FOOTAGE: footage.id})
    if active:
        st.button(t("footage.cancel"), key=f"sl_cancel_{name}", on_click=_act, args=(engine.cancel, job.id))
        return
    if job is not None and job.state in STOPPED:
        st.button(t("footage.retry"), key=f"sl_retry_{name}", on_click=_act, args=(engine.retry, job.id))
    elif run is None:
        arguments = (footage.id, chosen_profile())
        st.button(t("footage.analyse"), key=f"sl_analyse_{name}", type="primary", on_click=analyse, args=arguments)
    with st.popover(":material/more_horiz:", key=f"sl_options_{name}", help=t("footage.options")):
        if run is not None:
            st.caption(f"**{t('footage.again')}.** {t('footage.again.help')}")
            for profile in PROFILES:
                label, arguments = _view.profile_word(profile, _ui.language()), (footage.id, profile)
                st.button(label, key=f"sl_again_{profile}_{name}", on_click=analyse, args=arguments, width="stretch")
        st.caption(t("footage.remove.help.in_place" if footage.in_place else "footage.remove.help"))
        arguments = (engine.remove, footage.id)
        st.button(t("footage.remove"), key=f"sl_remove_{name}", on_click=_act, args=arguments, width="stretch")
