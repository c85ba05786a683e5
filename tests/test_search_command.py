"""`search` on the command line: the JSON that scripts rely on, readable lines, and what goes wrong."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from engine.cli import main
from engine.commands.bench_search import measured
from tests.seeded import Seeds, open_engine

HALL = ({"upper": "black long", "lower": "blue long"}, {"upper": "red", "head": "no"})


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("home")
    with open_engine(home) as engine:
        seeds = Seeds(engine)
        for name, people in (("hall.mp4", 2), ("yard.mp4", 1)):
            run = seeds.run(seeds.footage(name, seconds=20.0), people=people, pictures=False)
            seeds.dressed(run, HALL, captions=["a man in black"])
        seeds.run(seeds.footage("plain.mp4", seconds=20.0), people=1, pictures=False)
    return home


@pytest.fixture(autouse=True)
def home(filled: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SIGHTLINE_HOME", str(filled))
    return filled


def json_of(capsys: pytest.CaptureFixture[str]) -> Any:
    out = capsys.readouterr().out
    assert out.count("\n") == 1, out
    return json.loads(out)


def test_json_is_what_scripts_rely_on(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["search", "빨간 옷", "--top", "2", "--json"]) == 0
    first, second = json_of(capsys)
    assert {"rank", "footage", "person", "t", "score", "crop", "slots", "caption"} <= set(first)
    assert (first["rank"], first["person"], second["rank"]) == (1, "P2", 2)
    assert first["crop"].startswith(str(home / "media"))
    assert first["slots"]["upper"] == [{"color": "red", "type": "short sleeves", "pattern": "plain", "score": 1.0}]
    assert first["slots"]["head"] == []
    assert first["slots"]["shoes"] == []
    assert (first["slots"]["seen"]["head"] > 0, first["slots"]["seen"]["shoes"]) == (True, 0)
    assert (first["caption"], second["caption"]) == (None, "a man in black")
    assert first["evidence"][0]["verdict"] == "agrees"


def test_readable_lines_with_evidence(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["search", "black shirt qwertz, no hat"]) == 0
    captured = capsys.readouterr()
    assert "hall.mp4" in captured.out
    assert "+ black: seen: black" in captured.out
    assert "no hat: not visible" in captured.out
    assert "Not understood: qwertz" in captured.err
    assert "no clothes were read yet in: plain.mp4" in captured.err


@pytest.mark.parametrize(
    ("options", "people"),
    [
        pytest.param(["--footage", "yard.mp4"], 1, id="footage"),
        pytest.param(["--footage", "yard.mp4", "--footage", "hall.mp4"], 3, id="two"),
        pytest.param(["--person-score", "0.95"], 0, id="person-score"),
        pytest.param(["--min-score", "0.99"], 1, id="similarity"),
        pytest.param(["--sample", "60"], 3, id="sampling"),
        pytest.param(["--action", "flying"], 0, id="action"),
        pytest.param(["--hours", "22:30-6"], 0, id="hours"),
        pytest.param(["--camera", "none"], 0, id="camera"),
    ],
)
def test_options_limit_it(options: list[str], people: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["search", "red top", *options, "--json"]) == 0
    assert len(json_of(capsys)) == people


def test_saved_searches(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = tmp_path / "out.csv"
    assert main(["search", "red top", "--top", "1", "--save", "Red", "--watch", "--csv", str(table), "--json"]) == 0
    found = json_of(capsys)
    assert table.read_text("utf-8").count("\n") == 2
    assert main(["search", "--saved", "Red", "--json"]) == 0
    assert json_of(capsys) == found
    assert main(["search", "--saved", "Red", "--footage", "yard.mp4", "--json"]) == 0
    assert [row["person"] for row in json_of(capsys)] == ["P1"]
    assert main(["search", "--saved-list", "--json"]) == 0
    assert [(row["name"], row["watched"], row["found"]) for row in json_of(capsys)] == [("Red", True, 0)]


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        pytest.param(["search"], 2, "Say what people wear", id="nothing"),
        pytest.param(["search", "red", "--watch"], 2, "--watch goes with --save", id="watched-but-not-kept"),
        pytest.param(["search", "red", "--footage", "none"], 1, "none", id="no-such-footage"),
        pytest.param(["search", "red", "--top", "0"], 2, "top", id="out-of-bounds"),
        pytest.param(["search", "red", "--hours", "early"], 2, "hours", id="hours"),
        pytest.param(["search", "--saved", "none"], 2, "none", id="no-such-search"),
        pytest.param(["search", "--picture", "nowhere.jpg"], 2, "nowhere.jpg", id="no-picture"),
        pytest.param(["search", "--picture", __file__], 3, "no picture", id="not-a-picture"),
        pytest.param(["search", "x" * 10_001], 3, "10,000", id="too-long"),
    ],
)
def test_what_goes_wrong(arguments: list[str], code: int, words: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == code
    captured = capsys.readouterr()
    assert words in captured.err
    assert captured.out == ""


def test_nothing_understood_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["search", "qwertz"]) == 0
    assert "Nothing of this was understood" in capsys.readouterr().err


def test_the_benchmark_answers_as_a_scan_does() -> None:
    found = measured(3000)
    assert found["recall_at_10"] == 1.0
    assert found["people"] == 500
    assert set(found["steps_ms"]) == {"understand", "slots", "vectors", "people", "order"}
