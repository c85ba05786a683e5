"""Changes to training faces that do not change what they show. Imports torch.

May import: `models.emotion.network`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

_COARSE_SIDES = (16, 20, 24, 32)
_ERASED = (0.15, 0.4)


@dataclass(frozen=True, slots=True)
class Amounts:
    """How strongly faces are changed.

    Attributes:
        rotation: standard deviation, degrees.
        scale: standard deviation of the size's natural logarithm.
        shift: standard deviation, share of the picture's side.
        coarse: share of pictures shown as if they had come from a smaller face.
        erase: share of pictures with a rectangle erased.
    """

    rotation: float
    scale: float
    shift: float
    coarse: float
    erase: float


def augment(faces: Tensor, side: int, amounts: Amounts, generator: torch.Generator) -> Tensor:
    """Mirror, turn, scale, shift, coarsen and brighten faces at random.

    Args:
        faces: (N, 1, H, H) float in [0, 1].
        side: pixels of the result.
        amounts: how strongly.
        generator: the only source of chance.

    Returns:
        (N, 1, side, side) float in about [0, 1].
    """
    count = len(faces)
    angle = torch.randn(count, generator=generator) * math.radians(amounts.rotation)
    zoom = torch.exp(torch.randn(count, 2, generator=generator) * torch.tensor([amounts.scale, amounts.scale / 3]))
    mirror = torch.where(torch.rand(count, generator=generator) < 0.5, -1.0, 1.0)
    shift = torch.randn(count, 2, generator=generator) * (2 * amounts.shift)
    cosine, sine = torch.cos(angle), torch.sin(angle)
    wide, high = zoom[:, 0] * zoom[:, 1], zoom[:, 0] / zoom[:, 1]
    rows = [
        torch.stack([mirror * cosine * wide, -mirror * sine * high, shift[:, 0]], 1),
        torch.stack([sine * wide, cosine * high, shift[:, 1]], 1),
    ]
    grid = functional.affine_grid(torch.stack(rows, 1), [count, 1, side, side], align_corners=False)
    moved = functional.grid_sample(faces, grid, mode="bilinear", padding_mode="border", align_corners=False)
    gamma = torch.exp(torch.randn(count, 1, 1, 1, generator=generator) * 0.25)
    bright = moved.clamp(min=1e-4) ** gamma
    return _coarsen(bright, amounts.coarse, generator)


def erase(faces: Tensor, share: float, generator: torch.Generator) -> Tensor:
    """Set a rectangle of some faces to their mean.

    Args:
        faces: (N, 1, S, S) standardised.
        share: of the pictures, in [0, 1].
        generator: the only source of chance.

    Returns:
        The same shape.

    Source: Zhong et al. 2020 (random erasing).
    """
    count, side = len(faces), faces.shape[-1]
    low, high = _ERASED
    sizes = (low + (high - low) * torch.rand(count, 2, generator=generator)) * side
    starts = torch.rand(count, 2, generator=generator) * (side - sizes)
    at = torch.arange(side)[None] + 0.5
    down = (at >= starts[:, :1]) & (at < starts[:, :1] + sizes[:, :1])
    across = (at >= starts[:, 1:]) & (at < starts[:, 1:] + sizes[:, 1:])
    chosen = torch.rand(count, generator=generator) < share
    gone = down[:, :, None] & across[:, None, :] & chosen[:, None, None]
    return faces.masked_fill(gone[:, None], 0.0)


def _coarsen(faces: Tensor, share: float, generator: torch.Generator) -> Tensor:
    chosen = torch.nonzero(torch.rand(len(faces), generator=generator) < share)[:, 0]
    pick = int(torch.randint(len(_COARSE_SIDES), (1,), generator=generator))
    coarse = min(_COARSE_SIDES[pick], faces.shape[-1])
    if not len(chosen):
        return faces
    small = functional.interpolate(faces[chosen], size=(coarse, coarse), mode="area")
    big = functional.interpolate(small, size=faces.shape[-2:], mode="bilinear", align_corners=False)
    return faces.index_copy(0, chosen, big)
