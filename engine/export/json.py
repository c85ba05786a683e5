"""The `sightline/1` document: one footage, one run, its persons. `docs/formats.md` describes every field.

Keys are only ever added. What was not measured is not claimed: it is `null`, or an empty list, as the page says.
May import: `engine.core`.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from engine.core.errors import ExportError
from engine.core.types import Tracklet
from engine.core.views import FootageView, PersonView, RunView, StageView

SCHEMA = "sightline/1"


def export_json(
    footage: FootageView, run: RunView, people: Sequence[PersonView], tracklets: Sequence[Tracklet]
) -> dict[str, Any]:
    """The document of one run, ready for `render`.

    The same results give the same document; only `seconds` and `cached` of the stages differ between two runs that
    found the same.

    Args:
        footage: what was analysed.
        run: the analysis.
        people: its persons, in order.
        tracklets: its tracklets, in any order; those of no person are left out.

    Returns:
        Plain values: times rounded to 1 µs, boxes to 1/100 px, scores to 4 decimals.

    Raises:
        ValueError: a person names a tracklet that is not among them.
    """
    by_number = {tracklet.number: tracklet for tracklet in tracklets}
    media = footage.media
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
        "persons": [_person(person, by_number) for person in people],
        "anomalies": [],
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


def write_atomically(path: Path, text: str) -> None:
    """Write a file that is there whole or not at all; one that is there already is replaced.

    Args:
        path: the file; its folder must exist.
        text: what goes in, written as UTF-8.

    Raises:
        ExportError: the folder does not exist or cannot be written, or the disk is full.
    """
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with part.open("w", encoding="utf-8", newline="\n") as out:
            out.write(text)
            out.flush()
            os.fsync(out.fileno())
        part.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            part.unlink()
        raise ExportError(
            f"{path} cannot be written. Check that its folder exists, is writable and has space left.",
            detail=f"{type(error).__name__}: {error}",
        ) from error


def _person(person: PersonView, by_number: dict[int, Tracklet]) -> dict[str, Any]:
    numbers = [stretch.tracklet for stretch in person.presence]
    missing = [number for number in numbers if number not in by_number]
    if missing:
        raise ValueError(f"{person.label} names tracklet {missing[0]}, which is not among the tracklets")
    boxes = [(float(t), number, row) for number in numbers for row, t in enumerate(by_number[number].t)]
    return {
        "id": person.label,
        "name": None,
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
        "actions": [],
        "emotions": [],
        "clothing": None,
    }


def _box(tracklet: Tracklet, row: int) -> dict[str, Any]:
    return {
        "t": _time(tracklet.t[row]),
        "box": [round(float(side), 2) for side in tracklet.boxes[row]],
        "score": _score(tracklet.scores[row]),
        "interpolated": bool(tracklet.interpolated[row]),
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
