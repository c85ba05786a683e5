"""Where to look for people's faces, judged by their boxes and poses alone.

May import: `engine.core`, `models.person` for squares.
"""

from __future__ import annotations

import math

import numpy as np

from engine.core.types import Detections, FloatArray
from models.person.geometry import Square

_NOSE, _EYES, _EARS, _MOUTH, _SHOULDERS, _HIPS = 0, (2, 5), (7, 8), (9, 10), (11, 12), (23, 24)
SURE_POSE = 0.5
"""A pose counts from this score on."""

_AROUND = 5.0
"""Side of the square that is searched, in sides of the face that is expected: what the near detector, whose input is
small, answers most surely."""

_BOX_FACES = 2.6
"""Faces that fit side by side into the breadth of a box, where nothing else is known of the body."""

_AWAY = -0.2
"""Ears the wrong way round by so much of a face: the head shows its back."""

_TURNED = math.radians(40)
"""A head lying further over than this is looked at in a square that lies over like it."""

LEAST_FACE = 12.0
"""Pixels: a smaller face shows no expression."""


def head_squares(people: Detections) -> list[Square | None]:
    """Squares of the picture in which each person's face may be.

    Args:
        people: N people.

    Returns:
        N squares; None where the head shows its back, or is too small to show a face.
    """
    poses = people.poses
    return [
        _by_pose(landmarks) if score >= SURE_POSE else _by_box(box)
        for box, landmarks, score in zip(people.boxes, poses.landmarks, poses.scores, strict=True)
    ]


def expected_faces(people: Detections) -> FloatArray:
    """Where the middle of each person's face should be and how large the face.

    Args:
        people: N people.

    Returns:
        (N, 3) float32: x, y, side in pixels; by the pose where there is one, else by the top of the box.
    """
    poses, places = people.poses, np.zeros((len(people), 3), np.float32)
    for row, (box, landmarks, score) in enumerate(zip(people.boxes, poses.landmarks, poses.scores, strict=True)):
        if score >= SURE_POSE:
            middle, side = _head(landmarks)
        else:
            side = _box_side(box) / _BOX_FACES
            middle = np.array([(box[0] + box[2]) / 2, box[1] + 0.6 * side])
        places[row] = (*middle, side)
    return places


def _head(landmarks: FloatArray) -> tuple[FloatArray, float]:
    """Middle of the face (2,) and its side, pixels; the side from whatever a turned head does not shorten."""
    points = landmarks[:, :2]
    eyes, ears, mouth = (points[list(pair)] for pair in (_EYES, _EARS, _MOUTH))
    shoulders, hips = (points[list(pair)].mean(axis=0) for pair in (_SHOULDERS, _HIPS))
    sizes = (
        float(np.hypot(*(ears[0] - ears[1]))),
        2.6 * float(np.hypot(*(eyes.mean(axis=0) - mouth.mean(axis=0)))),
        0.36 * float(np.hypot(*(points[_SHOULDERS[0]] - points[_SHOULDERS[1]]))),
        0.25 * float(np.hypot(*(shoulders - hips))),
    )
    middle = (points[_NOSE] + eyes.mean(axis=0) + mouth.mean(axis=0)) / 3
    # The largest but one: one of the four is too long now and then, two seldom are.
    return middle.astype(np.float32), 1.2 * float(np.sort(sizes)[-2])


def facing(people: Detections) -> FloatArray:
    """How far each head is turned towards us, by its ears: they lie the other way round in a head seen from behind.

    Args:
        people: N people.

    Returns:
        (N,) float32 in [-1, 1]: about .8 of who looks at us, 0 in profile, below of who shows the back of the head;
        0 where there is no pose.
    """
    answers = np.zeros(len(people), np.float32)
    for row in np.flatnonzero(people.poses.scores >= SURE_POSE):
        landmarks = people.poses.landmarks[row]
        middle, side = _head(landmarks)
        answers[row] = _ears(landmarks, side, _lean(landmarks, middle, side))
    return answers


def _ears(landmarks: FloatArray, side: float, angle: float) -> float:
    apart = landmarks[_EARS[0], :2] - landmarks[_EARS[1], :2]
    across = float(apart @ (math.cos(angle), math.sin(angle)))
    return min(max(across / max(side, 1e-3), -1.0), 1.0)


def _lean(landmarks: FloatArray, middle: FloatArray, side: float) -> float:
    """Radians clockwise by which a head lies over; 0 unless it is far."""
    up = middle - landmarks[list(_SHOULDERS), :2].mean(axis=0)
    angle = math.atan2(float(up[0]), -float(up[1])) if float(np.hypot(*up)) > 0.2 * side else 0.0
    return angle if abs(angle) >= _TURNED else 0.0


def _by_pose(landmarks: FloatArray) -> Square | None:
    middle, side = _head(landmarks)
    angle = _lean(landmarks, middle, side)
    if side < 0.6 * LEAST_FACE or _ears(landmarks, side, angle) < _AWAY:
        return None
    return Square(float(middle[0]), float(middle[1]), _AROUND * side, angle)


def _box_side(box: FloatArray) -> float:
    """Side of the square at the top of a box that holds the head, however much of the body the box holds."""
    width, height = float(box[2] - box[0]), float(box[3] - box[1])
    return max(width, 0.35 * height)


def _by_box(box: FloatArray) -> Square | None:
    side = _box_side(box) / _BOX_FACES
    if side < 0.6 * LEAST_FACE:
        return None
    return Square(float(box[0] + box[2]) / 2, float(box[1]) + 0.6 * side, _AROUND * side)
