"""Fine-tuning of BLIP on drawn figures in coloured clothes: what it learns, what it leaves behind, how it goes on."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.core.config import Settings
from engine.core.errors import ConfigError, ModelError, ModelMissing
from engine.core.protocols import BackendOptions
from engine.tiers import choose_clothing_text
from models.clothing.blip import BlipImageText
from models.training.blip import WORK, Epoch, best_epoch, is_stalled, train
from models.training.blip_config import BlipTrainConfig
from models.training.blip_data import open_picture, read_pairs
from models.training.blip_measure import evaluate, measure
from tests.models.clothing.tiny_blip import write_checkpoints
from tests.models.training.drawn_people import draw_people

EPOCHS = 10


@pytest.fixture(scope="module", autouse=True)
def one_thread() -> Iterator[None]:
    """Networks this small are only slowed down by more."""
    from models.checkpoint import torch_threads

    with torch_threads(1):
        yield


@pytest.fixture(scope="module")
def bases(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return write_checkpoints(tmp_path_factory.mktemp("bases"), width=64)


@dataclass(frozen=True)
class Trained:
    home: Settings
    data: Path
    out: Path
    told: dict[str, Any]
    epochs: list[Epoch]


def settings(data: Path, bases: tuple[Path, Path], out: Path, **changes: Any) -> dict[str, Any]:
    return {
        "data": str(data),
        "retrieval": str(bases[0]),
        "captioning": str(bases[1]),
        "out": str(out),
        "epochs": EPOCHS,
        "patience": EPOCHS,
        "batch": 12,
        "learning_rate": 3e-3,
        "queue": 24,
        "momentum": 0.9,
        "held_out": 0.2,
        "top": 4,
        **changes,
    }


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory, bases: tuple[Path, Path]) -> Trained:
    root = tmp_path_factory.mktemp("trained")
    home = Settings(home=root / "home", threads=1)
    out = home.models / "clothing_text" / "ours"
    data = draw_people(root / "data", views=8, colours=3)
    epochs: list[Epoch] = []
    told = train(settings(data, bases, out), on_epoch=epochs.append)
    return Trained(home, data, out, told, epochs)


def test_losses_fall(trained: Trained) -> None:
    first, last = trained.epochs[0], trained.epochs[-1]
    assert len(trained.epochs) == EPOCHS
    assert last.loss < 0.75 * first.loss
    assert last.held_loss < first.held_loss
    assert last.writing < 0.5 * first.writing
    assert last.contrastive < first.contrastive


def test_pictures_are_found_far_better_than_before(trained: Trained) -> None:
    before, now = trained.told["before"], trained.told["measured"]["likeness"]
    assert now["r1"] >= before["r1"] + 30
    assert now["mean"] > before["mean"]


def test_captions_are_learned(trained: Trained, bases: tuple[Path, Path]) -> None:
    pairs = read_pairs(trained.data)[::8]
    untrained = measure(pairs, BackendOptions(threads=1, weights=bases[0]), 2)
    assert untrained["bleu"] == 0
    assert trained.told["measured"]["bleu"] > 40


def test_search_uses_the_checkpoint_at_once_and_answers_differently(trained: Trained, bases: tuple[Path, Path]) -> None:
    chosen = choose_clothing_text(trained.home)
    assert chosen is not None
    assert chosen.card.tier == "trained"
    model, before = chosen.build(), BlipImageText(BackendOptions(threads=1, weights=bases[0]))
    red, blue = (open_picture(trained.data / f"{name}-black-0.png") for name in ("red", "white"))
    asked = "a person in a red shirt and black trousers"
    likeness = model.encode_images([red, blue]) @ model.encode_text(asked)
    assert likeness[0] > likeness[1]
    assert np.abs(likeness - before.encode_images([red, blue]) @ before.encode_text(asked)).max() > 0.05
    assert np.abs(model.match([red, blue], asked) - before.match([red, blue], asked)).max() > 0.01
    assert model.caption([red]) != before.caption([red])
    assert model.caption([red])[0].startswith("a person in a")


def test_what_is_left_behind(trained: Trained) -> None:
    names = {file.relative_to(trained.out).as_posix() for file in trained.out.rglob("*") if file.is_file()}
    for folder in ("", "captioning/"):
        assert {f"{folder}{name}" for name in ("config.json", "model.safetensors", "preprocessor_config.json")} <= names
        assert f"{folder}tokenizer.json" in names
    assert {"card.md", "curves.png", "sightline.json"} <= names
    assert not [name for name in names if name.startswith(WORK) or name.endswith((".pt", ".bin"))]
    told = json.loads((trained.out / "sightline.json").read_text("utf-8"))
    assert told["measured"] == trained.told["measured"]
    assert len(told["history"]) == EPOCHS
    card = (trained.out / "card.md").read_text("utf-8")
    assert all(figure in card for figure in ("35.17", "58.69", "72.76", "88.27", "35.25"))
    assert f"{told['measured']['likeness']['r1']:.2f}" in card


def test_writing_looks_through_the_same_eyes(trained: Trained) -> None:
    from safetensors.numpy import load_file

    compares, writes = (load_file(trained.out / part / "model.safetensors") for part in ("", "captioning"))
    eyes = [name for name in compares if name.startswith("vision_model")]
    assert eyes
    assert all((compares[name] == writes[name]).all() for name in eyes)


def test_evaluation_in_one_object(trained: Trained) -> None:
    told = evaluate(trained.data, BackendOptions(threads=1, weights=trained.out), top=3)
    assert (told["pictures"], told["sentences"]) == (72, 9)
    for part in (told, told["sentences_by_picture"]):
        for name in ("likeness", "matching"):
            figures = part[name]
            assert figures["mean"] == pytest.approx((figures["r1"] + figures["r5"] + figures["r10"]) / 3, abs=0.01)
    assert told["likeness"]["r1"] > 50
    assert told["bleu"] > 40
    assert told["reference"]["before"] == {"r1": 35.17, "r5": 67.05, "r10": 73.83, "mean": 58.69, "bleu": 0.0}
    assert told["reference"]["fine_tuned"] == {"r1": 72.76, "r5": 94.73, "r10": 97.32, "mean": 88.27, "bleu": 35.25}
    assert told["model"]["tier"] == "trained"
    json.dumps(told)


class Stopped(Exception):
    """Stands in for a power cut."""


def test_an_interrupted_training_goes_on_to_the_same_result(tmp_path: Path, bases: tuple[Path, Path]) -> None:
    data = draw_people(tmp_path / "data", views=2, colours=3)
    changes = {"epochs": 3, "batch": 8, "held_out": 0.1}
    whole = train(settings(data, bases, tmp_path / "whole", **changes))

    def stop(epoch: Epoch) -> None:
        if epoch.number == 2:
            raise Stopped

    config = settings(data, bases, tmp_path / "parts", **changes)
    with pytest.raises(Stopped):
        train(config, on_epoch=stop)
    with pytest.raises(ConfigError, match="--resume"):
        train(config)
    with pytest.raises(ConfigError, match="other settings"):
        train({**config, "alpha": 0.3}, resume=True)
    parts = train(config, resume=True)
    assert parts["history"] == whole["history"]
    for file in ("model.safetensors", "captioning/model.safetensors"):
        assert (tmp_path / "whole" / file).read_bytes() == (tmp_path / "parts" / file).read_bytes()


def test_a_broken_state_is_told(tmp_path: Path, bases: tuple[Path, Path]) -> None:
    data = draw_people(tmp_path / "data", views=1, colours=2)
    (tmp_path / "out" / WORK).mkdir(parents=True)
    (tmp_path / "out" / WORK / "state.pt").write_bytes(b"PK broken")
    with pytest.raises(ConfigError, match="broken"):
        train(settings(data, bases, tmp_path / "out"), resume=True)


def epoch(number: int, mean: float, held: float = 1.0) -> Epoch:
    return Epoch(number, 9, 1.0, 1.0, 1.0, held, held, held, mean, mean, mean, mean)


def test_it_stops_when_nothing_gets_better() -> None:
    history = [epoch(1, 10.0), epoch(2, 30.0), epoch(3, 20.0)]
    assert best_epoch(history).number == 2
    assert not is_stalled(history, 2)
    assert is_stalled([*history, epoch(4, 30.0)], 2)
    assert best_epoch([*history, epoch(4, 30.0, held=0.5)]).number == 4
    assert not is_stalled([], 1)


@pytest.mark.parametrize(
    ("changes", "match"),
    [
        pytest.param({"data": ""}, "data must name", id="no-data"),
        pytest.param({"out": 3}, "out must name", id="out-is-no-name"),
        pytest.param({"layout": "coco"}, "layout must be", id="layout"),
        pytest.param({"batch": 1}, "batch must be", id="batch-of-one"),
        pytest.param({"momentum": 1.0}, "momentum must be", id="momentum"),
        pytest.param({"colour": 1}, "Unknown setting", id="unknown"),
    ],
)
def test_settings_are_checked(changes: dict[str, Any], match: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=match):
        BlipTrainConfig.from_dict({**settings(tmp_path, (tmp_path, tmp_path), tmp_path), **changes})


def test_bases_must_be_there_and_of_the_right_kind(tmp_path: Path, bases: tuple[Path, Path]) -> None:
    data = draw_people(tmp_path / "data", views=1, colours=2)
    with pytest.raises(ModelMissing, match="models fetch blip-itm-base-coco"):
        train(settings(data, (tmp_path / "none", bases[1]), tmp_path / "out"))
    with pytest.raises(ModelMissing, match="models fetch blip-image-captioning-base"):
        train(settings(data, (bases[0], tmp_path / "none"), tmp_path / "out"))
    with pytest.raises(ModelError, match="BlipForConditionalGeneration"):
        train(settings(data, (bases[0], bases[0]), tmp_path / "out"))
    _, other = write_checkpoints(tmp_path / "other", width=32)
    with pytest.raises(ModelError, match="different sizes"):
        train(settings(data, (bases[0], other), tmp_path / "out"))
