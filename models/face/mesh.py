"""The face mesh network: 468 points in space, and from them where the features lie and where the head points.

May import: `engine.core`, `models.person` for networks and squares.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.core.types import FloatArray
from models.person.geometry import Pyramid, Square
from models.person.litert import Network

SIZE = 192
"""Side of the network's input, pixels."""

CANONICAL = Path(__file__).with_name("canonical.csv")
"""The points of a face that bone holds in place, of one that looks straight into the camera."""

_AROUND = 1.5
_FEATURES = ((33, 133), (263, 362), (1, 4), (13, 14), (234,), (454,))
"""Mesh points whose mean is each of `engine.core.faces.FACE_POINTS`."""

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Mesh:
    """What the network says of one square.

    Attributes:
        presence: that a face is there, in [0, 1].
        points: (6, 2) float32, x, y in pixels of the picture, as `FACE_POINTS`.
        angles: (3,) float32 yaw, pitch, roll in degrees, as `Faces.angles`.
        misfit: how far the rigid points are from those of any turned face, distances of the outer eye corners, root of
            the mean square; about 0.03 of faces, more where the network imagines one.
    """

    presence: float
    points: FloatArray
    angles: FloatArray
    misfit: float


def mesh_square(box: FloatArray, points: FloatArray) -> Square:
    """The square the network wants for a face: half as large again as the face, upright by its eyes.

    Args:
        box: (4,) float32 xyxy of the face.
        points: (6, 2) float32 as `FACE_POINTS`.

    Source: MediaPipe face_detection_front_detection_to_roi.
    """
    eyes = points[1] - points[0]
    angle = math.atan2(float(eyes[1]), float(eyes[0]))
    side = _AROUND * float(max(box[2] - box[0], box[3] - box[1]))
    return Square(float(box[0] + box[2]) / 2, float(box[1] + box[3]) / 2, side, angle)


def read_mesh(network: Network, pyramid: Pyramid, square: Square) -> Mesh:
    """Ask the face mesh network about a face, and again where its first answer lies; the surer of the two.

    Args:
        network: MediaPipe's face_landmark network.
        pyramid: the picture.
        square: as `mesh_square` gives it.

    Source: MediaPipe face_landmark_front_cpu, which follows a face from picture to picture the same way.
    """
    first, around = _ask(network, pyramid, square)
    second, _ = _ask(network, pyramid, around)
    return second if second.presence >= first.presence else first


def _ask(network: Network, pyramid: Pyramid, square: Square) -> tuple[Mesh, Square]:
    """What the network says of a square, and the square around the mesh it sees there."""
    picture = pyramid.crop(square, SIZE).astype(np.float32)[None] / 255.0
    outputs = {output.size: output for output in network(picture)}
    mesh = outputs[468 * 3].reshape(468, 3).astype(np.float64)
    features = np.stack([mesh[list(group), :2].mean(axis=0) for group in _FEATURES]) / SIZE
    rotation, misfit = fit_turn(mesh)
    yaw, pitch, roll = angles_of(rotation)
    # The square is turned in the picture's plane, and roll is the outermost of the three turns: they add up.
    roll = (roll + math.degrees(square.angle) + 180.0) % 360.0 - 180.0
    answer = Mesh(
        presence=1.0 / (1.0 + math.exp(-float(np.clip(outputs[1].reshape(()), -60.0, 60.0)))),
        points=square.points_to_picture(features.astype(np.float32)),
        angles=np.array([yaw, pitch, roll], np.float32),
        misfit=misfit,
    )
    return answer, _around(mesh[:, :2] / SIZE, features, square)


def _around(points: Array, features: Array, square: Square) -> Square:
    low, high = points.min(axis=0), points.max(axis=0)
    # An answer far off is not worth following.
    side = square.side * float(np.clip(_AROUND * (high - low).max(), 0.5, 2.0))
    ((x, y),) = square.points_to_picture(np.clip((low + high) / 2, 0.0, 1.0)[None].astype(np.float32))
    eyes = features[1] - features[0]
    return Square(float(x), float(y), side, square.angle + math.atan2(float(eyes[1]), float(eyes[0])))


@cache
def _canonical() -> tuple[NDArray[np.int64], Array]:
    table = np.loadtxt(CANONICAL, delimiter=",")
    points = table[:, 1:]
    return table[:, 0].astype(np.int64), points - points.mean(axis=0)


def fit_turn(mesh: Array) -> tuple[Array, float]:
    """How a face is turned.

    Args:
        mesh: (468, 3) float64; any place and size; x to the right, y down, z away from the camera.

    Returns:
        Rotation (3, 3) that brings the canonical face onto the mesh best, and the misfit left, see `Mesh`.

    Source: Kabsch 1976, with Umeyama's scale.
    """
    rows, still = _canonical()
    moved = mesh[rows] - mesh[rows].mean(axis=0)
    left, weights, right = np.linalg.svd(moved.T @ still)
    flip = np.array([1.0, 1.0, np.sign(np.linalg.det(left @ right))])
    rotation: Array = (left * flip) @ right
    scale = float((weights * flip).sum() / (still**2).sum())
    rest = moved - scale * still @ rotation.T
    return rotation, float(np.sqrt((rest**2).sum(axis=1).mean())) / max(scale, 1e-6)


def angles_of(rotation: Array) -> tuple[float, float, float]:
    """Yaw, pitch and roll in degrees, signs as `Faces.angles`, of roll after yaw after pitch.

    Args:
        rotation: (3, 3), x to the right, y down, z away from the camera.
    """
    yaw = math.degrees(math.asin(float(np.clip(rotation[2, 0], -1.0, 1.0))))
    pitch = -math.degrees(math.atan2(rotation[2, 1], rotation[2, 2]))
    roll = math.degrees(math.atan2(rotation[1, 0], rotation[0, 0]))
    return yaw, pitch, roll


def rotation_of(yaw: float, pitch: float, roll: float) -> Array:
    """The rotation (3, 3) that `angles_of` takes apart, from degrees."""
    a, b, c = math.radians(-yaw), math.radians(-pitch), math.radians(roll)
    about_y = np.array([[math.cos(a), 0.0, math.sin(a)], [0.0, 1.0, 0.0], [-math.sin(a), 0.0, math.cos(a)]])
    about_x = np.array([[1.0, 0.0, 0.0], [0.0, math.cos(b), -math.sin(b)], [0.0, math.sin(b), math.cos(b)]])
    about_z = np.array([[math.cos(c), -math.sin(c), 0.0], [math.sin(c), math.cos(c), 0.0], [0.0, 0.0, 1.0]])
    turned: Array = about_z @ about_y @ about_x
    return turned
