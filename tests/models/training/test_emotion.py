"""A training learns, can be interrupted, and leaves a network that analyses can use."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.core.errors import ConfigError, FootageError
from engine.core.labels import EMOTIONS
from engine.core.protocols import BackendOptions
from models.emotion.cnn import CnnEmotionClassifier
from models.emotion.fer import CLASSES, EMOTION_OF
from models.training.emotion import Epoch, train
from tests.models.training.drawn_faces import drawn_face, drawn_zip

QUICK = {
    "epochs": 5,
    "more_epochs": 2,
    "learning_rate": 0.02,
    "mixup": 0.0,
    "dropout": 0.0,
    "small_epochs": 1,
    "middle_epochs": 1,
    "decay_epochs": 2,
    "warmup": 0.0,
    "batch": 8,
    "width": 8,
    "average": 0.8,
    "held_out": 0.1,
    "rotation": 1.0,
    "shift": 0.01,
    "erase": 0.05,
    "coarse": 0.05,
}


class Stop(Exception):
    """Somebody pulled the plug."""


@pytest.fixture(scope="module")
def faces(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return drawn_zip(tmp_path_factory.mktemp("faces") / "faces.zip", {"train": 10, "validation": 3})


@pytest.fixture(scope="module")
def trained(faces: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Epoch], dict[str, Any]]:
    out, heard = tmp_path_factory.mktemp("trained"), []
    return out, heard, train(QUICK, faces, out, on_epoch=heard.append)


def test_the_loss_falls(trained: tuple[Path, list[Epoch], dict[str, Any]]) -> None:
    _, heard, _ = trained
    assert [(epoch.number, epoch.of) for epoch in heard] == [(number, 7) for number in range(1, 8)]
    assert heard[-1].loss < 0.8 * heard[0].loss


def test_the_checkpoint_is_what_analyses_use(trained: tuple[Path, list[Epoch], dict[str, Any]]) -> None:
    out, _, result = trained
    network = CnnEmotionClassifier(BackendOptions(threads=1, weights=out / "emotion.safetensors"))
    assert network.card.tier == "trained"
    cuts = np.stack([drawn_face(label, 5000 + index) for label in range(len(CLASSES)) for index in range(4)])
    answers = [EMOTIONS[column] for column in network.read(cuts).argmax(axis=1)]
    right = [EMOTION_OF[CLASSES[row // 4]] == answer for row, answer in enumerate(answers)]
    assert np.mean(right) > 0.5, "chance is one in seven"
    assert (out / "emotion.safetensors").stat().st_size < 4e6
    assert result["measured"]["validation"]["n"] == 3 * len(CLASSES)


def test_the_card_tells_what_was_measured(trained: tuple[Path, list[Epoch], dict[str, Any]]) -> None:
    out, _, result = trained
    card = (out / "emotion.md").read_text("utf-8")
    assert f"accuracy {result['measured']['validation']['accuracy']:.3f}" in card
    assert all(f"| {label} | 3 |" in card for label in CLASSES)
    assert "`epochs = 5`" in card
    assert "confused" in card
    for picture in ("emotion-curves.png", "emotion-confusion.png"):
        assert (out / picture).read_bytes().startswith(b"\x89PNG")


def test_the_best_epoch_is_kept(trained: tuple[Path, list[Epoch], dict[str, Any]]) -> None:
    _, heard, result = trained
    best = min(heard, key=lambda epoch: epoch.held_out_loss)
    assert result["best_epoch"] == best.number
    assert result["measured"]["held out"]["accuracy"] == pytest.approx(best.accuracy, abs=1e-4)


def test_an_interrupted_training_ends_the_same(
    trained: tuple[Path, list[Epoch], dict[str, Any]], faces: Path, tmp_path: Path
) -> None:
    def plug(epoch: Epoch) -> None:
        if epoch.number == 3:
            raise Stop

    with pytest.raises(Stop):
        train(QUICK, faces, tmp_path, on_epoch=plug)
    with pytest.raises(ConfigError, match="--resume"):
        train(QUICK, faces, tmp_path)
    with pytest.raises(ConfigError, match="other settings"):
        train({**QUICK, "seed": 8}, faces, tmp_path, resume=True)
    heard: list[Epoch] = []
    train(QUICK, faces, tmp_path, resume=True, on_epoch=heard.append)
    assert heard[0].number == 4
    out, through, _ = trained
    assert heard[-1] == through[-1]
    assert (tmp_path / "emotion.safetensors").read_bytes() == (out / "emotion.safetensors").read_bytes()


def test_a_broken_state_is_named(faces: Path, tmp_path: Path) -> None:
    (tmp_path / "training.pt").write_bytes(os.urandom(200))
    with pytest.raises(ConfigError, match="broken"):
        train(QUICK, faces, tmp_path, resume=True)


def test_what_cannot_be_trained_on_is_said_at_once(faces: Path, tmp_path: Path) -> None:
    with pytest.raises(FootageError, match="too few"):
        train({**QUICK, "batch": 512}, faces, tmp_path)
    only_validation = drawn_zip(tmp_path / "other.zip", {"validation": 2})
    with pytest.raises(FootageError, match="train/angry/"):
        train(QUICK, only_validation, tmp_path)


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        pytest.param({"epoch": 3}, "Unknown setting 'epoch'", id="unknown"),
        pytest.param({"batch": 15}, "batch must be an even number", id="odd"),
        pytest.param({"learning_rate": 5.0}, "learning_rate must be from", id="out-of-bounds"),
        pytest.param({"precision": "int8"}, "bfloat16, float32", id="precision"),
    ],
)
def test_wrong_settings_are_named(settings: dict[str, Any], told: str, faces: Path, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=told):
        train(settings, faces, tmp_path)


def test_the_learning_rate_rises_falls_and_falls_again() -> None:
    from models.emotion.fer import LabelledFaces
    from models.training.emotion_config import EmotionTrainConfig
    from models.training.emotion_steps import Trainer

    faces = LabelledFaces(np.zeros((40, 48, 48), np.uint8), np.arange(40) % len(CLASSES), "train")
    config = EmotionTrainConfig(
        epochs=10, decay_epochs=4, warmup=2.0, more_epochs=4, more_rate=0.5, batch=4, width=4, held_out=0.1
    )
    trainer = Trainer(config, faces)
    shares = [trainer.rate_share(at) for at in (0.9, 1.9, 5.0, 6.0, 8.0, 9.5, 10.0, 12.0, 13.0)]
    assert shares == pytest.approx([0.5, 1.0, 1.0, 1.0, 0.5, 0.125, 0.5, 0.25, 0.125])
