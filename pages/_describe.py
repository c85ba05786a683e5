"""The form in which people say what a recording is: tags, camera, start, zone, note.

Owns: the form and what becomes of it. May import: `engine.core`, `pages`, Streamlit.
"""

from __future__ import annotations

from functools import cache
from zoneinfo import available_timezones

import streamlit as st

from engine.core.library import (
    LONGEST_CAMERA,
    LONGEST_NOTE,
    MOST_TAGS,
    FootageDetails,
    LibraryEntry,
    parse_start,
)
from pages import _library, _sentences, _ui
from pages._ui import t

UTC = "UTC"


@cache
def zones() -> tuple[str, ...]:
    """Names of all zones of the form Area/City, after "" for the reader's own."""
    found = sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith("Etc/"))
    return ("", UTC, *found)


def form(entry: LibraryEntry) -> None:
    """Draw the form of a recording."""
    name, said, library = entry.footage.id, entry.details, _ui.engine().library
    own = st.context.timezone or UTC
    choices = zones() if said.zone in zones() else (*zones(), said.zone)
    with st.form(f"sl_form_{name}", border=False):
        st.multiselect(
            t("details.tags"),
            list(dict.fromkeys([*said.tags, *library.tags()])),
            default=list(said.tags),
            key=f"sl_tags_{name}",
            accept_new_options=True,
            max_selections=MOST_TAGS,
            placeholder=t("details.tags.help"),
        )
        cameras = list(dict.fromkeys([*([said.camera] if said.camera else []), *library.cameras()]))
        st.selectbox(
            t("details.camera"),
            cameras,
            index=0 if said.camera else None,
            key=f"sl_camera_{name}",
            accept_new_options=True,
            placeholder=t("details.camera.help", most=LONGEST_CAMERA),
        )
        metadata = _library.typed_start(entry.footage.media.recorded_utc, said.zone or own)
        st.text_input(
            t("details.start"),
            _library.typed_start(said.start_utc, said.zone or own),
            key=f"sl_start_{name}",
            placeholder=metadata or "2026-11-20 18:41:05",
            help=t("details.start.help"),
        )
        st.selectbox(
            t("details.zone"),
            choices,
            index=choices.index(said.zone),
            key=f"sl_zone_{name}",
            format_func=lambda zone: zone or t("details.zone.own", zone=own),
        )
        st.text_area(t("details.note"), said.note, key=f"sl_note_{name}", max_chars=LONGEST_NOTE, height=80)
        st.form_submit_button(t("details.save"), key=f"sl_save_{name}", on_click=_save, args=(name, own))


def _save(footage: str, own: str) -> None:
    state = st.session_state
    zone = str(state[f"sl_zone_{footage}"] or "")
    typed = str(state[f"sl_start_{footage}"] or "").strip()
    with _sentences.told(text=typed, zone=zone or own):
        details = FootageDetails(
            tags=tuple(state[f"sl_tags_{footage}"]),
            camera=str(state[f"sl_camera_{footage}"] or ""),
            start_utc=parse_start(typed, zone or own),
            zone=zone,
            note=str(state[f"sl_note_{footage}"] or ""),
        )
        _ui.engine().library.describe(footage, details)
        _ui.notice("done", t("details.saved"))
