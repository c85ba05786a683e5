"""Whose a box at an instant is."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from engine.core.types import Tracklet
from engine.spots import SAME_S, best_sight, whose
from tests.identity.said import tracklet

FIRST, SECOND = tracklet(1, 0.0, 5), tracklet(2, 3.0, 5)


def box(of: Tracklet, right: float = 0.0) -> tuple[float, float, float, float]:
    x1, y1, x2, y2 = (float(side) for side in of.boxes[0])
    return x1 + right, y1, x2 + right, y2


@pytest.mark.parametrize(
    ("t", "place", "number"),
    [
        pytest.param(3.5, box(FIRST), 1, id="one of two"),
        pytest.param(3.5, box(SECOND), 2, id="the other"),
        pytest.param(3.5, box(FIRST, 1.0), 1, id="the one who overlaps more"),
        pytest.param(3.5, box(FIRST, 100.0), 0, id="nobody there"),
        pytest.param(4.0 + SAME_S, box(FIRST), 1, id="just gone"),
        pytest.param(4.1 + SAME_S, box(FIRST), 0, id="long gone"),
    ],
)
def test_whose(t: float, place: tuple[float, float, float, float], number: int) -> None:
    assert whose([FIRST, SECOND], t, place) == number


def test_the_best_sight_is_the_surest_then_the_largest_and_no_guess() -> None:
    assert best_sight("a", FIRST, 0.0, 9.0).spot.t == 4.0
    assert best_sight("a", FIRST, 0.0, 4.0).spot.t == 3.0
    alike = replace(FIRST, scores=np.full(5, 0.5, np.float32), boxes=FIRST.boxes.copy())
    wide = alike.boxes.copy()
    wide[2, 2] += 3
    sight = best_sight("a", replace(alike, boxes=wide), 0.0, 9.0)
    assert (sight.spot.t, sight.spot.box[2], sight.pixels) == (2.0, 21.0, 220.0)
    guessed = np.array([False, False, False, False, True])
    assert best_sight("a", replace(FIRST, interpolated=guessed), 0.0, 9.0).spot.t == 3.0
    assert best_sight("a", replace(FIRST, interpolated=guessed), 4.0, 9.0).spot.t == 4.0
