"""Searches worth repeating, whom they have found since somebody looked, and the log of all searches.

Owns: the tables `saved_searches`, `search_finds` and `search_log`. May import: `engine.core`, `engine.store`.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from engine.core.config import canonical_json
from engine.core.errors import StoreError
from engine.core.search import LoggedSearch, SavedSearch, SearchConfig
from engine.store.database import Database
from engine.store.footage import require


class SearchTable:
    """Saved and logged searches of a store.

    Args:
        db: the store.
    """

    def __init__(self, db: Database) -> None:
        self._db = db

    # Saved searches

    def save(self, name: str, text: str, config: SearchConfig, *, watched: bool) -> SavedSearch:
        """Keep a search; one of the same name takes the new text and settings, and forgets whom it had found.

        Returns:
            It, as it is kept.
        """
        with self._db.write() as connection:
            connection.execute("DELETE FROM saved_searches WHERE name = ?", [name])
            row = connection.execute(
                "INSERT INTO saved_searches (name, text, config_json, watched, made_utc) VALUES (?, ?, ?, ?, ?)",
                [name, text, canonical_json(config.to_dict()), int(watched), _now()],
            ).lastrowid
        return next(each for each in self.saved() if each.id == row)

    def saved(self) -> tuple[SavedSearch, ...]:
        """All saved searches, newest first."""
        sql = (
            "SELECT saved_searches.*, ifnull(sum(looked = 0), 0) AS found FROM saved_searches "
            "LEFT JOIN search_finds ON search = saved_searches.id GROUP BY saved_searches.id "
            "ORDER BY saved_searches.id DESC"
        )
        with self._db.read() as connection:
            rows = list(connection.query(sql))
        return tuple(
            SavedSearch(
                id=row["id"],
                name=row["name"],
                text=row["text"],
                config=config_of(row["config_json"]),
                watched=bool(row["watched"]),
                found=row["found"],
                made_utc=row["made_utc"],
            )
            for row in rows
        )

    def watch(self, id: int, watched: bool) -> None:  # noqa: A002 - the column's name
        """Say whether new footage is searched by it from now on.

        Raises:
            StoreError: there is no such search.
        """
        with self._db.write() as connection:
            changed = connection.execute("UPDATE saved_searches SET watched = ? WHERE id = ?", [int(watched), id])
            if not changed.rowcount:
                raise StoreError("This saved search is not there any more. Reload the page.", detail=f"search {id}")

    def forget(self, id: int) -> None:  # noqa: A002 - the column's name
        """Drop a saved search; nothing happens if it is not there."""
        with self._db.write() as connection:
            connection.execute("DELETE FROM saved_searches WHERE id = ?", [id])

    # Whom watched searches have found

    def note_finds(self, id: int, footage: str, run: str, labels: Sequence[str]) -> int:  # noqa: A002
        """Note whom a watched search found in a run, in place of those of earlier runs of the footage.

        Args:
            id: of the search; nothing happens if it is not there.
            footage: id of the footage.
            run: id of the run.
            labels: of its people.

        Returns:
            How many of them were not noted of this run before.

        Raises:
            StoreError: the footage is not there any more.
        """
        with self._db.write() as connection:
            require(connection, footage)
            if connection.execute("SELECT 1 FROM saved_searches WHERE id = ?", [id]).fetchone() is None:
                return 0
            connection.execute(
                "DELETE FROM search_finds WHERE search = ? AND footage = ? AND run <> ?", [id, footage, run]
            )
            before = connection.conn.total_changes
            connection.conn.executemany(
                "INSERT OR IGNORE INTO search_finds (search, footage, run, label) VALUES (?, ?, ?, ?)",
                [(id, footage, run, label) for label in labels],
            )
            return int(connection.conn.total_changes - before)

    def finds(self, id: int) -> tuple[tuple[str, str, str], ...]:  # noqa: A002 - the column's name
        """Footage, run and label of the people a watched search has found since somebody looked."""
        sql = (
            "SELECT footage, run, label FROM search_finds WHERE search = ? AND looked = 0 ORDER BY footage, run, label"
        )
        with self._db.read() as connection:
            return tuple((row[0], row[1], row[2]) for row in connection.execute(sql, [id]).fetchall())

    def looked(self, id: int) -> None:  # noqa: A002 - the column's name
        """Somebody has looked at what a watched search found."""
        with self._db.write() as connection:
            connection.execute("UPDATE search_finds SET looked = 1 WHERE search = ?", [id])

    # The log

    def note(self, search: LoggedSearch) -> int:
        """Put a search into the log; its `id` and, where empty, its `said_utc` are given here.

        Returns:
            Its id.
        """
        with self._db.write() as connection:
            row = connection.execute(
                "INSERT INTO search_log (text, config_json, asked_by, hits, tier, said_utc, pictures) "
                "VALUES (?, ?, ?, ?, ?, ?, ?)",
                [
                    search.text,
                    canonical_json(search.config.to_dict()),
                    search.by,
                    search.hits,
                    search.tier,
                    search.said_utc or _now(),
                    search.pictures,
                ],
            ).lastrowid
        return int(row or 0)

    def logged(self, most: int = 500) -> tuple[LoggedSearch, ...]:
        """Searches that were made, newest first.

        Args:
            most: how many at most.
        """
        with self._db.read() as connection:
            rows = list(connection.query("SELECT * FROM search_log ORDER BY id DESC LIMIT ?", [most]))
        return tuple(
            LoggedSearch(
                id=row["id"],
                text=row["text"],
                config=config_of(row["config_json"]),
                by=row["asked_by"],
                hits=row["hits"],
                tier=row["tier"],
                said_utc=row["said_utc"],
                pictures=row["pictures"],
            )
            for row in rows
        )


def config_of(text: str) -> SearchConfig:
    """The settings of a stored row; names that a later version took away are passed over."""
    values: dict[str, Any] = json.loads(text)
    known = {name: values[name] for name in SearchConfig().to_dict() if name in values}
    lists = {name: tuple(value) for name, value in known.items() if isinstance(value, list)}
    return SearchConfig.from_dict(known | lists)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
