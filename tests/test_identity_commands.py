"""`evaluate identity`: what it prints, and how wrong input ends. Clips cut and worsened are measured elsewhere."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from engine.cli import main
from engine.core.errors import ExitCode
from tests.drawn import Walker, draw_clip


@pytest.fixture(scope="module")
def footage(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two people one after another, the second of whom truth takes for two."""
    folder = tmp_path_factory.mktemp("material") / "footage"
    folder.mkdir()
    walkers = [
        Walker((220, 20, 20), leave_s=3.0, start=(60, 60), speed=(10, 0)),
        Walker((20, 20, 220), enter_s=4.0, leave_s=10.0, start=(160, 70), speed=(5, 0)),
    ]
    draw_clip(folder / "drawn.mp4", walkers, seconds=11)
    people = [("a", 0.0, 3.0), ("b", 4.0, 6.5), ("c", 7.0, 10.0)]
    persons = [{"id": name, "from": start, "to": end} for name, start, end in people]
    (folder / "truth.json").write_text(json.dumps({"clips": {"drawn.mp4": {"persons": persons}}}), "utf-8")
    return folder


def test_people_and_who_holds_two(
    footage: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SIGHTLINE_HOME", str(tmp_path))
    asked = ["evaluate", "identity", "--footage", str(footage), "--person-model", "fake", "--no-gallery"]
    assert main(asked) == ExitCode.DONE
    told = capsys.readouterr()
    assert "2 of 3 people, 1 hold two" in told.err
    measured = json.loads(told.out.splitlines()[-1])
    assert (measured["task"], measured["model"]["name"], measured["person_model"]["name"]) == (
        "identity",
        "fake",
        "fake",
    )
    assert measured["clips"] == [{"name": "drawn.mp4", "truth": 3, "found": 2, "holding_two": 1}]
    assert (measured["found"], measured["holding_two"]) == ({"drawn.mp4": 2}, 1)
    assert measured["likeness"]["halves"]["rank1"] == 1.0
    assert measured["gallery"] is None
    assert "--reference" in measured["reference"]


def test_no_truth(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIGHTLINE_HOME", str(tmp_path))
    assert main(["evaluate", "identity", "--footage", str(tmp_path)]) == ExitCode.BAD_INPUT
    assert "truth.json" in capsys.readouterr().err
