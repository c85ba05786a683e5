"""Charts beside the timeline: time in view, people over time, heat of the day, time per action and emotion.

They cost the browser plotly.js (some 5 MB): mount them where somebody asks for them, not beside the player.
Owns: drawing the figures, and the tables that say the same. May import: `engine.core`, `pages`.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import streamlit as st

from engine.core.segments import Segments
from engine.core.views import FootageView, PersonView
from pages import _crowd, _figures, _heat, _tallies, _view
from pages._ui import language, t

MOST_ROWS = 30
"""People in a chart of bars; more cannot be read."""

SLICES = 20
"""Rows of the table of people over time."""

CHANNELS = {"action": ("posture", "gesture"), "emotion": ("emotion",)}


def people_charts(
    footage: FootageView, people: Sequence[PersonView], segments: Segments, *, start_utc: str = "", zone: str = ""
) -> None:
    """Draw all charts of one run, each with its table.

    Args:
        footage: what was analysed.
        people: persons of the run.
        segments: of the run; `Segments.empty()` where it has none.
        start_utc: ISO 8601 start of the recording, "" where it is not known: the heat is then by minute.
        zone: IANA name of the camera's zone; "" for UTC.
    """
    if not people:
        st.caption(t("charts.nobody"))
        return
    duration = footage.media.duration_s
    left, right = st.columns(2, gap="medium")
    with left:
        _time_in_view(people)
    with right:
        _over_time(people, duration)
        _busy(people, duration, start_utc, zone)
    longest = _longest(people)
    for (kind, channels), place in zip(CHANNELS.items(), st.columns(2, gap="medium"), strict=True):
        times = _tallies.label_times(longest, segments, channels)
        if times:
            with place:
                _label_times(kind, longest, times)


def _longest(people: Sequence[PersonView]) -> list[PersonView]:
    return sorted(people, key=lambda person: -round(person.visible_s, 1))[:MOST_ROWS]


def _chart(kind: str, figure: dict[str, Any], sentence: str, table: list[dict[str, Any]], key: str = "") -> None:
    """A figure under its title, what it says in one sentence, and its numbers."""
    with st.container(border=True):
        st.markdown(f"**{t(f'charts.{kind}')}**", help=t(f"charts.{kind}.help"))
        st.plotly_chart(figure, key=f"sl_chart_{kind}{key}", config=_figures.CONFIG, width="stretch")
        st.caption(sentence)
        with st.expander(t("charts.table")):
            st.table(table)


def _time_in_view(people: Sequence[PersonView]) -> None:
    shown = _longest(people)
    rows = [(_tallies.title_of(person), person.visible_s) for person in shown]
    sentence = t("charts.view.says", person=rows[0][0], length=_view.length(rows[0][1], language()))
    if len(people) > len(shown):
        sentence += " " + t("charts.longest", shown=len(shown), all=len(people))
    table = [
        {t("charts.person"): person, t("charts.seconds"): f"{seconds:.1f}", t("charts.length"): _length(seconds)}
        for person, seconds in rows
    ]
    _chart("view", _figures.bars(rows, t("charts.seconds")), sentence, table)


def _length(seconds: float) -> str:
    return _view.length(seconds, language())


def _over_time(people: Sequence[PersonView], duration: float) -> None:
    times, counts = _tallies.in_view(people)
    most = int(counts.argmax())
    sentence = t("charts.count.says", count=int(counts[most]), time=_view.clock(float(times[most])))
    edges = [duration * place / SLICES for place in range(SLICES + 1)]
    table = []
    for start, end in pairwise(edges):
        before = counts[max(int(times.searchsorted(start, side="right")) - 1, 0)] if times[0] <= start else 0
        within = counts[(times > start) & (times < end)]
        table.append(
            {
                t("charts.from"): _view.clock(start),
                t("charts.to"): _view.clock(end),
                t("charts.most"): max(int(before), int(within.max(initial=0))),
            }
        )
    _chart("count", _crowd.steps(times, counts, duration, t("charts.people")), sentence, table)


def _busy(people: Sequence[PersonView], duration: float, start_utc: str, zone: str) -> None:
    heat = _heat.heat(people, duration, start_utc, zone)
    names = [_heat.row_name(heat, row) for row in heat.rows]
    columns = [_heat.column_name(heat, column) for column in heat.columns]
    table = [
        {"": name}
        | {column: "" if cell != cell else f"{cell:.1f}" for column, cell in zip(columns, cells, strict=True)}
        for name, cells in zip(names, heat.people.tolist(), strict=True)
    ]
    says = t(f"charts.heat.{heat.kind}", zone=zone or "UTC")
    _chart("heat", _heat.heat_figure(heat, t("charts.people")), says, table)


def _label_times(kind: str, people: Sequence[PersonView], times: _tallies.Times) -> None:
    rows = [(_tallies.title_of(person), times[person.label]) for person in people if person.label in times]
    word = {label: _figures.label_word(label, language()) for _, labels in rows for label in labels}
    order = sorted(word, key=lambda label: (label == "unknown", -sum(labels.get(label, 0.0) for _, labels in rows)))
    total = {label: sum(labels.get(label, 0.0) for _, labels in rows) for label in order}
    sentence = ", ".join(f"{word[label]} {_length(total[label])}" for label in order)
    table = [
        {t("charts.person"): person} | {word[label]: f"{labels.get(label, 0.0):.1f}" for label in order}
        for person, labels in rows
    ]
    key = f"_{people[0].label}" if len(people) == 1 else ""
    _chart(kind, _figures.stacked(rows, order, word, t("charts.seconds")), sentence, table, key)
