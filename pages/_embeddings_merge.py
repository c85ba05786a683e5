"""Making one person of several that were chosen on a map: what would change first, then the merge.

Owns: that. May import: `engine.core`, `pages`, Streamlit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from engine.core.errors import SightlineError
from engine.core.identity import EditDraft, PersonRef, Preview
from pages import _ui, _view
from pages._author import reviewer
from pages._ui import language, t

ASKED = "sl_map_merge"
LAST = "sl_map_merged"

FORBIDDEN = "together"
"""The warning that no merge gets past."""


def drop() -> None:
    """Forget what was asked; for callbacks."""
    st.session_state.pop(ASKED, None)


def offer(chosen: Sequence[PersonRef], titles: Mapping[PersonRef, str]) -> None:
    """The button, and after it what would change.

    Args:
        chosen: who were chosen; with fewer than two there is nothing to merge.
        titles: what they are called.
    """
    if len(chosen) < 2:
        drop()
        return
    if not st.session_state.get(ASKED):
        st.button(t("map.merge"), key="sl_map_ask", icon=":material/merge:", help=t("map.merge.help"), on_click=_ask)
        return
    first, *others = chosen
    previews = {other: _preview(draft_of(first, other)) for other in others}
    footage = {ref.footage: _ui.engine().footage(ref.footage).name for ref in chosen}
    st.markdown(_ui.plain(t("map.merge.into", person=first.label, footage=footage[first.footage])))
    told, refused = [], False
    for other, preview in previews.items():
        seconds = _seconds(other)
        one = t(
            "map.merge.one",
            person=other.label,
            footage=footage[other.footage],
            length=_view.length(seconds, language()),
        )
        warnings = preview if isinstance(preview, str) else ", ".join(t(f"map.merge.{one}") for one in preview.warnings)
        refused |= isinstance(preview, str) or FORBIDDEN in preview.warnings
        told.append(f"- {_ui.plain(one)}" + (f": **{_ui.plain(warnings)}**" if warnings else ""))
    st.markdown("\n".join(told))
    with st.container(horizontal=True, gap="small"):
        st.button(
            t("map.merge.do"),
            key="sl_map_merge_do",
            type="primary",
            disabled=refused,
            on_click=_merge,
            args=(first, tuple(others)),
        )
        st.button(t("map.merge.drop"), key="sl_map_merge_drop", on_click=drop)


def draft_of(first: PersonRef, other: PersonRef) -> EditDraft:
    """The word that two are one."""
    return EditDraft("merge", first.run, first.label, other.label, "" if other.run == first.run else other.run)


def _ask() -> None:
    st.session_state[ASKED] = True


def _preview(draft: EditDraft) -> Preview | str:
    """What a merge would do, or why it cannot be."""
    try:
        return _ui.engine().identity.preview(draft)
    except SightlineError as error:
        return error.user_message


def _seconds(ref: PersonRef) -> float:
    person = next((one for one in _ui.people(ref.run) if one.label == ref.label), None)
    return person.visible_s if person else 0.0


def _merge(first: PersonRef, others: Sequence[PersonRef]) -> None:
    drop()
    made: list[tuple[str, int]] = []
    with _ui.guarded_action():
        for other in others:
            made.append((first.footage, _ui.engine().identity.apply(draft_of(first, other), reviewer()).id))
        _ui.notice("success", t("map.merged", count=len(others) + 1))
    if made:
        st.session_state[LAST] = made


def undo_button() -> None:
    """A button that takes the last merge of this session back, as long as it is the last word on its recording."""
    made = st.session_state.get(LAST, ())
    last = _ui.engine().identity.undoable(made[-1][0]) if made else None
    if last is not None and last.id == made[-1][1]:
        st.button(t("map.undo"), key="sl_map_undo", icon=":material/undo:", on_click=_undo)


def _undo() -> None:
    identity = _ui.engine().identity
    with _ui.guarded_action():
        for footage, line in reversed(st.session_state.pop(LAST, ())):
            last = identity.undoable(footage)
            if last is None or last.id != line:
                break
            identity.undo(footage, reviewer())
        _ui.notice("success", t("map.undone"))
