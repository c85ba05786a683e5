"""Names that analysts gave to people.

A name hangs on an anchor: a box at an instant of the footage, which outlives every analysis. `person_names` says which
person of which result that is, so that reading people need not look at boxes.
Owns: the tables `name_anchors` and `person_names`. May import: `engine.core`, `engine.store`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from engine.core.errors import StoreError
from engine.store.database import Database
from engine.store.footage import require
from engine.store.sqlite import Connection

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class NameAnchor:
    """Somebody who was named, and where to find them.

    Attributes:
        id: ascending; of two that mean the same person the higher counts.
        t: seconds.
        box: xyxy, pixels, of the person at that time.
        name: what they are called.
    """

    id: int
    t: float
    box: Box
    name: str


class NameTable:
    """The names of a store.

    Args:
        db: the store.
    """

    def __init__(self, db: Database) -> None:
        self._db = db

    def anchors(self, footage: str) -> tuple[NameAnchor, ...]:
        """All anchors of a footage, oldest first."""
        with self._db.read() as connection:
            rows = list(connection.query("SELECT * FROM name_anchors WHERE footage = ? ORDER BY id", [footage]))
        return tuple(
            NameAnchor(row["id"], row["t"], (row["x1"], row["y1"], row["x2"], row["y2"]), row["name"]) for row in rows
        )

    def of_stage(self, links_key: str) -> dict[str, str]:
        """What the people of one result are called, by label; those whom nobody named are left out."""
        sql = (
            "SELECT label, name FROM persons JOIN person_names ON person = persons.id "
            "JOIN name_anchors ON name_anchors.id = anchor WHERE stage = ?"
        )
        with self._db.read() as connection:
            return {row[0]: row[1] for row in connection.execute(sql, [links_key]).fetchall()}

    def put(self, footage: str, label: str, links_key: str, anchor: tuple[float, Box] | None, name: str) -> None:
        """Name a person of one result, in place of what that person was called.

        Args:
            footage: its id.
            label: of the person.
            links_key: of the result.
            anchor: time and box of the person; None, with an empty name, takes the name away.
            name: the name.

        Raises:
            StoreError: there is no such footage or person.
        """
        with self._db.write() as connection:
            require(connection, footage)
            person = _person(connection, links_key, label)
            connection.execute(
                "DELETE FROM name_anchors WHERE id IN (SELECT anchor FROM person_names WHERE person = ?)", [person]
            )
            if anchor is None or not name:
                return
            t, box = anchor
            now = datetime.now(UTC).isoformat(timespec="seconds")
            row = connection.execute(
                "INSERT INTO name_anchors (footage, t, x1, y1, x2, y2, name, named_utc) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                [footage, t, *box, name, now],
            ).lastrowid
            connection.execute("INSERT INTO person_names (person, anchor) VALUES (?, ?)", [person, row])

    def bind(self, links_key: str, anchors: Mapping[str, int]) -> None:
        """Say which anchors mean whom in one result; what was said of it before is forgotten.

        Args:
            links_key: of the result.
            anchors: id of the anchor by label of the person.
        """
        with self._db.write() as connection:
            connection.execute(
                "DELETE FROM person_names WHERE person IN (SELECT id FROM persons WHERE stage = ?)", [links_key]
            )
            connection.conn.executemany(
                "INSERT INTO person_names (person, anchor) VALUES (?, ?)",
                [(_person(connection, links_key, label), anchor) for label, anchor in anchors.items()],
            )


def _person(connection: Connection, links_key: str, label: str) -> int:
    row = connection.execute("SELECT id FROM persons WHERE stage = ? AND label = ?", [links_key, label]).fetchone()
    if row is None:
        raise StoreError(f"There is no {label} in this analysis any more. Reload the page.", detail=f"key {links_key}")
    return int(row[0])
