"""Where footage comes from: uploads, paths on the server, folders that are watched.

Owns: the panel and the callbacks of its widgets. May import: `engine.core`, `pages`, Streamlit.
"""

from __future__ import annotations

from html import escape
from pathlib import Path

import streamlit as st

from engine.core.config import PROFILES
from engine.core.library import FolderView
from pages import _cards, _elements, _sentences, _ui, _view
from pages._ui import t

AT_ONCE = 256 * 2**20
"""Bytes; a larger file is hashed in the background, so that the page need not wait for it."""

NAMED = 8
"""Refused files that are told one by one at first."""


def panel() -> None:
    """Draw the panel."""
    engine, language = _ui.engine(), _ui.language()
    with st.container(key="sl_add"):
        st.subheader(t("add.title"), anchor=False)
        st.selectbox(
            t("add.profile"),
            PROFILES,
            key=_ui.PROFILE,
            format_func=lambda profile: _view.profile_word(profile, language),
            help=t("add.profile.help"),
        )
        _elements.upload(limit=int(engine.settings.upload_limit_gib * 2**30), on_added=take_uploads)
        with st.expander(t("add.path")):
            if engine.settings.roots:
                st.caption(t("add.path.roots", roots=", ".join(f"`{root}`" for root in engine.settings.roots)))
                st.text_input(t("add.path.label"), key=_ui.PATH, help=t("add.path.help"))
                with st.container(horizontal=True, gap="small"):
                    st.button(t("add.path.submit"), key="sl_register", on_click=register)
                    st.button(t("add.path.watch"), key="sl_watch", on_click=watch, help=t("add.path.watch.help"))
            else:
                st.caption(t("add.path.none"))
        for folder in (*engine.library.watched(), *engine.library.taken_in()):
            _folder(folder)


def take_uploads() -> None:
    """Queue the analysis of what the upload element has added since."""
    taken = st.session_state.setdefault(_ui.TAKEN, set())
    new = [footage for footage in _elements.added_footage() if footage not in taken]
    taken.update(new)
    for footage in new:
        _cards.analyse(footage, _cards.chosen_profile())


def register() -> None:
    """Take in the file or folder that was typed, and queue its analysis."""
    engine, path = _ui.engine(), _typed()
    if path is None:
        return
    with _sentences.told(name=str(path), roots=", ".join(engine.settings.roots)):
        path = engine.library.check(path)
        if path.is_dir() or path.stat().st_size > AT_ONCE:
            engine.library.take_in(path, _cards.chosen_profile())
            _ui.notice("done", t("add.path.begun", name=path.name))
        else:
            footage = engine.register(path.resolve())
            _cards.analyse(footage.id, _cards.chosen_profile())
            _ui.notice("done", t("add.path.done", name=footage.name))
        st.session_state[_ui.PATH] = ""


def watch() -> None:
    """Watch the folder that was typed."""
    engine, path = _ui.engine(), _typed()
    if path is None:
        return
    with _sentences.told(name=str(path), roots=", ".join(engine.settings.roots)):
        engine.library.watch(path, _cards.chosen_profile())
        _ui.notice("done", t("add.watch.begun", name=path.name))
        st.session_state[_ui.PATH] = ""


def _typed() -> Path | None:
    text = st.session_state[_ui.PATH].strip().strip('"').strip("'")
    if not text:
        _ui.notice("error", t("add.path.empty"))
        return None
    return Path(text)


def _folder(folder: FolderView) -> None:
    """A folder that is watched or taken in: how far that is, and what could not be used."""
    language = _ui.language()
    with st.container(key=f"sl_folder_{folder.id}"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.html(_folder_html(folder, language))
            word = t("folder.unwatch" if folder.watched else "folder.forget" if folder.done else "folder.stop")
            st.button(
                ":material/close:",
                key=f"sl_unwatch_{folder.id}",
                type="tertiary",
                help=f"{word}: {_ui.plain(folder.path)}",
                on_click=_ui.engine().library.unwatch,
                args=(folder.id,),
            )
        if folder.problem:
            why = _sentences.sentence(f"folder.{folder.problem}", "", language)
            st.html(f'<div class="sl-small sl-warning" role="alert">{escape(why)}</div>')
        if folder.refused:
            with st.expander(t(f"folder.refused{'.one' if folder.refused == 1 else ''}", count=folder.refused)):
                refused = _ui.engine().library.refused(folder.id)
                for file in refused[:NAMED]:
                    name = Path(file.path).name
                    st.caption(_ui.plain(_sentences.sentence(file.kind, file.sentence, language, name=name)))
                if folder.refused > NAMED:
                    st.caption(t("folder.more", count=folder.refused - NAMED))


def _folder_html(folder: FolderView, language: str) -> str:
    state = "watched" if folder.watched else "done" if folder.done else "busy"
    counts = [t(f"folder.{name}", count=getattr(folder, name)) for name in ("found", "added", "known")]
    if folder.waiting:
        counts.append(t("folder.waiting", count=folder.waiting))
    profile = _view.profile_word(folder.profile, language)
    return (
        f'<div class="sl-folder"><div class="sl-small">{escape(t(f"folder.{state}"))} · {escape(profile)}</div>'
        f'<div class="sl-folder-path" title="{escape(folder.path)}">{escape(folder.path)}</div>'
        f'<div class="sl-small">{escape(" · ".join(counts))}</div></div>'
    )
