from __future__ import annotations

import math

import numpy as np
import pytest

from models.person.candidates import Candidate, body_square, circle_overlap, gather, lead_from_face, same_head
from models.person.geometry import Square


def candidate(x: float, y: float, score: float, side: float = 100.0, head: float = 12.0) -> Candidate:
    top = y - 0.35 * side
    box = np.array([x - head / 2, top - head / 2, x + head / 2, top + head / 2], np.float32)
    return Candidate(score, box, Square(x, y, side))


@pytest.mark.parametrize(
    ("rim", "angle"),
    [
        pytest.param((50.0, 10.0), 0.0, id="upright"),
        pytest.param((90.0, 50.0), math.pi / 2, id="head-to-the-right"),
        pytest.param((10.0, 50.0), -math.pi / 2, id="head-to-the-left"),
    ],
)
def test_body_square(rim: tuple[float, float], angle: float) -> None:
    square = body_square(np.array([50.0, 50.0], np.float32), np.array(rim, np.float32))
    assert (square.x, square.y) == (50.0, 50.0)
    assert square.side == pytest.approx(100.0)
    assert square.angle == pytest.approx(angle)


def test_circle_overlap() -> None:
    here = Square(0, 0, 100)
    assert circle_overlap(here, here) == 1.0
    assert circle_overlap(here, Square(10, 0, 100)) == pytest.approx(0.75)
    assert circle_overlap(here, Square(500, 0, 100)) == 0.0


def test_tiles_that_agree_support_one_lead() -> None:
    leads = gather([candidate(100, 100, 0.5), candidate(102, 101, 0.7), candidate(300, 100, 0.4)])
    assert [round(lead.support, 3) for lead in leads] == [1.2, 0.4]
    assert leads[0].best.score == 0.7


def test_one_head_gives_two_leads_at_most() -> None:
    sizes = (60.0, 100.0, 170.0, 290.0)
    same = [Candidate(0.5, np.array([0, 0, 20, 20], np.float32), Square(10, 10 + size, size)) for size in sizes]
    assert len(gather(same)) == 2


def test_nothing_to_gather() -> None:
    assert gather([]) == []


@pytest.mark.parametrize(
    ("second", "same"),
    [
        pytest.param([0, 0, 10, 10], True, id="same"),
        pytest.param([4, 4, 16, 16], True, id="near"),
        pytest.param([20, 0, 30, 10], False, id="apart"),
        pytest.param([-10, -10, 20, 20], False, id="of-another-size"),
    ],
)
def test_same_head(second: list[float], same: bool) -> None:
    assert same_head(np.array([0, 0, 10, 10], np.float32), np.array(second, np.float32)) is same


def test_a_face_leads_to_the_body_below_it() -> None:
    lead = lead_from_face(np.array([90, 40, 110, 60], np.float32), 0.9)
    square = lead.best.square
    assert square.angle == pytest.approx(0.0)
    assert square.y > 60
    assert square.y - square.side / 2 < 40 < 60 < square.y + square.side / 2
    assert lead.support > 0.9
