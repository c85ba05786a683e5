"""Heat of the day: how many people were in view by hour and day, or by stretch of the footage.

Owns: the sums and the figure. May import: `engine.core`, `pages`. No Streamlit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
from numpy.typing import NDArray

from engine.core.views import PersonView
from pages import _view
from pages._figures import ACCENT
from pages._tallies import merged

SHORT_S, MIDDLE_S = 600.0, 3 * 3600.0
"""Footage up to so long is shown by ten seconds, by minutes, and beyond that by five minutes."""


@dataclass(frozen=True, slots=True, eq=False)
class Heat:
    """How many people were in view, cell by cell.

    Attributes:
        kind: "day" (rows are dates, columns hours) or "footage" (rows and columns are stretches of the footage).
        rows: R starts of rows: "2026-11-20", or seconds of the footage as text.
        columns: C starts of columns within a row, hours or seconds.
        people: (R, C) float64, mean number of people in view; NaN where there is no footage.
    """

    kind: str
    rows: tuple[str, ...]
    columns: tuple[float, ...]
    people: NDArray[np.float64]


def heat(people: Sequence[PersonView], duration_s: float, start_utc: str = "", zone: str = "") -> Heat:
    """Mean number of people in view by hour and day, or by stretch of the footage where its start is not known.

    Args:
        people: of one run.
        duration_s: of the footage.
        start_utc: ISO 8601 start of the recording, "" where it is not known.
        zone: IANA name of the camera's zone, "" for UTC.
    """
    begun = _instant(start_utc)
    if begun is not None:
        local = begun.astimezone(_zone(zone))
        midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
        offset = (local - midnight).total_seconds()
        row_s, column_s = 86400.0, 3600.0
    else:
        offset = 0.0
        row_s, column_s = next(
            size
            for most, size in ((SHORT_S, (60.0, 10.0)), (MIDDLE_S, (600.0, 60.0)), (np.inf, (3600.0, 300.0)))
            if duration_s <= most
        )
    count = max(1, int(np.ceil((offset + duration_s) / row_s)))
    width = round(row_s / column_s)
    cells = _mean_in_view(people, offset, duration_s, column_s, count * width).reshape(count, width)
    if begun is not None:
        rows = tuple((midnight + timedelta(days=day)).strftime("%Y-%m-%d") for day in range(count))
        return Heat("day", rows, tuple(float(hour) for hour in range(24)), cells)
    return Heat("footage", tuple(f"{row * row_s:g}" for row in range(count)), _steps(column_s, width), cells)


def _steps(size: float, count: int) -> tuple[float, ...]:
    return tuple(size * step for step in range(count))


def _mean_in_view(
    people: Sequence[PersonView], offset: float, duration: float, cell_s: float, cells: int
) -> NDArray[np.float64]:
    """Person-seconds over footage-seconds of every cell; NaN where a cell holds no footage."""
    edges = np.arange(cells + 1) * cell_s - offset
    low, high = edges[:-1], edges[1:]
    seconds = np.zeros(cells)
    for person in people:
        for start, end in merged([(one.start_s, one.end_s) for one in person.presence]):
            seconds += np.clip(np.minimum(high, end) - np.maximum(low, start), 0.0, None)
    footage = np.clip(np.minimum(high, duration) - np.maximum(low, 0.0), 0.0, None)
    return np.where(footage > 0, seconds / np.maximum(footage, 1e-9), np.nan)


def _instant(utc: str) -> datetime | None:
    try:
        instant = datetime.fromisoformat(utc)
    except ValueError:
        return None
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)


def _zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return UTC


def heat_figure(heat: Heat, unit: str) -> dict[str, Any]:
    """Mean number of people in view as a heat map, rows from the top."""
    cells = [[None if cell != cell else round(cell, 2) for cell in row] for row in heat.people.tolist()]
    trace = {
        "type": "heatmap",
        "x": [column_name(heat, column) for column in heat.columns],
        "y": [row_name(heat, row) for row in heat.rows],
        "z": cells,
        "zmin": 0,
        "colorscale": [[0, "rgba(15,118,110,0.08)"], [1, ACCENT]],
        "colorbar": {"title": {"text": unit}, "thickness": 10},
        "xgap": 1,
        "ygap": 1,
        "hovertemplate": "%{y} %{x}: %{z:.1f}<extra></extra>",
    }
    layout = {
        "height": min(420, 26 * len(heat.rows) + 90),
        "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
        "xaxis": {"type": "category", "automargin": True, "showgrid": False},
        "yaxis": {"type": "category", "autorange": "reversed", "automargin": True, "showgrid": False},
    }
    return {"data": [trace], "layout": layout}


def row_name(heat: Heat, row: str) -> str:
    """A row of a heat map in words: a date, or a place in the footage."""
    return row if heat.kind == "day" else _view.clock(float(row)).removesuffix(".0")


def column_name(heat: Heat, column: float) -> str:
    """A column of a heat map in words: an hour, or so far into the row."""
    return f"{column:02.0f}" if heat.kind == "day" else "+" + _view.clock(column).removesuffix(".0")
