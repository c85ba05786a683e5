from __future__ import annotations

import numpy as np
import pytest

from engine.tracking.splitting import Sightings, cuts

SIZE = (1000, 500)


def found(
    t: list[float],
    boxes: list[list[float]],
    missed: list[bool],
    longest_s: float = 1.6,
    heads: list[list[float]] | None = None,
) -> list[bool]:
    placed = np.full((len(t), 2), np.nan) if heads is None else np.asarray(heads, float)
    seen = Sightings(np.asarray(t), np.asarray(boxes, float), placed, np.asarray(missed, bool))
    return cuts(seen, longest_s, SIZE).tolist()


@pytest.mark.parametrize(
    ("passed", "missed", "expected"),
    [
        pytest.param(1.5, True, False, id="short absence"),
        pytest.param(1.7, True, True, id="long absence"),
        pytest.param(1.7, False, False, id="slow rate: nobody looked in between"),
    ],
)
def test_absences(passed: float, missed: bool, expected: bool) -> None:
    assert found([0.0, passed], [[100, 100, 180, 300]] * 2, [missed]) == [expected]


@pytest.mark.parametrize(
    ("moved", "passed", "expected"),
    [
        pytest.param(60, 0.2, False, id="overlapping"),
        pytest.param(200, 0.2, False, id="a sprinter"),
        pytest.param(400, 0.2, True, id="two heights in a fifth of a second"),
        pytest.param(400, 1.0, False, id="two heights in a second"),
    ],
)
@pytest.mark.parametrize("way", [1, -1])
def test_jumps(moved: float, passed: float, expected: bool, way: int) -> None:
    start = [450, 100, 530, 300]
    end = [start[0] + way * moved, 100, start[2] + way * moved, 300]
    assert found([0.0, passed], [start, end], [False]) == [expected]


def mirrored(boxes: list[list[float]], side: str) -> list[list[float]]:
    if side == "right":
        return [[SIZE[0] - x2, y1, SIZE[0] - x1, y2] for x1, y1, x2, y2 in boxes]
    if side == "top":
        return [[y1, x1, y2, x2] for x1, y1, x2, y2 in boxes]
    if side == "bottom":
        return [[y1, SIZE[1] - x2, y2, SIZE[1] - x1] for x1, y1, x2, y2 in boxes]
    return boxes


LEAVES = [[60, 100, 160, 300], [20, 100, 120, 300], [0, 100, 60, 300], [0, 100, 30, 300]]
ENTERS = LEAVES[::-1]
TIMES = [0.0, 0.2, 0.4, 0.6, 1.4, 1.6, 1.8, 2.0]
GAP = [False, False, False, True, False, False, False]


@pytest.mark.parametrize("side", ["left", "right", "top", "bottom"])
def test_leaving_and_somebody_entering_is_two(side: str) -> None:
    assert found(TIMES, mirrored(LEAVES + ENTERS, side), GAP) == GAP


@pytest.mark.parametrize("side", ["left", "right", "top", "bottom"])
def test_waiting_at_the_border_is_one(side: str) -> None:
    boxes = mirrored([[0, 100, 60, 300]] * 8, side)
    assert found(TIMES, boxes, GAP) == [False] * 7


def test_an_absence_in_the_middle_is_one() -> None:
    inside = [[x1 + 400, y1, x2 + 400, y2] for x1, y1, x2, y2 in LEAVES + ENTERS]
    assert found(TIMES, inside, GAP) == [False] * 7


STANDS = [[400.0, 100, 480, 300]] * 4
AWAY = [False, False, False, True, False, False, False]


def walked(x: float, speed: float, t: list[float]) -> list[list[float]]:
    return [[x + speed * (one - t[0]), 100, x + 80 + speed * (one - t[0]), 300] for one in t]


@pytest.mark.parametrize(
    ("before", "after", "cut"),
    [
        pytest.param(STANDS, STANDS, False, id="waits"),
        pytest.param(STANDS, walked(500, 0, TIMES[4:]), True, id="half a height aside"),
        pytest.param(STANDS, [[400.0, 100, 480, 220]] * 4, False, id="legs hidden now"),
        pytest.param([[400.0, 180, 480, 300]] * 4, STANDS, False, id="head no longer hidden"),
        pytest.param(walked(100, 200, TIMES[:4]), walked(380, 200, TIMES[4:]), False, id="walks on"),
        pytest.param(walked(100, 200, TIMES[:4]), walked(300, 0, TIMES[4:]), False, id="stopped on the way"),
        pytest.param(walked(400, 200, TIMES[:4]), walked(360, -200, TIMES[4:]), False, id="turned back"),
        pytest.param(walked(400, 200, TIMES[:4]), walked(340, 200, TIMES[4:]), True, id="where they cannot be"),
    ],
)
def test_who_comes_back_must_be_on_the_path(before: list[list[float]], after: list[list[float]], cut: bool) -> None:
    assert found(TIMES, before + after, AWAY) == [cut and away for away in AWAY]
    there = [False] * 7
    assert found(TIMES, before + after, there) == there


def test_a_box_in_place_with_another_head_is_somebody_else() -> None:
    heads = [[440.0, 110]] * 4 + [[400.0, 180]] * 4
    assert found(TIMES, STANDS * 2, AWAY, heads=heads) == AWAY
    heads[4] = [np.nan, np.nan]
    assert found(TIMES, STANDS * 2, AWAY, heads=heads) == [False] * 7


def test_a_single_sighting() -> None:
    assert found([0.0], [[0, 0, 10, 10]], []) == []
