from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from engine.comparison import compare_runs
from engine.core.errors import StoreError
from engine.core.matches import Difference
from engine.core.types import Poses, Tracklet
from engine.core.views import PersonView, Presence, RunView, StageView
from tests.seeded import Seeds, open_engine


def walk(number: int, start: float, end: float, x: float, *, step: float = 0.2, drift: float = 10.0) -> Tracklet:
    """Somebody who starts at x and drifts to the right."""
    t = np.round(np.arange(start, end + 1e-9, step), 3)
    left = x + drift * (t - t[0])
    boxes = np.stack([left, np.full_like(t, 50), left + 60, np.full_like(t, 200)], axis=1).astype(np.float32)
    n = len(t)
    return Tracklet(
        number, t, boxes, np.full(n, 0.9, np.float32), np.zeros(n, np.bool_), Poses.missing(n), np.ones(n, np.float32)
    )


class Analyses:
    """Answers of runs that lie in memory: run -> person -> tracklets."""

    def __init__(self, **runs: dict[str, list[Tracklet]]) -> None:
        self.runs = runs
        self.stages = dict.fromkeys(runs, ("blazepose", "1"))
        self.config = dict.fromkeys(runs, "{}")
        self.footage = dict.fromkeys(runs, "f" * 12)

    def run(self, run: str) -> RunView:
        stages = (
            StageView("detect", *self.stages[run], 1.0, False, "k"),
            StageView("track", "t", "1", 1.0, False, "k"),
        )
        return RunView(run, self.footage[run], "embedded", self.config[run], stages, "2026-01-01T00:00:00+00:00")

    def people(self, run: str) -> tuple[PersonView, ...]:
        return tuple(
            PersonView(
                label,
                min(one.first_s for one in tracklets),
                max(one.last_s for one in tracklets),
                0.9,
                1.0,
                tuple(Presence(one.number, one.first_s, one.last_s) for one in tracklets),
                (),
            )
            for label, tracklets in self.runs[run].items()
        )

    def tracklets(self, run: str) -> list[Tracklet]:
        return [one for tracklets in self.runs[run].values() for one in tracklets]


def compared(answers: Analyses):
    return compare_runs(answers, "one", "two")  # type: ignore[arg-type]


def test_the_same_people_under_other_labels_and_at_other_instants() -> None:
    answers = Analyses(
        one={"P1": [walk(1, 0, 10, 0)], "P2": [walk(2, 0, 10, 300)]},
        two={"P1": [walk(1, 0.05, 10, 300, step=0.13)], "P2": [walk(2, 0.05, 10, 0, step=0.13)]},
    )
    found = compared(answers)
    assert [(match.first, match.second) for match in found.matches] == [("P1", "P2"), ("P2", "P1")]
    assert all(match.agreement > 0.9 for match in found.matches)
    assert found.matches[0].shared_s == pytest.approx(10, abs=0.5)
    assert (found.only_first, found.only_second, found.settings, found.stages) == ((), (), (), ())


def test_the_same_time_elsewhere_is_somebody_else() -> None:
    found = compared(Analyses(one={"P1": [walk(1, 0, 10, 0)]}, two={"P1": [walk(1, 0, 10, 400)]}))
    assert found.matches == ()
    assert [(one.label, one.part_of) for one in found.only_first] == [("P1", "")]
    assert [(one.label, one.part_of) for one in found.only_second] == [("P1", "")]


def test_the_same_place_at_another_time_is_somebody_else() -> None:
    found = compared(Analyses(one={"P1": [walk(1, 0, 10, 0)]}, two={"P1": [walk(1, 20, 30, 0)]}))
    assert found.matches == ()


def test_one_who_was_split_in_two_is_matched_once_and_the_rest_is_told() -> None:
    answers = Analyses(
        one={"P1": [walk(1, 0, 10, 0)]},
        two={"P1": [walk(1, 0, 6, 0)], "P2": [walk(2, 6.2, 10, 62)]},
    )
    found = compared(answers)
    assert [(match.first, match.second) for match in found.matches] == [("P1", "P1")]
    assert found.matches[0].agreement == pytest.approx(0.6, abs=0.05)
    assert (found.matches[0].first_s, found.matches[0].second_s) == (pytest.approx(10), pytest.approx(6))
    assert [(one.label, one.part_of, one.visible_s) for one in found.only_second] == [("P2", "P1", pytest.approx(3.8))]


def test_the_whole_is_matched_best_not_the_first() -> None:
    # Alone, P1 of the first would take P1 of the second; then P2 would be left without anybody.
    answers = Analyses(
        one={"P1": [walk(1, 0, 10, 0, drift=0)], "P2": [walk(2, 0, 10, 25, drift=0)]},
        two={"P1": [walk(1, 0, 10, 14, drift=0)], "P2": [walk(2, 0, 10, -14, drift=0)]},
    )
    assert [(match.first, match.second) for match in compared(answers).matches] == [("P1", "P2"), ("P2", "P1")]


def test_an_absence_is_nobody() -> None:
    gap = {"P1": [walk(1, 0, 4, 0), walk(2, 8, 12, 80)]}
    found = compared(Analyses(one=gap, two={"P1": [walk(1, 0, 12, 0)]}))
    assert found.matches[0].agreement == pytest.approx(8 / 12, abs=0.03)


def test_what_differs_is_named() -> None:
    answers = Analyses(one={"P1": [walk(1, 0, 2, 0)]}, two={"P1": [walk(1, 0, 2, 0)]})
    answers.config["one"] = '{"profile": "embedded", "detect": {"fps": 5.0, "min_score": 0.4}}'
    answers.config["two"] = '{"profile": "pretrained", "detect": {"fps": 2.5, "min_score": 0.4}, "new": true}'
    answers.stages["two"] = ("yolo", "abc")
    found = compared(answers)
    assert found.settings == (
        Difference("detect.fps", "5", "2.5"),
        Difference("new", "", "True"),
        Difference("profile", "embedded", "pretrained"),
    )
    assert found.stages == (Difference("detect", "blazepose 1", "yolo abc"),)


def test_nobody_on_one_side_or_both() -> None:
    found = compared(Analyses(one={}, two={"P1": [walk(1, 0, 2, 0)]}))
    assert (found.matches, found.only_first, len(found.only_second)) == ((), (), 1)
    assert compared(Analyses(one={}, two={})).matches == ()


def test_runs_of_different_footage_are_refused() -> None:
    answers = Analyses(one={}, two={})
    answers.footage["two"] = "e" * 12
    with pytest.raises(StoreError, match="different footage"):
        compared(answers)


@pytest.fixture
def seeds(tmp_path: Path) -> Iterator[Seeds]:
    with open_engine(tmp_path / "home") as engine:
        yield Seeds(engine)


def test_runs_of_a_store(seeds: Seeds) -> None:
    footage = seeds.footage()
    first = seeds.run(footage, people=3, pictures=False)
    second = seeds.run(footage, people=3, pictures=False, model="yolov8n", shift_s=0.4)
    found = seeds.engine.timelines.compare(first.id, second.id)
    assert [(match.first, match.second) for match in found.matches] == [("P1", "P1"), ("P2", "P2"), ("P3", "P3")]
    assert [one.name for one in found.settings] == ["person_model"]
    assert [one.name for one in found.stages] == ["detect"]
    with pytest.raises(StoreError):
        seeds.engine.timelines.compare(first.id, "0" * 12)
