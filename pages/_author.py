"""Who says what is said: the name under which verdicts and edits go down, on every screen the same.

Owns: that name, in the session, the address and the cookie. May import: `pages._ui`, Streamlit.
"""

from __future__ import annotations

from urllib.parse import unquote

import streamlit as st

from pages import _ui

Q_REVIEWER = "reviewer"
COOKIE_REVIEWER = "sightline_reviewer"

ANALYST = "analyst"
"""Who it is where nobody has said a name."""

LONGEST_NAME = 80


def tell(**changes: str) -> None:
    """Put something into the address; "" takes it out.

    Args:
        **changes: key of the address -> value.
    """
    kept = {key: value for key, value in st.query_params.to_dict().items() if key not in changes}
    st.query_params.from_dict(kept | {key: value for key, value in changes.items() if value})


def reviewer() -> str:
    """Who is reviewing: named in this session, else in the address, else remembered by the browser, else nobody."""
    if _ui.REVIEWER not in st.session_state:
        remembered = st.context.cookies.get(COOKIE_REVIEWER)
        remembered = unquote(remembered) if isinstance(remembered, str) else ""
        names = (st.query_params.get(Q_REVIEWER, ""), remembered, ANALYST)
        st.session_state[_ui.REVIEWER] = next(filter(None, map(clean, names)))
    return str(st.session_state[_ui.REVIEWER])


def call(name: str) -> None:
    """Go on under another name, which an address that is passed on does not carry along; an empty one is nobody's."""
    st.session_state[_ui.REVIEWER] = clean(name) or ANALYST
    tell(**{Q_REVIEWER: ""})


def clean(name: str) -> str:
    """A name in one line without what cannot be printed."""
    printed = "".join(letter if letter.isprintable() else " " for letter in name)
    return " ".join(printed.split())[:LONGEST_NAME].rstrip()
