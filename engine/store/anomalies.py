"""What was found out of the ordinary: scores of windows, events, zones drawn on pictures, and cameras that disagree.

As with all results, a stage's row and its rows are written in one transaction.
Owns: the tables `window_scores`, `anomaly_events`, `zones` and `disagreements`. May import: `engine.core`,
`engine.store`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from typing import Any

from engine.core.anomalies import AnomalyEvent, Box, Disagreement, EventDraft, Reason, WindowScores, Zone
from engine.core.identity import PIECE
from engine.store.database import Database
from engine.store.footage import require
from engine.store.stages import StageRecord, put_stage
from engine.store.window_blobs import pack_windows, unpack_windows

ANOMALY_STAGES = ("anomalies", "behaviours", "unpaid")
"""Stages whose results lie here: windows and events of movement, windows of hands, events of those."""

_THEN = "(mine.from_s IS NULL OR {t} >= mine.from_s) AND (mine.until_s IS NULL OR {t} < mine.until_s)"
"""Of a tracklet that was cut, the piece that is in view at an instant."""

# An event is whose it is when it is strongest.
_EVENTS = (
    f"SELECT found.*, found.number + coalesce(mine.piece, 0) * {PIECE} AS shown, "  # noqa: S608 - numbers of ours
    "persons.label AS person, persons.name AS person_name FROM ("
    "SELECT anomaly_events.*, run_stages.run, run_stages.model, run_stages.version, runs.footage, "
    "runs.finished_utc, runs.rowid AS saved, "
    "(SELECT persons.id FROM run_stages AS linked JOIN persons ON persons.stage = linked.key "
    "JOIN person_tracklets AS mine ON mine.person = persons.id WHERE linked.run = run_stages.run "
    "AND mine.tracklets_key = anomaly_events.tracklets_key AND mine.number = anomaly_events.number "
    f"AND {_THEN.format(t='anomaly_events.t')} LIMIT 1) AS person_row "
    "FROM anomaly_events JOIN run_stages ON run_stages.key = anomaly_events.stage "
    "JOIN runs ON runs.id = run_stages.run) AS found "
    "LEFT JOIN persons ON persons.id = person_row "
    "LEFT JOIN person_tracklets AS mine ON mine.person = person_row AND mine.tracklets_key = found.tracklets_key "
    f"AND mine.number = found.number AND {_THEN.format(t='found.t')} "
)

_CONTRARY = (
    "(SELECT persons.label FROM linked JOIN linked_tracklets ON linked = linked.id "
    "JOIN tracklets ON tracklets.stage = linked_tracklets.tracklets_key AND tracklets.number = linked_tracklets.number "
    "JOIN person_tracklets AS mine ON mine.tracklets_key = tracklets.stage AND mine.number = tracklets.number "
    "JOIN persons ON persons.id = mine.person AND persons.stage = linked.stage "
    "WHERE linked.label = disagreements.person AND linked.stage = (SELECT run_stages.key FROM runs "
    "JOIN run_stages ON run = runs.id AND run_stages.name = 'link' WHERE runs.footage = disagreements.footage "
    "ORDER BY finished_utc DESC, runs.rowid DESC LIMIT 1) "
    "AND coalesce(mine.first_s, tracklets.first_s) <= disagreements.end_s "
    "AND coalesce(mine.last_s, tracklets.last_s) >= disagreements.start_s ORDER BY tracklets.first_s LIMIT 1)"
)


@dataclass(frozen=True, slots=True)
class PlacedEvent:
    """An event and where in the picture it is.

    Attributes:
        event: what was found.
        t: seconds, when it is strongest.
        box: xyxy pixels, of the person at that time; None of one that was added without a person.
        added_by: who added it by hand, "" of a model's.
        person_name: what an analyst calls the person, "" where nobody has said.
    """

    event: AnomalyEvent
    t: float
    box: Box | None
    added_by: str = ""
    person_name: str = ""


class AnomalyTable:
    """Window scores, events, zones and disagreements of a store.

    Args:
        db: the store.
    """

    def __init__(self, db: Database) -> None:
        self._db = db

    def save(
        self,
        record: StageRecord,
        windows: Sequence[WindowScores],
        events: Sequence[EventDraft],
        tracklets_key: str,
    ) -> None:
        """Note a stage as finished, with the windows it scored and the events it made of them.

        Args:
            record: the stage.
            windows: of tracklets of another stage, at most one for each.
            events: of those tracklets.
            tracklets_key: key of the tracklets.

        Raises:
            StoreError: the footage or the tracklets were removed, or the store cannot be written.
        """
        packed = [(record.key, tracklets_key, each.tracklet, pack_windows(each)) for each in windows]
        with self._db.write() as connection:
            put_stage(connection, record, tracklets_key)
            for table in ("window_scores", "anomaly_events"):
                connection.execute(f"DELETE FROM {table} WHERE stage = ?", [record.key])  # noqa: S608
            connection.conn.executemany(
                "INSERT INTO window_scores (stage, tracklets_key, number, packed) VALUES (?, ?, ?, ?)", packed
            )
            for each in events:
                connection.table("anomaly_events").insert(_event_row(record.key, tracklets_key, each))

    def windows(self, run: str, stage: str) -> dict[int, WindowScores]:
        """What a stage of a run said of each tracklet's windows, by tracklet number; empty where it did not run.

        Args:
            run: id of the run.
            stage: of `ANOMALY_STAGES`.

        Raises:
            StoreError: a blob is damaged.
        """
        sql = (
            "SELECT number, packed FROM run_stages JOIN window_scores ON window_scores.stage = run_stages.key "
            "WHERE run = ? AND run_stages.name = ? ORDER BY number"
        )
        with self._db.read() as connection:
            rows = connection.execute(sql, [run, stage]).fetchall()
        return {number: unpack_windows(blob) for number, blob in rows}

    def windows_of_stage(self, key: str) -> dict[int, WindowScores]:
        """What a stage said of each tracklet's windows, by tracklet number.

        Args:
            key: of the stage; empty where there is none of that key.

        Raises:
            StoreError: a blob is damaged.
        """
        with self._db.read() as connection:
            rows = connection.execute(
                "SELECT number, packed FROM window_scores WHERE stage = ? ORDER BY number", [key]
            ).fetchall()
        return {number: unpack_windows(blob) for number, blob in rows}

    def windows_of(self, run: str, event: str) -> WindowScores | None:
        """The windows that an event of a run was made of, None where there is no such event.

        Raises:
            StoreError: the blob is damaged.
        """
        sql = (
            "SELECT packed FROM run_stages JOIN anomaly_events ON anomaly_events.stage = run_stages.key "
            "JOIN run_stages AS scored ON scored.run = run_stages.run "
            "AND scored.name = iif(kind = 'behaviour', 'behaviours', 'anomalies') "
            "JOIN window_scores ON window_scores.stage = scored.key "
            "AND window_scores.number = anomaly_events.number WHERE run_stages.run = ? AND anomaly_events.id = ?"
        )
        with self._db.read() as connection:
            row = connection.execute(sql, [run, event]).fetchone()
        return None if row is None else unpack_windows(row[0])

    def events(self, run: str) -> tuple[PlacedEvent, ...]:
        """Events of a run, by start."""
        with self._db.read() as connection:
            rows = list(connection.query(_EVENTS + "WHERE run = ? ORDER BY start_s, found.id", [run]))
        return tuple(_placed(row) for row in rows)

    def latest(self) -> tuple[PlacedEvent, ...]:
        """Events of the newest run of every footage, by footage and start."""
        sql = (
            "WHERE saved = (SELECT rowid FROM runs AS newer WHERE newer.footage = found.footage "
            "ORDER BY finished_utc DESC, rowid DESC LIMIT 1) ORDER BY found.footage, start_s, found.id"
        )
        with self._db.read() as connection:
            rows = list(connection.query(_EVENTS + sql))
        return tuple(_placed(row) for row in rows)

    def find(self, event: str) -> PlacedEvent | None:
        """The event of an id, in the newest run that has it; None where no run has."""
        sql = "WHERE found.id = ? ORDER BY finished_utc DESC, saved DESC LIMIT 1"
        with self._db.read() as connection:
            rows = list(connection.query(_EVENTS + sql, [event]))
        return _placed(rows[0]) if rows else None

    def everything(self) -> tuple[PlacedEvent, ...]:
        """Events of all runs, each id once, as its newest run has it."""
        with self._db.read() as connection:
            rows = list(connection.query(_EVENTS + "ORDER BY finished_utc, saved, found.id"))
        return tuple({row["id"]: _placed(row) for row in rows}.values())

    # Zones

    def zones(self, footage: str) -> tuple[Zone, ...]:
        """What was drawn on the picture of a footage."""
        sql = "SELECT name, points_json FROM zones WHERE footage = ? ORDER BY position"
        with self._db.read() as connection:
            rows = connection.execute(sql, [footage]).fetchall()
        return tuple(Zone(name, tuple((float(x), float(y)) for x, y in json.loads(points))) for name, points in rows)

    def set_zones(self, footage: str, zones: Sequence[Zone]) -> None:
        """Put zones in the place of those that were drawn before.

        Raises:
            StoreError: there is no such footage.
        """
        with self._db.write() as connection:
            require(connection, footage)
            connection.execute("DELETE FROM zones WHERE footage = ?", [footage])
            connection.conn.executemany(
                "INSERT INTO zones (footage, position, name, points_json) VALUES (?, ?, ?, ?)",
                [(footage, place, zone.name, json.dumps(zone.points)) for place, zone in enumerate(zones)],
            )

    # Cameras that disagree

    def set_disagreements(self, footage: str, other: str, found: Sequence[Disagreement]) -> None:
        """Put what two cameras disagree about in the place of what was noted before.

        Raises:
            StoreError: one of the footages is not there.
        """
        with self._db.write() as connection:
            require(connection, footage)
            require(connection, other)
            connection.execute("DELETE FROM disagreements WHERE footage = ? AND other = ?", [footage, other])
            connection.conn.executemany(
                "INSERT INTO disagreements (footage, other, person, start_s, end_s, here, there, here_score, "
                "there_score, position) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [(*astuple(each), place) for place, each in enumerate(found)],
            )

    def disagreements(self, footage: str = "") -> tuple[Disagreement, ...]:
        """What cameras disagree about, by time; of one footage or of all.

        The person is told as they stand in the newest run, whoever linking took them for.
        """
        sql = f"SELECT *, {_CONTRARY} AS standing FROM disagreements WHERE ? IN ('', footage) "  # noqa: S608 - ours
        sql += "ORDER BY footage, other, start_s"
        names = Disagreement.__dataclass_fields__
        with self._db.read() as connection:
            rows = list(connection.query(sql, [footage]))
        told = [{name: row[name] for name in names} | {"person": row["standing"] or row["person"]} for row in rows]
        return tuple(Disagreement(**each) for each in told)


def _event_row(stage: str, tracklets_key: str, draft: EventDraft) -> dict[str, Any]:
    told = f"{stage} {draft.tracklet} {draft.label} {draft.start_s:.6f}"
    return {
        "stage": stage,
        "id": hashlib.sha256(told.encode()).hexdigest()[:12],
        "tracklets_key": tracklets_key,
        "number": draft.tracklet,
        **{name: getattr(draft, name) for name in ("kind", "label", "start_s", "end_s", "score", "severity", "t")},
        **dict(zip(("x1", "y1", "x2", "y2"), draft.box, strict=True)),
        "reasons_json": json.dumps([astuple(reason) for reason in draft.reasons]),
    }


def _placed(row: dict[str, Any]) -> PlacedEvent:
    event = AnomalyEvent(
        id=row["id"],
        footage=row["footage"],
        run=row["run"],
        kind=row["kind"],
        label=row["label"],
        person=row["person"] or "",
        tracklet=row["shown"],
        start_s=row["start_s"],
        end_s=row["end_s"],
        score=row["score"],
        severity=row["severity"],
        model=row["model"],
        version=row["version"],
        reasons=tuple(Reason(*reason) for reason in json.loads(row["reasons_json"])),
    )
    return PlacedEvent(event, row["t"], place_of(row), person_name=row["person_name"] or "")


def place_of(row: dict[str, Any]) -> Box | None:
    """The box of a row that may have none."""
    return None if row["x1"] is None else (row["x1"], row["y1"], row["x2"], row["y2"])
