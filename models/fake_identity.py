"""Deterministic vectors of drawn figures, to go with `models.fake`: people of one colour are one person.

No profile ever chooses it; only `person_model="fake"` does. May import: `engine.core`, `models.clothing`.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.core.clothing import COLOURS, PersonPicture
from engine.core.identity import CosineScale
from engine.core.protocols import BackendOptions, ModelCard
from engine.core.types import FloatArray
from models.clothing.light import linear_rgb, oklab
from models.clothing.naming import colour_shares

_CARD = ModelCard(name="fake", version="drawn-figures-1", tier="embedded", licence="AGPL-3.0-only", source="Sightline")
_HALVES = ((0.15, 0.5), (0.55, 0.95))
"""What of a figure's height shows its upper and its lower colour."""

_MIDDLE = (0.3, 0.7)


class FakeIdentityEmbedder:
    """The names of the two colours of a figure, as a direction."""

    size = 2 * len(COLOURS)
    scale = CosineScale(0.7, 0.95)

    def __init__(self, options: BackendOptions) -> None:
        self.card = self.describe(options)

    @classmethod
    def describe(cls, options: BackendOptions) -> ModelCard:
        """The card; the same for all options."""
        return _CARD

    def encode(self, pictures: Sequence[PersonPicture]) -> FloatArray:
        """Vectors of some views, (N, size) float32 of length 1; 0 for pictures of under 8 pixels a side."""
        rows = [_vector(picture) for picture in pictures]
        return np.stack(rows) if rows else np.zeros((0, self.size), np.float32)


def _vector(picture: PersonPicture) -> FloatArray:
    height, width = picture.image.shape[:2]
    if min(height, width) < 8:
        return np.zeros(2 * len(COLOURS), np.float32)
    left, right = (int(share * width) for share in _MIDDLE)
    usual = []
    for share in _HALVES:
        top, bottom = (int(place * height) for place in share)
        usual.append(np.median(picture.image[top:bottom, left:right].reshape(-1, 3), axis=0))
    shares = colour_shares(oklab(linear_rgb(np.array(usual, np.uint8)))).reshape(-1)
    return np.asarray(np.sqrt(shares / shares.sum()), np.float32)
