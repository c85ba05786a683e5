"""What was said of who is who, in words.

Owns: those sentences. May import: `engine.core`, `pages`, Streamlit.
"""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from engine.core.identity import EditDraft, JournalEntry, Mention
from engine.core.views import PersonView
from pages import _ui, _view
from pages._tallies import title_of
from pages._ui import t


def said(draft: EditDraft, people: Sequence[PersonView]) -> str:
    """What a draft would do, as an order that begins like a sentence: "Merge P3 into P1"."""
    titles = {person.label: title_of(person) for person in people}
    who, other = (titles.get(label, label) for label in (draft.label, draft.other))
    words = _order(draft.kind, who, other, draft.at_s, draft.name)
    return words[:1].upper() + words[1:]


def order(entry: JournalEntry, run: str) -> str:
    """What a line of the journal said, as an order: "merge P3 into P1"."""
    who, other = names(entry, run)
    return _order(entry.edit.kind, who, other, entry.edit.at_s, entry.edit.name)


def _order(kind: str, who: str, other: str, at_s: float | None, name: str) -> str:
    key = "unname" if kind == "rename" and not name else kind
    return t(f"edit.do.{key}", who=who, other=other, time=_view.clock(at_s or 0.0), name=name)


def names(entry: JournalEntry, run: str) -> tuple[str, str]:
    """What the people whom a line is about were called when it was said, "" for the other where it is about one."""
    found = [_titled(one, run) for one in about(entry, run)]
    first, second, *_ = [*found, "", ""]
    return first, second


def about(entry: JournalEntry, run: str) -> tuple[Mention, ...]:
    """Whom a line is about, in the labels that a run had then."""
    meant = entry.takes_back or entry.brings_back or entry.id
    return _mentions(run, _ui.engine().identity.revision()).get(meant, ())


@st.cache_data(show_spinner=False, max_entries=32)
def _mentions(run: str, revision: int) -> dict[int, tuple[Mention, ...]]:
    return _ui.engine().identity.mentions(run)


def _titled(one: Mention, run: str) -> str:
    title = one.name or one.label or t("edit.unknown")
    footage = _ui.engine().answers.run(run).footage
    if one.footage == footage:
        return title
    elsewhere = {view.id: view.name for view in _ui.engine().list_footage()}
    return f"{title} ({elsewhere.get(one.footage, one.footage)})"


def place(entry: JournalEntry, run: str, footage: str) -> tuple[str, float] | None:
    """Where to look at what a line is about: label of who is there now, and the instant; None where nobody is.

    Args:
        entry: the line.
        run: whose labels are meant.
        footage: of the run.
    """
    here = next((one for one in about(entry, run) if one.footage == footage and one.now), None)
    return None if here is None else (here.now, here.t if entry.edit.at_s is None else entry.edit.at_s)


def told(entry: JournalEntry, run: str) -> str:
    """A line of the journal as it happened: "P3 was merged into P1"."""
    edit, (who, other) = entry.edit, names(entry, run)
    key = "unname" if edit.kind == "rename" and not edit.name else edit.kind
    words = t(f"history.line.{key}", who=who, other=other, time=_view.clock(edit.at_s or 0.0), name=edit.name)
    if entry.takes_back is not None:
        return t("history.took", what=words)
    return t("history.brought", what=words) if entry.brings_back is not None else words
