"""Saying who is who: what is done in the list of people, carried out once each and in order.

The browser numbers what it tells and tells it again until the page has answered, so that no press is lost while the
page is being drawn. Owns: that. May import: `engine.core`, `pages`, Streamlit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import streamlit as st

from engine.core.errors import ConfigError
from engine.core.identity import PIECE, EditDraft
from engine.core.views import PersonView, RunView
from pages import _ui
from pages._author import call, reviewer, tell
from pages._ui import t

Act = dict[str, Any]


def handled() -> int:
    """Number of the last thing that was carried out in this session."""
    return int(st.session_state.get(_ui.EDIT_TOLD, 0))


def carry_out(run: RunView) -> None:
    """Do what the list has told since the last time; called when it tells something."""
    state = st.session_state.get(_ui.PICKED)
    told = state.get("told") if state else None
    for act in (told or {}).get("acts", []):
        if int(act["n"]) > handled():
            st.session_state[_ui.EDIT_TOLD] = int(act["n"])
            with _ui.guarded_action():
                ACTS[str(act["kind"])](act, run)


@contextmanager
def followed(run: RunView) -> Iterator[None]:
    """Around an edit: whoever is looked at is looked at afterwards too, under the label that they have then."""
    before = _ui.people(run.id)
    yield
    looked = next((one for one in before if one.label == st.query_params.get(_ui.Q_PERSON)), None)
    if looked is not None:
        tell(**{_ui.Q_PERSON: heir(looked, _ui.people(run.id))})
    st.session_state[_ui.EDITED] = True


def heir(person: PersonView, people: Sequence[PersonView]) -> str:
    """Label of who has most of a person's time now; their own where any of it is left to them, "" where nobody has."""

    def shared(other: PersonView) -> float:
        return sum(
            max(0.0, min(a.end_s, b.end_s) - max(a.start_s, b.start_s))
            for a in person.presence
            for b in other.presence
            if a.tracklet % PIECE == b.tracklet % PIECE
        )

    left = {one.label: shared(one) for one in people if shared(one) > 0}
    # Not by the label alone: those of people whom edits brought about move on when another edit makes one before them.
    return person.label if person.label in left else max(left, key=lambda label: left[label], default="")


def draft_of(told: dict[str, Any]) -> EditDraft:
    """An edit as the browser asks for it."""
    at_s, revision = told.get("at_s"), told.get("revision")
    return EditDraft(
        kind=str(told["kind"]),
        run=str(told["run"]),
        label=str(told["label"]),
        other=str(told.get("other", "")),
        tracklets=tuple(int(number) for number in told.get("tracklets", [])),
        at_s=None if at_s is None else float(at_s),
        name=str(told.get("name", "")),
        revision=None if revision is None else int(revision),
    )


def _mode(act: Act, _: RunView) -> None:
    st.session_state[_ui.EDITING] = bool(act["on"])


def _draft(act: Act, _: RunView) -> None:
    st.session_state[_ui.EDIT_DRAFT] = draft_of(act["edit"])


def _drop(_: Act, __: RunView) -> None:
    st.session_state.pop(_ui.EDIT_DRAFT, None)


def _apply(act: Act, run: RunView) -> None:
    st.session_state.pop(_ui.EDIT_DRAFT, None)
    with followed(run):
        _ui.engine().identity.apply(draft_of(act["edit"]), reviewer())


def _step(act: Act, run: RunView) -> None:
    identity, undo = _ui.engine().identity, act["kind"] == "undo"
    meant = (identity.undoable if undo else identity.redoable)(run.footage)
    if meant is None or act["line"] not in (None, meant.id):
        raise ConfigError(t("edit.stale"))
    st.session_state.pop(_ui.EDIT_DRAFT, None)
    with followed(run):
        (identity.undo if undo else identity.redo)(run.footage, reviewer())


def _name(act: Act, _: RunView) -> None:
    call(str(act["name"]))


ACTS: dict[str, Callable[[Act, RunView], None]] = {
    "mode": _mode,
    "draft": _draft,
    "drop": _drop,
    "apply": _apply,
    "undo": _step,
    "redo": _step,
    "name": _name,
}
"""Kind of an act -> what it does."""
