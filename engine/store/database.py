"""The results store's file: how it is opened, written by one and read by many.

Owns: connections, transactions, and the sentences for a store that cannot be used. Several processes (dashboard,
worker, command line) use one file at once: write-ahead logging lets readers go on while one writes, and every
writing transaction is `BEGIN IMMEDIATE`, so that nobody finds out at its end that somebody else was faster.
May import: `engine.core`, `engine.store`.
"""

from __future__ import annotations

import errno
import logging
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from engine.core.errors import StoreError
from engine.store import migrations
from engine.store.sqlite import Connection

log = logging.getLogger(__name__)

BUSY_S = 20.0
"""How long one process waits for another's writing transaction, seconds."""

APPLICATION_ID = 0x53495445
"""Written into the file's header, so that another program's database is not taken for ours."""

OLDEST_SQLITE = (3, 37)
"""The first that knows strict tables."""

IDLE_READERS = 4
"""Reading connections kept open between reads."""


class Database:
    """One results store, opened. Thread-safe; one per process is enough. Never carry it across a fork.

    Args:
        path: the file; it and its folder are made where they do not exist.

    Raises:
        StoreError: the file is no results store, is damaged, is newer than this program, or cannot be opened.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._writing = threading.RLock()
        self._idle: list[Connection] = []
        self._guard = threading.Lock()
        self._closed = False
        if sqlite3.sqlite_version_info < OLDEST_SQLITE:
            raise StoreError(
                f"Sightline needs SQLite 3.37 or newer; this Python has {sqlite3.sqlite_version}. Use a newer Python."
            )
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._writer = Connection(_connect(path, "rwc"), execute_plugins=False)
        except (OSError, sqlite3.Error) as error:
            raise translated(error, path) from error
        try:
            _prepare(self._writer, path)
        except sqlite3.Error as error:
            self._writer.close()
            raise translated(error, path) from error
        except StoreError:
            self._writer.close()
            raise

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A writing transaction: everything done with the connection takes effect at the end, or nothing does.

        Yields:
            The connection, inside `BEGIN IMMEDIATE`; used by one thread of this process at a time.

        Raises:
            StoreError: the store is closed, busy for too long, full or damaged.
            ValueError: a transaction is already open in this thread.
        """
        with self._writing:
            if self._closed:
                raise _closed(self.path)
            if self._writer.conn.in_transaction:
                raise ValueError("a writing transaction must not be opened inside another")
            try:
                self._writer.conn.execute("BEGIN IMMEDIATE")
                yield self._writer
                self._writer.conn.execute("COMMIT")
            except sqlite3.Error as error:
                raise translated(error, self.path) from error
            finally:
                _roll_back(self._writer)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A read: everything asked of the connection is answered from the same instant.

        Yields:
            A read-only connection, this caller's alone until the end. Fetch all rows before then.

        Raises:
            StoreError: the store is closed, gone or damaged.
        """
        connection = self._reader()
        try:
            connection.conn.execute("BEGIN")
            yield connection
        except sqlite3.Error as error:
            raise translated(error, self.path) from error
        finally:
            self._give_back(connection)

    def check(self) -> str:
        """What `PRAGMA integrity_check` and `foreign_key_check` say: "ok", or their complaints line by line.

        Raises:
            StoreError: the file is too damaged to be checked.
        """
        with self.read() as connection:
            found = [str(row[0]) for row in connection.conn.execute("PRAGMA integrity_check").fetchall()]
            dangling = connection.conn.execute("PRAGMA foreign_key_check").fetchall()
        if found == ["ok"]:
            found = []
        found += [f"row {row} of {table} refers to a missing row of {parent}" for table, row, parent, _ in dangling]
        return "\n".join(found) or "ok"

    def give_room_back(self) -> None:
        """Hand the pages that removed rows left empty back to the file system.

        Raises:
            StoreError: the store is closed, or busy for too long.
        """
        with self._writing:
            if self._closed:
                raise _closed(self.path)
            try:
                # As a script: the pragma frees a page a step, and only scripts are stepped to their end.
                self._writer.conn.executescript("PRAGMA incremental_vacuum")
            except sqlite3.Error as error:
                raise translated(error, self.path) from error

    def close(self) -> None:
        """Close all connections; further use raises StoreError. Closing twice does nothing."""
        with self._writing, self._guard:
            self._closed = True
            for connection in self._idle:
                connection.close()
            self._idle.clear()
            self._writer.close()

    def _reader(self) -> Connection:
        with self._guard:
            if self._closed:
                raise _closed(self.path)
            if self._idle:
                return self._idle.pop()
        try:
            return Connection(_connect(self.path, "ro"), execute_plugins=False, recursive_triggers=False)
        except sqlite3.Error as error:
            raise translated(error, self.path) from error

    def _give_back(self, connection: Connection) -> None:
        _roll_back(connection)
        with self._guard:
            if not self._closed and len(self._idle) < IDLE_READERS:
                self._idle.append(connection)
                return
        connection.close()


def _connect(path: Path, mode: str) -> sqlite3.Connection:
    # isolation_level None: the transactions are ours, the driver opens none of its own.
    connection = sqlite3.connect(
        f"{path.resolve().as_uri()}?mode={mode}",
        uri=True,
        timeout=BUSY_S,
        isolation_level=None,
        check_same_thread=False,
    )
    connection.execute("PRAGMA foreign_keys = ON")
    return connection


def _roll_back(connection: Connection) -> None:
    """End a transaction that is still open; SQLite ends some by itself when they fail."""
    if connection.conn.in_transaction:
        connection.conn.execute("ROLLBACK")


def _prepare(connection: Connection, path: Path) -> None:
    """Bring a file that was just opened for writing to the state this program expects."""
    known = migrations.names()
    applied, owner = _state(connection)
    if applied != known:
        _refuse_strangers(connection, path, applied, owner)
        # Both only take hold while the file is empty, hence before the first table.
        connection.conn.execute("PRAGMA auto_vacuum = INCREMENTAL")
    _write_ahead(connection)
    connection.conn.execute("PRAGMA synchronous = NORMAL")
    if applied == known:
        return
    connection.conn.execute("BEGIN IMMEDIATE")
    try:
        applied, owner = _state(connection)  # another process may have been faster
        _refuse_strangers(connection, path, applied, owner)
        migrations.apply(connection)
        connection.conn.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.conn.execute("COMMIT")
    finally:
        _roll_back(connection)
    log.info("store brought from %d to %d migrations", len(applied), len(known))


def _state(connection: Connection) -> tuple[tuple[str, ...], int]:
    owner = connection.conn.execute("PRAGMA application_id").fetchone()[0]
    return migrations.applied(connection), int(owner)


def _refuse_strangers(connection: Connection, path: Path, applied: tuple[str, ...], owner: int) -> None:
    newer = [name for name in applied if name not in migrations.names()]
    if newer:
        raise StoreError(
            f"The results store {path} was written by a newer Sightline. Install that version, or choose another "
            "folder with SIGHTLINE_HOME.",
            detail=f"unknown migration {newer[0]}",
        )
    if owner != APPLICATION_ID and connection.table_names():
        raise StoreError(
            f"{path} is another program's database. Move it away, or set SIGHTLINE_HOME to another folder.",
            detail=f"application_id {owner:#x}",
        )


def _write_ahead(connection: Connection) -> None:
    """Turn on write-ahead logging, once per file; SQLite does not wait for others with this, so we do."""
    deadline = time.monotonic() + BUSY_S
    while True:
        try:
            connection.enable_wal()
            return
        except sqlite3.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)


def _closed(path: Path) -> StoreError:
    return StoreError("The results store is closed. Open the page again.", detail=str(path))


def translated(error: Exception, path: Path) -> StoreError:
    """The sentence for a failure of the file or of SQLite.

    Args:
        error: an `OSError` or `sqlite3.Error`.
        path: the store's file.

    Returns:
        The error to raise from it.
    """
    detail = f"{type(error).__name__}: {error}"
    name = getattr(error, "sqlite_errorname", "") or ""
    if name.startswith(("SQLITE_NOTADB", "SQLITE_CORRUPT")) or "not a database" in str(error):
        return StoreError(
            f"The results store {path} is damaged or is no database. Put a backup in its place, or move it away: "
            "Sightline then starts with an empty one, and footage has to be added again.",
            detail=detail,
        )
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return StoreError(
            f"The results store {path} is in use by another program for too long. Close that program and try again.",
            detail=detail,
        )
    if name.startswith("SQLITE_FULL") or getattr(error, "errno", None) == errno.ENOSPC:
        return StoreError("The disk is full. Free some space and try again.", detail=detail)
    if isinstance(error, OSError) or name.startswith(("SQLITE_CANTOPEN", "SQLITE_READONLY", "SQLITE_PERM")):
        return StoreError(
            f"{path} cannot be opened or written. Check that its folder exists and is writable, or set "
            "SIGHTLINE_HOME to another folder.",
            detail=detail,
        )
    return StoreError(f"The results store {path} refused an operation. Nothing was changed; try again.", detail=detail)
