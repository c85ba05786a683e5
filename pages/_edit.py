"""Saying who is who on the people screen: what its element is handed.

Owns: that data, and drawing the page after an edit. May import: `engine.core`, `pages`, Streamlit.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from engine.core.identity import DoubtfulPair, JournalEntry
from engine.core.views import FootageView, PersonView, RunView
from pages import _doubtful, _edit_acts, _edit_words, _ui
from pages._author import reviewer
from pages._edit_preview import preview_data
from pages._mount import mount
from pages._text import group


def edit_data(footage: FootageView, run: RunView, people: Sequence[PersonView]) -> dict[str, Any]:
    """What the list of people is handed for saying who is who.

    Args:
        footage: what is shown.
        run: by which analysis.
        people: of the run, as the journal stands.
    """
    identity, draft = _ui.engine().identity, st.session_state.get(_ui.EDIT_DRAFT)
    links = {page: f"{page}?{urlencode({_ui.Q_FOOTAGE: footage.id})}" for page in ("doubtful", "history")}
    return {
        "on": bool(st.session_state.get(_ui.EDITING)),
        "n": _edit_acts.handled(),
        "author": reviewer(),
        "undo": _line(identity.undoable(footage.id), run),
        "redo": _line(identity.redoable(footage.id), run),
        "preview": preview_data(footage, run, people, draft) if draft is not None and draft.run == run.id else None,
        "links": links,
        "text": group(_ui.language(), "edit"),
    }


def doubtful(footage: FootageView, run: RunView) -> None:
    """Tell the list how many pairs wait for an answer, and who may be whom; last, as nothing waits for it."""
    pairs = _doubtful.waiting(footage.id)
    told = {"footage": footage.id, "revision": _ui.revision(run.id), "count": len(pairs), "maybe": likely(pairs, run)}
    mount("doubtful", key=_ui.DOUBTFUL, data=told)


def likely(pairs: Sequence[DoubtfulPair], run: RunView) -> dict[str, list[Any]]:
    """Whom somebody may be: label -> the likeliest other and how likely, of pairs within the run."""
    found: dict[str, list[Any]] = {}
    for pair in sorted(pairs, key=lambda one: -one.score):
        if pair.first.run == pair.second.run == run.id:
            found.setdefault(pair.second.label, [pair.first.label, round(pair.score, 2)])
    return found


def _line(entry: JournalEntry | None, run: RunView) -> dict[str, Any] | None:
    return None if entry is None else {"id": entry.id, "words": _edit_words.order(entry, run.id)}


def finish() -> None:
    """Draw all of the page after an edit, which callbacks cannot: how many people there are stands above the list."""
    if st.session_state.pop(_ui.EDITED, False):
        st.rerun()
