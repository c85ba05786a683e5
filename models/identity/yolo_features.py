"""Features of the YOLO in use as an identity back end: what its inner layers see where the body is.

The layers right before the answer know that somebody is a person, not who: over kept views of five clips they tell two
apart less well than the first ones (area under the ROC curve .68 against .93). So the first ones are read.
May import: `engine.core`, `models.identity`, `models.person`; loads ultralytics or ai_edge_litert when built.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

import numpy as np
from PIL import Image as Pillow

from engine.core.clothing import PersonPicture
from engine.core.errors import ModelError
from engine.core.identity import CosineScale
from engine.core.protocols import BackendOptions, ModelCard
from engine.core.types import FloatArray, Image
from models.identity.pictures import shows_enough
from models.identity.yolo_layers import check_kind, open_layers
from models.person.yolo import YoloDetector

REVISION = "1"
"""Changed whenever the same pictures may give other answers."""

_GREY = 114
"""What YOLO fills up pictures with."""

_LEAST = 1e-3
"""Weight of a cell without any body: a view without a mask is averaged over as a whole."""


class YoloEmbedder:
    """Means of feature maps over the body, by any YOLO in a .pt or .tflite file.

    Args:
        options: `weights` is the file; threads.

    Raises:
        ModelMissing: there are no such weights, or the package that runs them is not installed.
        ModelError: the weights cannot be read, or show no inner layers.
    """

    scale = CosineScale(0.98, 0.997)
    """Measured on the kept views of five clips: such features all lie near one another."""

    def __init__(self, options: BackendOptions) -> None:
        self.card = self.describe(options)
        assert options.weights is not None  # or there were no card
        self._layers = open_layers(options.weights, options.threads)
        self.size = sum(self._layers.sizes)

    @classmethod
    def describe(cls, options: BackendOptions) -> ModelCard:
        """The card of these weights, without loading them.

        Raises:
            ModelMissing: there are no such weights.
            ModelError: weights of that kind show no inner layers.
        """
        card = YoloDetector.describe(options)
        check_kind(options.weights)
        version = sha256(f"{card.version} features {REVISION}".encode()).hexdigest()[:16]
        return ModelCard(card.name, version, card.tier, card.licence, card.source)

    def encode(self, pictures: Sequence[PersonPicture]) -> FloatArray:
        """Vectors of some views, one after the other: two in one picture would see each other.

        Args:
            pictures: any number.

        Returns:
            (N, size) float32, each of length 1, or all 0 where the view is too small.

        Raises:
            ModelError: the network answers no numbers.
        """
        vectors = np.zeros((len(pictures), self.size), np.float32)
        for row, picture in enumerate(pictures):
            if shows_enough(picture):
                vectors[row] = self._vector(picture)
        if not np.isfinite(vectors).all():
            raise ModelError("The YOLO weights answer no numbers: they are broken. Fetch them again.")
        return vectors

    def _vector(self, picture: PersonPicture) -> FloatArray:
        shown, body = framed(picture, self._layers.side)
        parts = []
        for found in self._layers.maps(shown):
            weight = _shrunk(body, found.shape[0])
            mean = (found * weight[..., None]).sum(axis=(0, 1)) / weight.sum()
            parts.append(mean / max(float(np.linalg.norm(mean)), 1e-6))
        vector = np.concatenate(parts)
        return np.asarray(vector / max(float(np.linalg.norm(vector)), 1e-6), np.float32)


def framed(picture: PersonPicture, side: int) -> tuple[Image, FloatArray]:
    """A view in the middle of a square, as YOLO frames pictures, and how much of each pixel is body.

    Args:
        picture: the view.
        side: of the square, pixels.

    Returns:
        (side, side, 3) uint8 RGB, and (side, side) float32: up to 1 on the body, little beside it, 0 outside the view.
    """
    height, width = picture.image.shape[:2]
    scale = side / max(height, width)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    left, top = (side - size[0]) // 2, (side - size[1]) // 2
    inside = (slice(top, top + size[1]), slice(left, left + size[0]))
    shown = np.full((side, side, 3), _GREY, np.uint8)
    shown[inside] = np.asarray(Pillow.fromarray(picture.image).resize(size, Pillow.Resampling.BILINEAR))
    body = np.zeros((side, side), np.float32)
    mask = np.asarray(Pillow.fromarray(picture.mask).resize(size, Pillow.Resampling.BILINEAR))
    body[inside] = mask.astype(np.float32) / 255 + _LEAST
    return shown, body


def _shrunk(body: FloatArray, cells: int) -> FloatArray:
    """Means of square cells, (cells, cells) float32."""
    step = len(body) // cells
    return np.asarray(body.reshape(cells, step, cells, step).mean(axis=(1, 3)), np.float32)
