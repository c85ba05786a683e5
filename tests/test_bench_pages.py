from __future__ import annotations

import argparse
import shutil
from pathlib import Path

import pytest

from engine.commands import bench_pages, bench_store
from engine.core.config import Settings
from engine.core.errors import JobError
from tests.seeded import open_engine


def test_the_store_holds_what_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench_store, "FOOTAGES", 3)
    monkeypatch.setattr(bench_store, "PEOPLE", 4)
    monkeypatch.setattr(bench_store, "SEGMENTS", 10)
    large = bench_store.fill_store(Settings(home=tmp_path))
    with open_engine(tmp_path) as engine:
        assert len(engine.list_footage()) == 3
        assert engine.list_footage()[0].id == large
        run = engine.runs(large)[0]
        people, segments = engine.answers.people(run.id), engine.answers.segments(run.id)
        assert len(people) == 4
        assert len(segments) == 4 * 10
        assert engine.media_file(large, people[0].crops[0].file) is not None
        traces = bench_pages._traces(Settings(home=tmp_path), large)
    assert sum(len(trace["x"]) for trace in traces) == 4 * 10


def test_no_browser_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(JobError, match="needs a browser"):
        bench_pages.bench_pages(argparse.Namespace(settings=Settings(home=tmp_path)))


def test_traffic_is_counted_by_route() -> None:
    traffic, paths = bench_pages.Traffic(), {"1": "http://h/sightline/timeline/a?x=1", "2": "http://h/static/app.js"}
    for request, size in (("1", 2000), ("2", 70_000), ("1", 500)):
        bench_pages._count(traffic, paths, {"requestId": request, "encodedDataLength": size})
    bench_pages._count_frame(traffic, {"opcode": 2, "payloadData": "A" * 400})
    bench_pages._count_frame(traffic, {"opcode": 1, "payloadData": "A" * 100})
    assert traffic.kb("/sightline/timeline/") == 2.5
    assert (traffic.websocket, traffic.everything) == (400, 72_900)


def test_plotly_is_where_it_is_looked_for() -> None:
    assert bench_pages._plotly_js().is_file()
