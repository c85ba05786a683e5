"""What people say of events: a history of verdicts, and events that they added themselves.

Verdicts hang on a judged event: footage, time and place, which outlive every analysis. `judged_matches` says which
events of other analyses are the same.
Owns: the tables `manual_events`, `judged_events`, `verdicts` and `judged_matches`. May import: `engine.core`,
`engine.store`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from engine.core.anomalies import AnomalyEvent, Box, Verdict
from engine.core.errors import StoreError
from engine.store.anomalies import PlacedEvent, place_of
from engine.store.database import Database
from engine.store.footage import require
from engine.store.sqlite import Connection

_STANDS = "verdict != '' AND NOT EXISTS (SELECT 1 FROM verdicts AS back WHERE back.takes_back = verdicts.id)"
"""A verdict that was not taken back."""


@dataclass(frozen=True, slots=True)
class JudgedEvent:
    """Where and when something was that people judged.

    Attributes:
        id: of the event that was judged first.
        footage: footage id.
        kind: of `KINDS`.
        label: its label.
        start_s: seconds.
        end_s: seconds.
        t: seconds.
        box: xyxy pixels of the person at that time, None where there is none.
    """

    id: str
    footage: str
    kind: str
    label: str
    start_s: float
    end_s: float
    t: float
    box: Box | None


@dataclass(frozen=True, slots=True)
class Standing:
    """What one reviewer says of a judged event now.

    Attributes:
        reviewer: who.
        verdict: of `VERDICTS`.
        said_utc: ISO 8601.
    """

    reviewer: str
    verdict: str
    said_utc: str


class ReviewTable:
    """Verdicts and events added by hand.

    Args:
        db: the store.
    """

    def __init__(self, db: Database) -> None:
        self._db = db

    # Verdicts

    def say(self, judged: JudgedEvent, event: str, reviewer: str, words: tuple[str, str, str]) -> Verdict:
        """Add a verdict to the history of an event.

        Args:
            judged: the event, as it is kept when nobody has judged it before.
            event: its id.
            reviewer: who says it.
            words: verdict, reason and note.

        Raises:
            StoreError: the footage was removed.
        """
        with self._db.write() as connection:
            require(connection, judged.footage)
            thread = _thread(connection, event)
            if thread is None:
                thread = judged.id
                _put_judged(connection, judged)
            return _add(connection, (thread, event, reviewer), words, None)

    def undo(self, reviewer: str) -> Verdict | None:
        """Take back the last verdict of a reviewer that still stands; None where there is none."""
        sql = f"SELECT * FROM verdicts WHERE reviewer = ? AND {_STANDS} ORDER BY id DESC LIMIT 1"  # noqa: S608
        with self._db.write() as connection:
            rows = list(connection.query(sql, [reviewer]))
            if not rows:
                return None
            last = rows[0]
            return _add(connection, (last["thread"], last["event"], reviewer), ("", "", ""), last["id"])

    def history(self, event: str) -> tuple[Verdict, ...]:
        """All that was said of an event, and of the same event in other analyses, oldest first."""
        with self._db.read() as connection:
            thread = _thread(connection, event)
            rows = list(connection.query("SELECT * FROM verdicts WHERE thread = ? ORDER BY id", [thread or ""]))
        return tuple(_verdict(row) for row in rows)

    def standings(self) -> dict[str, tuple[Standing, ...]]:
        """What every reviewer says now, by id of every event that was judged or matches one that was."""
        sql = (
            "SELECT thread, reviewer, verdict, said_utc, max(id) FROM verdicts "  # noqa: S608
            f"WHERE {_STANDS} GROUP BY thread, reviewer ORDER BY max(id)"
        )
        with self._db.read() as connection:
            rows = connection.execute(sql).fetchall()
            matches = connection.execute("SELECT event, thread FROM judged_matches").fetchall()
        threads: dict[str, list[Standing]] = {}
        for thread, reviewer, verdict, said_utc, _ in rows:
            threads.setdefault(thread, []).append(Standing(reviewer, verdict, said_utc))
        found = {thread: tuple(said) for thread, said in threads.items()}
        return found | {event: found[thread] for event, thread in matches if thread in found}

    # The same event in other analyses

    def threads(self) -> dict[str, str]:
        """Id of the judged event by id of every event that is one or matches one."""
        with self._db.read() as connection:
            matches = connection.execute("SELECT event, thread FROM judged_matches").fetchall()
            own = connection.execute("SELECT id, id FROM judged_events").fetchall()
        return {**dict(own), **dict(matches)}

    def judged(self, footage: str) -> tuple[JudgedEvent, ...]:
        """All that was judged of a footage, newest first."""
        sql = "SELECT * FROM judged_events WHERE footage = ? ORDER BY rowid DESC"
        with self._db.read() as connection:
            rows = list(connection.query(sql, [footage]))
        names = ("id", "footage", "kind", "label", "start_s", "end_s", "t")
        return tuple(JudgedEvent(box=place_of(row), **{name: row[name] for name in names}) for row in rows)

    def bind(self, events: Sequence[str], matches: Mapping[str, str]) -> None:
        """Say which of some events are ones that were judged; what was said of these before is forgotten.

        Args:
            events: ids of all events that were looked at.
            matches: id of the judged event by id of the event.
        """
        with self._db.write() as connection:
            connection.conn.executemany("DELETE FROM judged_matches WHERE event = ?", [(event,) for event in events])
            connection.conn.executemany(
                "INSERT INTO judged_matches (event, thread) VALUES (?, ?)", list(matches.items())
            )

    # Events added by hand

    def add(self, placed: PlacedEvent, added_utc: str) -> PlacedEvent:
        """Keep an event that somebody added.

        Args:
            placed: the event; its id is given here.
            added_utc: ISO 8601.

        Raises:
            StoreError: there is no such footage.
        """
        event = placed.event
        told = f"{event.footage} {event.label} {event.start_s} {event.end_s} {placed.added_by} {added_utc}"
        row: dict[str, Any] = {
            name: getattr(event, name) for name in ("footage", "label", "start_s", "end_s", "severity")
        }
        row |= {"t": placed.t, "added_by": placed.added_by, "added_utc": added_utc}
        row |= dict(zip(("x1", "y1", "x2", "y2"), placed.box or (None,) * 4, strict=True))
        with self._db.write() as connection:
            require(connection, event.footage)
            count = connection.execute("SELECT count(*) FROM manual_events").fetchone()[0]
            row["id"] = hashlib.sha256(f"{told} {count}".encode()).hexdigest()[:12]
            connection.table("manual_events").insert(row)
        return _manual(row)

    def added(self, footage: str = "") -> tuple[PlacedEvent, ...]:
        """Events added by hand, by footage and start; of one footage or of all."""
        sql = "SELECT * FROM manual_events WHERE ? IN ('', footage) ORDER BY footage, start_s, id"
        with self._db.read() as connection:
            return tuple(_manual(row) for row in list(connection.query(sql, [footage])))


def _thread(connection: Connection, event: str) -> str | None:
    matched = "SELECT thread FROM judged_matches WHERE event = :event"
    sql = f"{matched} UNION ALL SELECT id FROM judged_events WHERE id = :event"  # noqa: S608
    row = connection.execute(sql, {"event": event}).fetchone()
    return None if row is None else str(row[0])


def _put_judged(connection: Connection, judged: JudgedEvent) -> None:
    row = {name: getattr(judged, name) for name in ("id", "footage", "kind", "label", "start_s", "end_s", "t")}
    row |= dict(zip(("x1", "y1", "x2", "y2"), judged.box or (None,) * 4, strict=True))
    connection.table("judged_events").insert(row)


def _add(
    connection: Connection, about: tuple[str, str, str], words: tuple[str, str, str], takes_back: int | None
) -> Verdict:
    now = datetime.now(UTC).isoformat(timespec="seconds")
    row = connection.execute(
        "INSERT INTO verdicts (thread, event, reviewer, verdict, reason, note, said_utc, takes_back) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [*about, *words, now, takes_back],
    ).lastrowid
    if row is None:
        raise StoreError("The verdict could not be kept. Try again.")
    return Verdict(int(row), about[1], about[2], *words, now)


def _verdict(row: dict[str, Any]) -> Verdict:
    return Verdict(**{name: row[name] for name in Verdict.__dataclass_fields__})


def _manual(row: dict[str, Any]) -> PlacedEvent:
    event = AnomalyEvent(
        id=row["id"],
        footage=row["footage"],
        run="",
        kind="manual",
        label=row["label"],
        person="",
        tracklet=0,
        start_s=row["start_s"],
        end_s=row["end_s"],
        score=1.0,
        severity=row["severity"],
        model="",
        version="",
        reasons=(),
    )
    return PlacedEvent(event, row["t"], place_of(row), row["added_by"])
