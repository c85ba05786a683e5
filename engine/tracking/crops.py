"""Which instants of a tracklet are worth keeping as pictures, and cutting them out.

Owns: the measure of a good view. May import: `engine.core`.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image as Pictures

from engine.core.config import CropConfig
from engine.core.types import CropChoice, FloatArray, Frame, Image, Tracklet
from engine.tracking.duplicates import area, intersection
from engine.tracking.interpolation import boxes_at

GROWN = 0.04
"""Share of its size by which a box is grown on every side before it is cut out: detectors cut hair and shoes."""

HALF_SHARP = 20.0
"""Sharpness in grey levels that is worth half; sharp crops reach 40, motion blur stays under 10."""

HALF_LARGE = 160.0
"""Box height in pixels that is worth half."""

WEIGHTS = {"sharp": 0.35, "large": 0.25, "visible": 0.25, "score": 0.15}
"""What the parts of a view count for; they sum to one."""

CUT = {"left": 0.35, "top": 0.5, "right": 0.35, "bottom": 0.2}
"""What a side cut by the picture's border costs; the head is dearest, feet are cheapest."""

BORDER_SHARE = 0.006
"""A box within this share of the picture's longer side touches the border."""

BEHIND = 0.4
"""What overlap with somebody farther away counts for, against 1 for somebody nearer: only those hide."""

BODY = (0, 2, 5, 7, 8, 11, 12, 13, 14, 15, 16, 23, 24, 25, 26, 27, 28)
"""Landmarks that show what a view is worth: face, arms, hips, legs; not fingers and toes."""


def choose_crops(
    tracklet: Tracklet, config: CropConfig, size: tuple[int, int], others: Sequence[Tracklet] = ()
) -> list[CropChoice]:
    """The best views of a tracklet.

    Args:
        tracklet: the run of boxes.
        config: how many, and how far apart in time; a tracklet too short for that many gets them closer together.
        size: width and height of the picture, pixels.
        others: all tracklets of the footage, to know who hides whom; the tracklet itself is skipped.

    Returns:
        At most `config.per_tracklet` choices, the best first (rank 0), only of instants at which a detector saw the
        person. Quality is `WEIGHTS` x (sharpness, height in pixels, visible landmarks, score), each in [0, 1], times
        what is left after sides cut by the border, times the share no other box hides.
    """
    seen = np.flatnonzero(~tracklet.interpolated)
    if not len(seen):
        return []
    quality = view_quality(tracklet, size, others)[seen]
    length = float(tracklet.t[seen[-1]] - tracklet.t[seen[0]])
    apart = min(config.apart_s, length / config.per_tracklet)
    chosen: list[int] = []
    for row in np.lexsort((seen, -quality)):
        if all(abs(tracklet.t[seen[row]] - tracklet.t[seen[other]]) >= apart for other in chosen):
            chosen.append(int(row))
        if len(chosen) == config.per_tracklet:
            break
    return [
        CropChoice(
            tracklet=tracklet.number,
            rank=rank,
            t=float(tracklet.t[seen[row]]),
            box=tracklet.boxes[seen[row]].copy(),
            quality=float(quality[row]),
        )
        for rank, row in enumerate(chosen)
    ]


def view_quality(tracklet: Tracklet, size: tuple[int, int], others: Sequence[Tracklet]) -> NDArray[np.float64]:
    """How good each row's view is, (M,) in [0, 1]; see `choose_crops`."""
    heights = (tracklet.boxes[:, 3] - tracklet.boxes[:, 1]).astype(np.float64)
    sharp = tracklet.sharpness.astype(np.float64)
    parts = {
        "sharp": sharp / (sharp + HALF_SHARP),
        "large": heights / (heights + HALF_LARGE),
        "visible": _visible(tracklet, size),
        "score": tracklet.scores.astype(np.float64),
    }
    worth = np.sum([WEIGHTS[name] * part for name, part in parts.items()], axis=0)
    quality: NDArray[np.float64] = np.clip(worth * _whole(tracklet.boxes, size) * _clear(tracklet, others), 0.0, 1.0)
    return quality


def _visible(tracklet: Tracklet, size: tuple[int, int]) -> NDArray[np.float64]:
    """Mean visibility of the body's landmarks inside the picture; one half where no pose was found."""
    landmarks = tracklet.poses.landmarks[:, BODY, :].astype(np.float64)
    inside = ((landmarks[:, :, :2] >= 0) & (landmarks[:, :, :2] <= np.asarray(size))).all(axis=2)
    mean = (landmarks[:, :, 2] * inside).mean(axis=1)
    return np.where(tracklet.poses.scores > 0, mean, 0.5)


def _whole(boxes: FloatArray, size: tuple[int, int]) -> NDArray[np.float64]:
    """What is left after the sides that the picture's border cuts, (M,) in [0, 1]."""
    near = BORDER_SHARE * max(size)
    touches = {
        "left": boxes[:, 0] <= near,
        "top": boxes[:, 1] <= near,
        "right": boxes[:, 2] >= size[0] - near,
        "bottom": boxes[:, 3] >= size[1] - near,
    }
    lost = np.sum([CUT[side] * touching for side, touching in touches.items()], axis=0)
    left: NDArray[np.float64] = np.clip(1.0 - lost, 0.1, 1.0)
    return left


def _clear(tracklet: Tracklet, others: Sequence[Tracklet]) -> NDArray[np.float64]:
    """Share of each box that nobody else's box hides, (M,) in [0, 1]."""
    hidden = np.zeros(len(tracklet))
    own = np.maximum(area(tracklet.boxes), 1e-9)
    for other in others:
        if other.number == tracklet.number or other.first_s > tracklet.last_s or other.last_s < tracklet.first_s:
            continue
        boxes, present, _ = boxes_at(other, tracklet.t)
        share = intersection(tracklet.boxes, boxes) / own
        # Feet lower in the picture stand nearer to the camera.
        share = np.where(boxes[:, 3] >= tracklet.boxes[:, 3], share, BEHIND * share)
        hidden = np.maximum(hidden, np.where(present, share, 0.0))
    return 1.0 - np.clip(hidden, 0.0, 0.95)


def shown(box: FloatArray, size: tuple[int, int]) -> FloatArray:
    """The part of the picture that the crop of a box shows: grown by 4 % of its size, clipped, whole pixels.

    Args:
        box: (4,) float32 xyxy pixels.
        size: width and height of the picture, pixels.

    Returns:
        (4,) float32 xyxy.

    Raises:
        ValueError: the box lies outside the picture.
    """
    exact = box.astype(np.float64)
    grown = (exact[2:] - exact[:2]) * GROWN
    low = np.floor(np.clip(exact[:2] - grown, 0, None))
    high = np.ceil(np.minimum(exact[2:] + grown, size))
    if (high <= low).any():
        raise ValueError(f"box {box.tolist()} lies outside the {size[0]}x{size[1]} picture")
    return np.asarray(np.concatenate([low, high]), np.float32)


def cut(frame: Frame, choice: CropChoice, max_side: int) -> Image:
    """The pixels of a choice.

    Args:
        frame: the picture at the choice's time.
        choice: what to cut out; the pixels are those of `shown`.
        max_side: pictures longer than this are scaled down to it, averaging over areas; pixels >= 1.

    Returns:
        (h, w, 3) uint8 RGB, h and w at least 1; a copy.

    Raises:
        ValueError: the box lies outside the picture, or max_side is under 1.
    """
    if max_side < 1:
        raise ValueError(f"max_side must be at least 1, got {max_side}")
    x1, y1, x2, y2 = shown(choice.box, frame.size).astype(int)
    crop = frame.image[y1:y2, x1:x2]
    scale = max_side / max(crop.shape[:2])
    if scale >= 1.0:
        return crop.copy()
    target = max(1, round(crop.shape[1] * scale)), max(1, round(crop.shape[0] * scale))
    shrunk = Pictures.fromarray(crop).resize(target, Pictures.Resampling.BOX)
    return np.asarray(shrunk, np.uint8).copy()
