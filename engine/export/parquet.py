"""Every box with what was told of its person at that instant, as Parquet.

May import: `engine.core`, `engine.export`.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.core.findings import Findings
from engine.core.segments import Segments
from engine.core.types import Tracklet
from engine.core.views import PersonView
from engine.export.files import replace_with
from engine.export.provenance import provenance

if TYPE_CHECKING:
    import pyarrow as pa

METADATA_KEY = b"sightline"
"""Key of the schema's metadata under which the provenance stands, as JSON."""


def write_parquet(findings: Findings, path: Path) -> None:
    """Write one row a box, by person and time.

    Raises:
        ExportError: the file cannot be written.

    Source: Apache Parquet, written by pyarrow.
    """
    # A third of a second that only this format needs.
    import pyarrow as pa
    from pyarrow import parquet

    schema = _schema().with_metadata({METADATA_KEY: json.dumps(provenance(findings), ensure_ascii=False).encode()})
    numbered = {tracklet.number: tracklet for tracklet in findings.tracklets}
    parts = [
        _table(person, numbered[stay.tracklet], findings.segments, schema)
        for person in findings.people
        for stay in person.presence
    ]
    table = pa.concat_tables(parts) if parts else schema.empty_table()
    replace_with(path, lambda part: parquet.write_table(table, part, compression="zstd"))  # type: ignore[no-untyped-call]


def _schema() -> pa.Schema:
    import pyarrow as pa

    told = [
        (f"{channel}{what}", kind)
        for channel in ("posture", "activity", "emotion")
        for what, kind in (("", pa.string()), ("_score", pa.float32()))
    ]
    return pa.schema(
        [
            ("person", pa.string()),
            ("name", pa.string()),
            ("tracklet", pa.int32()),
            ("t", pa.float64()),
            *((side, pa.float32()) for side in ("x1", "y1", "x2", "y2")),
            ("score", pa.float32()),
            ("interpolated", pa.bool_()),
            *told,
            ("gestures", pa.list_(pa.string())),
        ]
    )


def _table(person: PersonView, tracklet: Tracklet, segments: Segments, schema: pa.Schema) -> pa.Table:
    import pyarrow as pa

    rows = len(tracklet)
    columns: dict[str, Any] = {
        "person": [person.label] * rows,
        "name": [person.name or None] * rows,
        "tracklet": np.full(rows, tracklet.number, np.int32),
        "t": tracklet.t,
        "score": tracklet.scores,
        "interpolated": tracklet.interpolated,
        "gestures": [[] for _ in range(rows)],
    }
    columns |= {side: np.ascontiguousarray(tracklet.boxes[:, n]) for n, side in enumerate(("x1", "y1", "x2", "y2"))}
    for channel in ("posture", "activity", "emotion"):
        columns[channel], columns[f"{channel}_score"] = [None] * rows, [None] * rows
    for row in np.flatnonzero(segments.tracklets == tracklet.number):
        channel, label = segments.channels[row], segments.labels[row]
        inside = np.flatnonzero((tracklet.t >= segments.start_s[row]) & (tracklet.t <= segments.end_s[row]))
        for place in inside:
            if channel == "gesture":
                columns["gestures"][place].append(label)
            else:
                columns[channel][place] = label
                columns[f"{channel}_score"][place] = float(segments.scores[row])
    return pa.table(columns, schema=schema)
