"""Sentences made of truth, who counts as right, and the command's output."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import pytest

from engine.commands.clothing import evaluate_footage
from engine.core.config import Settings
from engine.core.errors import FootageError
from engine.evaluation.clothing import (
    LANGUAGES,
    DescribedPerson,
    Outcome,
    Question,
    by,
    questions,
    read_descriptions,
    recalls,
)
from tests.drawn import RED_AND_BLUE, draw_clip


def write_truth(folder: Path, **people: dict[str, Any]) -> dict[str, DescribedPerson]:
    rows = [{"id": name, "from": 0.0, "to": 4.0, **worn} for name, worn in people.items()]
    (folder / "truth.json").write_text(json.dumps({"clips": {"clip.mp4": {"persons": rows}}}), "utf-8")
    return {person.id: person for person in read_descriptions(folder)["clip.mp4"]}


@pytest.fixture
def people(tmp_path: Path) -> dict[str, DescribedPerson]:
    return write_truth(
        tmp_path,
        jacket={"upper": ["black", "jacket"], "lower": ["black", "trousers"], "shoes": ["white", "grey"]},
        tee={"upper": ["black", "t-shirt"], "lower": ["black", "jeans"]},
        dress={"upper": ["black", "dress"], "hair": "blonde", "head": ["brown", "hat"]},
        stranger={"actions": []},
    )


def test_what_truth_says_is_read(people: dict[str, DescribedPerson]) -> None:
    jacket, dress = people["jacket"].worn, people["dress"].worn
    assert (jacket["shoes"].colours, jacket["shoes"].garment) == (("white", "grey"), "shoes")
    assert (dress["hair"].colours, dress["head"].garment) == (("blonde",), "hat")
    assert people["stranger"].worn == {}
    assert people["jacket"].seen.end_s == 4.0


@pytest.mark.parametrize("language", LANGUAGES)
def test_ten_sentences_or_more_for_everybody(people: dict[str, DescribedPerson], language: str) -> None:
    for name in ("jacket", "tee", "dress"):
        asked = questions(people[name], language)
        assert len({question.text for question in asked}) == len(asked) >= 10
        assert not any("{" in question.text for question in asked)
        assert all(set(question.parts) <= set(people[name].worn) for question in asked)
    assert questions(people["stranger"], language) == ()


def test_articles_and_particles(people: dict[str, DescribedPerson], tmp_path: Path) -> None:
    english = [question.text for question in questions(people["jacket"], "en")]
    assert any("a black jacket and black" in text for text in english)
    orange = write_truth(tmp_path, one={"upper": ["orange", "cardigan"]})["one"]
    assert any("an orange cardigan" in question.text for question in questions(orange, "en"))
    korean = [question.text for question in questions(people["jacket"], "ko")]
    assert any("자켓을" in text or "재킷을" in text for text in korean)
    assert any("바지를" in text for text in korean)


def test_those_dressed_alike_are_right(people: dict[str, DescribedPerson]) -> None:
    def asked(name: str, *parts: str) -> Question:
        return Question(people[name], "en", "", parts)

    both = asked("jacket", "upper", "lower")
    assert both.met_by(people["jacket"])
    assert both.met_by(people["tee"])
    assert not both.met_by(people["dress"])
    assert not asked("tee", "upper").met_by(people["dress"])
    assert not asked("jacket", "shoes").met_by(people["tee"])
    assert not both.met_by(None)


def test_recall_counts_places(people: dict[str, DescribedPerson]) -> None:
    question = Question(people["jacket"], "en", "", ("upper", "lower"))
    first = Outcome(question, (people["tee"], people["jacket"]))
    third = Outcome(question, (None, people["dress"], people["jacket"]))
    never = Outcome(question, (None, people["dress"]))
    assert recalls([first, third, never]) == {"n": 3, "r1": 0.3333, "r3": 0.6667, "exact_r1": 0.0, "exact_r3": 0.6667}
    assert recalls([])["r1"] == 0.0
    assert by([first, never], lambda outcome: len(outcome.found)) == {"2": recalls([first, never])}


@pytest.mark.parametrize("text", ["{}", "[]", '{"clips": {"a.mp4": {"persons": [{"id": "x"}]}}}', "no json"])
def test_broken_truth_is_told(tmp_path: Path, text: str) -> None:
    (tmp_path / "truth.json").write_text(text, "utf-8")
    with pytest.raises(FootageError):
        read_descriptions(tmp_path)


def test_the_command_asks_for_drawn_people(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "clips"
    folder.mkdir()
    draw_clip(folder / "clip.mp4", RED_AND_BLUE, seconds=4.0)
    rows = [
        {"id": "left", "from": 0.0, "to": 4.0, "upper": ["red", "shirt"], "lower": ["red", "trousers"]},
        {"id": "right", "from": 1.0, "to": 3.0, "upper": ["blue", "shirt"], "lower": ["blue", "jeans"]},
    ]
    (folder / "truth.json").write_text(json.dumps({"clips": {"clip.mp4": {"persons": rows}}}), "utf-8")
    arguments = argparse.Namespace(footage=folder, person_model="fake", settings=Settings(home=tmp_path / "home"))
    assert evaluate_footage(arguments) == 0
    answer = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert answer["people"] == {"truth": 2, "found": 2, "paired": 2}
    assert (answer["r1"], answer["r3"]) == (1.0, 1.0)
    assert set(answer["languages"]) == set(LANGUAGES)
    assert answer["n"] == sum(part["n"] for part in answer["persons"].values())
    assert answer["failed"] == []
