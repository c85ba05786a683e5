"""What the list of people in the browser is handed: a card each, and one person in detail.

Owns: that data, and reading it once a run. May import: `engine.core`, `pages`, Streamlit.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

import streamlit as st

from engine.core.labels import CHANNELS, UNKNOWN
from engine.core.segments import Segments
from engine.core.views import FootageView, PersonView, RunView
from pages import _data, _ui
from pages._data import Looking, media_url
from pages._palette import palette
from pages._text import group

SHOWN_CROPS = 5
"""Pictures of a person."""

SHOWN_SEGMENTS = 60
"""Stretches of one label of one person that are listed."""

STAGE_OF = {"posture": "actions", "gesture": "actions", "emotion": "expressions"}
"""Channel -> stage of the run that told it."""

Shares = dict[str, dict[str, float]]
"""Channel -> label -> seconds."""


def people_data(footage: FootageView, run: RunView, people: Sequence[PersonView], looking: Looking) -> dict[str, Any]:
    """Everything the list shows; times in seconds.

    Args:
        footage: where they were seen.
        run: by which analysis.
        people: all of them, in the run's order.
        looking: who is pointed out; their details come along.
    """
    language = _ui.language()
    chosen = next((person for person in people if person.label == looking.person), None)
    shares = shares_of(run.id)
    return {
        "footage": footage.id,
        "run": run.id,
        "overlay": f"{_data.OVERLAY}/{run.id}",
        "media": media_url(footage.id, ""),
        "duration": footage.media.duration_s,
        "chosen": "" if chosen is None else chosen.label,
        "only": looking.only and chosen is not None,
        "people": [card(person, shares.get(person.label, {})) for person in people],
        "detail": None if chosen is None else detail(run, chosen),
        "palette": palette(),
        "labels": group(language, "label"),
        "channels": group(language, "channel"),
        "text": group(language, "people"),
    }


def card(person: PersonView, shares: Shares) -> dict[str, Any]:
    """One person's card; pictures as [file, t, width, height], below the footage's address."""
    return {
        "label": person.label,
        "name": person.name,
        "first": round(person.first_s, 3),
        "last": round(person.last_s, 3),
        "visible": round(person.visible_s, 2),
        "score": round(person.score, 2),
        "link": round(person.link_score, 2),
        "spans": _data.spans(person),
        "crops": [[crop.file, round(crop.t, 3), crop.width, crop.height] for crop in person.crops[:SHOWN_CROPS]],
        "shares": {
            channel: [[label, round(seconds, 1)] for label, seconds in ranked(labels)]
            for channel, labels in shares.items()
        },
    }


def detail(run: RunView, person: PersonView) -> dict[str, Any]:
    """What one person did and how they looked, with what lies behind it."""
    tracklets = {stretch.tracklet for stretch in person.presence}
    segments = _segments(run.id)
    rows: dict[str, dict[str, list[list[Any]]]] = {channel: defaultdict(list) for channel in CHANNELS}
    covered = told = 0.0
    for row in _rows_of(segments, tracklets):
        start, end = float(segments.start_s[row]), float(segments.end_s[row])
        score, coverage = float(segments.scores[row]), float(segments.coverage[row])
        told_row = [round(start, 3), round(end, 3), round(score, 2), round(coverage, 2), segments.sources[row]]
        rows[segments.channels[row]][segments.labels[row]].append(told_row)
        if segments.channels[row] == "emotion":
            covered, told = covered + coverage * (end - start), told + end - start
    stages = {stage.name: stage for stage in run.stages}
    return {
        "person": person.label,
        "channels": [
            {
                "channel": channel,
                "model": _model(stages.get(STAGE_OF[channel])),
                "rows": [
                    {
                        "label": label,
                        "seconds": round(seconds, 1),
                        "count": len(labels[label]),
                        "segments": sorted(labels[label])[:SHOWN_SEGMENTS],
                    }
                    for label, seconds in ranked(
                        {label: sum(one[1] - one[0] for one in found) for label, found in labels.items()}
                    )
                ],
            }
            for channel, labels in rows.items()
            if labels
        ],
        "coverage": round(covered / told, 3) if told else None,
        "faces": [
            [crop.file, round(crop.t, 3), round(crop.quality, 2)]
            for crop in _faces(run.id)
            if crop.tracklet in tracklets
        ],
        "model": _model(stages.get("detect")),
    }


def ranked(labels: dict[str, float]) -> list[tuple[str, float]]:
    """Labels with the longest first, and what could not be seen last."""
    return sorted(labels.items(), key=lambda pair: (pair[0] == UNKNOWN, -pair[1]))


@st.cache_data(show_spinner=False, max_entries=64)
def shares_of(run: str) -> dict[str, Shares]:
    """Seconds that each person of a run spent on each label of each channel: label of the person -> shares."""
    owner = {stretch.tracklet: person.label for person in _ui.people(run) for stretch in person.presence}
    segments = _segments(run)
    found: dict[str, Shares] = defaultdict(lambda: defaultdict(lambda: defaultdict(float)))
    lengths = (segments.end_s - segments.start_s).tolist()
    told = zip(segments.tracklets.tolist(), segments.channels, segments.labels, lengths, strict=True)
    for tracklet, channel, label, length in told:
        if tracklet in owner:
            found[owner[tracklet]][channel][label] += length
    return {
        person: {channel: dict(labels) for channel, labels in channels.items()} for person, channels in found.items()
    }


@st.cache_resource(show_spinner=False, max_entries=8)
def _segments(run: str) -> Segments:
    """Segments are frozen: all sessions read the same ones."""
    return _ui.engine().answers.segments(run)


@st.cache_data(show_spinner=False, max_entries=16)
def _faces(run: str) -> Any:
    return _ui.engine().answers.face_crops(run)


def _rows_of(segments: Segments, tracklets: Iterable[int]) -> list[int]:
    wanted = set(tracklets)
    return [row for row, tracklet in enumerate(segments.tracklets.tolist()) if tracklet in wanted]


def _model(stage: Any) -> str:
    return "" if stage is None else f"{stage.model} {stage.version[:12]}"
