"""Which recordings show one place, and how their clocks run beside one another.

Owns: the table `camera_pairs`. May import: `engine.core`, `engine.store`.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from engine.core.cameras import Alignment, CameraPair
from engine.core.errors import StoreError
from engine.store.database import Database


class CameraTable:
    """The pairs of a store.

    Args:
        db: the store.
    """

    def __init__(self, db: Database) -> None:
        self._db = db

    def all(self, footage: str = "") -> tuple[CameraPair, ...]:
        """Every pair, or those of one footage, in the order they were declared."""
        sql = "SELECT * FROM camera_pairs WHERE ? IN ('', first, second) ORDER BY id"
        with self._db.read() as connection:
            return tuple(_pair(row) for row in connection.query(sql, [footage]))

    def put(self, first: str, second: str, alignment: Alignment, source: str) -> CameraPair:
        """Declare two recordings views of one place; an earlier declaration is replaced.

        Args:
            first: footage id.
            second: footage id, another one.
            alignment: of the second's clock to the first's.
            source: `ESTIMATED` or `BY_HAND`.

        Raises:
            StoreError: one of them was removed.
        """
        if first > second:
            first, second, alignment = second, first, alignment.reversed()
        values = [first, second, alignment.offset_s, alignment.drift, alignment.uncertainty_s, alignment.agreement]
        with self._db.write() as connection:
            known = {str(row[0]) for row in connection.execute("SELECT id FROM footage WHERE id IN (?, ?)", values[:2])}
            if known != {first, second}:
                raise StoreError("One of the two recordings was removed meanwhile. Choose another one.")
            connection.execute(
                "INSERT INTO camera_pairs (first, second, offset_s, drift, uncertainty_s, agreement, source, set_utc) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (first, second) DO UPDATE SET "
                "offset_s = excluded.offset_s, drift = excluded.drift, uncertainty_s = excluded.uncertainty_s, "
                "agreement = excluded.agreement, source = excluded.source, set_utc = excluded.set_utc",
                [*values, source, datetime.now(UTC).isoformat(timespec="seconds")],
            )
            row = next(iter(connection.query("SELECT * FROM camera_pairs WHERE first = ? AND second = ?", values[:2])))
        return _pair(row)

    def drop(self, pair: int) -> None:
        """Take a declaration back; nothing happens where there is none."""
        with self._db.write() as connection:
            connection.execute("DELETE FROM camera_pairs WHERE id = ?", [pair])


def _pair(row: dict[str, Any]) -> CameraPair:
    alignment = Alignment(row["offset_s"], row["drift"], row["uncertainty_s"], row["agreement"])
    return CameraPair(row["id"], row["first"], row["second"], alignment, row["source"], row["set_utc"])
