"""Maps of what people look like: many numbers of each view laid out in two or three.

Owns: what such a map is asked, and what it is. May import: `engine.core`.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from engine.core.columns import checked
from engine.core.config import Checked, whole
from engine.core.errors import ConfigError
from engine.core.identity import PersonRef
from engine.core.types import FloatArray
from engine.core.views import CropView

METHODS = ("pca", "umap", "tsne")
"""PCA keeps large distances as they are; UMAP and t-SNE keep neighbours beside one another."""

UNITS = ("view", "person")
"""What a point is: a kept view, or the mean of all views of a person of one footage."""


@dataclass(frozen=True, kw_only=True)
class ProjectionConfig(Checked):
    """How a map is made.

    Attributes:
        method: of `METHODS`.
        unit: of `UNITS`.
        embedder: "<model> <version>" of the vectors; "" for those most people have.
        footage: ids; none for all.
    """

    method: str = "pca"
    dimensions: int = whole(2, 2, 3, "", "A flat map, or one to turn.")
    unit: str = "view"
    most: int = whole(2000, 10, 20_000, "points", "Of more, an even sample is shown. More takes longer.")
    embedder: str = ""
    footage: tuple[str, ...] = field(default=())

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.method not in METHODS or self.unit not in UNITS:
            raise ConfigError(f"A map is one of {', '.join(METHODS)}, of {' or '.join(UNITS)}.")


@dataclass(frozen=True, slots=True, eq=False)
class Projection:
    """A map.

    Attributes:
        places: (N, dimensions) float32, where each point lies; the axes have no unit.
        people: M of whom there are points.
        owner: (N,) int64, row of `people`.
        crops: N views; of a person's mean, the best.
        quality: (N,) float32 in [0, 1], of the views.
        total: points there would be without the limit.
        model: registry name of what made the vectors, "" where there are none.
        version: its version.
        embedders: "<model> <version>" of all vectors there are, most people first.
        explained: share of the variance each axis shows, of PCA; empty of others.
    """

    places: FloatArray
    people: tuple[PersonRef, ...]
    owner: NDArray[np.int64]
    crops: tuple[CropView, ...]
    quality: FloatArray
    total: int
    model: str
    version: str
    embedders: tuple[str, ...]
    explained: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        places = checked("places", self.places, (None, None), np.float32)
        columns = {
            "places": places,
            "owner": checked("owner", self.owner, (len(places),), np.int64),
            "quality": checked("quality", self.quality, (len(places),), np.float32),
        }
        if len(self.crops) != len(places):
            raise ValueError(f"every point needs a view: {len(places)} points, {len(self.crops)} views")
        for name, column in columns.items():
            object.__setattr__(self, name, column)

    def __len__(self) -> int:
        return len(self.crops)
