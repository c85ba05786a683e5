"""Stages that are added to a run which was finished already."""

from __future__ import annotations

import pytest

from engine.core.errors import StoreError
from engine.core.views import FootageView, StageView
from engine.store.database import Database
from engine.store.later_stages import LaterStages
from engine.store.results import ResultTable
from tests.store import samples

RUN = "aaaaaaaaaaaa"


@pytest.fixture
def results(db: Database, clip: FootageView) -> ResultTable:
    results = ResultTable(db)
    for stage in samples.run(clip).stages:
        results.save_plain(samples.record(stage.key, stage.name, clip))
    results.save_run(samples.run(clip))
    for key in ("first", "second"):
        results.save_plain(samples.record(key, "embeddings", clip))
    return results


def stage(key: str) -> StageView:
    return StageView("embeddings", "blip", key, 1.5, False, key)


def test_it_comes_last_and_once(db: Database, results: ResultTable, clip: FootageView) -> None:
    before = samples.run(clip).stages
    for _ in range(2):
        LaterStages(db).add(RUN, stage("first"))
    assert results.run(RUN).stages == (*before, stage("first"))


def test_one_of_the_same_name_gives_way(db: Database, results: ResultTable, clip: FootageView) -> None:
    LaterStages(db).add(RUN, stage("first"))
    LaterStages(db).add(RUN, stage("second"))
    assert results.run(RUN).stages == (*samples.run(clip).stages, stage("second"))
    assert results.finished("first") is not None


@pytest.mark.parametrize(("run", "key"), [(RUN, "nothing"), ("bbbbbbbbbbbb", "first")])
def test_run_and_result_must_be_there(db: Database, results: ResultTable, run: str, key: str) -> None:
    with pytest.raises(StoreError, match="Analyse the footage again"):
        LaterStages(db).add(run, stage(key))
