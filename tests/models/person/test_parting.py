"""Bodies that were followed into each other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import numpy as np

from models.person.finding import BodyFinder
from models.person.geometry import Pyramid, Square
from models.person.landmarks import Body
from models.person.merging import Person, sight
from models.person.painting import Painted
from models.person.parting import part
from tests.models.person.bodies import body_in

WIDTH, HEIGHT = 320, 200
PYRAMID = Pyramid(np.full((HEIGHT, WIDTH, 3), 255, np.uint8))
BEHIND, BEFORE = (60.0, 30.0, 110.0, 150.0), (90.0, 60.0, 150.0, 190.0)


class Finder:
    """Says what it is told to, and remembers the pictures it was shown."""

    def __init__(self, *answers: Body) -> None:
        self.answers = answers
        self.shown: list[Pyramid] = []

    def read(self, places: Sequence[tuple[Pyramid, Square]]) -> list[Body]:
        self.shown += [picture for picture, _ in places]
        return list(self.answers[: len(places)])


def known(box: tuple[float, float, float, float]) -> Person:
    return Person(sight(body_in(box), WIDTH, HEIGHT), evidence=1.0, score=0.9, established=True, logit=2.0)


def parted(finder: Finder, people: Sequence[Person], bodies: Sequence[Body]) -> list[Body]:
    return part(cast(BodyFinder, finder), PYRAMID, people, bodies)


def test_who_jumped_to_somebody_nearer_is_found_behind_them() -> None:
    behind, before = body_in(BEHIND), body_in(BEFORE)
    finder = Finder(behind)
    assert parted(finder, [known(BEHIND), known(BEFORE)], [body_in(BEFORE), before]) == [behind, before]
    (picture,) = finder.shown
    assert isinstance(picture, Painted)
    assert (picture.crop(Square(120, 125, 20), 32) == 128).all(), "the one in front is painted over"


def test_a_worse_view_is_not_taken() -> None:
    bodies = [body_in(BEHIND), body_in(BEFORE)]
    finder = Finder(body_in(BEHIND, focus=-0.8), body_in(BEFORE, presence=0.01, focus=2.0))
    assert parted(finder, [known(BEHIND), known(BEFORE)], bodies) == bodies
    assert len(finder.shown) == 2


def test_who_stands_apart_is_not_asked_again() -> None:
    far = (220.0, 30.0, 270.0, 150.0)
    bodies = [body_in(BEHIND), body_in(far)]
    finder = Finder()
    assert parted(finder, [known(BEHIND), known(far)], bodies) == bodies
    assert not finder.shown


def test_who_is_no_longer_there_hides_nobody() -> None:
    bodies = [body_in(BEHIND), body_in(BEFORE, presence=0.01)]
    finder = Finder(body_in(BEFORE))
    assert parted(finder, [known(BEHIND), known(BEFORE)], bodies)[0] is bodies[0]
    assert len(finder.shown) == 1, "only the one who seems gone is looked for behind the other"
