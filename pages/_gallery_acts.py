"""What can be done from a dossier: naming somebody, parting who was matched wrongly, and taking that back.

Owns: those acts. May import: `engine.core`, `pages`, Streamlit.
"""

from __future__ import annotations

import streamlit as st

from engine.core.identity import LONGEST_NAME, Appearance, EditDraft, IdentityView
from pages import _gallery, _ui
from pages._author import reviewer
from pages._gallery_bar import open_dossier
from pages._gallery_cards import title_of
from pages._ui import t


def rename_box(identity: IdentityView) -> None:
    """A box with the name, which is stored when it is left."""
    key = f"{_gallery.NAME_BOX}_{identity.id}"
    st.session_state[key] = identity.name
    st.text_input(
        t("dossier.name"),
        key=key,
        max_chars=LONGEST_NAME,
        placeholder=title_of(identity),
        on_change=_rename,
        args=(identity, key),
    )


def _rename(identity: IdentityView, key: str) -> None:
    """Name every appearance that has a name of its own, and the first: the others follow from that."""
    name = " ".join(str(st.session_state[key]).split())
    first, *others = identity.appearances
    made = []
    with _ui.guarded_action():
        for each in (first, *(one for one in others if one.person.name)):
            if each.person.name != name:
                draft = EditDraft("rename", each.ref.run, each.ref.label, name=name)
                made.append((each.ref.footage, _ui.engine().identity.apply(draft, reviewer()).id))
        _done(made, t("dossier.renamed", person=name or first.ref.label))


def apart_button(appearance: Appearance, identity: IdentityView) -> None:
    """A button that says that one appearance is somebody else; nothing where it is the only one."""
    if len(identity.appearances) < 2:
        return
    ref = appearance.ref
    st.button(
        t("dossier.apart"),
        key=f"sl_apart_{ref.footage}_{ref.label}",
        icon=":material/call_split:",
        help=t("dossier.apart.help"),
        on_click=_part,
        args=(appearance, identity),
    )


def _part(appearance: Appearance, identity: IdentityView) -> None:
    ref, made = appearance.ref, []
    with _ui.guarded_action():
        for other in identity.appearances:
            # Two of one recording are one person by another word, which the people screen takes back.
            if other.ref.footage != ref.footage:
                draft = EditDraft("distinct", ref.run, ref.label, other.ref.label, other.ref.run)
                made.append((ref.footage, _ui.engine().identity.apply(draft, reviewer()).id))
        _done(made, t("dossier.parted", person=ref.label, footage=appearance.footage_name))
    if made and identity.appearances[0].ref == ref:
        open_dossier(f"{identity.appearances[1].ref.footage}-{identity.appearances[1].ref.label}")


def _done(made: list[tuple[str, int]], words: str) -> None:
    if made:
        st.session_state[_gallery.LAST] = (made, words)
        _ui.notice("success", words)


def undo_button() -> None:
    """A button that takes the last act of this session back, as long as it is the last of its recording."""
    made, _ = st.session_state.get(_gallery.LAST, ((), ""))
    if not made:
        return
    footage, line = made[-1]
    last = _ui.engine().identity.undoable(footage)
    if last is not None and last.id == line:
        st.button(t("dossier.undo"), key="sl_gallery_undo", icon=":material/undo:", on_click=_undo)


def _undo() -> None:
    made, words = st.session_state.pop(_gallery.LAST, ((), ""))
    identity = _ui.engine().identity
    with _ui.guarded_action():
        for footage, line in reversed(made):
            last = identity.undoable(footage)
            if last is None or last.id != line:
                break
            identity.undo(footage, reviewer())
        _ui.notice("success", t("dossier.undone", what=words))
