"""Finished stages: the row that says a result is there and what made it, inside a transaction that the caller holds.

Owns: writing and checking rows of `stages`. May import: `engine.core`, `engine.store`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from engine.core.errors import StoreError
from engine.store.footage import require
from engine.store.sqlite import Connection


@dataclass(frozen=True, slots=True)
class StageRecord:
    """A finished stage.

    Attributes:
        key: cache key, of everything the result depends on.
        footage: footage id.
        stage: "detect", "track", "link", "crops", …
        model: registry name of the back end.
        version: its version.
        settings_json: the settings that shaped the result.
        seconds: time it took.
    """

    key: str
    footage: str
    stage: str
    model: str
    version: str
    settings_json: str
    seconds: float


def put_stage(connection: Connection, record: StageRecord, tracklets_key: str | None) -> None:
    """Write the row of a finished stage over the one of the same key, if there is one.

    Args:
        connection: within a writing transaction.
        record: the stage.
        tracklets_key: of the tracklets its result names, None where it names none.

    Raises:
        StoreError: its footage or those tracklets are not in the store.
    """
    require(connection, record.footage)
    if tracklets_key is not None:
        require_stage(connection, tracklets_key)
    connection.execute(
        "INSERT INTO stages (key, footage, stage, model, version, settings_json, seconds, tracklets_key, finished_utc) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (key) DO UPDATE SET footage = excluded.footage, "
        "stage = excluded.stage, model = excluded.model, version = excluded.version, "
        "settings_json = excluded.settings_json, seconds = excluded.seconds, "
        "tracklets_key = excluded.tracklets_key, finished_utc = excluded.finished_utc",
        [
            record.key,
            record.footage,
            record.stage,
            record.model,
            record.version,
            record.settings_json,
            record.seconds,
            tracklets_key,
            datetime.now(UTC).isoformat(timespec="seconds"),
        ],
    )


def require_stage(connection: Connection, key: str) -> None:
    """Make sure within a transaction that a stage is there.

    Raises:
        StoreError: it is not.
    """
    if connection.execute("SELECT 1 FROM stages WHERE key = ?", [key]).fetchone() is None:
        raise StoreError("These results are no longer in the store. Analyse the footage again.", detail=f"key {key}")
