"""From many overlapping answers to persons: what agrees is one body, what hides under another is dropped.

May import: `engine.core`, its neighbours.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.core.types import FloatArray
from models.person.bodies import visible_box, visible_piece
from models.person.geometry import box_iou
from models.person.landmarks import Body

_GRID = 128
"""Cells along the picture's longer side on which masks are compared."""

_AGREE_IOU = 0.6
_HIDDEN_SHARE = 0.6
_PRESENCE = 0.3
_CLARITY = 0.6


@dataclass(frozen=True, slots=True, eq=False)
class Sighting:
    """One body as one answer of the networks shows it.

    Attributes:
        body: the landmark network's answer.
        box: (4,) float32 xyxy of what can be seen.
        support: summed detector scores of the candidates that led here, >= 0.
        clarity: how far from doubt the mask is where it says body, in [0, 1].
    """

    body: Body
    box: FloatArray
    support: float
    clarity: float


@dataclass(frozen=True, slots=True, eq=False)
class Person:
    """One body after merging.

    Attributes:
        sighting: the clearest of the answers that agree.
        score: in [0, 1].
    """

    sighting: Sighting
    score: float


def sight(body: Body, support: float, width: int, height: int) -> Sighting:
    """Judge an answer of the landmark network.

    Args:
        body: the answer.
        support: summed detector scores that led here.
        width: of the picture, pixels.
        height: of the picture, pixels.
    """
    sure = body.mask[body.mask > 0.5]
    clarity = float((sure - 0.5).mean() * 2) if sure.size else 0.0
    return Sighting(body, visible_box(body, width, height), support, clarity)


def is_body(sighting: Sighting) -> bool:
    """Whether the landmark network is sure enough to go on with this one at all."""
    return sighting.body.presence >= _PRESENCE and sighting.clarity >= _CLARITY


def confidence(support: float, clarity: float, presence: float) -> float:
    """How sure it is that agreeing answers are a person, in [0, 1]."""
    logit = -12.5 + 1.5 * math.log2(max(support, 0.1)) + 12.0 * clarity + 3.0 * presence
    return 1.0 / (1.0 + math.exp(-logit))


def merge(sightings: Sequence[Sighting], width: int, height: int) -> list[Person]:
    """Persons, best first.

    Args:
        sightings: answers from all tiles.
        width: of the picture, pixels.
        height: of the picture, pixels.
    """
    usable = [one for one in sightings if float(np.prod(one.box[2:] - one.box[:2])) > 0]
    usable.sort(key=lambda one: -(one.clarity + 0.1 * one.body.presence))
    persons = []
    while usable:
        best = usable[0]
        overlaps = box_iou(best.box[None], np.stack([one.box for one in usable]))[0]
        agree = [one for one, iou in zip(usable, overlaps, strict=True) if iou > _AGREE_IOU or one is best]
        usable = [one for one, iou in zip(usable, overlaps, strict=True) if not (iou > _AGREE_IOU or one is best)]
        presence = max(one.body.presence for one in agree)
        support = sum(one.support for one in agree)
        persons.append(Person(best, confidence(support, best.clarity, presence)))
    return drop_hidden(persons, width, height)


def drop_hidden(persons: Sequence[Person], width: int, height: int) -> list[Person]:
    """Persons without those whose pixels mostly belong to surer ones, best first."""
    cells = _GRID / max(width, height)
    shape = (max(1, math.ceil(height * cells)), max(1, math.ceil(width * cells)))
    kept: list[tuple[Person, NDArray[np.bool_]]] = []
    for person in sorted(persons, key=lambda one: -one.score):
        mask = _mask_on_grid(person.sighting.body, cells, shape)
        own = int(mask.sum())
        if own and all((mask & other).sum() <= _HIDDEN_SHARE * min(own, int(other.sum())) for _, other in kept):
            kept.append((person, mask))
    return [person for person, _ in kept]


def _mask_on_grid(body: Body, cells: float, shape: tuple[int, int]) -> NDArray[np.bool_]:
    piece = visible_piece(body).astype(np.uint8)
    matrix = body.square.to_picture().astype(np.float64) * cells
    matrix[:, :2] /= piece.shape[0]
    matrix[:, 2] += matrix[:, :2] @ (0.5, 0.5) - 0.5
    return np.asarray(cv2.warpAffine(piece, matrix, (shape[1], shape[0]), flags=cv2.INTER_NEAREST), np.bool_)
