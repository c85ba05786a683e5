"""What the document and the browser are told: the language, and what is to be remembered next week.

Owns: the cookies. May import: `pages`, Streamlit.
"""

from __future__ import annotations

import streamlit as st

from pages import _ui
from pages._mount import mount
from pages._text import LANGUAGES
from pages._ui import t


def document() -> None:
    """Set the document's language, the way past the navigation, and the cookies of what was chosen in this session."""
    language = _ui.language()
    remember = {}
    if st.session_state.get(_ui.SWITCHED):
        remember[_ui.COOKIE_LANGUAGE] = language
    if st.session_state.get(_ui.SEEN):
        remember[_ui.COOKIE_SEEN] = st.session_state[_ui.SEEN]
    other = LANGUAGES[1 - LANGUAGES.index(language)]
    data = {"language": language, "other": other, "remember": remember, "skip": t("frame.skip")}
    mount("frame", key="sl_document", data=data)
