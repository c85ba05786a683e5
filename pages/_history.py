"""Lines of the identity journal as the history page shows them.

Owns: their markup; the looks are in `assets/history.css`. May import: `engine.core`, `pages`, Streamlit.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape

import streamlit as st

from engine.core.identity import JournalEntry
from engine.core.views import FootageView, PersonView
from pages import _edit_words, _ui, _view
from pages._data import media_url
from pages._tallies import title_of
from pages._ui import t


def lines(
    entries: Sequence[JournalEntry],
    footage: FootageView,
    run: str,
    *,
    newest: int | None,
    on_back: Callable[[int], None],
) -> None:
    """Draw some lines.

    Args:
        entries: in the order in which they are shown.
        footage: that they are about.
        run: in whose labels people are named.
        newest: id of the line that can be taken back, None where none can.
        on_back: called with that id when it is.
    """
    people = _ui.people(run)
    for entry in entries:
        where = _edit_words.place(entry, run, footage.id)
        with st.container(key=f"sl_line_{entry.id}", horizontal=True, vertical_alignment="center", gap="medium"):
            st.html(_line(entry, run, _picture(where, footage, people)))
            if where is not None:
                query = {_ui.Q_FOOTAGE: footage.id, _ui.Q_PERSON: where[0], _ui.Q_TIME: f"{where[1]:.3f}"}
                words = t("history.watch", time=_view.clock(where[1]))
                _ui.link_to("people", words, icon=":material/play_arrow:", **query)
            if entry.id == newest:
                st.button(
                    t("history.back"),
                    key=f"sl_back_{entry.id}",
                    icon=":material/undo:",
                    help=t("history.back.help"),
                    on_click=on_back,
                    args=(entry.id,),
                )


def _line(entry: JournalEntry, run: str, picture: str) -> str:
    author = entry.author or t("history.nobody")
    by = t("history.by", author=author, when=_view.moment(entry.made_utc, st.context.timezone))
    edit = entry.takes_back is None and entry.brings_back is None
    state = t("history.stands" if entry.stands else "history.undone") if edit else ""
    kind = "stands" if entry.stands or not edit else "undone"
    mark = f'<span class="sl-mark sl-{kind}">{escape(state)}</span>' if state else ""
    return (
        f'<div class="sl-line sl-line-{kind}"><span class="sl-line-picture">{picture}</span><div><div>'
        f'<b>{escape(_edit_words.told(entry, run))}</b>{mark}</div><div class="sl-small">{escape(by)}</div></div></div>'
    )


def _picture(where: tuple[str, float] | None, footage: FootageView, people: Sequence[PersonView]) -> str:
    """The picture of a person that was taken nearest to a time."""
    if where is None:
        return ""
    label, at_s = where
    person = next((one for one in people if one.label == label), None)
    crop = min(person.crops, key=lambda one: abs(one.t - at_s), default=None) if person is not None else None
    if person is None or crop is None:
        return ""
    words = t("history.picture", person=title_of(person), time=_view.clock(crop.t))
    address = escape(media_url(footage.id, crop.file))
    return f'<img src="{address}" alt="{escape(words)}" loading="lazy" width="44" height="60">'
