"""Jobs on every screen: what is at work, how far it is, and what failed since somebody last looked.

Owns: the panel in the side bar. May import: `engine.core`, `pages`, Streamlit.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from urllib.parse import unquote

import streamlit as st

from engine.core.errors import SightlineError
from engine.core.views import JobState, JobView
from pages import _panels, _ui, _view
from pages._ui import t

ACTIVE = (JobState.RUNNING, JobState.QUEUED)
POLL_S = 2.0
SHOWN = 3
"""Jobs that are drawn; of the others only their number."""

OLD = timedelta(days=1)
"""Failures older than this are not brought up in a browser that has not seen them."""


def panel() -> None:
    """Draw the jobs, again and again by itself; nothing where nothing is going on."""
    with st.container(key="sl_jobs"):
        st.fragment(_draw, run_every=POLL_S)()


def active(jobs: Sequence[JobView]) -> list[JobView]:
    """Jobs at work or waiting: first those at work, then in the order they will be taken up.

    Args:
        jobs: all, newest first.
    """
    return sorted((job for job in jobs if job.state in ACTIVE), key=lambda job: (ACTIVE.index(job.state), job.id))


def failed(jobs: Sequence[JobView], seen_utc: str) -> list[JobView]:
    """Failures nobody has seen, newest first: of each recording only how its newest job ended.

    Args:
        jobs: all, newest first.
        seen_utc: ISO 8601; what failed until then was seen.
    """
    newest: dict[str, JobView] = {}
    for job in jobs:
        newest.setdefault(job.footage, job)
    return [job for job in newest.values() if job.state is JobState.FAILED and job.finished_utc > seen_utc]


def seen_until() -> str:
    """Until when failures were seen in this browser, ISO 8601; what is older than a day counts as seen."""
    noted = st.session_state.get(_ui.SEEN) or st.context.cookies.get(_ui.COOKIE_SEEN) or ""
    oldest = datetime.now(UTC) - OLD
    try:
        return max(oldest, datetime.fromisoformat(unquote(str(noted)))).isoformat(timespec="seconds")
    except (ValueError, TypeError):
        # Nothing noted, or a cookie that is not ours.
        return oldest.isoformat(timespec="seconds")


def _dismiss(until: str) -> None:
    st.session_state[_ui.SEEN] = until


def _draw() -> None:
    with _ui.guard():
        try:
            jobs = _ui.engine().jobs()
        except SightlineError:
            # The screen beside says so, and once is enough.
            return
        working, broken = active(jobs), failed(jobs, seen_until())
        if working:
            st.html(f'<h2 class="sl-side-title">{t("jobs.title")}</h2>')
        for job in working[:SHOWN]:
            _row(job)
        if len(working) > SHOWN:
            st.caption(t("jobs.waiting", count=len(working) - SHOWN))
        if broken:
            st.html(f'<h2 class="sl-side-title sl-bad">{t("jobs.failed")}</h2>')
        for job in broken[:SHOWN]:
            _row(job)
        if broken:
            newest = max(job.finished_utc for job in broken)
            st.button(t("jobs.seen"), key="sl_jobs_seen", type="tertiary", on_click=_dismiss, args=(newest,))


def _row(job: JobView) -> None:
    with st.container(key=f"sl_job_{job.id}"):
        _ui.link_to("footage", _ui.plain(job.footage_name), **{_ui.Q_FOOTAGE: job.footage})
        if job.state in ACTIVE:
            share = job.fraction if job.state is JobState.RUNNING else 0.0
            _panels.progress(job.footage_name, share, _view.job_word(job, _ui.language()))
        else:
            st.caption(_ui.plain(job.error))
