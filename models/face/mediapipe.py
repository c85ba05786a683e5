"""MediaPipe's two face detectors over a few tiles of a picture.

May import: `engine.core`, `models.person` for the files, networks and squares they share.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from engine.core.boxes import box_iou
from engine.core.faces import FACE_POINTS
from engine.core.protocols import BackendOptions, ModelCard
from engine.core.types import FloatArray, Image
from models.person.files import FACE_FULL_RANGE, FACE_SHORT_RANGE, LICENCE, SOURCE, fingerprint, network_file
from models.person.geometry import Pyramid, Square, clip_boxes
from models.person.litert import Network, Workers
from models.person.tiles import tile_levels

REVISION = "1"
"""Changed whenever the same pictures may give other answers."""

_SAME_IOU = 0.3
_FLOOR = 0.5


@dataclass(frozen=True, slots=True)
class _Kind:
    size: int
    strides: tuple[tuple[int, int], ...]


_SHORT = _Kind(size=128, strides=((8, 2), (16, 6)))
_FULL = _Kind(size=192, strides=((4, 1),))


class FaceFinder:
    """The two networks; finds faces in squares of a picture.

    Args:
        workers: threads to work with.

    Raises:
        ModelMissing: the mediapipe package is not installed.
        ModelError: its networks cannot be read.
    """

    def __init__(self, workers: Workers) -> None:
        self._workers = workers
        self._short = Network(network_file(FACE_SHORT_RANGE), workers.threads)
        self._full = Network(network_file(FACE_FULL_RANGE), workers.threads)
        self.files = (self._short.path, self._full.path)

    def find(self, pyramid: Pyramid, tiles: Sequence[Square], min_score: float) -> tuple[FloatArray, FloatArray]:
        """Faces in some tiles, best first, each once.

        Args:
            pyramid: the picture.
            tiles: upright squares of it.
            min_score: lowest score to report, in (0, 1).

        Returns:
            Boxes (N, 4) float32 xyxy and scores (N,) float32.
        """
        boxes, _, scores = self.find_points(pyramid, tiles, min_score)
        return boxes, scores

    def find_points(
        self, pyramid: Pyramid, tiles: Sequence[Square], min_score: float
    ) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Faces in some tiles with their six points, best first, each once.

        Args:
            pyramid: the picture.
            tiles: squares of it; a turned one finds faces that are turned like it.
            min_score: lowest score to report, in (0, 1).

        Returns:
            Boxes (N, 4) float32 xyxy, points (N, 6, 2) float32 as `engine.core.faces.FACE_POINTS`, scores (N,) float32.
        """
        for tile in tiles:
            pyramid.prepare(tile.side / _SHORT.size)
        networks = ((self._short, _SHORT), (self._full, _FULL))
        looks = [(network, kind, tile) for network, kind in networks for tile in tiles]
        parts = self._workers.map(lambda look: _read(look[0], look[1], pyramid, look[2], min_score), looks)
        boxes = np.concatenate([np.zeros((0, 4), np.float32), *(part[0] for part in parts)])
        points = np.concatenate([np.zeros((0, FACE_POINTS, 2), np.float32), *(part[1] for part in parts)])
        scores = np.concatenate([np.zeros(0, np.float32), *(part[2] for part in parts)])
        kept = _once(boxes := clip_boxes(boxes, pyramid.width, pyramid.height), scores)
        return boxes[kept], points[kept], scores[kept]


class MediaPipeFaceDetector:
    """Finds faces near and far.

    Args:
        options: threads and the lowest score to report; the floor of 0.5 is the networks' own.
    """

    def __init__(self, options: BackendOptions) -> None:
        self._finder = FaceFinder(Workers(options.threads))
        self._min_score = min(max(options.min_score, _FLOOR), 0.999)
        self.card = ModelCard(
            name="mediapipe",
            version=fingerprint(self._finder.files, f"face {REVISION}"),
            tier="embedded",
            licence=LICENCE,
            source=SOURCE,
        )

    def detect(self, image: Image) -> tuple[FloatArray, FloatArray]:
        """Faces in a picture.

        Args:
            image: (H, W, 3) uint8 RGB.

        Returns:
            Boxes (N, 4) float32 xyxy inside the picture, from forehead to chin, and scores (N,) float32, best first.
        """
        pyramid = Pyramid(image)
        levels = tile_levels(pyramid.width, pyramid.height)
        return self._finder.find(pyramid, [tile for level in levels[:3] for tile in level], self._min_score)


@cache
def _anchors(kind: _Kind) -> FloatArray:
    rows = []
    for stride, per_cell in kind.strides:
        y, x = np.mgrid[0 : kind.size // stride, 0 : kind.size // stride]
        rows.append(np.repeat(np.stack([x.ravel() + 0.5, y.ravel() + 0.5], axis=1) * stride, per_cell, axis=0))
    return np.asarray(np.concatenate(rows), np.float32)


def _read(
    network: Network, kind: _Kind, pyramid: Pyramid, tile: Square, min_score: float
) -> tuple[FloatArray, FloatArray, FloatArray]:
    picture = pyramid.crop(tile, kind.size).astype(np.float32)[None] / 127.5 - 1.0
    outputs = {output.shape[-1]: output[0] for output in network(picture)}
    logits = outputs[1][:, 0]
    kept = np.flatnonzero(logits > math.log(min_score / (1.0 - min_score)))
    numbers = outputs[16][kept]
    centres = (numbers[:, :2] + _anchors(kind)[kept]) / kind.size
    half = np.abs(numbers[:, 2:4]) / (2 * kind.size)
    if tile.angle == 0.0:
        boxes = [tile.points_to_picture(centres - half), tile.points_to_picture(centres + half)]
    else:
        # A face is about as wide as high: its box need not turn with it.
        middle, reach = tile.points_to_picture(centres), half * tile.side
        boxes = [middle - reach, middle + reach]
    offsets = numbers[:, 4:16].reshape(-1, FACE_POINTS, 2)
    inside = (offsets + _anchors(kind)[kept][:, None]) / kind.size
    points = tile.points_to_picture(inside.reshape(-1, 2)).reshape(-1, FACE_POINTS, 2)
    scores = np.asarray(1.0 / (1.0 + np.exp(-np.minimum(logits[kept], 80.0))), np.float32)
    return np.concatenate(boxes, axis=1).astype(np.float32), points, scores


def _once(boxes: FloatArray, scores: FloatArray) -> list[int]:
    """Rows to keep, best first: those that no better one overlaps."""
    order = np.argsort(-scores, kind="stable")
    kept: list[int] = []
    for row in order:
        if not kept or box_iou(boxes[row : row + 1], boxes[kept]).max() < _SAME_IOU:
            kept.append(int(row))
    return kept
