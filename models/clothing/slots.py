"""Reads clothes by colour and shape from kept views, without a network of its own.

May import: `engine.core`, its neighbours.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import sha256

import numpy as np

from engine.core.clothing import COLOURS, REGIONS, TRAITS, ClothingReadings, PersonPicture
from engine.core.protocols import BackendOptions, ModelCard
from models.clothing.bag import read_bag
from models.clothing.cutting import View, read_view
from models.clothing.head import read_hair, read_hat
from models.clothing.lower import read_legs, read_lower, read_shoes
from models.clothing.naming import TABLE
from models.clothing.part import Part
from models.clothing.skin import Skin, common_tone
from models.clothing.upper import read_upper

REVISION = "2"
"""Changed whenever the same views may give other answers."""

HALF_LARGE = 35.0
"""Length of the trunk in pixels at which a view counts half for its size."""


class SlotReader:
    """Tells colours, lengths and patterns by rules over landmarks, body masks and perceptual colours.

    Args:
        options: none of them matters here; every back end is built with them.
    """

    def __init__(self, options: BackendOptions) -> None:
        self.card = self.describe(options)

    @classmethod
    def describe(cls, options: BackendOptions) -> ModelCard:
        """The card; the same for all options."""
        print_ = sha256(f"slots {REVISION}".encode() + TABLE.read_bytes()).hexdigest()[:16]
        return ModelCard("slots", print_, "embedded", "AGPL-3.0-only", "Sightline; no weights")

    def read(self, tracklet: int, pictures: Sequence[PersonPicture]) -> ClothingReadings:
        """Readings of the kept views of one tracklet.

        Args:
            tracklet: its number.
            pictures: its views; the place of a picture is its rank.

        Returns:
            A row for every picture and every one of `REGIONS`, in order; not seen is a row with visible 0.
        """
        views = [read_view(picture) for picture in pictures]
        tone = common_tone([view.tone for view in views if view is not None and view.tone is not None])
        parts = [_parts(view, tone) if view is not None else _nothing() for view in views]
        return _rows(tracklet, parts, [_worth(*pair) for pair in zip(views, pictures, strict=True)])


def _nothing() -> dict[str, Part]:
    return {region: Part.hidden() for region in REGIONS}


def _parts(view: View, tone: Skin) -> dict[str, Part]:
    head = read_hat(view, tone)
    hair, hanging = read_hair(view, tone, head.traits.get("present", 0.0))
    upper = read_upper(view, tone, hanging)
    legs = read_legs(view, tone)
    lower = read_lower(view, tone, upper.cloths, legs)
    if upper.visible and "dress" in lower.traits:
        upper = Part(upper.visible, upper.names, {**upper.traits, "dress": lower.traits["dress"]}, upper.cloths)
    return {
        "head": head,
        "hair": hair,
        "upper": upper,
        "lower": lower,
        "shoes": read_shoes(view, tone),
        "bag": read_bag(view, tone, [part.cloths for part in (upper, lower, hair) if part.cloths is not None]),
    }


def _worth(view: View | None, picture: PersonPicture) -> float:
    """What a view counts for: its quality and its size."""
    if view is None:
        return 0.0
    scale = max(picture.mask.shape) / max(view.light.shape)
    tall = view.body.unit * scale
    return picture.quality * tall / (tall + HALF_LARGE)


def _rows(tracklet: int, parts: Sequence[Mapping[str, Part]], worth: Sequence[float]) -> ClothingReadings:
    flat = [(rank, region, view[region]) for rank, view in enumerate(parts) for region in REGIONS]
    colours = np.zeros((len(flat), len(COLOURS)), np.float32)
    traits = np.full((len(flat), len(TRAITS)), np.nan, np.float32)
    for row, (_, _, part) in enumerate(flat):
        if part.visible <= 0:
            continue
        colours[row] = part.names / part.names.sum()
        for name, probability in part.traits.items():
            traits[row, TRAITS.index(name)] = np.clip(probability, 0.0, 1.0)
    visible = np.array([np.clip(part.visible, 0.0, 1.0) for _, _, part in flat], np.float32)
    return ClothingReadings(
        tracklets=np.full(len(flat), tracklet, np.int64),
        ranks=np.array([rank for rank, _, _ in flat], np.int64),
        regions=tuple(region for _, region, _ in flat),
        visible=visible,
        weights=np.array([min(1.0, worth[rank] * part.visible) for rank, _, part in flat], np.float32),
        colours=np.clip(colours, 0.0, 1.0),
        traits=traits,
    )
