"""Commands about footage: `sample`, `list`, `export`.

May import: `engine.api`, `engine.core`, `engine.export`, `assets`.
"""

from __future__ import annotations

import argparse

from engine.api import Engine
from engine.commands.output import meter, put, say
from engine.core.config import AnalysisConfig
from engine.core.errors import ExportError
from engine.export.formats import write_export


def sample(arguments: argparse.Namespace) -> int:
    """Build the sample clip in the home, if it is not there, and print its path."""
    from assets.sample_clip import build_sample

    clip = build_sample(arguments.settings.home / "sample.mp4")
    if arguments.analyze_if_empty:
        with Engine(arguments.settings) as engine:
            if not engine.list_footage():
                say("Analysing the sample clip, so that there is something to look at ...")
                with meter(clip.name) as show:
                    engine.analyze_now(engine.register(clip).id, AnalysisConfig(), show)
    put(str(clip))
    return 0


def list_footage(arguments: argparse.Namespace) -> int:
    """List footage with the people of its latest run."""
    with Engine(arguments.settings) as engine:
        rows = []
        for view in engine.list_footage():
            runs = engine.runs(view.id)
            rows.append(
                {
                    "footage": view.id,
                    "name": view.name,
                    "duration_s": round(view.media.duration_s, 3),
                    "run": runs[0].id if runs else None,
                    "persons": len(engine.answers.people(runs[0].id)) if runs else None,
                }
            )
    if arguments.json:
        put(rows)
        return 0
    if not rows:
        say("No footage yet. `python -m engine analyze FILE` adds some.")
    for row in rows:
        people = "not analysed yet" if row["run"] is None else f"{row['persons']} people"
        put(f"{row['footage']}  {row['duration_s']:>9.1f} s  {people:>16}  {row['name']}")
    return 0


def export(arguments: argparse.Namespace) -> int:
    """Write a run to a file."""
    with Engine(arguments.settings) as engine:
        view = engine.footage(arguments.footage)
        runs = [entry for entry in engine.runs(view.id) if arguments.run in ("", entry.id)]
        if not runs:
            missing = f"has no run {arguments.run}" if arguments.run else "is not analysed yet"
            raise ExportError(
                f"{view.name} {missing}. `python -m engine analyze` makes a run; `list` shows the latest."
            )
        write_export(arguments.format, engine.answers.findings(view, runs[0]), arguments.out)
    say(f"Wrote {arguments.out}")
    return 0
