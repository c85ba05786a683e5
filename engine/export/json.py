"""The `sightline/1` document: one footage, one run, its persons. `docs/formats.md` describes every field.

Keys are only ever added. What was not measured is not claimed: it is `null`, or an empty list, as the page says.
May import: `engine.core`, `engine.export`.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from engine.core.findings import Findings
from engine.core.segments import Segments
from engine.core.types import Tracklet
from engine.core.views import PersonView, StageView
from engine.export.clothing import clothing_entry
from engine.export.events import event_entry

SCHEMA = "sightline/1"


def export_json(findings: Findings) -> dict[str, Any]:
    """The document of one run, ready for `render`.

    The same results give the same document; only `seconds` and `cached` of the stages differ between two runs that
    found the same.

    Args:
        findings: what a run found; tracklets of no person are left out.

    Returns:
        Plain values: times rounded to 1 µs, boxes to 1/100 px, scores to 4 decimals.

    Raises:
        ValueError: a person names a tracklet that is not among them.
    """
    by_number = {tracklet.number: tracklet for tracklet in findings.tracklets}
    footage, run, media = findings.footage, findings.run, findings.footage.media
    return {
        "schema": SCHEMA,
        "footage": {
            "id": footage.id,
            "name": footage.name,
            "sha256": footage.sha256,
            "duration_s": _time(media.duration_s),
            "fps": _time(media.fps),
            "width": media.width,
            "height": media.height,
            "recorded_utc": media.recorded_utc or None,
            "gaps": [
                {"start_s": _time(gap.start_s), "end_s": _time(gap.end_s), "reason": gap.reason} for gap in footage.gaps
            ],
        },
        "run": {
            "id": run.id,
            "profile": run.profile,
            "config": json.loads(run.config_json),
            "stages": [stage_entry(stage) for stage in run.stages],
        },
        "persons": [_person(person, by_number, findings) for person in findings.people],
        "anomalies": [event_entry(item) for item in findings.events],
    }


def stage_entry(stage: StageView) -> dict[str, Any]:
    """One stage of a run as every JSON of ours writes it."""
    return {
        "name": stage.name,
        "model": stage.model,
        "version": stage.version,
        "seconds": round(stage.seconds, 3),
        "cached": stage.cached,
    }


def render(document: dict[str, Any]) -> str:
    """The document as text: one line for each box and each stretch, so that it can be read and compared."""
    return _indented(document, 0) + "\n"


def _person(person: PersonView, by_number: dict[int, Tracklet], findings: Findings) -> dict[str, Any]:
    segments = findings.segments
    clothing = None if findings.clothing is None else findings.clothing.get(person.label)
    numbers = [stretch.tracklet for stretch in person.presence]
    missing = [number for number in numbers if number not in by_number]
    if missing:
        raise ValueError(f"{person.label} names tracklet {missing[0]}, which is not among the tracklets")
    boxes = [(float(t), number, row) for number in numbers for row, t in enumerate(by_number[number].t)]
    return {
        "id": person.label,
        "name": person.name or None,
        "first_s": _time(person.first_s),
        "last_s": _time(person.last_s),
        "score": _score(person.score),
        "link_score": _score(person.link_score),
        "tracklets": numbers,
        "presence": [
            {"tracklet": stretch.tracklet, "start_s": _time(stretch.start_s), "end_s": _time(stretch.end_s)}
            for stretch in person.presence
        ],
        "boxes": [_box(by_number[number], row) for _, number, row in sorted(boxes)],
        "actions": [_action(segments, row) for row in _rows_of(segments, numbers, emotions=False)],
        "emotions": [_emotion(segments, row) for row in _rows_of(segments, numbers, emotions=True)],
        "clothing": None if clothing is None else clothing_entry(clothing),
    }


def _box(tracklet: Tracklet, row: int) -> dict[str, Any]:
    return {
        "t": _time(tracklet.t[row]),
        "box": [round(float(side), 2) for side in tracklet.boxes[row]],
        "score": _score(tracklet.scores[row]),
        "interpolated": bool(tracklet.interpolated[row]),
    }


def _rows_of(segments: Segments, numbers: Sequence[int], *, emotions: bool) -> list[int]:
    """Rows of a person's segments in order of time; gestures stand beside the postures they come on top of."""
    rows = [
        row
        for row, number in enumerate(segments.tracklets)
        if number in numbers and (segments.channels[row] == "emotion") is emotions
    ]
    return sorted(rows, key=lambda row: (segments.start_s[row], segments.channels[row], segments.end_s[row]))


def _action(segments: Segments, row: int) -> dict[str, Any]:
    source = {"source": segments.sources[row]} if segments.sources[row] else {}
    return {
        "start_s": _time(segments.start_s[row]),
        "end_s": _time(segments.end_s[row]),
        "label": segments.labels[row],
        "score": _score(segments.scores[row]),
        "channel": segments.channels[row],
        **source,
    }


def _emotion(segments: Segments, row: int) -> dict[str, Any]:
    return {
        "start_s": _time(segments.start_s[row]),
        "end_s": _time(segments.end_s[row]),
        "label": segments.labels[row],
        "score": _score(segments.scores[row]),
        "coverage": _score(segments.coverage[row]),
    }


def _time(seconds: float) -> float:
    return round(float(seconds), 6)


def _score(score: float) -> float:
    return round(float(score), 4)


def _indented(value: Any, depth: int) -> str:
    """JSON with a line for every list entry or key, down to the values that hold no list or mapping of mappings."""
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    if not any(isinstance(each, dict) or (isinstance(each, list) and each) for each in inside) or _is_box(value):
        return json.dumps(value, ensure_ascii=False, allow_nan=False)
    pad, end = " " * (depth + 1), " " * depth
    if isinstance(value, dict):
        lines = [f"{pad}{json.dumps(key)}: {_indented(each, depth + 1)}" for key, each in value.items()]
        return "{\n" + ",\n".join(lines) + f"\n{end}}}"
    return "[\n" + ",\n".join(f"{pad}{_indented(each, depth + 1)}" for each in value) + f"\n{end}]"


def _is_box(value: Any) -> bool:
    return isinstance(value, dict) and "box" in value
