"""A network that arrives after footage was analysed is used by the next search, once, and only for what is missing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from engine import blip_search, second_opinion
from engine.api import Engine
from engine.blip_search import LateEmbeddings
from engine.core.config import Settings
from engine.core.views import RunView
from tests.drawn import draw_clip
from tests.test_clothing_step import FAKE, Chosen, Colours


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A home with a clip that was analysed without a network: P1 all in red, P2 in blue."""
    folder = tmp_path_factory.mktemp("late")
    settings = Settings(home=folder / "home", threads=1)
    with Engine(settings) as engine:
        engine.analyze_now(engine.register(draw_clip(folder / "drawn.mp4")).id, FAKE)
    return settings


@pytest.fixture
def engine(settings: Settings) -> Iterator[Engine]:
    with Engine(settings) as engine:
        yield engine


@pytest.fixture
def network(monkeypatch: pytest.MonkeyPatch) -> Colours:
    network = Colours()
    for module in (blip_search, second_opinion):
        monkeypatch.setattr(module, "choose_clothing_text", lambda settings: Chosen(network))
    return network


def newest(engine: Engine) -> RunView:
    (footage,) = engine.list_footage()
    return engine.runs(footage.id)[0]


def test_without_a_network_nothing_changes(engine: Engine) -> None:
    before = newest(engine)
    answer = engine.search.find("red shirt")
    assert (answer.tier, answer.english) == ("slots", "")
    assert all((hit.tier, hit.matching) == ("slots", None) for hit in answer.hits)
    assert newest(engine) == before


def test_the_next_search_uses_it_and_embeds_once(
    engine: Engine, network: Colours, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = newest(engine)
    answer = engine.search.find("red top")
    assert (answer.tier, answer.hits[0].person) == ("fused", "P1")
    assert answer.english == network.asked[0]
    assert answer.hits[0].matching is not None
    assert answer.hits[0].caption == "a person in red"
    after = newest(engine)
    assert (after.id, after.stages[:-1]) == (before.id, before.stages)
    stage = after.stages[-1]
    assert (stage.name, stage.model, stage.version, stage.cached) == ("embeddings", "blip", "colours", False)
    monkeypatch.setattr(blip_search, "embed_clothing", lambda *_: pytest.fail("embedded twice"))
    assert engine.search.find("blue trousers").hits[0].person == "P2"


def test_an_analysis_finds_what_was_embedded_late(
    engine: Engine, network: Colours, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine.search.find("red top")
    late = newest(engine).stages[-1]
    monkeypatch.setattr("engine.pipeline.choose_clothing_text", lambda settings, profile: Chosen(network))
    monkeypatch.setattr("engine.pipeline.embed_clothing", lambda *_: pytest.fail("embedded twice"))
    run = engine.analyze_now(newest(engine).footage, FAKE)
    (stage,) = (stage for stage in run.stages if stage.name == "embeddings")
    assert (stage.key, stage.cached) == (late.key, True)


def test_another_network_takes_the_place_of_the_first(
    engine: Engine, network: Colours, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine.search.find("red top")
    monkeypatch.setattr(network, "card", replace(network.card, version="other"))
    assert engine.search.find("red top").tier == "fused"
    names = [(stage.name, stage.version) for stage in newest(engine).stages if stage.name == "embeddings"]
    assert names == [("embeddings", "other")]


def test_only_so_much_is_embedded_at_a_time(engine: Engine, network: Colours, settings: Settings) -> None:
    network.card = replace(network.card, version="bounded")
    late = LateEmbeddings(engine._database, settings)
    ((views, footage, run),) = late.missing("bounded")
    assert (footage.id, run.id) == (run.footage, newest(engine).id)
    assert views > 1
    assert late.catch_up(most=1) == 1  # the first is always done, or it would never be
    assert (late.missing("bounded"), late.catch_up()) == ([], 0)


def test_footage_whose_pictures_are_gone_is_passed_over(engine: Engine, network: Colours, settings: Settings) -> None:
    network.card = replace(network.card, version="gone")
    (footage,) = engine.list_footage()
    folder = settings.media / footage.sha256
    folder.rename(folder.with_name("elsewhere"))
    late = LateEmbeddings(engine._database, settings)
    try:
        assert (late.catch_up(), late.missing("gone")) == (0, [])
    finally:
        folder.with_name("elsewhere").rename(folder)
