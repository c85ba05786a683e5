"""The BlazePose detector network: where in a square of the picture somebody may stand.

Owns its anchors and the reading of its outputs. May import: `engine.core`, its neighbours.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

import numpy as np

from engine.core.types import FloatArray, Image
from models.person.geometry import Square
from models.person.litert import Network

SIZE = 224
"""Side of the detector's input, pixels."""

_STRIDES = ((8, 2), (16, 2), (32, 6))
_SAME_BODY = 0.55
_LEADS_PER_HEAD = 2
_HIPS_BELOW = 4.0
_RIM_ABOVE = 1.5
"""Where the hips and the top of the body's circle lie, in sizes of the face."""

_FACE_SUPPORT = 1.5
_BODY_SQUARE = 2.5
"""Side of the landmark network's square in radii of the body: 1.25 on either side."""


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """Somebody may stand here.

    Attributes:
        score: the detector's, in [0, 1].
        head: (4,) float32 xyxy of the head, pixels of the picture.
        square: what the landmark network should look at.
    """

    score: float
    head: FloatArray
    square: Square


@cache
def _anchors() -> FloatArray:
    rows = []
    for stride, per_cell in _STRIDES:
        cells = SIZE // stride
        y, x = np.mgrid[0:cells, 0:cells]
        centres = np.stack([x.ravel() + 0.5, y.ravel() + 0.5], axis=1) * stride
        rows.append(np.repeat(centres, per_cell, axis=0))
    return np.asarray(np.concatenate(rows), np.float32)


def body_square(hips: FloatArray, rim: FloatArray) -> Square:
    """The square around a body that stands along the line from its hips to a point on its surrounding circle.

    Args:
        hips: (2,) middle of the hips, pixels.
        rim: (2,) point of the circle around the whole body, above the head, pixels.
    """
    dx, dy = float(rim[0] - hips[0]), float(rim[1] - hips[1])
    side = max(_BODY_SQUARE * math.hypot(dx, dy), 1.0)
    return Square(float(hips[0]), float(hips[1]), side, math.atan2(dx, -dy))


def find_candidates(network: Network, crop: Image, tile: Square, min_score: float) -> list[Candidate]:
    """Candidates in one tile, best first, each body once.

    Args:
        network: the BlazePose detector.
        crop: (224, 224, 3) uint8 RGB, the tile's pixels.
        tile: the upright square of the picture they come from.
        min_score: lowest score to report, in (0, 1).

    Source: MediaPipe pose_detection_cpu.pbtxt. Differs: overlapping answers are suppressed, not averaged, and
        it is the bodies' circles that are compared, since two people's heads may be close.
    """
    picture = crop.astype(np.float32)[None] / 127.5 - 1.0
    outputs = {output.shape[-1]: output[0] for output in network(picture)}
    logits, numbers = outputs[1][:, 0], outputs[12]
    kept = np.flatnonzero(logits > math.log(min_score / (1.0 - min_score)))
    kept = kept[np.argsort(-logits[kept], kind="stable")]
    anchors = _anchors()[kept]
    centres = (numbers[kept, :2] + anchors) / SIZE
    half = numbers[kept, 2:4] / (2 * SIZE)
    points = (numbers[kept, 4:].reshape(-1, 4, 2) + anchors[:, None]) / SIZE
    found: list[Candidate] = []
    for row, anchor in enumerate(kept):
        corners = tile.points_to_picture(np.stack([centres[row] - half[row], centres[row] + half[row]]))
        hips, rim = tile.points_to_picture(points[row, :2])
        square = body_square(hips, rim)
        if all(circle_overlap(square, other.square) < 0.35 for other in found):
            score = 1.0 / (1.0 + math.exp(-min(float(logits[anchor]), 80.0)))
            found.append(Candidate(score, corners.reshape(4), square))
    return found


@dataclass(frozen=True, slots=True)
class Lead:
    """A place worth asking the landmark network about.

    Attributes:
        best: the surest of the candidates that show the same body in the same way.
        support: sum of their scores: what several tiles say independently is seldom wrong.
        heads: sum of the scores of all candidates with the same head, however long they take the body to be; where
            legs are hidden or cut off, tiles agree on the head only.
    """

    best: Candidate
    support: float
    heads: float


def gather(candidates: Iterable[Candidate]) -> list[Lead]:
    """Join the candidates of all tiles, most support first; two leads at most for one head.

    Args:
        candidates: of any number of tiles of one picture.
    """
    ranked = sorted(candidates, key=lambda one: -one.score)
    groups: list[list[Candidate]] = []
    for candidate in ranked:
        for group in groups:
            if circle_overlap(group[0].square, candidate.square) >= _SAME_BODY:
                group.append(candidate)
                break
        else:
            groups.append([candidate])
    leads = []
    for group in groups:
        others = [one for one in ranked if one not in group and same_head(group[0].head, one.head)]
        support = sum(one.score for one in group)
        leads.append(Lead(group[0], support, support + sum(one.score for one in others)))
    kept: list[Lead] = []
    for lead in sorted(leads, key=lambda lead: (-lead.support, -lead.heads)):
        if sum(same_head(lead.best.head, other.best.head) for other in kept) < _LEADS_PER_HEAD:
            kept.append(lead)
    return kept


def lead_from_face(face: FloatArray, score: float) -> Lead:
    """A lead where the body of a face should be.

    Args:
        face: (4,) float32 xyxy from forehead to chin, pixels.
        score: the face detector's, in [0, 1].
    """
    x, y = float(face[0] + face[2]) / 2, float(face[1] + face[3]) / 2
    size = float(np.sqrt(np.prod(face[2:] - face[:2])))
    hips = np.array([x, y + _HIPS_BELOW * size], np.float32)
    rim = np.array([x, y - _RIM_ABOVE * size], np.float32)
    support = _FACE_SUPPORT * score
    return Lead(Candidate(score, face, body_square(hips, rim)), support, support)


def same_head(first: FloatArray, second: FloatArray) -> bool:
    """Whether two head boxes, (4,) xyxy each, lie at one place and are of one size, roughly."""
    sizes = [max(float(np.sqrt(np.prod(np.abs(head[2:] - head[:2])))), 1e-3) for head in (first, second)]
    apart = float(np.hypot(*(first[:2] + first[2:] - second[:2] - second[2:]))) / 2
    return apart < 0.7 * math.sqrt(sizes[0] * sizes[1]) and max(sizes) < 2.0 * min(sizes)


def circle_overlap(first: Square, second: Square) -> float:
    """How alike two bodies' circles are, in [0, 1]: 1 - distance of centres and of radii over the mean radius."""
    radius = (first.side + second.side) / (2 * _BODY_SQUARE)
    apart = math.hypot(first.x - second.x, first.y - second.y) + abs(first.side - second.side) / _BODY_SQUARE
    return max(0.0, 1.0 - apart / radius)
