"""Results of stages, keyed by what they were made from, and the runs that point to them.

A stage's row and all rows of its result are written in one transaction: a key that is there is complete. Results
belong to their key and are shared by the runs that use it; a result written again under its key takes the old
one's place.
Owns: the tables `stages`, `tracklets`, `crops`, `runs` and what hangs on them.
May import: `engine.core`, `engine.store`.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence

import numpy as np

from engine.core.cuts import Cuts
from engine.core.types import PersonLink, Tracklet
from engine.core.views import CropView, PersonView, RunView
from engine.store.database import Database
from engine.store.packing import pack_tracklet, unpack_tracklet
from engine.store.persons import cuts_of_run, linked_of, links_of, put_linked
from engine.store.runs import crop_view, people_of, put_run, run_with_id, runs_of
from engine.store.sqlite import Connection
from engine.store.stages import StageRecord, put_stage, require_stage


class ResultTable:
    """All results of a store.

    Args:
        db: the store.
    """

    def __init__(self, db: Database) -> None:
        self._db = db

    # Stages

    def finished(self, key: str) -> StageRecord | None:
        """The stage finished under a key, None if it has to be computed."""
        sql = "SELECT key, footage, stage, model, version, settings_json, seconds FROM stages WHERE key = ?"
        with self._db.read() as connection:
            rows = list(connection.query(sql, [key]))
        return StageRecord(**rows[0]) if rows else None

    def save_plain(self, record: StageRecord) -> None:
        """Note a stage as finished whose result lies in files.

        Raises:
            StoreError: its footage was removed, or the store cannot be written.
        """
        with self._db.write() as connection:
            put_stage(connection, record, None)

    def save_tracklets(self, record: StageRecord, tracklets: Sequence[Tracklet]) -> None:
        """Note a stage as finished, with the tracklets it found.

        Links and crops that were made from tracklets of the same key stay if every tracklet they name is there
        again; otherwise they go, with the runs that show them.

        Raises:
            StoreError: its footage was removed, or the store cannot be written.
        """
        packed = [(tracklet, pack_tracklet(tracklet)) for tracklet in tracklets]
        with self._db.write() as connection:
            put_stage(connection, record, None)
            connection.execute("DELETE FROM tracklets WHERE stage = ?", [record.key])
            connection.execute("DELETE FROM spot_tracklets WHERE tracklets_key = ?", [record.key])
            for tracklet, blob in packed:
                _put_tracklet(connection, record.key, tracklet, blob)
            _drop_dangling(connection, record.key)

    def save_links(self, record: StageRecord, links: Sequence[PersonLink], tracklets_key: str) -> None:
        """Note a stage as finished, with the persons it made of the tracklets of another.

        They stand like this until `JournalTable` says what analysts made of them.

        Raises:
            StoreError: the footage or the tracklets were removed, or the store cannot be written.
        """
        with self._db.write() as connection:
            put_stage(connection, record, tracklets_key)
            put_linked(connection, record.key, links, tracklets_key)

    def save_crops(self, record: StageRecord, crops: Sequence[CropView], tracklets_key: str) -> None:
        """Note a stage as finished, with the pictures it kept of the tracklets of another.

        Raises:
            StoreError: the footage or the tracklets were removed, or the store cannot be written.
        """
        with self._db.write() as connection:
            put_stage(connection, record, tracklets_key)
            connection.execute("DELETE FROM crops WHERE stage = ?", [record.key])
            for each in crops:
                row = {name: getattr(each, name) for name in ("rank", "t", "quality", "file", "width", "height")}
                row |= {"stage": record.key, "tracklets_key": tracklets_key, "number": each.tracklet}
                connection.table("crops").insert(row)

    def tracklets(self, key: str) -> list[Tracklet]:
        """Tracklets of a stage, by number.

        Raises:
            StoreError: the stage is not there, or a blob is damaged.
        """
        sql = (
            "SELECT packed FROM tracklets JOIN tracklet_data ON tracklet = tracklets.id WHERE stage = ? ORDER BY number"
        )
        with self._db.read() as connection:
            require_stage(connection, key)
            blobs = [row[0] for row in connection.execute(sql, [key]).fetchall()]
        return [unpack_tracklet(blob) for blob in blobs]

    def tracklets_between(
        self, key: str, start_s: float, end_s: float, *, skip: Collection[int] = ()
    ) -> list[Tracklet]:
        """Tracklets of a stage that touch a stretch of time, by number; no other is read.

        Args:
            key: of the stage.
            start_s: seconds.
            end_s: seconds.
            skip: numbers that are not wanted.

        Raises:
            StoreError: the stage is not there, or a blob is damaged.
        """
        sql = (
            "SELECT packed FROM tracklets JOIN tracklet_data ON tracklet = tracklets.id "
            "WHERE stage = ? AND first_s <= ? AND last_s >= ? "
            "AND number NOT IN (SELECT value FROM json_each(?)) ORDER BY number"
        )
        with self._db.read() as connection:
            require_stage(connection, key)
            blobs = [row[0] for row in connection.execute(sql, [key, end_s, start_s, json.dumps([*skip])]).fetchall()]
        return [unpack_tracklet(blob) for blob in blobs]

    def tracklets_of(self, key: str, numbers: Collection[int]) -> list[Tracklet]:
        """Some tracklets of a stage, by number; no other is read.

        Raises:
            StoreError: the stage is not there, or a blob is damaged.
        """
        sql = (
            "SELECT packed FROM tracklets JOIN tracklet_data ON tracklet = tracklets.id "
            "WHERE stage = ? AND number IN (SELECT value FROM json_each(?)) ORDER BY number"
        )
        with self._db.read() as connection:
            require_stage(connection, key)
            blobs = [row[0] for row in connection.execute(sql, [key, json.dumps([*numbers])]).fetchall()]
        return [unpack_tracklet(blob) for blob in blobs]

    def spans(self, key: str) -> dict[int, tuple[float, float]]:
        """First and last instant of every tracklet of a stage, seconds, by number: no packed column is read.

        Raises:
            StoreError: the stage is not there.
        """
        with self._db.read() as connection:
            require_stage(connection, key)
            rows = connection.execute("SELECT number, first_s, last_s FROM tracklets WHERE stage = ?", [key]).fetchall()
        return {number: (first_s, last_s) for number, first_s, last_s in rows}

    def linked(self, key: str) -> list[PersonLink]:
        """Persons of a stage as linking made them, whatever analysts said since.

        Raises:
            StoreError: the stage is not there.
        """
        with self._db.read() as connection:
            require_stage(connection, key)
            return list(linked_of(connection, key))

    def links(self, key: str) -> list[PersonLink]:
        """Persons of a stage as they stand after all that analysts said, in order.

        Of a tracklet that was cut the numbers are those of its pieces: see `cuts`.

        Raises:
            StoreError: the stage is not there.
        """
        with self._db.read() as connection:
            require_stage(connection, key)
            return list(links_of(connection, key))

    def cuts(self, run: str) -> Cuts:
        """Where analysts cut the tracklets of a run; whoever reads a stage by its key applies them."""
        with self._db.read() as connection:
            return cuts_of_run(connection, run)

    def crops(self, key: str) -> list[CropView]:
        """Pictures of a stage, by tracklet and rank.

        Raises:
            StoreError: the stage is not there.
        """
        with self._db.read() as connection:
            require_stage(connection, key)
            rows = list(connection.query("SELECT * FROM crops WHERE stage = ? ORDER BY number, rank", [key]))
        return [crop_view(row) for row in rows]

    # Runs

    def save_run(self, run: RunView) -> None:
        """Note a finished run; one of the same id is replaced.

        Raises:
            StoreError: its footage or a stage it names is not in the store.
        """
        with self._db.write() as connection:
            put_run(connection, run)

    def run(self, id: str) -> RunView:  # noqa: A002 - the column's name
        """One run.

        Raises:
            StoreError: there is none.
        """
        with self._db.read() as connection:
            return run_with_id(connection, id)

    def runs(self, footage: str) -> tuple[RunView, ...]:
        """Finished runs of a footage, newest first; empty where there is none."""
        with self._db.read() as connection:
            return runs_of(connection, footage)

    def people(self, run_id: str) -> tuple[PersonView, ...]:
        """Persons of a run in their order, from summaries alone: no packed column is read.

        Raises:
            StoreError: there is no such run.
        """
        with self._db.read() as connection:
            return people_of(connection, run_id)


def _put_tracklet(connection: Connection, stage: str, tracklet: Tracklet, blob: bytes) -> None:
    seen = ~tracklet.interpolated
    scores = tracklet.scores[seen] if seen.any() else tracklet.scores
    row = connection.execute(
        "INSERT INTO tracklets (stage, number, first_s, last_s, rows, seen, score) VALUES (?, ?, ?, ?, ?, ?, ?)",
        [
            stage,
            tracklet.number,
            tracklet.first_s,
            tracklet.last_s,
            len(tracklet),
            int(seen.sum()),
            float(np.mean(scores, dtype=np.float64)),
        ],
    ).lastrowid
    connection.execute("INSERT INTO tracklet_data (tracklet, packed) VALUES (?, ?)", [row, blob])


def _drop_dangling(connection: Connection, key: str) -> None:
    """Remove stages made from tracklets of `key` that name one which is no longer there, and their runs."""
    named = """
        WITH named (stage, tracklets_key, number) AS (
            SELECT linked.stage, tracklets_key, number FROM linked_tracklets JOIN linked ON linked.id = linked
            UNION SELECT persons.stage, tracklets_key, number FROM person_tracklets JOIN persons ON persons.id = person
            UNION SELECT stage, tracklets_key, number FROM crops
            UNION SELECT stage, tracklets_key, number FROM segments
            UNION SELECT stage, tracklets_key, number FROM face_readings
            UNION SELECT stage, tracklets_key, number FROM face_crops
            UNION SELECT stage, tracklets_key, number FROM clothing_readings
            UNION SELECT stage, tracklets_key, number FROM crop_vectors
            UNION SELECT stage, tracklets_key, number FROM crop_captions
            UNION SELECT stage, tracklets_key, number FROM window_scores
            UNION SELECT stage, tracklets_key, number FROM anomaly_events
            UNION SELECT stage, tracklets_key, number FROM identity_vectors
        )
        SELECT DISTINCT stage FROM named WHERE tracklets_key = :key AND NOT EXISTS (
            SELECT 1 FROM tracklets WHERE tracklets.stage = named.tracklets_key AND tracklets.number = named.number
        )
    """
    stages = [(row[0],) for row in connection.execute(named, {"key": key}).fetchall()]
    connection.conn.executemany("DELETE FROM runs WHERE id IN (SELECT run FROM run_stages WHERE key = ?)", stages)
    connection.conn.executemany("DELETE FROM stages WHERE key = ?", stages)
