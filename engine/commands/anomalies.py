"""The command that lists what is out of the ordinary. May import: `engine.api`, `engine.core`."""

from __future__ import annotations

import argparse

from engine.api import Engine
from engine.commands.output import put, say
from engine.core.reviews import ReviewItem


def anomalies(arguments: argparse.Namespace) -> int:
    """List events of the newest run of one footage or of all, by footage and time."""
    with Engine(arguments.settings) as engine:
        footage = engine.footage(arguments.footage).id if arguments.footage else None
        items = engine.anomalies.events(footage)
        rows = [_row(engine, item) for item in items]
    if arguments.json:
        put(rows)
        return 0
    if not rows:
        say("Nothing out of the ordinary.")
    for row, item in zip(rows, items, strict=True):
        verdict = f"  {row['verdict']}" if row["verdict"] else ""
        put(
            f"{row['id']}  {row['start_s']:>8.1f}-{row['end_s']:<8.1f} {row['label']:<10} {row['score']:>4.0%}  "
            f"{row['person'] or '-':<5} {item.footage_name}{verdict}"
        )
    return 0


def _row(engine: Engine, item: ReviewItem) -> dict[str, object]:
    event = item.event
    clip = engine.clips.of(event)
    return {
        "id": event.id,
        "footage": event.footage,
        "person": event.person or None,
        "start_s": round(event.start_s, 6),
        "end_s": round(event.end_s, 6),
        "label": event.label,
        "score": round(event.score, 4),
        "clip": None if clip is None else str(engine.clips.file(clip)),
        "verdict": item.verdict or None,
    }
