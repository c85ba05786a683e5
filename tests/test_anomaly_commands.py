"""`python -m engine anomalies` as scripts rely on it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from engine.cli import main
from engine.core.clips import ClipView
from tests.drawn import Walker, draw_clip
from tests.seeded import Seeds, open_engine

KEYS = ["id", "footage", "person", "start_s", "end_s", "label", "score", "clip", "verdict"]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with two analysed footages, one with events, one of them judged, one with a clip."""
    home = tmp_path_factory.mktemp("home")
    with open_engine(home) as engine:
        seeds = Seeds(engine)
        hall, gate = seeds.footage("hall.mp4"), seeds.footage("gate.mp4")
        seeds.events(seeds.run(hall, pictures=False))
        seeds.run(gate, pictures=False)
        engine.anomalies.add(gate.id, "", "theft", 5.0, 7.5, "Ann")
        item = engine.anomalies.events(hall.id)[0]
        engine.anomalies.say(item.event.id, "Ann", "dismissed")
    return home


def asked(home: Path, capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SIGHTLINE_HOME", str(home))
        code = main(["anomalies", *arguments])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def test_json_of_all(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = asked(home, capsys, "--json")
    rows = json.loads(out)
    assert code == 0 and out.count("\n") == 1
    assert all(list(row) == KEYS for row in rows) and len(rows) == 4
    first = next(row for row in rows if row["label"] == "theft" and row["person"])
    assert (first["person"], first["score"], first["verdict"], first["clip"]) == ("P1", 0.92, "dismissed", None)
    by_hand = next(row for row in rows if row["person"] is None)
    assert (by_hand["start_s"], by_hand["end_s"], by_hand["score"], by_hand["verdict"]) == (5.0, 7.5, 1.0, None)


@pytest.mark.parametrize(("footage", "count"), [("hall.mp4", 3), ("gate.mp4", 1)])
def test_one_footage(home: Path, capsys: pytest.CaptureFixture[str], footage: str, count: int) -> None:
    assert len(json.loads(asked(home, capsys, footage, "--json")[1])) == count


def test_a_clip_that_was_made(home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    clip = ClipView("e", "", "clips/e.mp4", "clips/e.jpg", 1.0, 5.0)
    monkeypatch.setattr("engine.clips.Clips.of", lambda self, event: clip if event.kind == "manual" else None)
    monkeypatch.setattr("engine.clips.Clips.file", lambda self, made: home / made.file)
    rows = json.loads(asked(home, capsys, "--json")[1])
    assert {row["clip"] for row in rows} == {None, str(home / "clips/e.mp4")}


def test_lines_for_people(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = asked(home, capsys)
    lines = out.splitlines()
    assert code == 0 and len(lines) == 4
    assert any("theft" in line and "92%" in line and "dismissed" in line and "hall.mp4" in line for line in lines)


def test_nothing_is_said_as_such(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert asked(tmp_path, capsys, "--json")[:2] == (0, "[]\n")
    code, out, err = asked(tmp_path, capsys)
    assert (code, out) == (0, "") and "Nothing" in err


def test_unknown_footage(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = asked(home, capsys, "nowhere", "--json")
    assert (code, out) == (1, "") and "nowhere" in err


def test_from_the_footage_to_the_list(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rushing = Walker((220, 20, 20), start=(10, 60), speed=(66, 0), size=(36, 40))
    strolling = Walker((20, 20, 220), start=(260, 120), speed=(-15, 0), size=(30, 50))
    clip = draw_clip(tmp_path / "yard.mp4", (rushing, strolling))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SIGHTLINE_HOME", str(tmp_path / "home"))
        assert main(["analyze", str(clip), "--person-model", "fake", "--json"]) == 0
        stages = json.loads(capsys.readouterr().out)["stages"]
        assert ("anomalies", "fake") in [(stage["name"], stage["model"]) for stage in stages]
        assert not {"behaviours", "unpaid"} & {stage["name"] for stage in stages}
    (row,) = json.loads(asked(tmp_path / "home", capsys, "yard.mp4", "--json")[1])
    assert (row["label"], row["person"], row["verdict"]) == ("assault", "P1", None)
    assert row["start_s"] < 1.0 and row["end_s"] > 3.0
