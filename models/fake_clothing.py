"""Deterministic clothes of drawn figures, to go with `models.fake`: each half of a figure is a garment of its colour.

No profile ever chooses it; only `person_model="fake"` does. May import: `engine.core`, `models.clothing`.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from engine.core.clothing import COLOURS, REGIONS, TRAITS, ClothingReadings, PersonPicture
from engine.core.protocols import BackendOptions, ModelCard
from engine.core.types import FloatArray
from models.clothing.light import linear_rgb, oklab
from models.clothing.naming import colour_shares

_CARD = ModelCard(name="fake", version="drawn-figures-1", tier="embedded", licence="AGPL-3.0-only", source="Sightline")
_PARTS = {"upper": (0.15, 0.5), "lower": (0.55, 0.95)}
"""What of a figure's height each garment takes."""

_MIDDLE = (0.3, 0.7)
_TRAITS = {
    "head": {"present": 0.05},
    "upper": {"long": 0.9, "dress": 0.05, "striped": 0.05, "patterned": 0.05},
    "lower": {"long": 0.9, "dress": 0.05, "skirt": 0.05, "striped": 0.05, "patterned": 0.05},
    "bag": {"present": 0.05},
}


class FakeClothingReader:
    """Plain garments, long sleeves and legs, no hat and no bag; hair and shoes of drawn figures are never seen."""

    def __init__(self, options: BackendOptions) -> None:
        self.card = self.describe(options)

    @classmethod
    def describe(cls, options: BackendOptions) -> ModelCard:
        """The card; the same for all options."""
        return _CARD

    def read(self, tracklet: int, pictures: Sequence[PersonPicture]) -> ClothingReadings:
        """A row for every picture and region; head and bag are seen, and have no colour of their own."""
        rows = [(rank, region) for rank in range(len(pictures)) for region in REGIONS]
        colours = np.zeros((len(rows), len(COLOURS)), np.float32)
        traits = np.full((len(rows), len(TRAITS)), np.nan, np.float32)
        for row, (rank, region) in enumerate(rows):
            if region in _TRAITS:
                colours[row] = _colours(pictures[rank].image, region)
                for name, probability in _TRAITS[region].items():
                    traits[row, TRAITS.index(name)] = probability
        visible = (colours.sum(axis=1) > 0).astype(np.float32)
        quality = np.array([pictures[rank].quality for rank, _ in rows], np.float32)
        return ClothingReadings(
            tracklets=np.full(len(rows), tracklet, np.int64),
            ranks=np.array([rank for rank, _ in rows], np.int64),
            regions=tuple(region for _, region in rows),
            visible=visible,
            weights=(visible * quality).astype(np.float32),
            colours=colours,
            traits=traits,
        )


def _colours(image: NDArray[np.uint8], region: str) -> FloatArray:
    if region not in _PARTS:
        return np.full(len(COLOURS), 1.0 / len(COLOURS), np.float32)
    height, width = image.shape[:2]
    top, bottom = (int(share * height) for share in _PARTS[region])
    left, right = (int(share * width) for share in _MIDDLE)
    pixels = image[top : max(bottom, top + 1), left : max(right, left + 1)].reshape(-1, 3)
    usual = np.median(pixels, axis=0).astype(np.uint8)
    return np.asarray(colour_shares(oklab(linear_rgb(usual))[None])[0], np.float32)
