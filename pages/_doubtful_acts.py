"""Answers to doubtful pairs, carried out once each and in order, each for the pair that was looked at.

Owns: that. May import: `engine.core`, `pages`, Streamlit.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from engine.core.errors import ConfigError
from engine.core.identity import EditDraft, JournalEntry
from pages import _doubtful, _ui
from pages._author import reviewer
from pages._ui import t

Act = dict[str, Any]

KINDS = {"same": "merge", "different": "distinct"}
"""Answer -> kind of the edit that it becomes."""


def handled() -> int:
    """Number of the last thing that was carried out in this session."""
    return int(st.session_state.get(_ui.PAIRS_TOLD, 0))


def carry_out() -> None:
    """Do what the element has told since the last time; called when it tells something."""
    state = st.session_state.get(_ui.PAIRS)
    told = state.get("told") if state else None
    for act in (told or {}).get("acts", []):
        if int(act["n"]) > handled():
            st.session_state[_ui.PAIRS_TOLD] = int(act["n"])
            with _ui.guarded_action():
                ACTS[str(act["kind"])](act)


def undoable(footage: str) -> tuple[str, JournalEntry] | None:
    """What can be taken back here, and in which recording: the last answer of this session, else the recording's last.

    Args:
        footage: id of the recording that is shown, "" for all.
    """
    last = st.session_state.get(_ui.PAIRS_LAST, footage)
    entry = _ui.engine().identity.undoable(last) if last else None
    return None if entry is None else (last, entry)


def _answer(act: Act) -> None:
    first, second = (_doubtful.found(act[side]) for side in ("first", "second"))
    if first is None or second is None or (act["first"]["run"], first.label) == (act["second"]["run"], second.label):
        raise ConfigError(t("pairs.stale"))
    runs = str(act["first"]["run"]), str(act["second"]["run"])
    draft = EditDraft(
        kind=KINDS[str(act["answer"])],
        run=runs[1],
        label=second.label,
        other=first.label,
        other_run="" if runs[0] == runs[1] else runs[0],
    )
    _ui.engine().identity.apply(draft, reviewer())
    st.session_state[_ui.PAIRS_LAST] = str(act["footage"])


def _skip(act: Act) -> None:
    skipped = st.session_state.setdefault(_ui.PAIRS_SKIPPED, set())
    skipped.add(str(act["id"]))


def _undo(act: Act) -> None:
    footage, identity = str(act["footage"]), _ui.engine().identity
    meant = identity.undoable(footage)
    if meant is None or act["line"] not in (None, meant.id):
        raise ConfigError(t("edit.stale"))
    identity.undo(footage, reviewer())


ACTS: dict[str, Callable[[Act], None]] = {"answer": _answer, "skip": _skip, "undo": _undo}
"""Kind of an act -> what it does."""
