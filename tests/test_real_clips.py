"""The main job on real footage with the embedded models: the right number of people at the right times."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from engine.api import Engine
from engine.core.config import AnalysisConfig, Settings
from engine.core.views import PersonView

pytestmark = [pytest.mark.footage, pytest.mark.slow]
EMBEDDED = AnalysisConfig(profile="embedded")


def people_of(clip: Path, home: Path) -> tuple[PersonView, ...]:
    with Engine(Settings(home=home)) as engine:
        run = engine.analyze_now(engine.register(clip).id, EMBEDDED)
        people = engine.answers.people(run.id)
        for person in people:
            for crop in person.crops:
                assert engine.media_file(run.footage, crop.file) is not None
        return people


def truth(footage_dir: Path, clip: str) -> list[dict[str, Any]]:
    clips = json.loads((footage_dir / "truth.json").read_text("utf-8"))["clips"]
    persons: list[dict[str, Any]] = clips[clip]["persons"]
    return persons


@pytest.mark.parametrize(
    "clip", ["store-aisle-detection.gif", "face-demographics-walking.gif", "classroom.gif", "free-throw.mp4"]
)
def test_short_clips_hold_the_right_number_of_people(footage_dir: Path, tmp_path: Path, clip: str) -> None:
    people = people_of(footage_dir / clip, tmp_path)
    assert len(people) == len(truth(footage_dir, clip))
    assert all(person.crops for person in people)


def test_six_visitors_come_and_go_when_they_did(footage_dir: Path, tmp_path: Path) -> None:
    clip = "one-by-one-person-detection.mp4"
    expected = [(person["from"], person["to"]) for person in truth(footage_dir, clip)]
    people = people_of(footage_dir / clip, tmp_path)
    assert len(people) == len(expected)
    for person, (entry, exit_) in zip(people, expected, strict=True):
        assert person.first_s == pytest.approx(entry, abs=1.0), person.label
        assert person.last_s == pytest.approx(exit_, abs=1.0), person.label
