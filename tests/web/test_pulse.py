from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from engine.core.config import AnalysisConfig
from engine.core.errors import StoreError
from engine.core.views import JobState
from engine.web.routes import PULSE, build_routes
from tests.seeded import Seeds, open_engine


@pytest.fixture
def seeds(tmp_path: Path) -> Iterator[Seeds]:
    with open_engine(tmp_path / "home") as engine:
        yield Seeds(engine)


@pytest.fixture
def client(seeds: Seeds) -> TestClient:
    return TestClient(Starlette(routes=build_routes(lambda: seeds.engine)))


def test_jobs_at_work_and_a_word_for_everything_else(seeds: Seeds, client: TestClient) -> None:
    empty = client.get(PULSE)
    assert empty.headers["cache-control"] == "no-store"
    assert empty.json()["jobs"] == []
    footage = seeds.footage()
    seeds.job(footage, state=JobState.RUNNING, stage="detect", fraction=0.123456, left_s=8.5)
    pulse = client.get(PULSE).json()
    assert pulse["revision"] != empty.json()["revision"]
    assert pulse["pictured"] == []
    expected = {"footage": footage.id, "state": "running", "stage": "detect", "fraction": 0.1235, "left": 8.5}
    assert pulse["jobs"] == [expected]


def test_of_several_jobs_of_a_recording_the_newest_counts(seeds: Seeds, client: TestClient) -> None:
    footage = seeds.footage()
    seeds.job(footage, state=JobState.RUNNING, stage="detect")
    seeds.engine.submit(footage.id, AnalysisConfig(profile="auto"))
    assert len(seeds.engine.library.pulse().jobs) == 2
    assert [job["state"] for job in client.get(PULSE).json()["jobs"]] == ["queued"]


def test_trouble_with_the_store_is_a_sentence(
    seeds: Seeds, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> None:
        raise StoreError("The results store is damaged.")

    monkeypatch.setattr(seeds.engine.library, "pulse", broken)
    assert client.get(PULSE).json() == {"error": "The results store is damaged."}
