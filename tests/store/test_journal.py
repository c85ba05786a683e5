"""The identity journal in the store: lines, spots, persons as they stand, and names from before."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.core.cuts import Piece, StandingPerson
from engine.core.errors import StoreError
from engine.core.identity import PIECE, Edit, Spot
from engine.core.types import PersonLink
from engine.core.views import FootageView
from engine.store import migrations
from engine.store.database import APPLICATION_ID, Database
from engine.store.footage import FootageTable
from engine.store.journal import JournalTable, LinkStage
from engine.store.results import ResultTable
from tests.store import samples

STAGE = LinkStage("key-link", "key-track")
IDENTITY = ("linked", "linked_tracklets", "persons", "person_tracklets")


def spot(footage: FootageView, t: float = 2.0) -> Spot:
    return Spot(footage.id, t, (10.25, 20.0, 30.1, 80.0))


def dump(db: Database, *tables: str) -> list[tuple[object, ...]]:
    with db.read() as connection:
        return [(table, *row) for table in tables for row in connection.execute(f"SELECT * FROM {table}").fetchall()]


def say(journal: JournalTable, edit: Edit, author: str = "") -> int:
    with journal.writing() as desk:
        return desk.add(edit, author)


@pytest.fixture
def journal(db: Database) -> JournalTable:
    return JournalTable(db)


def test_lines_come_back(journal: JournalTable, clip: FootageView) -> None:
    edits = [
        Edit("rename", (spot(clip),), name="김민지"),
        Edit("swap", (spot(clip), spot(clip, 5.0)), (spot(clip, 7.0),), at_s=4.25),
    ]
    ids = [say(journal, edit, "Ana") for edit in edits]
    assert ids == [1, 2]
    read = journal.entries({1}, ids)
    assert [entry.edit for entry in read] == edits
    assert [(entry.author, entry.stands, entry.takes_back) for entry in read] == [("Ana", True, None)] * 1 + [
        ("Ana", False, None)
    ]
    assert [(line.id, line.footage) for line in journal.lines()] == [(1, (clip.id,)), (2, (clip.id,))]


def test_undo_and_redo_are_lines_that_tell_what_they_mean(journal: JournalTable, clip: FootageView) -> None:
    edit = Edit("rename", (spot(clip),), name="Kim")
    first = say(journal, edit)
    with journal.writing() as desk:
        back = desk.turn("undo", first, "Ana")
    with journal.writing() as desk:
        again = desk.turn("redo", first, "Ben")
    read = journal.entries({first}, [first, back, again])
    assert [entry.edit for entry in read] == [edit] * 3
    assert [(entry.takes_back, entry.brings_back, entry.stands) for entry in read] == [
        (None, None, True),
        (first, None, False),
        (None, first, False),
    ]


def test_a_line_about_two_footages_belongs_to_both(db: Database, journal: JournalTable, clip: FootageView) -> None:
    other = FootageTable(db).add(samples.footage("other"))
    say(journal, Edit("rename", (spot(clip),), name="Kim"))
    say(journal, Edit("merge", (spot(clip),), (spot(other),)))
    assert journal.lines()[1].footage == (clip.id, other.id)
    assert (journal.revision(clip.id), journal.revision(other.id), journal.revision()) == (2, 2, 2)
    say(journal, Edit("rename", (spot(clip),), name="Lee"))
    assert journal.revisions() == {clip.id: 3, other.id: 2}
    assert (journal.revision(other.id), journal.revision("nothing")) == (2, 0)
    third = FootageTable(db).add(samples.footage("third"))
    with pytest.raises(ValueError, match="one or two footages"):
        say(journal, Edit("merge", (spot(clip), spot(third)), (spot(other),)))
    # What goes with a footage goes whole: nothing tells of it from the other side.
    FootageTable(db).remove(other.id)
    assert [line.id for line in journal.lines()] == [1, 3]
    FootageTable(db).remove(clip.id)
    assert dump(db, "journal", "journal_spots", "spots") == []
    # An id is never given again: whoever kept a revision notices.
    assert say(journal, Edit("rename", (spot(third),), name="Kim")) == 4


def test_removed_footage_is_not_written_about(db: Database, journal: JournalTable, clip: FootageView) -> None:
    FootageTable(db).remove(clip.id)
    with pytest.raises(StoreError, match="no longer in the store"):
        say(journal, Edit("rename", (spot(clip),), name="Kim"))
    assert journal.lines() == ()


def test_a_spot_is_kept_once_and_found_once(
    db: Database, journal: JournalTable, filled: ResultTable, clip: FootageView
) -> None:
    for name in ("Kim", "Lee"):
        say(journal, Edit("rename", (spot(clip),), name=name))
    assert len(dump(db, "spots")) == 1
    with journal.writing() as desk:
        desk.note("key-track", {spot(clip): 2})
        desk.note("key-track", {spot(clip): 3, spot(clip, 9.0): 0})
    assert journal.known("key-track") == {spot(clip): 2, spot(clip, 9.0): 0}
    assert journal.known("nothing") == {}
    # Other tracklets under the same key: looked for anew.
    filled.save_tracklets(samples.record("key-track", "track", clip), [samples.tracklet(1)])
    assert journal.known("key-track") == {}


def test_persons_as_they_stand(db: Database, journal: JournalTable, filled: ResultTable) -> None:
    before = dump(db, *IDENTITY)
    first = filled.tracklets("key-track")[0]
    cut = float(first.t[5])
    parts = (
        Piece(1, 0, first.first_s, float(first.t[4]), until_s=cut, seen=9, score=0.25),
        Piece(1, 1, cut, first.last_s, from_s=cut, seen=30, score=0.75),
    )
    third = filled.spans("key-track")[3]
    with journal.writing() as desk:
        desk.settle(
            STAGE,
            [
                StandingPerson("P1", 1.0, "Kim", parts[:1]),
                StandingPerson("P3", 0.5, "", (parts[1], Piece(3, 0, *third))),
            ],
        )
    assert filled.links("key-link") == [PersonLink("P1", (1,), 1.0), PersonLink("P3", (1 + PIECE, 3), 0.5)]
    assert tuple(filled.linked("key-link")) == samples.LINKS
    kim, new = filled.people("aaaaaaaaaaaa")
    assert (kim.name, kim.score, kim.last_s) == ("Kim", 0.25, float(first.t[4]))
    assert [(one.tracklet, one.start_s) for one in new.presence] == [(1 + PIECE, cut), (3, third[0])]
    assert [(crop.tracklet, crop.rank) for crop in kim.crops] == [(1, 0)]
    assert [(crop.tracklet, crop.rank) for crop in new.crops] == [(3, 0), (1 + PIECE, 1)]
    assert filled.cuts("aaaaaaaaaaaa").at == {1: (cut,)}
    assert not filled.cuts("nothing")
    whole = tuple(
        StandingPerson(
            link.label, link.score, "", tuple(Piece(n, 0, *filled.spans("key-track")[n]) for n in link.tracklets)
        )
        for link in samples.LINKS
    )
    with journal.writing() as desk:
        desk.settle(STAGE, whole)
    assert dump(db, *IDENTITY) == before


def test_what_fails_writes_nothing(db: Database, journal: JournalTable, filled: ResultTable, clip: FootageView) -> None:
    before = dump(db, *IDENTITY, "journal", "spots")
    nobody = StandingPerson("P1", 1.0, "", (Piece(99, 0, 0.0, 1.0),))
    with pytest.raises(StoreError), journal.writing() as desk:
        desk.add(Edit("rename", (spot(clip),), name="Kim"), "")
        desk.settle(STAGE, [nobody])
    assert dump(db, *IDENTITY, "journal", "spots") == before


def test_stages_that_link_are_found_without_a_run(db: Database, journal: JournalTable, clip: FootageView) -> None:
    results = ResultTable(db)
    results.save_tracklets(samples.record("key-track", "track", clip), [samples.tracklet(1)])
    results.save_links(samples.record("key-link", "link", clip), [PersonLink("P1", (1,), 1.0)], "key-track")
    assert journal.stages(clip.id) == (STAGE,)
    assert journal.stages("nothing") == ()


OLD = """
    INSERT INTO stages (key, footage, stage, model, version, settings_json, seconds, tracklets_key, finished_utc)
        VALUES ('t', :footage, 'track', 'm', 'v', '{}', 1, NULL, ''),
            ('l', :footage, 'link', 'm', 'v', '{}', 1, 't', '');
    INSERT INTO tracklets (id, stage, number, first_s, last_s, rows, seen, score)
        VALUES (1, 't', 1, 0, 5, 9, 9, .5), (2, 't', 2, 6, 9, 9, 9, .5), (3, 't', 3, 0, 9, 9, 9, .5);
    INSERT INTO persons (id, stage, position, label, score) VALUES (7, 'l', 0, 'P1', .75), (9, 'l', 1, 'P2', 1);
    INSERT INTO person_tracklets (person, position, tracklets_key, number)
        VALUES (7, 0, 't', 1), (7, 1, 't', 2), (9, 0, 't', 3);
    INSERT INTO name_anchors (id, footage, t, x1, y1, x2, y2, name, named_utc) VALUES
        (3, :footage, 2.5, 1, 2, 3.5, 4, 'Kim', '2026-01-02T03:04:05+00:00'),
        (5, :footage, 7.0, 9, 9, 11, 12, 'Lee', '2026-01-03T03:04:05+00:00');
    INSERT INTO person_names (person, anchor) VALUES (9, 5);
"""


def test_names_from_before_are_lines_of_the_journal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "sightline.db"
    newer = migrations.names()[10:]
    assert newer[0] == "0011_identity"
    steps = list(migrations._sightline._migrations)
    with monkeypatch.context() as patch:
        patch.setattr(migrations._sightline, "_migrations", [step for step in steps if step.name not in newer])
        patch.setattr(migrations, "_names", [name for name in migrations._names if name not in newer])
        old = Database(path)
        with old.write() as connection:
            clip = samples.footage()
            row = {"id": clip.id, "sha256": clip.sha256, "name": "a", "path": "/a", "in_place": 1, "bytes": 1}
            row |= {"container": "", "codec": "", "pixel_format": "", "width": 8, "height": 8, "rotation": 0}
            row |= {
                "duration_s": 9.0,
                "fps": 5.0,
                "variable_rate": 0,
                "has_audio": 0,
                "recorded_utc": "",
                "added_utc": "",
            }
            connection.table("footage").insert(row)
            for statement in OLD.split(";")[:-1]:
                connection.execute(statement.replace(":footage", f"'{clip.id}'"))
        old.close()
    db = Database(path)
    with db.read() as connection:
        assert connection.execute("PRAGMA application_id").fetchone()[0] == APPLICATION_ID
        assert not {"name_anchors", "person_names"} & set(connection.table_names())
    assert dump(db, "persons") == [("persons", 7, "l", 0, "P1", 0.75, ""), ("persons", 9, "l", 1, "P2", 1.0, "Lee")]
    assert (
        ResultTable(db).linked("l")
        == ResultTable(db).links("l")
        == [
            PersonLink("P1", (1, 2), 0.75),
            PersonLink("P2", (3,), 1.0),
        ]
    )
    kim, lee = JournalTable(db).entries({3, 5}, [3, 5])
    assert (kim.author, kim.made_utc) == ("", "2026-01-02T03:04:05+00:00")
    assert kim.edit == Edit("rename", (Spot(clip.id, 2.5, (1.0, 2.0, 3.5, 4.0)),), name="Kim")
    assert lee.edit == Edit("rename", (Spot(clip.id, 7.0, (9.0, 9.0, 11.0, 12.0)),), name="Lee")
    assert db.check() == "ok"
    db.close()
