"""Calm panels: where there is nothing to show, and where something is amiss.

Owns: their markup; the looks are in `assets/style.css`. Imports nothing of ours.
"""

from __future__ import annotations

import uuid
from html import escape

import streamlit as st


def empty_state(title: str, body: str) -> None:
    """A panel where there is nothing to show."""
    st.html(f'<div class="sl-empty"><div class="sl-empty-title">{escape(title)}</div><p>{escape(body)}</p></div>')


def note(sentence: str) -> None:
    """A quiet warning line."""
    st.html(f'<div class="sl-note" role="note">{escape(sentence)}</div>')


def loading(words: str, rows: int = 3) -> None:
    """A panel that stands where something slow will be; put it into an `st.empty` and draw over it.

    Args:
        words: what is being waited for, for those who do not see it.
        rows: grey bars.
    """
    bars = "<div></div>" * rows
    st.html(f'<div class="sl-skeleton" role="status" aria-label="{escape(words)}">{bars}</div>')


def progress(name: str, share: float, words: str) -> None:
    """A bar with its words.

    Args:
        name: what is under way, for those who do not see where the bar stands.
        share: done so far, in [0, 1].
        words: beside the bar.
    """
    percent = round(100 * min(max(share, 0.0), 1.0))
    st.html(
        f'<div class="sl-state"><div class="sl-word">{escape(words)}</div><div class="sl-bar" role="progressbar" '
        f'aria-label="{escape(name)}" aria-valuemin="0" aria-valuemax="100" aria-valuenow="{percent}" '
        f'aria-valuetext="{escape(words)}"><div style="width:{percent}%"></div></div></div>'
    )


def failure(title: str, sentence: str, again: str) -> None:
    """A panel in the place of what could not be drawn.

    Args:
        title: in bold, before the sentence.
        sentence: what is wrong and what to do, as Markdown.
        again: words of the button that tries once more.
    """
    # Streamlit refuses two buttons of one key; the side and the page may fail at the same time.
    mark = uuid.uuid4().hex[:8]
    with st.container(key=f"sl_failure_{mark}"):
        st.error(f"**{title}.** {sentence}", icon=":material/error:")
        # Any click draws the page again, which is all that there is to try.
        st.button(again, key=f"sl_try_{mark}", icon=":material/refresh:")
