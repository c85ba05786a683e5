"""The command line as scripts rely on it: exit codes, clean JSON on standard output, sentences on standard error."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from engine.cli import main
from tests.drawn import draw_clip


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return draw_clip(tmp_path_factory.mktemp("clips") / "drawn.mp4", seconds=2)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SIGHTLINE_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def json_of(capsys: pytest.CaptureFixture[str]) -> Any:
    out = capsys.readouterr().out
    assert out.count("\n") == 1, out
    return json.loads(out)


def test_analyze_list_export(clip: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["analyze", str(clip), "--person-model", "fake", "--json"]) == 0
    first = json_of(capsys)
    assert set(first) == {"footage", "run", "seconds", "cached", "stages"}
    assert first["cached"] is False
    assert main(["analyze", str(clip), "--person-model", "fake", "--json"]) == 0
    again = json_of(capsys)
    assert (again["run"], again["cached"]) == (first["run"], True)
    assert main(["list", "--json"]) == 0
    assert json_of(capsys) == [
        {"footage": first["footage"], "name": "drawn.mp4", "duration_s": 2.0, "run": first["run"], "persons": 2}
    ]
    out = tmp_path / "out.json"
    assert main(["export", "drawn.mp4", "--format", "json", "--out", str(out)]) == 0
    exported = json.loads(out.read_text("utf-8"))
    assert exported["schema"] == "sightline/1"
    assert [person["id"] for person in exported["persons"]] == ["P1", "P2"]


def test_a_folder_is_a_line_each_and_bad_files_are_named(
    clip: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "footage"
    folder.mkdir()
    (folder / "a.mp4").write_bytes(b"")
    (folder / "b.mp4").write_bytes(clip.read_bytes())
    assert main(["analyze", str(folder), "--person-model", "fake"]) == 3
    captured = capsys.readouterr()
    assert "a.mp4" in captured.err
    assert captured.out.count("\n") == 1
    assert "b.mp4" in captured.out


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        pytest.param(["analyze", "nowhere.mp4"], 3, "nowhere.mp4", id="missing-file"),
        pytest.param(["analyze", "ftp://host/a.mp4"], 3, "ftp", id="unknown-scheme"),
        pytest.param(["analyze", "{clip}", "--fps", "0"], 2, "fps", id="bad-value"),
        pytest.param(["analyze", "{clip}", "--profile", "pretrained"], 4, "models fetch", id="model-missing"),
        pytest.param(["analyze", "{clip}", "--person-model", "no.pt"], 4, "no.pt", id="named-model-missing"),
        pytest.param(["export", "nothing", "--out", "x.json"], 1, "nothing", id="unknown-footage"),
        pytest.param(["models", "verify", "gpt"], 2, "gpt", id="unknown-model"),
        pytest.param(["models", "fetch"], 2, "yolo11n", id="fetch-what"),
    ],
)
def test_what_goes_wrong(
    clip: Path, arguments: list[str], code: int, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([argument.format(clip=clip) for argument in arguments]) == code
    captured = capsys.readouterr()
    assert words in captured.err
    assert captured.out == ""


def test_usage_errors_exit_two() -> None:
    with pytest.raises(SystemExit) as stop:
        main(["analyse"])
    assert stop.value.code == 2


def test_export_before_analysis_says_so(clip: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["analyze", str(clip), "--profile", "pretrained"]) == 4
    assert main(["export", "drawn.mp4", "--out", str(tmp_path / "x.json")]) == 2
    assert "not analysed yet" in capsys.readouterr().err
    assert not (tmp_path / "x.json").exists()


def test_models_list_names_tier_and_presence(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["models", "list", "--json"]) == 0
    rows = {row["name"]: row for row in json_of(capsys)}
    assert rows["blazepose-detector"]["present"] is True
    assert rows["yolo11n"] == rows["yolo11n"] | {"tier": "pretrained", "present": False, "licence": "AGPL-3.0-only"}
    assert main(["models", "verify"]) == 0


def test_doctor_finds_this_machine_in_order(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor", "--json"]) == 0
    report = json_of(capsys)
    assert report["problems"] == []
    assert report["tiers"]["person"]["name"] == "blazepose"


def test_doctor_names_a_broken_store(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    home.mkdir()
    (home / "sightline.db").write_bytes(b"this is no database" * 100)
    assert main(["doctor"]) == 1
    assert "Problem:" in capsys.readouterr().out


def test_worker_once_ends_when_the_queue_is_empty() -> None:
    assert main(["worker", "--once"]) == 0


def test_the_sample_is_built_once_and_analysed_if_there_is_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sample"]) == 0
    path = Path(capsys.readouterr().out.strip())
    before = path.stat().st_mtime_ns
    assert main(["sample"]) == 0
    assert path.stat().st_mtime_ns == before
