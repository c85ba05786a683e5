"""Scoring the gallery: clips made of a clip, who is whom, and what counts as wrong."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from engine.core.errors import FootageError
from engine.core.identity import Appearance, IdentityView, PersonRef
from engine.core.views import PersonView, Presence
from engine.evaluation.gallery import TruthSpan, _across, _cut, made_clips, read_spans, whom, worsened
from engine.media.probe import probe
from tests.drawn import draw_clip

SPANS = (TruthSpan("d", 0.0, 4.0), TruthSpan("e", 5.0, 9.0), TruthSpan("f", 10.0, 12.0))


def person(label: str, start_s: float, end_s: float) -> PersonView:
    return PersonView(label, start_s, end_s, 0.9, 0.9, (Presence(1, start_s, end_s),), ())


def identity(*seen: tuple[str, PersonView]) -> IdentityView:
    appearances = tuple(
        Appearance(PersonRef(footage, f"run of {footage}", one.label), footage, one, 1.0, "") for footage, one in seen
    )
    return IdentityView(f"{seen[0][0]}-{seen[0][1].label}", "", appearances)


def test_a_clip_is_cut_and_worsened_once(tmp_path: Path) -> None:
    clip = draw_clip(tmp_path / "two.mp4", seconds=4.0)
    made = made_clips(clip, tmp_path / "made", 1.5)
    stamps = {name: path.stat().st_mtime_ns for name, path in made.items()}
    from engine.core.config import Settings

    seconds = {name: probe(path, Settings()).duration_s for name, path in made.items()}
    assert seconds["first"] == pytest.approx(1.5, abs=0.15)
    assert seconds["second"] == pytest.approx(2.5, abs=0.15)
    assert seconds["worsened"] == pytest.approx(4.0, abs=0.15)
    assert made_clips(clip, tmp_path / "made", 1.5) == made
    assert {name: path.stat().st_mtime_ns for name, path in made.items()} == stamps


def test_worsened_is_mirrored_and_dimmed() -> None:
    picture = np.array([[[100, 0, 200], [10, 20, 30]]], np.uint8)
    np.testing.assert_array_equal(worsened(picture), [[[7, 14, 21], [70, 0, 140]]])


@pytest.mark.parametrize(
    ("start_s", "end_s", "later_s", "who"),
    [
        pytest.param(5.5, 8.0, 0.0, "e", id="inside"),
        pytest.param(3.0, 8.0, 0.0, "e", id="mostly"),
        pytest.param(0.0, 2.0, 7.0, "e", id="in the second half"),
        pytest.param(4.2, 4.8, 0.0, "", id="nobody"),
    ],
)
def test_whom(start_s: float, end_s: float, later_s: float, who: str) -> None:
    assert whom(person("P1", start_s, end_s), SPANS, later_s) == who


def test_what_is_counted() -> None:
    halves = {"one": 0.0, "two": 7.0}
    alone = identity(("one", person("P1", 0.0, 4.0)))
    linked = identity(("one", person("P2", 5.0, 7.0)), ("two", person("P1", 0.0, 2.0)))
    wrong = identity(("one", person("P1", 0.0, 4.0)), ("two", person("P2", 3.0, 5.0)))
    assert _cut([alone, linked], halves, SPANS) == {"person": "e", "linked": True, "others": 0}
    assert _cut([wrong], halves, SPANS) == {"person": "e", "linked": False, "others": 1}
    assert _across([alone, linked], 2) == {"clips": 2, "people": 3, "identities": 2, "wrong": 1}


def test_truth_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(FootageError):
        read_spans(tmp_path)
    (tmp_path / "truth.json").write_text("[]")
    with pytest.raises(FootageError):
        read_spans(tmp_path)
    clips = {"a.mp4": {"persons": [{"id": "x", "from": 1, "to": 2}]}, "b.mp4": {}}
    (tmp_path / "truth.json").write_text(json.dumps({"clips": clips}))
    assert read_spans(tmp_path) == {"a.mp4": (TruthSpan("x", 1.0, 2.0),)}
