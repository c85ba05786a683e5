"""What people wear: readings of kept views, vectors of them for similarity, and captions.

A stage that reads or embeds has a row in `clothing_sets` whose id rises each time its result is written: sets that are
the same hold the same. As with all results, a stage's row and its rows are written in one transaction. What is read of
a run follows the cuts that analysts made; what is read of a stage is as it was written.
Owns: the tables `clothing_sets`, `clothing_readings`, `crop_vectors` and `crop_captions`. May import: `engine.core`,
`engine.store`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from engine.core.clothing import ClothingReadings
from engine.core.types import FloatArray
from engine.store.clothing_blobs import pack_readings, pack_vectors, unpack_readings, unpack_vectors
from engine.store.database import Database
from engine.store.persons import cuts_of_run
from engine.store.runs import kept_crops
from engine.store.sqlite import Connection
from engine.store.stages import StageRecord, put_stage

MOST_RANKS = 64
"""Views of one tracklet that can have a vector: `CropVector.ids` are the row's id times this, plus the rank."""


@dataclass(frozen=True, slots=True)
class ClothingSet:
    """What one stage wrote of clothing.

    Attributes:
        id: rises with every writing.
        kind: "readings" or "vectors".
        stage: key of the stage.
        model: registry name of what answered.
        version: its version.
        link: key of the stage that says which tracklets are whom.
        run: id of the newest run of the footage, which uses both.
        footage: its id.
    """

    id: int
    kind: str
    stage: str
    model: str
    version: str
    link: str
    run: str
    footage: str


@dataclass(frozen=True, slots=True, eq=False)
class CropVectors:
    """Vectors of views.

    Attributes:
        ids: (K,) int64, unique in the store and never given again.
        tracklets: (K,) int64.
        ranks: (K,) int64.
        vectors: (K, D) float32.
    """

    ids: NDArray[np.int64]
    tracklets: NDArray[np.int64]
    ranks: NDArray[np.int64]
    vectors: FloatArray


class ClothingTable:
    """Readings, vectors and captions of a store.

    Args:
        db: the store.
    """

    def __init__(self, db: Database) -> None:
        self._db = db

    # Writing

    def save_readings(self, record: StageRecord, readings: ClothingReadings, tracklets_key: str) -> None:
        """Note a stage as finished, with what it read in the kept views of the tracklets of another.

        Raises:
            StoreError: the footage or the tracklets were removed, or the store cannot be written.
        """
        numbers = np.unique(readings.tracklets)
        packed = [(int(number), pack_readings(readings[readings.tracklets == number])) for number in numbers]
        with self._db.write() as connection:
            _put_set(connection, record, "readings", tracklets_key)
            _put_packed(connection, "clothing_readings", record.key, tracklets_key, packed)

    def save_vectors(
        self,
        record: StageRecord,
        vectors: Mapping[int, FloatArray],
        tracklets_key: str,
        captions: Mapping[tuple[int, int], str] = MappingProxyType({}),
    ) -> None:
        """Note a stage as finished, with a vector for every kept view.

        Args:
            record: the stage.
            vectors: (K, D) float32 by tracklet number; a row's place is its view's rank. Kept as float16.
            tracklets_key: key of the tracklets.
            captions: by tracklet number and rank, of those views that have one.

        Raises:
            StoreError: the footage or the tracklets were removed, or the store cannot be written.
        """
        packed = []
        for number, rows in vectors.items():
            if len(rows) > MOST_RANKS:
                raise ValueError(f"at most {MOST_RANKS} views of a tracklet have vectors, got {len(rows)}")
            packed.append((number, pack_vectors(np.arange(len(rows)), rows)))
        with self._db.write() as connection:
            _put_set(connection, record, "vectors", tracklets_key)
            _put_packed(connection, "crop_vectors", record.key, tracklets_key, packed)
            connection.execute("DELETE FROM crop_captions WHERE stage = ?", [record.key])
            connection.conn.executemany(
                "INSERT INTO crop_captions (stage, tracklets_key, number, rank, caption) VALUES (?, ?, ?, ?, ?)",
                [(record.key, tracklets_key, number, rank, text) for (number, rank), text in captions.items()],
            )

    def save_captions(self, stage: str, tracklets_key: str, captions: Mapping[tuple[int, int], str]) -> None:
        """Add captions of views of a stage that is finished, over those it has.

        Args:
            stage: its key.
            tracklets_key: key of the tracklets.
            captions: by tracklet number and rank.
        """
        with self._db.write() as connection:
            connection.conn.executemany(
                "INSERT INTO crop_captions (stage, tracklets_key, number, rank, caption) VALUES (?, ?, ?, ?, ?) "
                "ON CONFLICT (stage, number, rank) DO UPDATE SET caption = excluded.caption",
                [(stage, tracklets_key, number, rank, text) for (number, rank), text in captions.items()],
            )

    # Reading

    def sets(self, kind: str) -> tuple[ClothingSet, ...]:
        """The sets of one kind that the newest run of each footage uses, by footage id.

        Args:
            kind: "readings" or "vectors".
        """
        sql = (
            "SELECT clothing_sets.id, kind, clothing_sets.stage, stages.model, stages.version, link.key AS link, "
            "runs.id AS run, runs.footage FROM clothing_sets "
            "JOIN stages ON stages.key = clothing_sets.stage "
            "JOIN run_stages ON run_stages.key = clothing_sets.stage "
            "JOIN runs ON runs.id = run_stages.run "
            "JOIN run_stages AS link ON link.run = runs.id AND link.name = 'link' "
            "WHERE kind = ? AND runs.rowid = (SELECT newest.rowid FROM runs AS newest "
            "WHERE newest.footage = runs.footage ORDER BY newest.finished_utc DESC, newest.rowid DESC LIMIT 1) "
            "ORDER BY runs.footage, run_stages.position"
        )
        with self._db.read() as connection:
            rows = list(connection.query(sql, [kind]))
        return tuple({row["footage"]: ClothingSet(**row) for row in rows}.values())

    def unread(self) -> tuple[str, ...]:
        """Ids of footages with a finished run of which nobody ever read any clothing in the newest one."""
        read = {each.footage for each in self.sets("readings")}
        with self._db.read() as connection:
            rows = connection.execute("SELECT DISTINCT footage FROM runs ORDER BY footage").fetchall()
        return tuple(row[0] for row in rows if row[0] not in read)

    def of_stage(self, key: str) -> ClothingReadings:
        """All that a stage read, ordered by tracklet, rank and region.

        Raises:
            StoreError: a blob is damaged.
        """
        return ClothingReadings.concatenate(unpack_readings(blob) for _, _, blob in self._blobs("readings", key))

    def of_tracklets(self, key: str, numbers: Sequence[int]) -> ClothingReadings:
        """What a stage read in the views of certain tracklets.

        Raises:
            StoreError: a blob is damaged.
        """
        marks = ", ".join("?" for _ in numbers)
        sql = f"SELECT packed FROM clothing_readings WHERE stage = ? AND number IN ({marks}) ORDER BY number"  # noqa: S608
        with self._db.read() as connection:
            rows = connection.execute(sql, [key, *(int(number) for number in numbers)]).fetchall()
        return ClothingReadings.concatenate(unpack_readings(row[0]) for row in rows)

    def readings(self, run: str) -> ClothingReadings | None:
        """All that was read of clothing in a run; None where nobody ever read any.

        Raises:
            StoreError: a blob is damaged.
        """
        sql = (
            "SELECT clothing_sets.stage FROM run_stages JOIN clothing_sets ON clothing_sets.stage = run_stages.key "
            "WHERE run = ? AND kind = 'readings' ORDER BY run_stages.position DESC LIMIT 1"
        )
        with self._db.read() as connection:
            row = connection.execute(sql, [run]).fetchone()
            cuts = cuts_of_run(connection, run)
            crops = kept_crops(connection, run) if cuts else []
        return None if row is None else cuts.clothing(self.of_stage(row[0]), crops)

    def ids(self, kind: str, key: str) -> dict[int, int]:
        """First of the ids of every tracklet's views in a stage's set, by tracklet number; add the rank."""
        return {number: row * MOST_RANKS for row, number, _ in self._blobs(kind, key, blobs=False)}

    def vectors(self, key: str) -> CropVectors:
        """The vectors of a stage, by tracklet and rank.

        Raises:
            StoreError: a blob is damaged.
        """
        parts = [(row, number, *unpack_vectors(blob)) for row, number, blob in self._blobs("vectors", key)]
        counts = [len(ranks) for _, _, ranks, _ in parts]
        ranks = np.concatenate([np.zeros(0, np.int64), *(part[2] for part in parts)])
        first = np.repeat(np.array([part[0] for part in parts], np.int64) * MOST_RANKS, counts)
        columns = max((part[3].shape[1] for part in parts), default=0)
        return CropVectors(
            ids=first + ranks,
            tracklets=np.repeat(np.array([part[1] for part in parts], np.int64), counts),
            ranks=ranks,
            vectors=np.concatenate([np.zeros((0, columns), np.float32), *(part[3] for part in parts)]),
        )

    def captions(self, run: str) -> dict[tuple[int, int], str]:
        """Captions of the views of a run, by tracklet number and rank."""
        sql = (
            "SELECT number, rank, caption FROM run_stages JOIN crop_captions ON crop_captions.stage = run_stages.key "
            "WHERE run = ? ORDER BY run_stages.position"
        )
        with self._db.read() as connection:
            captions = {(row[0], row[1]): row[2] for row in connection.execute(sql, [run]).fetchall()}
            cuts = cuts_of_run(connection, run)
            return cuts.captions(captions, kept_crops(connection, run) if cuts else ())

    def _blobs(self, kind: str, key: str, *, blobs: bool = True) -> Iterator[tuple[int, int, bytes]]:
        table = {"readings": "clothing_readings", "vectors": "crop_vectors"}[kind]
        packed = "packed" if blobs else "NULL"
        sql = f"SELECT id, number, {packed} FROM {table} WHERE stage = ? ORDER BY number"  # noqa: S608 - from above
        with self._db.read() as connection:
            rows = connection.execute(sql, [key]).fetchall()
        return iter([(row[0], row[1], row[2]) for row in rows])


def _put_set(connection: Connection, record: StageRecord, kind: str, tracklets_key: str) -> None:
    put_stage(connection, record, tracklets_key)
    connection.execute("DELETE FROM clothing_sets WHERE stage = ?", [record.key])
    connection.execute("INSERT INTO clothing_sets (stage, kind) VALUES (?, ?)", [record.key, kind])


def _put_packed(
    connection: Connection, table: str, stage: str, tracklets_key: str, packed: Sequence[tuple[int, bytes]]
) -> None:
    connection.execute(f"DELETE FROM {table} WHERE stage = ?", [stage])  # noqa: S608 - one of our two tables
    connection.conn.executemany(
        f"INSERT INTO {table} (stage, tracklets_key, number, packed) VALUES (?, ?, ?, ?)",  # noqa: S608
        [(stage, tracklets_key, number, blob) for number, blob in packed],
    )
