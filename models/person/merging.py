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
_PRESENCE = 0.1
_CLARITY = 0.5
_KNOWN = 1.5
_ESTABLISHED = 0.5
_DOUBT = -2.5
"""Log odds under which an answer is not even followed."""


@dataclass(frozen=True, slots=True, eq=False)
class Sighting:
    """One body as one answer of the networks shows it.

    Attributes:
        body: the landmark network's answer.
        box: (4,) float32 xyxy of what can be seen.
        clarity: how far from doubt the mask is where it says body, in [0, 1].
        support: summed detector scores of the candidates that led here, 0 for a body that was followed.
        carried: log odds that were gathered in earlier pictures, minus infinity for a body that is new.
        established: it has been a person beyond doubt before.
    """

    body: Body
    box: FloatArray
    clarity: float
    support: float = 0.0
    carried: float = -math.inf
    established: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Person:
    """One body after merging.

    Attributes:
        sighting: the best of the answers that agree.
        evidence: log odds from candidates, of this picture or of earlier ones.
        score: in [0, 1].
        established: it is, or has been, a person beyond doubt.
    """

    sighting: Sighting
    evidence: float
    score: float
    established: bool


def sight(
    body: Body, width: int, height: int, *, support: float = 0.0, carried: float = -math.inf, established: bool = False
) -> Sighting:
    """Judge an answer of the landmark network.

    Args:
        body: the answer.
        width: of the picture, pixels.
        height: of the picture, pixels.
        support: summed detector scores that led here.
        carried: log odds from earlier pictures.
        established: it has been a person beyond doubt before.
    """
    sure = body.mask[body.mask > 0.5]
    clarity = float((sure - 0.5).mean() * 2) if sure.size else 0.0
    return Sighting(body, visible_box(body, width, height), clarity, support, carried, established)


def is_body(sighting: Sighting) -> bool:
    """Whether the landmark network is sure enough to go on with this one at all."""
    return sighting.body.presence >= _PRESENCE and sighting.clarity >= _CLARITY


def merge(sightings: Sequence[Sighting], width: int, height: int) -> list[Person]:
    """Persons, best first: of answers that show the same pixels the best one stays.

    Args:
        sightings: answers from all tiles.
        width: of the picture, pixels.
        height: of the picture, pixels.
    """
    seen = [one for one in sightings if (one.box[2:] > one.box[:2]).all()]
    if not seen:
        return []
    boxes = np.stack([one.box for one in seen])
    same = box_iou(boxes, boxes) > _AGREE_IOU
    evidence = [_evidence([seen[other] for other in np.flatnonzero(row)]) for row in same]
    old = [any(seen[other].established for other in np.flatnonzero(row)) for row in same]
    logits = [
        gathered + _look(one) + (_KNOWN if known else 0.0)
        for gathered, one, known in zip(evidence, seen, old, strict=True)
    ]
    cells = _GRID / max(width, height)
    shape = (max(1, math.ceil(height * cells)), max(1, math.ceil(width * cells)))
    masks = [_mask_on_grid(one.body, cells, shape) for one in seen]
    areas = [int(mask.sum()) for mask in masks]
    kept: list[int] = []
    for row in np.argsort([-logit - math.log2(max(area, 1)) for logit, area in zip(logits, areas, strict=True)]):
        hidden = any(
            same[row, other] or (masks[row] & masks[other]).sum() > _HIDDEN_SHARE * min(areas[row], areas[other])
            for other in kept
        )
        if areas[row] and not hidden and logits[row] > _DOUBT:
            kept.append(int(row))
    persons = [
        Person(
            seen[row],
            evidence[row],
            score=1.0 / (1.0 + math.exp(-logits[row])),
            established=old[row] or logits[row] >= _ESTABLISHED,
        )
        for row in kept
    ]
    return sorted(persons, key=lambda person: -person.score)


def _evidence(agreeing: Sequence[Sighting]) -> float:
    """Log odds from what led to agreeing sightings, of this picture or of earlier ones.

    Source: logistic regression (with `_look`) over leads found in pictures of shops, offices, streets and a gym,
        judged by a COCO detector. How strongly each lead is supported counts more than how many leads there are.
    """
    carried = max(one.carried for one in agreeing)
    fresh = [one.support for one in agreeing if one.support > 0]
    if not fresh:
        return carried
    return max(carried, 2.07 * math.log2(max(sum(fresh), 0.05)) - 1.62 * math.log2(len(fresh)))


def _look(sighting: Sighting) -> float:
    """Log odds from how the landmark network sees a body."""
    return -0.70 * math.log2(max(1.0 - sighting.clarity, 0.01)) + 0.28 * sighting.body.presence - 3.59


def _mask_on_grid(body: Body, cells: float, shape: tuple[int, int]) -> NDArray[np.bool_]:
    piece = visible_piece(body).astype(np.uint8)
    matrix = body.square.to_picture().astype(np.float64) * cells
    matrix[:, :2] /= piece.shape[0]
    matrix[:, 2] += matrix[:, :2] @ (0.5, 0.5) - 0.5
    return np.asarray(cv2.warpAffine(piece, matrix, (shape[1], shape[0]), flags=cv2.INTER_NEAREST), np.bool_)
