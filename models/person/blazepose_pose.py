"""The embedded pose estimator: landmarks and body masks of people whose boxes are known.

May import: `engine.core`, its neighbours.
"""

from __future__ import annotations

import numpy as np

from engine.core.boxes import box_iou
from engine.core.protocols import BackendOptions, ModelCard
from engine.core.types import MASK_SHAPE, Bodies, FloatArray, Frame, Poses
from models.person.bodies import visible_box
from models.person.candidates import SIZE, Candidate, body_square, find_candidates
from models.person.files import LICENCE, POSE_DETECTION, POSE_LANDMARKS, SOURCE, fingerprint, network_file
from models.person.geometry import Pyramid, Square
from models.person.landmarks import Body, mask_over_box, read_body
from models.person.litert import Network, Workers

REVISION = "3"
"""Changed whenever the same pictures may give other answers."""

_AROUND = 1.25
_PRESENCE = 0.5
_CANDIDATE_SCORE = 0.3
_SAME_IOU = 0.4
_HIPS_AT = 0.53
_RIM_AT = 0.03


class BlazePosePoseEstimator:
    """Reads bodies in boxes, whoever found the boxes.

    Args:
        options: threads; the rest is not used.

    Raises:
        ModelMissing: the mediapipe package is not installed.
        ModelError: its networks cannot be read.
    """

    def __init__(self, options: BackendOptions) -> None:
        self._workers = Workers(options.threads)
        self._detector = Network(network_file(POSE_DETECTION), options.threads)
        self._landmarks = Network(network_file(POSE_LANDMARKS), options.threads)
        self.card = self.describe(options)

    @classmethod
    def describe(cls, options: BackendOptions) -> ModelCard:
        """The card, without loading the networks; the same for all options.

        Raises:
            ModelMissing: the mediapipe package is not installed.
        """
        version = fingerprint((network_file(POSE_DETECTION), network_file(POSE_LANDMARKS)), REVISION)
        return ModelCard(name="blazepose", version=version, tier="embedded", licence=LICENCE, source=SOURCE)

    def estimate(self, frame: Frame, boxes: FloatArray) -> Bodies:
        """Bodies in the boxes.

        Args:
            frame: the picture.
            boxes: (N, 4) float32 xyxy, pixels of that picture.

        Returns:
            N bodies, row by row with the boxes; score 0 and an empty mask where no body was found.

        Raises:
            ValueError: the boxes are not (N, 4).
        """
        if boxes.ndim != 2 or boxes.shape[1] != 4:
            raise ValueError(f"boxes must be (N, 4), got {boxes.shape}")
        pyramid = Pyramid(frame.image)
        pyramid.prepare(max([1.0, *(2 * (boxes[:, 2:] - boxes[:, :2]).max(axis=1, initial=0.0) / 224)]))
        found = self._workers.map(lambda box: self._body(pyramid, box), list(boxes))
        landmarks = np.zeros((len(boxes), 33, 3), np.float32)
        scores = np.zeros(len(boxes), np.float32)
        masks = np.zeros((len(boxes), *MASK_SHAPE), np.uint8)
        for row, body in enumerate(found):
            if body is not None:
                landmarks[row], scores[row] = body.landmarks, body.presence
                masks[row] = mask_over_box(body, boxes[row])
        return Bodies(poses=Poses(landmarks=landmarks, scores=scores), masks=masks)

    def _body(self, pyramid: Pyramid, box: FloatArray) -> Body | None:
        """The body that fills the box best, or nobody."""
        width, height = float(box[2] - box[0]), float(box[3] - box[1])
        if min(width, height) < 1.0:
            return None
        x, y = float(box[0] + box[2]) / 2, float(box[1] + box[3]) / 2
        tile = Square(x, y, _AROUND * max(width, height))
        # Where nothing is found, or only a neighbour, the box itself says where somebody upright would stand.
        hips = np.array([x, box[1] + _HIPS_AT * height], np.float32)
        squares = [one.square for one in self._candidates(pyramid, tile)[:3]]
        squares.append(body_square(hips, np.array([x, box[1] - _RIM_AT * height], np.float32)))
        best, best_fit = None, _SAME_IOU
        for square in squares:
            body = read_body(self._landmarks, pyramid, read_body(self._landmarks, pyramid, square).following)
            fit = float(box_iou(visible_box(body, pyramid.width, pyramid.height)[None], box[None])[0, 0])
            if body.presence >= _PRESENCE and fit > best_fit:
                best, best_fit = body, fit
        return best

    def _candidates(self, pyramid: Pyramid, tile: Square) -> list[Candidate]:
        return find_candidates(self._detector, pyramid.crop(tile, SIZE), tile, _CANDIDATE_SCORE)
