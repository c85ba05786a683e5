"""Keeping bodies apart that were followed into each other: who stands behind is looked at without who stands before.

The landmark network shows one body of a square. Where two meet it jumps to the one in front, and the other is lost.
May import: `engine.core`, its neighbours.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.core.boxes import box_iou
from engine.core.types import FloatArray
from models.person.finding import BodyFinder
from models.person.geometry import Pyramid
from models.person.landmarks import Body
from models.person.merging import Person, Sighting, is_body, look, sight
from models.person.painting import Painted

_MEET = 0.1
"""Share of the smaller of two boxes that the other covers, from which on one may hide or draw away the other."""

_ONE_BODY = 0.5
"""Overlap (IoU) above which two answers are one body: the one whose box changed more is the one that jumped."""

_STEADY = 2.0
"""Log odds for a box that is where it was in the last picture."""


def part(finder: BodyFinder, pyramid: Pyramid, known: Sequence[Person], bodies: Sequence[Body]) -> list[Body]:
    """Look again at followed bodies that meet others, with those painted over; the better view is kept.

    Args:
        finder: reads bodies.
        pyramid: the picture.
        known: who was in the last picture.
        bodies: the answers for them in this picture, row by row.

    Returns:
        One body for each known person, in the same order.
    """
    views = [sight(body, pyramid.width, pyramid.height) for body in bodies]
    steady = [_overlap(person.sighting.box, view.box) for person, view in zip(known, views, strict=True)]
    asked = []
    for row, person in enumerate(known):
        others = [
            bodies[other]
            for other in range(len(known))
            if other != row
            and is_body(views[other])
            and _meets(views[other].box, person.sighting.box, views[row].box)
            and (_overlap(views[row].box, views[other].box) <= _ONE_BODY or steady[row] < steady[other])
        ]
        if others:
            asked.append((row, Painted(pyramid, others)))
    answers = finder.read([(picture, known[row].sighting.body.following) for row, picture in asked])
    parted = list(bodies)
    for (row, _), body in zip(asked, answers, strict=True):
        again = sight(body, pyramid.width, pyramid.height)
        if is_body(again) and _worth(again, known[row]) > _worth(views[row], known[row]):
            parted[row] = body
    return parted


def _worth(view: Sighting, person: Person) -> float:
    return look(view) + _STEADY * _overlap(person.sighting.box, view.box)


def _overlap(first: FloatArray, second: FloatArray) -> float:
    return float(box_iou(first[None], second[None])[0, 0])


def _meets(other: FloatArray, *places: FloatArray) -> bool:
    """Whether a box shares more than a little with one of the places; (4,) xyxy each."""
    for place in places:
        shared = np.clip(np.minimum(other[2:], place[2:]) - np.maximum(other[:2], place[:2]), 0, None).prod()
        smaller = min(np.prod(other[2:] - other[:2]), np.prod(place[2:] - place[:2]))
        if smaller > 0 and shared >= _MEET * smaller:
            return True
    return False
