"""`train emotion` and `evaluate emotion`: what they print, and how wrong input ends."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from engine.cli import main
from engine.core.errors import ExitCode
from models.emotion.fer import CLASSES
from tests.models.training.drawn_faces import drawn_zip

SETTINGS = """
epochs = 2
more_epochs = 0
small_epochs = 0
middle_epochs = 1
decay_epochs = 1
batch = 8
width = 4
held_out = 0.2
"""


@pytest.fixture(scope="module")
def faces(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return drawn_zip(tmp_path_factory.mktemp("faces") / "faces.zip", {"train": 3, "test": 2})


def last_json(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(capsys.readouterr().out.splitlines()[-1])
    return answer


def test_train_then_evaluate_what_it_made(faces: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings = tmp_path / "settings.toml"
    settings.write_text(SETTINGS)
    out = tmp_path / "out"
    asked = ["train", "emotion", "--data", str(faces), "--out", str(out), "--config", str(settings)]
    assert main(asked) == ExitCode.DONE
    told = capsys.readouterr()
    assert "epoch 2/2" in told.err
    trained = json.loads(told.out.splitlines()[-1])
    assert trained["checkpoint"] == str(out / "emotion.safetensors")

    assert main(asked) == ExitCode.USAGE, "a training that is there is not overwritten"
    assert main([*asked, "--resume"]) == ExitCode.DONE
    assert last_json(capsys) == trained

    assert main(["evaluate", "emotion", "--data", str(faces), "--weights", trained["checkpoint"]]) == ExitCode.DONE
    measured = last_json(capsys)
    assert (measured["task"], measured["part"], measured["n"]) == ("emotion", "test", 2 * len(CLASSES))
    assert {name: measured[name] for name in trained["measured"]["test"]} == trained["measured"]["test"]
    assert sum(map(sum, measured["confusion"])) == measured["n"]
    assert measured["ms_per_face"] > 0


def test_the_shipped_network_is_measured_by_default(faces: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evaluate", "emotion", "--data", str(faces)]) == ExitCode.DONE
    assert set(last_json(capsys)["recall"]) == set(CLASSES)


@pytest.mark.parametrize(
    ("data", "weights", "code", "told"),
    [
        pytest.param("none.zip", "", ExitCode.BAD_INPUT, "is not there", id="no-data"),
        pytest.param("faces.zip", "none.safetensors", ExitCode.MODEL_MISSING, "is not there", id="no-weights"),
        pytest.param("faces.zip", "faces.zip", ExitCode.FAILED, "is broken", id="broken-weights"),
    ],
)
def test_what_goes_wrong_is_said(
    data: str, weights: str, code: ExitCode, told: str, faces: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ["evaluate", "emotion", "--data", str(faces.with_name(data))]
    asked += ["--weights", str(faces.with_name(weights))] if weights else []
    assert main(asked) == code
    assert told in capsys.readouterr().err


def test_settings_that_cannot_be_read_end_as_usage(
    faces: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = tmp_path / "settings.toml"
    settings.write_text("epochs = = 3")
    asked = ["train", "emotion", "--data", str(faces), "--out", str(tmp_path / "out"), "--config", str(settings)]
    assert main(asked) == ExitCode.USAGE
    assert "cannot be read" in capsys.readouterr().err
