"""Events as entries, as a table for spreadsheets, and as a WebVTT track: files of their own beside the stretches.

May import: `engine.core`, `engine.export`.
"""

from __future__ import annotations

import csv
import io
import json
from html import escape
from pathlib import Path
from typing import Any

from engine.core.findings import Findings
from engine.core.reviews import ReviewItem
from engine.export.csv import plain
from engine.export.files import write_atomically
from engine.export.provenance import provenance
from engine.export.webvtt import SHORTEST_S, stamp

LOOKED = ("anomalies", "unpaid")
"""Stages that raise events; a run without any of them did not look."""

COLUMNS: dict[str, tuple[str, str]] = {
    "footage_sha256": ("string", "SHA-256 of the footage's bytes"),
    "run": ("string", "the analysis"),
    "id": ("string", "of the event"),
    "kind": ("string", "skeleton, behaviour, or manual where somebody added it"),
    "label": ("string", "what it is taken for"),
    "person": ("string", "P1, P2, …; empty where nobody is named"),
    "name": ("string", "what an analyst calls them, empty where nobody has said"),
    "start_s": ("double", "seconds from the start of the stream"),
    "end_s": ("double", "seconds from the start of the stream"),
    "score": ("double", "how sure the model is, in 0 to 1; 1 of what somebody added"),
    "severity": ("double", "how much it matters if it is true, in 0 to 1"),
    "verdict": ("string", "confirmed, dismissed or unsure by its reviewers, empty where nobody has judged it"),
    "reasons": ("string", "what weighed most, heaviest first"),
    "added_by": ("string", "who added it, empty of a model's"),
    "model": ("string", "which model found it, empty of what somebody added"),
    "version": ("string", "its version"),
}
"""Name -> (datatype of XML Schema, what it says)."""


def event_entry(item: ReviewItem) -> dict[str, Any]:
    """One event as the JSON document writes it."""
    event = item.event
    return {
        "id": event.id,
        "person": event.person or None,
        "start_s": round(event.start_s, 6),
        "end_s": round(event.end_s, 6),
        "label": event.label,
        "score": round(event.score, 4),
        "verdict": item.verdict or None,
        "kind": event.kind,
        "severity": round(event.severity, 4),
        "model": event.model or None,
        "version": event.version or None,
        "added_by": item.added_by or None,
        "reasons": [
            {
                "kind": reason.kind,
                "name": reason.name,
                "weight": round(reason.weight, 4),
                "start_s": round(reason.start_s, 6),
                "end_s": round(reason.end_s, 6),
            }
            for reason in event.reasons
        ],
    }


def looked(findings: Findings) -> bool:
    """Whether the run looked for events, or somebody added one."""
    return bool(findings.events) or any(stage.name in LOOKED for stage in findings.run.stages)


def beside(path: Path) -> Path:
    """The file of the events beside the file of the stretches: `people.csv`, `people-events.csv`."""
    return path.with_name(f"{path.stem}-events{path.suffix}")


def write_event_table(findings: Findings, path: Path) -> None:
    """Write `<stem>-events.csv` beside `path`, and a description of it; nothing where the run did not look.

    Raises:
        ExportError: one of them cannot be written.

    Source: as in `engine.export.csv`.
    """
    if not looked(findings):
        return
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\r\n")
    table.writerow(COLUMNS)
    for item in findings.events:
        table.writerow(_row(findings, item))
    target = beside(path)
    columns = [
        {"name": name, "titles": name, "datatype": kind, "dc:description": what}
        for name, (kind, what) in COLUMNS.items()
    ]
    about = {
        "@context": "http://www.w3.org/ns/csvw",
        "url": target.name,
        "dialect": {"header": True, "encoding": "utf-8"},
        "tableSchema": {"columns": columns},
        "notes": [provenance(findings)],
    }
    write_atomically(target.with_name(target.name + "-metadata.json"), json.dumps(about, indent=1))
    write_atomically(target, out.getvalue())


def write_event_track(findings: Findings, path: Path) -> None:
    """Write `<stem>-events.vtt` beside `path`: a cue for each event; nothing where the run did not look.

    Raises:
        ExportError: the file cannot be written.
    """
    if looked(findings):
        write_atomically(beside(path), event_track(findings))


def event_track(findings: Findings) -> str:
    """The events as a WebVTT track; dismissed ones have no cue.

    Source: as in `engine.export.webvtt`.
    """
    note = json.dumps(provenance(findings), ensure_ascii=False).replace("-->", "--\\u003e")
    shown = [item for item in findings.events if item.verdict != "dismissed"]
    cues = [_cue(number, item) for number, item in enumerate(shown, 1)]
    return "\n\n".join(["WEBVTT Sightline events", f"NOTE\n{note}", *cues]) + "\n"


def _cue(number: int, item: ReviewItem) -> str:
    event = item.event
    end_s = max(event.end_s, event.start_s + SHORTEST_S)
    voice = escape(" ".join((item.person_name or event.person or "somebody").split()), quote=False)
    sure = f"added by {item.added_by}" if event.kind == "manual" else f"{event.score:.0%}"
    words = escape(" ".join(f"{event.label.replace('_', ' ')} ({sure}) {item.verdict}".split()), quote=False)
    return f"{number}\n{stamp(event.start_s)} --> {stamp(end_s)}\n<v {voice}>{voice}: {words}"


def _row(findings: Findings, item: ReviewItem) -> list[Any]:
    event = item.event
    return [
        findings.footage.sha256,
        findings.run.id,
        event.id,
        event.kind,
        plain(event.label),
        event.person,
        plain(item.person_name),
        round(event.start_s, 6),
        round(event.end_s, 6),
        round(event.score, 4),
        round(event.severity, 4),
        item.verdict,
        plain("; ".join(f"{reason.kind} {reason.name} {reason.weight:.2f}" for reason in event.reasons)),
        plain(item.added_by),
        event.model,
        event.version,
    ]
