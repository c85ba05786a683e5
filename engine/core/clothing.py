"""What people wear: readings of single views, and the words they are told in, fixed for store, search and pages.

Owns: regions, colours, traits, and the columns of readings. May import: `engine.core`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.core.columns import check_equal, check_unit, checked
from engine.core.types import FloatArray, Image, Poses

REGIONS = ("head", "hair", "upper", "lower", "shoes", "bag")
"""Parts of a person that are looked at one by one."""

COLOURS = (
    "black",
    "white",
    "grey",
    "red",
    "orange",
    "yellow",
    "green",
    "olive",
    "teal",
    "blue",
    "navy",
    "purple",
    "pink",
    "brown",
    "beige",
)
"""Columns of colour shares, in this order."""

TRAITS = ("present", "long", "dress", "skirt", "striped", "patterned")
"""Columns of traits, in this order. What a trait means depends on the region: `present` is a hat on the head, a bag
that is carried; `long` is sleeves to the wrists, legs to the ankles, hair over the shoulders. Where neither striped nor
patterned is likely a garment is plain."""


@dataclass(frozen=True, slots=True, eq=False)
class PersonPicture:
    """One kept view of a person, with what is needed to look at its parts.

    Attributes:
        image: (H, W, 3) uint8 RGB, the crop.
        mask: (H, W) uint8, 255 where the body is; background must not be read as cloth.
        pose: one pose, landmarks in pixels of this crop; missing where no body was found.
        white: (3,) float32 in (0, 1], linear RGB of what is white under the light of the scene, largest channel 1.
        quality: of the view, in [0, 1].
        black: linear RGB in [0, 1) of what is black in the scene: not 0 in haze, and tinted by many cameras.
        full: linear luminance in (0, 1] of what is white in the scene, above that of black: low in dark footage.
    """

    image: Image
    mask: NDArray[np.uint8]
    pose: Poses
    white: FloatArray
    quality: float
    black: tuple[float, float, float] = (0.0, 0.0, 0.0)
    full: float = 1.0

    def __post_init__(self) -> None:
        mask = checked("mask", self.mask, (None, None), np.uint8)
        white: FloatArray = np.asarray(checked("white", self.white, (3,), np.float32), np.float32)
        if self.image.shape != (*mask.shape, 3) or self.image.dtype != np.uint8:
            raise ValueError(f"image must be {(*mask.shape, 3)} uint8, got {self.image.shape} {self.image.dtype}")
        if len(self.pose.scores) != 1:
            raise ValueError(f"one pose is needed, got {len(self.pose.scores)}")
        if (white <= 0).any() or (white > 1).any():
            raise ValueError("white must lie in (0, 1]")
        if min(self.black) < 0 or not max(self.black) < self.full <= 1:
            raise ValueError(f"black and full must ascend within [0, 1], got {self.black}, {self.full}")
        check_unit("quality", np.array([self.quality], np.float32))
        object.__setattr__(self, "mask", mask)
        object.__setattr__(self, "white", white)


@dataclass(frozen=True, slots=True, eq=False)
class ClothingReadings:
    """What was read in kept views, a row per view and region, ordered by tracklet, rank and region.

    Attributes:
        tracklets: (N,) int64, number of the tracklet.
        ranks: (N,) int64, rank of the view within its tracklet, 0 the best.
        regions: N of `REGIONS`.
        visible: (N,) float32 in [0, 1], how much of the region was seen; 0 is "not visible", which is not "no".
        weights: (N,) float32 in [0, 1], how much this row counts in a vote over views: sharpness, size, visibility.
        colours: (N, 15) float32 in the order of `COLOURS`, shares that sum to 1; all 0 where the region was not seen.
        traits: (N, 6) float32 in the order of `TRAITS`, probability; NaN where it does not apply or was not seen.
    """

    tracklets: NDArray[np.int64]
    ranks: NDArray[np.int64]
    regions: tuple[str, ...]
    visible: FloatArray
    weights: FloatArray
    colours: FloatArray
    traits: FloatArray

    def __post_init__(self) -> None:
        columns = {
            "tracklets": checked("tracklets", self.tracklets, (None,), np.int64),
            "ranks": checked("ranks", self.ranks, (None,), np.int64),
            "visible": checked("visible", self.visible, (None,), np.float32),
            "weights": checked("weights", self.weights, (None,), np.float32),
            "colours": checked("colours", self.colours, (None, len(COLOURS)), np.float32),
        }
        if self.traits.shape != (len(self.visible), len(TRAITS)) or self.traits.dtype != np.float32:
            raise ValueError(f"traits must be (N, {len(TRAITS)}) float32, got {self.traits.shape} {self.traits.dtype}")
        check_equal(**columns)
        if len(self.regions) != len(self.visible):
            raise ValueError("columns must have one length")
        if unknown := set(self.regions) - set(REGIONS):
            raise ValueError(f"unknown regions {sorted(unknown)}")
        for name in ("visible", "weights", "colours"):
            check_unit(name, np.asarray(columns[name], np.float32))
        known = self.traits[~np.isnan(self.traits)]
        check_unit("traits", np.asarray(known, np.float32))
        total = columns["colours"].sum(axis=1)
        if (np.abs(total - np.where(self.visible > 0, 1.0, 0.0)) > 1e-3).any():
            raise ValueError("colours must sum to 1, or be all 0 where nothing was visible")
        traits = self.traits.copy()
        traits.setflags(write=False)
        object.__setattr__(self, "traits", traits)
        for name, column in columns.items():
            object.__setattr__(self, name, column)

    def __len__(self) -> int:
        return len(self.visible)

    def __getitem__(self, rows: NDArray[np.generic]) -> ClothingReadings:
        """The rows of an index or boolean array, in its order."""
        order = np.arange(len(self))[rows]
        return ClothingReadings(
            tracklets=self.tracklets[order],
            ranks=self.ranks[order],
            regions=tuple(self.regions[row] for row in order),
            visible=self.visible[order],
            weights=self.weights[order],
            colours=self.colours[order],
            traits=self.traits[order],
        )

    @classmethod
    def concatenate(cls, parts: Iterable[ClothingReadings]) -> ClothingReadings:
        """All rows of all parts, in order; empty where there are none."""
        parts = list(parts)
        if not parts:
            empty = np.zeros(0, np.float32)
            return cls(
                tracklets=np.zeros(0, np.int64),
                ranks=np.zeros(0, np.int64),
                regions=(),
                visible=empty,
                weights=empty,
                colours=np.zeros((0, len(COLOURS)), np.float32),
                traits=np.zeros((0, len(TRAITS)), np.float32),
            )
        return cls(
            tracklets=np.concatenate([part.tracklets for part in parts]),
            ranks=np.concatenate([part.ranks for part in parts]),
            regions=tuple(region for part in parts for region in part.regions),
            visible=np.concatenate([part.visible for part in parts]),
            weights=np.concatenate([part.weights for part in parts]),
            colours=np.concatenate([part.colours for part in parts]),
            traits=np.concatenate([part.traits for part in parts]),
        )


@dataclass(frozen=True, slots=True)
class SlotVote:
    """What all views of a person together say of one region.

    Attributes:
        region: of `REGIONS`.
        visible: in [0, 1], weighted share of the views in which it was seen; 0: never, and nothing else is known.
        colours: (name, share) of the colours worth naming, largest first: one for plain cloth, more for two-tone.
        traits: (name, probability) of `TRAITS` that could be told, in their order.
        views: number of views in which it was seen.
    """

    region: str
    visible: float
    colours: tuple[tuple[str, float], ...]
    traits: tuple[tuple[str, float], ...]
    views: int


@dataclass(frozen=True, slots=True)
class PersonClothing:
    """What is known of somebody's clothes.

    Attributes:
        slots: one for each of `REGIONS`, in their order.
        caption: of their best view by a captioning network, "" where there is none.
    """

    slots: tuple[SlotVote, ...]
    caption: str
