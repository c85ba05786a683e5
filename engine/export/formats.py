"""Every format results are written in.

May import: `engine.core`, `engine.export`.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from engine.core.errors import ExportError
from engine.core.findings import Findings
from engine.export.ava import write_ava
from engine.export.csv import write_csv
from engine.export.eaf import write_eaf
from engine.export.events import write_event_table, write_event_track
from engine.export.files import write_atomically
from engine.export.json import export_json, render
from engine.export.parquet import write_parquet
from engine.export.webvtt import write_webvtt


def _json(findings: Findings, path: Path) -> None:
    write_atomically(path, render(export_json(findings)))


def _csv(findings: Findings, path: Path) -> None:
    write_csv(findings, path)
    write_event_table(findings, path)


def _webvtt(findings: Findings, path: Path) -> None:
    write_webvtt(findings, path)
    write_event_track(findings, path)


FORMATS: dict[str, Callable[[Findings, Path], None]] = {
    "json": _json,
    "csv": _csv,
    "parquet": write_parquet,
    "ava": write_ava,
    "webvtt": _webvtt,
    "eaf": write_eaf,
}
"""Name -> what writes it."""


def write_export(name: str, findings: Findings, path: Path) -> None:
    """Write what a run found.

    Args:
        name: of the format.
        findings: what to write.
        path: the file; its folder must exist. It is there whole or not at all.

    Raises:
        ExportError: there is no such format, or the file cannot be written.
    """
    if name not in FORMATS:
        raise ExportError(f"There is no format {name!r}. Known are: {', '.join(FORMATS)}.")
    FORMATS[name](findings, path)
