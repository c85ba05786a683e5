"""The queue of analyses. Every change of state names the state and the owner it changes from, inside one writing
transaction, so that two workers never own one job.

Owns: the table `jobs`. May import: `engine.core`, `engine.store`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from engine.core.errors import JobError, StoreError
from engine.core.views import JobState, JobView
from engine.store.database import Database
from engine.store.footage import require
from engine.store.sqlite import Connection
from engine.store.workers import WorkerId

SILENT_S = 15.0
"""A worker whose heartbeat is older is taken for dead, seconds."""

MOST_DEATHS = 8
"""A job whose worker died so often in a row without getting further is not tried again by itself."""

FURTHER = 0.001
"""What counts as getting further, share of the whole job."""

_SELECT = "SELECT jobs.*, footage.name AS footage_name FROM jobs JOIN footage ON footage.id = jobs.footage"


class JobTable:
    """All jobs of a store.

    Args:
        db: the store.
        now: stands in for `time.time`, seconds.
    """

    def __init__(self, db: Database, *, now: Callable[[], float] = time.time) -> None:
        self._db = db
        self._now = now

    # For those who want work done

    def enqueue(self, footage: str, config_json: str, profile: str) -> JobView:
        """Queue an analysis; a queued or running job of the same footage and settings is returned instead.

        Args:
            footage: footage id.
            config_json: the whole `AnalysisConfig` in canonical spelling.
            profile: the profile asked for.

        Raises:
            StoreError: the footage is not in the store.
        """
        with self._db.write() as connection:
            require(connection, footage)
            sql = f"{_SELECT} WHERE footage = ? AND config_json = ? AND state IN ('queued', 'running')"
            known = _views(connection, sql, [footage, config_json])
            if known:
                return known[0]
            job = connection.execute(
                "INSERT INTO jobs (footage, config_json, profile, state, created_utc) VALUES (?, ?, ?, 'queued', ?)",
                [footage, config_json, profile, self._utc()],
            ).lastrowid
            return _one(connection, int(job or 0))

    def get(self, id: int) -> JobView:  # noqa: A002 - the column's name
        """One job.

        Raises:
            StoreError: there is none.
        """
        with self._db.read() as connection:
            return _one(connection, id)

    def config(self, id: int) -> str:  # noqa: A002
        """The `config_json` a job was queued with.

        Raises:
            StoreError: there is no such job.
        """
        with self._db.read() as connection:
            row = connection.execute("SELECT config_json FROM jobs WHERE id = ?", [id]).fetchone()
        if row is None:
            raise _unknown(id)
        return str(row[0])

    def list(self) -> tuple[JobView, ...]:
        """All jobs, newest first."""
        with self._db.read() as connection:
            return _views(connection, f"{_SELECT} ORDER BY id DESC", [])

    def cancel(self, id: int) -> None:  # noqa: A002
        """Ask a job to stop. A queued one is cancelled at once, as is one whose worker is dead; a running one when
        its worker hears of it, within a second or two. One that has ended stays as it is.

        Raises:
            StoreError: there is no such job.
        """
        with self._db.write() as connection:
            row = _row(connection, id)
            if row["state"] == JobState.QUEUED or (row["state"] == JobState.RUNNING and self._dead(row)):
                self._end(connection, id, JobState.CANCELLED)
            elif row["state"] == JobState.RUNNING:
                connection.execute("UPDATE jobs SET cancel_asked = 1 WHERE id = ?", [id])

    def retry(self, id: int) -> JobView:  # noqa: A002
        """Queue a failed or cancelled job again.

        Raises:
            StoreError: there is no such job.
            JobError: it did not fail and was not cancelled, or the same analysis is queued already.
        """
        with self._db.write() as connection:
            row = _row(connection, id)
            if row["state"] not in (JobState.FAILED, JobState.CANCELLED):
                raise JobError(f"Job {id} is {row['state']}. Only a failed or cancelled job can be tried again.")
            twin = connection.execute(
                "SELECT id FROM jobs WHERE footage = ? AND config_json = ? AND state IN ('queued', 'running')",
                [row["footage"], row["config_json"]],
            ).fetchone()
            if twin is not None:
                raise JobError(f"The same analysis is under way already as job {twin[0]}. Wait for that one.")
            connection.execute(
                "UPDATE jobs SET state = 'queued', stage = '', fraction = 0, fraction_before = 0, left_s = NULL, "
                "error = '', deaths = 0, cancel_asked = 0, worker = '', finished_utc = '' WHERE id = ?",
                [id],
            )
            return _one(connection, id)

    # For workers

    def claim(self, worker: WorkerId) -> JobView | None:
        """Take up the oldest job that is queued, or whose worker is dead.

        A job whose worker died `MOST_DEATHS` times without getting further fails with a sentence instead of being
        taken up again; one that was to be cancelled when its worker died is cancelled.

        Returns:
            The job, now this worker's, or None if there is nothing to do.
        """
        if not self._waiting():
            return None
        with self._db.write() as connection:
            sql = "SELECT * FROM jobs WHERE state IN ('queued', 'running') ORDER BY id"
            for row in list(connection.query(sql)):
                if self._take(connection, row, worker):
                    return _one(connection, row["id"])
        return None

    def claim_job(self, id: int, worker: WorkerId) -> JobView | None:  # noqa: A002
        """Take up one certain job if it is queued or its worker is dead, as `claim` does.

        Raises:
            StoreError: there is no such job.
        """
        with self._db.write() as connection:
            row = _row(connection, id)
            free = row["state"] in (JobState.QUEUED, JobState.RUNNING) and self._take(connection, row, worker)
            return _one(connection, id) if free else None

    def beat(self, id: int, worker: WorkerId, stage: str, fraction: float, left_s: float | None) -> bool:  # noqa: A002
        """Say that a job is being worked on, and how far it is.

        Args:
            id: the job.
            worker: who works on it.
            stage: the stage at work.
            fraction: share of the whole job done, in [0, 1]; what an earlier worker reached stands until it is passed.
            left_s: estimate of the seconds left, None while unknown.

        Returns:
            True while the job is still this worker's and nobody asked to cancel it.
        """
        values = [stage, fraction, left_s, self._now()]
        with self._db.write() as connection:
            ours = _change(
                connection, id, worker, "stage = ?, fraction = max(fraction, ?), left_s = ?, heartbeat = ?", values
            )
            return ours and not _row(connection, id)["cancel_asked"]

    def finish(self, id: int, worker: WorkerId, run_id: str) -> bool:  # noqa: A002
        """Note a job as done with its run. False, and nothing is changed, if it is no longer this worker's."""
        values = [run_id, self._utc()]
        return self._owned(
            id, worker, "state = 'done', fraction = 1, left_s = NULL, error = '', run = ?, finished_utc = ?", values
        )

    def fail(self, id: int, worker: WorkerId, message: str) -> bool:  # noqa: A002
        """Note a job as failed, with the sentence for people. False if it is no longer this worker's."""
        values = [message, self._utc()]
        return self._owned(id, worker, "state = 'failed', left_s = NULL, error = ?, finished_utc = ?", values)

    def cancelled(self, id: int, worker: WorkerId) -> bool:  # noqa: A002
        """Note that a job has stopped as asked. False if it is no longer this worker's."""
        return self._owned(id, worker, "state = 'cancelled', left_s = NULL, finished_utc = ?", [self._utc()])

    def release(self, id: int, worker: WorkerId) -> bool:  # noqa: A002
        """Put a job back into the queue because the worker has to stop; cancelled if that was asked.

        Returns:
            False, and nothing is changed, if it is no longer this worker's.
        """
        change = (
            "state = CASE cancel_asked WHEN 1 THEN 'cancelled' ELSE 'queued' END, left_s = NULL, worker = '', "
            "finished_utc = CASE cancel_asked WHEN 1 THEN ? ELSE '' END"
        )
        return self._owned(id, worker, change, [self._utc()])

    def asked_to_cancel(self, id: int) -> bool:  # noqa: A002
        """Whether somebody asked to cancel this job, or it is cancelled or gone already."""
        with self._db.read() as connection:
            row = connection.execute("SELECT cancel_asked, state FROM jobs WHERE id = ?", [id]).fetchone()
        return row is None or bool(row[0]) or row[1] == JobState.CANCELLED

    # Within a transaction

    def _owned(self, id: int, worker: WorkerId, change: str, values: Sequence[Any]) -> bool:  # noqa: A002
        with self._db.write() as connection:
            return _change(connection, id, worker, change, values)

    def _waiting(self) -> bool:
        # Asked several times a second by every idle worker: a read holds up nobody.
        with self._db.read() as connection:
            rows = list(connection.query("SELECT * FROM jobs WHERE state IN ('queued', 'running')"))
        return any(row["state"] == JobState.QUEUED or self._dead(row) for row in rows)

    def _take(self, connection: Connection, row: dict[str, Any], worker: WorkerId) -> bool:
        deaths = row["deaths"]
        if row["state"] == JobState.RUNNING:
            if not self._dead(row):
                return False
            if row["cancel_asked"]:
                self._end(connection, row["id"], JobState.CANCELLED)
                return False
            further = row["fraction"] - row["fraction_before"] > FURTHER
            deaths = 1 if further else deaths + 1
        if deaths >= MOST_DEATHS:
            message = (
                f"The analysis broke off {deaths} times at the same place, which happens when memory runs out or a "
                "model crashes. Close other programs, or analyse with another model, then try again."
            )
            self._end(connection, row["id"], JobState.FAILED, message)
            return False
        connection.execute(
            "UPDATE jobs SET state = 'running', worker = ?, heartbeat = ?, attempts = attempts + 1, deaths = ?, "
            "fraction_before = fraction, left_s = NULL, error = '' WHERE id = ?",
            [worker.text(), self._now(), deaths, row["id"]],
        )
        return True

    def _end(self, connection: Connection, id: int, state: JobState, message: str = "") -> None:  # noqa: A002
        connection.execute(
            "UPDATE jobs SET state = ?, error = ?, left_s = NULL, worker = '', finished_utc = ? WHERE id = ?",
            [state.value, message, self._utc(), id],
        )

    def _dead(self, row: dict[str, Any]) -> bool:
        return self._now() - row["heartbeat"] > SILENT_S or WorkerId.parse(row["worker"]).gone()

    def _utc(self) -> str:
        return datetime.fromtimestamp(self._now(), UTC).isoformat(timespec="seconds")


def _change(connection: Connection, id: int, worker: WorkerId, change: str, values: Sequence[Any]) -> bool:  # noqa: A002
    """Change a job if it is running and this worker's; whether it was."""
    sql = f"UPDATE jobs SET {change} WHERE id = ? AND state = 'running' AND worker = ?"  # noqa: S608 - `change` is ours
    return connection.execute(sql, [*values, id, worker.text()]).rowcount == 1


def _unknown(id: int) -> StoreError:  # noqa: A002
    return StoreError("This job is no longer in the store.", detail=f"job {id}")


def _row(connection: Connection, id: int) -> dict[str, Any]:  # noqa: A002
    rows = list(connection.query("SELECT * FROM jobs WHERE id = ?", [id]))
    if not rows:
        raise _unknown(id)
    return rows[0]


def _one(connection: Connection, id: int) -> JobView:  # noqa: A002
    found = _views(connection, f"{_SELECT} WHERE jobs.id = ?", [id])
    if not found:
        raise _unknown(id)
    return found[0]


def _views(connection: Connection, sql: str, values: Sequence[Any]) -> tuple[JobView, ...]:
    shown = ("id", "footage", "footage_name", "profile", "stage", "fraction", "left_s", "error", "run", "attempts")
    return tuple(
        JobView(
            **{name: row[name] for name in (*shown, "created_utc", "finished_utc")},
            state=JobState(row["state"]),
        )
        for row in list(connection.query(sql, values))
    )
