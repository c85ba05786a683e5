"""Whose face is whose: each face of at most one person, each person of at most one face.

May import: `engine.core`, its neighbours.
"""

from __future__ import annotations

import numpy as np

from engine.core.types import Detections, FloatArray
from models.face.heads import SURE_POSE, expected_faces

_LEAST_SHARE = 0.5
"""Share of a face that must lie in a person's box for it to be that person's."""

_LEAST = 0.3
"""Least worth of a pair: a face inside a box, but nowhere near the person's head, is somebody else's."""

_FRONT_WORTH = 0.3


def assign_faces(faces: FloatArray, people: Detections) -> tuple[list[int], list[int]]:
    """Pair faces with people so that the whole picture makes most sense.

    A pair is worth the share of the face that lies in the person's box, times how near the face is to where the
    person's head should be; where boxes overlap, who is in front is worth a little more: a face that shows is seldom
    that of somebody who is hidden.

    Args:
        faces: (F, 4) float32 xyxy.
        people: N people, with poses or without.

    Returns:
        Rows of the faces and rows of the people, pair by pair, in order of the people.

    Source: Kuhn 1955 (assignment). Differs: pairs worth too little are dropped after solving.
    """
    from scipy.optimize import linear_sum_assignment

    if not len(faces) or not len(people):
        return [], []
    worth = pair_worth(faces, people)
    rows, columns = linear_sum_assignment(worth, maximize=True)
    pairs = [(int(p), int(f)) for f, p in zip(rows, columns, strict=True) if worth[f, p] >= _LEAST]
    return [face for _, face in sorted(pairs)], [person for person, _ in sorted(pairs)]


def pair_worth(faces: FloatArray, people: Detections) -> FloatArray:
    """What each pairing is worth, see `assign_faces`.

    Returns:
        (F, N) float32 >= 0.
    """
    share = shares(faces, people.boxes)
    near = nearness(faces, people)
    front = _FRONT_WORTH * _in_front(faces, people)
    return np.asarray(np.where(share >= _LEAST_SHARE, share * near * (1.0 + front), 0.0), np.float32)


def shares(faces: FloatArray, boxes: FloatArray) -> FloatArray:
    """Intersection over the face's own area, (F, N) float32 in [0, 1]; 0 of a face without area."""
    low = np.maximum(faces[:, None, :2], boxes[None, :, :2])
    high = np.minimum(faces[:, None, 2:], boxes[None, :, 2:])
    common = np.prod(np.clip(high - low, 0.0, None), axis=2)
    area = np.prod(faces[:, 2:] - faces[:, :2], axis=1)[:, None]
    return np.asarray(np.where(area > 0.0, common / np.maximum(area, 1e-9), 0.0), np.float32)


def nearness(faces: FloatArray, people: Detections) -> FloatArray:
    """How near faces lie to where heads should be.

    Args:
        faces: (F, 4) float32 xyxy.
        people: N people.

    Returns:
        (F, N) float32 in (0, 1]: 1 at the head, falling to a third over a face's side; a wrong size costs too.
    """
    heads = expected_faces(people)
    middles, sides = (faces[:, :2] + faces[:, 2:]) / 2, np.sqrt(np.prod(faces[:, 2:] - faces[:, :2], axis=1))
    scale = np.maximum(np.maximum(sides[:, None], heads[None, :, 2]), 1.0)
    # Without a pose only the top of the box is known, and a head may be anywhere along it.
    posed = (people.poses.scores >= SURE_POSE)[None, :]
    reach_x = np.where(posed, scale, np.maximum(scale, (people.boxes[:, 2] - people.boxes[:, 0])[None, :] / 2))
    off_x = (middles[:, None, 0] - heads[None, :, 0]) / reach_x
    off_y = (middles[:, None, 1] - heads[None, :, 1]) / scale
    ratio = np.log(np.maximum(sides[:, None], 1.0) / np.maximum(heads[None, :, 2], 1.0))
    return np.asarray(np.exp(-(off_x**2) - off_y**2 - 0.25 * ratio**2), np.float32)


def _in_front(faces: FloatArray, people: Detections) -> FloatArray:
    """(F, N) in [0, 1]: how much further to the front a person is than others whose boxes hold the same face.

    The nearer one stands lower in the picture and is larger.
    """
    holds = shares(faces, people.boxes) >= _LEAST_SHARE
    lower, size = people.boxes[:, 3], np.sqrt(np.prod(people.boxes[:, 2:] - people.boxes[:, :2], axis=1))
    heights = np.maximum(people.boxes[:, 3] - people.boxes[:, 1], 1.0)
    pair = np.maximum(heights[:, None], heights[None, :])
    ahead = np.clip(0.5 + (lower[:, None] - lower[None, :]) / pair, 0.0, 1.0)
    larger = size[:, None] / np.maximum(size[:, None] + size[None, :], 1e-6)
    beats = (ahead + larger) / 2
    front = np.zeros(holds.shape, np.float32)
    for face in range(len(faces)):
        rivals = np.flatnonzero(holds[face])
        for person in rivals if len(rivals) > 1 else ():
            front[face, person] = float(beats[person, rivals[rivals != person]].min())
    return front
