"""Clothes on the whole way: read by an analysis, embedded where a network is here, exported, searched, watched."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine import pipeline, second_opinion
from engine.api import Engine
from engine.clothing_step import KeptViews, embed_clothing, read_clothing
from engine.core.config import AnalysisConfig, DetectConfig, Settings
from engine.core.errors import FootageError
from engine.core.protocols import ModelCard
from engine.core.search import SearchConfig
from engine.core.types import Image
from engine.core.views import RunView
from engine.export.json import export_json
from engine.store.clothing import ClothingTable
from engine.store.results import ResultTable
from tests.drawn import draw_clip

FAKE = AnalysisConfig(person_model="fake", detect=DetectConfig(fps=5, chunk_s=2.0))


class Colours:
    """A network that compares pictures with words by how red or blue they are."""

    card = ModelCard("blip", "colours", "trained", "AGPL-3.0-only", "a test")
    caption_card: ModelCard | None = card
    asked: list[str]

    def __init__(self) -> None:
        self.asked = []

    def encode_images(self, crops: Sequence[Image]) -> np.ndarray:
        middle = [crop[crop.shape[0] // 4 : -4, 4:-4].reshape(-1, 3).mean(axis=0) for crop in crops]
        rows = np.array(middle, np.float32) / 255
        return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)

    def encode_text(self, text: str) -> np.ndarray:
        self.asked.append(text)
        row = np.array([("red" in text) + 0.1, 0.1, ("blue" in text) + 0.1], np.float32)
        return (row / np.linalg.norm(row)).astype(np.float32)

    def match(self, crops: Sequence[Image], text: str) -> np.ndarray:
        return np.clip(self.encode_images(crops) @ self.encode_text(text), 0, 1)

    def caption(self, crops: Sequence[Image]) -> list[str]:
        return ["a person in red" if crop[..., 0].mean() > crop[..., 2].mean() else "in blue" for crop in crops]


@dataclass(frozen=True)
class Chosen:
    """Stands in for a `Backend` with a checkpoint."""

    network: Colours

    @property
    def card(self) -> ModelCard:
        return self.network.card

    def build(self) -> Colours:
        return self.network


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with an analysed clip: P1 all in red, P2 in blue."""
    folder = tmp_path_factory.mktemp("home")
    with Engine(Settings(home=folder / "home")) as engine:
        clip = draw_clip(folder / "drawn.mp4")
        engine.search.save("Blue", "blue trousers", watched=True)
        engine.analyze_now(engine.register(clip).id, FAKE)
    return folder / "home"


@pytest.fixture
def engine(home: Path) -> Iterator[Engine]:
    with Engine(Settings(home=home)) as opened:
        yield opened


def latest(engine: Engine) -> RunView:
    return engine.runs(engine.list_footage()[0].id)[0]


def kept_views(engine: Engine) -> KeptViews:
    view, run = engine.list_footage()[0], latest(engine)
    keys = {stage.name: stage.key for stage in run.stages}
    size = (view.media.width, view.media.height)
    return KeptViews(engine.settings.media / view.sha256, size, keys["track"], keys["crops"])


@pytest.mark.parametrize(
    ("query", "first"),
    [
        pytest.param("red top", "P1", id="english"),
        pytest.param("파란 바지", "P2", id="korean"),
    ],
)
def test_an_analysis_can_be_searched(engine: Engine, query: str, first: str) -> None:
    answer = engine.search.find(query)
    assert answer.hits[0].person == first
    assert (answer.considered, answer.unread, answer.tier) == (2, (), "slots")
    assert engine.media_file(answer.hits[0].footage, answer.hits[0].crop.file) is not None


def test_watched_searches_are_made_when_a_job_ends(engine: Engine) -> None:
    (search,) = engine.search.saved()
    assert engine.search.finds(search.id) == ((latest(engine).footage, latest(engine).id, "P2"),)
    assert [each.by for each in engine.search.log()][-1] == "watch"


def test_the_export_says_what_people_wear(engine: Engine) -> None:
    view = engine.list_footage()[0]
    document = export_json(engine.answers.findings(view, latest(engine)))
    red, blue = (person["clothing"] for person in document["persons"])
    assert red["caption"] is None
    assert set(red["slots"]) >= {"upper", "lower", "shoes", "head"}
    assert red["slots"]["upper"][0] | {"score": 1.0} == {
        "color": "red",
        "type": "long sleeves",
        "pattern": "plain",
        "score": 1.0,
    }
    assert blue["slots"]["lower"][0]["color"] in ("blue", "navy")
    assert red["slots"]["shoes"] == []
    json.dumps(document, allow_nan=False)


def test_a_missing_picture_is_told(engine: Engine, tmp_path: Path) -> None:
    kept = kept_views(engine)
    table = ClothingTable(engine._database)
    elsewhere = KeptViews(tmp_path, kept.size, kept.tracklets_key, kept.crops_key)
    with pytest.raises(FootageError, match="missing or damaged"):
        read_clothing(ResultTable(engine._database), table, elsewhere, lambda: None, Silent())


class Silent:
    def progress(self, stage: str, done: float, total: float) -> None:
        assert 0 <= done <= total

    def checkpoint(self) -> None:
        return None


@pytest.fixture
def network(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Colours:
    """A network that is on this machine and has embedded the clip."""
    network = Colours()
    chosen: Any = Chosen(network)
    for module in (pipeline, second_opinion):
        monkeypatch.setattr(module, "choose_clothing_text", lambda *_: chosen)
    engine.analyze_now(engine.list_footage()[0].id, FAKE)
    network.asked.clear()
    return network


def test_a_network_gives_a_second_opinion(engine: Engine, network: Colours) -> None:
    run = latest(engine)
    assert "embeddings" in [stage.name for stage in run.stages]
    answer = engine.search.find("빨간 옷")
    assert answer.tier == "fused"
    assert answer.english
    assert set(network.asked) == {answer.english}
    assert "red" in answer.english
    first, second = answer.hits
    assert (first.person, first.tier, first.caption) == ("P1", "fused", "a person in red")
    assert first.matching is not None
    assert first.similarity > second.similarity
    assert first.matching > (second.matching or 0)
    assert first.score >= second.score
    assert engine.answers.clothing(run.id)["P2"].caption == "in blue"  # type: ignore[index]


def test_what_only_a_network_can_hold_against_pictures(engine: Engine, network: Colours) -> None:
    answer = engine.search.find("woman")
    assert answer.understood.unknown == ("woman",)
    assert (answer.tier, len(answer.hits)) == ("blip", 2)


def test_people_alike_to_the_network_too(engine: Engine, network: Colours) -> None:
    view = engine.search.find("red top").hits[0].crop
    answer = engine.search.similar(latest(engine).footage, view.tracklet, view.rank)
    assert [hit.person for hit in answer.hits] == ["P2"]
    assert answer.tier == "fused"
    assert {path.name.split("-")[0] for path in (engine.settings.home / "search").glob("*.json")} == {"slots", "blip"}


def test_without_its_checkpoint_nothing_is_asked(engine: Engine, network: Colours, monkeypatch: Any) -> None:
    monkeypatch.setattr(second_opinion, "choose_clothing_text", lambda *_: None)
    assert engine.search.find("red top", SearchConfig()).tier == "slots"
    assert network.asked == []


def test_a_network_without_captions_writes_none(engine: Engine) -> None:
    network = Colours()
    network.caption_card = None
    table, kept = ClothingTable(engine._database), kept_views(engine)
    save = embed_clothing(ResultTable(engine._database), table, kept, lambda: network, Silent())
    seen: dict[str, Any] = {}
    table.save_vectors = lambda *given: seen.update(given=given)  # type: ignore[method-assign]
    partial(save, None)()
    assert seen["given"][3] == {}
    assert all(rows.shape[1] == 3 for rows in seen["given"][1].values())
