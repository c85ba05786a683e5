"""Gallery: everybody in all footage as cards, and a dossier of each."""

from __future__ import annotations

import streamlit as st

from engine.core.dossier import Dossier
from engine.core.errors import StoreError
from pages import _gallery, _gallery_acts, _gallery_bar, _gallery_cards, _gallery_dossier, _panels, _ui
from pages._mount import mount
from pages._ui import t

engine = _ui.engine()
entries = {entry.footage.id: entry for entry in engine.library.entries() if entry.run}
asked = _gallery_bar.asked()
for sheet in ("compare.css", "gallery.css"):
    st.html(_ui.ASSETS / sheet)


def opened() -> None:
    """Somebody pressed a card."""
    chosen = (st.session_state.get(_gallery.ELEMENT) or {}).get("open")
    if chosen:
        _gallery_bar.open_dossier(str(chosen))


def clear() -> None:
    """Show everybody."""
    _gallery_bar.go(_gallery.Asked())


def back() -> None:
    """Show everybody again, limited as before."""
    _gallery_bar.open_dossier("")


def more() -> None:
    """Show more cards."""
    st.session_state[_gallery.SHOWN] = st.session_state.get(_gallery.SHOWN, _gallery.STEP) + _gallery.STEP


def everybody() -> None:
    """The cards, with what limits them."""
    waiting = st.empty()
    with waiting.container():
        _panels.loading(t("gallery.loading"))
    everyone = engine.gallery.identities()
    found = engine.gallery.identities(_gallery_bar.timed(asked))
    alarmed = engine.gallery.alarms()
    waiting.empty()
    key = "one" if len(everyone) == 1 else "many" if len(found) == len(everyone) else "of"
    with heading:
        st.caption(t(f"gallery.count.{key}", count=len(found), all=len(everyone)))
    if not everyone:
        _panels.empty_state(t("gallery.none.title"), t("gallery.none.body"))
        _ui.link_to("footage", t("gallery.none.link"))
        return
    _gallery_bar.bar(list(entries.values()))
    if not found:
        _panels.empty_state(t("gallery.nobody.title"), t("gallery.nobody.body"))
        st.button(t("gallery.clear"), on_click=clear)
        return
    shown = found[: st.session_state.get(_gallery.SHOWN, _gallery.STEP)]
    data = _gallery_cards.cards_data(shown, entries, alarmed, language=_ui.language(), zone=st.context.timezone)
    mount("gallery", key=_gallery.ELEMENT, data=data, on_open_change=opened)
    if len(shown) < len(found):
        st.button(t("gallery.more"), key="sl_gallery_more", on_click=more)


def known() -> Dossier | None:
    """All that is known of whom the address names, None where that is nobody."""
    try:
        return engine.gallery.dossier(asked.id) if asked.id else None
    except StoreError:
        return None


dossier = known()
heading, tools = st.columns([3, 2.2], vertical_alignment="center")
with tools, st.container(key="sl_gallery_tools", horizontal=True, horizontal_alignment="right", gap="small"):
    _gallery_acts.undo_button()
    if asked.id:
        mount("print", key="sl_print", data={"text": t("dossier.print")})
        st.button(t("dossier.back"), key="sl_back", icon=":material/arrow_back:", on_click=back)
    else:
        _ui.link_to("embeddings", t("gallery.map"), icon=":material/scatter_plot:")
        _ui.link_to("doubtful", t("gallery.pairs"), icon=":material/compare_arrows:")
with heading, st.container(key="sl_heading"):
    title = _gallery_cards.title_of(dossier.identity) if dossier else t("gallery.title")
    st.title(_ui.plain(title), anchor=False, help=None if asked.id else t("gallery.help"))
with st.container(key="sl_gallery_notices"):
    _ui.show_notices()
if dossier is not None:
    _gallery_acts.rename_box(dossier.identity)
    _gallery_dossier.draw(dossier)
elif asked.id:
    _panels.empty_state(t("gallery.nobody.title"), t("dossier.gone"))
else:
    everybody()
