"""What limits the gallery and how it is ordered: the widgets over the cards.

Owns: those widgets, and putting what they say into the address. May import: `engine.core`, `pages`, Streamlit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st

from engine.core.dossier import SORTS, GalleryQuery
from engine.core.library import LibraryEntry
from pages import _gallery, _ui
from pages._gallery import Asked, Days
from pages._ui import t


def asked() -> Asked:
    """What the address asks."""
    return _gallery.read({key: st.query_params.get_all(key) for key in st.query_params})


def go(wish: Asked) -> None:
    """Put what is asked into the address; for callbacks."""
    kept = {_ui.Q_LANGUAGE: st.query_params[_ui.Q_LANGUAGE]} if _ui.Q_LANGUAGE in st.query_params else {}
    st.query_params.from_dict(_gallery.written(wish) | kept)


def open_dossier(id_: str) -> None:
    """Show one identity, "" for all; what limits the gallery stays."""
    go(replace(asked(), id=id_))


def bar(entries: Sequence[LibraryEntry]) -> None:
    """Draw the widgets, set to what the address asks.

    Args:
        entries: analysed footage.
    """
    wish = asked()
    names = {entry.footage.id: entry.footage.name for entry in entries}
    cameras = sorted({entry.details.camera for entry in entries if entry.details.camera}, key=str.casefold)
    state = st.session_state
    state[_gallery.TEXT_BOX] = wish.query.text
    state[_gallery.FOOTAGE_BOX] = [one for one in wish.query.footage if one in names]
    state[_gallery.CAMERA_BOX] = [one for one in wish.query.cameras if one in cameras]
    state[_gallery.ONLY_BOX] = [name for name in _gallery.ONLY if getattr(wish.query, name)]
    state[_gallery.SORT_BOX] = wish.query.sort
    text, where, only, sort = st.columns([1.5, 1.9, 2.1, 1.3], vertical_alignment="bottom")
    with text:
        st.text_input(t("gallery.find"), key=_gallery.TEXT_BOX, placeholder=t("gallery.find.help"), on_change=_take)
    with where:
        label = t("gallery.footage")
        st.multiselect(
            label,
            list(names),
            key=_gallery.FOOTAGE_BOX,
            format_func=names.get,
            on_change=_take,
            placeholder=t("gallery.any"),
        )
    with only:
        words = {name: t(f"gallery.only.{name}") for name in _gallery.ONLY}
        st.pills(
            t("gallery.only"),
            list(words),
            key=_gallery.ONLY_BOX,
            format_func=words.get,
            selection_mode="multi",
            on_change=_take,
        )
    with sort:
        orders = {name: t(f"gallery.sort.{name}") for name in SORTS}
        st.selectbox(t("gallery.sort"), list(orders), key=_gallery.SORT_BOX, format_func=orders.get, on_change=_take)
    _more(cameras, [entry.start_utc for entry in entries if entry.start_utc], wish.days)


def _more(cameras: Sequence[str], starts: Sequence[str], days: Days) -> None:
    """Cameras and days, where anything is known of them."""
    if not cameras and not starts:
        return
    when, where, _ = st.columns([1.9, 1.9, 3.0])
    if cameras:
        (where if starts else when).multiselect(
            t("gallery.camera"), cameras, key=_gallery.CAMERA_BOX, on_change=_take, placeholder=t("gallery.any")
        )
    if starts:
        st.session_state[_gallery.DAYS_BOX] = days
        when.date_input(t("gallery.days"), key=_gallery.DAYS_BOX, on_change=_take, help=t("gallery.days.help"))


def _take() -> None:
    state = st.session_state
    if asked().id or _gallery.TEXT_BOX not in state:
        return  # the widgets are gone, and say so
    chosen = state.get(_gallery.ONLY_BOX) or []
    query = GalleryQuery(
        text=" ".join(state[_gallery.TEXT_BOX].split())[: _gallery.LONGEST],
        footage=tuple(state[_gallery.FOOTAGE_BOX]),
        cameras=tuple(state.get(_gallery.CAMERA_BOX) or ()),
        sort=state[_gallery.SORT_BOX],
        **{name: name in chosen for name in _gallery.ONLY},
    )
    days = tuple(state.get(_gallery.DAYS_BOX) or ())
    state.pop(_gallery.SHOWN, None)
    go(Asked(query=query, days=days if len(days) == 2 else ()))


def timed(wish: Asked) -> GalleryQuery:
    """The query with its days as instants on the reader's clock."""
    if len(wish.days) != 2:
        return wish.query
    try:
        zone = ZoneInfo(st.context.timezone or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        zone = ZoneInfo("UTC")
    since = datetime.combine(wish.days[0], time.min, zone)
    until = datetime.combine(wish.days[1] + timedelta(days=1), time.min, zone)
    return replace(wish.query, since_utc=since.astimezone(UTC).isoformat(), until_utc=until.astimezone(UTC).isoformat())
