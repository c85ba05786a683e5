"""A map of looks as a Plotly figure: a trace for each colour, and the picture of every point beside it.

Owns: the figure and its colours. plotly.js 3.7 draws it. May import: `engine.core`, `pages`. No Streamlit.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from engine.core.identity import PersonRef
from engine.core.projection import Projection
from pages import _view
from pages._data import media_url
from pages._palette import GREY, PERSONS

MOST_COLORS = len(PERSONS)
"""Groups that have a colour of their own; the rest is grey."""

SYMBOLS = {
    2: ("circle", "square", "diamond", "triangle-up", "cross", "x", "star", "pentagon"),
    3: ("circle", "square", "diamond", "cross", "x", "circle-open", "square-open", "diamond-open"),
}
"""By number of axes; colours alone do not tell groups apart for everybody."""

HEIGHT = 620


def figure(made: Projection, groups: Sequence[str], titles: Mapping[PersonRef, str], others: str) -> dict[str, Any]:
    """The figure.

    Args:
        made: the map.
        groups: of every person of the map, what they are coloured by.
        titles: what people are called.
        others: word for the groups without a colour of their own.

    Returns:
        Plain values. `customdata` of a point: its row, the address of its picture, its title, its time.
    """
    flat = made.places.shape[1] < 3
    named = [groups[row] for row in made.owner.tolist()]
    colored = [group for group, _ in sorted(Counter(named).items(), key=lambda one: (-one[1], one[0]))][:MOST_COLORS]
    rows: dict[str, list[int]] = {group: [] for group in (*colored, others)}
    for row, group in enumerate(named):
        rows[group if group in rows else others].append(row)
    traces = [
        _trace(made, mine, group, place, titles)
        for place, (group, mine) in enumerate(rows.items())
        if mine and (place < len(colored) or group == others)
    ]
    axis = {"title": {"text": ""}, "showticklabels": False, "zeroline": False}
    layout: dict[str, Any] = {
        "height": HEIGHT,
        "margin": {"l": 4, "r": 4, "t": 4, "b": 4},
        "hovermode": "closest",
        "legend": {"orientation": "h", "y": -0.02, "yanchor": "top", "itemsizing": "constant"},
        "dragmode": "lasso" if flat else "orbit",
        "uirevision": "map",
    }
    if flat:
        layout |= {"xaxis": axis, "yaxis": {**axis, "scaleanchor": "x"}}
    else:
        layout["scene"] = {"xaxis": axis, "yaxis": axis, "zaxis": axis, "aspectmode": "data"}
    return {"data": traces, "layout": layout}


def _trace(
    made: Projection, rows: Sequence[int], group: str, place: int, titles: Mapping[PersonRef, str]
) -> dict[str, Any]:
    flat = made.places.shape[1] < 3
    symbols = SYMBOLS[2 if flat else 3]
    known = place < MOST_COLORS
    return {
        "type": "scattergl" if flat and len(made) > 3000 else "scatter" if flat else "scatter3d",
        "mode": "markers",
        "name": group,
        **{
            axis: [round(float(value), 4) for value in made.places[list(rows), number]]
            for number, axis in enumerate("xyz"[: made.places.shape[1]])
        },
        "customdata": [[row, *point(made, row, titles)] for row in rows],
        "hovertemplate": "%{customdata[2]}, %{customdata[3]}<extra></extra>",
        "marker": {
            "color": PERSONS[place] if known else GREY,
            "symbol": symbols[place % len(symbols)] if known else "circle",
            "size": 9 if flat else 5,
            "opacity": 0.85,
            "line": {"width": 0.6, "color": "rgba(255,255,255,0.7)"},
        },
    }


def point(made: Projection, row: int, titles: Mapping[PersonRef, str]) -> tuple[str, str, str]:
    """Address of a point's picture, its title and its time in the recording."""
    ref, crop = made.people[int(made.owner[row])], made.crops[row]
    return media_url(ref.footage, crop.file), titles[ref], _view.clock(crop.t)
