"""Our own elements in the browser: upload, player and list of people.

Owns: what they are handed, and what was clicked in them. May import: `pages`, Streamlit.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from engine.core.views import FootageView, PersonView, RunView
from pages import _data, _ui
from pages._data import Looking, Pick
from pages._mount import mount
from pages._text import LANGUAGES, group


def upload(*, limit: int, on_added: Callable[[], None]) -> None:
    """Where videos are dropped; they go to the server's disk in chunks, past Streamlit's memory.

    Args:
        limit: largest file, bytes.
        on_added: called when the list of added footage has grown; `added_footage` reads it.
    """
    text = group(_ui.language(), "upload")
    size = f"{limit / 2**30:.4g} GiB"  # as the setting says it
    text = {key: value.replace("{limit}", size) for key, value in text.items()}
    # The server speaks its own language; in another one a refusal is said by its kind.
    own = _ui.language() == LANGUAGES[0]
    data = {"limit": limit, "text": text, "bad": {} if own else group(_ui.language(), "bad")}
    mount("upload", key=_ui.UPLOAD, data=data, on_added_change=on_added)


def added_footage() -> list[str]:
    """Ids of the footage the upload element has added since the page was opened."""
    state = st.session_state.get(_ui.UPLOAD)
    return [str(footage) for footage in (state.get("added") if state else None) or []]


def player(
    footage: FootageView,
    run: RunView | None,
    people: Sequence[PersonView],
    looking: Looking,
    *,
    on_pick: Callable[[], None] | None = None,
    on_time: Callable[[], None] | None = None,
) -> None:
    """The recording with its people drawn over it, in step with the frame on screen.

    Args:
        footage: what is played.
        run: whose people are drawn; None plays the recording alone.
        people: of the run, in its order.
        looking: where to stand and whom to point out; what the browser did since the last drawing is kept.
        on_pick: called when a person was clicked, or the player stands still at another moment; `player_pick` reads it.
        on_time: called about once a second while it plays; `player_time` reads it. Without it nothing is reported.
    """
    data = _data.player_data(footage, run, people, looking, _ui.language())
    data |= {"picks": on_pick is not None, "report": on_time is not None}
    data["revision"] = _ui.revision(run.id) if run is not None else ""
    callbacks = {"pick": on_pick, "stand": on_pick, "time": on_time}
    told = {f"on_{name}_change": callback or _nothing for name, callback in callbacks.items()}
    mount("player", key=f"{_ui.PLAYER}_{footage.id}", data=data, **told)


def player_pick(footage: str, looking: Looking) -> Pick | None:
    """Who was clicked in the player of a footage in this rerun, or where it stands now; None where nothing happened.

    Args:
        footage: footage id.
        looking: what was looked at before: a player that merely stands elsewhere points out the same person.
    """
    key = f"{_ui.PLAYER}_{footage}"
    state = st.session_state.get(key)
    stand = state.get("stand") if state else None
    return _pick(key) or (Pick(looking.person, float(stand["t"]), looking.only) if stand else None)


def player_time(footage: str) -> float | None:
    """The time the player of a footage reported last, seconds; None before the first."""
    state = st.session_state.get(f"{_ui.PLAYER}_{footage}")
    t = state.get("time") if state else None
    return None if t is None else float(t)


def people_list(
    data: dict[str, Any],
    *,
    on_pick: Callable[[], None],
    on_rename: Callable[[], None],
    on_told: Callable[[], None],
) -> None:
    """Everybody in a run as cards, and one of them in detail.

    Args:
        data: from `pages._people.people_data`.
        on_pick: called when somebody was picked; `picked` reads it.
        on_rename: called when somebody was given a name; `renamed` reads it.
        on_told: called when somebody said who is who; `pages._edit_acts.carry_out` reads it.
    """
    told = {"on_pick_change": on_pick, "on_rename_change": on_rename, "on_told_change": on_told}
    mount("people", key=_ui.PICKED, data=data, **told)


def picked() -> Pick | None:
    """Who was picked in the list in this rerun, None where nobody was."""
    return _pick(_ui.PICKED)


def renamed() -> tuple[str, str] | None:
    """Label and new name of whom somebody named in this rerun, None where nobody was."""
    state = st.session_state.get(_ui.PICKED)
    change = state.get("rename") if state else None
    return (str(change["person"]), str(change["name"])) if change else None


def _pick(key: str) -> Pick | None:
    state = st.session_state.get(key)
    pick = state.get("pick") if state else None
    if not pick:
        return None
    t = pick.get("t")
    return Pick(str(pick["person"]), None if t is None else float(t), bool(pick.get("only")))


def _nothing() -> None:
    """Hears of what nobody asked about."""
