"""How long somebody did and showed what, as tables with bars.

Owns: those tables. May import: `engine.core`, `pages`, Streamlit.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from engine.core.dossier import LabelTime
from engine.core.labels import UNKNOWN
from pages import _compare, _view
from pages._charts import CHANNELS
from pages._figures import label_word
from pages._palette import label_color
from pages._ui import language, t


def totals(times: Sequence[LabelTime]) -> None:
    """Actions beside emotions, each with its coverage."""
    for (kind, channels), place in zip(CHANNELS.items(), st.columns(2, gap="large"), strict=True):
        mine = [each for each in times if each.channel in channels]
        with place:
            if not mine:
                st.caption(t(f"dossier.{kind}.none"))
                continue
            st.html(_times_table(kind, mine))


def _times_table(kind: str, times: Sequence[LabelTime]) -> str:
    ranked = sorted(times, key=lambda each: (each.label == UNKNOWN, -each.seconds))
    most = max(each.seconds for each in ranked) or 1.0
    rows = [
        (
            escape(label_word(each.label, language())),
            f'<span class="sl-cmp-bar" style="width:{60 * each.seconds / most:.1f}%;'
            f'background:{label_color(each.label)}"></span>{escape(length_word(each.seconds))}',
            f"{each.coverage:.0%}",
        )
        for each in ranked
    ]
    head = (t(f"dossier.{kind}"), t("dossier.time"), t("dossier.coverage"))
    return _compare.table(head, rows, t(f"dossier.{kind}"))


def length_word(seconds: float) -> str:
    """How long something lasts, in the session's language."""
    return _view.length(seconds, language())
