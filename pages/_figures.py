"""Plotly figures as plain values: built in a millisecond, coloured by the theme where our own palette says nothing.

Owns: their looks. plotly.js 3.7 draws them: newer attributes do nothing. May import: `engine.core`, `pages`. No
Streamlit.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pages._palette import LABELS, PERSONS, label_color
from pages._text import TEXT, say

CONFIG = {"displayModeBar": False, "responsive": True}

ACCENT = PERSONS[0]

PATTERNS = {
    "slash": "/",
    "backslash": "\\",
    "cross": "x",
    "lines": "-",
    "bars": "|",
    "grid": "+",
    "chevron": "x",
    "dots": ".",
    "quiet": ".",
}
"""Our patterns in Plotly's spelling."""

_ROW_PX = 22


def label_word(label: str, language: str) -> str:
    """A label in the session's language; one that has no word stays as it is."""
    key = f"label.{label}"
    return say(language, key) if key in TEXT else label


def bars(rows: Sequence[tuple[str, float]], unit: str) -> dict[str, Any]:
    """One bar a person, the first on top.

    Args:
        rows: person and value.
        unit: title of the values.
    """
    trace = {
        "type": "bar",
        "orientation": "h",
        "y": [person for person, _ in rows],
        "x": [round(value, 2) for _, value in rows],
        "marker": {"color": ACCENT},
        "hovertemplate": "%{y}: %{x:.1f}<extra></extra>",
    }
    return _figure([trace], len(rows), unit)


def stacked(
    rows: Sequence[tuple[str, dict[str, float]]], order: Sequence[str], word: dict[str, str], unit: str
) -> dict[str, Any]:
    """One bar a person, a part for each label.

    Args:
        rows: person and seconds per label.
        order: labels from the left.
        word: how each label is called.
        unit: title of the values.
    """
    traces = [
        {
            "type": "bar",
            "orientation": "h",
            "name": word[label],
            "y": [person for person, _ in rows],
            "x": [round(labels.get(label, 0.0), 2) for _, labels in rows],
            "marker": {
                "color": label_color(label),
                "pattern": {
                    "shape": PATTERNS.get(LABELS.get(label, ("", "solid"))[1], ""),
                    "fgcolor": "rgba(255,255,255,0.5)",
                    "bgcolor": label_color(label),
                    "size": 6,
                    "solidity": 0.25,
                },
            },
            "hovertemplate": f"%{{y}}, {word[label]}: %{{x:.1f}}<extra></extra>",
        }
        for label in order
    ]
    figure = _figure(traces, len(rows), unit)
    figure["layout"] |= {
        "barmode": "stack",
        "showlegend": True,
        "legend": {"orientation": "h", "y": 1.02, "yanchor": "bottom", "traceorder": "normal"},
    }
    figure["layout"]["height"] += 30
    return figure


def _figure(traces: list[dict[str, Any]], rows: int, unit: str) -> dict[str, Any]:
    return {
        "data": traces,
        "layout": {
            "height": max(rows, 1) * _ROW_PX + 64,
            "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
            "bargap": 0.3,
            # Names are words, even where they look like numbers.
            "yaxis": {"autorange": "reversed", "type": "category", "automargin": True},
            "xaxis": {"title": {"text": unit}, "automargin": True},
            "showlegend": False,
        },
    }
