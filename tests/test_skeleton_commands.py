"""`train skeleton-lstm` and `evaluate skeleton-lstm`: what they print, and how wrong input ends."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from engine.api import Engine
from engine.cli import main
from engine.core.config import load_settings
from engine.core.errors import ExitCode
from tests.models.training.drawn_skeletons import drawn_csv

SETTINGS = """
epochs = 1
hidden = 4
members = 1
checked_members = 1
stride = 16
probes = 0
"""


@pytest.fixture(scope="module")
def skeletons(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return drawn_csv(tmp_path_factory.mktemp("skeletons") / "drawn.csv", 5, rows=32)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SIGHTLINE_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def last_json(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(capsys.readouterr().out.splitlines()[-1])
    return answer


def test_train_then_evaluate_what_it_made(
    skeletons: Path, home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with Engine(load_settings()):
        pass
    settings = tmp_path / "settings.toml"
    settings.write_text(SETTINGS)
    asked = ["train", "skeleton-lstm", "--data", str(skeletons), "--out", str(tmp_path / "out")]
    asked += ["--config", str(settings), "--normal", str(home)]
    assert main(asked) == ExitCode.DONE
    told = capsys.readouterr()
    assert "network 11/11" in told.err and "macro F1" in told.err
    trained = json.loads(told.out.splitlines()[-1])
    assert trained["task"] == "skeleton-lstm" and set(trained["measured"]) == {"contiguous", "grouped"}

    picture = tmp_path / "picture.png"
    asked = ["evaluate", "skeleton-lstm", "--data", str(skeletons), "--weights", trained["checkpoint"]]
    assert main([*asked, "--picture", str(picture)]) == ExitCode.DONE
    measured = last_json(capsys)
    assert measured["task"] == "skeleton-lstm" and measured["picture"] == str(picture)
    assert {"accuracy", "macro_f1", "per_class", "confusion", "ece", "reliability"} <= set(measured)
    assert sum(map(sum, measured["confusion"])) == measured["windows"]
    assert picture.read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("asked", "code", "told"),
    [
        pytest.param(["evaluate", "--data", "none.csv"], ExitCode.BAD_INPUT, "cannot be read", id="no-data"),
        pytest.param(
            ["evaluate", "--data", "drawn.csv", "--weights", "none.safetensors"],
            ExitCode.MODEL_MISSING,
            "is not there",
            id="no-weights",
        ),
        pytest.param(
            ["evaluate", "--data", "drawn.csv", "--weights", "drawn.csv"],
            ExitCode.FAILED,
            "is broken",
            id="broken-weights",
        ),
        pytest.param(
            ["train", "--data", "drawn.csv", "--out", "o", "--normal", "none"],
            ExitCode.USAGE,
            "Name a SIGHTLINE_HOME",
            id="no-home",
        ),
        pytest.param(
            ["train", "--data", "drawn.csv", "--out", "o", "--from-reviews"],
            ExitCode.USAGE,
            "Nobody has judged",
            id="no-reviews",
        ),
    ],
)
def test_what_goes_wrong_is_said(
    asked: list[str], code: ExitCode, told: str, skeletons: Path, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = [str(skeletons.with_name(word)) if "." in word or word in ("o", "none") else word for word in asked[1:]]
    assert main([asked[0], "skeleton-lstm", *words]) == code
    assert told in capsys.readouterr().err
