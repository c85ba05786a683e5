"""Faces of people: MediaPipe's face detectors where heads are, its face mesh for features, head pose and quality.

May import: `engine.core`, its neighbours, `models.person` for files, networks and squares.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from engine.core.faces import Faces
from engine.core.protocols import BackendOptions, ModelCard
from engine.core.types import Detections, FloatArray, Frame
from models.face.assignment import assign_faces, nearness
from models.face.heads import LEAST_FACE, SURE_POSE, facing, head_squares
from models.face.mediapipe import FaceFinder
from models.face.mesh import CANONICAL, SIZE, Mesh, mesh_square, read_mesh
from models.face.quality import face_quality
from models.person.files import (
    FACE_FULL_RANGE,
    FACE_MESH,
    FACE_SHORT_RANGE,
    LICENCE,
    SOURCE,
    fingerprint,
    network_file,
)
from models.person.geometry import Pyramid, Square
from models.person.litert import Network, Workers
from models.person.tiles import whole

REVISION = "1"
"""Changed whenever the same pictures may give other answers."""

_SCORE = 0.5
_PLACED, _NEAR, _FACING = 0.6, 0.5, 0.3
"""A small or dim face the mesh network does not confirm counts from this score of the detectors on, if it lies this
near to the head of a pose that looks this much towards us."""

_ALONE = 0.85
"""And from this one on where there is no pose to confirm it."""

_UNCONFIRMED = 0.6
"""What such a face keeps of its quality."""

_SURE = 0.5
_MISFIT = (0.06, 0.14)
"""Misfit of the mesh up to which it is a face, and from which on it is none."""


class FaceMeshReader:
    """Finds, reads and hands out the faces of people whose boxes and poses are known.

    Looks at the whole picture once and at the square around each head that does not show its back, with the near and
    the far detector; small heads are enlarged that way. What both find is one face.

    Args:
        options: threads; the lowest score to report has a floor of .5, the networks' own.

    Raises:
        ModelMissing: the mediapipe package is not installed.
        ModelError: its networks cannot be read.
    """

    def __init__(self, options: BackendOptions) -> None:
        self._workers = Workers(options.threads)
        self._finder = FaceFinder(self._workers)
        self._mesh = Network(network_file(FACE_MESH), options.threads)
        self.card = self.describe(options)

    @classmethod
    def describe(cls, options: BackendOptions) -> ModelCard:
        """The card, without loading the networks; the same for all options.

        Raises:
            ModelMissing: the mediapipe package is not installed.
        """
        files = (*(network_file(name) for name in (FACE_SHORT_RANGE, FACE_FULL_RANGE, FACE_MESH)), CANONICAL)
        version = fingerprint(files, f"facemesh {REVISION}")
        return ModelCard(name="facemesh", version=version, tier="embedded", licence=LICENCE, source=SOURCE)

    def read(self, frame: Frame, people: Detections) -> Faces:
        """Faces in a picture, each given to the person it belongs to.

        Args:
            frame: the picture.
            people: those in it.

        Returns:
            Faces by row of `people`, ascending; faces of nobody known are left out. Points and angles are the mesh's
            where it is sure of the face, else they come from the detector's six points.
        """
        squares = [square for square in head_squares(people) if square is not None]
        if not squares:
            return Faces.empty()
        pyramid = Pyramid(frame.image)
        tiles = [whole(pyramid.width, pyramid.height), *_apart(squares)]
        boxes, points, scores = self._finder.find_points(pyramid, tiles, _SCORE)
        large = np.flatnonzero(np.sqrt(np.prod(boxes[:, 2:] - boxes[:, :2], axis=1)) >= LEAST_FACE)
        boxes, points, scores = boxes[large], points[large], scores[large]
        faces, owners = assign_faces(boxes, people)
        views = [mesh_square(boxes[row], points[row]) for row in faces]
        for view in views:
            pyramid.prepare(view.side / SIZE)
        meshes = self._workers.map(lambda view: read_mesh(self._mesh, pyramid, view), views)
        likely = _likely(boxes, scores, people)
        kept = [
            (person, row, mesh)
            for person, row, mesh in zip(owners, faces, meshes, strict=True)
            if _belief(mesh) >= _SURE or likely[row, person]
        ]
        return _faces(pyramid, kept, (boxes, points, scores))


def _apart(squares: list[Square]) -> list[Square]:
    """The squares without those whose head another one shows as well."""
    kept: list[Square] = []
    for square in squares:
        if not any(
            max(abs(square.x - other.x), abs(square.y - other.y)) < 0.3 * other.side
            and 0.7 < square.side / other.side < 1.4
            and square.angle == other.angle
            for other in kept
        ):
            kept.append(square)
    return kept


def _likely(boxes: FloatArray, scores: FloatArray, people: Detections) -> NDArray[np.bool_]:
    """(F, N) bool: what makes a face of that person likely even where the mesh network does not confirm it."""
    posed = people.poses.scores >= SURE_POSE
    agreed = (nearness(boxes, people) >= _NEAR) & (facing(people) >= _FACING) & (scores[:, None] >= _PLACED)
    return np.asarray(np.where(posed, agreed, scores[:, None] >= _ALONE), np.bool_)


def _belief(mesh: Mesh) -> float:
    """How far the mesh network is believed, in [0, 1]."""
    low, high = _MISFIT
    return mesh.presence * min(max((high - mesh.misfit) / (high - low), 0.0), 1.0)


def _faces(
    pyramid: Pyramid, kept: list[tuple[int, int, Mesh]], found: tuple[FloatArray, FloatArray, FloatArray]
) -> Faces:
    boxes, points, scores = found
    rows = [row for _, row, _ in kept]
    beliefs = [_belief(mesh) for _, _, mesh in kept]
    read = [
        (mesh.points, mesh.angles) if belief >= _SURE else (points[row], _angles(points[row]))
        for belief, (_, row, mesh) in zip(beliefs, kept, strict=True)
    ]
    quality = [
        face_quality(pyramid, boxes[row], angles, _UNCONFIRMED + (1.0 - _UNCONFIRMED) * belief)
        for row, belief, (_, angles) in zip(rows, beliefs, read, strict=True)
    ]
    return Faces(
        people=np.array([person for person, _, _ in kept], np.int64),
        boxes=boxes[rows],
        points=np.array([places for places, _ in read], np.float32).reshape(-1, *points.shape[1:]),
        angles=np.array([angles for _, angles in read], np.float32).reshape(-1, 3),
        scores=scores[rows],
        quality=np.array(quality, np.float32),
    )


def _angles(points: FloatArray) -> FloatArray:
    """Rough yaw, pitch and roll in degrees from the detector's six points alone.

    The factors bring them to what the mesh says of training faces of FER-2013; half of the yaws and pitches of those
    then lie within 6 degrees of the mesh's.
    """
    eyes, nose, mouth, ears = points[:2], points[2], points[3], points[4:]
    line = eyes[1] - eyes[0]
    roll = math.atan2(float(line[1]), float(line[0]))
    across, down = np.array([math.cos(roll), math.sin(roll)]), np.array([-math.sin(roll), math.cos(roll)])
    breadth = max(abs(float((ears[1] - ears[0]) @ across)), 1.0)
    yaw = 0.6 * math.asin(float(np.clip(2.0 * float((nose - ears.mean(axis=0)) @ across) / breadth, -1.0, 1.0)))
    height = max(abs(float((mouth - eyes.mean(axis=0)) @ down)), 1.0)
    pitch = 1.48 * (0.52 - float((nose - eyes.mean(axis=0)) @ down) / height)
    return np.asarray(np.degrees([yaw, float(np.clip(pitch, -1.2, 1.2)), roll]), np.float32)
