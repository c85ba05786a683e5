"""Boxes and skeletons drawn into pictures, for clips that are watched outside the player.

Owns: what they look like. May import: `engine.core`.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from engine.core.types import FloatArray, Image

BONES = (
    (11, 12), (11, 13), (13, 15), (12, 14), (14, 16), (11, 23), (12, 24), (23, 24),
    (23, 25), (25, 27), (27, 31), (24, 26), (26, 28), (28, 32), (0, 11), (0, 12),
)  # fmt: skip
"""Pairs of BlazePose landmarks that are joined by a line."""

SEEN = 0.5
"""A landmark is drawn from this visibility on."""

_ACCENT, _QUIET, _SHADOW = (255, 176, 32), (205, 210, 216), (16, 18, 22)


@dataclass(frozen=True, slots=True, eq=False)
class Mark:
    """A person in one picture.

    Attributes:
        text: beside the box.
        box: (4,) float32 xyxy pixels.
        landmarks: (33, 3) float32 x, y, visibility; visibility 0 where none was found.
        main: the one the clip is about.
    """

    text: str
    box: FloatArray
    landmarks: FloatArray
    main: bool


def draw_marks(image: Image, marks: list[Mark]) -> Image:
    """A copy of a picture with people marked; the main one last and on top.

    Args:
        image: (H, W, 3) uint8 RGB.
        marks: any number.
    """
    drawn = np.ascontiguousarray(image).copy()
    stroke = max(1, round(max(image.shape[:2]) / 480))
    for mark in sorted(marks, key=lambda mark: mark.main):
        colour = _ACCENT if mark.main else _QUIET
        for width, shade in ((stroke + 2, _SHADOW), (stroke, colour)):
            _lines(drawn, mark, width, shade)
        _label(drawn, mark, stroke, colour)
    return drawn


def _lines(drawn: Image, mark: Mark, width: int, shade: tuple[int, int, int]) -> None:
    left, top, right, bottom = (round(float(side)) for side in mark.box)
    cv2.rectangle(drawn, (left, top), (right, bottom), shade, width, cv2.LINE_AA)
    places, seen = np.rint(mark.landmarks[:, :2]).astype(int), mark.landmarks[:, 2] >= SEEN
    for first, second in BONES:
        if seen[first] and seen[second]:
            cv2.line(drawn, tuple(map(int, places[first])), tuple(map(int, places[second])), shade, width, cv2.LINE_AA)


def _label(drawn: Image, mark: Mark, stroke: int, colour: tuple[int, int, int]) -> None:
    # OpenCV's own letters know no Korean; labels are P1, P2 and the like.
    size = 0.42 * stroke if stroke > 1 else 0.45
    (width, height), base = cv2.getTextSize(mark.text, cv2.FONT_HERSHEY_SIMPLEX, size, stroke)
    x, y = max(0, round(float(mark.box[0]))), max(height + base, round(float(mark.box[1])))
    cv2.rectangle(drawn, (x, y - height - base), (x + width + 4, y), colour, -1)
    cv2.putText(
        drawn, mark.text, (x + 2, y - base // 2 - 1), cv2.FONT_HERSHEY_SIMPLEX, size, _SHADOW, stroke, cv2.LINE_AA
    )
