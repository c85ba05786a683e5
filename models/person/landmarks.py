"""The BlazePose landmark network: 33 points, their visibility and the body's mask inside one square.

May import: `engine.core`, its neighbours.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from engine.core.types import LANDMARKS, MASK_SHAPE, FloatArray
from models.person.candidates import body_square
from models.person.geometry import Pyramid, Square
from models.person.litert import Network

SIZE = 256
"""Side of the network's input and of its mask, pixels."""


@dataclass(frozen=True, slots=True, eq=False)
class Body:
    """What the landmark network says of one square.

    Attributes:
        square: where it looked.
        presence: that a body is there, in [0, 1].
        landmarks: (33, 3) float32; x, y in pixels of the picture, visibility in [0, 1].
        following: where to look for the same body in the next picture.
        mask: (256, 256) float32 in [0, 1] over the square: that a pixel is the body's.
        focus: mean over the landmarks of the highest logit of their heat maps: how sure the network is of where each
            lies, about 0.8 for a plain view of a person and -0.7 where there is none.
    """

    square: Square
    presence: float
    landmarks: FloatArray
    following: Square
    mask: FloatArray
    focus: float

    @property
    def trunk(self) -> float:
        """Length of the trunk or breadth of shoulders or hips, the greatest; pixels of the picture."""
        points = self.landmarks[:, :2]
        spine = points[11:13].mean(axis=0) - points[23:25].mean(axis=0)
        spans = (spine, points[11] - points[12], points[23] - points[24])
        return max(float(np.hypot(*span)) for span in spans)


def _sigmoid(logits: FloatArray) -> FloatArray:
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(logits, -60.0, 60.0))), np.float32)


def read_body(network: Network, pyramid: Pyramid, square: Square) -> Body:
    """Ask the landmark network about one square.

    Args:
        network: the BlazePose landmark network.
        pyramid: the picture.
        square: turned so that the body stands upright in it.

    Source: MediaPipe pose_landmark_cpu and its tensors_to_pose_landmarks_and_segmentation graph.
    """
    picture = pyramid.crop(square, SIZE).astype(np.float32)[None] / 255.0
    outputs = {output.size: output for output in network(picture)}
    points = outputs[195].reshape(39, 5)
    places = square.points_to_picture(points[:, :2] / SIZE)
    visibility = _sigmoid(points[:LANDMARKS, 3:4])
    return Body(
        square=square,
        presence=float(np.clip(outputs[1].reshape(()), 0.0, 1.0)),
        landmarks=np.concatenate([places[:LANDMARKS], visibility], axis=1).astype(np.float32),
        following=body_square(places[LANDMARKS], places[LANDMARKS + 1]),
        mask=_sigmoid(outputs[SIZE * SIZE].reshape(SIZE, SIZE)),
        focus=float(outputs[64 * 64 * 39].reshape(-1, 39)[:, :LANDMARKS].max(axis=0).mean()),
    )


def mask_over_box(body: Body, box: FloatArray) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    """The body's mask stretched over a box.

    Args:
        body: the body.
        box: (4,) float32 xyxy, pixels of the picture.

    Returns:
        (128, 64) uint8, probability x 255; 0 outside the square that was looked at.
    """
    height, width = MASK_SHAPE
    step = np.array([[(box[2] - box[0]) / width, 0.0], [0.0, (box[3] - box[1]) / height]])
    start = np.array([box[0], box[1]]) + step @ (0.5, 0.5)
    forward = np.vstack([body.square.to_picture().astype(np.float64), [0.0, 0.0, 1.0]])
    back = np.linalg.inv(forward) * np.array([[SIZE], [SIZE], [1.0]])
    matrix = np.column_stack([back[:2, :2] @ step, back[:2, :2] @ start + back[:2, 2] - 0.5])
    warped = cv2.warpAffine(
        body.mask,
        matrix,
        (width, height),
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_CONSTANT,
        borderValue=(0.0,),
    )
    return np.asarray(np.rint(np.clip(warped, 0.0, 1.0) * 255), np.uint8)
