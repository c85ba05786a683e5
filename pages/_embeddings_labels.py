"""What the points of a map are coloured by: who, where, and what is known of them.

Owns: those words, and reading them once a run. May import: `engine.core`, `pages`, Streamlit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from engine.core.identity import IdentityView, PersonRef
from engine.core.labels import UNKNOWN
from pages import _people, _search_words, _ui
from pages._figures import label_word
from pages._ui import language, t

COLORS = ("person", "footage", "upper", "lower", "action")
"""What points may be coloured by."""


def titles(refs: Sequence[PersonRef], identities: Mapping[tuple[str, str], IdentityView]) -> dict[PersonRef, str]:
    """What people are called: the name of their identity, else their label and recording."""
    found = {}
    for ref in refs:
        identity = identities.get((ref.footage, ref.label))
        first = identity.appearances[0] if identity else None
        own = f"{first.ref.label} · {first.footage_name}" if first else ref.label
        found[ref] = (identity.name if identity else "") or own
    return found


def groups(
    refs: Sequence[PersonRef], color: str, named: Mapping[PersonRef, str], footage: Mapping[str, str]
) -> list[str]:
    """What each person is coloured by.

    Args:
        refs: who.
        color: of `COLORS`.
        named: what they are called.
        footage: names of recordings by id.
    """
    if color == "person":
        return [named[ref] for ref in refs]
    if color == "footage":
        return [footage.get(ref.footage, ref.footage) for ref in refs]
    return [_label(ref, color) for ref in refs]


def _label(ref: PersonRef, color: str) -> str:
    revision = _ui.revision(ref.run)
    if color == "action":
        label = _actions(ref.run, revision).get(ref.label, UNKNOWN)
        return label_word(label, language()) if label != UNKNOWN else t("map.unknown")
    colour = _worn(ref.run, revision).get((ref.label, color), "")
    words = _search_words.words_data(language())["words"]["colour"]
    return words.get(colour, colour) if colour else t("map.unknown")


@st.cache_data(show_spinner=False, max_entries=256)
def _worn(run: str, revision: int) -> dict[tuple[str, str], str]:
    """Main colour of every region that was seen, by label and region."""
    clothing = _ui.engine().answers.clothing(run) or {}
    return {
        (label, slot.region): slot.colours[0][0]
        for label, worn in clothing.items()
        for slot in worn.slots
        if slot.visible and slot.colours
    }


@st.cache_data(show_spinner=False, max_entries=256)
def _actions(run: str, revision: int) -> dict[str, str]:
    """The posture that everybody spent most time in."""
    found = {}
    for label, channels in _people.shares_of(run).items():
        told = {name: seconds for name, seconds in channels.get("posture", {}).items() if name != UNKNOWN}
        if told:
            found[label] = max(told, key=lambda name: told[name])
    return found
