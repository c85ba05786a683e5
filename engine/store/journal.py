"""The identity journal: what analysts said of who is who, line by line, and where in the footage they meant.

Lines are only ever added; they go with their footage alone. A line, and the persons as they stand after it, are written
in one transaction.
Owns: the tables `journal`, `journal_spots`, `spots` and `spot_tracklets`. May import: `engine.core`, `engine.store`.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from engine.core.cuts import StandingPerson
from engine.core.identity import Edit, JournalEntry, JournalLine, Spot
from engine.store.database import Database
from engine.store.footage import require
from engine.store.persons import put_persons
from engine.store.sqlite import Connection


@dataclass(frozen=True, slots=True)
class LinkStage:
    """A stage that says who is who.

    Attributes:
        key: its key.
        tracklets_key: of the stage whose tracklets it links.
    """

    key: str
    tracklets_key: str


class JournalTable:
    """The journal of a store.

    Args:
        db: the store.
    """

    def __init__(self, db: Database) -> None:
        self._db = db

    @contextmanager
    def writing(self) -> Iterator[JournalDesk]:
        """A writing transaction: from here on nobody else writes, and what is read meanwhile is what is there.

        Raises:
            StoreError: the store is closed, busy for too long, full or damaged.
        """
        with self._db.write() as connection:
            yield JournalDesk(connection)

    def lines(self) -> tuple[JournalLine, ...]:
        """All lines, oldest first, without what was said."""
        with self._db.read() as connection:
            rows = list(connection.query("SELECT id, footage, other, kind, meant FROM journal ORDER BY id"))
        return tuple(
            JournalLine(
                row["id"],
                (row["footage"],) if row["other"] is None else (row["footage"], row["other"]),
                row["meant"] if row["kind"] == "undo" else None,
                row["meant"] if row["kind"] == "redo" else None,
            )
            for row in rows
        )

    def entries(self, counting: Collection[int], ids: Collection[int]) -> tuple[JournalEntry, ...]:
        """Lines with what was said, oldest first.

        Args:
            counting: ids of the edits that count.
            ids: of the lines.
        """
        # An undo or redo tells the edit that it means.
        sql = (
            "SELECT journal.id, journal.author, journal.made_utc, journal.kind AS line, journal.meant, "
            "said.id AS edit, said.kind, said.at_s, said.name FROM journal "
            "JOIN journal AS said ON said.id = coalesce(journal.meant, journal.id) "
            "WHERE journal.id IN (SELECT value FROM json_each(?)) ORDER BY journal.id"
        )
        with self._db.read() as connection:
            rows = list(connection.query(sql, [json.dumps(sorted(ids))]))
            spots = _spots(connection, sorted({row["edit"] for row in rows}))
        return tuple(_entry(row, spots.get(row["edit"], ((), ())), row["id"] in counting) for row in rows)

    def revision(self, footage: str = "") -> int:
        """Id of the last line about a footage, or of the last of all; 0 where there is none."""
        if not footage:
            with self._db.read() as connection:
                return int(connection.execute("SELECT max(id) FROM journal").fetchone()[0] or 0)
        sql = (
            "SELECT max(id) FROM (SELECT max(id) AS id FROM journal WHERE footage = ?1 "
            "UNION ALL SELECT max(id) FROM journal WHERE other = ?1)"
        )
        with self._db.read() as connection:
            return int(connection.execute(sql, [footage]).fetchone()[0] or 0)

    def revisions(self) -> dict[str, int]:
        """Id of the last line about each footage of which anything was said."""
        sql = (
            "SELECT footage, max(id) FROM (SELECT footage, id FROM journal UNION ALL "
            "SELECT other, id FROM journal WHERE other IS NOT NULL) GROUP BY footage"
        )
        with self._db.read() as connection:
            return dict(connection.execute(sql).fetchall())

    def stages(self, footage: str) -> tuple[LinkStage, ...]:
        """All stages of a footage that say who is who, whether a run shows them or not, by key."""
        sql = (
            "SELECT key, tracklets_key FROM stages WHERE footage = ? AND stage = 'link' "
            "AND tracklets_key IS NOT NULL ORDER BY key"
        )
        with self._db.read() as connection:
            return tuple(LinkStage(*row) for row in connection.execute(sql, [footage]).fetchall())

    def known(self, tracklets_key: str) -> dict[Spot, int]:
        """Number of the tracklet at each spot that was looked for in a tracking result; 0 where none is."""
        sql = "SELECT spots.*, number FROM spot_tracklets JOIN spots ON spots.id = spot WHERE tracklets_key = ?"
        with self._db.read() as connection:
            return {_spot(row): row["number"] for row in list(connection.query(sql, [tracklets_key]))}


class JournalDesk:
    """Writes lines, and what follows from them, inside a transaction.

    Args:
        connection: within a writing transaction.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, edit: Edit, author: str) -> int:
        """Add a line that says something new.

        Args:
            edit: what was said, with spots of one or two footages.
            author: who said it.

        Returns:
            Its id.

        Raises:
            StoreError: the footage was removed.
        """
        footages = list(dict.fromkeys(spot.footage for spot in (*edit.first, *edit.second)))
        if len(footages) > 2:
            raise ValueError(f"an edit is about one or two footages, got {len(footages)}")
        for each in footages:
            require(self._connection, each)
        line = self._line((footages[0], footages[1] if len(footages) > 1 else None), author, edit.kind, None)
        self._connection.execute("UPDATE journal SET at_s = ?, name = ? WHERE id = ?", [edit.at_s, edit.name, line])
        for side, spots in enumerate((edit.first, edit.second), 1):
            self._connection.conn.executemany(
                "INSERT INTO journal_spots (entry, side, position, spot) VALUES (?, ?, ?, ?)",
                [(line, side, place, self._kept(spot)) for place, spot in enumerate(spots)],
            )
        return line

    def turn(self, kind: str, meant: int, author: str) -> int:
        """Add a line that undoes or redoes another.

        Args:
            kind: "undo" or "redo".
            meant: id of the edit.
            author: who wants it.

        Returns:
            Its id.
        """
        row = self._connection.execute("SELECT footage, other FROM journal WHERE id = ?", [meant]).fetchone()
        return self._line((row[0], row[1]), author, kind, meant)

    def note(self, tracklets_key: str, found: Mapping[Spot, int]) -> None:
        """Keep which tracklet is at which spot, for the next time."""
        self._connection.conn.executemany(
            "INSERT INTO spot_tracklets (tracklets_key, spot, number) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
            [(tracklets_key, self._kept(spot), number) for spot, number in found.items()],
        )

    def settle(self, stage: LinkStage, persons: Sequence[StandingPerson]) -> None:
        """Write who is who as it stands now."""
        put_persons(self._connection, stage.key, persons, stage.tracklets_key)

    def _line(self, footage: tuple[str, str | None], author: str, kind: str, meant: int | None) -> int:
        now = datetime.now(UTC).isoformat(timespec="seconds")
        row = self._connection.execute(
            "INSERT INTO journal (footage, other, author, made_utc, kind, meant) VALUES (?, ?, ?, ?, ?, ?)",
            [*footage, author, now, kind, meant],
        ).lastrowid
        return int(row or 0)

    def _kept(self, spot: Spot) -> int:
        """Row of a spot, which is written where it is new."""
        values = [spot.footage, spot.t, *spot.box]
        sql = "SELECT id FROM spots WHERE footage = ? AND t = ? AND x1 = ? AND y1 = ? AND x2 = ? AND y2 = ?"
        row = self._connection.execute(sql, values).fetchone()
        if row is None:
            return int(
                self._connection.execute(
                    "INSERT INTO spots (footage, t, x1, y1, x2, y2) VALUES (?, ?, ?, ?, ?, ?)", values
                ).lastrowid
                or 0
            )
        return int(row[0])


def _spots(connection: Connection, entries: Sequence[int]) -> dict[int, tuple[tuple[Spot, ...], tuple[Spot, ...]]]:
    sql = (
        "SELECT entry, side, spots.* FROM journal_spots JOIN spots ON spots.id = spot "
        "WHERE entry IN (SELECT value FROM json_each(?)) ORDER BY entry, side, position"
    )
    found: dict[int, tuple[tuple[Spot, ...], tuple[Spot, ...]]] = {}
    for row in list(connection.query(sql, [json.dumps(entries)])):
        first, second = found.get(row["entry"], ((), ()))
        found[row["entry"]] = ((*first, _spot(row)), second) if row["side"] == 1 else (first, (*second, _spot(row)))
    return found


def _spot(row: dict[str, Any]) -> Spot:
    return Spot(row["footage"], row["t"], (row["x1"], row["y1"], row["x2"], row["y2"]))


def _entry(row: dict[str, Any], spots: tuple[tuple[Spot, ...], tuple[Spot, ...]], stands: bool) -> JournalEntry:
    return JournalEntry(
        id=row["id"],
        author=row["author"],
        made_utc=row["made_utc"],
        edit=Edit(row["kind"], *spots, at_s=row["at_s"], name=row["name"]),
        takes_back=row["meant"] if row["line"] == "undo" else None,
        brings_back=row["meant"] if row["line"] == "redo" else None,
        stands=stands,
    )
