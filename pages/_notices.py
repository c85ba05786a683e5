"""Sentences that callbacks leave for the next drawing of the page.

Owns: keeping, showing and forgetting them. May import: `engine.core`, Streamlit.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from engine.core.errors import SightlineError

NOTICE = "sl_notice"
"""Key of `session_state`."""


def plain(sentence: str) -> str:
    """A sentence as Markdown that makes no links, pictures or formulas: names of files may hold anything."""
    return re.sub(r"([\[<$])", r"\\\1", sentence)


def notice(kind: str, message: str) -> None:
    """Keep a sentence for the next drawing of the page: callbacks run before anything is drawn."""
    st.session_state.setdefault(NOTICE, []).append((kind, message))


def show_notices() -> None:
    """Show and forget what callbacks left."""
    for kind, message in st.session_state.pop(NOTICE, []):
        icon = ":material/error:" if kind == "error" else ":material/check_circle:"
        (st.error if kind == "error" else st.success)(plain(message), icon=icon)


@contextmanager
def guarded_action() -> Iterator[None]:
    """Like `guard`, for callbacks: what goes wrong is shown at the next drawing."""
    try:
        yield
    except SightlineError as error:
        notice("error", error.user_message)
