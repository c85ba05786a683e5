"""Our own elements in the browser: upload, player and list of people.

Owns: reading their folders under `components/` and mounting them. May import: `pages`, Streamlit.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from engine.core.views import FootageView, PersonView
from pages import _data, _ui, _view
from pages._mount import mount
from pages._text import group


def upload(*, limit: int, on_added: Callable[[], None]) -> None:
    """Where videos are dropped; they go to the server's disk in chunks, past Streamlit's memory.

    Args:
        limit: largest file, bytes.
        on_added: called when the list of added footage has grown; `added_footage` reads it.
    """
    text = group(_ui.language(), "upload")
    size = _view.size(limit)
    text = {key: value.replace("{limit}", size) for key, value in text.items()}
    mount("upload", key=_ui.UPLOAD, data={"limit": limit, "text": text}, on_added_change=on_added)


def added_footage() -> list[str]:
    """Ids of the footage the upload element has added since the page was opened."""
    state = st.session_state.get(_ui.UPLOAD)
    return [str(footage) for footage in (state.get("added") if state else None) or []]


def player(footage: FootageView, people: Sequence[PersonView], t: float | None) -> None:
    """The recording with the presence of its people under it.

    Args:
        footage: what is played.
        people: rows of the timeline.
        t: where to stand, seconds; None stays.
    """
    data = _data.player_data(footage, people, t, _ui.language())
    mount("player", key=f"sl_player_{footage.id}", data=data)


def people_list(
    footage: FootageView, people: Sequence[PersonView], chosen: str, *, on_pick: Callable[[], None]
) -> None:
    """One card a person; a click on a time plays from there.

    Args:
        footage: where they were seen.
        people: the cards, in order.
        chosen: label of the person to point out, may be "".
        on_pick: called when a time was clicked; `picked` reads it.
    """
    data = {
        "footage": footage.id,
        "duration": footage.media.duration_s,
        "chosen": chosen,
        "people": [_data.person_data(person, footage.id) for person in people],
        "text": group(_ui.language(), "people"),
    }
    mount("people", key=_ui.PICKED, data=data, on_pick_change=on_pick)


def picked() -> tuple[str, float] | None:
    """Person and time that were clicked last."""
    state = st.session_state.get(_ui.PICKED)
    pick = state.get("pick") if state else None
    return (str(pick["person"]), float(pick["t"])) if pick else None
