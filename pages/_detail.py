"""One person in detail: what they did and how they looked, and what lies behind it.

Owns: that data, and reading a run's segments once. May import: `engine.core`, `pages`, Streamlit.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import streamlit as st

from engine.core.labels import CHANNELS, UNKNOWN
from engine.core.segments import Segments
from engine.core.views import PersonView, RunView
from pages import _ui

SHOWN_SEGMENTS = 60
"""Stretches of one label of one person that are listed."""

STAGE_OF = {"posture": "actions", "gesture": "actions", "emotion": "expressions"}
"""Channel -> stage of the run that told it."""


def detail_data(run: RunView, person: PersonView) -> dict[str, Any]:
    """What one person did and how they looked, with what lies behind it."""
    tracklets = {stretch.tracklet for stretch in person.presence}
    segments = segments_of(run.id)
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
            for crop in _faces(run.id, _ui.revision(run.id))
            if crop.tracklet in tracklets
        ],
        "model": _model(stages.get("detect")),
    }


def ranked(labels: dict[str, float]) -> list[tuple[str, float]]:
    """Labels with the longest first, and what could not be seen last."""
    return sorted(labels.items(), key=lambda pair: (pair[0] == UNKNOWN, -pair[1]))


def segments_of(run: str) -> Segments:
    """Segments of a run, as the journal stands: an appearance that was cut has those of its parts."""
    return _segments(run, _ui.revision(run))


@st.cache_resource(show_spinner=False, max_entries=8)
def _segments(run: str, revision: int) -> Segments:
    # Segments are frozen: all sessions read the same ones.
    return _ui.engine().answers.segments(run)


@st.cache_data(show_spinner=False, max_entries=16)
def _faces(run: str, revision: int) -> Any:
    return _ui.engine().answers.face_crops(run)


def _rows_of(segments: Segments, tracklets: Iterable[int]) -> list[int]:
    wanted = set(tracklets)
    return [row for row, tracklet in enumerate(segments.tracklets.tolist()) if tracklet in wanted]


def _model(stage: Any) -> str:
    return "" if stage is None else f"{stage.model} {stage.version[:12]}"
