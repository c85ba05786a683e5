"""Which squares of a picture the detector looks at.

May import: `engine.core`, its neighbours.
"""

from __future__ import annotations

import math

import numpy as np

from models.person.geometry import Square

_OVERLAP = 0.3
_MOST = 14.0
"""Tiles of one level if they did not overlap: keeps long narrow pictures from falling into hundreds."""

_LEAST_SIDE = 48.0
"""Pixels; in less the network finds nobody."""

_SHARES = ((1.0, 0.62, 0.4), (0.8, 0.5))
"""Sides of the tiles of each level, in shorter sides of the picture, for searches in turn: who is overlooked in one
cut of the picture is often found in the other."""


def whole(width: int, height: int) -> Square:
    """The one square that holds the whole picture."""
    return Square(width / 2, height / 2, float(max(width, height)))


def tile_levels(width: int, height: int, turn: int = 0, *, thorough: bool = False) -> list[list[Square]]:
    """Tiles from coarse to fine; those of one level overlap by 30 % at least and cover the picture.

    Args:
        width: of the picture, pixels, >= 1.
        height: of the picture, pixels, >= 1.
        turn: how many searches went before; even and odd ones cut the picture in different ways.
        thorough: cut it in all ways at once.
    """
    levels = [[whole(width, height)]]
    for share in sum(_SHARES, ()) if thorough else _SHARES[turn % len(_SHARES)]:
        side = max(
            share * min(width, height), math.sqrt(width * height / _MOST), max(width, height) / _MOST, _LEAST_SIDE
        )
        levels.append([Square(float(x), float(y), side) for y in _centres(height, side) for x in _centres(width, side)])
    return levels


def _centres(length: int, side: float) -> list[float]:
    count = max(1, math.ceil((length - side * _OVERLAP) / (side * (1 - _OVERLAP)) - 1e-6))
    if count == 1:
        return [length / 2]
    return [float(centre) for centre in np.linspace(side / 2, length - side / 2, count)]
