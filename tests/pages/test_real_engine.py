"""The pages on an engine that has analysed a clip itself."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.api import Engine
from engine.core.config import AnalysisConfig, Settings
from tests.drawn import draw_clip
from tests.pages.conftest import handed, pages_on, screen


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    clip = draw_clip(tmp_path_factory.mktemp("clips") / "two people.mp4")
    with Engine(Settings(home=tmp_path_factory.mktemp("home"))) as engine:
        engine.analyze_now(engine.register(clip).id, AnalysisConfig(person_model="fake"))
        yield engine


@pytest.fixture(autouse=True)
def _handed_to_the_pages(engine: Engine) -> Iterator[None]:
    with pages_on(engine):
        yield


def test_footage_screen(engine: Engine) -> None:
    page = screen("footage").run()
    assert not page.exception
    assert not page.error
    shown = handed(page, "library")["items"][0]
    assert shown["name"] == "two people.mp4"
    assert (shown["people"], shown["found"], shown["length"]) == (2, "2 people", "4 s")
    assert "320 × 180" in shown["line"]
    footage = engine.list_footage()[0]
    assert shown["poster"]
    assert shown["thumbs"] > 4
    for name in ("poster.jpg", *(f"thumbs/{number}.jpg" for number in range(shown["thumbs"]))):
        assert engine.media_file(footage.id, name) is not None


def test_people_screen(engine: Engine) -> None:
    page = screen("people").run()
    assert not page.exception
    assert page.title[0].value == "2 people"
    footage = engine.list_footage()[0]
    people = handed(page, "people")["people"]
    assert [person["label"] for person in people] == ["P1", "P2"]
    assert people[1]["first"] == pytest.approx(1.0, abs=0.3)
    crops = [handed(page, "people")["media"] + crop[0] for person in people for crop in person["crops"]]
    for address in [handed(page, "player")["src"], *crops]:
        name = address.removeprefix(f"/sightline/media/{footage.id}/")
        found = engine.media_file(footage.id, name)
        assert isinstance(found, Path)
        assert found.stat().st_size > 0
    assert "fake" in page.dataframe[0].value["Model"].tolist()
