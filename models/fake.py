"""Deterministic back ends without weights: they find and pose figures drawn in plain strong colours.

Every test that needs people but not networks draws them as saturated rectangles on a dull ground; these back ends
read them from the pixels, one person per colour. No profile ever chooses them: only `person_model="fake"` does.
May import: `engine.core`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import numpy as np

from engine.core.protocols import BackendOptions, ModelCard
from engine.core.types import LANDMARKS, MASK_SHAPE, Bodies, Detections, FloatArray, Frame, Image, Poses

_CARD = ModelCard(name="fake", version="drawn-figures-1", tier="embedded", licence="AGPL-3.0-only", source="Sightline")
_MIN_SPREAD = 96
_MIN_PIXELS = 64
_FIGURE = np.array(
    # Share of the box's width and height where each of the 33 landmarks of an upright figure lies.
    [(0.5, 0.06)] * 11
    + [(0.3, 0.2), (0.7, 0.2), (0.2, 0.36), (0.8, 0.36), (0.2, 0.5), (0.8, 0.5)]
    + [(0.2, 0.52), (0.8, 0.52)] * 3
    + [(0.38, 0.52), (0.62, 0.52), (0.38, 0.75), (0.62, 0.75), (0.38, 0.95), (0.62, 0.95)]
    + [(0.38, 0.98), (0.62, 0.98)] * 2,
    dtype=np.float32,
)


def figures(image: Image) -> FloatArray:
    """Boxes of the coloured rectangles in a picture, at most one per hue.

    Args:
        image: (H, W, 3) uint8 RGB.

    Returns:
        (N, 4) float32 xyxy, N <= 6, ordered by hue: red, yellow, green, cyan, blue, magenta.
    """
    pixels = image.astype(np.int16)
    strong = pixels.max(axis=2) - pixels.min(axis=2) > _MIN_SPREAD
    # A channel counts as lit above the middle of the pixel's own range: six lit patterns, six hues.
    lit = pixels > ((pixels.max(axis=2) + pixels.min(axis=2)) // 2)[:, :, None]
    code = lit[:, :, 0] * 1 + lit[:, :, 1] * 2 + lit[:, :, 2] * 4
    boxes = []
    for hue in (1, 3, 2, 6, 4, 5):
        rows, columns = np.nonzero(strong & (code == hue))
        if len(rows) < _MIN_PIXELS:
            continue
        # Percentiles, because lossy coding smears a few pixels of every colour along edges.
        x1, x2 = np.percentile(columns, (1, 99))
        y1, y2 = np.percentile(rows, (1, 99))
        boxes.append((x1, y1, x2 + 1, y2 + 1))
    return np.array(boxes, np.float32).reshape(-1, 4)


def _poses(boxes: FloatArray) -> Poses:
    landmarks = np.ones((len(boxes), LANDMARKS, 3), np.float32)
    landmarks[:, :, :2] = boxes[:, None, :2] + _FIGURE[None] * (boxes[:, None, 2:] - boxes[:, None, :2])
    return Poses(landmarks=landmarks, scores=np.ones(len(boxes), np.float32))


class FakeDetector:
    """Finds drawn figures, see `figures`."""

    finds_poses: ClassVar[bool] = True

    def __init__(self, options: BackendOptions) -> None:
        self.card = self.describe(options)

    @classmethod
    def describe(cls, options: BackendOptions) -> ModelCard:
        """The card; the same for all options."""
        return _CARD

    def predict(self, frames: Sequence[Frame]) -> list[Detections]:
        """Figures of each frame, score .9, with the pose of an upright figure."""
        found = [figures(frame.image) for frame in frames]
        return [
            Detections(boxes=boxes, scores=np.full(len(boxes), 0.9, np.float32), poses=_poses(boxes)) for boxes in found
        ]

    def reset(self) -> None:
        """Nothing is remembered between frames."""


class FakePoseEstimator:
    """An upright figure in every box, the whole box its mask."""

    def __init__(self, options: BackendOptions) -> None:
        self.card = self.describe(options)

    @classmethod
    def describe(cls, options: BackendOptions) -> ModelCard:
        """The card; the same for all options."""
        return _CARD

    def estimate(self, frame: Frame, boxes: FloatArray) -> Bodies:
        """One body per box."""
        return Bodies(poses=_poses(boxes), masks=np.full((len(boxes), *MASK_SHAPE), 255, np.uint8))
