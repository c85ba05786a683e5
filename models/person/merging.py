"""From many overlapping answers to persons: what agrees is one body, what hides under another is dropped.

May import: `engine.core`, its neighbours.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.core.boxes import box_iou
from engine.core.types import FloatArray
from models.person.bodies import visible_box
from models.person.grid import Grid
from models.person.landmarks import Body

_AGREE_IOU = 0.6
_HIDDEN_SHARE = 0.6
_TWO_HEADS_SHARE = 0.9
_LARGER = 0.5
_FOLLOWED = 0.5
"""What speaks for one of several answers about the same pixels: its size per doubling, and that it is an old friend."""

_HEADS_APART = 0.6
_PRESENCE = 0.1
_CLARITY = 0.5
_KNOWN = 2.2
_SUPPORT, _MANY, _FOCUS, _DOUBTFUL, _RARE = 1.36, 0.65, 1.49, 0.64, 2.8
"""Weights of the summed support, the number of leads, the focus and the clarity; see `_evidence`."""

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
        logit: log odds of the score.
    """

    sighting: Sighting
    evidence: float
    score: float
    established: bool
    logit: float


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


def merge(sightings: Sequence[Sighting], grid: Grid) -> list[Person]:
    """Persons, best first: of answers that show the same pixels the best one stays.

    Args:
        sightings: new answers from all tiles, and bodies that were followed.
        grid: of the picture.
    """
    seen = [one for one in sightings if (one.box[2:] > one.box[:2]).all()]
    covers = [grid.cover(one.body) for one in seen]
    seen = [one for one, cover in zip(seen, covers, strict=True) if cover.any()]
    covers = [cover for cover in covers if cover.any()]
    if not seen:
        return []
    boxes = np.stack([one.box for one in seen])
    same = box_iou(boxes, boxes) > _AGREE_IOU
    persons = []
    for sighting, row in zip(seen, same, strict=True):
        agreeing = [seen[other] for other in np.flatnonzero(row)]
        evidence = _evidence(agreeing)
        known = any(one.established for one in agreeing)
        logit = evidence + _look(sighting) + (_KNOWN if known else 0.0)
        persons.append(
            Person(sighting, evidence, 1.0 / (1.0 + math.exp(-logit)), known or logit >= _ESTABLISHED, logit)
        )
    kept: list[int] = []
    sizes = [int(cover.sum()) for cover in covers]
    ranks = [
        one.logit + _LARGER * math.log2(size) + (_FOLLOWED if one.sighting.established else 0.0)
        for one, size in zip(persons, sizes, strict=True)
    ]
    for row in np.argsort([-rank for rank in ranks], kind="stable"):
        hidden = any(
            same[row, other]
            or (covers[row] & covers[other]).sum() > _allowed(seen[row], seen[other]) * min(sizes[row], sizes[other])
            for other in kept
        )
        if not hidden and persons[row].logit > _DOUBT:
            kept.append(int(row))
    return sorted((persons[row] for row in kept), key=lambda person: -person.logit)


def _allowed(one: Sighting, other: Sighting) -> float:
    """Share of the smaller body's cells that two bodies may share; more where their heads are plainly two."""
    heads = [sighting.body.landmarks[:11, :2].mean(axis=0) for sighting in (one, other)]
    apart = float(np.hypot(*(heads[0] - heads[1])))
    return _TWO_HEADS_SHARE if apart > _HEADS_APART * min(one.body.trunk, other.body.trunk) else _HIDDEN_SHARE


def _evidence(agreeing: Sequence[Sighting]) -> float:
    """Log odds from what led to agreeing sightings, of this picture or of earlier ones.

    Args:
        agreeing: sightings of one body, at least one.

    Source: logistic regression (with `_look`) over leads found in the five sample clips and the two
        photographs of the sample, judged by a COCO YOLOv8n; the bias and the bonus of a known person were set by hand.
    """
    carried = max(one.carried for one in agreeing)
    fresh = [one.support for one in agreeing if one.support > 0]
    if not fresh:
        return carried
    return max(carried, _SUPPORT * math.log2(max(sum(fresh), 0.05)) - _MANY * math.log2(len(fresh)))


def _look(sighting: Sighting) -> float:
    """Log odds from how the landmark network sees a body."""
    doubt = max(1.0 - sighting.clarity, 0.01)
    return _FOCUS * sighting.body.focus - _DOUBTFUL * math.log2(doubt) - _RARE
