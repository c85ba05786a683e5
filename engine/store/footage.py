"""Footage rows: what was added, where its file lies, which stretches could not be decoded.

Owns: the tables `footage` and `gaps`. May import: `engine.core`, `engine.store`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from engine.core.errors import StoreError
from engine.core.types import Gap, MediaInfo
from engine.core.views import FootageView
from engine.store.database import Database
from engine.store.sqlite import Connection

_MEDIA = (
    "container",
    "codec",
    "pixel_format",
    "width",
    "height",
    "rotation",
    "duration_s",
    "fps",
    "variable_rate",
    "has_audio",
    "recorded_utc",
)
_FLAGS = ("variable_rate", "has_audio")
_LISTED = 8


class FootageTable:
    """All footage of a store.

    Args:
        db: the store.
    """

    def __init__(self, db: Database) -> None:
        self._db = db

    def add(self, view: FootageView) -> FootageView:
        """Add footage; the same bytes (SHA-256) are found, not added twice.

        Args:
            view: the new row.

        Returns:
            The row that is in the store now: the one that was there before, or `view`.

        Raises:
            StoreError: the store cannot be written.
        """
        with self._db.write() as connection:
            known = _rows(connection, "WHERE sha256 = ?", [view.sha256])
            if known:
                return known[0]
            row: dict[str, Any] = {
                "id": view.id,
                "sha256": view.sha256,
                "name": view.name,
                "path": view.path,
                "in_place": int(view.in_place),
                "bytes": view.bytes,
                "added_utc": view.added_utc,
            }
            for name in _MEDIA:
                value = getattr(view.media, name)
                row[name] = int(value) if name in _FLAGS else value
            connection.table("footage").insert(row)
            _put_gaps(connection, view.id, view.gaps)
        return view

    def get(self, id: str) -> FootageView:  # noqa: A002 - the column's name
        """One by its whole id.

        Raises:
            StoreError: there is none.
        """
        with self._db.read() as connection:
            found = _rows(connection, "WHERE id = ?", [id])
        if not found:
            raise StoreError("This footage is no longer in the store. Add it again.", detail=f"footage {id}")
        return found[0]

    def by_sha256(self, sha256: str) -> FootageView | None:
        """The footage with these bytes, None if it is not in the store."""
        with self._db.read() as connection:
            found = _rows(connection, "WHERE sha256 = ?", [sha256])
        return found[0] if found else None

    def relocate(self, id: str, path: str) -> FootageView:  # noqa: A002
        """Note that the same bytes now lie elsewhere.

        Raises:
            StoreError: the footage is no longer there.
        """
        with self._db.write() as connection:
            require(connection, id)
            connection.execute("UPDATE footage SET path = ? WHERE id = ?", [path, id])
        return self.get(id)

    def find(self, text: str) -> FootageView:
        """One by id, by name, or by the beginning of an id or of a SHA-256 that only one has.

        Raises:
            StoreError: none fits, or several do; the message lists what there is.
        """
        everything = self.list()
        wanted = text.strip()
        for fitting in (
            [each for each in everything if wanted in (each.id, each.sha256)],
            [each for each in everything if each.name == wanted],
            [each for each in everything if wanted and each.sha256.startswith(wanted.lower())],
        ):
            if len(fitting) == 1:
                return fitting[0]
            if fitting:
                raise StoreError(f"{text!r} fits several: {_listing(fitting)}. Give the id.")
        if not everything:
            raise StoreError(f"There is no footage {text!r}: the store is empty. Add footage first.")
        raise StoreError(f"There is no footage {text!r}. There is: {_listing(everything)}.")

    def list(self) -> tuple[FootageView, ...]:
        """All footage, newest first."""
        with self._db.read() as connection:
            return _rows(connection, "", [])

    def set_gaps(self, id: str, gaps: Sequence[Gap]) -> None:  # noqa: A002
        """Put the stretches that could not be decoded in the place of those known so far.

        Raises:
            StoreError: the footage is no longer there.
        """
        with self._db.write() as connection:
            require(connection, id)
            connection.execute("DELETE FROM gaps WHERE footage = ?", [id])
            _put_gaps(connection, id, gaps)

    def remove(self, id: str) -> None:  # noqa: A002
        """Remove footage and everything that was made of it from the store; files are the caller's.

        Raises:
            StoreError: there is none.
        """
        with self._db.write() as connection:
            require(connection, id)
            connection.execute("DELETE FROM footage WHERE id = ?", [id])
        self._db.give_room_back()


def require(connection: Connection, footage: str) -> None:
    """Make sure within a transaction that footage is there.

    Raises:
        StoreError: it was removed.
    """
    if connection.execute("SELECT 1 FROM footage WHERE id = ?", [footage]).fetchone() is None:
        raise StoreError("This footage is no longer in the store. Add it again.", detail=f"footage {footage}")


def _put_gaps(connection: Connection, footage: str, gaps: Iterable[Gap]) -> None:
    connection.conn.executemany(
        "INSERT INTO gaps (footage, start_s, end_s, reason) VALUES (?, ?, ?, ?)",
        [(footage, gap.start_s, gap.end_s, gap.reason) for gap in gaps],
    )


def _rows(connection: Connection, where: str, values: Sequence[str]) -> tuple[FootageView, ...]:
    # rowid counts up as footage is added: it settles the order within one second.
    sql = f"SELECT * FROM footage {where} ORDER BY added_utc DESC, rowid DESC"  # noqa: S608 - `where` is ours
    rows = list(connection.query(sql, values))
    gaps: dict[str, tuple[Gap, ...]] = {}
    for gap in list(connection.query("SELECT * FROM gaps ORDER BY start_s, end_s")):
        found = Gap(start_s=gap["start_s"], end_s=gap["end_s"], reason=gap["reason"])
        gaps[gap["footage"]] = (*gaps.get(gap["footage"], ()), found)
    return tuple(_view(row, gaps.get(row["id"], ())) for row in rows)


def _view(row: dict[str, Any], gaps: tuple[Gap, ...]) -> FootageView:
    facts: dict[str, Any] = {name: bool(row[name]) if name in _FLAGS else row[name] for name in _MEDIA}
    return FootageView(
        id=row["id"],
        sha256=row["sha256"],
        name=row["name"],
        path=row["path"],
        in_place=bool(row["in_place"]),
        bytes=row["bytes"],
        media=MediaInfo(**facts),
        gaps=gaps,
        added_utc=row["added_utc"],
    )


def _listing(footage: Sequence[FootageView]) -> str:
    shown = ", ".join(f"{each.id} ({each.name})" for each in footage[:_LISTED])
    return shown if len(footage) <= _LISTED else f"{shown} and {len(footage) - _LISTED} more"
