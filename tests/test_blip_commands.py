"""`train blip` and `evaluate clothing --data`: what they print, and how wrong input ends."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from engine.cli import main
from engine.core.errors import ExitCode
from tests.models.clothing.tiny_blip import write_checkpoints
from tests.models.training.drawn_people import draw_people

SETTINGS = """
data = "people"
retrieval = "bases/tiny-itm"
captioning = "bases/tiny-captioning"
out = "home/models/clothing_text/ours"
epochs = 1
batch = 4
queue = 8
held_out = 0.25
"""


@pytest.fixture(scope="module", autouse=True)
def one_thread() -> Iterator[None]:
    """Networks this small are only slowed down by more."""
    from models.checkpoint import torch_threads

    with torch_threads(1):
        yield


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SIGHTLINE_HOME", str(tmp_path / "home"))
    draw_people(tmp_path / "people", views=2, colours=2)
    (tmp_path / "blip.toml").write_text(SETTINGS, "utf-8")
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "sightline.toml").write_text("threads = 1\n", "utf-8")
    return tmp_path


def last_json(text: str) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(text.splitlines()[-1])
    return told


def test_train_then_evaluate_what_it_made(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_checkpoints(folder / "bases")
    capsys.readouterr()
    assert main(["train", "blip", "--config", str(folder / "blip.toml")]) == ExitCode.DONE
    told = capsys.readouterr()
    assert "epoch 1/1: losses: contrastive" in told.err
    trained = last_json(told.out)
    out = folder / "home" / "models" / "clothing_text" / "ours"
    assert (trained["task"], trained["checkpoint"]) == ("blip", str(out))

    # The checkpoint lies where search looks: it need not be named.
    assert main(["evaluate", "clothing", "--data", str(folder / "people")]) == ExitCode.DONE
    told = capsys.readouterr()
    figures = last_json(told.out)
    assert "matching added: R@1" in told.err
    assert (figures["task"], figures["pictures"], figures["sentences"]) == ("clothing", 8, 4)
    assert figures["model"]["tier"] == "trained"
    assert figures["reference"]["before"]["mean"] == 58.69
    assert {"r1", "r5", "r10", "mean"} == set(figures["likeness"]) == set(figures["matching"])
    assert figures["bleu"] is not None

    base = ["evaluate", "clothing", "--data", str(folder / "people"), "--weights", str(folder / "bases" / "tiny-itm")]
    assert main(base) == ExitCode.DONE
    assert last_json(capsys.readouterr().out)["model"]["tier"] == "pretrained"


@pytest.mark.parametrize(
    ("asked", "code", "words"),
    [
        pytest.param(["train", "blip", "--config", "{0}/blip.toml"], ExitCode.MODEL_MISSING, "models fetch", id="base"),
        pytest.param(["train", "blip", "--config", "{0}/none.toml"], ExitCode.USAGE, "cannot be read", id="config"),
        pytest.param(["evaluate", "clothing"], ExitCode.USAGE, "--footage", id="nothing-named"),
        pytest.param(
            ["evaluate", "clothing", "--data", "{0}", "--footage", "{0}"], ExitCode.USAGE, "either", id="both-named"
        ),
        pytest.param(
            ["evaluate", "clothing", "--data", "{0}/people"], ExitCode.MODEL_MISSING, "models fetch", id="no-model"
        ),
        pytest.param(
            ["evaluate", "clothing", "--data", "{0}/home", "--weights", "{0}"],
            ExitCode.BAD_INPUT,
            "no pictures",
            id="data",
        ),
    ],
)
def test_wrong_input(
    folder: Path, asked: list[str], code: ExitCode, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([part.format(folder) for part in asked]) == code
    assert words in capsys.readouterr().err


def test_what_is_fetched_is_the_default(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "blip.toml").write_text('data = "people"\nout = "out"\n', "utf-8")
    assert main(["train", "blip", "--config", str(folder / "blip.toml")]) == ExitCode.MODEL_MISSING
    place = folder / "home" / "models" / "clothing_text" / "blip-itm-base-coco"
    assert str(place) in capsys.readouterr().err
