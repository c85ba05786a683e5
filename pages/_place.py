"""Where somebody is and in which language, carried from screen to screen and told to the browser.

Owns: the language switch, what the address keeps, and the cookies. May import: `engine.core`, `pages`, Streamlit.
"""

from __future__ import annotations

import streamlit as st

from engine.core.errors import StoreError
from pages import _ui
from pages._mount import mount
from pages._screens import SCREENS
from pages._text import LANGUAGES
from pages._ui import t


def language_switch() -> None:
    """A button with the other language's name."""
    st.button(t("language.other"), key="sl_language_button", type="tertiary", on_click=_switch_language)


def _switch_language() -> None:
    st.session_state[_ui.LANGUAGE] = _other()
    st.session_state[_ui.SWITCHED] = True
    st.query_params[_ui.Q_LANGUAGE] = _ui.language()


def _other() -> str:
    return LANGUAGES[1 - LANGUAGES.index(_ui.language())]


def keep(screen: str) -> None:
    """Carry recording, person and time along to screens of one recording, unless the address names another.

    Args:
        screen: the one that is shown.
    """
    if st.session_state.get(_ui.SWITCHED) and st.query_params.get(_ui.Q_LANGUAGE) != _ui.language():
        st.query_params[_ui.Q_LANGUAGE] = _ui.language()
    if screen not in SCREENS or not SCREENS[screen].placed:
        return
    if _ui.Q_FOOTAGE in st.query_params:
        keys = (_ui.Q_FOOTAGE, _ui.Q_PERSON, _ui.Q_TIME)
        st.session_state[_ui.PLACE] = {key: st.query_params[key] for key in keys if key in st.query_params}
    elif _ui.PLACE in st.session_state:
        try:
            _ui.engine().footage(st.session_state[_ui.PLACE][_ui.Q_FOOTAGE])
            st.query_params.update(st.session_state[_ui.PLACE])
        except StoreError:
            # Removed since: the screen chooses by itself.
            del st.session_state[_ui.PLACE]


def tell_document() -> None:
    """Set the document's language, the way past the navigation, and the cookies of what was chosen in this session."""
    remember = {}
    if st.session_state.get(_ui.SWITCHED):
        remember[_ui.COOKIE_LANGUAGE] = _ui.language()
    if st.session_state.get(_ui.SEEN):
        remember[_ui.COOKIE_SEEN] = st.session_state[_ui.SEEN]
    data = {"language": _ui.language(), "other": _other(), "remember": remember, "skip": t("frame.skip")}
    mount("frame", key="sl_document", data=data)
