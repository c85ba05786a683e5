"""Footage rows."""

from __future__ import annotations

import dataclasses

import pytest

from engine.core.errors import StoreError
from engine.core.types import Gap
from engine.core.views import FootageView
from engine.store.database import Database
from engine.store.footage import FootageTable
from engine.store.jobs import JobTable
from engine.store.results import ResultTable
from tests.store import samples


def test_add_gives_back_what_was_put(db: Database) -> None:
    table = FootageTable(db)
    put = samples.footage()
    assert table.add(put) == put
    assert table.get(put.id) == put
    assert table.list() == (put,)


def test_add_of_the_same_bytes_finds_the_first(db: Database) -> None:
    table = FootageTable(db)
    first = table.add(samples.footage())
    again = dataclasses.replace(first, name="copy.mp4", path="/elsewhere/copy.mp4")
    assert table.add(again) == first
    assert table.list() == (first,)


def test_list_is_newest_first(db: Database) -> None:
    table = FootageTable(db)
    for text, added in (("a", "2026-01-02"), ("b", "2026-01-03"), ("c", "2026-01-01"), ("d", "2026-01-01")):
        table.add(samples.footage(text, added=added))
    assert [each.name for each in table.list()] == ["b.mp4", "a.mp4", "d.mp4", "c.mp4"]


def test_get_of_unknown(db: Database) -> None:
    with pytest.raises(StoreError, match="no longer in the store"):
        FootageTable(db).get("0" * 12)


@pytest.mark.parametrize(
    "spelling",
    [
        pytest.param(lambda clip: clip.id, id="id"),
        pytest.param(lambda clip: clip.id[:5], id="prefix"),
        pytest.param(lambda clip: clip.id[:5].upper(), id="upper case"),
        pytest.param(lambda clip: clip.sha256, id="sha256"),
        pytest.param(lambda clip: clip.name, id="name"),
        pytest.param(lambda clip: f" {clip.id} ", id="blanks"),
    ],
)
def test_find(db: Database, spelling: object) -> None:
    table = FootageTable(db)
    clip = table.add(samples.footage("wanted"))
    table.add(samples.footage("other"))
    assert table.find(spelling(clip)) == clip


def test_find_by_a_name_of_several_lists_them(db: Database) -> None:
    table = FootageTable(db)
    several = [table.add(samples.footage(text, name="clip.mp4")) for text in ("a", "b")]
    with pytest.raises(StoreError, match="fits several") as caught:
        table.find("clip.mp4")
    assert all(each.id in caught.value.user_message for each in several)


def test_relocate(db: Database, clip: FootageView) -> None:
    table = FootageTable(db)
    moved = table.relocate(clip.id, "/elsewhere/clip.mp4")
    assert moved == dataclasses.replace(clip, path="/elsewhere/clip.mp4")
    assert table.by_sha256(clip.sha256) == moved
    assert table.by_sha256("0" * 64) is None


@pytest.mark.parametrize(
    ("texts", "asked", "sentence"),
    [
        pytest.param((), "x", "store is empty", id="empty"),
        pytest.param(("a",), "x", r"There is: \w{12} \(a\.mp4\)\.$", id="unknown"),
        pytest.param(("a",), "", "There is no footage", id="nothing"),
        pytest.param(tuple("abcdefghijk"), "x", "and 3 more", id="many"),
        pytest.param(tuple(map(str, range(40))), "ambiguous", "fits several", id="ambiguous"),
        pytest.param(("a",), "100%", "There is no footage", id="wildcard"),
    ],
)
def test_find_says_what_there_is(db: Database, texts: tuple[str, ...], asked: str, sentence: str) -> None:
    table = FootageTable(db)
    added = [table.add(samples.footage(text)) for text in texts]
    if asked == "ambiguous":
        firsts = [each.id[0] for each in added]
        asked = max(firsts, key=firsts.count)
    with pytest.raises(StoreError, match=sentence):
        table.find(asked)


def test_set_gaps_replaces(db: Database, clip: FootageView) -> None:
    table = FootageTable(db)
    gaps = (Gap(3.0, 4.0, "corrupt"), Gap(100.0, 139.4, "truncated"))
    table.set_gaps(clip.id, gaps[::-1])
    assert table.get(clip.id).gaps == gaps
    table.set_gaps(clip.id, ())
    assert table.get(clip.id).gaps == ()


def test_remove_takes_everything_along(db: Database, clip: FootageView, filled: ResultTable) -> None:
    table = FootageTable(db)
    other = table.add(samples.footage("other"))
    JobTable(db).enqueue(clip.id, "{}", "auto")
    table.remove(clip.id)
    assert table.list() == (other,)
    with db.read() as connection:
        left = {each.name: each.count for each in connection.tables if each.count}
    left = {name: count for name, count in left.items() if not name.startswith(("_", "sqlite_"))}
    assert left == {"footage": 1, "gaps": 1}


def test_remove_gives_the_room_back(db: Database, clip: FootageView) -> None:
    with db.read() as connection:
        bare = connection.execute("PRAGMA page_count").fetchone()[0]
    ResultTable(db).save_tracklets(samples.record("k", "track", clip), [samples.tracklet(n, 2000) for n in range(1, 4)])
    with db.read() as connection:
        before = connection.execute("PRAGMA page_count").fetchone()[0]
    FootageTable(db).remove(clip.id)
    with db.read() as connection:
        after = connection.execute("PRAGMA page_count").fetchone()[0]
    assert before > bare + 100
    assert after < bare + (before - bare) / 3


@pytest.mark.parametrize("act", ["remove", "set_gaps"])
def test_change_of_unknown(db: Database, act: str) -> None:
    values = ("0" * 12,) if act == "remove" else ("0" * 12, ())
    with pytest.raises(StoreError, match="no longer in the store"):
        getattr(FootageTable(db), act)(*values)
