from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from engine.commands.videomae import PersonSenses
from engine.core.config import AnalysisConfig, Settings
from engine.core.errors import ConfigError, ModelError, ModelMissing
from engine.core.protocols import BackendOptions
from engine.core.types import FloatArray, Frame
from models.action.videomae import VideoMaeClassifier
from models.training.videomae import Epoch, Places, best_epoch, is_stalled, train
from models.training.videomae_clips import clips_of
from models.training.videomae_config import VideoTrainConfig
from models.training.videomae_report import Result, measure
from models.training.videomae_steps import class_weights
from tests.drawn import Walker, draw_clip
from tests.models.action.test_videomae import save_tiny

CONFIG = VideoTrainConfig(epochs=5, batch=4, learning_rate=3e-3, copies=2, warmup=0.0, held_out=0.25)


def _draw(path: Path, colour: tuple[int, int, int], number: int) -> Path:
    start = (20.0 + 25 * number, 20.0 + 12 * number)
    return draw_clip(path, (Walker(colour, start=start, speed=(20.0, 0.0)),), seconds=2.2)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Red figures and blue ones, four clips of each."""
    root = tmp_path_factory.mktemp("data")
    for label, colour in (("red", (220, 30, 30)), ("blue", (30, 30, 220))):
        (root / label).mkdir()
        for number in range(4):
            _draw(root / label / f"{number}.mp4", colour, number)
    return root


class Remembered:
    """The real senses, which decode each clip once for all tests of this file."""

    def __init__(self, senses: PersonSenses) -> None:
        self._senses = senses
        self._frames: dict[Path, list[Frame]] = {}
        self.version = senses.version

    def read(self, path: Path) -> Iterator[Frame]:
        if path not in self._frames:
            self._frames[path] = list(self._senses.read(path))
        yield from self._frames[path]

    def people(self, frames: Sequence[Frame]) -> list[FloatArray]:
        return self._senses.people(frames)


@pytest.fixture(scope="module")
def senses(tmp_path_factory: pytest.TempPathFactory) -> Remembered:
    home = tmp_path_factory.mktemp("home")
    return Remembered(PersonSenses(Settings(home=home), AnalysisConfig(person_model="fake")))


@pytest.fixture(scope="module", autouse=True)
def _one_thread() -> Iterator[None]:
    # Networks as small as these only wait for each other's threads.
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_tiny(tmp_path_factory.mktemp("base") / "tiny")


@pytest.fixture(scope="module")
def trained(
    data: Path, senses: Remembered, base: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, dict[str, object], list[Epoch]]:
    out, epochs = tmp_path_factory.mktemp("out") / "colours", []
    result = train(CONFIG, Places(data, out, base), senses, on_epoch=epochs.append)
    return out, result, epochs


Trained = tuple[Path, dict[str, object], list[Epoch]]


def test_the_loss_falls(trained: Trained) -> None:
    _, result, epochs = trained
    assert [epoch.number for epoch in epochs] == [1, 2, 3, 4, 5]
    assert epochs[-1].loss < 0.6 * epochs[0].loss
    assert result["accuracy"] == 1.0
    assert (result["training_clips"], result["held_clips"]) == (6, 2)


def test_the_checkpoint_can_be_chosen_and_has_learnt(
    trained: Trained, senses: Remembered, base: Path, tmp_path: Path
) -> None:
    out, _, _ = trained
    classifier = VideoMaeClassifier(BackendOptions(threads=1, weights=out))
    assert classifier.labels == ("blue", "red")
    assert classifier.card.tier == "trained"
    untrained = VideoMaeClassifier(BackendOptions(threads=1, weights=base))
    for label, colour in (("red", (200, 10, 10)), ("blue", (10, 10, 200))):
        film = _draw(tmp_path / f"{label}.mp4", colour, 2)
        (clip, *_) = clips_of(senses, film, (4, 32), CONFIG)
        (answer,) = classifier.classify(clip[None])
        assert answer[classifier.labels.index(label)] > 0.7
        assert untrained.classify(clip[None]).shape == (1, 3)


def test_everything_lies_in_one_place(trained: Trained) -> None:
    out, result, _ = trained
    names = {path.name for path in out.iterdir()}
    assert names >= {"config.json", "model.safetensors", "preprocessor_config.json", "card.md", "confusion.png"}
    assert "training" not in names, "what a training goes on from is gone when it is done"
    told = json.loads((out / "sightline.json").read_text("utf-8"))
    assert told["settings"] == CONFIG.to_dict() and told["labels"] == ["blue", "red"]
    assert "| blue | 1 | 1.000 |" in (out / "card.md").read_text("utf-8")
    assert (out / "confusion.png").read_bytes().startswith(b"\x89PNG")
    assert result["confusion"] == [[1, 0], [0, 1]]


def _weights(folder: Path) -> dict[str, np.ndarray]:
    from safetensors.numpy import load_file

    return load_file(folder / "model.safetensors")


def test_an_interrupted_training_goes_on_as_if_nothing_had_been(
    trained: Trained, data: Path, senses: Remembered, base: Path, tmp_path: Path
) -> None:
    def stop(epoch: Epoch) -> None:
        if epoch.number == 2:
            raise KeyboardInterrupt

    places = Places(data, tmp_path / "colours", base)
    with pytest.raises(KeyboardInterrupt):
        train(CONFIG, places, senses, on_epoch=stop)
    with pytest.raises(ConfigError) as twice:
        train(CONFIG, places, senses)
    assert "--resume" in twice.value.user_message
    with pytest.raises(ConfigError) as other:
        train(VideoTrainConfig(**{**CONFIG.to_dict(), "seed": 8}), places, senses, resume=True)
    assert "other settings" in other.value.user_message
    rest: list[Epoch] = []
    result = train(CONFIG, places, senses, resume=True, on_epoch=rest.append)
    assert [epoch.number for epoch in rest] == [3, 4, 5]
    whole = trained[1]
    assert {**result, "checkpoint": ""} == {**whole, "checkpoint": ""}
    first, second = _weights(trained[0]), _weights(places.out)
    assert first.keys() == second.keys()
    for name, values in first.items():
        np.testing.assert_array_equal(values, second[name])


def test_a_broken_state_is_a_clear_error(data: Path, senses: Remembered, base: Path, tmp_path: Path) -> None:
    (tmp_path / "out" / "training").mkdir(parents=True)
    (tmp_path / "out" / "training" / "state.pt").write_bytes(b"nonsense")
    with pytest.raises(ConfigError) as raised:
        train(CONFIG, Places(data, tmp_path / "out", base), senses, resume=True)
    assert "broken" in raised.value.user_message


def _history(*measured: tuple[float, float]) -> list[Epoch]:
    return [Epoch(row + 1, 50, 1.0, recall, recall, loss) for row, (recall, loss) in enumerate(measured)]


@pytest.mark.parametrize(
    ("measured", "best", "stalled"),
    [
        pytest.param([(0.5, 1.0)], 1, False, id="first"),
        pytest.param([(0.5, 1.0), (0.7, 1.2), (0.6, 0.9)], 2, False, id="recall-counts-first"),
        pytest.param([(0.7, 1.0), (0.7, 0.9), (0.7, 0.9)], 2, False, id="then-the-loss-then-the-earlier"),
        pytest.param([(0.7, 0.9), (0.6, 1.0), (0.6, 1.0), (0.6, 1.0)], 1, True, id="nothing-better-for-three"),
        pytest.param([(0.7, 0.9), (0.6, 1.0), (0.6, 1.0), (0.8, 1.0)], 4, False, id="better-at-last"),
    ],
)
def test_when_it_stops(measured: list[tuple[float, float]], best: int, stalled: bool) -> None:
    history = _history(*measured)
    assert best_epoch(history).number == best
    assert is_stalled(history, 3) == stalled


def test_it_stops_early(
    data: Path, senses: Remembered, base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    losses = iter([1.0, 0.8, 0.9, 0.9, 0.8])
    monkeypatch.setattr("models.training.videomae.measure", lambda *_: Result(np.eye(2, dtype=np.int64), next(losses)))
    config = VideoTrainConfig(**{**CONFIG.to_dict(), "epochs": 30, "patience": 2, "copies": 1})
    result = train(config, Places(data, tmp_path / "out", base), senses)
    assert (result["epochs"], result["best_epoch"]) == (4, 2)


def test_vivit_is_one_flag_away(data: Path, senses: Remembered, base: Path, tmp_path: Path) -> None:
    vivit = save_tiny(tmp_path / "vivit", "vivit")
    config = VideoTrainConfig(**{**CONFIG.to_dict(), "epochs": 1, "architecture": "vivit"})
    train(config, Places(data, tmp_path / "out", vivit), senses)
    assert VideoMaeClassifier(BackendOptions(weights=tmp_path / "out")).labels == ("blue", "red")
    with pytest.raises(ModelError) as raised:
        train(config, Places(data, tmp_path / "other", base), senses)
    assert "architecture videomae, not vivit" in raised.value.user_message


@pytest.mark.parametrize("named", [None, "absent"])
def test_without_a_start_it_says_what_to_fetch(
    data: Path, senses: Remembered, tmp_path: Path, named: str | None
) -> None:
    with pytest.raises(ModelMissing):
        train({}, {"data": data, "out": tmp_path / "out", "base": tmp_path / named if named else None}, senses)
    assert not (tmp_path / "out").exists()


def test_rare_labels_weigh_more() -> None:
    weights = class_weights((0, 0, 0, 1), 2)
    np.testing.assert_allclose(weights, (4 / 6, 2))
    assert weights[[0, 0, 0, 1]].mean() == pytest.approx(1.0)


def test_measuring() -> None:
    logits = np.log(np.array([[0.7, 0.2, 0.1], [0.6, 0.3, 0.1], [0.1, 0.8, 0.1]], np.float32))
    result = measure(logits, [0, 1, 1])
    assert result.confusion.tolist() == [[1, 0, 0], [1, 1, 0], [0, 0, 0]]
    assert result.accuracy == pytest.approx(2 / 3) and result.macro_recall == pytest.approx(0.75)
    assert result.loss == pytest.approx(-np.log([0.7, 0.3, 0.8]).mean(), abs=1e-6)
