"""Scoring of actions by time: worked examples on paper, pairing by time and place, and the command's output."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
import pytest

from engine.commands.action import evaluate_action
from engine.core.config import Settings
from engine.core.errors import FootageError
from engine.core.types import Poses, Tracklet
from engine.evaluation.action import (
    FoundPerson,
    Labelled,
    LabelScore,
    TruthPerson,
    label_share,
    macro_f1,
    pair_people,
    read_truth,
    read_visits,
    score_people,
    stay,
)
from tests.drawn import Walker, draw_clip

NOWHERE = float("nan")


def truth(*actions: Labelled, start: float = 0.0, end: float = 10.0, place: float = NOWHERE) -> TruthPerson:
    return TruthPerson("a", start, end, actions, place)


def found(*actions: Labelled, start: float = 0.0, end: float = 10.0, place: float = 0.5) -> FoundPerson:
    return FoundPerson("P1", ((start, end),), actions, place)


def test_overlap_by_the_second() -> None:
    scores = score_people([truth(("walking", 0, 4), ("standing", 4, 10))], [found(("walking", 1, 6))], {0: 0})
    assert scores["walking"] == LabelScore(4.0, 5.0, 3.0)
    assert scores["walking"].f1 == pytest.approx(6 / 9)
    assert scores["standing"] == LabelScore(6.0, 0.0, 0.0)
    assert macro_f1(scores) == pytest.approx(1 / 3)


def test_postures_count_only_where_truth_speaks() -> None:
    scores = score_people([truth(("walking", 6, 8))], [found(("walking", 0, 7), ("sitting", 7, 10))], {0: 0})
    assert scores["walking"] == LabelScore(2.0, 1.0, 1.0)
    assert scores["sitting"] == LabelScore(0.0, 1.0, 0.0)


def test_gestures_count_all_the_time() -> None:
    scores = score_people([truth(("reaching", 2, 4), end=8.0)], [found(("reaching", 3, 10))], {0: 0})
    assert scores["reaching"] == LabelScore(2.0, 5.0, 1.0)


def test_labels_that_truth_does_not_have_do_not_count_in_the_mean() -> None:
    scores = score_people([truth(("sitting", 0, 10))], [found(("sitting", 0, 10), ("reaching", 0, 1))], {0: 0})
    assert scores["reaching"].f1 == 0.0
    assert macro_f1(scores) == 1.0
    assert macro_f1({}) == 0.0


def test_somebody_not_found_is_missed_and_a_stranger_is_wrong() -> None:
    people = [truth(("sitting", 0, 10))]
    assert score_people(people, [], {})["sitting"] == LabelScore(10.0, 0.0, 0.0)
    scores = score_people(people, [found(("sitting", 0, 10)), found(("sitting", 0, 5))], {0: 0})
    assert scores["sitting"] == LabelScore(10.0, 15.0, 10.0)


def test_overlapping_answers_count_once() -> None:
    scores = score_people([truth(("sitting", 0, 10))], [found(("sitting", 0, 6), ("sitting", 4, 8))], {0: 0})
    assert scores["sitting"].found_s == 8.0


def test_pairs_by_time() -> None:
    people = [truth(start=0, end=5), truth(start=6, end=9)]
    assert pair_people(people, [found(start=6.5, end=9), found(start=0, end=5)]) == {0: 1, 1: 0}


def test_pairs_by_place_where_time_is_the_same() -> None:
    people = [truth(place=0.2), truth(place=0.8)]
    assert pair_people(people, [found(place=0.75), found(place=0.25)]) == {0: 1, 1: 0}


def test_pairs_are_blind_to_labels() -> None:
    people = [truth(("sitting", 0, 10), place=0.2), truth(("walking", 0, 10), place=0.8)]
    swapped = [found(("walking", 0, 10), place=0.2), found(("sitting", 0, 10), place=0.8)]
    assert pair_people(people, swapped) == {0: 0, 1: 1}


def test_who_was_never_in_view_together_is_no_pair() -> None:
    assert pair_people([truth(start=0, end=5)], [found(start=6, end=9)]) == {}
    assert pair_people([truth()], []) == {}


def test_share_of_a_label() -> None:
    assert label_share([("standing", 0, 4), ("walking", 4, 5)], "standing", (2.0, 6.0)) == pytest.approx(0.5)


def _tracklet(x: list[float], bottom: float = 300.0) -> Tracklet:
    n = len(x)
    boxes = np.array([[one, 100, one + 60, bottom] for one in x], np.float32)
    return Tracklet(
        number=1,
        t=np.arange(n) / 1.0,
        boxes=boxes,
        scores=np.ones(n, np.float32),
        interpolated=np.zeros(n, np.bool_),
        poses=Poses.missing(n),
        sharpness=np.zeros(n, np.float32),
    )


def test_a_stay_is_where_the_feet_keep_to_one_place() -> None:
    # 200 pixels tall: 20 pixels either way are the same place.
    assert stay(_tracklet([0, 100, 190, 200, 210, 200, 200, 300, 400]), 540) == (2.0, 6.0)


def test_without_feet_the_whole_time_is_the_stay() -> None:
    assert stay(_tracklet([0, 100, 200, 300], bottom=540.0), 540) == (0.0, 3.0)


def test_reads_people_with_times(tmp_path: Path) -> None:
    person = {"id": "a", "from": 1, "to": 5, "actions": [["walking", 1, 2.5]]}
    clips = {
        "timed.mp4": {"persons": [person, {"id": "b", "from": 0, "to": 2}]},
        "words.mp4": {"persons": [{"id": "c", "from": 0, "to": 9}], "actions": "each walks in, stands, walks out"},
        "empty.mp4": {"note": "nobody"},
    }
    (tmp_path / "truth.json").write_text(json.dumps({"clips": clips}))
    timed = read_truth(tmp_path)
    assert list(timed) == ["timed.mp4"]
    assert timed["timed.mp4"][0].actions == (("walking", 1.0, 2.5),)
    assert timed["timed.mp4"][1].actions == ()
    assert [person.id for person in read_visits(tmp_path)["words.mp4"]] == ["c"]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(None, id="missing"),
        pytest.param("{", id="not-json"),
        pytest.param('{"clips": 3}', id="not-clips"),
        pytest.param('{"clips": {"a.mp4": {"persons": [{"id": "x"}]}}}', id="no-times"),
        pytest.param(
            '{"clips": {"a.mp4": {"persons": [{"id": "x", "from": 0, "to": 1, "actions": "y"}]}}}', id="words"
        ),
    ],
)
def test_bad_truth_is_one_sentence(tmp_path: Path, text: str | None) -> None:
    if text is not None:
        (tmp_path / "truth.json").write_text(text)
    with pytest.raises(FootageError) as error:
        read_truth(tmp_path)
    assert error.value.user_message.endswith(".")


@pytest.mark.footage
def test_every_place_names_somebody_in_the_truth(footage_dir: Path) -> None:
    from engine.evaluation.action import PLACES

    people = read_truth(footage_dir)
    for clip, places in PLACES.items():
        assert set(places) == {person.id for person in people[clip]}


def _arguments(folder: Path, home: Path, person_model: str) -> argparse.Namespace:
    settings = Settings(home=home, emotions=False)
    return argparse.Namespace(footage=folder, person_model=person_model, settings=settings)


def test_the_command_needs_truth(tmp_path: Path) -> None:
    with pytest.raises(FootageError, match=r"truth\.json"):
        evaluate_action(_arguments(tmp_path, tmp_path / "home", ""))


def test_the_command_measures_a_clip_and_leaves_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A drawn figure that slides through the picture, half its height a second."""
    draw_clip(tmp_path / "drawn.mp4", [Walker((220, 20, 20), start=(20, 60), speed=(45, 0))], seconds=2.0)
    person = {"id": "it", "from": 0.0, "to": 2.0, "actions": [["walking", 0.0, 2.0]]}
    (tmp_path / "truth.json").write_text(json.dumps({"clips": {"drawn.mp4": {"persons": [person]}}}))
    assert evaluate_action(_arguments(tmp_path, tmp_path / "home", "fake")) == 0
    answer = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert answer["task"] == "action"
    assert answer["person_model"]["name"] == "fake"
    assert answer["clips"][0]["persons"][0]["found"] == "P1"
    assert answer["macro_f1"] == answer["labels"]["walking"]["f1"] > 0.8
    assert set(answer["rules"]) == {"pairing", "scoring", "stays", "places"}
    assert not (tmp_path / "home").exists()
