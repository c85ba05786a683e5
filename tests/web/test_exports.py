"""Exports over HTTP."""

from __future__ import annotations

import io
import json
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette

from engine.api import Engine
from engine.cli import EXPORT_FORMATS
from engine.core.config import Settings
from engine.web.exports import SUFFIXES
from engine.web.routes import build_routes
from tests.seeded import Seeds
from tests.web.asgi_client import AsgiClient


@pytest.fixture
def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    with Engine(Settings(home=tmp_path / "home")) as engine:
        yield engine


@pytest.fixture
def client(engine: Engine) -> AsgiClient:
    return AsgiClient(Starlette(routes=build_routes(lambda: engine)), "http://127.0.0.1:8501")


def test_every_format_has_an_ending() -> None:
    assert tuple(SUFFIXES) == EXPORT_FORMATS


def test_a_file_is_named_like_the_footage(engine: Engine, client: AsgiClient, tmp_path: Path) -> None:
    seeds = Seeds(engine)
    run = seeds.run(seeds.footage("입구 1.mp4"))
    answer = client.get(f"/sightline/export/{run.id}/json")
    assert answer.status_code == 200
    assert answer.headers["content-disposition"] == "attachment; filename*=UTF-8''%EC%9E%85%EA%B5%AC%201.json"
    assert json.loads(answer.content)["run"]["id"] == run.id
    assert list((tmp_path / "scratch").iterdir()) == []


@pytest.mark.parametrize(("name", "count"), [("csv", 2), ("ava", 3)])
def test_formats_of_several_files_come_zipped(engine: Engine, client: AsgiClient, name: str, count: int) -> None:
    seeds = Seeds(engine)
    run = seeds.run(seeds.footage("hall.mp4"))
    answer = client.get(f"/sightline/export/{run.id}/{name}")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert archive.testzip() is None
        assert len(archive.namelist()) == count


@pytest.mark.parametrize("address", ["nowhere/json", "nowhere/docx"])
def test_what_is_not_there_is_said(client: AsgiClient, tmp_path: Path, address: str) -> None:
    answer = client.get(f"/sightline/export/{address}")
    assert answer.status_code == 404
    assert answer.json()["error"]
    assert list((tmp_path / "scratch").iterdir()) == []
