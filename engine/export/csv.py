"""Stretches as a table for spreadsheets, with a description beside it by the CSV on the Web standard.

May import: `engine.core`, `engine.export`.
"""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

from engine.core.findings import Findings
from engine.export.files import write_atomically
from engine.export.provenance import model_of, provenance
from engine.export.stretches import Stretch, stretches

COLUMNS: dict[str, tuple[str, str]] = {
    "footage_sha256": ("string", "SHA-256 of the footage's bytes"),
    "run": ("string", "the analysis"),
    "person": ("string", "P1, P2, … in order of first appearance"),
    "name": ("string", "what an analyst calls them, empty where nobody has said"),
    "tracklet": ("integer", "number of the unbroken run of boxes"),
    "channel": ("string", "presence, posture, gesture, activity or emotion"),
    "label": ("string", "what was seen; unknown means that it could not be seen"),
    "start_s": ("double", "seconds from the start of the stream"),
    "end_s": ("double", "seconds from the start of the stream"),
    "score": ("double", "confidence in 0 to 1; 0 for unknown"),
    "coverage": ("double", "share of the stretch in which what the label needs was seen, 0 to 1"),
    "source": ("string", "the model's own word for the label, empty where it is ours"),
    "model": ("string", "which model told it"),
    "version": ("string", "its version"),
}
"""Name -> (datatype of XML Schema, what it says)."""


def write_csv(findings: Findings, path: Path) -> None:
    """Write `path`, and `<path>-metadata.json` that describes it.

    Raises:
        ExportError: one of them cannot be written.

    Source: RFC 4180; W3C Recommendation "Metadata Vocabulary for Tabular Data", 2015.
    """
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\r\n")
    table.writerow(COLUMNS)
    for stretch in stretches(findings):
        table.writerow(_row(findings, stretch))
    write_atomically(path.with_name(path.name + "-metadata.json"), json.dumps(_metadata(findings, path), indent=1))
    write_atomically(path, out.getvalue())


def _row(findings: Findings, one: Stretch) -> list[Any]:
    told = model_of(findings, one.channel)
    return [
        findings.footage.sha256,
        findings.run.id,
        one.person.label,
        plain(one.person.name),
        one.tracklet,
        one.channel,
        plain(one.label),
        round(one.start_s, 6),
        round(one.end_s, 6),
        round(one.score, 4),
        round(one.coverage, 4),
        plain(one.source),
        told.model if told else "",
        told.version if told else "",
    ]


def plain(text: str) -> str:
    """Text that no spreadsheet takes for a formula: names are typed by people."""
    return "'" + text if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def _metadata(findings: Findings, path: Path) -> dict[str, Any]:
    return {
        "@context": "http://www.w3.org/ns/csvw",
        "url": path.name,
        "dialect": {"header": True, "encoding": "utf-8"},
        "tableSchema": {
            "columns": [
                {"name": name, "titles": name, "datatype": kind, "dc:description": what}
                for name, (kind, what) in COLUMNS.items()
            ]
        },
        "notes": [provenance(findings)],
    }
