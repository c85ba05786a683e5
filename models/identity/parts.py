"""Who somebody is by the colours and textures of the parts of their body, without a network of its own.

May import: `engine.core`, `models.clothing`, its neighbours.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

import numpy as np

from engine.core.clothing import PersonPicture
from engine.core.identity import CosineScale
from engine.core.protocols import BackendOptions, ModelCard
from engine.core.types import FloatArray
from models.clothing.cutting import MASK_FROM, View, read_view
from models.clothing.light import Array
from models.clothing.naming import TABLE
from models.identity import weave
from models.identity.palette import CENTRES, common, soft_shares
from models.identity.regions import PARTS, part_weights, whole_area

REVISION = "2"
"""Changed whenever the same views may give other answers."""

IMPORTANCE = {
    "hair": 0.8, "face": 0.4, "neck": 0.3, "chest": 1.0, "belly": 1.0, "upper_arms": 0.7, "forearms": 0.7,
    "thighs": 1.0, "shins": 0.8, "feet": 0.5,
}  # fmt: skip
"""What a part that is wholly seen counts for: large ones, which are cut out well, more."""

WOVEN = 0.2
"""Share of texture in what a part says, beside colour."""

HELD_BACK = 0.8
"""Of what everybody has in common, the share that is taken away."""

LEAST_PIXELS = 12
"""Pixels under which a part says nothing."""

LEAST_SEEN = 1.8
"""Sum of the importance of what is seen under which a view says nothing: about a trunk."""

SMALLEST = (40, 12)
"""Height and width of a picture, pixels, under which it says nothing."""

CUT_OFF = 0.65
"""Share of the picture's border that is body from which on the view is a piece of somebody, and says nothing."""


class PartsIdentityEmbedder:
    """Soft histograms of colours and textures of ten parts of the body, each against what is common on people.

    Args:
        options: none of them matters here; every back end is built with them.
    """

    size = len(PARTS) * (len(CENTRES) + weave.BINS)
    scale = CosineScale(0.75, 0.95)

    def __init__(self, options: BackendOptions) -> None:
        self.card = self.describe(options)

    @classmethod
    def describe(cls, options: BackendOptions) -> ModelCard:
        """The card; the same for all options."""
        print_ = sha256(f"parts {REVISION}".encode() + TABLE.read_bytes()).hexdigest()[:16]
        return ModelCard("parts", print_, "embedded", "AGPL-3.0-only", "Sightline; no weights")

    def encode(self, pictures: Sequence[PersonPicture]) -> FloatArray:
        """Vectors of some views.

        Args:
            pictures: of any people, in any order; each is looked at by itself.

        Returns:
            (N, size) float32, each of length 1, or all 0 where a view shows too little of a body.
        """
        vectors = np.zeros((len(pictures), self.size), np.float32)
        for row, picture in enumerate(pictures):
            view = read_view(picture) if shows_enough(picture) else None
            if view is not None and view.masked:
                vectors[row] = _vector(view)
        return vectors


def shows_enough(picture: PersonPicture) -> bool:
    """Whether a view is large enough, and shows a body rather than a piece of one."""
    height, width = picture.mask.shape
    if height < SMALLEST[0] or width < SMALLEST[1] or picture.pose.scores[0] <= 0:
        return False
    inside = picture.mask >= MASK_FROM
    border = np.concatenate([inside[0], inside[-1], inside[:, 0], inside[:, -1]])
    return float(border.mean()) <= CUT_OFF


def _vector(view: View) -> FloatArray:
    """What the parts say, one after another; a part that is not seen is 0: it says neither yes nor no.

    Of two views of which one shows less, the cosine is lower than what both show would give: the less is seen, the less
    sure they are the same.
    """
    parts, seen = _parts(view)
    importance = np.array([IMPORTANCE[name] for name in PARTS])
    if float(importance @ seen) < LEAST_SEEN:
        return np.zeros(parts.size, np.float32)
    flat = (parts * np.sqrt(importance * seen)[:, None]).reshape(-1)
    return np.asarray(flat / np.linalg.norm(flat), np.float32)


def _parts(view: View) -> tuple[Array, Array]:
    """What each part looks like, (10, C + B), rows of length 1 or 0; how well it is seen, (10,) in [0, 1]."""
    weights, woven = part_weights(view), weave.changes(view)
    rows, seen = np.zeros((len(PARTS), len(CENTRES) + weave.BINS)), np.zeros(len(PARTS))
    for place, (name, whole) in enumerate(zip(PARTS, whole_area(view), strict=True)):
        weight = weights[name]
        pixels = weight > 0
        if pixels.sum() < LEAST_PIXELS:
            continue
        colours = _against(soft_shares(view.lab[pixels], weight[pixels]), common())
        rows[place, : len(CENTRES)] = np.sqrt(1.0 - WOVEN) * colours
        inside = weave.inner(weight)
        if inside.sum() >= LEAST_PIXELS:
            texture = weight[inside] @ woven[inside] / weight[inside].sum()
            rows[place, len(CENTRES) :] = np.sqrt(WOVEN) * _against(texture, weave.COMMON)
        rows[place] /= np.linalg.norm(rows[place])
        seen[place] = min(1.0, float(weight.sum()) / whole)
    return rows, seen


def _against(shares: Array, usual: Array) -> Array:
    """What is unusual in a histogram, of length 1: two in black are not alike for wearing what most people wear.

    Square roots, so that the cosine compares histograms as Hellinger's distance does.
    """
    unusual = np.sqrt(shares) - HELD_BACK * np.sqrt(usual)
    return np.asarray(unusual / np.linalg.norm(unusual), np.float64)
