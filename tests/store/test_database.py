"""Opening a store, and what writing and reading promise."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.core.errors import StoreError
from engine.store import migrations
from engine.store.database import Database
from engine.store.footage import FootageTable
from tests.store import samples


def test_open_makes_folder_and_file(tmp_path: Path) -> None:
    db = Database(tmp_path / "a" / "b" / "sightline.db")
    with db.read() as connection:
        assert connection.journal_mode == "wal"
        assert connection.execute("PRAGMA foreign_keys").fetchone()[0] == 1
        assert connection.execute("PRAGMA auto_vacuum").fetchone()[0] == 2
    assert db.check() == "ok"
    db.close()


def test_open_again_keeps_what_is_there(tmp_path: Path) -> None:
    db = Database(tmp_path / "sightline.db")
    put = FootageTable(db).add(samples.footage())
    db.close()
    db = Database(tmp_path / "sightline.db")
    assert FootageTable(db).list() == (put,)
    db.close()


def _not_a_database(path: Path) -> None:
    path.write_text("Dear diary, " * 1000)


def _cut_off(path: Path) -> None:
    Database(path).close()
    path.write_bytes(path.read_bytes()[:5000])


def _scrambled(path: Path) -> None:
    Database(path).close()
    content = bytearray(path.read_bytes())
    content[100:4096] = os.urandom(3996)
    path.write_bytes(bytes(content))


def _newer(path: Path) -> None:
    Database(path).close()
    with sqlite3.connect(path) as connection:
        connection.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('sightline', '9999_later', '')"
        )
    connection.close()


def _foreign(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE recipes (name TEXT)")
    connection.close()


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        pytest.param(_not_a_database, "damaged or is no database.*move it away", id="text"),
        pytest.param(_cut_off, "damaged", id="cut off"),
        pytest.param(_scrambled, "damaged", id="scrambled"),
        pytest.param(_newer, "newer Sightline.*Install that version", id="newer"),
        pytest.param(_foreign, "another program's.*Move it away", id="foreign"),
        pytest.param(Path.mkdir, "cannot be opened.*writable", id="folder"),
    ],
)
def test_open_refuses(tmp_path: Path, spoil: Callable[[Path], object], sentence: str) -> None:
    path = tmp_path / "sightline.db"
    spoil(path)
    before = path.read_bytes() if path.is_file() else None
    with pytest.raises(StoreError, match=sentence) as caught:
        Database(path)
    assert str(path) in caught.value.user_message
    assert before is None or path.read_bytes() == before, "a file that is refused is left alone"


def test_open_where_nothing_can_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="cannot be opened or written"):
        Database(tmp_path / "file" / "sightline.db")


def test_open_with_an_old_sqlite_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 31, 1))
    with pytest.raises(StoreError, match=r"needs SQLite 3\.37"):
        Database(tmp_path / "sightline.db")


def test_opened_by_many_at_once_it_is_made_once(tmp_path: Path) -> None:
    path = tmp_path / "sightline.db"
    code = (
        "import sys; from pathlib import Path; from engine.store.database import Database\n"
        "sys.stdin.readline(); Database(Path(sys.argv[1])).close()"
    )
    command = [sys.executable, "-c", code, str(path)]
    several = [subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(3)]
    for process in several:
        process.stdin.write("go\n")
        process.stdin.flush()
    errors = [process.communicate()[1] for process in several]
    assert [process.returncode for process in several] == [0, 0, 0], errors
    db = Database(path)
    with db.read() as connection:
        assert migrations.applied(connection) == migrations.names()
    assert db.check() == "ok"
    db.close()


def test_write_takes_effect_at_the_end(db: Database) -> None:
    with db.write() as connection:
        connection.execute("INSERT INTO runs SELECT 'x', 'y', 'z', '', '' WHERE 0")
        connection.execute("CREATE TABLE notes (text TEXT) STRICT")
        with db.read() as reader:
            assert "notes" not in reader.table_names()
    with db.read() as reader:
        assert "notes" in reader.table_names()


def test_write_that_raises_changes_nothing(db: Database) -> None:
    with pytest.raises(KeyError), db.write() as connection:
        connection.execute("CREATE TABLE notes (text TEXT) STRICT")
        raise KeyError
    with db.read() as reader:
        assert "notes" not in reader.table_names()
    with db.write() as connection:
        connection.execute("CREATE TABLE notes (text TEXT) STRICT")


def test_write_inside_write_is_a_mistake(db: Database) -> None:
    with db.write(), pytest.raises(ValueError, match="inside another"), db.write():
        pass


def test_write_waits_for_another_thread(db: Database) -> None:
    FootageTable(db).add(samples.footage())
    ids: list[str] = []

    def add(number: int) -> None:
        ids.append(FootageTable(db).add(samples.footage(f"clip {number}")).id)

    threads = [threading.Thread(target=add, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(FootageTable(db).list()) == 9
    assert len(set(ids)) == 8


def test_write_of_a_busy_store_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.store.database.BUSY_S", 0.05)
    one, other = Database(tmp_path / "s.db"), Database(tmp_path / "s.db")
    with one.write(), pytest.raises(StoreError, match="in use by another program"), other.write():
        pass
    with other.write():
        pass
    one.close()
    other.close()


def test_read_cannot_write(db: Database) -> None:
    with pytest.raises(StoreError, match="cannot be opened or written"), db.read() as connection:
        connection.execute("CREATE TABLE notes (text TEXT) STRICT")


def test_read_answers_from_one_instant(db: Database) -> None:
    table = FootageTable(db)
    with db.read() as connection:
        assert connection.execute("SELECT count(*) FROM footage").fetchone() == (0,)
        table.add(samples.footage())
        assert connection.execute("SELECT count(*) FROM footage").fetchone() == (0,)
    assert len(table.list()) == 1


def test_read_keeps_only_some_connections(db: Database) -> None:
    barrier = threading.Barrier(12)

    def look() -> None:
        with db.read() as connection:
            connection.execute("SELECT 1").fetchone()
            barrier.wait(20)

    threads = [threading.Thread(target=look) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(db._idle) <= 4


def test_closed_says_so(tmp_path: Path) -> None:
    db = Database(tmp_path / "sightline.db")
    db.close()
    db.close()
    with pytest.raises(StoreError, match="closed"), db.read():
        pass
    with pytest.raises(StoreError, match="closed"), db.write():
        pass


def test_check_finds_dangling_rows(tmp_path: Path) -> None:
    db = Database(tmp_path / "sightline.db")
    with sqlite3.connect(db.path) as connection:
        connection.execute("INSERT INTO gaps VALUES ('nobody', 0, 1, 'corrupt')")
    connection.close()
    assert "gaps" in db.check()
    db.close()


def test_migration_that_fails_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "sightline.db"

    def fails(connection: object) -> None:
        connection.executescript("CREATE TABLE half (a TEXT); INSERT INTO nowhere VALUES (1);")

    steps = migrations._sightline._migrations
    monkeypatch.setattr(migrations._sightline, "_migrations", list(steps))
    monkeypatch.setattr(migrations, "_names", [*migrations._names])
    migrations._step("0999_fails")(fails)
    with pytest.raises(StoreError, match="refused"):
        Database(path)
    monkeypatch.undo()
    db = Database(path)
    with db.read() as connection:
        assert migrations.applied(connection) == migrations.names()
        assert "half" not in connection.table_names()
    db.close()


def test_migrations_are_numbered_in_order() -> None:
    numbers = [int(name[:4]) for name in migrations.names()]
    assert numbers == list(range(1, len(numbers) + 1))


def test_all_tables_are_strict(db: Database) -> None:
    with db.read() as connection:
        loose = [
            table.name
            for table in connection.tables
            if not table.strict and not table.name.startswith(("_", "sqlite_"))
        ]
    assert loose == []
