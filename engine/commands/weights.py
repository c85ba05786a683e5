"""The command `models`: list, fetch and verify files of weights. May import: `engine.weights`, `engine.core`."""

from __future__ import annotations

import argparse
from typing import Any

from engine import weights
from engine.commands.output import meter, put, say
from engine.core.errors import ConfigError, ExitCode


def _chosen(name: str) -> tuple[weights.WeightsFile, ...]:
    entries = weights.known()
    if not name:
        return entries
    chosen = tuple(entry for entry in entries if entry.name == name)
    if not chosen:
        raise ConfigError(f"There is no model called {name!r}. Known are: {', '.join(e.name for e in entries)}.")
    return chosen


def models(arguments: argparse.Namespace) -> int:
    """Do what is asked with the models named, or with all."""
    entries = _chosen(arguments.name)
    if arguments.action == "fetch":
        return _fetch(arguments, entries)
    settings = arguments.settings
    rows: list[dict[str, Any]] = []
    for entry in entries:
        row: dict[str, Any] = {
            "name": entry.name,
            "task": entry.task,
            "backend": entry.backend,
            "tier": entry.tier,
            "bytes": entry.bytes,
            "licence": entry.licence,
            "sha256": entry.sha256,
            "present": entry.present(settings),
        }
        if arguments.action == "verify":
            row["problem"] = entry.verify(settings)
        rows.append(row)
    if arguments.json:
        put(rows)
    else:
        for row in rows:
            state = row.get("problem") or ("verified" if "problem" in row else "present")
            state = state if row["present"] or "problem" in row else "not on this machine"
            put(f"{row['name']:<20} {row['task']:<8} {row['tier']:<11} {row['bytes'] / 1e6:>7.1f} MB  {state}")
    # What is simply not here is no fault; what is here and broken is, and so is a missing embedded model.
    broken = [row for row in rows if row.get("problem") and (row["present"] or row["tier"] == "embedded")]
    return int(ExitCode.FAILED if broken else ExitCode.DONE)


def _fetch(arguments: argparse.Namespace, entries: tuple[weights.WeightsFile, ...]) -> int:
    if not arguments.name:
        names = ", ".join(entry.name for entry in entries if entry.url)
        raise ConfigError(f"Say which model to fetch: {names}.")
    (entry,) = entries
    say(f"{entry.name}: {entry.bytes / 1e6:.1f} MB, {entry.licence}, from {entry.url or entry.package}")
    with meter(entry.name) as show:
        path = weights.fetch(entry, arguments.settings, lambda done: show("fetching", done / entry.bytes))
    put({"name": entry.name, "path": str(path)} if arguments.json else str(path))
    return 0
