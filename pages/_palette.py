"""Colours and patterns, one table for the player, the timeline and the charts.

Owns: which colour a person and a label have, and which pattern a label is told by without colour. Every colour stands
out from the light and the dark ground alike (3:1), and white text on it can be read (4.5:1). Imports `engine.core`
alone.
"""

from __future__ import annotations

from typing import Any

from engine.core.labels import UNKNOWN

PERSONS = (
    "#0f766e",
    "#b4441f",
    "#5b5bd6",
    "#8a6100",
    "#b8327f",
    "#2f7a33",
    "#0b6fa8",
    "#b93c56",
    "#7d4fc4",
    "#5f7300",
    "#87578a",
    "#7a6248",
)
"""By index of the person in the run, modulo the length."""

GREY = "#6b7673"
"""What could not be seen, and labels that have no colour of their own."""

LABELS: dict[str, tuple[str, str]] = {
    "standing": ("#0b6fa8", "solid"),
    "walking": ("#0f766e", "slash"),
    "running": ("#a85a00", "chevron"),
    "sitting": ("#5b5bd6", "lines"),
    "bending": ("#8a6100", "backslash"),
    "crouching": ("#b8327f", "cross"),
    "lying": ("#b93c56", "bars"),
    "reaching": ("#7d4fc4", "dots"),
    "arms_raised": ("#b4441f", "grid"),
    "calm": ("#0b6fa8", "solid"),
    "happy": ("#8a6100", "dots"),
    "surprised": ("#b8327f", "chevron"),
    "confused": ("#87578a", "grid"),
    "angry": ("#b4441f", "slash"),
    "disgusted": ("#5f7300", "cross"),
    "sad": ("#5b5bd6", "lines"),
    "fearful": ("#7d4fc4", "backslash"),
    UNKNOWN: (GREY, "quiet"),
}
"""label -> (colour, pattern); within a channel no two labels share either."""


def person_color(index: int) -> str:
    """Colour of a run's person.

    Args:
        index: 0 is the first of the run.
    """
    return PERSONS[index % len(PERSONS)]


def label_color(label: str) -> str:
    """Colour of a label; grey where it is not one of ours."""
    return LABELS.get(label, (GREY, "solid"))[0]


def palette() -> dict[str, Any]:
    """What elements in the browser are handed: `persons` colours, `labels` {label: [colour, pattern]}, `grey`."""
    return {
        "persons": list(PERSONS),
        "labels": {label: list(look) for label, look in LABELS.items()},
        "grey": GREY,
    }
