"""What people say about footage, the folders it comes from, and the library's summaries.

Owns: the tables `footage_details`, `footage_tags`, `folders` and `folder_files`. May import: `engine.core`,
`engine.store`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.core.errors import StoreError
from engine.core.library import FolderFile, FolderView, FootageDetails, Outcome
from engine.store.database import Database
from engine.store.footage import require
from engine.store.sqlite import Connection

Stamp = tuple[int, int]
"""Size in bytes and time of the last change in nanoseconds: what tells a file from what it was at the last look."""


@dataclass(frozen=True, slots=True)
class RunSummary:
    """The newest finished run of a footage.

    Attributes:
        id: of the run.
        profile: the profile asked for.
        finished_utc: ISO 8601.
        people: how many persons it found.
        runs: how many finished runs the footage has.
    """

    id: str
    profile: str
    finished_utc: str
    people: int
    runs: int


class LibraryTable:
    """Details, folders and summaries of a store.

    Args:
        db: the store.
    """

    def __init__(self, db: Database) -> None:
        self._db = db

    # Details

    def details(self) -> dict[str, FootageDetails]:
        """All that was said, by footage id; footage nobody said anything of is left out."""
        with self._db.read() as connection:
            rows = list(connection.query("SELECT * FROM footage_details"))
            tags: dict[str, list[str]] = {}
            for row in list(connection.query("SELECT footage, tag FROM footage_tags ORDER BY footage, position")):
                tags.setdefault(row["footage"], []).append(row["tag"])
        return {
            row["footage"]: FootageDetails(
                tags=tuple(tags.get(row["footage"], ())),
                **{name: row[name] for name in ("camera", "start_utc", "zone", "note")},
            )
            for row in rows
        }

    def describe(self, footage: str, details: FootageDetails) -> None:
        """Put what is said of a footage in the place of what was said before.

        Raises:
            StoreError: the footage is no longer there.
        """
        values = [footage, details.camera, details.start_utc, details.zone, details.note]
        with self._db.write() as connection:
            require(connection, footage)
            connection.execute(
                "INSERT INTO footage_details (footage, camera, start_utc, zone, note) VALUES (?, ?, ?, ?, ?) "
                "ON CONFLICT (footage) DO UPDATE SET camera = excluded.camera, start_utc = excluded.start_utc, "
                "zone = excluded.zone, note = excluded.note, revision = revision + 1",
                values,
            )
            connection.execute("DELETE FROM footage_tags WHERE footage = ?", [footage])
            connection.conn.executemany(
                "INSERT INTO footage_tags (footage, position, tag) VALUES (?, ?, ?)",
                [(footage, place, tag) for place, tag in enumerate(details.tags)],
            )

    # Summaries

    def newest_runs(self) -> dict[str, RunSummary]:
        """The newest finished run of each footage that has one, by footage id."""
        sql = (
            "SELECT runs.*, (SELECT count(*) FROM run_stages JOIN persons ON persons.stage = run_stages.key "
            "WHERE run_stages.run = runs.id) AS people, count(*) OVER (PARTITION BY footage) AS runs "
            "FROM runs ORDER BY finished_utc, rowid"
        )
        with self._db.read() as connection:
            rows = list(connection.query(sql))
        names = ("id", "profile", "finished_utc", "people", "runs")
        return {row["footage"]: RunSummary(**{name: row[name] for name in names}) for row in rows}

    def revision(self) -> str:
        """A word that changes whenever something changes that the library shows, progress of jobs aside."""
        parts = (
            "SELECT count(*), max(rowid), 0, 0 FROM footage",
            "SELECT count(*), max(rowid), 0, 0 FROM runs",
            "SELECT count(*), max(id), sum(state IN ('queued', 'running')), sum(state = 'running') FROM jobs",
            "SELECT count(*), sum(revision), 0, 0 FROM footage_details",
            "SELECT count(*), sum(found), sum(waiting + 1000 * done), group_concat(problem) FROM folders",
            "SELECT count(*), sum(changed_ns % 1000003), sum(outcome = 'added'), sum(outcome = 'known') "
            "FROM folder_files",
        )
        with self._db.read() as connection:
            found = [connection.execute(part).fetchone() for part in parts]
        return "-".join(".".join(str(value or 0) for value in row) for row in found)

    # Folders

    def add_folder(self, path: str, profile: str, *, watched: bool) -> int:
        """Note a folder that is to be taken in; one that is noted already gets the new profile.

        Returns:
            Its id.
        """
        with self._db.write() as connection:
            connection.execute(
                "INSERT INTO folders (path, profile, watched) VALUES (?, ?, ?) "
                "ON CONFLICT (path, watched) WHERE done = 0 DO UPDATE SET profile = excluded.profile",
                [path, profile, int(watched)],
            )
            sql = "SELECT id FROM folders WHERE path = ? AND watched = ? AND done = 0"
            return int(connection.execute(sql, [path, int(watched)]).fetchone()[0])

    def remove_folder(self, id: int) -> None:  # noqa: A002 - the column's name
        """Forget a folder and what was seen in it; nothing happens if it is not there."""
        with self._db.write() as connection:
            connection.execute("DELETE FROM folders WHERE id = ?", [id])

    def folders(self) -> tuple[FolderView, ...]:
        """All folders, newest first."""
        sql = (
            "SELECT folders.*, ifnull(sum(outcome = 'added'), 0) AS added, ifnull(sum(outcome = 'known'), 0) AS known, "
            "ifnull(sum(outcome = 'refused'), 0) AS refused FROM folders "
            "LEFT JOIN folder_files ON folder = folders.id GROUP BY folders.id ORDER BY folders.id DESC"
        )
        with self._db.read() as connection:
            return tuple(_folder(row) for row in list(connection.query(sql)))

    def files(self, folder: int, outcome: Outcome, most: int) -> tuple[FolderFile, ...]:
        """Files of a folder that came to an end, in order of path.

        Args:
            folder: its id.
            outcome: which end.
            most: files at most.
        """
        sql = "SELECT * FROM folder_files WHERE folder = ? AND outcome = ? ORDER BY path LIMIT ?"
        with self._db.read() as connection:
            rows = list(connection.query(sql, [folder, outcome.value, most]))
        names = ("path", "footage", "kind", "sentence")
        return tuple(FolderFile(outcome=Outcome(row["outcome"]), **{name: row[name] for name in names}) for row in rows)

    # For the one who looks into the folders

    def seen(self, folder: int) -> dict[str, Stamp]:
        """What the files of a folder were when they were dealt with, by path."""
        sql = "SELECT path, bytes, changed_ns FROM folder_files WHERE folder = ?"
        with self._db.read() as connection:
            return {row["path"]: (row["bytes"], row["changed_ns"]) for row in list(connection.query(sql, [folder]))}

    def note_look(self, folder: int, facts: Mapping[str, Any]) -> None:
        """Note what a look into a folder found.

        Args:
            folder: its id; nothing happens if it was forgotten meanwhile.
            facts: any of found, waiting, problem, looked_utc and done.
        """
        allowed = {"found", "waiting", "problem", "looked_utc", "done"}
        if not set(facts) <= allowed:
            raise ValueError(f"a look notes {sorted(allowed)}, got {sorted(facts)}")
        changes = ", ".join(f"{name} = ?" for name in facts)
        with self._db.write() as connection:
            connection.execute(f"UPDATE folders SET {changes} WHERE id = ?", [*facts.values(), folder])  # noqa: S608

    def note_file(self, folder: int, file: FolderFile, stamp: Stamp) -> None:
        """Note what became of a file, in place of what was noted of it before.

        Raises:
            StoreError: the folder was forgotten meanwhile.
        """
        values = (folder, file.path, *stamp, file.outcome.value, file.footage, file.kind, file.sentence)
        with self._db.write() as connection:
            if connection.execute("SELECT 1 FROM folders WHERE id = ?", [folder]).fetchone() is None:
                raise StoreError("This folder is not taken in any more.", detail=f"folder {folder}")
            _replace(connection, values)


def _replace(connection: Connection, values: Sequence[Any]) -> None:
    connection.execute(
        "INSERT OR REPLACE INTO folder_files (folder, path, bytes, changed_ns, outcome, footage, kind, sentence) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        values,
    )


def _folder(row: dict[str, Any]) -> FolderView:
    facts: dict[str, Any] = {name: bool(row[name]) if name in ("watched", "done") else row[name] for name in row}
    return FolderView(**facts)
