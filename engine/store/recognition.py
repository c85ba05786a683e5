"""What was recognised: segments of tracklets, readings of their faces, and the face pictures kept.

As with all results, a stage's row and its rows are written in one transaction. What is read of a run follows the cuts
that analysts made; what is read of a stage is as it was written.
Owns: the tables `segments`, `face_readings` and `face_crops`. May import: `engine.core`, `engine.store`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

import numpy as np

from engine.core.faces import FaceReadings
from engine.core.segments import Segments
from engine.core.views import FaceCropView
from engine.store.database import Database
from engine.store.persons import cuts_of_run
from engine.store.readings import pack_readings, unpack_readings
from engine.store.sqlite import Connection
from engine.store.stages import StageRecord, put_stage


class RecognitionTable:
    """Segments, readings and face pictures of a store.

    Args:
        db: the store.
    """

    def __init__(self, db: Database) -> None:
        self._db = db

    def save_segments(
        self,
        record: StageRecord,
        segments: Segments,
        tracklets_key: str,
        readings: Mapping[int, FaceReadings] = MappingProxyType({}),
    ) -> None:
        """Note a stage as finished, with the segments it found in the tracklets of another.

        Args:
            record: the stage.
            segments: what it found.
            tracklets_key: key of the tracklets.
            readings: of faces, by tracklet number, where the segments come from them.

        Raises:
            StoreError: the footage or the tracklets were removed, or the store cannot be written.
        """
        packed = [(record.key, tracklets_key, number, pack_readings(each)) for number, each in readings.items()]
        with self._db.write() as connection:
            put_stage(connection, record, tracklets_key)
            _put_segments(connection, record.key, segments, tracklets_key)
            connection.execute("DELETE FROM face_readings WHERE stage = ?", [record.key])
            connection.conn.executemany(
                "INSERT INTO face_readings (stage, tracklets_key, number, packed) VALUES (?, ?, ?, ?)", packed
            )

    def save_face_crops(self, record: StageRecord, crops: Sequence[FaceCropView], tracklets_key: str) -> None:
        """Note a stage as finished, with the face pictures it kept of the tracklets of another.

        Raises:
            StoreError: the footage or the tracklets were removed, or the store cannot be written.
        """
        with self._db.write() as connection:
            put_stage(connection, record, tracklets_key)
            connection.execute("DELETE FROM face_crops WHERE stage = ?", [record.key])
            for each in crops:
                row = {name: getattr(each, name) for name in ("t", "quality", "file", "width", "height")}
                row |= {"stage": record.key, "tracklets_key": tracklets_key, "number": each.tracklet}
                connection.table("face_crops").insert(row)

    def of_stage(self, key: str) -> tuple[Segments, dict[int, FaceReadings]]:
        """Segments of one stage, and its readings of faces by tracklet number.

        Raises:
            StoreError: a blob is damaged.
        """
        with self._db.read() as connection:
            rows = list(connection.query("SELECT * FROM segments WHERE stage = ? ORDER BY position", [key]))
            packed = connection.execute(
                "SELECT number, packed FROM face_readings WHERE stage = ? ORDER BY number", [key]
            ).fetchall()
        return _segments(rows), {number: unpack_readings(blob) for number, blob in packed}

    def segments(self, run: str) -> Segments:
        """All segments of a run, ordered by tracklet, channel and start; empty where nothing was recognised."""
        sql = (
            "SELECT segments.* FROM run_stages JOIN segments ON segments.stage = run_stages.key "
            "WHERE run = ? ORDER BY number, channel, start_s"
        )
        with self._db.read() as connection:
            rows = list(connection.query(sql, [run]))
            cuts = cuts_of_run(connection, run)
        return cuts.segments(_segments(rows))

    def readings(self, run: str) -> dict[int, FaceReadings]:
        """What was read in faces, by tracklet number.

        Raises:
            StoreError: a blob is damaged.
        """
        sql = (
            "SELECT number, packed FROM run_stages JOIN face_readings ON face_readings.stage = run_stages.key "
            "WHERE run = ? ORDER BY number"
        )
        with self._db.read() as connection:
            rows = connection.execute(sql, [run]).fetchall()
            cuts = cuts_of_run(connection, run)
        return cuts.faces({number: unpack_readings(packed) for number, packed in rows})

    def face_crops(self, run: str) -> tuple[FaceCropView, ...]:
        """The face pictures of a run, by tracklet and time."""
        sql = (
            "SELECT face_crops.* FROM run_stages JOIN face_crops ON face_crops.stage = run_stages.key "
            "WHERE run = ? ORDER BY number, t"
        )
        with self._db.read() as connection:
            rows = list(connection.query(sql, [run]))
            cuts = cuts_of_run(connection, run)
        return cuts.face_crops(
            [
                FaceCropView(
                    tracklet=row["number"],
                    t=row["t"],
                    quality=row["quality"],
                    file=row["file"],
                    width=row["width"],
                    height=row["height"],
                )
                for row in rows
            ]
        )


def _put_segments(connection: Connection, stage: str, segments: Segments, tracklets_key: str) -> None:
    connection.execute("DELETE FROM segments WHERE stage = ?", [stage])
    connection.conn.executemany(
        "INSERT INTO segments (stage, position, tracklets_key, number, channel, label, start_s, end_s, score, "
        "coverage, source) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (
                stage,
                row,
                tracklets_key,
                int(segments.tracklets[row]),
                segments.channels[row],
                segments.labels[row],
                float(segments.start_s[row]),
                float(segments.end_s[row]),
                float(segments.scores[row]),
                float(segments.coverage[row]),
                segments.sources[row],
            )
            for row in range(len(segments))
        ],
    )


def _segments(rows: Sequence[dict[str, Any]]) -> Segments:
    return Segments(
        tracklets=np.array([row["number"] for row in rows], np.int64),
        channels=tuple(row["channel"] for row in rows),
        labels=tuple(row["label"] for row in rows),
        start_s=np.array([row["start_s"] for row in rows], np.float64),
        end_s=np.array([row["end_s"] for row in rows], np.float64),
        scores=np.array([row["score"] for row in rows], np.float32),
        coverage=np.array([row["coverage"] for row in rows], np.float32),
        sources=tuple(row["source"] for row in rows),
    )
