"""Results under their keys, and the runs that share them."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from engine.core.errors import StoreError
from engine.core.types import PersonLink
from engine.core.views import FootageView, Presence
from engine.store.database import Database
from engine.store.footage import FootageTable
from engine.store.packing import pack_tracklet
from engine.store.results import ResultTable
from tests.store import samples


def test_finished_is_none_before_and_the_record_after(db: Database, clip: FootageView) -> None:
    results = ResultTable(db)
    record = samples.record("k", "detect", clip)
    assert results.finished("k") is None
    results.save_plain(record)
    assert results.finished("k") == record


def test_save_again_replaces_the_record(db: Database, clip: FootageView) -> None:
    results = ResultTable(db)
    results.save_plain(samples.record("k", "detect", clip))
    again = dataclasses.replace(samples.record("k", "detect", clip), seconds=9.0)
    results.save_plain(again)
    assert results.finished("k") == again


def test_tracklets_come_back_by_number(filled: ResultTable) -> None:
    put = [samples.tracklet(n, start=float(n)) for n in (1, 2, 3)]
    got = filled.tracklets("key-track")
    assert [pack_tracklet(each) for each in got] == [pack_tracklet(each) for each in put]


def test_links_and_crops_come_back(filled: ResultTable) -> None:
    assert tuple(filled.links("key-link")) == samples.LINKS
    assert tuple(filled.crops("key-crops")) == samples.CROPS


def test_nothing_found_is_a_result_too(db: Database, clip: FootageView) -> None:
    results = ResultTable(db)
    results.save_tracklets(samples.record("key-track", "track", clip), [])
    results.save_links(samples.record("key-link", "link", clip), [], "key-track")
    results.save_crops(samples.record("key-crops", "crops", clip), [], "key-track")
    results.save_plain(samples.record("key-detect", "detect", clip))
    results.save_run(samples.run(clip))
    assert results.tracklets("key-track") == results.links("key-link") == results.crops("key-crops") == []
    assert results.people("aaaaaaaaaaaa") == ()


@pytest.mark.parametrize("what", ["tracklets", "links", "crops"])
def test_results_of_an_unknown_key(db: Database, what: str) -> None:
    with pytest.raises(StoreError, match="Analyse the footage again"):
        getattr(ResultTable(db), what)("nothing")


def test_save_for_removed_footage_says_so(db: Database, filled: ResultTable, clip: FootageView) -> None:
    FootageTable(db).remove(clip.id)
    with pytest.raises(StoreError, match="no longer in the store"):
        filled.save_tracklets(samples.record("k", "track", clip), [samples.tracklet()])
    with pytest.raises(StoreError, match="no longer in the store"):
        filled.save_run(samples.run(clip))


def test_links_need_their_tracklets(filled: ResultTable, clip: FootageView) -> None:
    links = [PersonLink(label="P1", tracklets=(99,), score=1.0)]
    with pytest.raises(StoreError):
        filled.save_links(samples.record("other", "link", clip), links, "key-track")
    assert filled.finished("other") is None
    with pytest.raises(StoreError):
        filled.save_links(samples.record("other", "link", clip), [], "nothing")


def test_the_same_tracklets_again_keep_what_hangs_on_them(filled: ResultTable, clip: FootageView) -> None:
    before = filled.people("aaaaaaaaaaaa")
    tracklets = [samples.tracklet(n, start=float(n)) for n in (1, 2, 3)]
    filled.save_tracklets(samples.record("key-track", "track", clip), tracklets)
    assert filled.people("aaaaaaaaaaaa") == before
    assert len(filled.tracklets("key-track")) == 3


def test_other_tracklets_take_what_hung_on_them_along(filled: ResultTable, clip: FootageView) -> None:
    filled.save_tracklets(samples.record("key-track", "track", clip), [samples.tracklet(1)])
    assert filled.finished("key-link") is None
    assert filled.finished("key-crops") is None
    assert filled.runs(clip.id) == ()
    assert [each.number for each in filled.tracklets("key-track")] == [1]


def test_links_again_replace(filled: ResultTable, clip: FootageView) -> None:
    links = [PersonLink(label="P1", tracklets=(1, 2, 3), score=0.5)]
    filled.save_links(samples.record("key-link", "link", clip), links, "key-track")
    assert filled.links("key-link") == links
    assert [person.label for person in filled.people("aaaaaaaaaaaa")] == ["P1"]


def test_run_comes_back(filled: ResultTable, clip: FootageView) -> None:
    assert filled.run("aaaaaaaaaaaa") == samples.run(clip)
    with pytest.raises(StoreError, match="no longer in the store"):
        filled.run("bbbbbbbbbbbb")


def test_runs_are_newest_first(filled: ResultTable, clip: FootageView) -> None:
    for name, finished in (("b", "2026-01-03"), ("c", "2026-01-02"), ("d", "2026-01-03")):
        filled.save_run(samples.run(clip, name, finished=finished))
    assert [each.id for each in filled.runs(clip.id)] == ["d", "b", "c", "aaaaaaaaaaaa"]
    assert filled.runs("nothing") == ()


def test_run_saved_again_is_replaced(filled: ResultTable, clip: FootageView) -> None:
    again = dataclasses.replace(samples.run(clip), profile="auto", stages=samples.run(clip).stages[:2])
    filled.save_run(again)
    assert filled.runs(clip.id) == (again,)


def test_run_needs_its_stages(filled: ResultTable, clip: FootageView) -> None:
    run = samples.run(clip, "b")
    missing = dataclasses.replace(run, stages=(dataclasses.replace(run.stages[0], key="nothing"),))
    with pytest.raises(StoreError, match="Analyse the footage again"):
        filled.save_run(missing)
    assert len(filled.runs(clip.id)) == 1


def test_people(filled: ResultTable) -> None:
    tracklets = {each.number: each for each in filled.tracklets("key-track")}
    first, second = filled.people("aaaaaaaaaaaa")
    assert (first.label, first.link_score, second.label, second.link_score) == ("P1", 0.8, "P2", 1.0)
    assert first.first_s == tracklets[1].first_s == 1.0
    assert first.last_s == tracklets[3].last_s
    assert first.presence == tuple(Presence(n, tracklets[n].first_s, tracklets[n].last_s) for n in (1, 3))
    seen = np.concatenate([tracklets[n].scores[~tracklets[n].interpolated] for n in (1, 3)])
    assert first.score == pytest.approx(seen.mean(), abs=1e-4)
    assert [(crop.tracklet, crop.rank) for crop in first.crops] == [(3, 0), (1, 0), (1, 1)]
    assert [crop.file for crop in second.crops] == ["crops/k/2-0.jpg"]


def test_people_of_two_runs_do_not_mix(filled: ResultTable, clip: FootageView) -> None:
    filled.save_links(samples.record("other-link", "link", clip), [PersonLink("P1", (1, 2, 3), 0.3)], "key-track")
    run = samples.run(clip, "b")
    stages = tuple(dataclasses.replace(each, key=each.key.replace("key-link", "other-link")) for each in run.stages)
    filled.save_run(dataclasses.replace(run, stages=stages))
    assert [len(filled.people(name)) for name in ("aaaaaaaaaaaa", "b")] == [2, 1]
    assert len(filled.people("b")[0].crops) == 4


def test_people_of_an_unknown_run(filled: ResultTable) -> None:
    with pytest.raises(StoreError, match="no longer in the store"):
        filled.people("nothing")


def test_people_reads_no_packed_column(db: Database, filled: ResultTable) -> None:
    with db.write() as connection:
        connection.execute("DELETE FROM tracklet_data")
    assert len(filled.people("aaaaaaaaaaaa")) == 2


def test_tracklets_of_a_damaged_blob(db: Database, filled: ResultTable) -> None:
    with db.write() as connection:
        connection.execute("UPDATE tracklet_data SET packed = substr(packed, 1, 100)")
    with pytest.raises(StoreError, match="damaged"):
        filled.tracklets("key-track")
