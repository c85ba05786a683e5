"""How well vectors of kept views tell people apart: within footage, and when the picture gets worse.

The views are altered where they lie: mask and landmarks stay as the good picture gave them. What a whole analysis makes
of worsened footage is measured by `engine.evaluation.gallery`. May import: `engine.core`.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image as Pillow

from engine.core.clothing import PersonPicture
from engine.core.protocols import IdentityEmbedder
from engine.core.types import FloatArray, Image, Poses

DIMMED = 0.7
"""Of the light that is left."""

POOR_QUALITY = 18
"""JPEG quality of 100: blocks are plain to see."""

MIRRORED = (
    0, 4, 5, 6, 1, 2, 3, 8, 7, 10, 9, 12, 11, 14, 13, 16, 15, 18, 17, 20, 19, 22, 21, 24, 23, 26, 25, 28, 27, 30, 29,
    32, 31,
)  # fmt: skip
"""Which landmark each one is in the mirror."""

CONDITIONS: Mapping[str, tuple[bool, float, int]] = {
    "mirrored": (True, 1.0, 100),
    "dimmed": (False, DIMMED, 100),
    "poor": (False, 1.0, POOR_QUALITY),
    "all": (True, DIMMED, POOR_QUALITY),
}
"""Name -> mirrored, light that is left, JPEG quality."""

RULES = (
    "a person is the mean of their usable views, over all clips; halves: the later half of each person's views asks, "
    "the earlier halves answer, of people with two usable views in each; conditions: altered views ask, the views as "
    "they are answer; rank1 is the share that find themselves first; auc: how often a pair of one person's halves is "
    "more alike than a pair of two people's"
)


@dataclass(frozen=True, slots=True, eq=False)
class _Means:
    """Mean vectors by row, (N, D), 0 where there are too few usable views; `known` (N,) says where not."""

    vectors: FloatArray

    @property
    def known(self) -> NDArray[np.bool_]:
        return np.asarray(np.linalg.norm(self.vectors, axis=1) > 0, np.bool_)


def measure_likeness(people: Mapping[str, Sequence[PersonPicture]], embedder: IdentityEmbedder) -> dict[str, Any]:
    """Rank-1 and how far apart one person's and two people's views lie.

    Args:
        people: name -> kept views, in order of time; names are unique over all clips.
        embedder: makes the vectors.

    Returns:
        "people", "views", "usable"; "halves" and "conditions" with "asked" and "rank1"; "same" and "different" cosines
        of halves; "auc"; "rules". Figures are None where nobody could be asked.
    """
    views = [picture for pictures in people.values() for picture in pictures]
    vectors = embedder.encode(views)
    spans = _spans([len(pictures) for pictures in people.values()])
    earlier, later = (
        _Means(np.stack([_mean(vectors[part], views[part], least=2) for part in parts]))
        for parts in zip(*(_halves(span) for span in spans), strict=True)
    )
    whole = _Means(np.stack([_mean(vectors[span], views[span], least=1) for span in spans]))
    cosines = later.vectors @ earlier.vectors.T
    both = later.known[:, None] & earlier.known[None, :]
    own = np.eye(len(spans), dtype=np.bool_)
    same, different = cosines[both & own], cosines[both & ~own]
    conditions = {}
    for name, (mirror, light, quality) in CONDITIONS.items():
        worse = embedder.encode([altered(picture, mirror=mirror, light=light, quality=quality) for picture in views])
        asked = _Means(np.stack([_mean(worse[span], views[span], least=1) for span in spans]))
        conditions[name] = _rank1(asked, whole)
    return {
        "people": len(people),
        "views": len(views),
        "usable": int((np.linalg.norm(vectors, axis=1) > 0).sum()),
        "halves": _rank1(later, earlier),
        "conditions": conditions,
        "same": _quantiles(same),
        "different": _quantiles(different),
        "auc": _auc(same, different),
        "rules": RULES,
    }


def altered(picture: PersonPicture, *, mirror: bool, light: float, quality: int) -> PersonPicture:
    """A view as worse footage would show it.

    Args:
        picture: the view.
        mirror: left and right are exchanged.
        light: share of every channel's value that is left, in (0, 1].
        quality: JPEG quality, 1 to 100; 100 leaves the pixels as they are.
    """
    image, mask, marks = picture.image, picture.mask, picture.pose.landmarks.copy()
    if mirror:
        image, mask = image[:, ::-1], mask[:, ::-1]
        if picture.pose.scores[0] > 0:
            marks = marks[:, list(MIRRORED)]
            marks[..., 0] = image.shape[1] - marks[..., 0]
    red, green, blue = picture.black
    dim = np.ascontiguousarray(image * light, np.uint8) if light < 1.0 else np.ascontiguousarray(image)
    return replace(
        picture,
        image=_compressed(dim, quality) if quality < 100 else dim,
        mask=np.ascontiguousarray(mask),
        pose=Poses(marks, picture.pose.scores),
        black=(_darker(red, light), _darker(green, light), _darker(blue, light)),
        full=_darker(picture.full, light),
    )


def _darker(linear: float, light: float) -> float:
    """Linear light of what had that much before its coded value fell to a share; by the power law near sRGB's."""
    return float(linear * light**2.2)


def _compressed(image: Image, quality: int) -> Image:
    kept = io.BytesIO()
    Pillow.fromarray(image).save(kept, "JPEG", quality=quality)
    return np.asarray(Pillow.open(kept).convert("RGB"), np.uint8)


def _spans(counts: Sequence[int]) -> list[slice]:
    ends = np.cumsum(counts)
    return [slice(int(end - count), int(end)) for end, count in zip(ends, counts, strict=True)]


def _halves(span: slice) -> tuple[slice, slice]:
    middle = (span.start + span.stop) // 2
    return slice(span.start, middle), slice(middle, span.stop)


def _mean(vectors: FloatArray, views: Sequence[PersonPicture], least: int) -> FloatArray:
    usable = np.linalg.norm(vectors, axis=1) > 0
    if usable.sum() < least:
        return np.zeros(vectors.shape[1], np.float32)
    worth = np.array([picture.quality for picture in views], np.float32) + 1e-6
    mean = (worth * usable) @ vectors
    return np.asarray(mean / np.linalg.norm(mean), np.float32)


def _rank1(asked: _Means, known: _Means) -> dict[str, float | int | None]:
    rows = np.flatnonzero(asked.known & known.known)
    if not len(rows):
        return {"asked": 0, "rank1": None}
    cosines = np.where(known.known[None, :], asked.vectors[rows] @ known.vectors.T, -2.0)
    return {"asked": len(rows), "rank1": round(float((cosines.argmax(axis=1) == rows).mean()), 4)}


def _quantiles(values: FloatArray) -> dict[str, float] | None:
    if not values.size:
        return None
    low, middle, high = (round(float(value), 3) for value in np.quantile(values, (0.0, 0.5, 1.0)))
    return {"least": low, "median": middle, "most": high}


def _auc(same: FloatArray, different: FloatArray) -> float | None:
    if not same.size or not different.size:
        return None
    above = (same[:, None] > different[None, :]).mean() + 0.5 * (same[:, None] == different[None, :]).mean()
    return round(float(above), 4)
