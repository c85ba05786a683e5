"""What the elements of one event under review are handed; times in seconds.

Owns: the shape of that data. May import: `engine.core`, `pages`, Streamlit.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

import numpy as np
import streamlit as st

from engine.core.anomalies import EVENT_LABELS, AnomalyEvent, Disagreement, EventCurve, Verdict
from engine.core.cameras import OtherView
from engine.core.reviews import REASON_CODES, ReviewItem
from engine.core.views import FootageView, PersonView
from pages import _ui, _view
from pages._data import media_url, spans
from pages._review_data import COLOURS, crops_of, summary, words

LEAD_S = 2.0
"""Footage shown before an event and after it, seconds."""

AROUND_S = 20.0
"""Curve shown before an event and after it, seconds."""

POINTS = 600
"""Points of a curve that are sent."""

SHOWN_CROPS = 6


def event_data(item: ReviewItem, footage: FootageView, people: Sequence[PersonView]) -> dict[str, Any]:
    """One event with all that lies behind it, but what the engine is asked for it alone.

    Args:
        item: the event.
        footage: its recording.
        people: of its run, or of the newest.
    """
    event = item.event
    person = next((one for one in people if one.label == event.person), None)
    duration = footage.media.duration_s
    crops = sorted(crops_of(event, people)[:SHOWN_CROPS], key=lambda crop: crop.t)
    address = {_ui.Q_FOOTAGE: footage.id, _ui.Q_PERSON: event.person, _ui.Q_TIME: f"{event.start_s:.3f}"}
    return {
        "event": {
            **summary(item),
            "model": event.model,
            "version": event.version[:12],
            "run": event.run,
        },
        "window": [round(max(0.0, event.start_s - LEAD_S), 3), round(min(duration, event.end_s + LEAD_S), 3)],
        "duration": duration,
        "reasons": [
            [one.kind, one.name, round(one.weight, 3), round(one.start_s, 3), round(one.end_s, 3)]
            for one in event.reasons
        ],
        "crops": [[media_url(footage.id, crop.file), round(crop.t, 3)] for crop in crops],
        "spans": spans(person) if person else [],
        "people_page": f"people?{urlencode(address)}" if event.person else "",
        "codes": list(REASON_CODES),
        "colours": COLOURS,
        "text": words(),
    }


def curve_data(curve: EventCurve | None) -> dict[str, Any] | None:
    """The curve around an event, its values in thousandths, row by row."""
    if curve is None or not len(curve.t):
        return None
    rows = np.flatnonzero((curve.t >= curve.start_s - AROUND_S) & (curve.t <= curve.end_s + AROUND_S))
    rows = rows[:: max(1, -(-len(rows) // POINTS))]
    return {
        "labels": list(curve.labels),
        "t": np.round(curve.t[rows], 3).tolist(),
        "values": np.round(curve.smoothed[rows] * 1000).astype(int).tolist(),
        "coverage": np.round(curve.coverage[rows] * 100).astype(int).tolist(),
        "threshold": round(float(curve.threshold), 3),
    }


def history_data(history: Sequence[Verdict]) -> list[list[str]]:
    """What was said, newest first: who, verdict, reason, note, when."""
    zone = st.context.timezone
    return [
        [said.reviewer, said.verdict, said.reason, said.note, _view.moment(said.said_utc, zone)]
        for said in reversed(history)
    ]


def contrary_data(event: AnomalyEvent, found: Sequence[Disagreement], names: dict[str, str]) -> list[list[Any]]:
    """What another camera shows at the time of an event: its name, start, end, here, score here, there, score there."""
    return [
        [names.get(one.other, one.other), one.start_s, one.end_s, one.here, one.here_score, one.there, one.there_score]
        for one in found
        if one.start_s < event.end_s and event.start_s < one.end_s and one.person in ("", event.person)
    ]


def elsewhere_data(event: AnomalyEvent, views: Sequence[OtherView], names: dict[str, str]) -> list[dict[str, Any]]:
    """The moment at which an event starts as other cameras of the place show it.

    Args:
        event: which.
        views: of that moment.
        names: footage id -> name.
    """
    return [
        {
            "name": names.get(view.footage, view.footage),
            "src": media_url(view.footage, "playback.mp4"),
            "poster": media_url(view.footage, "poster.jpg"),
            "ahead": round(view.t - event.start_s, 3),
            "uncertainty": round(view.uncertainty_s, 2),
        }
        for view in views
    ]


def marking_data(footage: FootageView, people: Sequence[PersonView], all_footage: Sequence[FootageView]) -> Any:
    """What an event can be marked in and as."""
    return {
        "footage": footage.id,
        "duration": footage.media.duration_s,
        "footages": [[one.id, one.name] for one in all_footage],
        "people": [[one.label, f"{one.name} ({one.label})" if one.name else one.label] for one in people],
        "labels": list(EVENT_LABELS),
    }
