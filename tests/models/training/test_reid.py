from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.cli import main
from engine.core.errors import ConfigError, FootageError, ModelError, ModelMissing
from engine.core.protocols import BackendOptions
from models.identity.checkpoint import write
from models.identity.timm_embedder import SqueezeNetEmbedder
from models.training.reid import Epoch, Places, best_epoch, is_stalled, start_network, train
from models.training.reid_config import ReidTrainConfig
from tests.models.identity.tiny import save_tiny
from tests.models.training.drawn_crowd import draw_crowd

CONFIG = ReidTrainConfig(
    model="squeezenet", height=64, width=32, embedding=32, epochs=8, patience=2, people=8, views=4,
    held_out=0.3, learning_rate=3e-3,
)  # fmt: skip

Trained = tuple[Path, dict[str, Any], list[Epoch]]


@pytest.fixture(scope="module", autouse=True)
def _one_thread() -> Iterator[None]:
    # Networks as small as these only wait for each other's threads.
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = draw_crowd(tmp_path_factory.mktemp("crowd"), {"training": 24, "query": 8}, views=6, size=(64, 32))
    (root / "training" / "notes.txt").write_text("of the data", "utf-8")
    return root


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def trained(data: Path, home: Path) -> Trained:
    out, epochs = home / "models" / "identity" / "ours", []
    result = train(CONFIG, Places(data, out), on_epoch=epochs.append)
    return out, result, epochs


def test_people_held_out_are_found_better(trained: Trained) -> None:
    _, result, epochs = trained
    assert [epoch.number for epoch in epochs] == list(range(1, result["epochs"] + 1))
    assert result["measured"]["map"] == pytest.approx(max(epoch.map for epoch in epochs), abs=1e-3)
    assert result["measured"]["map"] > result["before"]["map"] + 0.2
    assert result["training"] == {"people": 17, "pictures": 102} and result["held_out"]["people"] == 7


def test_everything_lies_in_one_place(trained: Trained) -> None:
    out, result, _ = trained
    names = {path.name for path in out.iterdir()}
    assert names == {"config.json", "model.safetensors", "card.md", "curves.png", "sightline.json"}
    told = json.loads((out / "sightline.json").read_text("utf-8"))
    assert told["settings"] == CONFIG.to_dict() and told["history"][-1]["number"] == result["epochs"]
    card = (out / "card.md").read_text("utf-8")
    assert "squeezenet1_1, trained from chance" in card and "| now |" in card
    assert "Left out**: 1 files in training have names that do not say who is shown: notes.txt." in card
    assert (out / "curves.png").read_bytes().startswith(b"\x89PNG")
    embedder = SqueezeNetEmbedder(BackendOptions(threads=1, weights=out))
    assert embedder.card.tier == "trained" and embedder.size == 32
    assert (embedder.scale.different, embedder.scale.same) == tuple(result["scale"])


def test_strangers_are_found_better_too(
    trained: Trained, data: Path, home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setenv("SIGHTLINE_HOME", str(home))
    write(start_network(CONFIG, None), tmp_path / "untrained")
    told = {}
    for name, weights in (("trained", []), ("untrained", ["--weights", str(tmp_path / "untrained")])):
        pictures = tmp_path / name
        assert main(["evaluate", "reid", "--data", str(data), "--pictures", str(pictures), *weights]) == 0
        told[name] = json.loads(capsys.readouterr().out.splitlines()[-1])
        for picture in ("distances.png", "ranked.png"):
            assert (pictures / picture).read_bytes().startswith(b"\x89PNG")
    ours, chance = told["trained"], told["untrained"]
    assert ours["model"]["tier"] == "trained" and ours["model"]["name"] == "squeezenet"
    assert ours["map"] > chance["map"] + 0.15 and ours["rank5"] >= ours["rank1"] > chance["rank1"]
    # Each camera sees a person in three of six pictures of the gallery; those of the query's own do not count.
    assert (ours["queries"], ours["gallery"], ours["cameras"], ours["unanswerable"]) == (16, 48, True, 0)
    shares = ours["distances"]
    assert sum(shares["same"]) == pytest.approx(1, abs=1e-3) and sum(shares["different"]) == pytest.approx(1, abs=1e-3)
    middle = np.array(shares["edges"][:-1])
    assert middle @ shares["same"] < 0.7 * (middle @ shares["different"])
    assert len(ours["shown"]) == 8


def _weights(folder: Path) -> dict[str, np.ndarray]:
    from safetensors.numpy import load_file

    return load_file(folder / "model.safetensors")


def test_an_interrupted_training_goes_on_as_if_nothing_had_been(trained: Trained, data: Path, tmp_path: Path) -> None:
    def stop(epoch: Epoch) -> None:
        if epoch.number == 2:
            raise KeyboardInterrupt

    places = Places(data, tmp_path / "ours")
    with pytest.raises(KeyboardInterrupt):
        train(CONFIG, places, on_epoch=stop)
    assert not (places.out / "config.json").exists(), "what is not finished cannot be chosen"
    with pytest.raises(ConfigError) as twice:
        train(CONFIG, places)
    assert "--resume" in twice.value.user_message
    with pytest.raises(ConfigError) as other:
        train(ReidTrainConfig(**{**CONFIG.to_dict(), "seed": 8}), places, resume=True)
    assert "other settings" in other.value.user_message
    rest: list[Epoch] = []
    result = train(CONFIG, places, resume=True, on_epoch=rest.append)
    assert [epoch.number for epoch in rest] == list(range(3, result["epochs"] + 1))
    assert {**result, "checkpoint": ""} == {**trained[1], "checkpoint": ""}
    first, second = _weights(trained[0]), _weights(places.out)
    assert first.keys() == second.keys()
    for name, values in first.items():
        np.testing.assert_array_equal(values, second[name])


def test_the_command_trains_with_quadruplets_from_another_checkpoint(
    trained: Trained, data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SIGHTLINE_HOME", str(tmp_path))
    settings = {name: getattr(CONFIG, name) for name in ("height", "width", "embedding", "people", "held_out")}
    lines = [*(f"{name} = {value}" for name, value in settings.items()), "epochs = 1", "learning_rate = 1e-4"]
    (tmp_path / "config.toml").write_text("\n".join([*lines, 'precision = "bfloat16"']), "utf-8")
    asked = ["train", "reid", "--data", str(data), "--model", "squeezenet", "--loss", "quadruplet"]
    asked += ["--base", str(trained[0]), "--config", str(tmp_path / "config.toml")]
    assert main(asked) == 0
    said = capsys.readouterr()
    told = json.loads(said.out.splitlines()[-1])
    assert (told["task"], told["loss"], told["epochs"]) == ("reid", "quadruplet", 1)
    assert told["before"] == trained[1]["measured"], "it began with the other's weights"
    assert told["checkpoint"] == str(tmp_path / "models" / "identity" / "reid-squeezenet-quadruplet")
    assert "epoch 1/1: loss" in said.err and "can be chosen on the Models page" in said.err
    assert main(asked) == 2 and "holds a model already" in capsys.readouterr().err


def test_errors_say_what_to_do(data: Path, tmp_path: Path) -> None:
    for config, places, kind, said in (
        ({}, Places(tmp_path, tmp_path / "out"), FootageError, "no folder called training"),
        ({}, Places(data, tmp_path / "out", tmp_path / "absent"), ModelMissing, "lacks config.json"),
        ({"architecture": "mobilenetv3_huge"}, Places(data, tmp_path / "out"), ModelError, "knows no architecture"),
        (
            {"model": "squeezenet", "cbam": False},
            Places(data, tmp_path / "out", save_tiny(tmp_path / "other")),
            ModelError,
            "is of the architecture mobilenetv3_small_050, not squeezenet1_1",
        ),
    ):
        with pytest.raises(kind) as raised:
            train(config, places)
        assert said in raised.value.user_message
    assert not (tmp_path / "out").exists()


def _history(*maps: float) -> list[Epoch]:
    return [Epoch(row + 1, 50, 1.0, value, value) for row, value in enumerate(maps)]


@pytest.mark.parametrize(
    ("maps", "best", "stalled"),
    [
        pytest.param((0.5,), 1, False, id="first"),
        pytest.param((0.5, 0.7, 0.6), 2, False, id="the-highest"),
        pytest.param((0.7, 0.7, 0.6, 0.7), 1, True, id="then-the-earlier"),
        pytest.param((0.7, 0.6, 0.6, 0.8), 4, False, id="better-at-last"),
    ],
)
def test_when_it_stops(maps: tuple[float, ...], best: int, stalled: bool) -> None:
    history = _history(*maps)
    assert best_epoch(history).number == best and is_stalled(history, 3) == stalled
