"""Drawn people with known clothes, landmarks and masks, under known light."""

from __future__ import annotations

from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.core.clothing import PersonPicture
from engine.core.types import Poses

SIZE = (300, 150)
"""Height and width."""

Colour = tuple[int, int, int]

PAINT: dict[str, Colour] = {
    "black": (24, 24, 26),
    "white": (240, 240, 238),
    "grey": (120, 121, 122),
    "red": (190, 30, 40),
    "orange": (235, 120, 25),
    "yellow": (240, 215, 50),
    "green": (40, 130, 60),
    "olive": (98, 96, 44),
    "teal": (20, 130, 130),
    "blue": (45, 105, 200),
    "navy": (26, 36, 80),
    "purple": (110, 50, 150),
    "pink": (240, 140, 175),
    "brown": (105, 65, 35),
    "beige": (212, 192, 160),
}
SKIN: Colour = (205, 150, 125)
HAIR: Colour = (40, 30, 25)

# Landmarks of a figure facing the camera, x to the viewer's right; its own left side is at the right.
_POINTS = {
    0: (75, 40), 1: (78, 36), 2: (80, 36), 3: (82, 36), 4: (72, 36), 5: (70, 36), 6: (68, 36), 7: (87, 38), 8: (63, 38),
    9: (79, 45), 10: (71, 45), 11: (98, 70), 12: (52, 70), 13: (108, 105), 14: (42, 105), 15: (112, 140), 16: (38, 140),
    17: (113, 150), 18: (37, 150), 19: (112, 152), 20: (38, 152), 21: (110, 148), 22: (40, 148),
    23: (90, 145), 24: (60, 145), 25: (91, 205), 26: (59, 205), 27: (92, 265), 28: (58, 265),
    29: (92, 272), 30: (58, 272), 31: (97, 282), 32: (53, 282),
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Figure:
    """What somebody wears and where they stand; `second` is a colour of stripes or of the lower half of the top."""

    upper: Colour = PAINT["grey"]
    lower: Colour = PAINT["navy"]
    shoes: Colour = PAINT["black"]
    hair: Colour = HAIR
    ground: Colour = (170, 172, 170)
    hat: Colour | None = None
    second: Colour | None = None
    stripes: int = 0
    sleeves: bool = True
    legs: bool = True
    dress: bool = False
    skirt: bool = False
    tunic: bool = False
    long_hair: bool = False
    desk: Colour | None = None
    skin: Colour = SKIN
    light: tuple[float, float, float] = (1.0, 1.0, 1.0)
    full: float = 1.0
    shade: float = 0.75
    unseen: tuple[int, ...] = field(default=())


def picture(figure: Figure, *, masked: bool = True) -> PersonPicture:
    """A view of a figure."""
    image, mask = _drawn(figure)
    width = SIZE[1]
    linear = np.where(image <= 0.04045, image / 12.92, ((image + 0.055) / 1.055) ** 2.4)
    linear *= np.linspace(1.0, figure.shade, width)[None, :, None] * np.array(figure.light) * figure.full
    linear = np.clip(linear + np.random.default_rng(3).normal(0.0, 0.004, linear.shape) * figure.full, 0.0, 1.0)
    coded = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
    marks = np.zeros((1, 33, 3), np.float32)
    for number, (x, y) in _POINTS.items():
        marks[0, number] = (x, y, 0.1 if number in figure.unseen else 0.98)
    white = np.array(figure.light, np.float32)
    # The mask is drawn generously, like the network's.
    mask = cv2.dilate(mask, np.ones((7, 7), np.uint8)) if masked else np.zeros_like(mask)
    return PersonPicture(
        image=np.round(255 * coded).astype(np.uint8),
        mask=mask,
        pose=Poses(landmarks=marks, scores=np.array([0.95], np.float32)),
        white=white / white.max(),
        quality=0.8,
        full=figure.full,
    )


class _Canvas:
    """A picture and its mask, drawn together."""

    def __init__(self, ground: Colour) -> None:
        self.image = np.full((*SIZE, 3), ground, np.uint8)
        self.mask = np.zeros(SIZE, np.uint8)

    def line(self, first: int, last: int, wide: int, colour: Colour, share: float = 1.0) -> None:
        start, end = np.array(_POINTS[first], float), np.array(_POINTS[last], float)
        stop = tuple(np.round(start + share * (end - start)).astype(int).tolist())
        cv2.line(self.image, _POINTS[first], stop, colour, wide)
        cv2.line(self.mask, _POINTS[first], stop, 255, wide)

    def shape(self, points: list[tuple[int, int]], colour: Colour) -> None:
        cv2.fillPoly(self.image, [np.array(points, np.int32)], colour)
        cv2.fillPoly(self.mask, [np.array(points, np.int32)], 255)

    def oval(self, centre: tuple[int, int], axes: tuple[int, int], start: int, colour: Colour) -> None:
        cv2.ellipse(self.image, centre, axes, 0, start, 360, colour, -1)
        cv2.ellipse(self.mask, centre, axes, 0, start, 360, 255, -1)


def _drawn(figure: Figure) -> tuple[NDArray[np.float64], NDArray[np.uint8]]:
    canvas = _Canvas(figure.ground)
    _draw_legs(canvas, figure)
    _draw_trunk(canvas, figure)
    _draw_head(canvas, figure)
    if figure.desk is not None:
        # A mask that takes the desk for the body, as networks do.
        canvas.image[150:] = figure.desk
        canvas.mask[150:] = 0
        canvas.mask[150:200, 30:120] = 255
    return canvas.image / 255.0, canvas.mask


def _draw_legs(canvas: _Canvas, figure: Figure) -> None:
    bare = figure.dress or figure.skirt or not figure.legs
    for hip, knee, ankle, toes in ((23, 25, 27, 31), (24, 26, 28, 32)):
        canvas.line(hip, knee, 22, figure.skin if figure.dress else figure.lower)
        canvas.line(knee, ankle, 18, figure.skin if bare else figure.lower)
        canvas.line(ankle, toes, 14, figure.shoes)
    if figure.dress or figure.skirt:
        canvas.shape([(56, 140), (94, 140), (104, 215), (46, 215)], figure.upper if figure.dress else figure.lower)
    if figure.tunic:
        canvas.shape([(50, 140), (100, 140), (102, 180), (48, 180)], figure.upper)


def _draw_trunk(canvas: _Canvas, figure: Figure) -> None:
    for shoulder, elbow, wrist, finger in ((11, 13, 15, 19), (12, 14, 16, 20)):
        canvas.line(shoulder, elbow, 20, figure.skin)
        canvas.line(shoulder, elbow, 20, figure.upper, 1.0 if figure.sleeves else 0.5)
        canvas.line(elbow, wrist, 16, figure.upper if figure.sleeves else figure.skin)
        canvas.line(wrist, finger, 14, figure.skin)
    canvas.shape([(46, 66), (104, 66), (97, 148), (53, 148)], figure.upper)
    if figure.second is not None and not figure.stripes:
        canvas.shape([(50, 107), (100, 107), (97, 148), (53, 148)], figure.second)
    if figure.second is not None and figure.stripes:
        for top in range(68, 146, 2 * figure.stripes):
            cv2.rectangle(canvas.image, (49, top), (101, top + figure.stripes - 1), figure.second, -1)


def _draw_head(canvas: _Canvas, figure: Figure) -> None:
    canvas.shape([(68, 50), (82, 50), (82, 66), (68, 66)], figure.skin)
    if figure.long_hair:
        canvas.shape([(58, 30), (92, 30), (100, 100), (50, 100)], figure.hair)
    canvas.oval((75, 38), (14, 18), 0, figure.skin)
    canvas.oval((75, 30), (16, 16), 180, figure.hat or figure.hair)
    if figure.hat is not None:
        canvas.shape([(52, 27), (98, 27), (98, 31), (52, 31)], figure.hat)
        canvas.shape([(60, 32), (64, 32), (64, 42), (60, 42)], figure.hair)
        canvas.shape([(86, 32), (90, 32), (90, 42), (86, 42)], figure.hair)
