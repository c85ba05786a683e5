"""What people look like, as vectors of their kept views.

A stage that embeds has a row in `identity_sets` whose id rises each time its result is written: sets that are the same
hold the same. As with all results, a stage's row and its rows are written in one transaction.

Packed vectors of one tracklet: magic "SLI" 1, then squeezed: the number of views K and of columns D (whole numbers),
ranks (K u8), quality (K u16, steps of 1/65535), values (K x D f16).
Owns: the tables `identity_sets` and `identity_vectors`. May import: `engine.core`, `engine.store`.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.core.identity import CosineScale, IdentityVectors
from engine.store.columns import Reader, Writer, damaged, steps_of
from engine.store.database import Database
from engine.store.persons import cuts_of_run
from engine.store.runs import kept_crops
from engine.store.stages import StageRecord, put_stage

MAGIC = b"SLI\x01"
STEPS = 65535
MOST_RANKS = 64
"""Views of one tracklet that can have a vector: ids of views are the row's id times this, plus the rank."""


@dataclass(frozen=True, slots=True)
class IdentitySet:
    """What one stage wrote.

    Attributes:
        id: rises with every writing.
        stage: key of the stage.
        model: registry name of what answered.
        version: its version.
        size: numbers of a vector.
        scale: what cosines of these vectors mean.
        run: id of the newest run of the footage, which uses it.
        footage: its id.
    """

    id: int
    stage: str
    model: str
    version: str
    size: int
    scale: CosineScale
    run: str
    footage: str


class IdentityTable:
    """Identity vectors of a store.

    Args:
        db: the store.
    """

    def __init__(self, db: Database) -> None:
        self._db = db

    def save(self, record: StageRecord, vectors: IdentityVectors, scale: CosineScale, tracklets_key: str) -> None:
        """Note a stage as finished, with its vectors of the kept views of the tracklets of another.

        Args:
            record: the stage.
            vectors: of any tracklets; ranks under `MOST_RANKS`. Kept as float16.
            scale: what their cosines mean.
            tracklets_key: key of the tracklets.

        Raises:
            StoreError: the footage or the tracklets were removed, or the store cannot be written.
        """
        numbers = [int(number) for number in np.unique(vectors.tracklets)]
        packed = [(number, pack_vectors(vectors[vectors.tracklets == number])) for number in numbers]
        size = int(vectors.vectors.shape[1])
        with self._db.write() as connection:
            put_stage(connection, record, tracklets_key)
            connection.execute("DELETE FROM identity_sets WHERE stage = ?", [record.key])
            connection.execute(
                "INSERT INTO identity_sets (stage, size, different, same) VALUES (?, ?, ?, ?)",
                [record.key, size, scale.different, scale.same],
            )
            connection.execute("DELETE FROM identity_vectors WHERE stage = ?", [record.key])
            connection.conn.executemany(
                "INSERT INTO identity_vectors (stage, tracklets_key, number, packed) VALUES (?, ?, ?, ?)",
                [(record.key, tracklets_key, number, blob) for number, blob in packed],
            )

    def sets(self) -> tuple[IdentitySet, ...]:
        """The sets that the newest run of each footage uses, by footage id."""
        sql = (
            "SELECT identity_sets.id, identity_sets.stage, stages.model, stages.version, size, different, same, "
            "runs.id AS run, runs.footage FROM identity_sets "
            "JOIN stages ON stages.key = identity_sets.stage "
            "JOIN run_stages ON run_stages.key = identity_sets.stage "
            "JOIN runs ON runs.id = run_stages.run "
            "WHERE runs.rowid = (SELECT newest.rowid FROM runs AS newest "
            "WHERE newest.footage = runs.footage ORDER BY newest.finished_utc DESC, newest.rowid DESC LIMIT 1) "
            "ORDER BY runs.footage, run_stages.position"
        )
        with self._db.read() as connection:
            rows = list(connection.query(sql))
        found = {}
        for row in rows:
            scale = CosineScale(row.pop("different"), row.pop("same"))
            found[row["footage"]] = IdentitySet(**row, scale=scale)
        return tuple(found.values())

    def of_stage(self, key: str) -> tuple[IdentityVectors, CosineScale]:
        """The vectors of a stage, by tracklet and rank, and what their cosines mean.

        Nothing, on the default scale, where the stage wrote none.

        Raises:
            StoreError: a blob is damaged.
        """
        with self._db.read() as connection:
            sets = list(connection.query("SELECT size, different, same FROM identity_sets WHERE stage = ?", [key]))
            blobs = connection.execute(
                "SELECT number, packed FROM identity_vectors WHERE stage = ? ORDER BY number", [key]
            ).fetchall()
        size = sets[0]["size"] if sets else 0
        scale = CosineScale(sets[0]["different"], sets[0]["same"]) if sets else CosineScale()
        return IdentityVectors.concatenate((unpack_vectors(blob, number) for number, blob in blobs), size), scale

    def of_run(self, run: str) -> tuple[IdentityVectors, CosineScale] | None:
        """The vectors of a run, those of tracklets that an analyst cut by piece; None where nobody ever made any.

        Raises:
            StoreError: a blob is damaged.
        """
        sql = (
            "SELECT identity_sets.stage FROM run_stages JOIN identity_sets ON identity_sets.stage = run_stages.key "
            "WHERE run = ? ORDER BY run_stages.position DESC LIMIT 1"
        )
        with self._db.read() as connection:
            row = connection.execute(sql, [run]).fetchone()
            cuts = cuts_of_run(connection, run)
            crops = kept_crops(connection, run) if cuts else []
        if row is None:
            return None
        vectors, scale = self.of_stage(row[0])
        return cuts.vectors(vectors, crops), scale

    def ids(self, key: str) -> dict[int, int]:
        """First of the ids of every tracklet's views in a stage's set, by tracklet number; add the rank.

        Ids are unique in the store and never given again.
        """
        with self._db.read() as connection:
            rows = connection.execute("SELECT number, id FROM identity_vectors WHERE stage = ?", [key]).fetchall()
        return {row[0]: row[1] * MOST_RANKS for row in rows}


def pack_vectors(vectors: IdentityVectors) -> bytes:
    """The vectors of one tracklet as a blob.

    Raises:
        ValueError: of several tracklets, or a rank is not under `MOST_RANKS`.
    """
    if len(np.unique(vectors.tracklets)) > 1:
        raise ValueError(f"vectors of one tracklet are packed together, got {np.unique(vectors.tracklets).tolist()}")
    if len(vectors) and not 0 <= int(vectors.ranks.min()) <= int(vectors.ranks.max()) < MOST_RANKS:
        raise ValueError(f"ranks must lie in [0, {MOST_RANKS}), got {vectors.ranks.tolist()}")
    out = Writer(MAGIC)
    out.whole(*vectors.vectors.shape)
    out.plain(vectors.ranks.astype(np.uint8))
    # What says little must not become what says nothing.
    worth = np.where(vectors.quality > 0, np.maximum(steps_of(vectors.quality, STEPS), 1), 0)
    out.column(worth.astype(np.uint16))
    out.column(vectors.vectors.astype(np.float16).reshape(-1).view(np.uint16))
    return out.blob()


def unpack_vectors(blob: bytes, number: int) -> IdentityVectors:
    """The vectors of a blob, of the tracklet of that number.

    Raises:
        StoreError: the blob is cut off, damaged or of another layout.
    """
    try:
        read = Reader(MAGIC, blob)
        rows, columns = read.whole(2)
        ranks: NDArray[np.int64] = read.plain(rows).astype(np.int64)
        quality = (read.column(rows, np.uint16) / STEPS).astype(np.float32)
        values = read.column(rows * columns, np.uint16).view(np.float16).astype(np.float32).reshape(rows, columns)
        read.end()
        return IdentityVectors(np.full(rows, number, np.int64), ranks, values, quality)
    except (ValueError, zlib.error) as error:
        raise damaged(error) from error
