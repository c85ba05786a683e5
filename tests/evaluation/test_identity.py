"""Who is who against truth: whose reference boxes are, who holds whom, IDF1 and HOTA on tracks with known answers."""

from __future__ import annotations

import importlib.util

import numpy as np
import pytest

from engine.evaluation.action import TruthPerson
from engine.evaluation.identity import (
    FrameBoxes,
    held_by,
    held_by_time,
    one_by_one,
    placed,
    reference_people,
    track_scores,
)


def person(id_: str, start: float, end: float, place: float = float("nan")) -> TruthPerson:
    return TruthPerson(id_, start, end, (), place)


def box(x: float) -> np.ndarray:
    return np.array([x, 50, x + 40, 150], np.float32)


def frames(*tracks: dict[float, float], seconds: int = 10) -> list[FrameBoxes]:
    """Ten frames; each track is time -> x."""
    found = []
    for t in range(seconds):
        there = [(row, track[t]) for row, track in enumerate(tracks) if t in track]
        ids = np.array([row for row, _ in there], np.int64)
        found.append(FrameBoxes(float(t), ids, np.array([box(x) for _, x in there], np.float32).reshape(-1, 4)))
    return found


LEFT = {t: 100.0 + t for t in range(10)}
RIGHT = {t: 400.0 - t for t in range(10)}


def test_perfect_and_swapped() -> None:
    true = frames(LEFT, RIGHT)
    assert track_scores(true, true) | {"idf1": 1.0, "switches": 0} == track_scores(true, true)
    swapped = frames(
        {t: (LEFT if t < 5 else RIGHT)[t] for t in range(10)}, {t: (RIGHT if t < 5 else LEFT)[t] for t in range(10)}
    )
    scores = track_scores(true, swapped)
    assert (scores["idf1"], scores["switches"]) == (0.5, 2)


@pytest.mark.skipif(importlib.util.find_spec("trackeval") is None, reason="TrackEval is not installed")
def test_hota_is_that_of_trackeval() -> None:
    true = frames(LEFT, RIGHT)
    assert track_scores(true, true)["hota"] == 1.0
    halves = frames({t: LEFT[t] for t in range(5)}, RIGHT, {t: LEFT[t] for t in range(5, 10)})
    scores = track_scores(true, halves)
    # Every box is found; one of two tracks is held half by each of two.
    assert scores["deta"] == 1.0
    assert scores["assa"] == pytest.approx((10 * 1.0 + 10 * 0.5) / 20)
    assert scores["hota"] == pytest.approx(np.sqrt(0.75), abs=1e-3)


def test_who_holds_whom() -> None:
    true = frames(LEFT, RIGHT)
    assert held_by(true, true) == {0: {0}, 1: {1}}
    both = frames({t: (LEFT if t < 5 else RIGHT)[t] for t in range(10)})
    assert held_by(true, both) == {0: {0, 1}}
    glance = frames({t: (LEFT if t < 8 else RIGHT)[t] for t in range(10)})
    assert held_by(true, glance) == {0: {0}}
    assert held_by(true, frames(dict.fromkeys(range(10), 700.0))) == {}


def test_by_times_alone() -> None:
    truth = [person("a", 0, 5), person("b", 8, 12)]
    assert one_by_one(truth)
    assert not one_by_one([*truth, person("c", 4, 9)])
    assert held_by_time(truth, [(0.2, 4.8)]) == {0}
    assert held_by_time(truth, [(0.2, 4.8), (8.5, 11)]) == {0, 1}
    assert held_by_time(truth, [(0.2, 4.8), (7.5, 8.4)]) == {0}


def test_reference_boxes_are_given_by_time() -> None:
    truth = [person("a", 0, 4), person("b", 6, 9)]
    times = [float(t) for t in range(10)]
    boxes = [np.array([box(100.0)] if t < 5 or t > 5 else [], np.float32).reshape(-1, 4) for t in range(10)]
    found = reference_people(times, boxes, truth, 640)
    assert [frame.ids.tolist() for frame in found] == [[0]] * 5 + [[]] + [[1]] * 4


def test_reference_boxes_are_given_by_place_where_several_are_in_view() -> None:
    truth = placed([person("right", 0, 9), person("left", 0, 9)], {"right": 420 / 640, "left": 120 / 640})
    times = [float(t) for t in range(10)]
    boxes = [np.array([box(LEFT[t]), box(RIGHT[t])], np.float32) for t in range(10)]
    boxes[4] = boxes[4][1:]
    boxes[5] = np.concatenate([boxes[5], [box(600.0)]]).astype(np.float32)
    found = reference_people(times, boxes, truth, 640)
    assert [sorted(frame.ids.tolist()) for frame in found] == [[0, 1]] * 4 + [[0]] + [[0, 1]] * 5
    assert all(frame.boxes[frame.ids.tolist().index(0)][0] > 300 for frame in found)


def test_a_run_that_breaks_off_goes_on_with_the_same_person() -> None:
    times = [float(t) for t in range(10)]
    boxes = [np.array([box(100.0)] if t < 4 or t > 6 else [], np.float32).reshape(-1, 4) for t in range(10)]
    found = reference_people(times, boxes, [person("a", 0, 9)], 640)
    assert [len(frame.ids) for frame in found] == [1] * 4 + [0] * 3 + [1] * 3


def test_mistakes() -> None:
    with pytest.raises(ValueError, match="unique"):
        FrameBoxes(0.0, np.array([1, 1]), np.zeros((2, 4), np.float32))
