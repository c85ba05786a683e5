from __future__ import annotations

from dataclasses import replace

import pytest

from engine.core.errors import StoreError
from engine.core.library import FolderFile, FootageDetails, Outcome
from engine.core.views import FootageView
from engine.store.database import Database
from engine.store.footage import FootageTable
from engine.store.library import LibraryTable
from engine.store.results import ResultTable
from tests.store import samples

SAID = FootageDetails(("night", "gate"), "Cam 1", "2026-01-01T00:00:00+00:00", "Asia/Seoul", "a note")


@pytest.fixture
def table(db: Database) -> LibraryTable:
    return LibraryTable(db)


def file(path: str, outcome: Outcome, sentence: str = "") -> FolderFile:
    return FolderFile(path, outcome, "" if sentence else "f", "text" if sentence else "", sentence)


def test_details_come_back_as_they_were_said(table: LibraryTable, clip: FootageView) -> None:
    assert table.details() == {}
    table.describe(clip.id, SAID)
    assert table.details() == {clip.id: SAID}
    table.describe(clip.id, replace(SAID, tags=("day",), note=""))
    assert table.details()[clip.id] == replace(SAID, tags=("day",), note="")


def test_details_go_with_their_footage(table: LibraryTable, clip: FootageView, db: Database) -> None:
    table.describe(clip.id, SAID)
    FootageTable(db).remove(clip.id)
    assert table.details() == {}
    with pytest.raises(StoreError):
        table.describe(clip.id, SAID)


def test_the_newest_run_is_summed_up(table: LibraryTable, clip: FootageView, filled: ResultTable) -> None:
    newest = table.newest_runs()[clip.id]
    assert (newest.id, newest.profile, newest.people, newest.runs) == ("aaaaaaaaaaaa", "embedded", 2, 1)
    filled.save_run(samples.run(clip, "bbbbbbbbbbbb", finished="2026-01-02T01:00:00+00:00"))
    filled.save_run(samples.run(clip, "cccccccccccc", finished="2026-01-01T02:00:00+00:00"))
    newest = table.newest_runs()[clip.id]
    assert (newest.id, newest.runs) == ("bbbbbbbbbbbb", 3)


def test_folders_count_what_became_of_their_files(table: LibraryTable) -> None:
    number = table.add_folder("/cams", "auto", watched=True)
    table.note_file(number, file("/cams/a", Outcome.ADDED), (1, 2))
    table.note_file(number, file("/cams/b", Outcome.KNOWN), (1, 2))
    table.note_file(number, file("/cams/c", Outcome.REFUSED, "It is text."), (5, 6))
    table.note_look(number, {"found": 4, "waiting": 1, "looked_utc": "now"})
    folder = table.folders()[0]
    counts = (folder.found, folder.waiting, folder.added, folder.known, folder.refused)
    assert counts == (4, 1, 1, 1, 1)
    assert table.seen(number)["/cams/c"] == (5, 6)
    assert table.files(number, Outcome.REFUSED, 9) == (file("/cams/c", Outcome.REFUSED, "It is text."),)
    table.note_file(number, file("/cams/c", Outcome.ADDED), (7, 8))
    assert (table.folders()[0].added, table.folders()[0].refused) == (2, 0)


def test_a_folder_is_noted_once_until_it_is_done(table: LibraryTable) -> None:
    first = table.add_folder("/cams", "auto", watched=False)
    assert table.add_folder("/cams", "embedded", watched=False) == first
    assert table.add_folder("/cams", "auto", watched=True) != first
    assert next(one for one in table.folders() if one.id == first).profile == "embedded"
    table.note_look(first, {"done": 1})
    assert table.add_folder("/cams", "auto", watched=False) != first


def test_what_was_forgotten_takes_no_more_notes(table: LibraryTable) -> None:
    number = table.add_folder("/cams", "auto", watched=True)
    table.note_file(number, file("/cams/a", Outcome.ADDED), (1, 2))
    table.remove_folder(number)
    assert table.folders() == ()
    assert table.seen(number) == {}
    table.note_look(number, {"found": 1})
    with pytest.raises(StoreError):
        table.note_file(number, file("/cams/a", Outcome.ADDED), (1, 2))


def test_a_look_notes_only_what_a_look_can_know(table: LibraryTable) -> None:
    with pytest.raises(ValueError, match="profile"):
        table.note_look(1, {"profile": "x"})


def test_every_change_changes_the_revision(table: LibraryTable, clip: FootageView, filled: ResultTable) -> None:
    seen = [table.revision()]

    def changed() -> bool:
        seen.append(table.revision())
        return len(set(seen)) == len(seen)

    assert table.revision() == seen[0]
    table.describe(clip.id, SAID)
    assert changed()
    table.describe(clip.id, replace(SAID, note=""))
    assert changed()
    filled.save_run(samples.run(clip, "bbbbbbbbbbbb"))
    assert changed()
    number = table.add_folder("/cams", "auto", watched=True)
    assert changed()
    table.note_look(number, {"found": 1, "waiting": 1})
    assert changed()
    table.note_file(number, file("/cams/a", Outcome.ADDED), (1, 2))
    assert changed()
    table.note_look(number, {"problem": "missing"})
    assert changed()
