"""Calm panels: where there is nothing to show, and where something is amiss.

Owns: their markup; the looks are in `assets/style.css`. Imports nothing of ours.
"""

from __future__ import annotations

from html import escape

import streamlit as st


def empty_state(title: str, body: str) -> None:
    """A panel where there is nothing to show."""
    st.html(f'<div class="sl-empty"><div class="sl-empty-title">{escape(title)}</div><p>{escape(body)}</p></div>')


def note(sentence: str) -> None:
    """A quiet warning line."""
    st.html(f'<div class="sl-note" role="note">{escape(sentence)}</div>')
