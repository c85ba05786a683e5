"""Where the parts of a body lie in a picture: coordinates along torso and limbs, by landmarks.

May import: `engine.core`, its neighbours.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.core.types import Poses
from models.clothing.light import Array

Mask = NDArray[np.bool_]

SHOULDERS, HIPS, EARS = (11, 12), (23, 24), (7, 8)
ARMS = ((11, 13, 15), (12, 14, 16))
LEGS = ((23, 25, 27), (24, 26, 28))
FEET = ((27, 29, 31), (28, 30, 32))
"""Ankle, heel and toes of each side."""
AWAY = -0.1
"""Trunks between the shoulders, left to right, under which somebody is seen from behind."""

FINGERS = ((15, 19), (16, 20))

SEEN = 0.5
"""Visibility from which a landmark is taken to be where it is said to be."""


@dataclass(frozen=True, slots=True, eq=False)
class Body:
    """A body in a picture of H x W pixels.

    Attributes:
        points: (33, 2) landmarks, pixels.
        seen: (33,) visibility in [0, 1]; 0 of landmarks outside the picture.
        unit: length of the trunk as it would be seen upright and face on, pixels: what sizes are told in.
        up: (2,) unit vector from the shoulders to the head.
        along: (H, W) place along the trunk, 0 at the shoulders, 1 at the hips.
        across: (H, W) distance from the trunk's middle, 1 at its side.
        xy: (H, W, 2) coordinates of every pixel's middle.
    """

    points: Array
    seen: Array
    unit: float
    up: Array
    along: Array
    across: Array
    xy: Array

    @property
    def turned_away(self) -> bool:
        """Whether the back is to the camera: the left shoulder lies left of the right one."""
        return float(self.points[SHOULDERS[0], 0] - self.points[SHOULDERS[1], 0]) < AWAY * self.unit

    @property
    def head(self) -> Array:
        """(2,) middle of the head at the height of the ears, pixels."""
        return np.asarray(self.points[list(EARS)].mean(axis=0), np.float64)

    def limb(self, start: Array, end: Array, reach: float) -> tuple[Array, Array]:
        """Every pixel against a segment.

        Args:
            start: (2,) pixels.
            end: (2,) pixels.
            reach: pixels from the segment that matter.

        Returns:
            (H, W) place along the segment, not clipped, and (H, W) distance from its nearest point, pixels; infinite
            farther away than the reach.
        """
        place, away = np.zeros(self.along.shape), np.full(self.along.shape, np.inf)
        part = self._window(np.minimum(start, end) - reach, np.maximum(start, end) + reach)
        way = end - start
        x, y = self.xy[part][..., 0] - start[0], self.xy[part][..., 1] - start[1]
        along = (x * way[0] + y * way[1]) / max(float(way @ way), 1e-6)
        near = np.clip(along, 0.0, 1.0)
        place[part] = along
        away[part] = np.sqrt((x - near * way[0]) ** 2 + (y - near * way[1]) ** 2)
        return place, away

    def disk(self, centre: Array, radius: float) -> Mask:
        """Pixels within a distance of a point."""
        inside = np.zeros(self.along.shape, np.bool_)
        part = self._window(centre - radius, centre + radius)
        inside[part] = ((self.xy[part] - centre) ** 2).sum(axis=-1) <= radius * radius
        return inside

    def _window(self, low: Array, high: Array) -> tuple[slice, slice]:
        """Rows and columns between two corners, none outside the picture."""
        height, width = self.along.shape
        left, right = (int(np.clip(side, 0, width)) for side in (np.floor(low[0]), np.ceil(high[0]) + 1))
        top, bottom = (int(np.clip(side, 0, height)) for side in (np.floor(low[1]), np.ceil(high[1]) + 1))
        return slice(top, bottom), slice(left, right)


def read_body(pose: Poses, shape: tuple[int, int], scale: float) -> Body | None:
    """The body of a pose.

    Args:
        pose: one pose, pixels of the whole view.
        shape: height and width of the picture that is looked at.
        scale: of that picture against the view.

    Returns:
        The body; None where no pose was found or it is too small to tell anything.
    """
    if pose.scores[0] <= 0:
        return None
    marks = pose.landmarks[0].astype(np.float64)
    points = marks[:, :2] * scale
    height, width = shape
    inside = (points >= -0.5).all(axis=1) & (points[:, 0] <= width) & (points[:, 1] <= height)
    shoulders, hips = points[list(SHOULDERS)], points[list(HIPS)]
    top, bottom = shoulders.mean(axis=0), hips.mean(axis=0)
    trunk = bottom - top
    wide = float(np.hypot(*(shoulders[0] - shoulders[1])))
    unit = max(float(np.hypot(*trunk)), 1.25 * wide)
    if unit < 8.0:
        return None
    xy = np.stack(np.meshgrid(np.arange(width) + 0.5, np.arange(height) + 0.5), axis=-1)
    length = max(float(trunk @ trunk), 1e-6)
    along = ((xy - top) @ trunk) / length
    middle = top + along[..., None] * trunk
    side = np.abs((xy - middle) @ (np.array([-trunk[1], trunk[0]]) / np.sqrt(length)))
    across_trunk = np.array([-trunk[1], trunk[0]]) / np.sqrt(length)
    halves = [max(abs(float((pair[0] - pair[1]) @ across_trunk)) / 2.0, 0.17 * unit) for pair in (shoulders, hips)]
    half = halves[0] + (halves[1] - halves[0]) * np.clip(along, 0.0, 1.0)
    neck = points[list(EARS)].mean(axis=0) - top
    away = float(np.hypot(*neck))
    up = neck / away if away > 0.15 * unit else -trunk / np.sqrt(length)
    return Body(points, marks[:, 2] * inside, unit, up, along, side / half, xy)
